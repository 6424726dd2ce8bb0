//! Article, identity and content become an entry.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use url::Url;

use super::catalogue::{Articles, Catalogue};
use super::{Error, Event, Watch};
use crate::article::{self, Article, Author, Card, EnclosureStated, Visibility};
use crate::config::Config;
use crate::content::{self, Content, Files, Surroundings};
use crate::diagnostic::{Diagnostic, Rule};
use crate::feed::{self, Category, Enclosure, Entry, Image, Person, Source, Text};
use crate::format::Extent;
use crate::select::{Candidate, Selection};
use crate::store::{self, Store};

/// Local images larger than this are not opened to learn their size.
const LARGEST_IMAGE: u64 = 20_000_000;

/// Where generators keep files that belong to no article.
const ASSET_FOLDERS: [&str; 6] = ["", "static", "assets", "public", "source", "src"];

/// The entries that the feeds hold.
pub(super) struct Rendered {
    /// By the index of the candidate; how much of it, and the entry.
    pub(super) entries: BTreeMap<usize, (Extent, Entry)>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Where articles become entries.
pub(super) struct Workshop<'a> {
    pub(super) store: &'a dyn Store,
    pub(super) config: &'a Config,
    pub(super) catalogue: &'a Catalogue,
    pub(super) articles: &'a Articles<'a>,
    pub(super) links: &'a Links<'a>,
}

