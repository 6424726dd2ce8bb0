//! Where articles are is what the site's own generator has built, whatever our rules make of them.

use feedwright::publication::{Options, Publication};

use crate::publisher::{Built, Publisher};

const SITE: &str = "[articles]\nsite = \"public\"\n";

/// A page as a theme might make it, without any link to itself.
fn page(title: &str, date: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>{title} | Channel Dispatch</title></head>\
         <body><h1>Channel Dispatch</h1><h2>{title}</h2><p class=date>{date}</p><p>Text.</p></body></html>"
    )
}

fn article(title: &str, date: &str) -> String {
    format!("---\ntitle: \"{title}\"\ndate: {date}\n---\nText of {title}.\n")
}

/// Three articles, and a site that has them elsewhere than our rules say.
fn elsewhere() -> Publisher {
    let mut publisher = Publisher::new().config(SITE);
    for (number, title) in ["Ebb", "Flood", "Slack water"].into_iter().enumerate() {
        let day = format!("2024-05-0{}", number + 1);
        publisher = publisher.article(&format!("{}.md", title.to_lowercase()), &article(title, &day));
        let folder = title.to_lowercase().replace(' ', "-");
        publisher =
            publisher.file(&format!("public/posts/{folder}/index.html"), page(title, &day).as_bytes());
    }
    publisher
}

const PLACES: [&str; 3] = [
    "https://example.org/posts/slack-water/",
    "https://example.org/posts/flood/",
    "https://example.org/posts/ebb/",
];

fn urls(built: &Built) -> Vec<String> {
    built.each("url")
}

