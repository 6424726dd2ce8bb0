//! Feeds as documents: RSS 2.0, Atom 1.0, JSON Feed 1.1, and OPML 2.0 for the list of them.
//!
//! A document is a shell, which is the feed without entries, and between its two halves one fragment for each
//! entry. A fragment depends on the entry alone, so it is made once and shared by every feed that holds the
//! entry; this also puts what a feed says of itself before its entries, where RFC 4287 section 4.1.1 wants it.

mod atom;
mod date;
mod extension;
mod json;
pub mod opml;
mod outline;
mod published;
mod read;
mod rss;
#[cfg(test)]
mod sample;
pub mod source;
mod xml;

use std::io;
use std::ops::BitOr;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::content::address::in_ascii;
use crate::feed::{Entry, Feed, Person, Text};
use extension::Namespace;

pub use outline::{Outline, Seen, outline};
pub use published::{FeedDocument, PublishedFeed, Role};
pub use read::{Problem, Reading};

/// The program as feeds name it. Not the whole version, so that a fix elsewhere does not touch every feed.
const GENERATOR: &str = "Feedwright";
const GENERATOR_VERSION: &str =
    concat!(env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));

/// The format of a feed document.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, strum::IntoStaticStr,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Format {
    /// RSS 2.0.
    Rss,
    /// Atom 1.0, RFC 4287.
    Atom,
    /// JSON Feed 1.1.
    Json,
}

impl Format {
    /// All of them, in the order in which we name them.
    pub const ALL: [Self; 3] = [Self::Rss, Self::Atom, Self::Json];

    /// The formats that a feed has unless the configuration says otherwise.
    pub const USUAL: [Self; 3] = [Self::Rss, Self::Atom, Self::Json];

    /// `rss`, `atom` or `json`.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// `RSS`, `Atom` or `JSON`, as people read it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Rss => "RSS",
            Self::Atom => "Atom",
            Self::Json => "JSON",
        }
    }

    /// `true` for a format that browsers can show by a style sheet, and that most readers know.
    pub fn is_xml(self) -> bool {
        match self {
            Self::Rss | Self::Atom => true,
            Self::Json => false,
        }
    }

    /// The registered media type, without parameters.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml",
            Self::Atom => "application/atom+xml",
            Self::Json => "application/feed+json",
        }
    }

    /// The media type as a server states it. JSON is UTF-8 anyway, and some readers want to be told all the same.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml; charset=utf-8",
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Json => "application/feed+json; charset=utf-8",
        }
    }

    /// The file name that a feed in this format has unless the configuration says otherwise.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Rss => "rss.xml",
            Self::Atom => "atom.xml",
            Self::Json => "feed.json",
        }
    }
}

/// The part of an entry that a feed holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Extent {
    /// Its whole text.
    #[default]
    Full,
    /// Its summary.
    Summary,
}

/// One entry as it stands in a document, and what the document must declare for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fragment {
    /// RSS `item`, Atom `entry`, or an object of JSON Feed's `items`.
    pub bytes: Vec<u8>,
    /// The namespaces that it uses.
    pub namespaces: Namespaces,
}

/// A set of XML namespaces beside the format's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Namespaces(u16);

impl Namespaces {
    fn iter(self) -> impl Iterator<Item = Namespace> {
        Namespace::ALL.into_iter().filter(move |&namespace| self.0 & Self::from(namespace).0 != 0)
    }

    /// The attributes that declare them, in the order of their prefixes.
    fn declarations(self) -> Vec<(String, &'static str)> {
        self.iter().map(|namespace| (format!("xmlns:{}", namespace.prefix()), namespace.uri())).collect()
    }
}

impl From<Namespace> for Namespaces {
    fn from(namespace: Namespace) -> Self {
        Self(1 << namespace as u16)
    }
}

impl BitOr for Namespaces {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl FromIterator<Self> for Namespaces {
    fn from_iter<I: IntoIterator<Item = Self>>(sets: I) -> Self {
        sets.into_iter().fold(Self::default(), Self::bitor)
    }
}

/// A document without entries: what goes before the first and after the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shell {
    /// Bytes before the first entry.
    pub head: Vec<u8>,
    /// Bytes between two entries.
    pub between: &'static [u8],
    /// Bytes after the last.
    pub tail: Vec<u8>,
}

