//! Dates in every form that people write them, and the instants they mean.
//!
//! A value that states its own offset or zone means that; any other means the publication's time zone, also where
//! a generator's custom would be UTC, because the configured zone is what our author said. A day without a time is
//! its first moment there, so the same article has the same instant in every build.

use chrono::{DateTime, Datelike, Days, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, NaiveTime};
use chrono::{Offset, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

/// A date as written, before a time zone is asked for one that names none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stated {
    local: NaiveDateTime,
    zone: Option<Zone>,
    /// Whether only a day was written.
    pub(super) day_only: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Zone {
    Offset(FixedOffset),
    Named(Tz),
}

/// The instant that a stated date means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Instant {
    pub(super) time: DateTime<Utc>,
    /// Whether only a day was written.
    pub(super) day_only: bool,
    pub(super) oddity: Option<Oddity>,
}

/// What clocks do to a local time when they change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Oddity {
    /// It occurred twice; the first is meant.
    Ambiguous,
    /// It never was; it is moved forward by the gap.
    Nonexistent,
}

/// Reads a date in any of the forms that front matter holds; `None` if it is none, or outside the years 1 to 9999
/// that feeds can express.
pub(super) fn read(text: &str) -> Option<Stated> {
    let text = text.trim();
    // The longest forms have some forty characters; whatever is much longer is prose.
    if text.len() > 80 || !text.is_char_boundary(0) {
        return None;
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits(text);
    }
    usual(text).or_else(|| in_words(text))
}

/// What nearly all articles have, `2024-05-06` and `2024-05-06T10:00:00Z`, without a try at every other form.
fn usual(text: &str) -> Option<Stated> {
    let (date, rest) = text.split_at_checked(10)?;
    let (date, after) = dashed(date).filter(|_| date.as_bytes().get(4) == Some(&b'-'))?;
    if !after.is_empty() {
        return None;
    }
    if rest.is_empty() {
        return Some(Stated::local(date.and_time(NaiveTime::MIN), true));
    }
    let rest = rest.strip_prefix(['T', ' '])?;
    let (clock, rest) = rest.split_at_checked(8)?;
    let number = |from: usize| {
        let digits =
            clock.get(from..from + 2).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        digits?.parse().ok()
    };
    let colons = [2, 5].iter().all(|at| clock.as_bytes().get(*at) == Some(&b':'));
    let time = NaiveTime::from_hms_opt(number(0)?, number(3)?, number(6)?).filter(|_| colons)?;
    let zone = match rest {
        "" => None,
        rest => Some(
            zone(rest.strip_prefix(' ').unwrap_or(rest))
                .filter(|_| rest.trim_start().starts_with(['Z', '+', '-']))?,
        ),
    };
    Some(Stated { local: date.and_time(time), zone, day_only: false })
}

fn in_words(text: &str) -> Option<Stated> {
    let tidy = tidy(text);
    let (date, rest) = day(&tidy)?;
    let rest = rest.trim_start_matches(['T', 't']).trim_start();
    let (time, rest) = time(rest);
    let zone = match rest.trim() {
        "" => None,
        rest => Some(zone(rest)?),
    };
    let (days, clock) = time.unwrap_or((0, NaiveTime::MIN));
    let local = date.checked_add_days(Days::new(days))?.and_time(clock);
    Some(Stated { local, zone, day_only: time.is_none() })
}

impl Stated {
    /// A time of the publication's own clocks.
    pub(super) fn local(local: NaiveDateTime, day_only: bool) -> Self {
        Self { local, zone: None, day_only }
    }

    /// The instant it means. `None` if that lies outside the years that feeds can express.
    pub(super) fn instant(self, timezone: Tz) -> Option<Instant> {
        let (time, oddity) = match self.zone {
            Some(Zone::Offset(offset)) => {
                let seconds = TimeDelta::seconds(i64::from(offset.local_minus_utc()));
                (self.local.checked_sub_signed(seconds)?.and_utc(), None)
            }
            Some(Zone::Named(named)) => settle(self.local, named)?,
            None => settle(self.local, timezone)?,
        };
        (1..=9999).contains(&time.year()).then_some(Instant { time, day_only: self.day_only, oddity })
    }
}

