//! The plan of a build: all documents that are about to be put in place, and what subscribers would make of
//! them.

use std::collections::{BTreeMap, HashSet};
use std::mem;

use super::admission::ids_of_withheld;
use super::documents::WrittenFeeds;
use super::html::HtmlFiles;
use super::selected::Selected;
use super::{Publication, Report, report};
use crate::cache::Manifest;
use crate::content::one_line;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::format::{self, Format, PublishedFeed, Seen};
use crate::plan::{self, Guard, Outcome};
use crate::select::{Candidate, Displaced, Selection};
use crate::store::{Staged, Store};

/// The feeds of a publication, made and not yet in their places.
pub(super) struct BuildPlan<'a> {
    pub(super) selected: Selected<'a>,
    pub(super) written: WrittenFeeds,
    pub(super) html: HtmlFiles,
    /// All documents that there will be, and those that there were.
    pub(super) manifest: Manifest,
}

impl<'a> BuildPlan<'a> {
    /// A plan of these documents. `before` has those that there were.
    pub(super) fn new(
        selected: Selected<'a>,
        written: WrittenFeeds,
        html: HtmlFiles,
        before: Manifest,
    ) -> Self {
        let mut manifest = before;
        for document in written.feeds.iter().flat_map(|feed| &feed.documents) {
            manifest.add(&document.document.path, &document.digest, false);
        }
        for staged in written.made().chain(&html.staged) {
            manifest.add(staged.path(), &staged.digest, staged.differs());
        }
        for (path, digest) in &html.kept {
            manifest.add(path, digest, false);
        }
        Self { selected, written, html, manifest }
    }

    /// Diagnostics of changes that subscribers would notice and that must not happen unasked.
    pub(super) fn guard(&self, store: &dyn Store) -> Vec<Diagnostic> {
        let Selected { publication, identified, candidates, selections, .. } = self.selected;
        let Publication { config, ledger: before, .. } = publication;
        let after = &identified.reconciled.ledger;
        let tag = config.authority.tag("");
        let feeds = self.feeds();
        let mut guard = Guard::new(store, &feeds, before, &tag).after(self.former_feeds(&feeds));
        for staged in self.written.made().filter(|staged| staged.differs()) {
            guard.look(store, staged);
        }
        let withheld = ids_of_withheld(identified, &config.authority);
        let is_live = |id: &str| after.get(id).is_some_and(|record| record.gone.is_none());
        let published = self.published();
        let id = |index: &usize| &*candidates[*index].identity.id;
        let entries: Vec<&str> = published.iter().map(id).collect();
        let outcome = Outcome {
            entries: &entries,
            seen: &|number| seen(&candidates[published[number]]),
            ledger: after,
            alive: &|id| is_live(id) || withheld.contains(id),
            stale: &self.manifest.stale(),
            ids: &|feed| selections[feed].entries.iter().map(id).collect(),
        };
        let mut found = guard.verdict(store, outcome);
        found.extend(
            self.selected.displaced.iter().filter(|one| self.is_taken_over(store, one)).map(taken_over),
        );
        config.rules.apply(found)
    }

    /// The documents in whose places there are files that no build wrote: they are not written over. A feed is, if the ledger
    /// knows any of its entries, as after `adopt`, or if whoever builds says so.
    pub(super) fn occupied(&self, store: &dyn Store, any_feed: bool) -> Vec<Diagnostic> {
        let Publication { config, ledger, .. } = self.selected.publication;
        let tag = config.authority.tag("");
        // What the site's own generator has made, it makes again.
        let built = config.articles.site.as_ref().map(|site| format!("{}/", site.path));
        let is_free = |path: &str| {
            let is_built = built.as_ref().is_some_and(|built| path.starts_with(built));
            is_built || store.stamp(path).is_none() || self.manifest.knew(path)
        };
        let is_feed_of_ours = |path: &str| {
            let Ok(bytes) = store.read(path) else { return false };
            let Ok(feed) = format::outline(&bytes) else { return is_list_of_feeds(&bytes) };
            let is_known = |entry: &Seen| ledger.get(&entry.id).is_some();
            any_feed
                || (feed.format == Format::Json && feed.entries.is_empty())
                || plan::is_ours(&feed, &tag)
                || feed.entries.iter().any(is_known)
        };
        let documents = self.written.made().filter(|staged| staged.differs()).map(Staged::path);
        documents.filter(|path| !is_free(path) && !is_feed_of_ours(path)).map(occupied).collect()
    }

