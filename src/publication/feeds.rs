//! Feeds as formats write them, but for their entries; and the list of them.

use chrono::{DateTime, NaiveDate, Utc};

use crate::config::{Config, Dimension};
use crate::feed::{Category, Feed, Text};
use crate::format::Format;
use crate::format::opml::{self, Subscription};
use crate::select::Selection;

/// A feed without entries, last updated then.
pub(super) fn feed(config: &Config, selection: &Selection<'_>, updated: DateTime<Utc>) -> Feed {
    let publication = &config.publication;
    let token =
        if selection.name.is_empty() { "feed".to_owned() } else { format!("feed/{}", selection.name) };
    let language = match &selection.value {
        Some((Dimension::Language, language)) => Text::new(language),
        _ => publication.language.clone(),
    };
    let about = selection.value.iter().filter(|(dimension, _)| *dimension != Dimension::Language);
    let categories =
        selection.config.categories.iter().cloned().chain(about.map(|(_, value)| Text::new(value)));
    Feed {
        id: selection.config.id.clone().unwrap_or_else(|| Text::new(&config.authority.tag(&token))),
        title: selection.title.clone(),
        description: selection.config.description.clone().unwrap_or_else(|| publication.description.clone()),
        home: publication.home.clone(),
        language: Some(language),
        updated,
        authors: publication.authors.clone(),
        rights: publication.rights.clone(),
        icon: publication.icon.clone(),
        logo: publication.logo.clone(),
        categories: categories.map(|term| Category { term, scheme: None }).collect(),
        hubs: selection.config.hubs.clone(),
        ttl: selection.config.ttl,
        licence: publication.licence.clone(),
    }
}

/// A feed without entries was last updated when its publication began.
pub(super) fn beginning(config: &Config) -> DateTime<Utc> {
    let date = &config.authority.date;
    let full = format!("{date}{}", &"-01-01"[date.len().saturating_sub(4).min(6)..]);
    let day = NaiveDate::parse_from_str(&full, "%Y-%m-%d").ok();
    day.and_then(|day| day.and_hms_opt(0, 0, 0)).map_or(DateTime::UNIX_EPOCH, |time| time.and_utc())
}

/// The list of feeds, as OPML.
pub(super) fn list_of_feeds(config: &Config, selections: &[Selection<'_>]) -> Vec<u8> {
    let subscriptions: Vec<Subscription> = selections
        .iter()
        .filter_map(|selection| {
            // One line a feed: readers that import a list would subscribe to each format otherwise.
            let (format, path) = selection
                .paths
                .iter()
                .find(|(format, _)| **format != Format::Json)
                .or_else(|| selection.paths.iter().next())?;
            Some(Subscription {
                title: selection.title.clone(),
                description: selection.config.description.clone().unwrap_or_default(),
                home: config.publication.home.clone(),
                feed_url: config.feed_url(path),
                format: *format,
                language: Some(config.publication.language.clone()),
            })
        })
        .collect();
    opml::write(&config.publication.title, config.publication.authors.first(), &subscriptions)
}

/// The formats of a feed, and the path of each in the store.
pub(super) fn paths(config: &Config, selection: &Selection<'_>) -> impl Iterator<Item = (Format, String)> {
    let folder = config.feeds_folder();
    selection.paths.iter().map(move |(format, path)| (*format, format!("{folder}{path}")))
}
