//! Entries become feeds, and feeds documents.
//!
//! A document is made only where something in it has changed, and then entry by entry, so that however many a feed
//! holds, few of them are in memory.

use chrono::{DateTime, NaiveDate, Utc};
use rayon::prelude::*;

use super::entries::Workshop;
use super::fragments::{Chosen, Fragments, Shelf};
use super::logbook::{Digest, Logbook, LoggedDocument, LoggedEntry, LoggedFeed, Past, digest};
use super::page::Page;
use super::{Event, Step, Watch};
use crate::config::{self, Config, Dimension};
use crate::diagnostic::{Diagnostic, Rule};
use crate::feed::{Category, Feed, Text};
use crate::format::opml::{self, Subscription};
use crate::format::{self, Format, Namespaces, Shell};
use crate::index::PROGRAM;
use crate::select::{Candidate, Selection};
use crate::store::{self, Staged};

/// Room that a shell may take in a document's budget.
const SHELL: usize = 4_000;

/// So many entries are made at a time.
const BATCH: usize = 256;

/// Where feeds become documents.
pub(super) struct Press<'a> {
    pub(super) workshop: Workshop<'a>,
    pub(super) candidates: &'a [Candidate<'a>],
    pub(super) selections: &'a [Selection<'a>],
    pub(super) past: &'a Past<'a>,
    pub(super) watch: Watch<'a>,
}

/// What the feeds became.
#[derive(Default)]
pub(super) struct Printed {
    /// In the order of the feeds.
    pub(super) feeds: Vec<PrintedFeed>,
    pub(super) list_of_feeds: Option<Staged>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// What the next build may know.
    pub(super) log: Logbook,
}

/// What a feed became.
pub(super) struct PrintedFeed {
    /// For how many of its entries there is room.
    pub(super) room: usize,
    /// How many were looked at: those, and the first for which there is none.
    looked_at: usize,
    pub(super) documents: Vec<LoggedDocument>,
    /// Those of its documents that were made.
    pub(super) staged: Vec<Staged>,
}

impl Printed {
    /// The documents that were made.
    pub(super) fn made(&self) -> impl Iterator<Item = &Staged> {
        self.feeds.iter().flat_map(|feed| &feed.staged).chain(&self.list_of_feeds)
    }

    /// The same, to be put in their places.
    pub(super) fn staged(&mut self) -> impl Iterator<Item = Staged> {
        let feeds = std::mem::take(&mut self.feeds);
        feeds.into_iter().flat_map(|feed| feed.staged).chain(self.list_of_feeds.take())
    }
}

impl<'a> Press<'a> {
    /// Makes the documents that have changed.
    pub(super) fn print(&self) -> Result<Printed, store::Error> {
        (self.watch)(Event::Begins(Step::Render));
        let (chosen, entries_of) = self.choose();
        let feeds = || self.selections.iter().zip(&entries_of);
        let unchanged = feeds().map(|(selection, entries)| self.unchanged(selection, entries, &chosen));
        let unchanged: Vec<Option<PrintedFeed>> = unchanged.collect();
        let to_make = feeds().zip(&unchanged).filter(|(_, unchanged)| unchanged.is_none());
        let mut run = Run {
            press: self,
            shelf: Shelf::new(chosen.len(), to_make.map(|((selection, entries), _)| (selection, &**entries))),
            learned: chosen.iter().map(|_| None).collect(),
            chosen: &chosen,
        };
        let mut printed = Printed::default();
        for ((selection, entries), unchanged) in feeds().zip(unchanged) {
            let feed = unchanged.map_or_else(|| run.make(selection, entries), Ok)?;
            run.look_at(entries.get(..feed.looked_at).unwrap_or_default());
            printed.diagnostics.extend(size_diagnostic(selection, feed.room));
            printed.feeds.push(feed);
        }
        let learned = run.learned;
        printed
            .diagnostics
            .extend(learned.iter().flatten().flat_map(|entry| entry.diagnostics.iter().cloned()));
        printed.log = self.log(&printed.feeds, &entries_of, learned);
        printed.list_of_feeds = Some(self.list_of_feeds()?);
        Ok(printed)
    }

    /// The entries that any feed chooses, and which of them each does.
    fn choose(&self) -> (Vec<Chosen<'a>>, Vec<Vec<usize>>) {
        let mut numbers = vec![None; self.candidates.len()];
        let mut indices = Vec::new();
        let mut number = |index: usize| {
            *numbers[index].get_or_insert_with(|| {
                indices.push(index);
                indices.len() - 1
            })
        };
        let of_feed =
            |selection: &Selection<'_>| selection.entries.iter().map(|index| number(*index)).collect();
        let entries_of = self.selections.iter().map(of_feed).collect();
        let common = common(&self.workshop);
        let choose = |index: &usize| {
            let candidate = &self.candidates[*index];
            let key = key(candidate, &common);
            let neighbours = self.workshop.neighbours(candidate);
            let logged = self.past.entry(&key);
            let logged = logged.filter(|entry| neighbours.still_say(&entry.consulted, self.past.began()));
            Chosen { candidate, key, logged }
        };
        (indices.par_iter().map(choose).collect(), entries_of)
    }

