//! Fields of front matter in the many shapes that people give them.

use super::*;

#[test]
fn published_may_be_yes_or_no_a_date_or_a_word() {
    let visibility = |fields| said(Dialect::Feedwright, fields).visibility;
    assert_eq!(visibility("published: true"), Visibility::Public);
    assert_eq!(visibility("published: false"), Visibility::Draft);
    assert_eq!(visibility("published: draft"), Visibility::Draft);
    let (article, rules) = faults("title: x\npublished: 2024-01-06");
    assert!(rules.is_empty() && article.published.is_some());
}

#[test]
fn what_is_not_for_everybody_is_never_public() {
    for (fields, visibility) in [
        ("draft: true", Visibility::Draft),
        ("draft: yes", Visibility::Draft),
        ("draft: false", Visibility::Public),
        ("is_draft: true", Visibility::Draft),
        ("status: pending", Visibility::Draft),
        ("status: scheduled", Visibility::Public),
        ("status: In Review", Visibility::Draft),
        ("visibility: members", Visibility::Private),
        ("password: secret", Visibility::Private),
        ("private: true\ndraft: true", Visibility::Private),
        ("unlisted: true", Visibility::Unlisted),
        ("hidden: true", Visibility::Unlisted),
        ("rss: false", Visibility::Unlisted),
        ("rss: { exclude: true }", Visibility::Unlisted),
        ("include_in_feeds: false", Visibility::Unlisted),
        ("hiddenInRss: true", Visibility::Unlisted),
        ("_build: { list: never }", Visibility::Unlisted),
        ("feed: { excerpt_only: true }", Visibility::Public),
    ] {
        assert_eq!(said(Dialect::Feedwright, fields).visibility, visibility, "{fields}");
    }
}

#[test]
fn tags_may_be_a_list_a_string_or_numbers() {
    for (fields, tags) in [
        ("tags: [a, b, a]", &["a", "b"][..]),
        ("tags: a, b", &["a", "b"]),
        ("tags: 2024", &["2024"]),
        ("tags: [1.10, true]", &["1.10", "true"]),
        ("tags: []\nkeywords: a", &["a"]),
        ("tags:\n  - name: a", &["a"]),
        ("tags:", &[]),
    ] {
        assert_eq!(said(Dialect::Feedwright, fields).tags, tags, "{fields}");
    }
}

#[test]
fn authors_may_be_names_references_and_tables() {
    let names = |fields: &str| -> Vec<String> {
        said(Dialect::Feedwright, fields).authors.into_iter().map(|author| author.name).collect()
    };
    assert_eq!(names("author: ada"), ["Ada Lovelace"]);
    assert_eq!(names("authors: [ada, Grace Hopper]"), ["Ada Lovelace", "Grace Hopper"]);
    assert_eq!(names("authors: Grace Hopper, ada"), ["Grace Hopper", "Ada Lovelace"]);
    assert_eq!(names("author:\n  name: Grace Hopper\n  url: https://grace.example/"), ["Grace Hopper"]);
    assert_eq!(names("author: { id: ada }"), ["Ada Lovelace"]);
    let article = said(Dialect::Feedwright, "author: Grace Hopper\nauthor_email: grace@example.org");
    assert_eq!(article.authors[0].email.as_deref(), Some("grace@example.org"));
}

#[test]
fn a_podcast_states_its_file_in_many_ways() {
    let expected = EnclosureStated {
        address: "https://example.org/x.mp3".into(),
        length: Some(12),
        duration: Some(3316),
        ..EnclosureStated::default()
    };
    for fields in [
        "file: https://example.org/x.mp3\nlength: \"12\"\nduration: \"55:16\"",
        "podcast_file: https://example.org/x.mp3\npodcast_bytes: 12\npodcast_duration: 3316",
        "enclosure: { url: https://example.org/x.mp3, length: 12, duration: 00:55:16 }",
        "audio: https://example.org/x.mp3\nenclosures: [https://example.org/x.mp3]\nlength: 12\nduration: PT55M16S",
        "podcast:\n  audio: https://example.org/x.mp3\n  bytes: 12\n  duration: 3316",
    ] {
        assert_eq!(said(Dialect::Feedwright, fields).enclosures, std::slice::from_ref(&expected), "{fields}");
    }
    let article = said(Dialect::Feedwright, "enclosure: |\n  https://example.org/x.mp3\n  12\n  audio/mpeg");
    assert_eq!(article.enclosures[0].media_type.as_deref(), Some("audio/mpeg"));
    assert!(
        said(Dialect::Feedwright, "file: notes\nepisode: 12\nvideo: https://youtu.be/x")
            .enclosures
            .is_empty()
    );
    let article = said(Dialect::Feedwright, "enclosures:\n  - url: a.mp3\n  - url: b.mp4");
    assert_eq!(article.enclosures.len(), 2);
}

#[test]
fn a_cover_may_be_an_address_a_table_or_a_list() {
    for fields in [
        "image: x.png\nimage_alt: An x",
        "image: { path: x.png, alt: An x }",
        "cover: { image: x.png, alt: An x }",
        "featured-image:\n  url: x.png\n  alt: An x",
        "images: [{ src: x.png, alt: An x }, y.png]",
        "hero: { src: x.png, alt: An x }",
        "hero: false\nimage: x.png\nalt: An x",
    ] {
        let cover = said(Dialect::Feedwright, fields).cover;
        assert_eq!(cover, Some(Cover { address: "x.png".into(), alt: Some("An x".into()) }), "{fields}");
    }
}

#[test]
fn links_licences_and_sources_are_understood() {
    let article = said(
        Dialect::Feedwright,
        "link: https://a.example/\ncanonical_url: https://b.example/\ncomments: https://c.example/\n\
         license: CC BY-SA 4.0\nsource: https://www.d.example/x\ncopyright: © Ada\nid: 12\nlang: zh_cn",
    );
    assert_eq!(article.link.as_deref(), Some("https://a.example/"));
    assert_eq!(article.canonical.as_deref(), Some("https://b.example/"));
    assert_eq!(article.comments.as_deref(), Some("https://c.example/"));
    assert_eq!(article.licence.as_deref(), Some("https://creativecommons.org/licenses/by-sa/4.0/"));
    assert_eq!(article.source.unwrap().name, "d.example");
    assert_eq!((article.rights.as_deref(), article.id.as_deref()), (Some("© Ada"), Some("12")));
    assert_eq!(article.language.as_deref(), Some("zh-CN"));
    let article = said(Dialect::Feedwright, "comments: true\nlicense: All rights reserved\nlang: EN");
    assert_eq!((article.comments, article.licence, article.language), (None, None, None));
    assert_eq!(article.rights.as_deref(), Some("All rights reserved"));
}
