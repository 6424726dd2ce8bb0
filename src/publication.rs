//! From articles to feeds: the story, told once. It has no disk, network or clock of its own.

mod again;
mod attachments;
mod catalogue;
mod dialect;
mod documents;
mod edition;
mod entries;
mod fragments;
mod front;
mod identities;
mod last;
mod links;
mod logbook;
mod manifest;
mod neighbours;
mod offers;
mod page;
mod proof;
mod redirects;
mod report;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::hash::{DefaultHasher, Hasher};

use chrono::{DateTime, Utc};
use rayon::prelude::*;

use crate::article::{ArticleSummary, Dialect};
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Rule};
use crate::ledger::{self, Identity};
use crate::plan;
use crate::select::{self, Candidate, Preview, Withheld};
use crate::store::{self, Staged, Store};

use documents::Press;
use edition::Edition;
use entries::Workshop;
use front::Porch;
use identities::{Identified, put_ledger};
use last::{Last, Left, Terms};
use links::Links;
use logbook::Past;
use manifest::Manifest;

pub use catalogue::{Articles, Catalogue};
pub use identities::{pin, read_ledger, touch, write_ledger};
pub use manifest::documents;
pub use offers::offers;
pub use redirects::{Redirect, redirects};
pub use report::Report;

/// What differs between two builds of one publication.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Articles due later are withheld.
    pub now: DateTime<Utc>,
    /// What is let in beside published articles.
    pub preview: Preview,
    /// Whether the ledger must stay as it is.
    pub locked: bool,
    /// Whether to go on where subscribers would see again what they have read.
    pub allow_reissue: bool,
    /// Whether to stop where an article that is published can no longer be understood, as while somebody is writing it.
    /// Otherwise it is withheld until it can.
    pub keep_published: bool,
}

impl Options {
    /// An ordinary build at that instant.
    pub fn at(now: DateTime<Utc>) -> Self {
        Self { now, preview: Preview::default(), locked: false, allow_reissue: false, keep_published: false }
    }
}

/// Why nothing was built.
#[derive(Debug)]
pub enum Error {
    /// The publication has faults that stop it.
    Publication(Vec<Diagnostic>),
    /// The world refused. Every old file is as it was.
    Store(store::Error),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Publication(diagnostics) => {
                write!(formatter, "the publication has {} faults", diagnostics.len())
            }
            Self::Store(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for Error {}

/// A part of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Configuration and ledger are read, and files listed.
    Walk,
    /// New and changed articles are read.
    Read,
    /// What was read is understood.
    Parse,
    /// Articles are paired with their identities.
    Ledger,
    /// Feeds choose their articles.
    Select,
    /// Chosen articles become entries.
    Render,
    /// Documents are made and put in place.
    Write,
}

impl Step {
    /// All of them, in their order.
    pub const ALL: [Self; 7] =
        [Self::Walk, Self::Read, Self::Parse, Self::Ledger, Self::Select, Self::Render, Self::Write];

    /// Its name: `walk`, `read`, `parse`, `ledger`, `select`, `render` or `write`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Walk => "walk",
            Self::Read => "read",
            Self::Parse => "parse",
            Self::Ledger => "ledger",
            Self::Select => "select",
            Self::Render => "render",
            Self::Write => "write",
        }
    }
}

/// What whoever watches a build is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A step begins, or goes on, and with that the one before ends or pauses.
    Begins(Step),
    /// While articles are read, several at a time: this thread begins to read the next, or to parse what it has read.
    Turns(Step),
    /// So many articles of a step are done, of so many.
    Progress(usize, usize),
}

/// Somebody who watches a build.
pub type Watch<'a> = &'a (dyn Fn(Event) + Sync);

/// Builds the feeds of the publication in `store`.
///
/// # Errors
///
/// [`Error::Publication`] where `feedwright.toml` is missing or faulty, where the ledger is damaged, or is locked and
/// would change, where subscribers would see again what they have read and [`Options::allow_reissue`] is not set, or
/// where [`Options::keep_published`] cannot be had; [`Error::Store`] where the disk refuses. Either way every old file is as it was. Faults of single articles are no
/// errors: they are in the report, and cost no other article its place.
///
/// ```
/// use feedwright::{build, store::{Memory, Store}};
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
    let report = build_unless_refused(store, options, watch);
    if report.is_err() {
        store.abandon();
    }
    report
}

