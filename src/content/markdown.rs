//! Markdown: `CommonMark` with tables, footnotes, strikethrough, task lists, heading attributes and bare addresses, and
//! what its [flavour](super::Flavour) has beside. Only this file and its folder know pulldown-cmark.

mod extras;

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream, html};

use super::Flavour;
use super::autolink::{Piece, pieces};
use super::characters::escape;
use extras::{Extras, take_abbreviations};

/// The text, in a flavour of Markdown, as HTML; ids of its footnotes begin with `fn-` or `fnref-`, the prefix, and a
/// hyphen.
pub(super) fn to_html(text: &str, id_prefix: &str, flavour: Flavour) -> String {
    let features = flavour.features();
    let (text, abbreviations) = if features.abbreviations {
        take_abbreviations(text, || code_ranges(text, flavour))
    } else {
        (Cow::Borrowed(text), Vec::new())
    };
    let text = &*text;
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut notes = Notes { prefix: id_prefix, ..Notes::default() };
    let parser = TextMergeStream::new(Parser::new_ext(text, options(flavour)));
    let parser = Extras::new(parser, features, abbreviations);
    html::push_html(&mut out, Events::new(parser, &mut notes));
    notes.write_into(&mut out);
    out
}

/// An image that is open, with all that was said in it.
struct OpenImage<'a> {
    source: CowStr<'a>,
    title: CowStr<'a>,
    alt: String,
    /// Number of open images, this one and those in it.
    depth: usize,
}

impl<'a> OpenImage<'a> {
    fn new(source: CowStr<'a>, title: CowStr<'a>) -> Self {
        Self { source, title, alt: String::new(), depth: 1 }
    }

    /// Adds an event in an image to its description.
    fn add(&mut self, event: Event<'a>) {
        match event {
            Event::Start(Tag::Image { .. }) => self.depth += 1,
            Event::End(TagEnd::Image) => self.depth -= 1,
            Event::Text(text) | Event::Code(text) => self.alt.push_str(&text),
            Event::SoftBreak | Event::HardBreak => self.alt.push(' '),
            _ => {}
        }
    }
}

/// `100` or `100x200`: the width of an image, and its height if that is stated.
pub(super) fn image_size(text: &str) -> Option<(&str, Option<&str>)> {
    let (width, height) =
        text.trim().split_once('x').map_or((text.trim(), None), |(width, height)| (width, Some(height)));
    let is_number = |number: &str| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number(width) && height.is_none_or(is_number)).then_some((width, height))
}

fn may_have_addresses(text: &str) -> bool {
    text.contains("://") || text.contains("ww.")
}

/// Ranges of code in the text: there, nothing else is meant than what is written.
pub(super) fn code_ranges(text: &str, flavour: Flavour) -> Vec<Range<usize>> {
    let parser = Parser::new_ext(text, options(flavour)).into_offset_iter();
    parser
        .filter(|(event, _)| matches!(event, Event::Code(_) | Event::Start(Tag::CodeBlock(_))))
        .map(|(_, range)| range)
        .collect()
}

/// A piece of a line of Markdown: what it says, or a tag of HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Inline {
    Text(String),
    Tag(String),
}

/// One line of Markdown in pieces, emphasis, code and links taken off. Block structure is not looked for: `1. May`
/// is a date, not a list.
pub(super) fn inline(line: &str) -> Vec<Inline> {
    // A word in front of it, and no line can begin a block.
    let guarded = format!("x {line}");
    let mut pieces = Vec::new();
    for event in Parser::new_ext(&guarded, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(text) | Event::Code(text) => pieces.push(Inline::Text(text.into_string())),
            Event::SoftBreak | Event::HardBreak => pieces.push(Inline::Text(" ".into())),
            Event::InlineHtml(tag) | Event::Html(tag) => pieces.push(Inline::Tag(tag.into_string())),
            _ => {}
        }
    }
    if let Some(Inline::Text(first)) = pieces.first_mut() {
        *first = first.strip_prefix("x ").or_else(|| first.strip_prefix('x')).unwrap_or(first).to_owned();
    }
    pieces
}

fn options(flavour: Flavour) -> Options {
    let features = flavour.features();
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES;
    options.set(Options::ENABLE_DEFINITION_LIST, features.definitions);
    options.set(Options::ENABLE_SMART_PUNCTUATION, features.typographic);
    options.set(Options::ENABLE_SUPERSCRIPT | Options::ENABLE_SUBSCRIPT, features.scripts);
    options
}

