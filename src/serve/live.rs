//! Keeps what is served up to date: builds a publication when it changes and when an article falls due, or takes in a
//! folder that somebody else builds.

use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use super::improver::improver;
use super::library::{Draft, Improved};
use super::{Documents, Exchange, Former, Library, Place, Surroundings, Terms, former};
use crate::config::{self, Config, Predecessor};
use crate::hosting::Policy;
use crate::hosting::path::folder_of;
use crate::ledger;
use crate::plan::FeedFiles;
use crate::publication::{self, Options, Report, build, load_config};
use crate::select::Preview;
use crate::store::{Folder, Layer, Patterns, Public, Store, Watch};

/// Whoever saves a file often writes it more than once. So long nothing more must have come before it is read…
const QUIET: Duration = Duration::from_millis(20);

/// … but no longer than this is waited.
const LONGEST_WAIT: Duration = Duration::from_millis(100);

/// The clock may be set, and a machine may sleep: it is looked at so often at least while an article is due.
const LOOK_AT_CLOCK: Duration = Duration::from_secs(60);

/// While documents are encoded better, those that are done are served so often.
const TAKE_IN: Duration = Duration::from_secs(1);

/// What is served.
#[derive(Clone, Debug)]
pub enum Source {
    /// A publication, which is built.
    Publication {
        /// Its folder.
        root: PathBuf,
        /// What is let in beside published articles. If anything is, nothing is written to the disk.
        preview: Preview,
    },
    /// A folder with feeds that somebody else builds.
    Built {
        /// The folder.
        folder: PathBuf,
        /// The publication that it is built from, as far as it is known.
        publication: Option<PathBuf>,
    },
}

/// What is asked of serving beside what the publication says.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// Instead of the publication's.
    pub max_age: Option<Duration>,
    /// A folder of other files, instead of the publication's.
    pub files: Option<PathBuf>,
    /// Whether feeds are said to be plain XML and JSON, also where the publication does not say so.
    pub browser_types: bool,
    /// Beside those of the publication.
    pub like: Vec<Predecessor>,
    /// Whether to take notice of changes.
    pub watch: bool,
}

/// Something that has happened.
#[derive(Debug)]
pub enum News {
    /// A publication was built, in so long, and is served.
    Built(Box<Report>, Duration),
    /// A folder was taken in, with so many documents.
    TakenIn(usize),
    /// What there is now cannot be served, and what there was still is.
    Failed(Error),
    /// What was asked for cannot be had in full, and serving goes on.
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
}

/// What is told to whoever keeps it up to date.
enum Signal {
    Changed,
    /// A document, and how many more there are to come.
    Improved(Box<Improved>, usize),
    End,
}

/// Ends a [`Live`] from elsewhere.
#[derive(Clone, Debug)]
pub struct End(Sender<Signal>);

impl End {
    /// Ends it.
    pub fn now(&self) {
        let _ = self.0.send(Signal::End);
    }
}

/// What is served, kept up to date.
#[derive(Debug)]
pub struct Live {
    source: Source,
    wishes: Wishes,
    clock: fn() -> DateTime<Utc>,
    exchange: Arc<Exchange>,
    library: Library,
    surroundings: Surroundings,
    /// What takes the feeds where they must not be written to the disk.
    layer: Option<Layer>,
    signals: Receiver<Signal>,
    sender: Sender<Signal>,
    watch: Option<Watch>,
    /// To whom documents are given that could be encoded better.
    improver: Sender<Vec<Draft>>,
    /// When the next article falls due.
    due: Option<DateTime<Utc>>,
    /// News that nobody has been told yet.
    news: VecDeque<News>,
}

