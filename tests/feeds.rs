//! Which articles a feed holds, how it is called, and where it is.

use feedwright::publication::Error;

use crate::publisher::{Built, CONFIG, HELLO, Publisher, drawn};

fn story(title: &str, date: &str, more: &str) -> String {
    format!("---\ntitle: {title}\ndate: {date}\n{more}\n---\nText of {title}.\n")
}

fn newsroom(feeds: &str) -> Built {
    Publisher::new()
        .config(&format!("[[feed]]\nname = \"\"\n{feeds}"))
        .article(
            "news/port.md",
            &story("Port", "2024-03-03", "tags: [Border, Police]\ncategories: [Politics]"),
        )
        .article("news/local/fair.md", &story("Fair", "2024-02-02", "tags: [fun]"))
        .article(
            "opinion/walls.md",
            &story("Walls", "2024-01-01", "tags: [border, opinion]\nauthor: Guest desk"),
        )
        .article("news/quai.fr.md", &story("Quai", "2023-12-12", "tags: [border]"))
        .build()
}

fn titles(built: &Built, path: &str) -> Vec<String> {
    built.items_of(path).iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn where_wants_every_key_and_any_value_of_it() {
    let built = newsroom(
        "[[feed]]\nname = \"security\"\ntitle = \"Border security\"\nwhere = { tags = [\"border\", \"police\"], section = \"news\" }\n",
    );
    assert_eq!(titles(&built, "feeds/security/feed.json"), ["Port", "Quai"]);
    assert!(built.document("feeds/security/rss.xml").contains("<title>Border security</title>"));
}

#[test]
fn unless_keeps_out_what_has_any_of_it() {
    let built =
        newsroom("[[feed]]\nname = \"x\"\nunless = { tags = \"opinion\", section = \"news/local\" }\n");
    assert_eq!(titles(&built, "feeds/x/feed.json"), ["Port", "Quai"]);
}

#[test]
fn feeds_select_by_author_category_path_language_and_time() {
    let built = newsroom(
        r#"
[[feed]]
name = "author"
where = { authors = "guest desk" }
[[feed]]
name = "category"
where = { categories = ["Politics"] }
[[feed]]
name = "path"
where = { path = "/news/**/f*.md" }
[[feed]]
name = "language"
where = { language = "fr" }
[[feed]]
name = "time"
where = { after = "2024-01-01", before = 2024-03-01 }
[[feed]]
name = "audio"
where = { enclosure = true }
"#,
    );
    let expected = [
        ("author", vec!["Walls"]),
        ("category", vec!["Port"]),
        ("path", vec!["Fair"]),
        ("language", vec!["Quai"]),
        ("time", vec!["Fair", "Walls"]),
        ("audio", vec![]),
    ];
    for (name, wanted) in expected {
        assert_eq!(titles(&built, &format!("feeds/{name}/feed.json")), wanted, "{name}");
    }
}

#[test]
fn a_feed_for_each_tag_joins_spellings_and_leaves_rare_ones_out() {
    let built =
        newsroom("[[feed]]\nfor-each = \"tag\"\nat-least = 2\nname = \"tags/{tag}\"\ntitle = \"On {tag}\"\n");
    let feeds: Vec<String> =
        built.documents().into_keys().filter(|path| path.ends_with("feed.json")).collect();
    assert_eq!(feeds, ["feeds/feed.json", "feeds/tags/border/feed.json"]);
    assert_eq!(titles(&built, "feeds/tags/border/feed.json"), ["Port", "Walls", "Quai"]);
    assert!(built.document("feeds/tags/border/atom.xml").contains("On border"));
}

#[test]
fn there_are_feeds_for_each_section_author_category_and_language() {
    let built = newsroom(
        "[[feed]]\nfor-each = \"section\"\nname = \"s/{section}\"\n[[feed]]\nfor-each = \"author\"\nname = \"a/{author}\"\n\
         [[feed]]\nfor-each = \"category\"\nname = \"c/{category}\"\n[[feed]]\nfor-each = \"language\"\nname = \"l/{language}\"\n",
    );
    let documents = built.documents();
    for path in [
        "s/news",
        "s/news/local",
        "s/opinion",
        "a/channel-dispatch",
        "a/guest-desk",
        "c/politics",
        "l/en",
        "l/fr",
    ] {
        assert!(documents.contains_key(&format!("feeds/{path}/rss.xml")), "{path} in {:?}", documents.keys());
    }
    assert!(documents["feeds/l/fr/rss.xml"].contains("<language>fr</language>"));
}

#[test]
fn names_keep_every_script_and_their_addresses_are_ascii() {
    let built = Publisher::new()
        .config("[[feed]]\nfor-each = \"tag\"\nname = \"{tag}\"\n")
        .article("a.md", &story("A", "2024-01-01", "tags: [Ünïcode, 日本語, C++]"))
        .build();
    let documents = built.documents();
    for name in ["ünïcode", "日本語", "c++"] {
        assert!(documents.contains_key(&format!("feeds/{name}/rss.xml")), "{name}");
    }
    assert!(
        documents["feeds/日本語/rss.xml"]
            .contains("https://example.org/feeds/%E6%97%A5%E6%9C%AC%E8%AA%9E/rss.xml")
    );
}

#[test]
fn two_feeds_that_would_share_a_file_are_diagnosed_and_the_first_keeps_it() {
    let built = Publisher::new()
        .config("[[feed]]\nname = \"a\"\ntitle = \"First\"\n[[feed]]\nname = \"A\"\ntitle = \"Second\"\n")
        .article("hello.md", HELLO)
        .build();
    assert!(built.rules().contains(&"colliding-feeds"));
    assert!(built.document("feeds/a/rss.xml").contains("First"));
    assert!(!built.documents().contains_key("feeds/A/rss.xml"));
}

#[test]
fn any_path_that_people_subscribe_to_can_be_had() {
    let built = Publisher::new()
        .config(
            "[feeds]\nurl = \"https://example.org/\"\n[[feed]]\nname = \"\"\nformats = [\"atom\"]\nfiles = { atom = \"feeds/all.atom.xml\" }\n\
             [[feed]]\nfor-each = \"tag\"\nname = \"feed/by_tag\"\nformats = [\"rss\"]\nfiles = { rss = \"{tag}.xml\" }\n",
        )
        .article("a.md", &story("A", "2024-01-01", "tags: [sea]"))
        .build();
    let paths: Vec<String> = built.documents().into_keys().collect();
    assert_eq!(
        paths,
        [
            "feeds/feed.css",
            "feeds/feed/by_tag/sea.xml",
            "feeds/feeds.opml",
            "feeds/feeds/all.atom.xml",
            "feeds/subscribe.html"
        ]
    );
    assert!(
        built
            .document("feeds/feeds/all.atom.xml")
            .contains("href=\"https://example.org/feeds/all.atom.xml\"")
    );
}

#[test]
fn a_feed_that_passes_its_budget_loses_its_oldest_entries_whole() {
    let long = "word ".repeat(2_000);
    let mut publisher = Publisher::new().config("[feeds]\nmax-bytes = 50000\n");
    for day in 1..=9 {
        let text = format!("---\ntitle: Day {day}\ndate: 2024-01-0{day}\n---\n{long}\n");
        publisher = publisher.article(&format!("{day}.md"), &text);
    }
    let built = publisher.build();
    let titles = built.titles();
    assert!(titles.len() < 9 && titles[0] == "Day 9", "{titles:?}");
    assert!(built.documents().values().all(|document| document.len() <= 50_000));
    assert!(built.rules().contains(&"oversized-feed"));
}

#[test]
fn a_feed_of_summaries_holds_no_full_text() {
    let text =
        format!("---\ntitle: Long\ndate: 2024-01-01\nsummary: In short.\n---\n{}\n", "THEBODY ".repeat(100));
    let built = Publisher::new().config("[feeds]\ncontent = \"summary\"\n").article("long.md", &text).build();
    for (path, document) in built.documents() {
        assert!(!document.contains("THEBODY"), "{path}");
    }
    assert!(built.document("feeds/rss.xml").contains("In short."));
}

#[test]
fn an_empty_publication_has_valid_empty_feeds_with_a_date_that_never_moves() {
    let built = Publisher::new().build();
    assert!(built.items().is_empty());
    assert!(built.document("feeds/atom.xml").contains("<updated>2026-11-22T00:00:00Z</updated>"));
    assert!(built.rules().contains(&"empty-feed"));
}

#[test]
fn tags_that_become_one_path_are_one_feed_under_the_spelling_of_most() {
    let tagged = |publisher: Publisher, name: &str, tag: &str, day: u32| {
        publisher.article(name, &story(name, &format!("2024-05-{day:02}"), &format!("tags: ['{tag}']\n")))
    };
    let feeds = "[[feed]]\nname = ''\n[[feed]]\nfor-each = 'tag'\nname = 'tags/{tag}'\n";
    let publisher = tagged(Publisher::new().config(feeds), "a.md", "CI/CD", 1);
    let publisher = tagged(publisher, "b.md", "CI/CD", 2);
    let before = publisher.build();
    let built = tagged(before.publisher, "c.md", "ci-cd", 3).build();
    assert_eq!(titles(&built, "feeds/tags/ci-cd/feed.json"), ["c.md", "b.md", "a.md"]);
    assert!(built.document("feeds/tags/ci-cd/rss.xml").contains("<title>Channel Dispatch: CI/CD</title>"));
    assert!(!built.rules().contains(&"colliding-feeds"), "{}", built.said());
}

#[test]
fn a_published_file_is_not_given_to_another_feed() {
    let text = |tag: &str| format!("tags: [{tag}]\ncategories: [{tag}]\n");
    let only_tags = "[[feed]]\nname = ''\n[[feed]]\nfor-each = 'tag'\nname = '{tag}'\n";
    let both = "[[feed]]\nname = ''\n[[feed]]\nfor-each = 'category'\nname = '{category}'\n\
                [[feed]]\nfor-each = 'tag'\nname = '{tag}'\n";
    let publisher = Publisher::new()
        .config(only_tags)
        .article("a.md", &story("A", "2024-05-01", "tags: [sea]\n"))
        .article("b.md", &story("B", "2024-05-02", "categories: [sea]\n"));
    let built = publisher.build();
    assert_eq!(titles(&built, "feeds/sea/feed.json"), ["A"]);
    let mut publisher = built.publisher.config(both);
    let Err(Error::Publication(faults)) = publisher.try_build() else { panic!("the build is refused") };
    assert!(drawn(&faults).contains("error[colliding-feeds]"), "{}", drawn(&faults));
    // Where the file has never been published, the first feed has it.
    let fresh = Publisher::new().config(both).article("a.md", &story("A", "2024-05-01", &text("sea")));
    assert!(fresh.build().rules().contains(&"colliding-feeds"));
}

#[test]
fn the_main_feed_of_several_languages_has_the_first_and_a_file_may_be_anywhere() {
    let config = "[[feed]]\nname = ''\n[[feed]]\nname = 'fr'\nwhere = { language = 'fr' }\nfiles = { json = '/french.json' }\n";
    let publisher = Publisher::new()
        .whole_config(&(CONFIG.replacen("language =", "languages = ['fr']\nlanguage =", 1) + config))
        .article("a.md", &story("A", "2024-05-01", ""))
        .article("fr/b.md", &story("B", "2024-05-02", ""))
        .article("nr/c.md", &story("C", "2024-05-03", ""));
    let built = publisher.build();
    assert_eq!(titles(&built, "feeds/feed.json"), ["C", "A"]);
    assert_eq!(titles(&built, "feeds/french.json"), ["B"]);
    let feed = built.document("feeds/french.json");
    assert!(feed.contains(r#""language":"fr""#) || feed.contains(r#""language": "fr""#), "{feed}");
}
