//! The documents of a publication, as they lie in a store, made ready to be served. Those that stay the same
//! are made ready once.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta};
use http::HeaderValue;
use rayon::prelude::*;
use url::Url;

use super::{Asset, AssetPath, Assets, BadPath, Document, Documents, Effort, Parts};
use crate::config::{Config, Dimension};
use crate::fetch::is_web;
use crate::format::{self, FeedDocument, Format, Outline, PublishedFeed, Role};
use crate::hosting::path::folder_of;
use crate::hosting::{CachePolicy, Link, content_type, content_type_of_document};
use crate::store::{self, Public, Stamp, Store};

/// The most bytes that are encoded before they are served; more would keep readers waiting.
const AT_ONCE: usize = 1 << 20;

/// The settings that all documents of a publication share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentSettings {
    /// The caching of the documents.
    pub policy: CachePolicy,
    /// Feeds are served as plain XML and JSON, which every browser shows.
    pub browser_types: bool,
    /// The most bytes of a file that is kept in memory. Larger ones are sent from disk.
    pub largest: u64,
}

impl Default for DocumentSettings {
    fn default() -> Self {
        Self { policy: CachePolicy::default(), browser_types: false, largest: 16 << 20 }
    }
}

/// A document, and where it is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServedFile {
    /// Its path in the store.
    pub file: String,
    /// Its path on the server, as the name of a file: `/feeds/café.xml`.
    pub at: String,
}

/// Redirects, and folders with other files.
#[derive(Clone, Debug, Default)]
pub struct SiteContent {
    /// From a path, perhaps with a query, to a path or an address elsewhere. What comes first goes before.
    pub redirects: Vec<(String, String)>,
    /// Paths that are gone permanently.
    pub gone: Vec<String>,
    /// Folders with other files, and the path at which each is.
    pub folders: Vec<(String, Public)>,
    /// The path of the page that is also shown at `/`, unless something else is there.
    pub front: Option<String>,
}

/// The documents of a publication.
#[derive(Debug)]
pub struct Library {
    terms: DocumentSettings,
    /// By their paths on the server.
    shelf: BTreeMap<String, Shelved>,
}

#[derive(Clone, Debug)]
struct Shelved {
    file: String,
    stamp: Stamp,
    /// The terms under which it was prepared.
    terms: DocumentSettings,
    /// Of a feed.
    format: Option<Format>,
    parts: Arc<Parts>,
    effort: Effort,
    document: Arc<Document>,
}

/// A document that could be encoded better.
#[derive(Clone, Debug)]
pub struct Improvable {
    at: String,
    parts: Arc<Parts>,
    /// The effort with which it is encoded so far.
    effort: Effort,
}

/// A document that was encoded better.
#[derive(Debug)]
pub struct Improved {
    draft: Improvable,
    document: Arc<Document>,
}

impl Improvable {
    /// Encodes it quickly if it is not encoded at all, and else as well as can be, which takes its time.
    pub fn improve(self) -> Improved {
        let effort = if self.effort < Effort::Fast { Effort::Fast } else { Effort::Best };
        let document = Arc::new(Document::new(&self.parts, effort));
        Improved { draft: Self { effort, ..self }, document }
    }
}

impl Improved {
    /// The document as a draft, if it can be encoded better still.
    pub fn draft(&self) -> Option<Improvable> {
        (self.draft.effort < Effort::Best).then(|| self.draft.clone())
    }
}

impl Library {
    /// An empty one.
    pub fn new(terms: DocumentSettings) -> Self {
        Self { terms, shelf: BTreeMap::new() }
    }

    /// Makes documents ready under other terms, from the next time on that it is [refreshed](Self::refresh).
    pub fn agree(&mut self, terms: DocumentSettings) {
        self.terms = terms;
    }

