//! The file of the ledger: one line of JSON per article, in the order of their ids, so that two branches that add
//! different articles merge without conflict.
//!
//! Its text stays as it was read, and records are places in it: in a ledger of a hundred thousand articles nearly all
//! stay as they are from build to build, and are written again as they stand.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use rayon::prelude::*;

use super::Identity;
use super::damage::{self, Damage};
use super::print::{self, Print};
use super::quick;
use super::record::{Record, path_in_nfc};
use super::span::Span;
use crate::article::TextFingerprint;
use crate::diagnostic::Diagnostic;

/// All articles that were ever published, by id. A clone shares what was read.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    read: Arc<Read>,
    /// What is not, or no more, as it stands in the text, by id.
    apart: BTreeMap<String, Record>,
}

/// A ledger as it was read.
#[derive(Debug, Default)]
struct Read {
    text: String,
    /// In the order of their ids.
    lines: Vec<Line>,
}

/// A line as we write it. Only what is asked of every one is kept; the rest is read again where somebody asks.
#[derive(Debug)]
pub(super) struct Line {
    /// With its end.
    whole: Span,
    id: Span,
    path: Span,
    published: DateTime<Utc>,
    updated: DateTime<Utc>,
    gone: Option<NaiveDate>,
    id_is_permalink: bool,
    print: Print,
    fingerprint: Option<TextFingerprint>,
}

/// A line that could be read.
enum Legible {
    AsWritten(Line),
    Otherwise(Box<Record>),
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
    pub fn parse(text: impl Into<String>) -> Result<Self, Vec<Diagnostic>> {
        let mut text = text.into();
        drop_mark(&mut text);
        let (mut found, damages) = legible(&text);
        if !damages.is_empty() {
            return Err(damages);
        }
        let mut apart = BTreeMap::new();
        let mut lines = Vec::with_capacity(found.len());
        for (_, legible) in found.drain(..) {
            match legible {
                Legible::AsWritten(line) => lines.push(line),
                Legible::Otherwise(record) => {
                    apart.insert(record.id.clone(), *record);
                }
            }
        }
        Ok(Self { read: Arc::new(Read { text, lines }), apart })
    }

