//! The record that the ledger keeps of an article.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::article::{ArticleSummary, TextFingerprint};

/// An article that was published. `S` is how its texts are kept: owned, or as places in the text of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(bound(serialize = "S: Serialize + AsRef<str>", deserialize = "S: Deserialize<'de> + Default"))]
pub struct Record<S = String> {
    /// The id by which readers know it, to the letter.
    pub id: S,
    /// Relative to the articles' folder, in NFC.
    pub path: S,
    /// Plain text; empty for a note.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub title: S,
    /// First publication.
    #[serde(deserialize_with = "instant")]
    pub published: DateTime<Utc>,
    /// The date that the author stated when it was published, if it is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated: Option<DateTime<Utc>>,
    /// The last change that counted.
    #[serde(deserialize_with = "instant")]
    pub updated: DateTime<Utc>,
    /// The date of update that the author stated last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated_updated: Option<DateTime<Utc>>,
    /// BLAKE3 of the body, in hexadecimal.
    pub digest: S,
    /// Tells how similar two bodies are, in hexadecimal; empty where the body is too short to tell, or is not measured
    /// yet.
    #[serde(rename = "similarity", default, skip_serializing_if = "is_empty")]
    pub minhash: S,
    /// Letters and digits of the body.
    #[serde(default)]
    pub characters: u32,
    /// Its URL.
    pub permalink: S,
    /// Its former URLs, oldest first.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<S>,
    /// True if a built site showed its permalink, or an adopted feed had it, and it is another than the rules make.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub located: bool,
    /// True if the id is said to be a permalink, as in a feed that was adopted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub id_is_permalink: bool,
    /// True if the id was pinned to an article that is not yet published. Its dates count for nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
    /// The day on which its file was found gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<NaiveDate>,
}

/// Reads an instant: RFC 3339 first, which all ledgers have, then chrono's other forms, which take it four times as long.
fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    struct Instant;

    impl Visitor<'_> for Instant {
        type Value = DateTime<Utc>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("an instant, such as 2024-05-06T10:00:00Z")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
            let read = DateTime::parse_from_rfc3339(text).map(|instant| instant.to_utc());
            read.or_else(|_| text.parse()).map_err(E::custom)
        }
    }

    deserializer.deserialize_str(Instant)
}

fn is_empty<S: AsRef<str>>(text: &S) -> bool {
    text.as_ref().is_empty()
}

impl Record {
    /// The record of an article under a new id, published and last updated at that instant.
    pub fn new(id: impl Into<String>, summary: ArticleSummary<'_>, published: DateTime<Utc>) -> Self {
        let mut record = Self {
            id: id.into(),
            path: String::new(),
            title: String::new(),
            published,
            stated: summary.published().filter(|stated| *stated != published),
            updated: published,
            stated_updated: summary.updated(),
            digest: String::new(),
            minhash: String::new(),
            characters: 0,
            permalink: summary.permalink().to_string(),
            former: Vec::new(),
            located: false,
            id_is_permalink: false,
            pending: false,
            gone: None,
        };
        record.describe(summary);
        record
    }

    /// Takes over what an article is known by: where it lies, its title, its text.
    pub fn describe(&mut self, summary: ArticleSummary<'_>) {
        self.path = path_of(summary).into_owned();
        summary.title().unwrap_or_default().clone_into(&mut self.title);
        let fingerprint = summary.fingerprint();
        self.digest = hex(&fingerprint.digest);
        self.minhash = if fingerprint.minhash == [0; 32] { String::new() } else { hex(&fingerprint.minhash) };
        self.characters = fingerprint.characters;
        self.located = summary.is_located();
    }

    /// The same record, its texts borrowed.
    pub fn view(&self) -> Record<&str> {
        self.map(String::as_str)
    }
}

impl<'a> Record<&'a str> {
    /// The record of a line of the ledger, its texts borrowed from it. `None` where that cannot be: nothing is wrong with
    /// the line if a text in it is escaped; see `damage::read`.
    pub(super) fn read(line: &'a str) -> Option<Self> {
        serde_json::from_str(line).ok().filter(|record: &Self| !record.id.is_empty())
    }

    /// The same record, with texts of its own.
    pub fn owned(&self) -> Record {
        self.map(|text| (*text).to_owned())
    }

    /// The fingerprint of its text. `None` where that has to be measured (again): a text without a minhash is short, or
    /// its record was written before 0.2.
    pub fn fingerprint(&self) -> Option<TextFingerprint> {
        let minhash = unhex(self.minhash)?;
        Some(TextFingerprint { digest: unhex(self.digest)?, minhash, characters: self.characters })
    }
}

impl<S: AsRef<str>> Record<S> {
    /// Its minhash, if it has one.
    pub(super) fn minhash(&self) -> Option<[u8; 32]> {
        unhex(self.minhash.as_ref())
    }
}

