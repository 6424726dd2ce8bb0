//! What a build is about to put in place, looked at as a whole: which documents there will be, and what subscribers
//! would make of them.

use std::collections::BTreeSet;

use super::Report;
use super::documents::Printed;
use super::front::Front;
use super::last::Left;
use super::logbook::LoggedDocument;
use super::manifest::Manifest;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::format::Seen;
use crate::ledger::Ledger;
use crate::plan::{FeedFiles, Guard, Outcome};
use crate::select::{Candidate, Selection};
use crate::store::Store;

/// The feeds of a publication, made and not yet in their places.
pub(super) struct Edition<'a> {
    pub(super) config: &'a Config,
    pub(super) selections: &'a [Selection<'a>],
    pub(super) candidates: &'a [Candidate<'a>],
    pub(super) printed: &'a Printed,
    pub(super) front: &'a Front,
}

impl Edition<'_> {
    /// All documents that there will be, after those that there were.
    pub(super) fn manifest(&self, mut manifest: Manifest) -> Manifest {
        for document in self.printed.feeds.iter().flat_map(|feed| &feed.documents) {
            manifest.add(&document.path, &document.digest, false);
        }
        for staged in self.printed.made().chain(&self.front.staged) {
            manifest.add(staged.path(), &staged.digest, staged.differs());
        }
        for (path, digest) in &self.front.kept {
            manifest.add(path, digest, false);
        }
        manifest
    }

    /// What would happen to subscribers that must not happen unasked. The ledgers are that of the last build, and that
    /// of this one; `withheld` has the ids of articles that are in no feed.
    pub(super) fn guard(
        &self,
        store: &dyn Store,
        manifest: &Manifest,
        (before, after): (&Ledger, &Ledger),
        withheld: &BTreeSet<String>,
    ) -> Vec<Diagnostic> {
        let tag = self.config.authority.tag("");
        let files = self.files();
        let mut guard = Guard::new(store, &files, before, &tag);
        for staged in self.printed.made().filter(|staged| staged.differs()) {
            guard.look(store, staged);
        }
        let is_live = |id: &str| after.get(id).is_some_and(|record| record.gone.is_none());
        let published = self.published();
        let id = |index: &usize| &*self.candidates[*index].identity.id;
        let entries: Vec<&str> = published.iter().map(id).collect();
        let outcome = Outcome {
            entries: &entries,
            seen: &|number| seen(&self.candidates[published[number]]),
            ledger: after,
            alive: &|id| is_live(id) || withheld.contains(id),
            stale: &manifest.stale(),
            ids: &|feed| self.selections[feed].entries.iter().map(id).collect(),
        };
        self.config.rules.apply(guard.verdict(store, outcome))
    }

    /// Says what there will be.
    pub(super) fn report(&self, report: &mut Report, manifest: &Manifest) {
        report.files = self.files();
        report.entries = self.published().len();
        report.feeds = self.selections.len();
        report.documents = manifest.documents();
        report.unchanged = manifest.documents();
    }

    /// The documents as they will be.
    pub(super) fn left(&self) -> impl Iterator<Item = Left> {
        let documents = self.printed.feeds.iter().flat_map(|feed| &feed.documents);
        let left = |document: &LoggedDocument| Left {
            path: document.path.clone(),
            stamp: document.stamp,
            digest: document.digest,
        };
        documents
            .map(left)
            .chain(self.printed.list_of_feeds.iter().map(Left::of))
            .chain(self.front.left.iter().cloned())
    }

    /// The documents of each feed, for those who look at them later.
    fn files(&self) -> Vec<FeedFiles> {
        let folder = self.config.feeds_folder();
        let files = self.selections.iter().zip(&self.printed.feeds).map(|(selection, feed)| {
            let path = |path: &String| format!("{folder}{path}");
            let all = selection.entries.len();
            FeedFiles {
                name: selection.name.clone(),
                value: selection.value.clone(),
                documents: selection.paths.iter().map(|(format, file)| (*format, path(file))).collect(),
                full: all >= selection.config.entries || feed.room < all,
            }
        });
        files.collect()
    }

    /// The candidates that some feed has, in their order.
    fn published(&self) -> Vec<usize> {
        let mut is_published = vec![false; self.candidates.len()];
        for (selection, feed) in self.selections.iter().zip(&self.printed.feeds) {
            for index in selection.entries.iter().take(feed.room) {
                is_published[*index] = true;
            }
        }
        (0..self.candidates.len()).filter(|index| is_published[*index]).collect()
    }
}

/// An entry as its readers will know it.
fn seen(candidate: &Candidate<'_>) -> Seen {
    let Candidate { summary, identity } = candidate;
    Seen {
        id: identity.id.to_string(),
        id_is_permalink: identity.id_is_permalink,
        title: summary.title().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" "),
        link: summary.permalink().to_owned(),
        published: Some(identity.published),
        updated: Some(identity.updated),
        digest: [0; 16],
    }
}
