//! Finds the articles of a publication and keeps a summary of what each of their authors says.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use unicode_normalization::UnicodeNormalization;
use url::Url;

use super::attachments::Attachments;
use super::file_diagnostics::{huge, own_machine, passed_over, unreadable};
use super::path::{folder, relative, stem};
use super::{Error, Event, Step, Watch, dialect, keys};
use crate::article::{self, Article, ArticleSummary, Author, Conventions, Foreign, SourceFile};
use crate::cache::{Digest, Found, Index, Places, Read, Remembered};
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::fetch::is_web;
use crate::generator::{Dialect, Site, site_of_articles};
use crate::ledger::{Ledger, TextFingerprints, Undated};
use crate::page;
use crate::store::{self, FileEntry, Listing, Store};

/// File names that end in these may be articles.
const ARTICLES: [&str; 9] = ["md", "markdown", "mdown", "mkd", "mdx", "qmd", "html", "htm", "txt"];

/// Files with these extensions beside an article are its metadata.
const SIDECARS: [&str; 5] = ["toml", "yaml", "yml", "json", "meta"];

/// Files with these extensions are articles for some generators, in formats that are not read.
const UNREAD: [&str; 8] = ["rst", "rest", "org", "adoc", "asciidoc", "asc", "ipynb", "textile"];

/// The files of a publication, and what is remembered of them.
pub(super) struct Catalogue {
    listing: Listing,
    /// `true` if there is a built site.
    pages: bool,
    conventions: Conventions,
    attachments: OnceLock<Attachments>,
    /// The site that they belong to, with what lies beside them.
    site: Option<Site>,
    /// A digest of all that decides how they are understood.
    settings: Digest,
    index: Index,
    /// Problems of files that are not articles.
    diagnostics: Vec<Diagnostic>,
}

/// The articles of a publication.
pub struct Articles<'a> {
    /// In the order of their paths, also of those that could not be read.
    pub summaries: Vec<ArticleSummary<'a>>,
    /// Problems of the articles.
    pub diagnostics: Vec<Diagnostic>,
    sidecars: BTreeMap<&'a str, &'a FileEntry>,
    /// The summaries of those without a date, written anew with that of their identities: by the index of the article.
    pub(super) dated: OnceLock<Vec<(usize, Vec<u8>)>>,
}

impl Catalogue {
    /// A catalogue of files that are listed, with what is remembered of them.
    pub(super) fn of(store: &dyn Store, config: &Config, listing: Listing) -> Self {
        let pages = has_pages(store, config);
        let mut diagnostics: Vec<_> = listing.passed_over.iter().map(passed_over).collect();
        diagnostics.extend(unread_formats(&listing, config, pages));
        diagnostics.extend(own_machine(config));
        let dialect = match config.articles.dialect {
            Some(dialect) => dialect,
            None => dialect::detect(store, files(&listing, pages), config, &mut diagnostics),
        };
        let conventions = Conventions {
            dialect,
            timezone: config.publication.timezone,
            language: config.publication.language.to_string(),
            languages: config.publication.languages.clone(),
            authors: authors(store, config, &mut diagnostics),
            dates_required: config.articles.dates.undated == Undated::Withhold,
            permalinks: config.articles.permalinks.clone(),
        };
        let alone = || site_of_articles(dialect, &config.articles.path);
        let site = config.site.as_deref().cloned().or_else(alone).map(|mut site| {
            let paths: Vec<&str> = listing.files.iter().map(|file| file.path.as_str()).collect();
            site.survey(&paths, store);
            diagnostics.append(&mut site.diagnostics);
            site
        });
        let settings = keys::of_summaries(&conventions, config, site.as_ref());
        let index = Index::open(store, files(&listing, pages).count(), &settings);
        Self { pages, listing, conventions, site, settings, attachments: OnceLock::new(), index, diagnostics }
    }

    /// The files that articles name without saying where they lie.
    pub(super) fn attachments(&self) -> &Attachments {
        self.attachments.get_or_init(|| Attachments::of(&self.listing, self.dialect()))
    }

    /// The dialect that the articles are written in.
    pub(super) fn dialect(&self) -> Dialect {
        self.conventions.dialect
    }

    /// The files of the publication.
    pub(super) fn listing(&self) -> &Listing {
        &self.listing
    }

