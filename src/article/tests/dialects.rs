//! Articles of each dialect, as `parse` gives them.

use super::*;
use crate::diagnostic::Rule;

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
        Authors: Alexis Metaireau, Conan Doyle\nStatus: hidden\nURL: blog/hello/\nSave_as: blog/hello/index.html\n\nBody";
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
