//! Reads a line of the ledger as we write it, many times as fast as the crate that knows all of JSON.
//!
//! What it accepts it understands as that crate does, and would be written again letter by letter; at anything else it
//! gives up. The tests below hold the two together.

use chrono::{DateTime, NaiveDate, Utc};

use super::Record;

/// The record of a line, its texts borrowed from it; `None` where only the crate can tell.
pub(super) fn read(line: &str) -> Option<Record<&str>> {
    let mut rest = Rest(line);
    rest.skip("{\"id\":")?;
    let id = rest.text()?;
    rest.skip(",\"path\":")?;
    let path = rest.text()?;
    let title = rest.text_of(",\"title\":")?;
    rest.skip(",\"published\":")?;
    let published = rest.instant()?;
    let stated = if rest.skip(",\"stated\":").is_some() { Some(rest.instant()?) } else { None };
    rest.skip(",\"updated\":")?;
    let updated = rest.instant()?;
    let has_stated = rest.skip(",\"stated_updated\":").is_some();
    let stated_updated = if has_stated { Some(rest.instant()?) } else { None };
    rest.skip(",\"digest\":")?;
    let digest = rest.text()?;
    let minhash = rest.text_of(",\"similarity\":")?;
    rest.skip(",\"characters\":")?;
    let characters = rest.number()?;
    rest.skip(",\"permalink\":")?;
    let permalink = rest.text()?;
    let former = if rest.skip(",\"former\":").is_some() { rest.texts()? } else { Vec::new() };
    let located = rest.skip(",\"located\":true").is_some();
    let id_is_permalink = rest.skip(",\"id_is_permalink\":true").is_some();
    let pending = rest.skip(",\"pending\":true").is_some();
    let gone = if rest.skip(",\"gone\":").is_some() { Some(day(rest.text()?)?) } else { None };
    let whole = rest.0 == "}" && !id.is_empty();
    whole.then_some(Record {
        id,
        path,
        title,
        published,
        stated,
        updated,
        stated_updated,
        digest,
        minhash,
        characters,
        permalink,
        former,
        located,
        id_is_permalink,
        pending,
        gone,
    })
}

/// What is left of a line.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn skip(&mut self, expected: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(expected)?;
        Some(())
    }

    /// A string in which nothing needs to be escaped.
    fn text(&mut self) -> Option<&'a str> {
        let inside = self.0.strip_prefix('"')?;
        let (text, rest) = inside.split_at_checked(memchr::memchr(b'"', inside.as_bytes())?)?;
        let plain = |byte: u8| byte >= b' ' && byte != b'\\';
        // All bytes are looked at, whatever the first of them are: that can be done for many at once.
        if !text.bytes().fold(true, |all, byte| all & plain(byte)) {
            return None;
        }
        self.0 = rest.strip_prefix('"')?;
        Some(text)
    }

    /// The string of a key that is left out where it is empty.
    fn text_of(&mut self, key: &str) -> Option<&'a str> {
        match self.skip(key) {
            Some(()) => self.text().filter(|text| !text.is_empty()),
            None => Some(""),
        }
    }

    /// A list of strings, which is left out where it is empty.
    fn texts(&mut self) -> Option<Vec<&'a str>> {
        self.skip("[")?;
        let mut texts = vec![self.text()?];
        while self.skip(",").is_some() {
            texts.push(self.text()?);
        }
        self.skip("]")?;
        Some(texts)
    }

    fn instant(&mut self) -> Option<DateTime<Utc>> {
        instant(self.text()?)
    }

    fn number(&mut self) -> Option<u32> {
        let end = self.0.bytes().position(|byte| !byte.is_ascii_digit())?;
        let (digits, rest) = self.0.split_at_checked(end)?;
        self.0 = rest;
        let padded = digits.len() > 1 && digits.starts_with('0');
        digits.parse().ok().filter(|_| !padded)
    }
}

/// `2024-05-06T10:00:00Z`
fn instant(text: &str) -> Option<DateTime<Utc>> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let [hour, _, minute, _, second] = fields(time, [2, 1, 2, 1, 2], *b"  :  :  ")?;
    day(date)?.and_hms_opt(hour, minute, second).map(|instant| instant.and_utc())
}

