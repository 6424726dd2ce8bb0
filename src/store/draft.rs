//! A file in the making, which need not be in memory whole.
#![expect(clippy::disallowed_methods, reason = "this is part of the store")]

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::{Error, Stamp};

/// The most bytes of a draft that are kept in memory, if it may go to a file.
const IN_MEMORY: usize = 1 << 20;

/// A file that is written piece by piece. Nobody sees it until its store has [staged](super::Store::stage)
/// and [placed](super::Store::place) it.
#[derive(Debug)]
pub struct Draft {
    path: String,
    /// The bytes that are not yet in the file.
    bytes: Vec<u8>,
    file: Option<File>,
    /// The place of the file, if bytes may go to one. It is removed with the draft.
    room: Option<Room>,
    /// Of what is in the file. Many bytes at once are digested many times as fast as few.
    digest: blake3::Hasher,
    length: u64,
    is_new: bool,
}

/// A draft that is whole, where its store wants it.
#[derive(Debug)]
pub struct Staged {
    pub(super) path: String,
    pub(super) content: Content,
    /// BLAKE3 of its bytes.
    pub digest: [u8; 32],
    /// Its length in bytes.
    pub length: u64,
    /// The stamp that it will have when it is in its place, as far as can be told.
    pub stamp: Option<Stamp>,
}

/// The bytes of a staged file.
#[derive(Debug)]
pub(super) enum Content {
    /// They are those that are there already.
    Same,
    Bytes(Vec<u8>),
    File(Room),
}

/// A path of which nobody else knows. Whatever lies there when this is dropped is taken away.
#[derive(Debug)]
pub(super) struct Room(PathBuf);

impl Room {
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

impl Draft {
    /// One that stays in memory.
    pub(super) fn in_memory(path: &str) -> Self {
        let digest = blake3::Hasher::new();
        Self {
            path: path.to_owned(),
            bytes: Vec::new(),
            file: None,
            room: None,
            digest,
            length: 0,
            is_new: false,
        }
    }

    /// One that goes to a file at `room` when it grows.
    pub(super) fn on_disk(path: &str, room: PathBuf) -> Self {
        Self { room: Some(Room(room)), ..Self::in_memory(path) }
    }

    /// Its path, relative to the store.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Its length in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Says that its bytes are not those that are there, so that nobody need compare them.
    #[must_use]
    pub fn known_to_differ(mut self) -> Self {
        self.is_new = true;
        self
    }

    /// Tells whether its bytes need not be compared with those that are there.
    pub(super) fn is_known_to_differ(&self) -> bool {
        self.is_new
    }

    /// Adds bytes to its end.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.length += bytes.len() as u64;
        if self.room.is_none() || self.bytes.len() + bytes.len() <= IN_MEMORY {
            self.bytes.extend_from_slice(bytes);
            return Ok(());
        }
        self.flush()?;
        if bytes.len() <= IN_MEMORY {
            self.bytes.extend_from_slice(bytes);
            return Ok(());
        }
        self.digest.update(bytes);
        let file = self.file.as_mut().map(|file| file.write_all(bytes));
        file.unwrap_or(Ok(())).map_err(|error| self.named(error))
    }

    /// The same draft with other bytes in place of its first `old` ones.
    ///
    /// # Errors
    ///
    /// If the disk refuses.
    pub fn with_head(mut self, old: u64, head: &[u8], fresh: Self) -> Result<Self, Error> {
        let mut draft = fresh;
        draft.write(head)?;
        if self.file.is_some() {
            self.flush()?;
        }
        let named = |error| Error::new("write", self.path.clone(), error);
        match &mut self.file {
            None => {
                let from = usize::try_from(old).unwrap_or(usize::MAX);
                draft.write(self.bytes.get(from..).unwrap_or_default())?;
            }
            Some(file) => {
                file.seek(SeekFrom::Start(old)).map_err(named)?;
                let mut piece = vec![0; IN_MEMORY];
                loop {
                    match file.read(&mut piece).map_err(named)? {
                        0 => break,
                        count => draft.write(piece.get(..count).unwrap_or_default())?,
                    }
                }
            }
        }
        Ok(draft)
    }

    /// Its bytes, where all of them are in memory.
    pub(super) fn bytes(&self) -> Option<&[u8]> {
        self.file.is_none().then_some(&self.bytes)
    }

    /// Compares it with what is read from `old`, which has as many bytes.
    pub(super) fn is(&mut self, mut old: impl Read) -> io::Result<bool> {
        let Some(file) = &mut self.file else {
            let mut bytes = Vec::with_capacity(self.bytes.len());
            old.read_to_end(&mut bytes)?;
            return Ok(bytes == self.bytes);
        };
        self.digest.update(&self.bytes);
        file.write_all(&std::mem::take(&mut self.bytes))?;
        file.seek(SeekFrom::Start(0))?;
        let (mut one, mut other) = (vec![0; IN_MEMORY], vec![0; IN_MEMORY]);
        loop {
            let count = file.read(&mut one)?;
            let other = other.get_mut(..count).unwrap_or_default();
            if count == 0 {
                return Ok(true);
            }
            if old.read_exact(other).is_err() || one.get(..count) != Some(other) {
                return Ok(false);
            }
        }
    }

    /// The finished draft where its store wants it; `same` says that it is there already.
    pub(super) fn staged(
        mut self,
        same: bool,
        stamp: impl FnOnce(&Content) -> Option<Stamp>,
    ) -> Result<Staged, Error> {
        self.digest.update(&self.bytes);
        let digest = self.digest.finalize().into();
        let content = if same {
            Content::Same
        } else if self.room.is_some() {
            self.spill()?;
            self.file = None;
            self.room.take().map_or(Content::Same, Content::File)
        } else {
            Content::Bytes(std::mem::take(&mut self.bytes))
        };
        let stamp = stamp(&content);
        Ok(Staged { path: self.path, content, digest, length: self.length, stamp })
    }

    /// Puts into the file what is in memory, and digests it.
    fn flush(&mut self) -> Result<(), Error> {
        if self.room.is_some() {
            self.digest.update(&self.bytes);
        }
        self.spill()
    }

    /// Puts into the file what is in memory.
    fn spill(&mut self) -> Result<(), Error> {
        let Some(room) = &self.room else { return Ok(()) };
        let file = match self.file.take() {
            Some(file) => Ok(file),
            None => File::options().read(true).write(true).create(true).truncate(true).open(room.path()),
        };
        let written = file.and_then(|mut file| file.write_all(&self.bytes).map(|()| file));
        self.file = Some(written.map_err(|error| self.named(error))?);
        self.bytes.clear();
        Ok(())
    }

    fn named(&self, error: io::Error) -> Error {
        Error::new("write", self.path.clone(), error)
    }
}

impl Staged {
    /// Its path, relative to the store.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Its bytes, where it is in memory and they are others than those that are there.
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.content {
            Content::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Its bytes, where they are others than those that are there.
    pub fn read(&self) -> Option<Vec<u8>> {
        match &self.content {
            Content::Same => None,
            Content::Bytes(bytes) => Some(bytes.clone()),
            Content::File(room) => fs::read(room.path()).ok(),
        }
    }

    /// Tells whether its bytes differ from those that are there.
    pub fn differs(&self) -> bool {
        !matches!(self.content, Content::Same)
    }
}