impl Live {
    /// Builds what there is, or takes it in, and gives the exchange through which it is served.
    ///
    /// # Errors
    ///
    /// Where there is nothing to serve yet: the publication cannot be built, or the folder is not there.
    pub fn start(source: Source, wishes: Wishes, clock: fn() -> DateTime<Utc>) -> Result<Self, Error> {
        let (sender, signals) = mpsc::channel();
        let improves = sender.clone();
        let nothing = Documents::new(&Policy::default());
        let layer = match &source {
            Source::Publication { root, preview } if *preview != Preview::default() => {
                Some(Layer::new(Folder::new(root)))
            }
            _ => None,
        };
        let mut live = Self {
            exchange: Exchange::new(nothing, clock),
            library: Library::new(Terms::default()),
            surroundings: Surroundings::default(),
            improver: improver(move |improved, left| {
                improves.send(Signal::Improved(Box::new(improved), left)).is_ok()
            }),
            layer,
            watch: None,
            due: None,
            news: VecDeque::new(),
            source,
            wishes,
            clock,
            signals,
            sender,
        };
        if live.wishes.watch {
            // It watches before it reads, so that nothing changes unseen in between.
            live.begin_to_watch()?;
        }
        live.update()?;
        Ok(live)
    }

    /// What is served.
    pub fn exchange(&self) -> Arc<Exchange> {
        Arc::clone(&self.exchange)
    }

    /// Ends it from elsewhere.
    pub fn end(&self) -> End {
        End(self.sender.clone())
    }

