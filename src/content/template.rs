//! Finds what only a site generator understands in a body, before anybody takes it for Markdown or HTML:
//! shortcodes, Liquid, Nunjucks, wikilinks, attribute lists. What has a plain meaning is translated, all else is
//! dropped with a diagnostic; in code, everything stays as it is.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::ops::Range;

use super::absolutise::{UNRESOLVED, article};
use super::report::Report;
use super::shortcode::{Call, Meaning, expression, meaning, reference};
use super::tree::escape;
use super::{Body, Markup, Surroundings, markdown, tree};
use crate::diagnostic::Rule;

/// As far away the end of a tag may be: what is further is not an end, but another piece of prose.
const LONGEST_TAG: usize = 8 * 1024;

/// The most bytes of a line's beginning that are looked at.
const LONGEST_MARGIN: usize = 240;

/// The longest attribute list.
const LONGEST_LIST: usize = 1024;

/// As many bodies of shortcodes may be open in one another.
const MOST_OPEN: usize = 100;

/// Without any of these, or of those in braces, there is nothing to translate.
const SIGNS: &[&str] = &["[[", "%%", "[!", "[TOC]", "[toc]", "|filename|", "|static|", "|attach|"];

/// What may follow a brace.
const IN_BRACES: &[&str] = &["{{", "{%", "{#", "{:", "{.", "{s", "{f", "{a", "{i", "{t", "{c", "{w", "{h"];

/// The body's text, translated.
pub(super) fn translate<'b>(
    body: &'b Body<'_>,
    surroundings: &Surroundings<'_>,
    report: &mut Report<'_>,
) -> Cow<'b, str> {
    let text = body.text();
    let is_markdown = body.markup != Markup::Html;
    let has_more = text.contains("TEASER_END") || surroundings.summary_marker.is_some();
    if !has_more && !has_signs(text) {
        return Cow::Borrowed(text);
    }
    let mut code = if is_markdown { markdown::code_ranges(text) } else { Vec::new() };
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

