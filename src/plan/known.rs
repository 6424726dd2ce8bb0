//! Finds an entry again under another id: by its address, or by its title and day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use url::Url;

use crate::format::Seen;

/// Entries by what they can be known by.
#[derive(Default)]
pub(super) struct Known<'a> {
    keys: BTreeMap<&'a str, &'a Seen>,
    /// `None` where several share it: it then tells nothing.
    links: BTreeMap<String, Option<&'a Seen>>,
    titles: BTreeMap<(String, NaiveDate), Option<&'a Seen>>,
}

impl<'a> Known<'a> {
    pub(super) fn of(entries: impl IntoIterator<Item = &'a Seen>) -> Self {
        let mut known = Self::default();
        for entry in entries {
            if known.keys.contains_key(entry.key()) {
                continue;
            }
            known.keys.insert(entry.key(), entry);
            if let Some(link) = link_of(entry) {
                known.links.entry(link).and_modify(|shared| *shared = None).or_insert(Some(entry));
            }
            if let Some(title) = title_of(entry) {
                known.titles.entry(title).and_modify(|shared| *shared = None).or_insert(Some(entry));
            }
        }
        known
    }

    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub(super) fn by_key(&self, key: &str) -> Option<&'a Seen> {
        self.keys.get(key).copied()
    }

    pub(super) fn by_link(&self, entry: &Seen) -> Option<&'a Seen> {
        link_of(entry).and_then(|link| self.links.get(&link).copied().flatten())
    }

    pub(super) fn by_title(&self, entry: &Seen) -> Option<&'a Seen> {
        title_of(entry).and_then(|title| self.titles.get(&title).copied().flatten())
    }

    /// The one entry with the same address, or else with the same title on the same day.
    pub(super) fn twin(&self, entry: &Seen) -> Option<&'a Seen> {
        self.by_link(entry).or_else(|| self.by_title(entry))
    }
}

/// An address without what changes when only a site's server does: `http` or `https`, `www`, a slash at the end.
fn link_of(entry: &Seen) -> Option<String> {
    let url = Url::parse(&entry.link).ok()?;
    let host = url.host_str()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    let path = url.path().trim_end_matches("index.html").trim_end_matches('/');
    Some(format!("{host}{path}?{}", url.query().unwrap_or_default()))
}

fn title_of(entry: &Seen) -> Option<(String, NaiveDate)> {
    let day = entry.published.or(entry.updated)?.date_naive();
    (!entry.title.is_empty()).then(|| (entry.title.to_lowercase(), day))
}
