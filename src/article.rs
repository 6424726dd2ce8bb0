//! Articles as their authors state them: a source file becomes an [`Article`].
//!
//! [`parse`] finds the front matter, asks the dialect table what the author's words mean, and takes from the
//! file's name and path what the metadata do not say. What it cannot understand it says in a diagnostic, and
//! goes on: there is always an article.

mod address;
mod author;
mod date;
mod detect;
mod enclosure;
mod foreign;
mod front_matter;
mod header;
mod meaning;
mod metadata;
mod minhash;
mod misspelt;
mod name;
mod parse;
mod plain;
mod readable;
mod sidecar;
mod site;
mod summary;
mod title;
mod write;

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use crate::content::Markup;
use crate::generator::{Filled, Permalinks, Site};

pub use crate::generator::{Dialect, UnknownDialect};
pub use author::parse_authors;
pub use date::timezone;
pub use detect::detect;
pub use foreign::Foreign;
pub use minhash::{differs, similarity};
pub use parse::{body, parse, unreadable};
pub use readable::{LARGEST, text};
pub(crate) use site::dated_address;
pub use summary::{ArticleSummary, TextFingerprint};
pub use write::{NewArticle, slugify, write};

/// A file of the articles' folder, and the metadata file beside it if there is one.
#[derive(Clone, Copy, Debug, Default)]
pub struct SourceFile<'a> {
    /// Relative to the publication's folder, `/` between its parts: `articles/news/hello.md`.
    pub path: &'a str,
    /// The same, relative to the articles' folder: `news/hello.md`. What slug, section and id are taken from.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
    /// Path and content of `hello.toml`, `.yaml`, `.yml`, `.json` or `.meta` beside `hello.md`.
    pub sidecar: Option<(&'a str, &'a [u8])>,
    /// The fingerprint of the body that the ledger remembers: if it still is that body, it is not measured again.
    pub remembered: Option<TextFingerprint>,
    /// The site that it is an article of, whose generator knows its URL and what it inherits.
    pub site: Option<&'a Site>,
}

/// The conventions of a publication, by which its articles are understood.
#[derive(Clone, Debug, Serialize)]
pub struct Conventions {
    /// The words of front matter and what they mean.
    pub dialect: Dialect,
    /// For dates written without one.
    pub timezone: Tz,
    /// The publication's language, a BCP 47 tag.
    pub language: String,
    /// Its other languages, as they are called in folders and in names of files.
    pub languages: Vec<String>,
    /// Full authors by the short names that articles use: Jekyll's `_data/authors.yml` and the like.
    pub authors: BTreeMap<String, Author>,
    /// True if an article without a date is withheld, which a diagnostic then says.
    pub dates_required: bool,
    /// The URLs of articles that state none, where they are not as the generator of their site makes them.
    pub permalinks: Permalinks,
}

impl Conventions {
    /// `true` if a folder or the end of a name is said to be a language: one of several, the first among them.
    pub(crate) fn is_language(&self, name: &str) -> bool {
        let spelt = name.replace('_', "-");
        let is = |known: &str| known.replace('_', "-").eq_ignore_ascii_case(&spelt);
        let first = self.language.split('-').next().unwrap_or_default();
        !self.languages.is_empty()
            && (is(&self.language) || is(first) || self.languages.iter().any(|known| is(known)))
    }
}

impl Default for Conventions {
    /// Feedwright's own dialect, UTC, English, no authors; an article without a date is withheld, and one
    /// that states no URL is at `{section}/{slug}/`.
    fn default() -> Self {
        Self {
            dialect: Dialect::Feedwright,
            timezone: Tz::UTC,
            language: "en".to_owned(),
            languages: Vec::new(),
            authors: BTreeMap::new(),
            dates_required: true,
            permalinks: Permalinks::default(),
        }
    }
}

