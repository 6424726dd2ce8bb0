//! Stops a build that would show subscribers what they have read.
//!
//! It looks at each feed document on disk that is about to be replaced, whoever wrote it, and at what the ledger
//! remembers; what cannot be read is left alone. Articles that are new, withdrawn, edited or too old pass.

use std::collections::{BTreeMap, BTreeSet};

use super::departed::Departed;
use super::known::Known;
use super::publication::{by_preference, seen};
use super::{Sight, listed, reader};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::format::{self, Format, Outline, PublishedFeed, Seen};
use crate::ledger::{self, Ledger};
use crate::readers::READERS;
use crate::store::{Staged, Store};

/// No reader takes a feed that is larger: most give up at 10 to 16 MB.
const LARGEST: u64 = 32 << 20;

/// Up to so many ids may be lost, or a fifth of all, where the ledger does not know the feeds on disk.
const FEW: usize = 3;

/// Name of this program in the feeds that it writes.
const GENERATOR: &str = "Feedwright";

/// Watches a build.
pub struct Guard<'a> {
    ledger: &'a Ledger,
    /// Beginning of our own ids, by which a document is ours that does not say who wrote it.
    tag: &'a str,
    /// The document of each feed that is looked at.
    watched: BTreeSet<&'a str>,
    /// Documents of configured feeds, by path: format and number of the feed.
    configured: BTreeMap<&'a str, (Format, usize)>,
    /// Those of them that are not on disk.
    arrived: Vec<&'a str>,
    /// Feeds that something else has published, by the documents that take their place.
    former: BTreeMap<String, String>,
    /// Ids in the feeds on disk.
    on_disk: BTreeSet<String>,
    reissued: BTreeMap<String, Reissue>,
    emptied: Vec<(String, usize)>,
    moved: Vec<Move>,
}

/// `true` if a program of ours has written a document. `tag` is what ids of ours begin with.
pub fn is_ours(document: &Outline, tag: &str) -> bool {
    match &document.generator {
        Some(generator) => generator.starts_with(GENERATOR),
        None => {
            document.format == Format::Json && document.entries.iter().any(|entry| entry.id.starts_with(tag))
        }
    }
}

/// An entry that people know under another id.
struct Reissue {
    title: String,
    new: String,
    /// The feed on disk that holds it; `feedwright.lock` where none does.
    path: String,
    readers: BTreeSet<&'static str>,
}

/// A feed that is somewhere else.
struct Move {
    path: String,
    was: String,
    is: String,
}

/// Result of a build.
#[derive(Clone, Copy)]
pub struct Outcome<'a> {
    /// The ids of the entries that it publishes.
    pub entries: &'a [&'a str],
    /// The entry with that number among them, as its readers will know it.
    pub seen: &'a dyn Fn(usize) -> Seen,
    /// The ledger from now on.
    pub ledger: &'a Ledger,
    /// Tells whether there is an article of that id, be it published or withheld.
    pub alive: &'a dyn Fn(&str) -> bool,
    /// The documents that it takes away.
    pub stale: &'a [String],
    /// The ids in the feed of a number, as given to [`Guard::new`].
    pub ids: &'a dyn Fn(usize) -> Vec<&'a str>,
}

