//! `adopt`: ids of an old feed are pinned to the letter, from files and over HTTP.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::thread;

use feedwright::adopt::{self, Adoption, Conflict, Fate, How, OldFeed, Request};
use feedwright::format;
use feedwright::ledger::{Ledger, Record};
use feedwright::publication::{Options, Publication};
use serde_json::Value;
use tempfile::TempDir;

use crate::publisher::{CONFIG, HELLO, Publisher, instant};

// In memory.

fn old(items: &str) -> OldFeed {
    let text = format!("<rss version='2.0'><channel>{items}</channel></rss>");
    adopt::read(text.as_bytes(), &"https://example.org/feed".parse().unwrap()).unwrap()
}

fn adopted(publisher: &Publisher, feeds: &[OldFeed], ledger: &mut Ledger, force: bool) -> Adoption {
    let now = instant("2026-11-22T00:00:00Z");
    let publication = Publication::open(&publisher.store, Options::at(now)).unwrap();
    let articles = &publication.articles(&publisher.store, &|_| ()).summaries;
    adopt::adopt(
        Request { feeds, articles, config: &publication.config, force, addresses: false, now },
        ledger,
    )
}

fn fate(adoption: &Adoption) -> &Fate {
    &adoption.entries[0].1
}

fn conflict(adoption: &Adoption) -> &Conflict {
    match fate(adoption) {
        Fate::Refused { conflict, .. } => conflict,
        other => panic!("{other:?}"),
    }
}

const OLD_HELLO: &str = "<item><title>Hello</title><link>http://www.example.org/hello.html</link>\
    <guid isPermaLink='false'>https://example.org/?p=7</guid><pubDate>Mon, 06 May 2024 10:30:00 GMT</pubDate></item>";

#[test]
fn r_id_7_ids_are_imported_to_the_letter() {
    let publisher = Publisher::new().article("hello.md", HELLO);
    let mut ledger = Ledger::default();
    let adoption = adopted(&publisher, &[old(OLD_HELLO)], &mut ledger, false);
    assert_eq!(
        fate(&adoption),
        &Fate::Adopted { path: "articles/hello.md".into(), how: How::Permalink, own_date: None }
    );
    let record = ledger.get("https://example.org/?p=7").unwrap();
    assert_eq!((record.path, record.id_is_permalink), ("hello.md", false));
    assert_eq!(record.published, instant("2024-05-06T10:30:00Z"), "as readers know it");
    assert_eq!(record.permalink, "https://example.org/hello/");
    assert!(record.former.is_empty(), "one address, spelt in two ways");
}

#[test]
fn a_guid_that_is_the_link_stays_a_permalink() {
    let publisher = Publisher::new().article("hello.md", HELLO);
    let mut ledger = Ledger::default();
    let item = "<item><link>https://example.org/hello/</link><guid>https://example.org/hello/</guid></item>";
    adopted(&publisher, &[old(item)], &mut ledger, false);
    assert!(ledger.get("https://example.org/hello/").unwrap().id_is_permalink);
}

#[test]
fn an_old_address_is_remembered_for_redirects() {
    let publisher = Publisher::new().article("hello.md", HELLO);
    let mut ledger = Ledger::default();
    let item = OLD_HELLO.replace("/hello.html", "/2024/05/hello-world/");
    let adoption = adopted(&publisher, &[old(&item)], &mut ledger, false);
    assert!(matches!(fate(&adoption), Fate::Adopted { how: How::TitleAndDate, .. }));
    assert_eq!(ledger.records().next().unwrap().former, ["http://www.example.org/2024/05/hello-world/"]);
}

#[test]
fn redirects_that_the_article_states_lead_to_it() {
    let text = "---\ntitle: New title\ndate: 2024-05-06\naliases: [/2012/hello.html]\n---\nx\n";
    let publisher = Publisher::new().article("new.md", text);
    let item =
        "<item><title>Old title</title><link>http://example.org/2012/hello</link><guid>x</guid></item>";
    let adoption = adopted(&publisher, &[old(item)], &mut Ledger::default(), false);
    assert!(matches!(fate(&adoption), Fate::Adopted { how: How::Permalink, .. }));
}

