//! Finds the articles of a publication and reads what their authors say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use unicode_normalization::UnicodeNormalization;

use super::{Error, Event, Step, Watch};
use crate::article::{self, Article, Author, Conventions, Dialect, SourceFile};
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Rule};
use crate::index::{self, Found};
use crate::store::{self, FileEntry, Listing, PassedOver, PassedOverReason, Patterns, Store};

/// File names that end in these may be articles.
const ARTICLES: [&str; 8] = ["md", "markdown", "mdown", "mkd", "mdx", "html", "htm", "txt"];

/// Files with these extensions beside an article are its metadata.
const SIDECARS: [&str; 5] = ["toml", "yaml", "yml", "json", "meta"];

/// Files whose text tells whose they are.
const TELLING: [&str; 3] = ["conf.py", "package.json", "Gemfile"];

/// How many articles are looked at to find out their dialect.
const SAMPLES: usize = 60;

/// What was found.
pub(super) struct Sources {
    /// In the order of their paths.
    pub(super) articles: Vec<Article>,
    /// Files that are articles by name, whether or not they could be read.
    pub(super) count: usize,
    /// Those that could not be read; all that is known of them is that they are there.
    pub(super) unread: Vec<Article>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// What to write so that the next build need not read them all: path and bytes.
    pub(super) index: Vec<(String, Vec<u8>)>,
    /// What is of no use any more.
    pub(super) stale: Vec<String>,
}

/// Reads all articles, several at a time.
pub(super) fn read(store: &dyn Store, config: &Config, watch: Watch<'_>) -> Result<Sources, Error> {
    let listing = list(store, config)?;
    let mut diagnostics: Vec<_> = listing.passed_over.iter().map(passed_over).collect();
    let sidecars = sidecars(&listing);
    let mut files: Vec<&FileEntry> = listing.files.iter().filter(|file| is_article(&file.path)).collect();
    let dialect = match config.articles.dialect {
        Some(dialect) => dialect,
        None => detect(store, &files, config, &mut diagnostics),
    };
    if [Dialect::Hugo, Dialect::Zola, Dialect::Feedwright].contains(&dialect) {
        leave_out_assets(&mut files, &config.articles.path);
    }
    let conventions = Conventions {
        dialect,
        timezone: config.publication.timezone,
        language: config.publication.language.to_string(),
        authors: authors(store, config, &mut diagnostics),
    };

    let found: Vec<Found<'_>> = files
        .iter()
        .map(|file| {
            let sidecar = sidecars.get(stem(&file.path)).map(|beside| (beside.path.as_str(), beside.stamp));
            Found { path: &file.path, stamp: file.stamp, sidecar }
        })
        .collect();
    watch(Event::Begins(Step::Read));
    let done = AtomicUsize::new(0);
    let refreshed = index::refresh(store, &found, &customs(&conventions), |file| {
        watch(Event::Progress(done.fetch_add(1, Ordering::Relaxed), found.len()));
        let name = relative(file.path, &config.articles.path);
        read_one(store, file, name, &conventions)
    });
    let mut articles = Vec::with_capacity(found.len());
    let mut unread = Vec::new();
    for (file, remembered) in found.iter().zip(refreshed.remembered) {
        if let Some(article) = remembered.article {
            articles.push(article);
        } else {
            let name = relative(file.path, &config.articles.path);
            unread.push(article::unreadable(file.path, name, dialect));
        }
        diagnostics.extend(remembered.diagnostics);
    }
    let (index, stale) = (refreshed.chunks, refreshed.stale);
    Ok(Sources { count: found.len(), unread, articles, diagnostics, index, stale })
}

/// A digest of all that decides how articles are understood.
fn customs(conventions: &Conventions) -> [u8; 32] {
    let version = env!("CARGO_PKG_VERSION");
    *blake3::hash(format!("{version} {conventions:?}").as_bytes()).as_bytes()
}

fn list(store: &dyn Store, config: &Config) -> Result<Listing, Error> {
    let folder = &config.articles.path;
    let mut listing = store.list(folder, &config.articles.exclude).map_err(|error| {
        if !error.is_not_found() {
            return Error::Store(error);
        }
        let message = format!("there is no folder `{folder}`");
        let help = "say in `[articles]` with `path` where the articles are, or make the folder";
        Error::Publication(vec![Diagnostic::new(Rule::Configuration, config::FILE, message).help(help)])
    })?;
    // Feeds are not articles, also where articles lie at the top.
    let feeds =
        Patterns::new([format!("/{}", config.feeds_folder()).as_str()]).unwrap_or_else(|_| Patterns::none());
    if !config.feeds_path.is_empty() {
        listing.files.retain(|file| !feeds.matches(&file.path));
    }
    Ok(listing)
}

fn is_article(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    ARTICLES.iter().any(|known| known.eq_ignore_ascii_case(extension))
}

/// What lies beside the `index.md` of a bundle belongs to it and is no article of its own.
fn leave_out_assets(files: &mut Vec<&FileEntry>, articles: &str) {
    let is_index = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        name.split('.').next() == Some("index")
    };
    let folder = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let indices = files.iter().map(|file| file.path.as_str()).filter(|path| is_index(path));
    let bundles: BTreeSet<String> = indices.map(folder).filter(|folder| folder != articles).collect();
    files.retain(|file| is_index(&file.path) || !bundles.contains(&folder(&file.path)));
}

