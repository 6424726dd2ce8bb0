//! `plan`: what subscribers would see, before they do.

use feedwright::ledger::{self, Ledger};
use feedwright::plan::{self, Change, Kind, PlannedPublication};
use feedwright::publication::{Options, build};
use feedwright::store::{Overlay, Store};

use crate::publisher::{HELLO, Publisher};

/// What would happen, with titles.
fn planned(publisher: &Publisher) -> Vec<Change> {
    let mut overlay = Overlay::new(&publisher.store);
    let options = Options { preview: publisher.preview, allow_reissue: true, ..Options::at(publisher.now) };
    let report = build(&mut overlay, options, &|_| ()).unwrap();
    let ledger =
        publisher.store.read(ledger::FILE).map(|bytes| String::from_utf8(bytes).unwrap()).unwrap_or_default();
    let ledger = Ledger::parse(&ledger).unwrap();
    let publication = PlannedPublication {
        store: &overlay,
        feeds: &report.files,
        upcoming: &report.upcoming,
        ledger: &ledger,
        now: publisher.now,
    };
    plan::publication(publication)
}

fn told(publisher: &Publisher) -> Vec<(Kind, String)> {
    planned(publisher).into_iter().map(|change| (change.kind, change.title)).collect()
}

fn one(kind: Kind, title: &str) -> Vec<(Kind, String)> {
    vec![(kind, title.to_owned())]
}

fn story(title: &str, date: &str, more: &str) -> String {
    format!("---\ntitle: {title}\ndate: {date}\n{more}---\nText of {title}.\n")
}

fn newsroom() -> Publisher {
    Publisher::new()
        .config("[feeds]\nentries = 3\n")
        .article("one.md", &story("One", "2024-01-01", ""))
        .article("two.md", &story("Two", "2024-02-02", ""))
        .article("three.md", &story("Three", "2024-03-03", ""))
}

fn published() -> Publisher {
    newsroom().build().publisher
}

#[test]
fn after_a_build_nothing_would_change() {
    assert_eq!(told(&published()), []);
}

#[test]
fn at_first_everything_is_new() {
    let titles: Vec<_> = told(&newsroom());
    assert_eq!(titles.len(), 3);
    assert!(titles.iter().all(|(kind, _)| *kind == Kind::New));
}

#[test]
fn a_new_article_is_new_and_the_oldest_makes_room() {
    let publisher = published().article("four.md", &story("Four", "2024-04-04", ""));
    assert_eq!(told(&publisher), [(Kind::New, "Four".to_owned()), (Kind::Aged, "One".to_owned())]);
}

#[test]
fn a_deleted_article_and_a_draft_are_withdrawn() {
    assert_eq!(told(&published().without("articles/two.md")), one(Kind::Withdrawn, "Two"));
    assert_eq!(told(&published().without("articles/one.md")), one(Kind::Withdrawn, "One"));
    let draft = published().article("two.md", &story("Two", "2024-02-02", "draft: true\n"));
    assert_eq!(told(&draft), one(Kind::Withdrawn, "Two"));
}

#[test]
fn an_update_is_told_from_a_change_without_a_word() {
    let updated = published().article("two.md", &story("Two", "2024-02-02", "updated: 2024-05-05\n"));
    assert_eq!(told(&updated), one(Kind::Updated, "Two"));
    let changed = published().article("two.md", &story("Two", "2024-02-02", "").replace("Text", "New text"));
    assert_eq!(told(&changed), one(Kind::Changed, "Two"));
}

#[test]
fn another_title_is_re_announced_in_the_reader_that_keys_on_it() {
    let edited = planned(
        &published().article("two.md", &story("Second", "2024-02-02", "").replace("of Second", "of Two")),
    );
    assert_eq!(edited.len(), 1);
    assert_eq!((edited[0].kind, edited[0].title.as_str()), (Kind::ReAnnounced, "Second"));
    assert_eq!(edited[0].readers, ["Fluent Reader"]);
    assert_eq!(edited[0].because, "its title was Two");
}

