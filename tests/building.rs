//! What a build writes, leaves alone, and never does.

use std::sync::atomic::{AtomicUsize, Ordering};

use feedwright::publication::Error;
use feedwright::store::{Draft, Memory, Staged, Store};
use proptest::prelude::*;

use crate::publisher::{CONFIG, HELLO, Publisher, drawn};

fn dated(title: &str, date: &str) -> String {
    format!("---\ntitle: {title}\ndate: {date}\n---\nText of {title}.\n")
}

#[test]
fn one_article_becomes_three_feeds_their_list_a_page_and_a_style_sheet() {
    let built = Publisher::new().article("hello.md", HELLO).build();
    let paths: Vec<String> = built.documents().into_keys().collect();
    assert_eq!(
        paths,
        ["atom.xml", "feed.css", "feed.json", "feeds.opml", "index.html", "rss.xml"]
            .map(|name| format!("feeds/{name}"))
    );
    let item = &built.items()[0];
    assert_eq!(item["title"], "Hello");
    assert_eq!(item["url"], "https://example.org/hello/");
    assert_eq!(item["date_published"], "2024-05-06T10:00:00Z");
    assert_eq!(item["content_html"], "<p>Hello, <em>world</em>.</p>");
}

#[test]
fn a_second_build_writes_nothing() {
    let first = Publisher::new().article("hello.md", HELLO).build();
    let second = first.publisher.at("2029-01-01T00:00:00Z").build();
    assert_eq!((second.report.written, second.report.unchanged), (0, 6));
}

#[test]
fn the_year_of_the_build_is_nowhere_in_its_documents() {
    let build = |now| Publisher::new().article("hello.md", HELLO).at(now).build().documents();
    assert_eq!(build("2026-11-22T00:00:00Z"), build("2041-06-06T06:06:06Z"));
}

#[test]
fn entries_come_newest_first_and_those_of_one_instant_always_in_one_order() {
    let built = Publisher::new()
        .article("b.md", &dated("B", "2024-01-01"))
        .article("a.md", &dated("A", "2024-01-01"))
        .article("new.md", &dated("New", "2024-02-01"))
        .build();
    let renamed_apart = built.each("id");
    assert_eq!(built.titles()[0], "New");
    assert!(renamed_apart[1] < renamed_apart[2], "ties are in the order of ids");
}

#[test]
fn a_feed_that_is_no_longer_configured_is_taken_away_and_nothing_else_is() {
    let tags = "[[feed]]\nname = \"\"\n[[feed]]\nfor-each = \"tag\"\nname = \"tags/{tag}\"\n";
    let tagged = "---\ntitle: Hello\ndate: 2024-05-06\ntags: [sea]\n---\nx\n";
    let built = Publisher::new().config(tags).article("hello.md", tagged).build();
    assert!(built.documents().contains_key("feeds/tags/sea/rss.xml"));
    let built = built
        .publisher
        .config("")
        .file("feeds/mine.txt", b"mine")
        .file("feeds/tags/sea/own.xml", b"own")
        .build();
    let left: Vec<String> =
        built.documents().into_keys().filter(|path| path.contains("tags") || path.contains("mine")).collect();
    assert_eq!(left, ["feeds/mine.txt", "feeds/tags/sea/own.xml"]);
    assert_eq!(built.report.removed, 3);
}

#[test]
fn an_article_that_is_gone_leaves_its_feeds() {
    let built =
        Publisher::new().article("hello.md", HELLO).article("a.md", &dated("A", "2024-01-01")).build();
    let built = built.publisher.without("articles/a.md").build();
    assert_eq!(built.titles(), ["Hello"]);
}

#[test]
fn a_stale_document_that_somebody_has_changed_is_left_to_them() {
    let built = Publisher::new().config("[[feed]]\nname = \"old\"\n").article("hello.md", HELLO).build();
    let publisher = built.publisher.config("").file("feeds/old/rss.xml", b"edited by hand");
    let built = publisher.reissuing().build();
    assert_eq!(built.document("feeds/old/rss.xml"), "edited by hand");
    assert!(!built.documents().contains_key("feeds/old/atom.xml"));
}

