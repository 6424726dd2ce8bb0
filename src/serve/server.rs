//! The server: connections, their limits, and their end. What is answered is decided by
//! [`respond`](super::respond).

mod admin;
mod answer;

use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::num::NonZero;
use std::pin::pin;
use std::sync::Arc;
use std::thread::{self, available_parallelism};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio::time::{sleep, timeout};

use super::Exchange;
use super::connection::Connection;

/// The time within which the headers of a request must arrive, and for which a connection may be idle.
const PATIENCE_FOR_HEADERS: Duration = Duration::from_secs(30);

/// The time after which a connection is closed whose other side reads nothing.
const PATIENCE_FOR_READING: Duration = Duration::from_secs(30);

/// The time that running responses have to finish when the server ends.
const PATIENCE_AT_THE_END: Duration = Duration::from_secs(10);

/// The most bytes of a request before its body: RFC 9110 §4.1 asks for 8000 for its target alone.
const LONGEST_HEAD: usize = 16 * 1024;

/// The most connections at a time, where the system allows so many.
const MOST_CONNECTIONS: usize = 20_000;

/// The response on a connection beyond the limit.
const REFUSAL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 30\r\nContent-Length: 0\r\n\
                         Connection: close\r\n\r\n";

/// A server that is ready to answer.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    admin: Option<TcpListener>,
    stop: Stop,
}

/// Ends a server from elsewhere.
#[derive(Clone, Debug)]
pub struct Stop(watch::Sender<bool>);

impl Stop {
    /// Ends the server: it accepts no more connections, and finishes running responses.
    pub fn now(&self) {
        self.0.send_replace(true);
    }

    async fn wait(&self) {
        let mut receiver = self.0.subscribe();
        let _ = receiver.wait_for(|is_to_stop| *is_to_stop).await;
    }
}

impl Server {
    /// Binds an address and a port; connections wait until the server [runs](Self::run). Port 0 picks a free
    /// one.
    ///
    /// # Errors
    ///
    /// If the system refuses: the port is taken, or the address is not one of this machine.
    pub fn bind(address: SocketAddr) -> io::Result<Self> {
        Ok(Self { listener: listen(address)?, admin: None, stop: Stop(watch::Sender::new(false)) })
    }

    /// Binds another address, on which it answers the people who run it: `/-/health`, `/-/metrics` and `/-/stats`.
    ///
    /// # Errors
    ///
    /// If the system refuses.
    pub fn with_admin(self, address: SocketAddr) -> io::Result<Self> {
        Ok(Self { admin: Some(listen(address)?), ..self })
    }

    /// The address on which it answers the people who run it; `None` if there is none.
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.admin.as_ref()?.local_addr().ok()
    }

    /// The address on which it listens.
    ///
    /// # Errors
    ///
    /// If the system does not tell it.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Ends it from elsewhere.
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// Serves until it is [stopped](Self::stop) or gets the signal INT or TERM. Then it calls `ending`, and
    /// finishes running responses within ten seconds.
    ///
    /// # Errors
    ///
    /// If the system has no more threads.
    pub fn run(self, exchange: &Arc<Exchange>, ending: impl FnOnce()) -> io::Result<()> {
        thread::scope(|scope| {
            let mut others = Vec::new();
            // A connection stays on one core, so that nothing is handed on between a question and its answer.
            for _ in 1..available_parallelism().map_or(1, NonZero::get) {
                let (sender, receiver) = mpsc::unbounded_channel();
                let runtime = runtime()?;
                scope.spawn(move || runtime.block_on(take_on(receiver)));
                others.push(sender);
            }
            runtime()?.block_on(self.serve(exchange, others, ending))
        })
    }

    async fn serve(self, exchange: &Arc<Exchange>, others: Others, ending: impl FnOnce()) -> io::Result<()> {
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        if let Some(admin) = self.admin {
            tokio::spawn(admin::serve(admin, Arc::clone(exchange)));
        }
        let places = Arc::new(Semaphore::new(most_connections()));
        let open = GracefulShutdown::new();
        let mut end = pin!(asked_to_end(&self.stop));
        let mut turn = 0;
        loop {
            let accepted = tokio::select! {
                () = &mut end => break,
                accepted = listener.accept() => accepted,
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                // There are too many open files, or whoever knocked has gone again.
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    sleep(Duration::from_millis(50)).await;
                    continue;
                }
            };
            let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
                exchange.meters.refuse();
                tokio::spawn(refuse(stream));
                continue;
            };
            let counted = Counted::new(exchange, place);
            turn = (turn + 1) % (others.len() + 1);
            match others.get(turn) {
                None => admit(stream, peer, counted, &open),
                Some(other) => {
                    let handed = stream.into_std().map(|stream| other.send((stream, peer, counted)));
                    if !matches!(handed, Ok(Ok(()))) {
                        tracing::warn!("a connection could not be handed on");
                    }
                }
            }
        }
        drop((listener, others));
        ending();
        let _ = timeout(PATIENCE_AT_THE_END, open.shutdown()).await;
        Ok(())
    }
}

