//! Problems in the author's text: which rule, where, what readers would see, and how to fix them.
//!
//! A diagnostic never stops the work: it is collected, and the build goes on. A failure of the disk or the
//! network is an error instead, of the module where it happens.

mod draw;
mod escape;
mod rule;

pub use escape::escaped;
#[cfg(feature = "cli")]
pub(crate) use escape::is_active;
pub use rule::{Rule, Subject};

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// The severity of a diagnostic.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, strum::IntoStaticStr,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Severity {
    /// Nothing is wrong; the author may want to know all the same.
    Note,
    /// Published, though not quite as written.
    Warning,
    /// Something is not published because of it.
    Error,
}

impl Severity {
    /// The word that is shown: `note`, `warning` or `error`.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// The place of a diagnostic: a stretch of one line of one file, with that line's text, so that it can still
/// be shown when the file is no longer at hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Line, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
    /// The number of marked characters; 0 for a point between two.
    pub width: u32,
    /// The text of the line, shortened where it is very long.
    pub excerpt: String,
    /// Column of the first character of `excerpt`, counted from 1; more than 1 where a long line was
    /// shortened.
    pub excerpt_column: u32,
}

/// The most characters of a source line that a diagnostic carries.
const EXCERPT: usize = 200;

impl Place {
    /// The place of the byte range `span` in `source`. A range that spans lines is cut at the end of its
    /// first. Any range is fine: one outside the text, or not on character boundaries, is moved to the
    /// nearest place.
    pub fn of(source: &str, span: Range<usize>) -> Self {
        let start = floor_boundary(source, span.start);
        let line_start = source[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = source[start..].find('\n').map_or(source.len(), |at| start + at);
        let text = source[line_start..line_end].trim_end_matches('\r');
        let end =
            floor_boundary(source, span.end).clamp(start, line_start + text.len().max(start - line_start));
        let before = source[line_start..start].chars().count();
        let width = source[start..end].chars().count();
        // A long line keeps some characters before the place, and the place itself as far as it fits.
        let skipped = if before + width.min(40) > EXCERPT { before.saturating_sub(40) } else { 0 };
        let excerpt: String = text.chars().skip(skipped).take(EXCERPT).collect();
        let shown = excerpt.chars().count().saturating_sub(before - skipped);
        Self {
            line: number(source[..line_start].matches('\n').count() + 1),
            column: number(before + 1),
            width: number(width.min(shown)),
            excerpt,
            excerpt_column: number(skipped + 1),
        }
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A problem in the author's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// The kind of problem.
    pub rule: Rule,
    /// The severity: that of the rule unless the publication's `[rules]` say otherwise.
    pub severity: Severity,
    /// The problem in one line, lower case, values in backticks, no final dot.
    pub message: String,
    /// The file, relative to the publication's folder with `/` between its parts; empty where it is about no
    /// file.
    pub path: String,
    /// The place in the file, if it is about a part of it.
    pub place: Option<Place>,
    /// The consequence: what readers would see, or what happens instead. Shown beside the marked text.
    pub label: Option<String>,
    /// The way to fix it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic about a whole file.
    ///
    /// ```
    /// use feedwright::diagnostic::{Diagnostic, Rule, Severity};
    /// let diagnostic = Diagnostic::new(Rule::MissingDate, "articles/hello.md", "no date")
    ///     .help("add `date: 2024-05-06`");
    /// assert_eq!(diagnostic.severity, Severity::Warning);
    /// ```
    pub fn new(rule: Rule, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity(),
            message: message.into(),
            path: path.into(),
            place: None,
            label: None,
            help: None,
        }
    }

    /// Points at the byte range `span` of `source`, the whole text of the file.
    #[must_use]
    pub fn at(mut self, source: &str, span: Range<usize>) -> Self {
        self.place = Some(Place::of(source, span));
        self
    }

    /// Says beside the marked text what readers would see, or what happens instead.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_lines_and_columns_in_characters() {
        let source = "title: x\ndäte: nope\r\n";
        let at = source.find("nope").unwrap();
        let place = Place::of(source, at..at + 4);
        assert_eq!((place.line, place.column, place.width), (2, 7, 4));
        assert_eq!(place.excerpt, "däte: nope");
    }

    #[test]
    fn a_place_on_a_very_long_line_keeps_only_its_surroundings() {
        let source = "é".repeat(5_000) + "X";
        let place = Place::of(&source, 10_000..10_001);
        assert_eq!((place.column, place.width), (5_001, 1));
        assert!(place.excerpt.chars().count() <= EXCERPT && place.excerpt.ends_with('X'));
    }

    #[test]
    fn any_range_is_a_place() {
        for (start, end) in [(0, 0), (3, 1), (99, 200), (1, 2)] {
            let _ = Place::of("é\n\nx", start..end);
        }
    }
}
