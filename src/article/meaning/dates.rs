//! When an article was published and changed, and from when on it is withheld.

use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::Reader;
use super::access::is_status;
use crate::article::Conventions;
use crate::article::date::{self, DayMonthOrder, Instant, Oddity, Stated};
use crate::article::metadata::Found;
use crate::diagnostic::{Diagnostic, Rule};
use crate::generator::Meaning;

impl Reader<'_> {
    /// The day from which the article counts: as stated, else as its address, name or path says.
    pub(in crate::article) fn published(&mut self, named: Option<Stated>) -> Option<DateTime<Utc>> {
        let (stated, unreadable) = self.date(Meaning::Published);
        let timezone = self.conventions.timezone;
        let instant = stated.or_else(|| {
            let address = self.metadata.first(Meaning::Address).and_then(|found| found.node.text());
            let elsewhere = named.or_else(|| date::in_folders(address?));
            elsewhere.and_then(|stated| stated.instant(timezone))
        });
        let label = || match (&instant, stated) {
            (Some(instant), None) => {
                format!(
                    "`{}`, of its name or path, is used",
                    instant.time.with_timezone(&timezone).format("%F")
                )
            }
            (Some(_), Some(_)) => "ignored, another date is used".to_owned(),
            (None, _) => "withheld from every feed until it has one".to_owned(),
        };
        self.diagnostics.extend(unreadable.into_iter().map(|diagnostic| diagnostic.label(label())));
        instant.map(|instant| instant.time)
    }

    /// When it was last changed, as stated, if that is after `published`.
    pub(in crate::article) fn updated(&mut self, published: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
        let (instant, unreadable) = self.date(Meaning::Updated);
        self.diagnostics.extend(unreadable.into_iter().map(|diagnostic| diagnostic.label("ignored")));
        let instant = instant?;
        let Some(published) = published.filter(|published| instant.time < *published) else {
            return Some(instant.time);
        };
        let timezone = self.conventions.timezone;
        let day = |time: DateTime<Utc>| time.with_timezone(&timezone).date_naive();
        // Changed on the day it was published, with no time given: that is no fault.
        if !(instant.day_only && day(instant.time) == day(published)) {
            let found = self.metadata.first(Meaning::Updated)?;
            let written = found.node.text().unwrap_or_default();
            self.diagnostics.push(
                found
                    .fault(
                        Rule::UpdatedBeforePublished,
                        format!("updated on `{written}`, before it was published"),
                    )
                    .label("counts as not updated")
                    .help("swap the two dates, or correct the one that is wrong"),
            );
        }
        None
    }

    pub(in crate::article) fn expires(&mut self) -> Option<DateTime<Utc>> {
        let (instant, unreadable) = self.date(Meaning::Expires);
        self.diagnostics.extend(unreadable.into_iter().map(|diagnostic| diagnostic.label("ignored")));
        instant.map(|instant| instant.time)
    }

    /// From when on it may be published, if something says so and that is after `published`.
    pub(in crate::article) fn due(&mut self, published: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
        let metadata = self.metadata;
        let instants = metadata.all(Meaning::Due).filter_map(|found| self.instant(&found));
        instants
            .map(|instant| instant.time)
            .max()
            .filter(|due| published.is_none_or(|published| *due > published))
    }

    /// The instant that a field states.
    fn instant(&self, found: &Found<'_>) -> Option<Instant> {
        let Conventions { language, timezone, .. } = self.conventions;
        let instant = self.stated(found, language)?.instant(*timezone)?;
        let day_first = self.metadata.dialect.rules().values.day_first;
        Some(Instant { either_order: instant.either_order && !day_first, ..instant })
    }

    /// The date that a field states, before a time zone is asked for one that names none.
    fn stated(&self, found: &Found<'_>, language: &str) -> Option<Stated> {
        let values = &self.metadata.dialect.rules().values;
        let order =
            if values.day_first { DayMonthOrder::DayFirst } else { DayMonthOrder::of_language(language) };
        let written = found.node.text()?;
        let stated = date::read(written, order)?;
        let as_written = found.text.text.get(found.node.span.start..).unwrap_or_default();
        let is_plain = !as_written.starts_with(['"', '\'']);
        Some(if values.utc_timestamps && is_plain { stated.in_utc_if_timestamp(written) } else { stated })
    }

    /// The date in the article's address: that of its publication on the clocks of the site, or as it is written.
    pub(in crate::article) fn date_of_address(&self, published: DateTime<Utc>) -> DateTime<Tz> {
        let Conventions { language, timezone, .. } = self.conventions;
        let metadata = self.metadata;
        let written = || {
            let by_name = metadata.all(Meaning::Published).filter(|found| found.name == "date");
            let mut all = by_name.chain(metadata.all(Meaning::Published));
            let local = all.find_map(|found| self.stated(&found, language))?.as_written();
            // The zone is the site's in name only: an address has no zone.
            Some(Tz::UTC.from_utc_datetime(&local))
        };
        let as_written = metadata.dialect.rules().values.addresses_as_written;
        as_written.then(written).flatten().unwrap_or_else(|| published.with_timezone(timezone))
    }

    /// The place among articles of one instant.
    pub(in crate::article) fn order(&self) -> Option<i32> {
        let number =
            |meaning| self.metadata.all(meaning).find_map(|found| found.node.text()?.parse::<i32>().ok());
        // The newest comes first, and so does the latest episode.
        number(Meaning::Order).or_else(|| number(Meaning::Episode).map(i32::saturating_neg))
    }

    /// The first readable date of a meaning, and what to say of those before it that are not.
    fn date(&mut self, meaning: Meaning) -> (Option<Instant>, Vec<Diagnostic>) {
        let metadata = self.metadata;
        let mut unreadable = Vec::new();
        for found in metadata.all(meaning) {
            // `published: true` and `published: draft` are no dates and were not meant as such.
            let is_word = || found.node.text().is_some_and(is_status);
            if found.name == "published" && (found.node.truth().is_some() || is_word()) {
                continue;
            }
            let Some(instant) = self.instant(&found) else {
                unreadable.push(unreadable_date(&found));
                continue;
            };
            // What Go prints for no date at all.
            if instant.time.timestamp() == GO_ZERO {
                continue;
            }
            self.remark(&found, &instant);
            return (Some(instant), unreadable);
        }
        (None, unreadable)
    }

    fn remark(&mut self, found: &Found<'_>, instant: &Instant) {
        let written = found.node.text().unwrap_or_default();
        let timezone = self.conventions.timezone.name();
        let utc = instant.time.format("%FT%TZ");
        let offset = || instant.time.with_timezone(&self.conventions.timezone).format("%:z").to_string();
        match instant.oddity {
            Some(Oddity::Ambiguous) => self.diagnostics.push(
                found
                    .fault(
                        Rule::AmbiguousTime,
                        format!("`{written}` occurred twice in `{timezone}`, as clocks went back"),
                    )
                    .label(format!("published as `{utc}`, the first of the two"))
                    .help(format!("add the offset: `{}`", offset())),
            ),
            // A day that begins with the change of clocks simply begins a little later.
            Some(Oddity::Nonexistent) if !instant.day_only => self.diagnostics.push(
                found
                    .fault(
                        Rule::NonexistentTime,
                        format!("`{written}` did not exist in `{timezone}`, as clocks went forward"),
                    )
                    .label(format!("published as `{utc}`"))
                    .help(format!("write a time that existed, or add the offset: `{}`", offset())),
            ),
            _ => {}
        }
        if instant.either_order {
            self.diagnostics.push(ambiguous_date(found, instant, self.conventions));
        }
        if instant.time.timestamp() < WEB {
            self.diagnostics.push(
                found
                    .fault(Rule::ImplausibleDate, format!("`{written}` is before the web existed"))
                    .label("published as it is")
                    .help("correct the year if it is a slip; validators and some readers doubt such dates"),
            );
        }
    }
}

