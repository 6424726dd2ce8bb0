//! Whenever a build dies, what it leaves is whole, and the next one brings it to its end without announcing anything
//! twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use feedwright::ledger::Ledger;
use feedwright::publication::{Options, build};
use feedwright::store::{Draft, Error, Folder, Listing, Memory, Patterns, Staged, Stamp, Store};
use serde_json::Value;
use tempfile::TempDir;

use crate::publisher::{CONFIG, HELLO, Publisher, instant};

/// What may go wrong.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// The write with that number is refused, and the build says so.
    Refused(usize),
    /// The process dies when it has moved so many files into place.
    Killed(usize),
}

/// A store whose disk fails, or whose process dies, at a given write.
struct Failing {
    inner: Memory,
    meant: Vec<(String, Option<Vec<u8>>)>,
    staged: AtomicUsize,
    fault: Fault,
}

impl Failing {
    fn new(inner: Memory, fault: Fault) -> Self {
        Self { inner, meant: Vec::new(), staged: AtomicUsize::new(0), fault }
    }
}

impl Store for Failing {
    fn list(&self, folder: &str, exclude: &Patterns) -> Result<Listing, Error> {
        self.inner.list(folder, exclude)
    }
    fn read(&self, path: &str) -> Result<Vec<u8>, Error> {
        self.inner.read(path)
    }
    fn stamp(&self, path: &str) -> Option<Stamp> {
        self.inner.stamp(path)
    }
    fn clock(&self) -> i64 {
        self.inner.clock()
    }
    fn abandon(&mut self) {
        self.meant.clear();
    }
    fn names(&self, folder: &str) -> Vec<String> {
        self.inner.names(folder)
    }
    fn has_folder(&self, path: &str) -> bool {
        self.inner.has_folder(path)
    }
    fn draft(&self, path: &str) -> Result<Draft, Error> {
        self.inner.draft(path)
    }
    fn stage(&self, draft: Draft) -> Result<Staged, Error> {
        let number = self.staged.fetch_add(1, Ordering::Relaxed);
        if matches!(self.fault, Fault::Refused(at) if at == number) {
            let source = std::io::Error::from(std::io::ErrorKind::StorageFull);
            return Err(Error { action: "write", path: draft.path().to_owned(), source });
        }
        self.inner.stage(draft)
    }
    fn place(&mut self, staged: Staged) -> bool {
        let path = staged.path().to_owned();
        self.meant.extend(staged.bytes().map(|bytes| (path, Some(bytes.to_owned()))));
        staged.differs()
    }
    fn remove(&mut self, path: &str) -> Result<(), Error> {
        self.meant.push((path.to_owned(), None));
        Ok(())
    }
    /// In the order of a folder: puts as they came, then removals.
    fn commit(&mut self) -> Result<(), Error> {
        self.meant.sort_by_key(|(_, bytes)| bytes.is_none());
        for (done, (path, bytes)) in self.meant.iter().enumerate() {
            if matches!(self.fault, Fault::Killed(at) if at == done) {
                let source = std::io::Error::other("killed");
                return Err(Error { action: "write", path: path.clone(), source });
            }
            match bytes {
                Some(bytes) => self.inner.insert(path.clone(), bytes.clone()),
                None => {
                    self.inner.take(path);
                }
            }
        }
        Ok(())
    }
}

const FEEDS: &str = "[articles]\nundated = \"first-seen\"\nupdated = \"significant\"\n\
    [[feed]]\nname = \"\"\n[[feed]]\nfor-each = \"section\"\nname = \"{section}\"\n";

fn story(title: &str, more: &str) -> String {
    format!(
        "---\ntitle: {title}\n{more}---\nText of {title}, long enough that it is known again wherever it goes.\n"
    )
}

