//! `feedwright.toml` as said: every key with its place, unknown ones refused with the one that was meant.

mod people;
mod serving;

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::Range;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use url::Url;

use super::{
    Articles, Conditions, Config, Dimension, FILE, FeedConfig, PermalinkPattern, Publication, Rules,
    Stylesheet,
};
use crate::article::Dialect;
use crate::diagnostic::{Diagnostic, Rule};
use crate::feed::{Person, Text};
use crate::format::{Extent, Format};
use crate::ledger::{Authority, Policy, Undated, Updates};
use crate::store::Patterns;

/// More entries than this only where the configuration says so: some readers stop at 300.
const MOST_ENTRIES: usize = 300;

/// Bytes of a document, unless the configuration says otherwise.
const DEFAULT_BUDGET: usize = 1_000_000;

/// Reads `feedwright.toml`.
///
/// # Errors
///
/// Everything that is wrong with it, each fault at its place: what is not TOML, unknown keys and values with what
/// was probably meant, missing keys, addresses that are none, time zones that do not exist.
///
/// ```
/// let source = r#"
/// [publication]
/// title = "Channel Dispatch"
/// home = "https://example.org/"
/// [identity]
/// authority = "example.org"
/// date = "2026-11-22"
/// "#;
/// let config = feedwright::config::parse(source).unwrap();
/// assert_eq!(config.feeds_url.as_str(), "https://example.org/feeds/");
/// assert_eq!(config.feeds[0].entries, 30);
///
/// let faults = feedwright::config::parse(&source.replace("title", "titel")).unwrap_err();
/// assert_eq!(faults[0].message, "`[publication]` has no key `titel`");
/// assert_eq!(faults[0].help.as_deref(), Some("did you mean `title`?"));
/// ```
pub fn parse(source: &str) -> Result<Config, Vec<Diagnostic>> {
    let (table, errors) = DeTable::parse_recoverable(source);
    let mut reading = Reading { source, faults: Vec::new() };
    for error in &errors {
        let message = error.message().lines().collect::<Vec<_>>().join("; ");
        reading.fault(error.span().unwrap_or_default(), message);
    }
    if !errors.is_empty() {
        return Err(reading.faults);
    }
    let root = Section::new("the file", 0..0, table.into_inner());
    let config = reading.config(root);
    match config {
        Some(config) if reading.faults.is_empty() => Ok(config),
        _ => Err(reading.faults),
    }
}

/// A table of the file: what it says, and what it was asked.
struct Section<'a> {
    title: String,
    span: Range<usize>,
    entries: BTreeMap<String, (Range<usize>, Spanned<DeValue<'a>>)>,
    asked: Vec<&'static str>,
}

impl<'a> Section<'a> {
    fn new(title: impl Into<String>, span: Range<usize>, table: DeTable<'a>) -> Self {
        let entries =
            table.into_iter().map(|(key, value)| (key.get_ref().to_string(), (key.span(), value))).collect();
        Self { title: title.into(), span, entries, asked: Vec::new() }
    }

    fn empty(title: &str) -> Self {
        Self { title: title.to_owned(), span: 0..0, entries: BTreeMap::new(), asked: Vec::new() }
    }

    fn take(&mut self, key: &'static str) -> Option<Spanned<DeValue<'a>>> {
        self.asked.push(key);
        self.entries.remove(key).map(|(_, value)| value)
    }
}

/// A value and its place.
type Placed<T> = (T, Range<usize>);

/// What all feeds have where they do not say otherwise.
struct FeedDefaults {
    path: String,
    url: Option<Url>,
    opml: String,
    stylesheet: Stylesheet,
    feed: FeedConfig,
    stated_budget: bool,
}

struct Reading<'s> {
    source: &'s str,
    faults: Vec<Diagnostic>,
}

