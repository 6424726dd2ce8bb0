//! Escaping text from outside before it is shown.

use std::borrow::Cow;

/// The text with characters that a terminal could obey, or that change the direction of writing, as `\u{9b}`:
/// C0 controls except line breaks and tabs, DEL, C1 controls, bidirectional controls, and the separators of
/// lines.
///
/// ```
/// use feedwright::diagnostic::escaped;
/// assert_eq!(escaped("caf\u{e9}\n\ttab"), "caf\u{e9}\n\ttab");
/// assert_eq!(escaped("\u{1b}]0;title\u{7}"), "\\u{1b}]0;title\\u{7}");
/// assert_eq!(escaped("\u{9b}31m \u{202e}txt"), "\\u{9b}31m \\u{202e}txt");
/// ```
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_active) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_active(character) {
            safe.extend(character.escape_unicode());
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

/// Tells whether a terminal could obey a character, or whether it changes the direction of writing.
pub(crate) fn is_active(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        _ => character.is_control(),
    }
}
