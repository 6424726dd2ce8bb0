//! What a site and its server must be told about the feeds: `feedwright snippet` and `feedwright headers`.

use std::process::Output;

use crate::cli::Site;
use crate::publisher::{CONFIG, HELLO};

const FEEDS: &str = "[[feed]]\nname = \"news\"\ntitle = \"News & \\\"views\\\"\"\nformats = [\"rss\"]\n[[feed]]\n\
                     name = \"\"\n[[feed]]\nfor-each = \"tag\"\nname = \"tags/{tag}\"\nformats = [\"atom\"]\n";

fn site(more: &str) -> Site {
    let article = HELLO.replace("date:", "tags: [sea, tide]\ndate:");
    Site::empty().file("feedwright.toml", format!("{CONFIG}{more}")).file("articles/hello.md", article)
}

fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_snippet_names_the_main_feed_first_and_each_with_a_name_of_its_own() {
    let said = printed(&site(FEEDS).run(&["snippet"]));
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 4, "{said}");
    assert_eq!(
        lines[0],
        "<link rel=\"alternate\" type=\"application/rss+xml\" title=\"Channel Dispatch (RSS)\" \
         href=\"https://example.org/feeds/rss.xml\">"
    );
    assert!(
        lines[3].contains("title=\"News &amp; &quot;views&quot;\" href=\"https://example.org/feeds/news/")
    );
}

#[test]
fn a_snippet_is_for_the_feeds_that_are_asked_for() {
    let site = site(FEEDS);
    let hrefs = |arguments: &[&str]| {
        let said = printed(&site.run(arguments));
        let href = |line: &str| line.rsplit_once("href=\"").unwrap().1.trim_end_matches("\">").to_owned();
        said.lines().map(href).collect::<Vec<_>>()
    };
    assert_eq!(hrefs(&["snippet", "tags/sea"]), ["https://example.org/feeds/tags/sea/atom.xml"]);
    assert_eq!(hrefs(&["snippet", "--all"]).len(), 6);
    assert_eq!(hrefs(&["snippet", ""]).len(), 3);
    let unknown = site.run(&["snippet", "tags/see"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("there is no feed `tags/see`"));
    assert!(!site.path().join("feeds").exists(), "nothing is written");
}