#[test]
fn a_date_of_another_day_is_the_authors_and_is_said() {
    let publisher = Publisher::new().article("hello.md", HELLO);
    let mut ledger = Ledger::default();
    let item = OLD_HELLO.replace("06 May", "09 May").replace("Mon", "Thu");
    let adoption = adopted(&publisher, &[old(&item)], &mut ledger, false);
    let own = instant("2024-05-06T10:00:00Z");
    assert!(matches!(fate(&adoption), Fate::Adopted { own_date: Some(date), .. } if *date == own));
    assert_eq!(ledger.records().next().unwrap().published, own);
}

#[test]
fn an_undated_article_takes_the_date_of_the_feed() {
    let publisher = Publisher::new().article("hello.md", "---\ntitle: Hello\n---\nx\n");
    let mut ledger = Ledger::default();
    adopted(&publisher, &[old(OLD_HELLO)], &mut ledger, false);
    assert_eq!(ledger.records().next().unwrap().published, instant("2024-05-06T10:30:00Z"));
    let undated = OLD_HELLO.replace("<pubDate>", "<x>").replace("</pubDate>", "</x>");
    assert_eq!(
        conflict(&adopted(&publisher, &[old(&undated)], &mut Ledger::default(), false)),
        &Conflict::Undated
    );
}

#[test]
fn an_article_that_is_published_already_is_a_conflict_unless_forced() {
    let publisher = Publisher::new().article("hello.md", HELLO);
    let publication = Publication::open(&publisher.store, Options::at(publisher.now)).unwrap();
    let mut ledger = Ledger::default();
    let summary = publication.articles(&publisher.store, &|_| ()).summaries[0];
    ledger.insert(Record::new("tag:example.org,2026-11-22:mine", summary, summary.published().unwrap()));

    let adoption = adopted(&publisher, &[old(OLD_HELLO)], &mut ledger, false);
    assert_eq!(conflict(&adoption), &Conflict::PublishedAs("tag:example.org,2026-11-22:mine".into()));
    assert!(ledger.get("https://example.org/?p=7").is_none());

    let adoption = adopted(&publisher, &[old(OLD_HELLO)], &mut ledger, true);
    assert!(matches!(fate(&adoption), Fate::Adopted { .. }));
    let mine = ledger.get("tag:example.org,2026-11-22:mine").unwrap();
    assert!(mine.gone.is_some(), "no other article ever gets it");

    let again = adopted(&publisher, &[old(OLD_HELLO)], &mut ledger, false);
    assert!(matches!(fate(&again), Fate::Kept { .. }));
}

#[test]
fn an_id_that_the_author_gives_wins() {
    let publisher = Publisher::new().article("hello.md", &HELLO.replace("title:", "id: mine\ntitle:"));
    let adoption = adopted(&publisher, &[old(OLD_HELLO)], &mut Ledger::default(), true);
    assert_eq!(conflict(&adoption), &Conflict::StatedId("tag:example.org,2026-11-22:mine".into()));
}

#[test]
fn of_two_feeds_with_different_ids_the_first_wins() {
    let publisher = Publisher::new().article("hello.md", HELLO);
    let mut ledger = Ledger::default();
    let atom = old(&OLD_HELLO.replace("https://example.org/?p=7", "tag:example.org,2009:7"));
    let adoption = adopted(&publisher, &[old(OLD_HELLO), atom, old(OLD_HELLO)], &mut ledger, true);
    let fates: Vec<&Fate> = adoption.entries.iter().map(|(_, fate)| fate).collect();
    assert!(
        matches!(
            fates[..],
            [
                Fate::Adopted { .. },
                Fate::Refused { conflict: Conflict::EarlierFeed(_), .. },
                Fate::Kept { .. }
            ]
        ),
        "{fates:?}"
    );
}

