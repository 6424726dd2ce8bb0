//! Finds out which article an entry of an old feed is.
//!
//! One way after the other, the surest first. A way matches an entry and an article that point at each other and at
//! nothing else; where it leaves a choice, it does not choose.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use unicode_normalization::UnicodeNormalization as _;
use url::Url;

use super::old_feed::OldEntry;
use crate::content::address::percent_decoded;
use crate::content::one_line;

/// More candidates than these need not be told apart: it is ambiguous.
const ENOUGH: usize = 4;

/// An article as it can be found again in a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// Its permalink, aliases and former permalinks; absolute.
    pub addresses: Vec<Url>,
    /// Plain text.
    pub title: Option<String>,
    /// As stated.
    pub published: Option<DateTime<Utc>>,
}

/// The evidence that an entry and an article are the same, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// The address is one of the article's.
    Permalink,
    /// Title and day are the same.
    TitleAndDate,
    /// The address is one of the article's but for its host.
    Path,
    /// No other entry and no other article has this title.
    Title,
}

impl How {
    /// All of them, the surest first.
    pub const ALL: [Self; 4] = [Self::Permalink, Self::TitleAndDate, Self::Path, Self::Title];

    /// As a person would say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Permalink => "permalink",
            Self::TitleAndDate => "title and date",
            Self::Path => "path on another host",
            Self::Title => "title",
        }
    }
}

/// The article of an entry, if it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// It is this article.
    Found(usize, How),
    /// It can be any of these.
    Ambiguous(Vec<usize>),
    /// There is no such article.
    None,
}

/// Finds the article of each entry. Each article is found at most once.
pub fn match_entries(entries: &[OldEntry], targets: &[Target], timezone: Tz) -> Vec<Match> {
    let mut matches = vec![Match::None; entries.len()];
    let mut taken = BTreeSet::new();
    for how in How::ALL {
        let open_entries =
            entries.iter().enumerate().filter(|(entry, _)| !matches!(matches[*entry], Match::Found(..)));
        let entry_keys: Vec<_> =
            open_entries.map(|(entry, old)| (entry, keys_of_entry(old, how, timezone))).collect();
        let open_targets = targets.iter().enumerate().filter(|(target, _)| !taken.contains(target));
        let target_keys: Vec<_> =
            open_targets.map(|(target, new)| (target, keys_of_target(new, how, timezone))).collect();
        let (by_entry, by_target) = (holders(&entry_keys), holders(&target_keys));
        let entries_of: BTreeMap<usize, BTreeSet<usize>> =
            target_keys.iter().map(|(target, keys)| (*target, candidates(keys, &by_entry))).collect();
        for (entry, keys) in &entry_keys {
            let found = candidates(keys, &by_target);
            let mutual =
                found.iter().all(|target| entries_of.get(target).is_some_and(|entries| entries.len() == 1));
            match (found.first(), found.len(), mutual) {
                (None, ..) => {}
                (Some(&target), 1, true) => {
                    taken.insert(target);
                    matches[*entry] = Match::Found(target, how);
                }
                _ => matches[*entry] = Match::Ambiguous(found.into_iter().collect()),
            }
        }
    }
    // A later way may have found out what an earlier one left open.
    for found in &mut matches {
        if let Match::Ambiguous(targets) = found {
            targets.retain(|target| !taken.contains(target));
            if targets.is_empty() {
                *found = Match::None;
            }
        }
    }
    matches
}

/// The holders of each key, a few more than one at most.
fn holders(keys: &[(usize, BTreeSet<String>)]) -> BTreeMap<&str, Vec<usize>> {
    let mut holders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (holder, keys) in keys {
        for key in keys {
            let known = holders.entry(key).or_default();
            if known.len() < ENOUGH {
                known.push(*holder);
            }
        }
    }
    holders
}

fn candidates(keys: &BTreeSet<String>, holders: &BTreeMap<&str, Vec<usize>>) -> BTreeSet<usize> {
    keys.iter().filter_map(|key| holders.get(key.as_str())).flatten().copied().collect()
}

fn keys_of_entry(entry: &OldEntry, how: How, timezone: Tz) -> BTreeSet<String> {
    let addresses = || entry.addresses.iter().filter_map(|address| Url::parse(address).ok());
    match how {
        How::Permalink => addresses().filter_map(|url| address_key(&url)).collect(),
        How::Path => addresses().filter_map(|url| path_key(&url)).collect(),
        _ => title_key(entry.title.as_deref(), entry.published, how, timezone).into_iter().collect(),
    }
}

fn keys_of_target(target: &Target, how: How, timezone: Tz) -> BTreeSet<String> {
    match how {
        How::Permalink => target.addresses.iter().filter_map(address_key).collect(),
        How::Path => target.addresses.iter().filter_map(path_key).collect(),
        _ => title_key(target.title.as_deref(), target.published, how, timezone).into_iter().collect(),
    }
}

