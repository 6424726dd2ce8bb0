//! Writes documents entry by entry, with as many entries as there is room for.

use chrono::{DateTime, Utc};
use rayon::prelude::*;

use super::document::DocumentDraft;
use super::entries::EntryRenderer;
use super::feeds::{beginning, feed};
use super::fragments::{Chosen, FragmentCache, Fragments, Obtained};
use super::{Event, Step, Watch};
use crate::cache::{CachedDocument, CachedEntry, PastDocuments};
use crate::format::{self, FeedDocument, Namespaces, PublishedFeed, Shell};
use crate::select::Selection;
use crate::store::{self, Staged};

/// Room that a shell may take in a document's budget, in bytes.
const SHELL: usize = 4_000;

/// So many entries are made at a time.
const BATCH: usize = 256;

/// A feed whose documents are written.
pub(super) struct WrittenFeed {
    /// The feed, with as many entries as there is room for.
    pub(super) feed: PublishedFeed,
    /// Number of entries that were looked at: those in the feed, and the first for which there is no room.
    pub(super) looked_at: usize,
    pub(super) documents: Vec<CachedDocument>,
    /// Those of its documents that were made.
    pub(super) staged: Vec<Staged>,
}

/// Writes the documents of one feed after the other, and remembers what came to light of their entries.
pub(super) struct WriteRun<'r, 'a> {
    pub(super) renderer: EntryRenderer<'a>,
    pub(super) past: &'a PastDocuments<'a>,
    pub(super) watch: Watch<'a>,
    pub(super) chosen: &'r [Chosen<'a>],
    /// Fragments that later feeds want.
    pub(super) cache: FragmentCache,
    /// The rows for the cache, one for each entry that was looked at and made anew.
    pub(super) learned: Vec<Option<CachedEntry>>,
}

impl<'a> WriteRun<'_, 'a> {
    /// Takes over what is known of entries that were not made anew.
    pub(super) fn look_at(&mut self, entries: &[usize]) {
        for number in entries {
            if self.learned[*number].is_none() {
                self.learned[*number] = self.chosen[*number].cached.cloned();
            }
        }
    }

    /// Makes the documents of a feed, with as many of its entries as there is room for.
    pub(super) fn make(
        &mut self,
        selection: &Selection<'_>,
        entries: &[usize],
    ) -> Result<WrittenFeed, store::Error> {
        let mut pages: Vec<DocumentDraft<'_>> = Vec::new();
        let mut looked_at = 0;
        for batch in entries.chunks(BATCH) {
            (self.watch)(Event::Begins(Step::Render));
            let fragments = self.fragments(batch)?;
            (self.watch)(Event::Begins(Step::Write));
            if pages.is_empty() {
                pages = self.begin(selection, entries, &fragments)?;
            }
            let fits = fit(&pages, &fragments, selection);
            pages.par_iter_mut().try_for_each(|page| {
                fragments.iter().take(fits).try_for_each(|fragments| page.add(fragments))
            })?;
            looked_at += batch.len().min(fits + 1);
            for (number, fragments) in batch.iter().zip(fragments) {
                self.cache.keep(*number, fragments);
            }
            if fits < batch.len() {
                // Whatever is not asked for any more need not be kept.
                entries.iter().skip(looked_at).for_each(|number| self.cache.leave(*number));
                break;
            }
        }
        (self.watch)(Event::Begins(Step::Write));
        if pages.is_empty() {
            pages = self.begin(selection, entries, &[])?;
        }
        self.finish(selection, entries, pages, looked_at)
    }

    fn finish(
        &self,
        selection: &Selection<'_>,
        entries: &[usize],
        pages: Vec<DocumentDraft<'_>>,
        looked_at: usize,
    ) -> Result<WrittenFeed, store::Error> {
        let room = pages.first().map_or(0, |page| page.parts().len());
        let updated = self.updated(entries.get(..room).unwrap_or_default());
        let finished = pages.into_par_iter().map(|page| {
            let shell = self.shell(selection, page.document(), updated, page.namespaces());
            page.finish(&shell)
        });
        let finished: Vec<(Staged, CachedDocument)> = finished.collect::<Result<_, _>>()?;
        let (staged, documents) = finished.into_iter().unzip();
        Ok(WrittenFeed { feed: with_room(selection, room), looked_at, documents, staged })
    }

    /// The fragments of some entries, several made at a time.
    fn fragments(&mut self, batch: &[usize]) -> Result<Vec<Fragments>, store::Error> {
        let obtain =
            |number: &usize| self.cache.obtain(*number, &self.chosen[*number], self.past, &self.renderer);
        let obtained: Vec<_> = batch.par_iter().map(obtain).collect::<Result<_, _>>()?;
        let take = |(number, obtained): (&usize, Obtained)| {
            self.learned[*number] = obtained.cached.or_else(|| self.learned[*number].take());
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
    ) -> Result<Vec<DocumentDraft<'a>>, store::Error> {
        let store = self.renderer.store;
        let extent = selection.config.content;
        let updated = self.updated(entries);
        let begin = |document: &FeedDocument| {
            let fragments = first.iter().filter_map(|fragments| fragments.get(document.format, extent));
            let namespaces: Namespaces = fragments.map(|fragment| fragment.namespaces).collect();
            let shell = self.shell(selection, document, updated, namespaces);
            DocumentDraft::begin(store, document, extent, &shell)
        };
        selection.feed.documents.iter().map(begin).collect()
    }

    fn shell(
        &self,
        selection: &Selection<'_>,
        document: &FeedDocument,
        updated: Option<DateTime<Utc>>,
        namespaces: Namespaces,
    ) -> Shell {
        let config = self.renderer.config();
        let feed = feed(config, selection, updated.unwrap_or_else(|| beginning(config)));
        let shell = format::shell(document.format, &feed, &document.url, namespaces);
        let folder = config.feeds_folder();
        let file = document.path.strip_prefix(&folder).unwrap_or(&document.path);
        match config.stylesheet_of(file) {
            Some(stylesheet) => shell.styled(&stylesheet),
            None => shell,
        }
    }

    /// When the newest of the entries was updated.
    fn updated(&self, entries: &[usize]) -> Option<DateTime<Utc>> {
        entries.iter().map(|number| self.chosen[*number].candidate.identity.updated).max()
    }
}

/// The feed of a selection, with as many of its entries as there is room for.
pub(super) fn with_room(selection: &Selection<'_>, room: usize) -> PublishedFeed {
    let full = selection.feed.full || room < selection.entries.len();
    PublishedFeed { entries: room, full, ..selection.feed.clone() }
}

/// Number of the next entries that find room in every document of a feed.
fn fit(pages: &[DocumentDraft<'_>], fragments: &[Fragments], selection: &Selection<'_>) -> usize {
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