#[test]
fn a_missing_or_faulty_configuration_stops_the_build_before_anything_is_written() {
    for config in [None, Some("[publication"), Some("[publication]\ntitle = \"x\"\nhome = \"/relative\"\n")] {
        let mut publisher = Publisher::new().article("hello.md", HELLO);
        publisher.store.take("feedwright.toml");
        if let Some(text) = config {
            publisher = publisher.whole_config(text);
        }
        assert!(matches!(publisher.try_build(), Err(Error::Publication(_))), "{config:?}");
        assert!(publisher.store.files().keys().all(|path| !path.starts_with("feeds/")));
    }
}

#[test]
fn configuration_faults_are_all_shown_at_once_with_what_was_meant() {
    let misspelt = CONFIG
        .replace("language = \"en\"", "langauge = \"en\"")
        .replace("Europe/London", "Europe/Lodnon")
        .replace("home = \"https://example.org/\"", "home = \"example.org\"");
    let Err(Error::Publication(faults)) = Publisher::new().whole_config(&misspelt).try_build() else {
        panic!("stops")
    };
    let helps: Vec<&str> = faults.iter().filter_map(|fault| fault.help.as_deref()).collect();
    assert_eq!(faults.len(), 3, "{faults:#?}");
    assert!(helps.contains(&"did you mean `language`?") && helps.contains(&"did you mean `Europe/London`?"));
    assert!(faults.iter().all(|fault| fault.place.is_some()));
}

#[test]
fn one_broken_article_costs_no_other_its_place() {
    let built = Publisher::new()
        .article("hello.md", HELLO)
        .article("yaml.md", "---\ntitle: \"unclosed\ndate: 2024-01-01\n---\nx\n")
        .article("toml.md", "+++\ntitle = nope nope\n+++\nx\n")
        .article("json.md", "{\"title\": }\n\nx\n")
        .file("articles/latin1.md", b"---\ntitle: caf\xe9\ndate: 2024-01-01\n---\nx\n")
        .file("articles/utf16.md", b"\xff\xfe-\0-\0")
        .file("articles/nul.md", b"---\ntitle: N\0ul\ndate: 2023-01-01\n---\na\0b\x0bc\n")
        .file("articles/bom.md", b"\xef\xbb\xbf---\r\ntitle: Bom\r\ndate: 2022-01-01\r\n---\r\nx\r\n")
        .article("untitled.md", "---\ndate: 2021-01-01\n---\nJust a thought.\n")
        .build();
    assert_eq!(built.titles(), ["Hello", "N ul", "Bom", ""]);
    assert_eq!(built.items()[1]["content_html"], "<p>abc</p>");
    for rule in ["unparsable-front-matter", "invalid-encoding", "control-characters"] {
        assert!(built.rules().contains(&rule), "{rule}: {}", built.said());
    }
}

#[test]
fn an_article_of_fifty_megabytes_is_withheld_and_the_rest_is_built() {
    let huge = "---\ntitle: Huge\ndate: 2024-01-01\n---\n".to_owned() + &"word ".repeat(10_000_000);
    let built = Publisher::new().article("hello.md", HELLO).article("huge.md", &huge).build();
    assert_eq!(built.titles(), ["Hello"]);
    assert!(built.rules().contains(&"huge-file"));
}

#[test]
fn a_hostile_slug_stays_inside_the_feeds_and_the_site() {
    let built = Publisher::new()
        .config("[[feed]]\nname = \"\"\n[[feed]]\nfor-each = \"tag\"\nname = \"{tag}\"\n[[feed]]\nfor-each = \"section\"\nname = \"s/{section}\"\n")
        .article("a/x.md", "---\ntitle: X\ndate: 2024-01-01\nslug: ../../etc\ntags: [\"../../etc/passwd\", \"..\", \"/\", \"a/../b\", \"C:\\\\x\"]\n---\nx\n")
        .build();
    let paths: Vec<String> = built.publisher.store.files().keys().cloned().collect();
    assert!(paths.iter().all(|path| !path.split('/').any(|part| part == "..")), "{paths:?}");
    assert!(paths.iter().all(|path| {
        ["feeds/", "articles/", ".feedwright/", "feedwright.toml", "feedwright.lock"]
            .iter()
            .any(|top| path.starts_with(top))
    }));
    assert!(built.items()[0]["url"].as_str().unwrap().starts_with("https://example.org/"));
}

