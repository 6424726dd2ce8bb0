//! RSS 0.9x, 1.0 and 2.0.

use std::borrow::Cow;

use super::element::{Node, Vocabulary};
use super::{
    Base, SourceCategory, SourceEntry, SourceFeed, SourceLink, SourcePerson, SourceText, Stated, TextKind,
    atom, media,
};
use crate::format::Format;
use Vocabulary::{Content, Core, CreativeCommons, DublinCore};

pub(super) fn feed<'a>(root: Node<'_, 'a>, base: &Base) -> SourceFeed<'a> {
    let base = &base.within(root);
    // In RSS 1.0 the items stand beside the channel, and they did in the first version of Netscape's, too.
    let items = root.find_all(|node| node.is(Core, "item")).into_iter();
    let feed = SourceFeed {
        entries: items.filter(|item| item.is_whole()).map(|item| entry(item, base)).collect(),
        ..SourceFeed::of(Format::Rss)
    };
    match root.all(Core, "channel").next() {
        Some(channel) => of_channel(channel, base, feed),
        None => feed,
    }
}

fn of_channel<'a>(channel: Node<'_, 'a>, base: &Base, feed: SourceFeed<'a>) -> SourceFeed<'a> {
    let images = channel.all(Core, "image").filter_map(|image| image.said(Core, "url"));
    let dates = ["lastBuildDate", "pubDate"].into_iter().filter_map(|name| channel.said(Core, name));
    SourceFeed {
        title: text(channel, "title", TextKind::Unstated),
        description: text(channel, "description", TextKind::Unstated),
        links: pages(channel, base)
            .chain(images.map(|url| SourceLink::new("logo", url, base)))
            .chain(atom::links(channel, base))
            .chain(licence(channel, base))
            .collect(),
        updated: first_readable(dates),
        language: channel.said(Core, "language"),
        authors: channel.said(Core, "managingEditor").map(mail).into_iter().collect(),
        categories: categories(channel, base),
        rights: text(channel, "copyright", TextKind::Plain),
        generator: channel.said(Core, "generator").map(|generator| (generator, None)),
        ttl: channel.said(Core, "ttl"),
        extensions: extensions(channel),
        ..feed
    }
}

fn entry<'a>(item: Node<'_, 'a>, base: &Base) -> SourceEntry<'a> {
    let base = &base.within(item);
    let guid = item.all(Core, "guid").filter(|guid| guid.stated().is_some()).last();
    let is_permalink =
        |guid: Node<'_, 'a>| guid.attribute("isPermaLink").is_none_or(|said| said.text != "false");
    let about = || item.attribute_where(|name| name.rsplit(':').next() == Some("about"));
    let creators: Vec<_> = item.all(DublinCore, "creator").filter_map(Node::stated).collect();
    let author = item.said(Core, "author").filter(|_| creators.is_empty());
    let dates = item.children().filter(|child| child.is(Core, "pubDate") || child.is(DublinCore, "date"));
    let changes = item
        .children()
        .filter(|child| child.name().contains(':') && ["updated", "modified"].contains(&child.local()));
    let mut links: Vec<_> = pages(item, base).collect();
    if links.is_empty() {
        let permalink = guid.filter(|guid| is_permalink(*guid)).and_then(Node::stated);
        links.extend(permalink.map(|permalink| SourceLink::new("alternate", permalink, base)));
    }
    links.extend(other_links(item, base));
    SourceEntry {
        id: guid.and_then(Node::stated).or_else(about),
        id_is_permalink: guid.map(is_permalink),
        title: text(item, "title", TextKind::Unstated),
        links,
        published: first_readable(dates.filter_map(Node::stated)),
        updated: first_readable(changes.filter_map(Node::stated)),
        summary: text(item, "description", TextKind::Html),
        content: item.said(Content, "encoded").map(|text| SourceText {
            text,
            kind: TextKind::Html,
            language: None,
        }),
        authors: creators.into_iter().map(named).chain(author.map(mail)).collect(),
        categories: categories(item, base),
        language: item.said(DublinCore, "language"),
        rights: item.said(DublinCore, "rights").map(|text| SourceText {
            text,
            kind: TextKind::Plain,
            language: None,
        }),
        extensions: extensions(item),
    }
}

/// The pages, the last first: of several it is the last that counts.
fn pages<'a>(of: Node<'_, 'a>, base: &Base) -> impl Iterator<Item = SourceLink<'a>> {
    let pages: Vec<_> = of.all(Core, "link").filter_map(Node::stated).collect();
    pages.into_iter().rev().map(|href| SourceLink::new("alternate", href, base))
}

fn other_links<'a>(item: Node<'_, 'a>, base: &Base) -> Vec<SourceLink<'a>> {
    let enclosures = item.all(Core, "enclosure").filter_map(|enclosure| {
        Some(SourceLink {
            media_type: enclosure.attribute("type"),
            length: enclosure.attribute("length"),
            ..SourceLink::new("enclosure", enclosure.attribute("url")?, base)
        })
    });
    let source = item.all(Core, "source").filter_map(|source| {
        Some(SourceLink { title: source.stated(), ..SourceLink::new("via", source.attribute("url")?, base) })
    });
    let comments = item.said(Core, "comments").map(|href| SourceLink::new("replies", href, base));
    let others = enclosures.chain(media::links(item, base)).chain(source);
    others.chain(comments).chain(licence(item, base)).collect()
}

fn licence<'a>(of: Node<'_, 'a>, base: &Base) -> Option<SourceLink<'a>> {
    of.said(CreativeCommons, "license").map(|href| SourceLink::new("license", href, base))
}

fn categories<'a>(of: Node<'_, 'a>, base: &Base) -> Vec<SourceCategory<'a>> {
    let category = |category: Node<'_, 'a>| {
        let scheme = category.attribute("domain").map(|domain| SourceLink::new("scheme", domain, base));
        Some(SourceCategory { term: category.stated()?, scheme })
    };
    of.all(Core, "category").filter_map(category).collect()
}

fn named(name: Stated<'_>) -> SourcePerson<'_> {
    SourcePerson { name: Some(name), ..SourcePerson::default() }
}

/// `mail (Name)`, or whatever else people write there.
fn mail(written: Stated<'_>) -> SourcePerson<'_> {
    let (email, name) = written.text.split_once('(').unwrap_or((&written.text, ""));
    if !email.contains('@') {
        return named(written);
    }
    let part = |part: &str| Stated::new(&Cow::Owned(part.to_owned()), written.span.clone());
    SourcePerson { name: part(name.trim_end().trim_end_matches(')')), email: part(email), page: None }
}

/// Text of an element. Where some put elements without escaping them, their source is the text.
fn text<'a>(of: Node<'_, 'a>, name: &'static str, kind: TextKind) -> Option<SourceText<'a>> {
    let node = of.all(Core, name).filter(|node| node.markup().is_some()).last()?;
    Some(SourceText { text: node.content()?, kind, language: None })
}

/// The first that is a date, or else the first.
fn first_readable<'a>(mut dates: impl Iterator<Item = Stated<'a>>) -> Option<Stated<'a>> {
    let first = dates.next()?;
    if first.date().is_some() {
        return Some(first);
    }
    Some(dates.find(|date| date.date().is_some()).unwrap_or(first))
}

fn extensions<'a>(of: Node<'_, 'a>) -> Vec<super::Extension<'a>> {
    of.children().filter(|child| child.vocabulary() != Core).map(Node::extension).collect()
}
