//! Tests of `parse` as a user sees it, dialect by dialect and problem by problem.

use proptest::prelude::*;

use super::*;
use crate::content::{first_forbidden, is_forbidden};
use crate::diagnostic::{Diagnostic, Rule};

fn conventions(dialect: Dialect) -> Conventions {
    let ada = Author { name: "Ada Lovelace".into(), email: None, url: Some("/ada/".into()) };
    Conventions {
        dialect,
        timezone: chrono_tz::Europe::London,
        language: "en".into(),
        authors: BTreeMap::from([("ada".into(), ada)]),
        dates_required: true,
    }
}

fn read(dialect: Dialect, name: &str, text: &str) -> (Article, Vec<Diagnostic>) {
    read_bytes(dialect, name, text.as_bytes(), None)
}

fn read_bytes(
    dialect: Dialect,
    name: &str,
    bytes: &[u8],
    sidecar: Option<(&str, &[u8])>,
) -> (Article, Vec<Diagnostic>) {
    let path = format!("articles/{name}");
    let source = SourceFile { path: &path, name, bytes, sidecar, ..SourceFile::default() };
    parse(&source, &conventions(dialect))
}

/// An article without diagnostics, of YAML fields.
fn said(dialect: Dialect, fields: &str) -> Article {
    let text = format!("---\ntitle: Hello\ndate: 2024-05-06\n{fields}\n---\nBody");
    let (article, diagnostics) = read(dialect, "hello.md", &text);
    assert_eq!(diagnostics, [], "{fields}");
    article
}

/// The rules of the diagnostics of an article of YAML fields.
fn faults(fields: &str) -> (Article, Vec<&'static str>) {
    let (article, diagnostics) = read(Dialect::Feedwright, "hello.md", &format!("---\n{fields}\n---\nBody"));
    (article, diagnostics.iter().map(|diagnostic| diagnostic.rule.name()).collect())
}

fn body_of(article: &Article, text: &str) -> String {
    body(text, article).text().to_owned()
}

// Dialects.

#[test]
fn an_article_of_hugo() {
    let text = "+++\ntitle = 'Hello'\ndate = 2024-05-06T10:00:00+02:00\nlastmod = 2024-05-07\n\
        expiryDate = 2030-01-01\ntags = ['a', 'b c']\naliases = ['/old/', 'older']\nslug = 'hi'\n\
        [params]\nauthor = 'Grace Hopper'\n[[resources]]\nsrc = 'x'\n[build]\nlist = 'never'\n+++\nBody";
    let (article, diagnostics) = read(Dialect::Hugo, "news/hello/index.fr.md", text);
    assert_eq!(diagnostics, []);
    assert_eq!(article.published.unwrap().to_rfc3339(), "2024-05-06T08:00:00+00:00");
    assert_eq!(article.updated.unwrap().to_rfc3339(), "2024-05-06T23:00:00+00:00");
    assert!(article.expires.is_some() && article.bundle);
    assert_eq!((article.slug.as_str(), article.section.as_str()), ("hi", "news"));
    assert_eq!(article.tags, ["a", "b c"]);
    assert_eq!(article.aliases, ["/old/", "/older"]);
    assert_eq!(article.authors[0].name, "Grace Hopper");
    assert_eq!(article.language.as_deref(), Some("fr"));
    assert_eq!(article.visibility, Visibility::Unlisted);
    assert_eq!(body_of(&article, text), "Body");
}

#[test]
fn hugo_counts_from_the_day_of_publication() {
    let article = said(Dialect::Hugo, "publishDate: 2024-06-01T00:00:00Z");
    assert_eq!(article.published.unwrap().to_rfc3339(), "2024-06-01T00:00:00+00:00");
    // In which formats a page is written says nothing about the feed of its section.
    assert_eq!(said(Dialect::Hugo, "outputs: [html, json]").visibility, Visibility::Public);
}

#[test]
fn an_article_of_zola() {
    let text = "+++\npath = \"2025/06/20/goals\"\ntitle = \"Goals\"\naliases = [\"releases/1.90.0\"]\n\
        [taxonomies]\ntags = [\"a\"]\ncategories = [\"b\"]\n[extra]\nimage = \"x.png\"\n+++\nBody";
    let (article, diagnostics) = read(Dialect::Zola, "Project-Goals.md", text);
    assert_eq!(diagnostics, []);
    assert_eq!(article.address.as_deref(), Some("/2025/06/20/goals/"));
    assert_eq!(article.published.unwrap().to_rfc3339(), "2025-06-19T23:00:00+00:00");
    assert_eq!((article.tags, article.categories), (vec!["a".to_owned()], vec!["b".to_owned()]));
    assert_eq!(article.slug, "goals");
    assert_eq!(article.cover.unwrap().address, "x.png");
}

