//! Dates in the text of a page, as people write them: `May 3, 2026`, `3. Mai 2026`, `2026-05-03`, `03/05/2026`.

use chrono::NaiveDate;

/// The most dates that are kept of one page: lists of articles have hundreds, and are not told apart by them.
pub(super) const MOST: usize = 48;

/// The most bytes before a year in which its day and month are looked for.
const REACH: usize = 32;

/// Months by the letters that their names begin with, in the languages that sites are mostly written in.
const MONTHS: [(&str, u32); 58] = [
    ("jan", 1),
    ("ene", 1),
    ("gen", 1),
    ("янв", 1),
    ("sty", 1),
    ("feb", 2),
    ("fév", 2),
    ("fev", 2),
    ("фев", 2),
    ("lut", 2),
    ("mar", 3),
    ("mär", 3),
    ("maa", 3),
    ("mrt", 3),
    ("мар", 3),
    ("apr", 4),
    ("avr", 4),
    ("abr", 4),
    ("апр", 4),
    ("kwi", 4),
    ("may", 5),
    ("mai", 5),
    ("mei", 5),
    ("mag", 5),
    ("maj", 5),
    ("мая", 5),
    ("май", 5),
    ("juin", 6),
    ("jun", 6),
    ("giu", 6),
    ("июн", 6),
    ("cze", 6),
    ("juil", 7),
    ("jul", 7),
    ("lug", 7),
    ("июл", 7),
    ("lip", 7),
    ("aug", 8),
    ("aoû", 8),
    ("ago", 8),
    ("авг", 8),
    ("sie", 8),
    ("sep", 9),
    ("set", 9),
    ("сен", 9),
    ("wrz", 9),
    ("oct", 10),
    ("okt", 10),
    ("out", 10),
    ("ott", 10),
    ("окт", 10),
    ("nov", 11),
    ("ноя", 11),
    ("lis", 11),
    ("dec", 12),
    ("dez", 12),
    ("dic", 12),
    ("déc", 12),
];

/// Adds the dates in `text` to those that were found before it, each once, as long as there is room.
///
/// A date whose day and month could be either is added in both ways.
pub(super) fn add(text: &str, dates: &mut Vec<NaiveDate>) {
    for (start, year) in years(text) {
        let (before, after) = (&text[..start], &text[start + 4..]);
        let mut of_year = |month: u32, day: u32| {
            let date = i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, day));
            if let Some(date) = date.filter(|date| dates.len() < MOST && !dates.contains(date)) {
                dates.push(date);
            }
        };
        match month_and_day_after(after) {
            Some((month, day)) => of_year(month, day),
            None => match words_before(before) {
                Some([Word::Number(day), Word::Month(month)] | [Word::Month(month), Word::Number(day)]) => {
                    of_year(month, day);
                }
                Some([Word::Number(one), Word::Number(other)]) => {
                    of_year(one, other);
                    of_year(other, one);
                }
                _ => {}
            },
        }
    }
}

/// Adds dates that were found elsewhere, each once, as long as there is room.
pub(super) fn join(dates: &mut Vec<NaiveDate>, others: Vec<NaiveDate>) {
    for date in others {
        if dates.len() < MOST && !dates.contains(&date) {
            dates.push(date);
        }
    }
}

/// Years of the web in a text, and where they begin.
fn years(text: &str) -> impl Iterator<Item = (usize, u32)> {
    let bytes = text.as_bytes();
    let digit_at = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let starts = memchr::memchr2_iter(b'1', b'2', bytes);
    starts.filter_map(move |start| {
        let begins = start == 0 || !digit_at(start - 1);
        let year: u32 =
            text.get(start..start + 4).filter(|_| begins && !digit_at(start + 4))?.parse().ok()?;
        (1990..2100).contains(&year).then_some((start, year))
    })
}

/// `-05-03`, `/5/3`, `年5月3日`, `, May 3`.
fn month_and_day_after(text: &str) -> Option<(u32, u32)> {
    let rest = text.strip_prefix(['-', '/', '.', '年'])?.trim_start();
    let (month, rest) = number(rest)?;
    let rest = rest.strip_prefix(['-', '/', '.', '月'])?.trim_start();
    let (day, _) = number(rest)?;
    Some((month, day))
}

/// A number of at most two digits at the beginning of a text, and what follows.
fn number(text: &str) -> Option<(u32, &str)> {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = text.get(..end).filter(|digits| (1..=2).contains(&digits.len()))?.parse().ok()?;
    Some((number, &text[end..]))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Number(u32),
    Month(u32),
}

/// The last two words of a text that say something of a date, in their order.
fn words_before(text: &str) -> Option<[Word; 2]> {
    let mut from = text.len().saturating_sub(REACH);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let words = text[from..].rsplit(|character: char| !character.is_alphanumeric());
    let mut words = words.filter(|word| !word.is_empty() && !is_filler(word)).map(word);
    let last = words.next()??;
    let before = words.next()??;
    Some([before, last])
}

/// Words within dates that say nothing: `3rd of May`, `3 de mayo de 2026`.
fn is_filler(word: &str) -> bool {
    ["of", "de", "the", "del"].contains(&word)
}

fn word(word: &str) -> Option<Word> {
    let digits = word.trim_end_matches(|character: char| character.is_ascii_lowercase());
    let ordinal = ["", "st", "nd", "rd", "th", "er"].contains(&&word[digits.len()..]);
    if let Some((number, "")) = number(digits).filter(|_| ordinal) {
        return Some(Word::Number(number));
    }
    let lower = word.to_lowercase();
    let is_name = word.chars().all(char::is_alphabetic);
    let known = MONTHS.iter().find(|(beginning, _)| is_name && lower.starts_with(beginning));
    known.map(|(_, month)| Word::Month(*month))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let mut dates = Vec::new();
        add(text, &mut dates);
        dates.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        for text in [
            "2026-05-03",
            "2026-05-03T10:00:00+02:00",
            "Posted on May 3, 2026 by me",
            "3 May 2026",
            "May 3rd, 2026",
            "the 3rd of May 2026",
            "3. Mai 2026",
            "3 de mayo de 2026",
            "2026年5月3日",
            "2026/5/3",
            "Sun, 03 May 2026 10:00:00 GMT",
            "3 мая 2026 г.",
        ] {
            assert_eq!(found(text), ["2026-05-03"], "{text}");
        }
    }

    #[test]
    fn a_date_that_could_be_two_is_both() {
        assert_eq!(found("03/05/2026"), ["2026-03-05", "2026-05-03"]);
        assert_eq!(found("23.05.2026"), ["2026-05-23"]);
    }

    #[test]
    fn numbers_that_are_no_dates_are_passed_over() {
        for text in [
            "",
            "2026",
            "© 2009–2026 us",
            "12345678",
            "room 2026",
            "1.2.2026000",
            "2026-13-41",
            "é2026",
            "20",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn dates_are_counted_once_and_not_without_end() {
        assert_eq!(found("2026-05-03 2026-05-03"), ["2026-05-03"]);
        let many: String =
            (1..=12).flat_map(|month| (1..=28).map(move |day| format!("2026-{month}-{day} "))).collect();
        assert_eq!(found(&many).len(), MOST);
    }
}
