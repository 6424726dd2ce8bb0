//! `feedwright config`: what is in force, and who says so.

use crate::cli::Site;

const OWN: &str = "[identity]\nauthority = 'example.org'\ndate = '2026'\n\n[articles.permalink]\nnews = 'n/{slug}/'\n\n[[feed]]\n\
                   name = ''\nentries = 5\n\n[[feed]]\nfor-each = 'tag'\nname = 'tags/{tag}'\n";

/// The lines that `config` prints of a site with these files.
fn lines(files: &[(&str, &str)], arguments: &[&str]) -> Vec<String> {
    let site = files.iter().fold(Site::empty(), |site, (path, text)| site.file(path, text));
    let output = site.run(&[&["config"], arguments].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

fn hugo() -> [(&'static str, &'static str); 4] {
    [
        ("feedwright.toml", OWN),
        (
            "hugo.toml",
            "title = 'S'\nbaseURL = 'https://example.org/'\ntimeZone = 'Europe/Paris'\n[permalinks]\npost = '/:year/:slug/'\n\
             [taxonomies]\ntag = 'tags'\n[cascade]\nlayout = 'x'\n",
        ),
        ("content/post/a.md", "---\ntitle: A\ndate: 2024-01-02\n---\nx\n"),
        ("content/secret/_index.md", "---\ntitle: s\ncascade:\n  draft: true\n---\n"),
    ]
}

#[test]
fn each_setting_is_shown_with_the_line_that_states_it() {
    let lines = lines(&hugo(), &[]);
    for line in [
        "publication.title = \"S\"   # hugo.toml:1",
        "publication.home = \"https://example.org/\"   # hugo.toml:2",
        "publication.language = \"en\"   # default",
        "publication.timezone = \"Europe/Paris\"   # hugo.toml:3",
        "identity.date = \"2026\"   # feedwright.toml:3",
        "articles.path = \"content\"   # default",
        "articles.permalink.news = \"n/{slug}/\"   # feedwright.toml:6",
        "site.permalinks.post = \"/:year/:slug/\"   # hugo.toml:5",
        "site.taxonomies.tag = \"tags\"   # hugo.toml:7",
        "site.defaults.layout = \"x\"   # hugo.toml:9",
        "site.defaults.secret.draft = \"true\"   # content/secret/_index.md:4",
        "feed.0.entries = 5   # feedwright.toml:10",
        "feed.0.rss = {\"path\":\"feeds/rss.xml\",\"url\":\"https://example.org/feeds/rss.xml\"}   # default",
        "feed.1.atom = {\"path\":\"feeds/tags/{tag}/atom.xml\",\"url\":\"https://example.org/feeds/tags/{tag}/atom.xml\"}   # default",
    ] {
        assert!(lines.iter().any(|printed| printed == line), "{line}\n{}", lines.join("\n"));
    }
}

#[test]
fn scripts_get_an_object_for_each_and_only_what_they_ask_for() {
    let printed = lines(&hugo(), &["--message-format", "json", "publication.title", "publication.language"]);
    let objects: Vec<serde_json::Value> =
        printed.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        objects[0],
        serde_json::json!({ "key": "publication.title", "value": "S", "path": "hugo.toml", "line": 1 })
    );
    assert!(objects[1]["path"].is_null() && objects.len() == 2);
}

#[test]
fn other_generators_state_theirs_in_their_own_files() {
    for (files, line) in [
        (
            vec![
                ("_config.yml", "title: J\nurl: https://example.org\nbaseurl: /b\npermalink: pretty\n"),
                ("_posts/2024-01-02-a.md", "x\n"),
            ],
            "site.permalink = \"pretty\"   # _config.yml:4",
        ),
        (
            vec![
                (
                    "pelicanconf.py",
                    "SITENAME = 'P'\nSITEURL = 'https://example.org'\nARTICLE_URL = '{slug}/'\n",
                ),
                ("content/a.md", "Title: A\nDate: 2024-01-02\n\nx\n"),
            ],
            "site.ARTICLE_URL = \"{slug}/\"   # pelicanconf.py:3",
        ),
        (
            vec![
                ("config.toml", "base_url = 'https://example.org'\ntitle = 'Z'\n[slugify]\npaths = 'safe'\n"),
                ("content/a.md", "+++\ntitle = 'A'\n+++\n"),
            ],
            "site.slugify.paths = \"safe\"   # config.toml:4",
        ),
    ] {
        let own = "[identity]\nauthority = 'example.org'\ndate = '2026'\n";
        let all: Vec<_> = files.into_iter().chain([("feedwright.toml", own)]).collect();
        let lines = lines(&all, &[]);
        assert!(lines.iter().any(|printed| printed == line), "{line}\n{}", lines.join("\n"));
    }
}

#[test]
fn a_name_that_no_setting_has_is_said_and_the_right_one_beside_it() {
    let site = hugo().iter().fold(Site::empty(), |site, (path, text)| site.file(path, text));
    let output = site.run(&["config", "home"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{said}");
    assert!(said.contains("did you mean `publication.home`?"), "{said}");
}
