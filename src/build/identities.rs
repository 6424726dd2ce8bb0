//! The ledger's part in a build: read first, put first, and never written where it did not change.
//!
//! A build puts the ledger before any feed, and a store moves into place in the order in which it was given. So if
//! the process dies on the way, the ledger is either the old one, and so is every feed; or it is the new one, and
//! some feeds are old. In the second case the next build finds every id and date as they were going to be and writes
//! the feeds that are still missing. Nothing is announced twice. Were the feeds first, an id that was handed on, or
//! the date of an article that states none, could be out in the world and nowhere on record.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use rayon::prelude::*;
use url::Url;

use super::sources::{self, Sources};
use super::{Error, Options, entries, load_config};
use crate::article::Article;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Rule};
use crate::ledger::{self, Known, Ledger, Pinned, Reconciled, Record, Refusal, Undated};
use crate::select::{self, Preview, Withheld};
use crate::store::Store;

/// Reads the ledger of a publication; an empty one where there is none.
///
/// # Errors
///
/// [`Error::Publication`] with every damaged line, [`Error::Store`] where it cannot be read.
pub fn read_ledger(store: &dyn Store) -> Result<Ledger, Error> {
    match store.read(ledger::FILE) {
        Ok(bytes) => Ledger::read(&bytes).map_err(Error::Publication),
        Err(error) if error.is_not_found() => Ok(Ledger::default()),
        Err(error) => Err(Error::Store(error)),
    }
}

/// Gives each article that may be published its identity, and those without a date the one of their identity.
pub(super) fn reconcile(
    ledger: &Ledger,
    sources: &mut Sources,
    config: &Config,
    options: Options,
) -> Reconciled {
    let first_seen = config.articles.dates.undated == Undated::FirstSeen;
    let admitted = admitted(sources, first_seen, options);
    if !first_seen {
        return once(ledger, sources, &sources.articles, &admitted, config, options.now);
    }
    // The address of an article may hold its date, and one that states none has a date only when it is reconciled:
    // it is supposed to be that of the record at its path, and looked at again where it turns out to be another.
    sources.diagnostics.retain(|found| found.rule != Rule::MissingDate);
    let live = ledger.records().filter(|record| record.gone.is_none() && !record.pending);
    let remembered: HashMap<&str, _> = live.map(|record| (record.path.as_str(), record.published)).collect();
    let mut dated = sources.articles.clone();
    for (article, _) in dated.iter_mut().zip(&admitted).filter(|(_, admitted)| **admitted) {
        let supposed = || remembered.get(ledger::path_of(article).as_str()).copied().unwrap_or(options.now);
        article.published = Some(article.published.unwrap_or_else(supposed));
    }
    let mut reconciled = once(ledger, sources, &dated, &admitted, config, options.now);
    if date(&mut dated, sources, &reconciled) {
        reconciled = once(ledger, sources, &dated, &admitted, config, options.now);
    }
    sources.articles = dated;
    reconciled
}

/// Which articles may be published.
fn admitted(sources: &Sources, first_seen: bool, options: Options) -> Vec<bool> {
    let unreadable = sources.diagnostics.iter().filter(|found| found.rule == Rule::UnreadableDate);
    let unreadable: HashSet<&str> = unreadable.map(|found| found.path.as_str()).collect();
    let admit = |article: &Article| match select::admit(article, options.now, options.preview) {
        // A date that cannot be read is not no date: it may be one to come.
        Err(Withheld::Undated) => first_seen && !unreadable.contains(article.path.as_str()),
        admitted => admitted.is_ok(),
    };
    sources.articles.iter().map(admit).collect()
}

/// Gives articles that state no date that of their identity. Says whether any had another.
fn date(dated: &mut [Article], sources: &Sources, reconciled: &Reconciled) -> bool {
    let mut changed = false;
    for ((dated, stated), identity) in dated.iter_mut().zip(&sources.articles).zip(&reconciled.identities) {
        let found = stated.published.or(identity.as_ref().map(|identity| identity.published));
        changed |= found != dated.published;
        dated.published = found;
    }
    changed
}

