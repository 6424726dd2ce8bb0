//! The store that articles are read from and documents are put into: a folder on disk, or a map in memory.
//!
//! The only module that touches the disk. What is put or removed takes effect all at once, at
//! [`Store::commit`]; until then, and whenever something fails on the way, every old file stays as it was.

mod door;
mod draft;
mod folder;
mod layer;
mod memory;
mod overlay;
mod patterns;
mod public;
mod stamp;
mod walk;
#[cfg(feature = "serve")]
mod watch;

use std::io;
use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use draft::{Draft, Staged};
pub use folder::Folder;
pub use layer::Layer;
pub use memory::Memory;
pub use overlay::Overlay;
pub use patterns::Patterns;
pub use public::Public;
pub use stamp::Stamp;
#[cfg(feature = "serve")]
pub use watch::FolderWatcher;

/// Files by path. Paths are relative to the store, with `/` between their parts.
pub trait Store: Sync {
    /// All regular files below `folder` in the order of their paths, but for hidden ones, those that a
    /// `.gitignore` names, and those that `exclude` matches. `""` is the whole store.
    fn list(&self, folder: &str, exclude: &Patterns) -> Result<Listing, Error>;

    /// The bytes of a file.
    fn read(&self, path: &str) -> Result<Vec<u8>, Error>;

    /// The bytes of a file, into memory that may hold others, which they take the place of.
    fn read_into(&self, path: &str, bytes: &mut Vec<u8>) -> Result<(), Error> {
        *bytes = self.read(path)?;
        Ok(())
    }

    /// Some bytes of a file.
    fn read_range(&self, path: &str, range: Range<u64>) -> Result<Vec<u8>, Error> {
        part(&self.read(path)?, range, path)
    }

    /// The stamp of a file; `None` where there is none.
    fn stamp(&self, path: &str) -> Option<Stamp>;

    /// BLAKE3 of the bytes of a file; `None` where it cannot be read.
    fn digest(&self, path: &str) -> Option<[u8; 32]> {
        self.read(path).ok().map(|bytes| blake3::hash(&bytes).into())
    }

    /// The size of a file in bytes; `None` where there is none.
    fn size(&self, path: &str) -> Option<u64> {
        self.stamp(path).map(|stamp| stamp.size)
    }

    /// Time now in nanoseconds, by the clock that [`Stamp::modified`] is told by. 0 where that cannot be
    /// known, which makes every stamp untrustworthy.
    fn clock(&self) -> i64 {
        0
    }

    /// The names of all files and folders that lie directly in `folder`, hidden ones too, in order; none
    /// where there is no such folder.
    fn names(&self, folder: &str) -> Vec<String>;

    /// Tells whether there is a folder of that name.
    fn has_folder(&self, path: &str) -> bool;

    /// Begins a file that will be written piece by piece. Several can be in the making at a time.
    fn draft(&self, path: &str) -> Result<Draft, Error>;

    /// Finishes a draft, and finds out whether its bytes differ from those that are there. It must be
    /// [placed](Self::place) by the same store, or dropped.
    fn stage(&self, draft: Draft) -> Result<Staged, Error>;

    /// Plans to put a staged file in its place. Tells whether its bytes differ from those that are there;
    /// equal ones are left alone, so that file times and sync tools stay quiet.
    fn place(&mut self, staged: Staged) -> bool;

    /// As [`place`](Self::place), for what must outlast a power cut that anything placed later outlasts.
    fn place_lasting(&mut self, staged: Staged) -> bool {
        self.place(staged)
    }

    /// Plans to write a file whole, and tells whether its bytes differ from those that are there.
    fn put(&mut self, path: &str, bytes: &[u8]) -> Result<bool, Error> {
        let mut draft = self.draft(path)?;
        draft.write(bytes)?;
        let staged = self.stage(draft)?;
        Ok(self.place(staged))
    }

    /// Plans to remove a file, and the folders that it leaves empty. A missing file is not an error.
    fn remove(&mut self, path: &str) -> Result<(), Error>;

    /// Does what [`place`](Self::place) and [`remove`](Self::remove) meant: first puts in the order in which
    /// they came, then removes.
    fn commit(&mut self) -> Result<(), Error>;

    /// Forgets what [`place`](Self::place) and [`remove`](Self::remove) meant.
    fn abandon(&mut self);
}

/// Some of the bytes of the file at `path`.
fn part(bytes: &[u8], range: Range<u64>, path: &str) -> Result<Vec<u8>, Error> {
    let place = |at| usize::try_from(at).unwrap_or(usize::MAX);
    let found = bytes.get(place(range.start)..place(range.end));
    found.map(<[u8]>::to_vec).ok_or_else(|| Error::new("read", path, io::ErrorKind::UnexpectedEof.into()))
}

/// The result of [`Store::list`].
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Listing {
    /// In the order of their paths.
    pub files: Vec<FileEntry>,
    /// Folders that could not be read and symbolic links that were not followed.
    pub passed_over: Vec<PassedOver>,
}

/// A regular file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FileEntry {
    /// Relative to the store.
    pub path: String,
    /// Its stamp, by which changes are noticed.
    pub stamp: Stamp,
}

/// A file or folder that was found and not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedOver {
    /// Relative to the store.
    pub path: String,
    /// Why.
    pub reason: PassedOverReason,
}

impl PassedOver {
    /// Tells whether the system refused to read it.
    pub fn is_unreadable(&self) -> bool {
        matches!(self.reason, PassedOverReason::Unreadable(_))
    }
}

/// Why something was not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PassedOverReason {
    /// The system does not let us, and what it says.
    Unreadable(String),
    /// A symbolic link to nothing.
    BrokenSymlink,
    /// A symbolic link to a folder, or to a file outside the store.
    StraySymlink,
}

/// A failure of the disk: what was tried, on which path, and the system's cause.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} `{path}`: {source}")]
pub struct Error {
    /// The action that failed: `read`, `write`, …
    pub action: &'static str,
    /// The path as the user would name it.
    pub path: String,
    /// The system's cause.
    pub source: io::Error,
}

impl Error {
    fn new(action: &'static str, path: impl Into<String>, source: io::Error) -> Self {
        Self { action, path: path.into(), source }
    }

    /// Tells whether there was no such file.
    pub fn is_not_found(&self) -> bool {
        self.source.kind() == io::ErrorKind::NotFound
    }
}

/// Refuses a path that is not plainly inside the store.
fn check_inside(path: &str) -> Result<(), Error> {
    let plain = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', '\0']);
    if path.split('/').all(plain) {
        return Ok(());
    }
    Err(Error::new("use", path, io::Error::new(io::ErrorKind::InvalidInput, "it leads out of the folder")))
}

/// Tells whether `path` lies in `folder` (`""` holds everything).
fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
