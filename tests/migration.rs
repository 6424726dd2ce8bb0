//! Two houses move: a site of Jekyll's and one of `WordPress`'s become Feedwright's, and their subscribers see nothing
//! twice.
//!
//! The old feeds are written for these tests, as those programs write them.

use std::collections::BTreeMap;

use feedwright::adopt;
use feedwright::ledger::{FILE, Ledger};
use feedwright::publication::{Error, Options, Publication};
use serde_json::Value;

use crate::publisher::{Built, CONFIG, Publisher};

/// Where `feeds/` and the old feeds are served, and the addresses of the articles.
const HOME: &str = "https://example.org/";

/// A house before it moves.
struct House {
    /// Its articles, with what it takes to build them.
    publisher: Publisher,
    /// What its readers have.
    old: String,
    /// The document of ours that takes the place of the old.
    ours: &'static str,
    /// Two files, and where they are moved to.
    renames: [(&'static str, &'static str); 2],
}

/// What a reader remembers of an entry.
#[derive(Debug, PartialEq)]
struct Known {
    link: String,
    title: String,
    published: String,
}

impl House {
    fn adopt(mut self) -> Self {
        let options = Options::at(self.publisher.now);
        let publication = Publication::open(&self.publisher.store, options).unwrap();
        let (config, mut ledger) = (&publication.config, Ledger::default());
        let articles = publication.articles(&self.publisher.store, &|_| ());
        let feed = adopt::read(self.old.as_bytes(), &config.publication.home).unwrap();
        let request = adopt::Request {
            feeds: &[feed],
            articles: &articles.summaries,
            config,
            force: false,
            addresses: false,
            now: self.publisher.now,
        };
        let adoption = adopt::adopt(request, &mut ledger);
        let missed: Vec<_> = adoption
            .entries
            .iter()
            .filter(|(_, fate)| !matches!(fate, adopt::Fate::Adopted { .. }))
            .collect();
        assert!(missed.is_empty(), "{missed:#?}");
        self.publisher.store.insert(FILE, ledger.write());
        self
    }

    /// Builds, then renames one file and builds, then the other and builds.
    fn settle(self) -> Built {
        let mut built = self.publisher.build();
        for (from, to) in self.renames {
            let from = format!("articles/{from}");
            let text = built.publisher.store.files()[&from].clone();
            built = built.publisher.without(&from).file(&format!("articles/{to}"), &text).build();
        }
        built
    }

    fn known(&self) -> BTreeMap<String, Known> {
        known(&self.old)
    }
}

/// What a feed tells its readers, by id.
fn known(document: &str) -> BTreeMap<String, Known> {
    let feed = adopt::read(document.as_bytes(), &HOME.parse().unwrap()).unwrap();
    let entries = feed.entries.into_iter().map(|entry| {
        let known = Known {
            link: entry.link().to_owned(),
            title: entry.title.clone().unwrap_or_default(),
            published: entry.published.unwrap().to_rfc3339(),
        };
        (entry.id, known)
    });
    entries.collect()
}

/// As jekyll-feed writes it: an id is the site's address and the post's id, which is not quite its permalink; a day
/// without a time is midnight where the site is.
fn jekyll() -> House {
    let posts = [
        ("2024-05-06", "hello", "Hello"),
        ("2024-04-01", "spring", "Spring &amp; tide"),
        ("2024-03-02", "ferries", "Ferries “at last”"),
        ("2024-02-03", "fog", "Fog"),
        ("2024-01-04", "harbour", "Harbour"),
        ("2023-12-05", "lights", "Lights"),
    ];
    let mut publisher = Publisher::new().whole_config(&format!(
        "{CONFIG}[articles]\ndialect = \"jekyll\"\npermalink = \"{{year}}/{{month}}/{{day}}/{{slug}}.html\"\n"
    ));
    let mut entries = Vec::new();
    for (day, slug, title) in posts {
        let plain = title.replace("&amp;", "&");
        let text =
            format!("---\nlayout: post\ntitle: \"{}\"\n---\n{}\n", plain.replace('"', "\\\""), body(slug));
        publisher = publisher.article(&format!("_posts/{day}-{slug}.md"), &text);
        let path = day.replace('-', "/");
        let zone = if day < "2024-03-31" { "+00:00" } else { "+01:00" };
        entries.push(format!(
            "<entry><title type=\"html\">{title}</title><link href=\"{HOME}{path}/{slug}.html\" rel=\"alternate\" \
             type=\"text/html\" title=\"{title}\" /><published>{day}T00:00:00{zone}</published>\
             <updated>{day}T00:00:00{zone}</updated><id>{HOME}{path}/{slug}</id>\
             <content type=\"html\" xml:base=\"{HOME}{path}/{slug}.html\">&lt;p&gt;{slug}&lt;/p&gt;</content></entry>\n"
        ));
    }
    let entries = entries.concat();
    let old = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><feed xmlns=\"http://www.w3.org/2005/Atom\">\
         <generator uri=\"https://jekyllrb.com/\" version=\"4.3.2\">Jekyll</generator>\
         <link href=\"{HOME}feed.xml\" rel=\"self\" type=\"application/atom+xml\" /><link href=\"{HOME}\" rel=\"alternate\" \
         type=\"text/html\" /><updated>2024-05-06T00:00:00+01:00</updated><id>{HOME}feed.xml</id>\
         <title type=\"html\">Channel Dispatch</title><author><name>Channel Dispatch</name></author>{entries}</feed>"
    );
    House {
        publisher,
        old,
        ours: "feeds/atom.xml",
        renames: [
            ("_posts/2024-05-06-hello.md", "_posts/2024-05-06-greetings.md"),
            ("_posts/2024-01-04-harbour.md", "_posts/2024-01-04-the-old-harbour.markdown"),
        ],
    }
}