#[test]
fn two_articles_with_one_id_both_keep_their_place_and_are_told_apart() {
    let text = |title| format!("---\ntitle: {title}\ndate: 2024-01-01\nid: one\n---\nx\n");
    let built = Publisher::new().article("a.md", &text("A")).article("b.md", &text("B")).build();
    let ids = built.each("id");
    assert_eq!(ids.len(), 2);
    assert_ne!(ids[0], ids[1]);
    assert!(built.rules().contains(&"duplicate-id"));
}

#[test]
fn the_id_is_one_string_in_all_formats_and_needs_no_domain_name() {
    let publisher = Publisher::new().article("hello.md", HELLO);
    let moved = CONFIG.replace("home = \"https://example.org/\"", "home = \"https://elsewhere.net/blog/\"");
    let here = publisher.clone().build();
    let there = publisher.whole_config(&moved).build();
    assert_eq!(here.each("id"), there.each("id"));
    let id = &here.each("id")[0];
    assert!(id.starts_with("tag:example.org,2026-11-22:"));
    assert!(here.document("feeds/rss.xml").contains(&format!("<guid isPermaLink=\"false\">{id}</guid>")));
    assert!(here.document("feeds/atom.xml").contains(&format!("<id>{id}</id>")));
    assert_eq!(there.each("url"), ["https://elsewhere.net/blog/hello/"]);
}

/// A store whose disk is full after some bytes.
struct Full {
    inner: Memory,
    room: AtomicUsize,
}

impl Store for Full {
    fn list(
        &self,
        folder: &str,
        exclude: &feedwright::store::Patterns,
    ) -> Result<feedwright::store::Listing, feedwright::store::Error> {
        self.inner.list(folder, exclude)
    }
    fn read(&self, path: &str) -> Result<Vec<u8>, feedwright::store::Error> {
        self.inner.read(path)
    }
    fn stamp(&self, path: &str) -> Option<feedwright::store::Stamp> {
        self.inner.stamp(path)
    }
    fn names(&self, folder: &str) -> Vec<String> {
        self.inner.names(folder)
    }
    fn has_folder(&self, path: &str) -> bool {
        self.inner.has_folder(path)
    }
    fn draft(&self, path: &str) -> Result<Draft, feedwright::store::Error> {
        self.inner.draft(path)
    }
    fn stage(&self, draft: Draft) -> Result<Staged, feedwright::store::Error> {
        let length = usize::try_from(draft.length()).unwrap();
        let left = |room: usize| room.checked_sub(length);
        if self.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, left).is_err() {
            let source = std::io::Error::from(std::io::ErrorKind::StorageFull);
            return Err(feedwright::store::Error { action: "write", path: draft.path().to_owned(), source });
        }
        self.inner.stage(draft)
    }
    fn place(&mut self, staged: Staged) -> bool {
        self.inner.place(staged)
    }
    fn remove(&mut self, path: &str) -> Result<(), feedwright::store::Error> {
        self.inner.remove(path)
    }
    fn commit(&mut self) -> Result<(), feedwright::store::Error> {
        self.inner.commit()
    }
    fn abandon(&mut self) {
        self.inner.abandon();
    }
}

#[test]
fn a_disk_that_is_full_half_way_leaves_every_old_file_as_it_was() {
    let before = Publisher::new().article("hello.md", HELLO).build();
    let changed = before.publisher.clone().article("more.md", &dated("More", "2024-06-01"));
    let old = changed.store.files().clone();
    for room in [0, 1_500, 3_000, 4_500] {
        let mut store = Full { inner: changed.store.clone(), room: room.into() };
        let options = feedwright::publication::Options::at(changed.now);
        let error = feedwright::publication::build(&mut store, options, &|_| ()).unwrap_err();
        assert!(matches!(error, Error::Store(_)), "{error}");
        assert_eq!(store.inner.files(), &old, "with room for {room} bytes");
    }
}

