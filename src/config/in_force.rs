//! The settings that are in force, and where each comes from: `feedwright.toml`, the configuration of the site's own
//! generator, or neither.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Absent, Config, Dimension, FILE, FeedConfig, Order, file};
use crate::generator::{Site, Stated};
use crate::ledger::{Undated, Updates};

/// A setting that is in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Its name: that of the table and of the key in `feedwright.toml`, or `site` and the generator's own key.
    pub key: String,
    /// Its value, as JSON.
    pub value: Value,
    /// The file, relative to the publication, and the line from 1; `None` for a default.
    pub place: Option<(String, usize)>,
}

/// All settings of a publication whose `feedwright.toml` is `source`, in the order of the manual. `site` is its site with
/// what lies beside the articles.
///
/// ```
/// use feedwright::config::{in_force, parse};
/// let source = "[publication]\ntitle = 'A'\nhome = 'https://example.org/'\n[identity]\nauthority = 'example.org'\n\
///               date = '2026'\n";
/// let settings = in_force(source, &parse(source).unwrap(), None);
/// let title = settings.iter().find(|setting| setting.key == "publication.title").unwrap();
/// assert_eq!(title.place, Some(("feedwright.toml".into(), 2)));
/// let timezone = settings.iter().find(|setting| setting.key == "publication.timezone").unwrap();
/// assert_eq!((timezone.value.as_str(), &timezone.place), (Some("UTC"), &None));
/// ```
pub fn in_force(source: &str, config: &Config, site: Option<&Site>) -> Vec<Setting> {
    let mut settings = Settings { lines: file::places::lines(source), found: Vec::new() };
    settings.publication(config, site);
    settings.articles(config, site);
    if let Some(site) = site {
        settings.site(site);
    }
    settings.feeds(config);
    settings.found
}

struct Settings {
    lines: BTreeMap<String, usize>,
    found: Vec<Setting>,
}

impl Settings {
    fn publication(&mut self, config: &Config, site: Option<&Site>) {
        let publication = &config.publication;
        let of_site = |what: fn(&Site) -> Option<&Stated>| site.and_then(what);
        let text = |text: &str| json!(text);
        self.add("publication.title", text(publication.title.as_str()), of_site(|site| site.title.as_ref()));
        self.add("publication.home", text(publication.home.as_str()), of_site(|site| site.home.as_ref()));
        let description = text(publication.description.as_str());
        self.add("publication.description", description, of_site(|site| site.description.as_ref()));
        let language = text(publication.language.as_str());
        self.add("publication.language", language, of_site(|site| site.language.as_ref()));
        let timezone = text(publication.timezone.name());
        self.add("publication.timezone", timezone, of_site(|site| site.timezone.as_ref()));
        let authors: Vec<_> = publication.authors.iter().map(|author| author.name.as_str()).collect();
        self.add("publication.authors", json!(authors), of_site(|site| site.author.as_ref()));
        self.add("identity.authority", text(&config.authority.name), None);
        self.add("identity.date", text(&config.authority.date), None);
    }

    fn articles(&mut self, config: &Config, site: Option<&Site>) {
        let articles = &config.articles;
        let dialect = articles.dialect.or_else(|| site.and_then(|site| site.generator.dialect));
        self.add("articles.path", json!(articles.path), None);
        self.add("articles.dialect", json!(dialect.map_or("auto", |dialect| dialect.name())), None);
        for (scope, pattern) in articles.permalinks.described() {
            let key = if scope.is_empty() {
                "articles.permalink".to_owned()
            } else {
                format!("articles.permalink.{scope}")
            };
            let line = ["", ".page"].iter().find_map(|kind| {
                self.lines
                    .get(&format!("articles.permalink{kind}.{scope}"))
                    .or_else(|| self.lines.get(&key))
                    .copied()
            });
            self.found.push(Setting {
                key,
                value: json!(pattern),
                place: line.map(|line| (FILE.to_owned(), line)),
            });
        }
        if let Some(built) = &articles.site {
            self.add("articles.site", json!(built.path), None);
            let absent = if built.absent == Absent::Publish { "publish" } else { "withhold" };
            self.add("articles.absent", json!(absent), None);
        }
        let undated = if articles.dates.undated == Undated::FirstSeen { "first-seen" } else { "withhold" };
        self.add("articles.undated", json!(undated), None);
        let changes = if articles.dates.updated == Updates::Significant { "significant" } else { "stated" };
        self.add("articles.updated", json!(changes), None);
        self.add("articles.authors", json!(articles.authors), None);
        self.add("articles.summary-marker", json!(articles.summary_marker), None);
    }

