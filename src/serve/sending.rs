//! Bodies on their way: what is in memory, and files that are read as they are sent.

use std::fs;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::fs::File;
use tokio::io::{AsyncRead, ReadBuf};

/// The bytes of a file that are in memory at a time, for each response.
const PIECE: usize = 64 * 1024;

/// A body that is sent.
pub(super) enum Sending {
    Nothing,
    Bytes(Bytes),
    File(Part),
}

/// A part of a file.
pub(super) struct Part {
    file: File,
    left: u64,
    buffer: Vec<u8>,
}

impl Sending {
    /// The next `length` bytes of a file.
    pub(super) fn of(file: fs::File, length: u64) -> Self {
        let piece = PIECE.min(usize::try_from(length).unwrap_or(PIECE));
        Self::File(Part { file: File::from_std(file), left: length, buffer: vec![0; piece] })
    }
}

impl Body for Sending {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match &mut *self {
            Self::Nothing => Poll::Ready(None),
            Self::Bytes(bytes) => {
                let bytes = std::mem::take(bytes);
                *self = Self::Nothing;
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            Self::File(part) => match ready!(part.poll_piece(context)) {
                Ok(bytes) if bytes.is_empty() => Poll::Ready(None),
                Ok(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
                Err(error) => Poll::Ready(Some(Err(error))),
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Bytes(bytes) => bytes.is_empty(),
            Self::File(part) => part.left == 0,
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(match self {
            Self::Nothing => 0,
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(part) => part.left,
        })
    }
}

impl Part {
    /// The next bytes; none at the end. A file that has become shorter is an error, so that whoever fetches
    /// it does not take what came for all of it.
    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        if self.left == 0 {
            return Poll::Ready(Ok(Bytes::new()));
        }
        let most = self.buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let mut piece = ReadBuf::new(self.buffer.get_mut(..most).unwrap_or_default());
        ready!(Pin::new(&mut self.file).poll_read(context, &mut piece))?;
        let read = piece.filled();
        if read.is_empty() {
            return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
        }
        self.left -= read.len() as u64;
        Poll::Ready(Ok(Bytes::copy_from_slice(read)))
    }
}