/// An article: everything its author says of it, and where its text lies.
#[derive(Clone, Debug, PartialEq)]
pub struct Article {
    /// Relative to the publication's folder: `articles/news/hello.md`.
    pub path: String,
    /// Relative to the articles' folder: `news/hello.md`.
    pub name: String,
    /// Plain text; `None` for a note.
    pub title: Option<String>,
    /// The last part of its address. Never empty, no `/`; may hold letters of any script.
    pub slug: String,
    /// The folders between the articles' folder and the article, `news/2024`, without those that only a generator
    /// means (`_posts`, language folders, the folder of a bundle); empty at the top.
    pub section: String,
    /// True if the article is a folder of its own (`hello/index.md`), against which its images are resolved.
    pub bundle: bool,
    /// The people who may see it.
    pub visibility: Visibility,
    /// As stated, or taken from name or path.
    pub published: Option<DateTime<Utc>>,
    /// As stated.
    pub updated: Option<DateTime<Utc>>,
    /// From when on it is withheld.
    pub expires: Option<DateTime<Utc>>,
    /// From when on it may be published, where that is stated beside an earlier date (`publishDate`, `scheduled`, …).
    pub due: Option<DateTime<Utc>>,
    /// Its place among articles of one instant, the lowest first: `weight` or `order` as stated, or minus the number of
    /// an episode.
    pub order: Option<i32>,
    /// The id that the author gave it, word for word.
    pub id: Option<String>,
    /// The address that the author gave it: an absolute one, or a path from the publication's home that begins
    /// with `/`. Patterns (`:year/:title`) are filled in.
    pub address: Option<String>,
    /// The address that the rules of its site or the publication's own patterns make for an article that states none: a
    /// path from the publication's home that begins with `/`.
    pub made_address: Option<Filled>,
    /// The address of the original elsewhere.
    pub canonical: Option<String>,
    /// Former addresses, absolute or beginning with `/`.
    pub aliases: Vec<String>,
    /// Plain text that the author wrote as a summary.
    pub summary: Option<String>,
    /// True if only the summary goes into feeds.
    pub excerpt_only: bool,
    /// Jekyll's `excerpt_separator`, where the article has one of its own.
    pub summary_marker: Option<String>,
    /// In the order given.
    pub authors: Vec<Author>,
    /// Without repetition, in the order given; a hierarchy is written `animals/cats`.
    pub tags: Vec<String>,
    /// Without repetition, in the order given.
    pub categories: Vec<String>,
    /// BCP 47; `None` where it is the publication's.
    pub language: Option<String>,
    /// The lead image.
    pub cover: Option<Cover>,
    /// Audio, video and other files.
    pub enclosures: Vec<EnclosureStated>,
    /// The URL that a link post is about.
    pub link: Option<String>,
    /// The source of the text: a name, a URL, or both.
    pub source: Option<Author>,
    /// The page where people discuss it.
    pub comments: Option<String>,
    /// Address of the licence.
    pub licence: Option<String>,
    /// A statement of rights.
    pub rights: Option<String>,
    /// The markup of the body.
    pub markup: Markup,
    /// The place of the body in the file's text (without a byte order mark), in bytes.
    pub body: Range<usize>,
    /// The fingerprint of the body.
    pub fingerprint: TextFingerprint,
    /// A digest of all that is stated of it: what stands before the body, the file beside it, and how long the body is.
    pub stated: [u8; 16],
}

/// The people who may see an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// Everybody.
    Public,
    /// Nobody yet.
    Draft,
    /// Everybody who has its address, but no feed.
    Unlisted,
    /// Those who are let in: private, for members, behind a password.
    Private,
    /// It is no article: a section's page (`_index.md`), a page of the site.
    Page,
    /// Nobody, because its file cannot be understood; a diagnostic says why.
    Faulty,
    /// Nobody, because the built site has no page of it: its generator withholds it.
    Absent,
    /// Nobody, because its file cannot be read; all that is known of it is that it is there.
    Unreadable,
}

/// Somebody who writes, as far as the article or the table of authors says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Author {
    /// Plain text, never empty.
    pub name: String,
    /// With an `@`.
    pub email: Option<String>,
    /// As written; relative to the publication's home.
    pub url: Option<String>,
}

/// A lead image as stated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// As written; relative to the article.
    pub address: String,
    /// Its description.
    pub alt: Option<String>,
}

/// An enclosure as stated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnclosureStated {
    /// As written; relative to the article.
    pub address: String,
    /// Bytes.
    pub length: Option<u64>,
    /// `audio/mpeg` and the like.
    pub media_type: Option<String>,
    /// Seconds.
    pub duration: Option<u32>,
    /// A name for it.
    pub title: Option<String>,
}

#[cfg(test)]
mod tests;