/// A local time on the clocks of a zone: the earlier where it occurred twice; where it never was, as far after
/// the gap's beginning on the new clocks as it is on the old ones.
fn settle(local: NaiveDateTime, timezone: Tz) -> Option<(DateTime<Utc>, Option<Oddity>)> {
    match timezone.from_local_datetime(&local) {
        LocalResult::Single(time) => Some((time.to_utc(), None)),
        LocalResult::Ambiguous(first, _) => Some((first.to_utc(), Some(Oddity::Ambiguous))),
        LocalResult::None => {
            // The longest gap ever was a whole day, when Samoa changed sides of the date line.
            let before = (1..=48).find_map(|hours| {
                let earlier = local.checked_sub_signed(TimeDelta::hours(hours))?;
                timezone.from_local_datetime(&earlier).earliest()
            })?;
            let offset = TimeDelta::seconds(i64::from(before.offset().fix().local_minus_utc()));
            Some((local.checked_sub_signed(offset)?.and_utc(), Some(Oddity::Nonexistent)))
        }
    }
}

/// Only digits: a day, a day and a time, or seconds or milliseconds since 1970 as exports of databases have them.
fn digits(text: &str) -> Option<Stated> {
    match text.len() {
        8 => {
            let date = plausible(NaiveDate::parse_from_str(text, "%Y%m%d").ok()?)?;
            Some(Stated::local(date.and_time(NaiveTime::MIN), true))
        }
        14 => {
            let local = NaiveDateTime::parse_from_str(text, "%Y%m%d%H%M%S").ok()?;
            plausible(local.date())?;
            Some(Stated::local(local, false))
        }
        length @ (9 | 10 | 12 | 13) => {
            let number: i64 = text.parse().ok()?;
            let seconds = if length > 10 { number / 1000 } else { number };
            let local = DateTime::from_timestamp(seconds, 0)?.naive_utc();
            Some(Stated { local, zone: Some(Zone::Offset(Utc.fix())), day_only: false })
        }
        _ => None,
    }
}

/// The text without what says nothing: day of the week, `at`, commas, ordinal endings, double spaces.
fn tidy(text: &str) -> String {
    let mut words: Vec<&str> = text
        .split(|c: char| c == ',' || c.is_whitespace())
        .filter(|word| !word.is_empty() && !matches!(*word, "at" | "of" | "um" | "the"))
        .collect();
    if words.first().is_some_and(|word| is_weekday(word)) {
        words.remove(0);
    }
    words.iter().map(|word| cardinal(word)).collect::<Vec<_>>().join(" ")
}

fn is_weekday(word: &str) -> bool {
    let word = word.trim_end_matches('.').to_ascii_lowercase();
    word.len() >= 3
        && ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
            .iter()
            .any(|day| day.starts_with(&word))
}

/// `3rd` is 3, `Sept.` is Sep; any other word is itself.
fn cardinal(word: &str) -> &str {
    let ending = ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending));
    if let Some(number) = ending
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        return number;
    }
    match word.to_ascii_lowercase().as_str() {
        "sept" | "sept." => "Sep",
        "jan." | "feb." | "mar." | "apr." | "jun." | "jul." | "aug." | "sep." | "oct." | "nov." | "dec." => {
            word.trim_end_matches('.')
        }
        _ => word,
    }
}

