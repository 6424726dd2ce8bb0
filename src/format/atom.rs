//! Atom 1.0, RFC 4287, through the `atom_syndication` crate.
//!
//! The crate writes a feed without entries and each entry alone. Two things it would get wrong in a whole feed come
//! out right this way: what a feed says of itself stands before its entries (section 4.1.1), and an entry needs no
//! namespace of its own. We write `type="html"` and never `xhtml`, which readers handle each in their own way.

use std::collections::BTreeMap;

use atom_syndication::extension::{Extension as AtomExtension, ExtensionMap};
use atom_syndication::{Content, FixedDateTime, Generator, Link, Text as AtomText, WriteConfig};
use chrono::{DateTime, Utc};
use url::Url;

use super::extension::{self, Extension};
use super::xml::{self, Layout, XmlSafe};
use super::{
    Extent, Format, Fragment, GENERATOR, GENERATOR_VERSION, Namespaces, Shell, address, date, email,
    in_memory, stated, synopsis, title, whole_text,
};
use crate::feed::{Category, Entry, Feed, Person};

const ENTRY_ALONE: &[u8] = b"<entry xmlns=\"http://www.w3.org/2005/Atom\">";
const TAIL: &[u8] = b"\n</feed>";
const COMPACT: WriteConfig = WriteConfig { write_document_declaration: false, indent_size: None };

/// The media type of pages that people read.
const PAGE: &str = "text/html";

/// So many characters of its text stand in for the title of a note.
const TITLE_LENGTH: usize = 60;

pub(super) fn fragment(entry: &Entry, extent: Extent) -> Fragment {
    let (entry, namespaces) = entry_in_atom(entry, extent);
    let written = entry.write_with_config(XmlSafe::default(), COMPACT);
    let written = in_memory(written).into_bytes();
    let inner = written.strip_prefix(ENTRY_ALONE).expect("the crate begins an entry as it always does");
    let bytes = xml::respell(&[b"<entry>", inner].concat(), Layout::OneLine, spell);
    Fragment { bytes, namespaces }
}

pub(super) fn shell(feed: &Feed, location: &Url, namespaces: Namespaces) -> Shell {
    let written = feed_in_atom(feed, location, namespaces).write_with_config(XmlSafe::default(), COMPACT);
    let written = in_memory(written).into_bytes();
    let feed = xml::respell(&written, Layout::LinePerElement, spell);
    let feed = feed.strip_suffix(TAIL).expect("the crate ends a feed as it always does");
    Shell { head: [xml::PROLOG, feed, b"\n"].concat(), between: b"\n", tail: [TAIL, b"\n"].concat() }
}

/// The crate writes UTC as `+00:00`; some readers only know `Z`.
fn spell(element: &[u8], text: &[u8], out: &mut Vec<u8>) {
    let is_date = element == b"updated" || element == b"published";
    match text.strip_suffix(b"+00:00") {
        Some(date) if is_date => out.extend([date, b"Z"].concat()),
        _ => xml::replace_references(text, &xml::QUOTES, out),
    }
}

fn feed_in_atom(feed: &Feed, location: &Url, namespaces: Namespaces) -> atom_syndication::Feed {
    let title = title(feed);
    let mut links = vec![
        link("self", location, Some(Format::Atom.media_type())),
        // The only alternate, though the feed has other formats: newsboat takes the last one for the site.
        link("alternate", &feed.home, Some(PAGE)),
    ];
    links.extend(feed.hubs.iter().map(|hub| link("hub", hub, None)));
    links.extend(feed.licence.iter().map(|licence| link("license", licence, Some(PAGE))));
    let mut authors: Vec<_> = feed.authors.iter().filter_map(person).collect();
    if authors.is_empty() {
        // RFC 4287 section 4.1.1: without an author here, every entry needs one.
        authors.push(atom_syndication::Person { name: title.clone(), ..Default::default() });
    }
    atom_syndication::Feed {
        title: AtomText::plain(title),
        id: if feed.id.is_empty() { address::of(location).into_owned() } else { feed.id.to_string() },
        updated: instant(feed.updated),
        authors,
        categories: feed.categories.iter().filter_map(category).collect(),
        generator: Some(Generator {
            value: GENERATOR.to_owned(),
            uri: None,
            version: Some(GENERATOR_VERSION.to_owned()),
        }),
        icon: feed.icon.as_ref().map(|icon| address::of(icon).into_owned()),
        links,
        logo: feed.logo.as_ref().map(|logo| address::of(logo).into_owned()),
        rights: stated(feed.rights.as_ref()).map(AtomText::plain),
        subtitle: (!feed.description.is_empty()).then(|| AtomText::plain(feed.description.as_str())),
        namespaces: namespaces
            .iter()
            .map(|namespace| (namespace.prefix().to_owned(), namespace.uri().to_owned()))
            .collect(),
        lang: stated(feed.language.as_ref()).map(str::to_owned),
        ..Default::default()
    }
}

