//! From articles to feeds: the story, told once.

use rayon::prelude::*;

use super::admission::{Admitted, admit};
use super::build_plan::BuildPlan;
use super::documents::DocumentWriter;
use super::entries::EntryRenderer;
use super::html::HtmlPages;
use super::identities::Identified;
use super::ledger_file::put_ledger;
use super::links::Links;
use super::proof::Proof;
use super::selected::Selected;
use super::{Error, Event, Options, Publication, Report, Sources, Step, Watch, again, report};
use crate::cache::{self, DocumentCache, FileState, Manifest, PastDocuments};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::ledger::Ledger;
use crate::plan;
use crate::select::{self, Selections};
use crate::store::{self, Staged, Store};

/// Builds the feeds of the publication in `store`.
///
/// # Errors
///
/// [`Error::Publication`] where `feedwright.toml` is missing or faulty, where the ledger is damaged, or is locked and
/// would change, where subscribers would see again what they have read and [`Options::allow_reissue`] is not set, or
/// where [`Options::keep_published`] cannot be had; [`Error::Store`] where the disk refuses. Either way every old file is
/// as it was. Faults of single articles are no errors: they are in the report, and cost no other article its place.
///
/// ```
/// use feedwright::{publication, store::{Memory, Store}};
/// let mut store = Memory::new([
///     ("feedwright.toml", "[publication]\ntitle = 'News'\nhome = 'https://example.org/'\n\
///                          [identity]\nauthority = 'example.org'\ndate = '2026'\n"),
///     ("articles/hello.md", "---\ndate: 2026-01-01\n---\n# Hello\n\nWorld.\n"),
/// ]);
/// let now = "2026-11-22T00:00:00Z".parse().unwrap();
/// let report = publication::build(&mut store, publication::Options::at(now), &|_| ()).unwrap();
/// assert_eq!((report.entries, report.written), (1, 6));
/// assert!(store.size("feeds/rss.xml").is_some() && store.size("feeds/index.html").is_some());
/// ```
pub fn build(store: &mut dyn Store, options: Options, watch: Watch<'_>) -> Result<Report, Error> {
    build_with_config(store, options, watch).map(|(report, _)| report)
}

/// As [`build`], and gives the configuration too, for whoever goes on with what was built.
///
/// # Errors
///
/// As [`build`].
pub fn build_with_config(
    store: &mut dyn Store,
    options: Options,
    watch: Watch<'_>,
) -> Result<(Report, Config), Error> {
    let built = build_unless_refused(store, options, watch);
    if built.is_err() {
        store.abandon();
    }
    built
}

/// The report of a build, and the configuration that it was made with.
type Built = Result<(Report, Config), Error>;

fn build_unless_refused(store: &mut dyn Store, options: Options, watch: Watch<'_>) -> Built {
    watch(Event::Begins(Step::Walk));
    let sources = Sources::list(store)?;
    watch(Event::Begins(Step::Compare));
    if let Some(report) = again::unchanged(store, &sources, options)? {
        return Ok((report, sources.config));
    }
    watch(Event::Begins(Step::Walk));
    let publication = Publication::of(sources, store, options)?;
    let articles = publication.articles(store, watch);
    publication.keep_published(&articles)?;
    watch(Event::Begins(Step::Ledger));
    let identified = publication.identify(&articles);
    let ledger = publication.ledger_to_write(&identified)?;
    watch(Event::Begins(Step::Select));
    let Admitted { mut candidates, mut report } = admit(&identified, options);
    let Selections { feeds: selections, displaced, diagnostics } =
        select::select(&publication.config, &candidates);
    let collisions = displaced.iter().map(|displaced| displaced.diagnostic.clone());
    report.diagnostics.extend(diagnostics.into_iter().chain(collisions));
    select::mark_pages(&publication.config, &selections, &mut candidates);
    let selected = Selected {
        publication: &publication,
        articles: &articles,
        identified: &identified,
        candidates: &candidates,
        selections: &selections,
        displaced: &displaced,
    };
    let mut plan = render(store, selected, watch)?;
    watch(Event::Begins(Step::Write));
    let refused = guard(store, &plan, options)?;
    plan.report(&mut report);
    let report = put(store, plan, report, ledger)?;
    let report = with_news(report, &publication.config, &identified, refused);
    Ok((report, publication.config))
}

