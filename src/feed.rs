//! The model of what is published, neutral between formats. Names are Atom's.
//!
//! A field that every format needs is not an `Option`, so that writing cannot fail. Each field says where it lands.
//! All text here is plain text without characters that XML 1.0 forbids: [`Text`] makes sure.

mod media_type;

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::content::{Content, one_line, without_forbidden_characters};

pub use media_type::media_type;

/// Plain text on one line, fit for every format: no character that XML 1.0 or the W3C validator refuses, no
/// line breaks, no white space at its ends or in runs.
///
/// ```
/// use feedwright::feed::Text;
/// assert_eq!(Text::new(" two\n words\u{b} ").as_str(), "two words");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String")]
pub struct Text(String);

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl Text {
    /// The text, made fit.
    pub fn new(text: &str) -> Self {
        let clean = without_forbidden_characters(text);
        Self(one_line(&clean))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True if nothing is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Everything about a feed but its entries.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Feed {
    /// A pinned `tag:` that never changes. Atom `id`; RSS and JSON know their feeds by address.
    pub id: Text,
    /// RSS and Atom `title`, JSON `title`.
    pub title: Text,
    /// RSS `description` (the title where it is empty), Atom `subtitle`, JSON `description`.
    pub description: Text,
    /// The page that the feed is about. RSS `link`, Atom `link rel="alternate"`, JSON `home_page_url`.
    pub home: Url,
    /// RSS `language`, Atom `xml:lang`, JSON `language`. A BCP 47 tag.
    pub language: Option<Text>,
    /// The instant at which the newest entry was updated, in whole seconds. RSS `lastBuildDate`, Atom `updated`; JSON has none.
    pub updated: DateTime<Utc>,
    /// RSS `managingEditor` as `mail (Name)`, for the first that has an email; Atom `author`; JSON `authors`.
    pub authors: Vec<Person>,
    /// RSS `copyright`, Atom `rights`; JSON has none.
    pub rights: Option<Text>,
    /// A square image. Atom `icon`, JSON `icon`; RSS `image` where there is no logo.
    pub icon: Option<Url>,
    /// A wide image. RSS `image`, Atom `logo`; JSON `icon` where there is no icon.
    pub logo: Option<Url>,
    /// RSS and Atom `category`; JSON has none.
    pub categories: Vec<Category>,
    /// `WebSub` hubs. RSS `atom:link rel="hub"`, Atom `link rel="hub"`, JSON `hubs`.
    pub hubs: Vec<Url>,
    /// Minutes after which a reader may ask again. RSS `ttl`; Atom and JSON have none.
    pub ttl: Option<u32>,
    /// Licence of the whole. Atom `link rel="license"`, RSS `creativeCommons:license`; JSON has none.
    pub licence: Option<Url>,
}

/// One entry of a feed.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The id that never changes: ASCII, no white space, under 245 bytes. RSS `guid`, Atom `id`, JSON `id`.
    pub id: Text,
    /// True if the id is the permalink, as it was in a feed that was adopted. RSS `guid isPermaLink`.
    pub id_is_permalink: bool,
    /// `None` for a note: no title in RSS and JSON, the beginning of its text in Atom, which demands one.
    pub title: Option<Text>,
    /// RSS `link`, Atom `link rel="alternate" type="text/html"`, JSON `url`.
    pub permalink: Url,
    /// RSS `pubDate`, Atom `published`, JSON `date_published`. Whole seconds.
    pub published: DateTime<Utc>,
    /// Not before `published`. RSS `atom:updated`, Atom `updated`, JSON `date_modified`. Whole seconds.
    pub updated: DateTime<Utc>,
    /// RSS `dc:creator`, Atom `author`, JSON `authors`.
    pub authors: Vec<Person>,
    /// RSS `category`, Atom `category`, JSON `tags`.
    pub categories: Vec<Category>,
    /// The text. RSS `content:encoded`, Atom `content type="html"`, JSON `content_html`; its summary RSS
    /// `description`, Atom and JSON `summary`.
    pub content: Content,
    /// Set where it is not the publication's. Atom `xml:lang` on title, summary and content, RSS `dc:language`,
    /// JSON `language`. A BCP 47 tag.
    pub language: Option<Text>,
    /// The lead image. RSS `media:content` and `media:thumbnail`, Atom the same, JSON `image`.
    pub cover: Option<Image>,
    /// Files that go with the entry, the main one first. RSS `enclosure`, further ones `media:content`; Atom
    /// `link rel="enclosure"`; JSON `attachments`.
    pub enclosures: Vec<Enclosure>,
    /// The page that a link post is about. Atom `link rel="related"`, JSON `external_url`; RSS has none.
    pub related: Option<Url>,
    /// The source of the text. RSS `source`, Atom `link rel="via"`; JSON has none.
    pub via: Option<Source>,
    /// The page on which people discuss it. RSS `comments`, Atom `link rel="replies"`; JSON has none.
    pub comments: Option<Url>,
    /// RSS `creativeCommons:license`, Atom `link rel="license"`; JSON has none.
    pub licence: Option<Url>,
    /// Atom `rights`, RSS `dc:rights`; JSON has none.
    pub rights: Option<Text>,
}

/// A person who writes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Never empty.
    pub name: Text,
    /// An address with an `@`.
    pub email: Option<Text>,
    /// A page about the person.
    pub url: Option<Url>,
}

/// A tag or a category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Category {
    /// RSS text of `category`, Atom `term`, JSON one of `tags`.
    pub term: Text,
    /// The kind of category. RSS `domain`, Atom `scheme`.
    pub scheme: Option<Url>,
}

/// A lead image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its URL.
    pub url: Url,
    /// `image/jpeg` and the like.
    pub media_type: Text,
    /// Its description, `media:description`.
    pub alt: Option<Text>,
    /// Width and height in pixels.
    pub size: Option<(u32, u32)>,
}

/// A file that goes with an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosure {
    /// Its URL; http or https.
    pub url: Url,
    /// `audio/mpeg` and the like.
    pub media_type: Text,
    /// Bytes; 0 where they are not known.
    pub length: u64,
    /// Seconds. JSON `duration_in_seconds`.
    pub duration: Option<u32>,
    /// Atom and JSON `title`.
    pub title: Option<Text>,
}

impl Image {
    /// Its media type; where that is none, what its address tells.
    pub(crate) fn media_type_or_guess(&self) -> &str {
        media_type::stated_or_guessed(&self.media_type, &self.url)
    }
}

impl Enclosure {
    /// Its media type; where that is none, what its address tells.
    pub(crate) fn media_type_or_guess(&self) -> &str {
        media_type::stated_or_guessed(&self.media_type, &self.url)
    }
}

/// The source of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Name of the source; its host where the author gives none.
    pub title: Text,
    /// Its address.
    pub url: Url,
}

/// The kinds of things that feeds are made for, one for each value: `for-each` in the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Dimension {
    /// Each tag.
    Tag,
    /// Each category.
    Category,
    /// Each author.
    Author,
    /// Each folder of articles.
    Section,
    /// Each language.
    Language,
}

impl Dimension {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Tag, Self::Category, Self::Author, Self::Section, Self::Language];

    /// Its name in `for-each`, and in braces in names and titles.
    pub fn name(self) -> &'static str {
        self.into()
    }
}