/// The footnotes of a text, numbered as they are first referred to.
#[derive(Default)]
struct Notes<'a> {
    prefix: &'a str,
    order: Vec<CowStr<'a>>,
    /// Number, and how often it was referred to.
    numbers: HashMap<CowStr<'a>, (usize, usize)>,
    definitions: HashMap<CowStr<'a>, Vec<Event<'a>>>,
    /// Labels and events of the definitions that are being set aside, the innermost last.
    aside: Vec<(CowStr<'a>, Vec<Event<'a>>)>,
}

impl<'a> Notes<'a> {
    /// Keeps the events of definitions for later; gives back all others.
    fn set_aside(&mut self, event: Event<'a>) -> Option<Event<'a>> {
        match event {
            Event::Start(Tag::FootnoteDefinition(label)) => self.aside.push((label, Vec::new())),
            Event::End(TagEnd::FootnoteDefinition) => {
                if let Some((label, events)) = self.aside.pop() {
                    self.definitions.entry(label).or_insert(events);
                }
            }
            event => match self.aside.last_mut() {
                Some((_, events)) => events.push(event),
                None => return Some(event),
            },
        }
        None
    }

    /// The number and the text of the next note to be written. A note may itself refer to further ones.
    fn next(&mut self, last: usize) -> Option<(usize, Vec<Event<'a>>)> {
        let label = self.order.get(last)?;
        Some((last + 1, self.definitions.remove(label).unwrap_or_default()))
    }

    /// The number of a note, and how often it has been referred to by now.
    fn refer(&mut self, label: CowStr<'a>) -> (usize, usize) {
        let next = self.order.len() + 1;
        let (number, uses) = self.numbers.entry(label.clone()).or_insert_with(|| {
            self.order.push(label);
            (next, 0)
        });
        *uses += 1;
        (*number, *uses)
    }

    /// HTML of a reference to a note.
    fn reference(&mut self, label: CowStr<'a>) -> String {
        let (number, uses) = self.refer(label);
        let prefix = self.prefix;
        let again = if uses > 1 { format!("-{uses}") } else { String::new() };
        format!(
            "<sup id=\"fnref-{prefix}-{number}{again}\"><a href=\"#fn-{prefix}-{number}\">{number}</a></sup>"
        )
    }

    /// The notes that were referred to, as a list.
    fn write_into(mut self, out: &mut String) {
        let prefix = self.prefix;
        let mut last = 0;
        while let Some((number, definition)) = self.next(last) {
            last = number;
            out.push_str(if number == 1 { "<hr>\n<ol>\n" } else { "" });
            let mut note = String::new();
            html::push_html(&mut note, Events::new(definition.into_iter(), &mut self));
            let back = format!(" <a href=\"#fnref-{prefix}-{number}\">↩</a>");
            match note.trim_end().strip_suffix("</p>") {
                Some(start) => note = format!("{start}{back}</p>"),
                None => note.push_str(&back),
            }
            let _ = writeln!(out, "<li id=\"fn-{prefix}-{number}\">{note}</li>");
        }
        if last > 0 {
            out.push_str("</ol>\n");
        }
    }
}

/// The parser's events, with footnotes set aside, and images, task lists and bare addresses put as we want them.
struct Events<'n, 'a, I> {
    inner: I,
    notes: &'n mut Notes<'a>,
    waiting: VecDeque<Event<'a>>,
    /// Number of open links and blocks of code.
    verbatim: usize,
}

impl<'n, 'a, I: Iterator<Item = Event<'a>>> Events<'n, 'a, I> {
    fn new(inner: I, notes: &'n mut Notes<'a>) -> Self {
        Self { inner, notes, waiting: VecDeque::new(), verbatim: 0 }
    }

    fn link_addresses(&mut self, text: &str) {
        for piece in pieces(text) {
            match piece {
                Piece::Words(words) => self.waiting.push_back(Event::Text(words.to_owned().into())),
                Piece::Address { text, href } => {
                    let link = Tag::Link {
                        link_type: LinkType::Autolink,
                        dest_url: href.into(),
                        title: CowStr::Borrowed(""),
                        id: CowStr::Borrowed(""),
                    };
                    self.waiting.push_back(Event::Start(link));
                    self.waiting.push_back(Event::Text(text.to_owned().into()));
                    self.waiting.push_back(Event::End(TagEnd::Link));
                }
            }
        }
    }

