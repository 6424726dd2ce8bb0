//! Images as every reader shows them: with their real address, and once.

use std::collections::BTreeSet;

use super::Walk;
use crate::content::address::percent_decoded;
use crate::content::elements::{ADDRESS_LISTS, LAZY_SOURCES};
use crate::content::report::BodyReport;
use crate::content::resolve::UNRESOLVED;
use crate::content::srcset::candidates_of;
use crate::content::tree::{Element, Tree};
use crate::diagnostic::Rule;

impl Walk<'_, '_, '_> {
    pub(super) fn image(&mut self, element: &Element) {
        let Some(mut image) = plain_image(element) else { return };
        if is_tracker(element) {
            return;
        }
        if !element.has("alt") {
            complain_of_missing_alt(image.get("src").unwrap_or_default(), self.report);
            image.set("alt", "");
        }
        self.begin_phrase();
        self.out.open(image);
    }

    /// A choice of images by the one for readers that know no choice.
    pub(super) fn picture(&mut self, index: usize) {
        let inside = self.tree.inside(index);
        let Some((_, image)) = self.tree.elements(inside.clone()).find(|(_, inner)| inner.name() == "img")
        else {
            return;
        };
        if plain_image(image).is_some() {
            self.image(image);
            return;
        }
        let sources = self.tree.elements(inside).filter(|(_, inner)| inner.name() == "source");
        let best = sources
            .filter_map(|(_, source)| source.get("srcset").or_else(|| source.get("data-srcset")))
            .last()
            .and_then(largest_candidate);
        if let Some(best) = best {
            let mut image = image.clone();
            image.attributes.retain(|(name, _)| !name.starts_with("data-"));
            image.set("src", best);
            self.image(&image);
        }
    }

    /// `true` if the content for browsers without scripts does not repeat what a script would have shown.
    pub(super) fn is_wanted_noscript(&self, index: usize, end: usize) -> bool {
        let mut images = self.tree.elements(index..end).filter(|(_, inner)| inner.name() == "img").peekable();
        if images.peek().is_none() {
            return false;
        }
        images.all(|(_, image)| !image.get("src").is_some_and(|source| self.images.contains(source)))
    }
}

/// Says that an image is not described.
fn complain_of_missing_alt(address: &str, report: &mut BodyReport<'_>) {
    if !report.wants(Rule::MissingAlt) || address.starts_with("data:") {
        return;
    }
    let decoded = percent_decoded(address);
    let file = decoded.rsplit('/').find(|part| !part.is_empty()).unwrap_or(&decoded);
    let diagnostic = report
        .near(Rule::MissingAlt, &[address, &decoded, file], format!("the image `{file}` has no description"))
        .label("who cannot see it learns nothing of it")
        .help("describe it: `![a cat on a wall](cat.jpg)`, or write `<img alt=\"\">` for mere decoration");
    report.push(diagnostic);
}

pub(super) fn images_outside_noscript(tree: &Tree) -> BTreeSet<&str> {
    let mut images = BTreeSet::new();
    let mut noscript_end = 0;
    for (index, element) in tree.elements(0..tree.nodes.len()) {
        if element.name() == "noscript" {
            noscript_end = tree.nodes.get(index).map_or(0, |node| node.end);
        } else if index >= noscript_end && matches!(element.name(), "img" | "source") {
            images.extend(LAZY_SOURCES.iter().chain(&["src"]).filter_map(|name| element.get(name)));
            images.extend(element.get("data-srcset").and_then(largest_candidate));
        }
    }
    images
}

/// The image with its real address and without whatever makes it load late; `None` for one that has none.
fn plain_image(element: &Element) -> Option<Element> {
    let list = ADDRESS_LISTS.iter().find_map(|name| element.get(name));
    let lazy =
        LAZY_SOURCES.iter().find_map(|name| element.get(name)).filter(|source| !source.starts_with("data:"));
    let own = element.get("src").filter(|source| !is_placeholder(source, element));
    let source = lazy.or(own).or_else(|| list.and_then(largest_candidate))?;
    let mut image = Element::new("img").with("src", source);
    if let Some(list) = list.filter(|list| !list.contains("data:")) {
        image.set("srcset", list);
        if let Some(sizes) = element.get("sizes").filter(|sizes| *sizes != "auto") {
            image.set("sizes", sizes);
        }
    }
    for name in ["alt", "title", "dir", "lang"] {
        if let Some(value) = element.get(name) {
            image.set(name, value.replace(UNRESOLVED, ""));
        }
    }
    for name in ["width", "height"] {
        let size = element.get(name).map(|size| size.trim().trim_end_matches("px"));
        if let Some(size) =
            size.filter(|size| !size.is_empty() && size.bytes().all(|byte| byte.is_ascii_digit()))
        {
            image.set(name, size);
        }
    }
    Some(image)
}

/// `true` if an image's address only stands for the real one.
fn is_placeholder(source: &str, element: &Element) -> bool {
    is_blank_image(source)
        || (source.starts_with("data:") && element.classes().any(|class| class.contains("lazy")))
}

/// `true` if an address is a GIF of one pixel that lies in the text itself.
fn is_blank_image(address: &str) -> bool {
    address.starts_with("data:")
        && (address.contains("base64,R0lGODlhAQAB") || address.contains("base64,R0lGODdhAQAB"))
}

fn largest_candidate(list: &str) -> Option<&str> {
    let size = |descriptor: &str| {
        let number = descriptor.split_whitespace().next().unwrap_or("1x").trim_end_matches(['w', 'x']);
        number.parse::<f64>().unwrap_or(1.0)
    };
    let candidates = candidates_of(list).into_iter().filter(|(address, _)| !address.starts_with("data:"));
    candidates.max_by(|(_, one), (_, other)| size(one).total_cmp(&size(other))).map(|(address, _)| address)
}

/// An image or a frame that is there to be asked for, not to be seen.
pub(super) fn is_tracker(element: &Element) -> bool {
    let tiny = |name: &str| {
        element.get(name).is_some_and(|size| matches!(size.trim().trim_end_matches("px"), "0" | "1"))
    };
    tiny("width") && tiny("height")
}