    /// What the last build made of a feed, if that is all there and nothing in it has changed.
    fn unchanged(
        &self,
        selection: &Selection<'_>,
        entries: &[usize],
        chosen: &[Chosen<'_>],
    ) -> Option<PrintedFeed> {
        let path = self.paths(selection).next()?.1;
        let logged = self.past.feed_at(&path)?;
        let LoggedFeed { looked_at, documents, entries: kept, .. } = logged;
        let looked_at_all =
            *looked_at == entries.len() || (kept.len() < *looked_at && *looked_at < entries.len());
        let digests = entries.get(..*looked_at)?.iter().map(|number| Some(chosen[*number].logged?.digest()));
        let recipe = recipe(&self.shell(selection), digests.collect::<Option<Vec<_>>>()?);
        let same = looked_at_all && recipe == logged.recipe && self.past.is_as_left(&path);
        same.then(|| PrintedFeed {
            room: kept.len(),
            looked_at: *looked_at,
            documents: documents.clone(),
            staged: Vec::new(),
        })
    }

    /// A digest of all that decides the documents of a feed beside its entries.
    fn shell(&self, selection: &Selection<'_>) -> Digest {
        let Selection { config, .. } = selection;
        let feed = feed(self.workshop.config, selection, DateTime::UNIX_EPOCH);
        let places: Vec<_> = self.paths(selection).collect();
        let urls = selection.paths.values().map(|path| self.workshop.config.feed_url(path));
        let urls: Vec<String> = urls.map(String::from).collect();
        let said = format!(
            "{PROGRAM} {feed:?} {places:?} {urls:?} {:?} {} {:?}",
            config.content, config.max_bytes, self.workshop.config.stylesheet
        );
        digest([said.as_bytes()])
    }

    /// The formats of a feed, and where in the store each lies.
    fn paths(&self, selection: &Selection<'_>) -> impl Iterator<Item = (Format, String)> {
        let folder = self.workshop.config.feeds_folder();
        selection.paths.iter().map(move |(format, path)| (*format, format!("{folder}{path}")))
    }

    /// What the next build may know.
    fn log(
        &self,
        feeds: &[PrintedFeed],
        entries_of: &[Vec<usize>],
        learned: Vec<Option<LoggedEntry>>,
    ) -> Logbook {
        let mut log = Logbook { began: self.workshop.catalogue.began(), ..Logbook::default() };
        let place = |entry: Option<LoggedEntry>| {
            log.entries.extend(entry);
            u32::try_from(log.entries.len()).unwrap_or_default().saturating_sub(1)
        };
        let places: Vec<u32> = learned.into_iter().map(place).collect();
        let feeds = self.selections.iter().zip(feeds).zip(entries_of);
        log.feeds = feeds
            .map(|((selection, feed), entries)| {
                let places: Vec<u32> =
                    entries.iter().take(feed.looked_at).map(|number| places[*number]).collect();
                let digests = places.iter().filter_map(|place| log.entries.get(*place as usize));
                let shell = self.shell(selection);
                LoggedFeed {
                    recipe: recipe(&shell, digests.map(LoggedEntry::digest)),
                    extent: selection.config.content,
                    looked_at: feed.looked_at,
                    entries: places.into_iter().take(feed.room).collect(),
                    documents: feed.documents.clone(),
                }
            })
            .collect();
        log
    }

    fn list_of_feeds(&self) -> Result<Staged, store::Error> {
        let Workshop { store, config, .. } = self.workshop;
        let mut draft = store.draft(&format!("{}{}", config.feeds_folder(), config.opml))?;
        draft.write(&list_of_feeds(config, self.selections))?;
        store.stage(draft)
    }
}

/// A press at work.
struct Run<'r, 'a> {
    press: &'r Press<'a>,
    chosen: &'r [Chosen<'a>],
    shelf: Shelf,
    /// What came to light of each entry that was looked at.
    learned: Vec<Option<LoggedEntry>>,
}