impl Workshop<'_> {
    /// Renders each article that some feed holds, once, several at a time.
    pub(super) fn render(
        &self,
        candidates: &[Candidate<'_>],
        selections: &[Selection<'_>],
        watch: Watch<'_>,
    ) -> Result<Rendered, Error> {
        let chosen: BTreeSet<usize> =
            selections.iter().flat_map(|selection| selection.entries.iter().copied()).collect();
        let chosen: Vec<usize> = chosen.into_iter().collect();
        let done = AtomicUsize::new(0);
        let results = chosen.par_iter().map(|&index| {
            watch(Event::Progress(done.fetch_add(1, Ordering::Relaxed), chosen.len()));
            self.entry(&candidates[index]).map(|rendered| (index, rendered))
        });
        let mut rendered = Rendered { entries: BTreeMap::new(), diagnostics: Vec::new() };
        for result in results.collect::<Result<Vec<_>, _>>()? {
            let (index, (extent, entry, found)) = result;
            rendered.entries.insert(index, (extent, entry));
            rendered.diagnostics.extend(found);
        }
        Ok(rendered)
    }

    fn entry(&self, candidate: &Candidate<'_>) -> Result<(Extent, Entry, Vec<Diagnostic>), store::Error> {
        self.catalogue.article(self.store, self.articles, candidate.card, |article, text| {
            let extent = if article.excerpt_only { Extent::Summary } else { Extent::Full };
            let neighbours =
                Neighbours { store: self.store, config: self.config, article, links: self.links };
            let (entry, diagnostics) = entry(candidate, text, &neighbours);
            (extent, entry, diagnostics)
        })
    }
}

fn entry(candidate: &Candidate<'_>, text: &str, neighbours: &Neighbours<'_, '_>) -> (Entry, Vec<Diagnostic>) {
    let Neighbours { article, config, .. } = neighbours;
    let (identity, permalink) = (&candidate.identity, &address_of(candidate.card, config));
    let (content, mut diagnostics) = content(candidate, permalink, text, neighbours);
    let enclosures = article.enclosures.iter();
    let enclosures =
        enclosures.filter_map(|stated| neighbours.enclosure(stated, permalink, &mut diagnostics));
    let entry = Entry {
        id: Text::new(&identity.id),
        id_is_permalink: identity.id_is_permalink,
        title: article.title.as_deref().map(Text::new).filter(|title| !title.is_empty()),
        permalink: permalink.clone(),
        published: identity.published,
        updated: identity.updated,
        authors: authors(article, config),
        categories: categories(article),
        content,
        language: article.language.as_deref().map(Text::new),
        cover: neighbours.cover(permalink),
        enclosures: enclosures.collect(),
        related: neighbours.address(article.link.as_deref(), permalink),
        via: source(article, permalink),
        comments: neighbours.address(article.comments.as_deref(), permalink),
        licence: neighbours.address(article.licence.as_deref(), permalink),
        rights: article.rights.as_deref().map(Text::new).filter(|rights| !rights.is_empty()),
    };
    (entry, diagnostics)
}

/// Where an article is on the web.
fn address_of(card: Card<'_>, config: &Config) -> Url {
    // It was an address when the card was written.
    Url::parse(card.permalink()).unwrap_or_else(|_| config.publication.home.clone())
}

fn content(
    candidate: &Candidate<'_>,
    permalink: &Url,
    text: &str,
    neighbours: &Neighbours<'_, '_>,
) -> (Content, Vec<Diagnostic>) {
    let Neighbours { article, config, .. } = neighbours;
    let digest = blake3::hash(candidate.identity.id.as_bytes()).to_hex();
    let surroundings = Surroundings {
        permalink,
        home: &config.publication.home,
        summary: article.summary.as_deref(),
        summary_marker: article.summary_marker.as_deref().or(config.articles.summary_marker.as_deref()),
        id_prefix: &digest[..6],
        files: neighbours,
    };
    content::render(&article::body(text, article), &surroundings)
}

fn authors(article: &Article, config: &Config) -> Vec<Person> {
    if article.authors.is_empty() {
        return config.publication.authors.clone();
    }
    article.authors.iter().map(|author| person(author, &config.publication.home)).collect()
}

fn person(author: &Author, home: &Url) -> Person {
    let url = author.url.as_deref().and_then(|url| web(home, url));
    Person { name: Text::new(&author.name), email: author.email.as_deref().map(Text::new), url }
}

fn categories(article: &Article) -> Vec<Category> {
    let mut terms: Vec<Category> = Vec::new();
    for word in article.categories.iter().chain(&article.tags) {
        let term = Text::new(word);
        let known = terms.iter().any(|known| known.term == term);
        if !term.is_empty() && !known {
            terms.push(Category { term, scheme: None });
        }
    }
    terms
}

fn source(article: &Article, permalink: &Url) -> Option<Source> {
    let source = article.source.as_ref()?;
    let url = web(permalink, source.url.as_deref()?)?;
    let title = Text::new(&source.name);
    let title = if title.is_empty() { Text::new(url.host_str().unwrap_or_default()) } else { title };
    Some(Source { title, url })
}

fn web(base: &Url, address: &str) -> Option<Url> {
    base.join(address.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// The files round an article.
struct Neighbours<'a, 'l> {
    store: &'a dyn Store,
    config: &'a Config,
    article: &'a Article,
    links: &'a Links<'l>,
}

impl Neighbours<'_, '_> {
    fn address(&self, stated: Option<&str>, permalink: &Url) -> Option<Url> {
        let stated = stated?;
        self.article(stated).or_else(|| web(permalink, stated))
    }

    fn cover(&self, permalink: &Url) -> Option<Image> {
        let cover = self.article.cover.as_ref()?;
        let url = web(permalink, &cover.address)?;
        let media_type = feed::media_type(url.path());
        let alt = cover.alt.as_deref().map(Text::new).filter(|alt| !alt.is_empty());
        let size = self.image_size(&cover.address);
        media_type.starts_with("image/").then(|| Image { url, media_type: Text::new(media_type), alt, size })
    }

    fn enclosure(
        &self,
        stated: &EnclosureStated,
        permalink: &Url,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Enclosure> {
        let path = &self.article.path;
        let Some(url) = web(permalink, &stated.address) else {
            let message = format!("`{}` is no address of a file", stated.address);
            diagnostics.push(Diagnostic::new(Rule::UnusableEnclosure, path, message).label("left out"));
            return None;
        };
        let length = stated.length.or_else(|| self.store.size(&self.local(&stated.address)?));
        if length.is_none() {
            let message = format!("the length of `{}` is not known", stated.address);
            diagnostics.push(
                Diagnostic::new(Rule::UnknownEnclosureLength, path, message)
                    .label("given as 0")
                    .help("state its `length` in bytes"),
            );
        }
        let media_type = stated.media_type.as_deref().filter(|stated| stated.contains('/'));
        Some(Enclosure {
            media_type: Text::new(media_type.unwrap_or_else(|| feed::media_type(url.path()))),
            url,
            length: length.unwrap_or_default(),
            duration: stated.duration,
            title: stated.title.as_deref().map(Text::new).filter(|title| !title.is_empty()),
        })
    }

    /// The path in the store of a file that the article names, if there is one.
    fn local(&self, name: &str) -> Option<String> {
        let name = name.split(['?', '#']).next().unwrap_or_default();
        if name.contains("://") {
            return None;
        }
        let beside = self.article.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let folders: Vec<&str> = if name.starts_with('/') {
            ASSET_FOLDERS.iter().copied().chain([self.config.articles.path.as_str()]).collect()
        } else {
            vec![beside]
        };
        let paths = folders.into_iter().filter_map(|folder| joined(folder, name));
        paths.into_iter().find(|path| self.store.size(path).is_some())
    }
}

impl Files for Neighbours<'_, '_> {
    fn article(&self, name: &str) -> Option<Url> {
        self.links.find(name, &self.article.name)
    }

    /// Where a site keeps files apart from its articles, only a bundle's own can be told to be missing.
    fn has_file(&self, name: &str) -> Option<bool> {
        if self.local(name).is_some() {
            return Some(true);
        }
        let apart = ASSET_FOLDERS.iter().any(|folder| !folder.is_empty() && self.store.has_folder(folder));
        let told = !name.starts_with('/') && (self.article.bundle || !apart);
        told.then_some(false)
    }

    fn image_size(&self, name: &str) -> Option<(u32, u32)> {
        let path = self.local(name)?;
        if self.store.size(&path)? > LARGEST_IMAGE {
            return None;
        }
        let size = imagesize::blob_size(&self.store.read(&path).ok()?).ok()?;
        Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))
    }
}

/// Addresses of articles by all names that links may use. Few feeds hold links that are looked up here, so the tables
/// are made for the first.
pub(super) struct Links<'a> {
    cards: &'a [Card<'a>],
    config: &'a Config,
    by_name: OnceLock<HashMap<&'a str, Card<'a>>>,
    /// A name that two articles share means neither.
    by_stem: OnceLock<HashMap<&'a str, Option<Card<'a>>>>,
}

