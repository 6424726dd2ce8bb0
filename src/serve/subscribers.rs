//! Counts subscribers from the requests for feeds.
//!
//! A service that fetches for many says for how many in `User-Agent`: `Feedbin feed-id:1 - 12 subscribers`. A
//! program that fetches for one person is counted by its address and `User-Agent`, of which only a keyed hash
//! is kept.
//!
//! A request costs the same however many readers were seen, and takes no lock that others wait for: a person
//! is one of [`WAYS`] places of a table of fixed size, a service one entry of a small map of its own. Whoever
//! invents readers fills the table, and changes neither the time of a request nor the memory.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::hosting::path::encoded;
use crate::readers::Service;

/// Hours after which a reader that has not asked again no longer counts.
const FORGOTTEN: u16 = 48;

/// Persons of all feeds together; those who find their places taken are not counted.
const PLACES: usize = 1 << 18;

/// Places in which a person may be: those of one line of the processor's cache.
const WAYS: usize = 8;

/// Services are kept in so many maps with a lock each, of at most so many services each.
const SHARDS: usize = 16;
const SERVICES_PER_SHARD: usize = 625;

/// The readers of every feed.
#[derive(Debug)]
pub(super) struct Subscribers {
    /// The key of the hash, so that nobody else can find the address that a number stands for.
    secret: RandomState,
    /// The number of each feed, by its path.
    feeds: Mutex<HashMap<String, FeedNumber>>,
    persons: Box<[AtomicU64]>,
    services: [Mutex<Services>; SHARDS],
}

/// The number of a feed, which stays the same as long as the server runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct FeedNumber(u16);

/// The services of one shard.
#[derive(Debug, Default)]
struct Services {
    by_key: HashMap<u64, Fetched>,
    /// The hour of the last look for services that no longer count.
    swept: u16,
}

/// A feed that a service fetches.
#[derive(Debug)]
struct Fetched {
    feed: FeedNumber,
    name: Box<str>,
    subscribers: u64,
    last: u16,
}

impl Default for Subscribers {
    fn default() -> Self {
        Self {
            secret: RandomState::new(),
            feeds: Mutex::default(),
            persons: std::iter::repeat_with(|| AtomicU64::new(0)).take(PLACES).collect(),
            services: std::array::from_fn(|_| Mutex::default()),
        }
    }
}

impl Subscribers {
    /// The number of the feed at that path; `None` beyond 65,536 feeds, whose readers are not counted.
    pub(super) fn number(&self, path: &str) -> Option<FeedNumber> {
        let mut feeds = locked(&self.feeds);
        if let Some(known) = feeds.get(path) {
            return Some(*known);
        }
        let number = FeedNumber(u16::try_from(feeds.len()).ok()?);
        feeds.insert(path.to_owned(), number);
        Some(number)
    }

    /// Counts a request that was answered with the feed, or with 304.
    pub(super) fn saw(&self, feed: FeedNumber, agent: &str, address: IpAddr, now: DateTime<Utc>) {
        let hour = hour_of(now);
        match Service::of(agent) {
            Some(service) => self.saw_service(feed, &service, hour),
            None => self.saw_person(feed, self.secret.hash_one((feed.0, address, agent)), hour),
        }
    }

    fn saw_service(&self, feed: FeedNumber, service: &Service<'_>, hour: u16) {
        let key = self.secret.hash_one((feed.0, service.name, service.id));
        let Some(shard) = self.services.get(usize::try_from(key % SHARDS as u64).unwrap_or_default()) else {
            return;
        };
        let mut services = locked(shard);
        if let Some(known) = services.by_key.get_mut(&key) {
            (known.subscribers, known.last) = (service.subscribers, hour);
            return;
        }
        services.sweep(hour);
        if services.by_key.len() < SERVICES_PER_SHARD {
            let name = service.name.into();
            services.by_key.insert(key, Fetched { feed, name, subscribers: service.subscribers, last: hour });
        }
    }

