//! Tells by two numbers whether a record says of an article all that it would say after a build.
//!
//! In a ledger of a hundred thousand records nearly all do. To compare their texts with those of their articles would
//! be to run through all memory in no order; numbers are made where each text is at hand, and compared in order.

use std::hash::{DefaultHasher, Hasher};

use chrono::{DateTime, SubsecRound, Utc};

use super::Record;
use super::record::{path_of, unhex};
use crate::article::{ArticleSummary, TextFingerprint};

/// The number of a path, in NFC, and of all that the ledger remembers of the article at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Print {
    pub(super) path: u64,
    /// `None` where nothing is equal to it: of a record that has something to be settled about itself, or an article
    /// that states no date.
    pub(super) facts: Option<u64>,
}

impl Print {
    pub(super) fn of_record<S: AsRef<str>>(record: &Record<S>) -> Self {
        let whole = |date: DateTime<Utc>| date.timestamp_subsec_nanos() == 0;
        let is_sound = !record.pending
            && record.gone.is_none()
            && record.published <= record.updated
            && whole(record.stated_date())
            && record.stated_updated.is_none_or(whole);
        let minhash = record.minhash.as_ref();
        let fingerprint = || {
            let minhash = if minhash.is_empty() {
                [0; 32]
            } else {
                unhex(minhash).filter(|minhash| *minhash != [0; 32])?
            };
            Some(TextFingerprint {
                digest: unhex(record.digest.as_ref())?,
                minhash,
                characters: record.characters,
            })
        };
        let path = record.path.as_ref();
        let facts = |fingerprint| {
            let texts = [path, record.title.as_ref(), record.permalink.as_ref()];
            facts((texts, record.located), record.stated_date(), record.stated_updated, &fingerprint)
        };
        Self {
            path: number(path),
            facts: Some(()).filter(|()| is_sound).and_then(|()| fingerprint()).map(facts),
        }
    }

    pub(super) fn of_summary(summary: ArticleSummary<'_>) -> Self {
        let path = path_of(summary);
        let seconds = |date: DateTime<Utc>| date.trunc_subsecs(0);
        let facts = |published| {
            let texts = [&*path, summary.title().unwrap_or_default(), summary.permalink()];
            facts(
                (texts, summary.is_located()),
                seconds(published),
                summary.updated().map(seconds),
                &summary.fingerprint(),
            )
        };
        Self { path: number(&path), facts: summary.published().map(facts) }
    }

    /// True if a record with one print says all of an article with the other.
    pub(super) fn is(self, other: Self) -> bool {
        self.path == other.path && self.facts.is_some() && self.facts == other.facts
    }
}

/// The number of a path.
pub(super) fn number(path: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(path.as_bytes());
    hasher.finish()
}

fn facts(
    (texts, located): ([&str; 3], bool),
    published: DateTime<Utc>,
    updated: Option<DateTime<Utc>>,
    fingerprint: &TextFingerprint,
) -> u64 {
    let mut hasher = DefaultHasher::new();
    for text in texts {
        hasher.write_usize(text.len());
        hasher.write(text.as_bytes());
    }
    hasher.write_i64(published.timestamp());
    // No date is that far.
    hasher.write_i64(updated.map_or(i64::MIN, |updated| updated.timestamp()));
    hasher.write(&fingerprint.digest);
    hasher.write(&fingerprint.minhash);
    hasher.write_u32(fingerprint.characters);
    hasher.write_u8(u8::from(located));
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Conventions, SourceFile, parse};

    fn summary(text: &str) -> Vec<u8> {
        let conventions = Conventions::default();
        let (path, name) = ("articles/a.md", "a.md");
        let source = SourceFile { path, name, bytes: text.as_bytes(), ..SourceFile::default() };
        ArticleSummary::write(&parse(&source, &conventions).0, "https://example.org/a/")
    }

    #[test]
    fn a_record_is_settled_until_anything_about_it_or_its_article_changes() {
        let text = "---\ntitle: A\ndate: 2024-05-06T10:00:00.5Z\nupdated: 2025-01-01\n---\nSome words.\n";
        let written = summary(text);
        let print = Print::of_summary(ArticleSummary::read("", &written));
        let published = "2024-05-06T10:00:00Z".parse().unwrap();
        let summary_now = ArticleSummary::read("", &written);
        let record =
            Record { stated_updated: summary_now.updated(), ..Record::new("1", summary_now, published) };
        let record = Record { stated: None, ..record };
        assert!(Print::of_record(&record).is(print));
        for (from, to) in [
            ("A\n", "B\n"),
            ("05-06", "05-07"),
            ("2025", "2026"),
            ("Some", "No"),
            ("---\nSome", "id: 1\n---\nSome"),
        ] {
            let changed = summary(&text.replacen(from, to, 1));
            let stays = from == "---\nSome";
            assert_eq!(
                Print::of_record(&record).is(Print::of_summary(ArticleSummary::read("", &changed))),
                stays,
                "{to}"
            );
        }
        let later = record.updated + chrono::Duration::seconds(1);
        for changed in [
            Record { path: "b.md".into(), ..record.clone() },
            Record { permalink: "https://example.org/b/".into(), ..record.clone() },
            Record { published: later, ..record.clone() },
            Record { located: true, ..record.clone() },
            Record { pending: true, ..record.clone() },
            Record { gone: Some(later.date_naive()), ..record.clone() },
            Record { minhash: "00".repeat(32), ..record.clone() },
            Record { characters: 1, ..record.clone() },
            Record { digest: "00".into(), ..record.clone() },
        ] {
            assert!(!Print::of_record(&changed).is(print), "{changed:?}");
        }
    }
}