impl<'a> Guard<'a> {
    /// Watches these feeds. `ledger` is what was remembered before the build, and `tag` what ids that are made now
    /// begin with.
    pub fn new(store: &dyn Store, feeds: &'a [PublishedFeed], ledger: &'a Ledger, tag: &'a str) -> Self {
        let on_disk = |feed: &'a PublishedFeed| {
            by_preference(feed).map(|(_, path)| path).find(|path| store.size(path).is_some())
        };
        let configured = feeds.iter().enumerate().filter(|(_, feed)| feed.value.is_none());
        let documents = configured.flat_map(|(number, feed)| {
            feed.subscriptions().map(move |document| (document.path.as_str(), (document.format, number)))
        });
        Self {
            ledger,
            tag,
            watched: feeds.iter().filter_map(on_disk).collect(),
            configured: documents.collect(),
            arrived: Vec::new(),
            former: BTreeMap::new(),
            on_disk: BTreeSet::new(),
            reissued: BTreeMap::new(),
            emptied: Vec::new(),
            moved: Vec::new(),
        }
    }

    /// Watches also what subscribers have had from elsewhere: the places of such feeds, by the paths of
    /// the documents that take their place.
    #[must_use]
    pub fn after(self, former: BTreeMap<String, String>) -> Self {
        Self { former, ..self }
    }

    /// Looks at a document that is about to be put where `store` still has the old one, or none.
    pub fn look(&mut self, store: &dyn Store, new: &Staged) {
        let path = new.path();
        if self.watched.contains(path) {
            let borne = |size: Option<u64>| size.is_some_and(|size| size <= LARGEST);
            let outline = |bytes: Vec<u8>| format::outline(&bytes).ok();
            let old = Some(path).filter(|path| borne(store.size(path)));
            let old = old.and_then(|path| outline(store.read(path).ok()?));
            let new = Some(new).filter(|new| borne(Some(new.length))).and_then(|new| outline(new.read()?));
            if let Some((old, new)) = old.zip(new) {
                self.compare(path, &old, &new);
            }
        } else if let Some((path, _)) = self.configured.get_key_value(path)
            && store.size(path).is_none()
        {
            self.arrived.push(path);
        }
        if store.size(path).is_none() {
            self.look_at_former(store, new);
        }
    }

    /// Compares a document with the feed of another program that it takes the place of.
    fn look_at_former(&mut self, store: &dyn Store, new: &Staged) {
        let place = self.former.get(new.path()).cloned();
        let Some(path) = place.filter(|path| store.size(path).is_some_and(|size| size <= LARGEST)) else {
            return;
        };
        let old = store.read(&path).ok().and_then(|bytes| format::outline(&bytes).ok());
        let Some(old) = old else { return };
        let Some(new) = new.read().and_then(|bytes| format::outline(&bytes).ok()) else { return };
        let kept: BTreeSet<&str> = new.entries.iter().map(Seen::key).collect();
        let known = Known::of(old.entries.iter().filter(|entry| !kept.contains(entry.key())));
        let before: BTreeSet<&str> = old.entries.iter().map(Seen::key).collect();
        for entry in new.entries.iter().filter(|entry| !before.contains(entry.key())) {
            if let Some(twin) = known.twin(entry) {
                self.reissue(&path, (twin, old.format), (entry, new.format));
            }
        }
    }

    fn compare(&mut self, path: &str, old: &Outline, new: &Outline) {
        let before: BTreeSet<&str> = old.entries.iter().map(Seen::key).collect();
        let after: BTreeSet<&str> = new.entries.iter().map(Seen::key).collect();
        self.on_disk.extend(before.iter().map(|key| (*key).to_owned()));
        let gone = old.entries.iter().filter(|entry| !after.contains(entry.key()));
        let vanished = Known::of(gone);
        let fresh = new.entries.iter().filter(|entry| !before.contains(entry.key()));
        for entry in fresh.filter(|_| !vanished.is_empty()) {
            // An id that the ledger knows was out before: it comes back, as when a lost ledger is restored.
            let twin = vanished.twin(entry).filter(|_| self.ledger.get(&entry.id).is_none());
            if let Some(twin) = twin {
                self.reissue(path, (twin, old.format), (entry, new.format));
            }
        }
        // One article may go, also where it is the only one.
        if new.entries.is_empty() && old.entries.len() > 1 {
            self.emptied.push((path.to_owned(), old.entries.len()));
        }
        if is_ours(old, self.tag) {
            self.moves(path, old.location.as_ref(), new.location.as_ref());
            self.moves(path, old.id.as_ref(), new.id.as_ref());
        }
    }

    fn reissue(&mut self, path: &str, (old, was): (&Seen, Format), (new, is): (&Seen, Format)) {
        let sight = |entry, format| Sight { entry, format, sound: true };
        // Whether it is recent enough for some depends on when people ask; so it counts as if they asked at once.
        let now = new.published.unwrap_or_default();
        let again = READERS.iter().filter(|reader| reader.shows_again(sight(old, was), sight(new, is), now));
        let title = if new.title.is_empty() { &new.link } else { &new.title };
        self.reissued.entry(old.key().to_owned()).or_insert_with(|| Reissue {
            title: title.clone(),
            new: new.key().to_owned(),
            path: path.to_owned(),
            readers: again.map(|reader| reader.name).collect(),
        });
    }

    fn moves(&mut self, path: &str, was: Option<&String>, is: Option<&String>) {
        if let Some((was, is)) = was.zip(is).filter(|_| reader::differ(was, is)) {
            self.moved.push(Move { path: path.to_owned(), was: was.clone(), is: is.clone() });
        }
    }

    /// Diagnostics of changes that subscribers would notice and that must not happen unasked; empty where all
    /// is well.
    pub fn verdict(mut self, store: &dyn Store, outcome: Outcome<'_>) -> Vec<Diagnostic> {
        self.ask_the_ledger(outcome);
        self.follow_the_removed(store, outcome);
        self.count_the_published(outcome);
        let lost = self.lost(outcome);
        let mut found = Vec::new();
        found.extend(self.reissued_entries());
        found.extend(lost.map(|(lost, all)| lost_ids(lost, all)));
        found.extend(self.emptied.iter().map(|(path, entries)| emptied_feed(path, *entries)));
        found.extend(moved_feeds(&self.moved));
        found
    }

    /// Compares new entries with the ledger, which still knows what was published where no feed is on disk,
    /// as on a build server.
    fn ask_the_ledger(&mut self, outcome: Outcome<'_>) {
        let unknown = |(_, id): &(usize, &&str)| self.ledger.get(id).is_none();
        let fresh = outcome.entries.iter().enumerate().filter(unknown);
        let fresh: Vec<Seen> = fresh.map(|(number, _)| (outcome.seen)(number)).collect();
        let fresh = Known::of(&fresh);
        if fresh.is_empty() {
            return;
        }
        let departed = outcome.ledger.gone().filter(|record| !(outcome.alive)(record.id));
        for record in departed.filter_map(|record| self.ledger.get(record.id)) {
            let old = seen(&record);
            // The address of an article that went before may since have been given to another.
            let by_link = || fresh.by_link(&old).filter(|_| record.gone.is_none());
            if let Some(new) = fresh.by_title(&old).or_else(by_link) {
                self.reissue(ledger::FILE, (&old, Format::Rss), (new, Format::Rss));
            }
        }
    }

    /// Finds configured feeds that are where they were not, and were where they are no more.
    fn follow_the_removed(&mut self, store: &dyn Store, outcome: Outcome<'_>) {
        if self.arrived.is_empty() || outcome.stale.is_empty() {
            return;
        }
        let outline = |path: &String| Some((path.clone(), format::outline(&store.read(path).ok()?).ok()?));
        let mut departed = Departed::of(outcome.stale.iter().filter_map(outline));
        let arrived = std::mem::take(&mut self.arrived).into_iter().filter_map(|path| {
            let &(format, number) = self.configured.get(path)?;
            Some((path, format, (outcome.ids)(number)))
        });
        let (filled, empty): (Vec<_>, Vec<_>) = arrived.partition(|(.., ids)| !ids.is_empty());
        for (path, format, ids) in filled {
            let keys: BTreeSet<&str> = ids.into_iter().collect();
            if let Some(from) = departed.origin(format, &keys) {
                self.moved.push(Move { path: path.to_owned(), was: from.to_owned(), is: path.to_owned() });
            }
        }
        for (path, format, _) in empty {
            if let Some((from, entries)) = departed.filled(format) {
                self.moved.push(Move { path: path.to_owned(), was: from.to_owned(), is: path.to_owned() });
                self.emptied.push((path.to_owned(), entries));
            }
        }
    }

    /// Counts the published articles where no feed is on disk, as on a build server, and none would have an entry.
    fn count_the_published(&mut self, outcome: Outcome<'_>) {
        if !(self.watched.is_empty() && self.emptied.is_empty() && outcome.entries.is_empty()) {
            return;
        }
        let published =
            self.ledger.records().filter(|record| !record.pending && record.gone.is_none()).count();
        if published > 1 {
            self.emptied.push((ledger::FILE.to_owned(), published));
        }
    }

    /// Number of ids of the feeds on disk that no article has any more, and of all ids there, if too many are
    /// lost: the ledger is missing or was set back.
    ///
    /// A ledger that knows some of them, as after adopting a feed of which not every article is here, is asked only
    /// when as many entries are new that might be those.
    fn lost(&self, outcome: Outcome<'_>) -> Option<(usize, usize)> {
        let known = self.on_disk.iter().filter(|id| self.ledger.get(id).is_some()).count();
        let all = self.on_disk.len();
        if known == all {
            return None;
        }
        let few = FEW.max(all / 5);
        let lost = self.on_disk.iter().filter(|id| !(outcome.alive)(id)).count();
        let is_fresh = |id: &str| !self.on_disk.contains(id) && self.ledger.get(id).is_none();
        let fresh = outcome.entries.iter().filter(|id| is_fresh(id)).count();
        // Those that would come back are told one by one.
        let untold = lost.saturating_sub(self.reissued.len());
        (untold > few && (known == 0 || fresh > few)).then_some((lost, all))
    }

    /// The first entry of the feed that has most of them.
    fn example(&self) -> Option<(&String, &Reissue)> {
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        for again in self.reissued.values() {
            *numbers.entry(&again.path).or_default() += 1;
        }
        let (path, _) = numbers.into_iter().rev().max_by_key(|(_, number)| *number)?;
        self.reissued.iter().find(|(_, again)| again.path == path)
    }

    fn reissued_entries(&self) -> Option<Diagnostic> {
        let (old, first) = self.example()?;
        let shown = |name: &&str| self.reissued.values().any(|again| again.readers.contains(name));
        let readers: Vec<&str> = READERS.iter().map(|reader| reader.name).filter(shown).collect();
        let message = match self.reissued.len() {
            1 => "an entry that subscribers know would come back under another id".to_owned(),
            number => format!("{number} entries that subscribers know would come back under other ids"),
        };
        let example = format!("`{}` was `{old}` and would be `{}`", first.title, first.new);
        let feed = if first.path == ledger::FILE { "FEED" } else { &first.path };
        Some(
            Diagnostic::new(Rule::ReissuedEntries, &first.path, message)
                .label(format!("{example}; shown again as unread in {}", listed(&readers)))
                .help(ways(feed, old)),
        )
    }
}

