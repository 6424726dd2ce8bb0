//! Boxes of notes and warnings: `:::` of markdown-it, Docusaurus and Pandoc, `!!!` of Python-Markdown. Both become
//! quotations, under a title.

use std::fmt::Write as _;

use super::obsidian::capitalised;
use super::scan::Scan;
use crate::content::characters::escape;

/// Kinds of boxes that are more than a place in a layout.
const KINDS: &[&str] = &[
    "abstract",
    "attention",
    "bug",
    "caution",
    "danger",
    "details",
    "error",
    "example",
    "failure",
    "faq",
    "hint",
    "important",
    "info",
    "note",
    "question",
    "quote",
    "seealso",
    "spoiler",
    "success",
    "summary",
    "tip",
    "todo",
    "warning",
];

/// The name under which a box of `:::` is open.
const COLONS: &str = ":::";

/// The name under which a box of `!!!` is open: its text is indented.
const INDENTED: &str = "!!!";

impl Scan<'_, '_, '_, '_> {
    /// The line that begins here, if it opens or closes a box.
    pub(super) fn line(&mut self) {
        let line = self.text[self.at..].split('\n').next().unwrap_or_default();
        if self.is_indented() && !self.indented_line(line) {
            return;
        }
        let trimmed = line.trim();
        if !(trimmed.starts_with(":::") || trimmed.starts_with("!!!") || trimmed.starts_with("???"))
            || line.starts_with("    ")
            || self.code_here().is_some()
        {
            return;
        }
        let length = line.len();
        let is_understood =
            if trimmed.starts_with(':') { self.colons(trimmed) } else { self.exclamation(trimmed) };
        if is_understood {
            self.at += length;
        }
    }

    fn is_indented(&self) -> bool {
        self.open.last().is_some_and(|(name, _)| name == INDENTED)
    }

    /// A line within a box of `!!!`, whose indentation goes; whether it may open a further box.
    fn indented_line(&mut self, line: &str) -> bool {
        if line.trim().is_empty() {
            return false;
        }
        if let Some(indentation) = ["    ", "\t"].into_iter().find(|start| line.starts_with(start)) {
            self.at += indentation.len();
            return false;
        }
        self.close_box();
        true
    }

    fn close_box(&mut self) {
        if let Some((_, after)) = self.open.pop() {
            self.out.push_str(&after);
        }
    }

    /// `::: note Title`, `:::note[Title]`, `::: {.callout-note}`, and `:::` alone, which ends the last of them.
    fn colons(&mut self, line: &str) -> bool {
        let said = line.trim_start_matches(':').trim().trim_end_matches(':').trim();
        if said.is_empty() {
            let is_open = self.open.last().is_some_and(|(name, _)| name == COLONS);
            if is_open {
                self.close_box();
            }
            return is_open;
        }
        let (name, title) = named(said);
        let is_closed = self.last_fence.is_some_and(|last| last > self.at);
        is_closed && !name.is_empty() && self.open_box(COLONS, &name, title)
    }

    /// `!!! note "Title"`, `??? tip`, each with the indented lines that follow.
    fn exclamation(&mut self, line: &str) -> bool {
        let said = line[3..].trim_start_matches('+').trim();
        let (name, title) = said.split_once(char::is_whitespace).unwrap_or((said, ""));
        let is_name =
            !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '-');
        let title = title.trim().strip_prefix('"').and_then(|title| title.strip_suffix('"'));
        let follows = self.text[self.at..].lines().nth(1).is_some_and(|next| next.starts_with([' ', '\t']));
        is_name && follows && self.open_box(INDENTED, &name.to_lowercase(), title)
    }

    fn open_box(&mut self, sign: &str, kind: &str, title: Option<&str>) -> bool {
        if self.open.len() >= super::calls::MOST_OPEN {
            return false;
        }
        if KINDS.contains(&kind) {
            let title = title.map_or_else(|| capitalised(kind), str::to_owned);
            let _ = write!(self.out, "\n\n<blockquote>\n\n<p><strong>{}</strong></p>\n\n", escape(&title));
            self.open.push((sign.to_owned(), "\n\n</blockquote>\n\n".into()));
        } else {
            self.out.push_str("\n\n");
            self.open.push((sign.to_owned(), "\n\n".into()));
        }
        true
    }
}

/// Byte at which the last line begins that closes a box of `:::`.
pub(super) fn last_fence(text: &str) -> Option<usize> {
    let mut from = text.len();
    while let Some(at) = text.get(..from)?.rfind(":::") {
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        if text[line..].split('\n').next().is_some_and(|line| line.trim().trim_matches(':').is_empty()) {
            return Some(line);
        }
        from = line;
    }
    None
}

/// The kind of a box, and its title.
fn named(said: &str) -> (String, Option<&str>) {
    if let Some(attributes) = said.strip_prefix('{') {
        let class =
            attributes.split(['.', ' ', '}', '#']).find(|class| !class.is_empty()).unwrap_or_default();
        return (class.trim_start_matches("callout-").to_lowercase(), None);
    }
    let end = said.find(|letter: char| !(letter.is_alphanumeric() || letter == '-' || letter == '_'));
    let (name, title) = said.split_at(end.unwrap_or(said.len()));
    let title = title.trim().trim_start_matches('[').trim_end_matches(']').trim();
    let is_title = !title.is_empty() && !title.starts_with('{');
    (name.to_lowercase(), is_title.then_some(title))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_named_in_every_notation() {
        assert_eq!(named("note"), ("note".into(), None));
        assert_eq!(named("warning Mind the gap"), ("warning".into(), Some("Mind the gap")));
        assert_eq!(named("Tip[Try it]"), ("tip".into(), Some("Try it")));
        assert_eq!(named("{.callout-note}"), ("note".into(), None));
    }
}
