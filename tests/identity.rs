//! An article keeps its id and its dates, whatever happens to its file: the promises of R-ID and R-UPD, stories of
//! every kind of rename, and any sequence of everything at once.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use chrono::{DateTime, Duration, Utc};
use feedwright::ledger::Ledger;
use feedwright::publication::{Error, Options, Publication, Redirect};
use feedwright::store::Store;
use proptest::prelude::*;

use crate::publisher::{Built, CONFIG, HELLO, Publisher, instant};

const LONG: &str = "---\ntitle: The fog signal\ndate: 2024-02-02T10:00:00Z\ntags: [sea]\n---\n\
    Every thirty seconds the horn on the cliff gives two notes, one for the ships and one for those who wait.\n\n\
    Nobody has wound it since nineteen seventy; a machine does, and nobody has seen the machine either.\n";

fn story(title: &str, date: &str) -> String {
    format!("---\ntitle: {title}\ndate: {date}\n---\nText of {title}, and nothing but the text of {title}.\n")
}

fn newsroom() -> Publisher {
    Publisher::new()
        .article("hello.md", HELLO)
        .article("news/fog.md", LONG)
        .article("news/port.md", &story("Port", "2024-03-03"))
}

/// What readers know of each entry.
fn known(built: &Built) -> BTreeSet<(String, String)> {
    let items = built.items();
    let text = |item: &serde_json::Value, field: &str| item[field].as_str().unwrap_or_default().to_owned();
    items.iter().map(|item| (text(item, "id"), text(item, "date_published"))).collect()
}

#[test]
fn r_id_1_the_id_is_one_string_in_every_format_before_and_after_a_rename() {
    let built = newsroom().build();
    let id = built.id_of("The fog signal");
    let built = built.publisher.rename("news/fog.md", "news/horn.md").build();
    assert_eq!(built.id_of("The fog signal"), id);
    assert!(built.document("feeds/rss.xml").contains(&format!("<guid isPermaLink=\"false\">{id}</guid>")));
    assert!(built.document("feeds/atom.xml").contains(&format!("<id>{id}</id>")));
    assert!(built.document("feeds/feed.json").contains(&id));
}

#[test]
fn r_id_2_an_article_has_one_id_in_all_feeds_and_no_two_share_one() {
    let same = "---\ntitle: Same\ndate: 2024-01-01\n---\nSame.\n";
    let built = newsroom()
        .config("[[feed]]\nname = \"\"\n[[feed]]\nfor-each = \"section\"\nname = \"{section}\"\n")
        .article("same.md", same)
        .article("same.html", same)
        .article("same/index.md", same)
        .build();
    let everywhere: BTreeSet<String> = built.each("id").into_iter().collect();
    assert_eq!(everywhere.len(), 6);
    let section = built.items_of("feeds/news/feed.json");
    assert!(section.iter().all(|item| everywhere.contains(item["id"].as_str().unwrap())));
}

#[test]
fn r_id_3_ids_are_short_ascii_without_white_space_or_fragment() {
    let long = "a".repeat(230);
    let stated = |id: &str| format!("---\nid: {id:?}\ntitle: {}\ndate: 2024-01-01\n---\nx\n", id.len());
    let built = Publisher::new()
        .article(&format!("日本語/{long}/été # 1.md"), HELLO)
        .article("a.md", &stated(&"x".repeat(300)))
        .article("b.md", &stated("Ein Wort # und noch eins"))
        .build();
    for id in built.each("id") {
        assert!(
            id.len() < 245 && id.bytes().all(|byte| byte.is_ascii_graphic()) && !id.contains('#'),
            "{id}"
        );
    }
}