/// The day at the beginning, and what follows.
fn day(text: &str) -> Option<(NaiveDate, &str)> {
    const FORMATS: &[&str] = &[
        "%Y-%m-%d",
        "%Y/%m/%d",
        "%Y.%m.%d",
        "%Y%m%d",
        "%d %B %Y",
        "%d-%B-%Y",
        "%d. %B %Y",
        "%B %d %Y",
        "%Y %B %d",
        "%Y年%m月%d日",
    ];
    let parse = |format: &str| {
        let (date, rest) = NaiveDate::parse_and_remainder(text, format).ok()?;
        let begins = rest.chars().next().is_none_or(|c| matches!(c, 'T' | 't' | ' ' | 'Z' | 'z' | '+'));
        begins.then_some((plausible(date)?, rest))
    };
    if let Some(found) = FORMATS.iter().find_map(|format| parse(format)) {
        return Some(found);
    }
    // Half of the world reads `05/06/2024` as May, the other half as June; `25/12/2024` all read alike.
    match (parse("%d/%m/%Y"), parse("%m/%d/%Y")) {
        (Some(found), None) | (None, Some(found)) => Some(found),
        (Some(found), Some(other)) if found == other => Some(found),
        _ => None,
    }
}

fn plausible(date: NaiveDate) -> Option<NaiveDate> {
    (1..=9999).contains(&date.year()).then_some(date)
}

/// The time at the beginning, with the days it is past midnight of the day before (`24:00`), and what follows.
/// Fractions of a second are dropped: no feed needs them, and some readers stumble over them.
fn time(text: &str) -> (Option<(u64, NaiveTime)>, &str) {
    const FORMATS: &[&str] =
        &["%I:%M:%S %p", "%I:%M:%S%p", "%I:%M %p", "%I:%M%p", "%I %p", "%I%p", "%H:%M:%S", "%H:%M", "%H%M%S"];
    for midnight in ["24:00:00", "24:00"] {
        if let Some(rest) = text.strip_prefix(midnight) {
            return (Some((1, NaiveTime::MIN)), rest);
        }
    }
    for format in FORMATS {
        if let Some((time, rest)) = clock(text, format) {
            let rest = match rest.strip_prefix(['.', ',']) {
                Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
                None => rest,
            };
            return (Some((0, time)), rest);
        }
    }
    (None, text)
}

fn clock<'a>(text: &'a str, format: &str) -> Option<(NaiveTime, &'a str)> {
    let parsed = NaiveTime::parse_and_remainder(text, format).ok();
    let (time, rest) = match parsed {
        Some(parsed) => parsed,
        // `9 AM` has no minutes, which chrono wants.
        None if format.starts_with("%I") && !format.contains("%M") => on_the_hour(text)?,
        None => return None,
    };
    // A leap second is the second before it.
    let time = time.with_nanosecond(0).unwrap_or(time);
    (!rest.starts_with(|c: char| c.is_ascii_digit() || c == ':')).then_some((time, rest))
}

fn on_the_hour(text: &str) -> Option<(NaiveTime, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).filter(|end| (1..=2).contains(end))?;
    let hour: u32 = text.get(..end)?.parse().ok().filter(|hour| (1..=12).contains(hour))?;
    let half = text.get(end..)?.trim_start();
    let afternoon = match half.get(..2)?.to_ascii_lowercase().as_str() {
        "am" => 0,
        "pm" => 12,
        _ => return None,
    };
    Some((NaiveTime::from_hms_opt(hour % 12 + afternoon, 0, 0)?, half.get(2..)?))
}

/// An offset, an IANA name, or one of the abbreviations that mean one zone only. `IST` is three, so it is none.
fn zone(text: &str) -> Option<Zone> {
    let text = text.trim_matches(['(', ')', '[', ']']).trim();
    // `+02:00[Europe/Paris]` and `+0200 (CEST)` say the same thing twice.
    let text = text.split(['[', '(']).next().unwrap_or(text).trim();
    if text.contains('/') {
        return text.parse().ok().map(Zone::Named);
    }
    let upper = text.to_ascii_uppercase();
    let bare = ["UTC", "GMT", "Z"].iter().find_map(|name| upper.strip_prefix(name)).unwrap_or(&upper);
    let seconds = match bare {
        "" => 0,
        signed if signed.starts_with(['+', '-', '−']) => offset(signed)?,
        name => ABBREVIATIONS.iter().find(|(known, _)| *known == name)?.1 * 60,
    };
    FixedOffset::east_opt(seconds).map(Zone::Offset)
}

