//! JSON Feed 1.0 and 1.1: its values with their places, and what they say.
//!
//! `serde_json` knows no places and gives nothing of a document that is broken; so the brackets are followed here,
//! without recursion, and it reads the strings between them.

use std::borrow::Cow;
use std::ops::Range;

use super::element::{Elements, Kind, Node, Vocabulary};
use super::{
    Base, SourceCategory, SourceEntry, SourceFeed, SourceLink, SourcePerson, SourceText, Stated, TextKind,
};
use crate::format::Format;

/// Values within values: a JSON Feed has five.
const DEEPEST: usize = 100;

/// The values of a document, or those before it breaks off.
pub(super) fn read(source: &str) -> Elements<'_> {
    let mut scan = Scan { elements: Elements::of(source), at: 0, open: Vec::new() };
    if let Err(reason) = scan.run() {
        let at = scan.at;
        scan.elements.break_at(at, reason);
    }
    scan.elements.finish()
}

struct Scan<'a> {
    elements: Elements<'a>,
    at: usize,
    /// Of each open value, whether it is an object.
    open: Vec<bool>,
}

impl<'a> Scan<'a> {
    fn run(&mut self) -> Result<(), String> {
        self.value(Cow::Borrowed(""))?;
        while let Some(&is_object) = self.open.last() {
            if self.elements.broken.is_some() {
                return Ok(());
            }
            self.blank();
            let end = if is_object { '}' } else { ']' };
            if self.takes(end) {
                self.open.pop();
                self.elements.close(self.at - 1..self.at);
                self.after_value()?;
                continue;
            }
            let key = if is_object { self.key()? } else { Cow::Borrowed("") };
            self.value(key)?;
        }
        self.blank();
        if self.at < self.elements.source.len() {
            Err("there is more after its end".to_owned())
        } else {
            Ok(())
        }
    }

    fn key(&mut self) -> Result<Cow<'a, str>, String> {
        let (key, _) = self.string()?;
        self.blank();
        if !self.takes(':') {
            return Err("expected `:`".to_owned());
        }
        Ok(key)
    }

    /// Opens an object or an array, or takes a whole value of another kind.
    fn value(&mut self, key: Cow<'a, str>) -> Result<(), String> {
        self.blank();
        let start = self.at;
        if self.takes('{') || self.takes('[') {
            let is_object = self.elements.source.as_bytes().get(start) == Some(&b'{');
            let kind = if is_object { Kind::Object } else { Kind::Array };
            self.elements.open(key, Vocabulary::Core, kind, start..self.at, Vec::new());
            self.open.push(is_object);
            return if self.open.len() > DEEPEST {
                Err(format!("values are nested more than {DEEPEST} deep"))
            } else {
                Ok(())
            };
        }
        let (text, span, kind) = match self.rest().chars().next() {
            Some('"') => self.string().map(|(text, span)| (text, span, Kind::Text))?,
            _ => self.scalar()?,
        };
        self.elements.open(key, Vocabulary::Core, kind, span.start..span.start, Vec::new());
        self.elements.text(text);
        self.elements.close(span.end..span.end);
        self.after_value()
    }

    /// A comma, unless the value was the last.
    fn after_value(&mut self) -> Result<(), String> {
        self.blank();
        let Some(&is_object) = self.open.last() else { return Ok(()) };
        let end = if is_object { '}' } else { ']' };
        if self.rest().starts_with(end) {
            return Ok(());
        }
        if !self.takes(',') {
            return Err(format!("expected `,` or `{end}`"));
        }
        self.blank();
        if self.rest().starts_with(end) { Err("a comma before the end".to_owned()) } else { Ok(()) }
    }

    /// A string, and where it stands between its quotes.
    fn string(&mut self) -> Result<(Cow<'a, str>, Range<usize>), String> {
        let rest = self.rest();
        let inner = rest.strip_prefix('"').ok_or("expected a string")?;
        let mut is_escaped = false;
        let end = inner.bytes().position(|byte| {
            let ends = byte == b'"' && !is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            ends
        });
        let end = end.ok_or("it ends within a string")?;
        let (whole, inner) = (rest.get(..end + 2).unwrap_or_default(), inner.get(..end).unwrap_or_default());
        let text = if inner.bytes().any(|byte| byte == b'\\' || byte < b' ') {
            Cow::Owned(serde_json::from_str::<String>(whole).map_err(|_| "a string that is not valid")?)
        } else {
            Cow::Borrowed(inner)
        };
        let start = self.at + 1;
        self.at += end + 2;
        Ok((text, start..start + end))
    }

    fn scalar(&mut self) -> Result<(Cow<'a, str>, Range<usize>, Kind), String> {
        let rest = self.rest();
        let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && !"+-.".contains(letter));
        let word = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        let kind = match word {
            "true" | "false" | "null" => Kind::Literal,
            _ if serde_json::from_str::<serde_json::Number>(word).is_ok() => Kind::Number,
            _ => return Err("expected a value".to_owned()),
        };
        let start = self.at;
        self.at += word.len();
        Ok((Cow::Borrowed(word), start..self.at, kind))
    }

    fn rest(&self) -> &'a str {
        self.elements.source.get(self.at..).unwrap_or_default()
    }

    fn blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn takes(&mut self, letter: char) -> bool {
        let is_there = self.rest().starts_with(letter);
        self.at += usize::from(is_there);
        is_there
    }
}

