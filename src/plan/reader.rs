//! What each feed reader takes for a new entry: a table, one row per reader.

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use crate::format::{Format, Outline, Seen};

/// A reader, and by what it knows an entry again. It shows an entry as new when that changes.
///
/// All of them know an entry only within its feed, but for newsboat and tt-rss, which know it across feeds.
#[derive(Debug)]
pub struct Reader {
    /// What its makers call it.
    pub name: &'static str,
    /// The first alternative counts of which the entry has all parts.
    keys: &'static [&'static [Part]],
    /// If this is as it was, it finds the entry all the same.
    also: &'static [Part],
    /// It takes a feed at another address for another feed.
    by_address: bool,
    /// It takes a feed with another Atom id for another feed.
    by_feed_id: bool,
    /// It looks at no id of a document in which more than one in twenty is missing or there twice.
    distrusts: bool,
    /// It passes over entries that are older than so many days.
    days: Option<i64>,
}

/// What a key is made of.
#[derive(Clone, Copy, Debug)]
enum Part {
    Id,
    /// In Atom, if it is a web address, with the instant of the last update.
    IdWithUpdate,
    /// Of an id that is a web address, all after its host.
    IdWithoutHost,
    Link,
    Title,
    Published,
    Content,
}

use Part::{Content, Id, IdWithUpdate, IdWithoutHost, Link, Published, Title};

const PLAIN: Reader = Reader {
    name: "",
    keys: &[&[Id]],
    also: &[],
    by_address: false,
    by_feed_id: false,
    distrusts: false,
    days: None,
};

/// What was found in the sources of each, at the end of 2025.
pub const READERS: &[Reader] = &[
    Reader { name: "Miniflux", keys: &[&[Id], &[Link], &[Title, Content]], ..PLAIN },
    Reader { name: "FreshRSS", distrusts: true, ..PLAIN },
    Reader { name: "tt-rss", keys: &[&[Id], &[Link], &[Title]], ..PLAIN },
    Reader { name: "newsboat", keys: &[&[Id], &[Link, Published], &[Link], &[Title]], ..PLAIN },
    Reader {
        name: "NetNewsWire",
        keys: &[&[Id], &[Link, Published], &[Title, Published]],
        by_address: true,
        ..PLAIN
    },
    Reader { name: "lemon24/reader", keys: &[&[Id], &[Link]], ..PLAIN },
    Reader { name: "Feedbin", also: &[IdWithoutHost], by_address: true, ..PLAIN },
    Reader { name: "Fluent Reader", keys: &[&[Title, Published]], ..PLAIN },
    Reader { name: "Nextcloud News", keys: &[&[Id], &[Link]], ..PLAIN },
    Reader { name: "yarr", keys: &[&[IdWithUpdate], &[Link]], ..PLAIN },
    Reader { name: "Stringer", days: Some(3), ..PLAIN },
    Reader {
        name: "AntennaPod",
        keys: &[&[Id], &[Title], &[Link]],
        also: &[Title],
        by_feed_id: true,
        ..PLAIN
    },
    Reader { name: "Feeder", ..PLAIN },
];

/// An entry in the document that holds it.
#[derive(Clone, Copy)]
pub(super) struct Sight<'a> {
    pub(super) entry: &'a Seen,
    pub(super) format: Format,
    /// Whether the ids of its document are there, and differ.
    pub(super) sound: bool,
}

impl Reader {
    /// Whether it shows as new at `now` what it has seen before.
    pub(super) fn shows_again(&self, before: Sight<'_>, after: Sight<'_>, now: DateTime<Utc>) -> bool {
        let recent =
            |days| after.entry.published.is_none_or(|published| now - published <= TimeDelta::days(days));
        let alike = |parts| join(parts, before).is_some_and(|key| Some(key) == join(parts, after));
        self.key(before) != self.key(after)
            && (self.also.is_empty() || !alike(self.also))
            && self.days.is_none_or(recent)
    }

    fn key(&self, sight: Sight<'_>) -> Option<String> {
        if self.distrusts && !sight.sound {
            return join(&[Link, Published], sight);
        }
        self.keys.iter().find_map(|parts| join(parts, sight))
    }

    /// Whether it knows an entry only together with what a feed says of itself.
    pub(super) fn keys_on_feed(&self) -> bool {
        self.by_address || self.by_feed_id
    }

    /// Whether it takes `after` for another feed than `before`.
    pub(super) fn takes_for_another(&self, before: &Outline, after: &Outline) -> bool {
        self.by_address && differ(before.location.as_ref(), after.location.as_ref())
            || self.by_feed_id && differ(before.id.as_ref(), after.id.as_ref())
    }
}