#[test]
fn jekyll_reads_the_day_first_whatever_the_language() {
    for written in ["11-9-2017", "11/9/2017", "11.9.2017"] {
        let text = format!("---\ntitle: Hello\ndate: {written}\n---\nHow are you?\n");
        let (article, diagnostics) = read(Dialect::Jekyll, "_posts/2017-09-11-hello.md", &text);
        assert_eq!(article.published, "2017-09-10T23:00:00Z".parse().ok(), "{written}");
        assert_eq!(diagnostics, [], "{written}");
    }
}

#[test]
fn an_article_of_jekyll() {
    let text = "---\nlayout: post\ntitle: Hello\nauthor: ada\ncategories: jekyll update\ntags: one two\n\
        permalink: /:categories/:year/:month/:day/:title:output_ext\nredirect_from: /old\n\
        excerpt_separator: <!--cut-->\nfeed:\n  excerpt_only: true\n---\nBody";
    let (article, diagnostics) = read(Dialect::Jekyll, "news/_posts/2024-01-06-hello.md", text);
    assert_eq!(diagnostics, []);
    assert_eq!(article.published.unwrap().to_rfc3339(), "2024-01-06T00:00:00+00:00");
    assert_eq!(article.categories, ["jekyll", "update"]);
    assert_eq!(article.tags, ["one", "two"]);
    assert_eq!(article.address.as_deref(), Some("/news/jekyll/update/2024/01/06/hello.html"));
    assert_eq!(article.authors[0].name, "Ada Lovelace");
    assert_eq!(article.aliases, ["/old"]);
    assert_eq!(article.summary_marker.as_deref(), Some("<!--cut-->"));
    assert!(article.excerpt_only);
    assert_eq!(read(Dialect::Jekyll, "_drafts/x.md", "---\ntitle: x\n---\n").0.visibility, Visibility::Draft);
    assert_eq!(said(Dialect::Jekyll, "published: false").visibility, Visibility::Draft);
}

#[test]
fn an_article_of_eleventy() {
    let article = said(Dialect::Eleventy, "tags: [posts, cats]\neleventyExcludeFromCollections: true");
    assert_eq!((article.tags, article.visibility), (vec!["cats".to_owned()], Visibility::Unlisted));
    assert_eq!(said(Dialect::Eleventy, "permalink: false").visibility, Visibility::Unlisted);
    let (article, _) =
        read(Dialect::Eleventy, "blog/x-2024-01-06/hello.md", "---json\n{\"title\": \"x\"}\n---\n");
    assert_eq!(article.published.unwrap().to_rfc3339(), "2024-01-06T00:00:00+00:00");
    let (article, diagnostics) =
        read(Dialect::Eleventy, "2024-01-06-x.md", "---\ntitle: x\npermalink: /{{ page.fileSlug }}/\n---\n");
    assert_eq!((article.address, diagnostics[0].rule), (None, Rule::UnusableAddress));
}

#[test]
fn an_article_of_astro() {
    let text = "---\ntitle: Hello\npubDate: 'Jan 08 2022'\nupdatedDate: 'Jan 09 2022'\nheroImage: ./x.png\n\
        heroImageAlt: An x\ndescription: Short.\n---\nimport X from './x.astro'\n";
    let (article, diagnostics) = read(Dialect::Astro, "hello.mdx", text);
    assert_eq!(diagnostics, []);
    assert_eq!(article.published.unwrap().to_rfc3339(), "2022-01-08T00:00:00+00:00");
    assert!(article.updated.is_some());
    assert_eq!(article.cover, Some(Cover { address: "./x.png".into(), alt: Some("An x".into()) }));
    assert_eq!(article.summary.as_deref(), Some("Short."));
    assert_eq!(article.markup, Markup::Mdx);
}

