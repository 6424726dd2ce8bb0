//! The way out to the terminal: whatever comes from outside is escaped here.
//!
//! Titles of feeds, names of files and targets of requests may contain characters that a terminal obeys. All
//! output goes through [`Escaping`], which lets the colours pass that the program itself sets, and nothing
//! else.

use std::io::{self, Write};

use crate::diagnostic::is_active;

/// Style in which a character is escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EscapeStyle {
    /// `\u{9b}`
    Text,
    /// `\u009b`, as in strings of JSON.
    Json,
}

/// A writer that escapes every active character except in sequences that set colours.
pub(super) struct Escaping<W> {
    inner: W,
    style: EscapeStyle,
}

impl<W: Write> Escaping<W> {
    pub(super) fn new(inner: W, style: EscapeStyle) -> Self {
        Self { inner, style }
    }
}

impl<W: Write> Write for Escaping<W> {
    /// Takes text that ends between characters, as all formatting does.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write_all(escaped(&String::from_utf8_lossy(bytes), self.style).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// The text with its active characters escaped, except in sequences that set colours.
pub(super) fn escaped(text: &str, style: EscapeStyle) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(is_active) {
        let (plain, found) = rest.split_at(at);
        safe.push_str(plain);
        let colour = colour_at(found);
        safe.push_str(&found[..colour]);
        rest = &found[colour..];
        if colour == 0 {
            let active = rest.chars().next().unwrap_or_default();
            match style {
                EscapeStyle::Text => safe.extend(active.escape_unicode()),
                EscapeStyle::Json => safe.extend(["\\u", &format!("{:04x}", u32::from(active))]),
            }
            rest = &rest[active.len_utf8()..];
        }
    }
    safe + rest
}

/// The length of the sequence that sets colours at the beginning of a text: `ESC [ 1 ; 33 m`. 0 where there
/// is none.
fn colour_at(text: &str) -> usize {
    let Some(parameters) = text.strip_prefix("\u{1b}[") else { return 0 };
    let end = parameters.find(|letter: char| !letter.is_ascii_digit() && letter != ';');
    match end {
        Some(end) if parameters[end..].starts_with('m') => end + 3,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_pass_and_nothing_else_that_a_terminal_obeys() {
        let text = escaped(
            "\u{1b}[1m\u{1b}[31;1merror\u{1b}[0m: \u{1b}[2J\u{1b}]0;own\u{7}\u{9b}31m\r\n",
            EscapeStyle::Text,
        );
        assert_eq!(
            text,
            "\u{1b}[1m\u{1b}[31;1merror\u{1b}[0m: \\u{1b}[2J\\u{1b}]0;own\\u{7}\\u{9b}31m\\u{d}\n"
        );
        assert_eq!(escaped("\u{1b}[31", EscapeStyle::Text), "\\u{1b}[31", "it does not end");
    }

    #[test]
    fn json_stays_json() {
        let object = serde_json::json!({ "title": "\u{9b}31m\u{202e}\u{7f}\u{1b}\n" });
        let text = escaped(&object.to_string(), EscapeStyle::Json);
        assert!(text.chars().all(|character| !is_active(character)), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), object);
    }

    #[test]
    fn a_writer_escapes_what_is_written_and_counts_what_it_took() {
        let mut written = Vec::new();
        let mut writer = Escaping::new(&mut written, EscapeStyle::Text);
        assert_eq!(writer.write("a\u{202e}b".as_bytes()).unwrap(), 5);
        write!(writer, "\u{85}").unwrap();
        assert_eq!(written, b"a\\u{202e}b\\u{85}");
    }
}
