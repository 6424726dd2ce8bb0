//! `[articles] permalink`: patterns by section and path, their tokens, and what is said of those that ask in vain.

use crate::publisher::Publisher;

/// The paths of the entries' URLs, in order.
fn paths(config: &str, articles: &[(&str, &str)]) -> Vec<String> {
    let publisher = Publisher::new().config(&format!("[articles]\n{config}"));
    let built =
        articles.iter().fold(publisher, |publisher, (name, text)| publisher.article(name, text)).build();
    let mut urls = built.each("url");
    urls.sort();
    urls.iter().map(|url| url.trim_start_matches("https://example.org").to_owned()).collect()
}

/// The help and messages of the errors in a configuration.
fn faults(permalink: &str) -> Vec<(String, Option<String>, (u32, u32))> {
    let source = format!(
        "[publication]\ntitle = 'A'\nhome = 'https://example.org/'\n[identity]\nauthority = 'example.org'\n\
         date = '2026'\n[articles]\n{permalink}"
    );
    let faults = feedwright::config::parse(&source).unwrap_err();
    let place =
        |place: Option<feedwright::diagnostic::Place>| place.map_or((0, 0), |at| (at.line, at.column));
    faults.into_iter().map(|fault| (fault.message, fault.help, place(fault.place))).collect()
}

const DATED: &str = "---\ntitle: A First One!\ndate: 2024-01-02T03:04:05Z\ncategories: [Big News, c]\nabbrlink: aB3\n---\nx\n";

#[test]
fn every_token_has_its_value() {
    for (pattern, path) in [
        ("{section}/{slug}/", "/news/local/one/"),
        ("{sections}/{title}/", "/news/local/a-first-one/"),
        ("{filename}.html", "/one.html"),
        ("{path}", "/news/local/one"),
        ("{category}/{slug}", "/big-news/one"),
        ("{categories}/{slug}", "/big-news/c/one"),
        ("p/{abbrlink}/", "/p/aB3/"),
        ("p/{page.abbrlink}/", "/p/aB3/"),
        ("{short-year}/{i-month}/{i-day}/{yearday}/{slug}", "/24/1/2/2/one"),
        ("{year}-{month}-{day}-{hour}{minute}{second}", "/2024-01-02-030405"),
        ("{date:%Y/%b}/{slug}", "/2024/Jan/one"),
        ("{lang}/{slug}", "/one"),
    ] {
        let config = format!("permalink = '{pattern}'\n");
        assert_eq!(paths(&config, &[("news/local/one.md", DATED)]), [path], "{pattern}");
    }
}

#[test]
fn the_pattern_that_is_written_longest_counts() {
    let config = "[articles.permalink]\n'*' = 'x/{slug}/'\nnews = 'n/{slug}/'\n'news/local' = 'l/{slug}/'\n\
                  '/news/local/2*.md' = 'p/{slug}/'\nrecipes = 'r/{slug}/'\n[articles.permalink.page]\nnotes = '{slug}.html'\n";
    let names = ["a.md", "news/b.md", "news/local/c.md", "news/local/2d.md", "_recipes/e.md", "notes/f.md"];
    let articles: Vec<_> = names.iter().map(|name| (*name, DATED)).collect();
    let found = paths(&format!("path = 'articles'\n{config}"), &articles);
    assert_eq!(found, ["/f.html", "/l/c/", "/n/b/", "/p/2d/", "/r/e/", "/x/a/"]);
}

#[test]
fn articles_that_no_pattern_is_for_are_where_they_would_be_without_any() {
    let config = "permalink = { news = '{year}/{slug}/' }\n";
    assert_eq!(paths(config, &[("news/a.md", DATED), ("b/c.md", DATED)]), ["/2024/a/", "/b/c/"]);
}

#[test]
fn what_an_article_lacks_is_said_and_leaves_no_empty_part() {
    let config = "[articles]\npermalink = '{category}/{series}/{slug}/'\n";
    let built =
        Publisher::new().config(config).article("a.md", "---\ntitle: A\ndate: 2024-01-02\n---\nx\n").build();
    assert_eq!(built.each("url"), ["https://example.org/a/"]);
    assert_eq!(built.rules(), ["incomplete-address", "incomplete-address"]);
}

#[test]
fn a_token_that_is_misspelt_is_an_error_at_its_place() {
    let (message, help, place) = faults("permalink = '{yaer}/{slug}/'\n").remove(0);
    assert_eq!(message, "there is no token `{yaer}`");
    let meant = "did you mean `year`? a key of the front matter that is called so is `{page.yaer}`";
    assert_eq!((help.as_deref(), place), (Some(meant), (8, 14)));
    for (permalink, message) in [
        (
            "permalink = '{year}/'\n",
            "without `{slug}`, `{title}`, `{filename}` or `{path}` all articles would have one URL",
        ),
        ("permalink = '{slug'\n", "a `{` is not closed by `}`"),
        ("permalink = '{date:%Q}{slug}'\n", "`%Q` is not a format of dates"),
        ("permalink = '{a b}{slug}'\n", "`{a b}` is neither a token nor a key of front matter"),
        ("permalink = 3\n", "`permalink` must be text or a table, not a TOML integer"),
        ("[articles.permalink]\nnews = 3\n", "`news` must be text, not a TOML integer"),
        ("[articles.permalink.term]\ntags = '{slug}'\n", "no article is a page of the kind `term`"),
        ("[articles.permalink]\n'../a' = '{slug}'\n", "`../a` is not a path inside the publication"),
    ] {
        assert_eq!(faults(permalink)[0].0, message);
    }
}

#[test]
fn values_stay_within_their_part_of_the_url() {
    let odd = "---\ntitle: Q?\ndate: 2024-01-02\nkey: 'a?b#c%2e/../d'\n---\nx\n";
    let built =
        Publisher::new().config("[articles]\npermalink = 'p/{key}/{title}/'\n").article("a.md", odd).build();
    assert_eq!(built.each("url"), ["https://example.org/p/a%3Fb%23c%252e/d/q/"]);
}

#[test]
fn patterns_of_ones_own_differ_from_the_generators_where_they_are_stated() {
    let config = "[articles.permalink]\nnews = '{year}/{category}/{title}/'\n";
    let built = Publisher::new()
        .whole_config(&format!("[identity]\nauthority = 'example.org'\ndate = '2026'\n{config}"))
        .file("pelicanconf.py", b"SITENAME = 'S'\nSITEURL = 'https://example.org'\nPATH = 'articles'\n")
        .article("news/a.md", "Title: Über Uns\nDate: 2024-01-02\n\nx\n")
        .article("b.md", "Title: B one\nDate: 2024-01-02\n\nx\n")
        .build();
    let mut urls = built.each("url");
    urls.sort();
    assert_eq!(urls, ["https://example.org/2024/news/uber-uns/", "https://example.org/b-one.html"]);
}
