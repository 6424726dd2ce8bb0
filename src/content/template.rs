//! Finds what only a site generator understands in a body, before anybody takes it for Markdown or HTML:
//! shortcodes, Liquid, Nunjucks, wikilinks, attribute lists. What has a plain meaning is translated, all else is
//! dropped with a diagnostic; in code, everything stays as it is.

mod calls;
mod cms;
mod container;
mod kramdown;
mod maths;
mod obsidian;
mod pelican;
mod scan;
mod token;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use super::elements::{self, RAW};
use super::flavour::Maths;
use super::report::BodyReport;
use super::tags::tags;
use super::{Body, Markup, Surroundings, markdown};
use cms::GHOST_HOME;
use scan::Scan;
use token::limit;

/// Without any of these, or of those in braces, there is nothing to translate.
const SIGNS: &[&str] = &[
    "[[",
    "%%",
    "[!",
    "[TOC]",
    "[toc]",
    "|filename|",
    "|static|",
    "|attach|",
    ":::",
    "!!!",
    "???",
    "[caption ",
    "[wp_caption ",
    "[gallery",
    "[embed",
    "[playlist",
    "[audio ",
    "[video ",
    GHOST_HOME,
];

/// Openings that begin with a brace.
const IN_BRACES: &[&str] = &["{{", "{%", "{#", "{:", "{.", "{s", "{f", "{a", "{i", "{t", "{c", "{w", "{h"];

/// The body's text, translated.
pub(super) fn translate<'b>(
    body: &'b Body<'_>,
    surroundings: &Surroundings<'_>,
    report: &mut BodyReport<'_>,
) -> Cow<'b, str> {
    let text = body.text();
    let is_markdown = body.markup != Markup::Html;
    let has_more = text.contains("TEASER_END") || surroundings.summary_marker.is_some();
    if !has_more && !has_signs(text) && !may_have_maths(text, surroundings) {
        return Cow::Borrowed(text);
    }
    let mut code = if is_markdown { markdown::code_ranges(text, surroundings.flavour) } else { Vec::new() };
    code.extend(html_code(text, &code));
    code.sort_by_key(|range| range.start);
    let marker = summary_marker(text, surroundings, &code);
    let mut scan = Scan {
        text,
        at: 0,
        out: String::with_capacity(text.len() + 256),
        code,
        next_code: 0,
        marker,
        signs: signs(text, is_markdown, surroundings),
        last_fence: container::last_fence(text),
        open: Vec::new(),
        is_markdown,
        labels: if is_markdown && text.contains("[[") { defined_labels(text) } else { HashSet::new() },
        fuel: text.len().saturating_mul(64).saturating_add(1 << 24),
        surroundings,
        report,
    };
    scan.run();
    Cow::Owned(scan.out)
}

fn has_signs(text: &str) -> bool {
    SIGNS.iter().any(|sign| text.contains(sign))
        || (text.contains('{') && IN_BRACES.iter().any(|sign| text.contains(sign)))
}

/// `true` if there may be TeX between signs that the flavour has for it.
fn may_have_maths(text: &str, surroundings: &Surroundings<'_>) -> bool {
    surroundings.flavour.features().maths != Maths::None
        && (text.contains('$') || text.contains("\\(") || text.contains("\\["))
}

/// The characters at which something may begin that only a site generator understands.
fn signs(text: &str, is_markdown: bool, surroundings: &Surroundings<'_>) -> Vec<char> {
    let mut signs = vec!['{', '[', '%', '|', '>'];
    if is_markdown && [":::", "!!!", "???"].iter().any(|sign| text.contains(sign)) {
        signs.push('\n');
    }
    if is_markdown && may_have_maths(text, surroundings) {
        signs.extend(['$', '\\']);
    }
    if text.contains(GHOST_HOME) {
        signs.push('_');
    }
    signs
}

/// A text of the front matter without anything in braces that a template would have filled in.
pub(super) fn without_templates(text: &str) -> Cow<'_, str> {
    if !text.contains("{{") && !text.contains("{%") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let close = if from.starts_with("{{") { Some("}}") } else { from.starts_with("{%").then_some("%}") };
        // As in a body: what nothing ends nearby is the author's own.
        let end = close.and_then(|close| from.get(..limit(from))?.find(close)).filter(|&end| end >= 2);
        let (kept, after) = end.map_or_else(|| (&from[..1], &from[1..]), |end| ("", &from[end + 2..]));
        out.push_str(kept);
        rest = after;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Ranges of code and scripts in HTML. A tag inside Markdown's own code is not HTML.
fn html_code(text: &str, of_markdown: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut open: Option<(Cow<'_, str>, usize)> = None;
    let mut next = 0;
    for tag in tags(text) {
        while of_markdown.get(next).is_some_and(|range| range.end <= tag.start) {
            next += 1;
        }
        if of_markdown.get(next).is_some_and(|range| range.start <= tag.start) {
            continue;
        }
        match &open {
            None if !tag.is_closing && elements::is(&tag.name, RAW) => open = Some((tag.name, tag.end)),
            Some((name, start)) if tag.is_closing && *name == tag.name => {
                ranges.push(*start..tag.start);
                open = None;
            }
            _ => {}
        }
    }
    ranges
}

/// Labels before the colon in lines like `[label]: address`.
fn defined_labels(text: &str) -> HashSet<&str> {
    let label = |line| str::trim_start(line).strip_prefix('[')?.split_once("]:").map(|(label, _)| label);
    text.lines().filter_map(label).collect()
}

/// Range of the author's own marker of the summary's end.
fn summary_marker(
    text: &str,
    surroundings: &Surroundings<'_>,
    code: &[Range<usize>],
) -> Option<Range<usize>> {
    let is_prose =
        |range: &Range<usize>| !code.iter().any(|code| code.start < range.end && range.start < code.end);
    let skipped = text.len() - text.trim_start().len();
    let own = surroundings.summary_marker.filter(|marker| !marker.is_empty()).and_then(|marker| {
        let mut found =
            text[skipped..].match_indices(marker).map(|(at, _)| skipped + at..skipped + at + marker.len());
        found.by_ref().take(1000).find(is_prose)
    });
    own.or_else(|| {
        let at = text.find("TEASER_END")?;
        let start = text[..at].rfind('\n').map_or(0, |line| line + 1);
        let range = start..at + "TEASER_END".len();
        let is_comment = text[start..at].trim().trim_start_matches("<!--").trim();
        (matches!(is_comment, ".." | "# ..") && is_prose(&range)).then_some(range)
    })
}
