//! The guard: a build that would show subscribers what they have read is refused, and any other is not.

use feedwright::publication::Error;

use crate::publisher::{Publisher, drawn};

fn story(number: usize) -> String {
    let (month, day) = (number / 28 + 1, number % 28 + 1);
    format!(
        "---\ntitle: Story {number}\ndate: 2024-{month:02}-{day:02}\nslug: story-{number}\n---\nText of story {number}, which is like no other: {}.\n",
        "x".repeat(number)
    )
}

fn stories(numbers: std::ops::Range<usize>) -> Publisher {
    numbers.fold(Publisher::new(), |publisher, number| {
        publisher.article(&format!("{number}.md"), &story(number))
    })
}

/// A publication that was built.
fn published(numbers: std::ops::Range<usize>) -> Publisher {
    stories(numbers).build().publisher
}

/// With an id of its own in each article: what a build makes of it whose ledger is lost and whose paths have changed.
fn under_other_ids(mut publisher: Publisher, numbers: std::ops::Range<usize>) -> Publisher {
    for number in numbers {
        let text = story(number).replacen("---\n", &format!("---\nid: other-{number}\n"), 1);
        publisher = publisher.article(&format!("{number}.md"), &text);
    }
    publisher
}

fn without_ledger(mut publisher: Publisher) -> Publisher {
    publisher.store.take("feedwright.lock");
    publisher
}

/// What the refusal says. Nothing may have been written.
fn refusal(mut publisher: Publisher) -> String {
    let before = publisher.store.files().clone();
    let Err(Error::Publication(faults)) = publisher.try_build() else { panic!("the build is refused") };
    assert_eq!(publisher.store.files(), &before);
    drawn(&faults)
}

fn passes(mut publisher: Publisher) -> Publisher {
    if let Err(Error::Publication(faults)) = publisher.try_build() {
        panic!("{}", drawn(&faults));
    }
    publisher
}

