//! A place in the text of a ledger.

use std::ops::Range;

/// A part of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    start: u32,
    length: u32,
}

impl Span {
    /// The longest text that has such places.
    pub(super) const FARTHEST: usize = u32::MAX as usize;

    /// The place of `part` in `text`, out of which it was cut.
    pub(super) fn of(text: &str, part: &str) -> Self {
        if part.is_empty() {
            return Self::default();
        }
        let start = part.as_ptr().addr().saturating_sub(text.as_ptr().addr());
        let short = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self { start: short(start), length: short(part.len()) }
    }

    pub(super) fn range(self) -> Range<usize> {
        let start = self.start as usize;
        start..start + self.length as usize
    }

    /// The part of `text` that lies there.
    pub(super) fn within(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }
}
