//! Plan of what subscribers will see: the difference between two feeds as the people who read them would live
//! it.
//!
//! [`compare`] tells it for two feeds, [`publication`] for all feeds of a publication, and [`Guard`] stops a build
//! that would show people what they have read. Which reader takes what for new is in the table [`READERS`].

mod departed;
mod guard;
mod known;
mod publication;
mod reader;

use std::collections::BTreeSet;

use chrono::{DateTime, SecondsFormat, Utc};

use crate::format::{Outline, Seen};
use crate::readers::READERS;
use known::Known;
use reader::{Sight, has_sound_ids};

pub use guard::{Guard, Outcome, is_ours, let_through};
pub use publication::{PlannedPublication, Upcoming, compare_all, publication};

/// Something that subscribers would see, or not see any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Kind of change.
    pub kind: Kind,
    /// The path of the feed; empty where an article is in none.
    pub feed: String,
    /// The id of the entry; empty for what happens to a whole feed.
    pub id: String,
    /// The title of the entry, or else its address.
    pub title: String,
    /// The readers that would show it again.
    pub readers: Vec<&'static str>,
    /// Why, or since when, or until when.
    pub because: String,
}

/// Kind of change that an entry or a feed can undergo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Shown as unread again, though people have seen it.
    ReAnnounced,
    /// A feed is at another address, or says that it is another feed.
    FeedMoved,
    /// A feed is there no more.
    FeedGone,
    /// Taken out, though not the oldest. Readers keep what they have.
    Withdrawn,
    /// Not seen before.
    New,
    /// Changed, and its date of update with it.
    Updated,
    /// Changed without a word: readers replace what they show, or never see it.
    Changed,
    /// Made room for newer entries.
    Aged,
    /// A feed that was not there.
    FeedNew,
    /// In no feed until it falls due.
    Withheld,
}

impl Kind {
    /// All of them, the worst first.
    pub const ALL: [Self; 10] = [
        Self::ReAnnounced,
        Self::FeedMoved,
        Self::FeedGone,
        Self::Withdrawn,
        Self::New,
        Self::Updated,
        Self::Changed,
        Self::Aged,
        Self::FeedNew,
        Self::Withheld,
    ];

    /// Its name for programs and people.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReAnnounced => "re-announced",
            Self::FeedMoved => "feed-moved",
            Self::FeedGone => "feed-gone",
            Self::Withdrawn => "withdrawn",
            Self::New => "new",
            Self::Updated => "updated",
            Self::Changed => "changed",
            Self::Aged => "gone-by-age",
            Self::FeedNew => "feed-new",
            Self::Withheld => "withheld",
        }
    }

    /// `true` if it belongs to publishing as usual, so that nobody need look twice.
    pub fn is_usual(self) -> bool {
        !matches!(self, Self::ReAnnounced | Self::FeedMoved | Self::FeedGone | Self::Withdrawn)
    }
}

/// Circumstances of a comparison, beside the two feeds.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances {
    /// When people would see it.
    pub now: DateTime<Utc>,
    /// `true` if the new feed holds as many entries as it may; `None` to tell from the feeds.
    pub full: Option<bool>,
}