#[test]
fn r_id_4_the_ids_of_feeds_are_pinned_like_those_of_articles() {
    let ids = |built: &Built| {
        let atom = built.document("feeds/atom.xml");
        atom[atom.find("<id>").unwrap()..].lines().next().unwrap().to_owned()
    };
    let before = newsroom().build();
    let moved = CONFIG.replace("https://example.org/", "https://elsewhere.net/");
    assert_eq!(ids(&before), ids(&before.publisher.clone().reissuing().whole_config(&moved).build()));
    assert!(ids(&before).contains("tag:example.org,2026-11-22:feed"));
}

#[test]
fn r_id_6_the_id_of_a_deleted_article_is_nobodys_but_its_own() {
    let built = newsroom().build();
    let id = built.id_of("Hello");
    let built = built.publisher.delete("hello.md").at("2026-12-01T00:00:00Z").build();
    assert!(built.ledger().contains("\"gone\":\"2026-12-01\""));
    let built = built.publisher.article("hello.md", &story("Another", "2026-11-30")).build();
    assert_ne!(built.id_of("Another"), id);
    let built = built.publisher.delete("hello.md").build().publisher.article("hello.md", HELLO).build();
    assert_eq!(built.id_of("Hello"), id, "when it comes back, it is itself again");
}

#[test]
fn r_id_8_feeds_stay_at_their_address_whatever_happens_to_articles() {
    let before = newsroom().build();
    let moved = CONFIG.replace("home = \"https://example.org/\"", "home = \"https://elsewhere.net/\"");
    let feeds = "[feeds]\nurl = \"https://example.org/feeds/\"\n";
    let after =
        before.publisher.clone().whole_config(&(moved + feeds)).rename("hello.md", "a/b/c.md").build();
    let paths = |built: &Built| built.documents().into_keys().collect::<Vec<_>>();
    assert_eq!(paths(&before), paths(&after));
    assert!(after.document("feeds/atom.xml").contains("href=\"https://example.org/feeds/atom.xml\""));
}

#[test]
fn r_upd_1_an_unchanged_source_gives_the_same_bytes_in_every_build_and_clone() {
    let first = newsroom().build();
    let again = first.publisher.clone().at("2031-01-01T00:00:00Z").build();
    assert!(first.publisher.store.files() == again.publisher.store.files());
    let clone = newsroom().at("2031-01-01T00:00:00Z").build();
    assert!(first.documents() == clone.documents());
    assert_eq!(first.ledger(), clone.ledger());
    let mut windows = newsroom();
    for (name, text) in [("hello.md", HELLO), ("news/fog.md", LONG)] {
        windows = windows.article(name, &text.replace('\n', "\r\n"));
    }
    assert_eq!(first.ledger(), windows.build().ledger());
}

#[test]
fn r_upd_2_date_and_title_stay_until_their_author_edits_them_and_then_it_is_said() {
    let built = newsroom().build();
    let before = known(&built);
    let built = built
        .publisher
        .edit("hello.md", "*world*", "**everybody out there**")
        .at("2027-05-05T00:00:00Z")
        .build();
    assert_eq!((known(&built), built.said()), (before, String::new()));
    let built = built.publisher.edit("hello.md", "title: Hello", "title: Good day").build();
    assert_eq!(built.rules(), ["changed-title"]);
    let built = built.publisher.edit("hello.md", "2024-05-06", "2024-05-07").build();
    assert_eq!(built.rules(), ["moved-date"]);
    assert!(built.said().contains("Fluent Reader"));
    assert_eq!(built.publisher.build().said(), "", "it is said once");
}

#[test]
fn every_kind_of_rename_keeps_the_id_the_dates_and_the_name_of_the_article() {
    let renames: [(&str, &str); 8] = [
        ("news/fog.md", "news/horn.md"),
        ("news/fog.md", "stories/2024/fog.md"),
        ("news/fog.md", "fog.md"),
        ("news/fog.md", "news/fog.markdown"),
        ("news/fog.md", "news/fog.html"),
        ("news/fog.md", "news/fog/index.md"),
        ("news/fog.md", "news/fog.en.md"),
        ("news/fog.md", "news/Fog.md"),
    ];
    for (from, to) in renames {
        let before = newsroom().build();
        let after = before.publisher.clone().rename(from, to).at("2027-07-07T00:00:00Z").build();
        assert_eq!(known(&after), known(&before), "{from} to {to}");
        assert_eq!(after.report.renamed, [(from.to_owned(), to.to_owned())]);
        assert_eq!(after.said(), "", "{from} to {to}");
    }
}

