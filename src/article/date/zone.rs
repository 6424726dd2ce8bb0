//! Time zones as people write them, and what local times mean in them.

use chrono::{DateTime, FixedOffset, LocalResult, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::Oddity;

/// A zone that a date names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    Offset(FixedOffset),
    Named(Tz),
}

impl Zone {
    /// The instant of a local time, and what clocks did to it.
    pub(super) fn settle(self, local: NaiveDateTime) -> Option<(DateTime<Utc>, Option<Oddity>)> {
        match self {
            Self::Offset(offset) => {
                let seconds = TimeDelta::seconds(i64::from(offset.local_minus_utc()));
                Some((local.checked_sub_signed(seconds)?.and_utc(), None))
            }
            Self::Named(timezone) => settle(local, timezone),
        }
    }
}

/// The time zone that a configuration names: an IANA name, or a fixed offset of whole hours such as `GMT-6`,
/// `UTC+2` or `+02:00`. `None` for anything else.
///
/// ```
/// use feedwright::article::timezone;
/// assert_eq!(timezone("Europe/London"), Some(chrono_tz::Europe::London));
/// assert_eq!(timezone("GMT-6"), Some(chrono_tz::Etc::GMTPlus6), "POSIX counts to the west");
/// assert_eq!(timezone("UTC+05:30"), None);
/// ```
pub fn timezone(name: &str) -> Option<Tz> {
    let name = name.trim();
    if let Ok(timezone) = name.parse() {
        return Some(timezone);
    }
    let Zone::Offset(offset) = read(name)? else { return None };
    let seconds = offset.local_minus_utc();
    let hours = seconds / 3600;
    match (seconds % 3600, hours) {
        (0, 0) => Some(Tz::UTC),
        // The names of the database count hours to the west of Greenwich.
        (0, east @ 1..) => format!("Etc/GMT-{east}").parse().ok(),
        (0, west) => format!("Etc/GMT+{}", -west).parse().ok(),
        _ => None,
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

/// Reads an offset, an IANA name, or one of the abbreviations that mean one zone only. `IST` is three, so it is none.
pub(super) fn read(text: &str) -> Option<Zone> {
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
