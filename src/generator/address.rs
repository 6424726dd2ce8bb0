//! Addresses as generators make them: a pattern of text and tokens, what stands for each token, and how the whole is
//! made fit. What a token is called and what stands for it is each generator's own, and lies in its file.

use std::borrow::Cow;
use std::fmt::{self, Write};

use chrono::format::{Item, StrftimeItems};
use chrono::{DateTime, TimeZone};
use chrono_tz::Tz;
use regex::Regex;

use super::slug::Fit;
use crate::store::Patterns;

/// Facts of an article from which its address is made.
#[derive(Clone, Copy)]
pub struct Page<'a> {
    /// Its file, below the site's folder of sources.
    pub path: &'a str,
    /// Its title, plain text.
    pub title: Option<&'a str>,
    /// The slug that it states.
    pub slug: Option<&'a str>,
    /// When it was published, in the time zone of the site.
    pub date: Option<DateTime<Tz>>,
    /// Its categories.
    pub categories: &'a [String],
    /// Its language where it is not the site's.
    pub language: Option<&'a str>,
    /// The value that it states under a key.
    pub field: &'a dyn Fn(&str) -> Option<String>,
}

impl<'a> Page<'a> {
    /// The folders that it lies in, and the name of its file without its extension.
    pub(super) fn place(&self) -> (&'a str, &'a str) {
        let (folder, file) = self.path.rsplit_once('/').unwrap_or(("", self.path));
        let stem = file.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map_or(file, |(stem, _)| stem);
        (folder, stem)
    }
}

/// Values of the tokens that are not parts of the article's date.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts {
    pub(crate) slug: String,
    pub(crate) slug_or_title: String,
    pub(crate) title: String,
    pub(crate) filename: String,
    pub(crate) section: String,
    pub(crate) sections: String,
    pub(crate) category: String,
    pub(crate) categories: String,
    /// Its path without its extension.
    pub(crate) path: String,
    pub(crate) language: String,
}

/// Something that stands in a pattern for what an article has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are names")]
pub enum Token {
    Slug,
    /// The slug that is stated, else one of the title.
    SlugOrTitle,
    Title,
    Filename,
    Section,
    Sections,
    Category,
    Categories,
    Path,
    Language,
    /// A part of the date, as a format of `strftime`.
    Date(&'static str),
    /// Nothing, or text that is always the same.
    Text(&'static str),
}

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Text(String),
    Token(Token),
    /// A format of `strftime` for the date.
    Date(String),
    /// The value that the article states under a key.
    /// The value that the article states under a key.
    Field(String),
    /// The same, made fit for an address.
    Fitted(String, Fit),
}

/// Pattern by which an address is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(pub(super) Vec<Part>);

/// Names of tokens and what they mean.
pub(crate) type Tokens = &'static [(&'static str, Token)];

/// Which articles something is for.
#[derive(Clone)]
pub enum Scope {
    /// All.
    All,
    /// Those whose path begins so.
    Path(String),
    /// The file or folder of this path, and all below it.
    Folder(String),
    /// Those whose path matches a pattern as in `.gitignore`, which is said first.
    Pattern(String, Patterns),
    /// Those whose path matches.
    Match(Regex),
}

impl fmt::Debug for Scope {
    /// The order of what is in patterns is not always the same.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => formatter.write_str("All"),
            Self::Path(path) => write!(formatter, "Path({path:?})"),
            Self::Folder(path) => write!(formatter, "Folder({path:?})"),
            Self::Pattern(path, _) => write!(formatter, "Pattern({path:?})"),
            Self::Match(regex) => write!(formatter, "Match({regex})"),
        }
    }
}

impl fmt::Display for Scope {
    /// The folder or pattern of paths; nothing for all articles.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => Ok(()),
            Self::Path(path) | Self::Folder(path) | Self::Pattern(path, _) => formatter.write_str(path),
            Self::Match(regex) => formatter.write_str(regex.as_str()),
        }
    }
}