/// Zone abbreviations and their minutes east of Greenwich.
const ABBREVIATIONS: &[(&str, i32)] = &[
    ("UT", 0),
    ("WET", 0),
    ("WEST", 60),
    ("BST", 60),
    ("CET", 60),
    ("MET", 60),
    ("CEST", 120),
    ("MEST", 120),
    ("EET", 120),
    ("SAST", 120),
    ("EEST", 180),
    ("MSK", 180),
    ("HKT", 480),
    ("SGT", 480),
    ("AWST", 480),
    ("JST", 540),
    ("KST", 540),
    ("AEST", 600),
    ("AEDT", 660),
    ("NZST", 720),
    ("NZDT", 780),
    ("BRT", -180),
    ("EDT", -240),
    ("EST", -300),
    ("CDT", -300),
    ("CST", -360),
    ("MDT", -360),
    ("MST", -420),
    ("PDT", -420),
    ("PST", -480),
    ("AKST", -540),
    ("HST", -600),
];

/// `+02:00`, `+0200`, `+02`, `-5` in seconds.
fn offset(text: &str) -> Option<i32> {
    let mut rest = text.chars();
    let sign = if rest.next() == Some('+') { 1 } else { -1 };
    let digits = rest.as_str();
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 => (digits.get(..2)?, digits.get(2..)?),
        None => (digits, "0"),
    };
    if hours.len() > 2
        || minutes.len() > 2
        || !format!("{hours}{minutes}").bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 15 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// The day at the beginning of a file name, and the name without it: `2024-05-06-hello`, `2024_05_06 hello`,
/// `20240506-hello`, an RFC 3339 time as Zola allows, or `2024-05-06-10-20-30-hello` as Hugo does (`clocks`).
pub(super) fn at_start_of(name: &str, clocks: bool) -> Option<(Stated, &str)> {
    let (date, rest) = dashed(name).or_else(|| compact(name))?;
    if let Some((stated, rest)) = rest.strip_prefix(['T', 't']).and_then(|rest| time_in_name(date, rest)) {
        return Some((stated, slug_after(rest)?));
    }
    if clocks && let Some((stated, rest)) = rest.strip_prefix(['-', '_']).and_then(|rest| six(date, rest)) {
        return Some((stated, slug_after(rest)?));
    }
    Some((Stated::local(date.and_time(NaiveTime::MIN), true), slug_after(rest)?))
}

/// The first `2024-05-06` anywhere in a path, or its folders `2024/05/06`.
pub(super) fn anywhere_in(path: &str) -> Option<Stated> {
    let bytes = path.as_bytes();
    (0..path.len()).find_map(|at| {
        let starts_number = at == 0 || !bytes.get(at - 1).is_some_and(u8::is_ascii_digit);
        if !starts_number || !bytes.get(at).is_some_and(u8::is_ascii_digit) {
            return None;
        }
        let (date, rest) = dashed_or_folders(path.get(at..)?)?;
        let ends = !rest.starts_with(|c: char| c.is_ascii_digit());
        ends.then(|| Stated::local(date.and_time(NaiveTime::MIN), true))
    })
}

/// The folders `2024/05/06` of a path.
pub(super) fn in_folders(path: &str) -> Option<Stated> {
    let parts: Vec<&str> = path.split('/').collect();
    parts.windows(3).find_map(|window| {
        let [year, month, day] = window else { return None };
        let date = calendar(year, month, day)?;
        Some(Stated::local(date.and_time(NaiveTime::MIN), true))
    })
}

fn calendar(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let digits = |text: &str, most: usize| {
        (!text.is_empty() && text.len() <= most && text.bytes().all(|b| b.is_ascii_digit()))
            .then(|| text.parse::<u32>().ok())
            .flatten()
    };
    if year.len() != 4 {
        return None;
    }
    let year = i32::try_from(digits(year, 4)?).ok()?;
    NaiveDate::from_ymd_opt(year, digits(month, 2)?, digits(day, 2)?).and_then(plausible)
}