    fn saw_person(&self, feed: FeedNumber, hash: u64, hour: u16) {
        let set = usize::try_from(hash).unwrap_or_default() % (PLACES / WAYS) * WAYS;
        let Some(places) = self.persons.get(set..set + WAYS) else { return };
        let seen = Person { feed, hash, hour };
        let mut free = None;
        for place in places {
            match Person::of(place.load(Relaxed)) {
                Some(known) if known.is_same(seen) => {
                    if known.hour != hour {
                        place.store(seen.packed(), Relaxed);
                    }
                    return;
                }
                Some(known) if is_recent(known.hour, hour) => {}
                _ => free = free.or(Some(place)),
            }
        }
        if let Some(place) = free {
            place.store(seen.packed(), Relaxed);
        }
    }

    /// The subscribers of each feed: all of them, those of each service, and the others.
    pub(super) fn report(&self, now: DateTime<Utc>) -> Value {
        let hour = hour_of(now);
        let mut counts = HashMap::<FeedNumber, Count>::new();
        for shard in &self.services {
            for fetched in locked(shard).by_key.values().filter(|fetched| is_recent(fetched.last, hour)) {
                let count = counts.entry(fetched.feed).or_default();
                let sum = count.services.entry(fetched.name.clone()).or_default();
                *sum = sum.saturating_add(fetched.subscribers);
            }
        }
        for person in self.persons.iter().filter_map(|place| Person::of(place.load(Relaxed))) {
            if is_recent(person.hour, hour) {
                counts.entry(person.feed).or_default().others += 1;
            }
        }
        let paths = locked(&self.feeds);
        let feeds = paths.iter().filter_map(|(path, feed)| Some((encoded(path), counts.get(feed)?.report())));
        let feeds: BTreeMap<String, Value> = feeds.collect();
        json!({ "feeds": feeds })
    }
}

impl Services {
    /// Removes services that no longer count, at most once an hour.
    fn sweep(&mut self, hour: u16) {
        if self.by_key.len() >= SERVICES_PER_SHARD && self.swept != hour {
            self.by_key.retain(|_, fetched| is_recent(fetched.last, hour));
            self.swept = hour;
        }
    }
}

/// The subscribers of a feed.
#[derive(Default)]
struct Count {
    services: BTreeMap<Box<str>, u64>,
    others: u64,
}

impl Count {
    fn report(&self) -> Value {
        let through_services = self.services.values().fold(0, |sum: u64, some| sum.saturating_add(*some));
        let subscribers = through_services.saturating_add(self.others);
        json!({ "subscribers": subscribers, "services": self.services, "others": self.others })
    }
}

/// A reader of one feed, packed into eight bytes: 16 bits each for the feed and the hour of the last request,
/// and 32 bits of the hash that did not decide on its place.
#[derive(Clone, Copy)]
struct Person {
    feed: FeedNumber,
    hash: u64,
    hour: u16,
}

impl Person {
    /// The bits of the hash that are kept; never 0, which is a free place.
    fn tag(self) -> u64 {
        (self.hash >> 32) | 1
    }

    fn packed(self) -> u64 {
        self.tag() << 32 | u64::from(self.feed.0) << 16 | u64::from(self.hour)
    }

    #[expect(clippy::cast_possible_truncation, reason = "that is how it was packed")]
    fn of(packed: u64) -> Option<Self> {
        let hash = packed >> 32 << 32;
        (hash != 0).then_some(Self { feed: FeedNumber((packed >> 16) as u16), hash, hour: packed as u16 })
    }

    fn is_same(self, other: Self) -> bool {
        (self.tag(), self.feed) == (other.tag(), other.feed)
    }
}

/// The hour of an instant, counted in a circle of seven years.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it goes round in a circle")]
fn hour_of(now: DateTime<Utc>) -> u16 {
    now.timestamp().div_euclid(3600) as u16
}

