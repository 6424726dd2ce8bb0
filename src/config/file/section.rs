//! Reading a section of TOML: values of each kind with their places, and every error collected.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::Range;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use url::Url;

use crate::article::Dialect;
use crate::config::FILE;
use crate::diagnostic::{Diagnostic, Rule};
use crate::feed::Text;
use crate::fetch::is_web;
use crate::generator::Site;
use crate::store::Patterns;

/// A table of the file: its entries, and the keys that were asked for.
pub(super) struct Section<'a> {
    pub(super) title: String,
    pub(super) span: Range<usize>,
    pub(super) entries: BTreeMap<String, (Range<usize>, Spanned<DeValue<'a>>)>,
    pub(super) asked: Vec<&'static str>,
}

impl<'a> Section<'a> {
    pub(super) fn new(title: impl Into<String>, span: Range<usize>, table: DeTable<'a>) -> Self {
        let entries =
            table.into_iter().map(|(key, value)| (key.get_ref().to_string(), (key.span(), value))).collect();
        Self { title: title.into(), span, entries, asked: Vec::new() }
    }

    fn empty(title: &str) -> Self {
        Self { title: title.to_owned(), span: 0..0, entries: BTreeMap::new(), asked: Vec::new() }
    }

    pub(super) fn take(&mut self, key: &'static str) -> Option<Spanned<DeValue<'a>>> {
        self.asked.push(key);
        self.entries.remove(key).map(|(_, value)| value)
    }
}

/// A value and its place.
pub(super) type Placed<T> = (T, Range<usize>);

/// Finder of the site of a dialect; of any dialect, where none is stated.
pub(super) type FindSite<'f> = &'f dyn Fn(Option<Dialect>) -> Option<Site>;

/// The text of the file, and the errors found in it so far.
pub(super) struct Reading<'s> {
    pub(super) source: &'s str,
    pub(super) faults: Vec<Diagnostic>,
    /// The place of each text by the title of its section and its key.
    pub(super) places: BTreeMap<(String, &'static str), Range<usize>>,
    pub(super) find_site: FindSite<'s>,
    /// The site that the publication is of, once it is known whose it is.
    pub(super) site: Option<Site>,
}

/// Values of each kind.
impl<'a> Reading<'_> {
    pub(super) fn text(&mut self, section: &mut Section<'a>, key: &'static str) -> Option<Placed<String>> {
        let value = section.take(key)?;
        let span = value.span();
        self.places.insert((section.title.clone(), key), span.clone());
        match value.into_inner() {
            DeValue::String(text) => Some((text.into_owned(), span)),
            other => self.wrong_kind(span, key, "text", &other),
        }
    }

    pub(super) fn required_text(&mut self, section: &mut Section<'a>, key: &'static str) -> Option<String> {
        let there = section.entries.contains_key(key);
        let text = self.text(section, key);
        match &text {
            Some((text, span)) if Text::new(text).is_empty() => {
                self.fault(span.clone(), format!("`{key}` must not be empty"));
            }
            None if !there => {
                self.missing(section, key);
            }
            _ => {}
        }
        text.map(|(text, _)| text)
    }

    fn missing(&mut self, section: &Section<'a>, key: &str) {
        // A misspelt key is shown where it stands, when the section is finished.
        let similar = |said: &String| strsim::osa_distance(said, key) <= 2;
        if !section.entries.keys().any(similar) {
            self.fault(section.span.clone(), format!("{} needs `{key}`", section.title));
        }
    }

    pub(super) fn texts(
        &mut self,
        section: &mut Section<'a>,
        key: &'static str,
    ) -> Option<Vec<Placed<String>>> {
        let value = section.take(key)?;
        let span = value.span();
        match value.into_inner() {
            DeValue::String(text) => Some(vec![(text.into_owned(), span)]),
            DeValue::Array(values) => {
                let mut texts = Vec::new();
                for value in values {
                    let span = value.span();
                    match value.into_inner() {
                        DeValue::String(text) => texts.push((text.into_owned(), span)),
                        other => self.wrong_kind(span, key, "text", &other).unwrap_or(()),
                    }
                }
                Some(texts)
            }
            other => self.wrong_kind(span, key, "a list of texts", &other),
        }
    }

