//! What a build remembers makes it quick and nothing else: it comes out the same with all of it, with none, and with
//! any part of it lost or spoilt.

use std::collections::BTreeMap;
use std::sync::Mutex;

use feedwright::publication::{Options, Report, build};
use feedwright::store::{Draft, Error, Listing, Memory, Patterns, Staged, Stamp, Store};
use proptest::prelude::*;

use crate::publisher::{CONFIG, Publisher};

/// Feeds of every kind: a small one, a large one, one with little room, one of summaries, one for each tag.
const FEEDS: &str = r#"
[articles]
exclude = ["README.md"]
site = "public"
from-page = ["a*.md"]

[[feed]]
name = ""
entries = 4

[[feed]]
name = "all"
entries = 1000
formats = ["json"]

[[feed]]
name = "tight"
max-bytes = 5200
formats = ["rss", "json"]

[[feed]]
name = "short"
content = "summary"
formats = ["atom"]
unless = { tags = ["three"] }

[[feed]]
for-each = "tag"
name = "tags/{tag}"
entries = 3
formats = ["rss"]
"#;

/// What somebody may do between two builds. The numbers pick an article, and a way to do it.
#[derive(Clone, Debug)]
enum Step {
    EditText(usize, usize),
    EditTitle(usize, usize),
    EditSummary(usize, usize),
    Update(usize, usize),
    Retag(usize, usize),
    Redate(usize, usize),
    Hide(usize),
    Misspell(usize),
    Add(usize, usize),
    Delete(usize),
    Rename(usize, usize),
    Image(usize, usize),
    Sidecar(usize, usize),
    SitePage(usize, usize),
    Configure(usize),
    Dress(usize),
    Wait(usize),
    SpoilFeed(usize),
    SpoilLedger,
    Forget(usize),
    Flip(usize, usize),
    Cut(usize, usize),
    Nothing,
}

fn step() -> impl Strategy<Value = Step> {
    let pick = || 0..8_usize;
    let way = || 0..5_usize;
    prop_oneof![
        4 => (pick(), way()).prop_map(|(pick, way)| Step::EditText(pick, way)),
        2 => (pick(), way()).prop_map(|(pick, way)| Step::EditTitle(pick, way)),
        2 => (pick(), way()).prop_map(|(pick, way)| Step::EditSummary(pick, way)),
        1 => (pick(), way()).prop_map(|(pick, way)| Step::Update(pick, way)),
        1 => (pick(), way()).prop_map(|(pick, way)| Step::Retag(pick, way)),
        1 => (pick(), way()).prop_map(|(pick, way)| Step::Redate(pick, way)),
        1 => pick().prop_map(Step::Hide),
        1 => pick().prop_map(Step::Misspell),
        2 => (pick(), way()).prop_map(|(pick, way)| Step::Add(pick, way)),
        1 => pick().prop_map(Step::Delete),
        1 => (pick(), way()).prop_map(|(pick, way)| Step::Rename(pick, way)),
        1 => (pick(), way()).prop_map(|(pick, way)| Step::Image(pick, way)),
        1 => (pick(), way()).prop_map(|(pick, way)| Step::Sidecar(pick, way)),
        2 => (pick(), way()).prop_map(|(pick, way)| Step::SitePage(pick, way)),
        1 => way().prop_map(Step::Configure),
        2 => way().prop_map(Step::Dress),
        1 => way().prop_map(Step::Wait),
        1 => pick().prop_map(Step::SpoilFeed),
        1 => Just(Step::SpoilLedger),
        2 => pick().prop_map(Step::Forget),
        1 => (pick(), any::<usize>()).prop_map(|(pick, at)| Step::Flip(pick, at)),
        1 => (pick(), any::<usize>()).prop_map(|(pick, at)| Step::Cut(pick, at)),
        3 => Just(Step::Nothing),
    ]
}

fn article(number: usize) -> String {
    let tag = ["one", "two", "three"][number % 3];
    let next = (number + 1) % 8;
    let link = if number.is_multiple_of(2) { format!("See [another](a{next}.md). ") } else { String::new() };
    let image = if number.is_multiple_of(3) { "![a picture](picture.png)\n" } else { "" };
    format!(
        "---\ntitle: Article {number}\ndate: 2024-0{}-01T10:00:00Z\ntags: [{tag}]\n---\n{link}Text of article \
         {number}, and some more words to know it by.\n\n{image}",
        number + 1
    )
}

