//! Which readers show an entry as new: how [`Recognition`] applies to entries before and after.

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use crate::fetch::is_web;
use crate::format::{Format, Outline, Seen};
use crate::readers::{KeyPart, Reader, Recognition};

/// An entry in the document that holds it.
#[derive(Clone, Copy)]
pub(super) struct Sight<'a> {
    pub(super) entry: &'a Seen,
    pub(super) format: Format,
    /// `true` if the entries of its document have ids, and the ids differ.
    pub(super) sound: bool,
}

impl Reader {
    /// Tells whether it shows as new at `now` what it has seen before.
    pub(super) fn shows_again(&self, before: Sight<'_>, after: Sight<'_>, now: DateTime<Utc>) -> bool {
        self.recognition.as_ref().is_some_and(|recognition| recognition.shows_again(before, after, now))
    }

    /// Tells whether it recognises an entry only together with the URL or the id of its feed.
    pub(super) fn keys_on_feed(&self) -> bool {
        self.recognition.as_ref().is_some_and(|recognition| recognition.by_url || recognition.by_feed_id)
    }

    /// Tells whether it takes `after` for another feed than `before`.
    pub(super) fn takes_for_another(&self, before: &Outline, after: &Outline) -> bool {
        self.recognition.as_ref().is_some_and(|recognition| {
            recognition.by_url && differ(before.location.as_ref(), after.location.as_ref())
                || recognition.by_feed_id && differ(before.id.as_ref(), after.id.as_ref())
        })
    }
}

impl Recognition {
    fn shows_again(&self, before: Sight<'_>, after: Sight<'_>, now: DateTime<Utc>) -> bool {
        let recent =
            |days| after.entry.published.is_none_or(|published| now - published <= TimeDelta::days(days));
        let alike = |parts| join(parts, before).is_some_and(|key| Some(key) == join(parts, after));
        self.key(before) != self.key(after)
            && (self.also.is_empty() || !alike(self.also))
            && self.days.is_none_or(recent)
    }

    fn key(&self, sight: Sight<'_>) -> Option<String> {
        if self.distrusts && !sight.sound {
            return join(&[KeyPart::Link, KeyPart::Published], sight);
        }
        self.keys.iter().find_map(|parts| join(parts, sight))
    }
}

/// `true` if both are there and are not the same.
pub(super) fn differ(before: Option<&String>, after: Option<&String>) -> bool {
    before.zip(after).is_some_and(|(before, after)| before != after)
}

/// `true` if at most one id in twenty is missing or there twice.
pub(super) fn has_sound_ids(outline: &Outline) -> bool {
    let mut ids: Vec<&str> =
        outline.entries.iter().map(|entry| entry.id.as_str()).filter(|id| !id.is_empty()).collect();
    ids.sort_unstable();
    ids.dedup();
    let faulty = outline.entries.len() - ids.len();
    faulty * 20 <= outline.entries.len()
}

fn join(parts: &[KeyPart], sight: Sight<'_>) -> Option<String> {
    let parts: Option<Vec<String>> = parts.iter().map(|part| part.of(sight)).collect();
    Some(parts?.join("\n"))
}

impl KeyPart {
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
    let url = Url::parse(id).ok().filter(is_web)?;
    Some(format!("{}?{}", url.path(), url.query().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::READERS;

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
        let known = READERS.iter().filter(|reader| reader.recognition.is_some()).count();
        assert_eq!(readers.len(), known - 2);
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
    fn feedbin_accepts_another_host_and_stringer_forgets_what_is_old() {
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
