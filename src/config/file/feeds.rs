//! `[feeds]` and `[[feed]]`.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono_tz::Tz;
use url::Url;

use super::as_folder;
use super::section::{Placed, Reading, Section, without_places};
use crate::config::{Conditions, Dimension, FeedConfig, Order, Stylesheet};
use crate::feed::Text;
use crate::format::{Extent, Format};

/// More entries than this only where the configuration says so: some readers stop at 300.
const MOST_ENTRIES: usize = 300;

/// Bytes of a document, unless the configuration says otherwise.
const DEFAULT_BUDGET: usize = 1_000_000;

/// The values of `[feeds]`, which every feed has unless its own section says otherwise.
pub(super) struct FeedDefaults {
    pub(super) path: String,
    pub(super) url: Option<Url>,
    pub(super) opml: String,
    pub(super) stylesheet: Stylesheet,
    feed: FeedConfig,
    stated_budget: bool,
}

impl Reading<'_> {
    pub(super) fn feed_defaults(&mut self, mut section: Section<'_>) -> FeedDefaults {
        let path = self.folder(&mut section, "path").unwrap_or_else(|| "feeds".to_owned());
        let url = self.url(&mut section, "url").map(as_folder);
        let opml = self.folder(&mut section, "opml").unwrap_or_else(|| "feeds.opml".to_owned());
        let stylesheet = self.stylesheet(&mut section);
        let mut feed = FeedConfig {
            name: String::new(),
            title: None,
            description: None,
            id: None,
            for_each: None,
            at_least: 1,
            wanted: Conditions::default(),
            unwanted: Vec::new(),
            order: Order::Published,
            entries: 30,
            max_bytes: DEFAULT_BUDGET,
            formats: Format::USUAL.to_vec(),
            files: default_files(),
            content: Extent::Full,
            from_pages: false,
            hubs: Vec::new(),
            ttl: None,
            categories: Vec::new(),
        };
        let stated_budget = self.shared_keys(&mut section, &mut feed, false);
        self.finish(section);
        FeedDefaults { path, url, opml, stylesheet, feed, stated_budget }
    }

    pub(super) fn feeds(
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
        feed.id = self.feed_id(&mut section, feed.for_each);
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

    /// `id = "…"` of an earlier feed, to the letter.
    fn feed_id(&mut self, section: &mut Section<'_>, for_each: Option<Dimension>) -> Option<Text> {
        let (stated, span) = self.text(section, "id")?;
        let id = Text::new(&stated);
        if let Some(dimension) = for_each {
            let fault = format!("`id` is for one feed, and there is one for each {}", dimension.name());
            self.fault(span, fault);
        } else if id.is_empty() || id.as_str() != stated || stated.contains(' ') {
            self.fault(span, format!("`{stated}` is not an id: it must be a URI without white space"));
        }
        Some(id)
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

    /// The date that the entries are ordered by.
    fn order(&mut self, section: &mut Section<'_>, feed: &mut FeedConfig) {
        let Some((order, span)) = self.text(section, "order") else { return };
        match &*order {
            "published" => feed.order = Order::Published,
            "updated" => feed.order = Order::Updated,
            _ => self.unknown(&span, &order, ["published", "updated"]),
        }
    }

    /// Keys of `[feeds]` that each `[[feed]]` may have too. Says whether a budget is stated here or was
    /// before.
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
        self.order(section, feed);
        if let Some((content, span)) = self.text(section, "content") {
            match &*content {
                "full" => (feed.content, feed.from_pages) = (Extent::Full, false),
                "page" => (feed.content, feed.from_pages) = (Extent::Full, true),
                "summary" => (feed.content, feed.from_pages) = (Extent::Summary, false),
                _ => self.unknown(&span, &content, ["full", "page", "summary"]),
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
                // With a slash before it, it is a path from the folder of all feeds.
                self.check_folder(file.strip_prefix('/').unwrap_or(&file), &span);
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

    /// `unless = { tags = […], section = "…" }` keeps out what has any of the tags, and what is in the
    /// section.
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

fn default_files() -> BTreeMap<Format, String> {
    Format::ALL.into_iter().map(|format| (format, format.file_name().to_owned())).collect()
}