#[test]
fn no_two_articles_get_one_id() {
    let publisher = Publisher::new()
        .article("hello.md", HELLO)
        .article("hi.md", "---\ntitle: Hi\ndate: 2024-01-01\n---\nx\n");
    let mut ledger = Ledger::default();
    let other = "<item><title>Hi</title><guid isPermaLink='false'>https://example.org/?p=7</guid></item>";
    let adoption = adopted(&publisher, &[old(OLD_HELLO), old(other)], &mut ledger, true);
    assert!(
        matches!(&adoption.entries[1].1, Fate::Refused { conflict: Conflict::IdOf(path), .. } if path == "hello.md")
    );
}

#[test]
fn odd_ids_are_kept_and_only_what_cannot_be_said_is_refused() {
    let publisher = Publisher::new().article("hello.md", HELLO);
    let pinned = |id: &str| {
        let mut ledger = Ledger::default();
        let item = OLD_HELLO.replace("https://example.org/?p=7", id);
        adopted(&publisher, &[old(&item)], &mut ledger, false);
        ledger.get(id).is_some()
    };
    for id in ["7", "two words", "https://example.org/été", "/relative#x", &"long".repeat(100)] {
        assert!(pinned(id), "{id}");
    }
    assert!(!pinned("two  words"), "white space in runs does not reach readers as it is");
}

#[test]
fn an_article_at_another_url_of_the_site_is_told() {
    let publisher = Publisher::new().article("hello.md", HELLO);
    let elsewhere = |address: &str| {
        let item = OLD_HELLO.replace("http://www.example.org/hello.html", address);
        adopted(&publisher, &[old(&item)], &mut Ledger::default(), false).elsewhere
    };
    let [told] = &elsewhere("https://example.org/2024/hello/")[..] else { panic!("one article") };
    assert_eq!(told.path, "articles/hello.md");
    assert_eq!(told.url.as_str(), "https://example.org/hello/");
    assert_eq!(told.feed_url.as_str(), "https://example.org/2024/hello/");
    assert_eq!(elsewhere("https://example.org/hello.html").len(), 1, "not every server has both");
    for same in ["http://www.example.org/hello", "https://example.org/hello/index.html?utm_source=rss"] {
        assert_eq!(elsewhere(same), [], "{same}");
    }
    assert_eq!(elsewhere("https://old.example/2024/hello/"), [], "the site has moved");
}

#[test]
fn pages_of_a_site_are_no_articles() {
    let publisher = Publisher::new()
        .article("hello.md", HELLO)
        .article("about.md", "---\ntitle: About\nlayout: page\n---\nx\n")
        .article("_index.md", "---\ntitle: Hello\ndate: 2024-05-06\n---\nx\n");
    let adoption = adopted(&publisher, &[old("")], &mut Ledger::default(), false);
    assert!(!adoption.alone.contains(&"articles/_index.md".to_owned()), "{:?}", adoption.alone);
}