fn lost_ids(lost: usize, all: usize) -> Diagnostic {
    let message = format!(
        "the ledger does not know the feeds on disk, and {lost} of their {all} ids belong to no article"
    );
    Diagnostic::new(Rule::LostIds, ledger::FILE, message)
        .label("what comes back under another id is shown again as unread in nearly every reader")
        .help(ways("FEED", "ID"))
}

fn emptied_feed(path: &str, entries: usize) -> Diagnostic {
    let message = match path {
        ledger::FILE => format!("{entries} articles are published, and no feed would have an entry"),
        _ => format!("the feed has {entries} entries and would have none"),
    };
    Diagnostic::new(Rule::EmptiedFeed, path, message)
        .label("subscribers would hear nothing any more, and new ones would see an empty feed")
        .help(
            "see whether `path` in `[articles]` and the feed's `where` still say what they should,\n\
             or if it is meant, build with `--allow-reissue`",
        )
}

fn moved_feeds(moved: &[Move]) -> Option<Diagnostic> {
    let first = moved.first()?;
    let message = format!("the feed was `{}` and would be `{}`", first.was, first.is);
    let others = match moved.len() - 1 {
        0 => String::new(),
        1 => "; so it is with one more".to_owned(),
        others => format!("; so it is with {others} more"),
    };
    let readers: Vec<&str> =
        READERS.iter().filter(|reader| reader.keys_on_feed()).map(|reader| reader.name).collect();
    Some(
        Diagnostic::new(Rule::MovedFeed, &first.path, message)
            .label(format!(
                "a feed is known by its address: people who follow the old one hear nothing any more, and {} show \
                 all entries again as unread to those who follow the new one{others}",
                listed(&readers)
            ))
            .help(
                "keep the old address: set `url` in `[feeds]`, `name` and `files` of the feed, and `[identity]` as they were,\n\
                 or if it is meant, redirect the old address for good (301), and build with `--allow-reissue`",
            ),
    )
}

fn ways(feed: &str, id: &str) -> String {
    format!(
        "restore `{}` from version control,\n\
         or take over the ids of the old feed with `feedwright adopt {feed}`,\n\
         or give an article its id again with `feedwright pin PATH {id}`, or its file the old name,\n\
         or if it is meant, build with `--allow-reissue`",
        ledger::FILE
    )
}

/// The same findings as warnings, for a build that was told to go on.
pub fn let_through(found: Vec<Diagnostic>) -> impl Iterator<Item = Diagnostic> {
    found.into_iter().map(|found| Diagnostic { severity: Severity::Warning, ..found })
}
