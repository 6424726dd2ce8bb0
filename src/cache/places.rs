//! Answers that entries depend on: other articles, attachments, files and folders.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::is_settled;
use crate::store::{Stamp, Store};

/// Answers that an entry depends on, beside its own article and the configuration.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Consulted {
    /// Addresses of articles by the names that links use.
    pub(crate) articles: BTreeMap<String, Option<String>>,
    /// Paths of attachments by the names that articles use.
    pub(crate) attachments: BTreeMap<String, Option<String>>,
    pub(crate) places: Places,
}

/// Files and folders that were looked for, and what was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Places {
    pub(crate) files: BTreeMap<String, Option<Stamp>>,
    pub(crate) folders: BTreeMap<String, bool>,
}

impl Places {
    /// `true` if the same files and folders would be found now. `began` is the clock of the build that found
    /// them.
    pub(crate) fn are_still(&self, store: &dyn Store, began: i64) -> bool {
        let settled = |stamp: &Stamp| is_settled(*stamp, began);
        let file = |(path, found): (&String, &Option<Stamp>)| {
            found.as_ref().is_none_or(settled) && store.stamp(path) == *found
        };
        self.files.iter().all(file)
            && self.folders.iter().all(|(path, is_there)| store.has_folder(path) == *is_there)
    }

    /// Adds what others have looked for.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.files.extend(other.files.iter().map(|(path, found)| (path.clone(), *found)));
        self.folders.extend(other.folders.iter().map(|(path, is_there)| (path.clone(), *is_there)));
    }
}
