//! Text as Hugo puts it into addresses.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::generator::site::Site;

/// The name of a file or folder as a part of an address: each space is a hyphen, and what is not allowed goes.
pub(super) fn normalised(name: &str) -> String {
    let mut made = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '+' => made.push_str("%2B"),
            '#' => made.push_str("%23"),
            c if c.is_whitespace() => made.push('-'),
            c if is_allowed(c) => made.push(c),
            _ => {}
        }
    }
    made
}

/// Text as a part of an address: letters, digits and a few signs stay, spaces become one hyphen, the rest goes.
pub(super) fn urlize(text: &str, site: &Site) -> String {
    let text: String = if site.choices.without_accents {
        text.nfd().filter(|c| !is_combining_mark(*c)).nfc().collect()
    } else {
        text.to_owned()
    };
    let mut made = String::with_capacity(text.len());
    let (mut hyphen_due, mut was_hyphen) = (false, false);
    let text = text.trim_end();
    for (at, c) in text.char_indices() {
        if is_allowed(c) || is_escape(text.get(at..).unwrap_or_default()) {
            was_hyphen = c == '-';
            if hyphen_due && !was_hyphen {
                made.push('-');
            }
            hyphen_due = false;
            made.push(c);
        } else if !made.is_empty() && !was_hyphen && c.is_whitespace() {
            hyphen_due = true;
        }
    }
    let made = made.replace('\\', "-").replace('#', "%23");
    if site.choices.keep_case { made } else { made.to_lowercase() }
}

/// `true` if text begins with a sign that is percent-encoded.
fn is_escape(text: &str) -> bool {
    let digits = text.strip_prefix('%').and_then(|rest| rest.get(..2));
    digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_allowed(c: char) -> bool {
    let is_digit = |c: char| {
        c.is_ascii_digit() || (!c.is_ascii() && c.is_numeric() && DIGIT.is_match(c.encode_utf8(&mut [0; 4])))
    };
    c.is_alphabetic() || is_digit(c) || "./\\_#+~-@".contains(c) || is_combining_mark(c)
}

/// A digit of any script; neither a fraction nor a number in a circle.
static DIGIT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\p{Nd}").expect("it is a pattern"));
