//! Builds where some articles were edited, and nothing else has changed: their lines of the ledger, their entries, and
//! the documents that hold them.

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::{Articles, Catalogue};
use super::documents::{SHELL, common, key, recipe};
use super::entries::Workshop;
use super::last::{self, Last, Left};
use super::links::Links;
use super::logbook::{self, Logbook, LoggedDocument, LoggedEntry, LoggedFeed, Part};
use super::manifest::Manifest;
use super::{Options, Report, is_true, report};
use crate::article::ArticleSummary;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::feed::Entry;
use crate::format::{self, Extent, Fragment, Namespaces};
use crate::index::Revision;
use crate::ledger::{self, Identity, Revised, Reviser, Undated};
use crate::page::LATEST;
use crate::select::{self, Candidate};
use crate::store::{self, Staged, Store};

/// What is to be put in place.
pub(super) struct Revisal {
    /// The ledger, where it changes.
    ledger: Option<Staged>,
    documents: Vec<Staged>,
    log: Logbook,
    /// What would be reported if nothing changed any more.
    report: Report,
    /// What is said once.
    news: Vec<Diagnostic>,
}

/// An entry that was made anew, by its place in the logbook.
struct Renewed {
    place: usize,
    entry: Entry,
    extent: Extent,
    logged: LoggedEntry,
}

/// Makes what has changed; `None` where more has than texts.
pub(super) fn prepare(
    store: &dyn Store,
    config: &Config,
    catalogue: &Catalogue,
    last: &Last,
    changed: &[usize],
    options: Options,
) -> Result<Option<Revisal>, store::Error> {
    let Some((revisions, articles)) = catalogue.revise(store, config, changed) else { return Ok(None) };
    let is_out = |summary: &ArticleSummary<'_>| select::admit(*summary, options.now, options.preview).is_ok();
    // An article that states no date has one only when it is reconciled with its record.
    let first_seen = config.articles.dates.undated == Undated::FirstSeen;
    let is_dated = |revision: &Revision<'_>| !first_seen || revision.new.summary().published().is_some();
    // Of articles that are to come the report has the title.
    let is_as_reported = |revision: &Revision<'_>| {
        let (old, new) = (revision.old.summary(), revision.new.summary());
        is_out(&new) || old.title() == new.title()
    };
    let is_simple =
        |revision: &Revision<'_>| is_edited(revision) && is_dated(revision) && is_as_reported(revision);
    if !revisions.iter().all(is_simple) {
        return Ok(None);
    }
    let summaries: Vec<_> = articles.summaries.iter().copied().filter(is_out).collect();
    let editor = Reviser::new(summaries.iter().copied(), options.now, config.articles.dates);
    let Some(RevisedLedger { ledger, records }) = revise_ledger(store, last, editor)? else {
        return Ok(None);
    };
    if !records.iter().all(keeps_its_dates) {
        return Ok(None);
    }
    let candidates = summaries.into_iter().zip(&records).map(candidate).collect::<Vec<_>>();
    let Some(log) = Logbook::read(store, &last.log) else { return Ok(None) };
    let Some(renewed) = renew(store, config, catalogue, &articles, &log, &candidates)? else {
        return Ok(None);
    };
    if config.page.is_some() && !leaves_the_page(&revisions, &log, &renewed) {
        return Ok(None);
    }
    let report = revised_report(last, config, &revisions, &log, &renewed);
    let Some((log, documents)) = remake(store, catalogue, log, renewed)? else { return Ok(None) };
    let news = config.rules.apply(records.into_iter().flat_map(|record| record.news).collect());
    Ok(Some(Revisal { ledger, documents, log, report, news }))
}

/// Whether an article was edited and is what it was in all else. Where text and title are others at once, it may be
/// another article that has taken the place.
fn is_edited(revision: &Revision<'_>) -> bool {
    let (old, new) = (revision.old.summary(), revision.new.summary());
    let is_another = old.title() != new.title() && old.digest() != new.digest();
    new.is_in_the_place_of(old) && !is_another
}

fn keeps_its_dates(Revised { before, after, .. }: &Revised) -> bool {
    (before.published, before.updated, &before.id) == (after.published, after.updated, &after.id)
}

fn candidate<'a>((summary, revised): (ArticleSummary<'a>, &'a Revised)) -> Candidate<'a> {
    let record = &revised.after;
    let id = record.id.as_str().into();
    let (published, updated) = (record.published, record.updated);
    Candidate {
        summary,
        identity: Identity { id, id_is_permalink: record.id_is_permalink, published, updated },
    }
}

/// The ledger, where it changes, and what becomes of the records of the articles.
#[derive(Default)]
struct RevisedLedger {
    ledger: Option<Staged>,
    records: Vec<Revised>,
}