/// The feed that the values state.
pub(super) fn feed<'a>(elements: &Elements<'a>, base: &Base) -> Result<SourceFeed<'a>, String> {
    let root = elements.root().filter(|root| root.kind() == Kind::Object).ok_or("it is not an object")?;
    let version = string(root, "version").map(|version| version.text).unwrap_or_default();
    if !version.contains("jsonfeed.org/version/") {
        return Err("its `version` is not that of a JSON Feed".to_owned());
    }
    let link = |key, rel| link(root, key, rel, base);
    let icon = link("icon", "icon").or_else(|| link("favicon", "icon"));
    let links =
        [link("home_page_url", "alternate"), link("feed_url", "self"), link("next_url", "next"), icon];
    let hubs = array(root, "hubs").into_iter().filter_map(|hub| self::link(hub, "url", "hub", base));
    Ok(SourceFeed {
        title: text(root, "title", TextKind::Plain),
        description: text(root, "description", TextKind::Plain),
        links: links.into_iter().flatten().chain(hubs).collect(),
        language: string(root, "language"),
        authors: authors(root, base),
        entries: array(root, "items")
            .into_iter()
            .filter(|item| item.is_whole())
            .map(|item| entry(item, base))
            .collect(),
        ..SourceFeed::of(Format::Json)
    })
}

fn entry<'a>(item: Node<'_, 'a>, base: &Base) -> SourceEntry<'a> {
    let link = |key, rel| link(item, key, rel, base);
    let page = link("url", "alternate").or_else(|| link("external_url", "alternate"));
    let image = link("image", "cover").or_else(|| link("banner_image", "cover"));
    let links = [page, link("external_url", "related"), image].into_iter().flatten();
    let attachments =
        array(item, "attachments").into_iter().filter_map(|attachment| enclosure(attachment, base));
    let html = text(item, "content_html", TextKind::Html);
    SourceEntry {
        id: member(item, "id")
            .filter(|id| matches!(id.kind(), Kind::Text | Kind::Number))
            .and_then(Node::stated),
        title: text(item, "title", TextKind::Plain),
        links: links.chain(attachments).collect(),
        published: string(item, "date_published"),
        updated: string(item, "date_modified"),
        summary: text(item, "summary", TextKind::Plain),
        content: html.or_else(|| text(item, "content_text", TextKind::Plain)),
        authors: authors(item, base),
        categories: array(item, "tags")
            .into_iter()
            .filter(|tag| tag.kind() == Kind::Text)
            .filter_map(|tag| Some(SourceCategory { term: tag.stated()?, scheme: None }))
            .collect(),
        language: string(item, "language"),
        extensions: item
            .children()
            .filter(|member| member.name().starts_with('_'))
            .map(Node::extension)
            .collect(),
        ..SourceEntry::default()
    }
}