#[test]
fn links_lead_to_the_pages_that_the_site_has() {
    let built = elsewhere().build();
    assert_eq!(urls(&built), PLACES);
    assert_eq!(built.rules().iter().filter(|rule| **rule == "absent-page").count(), 3);
    assert!(built.said().contains("this article is at https://example.org/posts/ebb/"), "{}", built.said());
    assert!(built.ledger().contains(r#""permalink":"https://example.org/posts/ebb/","located":true"#));
}

#[test]
fn nothing_is_said_of_articles_that_are_where_they_are_said_to_be() {
    let built = elsewhere().config("[articles]\nsite = \"public\"\npermalink = \"posts/{slug}/\"\n").build();
    assert_eq!(urls(&built), PLACES);
    assert!(!built.rules().contains(&"absent-page"), "{}", built.said());
    assert!(!built.ledger().contains("located"));
}

#[test]
fn an_article_that_the_site_lacks_is_withheld_as_long_as_it_has_the_others() {
    let built = elsewhere().article("secret.md", &article("Secret", "2024-05-04")).build();
    assert_eq!(urls(&built), PLACES);
    assert_eq!(built.report.withheld["absent"], 1);
    assert!(
        built.said().contains("withheld from all feeds, as its generator withholds it"),
        "{}",
        built.said()
    );
    let built = built
        .publisher
        .file("public/posts/secret/index.html", page("Secret", "4 May 2024").as_bytes())
        .build();
    assert_eq!(urls(&built)[0], "https://example.org/posts/secret/");
}

#[test]
fn where_the_site_is_built_later_articles_that_it_lacks_are_published() {
    let publisher = elsewhere().config("[articles]\nsite = \"public\"\nabsent = \"publish\"\n");
    let built = publisher.article("new.md", &article("New", "2024-05-04")).build();
    assert_eq!(urls(&built)[0], "https://example.org/new/");
    assert_eq!(urls(&built)[1..], PLACES);
    assert!(built.rules().contains(&"absent-page"));
}

#[test]
fn a_site_that_has_few_of_the_articles_withholds_none() {
    let mut publisher = elsewhere();
    for number in 1..=9 {
        publisher =
            publisher.article(&format!("new{number}.md"), &article(&format!("New {number}"), "2024-06-01"));
    }
    assert_eq!(publisher.build().report.entries, 12);
}

#[test]
fn drafts_and_articles_to_come_are_not_looked_for() {
    let publisher =
        elsewhere().article("draft.md", "---\ntitle: Draft\ndate: 2024-01-01\ndraft: true\n---\nText.\n");
    let built = publisher.article("later.md", &article("Later", "2030-01-01")).build();
    assert_eq!(built.rules().iter().filter(|rule| **rule == "absent-page").count(), 3);
    assert_eq!(built.report.withheld.keys().collect::<Vec<_>>(), ["draft", "due later"]);
}

#[test]
fn the_ledger_remembers_where_articles_are_when_the_site_is_not_there() {
    let mut publisher = elsewhere().build().publisher;
    for path in publisher.store.files().clone().into_keys().filter(|path| path.starts_with("public/")) {
        publisher = publisher.without(&path);
    }
    let built = publisher.build();
    assert_eq!(urls(&built), PLACES);
    assert_eq!(
        built.said(),
        "note[absent-page]: there are no pages in `public`, so the URLs of articles are not checked\n--> feedwright.toml\n = help: build the site first; or take `site` out of `[articles]`"
    );
}

#[test]
fn another_title_does_not_lose_a_page_that_was_found() {
    let built = elsewhere().build().publisher.edit("ebb.md", "Ebb", "The other tide").build();
    assert_eq!(urls(&built), PLACES);
}

#[test]
fn an_article_whose_page_only_leads_elsewhere_is_there() {
    let redirect = "<meta http-equiv=refresh content='0; url=https://example.org/posts/ebb/'>";
    let publisher = elsewhere().config("[articles]\nsite = \"public\"\npermalink = \"old/{slug}/\"\n");
    let built = publisher.file("public/old/ebb/index.html", redirect.as_bytes()).build();
    assert_eq!(urls(&built), PLACES);
    assert!(built.said().contains("found by the redirect on that page"), "{}", built.said());
}

#[test]
fn redirects_never_lead_away_from_a_page_of_the_site() {
    let aliases = "---\ntitle: Ebb\ndate: 2024-05-01\naliases: [/posts/, /gone/]\n---\nText.\n";
    let publisher =
        elsewhere().article("ebb.md", aliases).file("public/posts/index.html", b"<title>Posts</title>");
    let built = publisher.build();
    let store = &built.publisher.store;
    let publication = Publication::open(store, Options::at(built.publisher.now)).unwrap();
    let redirects = publication.redirects(&publication.identify(&publication.articles(store, &|_| ())));
    let redirects: Vec<_> =
        redirects.iter().map(|redirect| (redirect.from.as_str(), redirect.to.as_str())).collect();
    assert_eq!(redirects, [("https://example.org/gone/", "https://example.org/posts/ebb/")]);
}

#[test]
fn a_site_in_a_folder_of_its_host_is_looked_up_below_that_folder() {
    let publisher = elsewhere();
    let config = String::from_utf8(publisher.store.files()["feedwright.toml"].clone()).unwrap();
    let built =
        publisher.whole_config(&config.replace("https://example.org/", "https://example.org/blog/")).build();
    assert_eq!(urls(&built), PLACES.map(|url| url.replace("org/", "org/blog/")));
}

#[test]
fn what_we_write_into_the_site_is_no_page_of_it() {
    let config = format!("{SITE}[feeds]\npath = \"public/feeds\"\n");
    let built =
        elsewhere().config(&config).article("feeds.md", &article("Channel Dispatch", "2024-05-04")).build();
    assert!(built.document("public/feeds/index.html").contains("Channel Dispatch"));
    assert_eq!(built.publisher.build().report.withheld["absent"], 1);
}

#[test]
fn pages_beside_the_articles_are_no_articles() {
    let built = elsewhere().config("[articles]\npath = \"\"\nsite = \"public\"\n").build();
    assert_eq!(built.report.articles, 3);
}

/// Without rules, and without canonical links, by title and date alone.
#[test]
fn the_page_of_each_article_is_found_and_no_other() {
    let mut publisher =
        Publisher::new().config(&format!("{SITE}[feeds]\nentries = 1000\nmax-bytes = 10000000\n"));
    let mut expected = Vec::new();
    let (mut list, months) = (String::new(), ["January", "February", "March", "April"]);
    for number in 0..240 {
        let (month, day) = (number / 20 % 12, number % 20 + 1);
        // Every fourth title comes back each month, as those of weekly news do.
        let title = if number % 4 == 0 {
            format!("News {}", number % 20)
        } else {
            format!("“Tide” no. {number} — it's high")
        };
        let date = format!("2024-{:02}-{day:02}", month + 1);
        let shown =
            if number % 3 == 0 && month < 4 { format!("{day} {} 2024", months[month]) } else { date.clone() };
        publisher = publisher.article(&format!("{number:03}.md"), &article(&title, &date));
        let page = page(&title.replace('\'', "’"), &shown);
        let url = format!("archive/{}/p{number}.html", number % 7);
        publisher = publisher.file(&format!("public/{url}"), page.as_bytes());
        list += &format!("<a href=\"/{url}\">{title}</a> {date}\n");
        expected.push(format!("https://example.org/{url}"));
    }
    let built = publisher.file("public/index.html", format!("<title>News</title>{list}").as_bytes()).build();
    let mut found = urls(&built);
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

/// A notebook that only its generator can show, and the page that it makes of it.
fn notebook(config: &str) -> Publisher {
    let page = "<html><head><title>Waves</title></head><body><nav>Menu</nav><main><article><header><h1>Waves</h1>\
                </header><p>As <a href=\"../tides/\">tides</a> do. {{ braces }}</p>\
                <img src=\"/plots/wave.png\" alt=\"a wave\"><script>track()</script></article></main></body></html>";
    let text = "---\ntitle: Waves\ndate: 2024-05-01\n---\n{% notebook waves.ipynb %}\n";
    let publisher = Publisher::new().config(config).article("waves.md", text);
    publisher.file("public/waves/index.html", page.as_bytes())
}

const TEXT: &str = "<p>As <a href=\"https://example.org/tides/\">tides</a> do. {{ braces }}</p><p><img \
                    src=\"https://example.org/plots/wave.png\" alt=\"a wave\"></p>";

#[test]
fn the_text_of_an_article_can_be_that_of_its_page() {
    for config in [
        format!("{SITE}[feeds]\ncontent = \"page\"\n"),
        format!("{SITE}from-page = [\"waves.md\"]\n"),
        format!("{SITE}from-page = [\"*\"]\npage-part = \"main article\"\n"),
    ] {
        let built = notebook(&config).build();
        assert_eq!(built.each("content_html"), [TEXT], "{config}");
    }
}

#[test]
fn only_the_articles_that_are_named_are_taken_from_their_pages() {
    let config = format!("{SITE}from-page = [\"waves.md\"]\n");
    let publisher = notebook(&config).article("tides.md", &article("Tides", "2024-05-02"));
    let built = publisher.file("public/tides/index.html", b"<article>The page</article>").build();
    assert_eq!(built.each("content_html"), ["<p>Text of Tides.</p>", TEXT]);
}

#[test]
fn a_feed_made_of_pages_gives_its_entries_to_all_feeds() {
    let feeds = "[[feed]]\nname = \"\"\n[[feed]]\nname = \"all\"\ncontent = \"page\"\n";
    let built = notebook(&format!("{SITE}{feeds}")).build();
    assert_eq!(built.each("content_html"), [TEXT]);
    assert_eq!(built.items_of("feeds/all/feed.json")[0]["content_html"], TEXT);
}

#[test]
fn an_article_without_a_page_is_published_as_its_source_has_it() {
    let config = format!("{SITE}absent = \"publish\"\nfrom-page = [\"*\"]\n");
    let publisher = Publisher::new().config(&config).article("a.md", &article("A", "2024-05-01"));
    let built = publisher.file("public/b/index.html", b"<title>B</title>").build();
    assert_eq!(built.each("content_html"), ["<p>Text of A.</p>"]);
    assert!(built.said().contains("its text is to be taken from its page, and the built site has none"));
    let built = built.publisher.file("public/a/index.html", b"<p>no article").build();
    assert!(built.said().contains("`public/a/index.html` has no part that is its text"), "{}", built.said());
    let built = built.publisher.file("public/a/index.html", b"<article>The page</article>").build();
    assert_eq!(built.each("content_html"), ["<p>The page</p>"]);
    let built = built.publisher.file("public/a/index.html", b"<article>Another</article>").build();
    assert_eq!(built.each("content_html"), ["<p>Another</p>"]);
}

#[test]
fn the_sites_own_feed_says_which_page_is_whose() {
    // Two pages of one title and day, which nothing else tells apart.
    let page = page("Notes", "2024-05-01");
    let feed = "<rss version=\"2.0\"><channel><title>S</title><link>https://example.org/</link>\
        <description>d</description><item><title>Notes</title><link>https://example.org/n/17/</link>\
        <guid>17</guid><pubDate>Wed, 01 May 2024 00:00:00 +0000</pubDate></item></channel></rss>";
    let publisher = Publisher::new()
        .config(SITE)
        .article("notes.md", &article("Notes", "2024-05-01"))
        .file("public/n/16/index.html", page.as_bytes())
        .file("public/n/17/index.html", page.as_bytes());
    let mut built = publisher.clone().build();
    assert!(built.said().contains("its page may be"), "{}", built.said());
    built = publisher.file("public/index.xml", feed.as_bytes()).reissuing().build();
    assert_eq!(urls(&built), ["https://example.org/n/17/"]);
    assert!(built.said().contains("found by an entry of the site's own feed"), "{}", built.said());
}

#[test]
fn articles_in_formats_that_are_not_read_have_the_texts_of_their_pages() {
    let rst = "Tides\n=====\n\n:date: 2024-05-06\n:tags: sea\n\nText with a `role`:odd:.\n";
    let page = "<!doctype html><title>Tides</title><article><h1>Tides</h1><p>2024-05-06</p><p>Text as built.</p></article>";
    let publisher = Publisher::new()
        .article("tides.rst", rst)
        .article("lost.org", "#+TITLE: Lost\n#+DATE: <2024-05-07 Tue>\n\nNowhere.\n");
    let Err(feedwright::publication::Error::Publication(faults)) = publisher.clone().try_build() else {
        panic!("there is no article to read")
    };
    let said = crate::publisher::drawn(&faults);
    assert!(said.contains("error[unread-formats]") && said.contains("1 `.org`, 1 `.rst`"), "{said}");
    let built = publisher.config(SITE).file("public/tides/index.html", page.as_bytes()).build();
    assert_eq!(built.titles(), ["Tides"]);
    let item = &built.items()[0];
    assert!(item["content_html"].as_str().unwrap().contains("Text as built."), "{item}");
    assert_eq!(item["tags"][0], "sea");
    assert!(!built.document("feeds/feed.json").contains("Nowhere"));
    assert!(!built.rules().contains(&"unread-formats"), "{}", built.said());
}

#[test]
fn what_only_the_generator_understands_is_on_the_page_that_it_has_built() {
    let text = "---\ntitle: Ebb\ndate: 2024-05-01\n---\nBefore.\n\n{{< chart data=\"a.csv\" >}}\n";
    let publisher = Publisher::new().article("ebb.md", text);
    assert!(publisher.clone().build().said().contains("write what it stands for"));
    let built =
        publisher.config(SITE).file("public/ebb/index.html", page("Ebb", "2024-05-01").as_bytes()).build();
    assert!(built.said().contains("add `ebb.md` to `from-page` in `[articles]`"), "{}", built.said());
}

#[test]
fn pictures_that_are_bundled_are_found_on_the_page_or_named() {
    let text = "---\ntitle: Ebb\ndate: 2024-05-01\nheroImage: '../assets/sea.jpg'\n---\n![the sea](../assets/sea.jpg)\n";
    let config = "[articles]\ndialect = \"astro\"\npath = \"articles\"\npermalink = \"{slug}/\"\n";
    let publisher = Publisher::new().config(config).article("ebb.md", text).file("assets/sea.jpg", b"x");
    let built = publisher.clone().build();
    assert_eq!(built.rules().iter().filter(|rule| **rule == "missing-image").count(), 2, "{}", built.said());
    assert!(built.items()[0].get("image").is_none());
    let page =
        "<!doctype html><title>Ebb</title><h1>Ebb</h1><p>2024-05-01</p><img src=\"/_astro/sea.Dx1_y.webp\">";
    let built = publisher
        .config(&format!("{config}site = \"public\"\n"))
        .file("public/ebb/index.html", page.as_bytes())
        .build();
    let item = &built.items()[0];
    assert!(
        item["content_html"].as_str().unwrap().contains("https://example.org/_astro/sea.Dx1_y.webp"),
        "{item}"
    );
    assert_eq!(item["image"], "https://example.org/_astro/sea.Dx1_y.webp");
    assert!(!built.rules().contains(&"missing-image"), "{}", built.said());
}
