//! What reading has in common whatever the format: addresses, text and people as others write them, and what to do
//! about an entry without a date or an id.

use chrono::{DateTime, Utc};
use url::Url;

use super::Format;
use crate::content::{self, Body, Content, Markup, NoFiles, Surroundings};
use crate::feed::{Entry, Feed, Person, Text};

/// A feed as somebody published it, as far as our model can say it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// How it was written.
    pub format: Format,
    /// The feed.
    pub feed: Feed,
    /// Its entries, in the order in which it has them.
    pub entries: Vec<Entry>,
    /// What could not be taken as it stood.
    pub problems: Vec<Problem>,
}

/// Why an entry that was read is not what its publisher wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The entry of this id has no date that can be read. It got that of the feed's last update.
    Undated(Text),
    /// An entry, counted from 0, has neither an id nor a link. It was left out.
    Unidentified(usize),
}

/// An entry and the dates it states.
pub(super) struct Found {
    pub(super) entry: Entry,
    pub(super) published: Option<DateTime<Utc>>,
    pub(super) updated: Option<DateTime<Utc>>,
}

/// Gives every entry its dates and the feed its own, and says for which there were none.
pub(super) fn settle(feed: Feed, stated: Option<DateTime<Utc>>, found: Vec<Found>) -> Reading {
    let newest = found.iter().filter_map(|found| found.updated.max(found.published)).max();
    let updated = stated.or(newest).unwrap_or_default();
    let mut reading = Reading {
        format: Format::Rss,
        feed: Feed { updated, ..feed },
        entries: Vec::new(),
        problems: Vec::new(),
    };
    for (position, Found { mut entry, published, updated: changed }) in found.into_iter().enumerate() {
        if entry.id.is_empty() {
            reading.problems.push(Problem::Unidentified(position));
            continue;
        }
        if published.is_none() && changed.is_none() {
            reading.problems.push(Problem::Undated(entry.id.clone()));
        }
        entry.published = published.or(changed).unwrap_or(updated);
        entry.updated = changed.unwrap_or(entry.published).max(entry.published);
        reading.entries.push(entry);
    }
    reading
}

/// A feed of which nothing is known but where it was.
pub(super) fn unknown_feed(location: &Url) -> Feed {
    Feed {
        id: location.as_str().into(),
        title: Text::default(),
        description: Text::default(),
        home: location.clone(),
        language: None,
        updated: DateTime::default(),
        authors: Vec::new(),
        rights: None,
        icon: None,
        logo: None,
        categories: Vec::new(),
        hubs: Vec::new(),
        ttl: None,
        licence: None,
    }
}

/// An entry of which nothing is known but its text and where it is.
pub(super) fn unknown_entry(content: Content, permalink: Url) -> Entry {
    Entry {
        id: Text::default(),
        id_is_permalink: false,
        title: None,
        permalink,
        published: DateTime::default(),
        updated: DateTime::default(),
        authors: Vec::new(),
        categories: Vec::new(),
        content,
        language: None,
        cover: None,
        enclosures: Vec::new(),
        related: None,
        via: None,
        comments: None,
        licence: None,
        rights: None,
    }
}

pub(super) fn address(text: &str, base: &Url) -> Option<Url> {
    let text = text.trim();
    if text.is_empty() { None } else { base.join(text).ok() }
}

pub(super) fn text(text: Option<&str>) -> Option<Text> {
    text.map(Text::new).filter(|text| !text.is_empty())
}

pub(super) fn person(name: &str) -> Person {
    Person { name: name.into(), ..Person::default() }
}

/// What somebody else's HTML says. Nothing of it is trusted: it goes the way of every article's body.
pub(super) fn content(html: &str, summary: Option<&str>, permalink: &Url, home: &Url) -> Content {
    let body = Body { path: "", source: html, range: 0..html.len(), markup: Markup::Html };
    let surroundings =
        Surroundings { permalink, home, summary, summary_marker: None, id_prefix: "", files: &NoFiles };
    content::render(&body, &surroundings).0
}

/// The text of a description, which is HTML whether or not it has any elements.
pub(super) fn text_of_html(html: &str) -> String {
    super::xml::text_without_elements(html).unwrap_or_else(|| content::plain_text(html))
}

/// Whether a description only stands there because there has to be one.
pub(super) fn is_fallback(description: &str, title: Option<&Text>, permalink: &Url) -> bool {
    let description = description.trim();
    description.is_empty()
        || title.is_some_and(|title| title.as_str() == description)
        || description == permalink.as_str()
}
