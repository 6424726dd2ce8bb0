//! A feed of anybody's making as our own model: text made fit to publish, people and addresses understood, and what to
//! do about an entry without a date or an id.

use chrono::{DateTime, Utc};
use url::Url;

use super::source::{
    self, SourceCategory, SourceEntry, SourceFeed, SourceLink, SourcePerson, SourceText, Stated, TextKind,
};
use super::{Format, xml};
use crate::content::{self, Body, Content, Markup, Surroundings};
use crate::feed::{Category, Enclosure, Entry, Feed, Image, Person, Source, Text, media_type};

/// A feed as somebody published it, as far as our model can say it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The format.
    pub format: Format,
    /// The feed.
    pub feed: Feed,
    /// Its entries, in the order in which it has them.
    pub entries: Vec<Entry>,
    /// Everything that could not be taken as it stood.
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

impl Reading {
    /// The reading of a feed that was found at `location`.
    pub(super) fn of(source: &SourceFeed<'_>, location: &Url) -> Self {
        let dates = source
            .entries
            .iter()
            .map(|entry| date(entry.updated.as_ref()).max(date(entry.published.as_ref())));
        let updated = date(source.updated.as_ref()).or(dates.max().flatten()).unwrap_or_default();
        let mut reading = Self {
            format: source.format,
            feed: feed(source, location, updated),
            entries: Vec::new(),
            problems: Vec::new(),
        };
        for (position, source) in source.entries.iter().enumerate() {
            let Some(id) = source.id.as_ref().or(source.page().map(|page| &page.href)) else {
                reading.problems.push(Problem::Unidentified(position));
                continue;
            };
            let id = text(id);
            if date(source.published.as_ref()).is_none() && date(source.updated.as_ref()).is_none() {
                reading.problems.push(Problem::Undated(id.clone()));
            }
            reading.entries.push(entry(source, id, &reading.feed));
        }
        reading
    }
}

fn feed(source: &SourceFeed<'_>, location: &Url, updated: DateTime<Utc>) -> Feed {
    let url = |rel| source::with_rel(&source.links, rel).find_map(|link| link.url.clone());
    let own = || source::with_rel(&source.links, "self").next().map(|own| &own.href);
    let (title, description) = (plain(source.title.as_ref()), plain(source.description.as_ref()));
    // RSS must have a description: where there is none, the title stands there.
    let is_stand_in = source.format == Format::Rss && description == title;
    Feed {
        id: source.id.as_ref().or_else(own).map_or_else(|| location.as_str().into(), text),
        description: if is_stand_in { Text::default() } else { description },
        title,
        home: source::page(&source.links)
            .and_then(|page| page.url.clone())
            .unwrap_or_else(|| location.clone()),
        language: source.language.as_ref().map(text),
        updated,
        authors: source.authors.iter().filter_map(person).collect(),
        rights: source.rights.as_ref().map(|rights| plain(Some(rights))),
        icon: url("icon"),
        logo: url("logo"),
        categories: source.categories.iter().map(category).collect(),
        hubs: source::with_rel(&source.links, "hub").filter_map(|hub| hub.url.clone()).collect(),
        ttl: source.ttl.as_ref().and_then(|minutes| minutes.text.parse().ok()),
        licence: url("license"),
    }
}

/// An entry under its id. Where it states no date, it has that of the feed.
fn entry(source: &SourceEntry<'_>, id: Text, feed: &Feed) -> Entry {
    let url = |rel| source::with_rel(&source.links, rel).find_map(|link| link.url.clone());
    let page = source.page().and_then(|page| page.url.clone());
    let is_page = || page.as_ref().is_some_and(|page| page.as_str() == id.as_str());
    let permalink = page.clone().unwrap_or_else(|| feed.home.clone());
    let title = Some(plain(source.title.as_ref())).filter(|title| !title.is_empty());
    let summary = plain(source.summary.as_ref());
    let is_fallback = is_fallback(summary.as_str(), title.as_ref(), &permalink);
    let html = source.content.as_ref().or(source.summary.as_ref()).map(html).unwrap_or_default();
    let summary = (!is_fallback).then_some(summary.as_str());
    let (published, updated) = (date(source.published.as_ref()), date(source.updated.as_ref()));
    let published = published.or(updated).unwrap_or(feed.updated);
    Entry {
        id_is_permalink: source.id_is_permalink.unwrap_or_else(is_page),
        content: content(&html, summary, &permalink, &feed.home),
        title,
        published,
        updated: updated.unwrap_or(published).max(published),
        authors: source.authors.iter().filter_map(person).collect(),
        categories: source.categories.iter().map(category).collect(),
        language: source.language.as_ref().map(text),
        cover: source::with_rel(&source.links, "cover").find_map(image),
        enclosures: source::with_rel(&source.links, "enclosure").filter_map(enclosure).collect(),
        related: url("related"),
        via: source::with_rel(&source.links, "via").find_map(via),
        comments: url("replies"),
        licence: url("license"),
        rights: source.rights.as_ref().map(|rights| plain(Some(rights))),
        permalink,
        id,
    }
}

