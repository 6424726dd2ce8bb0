use std::collections::BTreeMap;

use super::*;
use crate::article::{Article, ArticleSummary, Conventions, SourceFile, parse};
use crate::ledger::{Undated, Updates};

const NOW: &str = "2026-11-22T00:00:00Z";

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A folder of articles: name and text; a name that begins with `!` is not admitted.
fn reconciled(ledger: &Ledger, files: &[(&str, &str)]) -> Reconciled<'static> {
    reconciled_at(ledger, files, NOW, DatePolicy::default())
}

fn reconciled_at(
    ledger: &Ledger,
    files: &[(&str, &str)],
    now: &str,
    policy: DatePolicy,
) -> Reconciled<'static> {
    let mut files = files.to_vec();
    files.sort_by_key(|(name, _)| name.trim_start_matches('!').to_owned());
    let articles: Vec<(Article, bool)> = files
        .iter()
        .map(|(name, text)| (article(name.trim_start_matches('!'), text), !name.starts_with('!')))
        .collect();
    let written: Vec<Vec<u8>> = articles.iter().map(|(article, _)| summary(article)).collect();
    let known: Vec<Known<'_>> = articles
        .iter()
        .enumerate()
        .map(|(at, article)| Known {
            summary: ArticleSummary::read(&article.0.path, &written[at]),
            admitted: article.1,
        })
        .collect();
    let reconciled = reconcile(ledger, &known, &authority(), instant(now), policy);
    let owned = |identity: Identity<'_>| Identity { id: identity.id.into_owned().into(), ..identity };
    let identities = reconciled.identities.into_iter().map(|identity| identity.map(owned)).collect();
    Reconciled { identities, ..reconciled }
}

fn article(name: &str, text: &str) -> Article {
    let conventions = Conventions::default();
    let path = format!("articles/{name}");
    let source = SourceFile { path: &path, name, bytes: text.as_bytes(), ..SourceFile::default() };
    parse(&source, &conventions).0
}

fn summary(article: &Article) -> Vec<u8> {
    ArticleSummary::write(article, &format!("https://example.org/{}", article.slug))
}

fn authority() -> Authority {
    Authority { name: "example.org".into(), date: "2026".into() }
}

/// The id of each path that is there.
fn ids(reconciled: &Reconciled) -> BTreeMap<String, String> {
    let live = reconciled.ledger.records().filter(|record| record.gone.is_none());
    live.map(|record| (record.path.to_owned(), record.id.to_owned())).collect()
}