    /// Reads the bytes of `feedwright.lock`.
    ///
    /// # Errors
    ///
    /// As for [`Self::parse`], and where they are not UTF-8.
    pub fn read(bytes: Vec<u8>) -> Result<Self, Vec<Diagnostic>> {
        match String::from_utf8(bytes) {
            Ok(text) => Self::parse(text),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                Err(vec![damage::encoding(error.as_bytes(), valid)])
            }
        }
    }

    /// One line of JSON per record, in the order of their ids.
    pub fn write(&self) -> String {
        self.parts().concat()
    }

    /// What [`Self::write`] gives, in parts that follow one another: what was read and stays as it is need not be
    /// copied.
    pub fn parts(&self) -> Vec<Cow<'_, str>> {
        let mut parts = Parts { text: &self.read.text, done: Vec::new(), open: 0..0 };
        let mut apart = self.apart.values().peekable();
        for line in &self.read.lines {
            let id = line.id.within(&self.read.text);
            while let Some(record) = apart.next_if(|record| record.id.as_str() < id) {
                parts.write(record);
            }
            match apart.next_if(|record| record.id == id) {
                Some(record) => parts.write(record),
                None => parts.keep(line.whole),
            }
        }
        apart.for_each(|record| parts.write(record));
        parts.close();
        parts.done
    }

    /// All records, in the order of their ids.
    pub fn records(&self) -> impl Iterator<Item = Record<&str>> {
        self.kept().map(Kept::record)
    }

    /// All records where they are, in the order of their ids.
    pub(super) fn kept(&self) -> impl Iterator<Item = Kept<'_>> {
        let Read { text, lines, .. } = &*self.read;
        let mut read = lines.iter().peekable();
        let mut apart = self.apart.values().peekable();
        std::iter::from_fn(move || {
            let order = match (read.peek(), apart.peek()) {
                (Some(line), Some(record)) => record.id.as_str().cmp(line.id.within(text)),
                (None, Some(_)) => Ordering::Less,
                (_, None) => Ordering::Greater,
            };
            // What is kept apart stands for what was read.
            let line = if order == Ordering::Less { None } else { read.next() };
            if order == Ordering::Greater {
                return line.map(|line| Kept::Read(text, line));
            }
            apart.next().map(Kept::Apart)
        })
    }

    /// Records that another ledger has not, or not so, in the order of their ids, each with what is there. A record that
    /// only measures the similarity of its text, where the other ledger has none, is none of them.
    pub fn since<'a>(
        &'a self,
        before: &'a Self,
    ) -> impl Iterator<Item = (Option<Record<&'a str>>, Record<&'a str>)> {
        let shared = Arc::ptr_eq(&self.read, &before.read);
        let read = self.records().filter(move |_| !shared);
        let apart = self.apart.values().map(Record::view).filter(move |_| shared);
        let with_former = |record: Record<&'a str>| (before.get(record.id), record);
        let is_new = |former: &Option<Record<&str>>, record: &Record<&str>| {
            former.as_ref().is_none_or(|former| !record.says_all_of(former))
        };
        read.chain(apart).map(with_former).filter(move |(former, record)| is_new(former, record))
    }

    /// The record of an id.
    pub fn get(&self, id: &str) -> Option<Record<&str>> {
        self.apart.get(id).map(Record::view).or_else(|| self.as_read(id))
    }

    fn as_read(&self, id: &str) -> Option<Record<&str>> {
        let Read { text, lines, .. } = &*self.read;
        let at = lines.binary_search_by(|line| line.id.within(text).cmp(id)).ok()?;
        lines.get(at).map(|line| line.record(text))
    }

    /// What is remembered of the texts of articles that are there, by their paths.
    pub fn fingerprints(&self) -> TextFingerprints<'_> {
        let mut by_path = HashMap::with_capacity(self.read.lines.len() + self.apart.len());
        let there = self.kept().filter(|kept| kept.gone().is_none());
        by_path.extend(there.map(|kept| (kept.print().path, kept)));
        TextFingerprints { by_path }
    }

    /// The record of the article at `path`, relative to the articles' folder, if it is there still.
    pub fn at_path(&self, path: &str) -> Option<Record<&str>> {
        let path = path_in_nfc(path);
        self.records().find(|record| record.gone.is_none() && record.path == path)
    }

    /// Adds a record or replaces that of the same id.
    pub fn insert(&mut self, record: Record) {
        if self.as_read(&record.id).is_some_and(|read| read == record.view()) {
            self.apart.remove(&record.id);
        } else {
            self.apart.insert(record.id.clone(), record);
        }
    }

    /// The record of an id, to be changed.
    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut Record> {
        if !self.apart.contains_key(id) {
            let record = self.as_read(id)?.owned();
            self.apart.insert(record.id.clone(), record);
        }
        self.apart.get_mut(id)
    }
}

impl PartialEq for Ledger {
    fn eq(&self, other: &Self) -> bool {
        (Arc::ptr_eq(&self.read, &other.read) && self.apart == other.apart)
            || self.records().eq(other.records())
    }
}

impl Eq for Ledger {}

impl Line {
    fn record<'a>(&self, text: &'a str) -> Record<&'a str> {
        let line = self.whole.within(text);
        quick::read(line.strip_suffix('\n').unwrap_or(line)).expect("the line was read before")
    }
}

/// What is remembered of texts; see [`Ledger::fingerprints`].
#[derive(Debug)]
pub struct TextFingerprints<'a> {
    /// By the numbers of their paths. Where two have one number, what is given for the one is of the other, and cannot be
    /// taken for it: the digests differ.
    by_path: HashMap<u64, Kept<'a>>,
}

impl TextFingerprints<'_> {
    /// What is remembered of the text at a path, relative to the articles' folder and in NFC.
    pub fn get(&self, path: &str) -> Option<TextFingerprint> {
        match self.by_path.get(&print::number(path))? {
            Kept::Read(_, line) => line.fingerprint,
            Kept::Apart(record) => record.view().fingerprint(),
        }
    }
}

