//! The forms in which people write days and times.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Offset, Timelike, Utc};

use super::zone::Zone;
use super::{Stated, plausible};

/// Only digits: a day, a day and a time, or seconds or milliseconds since 1970 as exports of databases have them.
pub(super) fn digits(text: &str) -> Option<Stated> {
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
            Some(Stated { zone: Some(Zone::Offset(Utc.fix())), ..Stated::local(local, false) })
        }
        _ => None,
    }
}

/// The text without what says nothing: day of the week, `at`, commas, ordinal endings, double spaces.
pub(super) fn tidy(text: &str) -> String {
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

/// A day at the beginning of a text.
pub(super) struct Day<'a> {
    pub(super) date: NaiveDate,
    /// True if day and month could be exchanged.
    pub(super) either_order: bool,
    /// The text that follows.
    pub(super) rest: &'a str,
}

/// The order of day and month in a date such as `05/06/2024`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::article) enum DayMonthOrder {
    DayFirst,
    MonthFirst,
}

impl DayMonthOrder {
    /// The order that people who write a language (a BCP 47 tag) are used to, as CLDR has it: the month first in the
    /// English of the United States, which is also that of no country, and where else it is customary.
    pub(in crate::article) fn of_language(tag: &str) -> Self {
        let tag = tag.to_ascii_lowercase();
        let mut parts = tag.split('-');
        let language = parts.next().unwrap_or_default();
        let country = parts.find(|part| part.len() == 2).unwrap_or_default();
        let month_first = match language {
            "en" => matches!(country, "" | "us" | "ph" | "pr" | "gu" | "as" | "mp" | "vi" | "um" | "mh"),
            "es" => matches!(country, "us" | "pr" | "pa"),
            "fil" | "haw" | "chr" => true,
            _ => false,
        };
        if month_first { Self::MonthFirst } else { Self::DayFirst }
    }
}

/// The forms of a day, each with 5 October 2023 in it.
const DAYS: &[(&str, &str)] = &[
    ("%Y-%m-%d", "2023-10-05"),
    ("%Y/%m/%d", "2023/10/5"),
    ("%Y.%m.%d", "2023.10.05"),
    ("%Y%m%d", "20231005"),
    ("%d %B %Y", "5 Oct 2023"),
    ("%d-%B-%Y", "5-October-2023"),
    ("%d. %B %Y", "5. October 2023"),
    ("%B %d %Y", "October 5 2023"),
    ("%Y %B %d", "2023 October 05"),
    ("%Y年%m月%d日", "2023年10月5日"),
];

/// The forms of a day in which the order of day and month is a matter of custom, with the day first and the month first.
const IN_EITHER_ORDER: &[(&str, &str)] =
    &[("%d/%m/%Y", "%m/%d/%Y"), ("%d.%m.%Y", "%m.%d.%Y"), ("%d-%m-%Y", "%m-%d-%Y")];

/// The day at the beginning of a text.
pub(super) fn day(text: &str, order: DayMonthOrder) -> Option<Day<'_>> {
    if let Some((date, rest)) = DAYS.iter().find_map(|(form, _)| day_in(text, form)) {
        return Some(Day { date, either_order: false, rest });
    }
    IN_EITHER_ORDER.iter().find_map(|(day_first, month_first)| {
        let forms = match order {
            DayMonthOrder::DayFirst => [day_first, month_first],
            DayMonthOrder::MonthFirst => [month_first, day_first],
        };
        let [usual, other] = forms.map(|form| day_in(text, form).filter(|(date, _)| date.year() >= 1000));
        let either_order = usual.is_some() && other.is_some() && usual != other;
        let (date, rest) = usual.or(other)?;
        Some(Day { date, either_order, rest })
    })
}

