//! Gives each article the identity by which subscribers' readers know it.
//!
//! `id = "tag:" authority "," date ":" token` (RFC 4151). Authority and date are pinned in the configuration when
//! a publication is started, so that ids outlive its domain. The token is the article's own id, or else a `UUIDv5`
//! of the path that it was first published under, so that every clone arrives at the same ids. The [`Ledger`]
//! remembers it, and [`reconcile()`] finds it again wherever the article has gone since.

mod amend;
mod damage;
mod dates;
mod file;
mod known;
mod pairing;
mod paths;
mod print;
mod reconcile;
mod record;
mod span;

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

use crate::content::address;

pub use amend::{Pinned, Refusal};
pub use file::{Ledger, TextFingerprints};
pub use known::Known;
pub use reconcile::{Reconciled, reconcile};
pub use record::{Record, path_of};

/// The file of the ledger.
pub const FILE: &str = "feedwright.lock";

/// The most bytes of an id: tt-rss keys entries by the first 245.
pub const MAX_ID: usize = 244;

/// The authority that mints ids, and since when: the first part of every `tag:`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authority {
    /// A lower-case domain name or mail address that the publication held on `date`.
    pub name: String,
    /// `2026`, `2026-11` or `2026-11-22`.
    pub date: String,
}

impl Authority {
    /// The first day that `date` names; `None` if it is not a year, a month or a day (RFC 4151 section 2.1).
    ///
    /// ```
    /// use feedwright::ledger::Authority;
    /// let authority = Authority { name: "example.org".into(), date: "2026-11".into() };
    /// assert_eq!(authority.first_day().unwrap().to_string(), "2026-11-01");
    /// ```
    pub fn first_day(&self) -> Option<NaiveDate> {
        let rest = match self.date.len() {
            4 => "-01-01",
            7 => "-01",
            10 => "",
            _ => return None,
        };
        NaiveDate::parse_from_str(&format!("{}{rest}", self.date), "%Y-%m-%d").ok()
    }

    /// The `tag:` of this authority with that token, percent-encoded where RFC 4151 section 2.1 wants it.
    ///
    /// ```
    /// use feedwright::ledger::Authority;
    /// let authority = Authority { name: "example.org".into(), date: "2026-11-22".into() };
    /// assert_eq!(authority.tag("feed/tags/été"), "tag:example.org,2026-11-22:feed/tags/%C3%A9t%C3%A9");
    /// ```
    pub fn tag(&self, token: &str) -> String {
        format!("tag:{},{}:{}", self.name, self.date, address::path(token))
    }

    /// The id of an article that has none of its own: of its path, without extension and without the `index` of a
    /// bundle, in NFC, since file systems disagree about composed letters.
    ///
    /// ```
    /// # use feedwright::ledger::Authority;
    /// let authority = Authority { name: "example.org".into(), date: "2026-11-22".into() };
    /// assert_eq!(authority.id_of_path("news/hello.md"), authority.id_of_path("news/hello.html"));
    /// assert_eq!(authority.id_of_path("news/hello.md"), authority.id_of_path("news/hello/index.md"));
    /// assert_ne!(authority.id_of_path("news/hello.md"), authority.id_of_path("news/hello.fr.md"));
    /// ```
    pub fn id_of_path(&self, name: &str) -> String {
        PathIds::of(self).id_of_path(name)
    }

    /// The id that an author wrote: kept word for word where it is an absolute one (`tag:…`, `urn:uuid:…`,
    /// `https://…`), else the token of ours. `None` where it cannot be an id: empty, or too long.
    ///
    /// ```
    /// # use feedwright::ledger::Authority;
    /// let authority = Authority { name: "example.org".into(), date: "2026-11-22".into() };
    /// assert_eq!(authority.id_as_stated("urn:isbn:1").as_deref(), Some("urn:isbn:1"));
    /// assert_eq!(authority.id_as_stated("p 17").as_deref(), Some("tag:example.org,2026-11-22:p%2017"));
    /// assert_eq!(authority.id_as_stated(" "), None);
    /// ```
    pub fn id_as_stated(&self, stated: &str) -> Option<String> {
        let stated = stated.trim();
        let plain = stated.bytes().all(|byte| byte.is_ascii_graphic());
        let id = if plain && Url::parse(stated).is_ok() { stated.to_owned() } else { self.tag(stated) };
        (!stated.is_empty() && id.len() <= MAX_ID).then_some(id)
    }
}

/// Makes ids of paths: what all of them have in common is found out once.
struct PathIds {
    /// `tag:example.org,2026:`
    prefix: String,
    /// The namespace of the UUIDs that the authority gives to paths.
    namespace: Uuid,
}

impl PathIds {
    fn of(authority: &Authority) -> Self {
        let prefix = authority.tag("");
        let namespace = Uuid::new_v5(&Uuid::NAMESPACE_URL, prefix.as_bytes());
        Self { prefix, namespace }
    }

    /// See [`Authority::id_of_path`].
    fn id_of_path(&self, name: &str) -> String {
        let name = record::path_in_nfc(name);
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", &name));
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        match (folder, stem) {
            ("", stem) => self.id_of_token(stem),
            (folder, "index") => self.id_of_token(folder),
            (folder, stem) => self.id_of_token(name.get(..folder.len() + 1 + stem.len()).unwrap_or(&name)),
        }
    }

    /// The id of a token that is made of a path.
    fn id_of_token(&self, token: &str) -> String {
        let uuid = Uuid::new_v5(&self.namespace, token.as_bytes()).hyphenated();
        [&self.prefix, &*uuid.encode_lower(&mut Uuid::encode_buffer())].concat()
    }
}

/// The policy for dates that no author states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DatePolicy {
    /// The fate of articles without a date.
    pub undated: Undated,
    /// The changes that count as updates.
    pub updated: Updates,
}

/// The fate of articles without a date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Undated {
    /// They are in no feed.
    #[default]
    Withhold,
    /// They have the instant of the build that first published them, for good.
    FirstSeen,
}

/// The changes that count as updates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Updates {
    /// Those that the author states, in the article or with `feedwright touch`.
    #[default]
    Stated,
    /// Also a change of the text by more than fifty letters and digits, or as far as minhashes show it.
    Significant,
}

/// The id and the dates by which subscribers' readers know an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity<'a> {
    /// One string for all formats: ASCII, no white space, at most [`MAX_ID`] bytes.
    pub id: Cow<'a, str>,
    /// True if the id is the permalink, as in a feed that was adopted.
    pub id_is_permalink: bool,
    /// First publication, in whole seconds.
    pub published: DateTime<Utc>,
    /// The last change that the author calls one; not before `published`.
    pub updated: DateTime<Utc>,
}
