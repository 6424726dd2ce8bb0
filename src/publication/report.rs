//! The report of a build.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Redirect;
use crate::article::{ArticleSummary, Visibility};
use crate::diagnostic::{Diagnostic, Rule};
use crate::format::PublishedFeed;
use crate::plan::Upcoming;
use crate::select::Withheld;

/// The report of a build: counts, feeds, redirects and problems.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Articles found.
    pub articles: usize,
    /// Articles that are in at least one feed.
    pub entries: usize,
    /// Feeds written, in however many formats.
    pub feeds: usize,
    /// Documents that the publication now has.
    pub documents: usize,
    /// Documents that are new or changed.
    pub written: usize,
    /// Documents whose bytes were there already.
    pub unchanged: usize,
    /// Documents that were taken away, since no feed has them any more.
    pub removed: usize,
    /// Articles that are in no feed, by reason.
    pub withheld: BTreeMap<String, usize>,
    /// Former and present path of articles that were found elsewhere, relative to the articles' folder.
    pub renamed: Vec<(String, String)>,
    /// When the next withheld article falls due.
    pub next_due: Option<DateTime<Utc>>,
    /// When an article falls due or expires next, so that another build would give something else.
    pub next_change: Option<DateTime<Utc>>,
    /// The withheld articles that fall due, in the order of their paths.
    pub upcoming: Vec<Upcoming>,
    /// The feeds, with their documents.
    pub files: Vec<PublishedFeed>,
    /// Former addresses of articles on the site, and where they must lead.
    pub redirects: Vec<Redirect>,
    /// Problems found, in the order of files and lines.
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// Articles that are in no feed on purpose or by fault.
    pub fn withheld(&self) -> usize {
        self.withheld.values().sum()
    }
}

impl Report {
    /// Counts an article that is in no feed, and says why where nothing else does.
    pub(super) fn withhold(&mut self, summary: ArticleSummary<'_>, reason: Withheld) {
        if summary.visibility() == Visibility::Page {
            self.articles -= 1;
            return;
        }
        let (kind, why) = match reason {
            Withheld::Draft => ("draft", "a draft, withheld from every feed".to_owned()),
            Withheld::Unlisted => ("unlisted", "kept out of feeds by its author".to_owned()),
            Withheld::Private => ("private", "not for everybody, withheld from every feed".to_owned()),
            Withheld::Since(expired) => {
                ("expired", format!("expired {}, withheld from every feed", instant(expired)))
            }
            Withheld::Until(due) => {
                self.next_due = Some(self.next_due.map_or(due, |next| next.min(due)));
                let title = summary.title().unwrap_or_default().to_owned();
                self.upcoming.push(Upcoming { path: summary.path().to_owned(), title, due });
                ("due later", format!("due {}, withheld until then", instant(due)))
            }
            Withheld::Faulty => ("faulty", String::new()),
            Withheld::Unreadable => ("unreadable", String::new()),
            Withheld::Absent => ("absent", String::new()),
            Withheld::Undated => ("undated", String::new()),
        };
        *self.withheld.entry(kind.to_owned()).or_default() += 1;
        if !why.is_empty() {
            self.diagnostics.push(Diagnostic::new(Rule::Withheld, summary.path(), why));
        }
    }
}

/// In the order of files and lines.
pub(super) fn sort(diagnostics: &mut [Diagnostic]) {
    let key = |diagnostic: &Diagnostic| {
        let place = diagnostic.place.as_ref().map_or((0, 0), |place| (place.line, place.column));
        (place, diagnostic.rule)
    };
    diagnostics.sort_by(|a, b| {
        let (key_a, key_b) = (key(a), key(b));
        a.path.cmp(&b.path).then(key_a.cmp(&key_b)).then_with(|| a.message.cmp(&b.message))
    });
}

fn instant(instant: DateTime<Utc>) -> String {
    instant.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
