//! The ledger's part in a build: read first, put first, and never written where it did not change.
//!
//! A build puts the ledger before any feed, and a store moves into place in the order in which it was given. So if
//! the process dies on the way, the ledger is either the old one, and so is every feed; or it is the new one, and
//! some feeds are old. In the second case the next build finds every id and date as they were going to be and writes
//! the feeds that are still missing. Nothing is announced twice. Were the feeds first, an id that was handed on, or
//! the date of an article that states none, could be out in the world and nowhere on record.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::catalogue::{self, Articles, Catalogue};
use super::last::Left;
use super::{Error, Options, load_config};
use crate::article::{ArticleSummary, PermalinkParts, Visibility};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::ledger::{self, Known, Ledger, Pinned, Reconciled, Record, Refusal, Undated};
use crate::select::{self, Preview, Withheld};
use crate::store::{self, Store};

/// Reads the ledger of a publication; an empty one where there is none.
///
/// # Errors
///
/// [`Error::Publication`] with every damaged line, [`Error::Store`] where it cannot be read.
pub fn read_ledger(store: &dyn Store) -> Result<Ledger, Error> {
    match store.read(ledger::FILE) {
        Ok(bytes) => Ledger::read(bytes).map_err(Error::Publication),
        Err(error) if error.is_not_found() => Ok(Ledger::default()),
        Err(error) => Err(Error::Store(error)),
    }
}

/// What the ledger knows of the articles.
pub(super) struct Identified<'a> {
    pub(super) reconciled: Reconciled<'a>,
    /// The summaries of articles that state no date and have that of their identity, by the index of the article.
    pub(super) dated: Vec<(usize, Vec<u8>)>,
}

/// Gives each article that may be published its identity, and those without a date the one of their identity.
pub(super) fn reconcile<'a>(
    ledger: &'a Ledger,
    articles: &Articles<'_>,
    config: &Config,
    options: Options,
) -> Identified<'a> {
    let Articles { summaries, .. } = articles;
    let first_seen = config.articles.dates.undated == Undated::FirstSeen;
    let admitted = admitted(articles, first_seen, options);
    let once = |summaries: &[ArticleSummary<'_>]| {
        let known = summaries.iter().zip(&admitted);
        let known: Vec<_> = known.map(|(&summary, &admitted)| Known { summary, admitted }).collect();
        ledger::reconcile(ledger, &known, &config.authority, options.now, config.articles.dates)
    };
    let is_undated =
        |index: &usize| first_seen && admitted[*index] && summaries[*index].published().is_none();
    let undated: Vec<usize> = (0..summaries.len()).filter(is_undated).collect();
    if undated.is_empty() {
        return Identified { reconciled: once(summaries), dated: Vec::new() };
    }
    // The address of an article may hold its date, and one that states none has a date only when it is reconciled:
    // it is supposed to be that of the record at its path, and looked at again where it turns out to be another.
    let supposed = supposed_dates(ledger, summaries, &undated, options.now);
    let addressed = |dates: &[DateTime<Utc>]| {
        let dated = |(index, date): (&usize, &DateTime<Utc>)| {
            let summary = summaries[*index];
            (*index, summary.dated(None, &permalink_at(summary, *date, config)))
        };
        let dated: Vec<(usize, Vec<u8>)> = undated.iter().zip(dates).map(dated).collect();
        once(&with(summaries, &dated))
    };
    let mut reconciled = addressed(&supposed);
    let date = |reconciled: &Reconciled<'_>, index: usize| {
        reconciled.identities[index].as_ref().map_or(options.now, |identity| identity.published)
    };
    let dates: Vec<_> = undated.iter().map(|index| date(&reconciled, *index)).collect();
    if dates != supposed {
        reconciled = addressed(&dates);
    }
    let written = undated.iter().zip(dates).map(|(index, date)| {
        let summary = summaries[*index];
        (*index, summary.dated(Some(date), &permalink_at(summary, date, config)))
    });
    Identified { dated: written.collect(), reconciled }
}

