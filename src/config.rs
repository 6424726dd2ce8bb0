//! Configuration of a publication and its feeds, as meant: complete, typed, with no `Option` for what has a
//! default.
//!
//! `config/file.rs` reads what was said in `feedwright.toml`; only what is meant travels.

mod file;
mod in_force;
mod outputs;
mod serving;
mod starter;
mod style;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::article::Dialect;
use crate::content::Selector;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::feed::{Person, Text};
use crate::format::{Extent, Format};
use crate::generator::{self, Permalinks};
use crate::ledger::{Authority, DatePolicy};
use crate::store::Patterns;

pub use crate::feed::Dimension;
pub use crate::generator::address_safe;
pub use file::{parse, parse_in};
pub use in_force::{Setting, in_force};
pub use serving::Serving;
pub use starter::{Starter, StarterFeed, write};
pub use style::{Colour, Style, Stylesheet};

/// The name of the file.
pub const FILE: &str = "feedwright.toml";

/// A publication.
#[derive(Clone, Debug)]
pub struct Config {
    /// Title, URL and the like.
    pub publication: Publication,
    /// The authority of its ids.
    pub authority: Authority,
    /// The folder and the conventions of its articles.
    pub articles: Articles,
    /// The folder that feeds are written to, relative to the publication.
    pub feeds_path: String,
    /// The address where that folder is served; ends in `/`.
    pub feeds_url: Url,
    /// The file, below that folder, that lists all feeds.
    pub opml: String,
    /// The subscription page.
    pub page: Option<Page>,
    /// The style sheet with which browsers show feeds.
    pub stylesheet: Stylesheet,
    /// Colour, font and width of both.
    pub style: Style,
    /// Its feeds, in the order of the file.
    pub feeds: Vec<FeedConfig>,
    /// Rules that are hidden or errors.
    pub rules: Rules,
    /// Serving.
    pub serving: Serving,
    /// The site whose articles they are, as its own configuration says.
    pub site: Option<Arc<generator::Site>>,
}

impl Config {
    /// The folder of the feeds as the beginning of a path: `feeds/`, or nothing.
    pub fn feeds_folder(&self) -> String {
        if self.feeds_path.is_empty() { String::new() } else { format!("{}/", self.feeds_path) }
    }

    /// The public address of a file in the folder of the feeds.
    pub fn feed_url(&self, path: &str) -> Url {
        let mut url = self.feeds_url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path.split('/'));
        }
        url
    }
}

/// The page that shows which feeds there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its file, below the folder of the feeds.
    pub path: String,
    /// The template instead of ours, relative to the publication.
    pub template: Option<String>,
}

/// Title, URL and the like of a publication.
#[derive(Clone, Debug, Serialize)]
pub struct Publication {
    /// Its title.
    pub title: Text,
    /// The URL below which its articles are; ends in `/`.
    pub home: Url,
    /// A sentence about it; may be empty.
    pub description: Text,
    /// A BCP 47 tag.
    pub language: Text,
    /// Its other languages, as they are called in folders and in names of files. Those of the site's own configuration
    /// count too.
    pub languages: Vec<String>,
    /// For dates written without one.
    pub timezone: Tz,
    /// The authors of articles that name none.
    pub authors: Vec<Person>,
    /// A statement of rights.
    pub rights: Option<Text>,
    /// Address of the licence of all that does not state its own.
    pub licence: Option<Url>,
    /// A square image.
    pub icon: Option<Url>,
    /// A wide image.
    pub logo: Option<Url>,
}

/// The folder and the conventions of articles.
#[derive(Clone, Debug)]
pub struct Articles {
    /// Their folder, relative to the publication; `""` is the publication itself.
    pub path: String,
    /// The generator whose conventions they follow; `None` to find out.
    pub dialect: Option<Dialect>,
    /// The URLs of articles that state none, where they are not as the site's generator makes them.
    pub permalinks: Permalinks,
    /// Pages that the site's own generator leaves; `None` where they are not looked at.
    pub site: Option<Site>,
    /// Files that are no articles.
    pub exclude: Patterns,
    /// Files with full authors by short name, relative to the publication.
    pub authors: Vec<String>,
    /// The marker after which summaries end, beside `<!-- more -->`.
    pub summary_marker: Option<String>,
    /// The policy for dates that no author states.
    pub dates: DatePolicy,
}

