//! A feed and entries for the tests of this folder, with something in every field.

use url::Url;

use crate::content::Content;
use crate::feed::{Category, Enclosure, Entry, Feed, Image, Person, Source};

pub(super) fn url(address: &str) -> Url {
    address.parse().unwrap()
}

pub(super) fn content(html: &str, summary: &str) -> Content {
    super::read::content(
        html,
        Some(summary),
        &url("https://example.org/hello/"),
        &url("https://example.org/"),
    )
}

pub(super) fn feed() -> Feed {
    Feed {
        id: "tag:example.org,2025-10-01:feed".into(),
        title: "Bread & <butter>".into(),
        description: "Notes on \"AT&T\" and Vec<T>".into(),
        home: url("https://example.org/?a=1&b=2"),
        language: Some("en-GB".into()),
        updated: "2025-10-02T10:00:00Z".parse().unwrap(),
        authors: vec![ada()],
        rights: Some("© Ada & co".into()),
        icon: Some(url("https://example.org/icon.png?v=1&w=2")),
        logo: Some(url("https://example.org/logo.svg")),
        categories: categories(),
        hubs: vec![url("https://hub.example/?a=1&b=2")],
        ttl: Some(60),
        licence: Some(url("https://creativecommons.org/licenses/by/4.0/")),
    }
}

pub(super) fn entry() -> Entry {
    Entry {
        id: "tag:example.org,2025-10-01:hello".into(),
        id_is_permalink: false,
        title: Some("Why Vec<T> & \"AT&T\" aren't <b>".into()),
        permalink: url("https://example.org/hello/?a=1&b=2"),
        published: "2025-10-01T10:00:00Z".parse().unwrap(),
        updated: "2025-10-02T10:00:00Z".parse().unwrap(),
        authors: vec![ada(), Person { name: "Bob".into(), ..Person::default() }],
        categories: categories(),
        content: content("<p>Both ]]&gt; and ]]> &amp; <b>more</b></p>", "Both > and & more"),
        language: Some("fr".into()),
        cover: Some(Image {
            url: url("https://example.org/cover.jpg?a=1&b=2"),
            media_type: "image/jpeg".into(),
            alt: Some("A \"cat\" & <dog>".into()),
            size: Some((600, 400)),
        }),
        enclosures: vec![
            Enclosure {
                url: url("https://example.org/one.mp3"),
                media_type: "audio/mpeg".into(),
                length: 12_345,
                duration: Some(60),
                title: Some("One & only".into()),
            },
            Enclosure {
                url: url("https://example.org/two.pdf?a=1&b=2"),
                media_type: "no type".into(),
                length: 0,
                duration: None,
                title: None,
            },
        ],
        related: Some(url("https://elsewhere.example/?a=1&b=2")),
        via: Some(Source { title: "Over & <there>".into(), url: url("https://via.example/?a=1&b=2") }),
        comments: Some(url("https://example.org/hello/#comments")),
        licence: Some(url("https://creativecommons.org/licenses/by/4.0/")),
        rights: Some("© Ada".into()),
    }
}

/// An entry without a title, or anything else that it can do without.
pub(super) fn note() -> Entry {
    let words = "A note of which the words go on and on until its beginning has to be cut somewhere";
    Entry {
        id: "https://example.org/note/".into(),
        id_is_permalink: true,
        title: None,
        permalink: url("https://example.org/note/"),
        published: "2025-09-01T10:00:00Z".parse().unwrap(),
        updated: "2025-09-01T10:00:00Z".parse().unwrap(),
        authors: Vec::new(),
        categories: Vec::new(),
        content: content(&format!("<p>{words}</p>"), words),
        language: None,
        cover: None,
        enclosures: Vec::new(),
        related: None,
        via: None,
        comments: None,
        licence: None,
        rights: None,
    }
}

fn ada() -> Person {
    Person {
        name: "Ada \"<b>\" O'Neil (& co)".into(),
        email: Some("ada@example.org".into()),
        url: Some(url("https://example.org/~ada?a=1&b=2")),
    }
}

fn categories() -> Vec<Category> {
    let scheme = Some(url("https://example.org/tags/?a=1&b=2"));
    vec![Category { term: "R&D".into(), scheme }, Category { term: "news".into(), scheme: None }]
}
