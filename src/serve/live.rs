//! Keeps what is served up to date: builds a publication when it changes and when an article falls due, or
//! serves a folder that another program builds.

mod built;
mod published;
mod signals;
mod watched;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::improver::improver;
use super::library::Improvable;
use super::{DocumentSettings, Documents, Exchange, FormerUrl, Library, SiteContent, former};
use crate::config::Config;
use crate::format::PublishedFeed;
use crate::generator::Predecessor;
use crate::hosting::CachePolicy;
use crate::hosting::path::folder_of;
use crate::publication::{self, Report};
use crate::select::Preview;
use crate::store::{Folder, FolderWatcher, Layer, Public};
use signals::{LOOK_AT_CLOCK, Reason, Signals};

pub use signals::End;

/// The source of the documents.
#[derive(Clone, Debug)]
pub enum DocumentSource {
    /// A publication, which is built.
    Publication {
        /// Its folder.
        root: PathBuf,
        /// Articles to include beside published ones. If there are any, nothing is written to the disk.
        preview: Preview,
    },
    /// A folder with feeds that another program builds.
    Built {
        /// The folder.
        folder: PathBuf,
        /// The publication that it is built from, where it is known.
        publication: Option<PathBuf>,
    },
}

/// Options of serving beside those of the publication.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// The time for which answers are fresh, instead of the publication's.
    pub max_age: Option<Duration>,
    /// A folder of other files, instead of the publication's.
    pub files: Option<PathBuf>,
    /// Serve feeds as plain XML and JSON, also where the publication does not ask for it.
    pub browser_types: bool,
    /// Systems at whose feed URLs to answer, beside those of the publication.
    pub like: Vec<Predecessor>,
    /// Build or read again when files change.
    pub watch: bool,
}

/// An event.
#[derive(Debug)]
pub enum News {
    /// A publication was built, in this time, and is served.
    Built(Box<Report>, Duration),
    /// A folder was read, with this many documents.
    TakenIn(usize),
    /// The present state cannot be served; the previous one still is.
    Failed(Error),
    /// A part of what was asked for does not work; serving goes on.
    Trouble(String),
}

