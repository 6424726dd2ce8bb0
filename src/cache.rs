//! The cache: what a build remembers, so that the next one does less. `Index` has what articles state,
//! `PastDocuments` of what documents were made, `BuildState` what the last build read and left.
//!
//! All of it lies in `.feedwright/`, and saves time and nothing else. Every file is a `CacheFile`: one that is
//! missing, damaged, of another program, or of settings that no longer hold, is as good as none. Only the `Manifest`
//! outlives the program that wrote it, since it tells which files are ours to remove.

mod documents;
mod file;
mod index;
mod manifest;
mod places;
mod state;

use crate::store::{Listing, Stamp, Store};

pub(crate) use documents::{CachedDocument, CachedEntry, CachedFeed, DocumentCache, Part, PastDocuments};
pub(crate) use file::{CacheFile, digest};
pub(crate) use index::{Found, Index, Read, Remembered};
pub(crate) use manifest::{Manifest, documents_of_last_build};
pub(crate) use places::{Consulted, Places};
pub(crate) use state::{BuildState, FileState};

/// The folder that everything lies in.
const FOLDER: &str = ".feedwright";

/// Names in the folder that this program uses, in the cache and in the store.
const FILES: [&str; 9] =
    ["CACHEDIR.TAG", "clock", "documents", "index", "lock", "pages", "staged", "state", "written.json"];

/// A file written so shortly before it was looked at, in nanoseconds, may have been written once more without its
/// time telling: some file systems count in two seconds.
const GRAIN: i64 = 2_000_000_000;

/// A digest of all that decides something.
pub(crate) type Digest = [u8; 16];

/// `true` if a file was last written well before the build that looked at it began, so that its time can be
/// trusted. `began` is in nanoseconds, by the clock of the store.
pub(crate) fn is_settled(stamp: Stamp, began: i64) -> bool {
    stamp.last_change().saturating_add(GRAIN) < began
}

/// `true` if every listed file is [settled](is_settled): the listing tells whether any of them has changed since.
/// `began` is the clock of the store when they were listed.
pub(crate) fn are_settled(listing: &Listing, began: i64) -> bool {
    listing.files.iter().all(|file| is_settled(file.stamp, began))
}

/// Files in the folder that no part of this program writes, as other versions have left them.
pub(crate) fn obsolete(store: &dyn Store) -> Vec<String> {
    let is_ours = |name: &String| name.starts_with('.') || FILES.contains(&name.as_str());
    let others = store.names(FOLDER).into_iter().filter(|name| !is_ours(name));
    others.map(|name| format!("{FOLDER}/{name}")).filter(|path| !store.has_folder(path)).collect()
}
