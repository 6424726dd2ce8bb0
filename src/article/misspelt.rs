//! Keys of the front matter that nobody knows and that are one letter away from one that matters.

use super::metadata::{Metadata, Origin};
use crate::data::Field;
use crate::diagnostic::{Diagnostic, Rule};
use crate::generator::{TABLES, word};

/// Keys that change what subscribers see, or whether they see it.
const KEYS: &[&str] = &[
    "title",
    "date",
    "draft",
    "summary",
    "description",
    "tags",
    "categories",
    "slug",
    "permalink",
    "published",
    "publishdate",
    "updated",
    "lastmod",
    "expires",
    "expirydate",
    "author",
    "authors",
    "status",
    "visibility",
    "private",
    "unlisted",
    "password",
];

/// Words of their own, which only look like misspelt ones.
const OTHER_WORDS: &[&str] =
    &["data", "dates", "tabs", "taps", "titles", "slugs", "plug", "rate", "gate", "stats", "states"];

/// A diagnostic for each key that is probably misspelt: it is not known, and the one that is meant is not there.
pub(super) fn keys(metadata: &Metadata<'_>) -> Vec<Diagnostic> {
    let of_origin = |origin| move |field| diagnostic(metadata, origin, field);
    metadata.origins.iter().flat_map(|origin| origin.fields.iter().filter_map(of_origin(origin))).collect()
}

fn diagnostic(metadata: &Metadata<'_>, origin: &Origin<'_>, field: &Field) -> Option<Diagnostic> {
    let meant = meant(&field.name).filter(|_| !field.node.is_empty())?;
    let is_stated = |origin: &Origin<'_>| origin.fields.iter().any(|field| field.name == meant);
    if metadata.origins.iter().any(is_stated) {
        return None;
    }
    let message = format!("`{}` is not a known key", field.key);
    Some(
        Diagnostic::new(Rule::MisspeltKey, origin.text.path, message)
            .at(origin.text.text, field.key_span.clone())
            .label("ignored")
            .help(format!("did you mean `{meant}`?")),
    )
}

/// The key that an unknown one is one letter away from: added, left out, replaced, or exchanged with its neighbour.
fn meant(name: &str) -> Option<&'static str> {
    let is_known = || word(name).is_some() || TABLES.contains(&name);
    if !(3..=14).contains(&name.len()) || OTHER_WORDS.contains(&name) || is_known() {
        return None;
    }
    KEYS.iter()
        .copied()
        .find(|key| name.len().abs_diff(key.len()) <= 1 && strsim::damerau_levenshtein(name, key) == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_misspelt_where_it_is_one_letter_away_and_no_word_of_its_own() {
        for (name, key) in [
            ("daft", Some("draft")),
            ("titel", Some("title")),
            ("sumary", Some("summary")),
            ("tgas", Some("tags")),
            ("dat", Some("date")),
            ("publishdat", Some("publishdate")),
            ("data", None),
            ("layout", None),
            ("tag", None),
            ("title", None),
            ("ttiel", None),
        ] {
            assert_eq!(meant(name), key, "{name}");
        }
    }
}
