//! Ledgers there and back, and how damage is named.

use proptest::prelude::*;

use super::super::damage;
use super::*;

fn record(id: &str) -> Record {
    let line = format!(
        r#"{{"id":"{id}","path":"{id}.md","published":"2024-05-06T10:00:00Z","updated":"2024-05-06T10:00:00Z","digest":"00","permalink":"https://example.org/{id}/"}}"#
    );
    damage::read(&line).unwrap_or_else(|_| panic!("{line}")).unwrap()
}

fn ledger(ids: &[&str]) -> Ledger {
    let mut ledger = Ledger::default();
    for id in ids {
        ledger.insert(record(id));
    }
    ledger
}

fn said(text: &str) -> Vec<(u32, u32, String)> {
    let damages = Ledger::parse(text).unwrap_err();
    let place = |damage: &Diagnostic| damage.place.clone().unwrap();
    damages.iter().map(|damage| (place(damage).line, place(damage).column, damage.message.clone())).collect()
}

#[test]
fn what_is_written_is_read_again() {
    let mut ledger = ledger(&["b", "a"]);
    let mut full = record("c");
    full.title = "“Ünïcode”\n<&>".into();
    full.stated = Some(full.published);
    full.former = vec!["https://example.org/old/".into()];
    full.gone = chrono::NaiveDate::from_ymd_opt(2026, 11, 22);
    ledger.insert(full);
    let text = ledger.write();
    assert_eq!(Ledger::parse(&text), Ok(ledger));
    assert!(text.ends_with("}\n") && text.lines().count() == 3);
}

#[test]
fn lines_are_in_the_order_of_ids_whatever_the_order_they_came_in() {
    let text = ledger(&["a", "b"]).write();
    let (a, b) = text.split_once('\n').unwrap();
    assert_eq!(Ledger::parse(format!("{b}\r\n\r\n{a}\r\n")).unwrap().write(), text);
}

#[test]
fn whatever_is_changed_the_rest_is_written_as_it_stands() {
    let text = ledger(&["a", "b", "c", "d"]).write();
    let odd = text.replace("\"path\":\"b.md\"", "\"path\" : \"b.md\"");
    let mut changed = Ledger::parse(odd.trim_end()).unwrap();
    assert_eq!(changed, Ledger::parse(&*text).unwrap(), "spacing means nothing");
    assert_eq!(changed.write(), odd, "and stays as it is");
    let of = |text: &str, id: &str| text.lines().find(|line| line.contains(id)).unwrap().to_owned() + "\n";
    let new = record("bb");
    changed.insert(Record { title: "New".into(), ..record("d") });
    changed.insert(new);
    let written = changed.write();
    assert_eq!(of(&written, "\"c\""), of(&text, "\"c\""));
    assert_eq!(written.lines().count(), 5);
    let again = Ledger::parse(&*written).unwrap();
    assert_eq!((again.get("d").unwrap().title, &again), ("New", &changed));
    assert!(changed.records().map(|record| record.id).eq(["a", "b", "bb", "c", "d"]));
    changed.insert(record("d"));
    assert_eq!(changed.get("d").unwrap().title, "", "as it was");
}

#[test]
fn a_conflict_is_named_at_each_of_its_lines() {
    let line = ledger(&["a"]).write();
    let text = format!("<<<<<<< HEAD\n{line}=======\n{line}>>>>>>> branch\n");
    let said = said(&text);
    assert_eq!(said.iter().map(|(line, ..)| *line).collect::<Vec<_>>(), [1, 3, 5]);
    assert!(said.iter().all(|(.., message)| message.contains("merge conflict")), "{said:?}");
}

#[test]
fn a_line_that_is_cut_off_is_told_from_one_that_is_garbled() {
    let line = ledger(&["a"]).write();
    let text = format!("{}\n{}\n[1]\n", &line[..40], line.trim_end().replace(':', ";"));
    let said = said(&text);
    assert_eq!(said[0], (1, 41, "line 1 is cut off".into()));
    assert_eq!(said[1].2, "line 2 is not valid JSON: expected `:`");
    assert_eq!(said[2].2, "line 3 is not a record");
}

#[test]
fn a_field_from_the_future_says_so() {
    let line = ledger(&["a"]).write().replace("\"digest\"", "\"colour\":\"red\",\"digest\"");
    let said = said(&line);
    assert_eq!(said[0].2, "line 1 has a field `colour`, which this version does not know");
    assert!(line[said[0].1 as usize - 1..].starts_with("\"colour\""));
}

#[test]
fn an_id_that_is_there_twice_is_shown_with_both_lines() {
    let line = ledger(&["a"]).write();
    assert_eq!(said(&format!("{line}{line}")), [(2, 7, "`a` is there twice: here and in line 1".into())]);
}

#[test]
fn a_missing_or_impossible_value_is_named() {
    let line = ledger(&["a"]).write();
    let without = line.replace("\"digest\":\"00\",", "");
    let impossible = line.replace("2024-05-06T10", "2024-15-06T10");
    let nameless = line.replace("\"id\":\"a\"", "\"id\":\"\"");
    let said = said(&format!("{without}{impossible}{nameless}"));
    assert_eq!(said[0].2, "line 1 has no `digest`");
    assert!(said[1].2.starts_with("line 2 "), "{said:?}");
    assert_eq!(said[2].2, "line 3 has an empty id");
}

#[test]
fn bytes_that_are_no_text_are_shown_at_their_line() {
    let mut bytes = ledger(&["a"]).write().into_bytes();
    bytes.extend(b"{\"id\":\"\xff\"}\n");
    let damage = Ledger::read(bytes).unwrap_err();
    assert_eq!(damage[0].place.as_ref().map(|place| (place.line, place.column)), Some((2, 8)));
}

#[test]
fn a_hundred_thousand_damaged_lines_are_named_in_no_time() {
    assert_eq!(Ledger::parse("nonsense\n".repeat(100_000)).unwrap_err().len(), 100_000);
}

proptest! {
    #[test]
    fn any_text_is_a_ledger_or_damaged(text in "(?s:.{0,200})", line in "[{}\":,a-z\\[\\]<=>]{0,60}") {
        let _ = Ledger::parse(&text);
        let _ = Ledger::parse(&line);
        let _ = Ledger::read(text.as_bytes().get(1..).unwrap_or_default().to_vec());
    }
}
