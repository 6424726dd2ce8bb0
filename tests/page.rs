//! What people see in a browser: what is on the page, what it never does, whose file it never takes the place
//! of, and by which style sheet feeds are shown.

use std::path::Path;

use feedwright::store::{Folder, Store};
use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use crate::publisher::{Built, CONFIG, HELLO, Publisher};

const PAGE: &str = "feeds/index.html";

/// An element of a page: its name, its attributes, and all text in it.
#[derive(Debug)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
}

impl Element {
    fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// All elements of a page, in its order; fails where a browser would have to guess.
fn elements(page: &str) -> Vec<Element> {
    let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(page);
    assert!(dom.errors.borrow().is_empty(), "{:?}", dom.errors.borrow());
    let mut found = Vec::new();
    collect(&dom.document, &mut found);
    found
}

fn collect(node: &Handle, found: &mut Vec<Element>) -> String {
    let mut text = String::new();
    let place = found.len();
    if let NodeData::Element { name, attrs, .. } = &node.data {
        let attributes = attrs.borrow();
        let attributes = attributes.iter().map(|one| (one.name.local.to_string(), one.value.to_string()));
        found.push(Element {
            name: name.local.to_string(),
            attributes: attributes.collect(),
            text: String::new(),
        });
    }
    if let NodeData::Text { contents } = &node.data {
        text.push_str(&contents.borrow());
    }
    for child in node.children.borrow().iter() {
        text.push_str(&collect(child, found));
    }
    if let NodeData::Element { .. } = &node.data {
        found[place].text.clone_from(&text);
    }
    text
}

/// What must be true of every page of ours, and what is on this one.
fn looked_at(page: &str) -> Vec<Element> {
    let found = elements(page);
    for element in &found {
        let name = element.name.as_str();
        assert!(
            !["img", "iframe", "object", "embed", "form", "base", "audio", "video", "svg"].contains(&name),
            "{element:?}"
        );
        for (attribute, value) in &element.attributes {
            assert!(!attribute.starts_with("on") && attribute != "style", "{element:?}");
            assert!(attribute != "src" && attribute != "srcset", "{element:?}");
            if attribute == "href" {
                assert!(
                    ["http://", "https://", "feed:https://"].iter().any(|web| value.starts_with(web)),
                    "{element:?}"
                );
                let loads_nothing = name == "a" || element.attribute("rel") == Some("alternate");
                assert!(loads_nothing, "{element:?}");
            }
        }
    }
    let of = |name: &str| found.iter().filter(|element| element.name == name).collect::<Vec<_>>();
    let (styles, scripts) = (of("style"), of("script"));
    assert_eq!((styles.len(), scripts.len()), (1, 1));
    assert!(!styles[0].text.contains("url(") && !styles[0].text.contains("@import"));
    assert_eq!((of("h1").len(), of("main").len(), of("title").len()), (1, 1, 1));
    let headings: Vec<u32> = found
        .iter()
        .filter(|element| element.name.starts_with('h') && element.name.len() == 2)
        .filter_map(|element| element.name[1..].parse().ok())
        .collect();
    assert!(headings.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{headings:?}");
    let buttons = of("button");
    assert!(buttons.iter().all(|button| button.attribute("hidden").is_some()), "no script, no button");
    let mut names: Vec<&str> = buttons.iter().map(|button| button.text.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), buttons.len(), "each button says what it copies");
    assert_eq!(of("code").len(), buttons.len());
    found
}

fn page(built: &Built) -> Vec<Element> {
    looked_at(&built.document(PAGE))
}

fn texts<'a>(found: &'a [Element], name: &str) -> Vec<&'a str> {
    found.iter().filter(|element| element.name == name).map(|element| element.text.as_str()).collect()
}

fn alternates<'e>(found: &'e [Element]) -> Vec<(&'e str, &'e str, &'e str)> {
    let links = found.iter().filter(|element| element.name == "link");
    let said = |link: &'e Element, name| link.attribute(name).unwrap();
    links.map(|link| (said(link, "title"), said(link, "type"), said(link, "href"))).collect()
}