/// `2024-05-06`, also with `_` or `.` between, but the same both times.
fn dashed(text: &str) -> Option<(NaiveDate, &str)> {
    separated(text, &['-', '_', '.'])
}

fn dashed_or_folders(text: &str) -> Option<(NaiveDate, &str)> {
    separated(text, &['-', '/'])
}

fn separated<'a>(text: &'a str, separators: &[char]) -> Option<(NaiveDate, &'a str)> {
    let (year, rest) = (text.get(..4)?, text.get(4..)?);
    let separator = rest.chars().next().filter(|c| separators.contains(c))?;
    let (month, rest) = (rest.get(1..3)?, rest.get(3..)?);
    let rest = rest.strip_prefix(separator)?;
    Some((calendar(year, month, rest.get(..2)?)?, rest.get(2..)?))
}

/// `20240506`, of a year in which there were blogs, and nothing but digits before the next word.
fn compact(text: &str) -> Option<(NaiveDate, &str)> {
    let date = calendar(text.get(..4)?, text.get(4..6)?, text.get(6..8)?)?;
    (1990..2100).contains(&date.year()).then_some((date, text.get(8..)?))
}

/// `10:20:30Z`, also with the characters that file systems allow in place of colons.
fn time_in_name(date: NaiveDate, text: &str) -> Option<(Stated, &str)> {
    let (stated, rest) = six(date, text)?;
    let zone_end = match rest.chars().next() {
        Some('Z' | 'z') => 1,
        Some('+') => {
            1 + rest.get(1..)?.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(rest.len() - 1)
        }
        _ => return Some((stated, rest)),
    };
    let zone = zone(rest.get(..zone_end)?)?;
    Some((Stated { zone: Some(zone), ..stated }, rest.get(zone_end..)?))
}

fn six(date: NaiveDate, text: &str) -> Option<(Stated, &str)> {
    let mut rest = text;
    let mut parts = [0; 3];
    for (index, part) in parts.iter_mut().enumerate() {
        if index > 0 {
            rest = rest.strip_prefix(['-', '_', ':'])?;
        }
        let digits = rest.get(..2).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
        *part = digits.parse::<u32>().ok()?;
        rest = rest.get(2..)?;
    }
    let [hour, minute, second] = parts;
    let stated = Stated::local(date.and_time(NaiveTime::from_hms_opt(hour, minute, second)?), false);
    (!rest.starts_with(|c: char| c.is_ascii_digit())).then_some((stated, rest))
}