/// The world in which steps are taken.
struct World {
    publisher: Publisher,
    count: usize,
    title: String,
    page: String,
}

impl World {
    fn new() -> Self {
        let mut publisher = Publisher::new().config(FEEDS).reissuing();
        for number in 0..6 {
            publisher = publisher.article(&format!("a{number}.md"), &article(number));
        }
        Self { publisher, count: 6, title: "Channel Dispatch".into(), page: String::new() }
    }

    fn configure(&mut self, title: &str) {
        title.clone_into(&mut self.title);
        let config = CONFIG.replace("Channel Dispatch", title);
        self.publisher.store.insert("feedwright.toml", format!("{config}{FEEDS}{}", self.page));
    }

    fn dress(&mut self, page: &str) {
        self.page = format!("\n[page]\n{page}\n");
        self.configure(&self.title.clone());
    }

    fn files(&self, folder: &str) -> Vec<String> {
        let files = self.publisher.store.files().keys();
        files.filter(|path| path.starts_with(folder) && !path.ends_with(".keep")).cloned().collect()
    }

    fn pick(&self, pick: usize) -> Option<String> {
        let files = self.files("articles/");
        let articles: Vec<_> = files.into_iter().filter(|path| path.ends_with(".md")).collect();
        articles.get(pick % articles.len().max(1)).cloned()
    }

    fn change(&mut self, pick: usize, change: impl FnOnce(String) -> String) {
        let Some(path) = self.pick(pick) else { return };
        let text = String::from_utf8(self.publisher.store.files()[&path].clone()).unwrap();
        self.publisher.store.insert(path, change(text));
    }