fn article(title: &str, date: &str, more: &str) -> String {
    format!("---\ntitle: {title}\ndate: {date}\n{more}---\nText of {title}.\n")
}

#[test]
fn a_page_shows_what_there_is_and_how_to_get_it() {
    let built = Publisher::new().article("hello.md", HELLO).build();
    let found = page(&built);
    assert_eq!(texts(&found, "h1"), ["Subscribe"]);
    assert_eq!(texts(&found, "h2"), ["Channel Dispatch"]);
    let addresses =
        ["rss.xml", "atom.xml", "feed.json"].map(|file| format!("https://example.org/feeds/{file}"));
    assert_eq!(texts(&found, "code"), addresses);
    assert_eq!(texts(&found, "time"), ["2024-05-06"]);
    for (name, href) in [
        ("Hello", "https://example.org/hello/"),
        ("Feedly", "https://feedly.com/i/subscription/feed/https%3A%2F%2Fexample.org%2Ffeeds%2Frss.xml"),
        ("an app on this device", "feed:https://example.org/feeds/rss.xml"),
        ("Channel Dispatch", "https://example.org/"),
        ("All feeds in one list (OPML)", "https://example.org/feeds/feeds.opml"),
    ] {
        let link = found.iter().find(|element| element.name == "a" && element.text == name).unwrap();
        assert_eq!(link.attribute("href"), Some(href));
    }
}

#[test]
fn dates_are_those_of_the_publication_and_of_its_five_latest_entries() {
    let mut publisher = Publisher::new().article("summer.md", &article("Summer", "2024-07-01T23:30:00Z", ""));
    for month in 1..=6 {
        publisher = publisher.article(
            &format!("{month}.md"),
            &article(&format!("M{month}"), &format!("2024-0{month}-01"), ""),
        );
    }
    let built = publisher.build();
    let found = page(&built);
    assert_eq!(texts(&found, "time"), ["2024-07-02", "2024-06-01", "2024-05-01", "2024-04-01", "2024-03-01"]);
}

#[test]
fn the_main_feed_is_found_first_and_every_feed_by_a_title_of_its_own() {
    let built = Publisher::new()
        .config(
            "[[feed]]\nname = \"news\"\n[[feed]]\nname = \"links\"\ntitle = \"Links\"\nformats = [\"rss\"]\n\
             [[feed]]\nname = \"\"\n[[feed]]\nfor-each = \"tag\"\nname = \"tags/{tag}\"\n",
        )
        .article("hello.md", &HELLO.replace("date:", "tags: [sea]\ndate:"))
        .build();
    let found = page(&built);
    let titles: Vec<&str> = alternates(&found).iter().map(|(title, ..)| *title).collect();
    assert_eq!(
        titles,
        [
            "Channel Dispatch (RSS)",
            "Channel Dispatch (Atom)",
            "Channel Dispatch (JSON)",
            "Channel Dispatch: news (RSS)",
            "Channel Dispatch: news (Atom)",
            "Channel Dispatch: news (JSON)",
            "Links",
        ]
    );
    assert_eq!(
        alternates(&found)[2],
        ("Channel Dispatch (JSON)", "application/feed+json", "https://example.org/feeds/feed.json")
    );
    assert_eq!(texts(&found, "h2"), ["Channel Dispatch", "Channel Dispatch: news", "Links", "Tags"]);
}

#[test]
fn whatever_authors_write_stays_text() {
    let hostile = [
        "</script><script>alert(1)</script>",
        "</style><base href=//evil.example>",
        "\u{202e}txet desrever",
        "{{ 7 * 7 }}{% for x in y %}",
        "' onclick='x",
    ];
    let mut publisher = Publisher::new().whole_config(
        &CONFIG.replace("title = \"Channel Dispatch\"", "title = '''</title><script>alert(2)</script>'''"),
    );
    for (number, title) in hostile.iter().enumerate() {
        let title = serde_json::to_string(title).unwrap();
        let text = article(
            &title,
            &format!("2024-05-0{}", 9 - number),
            "link: javascript:alert(3)\npermalink: \"javascript:alert(4)\"\n",
        );
        publisher = publisher.article(&format!("{number}.md"), &text);
    }
    let built = publisher.build();
    let found = page(&built);
    assert_eq!(texts(&found, "title"), ["</title><script>alert(2)</script>: Subscribe"]);
    // What would turn round the text after it ends with the title.
    let bdi = texts(&found, "bdi");
    assert_eq!(bdi[2..], hostile);
}

