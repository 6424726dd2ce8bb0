//! The changes that subscribers of all feeds of a publication would see.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::departed::Departed;
use super::known::Known;
use super::{Change, Circumstances, Kind, compare, instant};
use crate::content::one_line;
use crate::format::{self, Format, Outline, PublishedFeed, Seen};
use crate::ledger::{Ledger, Record};
use crate::store::{Overlay, Store};

/// The documents of a feed that readers subscribe to, those first that say most about themselves.
pub(super) fn by_preference(feed: &PublishedFeed) -> impl Iterator<Item = (Format, &str)> {
    let first = [Format::Atom, Format::Json];
    let others = Format::ALL.into_iter().filter(move |format| !first.contains(format));
    first
        .into_iter()
        .chain(others)
        .filter_map(|format| Some((format, feed.subscription(format)?.path.as_str())))
}

/// An article that is withheld until it falls due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upcoming {
    /// Its file.
    pub path: String,
    /// Its title; empty for a note.
    pub title: String,
    /// The instant at which it falls due.
    pub due: DateTime<Utc>,
}

/// A publication as it would be.
#[derive(Clone, Copy)]
pub struct PlannedPublication<'a> {
    /// Its files, and the changes that a build would make.
    pub store: &'a Overlay<'a>,
    /// The feeds that it would have.
    pub feeds: &'a [PublishedFeed],
    /// The articles that it withholds for now.
    pub upcoming: &'a [Upcoming],
    /// Its ledger before the build.
    pub ledger: &'a Ledger,
    /// The instant of publication.
    pub now: DateTime<Utc>,
}

/// The changes that subscribers would see if the publication were published.
///
/// Of each feed one document is compared with the one on disk. A feed of which none is on disk is compared with what
/// the ledger and the other feeds know; what went from such a feed cannot be told.
pub fn publication(publication: PlannedPublication<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut published = Vec::new();
    let mut without_past = Vec::new();
    for feed in publication.feeds {
        match publication.past_of(feed) {
            Some((path, old)) => {
                changes.extend(publication.changes_of(feed, path, &old));
                published.extend(old.entries);
            }
            None => without_past.push(feed),
        }
    }
    let removed = publication.removed_feeds();
    published.extend(removed.iter().flat_map(|(_, old)| old.entries.iter().cloned()));
    published
        .extend(publication.ledger.records().filter(|record| !record.pending).map(|record| seen(&record)));
    let known = Known::of(&published);
    let mut departed = Departed::of(removed);
    for feed in without_past {
        let Some((path, new)) = publication.future_of(feed) else { continue };
        if !known.is_empty() {
            let documents = feed.subscriptions().map(|document| (document.format, document.path.as_str()));
            changes.extend(arrival(documents, path, &new, &mut departed));
        }
        changes.extend(news(path, &new, &known, publication.now));
    }
    changes.extend(departed.lost().map(|path| of_feed(Kind::FeedGone, path)));
    changes.extend(publication.upcoming.iter().map(|article| Change {
        title: if article.title.is_empty() { article.path.clone() } else { article.title.clone() },
        because: format!("due {}", instant(article.due)),
        ..Change::of(Kind::Withheld, &Seen::default())
    }));
    changes
}

/// The changes that subscribers would see if the feeds of one folder took the place of those of another. Feeds of one path belong
/// together; paths are relative to their folder.
pub fn compare_all(
    old: BTreeMap<String, Outline>,
    new: &BTreeMap<String, Outline>,
    now: DateTime<Utc>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    let (kept, removed): (BTreeMap<_, _>, BTreeMap<_, _>) =
        old.into_iter().partition(|(path, _)| new.contains_key(path));
    let mut departed = Departed::of(removed);
    for (path, new) in new {
        let found = match kept.get(path) {
            Some(old) => compare(old, new, Circumstances { now, full: None }),
            None => arrival([(new.format, path.as_str())], path, new, &mut departed),
        };
        changes.extend(found.into_iter().map(|change| Change { feed: path.clone(), ..change }));
    }
    changes.extend(departed.lost().map(|path| of_feed(Kind::FeedGone, path)));
    changes
}