#[test]
fn an_article_of_pelican() {
    let text = "Title: Hello\nDate: 2010-12-03 10:20\nModified: 2010-12-05 19:30\nTags: python, pelican\n\
        Authors: Alexis Metaireau, Conan Doyle\nStatus: hidden\nSave_as: blog/hello/index.html\n\nBody";
    let (article, diagnostics) = read(Dialect::Pelican, "hello.md", text);
    assert_eq!(diagnostics.iter().map(|d| d.rule).collect::<Vec<_>>(), [Rule::UnknownAuthor; 0]);
    assert_eq!(article.tags, ["python", "pelican"]);
    assert_eq!(article.authors.len(), 2);
    assert_eq!(article.visibility, Visibility::Unlisted);
    assert_eq!(article.address.as_deref(), Some("/blog/hello/"));
    assert_eq!(body_of(&article, text), "Body");
    let html = "<html><head><title>Hello</title><meta name=\"date\" content=\"2012-07-09 22:28\" />\
        <meta name=\"tags\" content=\"a, b\"/></head><body>Body</body></html>";
    let (article, diagnostics) = read(Dialect::Pelican, "hello.html", html);
    assert_eq!((article.title.as_deref(), diagnostics), (Some("Hello"), vec![]));
    assert_eq!(article.tags, ["a", "b"]);
    assert_eq!(read(Dialect::Pelican, "pages/about.md", "Title: x\n\n").0.visibility, Visibility::Page);
}

#[test]
fn an_article_of_hexo() {
    let text = "title: Hello\ndate: 2013/7/13 20:46:25\ncategories:\n- [Sports, Baseball]\n- Play\n---\nBody";
    let (article, diagnostics) = read(Dialect::Hexo, "_posts/hello.md", text);
    assert_eq!(diagnostics, []);
    assert_eq!(article.published.unwrap().to_rfc3339(), "2013-07-13T19:46:25+00:00");
    assert_eq!(article.categories, ["Sports/Baseball", "Play"]);
    assert_eq!(read(Dialect::Hexo, "_posts/my-day.md", "Body").0.title.as_deref(), Some("my day"));
}

#[test]
fn an_article_of_nikola() {
    let text = ".. title: Hello\n.. slug: hi\n.. date: 2012-09-15 19:52:05 UTC\n.. tags: a, b\n.. category: \n\
        .. link: https://example.net/\n.. status: private\n.. previewimage: /x.png\n.. enclosure: /x.mp3\n\
        .. enclosure_length: 12\n\nBody";
    let (article, diagnostics) = read(Dialect::Nikola, "hello.txt", text);
    assert_eq!(diagnostics, []);
    assert_eq!(article.published.unwrap().to_rfc3339(), "2012-09-15T19:52:05+00:00");
    assert_eq!((article.slug.as_str(), article.visibility), ("hi", Visibility::Private));
    assert_eq!(article.link.as_deref(), Some("https://example.net/"));
    assert_eq!(article.enclosures[0].length, Some(12));
    assert_eq!(article.tags, ["a", "b"]);
}

#[test]
fn an_article_of_obsidian() {
    let article =
        said(Dialect::Obsidian, "aliases: [My Note, Another]\ntags: ['#cats/big', dogs]\npublish: true");
    assert_eq!(article.aliases, Vec::<String>::new());
    assert_eq!(article.tags, ["cats/big", "dogs"]);
    assert_eq!(said(Dialect::Obsidian, "publish: false").visibility, Visibility::Draft);
    assert_eq!(said(Dialect::Obsidian, "cover: \"[[x.png]]\"").cover.unwrap().address, "x.png");
}

#[test]
fn a_story_in_plain_text_needs_no_markup_in_it() {
    let beside = b"title = \"Hello\"\ndate = 2024-01-06\nlang = \"xx-\"";
    let read = |bytes: &[u8]| {
        read_bytes(Dialect::Feedwright, "story.txt", bytes, Some(("articles/story.toml", beside)))
    };
    let (article, diagnostics) = read(b"First paragraph.\n");
    assert_eq!((article.title.as_deref(), article.markup), (Some("Hello"), Markup::Text));
    assert_eq!(diagnostics[0].path, "articles/story.toml");
    assert_eq!(diagnostics[0].place.as_ref().unwrap().line, 3);
    assert_eq!(read(b"Title: Mine\n\nText").0.title.as_deref(), Some("Mine"));
}

#[test]
fn an_article_without_front_matter_is_fine() {
    let (article, diagnostics) =
        read(Dialect::Feedwright, "2024-01-06-hello.md", "\u{feff}# Hello\r\n\r\nBody");
    assert_eq!((article.title.as_deref(), article.slug.as_str()), (Some("Hello"), "hello"));
    assert_eq!(diagnostics, []);
    assert_eq!(body_of(&article, "# Hello\r\n\r\nBody").trim(), "Body");
}

// Meanings.

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

// Faults.