impl Scope {
    /// Length in bytes of the path that it names: the longer, the more specific.
    pub(super) fn length(&self) -> usize {
        match self {
            Self::All => 0,
            Self::Path(path) | Self::Folder(path) | Self::Pattern(path, _) => path.len(),
            Self::Match(regex) => regex.as_str().len(),
        }
    }

    pub(super) fn holds(&self, path: &str) -> bool {
        match self {
            Self::All => true,
            Self::Path(start) => path.starts_with(start.as_str()),
            Self::Folder(folder) => {
                folder.is_empty()
                    || path
                        .strip_prefix(folder.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
            Self::Pattern(_, patterns) => patterns.matches(path),
            Self::Match(regex) => regex.is_match(path),
        }
    }
}

impl Pattern {
    /// The path that the generator makes of that of the file.
    pub(super) fn path() -> Self {
        Self(vec![Part::Token(Token::Path)])
    }

    /// `:year/:month/:title/`, as Hugo, Jekyll and Hexo write it. A name that is no token is a key of the article's.
    #[expect(clippy::unnecessary_wraps, reason = "as whatever reads a generator's patterns")]
    pub(crate) fn colons(written: &str, tokens: Tokens) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = written;
        while let Some((before, after)) = rest.split_once(':') {
            push_text(&mut parts, before);
            let length = after.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(after.len());
            let (name, after) = after.split_at(length);
            let known = |name: &str| tokens.iter().find(|(known, _)| *known == name).map(|(_, token)| *token);
            rest = after;
            match (known(name), name.strip_suffix('_')) {
                (Some(token), _) => parts.push(Part::Token(token)),
                // `:title_:day` has no more letters than `:title`, but `_` belongs to both names and text.
                (None, Some(shorter)) if known(shorter).is_some() => {
                    parts.extend(known(shorter).map(Part::Token));
                    push_text(&mut parts, "_");
                }
                (None, _) if name.is_empty() => push_text(&mut parts, ":"),
                (None, _) => parts.push(Part::Field(name.to_owned())),
            }
        }
        push_text(&mut parts, rest);
        Ok(Self(parts))
    }

    /// `{date:%Y}/{slug}.html`, as Pelican writes it.
    pub(super) fn braces(written: &str, tokens: Tokens) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = written;
        while let Some((before, after)) = rest.split_once('{') {
            push_text(&mut parts, before);
            let (inside, after) = after.split_once('}').ok_or("a `{` is not closed by `}`")?;
            rest = after;
            let known = tokens.iter().find(|(known, _)| *known == inside);
            parts.push(match (known, inside.split_once(':')) {
                (Some((_, token)), _) => Part::Token(*token),
                (None, Some(("date", format))) if is_format(format) => Part::Date(format.to_owned()),
                (None, Some(("date", format))) => return Err(format!("`{format}` is not a format of dates")),
                (None, Some((name, _))) => Part::Field(name.to_owned()),
                (None, None) => Part::Field(inside.to_owned()),
            });
        }
        push_text(&mut parts, rest);
        Ok(Self(parts))
    }

    /// The names in it that are not tokens.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Field(name) | Part::Fitted(name, _) => Some(name.as_str()),
            _ => None,
        })
    }

    /// `true` if it has names that are not tokens.
    pub(super) fn has_fields(&self) -> bool {
        self.fields().next().is_some()
    }

    /// The parts of an article put together. Where it has no date but the pattern has, the whole becomes a format of
    /// `strftime` for the date that it gets.
    pub(crate) fn fill(&self, parts: &Parts, page: &Page<'_>) -> Result<Filled, String> {
        let is_undated = page.date.is_none() && self.0.iter().any(|part| part.date_format().is_some());
        let mut filled = String::new();
        for part in &self.0 {
            let text = match (part, part.date_format(), page.date) {
                (_, Some(format), Some(date)) => Cow::Owned(dated(format, &date)),
                (_, Some(format), None) => {
                    filled.push_str(format);
                    continue;
                }
                (Part::Text(text), ..) => Cow::Borrowed(text.as_str()),
                (Part::Token(token), ..) => Cow::Borrowed(token.value(parts)),
                (Part::Field(key) | Part::Fitted(key, _) | Part::Date(key), ..) => {
                    let value = (page.field)(key).ok_or_else(|| format!("it has no `{key}`"))?;
                    Cow::Owned(match part {
                        Part::Fitted(_, fit) => fit.apply(&value),
                        _ => value,
                    })
                }
            };
            filled.push_str(&if is_undated { text.replace('%', "%%").into() } else { text });
        }
        Ok(if is_undated { Filled::Undated(filled) } else { Filled::Whole(filled) })
    }
}

