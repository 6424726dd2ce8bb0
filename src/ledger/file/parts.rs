//! A ledger as it is written: what was read and stays as it is need not be copied.

use std::borrow::Cow;
use std::ops::Range;

use crate::ledger::record::Record;
use crate::ledger::span::Span;

/// Parts of a text that is written.
pub(super) struct Parts<'a> {
    text: &'a str,
    done: Vec<Cow<'a, str>>,
    /// Lines that are kept, and follow one another.
    open: Range<usize>,
}

impl<'a> Parts<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, done: Vec::new(), open: 0..0 }
    }

    /// All of them, in their order.
    pub(super) fn done(mut self) -> Vec<Cow<'a, str>> {
        self.close();
        self.done
    }

    /// Keeps a line as it stands.
    pub(super) fn keep(&mut self, line: Span) {
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

    /// Writes a record in a line of its own.
    pub(super) fn write(&mut self, record: &Record) {
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
