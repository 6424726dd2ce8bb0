//! The feeds of a publication, as whoever may subscribe to them sees them.

use super::Publication;
use super::admission::{Admitted, admit};
use super::document_cache::{CachedEntry, DocumentCache};
use super::identities::Identified;
use super::links::address_of;
use super::selected::Selected;
use crate::config::{Config, Dimension};
use crate::feed::Text;
use crate::page::{self, LATEST, Latest, Offer};
use crate::select::{self, Candidate, Selection};

impl Publication {
    /// The feeds that the publication has, the main feed first, with everything but their latest entries.
    pub fn feed_list(&self, identified: &Identified<'_>) -> Vec<Offer> {
        let Admitted { candidates, .. } = admit(identified, self.options);
        let (selections, _) = select::select(&self.config, &candidates);
        let mut offers: Vec<Offer> =
            selections.iter().map(|selection| offer(&self.config, selection)).collect();
        page::arrange(&mut offers);
        offers
    }
}

/// The same when they are made, with their latest entries: `cache` knows the names of those that have no title.
pub(super) fn with_latest(selected: Selected<'_>, cache: &DocumentCache) -> Vec<Offer> {
    let config = &selected.publication.config;
    let offers = selected.selections.iter().zip(&cache.feeds).map(|(selection, cached)| {
        // Only feeds that the configuration names are shown with their entries.
        let shown = if selection.value.is_none() { LATEST } else { 0 };
        let entries = selection.entries.iter().zip(&cached.entries).take(shown);
        let latest = entries.filter_map(|(index, place)| {
            Some(latest(config, selected.candidates.get(*index)?, cache.entries.get(*place as usize)?))
        });
        Offer { latest: latest.collect(), entries: cached.entries.len(), ..offer(config, selection) }
    });
    let mut offers: Vec<Offer> = offers.collect();
    page::arrange(&mut offers);
    offers
}

fn offer(config: &Config, selection: &Selection<'_>) -> Offer {
    let publication = &config.publication;
    let language = match &selection.value {
        Some((Dimension::Language, language)) => Text::new(language),
        _ => publication.language.clone(),
    };
    let urls = selection.paths.iter().map(|(format, path)| (*format, config.feed_url(path)));
    Offer {
        title: selection.title.clone(),
        description: selection.config.description.clone().unwrap_or_else(|| publication.description.clone()),
        language,
        name: selection.name.clone(),
        value: selection.value.clone(),
        paths: selection.paths.clone(),
        addresses: urls.collect(),
        hubs: selection.config.hubs.clone(),
        entries: selection.entries.len(),
        latest: Vec::new(),
    }
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
