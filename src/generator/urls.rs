//! Addresses of articles, as the generator of a site makes them.

use super::address::{Filled, Page, Part, Parts, Pattern, Tokens, rooted, without_extension};
use super::site::Site;

/// Rules by which a generator makes addresses.
pub(crate) struct Urls {
    /// Its tokens.
    pub(super) tokens: Tokens,
    /// Reads one of its patterns. The error is a sentence for the author.
    pub(super) read: fn(&str, Tokens) -> Result<Pattern, String>,
    /// Gives the values of the tokens for an article.
    pub(super) parts: fn(&Page<'_>, &Site) -> Parts,
    /// The address that an article states, as it is meant: another pattern, in the generator's words.
    pub(super) stated: fn(&str, &Site) -> String,
    /// The whole made fit: a path from the home, with or without its first slash.
    pub(super) finish: fn(&str, &Page<'_>, &Site) -> String,
    /// A tag, a category, an author or a folder in a path; `None` where that is not known.
    pub(super) term: Option<fn(&str, &Site) -> String>,
    /// The same of an address that the article states, where it is made fit in another way.
    pub(super) finish_stated: Option<fn(&str, &Page<'_>, &Site) -> String>,
}

impl Urls {
    /// The usual rules: an address that an article states has no tokens, and the path of its file stands for it.
    pub(super) const PLAIN: Self = Self {
        tokens: &[],
        read: |stated, _| Ok(Pattern(vec![Part::Text(stated.to_owned())])),
        parts: |page, _| Parts { path: without_extension(page.path).to_owned(), ..Parts::default() },
        stated: |stated, _| stated.to_owned(),
        finish: |path, _, _| path.to_owned(),
        term: None,
        finish_stated: None,
    };
}

impl std::fmt::Debug for Urls {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Urls").field("tokens", &self.tokens).finish_non_exhaustive()
    }
}

impl Site {
    /// A tag, category, author or folder as its generator has it in the paths of feeds: parts that are no way out of the
    /// folder. `None` where that is not known.
    pub fn term(&self, value: &str) -> Option<String> {
        let term = (self.generator.urls.as_ref()?.term?)(value.trim(), self);
        let is_safe = |part: &&str| !part.trim_matches('.').is_empty();
        let safe =
            term.split(['/', '\\', '\0', ':']).map(str::trim).filter(is_safe).collect::<Vec<_>>().join("/");
        Some(safe).filter(|term| !term.is_empty())
    }

    /// `true` if it is known how its generator makes addresses.
    pub fn makes_addresses(&self) -> bool {
        self.generator.urls.is_some() && !self.permalinks.is_empty()
    }

    /// The address of an article, as its generator makes it: absolute, or a path from the home that begins with `/`.
    /// `stated` is the one that the article gives itself. `None` where the rules of the generator are not known.
    pub fn address(&self, page: &Page<'_>, stated: Option<&str>) -> Option<Result<String, String>> {
        let urls = self.generator.urls.as_ref()?;
        let parts = (urls.parts)(page, self);
        let pattern = match stated {
            Some(stated) => match (urls.read)(&(urls.stated)(stated, self), urls.tokens) {
                Ok(pattern) => pattern,
                Err(why) => return Some(Err(why)),
            },
            None => match self.permalink_of_translations.as_ref().filter(|_| page.language.is_some()) {
                Some(pattern) => pattern.clone(),
                None => self.permalinks.iter().find(|(scope, _)| scope.holds(page.path))?.1.clone(),
            },
        };
        let finish = urls.finish_stated.filter(|_| stated.is_some()).unwrap_or(urls.finish);
        let filled = pattern.fill(&parts, page).map(|filled| match filled {
            Filled::Whole(path) => path,
            undated @ Filled::Undated(_) => undated.address(),
        });
        Some(filled.map(|path| rooted(&finish(&path, page, self))))
    }

    /// Values of the tokens of an article by the rules of its generator, as far as it has any.
    pub(super) fn parts(&self, page: &Page<'_>) -> Parts {
        self.generator.urls.as_ref().map(|urls| (urls.parts)(page, self)).unwrap_or_default()
    }
}
