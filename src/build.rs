//! From articles to feeds: the story, told once. It has no disk, network or clock of its own.

mod catalogue;
mod dialect;
mod documents;
mod edition;
mod entries;
mod fragments;
mod identities;
mod links;
mod logbook;
mod manifest;
mod neighbours;
mod page;
mod redirects;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::hash::{DefaultHasher, Hasher};

use chrono::{DateTime, Utc};
use rayon::prelude::*;

use crate::article::{Card, Dialect, Visibility};
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Rule};
use crate::ledger::{Identity, Undated};
use crate::plan::{self, FeedFiles, Upcoming};
use crate::select::{self, Candidate, Preview, Withheld};
use crate::store::{self, Staged, Store};

use documents::Press;
use edition::Edition;
use entries::Workshop;
use identities::{Identified, put_ledger};
use links::Links;
use logbook::Past;

pub use catalogue::{Articles, Catalogue};
pub use identities::{pin, read_ledger, touch, write_ledger};
pub use redirects::{Redirect, redirects};

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
}

impl Options {
    /// An ordinary build at that instant.
    pub fn at(now: DateTime<Utc>) -> Self {
        Self { now, preview: Preview::default(), locked: false, allow_reissue: false }
    }
}

/// What a build did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Articles found.
    pub articles: usize,
    /// Articles that are in at least one feed.
    pub entries: usize,
    /// Feeds written, in however many formats.
    pub feeds: usize,
    /// Documents that the publication now has.
    pub documents: usize,
    /// Documents that are new or changed.
    pub written: usize,
    /// Documents whose bytes were there already.
    pub unchanged: usize,
    /// Documents that were taken away, since no feed has them any more.
    pub removed: usize,
    /// Articles that are in no feed, by reason.
    pub withheld: BTreeMap<&'static str, usize>,
    /// Former and present path of articles that were found elsewhere, relative to the articles' folder.
    pub renamed: Vec<(String, String)>,
    /// When the next withheld article falls due.
    pub next_due: Option<DateTime<Utc>>,
    /// The withheld articles that fall due, in the order of their paths.
    pub upcoming: Vec<Upcoming>,
    /// The documents of each feed.
    pub files: Vec<FeedFiles>,
    /// What is wrong, in the order of files and lines.
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// Articles that are in no feed on purpose or by fault.
    pub fn withheld(&self) -> usize {
        self.withheld.values().sum()
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
    /// New and changed articles are read and understood.
    Read,
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
    /// Its name: `walk`, `read`, `ledger`, `select`, `render` or `write`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Walk => "walk",
            Self::Read => "read",
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
/// would change, or where subscribers would see again what they have read and [`Options::allow_reissue`] is not set;
/// [`Error::Store`] where the disk refuses. Either way every old file is as it was. Faults of single articles are no
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
/// let report = build::build(&mut store, build::Options::at(now), &|_| ()).unwrap();
/// assert_eq!((report.entries, report.written), (1, 4));
/// assert!(store.size("feeds/rss.xml").is_some());
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
    let config = load_config(store)?;
    let ledger = read_ledger(store)?;
    let catalogue = Catalogue::open(store, &config)?;
    let articles = catalogue.read(store, &config, &ledger, watch);
    watch(Event::Begins(Step::Ledger));
    let Identified { reconciled, dated } = identities::reconcile(&ledger, &articles, &config, options);
    let ledger_changes = identities::must_be_written(&ledger, &reconciled, options)?;
    let cards = identities::with(&articles.cards, &dated);
    watch(Event::Begins(Step::Select));
    let Admitted { mut report, candidates } = admit(&cards, &reconciled.identities, options);
    report.diagnostics.extend(articles.diagnostics.iter().filter(|found| is_true(found, &config)).cloned());
    report.diagnostics.extend(reconciled.diagnostics);
    report.diagnostics.extend(reconciled.news);
    report.renamed = reconciled.renamed;
    let (selections, collisions) = select::select(&config, &candidates);
    report.diagnostics.extend(collisions);

    let links = Links::new(&cards, &config);
    let workshop =
        Workshop { store, config: &config, catalogue: &catalogue, articles: &articles, links: &links };
    let past = Past::read(store);
    let press = Press { workshop, candidates: &candidates, selections: &selections, past: &past, watch };
    let mut printed = press.print()?;
    report.diagnostics.append(&mut printed.diagnostics);
    watch(Event::Begins(Step::Write));
    let edition =
        Edition { config: &config, selections: &selections, candidates: &candidates, printed: &printed };
    let manifest = edition.manifest(store);
    let withheld = ids_of_withheld(&cards, &reconciled.identities, &config);
    let refused = edition.guard(store, &manifest, (&ledger, &reconciled.ledger), &withheld);
    if !refused.is_empty() && !options.allow_reissue {
        return Err(Error::Publication(refused));
    }
    edition.report(&mut report, &manifest);
    // The ledger takes its place before the feeds that rely on it; see `identities`.
    if ledger_changes {
        put_ledger(store, &ledger, &reconciled.ledger)?;
    }
    for staged in printed.staged() {
        store.place(staged);
    }
    report.removed = manifest.finish(store)?;
    // What only saves time comes last.
    let log = printed.log.write();
    let caches: Vec<_> = catalogue.changed_index().chain([(logbook::FILE, log.as_slice())]).collect();
    let staged = caches.into_par_iter().map(|(path, bytes)| staged(store, path, bytes));
    for staged in staged.collect::<Result<Vec<_>, _>>()? {
        store.place(staged);
    }
    for path in catalogue.stale_index() {
        store.remove(path)?;
    }
    store.commit()?;

    report.diagnostics.sort_by(|a, b| place(a).cmp(&place(b)));
    report.diagnostics = config.rules.apply(std::mem::take(&mut report.diagnostics));
    report.diagnostics.extend(plan::let_through(refused));
    Ok(report)
}

