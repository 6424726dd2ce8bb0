//! Article, identity and content become an entry.

use url::Url;

use super::dependencies::Dependencies;
use super::links::{Links, address_of};
use super::page_text;
use super::selected::Selected;
use crate::article::{self, Article, Author, EnclosureStated, Foreign};
use crate::built_site::BuiltSite;
use crate::cache::{CachedEntry, Consulted, Digest};
use crate::config::Config;
use crate::content::{self, BundledImage, Content, Files, Surroundings};
use crate::diagnostic::{Diagnostic, Rule};
use crate::feed::{self, Category, Enclosure, Entry, Image, Person, Source, Text};
use crate::fetch::is_web;
use crate::format::Extent;
use crate::select::Candidate;
use crate::store::{self, Store};

/// So many characters of its text name an entry that has no title.
const BEGINNING: usize = 60;

/// An entry, and what came to light when it was made.
pub(super) struct Rendered {
    pub(super) entry: Entry,
    /// The largest part of the content that any feed may hold.
    pub(super) extent: Extent,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) consulted: Consulted,
}

impl Rendered {
    /// Facts that the next build may know of it. `key` decides it with what it consulted.
    pub(super) fn to_remember(&self, key: Digest) -> CachedEntry {
        let Self { entry, consulted, diagnostics, .. } = self;
        let beginning =
            if entry.title.is_some() { String::new() } else { entry.content.beginning(BEGINNING) };
        CachedEntry { key, consulted: consulted.clone(), diagnostics: diagnostics.clone(), beginning }
    }
}

/// Makes entries of articles.
#[derive(Clone, Copy)]
pub(super) struct EntryRenderer<'a> {
    pub(super) store: &'a dyn Store,
    pub(super) selected: Selected<'a>,
    pub(super) links: &'a Links<'a>,
}

impl<'a> EntryRenderer<'a> {
    /// Reads an article whole, and makes an entry of it.
    pub(super) fn render(&self, candidate: &Candidate<'_>) -> Result<Rendered, store::Error> {
        let Selected { publication, articles, .. } = self.selected;
        publication.catalogue.article(self.store, articles, candidate.summary, |article, text| {
            let dependencies = self.dependencies(candidate);
            let (entry, diagnostics) = self.entry(candidate, article, text, &dependencies);
            let extent = if article.excerpt_only { Extent::Summary } else { Extent::Full };
            Rendered { entry, extent, diagnostics, consulted: dependencies.consulted() }
        })
    }

    /// The configuration of the publication.
    pub(super) fn config(&self) -> &'a Config {
        &self.selected.publication.config
    }

    /// The site as its own generator has built it, if it has.
    fn built(&self) -> Option<&'a BuiltSite> {
        self.selected.publication.proof.get().and_then(|proof| proof.site.as_ref())
    }

    /// The flavour of Markdown of the publication's dialect.
    fn flavour(&self) -> content::Flavour {
        self.selected.publication.catalogue.dialect().flavour()
    }

    /// Whom the article of a candidate can ask.
    pub(super) fn dependencies<'c>(&'c self, candidate: &Candidate<'c>) -> Dependencies<'c, 'a> {
        let attachments = self.selected.publication.catalogue.attachments();
        let dependencies =
            Dependencies::new(self.store, self.config(), candidate.summary, self.links, attachments);
        dependencies.with_site(self.built())
    }

    fn entry(
        &self,
        candidate: &Candidate<'_>,
        article: &Article,
        text: &str,
        dependencies: &Dependencies<'_, '_>,
    ) -> (Entry, Vec<Diagnostic>) {
        let identity = &candidate.identity;
        let permalink = &address_of(candidate.summary, self.config());
        let (content, mut diagnostics) = self.content(candidate, permalink, (article, text), dependencies);
        let cover = cover(article, permalink, dependencies, &mut diagnostics);
        let enclosures = article.enclosures.iter();
        let enclosures = enclosures
            .filter_map(|stated| enclosure(stated, permalink, &article.path, dependencies, &mut diagnostics));
        let entry = Entry {
            id: Text::new(&identity.id),
            id_is_permalink: identity.id_is_permalink,
            title: article.title.as_deref().map(Text::new).filter(|title| !title.is_empty()),
            permalink: permalink.clone(),
            published: identity.published,
            updated: identity.updated,
            authors: authors(article, self.config()),
            categories: categories(article),
            content,
            language: article.language.as_deref().map(Text::new),
            cover,
            enclosures: enclosures.collect(),
            related: address(article.link.as_deref(), permalink, dependencies),
            via: source(article, permalink),
            comments: address(article.comments.as_deref(), permalink, dependencies),
            licence: address(article.licence.as_deref(), permalink, dependencies),
            rights: article.rights.as_deref().map(Text::new).filter(|rights| !rights.is_empty()),
        };
        (entry, diagnostics)
    }

    fn content(
        &self,
        candidate: &Candidate<'_>,
        permalink: &Url,
        (article, text): (&Article, &str),
        dependencies: &Dependencies<'_, '_>,
    ) -> (Content, Vec<Diagnostic>) {
        let digest = blake3::hash(candidate.identity.id.as_bytes()).to_hex();
        let markers = [&article.summary_marker, &self.config().articles.summary_marker];
        let surroundings = Surroundings {
            permalink,
            home: &self.config().publication.home,
            summary: article.summary.as_deref(),
            summary_marker: markers.into_iter().find_map(|marker| marker.as_deref()),
            id_prefix: &digest[..6],
            files: dependencies,
            flavour: self.flavour(),
            title: article.title.as_deref(),
            language: article.language.as_deref().or(Some(self.config().publication.language.as_str())),
        };
        let page = candidate.from_page.then(|| {
            page_text::read(
                self.store,
                self.config(),
                self.built(),
                dependencies,
                (&article.path, &surroundings),
            )
        });
        let absent = match page {
            Some(Ok(found)) => return found,
            Some(Err(diagnostic)) => Some(*diagnostic),
            None => None,
        };
        let mut body = article::body(text, article);
        if Foreign::of(&article.path).is_some() {
            // Nobody could read it.
            body.range = body.range.end..body.range.end;
        }
        let (content, mut diagnostics) = content::render(&body, &surroundings);
        diagnostics.extend(absent);
        if self.built().is_some_and(|built| built.has_page(permalink)) {
            for diagnostic in &mut diagnostics {
                advise_page(diagnostic, &article.name);
            }
        }
        (content, diagnostics)
    }
}

