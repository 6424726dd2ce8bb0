//! Dates in the names of files and in paths.

use chrono::{Datelike, NaiveDate, NaiveTime};

use super::{Stated, plausible, zone};

/// The day at the beginning of a file name, and the name without it: `2024-05-06-hello`, `2024_05_06 hello`,
/// `20240506-hello`, an RFC 3339 time as Zola allows, or `2024-05-06-10-20-30-hello` as Hugo does (`clocks`).
pub(in crate::article) fn at_start_of(name: &str, clocks: bool) -> Option<(Stated, &str)> {
    let (date, rest) = dashed(name).or_else(|| compact(name)).or_else(|| short(name))?;
    if let Some((stated, rest)) = rest.strip_prefix(['T', 't']).and_then(|rest| time_in_name(date, rest)) {
        return Some((stated, slug_after(rest)?));
    }
    if clocks && let Some((stated, rest)) = rest.strip_prefix(['-', '_']).and_then(|rest| six(date, rest)) {
        return Some((stated, slug_after(rest)?));
    }
    Some((Stated::local(date.and_time(NaiveTime::MIN), true), slug_after(rest)?))
}

/// The day at the beginning of a file name where month and day may have one digit and the year two, and the name without it:
/// `2024-5-6-hello`, `24-5-6-hello`.
pub(in crate::article) fn short_at_start_of(name: &str) -> Option<(Stated, &str)> {
    let mut parts = name.splitn(4, '-');
    let year = parts.next()?;
    // Ruby takes two digits for a year between 1969 and 2068.
    let century = if year.len() != 2 {
        ""
    } else if year < "69" {
        "20"
    } else {
        "19"
    };
    let date = calendar(&format!("{century}{year}"), parts.next()?, parts.next()?)?;
    Some((Stated::local(date.and_time(NaiveTime::MIN), true), parts.next()?))
}

/// The first `2024-05-06` anywhere in a path, or its folders `2024/05/06`.
pub(in crate::article) fn anywhere_in(path: &str) -> Option<Stated> {
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
pub(in crate::article) fn in_folders(path: &str) -> Option<Stated> {
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
pub(super) fn dashed(text: &str) -> Option<(NaiveDate, &str)> {
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

/// `2024-5-6-`, with one digit for a month or a day, as Jekyll takes it.
fn short(text: &str) -> Option<(NaiveDate, &str)> {
    let (year, rest) = text.split_once('-').filter(|(year, _)| year.len() == 4)?;
    let (month, rest) = rest.split_once('-')?;
    let day = rest.split('-').next().filter(|day| day.len() < rest.len())?;
    let number = |part: &str| {
        let is_number = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u32>().ok().filter(|_| is_number)
    };
    let is_short = month.len() <= 2 && day.len() <= 2;
    let date = NaiveDate::from_ymd_opt(i32::try_from(number(year)?).ok()?, number(month)?, number(day)?)?;
    is_short.then_some((date, rest.get(day.len()..)?))
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
    let zone = zone::read(rest.get(..zone_end)?)?;
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

/// The rest of a name after its date; `None` if the digits went on, so that it was no date.
fn slug_after(rest: &str) -> Option<&str> {
    if rest.starts_with(char::is_alphanumeric) {
        return None;
    }
    Some(rest.trim_start_matches(['-', '_', '.', ' ']))
}
