//! What every feed of ours is, whatever its authors write: the guarantees by their names, held against arbitrary
//! text in every field, and read back by other people's parsers.

#![expect(clippy::unwrap_used, reason = "a test that cannot unwrap has failed")]

mod publications;
mod reading;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use feed_rs::parser as feed_rs;
use feedwright::feed::{Enclosure, Entry, Feed, Image, Text};
use feedwright::format::{self, Extent, Format};
use proptest::prelude::*;
use quick_xml::events::{BytesStart, Event};
use serde_json::Value;
use url::Url;

use publications::{extents, publications, wild_addresses};

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// well-formed XML 1.0 in UTF-8 with its declaration first and no document type; no reference but to the
    /// few that XML knows by itself. A-02: no character that a feed may not contain.
    #[test]
    fn a_01_a_02_documents_are_well_formed((feed, entries) in publications(), extent in extents()) {
        for format in [Format::Rss, Format::Atom] {
            let document = written(format, &feed, &entries, extent);
            assert!(document.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<"));
            assert!(document.chars().all(may_stand_in_a_feed));
            for event in events(&document) {
                match event {
                    Event::DocType(_) => panic!("a document type"),
                    Event::GeneralRef(reference) => {
                        let name = reference.decode().unwrap();
                        let is_known = ["lt", "gt", "amp", "quot"].contains(&name.as_ref());
                        assert!(is_known || name.starts_with('#'), "&{name};");
                    }
                    _ => {}
                }
            }
            assert!(feed_rs::parse(document.as_bytes()).is_ok());
        }
        let document = written(Format::Json, &feed, &entries, extent);
        let mut all = Vec::new();
        strings(&serde_json::from_str(&document).unwrap(), &mut all);
        assert!(all.iter().all(|text| text.chars().all(|character| may_stand_in_a_feed(character) || character == '\r')));
    }

    /// what each format requires is there, and not empty.
    #[test]
    fn a_03_required_elements_are_present((feed, entries) in publications(), extent in extents()) {
        let channel = rss_of(&feed, &entries, extent);
        assert!(!channel.title.is_empty() && !channel.link.is_empty() && !channel.description.is_empty());
        for item in channel.items {
            assert!(item.title.is_some() || item.description.is_some());
        }
        let source = atom_of(&feed, &entries, extent);
        assert!(!source.id.is_empty() && !source.title.is_empty() && !source.authors.is_empty());
        assert!(source.authors.iter().all(|author| !author.name.is_empty()));
        for entry in source.entries {
            assert!(!entry.id.is_empty() && !entry.title.is_empty());
        }
        let json = json_of(&feed, &entries, extent);
        assert_ne!(json["title"].as_str().unwrap(), "");
    }

    /// what a feed says of itself comes before its entries, and a description before the whole text.
    #[test]
    fn a_04_elements_are_in_order((feed, entries) in publications()) {
        for (format, entry) in [(Format::Rss, "item"), (Format::Atom, "entry")] {
            let document = written(format, &feed, &entries, Extent::Full);
            let children = children_of_feed(&document, format);
            let metadata = children.iter().take_while(|name| *name != entry).count();
            assert!(children.iter().skip(metadata).all(|name| name == entry), "{children:?}");
        }
        for item in items(&written(Format::Rss, &feed, &entries, Extent::Full)) {
            let place = |element: &str| item.iter().position(|name| name == element);
            if let Some(content) = place("content:encoded") {
                assert!(place("description").is_some_and(|description| description < content));
            }
        }
    }

    /// customary prefixes, Atom without one, and no namespace declared that is not used.
    #[test]
    fn a_05_namespaces_are_declared_when_used((feed, entries) in publications(), extent in extents()) {
        for format in [Format::Rss, Format::Atom] {
            let document = written(format, &feed, &entries, extent);
            let mut declared = BTreeSet::new();
            let mut used = BTreeSet::new();
            for event in events(&document) {
                let (Event::Start(element) | Event::Empty(element)) = event else { continue };
                used.extend(element.name().prefix().map(|prefix| String::from_utf8(prefix.as_ref().to_vec()).unwrap()));
                for attribute in element.attributes() {
                    let attribute = attribute.unwrap();
                    let name = String::from_utf8(attribute.key.as_ref().to_vec()).unwrap();
                    if let Some(prefix) = name.strip_prefix("xmlns:") {
                        assert!(["rss", "feed"].contains(&std::str::from_utf8(element.name().as_ref()).unwrap()));
                        assert_eq!(Some(String::from_utf8(attribute.value.to_vec()).unwrap()).as_deref(), customary(prefix));
                        declared.insert(prefix.to_owned());
                    }
                }
            }
            assert_eq!(declared, used);
        }
        assert!(written(Format::Atom, &feed, &entries, extent).contains("<feed xmlns=\"http://www.w3.org/2005/Atom\""));
    }

    /// one id for an entry, the same in every format. A-07: only an id that is the entry's own address is said
    /// to be a permalink.
    #[test]
    fn a_06_a_07_ids_are_the_same_everywhere((feed, entries) in publications(), extent in extents()) {
        let channel = rss_of(&feed, &entries, extent);
        let source = atom_of(&feed, &entries, extent);
        let json = json_of(&feed, &entries, extent);
        assert_eq!(source.id, said(&feed.id));
        assert_eq!(channel.items.len(), entries.len());
        for (position, entry) in entries.iter().enumerate() {
            let guid = channel.items[position].guid.as_ref().unwrap();
            assert_eq!(&guid.value, &said(&entry.id));
            assert_eq!(&source.entries[position].id, &said(&entry.id));
            assert_eq!(json["items"][position]["id"].as_str(), Some(said(&entry.id).as_str()));
            assert_eq!(guid.permalink, entry.id_is_permalink && entry.id.as_str() == entry.permalink.as_str());
        }
        for format in Format::ALL {
            let others = feed_rs::parse(written(format, &feed, &entries, extent).as_bytes()).unwrap();
            let ids: Vec<_> = others.entries.into_iter().map(|entry| entry.id).collect();
            let expected: Vec<_> = entries.iter().map(|entry| said(&entry.id)).collect();
            assert_eq!(ids, expected, "{format:?}");
        }
    }

    /// dates are in UTC and whole seconds, with the right weekday, and not updated before published.
    /// entries stand in the order given.
    #[test]
    fn a_08_a_10_dates_and_order_are_kept((feed, entries) in publications(), extent in extents()) {
        let channel = rss_of(&feed, &entries, extent);
        let source = atom_of(&feed, &entries, extent);
        let json = json_of(&feed, &entries, extent);
        // chrono refuses a weekday that is wrong.
        let rfc822 = |text: &str| DateTime::parse_from_rfc2822(text).unwrap().to_utc();
        assert_eq!(rfc822(&channel.last_build_date.unwrap()), feed.updated);
        assert_eq!(source.updated, feed.updated);
        for (position, entry) in entries.iter().enumerate() {
            let date = channel.items[position].pub_date.as_deref().unwrap();
            assert!(date.ends_with(" GMT"));
            assert_eq!(rfc822(date), entry.published);
            assert_eq!(source.entries[position].published.unwrap(), entry.published);
            assert_eq!(source.entries[position].updated, entry.updated);
            for (key, instant) in [("date_published", entry.published), ("date_modified", entry.updated)] {
                let date = json["items"][position][key].as_str().unwrap();
                assert_eq!(date.len(), "2025-10-01T10:00:00Z".len());
                assert!(date.ends_with('Z'));
                assert_eq!(date.parse::<DateTime<Utc>>().unwrap(), instant);
            }
        }
        assert!(!written(Format::Atom, &feed, &[], extent).contains("+00:00</updated>"));
    }

    /// addresses are absolute, and spelt as RFC 3986 wants them.
    #[test]
    fn a_11_addresses_are_absolute_and_encoded((feed, entries) in publications(), wild in wild_addresses()) {
        let feed = Feed { home: wild.clone(), licence: Some(wild.clone()), hubs: vec![wild.clone()], ..feed };
        let entries: Vec<_> = entries.into_iter().map(|entry| Entry {
            permalink: wild.clone(),
            related: Some(wild.clone()),
            comments: Some(wild.clone()),
            cover: entry.cover.map(|image| Image { url: wild.clone(), ..image }),
            enclosures: entry.enclosures.into_iter().map(|enclosure| Enclosure { url: wild.clone(), ..enclosure }).collect(),
            ..entry
        }).collect();
        let channel = rss_of(&feed, &entries, Extent::Full);
        let mut written: Vec<String> = channel.items.iter().filter_map(|item| item.link.clone()).collect();
        written.extend(channel.items.iter().filter_map(|item| Some(item.enclosure.as_ref()?.url.clone())));
        written.extend(channel.items.iter().filter_map(|item| item.comments.clone()));
        written.extend([channel.link, channel.extensions["creativeCommons"]["license"][0].value.clone().unwrap()]);
        for item in channel.items {
            let media = item.extensions.get("media").into_iter().flat_map(|media| media.values().flatten().cloned());
            written.extend(media.filter_map(|extension| extension.attrs.get("url").cloned()));
        }
        let source = atom_of(&feed, &entries, Extent::Full);
        written.extend(source.links.into_iter().map(|link| link.href));
        written.extend(source.entries.into_iter().flat_map(|entry| entry.links).map(|link| link.href));
        let json = json_of(&feed, &entries, Extent::Full);
        let members = json["items"].as_array().into_iter().flatten().flat_map(|item| [&item["url"], &item["external_url"]]);
        written.extend(members.chain([&json["home_page_url"], &json["hubs"][0]["url"]]).map(|url| url.as_str().unwrap().to_owned()));
        for address in written {
            let (scheme, rest) = address.split_once("://").unwrap();
            assert!(scheme == "http" || scheme == "https");
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?%#".contains(&byte);
            assert!(rest.bytes().all(allowed) && rest.matches('#').count() <= 1, "{address}");
            for escape in rest.split('%').skip(1) {
                assert!(escape.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2, "{address}");
            }
        }
    }

    /// titles, summaries and names are plain text and come back to the letter; RSS spells `<` and `&` in
    /// hexadecimal. A-16: authors of RSS items are `dc:creator`.
    #[test]
    fn a_12_a_16_text_comes_back_as_it_went_in((feed, entries) in publications()) {
        let channel = rss_of(&feed, &entries, Extent::Full);
        let source = atom_of(&feed, &entries, Extent::Full);
        let json = json_of(&feed, &entries, Extent::Full);
        let title = title_of(&feed);
        assert_eq!(&channel.title, &title);
        assert_eq!(&source.title.value, &title);
        assert_eq!(json["title"].as_str(), Some(title.as_str()));
        for (position, entry) in entries.iter().enumerate() {
            let (item, atom, json) = (&channel.items[position], &source.entries[position], &json["items"][position]);
            let title = entry.title.as_ref().map(said).filter(|title| !title.is_empty());
            assert_eq!(item.title.clone(), title.clone());
            assert_eq!(json["title"].as_str().filter(|title| !title.is_empty()), title.as_deref());
            assert_eq!(atom.title.r#type, atom_syndication::TextType::Text);
            if let Some(title) = title {
                assert_eq!(&atom.title.value, &title);
            }
            let summary = entry.content.summary();
            if !summary.is_empty() {
                let description = item.description.as_deref().unwrap();
                assert_eq!(quick_xml::escape::unescape(description).unwrap(), summary);
                assert_eq!(atom.summary.as_ref().unwrap().value, summary);
                assert_eq!(json["summary"].as_str(), Some(summary));
            }
            let names: Vec<_> = entry.authors.iter().map(|author| said(&author.name)).collect();
            assert_eq!(item.dublin_core_ext.as_ref().map(|core| core.creators.clone()).unwrap_or_default(), names.clone());
            assert_eq!(atom.authors.iter().map(|author| author.name.clone()).collect::<Vec<_>>(), names);
            assert!(item.author.is_none());
            let html = in_xml(entry.content.html()).trim().to_owned();
            assert_eq!(item.content.clone().unwrap_or_default(), html.clone());
            assert_eq!(atom.content.as_ref().and_then(|content| content.value.clone()).unwrap_or_default().trim(), html);
        }
        let document = written(Format::Rss, &feed, &entries, Extent::Full);
        for title in document.split("<title>").skip(1) {
            let title = title.split("</title>").next().unwrap();
            assert!(!title.contains("&lt;") && !title.contains("&amp;"), "{title}");
        }
    }

    /// every link says its `rel`, pages their type, and there is one alternate. A-15: there is one `self`, the
    /// address given; hubs are named in every format.
    #[test]
    fn a_14_a_15_links_are_explicit((feed, entries) in publications(), extent in extents()) {
        let source = atom_of(&feed, &entries, extent);
        let with_rel = |rel| source.links.iter().filter(move |link| link.rel == rel).collect::<Vec<_>>();
        assert_eq!(with_rel("self").len(), 1);
        assert_eq!(with_rel("self")[0].href.as_str(), location(Format::Atom).as_str());
        assert_eq!(with_rel("self")[0].mime_type.as_deref(), Some("application/atom+xml"));
        assert_eq!(with_rel("alternate").len(), 1);
        assert_eq!(with_rel("hub").len(), feed.hubs.len());
        for (entry, atom) in entries.iter().zip(&source.entries) {
            let alternates: Vec<_> = atom.links.iter().filter(|link| link.rel == "alternate").collect();
            assert_eq!(alternates.len(), 1);
            assert_eq!(alternates[0].href.as_str(), entry.permalink.as_str());
            assert!(atom.links.iter().all(|link| link.mime_type.is_some()));
        }
        let document = written(Format::Atom, &feed, &entries, extent);
        assert_eq!(document.matches("<link ").count(), document.matches(" rel=\"").count());

        let channel = rss_of(&feed, &entries, extent);
        let links = &channel.extensions["atom"]["link"];
        let own: Vec<_> = links.iter().filter(|link| link.attrs["rel"] == "self").collect();
        assert_eq!(own.len(), 1);
        assert_eq!(own[0].attrs["href"].as_str(), location(Format::Rss).as_str());
        assert_eq!(links.iter().filter(|link| link.attrs["rel"] == "hub").count(), feed.hubs.len());
        let json = json_of(&feed, &entries, extent);
        assert_eq!(json["feed_url"].as_str(), Some(location(Format::Json).as_str()));
        assert_eq!(json["hubs"].as_array().map_or(0, Vec::len), feed.hubs.len());
    }

    /// at most one enclosure for an RSS item, with a length and a type; none is lost. A-18: Media RSS elements
    /// stand alone. A-19: a channel's image has the channel's title and link, and is of a kind that RSS knows.
    #[test]
    fn a_17_a_18_a_19_files_and_images_are_where_readers_look((feed, entries) in publications(), extent in extents()) {
        let channel = rss_of(&feed, &entries, extent);
        if let Some(image) = &channel.image {
            assert_eq!((&image.title, &image.link), (&channel.title, &channel.link));
            assert!([".gif", ".jpg", ".png"].iter().any(|end| image.url.contains(end)));
        }
        let source = atom_of(&feed, &entries, extent);
        let json = json_of(&feed, &entries, extent);
        let items = items(&written(Format::Rss, &feed, &entries, extent));
        for (position, entry) in entries.iter().enumerate() {
            let item = &channel.items[position];
            let enclosures = items[position].iter().filter(|name| *name == "enclosure").count();
            assert_eq!(enclosures, entry.enclosures.len().min(1));
            if let Some(enclosure) = &item.enclosure {
                assert_eq!(enclosure.length.parse::<u64>().unwrap(), entry.enclosures[0].length);
                assert!(enclosure.mime_type.contains('/'));
            }
            let media = |name: &str| item.extensions.get("media").and_then(|media| media.get(name)).map_or(0, Vec::len);
            let covers = usize::from(entry.cover.is_some());
            assert_eq!(media("content"), covers + entry.enclosures.len().saturating_sub(1));
            assert_eq!(media("thumbnail"), covers);
            assert_eq!(media("group"), 0);
            let links = source.entries[position].links.iter().filter(|link| link.rel == "enclosure");
            assert_eq!(links.count(), entry.enclosures.len());
            assert_eq!(json["items"][position]["attachments"].as_array().map_or(0, Vec::len), entry.enclosures.len());
        }
    }

    /// where there is a whole text there is an excerpt before it; a feed of summaries has no whole text.
    #[test]
    fn a_20_excerpts_are_present((feed, entries) in publications()) {
        for item in rss_of(&feed, &entries, Extent::Full).items {
            assert!(item.description.is_some());
        }
        for item in rss_of(&feed, &entries, Extent::Summary).items {
            assert!(item.description.is_some() && item.content.is_none());
        }
        for entry in atom_of(&feed, &entries, Extent::Summary).entries {
            assert!(entry.summary.is_some() && entry.content.is_none());
        }
    }

    /// what JSON Feed demands.
    #[test]
    fn a_23_json_feeds_are_complete((feed, entries) in publications(), extent in extents()) {
        let document = written(Format::Json, &feed, &entries, extent);
        assert!(document.starts_with("{\n  \"version\": \"https://jsonfeed.org/version/1.1\",\n"));
        let json = json_of(&feed, &entries, extent);
        let items = json["items"].as_array().unwrap();
        assert_eq!(items.len(), entries.len());
        for item in items {
            assert!(item["id"].as_str().is_some_and(|id| !id.is_empty()));
            assert!(item["content_html"].is_string() != item["content_text"].is_string());
            for attachment in item["attachments"].as_array().into_iter().flatten() {
                assert!(attachment["url"].is_string() && attachment["mime_type"].is_string());
            }
            for author in item["authors"].as_array().into_iter().flatten() {
                assert!(author["name"].as_str().is_some_and(|name| !name.is_empty()));
            }
        }
        for hub in json["hubs"].as_array().into_iter().flatten() {
            assert!(hub["type"] == "WebSub" && hub["url"].is_string());
        }
    }

    /// none of what only confuses readers.
    #[test]
    fn a_29_nothing_superfluous_is_written((feed, entries) in publications(), extent in extents()) {
        let document = without_cdata(&written(Format::Rss, &feed, &entries, extent));
        for superfluous in ["<dc:date", "<slash:", "<textInput", "<author", "<pubDate></", "<media:group"] {
            assert!(!document.contains(superfluous), "{superfluous}");
        }
    }
}

fn title_of(feed: &Feed) -> String {
    if feed.title.is_empty() { feed.home.to_string() } else { said(&feed.title) }
}

fn written(format: Format, feed: &Feed, entries: &[Entry], extent: Extent) -> String {
    String::from_utf8(format::write(format, feed, entries, &location(format), extent)).unwrap()
}

fn rss_of(feed: &Feed, entries: &[Entry], extent: Extent) -> rss::Channel {
    written(Format::Rss, feed, entries, extent).parse().unwrap()
}

fn atom_of(feed: &Feed, entries: &[Entry], extent: Extent) -> atom_syndication::Feed {
    written(Format::Atom, feed, entries, extent).parse().unwrap()
}

fn json_of(feed: &Feed, entries: &[Entry], extent: Extent) -> Value {
    serde_json::from_str(&written(Format::Json, feed, entries, extent)).unwrap()
}

fn location(format: Format) -> Url {
    format!("https://example.org/feeds/{}?a=1&b='2'", format.name()).parse().unwrap()
}

fn events(document: &str) -> Vec<Event<'_>> {
    let mut reader = quick_xml::Reader::from_str(document);
    let mut events = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return events,
            event => events.push(event),
        }
    }
}

