//! Records where they are: in the text of a ledger as it was read, or apart from it.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::article::TextFingerprint;
use crate::ledger::Identity;
use crate::ledger::print::{self, Print};
use crate::ledger::record::Record;
use crate::ledger::span::Span;

/// A line whose texts can be borrowed. Only what is asked of every one is kept; the rest is read again where somebody asks.
#[derive(Debug)]
pub(in crate::ledger) struct Line {
    /// With its end.
    pub(super) whole: Span,
    pub(super) id: Span,
    pub(super) path: Span,
    pub(super) published: DateTime<Utc>,
    pub(super) updated: DateTime<Utc>,
    pub(super) gone: Option<NaiveDate>,
    pub(super) id_is_permalink: bool,
    pub(super) has_former: bool,
    pub(super) located: bool,
    pub(super) print: Print,
    pub(super) fingerprint: Option<TextFingerprint>,
}

impl Line {
    /// The record itself.
    pub(super) fn record<'a>(&self, text: &'a str) -> Record<&'a str> {
        let line = self.whole.within(text);
        Record::read(line.strip_suffix('\n').unwrap_or(line)).expect("the line was read before")
    }
}

/// A record where it is: as it was read, in the text, or apart from it.
#[derive(Clone, Copy, Debug)]
pub(in crate::ledger) enum Kept<'a> {
    Read(&'a str, &'a Line),
    Apart(&'a Record),
}

impl<'a> Kept<'a> {
    /// True if its article had other URLs before.
    pub(super) fn has_former(self) -> bool {
        match self {
            Self::Read(_, line) => line.has_former,
            Self::Apart(record) => !record.former.is_empty(),
        }
    }

    /// True if its permalink is one that no rule makes.
    pub(super) fn is_located(self) -> bool {
        match self {
            Self::Read(_, line) => line.located,
            Self::Apart(record) => record.located,
        }
    }

    /// The record itself.
    pub(in crate::ledger) fn record(self) -> Record<&'a str> {
        match self {
            Self::Read(text, line) => line.record(text),
            Self::Apart(record) => record.view(),
        }
    }

    pub(in crate::ledger) fn id(self) -> &'a str {
        match self {
            Self::Read(text, line) => line.id.within(text),
            Self::Apart(record) => &record.id,
        }
    }

    pub(in crate::ledger) fn path(self) -> &'a str {
        match self {
            Self::Read(text, line) => line.path.within(text),
            Self::Apart(record) => &record.path,
        }
    }

    pub(in crate::ledger) fn gone(self) -> Option<NaiveDate> {
        match self {
            Self::Read(_, line) => line.gone,
            Self::Apart(record) => record.gone,
        }
    }

    pub(in crate::ledger) fn print(self) -> Print {
        match self {
            Self::Read(_, line) => line.print,
            Self::Apart(record) => Print::of_record(record),
        }
    }

    /// The identity that it gives.
    pub(in crate::ledger) fn identity(self) -> Identity<'a> {
        let (id_is_permalink, published, updated) = match self {
            Self::Read(_, line) => (line.id_is_permalink, line.published, line.updated),
            Self::Apart(record) => (record.id_is_permalink, record.published, record.updated),
        };
        Identity { id: self.id().into(), id_is_permalink, published, updated }
    }
}

/// The fingerprints of the texts that a ledger remembers; see [`Ledger::fingerprints`](super::Ledger::fingerprints).
#[derive(Debug)]
pub struct TextFingerprints<'a> {
    /// By the numbers of their paths. Where two have one number, what is given for the one is of the other, and cannot be
    /// taken for it: the digests differ.
    by_path: HashMap<u64, Kept<'a>>,
}

impl<'a> TextFingerprints<'a> {
    pub(super) fn of(records: impl Iterator<Item = Kept<'a>>) -> Self {
        Self { by_path: records.map(|kept| (kept.print().path, kept)).collect() }
    }
}

impl TextFingerprints<'_> {
    /// The fingerprint of the text at a path, relative to the articles' folder and in NFC.
    pub fn get(&self, path: &str) -> Option<TextFingerprint> {
        match self.by_path.get(&print::number(path))? {
            Kept::Read(_, line) => line.fingerprint,
            Kept::Apart(record) => record.view().fingerprint(),
        }
    }
}
