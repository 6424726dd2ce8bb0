//! A store in memory, for tests and for serving.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::draft::Content;
use super::{Draft, Error, FileEntry, Listing, Patterns, Staged, Stamp, Store, check_inside, is_below};

/// Files in memory. Hidden files are left out of listings as on disk; `.gitignore` is not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    files: BTreeMap<String, Vec<u8>>,
    meant: BTreeMap<String, Option<Vec<u8>>>,
}

impl Memory {
    /// A store with these files.
    pub fn new<P: Into<String>, B: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, B)>) -> Self {
        let files = files.into_iter().map(|(path, bytes)| (path.into(), bytes.into())).collect();
        Self { files, meant: BTreeMap::new() }
    }

    /// All files by path, hidden ones too.
    pub fn files(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.files
    }

    /// Adds a file or replaces one, at once.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }

    /// Takes a file out, at once.
    pub fn take(&mut self, path: &str) -> Option<Vec<u8>> {
        self.files.remove(path)
    }
}

/// There is no clock here: the bytes themselves tell whether they have changed.
pub(super) fn stamp(bytes: &[u8]) -> Stamp {
    let digest = blake3::hash(bytes);
    let number = digest.as_bytes().first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
    Stamp { size: bytes.len() as u64, modified: 0, changed: None, inode: number }
}

impl Store for Memory {
    fn list(&self, folder: &str, exclude: &Patterns) -> Result<Listing, Error> {
        let below = |path: &str| path[folder.len()..].trim_start_matches('/').to_owned();
        let files = self
            .files
            .iter()
            .filter(|(path, _)| is_below(path, folder))
            .filter(|(path, _)| !below(path).split('/').any(|part| part.starts_with('.')))
            .filter(|(path, _)| !exclude.matches(&below(path)))
            .map(|(path, bytes)| FileEntry { path: path.clone(), stamp: stamp(bytes) })
            .collect();
        Ok(Listing { files, passed_over: Vec::new() })
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Error> {
        let missing = || Error::new("read", path, io::Error::from(io::ErrorKind::NotFound));
        self.files.get(path).cloned().ok_or_else(missing)
    }

    fn stamp(&self, path: &str) -> Option<Stamp> {
        self.files.get(path).map(|bytes| stamp(bytes))
    }

    fn clock(&self) -> i64 {
        i64::MAX
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let inside = self.files.keys().filter(|path| is_below(path, folder));
        let first =
            |path: &str| path[folder.len()..].trim_start_matches('/').split('/').next().map(str::to_owned);
        inside.filter_map(|path| first(path)).collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn has_folder(&self, path: &str) -> bool {
        self.files.keys().any(|file| is_below(file, path))
    }

    fn draft(&self, path: &str) -> Result<Draft, Error> {
        check_inside(path)?;
        Ok(Draft::in_memory(path))
    }

    fn stage(&self, draft: Draft) -> Result<Staged, Error> {
        let old = self.files.get(draft.path());
        let same = old.is_some_and(|old| draft.bytes() == Some(old));
        let path = draft.path().to_owned();
        draft.staged(same, |content| match content {
            Content::Bytes(bytes) => Some(stamp(bytes)),
            _ => self.stamp(&path),
        })
    }

    fn place(&mut self, staged: Staged) -> bool {
        let differs = staged.differs();
        if let Content::Bytes(bytes) = staged.content {
            self.meant.insert(staged.path, Some(bytes));
        }
        differs
    }

    fn remove(&mut self, path: &str) -> Result<(), Error> {
        check_inside(path)?;
        self.meant.insert(path.to_owned(), None);
        Ok(())
    }

    fn commit(&mut self) -> Result<(), Error> {
        for (path, bytes) in std::mem::take(&mut self.meant) {
            match bytes {
                Some(bytes) => self.files.insert(path, bytes),
                None => self.files.remove(&path),
            };
        }
        Ok(())
    }

    fn abandon(&mut self) {
        self.meant.clear();
    }
}
