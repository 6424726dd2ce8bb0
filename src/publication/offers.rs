//! The feeds of a publication, as whoever may subscribe to them sees them.

use super::catalogue::Catalogue;
use super::identities::{self, Identified};
use super::links::address_of;
use super::logbook::{Logbook, LoggedEntry};
use super::{Admitted, Error, Options, admit, load_config, proof, read_ledger};
use crate::config::{Config, Dimension};
use crate::feed::Text;
use crate::page::{self, LATEST, Latest, Offer};
use crate::select::{self, Candidate, Selection};
use crate::store::Store;

/// The feeds that a publication has, the main feed first, with everything but their latest entries.
///
/// # Errors
///
/// As [`super::build`], but for what writing brings; nothing is written.
pub fn offers(store: &dyn Store, options: Options) -> Result<(Config, Vec<Offer>), Error> {
    let config = load_config(store)?;
    let ledger = read_ledger(store)?;
    let catalogue = Catalogue::open(store, &config)?;
    let articles = catalogue.read(store, &config, &ledger, &|_| ());
    let proof = proof::prove_listed(store, &config, &ledger, &articles, options)?;
    let articles = proof.applied_to(articles);
    let Identified { reconciled, dated } = identities::reconcile(&ledger, &articles, &config, options);
    let summaries = identities::with(&articles.summaries, &dated);
    let Admitted { candidates, .. } = admit(&summaries, &reconciled.identities, options);
    let (selections, _) = select::select(&config, &candidates);
    let mut offers: Vec<Offer> = selections.iter().map(|selection| offer(&config, selection)).collect();
    page::arrange(&mut offers);
    drop(selections);
    Ok((config, offers))
}

/// The same when they are made, with their latest entries: `log` knows the names of those that have no title.
pub(super) fn with_latest(
    config: &Config,
    selections: &[Selection<'_>],
    candidates: &[Candidate<'_>],
    log: &Logbook,
) -> Vec<Offer> {
    let offers = selections.iter().zip(&log.feeds).map(|(selection, logged)| {
        // Only feeds that the configuration names are shown with their entries.
        let shown = if selection.value.is_none() { LATEST } else { 0 };
        let entries = selection.entries.iter().zip(&logged.entries).take(shown);
        let latest = entries.filter_map(|(index, place)| {
            Some(latest(config, candidates.get(*index)?, log.entries.get(*place as usize)?))
        });
        Offer { latest: latest.collect(), entries: logged.entries.len(), ..offer(config, selection) }
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

fn latest(config: &Config, candidate: &Candidate<'_>, logged: &LoggedEntry) -> Latest {
    let Candidate { summary, identity } = candidate;
    let title = summary.title().filter(|title| !title.is_empty()).unwrap_or(&logged.beginning);
    Latest {
        title: Text::new(title),
        url: address_of(*summary, config),
        published: identity.published,
        language: summary.language().map_or_else(|| config.publication.language.clone(), Text::new),
    }
}