/// The elements of a feed itself, by name.
fn children_of_feed(document: &str, format: Format) -> Vec<String> {
    let level = if format == Format::Rss { 2 } else { 1 };
    elements(document).into_iter().filter(|(depth, _)| *depth == level).map(|(_, name)| name).collect()
}

/// The elements of each item of an RSS feed, by name.
fn items(document: &str) -> Vec<Vec<String>> {
    let mut items: Vec<Vec<String>> = Vec::new();
    let mut inside = false;
    for (depth, name) in elements(document) {
        if depth == 2 {
            inside = name == "item";
            items.extend(inside.then(Vec::new));
        } else if depth == 3 && inside {
            items.last_mut().unwrap().push(name);
        }
    }
    items
}

/// All elements and how deep they lie.
fn elements(document: &str) -> Vec<(usize, String)> {
    let name = |element: &BytesStart<'_>| String::from_utf8(element.name().as_ref().to_vec()).unwrap();
    let mut depth = 0;
    let mut elements = Vec::new();
    for event in events(document) {
        match event {
            Event::Start(element) => {
                elements.push((depth, name(&element)));
                depth += 1;
            }
            Event::Empty(element) => elements.push((depth, name(&element))),
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    elements
}

fn customary(prefix: &str) -> Option<&'static str> {
    match prefix {
        "atom" => Some("http://www.w3.org/2005/Atom"),
        "content" => Some("http://purl.org/rss/1.0/modules/content/"),
        "creativeCommons" => Some("http://backend.userland.com/creativeCommonsRssModule"),
        "dc" => Some("http://purl.org/dc/elements/1.1/"),
        "media" => Some("http://search.yahoo.com/mrss/"),
        _ => None,
    }
}

fn without_cdata(document: &str) -> String {
    let mut pieces = document.split("<![CDATA[");
    let first = pieces.next().unwrap_or_default().to_owned();
    first + &pieces.filter_map(|piece| piece.split_once("]]>")).map(|(_, after)| after).collect::<String>()
}

fn strings(value: &Value, all: &mut Vec<String>) {
    match value {
        Value::String(text) => all.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| strings(value, all)),
        Value::Object(members) => members.values().for_each(|value| strings(value, all)),
        _ => {}
    }
}

/// The text as any parser gives it back: without what XML 1.0 forbids, and no white space at its ends or in runs.
fn said(text: &Text) -> String {
    in_xml(text.as_str()).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn in_xml(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|&character| may_stand_in_a_feed(character))
        .collect()
}

fn may_stand_in_a_feed(character: char) -> bool {
    matches!(character, '\t' | '\n' | ' '..='\u{FFFD}' | '\u{10000}'..)
}
