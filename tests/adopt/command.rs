//! `feedwright adopt` as people run it: files and URLs in, messages and exit statuses out.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::thread;

use feedwright::ledger::Ledger;
use serde_json::Value;
use tempfile::TempDir;

use super::OLD_HELLO;
use crate::publisher::{CONFIG, HELLO};

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
