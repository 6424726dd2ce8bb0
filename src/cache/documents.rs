//! The documents' cache: the recipes of the documents that the last build made, so that a document is made
//! anew only where something in it has changed, and an entry only where something about it has.
//!
//! A fragment that was made once lies in a document that holds it; this cache knows where.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::{CacheFile, Consulted, Digest, FileState, digest};
use crate::diagnostic::Diagnostic;
use crate::format::{Extent, FeedDocument, Format, Fragment, Namespaces};
use crate::store::{Stamp, Store};

/// The documents' cache, as one build leaves it for the next.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct DocumentCache {
    /// When the build began, by the clock of the store.
    pub(crate) began: i64,
    pub(crate) feeds: Vec<CachedFeed>,
    pub(crate) entries: Vec<CachedEntry>,
}

/// A feed, and the documents that were made of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CachedFeed {
    /// A digest of all that decides its documents: its shell, and all entries that were looked at.
    pub(crate) recipe: Digest,
    pub(crate) extent: Extent,
    /// Number of entries that were looked at: those in the feed, and the first for which there was no room.
    pub(crate) looked_at: usize,
    /// Those that it has, as indices of the cache's.
    pub(crate) entries: Vec<u32>,
    pub(crate) documents: Vec<CachedDocument>,
}

/// A document as it was left.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CachedDocument {
    pub(crate) document: FeedDocument,
    /// BLAKE3 of its bytes.
    pub(crate) digest: [u8; 32],
    pub(crate) stamp: Option<Stamp>,
    /// The fragment of each entry.
    pub(crate) parts: Vec<Part>,
}

/// Place of a fragment in its document: start and length in bytes.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Part {
    pub(crate) start: u64,
    pub(crate) length: u32,
    pub(crate) namespaces: Namespaces,
}

/// An entry, and what came to light when it was made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CachedEntry {
    /// A digest of its article, its identity and the configuration, which decide it with what it consulted.
    pub(crate) key: Digest,
    pub(crate) consulted: Consulted,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The first words of its text, where it has no title: the page for people calls it by them.
    pub(crate) beginning: String,
}

impl CachedDocument {
    /// The file as it was left.
    pub(crate) fn state(&self) -> FileState {
        let Self { document, digest, stamp, .. } = self;
        FileState { path: document.path.clone(), stamp: *stamp, digest: *digest }
    }
}

impl CachedEntry {
    /// A digest of all that decides it.
    pub(crate) fn digest(&self) -> Digest {
        digest(&(self.key, &self.consulted))
    }
}

impl DocumentCache {
    /// The file of the cache that has it.
    pub(crate) fn file() -> CacheFile {
        CacheFile::new(".feedwright/documents", &())
    }
}

/// The cache that the last build left, and what its documents still are.
pub(crate) struct PastDocuments<'a> {
    store: &'a dyn Store,
    cache: DocumentCache,
    entries: HashMap<Digest, usize>,
    /// Feeds by the path of their first document.
    feeds: HashMap<String, usize>,
    /// Places of the entries, in the order of their keys: key, feed, and position in the feed.
    places: OnceLock<Vec<(Digest, usize, usize)>>,
    /// For each document of each feed, `true` if it is as it was left; asked once.
    as_left: Vec<Vec<OnceLock<bool>>>,
}

impl<'a> PastDocuments<'a> {
    pub(crate) fn read(store: &'a dyn Store) -> Self {
        let cache: DocumentCache = DocumentCache::file().recall(store).unwrap_or_default();
        let entries = cache.entries.iter().enumerate().map(|(index, entry)| (entry.key, index)).collect();
        let first = |feed: &CachedFeed| feed.documents.first().map(|cached| cached.document.path.clone());
        let feeds = cache.feeds.iter().enumerate();
        let feeds = feeds.filter_map(|(index, feed)| Some((first(feed)?, index))).collect();
        let unknown = |feed: &CachedFeed| feed.documents.iter().map(|_| OnceLock::new()).collect();
        let as_left = cache.feeds.iter().map(unknown).collect();
        Self { store, entries, feeds, places: OnceLock::new(), as_left, cache }
    }

    /// The clock of the build that it is of.
    pub(crate) fn began(&self) -> i64 {
        self.cache.began
    }

    pub(crate) fn entry(&self, key: &Digest) -> Option<&CachedEntry> {
        self.cache.entries.get(*self.entries.get(key)?)
    }

    /// The feed whose first document lies at that path, and its entries.
    pub(crate) fn feed_at(&self, path: &str) -> Option<&CachedFeed> {
        self.cache.feeds.get(*self.feeds.get(path)?)
    }

    /// `true` if all documents of the feed whose first document is at `path` are as they were left.
    pub(crate) fn is_as_left(&self, path: &str) -> bool {
        let feed = self.feeds.get(path).copied().unwrap_or(usize::MAX);
        let documents = self.cache.feeds.get(feed).map_or(0, |feed| feed.documents.len());
        (0..documents).all(|document| self.document_as_left(feed, document))
    }

    /// The fragment of an entry, from a document that holds it.
    pub(crate) fn fragment(&self, key: &Digest, format: Format, extent: Extent) -> Option<Fragment> {
        let places = self.places.get_or_init(|| self.all_places());
        let from = places.partition_point(|(other, ..)| other < key);
        let found = places.get(from..)?.iter().take_while(|(other, ..)| other == key);
        found.into_iter().find_map(|(_, feed, place)| self.fragment_at(*feed, *place, format, extent))
    }

    fn all_places(&self) -> Vec<(Digest, usize, usize)> {
        let mut places = Vec::new();
        for (number, feed) in self.cache.feeds.iter().enumerate() {
            let keys = feed.entries.iter().map(|entry| self.cache.entries.get(*entry as usize));
            places.extend(keys.enumerate().filter_map(|(place, entry)| Some((entry?.key, number, place))));
        }
        places.sort_unstable();
        places
    }

    fn fragment_at(&self, feed: usize, place: usize, format: Format, extent: Extent) -> Option<Fragment> {
        let cached = self.cache.feeds.get(feed).filter(|cached| cached.extent == extent)?;
        let number = cached.documents.iter().position(|cached| cached.document.format == format)?;
        let document = cached.documents.get(number).filter(|_| self.document_as_left(feed, number))?;
        let Part { start, length, namespaces } = *document.parts.get(place)?;
        let bytes = self.store.read_range(&document.document.path, start..start + u64::from(length)).ok()?;
        Some(Fragment { bytes, namespaces })
    }

    fn document_as_left(&self, feed: usize, number: usize) -> bool {
        let document = self.cache.feeds.get(feed).and_then(|feed| feed.documents.get(number));
        let known = self.as_left.get(feed).and_then(|feed| feed.get(number));
        let is = |document: &CachedDocument| {
            document.stamp.is_some() && document.state().is_still_there(self.store, self.cache.began)
        };
        document.zip(known).is_some_and(|(document, known)| *known.get_or_init(|| is(document)))
    }
}
