//! Where articles were before, and where whoever asks there should be sent.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use super::catalogue::{self, Catalogue};
use super::identities::{self, Identified};
use super::{Error, Options, load_config, proof, read_ledger};
use crate::config::Config;
use crate::store::Store;

/// A former address of an article on its own site, and its present one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Redirect {
    /// Without query and fragment.
    pub from: Url,
    /// Where it is.
    pub to: Url,
}

/// All redirects that a publication needs, in the order of the paths they are from: the former addresses that the
/// ledger remembers, and the aliases that articles state. Left out are addresses of other sites, those that tell
/// articles apart by a query, and those where an article is now or the built site has a page; so nothing leads in a
/// circle, over two steps, or away from what is there.
///
/// # Errors
///
/// As [`super::build`], but for what writing brings; nothing is written.
pub fn redirects(store: &dyn Store, options: Options) -> Result<Vec<Redirect>, Error> {
    let config = load_config(store)?;
    let ledger = read_ledger(store)?;
    let catalogue = Catalogue::open(store, &config)?;
    let articles = catalogue.read(store, &config, &ledger, &|_| ());
    let proof = proof::prove_listed(store, &config, &ledger, &articles, options)?;
    let articles = proof.applied_to(articles);
    let Identified { reconciled, dated } = identities::reconcile(&ledger, &articles, &config, options);
    let summaries = identities::with(&articles.summaries, &dated);
    let mut present = BTreeSet::new();
    let mut found = Vec::new();
    for (summary, identity) in summaries.iter().zip(&reconciled.identities) {
        let Some((identity, to)) = identity.as_ref().zip(Url::parse(summary.permalink()).ok()) else {
            continue;
        };
        let former = reconciled.ledger.get(&identity.id).map(|record| record.former).unwrap_or_default();
        let former = former.into_iter().filter_map(|former| Url::parse(former).ok());
        let aliases =
            summary.aliases().filter_map(|alias| catalogue::address(alias, &config.publication.home));
        // The address that an article had last goes before those it had earlier, and before what it says it had.
        let former: Vec<Url> = former.collect();
        let all = former.into_iter().rev().chain(aliases);
        found.extend(all.map(|from| (from, to.clone())));
        present.insert(place(&to));
    }
    let mut redirects = BTreeMap::new();
    for (mut from, to) in found {
        let there = present.contains(&place(&from)) || proof.has_page(&from);
        if is_of_this_site(&from, &config) && from.query().is_none() && !there {
            from.set_fragment(None);
            redirects.entry(from.path().to_owned()).or_insert(Redirect { from, to });
        }
    }
    Ok(redirects.into_values().collect())
}

/// Servers answer `/a/index.html` as `/a/`, and `https` as `http`.
fn place(url: &Url) -> (Option<String>, String) {
    let path = url.path();
    let path = path.strip_suffix("index.html").filter(|folder| folder.ends_with('/')).unwrap_or(path);
    (url.host_str().map(str::to_owned), path.to_owned())
}

fn is_of_this_site(url: &Url, config: &Config) -> bool {
    matches!(url.scheme(), "http" | "https") && url.host_str() == config.publication.home.host_str()
}