/// Changes that subscribers of `old` would see if it became `new`.
///
/// An entry is the same if it has the same id. One under an id that is new is re-announced if an entry that is gone
/// had its address, or its title on the same day. Which readers would show it again, [`READERS`] says: the table at
/// the beginning of the project's notes on readers, of what each keys on. An entry that is gone went by age if it is
/// no younger than the oldest that is left and the feed is full, and was withdrawn otherwise.
///
/// Changes are in the order of the new feed, and then of the old.
///
/// ```
/// use feedwright::{format, plan::{self, Kind}};
/// let feed = |id| format!(r#"{{"version": "https://jsonfeed.org/version/1.1", "items": [
///     {{"id": "{id}", "url": "https://example.org/a/", "title": "A"}}]}}"#);
/// let [old, new] = ["1", "2"].map(|id| format::outline(feed(id).as_bytes()).unwrap());
/// let terms = plan::Circumstances { now: "2026-11-22T00:00:00Z".parse().unwrap(), full: None };
/// let changes = plan::compare(&old, &new, terms);
/// assert_eq!(changes[0].kind, Kind::ReAnnounced);
/// assert!(changes[0].readers.contains(&"Miniflux"));
/// assert!(plan::compare(&old, &old, terms).is_empty());
/// ```
pub fn compare(old: &Outline, new: &Outline, terms: Circumstances) -> Vec<Change> {
    let mut changes = feed_changes(old, new);
    let before = Known::of(&old.entries);
    let after: BTreeSet<&str> = new.entries.iter().map(Seen::key).collect();
    let gone: Vec<&Seen> = old.entries.iter().filter(|entry| !after.contains(entry.key())).collect();
    let vanished = Known::of(gone.iter().copied());
    let sound = (has_sound_ids(old), has_sound_ids(new));
    let mut seen = BTreeSet::new();
    let mut succeeded = BTreeSet::new();
    for entry in new.entries.iter().filter(|entry| seen.insert(entry.key())) {
        let same = before.by_key(entry.key());
        let twin = || vanished.twin(entry).filter(|twin| succeeded.insert(twin.key()));
        let Some(was) = same.or_else(twin) else {
            changes.push(Change::of(Kind::New, entry));
            continue;
        };
        let was = Sight { entry: was, format: old.format, sound: sound.0 };
        let is = Sight { entry, format: new.format, sound: sound.1 };
        changes.extend(change(was, is, terms.now));
    }
    let oldest = new.entries.iter().filter_map(stands_at).min();
    let full = terms.full.unwrap_or(new.entries.len() >= old.entries.len() && !new.entries.is_empty());
    let mut told = BTreeSet::new();
    for entry in gone.into_iter().filter(|entry| !succeeded.contains(entry.key()) && told.insert(entry.key()))
    {
        let aged = full && stands_at(entry).zip(oldest).is_some_and(|(entry, oldest)| entry <= oldest);
        changes.push(Change::of(if aged { Kind::Aged } else { Kind::Withdrawn }, entry));
    }
    changes
}

/// The instant by which an entry has its place in the feed.
fn stands_at(entry: &Seen) -> Option<DateTime<Utc>> {
    entry.published.or(entry.updated)
}

fn feed_changes(old: &Outline, new: &Outline) -> Vec<Change> {
    let readers: Vec<&'static str> = READERS
        .iter()
        .filter(|reader| reader.takes_for_another(old, new))
        .map(|reader| reader.name)
        .collect();
    let pairs = [(&old.location, &new.location), (&old.id, &new.id)];
    let moved = pairs.into_iter().filter(|(old, new)| reader::differ(old.as_ref(), new.as_ref()));
    moved
        .map(|(old, new)| Change {
            title: new.clone().unwrap_or_default(),
            readers: readers.clone(),
            because: format!("it was {}", old.as_deref().unwrap_or_default()),
            ..Change::of(Kind::FeedMoved, &Seen::default())
        })
        .collect()
}

fn change(was: Sight<'_>, is: Sight<'_>, now: DateTime<Utc>) -> Option<Change> {
    let readers: Vec<&'static str> =
        READERS.iter().filter(|reader| reader.shows_again(was, is, now)).map(|reader| reader.name).collect();
    let (before, after) = (was.entry, is.entry);
    if !readers.is_empty() {
        return Some(Change { readers, because: reason(was, is), ..Change::of(Kind::ReAnnounced, after) });
    }
    let moved = before.updated != after.updated && after.updated.is_some() && before.updated.is_some();
    let rewritten = was.format == is.format && before.digest != after.digest;
    if moved {
        return Some(Change::of(Kind::Updated, after));
    }
    let link = before.link != after.link;
    (rewritten || link || before.title != after.title).then(|| Change {
        because: if link { format!("its address was {}", before.link) } else { String::new() },
        ..Change::of(Kind::Changed, after)
    })
}