    pub(super) fn number(&mut self, section: &mut Section<'a>, key: &'static str) -> Option<usize> {
        let value = section.take(key)?;
        let span = value.span();
        match value.into_inner() {
            DeValue::Integer(number) => match usize::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) if number > 0 => Some(number),
                _ => {
                    self.fault(span, format!("`{key}` must be a whole number from 1"));
                    None
                }
            },
            other => self.wrong_kind(span, key, "a whole number", &other),
        }
    }

    pub(super) fn boolean(&mut self, section: &mut Section<'a>, key: &'static str) -> Option<bool> {
        let value = section.take(key)?;
        let span = value.span();
        match value.into_inner() {
            DeValue::Boolean(value) => Some(value),
            other => self.wrong_kind(span, key, "`true` or `false`", &other),
        }
    }

    pub(super) fn instant(
        &mut self,
        section: &mut Section<'a>,
        key: &'static str,
        timezone: Tz,
    ) -> Option<DateTime<Utc>> {
        let value = section.take(key)?;
        let span = value.span();
        let stated = match value.into_inner() {
            DeValue::String(text) => text.into_owned(),
            DeValue::Datetime(datetime) => datetime.to_string(),
            other => return self.wrong_kind(span, key, "a date", &other),
        };
        let midnight = || {
            let day = NaiveDate::parse_from_str(&stated, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0)?;
            timezone.from_local_datetime(&day).earliest().map(|instant| instant.with_timezone(&Utc))
        };
        let instant = DateTime::parse_from_rfc3339(&stated).ok().map(|instant| instant.with_timezone(&Utc));
        let instant = instant.or_else(midnight);
        if instant.is_none() {
            self.fault(span, format!("`{stated}` is not a date")).help =
                Some("write it as `2024-05-06` or `2024-05-06T10:00:00+02:00`".to_owned());
        }
        instant
    }

    pub(super) fn url(&mut self, section: &mut Section<'a>, key: &'static str) -> Option<Url> {
        let (text, span) = self.text(section, key)?;
        self.absolute(&text, &span)
    }

    pub(super) fn required_url(&mut self, section: &mut Section<'a>, key: &'static str) -> Option<Url> {
        if !section.entries.contains_key(key) {
            section.asked.push(key);
            self.missing(section, key);
            return None;
        }
        self.url(section, key)
    }

    /// An address that may be written from `home` on.
    pub(super) fn url_below(
        &mut self,
        section: &mut Section<'a>,
        key: &'static str,
        home: Option<&Url>,
    ) -> Option<Url> {
        let (text, span) = self.text(section, key)?;
        match home.and_then(|home| home.join(&text).ok()) {
            Some(url) if is_web(&url) => Some(url),
            _ => self.absolute(&text, &span),
        }
    }

    pub(super) fn absolute(&mut self, text: &str, span: &Range<usize>) -> Option<Url> {
        match Url::parse(text) {
            Ok(url) if is_web(&url) && url.has_host() => Some(url),
            _ => {
                self.fault(span.clone(), format!("`{text}` is not an absolute URL")).help =
                    Some("write it with `https://` and a host, as `https://example.org/`".to_owned());
                None
            }
        }
    }

    /// A folder inside the publication, `""` for `.`.
    pub(super) fn folder(&mut self, section: &mut Section<'a>, key: &'static str) -> Option<String> {
        let (text, span) = self.text(section, key)?;
        let folder = text.trim_start_matches("./").trim_matches('/').to_owned();
        if folder == "." {
            return Some(String::new());
        }
        self.check_folder(&folder, &span);
        Some(folder)
    }

    pub(super) fn check_folder(&mut self, path: &str, span: &Range<usize>) {
        let outside = |part: &str| part == ".." || part == "." || part.contains(['\\', '\0', ':']);
        if path.starts_with('/') || path.split('/').any(outside) {
            self.fault(span.clone(), format!("`{path}` is not a path inside the publication"));
        }
    }

    pub(super) fn patterns(&mut self, stated: &[Placed<String>]) -> Option<Patterns> {
        for (pattern, span) in stated {
            if let Err(fault) = Patterns::new([pattern.as_str()]) {
                self.fault(span.clone(), fault);
            }
        }
        Patterns::new(stated.iter().map(|(pattern, _)| pattern.as_str())).ok()
    }
}

