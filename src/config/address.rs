//! Addresses that are made of what an article says of itself.

use chrono::{DateTime, Datelike};
use chrono_tz::Tz;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use url::Url;

use crate::article::PermalinkParts;

/// Pattern of the address of an article that states none: text with `{slug}` and the like in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PermalinkPattern(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
enum Part {
    Text(String),
    Field(Field),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Field {
    Section,
    Slug,
    Year,
    Month,
    Day,
    Category,
    Categories,
    Language,
    Path,
}

impl PermalinkPattern {
    /// The names that may stand in braces.
    pub const FIELDS: [&'static str; 9] =
        ["section", "slug", "year", "month", "day", "category", "categories", "language", "path"];

    /// Reads a pattern such as `{section}/{slug}/` or `{year}/{month}/{slug}.html`.
    ///
    /// # Errors
    ///
    /// The error in the pattern: an unknown name in braces, a brace that is not closed, neither `{slug}` nor
    /// `{path}`.
    ///
    /// ```
    /// use feedwright::config::PermalinkPattern;
    /// assert!(PermalinkPattern::new("{year}/{slug}/").is_ok());
    /// assert_eq!(PermalinkPattern::new("{yaer}/{slug}").unwrap_err(), "no field is called `yaer`");
    /// assert!(PermalinkPattern::new("{section}/").is_err());
    /// ```
    pub fn new(pattern: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = pattern.trim_start_matches('/');
        while let Some((text, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or("a `{` is not closed by `}`")?;
            parts.push(Part::Text(text.to_owned()));
            parts
                .push(Part::Field(Field::named(name).ok_or_else(|| format!("no field is called `{name}`"))?));
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        let unique = |part: &Part| matches!(part, Part::Field(Field::Slug | Field::Path));
        if parts.iter().any(unique) {
            Ok(Self(parts))
        } else {
            Err("without `{slug}` or `{path}` all articles would have one address".to_owned())
        }
    }

    /// The address of an article below `home`, whatever the article states. Dates are those of `timezone`, as on the
    /// site itself. Parts that an article lacks leave no empty folder behind.
    pub fn fill(&self, article: &PermalinkParts<'_>, timezone: Tz, home: &Url) -> Url {
        let published = article.published.map(|published| published.with_timezone(&timezone));
        let states_language =
            [Field::Language, Field::Path].into_iter().any(|field| self.0.contains(&Part::Field(field)));
        let mut path = if states_language { String::new() } else { language_folder(article) };
        for part in &self.0 {
            match part {
                Part::Text(text) => path.push_str(text),
                Part::Field(field) => path.push_str(&field.value(article, published)),
            }
        }
        let ends_in_slash = path.ends_with('/');
        let parts: Vec<_> = path.split('/').filter(|part| !matches!(*part, "" | "." | "..")).collect();
        let mut url = home.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(parts);
            if ends_in_slash {
                segments.push("");
            }
        }
        url
    }
}

impl Field {
    fn named(name: &str) -> Option<Self> {
        let fields = [
            Self::Section,
            Self::Slug,
            Self::Year,
            Self::Month,
            Self::Day,
            Self::Category,
            Self::Categories,
            Self::Language,
            Self::Path,
        ];
        PermalinkPattern::FIELDS
            .into_iter()
            .zip(fields)
            .find(|(known, _)| *known == name)
            .map(|(_, field)| field)
    }

    fn value(self, article: &PermalinkParts<'_>, published: Option<DateTime<Tz>>) -> String {
        let number = |part: fn(&DateTime<Tz>) -> u32| {
            published.as_ref().map(|date| format!("{:02}", part(date))).unwrap_or_default()
        };
        match self {
            Self::Section => article.section.to_owned(),
            Self::Slug => article.slug.to_owned(),
            Self::Year => published.map(|date| format!("{:04}", date.year())).unwrap_or_default(),
            Self::Month => number(Datelike::month),
            Self::Day => number(Datelike::day),
            Self::Category => article.categories.first().map(|name| address_safe(name)).unwrap_or_default(),
            Self::Categories => {
                let names = article.categories.iter().map(|name| address_safe(name));
                names.collect::<Vec<_>>().join("/")
            }
            Self::Language => article.language.unwrap_or_default().to_owned(),
            Self::Path => path_without_extension(article),
        }
    }
}

/// Sites in several languages have a folder for each: the one that an article lies in, or that its suffix names
/// (`hello.fr.md`). Empty where only its metadata state a language.
fn language_folder(article: &PermalinkParts<'_>) -> String {
    let is_language = |word: &str| {
        let tag = word.replace('_', "-");
        (2..=5).contains(&tag.len()) && oxilangtag::LanguageTag::parse(tag).is_ok()
    };
    let folders = article.name.rsplit_once('/').map_or("", |(folders, _)| folders);
    let first = folders.split('/').next().unwrap_or_default();
    let in_section = article.section.split('/').next() == Some(first);
    let is_bundle = article.bundle && folders == first;
    if is_language(first) && !in_section && !is_bundle {
        return format!("{first}/");
    }
    let mut suffixes = article.name.rsplit('/').next().unwrap_or_default().rsplit('.').skip(1);
    match (suffixes.next(), suffixes.next(), article.language) {
        (Some(suffix), Some(_), Some(_)) if is_language(suffix) => format!("{suffix}/"),
        _ => String::new(),
    }
}

fn path_without_extension(article: &PermalinkParts<'_>) -> String {
    let stem = article.name.rsplit_once('.').map_or(article.name, |(stem, _)| stem);
    stem.strip_suffix("/index").unwrap_or(stem).to_owned()
}

/// A name made fit for an address and for a file on any system, without losing any script: lower case, composed,
/// words joined by `-`, and without what has a meaning in addresses and paths. Never empty, never `.` or `..`.
///
/// ```
/// use feedwright::config::address_safe;
/// assert_eq!(address_safe("Ünïcode & Größe"), "ünïcode-größe");
/// assert_eq!(address_safe("日本語"), "日本語");
/// assert_eq!(address_safe("C++"), "c++");
/// assert_eq!(address_safe("C#"), "c-sharp");
/// assert_eq!(address_safe("../../etc"), "etc");
/// assert_eq!(address_safe("///"), "-");
/// ```
pub fn address_safe(name: &str) -> String {
    let name = match name.trim() {
        "C#" | "c#" => "c-sharp".to_owned(),
        "F#" | "f#" => "f-sharp".to_owned(),
        name => name.to_lowercase(),
    };
    let mut safe = String::new();
    for character in name.nfc() {
        let keep = character.is_alphanumeric() || "_.+~@".contains(character) || is_mark(character);
        if keep {
            safe.push(character);
        } else if !safe.ends_with('-') {
            safe.push('-');
        }
    }
    // Files that begin with a dot are hidden, and Windows drops a dot at the end.
    let trimmed = safe.trim_matches(['-', '.']);
    let mut end = trimmed.len().min(LONGEST_NAME);
    while !trimmed.is_char_boundary(end) {
        end -= 1;
    }
    if trimmed.is_empty() { "-".to_owned() } else { trimmed[..end].to_owned() }
}

/// In bytes; file systems bear 255, and extensions come on top.
const LONGEST_NAME: usize = 150;

/// Combining marks carry the vowels of many scripts.
fn is_mark(character: char) -> bool {
    unicode_normalization::char::is_combining_mark(character)
}
