//! Any feed as its publisher wrote it, whatever the format: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0 under any
//! prefix, JSON Feed 1.0 and 1.1.
//!
//! Everything is to the letter and says where it stands. What readers make of it, and what of it fits our own model,
//! is for others to know: [`outline`](super::outline()), [`read`](super::read()) and `adopt` are views of a
//! [`SourceFeed`]. Nothing is fetched, nothing expands without bound, nothing recurses.

mod atom;
mod decode;
mod element;
mod entities;
mod json;
mod media;
mod rss;
mod xml;

use std::borrow::Cow;
use std::ops::Range;

use chrono::{DateTime, Utc};
use url::Url;

use super::{Format, Unreadable, date};
use element::Node;

pub use decode::{Decoded, EncodingProblem, Position, decode};

/// A text and the place where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stated<'a> {
    /// Without white space at its ends; never empty.
    pub text: Cow<'a, str>,
    /// Bytes of the decoded document. Where references or several pieces make the text, its source is longer.
    pub span: Range<usize>,
}

/// A feed, with everything that it says.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceFeed<'a> {
    /// The format.
    pub format: Format,
    /// Atom `id`; the others have none.
    pub id: Option<Stated<'a>>,
    /// Its title.
    pub title: Option<SourceText<'a>>,
    /// RSS and JSON `description`, Atom `subtitle`.
    pub description: Option<SourceText<'a>>,
    /// Every address, by its relation: see [`SourceLink::rel`].
    pub links: Vec<SourceLink<'a>>,
    /// RSS `lastBuildDate` or `pubDate`, Atom `updated`.
    pub updated: Option<Stated<'a>>,
    /// RSS and JSON `language`, Atom `xml:lang`.
    pub language: Option<Stated<'a>>,
    /// RSS `managingEditor`, Atom `author`, JSON `authors`.
    pub authors: Vec<SourcePerson<'a>>,
    /// RSS and Atom `category`.
    pub categories: Vec<SourceCategory<'a>>,
    /// RSS `copyright`, Atom `rights`.
    pub rights: Option<SourceText<'a>>,
    /// The program that wrote it, and its page: RSS and Atom `generator`.
    pub generator: Option<(Stated<'a>, Option<Stated<'a>>)>,
    /// RSS `ttl`, in minutes.
    pub ttl: Option<Stated<'a>>,
    /// Its entries, in its order; those that are whole.
    pub entries: Vec<SourceEntry<'a>>,
    /// Elements that are not the format's own; in JSON, members that begin with `_`.
    pub extensions: Vec<Extension<'a>>,
    /// The place where the document breaks off; everything before it was read.
    pub broken: Option<Break>,
}

/// One entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceEntry<'a> {
    /// RSS `guid`, else `rdf:about`; Atom and JSON `id`.
    pub id: Option<Stated<'a>>,
    /// True if an RSS `guid` is said to be a permalink, as it is unless it denies it; `None` where there is none.
    pub id_is_permalink: Option<bool>,
    /// Its title.
    pub title: Option<SourceText<'a>>,
    /// Every address, by its relation: see [`SourceLink::rel`].
    pub links: Vec<SourceLink<'a>>,
    /// RSS `pubDate` or `dc:date`, Atom `published` or `issued`, JSON `date_published`.
    pub published: Option<Stated<'a>>,
    /// RSS `atom:updated`, Atom `updated` or `modified`, JSON `date_modified`.
    pub updated: Option<Stated<'a>>,
    /// RSS `description`, Atom and JSON `summary`.
    pub summary: Option<SourceText<'a>>,
    /// RSS `content:encoded`, Atom `content`, JSON `content_html` or `content_text`.
    pub content: Option<SourceText<'a>>,
    /// RSS `dc:creator` or `author`, Atom `author`, JSON `authors`.
    pub authors: Vec<SourcePerson<'a>>,
    /// RSS and Atom `category`, JSON `tags`.
    pub categories: Vec<SourceCategory<'a>>,
    /// RSS `dc:language`, Atom `xml:lang` of content or title, JSON `language`.
    pub language: Option<Stated<'a>>,
    /// RSS `dc:rights`, Atom `rights`.
    pub rights: Option<SourceText<'a>>,
    /// Elements that are not the format's own; in JSON, members that begin with `_`.
    pub extensions: Vec<Extension<'a>>,
}

