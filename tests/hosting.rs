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

const HOST: &str = "[serve]\nlike = [\"wordpress\"]\ngone = [\"/gone.xml\"]\nmax-age = 300\n\
                    [redirects]\n\"/index.rdf\" = \"/feeds/rss.xml\"\n\"/feeds/atom.xml\" = \"/elsewhere\"\n";

fn headers(more: &str, format: &str) -> String {
    printed(&site(more).run(&["headers", "--format", format]))
}

/// What is said of a path in `_headers`.
fn block<'a>(text: &'a str, path: &str) -> Vec<&'a str> {
    let mut lines = text.lines().skip_while(|line| *line != path);
    assert!(lines.next().is_some(), "{path} in {text}");
    lines.take_while(|line| line.starts_with("  ")).map(str::trim).collect()
}

#[test]
fn a_host_is_told_the_type_of_every_file_and_what_holds_for_all() {
    let hubs = FEEDS.replace("name = \"\"\n", "name = \"\"\nhubs = [\"https://hub.example.org/\"]\n");
    for format in ["netlify", "cloudflare"] {
        let said = headers(&format!("{hubs}{HOST}"), format);
        assert_eq!(
            block(&said, "/feeds/*"),
            [
                "Cache-Control: public, max-age=300, stale-while-revalidate=3600, stale-if-error=86400",
                "Access-Control-Allow-Origin: *",
                "Access-Control-Expose-Headers: ETag, Last-Modified, Link",
                "X-Content-Type-Options: nosniff",
            ]
        );
        assert_eq!(
            block(&said, "/feeds/rss.xml"),
            [
                "Content-Type: application/rss+xml; charset=utf-8",
                "Link: <https://example.org/feeds/rss.xml>; rel=\"self\"; type=\"application/rss+xml\", \
                 <https://hub.example.org/>; rel=\"hub\", <https://example.org/>; rel=\"alternate\"; type=\"text/html\"",
            ]
        );
        let tags = block(&said, "/feeds/:a/:b/atom.xml");
        assert_eq!(tags, ["Content-Type: application/atom+xml; charset=utf-8"], "one rule for all tags");
        assert_eq!(block(&said, "/feeds/feeds.opml"), ["Content-Type: text/x-opml; charset=utf-8"]);
        assert_eq!(block(&said, "/feeds/feed.css"), ["Content-Type: text/css; charset=utf-8"]);
    }
}

#[test]
fn of_feeds_beside_a_whole_site_nothing_is_said_of_the_site() {
    let said = headers("[feeds]\nurl = \"https://example.org/\"\n", "netlify");
    assert!(!said.lines().any(|line| line == "/*"), "{said}");
    assert_eq!(block(&said, "/rss.xml").len(), 6);
}

#[test]
fn files_of_one_name_are_told_of_together_only_if_they_are_of_one_type() {
    let feeds = "[[feed]]\nfor-each = \"tag\"\nname = \"tags/{tag}\"\nformats = [\"rss\"]\nfiles = { rss = \"f.xml\" }\n\
                 [[feed]]\nname = \"a/b\"\nformats = [\"atom\"]\nfiles = { atom = \"f.xml\" }\n";
    let said = headers(feeds, "netlify");
    assert!(!said.contains("/:a/"), "{said}");
    assert_eq!(block(&said, "/feeds/tags/sea/f.xml"), ["Content-Type: application/rss+xml; charset=utf-8"]);
    assert!(block(&said, "/feeds/a/b/f.xml")[0].contains("atom+xml"));
    let same = headers(&feeds.replace("atom", "rss"), "netlify");
    assert_eq!(block(&same, "/feeds/:a/:b/f.xml"), ["Content-Type: application/rss+xml; charset=utf-8"]);
    assert!(block(&same, "/feeds/a/b/f.xml")[0].starts_with("Link: "), "no header is stated twice");
}

#[test]
fn former_addresses_lead_to_the_feeds_unless_there_is_one_now() {
    let site = site(&format!("{FEEDS}{HOST}"));
    let redirects = |format| printed(&site.run(&["headers", "--redirects", "--format", format]));
    let netlify = redirects("netlify");
    for line in [
        "/index.rdf /feeds/rss.xml 301",
        "/feed/ /feeds/rss.xml 301",
        "/tag/sea/feed/ /feeds/tags/sea/atom.xml 301",
        "/ feed=rss2 /feeds/rss.xml 301",
    ] {
        assert!(netlify.lines().any(|said| said == line), "{line} in {netlify}");
    }
    assert!(!netlify.contains("elsewhere"), "there is a feed now");
    assert!(!redirects("cloudflare").contains("feed=rss2"), "it knows no queries");
    let nginx = headers(&format!("{FEEDS}{HOST}"), "nginx");
    assert!(nginx.ends_with(&redirects("nginx")));
    assert!(nginx.contains("if ($request_uri = \"/?feed=rss2\") { return 301 \"/feeds/rss.xml\"; }\n"));
    assert!(nginx.contains("location = \"/gone.xml\" { return 410; }\n"));
    let caddy = redirects("caddy");
    assert!(
        caddy.contains("redir /index.rdf /feeds/rss.xml permanent\n")
            && caddy.contains("respond /gone.xml 410\n")
    );
}

#[test]
fn nginx_and_caddy_are_told_in_their_own_words() {
    let feeds = FEEDS.replace("\"tags/{tag}\"", "\"t (x)/{tag}\"");
    let nginx = headers(&feeds, "nginx");
    assert!(nginx.contains("location = \"/feeds/rss.xml\" {\n    types { }\n    default_type application/rss+xml;\n    charset utf-8;\n"));
    assert!(nginx.contains("location ~ \"^/feeds/[^/]+/[^/]+/atom\\\\.xml$\" {"), "{nginx}");
    let caddy = headers(&feeds, "caddy");
    assert!(caddy.contains("path_regexp `^/feeds/[^/]+/[^/]+/atom\\.xml$`\n"), "{caddy}");
    assert!(caddy.contains("\tContent-Type `application/atom+xml; charset=utf-8`\n"));
}
