//! The identities of a publication's articles: the ids and dates by which readers know them.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::catalogue::{self, Articles};
use super::{Error, Options, Publication};
use crate::article::{self, ArticleSummary};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::ledger::{self, Known, Ledger, Reconciled, Undated};
use crate::select::{self, Withheld};

/// The articles of a publication with the identities that the ledger gives them.
pub struct Identified<'a> {
    /// The articles in the order of their paths. Those that state no date have that of their identity.
    pub summaries: Vec<ArticleSummary<'a>>,
    /// Their identities, and the ledger as it must be from now on.
    pub reconciled: Reconciled<'a>,
}

impl Publication {
    /// Gives each article that may be published its identity, and those without a date the one of their identity.
    pub fn identify<'a>(&'a self, articles: &'a Articles<'a>) -> Identified<'a> {
        let summaries = &articles.summaries;
        let admitted = self.admitted(articles);
        let reconcile = |summaries: &[ArticleSummary<'_>]| {
            let known = summaries.iter().zip(&admitted);
            let known: Vec<_> = known.map(|(&summary, &admitted)| Known { summary, admitted }).collect();
            let Self { ledger, config, options, .. } = self;
            ledger::reconcile(ledger, &known, &config.authority, options.now, config.articles.dates)
        };
        let is_undated = |index: &usize| admitted[*index] && summaries[*index].published().is_none();
        let undated: Vec<usize> = (0..summaries.len()).filter(is_undated).collect();
        if undated.is_empty() {
            return Identified { reconciled: reconcile(summaries), summaries: summaries.clone() };
        }
        // The address of an article may hold its date, and one that states none has a date only when it is reconciled:
        // it is supposed to be that of the record at its path, and looked at again where it turns out to be another.
        let supposed = supposed_dates(&self.ledger, summaries, &undated, self.options.now);
        let addressed = |dates: &[DateTime<Utc>]| {
            let dated = undated.iter().zip(dates).map(|(index, date)| {
                let summary = summaries[*index];
                (*index, summary.dated(None, &permalink_at(summary, *date, &self.config)))
            });
            reconcile(&with(summaries, &dated.collect::<Vec<_>>()))
        };
        let mut reconciled = addressed(&supposed);
        let date = |index: &usize| {
            let identity = reconciled.identities[*index].as_ref();
            identity.map_or(self.options.now, |identity| identity.published)
        };
        let found: Vec<_> = undated.iter().map(date).collect();
        if found != supposed {
            reconciled = addressed(&found);
        }
        let dated = articles.dated.get_or_init(|| self.dated(summaries, &undated, &found));
        Identified { summaries: with(summaries, dated), reconciled }
    }

    /// The summaries of undated articles with these dates.
    fn dated(
        &self,
        summaries: &[ArticleSummary<'_>],
        undated: &[usize],
        dates: &[DateTime<Utc>],
    ) -> Vec<(usize, Vec<u8>)> {
        let rewritten = undated.iter().zip(dates).map(|(index, date)| {
            let summary = summaries[*index];
            (*index, summary.dated(Some(*date), &permalink_at(summary, *date, &self.config)))
        });
        rewritten.collect()
    }

    /// Makes sure, where [`Options::keep_published`] is set, that no published article can no longer be understood.
    ///
    /// # Errors
    ///
    /// The diagnostics of those that cannot.
    pub(super) fn keep_published(&self, articles: &Articles<'_>) -> Result<(), Error> {
        if !self.options.keep_published {
            return Ok(());
        }
        let admitted = self.admitted(articles);
        let is_lost = |(summary, admitted): &(&ArticleSummary<'_>, &bool)| {
            let lost = [Withheld::Faulty, Withheld::Unreadable, Withheld::Undated].map(Err);
            !**admitted
                && lost.contains(&self.admit(**summary))
                && self.ledger.at_path(summary.name()).is_some_and(|record| !record.pending)
        };
        let summaries = articles.summaries.iter().zip(&admitted);
        let lost: HashSet<&str> = summaries.filter(is_lost).map(|(summary, _)| summary.path()).collect();
        if lost.is_empty() {
            return Ok(());
        }
        let found = articles.diagnostics.iter().filter(|found| lost.contains(found.path.as_str()));
        let grave = |found: &Diagnostic| Diagnostic { severity: Severity::Error, ..found.clone() };
        let found = found.map(|found| grave(found).label("it is published, and stays as it was"));
        Err(Error::Publication(found.collect()))
    }

    /// For each article, `true` if it may be published, where a date that it does not state may be given to
    /// it.
    fn admitted(&self, articles: &Articles<'_>) -> Vec<bool> {
        let first_seen = self.config.articles.dates.undated == Undated::FirstSeen;
        let unreadable = articles.diagnostics.iter().filter(|found| found.rule == Rule::UnreadableDate);
        let unreadable: HashSet<&str> = unreadable.map(|found| found.path.as_str()).collect();
        let may = |summary: &ArticleSummary<'_>| match self.admit(*summary) {
            // A date that cannot be read is not no date: it may be one to come.
            Err(Withheld::Undated) => first_seen && !unreadable.contains(summary.path()),
            admitted => admitted.is_ok(),
        };
        articles.summaries.iter().map(may).collect()
    }

    fn admit(&self, summary: ArticleSummary<'_>) -> Result<(), Withheld> {
        let Options { now, preview, .. } = self.options;
        select::admit(summary, now, preview)
    }
}

/// The summaries with those that were written anew in their places.
pub(super) fn with<'a>(
    summaries: &[ArticleSummary<'a>],
    dated: &'a [(usize, Vec<u8>)],
) -> Vec<ArticleSummary<'a>> {
    let mut summaries = summaries.to_vec();
    for (index, bytes) in dated {
        summaries[*index] = ArticleSummary::read(summaries[*index].path(), bytes);
    }
    summaries
}

fn supposed_dates(
    ledger: &Ledger,
    summaries: &[ArticleSummary<'_>],
    undated: &[usize],
    now: DateTime<Utc>,
) -> Vec<DateTime<Utc>> {
    let live = ledger.records().filter(|record| record.gone.is_none() && !record.pending);
    let remembered: HashMap<&str, _> = live.map(|record| (record.path, record.published)).collect();
    let date = |index: &usize| remembered.get(&*ledger::path_of(summaries[*index])).copied().unwrap_or(now);
    undated.iter().map(date).collect()
}

/// Permalink that an article would have if it were published on `date`.
fn permalink_at<'a>(summary: ArticleSummary<'a>, date: DateTime<Utc>, config: &Config) -> Cow<'a, str> {
    if summary.states_address() {
        return summary.permalink().into();
    }
    let date = date.with_timezone(&config.publication.timezone);
    let dated = summary.undated_permalink().and_then(|format| article::dated_address(format, &date));
    let url = dated.and_then(|address| catalogue::address(&address, &config.publication.home));
    url.map_or_else(|| summary.permalink().into(), |url| String::from(url).into())
}
