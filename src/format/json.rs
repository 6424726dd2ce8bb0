//! JSON Feed 1.1, through `serde_json`.
//!
//! The feed is written for people to read, each of its items on a line.

use std::borrow::Cow;

use serde::Serialize;
use url::Url;

use super::{Extent, Fragment, Namespaces, Shell, date, in_memory, stated, synopsis, title, whole_text};
use crate::content::address::in_ascii;
use crate::feed::{Category, Enclosure, Entry, Feed, Person};

const VERSION: &str = "https://jsonfeed.org/version/1.1";

#[derive(Serialize)]
struct JsonFeed<'a> {
    version: &'static str,
    title: String,
    home_page_url: Cow<'a, str>,
    feed_url: Cow<'a, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<Hub<'a>>,
    items: [(); 0],
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    url: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_url: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<String>,
    #[serde(skip_serializing_if = "str::is_empty")]
    summary: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<Cow<'a, str>>,
    date_published: String,
    date_modified: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment<'a>>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<Cow<'a, str>>,
}

#[derive(Serialize)]
struct Hub<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    url: Cow<'a, str>,
}

#[derive(Serialize)]
struct Attachment<'a> {
    url: Cow<'a, str>,
    mime_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_in_seconds: Option<u32>,
}

pub(super) fn fragment(entry: &Entry, extent: Extent) -> Fragment {
    let written = in_memory(serde_json::to_vec(&item(entry, extent)));
    Fragment {
        bytes: [b"    ", without_forbidden_characters(&written).as_slice()].concat(),
        namespaces: Namespaces::default(),
    }
}

pub(super) fn shell(feed: &Feed, location: &Url) -> Shell {
    let written = in_memory(serde_json::to_vec_pretty(&feed_in_json(feed, location)));
    let written = without_forbidden_characters(&written);
    let head = written.strip_suffix(b"]\n}").expect("the items come last, and there are none");
    Shell { head: [head, b"\n"].concat(), between: b",\n", tail: b"\n  ]\n}\n".to_vec() }
}

fn feed_in_json<'a>(feed: &'a Feed, location: &'a Url) -> JsonFeed<'a> {
    JsonFeed {
        version: VERSION,
        title: title(feed),
        home_page_url: in_ascii(&feed.home),
        feed_url: in_ascii(location),
        description: feed.description.as_str(),
        icon: feed.icon.as_ref().or(feed.logo.as_ref()).map(in_ascii),
        authors: feed.authors.iter().filter_map(author).collect(),
        language: stated(feed.language.as_ref()),
        hubs: feed.hubs.iter().map(|url| Hub { kind: "WebSub", url: in_ascii(url) }).collect(),
        items: [],
    }
}

fn item(entry: &Entry, extent: Extent) -> Item<'_> {
    let content_html = whole_text(entry, extent);
    let mut tags = Vec::new();
    for Category { term, .. } in &entry.categories {
        // A tag and a category of one name differ by a scheme, which JSON Feed does not have.
        if !term.is_empty() && !tags.contains(&term.as_str()) {
            tags.push(term.as_str());
        }
    }
    Item {
        id: entry.id.as_str(),
        url: in_ascii(&entry.permalink),
        external_url: entry.related.as_ref().map(in_ascii),
        title: stated(entry.title.as_ref()),
        // NetNewsWire drops an item that has neither.
        content_text: content_html.is_none().then(|| synopsis(entry)),
        content_html,
        summary: entry.content.summary(),
        image: entry.cover.as_ref().map(|image| in_ascii(&image.url)),
        date_published: date::rfc3339(entry.published),
        date_modified: date::rfc3339(entry.updated),
        authors: entry.authors.iter().filter_map(author).collect(),
        tags,
        language: stated(entry.language.as_ref()),
        attachments: entry.enclosures.iter().map(attachment).collect(),
    }
}

fn author(person: &Person) -> Option<Author<'_>> {
    (!person.name.is_empty())
        .then(|| Author { name: person.name.as_str(), url: person.url.as_ref().map(in_ascii) })
}

