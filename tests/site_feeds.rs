//! The feeds that `init` writes for a site, and the files that a build then makes: those that the site's own generator
//! publishes, of the articles that it has in each.
//!
//! The paths are those that Hugo 0.168, Pelican 4.12, Nikola 8.3.3 and Jekyll 4.3.1 with jekyll-feed 0.17 made of the same
//! sites; those of Zola are from its documentation.

use std::path::Path;

use crate::cli::Site;

/// The feeds that a build makes after `init`, with the titles of their entries.
fn feeds(files: &[(&str, &str)]) -> Vec<(String, Vec<String>)> {
    let mut site = Site::empty();
    for (path, text) in files {
        site = site.file(path, text);
    }
    for arguments in [&["init"][..], &["build", "--now", "2026-11-22T00:00:00Z"]] {
        let output = site.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{arguments:?}: {said}\n{}",
            read(&site.path().join("feedwright.toml"))
        );
    }
    let feeds = site.path().join("feeds");
    let mut found = Vec::new();
    let mut folders = vec![feeds.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(&feeds).unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".xml") || name.ends_with(".atom") {
                found.push((name, titles(&read(&path))));
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// The titles of the entries of a feed, in alphabetical order.
fn titles(feed: &str) -> Vec<String> {
    let entries =
        feed.split("<entry>").chain(feed.split("<item>")).filter(|entry| !entry.starts_with("<?xml"));
    let title = |entry: &str| {
        let (_, after) = entry.split_once("<title")?;
        let (title, _) = after.split_once("</title>")?;
        Some(title.split_once('>')?.1.to_owned())
    };
    let mut titles: Vec<String> = entries.filter_map(title).collect();
    titles.sort();
    titles
}

fn expected(feeds: &[(&str, &str)]) -> Vec<(String, Vec<String>)> {
    let titles = |titles: &str| titles.split(' ').map(str::to_owned).collect();
    let mut expected: Vec<(String, Vec<String>)> =
        feeds.iter().map(|(path, of)| ((*path).to_owned(), titles(of))).collect();
    expected.sort();
    expected
}

fn article(title: &str, more: &str) -> String {
    format!("---\ntitle: {title}\ndate: 2024-01-03\n{more}---\nx\n")
}

#[test]
fn hugo_has_feeds_of_its_home_languages_sections_and_terms() {
    let found = feeds(&[
        (
            "hugo.toml",
            "title = 'S'\nbaseURL = 'https://example.org/'\n[languages.en]\nweight = 1\n[languages.fr]\nweight = 2\n",
        ),
        (
            "content/posts/a.md",
            &*article("A", "tags: [C++, Machine Learning, CI/CD, 'C#']\ncategories: [News Desk]\n"),
        ),
        ("content/posts/b.fr.md", &*article("B", "")),
        ("content/posts/sub/_index.md", "---\ntitle: Sub\n---\n"),
        ("content/posts/sub/s.md", &*article("S", "")),
        ("content/deep/nosec/n.md", &*article("N", "")),
    ]);
    let wanted = expected(&[
        ("index.xml", "A N S"),
        ("fr/index.xml", "B"),
        ("tags/c++/index.xml", "A"),
        ("tags/c#/index.xml", "A"),
        ("tags/ci/cd/index.xml", "A"),
        ("tags/machine-learning/index.xml", "A"),
        ("categories/news-desk/index.xml", "A"),
        ("deep/index.xml", "N"),
        ("posts/index.xml", "A"),
        ("posts/sub/index.xml", "S"),
    ]);
    assert_eq!(found, wanted);
}

#[test]
fn hugo_has_no_feed_where_its_outputs_have_none() {
    let found = feeds(&[
        (
            "hugo.toml",
            "title = 'S'\nbaseURL = 'https://example.org/'\n[outputs]\nterm = ['html']\nsection = ['html']\n\
             [outputFormats.RSS]\nbaseName = 'feed'\n",
        ),
        ("content/posts/a.md", &*article("A", "tags: [sea]\n")),
    ]);
    assert_eq!(found, expected(&[("feed.xml", "A")]));
}

#[test]
fn pelican_has_feeds_of_categories_authors_tags_and_languages() {
    let found = feeds(&[
        (
            "pelicanconf.py",
            "AUTHOR = 'Ann Bee'\nSITENAME = 'S'\nSITEURL = 'https://example.org'\nPATH = 'content'\n\
             TIMEZONE = 'Europe/Paris'\nDEFAULT_LANG = 'en'\nFEED_ALL_RSS = 'feeds/all.rss.xml'\n\
             TAG_FEED_ATOM = 'feeds/tag/{slug}.atom.xml'\n",
        ),
        ("content/x.md", "Title: X\nDate: 2024-01-03\nTags: C++, Machine Learning, CI/CD\n\nText\n"),
        ("content/cooking/r.md", "Title: R\nDate: 2024-01-02\nTags: c++\nLang: fr\n\nText\n"),
    ]);
    let wanted = expected(&[
        ("feeds/all.atom.xml", "R X"),
        ("feeds/all.rss.xml", "R X"),
        ("feeds/all-en.atom.xml", "X"),
        ("feeds/all-fr.atom.xml", "R"),
        ("feeds/ann-bee.atom.xml", "R X"),
        ("feeds/ann-bee.rss.xml", "R X"),
        ("feeds/misc.atom.xml", "X"),
        ("feeds/cooking.atom.xml", "R"),
        ("feeds/tag/c.atom.xml", "R X"),
        ("feeds/tag/cicd.atom.xml", "X"),
        ("feeds/tag/machine-learning.atom.xml", "X"),
    ]);
    assert_eq!(found, wanted);
}

#[test]
fn jekyll_feed_has_categories_by_name_and_tags_that_are_words() {
    let found = feeds(&[
        (
            "_config.yml",
            "title: S\nurl: https://example.org\nplugins: [jekyll-feed]\nfeed:\n  categories: [News Desk, x]\n  \
             tags: true\n",
        ),
        (
            "_posts/2024-01-03-a.md",
            "---\ntitle: A\ntags: [Rust, big_data]\ncategories: [News Desk]\n---\nx\n",
        ),
        ("_posts/2024-01-04-b.md", "---\ntitle: B\ncategories: [x]\n---\nx\n"),
    ]);
    let wanted = expected(&[
        ("feed.xml", "A B"),
        ("feed/News Desk.xml", "A"),
        ("feed/x.xml", "B"),
        ("feed/by_tag/Rust.xml", "A"),
        ("feed/by_tag/big_data.xml", "A"),
    ]);
    assert_eq!(found, wanted);
}

#[test]
fn zola_has_feeds_where_its_configuration_and_its_sections_say_so() {
    let found = feeds(&[
        (
            "config.toml",
            "base_url = 'https://example.org'\ntitle = 'S'\ngenerate_feeds = true\nfeed_filenames = ['rss.xml']\n\
             taxonomies = [{ name = 'tags', feed = true }, { name = 'categories' }]\n\
             [languages.fr]\ngenerate_feeds = true\nfeed_filenames = ['rss.xml']\n[languages.de]\n",
        ),
        ("content/posts/_index.md", "+++\ngenerate_feeds = true\n+++\n"),
        (
            "content/posts/a.md",
            "+++\ntitle = 'A'\ndate = 2024-01-03\n[taxonomies]\ntags = ['Big Data']\ncategories = ['x']\n+++\nx\n",
        ),
        ("content/posts/a.fr.md", "+++\ntitle = 'F'\ndate = 2024-01-03\n+++\nx\n"),
        ("content/b.md", "+++\ntitle = 'B'\ndate = 2024-01-03\n+++\nx\n"),
    ]);
    let wanted = expected(&[
        ("rss.xml", "A B"),
        ("fr/rss.xml", "F"),
        ("posts/rss.xml", "A"),
        ("tags/big-data/rss.xml", "A"),
    ]);
    assert_eq!(found, wanted);
}

#[test]
fn nikola_has_feeds_of_tags_categories_and_languages() {
    let post = |title: &str, more: &str| {
        format!("<!--\n.. title: {title}\n.. date: 2024-01-03 10:00:00 UTC\n{more}-->\n\nText\n")
    };
    let found = feeds(&[
        (
            "conf.py",
            "# nikola\nBLOG_TITLE = 'S'\nSITE_URL = 'https://example.org/'\nDEFAULT_LANG = 'en'\n\
             TRANSLATIONS = {'en': '', 'fr': './fr'}\n",
        ),
        ("posts/x.md", &*post("X", ".. tags: C++, Machine Learning\n.. category: Über Dinge\n")),
        ("posts/x.fr.md", &*post("F", "")),
    ]);
    let wanted = expected(&[
        ("rss.xml", "X"),
        ("fr/rss.xml", "F"),
        ("categories/c++.xml", "X"),
        ("categories/machine-learning.xml", "X"),
        ("categories/cat_uber-dinge.xml", "X"),
    ]);
    assert_eq!(found, wanted);
}

#[test]
fn a_site_that_has_published_its_feed_is_refused_until_the_feed_is_adopted() {
    let feed = "<rss version=\"2.0\"><channel><title>S</title><link>https://example.org/</link><description/>\
        <item><title>A</title><link>https://example.org/posts/a/</link><guid>https://example.org/posts/a/</guid>\
        <pubDate>Wed, 03 Jan 2024 00:00:00 +0000</pubDate></item></channel></rss>";
    let page = "<!doctype html><title>A</title><h1>A</h1><p>x</p>";
    let site = Site::empty()
        .file("hugo.toml", "title = 'S'\nbaseURL = 'https://example.org/'\n")
        .file("content/posts/a.md", article("A", ""))
        .file("public/index.html", "<!doctype html><title>S</title>")
        .file("public/posts/a/index.html", page)
        .file("public/index.xml", feed);
    let said = |arguments: &[&str]| {
        let output = site.run(arguments);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (_, started) = said(&["init"]);
    assert!(started.contains("next: `feedwright adopt https://example.org/index.xml`"), "{started}");
    assert!(read(&site.path().join("feedwright.toml")).contains("site = \"public\""));
    let build = ["build", "--now", "2026-11-22T00:00:00Z"];
    let (code, refused) = said(&build);
    assert_eq!(code, Some(1), "{refused}");
    for part in ["error[reissued-entries]", "feedwright adopt public/index.xml"] {
        assert!(refused.contains(part), "{refused}");
    }
    assert!(!site.path().join("feedwright.lock").exists());
    assert_eq!(said(&["adopt", "public/index.xml"]).0, Some(0));
    let (code, report) = said(&build);
    assert_eq!(code, Some(0), "{report}");
    assert!(read(&site.path().join("feeds/index.xml")).contains(">https://example.org/posts/a/</guid>"));
}

#[test]
fn a_built_site_that_lacks_a_few_articles_is_not_gone_by() {
    let mut site = Site::empty()
        .file("hugo.toml", "title = 'S'\nbaseURL = 'https://example.org/'\n")
        .file("public/index.html", "<!doctype html><title>S</title>");
    for title in ["Ebb", "Flood", "Slack"] {
        site = site.file(&format!("content/posts/{}.md", title.to_lowercase()), article(title, ""));
        if title != "Slack" {
            let page = format!("<!doctype html><title>{title}</title><h1>{title}</h1>");
            site = site.file(&format!("public/posts/{}/index.html", title.to_lowercase()), page);
        }
    }
    let output = site.run(&["init"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("1 of 3 articles are elsewhere in `public`, or not in it"), "{said}");
    assert!(read(&site.path().join("feedwright.toml")).contains("\n# site = \"public\""));
    assert!(site.run(&["build", "--now", "2026-11-22T00:00:00Z"]).status.success());
    assert_eq!(titles(&read(&site.path().join("feeds/index.xml"))), ["Ebb", "Flood", "Slack"]);
}