    /// Puts a line into the front matter, in place of one with the same key.
    fn state(&mut self, pick: usize, key: &str, value: &str) {
        self.change(pick, |text| {
            let start = format!("{key}: ");
            let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with(&start)).collect();
            let (first, rest) = kept.split_first().unwrap();
            format!("{first}\n{key}: {value}\n{}\n", rest.join("\n"))
        });
    }

    fn cache(&self, pick: usize) -> Option<String> {
        let files = self.files(".feedwright/");
        files.get(pick % files.len().max(1)).cloned()
    }

    /// The page for people: how it looks, whether it is there, what it is made of, and whose file is there.
    fn change_page(&mut self, way: usize) {
        match way {
            0 => self.dress("style = { accent = \"#0a5\" }"),
            1 => self.dress("write = false"),
            2 => self.dress("template = \"page.html\""),
            3 => {
                let templates = ["<p>{{ feeds[0].entries }}", "{{ nothing }}", "<p>{{ feeds|length }}"];
                self.publisher.store.insert("page.html", templates[self.count % 3]);
                self.count += 1;
            }
            _ => {
                self.publisher.store.take("feeds/index.html");
            }
        }
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::EditText(pick, way) => self.change(pick, |text| {
                let more = [
                    "One more.\n",
                    "A link to [the first](a0.md).\n",
                    "![gone](gone.png)\n",
                    "<script>x</script>\n",
                    &"Long. ".repeat(300),
                ];
                text + more[way]
            }),
            Step::EditTitle(pick, way) => self.state(pick, "title", &format!("Title {way}")),
            Step::EditSummary(pick, way) => self.state(pick, "summary", &format!("Summary {way}")),
            Step::Update(pick, way) => {
                self.state(pick, "updated", &format!("2025-0{}-01T00:00:00Z", way + 1));
            }
            Step::Retag(pick, way) => {
                self.state(pick, "tags", ["[one]", "[two]", "[three]", "[four]", "[]"][way]);
            }
            Step::Redate(pick, way) => {
                let dates = ["2023-05-05", "2026-11-23T00:00:00Z", "2024-12-12", "soon", "2024-01-01"];
                self.state(pick, "date", dates[way]);
            }
            Step::Hide(pick) => self.state(pick, "draft", "true"),
            Step::Misspell(pick) => self.state(pick, "lang", "xx-"),
            Step::Add(number, way) => {
                self.count += 1;
                let text = article(number).replace("Article", &format!("New {way}"));
                self.publisher.store.insert(format!("articles/n{}-{number}.md", self.count), text);
            }
            Step::Delete(pick) => {
                if let Some(path) = self.pick(pick) {
                    self.publisher.store.take(&path);
                }
            }
            Step::Rename(pick, way) => {
                if let Some(path) = self.pick(pick) {
                    let bytes = self.publisher.store.take(&path).unwrap();
                    self.count += 1;
                    let folder = ["", "x/", "", "y/", ""][way];
                    self.publisher.store.insert(format!("articles/{folder}r{}.md", self.count), bytes);
                }
            }
            Step::Image(pick, way) => {
                let path = ["articles/picture.png", "articles/gone.png", "static/a.png"][pick % 3];
                let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
                png.extend([0, 0, 0, u8::try_from(way + 1).unwrap(), 0, 0, 0, 9, 8, 2, 0, 0, 0]);
                self.publisher.store.insert(path, png);
            }
            Step::Sidecar(pick, way) => {
                if let Some(path) = self.pick(pick) {
                    let beside = path.replace(".md", ".toml");
                    self.publisher.store.insert(beside, format!("rights = \"Whoever {way}\"\n"));
                }
            }
            // The site that is built of the articles: where it has one, whether it has it, and what it says there.
            Step::SitePage(number, way) => {
                let path = format!("public/{}/a{number}/index.html", ["", "posts", "x", "x", "posts"][way]);
                let page = format!(
                    "<title>Article {number}</title><article>2024-0{}-01, {way}</article>",
                    number + 1
                );
                if way == 4 {
                    self.publisher.store.take(&path);
                } else {
                    self.publisher.store.insert(path.replace("//", "/"), page);
                }
            }
            Step::Configure(way) => {
                let title = format!("Channel Dispatch {way}");
                self.configure(&title);
            }
            Step::Dress(way) => self.change_page(way),
            Step::Wait(days) => self.publisher.now += chrono::Duration::days(i64::try_from(days).unwrap()),
            Step::SpoilFeed(pick) => {
                let files = self.files("feeds/");
                if let Some(path) = files.get(pick % files.len().max(1)) {
                    self.publisher.store.insert(path.clone(), "spoilt");
                }
            }
            Step::SpoilLedger => {
                if let Some(mut bytes) = self.publisher.store.take("feedwright.lock") {
                    bytes.splice(0..0, *b"\n");
                    self.publisher.store.insert("feedwright.lock", bytes);
                }
            }
            Step::Forget(pick) => {
                if let Some(path) = self.cache(pick) {
                    self.publisher.store.take(&path);
                }
            }
            Step::Flip(pick, at) => self.spoil(pick, |bytes| {
                let at = at % bytes.len();
                bytes[at] ^= 1 << (at % 8);
            }),
            Step::Cut(pick, at) => self.spoil(pick, |bytes| bytes.truncate(at % bytes.len())),
            Step::Nothing => {}
        }
    }

    fn spoil(&mut self, pick: usize, spoil: impl FnOnce(&mut Vec<u8>)) {
        // The list of what builds have written decides what may be removed; it is another matter.
        let Some(path) = self.cache(pick).filter(|path| !path.ends_with(".json")) else { return };
        let mut bytes = self.publisher.store.take(&path).unwrap();
        if !bytes.is_empty() {
            spoil(&mut bytes);
        }
        self.publisher.store.insert(path, bytes);
    }
}

/// All but caches.
fn results(store: &Memory) -> BTreeMap<&String, String> {
    let files = store.files().iter().filter(|(path, _)| !path.starts_with(".feedwright/"));
    files.map(|(path, bytes)| (path, String::from_utf8_lossy(bytes).into_owned())).collect()
}

