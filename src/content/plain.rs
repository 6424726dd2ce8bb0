//! Plain text: markup taken off, and characters that no feed may contain.

use std::borrow::Cow;

use super::bytes::position_of;
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
    let line = markup.split_whitespace().collect::<Vec<_>>().join(" ");
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
    text.split_whitespace().collect::<Vec<_>>().join(" ")
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
        if !is_known(&name) {
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

fn is_known(name: &str) -> bool {
    const KNOWN: &[&str] = &[
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "blockquote",
        "center",
        "cite",
        "code",
        "del",
        "dfn",
        "div",
        "em",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "i",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "ul",
        "var",
    ];
    KNOWN.contains(&name)
}

/// The text without the characters that XML 1.0 forbids and that the W3C validator calls bad: controls but tab
/// and line feed, surrogates, non-characters, U+FFFD. C1 controls, which are Windows-1252 by accident, become what
/// they were meant to be; a carriage return becomes a line feed.
///
/// ```
/// use feedwright::content::without_forbidden_characters;
/// assert_eq!(without_forbidden_characters("a\u{b}b\r\nc\u{96}d"), "ab\nc–d");
/// ```
pub fn without_forbidden_characters(text: &str) -> Cow<'_, str> {
    let Some(first) = first_forbidden(text) else { return Cow::Borrowed(text) };
    let mut clean = String::with_capacity(text.len());
    clean.push_str(&text[..first]);
    let mut rest = text[first..].chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '\r' if rest.peek() == Some(&'\n') => {}
            '\r' => clean.push('\n'),
            '\u{80}'..='\u{9f}' => clean.extend(meant_in_windows_1252(letter)),
            _ if is_forbidden(letter) => {}
            _ => clean.push(letter),
        }
    }
    Cow::Owned(clean)
}

/// Where the first forbidden character stands: hardly a text has one, so that only the bytes are looked at by which
/// one may begin.
fn first_forbidden(text: &str) -> Option<usize> {
    let is_suspicious = |byte| matches!(byte, 0..=8 | 0x0b..=0x1f | 0x7f | 0xc2 | 0xef..);
    let mut from = 0;
    loop {
        let rest = text.as_bytes().get(from..)?;
        let at = from + position_of(rest, is_suspicious)?;
        let letter = text.get(at..)?.chars().next()?;
        if is_forbidden(letter) {
            return Some(at);
        }
        from = at + letter.len_utf8();
    }
}

/// Whether a character may not stand in a feed as it is.
pub(super) fn is_forbidden(letter: char) -> bool {
    // Any plane ends in two non-characters (Unicode 23.7).
    (letter.is_control() && letter != '\t' && letter != '\n')
        || letter == '\u{fffd}'
        || matches!(letter, '\u{fdd0}'..='\u{fdef}')
        || u32::from(letter) & 0xfffe == 0xfffe
}

/// <https://encoding.spec.whatwg.org/#windows-1252>, of which five places are empty.
fn meant_in_windows_1252(control: char) -> Option<char> {
    const MEANT: [char; 32] = [
        '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’',
        '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
    ];
    let place = u32::from(control).checked_sub(0x80)?;
    MEANT.get(usize::try_from(place).ok()?).copied().filter(|meant| *meant != '\0')
}

#[cfg(test)]
mod tests {
    use super::*;
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

    #[test]
    fn forbidden_characters_go_and_accidents_are_mended() {
        assert_eq!(
            without_forbidden_characters("a\0\u{b}\u{7f}\u{fffd}\u{ffff}\u{1fffe}\u{fdd0}b\tc\n"),
            "ab\tc\n"
        );
        assert_eq!(without_forbidden_characters("\u{93}it\u{92}s\u{94}\u{81}\rx\r\ny"), "“it’s”\nx\ny");
        assert!(matches!(without_forbidden_characters("fine 🙂"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn the_first_forbidden_character_is_found(text in "[a-zé£漢🙂\\t\\n\\r\u{fffd}\u{ffff}\u{7f}\u{80}\u{9f}\u{1fffe}\u{fdd0}\u{f8ff}]{0,9}") {
            prop_assert_eq!(first_forbidden(&text), text.find(is_forbidden));
        }

        #[test]
        fn any_title_becomes_one_line(title in any::<String>()) {
            let text = plain_text(&title);
            prop_assert!(!text.contains('\n'));
            prop_assert!(!without_forbidden_characters(&text).contains(is_forbidden));
        }
    }
}