impl Shell {
    /// The same, and browsers show it by the style sheet at that address, which may be relative to the document's own.
    /// JSON has no such thing and stays as it is.
    ///
    /// <https://www.w3.org/TR/xml-stylesheet/>
    #[must_use]
    pub fn styled(mut self, stylesheet: &str) -> Self {
        if let Some(rest) = self.head.strip_prefix(xml::PROLOG) {
            let instruction = xml::stylesheet(stylesheet);
            self.head = [xml::PROLOG, instruction.as_bytes(), rest].concat();
        }
        self
    }

    /// Writes the document, fragment by fragment, so that it need not be in memory whole.
    pub fn write_to<W, I>(&self, mut out: W, fragments: I) -> io::Result<()>
    where
        W: io::Write,
        I: IntoIterator<Item: AsRef<[u8]>>,
    {
        out.write_all(&self.head)?;
        for (position, fragment) in fragments.into_iter().enumerate() {
            if position > 0 {
                out.write_all(self.between)?;
            }
            out.write_all(fragment.as_ref())?;
        }
        out.write_all(&self.tail)?;
        out.flush()
    }

    /// The document, in memory.
    pub fn around<I>(&self, fragments: I) -> Vec<u8>
    where
        I: IntoIterator<Item: AsRef<[u8]>>,
    {
        let mut document = Vec::new();
        in_memory(self.write_to(&mut document, fragments));
        document
    }
}

impl AsRef<[u8]> for Fragment {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// The reason why a document cannot be read as a feed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a feed that can be read: {reason}")]
pub struct Unreadable {
    reason: String,
}

/// A whole feed, its entries in the order given. `location` is the address at which the document will be fetched.
///
/// Entries that several feeds share are better written once: see [`fragment`] and [`shell`], of which this is made.
pub fn write(format: Format, feed: &Feed, entries: &[Entry], location: &Url, extent: Extent) -> Vec<u8> {
    let fragments: Vec<_> = entries.iter().map(|entry| fragment(format, entry, extent)).collect();
    let namespaces = fragments.iter().map(|fragment| fragment.namespaces).collect();
    shell(format, feed, location, namespaces).around(&fragments)
}

/// One entry, alone.
pub fn fragment(format: Format, entry: &Entry, extent: Extent) -> Fragment {
    match format {
        Format::Rss => rss::fragment(entry, extent),
        Format::Atom => atom::fragment(entry, extent),
        Format::Json => json::fragment(entry, extent),
    }
}

/// A feed without its entries. `location` is the address at which the document will be fetched (`rel="self"`,
/// `feed_url`); `namespaces` is what the fragments use between them. The same feed in other formats is not named: of
/// several alternates some readers take the first for the address of the site, others the last.
pub fn shell(format: Format, feed: &Feed, location: &Url, namespaces: Namespaces) -> Shell {
    match format {
        Format::Rss => rss::shell(feed, location, namespaces),
        Format::Atom => atom::shell(feed, location, namespaces),
        Format::Json => json::shell(feed, location),
    }
}

/// Reads a feed of any format and anybody's making: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1, in
/// any encoding. `location` is where it was found.
///
/// ```
/// let document = br#"{"version": "https://jsonfeed.org/version/1", "title": "Dispatch", "items": []}"#;
/// let location = "https://example.org/feed.json".parse().unwrap();
/// let reading = feedwright::format::read(document, &location).unwrap();
/// assert_eq!(reading.feed.title.as_str(), "Dispatch");
/// assert!(feedwright::format::read(b"<html></html>", &location).is_err());
/// ```
///
/// # Errors
///
/// If the document is not a feed, is not well formed, or is nested so deep that it can only be meant as an
/// attack.
pub fn read(document: &[u8], location: &Url) -> Result<Reading, Unreadable> {
    let document = source::decode(document);
    Ok(Reading::of(&source::read_whole(&document, Some(location))?, location))
}

/// The result of writing to memory, which takes whatever it is given.
fn in_memory<T, E: std::fmt::Debug>(written: Result<T, E>) -> T {
    written.expect("memory takes whatever is written to it")
}

/// A title, or where it is empty the address of the feed's home: no format lets a feed go without one.
fn title(feed: &Feed) -> String {
    stated(Some(&feed.title)).map_or_else(|| in_ascii(&feed.home).into_owned(), str::to_owned)
}

/// A text that is there and not empty.
fn stated(text: Option<&Text>) -> Option<&str> {
    text.map(Text::as_str).filter(|text| !text.is_empty())
}

/// The whole text of an entry, if the feed holds whole texts and there is one.
fn whole_text(entry: &Entry, extent: Extent) -> Option<&str> {
    let html = entry.content.html();
    (extent == Extent::Full && !html.trim().is_empty()).then_some(html)
}

/// A text about an entry, never empty: its summary, else its title, else its URL.
fn synopsis(entry: &Entry) -> String {
    let title = stated(entry.title.as_ref()).unwrap_or_default();
    [entry.content.summary(), title]
        .into_iter()
        .find(|text| !text.is_empty())
        .map_or_else(|| in_ascii(&entry.permalink).into_owned(), str::to_owned)
}

/// An email that the validator takes for one.
fn email(person: &Person) -> Option<&str> {
    let email = person.email.as_ref()?.as_str();
    let (local, host) = email.rsplit_once('@')?;
    let is_local = !local.is_empty()
        && local.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-+.'!#$%&*/=?^`{|}~".contains(&byte));
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_host = host.contains('.') && host.split('.').all(is_label);
    (is_local && is_host).then_some(email)
}

#[cfg(test)]
mod tests {
    use super::sample::{entry, feed, note, url};
    use super::*;

