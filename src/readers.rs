//! Feed readers and what they do: one row per reader.
//!
//! `plan` asks how a reader recognises an entry, the page how it is asked to subscribe to a feed, and `serve`
//! what its `User-Agent` says. A new reader is one row of [`READERS`].

mod user_agent;

pub use user_agent::Service;

/// A feed reader.
#[derive(Debug)]
pub struct Reader {
    /// The name that its makers use.
    pub name: &'static str,
    /// Recognition of an entry that the reader has seen before; `None` if it is not known.
    pub recognition: Option<Recognition>,
    /// The beginning of a URL that subscribes to a feed; the encoded URL of the feed follows. Needs no key,
    /// and tells the reader nothing of anyone before it is followed.
    pub subscribe: Option<&'static str>,
}

/// Recognition of an entry: the keys by which a reader knows it. The entry is shown as new when its key
/// changes.
///
/// All readers know an entry only within its feed, except newsboat and tt-rss, which know it across feeds.
#[derive(Debug)]
pub struct Recognition {
    /// Alternative keys; the first counts of which the entry has all parts.
    pub keys: &'static [&'static [KeyPart]],
    /// A second key: an entry in which it is unchanged is recognised in any case. Empty for none.
    pub also: &'static [KeyPart],
    /// A feed at another URL is another feed.
    pub by_url: bool,
    /// A feed with another Atom id is another feed.
    pub by_feed_id: bool,
    /// Ids are ignored in a document in which more than one in twenty is missing or repeated.
    pub distrusts: bool,
    /// Entries older than this many days are skipped.
    pub days: Option<i64>,
}

/// A part of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPart {
    /// The id.
    Id,
    /// The id; in Atom, if it is a web URL, with the instant of the last update.
    IdWithUpdate,
    /// Of an id that is a web URL, everything after its host.
    IdWithoutHost,
    /// The permalink.
    Link,
    /// The title.
    Title,
    /// The instant of publication.
    Published,
    /// The content.
    Content,
}

use KeyPart::{Content, Id, IdWithUpdate, IdWithoutHost, Link, Published, Title};

const BY_ID: Recognition =
    Recognition { keys: &[&[Id]], also: &[], by_url: false, by_feed_id: false, distrusts: false, days: None };

const fn web(name: &'static str, subscribe: &'static str) -> Reader {
    Reader { name, recognition: None, subscribe: Some(subscribe) }
}

const fn recognising(name: &'static str, recognition: Recognition) -> Reader {
    Reader { name, recognition: Some(recognition), subscribe: None }
}

/// The readers, as their sources were at the end of 2025.
///
/// Feedbin documents its subscription URL in its help, The Old Reader in its tips, and `NewsBlur` among its
/// goodies. Those of Feedly and Inoreader are what buttons and browser extensions have used for years.
pub const READERS: &[Reader] = &[
    web("Feedly", "https://feedly.com/i/subscription/feed/"),
    web("Inoreader", "https://www.inoreader.com/?add_feed="),
    web("NewsBlur", "https://www.newsblur.com/?url="),
    web("The Old Reader", "https://theoldreader.com/feeds/subscribe?url="),
    recognising("Miniflux", Recognition { keys: &[&[Id], &[Link], &[Title, Content]], ..BY_ID }),
    recognising("FreshRSS", Recognition { distrusts: true, ..BY_ID }),
    recognising("tt-rss", Recognition { keys: &[&[Id], &[Link], &[Title]], ..BY_ID }),
    recognising("newsboat", Recognition { keys: &[&[Id], &[Link, Published], &[Link], &[Title]], ..BY_ID }),
    recognising(
        "NetNewsWire",
        Recognition { keys: &[&[Id], &[Link, Published], &[Title, Published]], by_url: true, ..BY_ID },
    ),
    recognising("lemon24/reader", Recognition { keys: &[&[Id], &[Link]], ..BY_ID }),
    Reader {
        name: "Feedbin",
        recognition: Some(Recognition { also: &[IdWithoutHost], by_url: true, ..BY_ID }),
        subscribe: Some("https://feedbin.com/?subscribe="),
    },
    recognising("Fluent Reader", Recognition { keys: &[&[Title, Published]], ..BY_ID }),
    recognising("Nextcloud News", Recognition { keys: &[&[Id], &[Link]], ..BY_ID }),
    recognising("yarr", Recognition { keys: &[&[IdWithUpdate], &[Link]], ..BY_ID }),
    recognising("Stringer", Recognition { days: Some(3), ..BY_ID }),
    recognising(
        "AntennaPod",
        Recognition { keys: &[&[Id], &[Title], &[Link]], also: &[Title], by_feed_id: true, ..BY_ID },
    ),
    recognising("Feeder", BY_ID),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_reader_has_a_name_of_its_own_and_something_that_is_known_of_it() {
        let names: BTreeSet<&str> = READERS.iter().map(|reader| reader.name).collect();
        assert_eq!(names.len(), READERS.len());
        assert!(READERS.iter().all(|reader| reader.recognition.is_some() || reader.subscribe.is_some()));
    }
}
