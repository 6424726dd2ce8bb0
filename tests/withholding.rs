//! What must not be published never is (guarantee A-25), and what was held back comes out on purpose or in time.

use feedwright::article::Dialect;
use feedwright::publication::Error;
use feedwright::select::Preview;

use crate::publisher::{HELLO, Publisher, instant};

fn secret(front_matter: &str) -> String {
    format!("---\ntitle: TOPSECRET\ndate: 2024-01-01\n{front_matter}\n---\nTOPSECRET text\n")
}

#[test]
fn nothing_of_a_withheld_article_is_in_any_document() {
    let ways = [
        "draft: true",
        "published: false",
        "status: draft",
        "status: private",
        "date: 2031-01-01",
        "expiryDate: 2024-02-01",
        "hidden: true",
        "unlisted: true",
        "rss: false",
        "password: sesame",
        "visibility: members",
        "date: soon",
    ];
    for way in ways {
        let mut text = secret(way);
        if way.starts_with("date") {
            text = text.replacen("date: 2024-01-01\n", "", 1);
        }
        let built = Publisher::new()
            .config("[[feed]]\nname = \"\"\n[[feed]]\nfor-each = \"section\"\nname = \"{section}\"\n")
            .article("a/hello.md", HELLO)
            .article("b/topsecret.md", &text)
            .build();
        for (path, document) in built.documents() {
            assert!(!document.to_lowercase().contains("topsecret"), "{way} leaks into {path}");
        }
        assert_eq!((built.report.entries, built.report.withheld()), (1, 1), "{way}");
    }
}

#[test]
fn every_withheld_article_is_explained() {
    let built = Publisher::new()
        .article("draft.md", &secret("draft: true"))
        .article("undated.md", "---\ntitle: Undated\n---\ntext\n")
        .article("faulty.md", "---\ntitle: [\n---\ntext\n")
        .build();
    let explained: Vec<&str> = built
        .report
        .diagnostics
        .iter()
        .map(|found| found.path.as_str())
        .filter(|path| !path.is_empty())
        .collect();
    for name in ["draft.md", "undated.md", "faulty.md"] {
        assert!(explained.contains(&format!("articles/{name}").as_str()), "{name} in {explained:?}");
    }
}

#[test]
fn drafts_come_out_with_drafts_and_later_articles_with_future() {
    let mut publisher = Publisher::new()
        .article("draft.md", "---\ntitle: Draft\ndate: 2024-01-01\ndraft: true\n---\nx\n")
        .article("later.md", "---\ntitle: Later\ndate: 2031-01-01\n---\nx\n");
    publisher.preview = Preview { drafts: true, future: false };
    assert_eq!(publisher.clone().build().titles(), ["Draft"]);
    publisher.preview = Preview { drafts: false, future: true };
    assert_eq!(publisher.build().titles(), ["Later"]);
}

#[test]
fn a_later_article_comes_out_at_its_instant_and_the_report_says_when() {
    let publisher =
        Publisher::new().article("later.md", "---\ntitle: Later\ndate: 2027-01-01T09:00:00Z\n---\nx\n");
    let before = publisher.clone().at("2027-01-01T08:59:59Z").build();
    assert_eq!(before.report.next_due.unwrap().to_rfc3339(), "2027-01-01T09:00:00+00:00");
    assert!(before.items().is_empty());
    assert_eq!(publisher.at("2027-01-01T09:00:00Z").build().titles(), ["Later"]);
}

#[test]
fn a_page_of_a_section_is_no_article() {
    let built = Publisher::new()
        .article("news/_index.md", "---\ntitle: News\n---\n")
        .article("hello.md", HELLO)
        .build();
    assert_eq!((built.report.articles, built.report.withheld()), (1, 0));
}