    #[test]
    fn a_document_streams_as_it_is_written() {
        let location = url("https://example.org/feed");
        for format in Format::ALL {
            let fragments = [entry(), note()].map(|entry| fragment(format, &entry, Extent::Full));
            let namespaces = fragments.iter().map(|fragment| fragment.namespaces).collect();
            let mut streamed = Vec::new();
            let shell = shell(format, &feed(), &location, namespaces);
            shell.write_to(&mut streamed, &fragments).unwrap();
            assert_eq!(streamed, write(format, &feed(), &[entry(), note()], &location, Extent::Full));
        }
    }

    #[test]
    fn a_fragment_is_the_same_in_every_feed() {
        for format in Format::ALL {
            let fragment = fragment(format, &entry(), Extent::Full);
            let text = String::from_utf8(fragment.bytes).unwrap();
            for title in ["One", "Another"] {
                let feed = Feed { title: title.into(), ..feed() };
                let document =
                    write(format, &feed, &[note(), entry()], &url("https://example.org/"), Extent::Full);
                assert!(String::from_utf8(document).unwrap().contains(&text));
            }
        }
    }

    #[test]
    fn a_style_sheet_is_named_before_the_feed_and_can_be_named_anything() {
        let location = url("https://example.org/feed");
        for format in Format::ALL {
            let plain = shell(format, &feed(), &location, Namespaces::default());
            let styled = plain.clone().styled("../a.css?b=1&c=<\"?>'");
            let [plain, styled] = [plain, styled].map(|shell| shell.around::<[&[u8]; 0]>([]));
            assert_eq!(read(&styled, &location), read(&plain, &location));
            let said =
                b"\n<?xml-stylesheet type=\"text/css\" href=\"../a.css?b=1&amp;c=&lt;&quot;?&gt;'\"?>\n";
            let is_there = styled.windows(said.len()).any(|piece| piece == said);
            assert_eq!(is_there, format.is_xml());
        }
    }

    #[test]
    fn a_feed_without_entries_is_a_feed() {
        for format in Format::ALL {
            let location = url("https://example.org/feed");
            let reading = read(&write(format, &feed(), &[], &location, Extent::Full), &location).unwrap();
            assert_eq!((reading.feed.title, reading.entries.len()), (feed().title, 0));
        }
    }

    #[test]
    fn text_that_is_there_but_empty_counts_as_none() {
        let location = url("https://example.org/feed");
        let empty = Some(Text::default());
        let bare = Feed { language: empty.clone(), rights: empty.clone(), ..feed() };
        let none = Feed { language: None, rights: None, ..feed() };
        let titleless = Entry { title: empty.clone(), language: empty.clone(), rights: empty, ..note() };
        for format in Format::ALL {
            assert_eq!(
                write(format, &bare, std::slice::from_ref(&titleless), &location, Extent::Full),
                write(format, &none, &[note()], &location, Extent::Full)
            );
        }
    }

    #[test]
    fn what_is_no_feed_is_refused_with_a_reason() {
        let refused = |document: &[u8]| read(document, &url("https://example.org/")).unwrap_err().to_string();
        assert_eq!(refused(b"<html/>"), "not a feed that can be read: its outermost element is `html`");
        assert_eq!(refused(b""), "not a feed that can be read: it has no element");
        assert!(refused(b"<rss><channel></rss>").starts_with("not a feed that can be read: "));
    }

    #[test]
    fn a_byte_order_mark_does_no_harm() {
        let location = url("https://example.org/feed");
        for format in Format::ALL {
            let document = write(format, &feed(), &[entry()], &location, Extent::Full);
            let marked = [b"\xEF\xBB\xBF", document.as_slice()].concat();
            assert_eq!(read(&marked, &location), read(&document, &location));
        }
    }
}
