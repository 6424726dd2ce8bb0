//! Diagnostics as people read them: the message, the author's line with the fault marked, and what to do.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Place, Severity};

impl Diagnostic {
    /// The diagnostic with its source line, in colour where `colour` is set. Ends without a line break.
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
        let title = level(self.severity).primary_title(&*self.message).id(self.rule.name());
        let mut group = Group::with_title(title);
        match &self.place {
            Some(place) => {
                let annotation = AnnotationKind::Primary.span(place.marked()).label(self.label.as_deref());
                let snippet = Snippet::source(&*place.excerpt)
                    .line_start(place.line as usize)
                    .path(&*self.path)
                    .annotation(annotation);
                group = group.element(snippet);
            }
            None if !self.path.is_empty() => group = group.element(Origin::path(&*self.path)),
            None => {}
        }
        if self.place.is_none() {
            group = group.elements(self.label.iter().map(|label| Level::NOTE.message(&**label)));
        }
        group = group.elements(self.help.iter().map(|help| Level::HELP.message(&**help)));
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }
}

impl Place {
    /// The bytes of the excerpt that are meant.
    fn marked(&self) -> Range<usize> {
        let start = self.column.saturating_sub(self.excerpt_column);
        byte_of(&self.excerpt, start)..byte_of(&self.excerpt, start.saturating_add(self.width))
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