#[test]
fn each_fault_is_said_and_costs_nothing_else() {
    for (fields, rule) in [
        ("date: 2024-05-06", "missing-title"),
        ("title: Hello", "missing-date"),
        ("title: Hello\ndate: next Tuesday", "unreadable-date"),
        ("title: Hello\ndate: Last Modified", "unreadable-date"),
        ("title: Hello\ndate: 2024-10-27 01:30", "ambiguous-time"),
        ("title: Hello\ndate: 2024-03-31 01:30", "nonexistent-time"),
        ("title: Hello\ndate: 1824-05-06", "implausible-date"),
        ("title: Hello\ndate: 2024-05-06\nupdated: 2024-04-01", "updated-before-published"),
        ("title: Hello\ndate: 2024-05-06\nstatus: publishd", "unknown-status"),
        ("title: Hello\ndate: 2024-05-06\nlang: english", "unknown-language"),
        ("title: Hello\ndate: 2024-05-06\nauthor: grace", "unknown-author"),
        ("title: Hello\ndate: 2024-05-06\nslug: ../../etc", "unusable-address"),
        ("title: Hello\ndate: 2024-05-06\npermalink: ../../etc", "unusable-address"),
        ("title: Hello\ndate: 2024-05-06\ncanonical: /here", "unusable-address"),
        ("title: Hello\ndate: 2024-05-06\nimage: file:///x.png", "unusable-address"),
        ("title: Hello\ndate: 2024-05-06\nid: [1, 2]", "unusable-id"),
        ("title: Hello\ndate: 2024-05-06\nenclosure: C:\\x.mp3", "unusable-enclosure"),
        ("title: Hello\ndate: 2024-05-06\nenclosure: true", "unusable-enclosure"),
        ("title: Hello\ndate: 2024-05-06\ntags: { a: b }", "unusable-value"),
        ("title: Hello\ndate: 2024-05-06\naudio: x.mp3\nlength: long", "unusable-value"),
        ("title: [a]\ndate: 2024-05-06\n", "unusable-value"),
        ("title: Hello\ndate: 2024-05-06\nx: \u{1b}", "control-characters"),
    ] {
        let (article, rules) = faults(fields);
        assert_eq!(rules.first(), Some(&rule), "{fields}");
        assert!(article.visibility != Visibility::Faulty && article.slug == "hello", "{fields}");
    }
}

#[test]
fn what_cannot_be_read_at_all_is_withheld() {
    for (bytes, rule) in [
        (&b"---\ntitle: [\n---\n"[..], Rule::UnparsableFrontMatter),
        (b"caf\xe9", Rule::InvalidEncoding),
        (b"\xff\xfea\0b\0", Rule::InvalidEncoding),
        (b"\xef\xbb\xbfcaf\xe9 au lait\nx", Rule::InvalidEncoding),
    ] {
        let (article, diagnostics) = read_bytes(Dialect::Feedwright, "hello.md", bytes, None);
        assert_eq!((article.visibility, article.slug.as_str()), (Visibility::Faulty, "hello"));
        assert_eq!(diagnostics[0].rule, rule);
        assert!(diagnostics[0].place.is_some());
    }
    let huge = vec![b'x'; LARGEST + 1];
    assert_eq!(read_bytes(Dialect::Feedwright, "hello.md", &huge, None).1[0].rule, Rule::HugeFile);
}

#[test]
fn the_first_bad_byte_is_shown() {
    let latin = b"\xef\xbb\xbfone\ntwo caf\xe9";
    let (_, diagnostics) = read_bytes(Dialect::Feedwright, "hello.md", latin, None);
    let place = diagnostics[0].place.as_ref().unwrap();
    assert_eq!((place.line, place.column), (2, 8));
}

#[test]
fn a_name_with_a_date_mends_a_date_that_cannot_be_read() {
    let (article, diagnostics) = read(Dialect::Jekyll, "2024-01-06-x.md", "---\ntitle: x\ndate: soon\n---\n");
    assert_eq!(article.published.unwrap().to_rfc3339(), "2024-01-06T00:00:00+00:00");
    assert_eq!(diagnostics.iter().map(|d| d.rule).collect::<Vec<_>>(), [Rule::UnreadableDate]);
}

#[test]
fn huge_metadata_are_refused_or_read_in_no_time() {
    let many = |line: &str| line.repeat(20_000);
    for text in [
        format!("---\ntitle: x\ntags:\n{}---\n", many("- {a: b}\n")),
        format!("---\ntitle: x\n{}---\n", many("title: x\n")),
        format!("---\ntitle: x\n{}---\n", many("- a: b: c\n")),
        format!("Title: x\n{}", many("Tags: a\n")),
        format!("<!--\n.. title: x\n{}", many(".. tags: a\n")),
        format!("+++\n{}+++\n", many("a = \n")),
        many("<meta name=a content=b>\n"),
        many("<script>"),
        many("<h1"),
        many("# "),
        many("---\n"),
    ] {
        for name in ["x.md", "x.html", "x.txt"] {
            let (_, diagnostics) = read(Dialect::Feedwright, name, &text);
            assert!(diagnostics.len() <= 1_010);
        }
    }
}