#[test]
fn r_id_5_known_addresses_under_new_ids_are_refused_with_the_ways_to_prevent_it() {
    let said = refusal(under_other_ids(without_ledger(published(0..5)), 2..3));
    for part in [
        "error[reissued-entries]: an entry that subscribers know would come back under another id",
        "feeds/atom.xml",
        "`Story 2` was `tag:example.org,2026-11-22:",
        "and would be `tag:example.org,2026-11-22:other-2`",
        "shown again as unread in Miniflux, FreshRSS, tt-rss and",
        "restore `feedwright.lock` from version control",
        "`feedwright adopt feeds/atom.xml`",
        "`feedwright pin PATH tag:example.org,2026-11-22:",
        "`--allow-reissue`",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
}

#[test]
fn r_id_5_known_titles_and_days_under_new_ids_are_refused_also_at_other_addresses() {
    let text = story(2).replace("slug: story-2", "slug: elsewhere\nid: other");
    let said = refusal(without_ledger(published(0..5)).article("2.md", &text));
    assert!(said.contains("[reissued-entries]"), "{said}");
}

#[test]
fn r_id_5_a_feed_of_another_program_is_guarded_before_it_is_replaced() {
    let foreign = r#"<rss version="2.0"><channel><title>D</title><generator>WordPress</generator>
        <atom:link rel="self" href="https://elsewhere.example/feed"/>
        <item><guid isPermaLink="false">https://example.org/?p=2</guid><link>https://example.org/story-2</link></item>
        </channel></rss>"#;
    let said = refusal(stories(0..5).file("feeds/rss.xml", foreign.as_bytes()));
    assert!(said.contains("`Story 2` was `https://example.org/?p=2`"), "{said}");
    assert!(said.contains("feedwright adopt feeds/rss.xml"), "{said}");
}

#[test]
fn r_id_5_where_the_ledger_is_lost_too_many_ids_may_not_be() {
    let mut publisher = without_ledger(published(0..10));
    for number in 0..4 {
        publisher = publisher.without(&format!("articles/{number}.md"));
    }
    let said = refusal(publisher.clone());
    assert!(
        said.contains("error[lost-ids]") && said.contains("4 of their 10 ids belong to no article"),
        "{said}"
    );
    passes(publisher.article("0.md", &story(0)));
}

#[test]
fn r_id_5_where_no_feed_is_on_disk_the_ledger_knows_what_was_published() {
    let mut publisher = published(0..5);
    for path in ["feeds/rss.xml", "feeds/atom.xml", "feeds/feed.json", ".feedwright/written.json"] {
        publisher.store.take(path);
    }
    passes(publisher.clone());
    passes(publisher.clone().without("articles/2.md").article("new.md", &story(9)));
    // Nothing but its title and day tells that it is the one that is gone.
    let rewritten = "---\ntitle: Story 2\ndate: 2024-01-03\nid: other\nslug: elsewhere\n---\nAnother text.\n";
    let said = refusal(publisher.without("articles/2.md").article("elsewhere.md", rewritten));
    assert!(said.contains("[reissued-entries]") && said.contains("--> feedwright.lock"), "{said}");
}

#[test]
fn r_id_5_a_ledger_that_was_set_back_is_noticed() {
    let old = published(0..2).store.files()["feedwright.lock"].clone();
    let mut publisher = published(0..20);
    for number in 2..8 {
        let text =
            format!("---\ntitle: New {number}\ndate: 2024-02-{number:02}\n---\nQuite another {number}.\n");
        publisher =
            publisher.without(&format!("articles/{number}.md")).article(&format!("new-{number}.md"), &text);
    }
    passes(publisher.clone());
    let said = refusal(publisher.file("feedwright.lock", &old));
    assert!(said.contains("error[lost-ids]") && said.contains("6 of their 20 ids"), "{said}");
}

#[test]
fn what_the_ledger_remembers_passes() {
    let publisher = published(0..5);
    let renamed = publisher.clone().rename("2.md", "second.md").edit("second.md", "story-2", "second");
    passes(renamed);
    let moved = (0..5).fold(publisher, |publisher, number| {
        publisher.rename(&format!("{number}.md"), &format!("news/{number}.md"))
    });
    passes(moved);
}

#[test]
fn a_new_domain_passes_where_the_feeds_stay() {
    let moved = format!("{}[feeds]\nurl = \"https://example.org/feeds/\"\n", crate::publisher::CONFIG);
    passes(
        published(0..5).whole_config(
            &moved.replace("home = \"https://example.org/\"", "home = \"https://example.net/\""),
        ),
    );
}

#[test]
fn drafts_that_were_looked_at_go_again() {
    let draft = |number| story(number).replacen("---\n", "---\ndraft: true\n", 1);
    let mut publisher = published(0..3);
    for number in 3..12 {
        publisher = publisher.article(&format!("{number}.md"), &draft(number));
    }
    publisher.preview.drafts = true;
    let mut looked_at = passes(publisher);
    looked_at.preview.drafts = false;
    passes(looked_at.clone());
    passes(without_ledger(looked_at));
}

#[test]
fn a_refused_build_leaves_nothing_behind_for_the_next() {
    let good = published(0..5);
    let mut publisher = under_other_ids(without_ledger(good.clone()), 0..5);
    assert!(publisher.try_build().is_err());
    for number in 0..5 {
        publisher = publisher.article(&format!("{number}.md"), &story(number));
    }
    let built = passes(publisher);
    assert_eq!(built.store.files()["feeds/rss.xml"], good.store.files()["feeds/rss.xml"]);
}

#[test]
fn what_is_meant_goes_through_with_a_warning() {
    let mut publisher = under_other_ids(without_ledger(published(0..5)), 0..5);
    publisher.allow_reissue = true;
    let built = publisher.build();
    assert!(built.said().starts_with("warning[reissued-entries]: 5 entries"), "{}", built.said());
    assert!(built.document("feeds/rss.xml").contains("other-3"));
}

#[test]
fn r_id_8_a_feed_at_another_address_is_refused() {
    let said = refusal(published(0..3).config("[feeds]\nurl = \"https://cdn.example.org/\"\n"));
    assert!(said.contains("error[moved-feed]"), "{said}");
    assert!(
        said.contains("`https://example.org/feeds/atom.xml` and would be `https://cdn.example.org/atom.xml`"),
        "{said}"
    );
    assert!(said.contains("redirect the old address for good"), "{said}");
}

#[test]
fn r_id_8_a_feed_under_another_name_is_refused() {
    let feeds = |name: &str| format!("[[feed]]\nname = \"\"\n[[feed]]\nname = \"{name}\"\n");
    let built = stories(0..3).config(&feeds("news")).build().publisher;
    let said = refusal(built.config(&feeds("latest")));
    assert!(said.contains("the feed was `feeds/news/rss.xml` and would be `feeds/latest/rss.xml`"), "{said}");
    let renamed = "[feeds]\nfiles = { rss = \"index.xml\" }\n";
    let said = refusal(published(0..3).config(renamed));
    assert!(said.contains("`feeds/rss.xml` and would be `feeds/index.xml`"), "{said}");
}

#[test]
fn r_id_8_another_authority_is_another_feed() {
    let built = published(0..3);
    let config =
        crate::publisher::CONFIG.replace("authority = \"example.org\"", "authority = \"example.net\"");
    let said = refusal(built.whole_config(&config));
    assert!(
        said.contains("tag:example.org,2026-11-22:feed` and would be `tag:example.net,2026-11-22:feed"),
        "{said}"
    );
}

#[test]
fn a_feed_that_would_be_empty_is_refused() {
    let everything = "[[feed]]\nname = \"\"\n[[feed]]\nname = \"news\"\n";
    let nothing = "[[feed]]\nname = \"\"\n[[feed]]\nname = \"news\"\nwhere = { tags = \"nwes\" }\n";
    let built = stories(0..3).config(everything).build().publisher;
    let said = refusal(built.clone().config(nothing));
    assert!(said.contains("error[emptied-feed]: the feed has 3 entries and would have none"), "{said}");
    assert!(said.contains("feeds/news/atom.xml"), "{said}");
    passes(built.config(&format!("[rules]\nallow = [\"emptied-feed\"]\n{nothing}")));
}

#[test]
fn first_builds_and_builds_without_change_pass() {
    passes(passes(stories(0..40)));
    passes(without_ledger(published(0..40)));
}

#[test]
fn many_articles_that_are_really_new_pass_though_old_ones_make_room() {
    let mut publisher = published(0..30);
    for number in 30..58 {
        publisher = publisher.article(&format!("{number}.md"), &story(number));
    }
    passes(publisher.clone());
    passes(without_ledger(publisher));
}

#[test]
fn articles_that_are_deleted_or_made_drafts_pass() {
    passes(published(0..5).without("articles/2.md"));
    passes(without_ledger(published(0..5)).without("articles/2.md").without("articles/3.md"));
    passes(published(0..5).article("2.md", &story(2).replacen("---\n", "---\ndraft: true\n", 1)));
    passes(published(0..1).without("articles/0.md"));
}

#[test]
fn edits_of_title_date_text_and_slug_pass() {
    let edits = [
        ("Story 2", "Story two"),
        ("2024-01-03", "2024-01-09"),
        ("like no other", "much like others"),
        ("story-2", "second"),
    ];
    for (from, to) in edits {
        passes(published(0..5).article("2.md", &story(2).replace(from, to)));
    }
}

#[test]
fn a_copy_is_a_new_article_and_passes() {
    passes(published(0..5).article("copy.md", &story(2)));
}

#[test]
fn daily_articles_of_one_title_pass() {
    let links = |day: usize| format!("---\ntitle: Links\ndate: 2024-03-{day:02}\n---\nLinks of day {day}.\n");
    let config = "[feeds]\nentries = 3\n";
    let days = |days: std::ops::Range<usize>, publisher: Publisher| {
        days.fold(publisher, |publisher, day| publisher.article(&format!("links-{day}.md"), &links(day)))
    };
    let built = days(1..5, Publisher::new().config(config)).build().publisher;
    passes(days(5..9, built));
}

#[test]
fn another_tag_an_added_feed_and_a_dropped_format_pass() {
    let tags = "[[feed]]\nname = \"\"\n[[feed]]\nfor-each = \"tag\"\nname = \"tags/{tag}\"\n";
    let tagged = |tag: &str| story(1).replacen("---\n", &format!("---\ntags: [{tag}]\n"), 1);
    let built = stories(0..3).config(tags).article("1.md", &tagged("sea")).build().publisher;
    passes(built.article("1.md", &tagged("ocean")));
    passes(published(0..3).config(tags));
    passes(published(0..3).config("[feeds]\nformats = [\"rss\"]\n"));
    passes(passes(published(0..3).config("[feeds]\nformats = [\"rss\"]\n")).config(""));
}

#[test]
fn what_cannot_be_read_is_not_the_guards_affair() {
    for text in ["", "not a feed", "<html></html>", "{\"version\": 1}", "<rss><channel>", "<feed>\u{0}"] {
        let built =
            published(0..3).file("feeds/atom.xml", text.as_bytes()).file("feeds/rss.xml", text.as_bytes());
        passes(without_ledger(built));
    }
}

fn without_articles(publisher: Publisher, numbers: std::ops::Range<usize>) -> Publisher {
    numbers.fold(publisher, |publisher, number| publisher.without(&format!("articles/{number}.md")))
}

#[test]
fn a_feed_that_is_moved_and_emptied_at_once_is_refused() {
    let moved = published(0..3).config("[feeds]\npath = \"public\"\nurl = \"https://example.org/feeds/\"\n");
    let said = refusal(without_articles(moved, 0..3));
    assert!(said.contains("error[emptied-feed]: the feed has 3 entries and would have none"), "{said}");
    assert!(said.contains("public/atom.xml") && said.contains("[moved-feed]"), "{said}");
}

#[test]
fn emptied_feeds_are_refused_also_where_only_the_ledger_is_there() {
    let mut publisher = without_articles(published(0..3), 0..3);
    let files: Vec<String> = publisher.store.files().keys().cloned().collect();
    for path in files.iter().filter(|path| path.starts_with("feeds/") || path.starts_with(".feedwright/")) {
        publisher.store.take(path);
    }
    let said = refusal(publisher.clone());
    assert!(
        said.contains("error[emptied-feed]: 3 articles are published, and no feed would have an entry"),
        "{said}"
    );
    passes(publisher.article("0.md", &story(0)));
}

#[test]
fn feeds_may_lie_below_the_folder_of_the_articles_and_are_guarded_there() {
    let built = stories(0..3).config("[articles]\npath = \".\"\n").build().publisher;
    assert!(String::from_utf8_lossy(&built.store.files()["feeds/rss.xml"]).contains("Story 2"));
    let said = refusal(without_articles(built, 0..3));
    assert!(said.contains("error[emptied-feed]: the feed has 3 entries and would have none"), "{said}");
}
