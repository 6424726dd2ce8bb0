//! Which part of a file somebody wants: RFC 9110 §14.

use std::ops::Range;

use http::header::{IF_RANGE, RANGE};
use http::{HeaderMap, HeaderValue};

use super::date::HttpDate;
use super::preconditions::Validators;

/// The part of a file that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it.
    Whole,
    /// These bytes, at least one. Counted from 0.
    Part(Range<u64>),
    /// Nothing, since it does not reach so far.
    Nothing,
}

/// The part that a GET asks for, of a file of `size` bytes.
///
/// The range that a request wants. One that asks for several gets the whole, as §14.2 lets us: no player does
/// so, and a list of thousands is the oldest way to make a server work for nothing. So does one that asks for
/// what is not a range.
pub(super) fn wanted(headers: &HeaderMap, validators: Validators<'_>, size: u64) -> Wanted {
    let mut ranges = headers.get_all(RANGE).iter();
    let (Some(range), None) = (ranges.next(), ranges.next()) else { return Wanted::Whole };
    let mut conditions = headers.get_all(IF_RANGE).iter();
    if conditions.all(|condition| holds(condition, validators)) {
        parse(range.as_bytes(), size).unwrap_or(Wanted::Whole)
    } else {
        Wanted::Whole
    }
}

/// RFC 9110 §13.1.5: the very tag, or the very date. A later date is of no use: what follows must fit what is
/// there.
fn holds(condition: &HeaderValue, validators: Validators<'_>) -> bool {
    validators.tag.is(condition.as_bytes().trim_ascii())
        || HttpDate::parse(condition).is_some_and(|date| date == validators.modified)
}

/// RFC 9110 §14.1.2. `None` where it is not one range of bytes.
fn parse(value: &[u8], size: u64) -> Option<Wanted> {
    let (unit, range) = split(value, b'=')?;
    let (first, last) = split(range, b'-')?;
    if !unit.eq_ignore_ascii_case(b"bytes") {
        return None;
    }
    if first.is_empty() {
        return Some(suffix(number(last)?, size));
    }
    let first = number(first)?;
    let last = if last.is_empty() { u64::MAX } else { number(last)? };
    if last < first {
        return None;
    }
    let end = last.saturating_add(1).min(size);
    Some(if first < size { Wanted::Part(first..end) } else { Wanted::Nothing })
}

/// The last bytes. Of an empty file those are none, which no part can be.
fn suffix(length: u64, size: u64) -> Wanted {
    match (length, size) {
        (0, _) => Wanted::Nothing,
        (_, 0) => Wanted::Whole,
        _ => Wanted::Part(size.saturating_sub(length)..size),
    }
}

fn split(text: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let place = text.iter().position(|byte| *byte == at)?;
    Some((text[..place].trim_ascii(), text[place + 1..].trim_ascii()))
}

/// A number of however many digits; what is too much for us is too much for any file.
fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let add = |number: u64, digit: &u8| number.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
    Some(digits.iter().fold(0, add))
}

#[cfg(test)]
mod tests {
    use super::super::entity_tag::EntityTag;
    use super::*;

    fn of(size: u64, headers: &[(&'static str, &str)]) -> Wanted {
        let tag = EntityTag::new(blake3::hash(b"hello"), "");
        let modified = HttpDate::parse(&HeaderValue::from_static("Mon, 06 May 2024 10:00:00 GMT")).unwrap();
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.replace("TAG", tag.header().to_str().unwrap()).parse().unwrap());
        }
        wanted(&map, Validators { tag: &tag, modified }, size)
    }

    fn range(value: &str) -> Wanted {
        of(100, &[("range", value)])
    }

    #[test]
    fn r_ht_6_a_range_is_the_bytes_from_first_to_last() {
        assert_eq!(range("bytes=0-9"), Wanted::Part(0..10));
        assert_eq!(range("bytes=0-0"), Wanted::Part(0..1));
        assert_eq!(range("bytes=90-"), Wanted::Part(90..100));
        assert_eq!(range("bytes=0-"), Wanted::Part(0..100));
        assert_eq!(range("bytes=99-4000"), Wanted::Part(99..100));
        assert_eq!(range("bytes=-10"), Wanted::Part(90..100));
        assert_eq!(range("bytes=-4000"), Wanted::Part(0..100));
        assert_eq!(range("Bytes = 1-2 "), Wanted::Part(1..3));
        assert_eq!(range("bytes=0-99999999999999999999999"), Wanted::Part(0..100));
    }

    #[test]
    fn r_ht_6_a_range_beyond_the_end_is_refused() {
        for value in ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999999-"] {
            assert_eq!(range(value), Wanted::Nothing, "{value}");
        }
        assert_eq!(of(0, &[("range", "bytes=0-")]), Wanted::Nothing);
        assert_eq!(of(0, &[("range", "bytes=-5")]), Wanted::Whole, "it is all there is");
    }

    #[test]
    fn what_is_not_one_range_of_bytes_is_the_whole() {
        for value in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=9-0",
            "bytes=a-b",
            "bytes=+1-2",
            "bytes=1-2-3",
            "bytes=0-1,5-6",
            "bytes=0-1,",
            "seconds=0-1",
            "0-1",
        ] {
            assert_eq!(range(value), Wanted::Whole, "{value}");
        }
        assert_eq!(range(&format!("bytes={}", "0-,".repeat(5000))), Wanted::Whole);
        assert_eq!(of(100, &[("range", "bytes=0-1"), ("range", "bytes=5-6")]), Wanted::Whole);
        assert_eq!(of(100, &[]), Wanted::Whole);
    }

    #[test]
    fn r_ht_6_who_resumes_what_has_changed_gets_the_whole() {
        let resumed = |condition| of(100, &[("range", "bytes=50-"), ("if-range", condition)]);
        for condition in ["TAG", " TAG ", "Mon, 06 May 2024 10:00:00 GMT", "Monday, 06-May-24 10:00:00 GMT"] {
            assert_eq!(resumed(condition), Wanted::Part(50..100), "{condition}");
        }
        for condition in ["W/TAG", "\"other\"", "*", "", "junk", "Mon, 06 May 2024 10:00:01 GMT"] {
            assert_eq!(resumed(condition), Wanted::Whole, "{condition}");
        }
    }
}