#[test]
fn a_file_that_is_renamed_and_edited_at_once_is_found_by_what_is_left_of_it() {
    let before = newsroom().build();
    let renamed = || before.publisher.clone().rename("news/fog.md", "horn.md");
    let edits = [
        renamed().edit(
            "horn.md",
            "title: The fog signal\ndate: 2024-02-02T10:00:00Z",
            "title: Horn\ndate: 2024-02-03",
        ),
        renamed().edit("horn.md", "Nobody has wound it", "No one at all has ever wound it"),
        renamed().edit("horn.md", "tags: [sea]", "tags: [sea, fog]").edit("horn.md", "either", "ever"),
        renamed().edit("horn.md", "title: The fog signal", "title: Horn").edit(
            "horn.md",
            "wound it",
            "wound that",
        ),
    ];
    for edited in edits {
        let after = edited.build();
        let ids = |built: &Built| built.each("id").into_iter().collect::<BTreeSet<_>>();
        assert_eq!(ids(&after), ids(&before), "{}", after.said());
    }
}

#[test]
fn a_whole_folder_that_moves_keeps_every_id() {
    let mut publisher = Publisher::new().config("[feeds]\nentries = 100\n");
    for day in 1..=28 {
        publisher =
            publisher.article(&format!("old/{day}.md"), &format!("---\ndate: 2024-01-{day:02}\n---\nx\n"));
    }
    let before = publisher.build();
    let mut publisher = before.publisher.clone();
    for day in 1..=28 {
        publisher = publisher.rename(&format!("old/{day}.md"), &format!("new/notes/{day}.md"));
    }
    assert_eq!(known(&publisher.build()), known(&before));
}

#[test]
fn a_copy_is_a_new_article_and_the_original_stays_itself() {
    let before = newsroom().build();
    let after = before.publisher.clone().copy("news/fog.md", "fog-again.md").build();
    assert!(known(&after).is_superset(&known(&before)));
    assert_eq!(known(&after).len(), 4);
}

#[test]
fn a_rename_that_could_be_either_of_two_is_decided_by_pin() {
    let before = newsroom().build();
    let id = before.id_of("The fog signal");
    let torn = before.publisher.reissuing().copy("news/fog.md", "a/horn.md");
    let torn = torn.rename("news/fog.md", "b/siren.md");
    let undecided = torn.clone().build();
    assert_eq!(undecided.rules(), ["ambiguous-rename", "reissued-entries"]);
    let mut publisher = undecided.publisher;
    let pinned =
        feedwright::publication::pin(&mut publisher.store, "articles/b/siren.md", &id, publisher.now)
            .unwrap();
    assert!(pinned.is_ok(), "{pinned:?}");
    let decided = publisher.build();
    let ledger = Ledger::parse(decided.ledger()).unwrap();
    assert_eq!(ledger.at_path("b/siren.md").unwrap().id, id);
    assert!(decided.each("id").contains(&id));
}

#[test]
fn pin_refuses_what_cannot_be_and_exchanges_what_two_articles_have() {
    let mut built =
        newsroom().article("own.md", "---\nid: own\ntitle: Own\ndate: 2024-01-01\n---\nx\n").build();
    let (hello, port) = (built.id_of("Hello"), built.id_of("Port"));
    let now = built.publisher.now;
    let store = &mut built.publisher.store;
    let mut pin = |path: &str, id: &str| feedwright::publication::pin(store, path, id, now).unwrap();
    assert!(pin("nowhere.md", "x").is_err());
    assert!(pin("hello.md", &"x".repeat(400)).is_err());
    assert!(pin("own.md", "other").is_err());
    assert!(pin("./articles/hello.md", &port).is_ok());
    let built = built.publisher.build();
    assert_eq!((built.id_of("Hello"), built.id_of("Port")), (port, hello));
}