impl Reading<'_> {
    fn config(&mut self, mut root: Section<'_>) -> Option<Config> {
        let publication = self.required_section(&mut root, "publication");
        let identity = self.required_section(&mut root, "identity");
        let articles = self.section(&mut root, "articles");
        let feeds = self.section(&mut root, "feeds");
        let each = self.sections(&mut root, "feed");
        let page = self.section(&mut root, "page");
        let rules = self.section(&mut root, "rules");
        let serve = self.section(&mut root, "serve");
        let redirects = self.section(&mut root, "redirects");
        self.finish(root);

        let publication = publication.and_then(|section| self.publication(section));
        let authority = identity.and_then(|section| self.identity(section));
        let timezone = publication.as_ref().map_or(Tz::UTC, |publication| publication.timezone);
        let articles = self.articles(articles);
        let defaults = self.feed_defaults(feeds);
        let feeds = self.feeds(each, &defaults, timezone);
        let page = self.page(page);
        let rules = self.rules(rules);
        let serving = self.serving(serve, redirects);

        let publication = publication?;
        let feeds_url =
            defaults.url.or_else(|| publication.home.join(&format!("{}/", defaults.path)).ok())?;
        let (page, style) = page.meant(&publication.home, &feeds_url);
        Some(Config {
            authority: authority?,
            articles: articles?,
            feeds_path: defaults.path,
            feeds_url,
            opml: defaults.opml,
            page,
            stylesheet: defaults.stylesheet,
            style,
            feeds,
            rules,
            serving,
            publication,
        })
    }

    fn publication(&mut self, mut section: Section<'_>) -> Option<Publication> {
        let title = self.required_text(&mut section, "title");
        let home = self.required_url(&mut section, "home").map(as_folder);
        let description = self.text(&mut section, "description").map(|(text, _)| Text::new(&text));
        let language = self.language(&mut section);
        let timezone = self.timezone(&mut section);
        let authors = self.authors(&mut section, "authors");
        let rights = self.text(&mut section, "rights").map(|(text, _)| Text::new(&text));
        let licence = self.url(&mut section, "licence");
        let icon = self.url_below(&mut section, "icon", home.as_ref());
        let logo = self.url_below(&mut section, "logo", home.as_ref());
        self.finish(section);
        Some(Publication {
            title: Text::new(&title?),
            home: home?,
            description: description.unwrap_or_default(),
            language,
            timezone,
            authors,
            rights,
            licence,
            icon,
            logo,
        })
    }

    fn language(&mut self, section: &mut Section<'_>) -> Text {
        let Some((stated, span)) = self.text(section, "language") else { return Text::new("en") };
        if let Ok(tag) = oxilangtag::LanguageTag::parse_and_normalize(&stated) {
            return Text::new(tag.as_str());
        }
        let fault = format!("`{stated}` is no language tag");
        self.fault(span, fault).help = Some("write it as `en` or `en-GB`".to_owned());
        Text::new("en")
    }

    fn timezone(&mut self, section: &mut Section<'_>) -> Tz {
        let Some((stated, span)) = self.text(section, "timezone") else { return Tz::UTC };
        stated.parse().unwrap_or_else(|_| {
            let known = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
            let help = meant(&stated, known);
            self.fault(span, format!("there is no time zone `{stated}`")).help =
                Some(help.unwrap_or_else(|| "write it as `Europe/London` or `UTC`".to_owned()));
            Tz::UTC
        })
    }

    fn authors(&mut self, section: &mut Section<'_>, key: &'static str) -> Vec<Person> {
        self.tables(section, key).into_iter().filter_map(|table| self.person(table)).collect()
    }

    fn person(&mut self, mut section: Section<'_>) -> Option<Person> {
        let name = self.required_text(&mut section, "name");
        let email = self.text(&mut section, "email");
        let url = self.url(&mut section, "url");
        self.finish(section);
        if let Some((email, span)) = &email
            && !email.contains('@')
        {
            self.fault(span.clone(), format!("`{email}` is no mail address"));
        }
        Some(Person { name: Text::new(&name?), email: email.map(|(email, _)| Text::new(&email)), url })
    }

    fn identity(&mut self, mut section: Section<'_>) -> Option<Authority> {
        let name = self.text(&mut section, "authority");
        let date = self.text(&mut section, "date");
        let span = section.span.clone();
        self.finish(section);
        let (Some((name, name_span)), Some((date, date_span))) = (name, date) else {
            self.fault(span, "`[identity]` needs `authority` and `date`").help = Some(
                "`authority` is a domain that you held on `date`; ids are made of both for ever".to_owned(),
            );
            return None;
        };
        // RFC 4151 section 2.1; the validator refuses upper case.
        let domain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._@".contains(&byte);
        if name.is_empty() || name.len() > 100 || !name.bytes().all(domain) {
            self.fault(name_span, format!("`{name}` is no domain name in lower case")).help =
                Some("write it as `example.org`".to_owned());
        }
        if !is_date(&date) {
            self.fault(date_span, format!("`{date}` is no date")).help =
                Some("write it as `2026-11-22`".to_owned());
        }
        Some(Authority { name, date })
    }

    fn articles(&mut self, mut section: Section<'_>) -> Option<Articles> {
        let path = self.folder(&mut section, "path").unwrap_or_else(|| "articles".to_owned());
        let dialect = self.dialect(&mut section);
        let permalink = self.text(&mut section, "permalink");
        let dates = self.dates(&mut section);
        let exclude = self.texts(&mut section, "exclude");
        let authors = self.texts(&mut section, "authors");
        let summary_marker = self.text(&mut section, "summary-marker").map(|(text, _)| text);
        self.finish(section);

        let (pattern, span) = permalink.unwrap_or_else(|| ("{section}/{slug}/".to_owned(), 0..0));
        let permalink = PermalinkPattern::new(&pattern).map_err(|fault| {
            let fields = PermalinkPattern::FIELDS.map(|field| format!("`{{{field}}}`")).join(", ");
            self.fault(span, fault).help = Some(format!("a permalink is made of {fields}"));
        });
        let exclude = exclude.unwrap_or_else(|| vec![("README.md".to_owned(), 0..0)]);
        Some(Articles {
            path,
            dialect,
            permalink: permalink.ok()?,
            exclude: self.patterns(&exclude).unwrap_or_else(Patterns::none),
            authors: authors.map_or_else(default_author_files, |files| without_places(&files)),
            summary_marker,
            dates,
        })
    }

    fn dates(&mut self, section: &mut Section<'_>) -> Policy {
        let mut dates = Policy::default();
        if let Some((undated, span)) = self.text(section, "undated") {
            match &*undated {
                "withhold" => dates.undated = Undated::Withhold,
                "first-seen" => dates.undated = Undated::FirstSeen,
                _ => self.unknown(&span, &undated, ["withhold", "first-seen"]),
            }
        }
        if let Some((updated, span)) = self.text(section, "updated") {
            match &*updated {
                "stated" => dates.updated = Updates::Stated,
                "significant" => dates.updated = Updates::Significant,
                _ => self.unknown(&span, &updated, ["stated", "significant"]),
            }
        }
        dates
    }

    fn dialect(&mut self, section: &mut Section<'_>) -> Option<Dialect> {
        let (stated, span) = self.text(section, "dialect")?;
        if stated == "auto" {
            return None;
        }
        let dialect = stated.parse().ok();
        if dialect.is_none() {
            let known = Dialect::ALL.iter().map(|dialect| dialect.name()).chain(["auto"]);
            self.unknown(&span, &stated, known);
        }
        dialect
    }

    fn feed_defaults(&mut self, mut section: Section<'_>) -> FeedDefaults {
        let path = self.folder(&mut section, "path").unwrap_or_else(|| "feeds".to_owned());
        let url = self.url(&mut section, "url").map(as_folder);
        let opml = self.folder(&mut section, "opml").unwrap_or_else(|| "feeds.opml".to_owned());
        let stylesheet = self.stylesheet(&mut section);
        let mut feed = FeedConfig {
            name: String::new(),
            title: None,
            description: None,
            for_each: None,
            at_least: 1,
            wanted: Conditions::default(),
            unwanted: Vec::new(),
            entries: 30,
            max_bytes: DEFAULT_BUDGET,
            formats: Format::ALL.to_vec(),
            files: default_files(),
            content: Extent::Full,
            hubs: Vec::new(),
            ttl: None,
            categories: Vec::new(),
        };
        let stated_budget = self.shared_keys(&mut section, &mut feed, false);
        self.finish(section);
        FeedDefaults { path, url, opml, stylesheet, feed, stated_budget }
    }

    fn feeds(
        &mut self,
        sections: Vec<Section<'_>>,
        defaults: &FeedDefaults,
        timezone: Tz,
    ) -> Vec<FeedConfig> {
        if sections.is_empty() {
            return vec![defaults.feed.clone()];
        }
        sections.into_iter().filter_map(|section| self.feed(section, defaults, timezone)).collect()
    }

    fn feed(
        &mut self,
        mut section: Section<'_>,
        defaults: &FeedDefaults,
        timezone: Tz,
    ) -> Option<FeedConfig> {
        let mut feed = defaults.feed.clone();
        let span = section.span.clone();
        let name = self.text(&mut section, "name");
        feed.title = self.text(&mut section, "title").map(|(text, _)| text);
        feed.description = self.text(&mut section, "description").map(|(text, _)| Text::new(&text));
        feed.for_each = self.dimension(&mut section);
        feed.at_least = self.number(&mut section, "at-least").unwrap_or(1);
        feed.wanted = self.conditions(&mut section, "where", timezone);
        feed.unwanted = self.separate_conditions(&mut section, timezone);
        self.shared_keys(&mut section, &mut feed, defaults.stated_budget);
        self.finish(section);
        let (name, name_span) = name.or_else(|| {
            let dimension = feed.for_each?;
            Some((format!("{{{}}}", dimension.name()), span.clone()))
        })?;
        self.check_placeholders(&feed, &name, &name_span);
        self.check_folder(&name, &name_span);
        feed.name = name;
        Some(feed)
    }

    /// A feed for each tag must have the tag in its name, or all would be one file.
    fn check_placeholders(&mut self, feed: &FeedConfig, name: &str, span: &Range<usize>) {
        let places: Vec<&str> =
            std::iter::once(name).chain(feed.files.values().map(String::as_str)).collect();
        for dimension in Dimension::ALL {
            let placeholder = format!("{{{}}}", dimension.name());
            let there = places.iter().any(|place| place.contains(&placeholder));
            if feed.for_each == Some(dimension) && !there {
                let fault = format!("a feed for each {} needs `{placeholder}` in its name", dimension.name());
                self.fault(span.clone(), fault);
            } else if feed.for_each != Some(dimension) && there {
                let fault =
                    format!("`{placeholder}` is known only with `for-each = \"{}\"`", dimension.name());
                self.fault(span.clone(), fault);
            }
        }
    }

    /// Keys of `[feeds]` that each `[[feed]]` may have too. Says whether a budget is stated here or was before.
    fn shared_keys(&mut self, section: &mut Section<'_>, feed: &mut FeedConfig, stated_budget: bool) -> bool {
        if let Some(formats) = self.texts(section, "formats") {
            feed.formats = self.formats(&formats);
        }
        self.files(section, &mut feed.files);
        if let Some(entries) = self.number(section, "entries") {
            feed.entries = entries;
        }
        let budget = self.number(section, "max-bytes");
        let stated = budget.is_some() || stated_budget;
        // Whoever asks for more entries than readers usually take has thought about size.
        if let Some(budget) = budget {
            feed.max_bytes = budget;
        } else if !stated {
            feed.max_bytes = if feed.entries > MOST_ENTRIES { usize::MAX } else { DEFAULT_BUDGET };
        }
        if let Some((content, span)) = self.text(section, "content") {
            match &*content {
                "full" => feed.content = Extent::Full,
                "summary" => feed.content = Extent::Summary,
                _ => self.unknown(&span, &content, ["full", "summary"]),
            }
        }
        if let Some(hubs) = self.texts(section, "hubs") {
            feed.hubs = hubs.iter().filter_map(|(hub, span)| self.absolute(hub, span)).collect();
        }
        if let Some(ttl) = self.number(section, "ttl") {
            feed.ttl = u32::try_from(ttl).ok();
        }
        if let Some(categories) = self.texts(section, "categories") {
            feed.categories = categories.iter().map(|(name, _)| Text::new(name)).collect();
        }
        stated
    }

    fn formats(&mut self, stated: &[Placed<String>]) -> Vec<Format> {
        let mut formats = Vec::new();
        for (name, span) in stated {
            match Format::ALL.into_iter().find(|format| format.name() == name) {
                Some(format) if formats.contains(&format) => {}
                Some(format) => formats.push(format),
                None => self.unknown(span, name, Format::ALL.into_iter().map(Format::name)),
            }
        }
        formats
    }

    fn files(&mut self, section: &mut Section<'_>, files: &mut BTreeMap<Format, String>) {
        let Some(mut table) = self.optional_section(section, "files") else { return };
        for format in Format::ALL {
            if let Some((file, span)) = self.text(&mut table, format.name()) {
                self.check_folder(&file, &span);
                files.insert(format, file);
            }
        }
        self.finish(table);
    }

    fn dimension(&mut self, section: &mut Section<'_>) -> Option<Dimension> {
        let (stated, span) = self.text(section, "for-each")?;
        let dimension = Dimension::ALL.into_iter().find(|dimension| dimension.name() == stated);
        if dimension.is_none() {
            self.unknown(&span, &stated, Dimension::ALL.into_iter().map(Dimension::name));
        }
        dimension
    }

    fn conditions(&mut self, section: &mut Section<'_>, key: &'static str, timezone: Tz) -> Conditions {
        let Some(mut table) = self.optional_section(section, key) else { return Conditions::default() };
        let words = |reading: &mut Self, table: &mut Section<'_>, key| {
            reading.texts(table, key).map(|texts| without_places(&texts)).unwrap_or_default()
        };
        let conditions = Conditions {
            tags: words(self, &mut table, "tags"),
            categories: words(self, &mut table, "categories"),
            authors: words(self, &mut table, "authors"),
            sections: words(self, &mut table, "section"),
            languages: words(self, &mut table, "language"),
            paths: self.texts(&mut table, "path").and_then(|texts| self.patterns(&texts)),
            after: self.instant(&mut table, "after", timezone),
            before: self.instant(&mut table, "before", timezone),
            enclosure: self.boolean(&mut table, "enclosure"),
        };
        self.finish(table);
        conditions
    }

    /// `unless = { tags = […], section = "…" }` keeps out what has any of the tags, and what is in the section.
    fn separate_conditions(&mut self, section: &mut Section<'_>, timezone: Tz) -> Vec<Conditions> {
        let all = self.conditions(section, "unless", timezone);
        let none = Conditions::default;
        let mut each = vec![
            Conditions { tags: all.tags.clone(), ..none() },
            Conditions { categories: all.categories.clone(), ..none() },
            Conditions { authors: all.authors.clone(), ..none() },
            Conditions { sections: all.sections.clone(), ..none() },
            Conditions { languages: all.languages.clone(), ..none() },
            Conditions { paths: all.paths.clone(), ..none() },
            Conditions { after: all.after, ..none() },
            Conditions { before: all.before, ..none() },
            Conditions { enclosure: all.enclosure, ..none() },
        ];
        each.retain(|conditions| !conditions.is_empty());
        each
    }

    fn rules(&mut self, mut section: Section<'_>) -> Rules {
        let allow = self.texts(&mut section, "allow").unwrap_or_default();
        let deny = self.texts(&mut section, "deny").unwrap_or_default();
        self.finish(section);
        Rules { allow: self.rule_names(&allow), deny: self.rule_names(&deny) }
    }

    fn rule_names(&mut self, stated: &[Placed<String>]) -> Vec<Rule> {
        let mut rules = Vec::new();
        for (name, span) in stated {
            match Rule::named(name) {
                Some(rule) => rules.push(rule),
                None => self.unknown(span, name, Rule::ALL.iter().map(|rule| rule.name())),
            }
        }
        rules
    }
}