/// Documents that one reader could take in another way than the next.
fn documents() -> Vec<(&'static str, Vec<u8>)> {
    let item = "<title>caf\u{e9}</title><link>/a</link><guid isPermaLink='false'>caf\u{e9}-1</guid>";
    let rss = |head: &str| format!("{head}<rss version='2.0'><channel><item>{item}</item></channel></rss>");
    let latin = |text: String| {
        text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect::<Vec<u8>>()
    };
    let declared = |encoding: &str| format!("<?xml version='1.0' encoding='{encoding}'?>");
    let utf_16 = |text: String| {
        let units = text.encode_utf16().flat_map(u16::to_be_bytes);
        [0xFE, 0xFF].into_iter().chain(units).collect::<Vec<u8>>()
    };
    let entity = "<!DOCTYPE rss [<!ENTITY site 'https://example.org'>]>";
    let atom = |prefix: &str, uri: &str| {
        let [p, c] = [prefix, if prefix.is_empty() { "" } else { ":" }];
        format!(
            "<{p}{c}feed xmlns{}='{uri}' xml:base='https://example.org/blog/'><{p}{c}entry xml:base='2024/'><{p}{c}id>tag:é</{p}{c}id>\
             <{p}{c}title type='html'>A &amp;amp; b</{p}{c}title><{p}{c}link href='a'/>\
             <{p}{c}updated>2024-05-06T10:00:00Z</{p}{c}updated></{p}{c}entry></{p}{c}feed>",
            if prefix.is_empty() { String::new() } else { format!(":{prefix}") }
        )
    };
    let one = "http://www.w3.org/2005/Atom";
    vec![
        ("utf-8", rss("").into_bytes()),
        ("utf-8 with a mark", [b"\xEF\xBB\xBF".as_slice(), rss("").as_bytes()].concat()),
        ("iso-8859-1", latin(rss(&declared("ISO-8859-1")))),
        ("windows-1252", latin(rss(&declared("windows-1252")))),
        ("us-ascii", latin(rss(&declared("us-ascii")))),
        ("utf-16", utf_16(rss(&declared("utf-16")))),
        ("html's names", rss("").replace('\u{e9}', "&eacute;").into_bytes()),
        ("an entity of its own", rss(entity).replace("/a<", "&site;/a<").into_bytes()),
        ("an unknown doctype", rss("<!DOCTYPE rss SYSTEM 'http://127.0.0.1:1/rss.dtd'>").into_bytes()),
        ("rss with a prefix", rss("").replace("<rss", "<rss xmlns='http://backend.userland.com/rss2'").into_bytes()),
        ("rss 1.0", b"<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel/>\
            <item r:about='urn:1'><title>x</title><link>http://example.org/1</link></item></r:RDF>".to_vec()),
        ("atom", atom("", one).into_bytes()),
        ("atom with a prefix", atom("a", one).into_bytes()),
        ("atom 0.3", atom("", "http://purl.org/atom/ns#").into_bytes()),
        ("atom of no namespace", atom("", "").into_bytes()),
        ("json", "{\"version\": \"https://jsonfeed.org/version/1\", \"items\": [{\"id\": 7, \"external_url\": \"https://e.example/\"}, {\"id\": \"é\", \"url\": \"/b\"}]}".into()),
    ]
}

#[test]
fn adopt_and_plan_read_the_same_in_every_kind_of_document() {
    for (kind, document) in documents() {
        let adopted = adopt::read(&document, &"https://example.org/feed".parse().unwrap()).unwrap();
        let planned = format::outline(&document).unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert_eq!(adopted.entries.len(), planned.entries.len(), "{kind}");
        for (adopted, planned) in adopted.entries.iter().zip(&planned.entries) {
            assert_eq!(adopted.id, planned.id, "{kind}");
            assert_eq!(
                adopted.id_is_permalink,
                planned.id_is_permalink && planned.id == planned.link,
                "{kind}"
            );
            assert!(adopted.link().ends_with(&planned.link), "{kind}: {} {}", adopted.link(), planned.link);
            assert_eq!(adopted.published, planned.published.or(planned.updated), "{kind}");
        }
    }
}

#[test]
fn every_kind_of_document_says_what_it_means() {
    let read = |wanted: &str| {
        let (_, document) = documents().into_iter().find(|(kind, _)| *kind == wanted).unwrap();
        adopt::read(&document, &"https://example.org/feed".parse().unwrap()).unwrap().entries.remove(0)
    };
    for kind in ["utf-8", "utf-8 with a mark", "iso-8859-1", "windows-1252", "utf-16", "html's names"] {
        assert_eq!((read(kind).id.as_str(), read(kind).title.as_deref()), ("café-1", Some("café")), "{kind}");
    }
    assert_eq!(read("us-ascii").id, "caf\u{FFFD}-1", "no feed may contain it, so that it is refused");
    assert_eq!(read("an entity of its own").link(), "https://example.org/a");
    for kind in ["atom", "atom with a prefix", "atom 0.3", "atom of no namespace"] {
        let entry = read(kind);
        assert_eq!(
            (entry.link(), entry.title.as_deref()),
            ("https://example.org/blog/2024/a", Some("A & b")),
            "{kind}"
        );
    }
}