#[test]
fn a_publication_without_articles_has_a_page() {
    let built = Publisher::new().build();
    let found = page(&built);
    assert_eq!((texts(&found, "h2").len(), texts(&found, "time").len()), (1, 0));
}

#[test]
fn five_hundred_feeds_are_a_page_that_a_phone_can_load() {
    let mut publisher = Publisher::new()
        .config("[[feed]]\nname = \"\"\n[[feed]]\nfor-each = \"tag\"\nname = \"tags/{tag}\"\n");
    for number in 0..500 {
        let mut text = article(&format!("A{number}"), "2024-05-06", &format!("tags: [tag-{number:03}]\n"));
        if number == 499 {
            publisher = publisher.article("more.md", &article("More", "2024-05-07", "tags: [tag-499]\n"));
            text = text.replace("A499", &"Long ".repeat(1000));
        }
        publisher = publisher.article(&format!("a{number}.md"), &text);
    }
    let built = publisher.build();
    let text = built.document(PAGE);
    assert!(text.len() < 250_000, "{} bytes", text.len());
    let found = looked_at(&text);
    assert_eq!(texts(&found, "summary"), ["Tags 500"]);
    assert!(texts(&found, "bdi").contains(&"tag-499"), "those with most entries are shown");
    assert_eq!(alternates(&found).len(), 3, "a reader is not offered hundreds");
}

#[test]
fn many_feeds_of_their_own_are_rows_too_after_the_first_dozen() {
    let feeds: Vec<String> = (0..40).map(|number| format!("[[feed]]\nname = \"f{number}\"\n")).collect();
    let built = Publisher::new().config(&feeds.concat()).article("hello.md", HELLO).build();
    let found = page(&built);
    assert_eq!(texts(&found, "section").len(), 12);
    assert!(
        texts(&found, "summary")[0].contains("More feeds") && texts(&found, "summary")[0].ends_with("28")
    );
}

#[test]
fn a_note_is_called_by_its_first_words_and_a_picture_by_its_address() {
    let note = "---\ndate: 2024-05-06\ntitle: \"\"\n---\nThe tide is out, and so is the cat.\n";
    let picture = "---\ndate: 2024-05-05\ntitle: \"\"\n---\n![](cat.png)\n";
    let built = Publisher::new().article("note.md", note).article("picture.md", picture).build();
    let found = page(&built);
    let bdi = texts(&found, "bdi");
    assert_eq!(bdi[2..], ["The tide is out, and so is the cat.", "https://example.org/picture/"]);
    let built = built.publisher.edit("note.md", "cat", "dog").build();
    assert!(built.document(PAGE).contains("so is the dog."));
}

#[test]
fn a_page_speaks_the_language_of_its_publication() {
    let config = |language: &str| CONFIG.replace("language = \"en\"", &format!("language = \"{language}\""));
    let says = |language: &str| {
        let text = HELLO.replace("date:", "lang: en\ndate:");
        let built = Publisher::new().whole_config(&config(language)).article("hello.md", &text).build();
        let found = page(&built);
        let html = &found[0];
        let entry = found.iter().find(|element| element.name == "a" && element.text == "Hello").unwrap();
        (
            html.attribute("lang").unwrap().to_owned(),
            html.attribute("dir").unwrap().to_owned(),
            texts(&found, "h1")[0].to_owned(),
            entry.attribute("lang").map(str::to_owned),
        )
    };
    let said = |lang: &str, dir: &str, h1: &str, entry: Option<&str>| {
        (lang.to_owned(), dir.to_owned(), h1.to_owned(), entry.map(str::to_owned))
    };
    assert_eq!(says("de-AT"), said("de-AT", "ltr", "Abonnieren", Some("en")));
    assert_eq!(says("ar"), said("ar", "rtl", "اشتراك", Some("en")));
    assert_eq!(says("en"), said("en", "ltr", "Subscribe", None));
    assert_eq!(says("cy"), said("en", "ltr", "Subscribe", None), "English where we do not know it");
}

