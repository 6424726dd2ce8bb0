//! The file of the ledger: one line of JSON per article, in the order of their ids, so that two branches that add
//! different articles merge without conflict.
//!
//! Its text stays as it was read, and records are places in it: in a ledger of a hundred thousand articles nearly all
//! stay as they are from build to build, and are written again as they stand.

mod kept;
mod lines;
mod parts;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::damage;
use super::record::{Record, path_in_nfc};
use crate::diagnostic::Diagnostic;
use lines::{Legible, drop_mark, legible};
use parts::Parts;

pub use kept::TextFingerprints;
pub(super) use kept::{Kept, Line};

/// All articles that were ever published, by id. A clone shares what was read.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    read: Arc<Read>,
    /// Records that are new or have changed since the text was read, by id.
    apart: BTreeMap<String, Record>,
}

/// A ledger as it was read.
#[derive(Debug, Default)]
struct Read {
    text: String,
    /// In the order of their ids.
    lines: Vec<Line>,
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
                Legible::Plain(line) => lines.push(line),
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

    /// The text that [`Self::write`] gives, in parts that follow one another: what was read and stays as it is need not be
    /// copied.
    pub fn parts(&self) -> Vec<Cow<'_, str>> {
        let mut parts = Parts::of(&self.read.text);
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
        parts.done()
    }

    /// All records, in the order of their ids.
    pub fn records(&self) -> impl Iterator<Item = Record<&str>> {
        self.kept().map(Kept::record)
    }

    /// The records of articles that had other addresses before, in the order of their ids.
    pub fn moved(&self) -> impl Iterator<Item = Record<&str>> {
        self.kept().filter(|kept| kept.has_former()).map(Kept::record)
    }

    /// The records of articles whose permalink no rule makes, in the order of their ids.
    pub fn located(&self) -> impl Iterator<Item = Record<&str>> {
        self.kept().filter(|kept| kept.is_located()).map(Kept::record)
    }

    /// The records of articles that are gone, in the order of their ids.
    pub fn gone(&self) -> impl Iterator<Item = Record<&str>> {
        self.kept().filter(|kept| kept.gone().is_some()).map(Kept::record)
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
    /// only measures the similarity of its text, where the other ledger has none, is not one of them.
    pub fn since<'a>(
        &'a self,
        before: &'a Self,
    ) -> impl Iterator<Item = (Option<Record<&'a str>>, Record<&'a str>)> {
        let shared = Arc::ptr_eq(&self.read, &before.read);
        // Of what both have read, only what is apart can differ.
        let read = (!shared).then(|| self.records()).into_iter().flatten();
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

    /// The fingerprints of articles that are there, by their paths.
    pub fn fingerprints(&self) -> TextFingerprints<'_> {
        TextFingerprints::of(self.kept().filter(|kept| kept.gone().is_none()))
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
        if !Arc::ptr_eq(&self.read, &other.read) {
            return self.records().eq(other.records());
        }
        // Of what both have read, only what is apart can differ.
        let mut apart = self.apart.keys().chain(other.apart.keys());
        apart.all(|id| self.get(id) == other.get(id))
    }
}

impl Eq for Ledger {}

#[cfg(test)]
mod tests;