/// Version 1 of JSON Feed had one `author`.
fn authors<'a>(of: Node<'_, 'a>, base: &Base) -> Vec<SourcePerson<'a>> {
    let several = array(of, "authors");
    let authors = if several.is_empty() { member(of, "author").into_iter().collect() } else { several };
    let person = |author: Node<'_, 'a>| SourcePerson {
        name: string(author, "name"),
        email: None,
        page: link(author, "url", "author", base),
    };
    authors.into_iter().map(person).collect()
}

fn enclosure<'a>(attachment: Node<'_, 'a>, base: &Base) -> Option<SourceLink<'a>> {
    let number = |key| member(attachment, key).filter(|value| value.kind() == Kind::Number)?.stated();
    Some(SourceLink {
        media_type: string(attachment, "mime_type"),
        title: string(attachment, "title"),
        length: number("size_in_bytes"),
        duration: number("duration_in_seconds"),
        ..link(attachment, "url", "enclosure", base)?
    })
}

/// The value of a key. What is said twice is said by the last.
fn member<'e, 'a>(object: Node<'e, 'a>, key: &str) -> Option<Node<'e, 'a>> {
    object.children().filter(|member| object.kind() == Kind::Object && member.name() == key).last()
}

fn array<'e, 'a>(object: Node<'e, 'a>, key: &str) -> Vec<Node<'e, 'a>> {
    let array = member(object, key).filter(|value| value.kind() == Kind::Array);
    array.into_iter().flat_map(Node::children).collect()
}

fn string<'a>(object: Node<'_, 'a>, key: &str) -> Option<Stated<'a>> {
    member(object, key).filter(|value| value.kind() == Kind::Text)?.stated()
}

fn text<'a>(object: Node<'_, 'a>, key: &str, kind: TextKind) -> Option<SourceText<'a>> {
    string(object, key).map(|text| SourceText { text, kind, language: None })
}

fn link<'a>(object: Node<'_, 'a>, key: &str, rel: &'static str, base: &Base) -> Option<SourceLink<'a>> {
    string(object, key).map(|href| SourceLink::new(rel, href, base))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn broken(source: &str) -> (usize, String) {
        let broken = read(source).broken.unwrap_or_else(|| panic!("{source} is valid"));
        (broken.at, broken.reason)
    }

    #[test]
    fn every_value_says_where_it_stands() {
        let source = r#"{"items": [{"id": 7, "title": "a\u00e9\"b"}, {"id": " x "}], "end": null}"#;
        let elements = read(source);
        let items = array(elements.root().unwrap(), "items");
        let title = string(items[0], "title").unwrap();
        assert_eq!((&*title.text, &source[title.span]), ("aé\"b", r#"a\u00e9\"b"#));
        let id = string(items[1], "id").unwrap();
        assert_eq!((&*id.text, &source[id.span]), ("x", "x"));
        assert!(elements.broken.is_none());
    }

    #[test]
    fn a_broken_document_gives_what_was_before_the_break() {
        let source =
            r#"{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1"}, {"id": "2", }]}"#;
        let elements = read(source);
        let feed = feed(&elements, &Base::none()).unwrap();
        assert_eq!(feed.entries.len(), 1);
        assert_eq!(elements.broken.unwrap().at, source.rfind("}]").unwrap());
    }

    #[test]
    fn what_is_not_json_breaks() {
        for source in [
            "",
            "{",
            "[",
            "{}x",
            "{]",
            "[}",
            "[1,]",
            "[1 2]",
            "{1:2}",
            r#"{"a"}"#,
            "[\"a\nb\"]",
            "[01]",
            "[tru]",
            "\"a",
            r#"["\x"]"#,
        ] {
            broken(source);
        }
        assert_eq!(broken("[1, x]"), (4, "expected a value".to_owned()));
        assert!(broken(&"[".repeat(100_000)).1.contains("deep"));
        assert!(broken(&"{\"a\":".repeat(100_000)).1.contains("deep"));
    }

    proptest! {
        #[test]
        fn what_serde_reads_is_read(source in r#"([\[\]{}:, 1\-]|"a"|"\\\\"|"\\""|null|true|1.5e3|é){0,12}"#) {
            let valid = serde_json::from_str::<serde_json::Value>(&source).is_ok();
            prop_assert_eq!(read(&source).broken.is_none(), valid);
        }
    }
}
