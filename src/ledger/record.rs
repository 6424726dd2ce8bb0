//! What the ledger remembers of each article, and the file that holds it: one line of JSON per article, in the order
//! of their ids, so that two branches that add different articles merge without conflict.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use chrono::{DateTime, NaiveDate, Utc};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use url::Url;

use super::damage::{self, Damage};
use crate::article::Article;
use crate::diagnostic::Diagnostic;

/// An article that was published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The id by which readers know it, to the letter.
    pub id: String,
    /// Relative to the articles' folder, in NFC.
    pub path: String,
    /// Plain text; empty for a note.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// First publication.
    pub published: DateTime<Utc>,
    /// The date that the author stated when it was published, if it is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated: Option<DateTime<Utc>>,
    /// The last change that counted.
    pub updated: DateTime<Utc>,
    /// The date of update that the author stated last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated_updated: Option<DateTime<Utc>>,
    /// BLAKE3 of the body, in hexadecimal.
    pub digest: String,
    /// Tells how alike two bodies are, in hexadecimal; empty where the body is too short to tell.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sketch: String,
    /// Letters and digits of the body.
    #[serde(default)]
    pub characters: u32,
    /// Where it is on the web.
    pub permalink: String,
    /// Where it was before, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<String>,
    /// Whether the id is said to be a permalink, as in a feed that was adopted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub id_is_permalink: bool,
    /// Whether the id was pinned to an article that is not yet published. Its dates count for nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
    /// The day on which its file was found gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<NaiveDate>,
}

impl Record {
    /// The record of an article under a new id, published and last updated at that instant.
    pub fn new(id: impl Into<String>, article: &Article, permalink: &Url, published: DateTime<Utc>) -> Self {
        let mut record = Self {
            id: id.into(),
            path: String::new(),
            title: String::new(),
            published,
            stated: article.published.filter(|stated| *stated != published),
            updated: published,
            stated_updated: article.updated,
            digest: String::new(),
            sketch: String::new(),
            characters: 0,
            permalink: permalink.to_string(),
            former: Vec::new(),
            id_is_permalink: false,
            pending: false,
            gone: None,
        };
        record.describe(article);
        record
    }

    /// Takes over what an article is known by: where it lies, its title, its text.
    pub fn describe(&mut self, article: &Article) {
        self.path = composed(&article.name);
        self.title = article.title.clone().unwrap_or_default();
        self.digest = hex(&article.digest);
        self.sketch = if article.sketch == [0; 32] { String::new() } else { hex(&article.sketch) };
        self.characters = article.characters;
    }

    /// The date that its author states, as far as it is known.
    pub fn stated_date(&self) -> DateTime<Utc> {
        self.stated.unwrap_or(self.published)
    }

    /// Its sketch, if it has one.
    pub(super) fn sketch(&self) -> Option<[u8; 32]> {
        let mut sketch = [0; 32];
        let digits = self.sketch.as_bytes();
        if digits.len() != 64 {
            return None;
        }
        for (byte, pair) in sketch.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(sketch)
    }
}

/// The path of an article as records have it.
pub fn path_of(article: &Article) -> String {
    composed(&article.name)
}

/// File systems disagree about composed letters; the ledger has them composed.
pub(super) fn composed(path: &str) -> String {
    if path.is_ascii() { path.to_owned() } else { path.nfc().collect() }
}

pub(super) fn hex(bytes: &[u8; 32]) -> String {
    blake3::Hash::from(*bytes).to_hex().to_string()
}

/// All articles that were ever published, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    records: BTreeMap<String, Record>,
}