/// A publication in which everything changes that can: a rename, an exchange, an undated article that is new, one
/// that is gone, an edit, a feed more and a feed less.
fn before_and_after() -> (Memory, Memory) {
    let before = Publisher::new()
        .config(FEEDS)
        .article("hello.md", HELLO)
        .article("news/fog.md", &story("Fog", ""))
        .article("news/port.md", &story("Port", "date: 2024-01-01\n"))
        .article("old/gone.md", &story("Gone", "date: 2023-01-01\n"))
        .article("a.md", &story("A", "date: 2022-01-01\n"))
        .article("b.md", &story("B", "date: 2022-02-02\n"))
        .build();
    let after = before
        .publisher
        .clone()
        .rename("news/fog.md", "sea/fog.md")
        .rename("a.md", "x.md")
        .rename("b.md", "a.md")
        .rename("x.md", "b.md")
        .delete("old/gone.md")
        .edit(
            "hello.md",
            "world",
            "world, and a good many other things that are worth a greeting on such a morning",
        )
        .article("sea/new.md", &story("New", ""));
    (before.publisher.store, after.store)
}

fn options(now: &str) -> Options {
    Options::at(instant(now))
}

/// Id, date and title of every entry of every feed: what readers go by.
fn announced(files: &BTreeMap<String, Vec<u8>>) -> BTreeSet<(String, String, String)> {
    let mut found = BTreeSet::new();
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with("feed.json")) {
        let feed: Value = serde_json::from_slice(bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
        for item in feed["items"].as_array().unwrap() {
            let text = |field: &str| item[field].as_str().unwrap_or_default().to_owned();
            found.insert((text("id"), text("date_published"), text("title")));
        }
    }
    found
}

/// All files but the cache.
fn published(files: &BTreeMap<String, Vec<u8>>) -> impl Iterator<Item = (&String, &Vec<u8>)> {
    files.iter().filter(|(path, _)| !path.starts_with(".feedwright/"))
}

/// Every feed can be read, and so can the ledger; an entry that is out is on record.
fn is_whole(files: &BTreeMap<String, Vec<u8>>) {
    let ledger = Ledger::read(files.get("feedwright.lock").cloned().unwrap_or_default()).unwrap();
    for (id, ..) in announced(files) {
        assert!(ledger.get(&id).is_some(), "{id} is out and not on record");
    }
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".xml")) {
        let text = std::str::from_utf8(bytes).unwrap().trim_end();
        assert!(text.ends_with("</rss>") || text.ends_with("</feed>"), "{path} is cut off");
    }
}

#[test]
fn a_build_that_is_refused_a_write_leaves_everything_as_it_was() {
    let (_, after) = before_and_after();
    for write in 0.. {
        let mut store = Failing::new(after.clone(), Fault::Refused(write));
        if build(&mut store, options("2027-01-01T00:00:00Z"), &|_| ()).is_ok() {
            assert!(write > 10, "only {write} writes");
            return;
        }
        assert!(store.inner.files() == after.files(), "write {write}");
    }
}

#[test]
fn a_build_that_dies_anywhere_is_completed_by_the_next_and_announces_nothing_twice() {
    let (before, after) = before_and_after();
    let mut whole = Failing::new(after.clone(), Fault::Killed(usize::MAX));
    build(&mut whole, options("2027-01-01T00:00:00Z"), &|_| ()).unwrap();
    let moves = whole.meant.len();
    assert!(moves > 10, "only {moves} moves");
    let expected: BTreeSet<_> =
        announced(before.files()).union(&announced(whole.inner.files())).cloned().collect();
    for done in 0..moves {
        let mut store = Failing::new(after.clone(), Fault::Killed(done));
        assert!(build(&mut store, options("2027-01-01T00:00:00Z"), &|_| ()).is_err());
        is_whole(store.inner.files());
        let between = announced(store.inner.files());
        assert!(
            between.is_subset(&expected),
            "after {done} of {moves}: {:#?}",
            between.difference(&expected)
        );

        // A day later somebody builds again.
        let mut store = store.inner;
        build(&mut store, options("2027-01-02T00:00:00Z"), &|_| ()).unwrap();
        is_whole(store.files());
        if done == 0 {
            continue; // All was as before: the undated article is first seen a day later.
        }
        assert_eq!(announced(store.files()), announced(whole.inner.files()), "after {done} of {moves}");
        assert!(published(store.files()).eq(published(whole.inner.files())), "after {done} of {moves}");
    }
}

/// A publication of some hundred articles on disk.
struct Site(TempDir);

impl Site {
    const ARTICLES: usize = 300;

