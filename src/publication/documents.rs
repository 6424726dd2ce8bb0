//! Entries become feeds, and feeds documents.
//!
//! A document is made only where something in it has changed, and then entry by entry, so that however many a feed
//! holds, few of them are in memory.

use rayon::prelude::*;

use super::entries::EntryRenderer;
use super::feeds::list_of_feeds;
use super::fragments::{Chosen, FragmentCache};
use super::selected::Selected;
use super::write_run::{WriteRun, WrittenFeed, with_room};
use super::{Event, Step, Watch, keys};
use crate::cache::{
    CachedDocument, CachedEntry, CachedFeed, Digest, DocumentCache, FileState, PastDocuments,
};
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Rule};
use crate::select::Selection;
use crate::store::{self, Staged};

/// Makes documents of feeds.
#[derive(Clone, Copy)]
pub(super) struct DocumentWriter<'a> {
    pub(super) renderer: EntryRenderer<'a>,
    pub(super) past: &'a PastDocuments<'a>,
    pub(super) watch: Watch<'a>,
}

/// Documents of all feeds, staged, and what they hold.
#[derive(Default)]
pub(super) struct WrittenFeeds {
    /// In the order of the feeds.
    pub(super) feeds: Vec<WrittenFeed>,
    pub(super) list_of_feeds: Option<Staged>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The cache for the next build.
    pub(super) cache: DocumentCache,
}

impl WrittenFeeds {
    /// The documents that were made.
    pub(super) fn made(&self) -> impl Iterator<Item = &Staged> {
        self.feeds.iter().flat_map(|feed| &feed.staged).chain(&self.list_of_feeds)
    }

    /// The files that there will be, as they are left.
    pub(super) fn files(&self) -> Vec<FileState> {
        let documents = self.feeds.iter().flat_map(|feed| &feed.documents).map(CachedDocument::state);
        documents.chain(self.list_of_feeds.iter().map(FileState::of)).collect()
    }

    /// The same, to be put in their places.
    pub(super) fn staged(&mut self) -> impl Iterator<Item = Staged> {
        let feeds = std::mem::take(&mut self.feeds);
        feeds.into_iter().flat_map(|feed| feed.staged).chain(self.list_of_feeds.take())
    }
}

impl<'a> DocumentWriter<'a> {
    /// Makes the documents that have changed.
    pub(super) fn write(&self) -> Result<WrittenFeeds, store::Error> {
        (self.watch)(Event::Begins(Step::Render));
        let (chosen, entries_of) = self.choose();
        let feeds = || self.selected().selections.iter().zip(&entries_of);
        let unchanged = feeds().map(|(selection, entries)| self.unchanged(selection, entries, &chosen));
        let unchanged: Vec<Option<WrittenFeed>> = unchanged.collect();
        let to_make = feeds().zip(&unchanged).filter(|(_, unchanged)| unchanged.is_none());
        let mut run = WriteRun {
            renderer: self.renderer,
            past: self.past,
            watch: self.watch,
            cache: FragmentCache::new(
                chosen.len(),
                to_make.map(|((selection, entries), _)| (selection, &**entries)),
            ),
            learned: vec![None; chosen.len()],
            chosen: &chosen,
        };
        let mut written = WrittenFeeds::default();
        for ((selection, entries), unchanged) in feeds().zip(unchanged) {
            let feed = unchanged.map_or_else(|| run.make(selection, entries), Ok)?;
            run.look_at(entries.get(..feed.looked_at).unwrap_or_default());
            written.diagnostics.extend(size_diagnostic(selection, feed.feed.entries));
            written.feeds.push(feed);
        }
        let learned = run.learned;
        written
            .diagnostics
            .extend(learned.iter().flatten().flat_map(|entry| entry.diagnostics.iter().cloned()));
        written.cache = self.cache(&written.feeds, &entries_of, learned);
        written.list_of_feeds = Some(self.list_of_feeds()?);
        Ok(written)
    }