#[test]
fn touch_moves_updated_and_nothing_else() {
    let mut built = newsroom().build();
    let before = known(&built);
    let now = instant("2027-01-02T03:04:05Z");
    let touch = |built: &mut Built, path: &str| {
        feedwright::publication::touch(&mut built.publisher.store, &[path.to_owned()], now).unwrap().is_ok()
    };
    assert!(touch(&mut built, "articles/news/fog.md"));
    assert!(!touch(&mut built, "articles/news/none.md"));
    let built = built.publisher.at("2027-01-03T00:00:00Z").build();
    assert_eq!(known(&built), before);
    let item = built.items().into_iter().find(|item| item["title"] == "The fog signal").unwrap();
    assert_eq!(item["date_modified"], "2027-01-02T03:04:05Z");
}

#[test]
fn an_undated_article_is_published_when_it_is_first_seen_and_stays_there() {
    let config = "[articles]\nundated = \"first-seen\"\npermalink = \"{year}/{slug}/\"\n";
    let undated =
        "---\ntitle: Undated\n---\nIt has no date, and does not miss it: the day it came out will do.\n";
    let built =
        Publisher::new().config(config).article("undated.md", undated).at("2026-11-22T10:00:00Z").build();
    assert_eq!(
        (built.each("date_published"), built.said()),
        (vec!["2026-11-22T10:00:00Z".to_owned()], String::new())
    );
    let built = built.publisher.rename("undated.md", "elsewhere/later.md").at("2028-01-01T00:00:00Z").build();
    assert_eq!(built.each("date_published"), ["2026-11-22T10:00:00Z"]);
    assert_eq!(built.each("url"), ["https://example.org/2026/later/"]);
    let unclear = "---\ntitle: Unclear\ndate: next Tuesday\n---\nx\n";
    let built = built.publisher.article("unclear.md", unclear).build();
    assert_eq!(built.titles(), ["Undated"], "a date that cannot be read may be one to come");
}

#[test]
fn a_draft_that_was_out_and_goes_in_again_keeps_its_record() {
    let built = newsroom().build();
    let before = known(&built);
    let ledger = built.ledger();
    let built = built.publisher.edit("hello.md", "title: Hello", "title: Hello\ndraft: true").build();
    assert_eq!(built.ledger(), ledger);
    let built = built.publisher.edit("hello.md", "\ndraft: true", "").at("2028-01-01T00:00:00Z").build();
    assert_eq!(known(&built), before);
}

#[test]
fn what_is_built_ahead_of_its_time_is_not_remembered() {
    let mut publisher =
        Publisher::new().article("draft.md", "---\ntitle: D\ndate: 2024-01-01\ndraft: true\n---\nx\n");
    publisher.preview.drafts = true;
    let built = publisher.build();
    assert_eq!(built.titles(), ["D"]);
    assert!(built.publisher.store.size("feedwright.lock").is_none());
}

#[test]
fn a_locked_build_names_what_would_change_and_changes_nothing() {
    let mut publisher = newsroom().build().publisher;
    publisher.locked = true;
    let publisher = publisher.build().publisher;
    let mut publisher = publisher
        .rename("hello.md", "good-day.md")
        .article("new.md", &story("New", "2024-04-04"))
        .delete("news/port.md");
    let files = publisher.store.files().clone();
    let Err(Error::Publication(faults)) = publisher.try_build() else { panic!("it is locked") };
    let said: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    assert!(said.iter().any(|said| said.contains("`hello.md` would be known as `good-day.md`")), "{said:?}");
    assert!(said.iter().any(|said| said.contains("`new.md` would be new")), "{said:?}");
    assert!(said.iter().any(|said| said.contains("`news/port.md` would be marked gone")), "{said:?}");
    assert!(publisher.store.files() == &files);
}