#[test]
fn another_id_is_re_announced_in_nearly_all_readers() {
    let mut publisher = published().article("two.md", &story("Two", "2024-02-02", "id: other\n"));
    publisher.store.take(ledger::FILE);
    let changes = planned(&publisher);
    assert_eq!((changes.len(), changes[0].kind), (1, Kind::ReAnnounced));
    assert!(changes[0].readers.len() > 8 && !changes[0].readers.contains(&"Fluent Reader"));
    assert_eq!(changes[0].feed, "feeds/atom.xml");
}

#[test]
fn a_later_article_is_withheld_until_it_falls_due() {
    let later = published().article("later.md", &story("Later", "2027-01-01T09:00:00Z", ""));
    let changes = planned(&later);
    assert_eq!((changes.len(), changes[0].kind), (1, Kind::Withheld));
    assert_eq!(
        (changes[0].title.as_str(), changes[0].because.as_str()),
        ("Later", "due 2027-01-01T09:00:00Z")
    );
    assert_eq!(told(&later.at("2027-01-01T09:00:00Z"))[0], (Kind::New, "Later".to_owned()));
}

#[test]
fn r_id_8_a_feed_that_moves_is_told_with_the_readers_that_mind() {
    let moved = planned(&published().config("[feeds]\nentries = 3\nurl = \"https://cdn.example.org/\"\n"));
    assert_eq!(moved.len(), 1);
    assert_eq!(
        (moved[0].kind, moved[0].because.as_str()),
        (Kind::FeedMoved, "it was https://example.org/feeds/atom.xml")
    );
    assert!(moved[0].readers.contains(&"NetNewsWire"));
}

#[test]
fn feeds_come_move_and_go() {
    let feeds = |name: &str| format!("[feeds]\nformats = [\"rss\"]\n[[feed]]\nname = \"\"\n{name}");
    let (none, news, latest) =
        (feeds(""), feeds("[[feed]]\nname = \"news\"\n"), feeds("[[feed]]\nname = \"latest\"\n"));
    let built = newsroom().config(&news).build().publisher;
    assert_eq!(told(&built.clone().config(&none)), one(Kind::FeedGone, "feeds/news/rss.xml"));
    assert_eq!(told(&built.config(&latest)), one(Kind::FeedMoved, "feeds/latest/rss.xml"));
    let built = newsroom().config(&none).build().publisher;
    assert_eq!(told(&built.config(&news)), one(Kind::FeedNew, "feeds/news/rss.xml"));
}

#[test]
fn an_article_in_several_feeds_is_told_of_each() {
    let tags = "[[feed]]\nname = \"\"\n[[feed]]\nfor-each = \"tag\"\nname = \"{tag}\"\n";
    let tagged = |title: &str, date: &str| story(title, date, "tags: [sea]\n");
    let built = Publisher::new().config(tags).article("a.md", &tagged("A", "2024-01-01")).build().publisher;
    let changes = planned(&built.article("b.md", &tagged("B", "2024-02-02")));
    let feeds: Vec<&str> = changes.iter().map(|change| change.feed.as_str()).collect();
    assert_eq!(feeds, ["feeds/atom.xml", "feeds/sea/atom.xml"]);
    assert!(changes.iter().all(|change| change.kind == Kind::New));
}

#[test]
fn where_no_feed_is_on_disk_the_ledger_tells_what_is_new() {
    let mut publisher = published();
    for path in ["feeds/rss.xml", "feeds/atom.xml", "feeds/feed.json"] {
        publisher.store.take(path);
    }
    let arrived = (Kind::FeedNew, "feeds/atom.xml".to_owned());
    assert_eq!(told(&publisher), std::slice::from_ref(&arrived));
    let more = publisher.article("four.md", &story("Four", "2024-04-04", ""));
    assert_eq!(told(&more), [arrived, (Kind::New, "Four".to_owned())]);
}

