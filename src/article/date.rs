//! Dates in every form that people write them, and the instants they mean.
//!
//! A value that states its own offset or zone means that; any other means the publication's time zone, but for a time
//! with seconds in front matter where the generator takes it for UTC, as Jekyll does (`utc_timestamps`). A day without
//! a time is its first moment in that zone, so the same article has the same instant in every build.

mod forms;
mod names;
mod zone;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use zone::Zone;

pub(super) use forms::DayMonthOrder;
pub(super) use names::{anywhere_in, at_start_of, in_folders, short_at_start_of};
pub use zone::timezone;

/// A date as written, before a time zone is asked for one that names none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stated {
    local: NaiveDateTime,
    zone: Option<Zone>,
    /// True if only a day was written.
    pub(super) day_only: bool,
    /// True if day and month could be exchanged, as in `05/06/2024`.
    pub(super) either_order: bool,
}

/// The instant that a stated date means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Instant {
    pub(super) time: DateTime<Utc>,
    /// True if only a day was written.
    pub(super) day_only: bool,
    /// True if day and month could be exchanged.
    pub(super) either_order: bool,
    pub(super) oddity: Option<Oddity>,
}

/// The two odd kinds of local time that there are when clocks change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Oddity {
    /// It occurred twice; the first is meant.
    Ambiguous,
    /// It never was; it is moved forward by the gap.
    Nonexistent,
}

/// Reads a date in any of the forms that front matter holds. Where day and month are numbers and could be exchanged,
/// `order` decides. `None` if it is not a date, or outside the years 1 to 9999 that feeds can express.
pub(super) fn read(text: &str, order: DayMonthOrder) -> Option<Stated> {
    let text = text.trim();
    // The longest forms have some forty characters; whatever is much longer is prose.
    if text.len() > 80 || !text.is_char_boundary(0) {
        return None;
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return forms::digits(text);
    }
    usual(text).or_else(|| in_words(text, order))
}

/// Reads the forms of nearly all articles, `2024-05-06` and `2024-05-06T10:00:00Z`, without a try at every other form.
fn usual(text: &str) -> Option<Stated> {
    let (date, rest) = text.split_at_checked(10)?;
    let (date, after) = names::dashed(date).filter(|_| date.as_bytes().get(4) == Some(&b'-'))?;
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
            zone::read(rest.strip_prefix(' ').unwrap_or(rest))
                .filter(|_| rest.trim_start().starts_with(['Z', '+', '-']))?,
        ),
    };
    Some(Stated { zone, ..Stated::local(date.and_time(time), false) })
}

fn in_words(text: &str, order: DayMonthOrder) -> Option<Stated> {
    let tidy = forms::tidy(text);
    let forms::Day { date, either_order, rest } = forms::day(&tidy, order)?;
    let rest = rest.trim_start_matches(['T', 't']).trim_start();
    let (time, rest) = forms::time(rest);
    let zone = match rest.trim() {
        "" => None,
        rest => Some(zone::read(rest)?),
    };
    let (days, clock) = time.unwrap_or((0, NaiveTime::MIN));
    let local = date.checked_add_days(Days::new(days))?.and_time(clock);
    Some(Stated { zone, either_order, ..Stated::local(local, time.is_none()) })
}

impl Stated {
    /// A time of the publication's own clocks.
    pub(super) fn local(local: NaiveDateTime, day_only: bool) -> Self {
        Self { local, zone: None, day_only, either_order: false }
    }

    /// The same, in UTC if it is a timestamp of YAML without a zone: a day and a time with seconds.
    pub(super) fn in_utc_if_timestamp(self, written: &str) -> Self {
        let clock = written.trim().rsplit(['T', 't', ' ']).next().unwrap_or_default();
        let is_timestamp = written.trim().starts_with(|c: char| c.is_ascii_digit())
            && clock.matches(':').count() == 2
            && written.matches('-').count() == 2;
        let zone = self.zone.or(is_timestamp.then_some(Zone::Named(Tz::UTC)));
        Self { zone, ..self }
    }

    /// The time on the clocks of its own zone.
    pub(super) fn as_written(self) -> NaiveDateTime {
        self.local
    }

    /// The instant it means. `None` if that lies outside the years that feeds can express.
    pub(super) fn instant(self, timezone: Tz) -> Option<Instant> {
        let zone = self.zone.unwrap_or(Zone::Named(timezone));
        let (time, oddity) = zone.settle(self.local)?;
        let Self { day_only, either_order, .. } = self;
        (1..=9999).contains(&time.year()).then_some(Instant { time, day_only, either_order, oddity })
    }
}

/// A date in the years that feeds can express.
fn plausible(date: NaiveDate) -> Option<NaiveDate> {
    (1..=9999).contains(&date.year()).then_some(date)
}

#[cfg(test)]
mod tests;
