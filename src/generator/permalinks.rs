//! The patterns of `[articles] permalink`, for a publication that is not of any generator's site, or that differs from
//! what the generator does. They are patterns as those of generators are, with tokens of our own.

use serde::{Serialize, Serializer};

use super::address::{Filled, Page, Part, Parts, Pattern, Scope, Token, Tokens, rooted};
use super::site::Site;
use super::slug::escaped;

/// The tokens, in the order in which the manual lists them.
const TOKENS: Tokens = &[
    ("slug", Token::Slug),
    ("title", Token::Title),
    ("filename", Token::Filename),
    ("path", Token::Path),
    ("section", Token::Section),
    ("sections", Token::Section),
    ("category", Token::Category),
    ("categories", Token::Categories),
    ("lang", Token::Language),
    ("language", Token::Language),
    ("year", Token::Date("%Y")),
    ("short-year", Token::Date("%y")),
    ("month", Token::Date("%m")),
    ("i-month", Token::Date("%-m")),
    ("day", Token::Date("%d")),
    ("i-day", Token::Date("%-d")),
    ("yearday", Token::Date("%-j")),
    ("hour", Token::Date("%H")),
    ("minute", Token::Date("%M")),
    ("second", Token::Date("%S")),
];

/// The tokens of addresses that articles state, where no site says whose they are: those of Jekyll, Hugo and Hexo.
pub(crate) const STATED_TOKENS: Tokens = &[
    ("title", Token::Slug),
    ("slug", Token::Slug),
    ("name", Token::Slug),
    ("basename", Token::Slug),
    ("post_title", Token::Slug),
    ("filename", Token::Slug),
    ("slugorfilename", Token::Slug),
    ("slugorcontentbasename", Token::Slug),
    ("contentbasename", Token::Slug),
    ("path", Token::Slug),
    ("slugified_title", Token::Title),
    ("section", Token::Section),
    ("sections", Token::Sections),
    ("collection", Token::Sections),
    ("category", Token::Category),
    ("categories", Token::Categories),
    ("slugified_categories", Token::Categories),
    ("output_ext", Token::Text(".html")),
    ("year", Token::Date("%Y")),
    ("short_year", Token::Date("%y")),
    ("month", Token::Date("%m")),
    ("i_month", Token::Date("%-m")),
    ("short_month", Token::Date("%b")),
    ("long_month", Token::Date("%B")),
    ("monthname", Token::Date("%B")),
    ("day", Token::Date("%d")),
    ("i_day", Token::Date("%-d")),
    ("y_day", Token::Date("%j")),
    ("yearday", Token::Date("%-j")),
    ("week", Token::Date("%V")),
    ("hour", Token::Date("%H")),
    ("minute", Token::Date("%M")),
    ("second", Token::Date("%S")),
];

/// A key of the front matter that is called as a token is, or nearly so.
const OWN_KEY: &str = "page.";

/// Patterns of URLs and the articles that they are for, the most specific first. The default is `{section}/{slug}/` for
/// all articles.
#[derive(Clone, Debug)]
pub struct Permalinks(Vec<(Scope, Pattern)>);

impl Serialize for Permalinks {
    /// They are what they are described as.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.described().serialize(serializer)
    }
}

impl Default for Permalinks {
    fn default() -> Self {
        let [section, slug] = [Token::Section, Token::Slug].map(Part::Token);
        let slash = || Part::Text("/".to_owned());
        Self(vec![(Scope::All, Pattern(vec![section, slash(), slug, slash()]))])
    }
}

/// A URL that a pattern makes of an article, and what it asks for in vain.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) filled: Filled,
    pub(crate) lacking: Vec<String>,
}