/// Whether both are there and are not the same.
pub(super) fn differ(before: Option<&String>, after: Option<&String>) -> bool {
    before.zip(after).is_some_and(|(before, after)| before != after)
}

/// Whether at most one id in twenty is missing or there twice.
pub(super) fn has_sound_ids(outline: &Outline) -> bool {
    let mut ids: Vec<&str> =
        outline.entries.iter().map(|entry| entry.id.as_str()).filter(|id| !id.is_empty()).collect();
    ids.sort_unstable();
    ids.dedup();
    let faulty = outline.entries.len() - ids.len();
    faulty * 20 <= outline.entries.len()
}

fn join(parts: &[Part], sight: Sight<'_>) -> Option<String> {
    let parts: Option<Vec<String>> = parts.iter().map(|part| part.of(sight)).collect();
    Some(parts?.join("\n"))
}

impl Part {
    fn of(self, Sight { entry, format, .. }: Sight<'_>) -> Option<String> {
        let present = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        match self {
            Self::IdWithUpdate if format == Format::Atom && entry.id.starts_with("http") => {
                Some(format!("{}::{}", entry.id, seconds(entry.updated)))
            }
            Self::Id | Self::IdWithUpdate => present(&entry.id),
            Self::IdWithoutHost => without_host(&entry.id),
            Self::Link => present(&entry.link),
            Self::Title => present(&entry.title),
            Self::Published => entry.published.map(|published| seconds(Some(published))),
            Self::Content => Some(format!("{:?}", entry.digest)),
        }
    }
}

fn seconds(instant: Option<DateTime<Utc>>) -> String {
    instant.map(|instant| instant.timestamp().to_string()).unwrap_or_default()
}

fn without_host(id: &str) -> Option<String> {
    let url = Url::parse(id).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    Some(format!("{}?{}", url.path(), url.query().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(before: &Seen, after: &Seen, format: Format) -> Vec<&'static str> {
        let now = "2026-11-22T00:00:00Z".parse().unwrap();
        let [before, after] = [before, after].map(|entry| Sight { entry, format, sound: true });
        READERS
            .iter()
            .filter(|reader| reader.shows_again(before, after, now))
            .map(|reader| reader.name)
            .collect()
    }

    fn hello() -> Seen {
        Seen {
            id: "tag:1".into(),
            title: "Hello".into(),
            link: "https://example.org/hello/".into(),
            published: "2026-11-21T00:00:00Z".parse().ok(),
            updated: "2026-11-21T00:00:00Z".parse().ok(),
            ..Seen::default()
        }
    }

    #[test]
    fn another_id_is_another_entry_to_nearly_all() {
        let readers = again(&hello(), &Seen { id: "tag:2".into(), ..hello() }, Format::Rss);
        assert_eq!(readers.len(), READERS.len() - 2);
        assert!(!readers.contains(&"Fluent Reader") && !readers.contains(&"AntennaPod"));
    }

    #[test]
    fn another_title_or_date_is_another_entry_to_fluent_reader() {
        assert_eq!(
            again(&hello(), &Seen { title: "Hullo".into(), ..hello() }, Format::Rss),
            ["Fluent Reader"]
        );
        let later = "2026-11-21T09:00:00Z".parse().ok();
        assert_eq!(again(&hello(), &Seen { published: later, ..hello() }, Format::Rss), ["Fluent Reader"]);
    }

    #[test]
    fn an_update_is_another_entry_to_yarr_where_the_id_is_an_address_in_atom() {
        let address = Seen { id: "https://example.org/hello/".into(), ..hello() };
        let updated = |entry: &Seen| Seen { updated: "2026-11-22T00:00:00Z".parse().ok(), ..entry.clone() };
        assert_eq!(again(&address, &updated(&address), Format::Atom), ["yarr"]);
        assert!(again(&address, &updated(&address), Format::Rss).is_empty());
        assert!(again(&hello(), &updated(&hello()), Format::Atom).is_empty());
    }

    #[test]
    fn feedbin_bears_another_host_and_stringer_forgets_what_is_old() {
        let at = |id: &str| Seen { id: id.into(), published: "2020-01-01T00:00:00Z".parse().ok(), ..hello() };
        let readers = again(&at("http://old.example/hello/"), &at("https://example.org/hello/"), Format::Rss);
        assert!(
            !readers.contains(&"Feedbin") && !readers.contains(&"Stringer") && readers.contains(&"Miniflux")
        );
    }

    #[test]
    fn an_entry_without_id_is_known_by_its_address() {
        let bare = Seen { id: String::new(), ..hello() };
        let moved = Seen { link: "https://example.org/hullo/".into(), ..bare.clone() };
        assert!(again(&bare, &moved, Format::Rss).contains(&"lemon24/reader"));
    }
}
