//! `feedwright serve` as people run it and readers meet it, over a socket.

mod abuse;
pub mod served;

use std::io::{BufReader, Read as _, Write as _};
use std::time::Duration;

use chrono::{SubsecRound as _, TimeDelta, Utc};
use serde_json::Value;
use tempfile::TempDir;

use crate::publisher::{CONFIG, HELLO};
use served::{Served, read_answer};

const RSS: &str = "/feeds/rss.xml";

fn hello(more: &[(&str, &str)], arguments: &[&str]) -> Served {
    let config = ("feedwright.toml", CONFIG);
    Served::start(&[&[config, ("articles/hello.md", HELLO)], more].concat(), arguments)
}

#[test]
fn one_command_serves_a_folder_that_was_never_built() {
    let served = hello(&[], &[]);
    for (path, content_type) in [
        (RSS, "application/rss+xml; charset=utf-8"),
        ("/feeds/atom.xml", "application/atom+xml; charset=utf-8"),
        ("/feeds/feed.json", "application/feed+json; charset=utf-8"),
    ] {
        let answer = served.get(path);
        assert_eq!((answer.status, answer.header("content-type")), (200, content_type));
        assert!(answer.text().contains("Hello"), "{}", answer.text());
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert!(answer.header("link").contains("rel=\"self\""), "{}", answer.header("link"));
    }
    assert_eq!(served.get("/articles/hello.md").status, 404);
    assert_eq!(served.get("/feedwright.toml").status, 404);
}

#[test]
fn who_asks_by_tag_or_by_date_alone_hears_that_nothing_has_changed() {
    let served = hello(&[], &[]);
    let first = served.get(RSS);
    for condition in
        [("If-None-Match", first.header("etag")), ("If-Modified-Since", first.header("last-modified"))]
    {
        let again = served.ask("GET", RSS, &[condition]);
        assert_eq!((again.status, again.body.len()), (304, 0), "{condition:?}");
        for header in ["etag", "last-modified", "cache-control", "vary", "link"] {
            assert_eq!(again.header(header), first.header(header), "{header} of a 304");
        }
    }
}

/// As Apple's servers do, and some readers before they fetch.
#[test]
fn who_asks_for_the_head_first_is_told_what_they_will_get() {
    let served = hello(&[], &[]);
    for encoding in ["identity", "gzip", "br", "zstd"] {
        let accept = ("Accept-Encoding", encoding);
        let head = served.ask("HEAD", RSS, &[accept]);
        let get = served.ask("GET", RSS, &[accept]);
        assert_eq!((head.status, head.body.len()), (200, 0));
        for header in ["content-length", "content-type", "content-encoding", "etag", "last-modified"] {
            assert_eq!(head.header(header), get.header(header), "{header} with {encoding}");
        }
        assert_eq!(served.ask("HEAD", RSS, &[accept, ("If-None-Match", head.header("etag"))]).status, 304);
    }
}

#[test]
fn a_connection_answers_one_question_after_the_other_and_many_at_once() {
    let served = hello(&[], &[]);
    let mut stream = served.connect();
    let request = format!("GET {RSS} HTTP/1.1\r\nHost: a\r\n\r\n");
    stream.write_all(request.repeat(50).as_bytes()).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    for _ in 0..50 {
        assert_eq!(read_answer(&mut reader, false).unwrap().status, 200);
    }
    stream.write_all(request.as_bytes()).unwrap();
    assert_eq!(read_answer(&mut reader, false).unwrap().status, 200, "and it is still open");
}