/// A record where it is: as it was read, in the text, or apart from it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kept<'a> {
    Read(&'a str, &'a Line),
    Apart(&'a Record),
}

impl<'a> Kept<'a> {
    /// What it says.
    pub(super) fn record(self) -> Record<&'a str> {
        match self {
            Self::Read(text, line) => line.record(text),
            Self::Apart(record) => record.view(),
        }
    }

    pub(super) fn id(self) -> &'a str {
        match self {
            Self::Read(text, line) => line.id.within(text),
            Self::Apart(record) => &record.id,
        }
    }

    pub(super) fn path(self) -> &'a str {
        match self {
            Self::Read(text, line) => line.path.within(text),
            Self::Apart(record) => &record.path,
        }
    }

    pub(super) fn gone(self) -> Option<NaiveDate> {
        match self {
            Self::Read(_, line) => line.gone,
            Self::Apart(record) => record.gone,
        }
    }

    pub(super) fn print(self) -> Print {
        match self {
            Self::Read(_, line) => line.print,
            Self::Apart(record) => Print::of_record(record),
        }
    }

    /// The identity that it gives.
    pub(super) fn identity(self) -> Identity<'a> {
        let (id_is_permalink, published, updated) = match self {
            Self::Read(_, line) => (line.id_is_permalink, line.published, line.updated),
            Self::Apart(record) => (record.id_is_permalink, record.published, record.updated),
        };
        Identity { id: self.id().into(), id_is_permalink, published, updated }
    }
}

/// Parts of a text that is written.
struct Parts<'a> {
    text: &'a str,
    done: Vec<Cow<'a, str>>,
    /// Lines that are kept, and follow one another.
    open: Range<usize>,
}

impl Parts<'_> {
    fn keep(&mut self, line: Span) {
        let range = line.range();
        if range.start != self.open.end {
            self.close();
            self.open.start = range.start;
        }
        self.open.end = range.end;
        if !line.within(self.text).ends_with('\n') {
            self.close();
            self.done.push("\n".into());
        }
    }

    fn write(&mut self, record: &Record) {
        self.close();
        // Strings and dates can always be written.
        let line = serde_json::to_string(record).unwrap_or_default();
        self.done.push((line + "\n").into());
    }

    fn close(&mut self) {
        let open = std::mem::replace(&mut self.open, 0..0);
        if let Some(text) = self.text.get(open).filter(|text| !text.is_empty()) {
            self.done.push(text.into());
        }
    }
}

/// About so many bytes of a ledger are read in one go.
const BLOCK: usize = 1 << 18;

/// The lines of a ledger in the order of their ids, each with its number, and all that is wrong with it.
fn legible(text: &str) -> (Vec<(usize, Legible)>, Vec<Diagnostic>) {
    let blocks: Vec<Block<'_>> = blocks(text).into_par_iter().map(|block| read_block(text, block)).collect();
    let mut found = Vec::with_capacity(blocks.iter().map(|block| block.found.len()).sum());
    let mut damages = Vec::new();
    let mut before = 0;
    for block in blocks {
        found.extend(block.found.into_iter().map(|(at, legible)| (before + at, legible)));
        damages.extend(block.damages.into_iter().map(|(at, damage)| (before + at, damage)));
        before += block.lines;
    }
    let in_order = |(_, one): &(usize, Legible), (_, other): &(usize, Legible)| one.id(text) < other.id(text);
    if !found.is_sorted_by(in_order) {
        // Of lines with one id the first in the file comes first.
        found.sort_by(|(_, one), (_, other)| one.id(text).cmp(other.id(text)));
        damages.extend(twice(text, &found, &conflicts(&damages)));
        damages.sort_by_key(|(at, _)| *at);
    }
    (found, damages.into_iter().map(|(at, damage)| damage.at(at)).collect())
}

/// Takes the byte order mark off.
fn drop_mark(text: &mut String) {
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
}

