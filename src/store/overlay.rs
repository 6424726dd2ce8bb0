//! A store that shows another and keeps all changes to itself: what would be written, without writing it.

use std::collections::BTreeMap;
use std::ops::Range;

use super::draft::Content;
use super::{Draft, Error, Listing, Patterns, Staged, Stamp, Store, check_inside};

/// Another store, and what would change in it. Reading shows what lies underneath, also after
/// [`commit`](Store::commit), which changes nothing there; [`after`](Self::after) shows what would be.
///
/// ```
/// use feedwright::store::{Memory, Overlay, Store};
/// let folder = Memory::new([("a.txt", "old")]);
/// let mut overlay = Overlay::new(&folder);
/// assert!(overlay.put("a.txt", b"new").unwrap());
/// overlay.commit().unwrap();
/// assert_eq!(overlay.read("a.txt").unwrap(), b"old");
/// assert_eq!(overlay.after("a.txt").unwrap(), b"new");
/// ```
pub struct Overlay<'a> {
    underneath: &'a dyn Store,
    meant: BTreeMap<String, Option<Vec<u8>>>,
}

impl<'a> Overlay<'a> {
    /// Nothing but what is there.
    pub fn new(underneath: &'a dyn Store) -> Self {
        Self { underneath, meant: BTreeMap::new() }
    }

    /// The bytes that a file would have; `None` where there would be none.
    pub fn after(&self, path: &str) -> Option<Vec<u8>> {
        self.meant.get(path).cloned().unwrap_or_else(|| self.underneath.read(path).ok())
    }

    /// Tells whether a file would be written or removed.
    pub fn changes(&self, path: &str) -> bool {
        self.meant.contains_key(path)
    }

    /// The files that would be removed, in order.
    pub fn removed(&self) -> impl Iterator<Item = &str> {
        self.meant.iter().filter(|(_, bytes)| bytes.is_none()).map(|(path, _)| path.as_str())
    }
}

impl Store for Overlay<'_> {
    fn list(&self, folder: &str, exclude: &Patterns) -> Result<Listing, Error> {
        self.underneath.list(folder, exclude)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Error> {
        self.underneath.read(path)
    }

    fn read_into(&self, path: &str, bytes: &mut Vec<u8>) -> Result<(), Error> {
        self.underneath.read_into(path, bytes)
    }

    fn read_range(&self, path: &str, range: Range<u64>) -> Result<Vec<u8>, Error> {
        self.underneath.read_range(path, range)
    }

    fn digest(&self, path: &str) -> Option<[u8; 32]> {
        self.underneath.digest(path)
    }

    fn stamp(&self, path: &str) -> Option<Stamp> {
        self.underneath.stamp(path)
    }

    fn names(&self, folder: &str) -> Vec<String> {
        self.underneath.names(folder)
    }

    fn has_folder(&self, path: &str) -> bool {
        self.underneath.has_folder(path)
    }

    fn draft(&self, path: &str) -> Result<Draft, Error> {
        check_inside(path)?;
        Ok(Draft::in_memory(path))
    }

    fn stage(&self, draft: Draft) -> Result<Staged, Error> {
        let same = self.size(draft.path()) == Some(draft.length())
            && draft.bytes() == Some(&self.read(draft.path())?);
        draft.staged(same, |_| None)
    }

    fn place(&mut self, staged: Staged) -> bool {
        let differs = staged.differs();
        match staged.content {
            Content::Bytes(bytes) => self.meant.insert(staged.path, Some(bytes)),
            _ => self.meant.remove(&staged.path),
        };
        differs
    }

    fn remove(&mut self, path: &str) -> Result<(), Error> {
        check_inside(path)?;
        self.meant.insert(path.to_owned(), None);
        Ok(())
    }

    fn commit(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn abandon(&mut self) {
        self.meant.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::super::Memory;
    use super::*;

    #[test]
    fn nothing_changes_underneath() {
        let memory = Memory::new([("a", "1"), ("b", "2"), ("c", "3")]);
        let before = memory.clone();
        let mut overlay = Overlay::new(&memory);
        assert!(overlay.put("a", b"new").unwrap());
        assert!(!overlay.put("b", b"2").unwrap());
        overlay.remove("c").unwrap();
        overlay.commit().unwrap();
        assert_eq!(overlay.removed().collect::<Vec<_>>(), ["c"]);
        assert_eq!((overlay.changes("a"), overlay.changes("b")), (true, false));
        assert_eq!((overlay.after("b"), overlay.after("c")), (Some(b"2".to_vec()), None));
        assert_eq!(memory, before);
    }

    #[test]
    fn what_is_put_last_counts() {
        let memory = Memory::new([("a", "1")]);
        let mut overlay = Overlay::new(&memory);
        overlay.put("a", b"2").unwrap();
        overlay.put("a", b"1").unwrap();
        assert!(!overlay.changes("a"));
        assert!(overlay.put("../a", b"").is_err());
    }
}
