//! Extensions of some flavours of Markdown that pulldown-cmark does not have: marked words, names of blocks,
//! abbreviations, and line ends that count.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::iter::Peekable;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use crate::content::characters::escape;
use crate::content::flavour::Features;

/// More abbreviations no text explains; each costs a look at every word.
const MOST_ABBREVIATIONS: usize = 200;

/// An abbreviation and what it stands for.
pub(super) type Abbreviation = (String, String);

/// The events of a parser, with those of a flavour put in.
pub(super) struct Extras<'a, I: Iterator<Item = Event<'a>>> {
    inner: Peekable<I>,
    features: Features,
    abbreviations: Vec<Abbreviation>,
    waiting: VecDeque<Event<'a>>,
    /// Number of open images, links and blocks of code.
    verbatim: usize,
}

impl<'a, I: Iterator<Item = Event<'a>>> Extras<'a, I> {
    pub(super) fn new(inner: I, features: Features, abbreviations: Vec<Abbreviation>) -> Self {
        Self { inner: inner.peekable(), features, abbreviations, waiting: VecDeque::new(), verbatim: 0 }
    }

    /// The pieces of a text: what is marked, what is explained, and all else as it is.
    fn text(&mut self, text: &str) {
        let text = if self.features.block_names { self.without_block_name(text) } else { text };
        let marked = self.features.marks && text.contains("==");
        let mut rest = text;
        while let Some((before, inner, after)) = if marked { mark(rest) } else { None } {
            self.words(before);
            self.waiting.push_back(Event::InlineHtml("<mark>".into()));
            self.words(inner);
            self.waiting.push_back(Event::InlineHtml("</mark>".into()));
            rest = after;
        }
        self.words(rest);
    }

    /// Without the ` ^name` that ends a block.
    fn without_block_name<'t>(&mut self, text: &'t str) -> &'t str {
        let ends = matches!(
            self.inner.peek(),
            None | Some(
                Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_))
                    | Event::Start(Tag::List(_))
            )
        );
        let Some((before, name)) = text.rsplit_once('^').filter(|_| ends) else { return text };
        let is_name =
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if is_name && (before.is_empty() || before.ends_with(' ')) { before.trim_end() } else { text }
    }

    fn words(&mut self, words: &str) {
        let mut said = 0;
        let mut at = 0;
        let mut before = ' ';
        while let Some(letter) = words.get(at..).and_then(|rest| rest.chars().next()) {
            let found = (!before.is_alphanumeric()).then(|| self.abbreviation(&words[at..])).flatten();
            if let Some((length, html)) = found {
                self.push_text(&words[said..at]);
                self.waiting.push_back(Event::InlineHtml(html.into()));
                at += length;
                said = at;
                before = 'a';
                continue;
            }
            before = letter;
            at += letter.len_utf8();
        }
        self.push_text(words.get(said..).unwrap_or_default());
    }

    fn abbreviation(&self, rest: &str) -> Option<(usize, String)> {
        let (short, long) = self.abbreviations.iter().find(|(short, _)| {
            rest.strip_prefix(short.as_str()).is_some_and(|after| !after.starts_with(char::is_alphanumeric))
        })?;
        Some((short.len(), format!("<abbr title=\"{}\">{}</abbr>", escape(long), escape(short))))
    }

    fn push_text(&mut self, text: &str) {
        if !text.is_empty() {
            self.waiting.push_back(Event::Text(CowStr::from(text.to_owned())));
        }
    }
}

impl<'a, I: Iterator<Item = Event<'a>>> Iterator for Extras<'a, I> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            let event = self.inner.next()?;
            match &event {
                Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_)) => self.verbatim += 1,
                Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock) => {
                    self.verbatim = self.verbatim.saturating_sub(1);
                }
                Event::SoftBreak if self.features.breaks => return Some(Event::HardBreak),
                Event::Text(text) if self.verbatim == 0 && self.concerns(text) => {
                    self.text(&text.clone());
                    continue;
                }
                _ => {}
            }
            return Some(event);
        }
    }
}

impl<'a, I: Iterator<Item = Event<'a>>> Extras<'a, I> {
    /// `true` if a text may hold something that is to be replaced.
    fn concerns(&self, text: &str) -> bool {
        !self.abbreviations.is_empty()
            || (self.features.marks && text.contains("=="))
            || (self.features.block_names && text.contains('^'))
    }
}

/// The text before `==words==`, the words, and the text after; `None` if there are no such words.
fn mark(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find("==")?;
        let inner = &text[start + 2..];
        if inner.starts_with(|first: char| first.is_whitespace() || first == '=') {
            from = start + 2;
            continue;
        }
        let end = inner.find("==")?;
        if !inner[..end].ends_with(char::is_whitespace) {
            return Some((&text[..start], &inner[..end], &inner[end + 2..]));
        }
        from = start + 2;
    }
}

/// A text without the lines that explain abbreviations, and these; in `code`, all stays as it is.
pub(super) fn take_abbreviations(
    text: &str,
    code: impl Fn() -> Vec<std::ops::Range<usize>>,
) -> (Cow<'_, str>, Vec<Abbreviation>) {
    if !text.contains("*[") {
        return (Cow::Borrowed(text), Vec::new());
    }
    let code = code();
    let mut found = Vec::new();
    let mut kept = String::with_capacity(text.len());
    let mut start = 0;
    let mut next_code = 0;
    for line in text.split_inclusive('\n') {
        while code.get(next_code).is_some_and(|range| range.end <= start) {
            next_code += 1;
        }
        let is_code = code.get(next_code).is_some_and(|range| range.start <= start);
        match explained(line).filter(|_| !is_code && found.len() < MOST_ABBREVIATIONS) {
            Some(abbreviation) => found.push(abbreviation),
            None => kept.push_str(line),
        }
        start += line.len();
    }
    (Cow::Owned(kept), found)
}

/// `*[HTML]: Hypertext Markup Language`
fn explained(line: &str) -> Option<Abbreviation> {
    let (short, long) = line.trim_start_matches(' ').strip_prefix("*[")?.split_once("]:")?;
    let is_fit = !short.trim().is_empty() && !short.contains(']');
    is_fit.then(|| (short.trim().to_owned(), long.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_signs_close_to_words_mark_them() {
        assert_eq!(mark("a ==b c== d"), Some(("a ", "b c", " d")));
        assert_eq!(mark("a == b == c"), None);
        assert_eq!(mark("==== ==b"), None);
    }
}
