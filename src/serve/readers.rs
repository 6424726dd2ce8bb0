//! How many people subscribe, as far as those who ask let us know.
//!
//! A service that fetches for many says for how many: `Feedbin feed-id:1 - 12 subscribers`. A program that fetches for
//! one person is counted by its address and its name. Nothing is kept of either but a number that nobody can turn
//! back.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

/// Who has not asked for so long subscribes no more.
const FORGOTTEN: TimeDelta = TimeDelta::hours(48);

/// So many services and so many persons are remembered of all feeds together; more are not counted.
const MOST_SERVICES: usize = 10_000;
const MOST_PERSONS: usize = 200_000;

/// The longest name of a service that is remembered, in bytes.
const LONGEST_NAME: usize = 64;

/// Who asks for which feed.
#[derive(Debug, Default)]
pub(super) struct Readers {
    /// So that nobody else can find the number of an address.
    secret: RandomState,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    feeds: BTreeMap<String, Feed>,
    services: usize,
    persons: usize,
}

#[derive(Debug, Default)]
struct Feed {
    /// By name, and by the number that the service gives the feed: it may fetch one feed at several addresses.
    services: BTreeMap<(String, String), (u64, DateTime<Utc>)>,
    persons: HashMap<u64, DateTime<Utc>>,
}

impl Readers {
    /// Somebody asked for a feed, and was given it or told that it has not changed.
    pub(super) fn saw(&self, feed: &str, agent: &str, address: IpAddr, now: DateTime<Utc>) {
        let service = Service::of(agent);
        let person = if service.is_none() { self.secret.hash_one((address, agent)) } else { 0 };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let Seen { feeds, services, persons } = &mut *seen;
        if !feeds.contains_key(feed) {
            feeds.insert(feed.to_owned(), Feed::default());
        }
        let Some(known) = feeds.get_mut(feed) else { return };
        if let Some(Service { name, id, subscribers }) = service {
            let key = (name.to_owned(), id.to_owned());
            if known.services.contains_key(&key) || *services < MOST_SERVICES {
                let is_new = known.services.insert(key, (subscribers, now)).is_none();
                *services += usize::from(is_new);
            }
        } else if let Some(last) = known.persons.get_mut(&person) {
            *last = now;
        } else if *persons < MOST_PERSONS {
            known.persons.insert(person, now);
            *persons += 1;
        }
        if *services >= MOST_SERVICES || *persons >= MOST_PERSONS {
            seen.forget(now);
        }
    }

    /// How many subscribe to each feed: in all, through each service, and on their own.
    pub(super) fn report(&self, now: DateTime<Utc>) -> Value {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.forget(now);
        let feeds = seen.feeds.iter().map(|(path, feed)| (path.clone(), feed.report()));
        json!({ "feeds": feeds.collect::<serde_json::Map<_, _>>() })
    }
}

impl Seen {
    fn forget(&mut self, now: DateTime<Utc>) {
        let is_here = |last: DateTime<Utc>| now.signed_duration_since(last) <= FORGOTTEN;
        for feed in self.feeds.values_mut() {
            feed.services.retain(|_, (_, last)| is_here(*last));
            feed.persons.retain(|_, last| is_here(*last));
        }
        self.feeds.retain(|_, feed| !(feed.services.is_empty() && feed.persons.is_empty()));
        self.services = self.feeds.values().map(|feed| feed.services.len()).sum();
        self.persons = self.feeds.values().map(|feed| feed.persons.len()).sum();
    }
}

impl Feed {
    fn report(&self) -> Value {
        let mut services = BTreeMap::<&str, u64>::new();
        for ((name, _), (subscribers, _)) in &self.services {
            let sum = services.entry(name).or_default();
            *sum = sum.saturating_add(*subscribers);
        }
        let through_services = services.values().fold(0, |sum: u64, some| sum.saturating_add(*some));
        let subscribers = through_services.saturating_add(self.persons.len() as u64);
        json!({ "subscribers": subscribers, "services": services, "others": self.persons.len() })
    }
}

/// Somebody who fetches for many.
#[derive(Debug, PartialEq, Eq)]
struct Service<'a> {
    name: &'a str,
    /// The number that it gives the feed; empty where it gives none.
    id: &'a str,
    subscribers: u64,
}