#[test]
fn a_ledger_of_0_1_is_read_and_its_measure_of_texts_is_made_anew_without_a_word() {
    let built = newsroom().build();
    let ledger = built.ledger();
    let mut parts = ledger.split("\"similarity\":\"");
    let mut earlier = parts.next().unwrap().to_owned();
    parts.for_each(|rest| earlier += &format!("\"sketch\":\"{}{}", "a5".repeat(32), &rest[64..]));
    assert_eq!(earlier.matches("sketch").count(), 2);
    let mut publisher = built.publisher.clone().file("feedwright.lock", earlier.as_bytes());
    publisher.locked = true;
    let locked = publisher.build();
    assert_eq!((locked.documents(), locked.ledger()), (built.documents(), earlier), "locked");
    let mut publisher = locked.publisher.edit("hello.md", "world", "World");
    publisher.locked = false;
    let written = publisher.build();
    assert_eq!((known(&written), written.said()), (known(&built), built.said()));
    let text = |ledger: &str| {
        ledger.lines().filter(|line| !line.contains("hello.md")).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(text(&written.ledger()), text(&ledger));
}

#[test]
fn a_damaged_ledger_stops_the_build_before_anything_is_written() {
    let built = newsroom().build();
    let damages = [
        format!("<<<<<<< HEAD\n{}", built.ledger()),
        built.ledger()[..500].to_owned(),
        built.ledger().repeat(2),
    ];
    for damage in damages {
        let mut publisher =
            built.publisher.clone().file("feedwright.lock", damage.as_bytes()).delete("hello.md");
        let files = publisher.store.files().clone();
        assert!(matches!(publisher.try_build(), Err(Error::Publication(_))));
        assert!(publisher.store.files() == &files);
    }
}

#[test]
fn two_branches_that_add_different_articles_merge_without_conflict() {
    let base = newsroom().build();
    let branch = |name: &str| base.publisher.clone().article(name, &story(name, "2025-01-01")).build();
    let (one, other) = (branch("one.md"), branch("other.md"));
    let folder = tempfile::tempdir().unwrap();
    let names = ["one", "base", "other"].map(|name| folder.path().join(name));
    for (path, built) in names.iter().zip([&one, &base, &other]) {
        std::fs::write(path, built.ledger()).unwrap();
    }
    // What git does with `feedwright.lock merge=union` in `.gitattributes`.
    let Ok(merged) = Command::new("git").args(["merge-file", "-p", "--union"]).args(&names).output() else {
        return;
    };
    let merged = base
        .publisher
        .article("one.md", &story("one.md", "2025-01-01"))
        .article("other.md", &story("other.md", "2025-01-01"))
        .file("feedwright.lock", &merged.stdout)
        .build();
    let expected: BTreeSet<_> = known(&one).union(&known(&other)).cloned().collect();
    assert_eq!(known(&merged), expected);
}

#[test]
fn old_addresses_and_aliases_lead_to_the_present_one_in_one_step() {
    let aliased = HELLO.replace(
        "title: Hello",
        "title: Hello\naliases: [/hi/, /news/port/, \"https://elsewhere.net/x\", \"/?p=1\"]",
    );
    let built = newsroom().article("hello.md", &aliased).build();
    let built = built.publisher.rename("news/fog.md", "fog.md").build();
    let built = built.publisher.rename("fog.md", "sea/fog.md").build();
    let found = |publisher: &Publisher| -> Vec<(String, String)> {
        let publication = Publication::open(&publisher.store, Options::at(publisher.now)).unwrap();
        let articles = publication.articles(&publisher.store, &|_| ());
        let found = publication.redirects(&publication.identify(&articles));
        found.iter().map(|Redirect { from, to }| (from.path().into(), to.path().into())).collect()
    };
    let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect()
    };
    let expected = pairs(&[("/fog/", "/sea/fog/"), ("/hi/", "/hello/"), ("/news/fog/", "/sea/fog/")]);
    assert_eq!(found(&built.publisher), expected);
    let back = built.publisher.rename("sea/fog.md", "news/fog.md").build();
    let expected = pairs(&[("/fog/", "/news/fog/"), ("/hi/", "/hello/"), ("/sea/fog/", "/news/fog/")]);
    assert_eq!(found(&back.publisher), expected);
}