    fn new() -> Self {
        let site = Self(TempDir::new().unwrap());
        let config = format!("{CONFIG}{FEEDS}\n[feeds]\nentries = 300\n");
        fs::write(site.at("feedwright.toml"), config).unwrap();
        for at in 0..Self::ARTICLES {
            let path = site.at(&format!("articles/s{}/{at}.md", at % 9));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let date = format!("date: 2024-01-{:02}\n", at % 28 + 1);
            fs::write(path, story(&format!("Title {at}"), if at % 10 == 0 { "" } else { &date })).unwrap();
        }
        site
    }

    fn at(&self, path: &str) -> std::path::PathBuf {
        self.0.path().join(path)
    }

    fn start(&self) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_feedwright"));
        let command =
            command.arg("build").arg("--quiet").current_dir(self.0.path()).env_remove("SOURCE_DATE_EPOCH");
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// A change before each build: two articles exchange their places, one moves, one is edited. Never the same one
    /// is moved and edited, since changes pile up where builds are killed, and a text that was exchanged and edited
    /// at once is anybody's.
    fn change(&self, round: usize) {
        let articles = files_below(&self.at("articles"));
        let within = |folders: &str| -> Vec<&std::path::PathBuf> {
            let is_in = |path: &std::path::PathBuf| {
                let folder = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
                folders.split(' ').any(|name| folder.starts_with(name))
            };
            articles.iter().filter(|path| is_in(path)).collect()
        };
        let pick = |of: &[&std::path::PathBuf], step: usize| of[(round * 37 + step * 13) % of.len()].clone();
        let exchanged = within("s0 s1 s2");
        let (one, other) = (pick(&exchanged, 0), pick(&exchanged, 1));
        let (first, second) = (fs::read(&one).unwrap(), fs::read(&other).unwrap());
        fs::write(&one, second).unwrap();
        fs::write(&other, first).unwrap();
        let moved = pick(&within("s3 s4 s5 r"), 0);
        let folder = self.at(&format!("articles/r{round}"));
        fs::create_dir_all(&folder).unwrap();
        fs::rename(&moved, folder.join(moved.file_name().unwrap())).unwrap();
        let edited = pick(&within("s6 s7 s8"), 0);
        let text = fs::read_to_string(&edited).unwrap();
        fs::write(
            edited,
            text + &format!("\nAnd in round {round} a sentence came in addition, and it stays.\n"),
        )
        .unwrap();
    }

    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        let root = self.0.path();
        for path in files_below(&self.at("feeds")).into_iter().chain([self.at("feedwright.lock")]) {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            files.insert(name, fs::read(&path).unwrap_or_default());
        }
        files
    }
}

fn files_below(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files_below(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

#[test]
fn a_hundred_builds_that_are_killed_leave_every_article_itself() {
    let site = Site::new();
    let begun = Instant::now();
    assert!(site.start().wait().unwrap().success());
    let whole = begun.elapsed();
    let first = site.files();
    let by_title = |files: &BTreeMap<String, Vec<u8>>| -> BTreeMap<String, (String, String)> {
        announced(files).into_iter().map(|(id, date, title)| (title, (id, date))).collect()
    };
    let expected = by_title(&first);
    assert_eq!(expected.len(), Site::ARTICLES);
    for round in 1..=100_u32 {
        site.change(round as usize);
        let mut build = site.start();
        // Any moment must be fine; these are spread over the time that a build takes, and a little more.
        std::thread::sleep(whole.mul_f64(f64::from(round) / 90.0).min(Duration::from_secs(2)));
        let _ = build.kill();
        build.wait().unwrap();
        let files = site.files();
        is_whole(&files);
        let found = by_title(&files);
        let other = found.iter().find(|(title, known)| expected.get(*title) != Some(known));
        assert!(other.is_none(), "round {round}: {other:?}");
    }
    assert!(site.start().wait().unwrap().success());
    assert_eq!(by_title(&site.files()), expected);
    assert_eq!(
        files_below(&site.at(".feedwright/staged")),
        Vec::<std::path::PathBuf>::new(),
        "nothing is left behind"
    );
}

#[test]
fn two_builds_at_once_take_turns() {
    let site = Site::new();
    let mut builds: Vec<Child> = (0..3).map(|_| site.start()).collect();
    assert!(builds.iter_mut().all(|build| build.wait().unwrap().success()));
    is_whole(&site.files());
    let mut folder = Folder::new(site.0.path());
    folder.lock(|| panic!("nobody holds the lock any more")).unwrap();
}
