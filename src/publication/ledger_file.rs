//! The ledger's file: read first, put first, and never written where it did not change.
//!
//! A build puts the ledger before any feed, and a store moves into place in the order in which it was given. So if
//! the process dies on the way, the ledger is either the old one, and so is every feed; or it is the new one, and
//! some feeds are old. In the second case the next build finds every id and date as they were going to be and writes
//! the feeds that are still missing. Nothing is announced twice. Were the feeds first, an id that was handed on, or
//! the date of an article that states none, could be out in the world and nowhere on record.

use std::borrow::Cow;
use std::collections::HashSet;

use chrono::{DateTime, Utc};

use super::identities::Identified;
use super::{Error, Options, Publication};
use crate::article::{ArticleSummary, Visibility};
use crate::cache::FileState;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Rule};
use crate::ledger::{self, Ledger, Pinned, Record, Refusal};
use crate::select::Preview;
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

impl Publication {
    /// The ledger as it must be written; `None` where it is as it was, also if it has other line breaks, or its lines
    /// another order. What is built with drafts, or ahead of time, is not published, and so not remembered. A text that is
    /// only measured can wait where the ledger is locked.
    ///
    /// # Errors
    ///
    /// The changes, one a line, if the ledger is locked and would change.
    pub(super) fn ledger_to_write<'a>(
        &self,
        identified: &'a Identified<'_>,
    ) -> Result<Option<&'a Ledger>, Error> {
        let after = &identified.reconciled.ledger;
        if self.options.preview != Preview::default() || *after == self.ledger {
            return Ok(None);
        }
        if self.options.locked {
            let differences = differences(&self.ledger, after);
            return if differences.is_empty() { Ok(None) } else { Err(Error::Publication(differences)) };
        }
        Ok(Some(after))
    }
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

/// Difference between two records of an article, as a sentence for its author.
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
/// As [`Publication::open`], and where the ledger cannot be written.
pub fn touch(
    store: &mut dyn Store,
    paths: &[String],
    now: DateTime<Utc>,
) -> Result<Result<Vec<String>, Vec<String>>, Error> {
    let Publication { config, ledger: before, .. } = Publication::open(store, Options::at(now))?;
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
/// As [`Publication::open`], and where the ledger cannot be written. A [`Refusal`] where the article cannot have that
/// id; then nothing is written.
pub fn pin(
    store: &mut dyn Store,
    path: &str,
    id: &str,
    now: DateTime<Utc>,
) -> Result<Result<Pinned, Refusal>, Error> {
    let publication = Publication::open(store, Options::at(now))?;
    let summaries = publication.articles(store, &|_| ()).summaries;
    let names = names_of(path, &publication.config);
    let is = |summary: &&ArticleSummary<'_>| {
        names.contains(&summary.name()) && summary.visibility() != Visibility::Unreadable
    };
    let Some(summary) = summaries.iter().find(is) else { return Ok(Err(Refusal::NotThere)) };
    let there: HashSet<Cow<'_, str>> = summaries.iter().map(|summary| ledger::path_of(*summary)).collect();
    let mut ledger = publication.ledger.clone();
    let authority = &publication.config.authority;
    let pinned = ledger.pin(*summary, id, authority, &|path| there.contains(path), now);
    if pinned.as_ref().is_ok_and(|pinned| *pinned != Pinned::Already) {
        write_ledger(store, &publication.ledger, &ledger)?;
    }
    Ok(pinned)
}

/// Writes the ledger. `before` is what is there.
///
/// # Errors
///
/// If the disk refuses.
pub fn write_ledger(store: &mut dyn Store, before: &Ledger, ledger: &Ledger) -> Result<(), store::Error> {
    stage_ledger(store, before, ledger)?;
    store.commit()
}

/// Means to write the ledger where it changes, and says how it is left. `before` is what is there, and `began` the clock
/// of the build.
pub(super) fn put_ledger(
    store: &mut dyn Store,
    before: &Ledger,
    changed: Option<&Ledger>,
    began: i64,
) -> Result<FileState, store::Error> {
    match changed {
        Some(changed) => stage_ledger(store, before, changed),
        None => Ok(FileState::found(store, ledger::FILE, began)),
    }
}

/// Means to write the ledger, and says how it is left.
///
/// Writes the ledger and puts it in place. A ledger with something that could not be found out again must be
/// on the disk before any feed that relies on it: an id or a date that was given, a path that an article has
/// left. Of a text that was edited, or a title, the next build finds out the same.
fn stage_ledger(store: &mut dyn Store, before: &Ledger, ledger: &Ledger) -> Result<FileState, store::Error> {
    let mut draft = store.draft(ledger::FILE)?;
    for part in ledger.parts() {
        draft.write(part.as_bytes())?;
    }
    let staged = store.stage(draft.known_to_differ())?;
    let state = FileState::of(&staged);
    if ledger.since(before).any(|(before, after)| is_decision(before.as_ref(), &after)) {
        store.place_lasting(staged);
    } else {
        store.place(staged);
    }
    Ok(state)
}

fn is_decision(before: Option<&Record<&str>>, after: &Record<&str>) -> bool {
    before.is_none_or(|before| {
        (before.path, before.gone, before.pending) != (after.path, after.gone, after.pending)
            || (before.published, before.stated) != (after.published, after.stated)
            || (before.updated, before.stated_updated) != (after.updated, after.stated_updated)
            || (before.permalink, &before.former) != (after.permalink, &after.former)
    })
}

/// Names that a path on the command line may mean, relative to the articles' folder: it may begin there or
/// above.
fn names_of<'a>(path: &'a str, config: &Config) -> Vec<&'a str> {
    let path = path.trim_start_matches("./");
    let below = path.strip_prefix(config.articles.path.as_str()).and_then(|rest| rest.strip_prefix('/'));
    below.into_iter().chain([path]).collect()
}