/// Reconciles what articles state, at the addresses that they have with the dates of `dated`.
fn once(
    ledger: &Ledger,
    sources: &Sources,
    dated: &[Article],
    admitted: &[bool],
    config: &Config,
    now: DateTime<Utc>,
) -> Reconciled {
    let permalinks: Vec<Url> = dated.par_iter().map(|article| entries::permalink(article, config)).collect();
    let articles = sources.articles.iter().zip(&permalinks).zip(admitted);
    let known = articles.map(|((article, permalink), &admitted)| Known { article, permalink, admitted });
    // A file that cannot be read just now is there all the same.
    let home = &config.publication.home;
    let unread = sources.unread.iter().map(|article| Known { article, permalink: home, admitted: false });
    let known: Vec<Known<'_>> = known.chain(unread).collect();
    let mut reconciled = ledger::reconcile(ledger, &known, &config.authority, now, config.articles.dates);
    reconciled.identities.truncate(sources.articles.len());
    reconciled
}

/// The ledger as it must be written; `None` where it is as it was, also if it has other line breaks, or its lines
/// another order. What is built with drafts, or ahead of time, is not published, and so not remembered.
pub(super) fn to_remember(
    before: &Ledger,
    reconciled: &Reconciled,
    options: Options,
) -> Result<Option<String>, Error> {
    if options.preview != Preview::default() || reconciled.ledger == *before {
        return Ok(None);
    }
    if options.locked {
        return Err(Error::Publication(differences(before, &reconciled.ledger)));
    }
    Ok(Some(reconciled.ledger.write()))
}

/// The most changes that are shown one by one.
const SHOWN: usize = 20;

fn differences(before: &Ledger, after: &Ledger) -> Vec<Diagnostic> {
    let changed: Vec<String> =
        after.records().filter_map(|record| difference(before.get(&record.id), record)).collect();
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
fn difference(before: Option<&Record>, after: &Record) -> Option<String> {
    let path = &after.path;
    let Some(before) = before else { return Some(format!("`{path}` would be new, as `{}`", after.id)) };
    if before == after {
        return None;
    }
    if before.path != after.path {
        return Some(format!("`{}` would be known as `{path}`", before.path));
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
    Some(format!("`{path}` would {facts}"))
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
    let mut ledger = read_ledger(store)?;
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
    write(store, &ledger)?;
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
    let mut ledger = read_ledger(store)?;
    let sources = sources::read(store, &config, &|_| ())?;
    let names = names_of(path, &config);
    let is = |article: &&Article| names.contains(&article.name.as_str());
    let Some(article) = sources.articles.iter().find(is) else { return Ok(Err(Refusal::NotThere)) };
    let there: HashSet<String> =
        sources.articles.iter().chain(&sources.unread).map(ledger::path_of).collect();
    let permalink = entries::permalink(article, &config);
    let pinned = ledger.pin(article, &permalink, id, &config.authority, &|path| there.contains(path), now);
    if pinned.as_ref().is_ok_and(|pinned| *pinned != Pinned::Already) {
        write(store, &ledger)?;
    }
    Ok(pinned)
}

fn write(store: &mut dyn Store, ledger: &Ledger) -> Result<(), Error> {
    store.put(ledger::FILE, ledger.write().as_bytes())?;
    Ok(store.commit()?)
}

/// What a path on the command line may mean, relative to the articles' folder: it may begin there or above.
fn names_of<'a>(path: &'a str, config: &Config) -> Vec<&'a str> {
    let path = path.trim_start_matches("./");
    let below = path.strip_prefix(config.articles.path.as_str()).and_then(|rest| rest.strip_prefix('/'));
    below.into_iter().chain([path]).collect()
}
