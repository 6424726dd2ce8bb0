//! Pairs articles with what the ledger remembers, however they were renamed, moved, copied, exchanged or brought back.
//!
//! The order of evidence: the id that an article states; its path; for a file that is gone and one that is new, their
//! texts, dates and titles (`pairing.rs`); for a record whose file went long ago, the same at its old path. Whoever
//! is left is a new article, and gets an id that nobody ever had. A record is handed on once, and never lost: without
//! a file it stays, marked gone, so that its id does not return for another article.

mod diagnostics;
mod ids;
mod places;
mod records;
mod resemblance;

use std::collections::HashMap;

use chrono::{DateTime, SubsecRound, Utc};
use rayon::prelude::*;

use super::file::Kept;
use super::known::Known;
use super::pairing::Trace;
use super::paths::Paths;
use super::print::Print;
use super::record::unhex;
use super::{Authority, DatePolicy, Identity, Ledger, Record};
use crate::diagnostic::Diagnostic;

/// The outcome of [`reconcile`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reconciled<'a> {
    /// The identities of the articles, in their order; `None` for those that are not admitted.
    pub identities: Vec<Option<Identity<'a>>>,
    /// The ledger from now on.
    pub ledger: Ledger,
    /// Diagnostics that hold as long as the articles are as they are.
    pub diagnostics: Vec<Diagnostic>,
    /// Diagnostics that are printed once: afterwards the ledger has it.
    pub news: Vec<Diagnostic>,
    /// Former and present path of articles that were found elsewhere, relative to the articles' folder.
    pub renamed: Vec<(String, String)>,
}

/// Gives each article that is admitted the identity that readers know it by, or a new one.
///
/// Ids are unique, and none that the ledger holds goes to another article than its own. `now` is the instant of the
/// build: the date of an article without one, the latest that an update can be, and the day on which records without
/// a file are marked gone. With nothing changed the ledger that comes out is the one that went in.
///
/// ```
/// use feedwright::article::{ArticleSummary, Conventions, SourceFile, parse};
/// use feedwright::ledger::{Authority, Known, Ledger, DatePolicy, reconcile};
/// let conventions = Conventions::default();
/// let article = |name: &str| {
///     let bytes = b"---\ntitle: Hello\ndate: 2024-05-06\n---\nHow are you?\n";
///     parse(&SourceFile { path: name, name, bytes, ..SourceFile::default() }, &conventions).0
/// };
/// let authority = Authority { name: "example.org".into(), date: "2026".into() };
/// let now = "2026-11-22T00:00:00Z".parse().unwrap();
/// let published = |ledger: &Ledger, name: &str| {
///     let summary = ArticleSummary::write(&article(name), "https://example.org/hello/");
///     let known = [Known { summary: ArticleSummary::read(name, &summary), admitted: true }];
///     let reconciled = reconcile(ledger, &known, &authority, now, DatePolicy::default());
///     let id = reconciled.identities[0].as_ref().unwrap().id.to_string();
///     (id, reconciled.ledger, reconciled.renamed)
/// };
/// let (before, ledger, _) = published(&Ledger::default(), "hello.md");
/// let (after, _, renamed) = published(&ledger, "greetings.md");
/// assert_eq!(before, after);
/// assert_eq!(renamed, [("hello.md".to_owned(), "greetings.md".to_owned())]);
/// ```
pub fn reconcile<'a>(
    ledger: &'a Ledger,
    known: &[Known<'_>],
    authority: &Authority,
    now: DateTime<Utc>,
    policy: DatePolicy,
) -> Reconciled<'a> {
    let mut matching = Matching::new(ledger, known);
    matching.by_stated_id(authority);
    matching.by_path();
    matching.by_resemblance();
    matching.restore();
    matching.mint(authority);
    matching.remember(now.trunc_subsecs(0), policy)
}

/// Articles and records, paired as far as that is known.
struct Matching<'a, 'k> {
    ledger: &'a Ledger,
    known: &'k [Known<'k>],
    /// In the order of their ids.
    records: Vec<Kept<'a>>,
    /// Of the records, and of the articles.
    prints: (Vec<Print>, Vec<Print>),
    paths: Paths<'k>,
    /// The article of each record.
    article_of: Vec<Option<usize>>,
    /// The record of each article.
    record_of: Vec<Option<usize>>,
    /// The ids of articles that have no record under it yet.
    new_ids: HashMap<usize, String>,
    /// Diagnostics that stay, and those that are printed once.
    diagnostics: Vec<Diagnostic>,
    news: Vec<Diagnostic>,
}

/// So many are looked at in one go.
const RUN: usize = 1024;

impl<'a, 'k> Matching<'a, 'k> {
    fn new(ledger: &'a Ledger, known: &'k [Known<'k>]) -> Self {
        let records: Vec<_> = ledger.kept().collect();
        let of_records = records.par_iter().with_min_len(RUN).map(|record| record.print());
        let of_articles = known.par_iter().with_min_len(RUN).map(|known| Print::of_summary(known.summary));
        let prints = (of_records.collect(), of_articles.collect::<Vec<_>>());
        Self {
            ledger,
            paths: Paths::new(known, &prints.1),
            prints,
            article_of: vec![None; records.len()],
            record_of: vec![None; known.len()],
            new_ids: HashMap::new(),
            diagnostics: Vec::new(),
            news: Vec::new(),
            records,
            known,
        }
    }

    fn is_free(&self, article: usize) -> bool {
        self.record_of[article].is_none() && !self.new_ids.contains_key(&article)
    }

    /// Articles that may be published and are nobody's yet.
    fn newcomers(&self) -> Vec<usize> {
        (0..self.known.len()).filter(|index| self.known[*index].admitted && self.is_free(*index)).collect()
    }

    fn pair(&mut self, record: usize, article: usize) {
        self.article_of[record] = Some(article);
        self.record_of[article] = Some(record);
    }

    fn trace_of(&self, article: usize) -> Trace<'_> {
        let known = &self.known[article];
        let fingerprint = known.summary.fingerprint();
        Trace {
            path: known.summary.name(),
            digest: Some(fingerprint.digest),
            title: known.title(),
            date: known.summary.published(),
            characters: fingerprint.characters,
            minhash: Some(fingerprint.minhash).filter(|minhash| *minhash != [0; 32]),
        }
    }
}

fn trace<'r>(record: &Record<&'r str>) -> Trace<'r> {
    Trace {
        path: record.path,
        digest: unhex(record.digest),
        title: record.title,
        date: Some(record.stated_date()),
        characters: record.characters,
        minhash: record.minhash(),
    }
}

#[cfg(test)]
mod tests;
