//! How the feeds are served, as far as `feedwright serve` does it.

use std::str::FromStr;
use std::time::Duration;

/// How the feeds are served.
#[derive(Clone, Debug)]
pub struct Serving {
    /// For how long readers and caches need not ask again.
    pub max_age: Duration,
    /// A folder of other files, relative to the publication: pictures, enclosures.
    pub files: Option<String>,
    /// Whether feeds are said to be plain XML and JSON, which every browser shows.
    pub browser_types: bool,
    /// The systems at whose addresses the feeds were before.
    pub like: Vec<Predecessor>,
    /// Other former addresses, and where each leads: a path, or an address elsewhere.
    pub redirects: Vec<(String, String)>,
    /// Paths at which nothing will ever be again.
    pub gone: Vec<String>,
}

impl Default for Serving {
    fn default() -> Self {
        Self {
            max_age: Duration::from_secs(900),
            files: None,
            browser_types: false,
            like: Vec::new(),
            redirects: Vec::new(),
            gone: Vec::new(),
        }
    }
}

/// A system that served the feeds before, and at whose addresses people subscribed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
#[expect(missing_docs, reason = "they are names")]
pub enum Predecessor {
    Astro,
    Blogger,
    Eleventy,
    Ghost,
    Hexo,
    Hugo,
    Jekyll,
    Nikola,
    Pelican,
    WordPress,
    Zola,
}

impl Predecessor {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Astro,
        Self::Blogger,
        Self::Eleventy,
        Self::Ghost,
        Self::Hexo,
        Self::Hugo,
        Self::Jekyll,
        Self::Nikola,
        Self::Pelican,
        Self::WordPress,
        Self::Zola,
    ];

    /// Its name, in lower case.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// A name that is not the name of a [`Predecessor`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not one of {known}", known = Predecessor::ALL.map(Predecessor::name).join(", "))]
pub struct UnknownPredecessor(pub String);

impl FromStr for Predecessor {
    type Err = UnknownPredecessor;

    fn from_str(name: &str) -> Result<Self, UnknownPredecessor> {
        let found = Self::ALL.into_iter().find(|known| known.name() == name);
        found.ok_or_else(|| UnknownPredecessor(name.to_owned()))
    }
}