/// An error that keeps a publication or a folder from being served.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The publication cannot be built.
    #[error(transparent)]
    Build(#[from] publication::Error),
    /// The disk failed.
    #[error(transparent)]
    Store(#[from] crate::store::Error),
    /// A folder with article sources, the ledger or the configuration was to be served.
    #[error("cannot serve the files in `{}`: it holds the sources of the publication", .0.display())]
    Sources(PathBuf),
}

/// Documents that are served and kept up to date. As an iterator it gives the events, and ends when [`End`]
/// is used.
#[derive(Debug)]
pub struct Live {
    source: DocumentSource,
    wishes: Wishes,
    clock: fn() -> DateTime<Utc>,
    exchange: Arc<Exchange>,
    library: Library,
    surroundings: SiteContent,
    /// Layer for feeds that must not be written to the disk.
    layer: Option<Layer>,
    signals: Signals,
    watch: Option<FolderWatcher>,
    /// Takes documents that could be encoded better.
    improver: Sender<Vec<Improvable>>,
    /// The instant at which the next article falls due.
    due: Option<DateTime<Utc>>,
    /// Events that were not yet given out.
    news: VecDeque<News>,
}

impl Live {
    /// Builds the publication, or reads the folder.
    ///
    /// # Errors
    ///
    /// If the publication cannot be built, or the folder is not there.
    pub fn start(
        source: DocumentSource,
        wishes: Wishes,
        clock: fn() -> DateTime<Utc>,
    ) -> Result<Self, Error> {
        let signals = Signals::new();
        let nothing = Documents::new(&CachePolicy::default());
        let layer = match &source {
            DocumentSource::Publication { root, preview } if *preview != Preview::default() => {
                Some(Layer::new(Folder::new(root)))
            }
            _ => None,
        };
        let mut live = Self {
            exchange: Exchange::new(nothing, clock),
            library: Library::new(DocumentSettings::default()),
            surroundings: SiteContent::default(),
            improver: improver(signals.improved()),
            layer,
            watch: None,
            due: None,
            news: VecDeque::new(),
            source,
            wishes,
            clock,
            signals,
        };
        if live.wishes.watch {
            // It watches before it reads, so that nothing changes unseen in between.
            live.begin_to_watch()?;
        }
        live.update()?;
        Ok(live)
    }

    /// The documents that are served, which a server shares.
    pub fn exchange(&self) -> Arc<Exchange> {
        Arc::clone(&self.exchange)
    }

    /// Ends it from elsewhere.
    pub fn end(&self) -> End {
        self.signals.end()
    }

    /// Waits until there is something to build; `Some(false)` where there is not. `None` at the end.
    fn wait(&mut self) -> Option<bool> {
        let woken = self.signals.wait(self.due, self.clock);
        for improved in woken.improved {
            self.library.improve(improved);
        }
        match woken.reason {
            Reason::Changed => Some(true),
            Reason::Time => Some(self.due.is_some_and(|due| due <= (self.clock)())),
            Reason::Improved => {
                self.serve();
                Some(false)
            }
            Reason::End => None,
        }
    }

    /// Serves what there is now.
    fn update(&mut self) -> Result<(), Error> {
        match self.source.clone() {
            DocumentSource::Publication { root, preview } => self.publish(&root, preview),
            DocumentSource::Built { folder, publication } => self.read_built(&folder, publication.as_deref()),
        }
    }

    /// Serves the documents of the library.
    fn serve(&mut self) {
        let (documents, _) = self.library.documents(&self.surroundings);
        self.exchange.swap(documents);
    }

    fn improve(&self, drafts: Vec<Improvable>) {
        // Without anybody who improves them they are served as they are.
        let _ = self.improver.send(drafts);
    }

    /// Redirects former URLs, and reports those that cannot be.
    fn redirect(&mut self, of_articles: &[publication::Redirect], feeds: &[PublishedFeed], config: &Config) {
        let (mut redirects, mut gone) = (Vec::new(), Vec::new());
        for FormerUrl { from, to } in former(config, self.wishes.like.iter().copied(), feeds, of_articles) {
            match to {
                Some(to) => redirects.push((from, to)),
                None => gone.push(from),
            }
        }
        if (&self.surroundings.redirects, &self.surroundings.gone) == (&redirects, &gone) {
            return;
        }
        (self.surroundings.redirects, self.surroundings.gone) = (redirects, gone);
        let (documents, bad) = self.library.documents(&self.surroundings);
        self.exchange.swap(documents);
        self.news.extend(bad.into_iter().map(|bad| News::Trouble(format!("{bad}; its redirect is ignored"))));
    }

    /// The folder of other files, and the path at which it is served.
    ///
    /// # Errors
    ///
    /// If it holds the sources of the publication.
    fn files(&self, root: Option<&Path>, config: Option<&Config>) -> Result<Option<(String, Public)>, Error> {
        let of_config = || Some(root?.join(config?.serving.files.as_ref()?));
        let Some(folder) = self.wishes.files.clone().or_else(of_config) else { return Ok(None) };
        let at = config.map_or_else(|| "/".to_owned(), |config| folder_of(&config.publication.home));
        let Ok(public) = Public::new(&folder) else { return Ok(None) };
        let is_private = root.zip(config).is_some_and(|(root, config)| holds_sources(&public, root, config));
        if is_private { Err(Error::Sources(folder)) } else { Ok(Some((at, public))) }
    }

    fn terms(&self, config: Option<&Config>) -> DocumentSettings {
        let stated = config.map(|config| &config.serving);
        let max_age = self.wishes.max_age.or(stated.map(|stated| stated.max_age));
        let policy = CachePolicy::default();
        DocumentSettings {
            policy: CachePolicy { max_age: max_age.unwrap_or(policy.max_age), ..policy },
            browser_types: self.wishes.browser_types || stated.is_some_and(|stated| stated.browser_types),
            largest: if self.layer.is_some() { u64::MAX } else { DocumentSettings::default().largest },
        }
    }
}

/// Waits for the next event; there is none after [`End`].
impl Iterator for Live {
    type Item = News;

    fn next(&mut self) -> Option<News> {
        loop {
            if let Some(news) = self.news.pop_front() {
                return Some(news);
            }
            if !self.wait()? {
                continue;
            }
            if let Err(error) = self.update() {
                self.exchange.count_build(None);
                // What is due is tried again.
                let again = TimeDelta::from_std(LOOK_AT_CLOCK).unwrap_or_default();
                self.due = self.due.map(|due| due.max((self.clock)() + again));
                self.news.push_back(News::Failed(error));
            }
        }
    }
}

/// Tells whether a folder has article sources, drafts among them, the ledger or the configuration.
fn holds_sources(public: &Public, root: &Path, config: &Config) -> bool {
    let articles = &config.articles.path;
    public.holds(root) || !articles.is_empty() && public.overlaps(&root.join(articles))
}