// As people run it.

struct Site(TempDir);

impl Site {
    fn new() -> Self {
        let site = Self(TempDir::new().unwrap());
        site.put("feedwright.toml", CONFIG);
        site.put("articles/hello.md", HELLO);
        site.put("articles/more.md", "---\ntitle: More\ndate: 2024-01-01\n---\nx\n");
        site
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn adopt(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_feedwright"));
        command.current_dir(self.0.path()).arg("adopt").args(arguments);
        for proxy in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
            command.env_remove(proxy);
        }
        command.output().unwrap()
    }

    fn ledger(&self) -> Option<String> {
        let path: &Path = self.0.path();
        fs::read_to_string(path.join("feedwright.lock")).ok()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn rss(head: &str, items: &str) -> String {
    format!(
        "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel>{head}{items}</channel></rss>"
    )
}

/// A server that answers what it knows and remembers what it was asked for.
struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(pages: &[(&'static str, String)]) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let pages: BTreeMap<&str, String> = pages.iter().cloned().collect();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(stream, &pages, &noted).ok();
            }
        });
        Self { port, asked }
    }

    fn address(&self, target: &str) -> String {
        format!("http://127.0.0.1:{}{target}", self.port)
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn answer(
    mut stream: TcpStream,
    pages: &BTreeMap<&str, String>,
    asked: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let target = request.split(' ').nth(1).unwrap_or_default().to_owned();
    let (status, body) = pages.get(target.as_str()).map_or(("404 Not Found", ""), |body| ("200 OK", body));
    asked.lock().unwrap().push(target);
    if let Some(location) = body.strip_prefix("-> ") {
        return write!(
            stream,
            "HTTP/1.1 301 Moved\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
    }
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

const OLD_MORE: &str = "<item><title>More</title><guid isPermaLink='false'>more-1</guid></item>";

#[test]
fn adopt_says_what_matched_how_and_what_did_not() {
    let site = Site::new();
    site.put("articles/new.md", "---\ntitle: New\ndate: 2026-01-01\n---\nx\n");
    let gone = "<item><title>Gone</title><link>https://example.org/gone/</link></item>";
    site.put("old.xml", &rss("", &[OLD_HELLO, OLD_MORE, gone].concat()));
    let output = site.adopt(&["old.xml", "-v"]);
    assert_eq!(
        printed(&output),
        "adopted: articles/hello.md is `https://example.org/?p=7`, by permalink\n\
         adopted: articles/more.md is `more-1`, by title\n\
         unmatched: `Gone` https://example.org/gone/\n\
         not in the feed: articles/new.md\n\
         other URL: articles/hello.md is at https://example.org/hello/, and in the feed at http://www.example.org/hello.html\n"
    );
    assert_eq!(
        said(&output),
        "old.xml: 3 entries on 1 page\n\
         warning: 1 article would have another URL than in the feed; if its page is not there, the link is dead\n  \
         = help: set `permalink` in `[articles]` to what the site's generator does, or `url` in the article,\n          \
         or keep the URLs of the feed with `--addresses`\n\
         2 ids adopted, 0 kept (1 by permalink, 1 by title); 0 conflicts, 1 unmatched, 1 article not in the feed\n"
    );
    assert_eq!(output.status.code(), Some(0));
    let ledger = Ledger::parse(site.ledger().unwrap()).unwrap();
    assert_eq!(ledger.get("more-1").unwrap().path, "more.md");
}

#[test]
fn an_id_adopted_from_another_encoding_is_not_announced_again() {
    let site = Site::new();
    let item = OLD_HELLO.replace("https://example.org/?p=7", "caf\u{e9}-1");
    let head = "<?xml version='1.0' encoding='ISO-8859-1'?>";
    let latin: Vec<u8> = [head, &rss("", &item)]
        .concat()
        .chars()
        .map(|letter| u8::try_from(u32::from(letter)).unwrap())
        .collect();
    fs::write(site.0.path().join("old.xml"), latin).unwrap();
    site.adopt(&["old.xml"]);
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_feedwright"));
        command.current_dir(site.0.path()).args(arguments).output().unwrap()
    };
    assert!(run(&["build"]).status.success());
    let plan = printed(&run(&["plan", "--feed", "old.xml", "feeds/rss.xml"]));
    assert!(!plan.contains("re-announced"), "{plan}");
    assert!(fs::read_to_string(site.0.path().join("feeds/rss.xml")).unwrap().contains("café-1</guid>"));
}

#[test]
fn a_dry_run_changes_nothing() {
    let site = Site::new();
    site.put("old.xml", &rss("", OLD_HELLO));
    let output = site.adopt(&["old.xml", "--dry-run"]);
    assert!(said(&output).contains("1 id would be adopted"), "{}", said(&output));
    let mut names: Vec<_> =
        fs::read_dir(site.0.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["articles", "feedwright.toml", "old.xml"]);
}

#[test]
fn adopt_warns_of_bytes_that_the_encoding_does_not_have_and_pins_no_id_with_them() {
    let site = Site::new();
    let item = OLD_HELLO.replace("https://example.org/?p=7", "caf\u{e9}-1");
    site.put("old.xml", &["<?xml version='1.0' encoding='us-ascii'?>", &rss("", &item)].concat());
    let output = site.adopt(&["old.xml"]);
    assert!(
        said(&output).contains("warning: `old.xml`: the document has bytes that are not us-ascii"),
        "{}",
        said(&output)
    );
    assert!(
        printed(&output).contains("its id has white space or characters that no feed may contain"),
        "{}",
        printed(&output)
    );
    assert_eq!(site.ledger(), None);
}

#[test]
fn adopt_warns_of_articles_at_other_urls() {
    let site = Site::new();
    site.put("old.xml", &rss("", &OLD_HELLO.replace("/hello.html", "/blog/hello/")));
    let output = site.adopt(&["old.xml"]);
    let line = "other URL: articles/hello.md is at https://example.org/hello/, and in the feed at http://www.example.org/blog/hello/\n";
    assert!(printed(&output).contains(line), "{}", printed(&output));
    assert!(
        said(&output).contains("warning: 1 article would have another URL than in the feed"),
        "{}",
        said(&output)
    );
    let output = site.adopt(&["old.xml", "--message-format", "json"]);
    let objects: Vec<Value> =
        printed(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told = objects.iter().find(|object| object["event"] == "other-url").unwrap();
    assert_eq!(told["feed_url"], "http://www.example.org/blog/hello/");
    assert_eq!(objects.last().unwrap()["other_urls"], 1);
}

#[test]
fn urls_of_the_feed_are_kept_on_request() {
    let site = Site::new();
    site.put("old.xml", &rss("", &OLD_HELLO.replace("/hello.html", "/blog/hello/")));
    site.adopt(&["old.xml"]);
    let output = site.adopt(&["old.xml", "--addresses"]);
    let line = "kept URL: articles/hello.md is at http://www.example.org/blog/hello/, and not at https://example.org/hello/\n";
    assert!(printed(&output).contains(line), "{}", printed(&output));
    assert!(!said(&output).contains("warning"), "{}", said(&output));
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_feedwright"));
        command.current_dir(site.0.path()).args(arguments).output().unwrap()
    };
    for _ in 0..2 {
        assert!(run(&["build"]).status.success());
        let feed = fs::read_to_string(site.0.path().join("feeds/rss.xml")).unwrap();
        assert!(feed.contains("<link>https://example.org/blog/hello/</link>"), "{feed}");
    }
    assert!(!printed(&run(&["redirects", "--format", "nginx"])).contains("/blog/hello/"));
    assert!(!printed(&site.adopt(&["old.xml"])).contains("URL"), "there is nothing more to keep");
}

#[test]
fn the_id_of_the_feed_itself_is_kept() {
    let site = Site::new();
    let entry = "<entry><id>more-1</id><title>More</title></entry>";
    site.put("old.xml", &format!("<feed xmlns='http://www.w3.org/2005/Atom'><id>urn:old</id>{entry}</feed>"));
    let output = site.adopt(&["old.xml", "--dry-run"]);
    assert!(
        said(&output).contains("the id of the feed itself would be kept: `urn:old`"),
        "{}",
        said(&output)
    );
    let output = site.adopt(&["old.xml"]);
    assert!(said(&output).contains("the id of the feed itself is kept: `urn:old`"), "{}", said(&output));
    let mut command = Command::new(env!("CARGO_BIN_EXE_feedwright"));
    assert!(command.current_dir(site.0.path()).arg("build").output().unwrap().status.success());
    let atom = fs::read_to_string(site.0.path().join("feeds/atom.xml")).unwrap();
    assert!(atom.contains("\n<id>urn:old</id>\n"), "{atom}");
    assert!(!said(&site.adopt(&["old.xml"])).contains("urn:old"), "there is nothing more to keep");
}

#[test]
fn plan_reads_feeds_at_urls_too() {
    let site = Site::new();
    let server = Server::start(&[("/feed", rss("", OLD_HELLO))]);
    site.put("new.xml", &rss("", &OLD_HELLO.replace("?p=7", "?p=8")));
    let plan = |old: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_feedwright"));
        command.current_dir(site.0.path()).args(["plan", "--feed", old, "new.xml"]);
        for proxy in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
            command.env_remove(proxy);
        }
        command.output().unwrap()
    };
    let output = plan(&server.address("/feed"));
    assert!(printed(&output).contains("its id was https://example.org/?p=7"), "{}", printed(&output));
    let output = plan(&server.address("/missing"));
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("status 404"), "{}", said(&output));
}