/// What is left of a name after its date; `None` if the digits went on, so that it was no date.
fn slug_after(rest: &str) -> Option<&str> {
    if rest.starts_with(char::is_alphanumeric) {
        return None;
    }
    Some(rest.trim_start_matches(['-', '_', '.', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn instant(text: &str) -> String {
        read_in(text, chrono_tz::Europe::London)
    }

    fn read_in(text: &str, timezone: Tz) -> String {
        let Some(instant) = read(text).and_then(|stated| stated.instant(timezone)) else {
            return "none".into();
        };
        instant.time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    #[test]
    fn a_date_is_read_in_every_form_people_write_it() {
        for (written, meant) in [
            ("2023-10-15T13:18:50-07:00", "2023-10-15T20:18:50Z"),
            ("2023-10-15T13:18:50-0700", "2023-10-15T20:18:50Z"),
            ("2023-10-15T13:18:50Z", "2023-10-15T13:18:50Z"),
            ("2023-10-15T13:18:50.123456Z", "2023-10-15T13:18:50Z"),
            ("2023-10-15T13:18:50", "2023-10-15T12:18:50Z"),
            ("2023-10-15t13:18:50z", "2023-10-15T13:18:50Z"),
            ("2023-12-15", "2023-12-15T00:00:00Z"),
            ("2023-07-15", "2023-07-14T23:00:00Z"),
            ("2023-7-5", "2023-07-04T23:00:00Z"),
            ("15 Oct 2023", "2023-10-14T23:00:00Z"),
            ("15-Oct-2023", "2023-10-14T23:00:00Z"),
            ("2015-11-17 16:16:01 -0600", "2015-11-17T22:16:01Z"),
            ("2015-11-17 16:16:01 -6", "2015-11-17T22:16:01Z"),
            ("2015-11-17 16:16:01 -06:00", "2015-11-17T22:16:01Z"),
            ("2022-06-16 15:00:59+00:00", "2022-06-16T15:00:59Z"),
            ("2013/7/13 20:46:25", "2013-07-13T19:46:25Z"),
            ("2010-12-03 10:20", "2010-12-03T10:20:00Z"),
            ("2010-12-03 9:05", "2010-12-03T09:05:00Z"),
            ("Jul 08 2022", "2022-07-07T23:00:00Z"),
            ("July 8, 2022", "2022-07-07T23:00:00Z"),
            ("Dec 8th, 2022 at 9:30 pm", "2022-12-08T21:30:00Z"),
            ("Sept. 8, 2022 9AM UTC", "2022-09-08T09:00:00Z"),
            ("2012-09-15 19:52:05 UTC", "2012-09-15T19:52:05Z"),
            ("2012-09-15 19:52:05 UTC+02:00", "2012-09-15T17:52:05Z"),
            ("2012-09-15 19:52:05 EST", "2012-09-16T00:52:05Z"),
            ("2012-09-15 19:52:05 CEST", "2012-09-15T17:52:05Z"),
            ("2012-09-15 19:52:05 America/New_York", "2012-09-15T23:52:05Z"),
            ("Wed, 02 Oct 2002 08:00:00 EST", "2002-10-02T13:00:00Z"),
            ("Wed, 2 Oct 2002 15:00:00 +0200", "2002-10-02T13:00:00Z"),
            ("2024-05-06T10:00:00+02:00[Europe/Paris]", "2024-05-06T08:00:00Z"),
            ("20231215", "2023-12-15T00:00:00Z"),
            ("20231215T101112Z", "2023-12-15T10:11:12Z"),
            ("1700000000", "2023-11-14T22:13:20Z"),
            ("1700000000123", "2023-11-14T22:13:20Z"),
            ("2023-12-15 24:00", "2023-12-16T00:00:00Z"),
            ("05/05/2014 03:00:00 PM UTC", "2014-05-05T15:00:00Z"),
            ("12/25/2014", "2014-12-25T00:00:00Z"),
            ("25/12/2014", "2014-12-25T00:00:00Z"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
            ("2024-12-06 12:00 AM", "2024-12-06T00:00:00Z"),
        ] {
            assert_eq!(instant(written), meant, "{written}");
        }
    }

    #[test]
    fn what_is_no_date_or_might_be_two_is_none() {
        for written in [
            "",
            "next Tuesday",
            "Last Modified",
            "2023",
            "2023-13-01",
            "2023-02-30",
            "05/06/2024",
            "2023-10-15 25:00",
            "2023-10-15 10:00 IST",
            "2023-10-15 10:00:00 nonsense",
            "2023-10-15 10:00 +99:00",
            "0000-00-00 00:00:00",
            "12023-10-15",
            "9999-12-31T23:59:59-10:00",
            "2023-10-15-hello",
            "é",
        ] {
            assert_eq!(instant(written), "none", "{written}");
        }
    }

    #[test]
    fn a_time_that_clocks_skipped_moves_forward_by_the_gap() {
        let spring = read("2024-03-31 01:30").unwrap().instant(chrono_tz::Europe::London).unwrap();
        assert_eq!(spring.time.to_rfc3339(), "2024-03-31T01:30:00+00:00");
        assert_eq!(spring.oddity, Some(Oddity::Nonexistent));
        assert_eq!(read_in("2011-12-30", chrono_tz::Pacific::Apia), "2011-12-30T10:00:00Z");
    }

    #[test]
    fn a_time_that_clocks_showed_twice_is_the_first() {
        let autumn = read("2024-10-27 01:30").unwrap().instant(chrono_tz::Europe::London).unwrap();
        assert_eq!(autumn.time.to_rfc3339(), "2024-10-27T00:30:00+00:00");
        assert_eq!(autumn.oddity, Some(Oddity::Ambiguous));
    }

    #[test]
    fn a_file_name_may_begin_with_its_date() {
        for (name, clocks, meant, slug) in [
            ("2024-05-06-hello", false, "2024-05-05T23:00:00Z", "hello"),
            ("2024-05-06_hello", false, "2024-05-05T23:00:00Z", "hello"),
            ("2024-05-06 hello", false, "2024-05-05T23:00:00Z", "hello"),
            ("20240506-hello", false, "2024-05-05T23:00:00Z", "hello"),
            ("2024-05-06", false, "2024-05-05T23:00:00Z", ""),
            ("2024-05-06T10:20:30Z-hello", false, "2024-05-06T10:20:30Z", "hello"),
            ("2024-05-06-10-20-30-hello", true, "2024-05-06T09:20:30Z", "hello"),
            ("2024-05-06-10-20-30-hello", false, "2024-05-05T23:00:00Z", "10-20-30-hello"),
            ("2024-05-06-10-things", true, "2024-05-05T23:00:00Z", "10-things"),
        ] {
            let (stated, rest) = at_start_of(name, clocks).unwrap();
            let time = stated.instant(chrono_tz::Europe::London).unwrap().time;
            assert_eq!((time.format("%FT%TZ").to_string().as_str(), rest), (meant, slug), "{name}");
        }
        for name in ["hello", "2024-05-061", "2024-13-01-x", "202405061", "1.2.3", "2024-hello", "٢٠٢٤-٠٥-٠٦"]
        {
            assert!(at_start_of(name, true).is_none(), "{name}");
        }
    }

    #[test]
    fn a_path_may_hold_its_date() {
        assert!(anywhere_in("posts/x-2024-05-06/hello.md").is_some());
        assert!(in_folders("inside/2024/05/06/hello").is_some());
        assert!(anywhere_in("posts/12024-05-06/hello.md").is_none());
        assert!(in_folders("2024/13/06/hello").is_none());
    }

    proptest! {
        #[test]
        fn the_usual_forms_are_read_as_all_others(
            day in "[0-2][0-9]{3}[-./][01][0-9][-./][0-3][0-9]",
            clock in "([T t]{1,2}[0-2][0-9]:[0-6][0-9](:[0-6][0-9])?)?",
            zone in "( ?(Z|z|[+-][0-9]{2}:?[0-9]{2}|[+-][0-9]|UTC|[AP]M|\\.[0-9]{3}Z?|[+]00:00\\[UTC\\]|Z 1|[a-z:0-9]{1,3}))?",
        ) {
            let text = format!("{day}{clock}{zone}");
            if let Some(stated) = usual(&text) {
                prop_assert_eq!(Some(stated), in_words(&text), "{}", text);
            }
        }

        #[test]
        fn any_text_is_a_date_or_none(text in ".{0,60}", name in "[0-9]{4}[-_./T0-9:Zé+]{0,30}") {
            for text in [&text, &name] {
                let _ = read(text).and_then(|stated| stated.instant(chrono_tz::Pacific::Apia));
                let _ = at_start_of(text, true);
                let _ = anywhere_in(text);
                let _ = in_folders(text);
            }
        }

        #[test]
        fn a_time_as_feeds_write_it_is_read_back(seconds in -62_135_596_800_i64..253_402_300_799) {
            let time = DateTime::from_timestamp(seconds, 0).unwrap();
            let stated = read(&time.to_rfc3339()).unwrap();
            prop_assert_eq!(stated.instant(chrono_tz::Asia::Tokyo).unwrap().time, time);
        }
    }
}
