//! Characters and bytes: those that no feed may contain, those that HTML writes as references, and a fast way to find
//! either.

use std::borrow::Cow;

/// The text without the characters that XML 1.0 forbids and that the W3C validator calls bad: controls but tab
/// and line feed, surrogates, non-characters, U+FFFD. C1 controls, which are Windows-1252 by accident, become what
/// they were meant to be; a carriage return becomes a line feed.
///
/// ```
/// use feedwright::content::without_forbidden_characters;
/// assert_eq!(without_forbidden_characters("a\u{b}b\r\nc\u{96}d"), "ab\nc–d");
/// ```
pub fn without_forbidden_characters(text: &str) -> Cow<'_, str> {
    let forbidden = first_forbidden(text).map(|(at, _)| at);
    let Some(first) = forbidden.into_iter().chain(text.find('\r')).min() else { return Cow::Borrowed(text) };
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

/// The first forbidden character, and its place in bytes. Hardly a text has one, so that only the bytes are looked at
/// by which one may begin.
pub fn first_forbidden(text: &str) -> Option<(usize, char)> {
    let may_begin_one = |byte| {
        (byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')) || matches!(byte, 0x7f | 0xc2 | 0xef..)
    };
    let mut from = 0;
    loop {
        let at = from + position_of(text.as_bytes().get(from..)?, may_begin_one)?;
        let letter = text.get(at..)?.chars().next()?;
        if is_forbidden(letter) {
            return Some((at, letter));
        }
        from = at + letter.len_utf8();
    }
}

/// `true` for a character that no feed may contain: controls but tab, line feed and carriage return,
/// non-characters, and what stands for a character that was lost.
pub fn is_forbidden(letter: char) -> bool {
    // Any plane ends in two non-characters (Unicode 23.7).
    (letter.is_control() && !matches!(letter, '\t' | '\n' | '\r'))
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

/// The text on one line: white space collapsed, and none at its ends.
///
/// ```
/// assert_eq!(feedwright::content::one_line(" two\n\twords "), "two words");
/// ```
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// So many bytes are looked at together.
const BLOCK: usize = 64;

/// Position of the first byte of which `is` holds. It is asked of whole blocks, one answer for each, which
/// lets the compiler look at many bytes at once: so it should be no more than some comparisons.
///
/// ```
/// use feedwright::content::position_of;
/// let is_control = |byte| byte < b' ';
/// assert_eq!(position_of(b"a line\n", is_control), Some(6));
/// assert_eq!(position_of(b"a line", is_control), None);
/// ```
pub fn position_of(bytes: &[u8], is: impl Fn(u8) -> bool) -> Option<usize> {
    let has_none = |block: &&[u8]| !block.iter().fold(false, |any, byte| any | is(*byte));
    let passed = bytes.chunks_exact(BLOCK).take_while(has_none).count() * BLOCK;
    let rest = bytes.get(passed..)?;
    rest.iter().position(|byte| is(*byte)).map(|at| passed + at)
}

/// The text as HTML, fit for attributes too.
pub(super) fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    escape_into(&mut html, text);
    html
}

pub(super) fn escape_into(html: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'&' | b'<' | b'>' | b'"')) {
        html.push_str(&rest[..at]);
        html.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &rest[at + 1..];
    }
    html.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
            prop_assert_eq!(first_forbidden(&text), text.char_indices().find(|(_, letter)| is_forbidden(*letter)));
        }

        #[test]
        fn the_first_is_found_wherever_it_stands(bytes in prop::collection::vec(any::<u8>(), 0..300), least in 200u8..) {
            let is = |byte: u8| byte >= least;
            prop_assert_eq!(position_of(&bytes, is), bytes.iter().position(|byte| is(*byte)));
        }
    }
}