fn build_unless_refused(store: &mut dyn Store, options: Options, watch: Watch<'_>) -> Result<Report, Error> {
    watch(Event::Begins(Step::Walk));
    let (config, digest) = read_config(store)?;
    let listing = catalogue::list(store, &config)?;
    let built = proof::list(store, &config)?;
    if let Some(report) = again::unchanged(store, &config, &digest, (&listing, built.as_ref()), options)? {
        return Ok(report);
    }
    let catalogue = Catalogue::of(store, &config, listing);
    let ledger = read_ledger(store)?;
    let articles = catalogue.read(store, &config, &ledger, watch);
    let proof = proof::prove(store, &config, &ledger, &articles.summaries, built.as_ref(), options);
    let articles = proof.applied_to(articles);
    if options.keep_published {
        identities::keep(&ledger, &articles, &config, options).map_err(Error::Publication)?;
    }
    watch(Event::Begins(Step::Ledger));
    let Identified { reconciled, dated } = identities::reconcile(&ledger, &articles, &config, options);
    let ledger_changes = identities::must_be_written(&ledger, &reconciled, options)?;
    let summaries = identities::with(&articles.summaries, &dated);
    watch(Event::Begins(Step::Select));
    let Admitted { mut report, candidates } = admit(&summaries, &reconciled.identities, options);
    report.diagnostics.extend(articles.diagnostics.iter().cloned());
    report.diagnostics.extend(reconciled.diagnostics);
    let (selections, collisions) = select::select(&config, &candidates);
    report.diagnostics.extend(collisions);

    let links = Links::new(&summaries, &config);
    let workshop =
        Workshop { store, config: &config, catalogue: &catalogue, articles: &articles, links: &links };
    let past = Past::read(store);
    let press = Press { workshop, candidates: &candidates, selections: &selections, past: &past, watch };
    let mut printed = press.print()?;
    report.diagnostics.append(&mut printed.diagnostics);
    watch(Event::Begins(Step::Write));
    let manifest = Manifest::read(store);
    let (selections, candidates, began) = (&*selections, &*candidates, catalogue.began());
    let porch = Porch {
        store,
        config: &config,
        selections,
        candidates,
        printed: &printed,
        manifest: &manifest,
        began,
    };
    let mut front = porch.make()?;
    report.diagnostics.append(&mut front.diagnostics);
    let edition = Edition { config: &config, selections, candidates, printed: &printed, front: &front };
    let manifest = edition.manifest(manifest);
    let withheld = ids_of_withheld(&summaries, &reconciled.identities, &config);
    let refused = edition.guard(store, &manifest, (&ledger, &reconciled.ledger), &withheld);
    if !refused.is_empty() && !options.allow_reissue {
        return Err(Error::Publication(refused));
    }
    edition.report(&mut report, &manifest);
    report.diagnostics = config.rules.apply(std::mem::take(&mut report.diagnostics));
    report::sort(&mut report.diagnostics);
    let mut last = Last::new(
        catalogue.began(),
        Terms::new(digest, &summaries, options),
        &summaries,
        catalogue.listing(),
    );
    last.circumstances = dialect::circumstances(store, &config);
    last.built = proof.fingerprint(built.as_ref(), catalogue.began());
    last.places = Catalogue::authors(store, &config);
    last.rest_on(&printed.log);
    report.next_change = last.terms.until();
    last.report = report;
    // The ledger takes its place before the feeds that rely on it; see `identities`.
    last.left.push(if ledger_changes {
        put_ledger(store, &ledger, &reconciled.ledger)?
    } else {
        Left::found(store, ledger::FILE, catalogue.began())
    });
    let (documents, written) = (manifest.documents(), manifest.written());
    last.left.extend(edition.left());
    for staged in printed.staged().chain(front.staged) {
        store.place(staged);
    }
    let removed = manifest.finish(store)?;
    last.left.extend(removed.iter().map(|path| Left::gone(path)));
    // What only saves time comes last.
    let log = printed.log.write();
    let remembered = last.write(&catalogue.listing().files);
    let caches = [(logbook::FILE, log.as_slice()), (last::FILE, remembered.as_slice())];
    let caches: Vec<_> = catalogue.changed_index().chain(proof.to_remember()).chain(caches).collect();
    let staged = caches.into_par_iter().map(|(path, bytes)| staged(store, path, bytes));
    for staged in staged.collect::<Result<Vec<_>, _>>()? {
        store.place(staged);
    }
    for path in catalogue.stale_index() {
        store.remove(path)?;
    }
    store.commit()?;

    let removed = removed.len();
    let mut report = Report { written, unchanged: documents - written, removed, ..last.report };
    report.renamed = reconciled.renamed;
    report.diagnostics.extend(config.rules.apply(reconciled.news));
    report::sort(&mut report.diagnostics);
    report.diagnostics.extend(plan::let_through(refused));
    Ok(report)
}

