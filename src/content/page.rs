//! Writes HTML of the portable profile from its beginning to its end: what the passes over a tree make of Markdown
//! without HTML in it, to the byte, but without the tree.
//!
//! Here is the knowledge of [`absolutise`](super::absolutise), [`portable`](super::portable) and
//! [`sanitise`](super::sanitise) about the few elements that Markdown can make. Whatever it would take more to know
//! is declined: the methods then give `None`, and the body goes the long way.

mod address;
mod comment;
mod heading;
mod note;

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::absolutise::UNRESOLVED;
use super::bytes::position_of;
use super::portable::plain_language;
use super::sanitise::LONGEST_VALUE;
use super::summary::{Gathered, Mark};
use super::tree::DEEPEST;
use super::{Surroundings, without_forbidden_characters};
use address::Remarks;
use heading::Heading;

/// Elements that stay even where nothing is in them.
const MAY_BE_EMPTY: &[&str] = &["li", "td", "th", "tr", "thead", "tbody", "table"];

/// HTML being written, and all that has to be said about it.
pub(super) struct Page<'s> {
    pub(super) html: String,
    pub(super) words: Gathered,
    surroundings: &'s Surroundings<'s>,
    open: Vec<Frame>,
    /// Whether a line has just ended in the HTML as Markdown gives it, of which not all is published.
    at_line_start: bool,
    /// How many of the open elements are links, of which none may hold another.
    links: usize,
    /// How many images came so far, with those that are not shown.
    images: usize,
    headings: Vec<Heading>,
    /// The texts of all headings.
    titles: String,
    in_heading: bool,
    has_marker: bool,
    /// Fragments of the article's own to which links lead.
    linked: BTreeSet<String>,
    remarks: Remarks,
}

/// An element that is open.
struct Frame {
    /// Empty for a link that leads nowhere, of which only the text is published.
    name: &'static str,
    /// Where it begins in the HTML.
    start: usize,
    /// Whether there is anything in it for which it has to be there.
    shows: bool,
    words: Mark,
    /// For a link to a fragment in a heading: where its text begins, and how many images there were.
    sign: Option<(usize, usize)>,
}

impl<'s> Page<'s> {
    pub(super) fn new(surroundings: &'s Surroundings<'s>, capacity: usize) -> Self {
        Self {
            html: String::with_capacity(capacity),
            words: Gathered::new(),
            surroundings,
            open: Vec::new(),
            at_line_start: true,
            links: 0,
            images: 0,
            headings: Vec::new(),
            titles: String::new(),
            in_heading: false,
            has_marker: false,
            linked: BTreeSet::new(),
            remarks: Remarks::default(),
        }
    }

    /// The page as a whole.
    pub(super) fn finish(mut self) -> Option<Self> {
        if self.html.contains(UNRESOLVED) {
            return None;
        }
        self.name_headings()?;
        self.html.truncate(self.html.trim_end().len());
        self.html.drain(..self.html.len() - self.html.trim_start().len());
        if let Cow::Owned(html) = without_forbidden_characters(&self.html) {
            self.html = html;
        }
        Some(self)
    }

    pub(super) fn open(&mut self, name: &'static str) -> Option<()> {
        self.open_with(name, &[])
    }

    /// Opens a block, which begins a line.
    pub(super) fn open_block(&mut self, name: &'static str) -> Option<()> {
        self.begin_line();
        self.open(name)
    }

    pub(super) fn open_with(&mut self, name: &'static str, attributes: &[(&str, &str)]) -> Option<()> {
        let words = self.words.mark();
        self.words.open(name);
        self.push_frame(name, words)?;
        self.tag(name, attributes)
    }

    fn push_frame(&mut self, name: &'static str, words: Mark) -> Option<()> {
        if self.open.len() >= DEEPEST {
            return None;
        }
        self.open.push(Frame { name, start: self.html.len(), shows: false, words, sign: None });
        self.at_line_start = false;
        Some(())
    }

    /// Closes the innermost element; one that shows nothing was never there.
    pub(super) fn close(&mut self) {
        let Some(frame) = self.open.pop() else { return };
        self.at_line_start = false;
        if frame.name.is_empty() {
            // All that was in it was in what is round it.
            self.shows(frame.shows);
            return;
        }
        if !frame.shows && !MAY_BE_EMPTY.contains(&frame.name) {
            self.take_back(&frame);
            return;
        }
        self.html.push_str("</");
        self.html.push_str(frame.name);
        self.html.push('>');
        self.words.close(frame.name);
        self.shows(true);
    }