/// Values of each kind.
impl<'a> Reading<'_> {
    fn text(&mut self, section: &mut Section<'a>, key: &'static str) -> Option<Placed<String>> {
        let value = section.take(key)?;
        let span = value.span();
        match value.into_inner() {
            DeValue::String(text) => Some((text.into_owned(), span)),
            other => self.wrong_kind(span, key, "text", &other),
        }
    }

    fn required_text(&mut self, section: &mut Section<'a>, key: &'static str) -> Option<String> {
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

    fn texts(&mut self, section: &mut Section<'a>, key: &'static str) -> Option<Vec<Placed<String>>> {
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

    fn number(&mut self, section: &mut Section<'a>, key: &'static str) -> Option<usize> {
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

    fn boolean(&mut self, section: &mut Section<'a>, key: &'static str) -> Option<bool> {
        let value = section.take(key)?;
        let span = value.span();
        match value.into_inner() {
            DeValue::Boolean(value) => Some(value),
            other => self.wrong_kind(span, key, "`true` or `false`", &other),
        }
    }

    fn instant(
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
            self.fault(span, format!("`{stated}` is no date")).help =
                Some("write it as `2024-05-06` or `2024-05-06T10:00:00+02:00`".to_owned());
        }
        instant
    }

    fn url(&mut self, section: &mut Section<'a>, key: &'static str) -> Option<Url> {
        let (text, span) = self.text(section, key)?;
        self.absolute(&text, &span)
    }

    fn required_url(&mut self, section: &mut Section<'a>, key: &'static str) -> Option<Url> {
        if !section.entries.contains_key(key) {
            section.asked.push(key);
            self.missing(section, key);
            return None;
        }
        self.url(section, key)
    }

    /// An address that may be written from `home` on.
    fn url_below(&mut self, section: &mut Section<'a>, key: &'static str, home: Option<&Url>) -> Option<Url> {
        let (text, span) = self.text(section, key)?;
        match home.and_then(|home| home.join(&text).ok()) {
            Some(url) if matches!(url.scheme(), "http" | "https") => Some(url),
            _ => self.absolute(&text, &span),
        }
    }

    fn absolute(&mut self, text: &str, span: &Range<usize>) -> Option<Url> {
        match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Some(url),
            _ => {
                self.fault(span.clone(), format!("`{text}` is no absolute address")).help =
                    Some("write it with `https://` and a host, as `https://example.org/`".to_owned());
                None
            }
        }
    }

    /// A folder inside the publication, `""` for `.`.
    fn folder(&mut self, section: &mut Section<'a>, key: &'static str) -> Option<String> {
        let (text, span) = self.text(section, key)?;
        let folder = text.trim_start_matches("./").trim_matches('/').to_owned();
        if folder == "." {
            return Some(String::new());
        }
        self.check_folder(&folder, &span);
        Some(folder)
    }

    fn check_folder(&mut self, path: &str, span: &Range<usize>) {
        let outside = |part: &str| part == ".." || part == "." || part.contains(['\\', '\0', ':']);
        if path.starts_with('/') || path.split('/').any(outside) {
            self.fault(span.clone(), format!("`{path}` is no path inside the publication"));
        }
    }

    fn patterns(&mut self, stated: &[Placed<String>]) -> Option<Patterns> {
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
    fn optional_section(&mut self, parent: &mut Section<'a>, key: &'static str) -> Option<Section<'a>> {
        let value = parent.take(key)?;
        let span = value.span();
        match value.into_inner() {
            DeValue::Table(table) => Some(Section::new(format!("`{key}`"), span, table)),
            other => self.wrong_kind(span, key, "a table", &other),
        }
    }

    fn section(&mut self, root: &mut Section<'a>, key: &'static str) -> Section<'a> {
        let title = format!("`[{key}]`");
        match self.optional_section(root, key) {
            Some(section) => Section { title, ..section },
            None => Section::empty(&title),
        }
    }

