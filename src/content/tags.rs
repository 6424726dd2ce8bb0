//! Finds the tags of HTML without parsing it.

use std::borrow::Cow;

use super::elements::{self, ENDS_ITSELF, LINE, VOID};

/// As many open tags, or attributes of one tag, may come before the parser is not even asked: its effort grows
/// with their square.
const MOST_OPEN: usize = 600;
const MOST_ATTRIBUTES: usize = 1_000;

/// One tag of a text, found without parsing.
pub(super) struct Tag<'t> {
    /// In lower case.
    pub(super) name: Cow<'t, str>,
    pub(super) is_closing: bool,
    /// Number of attributes that it may have, roughly.
    attributes: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The tags of a text, in order, without those in comments, scripts and styles.
pub(super) fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + html.get(at..)?.find('<')?;
            let rest = html.get(start..)?;
            if rest.starts_with("<!--") {
                at = rest.find("-->").map_or(html.len(), |end| start + end + 3);
                continue;
            }
            let is_closing = rest.starts_with("</");
            let name_start = if is_closing { 2 } else { 1 };
            let name = tag_name(rest.get(name_start..)?);
            if !name.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
                at = start + 1;
                continue;
            }
            let (length, attributes) = tag_length(rest);
            at = start + length;
            let end = at;
            if !is_closing && matches!(&*name, "script" | "style") {
                at = end + end_of_raw_text(&html[end..], &name);
            }
            return Some(Tag { name, is_closing, attributes, start, end });
        }
    })
}

/// `true` if the tags alone show that parsing would cost more than it is worth.
pub(super) fn is_tangled(html: &str) -> bool {
    let mut open = 0_usize;
    for tag in tags(html) {
        if tag.attributes > MOST_ATTRIBUTES {
            return true;
        }
        if elements::is(&tag.name, VOID | ENDS_ITSELF) {
            continue;
        }
        if tag.is_closing {
            open = open.saturating_sub(1);
        } else {
            open += 1;
        }
        if open > MOST_OPEN {
            return true;
        }
    }
    false
}

/// The name that `rest` begins with, in lower case.
fn tag_name(rest: &str) -> Cow<'_, str> {
    let end = rest.bytes().position(|byte| !byte.is_ascii_alphanumeric() && byte != b'-');
    let name = &rest[..end.unwrap_or(rest.len())];
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// Byte at which the text of a `script` or `style` ends.
fn end_of_raw_text(rest: &str, name: &str) -> usize {
    rest.match_indices("</")
        .find(|(at, _)| {
            rest.get(at + 2..at + 2 + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
        })
        .map_or(rest.len(), |(at, _)| at)
}

/// The text of HTML that is nested too deep, as paragraphs.
pub(super) fn flat(html: &str) -> String {
    let mut out = String::from("<p>");
    let mut said = 0;
    let mut silent = false;
    for tag in tags(html) {
        if !silent {
            words_into(&mut out, html.get(said..tag.start).unwrap_or_default());
        }
        silent = !tag.is_closing && matches!(&*tag.name, "script" | "style");
        said = tag.end;
        if tag.name == "br" || elements::is(&tag.name, LINE) {
            if out.trim_ascii_end().ends_with("<p>") {
                out.truncate(out.trim_ascii_end().len());
                continue;
            }
            out.push_str("</p>\n<p>");
        }
    }
    if !silent {
        words_into(&mut out, html.get(said..).unwrap_or_default());
    }
    out.push_str("</p>");
    out.replace("<p>\n", "<p>")
}

/// Words between tags: references stay, comments go, and nothing can begin another tag.
fn words_into(out: &mut String, words: &str) {
    let mut rest = words;
    while let Some(start) = rest.find("<!--") {
        out.push_str(&rest[..start].replace('<', "&lt;"));
        rest = rest[start..].find("-->").map_or("", |end| &rest[start + end + 3..]);
    }
    out.push_str(&rest.replace('<', "&lt;"));
}

/// The length of the tag that `rest` starts with, quotes respected, and the number of its parts.
fn tag_length(rest: &str) -> (usize, usize) {
    let mut quote = None;
    let mut parts = 0;
    let mut previous = b'<';
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match (quote, byte) {
            (None, b'>') => return (at + 1, parts),
            (None, b'"' | b'\'') if previous == b'=' => quote = Some(byte),
            (None, b' ' | b'\n' | b'\t' | b'/' | b'\r' | b'\x0c') => parts += 1,
            (Some(open), _) if open == byte => {
                quote = None;
                parts += 1;
            }
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            previous = byte;
        }
    }
    (rest.len(), parts)
}