#[test]
fn programs_get_one_object_a_line() {
    let site = Site::new();
    site.put("old.xml", &rss("", OLD_HELLO));
    let output = site.adopt(&["old.xml", "--message-format", "json"]);
    let lines: Vec<Value> =
        printed(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (&lines[0]["event"], &lines[0]["id"], &lines[0]["by"]),
        (&"adopted".into(), &"https://example.org/?p=7".into(), &"permalink".into())
    );
    assert_eq!((&lines[1]["event"], &lines[1]["path"]), (&"not-in-feed".into(), &"articles/more.md".into()));
    assert_eq!((&lines[2]["event"], &lines[2]["path"]), (&"other-url".into(), &"articles/hello.md".into()));
    assert_eq!((&lines[3]["event"], &lines[3]["adopted"]), (&"done".into(), &1.into()));
    assert!(output.stderr.is_empty(), "{}", said(&output));
}

#[test]
fn exit_statuses_tell_faults_from_trouble() {
    let site = Site::new();
    site.put("strangers.xml", &rss("", "<item><title>Strange</title><guid>x</guid></item>"));
    site.put("page.html", "<html></html>");
    let status = |arguments: &[&str]| site.adopt(arguments).status.code();
    assert_eq!(status(&["strangers.xml"]), Some(1), "nothing matched");
    assert_eq!(site.ledger(), None);
    assert_eq!(status(&["missing.xml"]), Some(2));
    assert_eq!(status(&["page.html"]), Some(2));
    assert_eq!(status(&[]), Some(2));
    let address = Server::start(&[]).address("/feed");
    let output = site.adopt(&[&address]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        said(&output),
        format!("error: cannot fetch `{address}`: the server answers with status 404\n")
    );
}

