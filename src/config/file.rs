//! `feedwright.toml` as written: every key with its place, unknown ones refused with the one that was meant.

mod feeds;
mod outputs;
mod people;
mod permalinks;
pub(super) mod places;
mod section;
mod serving;
mod site;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono_tz::Tz;
use toml::de::DeTable;
use url::Url;

use super::{Absent, Articles, Conditions, Config, FeedConfig, Publication, Rules, Site};
use crate::article::{self, Dialect};
use crate::content::Selector;
use crate::diagnostic::{Diagnostic, Rule};
use crate::feed::{Person, Text};
use crate::generator::{self, Permalinks, read_site};
use crate::ledger::{Authority, DatePolicy, Undated, Updates};
use crate::store::{Patterns, Store};
use section::{FindSite, Placed, Reading, Section, meant, without_places};

/// Reads `feedwright.toml`.
///
/// # Errors
///
/// Every error in it, each at its place: what is not TOML, unknown keys and values with what
/// was probably meant, missing keys, what is not a URL, time zones that do not exist.
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
    parse_over(source, &|_| None)
}

/// Reads `feedwright.toml` over what the configuration of the site in `store` states: what is not said here is as it is
/// said there.
///
/// # Errors
///
/// As [`parse`].
pub fn parse_in(source: &str, store: &dyn Store) -> Result<Config, Vec<Diagnostic>> {
    parse_over(source, &|dialect| read_site(store, dialect))
}

