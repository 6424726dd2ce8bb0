//! Walks through a body from sign to sign, and hands each to whoever may understand it.

use std::collections::HashSet;
use std::ops::Range;

use super::token::{LONGEST_TAG, TagSyntax, floor, token};
use crate::content::Surroundings;
use crate::content::report::BodyReport;
use crate::content::resolve::UNRESOLVED;
use crate::content::shortcode::Call;
use crate::diagnostic::Rule;

/// The most bytes of a line's beginning that are looked at.
const LONGEST_MARGIN: usize = 240;

pub(super) struct Scan<'t, 's, 'r, 'b> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    pub(super) out: String,
    pub(super) code: Vec<Range<usize>>,
    pub(super) next_code: usize,
    pub(super) marker: Option<Range<usize>>,
    /// The characters at which something may begin that is not the author's own.
    pub(super) signs: Vec<char>,
    /// Byte at which the last line begins that closes a box of `:::`.
    pub(super) last_fence: Option<usize>,
    /// Names of the shortcodes whose bodies are open, and what comes after them.
    pub(super) open: Vec<(String, String)>,
    pub(super) is_markdown: bool,
    /// Labels of the links that are defined elsewhere in the text: `[[Bug #1]]` may be a link in brackets.
    pub(super) labels: HashSet<&'t str>,
    /// Number of bytes that may still be searched in vain, so that signs which nothing ends cost little.
    pub(super) fuel: usize,
    pub(super) surroundings: &'s Surroundings<'s>,
    pub(super) report: &'r mut BodyReport<'b>,
}