    /// Takes in what is at these places now, and nothing else. Gives those that could be encoded better,
    /// those that are not encoded at all before all others.
    ///
    /// # Errors
    ///
    /// If a document cannot be read. Then nothing changes.
    pub fn refresh(
        &mut self,
        store: &dyn Store,
        places: &[ServedFile],
    ) -> Result<Vec<Improvable>, store::Error> {
        let (mut ready, mut changed) = (BTreeMap::new(), Vec::new());
        for place in places {
            let Some(stamp) = store.stamp(&place.file).filter(|stamp| stamp.size <= self.terms.largest)
            else {
                continue;
            };
            let known = self.shelf.get(&place.at).cloned();
            match known {
                Some(known)
                    if (known.stamp, &known.file, known.terms) == (stamp, &place.file, self.terms) =>
                {
                    ready.insert(place.at.clone(), known);
                }
                known => changed.push((place, stamp, known)),
            }
        }
        let read = changed.into_par_iter().map(|(place, stamp, known)| {
            let bytes = Bytes::from(store.read(&place.file)?);
            Ok((place, stamp, known, bytes))
        });
        let read = read.collect::<Result<Vec<_>, store::Error>>()?;
        let all: usize = read.iter().map(|(.., bytes)| bytes.len()).sum();
        let effort = if all <= AT_ONCE { Effort::Fast } else { Effort::Least };
        let made = read.into_par_iter().map(|(place, stamp, known, bytes)| {
            (place.at.clone(), self.terms.shelve(place, stamp, known, bytes, effort))
        });
        let made: Vec<(String, Shelved)> = made.collect();
        ready.extend(made);
        self.shelf = ready;
        Ok(self.drafts())
    }

    fn drafts(&self) -> Vec<Improvable> {
        let poor = self.shelf.iter().filter(|(_, shelved)| shelved.effort < Effort::Best);
        let draft = |(at, shelved): (&String, &Shelved)| Improvable {
            at: at.clone(),
            parts: Arc::clone(&shelved.parts),
            effort: shelved.effort,
        };
        let mut drafts: Vec<Improvable> = poor.map(draft).collect();
        drafts.sort_by_key(|draft| draft.effort);
        drafts
    }

    /// Puts a document that was encoded better in its place, if it is still the same.
    pub fn improve(&mut self, improved: Improved) {
        let Improved { draft, document } = improved;
        let shelved = self.shelf.get_mut(&draft.at);
        if let Some(shelved) = shelved.filter(|shelved| Arc::ptr_eq(&shelved.parts, &draft.parts)) {
            shelved.document = document;
            shelved.effort = draft.effort;
        }
    }

    /// The feeds of a publication, as far as the places of what is served tell what each is: of each format the first
    /// document.
    pub fn feeds(&self, config: &Config) -> Vec<PublishedFeed> {
        let (base, folder) = (folder_of(&config.feeds_url), config.feeds_folder());
        let mut feeds = BTreeMap::<&str, PublishedFeed>::new();
        for (at, shelved) in &self.shelf {
            let (Some(file), Some(format)) = (at.strip_prefix(&base), shelved.format) else { continue };
            let name = file.rsplit_once('/').map_or("", |(name, _)| name);
            let feed = feeds.entry(name).or_insert_with(|| PublishedFeed {
                name: name.to_owned(),
                value: value_of(name),
                ..PublishedFeed::default()
            });
            if feed.subscription(format).is_none() {
                let (path, url) = (format!("{folder}{file}"), config.feed_url(file));
                feed.documents.push(FeedDocument { format, role: Role::Subscription, path, url });
                feed.documents.sort_by_key(|document| document.format);
            }
        }
        feeds.into_values().collect()
    }

    /// The number of documents.
    pub fn len(&self) -> usize {
        self.shelf.len()
    }

    /// Tells whether there are no documents.
    pub fn is_empty(&self) -> bool {
        self.shelf.is_empty()
    }

    /// All documents, redirects and files, and the paths that cannot be served.
    pub fn documents(&self, surroundings: &SiteContent) -> (Documents, Vec<BadPath>) {
        let mut documents = Documents::new(&self.terms.policy);
        let mut bad = Vec::new();
        for (at, shelved) in &self.shelf {
            bad.extend(documents.insert(at, Arc::clone(&shelved.document)).err());
        }
        let front = surroundings.front.as_ref().and_then(|front| self.shelf.get(front));
        if let Some(front) = front.filter(|_| !self.shelf.contains_key("/index.html")) {
            bad.extend(documents.insert("/index.html", Arc::clone(&front.document)).err());
        }
        for (from, to) in &surroundings.redirects {
            bad.extend(documents.redirect(from, to).err());
        }
        for path in &surroundings.gone {
            bad.extend(documents.retire(path).err());
        }
        if !surroundings.folders.is_empty() {
            documents.assets = Some(Arc::new(Folders(surroundings.folders.clone())));
        }
        (documents, bad)
    }
}