#[test]
fn where_what_is_published_must_stay_so_an_article_that_breaks_stops_the_build() {
    use feedwright::publication::{Error, Options, build};
    let keeping = |publisher: &Publisher| Options { keep_published: true, ..Options::at(publisher.now) };
    let broken = ["---\ntitle: [\n---\n", "---\ntitle: Hello\ndate: soon\n---\n", ""];
    for text in broken {
        let mut publisher = Publisher::new().article("hello.md", HELLO).build().publisher;
        let before = publisher.store.files().clone();
        publisher = publisher.article("hello.md", text).article("new.md", text);
        let options = keeping(&publisher);
        let Err(Error::Publication(faults)) = build(&mut publisher.store, options, &|_| ()) else {
            panic!("{text:?} is published")
        };
        assert!(
            !faults.is_empty() && faults.iter().all(|fault| fault.path == "articles/hello.md"),
            "{faults:?}"
        );
        let feeds = |files: &std::collections::BTreeMap<String, Vec<u8>>| {
            files
                .iter()
                .filter(|(path, _)| path.starts_with("feeds"))
                .map(|(_, bytes)| bytes.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(feeds(publisher.store.files()), feeds(&before), "{text:?}");
        // What was never published is withheld, and mended text goes on.
        publisher = publisher.article("hello.md", HELLO);
        assert_eq!(build(&mut publisher.store, options, &|_| ()).unwrap().withheld(), 1, "{text:?}");
    }
}

#[test]
fn a_date_to_come_holds_an_article_back_in_every_dialect_under_whatever_key() {
    let later = "2027-01-01";
    for dialect in Dialect::ALL {
        for key in ["publishDate", "publish_date", "scheduled", "scheduled-for", "published_at", "embargo"] {
            let front_matter = format!("{key}: {later}");
            let built = Publisher::new()
                .config(&format!("[articles]\ndialect = \"{dialect}\"\n"))
                .article("later.md", &secret(&front_matter))
                .build();
            assert_eq!(built.titles(), [""; 0], "{dialect} {key}");
            assert_eq!(built.report.next_change, Some(instant("2027-01-01T00:00:00Z")), "{dialect} {key}");
            let due = built.publisher.at("2027-01-02T00:00:00Z").build();
            assert_eq!(due.titles(), ["TOPSECRET"], "{dialect} {key}");
        }
    }
}

#[test]
fn a_draft_that_its_generator_would_publish_is_held_back_and_said() {
    let built = Publisher::new()
        .config("[articles]\ndialect = \"hugo\"\n")
        .article("draft.md", &secret("draft: yes"))
        .build();
    assert_eq!(built.report.withheld(), 1);
    assert!(built.said().contains("`yes` is text in YAML 1.2, not `true`"), "{}", built.said());
}

#[test]
fn where_nothing_can_be_read_nothing_is_overwritten() {
    let built = Publisher::new().article("hello.md", HELLO).build();
    let mut publisher = built.publisher.delete("hello.md").article("hello.rst", "Hello\n=====\n");
    let files = publisher.store.files().clone();
    let Err(Error::Publication(faults)) = publisher.try_build() else { panic!("there is no article") };
    assert_eq!(faults[0].message, "files in formats that are not read: 1 `.rst` (`articles/hello.rst`)");
    assert!(publisher.store.files() == &files);
}

#[test]
fn articles_of_one_instant_are_in_the_order_that_they_state_or_in_that_of_their_paths() {
    let at_once =
        |title: &str, more: &str| format!("---\ntitle: {title}\ndate: 2024-01-01\n{more}---\n{title}\n");
    let built = Publisher::new()
        .article("e.md", &at_once("first", "weight: 1\n"))
        .article("d.md", &at_once("second", "order: 2\n"))
        .article("b.md", &at_once("third", ""))
        .article("c.md", &at_once("fourth", ""))
        .build();
    assert_eq!(built.titles(), ["first", "second", "third", "fourth"]);
    let episode = |number: u32| at_once(&number.to_string(), &format!("episode: {number}\n"));
    let built = (8..=10)
        .fold(Publisher::new(), |show, number| show.article(&format!("{number}.md"), &episode(number)))
        .build();
    assert_eq!(built.titles(), ["10", "9", "8"], "the latest episode first");
}

#[test]
fn a_feed_may_have_what_was_updated_last_first() {
    let story = |title: &str, date: &str, more: &str| {
        format!("---\ntitle: {title}\ndate: {date}\n{more}---\n{title}\n")
    };
    let built = Publisher::new()
        .config("[[feed]]\nname = \"\"\norder = \"updated\"\n[[feed]]\nname = \"new\"\n")
        .article("old.md", &story("old", "2024-01-01", "updated: 2025-01-01\n"))
        .article("new.md", &story("new", "2024-02-02", ""))
        .build();
    assert_eq!(built.titles(), ["old", "new"]);
    assert_eq!(built.items_of("feeds/new/feed.json")[0]["title"], "new");
}

#[test]
fn what_stands_beside_articles_withholds_them_also_where_the_configuration_of_their_site_is_not_here() {
    let public = "---\ntitle: Open\ndate: 2024-01-02\n---\nx\n";
    let built = Publisher::new()
        .config("[articles]\ndialect = \"hugo\"\npath = \"articles\"\n")
        .article("posts/open.md", public)
        .article("drafts/_index.md", "---\ntitle: D\ncascade:\n  draft: true\n---\n")
        .article("drafts/wip.md", &public.replace("Open", "Secret"))
        .article("b/index.md", &public.replace("Open", "Bundle"))
        .article("b/deep/part.md", &public.replace("Open", "Part"))
        .build();
    let mut titles = built.titles();
    titles.sort();
    assert_eq!(titles, ["Bundle", "Open"]);
}

#[test]
fn links_do_not_give_away_articles_that_are_not_out() {
    let built = Publisher::new()
        .article(
            "hello.md",
            "---\ntitle: H\ndate: 2024-05-06\n---\n[soon](merger.md) [gone](offer.md) [here](b.md)\n",
        )
        .article("merger.md", "---\ntitle: M\ndate: 2099-01-01\n---\nx\n")
        .article("offer.md", "---\ntitle: O\ndate: 2024-01-01\nexpires: 2024-02-01\n---\nx\n")
        .article("b.md", "---\ntitle: B\ndate: 2024-01-01\n---\nx\n")
        .build();
    let hello = built.items().into_iter().find(|item| item["title"] == "H").unwrap();
    let content = hello["content_html"].as_str().unwrap();
    assert!(content.contains("https://example.org/b/"), "{content}");
    assert!(!content.contains("merger") && !content.contains("offer"), "{content}");
}