fn day_in<'a>(text: &'a str, form: &str) -> Option<(NaiveDate, &'a str)> {
    let has_whole_year = |text: &str| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    if form.starts_with("%Y") && !text.get(..4).is_some_and(has_whole_year) {
        return None;
    }
    let (date, rest) = NaiveDate::parse_and_remainder(text, form).ok()?;
    let ends = rest.chars().next().is_none_or(|c| matches!(c, 'T' | 't' | ' ' | 'Z' | 'z' | '+'));
    ends.then_some((plausible(date)?, rest))
}

/// The forms of a time, each with five past nine in the evening in it, or nine.
const TIMES: &[(&str, &str)] = &[
    ("%I:%M:%S %p", "9:05:00 PM"),
    ("%I:%M:%S%p", "09:05:00pm"),
    ("%I:%M %p", "9:05 pm"),
    ("%I:%M%p", "9:05PM"),
    ("%I %p", "9 PM"),
    ("%I%p", "9pm"),
    ("%H:%M:%S", "21:05:00"),
    ("%H:%M", "21:05"),
    ("%H%M%S", "210500"),
];

/// The time at the beginning, with the days it is past midnight of the day before (`24:00`), and what follows.
/// Fractions of a second are dropped: no feed needs them, and some readers stumble over them.
pub(super) fn time(text: &str) -> (Option<(u64, NaiveTime)>, &str) {
    for midnight in ["24:00:00", "24:00"] {
        if let Some(rest) = text.strip_prefix(midnight) {
            return (Some((1, NaiveTime::MIN)), rest);
        }
    }
    for (form, _) in TIMES {
        if let Some((time, rest)) = clock(text, form) {
            let rest = match rest.strip_prefix(['.', ',']) {
                Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
                None => rest,
            };
            return (Some((0, time)), rest);
        }
    }
    (None, text)
}

fn clock<'a>(text: &'a str, form: &str) -> Option<(NaiveTime, &'a str)> {
    let parsed = NaiveTime::parse_and_remainder(text, form).ok();
    let (time, rest) = match parsed {
        Some(parsed) => parsed,
        // `9 AM` has no minutes, which chrono wants.
        None if form.starts_with("%I") && !form.contains("%M") => on_the_hour(text)?,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        for (form, example) in DAYS {
            let example = tidy(example);
            let day = day(&example, DayMonthOrder::DayFirst).unwrap_or_else(|| panic!("{form}: {example}"));
            assert_eq!((day.date.to_string().as_str(), day.rest), ("2023-10-05", ""), "{form}");
        }
        for (form, example) in TIMES {
            let (Some((0, time)), "") = time(example) else { panic!("{form}: {example}") };
            assert!(["21:05:00", "21:00:00"].contains(&time.to_string().as_str()), "{form}: {time}");
        }
    }

    #[test]
    fn numbers_alone_are_read_in_the_order_that_people_who_write_the_language_are_used_to() {
        for (language, written, meant, either) in [
            ("en", "05/06/2024", "2024-05-06", true),
            ("en-US", "05.06.2024", "2024-05-06", true),
            ("en-GB", "05/06/2024", "2024-06-05", true),
            ("de", "05.06.2024", "2024-06-05", true),
            ("nl", "5-6-2024", "2024-06-05", true),
            ("zh-Hans-CN", "05/06/2024", "2024-06-05", true),
            ("en", "23.07.2021", "2021-07-23", false),
            ("en", "23/07/2021", "2021-07-23", false),
            ("de", "07/23/2021", "2021-07-23", false),
            ("de", "05.05.2024", "2024-05-05", false),
        ] {
            let day = day(written, DayMonthOrder::of_language(language)).unwrap();
            assert_eq!(
                (day.date.to_string().as_str(), day.either_order),
                (meant, either),
                "{language} {written}"
            );
        }
        for not_a_date in ["05/06/24", "32.01.2024", "13/13/2024"] {
            assert!(day(not_a_date, DayMonthOrder::DayFirst).is_none(), "{not_a_date}");
        }
    }
}