impl<'a> Service<'a> {
    /// What `User-Agent` says: a number before `subscriber` or `reader`.
    fn of(agent: &'a str) -> Option<Self> {
        let before = agent.split(" subscriber").next().filter(|before| before.len() < agent.len());
        let before =
            before.or_else(|| agent.split(" reader").next().filter(|before| before.len() < agent.len()))?;
        let digits = before.len() - before.trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
        let subscribers = before.get(before.len() - digits..)?.parse().ok()?;
        let id = ["feed-id:", "feed-id=", "feedid:", "feedid="].iter().find_map(|key| agent.split_once(key));
        let id = id.map_or("", |(_, rest)| first_word(rest));
        Some(Self { name: name_of(agent), id, subscribers })
    }
}

/// What the program calls itself: `Feedbin`, of `Mozilla/5.0 (compatible; Feedspot/1.0; …)` what it is compatible as.
fn name_of(agent: &str) -> &str {
    let own = agent.split_once("(compatible; ").map_or(agent, |(_, own)| own);
    let name = first_word(own);
    if name.is_empty() { "unknown" } else { name }
}

fn first_word(text: &str) -> &str {
    let end = text.find(|letter: char| " /;,()\t".contains(letter)).unwrap_or(text.len());
    let fits = |end: &usize| text.is_char_boundary(*end);
    let end = (0..=end.min(LONGEST_NAME)).rev().find(fits).unwrap_or_default();
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-22T10:00:00Z".parse().unwrap()
    }

    fn address(last: u8) -> IpAddr {
        [192, 0, 2, last].into()
    }

    #[test]
    fn services_say_for_how_many_they_ask() {
        for (agent, name, id, subscribers) in [
            ("Feedbin feed-id:1373711 - 142 subscribers", "Feedbin", "1373711", 142),
            (
                "Feedly/1.0 (+https://feedly.com/poller.html; 16 subscribers; like FeedFetcher-Google)",
                "Feedly",
                "",
                16,
            ),
            (
                "Mozilla/5.0 (compatible; BazQux/2.4; +https://bazqux.com/fetcher; 1 subscribers)",
                "BazQux",
                "",
                1,
            ),
            ("NewsBlur Feed Fetcher - 54 subscribers - https://www.newsblur.com/", "NewsBlur", "", 54),
            ("Inoreader/1.0 (+http://www.inoreader.com/feed-fetcher; 7 subscribers; )", "Inoreader", "", 7),
            ("theoldreader.com; 3 subscribers; feed-id=52a", "theoldreader.com", "52a", 3),
            ("inoreader.com; 12 readers", "inoreader.com", "", 12),
        ] {
            assert_eq!(Service::of(agent), Some(Service { name, id, subscribers }), "{agent}");
        }
    }

    #[test]
    fn who_does_not_say_so_asks_for_one() {
        for agent in
            ["", "newsboat/2.40", "x subscribers", "subscribers", "99999999999999999999999 subscribers"]
        {
            assert_eq!(Service::of(agent), None, "{agent}");
        }
    }

    #[test]
    fn subscribers_are_added_up() {
        let readers = Readers::default();
        for _ in 0..3 {
            readers.saw("/rss.xml", "Feedbin feed-id:1 - 12 subscribers", address(1), now());
            readers.saw("/rss.xml", "Feedbin feed-id:2 - 3 subscribers", address(2), now());
            readers.saw("/rss.xml", "newsboat/2.40", address(3), now());
            readers.saw("/rss.xml", "newsboat/2.40", address(4), now());
        }
        readers.saw("/rss.xml", "Feedbin feed-id:1 - 13 subscribers", address(9), now());
        assert_eq!(
            readers.report(now())["feeds"]["/rss.xml"],
            json!({ "subscribers": 18, "services": { "Feedbin": 16 }, "others": 2 })
        );
    }

    #[test]
    fn who_has_not_asked_for_two_days_subscribes_no_more() {
        let readers = Readers::default();
        readers.saw("/rss.xml", "newsboat/2.40", address(3), now());
        assert_eq!(readers.report(now() + TimeDelta::hours(47))["feeds"]["/rss.xml"]["subscribers"], 1);
        assert_eq!(readers.report(now() + TimeDelta::hours(49)), json!({ "feeds": {} }));
    }

    #[test]
    fn whoever_invents_services_is_not_remembered_for_ever() {
        let readers = Readers::default();
        for number in 0..MOST_SERVICES + 10 {
            readers.saw("/rss.xml", &format!("S{number} - 1 subscribers"), address(1), now());
        }
        let report = readers.report(now());
        let services = report["feeds"]["/rss.xml"]["services"].as_object().unwrap();
        assert_eq!(services.len(), MOST_SERVICES);
        let long = format!("{} - 1 subscribers", "é".repeat(1000));
        assert!(Service::of(&long).unwrap().name.len() <= LONGEST_NAME);
    }
}