    /// An image has no `alt` where its author gave none, so that a later pass can tell.
    fn image(&mut self, source: CowStr<'a>, title: CowStr<'a>) -> Event<'a> {
        let mut image = OpenImage::new(source, title);
        while image.depth > 0
            && let Some(event) = self.inner.next()
        {
            image.add(event);
        }
        let mut tag = format!("<img src=\"{}\"", escape(&image.source));
        // Obsidian writes the size of an image after its description: `![a cat|100x200](cat.jpg)`.
        if let Some((alt, size)) = image.alt.rsplit_once('|')
            && let Some((width, height)) = image_size(size)
        {
            let _ = write!(tag, " width=\"{width}\"");
            let _ = height.map(|height| write!(tag, " height=\"{height}\""));
            image.alt.truncate(alt.len());
        }
        for (name, value) in [("alt", &*image.alt), ("title", &*image.title)] {
            if !value.trim().is_empty() {
                let _ = write!(tag, " {name}=\"{}\"", escape(value));
            }
        }
        tag.push('>');
        Event::InlineHtml(tag.into())
    }
}

impl<'a, I: Iterator<Item = Event<'a>>> Iterator for Events<'_, 'a, I> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            let event = self.inner.next()?;
            let Some(event) = self.notes.set_aside(event) else { continue };
            match &event {
                Event::Start(Tag::Link { .. } | Tag::CodeBlock(_)) => self.verbatim += 1,
                Event::End(TagEnd::Link | TagEnd::CodeBlock) => {
                    self.verbatim = self.verbatim.saturating_sub(1);
                }
                _ => {}
            }
            return Some(match event {
                Event::Text(text) if self.verbatim == 0 && may_have_addresses(&text) => {
                    self.link_addresses(&text);
                    continue;
                }
                Event::FootnoteReference(label) => Event::InlineHtml(self.notes.reference(label).into()),
                Event::TaskListMarker(true) => Event::Text("☑ ".into()),
                Event::TaskListMarker(false) => Event::Text("☐ ".into()),
                Event::Start(Tag::Image { dest_url, title, .. }) => self.image(dest_url, title),
                event => event,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn footnotes_come_last_and_point_back() {
        let html = to_html(
            "One[^a], two[^b], one again[^a].\n\n[^b]: Second.\n[^a]: First, see[^b].\n",
            "x1",
            Flavour::Common,
        );
        assert!(html.contains("One<sup id=\"fnref-x1-1\"><a href=\"#fn-x1-1\">1</a></sup>"), "{html}");
        assert!(html.contains("<sup id=\"fnref-x1-1-2\"><a href=\"#fn-x1-1\">1</a></sup>"), "{html}");
        assert!(html.contains("<hr>\n<ol>\n<li id=\"fn-x1-1\"><p>First, see"), "{html}");
        assert!(html.contains("Second. <a href=\"#fnref-x1-2\">↩</a></p></li>\n</ol>"), "{html}");
    }

    #[test]
    fn a_footnote_that_refers_to_itself_ends() {
        assert!(to_html("x[^a]\n\n[^a]: again[^a]\n", "p", Flavour::Common).contains("again"));
    }

    #[test]
    fn bare_addresses_become_links_but_not_in_code_or_links() {
        assert_eq!(
            to_html(
                "Go to https://example.org/a_b_c. `https://x.org` [https://y.org](z)",
                "",
                Flavour::Common
            ),
            "<p>Go to <a href=\"https://example.org/a_b_c\">https://example.org/a_b_c</a>. <code>https://x.org</code> \
             <a href=\"z\">https://y.org</a></p>\n"
        );
    }

    #[test]
    fn task_lists_are_drawn_with_letters() {
        let html = to_html("- [x] done\n- [ ] to do\n", "", Flavour::Common);
        assert!(html.contains("☑ done") && html.contains("☐ to do"), "{html}");
    }

    #[test]
    fn an_image_without_a_description_says_so() {
        assert_eq!(
            to_html("![](a.png) ![*b* c](b.png \"t\")", "", Flavour::Common),
            "<p><img src=\"a.png\"> <img src=\"b.png\" alt=\"b c\" title=\"t\"></p>\n"
        );
    }
}