    /// Waits until there is something to build. Takes in meanwhile what was encoded better. `None` at the end.
    fn wait(&mut self) -> Option<bool> {
        let began = Instant::now();
        let mut is_improved = false;
        loop {
            let patience = match (is_improved, self.due) {
                (true, _) => Some(TAKE_IN.saturating_sub(began.elapsed())),
                (false, Some(due)) => {
                    let left = due.signed_duration_since((self.clock)()).to_std().unwrap_or_default();
                    Some(left.min(LOOK_AT_CLOCK))
                }
                (false, None) => None,
            };
            let signal = match patience {
                None => self.signals.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(patience) => self.signals.recv_timeout(patience),
            };
            match signal {
                Ok(Signal::Changed) => return self.settle(),
                Ok(Signal::Improved(improved, left)) => {
                    self.library.improve(*improved);
                    is_improved = true;
                    if left == 0 {
                        self.serve();
                        return Some(false);
                    }
                }
                Err(RecvTimeoutError::Timeout) if is_improved => {
                    self.serve();
                    return Some(false);
                }
                Err(RecvTimeoutError::Timeout) => {
                    return Some(self.due.is_some_and(|due| due <= (self.clock)()));
                }
                Ok(Signal::End) | Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    /// Waits until nothing more changes, for a moment.
    fn settle(&mut self) -> Option<bool> {
        let began = Instant::now();
        loop {
            match self.signals.recv_timeout(QUIET.min(LONGEST_WAIT.saturating_sub(began.elapsed()))) {
                Ok(Signal::Changed) => {}
                Ok(Signal::Improved(improved, _)) => self.library.improve(*improved),
                Err(RecvTimeoutError::Timeout) => return Some(true),
                Ok(Signal::End) | Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    /// Serves what there is now.
    fn update(&mut self) -> Result<(), Error> {
        match self.source.clone() {
            Source::Publication { root, preview } => self.publish(&root, preview),
            Source::Built { folder, publication } => self.take_over(&folder, publication.as_deref()),
        }
    }

    fn publish(&mut self, root: &Path, preview: Preview) -> Result<(), Error> {
        if let Some(mut layer) = self.layer.take() {
            let published = self.publish_in(&mut layer, root, preview);
            self.layer = Some(layer);
            return published;
        }
        let mut store = Folder::new(root);
        store.lock(|| {})?;
        self.publish_in(&mut store, root, preview)
    }

    fn publish_in(&mut self, store: &mut dyn Store, root: &Path, preview: Preview) -> Result<(), Error> {
        let began = Instant::now();
        // What is being written must not vanish from the feeds for that long; at first there is nothing else to serve.
        let keep_published = !self.library.is_empty();
        let options = Options { preview, keep_published, ..Options::at((self.clock)()) };
        let report = build(store, options, &|_| ())?;
        let config = load_config(store)?;
        self.due = report.next_change;
        let places = places(store, &config);
        self.library.agree(self.terms(Some(&config)));
        let drafts = self.library.refresh(store, &places)?;
        self.surroundings.front = front(&places, &config);
        self.surroundings.folders = self.folders(root, Some(&config), &config.feeds_path);
        self.serve();
        let took = began.elapsed();
        self.exchange.count_build(Some(took.as_secs_f64()));
        self.improve(drafts);
        self.follow(root, &config);
        // Redirects change seldom, and to find them takes longer than to build what has changed.
        self.lead_on(&publication::redirects(store, options)?, &report.files, &config);
        self.news.push_back(News::Built(Box::new(report), took));
        Ok(())
    }

    fn take_over(&mut self, folder: &Path, publication: Option<&Path>) -> Result<(), Error> {
        let store = Folder::new(folder);
        let config = publication.map(|root| load_config(&Folder::new(root))).transpose()?;
        let terms = self.terms(config.as_ref());
        self.library.agree(terms);
        let base = config.as_ref().map_or_else(|| "/".to_owned(), |config| folder_of(&config.feeds_url));
        let listing = store.list("", &Patterns::none())?;
        let files =
            listing.files.iter().filter(|file| is_document(&file.path) && file.stamp.size <= terms.largest);
        let place = |path: &String| Place { file: path.clone(), at: format!("{base}{path}") };
        let places: Vec<Place> = files.map(|file| place(&file.path)).collect();
        let drafts = self.library.refresh(&store, &places)?;
        let page =
            config.as_ref().and_then(|config| config.page.as_ref()).map_or("index.html", |page| &page.path);
        self.surroundings.front = Some(format!("{base}{page}"));
        self.surroundings.folders = vec![(base, Public::new(folder)?)];
        self.surroundings.folders.extend(self.files(publication, config.as_ref()));
        self.serve();
        self.improve(drafts);
        if let Some(watch) = &mut self.watch {
            let followed = watch.follow(&all_folders(folder), &BTreeSet::new());
            self.news.extend(followed.err().as_ref().map(unwatched));
        }
        if let (Some(root), Some(config)) = (publication, &config) {
            let redirects =
                publication::redirects(&Folder::new(root), Options::at((self.clock)())).unwrap_or_default();
            self.lead_on(&redirects, &self.library.feeds(&folder_of(&config.feeds_url)), config);
        }
        self.news.push_back(News::TakenIn(self.library.len()));
        Ok(())
    }

    /// Serves what is in the library.
    fn serve(&mut self) {
        let (documents, _) = self.library.documents(&self.surroundings);
        self.exchange.swap(documents);
    }

    fn improve(&self, drafts: Vec<Draft>) {
        // Without anybody who improves them they are served as they are.
        let _ = self.improver.send(drafts);
    }

    /// Serves former addresses, and says which cannot be.
    fn lead_on(&mut self, of_articles: &[publication::Redirect], feeds: &[FeedFiles], config: &Config) {
        let (mut redirects, mut gone) = (Vec::new(), Vec::new());
        for Former { from, to } in former(config, self.wishes.like.iter().copied(), feeds, of_articles) {
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

    /// The folder of the feeds, for what is too large to keep in memory, and that of other files.
    fn folders(&self, root: &Path, config: Option<&Config>, feeds: &str) -> Vec<(String, Public)> {
        let mut folders = Vec::new();
        // Where feeds lie beside everything else, everything else is not for everybody.
        let is_apart = !feeds.is_empty() && self.layer.is_none();
        if let (Some(config), true) = (config, is_apart) {
            let public = Public::new(&root.join(feeds)).ok();
            folders.extend(public.map(|public| (folder_of(&config.feeds_url), public)));
        }
        folders.extend(self.files(Some(root), config));
        folders
    }

    fn files(&self, root: Option<&Path>, config: Option<&Config>) -> Option<(String, Public)> {
        let of_config = || Some(root?.join(config?.serving.files.as_ref()?));
        let folder = self.wishes.files.clone().or_else(of_config)?;
        let at = config.map_or_else(|| "/".to_owned(), |config| folder_of(&config.publication.home));
        Some((at, Public::new(&folder).ok()?))
    }

    fn terms(&self, config: Option<&Config>) -> Terms {
        let stated = config.map(|config| &config.serving);
        let max_age = self.wishes.max_age.or(stated.map(|stated| stated.max_age));
        let policy = Policy::default();
        Terms {
            policy: Policy { max_age: max_age.unwrap_or(policy.max_age), ..policy },
            browser_types: self.wishes.browser_types || stated.is_some_and(|stated| stated.browser_types),
            largest: if self.layer.is_some() { u64::MAX } else { Terms::default().largest },
        }
    }

    fn begin_to_watch(&mut self) -> Result<(), Error> {
        let (Source::Publication { root, .. } | Source::Built { folder: root, .. }) = &self.source;
        let sender = self.sender.clone();
        let mut watch = Watch::new(root, move || _ = sender.send(Signal::Changed))?;
        let (folders, files) = match &self.source {
            Source::Publication { root, .. } => {
                let config = load_config(&Folder::new(root))?;
                watched(&Folder::new(root), &config)
            }
            Source::Built { folder, .. } => (all_folders(folder), BTreeSet::new()),
        };
        watch.follow(&folders, &files)?;
        self.watch = Some(watch);
        Ok(())
    }

    fn follow(&mut self, root: &Path, config: &Config) {
        if let Some(watch) = &mut self.watch {
            let (folders, files) = watched(&Folder::new(root), config);
            self.news.extend(watch.follow(&folders, &files).err().as_ref().map(unwatched));
        }
    }
}

/// Waits for the next news; none come when it was ended.
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

/// The documents of a publication, and where they are served.
fn places(store: &dyn Store, config: &Config) -> Vec<Place> {
    let (base, folder) = (folder_of(&config.feeds_url), config.feeds_folder());
    let place = |file: String| {
        let at = format!("{base}{}", file.strip_prefix(&folder).unwrap_or(&file));
        Place { file, at }
    };
    publication::documents(store).into_iter().map(place).collect()
}

fn front(places: &[Place], config: &Config) -> Option<String> {
    let page = format!("{}{}", folder_of(&config.feeds_url), config.page.as_ref()?.path);
    places.iter().any(|place| place.at == page).then_some(page)
}

/// Folders and files at which a build looks. What it writes itself is not among them, but for the ledger, which others
/// write too.
fn watched(store: &Folder, config: &Config) -> (BTreeSet<String>, BTreeSet<String>) {
    let feeds = config.feeds_folder();
    let is_ours = |folder: &String| !feeds.is_empty() && format!("{folder}/").starts_with(&feeds);
    let folders = store.folders(&config.articles.path, &config.articles.exclude).into_iter();
    let template = config.page.as_ref().and_then(|page| page.template.clone());
    let files = config.articles.authors.iter().cloned().chain(template);
    let files = files.chain([config::FILE.to_owned(), ledger::FILE.to_owned()]);
    (folders.filter(|folder| !is_ours(folder)).collect(), files.collect())
}

fn all_folders(folder: &Path) -> BTreeSet<String> {
    Folder::new(folder).folders("", &Patterns::none()).into_iter().collect()
}

/// Whether a file in a folder that somebody else built is kept in memory, and encoded.
fn is_document(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    matches!(extension, "xml" | "rss" | "atom" | "json" | "opml" | "html" | "css")
}

fn unwatched(error: &crate::store::Error) -> News {
    News::Trouble(format!("{error}; changes there are not noticed"))
}
