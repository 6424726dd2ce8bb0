//! Atom 1.0, RFC 4287, in the terms of the `atom_syndication` crate.
//!
//! The crate's feed and entries say what is written, and its parser proves it; the spelling is ours. The crate would put
//! extensions of a feed behind its entries, against section 4.1.1, and write UTC as `+00:00`, where some readers only
//! know `Z`. We write `type="html"` and never `xhtml`, which readers handle each in their own way.

use atom_syndication::{Content, FixedDateTime, Generator, Link, Text as AtomText};
use chrono::{DateTime, Utc};
use url::Url;

use super::extension::{self, ForeignElement};
use super::xml::{self, Layout, References, XmlMarkup};
use super::{
    Extent, Format, Fragment, GENERATOR, GENERATOR_VERSION, Namespaces, Shell, date, email, stated, synopsis,
    title, whole_text,
};
use crate::content::address::in_ascii;
use crate::feed::{Category, Entry, Feed, Person};

const NAMESPACE: &str = "http://www.w3.org/2005/Atom";
const TAIL: &[u8] = b"\n</feed>\n";

/// The media type of pages that people read.
const PAGE: &str = "text/html";

/// The number of characters of its text that stand in for the title of a note.
const TITLE_LENGTH: usize = 60;

pub(super) fn fragment(entry: &Entry, extent: Extent) -> Fragment {
    let extensions: Vec<_> = entry.cover.iter().flat_map(|image| extension::cover(image, extent)).collect();
    let mut markup = XmlMarkup::new(Layout::OneLine);
    write_entry(&entry_in_atom(entry, extent), &extensions, &mut markup);
    Fragment { bytes: markup.into_bytes(), namespaces: extension::namespaces(&extensions) }
}

pub(super) fn shell(feed: &Feed, location: &Url, namespaces: Namespaces) -> Shell {
    let mut markup = XmlMarkup::new(Layout::LinePerElement);
    write_feed(&feed_in_atom(feed, location), namespaces, &mut markup);
    Shell { head: [xml::PROLOG, &markup.into_bytes(), b"\n"].concat(), between: b"\n", tail: TAIL.to_vec() }
}

/// All but the entries and the end.
fn write_feed(feed: &atom_syndication::Feed, namespaces: Namespaces, markup: &mut XmlMarkup) {
    let declared = namespaces.declarations();
    let declared = declared.iter().map(|(name, uri)| (name.as_str(), *uri));
    let lang = feed.lang.iter().map(|lang| ("xml:lang", lang.as_str()));
    let attributes: Vec<_> = std::iter::once(("xmlns", NAMESPACE)).chain(declared).chain(lang).collect();
    markup.start("feed", &attributes);
    write_text("title", Some(&feed.title), markup);
    element("id", Some(&feed.id), markup);
    element("updated", Some(&spelt(feed.updated)), markup);
    feed.authors.iter().for_each(|author| write_person(author, markup));
    feed.categories.iter().for_each(|category| write_category(category, markup));
    if let Some(Generator { value, version, .. }) = &feed.generator {
        let version: Vec<_> = version.iter().map(|version| ("version", version.as_str())).collect();
        markup.element("generator", &version, value, References::Customary);
    }
    element("icon", feed.icon.as_deref(), markup);
    feed.links.iter().for_each(|link| write_link(link, markup));
    element("logo", feed.logo.as_deref(), markup);
    write_text("rights", feed.rights.as_ref(), markup);
    write_text("subtitle", feed.subtitle.as_ref(), markup);
}

fn write_entry(entry: &atom_syndication::Entry, extensions: &[ForeignElement], markup: &mut XmlMarkup) {
    markup.start("entry", &[]);
    write_text("title", Some(&entry.title), markup);
    element("id", Some(&entry.id), markup);
    element("updated", Some(&spelt(entry.updated)), markup);
    entry.authors.iter().for_each(|author| write_person(author, markup));
    entry.categories.iter().for_each(|category| write_category(category, markup));
    entry.links.iter().for_each(|link| write_link(link, markup));
    element("published", entry.published.map(spelt).as_deref(), markup);
    write_text("rights", entry.rights.as_ref(), markup);
    write_text("summary", entry.summary.as_ref(), markup);
    if let Some(Content { value, lang, content_type, .. }) = &entry.content {
        let stated = [("xml:lang", lang), ("type", content_type)];
        let attributes: Vec<_> = stated.into_iter().filter_map(present).collect();
        markup.element("content", &attributes, value.as_deref().unwrap_or_default(), References::Customary);
    }
    for extension in extensions {
        extension.write(References::Customary, markup);
    }
    markup.end("entry");
}

fn element(name: &str, text: Option<&str>, markup: &mut XmlMarkup) {
    if let Some(text) = text {
        markup.element(name, &[], text, References::Customary);
    }
}

fn write_text(name: &str, text: Option<&AtomText>, markup: &mut XmlMarkup) {
    let Some(text) = text else { return };
    let lang: Vec<_> = present(("xml:lang", &text.lang)).into_iter().collect();
    markup.element(name, &lang, &text.value, References::Customary);
}