impl DocumentSettings {
    fn shelve(
        &self,
        place: &ServedFile,
        stamp: Stamp,
        known: Option<Shelved>,
        bytes: Bytes,
        effort: Effort,
    ) -> Shelved {
        let file = place.file.clone();
        let before = known.as_ref().map(|known| known.parts.updated);
        // A file that was written again with the same bytes is the same document.
        if let Some(known) = known.filter(|known| known.parts.bytes == bytes && known.terms == *self) {
            return Shelved { file, stamp, ..known };
        }
        let outline = is_data(&place.file).then(|| format::outline(&bytes).ok()).flatten();
        let stated = match &outline {
            Some(outline) => outline.updated().unwrap_or(DateTime::UNIX_EPOCH),
            None => DateTime::from_timestamp_nanos(stamp.modified),
        };
        // A feed says itself when it changed, but it may change without saying so. Whoever asks with curl, as
        // newsboat does, throws away what seems no younger than what they have, whatever its tag.
        let updated = before.map_or(stated, |before| stated.max(before + TimeDelta::seconds(1)));
        let parts = Arc::new(Parts {
            content_type: HeaderValue::from_static(match &outline {
                Some(outline) => content_type_of_document(&bytes, outline.format, self.browser_types),
                None => content_type(&place.file),
            }),
            updated,
            links: outline.as_ref().map(links).unwrap_or_default(),
            policy: self.policy,
            is_feed: outline.is_some(),
            extra: Vec::new(),
            bytes,
        });
        let document = Arc::new(Document::new(&parts, effort));
        let format = outline.map(|outline| outline.format);
        Shelved { file, stamp, terms: *self, format, parts, effort, document }
    }
}

/// The value that a feed is for, by the folder that it lies in.
fn value_of(name: &str) -> Option<(Dimension, String)> {
    let (folder, value) = name.split_once('/')?;
    let dimension = match folder {
        "tags" | "tag" => Dimension::Tag,
        "categories" | "category" => Dimension::Category,
        "authors" | "author" => Dimension::Author,
        _ => return None,
    };
    Some((dimension, value.to_owned()))
}

/// Tells by its name whether a file may be a feed.
fn is_data(path: &str) -> bool {
    let extension =
        path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension);
    extension.is_none_or(|extension| matches!(extension, "xml" | "rss" | "atom" | "json"))
}

/// The links that a feed states of itself, for its headers.
fn links(outline: &Outline) -> Vec<Link> {
    let web = |address: &str| Url::parse(address).ok().filter(is_web);
    let link = |address: &str, rel, media_type| Some(Link { url: web(address)?, rel, media_type });
    let own =
        outline.location.as_deref().and_then(|own| link(own, "self", Some(outline.format.media_type())));
    let hubs = outline.hubs.iter().filter_map(|hub| link(hub, "hub", None));
    let home = outline.home.as_deref().and_then(|home| link(home, "alternate", Some("text/html")));
    own.into_iter().chain(hubs).chain(home).collect()
}

/// Folders with files that are sent from disk, and the path at which each is: `/`, `/feeds/`.
struct Folders(Vec<(String, Public)>);

impl Folders {
    /// The folders in which a path may lie, and the rest of it.
    fn places<'a>(&'a self, path: AssetPath<'a>) -> impl Iterator<Item = (&'a Public, &'a str)> {
        let path = path.as_str();
        self.0.iter().filter_map(move |(at, folder)| {
            let rest = path.strip_prefix(at.trim_start_matches('/'))?;
            Some((folder, rest)).filter(|(_, rest)| !rest.is_empty())
        })
    }
}

impl Assets for Folders {
    fn find(&self, path: AssetPath<'_>) -> Option<Asset> {
        self.places(path).find_map(|(folder, rest)| Some(asset(rest, folder.stamp(rest)?)))
    }

    fn open(&self, path: AssetPath<'_>) -> io::Result<(File, Asset)> {
        let opened = self.places(path).find_map(|(folder, rest)| {
            let (file, stamp) = folder.open(rest).ok()?;
            Some((file, asset(rest, stamp)))
        });
        opened.ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

fn asset(path: &str, stamp: Stamp) -> Asset {
    Asset {
        size: stamp.size,
        modified: DateTime::from_timestamp_nanos(stamp.modified),
        inode: stamp.inode,
        content_type: HeaderValue::from_static(content_type(path)),
    }
}
