//! Cache of the pages of a built site, so that one that has not changed is not opened again.

use serde::{Deserialize, Serialize};

use super::BuiltPage;
use crate::cache::{CacheFile, is_settled};
use crate::store::{FileEntry, Store};

/// The pages as they were when they were read.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Remembered {
    /// The clock of the build that read them.
    pub(super) began: i64,
    /// In the order of their paths.
    pub(super) pages: Vec<BuiltPage>,
}

impl Remembered {
    /// The file of the cache that has the pages in `folder`.
    fn file(folder: &str) -> CacheFile {
        CacheFile::new(".feedwright/pages", &folder)
    }

    /// Reads what the last build left of the pages in `folder`; empty where there is nothing, or it is
    /// damaged.
    pub(super) fn read(store: &dyn Store, folder: &str) -> Self {
        Self::file(folder).recall(store).unwrap_or_default()
    }

    /// The file as it must be written: path and bytes.
    pub(super) fn write(&self, folder: &str) -> (String, Vec<u8>) {
        let file = Self::file(folder);
        (file.path().to_owned(), file.write(self))
    }

    /// The page in a file, if the file is still as it was. `path` is relative to the folder, and composed
    /// (NFC).
    pub(super) fn get(&self, path: &str, file: &FileEntry) -> Option<&BuiltPage> {
        let page = self.pages.binary_search_by(|page| page.path.as_str().cmp(path)).ok()?;
        let is_still = |page: &&BuiltPage| page.stamp == file.stamp && is_settled(page.stamp, self.began);
        self.pages.get(page).filter(is_still)
    }

    /// `true` if the cache holds exactly these pages, so that it need not be written.
    pub(super) fn is(&self, pages: &[BuiltPage]) -> bool {
        self.pages == pages && pages.iter().all(|page| is_settled(page.stamp, self.began))
    }
}
