//! The build state: what the last build read and left, so that a build for which nothing has changed ends as
//! soon as that is known.

use chrono::{DateTime, Utc};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Digest, Places, is_settled};
use crate::store::{Staged, Stamp, Store};

/// The build state: what the last build read and left. `R` is its report.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct BuildState<R> {
    /// When the files were looked at, by the clock of the store.
    pub(crate) began: i64,
    /// The time of the build…
    pub(crate) from: DateTime<Utc>,
    /// … and when an article falls due or expires next.
    pub(crate) until: Option<DateTime<Utc>>,
    /// A digest of the files that it found; `None` where they do not tell whether anything has changed.
    pub(crate) listed: Option<Digest>,
    /// Files that decide the dialect, with the stamps of those whose text decides it.
    pub(crate) circumstances: Vec<(String, Option<Stamp>)>,
    /// Files with authors, and other files and folders that its entries depend on.
    pub(crate) places: Places,
    /// The ledger and the documents, as they were left.
    pub(crate) files: Vec<FileState>,
    /// The report that another build would give if nothing changes.
    pub(crate) report: R,
}

/// A file as it was left.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct FileState {
    pub(crate) path: String,
    pub(crate) stamp: Option<Stamp>,
    pub(crate) digest: [u8; 32],
}

impl<R> BuildState<R> {
    /// `true` at a time that makes no difference.
    pub(crate) fn holds_at(&self, now: DateTime<Utc>) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }

    /// `true` if every file that was left is old enough for its time to be trusted.
    pub(crate) fn is_settled(&self) -> bool {
        self.files.iter().all(|file| file.stamp.is_none_or(|stamp| is_settled(stamp, self.began)))
    }

    /// `true` if every file that was left is as it was, and so is all that entries have looked for.
    pub(crate) fn is_still_there(&self, store: &dyn Store) -> bool {
        let Self { began, places, files, .. } = self;
        let is_there = |file: &FileState| file.is_still_there(store, *began);
        places.are_still(store, *began) && files.par_iter().all(is_there)
    }
}

impl FileState {
    /// There must be no such file.
    pub(crate) fn gone(path: &str) -> Self {
        Self { path: path.to_owned(), stamp: None, digest: [0; 32] }
    }

    /// A file as it is, or that there is none. `began` is the clock of the build.
    pub(crate) fn found(store: &dyn Store, path: &str, began: i64) -> Self {
        let stamp = store.stamp(path);
        let young = stamp.is_some_and(|stamp| !is_settled(stamp, began));
        let digest = young.then(|| store.digest(path)).flatten();
        Self { path: path.to_owned(), stamp, digest: digest.unwrap_or_default() }
    }

    /// A file as it will be when it is in its place.
    pub(crate) fn of(staged: &Staged) -> Self {
        Self { path: staged.path().to_owned(), stamp: staged.stamp, digest: staged.digest }
    }

    /// `true` if the file is as it was left. `began` is the clock of the build that left it, or looked at it
    /// again.
    pub(super) fn is_still_there(&self, store: &dyn Store, began: i64) -> bool {
        let stamp = store.stamp(&self.path);
        // What was written just before a build ended may have been written once more without its time telling.
        let known = |stamp| is_settled(stamp, began) || store.digest(&self.path) == Some(self.digest);
        stamp == self.stamp && stamp.is_none_or(known)
    }
}
