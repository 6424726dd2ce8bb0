//! Articles that are there, as the ledger sees them.

use crate::article::ArticleSummary;

/// An article that is there.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Its summary, with its permalink.
    pub summary: ArticleSummary<'a>,
    /// True if it may be published. One that may not keeps its record if it has one, and gets none.
    pub admitted: bool,
}

impl<'a> Known<'a> {
    /// Empty where it has none.
    pub(super) fn title(&self) -> &'a str {
        self.summary.title().unwrap_or_default()
    }
}