/// Diagnostics of what subscribers would notice, where the options let it pass; else they are the error.
fn guard(store: &dyn Store, plan: &BuildPlan<'_>, options: Options) -> Result<Vec<Diagnostic>, Error> {
    let refused = plan.guard(store);
    if !refused.is_empty() && !options.allow_reissue {
        return Err(Error::Publication(refused));
    }
    let occupied = plan.occupied(store, options.allow_reissue);
    if occupied.is_empty() { Ok(refused) } else { Err(Error::Publication(occupied)) }
}

/// Makes all documents that have changed. None is in its place yet.
fn render<'a>(
    store: &dyn Store,
    selected: Selected<'a>,
    watch: Watch<'_>,
) -> Result<BuildPlan<'a>, store::Error> {
    let Selected { publication, identified, .. } = selected;
    let links = Links::new(&identified.summaries, &publication.config, publication.options);
    let renderer = EntryRenderer { store, selected, links: &links };
    let past = PastDocuments::read(store);
    let written = DocumentWriter { renderer, past: &past, watch }.write()?;
    watch(Event::Begins(Step::Write));
    let manifest = Manifest::read(store);
    let html = HtmlPages { store, selected, written: &written, manifest: &manifest }.make()?;
    Ok(BuildPlan::new(selected, written, html, manifest))
}

/// Puts everything in its place: the ledger before the feeds that rely on it (see `ledger_file`), and last what only
/// saves time. `report` is what another build would say that changes nothing.
fn put(
    store: &mut dyn Store,
    plan: BuildPlan<'_>,
    report: Report,
    ledger: Option<&Ledger>,
) -> Result<Report, store::Error> {
    let BuildPlan { selected, mut written, html, manifest } = plan;
    let Selected { publication, identified, .. } = selected;
    let catalogue = &publication.catalogue;
    let mut state = publication.state(store, identified, report);
    state.files.push(put_ledger(store, &publication.ledger, ledger, catalogue.began())?);
    state.files.extend(written.files().into_iter().chain(html.files));
    written.cache.entries.iter().for_each(|entry| state.places.extend(&entry.consulted.places));
    let (documents, changed) = (manifest.documents(), manifest.written());
    for staged in written.staged().chain(html.staged) {
        store.place(staged);
    }
    let removed = manifest.finish(store)?;
    state.files.extend(removed.iter().map(|path| FileState::gone(path)));
    let (past, last) = (DocumentCache::file(), again::file(&publication.config_digest, publication.options));
    let (documents_cache, state_cache) = (past.write(&written.cache), last.write(&state));
    let caches = [(past.path(), documents_cache.as_slice()), (last.path(), &state_cache)];
    let proof = publication.proof.get().and_then(Proof::to_remember);
    put_caches(store, catalogue.changed_index().chain(proof).chain(caches).collect())?;
    for path in catalogue.stale_index().iter().cloned().chain(cache::obsolete(store)) {
        store.remove(&path)?;
    }
    store.commit()?;
    let unchanged = documents - changed;
    Ok(Report { written: changed, unchanged, removed: removed.len(), ..state.report })
}

/// Puts files of the cache, several made at a time. They are written because they have changed.
fn put_caches(store: &mut dyn Store, caches: Vec<(&str, &[u8])>) -> Result<(), store::Error> {
    let view: &dyn Store = store;
    let stage = |(path, bytes): (&str, &[u8])| {
        let mut draft = view.draft(path)?;
        draft.write(bytes)?;
        view.stage(draft.known_to_differ())
    };
    let staged = caches.into_par_iter().map(stage).collect::<Result<Vec<Staged>, store::Error>>()?;
    for staged in staged {
        store.place(staged);
    }
    Ok(())
}

/// Adds to a report what is said once: it is no longer so for the next build.
fn with_news(
    mut report: Report,
    config: &Config,
    identified: &Identified<'_>,
    refused: Vec<Diagnostic>,
) -> Report {
    let reconciled = &identified.reconciled;
    report.renamed.clone_from(&reconciled.renamed);
    report.diagnostics.extend(config.rules.apply(reconciled.news.clone()));
    report::sort(&mut report.diagnostics);
    report.diagnostics.extend(plan::let_through(refused));
    report
}