/// Pages that the site's own generator has built of the articles.
#[derive(Clone, Debug)]
pub struct Site {
    /// The folder of its pages, relative to the publication.
    pub path: String,
    /// Treatment of articles that have no page there.
    pub absent: Absent,
    /// Articles whose text is taken from their pages, by their paths in the folder of the articles.
    pub texts: Patterns,
    /// The part of a page that is its article's text; `None` to find out.
    pub part: Option<Selector>,
}

/// Treatment of articles of which a built site has no page, while it has the others'.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Absent {
    /// Their generator withholds them, and so do we.
    #[default]
    Withhold,
    /// The site is built later: they are published at the URLs that the rules make.
    Publish,
}

/// A feed, or one for each value of something.
#[derive(Clone, Debug)]
pub struct FeedConfig {
    /// Its folder below that of the feeds, with `{tag}` and the like to be filled in; `""` is the main feed.
    pub name: String,
    /// Its title, with `{tag}` and the like; the publication's where there is none.
    pub title: Option<String>,
    /// A sentence about it; the publication's where there is none.
    pub description: Option<Text>,
    /// Its Atom id, as an earlier feed had it; made of the authority where there is none.
    pub id: Option<Text>,
    /// One feed for each value of this.
    pub for_each: Option<Dimension>,
    /// The fewest articles of a value that gets a feed.
    pub at_least: usize,
    /// Which articles belong: every part must hold.
    pub wanted: Conditions,
    /// Which do not: any part suffices.
    pub unwanted: Vec<Conditions>,
    /// The date by which its entries are ordered, the newest first.
    pub order: Order,
    /// The most entries.
    pub entries: usize,
    /// The most bytes of a document.
    pub max_bytes: usize,
    /// The formats.
    pub formats: Vec<Format>,
    /// File name per format, with `{tag}` and the like.
    pub files: BTreeMap<Format, String>,
    /// Full text or summaries.
    pub content: Extent,
    /// `true` if the texts of its articles are taken from the pages that the site's generator has built.
    pub from_pages: bool,
    /// `WebSub` hubs.
    pub hubs: Vec<Url>,
    /// Minutes after which readers may ask again.
    pub ttl: Option<u32>,
    /// The categories of the feed as a whole.
    pub categories: Vec<Text>,
}

impl FeedConfig {
    /// The path of its document in a format, below the folder of all feeds, with `{tag}` and the like: in the folder of the
    /// feed, or wherever the file is that begins with `/`.
    pub fn document(&self, format: Format) -> Option<String> {
        let file = self.files.get(&format)?;
        Some(match file.strip_prefix('/') {
            Some(path) => path.to_owned(),
            None if self.name.is_empty() => file.clone(),
            None => format!("{}/{file}", self.name),
        })
    }
}

/// The date by which the entries of a feed are ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Order {
    /// First publication.
    #[default]
    Published,
    /// The last update.
    Updated,
}

/// Conditions on an article: all parts that are there must hold, and of each part any value.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    /// It has one of these tags.
    pub tags: Vec<String>,
    /// It has one of these categories.
    pub categories: Vec<String>,
    /// It is by one of these authors.
    pub authors: Vec<String>,
    /// It is in one of these folders, or below.
    pub sections: Vec<String>,
    /// Its path matches one of these patterns.
    pub paths: Option<Patterns>,
    /// It is in one of these languages.
    pub languages: Vec<String>,
    /// It was published at or after this instant.
    pub after: Option<DateTime<Utc>>,
    /// It was published before this instant.
    pub before: Option<DateTime<Utc>>,
    /// It has an enclosure, or has none.
    pub enclosure: Option<bool>,
}

/// Rules that are hidden or errors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Rules that are hidden.
    pub allow: Vec<Rule>,
    /// Rules that are errors.
    pub deny: Vec<Rule>,
}

impl Rules {
    /// The diagnostics as this publication sees them: allowed ones gone, denied ones errors.
    pub fn apply(&self, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let level = |mut diagnostic: Diagnostic| {
            if self.deny.contains(&diagnostic.rule) {
                diagnostic.severity = Severity::Error;
            }
            diagnostic
        };
        diagnostics
            .into_iter()
            .filter(|diagnostic| !self.allow.contains(&diagnostic.rule))
            .map(level)
            .collect()
    }
}