/// Lines whose id an earlier one has. In a conflict that is still open, both sides may well have the same article.
fn twice<'a>(
    text: &'a str,
    found: &[(usize, Legible)],
    conflicts: &[Range<usize>],
) -> Vec<(usize, Damage<'a>)> {
    let lines: Vec<&str> = text.lines().collect();
    let is_open = |at: usize| {
        let after = conflicts.partition_point(|conflict| conflict.start <= at);
        after > 0 && conflicts.get(after - 1).is_some_and(|conflict| conflict.contains(&at))
    };
    let mut damages = Vec::new();
    for same in found.chunk_by(|(_, one), (_, other)| one.id(text) == other.id(text)) {
        let Some(((first, _), others)) = same.split_first() else { continue };
        for (at, other) in others.iter().filter(|(at, _)| !is_open(*at)) {
            let line = lines.get(*at).copied().unwrap_or_default();
            damages.push((*at, Damage::twice(line, other.id(text), first + 1)));
        }
    }
    damages
}

/// Some lines of a ledger.
struct Block<'a> {
    lines: usize,
    /// By their numbers in the block.
    found: Vec<(usize, Legible)>,
    damages: Vec<(usize, Damage<'a>)>,
}

/// The text in parts that end where lines do.
fn blocks(text: &str) -> Vec<&str> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let bytes = rest.as_bytes().get(BLOCK..).unwrap_or_default();
        let end = memchr::memchr(b'\n', bytes).map_or(rest.len(), |at| BLOCK + at + 1);
        let (block, after) = rest.split_at(end);
        blocks.push(block);
        rest = after;
    }
    blocks
}

fn read_block<'a>(text: &str, block: &'a str) -> Block<'a> {
    let mut read = Block { lines: 0, found: Vec::new(), damages: Vec::new() };
    let mut start = 0;
    while start < block.len() {
        let rest = block.as_bytes().get(start..).unwrap_or_default();
        let end = memchr::memchr(b'\n', rest).map_or(block.len(), |at| start + at + 1);
        match read_line(text, block.get(start..end).unwrap_or_default()) {
            Ok(legible) => read.found.extend(legible.map(|legible| (read.lines, legible))),
            Err(damage) => read.damages.push((read.lines, damage)),
        }
        read.lines += 1;
        start = end;
    }
    read
}

/// The lines between markers of a merge that was not finished.
fn conflicts(damages: &[(usize, Damage<'_>)]) -> Vec<Range<usize>> {
    let mut conflicts: Vec<Range<usize>> = Vec::new();
    let mut opened = None;
    for (at, damage) in damages {
        if damage.opens_conflict() {
            opened = opened.or(Some(*at));
        } else if damage.closes_conflict() {
            conflicts.extend(opened.take().map(|opened| opened..*at));
        }
    }
    conflicts.extend(opened.map(|opened| opened..usize::MAX));
    conflicts
}

fn read_line<'a>(text: &str, whole: &'a str) -> Result<Option<Legible>, Damage<'a>> {
    let line = whole.strip_suffix('\n').unwrap_or(whole);
    if let Some(record) = quick::read(line).filter(|_| text.len() <= Span::FARTHEST) {
        return Ok(Some(Legible::AsWritten(Line {
            whole: Span::of(text, whole),
            id: Span::of(text, record.id),
            path: Span::of(text, record.path),
            published: record.published,
            updated: record.updated,
            gone: record.gone,
            id_is_permalink: record.id_is_permalink,
            print: Print::of_record(&record),
            fingerprint: record.fingerprint(),
        })));
    }
    let line = line.strip_suffix('\r').unwrap_or(line);
    Ok(damage::read(line)?.map(|record| Legible::Otherwise(Box::new(record))))
}

impl Legible {
    fn id<'a>(&'a self, text: &'a str) -> &'a str {
        match self {
            Self::AsWritten(line) => line.id.within(text),
            Self::Otherwise(record) => &record.id,
        }
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
        assert_eq!(changed.write(), text);
        let of =
            |text: &str, id: &str| text.lines().find(|line| line.contains(id)).unwrap().to_owned() + "\n";
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
}