fn staged(store: &dyn Store, path: &str, bytes: &[u8]) -> Result<Staged, store::Error> {
    let mut draft = store.draft(path)?;
    draft.write(bytes)?;
    store.stage(draft)
}

/// Whether what was said when an article was read is true of this publication.
fn is_true(found: &Diagnostic, config: &Config) -> bool {
    found.rule != Rule::MissingDate || config.articles.dates.undated != Undated::FirstSeen
}

/// Articles that may be published, and what is to be said of the others.
struct Admitted<'a> {
    candidates: Vec<Candidate<'a>>,
    report: Report,
}

fn admit<'a>(cards: &[Card<'a>], identities: &[Option<Identity<'a>>], options: Options) -> Admitted<'a> {
    let mut report = Report { articles: cards.len(), ..Report::default() };
    let mut candidates = Vec::with_capacity(cards.len());
    for (&card, identity) in cards.iter().zip(identities) {
        match (select::admit(card, options.now, options.preview), identity) {
            (Ok(()), Some(identity)) => candidates.push(Candidate { card, identity: identity.clone() }),
            (Ok(()), None) => report.withhold(card, Withheld::Undated),
            (Err(reason), _) => report.withhold(card, reason),
        }
    }
    report.diagnostics.extend(duplicate_addresses(&candidates));
    Admitted { candidates, report }
}

/// The ids that articles had, or would have, that are withheld.
fn ids_of_withheld(
    cards: &[Card<'_>],
    identities: &[Option<Identity<'_>>],
    config: &Config,
) -> BTreeSet<String> {
    let id = |card: &Card<'_>| {
        let stated = card.id().and_then(|stated| config.authority.id_as_stated(stated));
        stated.unwrap_or_else(|| config.authority.id_of_path(card.name()))
    };
    let withheld = cards.iter().zip(identities).filter(|(_, identity)| identity.is_none());
    withheld.map(|(card, _)| id(card)).collect()
}

/// Reads `feedwright.toml`.
///
/// # Errors
///
/// [`Error::Publication`] where it is missing or faulty, [`Error::Store`] where it cannot be read.
pub fn load_config(store: &dyn Store) -> Result<Config, Error> {
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
    config::parse(text.strip_prefix('\u{feff}').unwrap_or(text)).map_err(Error::Publication)
}

/// The dialect that the files at the top of a publication show.
pub fn dialect_of(store: &dyn Store) -> Dialect {
    dialect::recognise(store, std::iter::empty()).0
}

fn place(diagnostic: &Diagnostic) -> (&str, u32, u32, Rule) {
    let (line, column) = diagnostic.place.as_ref().map_or((0, 0), |place| (place.line, place.column));
    (&diagnostic.path, line, column, diagnostic.rule)
}

impl Report {
    /// Counts an article that is in no feed, and says why where nothing else does.
    fn withhold(&mut self, card: Card<'_>, reason: Withheld) {
        if card.visibility() == Visibility::Page {
            self.articles -= 1;
            return;
        }
        let (kind, why) = match reason {
            Withheld::Draft => ("draft", "a draft, withheld from every feed".to_owned()),
            Withheld::Unlisted => ("unlisted", "kept out of feeds by its author".to_owned()),
            Withheld::Private => ("private", "not for everybody, withheld from every feed".to_owned()),
            Withheld::Since(expired) => {
                ("expired", format!("expired {}, withheld from every feed", instant(expired)))
            }
            Withheld::Until(due) => {
                self.next_due = Some(self.next_due.map_or(due, |next| next.min(due)));
                let title = card.title().unwrap_or_default().to_owned();
                self.upcoming.push(Upcoming { path: card.path().to_owned(), title, due });
                ("due later", format!("due {}, withheld until then", instant(due)))
            }
            Withheld::Faulty => ("faulty", String::new()),
            Withheld::Unreadable => ("unreadable", String::new()),
            Withheld::Undated => ("undated", String::new()),
        };
        *self.withheld.entry(kind).or_default() += 1;
        if !why.is_empty() {
            self.diagnostics.push(Diagnostic::new(Rule::Withheld, card.path(), why));
        }
    }
}

fn instant(instant: DateTime<Utc>) -> String {
    instant.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn duplicate_addresses(candidates: &[Candidate<'_>]) -> Vec<Diagnostic> {
    let hash = |address: &str| {
        let mut hasher = DefaultHasher::new();
        hasher.write(address.as_bytes());
        hasher.finish()
    };
    let hashes = candidates.par_iter().enumerate().with_min_len(1024);
    let mut hashes: Vec<_> =
        hashes.map(|(index, candidate)| (hash(candidate.card.permalink()), index)).collect();
    hashes.par_sort_unstable();
    let mut diagnostics = Vec::new();
    for alike in hashes.chunk_by(|(one, _), (other, _)| one == other).filter(|alike| alike.len() > 1) {
        // Two addresses that only have one hash are two all the same.
        let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
        for Candidate { card, .. } in alike.iter().map(|(_, index)| &candidates[*index]) {
            let owner = *owners.entry(card.permalink()).or_insert(card.path());
            if owner != card.path() {
                diagnostics.push(duplicate_address(*card, owner));
            }
        }
    }
    diagnostics
}

fn duplicate_address(card: Card<'_>, owner: &str) -> Diagnostic {
    let message = format!("`{owner}` has the same address, {}", card.permalink());
    Diagnostic::new(Rule::DuplicateAddress, card.path(), message)
        .label("both are published, and both links lead to one page")
        .help("give one of them another `slug`")
}
