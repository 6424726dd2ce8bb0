//! Files that are gone and files that are new which are one article, and articles that are back.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::diagnostics::ambiguous;
use super::{Matching, trace};
use crate::article::ArticleSummary;
use crate::ledger::Record;
use crate::ledger::pairing::{self, Trace};

impl Matching<'_, '_> {
    /// Files that are gone since the last build, and files that are new.
    pub(super) fn by_resemblance(&mut self) {
        let missing = self.unclaimed(false);
        let new = self.newcomers();
        if missing.is_empty() || new.is_empty() {
            return;
        }
        let pairing = pairing::pair(&self.remembered(&missing), &self.traces_of(&new));
        for (record, article) in pairing.pairs {
            self.pair(missing[record], new[article]);
        }
        for (records, articles) in pairing.ambiguous {
            let records: Vec<Record<&str>> =
                records.into_iter().map(|index| self.records[missing[index]].record()).collect();
            let articles: Vec<ArticleSummary<'_>> =
                articles.into_iter().map(|index| self.known[new[index]].summary).collect();
            self.news.extend(ambiguous(&records, &articles));
        }
    }

    /// An article that was gone for a while and is back has its id back; another one at its old path does not.
    pub(super) fn restore(&mut self) {
        let gone = self.unclaimed(true);
        if gone.is_empty() || self.newcomers().is_empty() {
            return;
        }
        self.restore_at_their_paths(&gone);
        let gone = self.unclaimed(true);
        let new = self.newcomers_that_are_no_copies();
        let pairs = pairing::pair_equal(&self.remembered(&gone), &self.traces_of(&new));
        for (record, article) in pairs {
            self.pair(gone[record], new[article]);
        }
    }

    /// Records that are no article's yet: those marked gone, or the others.
    fn unclaimed(&self, gone: bool) -> Vec<usize> {
        let is_one = |index: &usize| {
            self.article_of[*index].is_none() && self.records[*index].gone().is_some() == gone
        };
        (0..self.records.len()).filter(is_one).collect()
    }

    fn remembered(&self, records: &[usize]) -> Vec<Trace<'_>> {
        records.iter().map(|index| trace(&self.records[*index].record())).collect()
    }

    fn traces_of(&self, articles: &[usize]) -> Vec<Trace<'_>> {
        articles.iter().map(|index| self.trace_of(*index)).collect()
    }

    /// A file that has the text, or date and title, of an article that is there is a copy of that one.
    fn newcomers_that_are_no_copies(&self) -> Vec<usize> {
        let there: Vec<usize> = (0..self.known.len()).filter(|index| !self.is_free(*index)).collect();
        let there = self.traces_of(&there);
        let bodies: HashSet<[u8; 32]> = there.iter().filter_map(|trace| trace.digest).collect();
        let headlines: HashSet<_> = there.iter().filter_map(Trace::headline).collect();
        let is_copy = |trace: &Trace<'_>| {
            trace.digest.is_some_and(|digest| bodies.contains(&digest))
                || trace.headline().is_some_and(|headline| headlines.contains(&headline))
        };
        self.newcomers().into_iter().filter(|index| !is_copy(&self.trace_of(*index))).collect()
    }

    fn restore_at_their_paths(&mut self, gone: &[usize]) {
        let mut back = Vec::new();
        for &record in gone {
            let remembered = trace(&self.records[record].record());
            let Some(article) = self.paths.article(remembered.path) else { continue };
            let present = self.trace_of(article);
            if self.known[article].admitted && self.is_free(article) && present.is_evidently(&remembered) {
                // Several may have been there in turn: the same text goes before the same headline, and the one that
                // went last before those that went earlier.
                let last = self.records[record].gone();
                back.push((present.digest != remembered.digest, Reverse(last), record, article));
            }
        }
        back.sort_unstable();
        for (_, _, record, article) in back {
            if self.is_free(article) {
                self.pair(record, article);
            }
        }
    }
}
