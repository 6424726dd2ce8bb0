//! End of connections: they end by themselves where nothing gets through any more, because somebody asks for
//! much and reads nothing; and otherwise so that whoever is refused gets to know it.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// So long somebody may go on talking after all was said to them, and so many bytes. A system that is told to
/// close a connection on which something is still unread takes back what was sent last: the refusal of a
/// question that was too long. RFC 9112 §9.6.
const PATIENCE_FOR_LAST_WORDS: Duration = Duration::from_millis(500);
const MOST_LAST_WORDS: usize = 1 << 20;

/// A connection of which writing fails when the other side has taken nothing for a while.
pub(super) struct Connection<T> {
    inner: T,
    patience: Duration,
    /// Since when nothing gets through.
    waiting: Option<Pin<Box<Sleep>>>,
    last_words: Option<LastWords>,
}

/// Bytes that are read and discarded after the last response.
struct LastWords {
    until: Pin<Box<Sleep>>,
    bytes: usize,
}

impl<T> Connection<T> {
    pub(super) fn new(inner: T, patience: Duration) -> Self {
        Self { inner, patience, waiting: None, last_words: None }
    }

    fn watched<R>(&mut self, context: &mut Context<'_>, poll: Poll<io::Result<R>>) -> Poll<io::Result<R>> {
        if poll.is_ready() {
            self.waiting = None;
            return poll;
        }
        let patience = self.patience;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(patience)));
        match waiting.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Connection<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Connection<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.watched(context, poll)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let poll = Pin::new(&mut self.inner).poll_flush(context);
        self.watched(context, poll)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.last_words.is_none() {
            let poll = Pin::new(&mut self.inner).poll_shutdown(context);
            ready!(self.watched(context, poll))?;
        }
        let Self { inner, last_words, .. } = &mut *self;
        let last_words = last_words
            .get_or_insert_with(|| LastWords { until: Box::pin(sleep(PATIENCE_FOR_LAST_WORDS)), bytes: 0 });
        while last_words.until.as_mut().poll(context).is_pending() && last_words.bytes < MOST_LAST_WORDS {
            let mut room = [0; 4096];
            let mut heard = ReadBuf::new(&mut room);
            match ready!(Pin::new(&mut *inner).poll_read(context, &mut heard)) {
                Ok(()) if !heard.filled().is_empty() => last_words.bytes += heard.filled().len(),
                Ok(()) | Err(_) => break,
            }
        }
        Poll::Ready(Ok(()))
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.inner).poll_write_vectored(context, pieces);
        self.watched(context, poll)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    fn run(test: impl Future<Output = ()>) {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(test);
    }

    #[test]
    fn who_reads_nothing_is_waited_for_and_then_no_more() {
        run(async {
            let (ours, _theirs) = tokio::io::duplex(10);
            let mut ours = Connection::new(ours, Duration::from_millis(20));
            let error = ours.write_all(&[0; 100]).await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        });
    }

    #[test]
    fn who_goes_on_talking_is_heard_out_but_not_for_ever() {
        run(async {
            let (ours, mut theirs) = tokio::io::duplex(1 << 20);
            let mut ours = Connection::new(ours, Duration::from_secs(60));
            let ended = async {
                ours.shutdown().await.unwrap();
                drop(ours);
            };
            let mut heard = 0;
            let talk = async {
                while theirs.write_all(&[0; 1000]).await.is_ok() {
                    heard += 1000;
                }
            };
            tokio::join!(ended, talk);
            assert!((MOST_LAST_WORDS..3 * MOST_LAST_WORDS).contains(&heard), "{heard}");
        });
    }

    #[test]
    fn who_reads_slowly_gets_everything() {
        run(async {
            let (ours, mut theirs) = tokio::io::duplex(10);
            let mut ours = Connection::new(ours, Duration::from_secs(60));
            let sent = async {
                ours.write_all(&[7; 100]).await.unwrap();
                drop(ours);
            };
            let mut got = Vec::new();
            let read = async { theirs.read_to_end(&mut got).await.unwrap() };
            tokio::join!(sent, read);
            assert_eq!(got, [7; 100]);
        });
    }
}
