//! Real readers subscribe to the committed `feeds/` over HTTP, twice, and must list every entry once, with its
//! title, id, date and link.
//!
//! `.ci/run` installs them and runs these tests. What to expect is read from `feeds/feed.json`. Each reader is asked by
//! a script in `tests/readers/`, which prints one JSON object for each entry that the reader holds. It lives in a home
//! folder of its own and meets no other host than this machine.

#![expect(clippy::disallowed_methods, reason = "the readers are outside of the house, and so is this")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

pub mod server;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use server::Server;

#[test]
#[ignore = "needs newsboat: run by .ci/run"]
fn newsboat_lists_every_entry() {
    // It makes up a title for what has none.
    python("newsboat").notes_have_titles().lists_every_entry_of(&["rss.xml", "atom.xml"]);
}

#[test]
#[ignore = "needs sfeed: run by .ci/run"]
fn sfeed_lists_every_entry() {
    python("sfeed").lists_every_entry_of(&["rss.xml", "atom.xml"]);
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

/// A reader, and how to ask it.
pub struct Reader {
    program: PathBuf,
    script: String,
    makes_up_titles: bool,
}

/// What a reader shows of an entry.
#[derive(Debug, PartialEq)]
struct Shown {
    title: String,
    link: String,
    date: String,
}

pub fn python(reader: &str) -> Reader {
    let program = installed().join("venv/bin/python");
    assert!(program.exists(), "there is no `{}`: run .ci/run", program.display());
    Reader { program, script: format!("ask_{reader}.py"), makes_up_titles: false }
}

fn node(reader: &str) -> Reader {
    Reader { program: "node".into(), script: format!("ask_{reader}.mjs"), makes_up_titles: false }
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

    fn lists_every_entry_of(&self, feeds: &[&str]) {
        let server = Server::start(root().join("feeds"));
        for feed in feeds {
            let home = tempfile::tempdir().unwrap();
            let address = server.address(feed);
            // Atom demands a title, so a note has one there.
            let notes_have_titles = self.makes_up_titles || *feed == "atom.xml";
            let expected = expected(notes_have_titles);
            for visit in ["first", "second"] {
                let shown = self.ask(&address, home.path(), &expected, notes_have_titles);
                let context = format!("{} with {feed} on its {visit} visit", self.script);
                for (id, entry) in &expected {
                    assert_eq!(shown.get(id), Some(entry), "{context} shows {id}");
                }
                assert_eq!(shown.len(), expected.len(), "{context} shows entries that do not exist");
            }
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