/// As `WordPress` writes it: guids are numbers and no permalinks, dates are to the second, titles have typographic
/// quotes. The articles know the day and the minute, and some have another address now.
fn wordpress() -> House {
    let posts = [
        (123, "Mon, 06 May 2024 09:17:23 +0000", "2024-05-06 10:17", "hello", "Don&#8217;t panic"),
        (119, "Mon, 01 Apr 2024 06:00:04 +0000", "2024-04-01", "spring", "Spring &#8211; and after"),
        (98, "Sat, 02 Mar 2024 12:30:00 +0000", "2024-03-02", "ferries", "Ferries &#038; fares"),
        (77, "Sat, 03 Feb 2024 23:59:59 +0000", "2024-02-03", "fog", "Fog"),
        (42, "Thu, 04 Jan 2024 08:00:00 +0000", "2024-01-04", "harbour", "Harbour"),
        (7, "Tue, 05 Dec 2023 08:00:00 +0000", "2023-12-05", "lights", "Lights"),
    ];
    let mut publisher = Publisher::new()
        .whole_config(&format!("{CONFIG}[articles]\npermalink = \"{{year}}/{{month}}/{{slug}}/\"\n"));
    let mut items = Vec::new();
    for (number, date, own, slug, title) in posts {
        let plain = title.replace("&#8217;", "'").replace("&#8211;", "-").replace("&#038;", "&");
        let moved = if slug == "fog" { "slug: mist\n" } else { "" };
        let text = format!("---\ntitle: \"{plain}\"\ndate: {own}\n{moved}---\n{}\n", body(slug));
        publisher = publisher.article(&format!("{slug}.md"), &text);
        let month = &own[..7].replace('-', "/");
        items.push(format!(
            "<item>\n<title>{title}</title>\n<link>{HOME}{month}/{slug}/</link>\n<dc:creator><![CDATA[admin]]></dc:creator>\n\
             <pubDate>{date}</pubDate>\n<category><![CDATA[Sea]]></category>\n\
             <guid isPermaLink=\"false\">{HOME}?p={number}</guid>\n<description><![CDATA[{slug}]]></description>\n\
             <content:encoded><![CDATA[<p>{slug}</p>]]></content:encoded>\n</item>\n"
        ));
    }
    let items = items.concat();
    let old = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:atom=\"http://www.w3.org/2005/Atom\">\n<channel>\n\
         <title>Channel Dispatch</title>\n<atom:link href=\"{HOME}feed/\" rel=\"self\" type=\"application/rss+xml\" />\n\
         <link>{HOME}</link>\n<description></description>\n<generator>https://wordpress.org/?v=6.4.3</generator>\n{items}</channel></rss>"
    );
    House {
        publisher,
        old,
        ours: "feeds/rss.xml",
        renames: [("hello.md", "no-panic.md"), ("harbour.md", "places/harbour/index.md")],
    }
}

/// Texts that nobody takes for one another.
fn body(slug: &str) -> String {
    format!("All there is to say about {slug}, and {} more.\n\nThe {slug} stays as it is.", slug.len())
}