/// A text of some kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceText<'a> {
    /// The text; of XHTML its source.
    pub text: Stated<'a>,
    /// Its kind.
    pub kind: TextKind,
    /// Atom `xml:lang`.
    pub language: Option<Stated<'a>>,
}

/// The kind of a text: how it is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKind {
    /// As it is.
    Plain,
    /// As HTML, be it escaped or in elements of its own.
    Html,
    /// As it is, or as HTML: RSS does not say what a title is.
    Unstated,
}

/// An address.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceLink<'a> {
    /// Atom's relation, for other formats too: `alternate` is the page, of an entry or of the whole (RSS `link`, JSON
    /// `url`, `home_page_url`), `self` the feed, `hub`, `next`, `prev-archive`, `enclosure`, `related` (JSON
    /// `external_url`), `via` (RSS `source`), `replies` (RSS `comments`), `license`, and beyond Atom's `icon`, `logo`
    /// and `cover`.
    pub rel: Cow<'a, str>,
    /// As written.
    pub href: Stated<'a>,
    /// Absolute; `None` where it is relative to nothing known or is not a URL.
    pub url: Option<Url>,
    /// Its media type.
    pub media_type: Option<Stated<'a>>,
    /// Its title; of an image its description.
    pub title: Option<Stated<'a>>,
    /// Its length in bytes.
    pub length: Option<Stated<'a>>,
    /// Its duration in seconds.
    pub duration: Option<Stated<'a>>,
    /// Width and height in pixels.
    pub size: Option<(u32, u32)>,
}

/// A person who writes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourcePerson<'a> {
    /// The name; in RSS whatever stands there.
    pub name: Option<Stated<'a>>,
    /// The email address, where it stands alone.
    pub email: Option<Stated<'a>>,
    /// A page about the person.
    pub page: Option<SourceLink<'a>>,
}

/// A tag or a category.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceCategory<'a> {
    /// RSS text, Atom `term`, JSON one of `tags`.
    pub term: Stated<'a>,
    /// RSS `domain`, Atom `scheme`.
    pub scheme: Option<SourceLink<'a>>,
}

/// An element that is not the format's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension<'a> {
    /// As written, with its prefix.
    pub name: Cow<'a, str>,
    /// Its text, without that of elements in it.
    pub text: Cow<'a, str>,
    /// Names as written, and values.
    pub attributes: Vec<(&'a str, Cow<'a, str>)>,
    /// Bytes of the decoded document, from tag to tag.
    pub span: Range<usize>,
}

/// The place where a document breaks off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// Bytes of the decoded document before it.
    pub at: usize,
    /// The fault there.
    pub reason: String,
}

/// Reads a feed, as far as it can be read. `location` is where it was found: what relative addresses are relative to.
///
/// ```
/// use feedwright::format::source;
/// let document = source::decode(br#"<rss version="2.0"><channel><item><guid>a&amp;b</guid></item></oops>"#);
/// let feed = source::read(&document, None).unwrap();
/// let id = feed.entries[0].id.clone().unwrap();
/// assert_eq!((&*id.text, &document.text[id.span]), ("a&b", "a&amp;b"));
/// assert_eq!(document.position(feed.broken.unwrap().at).column, 62);
/// ```
///
/// # Errors
///
/// If the document is not a feed, or breaks off before that can be told.
pub fn read<'a>(document: &'a Decoded<'_>, location: Option<&Url>) -> Result<SourceFeed<'a>, Unreadable> {
    let text: &'a str = &document.text;
    let base = Base(location.cloned());
    let is_json = text.trim_start().starts_with('{');
    let mut elements = if is_json { json::read(text) } else { xml::read(text) };
    let broken = elements.broken.take();
    let feed = if is_json { json::feed(&elements, &base) } else { of_xml(&elements, &base) };
    match (feed, broken) {
        (Ok(feed), broken) => Ok(SourceFeed { broken, ..feed }),
        (Err(_), Some(broken)) => Err(broken.in_document(document)),
        (Err(reason), None) => Err(Unreadable { reason }),
    }
}

/// Reads a feed that is whole: half of one would say of the other half that it is gone.
pub(crate) fn read_whole<'a>(
    document: &'a Decoded<'_>,
    location: Option<&Url>,
) -> Result<SourceFeed<'a>, Unreadable> {
    let feed = read(document, location)?;
    match &feed.broken {
        Some(broken) => Err(broken.in_document(document)),
        None => Ok(feed),
    }
}