#[test]
fn the_page_of_somebody_else_is_left_alone_until_it_is_gone() {
    let theirs = b"<h1>My home page</h1>";
    let built = Publisher::new().article("hello.md", HELLO).file(PAGE, theirs).build();
    assert_eq!(built.document(PAGE).as_bytes(), theirs);
    assert!(built.rules().contains(&"occupied-path"), "{}", built.said());
    let built = built.publisher.build();
    assert!(built.rules().contains(&"occupied-path"), "it is said again");
    let built = built.publisher.without(PAGE).build();
    assert!(!built.rules().contains(&"occupied-path"));
    page(&built);
    let built = built.publisher.file(PAGE, theirs).config("[page]\nwrite = false\n").build();
    assert_eq!(built.document(PAGE).as_bytes(), theirs, "nor is it taken away");
}

#[test]
fn a_page_of_ours_is_known_again_where_all_caches_are_lost() {
    let mut built = Publisher::new().article("hello.md", HELLO).build();
    let caches: Vec<String> = built
        .publisher
        .store
        .files()
        .keys()
        .filter(|path| path.starts_with(".feedwright/"))
        .cloned()
        .collect();
    for path in caches {
        built.publisher.store.take(&path);
    }
    let built = built.publisher.edit("hello.md", "title: Hello", "title: Good morning").build();
    assert!(built.document(PAGE).contains("Good morning") && !built.rules().contains(&"occupied-path"));
}

#[test]
fn where_feeds_are_served_at_the_home_itself_its_page_keeps_its_name() {
    let built = Publisher::new()
        .config("[feeds]\nurl = \"https://example.org/\"\n")
        .article("hello.md", HELLO)
        .build();
    assert!(!built.documents().contains_key(PAGE));
    looked_at(&built.document("feeds/subscribe.html"));
}

#[test]
fn a_page_that_is_not_wanted_any_more_is_taken_away_and_one_that_moves_moves() {
    let built = Publisher::new().article("hello.md", HELLO).build();
    let built = built.publisher.config("[page]\npath = \"how/to.html\"\n").build();
    assert!(!built.documents().contains_key(PAGE));
    looked_at(&built.document("feeds/how/to.html"));
    let built = built.publisher.config("[page]\nwrite = false\n").build();
    assert!(!built.documents().keys().any(|path| path.ends_with(".html")));
}

#[test]
fn a_feed_goes_before_the_page() {
    let built = Publisher::new()
        .config("[feeds]\nfiles = { rss = \"INDEX.html\" }\n")
        .article("hello.md", HELLO)
        .build();
    assert!(!built.documents().contains_key(PAGE) && built.rules().contains(&"occupied-path"));
}

#[test]
fn an_article_that_has_the_name_of_the_page_stays_an_article() {
    let theirs = b"<title>Theirs</title><meta name=date content=2024-01-01><p>Text";
    let built = Publisher::new()
        .config("[articles]\npath = \".\"\nexclude = []\n[feeds]\npath = \".\"\n")
        .file("subscribe.html", theirs)
        .build();
    assert_eq!((built.report.articles, built.document("subscribe.html").as_bytes()), (1, &theirs[..]));
    assert!(built.rules().contains(&"occupied-path"));
}

#[test]
fn a_page_is_no_article_wherever_articles_lie() {
    let config =
        "[articles]\npath = \".\"\nexclude = []\n[feeds]\npath = \".\"\n[page]\ntemplate = \"mine.html\"\n";
    let built = Publisher::new()
        .config(config)
        .article("hello.md", HELLO)
        .file("mine.html", b"<title>Mine</title><meta name=date content=2024-01-01>")
        .build();
    let built = built.publisher.at("2027-01-01T00:00:00Z").build();
    assert_eq!(built.report.articles, 1, "{}", built.said());
    assert!(built.document("subscribe.html").contains("Mine"));
}

