//! Pages for the people who run the server, on a listener of their own: `/-/health`, `/-/metrics` and `/-/stats`.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HOST};
use http::{HeaderValue, Method, StatusCode};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::sync::Semaphore;
use tokio::time::sleep;

use super::http;
use crate::serve::Exchange;
use crate::serve::sending::Sending;

/// The most connections at a time: a monitor or two, and somebody who looks.
const MOST_CONNECTIONS: usize = 16;

/// Answers on this listener for as long as the runtime lives.
pub(super) async fn serve(listener: TcpListener, exchange: Arc<Exchange>) {
    let is_local = listener.local_addr().is_ok_and(|address| address.ip().is_loopback());
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        let exchange = Arc::clone(&exchange);
        let service = service_fn(move |request: hyper::Request<_>| {
            let answer = answer(&request, is_local, &exchange);
            std::future::ready(Ok::<_, Infallible>(answer))
        });
        let connection = http().serve_connection(TokioIo::new(stream), service);
        tokio::spawn(async move {
            let _ = connection.await;
            drop(place);
        });
    }
}

fn answer<T>(request: &hyper::Request<T>, is_local: bool, exchange: &Exchange) -> hyper::Response<Sending> {
    if is_local && !names_this_machine(request) {
        return page(StatusCode::MISDIRECTED_REQUEST, "text/plain; charset=utf-8", "another host\n".into());
    }
    if request.method() != Method::GET {
        return page(StatusCode::METHOD_NOT_ALLOWED, "text/plain; charset=utf-8", "only GET\n".into());
    }
    match request.uri().path() {
        "/-/health" => page(StatusCode::OK, "text/plain; charset=utf-8", "ok\n".into()),
        "/-/metrics" => {
            page(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", exchange.meters.report())
        }
        "/-/stats" => {
            let report = exchange.subscribers.report((exchange.clock)());
            page(StatusCode::OK, "application/json", format!("{report:#}\n"))
        }
        _ => {
            let pages = "/-/health, /-/metrics or /-/stats\n".into();
            page(StatusCode::NOT_FOUND, "text/plain; charset=utf-8", pages)
        }
    }
}

/// `true` if the request names this machine by a number or as `localhost`. A page on the web can have its own
/// name lead here, and a browser then lets it read what it gets (DNS rebinding).
fn names_this_machine<T>(request: &hyper::Request<T>) -> bool {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let is_address = host.parse::<SocketAddr>().is_ok() || host.parse::<IpAddr>().is_ok();
    is_address || host.split(':').next() == Some("localhost") || host == "[::1]"
}

fn page(status: StatusCode, content_type: &'static str, text: String) -> hyper::Response<Sending> {
    let length = text.len();
    let mut response = hyper::Response::new(Sending::Bytes(Bytes::from(text)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    // It is another a moment later.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