/// `2024-05-06`
fn day(text: &str) -> Option<NaiveDate> {
    let [year, _, month, _, day] = fields(text, [4, 1, 2, 1, 2], *b"    -  -  ")?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// The numbers in a text of digits, save where `between` says what else must stand.
fn fields<const N: usize>(text: &str, widths: [usize; 5], between: [u8; N]) -> Option<[u32; 5]> {
    let bytes: &[u8; N] = text.as_bytes().try_into().ok()?;
    let fits = |(byte, between): (&u8, &u8)| {
        if *between == b' ' { byte.is_ascii_digit() } else { byte == between }
    };
    if !bytes.iter().zip(&between).all(fits) {
        return None;
    }
    let mut bytes = bytes.iter();
    Some(widths.map(|width| {
        let digits = bytes.by_ref().take(width);
        digits.fold(0, |number, digit| number * 10 + u32::from(digit.wrapping_sub(b'0')))
    }))
}

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

    #[test]
    fn an_ordinary_line_is_read() {
        let line = r#"{"id":"tag:example.org,2026:1","path":"a/é.md","title":"“A” title","published":"2024-05-06T10:00:00Z","updated":"2024-05-07T23:59:59Z","stated_updated":"2024-05-08T00:00:00Z","digest":"00ff","similarity":"0a","characters":1234,"permalink":"https://example.org/a/","former":["https://example.org/b","c"],"located":true,"id_is_permalink":true,"pending":true,"gone":"2026-02-28"}"#;
        let record = read(line).unwrap();
        assert_eq!((record.id, record.path, record.characters), ("tag:example.org,2026:1", "a/é.md", 1234));
        assert_eq!(record.former, ["https://example.org/b", "c"]);
        assert_eq!(serde_json::to_string(&record).unwrap(), line);
    }

    #[test]
    fn what_is_not_as_we_write_it_is_declined() {
        let line = r#"{"id":"1","path":"a","published":"2024-05-06T10:00:00Z","updated":"2024-05-06T10:00:00Z","digest":"0","characters":1,"permalink":"p"}"#;
        assert!(read(line).is_some());
        for (from, to) in [
            ("\"1\"", "\"\""),
            ("\"1\"", "\"\\u0031\""),
            ("\"a\"", "\"a\u{7}\""),
            ("06T10", "32T10"),
            ("10:00:00Z", "10:00:60Z"),
            ("10:00:00Z", "10:00:00+00:00"),
            (":1,", ":01,"),
            (":1,", ": 1,"),
            (",\"characters\":1", ""),
            ("\"p\"}", "\"p\"} "),
            ("\"p\"}", "\"p\",\"former\":[]}"),
            ("\"p\"}", "\"p\",\"pending\":false}"),
            ("\"p\"}", "\"p\",\"colour\":1}"),
        ] {
            assert!(line.contains(from) && read(&line.replace(from, to)).is_none(), "{from} {to}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_as_the_crate_reads_it(record in record()) {
            let line = serde_json::to_string(&record).unwrap();
            let plain = !line.contains('\\') && (0..=9999).contains(&chrono::Datelike::year(&record.published));
            match read(&line) {
                Some(found) => prop_assert_eq!(found.owned(), record),
                None => prop_assert!(!plain, "declined: {}", line),
            }
        }

        #[test]
        fn what_is_accepted_is_what_the_crate_reads_and_would_write(
            record in record(), at in any::<prop::sample::Index>(), with in "[ -~]{0,3}", cut in 0..4_usize
        ) {
            let mut line = serde_json::to_string(&record).unwrap();
            let from = (0..=at.index(line.len())).rev().find(|at| line.is_char_boundary(*at)).unwrap_or(0);
            let to = (from + cut..=line.len()).find(|at| line.is_char_boundary(*at)).unwrap_or(from);
            line.replace_range(from..to, &with);
            if let Some(found) = read(&line) {
                prop_assert_eq!(serde_json::from_str::<Record>(&line).ok(), Some(found.owned()));
                prop_assert_eq!(serde_json::to_string(&found).unwrap(), line);
            }
        }
    }
}
