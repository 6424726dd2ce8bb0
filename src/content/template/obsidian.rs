//! The syntax of Obsidian: wikilinks, embeds, comments, callouts.

use std::fmt::Write as _;

use super::scan::Scan;
use super::token::limit;
use crate::content::characters::escape;
use crate::content::markdown;
use crate::content::resolve::article;
use crate::content::shortcode::{TagMeaning, is_image, reference};

impl<'t> Scan<'t, '_, '_, '_> {
    /// `[[name]]`, `[[name|text]]`, `![[image.png]]`
    pub(super) fn wikilink(&mut self, rest: &'t str) {
        if (rest.starts_with("[TOC]") || rest.starts_with("[toc]")) && self.is_alone(self.at, self.at + 5) {
            self.at += 5;
            return;
        }
        let Some(inner) = rest.strip_prefix("[[") else { return };
        let line = inner.get(..limit(inner)).unwrap_or(inner).split('\n').next().unwrap_or_default();
        let Some(length) = line.find("]]") else { return };
        let inner = &line[..length];
        let end = self.at + length + 4;
        if !self.is_wikilink(inner, end) {
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
        let shown = text.map_or_else(|| shown_name(name), str::to_owned);
        self.put_link(name, &shown, end);
        self.at = end;
    }

    /// `false` for brackets that are prose, a link of Markdown or the label of one. `inner` ends before `end`.
    fn is_wikilink(&self, inner: &str, end: usize) -> bool {
        let after = self.text[end..].chars().next();
        let is_prose = inner.is_empty()
            || inner.starts_with([' ', '^', '[', '!'])
            || inner.bytes().all(|byte| byte.is_ascii_digit());
        !(is_prose
            || self.labels.contains(inner)
            || matches!(after, Some('(' | '[' | ':'))
            || self.out.ends_with(['\\', ']']))
    }

    /// A link to the note, or only its text where there is no such note.
    fn put_link(&mut self, name: &str, shown: &str, end: usize) {
        if let TagMeaning::Inline(address) = reference(Some(name.trim()), self.surroundings) {
            let is_heading = address.starts_with('#');
            let address = if is_heading { address.to_lowercase().replace(' ', "-") } else { address };
            let _ = write!(self.out, "[{shown}](<{}>)", address.replace(['<', '>', '\n'], ""));
        } else {
            self.no_article(name, self.at..end);
            self.out.push_str(shown);
        }
    }

    pub(super) fn embed(&mut self, name: &str, text: Option<&str>, end: usize) {
        let path = name.trim();
        if is_image(path) {
            let size = text.and_then(size_of);
            let alt = text
                .filter(|_| size.is_none())
                .map(|alt| format!(" alt=\"{}\"", escape(alt)))
                .unwrap_or_default();
            let _ = write!(self.out, "<img src=\"{}\"{alt}{}>", escape(path), size.unwrap_or_default());
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
    pub(super) fn obsidian_comment(&mut self, rest: &'t str) {
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
    pub(super) fn callout(&mut self, rest: &'t str) {
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
}

/// Text of a link that has none of its own, as Obsidian shows it: `Note > Heading`.
fn shown_name(name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or(name).trim_start_matches('#');
    name.split('#').map(str::trim).collect::<Vec<_>>().join(" > ")
}

/// The attributes of an image's size as Obsidian has it: `100`, `100x200`.
fn size_of(text: &str) -> Option<String> {
    let (width, height) = markdown::image_size(text)?;
    let height = height.map(|height| format!(" height=\"{height}\"")).unwrap_or_default();
    Some(format!(" width=\"{width}\"{height}"))
}

pub(super) fn capitalised(word: &str) -> String {
    let word = word.to_lowercase();
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
