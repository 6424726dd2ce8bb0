//! Real readers subscribe to the committed `feeds/`, which `feedwright serve` serves, and must list every
//! entry once, with its title, id, date and link. They come again, and most of them hear that nothing has
//! changed. They subscribe to a publication that somebody is writing, and show exactly what was written
//! since.
//!
//! `.ci/run` installs them and runs these tests. What to expect is read from `feeds/feed.json`. Each reader
//! is asked by a script in `tests/readers/`, which prints one JSON object for each entry that the reader
//! holds. It lives in a home folder of its own and meets no other host than this machine.

#![expect(clippy::disallowed_methods, reason = "the readers are outside of the house, and so is this")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::publisher::CONFIG;
use crate::server::served::Served;

#[test]
#[ignore = "needs newsboat: run by .ci/run"]
fn newsboat_lists_every_entry() {
    // It makes up a title for what has none.
    python("newsboat").notes_have_titles().lists_every_entry_of(&["rss.xml", "atom.xml"]);
}

#[test]
#[ignore = "needs sfeed: run by .ci/run"]
fn sfeed_lists_every_entry() {
    python("sfeed").asks_for_everything().lists_every_entry_of(&["rss.xml", "atom.xml"]);
}

#[test]
#[ignore = "needs rss2email: run by .ci/run"]
fn rss2email_lists_every_entry() {
    // A mail has a subject, whatever it takes.
    python("rss2email").notes_have_titles().lists_every_entry_of(&["rss.xml", "atom.xml"]);
}

#[test]
#[ignore = "needs Python's feedparser: run by .ci/run"]
fn feedparser_lists_every_entry() {
    python("feedparser").lists_every_entry_of(&["rss.xml", "atom.xml"]);
}

#[test]
#[ignore = "needs Python's reader: run by .ci/run"]
fn reader_lists_every_entry() {
    python("reader").lists_every_entry_of(&["rss.xml", "atom.xml", "feed.json"]);
}

#[test]
#[ignore = "needs Node's rss-parser: run by .ci/run"]
fn rss_parser_lists_every_entry() {
    node("rss_parser").lists_every_entry_of(&["rss.xml", "atom.xml"]);
}

#[test]
#[ignore = "needs Node's feedsmith: run by .ci/run"]
fn feedsmith_lists_every_entry() {
    node("feedsmith").lists_every_entry_of(&["rss.xml", "atom.xml", "feed.json"]);
}

#[test]
#[ignore = "needs newsboat: run by .ci/run"]
fn newsboat_shows_what_was_written_since() {
    python("newsboat").shows_what_was_written_since();
}

#[test]
#[ignore = "needs rss2email: run by .ci/run"]
fn rss2email_shows_what_was_written_since() {
    // A mail is delivered once; what is edited afterwards is no new mail.
    python("rss2email").never_looks_back().shows_what_was_written_since();
}

#[test]
#[ignore = "needs Python's feedparser: run by .ci/run"]
fn feedparser_shows_what_was_written_since() {
    python("feedparser").shows_what_was_written_since();
}

#[test]
#[ignore = "needs Python's reader: run by .ci/run"]
fn reader_shows_what_was_written_since() {
    python("reader").shows_what_was_written_since();
}

/// A reader, and how to ask it.
pub struct Reader {
    program: PathBuf,
    script: String,
    makes_up_titles: bool,
    /// Whether it says what it knows already, when it asks again.
    asks_for_changes: bool,
    /// Whether it shows what was edited after it saw it.
    looks_back: bool,
}

/// What a reader shows of an entry.
#[derive(Clone, Debug, PartialEq)]
struct Shown {
    title: String,
    link: String,
    date: String,
}

pub fn python(reader: &str) -> Reader {
    let program = installed().join("venv/bin/python");
    assert!(program.exists(), "there is no `{}`: run .ci/run", program.display());
    let script = format!("ask_{reader}.py");
    Reader { program, script, makes_up_titles: false, asks_for_changes: true, looks_back: true }
}