#[test]
fn a_file_too_large_to_be_a_feed_is_not_read() {
    let site = Site::new();
    fs::File::create(site.0.path().join("old.xml")).unwrap().set_len((16 << 20) + 1).unwrap();
    let output = site.adopt(&["old.xml"]);
    assert_eq!(said(&output), "error: cannot adopt `old.xml`: it has more than 16 MB\n");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn all_pages_of_an_archive_are_adopted() {
    let link = "<atom:link rel='prev-archive' href='/archive/1.xml'/>";
    let server = Server::start(&[
        ("/feed", "-> /rss.xml".into()),
        ("/rss.xml", rss(link, &OLD_HELLO.replace("/hello.html", "/hello/"))),
        ("/archive/1.xml", rss("", OLD_MORE)),
    ]);
    let site = Site::new();
    let output = site.adopt(&[&server.address("/feed")]);
    assert!(said(&output).contains("2 entries on 2 pages\n2 ids adopted"), "{}", said(&output));
    assert_eq!(server.asked(), ["/feed", "/rss.xml", "/archive/1.xml"]);
}

#[test]
fn all_pages_of_a_paged_atom_feed_are_adopted() {
    let atom = |head: &str, id: &str, title: &str| {
        format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'>{head}<entry><id>{id}</id><title>{title}</title></entry></feed>"
        )
    };
    let server = Server::start(&[
        ("/feed", atom("<link rel='next' href='?page=2'/>", "tag:a", "Hello")),
        ("/feed?page=2", atom("<link rel='next' href='?page=2'/>", "tag:b", "More")),
    ]);
    let output = Site::new().adopt(&[&server.address("/feed")]);
    assert!(said(&output).contains("2 ids adopted"), "{}", said(&output));
}

