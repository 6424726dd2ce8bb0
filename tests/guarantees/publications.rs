//! Feeds and entries with arbitrary text in every field.

use chrono::{DateTime, TimeDelta, Utc};
use feedwright::content::{Body, Content, Markup, Surroundings, render};
use feedwright::feed::{Category, Enclosure, Entry, Feed, Image, Person, Source, Text};
use feedwright::format::Extent;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use url::Url;

pub(super) fn extents() -> impl Strategy<Value = Extent> {
    prop_oneof![Just(Extent::Full), Just(Extent::Summary)]
}

/// Text that has broken feeds.
pub(super) fn nasty() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "]]>",
        "<",
        ">",
        "&",
        "&amp;",
        "&#60;",
        "&nbsp;",
        "<b>",
        "</title>",
        "</item>",
        "<item>",
        "<!--",
        "-->",
        "<![CDATA[",
        "</channel></rss>",
        "</feed>",
        "+00:00",
        "\"",
        "'",
        "\\",
        "\\u0001",
        "\u{0}",
        "\u{1}",
        "\u{8}",
        "\u{b}",
        "\u{c}",
        "\u{1f}",
        "\u{7f}",
        "\u{85}",
        "\u{9f}",
        "\u{feff}",
        "\u{fffd}",
        "\u{fffe}",
        "\u{ffff}",
        "\u{202e}",
        "مرحبا",
        "日本",
        "😀",
        "e\u{301}",
        "\r\n",
        "\r",
        "\n",
        "\t",
        " ",
        "word",
        "{{ x }}",
        "javascript:",
        "(",
        ")",
    ];
    prop_oneof![
        4 => vec(prop::sample::select(PIECES), 0..8).prop_map(|pieces| pieces.concat()),
        2 => any::<String>(),
        1 => (prop::sample::select(PIECES), 0_usize..3000).prop_map(|(piece, times)| piece.repeat(times)),
    ]
}

fn texts() -> impl Strategy<Value = Text> {
    nasty().prop_map(|text| Text::new(&text))
}

/// Never empty, also when everything that XML forbids is gone.
fn names() -> impl Strategy<Value = Text> {
    nasty().prop_map(|text| Text::new(&format!("n{text}")))
}

/// Addresses that a browser would open, whatever they are made of.
pub(super) fn wild_addresses() -> impl Strategy<Value = Url> {
    let ends = prop::sample::select(&["", ".png", ".svg", ".mp3", "?q=[1]|{2}^", "#a#b", "%", "%zz"][..]);
    ("https?://[a-zü]{1,6}\\.example", nasty(), ends).prop_filter_map("no address", |(host, path, end)| {
        format!("{host}/{}{end}", path.chars().take(40).collect::<String>()).parse().ok()
    })
}

/// Addresses that are the same when they are read back: spelt as RFC 3986 wants them.
fn addresses() -> impl Strategy<Value = Url> {
    (
        "https?://[a-z]{1,6}\\.example",
        "(/[a-zé0-9 ~!$&'()*+,;=:@-]{0,9}){0,3}",
        prop::sample::select(&["", ".png", ".svg", ".mp3"][..]),
    )
        .prop_filter_map("no address", |(host, path, end)| {
            format!("{host}{path}{end}?a=1&b='2'#c").parse().ok()
        })
}

fn instants() -> impl Strategy<Value = DateTime<Utc>> {
    // From the year 1 to the year 9999, but for the instant that the Atom crate takes for no date.
    (-62_135_596_800_i64..253_402_214_400).prop_filter_map("no date", |seconds| {
        DateTime::from_timestamp(seconds, 0).filter(|instant| instant.timestamp() != 0)
    })
}

fn persons() -> impl Strategy<Value = Person> {
    let emails = option::of("[a-z]{1,5}@[a-z]{1,5}\\.org".prop_map(|email| Text::new(&email)));
    (names(), emails, option::of(addresses())).prop_map(|(name, email, url)| Person { name, email, url })
}