const TEMPLATE: &str = "<!doctype html>\n<title>{{ publication.title }}</title>\n{% for feed in feeds %}\
                        {% for entry in feed.entries %}<p>{{ entry.title }} {{ entry.date }}{% endfor %}{% endfor %}\n";

fn with_template(text: &str) -> Publisher {
    Publisher::new()
        .config("[page]\ntemplate = \"theme/page.html\"\n")
        .article("hello.md", HELLO)
        .file("theme/page.html", text.as_bytes())
}

#[test]
fn a_template_of_the_publication_takes_the_place_of_ours() {
    let built = with_template(TEMPLATE).build();
    let text = built.document(PAGE);
    assert!(
        text.starts_with("<!doctype html>\n<title>Channel Dispatch</title>\n<p>Hello 2024-05-06"),
        "{text}"
    );
    let changed = TEMPLATE.replace("<p>", "<p class=new>");
    let built = built.publisher.file("theme/page.html", changed.as_bytes()).build();
    assert!(built.document(PAGE).contains("<p class=new>"), "the page follows its template");
}

#[test]
fn a_faulty_template_costs_no_feed_its_place_and_the_old_page_stays() {
    let built = with_template(TEMPLATE).build();
    let before = built.document(PAGE);
    let faulty = [
        ("{% if %}", 1, 7),
        ("a\nb {{ feeds[0].titel.x }}", 2, 14),
        ("{% include 'theme/other.html' %}", 1, 4),
        ("{% include '/etc/passwd' %}", 1, 4),
        ("{% for a in range(90000) %}{% for b in range(90000) %}x{% endfor %}{% endfor %}", 1, 0),
        ("{{ 'x' * 1000000000000 }}", 1, 4),
        ("{{ nothing }}", 1, 4),
    ];
    let mut publisher = built.publisher;
    for (number, (text, line, column)) in faulty.into_iter().enumerate() {
        let title = format!("title: Hello {number}");
        publisher = publisher.article("hello.md", &HELLO.replace("title: Hello", &title));
        let built = publisher.file("theme/page.html", text.as_bytes()).build();
        let fault = built.report.diagnostics.iter().find(|found| found.rule.name() == "unusable-template");
        let fault = fault.unwrap_or_else(|| panic!("{text}: {}", built.said()));
        let place = fault.place.as_ref().unwrap();
        assert_eq!((fault.path.as_str(), place.line), ("theme/page.html", line), "{text}");
        assert!(column == 0 || place.column == column, "{text}: {}", built.said());
        assert_eq!(built.document(PAGE), before);
        assert!(built.document("feeds/rss.xml").contains(&format!("Hello {number}")));
        publisher = built.publisher;
    }
    let built = publisher.without("theme/page.html").build();
    assert!(built.rules().contains(&"unusable-template"));
    assert_eq!(built.document(PAGE), before);
    let built = built.publisher.file("theme/page.html", TEMPLATE.as_bytes()).build();
    assert!(!built.rules().contains(&"unusable-template") && built.document(PAGE) != before);
}

#[test]
fn what_a_publication_chooses_can_be_read_by_day_and_night_and_ends_no_style_sheet() {
    let style = "[page]\nstyle = { accent = \"#ff0\", font = \"Charter, serif\", width = \"30rem\" }\n";
    let built = Publisher::new().config(style).article("hello.md", HELLO).build();
    let found = page(&built);
    let css = texts(&found, "style")[0];
    assert!(css.contains("--font:Charter, serif;--width:30rem"), "{css}");
    assert!(css.contains("--accent:#ffff00") && css.contains("--accent:#7"), "{css}");
    for bad in ["accent = \"red;}\"", "font = \"x}</style>\"", "width = \"100%\"", "acent = \"#000\""] {
        let mut publisher = Publisher::new().config(&format!("[page]\nstyle = {{ {bad} }}\n"));
        assert!(publisher.try_build().is_err(), "{bad}");
    }
    for bad in ["path = \"../x.html\"", "path = \"x.php\"", "template = \"/etc/passwd\"", "write = \"no\""] {
        assert!(Publisher::new().config(&format!("[page]\n{bad}\n")).try_build().is_err(), "{bad}");
    }
}