impl<'a> PlannedPublication<'a> {
    /// The document of a feed that is on disk and can be read.
    fn past_of(&self, feed: &'a PublishedFeed) -> Option<(&'a str, Outline)> {
        by_preference(feed)
            .find_map(|(_, path)| Some((path, format::outline(&self.store.read(path).ok()?).ok()?)))
    }

    fn future_of(&self, feed: &'a PublishedFeed) -> Option<(&'a str, Outline)> {
        by_preference(feed)
            .find_map(|(_, path)| Some((path, format::outline(&self.store.after(path)?).ok()?)))
    }

    fn changes_of(&self, feed: &PublishedFeed, path: &str, old: &Outline) -> Vec<Change> {
        if !self.store.changes(path) {
            return Vec::new();
        }
        let new = self.store.after(path).and_then(|bytes| format::outline(&bytes).ok());
        let terms = Circumstances { now: self.now, full: Some(feed.full) };
        let changes = new.map(|new| compare(old, &new, terms)).unwrap_or_default();
        changes.into_iter().map(|change| Change { feed: path.to_owned(), ..change }).collect()
    }

    /// The feeds that a build would take away.
    fn removed_feeds(&self) -> Vec<(String, Outline)> {
        let outline =
            |path: &str| Some((path.to_owned(), format::outline(&self.store.read(path).ok()?).ok()?));
        self.store.removed().filter_map(outline).collect()
    }
}

fn of_feed(kind: Kind, path: &str) -> Change {
    Change { feed: path.to_owned(), title: path.to_owned(), ..Change::of(kind, &Seen::default()) }
}

/// A feed that was not there, or where each of its documents was.
fn arrival<'d>(
    documents: impl IntoIterator<Item = (Format, &'d str)>,
    path: &str,
    new: &Outline,
    departed: &mut Departed,
) -> Vec<Change> {
    let keys: BTreeSet<&str> = new.entries.iter().map(Seen::key).collect();
    let mut moved = Vec::new();
    for (format, path) in documents {
        if let Some(from) = departed.origin(format, &keys) {
            moved.push(Change { because: format!("it was {from}"), ..of_feed(Kind::FeedMoved, path) });
        }
    }
    if moved.is_empty() { vec![of_feed(Kind::FeedNew, path)] } else { moved }
}

/// The changes in a feed that was not there: entries that people have not seen elsewhere.
fn news(path: &str, new: &Outline, known: &Known<'_>, now: DateTime<Utc>) -> Vec<Change> {
    let kept: BTreeSet<&str> = new.entries.iter().map(Seen::key).collect();
    let twin = |entry: &Seen| known.twin(entry).filter(|twin| !kept.contains(twin.key()));
    let entries = new.entries.iter().filter_map(|entry| {
        let was = known.by_key(entry.key()).or_else(|| twin(entry))?;
        // What is known of it says nothing of its text in this format.
        Some(Seen { digest: entry.digest, ..was.clone() })
    });
    let old = Outline { entries: entries.collect(), ..new.clone() };
    let changes = compare(&old, new, Circumstances { now, full: None });
    let stays = |change: &Change| !matches!(change.kind, Kind::Withdrawn | Kind::Aged);
    changes.into_iter().filter(stays).map(|change| Change { feed: path.to_owned(), ..change }).collect()
}

/// The ledger's record of an article, as readers saw it.
pub(super) fn seen(record: &Record<&str>) -> Seen {
    Seen {
        id: record.id.to_owned(),
        id_is_permalink: record.id_is_permalink,
        title: one_line(record.title),
        link: record.permalink.to_owned(),
        published: Some(record.published),
        updated: Some(record.updated),
        digest: [0; 16],
    }
}