    /// Settings of the site that its generator takes from its own configuration.
    fn site(&mut self, site: &Site) {
        let told_by = Some((site.told_by.clone(), 1));
        self.found.push(Setting {
            key: "site.generator".into(),
            value: json!(site.generator.name),
            place: told_by,
        });
        self.found.push(Setting { key: "site.output".into(), value: json!(site.output), place: None });
        for (key, stated) in site.stated_settings() {
            let place = Some((stated.path, stated.line));
            self.found.push(Setting { key: format!("site.{key}"), value: json!(stated.text), place });
        }
        for (scope, pattern) in site.described_permalinks() {
            let key = if scope.is_empty() {
                "site.permalink".to_owned()
            } else {
                format!("site.permalink.{scope}")
            };
            self.found.push(Setting { key, value: json!(pattern), place: None });
        }
        for (scope, key, stated) in site.stated_defaults() {
            let key =
                format!("site.defaults.{}{key}", if scope.is_empty() { String::new() } else { scope + "." });
            let place = (stated.line > 0).then_some((stated.path, stated.line));
            self.found.push(Setting { key, value: json!(stated.text), place });
        }
    }

    fn feeds(&mut self, config: &Config) {
        self.add("feeds.path", json!(config.feeds_path), None);
        self.add("feeds.url", json!(config.feeds_url.as_str()), None);
        self.add("feeds.opml", json!(config.opml), None);
        for (number, feed) in config.feeds.iter().enumerate() {
            self.feed(number, feed, config);
        }
    }

    fn feed(&mut self, number: usize, feed: &FeedConfig, config: &Config) {
        let key = format!("feed.{number}");
        let section = self.lines.get(&key).map(|line| (FILE.to_owned(), *line));
        self.found.push(Setting { key: format!("{key}.name"), value: json!(feed.name), place: section });
        let order = if feed.order == Order::Updated { "updated" } else { "published" };
        self.of_feed(number, "for-each", json!(feed.for_each.map(Dimension::name)));
        self.of_feed(number, "entries", json!(feed.entries));
        self.of_feed(number, "order", json!(order));
        for format in &feed.formats {
            let Some(file) = feed.files.get(format) else { continue };
            let path = if feed.name.is_empty() { file.clone() } else { format!("{}/{file}", feed.name) };
            // Braces of `for-each` stand for its values.
            let url = config.feed_url(&path).to_string().replace("%7B", "{").replace("%7D", "}");
            let value = json!({ "path": format!("{}{path}", config.feeds_folder()), "url": url });
            let line = self.line_of_feed(number, "files").or_else(|| self.line_of_feed(number, "formats"));
            self.found.push(Setting { key: format!("{key}.{}", format.name()), value, place: line });
        }
    }

    fn of_feed(&mut self, number: usize, name: &str, value: Value) {
        let place = self.line_of_feed(number, name);
        self.found.push(Setting { key: format!("feed.{number}.{name}"), value, place });
    }

    /// The place of a key that a feed states, or else that `[feeds]` states for all.
    fn line_of_feed(&self, number: usize, name: &str) -> Option<(String, usize)> {
        let keys = [format!("feed.{number}.{name}"), format!("feeds.{name}")];
        let line = keys.iter().find_map(|key| self.lines.get(key))?;
        Some((FILE.to_owned(), *line))
    }

    /// A setting that is stated in `feedwright.toml`, else by the site, else nowhere.
    fn add(&mut self, key: &str, value: Value, of_site: Option<&Stated>) {
        let own = self.lines.get(key).map(|line| (FILE.to_owned(), *line));
        let place = own.or_else(|| of_site.map(|stated| (stated.path.clone(), stated.line)));
        self.found.push(Setting { key: key.to_owned(), value, place });
    }
}
