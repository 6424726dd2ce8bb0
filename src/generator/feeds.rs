//! The feeds that a site's own generator publishes: of all articles, of one part of them, or one for each value.

/// A feed of the site's own, in one format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteFeed {
    /// The articles that are in it.
    pub scope: FeedScope,
    /// `rss`, `atom` or `json`.
    pub format: &'static str,
    /// Its path below the home; `{}` stands for the value of a feed for each.
    pub path: String,
}

/// The articles that a feed of a site has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedScope {
    /// All; in a site with several languages those in the first.
    Main,
    /// One feed for each `tag`, `category`, `author`, `section` or `language`.
    Each(&'static str),
    /// Those with one value of one of these, but for what is in these folders.
    One(&'static str, String, Vec<String>),
}

/// The dimension of the terms of a taxonomy, by its name.
pub(super) fn of_taxonomy(name: &str) -> Option<&'static str> {
    match name {
        "tags" => Some("tag"),
        "categories" => Some("category"),
        "authors" => Some("author"),
        _ => None,
    }
}

impl SiteFeed {
    /// A feed of all articles.
    pub(super) fn main(format: &'static str, path: impl Into<String>) -> Self {
        Self { scope: FeedScope::Main, format, path: path.into() }
    }

    /// A feed for each value of `of`.
    pub(super) fn each(of: &'static str, format: &'static str, path: impl Into<String>) -> Self {
        Self { scope: FeedScope::Each(of), format, path: path.into() }
    }

    /// A feed of the articles in a language, a category or a section.
    pub(super) fn one(of: &'static str, value: &str, format: &'static str, path: impl Into<String>) -> Self {
        Self { scope: FeedScope::One(of, value.to_owned(), Vec::new()), format, path: path.into() }
    }

    /// `true` if it is one of all articles.
    pub fn is_main(&self) -> bool {
        self.scope == FeedScope::Main
    }
}