/// Makes sure that no article that is published can no longer be understood.
///
/// # Errors
///
/// What is wrong with those that cannot.
pub(super) fn keep(
    ledger: &Ledger,
    articles: &Articles<'_>,
    config: &Config,
    options: Options,
) -> Result<(), Vec<Diagnostic>> {
    let admitted = admitted(articles, config.articles.dates.undated == Undated::FirstSeen, options);
    let is_lost = |(summary, admitted): &(&ArticleSummary<'_>, &bool)| {
        let lost = [Withheld::Faulty, Withheld::Unreadable, Withheld::Undated].map(Err);
        !**admitted
            && lost.contains(&select::admit(**summary, options.now, options.preview))
            && ledger.at_path(summary.name()).is_some_and(|record| !record.pending)
    };
    let summaries = articles.summaries.iter().zip(&admitted);
    let lost: HashSet<&str> = summaries.filter(is_lost).map(|(summary, _)| summary.path()).collect();
    if lost.is_empty() {
        return Ok(());
    }
    let found = articles.diagnostics.iter().filter(|found| lost.contains(found.path.as_str()));
    let grave = |found: &Diagnostic| Diagnostic { severity: Severity::Error, ..found.clone() };
    Err(found.map(|found| grave(found).label("it is published, and stays as it was")).collect())
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

/// Where an article would be if it had that date.
fn permalink_at<'a>(summary: ArticleSummary<'a>, date: DateTime<Utc>, config: &Config) -> Cow<'a, str> {
    if summary.states_address() {
        return summary.permalink().into();
    }
    let permalink_parts = PermalinkParts { published: Some(date), ..summary.permalink_parts() };
    String::from(catalogue::permalink(&permalink_parts, None, config)).into()
}

/// Which articles may be published.
fn admitted(articles: &Articles<'_>, first_seen: bool, options: Options) -> Vec<bool> {
    let unreadable = articles.diagnostics.iter().filter(|found| found.rule == Rule::UnreadableDate);
    let unreadable: HashSet<&str> = unreadable.map(|found| found.path.as_str()).collect();
    let admit = |summary: &ArticleSummary<'_>| match select::admit(*summary, options.now, options.preview) {
        // A date that cannot be read is not no date: it may be one to come.
        Err(Withheld::Undated) => first_seen && !unreadable.contains(summary.path()),
        admitted => admitted.is_ok(),
    };
    articles.summaries.iter().map(admit).collect()
}

/// Whether the ledger must be written: not where it is as it was, also if it has other line breaks, or its lines another
/// order. What is built with drafts, or ahead of time, is not published, and so not remembered. A text that is only measured
/// can wait where the ledger is locked.
pub(super) fn must_be_written(
    before: &Ledger,
    reconciled: &Reconciled<'_>,
    options: Options,
) -> Result<bool, Error> {
    if options.preview != Preview::default() || reconciled.ledger == *before {
        return Ok(false);
    }
    if options.locked {
        let differences = differences(before, &reconciled.ledger);
        return if differences.is_empty() { Ok(false) } else { Err(Error::Publication(differences)) };
    }
    Ok(true)
}

/// The most changes that are shown one by one.
const SHOWN: usize = 20;

fn differences(before: &Ledger, after: &Ledger) -> Vec<Diagnostic> {
    let changed: Vec<String> =
        after.since(before).map(|(before, after)| difference(before, &after)).collect();
    let all = changed.len();
    let mut shown: Vec<String> = changed.into_iter().take(SHOWN).collect();
    if all > SHOWN {
        shown.push(format!("{} more articles would change", all - SHOWN));
    }
    let diagnostic = |message| {
        Diagnostic::new(Rule::LockedLedger, ledger::FILE, message)
            .label("nothing is built, since it is locked")
            .help("build once without `--locked`, and commit `feedwright.lock` with the articles")
    };
    shown.into_iter().map(diagnostic).collect()
}

/// What would change in the record of an article.
fn difference(before: Option<Record<&str>>, after: &Record<&str>) -> String {
    let path = after.path;
    let Some(before) = before else { return format!("`{path}` would be new, as `{}`", after.id) };
    if before.path != after.path {
        return format!("`{}` would be known as `{path}`", before.path);
    }
    let facts = [
        (before.gone != after.gone && after.gone.is_some(), "be marked gone"),
        (before.gone != after.gone && after.gone.is_none(), "be back"),
        (before.published != after.published, "have another date"),
        (before.updated != after.updated, "be updated"),
        (before.permalink != after.permalink, "have another address"),
        (before.title != after.title, "have another title"),
        (before.digest != after.digest, "have another text"),
    ];
    let facts: Vec<&str> = facts.into_iter().filter(|(changes, _)| *changes).map(|(_, fact)| fact).collect();
    let facts = if facts.is_empty() { "be written anew".to_owned() } else { facts.join(", ") };
    format!("`{path}` would {facts}")
}

