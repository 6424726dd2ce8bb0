//! The elements of an XML document: `quick-xml` finds the tags, and here they get their places and namespaces.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;

use super::element::{Attribute, Elements, Kind, Vocabulary};
use super::entities::Entities;

/// Elements within elements. HTML that is deeper than that can only be meant as an attack.
const DEEPEST: usize = 500;

/// Declarations of namespaces that are in force at once: each name is looked up among them.
const MOST_NAMESPACES: usize = 200;

/// Goes once over a document, up to the end of its outermost element or to where it is not well formed.
pub(super) fn read(source: &str) -> Elements<'_> {
    let mut reader = Reader::from_str(source);
    let mut walk = Walk::over(source);
    loop {
        let start = position(reader.buffer_position());
        let event = match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(event) => event,
            Err(error) => {
                walk.elements.break_at(position(reader.error_position()), error.to_string());
                break;
            }
        };
        let span = start..position(reader.buffer_position());
        if let Err(reason) = walk.take(&event, span) {
            walk.elements.break_at(start, reason);
        }
        if walk.elements.broken.is_some() || walk.is_at_end() {
            break;
        }
    }
    walk.finish()
}

fn position(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

/// State of the reader between two events.
struct Walk<'a> {
    elements: Elements<'a>,
    entities: Entities<'a>,
    /// Prefixes, their namespaces, and at which depth they were declared.
    bindings: Vec<(usize, &'a str, Cow<'a, str>)>,
    /// The namespace of the feed's own elements, and what it is taken for.
    own: Option<(Cow<'a, str>, Vocabulary)>,
    depth: usize,
    /// Open elements of markup, of which no account is kept.
    markup: usize,
}

impl<'a> Walk<'a> {
    fn over(source: &'a str) -> Self {
        Self {
            elements: Elements::of(source),
            entities: Entities::none(),
            bindings: Vec::new(),
            own: None,
            depth: 0,
            markup: 0,
        }
    }

    fn source(&self, span: Range<usize>) -> &'a str {
        self.elements.source.get(span).unwrap_or_default()
    }

    fn is_at_end(&self) -> bool {
        self.depth == 0 && self.elements.root().is_some()
    }

    fn take(&mut self, event: &Event<'_>, span: Range<usize>) -> Result<(), String> {
        match event {
            Event::Start(_) => self.start(span)?,
            Event::Empty(_) => {
                let end = span.end;
                self.start(span)?;
                self.end(end..end);
            }
            Event::End(_) => self.end(span),
            Event::Text(_) => self.text(with_line_feeds(self.source(span))),
            Event::CData(_) => {
                let inner =
                    self.source(span).strip_prefix("<![CDATA[").and_then(|cdata| cdata.strip_suffix("]]>"));
                self.text(with_line_feeds(inner.unwrap_or_default()));
            }
            Event::GeneralRef(_) => {
                let reference = self.source(span);
                let name = reference.strip_prefix('&').and_then(|name| name.strip_suffix(';'));
                let mut text = String::new();
                self.entities.resolve_into(name.unwrap_or_default(), &mut text)?;
                self.text(Cow::Owned(text));
            }
            Event::DocType(_) => {
                let doctype = self.source(span);
                self.entities.declare(doctype);
            }
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::Eof => {}
        }
        Ok(())
    }

    fn start(&mut self, span: Range<usize>) -> Result<(), String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("elements are nested more than {DEEPEST} deep"));
        }
        if self.markup > 0 || self.elements.takes_as_markup() {
            self.markup += 1;
            return Ok(());
        }
        let tag = self.source(span.clone()).trim_start_matches('<');
        let tag = tag.strip_suffix("/>").or_else(|| tag.strip_suffix('>')).unwrap_or(tag);
        let end = tag.find(|letter: char| letter.is_ascii_whitespace()).unwrap_or(tag.len());
        let (name, _) = tag.split_at(end);
        let attributes = self.attributes(tag, end)?;
        let vocabulary = self.vocabulary(name);
        self.elements.open(Cow::Borrowed(name), vocabulary, Kind::Text, span, attributes);
        Ok(())
    }

    fn attributes(&mut self, tag: &'a str, end: usize) -> Result<Vec<Attribute<'a>>, String> {
        let mut attributes = Vec::new();
        for attribute in Attributes::html(tag, end).with_checks(false).flatten() {
            let name = std::str::from_utf8(attribute.key.0).unwrap_or_default();
            let Cow::Borrowed(written) = attribute.value else { continue };
            let written = std::str::from_utf8(written).unwrap_or_default();
            let value = self.entities.resolve(written)?;
            if let Some(prefix) = namespace_declared(name) {
                if self.bindings.len() >= MOST_NAMESPACES {
                    return Err(format!("it declares more than {MOST_NAMESPACES} namespaces"));
                }
                self.bindings.push((self.depth, prefix, value.clone()));
            }
            let from = offset(self.elements.source, written);
            attributes.push(Attribute { name, value, span: from..from + written.len() });
        }
        Ok(attributes)
    }

    fn end(&mut self, tag: Range<usize>) {
        if self.markup > 0 {
            self.markup -= 1;
        } else {
            self.elements.close(tag);
        }
        let depth = self.depth;
        while self.bindings.pop_if(|(declared, ..)| *declared >= depth).is_some() {}
        self.depth = depth.saturating_sub(1);
    }

    fn text(&mut self, piece: Cow<'a, str>) {
        if self.elements.is_open() {
            self.elements.text(piece);
        }
    }

    /// The vocabulary of an element that begins here. Feeds that declare a strange namespace for all that is theirs,
    /// or none, are read as if it were the right one.
    fn vocabulary(&mut self, name: &str) -> Vocabulary {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let bound = self.bindings.iter().rev().find(|(_, known, _)| *known == prefix);
        let uri = match bound {
            Some((.., uri)) => uri.clone(),
            None if prefix.is_empty() => Cow::Borrowed(""),
            None => return Vocabulary::of_prefix(prefix),
        };
        let is_own = self.depth == 1 || (self.own.is_none() && local == "channel");
        match (self.depth, local) {
            (1, "feed") => self.own = Some((uri.clone(), Vocabulary::Atom)),
            (1, "RDF") => return Vocabulary::Rdf,
            _ if is_own => self.own = Some((uri.clone(), Vocabulary::Core)),
            _ => {}
        }
        match &self.own {
            Some((own, vocabulary)) if *own == uri => *vocabulary,
            _ => Vocabulary::of_uri(&uri),
        }
    }

    fn finish(mut self) -> Elements<'a> {
        let end = self.elements.source.len();
        if self.depth > 0 {
            self.elements.break_at(end, "it ends within an element".to_owned());
        }
        self.elements.finish()
    }
}

