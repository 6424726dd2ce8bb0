//! The plan of a build: all documents that are about to be put in place, and what subscribers would make of
//! them.

use std::mem;

use super::admission::ids_of_withheld;
use super::documents::WrittenFeeds;
use super::html::HtmlFiles;
use super::selected::Selected;
use super::{Publication, Report, report};
use crate::cache::Manifest;
use crate::content::one_line;
use crate::diagnostic::Diagnostic;
use crate::format::{PublishedFeed, Seen};
use crate::plan::{Guard, Outcome};
use crate::select::Candidate;
use crate::store::Store;

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
        let mut guard = Guard::new(store, &feeds, before, &tag);
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
        config.rules.apply(guard.verdict(store, outcome))
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