impl Part {
    /// The format of `strftime` of a part that is one of the date.
    fn date_format(&self) -> Option<&str> {
        match self {
            Self::Date(format) => Some(format),
            Self::Token(Token::Date(format)) => Some(format),
            _ => None,
        }
    }
}

/// A pattern with what it asks for put in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filled {
    /// All of it.
    Whole(String),
    /// All but the date, which the article does not have: a format of `strftime` for the one that it gets.
    Undated(String),
}

impl Filled {
    /// The same with its text made fit.
    pub(super) fn map(self, fit: impl FnOnce(&str) -> String) -> Self {
        match self {
            Self::Whole(text) => Self::Whole(fit(&text)),
            Self::Undated(text) => Self::Undated(fit(&text)),
        }
    }

    /// The address, without any date where it lacks one.
    pub fn address(&self) -> String {
        match self {
            Self::Whole(text) => text.clone(),
            Self::Undated(format) => rooted(&text_of(format)),
        }
    }
}

/// The text of a format of `strftime`, without any date.
fn text_of(format: &str) -> String {
    let text = StrftimeItems::new(format).map(|item| match item {
        Item::Literal(text) | Item::Space(text) => text,
        _ => "",
    });
    text.collect()
}

/// `true` if a format of `strftime` is known.
pub(super) fn is_format(format: &str) -> bool {
    StrftimeItems::new(format).all(|item| item != Item::Error)
}

fn push_text(parts: &mut Vec<Part>, text: &str) {
    match parts.last_mut() {
        Some(Part::Text(before)) => before.push_str(text),
        _ if text.is_empty() => {}
        _ => parts.push(Part::Text(text.to_owned())),
    }
}

impl Token {
    fn value(self, parts: &Parts) -> &str {
        match self {
            Self::Slug => &parts.slug,
            Self::SlugOrTitle => &parts.slug_or_title,
            Self::Title => &parts.title,
            Self::Filename => &parts.filename,
            Self::Section => &parts.section,
            Self::Sections => &parts.sections,
            Self::Category => &parts.category,
            Self::Categories => &parts.categories,
            Self::Path => &parts.path,
            Self::Language => &parts.language,
            Self::Date(_) => "",
            Self::Text(text) => text,
        }
    }
}

/// A date in a format of `strftime`; nothing where the format is none.
///
/// ```
/// use feedwright::generator::dated;
/// let date = "2024-05-06T10:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
/// assert_eq!(dated("/%Y/%-m/100%%/", &date), "/2024/5/100%/");
/// ```
pub fn dated<Z: TimeZone>(format: &str, date: &DateTime<Z>) -> String
where
    Z::Offset: std::fmt::Display,
{
    let mut text = String::new();
    if write!(text, "{}", date.format(format)).is_err() {
        text.clear();
    }
    text
}

/// The path of a file without its extension.
pub(super) fn without_extension(path: &str) -> &str {
    let start = path.rfind('/').map_or(0, |at| at + 1);
    match path.get(start..).unwrap_or_default().rfind('.') {
        Some(at) if at > 0 => path.get(..start + at).unwrap_or(path),
        _ => path,
    }
}

/// A path that begins with one slash, without empty parts.
pub(super) fn rooted(path: &str) -> String {
    let mut rooted = String::with_capacity(path.len() + 1);
    rooted.push('/');
    for part in path.split_inclusive('/') {
        if part != "/" {
            rooted.push_str(part);
        }
    }
    rooted
}
