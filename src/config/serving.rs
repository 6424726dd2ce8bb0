//! `[serve]` and `[redirects]`.

use std::time::Duration;

use crate::generator::Predecessor;

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
