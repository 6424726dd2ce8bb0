//! Plain text: markup taken off.

use std::borrow::Cow;

use super::characters::one_line;
use super::elements::{self, IN_TITLES};
use super::markdown::{Inline, inline};

/// The text of a title or a summary in which an author may have put Markdown or HTML: emphasis, code, links and
/// tags taken off, character references decoded, white space collapsed. What only looks like markup stays.
///
/// ```
/// use feedwright::content::plain_text;
/// assert_eq!(plain_text("*Why* `Vec<T>` &amp; <b>Box</b>"), "Why Vec<T> & Box");
/// assert_eq!(plain_text("snake_case and 2 * 3 * 4"), "snake_case and 2 * 3 * 4");
/// ```
pub fn plain_text(markup: &str) -> String {
    let line = one_line(markup);
    if !line.contains(['*', '_', '`', '[', '<', '&', '\\', '~']) {
        return line;
    }
    let pieces = inline(&protect_names(&line));
    let dropped = real_tags(&pieces);
    let mut text = String::with_capacity(line.len());
    for (piece, dropped) in pieces.iter().zip(dropped) {
        match piece {
            Inline::Text(part) => text.push_str(part),
            Inline::Tag(tag) if !dropped => text.push_str(tag),
            Inline::Tag(tag) if is_break(tag) => text.push(' '),
            Inline::Tag(_) => {}
        }
    }
    one_line(&text)
}

/// `__init__` is a name, not something strong: its underscores are escaped.
fn protect_names(line: &str) -> Cow<'_, str> {
    if !line.contains("__") {
        return Cow::Borrowed(line);
    }
    let mut words: Vec<Cow<'_, str>> = Vec::new();
    let mut is_code = false;
    for word in line.split(' ') {
        let starts_in_code = is_code;
        is_code ^= word.matches('`').count() % 2 == 1;
        let is_name = !starts_in_code
            && !word.contains('`')
            && word.matches("__").count() >= 2
            && word
                .trim_start_matches(|letter: char| !letter.is_alphanumeric() && letter != '_')
                .starts_with("__");
        words.push(if is_name { Cow::Owned(word.replace('_', "\\_")) } else { Cow::Borrowed(word) });
    }
    Cow::Owned(words.join(" "))
}

/// Which pieces are tags of HTML and not just something in angle brackets (`Vec<T>`, or the name of an element
/// that a title is about): those of known elements that are closed again, and those that need no closing.
fn real_tags(pieces: &[Inline]) -> Vec<bool> {
    let mut real = vec![false; pieces.len()];
    let mut open: Vec<(String, usize)> = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        let Inline::Tag(tag) = piece else { continue };
        if tag.starts_with("<!") || is_break(tag) || tag_name(tag) == "img" {
            real[index] = true;
            continue;
        }
        let name = tag_name(tag);
        if !elements::is(&name, IN_TITLES) {
            continue;
        }
        if !tag.starts_with("</") {
            // Titles are short: more tags than these are nobody's title, and would take time to match.
            if open.len() < 64 {
                open.push((name, index));
            }
        } else if let Some(at) = open.iter().rposition(|(opened, _)| *opened == name) {
            real[open[at].1] = true;
            real[index] = true;
            open.truncate(at);
        }
    }
    real
}

fn tag_name(tag: &str) -> String {
    let name = tag.trim_start_matches(['<', '/']);
    name.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

fn is_break(tag: &str) -> bool {
    matches!(tag_name(tag).as_str(), "br" | "wbr" | "hr")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::characters::{is_forbidden, without_forbidden_characters};
    use proptest::prelude::*;

    #[test]
    fn what_only_looks_like_markup_stays() {
        for title in [
            "Vec<T> or Option<Vec<u8>>",
            "a < b && c > d",
            "1. May",
            "# not a heading",
            "2 * 3 * 4",
            "snake_case_name",
            "The <details> element",
            "__init__.py explained",
            "C:\\new\\table",
            "[draft] x",
            "AT&T",
        ] {
            assert_eq!(plain_text(title), title);
        }
    }

    #[test]
    fn markup_leaves_its_text() {
        assert_eq!(plain_text("**Bold** _and_ [a link](https://x.org/) `x < y`"), "Bold and a link x < y");
        assert_eq!(plain_text("<em class=\"a\">Caf&eacute;</em>&nbsp;<br>&lt;ok&gt;"), "Café <ok>");
        assert_eq!(plain_text(" two\n\twords "), "two words");
        assert_eq!(plain_text("*x*"), "x");
    }

    proptest! {
        #[test]
        fn any_title_becomes_one_line(title in any::<String>()) {
            let text = plain_text(&title);
            prop_assert!(!text.contains('\n'));
            prop_assert!(!without_forbidden_characters(&text).contains(is_forbidden));
        }
    }
}