fn terms() -> impl Strategy<Value = Vec<Category>> {
    vec((names(), option::of(addresses())).prop_map(|(term, scheme)| Category { term, scheme }), 0..3)
}

fn feeds() -> impl Strategy<Value = Feed> {
    let words = (names(), texts(), texts(), option::of(texts()));
    let addresses_of = (
        addresses(),
        option::of(addresses()),
        option::of(addresses()),
        vec(addresses(), 0..2),
        option::of(addresses()),
    );
    let languages =
        option::of(prop::sample::select(&["en", "fr-CA", "zh-Hans", "ar"][..]).prop_map(Text::from));
    let rest = (languages, instants(), vec(persons(), 0..3), terms(), option::of(any::<u32>()));
    (words, addresses_of, rest).prop_map(
        |(
            (id, title, description, rights),
            (home, icon, logo, hubs, licence),
            (language, updated, authors, categories, ttl),
        )| {
            Feed {
                id,
                title,
                description,
                home,
                language,
                updated,
                authors,
                rights,
                icon,
                logo,
                categories,
                hubs,
                ttl,
                licence,
            }
        },
    )
}

fn contents() -> impl Strategy<Value = Content> {
    let html = prop_oneof![4 => nasty().prop_map(|html| format!("<p>{html}</p>")), 1 => Just(String::new())];
    (html, texts()).prop_map(|(html, summary)| {
        let home: Url = "https://example.org/".parse().unwrap();
        let body =
            Body { path: "articles/a.html", source: &html, range: 0..html.len(), markup: Markup::Html };
        let surroundings = Surroundings {
            summary: Some(summary.as_str()),
            id_prefix: "a",
            ..Surroundings::new(&home, &home)
        };
        render(&body, &surroundings).0
    })
}

fn images() -> impl Strategy<Value = Image> {
    (addresses(), option::of(texts()), option::of((1_u32..9000, 1_u32..9000))).prop_map(|(url, alt, size)| {
        Image { media_type: feedwright::feed::media_type(url.path()).into(), url, alt, size }
    })
}

fn enclosures() -> impl Strategy<Value = Vec<Enclosure>> {
    let enclosure = (addresses(), any::<u64>(), option::of(any::<u32>()), option::of(texts()));
    vec(
        enclosure.prop_map(|(url, length, duration, title)| Enclosure {
            media_type: feedwright::feed::media_type(url.path()).into(),
            url,
            length,
            duration,
            title,
        }),
        0..3,
    )
}

fn entries() -> impl Strategy<Value = Entry> {
    let words = (names(), option::of(texts()), option::of(names()), contents());
    let links = (
        addresses(),
        option::of(addresses()),
        option::of(addresses()),
        option::of(addresses()),
        any::<bool>(),
    );
    let dates = (instants(), 0_i64..100_000);
    let rest = (vec(persons(), 0..3), terms(), option::of(images()), enclosures());
    let via = option::of((names(), addresses()).prop_map(|(title, url)| Source { title, url }));
    let languages =
        option::of(prop::sample::select(&["en", "fr-CA", "zh-Hans", "ar"][..]).prop_map(Text::from));
    (words, links, dates, rest, via, languages).prop_map(
        |(
            (id, title, rights, content),
            (permalink, related, comments, licence, adopted),
            (published, later),
            (authors, categories, cover, enclosures),
            via,
            language,
        )| {
            let id = if adopted { Text::new(permalink.as_str()) } else { id };
            let updated = (published + TimeDelta::seconds(later))
                .min(DateTime::from_timestamp(253_402_214_400, 0).unwrap());
            Entry {
                id,
                id_is_permalink: adopted,
                title,
                permalink,
                published,
                updated,
                authors,
                categories,
                content,
                language,
                cover,
                enclosures,
                related,
                via,
                comments,
                licence,
                rights,
            }
        },
    )
}

pub(super) fn publications() -> impl Strategy<Value = (Feed, Vec<Entry>)> {
    (feeds(), vec(entries(), 0..4))
}
