//! Diagnostics as text: the message, the author's line with the problem marked, and how to fix it.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::escape::is_active;
use super::{Diagnostic, Place, Severity, escaped};

impl Diagnostic {
    /// The diagnostic with its source line, in colour where `colour` is set. Ends without a line break.
    /// Whatever a terminal could obey is escaped.
    ///
    /// ```
    /// use feedwright::diagnostic::{Diagnostic, Rule};
    /// let source = "---\ndate: soon\n---\n";
    /// let drawn = Diagnostic::new(Rule::UnreadableDate, "articles/hello.md", "`soon` is not a date")
    ///     .at(source, 10..14)
    ///     .label("withheld from every feed until it has one")
    ///     .help("write it as `2024-05-06`")
    ///     .draw(false);
    /// assert_eq!(drawn, "\
    /// warning[unreadable-date]: `soon` is not a date
    ///  --> articles/hello.md:2:7
    ///   |
    /// 2 | date: soon
    ///   |       ^^^^ withheld from every feed until it has one
    ///   |
    ///   = help: write it as `2024-05-06`");
    /// ```
    pub fn draw(&self, colour: bool) -> String {
        let (message, path) = (escaped(&self.message), escaped(&self.path));
        let label = self.label.as_deref().map(escaped);
        let help = self.help.as_deref().map(escaped);
        let excerpt = self.place.as_ref().map(Place::shown).unwrap_or_default();
        let title = level(self.severity).primary_title(&*message).id(self.rule.name());
        let mut group = Group::with_title(title);
        match &self.place {
            Some(place) => {
                let annotation = AnnotationKind::Primary.span(place.marked(&excerpt)).label(label.as_deref());
                let snippet = Snippet::source(&*excerpt)
                    .line_start(place.line as usize)
                    .path(&*path)
                    .annotation(annotation);
                group = group.element(snippet);
            }
            None if !self.path.is_empty() => group = group.element(Origin::path(&*path)),
            None => {}
        }
        if self.place.is_none() {
            group = group.elements(label.iter().map(|label| Level::NOTE.message(&**label)));
        }
        group = group.elements(help.iter().map(|help| Level::HELP.message(&**help)));
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }
}

impl Place {
    /// The excerpt with active characters replaced one by one, so that columns stay the same. ASCII controls are drawn as
    /// symbols.
    fn shown(&self) -> Cow<'_, str> {
        let is_replaced = |character: char| !character.is_ascii() && is_active(character);
        if self.excerpt.contains(is_replaced) {
            Cow::Owned(self.excerpt.replace(is_replaced, "\u{fffd}"))
        } else {
            Cow::Borrowed(&self.excerpt)
        }
    }

    /// The marked bytes of the excerpt as it is shown.
    fn marked(&self, excerpt: &str) -> Range<usize> {
        let start = self.column.saturating_sub(self.excerpt_column);
        byte_of(excerpt, start)..byte_of(excerpt, start.saturating_add(self.width))
    }
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    }
}

fn byte_of(text: &str, character: u32) -> usize {
    text.char_indices().nth(character as usize).map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Rule;

    #[test]
    fn nothing_that_a_terminal_obeys_is_drawn() {
        let source = "lang: \u{9b}31m\u{1b}x";
        let drawn = Diagnostic::new(
            Rule::UnknownLanguage,
            "a\u{1b}]0;own\u{7}.md",
            "`\u{9b}31m` is not a language tag",
        )
        .at(source, 6..10)
        .label("\u{202e}label")
        .help("\u{85}help")
        .draw(false);
        assert!(!drawn.contains(is_active), "{drawn:?}");
        assert!(drawn.contains("--> a\\u{1b}]0;own\\u{7}.md:1:7"), "{drawn}");
        assert!(drawn.contains("lang: \u{fffd}31m"), "{drawn}");
    }
}