fn of_xml<'a>(elements: &element::Elements<'a>, base: &Base) -> Result<SourceFeed<'a>, String> {
    let root = elements.root().ok_or("it has no element")?;
    match root.local() {
        "rss" | "RDF" => Ok(rss::feed(root, base)),
        "feed" => Ok(atom::feed(root, base)),
        other => Err(format!("its outermost element is `{other}`")),
    }
}

impl Break {
    /// Why a document that breaks off here cannot be used.
    fn in_document(&self, document: &Decoded<'_>) -> Unreadable {
        let Position { line, column } = document.position(self.at);
        Unreadable { reason: format!("line {line}, column {column}: {}", self.reason) }
    }
}

impl<'a> Stated<'a> {
    /// The text without white space at its ends, unless nothing is left. `span` is that of the whole text.
    fn new(text: &Cow<'a, str>, span: Range<usize>) -> Option<Self> {
        let trimmed = text.trim();
        let as_written = text.len() == span.len();
        let start = trimmed.as_ptr().addr() - text.as_ptr().addr();
        let span = if as_written { span.start + start..span.start + start + trimmed.len() } else { span };
        let text = match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(_) => Cow::Owned(trimmed.to_owned()),
        };
        (!text.is_empty()).then_some(Self { text, span })
    }

    /// The instant, if it is a date of RFC 822 or RFC 3339.
    pub fn date(&self) -> Option<DateTime<Utc>> {
        date::parse(&self.text)
    }
}

impl<'a> SourceLink<'a> {
    fn new(rel: impl Into<Cow<'a, str>>, href: Stated<'a>, base: &Base) -> Self {
        Self {
            rel: rel.into(),
            url: base.resolve(&href.text),
            href,
            media_type: None,
            title: None,
            length: None,
            duration: None,
            size: None,
        }
    }

    /// Absolute where that is known, else as written.
    pub fn address(&self) -> &str {
        self.url.as_ref().map_or(&self.href.text, Url::as_str)
    }

    /// True if it leads to a page, as far as its media type says.
    pub(super) fn is_page(&self) -> bool {
        self.media_type.as_ref().is_none_or(|media_type| media_type.text.contains("html"))
    }
}

/// The links of a relation, in order.
pub(crate) fn with_rel<'l, 'a>(
    links: &'l [SourceLink<'a>],
    rel: &'static str,
) -> impl Iterator<Item = &'l SourceLink<'a>> + Clone + use<'l, 'a> {
    links.iter().filter(move |link| link.rel == rel)
}

/// The alternate that is a page, or else whichever comes first.
pub(crate) fn page<'l, 'a>(links: &'l [SourceLink<'a>]) -> Option<&'l SourceLink<'a>> {
    let mut alternates = with_rel(links, "alternate");
    alternates.clone().find(|link| link.is_page()).or_else(|| alternates.next())
}

impl SourceEntry<'_> {
    /// The address of its page; an RSS `guid` that is a permalink where there is no other.
    pub fn page(&self) -> Option<&SourceLink<'_>> {
        page(&self.links)
    }
}

impl SourceFeed<'_> {
    /// A feed that says nothing.
    fn of(format: Format) -> Self {
        Self {
            format,
            id: None,
            title: None,
            description: None,
            links: Vec::new(),
            updated: None,
            language: None,
            authors: Vec::new(),
            categories: Vec::new(),
            rights: None,
            generator: None,
            ttl: None,
            entries: Vec::new(),
            extensions: Vec::new(),
            broken: None,
        }
    }
}

/// The base of relative addresses, where it is known.
#[derive(Clone)]
struct Base(Option<Url>);

impl Base {
    #[cfg(test)]
    fn none() -> Self {
        Self(None)
    }

    fn resolve(&self, address: &str) -> Option<Url> {
        match &self.0 {
            Some(base) => base.join(address).ok(),
            None => Url::parse(address).ok(),
        }
    }

    /// The base within an element, which may set another.
    fn within(&self, node: Node<'_, '_>) -> Self {
        let stated = node.attribute("xml:base").and_then(|base| self.resolve(&base.text));
        Self(stated.or_else(|| self.0.clone()))
    }
}
