//! `[serve]` and `[redirects]`.

use std::str::FromStr;
use std::time::Duration;

/// The settings of serving.
#[derive(Clone, Debug)]
pub struct Serving {
    /// The time for which readers and caches may use an answer.
    pub max_age: Duration,
    /// A folder of other files, relative to the publication: images, enclosures.
    pub files: Option<String>,
    /// Feeds are served as plain XML and JSON, which every browser shows.
    pub browser_types: bool,
    /// Systems at whose feed URLs to answer.
    pub like: Vec<Predecessor>,
    /// Former paths, and the path or URL to which each is redirected.
    pub redirects: Vec<(String, String)>,
    /// Paths that are gone permanently.
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

/// A system that served the feeds before, at whose URLs people subscribed.
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