fn title_key(
    title: Option<&str>,
    published: Option<DateTime<Utc>>,
    how: How,
    timezone: Tz,
) -> Option<String> {
    let title = folded(title?);
    if title.is_empty() {
        return None;
    }
    match how {
        How::TitleAndDate => Some(format!("{} {title}", published?.with_timezone(&timezone).date_naive())),
        _ => Some(title),
    }
}

/// An address without what differs between two spellings of it: scheme, `www.`, how its letters are encoded, how its
/// end is written, and what was added to count visitors.
pub(super) fn address_key(url: &Url) -> Option<String> {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{}{port}{}", host(url)?, path_and_query(url)))
}

/// The host without `www.`.
pub(super) fn host(url: &Url) -> Option<&str> {
    let host = url.host_str()?.trim_end_matches('.');
    Some(host.strip_prefix("www.").unwrap_or(host))
}

/// Path and query without what any server takes for the same page.
pub(super) fn page_key(url: &Url) -> String {
    path(url).trim_end_matches('/').nfc().chain(query(url).chars()).collect()
}

/// The same without the host; `None` for the front page, which every site has.
fn path_key(url: &Url) -> Option<String> {
    Some(path_and_query(url)).filter(|path| !path.is_empty())
}

fn path_and_query(url: &Url) -> String {
    let path = path(url);
    let path = path.strip_suffix(".html").or_else(|| path.strip_suffix(".htm")).unwrap_or(&path);
    path.trim_end_matches('/').nfc().chain(query(url).chars()).collect()
}

/// The path, decoded, without the name of an index.
fn path(url: &Url) -> String {
    let mut path = percent_decoded(url.path()).into_owned();
    for end in ["index.html", "index.htm", "index.php"] {
        if let Some(folder) = path.strip_suffix(end).filter(|folder| folder.ends_with('/')) {
            path.truncate(folder.len());
        }
    }
    path
}

fn query(url: &Url) -> String {
    let mut query = String::new();
    let asked = url.query_pairs().filter(|(name, _)| !name.starts_with("utm_"));
    for (position, (name, value)) in asked.enumerate() {
        query.push(if position == 0 { '?' } else { '&' });
        query.extend([&*name, "=", &*value]);
    }
    query
}

