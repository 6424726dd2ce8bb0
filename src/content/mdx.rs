//! Takes out of MDX what only a JavaScript framework understands: imports, exports, components, expressions. The
//! text that a component holds is the author's, and stays.

use std::fmt::Write as _;
use std::ops::Range;

use super::report::BodyReport;
use super::shortcode::{Call, TagMeaning, meaning};
use super::{Body, Surroundings, markdown};

/// As far away the end of a tag or an expression may be.
const LONGEST: usize = 16 * 1024;

/// The body as Markdown.
pub(super) fn translate(
    body: &Body<'_>,
    surroundings: &Surroundings<'_>,
    report: &mut BodyReport<'_>,
) -> String {
    let text = body.text();
    let mut scan =
        Scan { text, at: 0, out: String::with_capacity(text.len()), surroundings, report, fuel: 4_096 };
    for code in markdown::code_ranges(text, surroundings.flavour) {
        if code.start >= scan.at {
            scan.prose(code.start);
            scan.out.push_str(&text[scan.at.min(code.end)..code.end]);
            scan.at = scan.at.max(code.end);
        }
    }
    scan.prose(text.len());
    scan.out
}

struct Scan<'t, 's, 'r, 'b> {
    text: &'t str,
    at: usize,
    out: String,
    surroundings: &'s Surroundings<'s>,
    report: &'r mut BodyReport<'b>,
    /// Number of unclosed signs whose end may still be looked for.
    fuel: usize,
}

impl Scan<'_, '_, '_, '_> {
    fn prose(&mut self, end: usize) {
        while self.at < end {
            let rest = &self.text[self.at..];
            if self.is_line_start() && (rest.starts_with("import ") || rest.starts_with("export ")) {
                let length = rest.find("\n\n").unwrap_or(rest.len()).min(end - self.at);
                self.leftover(self.at..self.at + length);
                self.at += length;
                continue;
            }
            match rest.as_bytes().first() {
                Some(b'{') => self.expression(rest),
                Some(b'<') => self.tag(rest),
                Some(b'\\') => self.copy(2),
                _ => {}
            }
            let rest = &self.text[self.at..];
            if self.at >= end {
                return;
            }
            if self.is_line_start() && (rest.starts_with("import ") || rest.starts_with("export ")) {
                continue;
            }
            let first = rest.chars().next().map_or(1, char::len_utf8);
            if !rest.starts_with(['{', '<', '\\']) {
                let next =
                    rest[first..].find(['{', '<', '\\', '\n']).map_or(rest.len(), |found| first + found);
                // After a line feed, an import may follow.
                let next = if rest.starts_with('\n') { first } else { next };
                let next = next.min(end - self.at);
                self.copy(next);
            }
        }
    }

    /// Takes so many bytes, to the end of a character, as they are.
    fn copy(&mut self, length: usize) {
        let mut to = (self.at + length).min(self.text.len());
        while !self.text.is_char_boundary(to) {
            to += 1;
        }
        self.out.push_str(&self.text[self.at..to]);
        self.at = to;
    }

    fn is_line_start(&self) -> bool {
        self.at == 0 || self.text[..self.at].ends_with('\n')
    }

    fn expression(&mut self, rest: &str) {
        let Some(length) = (self.fuel > 0).then(|| balanced(rest)).flatten() else {
            self.fuel = self.fuel.saturating_sub(1);
            return self.copy(1);
        };
        let inner = rest[1..length - 1].trim();
        if let Some(comment) = inner.strip_prefix("/*").and_then(|comment| comment.strip_suffix("*/")) {
            if super::summary::is_marker(comment) {
                self.out.push_str("<!--more-->");
            }
        } else if let Some(text) = literal(inner) {
            self.out.push_str(text);
        } else if !inner.is_empty() {
            self.leftover(self.at..self.at + length);
        }
        self.at += length;
    }

    fn tag(&mut self, rest: &str) {
        let is_closing = rest.starts_with("</");
        let inner = &rest[if is_closing { 2 } else { 1 }..];
        let is_fragment = inner.starts_with('>');
        let is_component = inner.starts_with(|first: char| first.is_ascii_uppercase()) || is_fragment;
        let is_element = inner.starts_with(|first: char| first.is_ascii_lowercase());
        if !is_component && !is_element {
            return self.copy(1);
        }
        let Some(length) = (self.fuel > 0).then(|| tag_length(rest)).flatten() else {
            self.fuel = self.fuel.saturating_sub(1);
            return self.copy(1);
        };
        let tag = &rest[..length];
        if is_element {
            self.out.push_str(&without_expressions(tag));
        } else if !is_closing && !is_fragment {
            self.component(tag, length);
        }
        self.at += length;
    }

    fn component(&mut self, tag: &str, length: usize) {
        let plain = without_expressions(tag);
        let call = Call::parse(plain.trim_matches(['<', '>']).trim().trim_end_matches('/'));
        match meaning(&call, self.surroundings) {
            TagMeaning::Element { inline, .. } => self.out.push_str(&inline),
            _ => self.leftover(self.at..self.at + length),
        }
    }

    fn leftover(&mut self, range: Range<usize>) {
        self.report.leftover(range, |whole| whole.chars().take(60).collect());
    }
}

/// The text of an expression that is nothing but one.
fn literal(inner: &str) -> Option<&str> {
    let quote = inner.chars().next().filter(|first| "\"'`".contains(*first))?;
    inner[1..].strip_suffix(quote).filter(|text| !text.contains(quote) && !text.contains("${"))
}

/// The length of the braces that `text` begins with, and all between them; strings may hold braces.
fn balanced(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().take(LONGEST) {
        match (quote, byte) {
            (None, b'"' | b'`') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b'{') => depth += 1,
            (None, b'}') => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    // An apostrophe or a quotation mark in prose is no string: once more without strings.
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate().take(LONGEST) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

/// The length of the tag that `text` begins with; its attributes may hold expressions.
fn tag_length(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().take(LONGEST) {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b'{') => depth += 1,
            (None, b'}') => depth = depth.saturating_sub(1),
            (None, b'>') if depth == 0 => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// A tag without the attributes that are expressions.
fn without_expressions(tag: &str) -> String {
    let mut out = String::with_capacity(tag.len());
    let mut rest = tag;
    while let Some(start) = rest.find('{') {
        let Some(length) = balanced(&rest[start..]) else { break };
        let before = &rest[..start];
        let inner = rest[start + 1..start + length - 1].trim();
        if let Some(text) = literal(inner).filter(|text| before.ends_with('=') && !text.contains('"')) {
            out.push_str(before);
            let _ = write!(out, "\"{text}\"");
        } else {
            let name = before
                .trim_end_matches(|letter: char| letter == '=' || letter.is_alphanumeric() || letter == '-');
            out.push_str(if before.ends_with('=') { name } else { before });
        }
        rest = &rest[start + length..];
    }
    out.push_str(rest);
    out
}
