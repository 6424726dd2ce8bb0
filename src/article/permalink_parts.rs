//! Parts of an article that its permalink can be made of.

use chrono::{DateTime, Utc};

use super::Article;

/// The parts that a permalink can be made of, as in [`Article`].
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "they are the fields of an article")]
pub struct PermalinkParts<'a> {
    pub name: &'a str,
    pub slug: &'a str,
    pub section: &'a str,
    pub bundle: bool,
    pub published: Option<DateTime<Utc>>,
    pub language: Option<&'a str>,
    pub categories: Vec<&'a str>,
}

impl Article {
    /// The parts that its permalink can be made of.
    pub fn permalink_parts(&self) -> PermalinkParts<'_> {
        PermalinkParts {
            name: &self.name,
            slug: &self.slug,
            section: &self.section,
            bundle: self.bundle,
            published: self.published,
            language: self.language.as_deref(),
            categories: self.categories.iter().map(String::as_str).collect(),
        }
    }
}