    /// Closes a block, which ends a line.
    pub(super) fn close_block(&mut self) {
        self.close();
        self.end_line();
    }

    fn take_back(&mut self, frame: &Frame) {
        self.html.truncate(frame.start);
        self.words.take_back(frame.words);
    }

    fn shows(&mut self, something: bool) {
        if let Some(frame) = self.open.last_mut() {
            frame.shows |= something;
        }
    }

    pub(super) fn void(&mut self, name: &'static str, attributes: &[(&str, &str)]) -> Option<()> {
        if self.open.len() >= DEEPEST {
            return None;
        }
        self.words.void(name);
        self.at_line_start = false;
        self.shows(true);
        self.tag(name, attributes)
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)]) -> Option<()> {
        self.html.push('<');
        self.html.push_str(name);
        for (name, value) in attributes {
            self.html.push(' ');
            self.html.push_str(name);
            self.html.push_str("=\"");
            self.value(value)?;
            self.html.push('"');
        }
        self.html.push('>');
        Some(())
    }

    fn value(&mut self, value: &str) -> Option<()> {
        // HTML knows no carriage return: the parser makes it a line feed.
        if value.len() > LONGEST_VALUE || value.contains('\r') {
            return None;
        }
        escape_into(&mut self.html, value, true);
        Some(())
    }

    /// Begins a line, unless one has just begun.
    pub(super) fn begin_line(&mut self) {
        if !self.at_line_start {
            self.end_line();
        }
    }

    pub(super) fn end_line(&mut self) {
        self.space("\n");
        self.at_line_start = true;
    }

    /// White space between elements.
    fn space(&mut self, space: &str) {
        if !space.is_empty() {
            if self.in_heading {
                self.titles.push_str(space);
            }
            self.html.push_str(space);
            self.words.say(space);
        }
    }

    pub(super) fn text(&mut self, text: &str) -> Option<()> {
        // Words of no paragraph would need one.
        if text.contains('\r') || self.open.last().is_none_or(|frame| frame.name == "blockquote") {
            return None;
        }
        if self.in_heading {
            self.titles.push_str(text);
        }
        self.at_line_start = text.ends_with('\n');
        self.words.say(text);
        escape_into(&mut self.html, text, false);
        if !text.trim_ascii().is_empty() {
            self.shows(true);
        }
        Some(())
    }

    pub(super) fn code(&mut self, text: &str) -> Option<()> {
        self.open("code")?;
        self.text(text)?;
        self.close();
        Some(())
    }

    /// A block of code as it reads; of what is said of it, only the language counts.
    pub(super) fn code_block(&mut self, told: &str, text: &str) -> Option<()> {
        self.begin_line();
        self.open("pre")?;
        match told.split(|letter: char| letter.is_ascii_whitespace()).next().and_then(plain_language) {
            Some(language) => self.open_with("code", &[("class", &format!("language-{language}"))])?,
            None => self.open("code")?,
        }
        let text = text.trim_end();
        if text.contains('\r') {
            self.text(&text.replace("\r\n", "\n"))?;
        } else {
            self.text(text)?;
        }
        if !text.is_empty() {
            self.space("\n");
        }
        self.close();
        self.close_block();
        Some(())
    }
}

/// The text as HTML in the sanitiser's spelling, which has a name for the no-break space.
fn escape_into(html: &mut String, text: &str, in_attribute: bool) {
    let mut rest = text;
    let mut from = 0;
    while let Some(found) = rest.as_bytes().get(from..).and_then(|rest| position_of(rest, is_special)) {
        let at = from + found;
        let (length, reference) = match rest.as_bytes().get(at..).unwrap_or_default() {
            [b'&', ..] => (1, "&amp;"),
            [b'<', ..] => (1, "&lt;"),
            [b'>', ..] => (1, "&gt;"),
            [b'"', ..] if in_attribute => (1, "&quot;"),
            [0xc2, 0xa0, ..] => (2, "&nbsp;"),
            _ => {
                from = at + 1;
                continue;
            }
        };
        html.push_str(&rest[..at]);
        html.push_str(reference);
        rest = &rest[at + length..];
        from = 0;
    }
    html.push_str(rest);
}

fn is_special(byte: u8) -> bool {
    // U+00A0 is 0xC2 0xA0.
    matches!(byte, b'&' | b'<' | b'>' | b'"' | 0xc2)
}
