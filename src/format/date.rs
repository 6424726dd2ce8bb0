//! Dates as feeds spell them: always in UTC, always whole seconds.
//!
//! Several readers stumble over fractions of a second and over offsets, so we write neither.

use chrono::{DateTime, Datelike as _, NaiveDate, Timelike as _, Utc};

/// As RFC 822 and RSS want it: `Wed, 01 Oct 2025 10:00:00 GMT`.
pub(super) fn rfc822(instant: DateTime<Utc>) -> String {
    writable(instant).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// As RFC 3339, Atom and JSON Feed want it: `2025-10-01T10:00:00Z`.
pub(super) fn rfc3339(instant: DateTime<Utc>) -> String {
    writable(instant).format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The instant in whole seconds, within the years 1 to 9999: neither standard has digits for others.
pub(super) fn writable(instant: DateTime<Utc>) -> DateTime<Utc> {
    let within = match instant.year() {
        ..1 => at(NaiveDate::from_ymd_opt(1, 1, 1)),
        10_000.. => at(NaiveDate::from_ymd_opt(9999, 12, 31)),
        _ => instant,
    };
    within.with_nanosecond(0).unwrap_or(within)
}

/// Reads RFC 822 in any offset and also with a weekday that is wrong, and RFC 3339 also without seconds.
pub(super) fn parse(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let without_weekday = text.split_once(',').map_or(text, |(_, rest)| rest.trim_start());
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_rfc2822(text))
        .or_else(|_| DateTime::parse_from_rfc2822(without_weekday))
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%:z"))
        .ok()
        .map(|date| writable(date.to_utc()))
}

fn at(date: Option<NaiveDate>) -> DateTime<Utc> {
    date.and_then(|date| date.and_hms_opt(0, 0, 0)).unwrap_or_default().and_utc()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_are_spelt_as_each_standard_wants_them() {
        let instant = parse("2025-10-01T12:00:00.75+02:00").unwrap();
        assert_eq!(rfc822(instant), "Wed, 01 Oct 2025 10:00:00 GMT");
        assert_eq!(rfc3339(instant), "2025-10-01T10:00:00Z");
    }

    #[test]
    fn years_without_four_digits_become_the_nearest_that_have() {
        assert_eq!(rfc3339(DateTime::<Utc>::MIN_UTC), "0001-01-01T00:00:00Z");
        assert_eq!(rfc3339(DateTime::<Utc>::MAX_UTC), "9999-12-31T00:00:00Z");
    }

    #[test]
    fn a_leap_second_is_not_written() {
        let leap = NaiveDate::from_ymd_opt(2016, 12, 31).unwrap().and_hms_milli_opt(23, 59, 59, 1500);
        assert_eq!(rfc3339(leap.unwrap().and_utc()), "2016-12-31T23:59:59Z");
    }

    #[test]
    fn other_peoples_spellings_are_read() {
        let noon = parse("2024-05-06T12:00:00Z");
        for text in
            ["Mon, 6 May 2024 12:00:00 GMT", "Tue, 06 May 2024 14:00:00 +0200", " 6 May 2024 08:00 EDT "]
        {
            assert_eq!(parse(text), noon, "{text}");
        }
        assert_eq!(parse("next Tuesday"), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(seconds in -62_135_596_800_i64..253_402_214_400) {
            let instant = DateTime::from_timestamp(seconds, 0).unwrap();
            prop_assert_eq!(parse(&rfc822(instant)), Some(instant));
            prop_assert_eq!(parse(&rfc3339(instant)), Some(instant));
        }

        #[test]
        fn nothing_panics(seconds: i64, nanoseconds in 0_u32..2_000_000_000, text: String) {
            if let Some(instant) = DateTime::from_timestamp(seconds, nanoseconds) {
                prop_assert_eq!(rfc3339(instant).len(), 20);
                prop_assert_eq!(rfc822(instant).len(), 29);
            }
            let _ = parse(&text);
        }
    }
}
