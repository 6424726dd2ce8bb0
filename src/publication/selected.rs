//! The articles of a publication, chosen for its feeds: all that is known before anything is made.

use super::identities::Identified;
use super::{Articles, Publication};
use crate::diagnostic::Diagnostic;
use crate::select::{Candidate, Displaced, Selection};

/// The articles of a publication, chosen for its feeds.
#[derive(Clone, Copy)]
pub(super) struct Selected<'a> {
    pub(super) publication: &'a Publication,
    pub(super) articles: &'a Articles<'a>,
    pub(super) identified: &'a Identified<'a>,
    pub(super) candidates: &'a [Candidate<'a>],
    pub(super) selections: &'a [Selection<'a>],
    /// Documents of feeds that would share a file with another.
    pub(super) displaced: &'a [Displaced],
}

impl Selected<'_> {
    /// All that is wrong with the articles.
    pub(super) fn diagnostics(&self) -> impl Iterator<Item = Diagnostic> {
        self.articles.diagnostics.iter().chain(&self.identified.reconciled.diagnostics).cloned()
    }
}