fn rules(reconciled: &Reconciled<'_>) -> Vec<&'static str> {
    reconciled.news.iter().chain(&reconciled.diagnostics).map(|found| found.rule.name()).collect()
}

fn text(title: &str, day: u32, body: &str) -> String {
    let long =
        format!("{body} is the beginning of a text that is long enough to be told from every other text.");
    format!("---\ntitle: {title}\ndate: 2024-01-{day:02}\n---\n{long}\n")
}

#[test]
fn whole_texts_that_change_places_take_their_ids_along() {
    let (a, b, c) = (text("A", 1, "First"), text("B", 2, "Second"), text("C", 3, "Third"));
    let before = reconciled(&Ledger::default(), &[("a.md", &a), ("b.md", &b), ("c.md", &c)]);
    let was = ids(&before);
    let swapped = ids(&reconciled(&before.ledger, &[("a.md", &b), ("b.md", &a), ("c.md", &c)]));
    assert_eq!(
        (&swapped["a.md"], &swapped["b.md"], &swapped["c.md"]),
        (&was["b.md"], &was["a.md"], &was["c.md"])
    );
    let turned = ids(&reconciled(&before.ledger, &[("a.md", &b), ("b.md", &c), ("c.md", &a)]));
    assert_eq!(
        (&turned["a.md"], &turned["b.md"], &turned["c.md"]),
        (&was["b.md"], &was["c.md"], &was["a.md"])
    );
}

#[test]
fn a_file_that_is_moved_over_another_takes_its_id_along() {
    let (a, b) = (text("A", 1, "First"), text("B", 2, "Second"));
    let before = reconciled(&Ledger::default(), &[("a.md", &a), ("b.md", &b)]);
    let after = reconciled(&before.ledger, &[("b.md", &a)]);
    assert_eq!(ids(&after)["b.md"], ids(&before)["a.md"]);
    assert!(after.ledger.get(&ids(&before)["b.md"]).unwrap().gone.is_some());
}

#[test]
fn a_copy_over_another_article_leaves_both_ids_where_they_are() {
    let (a, b) = (text("A", 1, "First"), text("B", 2, "Second"));
    let before = reconciled(&Ledger::default(), &[("a.md", &a), ("b.md", &b)]);
    let after = reconciled(&before.ledger, &[("a.md", &a), ("b.md", &a)]);
    assert_eq!(ids(&after), ids(&before));
}

#[test]
fn an_article_rewritten_from_beginning_to_end_is_still_the_one_at_its_path() {
    let before = reconciled(&Ledger::default(), &[("a.md", &text("A", 1, "First"))]);
    let after = reconciled(&before.ledger, &[("a.md", &text("Z", 9, "Something else altogether"))]);
    assert_eq!(ids(&after), ids(&before));
    assert_eq!(rules(&after), ["changed-title", "moved-date"]);
}

#[test]
fn two_files_that_could_be_one_that_is_gone_get_new_ids_and_a_way_out() {
    let a = text("A", 1, "First");
    let before = reconciled(&Ledger::default(), &[("x/a.md", &a)]);
    let id = ids(&before)["x/a.md"].clone();
    let after = reconciled(&before.ledger, &[("y/b.md", &a), ("y/c.md", &a)]);
    assert_eq!(rules(&after), ["ambiguous-rename"]);
    let said = &after.news[0];
    assert!(said.message.contains("articles/y/b.md") && said.message.contains("articles/y/c.md"), "{said:?}");
    assert!(
        said.help.as_ref().unwrap().contains(&format!("feedwright pin articles/y/b.md {id}")),
        "{said:?}"
    );
    assert!(!ids(&after).values().any(|other| *other == id));
}

#[test]
fn another_article_at_the_path_of_a_deleted_one_gets_an_id_of_its_own_each_time() {
    let mut ledger = Ledger::default();
    let mut seen = Vec::new();
    for (round, title) in ["One", "Two", "Three"].iter().enumerate() {
        let day = u32::try_from(round).unwrap() + 1;
        let built = reconciled(&ledger, &[("a.md", &text(title, day, &format!("{title} {title} {title}")))]);
        seen.push(ids(&built)["a.md"].clone());
        ledger = reconciled(&built.ledger, &[]).ledger;
    }
    assert_eq!(ledger.records().count(), 3);
    seen.dedup();
    assert_eq!(seen.len(), 3);
    let back = reconciled(&ledger, &[("a.md", &text("Two", 2, "Two Two Two"))]);
    assert_eq!(ids(&back)["a.md"], seen[1], "the one that is back is told from the others of that path");
}

#[test]
fn a_copy_of_what_is_there_is_no_return_of_what_is_gone() {
    let a = text("A", 1, "First");
    let ledger = reconciled(&Ledger::default(), &[("a.md", &a)]).ledger;
    let ledger = reconciled(&ledger, &[("a.md", &a), ("copy.md", &a)]).ledger;
    let ledger = reconciled(&ledger, &[("copy.md", &a)]).ledger;
    let after = reconciled(&ledger, &[("copy.md", &a), ("other.md", &a)]);
    assert_eq!(after.ledger.records().count(), 3, "other.md is a copy of copy.md");
    let back = reconciled(&ledger, &[("copy.md", &a), ("a.md", &a)]);
    assert_eq!(back.ledger.records().count(), 2, "a.md is back");
}

#[test]
fn an_article_that_comes_back_elsewhere_has_its_id_back() {
    let a = text("A", 1, "First");
    let before = reconciled(&Ledger::default(), &[("a.md", &a)]);
    let gone = reconciled(&before.ledger, &[]);
    let back = reconciled(&gone.ledger, &[("archive/a.md", &a)]);
    assert_eq!(ids(&back)["archive/a.md"], ids(&before)["a.md"]);
}

#[test]
fn what_is_withheld_keeps_its_record_and_gets_none() {
    let (a, b) = (text("A", 1, "First"), text("B", 2, "Second"));
    let before = reconciled(&Ledger::default(), &[("a.md", &a), ("!b.md", &b)]);
    assert_eq!(before.ledger.records().count(), 1);
    let after = reconciled(&before.ledger, &[("!a.md", &a), ("!b.md", &b)]);
    assert_eq!(after.ledger, before.ledger);
    assert_eq!(after.identities, [None, None]);
}

#[test]
fn an_article_that_states_an_id_after_it_was_published_keeps_its_dates_and_addresses() {
    let before = reconciled(&Ledger::default(), &[("a.md", &text("A", 1, "First"))]);
    let stated = text("A", 1, "First").replacen("---\n", "---\nid: first\n", 1);
    let after =
        reconciled_at(&before.ledger, &[("a.md", &stated)], "2027-01-01T00:00:00Z", DatePolicy::default());
    let record = after.ledger.get("tag:example.org,2026:first").unwrap();
    assert_eq!(record.published, instant("2024-01-01T00:00:00Z"));
    assert_eq!(after.ledger.records().filter(|record| record.gone.is_some()).count(), 1);
}

#[test]
fn the_id_of_a_deleted_article_on_another_is_pointed_out() {
    let stated = |title, day, body| text(title, day, body).replacen("---\n", "---\nid: one\n", 1);
    let before = reconciled(&Ledger::default(), &[("a.md", &stated("A", 1, "First"))]);
    let gone = reconciled(&before.ledger, &[]);
    assert_eq!(rules(&reconciled(&gone.ledger, &[("b.md", &stated("A", 1, "First"))])), [""; 0]);
    let other = "---\nid: one\ntitle: Z\ndate: 2025-02-02\n---\nSomething else entirely.\n";
    assert!(rules(&reconciled(&gone.ledger, &[("b.md", other)])).contains(&"reused-id"));
}

#[test]
fn a_copy_with_its_id_leaves_the_id_with_the_original_whichever_comes_first() {
    let stated = text("A", 1, "First").replacen("---\n", "---\nid: one\n", 1);
    let before = reconciled(&Ledger::default(), &[("m.md", &stated)]);
    let after = reconciled(&before.ledger, &[("a.md", &stated), ("m.md", &stated)]);
    assert_eq!(ids(&after)["m.md"], ids(&before)["m.md"]);
    assert_eq!(rules(&after), ["duplicate-id"]);
}

#[test]
fn an_undated_article_has_the_instant_of_its_first_build_for_good() {
    let undated = "---\ntitle: A\n---\nText of the article.\n";
    let policy = DatePolicy { undated: Undated::FirstSeen, ..DatePolicy::default() };
    let before = reconciled_at(&Ledger::default(), &[("a.md", undated)], "2026-11-22T08:09:10.5Z", policy);
    let after = reconciled_at(&before.ledger, &[("a.md", undated)], "2027-01-01T00:00:00Z", policy);
    assert_eq!(after.identities[0].as_ref().unwrap().published, instant("2026-11-22T08:09:10Z"));
    assert_eq!(after.ledger, before.ledger);
}

#[test]
fn updated_moves_when_its_author_says_so_and_stays_where_it_was_put() {
    let article = |more: &str| text("A", 1, "First").replacen("---\n", &format!("---\n{more}"), 1);
    let updated = |built: &Reconciled<'_>| built.identities[0].as_ref().unwrap().updated;
    let first = reconciled(&Ledger::default(), &[("a.md", &article(""))]);
    assert_eq!(updated(&first), instant("2024-01-01T00:00:00Z"));
    let stated = reconciled(&first.ledger, &[("a.md", &article("updated: 2025-05-05\n"))]);
    assert_eq!(updated(&stated), instant("2025-05-05T00:00:00Z"));
    let mut ledger = stated.ledger.clone();
    assert!(ledger.touch("a.md", instant("2026-06-06T06:06:06Z")));
    let touched = reconciled(&ledger, &[("a.md", &article("updated: 2025-05-05\n"))]);
    assert_eq!(updated(&touched), instant("2026-06-06T06:06:06Z"));
    let ahead = reconciled(&touched.ledger, &[("a.md", &article("updated: 2031-01-01\n"))]);
    assert_eq!(updated(&ahead), instant(NOW), "never after now");
}

#[test]
fn a_significant_change_counts_as_an_update_only_where_it_is_wanted() {
    let before = "---\ntitle: A\ndate: 2024-01-01\n---\nText of the article.\n";
    let after =
        format!("{before}And a further paragraph with some sixty letters, so that readers will notice.\n");
    let policy = DatePolicy { updated: Updates::Significant, ..DatePolicy::default() };
    let first = reconciled_at(&Ledger::default(), &[("a.md", before)], NOW, policy);
    let updated = |built: &Reconciled<'_>| built.identities[0].as_ref().unwrap().updated;
    assert_eq!(updated(&reconciled_at(&first.ledger, &[("a.md", &after)], NOW, policy)), instant(NOW));
    let comma = before.replace("Text of", "Text, of");
    assert_eq!(
        updated(&reconciled_at(&first.ledger, &[("a.md", &comma)], NOW, policy)),
        instant("2024-01-01T00:00:00Z")
    );
    assert_eq!(updated(&reconciled(&first.ledger, &[("a.md", &after)])), instant("2024-01-01T00:00:00Z"));
}

#[test]
fn a_former_address_that_is_taken_up_again_is_former_no_more() {
    let at = |slug: &str| text("A", 1, "First").replacen("---\n", &format!("---\nslug: {slug}\n"), 1);
    let mut ledger = Ledger::default();
    for slug in ["one", "two", "three", "one"] {
        ledger = reconciled(&ledger, &[("a.md", &at(slug))]).ledger;
    }
    let record = ledger.records().next().unwrap();
    assert_eq!(record.permalink, "https://example.org/one");
    assert_eq!(record.former, ["https://example.org/two", "https://example.org/three"]);
}

#[test]
fn names_that_differ_in_composition_only_are_one_name() {
    let a = text("A", 1, "First");
    let before = reconciled(&Ledger::default(), &[("caf\u{e9}.md", &a)]);
    let after = reconciled(&before.ledger, &[("cafe\u{301}.md", &a)]);
    assert_eq!((ids(&after), after.renamed), (ids(&before), vec![]));
}

#[test]
fn an_id_that_was_pinned_ahead_is_there_when_the_article_comes_out() {
    let a = text("A", 1, "First");
    let out = reconciled(&Ledger::default(), &[("other.md", &text("O", 3, "Other"))]);
    let mut ledger = out.ledger;
    let summary = summary(&article("a.md", &a));
    let summary = ArticleSummary::read("articles/a.md", &summary);
    let pinned = ledger.pin(summary, "urn:x:1", &authority(), &|_| true, instant("2025-01-01T00:00:00Z"));
    assert!(pinned.is_ok());
    let other = text("O", 3, "Other");
    let withheld = reconciled(&ledger, &[("!a.md", &a), ("other.md", &other)]);
    assert_eq!(withheld.ledger, ledger);
    let published = reconciled(&ledger, &[("a.md", &a), ("other.md", &other)]);
    assert_eq!(published.identities[0].as_ref().unwrap().id, "urn:x:1");
    assert!(published.ledger.records().all(|record| !record.pending));
}

#[test]
fn ten_thousand_articles_that_move_at_once_are_all_found_again() {
    let texts: Vec<String> =
        (0..10_000).map(|at| text(&format!("T{at}"), 1, &format!("Number {at}"))).collect();
    let names = |folder: &str| (0..10_000).map(|at| format!("{folder}/{at}.md")).collect::<Vec<_>>();
    let (before, after) = (names("old"), names("new"));
    let files = |names: &'_ [String]| -> Vec<(String, String)> {
        names.iter().cloned().zip(texts.iter().cloned()).collect()
    };
    let (before, after) = (files(&before), files(&after));
    let run = |ledger: &Ledger, files: &[(String, String)]| {
        let files: Vec<(&str, &str)> =
            files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        reconciled(ledger, &files)
    };
    let first = run(&Ledger::default(), &before);
    let second = run(&first.ledger, &after);
    assert_eq!(second.renamed.len(), 10_000);
    assert_eq!(second.ledger.records().count(), 10_000);
}
