//! Feeds as formats write them, but for their entries; and the list of them.

use chrono::{DateTime, Utc};

use crate::config::{Config, Dimension, Publication};
use crate::feed::{Category, Feed, Text};
use crate::format::opml::{self, FeedList};
use crate::select::Selection;

/// A feed without entries, last updated then.
pub(super) fn feed(config: &Config, selection: &Selection<'_>, updated: DateTime<Utc>) -> Feed {
    let publication = &config.publication;
    let token = if selection.feed.name.is_empty() {
        "feed".to_owned()
    } else {
        format!("feed/{}", selection.feed.name)
    };
    let Selection { config: configured, feed: published, .. } = selection;
    let about = published.value.iter().filter(|(dimension, _)| *dimension != Dimension::Language);
    let categories = configured.categories.iter().cloned().chain(about.map(|(_, value)| Text::new(value)));
    Feed {
        id: configured.id.clone().unwrap_or_else(|| Text::new(&config.authority.tag(&token))),
        title: published.title.clone(),
        description: published.description.clone().unwrap_or_else(|| publication.description.clone()),
        home: publication.home.clone(),
        language: Some(published.language.clone()),
        updated,
        authors: publication.authors.clone(),
        rights: publication.rights.clone(),
        icon: publication.icon.clone(),
        logo: publication.logo.clone(),
        categories: categories.map(|term| Category { term, scheme: None }).collect(),
        hubs: published.hubs.clone(),
        ttl: configured.ttl,
        licence: publication.licence.clone(),
    }
}

/// A feed without entries was last updated when its publication began.
pub(super) fn beginning(config: &Config) -> DateTime<Utc> {
    let midnight = config.authority.first_day().and_then(|day| day.and_hms_opt(0, 0, 0));
    midnight.map_or(DateTime::UNIX_EPOCH, |time| time.and_utc())
}

/// The list of feeds, as OPML.
pub(super) fn list_of_feeds(config: &Config, selections: &[Selection<'_>]) -> Vec<u8> {
    let Publication { title, authors, home, language, .. } = &config.publication;
    let list = FeedList { title, owner: authors.first(), home, language };
    opml::write(&list, selections.iter().map(|selection| &selection.feed))
}