/// A title without what programs change in it: case, white space, and the typography of quotes and dashes.
fn folded(title: &str) -> String {
    let mut folded = String::with_capacity(title.len());
    for character in title.nfkc().flat_map(char::to_lowercase) {
        match character {
            '‘' | '’' | '‚' | '‛' | '′' | '`' => folded.push('\''),
            '“' | '”' | '„' | '‟' | '″' | '«' | '»' => folded.push('"'),
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => folded.push('-'),
            '\u{ad}' | '\u{200b}' | '\u{feff}' => {}
            other => folded.push(other),
        }
    }
    one_line(&folded.replace("---", "-").replace("--", "-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ZONE: Tz = chrono_tz::Europe::London;

    fn date(text: &str) -> Option<DateTime<Utc>> {
        (!text.is_empty()).then(|| format!("{text}T12:00:00Z").parse().unwrap())
    }

    fn entry(address: &str, title: &str, day: &str) -> OldEntry {
        OldEntry {
            id: address.to_owned(),
            id_is_permalink: false,
            addresses: vec![address.to_owned()],
            title: (!title.is_empty()).then(|| title.to_owned()),
            published: date(day),
            updated: None,
        }
    }

    fn target(address: &str, title: &str, day: &str) -> Target {
        let title = (!title.is_empty()).then(|| title.to_owned());
        Target { addresses: vec![address.parse().unwrap()], title, published: date(day) }
    }

    fn matched(entries: &[OldEntry], targets: &[Target]) -> Vec<Match> {
        match_entries(entries, targets, ZONE)
    }

    fn same_address(a: &str, b: &str) -> bool {
        address_key(&a.parse().unwrap()) == address_key(&b.parse().unwrap())
    }

    #[test]
    fn one_address_has_many_spellings() {
        for spelling in [
            "http://example.org/a/b/",
            "https://www.example.org/a/b",
            "https://EXAMPLE.org:443/a/b/index.html",
            "https://example.org/a/b.html#comments",
            "https://example.org/%61/b/?utm_source=rss&utm_medium=feed",
        ] {
            assert!(same_address(spelling, "https://example.org/a/b/"), "{spelling}");
        }
        assert!(same_address("https://example.org/caf%C3%A9/", "https://example.org/cafe\u{301}"));
        assert!(same_address("https://example.org/?p=1", "http://example.org/index.php?p=1"));
    }

    #[test]
    fn different_addresses_stay_different() {
        for other in [
            "https://example.org/a",
            "https://example.org/A/b",
            "https://example.org/a/b/?p=1",
            "https://example.org:8080/a/b",
            "https://blog.example.org/a/b",
            "https://example.org/a%2Fc/b",
        ] {
            assert!(!same_address(other, "https://example.org/a/b/"), "{other}");
        }
    }

    #[test]
    fn the_surest_way_wins() {
        let entries = [
            entry("https://example.org/a", "B", "2024-01-01"),
            entry("https://example.org/x", "A", "2024-01-01"),
        ];
        let targets = [
            target("https://example.org/a/", "A", "2024-01-01"),
            target("https://example.org/b/", "B", "2024-01-01"),
        ];
        assert_eq!(matched(&entries, &targets), [Match::Found(0, How::Permalink), Match::None]);
    }

    #[test]
    fn titles_are_the_same_however_they_are_set() {
        let entries = [
            entry("https://old.net/1", "“Don’t” — wait", "2024-01-01"),
            entry("https://old.net/2", "CAFE\u{301}  Society", "2023-06-01"),
        ];
        let targets = [
            target("https://example.org/b/", "Café society", "2024-01-01"),
            target("https://example.org/a/", "\"Don't\" -- wait", "2024-01-01"),
        ];
        assert_eq!(
            matched(&entries, &targets),
            [Match::Found(1, How::TitleAndDate), Match::Found(0, How::Title)]
        );
    }

    #[test]
    fn the_day_is_that_of_the_publication() {
        let mut late = entry("https://old.net/1", "A", "");
        late.published = Some("2024-07-01T23:30:00Z".parse().unwrap());
        let targets = [
            target("https://example.org/1/x", "A", "2024-07-02"),
            target("https://example.org/2/x", "A", "2024-07-01"),
        ];
        assert_eq!(matched(&[late], &targets), [Match::Found(0, How::TitleAndDate)]);
    }

    #[test]
    fn a_site_that_moved_is_found_by_its_paths() {
        let entries = [entry("https://old.net/2024/05/note", "", ""), entry("https://old.net/", "", "")];
        let targets =
            [target("https://example.org/2024/05/note/", "", ""), target("https://example.org/", "", "")];
        assert_eq!(matched(&entries, &targets), [Match::Found(0, How::Path), Match::None]);
    }

    #[test]
    fn what_is_ambiguous_is_not_guessed() {
        let entries = [
            entry("https://old.net/1", "Weekly", "2024-01-01"),
            entry("https://old.net/2", "Weekly", "2024-01-08"),
        ];
        let targets = [
            target("https://example.org/a/", "Weekly", "2023-01-01"),
            target("https://example.org/b/", "Other", "2023-01-01"),
        ];
        assert_eq!(matched(&entries, &targets), [Match::Ambiguous(vec![0]), Match::Ambiguous(vec![0])]);
        let targets = [
            target("https://example.org/a/", "Weekly", "2024-01-01"),
            target("https://example.org/b/", "Weekly", "2024-01-01"),
        ];
        assert_eq!(matched(&entries[..1], &targets), [Match::Ambiguous(vec![0, 1])]);
    }

    #[test]
    fn what_one_way_leaves_open_the_next_may_tell() {
        let entries = [
            entry("https://example.org/a", "One", "2024-01-01"),
            entry("https://example.org/a/", "Two", "2024-01-01"),
        ];
        let targets = [target("https://example.org/a/", "Two", "2024-01-01")];
        assert_eq!(matched(&entries, &targets), [Match::None, Match::Found(0, How::TitleAndDate)]);
    }

    #[test]
    fn aliases_count() {
        let mut moved = target("https://example.org/new/", "New", "2024-01-01");
        moved.addresses.push("https://example.org/?p=7".parse().unwrap());
        assert_eq!(
            matched(&[entry("http://www.example.org/?p=7", "", "")], &[moved]),
            [Match::Found(0, How::Permalink)]
        );
    }

    #[test]
    fn ten_thousand_of_one_address_take_no_longer_than_they_must() {
        let entries = vec![entry("https://example.org/", "Same", "2024-01-01"); 10_000];
        let targets = vec![target("https://example.org/", "Same", "2024-01-01"); 10_000];
        assert!(matched(&entries, &targets).iter().all(|found| matches!(found, Match::Ambiguous(_))));
    }

    proptest! {
        #[test]
        fn each_article_is_found_at_most_once(
            entries in proptest::collection::vec(("[ab/.%2]{0,4}", "[ab ]{0,2}", "2024-01-0[12]"), 0..12),
            targets in proptest::collection::vec(("[ab/.%2]{0,4}", "[ab ]{0,2}", "2024-01-0[12]"), 0..12),
        ) {
            let entries: Vec<_> = entries.iter().map(|(path, title, day)| entry(&format!("https://example.org/{path}"), title, day)).collect();
            let targets: Vec<_> = targets.iter().map(|(path, title, day)| target(&format!("https://example.org/{path}"), title, day)).collect();
            let mut found = BTreeSet::new();
            for one in matched(&entries, &targets) {
                if let Match::Found(target, _) = one {
                    prop_assert!(found.insert(target));
                }
            }
        }

        #[test]
        fn nothing_panics(address in any::<String>(), title in any::<String>()) {
            let _ = matched(&[entry(&address, &title, "2024-01-01")], &[target("https://example.org/%zz%e", &title, "")]);
            let _ = percent_decoded(&address);
        }
    }
}