fn write_person(person: &atom_syndication::Person, markup: &mut XmlMarkup) {
    markup.start("author", &[]);
    element("name", Some(&person.name), markup);
    element("email", person.email.as_deref(), markup);
    element("uri", person.uri.as_deref(), markup);
    markup.end("author");
}

fn write_category(category: &atom_syndication::Category, markup: &mut XmlMarkup) {
    let scheme = present(("scheme", &category.scheme));
    let attributes: Vec<_> = std::iter::once(("term", category.term.as_str())).chain(scheme).collect();
    markup.empty("category", &attributes);
}

fn write_link(link: &Link, markup: &mut XmlMarkup) {
    let stated = [("type", &link.mime_type), ("title", &link.title), ("length", &link.length)];
    let always = [("href", link.href.as_str()), ("rel", link.rel.as_str())];
    let attributes: Vec<_> = always.into_iter().chain(stated.into_iter().filter_map(present)).collect();
    markup.empty("link", &attributes);
}

fn present<'a>((name, value): (&'a str, &'a Option<String>)) -> Option<(&'a str, &'a str)> {
    Some((name, value.as_deref()?))
}

fn spelt(date: FixedDateTime) -> String {
    date::rfc3339(date.to_utc())
}

fn feed_in_atom(feed: &Feed, location: &Url) -> atom_syndication::Feed {
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
        id: if feed.id.is_empty() { in_ascii(location).into_owned() } else { feed.id.to_string() },
        updated: instant(feed.updated),
        authors,
        categories: feed.categories.iter().filter_map(category).collect(),
        generator: Some(Generator {
            value: GENERATOR.to_owned(),
            uri: None,
            version: Some(GENERATOR_VERSION.to_owned()),
        }),
        icon: feed.icon.as_ref().map(|icon| in_ascii(icon).into_owned()),
        links,
        logo: feed.logo.as_ref().map(|logo| in_ascii(logo).into_owned()),
        rights: stated(feed.rights.as_ref()).map(AtomText::plain),
        subtitle: (!feed.description.is_empty()).then(|| AtomText::plain(feed.description.as_str())),
        lang: stated(feed.language.as_ref()).map(str::to_owned),
        ..Default::default()
    }
}

fn entry_in_atom(entry: &Entry, extent: Extent) -> atom_syndication::Entry {
    let lang = stated(entry.language.as_ref()).map(str::to_owned);
    let text = |text: String| AtomText { lang: lang.clone(), ..AtomText::plain(text) };
    let content = whole_text(entry, extent).map(|html| Content {
        lang: lang.clone(),
        value: Some(html.to_owned()),
        content_type: Some("html".to_owned()),
        ..Content::default()
    });
    let summary = if content.is_some() { entry.content.summary().to_owned() } else { synopsis(entry) };
    atom_syndication::Entry {
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
        ..Default::default()
    }
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
        href: in_ascii(url).into_owned(),
        rel: rel.to_owned(),
        mime_type: media_type.map(str::to_owned),
        ..Link::default()
    }
}

fn person(person: &Person) -> Option<atom_syndication::Person> {
    (!person.name.is_empty()).then(|| atom_syndication::Person {
        name: person.name.to_string(),
        email: email(person).map(str::to_owned),
        uri: person.url.as_ref().map(|url| in_ascii(url).into_owned()),
        ..Default::default()
    })
}

fn category(category: &Category) -> Option<atom_syndication::Category> {
    (!category.term.is_empty()).then(|| atom_syndication::Category {
        term: category.term.to_string(),
        scheme: category.scheme.as_ref().map(|scheme| in_ascii(scheme).into_owned()),
        label: None,
    })
}

/// RFC 4287 section 4.2.14 demands a title, and the validator one that is not blank: the beginning of the text, or
/// else the address.
fn title_of_note(entry: &Entry) -> String {
    let beginning = entry.content.beginning(TITLE_LENGTH);
    if beginning.is_empty() { in_ascii(&entry.permalink).into_owned() } else { beginning }
}

fn instant(instant: DateTime<Utc>) -> FixedDateTime {
    date::writable(instant).fixed_offset()
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

    #[test]
    fn the_crate_reads_from_a_document_the_feed_that_was_written() {
        let location = url("https://example.org/feeds/atom.xml");
        let entries = [entry(), note()].map(|entry| entry_in_atom(&entry, Extent::Full)).to_vec();
        let written = atom_syndication::Feed { entries, ..feed_in_atom(&feed(), &location) };
        let mut read = atom_syndication::Feed::read_from(document(&[entry(), note()]).as_bytes()).unwrap();
        read.namespaces.clear();
        for entry in &mut read.entries {
            let media = std::mem::take(&mut entry.extensions);
            let has_media = media.get("media").is_some_and(|media| !media.is_empty());
            assert_eq!(has_media, entry.id.starts_with("tag:"));
        }
        assert_eq!(read, written);
    }

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
        let feed = feed_in_atom(&feed, &url("https://example.org/"));
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