/// What happened to a publication in one step.
#[derive(Clone, Copy, Debug)]
enum Step {
    Create,
    Rename,
    RenameAndEdit,
    MoveAll,
    IntoFormerPath,
    Edit,
    Retitle,
    Retag,
    Redate,
    Delete,
    Restore,
    Copy,
    Swap,
    Withhold,
    Home,
    LoseCache,
}

const STEPS: [Step; 16] = [
    Step::Create,
    Step::Rename,
    Step::RenameAndEdit,
    Step::MoveAll,
    Step::IntoFormerPath,
    Step::Edit,
    Step::Retitle,
    Step::Retag,
    Step::Redate,
    Step::Delete,
    Step::Restore,
    Step::Copy,
    Step::Swap,
    Step::Withhold,
    Step::Home,
    Step::LoseCache,
];

/// An article as the world knows it, whatever a tool may think.
#[derive(Clone, Debug)]
struct Truth {
    path: String,
    there: bool,
    draft: bool,
    title: String,
    date: DateTime<Utc>,
    tag: usize,
    body: String,
    /// Once it has been published.
    id: Option<String>,
}

impl Truth {
    fn text(&self) -> String {
        let draft = if self.draft { "draft: true\n" } else { "" };
        let date = self.date.format("%Y-%m-%dT%H:%M:%SZ");
        format!(
            "---\ntitle: {}\ndate: {date}\ntags: [t{}]\n{draft}---\n{}\n",
            self.title, self.tag, self.body
        )
    }

    fn is_out(&self) -> bool {
        self.there && !self.draft
    }
}

struct World {
    publisher: Publisher,
    articles: Vec<Truth>,
    /// For names, titles, words and dates that never were before.
    count: usize,
    moved: bool,
}

impl World {
    fn new() -> Self {
        let publisher =
            Publisher::new().reissuing().config("[feeds]\nentries = 1000\nformats = [\"json\"]\n");
        let mut world = Self { publisher, articles: Vec::new(), count: 0, moved: false };
        (0..30).for_each(|_| world.create(None));
        world
    }

    fn next(&mut self) -> usize {
        self.count += 1;
        self.count
    }

    fn fresh_path(&mut self) -> String {
        let number = self.next();
        match number % 6 {
            0 => format!("n{number}.md"),
            1 => format!("a/n{number}.md"),
            2 => format!("a/b/n{number}.markdown"),
            3 => format!("n{number}/index.md"),
            4 => format!("c/n{number}.en.md"),
            _ => format!("b/n{number}.html"),
        }
    }

    fn sentence(&mut self) -> String {
        let number = self.next();
        let words = (0..14).map(|at| format!("w{}", (number * 7919 + at * 104_729) % 99_991));
        words.collect::<Vec<_>>().join(" ") + "."
    }

    fn create(&mut self, path: Option<String>) {
        let path = path.unwrap_or_else(|| self.fresh_path());
        let body = (0..4).map(|_| self.sentence()).collect::<Vec<_>>().join("\n\n");
        let title = format!("Title {}", self.next());
        let date = self.fresh_date();
        self.articles.push(Truth { path, there: true, draft: false, title, date, tag: 0, body, id: None });
    }

