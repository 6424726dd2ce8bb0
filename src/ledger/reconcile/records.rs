//! New records and identities, once it is known which article each record is of.

use chrono::{DateTime, Utc};
use rayon::prelude::*;

use super::{Matching, RUN, Reconciled};
use crate::diagnostic::Diagnostic;
use crate::ledger::known::Known;
use crate::ledger::record::path_of;
use crate::ledger::{DatePolicy, Identity, Record, dates};

impl<'a> Matching<'a, '_> {
    /// Writes down who is who.
    pub(super) fn remember(mut self, now: DateTime<Utc>, policy: DatePolicy) -> Reconciled<'a> {
        let mut result = Reconciled { ledger: self.ledger.clone(), ..Reconciled::default() };
        let known = (0..self.known.len()).into_par_iter().with_min_len(RUN);
        let outcomes: Vec<_> = known.map(|index| self.outcome(index, now, policy)).collect();
        for outcome in outcomes {
            result.identities.push(outcome.identity);
            let Some(change) = outcome.change else { continue };
            result.renamed.extend(change.renamed);
            result.news.extend(change.news);
            result.ledger.insert(change.record);
        }
        for (record, article) in self.records.iter().zip(&self.article_of) {
            if article.is_none() && record.gone().is_none() {
                result.ledger.insert(Record { gone: Some(now.date_naive()), ..record.record().owned() });
            }
        }
        result.news.splice(0..0, std::mem::take(&mut self.news));
        result.diagnostics = self.diagnostics;
        result
    }

    /// The identity of an article, and its record where that does not stay as it is.
    fn outcome(&self, index: usize, now: DateTime<Utc>, policy: DatePolicy) -> ArticleOutcome<'a> {
        let known = &self.known[index];
        let is_settled = |record: &usize| self.prints.0[*record].is(self.prints.1[index]);
        if let Some(record) = self.record_of[index].filter(|record| known.admitted && is_settled(record)) {
            let record = self.records[record];
            debug_assert!(self.change(index, now, policy).is_none_or(|change| {
                change.record == record.record().owned() && change.news.is_empty() && change.renamed.is_none()
            }));
            return ArticleOutcome { identity: Some(record.identity()), change: None };
        }
        let change = self.change(index, now, policy);
        let admitted = change.as_ref().filter(|_| known.admitted);
        let identity = admitted.map(|change| {
            let Record { id, id_is_permalink, published, updated, .. } = &change.record;
            let (published, updated) = (*published, *updated);
            Identity { id: id.clone().into(), id_is_permalink: *id_is_permalink, published, updated }
        });
        ArticleOutcome { identity, change }
    }

    /// The record as it becomes, if the article has one or gets one.
    fn change(&self, index: usize, now: DateTime<Utc>, policy: DatePolicy) -> Option<RecordChange> {
        let known = &self.known[index];
        let record = self.record_of[index].map(|record| self.records[record].record());
        let next = match (&record, self.new_ids.get(&index)) {
            (Some(record), _) => record.owned(),
            (None, Some(id)) => self.first_record(index, id, now),
            (None, None) => return None,
        };
        let path = path_of(known.summary);
        let former = record.as_ref().map(|record| record.path).filter(|former| *former != path);
        let renamed = former.map(|former| (former.to_owned(), path.into_owned()));
        let (record, news) = advance(next, known, now, policy);
        Some(RecordChange { record, renamed, news })
    }

    /// Of an article under a new id: where its author gave it one after it was published, dates and former addresses
    /// stay.
    fn first_record(&self, article: usize, id: &str, now: DateTime<Utc>) -> Record {
        let known = &self.known[article];
        let path = path_of(known.summary);
        let stated = known.summary.id().is_some();
        let before = || {
            let unclaimed =
                self.records.iter().zip(&self.article_of).filter(|(_, article)| article.is_none());
            let mut at_path =
                unclaimed.filter(|(record, _)| record.gone().is_none() && record.path() == path);
            at_path.next().map(|(record, _)| record.record().owned())
        };
        match stated.then(before).flatten() {
            Some(before) => Record { id: id.to_owned(), id_is_permalink: false, ..before },
            None => dates::first(id, known.summary, now),
        }
    }
}

/// The record of an article as it becomes, and what its author is told once.
fn advance(
    record: Record,
    known: &Known<'_>,
    now: DateTime<Utc>,
    policy: DatePolicy,
) -> (Record, Vec<Diagnostic>) {
    let mut next = record;
    let mut news = Vec::new();
    let was_gone = next.gone.take().is_some();
    next.path = path_of(known.summary).into_owned();
    if known.admitted {
        let changes = dates::advance(&mut next, known.summary, now, policy);
        // Of an article that is back, or has the id of another, nobody compares title and date.
        news.extend(changes.into_iter().filter(|_| !was_gone));
        next.describe(known.summary);
        move_to(&mut next, known.summary.permalink());
    }
    (next, news)
}

/// The outcome for one article.
struct ArticleOutcome<'a> {
    /// `None` where it is not admitted.
    identity: Option<Identity<'a>>,
    change: Option<RecordChange>,
}

/// A record that is written down, and what its author should know.
struct RecordChange {
    record: Record,
    renamed: Option<(String, String)>,
    news: Vec<Diagnostic>,
}

/// Keeps the address that an article had, so that whoever follows an old link arrives.
fn move_to(record: &mut Record, permalink: &str) {
    if record.permalink == permalink {
        return;
    }
    let old = std::mem::replace(&mut record.permalink, permalink.to_owned());
    record.former.retain(|former| *former != old && former.as_str() != permalink);
    if !old.is_empty() {
        record.former.push(old);
    }
}