/// Says of what only the generator understands that its page shows it.
fn advise_page(diagnostic: &mut Diagnostic, name: &str) {
    if diagnostic.rule == Rule::TemplateLeftover {
        let help = format!("take the text from the built page: add `{name}` to `from-page` in `[articles]`");
        diagnostic.help = Some(help);
    }
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
    base.join(address.trim()).ok().filter(is_web)
}

/// An address of the web, or that of an article which is named by its file.
fn address(stated: Option<&str>, permalink: &Url, dependencies: &Dependencies<'_, '_>) -> Option<Url> {
    let stated = stated?;
    let ours = if stated.contains("://") { None } else { dependencies.article(stated) };
    ours.or_else(|| web(permalink, stated))
}

/// The picture that stands for an article. One that is not there is said; one that only a bundler's name leads to is
/// taken from the built page, or else left out.
fn cover(
    article: &Article,
    permalink: &Url,
    dependencies: &Dependencies<'_, '_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Image> {
    let cover = article.cover.as_ref()?;
    let address = cover.address.as_str();
    let is_local = !address.contains(':') && !address.starts_with("//");
    let missing = |message: String| Diagnostic::new(Rule::MissingImage, &article.path, message);
    let bundled = if is_local { dependencies.bundled(address) } else { BundledImage::NotBundled };
    let url = match bundled {
        BundledImage::At(url) => url,
        BundledImage::Unknown => {
            diagnostics.push(
                missing(content::under_another_name(address))
                    .label("the article has no picture in feeds")
                    .help(content::WHERE_BUNDLED_IMAGES_ARE),
            );
            return None;
        }
        BundledImage::NotBundled => {
            if is_local && dependencies.has_file(address) == Some(false) {
                diagnostics.push(
                    missing(format!("there is no image `{address}`"))
                        .label("readers will find nothing there")
                        .help("put the file there, or correct its name"),
                );
            }
            dependencies.attachment(address).filter(|_| is_local).or_else(|| web(permalink, address))?
        }
    };
    let media_type = feed::media_type(url.path());
    let alt = cover.alt.as_deref().map(Text::new).filter(|alt| !alt.is_empty());
    let size = dependencies.image_size(address);
    media_type.starts_with("image/").then(|| Image { url, media_type: Text::new(media_type), alt, size })
}

fn enclosure(
    stated: &EnclosureStated,
    permalink: &Url,
    path: &str,
    dependencies: &Dependencies<'_, '_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Enclosure> {
    let is_local = !stated.address.contains(':') && !stated.address.starts_with('/');
    let attached = dependencies.attachment(&stated.address).filter(|_| is_local);
    let Some(url) = attached.or_else(|| web(permalink, &stated.address)) else {
        let message = format!("`{}` is not a URL of a file", stated.address);
        diagnostics.push(Diagnostic::new(Rule::UnusableEnclosure, path, message).label("left out"));
        return None;
    };
    let local = || dependencies.local(&stated.address).map(|(_, stamp)| stamp.size);
    let length = stated.length.or_else(local);
    if dependencies.has_file(&stated.address) == Some(false) && !stated.address.contains(':') {
        let message = format!("there is no file `{}`", stated.address);
        diagnostics.push(
            Diagnostic::new(Rule::MissingEnclosure, path, message)
                .label("podcast apps will find nothing there")
                .help("put the file there, or correct its name"),
        );
    } else if length.is_none() {
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
