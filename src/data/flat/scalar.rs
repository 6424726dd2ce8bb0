//! Scalars as people write them: plain, in quotes, numbers and the few words that are not text.

use std::borrow::Cow;

use crate::data::tree::Value;

/// End of a plain scalar.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum End {
    Line,
    Item,
}

/// The plain scalar that a text begins with.
pub(super) fn plain(text: &str, end: End) -> Option<&str> {
    let bytes = text.as_bytes();
    if b"-?:,[]{}#&*!|>'\"%@`".contains(bytes.first()?) {
        return None;
    }
    let mut before = b' ';
    let mut length = bytes.len();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            // It is the end of a key, or may be.
            b':' if bytes.get(at + 1).is_none_or(|next| b" ,[]{}".contains(next)) => return None,
            b'#' if before == b' ' && end == End::Item => return None,
            b',' | b']' if end == End::Item => {
                length = at;
                break;
            }
            b'[' | b'{' | b'}' if end == End::Item => return None,
            b'#' if before == b' ' => {
                length = at;
                break;
            }
            _ => before = *byte,
        }
    }
    let text = text.get(..length)?.trim_end_matches(' ');
    // Spaces of other scripts belong to a value, but to its place only within it.
    let bare = text.is_ascii() || text.trim().len() == text.len();
    bare.then_some(text)
}

/// Value of a plain scalar; `None` for numbers that are written as few people do.
pub(super) fn meant(text: &str) -> Option<Value> {
    match text.as_bytes().first()? {
        b'0'..=b'9' => number(text),
        b'+' | b'.' => None,
        _ => Some(word(text).unwrap_or_else(|| Value::Text(text.to_owned()))),
    }
}

/// The words that are no text in YAML 1.2.
pub(super) fn word(text: &str) -> Option<Value> {
    match text {
        "true" | "True" | "TRUE" => Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => Some(Value::Bool(false)),
        "null" | "Null" | "NULL" | "~" => Some(Value::Null),
        _ => None,
    }
}

/// Value of a scalar that begins with a digit: often a date.
fn number(text: &str) -> Option<Value> {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    // `007` and `1_000` are text to us.
    let is_padded = is_digits && text.len() > 1 && text.starts_with('0');
    if is_padded || text.bytes().any(|byte| matches!(byte, b' ' | b':' | b'/' | b'_')) {
        return Some(Value::Text(text.to_owned()));
    }
    // `0x1f` and its like.
    let is_prefixed = text.strip_prefix('0').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphabetic())
            && rest.bytes().skip(1).all(|byte| byte.is_ascii_hexdigit())
    });
    if is_prefixed || text.len() > 30 {
        return None;
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_infinite() => None,
        Ok(_) => Some(Value::Number(text.to_owned())),
        Err(_) => Some(Value::Text(text.to_owned())),
    }
}

/// The quoted scalar that a text begins with, and its length with the quotes.
pub(super) fn quoted(text: &str) -> Option<(Cow<'_, str>, usize)> {
    let quote = *text.as_bytes().first()?;
    let inside = text.get(1..)?;
    let mut unescaped = String::new();
    // What is not yet copied begins here.
    let mut from = 0;
    let mut bytes = inside.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        let character = match byte {
            b'\'' if quote == b'\'' && inside.as_bytes().get(at + 1) == Some(&b'\'') => '\'',
            b'\\' if quote == b'"' => escaped(*inside.as_bytes().get(at + 1)?)?,
            byte if byte == quote => {
                let rest = inside.get(from..at)?;
                let text = if from == 0 { Cow::Borrowed(rest) } else { Cow::Owned(unescaped + rest) };
                return Some((text, at + 2));
            }
            _ => continue,
        };
        unescaped.push_str(inside.get(from..at)?);
        unescaped.push(character);
        from = at + 2;
        bytes.next();
    }
    None
}

/// The escapes that people write; there are others.
fn escaped(byte: u8) -> Option<char> {
    match byte {
        b'"' => Some('"'),
        b'\\' => Some('\\'),
        b'/' => Some('/'),
        b'n' => Some('\n'),
        _ => None,
    }
}