#[test]
fn all_pages_of_a_json_feed_are_adopted() {
    let json = |next: &str, id: &str, title: &str| {
        format!(
            r#"{{"version": "https://jsonfeed.org/version/1.1", {next} "items": [{{"id": "{id}", "title": "{title}"}}]}}"#
        )
    };
    let server = Server::start(&[
        ("/feed.json", json("\"next_url\": \"/feed.json?page=2\",", "a", "Hello")),
        ("/feed.json?page=2", json("", "b", "More")),
    ]);
    let output = Site::new().adopt(&[&server.address("/feed.json")]);
    assert!(said(&output).contains("2 ids adopted"), "{}", said(&output));
}

#[test]
fn all_pages_of_wordpress_are_adopted() {
    let wordpress = "<generator>https://wordpress.org/?v=6.4</generator>";
    let server =
        Server::start(&[("/feed/", rss(wordpress, OLD_HELLO)), ("/feed/?paged=2", rss(wordpress, OLD_MORE))]);
    let output = Site::new().adopt(&[&server.address("/feed/")]);
    assert!(said(&output).contains("2 ids adopted"), "{}", said(&output));
    assert_eq!(server.asked(), ["/feed/", "/feed/?paged=2", "/feed/?paged=3"]);
}

#[test]
fn an_archive_with_a_hole_adopts_nothing() {
    let link = "<atom:link rel='prev-archive' href='/archive/1.xml'/>";
    let server = Server::start(&[("/feed", rss(link, OLD_HELLO))]);
    let site = Site::new();
    assert_eq!(site.adopt(&[&server.address("/feed")]).status.code(), Some(2));
    assert_eq!(site.ledger(), None);
}

#[test]
fn a_file_that_leads_on_is_not_followed() {
    let server = Server::start(&[("/2", rss("", OLD_MORE))]);
    let site = Site::new();
    site.put("old.xml", &rss(&format!("<atom:link rel='next' href='{}'/>", server.address("/2")), OLD_HELLO));
    assert!(said(&site.adopt(&["old.xml"])).contains("1 id adopted"));
    assert!(server.asked().is_empty());
}