#[test]
fn http_1_0_is_answered_without_a_host_and_closed() {
    let served = hello(&[], &[]);
    let mut stream = served.connect();
    write!(stream, "GET {RSS} HTTP/1.0\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert!(text.starts_with("HTTP/1.0 200 OK\r\n") && text.ends_with("</rss>\n"), "{text}");
}

#[test]
fn saving_an_article_changes_what_is_served_and_nothing_else() {
    let other = "---\ntitle: Other\ndate: 2024-05-05T10:00:00Z\n---\nOther.\n";
    let served = hello(&[("articles/other.md", other)], &["--watch"]);
    let before = served.get(RSS);
    served.write("articles/hello.md", &HELLO.replace("Hello, *world*", "Good morning"));
    let after = served.until(RSS, |answer| answer.text().contains("Good morning"));
    assert_ne!(after.header("etag"), before.header("etag"));
    let entries = |answer: &served::Answer| answer.text().matches("<item>").count();
    assert_eq!((entries(&before), entries(&after)), (2, 2));
    assert!(after.text().contains("Other."));

    let third = "---\ntitle: Third\ndate: 2024-05-07T10:00:00Z\n---\nIn a folder of its own.\n";
    served.write("articles/2024/third.md", third);
    let after = served.until(RSS, |answer| answer.text().contains("In a folder of its own"));
    assert_eq!(entries(&after), 3);
    std::fs::remove_file(served.folder.path().join("articles/2024/third.md")).unwrap();
    served.until(RSS, |answer| entries(answer) == 2);
    served.logs("built again in ");
}

/// A subscriber who looks while somebody is writing must not lose the article.
#[test]
fn an_article_that_breaks_is_told_and_the_last_good_feeds_stay() {
    let served = hello(&[], &["--watch"]);
    let before = served.get(RSS);
    served.write("articles/hello.md", "---\ntitle: [\n---\n");
    let log = served.logs("the previous version is still served");
    assert!(log.contains("articles/hello.md:2"), "{log}");
    assert!(log.contains("it is published, and stays as it was") && !log.contains("withheld\n"), "{log}");
    assert_eq!(served.get(RSS).header("etag"), before.header("etag"));
    served.write("feedwright.toml", "[publication]\n");
    served.logs("feedwright.toml");
    assert_eq!(served.get(RSS).header("etag"), before.header("etag"));
    served.write("feedwright.toml", CONFIG);
    served.write("articles/hello.md", &HELLO.replace("world", "moon"));
    served.until(RSS, |answer| answer.text().contains("moon"));
}

#[test]
fn a_withheld_article_appears_when_it_falls_due() {
    let due = (Utc::now() + TimeDelta::seconds(3)).trunc_subsecs(0);
    let text = format!("---\ntitle: Ahead\ndate: {}\n---\nAhead of its time.\n", due.to_rfc3339());
    let served = hello(&[("articles/ahead.md", &text)], &[]);
    let is_there = |answer: &served::Answer| answer.text().contains("Ahead of its time");
    served.until(RSS, |answer| {
        let is_early = Utc::now() < due;
        let is_there = is_there(answer);
        assert!(!(is_there && is_early), "it is not due yet");
        is_there
    });
}

#[test]
fn what_the_configuration_says_of_serving_holds_as_soon_as_it_is_saved() {
    let served = hello(&[], &["--watch"]);
    assert!(served.get(RSS).header("cache-control").contains("max-age=900"));
    served.write(
        "feedwright.toml",
        &format!("{CONFIG}[serve]\nmax-age = 300\nlike = ['wordpress']\n[redirects]\n'/old.xml' = '{RSS}'\n"),
    );
    served.until(RSS, |answer| answer.header("cache-control").contains("max-age=300"));
    served.until("/old.xml", |answer| answer.status == 301 && answer.header("location") == RSS);
    served.until("/?feed=rss2", |answer| answer.status == 301 && answer.header("location") == RSS);
}

#[test]
fn the_page_for_people_is_at_the_front_and_follows_its_template() {
    let config = format!("{CONFIG}[page]\npath = 'subscribe.html'\ntemplate = 'page.html'\n");
    let template = "<title>{{ publication.title }}</title>First";
    let files = [("feedwright.toml", config.as_str()), ("page.html", template), ("articles/hello.md", HELLO)];
    let served = Served::start(&files, &["--watch"]);
    for path in ["/", "/feeds/subscribe.html"] {
        let answer = served.get(path);
        assert_eq!((answer.status, answer.header("content-type")), (200, "text/html; charset=utf-8"));
        assert!(answer.text().contains("<title>Channel Dispatch</title>First"), "{path}");
    }
    served.write("page.html", "Second");
    served.until("/", |answer| answer.text().contains("Second"));
    assert!(hello(&[], &[]).get("/").text().contains("<html lang=\"en\""));
}

#[test]
fn old_addresses_lead_on() {
    let config = format!("{CONFIG}[serve]\ngone = ['/comments.xml']\n[redirects]\n'/old.xml' = '{RSS}'\n");
    let renamed = HELLO.replace("title: Hello", "title: Hello\naliases: [/before/]");
    let files = [("feedwright.toml", config.as_str()), ("articles/hello.md", &renamed)];
    let served = Served::start(&files, &["--like", "hugo,jekyll"]);
    for (from, to) in [
        ("/old.xml", RSS),
        ("/index.xml", RSS),
        ("/feed.xml", "/feeds/atom.xml"),
        ("/before/", "https://example.org/hello/"),
    ] {
        // What is told to others is told soon after what is served.
        let answer = served.until(from, |answer| answer.status != 404);
        assert_eq!((answer.status, answer.header("location")), (301, to), "{from}");
    }
    assert_eq!(served.get("/comments.xml").status, 410);
    let answer = served.ask("POST", RSS, &[("Content-Length", "0")]);
    assert_eq!((answer.status, answer.header("allow")), (405, "GET, HEAD, OPTIONS"));
}

#[test]
fn other_servers_are_told_to_say_what_serve_says() {
    let served = hello(&[], &[]);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_feedwright"));
    let output =
        command.current_dir(served.folder.path()).args(["headers", "--format", "netlify"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let answer = served.get(RSS);
    let mut told = Vec::new();
    for block in text.split("\n/").filter(|block| {
        ["feeds/*", "feeds/rss.xml"]
            .iter()
            .any(|path| block.trim_start_matches('/').lines().next() == Some(*path))
    }) {
        for (name, value) in block.lines().skip(1).filter_map(|line| line.trim().split_once(": ")) {
            assert_eq!(answer.header(name), value, "{name}");
            told.push(name);
        }
    }
    told.sort_unstable();
    let expected = [
        "Access-Control-Allow-Origin",
        "Access-Control-Expose-Headers",
        "Cache-Control",
        "Content-Type",
        "Link",
        "X-Content-Type-Options",
    ];
    assert_eq!(told, expected, "{text}");
}

#[test]
fn drafts_that_are_only_looked_at_are_not_found_on_the_disk() {
    let draft = "---\ntitle: Draft\ndate: 2024-05-07\ndraft: true\n---\nNot yet.\n";
    let served = hello(&[("articles/draft.md", draft)], &["--drafts", "--watch"]);
    assert!(served.get(RSS).text().contains("Not yet."));
    served.write("articles/draft.md", &draft.replace("Not yet", "Nearly"));
    served.until(RSS, |answer| answer.text().contains("Nearly."));
    let folder = served.folder.path();
    assert!(!folder.join("feeds").exists() && !folder.join("feedwright.lock").exists());
}

#[test]
fn a_folder_that_somebody_else_built_is_served_as_it_changes() {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("public")).unwrap();
    let feed = |title: &str| {
        format!(
            "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>{title}</title>\
             <link>https://example.org/</link><description/></channel></rss>"
        )
    };
    std::fs::write(folder.path().join("public/index.xml"), feed("One")).unwrap();
    std::fs::write(folder.path().join("public/episode.mp3"), [7; 1000]).unwrap();
    let served = Served::start_in(folder, &["--from", "public", "--watch"]);
    let answer = served.get("/index.xml");
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/rss+xml; charset=utf-8"));
    served.write("public/index.xml", &feed("Two"));
    served.until("/index.xml", |answer| answer.text().contains("Two"));
    let part = served.ask("GET", "/episode.mp3", &[("Range", "bytes=10-19")]);
    assert_eq!((part.status, part.body.len(), part.header("content-type")), (206, 10, "audio/mpeg"));
    assert_eq!(part.header("content-range"), "bytes 10-19/1000");
    assert_eq!(served.get("/").status, 404, "nothing is listed");
}

#[cfg(unix)]
#[test]
fn no_way_leads_out_of_the_folders() {
    let served = hello(&[("files/a.mp3", "sound"), ("secret.txt", "secret")], &["--files", "files"]);
    let folder = served.folder.path();
    std::os::unix::fs::symlink(folder.join("secret.txt"), folder.join("files/link.txt")).unwrap();
    std::os::unix::fs::symlink(folder, folder.join("files/all")).unwrap();
    assert_eq!(served.get("/a.mp3").text(), "sound");
    for path in [
        "/link.txt",
        "/all/secret.txt",
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/feeds/..%2f..%2fsecret.txt",
        "/feeds/%5c..%5csecret.txt",
        "//secret.txt",
        "/a.mp3%00.txt",
        "/files/",
        "/.git/config",
    ] {
        let answer = served.get(path);
        assert!(matches!(answer.status, 400 | 404), "{path}: {answer:?}");
        assert!(!answer.text().contains("secret"), "{path}");
    }
}

#[test]
fn who_runs_it_is_told_how_many_subscribe_and_nobody_else() {
    let served = hello(&[], &[]);
    let ask = |agent: &str| served.ask("GET", RSS, &[("User-Agent", agent)]);
    ask("Feedbin feed-id:7 - 12 subscribers");
    ask("Feedbin feed-id:7 - 14 subscribers");
    ask("Feedly/1.0 (+https://feedly.com/f; 30 subscribers)");
    ask("Miniflux/2");
    ask("Miniflux/2");
    let stats: Value = serde_json::from_str(&served.admin(None, "/-/stats").text()).unwrap();
    let feed = &stats["feeds"][RSS];
    assert_eq!((&feed["subscribers"], &feed["others"]), (&Value::from(45), &Value::from(1)), "{stats}");
    assert_eq!(feed["services"]["Feedbin"], 14, "{stats}");
    assert_eq!(served.admin(None, "/-/health").text(), "ok\n");
    let metrics = served.admin(None, "/-/metrics").text();
    assert!(metrics.contains("feedwright_") && metrics.contains("# TYPE"), "{metrics}");
    for page in ["/-/health", "/-/metrics", "/-/stats"] {
        assert_eq!(served.get(page).status, 404, "{page} is not where the public asks");
        let rebound = served.admin(Some("evil.example"), page);
        assert_eq!((rebound.status, rebound.text().contains("feed")), (421, false), "{page}");
        assert_eq!(served.admin(Some("localhost:1"), page).status, 200, "{page}");
    }
    let public = served.admin(None, RSS);
    assert_eq!(public.status, 404, "feeds are not for this address");
}

#[test]
fn every_answer_is_a_line_of_the_log() {
    let served = hello(&[], &["--log", "json"]);
    served.ask("GET", RSS, &[("User-Agent", "A \"reader\"\t1")]);
    served.ask("HEAD", "/nothing", &[]);
    let log = served.logs("/nothing");
    let lines: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert_eq!(lines.len(), 2, "{log}");
    assert_eq!((&lines[0]["status"], &lines[0]["target"]), (&Value::from(200), &Value::from(RSS)));
    assert_eq!(lines[0]["agent"], "A \"reader\"\t1");
    assert_eq!((&lines[1]["status"], &lines[1]["bytes"]), (&Value::from(404), &Value::from(0)));
}

#[test]
fn when_told_to_end_it_lets_running_answers_finish() {
    for signal in ["INT", "TERM"] {
        let large = "x".repeat(32 << 20);
        let mut served = hello(&[("files/large.txt", &large)], &["--files", "files"]);
        let mut stream = served.connect();
        write!(stream, "GET /large.txt HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        let mut first = [0; 1000];
        stream.read_exact(&mut first).unwrap();
        served.signal(signal);
        // Nobody new is taken on…
        while std::net::TcpStream::connect(served.address).is_ok() {
            std::thread::sleep(Duration::from_millis(10));
        }
        // … and who was there gets everything.
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).unwrap();
        let answer = read_answer(&mut [&first[..], &rest].concat().as_slice(), false).unwrap();
        assert_eq!(answer.body.len(), large.len());
        assert!(served.wait().success(), "{}", served.log());
    }
}

#[test]
fn what_cannot_be_served_is_said_and_no_address_is_told() {
    let served = hello(&[], &[]);
    let port = served.address.to_string();
    let folder = TempDir::new().unwrap();
    for (arguments, code, message) in [
        (&["--listen", "127.0.0.1:0"][..], 1, "feedwright.toml"),
        (&["--listen", "127.0.0.1:0", "--from", "nowhere"], 2, "nowhere"),
        (&["--listen", &port], 2, &format!("cannot listen at {port}")),
        (&["--listen", "here"], 2, "`here` is not an address"),
        (&["--like", "wordpres"], 2, "`wordpres` is not one of"),
    ] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_feedwright"));
        let output = command.current_dir(folder.path()).arg("serve").args(arguments).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(message), "{arguments:?}: {said}");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(code), 0), "{arguments:?}");
    }
}

#[test]
fn article_sources_and_drafts_are_never_served() {
    let draft = ("articles/draft.md", "---\ntitle: D\ndraft: true\n---\nSECRET");
    for (config, arguments) in [
        ("[serve]\nfiles = \"articles\"\n", &[][..]),
        ("[serve]\nfiles = \".\"\n", &[]),
        ("", &["--files", "articles"]),
        ("", &["--files", "."]),
        ("", &["--from", "."]),
    ] {
        let folder = TempDir::new().unwrap();
        let config = format!("{CONFIG}{config}");
        for (path, text) in [("feedwright.toml", config.as_str()), ("articles/hello.md", HELLO), draft] {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_feedwright"))
            .current_dir(folder.path())
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains("source"), "{arguments:?}: {said}");
    }
}