/// Sections, and what is wrong with them.
impl<'a> Reading<'_> {
    pub(super) fn optional_section(
        &mut self,
        parent: &mut Section<'a>,
        key: &'static str,
    ) -> Option<Section<'a>> {
        let value = parent.take(key)?;
        let span = value.span();
        match value.into_inner() {
            DeValue::Table(table) => Some(Section::new(format!("`{key}`"), span, table)),
            other => self.wrong_kind(span, key, "a table", &other),
        }
    }

    pub(super) fn section(&mut self, root: &mut Section<'a>, key: &'static str) -> Section<'a> {
        let title = format!("`[{key}]`");
        match self.optional_section(root, key) {
            Some(section) => Section { title, ..section },
            None => Section::empty(&title),
        }
    }

    pub(super) fn required_section(
        &mut self,
        root: &mut Section<'a>,
        key: &'static str,
    ) -> Option<Section<'a>> {
        if !root.entries.contains_key(key) {
            root.asked.push(key);
            self.missing(root, key);
            return None;
        }
        Some(self.section(root, key))
    }

    /// `[[key]]`.
    pub(super) fn sections(&mut self, root: &mut Section<'a>, key: &'static str) -> Vec<Section<'a>> {
        let title = format!("`[[{key}]]`");
        self.tables(root, key)
            .into_iter()
            .map(|section| Section { title: title.clone(), ..section })
            .collect()
    }

    /// `key = [{…}, …]` or a single `{…}`.
    pub(super) fn tables(&mut self, section: &mut Section<'a>, key: &'static str) -> Vec<Section<'a>> {
        let Some(value) = section.take(key) else { return Vec::new() };
        let span = value.span();
        let values = match value.into_inner() {
            DeValue::Array(values) => {
                values.into_iter().map(|value| (value.span(), value.into_inner())).collect()
            }
            table => vec![(span, table)],
        };
        let mut tables = Vec::new();
        for (span, value) in values {
            match value {
                DeValue::Table(table) => tables.push(Section::new(format!("`{key}`"), span, table)),
                other => self.wrong_kind(span, key, "a table", &other).unwrap_or(()),
            }
        }
        tables
    }

    /// Refuses the keys that nobody asked for.
    pub(super) fn finish(&mut self, section: Section<'a>) {
        for (key, (span, _)) in section.entries {
            let help = meant(&key, section.asked.iter().copied()).unwrap_or_else(|| {
                let known = section.asked.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>();
                format!("it knows {}", known.join(", "))
            });
            self.fault(span, format!("{} has no key `{key}`", section.title)).help = Some(help);
        }
    }

    pub(super) fn fault(&mut self, span: Range<usize>, message: impl Into<String>) -> &mut Diagnostic {
        let diagnostic = Diagnostic::new(Rule::Configuration, FILE, message).at(self.source, span);
        self.faults.push(diagnostic);
        let last = self.faults.len() - 1;
        &mut self.faults[last]
    }

    pub(super) fn unknown(
        &mut self,
        span: &Range<usize>,
        stated: &str,
        known: impl IntoIterator<Item = &'static str>,
    ) {
        let known: Vec<&str> = known.into_iter().collect();
        let all = || known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let help = meant(stated, known.iter().copied()).unwrap_or_else(|| format!("it is one of {}", all()));
        self.fault(span.clone(), format!("`{stated}` is not known here")).help = Some(help);
    }

    pub(super) fn wrong_kind<T>(
        &mut self,
        span: Range<usize>,
        key: &str,
        wanted: impl Display,
        found: &DeValue<'_>,
    ) -> Option<T> {
        self.fault(span, format!("`{key}` must be {wanted}, not a TOML {}", found.type_str()));
        None
    }
}

/// A hint at the known name that is nearest to `said`; `None` where none is near.
pub(super) fn meant<'k>(said: &str, known: impl Iterator<Item = &'k str>) -> Option<String> {
    let said = said.to_lowercase();
    let distance = |name: &str| strsim::osa_distance(&said, &name.to_lowercase());
    let (nearest, distance) =
        known.map(|name| (name, distance(name))).min_by_key(|(_, distance)| *distance)?;
    (distance <= 1.max(said.chars().count() / 3)).then(|| format!("did you mean `{nearest}`?"))
}

pub(super) fn without_places(texts: &[Placed<String>]) -> Vec<String> {
    texts.iter().map(|(text, _)| text.clone()).collect()
}
