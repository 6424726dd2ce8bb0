//! From a request as it comes to an answer as it is sent: asked of [`respond`](crate::serve::respond),
//! counted, and told.

use std::borrow::Cow;
use std::convert::Infallible;
use std::io::{Seek as _, SeekFrom};
use std::net::{IpAddr, SocketAddr};
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use http::header::{CONTENT_LENGTH, HOST, USER_AGENT};
use http::{HeaderMap, HeaderName, Method, StatusCode, Version};
use hyper::body::Incoming;

use crate::serve::sending::Sending;
use crate::serve::{self, Asset, AssetPath, Documents, Exchange, Request, Response, ResponseBody};

/// The most times that a request is answered again because its file was replaced meanwhile.
const ATTEMPTS: usize = 3;

pub(super) async fn answer(
    request: hyper::Request<Incoming>,
    peer: SocketAddr,
    exchange: Arc<Exchange>,
) -> Result<hyper::Response<Sending>, Infallible> {
    let began = Instant::now();
    let now = (exchange.clock)();
    let target = target(request.uri());
    let asked = Request { method: request.method(), target: target.as_bytes(), headers: request.headers() };
    let mut feed = None;
    let mut response = if lacks_host(&request) {
        Response::refusal(StatusCode::BAD_REQUEST)
    } else {
        let answer = serve::answer(&asked, &exchange.documents(), now);
        feed = answer.feed;
        answer.response
    };
    let sending = match std::mem::replace(&mut response.body, ResponseBody::Empty) {
        ResponseBody::Empty => Sending::Nothing,
        ResponseBody::Bytes(bytes) => Sending::Bytes(bytes),
        ResponseBody::File { path, range, asset } => {
            open_file(&asked, &mut response, path, range, asset, &exchange).await
        }
    };
    let client = client(peer, request.headers());
    let sent = if request.method() == Method::HEAD { 0 } else { length(&response.headers) };
    exchange.meters.count(response.status, sent);
    let agent = request.headers().get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let is_given = matches!(response.status, StatusCode::OK | StatusCode::NOT_MODIFIED);
    if let Some(feed) = feed.filter(|_| is_given) {
        exchange.subscribers.saw(feed, agent, client, now);
    }
    tracing::info!(
        method = %request.method(),
        target = %target,
        status = response.status.as_u16(),
        bytes = sent,
        client = %client,
        agent,
        microseconds = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX),
        "answered"
    );
    let mut sent = hyper::Response::new(sending);
    *sent.status_mut() = response.status;
    *sent.headers_mut() = response.headers;
    Ok(sent)
}

/// Opens the file that a response announces. If it was replaced since, the request is answered again, a few
/// times at most.
async fn open_file(
    asked: &Request<'_>,
    response: &mut Response,
    mut path: String,
    mut range: Range<u64>,
    mut asset: Asset,
    exchange: &Exchange,
) -> Sending {
    for _ in 0..ATTEMPTS {
        let documents = Arc::clone(&exchange.documents());
        let opened = tokio::task::spawn_blocking(move || open(&documents, &path, range, &asset)).await;
        if let Ok(Some(opened)) = opened {
            return opened;
        }
        *response = serve::answer(asked, &exchange.documents(), (exchange.clock)()).response;
        match std::mem::replace(&mut response.body, ResponseBody::Empty) {
            ResponseBody::Empty => return Sending::Nothing,
            ResponseBody::Bytes(bytes) => return Sending::Bytes(bytes),
            ResponseBody::File { path: newer, range: part, asset: found } => {
                (path, range, asset) = (newer, part, found);
            }
        }
    }
    *response = Response::unavailable(1);
    match std::mem::replace(&mut response.body, ResponseBody::Empty) {
        ResponseBody::Bytes(bytes) => Sending::Bytes(bytes),
        _ => Sending::Nothing,
    }
}

/// As the request line has it.
fn target(uri: &http::Uri) -> Cow<'_, str> {
    match (uri.scheme(), uri.path_and_query()) {
        (None, Some(target)) => target.as_str().into(),
        _ => uri.to_string().into(),
    }
}

/// RFC 9112 §3.2: whoever speaks HTTP/1.1 says whom they think they speak to.
pub(super) fn lacks_host<T>(request: &hyper::Request<T>) -> bool {
    request.version() == Version::HTTP_11 && request.headers().get_all(HOST).iter().count() != 1
}

/// A part of a file that is what it was when the headers were made; `None` where it is not.
fn open(documents: &Documents, path: &str, range: Range<u64>, asset: &Asset) -> Option<Sending> {
    let assets = documents.assets.as_deref()?;
    let (mut file, found) = assets.open(AssetPath::new(path)?).ok()?;
    if found != *asset {
        return None;
    }
    file.seek(SeekFrom::Start(range.start)).ok()?;
    Some(Sending::of(file, range.end - range.start))
}

static X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Address of the client: the other side of the connection, or for whom a proxy on this machine says that it
/// asks. It adds that to what others have said before it, whom we do not believe.
fn client(peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
    let stated = || {
        let line = headers.get_all(&X_FORWARDED_FOR).iter().next_back()?.to_str().ok()?;
        line.rsplit(',').next()?.trim().parse().ok()
    };
    let stated = if peer.ip().is_loopback() { stated() } else { None };
    stated.unwrap_or(peer.ip()).to_canonical()
}

fn length(headers: &HeaderMap) -> u64 {
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    length.and_then(|length| length.parse().ok()).unwrap_or_default()
}
