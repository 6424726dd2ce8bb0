//! A publication: opened once, for whoever needs its configuration, its ledger, its files or its articles. [`build`]
//! makes feeds of it. There is no disk, network or clock here: the store and the time are passed in.

mod admission;
mod again;
mod attachments;
mod build;
mod build_plan;
mod bundled;
mod catalogue;
mod dependencies;
mod dialect;
mod document;
mod documents;
mod entries;
mod feed_list;
mod feeds;
mod file_diagnostics;
mod fragments;
mod html;
mod identities;
mod keys;
mod ledger_file;
mod links;
mod page_text;
mod path;
mod progress;
mod proof;
mod redirects;
mod report;
mod selected;
mod write_run;

use std::fmt;
use std::sync::OnceLock;

use chrono::{DateTime, Utc};

use crate::article::Dialect;
use crate::cache::{self, Digest};
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Rule};
use crate::ledger::Ledger;
use crate::select::Preview;
use crate::store::{self, Listing, Store};

use catalogue::Catalogue;
use proof::Proof;

pub use build::{build, build_with_config};
pub use catalogue::Articles;
pub use identities::Identified;
pub use ledger_file::{pin, read_ledger, touch, write_ledger};
pub use progress::{Event, Step, Watch};
pub use redirects::Redirect;
pub use report::Report;

/// Whatever differs between two builds of one publication.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The time of the build: articles due later are withheld.
    pub now: DateTime<Utc>,
    /// Drafts or scheduled articles that are let in beside published ones.
    pub preview: Preview,
    /// Refuse to build if the ledger would change.
    pub locked: bool,
    /// Go on where subscribers would see again what they have read.
    pub allow_reissue: bool,
    /// Stop where a published article can no longer be understood, as while somebody is writing it. Otherwise it is
    /// withheld until it can.
    pub keep_published: bool,
}

impl Options {
    /// Options of an ordinary build at that instant.
    pub fn at(now: DateTime<Utc>) -> Self {
        Self { now, preview: Preview::default(), locked: false, allow_reissue: false, keep_published: false }
    }
}

/// The reason why nothing was built.
#[derive(Debug)]
pub enum Error {
    /// The publication has faults that stop it.
    Publication(Vec<Diagnostic>),
    /// The disk refused. Every old file is as it was.
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

/// A publication that was opened: its configuration, its ledger, the list of its files, and what is remembered of them.
/// Its articles are read by [`Publication::articles`].
///
/// ```
/// use feedwright::publication::{Options, Publication};
/// use feedwright::store::Memory;
/// let store = Memory::new([
///     ("feedwright.toml", "[publication]\ntitle = 'News'\nhome = 'https://example.org/'\n\
///                          [identity]\nauthority = 'example.org'\ndate = '2026'\n"),
///     ("articles/hello.md", "---\ndate: 2026-01-01\n---\n# Hello\n\nWorld.\n"),
/// ]);
/// let now = "2026-11-22T00:00:00Z".parse().unwrap();
/// let publication = Publication::open(&store, Options::at(now)).unwrap();
/// let articles = publication.articles(&store, &|_| ());
/// assert_eq!(articles.summaries[0].permalink(), "https://example.org/hello/");
/// let identified = publication.identify(&articles);
/// assert!(identified.reconciled.identities[0].as_ref().unwrap().id.starts_with("tag:example.org,2026:"));
/// ```
pub struct Publication {
    /// The configuration, as `feedwright.toml` means it.
    pub config: Config,
    /// The ledger as the last build left it.
    pub ledger: Ledger,
    options: Options,
    /// BLAKE3 of `feedwright.toml`.
    config_digest: [u8; 32],
    catalogue: Catalogue,
    /// The pages of the built site, if there is one.
    built: Option<Listing>,
    /// A digest of both listings, if a build has asked for it.
    listed: OnceLock<Digest>,
    /// Findings in the built site, as soon as the articles are read.
    proof: OnceLock<Proof>,
}

impl Publication {
    /// Reads the configuration and the ledger of the publication in `store`, and lists its files.
    ///
    /// # Errors
    ///
    /// [`Error::Publication`] where `feedwright.toml` is missing or faulty, where there is no folder of articles, or where
    /// the ledger is damaged; [`Error::Store`] where one of them cannot be read.
    pub fn open(store: &dyn Store, options: Options) -> Result<Self, Error> {
        Self::of(Sources::list(store)?, store, options)
    }

    /// Opens a publication whose files are listed already.
    fn of(sources: Sources, store: &dyn Store, options: Options) -> Result<Self, Error> {
        let Sources { config, config_digest, listing, built, listed } = sources;
        let catalogue = Catalogue::of(store, &config, listing);
        let ledger = read_ledger(store)?;
        let proof = OnceLock::new();
        Ok(Self { config, ledger, options, config_digest, catalogue, built, listed, proof })
    }

    /// Reads the articles that are new or have changed, several at a time, and recalls the others. Where the site's own
    /// generator has built a page of one, that is where it is. To be called once: they are read anew each time.
    pub fn articles<'a>(&'a self, store: &dyn Store, watch: Watch<'_>) -> Articles<'a> {
        let Self { config, ledger, options, built, .. } = self;
        let articles = self.catalogue.read(store, config, ledger, watch);
        let prove = || proof::prove(store, config, ledger, &articles.summaries, built.as_ref(), *options);
        self.proof.get_or_init(prove).applied_to(articles)
    }

    /// The number of published articles that were looked up in the built site, and of those that it has elsewhere or not at
    /// all; nothing before the articles are read, or without a built site.
    pub fn looked_up(&self) -> (usize, usize) {
        self.proof.get().map_or((0, 0), |proof| (proof.looked_up, proof.amiss))
    }
}

/// The configuration of a publication and the list of its files, of which none is opened yet.
struct Sources {
    config: Config,
    /// BLAKE3 of `feedwright.toml`.
    config_digest: [u8; 32],
    listing: Listing,
    /// The pages of the built site, if there is one.
    built: Option<Listing>,
    /// A digest of both listings.
    listed: OnceLock<Digest>,
}

impl Sources {
    fn list(store: &dyn Store) -> Result<Self, Error> {
        let (config, config_digest) = read_config(store)?;
        let listing = catalogue::list(store, &config)?;
        let built = proof::list(store, &config)?;
        Ok(Self { config, config_digest, listing, built, listed: OnceLock::new() })
    }

    /// A digest of the files as they are listed.
    fn listed(&self) -> Digest {
        *self.listed.get_or_init(|| cache::digest(&(&self.listing, &self.built)))
    }
}

/// Reads `feedwright.toml`.
///
/// # Errors
///
/// [`Error::Publication`] where it is missing or faulty, [`Error::Store`] where it cannot be read.
pub fn load_config(store: &dyn Store) -> Result<Config, Error> {
    read_config(store).map(|(config, _)| config)
}

/// Reads `feedwright.toml`, and gives a digest of its bytes too.
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
    let config =
        config::parse_in(text.strip_prefix('\u{feff}').unwrap_or(text), store).map_err(Error::Publication)?;
    Ok((config, blake3::hash(&bytes).into()))
}

/// The dialect that the files at the top of a publication show.
pub fn dialect_of(store: &dyn Store) -> Dialect {
    dialect::recognise(store, std::iter::empty()).0
}
