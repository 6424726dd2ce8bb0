//! The feeds that a site's own generator has left among its pages. They say of each article where it is.

use std::collections::HashMap;

use chrono::NaiveDate;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::title;
use crate::format;
use crate::store::{FileEntry, Listing, Stamp, Store};

/// The names of feeds of all articles, without their endings.
const NAMES: [&str; 8] = ["index", "feed", "atom", "rss", "rss2", "all", "blog", "posts"];

/// A larger feed is not read, in bytes.
const LARGEST: u64 = 32 << 20;

/// A feed of a built site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct BuiltFeed {
    path: String,
    pub(super) stamp: Stamp,
    entries: Vec<FeedEntry>,
}

/// An entry, as far as it tells whose page it links to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FeedEntry {
    pub(super) id: String,
    /// The key of its title.
    title: String,
    pub(super) day: Option<NaiveDate>,
    pub(super) link: String,
}

/// `true` if a file may be a feed of all articles: it has such a name, and is in no folder or in one. `folder` is that of the
/// site.
pub(super) fn is_feed(path: &str, folder: &str) -> bool {
    let below = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/');
    let (parent, name) = below.rsplit_once('/').unwrap_or(("", below));
    let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
    let is_known = match ending.rsplit('.').next() {
        Some("xml" | "atom" | "rss") => NAMES.contains(&stem),
        Some("json") => stem == "feed",
        _ => false,
    };
    is_known && !parent.contains('/')
}

/// Reads the feeds that are listed, but for those in `old` that are as they were. `is_still` says whether they are.
pub(super) fn read(
    store: &dyn Store,
    folder: &str,
    listing: &Listing,
    old: &[BuiltFeed],
    is_still: impl Fn(&FileEntry, Stamp) -> bool + Sync,
) -> Vec<BuiltFeed> {
    let files = listing.files.par_iter().filter(|file| is_feed(&file.path, folder));
    let read = |file: &FileEntry| {
        let known = old.iter().find(|feed| feed.path == file.path && is_still(file, feed.stamp));
        known.cloned().unwrap_or_else(|| {
            let bytes = (file.stamp.size <= LARGEST).then(|| store.read(&file.path).ok()).flatten();
            let outline = bytes.and_then(|bytes| format::outline(&bytes).ok());
            let entries = outline.into_iter().flat_map(|outline| outline.entries).map(entry);
            BuiltFeed { path: file.path.clone(), stamp: file.stamp, entries: entries.collect() }
        })
    };
    files.map(read).collect()
}

fn entry(seen: format::Seen) -> FeedEntry {
    let day = seen.published.or(seen.updated).map(|date| date.date_naive());
    FeedEntry { title: title::key(&seen.title), id: seen.id, day, link: seen.link }
}

/// The entries of all feeds by the keys of their titles, and by their ids.
pub(super) struct Entries<'a> {
    titled: HashMap<&'a str, Vec<&'a FeedEntry>>,
    known: HashMap<&'a str, &'a FeedEntry>,
}

impl<'a> Entries<'a> {
    pub(super) fn of(feeds: &'a [BuiltFeed]) -> Self {
        let (mut titled, mut known) = (HashMap::<_, Vec<_>>::new(), HashMap::new());
        for entry in feeds.iter().flat_map(|feed| &feed.entries) {
            let entries = titled.entry(entry.title.as_str()).or_default();
            // The same entry is in several feeds.
            if !entries.iter().any(|known: &&FeedEntry| known.link == entry.link) {
                entries.push(entry);
            }
            known.entry(entry.id.as_str()).or_insert(entry);
        }
        Self { titled, known }
    }

    /// The link of the one entry that has an article's id, or its title and, where it has any, a date at most a day from the
    /// article's.
    pub(super) fn link(
        &self,
        id: Option<&str>,
        title: Option<&str>,
        day: Option<NaiveDate>,
    ) -> Option<&'a str> {
        if let Some(entry) = id.and_then(|id| self.known.get(id)) {
            return Some(&entry.link);
        }
        let key = title::key(title.unwrap_or_default());
        let titled = self.titled.get(key.as_str()).filter(|_| !key.is_empty())?;
        let is_near = |entry: &&&FeedEntry| {
            entry.day.zip(day).is_none_or(|(one, other)| (one - other).num_days().abs() <= 1)
        };
        let mut near = titled.iter().filter(is_near);
        let found = near.next()?;
        near.next().is_none().then_some(found.link.as_str())
    }
}