fn person(source: &SourcePerson<'_>) -> Option<Person> {
    let url = source.page.as_ref().and_then(|page| page.url.clone());
    let host = url.as_ref().and_then(Url::host_str).map(Text::new);
    let name = source.name.as_ref().or(source.email.as_ref()).map(text).or(host)?;
    Some(Person { name, email: source.email.as_ref().map(text), url })
}

fn category(source: &SourceCategory<'_>) -> Category {
    Category {
        term: text(&source.term),
        scheme: source.scheme.as_ref().and_then(|scheme| scheme.url.clone()),
    }
}

fn image(link: &SourceLink<'_>) -> Option<Image> {
    let url = link.url.clone()?;
    Some(Image {
        media_type: link.media_type.as_ref().map_or_else(|| media_type(url.path()).into(), text),
        alt: link.title.as_ref().map(text),
        size: link.size,
        url,
    })
}

fn enclosure(link: &SourceLink<'_>) -> Option<Enclosure> {
    let url = link.url.clone()?;
    Some(Enclosure {
        media_type: link.media_type.as_ref().map_or_else(|| media_type(url.path()).into(), text),
        length: link.length.as_ref().and_then(|length| length.text.parse().ok()).unwrap_or_default(),
        duration: link.duration.as_ref().and_then(seconds),
        title: link.title.as_ref().map(text),
        url,
    })
}

/// Whole seconds; some write a fraction.
fn seconds(duration: &Stated<'_>) -> Option<u32> {
    let whole = duration.text.split('.').next()?;
    whole.parse().ok()
}

fn via(link: &SourceLink<'_>) -> Option<Source> {
    let url = link.url.clone()?;
    let host = || url.host_str().unwrap_or_default().into();
    Some(Source { title: link.title.as_ref().map_or_else(host, text), url })
}

fn date(stated: Option<&Stated<'_>>) -> Option<DateTime<Utc>> {
    stated.and_then(Stated::date)
}

fn text(stated: &Stated<'_>) -> Text {
    Text::new(&stated.text)
}

fn plain(stated: Option<&SourceText<'_>>) -> Text {
    let Some(SourceText { text, kind, .. }) = stated else { return Text::default() };
    match kind {
        TextKind::Html => {
            let plain = xml::text_without_elements(&text.text);
            Text::new(&plain.unwrap_or_else(|| content::plain_text(&text.text)))
        }
        TextKind::Plain | TextKind::Unstated => Text::new(&text.text),
    }
}

fn html(text: &SourceText<'_>) -> String {
    match text.kind {
        TextKind::Plain => xml::as_html(&text.text.text),
        TextKind::Html | TextKind::Unstated => text.text.text.clone().into_owned(),
    }
}

/// HTML of others as content. Nothing of it is trusted: it goes the way of every article's body.
pub(super) fn content(html: &str, summary: Option<&str>, permalink: &Url, home: &Url) -> Content {
    let body = Body { path: "", source: html, range: 0..html.len(), markup: Markup::Html };
    let surroundings = Surroundings { summary, ..Surroundings::new(permalink, home) };
    content::render(&body, &surroundings).0
}

/// True if a description only stands there because there has to be one.
fn is_fallback(description: &str, title: Option<&Text>, permalink: &Url) -> bool {
    description.is_empty()
        || title.is_some_and(|title| title.as_str() == description)
        || description == permalink.as_str()
}