fn node(reader: &str) -> Reader {
    let script = format!("ask_{reader}.mjs");
    Reader {
        program: "node".into(),
        script,
        makes_up_titles: false,
        asks_for_changes: false,
        looks_back: true,
    }
}

/// The folder into which `.ci/run` puts the Python and Node readers.
fn installed() -> PathBuf {
    let folder = std::env::var("FEEDWRIGHT_READERS").unwrap_or_else(|_| "target/readers".to_owned());
    root().join(folder)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

impl Reader {
    fn notes_have_titles(self) -> Self {
        Self { makes_up_titles: true, ..self }
    }

    fn asks_for_everything(self) -> Self {
        Self { asks_for_changes: false, ..self }
    }

    fn never_looks_back(self) -> Self {
        Self { looks_back: false, ..self }
    }

    fn lists_every_entry_of(&self, feeds: &[&str]) {
        let feeds_folder = root().join("feeds");
        let folder = tempfile::tempdir().unwrap();
        let served = Served::start_in(folder, &["--from", feeds_folder.to_str().unwrap(), "--log", "json"]);
        for feed in feeds {
            let home = tempfile::tempdir().unwrap();
            let address = served.url(&format!("/{feed}"));
            // Atom demands a title, so a note has one there.
            let notes_have_titles = self.makes_up_titles || *feed == "atom.xml";
            let expected = expected(notes_have_titles);
            // newsboat keeps what a feed is known by from the second visit on.
            for visit in ["first", "second", "third"] {
                let shown = self.ask(&address, home.path(), &expected, notes_have_titles);
                let context = format!("{} with {feed} on its {visit} visit", self.script);
                for (id, entry) in &expected {
                    assert_eq!(shown.get(id), Some(entry), "{context} shows {id}");
                }
                assert_eq!(shown.len(), expected.len(), "{context} shows entries that do not exist");
            }
            if self.asks_for_changes {
                let answers = answers(&served, &format!("/{feed}"));
                assert_eq!(answers.last(), Some(&304), "{} with {feed}: {answers:?}", self.script);
            }
        }
    }

    fn shows_what_was_written_since(&self) {
        let text = |title: &str, day: u8| {
            format!("---\ntitle: {title}\ndate: 2024-05-0{day}\n---\nText of {title}.\n")
        };
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &Path, text: &str| std::fs::write(path, text).unwrap();
        let articles = folder.path().join("articles");
        std::fs::create_dir(&articles).unwrap();
        write(&folder.path().join("feedwright.toml"), CONFIG);
        for (title, day) in [("One", 1), ("Two", 2), ("Three", 3)] {
            write(&articles.join(format!("{day}.md")), &text(title, day));
        }
        let served = Served::start_in(folder, &["--watch", "--log", "json"]);
        for (feed, path) in [("rss.xml", "/feeds/rss.xml"), ("atom.xml", "/feeds/atom.xml")] {
            write(&articles.join("2.md"), &text("Two", 2));
            let _ = std::fs::remove_file(articles.join("4.md"));
            served.until(path, |answer| {
                answer.text().contains("Text of Two.") && !answer.text().contains("Four")
            });
            let home = tempfile::tempdir().unwrap();
            let visit = || self.ask(&served.url(path), home.path(), &BTreeMap::new(), false);
            let before = visit();
            assert_eq!(before.len(), 3, "{} with {feed}: {before:?}", self.script);
            for _ in 0..2 {
                assert_eq!(visit(), before, "{} with {feed}, when nothing has changed", self.script);
            }
            assert_eq!(answers(&served, path).last(), Some(&304), "{} with {feed}", self.script);

            write(&articles.join("2.md"), &text("Two and a half", 2));
            write(&articles.join("4.md"), &text("Four", 4));
            served.until(path, |answer| {
                ["Two and a half.", "Four."].iter().all(|text| answer.text().contains(text))
            });
            let mut after = visit();
            let new: Vec<String> = after.keys().filter(|id| !before.contains_key(*id)).cloned().collect();
            let [new] = &new[..] else { panic!("{} with {feed} shows {new:?} as new", self.script) };
            assert_eq!(after.remove(new).unwrap().title, "Four");
            let mut expected = before.clone();
            let edited = expected.values_mut().find(|shown| shown.title == "Two").unwrap();
            if self.looks_back {
                "Two and a half".clone_into(&mut edited.title);
            }
            assert_eq!(after, expected, "{} with {feed}, after an edit", self.script);
        }
    }

    /// What the reader shows after a visit to the address, by id.
    fn ask(
        &self,
        address: &str,
        home: &Path,
        expected: &BTreeMap<String, Shown>,
        notes_have_titles: bool,
    ) -> BTreeMap<String, Shown> {
        let mut shown = BTreeMap::new();
        for entry in self.visit(address, home) {
            let id = text(&entry, "id");
            let mut title = text(&entry, "title");
            if notes_have_titles && expected.get(&id).is_some_and(|expected| expected.title == ANY_TITLE) {
                assert_ne!(title, "", "{} with {address} has no title for {id}", self.script);
                ANY_TITLE.clone_into(&mut title);
            }
            let entry = Shown { title, link: text(&entry, "link"), date: text(&entry, "date") };
            let twin = shown.insert(id.clone(), entry);
            assert!(twin.is_none(), "{} shows {id} twice with {address}", self.script);
        }
        shown
    }

    /// The entries that it shows now and did not show on any visit before. Only of readers that say so.
    pub fn new_to_it(&self, address: &str, home: &Path) -> Vec<Value> {
        let entries = self.visit(address, home).into_iter();
        entries.filter(|entry| entry["new"].as_bool().expect("the script says which are new")).collect()
    }

    /// What its script prints.
    fn visit(&self, address: &str, home: &Path) -> Vec<Value> {
        let output = self.command(address, home).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{} fails at {address}: {errors}", self.script);
        let lines = String::from_utf8(output.stdout).unwrap();
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn command(&self, address: &str, home: &Path) -> Command {
        let mut command = Command::new("timeout");
        command
            .arg("120")
            .arg(&self.program)
            .arg(root().join("tests/readers").join(&self.script))
            .arg(address)
            .current_dir(home)
            .env_clear()
            .env("PATH", std::env::var("PATH").unwrap())
            .env("HOME", home)
            .env("TMPDIR", home)
            .env("LANG", "C.UTF-8")
            // Far from the publication's own, with an odd offset.
            .env("TZ", "Asia/Kathmandu")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("FEEDWRIGHT_NODE", installed().join("node"));
        command
    }
}

/// With which status each who asked for a path was answered, in order.
fn answers(served: &Served, path: &str) -> Vec<u64> {
    let log = served.log();
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["target"] == path).filter_map(|line| line["status"].as_u64()).collect()
}

/// Stands for the title of a note where the format or the reader must have one.
const ANY_TITLE: &str = "(any title)";

/// What `feeds/feed.json` says, by id.
fn expected(notes_have_titles: bool) -> BTreeMap<String, Shown> {
    let json = std::fs::read_to_string(root().join("feeds/feed.json")).unwrap();
    let feed: Value = serde_json::from_str(&json).unwrap();
    let items = feed["items"].as_array().unwrap();
    assert!(items.len() >= 10, "the sample publication has {} entries only", items.len());
    items
        .iter()
        .map(|item| {
            let title = match text(item, "title") {
                title if title.is_empty() && notes_have_titles => ANY_TITLE.to_owned(),
                title => title,
            };
            let (link, date) = (text(item, "url"), text(item, "date_published"));
            (text(item, "id"), Shown { title, link, date })
        })
        .collect()
}

/// A member of an object; empty where it is missing or null.
fn text(object: &Value, member: &str) -> String {
    object[member].as_str().unwrap_or_default().to_owned()
}
