//! Finds articles by their paths, for a hundred thousand records at once: numbers are sorted, where a table would be
//! looked up all over memory.

use rayon::prelude::*;

use super::known::Known;
use super::print::{self, Print};
use super::record::path_of;

/// So many are looked at in one go.
const RUN: usize = 1024;

/// Articles by path, in NFC. Of several at one path the first counts.
pub(super) struct Paths<'k> {
    known: &'k [Known<'k>],
    /// Number of the path, and the article, in order.
    numbers: Vec<(u64, usize)>,
}

/// A record, and the article at its path.
#[derive(Clone, Copy)]
pub(super) struct Met {
    pub(super) record: usize,
    pub(super) article: usize,
    /// True if the record says all of the article.
    pub(super) settled: bool,
}

impl<'k> Paths<'k> {
    pub(super) fn new(known: &'k [Known<'k>], prints: &[Print]) -> Self {
        Self { known, numbers: sorted(prints) }
    }

    /// The article at a path.
    pub(super) fn article(&self, path: &str) -> Option<usize> {
        let number = print::number(path);
        let from = self.numbers.partition_point(|(other, _)| *other < number);
        self.same(from, number).find(|article| self.is_at(*article, path))
    }

    /// Each record at whose path there is an article. `path` gives that of a record.
    pub(super) fn meet<'r>(
        &self,
        records: &[Print],
        articles: &[Print],
        path: impl Fn(usize) -> &'r str + Sync,
    ) -> Vec<Met> {
        let mut from = 0;
        let mut candidates = Vec::with_capacity(records.len());
        for (number, record) in sorted(records) {
            while self.numbers.get(from).is_some_and(|(other, _)| *other < number) {
                from += 1;
            }
            if self.numbers.get(from).is_some_and(|(other, _)| *other == number) {
                candidates.push((record, from));
            }
        }
        let meet = |(record, from): (usize, usize)| {
            let print = *records.get(record)?;
            let settled = |article: &usize| articles.get(*article).is_some_and(|other| print.is(*other));
            if let Some(article) = self.same(from, print.path).next().filter(settled) {
                return Some(Met { record, article, settled: true });
            }
            let path = path(record);
            let article = self.same(from, print.path).find(|article| self.is_at(*article, path))?;
            Some(Met { record, article, settled: false })
        };
        candidates.into_par_iter().with_min_len(RUN).filter_map(meet).collect()
    }

    /// The articles from that place on that have the number.
    fn same(&self, from: usize, number: u64) -> impl Iterator<Item = usize> {
        let rest = self.numbers.get(from..).unwrap_or_default();
        rest.iter().take_while(move |(other, _)| *other == number).map(|(_, article)| *article)
    }

    fn is_at(&self, article: usize, path: &str) -> bool {
        self.known.get(article).is_some_and(|known| *path_of(known.summary) == *path)
    }
}

fn sorted(prints: &[Print]) -> Vec<(u64, usize)> {
    let numbers = prints.par_iter().enumerate().with_min_len(RUN);
    let mut numbers: Vec<_> = numbers.map(|(index, print)| (print.path, index)).collect();
    numbers.par_sort_unstable();
    numbers
}