/// The line by which a feed names its style sheet, if it does.
fn stylesheet(built: &Built, path: &str) -> Option<String> {
    let document = built.document(path);
    let rest = document.split_once("<?xml-stylesheet type=\"text/css\" href=\"")?.1;
    Some(rest.split_once("\"?>").unwrap().0.to_owned())
}

const FEEDS_AT_ANY_DEPTH: &str =
    "[[feed]]\nname = \"\"\n[[feed]]\nname = \"a b/c\"\nfiles = { rss = \"x/r.xml\" }\n";

#[test]
fn every_feed_names_the_style_sheet_from_where_it_lies() {
    let built = Publisher::new().config(FEEDS_AT_ANY_DEPTH).article("hello.md", HELLO).build();
    let named = |path| stylesheet(&built, path);
    assert_eq!(named("feeds/rss.xml").as_deref(), Some("feed.css"));
    assert_eq!(named("feeds/a b/c/atom.xml").as_deref(), Some("../../feed.css"));
    assert_eq!(named("feeds/a b/c/x/r.xml").as_deref(), Some("../../../feed.css"));
    assert_eq!(named("feeds/feed.json"), None);
    assert!(
        built.document("feeds/rss.xml").starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<?xml-s")
    );
    let css = built.document("feeds/feed.css");
    assert!(css.contains("This is a feed.") && !css.contains("url(") && !css.contains("@import"));
    assert_eq!(css.matches('{').count(), css.matches('}').count());
}

#[test]
fn a_style_sheet_may_have_another_name_lie_elsewhere_or_not_be() {
    let built = Publisher::new().config(FEEDS_AT_ANY_DEPTH).article("hello.md", HELLO).build();
    let mut publisher = built.publisher;
    for (said, named, file) in [
        ("\"css/my feed.css\"", Some("../../css/my%20feed.css"), Some("feeds/css/my feed.css")),
        ("\"/feed.css?a=1&b=\\\"?>\"", Some("/feed.css?a=1&amp;b=%22?%3E"), None),
        ("\"https://cdn.example.org/f.css\"", Some("https://cdn.example.org/f.css"), None),
        ("\"//cdn.example.org/f.css\"", Some("https://cdn.example.org/f.css"), None),
        ("false", None, None),
        ("true", Some("../../feed.css"), Some("feeds/feed.css")),
    ] {
        let config = format!("[feeds]\nstylesheet = {said}\n{FEEDS_AT_ANY_DEPTH}");
        let built = publisher.config(&config).build();
        assert_eq!(stylesheet(&built, "feeds/a b/c/atom.xml").as_deref(), named, "{said}");
        let documents = built.documents();
        let css: Vec<&str> =
            documents.keys().map(String::as_str).filter(|path| path.ends_with(".css")).collect();
        assert_eq!(css, Vec::from_iter(file), "{said}");
        publisher = built.publisher;
    }
    for bad in ["\"../feed.css\"", "\"feed.xml\"", "\"javascript://x/a.css\"", "\"\"", "1"] {
        let config = format!("[feeds]\nstylesheet = {bad}\n");
        assert!(Publisher::new().config(&config).try_build().is_err(), "{bad}");
    }
}

#[test]
fn feeds_in_json_alone_need_no_style_sheet() {
    let built = Publisher::new().config("[feeds]\nformats = [\"json\"]\n").article("hello.md", HELLO).build();
    assert!(!built.documents().contains_key("feeds/feed.css"));
}

#[test]
fn a_style_sheet_speaks_the_language_of_its_publication() {
    let config = CONFIG.replace("language = \"en\"", "language = \"ar\"");
    let built = Publisher::new().whole_config(&config).article("hello.md", HELLO).build();
    let css = built.document("feeds/feed.css");
    assert!(css.contains("هذه خلاصة") && css.contains("direction:rtl"));
}

#[test]
fn our_own_page_is_such_a_page() {
    let folder = Folder::new(Path::new(env!("CARGO_MANIFEST_DIR")));
    let found = looked_at(&String::from_utf8(folder.read(PAGE).unwrap()).unwrap());
    assert!(alternates(&found).len() == 3 && texts(&found, "details").len() == 3);
}