/// Where HTML has code or scripts. A tag that Markdown's own code is about is none.
fn html_code(text: &str, of_markdown: &[Range<usize>]) -> Vec<Range<usize>> {
    const NAMES: &[&str] = &["pre", "code", "script", "style", "textarea", "xmp"];
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut open: Option<(Cow<'_, str>, usize)> = None;
    let mut next = 0;
    for tag in tree::tags(text) {
        while of_markdown.get(next).is_some_and(|range| range.end <= tag.start) {
            next += 1;
        }
        if of_markdown.get(next).is_some_and(|range| range.start <= tag.start) {
            continue;
        }
        match &open {
            None if !tag.is_closing && NAMES.contains(&&*tag.name) => open = Some((tag.name, tag.end)),
            Some((name, start)) if tag.is_closing && *name == tag.name => {
                ranges.push(*start..tag.start);
                open = None;
            }
            _ => {}
        }
    }
    ranges
}

/// What stands before the colon in lines like `[label]: address`.
fn defined_labels(text: &str) -> HashSet<&str> {
    let label = |line| str::trim_start(line).strip_prefix('[')?.split_once("]:").map(|(label, _)| label);
    text.lines().filter_map(label).collect()
}

/// Where the author's own marker of the summary's end stands.
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

struct Scan<'t, 's, 'r, 'b> {
    text: &'t str,
    at: usize,
    out: String,
    code: Vec<Range<usize>>,
    next_code: usize,
    marker: Option<Range<usize>>,
    /// Names of the shortcodes whose bodies are open, and what comes after them.
    open: Vec<(String, String)>,
    is_markdown: bool,
    /// Labels of the links that are defined elsewhere in the text: `[[Bug #1]]` may be a link in brackets.
    labels: HashSet<&'t str>,
    /// How many bytes may still be searched in vain, so that signs which nothing ends cost little.
    fuel: usize,
    surroundings: &'s Surroundings<'s>,
    report: &'r mut Report<'b>,
}

/// A tag of a template.
struct Token<'t> {
    syntax: Syntax,
    inner: &'t str,
    end: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Syntax {
    /// `{{< name >}}`, `{{% name %}}`
    Hugo,
    /// `{% name %}`
    Tag,
    /// `{{ value }}`
    Value,
    /// `{# comment #}`
    Comment,
}

impl<'t> Scan<'t, '_, '_, '_> {
    fn run(&mut self) {
        while self.at < self.text.len() {
            let rest = &self.text[self.at..];
            let marker_start = self.marker.as_ref().map_or(usize::MAX, |marker| marker.start);
            let next = rest.find(['{', '[', '%', '|', '>']).map_or(self.text.len(), |found| self.at + found);
            if marker_start >= self.at && marker_start <= next {
                self.copy_until(marker_start);
                self.end_summary();
                continue;
            }
            self.copy_until(next);
            if next == self.text.len() {
                break;
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

    fn copy_until(&mut self, to: usize) {
        self.out.push_str(&self.text[self.at..to]);
        self.at = to;
    }

    fn end_summary(&mut self) {
        let Some(marker) = self.marker.take() else { return };
        let is_alone = self.is_alone(marker.start, marker.end) || self.text[marker.clone()].contains('\n');
        self.out.push_str(if is_alone { "\n\n<!--more-->\n\n" } else { "<!--more-->" });
        self.at = marker.end;
    }

    /// The code that the present place is in.
    fn code_here(&mut self) -> Option<Range<usize>> {
        while self.code.get(self.next_code).is_some_and(|range| range.end <= self.at) {
            self.next_code += 1;
        }
        self.code.get(self.next_code).filter(|range| range.start <= self.at).cloned()
    }

    fn sign(&mut self) {
        let rest = &self.text[self.at..];
        let is_single = !rest[1..].starts_with([
            '{', '[', '%', '#', ':', '.', 's', 'f', 'a', 'i', 't', 'c', 'w', 'h', 'd', '<', ' ', '!', 'T',
            '|',
        ]);
        if is_single || self.fuel == 0 {
            return;
        }
        let before = self.at;
        self.sign_here(rest);
        if self.at == before && rest[1..].starts_with(['{', '[', '%', '#']) {
            self.fuel = self.fuel.saturating_sub(LONGEST_TAG);
        }
    }

    fn sign_here(&mut self, rest: &'t str) {
        if self.code_here().is_some() {
            self.sign_in_code(rest);
        } else if rest.starts_with('{') {
            self.brace(rest);
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
    fn sign_in_code(&mut self, rest: &'t str) {
        if let Some(end) = self.escaped_shortcode(rest) {
            self.at = end;
        } else if let Some(token) = token(self.text, self.at).filter(|token| token.syntax == Syntax::Tag) {
            match Call::parse(token.inner).name.as_str() {
                "raw" => self.verbatim(&token, "raw"),
                "endraw" => self.at = token.end,
                _ => {}
            }
        }
    }

    /// `{{</* name */>}}` is how Hugo shows `{{< name >}}`.
    fn escaped_shortcode(&mut self, rest: &'t str) -> Option<usize> {
        for (open, close, shown) in [("{{</*", "*/>}}", ("{{<", ">}}")), ("{{%/*", "*/%}}", ("{{%", "%}}"))] {
            if let Some(inner) = rest.strip_prefix(open) {
                let end = inner.get(..limit(inner)).unwrap_or(inner).find(close)?;
                if self.code_here().is_some() {
                    self.out.push_str(shown.0);
                    self.out.push_str(&inner[..end]);
                    self.out.push_str(shown.1);
                } else {
                    let _ = write!(
                        self.out,
                        "<code>{}{}{}</code>",
                        encoded(shown.0),
                        encoded(&inner[..end]),
                        encoded(shown.1)
                    );
                }
                return Some(self.at + open.len() + end + close.len());
            }
        }
        None
    }

    /// `{{% raw %}}…{{% /raw %}}` is how Nikola shows shortcodes.
    fn raw_shortcode(&mut self, rest: &'t str) -> Option<usize> {
        let (open, close) = ("{{% raw %}}", "{{% /raw %}}");
        let inner = rest.strip_prefix(open)?;
        let end = inner.get(..limit(inner)).unwrap_or(inner).find(close)?;
        self.out.push_str(&inner[..end]);
        Some(self.at + open.len() + end + close.len())
    }

    fn brace(&mut self, rest: &'t str) {
        if let Some(end) = self.escaped_shortcode(rest) {
            self.at = end;
            return;
        }
        if let Some(end) = self.raw_shortcode(rest) {
            self.at = end;
            return;
        }
        // `{{% raw %}` is a brace, and then a tag.
        if rest.starts_with("{{% raw") || rest.starts_with("{{{% ") {
            return;
        }
        if let Some(token) = token(self.text, self.at) {
            if !self.is_formula(&token) {
                self.token(&token);
            }
            return;
        }
        if self.is_markdown && self.attribute_list(rest) {
            return;
        }
        self.pelican(rest);
    }

    /// `x_{{i}}` and `\frac{{a}}{b}` are TeX.
    fn is_formula(&self, token: &Token<'_>) -> bool {
        if token.syntax != Syntax::Value || token.inner.contains(['|', '.', '"']) {
            return false;
        }
        let before = &self.text[..self.at];
        let word = before.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        before.ends_with(['_', '^']) || (word.len() < before.len() && word.ends_with('\\'))
    }

    fn token(&mut self, token: &Token<'t>) {
        let start = self.at;
        let meaning = match token.syntax {
            Syntax::Comment => Meaning::Nothing,
            Syntax::Value => expression(token.inner, self.surroundings),
            Syntax::Hugo | Syntax::Tag => {
                let call = Call::parse(token.inner.trim().trim_end_matches('/'));
                if self.close(&call.name, token) {
                    return;
                }
                match meaning(&call, self.surroundings) {
                    Meaning::Unknown if token.inner.trim().starts_with("end") => Meaning::Nothing,
                    Meaning::Code(language) => return self.code_body(token, &call.name, language.as_deref()),
                    Meaning::Verbatim => return self.verbatim(token, &call.name),
                    Meaning::Skip { is_loss } => return self.skip(token, &call.name, is_loss),
                    Meaning::Around { before, after } => {
                        return self.around(token, call.name, &before, &after);
                    }
                    meaning => meaning,
                }
            }
        };
        match meaning {
            Meaning::Inline(text) => self.out.push_str(&text),
            Meaning::Element { block, inline } => return self.put(&block, &inline, start, token.end),
            Meaning::NoArticle(name) => {
                self.no_article(&name, start..token.end);
                self.drop_here();
            }
            Meaning::Unknown => {
                self.leftover(start..token.end);
                if self.out.ends_with('<') && self.text[token.end..].starts_with('>') {
                    // An address in angle brackets of which nothing is left.
                    self.out.pop();
                    self.at = token.end + 1;
                    return;
                }
                self.drop_here();
            }
            _ => {}
        }
        self.at = token.end;
    }

    /// HTML in a block of its own where the tag stood alone on its line.
    fn put(&mut self, block: &str, inline: &str, start: usize, end: usize) {
        if self.is_alone(start, end) {
            self.out.push_str(block);
            self.out.push_str(if self.is_markdown { "\n" } else { "" });
        } else {
            self.out.push_str(inline);
        }
        self.at = end;
    }

    /// Whether nothing else stands on the line but marks of lists and quotations.
    fn is_alone(&self, start: usize, end: usize) -> bool {
        let after = &self.text[end..];
        let after = after.get(..floor(after, LONGEST_MARGIN)).unwrap_or_default();
        let after = after.split('\n').next().unwrap_or_default();
        let is_margin = |before: &str| before.trim_matches([' ', '\t', '>', '-', '*', '+']).is_empty();
        after.trim().is_empty() && self.line_before(start).is_some_and(is_margin)
    }

    /// What stands before a place on its line, unless that is much.
    fn line_before(&self, at: usize) -> Option<&'t str> {
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
    fn drop_here(&mut self) {
        if is_in_address(&self.out) {
            self.out.push_str(UNRESOLVED);
        }
    }

    fn leftover(&mut self, range: Range<usize>) {
        if !self.report.wants(Rule::TemplateLeftover) {
            return;
        }
        let words: Vec<&str> = self.text[range.clone()].split_whitespace().collect();
        let whole = words.join(" ");
        let mut shown: String = whole.chars().take(60).collect();
        if shown.len() < whole.len() {
            shown.push('…');
        }
        let diagnostic = self
            .report
            .at(Rule::TemplateLeftover, range, format!("only a site generator understands `{shown}`"))
            .label("left out of every feed")
            .help("write what it stands for as Markdown or HTML");
        self.report.push(diagnostic);
    }

    fn no_article(&mut self, name: &str, range: Range<usize>) {
        let diagnostic = self
            .report
            .at(Rule::UnresolvedLink, range, format!("there is no article `{name}`"))
            .label("only the text of the link is published")
            .help("write the path of the article's file, or its address on the web");
        self.report.push(diagnostic);
    }

    /// Ends the shortcode that a closing tag names; whether the tag was one.
    fn close(&mut self, name: &str, token: &Token<'_>) -> bool {
        let named = name.strip_prefix('/').or_else(|| name.strip_prefix("end"));
        let Some(named) = named.or_else(|| matches!(name, "else" | "elsif" | "elif" | "when").then_some(""))
        else {
            return false;
        };
        let named = named.trim();
        let named = if token.inner.trim().starts_with("/ ") { token.inner.trim()[1..].trim() } else { named };
        let place =
            self.open.iter().rposition(|(open, _)| named.is_empty() && name == "end" || open == named);
        if let Some(place) = place {
            for (_, after) in self.open.split_off(place).into_iter().rev() {
                self.out.push_str(&after);
            }
        }
        self.at = token.end;
        true
    }

    fn around(&mut self, token: &Token<'_>, name: String, before: &str, after: &str) {
        let is_closed = self.open.len() < MOST_OPEN && self.end_tag(token, &name).is_some();
        if is_closed {
            let (blank, end) = if self.is_markdown { ("\n\n", "\n\n") } else { ("", "") };
            let _ = write!(self.out, "{blank}{before}{blank}");
            self.open.push((name, format!("{blank}{after}{end}")));
        } else {
            self.leftover(self.at..token.end);
        }
        self.at = token.end;
    }

    /// Where the end tag of `name` begins and ends.
    fn end_tag(&self, token: &Token<'_>, name: &str) -> Option<Range<usize>> {
        let mut at = token.end;
        let (open, wanted): (&str, [String; 2]) = match token.syntax {
            Syntax::Hugo => ("{{", [format!("/{name}"), format!("/ {name}")]),
            _ => ("{%", [format!("end{name}"), "end".into()]),
        };
        // Those who never close a thing shall not make us look for its end again and again.
        for _ in 0..200 {
            let start = at + self.text.get(at..)?.find(open)?;
            at = start + open.len();
            let inner = self.text.get(at..)?.trim_start_matches(['-', '<', '%']).trim_start();
            let end = wanted.iter().find_map(|wanted| inner.strip_prefix(wanted.as_str()));
            let Some(after) = end
                .filter(|after| !after.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_'))
            else {
                continue;
            };
            let close = if token.syntax == Syntax::Hugo { "}}" } else { "%}" };
            let length = after.get(..limit(after)).unwrap_or(after).find(close)?;
            return Some(start..self.text.len() - after.len() + length + close.len());
        }
        None
    }

    /// All up to the end tag as code.
    fn code_body(&mut self, token: &Token<'t>, name: &str, language: Option<&str>) {
        let Some(end) = self.end_tag(token, name) else {
            self.leftover(self.at..token.end);
            self.at = token.end;
            return;
        };
        let code = self.text[token.end..end.start].trim_start_matches(['\r', '\n']).trim_end();
        let class = language.map(|language| format!(" class=\"language-{language}\"")).unwrap_or_default();
        let block = format!("<pre><code{class}>{}</code></pre>", encoded(&dedented(code)));
        let blank = if self.is_markdown { "\n" } else { "" };
        self.out.push_str(&block);
        self.out.push_str(blank);
        self.at = end.end;
    }

    /// All up to the end tag word for word, as Markdown or HTML.
    fn verbatim(&mut self, token: &Token<'t>, name: &str) {
        match self.end_tag(token, name) {
            Some(end) => {
                self.out.push_str(&self.text[token.end..end.start]);
                self.at = end.end;
            }
            None => self.at = token.end,
        }
    }

    fn skip(&mut self, token: &Token<'t>, name: &str, is_loss: bool) {
        if is_loss {
            self.leftover(self.at..token.end);
        }
        self.at = self.end_tag(token, name).map_or(token.end, |end| end.end);
    }

    /// `[[name]]`, `[[name|text]]`, `![[image.png]]`
    fn wikilink(&mut self, rest: &'t str) {
        if (rest.starts_with("[TOC]") || rest.starts_with("[toc]")) && self.is_alone(self.at, self.at + 5) {
            self.at += 5;
            return;
        }
        let Some(inner) = rest.strip_prefix("[[") else { return };
        let line = inner.get(..limit(inner)).unwrap_or(inner).split('\n').next().unwrap_or_default();
        let Some(length) = line.find("]]") else { return };
        let inner = &line[..length];
        let end = self.at + length + 4;
        let after = self.text[end..].chars().next();
        let is_prose = inner.is_empty()
            || inner.starts_with([' ', '^', '[', '!'])
            || inner.bytes().all(|byte| byte.is_ascii_digit());
        if is_prose
            || self.labels.contains(inner)
            || matches!(after, Some('(' | '[' | ':'))
            || self.out.ends_with(['\\', ']'])
        {
            return;
        }
        let (name, text) = inner
            .split_once('|')
            .map_or((inner, None), |(name, text)| (name.trim_end_matches('\\'), Some(text)));
        if inner.eq_ignore_ascii_case("toc") || inner.eq_ignore_ascii_case("_toc_") {
            self.at = end;
            return;
        }
        if self.out.ends_with('!') {
            self.out.pop();
            self.embed(name, text, end);
            return;
        }
        let shown = text.unwrap_or_else(|| name.rsplit('/').next().unwrap_or(name).trim_start_matches('#'));
        if let Meaning::Inline(address) = reference(Some(name.trim()), self.surroundings) {
            let is_heading = address.starts_with('#');
            let address = if is_heading { address.to_lowercase().replace(' ', "-") } else { address };
            let _ = write!(self.out, "[{shown}](<{}>)", address.replace(['<', '>', '\n'], ""));
        } else {
            self.no_article(name, self.at..end);
            self.out.push_str(shown);
        }
        self.at = end;
    }

    fn embed(&mut self, name: &str, text: Option<&str>, end: usize) {
        const IMAGES: &[&str] = &[".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif", ".bmp"];
        let path = name.trim();
        if IMAGES.iter().any(|ending| path.to_ascii_lowercase().ends_with(ending)) {
            let is_size = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'x');
            let alt = text
                .filter(|text| !is_size(text))
                .map(|alt| format!(" alt=\"{}\"", escape(alt)))
                .unwrap_or_default();
            let tag = format!("<img src=\"{}\"{alt}>", escape(path));
            self.out.push_str(&tag);
            self.at = end;
            return;
        }
        match article(path.split('#').next().unwrap_or(path), self.surroundings) {
            Some(url) => {
                let shown = text.unwrap_or(path);
                let _ = write!(self.out, "[{shown}](<{url}>)");
            }
            None => self.leftover(self.at..end),
        }
        self.at = end;
    }

    /// `%%a comment of Obsidian's%%`
    fn obsidian_comment(&mut self, rest: &'t str) {
        let is_start = self.out.chars().next_back().is_none_or(char::is_whitespace);
        let inner = &rest[2..];
        if !is_start || inner.starts_with('%') {
            return;
        }
        let near = inner.get(..limit(inner)).unwrap_or(inner);
        let is_block = self.is_alone(self.at, self.at + 2);
        let Some(length) = near.find("%%") else { return };
        if length == 0 || (!is_block && near[..length].contains("\n\n")) {
            return;
        }
        if inner[length + 2..].starts_with(|after: char| after.is_alphanumeric()) {
            return;
        }
        self.at += length + 4;
    }

    /// `> [!note] Title`, a quotation with a title.
    fn callout(&mut self, rest: &'t str) {
        let Some(before) = self.line_before(self.at) else { return };
        if !before.trim_matches([' ', '\t', '>']).is_empty() {
            return;
        }
        let line = rest.split('\n').next().unwrap_or_default();
        let Some(inner) = line[1..].trim_start().strip_prefix("[!") else { return };
        let Some((kind, title)) = inner.split_once(']') else { return };
        let kind = kind.split('|').next().unwrap_or_default().trim();
        if kind.is_empty()
            || !kind.chars().all(|letter| letter.is_alphanumeric() || letter == '-' || letter == '_')
        {
            return;
        }
        let title = title.trim_start_matches(['+', '-']).trim();
        let title = if title.is_empty() { capitalised(kind) } else { title.to_owned() };
        let _ = write!(self.out, "> **{title}**\n{before}>");
        self.at += line.len();
    }

    /// `{:.class}`, `{: #id }`, `{.class}` after a link or an image: for style sheets only.
    fn attribute_list(&mut self, rest: &'t str) -> bool {
        let near = rest.get(..floor(rest, LONGEST_LIST)).unwrap_or_default();
        let Some(end) = end_of_list(near).filter(|&end| !near[..end].contains("\n\n")) else { return false };
        let inner = &rest[1..end];
        let stop = self.at + end + 1;
        let is_own_line = self.is_alone(self.at, stop);
        let is_list = if let Some(list) = inner.strip_prefix(':') {
            if list.starts_with(':') || list.starts_with('/') {
                return self.kramdown_extension(rest, list, stop);
            }
            is_attributes(list)
                || (matches!(list.trim(), "toc" | "TOC" | "notoc" | "no_toc") && !list.is_empty())
        } else {
            let follows = self.out.ends_with([')', ']', '`']);
            let is_marked = inner.starts_with(['.', '#']) || inner.contains('=');
            (follows || (is_own_line && !inner.starts_with('#'))) && is_marked && is_attributes(inner)
        };
        if is_list {
            self.at = stop;
        }
        is_list
    }

    /// `{::comment}…{:/comment}`, `{::nomarkdown}`, `{::options …/}`
    fn kramdown_extension(&mut self, rest: &'t str, list: &str, stop: usize) -> bool {
        let name = list.trim_start_matches([':', '/']);
        if !name.chars().all(|letter| letter.is_alphanumeric() || " _=\"'/.-".contains(letter)) {
            return false;
        }
        self.at = stop;
        if name.trim() == "comment" && list.starts_with(':') {
            let near = rest.get(..limit(rest)).unwrap_or(rest);
            let end = near.find("{:/").and_then(|end| Some(end + near[end..].find('}')? + 1));
            self.at = end.map_or(stop, |end| self.text.len() - rest.len() + end);
        }
        true
    }

    /// `{static}/a.png`, `{filename}b.md`, `|filename|b.md`, in addresses.
    fn pelican(&mut self, rest: &'t str) {
        const WORDS: &[(&str, &str)] = &[
            ("static", ""),
            ("filename", ""),
            ("attach", ""),
            ("index", "/"),
            ("tag", "/tag/"),
            ("category", "/category/"),
            ("author", "/author/"),
        ];
        let found = WORDS.iter().find_map(|(word, path)| {
            let inner = rest.strip_prefix(['{', '|'])?.strip_prefix(word)?;
            inner.starts_with(if rest.starts_with('{') { '}' } else { '|' }).then_some((word, path))
        });
        let Some((word, path)) = found else { return };
        let follows = self.out.ends_with(['(', '"', '\'', '<', '=']) || self.out.ends_with("]: ");
        if !follows {
            return;
        }
        self.at += word.len() + 2;
        self.out.push_str(path);
    }
}

/// The tag of a template that begins at `start`, if it ends.
fn token(text: &str, start: usize) -> Option<Token<'_>> {
    let rest = &text[start..];
    let forms: &[(&str, &str, Syntax)] = &[
        ("{{<", ">}}", Syntax::Hugo),
        ("{{%", "%}}", Syntax::Hugo),
        ("{{{", "}}}", Syntax::Value),
        ("{{", "}}", Syntax::Value),
        ("{%", "%}", Syntax::Tag),
        ("{# ", "#}", Syntax::Comment),
        ("{#-", "#}", Syntax::Comment),
    ];
    let (open, close, syntax) = forms.iter().find(|(open, ..)| rest.starts_with(open))?;
    let inner = &rest[open.len()..];
    let near = inner.get(..limit(inner)).unwrap_or(inner);
    let length = near.find(close)?;
    let inner = &near[..length];
    // Prose that happens to have both signs is far apart; only Hugo's calls and comments go over blank lines.
    if matches!(syntax, Syntax::Value | Syntax::Tag) && inner.contains("\n\n") {
        return None;
    }
    Some(Token { syntax: *syntax, inner, end: start + open.len() + length + close.len() })
}

/// A place not far into the text that is between two characters.
fn limit(text: &str) -> usize {
    floor(text, LONGEST_TAG)
}

fn floor(text: &str, most: usize) -> usize {
    let mut limit = most.min(text.len());
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    limit
}

/// Whether what was written last is the beginning of an address: of a Markdown link, or in an attribute.
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

/// The text with all but letters and digits as references, so that neither Markdown nor the end of a list or
/// quotation can come between.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for letter in text.chars() {
        match letter {
            '\r' => {}
            letter if letter.is_alphanumeric() || letter == ' ' => out.push(letter),
            letter => {
                let _ = write!(out, "&#{};", u32::from(letter));
            }
        }
    }
    out
}

/// Code without the indentation that all its lines have.
fn dedented(code: &str) -> String {
    let indentation = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let lines = code.lines().filter(|line| !line.trim().is_empty());
    let common = lines.map(indentation).min().unwrap_or(0);
    code.lines().map(|line| line.get(common..).unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn capitalised(word: &str) -> String {
    let word = word.to_lowercase();
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Where the brace is that ends a list; a value may itself hold a template's.
fn end_of_list(list: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let end = from + list.get(from..)?.find('}')?;
        if !(list[from..end].contains("{{") && list[end..].starts_with("}}")) {
            return Some(end);
        }
        from = end + 2;
    }
}

/// Whether a text is nothing but `.class`, `#id` and `key=value`.
fn is_attributes(list: &str) -> bool {
    let mut rest = list.trim();
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let end = if let Some(name) = rest.strip_prefix(['.', '#', '-']) {
            1 + name
                .find(|letter: char| letter.is_whitespace() || letter == '.' || letter == '#')
                .unwrap_or(name.len())
        } else {
            let Some(equals) = rest.find('=') else { return false };
            let is_key = !rest[..equals].is_empty()
                && rest[..equals].chars().all(|letter| letter.is_alphanumeric() || "-_:".contains(letter));
            if !is_key {
                return false;
            }
            let value = &rest[equals + 1..];
            let length = match value.chars().next() {
                Some(quote @ ('"' | '\'')) => value[1..].find(quote).map(|end| end + 2),
                _ => Some(value.find(char::is_whitespace).unwrap_or(value.len())),
            };
            let Some(length) = length else { return false };
            equals + 1 + length
        };
        rest = rest[end..].trim_start();
    }
    true
}