fn revise_ledger(
    store: &dyn Store,
    last: &Last,
    mut editor: Reviser<'_>,
) -> Result<Option<RevisedLedger>, store::Error> {
    let Some(left) = last.left.iter().find(|left| left.path == ledger::FILE) else { return Ok(None) };
    if left.stamp.is_none() {
        return Ok(Some(RevisedLedger::default()));
    }
    let mut draft = store.draft(ledger::FILE)?;
    let mut found = blake3::Hasher::new();
    store.each_piece(ledger::FILE, &mut |piece| {
        found.update(piece);
        editor.piece(piece, &mut |bytes| draft.write(bytes))
    })?;
    // What was written just before the last build ended may have been written once more without its time telling.
    if !left.is_settled(last.began) && left.digest != *found.finalize().as_bytes() {
        return Ok(None);
    }
    let Some(records) = editor.finish(&mut |bytes| draft.write(bytes))? else { return Ok(None) };
    let changes = records.iter().any(|record| record.before != record.after);
    let ledger = if changes { Some(store.stage(draft.known_to_differ())?) } else { None };
    Ok(Some(RevisedLedger { ledger, records }))
}

/// Makes the entries of candidates that some feed has looked at. `None` where they ask for other articles.
fn renew(
    store: &dyn Store,
    config: &Config,
    catalogue: &Catalogue,
    articles: &Articles<'_>,
    log: &Logbook,
    candidates: &[Candidate<'_>],
) -> Result<Option<Vec<Renewed>>, store::Error> {
    let links = Links::unknown(config);
    let workshop = Workshop { store, config, catalogue, articles, links: &links };
    let common = common(&workshop);
    let mut renewed = Vec::new();
    for candidate in candidates {
        let path = candidate.summary.path();
        let Some(place) = log.entries.iter().position(|entry| entry.path == path) else { continue };
        let rendered = workshop.render(candidate)?;
        let logged = LoggedEntry::new(path, key(candidate, &common), &rendered);
        renewed.push(Renewed { place, entry: rendered.entry, extent: rendered.extent, logged });
    }
    Ok((!links.were_asked()).then_some(renewed))
}

/// Whether no entry that may stand on the page for people is called otherwise. All else of them that it shows stays.
fn leaves_the_page(revisions: &[Revision<'_>], log: &Logbook, renewed: &[Renewed]) -> bool {
    let shown: BTreeSet<u32> =
        log.feeds.iter().flat_map(|feed| feed.entries.iter().take(LATEST)).copied().collect();
    let names = |path: &str| {
        let revision = revisions.iter().find(|revision| revision.new.summary().path() == path)?;
        Some((revision.old.summary().title(), revision.new.summary().title()))
    };
    let is_called_the_same = |renewed: &Renewed| {
        let titles = names(&renewed.logged.path).is_some_and(|(old, new)| old == new);
        let known = log.entries.get(renewed.place);
        titles && known.is_some_and(|known| known.beginning == renewed.logged.beginning)
    };
    let is_shown =
        |renewed: &&Renewed| u32::try_from(renewed.place).is_ok_and(|place| shown.contains(&place));
    renewed.iter().filter(is_shown).all(is_called_the_same)
}

/// What is to be said from now on, as long as it is so.
fn revised_report(
    last: &Last,
    config: &Config,
    revisions: &[Revision<'_>],
    log: &Logbook,
    renewed: &[Renewed],
) -> Report {
    let mut report = last.report.clone();
    let of_articles = revisions.iter().flat_map(|revision| revision.old.diagnostics());
    let of_entries = renewed.iter().filter_map(|renewed| log.entries.get(renewed.place));
    let of_entries = of_entries.flat_map(|entry| entry.diagnostics.clone());
    let old = config.rules.apply(of_articles.chain(of_entries).collect());
    report.diagnostics.retain(|found| !old.contains(found));
    let of_articles = revisions.iter().flat_map(|revision| revision.new.diagnostics());
    let of_entries = renewed.iter().flat_map(|renewed| renewed.logged.diagnostics.clone());
    let new = of_articles.filter(|found| is_true(found, config)).chain(of_entries);
    report.diagnostics.extend(config.rules.apply(new.collect()));
    report::sort(&mut report.diagnostics);
    report
}

/// Makes the documents that hold the entries. `None` where a feed would have another head, or other entries.
fn remake(
    store: &dyn Store,
    catalogue: &Catalogue,
    mut log: Logbook,
    renewed: Vec<Renewed>,
) -> Result<Option<(Logbook, Vec<Staged>)>, store::Error> {
    let places: BTreeMap<u32, &Renewed> =
        renewed.iter().filter_map(|renewed| Some((u32::try_from(renewed.place).ok()?, renewed))).collect();
    // Whether there is room for the next entry would have to be found out again.
    if !renewed.is_empty() && log.feeds.iter().any(|feed| feed.looked_at > feed.entries.len()) {
        return Ok(None);
    }
    let mut staged = Vec::new();
    let mut feeds = std::mem::take(&mut log.feeds);
    let mut remade = Vec::new();
    for (number, feed) in feeds.iter_mut().enumerate() {
        if !feed.entries.iter().any(|place| places.contains_key(place)) {
            continue;
        }
        let Some(documents) = remake_feed(store, feed, &places)? else { return Ok(None) };
        staged.extend(documents);
        remade.push(number);
    }
    for Renewed { place, logged, .. } in renewed {
        if let Some(entry) = log.entries.get_mut(place) {
            *entry = logged;
        }
    }
    for number in remade {
        let Some(feed) = feeds.get_mut(number) else { continue };
        let entries = feed.entries.iter().filter_map(|place| log.entries.get(*place as usize));
        feed.recipe = recipe(&feed.shell, entries.map(LoggedEntry::digest));
    }
    (log.feeds, log.began) = (feeds, catalogue.began());
    Ok(Some((log, staged)))
}

fn remake_feed(
    store: &dyn Store,
    feed: &mut LoggedFeed,
    places: &BTreeMap<u32, &Renewed>,
) -> Result<Option<Vec<Staged>>, store::Error> {
    let mut staged = Vec::new();
    let only = feed.entries.len() == 1;
    for document in &mut feed.documents {
        let fragment = |place: &u32| {
            let renewed = places.get(place)?;
            Some(format::fragment(document.format, &renewed.entry, renewed.extent.max(feed.extent)))
        };
        let fragments: Vec<Option<Fragment>> = feed.entries.iter().map(fragment).collect();
        let before: Namespaces = document.parts.iter().map(|part| part.namespaces).collect();
        let parts = document.parts.iter().zip(&fragments);
        let after: Namespaces = parts
            .clone()
            .map(|(part, fragment)| fragment.as_ref().map_or(part.namespaces, |fragment| fragment.namespaces))
            .collect();
        let length = |(part, fragment): (&Part, &Option<Fragment>)| {
            fragment.as_ref().map_or(part.length as usize, |fragment| fragment.bytes.len()) + 2
        };
        let size: usize = SHELL + parts.map(length).sum::<usize>();
        if before != after || (size > feed.max_bytes && !only) {
            return Ok(None);
        }
        staged.push(splice(store, document, &fragments)?);
    }
    Ok(Some(staged))
}

/// The same document with other fragments in the places of its own.
fn splice(
    store: &dyn Store,
    document: &mut LoggedDocument,
    fragments: &[Option<Fragment>],
) -> Result<Staged, store::Error> {
    let mut draft = store.draft(&document.path)?;
    let mut copied = 0;
    for (part, fragment) in document.parts.iter_mut().zip(fragments) {
        let old = part.start..part.start + u64::from(part.length);
        let Some(fragment) = fragment else {
            // It moves by as much as what is before it has become longer.
            part.start = old.start - copied + draft.length();
            continue;
        };
        store.copy(&document.path, copied..old.start, &mut draft)?;
        copied = old.end;
        part.start = draft.length();
        part.length = u32::try_from(fragment.bytes.len()).unwrap_or(u32::MAX);
        part.namespaces = fragment.namespaces;
        draft.write(&fragment.bytes)?;
    }
    let end = store.size(&document.path).unwrap_or(copied);
    store.copy(&document.path, copied..end, &mut draft)?;
    let staged = store.stage(draft)?;
    (document.digest, document.stamp) = (staged.digest, staged.stamp);
    Ok(staged)
}

impl Revisal {
    /// Puts everything in its place.
    pub(super) fn put(
        self,
        store: &mut dyn Store,
        catalogue: &Catalogue,
        mut last: Last,
    ) -> Result<Report, store::Error> {
        let Self { ledger, documents, log, report, news } = self;
        let mut manifest = Manifest::going_on(store);
        let written = documents.iter().filter(|staged| staged.differs()).count();
        for staged in ledger.iter().chain(&documents) {
            last.leave(Left::of(staged));
        }
        for staged in &documents {
            manifest.add(staged.path(), &staged.digest, staged.differs());
        }
        for staged in ledger.into_iter().chain(documents) {
            store.place(staged);
        }
        manifest.finish(store)?;
        last.began = catalogue.began();
        last.look_again(&log);
        last.report = report;
        let written_log = log.write();
        last.log = blake3::hash(&written_log).into();
        let mut caches: Vec<_> =
            catalogue.changed_index().map(|(path, bytes)| (path, bytes.to_vec())).collect();
        caches.push((logbook::FILE, written_log));
        caches.push((last::FILE, last.write(&catalogue.listing().files)));
        for (path, bytes) in caches {
            let staged = super::staged(store, path, &bytes)?;
            store.place(staged);
        }
        store.commit()?;
        let mut report = last.report;
        report.written = written;
        report.unchanged = report.documents - written;
        report.diagnostics.extend(news);
        report::sort(&mut report.diagnostics);
        Ok(report)
    }
}
