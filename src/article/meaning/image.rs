//! The lead image of an article.

use super::Reader;
use crate::article::plain::plain;
use crate::article::{Cover, address};
use crate::data::{Node, Value};
use crate::generator::Meaning;

impl Reader<'_> {
    pub(in crate::article) fn cover(&mut self) -> Option<Cover> {
        let metadata = self.metadata;
        for found in metadata.all(Meaning::Cover) {
            let Some(node) = found.node.items().iter().find(|item| !item.is_empty()) else { continue };
            let (address, alt) = match &node.value {
                Value::Map(_) => {
                    (node.member(IMAGE), node.member(&["alt", "alttext", "imagealt", "description"]))
                }
                Value::Text(_) => (Some(node), None),
                _ => (None, None),
            };
            let Some(address) = address.filter(|address| address.truth().is_none()) else { continue };
            // `image: {src: {…}}` and the like are a program's affair.
            let Some(written) = address.text() else { continue };
            let written = written.trim_start_matches('!').trim_start_matches("[[").trim_end_matches("]]");
            if let Err(why) = address::file(written) {
                self.usable(&found, address, Err(why));
                continue;
            }
            let beside = || {
                let own = format!("{}alt", found.name);
                let fields = metadata.origins.iter().flat_map(|origin| &origin.fields);
                let own = fields.into_iter().find(|field| field.name == own).map(|field| &field.node);
                own.or_else(|| metadata.first(Meaning::CoverAlt).map(|found| found.node))
            };
            let alt = alt.or_else(beside).and_then(Node::text).map(plain).filter(|alt| !alt.is_empty());
            return Some(Cover { address: written.to_owned(), alt });
        }
        None
    }
}

/// Members of a table that stands in a cover's place.
const IMAGE: &[&str] = &[
    "src",
    "url",
    "image",
    "path",
    "file",
    "href",
    "source",
    "filename",
    "feature",
    "overlayimage",
    "teaser",
];