/// The prefix that an attribute declares.
fn namespace_declared(name: &str) -> Option<&str> {
    if name == "xmlns" { Some("") } else { name.strip_prefix("xmlns:") }
}

/// Byte at which `piece`, a part of `text`, begins in it.
fn offset(text: &str, piece: &str) -> usize {
    piece.as_ptr().addr().saturating_sub(text.as_ptr().addr())
}

/// XML 1.0 section 2.11: whatever ends a line is read as a line feed.
fn with_line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::super::element::Node;
    use super::*;

    #[test]
    fn every_element_and_attribute_says_where_it_stands() {
        let source = "<?xml version='1.0'?>\n<rss a='1'><channel>é<link  href = \"x&amp;y\"/>\
                      <title>T<b>o</b><![CDATA[m]]>&amp;</title></channel></rss>";
        let elements = read(source);
        let root = elements.root().unwrap();
        let channel = root.children().next().unwrap();
        let [link, title] = channel.children().collect::<Vec<_>>()[..] else { panic!("two elements") };
        let href = link.attribute("href").unwrap();
        assert_eq!((&*href.text, &source[href.span]), ("x&y", "x&amp;y"));
        assert_eq!(title.stated().unwrap().text, "Tom&");
        let markup = title.markup().unwrap();
        assert_eq!(&source[markup.span], "T<b>o</b><![CDATA[m]]>&amp;");
        assert!(elements.broken.is_none());
    }

    #[test]
    fn names_belong_to_namespaces_whatever_their_prefix() {
        let source = "<a:feed xmlns:a='http://www.w3.org/2005/Atom' xmlns:d='http://purl.org/dc/elements/1.1/'>\
                      <a:id/><d:date/><dc:date/><x xmlns='http://www.w3.org/1999/xhtml'/><y/></a:feed>";
        let elements = read(source);
        let found: Vec<Vocabulary> = elements.root().unwrap().children().map(Node::vocabulary).collect();
        let dublin_core = Vocabulary::DublinCore;
        let expected = [Vocabulary::Atom, dublin_core, dublin_core, Vocabulary::Xhtml, Vocabulary::Core];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_broken_document_gives_what_was_before_the_break() {
        let source = "<rss><channel><title>A</title></item></channel></rss>";
        let elements = read(source);
        let channel = elements.root().unwrap().children().next().unwrap();
        assert_eq!(channel.said(Vocabulary::Core, "title").unwrap().text, "A");
        assert!(!channel.is_whole());
        assert_eq!(elements.broken.unwrap().at, source.find("</item>").unwrap());
    }

    #[test]
    fn depth_numbers_and_namespaces_have_a_limit() {
        let reason = |source: &str| read(source).broken.unwrap().reason;
        assert!(reason(&"<rss>".repeat(100_000)).contains("deep"));
        assert!(reason(&format!("<rss>{}", "<x/>".repeat(1 << 21))).contains("more than 1048576 elements"));
        let many: String =
            (0..300).map(|number| format!(" xmlns:a{number}='x'")).collect::<Vec<_>>().concat();
        assert!(reason(&format!("<rss{many}/>")).contains("more than 200 namespaces"));
    }
}