fn attachment(enclosure: &Enclosure) -> Attachment<'_> {
    Attachment {
        url: in_ascii(&enclosure.url),
        mime_type: enclosure.media_type_or_guess(),
        title: stated(enclosure.title.as_ref()),
        size_in_bytes: Some(enclosure.length).filter(|&length| length > 0),
        duration_in_seconds: enclosure.duration,
    }
}

/// JSON can spell characters that XML cannot; but an entry says the same in every format. `serde_json` spells
/// controls `\u0001`, all but tab, line feed and carriage return, which have letters; others it leaves as they are.
fn without_forbidden_characters(json: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(json.len());
    let mut rest = json;
    while let Some(place) = memchr::memchr2(b'\\', 0xEF, rest) {
        let (plain, suspect) = rest.split_at(place);
        kept.extend_from_slice(plain);
        let (keep, taken) = match suspect {
            [0xEF, 0xBF, 0xBE | 0xBF, ..] => (0, 3),
            [b'\\', b'u', b'0', b'0', b'0' | b'1', _, ..] => (0, 6),
            [b'\\', b'b' | b'f', ..] => (0, 2),
            [b'\\', _, ..] => (2, 2),
            _ => (1, 1),
        };
        kept.extend(suspect.iter().take(keep));
        rest = suspect.get(taken..).unwrap_or_default();
    }
    kept.extend_from_slice(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::super::sample::{entry, feed, note, url};
    use super::super::{Format, Problem, read as read_feed, write};
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn document(entries: &[Entry]) -> Value {
        let location = url("https://example.org/feeds/feed.json");
        serde_json::from_slice(&write(Format::Json, &feed(), entries, &location, Extent::Full)).unwrap()
    }

    #[test]
    fn shell_and_fragments_are_one_object() {
        let document = document(&[entry(), note()]);
        let keys: Vec<_> = document.as_object().unwrap().keys().map(String::as_str).collect();
        let expected = [
            "version",
            "title",
            "home_page_url",
            "feed_url",
            "description",
            "icon",
            "authors",
            "language",
            "hubs",
            "items",
        ];
        assert_eq!(keys, expected);
        assert_eq!(document["items"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn a_note_has_no_title() {
        assert!(document(&[note()])["items"][0].get("title").is_none());
    }

    #[test]
    fn a_link_post_names_what_it_is_about() {
        assert_eq!(document(&[entry()])["items"][0]["external_url"], "https://elsewhere.example/?a=1&b=2");
    }

    #[test]
    fn an_item_of_a_summary_feed_has_text_and_no_html() {
        let item = serde_json::to_value(item(&entry(), Extent::Summary)).unwrap();
        assert_eq!(item["content_text"], "Both > and & more");
        assert!(item.get("content_html").is_none());
    }

    #[test]
    fn json_of_other_makes_is_read() {
        let document = br#"{"version": "https://jsonfeed.org/version/1", "title": "Old", "author": {"url": "https://ada.example/"},
            "items": [{"id": 7, "content_text": "1 < 2", "date_published": "2024-05-06T12:00:00+02:00"}, 5, {"title": []}]}"#;
        let reading = read_feed(document, &url("https://example.org/feed.json")).unwrap();
        assert_eq!(reading.feed.authors[0].name.as_str(), "ada.example");
        assert_eq!(reading.entries.len(), 1);
        assert_eq!(reading.entries[0].id.as_str(), "7");
        assert!(reading.entries[0].content.html().contains("1 &lt; 2"));
        assert_eq!(reading.problems, [Problem::Unidentified(1), Problem::Unidentified(2)]);
    }

    #[test]
    fn what_is_no_feed_is_refused() {
        for other in ["{}", "{\"version\": 1}", "{\"version\": \"2.0\"}", "{", "[[[["] {
            assert!(read_feed(other.as_bytes(), &url("https://example.org/")).is_err(), "{other}");
        }
    }

    proptest! {
        #[test]
        fn only_forbidden_characters_are_left_out(text in any::<String>()) {
            let written = serde_json::to_vec(&text).unwrap();
            let read: String = serde_json::from_slice(&without_forbidden_characters(&written)).unwrap();
            let allowed = |character: &char| {
                matches!(character, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
            };
            prop_assert_eq!(read, text.chars().filter(allowed).collect::<String>());
        }
    }
}
