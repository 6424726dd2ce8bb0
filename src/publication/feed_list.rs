//! The feeds of a publication, as whoever may subscribe to them sees them.

use super::Publication;
use super::admission::{Admitted, admit};
use super::documents::WrittenFeeds;
use super::identities::Identified;
use super::links::address_of;
use super::selected::Selected;
use crate::cache::CachedEntry;
use crate::config::Config;
use crate::feed::Text;
use crate::format::PublishedFeed;
use crate::page::{self, LATEST, Latest, ListedFeed};
use crate::select::{self, Candidate};

impl Publication {
    /// The feeds that the publication has, the main feed first, each under a title of its own.
    pub fn feed_list(&self, identified: &Identified<'_>) -> Vec<PublishedFeed> {
        let Admitted { candidates, .. } = admit(identified, self.options);
        let selections = select::select(&self.config, &candidates).feeds;
        let listed =
            selections.into_iter().map(|selection| ListedFeed { feed: selection.feed, latest: Vec::new() });
        let mut listed: Vec<ListedFeed> = listed.collect();
        page::arrange(&mut listed);
        listed.into_iter().map(|listed| listed.feed).collect()
    }
}

/// The same when they are written, with their latest entries: the cache knows the names of those that have no title.
pub(super) fn with_latest(selected: Selected<'_>, written: &WrittenFeeds) -> Vec<ListedFeed> {
    let config = &selected.publication.config;
    let cache = &written.cache;
    let feeds = selected.selections.iter().zip(&written.feeds).zip(&cache.feeds);
    let listed = feeds.map(|((selection, written), cached)| {
        // Only feeds that the configuration names are shown with their entries.
        let shown = if selection.feed.value.is_none() { LATEST } else { 0 };
        let entries = selection.entries.iter().zip(&cached.entries).take(shown);
        let latest = entries.filter_map(|(index, place)| {
            Some(latest(config, selected.candidates.get(*index)?, cache.entries.get(*place as usize)?))
        });
        ListedFeed { feed: written.feed.clone(), latest: latest.collect() }
    });
    let mut listed: Vec<ListedFeed> = listed.collect();
    page::arrange(&mut listed);
    listed
}

fn latest(config: &Config, candidate: &Candidate<'_>, cached: &CachedEntry) -> Latest {
    let Candidate { summary, identity, .. } = candidate;
    let title = summary.title().filter(|title| !title.is_empty()).unwrap_or(&cached.beginning);
    Latest {
        title: Text::new(title),
        url: address_of(*summary, config),
        published: identity.published,
        language: summary.language().map_or_else(|| config.publication.language.clone(), Text::new),
    }
}