    /// Reads the articles that are new or have changed, several at a time. Of texts that `ledger` remembers nothing is
    /// measured anew.
    pub(super) fn read<'a>(
        &'a self,
        store: &dyn Store,
        config: &Config,
        ledger: &Ledger,
        watch: Watch<'_>,
    ) -> Articles<'a> {
        let sidecars = sidecars(&self.listing);
        let mut files: Vec<&FileEntry> = files(&self.listing, self.pages).collect();
        let names = &self.conventions.dialect.rules().names;
        if names.bundles {
            leave_out_assets(&mut files, &config.articles.path);
        }
        if names.only_markdown {
            files.retain(|file| file.path.rsplit_once('.').is_some_and(|(_, extension)| extension == "md"));
        }
        let found: Vec<Found<'_>> = files.iter().map(|file| found(file, &sidecars)).collect();
        watch(Event::Begins(Step::Read));
        let done = AtomicUsize::new(0);
        let fingerprints = OnceLock::new();
        let (conventions, site) = (&self.conventions, self.site.as_ref());
        let reader = ArticleReader { store, config, conventions, site, ledger, fingerprints, watch };
        let remembered = self.index.refresh(store, &found, |file| {
            watch(Event::Progress(done.fetch_add(1, Ordering::Relaxed), found.len()));
            reader.summary(file)
        });
        let mut diagnostics = self.diagnostics.clone();
        diagnostics.extend(remembered.iter().flat_map(|file| &file.diagnostics).cloned());
        let summaries = remembered.iter().map(Remembered::summary).collect();
        Articles { summaries, diagnostics, sidecars, dated: OnceLock::new() }
    }

    /// When this build began, by the clock of the store.
    pub(super) fn began(&self) -> i64 {
        self.index.began()
    }

    /// A digest of all that decides how its articles are understood.
    pub(super) fn settings(&self) -> &Digest {
        &self.settings
    }

    /// Files with authors, and whether they are there.
    pub(super) fn authors(store: &dyn Store, config: &Config) -> Places {
        let mut places = Places::default();
        let files = config.articles.authors.iter().map(|path| (path.clone(), store.stamp(path)));
        places.files.extend(files);
        places
    }

    /// Path and bytes of each chunk of the index that must be written, so that the next build need not read
    /// all articles.
    pub(super) fn changed_index(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.index.changed()
    }

    /// Files of the index that are of no use any more.
    pub(super) fn stale_index(&self) -> &[String] {
        self.index.stale()
    }

    /// An article whole, and the text of its file.
    pub(super) fn article<T>(
        &self,
        store: &dyn Store,
        articles: &Articles<'_>,
        summary: ArticleSummary<'_>,
        then: impl FnOnce(&Article, &str) -> T,
    ) -> Result<T, store::Error> {
        let sidecar = articles.sidecars.get(stem(summary.path()));
        let beside = sidecar.map(|beside| store.read(&beside.path)).transpose()?;
        let sidecar = sidecar.map(|beside| beside.path.as_str()).zip(beside.as_deref());
        let remembered = Some(summary.fingerprint());
        let site = self.site.as_ref();
        with_bytes(store, summary.path(), |bytes| {
            let source =
                SourceFile { path: summary.path(), name: summary.name(), bytes, sidecar, remembered, site };
            let (article, _) = article::parse(&source, &self.conventions);
            // The article was read a moment ago; if its file has become another since, that is what there is now.
            then(&article, article::text(bytes).unwrap_or_default())
        })
    }
}

thread_local! {
    /// Buffer for the file that is read. It grows to the largest file, and no further.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Reads a file into memory that is used again for the next.
fn with_bytes<T>(store: &dyn Store, path: &str, then: impl FnOnce(&[u8]) -> T) -> Result<T, store::Error> {
    let mut buffer = BUFFER.take();
    let read = store.read_into(path, &mut buffer);
    let result = read.map(|()| then(&buffer));
    BUFFER.set(buffer);
    result
}

/// Reader of articles, with all that decides how they are understood.
struct ArticleReader<'a> {
    store: &'a dyn Store,
    config: &'a Config,
    conventions: &'a Conventions,
    site: Option<&'a Site>,
    ledger: &'a Ledger,
    /// Made when the first article is read.
    fingerprints: OnceLock<TextFingerprints<'a>>,
    watch: Watch<'a>,
}

