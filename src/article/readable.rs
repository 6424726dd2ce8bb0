//! The text of a file, if it is one: UTF-8, of a bearable length, and without characters that no feed may contain.

use std::collections::BTreeSet;

use crate::content::{first_forbidden, is_forbidden};
use crate::diagnostic::{Diagnostic, Rule};

/// The largest file that can be an article, in bytes. Whoever writes more by hand has written a book.
pub const LARGEST: usize = 16 << 20;

/// The text of a file, without a byte order mark. Fails on what is not UTF-8.
pub fn text(bytes: &[u8]) -> Result<&str, std::str::Utf8Error> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // The other crate is many times as fast; what is wrong the standard library says.
    simdutf8::basic::from_utf8(bytes).or_else(|_| std::str::from_utf8(bytes))
}

/// The text of a file, if it is one; else a diagnostic says why not.
pub(super) fn readable<'a>(
    path: &str,
    bytes: &'a [u8],
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<&'a str, ()> {
    if bytes.len() > LARGEST {
        let megabytes = bytes.len() >> 20;
        let message = format!("the file is {megabytes} MB; the limit is 16 MB");
        let help = "an article has at most 16 MB; exclude the file if it is not an article";
        diagnostics.push(Diagnostic::new(Rule::HugeFile, path, message).help(help));
        return Err(());
    }
    match text(bytes) {
        Ok(text) => {
            diagnostics.extend(forbidden_characters(path, text));
            Ok(text)
        }
        Err(error) => {
            diagnostics.push(invalid_encoding(path, bytes, error));
            Err(())
        }
    }
}

fn invalid_encoding(path: &str, bytes: &[u8], error: std::str::Utf8Error) -> Diagnostic {
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let skipped = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let at = error.valid_up_to();
    let byte = bytes.get(skipped + at).copied().unwrap_or_default();
    // What cannot be decoded is shown as replacement characters, and the place stays right, since it comes first.
    let line_end = bytes.iter().skip(skipped + at).position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let until = (skipped + at).saturating_add(line_end.min(400)).min(bytes.len());
    let shown = String::from_utf8_lossy(bytes.get(skipped..until).unwrap_or_default());
    let (message, help) = if utf16 {
        ("the file is UTF-16".to_owned(), "save it as UTF-8")
    } else {
        (
            format!("byte {byte:#04x} is not UTF-8"),
            "save the file as UTF-8; it may be Windows-1252 or Latin-1",
        )
    };
    Diagnostic::new(Rule::InvalidEncoding, path, message)
        .at(&shown, at..at + 3)
        .label("the article is withheld")
        .help(help)
}

/// The diagnostic about characters that no feed may contain, one for a file.
fn forbidden_characters(path: &str, text: &str) -> Option<Diagnostic> {
    let (first, character) = first_forbidden(text)?;
    let mut points = BTreeSet::new();
    let mut count = 0;
    for c in text.get(first..).unwrap_or_default().chars().filter(|c| is_forbidden(*c)) {
        count += 1;
        points.insert(c as u32);
    }
    let names: Vec<String> = points.iter().take(5).map(|point| format!("U+{point:04X}")).collect();
    let more = if points.len() > 5 { ", …" } else { "" };
    let noun = if count == 1 { "character" } else { "characters" };
    let message = format!("{count} {noun} that no feed may contain: {}{more}", names.join(", "));
    Some(
        Diagnostic::new(Rule::ControlCharacters, path, message)
            .at(text, first..first + character.len_utf8())
            .label(if count == 1 { "left out" } else { "the first of them; all are left out" })
            .help("delete them; they often come with text that was pasted"),
    )
}
