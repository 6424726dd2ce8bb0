//! The places of a text to which its links lead, and the links that are there for the page alone.

use std::collections::BTreeSet;

use super::Walk;
use crate::content::address::percent_decoded;
use crate::content::elements::is_heading;
use crate::content::tree::{Element, Tree};

impl Walk<'_, '_, '_> {
    /// Keeps the id of an element that is not published, if a link leads to it, for what follows.
    pub(super) fn remember_place(&mut self, element: &Element) {
        if let Some(id) = element.get("id").filter(|id| self.linked.contains(*id)) {
            self.place = Some(id.to_owned());
        }
    }

    /// The element with the id of one before it that is not published, if it has none of its own.
    pub(super) fn with_place(&mut self, element: Element) -> Element {
        match self.place.take() {
            Some(id) if !element.has("id") => element.with("id", id),
            _ => element,
        }
    }

    /// Puts the id of an element that is not published before the words that were in it.
    pub(super) fn mark_place(&mut self, words: &str) {
        if !words.trim_ascii().is_empty()
            && let Some(id) = self.place.take()
        {
            self.out.open(Element::new("a").with("id", id));
            self.out.close();
        }
    }

    /// The id that generators give a heading: of its text, with a number where an earlier one has the same.
    pub(super) fn heading_id(&mut self, index: usize) -> String {
        let slug = slug(&self.tree.text(self.tree.inside(index)));
        let before = self.headings.entry(slug.clone()).or_default();
        *before += 1;
        if *before == 1 { slug } else { format!("{slug}{}{}", self.number_separator, *before - 1) }
    }

    /// Links by which visitors of the page copy the address of a heading or a line.
    pub(super) fn is_heading_anchor(&self, index: usize, element: &Element) -> bool {
        const CLASSES: &[&str] = &[
            "anchor",
            "header-anchor",
            "headerlink",
            "anchor-link",
            "anchorjs-link",
            "direct-link",
            "heading-anchor",
            "zola-anchor",
            "heading-link",
            "headline-hash",
            "permalink",
        ];
        let to_fragment = element.get("href").is_some_and(|href| href.contains('#'));
        let is_marked = || element.has_class(CLASSES) || element.get("aria-hidden") == Some("true");
        if !to_fragment || !(self.out.ancestors().any(is_heading) || is_marked()) {
            return false;
        }
        let inside = self.tree.inside(index);
        let text = self.tree.text(inside.clone());
        let text = text.trim();
        let is_sign = text.chars().count() <= 2 && !text.chars().any(char::is_alphanumeric);
        let has_image = self.tree.elements(inside).any(|(_, inner)| inner.name() == "img");
        // A note's own back link is a sign too, but stands in no heading.
        !has_image && is_sign
    }

    pub(super) fn is_linked(&self, element: &Element) -> bool {
        element.get("id").or_else(|| element.get("name")).is_some_and(|id| self.linked.contains(id))
    }
}

/// The ids to which links of the text lead.
pub(super) fn linked_fragments(tree: &Tree) -> BTreeSet<String> {
    let links =
        tree.elements(0..tree.nodes.len()).filter_map(|(_, element)| element.get("href")?.strip_prefix('#'));
    links.map(|id| percent_decoded(id).into_owned()).filter(|id| !id.is_empty()).collect()
}

/// The text of a heading as an id.
fn slug(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let kept = text.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
    kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}
