//! Cache of the pages of a built site, so that one that has not changed is not opened again.
//!
//! It is a cache: lost, damaged or of another program, it costs time and nothing else.

use serde::{Deserialize, Serialize};

use super::BuiltPage;
use crate::index::{self, PROGRAM, is_settled};
use crate::store::{FileEntry, Listing, Store};

/// Path of the cache, relative to the publication.
const FILE: &str = ".feedwright/pages";

/// The pages as they were when they were read, in the order of their paths.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Remembered {
    /// The clock of the build that read them.
    began: i64,
    pages: Vec<BuiltPage>,
}

impl Remembered {
    /// Reads what the last build left of the pages in `folder`; empty where there is nothing, or it is
    /// damaged.
    pub(super) fn read(store: &dyn Store, folder: &str) -> Self {
        let bytes = store.read(FILE).unwrap_or_default();
        let payload = index::unsealed(&bytes, &digest(folder)).unwrap_or_default();
        postcard::from_bytes(payload).unwrap_or_default()
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

/// The file as it must be written to remember these pages: path and bytes.
pub(super) fn written(
    folder: &str,
    began: i64,
    pages: Vec<BuiltPage>,
) -> (Vec<BuiltPage>, (&'static str, Vec<u8>)) {
    let remembered = Remembered { began, pages };
    let bytes = postcard::to_extend(&remembered, vec![0; index::HEADER]).unwrap_or_default();
    (remembered.pages, (FILE, index::seal(bytes, &digest(folder))))
}

/// A digest of the files of a built site as they are listed; `None` where one was written so shortly before that it may
/// be written once more without its time telling.
pub(super) fn fingerprint(listing: &Listing, began: i64) -> Option<[u8; 32]> {
    let mut hasher = blake3::Hasher::new();
    for FileEntry { path, stamp } in &listing.files {
        if !is_settled(*stamp, began) {
            return None;
        }
        hasher.update(path.as_bytes());
        hasher.update(&[0]);
        hasher.update(&postcard::to_allocvec(stamp).unwrap_or_default());
    }
    Some(hasher.finalize().into())
}

fn digest(folder: &str) -> [u8; 32] {
    blake3::hash(format!("pages in {folder} read by {PROGRAM}").as_bytes()).into()
}