fn without_caches(store: &Memory) -> Memory {
    let kept = |path: &String| !path.starts_with(".feedwright/") || path.ends_with(".json");
    Memory::new(store.files().clone().into_iter().filter(|(path, _)| kept(path)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_shrink_iters: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_build_comes_out_the_same_whatever_it_remembers(steps in prop::collection::vec(step(), 1..16)) {
        let mut world = World::new();
        world.publisher.try_build().unwrap();
        for step in &steps {
            world.take(step);
            let mut cold = world.publisher.clone();
            cold.store = without_caches(&cold.store);
            let warm: Report = world.publisher.try_build().unwrap();
            let cold_report = cold.try_build().unwrap();
            prop_assert_eq!(&warm, &cold_report, "after {:?} of {:?}", step, &steps);
            let (warm, cold) = (results(&world.publisher.store), results(&cold.store));
            for (path, text) in &cold {
                prop_assert_eq!(warm.get(path), Some(text), "{} after {:?} of {:?}", path, step, &steps);
            }
            prop_assert_eq!(warm.len(), cold.len());
        }
    }
}

/// A store that tells what was done in it.
struct Watched {
    inner: Memory,
    opened: Mutex<Vec<String>>,
    placed: Vec<String>,
}

impl Watched {
    fn new(inner: Memory) -> Self {
        Self { inner, opened: Mutex::default(), placed: Vec::new() }
    }

    /// The articles that were opened, each once.
    fn opened(&self) -> Vec<String> {
        let mut opened = self.opened.lock().unwrap().clone();
        opened.retain(|path| path.starts_with("articles/"));
        opened.sort();
        opened.dedup();
        opened
    }
}

impl Store for Watched {
    fn list(&self, folder: &str, exclude: &Patterns) -> Result<Listing, Error> {
        self.inner.list(folder, exclude)
    }
    fn read(&self, path: &str) -> Result<Vec<u8>, Error> {
        self.opened.lock().unwrap().push(path.to_owned());
        self.inner.read(path)
    }
    fn stamp(&self, path: &str) -> Option<Stamp> {
        self.inner.stamp(path)
    }
    fn clock(&self) -> i64 {
        self.inner.clock()
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
        self.inner.stage(draft)
    }
    fn place(&mut self, staged: Staged) -> bool {
        if staged.differs() {
            self.placed.push(staged.path().to_owned());
        }
        self.inner.place(staged)
    }
    fn remove(&mut self, path: &str) -> Result<(), Error> {
        self.inner.remove(path)
    }
    fn commit(&mut self) -> Result<(), Error> {
        self.inner.commit()
    }
    fn abandon(&mut self) {
        self.inner.abandon();
    }
}

fn watched(world: &World) -> (Watched, Report) {
    let mut store = Watched::new(world.publisher.store.clone());
    let report = build(&mut store, Options::at(world.publisher.now), &|_| ()).unwrap();
    (store, report)
}

/// A publication that was built, and need not look at articles to know its dialect.
fn built() -> World {
    let mut world = World::new();
    let feeds = FEEDS.replace("[articles]", "[articles]\ndialect = \"feedwright\"");
    world.publisher = world.publisher.config(&feeds);
    world.publisher.try_build().unwrap();
    world
}

#[test]
fn where_nothing_has_changed_no_article_is_opened_and_nothing_is_written() {
    let (store, report) = watched(&built());
    assert_eq!((store.opened(), store.placed), (vec![], vec![]));
    assert_eq!((report.articles, report.entries, report.written, report.unchanged), (6, 6, 0, 13));
    assert!(!report.diagnostics.is_empty(), "what is wrong is said again");
}

#[test]
fn an_edit_opens_that_article_alone_and_makes_the_documents_that_hold_it() {
    let mut world = built();
    world.publisher = world.publisher.edit("a5.md", "some more words", "other words");
    let (store, report) = watched(&world);
    assert_eq!(store.opened(), ["articles/a5.md"]);
    let feeds: Vec<_> = store.placed.iter().filter(|path| path.starts_with("feeds/")).collect();
    let holding = ["atom.xml", "feed.json", "rss.xml", "all/feed.json", "tags/three/rss.xml"];
    assert!(holding.iter().all(|path| feeds.contains(&&format!("feeds/{path}"))), "{feeds:?}");
    assert!(!feeds.iter().any(|path| path.contains("tags/one") || path.contains("tags/two")), "{feeds:?}");
    assert_eq!(report.written, feeds.len());
    let feed = String::from_utf8(store.inner.files()["feeds/rss.xml"].clone()).unwrap();
    assert!(feed.contains("and other words"));
}

#[test]
fn a_new_article_is_opened_alone() {
    let mut world = built();
    world.publisher = world.publisher.article("new.md", &article(7));
    let (store, _) = watched(&world);
    // The others are asked for nothing; what documents hold of them is there already.
    assert_eq!(store.opened(), ["articles/new.md"]);
}

#[test]
fn what_other_versions_have_remembered_is_deleted_by_a_build_and_nothing_else() {
    let mut world = built();
    let kept = world.files(".feedwright/");
    for name in ["logbook", "last", "index/0of999"] {
        world.publisher.store.insert(format!(".feedwright/{name}"), "of another version");
    }
    world.publisher.store.insert(".feedwright/lock", "");
    world.publisher = world.publisher.edit("a5.md", "some more words", "other words");
    world.publisher.try_build().unwrap();
    world.publisher.store.take(".feedwright/lock").unwrap();
    assert_eq!(world.files(".feedwright/"), kept);
}