#[test]
fn a_renamed_article_is_no_news() {
    assert_eq!(
        told(&published().rename("two.md", "second/two.md").edit(
            "second/two.md",
            "---\nText",
            "slug: two\n---\nText"
        ))
        .iter()
        .filter(|(kind, _)| *kind != Kind::Changed)
        .count(),
        0
    );
}

#[test]
fn planning_writes_nothing() {
    let publisher = published().article("hello.md", HELLO).without("articles/one.md");
    let before = publisher.store.clone();
    let _ = planned(&publisher);
    assert_eq!(publisher.store, before);
}

mod run {
    //! The program itself.

    use std::collections::BTreeMap;
    use std::fs;
    use std::path::Path;
    use std::process::{Command, Output};

    use serde_json::Value;
    use tempfile::TempDir;

    use super::story;
    use crate::publisher::CONFIG;

    struct Site(TempDir);

    impl Site {
        fn built() -> Self {
            let site = Self(TempDir::new().unwrap());
            site.file("feedwright.toml", CONFIG);
            site.file("articles/one.md", &story("One", "2024-01-01", ""));
            site.file("articles/two.md", &story("Two", "2024-02-02", ""));
            assert!(site.run("build --now 2026-11-22").status.success());
            site
        }

        fn file(&self, path: &str, text: &str) {
            let path = self.0.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }

        fn run(&self, arguments: &str) -> Output {
            let mut command = Command::new(env!("CARGO_BIN_EXE_feedwright"));
            command.current_dir(self.0.path()).args(arguments.split(' ')).env_remove("SOURCE_DATE_EPOCH");
            command.output().unwrap()
        }

        fn plan(&self, arguments: &str) -> (String, i32) {
            let output = self.run(format!("plan --now 2026-11-22 {arguments}").trim());
            (String::from_utf8(output.stdout).unwrap(), output.status.code().unwrap())
        }

        fn objects(&self, arguments: &str) -> Vec<Value> {
            let (printed, _) = self.plan(&format!("--message-format json {arguments}"));
            printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
        }
    }

    fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                files.extend(self::files(&path));
            } else {
                files.insert(path.display().to_string(), fs::read(&path).unwrap());
            }
        }
        files
    }

    #[test]
    fn nothing_would_change_after_a_build() {
        assert_eq!(Site::built().plan("--exit-code"), ("nothing would change\n".to_owned(), 0));
    }

    #[test]
    fn a_table_has_a_line_for_each_change_and_ends_with_their_numbers() {
        let site = Site::built();
        site.file("articles/three.md", &story("Three", "2024-03-03", ""));
        site.file("articles/two.md", &story("Second", "2024-02-02", ""));
        site.file("articles/later.md", &story("Later", "2027-01-01", ""));
        let before = files(site.0.path());
        let (printed, status) = site.plan("");
        let lines: Vec<&str> = printed.lines().collect();
        assert!(
            lines[0].starts_with("re-announced  Second ")
                && lines[0].ends_with("in Fluent Reader; its title was Two")
        );
        assert_eq!(lines[1], "new           Three");
        assert!(
            lines[2].starts_with("withheld      Later ") && lines[2].ends_with("due 2027-01-01T00:00:00Z")
        );
        assert_eq!((lines[3], lines.len()), ("1 re-announced, 1 new, 1 withheld", 4));
        assert_eq!(status, 0);
        assert!(!printed.contains('\u{1b}'), "no colour where nobody watches");
        assert_eq!(files(site.0.path()), before, "nothing is written");
    }

    #[test]
    fn exit_code_tells_what_is_usual_from_what_is_not() {
        let site = Site::built();
        site.file("articles/three.md", &story("Three", "2024-03-03", ""));
        assert_eq!(site.plan("--exit-code").1, 0);
        fs::remove_file(site.0.path().join("articles/one.md")).unwrap();
        assert_eq!(site.plan("--exit-code").1, 1);
        assert_eq!(site.plan("").1, 0);
    }

    #[test]
    fn json_is_an_object_for_each_change_and_one_for_all() {
        let site = Site::built();
        site.file("articles/two.md", &story("Second", "2024-02-02", ""));
        let objects = site.objects("");
        let [change, plan] = objects.as_slice() else { panic!("{objects:?}") };
        assert_eq!((&change["event"], &change["kind"]), (&"change".into(), &"re-announced".into()));
        assert_eq!((&change["feed"], &change["title"]), (&"feeds/atom.xml".into(), &"Second".into()));
        assert_eq!(change["readers"], serde_json::json!(["Fluent Reader"]));
        assert!(change["id"].as_str().unwrap().starts_with("tag:example.org,2026-11-22:"));
        assert_eq!(
            (&plan["event"], &plan["re-announced"], &plan["new"]),
            (&"plan".into(), &1.into(), &0.into())
        );
    }

    #[test]
    fn what_a_build_would_refuse_is_shown_and_refused() {
        let site = Site::built();
        fs::rename(site.0.path().join("articles"), site.0.path().join("texts")).unwrap();
        fs::create_dir(site.0.path().join("articles")).unwrap();
        let output = site.run("plan --now 2026-11-22");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("warning[emptied-feed]") && said.contains("would refuse this"), "{said}");
        let output = site.run("build --now 2026-11-22");
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains("error[emptied-feed]"));
        assert_eq!(site.run("build --now 2026-11-22 --allow-reissue").status.code(), Some(0));
    }

    #[test]
    fn any_two_feeds_are_compared_whoever_wrote_them() {
        let site = Site::built();
        let old = r#"<rss version="2.0"><channel><title>Old</title>
            <item><guid>https://example.org/?p=1</guid><link>http://www.example.org/one</link><title>One</title></item>
            <item><guid>https://example.org/?p=9</guid><title>Nine</title></item></channel></rss>"#;
        site.file("old.xml", old);
        let objects = site.objects("--exit-code --feed old.xml feeds/rss.xml");
        let kinds: Vec<(&str, &str)> = objects
            .iter()
            .filter_map(|object| Some((object["kind"].as_str()?, object["title"].as_str()?)))
            .collect();
        assert_eq!(kinds, [("new", "Two"), ("re-announced", "One"), ("withdrawn", "Nine")]);
        assert_eq!(site.plan("--exit-code --feed old.xml feeds/rss.xml").1, 1);
        assert_eq!(
            site.plan("--exit-code --feed feeds/rss.xml feeds/rss.xml"),
            ("nothing would change\n".into(), 0)
        );
        assert_eq!(site.plan("--exit-code --feed feeds/rss.xml feeds/atom.xml").1, 1, "other addresses");
    }

    #[test]
    fn folders_of_feeds_are_compared_file_by_file() {
        let site = Site::built();
        for (path, _) in files(&site.0.path().join("feeds")) {
            let name = Path::new(&path).file_name().unwrap().to_str().unwrap().to_owned();
            let name = if name == "rss.xml" { "index.xml".to_owned() } else { name };
            site.file(&format!("new/{name}"), &fs::read_to_string(&path).unwrap());
        }
        let (printed, status) = site.plan("--exit-code --feed feeds new");
        assert!(
            printed.starts_with("feed-moved    index.xml") && printed.contains("it was rss.xml"),
            "{printed}"
        );
        assert_eq!((printed.lines().count(), status), (2, 1));
        assert_eq!(site.plan("--feed feeds feeds").0, "nothing would change\n");
    }

    #[test]
    fn what_is_no_feed_is_trouble() {
        let site = Site::built();
        site.file("page.html", "<html></html>");
        for arguments in
            ["page.html feeds/rss.xml", "feeds/rss.xml missing.xml", "feeds feeds/rss.xml", "feeds/rss.xml"]
        {
            assert_eq!(site.plan(&format!("--feed {arguments}")).1, 2, "{arguments}");
        }
    }
}