#[test]
fn a_note_on_purpose_is_no_fault() {
    let (article, rules) = faults("title: \"\"\ndate: 2024-05-06");
    assert_eq!((article.title, rules), (None, vec![]));
}

#[test]
fn control_characters_in_front_matter_do_not_cost_the_article() {
    for text in [
        "---\ntitle: He\u{8}llo\n---\n",
        "+++\ntitle = \"He\u{8}llo\"\n+++\n",
        "{\"title\": \"He\u{8}llo\"}\n",
    ] {
        let (article, diagnostics) = read(Dialect::Feedwright, "2024-05-06-x.md", text);
        assert_eq!(article.title.as_deref(), Some("He llo"));
        assert_eq!(diagnostics.iter().map(|d| d.rule).collect::<Vec<_>>(), [Rule::ControlCharacters]);
    }
}

#[test]
fn pages_and_drafts_need_no_date() {
    assert_eq!(read(Dialect::Hugo, "news/_index.md", "---\ntitle: News\n---\n").1, []);
    assert_eq!(faults("title: x\ndraft: true").1, Vec::<&str>::new());
}

#[test]
fn a_body_that_is_gone_is_empty() {
    let (article, _) = read(Dialect::Feedwright, "x.md", "---\ntitle: x\n---\nBödy");
    for text in ["", "é", "---\ntitle: é"] {
        let _ = body(text, &article).text();
    }
}

#[test]
fn a_body_that_is_remembered_is_not_measured_again_and_another_is() {
    let text = "---\ntitle: Hello\n---\nHow are you?\n";
    let (first, _) = read(Dialect::Feedwright, "hello.md", text);
    // So that it shows where it was taken from.
    let remembered = TextFingerprint { characters: 99, ..first.fingerprint };
    let again = |text: &str| {
        let source =
            SourceFile { bytes: text.as_bytes(), remembered: Some(remembered), ..SourceFile::default() };
        parse(&source, &conventions(Dialect::Feedwright)).0.fingerprint
    };
    assert_eq!(again(text), remembered);
    assert_eq!(again(&text.replace("How are", "How is")).characters, 8);
}

#[test]
fn whatever_is_stated_beside_the_body_is_in_its_digest() {
    let stated = |text: &str, beside: Option<(&str, &[u8])>| {
        read_bytes(Dialect::Feedwright, "hello.md", text.as_bytes(), beside).0.stated
    };
    let text = "---\ntitle: Hello\n---\nHow are you?\n";
    let first = stated(text, None);
    assert_eq!(first, stated(text, None));
    assert_eq!(first, stated(&text.replace("How", "Who"), None), "the body has a digest of its own");
    assert_ne!(first, stated(&text.replace("Hello", "Hallo"), None));
    assert_ne!(first, stated(text, Some(("articles/hello.toml", b"slug = 'x'"))));
    assert_ne!(first, stated(&text.replace("?\n", "?\r\n"), None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_first_forbidden_character_is_found_wherever_it_is(before in ".{0,150}", any in "[a\t\u{0}\u{7f}\u{80}-\u{a2}é\u{fdcf}-\u{fdf0}\u{fffc}-\u{ffff}\u{1fffd}-\u{20001}]{0,4}") {
        let text = before + &any;
        prop_assert_eq!(first_forbidden(&text), text.char_indices().find(|(_, c)| is_forbidden(*c)));
    }

    #[test]
    fn any_file_is_an_article(
        name in "[a-z0-9./_-]{0,20}\\.(md|html|txt|mdx|)",
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        key in "(title|date|tags|author|published|draft|slug|permalink|image|enclosure|audio|source|license|lang|id|aliases|feed|link)",
        value in "[\\[\\]{}:,'\"a-z0-9 é#./\\\\\n\u{7}|>&*!%@`-]{0,60}",
        dialect in prop::sample::select(Dialect::ALL),
    ) {
        for bytes in [bytes, format!("---\n{key}: {value}\n---\n").into(), format!("+++\n{key} = {value}\n+++\n").into(),
            format!("{key}: {value}\n\nBody").into(), format!("<meta name={key} content={value}").into()]
        {
            let source = SourceFile { path: &name, name: &name, bytes: &bytes, ..SourceFile::default() };
            let (article, _) = parse(&source, &conventions(dialect));
            prop_assert!(address::is_safe_part(&article.slug), "{:?}", article.slug);
            if let Ok(text) = text(source.bytes) {
                let _ = body(text, &article).text();
            }
        }
    }
}