impl<S: PartialEq + Default> Record<S> {
    /// True if all that another record says of its article is in this one, which may have measured its text as well.
    pub(super) fn says_all_of(&self, other: &Self) -> bool
    where
        S: Clone,
    {
        *self == *other
            || (other.minhash == S::default()
                && *self == Self { minhash: self.minhash.clone(), ..other.clone() })
    }
}

impl<S> Record<S> {
    /// The date that its author states, as far as it is known.
    pub fn stated_date(&self) -> DateTime<Utc> {
        self.stated.unwrap_or(self.published)
    }

    /// The same record with its texts kept in another way.
    pub(super) fn map<'a, T>(&'a self, keep: impl Fn(&'a S) -> T) -> Record<T> {
        Record {
            id: keep(&self.id),
            path: keep(&self.path),
            title: keep(&self.title),
            published: self.published,
            stated: self.stated,
            updated: self.updated,
            stated_updated: self.stated_updated,
            digest: keep(&self.digest),
            minhash: keep(&self.minhash),
            characters: self.characters,
            permalink: keep(&self.permalink),
            former: self.former.iter().map(keep).collect(),
            located: self.located,
            id_is_permalink: self.id_is_permalink,
            pending: self.pending,
            gone: self.gone,
        }
    }
}

/// The path of an article as records have it.
pub fn path_of(summary: ArticleSummary<'_>) -> Cow<'_, str> {
    path_in_nfc(summary.name())
}

/// File systems disagree about composed letters; the ledger has them composed.
pub(super) fn path_in_nfc(path: &str) -> Cow<'_, str> {
    if path.is_ascii() { path.into() } else { path.nfc().collect() }
}

pub(super) fn hex(bytes: &[u8; 32]) -> String {
    blake3::Hash::from(*bytes).to_hex().to_string()
}

/// True if digits are those of the bytes.
pub(super) fn is_hex_of(digits: &str, bytes: &[u8; 32]) -> bool {
    unhex(digits).as_ref() == Some(bytes)
}

/// The bytes of 64 small hexadecimal digits.
pub(super) fn unhex(digits: &str) -> Option<[u8; 32]> {
    let digits: &[u8; 64] = digits.as_bytes().try_into().ok()?;
    let mut bytes = [0; 32];
    let mut all = 0;
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = [VALUES[usize::from(pair[0])], VALUES[usize::from(pair[1])]];
        all |= high | low;
        *byte = high << 4 | low;
    }
    (all < 16).then_some(bytes)
}

/// The values of small hexadecimal digits; 255 for any other byte.
const VALUES: [u8; 256] = {
    let mut values = [255; 256];
    let mut value = 0;
    while value < 16 {
        values[b"0123456789abcdef"[value as usize] as usize] = value;
        value += 1;
    }
    values
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn record() -> impl Strategy<Value = Record> {
        let text = || prop_oneof!["[ -~]{0,12}", "\\PC{0,12}", ".{0,6}"];
        let instant =
            || (-62_167_219_200_i64..253_402_300_799).prop_map(|at| DateTime::from_timestamp(at, 0));
        let some_instant = || instant().prop_map(Option::unwrap_or_default);
        let sometimes = move || proptest::option::of(some_instant());
        let texts = (text(), text(), text(), text(), text(), text(), prop::collection::vec(text(), 0..3));
        let dates = (some_instant(), sometimes(), some_instant(), sometimes());
        let rest = (any::<u32>(), any::<[bool; 3]>(), proptest::option::of(some_instant()));
        (texts, dates, rest).prop_map(|(texts, dates, rest)| Record {
            id: format!("i{}", texts.0),
            path: texts.1,
            title: texts.2,
            published: dates.0,
            stated: dates.1,
            updated: dates.2,
            stated_updated: dates.3,
            digest: texts.3,
            minhash: texts.4,
            characters: rest.0,
            permalink: texts.5,
            former: texts.6,
            located: rest.1[0],
            id_is_permalink: rest.1[1],
            pending: rest.1[2],
            gone: rest.2.map(|instant| instant.date_naive()),
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again_with_texts_borrowed_where_they_can_be(record in record()) {
            let line = serde_json::to_string(&record).unwrap();
            prop_assert_eq!(serde_json::from_str::<Record>(&line).unwrap(), record.clone());
            match Record::read(&line) {
                Some(found) => prop_assert_eq!(found.owned(), record),
                None => prop_assert!(line.contains('\\'), "not read: {}", line),
            }
        }

        #[test]
        fn digits_and_bytes_go_there_and_back(bytes: [u8; 32], at in 0..64_usize, other in "[^0-9a-f]") {
            let digits = hex(&bytes);
            prop_assert_eq!(unhex(&digits), Some(bytes));
            prop_assert!(is_hex_of(&digits, &bytes));
            let mut spoilt = digits;
            spoilt.replace_range(at..=at, &other);
            prop_assert_eq!(unhex(&spoilt), None);
        }
    }
}