    fn fresh_date(&mut self) -> DateTime<Utc> {
        instant("2020-01-01T00:00:00Z") + Duration::hours(i64::try_from(self.next()).unwrap())
    }

    /// The index of one that is out.
    fn pick(&self, pick: usize) -> Option<usize> {
        let out: Vec<usize> =
            (0..self.articles.len()).filter(|index| self.articles[*index].is_out()).collect();
        out.get(pick % out.len().max(1)).copied()
    }

    fn is_free(&self, path: &str) -> bool {
        !self.articles.iter().any(|article| article.there && article.path == path)
    }

    /// Two that no tool could tell apart.
    fn are_alike(one: &Truth, other: &Truth) -> bool {
        one.body == other.body || (one.title == other.title && one.date == other.date)
    }

    /// Paths where nothing lies any more, and nothing did that could be taken for `article`.
    fn former_path(&self, pick: usize, article: Option<usize>) -> Option<String> {
        let is_fit = |gone: &&Truth| {
            let mut same = self.articles.iter().filter(|other| !other.there && other.path == gone.path);
            let alike =
                article.is_some_and(|index| same.any(|other| Self::are_alike(&self.articles[index], other)));
            !gone.there && self.is_free(&gone.path) && !alike
        };
        let fit: Vec<&Truth> = self.articles.iter().filter(is_fit).collect();
        fit.get(pick % fit.len().max(1)).map(|gone| gone.path.clone())
    }

    fn step(&mut self, step: Step, pick: usize) {
        let Some(index) = self.pick(pick) else { return };
        match step {
            Step::Create => {
                let path = if pick.is_multiple_of(2) { self.former_path(pick, None) } else { None };
                self.create(path);
            }
            Step::Rename => self.articles[index].path = self.fresh_path(),
            Step::RenameAndEdit => {
                self.articles[index].path = self.fresh_path();
                let sentence = self.sentence();
                self.articles[index].body += &format!("\n\n{sentence}");
            }
            Step::MoveAll => {
                let folder = format!("moved{}", self.next());
                for article in self.articles.iter_mut().filter(|article| article.is_out()) {
                    if let Some(name) = article.path.strip_prefix("a/") {
                        article.path = format!("{folder}/{name}");
                    }
                }
            }
            Step::IntoFormerPath => {
                if let Some(path) = self.former_path(pick, Some(index)) {
                    self.articles[index].path = path;
                }
            }
            Step::Edit => {
                let sentence = self.sentence();
                self.articles[index].body += &format!("\n\n{sentence}");
            }
            Step::Retitle => self.articles[index].title = format!("Title {}", self.next()),
            Step::Retag => self.articles[index].tag = self.next(),
            Step::Redate => self.articles[index].date = self.fresh_date(),
            Step::Delete => self.articles[index].there = false,
            Step::Restore => self.restore(pick),
            Step::Copy => {
                let path = self.fresh_path();
                let copy = Truth { path, id: None, ..self.articles[index].clone() };
                self.articles.push(copy);
            }
            Step::Swap => self.swap(index, pick),
            Step::Withhold => {
                let draft = self.articles.iter().position(|article| article.there && article.draft);
                match draft {
                    Some(draft) => self.articles[draft].draft = false,
                    None => self.articles[index].draft = true,
                }
            }
            Step::Home => self.moved = !self.moved,
            Step::LoseCache => {
                let files: Vec<String> = self.publisher.store.files().keys().cloned().collect();
                for path in files.iter().filter(|path| path.starts_with(".feedwright/")) {
                    self.publisher.store.take(path);
                }
            }
        }
    }