impl<'t> Scan<'t, '_, '_, '_> {
    pub(super) fn run(&mut self) {
        self.line();
        while self.at < self.text.len() {
            let rest = &self.text[self.at..];
            let marker_start = self.marker.as_ref().map_or(usize::MAX, |marker| marker.start);
            let next = rest.find(self.signs.as_slice()).map_or(self.text.len(), |found| self.at + found);
            if marker_start >= self.at && marker_start <= next {
                self.copy_until(marker_start);
                self.end_summary();
                continue;
            }
            self.copy_until(next);
            if next == self.text.len() {
                break;
            }
            if self.text[next..].starts_with('\n') {
                self.copy_until(next + 1);
                self.line();
                continue;
            }
            let before = self.at;
            self.sign();
            // Whatever was not understood is the author's own.
            if self.at == before {
                let length = self.text[self.at..].chars().next().map_or(1, char::len_utf8);
                self.copy_until(self.at + length);
            }
        }
        for (_, after) in std::mem::take(&mut self.open).into_iter().rev() {
            self.out.push_str(&after);
        }
    }

    pub(super) fn copy_until(&mut self, to: usize) {
        self.out.push_str(&self.text[self.at..to]);
        self.at = to;
    }

    pub(super) fn end_summary(&mut self) {
        let Some(marker) = self.marker.take() else { return };
        let is_alone = self.is_alone(marker.start, marker.end) || self.text[marker.clone()].contains('\n');
        self.out.push_str(if is_alone { "\n\n<!--more-->\n\n" } else { "<!--more-->" });
        self.at = marker.end;
    }

    /// The code that the present place is in.
    pub(super) fn code_here(&mut self) -> Option<Range<usize>> {
        while self.code.get(self.next_code).is_some_and(|range| range.end <= self.at) {
            self.next_code += 1;
        }
        self.code.get(self.next_code).filter(|range| range.start <= self.at).cloned()
    }

    pub(super) fn sign(&mut self) {
        let rest = &self.text[self.at..];
        let is_single = !rest[1..].starts_with([
            '{', '[', '%', '#', ':', '.', 's', 'f', 'a', 'i', 't', 'c', 'w', 'h', 'd', '<', ' ', '!', 'T',
            '|', 'e', 'g', 'p', 'v', '_',
        ]);
        let is_maths = rest.starts_with(['$', '\\']);
        if self.fuel == 0 || (if is_maths { !self.may_be_maths(rest) } else { is_single }) {
            return;
        }
        let before = self.at;
        self.sign_here(rest);
        if self.at == before && (is_maths || rest[1..].starts_with(['{', '[', '%', '#'])) {
            self.fuel = self.fuel.saturating_sub(LONGEST_TAG);
        }
    }

    pub(super) fn sign_here(&mut self, rest: &'t str) {
        if self.code_here().is_some() {
            self.sign_in_code(rest);
        } else if rest.starts_with('{') {
            self.brace(rest);
        } else if rest.starts_with('_') {
            self.ghost(rest);
        } else if rest.starts_with('[') && self.wordpress(rest) {
            // It is translated.
        } else if rest.starts_with(['$', '\\']) {
            self.maths(rest);
        } else if !self.is_markdown {
            self.pelican(rest);
        } else if rest.starts_with('[') {
            self.wikilink(rest);
        } else if rest.starts_with("%%") {
            self.obsidian_comment(rest);
        } else if rest.starts_with('>') {
            self.callout(rest);
        } else {
            self.pelican(rest);
        }
    }

    /// Code stays as it is, but for what generators themselves take for an escape there.
    pub(super) fn sign_in_code(&mut self, rest: &'t str) {
        if let Some(end) = self.escaped_shortcode(rest) {
            self.at = end;
        } else if let Some(token) = token(self.text, self.at).filter(|token| token.syntax == TagSyntax::Tag) {
            match Call::parse(token.inner).name.as_str() {
                "raw" => self.verbatim(&token, "raw"),
                "endraw" => self.at = token.end,
                _ => {}
            }
        }
    }

    /// HTML in a block of its own where the tag stood alone on its line.
    pub(super) fn put(&mut self, block: &str, inline: &str, start: usize, end: usize) {
        if self.is_alone(start, end) {
            self.out.push_str(block);
            self.out.push_str(if self.is_markdown { "\n" } else { "" });
        } else {
            self.out.push_str(inline);
        }
        self.at = end;
    }

    /// `true` if nothing else stands on the line but marks of lists and quotations.
    pub(super) fn is_alone(&self, start: usize, end: usize) -> bool {
        let after = &self.text[end..];
        let after = after.get(..floor(after, LONGEST_MARGIN)).unwrap_or_default();
        let after = after.split('\n').next().unwrap_or_default();
        let is_margin = |before: &str| before.trim_matches([' ', '\t', '>', '-', '*', '+']).is_empty();
        after.trim().is_empty() && self.line_before(start).is_some_and(is_margin)
    }

    /// Text of the line before the byte `at`; `None` if it is longer than [`LONGEST_MARGIN`].
    pub(super) fn line_before(&self, at: usize) -> Option<&'t str> {
        let before = &self.text[..at];
        let mut from = at.saturating_sub(LONGEST_MARGIN);
        while !before.is_char_boundary(from) {
            from += 1;
        }
        match before[from..].rfind('\n') {
            Some(line) => Some(&before[from + line + 1..]),
            None => (from == 0).then_some(before),
        }
    }

    /// Nothing takes the place of a tag; within an address, a sign that it is none any more.
    pub(super) fn drop_here(&mut self) {
        if is_in_address(&self.out) {
            self.out.push_str(UNRESOLVED);
        }
    }

    pub(super) fn leftover(&mut self, range: Range<usize>) {
        self.report.leftover(range, |whole| {
            let shown: String = whole.chars().take(60).collect();
            if shown.len() < whole.len() { shown + "…" } else { shown }
        });
    }

    pub(super) fn no_article(&mut self, name: &str, range: Range<usize>) {
        let diagnostic = self
            .report
            .at(Rule::UnresolvedLink, range, format!("there is no article `{name}`"))
            .label("only the text of the link is published")
            .help("write the path of the article's file, or its address on the web");
        self.report.push(diagnostic);
    }
}

/// `true` if the last text written is the beginning of an address: of a Markdown link, or in an attribute.
fn is_in_address(out: &str) -> bool {
    let mut from = out.len().saturating_sub(400);
    while !out.is_char_boundary(from) {
        from += 1;
    }
    let tail = out[from..].rsplit('\n').next().unwrap_or_default();
    if let Some(at) = tail.rfind("](")
        && !tail[at + 2..].contains([')', ' '])
    {
        return true;
    }
    ["href=", "src=", "poster=", "srcset="].iter().any(|name| {
        tail.rfind(name).is_some_and(|at| {
            let value = &tail[at + name.len()..];
            match value.chars().next() {
                None => true,
                Some(quote @ ('"' | '\'')) => !value[1..].contains(quote),
                Some(_) => !value.contains([' ', '>']),
            }
        })
    })
}