fn parse_over(source: &str, find_site: FindSite<'_>) -> Result<Config, Vec<Diagnostic>> {
    let (table, errors) = DeTable::parse_recoverable(source);
    let mut reading = Reading { source, faults: Vec::new(), places: BTreeMap::new(), find_site, site: None };
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

impl Reading<'_> {
    fn config(&mut self, mut root: Section<'_>) -> Option<Config> {
        // A site that has a generator may say all of it.
        let publication = Some(self.section(&mut root, "publication"));
        let identity = self.required_section(&mut root, "identity");
        let articles = self.section(&mut root, "articles");
        let feeds = self.section(&mut root, "feeds");
        let each = self.sections(&mut root, "feed");
        let page = self.section(&mut root, "page");
        let rules = self.section(&mut root, "rules");
        let serve = self.section(&mut root, "serve");
        let redirects = self.section(&mut root, "redirects");
        self.finish(root);

        let articles = self.articles(articles);
        let publication = publication.and_then(|section| self.publication(section));
        let authority = identity.and_then(|section| self.identity(section));
        let timezone = publication.as_ref().map_or(Tz::UTC, |publication| publication.timezone);
        let defaults = self.feed_defaults(feeds);
        let feeds = self.feeds(each, &defaults, timezone);
        let page = self.page(page);
        let rules = self.rules(rules);
        let serving = self.serving(serve, redirects);

        let publication = publication?;
        let feeds = in_first_language(feeds, &publication);
        let feeds_url =
            defaults.url.or_else(|| publication.home.join(&format!("{}/", defaults.path)).ok())?;
        let (page, style) = page.meant(&publication.home, &feeds_url);
        let config = Config {
            authority: authority?,
            articles,
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
            site: self.site.take().map(Arc::new),
        };
        self.check_outputs(&config);
        Some(config)
    }

    fn publication(&mut self, mut section: Section<'_>) -> Option<Publication> {
        let title = self.title(&mut section);
        let home = self.home(&mut section);
        let description = self.description(&mut section);
        let language = self.language(&mut section);
        let languages = self.languages(&mut section);
        let timezone = self.timezone(&mut section);
        let authors = match self.author_of_site(&section) {
            Some(author) => vec![author],
            None => self.authors(&mut section, "authors"),
        };
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
            languages,
            timezone,
            authors,
            rights,
            licence,
            icon,
            logo,
        })
    }

    fn language(&mut self, section: &mut Section<'_>) -> Text {
        let Some((stated, span)) = self.text(section, "language") else { return self.language_of_site() };
        if let Ok(tag) = oxilangtag::LanguageTag::parse_and_normalize(&stated) {
            return Text::new(tag.as_str());
        }
        let fault = format!("`{stated}` is not a language tag");
        self.fault(span, fault).help = Some("write it as `en` or `en-GB`".to_owned());
        Text::new("en")
    }

    /// The languages beside the first: those stated here, and those of the site.
    fn languages(&mut self, section: &mut Section<'_>) -> Vec<String> {
        let stated = self.texts(section, "languages").unwrap_or_default();
        for (language, span) in &stated {
            if oxilangtag::LanguageTag::parse(language.replace('_', "-")).is_err() {
                self.fault(span.clone(), format!("`{language}` is not a language tag")).help =
                    Some("write it as `fr` or `pt-BR`".to_owned());
            }
        }
        let of_site = self.site.iter().flat_map(|site| site.languages.iter().cloned());
        without_places(&stated).into_iter().chain(of_site).collect()
    }

    fn timezone(&mut self, section: &mut Section<'_>) -> Tz {
        let Some((stated, span)) = self.text(section, "timezone") else { return self.timezone_of_site() };
        article::timezone(&stated).unwrap_or_else(|| {
            let known = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
            let help = meant(&stated, known);
            self.fault(span, format!("there is no time zone `{stated}`")).help =
                Some(help.unwrap_or_else(|| "write it as `Europe/London`, `UTC` or `UTC+2`".to_owned()));
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
            self.fault(span.clone(), format!("`{email}` is not an email address"));
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
                "`authority` is a domain that you held on `date`; every id contains both, permanently"
                    .to_owned(),
            );
            return None;
        };
        // RFC 4151 section 2.1; the validator refuses upper case.
        let domain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._@".contains(&byte);
        if name.is_empty() || name.len() > 100 || !name.bytes().all(domain) {
            self.fault(name_span, format!("`{name}` is not a domain name in lower case")).help =
                Some("write it as `example.org`".to_owned());
        }
        let authority = Authority { name, date };
        if authority.first_day().is_none() {
            self.fault(date_span, format!("`{}` is not a date", authority.date)).help =
                Some("write it as `2026-11-22`".to_owned());
        }
        Some(authority)
    }

    fn articles(&mut self, mut section: Section<'_>) -> Articles {
        let dialect = self.dialect(&mut section);
        self.site = (self.find_site)(dialect);
        let path = self.folder(&mut section, "path");
        let path = path.or_else(|| self.site.as_ref().map(|site| site.articles.clone()));
        let path = path.unwrap_or_else(|| "articles".to_owned());
        let permalinks = self.permalinks(&mut section);
        let dates = self.dates(&mut section);
        let site = self.site(&mut section);
        let exclude = self.texts(&mut section, "exclude");
        let authors = self.texts(&mut section, "authors");
        let summary_marker = self.text(&mut section, "summary-marker").map(|(text, _)| text);
        self.finish(section);

        let of_site = self.site.as_ref().is_some_and(generator::Site::makes_addresses);
        let permalinks = Permalinks::new(permalinks.unwrap_or_default(), !of_site);
        let exclude = exclude.unwrap_or_else(|| vec![("README.md".to_owned(), 0..0)]);
        Articles {
            path,
            dialect,
            permalinks,
            site,
            exclude: self.patterns(&exclude).unwrap_or_else(Patterns::none),
            authors: authors.map_or_else(default_author_files, |files| without_places(&files)),
            summary_marker,
            dates,
        }
    }

    fn site(&mut self, section: &mut Section<'_>) -> Option<Site> {
        let path = self.folder(section, "site");
        let mut absent = Absent::default();
        if let Some((stated, span)) = self.text(section, "absent") {
            match &*stated {
                "withhold" => absent = Absent::Withhold,
                "publish" => absent = Absent::Publish,
                _ => self.unknown(&span, &stated, ["withhold", "publish"]),
            }
        }
        let texts = self.texts(section, "from-page").unwrap_or_default();
        let part = self.text(section, "page-part");
        let part = part.and_then(|(stated, span)| match Selector::new(&stated) {
            Ok(selector) => Some(selector),
            Err(fault) => {
                self.fault(span, fault).help = Some("write it as `article` or `main .post-body`".to_owned());
                None
            }
        });
        let texts = self.patterns(&texts).unwrap_or_else(Patterns::none);
        path.map(|path| Site { path, absent, texts, part })
    }

    fn dates(&mut self, section: &mut Section<'_>) -> DatePolicy {
        let mut dates = DatePolicy::default();
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

/// The main feed of a publication in several languages has the articles in the first, unless it says otherwise.
fn in_first_language(mut feeds: Vec<FeedConfig>, publication: &Publication) -> Vec<FeedConfig> {
    let first = publication.language.as_str().to_lowercase();
    let others = publication.languages.iter().map(|language| language.replace('_', "-").to_lowercase());
    // What the first language is a variety of does not exclude it.
    let others: Vec<String> =
        others.filter(|other| first != *other && !first.starts_with(&format!("{other}-"))).collect();
    let is_open = |feed: &FeedConfig| {
        let states = |conditions: &Conditions| !conditions.languages.is_empty();
        feed.name.is_empty()
            && feed.for_each.is_none()
            && !states(&feed.wanted)
            && !feed.unwanted.iter().any(states)
    };
    for feed in feeds.iter_mut().filter(|feed| is_open(feed) && !others.is_empty()) {
        feed.unwanted.push(Conditions { languages: others.clone(), ..Conditions::default() });
    }
    feeds
}

pub(super) fn as_folder(mut url: Url) -> Url {
    url.set_fragment(None);
    url.set_query(None);
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    url
}

/// Files in which Jekyll, Eleventy and Hugo keep their authors.
fn default_author_files() -> Vec<String> {
    ["_data/authors.yml", "_data/authors.yaml", "_data/authors.json", "data/authors.yml", "data/authors.yaml"]
        .map(str::to_owned)
        .to_vec()
}