impl<'a> Run<'_, 'a> {
    /// Takes over what is known of entries that were not made anew.
    fn look_at(&mut self, entries: &[usize]) {
        for number in entries {
            if self.learned[*number].is_none() {
                self.learned[*number] = self.chosen[*number].logged.cloned();
            }
        }
    }

    /// Makes the documents of a feed, with as many of its entries as there is room for.
    fn make(&mut self, selection: &Selection<'_>, entries: &[usize]) -> Result<PrintedFeed, store::Error> {
        let mut pages: Vec<Page<'_>> = Vec::new();
        let mut looked_at = 0;
        for batch in entries.chunks(BATCH) {
            (self.press.watch)(Event::Begins(Step::Render));
            let fragments = self.fragments(batch)?;
            (self.press.watch)(Event::Begins(Step::Write));
            if pages.is_empty() {
                pages = self.begin(selection, entries, &fragments)?;
            }
            let fits = fit(&pages, &fragments, selection);
            pages.par_iter_mut().try_for_each(|page| {
                fragments.iter().take(fits).try_for_each(|fragments| page.add(fragments))
            })?;
            looked_at += batch.len().min(fits + 1);
            for (number, fragments) in batch.iter().zip(fragments) {
                self.shelf.keep(*number, fragments);
            }
            if fits < batch.len() {
                // Whatever is not asked for any more need not be kept.
                entries.iter().skip(looked_at).for_each(|number| self.shelf.leave(*number));
                break;
            }
        }
        (self.press.watch)(Event::Begins(Step::Write));
        if pages.is_empty() {
            pages = self.begin(selection, entries, &[])?;
        }
        self.finish(selection, entries, pages, looked_at)
    }

    fn finish(
        &self,
        selection: &Selection<'_>,
        entries: &[usize],
        pages: Vec<Page<'_>>,
        looked_at: usize,
    ) -> Result<PrintedFeed, store::Error> {
        let room = pages.first().map_or(0, |page| page.parts().len());
        let updated = self.updated(entries.get(..room).unwrap_or_default());
        let finished = pages.into_par_iter().map(|page| {
            let shell = self.shell(selection, page.format(), updated, page.namespaces());
            page.finish(&shell)
        });
        let finished: Vec<(Staged, LoggedDocument)> = finished.collect::<Result<_, _>>()?;
        let (staged, documents) = finished.into_iter().unzip();
        Ok(PrintedFeed { room, looked_at, documents, staged })
    }

    /// The fragments of some entries, several made at a time.
    fn fragments(&mut self, batch: &[usize]) -> Result<Vec<Fragments>, store::Error> {
        let Press { past, workshop, .. } = self.press;
        let obtain = |number: &usize| self.shelf.obtain(*number, &self.chosen[*number], past, workshop);
        let obtained: Vec<_> = batch.par_iter().map(obtain).collect::<Result<_, _>>()?;
        let take = |(number, obtained): (&usize, super::fragments::Obtained)| {
            self.learned[*number] = obtained.logged.or_else(|| self.learned[*number].take());
            obtained.fragments
        };
        Ok(batch.iter().zip(obtained).map(take).collect())
    }

    /// A page for each format. Its head is that which it will have if all entries find room and declare no more than
    /// the first of them.
    fn begin(
        &self,
        selection: &Selection<'_>,
        entries: &[usize],
        first: &[Fragments],
    ) -> Result<Vec<Page<'a>>, store::Error> {
        let store = self.press.workshop.store;
        let extent = selection.config.content;
        let updated = self.updated(entries);
        let begin = |(format, path): (Format, String)| {
            let fragments = first.iter().filter_map(|fragments| fragments.get(format, extent));
            let namespaces: Namespaces = fragments.map(|fragment| fragment.namespaces).collect();
            let shell = self.shell(selection, format, updated, namespaces);
            Page::begin(store, &path, (format, extent), &shell)
        };
        self.press.paths(selection).map(begin).collect()
    }

    fn shell(
        &self,
        selection: &Selection<'_>,
        format: Format,
        updated: Option<DateTime<Utc>>,
        namespaces: Namespaces,
    ) -> Shell {
        let config = self.press.workshop.config;
        let feed = feed(config, selection, updated.unwrap_or_else(|| beginning(config)));
        let location = config.feed_url(&selection.paths[&format]);
        let shell = format::shell(format, &feed, &location, namespaces);
        match config.stylesheet_of(&selection.paths[&format]) {
            Some(stylesheet) => shell.styled(&stylesheet),
            None => shell,
        }
    }

    /// When the newest of the entries was updated.
    fn updated(&self, entries: &[usize]) -> Option<DateTime<Utc>> {
        entries.iter().map(|number| self.chosen[*number].candidate.identity.updated).max()
    }
}

/// A digest of all that decides the documents of a feed: its shell, and the entries that it has or has no room for.
fn recipe(shell: &Digest, entries: impl IntoIterator<Item = Digest>) -> Digest {
    let entries: Vec<Digest> = entries.into_iter().collect();
    digest([shell.as_slice()].into_iter().chain(entries.iter().map(<[u8; 16]>::as_slice)))
}

