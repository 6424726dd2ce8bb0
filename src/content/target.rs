//! Links to places within a text: those whose place is published stay, the others lead to the page.

use std::collections::BTreeSet;

use url::Url;

use super::address::percent_decoded;
use super::tree::{Data, Tree};

/// Makes links to places that are not in the text links to the page, which has them.
pub(super) fn lead_out(tree: &mut Tree, permalink: &Url) {
    let ids: BTreeSet<String> = tree
        .elements(0..tree.nodes.len())
        .filter_map(|(_, element)| element.get("id").map(str::to_owned))
        .collect();
    for node in &mut tree.nodes {
        let Data::Element(element) = &mut node.data else { continue };
        let Some(fragment) = element.get("href").and_then(|href| href.strip_prefix('#')) else { continue };
        if !ids.contains(&*percent_decoded(fragment)) {
            let mut page = permalink.clone();
            page.set_fragment(Some(fragment).filter(|fragment| !fragment.is_empty()));
            element.set_in_place("href", super::address::in_ascii(&page).into_owned());
        }
    }
}
