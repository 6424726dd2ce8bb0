//! When an article was published and updated: once for the first time, and then only as its author says.

use chrono::{DateTime, SubsecRound, Utc};

use super::record::is_hex_of;
use super::{DatePolicy, Record, Updates};
use crate::article::{self, ArticleSummary};
use crate::diagnostic::{Diagnostic, Rule};

/// By how many letters and digits a text may grow or shrink without being another to its readers. It is what Feedbin
/// shows as an update.
const NOTICEABLE: u32 = 50;

/// The record of an article that is published for the first time.
pub(super) fn first(id: &str, article: ArticleSummary<'_>, now: DateTime<Utc>) -> Record {
    let published = seconds(article.published()).unwrap_or(now);
    let mut record = Record::new(id, article, published);
    begin(&mut record, article, now);
    record
}

/// Sets the dates of a first publication.
fn begin(record: &mut Record, article: ArticleSummary<'_>, now: DateTime<Utc>) {
    record.pending = false;
    record.published = seconds(article.published()).unwrap_or(now);
    record.stated = None;
    record.stated_updated = seconds(article.updated());
    record.updated = within(record.stated_updated.unwrap_or(record.published), record.published, now);
}

/// Moves the dates of a record as far as its author, or the publication's policy, says so. To be called before the
/// record takes over the article's present text.
pub(super) fn advance(
    record: &mut Record,
    article: ArticleSummary<'_>,
    now: DateTime<Utc>,
    policy: DatePolicy,
) -> Vec<Diagnostic> {
    if record.pending {
        begin(record, article, now);
        return Vec::new();
    }
    let mut diagnostics = Vec::new();
    diagnostics.extend(changed_title(record, article));
    let updated = new_update(record, article, now, policy);
    if let Some(moved) = move_date(record, article) {
        diagnostics.push(moved);
    }
    record.stated_updated = seconds(article.updated());
    let updated = updated.map_or(record.updated, |updated| within(updated, record.published, now));
    record.updated = updated.max(record.published);
    diagnostics
}

/// The instant of an update since the last build, if there was one.
fn new_update(
    record: &Record,
    article: ArticleSummary<'_>,
    now: DateTime<Utc>,
    policy: DatePolicy,
) -> Option<DateTime<Utc>> {
    let stated = seconds(article.updated());
    if stated.is_some() && stated != record.stated_updated {
        return stated;
    }
    (policy.updated == Updates::Significant && is_significant(record, article)).then_some(now)
}

/// True if the text has changed since the last build to a degree that its readers would notice.
fn is_significant(record: &Record, article: ArticleSummary<'_>) -> bool {
    let fingerprint = article.fingerprint();
    let differs = || record.minhash().is_some_and(|minhash| article::differs(&minhash, &fingerprint.minhash));
    !is_hex_of(&record.digest, &fingerprint.digest)
        && (record.characters.abs_diff(fingerprint.characters) > NOTICEABLE || differs())
}

/// RFC 4287 section 4.2.9: the date of publication says when it first was; it moves only where its author corrects it.
fn move_date(record: &mut Record, article: ArticleSummary<'_>) -> Option<Diagnostic> {
    let stated = seconds(article.published())?;
    if stated == record.stated_date() {
        return None;
    }
    record.stated = None;
    if stated == record.published {
        return None;
    }
    let before = std::mem::replace(&mut record.published, stated);
    if record.updated == before {
        record.updated = stated; // It was never updated.
    }
    let shown = |date: DateTime<Utc>| date.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let message = format!("it was published `{}`, and now says `{}`", shown(before), shown(stated));
    Some(
        Diagnostic::new(Rule::MovedDate, article.path(), message)
            .label("Fluent Reader shows it again as new; most other readers move it to its new date")
            .help("leave the date as it was, and say when you changed the text with `updated`"),
    )
}

fn changed_title(record: &Record, article: ArticleSummary<'_>) -> Option<Diagnostic> {
    let title = article.title().unwrap_or_default();
    (record.title != title).then(|| {
        let message = match (record.title.as_str(), title) {
            (before, "") => format!("it was published as `{before}`, and now has no title"),
            ("", now) => format!("it was published without a title, and now is called `{now}`"),
            (before, now) => format!("it was published as `{before}`, and now is called `{now}`"),
        };
        Diagnostic::new(Rule::ChangedTitle, article.path(), message)
            .label("Fluent Reader shows it again as new; other readers change its title")
            .help("no action is needed if that is what you want; this is printed once")
    })
}

/// Never before its publication, nor after `now`. An article that is published ahead of its date counts as updated
/// then.
fn within(updated: DateTime<Utc>, published: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    updated.min(now).max(published)
}

/// Feeds know no fractions of seconds.
fn seconds(date: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    date.map(|date| date.trunc_subsecs(0))
}
