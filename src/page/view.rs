//! The data of a page, as its template sees it.

use chrono_tz::Tz;
use serde::Serialize;
use url::Url;

use super::discovery::alternates;
use super::phrases::{ENGLISH, Phrases};
use super::{LATEST, Latest, ListedFeed, style, subscribing};
use crate::config::{Config, Dimension};
use crate::content::address::in_ascii;
use crate::feed::Text;
use crate::format::{FeedDocument, Format, PublishedFeed};

/// So many feeds are shown whole. All further ones are a row each.
const WHOLE: usize = 12;

/// So many rows there are at most. Every feed is in the list of all feeds, to which the page leads.
const ROWS: usize = 300;

/// So many characters of a title or a description are shown.
const TITLE: usize = 200;
const DESCRIPTION: usize = 600;

#[derive(Debug, Serialize)]
pub(super) struct View {
    /// Of the page itself.
    language: String,
    direction: &'static str,
    publication: Publication,
    /// Those that are shown whole, the main feed first.
    feeds: Vec<Feed>,
    /// All others.
    families: Vec<Family>,
    alternates: Vec<Alternate>,
    opml: String,
    phrases: &'static Phrases,
    style: String,
    script: &'static str,
    /// A `Content-Security-Policy` that lets in that style and that script, and nothing else.
    policy: String,
}

#[derive(Debug, Serialize)]
struct Publication {
    title: String,
    description: String,
    home: String,
    language: Option<String>,
}

#[derive(Debug, Serialize)]
struct Feed {
    title: String,
    /// Its title among feeds of its kind.
    label: String,
    name: String,
    description: String,
    /// Its language, where that is not the page's.
    language: Option<String>,
    documents: Vec<Document>,
    readers: Vec<Reader>,
    entries: Vec<Entry>,
}

#[derive(Debug, Serialize)]
struct Document {
    format: &'static str,
    media_type: &'static str,
    url: String,
}

#[derive(Debug, Serialize)]
struct Reader {
    name: &'static str,
    url: String,
}

#[derive(Debug, Serialize)]
struct Entry {
    title: String,
    url: String,
    date: String,
    /// Its language, where that is not the page's.
    language: Option<String>,
}

/// Feeds that are for something of one kind.
#[derive(Debug, Serialize)]
struct Family {
    title: &'static str,
    /// The number of all feeds, though not all are shown.
    count: usize,
    feeds: Vec<Feed>,
}

#[derive(Debug, Serialize)]
struct Alternate {
    title: String,
    media_type: &'static str,
    url: String,
}

impl View {
    pub(super) fn of(config: &Config, listed: &[ListedFeed]) -> Self {
        let publication = &config.publication;
        let known = Phrases::find(publication.language.as_str());
        let phrases = known.unwrap_or(&ENGLISH);
        let language = known.map_or(ENGLISH.language, |_| publication.language.as_str());
        let scribe = Scribe {
            language,
            description: &publication.description,
            phrases,
            timezone: publication.timezone,
        };
        let configured = listed.iter().filter(|listed| listed.feed.value.is_none());
        let whole: Vec<&ListedFeed> = configured.take(WHOLE).collect();
        let style = style::of_page(&config.style);
        Self {
            language: language.to_owned(),
            direction: phrases.direction,
            publication: Publication {
                title: clipped(&publication.title, TITLE),
                description: clipped(&publication.description, DESCRIPTION),
                home: address(&publication.home),
                language: scribe.other(&publication.language),
            },
            feeds: whole.iter().map(|listed| scribe.whole(listed)).collect(),
            families: scribe.families(listed),
            alternates: alternates(whole.into_iter().map(|listed| &listed.feed))
                .into_iter()
                .map(alternate)
                .collect(),
            opml: address(&config.feed_url(&config.opml)),
            phrases,
            policy: style::policy(&style, style::SCRIPT),
            style,
            script: style::SCRIPT,
        }
    }
}

/// Writes down what there is to say, on a page in that language.
struct Scribe<'a> {
    language: &'a str,
    /// The description of feeds that have none of their own.
    description: &'a Text,
    phrases: &'static Phrases,
    timezone: Tz,
}