impl Permalinks {
    /// The names of the tokens.
    pub fn tokens() -> impl Iterator<Item = &'static str> {
        TOKENS.iter().map(|(name, _)| *name)
    }

    /// Patterns for articles; of those that hold for an article, the one whose scope is written longest counts.
    /// `with_default` says what becomes of articles that none is for: they are at `{section}/{slug}/`, or else where the
    /// generator of their site has them.
    pub fn new(mut patterns: Vec<(Scope, Pattern)>, with_default: bool) -> Self {
        patterns.sort_by_key(|(scope, _)| std::cmp::Reverse(scope.length()));
        if with_default {
            patterns.extend(Self::default().0);
        }
        Self(patterns)
    }

    /// Reads a pattern such as `{section}/{slug}/` or `{year}/{month}/{slug}.html`. A name in braces that is not a token
    /// is a key of the article's front matter.
    ///
    /// # Errors
    ///
    /// The error in the pattern: a brace that is not closed, a name that no key can have, a format of dates that is not
    /// known, or nothing in it by which two articles differ.
    ///
    /// ```
    /// use feedwright::generator::Permalinks;
    /// let pattern = Permalinks::read("{year}/{abbrlink}/").unwrap();
    /// assert_eq!(pattern.keys().collect::<Vec<_>>(), ["abbrlink"]);
    /// assert!(Permalinks::read("{section}/").is_err());
    /// ```
    pub fn read(written: &str) -> Result<Pattern, String> {
        let pattern = Pattern::braces(written, TOKENS)?;
        let is_key = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        if let Some(name) = pattern.keys().find(|name| name.is_empty() || !name.chars().all(is_key)) {
            return Err(format!("`{{{name}}}` is neither a token nor a key of front matter"));
        }
        if pattern.0.iter().any(tells_apart) {
            Ok(pattern)
        } else {
            Err("without `{slug}`, `{title}`, `{filename}` or `{path}` all articles would have one URL"
                .to_owned())
        }
    }

    /// The scopes and patterns, as they are written in the tokens of this file; `""` stands for all articles.
    pub fn described(&self) -> Vec<(String, String)> {
        described(&self.0)
    }

    /// The URL of an article by the pattern that is for it: a path from the home that begins with `/`. `plain` stands for
    /// the tokens that the generator of the site, with the path of the article in it, has nothing for. Sites in several
    /// languages have a folder for each, `language_folder`, unless the pattern states it. `None` where no pattern is for
    /// the article.
    pub(crate) fn address(
        &self,
        page: &Page<'_>,
        plain: Parts,
        language_folder: &str,
        site: Option<(&Site, &str)>,
    ) -> Option<Made> {
        let section = format!("{}/", plain.section);
        let name = page.path.replace("/_", "/");
        let holds = |scope: &Scope| {
            scope.holds(page.path) || scope.holds(name.trim_start_matches('_')) || scope.holds(&section)
        };
        let (_, pattern) = self.0.iter().find(|(scope, _)| holds(scope))?;
        let is_own = pattern.0.iter().any(|part| matches!(part, Part::Token(token) if is_slugged(*token)));
        let parts = match site.filter(|_| is_own) {
            Some((site, path)) => site.parts(&Page { path, ..*page }).over(plain),
            None => plain,
        };
        let field = |key: &str| (page.field)(key.strip_prefix(OWN_KEY).unwrap_or(key));
        let lacking = pattern.0.iter().filter_map(|part| lacks(part, &parts, &field)).collect();
        let field = |key: &str| Some(field(key).map(|value| escaped(&value)).unwrap_or_default());
        let filled = pattern.fill(&parts, &Page { field: &field, ..*page }).ok()?;
        let states_language =
            pattern.0.iter().any(|part| matches!(part, Part::Token(Token::Language | Token::Path)));
        let folder = if states_language { "" } else { language_folder };
        Some(Made { filled: filled.map(|path| within(&format!("{folder}/{path}"))), lacking })
    }
}

/// A path that begins with one slash, without empty parts and without any that lead up.
fn within(path: &str) -> String {
    let parts: Vec<&str> =
        path.split_inclusive('/').filter(|part| !matches!(*part, "./" | "../" | "." | "..")).collect();
    rooted(&parts.concat())
}

/// Scopes and patterns, as they are written in the tokens of this file.
fn described(patterns: &[(Scope, Pattern)]) -> Vec<(String, String)> {
    patterns.iter().map(|(scope, pattern)| (scope.to_string(), pattern.described())).collect()
}

impl Site {
    /// The patterns by which the generator makes addresses, in the tokens of `[articles] permalink`: what they are for, where
    /// that is not all articles, and the pattern.
    pub fn described_permalinks(&self) -> Vec<(String, String)> {
        described(&self.permalinks)
    }
}

impl Pattern {
    /// The pattern in the tokens of this file; a token that is not among them is in the words of the code.
    fn described(&self) -> String {
        let name = |token: &Token| TOKENS.iter().find(|(_, known)| known == token).map(|(name, _)| *name);
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Token(Token::Text(text)) => (*text).to_owned(),
            Part::Token(Token::Sections) => "{sections}".to_owned(),
            Part::Token(Token::SlugOrTitle) => "{slug}".to_owned(),
            Part::Token(token @ Token::Date(format)) => {
                name(token).map_or_else(|| format!("{{date:{format}}}"), |name| format!("{{{name}}}"))
            }
            Part::Token(token) => format!("{{{}}}", name(token).unwrap_or_default()),
            Part::Date(format) => format!("{{date:{format}}}"),
            Part::Field(key) | Part::Fitted(key, _) => format!("{{{key}}}"),
        };
        self.0.iter().map(part).collect()
    }

    /// The names in it that are keys of front matter, but for those that say so.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.fields().filter(|name| !name.starts_with(OWN_KEY))
    }
}

impl Parts {
    /// The values that a generator makes of names, and `plain` for all else.
    fn over(self, plain: Self) -> Self {
        let or = |own: String, plain: String| if own.is_empty() { plain } else { own };
        Self {
            title: or(self.title, plain.title),
            filename: or(self.filename, plain.filename),
            // Jekyll has one name for all of them.
            category: or(self.category.split('/').next().unwrap_or_default().to_owned(), plain.category),
            categories: or(self.categories, plain.categories),
            ..plain
        }
    }
}

/// `true` if generators make text fit for a token in ways of their own.
fn is_slugged(token: Token) -> bool {
    matches!(token, Token::Title | Token::Filename | Token::Category | Token::Categories)
}

/// `true` if two articles may differ in a part of a pattern where all else is equal.
fn tells_apart(part: &Part) -> bool {
    match part {
        Part::Token(token) => matches!(
            token,
            Token::Slug | Token::Title | Token::Filename | Token::Path | Token::Date("%M" | "%S")
        ),
        Part::Field(_) | Part::Fitted(..) => true,
        Part::Text(_) | Part::Date(_) => false,
    }
}

/// The name of what an article does not have. Folders, further categories and languages may be none.
fn lacks(part: &Part, parts: &Parts, field: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    match part {
        Part::Token(Token::Category) if parts.category.is_empty() => Some("category".to_owned()),
        Part::Field(key) if field(key).is_none_or(|value| value.is_empty()) => Some(key.clone()),
        _ => None,
    }
}
