//! The number of subscribers in `User-Agent`.

use memchr::memmem;

/// The longest name of a service, in bytes; longer ones are cut.
const LONGEST_NAME: usize = 64;

/// A service that fetches a feed once for many subscribers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service<'a> {
    /// The name of its program.
    pub name: &'a str,
    /// The number that it gives the feed; empty where it gives none. One service may fetch a feed at several
    /// URLs.
    pub id: &'a str,
    /// The subscribers for whom it fetches.
    pub subscribers: u64,
}

impl<'a> Service<'a> {
    /// The service that `User-Agent` names: it states a number before `subscriber` or `reader`.
    ///
    /// ```
    /// use feedwright::readers::Service;
    /// let service = Service::of("Feedbin feed-id:1373711 - 142 subscribers").unwrap();
    /// assert_eq!((service.name, service.id, service.subscribers), ("Feedbin", "1373711", 142));
    /// assert_eq!(Service::of("newsboat/2.40"), None);
    /// ```
    pub fn of(agent: &'a str) -> Option<Self> {
        let end = [b" subscriber".as_slice(), b" reader"]
            .iter()
            .find_map(|noun| memmem::find(agent.as_bytes(), noun));
        let before = agent.get(..end?)?;
        let digits = before.len() - before.trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
        let subscribers = before.get(before.len() - digits..)?.parse().ok()?;
        let id = ["feed-id:", "feed-id=", "feedid:", "feedid="].iter().find_map(|key| agent.split_once(key));
        let id = id.map_or("", |(_, rest)| first_word(rest));
        Some(Self { name: name_of(agent), id, subscribers })
    }
}

/// The name of the program: `Feedbin`; of `Mozilla/5.0 (compatible; Feedspot/1.0; …)` the part after
/// `compatible`.
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

    #[test]
    fn a_service_states_for_how_many_it_asks() {
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
    fn a_program_that_states_no_number_is_not_a_service() {
        for agent in
            ["", "newsboat/2.40", "x subscribers", "subscribers", "99999999999999999999999 subscribers"]
        {
            assert_eq!(Service::of(agent), None, "{agent}");
        }
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        let long = format!("{} - 1 subscribers", "é".repeat(1000));
        assert!(Service::of(&long).unwrap().name.len() <= LONGEST_NAME);
    }
}
