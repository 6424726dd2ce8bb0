//! Paths that a build reads or keeps, and therefore never writes documents to.

use std::collections::BTreeMap;

use super::{Config, FILE, Stylesheet};
use crate::ledger;

/// Endings of the files that are articles.
const ARTICLES: [&str; 7] = [".md", ".markdown", ".mdown", ".mkd", ".mdx", ".qmd", ".txt"];

/// Further files and folders of a publication, and what they are.
const KEPT: [(&str, &str); 6] = [
    (FILE, "the configuration"),
    (ledger::FILE, "the ledger"),
    (".feedwright", "the cache"),
    (".git", "the repository"),
    (".gitignore", "the settings of git"),
    (".gitattributes", "the settings of git"),
];

impl Config {
    /// Name of the source that a document at `path`, relative to the publication, would be written over: it
    /// is that file, lies below it, or is a folder above it. `None` where nothing is in the way. Upper and
    /// lower case are equal, as in many file systems.
    ///
    /// ```
    /// let config = "[publication]\ntitle = 'A'\nhome = 'https://example.org/'\n\
    ///               [identity]\nauthority = 'example.org'\ndate = '2026'\n";
    /// let config = feedwright::config::parse(config).unwrap();
    /// assert_eq!(config.reserved("Articles/news/rss.xml"), Some("the articles"));
    /// assert_eq!(config.reserved("feedwright.toml"), Some("the configuration"));
    /// assert_eq!(config.reserved("feeds/rss.xml"), None);
    /// ```
    pub fn reserved(&self, path: &str) -> Option<&'static str> {
        let path = path.to_lowercase();
        let articles = [(self.articles.path.as_str(), "the articles")];
        let template = self.page.as_ref().and_then(|page| page.template.as_deref());
        let template = template.map(|template| (template, "the template of the page"));
        let files = self.serving.files.as_deref().map(|files| (files, "the files of `[serve]`"));
        let authors = self.articles.authors.iter().map(|file| (file.as_str(), "the authors' file"));
        let all = articles.into_iter().chain(KEPT).chain(template).chain(files).chain(authors);
        let mut kept = all.filter(|(kept, _)| !kept.is_empty());
        let found = kept.find(|(kept, _)| overlap(&path, &kept.to_lowercase())).map(|(_, what)| what);
        let is_article =
            || self.articles.path.is_empty() && ARTICLES.iter().any(|ending| path.ends_with(ending));
        found.or_else(|| is_article().then_some("an article"))
    }

    /// The documents whose paths the configuration states, by what states them: the key and its section, then
    /// the path relative to the publication.
    pub(super) fn stated_outputs(&self) -> Vec<(&'static str, &'static str, String)> {
        let folder = self.feeds_folder();
        let mut outputs = vec![("`[feeds]`", "opml", format!("{folder}{}", self.opml))];
        if let Stylesheet::Ours(file) = &self.stylesheet {
            outputs.push(("`[feeds]`", "stylesheet", format!("{folder}{file}")));
        }
        if let Some(page) = &self.page {
            outputs.push(("`[page]`", "path", format!("{folder}{}", page.path)));
        }
        outputs
    }

    /// The paths of feeds without `for-each`, relative to the publication, each with the name of its feed.
    pub(super) fn stated_feeds(&self) -> BTreeMap<String, &str> {
        let folder = self.feeds_folder();
        let mut paths = BTreeMap::new();
        for feed in self.feeds.iter().filter(|feed| feed.for_each.is_none()) {
            for below in feed.formats.iter().filter_map(|format| feed.document(*format)) {
                paths.insert(format!("{folder}{below}").to_lowercase(), feed.name.as_str());
            }
        }
        paths
    }
}

/// Tells whether two paths are equal, or one is a folder above the other. `""` is above everything.
pub(super) fn overlap(one: &str, other: &str) -> bool {
    is_above(one, other) || is_above(other, one)
}

fn is_above(folder: &str, path: &str) -> bool {
    folder.is_empty()
        || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_overlap_where_one_is_the_other_or_above_it() {
        for (one, other) in [("a", "a"), ("a", "a/b"), ("a/b/c", "a"), ("", "a")] {
            assert!(overlap(one, other), "{one} {other}");
        }
        for (one, other) in [("a", "b"), ("a", "ab"), ("a/b", "a/c"), ("a.b", "a")] {
            assert!(!overlap(one, other), "{one} {other}");
        }
    }
}