fn entry_in_atom(entry: &Entry, extent: Extent) -> (atom_syndication::Entry, Namespaces) {
    let lang = stated(entry.language.as_ref()).map(str::to_owned);
    let text = |text: String| AtomText { lang: lang.clone(), ..AtomText::plain(text) };
    let content = whole_text(entry, extent).map(|html| Content {
        lang: lang.clone(),
        value: Some(html.to_owned()),
        content_type: Some("html".to_owned()),
        ..Content::default()
    });
    let summary = if content.is_some() { entry.content.summary().to_owned() } else { synopsis(entry) };
    let extensions: Vec<_> = entry.cover.iter().flat_map(|image| extension::cover(image, extent)).collect();
    let namespaces = extensions.iter().map(|extension| extension.namespace.into()).collect();
    let entry = atom_syndication::Entry {
        title: text(stated(entry.title.as_ref()).map_or_else(|| title_of_note(entry), str::to_owned)),
        id: entry.id.to_string(),
        updated: instant(entry.updated),
        authors: entry.authors.iter().filter_map(person).collect(),
        categories: entry.categories.iter().filter_map(category).collect(),
        links: links(entry),
        published: Some(instant(entry.published)),
        rights: stated(entry.rights.as_ref()).map(AtomText::plain),
        summary: (!summary.is_empty()).then(|| text(summary)),
        content,
        extensions: extension_map(extensions),
        ..Default::default()
    };
    (entry, namespaces)
}

/// Every link says its `rel`, and its `type` where we know it: some readers look for `alternate` only among those
/// that claim to be a page.
fn links(entry: &Entry) -> Vec<Link> {
    let mut links = vec![link("alternate", &entry.permalink, Some(PAGE))];
    links.extend(entry.related.iter().map(|related| link("related", related, Some(PAGE))));
    links.extend(entry.via.iter().map(|via| Link {
        title: Some(via.title.to_string()).filter(|title| !title.is_empty()),
        ..link("via", &via.url, Some(PAGE))
    }));
    links.extend(entry.comments.iter().map(|comments| link("replies", comments, Some(PAGE))));
    links.extend(entry.licence.iter().map(|licence| link("license", licence, Some(PAGE))));
    links.extend(entry.enclosures.iter().map(|enclosure| Link {
        title: stated(enclosure.title.as_ref()).map(str::to_owned),
        length: (enclosure.length > 0).then(|| enclosure.length.to_string()),
        ..link("enclosure", &enclosure.url, Some(enclosure.media_type_or_guess()))
    }));
    links
}

fn link(rel: &str, url: &Url, media_type: Option<&str>) -> Link {
    Link {
        href: address::of(url).into_owned(),
        rel: rel.to_owned(),
        mime_type: media_type.map(str::to_owned),
        ..Link::default()
    }
}

fn person(person: &Person) -> Option<atom_syndication::Person> {
    (!person.name.is_empty()).then(|| atom_syndication::Person {
        name: person.name.to_string(),
        email: email(person).map(str::to_owned),
        uri: person.url.as_ref().map(|url| address::of(url).into_owned()),
        ..Default::default()
    })
}

fn category(category: &Category) -> Option<atom_syndication::Category> {
    (!category.term.is_empty()).then(|| atom_syndication::Category {
        term: category.term.to_string(),
        scheme: category.scheme.as_ref().map(|scheme| address::of(scheme).into_owned()),
        label: None,
    })
}

/// RFC 4287 section 4.2.14 demands a title, and the validator one that is not blank: the beginning of the text, or
/// else the address.
fn title_of_note(entry: &Entry) -> String {
    let beginning = entry.content.beginning(TITLE_LENGTH);
    if beginning.is_empty() { address::of(&entry.permalink).into_owned() } else { beginning }
}

fn instant(instant: DateTime<Utc>) -> FixedDateTime {
    date::writable(instant).fixed_offset()
}

/// The crate writes extensions in the order of the map's keys and ignores the keys otherwise. Unlike `rss`, it writes
/// their attributes as they are, so we escape them.
fn extension_map(extensions: Vec<Extension>) -> ExtensionMap {
    if extensions.is_empty() {
        return ExtensionMap::new();
    }
    ExtensionMap::from([(String::new(), in_order(extensions))])
}

fn in_order(extensions: Vec<Extension>) -> BTreeMap<String, Vec<AtomExtension>> {
    if extensions.is_empty() {
        return BTreeMap::new();
    }
    let extensions = extensions.into_iter().map(|extension| AtomExtension {
        name: extension.qualified_name(),
        attrs: extension
            .attributes
            .into_iter()
            .map(|(name, value)| (name.to_owned(), xml::as_attribute(&value)))
            .collect(),
        value: extension.text,
        children: in_order(extension.children),
    });
    BTreeMap::from([(String::new(), extensions.collect())])
}