/// The first thing that differs of those that readers look at.
fn reason(was: Sight<'_>, is: Sight<'_>) -> String {
    let (before, after) = (was.entry, is.entry);
    if before.key() != after.key() {
        format!("its id was {}", before.key())
    } else if before.title != after.title {
        format!("its title was {}", before.title)
    } else if before.published != after.published {
        format!("its date was {}", before.published.map_or_else(|| "none".to_owned(), instant))
    } else if was.sound != is.sound {
        "too many entries of the feed share an id".to_owned()
    } else {
        "its id is an address, and it was updated".to_owned()
    }
}

/// Names of readers for people: `Miniflux, FreshRSS, tt-rss and 8 more`, in the order of [`READERS`].
pub fn listed(readers: &[&str]) -> String {
    match readers {
        [first, second, third, rest @ ..] if rest.len() > 1 => {
            format!("{first}, {second}, {third} and {} more", rest.len())
        }
        [most @ .., last] if !most.is_empty() => format!("{} and {last}", most.join(", ")),
        _ => readers.join(""),
    }
}

fn instant(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}

impl Change {
    fn of(kind: Kind, entry: &Seen) -> Self {
        let title = if entry.title.is_empty() { &entry.link } else { &entry.title };
        Self {
            kind,
            feed: String::new(),
            id: entry.id.clone(),
            title: title.clone(),
            readers: Vec::new(),
            because: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;
    use proptest::prelude::*;

    fn entry(number: u32) -> Seen {
        Seen {
            id: format!("tag:{number}"),
            title: format!("Title {number}"),
            link: format!("https://example.org/{number}/"),
            published: DateTime::from_timestamp(i64::from(number) * 86_400, 0),
            updated: DateTime::from_timestamp(i64::from(number) * 86_400, 0),
            ..Seen::default()
        }
    }

    fn feed(entries: impl IntoIterator<Item = Seen>) -> Outline {
        let entries = entries.into_iter().collect();
        Outline { entries, ..Outline::new(Format::Rss) }
    }

    fn kinds(old: &Outline, new: &Outline) -> Vec<(Kind, String)> {
        let terms = Circumstances { now: DateTime::UNIX_EPOCH, full: None };
        compare(old, new, terms).into_iter().map(|change| (change.kind, change.title)).collect()
    }

    fn one(kind: Kind, title: &str) -> Vec<(Kind, String)> {
        vec![(kind, title.to_owned())]
    }

    #[test]
    fn a_new_entry_is_new_and_the_oldest_makes_room_for_it() {
        let (old, new) = (feed((1..=3).rev().map(entry)), feed((2..=4).rev().map(entry)));
        let expected = [(Kind::New, "Title 4".to_owned()), (Kind::Aged, "Title 1".to_owned())];
        assert_eq!(kinds(&old, &new), expected);
    }

    #[test]
    fn an_entry_that_goes_without_need_is_withdrawn() {
        let old = feed((1..=3).map(entry));
        assert_eq!(kinds(&old, &feed([entry(1), entry(3)])), one(Kind::Withdrawn, "Title 2"));
        assert_eq!(kinds(&old, &feed([entry(2), entry(3)])), one(Kind::Withdrawn, "Title 1"));
        let replaced = feed([entry(1), entry(3), entry(4)]);
        assert_eq!(kinds(&old, &replaced)[1], (Kind::Withdrawn, "Title 2".to_owned()));
    }

    #[test]
    fn a_known_address_or_title_and_day_under_another_id_is_re_announced() {
        let old = feed([entry(1)]);
        let same_address = Seen { id: "2".into(), title: "Other".into(), published: None, ..entry(1) };
        let same_title = Seen { id: "2".into(), link: "https://moved.example/".into(), ..entry(1) };
        let secure =
            Seen { id: "2".into(), title: String::new(), link: "http://example.org/1".into(), ..entry(1) };
        for again in [same_address, same_title, secure] {
            assert_eq!(kinds(&old, &feed([again]))[0].0, Kind::ReAnnounced);
        }
        let copy = Seen { id: "2".into(), ..entry(1) };
        assert_eq!(
            kinds(&old, &feed([entry(1), copy])),
            one(Kind::New, "Title 1"),
            "the first is still there"
        );
    }

    #[test]
    fn an_update_is_told_from_a_silent_change() {
        let old = feed([entry(1)]);
        let updated = Seen { updated: DateTime::from_timestamp(9_000_000, 0), digest: [1; 16], ..entry(1) };
        assert_eq!(kinds(&old, &feed([updated])), one(Kind::Updated, "Title 1"));
        let changed = feed([Seen { digest: [1; 16], ..entry(1) }]);
        assert_eq!(kinds(&old, &changed), one(Kind::Changed, "Title 1"));
        assert!(
            kinds(&old, &Outline { format: Format::Atom, ..changed }).is_empty(),
            "no telling across formats"
        );
    }

    #[test]
    fn too_many_ids_alike_re_announce_the_whole_feed_in_freshrss() {
        let old = feed((0..20).map(entry));
        // The first four have one id between them.
        let new = feed(
            (0..20).map(|number| Seen { id: entry(if number < 4 { 0 } else { number }).id, ..entry(number) }),
        );
        let terms = Circumstances { now: DateTime::UNIX_EPOCH, full: None };
        let again: Vec<Change> = compare(&old, &new, terms);
        let again: Vec<_> = again.iter().filter(|change| change.kind == Kind::ReAnnounced).collect();
        assert!(again.len() >= 17 && again.iter().any(|change| change.readers == ["FreshRSS"]));
    }

    #[test]
    fn a_feed_at_another_address_is_another_feed_to_some() {
        let at = |location: &str, id: &str| Outline {
            location: Some(location.into()),
            id: Some(id.into()),
            ..feed([])
        };
        let terms = Circumstances { now: DateTime::UNIX_EPOCH, full: None };
        let moved = compare(&at("a", "x"), &at("b", "x"), terms);
        assert_eq!(
            (moved[0].kind, moved[0].readers.as_slice()),
            (Kind::FeedMoved, &["NetNewsWire", "Feedbin"][..])
        );
        assert_eq!(compare(&at("a", "x"), &at("a", "y"), terms)[0].readers, ["AntennaPod"]);
    }

    fn entries() -> impl Strategy<Value = Outline> {
        let any_entry = (0_u32..9, 0_u32..9, 0_u32..9, 0_u8..3);
        prop::collection::vec(any_entry, 0..12).prop_map(|numbers| {
            feed(numbers.into_iter().map(|(id, title, link, digest)| Seen {
                id: if id == 0 { String::new() } else { entry(id).id },
                title: entry(title).title,
                link: entry(link).link,
                published: entry(title).published,
                updated: None,
                id_is_permalink: false,
                digest: [digest; 16],
            }))
        })
    }

    proptest! {
        #[test]
        fn a_feed_does_not_differ_from_itself(feed in entries()) {
            let ids: BTreeSet<_> = feed.entries.iter().map(|entry| entry.key().to_owned()).collect();
            prop_assume!(ids.len() == feed.entries.len());
            prop_assert_eq!(kinds(&feed, &feed), []);
        }

        #[test]
        fn every_entry_that_goes_is_told_once(old in entries(), new in entries()) {
            let gone: BTreeSet<_> = old.entries.iter().map(Seen::key).collect();
            let kept: BTreeSet<_> = new.entries.iter().map(Seen::key).collect();
            let told = kinds(&old, &new);
            let count = |wanted: &[Kind]| told.iter().filter(|(kind, _)| wanted.contains(kind)).count();
            prop_assert!(count(&[Kind::Aged, Kind::Withdrawn]) <= gone.difference(&kept).count());
            prop_assert!(count(&[Kind::New, Kind::ReAnnounced, Kind::Updated, Kind::Changed]) <= kept.len());
        }
    }
}
