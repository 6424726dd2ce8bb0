//! A folder on disk with a layer in memory above it, which takes all that is written.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

use super::draft::Content;
use super::memory::stamp;
use super::{Draft, Error, Folder, Listing, Patterns, Staged, Stamp, Store, check_inside, part};

/// A folder that is read and never written: what is put stays in memory, and is read from there. So something
/// can be tried, again and again, that must not be found on the disk afterwards.
///
/// Listings, names and folders are those of the disk: it is no place for what is to be found that way.
#[derive(Debug)]
pub struct Layer {
    below: Folder,
    /// `None` is a file that is removed.
    above: BTreeMap<String, Option<Vec<u8>>>,
    meant: BTreeMap<String, Option<Vec<u8>>>,
}

impl Layer {
    /// The folder as it is.
    pub fn new(below: Folder) -> Self {
        Self { below, above: BTreeMap::new(), meant: BTreeMap::new() }
    }

    fn missing(path: &str) -> Error {
        Error::new("read", path, io::ErrorKind::NotFound.into())
    }
}

impl Store for Layer {
    fn list(&self, folder: &str, exclude: &Patterns) -> Result<Listing, Error> {
        self.below.list(folder, exclude)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Error> {
        match self.above.get(path) {
            Some(bytes) => bytes.clone().ok_or_else(|| Self::missing(path)),
            None => self.below.read(path),
        }
    }

    fn read_into(&self, path: &str, bytes: &mut Vec<u8>) -> Result<(), Error> {
        match self.above.get(path) {
            Some(_) => {
                *bytes = self.read(path)?;
                Ok(())
            }
            None => self.below.read_into(path, bytes),
        }
    }

    fn read_range(&self, path: &str, range: Range<u64>) -> Result<Vec<u8>, Error> {
        let Some(bytes) = self.above.get(path) else { return self.below.read_range(path, range) };
        part(bytes.as_ref().ok_or_else(|| Self::missing(path))?, range, path)
    }

    fn stamp(&self, path: &str) -> Option<Stamp> {
        match self.above.get(path) {
            Some(bytes) => bytes.as_deref().map(stamp),
            None => self.below.stamp(path),
        }
    }

    fn digest(&self, path: &str) -> Option<[u8; 32]> {
        match self.above.get(path) {
            Some(bytes) => bytes.as_deref().map(|bytes| blake3::hash(bytes).into()),
            None => self.below.digest(path),
        }
    }

    fn clock(&self) -> i64 {
        self.below.clock()
    }

    fn names(&self, folder: &str) -> Vec<String> {
        self.below.names(folder)
    }

    fn has_folder(&self, path: &str) -> bool {
        self.below.has_folder(path)
    }

    fn draft(&self, path: &str) -> Result<Draft, Error> {
        check_inside(path)?;
        Ok(Draft::in_memory(path))
    }

    fn stage(&self, draft: Draft) -> Result<Staged, Error> {
        let path = draft.path().to_owned();
        let same = self.size(&path) == Some(draft.length()) && draft.bytes() == Some(&self.read(&path)?);
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
        self.above.append(&mut self.meant);
        Ok(())
    }

    fn abandon(&mut self) {
        self.meant.clear();
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "what is not written must be on disk")]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_not_found_on_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in [("a", "1"), ("b", "2")] {
            std::fs::write(folder.path().join(path), text).unwrap();
        }
        let mut layer = Layer::new(Folder::new(folder.path()));
        assert!(layer.put("a", b"new").unwrap());
        assert!(!layer.put("b", b"2").unwrap());
        layer.remove("b").unwrap();
        assert_eq!(layer.read("a").unwrap(), b"1", "not before it is committed");
        layer.commit().unwrap();
        assert_eq!((layer.read("a").unwrap(), layer.size("a")), (b"new".to_vec(), Some(3)));
        assert_eq!(layer.read_range("a", 1..3).unwrap(), b"ew");
        assert!(layer.read_range("a", 1..4).is_err());
        assert!(!layer.put("a", b"new").unwrap(), "it is there already");
        assert!(layer.read("b").is_err() && layer.stamp("b").is_none());
        assert!(layer.put("b", b"2").unwrap(), "it was removed");
        layer.abandon();
        layer.commit().unwrap();
        assert!(layer.read("b").is_err());
        let on_disk = |path: &str| std::fs::read(folder.path().join(path)).unwrap();
        assert_eq!((on_disk("a"), on_disk("b")), (b"1".to_vec(), b"2".to_vec()));
    }
}
