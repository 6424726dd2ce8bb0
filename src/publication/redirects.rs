//! Redirects: the URLs that articles had before, and those to which a request for them should be sent.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use url::Url;

use super::Publication;
use super::catalogue;
use super::identities::Identified;
use crate::config::Config;
use crate::fetch::is_web;
use crate::ledger::Record;

/// A former address of an article on its own site, and its present one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Redirect {
    /// Without query and fragment.
    pub from: Url,
    /// URL of the article now.
    pub to: Url,
}

impl Publication {
    /// All redirects that the publication needs, in the order of the paths they are from: the former addresses that the
    /// ledger remembers, and the aliases that articles state. Left out are addresses of other sites, those that tell
    /// articles apart by a query, and those where an article is now or the built site has a page; so nothing leads in a
    /// circle, over two steps, or away from what is there.
    pub fn redirects(&self, identified: &Identified<'_>) -> Vec<Redirect> {
        let found = self.former_addresses(identified);
        if found.is_empty() {
            return Vec::new();
        }
        let present = present_places(identified);
        let mut redirects = BTreeMap::new();
        for (mut from, to) in found {
            let has_page = self.proof.get().is_some_and(|proof| proof.has_page(&from));
            let there = present.contains(&place(&from)) || has_page;
            if is_of_this_site(&from, &self.config) && from.query().is_none() && !there {
                from.set_fragment(None);
                redirects.entry(from.path().to_owned()).or_insert(Redirect { from, to });
            }
        }
        redirects.into_values().collect()
    }

    /// Each former address of an article, and its present one. The address that an article had last goes before those it
    /// had earlier, and before what it says it had.
    fn former_addresses(&self, identified: &Identified<'_>) -> Vec<(Url, Url)> {
        let Identified { summaries, reconciled } = identified;
        let moved: HashMap<&str, Record<&str>> =
            reconciled.ledger.moved().map(|record| (record.id, record)).collect();
        let mut found = Vec::new();
        for (summary, identity) in summaries.iter().zip(&reconciled.identities) {
            let Some(identity) = identity else { continue };
            let former = moved.get(&*identity.id).map(|record| record.former.as_slice()).unwrap_or_default();
            let former = former.iter().rev().filter_map(|former| Url::parse(former).ok());
            let aliases = summary
                .aliases()
                .filter_map(|alias| catalogue::address(alias, &self.config.publication.home));
            let mut all = former.chain(aliases).peekable();
            if all.peek().is_none() {
                continue;
            }
            let Ok(to) = Url::parse(summary.permalink()) else { continue };
            found.extend(all.map(|from| (from, to.clone())));
        }
        found
    }
}

/// Places of the published articles now: host and path.
fn present_places(identified: &Identified<'_>) -> BTreeSet<(Option<String>, String)> {
    let published = identified.summaries.iter().zip(&identified.reconciled.identities);
    let published = published.filter(|(_, identity)| identity.is_some());
    published.filter_map(|(summary, _)| Url::parse(summary.permalink()).ok()).map(|url| place(&url)).collect()
}

/// Servers answer `/a/index.html` as `/a/`, and `https` as `http`.
fn place(url: &Url) -> (Option<String>, String) {
    let path = url.path();
    let path = path.strip_suffix("index.html").filter(|folder| folder.ends_with('/')).unwrap_or(path);
    (url.host_str().map(str::to_owned), path.to_owned())
}

fn is_of_this_site(url: &Url, config: &Config) -> bool {
    is_web(url) && url.host_str() == config.publication.home.host_str()
}
