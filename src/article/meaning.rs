//! Meaning of the author's words: each field that an article can state, understood by the kind of its value
//! where the word alone is ambiguous, and a diagnostic for each that cannot be understood. One short function
//! per meaning.

mod access;
mod address;
mod dates;
mod image;
mod people;
mod terms;

use super::Conventions;
use super::metadata::{Found, Metadata};
use super::plain::plain;
use crate::content::{one_line, without_forbidden_characters};
use crate::data::Value;
use crate::data::shortened;
use crate::diagnostic::{Diagnostic, Rule};
use crate::generator::Meaning;

pub(super) use access::strictness;

/// Reads the metadata of one article.
pub(super) struct Reader<'a> {
    pub(super) metadata: &'a Metadata<'a>,
    pub(super) conventions: &'a Conventions,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// A title as stated.
#[derive(Debug, PartialEq)]
pub(super) enum Title {
    Unstated,
    /// On purpose: `title: ""`.
    None,
    Some(String),
}

impl Reader<'_> {
    pub(super) fn title(&mut self) -> Title {
        let Some(found) = self.metadata.first(Meaning::Title) else {
            let on_purpose = |found: Found<'_>| matches!(found.node.value, Value::Text(_));
            let empty = self.metadata.stated(Meaning::Title).any(on_purpose);
            return if empty { Title::None } else { Title::Unstated };
        };
        let Some(written) = found.node.text() else {
            self.diagnostics.push(found.unusable("text"));
            return Title::Unstated;
        };
        let title = plain(written);
        // Character references alone are no fault: in HTML they have to be.
        let marked_up = written.contains(['<', '*', '_', '`', '[', '~']);
        if marked_up && title != one_line(&without_forbidden_characters(written)) {
            self.diagnostics.push(
                found
                    .fault(Rule::MarkupInTitle, format!("`{}` contains markup", found.key))
                    .label(shortened(&format!("published as `{title}`")))
                    .help("write the title as plain text"),
            );
        }
        if title.is_empty() { Title::None } else { Title::Some(title) }
    }

    pub(super) fn summary(&mut self) -> Option<String> {
        let text = |found: Found<'_>| match found.node.value {
            Value::Text(_) | Value::Number(_) => found.node.text().map(plain),
            _ => None,
        };
        self.metadata.all(Meaning::Summary).find_map(text).filter(|summary| !summary.is_empty())
    }

    pub(super) fn excerpt_only(&self) -> bool {
        self.metadata.first(Meaning::ExcerptOnly).and_then(|found| found.node.truth()).unwrap_or(false)
    }

    /// Taken as written, with the white space round it that may be part of it.
    pub(super) fn summary_marker(&self) -> Option<String> {
        let found = self.metadata.stated(Meaning::SummaryMarker).next()?;
        match &found.node.value {
            Value::Text(marker) if !marker.is_empty() => Some(marker.clone()),
            _ => None,
        }
    }
}

/// Each item once, where it stands first.
fn without_repetition(items: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut items: Vec<String> = items.into_iter().collect();
    if items.len() > 1 {
        let mut seen = std::collections::BTreeSet::new();
        items.retain(|item| seen.insert(item.clone()));
    }
    items
}