/// A file of the cache, which is written because it has changed.
fn staged(store: &dyn Store, path: &str, bytes: &[u8]) -> Result<Staged, store::Error> {
    let mut draft = store.draft(path)?;
    draft.write(bytes)?;
    store.stage(draft.known_to_differ())
}

/// Articles that may be published, and what is to be said of the others.
struct Admitted<'a> {
    candidates: Vec<Candidate<'a>>,
    report: Report,
}

fn admit<'a>(
    summaries: &[ArticleSummary<'a>],
    identities: &[Option<Identity<'a>>],
    options: Options,
) -> Admitted<'a> {
    let mut report = Report { articles: summaries.len(), ..Report::default() };
    let mut candidates = Vec::with_capacity(summaries.len());
    for (&summary, identity) in summaries.iter().zip(identities) {
        match (select::admit(summary, options.now, options.preview), identity) {
            (Ok(()), Some(identity)) => candidates.push(Candidate { summary, identity: identity.clone() }),
            (Ok(()), None) => report.withhold(summary, Withheld::Undated),
            (Err(reason), _) => report.withhold(summary, reason),
        }
    }
    report.diagnostics.extend(duplicate_addresses(&candidates));
    Admitted { candidates, report }
}

/// The ids that articles had, or would have, that are withheld.
fn ids_of_withheld(
    summaries: &[ArticleSummary<'_>],
    identities: &[Option<Identity<'_>>],
    config: &Config,
) -> BTreeSet<String> {
    let id = |summary: &ArticleSummary<'_>| {
        let stated = summary.id().and_then(|stated| config.authority.id_as_stated(stated));
        stated.unwrap_or_else(|| config.authority.id_of_path(summary.name()))
    };
    let withheld = summaries.iter().zip(identities).filter(|(_, identity)| identity.is_none());
    withheld.map(|(summary, _)| id(summary)).collect()
}

/// Reads `feedwright.toml`.
///
/// # Errors
///
/// [`Error::Publication`] where it is missing or faulty, [`Error::Store`] where it cannot be read.
pub fn load_config(store: &dyn Store) -> Result<Config, Error> {
    read_config(store).map(|(config, _)| config)
}

/// The configuration, and a digest of its file.
fn read_config(store: &dyn Store) -> Result<(Config, [u8; 32]), Error> {
    let fault = |message: &str, help: &str| {
        let diagnostic = Diagnostic::new(Rule::Configuration, config::FILE, message).help(help);
        Error::Publication(vec![diagnostic])
    };
    let bytes = store.read(config::FILE).map_err(|error| {
        if error.is_not_found() {
            fault("there is no `feedwright.toml` here", "start a publication with `feedwright init`")
        } else {
            Error::Store(error)
        }
    })?;
    let text = std::str::from_utf8(&bytes).map_err(|_| fault("the file is not UTF-8", "save it as UTF-8"))?;
    let config = config::parse(text.strip_prefix('\u{feff}').unwrap_or(text)).map_err(Error::Publication)?;
    Ok((config, blake3::hash(&bytes).into()))
}

/// The dialect that the files at the top of a publication show.
pub fn dialect_of(store: &dyn Store) -> Dialect {
    dialect::recognise(store, std::iter::empty()).0
}

fn duplicate_addresses(candidates: &[Candidate<'_>]) -> Vec<Diagnostic> {
    let hash = |address: &str| {
        let mut hasher = DefaultHasher::new();
        hasher.write(address.as_bytes());
        hasher.finish()
    };
    let hashes = candidates.par_iter().enumerate().with_min_len(1024);
    let mut hashes: Vec<_> =
        hashes.map(|(index, candidate)| (hash(candidate.summary.permalink()), index)).collect();
    hashes.par_sort_unstable();
    let mut diagnostics = Vec::new();
    for alike in hashes.chunk_by(|(one, _), (other, _)| one == other).filter(|alike| alike.len() > 1) {
        // Two addresses that only have one hash are two all the same.
        let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
        for Candidate { summary, .. } in alike.iter().map(|(_, index)| &candidates[*index]) {
            let owner = *owners.entry(summary.permalink()).or_insert(summary.path());
            if owner != summary.path() {
                diagnostics.push(duplicate_address(*summary, owner));
            }
        }
    }
    diagnostics
}

fn duplicate_address(summary: ArticleSummary<'_>, owner: &str) -> Diagnostic {
    let message = format!("`{owner}` has the same address, {}", summary.permalink());
    Diagnostic::new(Rule::DuplicateAddress, summary.path(), message)
        .label("both are published, and both links lead to one page")
        .help("give one of them another `slug`")
}