/// Before the renames, readers find everything as it was but for titles' typography and addresses that have moved.
#[track_caller]
fn nothing_is_new(house: House, moved: &[&str]) {
    let before = house.known();
    let ours = house.ours;
    let house = house.adopt();
    let after = known(&house.publisher.clone().build().document(ours));
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (id, old) in &before {
        assert_eq!(old.published, after[id].published, "{id}");
        if !moved.contains(&id.as_str()) {
            assert_eq!(old.link, after[id].link, "{id}");
        }
    }
    let settled = known(&house.settle().document(ours));
    assert_eq!(before.keys().collect::<Vec<_>>(), settled.keys().collect::<Vec<_>>(), "after two renames");
    for (id, old) in &before {
        assert_eq!(old.published, settled[id].published, "{id} after two renames");
    }
}

#[test]
fn r_id_7_a_jekyll_site_moves_and_nothing_is_new() {
    nothing_is_new(jekyll(), &[]);
}

#[test]
fn r_id_7_a_wordpress_site_moves_and_nothing_is_new() {
    nothing_is_new(wordpress(), &["https://example.org/?p=77"]);
}

#[test]
fn an_adopted_number_stays_no_permalink_in_rss() {
    let built = wordpress().adopt().settle();
    let rss = built.document("feeds/rss.xml");
    assert!(rss.contains("<guid isPermaLink=\"false\">https://example.org/?p=123</guid>"), "{rss}");
    let ids: Vec<Value> = built.items().iter().map(|item| item["id"].clone()).collect();
    assert!(ids.contains(&"https://example.org/?p=42".into()), "one id in all formats: {ids:?}");
}

/// The guard of `build`: what subscribers have stands in `feeds/`, and the ledger knows nothing of it.
#[track_caller]
fn the_guard_refuses(house: House) {
    let mut publisher = house.publisher;
    publisher.store.insert(house.ours, house.old.as_str());
    let before = publisher.store.files().clone();
    let result = publisher.try_build();
    assert!(matches!(result, Err(Error::Publication(_))), "{result:?}");
    assert_eq!(publisher.store.files(), &before, "nothing is written");
}

#[test]
fn without_adopt_a_jekyll_site_that_moves_is_refused_by_the_guard() {
    the_guard_refuses(jekyll());
}

#[test]
fn without_adopt_a_wordpress_site_that_moves_is_refused_by_the_guard() {
    the_guard_refuses(wordpress());
}

/// Real readers that keep state, over HTTP.
mod readers {
    use super::*;
    use crate::readers::{Reader, python};
    use crate::server::served::Served;

    /// A reader that subscribed to the old feed asks again at the same address, where it finds ours.
    #[track_caller]
    fn sees_nothing_new(reader: &Reader, house: House) {
        let home = tempfile::tempdir().unwrap();
        let served = Served::start(&[("public/feed.xml", &house.old)], &["--from", "public", "--watch"]);
        let address = served.url("/feed.xml");
        let publish = |document: &str| {
            served.write("public/feed.xml", document);
            served.until("/feed.xml", |answer| answer.text() == document);
        };
        let new = || reader.new_to_it(&address, home.path());
        let (old, ours) = (house.old.clone(), house.ours);

        publish(&old);
        assert_eq!(new().len(), house.known().len(), "at first all is new");
        assert_eq!(new(), [] as [Value; 0], "it remembers");

        let house = house.adopt();
        publish(&house.publisher.clone().build().document(ours));
        assert_eq!(new(), [] as [Value; 0], "after the move");
        publish(&house.settle().document(ours));
        assert_eq!(new(), [] as [Value; 0], "after two renames");

        // It does look.
        publish(&old.replace("02/03/fog<", "02/03/smog<").replace("?p=77", "?p=78"));
        assert_eq!(new().len(), 1);
    }

    #[test]
    #[ignore = "needs rss2email: run by .ci/run"]
    fn rss2email_sees_nothing_new_when_a_site_moves() {
        sees_nothing_new(&python("rss2email"), jekyll());
        sees_nothing_new(&python("rss2email"), wordpress());
    }

    #[test]
    #[ignore = "needs newsboat: run by .ci/run"]
    fn newsboat_sees_nothing_new_when_a_site_moves() {
        sees_nothing_new(&python("newsboat"), jekyll());
        sees_nothing_new(&python("newsboat"), wordpress());
    }
}