    fn selected(&self) -> Selected<'a> {
        self.renderer.selected
    }

    pub(super) fn config(&self) -> &'a Config {
        self.renderer.config()
    }

    /// The entries that any feed chooses, and which of them each does.
    fn choose(&self) -> (Vec<Chosen<'a>>, Vec<Vec<usize>>) {
        let mut numbers = vec![None; self.selected().candidates.len()];
        let mut indices = Vec::new();
        let mut number = |index: usize| {
            *numbers[index].get_or_insert_with(|| {
                indices.push(index);
                indices.len() - 1
            })
        };
        let of_feed =
            |selection: &Selection<'_>| selection.entries.iter().map(|index| number(*index)).collect();
        let entries_of = self.selected().selections.iter().map(of_feed).collect();
        let common = keys::of_entries(self.selected().publication);
        let choose = |index: &usize| {
            let candidate = &self.selected().candidates[*index];
            let key = keys::of_entry(candidate, &common);
            let dependencies = self.renderer.dependencies(candidate);
            let cached = self.past.entry(&key);
            let cached = cached.filter(|entry| dependencies.still_say(&entry.consulted, self.past.began()));
            Chosen { candidate, key, cached }
        };
        (indices.par_iter().map(choose).collect(), entries_of)
    }

    /// The feed as the last build made it, if all its documents are there and nothing in it has changed.
    fn unchanged(
        &self,
        selection: &Selection<'_>,
        entries: &[usize],
        chosen: &[Chosen<'_>],
    ) -> Option<WrittenFeed> {
        let path = &selection.feed.documents.first()?.path;
        let cached = self.past.feed_at(path)?;
        let CachedFeed { looked_at, documents, entries: kept, .. } = cached;
        let looked_at_all =
            *looked_at == entries.len() || (kept.len() < *looked_at && *looked_at < entries.len());
        let digests = entries.get(..*looked_at)?.iter().map(|number| Some(chosen[*number].cached?.digest()));
        let shell = keys::of_shell(self.config(), selection);
        let recipe = keys::of_documents(&shell, &digests.collect::<Option<Vec<_>>>()?);
        let same = looked_at_all && recipe == cached.recipe && self.past.is_as_left(path);
        same.then(|| WrittenFeed {
            feed: with_room(selection, kept.len()),
            looked_at: *looked_at,
            documents: documents.clone(),
            staged: Vec::new(),
        })
    }

    /// Collects the cache for the next build.
    fn cache(
        &self,
        feeds: &[WrittenFeed],
        entries_of: &[Vec<usize>],
        learned: Vec<Option<CachedEntry>>,
    ) -> DocumentCache {
        let mut cache = DocumentCache {
            began: self.selected().publication.catalogue.began(),
            ..DocumentCache::default()
        };
        let place = |entry: Option<CachedEntry>| {
            cache.entries.extend(entry);
            u32::try_from(cache.entries.len()).unwrap_or_default().saturating_sub(1)
        };
        let places: Vec<u32> = learned.into_iter().map(place).collect();
        let feeds = self.selected().selections.iter().zip(feeds).zip(entries_of);
        cache.feeds = feeds
            .map(|((selection, feed), entries)| {
                let places: Vec<u32> =
                    entries.iter().take(feed.looked_at).map(|number| places[*number]).collect();
                let entries = places.iter().filter_map(|place| cache.entries.get(*place as usize));
                let digests: Vec<Digest> = entries.map(CachedEntry::digest).collect();
                let shell = keys::of_shell(self.config(), selection);
                CachedFeed {
                    recipe: keys::of_documents(&shell, &digests),
                    extent: selection.config.content,
                    looked_at: feed.looked_at,
                    entries: places.into_iter().take(feed.feed.entries).collect(),
                    documents: feed.documents.clone(),
                }
            })
            .collect();
        cache
    }

    fn list_of_feeds(&self) -> Result<Staged, store::Error> {
        let (store, config) = (self.renderer.store, self.config());
        let mut draft = store.draft(&format!("{}{}", config.feeds_folder(), config.opml))?;
        draft.write(&list_of_feeds(config, self.selected().selections))?;
        store.stage(draft)
    }
}

fn size_diagnostic(selection: &Selection<'_>, kept: usize) -> Option<Diagnostic> {
    let title = &selection.feed.title;
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