impl<'a> Links<'a> {
    pub(super) fn new(cards: &'a [Card<'a>], config: &'a Config) -> Self {
        Self { cards, config, by_name: OnceLock::new(), by_stem: OnceLock::new() }
    }

    fn visible(&self) -> impl Iterator<Item = Card<'a>> {
        let shown =
            |visibility| matches!(visibility, Visibility::Public | Visibility::Unlisted | Visibility::Page);
        self.cards.iter().copied().filter(move |card| shown(card.visibility()))
    }

    fn by_name(&self, name: &str) -> Option<Card<'a>> {
        let table = || {
            let mut table = HashMap::with_capacity(2 * self.cards.len());
            for card in self.visible() {
                let (stem, bundle) = stems(card);
                let names = [Some(card.name()), Some(stem), bundle].into_iter().flatten();
                table.extend(names.map(|name| (name, card)));
            }
            table
        };
        self.by_name.get_or_init(table).get(name).copied()
    }

    fn by_stem(&self, stem: &str) -> Option<Card<'a>> {
        let table = || {
            let mut table = HashMap::with_capacity(2 * self.cards.len());
            for card in self.visible() {
                let (stem, bundle) = stems(card);
                let last = bundle.unwrap_or(stem).rsplit('/').next().unwrap_or_default();
                for name in BTreeSet::from([last, card.slug()]) {
                    table.entry(name).and_modify(|known| *known = None).or_insert(Some(card));
                }
            }
            table
        };
        self.by_stem.get_or_init(table).get(stem).copied().flatten()
    }

    /// The article that `name` means in a link of the article called `from`.
    fn find(&self, name: &str, from: &str) -> Option<Url> {
        let (name, fragment) =
            name.split_once('#').map_or((name, None), |(name, fragment)| (name, Some(fragment)));
        let name = name.trim().trim_end_matches('/');
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let rooted = joined("", name.trim_start_matches('/'));
        let beside = joined(folder, name).filter(|_| !name.starts_with('/'));
        let names = [beside, rooted];
        let by_name = names.iter().flatten().find_map(|name| self.by_name(name));
        let by_stem = || {
            let last = name.rsplit('/').next().unwrap_or_default();
            let stem = last.strip_suffix(".md").unwrap_or(last);
            self.by_stem(stem).filter(|_| !stem.is_empty())
        };
        let mut url = address_of(by_name.or_else(by_stem)?, self.config);
        url.set_fragment(fragment);
        Some(url)
    }
}

/// The name of an article without extension, and without the `/index` of a bundle.
fn stems(card: Card<'_>) -> (&str, Option<&str>) {
    let name = card.name();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    (stem, stem.strip_suffix("/index").or_else(|| stem.strip_suffix("/_index")))
}

/// `name` seen from `folder`, with `.` and `..` taken out; `None` where that leads out.
fn joined(folder: &str, name: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}