impl ArticleReader<'_> {
    fn summary(&self, file: &Found<'_>) -> Read {
        (self.watch)(Event::Turns(Step::Read));
        // File systems disagree about composed letters; addresses and ids must not.
        let name = relative(file.path, &self.config.articles.path);
        let composed = (!name.is_ascii()).then(|| name.nfc().collect::<String>());
        let name = composed.as_deref().unwrap_or(name);
        let read = self.read(file, name);
        let (article, diagnostics) = read.unwrap_or_else(|diagnostic| {
            (article::unreadable(file.path, name, self.conventions), vec![*diagnostic])
        });
        let permalink = permalink(&article, &self.config.publication.home);
        (ArticleSummary::write(&article, permalink.as_str()), diagnostics)
    }

    fn read(&self, file: &Found<'_>, name: &str) -> Result<(Article, Vec<Diagnostic>), Box<Diagnostic>> {
        if file.stamp.size > article::LARGEST as u64 {
            return Err(huge(file).into());
        }
        let sidecar = file.sidecar.map(|(path, _)| (path, self.store.read(path)));
        let (beside, trouble) = match &sidecar {
            Some((path, Ok(bytes))) => (Some((*path, bytes.as_slice())), None),
            Some((path, Err(error))) => (None, Some(unreadable(path, error))),
            None => (None, None),
        };
        let remembered = self.fingerprints.get_or_init(|| self.ledger.fingerprints()).get(name);
        let parsed = with_bytes(self.store, file.path, |bytes| {
            (self.watch)(Event::Turns(Step::Parse));
            let source =
                SourceFile { path: file.path, name, bytes, sidecar: beside, remembered, site: self.site };
            article::parse(&source, self.conventions)
        });
        let (article, mut diagnostics) = parsed.map_err(|error| Box::new(unreadable(file.path, &error)))?;
        diagnostics.splice(0..0, trouble);
        Ok((article, diagnostics))
    }
}

/// URL of an article: the one that its author states, or else the one that patterns make.
fn permalink(article: &Article, home: &Url) -> Url {
    let stated = article.address.as_deref().and_then(|stated| address(stated, home));
    let made = || address(&article.made_address.as_ref()?.address(), home);
    stated.or_else(made).unwrap_or_else(|| home.clone())
}

/// An address as an article states it, which is absolute or below the home.
pub(super) fn address(stated: &str, home: &Url) -> Option<Url> {
    match Url::parse(stated) {
        Ok(url) => Some(url).filter(is_web),
        // `./` keeps `a:b` from being read as a scheme.
        Err(_) => home.join(&format!("./{}", stated.trim_start_matches('/'))).ok(),
    }
}

/// Lists the files among which articles are.
pub(super) fn list(store: &dyn Store, config: &Config) -> Result<Listing, Error> {
    let folder = &config.articles.path;
    let pages = has_pages(store, config);
    let mut listing = store.list(folder, &config.articles.exclude).map_err(|error| {
        if !error.is_not_found() {
            return Error::Store(error);
        }
        let message = format!("there is no folder `{folder}`");
        let help = "say in `[articles]` with `path` where the articles are, or make the folder";
        Error::Publication(vec![Diagnostic::new(Rule::Configuration, config::FILE, message).help(help)])
    })?;
    if let Some(site) = &config.site {
        listing.files.retain(|file| !is_article(&file.path, pages) || site.admits(&file.path));
    }
    // Feeds are not articles, also where articles lie at the top. Where both lie in one folder, their names tell.
    let feeds = config.feeds_folder();
    let own = format!("{folder}/");
    let are_among_articles = folder.is_empty() || (feeds.starts_with(&own) && feeds != own);
    if are_among_articles && !feeds.is_empty() {
        listing.files.retain(|file| !file.path.starts_with(&feeds));
    }
    // Nor is what the site's generator makes of them.
    if let Some(config::Site { path, .. }) = &config.articles.site {
        let pages = format!("{path}/");
        listing.files.retain(|file| !file.path.starts_with(&pages));
    }
    // Nor is the page, which is HTML as well, or what it is made of.
    if let Some(config::Page { path, template }) = &config.page {
        let page = format!("{feeds}{path}");
        let is_page = |path: &str| path == page && store.read(path).is_ok_and(|bytes| page::is_ours(&bytes));
        listing.files.retain(|file| Some(&file.path) != template.as_ref() && !is_page(&file.path));
    }
    if files(&listing, pages).next().is_none()
        && let Some(mut unread) = unread_formats(&listing, config, pages)
    {
        unread.severity = Severity::Error;
        unread.label = Some("nothing is built, since there is no other article".to_owned());
        return Err(Error::Publication(vec![unread]));
    }
    Ok(listing)
}

