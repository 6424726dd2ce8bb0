//! Addresses as generators make them: a pattern of text and tokens, what stands for each token, and how the whole is
//! made fit. What a token is called and what stands for it is each generator's own, and lies in its file.

use chrono::{DateTime, Datelike, Timelike};
use chrono_tz::Tz;

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
    pub(super) slug: String,
    pub(super) slug_or_title: String,
    pub(super) title: String,
    pub(super) filename: String,
    pub(super) section: String,
    pub(super) sections: String,
    pub(super) category: String,
    pub(super) categories: String,
    /// Its path without its extension.
    pub(super) path: String,
    pub(super) language: String,
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
    Year,
    ShortYear,
    Month,
    IMonth,
    MonthName,
    ShortMonth,
    Day,
    IDay,
    YearDay,
    /// Of three digits.
    LongYearDay,
    WeekdayName,
    ShortWeekday,
    Weekday,
    /// From 1 for Monday.
    IsoWeekday,
    Week,
    WeekYear,
    Hour,
    Minute,
    Second,
    Timestamp,
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
    Field(String),
}

/// Pattern by which an address is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(pub(super) Vec<Part>);

/// Names of tokens and what they mean.
pub(crate) type Tokens = &'static [(&'static str, Token)];

/// Which articles something is for.
#[derive(Clone, Debug)]
pub enum Scope {
    /// All.
    All,
    /// Those whose path begins so.
    Path(String),
    /// Those in this folder, or below it.
    Folder(String),
    /// Those whose path matches.
    Match(regex::Regex),
}

impl Scope {
    /// Length in bytes of the path that it names: the longer, the more specific.
    pub(super) fn length(&self) -> usize {
        match self {
            Self::All => 0,
            Self::Path(path) | Self::Folder(path) => path.len(),
            Self::Match(regex) => regex.as_str().len(),
        }
    }

    pub(super) fn holds(&self, path: &str) -> bool {
        match self {
            Self::All => true,
            Self::Path(start) => path.starts_with(start.as_str()),
            Self::Folder(folder) => {
                folder.is_empty()
                    || path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
            }
            Self::Match(regex) => regex.is_match(path),
        }
    }
}

impl Pattern {
    /// `:year/:month/:title/`, as Hugo, Jekyll and Hexo write it. A name that is no token is a key of the article's.
    #[expect(clippy::unnecessary_wraps, reason = "as whatever reads a generator's patterns")]
    pub(super) fn colons(written: &str, tokens: Tokens) -> Result<Self, String> {
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
                (None, Some(("date", format))) => Part::Date(format.to_owned()),
                (None, Some((name, _))) => Part::Field(name.to_owned()),
                (None, None) => Part::Field(inside.to_owned()),
            });
        }
        push_text(&mut parts, rest);
        Ok(Self(parts))
    }

    /// `true` if it has names that are not tokens.
    pub(super) fn has_fields(&self) -> bool {
        self.0.iter().any(|part| matches!(part, Part::Field(_)))
    }

    pub(super) fn fill(&self, parts: &Parts, page: &Page<'_>) -> Result<String, String> {
        let mut filled = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Token(token) => filled.push_str(&token.value(parts, page)),
                Part::Date(format) => filled.push_str(&formatted(format, page)),
                Part::Field(key) => {
                    let value = (page.field)(key).ok_or_else(|| format!("it has no `{key}`"))?;
                    filled.push_str(&value);
                }
            }
        }
        Ok(filled)
    }
}

fn push_text(parts: &mut Vec<Part>, text: &str) {
    match parts.last_mut() {
        Some(Part::Text(before)) => before.push_str(text),
        _ if text.is_empty() => {}
        _ => parts.push(Part::Text(text.to_owned())),
    }
}

impl Token {
    fn value(self, parts: &Parts, page: &Page<'_>) -> String {
        let date = |format: &str| formatted(format, page);
        match self {
            Self::Slug => parts.slug.clone(),
            Self::SlugOrTitle => parts.slug_or_title.clone(),
            Self::Title => parts.title.clone(),
            Self::Filename => parts.filename.clone(),
            Self::Section => parts.section.clone(),
            Self::Sections => parts.sections.clone(),
            Self::Category => parts.category.clone(),
            Self::Categories => parts.categories.clone(),
            Self::Path => parts.path.clone(),
            Self::Language => parts.language.clone(),
            Self::Year => date("%Y"),
            Self::ShortYear => date("%y"),
            Self::Month => date("%m"),
            Self::IMonth => date("%-m"),
            Self::MonthName => date("%B"),
            Self::ShortMonth => date("%b"),
            Self::Day => date("%d"),
            Self::IDay => date("%-d"),
            Self::YearDay => page.date.map(|date| date.ordinal().to_string()).unwrap_or_default(),
            Self::LongYearDay => date("%j"),
            Self::WeekdayName => date("%A"),
            Self::ShortWeekday => date("%a"),
            Self::Weekday => date("%w"),
            Self::IsoWeekday => date("%u"),
            Self::Week => date("%V"),
            Self::WeekYear => date("%G"),
            Self::Hour => page.date.map(|date| format!("{:02}", date.hour())).unwrap_or_default(),
            Self::Minute => date("%M"),
            Self::Second => date("%S"),
            Self::Timestamp => page.date.map(|date| date.timestamp().to_string()).unwrap_or_default(),
            Self::Text(text) => text.to_owned(),
        }
    }
}

/// The date in a format of `strftime`; nothing where there is no date, or where the format is none.
fn formatted(format: &str, page: &Page<'_>) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    if let Some(date) = page.date
        && write!(text, "{}", date.format(format)).is_err()
    {
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
