//! What the ledger remembers of an article, one line of JSON each.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;

/// An article that was published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The id by which readers know it, to the letter.
    pub id: String,
    /// Relative to the articles' folder.
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
    /// BLAKE3 of the body, in hexadecimal.
    pub digest: String,
    /// Tells how alike two bodies are.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sketch: String,
    /// Where it is on the web.
    pub permalink: String,
    /// Where it was before, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<String>,
    /// Whether the id is said to be a permalink, as in a feed that was adopted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub id_is_permalink: bool,
    /// The day on which its file was found gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<NaiveDate>,
}

/// All articles that were ever published, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    records: BTreeMap<String, Record>,
}

impl Ledger {
    /// Reads `feedwright.lock`.
    ///
    /// # Errors
    ///
    /// Every line that cannot be read, at its place.
    pub fn parse(text: &str) -> Result<Self, Vec<Diagnostic>> {
        let _ = text;
        Ok(Self::default())
    }

    /// One line of JSON per record, in the order of their ids.
    pub fn write(&self) -> String {
        String::new()
    }

    /// All records, in the order of their ids.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.records.values()
    }

    /// The record of an id.
    pub fn get(&self, id: &str) -> Option<&Record> {
        self.records.get(id)
    }

    /// Adds a record or replaces that of the same id.
    pub fn insert(&mut self, record: Record) {
        self.records.insert(record.id.clone(), record);
    }

    /// Takes a record out.
    pub fn remove(&mut self, id: &str) -> Option<Record> {
        self.records.remove(id)
    }
}