#[test]
fn an_address_on_the_web_is_no_article_of_ours_whatever_it_ends_in() {
    let text = HELLO.replace(
        "---\nHello",
        "comments: https://talk.example/hello/\nlicense: https://law.example/hello\n---\nHello",
    );
    let built = Publisher::new().article("hello.md", &text).build();
    let atom = built.document("feeds/atom.xml");
    for (rel, address) in
        [("replies", "https://talk.example/hello/"), ("license", "https://law.example/hello")]
    {
        assert!(atom.contains(&format!("<link href=\"{address}\" rel=\"{rel}\"")), "{atom}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever feeds, tags and lists are called, a build leaves alone what it reads.
    #[test]
    fn no_configuration_makes_a_build_write_over_its_sources(
        path in prop::sample::select(vec![".", "feeds", "articles", "Articles/x", ".feedwright", "media"]),
        words in prop::collection::vec(
            prop::sample::select(vec![
                "articles", "hello.md", "feedwright.toml", "FEEDWRIGHT.LOCK", "feedwright.lock", ".feedwright", "t.html",
                "media", "news", "rss.xml", "index.html", "_data", "authors.yml", "a/b", "feeds.opml",
            ]),
            6,
        ),
        opml in prop::option::of(prop::sample::select(vec!["rss.xml", "feedwright.toml", "articles", "a.opml", "t.html"])),
    ) {
        let [name, file, tag, other, section, page] = words[..] else { unreachable!() };
        let opml = opml.map(|opml| format!("opml = \"{opml}\"\n")).unwrap_or_default();
        let config = format!(
            "[feeds]\npath = \"{path}\"\n{opml}[page]\npath = \"{page}.html\"\ntemplate = \"t.html\"\n\
             [serve]\nfiles = \"media\"\n\
             [[feed]]\nname = \"{name}\"\nfiles = {{ rss = \"{file}\" }}\n\
             [[feed]]\nfor-each = \"tag\"\nname = \"{{tag}}\"\nfiles = {{ rss = \"{other}\" }}\n"
        );
        let article = HELLO.replace("date:", &format!("tags: [\"{tag}\", \"{section}\"]\ndate:"));
        let mut publisher = Publisher::new()
            .config(&config)
            .article("news/hello.md", &article)
            .file("t.html", b"<p>{{ publication.title }}</p>")
            .file("media/a.mp3", b"sound")
            .file("_data/authors.yml", b"ada: { name: Ada }");
        let before = publisher.store.files().clone();
        for _ in 0..2 {
            let _ = publisher.try_build();
            for (path, bytes) in &before {
                let after = publisher.store.files().get(path);
                prop_assert!(after == Some(bytes), "{} was changed by\n{}", path, config);
            }
        }
    }
}

#[test]
fn a_file_that_no_build_wrote_is_not_written_over() {
    let mine = "---\nlayout: null\n---\n<feed>{{ site.posts }}</feed>\n";
    let publisher = Publisher::new().article("hello.md", HELLO).file("feeds/atom.xml", mine.as_bytes());
    let mut refused = publisher.clone();
    let Err(Error::Publication(faults)) = refused.try_build() else { panic!("the build is refused") };
    assert!(drawn(&faults).contains("error[occupied-path]"), "{}", drawn(&faults));
    assert_eq!(refused.store.files(), publisher.store.files());
    // What a build wrote is ours, also where nothing is remembered of it.
    let built = publisher.without("feeds/atom.xml").build();
    let fresh = built
        .publisher
        .clone()
        .without(".feedwright/written.json")
        .article("b.md", &HELLO.replace("Hello", "B"));
    assert_eq!(fresh.build().titles().len(), 2);
}