    fn required_section(&mut self, root: &mut Section<'a>, key: &'static str) -> Option<Section<'a>> {
        if !root.entries.contains_key(key) {
            root.asked.push(key);
            self.missing(root, key);
            return None;
        }
        Some(self.section(root, key))
    }

    /// `[[key]]`.
    fn sections(&mut self, root: &mut Section<'a>, key: &'static str) -> Vec<Section<'a>> {
        let title = format!("`[[{key}]]`");
        self.tables(root, key)
            .into_iter()
            .map(|section| Section { title: title.clone(), ..section })
            .collect()
    }

    /// `key = [{…}, …]` or a single `{…}`.
    fn tables(&mut self, section: &mut Section<'a>, key: &'static str) -> Vec<Section<'a>> {
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
    fn finish(&mut self, section: Section<'a>) {
        for (key, (span, _)) in section.entries {
            let help = meant(&key, section.asked.iter().copied()).unwrap_or_else(|| {
                let known = section.asked.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>();
                format!("it knows {}", known.join(", "))
            });
            self.fault(span, format!("{} has no key `{key}`", section.title)).help = Some(help);
        }
    }

    fn fault(&mut self, span: Range<usize>, message: impl Into<String>) -> &mut Diagnostic {
        let diagnostic = Diagnostic::new(Rule::Configuration, FILE, message).at(self.source, span);
        self.faults.push(diagnostic);
        let last = self.faults.len() - 1;
        &mut self.faults[last]
    }

    fn unknown(&mut self, span: &Range<usize>, stated: &str, known: impl IntoIterator<Item = &'static str>) {
        let known: Vec<&str> = known.into_iter().collect();
        let all = || known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let help = meant(stated, known.iter().copied()).unwrap_or_else(|| format!("it is one of {}", all()));
        self.fault(span.clone(), format!("`{stated}` is not known here")).help = Some(help);
    }

    fn wrong_kind<T>(
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

impl Conditions {
    fn is_empty(&self) -> bool {
        let lists = [&self.tags, &self.categories, &self.authors, &self.sections, &self.languages];
        let instants = self.after.is_some() || self.before.is_some();
        lists.iter().all(|list| list.is_empty())
            && self.paths.is_none()
            && !instants
            && self.enclosure.is_none()
    }
}

/// What somebody who wrote `said` probably meant.
fn meant<'k>(said: &str, known: impl Iterator<Item = &'k str>) -> Option<String> {
    let said = said.to_lowercase();
    let distance = |name: &str| strsim::osa_distance(&said, &name.to_lowercase());
    let (nearest, distance) =
        known.map(|name| (name, distance(name))).min_by_key(|(_, distance)| *distance)?;
    (distance <= 1.max(said.chars().count() / 3)).then(|| format!("did you mean `{nearest}`?"))
}

/// RFC 4151 section 2.1: a year, a month or a day.
fn is_date(text: &str) -> bool {
    let rest = match text.len() {
        4 => "-01-01",
        7 => "-01",
        10 => "",
        _ => return false,
    };
    NaiveDate::parse_from_str(&format!("{text}{rest}"), "%Y-%m-%d").is_ok()
}

fn as_folder(mut url: Url) -> Url {
    url.set_fragment(None);
    url.set_query(None);
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    url
}

fn without_places(texts: &[Placed<String>]) -> Vec<String> {
    texts.iter().map(|(text, _)| text.clone()).collect()
}

fn default_files() -> BTreeMap<Format, String> {
    Format::ALL.into_iter().map(|format| (format, format.file_name().to_owned())).collect()
}

/// Where Jekyll, Eleventy and Hugo keep their authors.
fn default_author_files() -> Vec<String> {
    ["_data/authors.yml", "_data/authors.yaml", "_data/authors.json", "data/authors.yml", "data/authors.yaml"]
        .map(str::to_owned)
        .to_vec()
}
