//! Feeds that would be taken away, and whether they are only somewhere else.

use std::collections::{BTreeMap, BTreeSet};

use crate::format::{Format, Outline, Seen};

/// Documents that would be there no more.
#[derive(Default)]
pub(super) struct Departed {
    documents: Vec<DepartedDocument>,
    holders: BTreeMap<String, Vec<usize>>,
}

struct DepartedDocument {
    path: String,
    format: Format,
    entries: usize,
    is_found: bool,
}

impl Departed {
    pub(super) fn of(documents: impl IntoIterator<Item = (String, Outline)>) -> Self {
        let mut departed = Self::default();
        for (path, outline) in documents {
            let keys: BTreeSet<&str> = outline.entries.iter().map(Seen::key).collect();
            let entries = keys.len();
            for key in keys {
                departed.holders.entry(key.to_owned()).or_default().push(departed.documents.len());
            }
            departed.documents.push(DepartedDocument {
                path,
                format: outline.format,
                entries,
                is_found: false,
            });
        }
        departed
    }

    /// The document of that format that holds the same feed: at least half of the entries of each are in the other.
    /// A document is the origin of one other at most.
    pub(super) fn origin(&mut self, format: Format, keys: &BTreeSet<&str>) -> Option<&str> {
        let mut common: BTreeMap<usize, usize> = BTreeMap::new();
        for holder in keys.iter().filter_map(|key| self.holders.get(*key)).flatten() {
            *common.entry(*holder).or_default() += 1;
        }
        let is_same = |document: &DepartedDocument, common: usize| {
            !document.is_found
                && document.format == format
                && common * 2 >= document.entries
                && common * 2 >= keys.len()
        };
        let candidates = common.into_iter().filter(|(index, common)| {
            self.documents.get(*index).is_some_and(|document| is_same(document, *common))
        });
        // Of several the one with most in common, and of those the first.
        let (index, _) = candidates.rev().max_by_key(|(_, common)| *common)?;
        let document = self.documents.get_mut(index)?;
        document.is_found = true;
        Some(&document.path)
    }

    /// The first document of that format that had several entries and is nowhere else, and their number: an empty feed
    /// that comes as it goes may be the same one.
    pub(super) fn filled(&mut self, format: Format) -> Option<(&str, usize)> {
        let document = self
            .documents
            .iter_mut()
            .find(|document| !document.is_found && document.format == format && document.entries > 1)?;
        document.is_found = true;
        Some((&document.path, document.entries))
    }

    /// Those that are nowhere else.
    pub(super) fn lost(&self) -> impl Iterator<Item = &str> {
        self.documents.iter().filter(|document| !document.is_found).map(|document| document.path.as_str())
    }
}