fn is_recent(last: u16, hour: u16) -> bool {
    // A clock that was set back must not make those of a moment ago seven years old.
    hour.wrapping_sub(last) <= FORGOTTEN || last.wrapping_sub(hour) <= FORGOTTEN
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-22T10:00:00Z".parse().unwrap()
    }

    fn address(last: u8) -> IpAddr {
        [192, 0, 2, last].into()
    }

    /// An address that nobody else has.
    fn invented(number: u32) -> IpAddr {
        number.to_be_bytes().into()
    }

    fn subscribers() -> (Subscribers, FeedNumber) {
        let subscribers = Subscribers::default();
        let feed = subscribers.number("/rss.xml").unwrap();
        (subscribers, feed)
    }

    fn count(subscribers: &Subscribers, at: DateTime<Utc>) -> Value {
        subscribers.report(at)["feeds"]["/rss.xml"]["subscribers"].clone()
    }

    #[test]
    fn subscribers_are_added_up() {
        let (subscribers, feed) = subscribers();
        for _ in 0..3 {
            subscribers.saw(feed, "Feedbin feed-id:1 - 12 subscribers", address(1), now());
            subscribers.saw(feed, "Feedbin feed-id:2 - 3 subscribers", address(2), now());
            subscribers.saw(feed, "newsboat/2.40", address(3), now());
            subscribers.saw(feed, "newsboat/2.40", address(4), now());
        }
        subscribers.saw(feed, "Feedbin feed-id:1 - 13 subscribers", address(9), now());
        assert_eq!(
            subscribers.report(now())["feeds"]["/rss.xml"],
            json!({ "subscribers": 18, "services": { "Feedbin": 16 }, "others": 2 })
        );
    }

    #[test]
    fn each_feed_has_its_own_subscribers_and_keeps_its_number() {
        let (subscribers, rss) = subscribers();
        let atom = subscribers.number("/caf\u{e9}.xml").unwrap();
        assert_eq!(subscribers.number("/rss.xml"), Some(rss));
        subscribers.saw(rss, "newsboat/2.40", address(3), now());
        subscribers.saw(atom, "newsboat/2.40", address(3), now());
        subscribers.saw(atom, "newsboat/2.40", address(4), now());
        assert_eq!(count(&subscribers, now()), 1);
        assert_eq!(subscribers.report(now())["feeds"]["/caf%C3%A9.xml"]["subscribers"], 2);
    }

    #[test]
    fn a_reader_that_has_not_asked_for_two_days_no_longer_counts() {
        let (subscribers, feed) = subscribers();
        subscribers.saw(feed, "newsboat/2.40", address(3), now());
        subscribers.saw(feed, "Feedbin - 5 subscribers", address(4), now());
        assert_eq!(count(&subscribers, now() + TimeDelta::hours(47)), 6);
        assert_eq!(subscribers.report(now() + TimeDelta::hours(49)), json!({ "feeds": {} }));
        subscribers.saw(feed, "newsboat/2.40", address(3), now() + TimeDelta::hours(40));
        assert_eq!(count(&subscribers, now() + TimeDelta::hours(60)), 1);
    }

    #[test]
    fn a_thousand_readers_are_counted_to_the_last() {
        let (subscribers, feed) = subscribers();
        for number in 0..1000 {
            subscribers.saw(feed, "newsboat/2.40", invented(number), now());
        }
        assert_eq!(count(&subscribers, now()), 1000);
    }

    #[test]
    fn a_flood_of_invented_readers_neither_grows_nor_displaces_those_who_are_known() {
        let (subscribers, feed) = subscribers();
        subscribers.saw(feed, "newsboat/2.40", address(1), now());
        for number in 0..2 * u32::try_from(PLACES).unwrap() {
            subscribers.saw(feed, "invented", invented(number), now());
        }
        let many = count(&subscribers, now()).as_u64().unwrap();
        assert!(many <= PLACES as u64 && many > PLACES as u64 / 2, "{many}");
        subscribers.saw(feed, "newsboat/2.40", address(1), now() + TimeDelta::hours(47));
        let later = now() + TimeDelta::hours(50);
        assert_eq!(count(&subscribers, later), 1, "who was known before the flood still is");
        subscribers.saw(feed, "newsboat/2.40", address(2), later);
        assert_eq!(count(&subscribers, later), 2, "and there is room again after it");
    }

    #[test]
    fn invented_services_are_not_all_remembered_and_make_room_again() {
        let (subscribers, feed) = subscribers();
        let most = SHARDS * SERVICES_PER_SHARD;
        for number in 0..3 * most {
            subscribers.saw(feed, &format!("S{number} - 1 subscribers"), address(1), now());
        }
        assert_eq!(count(&subscribers, now()), most);
        let later = now() + TimeDelta::hours(50);
        for number in 0..10 {
            subscribers.saw(feed, &format!("T{number} - 1 subscribers"), address(1), later);
        }
        assert_eq!(count(&subscribers, later), 10);
    }
}