/// How many of the entries that come next find room in every document of a feed.
fn fit(pages: &[Page<'_>], fragments: &[Fragments], selection: &Selection<'_>) -> usize {
    let mut sizes: Vec<usize> = pages.iter().map(|page| SHELL + page.size()).collect();
    let any_before = pages.iter().any(|page| !page.parts().is_empty());
    for (count, fragments) in fragments.iter().enumerate() {
        for (size, page) in sizes.iter_mut().zip(pages) {
            *size += page.size_of(fragments);
        }
        // The newest entry stays, however large: a feed without it would say that nothing happened.
        let is_newest = count == 0 && !any_before;
        if !is_newest && sizes.iter().any(|size| *size > selection.config.max_bytes) {
            return count;
        }
    }
    fragments.len()
}

/// A digest of all that decides every entry.
fn common(workshop: &Workshop<'_>) -> Digest {
    let Config { publication, articles, .. } = workshop.config;
    let said = format!("{publication:?} {:?} {:?}", articles.path, articles.summary_marker);
    digest([workshop.catalogue.settings_digest().as_slice(), said.as_bytes()])
}

/// A digest of all that decides an entry beside what it consults.
fn key(candidate: &Candidate<'_>, common: &Digest) -> Digest {
    let Candidate { summary, identity } = candidate;
    let (published, updated) = (identity.published.timestamp(), identity.updated.timestamp());
    digest([
        common.as_slice(),
        summary.path().as_bytes(),
        summary.name().as_bytes(),
        summary.permalink().as_bytes(),
        &summary.stated(),
        &summary.digest(),
        identity.id.as_bytes(),
        &[u8::from(identity.id_is_permalink)],
        &published.to_le_bytes(),
        &updated.to_le_bytes(),
    ])
}

fn size_diagnostic(selection: &Selection<'_>, kept: usize) -> Option<Diagnostic> {
    let title = &selection.title;
    let all = selection.entries.len();
    if all == 0 {
        let message = format!("`{title}` has no entries");
        return Some(Diagnostic::new(Rule::EmptyFeed, config::FILE, message));
    }
    (kept < all).then(|| {
        let message = format!("`{title}` passes {} bytes", selection.config.max_bytes);
        Diagnostic::new(Rule::OversizedFeed, config::FILE, message)
            .label(format!("its {} oldest entries of {all} are left out", all - kept))
            .help("lower `entries`, raise `max-bytes`, or publish summaries with `content = \"summary\"`")
    })
}

fn feed(config: &Config, selection: &Selection<'_>, updated: DateTime<Utc>) -> Feed {
    let publication = &config.publication;
    let token =
        if selection.name.is_empty() { "feed".to_owned() } else { format!("feed/{}", selection.name) };
    let language = match &selection.value {
        Some((Dimension::Language, language)) => Text::new(language),
        _ => publication.language.clone(),
    };
    let about = selection.value.iter().filter(|(dimension, _)| *dimension != Dimension::Language);
    let categories =
        selection.config.categories.iter().cloned().chain(about.map(|(_, value)| Text::new(value)));
    Feed {
        id: selection.config.id.clone().unwrap_or_else(|| Text::new(&config.authority.tag(&token))),
        title: selection.title.clone(),
        description: selection.config.description.clone().unwrap_or_else(|| publication.description.clone()),
        home: publication.home.clone(),
        language: Some(language),
        updated,
        authors: publication.authors.clone(),
        rights: publication.rights.clone(),
        icon: publication.icon.clone(),
        logo: publication.logo.clone(),
        categories: categories.map(|term| Category { term, scheme: None }).collect(),
        hubs: selection.config.hubs.clone(),
        ttl: selection.config.ttl,
        licence: publication.licence.clone(),
    }
}

/// A feed without entries was last updated when its publication began.
fn beginning(config: &Config) -> DateTime<Utc> {
    let date = &config.authority.date;
    let full = format!("{date}{}", &"-01-01"[date.len().saturating_sub(4).min(6)..]);
    let day = NaiveDate::parse_from_str(&full, "%Y-%m-%d").ok();
    day.and_then(|day| day.and_hms_opt(0, 0, 0)).map_or(DateTime::UNIX_EPOCH, |time| time.and_utc())
}

fn list_of_feeds(config: &Config, selections: &[Selection<'_>]) -> Vec<u8> {
    let subscriptions: Vec<Subscription> = selections
        .iter()
        .filter_map(|selection| {
            // One line a feed: readers that import a list would subscribe to each format otherwise.
            let (format, path) = selection
                .paths
                .iter()
                .find(|(format, _)| **format != Format::Json)
                .or_else(|| selection.paths.iter().next())?;
            Some(Subscription {
                title: selection.title.clone(),
                description: selection.config.description.clone().unwrap_or_default(),
                home: config.publication.home.clone(),
                feed_url: config.feed_url(path),
                format: *format,
                language: Some(config.publication.language.clone()),
            })
        })
        .collect();
    opml::write(&config.publication.title, config.publication.authors.first(), &subscriptions)
}
