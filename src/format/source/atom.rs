//! Atom 0.3 and 1.0, and its links in RSS.

use std::borrow::Cow;

use super::element::{Node, Vocabulary};
use super::{
    Base, SourceCategory, SourceEntry, SourceFeed, SourceLink, SourcePerson, SourceText, Stated, TextKind,
    media,
};
use crate::format::Format;
use Vocabulary::Atom;

/// Prefix that a relation of IANA's registry may be written with: RFC 4287 section 4.2.7.2.
const REGISTRY: &str = "http://www.iana.org/assignments/relation/";

pub(super) fn feed<'a>(root: Node<'_, 'a>, base: &Base) -> SourceFeed<'a> {
    let base = &base.within(root);
    let image = |name, rel| root.said(Atom, name).map(|href| SourceLink::new(rel, href, base));
    let entries = root.all(Atom, "entry").filter(|entry| entry.is_whole());
    let generator = root.all(Atom, "generator").last();
    SourceFeed {
        id: root.said(Atom, "id"),
        title: text(root, &["title"]),
        description: text(root, &["subtitle", "tagline"]),
        links: links(root, base).chain(image("icon", "icon")).chain(image("logo", "logo")).collect(),
        updated: date(root, ["updated", "modified"]),
        language: root.attribute("xml:lang"),
        authors: people(root, base),
        categories: categories(root, base),
        rights: text(root, &["rights", "copyright"]),
        generator: generator
            .and_then(|by| Some((by.stated()?, by.attribute("uri").or_else(|| by.attribute("url"))))),
        entries: entries.map(|node| entry(node, base)).collect(),
        extensions: extensions(root),
        ..SourceFeed::of(Format::Atom)
    }
}

fn entry<'a>(entry: Node<'_, 'a>, base: &Base) -> SourceEntry<'a> {
    let base = &base.within(entry);
    let (title, content) = (text(entry, &["title"]), text(entry, &["content"]));
    let language = |text: &Option<SourceText<'a>>| text.as_ref()?.language.clone();
    SourceEntry {
        id: entry.said(Atom, "id"),
        links: links(entry, base).chain(media::links(entry, base)).collect(),
        published: date(entry, ["published", "issued"]),
        updated: date(entry, ["updated", "modified"]),
        summary: text(entry, &["summary"]),
        authors: people(entry, base),
        categories: categories(entry, base),
        language: language(&content).or_else(|| language(&title)),
        rights: text(entry, &["rights"]),
        extensions: extensions(entry),
        id_is_permalink: None,
        title,
        content,
    }
}

/// The links of an element.
pub(super) fn links<'a>(of: Node<'_, 'a>, base: &Base) -> impl Iterator<Item = SourceLink<'a>> {
    of.all(Atom, "link").filter_map(|link| {
        let rel = link.attribute("rel").map_or(Cow::Borrowed("alternate"), |rel| without_registry(rel.text));
        Some(SourceLink {
            media_type: link.attribute("type"),
            title: link.attribute("title"),
            length: link.attribute("length"),
            ..SourceLink::new(rel, link.attribute("href")?, &base.within(link))
        })
    })
}

fn without_registry(rel: Cow<'_, str>) -> Cow<'_, str> {
    match rel.strip_prefix(REGISTRY) {
        Some(name) => Cow::Owned(name.to_owned()),
        None => rel,
    }
}

/// The last text of the first of these names that there is.
fn text<'a>(of: Node<'_, 'a>, names: &[&'static str]) -> Option<SourceText<'a>> {
    let node = names.iter().find_map(|name| of.all(Atom, name).last())?;
    let stated = node.attribute("type");
    let stated = stated.as_ref().map_or("text", |stated| &stated.text);
    let is_escaped = node.attribute("mode").is_some_and(|mode| mode.text == "escaped");
    let (text, kind) = match stated {
        "text" | "text/plain" => (node.stated(), TextKind::Plain),
        "html" | "text/html" => (node.content(), TextKind::Html),
        _ if is_escaped => (node.stated(), TextKind::Html),
        _ => (node.markup(), TextKind::Html),
    };
    Some(SourceText { text: text?, kind, language: node.attribute("xml:lang") })
}

fn date<'a>(of: Node<'_, 'a>, names: [&'static str; 2]) -> Option<Stated<'a>> {
    names.into_iter().find_map(|name| of.said(Atom, name))
}

fn people<'a>(of: Node<'_, 'a>, base: &Base) -> Vec<SourcePerson<'a>> {
    let person = |person: Node<'_, 'a>| SourcePerson {
        name: person.said(Atom, "name"),
        email: person.said(Atom, "email"),
        page: person
            .said(Atom, "uri")
            .or_else(|| person.said(Atom, "url"))
            .map(|href| SourceLink::new("author", href, base)),
    };
    of.all(Atom, "author").map(person).collect()
}

fn categories<'a>(of: Node<'_, 'a>, base: &Base) -> Vec<SourceCategory<'a>> {
    let category = |category: Node<'_, 'a>| {
        let scheme = category.attribute("scheme").map(|scheme| SourceLink::new("scheme", scheme, base));
        Some(SourceCategory { term: category.attribute("term")?, scheme })
    };
    of.all(Atom, "category").filter_map(category).collect()
}

fn extensions<'a>(of: Node<'_, 'a>) -> Vec<super::Extension<'a>> {
    of.children().filter(|child| child.vocabulary() != Atom).map(Node::extension).collect()
}
