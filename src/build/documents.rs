//! Entries become feeds, and feeds documents.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use crate::config::{self, Config, Dimension};
use crate::diagnostic::{Diagnostic, Rule};
use crate::feed::{Category, Entry, Feed, Text};
use crate::format::opml::{self, Subscription};
use crate::format::{self, Extent, Format, Fragment, Namespaces};
use crate::select::Selection;
use crate::store;

/// Room that a shell may take in a document's budget.
const SHELL: usize = 4_000;

/// What was written.
#[derive(Default)]
pub(super) struct Written {
    /// Entries that are in some document, by the index of the candidate.
    pub(super) entries: BTreeSet<usize>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Takes a document: its path below the folder of the feeds, and its bytes.
pub(super) type Put<'a> = &'a mut dyn FnMut(&str, &[u8]) -> Result<(), store::Error>;

/// Hands each document to `put` as it is made.
pub(super) fn write(
    config: &Config,
    selections: &[Selection<'_>],
    entries: &BTreeMap<usize, (Extent, Entry)>,
    put: Put<'_>,
) -> Result<Written, store::Error> {
    let mut written = Written::default();
    let mut fragments = Fragments { entries, made: BTreeMap::new() };
    for selection in selections {
        let kept = fragments.within_budget(selection);
        written.diagnostics.extend(size_diagnostic(selection, kept));
        let chosen = &selection.entries[..kept];
        written.entries.extend(chosen);
        let feed = feed(config, selection, chosen.iter().filter_map(|index| Some(&entries.get(index)?.1)));
        for format in selection.paths.keys() {
            let bytes = document(config, selection, &feed, *format, chosen, &fragments);
            put(&selection.paths[format], &bytes)?;
        }
    }
    put(&config.opml, &list_of_feeds(config, selections))?;
    Ok(written)
}

/// Each fragment is made once and shared by all feeds that hold the entry.
struct Fragments<'a> {
    entries: &'a BTreeMap<usize, (Extent, Entry)>,
    made: BTreeMap<(usize, Format, Extent), Fragment>,
}

impl Fragments<'_> {
    /// The fragment of an entry, if it was made.
    fn get(&self, index: usize, format: Format, extent: Extent) -> Option<&Fragment> {
        self.made.get(&(index, format, self.extent(index, extent)?))
    }

    /// How much of an entry a feed of that extent holds.
    fn extent(&self, index: usize, extent: Extent) -> Option<Extent> {
        let (own, _) = self.entries.get(&index)?;
        Some(if *own == Extent::Summary { Extent::Summary } else { extent })
    }

    fn make(&mut self, index: usize, format: Format, extent: Extent) -> usize {
        let Some((extent, (_, entry))) = self.extent(index, extent).zip(self.entries.get(&index)) else {
            return 0;
        };
        let made = self.made.entry((index, format, extent));
        made.or_insert_with(|| format::fragment(format, entry, extent)).bytes.len()
    }

    /// Makes the fragments of a feed, newest first, and says how many entries fit in its budget in every format.
    fn within_budget(&mut self, selection: &Selection<'_>) -> usize {
        let mut sizes = vec![SHELL; selection.paths.len()];
        for (count, &index) in selection.entries.iter().enumerate() {
            for (size, format) in sizes.iter_mut().zip(selection.paths.keys()) {
                *size += self.make(index, *format, selection.config.content) + 2;
            }
            // The newest entry stays, however large: a feed without it would say that nothing happened.
            if count > 0 && sizes.iter().any(|size| *size > selection.config.max_bytes) {
                return count;
            }
        }
        selection.entries.len()
    }
}

fn size_diagnostic(selection: &Selection<'_>, kept: usize) -> Option<Diagnostic> {
    let title = &selection.title;
    let all = selection.entries.len();
    if all == 0 {
        let message = format!("`{title}` has no entries");
        return Some(Diagnostic::new(Rule::EmptyFeed, config::FILE, message));
    }
    (kept < all).then(|| {
        let message = format!("`{title}` passes {} bytes", selection.config.max_bytes);
        Diagnostic::new(Rule::OversizedFeed, config::FILE, message)
            .label(format!("its {} oldest entries of {all} are left out", all - kept))
            .help("lower `entries`, raise `max-bytes`, or publish summaries with `content = \"summary\"`")
    })
}

fn feed<'a>(config: &Config, selection: &Selection<'_>, entries: impl Iterator<Item = &'a Entry>) -> Feed {
    let publication = &config.publication;
    let token =
        if selection.name.is_empty() { "feed".to_owned() } else { format!("feed/{}", selection.name) };
    let language = match &selection.value {
        Some((Dimension::Language, language)) => Text::new(language),
        _ => publication.language.clone(),
    };
    let about = selection.value.iter().filter(|(dimension, _)| *dimension != Dimension::Language);
    let categories =
        selection.config.categories.iter().cloned().chain(about.map(|(_, value)| Text::new(value)));
    Feed {
        id: Text::new(&config.authority.tag(&token)),
        title: selection.title.clone(),
        description: selection.config.description.clone().unwrap_or_else(|| publication.description.clone()),
        home: publication.home.clone(),
        language: Some(language),
        updated: entries.map(|entry| entry.updated).max().unwrap_or_else(|| beginning(config)),
        authors: publication.authors.clone(),
        rights: publication.rights.clone(),
        icon: publication.icon.clone(),
        logo: publication.logo.clone(),
        categories: categories.map(|term| Category { term, scheme: None }).collect(),
        hubs: selection.config.hubs.clone(),
        ttl: selection.config.ttl,
        licence: publication.licence.clone(),
    }
}

/// A feed without entries was last updated when its publication began.
fn beginning(config: &Config) -> DateTime<Utc> {
    let date = &config.authority.date;
    let full = format!("{date}{}", &"-01-01"[date.len().saturating_sub(4).min(6)..]);
    let day = NaiveDate::parse_from_str(&full, "%Y-%m-%d").ok();
    day.and_then(|day| day.and_hms_opt(0, 0, 0)).map_or(DateTime::UNIX_EPOCH, |time| time.and_utc())
}

fn document(
    config: &Config,
    selection: &Selection<'_>,
    feed: &Feed,
    format: Format,
    chosen: &[usize],
    fragments: &Fragments<'_>,
) -> Vec<u8> {
    let extent = selection.config.content;
    let entries = chosen.iter().filter_map(|&index| fragments.get(index, format, extent));
    let namespaces: Namespaces = entries.clone().map(|fragment| fragment.namespaces).collect();
    let location = config.feed_url(&selection.paths[&format]);
    format::shell(format, feed, &location, namespaces).around(entries)
}

fn list_of_feeds(config: &Config, selections: &[Selection<'_>]) -> Vec<u8> {
    let subscriptions: Vec<Subscription> = selections
        .iter()
        .filter_map(|selection| {
            // One line a feed: readers that import a list would subscribe to each format otherwise.
            let (format, path) = selection
                .paths
                .iter()
                .find(|(format, _)| **format != Format::Json)
                .or_else(|| selection.paths.iter().next())?;
            Some(Subscription {
                title: selection.title.clone(),
                description: selection.config.description.clone().unwrap_or_default(),
                home: config.publication.home.clone(),
                feed_url: config.feed_url(path),
                format: *format,
                language: Some(config.publication.language.clone()),
            })
        })
        .collect();
    opml::write(&config.publication.title, config.publication.authors.first(), &subscriptions)
}