/// 1990, when the web began and from when on validators believe dates.
const WEB: i64 = 631_152_000;

/// 0001-01-01T00:00:00Z.
const GO_ZERO: i64 = -62_135_596_800;

fn ambiguous_date(found: &Found<'_>, instant: &Instant, conventions: &Conventions) -> Diagnostic {
    let written = found.node.text().unwrap_or_default();
    let day = instant.time.with_timezone(&conventions.timezone).format("%F");
    let language = &conventions.language;
    found
        .fault(Rule::AmbiguousDate, format!("`{written}` may be two days: day and month are not told apart"))
        .label(format!(
            "read as `{day}`, in the order that is usual in the publication's language, `{language}`"
        ))
        .help(format!("write it as `{day}`"))
}

fn unreadable_date(found: &Found<'_>) -> Diagnostic {
    let Some(written) = found.node.text() else {
        let message = format!("`{}` is {}, not a date", found.key, found.node.kind());
        return found.fault(Rule::UnreadableDate, message).help("write it as `2024-05-06`");
    };
    let magic = ["last modified", "created", "git last modified", "git created"];
    let help = if magic.contains(&written.to_ascii_lowercase().as_str()) {
        "file and git times change with every copy, so feeds cannot use them; write the day: `2024-05-06`"
    } else {
        "write it as `2024-05-06` or `2024-05-06T10:00:00+02:00`"
    };
    found.fault(Rule::UnreadableDate, format!("`{written}` is not a date")).help(help)
}