    fn restore(&mut self, pick: usize) {
        let free = |article: &&mut Truth| !article.there;
        let paths: BTreeSet<String> = self
            .articles
            .iter()
            .filter(|article| article.there)
            .map(|article| article.path.clone())
            .collect();
        let gone: Vec<Truth> = self.articles.iter().filter(|article| !article.there).cloned().collect();
        let distinct = |article: &Truth| {
            let alike = |other: &&Truth| other.path == article.path && Self::are_alike(other, article);
            gone.iter().filter(alike).count() == 1
        };
        let candidates = self.articles.iter_mut().filter(free);
        let mut candidates: Vec<&mut Truth> =
            candidates.filter(|article| !paths.contains(&article.path) && distinct(article)).collect();
        let count = candidates.len().max(1);
        if let Some(article) = candidates.get_mut(pick % count) {
            article.there = true;
        }
    }

    /// Exchanges the texts of two files: to the world, the articles have changed places.
    fn swap(&mut self, index: usize, pick: usize) {
        let Some(other) = self.pick(pick / 7 + 1) else { return };
        let unique = |index: usize| {
            let article = &self.articles[index];
            self.articles
                .iter()
                .filter(|other| other.body == article.body || other.title == article.title)
                .count()
                == 1
        };
        if index != other && unique(index) && unique(other) {
            let path = self.articles[index].path.clone();
            self.articles[index].path = std::mem::replace(&mut self.articles[other].path, path);
        }
    }

    /// Writes the world down, and builds it.
    fn build(&mut self) -> Built {
        let old: Vec<String> = self.publisher.store.files().keys().cloned().collect();
        for path in old.iter().filter(|path| path.starts_with("articles/") && !path.ends_with(".keep")) {
            self.publisher.store.take(path);
        }
        for article in self.articles.iter().filter(|article| article.there) {
            self.publisher.store.insert(format!("articles/{}", article.path), article.text());
        }
        let home = if self.moved { "https://elsewhere.net/blog/" } else { "https://example.org/" };
        let config = CONFIG.replace("https://example.org/", home);
        let config = format!("{config}[feeds]\nentries = 1000\nformats = [\"json\"]\n");
        self.publisher.store.insert("feedwright.toml", config);
        self.publisher.now += Duration::hours(7);
        let built = self.publisher.clone().build();
        self.publisher = built.publisher.clone();
        built
    }

    /// Holds what was built against the truth.
    fn check(&mut self, built: &Built) {
        let ledger = Ledger::parse(built.ledger()).unwrap();
        let live = ledger.records().filter(|record| record.gone.is_none());
        let ids: BTreeMap<String, String> =
            live.map(|record| (record.path.to_owned(), record.id.to_owned())).collect();
        let mut seen = BTreeSet::new();
        for index in 0..self.articles.len() {
            let article = &self.articles[index];
            if article.is_out() {
                let id =
                    ids.get(&article.path).unwrap_or_else(|| panic!("{} is nowhere", article.path)).clone();
                match &article.id {
                    Some(known) => {
                        assert_eq!(&id, known, "{} has another id: {}", article.path, built.said());
                    }
                    None => {
                        let taken = self.articles.iter().any(|other| other.id.as_ref() == Some(&id));
                        assert!(!taken, "{} has the id of another", article.path);
                    }
                }
                assert!(seen.insert(id.clone()), "{id} is there twice");
                let record = ledger.get(&id).unwrap();
                assert_eq!((record.published, record.title), (article.date, article.title.as_str()));
                self.articles[index].id = Some(id);
            }
        }
        let items: BTreeSet<String> = built.each("id").into_iter().collect();
        assert_eq!(items, seen);
        let again = self.publisher.clone().at("2039-01-01T00:00:00Z").build();
        assert_eq!(again.ledger(), built.ledger(), "nothing changed");
        assert_eq!(again.report.written, 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_in_whatever_order_an_article_is_itself(
        steps in prop::collection::vec((0..STEPS.len(), any::<usize>()), 40)
    ) {
        let mut world = World::new();
        let built = world.build();
        world.check(&built);
        for (step, pick) in steps {
            world.step(STEPS[step], pick);
            let built = world.build();
            world.check(&built);
        }
    }
}
