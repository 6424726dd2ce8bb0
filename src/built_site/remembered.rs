//! Cache of the pages of a built site, so that one that has not changed is not opened again.

use serde::{Deserialize, Serialize};

use super::BuiltPage;
use super::feeds::{self, BuiltFeed};
use crate::cache::{CacheFile, is_settled};
use crate::store::{FileEntry, Listing, Stamp, Store};

/// The pages and feeds as they were when they were read.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Remembered {
    /// The clock of the build that read them.
    pub(super) began: i64,
    /// In the order of their paths.
    pub(super) pages: Vec<BuiltPage>,
    pub(super) feeds: Vec<BuiltFeed>,
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

    /// The feeds that are listed, of which only those are read that have changed.
    pub(super) fn feeds(&self, store: &dyn Store, folder: &str, listing: &Listing) -> Vec<BuiltFeed> {
        let is_still = |file: &FileEntry, stamp: Stamp| stamp == file.stamp && is_settled(stamp, self.began);
        feeds::read(store, folder, listing, &self.feeds, is_still)
    }

    /// `true` if the cache holds exactly what was read, so that it need not be written.
    pub(super) fn is(&self, read: &Self) -> bool {
        let mut stamps =
            read.pages.iter().map(|page| page.stamp).chain(read.feeds.iter().map(|feed| feed.stamp));
        self.pages == read.pages
            && self.feeds == read.feeds
            && stamps.all(|stamp| is_settled(stamp, self.began))
    }
}