impl Scribe<'_> {
    /// Everything that is said of a feed.
    fn whole(&self, listed: &ListedFeed) -> Feed {
        let ListedFeed { feed, latest } = listed;
        let preferred = feed.preferred().map(|document| address(&document.url));
        let readers = preferred.iter().flat_map(|url| subscribing::links(url, self.phrases.app));
        Feed {
            description: clipped(feed.description.as_ref().unwrap_or(self.description), DESCRIPTION),
            readers: readers.map(|(name, url)| Reader { name, url }).collect(),
            entries: latest.iter().take(LATEST).map(|latest| self.entry(latest)).collect(),
            ..self.row(feed)
        }
    }

    /// As much as there is room for in a row.
    fn row(&self, feed: &PublishedFeed) -> Feed {
        let document = |document: &FeedDocument| self::document(document.format, &document.url);
        let title = clipped(&feed.title, TITLE);
        let value = feed.value.as_ref().map(|(_, value)| clipped(&Text::new(value), TITLE));
        Feed {
            label: value.unwrap_or_else(|| title.clone()),
            title,
            name: feed.name.clone(),
            description: String::new(),
            language: self.other(&feed.language),
            documents: feed.subscriptions().map(document).collect(),
            readers: Vec::new(),
            entries: Vec::new(),
        }
    }

    fn entry(&self, latest: &Latest) -> Entry {
        let title = clipped(&latest.title, TITLE);
        let url = address(&latest.url);
        let date = latest.published.with_timezone(&self.timezone).format("%Y-%m-%d").to_string();
        let title = if title.is_empty() { url.clone() } else { title };
        Entry { title, url, date, language: self.other(&latest.language) }
    }

    /// The feeds that are not shown whole, those for one kind of thing together. Where there are too many, those that
    /// have most entries are shown.
    fn families(&self, listed: &[ListedFeed]) -> Vec<Family> {
        let kind = |feed: &PublishedFeed| feed.value.as_ref().map(|(dimension, _)| *dimension);
        let feeds = || listed.iter().map(|listed| &listed.feed);
        let further = feeds().filter(|feed| feed.value.is_none()).skip(WHOLE);
        let rows: Vec<&PublishedFeed> = further.chain(feeds().filter(|feed| feed.value.is_some())).collect();
        let mut kinds: Vec<Option<Dimension>> = Vec::new();
        for feed in &rows {
            if !kinds.contains(&kind(feed)) {
                kinds.push(kind(feed));
            }
        }
        let room = ROWS / kinds.len().max(1);
        let family = |wanted: &Option<Dimension>| {
            let members: Vec<&PublishedFeed> =
                rows.iter().copied().filter(|feed| kind(feed) == *wanted).collect();
            Family {
                title: wanted.map_or(self.phrases.more, |dimension| self.phrases.dimension(dimension)),
                count: members.len(),
                feeds: largest(members, room).into_iter().map(|feed| self.row(feed)).collect(),
            }
        };
        kinds.iter().map(family).collect()
    }

    /// A language, where it is not the page's.
    fn other(&self, language: &Text) -> Option<String> {
        (language.as_str() != self.language).then(|| language.to_string())
    }
}

/// So many of them that have most entries, in the order in which they came.
fn largest(feeds: Vec<&PublishedFeed>, room: usize) -> Vec<&PublishedFeed> {
    if feeds.len() <= room {
        return feeds;
    }
    let mut sizes: Vec<(usize, usize)> =
        feeds.iter().enumerate().map(|(place, feed)| (usize::MAX - feed.entries, place)).collect();
    sizes.sort_unstable();
    let mut kept: Vec<usize> = sizes.into_iter().take(room).map(|(_, place)| place).collect();
    kept.sort_unstable();
    kept.into_iter().filter_map(|place| feeds.get(place).copied()).collect()
}

fn document(format: Format, url: &Url) -> Document {
    Document { format: format.title(), media_type: format.media_type(), url: address(url) }
}

fn alternate(alternate: super::Alternate) -> Alternate {
    let super::Alternate { title, media_type, url } = alternate;
    Alternate { title: clipped(&Text::new(&title), TITLE), media_type, url: address(&url) }
}

/// As the feeds write it.
fn address(url: &Url) -> String {
    in_ascii(url).into_owned()
}

/// The beginning of a text that is longer than there is room for.
fn clipped(text: &Text, most_characters: usize) -> String {
    match text.as_str().char_indices().nth(most_characters) {
        Some((end, _)) => format!("{}…", text.as_str().get(..end).unwrap_or_default().trim_end()),
        None => text.to_string(),
    }
}
