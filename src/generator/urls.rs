//! Addresses of articles, as the generator of a site makes them.

use super::address::{Page, Parts, Pattern, Tokens};
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
        let filled = pattern.fill(&parts, page);
        Some(filled.map(|path| rooted(&finish(&path, page, self))))
    }
}

/// A path that begins with one slash, without empty parts.
fn rooted(path: &str) -> String {
    let mut rooted = String::with_capacity(path.len() + 1);
    rooted.push('/');
    for part in path.split_inclusive('/') {
        if part != "/" {
            rooted.push_str(part);
        }
    }
    rooted
}