/// Options of connections on all listeners.
fn http() -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(PATIENCE_FOR_HEADERS).max_buf_size(LONGEST_HEAD);
    http
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// The runtimes on other cores.
type Others = Vec<mpsc::UnboundedSender<Taken>>;

/// A connection that was accepted and counted.
type Taken = (std::net::TcpStream, SocketAddr, Counted);

fn runtime() -> io::Result<Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

/// Serves all connections that are handed over, until there are no more; then finishes running responses.
async fn take_on(mut taken: mpsc::UnboundedReceiver<Taken>) {
    let open = GracefulShutdown::new();
    while let Some((stream, peer, counted)) = taken.recv().await {
        match TcpStream::from_std(stream) {
            Ok(stream) => admit(stream, peer, counted, &open),
            Err(error) => tracing::warn!(%error, "a connection could not be taken"),
        }
    }
    let _ = timeout(PATIENCE_AT_THE_END, open.shutdown()).await;
}

/// Serves a connection.
fn admit(stream: TcpStream, peer: SocketAddr, counted: Counted, open: &GracefulShutdown) {
    let _ = stream.set_nodelay(true);
    let exchange = Arc::clone(&counted.exchange);
    let service = service_fn(move |request| answer::answer(request, peer, Arc::clone(&exchange)));
    let io = TokioIo::new(Connection::new(stream, PATIENCE_FOR_READING));
    // Whoever says that they have nothing more to ask still wants the answer.
    let connection = http().half_close(true).serve_connection(io, service);
    let connection = open.watch(connection);
    tokio::spawn(async move {
        // What can go wrong with a connection is the other side's: it went away, or it spoke no HTTP.
        let _ = connection.await;
        drop(counted);
    });
}

async fn refuse(mut stream: TcpStream) {
    let sent = async {
        stream.write_all(REFUSAL).await?;
        stream.shutdown().await
    };
    let _ = timeout(Duration::from_secs(1), sent).await;
}

/// An open connection, counted until this is dropped.
struct Counted {
    exchange: Arc<Exchange>,
    _place: OwnedSemaphorePermit,
}

impl Counted {
    fn new(exchange: &Arc<Exchange>, place: OwnedSemaphorePermit) -> Self {
        exchange.meters.connections.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Self { exchange: Arc::clone(exchange), _place: place }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.exchange.meters.connections.fetch_sub(1, std::sync::atomic::Ordering::Relaxed);
    }
}

async fn asked_to_end(stop: &Stop) {
    tokio::select! {
        () = stop.wait() => {}
        () = interrupted() => {}
    }
}

#[cfg(unix)]
fn interrupted() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    async fn told(kind: SignalKind) {
        match signal(kind) {
            Ok(mut signal) => _ = signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    }
    async {
        tokio::select! {
            () = told(SignalKind::interrupt()) => {}
            () = told(SignalKind::terminate()) => {}
        }
    }
}

#[cfg(not(unix))]
fn interrupted() -> impl Future<Output = ()> {
    async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}

/// The most connections that the system allows, with some file descriptors kept for everything else.
#[cfg(unix)]
fn most_connections() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    const ELSEWHERE: usize = 64;
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.unwrap_or(u64::MAX).min((MOST_CONNECTIONS + ELSEWHERE) as u64);
    if limit.current.is_some_and(|current| current < wanted) {
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum: limit.maximum });
    }
    let allowed = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let allowed = usize::try_from(allowed).unwrap_or(usize::MAX);
    allowed.saturating_sub(ELSEWHERE).clamp(16, MOST_CONNECTIONS)
}

#[cfg(not(unix))]
fn most_connections() -> usize {
    MOST_CONNECTIONS
}