impl Ledger {
    /// Reads `feedwright.lock`. Line breaks of Windows, empty lines and lines out of order are borne.
    ///
    /// # Errors
    ///
    /// Every line that cannot be read, at its place: what a merge left behind, what is cut off, what is no record,
    /// what a newer version wrote, and ids that are there twice.
    ///
    /// ```
    /// use feedwright::ledger::Ledger;
    /// assert_eq!(Ledger::parse("").unwrap(), Ledger::default());
    /// let damage = Ledger::parse("{\"id\":\"tag:exam").unwrap_err();
    /// assert_eq!(damage[0].message, "line 1 is cut off");
    /// ```
    pub fn parse(text: &str) -> Result<Self, Vec<Diagnostic>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines: Vec<&str> = text.lines().collect();
        let read: Vec<_> = lines.par_iter().map(|line| damage::read(line)).collect();
        let mut ledger = Self::default();
        let mut damages = Vec::new();
        let mut owners: BTreeMap<String, usize> = BTreeMap::new();
        let mut merging = false;
        for (at, (line, read)) in lines.iter().zip(read).enumerate() {
            match read {
                Ok(None) => {}
                Ok(Some(record)) => match owners.entry(record.id.clone()) {
                    Entry::Vacant(place) => {
                        place.insert(at);
                        ledger.insert(record);
                    }
                    // In a conflict that is still open, both sides may well have the same article.
                    Entry::Occupied(_) if merging => {}
                    Entry::Occupied(first) => {
                        damages.push(Damage::twice(line, &record.id, *first.get() + 1).at(at));
                    }
                },
                Err(damage) => {
                    merging = damage.opens_conflict() || (merging && !damage.closes_conflict());
                    damages.push(damage.at(at));
                }
            }
        }
        if damages.is_empty() { Ok(ledger) } else { Err(damages) }
    }

    /// Reads the bytes of `feedwright.lock`.
    ///
    /// # Errors
    ///
    /// As for [`Self::parse`], and where they are not UTF-8.
    pub fn read(bytes: &[u8]) -> Result<Self, Vec<Diagnostic>> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::parse(text),
            Err(error) => Err(vec![damage::encoding(bytes, error.valid_up_to())]),
        }
    }

    /// One line of JSON per record, in the order of their ids.
    pub fn write(&self) -> String {
        let records: Vec<&Record> = self.records.values().collect();
        let lines: Vec<String> = records
            .par_iter()
            // Strings and dates can always be written.
            .map(|record| serde_json::to_string(record).unwrap_or_default())
            .collect();
        let mut text = String::with_capacity(lines.iter().map(|line| line.len() + 1).sum());
        for line in lines {
            text.push_str(&line);
            text.push('\n');
        }
        text
    }

    /// All records, in the order of their ids.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.records.values()
    }

    /// The record of an id.
    pub fn get(&self, id: &str) -> Option<&Record> {
        self.records.get(id)
    }

    /// The record of the article at `path`, relative to the articles' folder, if it is there still.
    pub fn at_path(&self, path: &str) -> Option<&Record> {
        let path = composed(path);
        self.records().find(|record| record.gone.is_none() && record.path == path)
    }

    /// Adds a record or replaces that of the same id.
    pub fn insert(&mut self, record: Record) {
        self.records.insert(record.id.clone(), record);
    }

    /// Takes a record out.
    pub fn remove(&mut self, id: &str) -> Option<Record> {
        self.records.remove(id)
    }

    /// The record of an id, to be changed.
    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut Record> {
        self.records.get_mut(id)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
        damages
            .iter()
            .map(|damage| (place(damage).line, place(damage).column, damage.message.clone()))
            .collect()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut ledger = ledger(&["b", "a"]);
        let mut full = record("c");
        full.title = "“Ünïcode”\n<&>".into();
        full.stated = Some(full.published);
        full.former = vec!["https://example.org/old/".into()];
        full.gone = NaiveDate::from_ymd_opt(2026, 11, 22);
        ledger.insert(full);
        let text = ledger.write();
        assert_eq!(Ledger::parse(&text), Ok(ledger));
        assert!(text.ends_with("}\n") && text.lines().count() == 3);
    }

    #[test]
    fn lines_are_in_the_order_of_ids_whatever_the_order_they_came_in() {
        let text = ledger(&["a", "b"]).write();
        let (a, b) = text.split_once('\n').unwrap();
        assert_eq!(Ledger::parse(&format!("{b}\r\n\r\n{a}\r\n")).unwrap().write(), text);
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
        assert_eq!(said[1].2, "line 2 is no JSON: expected `:`");
        assert_eq!(said[2].2, "line 3 is no record");
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
        let damage = Ledger::read(&bytes).unwrap_err();
        assert_eq!(damage[0].place.as_ref().map(|place| (place.line, place.column)), Some((2, 8)));
    }

    #[test]
    fn a_hundred_thousand_damaged_lines_are_named_in_no_time() {
        assert_eq!(Ledger::parse(&"nonsense\n".repeat(100_000)).unwrap_err().len(), 100_000);
    }

    proptest! {
        #[test]
        fn any_text_is_a_ledger_or_damaged(text in "(?s:.{0,200})", line in "[{}\":,a-z\\[\\]<=>]{0,60}") {
            let _ = Ledger::parse(&text);
            let _ = Ledger::parse(&line);
            let _ = Ledger::read(text.as_bytes().get(1..).unwrap_or_default());
        }
    }
}