/// Metadata files by path without extension.
fn sidecars(listing: &Listing) -> BTreeMap<&str, &FileEntry> {
    let is_sidecar =
        |path: &str| path.rsplit_once('.').is_some_and(|(_, extension)| SIDECARS.contains(&extension));
    let files = listing.files.iter().filter(|file| is_sidecar(&file.path));
    files.map(|file| (stem(&file.path), file)).collect()
}

fn stem(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(stem, _)| stem)
}

fn relative<'a>(path: &'a str, folder: &str) -> &'a str {
    path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/')
}

fn read_one(
    store: &dyn Store,
    file: &Found<'_>,
    name: &str,
    conventions: &Conventions,
) -> (Option<Article>, Vec<Diagnostic>) {
    if file.stamp.size > article::LARGEST as u64 {
        let message = format!("{} MB are too much for an article", file.stamp.size / 1_000_000);
        let diagnostic = Diagnostic::new(Rule::HugeFile, file.path, message)
            .label("withheld from every feed")
            .help("link to the text instead");
        return (None, vec![diagnostic]);
    }
    let mut diagnostics = Vec::new();
    let sidecar = file
        .sidecar
        .and_then(|(path, _)| Some((path.to_owned(), read_or_say(store, path, &mut diagnostics)?)));
    let Some(bytes) = read_or_say(store, file.path, &mut diagnostics) else { return (None, diagnostics) };
    // File systems disagree about composed letters; addresses and ids must not.
    let source = SourceFile { path: file.path.to_owned(), name: name.nfc().collect(), bytes, sidecar };
    let (article, found) = article::parse(&source, conventions);
    diagnostics.extend(found);
    (Some(article), diagnostics)
}

fn read_or_say(store: &dyn Store, path: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<u8>> {
    let unreadable = |error: store::Error| {
        let message = format!("the file cannot be read: {}", error.source);
        Diagnostic::new(Rule::UnreadableFile, path, message).label("withheld from every feed")
    };
    store.read(path).map_err(|error| diagnostics.push(unreadable(error))).ok()
}

fn passed_over(passed: &PassedOver) -> Diagnostic {
    let (rule, message) = match &passed.reason {
        PassedOverReason::Unreadable(why) => (Rule::UnreadableFile, format!("it cannot be read: {why}")),
        PassedOverReason::BrokenSymlink => (Rule::StraySymlink, "a symbolic link to nothing".to_owned()),
        PassedOverReason::StraySymlink => {
            (Rule::StraySymlink, "a symbolic link to a folder or out of the publication".to_owned())
        }
    };
    Diagnostic::new(rule, &passed.path, message).label("not looked into")
}

/// The dialect of a publication whose configuration leaves it open.
fn detect(
    store: &dyn Store,
    files: &[&FileEntry],
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) -> Dialect {
    let step = (files.len() / SAMPLES).max(1);
    let samples: Vec<(&str, String)> = files
        .iter()
        .step_by(step)
        .filter(|file| file.stamp.size <= article::LARGEST as u64)
        .filter_map(|file| {
            let bytes = store.read(&file.path).ok()?;
            let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4_000)]).into_owned();
            Some((relative(&file.path, &config.articles.path), head))
        })
        .collect();
    let samples = samples.iter().map(|(name, head)| (*name, head.as_str()));
    let (dialect, reason) = recognise(store, samples);
    if dialect != Dialect::Feedwright {
        let message = format!("articles are read as {}'s, because of {reason}", dialect.title());
        diagnostics.push(
            Diagnostic::new(Rule::DetectedDialect, config::FILE, message)
                .help(format!("say `dialect = \"{}\"` in `[articles]` to keep it so", dialect.name())),
        );
    }
    dialect
}

/// Recognises a dialect by the files at the top of the publication, or else by samples of its articles.
pub(super) fn recognise<'a>(
    store: &dyn Store,
    samples: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> (Dialect, String) {
    let mut names = store.names("");
    names.extend(store.names("config/_default").into_iter().map(|name| format!("config/_default/{name}")));
    names.extend(store.has_folder("source/_posts").then(|| "source/_posts".to_owned()));
    let telling =
        |name: &str| name.starts_with("config.") || name.starts_with("_config.") || TELLING.contains(&name);
    let text = |name: &str| String::from_utf8(store.read(name).ok()?).ok();
    let texts: Vec<Option<String>> =
        names.iter().map(|name| telling(name).then(|| text(name)).flatten()).collect();
    let root: Vec<(&str, Option<&str>)> =
        names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_deref())).collect();
    article::detect(&root, samples)
}

fn authors(
    store: &dyn Store,
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Author> {
    let mut authors = BTreeMap::new();
    let paths: BTreeSet<&String> = config.articles.authors.iter().collect();
    for path in paths {
        let Ok(bytes) = store.read(path) else { continue };
        let text = String::from_utf8_lossy(&bytes);
        let (found, faults) = article::parse_authors(path, &text);
        authors.extend(found);
        diagnostics.extend(faults);
    }
    authors
}