    /// `true` if a published file would get the entries of another feed: it has more of the feed that loses it than of the
    /// one that would have it.
    fn is_taken_over(&self, store: &dyn Store, displaced: &Displaced) -> bool {
        let Selected { candidates, selections, .. } = self.selected;
        let outline = store.read(&displaced.path).ok().and_then(|bytes| format::outline(&bytes).ok());
        let Some(old) = outline else { return false };
        let published: HashSet<&str> = old.entries.iter().map(Seen::key).collect();
        let count = |entries: &[usize]| {
            entries.iter().filter(|index| published.contains(&*candidates[**index].identity.id)).count()
        };
        let has_file = |selection: &&Selection<'_>| {
            selection.feed.documents.iter().any(|document| document.path == displaced.path)
        };
        let owner = selections.iter().find(has_file);
        count(&displaced.entries) > owner.map_or(0, |owner| count(&owner.entries))
    }

    /// The feeds that the site's own generator has left, by the documents that take their place; none where the ledger
    /// knows any article, be it by an earlier build or by `adopt`.
    fn former_feeds(&self, feeds: &[PublishedFeed]) -> BTreeMap<String, String> {
        let Publication { config, ledger, .. } = self.selected.publication;
        let built = self.selected.publication.proof.get().and_then(|proof| proof.site.as_ref());
        let Some((site, built)) = config.articles.site.as_ref().zip(built) else { return BTreeMap::new() };
        if ledger.records().next().is_some() {
            return BTreeMap::new();
        }
        let below = |path: &str| format!("{}/{path}", site.path);
        let configured = feeds.iter().filter(|feed| feed.value.is_none());
        let documents = configured.flat_map(PublishedFeed::subscriptions);
        let places = documents
            .filter_map(|document| Some((document.path.clone(), below(&built.path_of(&document.url)?))));
        places.collect()
    }

    /// Adds to a report what there will be, and what is wrong, in the order of files and lines.
    pub(super) fn report(&mut self, report: &mut Report) {
        let Selected { publication, identified, .. } = self.selected;
        report.files = self.feeds();
        report.redirects = publication.redirects(identified);
        report.entries = self.published().len();
        report.feeds = self.selected.selections.len();
        report.documents = self.manifest.documents();
        report.unchanged = self.manifest.documents();
        let mut found = mem::take(&mut report.diagnostics);
        found.extend(self.selected.diagnostics());
        found.append(&mut self.written.diagnostics);
        found.append(&mut self.html.diagnostics);
        report.diagnostics = publication.config.rules.apply(found);
        report::sort(&mut report.diagnostics);
    }

    /// The feeds that there will be.
    fn feeds(&self) -> Vec<PublishedFeed> {
        self.written.feeds.iter().map(|written| written.feed.clone()).collect()
    }

    /// The candidates that some feed has, in their order.
    fn published(&self) -> Vec<usize> {
        let Selected { candidates, selections, .. } = self.selected;
        let mut is_published = vec![false; candidates.len()];
        for (selection, written) in selections.iter().zip(&self.written.feeds) {
            for index in selection.entries.iter().take(written.feed.entries) {
                is_published[*index] = true;
            }
        }
        (0..candidates.len()).filter(|index| is_published[*index]).collect()
    }
}

fn is_list_of_feeds(bytes: &[u8]) -> bool {
    let head = bytes.get(..200).unwrap_or(bytes);
    String::from_utf8_lossy(head).contains("<opml")
}

fn occupied(path: &str) -> Diagnostic {
    let message = "the feed is not written: here is a file that no build wrote";
    let mut diagnostic =
        Diagnostic::new(Rule::OccupiedPath, path, message).label("nothing is built").help(format!(
            "give the feed another `name` or other `files`, or remove this file;\n\
         if it is the feed that subscribers have, take over its ids with `feedwright adopt {path}`"
        ));
    diagnostic.severity = Severity::Error;
    diagnostic
}

/// Says that a build would give a published file to another feed.
fn taken_over(displaced: &Displaced) -> Diagnostic {
    let mut diagnostic = displaced.diagnostic.clone();
    let label = "the file is published, and its subscribers would get the entries of the other feed";
    diagnostic.label = Some(label.to_owned());
    diagnostic
}

/// An entry as its readers will know it.
fn seen(candidate: &Candidate<'_>) -> Seen {
    let Candidate { summary, identity, .. } = candidate;
    Seen {
        id: identity.id.to_string(),
        id_is_permalink: identity.id_is_permalink,
        title: one_line(summary.title().unwrap_or_default()),
        link: summary.permalink().to_owned(),
        published: Some(identity.published),
        updated: Some(identity.updated),
        digest: [0; 16],
    }
}