/// Moves the last update of the published articles at `paths` to `now`, in the ledger; the next build shows it.
/// Gives the paths, relative to the articles' folder, or of those that name no published article as they came; then
/// nothing is written.
///
/// # Errors
///
/// As [`load_config`] and [`read_ledger`], and where the ledger cannot be written.
pub fn touch(
    store: &mut dyn Store,
    paths: &[String],
    now: DateTime<Utc>,
) -> Result<Result<Vec<String>, Vec<String>>, Error> {
    let config = load_config(store)?;
    let before = read_ledger(store)?;
    let mut ledger = before.clone();
    let (mut touched, mut unknown) = (Vec::new(), Vec::new());
    for path in paths {
        let name = names_of(path, &config).into_iter().find(|name| ledger.touch(name, now));
        match name {
            Some(name) => touched.push(name.to_owned()),
            None => unknown.push(path.clone()),
        }
    }
    if !unknown.is_empty() {
        return Ok(Err(unknown));
    }
    write_ledger(store, &before, &ledger)?;
    Ok(Ok(touched))
}

/// Decides that the article at `path` has the id `id` from now on.
///
/// # Errors
///
/// As [`load_config`] and [`read_ledger`], and where articles cannot be read or the ledger cannot be written. A
/// [`Refusal`] where the article cannot have that id; then nothing is written.
pub fn pin(
    store: &mut dyn Store,
    path: &str,
    id: &str,
    now: DateTime<Utc>,
) -> Result<Result<Pinned, Refusal>, Error> {
    let config = load_config(store)?;
    let before = read_ledger(store)?;
    let mut ledger = before.clone();
    let catalogue = Catalogue::open(store, &config)?;
    let Articles { summaries, .. } = catalogue.read(store, &config, &ledger, &|_| ());
    let names = names_of(path, &config);
    let is = |summary: &&ArticleSummary<'_>| {
        names.contains(&summary.name()) && summary.visibility() != Visibility::Unreadable
    };
    let Some(summary) = summaries.iter().find(is) else { return Ok(Err(Refusal::NotThere)) };
    let there: HashSet<Cow<'_, str>> = summaries.iter().map(|summary| ledger::path_of(*summary)).collect();
    let pinned = ledger.pin(*summary, id, &config.authority, &|path| there.contains(path), now);
    if pinned.as_ref().is_ok_and(|pinned| *pinned != Pinned::Already) {
        write_ledger(store, &before, &ledger)?;
    }
    Ok(pinned)
}

/// Writes the ledger. `before` is what is there.
///
/// # Errors
///
/// Where the disk refuses.
pub fn write_ledger(store: &mut dyn Store, before: &Ledger, ledger: &Ledger) -> Result<(), store::Error> {
    put_ledger(store, before, ledger)?;
    store.commit()
}

/// Means to write the ledger, and says how it is left. `before` is what is there.
///
/// Where it holds what could not be found out again, it must be on the disk before any feed that relies on it: an id
/// or a date that was given, a path that an article has left. Of a text that was edited, or a title, the next build
/// finds out the same.
pub(super) fn put_ledger(
    store: &mut dyn Store,
    before: &Ledger,
    ledger: &Ledger,
) -> Result<Left, store::Error> {
    let mut draft = store.draft(ledger::FILE)?;
    for part in ledger.parts() {
        draft.write(part.as_bytes())?;
    }
    let staged = store.stage(draft.known_to_differ())?;
    let left = Left::of(&staged);
    if ledger.since(before).any(|(before, after)| is_decision(before.as_ref(), &after)) {
        store.place_lasting(staged);
    } else {
        store.place(staged);
    }
    Ok(left)
}

fn is_decision(before: Option<&Record<&str>>, after: &Record<&str>) -> bool {
    before.is_none_or(|before| {
        (before.path, before.gone, before.pending) != (after.path, after.gone, after.pending)
            || (before.published, before.stated) != (after.published, after.stated)
            || (before.updated, before.stated_updated) != (after.updated, after.stated_updated)
            || (before.permalink, &before.former) != (after.permalink, &after.former)
    })
}

/// What a path on the command line may mean, relative to the articles' folder: it may begin there or above.
fn names_of<'a>(path: &'a str, config: &Config) -> Vec<&'a str> {
    let path = path.trim_start_matches("./");
    let below = path.strip_prefix(config.articles.path.as_str()).and_then(|rest| rest.strip_prefix('/'));
    below.into_iter().chain([path]).collect()
}