fn found<'a>(file: &'a FileEntry, sidecars: &BTreeMap<&str, &'a FileEntry>) -> Found<'a> {
    let beside = sidecars.get(stem(&file.path));
    let sidecar = beside.map(|beside| (beside.path.as_str(), beside.stamp));
    Found { path: &file.path, stamp: file.stamp, sidecar }
}

/// The files that are articles by their names. Where a site has built pages, so are those whose texts are taken from there.
fn files(listing: &Listing, pages: bool) -> impl Iterator<Item = &FileEntry> {
    listing.files.iter().filter(move |file| is_article(&file.path, pages))
}

fn is_article(path: &str, pages: bool) -> bool {
    has_extension(path, &ARTICLES) || (pages && Foreign::of(path).is_some())
}

fn has_extension(path: &str, known: &[&str]) -> bool {
    let extension = extension(path);
    known.iter().any(|known| known.eq_ignore_ascii_case(extension))
}

/// `true` if there is a built site, from whose pages texts can be taken.
fn has_pages(store: &dyn Store, config: &Config) -> bool {
    config.articles.site.as_ref().is_some_and(|site| store.has_folder(&site.path))
}

fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// The most files that are named one by one.
const NAMED: usize = 3;

/// Says how many files there are in formats that are not read, and names the first of them.
fn unread_formats(listing: &Listing, config: &Config, pages: bool) -> Option<Diagnostic> {
    let paths = listing.files.iter().map(|file| file.path.as_str());
    let is_unread = |path: &&str| has_extension(path, &UNREAD) && !is_article(path, pages);
    let unread: Vec<&str> = paths.filter(is_unread).collect();
    if unread.is_empty() {
        return None;
    }
    let mut formats: BTreeMap<String, usize> = BTreeMap::new();
    for path in &unread {
        *formats.entry(extension(path).to_ascii_lowercase()).or_default() += 1;
    }
    let formats: Vec<String> = formats.iter().map(|(name, count)| format!("{count} `.{name}`")).collect();
    let named: Vec<String> = unread.iter().take(NAMED).map(|path| format!("`{path}`")).collect();
    let more = if unread.len() > NAMED { ", …" } else { "" };
    let message =
        format!("files in formats that are not read: {} ({}{more})", formats.join(", "), named.join(", "));
    Some(
        Diagnostic::new(Rule::UnreadFormats, &config.articles.path, message)
            .label("not in any feed")
            .help(
                "build the site and name its folder as `site` in `[articles]`, so that their texts are taken from its pages;\n\
                 or convert them to Markdown or HTML, or name them in `exclude` of `[articles]`",
            ),
    )
}

/// Removes the files beside the `index.md` of a bundle or below it: they belong to it and are not articles of their own.
fn leave_out_assets(files: &mut Vec<&FileEntry>, articles: &str) {
    let is_index = |path: &str| {
        let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
        name.strip_prefix("index").is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let indices = files.iter().map(|file| file.path.as_str()).filter(|path| is_index(path));
    let bundles: BTreeSet<&str> = indices.map(folder).filter(|folder| *folder != articles).collect();
    if bundles.is_empty() {
        return;
    }
    // Whatever lies below a bundle, however deep, is a part of it.
    let is_below = |path: &str| path.match_indices('/').any(|(end, _)| bundles.contains(&path[..end]));
    files.retain(|file| !is_below(if is_index(&file.path) { folder(&file.path) } else { &file.path }));
}

/// Metadata files by path without extension.
fn sidecars(listing: &Listing) -> BTreeMap<&str, &FileEntry> {
    let is_sidecar =
        |path: &str| path.rsplit_once('.').is_some_and(|(_, extension)| SIDECARS.contains(&extension));
    let files = listing.files.iter().filter(|file| is_sidecar(&file.path));
    files.map(|file| (stem(&file.path), file)).collect()
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
