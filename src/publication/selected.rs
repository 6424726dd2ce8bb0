//! The articles of a publication, chosen for its feeds: all that is known before anything is made.

use super::identities::Identified;
use super::{Articles, Publication};
use crate::diagnostic::{Diagnostic, Rule};
use crate::ledger::Undated;
use crate::select::{Candidate, Selection};

/// The articles of a publication, chosen for its feeds.
#[derive(Clone, Copy)]
pub(super) struct Selected<'a> {
    pub(super) publication: &'a Publication,
    pub(super) articles: &'a Articles<'a>,
    pub(super) identified: &'a Identified<'a>,
    pub(super) candidates: &'a [Candidate<'a>],
    pub(super) selections: &'a [Selection<'a>],
}

impl Selected<'_> {
    /// All that is wrong with the articles, as far as it is true of this publication.
    pub(super) fn diagnostics(&self) -> impl Iterator<Item = Diagnostic> {
        let first_seen = self.publication.config.articles.dates.undated == Undated::FirstSeen;
        let is_true = move |found: &&Diagnostic| found.rule != Rule::MissingDate || !first_seen;
        let reconciled = self.identified.reconciled.diagnostics.iter();
        self.articles.diagnostics.iter().filter(is_true).chain(reconciled).cloned()
    }
}