#[cfg(test)]
mod tests {
    use super::super::sample::{content, entry, feed, note, url};
    use super::*;

    fn document(entries: &[Entry]) -> String {
        let location = url("https://example.org/feeds/atom.xml");
        String::from_utf8(super::super::write(Format::Atom, &feed(), entries, &location, Extent::Full))
            .unwrap()
    }

    /// What this module does with the crate's output rests on how the crate writes. If it ever writes otherwise,
    /// this fails, and nothing slips into feeds unseen.
    #[test]
    fn shell_and_fragments_are_what_the_crate_writes_for_the_whole_feed() {
        let location = url("https://example.org/feeds/atom.xml");
        let (entries, namespaces): (Vec<_>, Vec<_>) =
            [entry(), note()].iter().map(|entry| entry_in_atom(entry, Extent::Full)).unzip();
        let namespaces = namespaces.into_iter().collect();
        let whole = atom_syndication::Feed { entries, ..feed_in_atom(&feed(), &location, namespaces) };
        let written = whole.write_with_config(XmlSafe::default(), COMPACT).unwrap().into_bytes();
        let mut expected = xml::PROLOG.trim_ascii_end().to_vec();
        expected.extend(xml::respell(&written, Layout::OneLine, spell));
        let assembled = document(&[entry(), note()]).replace('\n', "");
        assert_eq!(assembled, String::from_utf8(expected).unwrap());
    }

    #[test]
    fn spelling_changes_nothing_that_a_parser_can_see() {
        let (entry, _) = entry_in_atom(&entry(), Extent::Full);
        let written = entry.write_with_config(XmlSafe::default(), COMPACT).unwrap().into_bytes();
        let respelt = xml::respell(&written, Layout::LinePerElement, spell);
        let read = |xml: &[u8]| atom_syndication::Entry::read_from(xml).unwrap();
        assert_eq!(read(&written), read(&respelt));
    }

    /// The crate does not escape the attributes of extensions, and so we do. Once it does, this fails.
    #[test]
    fn addresses_in_extensions_are_escaped_once() {
        let document = document(&[entry()]);
        assert!(document.contains("url=\"https://example.org/cover.jpg?a=1&amp;b=2\""));
        assert!(!document.contains("&amp;amp;b=2"));
    }

    #[test]
    fn dates_end_in_z_and_titles_that_look_like_dates_do_not() {
        let document = document(&[Entry { title: Some("at +00:00".into()), ..entry() }]);
        assert!(document.contains("<updated>2025-10-02T10:00:00Z</updated>"));
        assert!(document.contains("<published>2025-10-01T10:00:00Z</published>"));
        assert!(document.contains(">at +00:00</title>"));
    }

    #[test]
    fn a_note_is_called_by_its_beginning() {
        assert_eq!(title_of_note(&note()), "A note of which the words go on and on until its beginning…");
        let photo = Entry { content: content("<p><img src=\"i.png\"></p>", ""), ..note() };
        assert_eq!(title_of_note(&photo), "https://example.org/note/");
    }

    #[test]
    fn a_feed_without_authors_is_its_own() {
        let feed = Feed { authors: Vec::new(), ..feed() };
        let feed = feed_in_atom(&feed, &url("https://example.org/"), Namespaces::default());
        assert_eq!(feed.authors.len(), 1);
        assert_eq!(feed.authors[0].name, "Bread & <butter>");
    }

    #[test]
    fn what_a_feed_says_of_itself_comes_before_its_entries() {
        let document = document(&[entry()]);
        assert!(document.find("<subtitle>").unwrap() < document.find("<entry>").unwrap());
        assert!(document.ends_with("</entry>\n</feed>\n"));
    }

    #[test]
    fn atom_of_other_makes_is_read() {
        let document = br#"<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/blog/">
            <title type="html">Bread &amp;amp; butter</title><updated>2024-05-06T12:00:00.5+02:00</updated>
            <link rel="alternate" type="application/rss+xml" href="rss"/><link href="./"/>
            <entry><id>urn:one</id><title>One</title><link href="one"/><updated>2024-05-06T12:00:00+02:00</updated>
            <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Text</p></div></content></entry></feed>"#;
        let reading = super::super::read(document, &url("https://example.com/feed")).unwrap();
        assert_eq!(reading.feed.title.as_str(), "Bread & butter");
        assert_eq!(reading.feed.home, url("https://example.org/blog/"));
        let entry = &reading.entries[0];
        assert_eq!(entry.permalink, url("https://example.org/blog/one"));
        assert_eq!(date::rfc3339(entry.published), "2024-05-06T10:00:00Z");
        assert!(entry.content.html().contains("<p>Text</p>"));
        assert!(reading.problems.is_empty());
    }
}
