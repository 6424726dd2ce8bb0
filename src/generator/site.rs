//! A site as its own generator knows it, read from the site's configuration by every build, so that nothing of it needs
//! to be said again in `feedwright.toml`. Nothing is run: of configurations that are programs, literals are read.

use std::borrow::Cow;

use super::address::{Pattern, Scope, without_extension};
use super::feeds::SiteFeed;
use super::settings::{SettingsFile, Stated};
use super::table::FeedPlace;
use super::{Generator, wildcard::wildcard};
use crate::data::{Field, Node, Value};
use crate::diagnostic::Diagnostic;
use crate::store::Store;

/// A site, as its own configuration describes it.
#[derive(Clone, Debug)]
pub struct Site {
    /// The generator that makes it.
    pub generator: &'static Generator,
    /// The file or folder that says so; empty where only its articles are here.
    pub told_by: String,
    /// Its title.
    pub title: Option<Stated>,
    /// Its URL.
    pub home: Option<Stated>,
    /// A sentence about it.
    pub description: Option<Stated>,
    /// A BCP 47 tag.
    pub language: Option<Stated>,
    /// A name such as `Europe/London`.
    pub timezone: Option<Stated>,
    /// The name of its author.
    pub author: Option<Stated>,
    /// Its languages beside the first, as they are called in paths.
    pub languages: Vec<String>,
    /// The folder of its articles.
    pub articles: String,
    /// The folder from which paths count in addresses.
    pub sources: String,
    /// Patterns of addresses, the most specific first.
    pub permalinks: Vec<(Scope, Pattern)>,
    /// The pattern for articles in another language than the site's, where it differs.
    pub permalink_of_translations: Option<Pattern>,
    /// Settings about addresses and names.
    pub choices: Choices,
    /// Fields that articles inherit, the most important first.
    pub inherited: Vec<Inherited>,
    /// Its feeds.
    pub feeds: Vec<SiteFeed>,
    /// The folder that its generator writes.
    pub output: Option<String>,
    /// The files that it was read from, and those that would have been, had they been there.
    pub files: Vec<String>,
    /// A digest of what is in them.
    pub digest: [u8; 32],
    /// Settings that cannot be followed.
    pub diagnostics: Vec<Diagnostic>,
    pub(super) settings: Vec<SettingsFile>,
}

/// Settings of generators about addresses and names; one that a generator does not have stays as it is here.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of some generator")]
pub struct Choices {
    /// Articles whose addresses end in `.html`.
    pub ugly: Vec<Scope>,
    /// `true` if letters keep their case.
    pub keep_case: bool,
    /// `true` if accents are taken off.
    pub without_accents: bool,
    /// `true` if the slug is taken from the name of the file, not from the title.
    pub slug_of_file: bool,
    /// `true` if letters of all scripts are kept.
    pub unicode: bool,
    /// `true` if the folder of an article is its category.
    pub folder_is_category: bool,
    /// The category of articles that have none.
    pub default_category: String,
    /// Categories and what stands for them in addresses.
    pub category_slugs: Vec<(String, String)>,
    /// `true` if names come into addresses as they are, not as slugs.
    pub plain_slugs: bool,
    /// Regular expressions and what takes the place of what they match, for slugs.
    pub substitutions: Vec<(regex::Regex, String)>,
    /// Regular expressions of paths that are no articles.
    pub ignored: Vec<regex::Regex>,
    /// Patterns of paths that are no articles, with `*` for anything.
    pub excluded: Vec<String>,
    /// Patterns of the paths of articles, each with the folder that they are written to.
    pub posts: Vec<(String, String)>,
    /// Folders that are sections of their own.
    pub section_folders: Vec<String>,
    /// Pattern of the names of files.
    pub file_name: String,
    /// The folder of the first language, where it has one.
    pub language_folder: String,
    /// `true` if dates in names stay in slugs.
    pub keep_dates: bool,
    /// `true` if `index.html` is left out at the end of an address.
    pub without_index: bool,
    /// `true` if `.html` is left out at the end of an address.
    pub without_html: bool,
    /// `true` if addresses of folders end without a slash.
    pub without_slash: bool,
    /// `true` if terms of taxonomies come into addresses as they are, not as slugs.
    pub plain_terms: bool,
    /// The files of a feed, by their formats, wherever there is one.
    pub feed_files: Vec<(&'static str, String)>,
}

/// Fields that articles have unless they state their own.
#[derive(Clone, Debug)]
pub struct Inherited {
    /// Which articles.
    pub scope: Scope,
    /// The file that states them, by its place among the settings.
    pub(super) file: usize,
    pub(crate) fields: Vec<Field>,
    /// More fields: the named groups of an expression that matches a part of the article's path.
    pub(super) captured: Option<Captured>,
    /// `true` if they hold whatever the article states.
    pub(crate) firm: bool,
    /// Nearness to its articles of the place where it is stated; the nearest comes first.
    pub(super) weight: usize,
}

impl Inherited {
    /// Fields that an article's own come before.
    pub(super) fn new(scope: Scope, file: usize, fields: Vec<Field>) -> Self {
        let weight = scope.length();
        Self { scope, file, fields, captured: None, firm: false, weight }
    }
}

/// An expression whose named groups are fields.
#[derive(Clone, Debug)]
pub(super) struct Captured {
    pub(super) expression: regex::Regex,
    pub(super) of: PathPart,
    /// The place of the expression in its file.
    pub(super) span: std::ops::Range<usize>,
}

/// A part of an article's path, below the folder of sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PathPart {
    /// All of it.
    Whole,
    /// The name of the file without its extension.
    Stem,
}

impl Inherited {
    /// The fields that an article inherits, by its path below the folder of sources.
    pub(crate) fn fields_of(&self, path: &str) -> Cow<'_, [Field]> {
        let Some(captured) = &self.captured else { return Cow::Borrowed(&self.fields) };
        Cow::Owned(captured.fields(path))
    }
}

impl Captured {
    fn fields(&self, path: &str) -> Vec<Field> {
        let file = path.rsplit('/').next().unwrap_or_default();
        let part = match self.of {
            PathPart::Whole => path,
            PathPart::Stem => without_extension(file),
        };
        let Some(captures) = self.expression.captures(part).filter(|_| !part.is_empty()) else {
            return Vec::new();
        };
        let groups = self.expression.capture_names().flatten();
        let field = |name: &str| {
            let value = Value::Text(captures.name(name)?.as_str().to_owned());
            Some(Field::new(name, self.span.clone(), Node { value, span: self.span.clone() }))
        };
        groups.filter_map(field).collect()
    }
}

impl Site {
    /// `true` if dates without a zone are read in that of the machine that builds the site, which is not known here.
    pub fn has_machine_timezone(&self) -> bool {
        let of_machine = self.generator.configuration.as_ref().is_some_and(|facts| facts.machine_timezone);
        of_machine && self.timezone.is_none()
    }

    /// Its main feed in each format that it has, so that subscribers keep their addresses: as its
    /// configuration says, else as its generator does.
    pub fn main_feeds(&self) -> Vec<SiteFeed> {
        let stated: Vec<SiteFeed> = self.feeds.iter().filter(|feed| feed.is_main()).cloned().collect();
        if !stated.is_empty() {
            return stated;
        }
        let usual = self.generator.feeds.iter().find(|place| place.of.is_empty());
        usual.map(|FeedPlace { format, path, .. }| SiteFeed::main(format, *path)).into_iter().collect()
    }

    /// The feeds of parts of its articles.
    pub fn part_feeds(&self) -> impl Iterator<Item = &SiteFeed> {
        self.feeds.iter().filter(|feed| !feed.is_main())
    }

    /// `true` if a file, by its path from the publication's folder, is an article of the site.
    pub fn admits(&self, path: &str) -> bool {
        let excluded = |pattern: &String| wildcard(pattern, self.relative(path));
        self.generator.configuration.as_ref().is_none_or(|configuration| (configuration.admits)(self, path))
            && !self.choices.excluded.iter().any(excluded)
            && !self.is_ignored(self.relative(path))
    }

    /// The categories of an article, given by its path from the publication's folder, with those that it has by where it
    /// lies.
    pub(crate) fn categories(&self, path: &str, stated: Vec<String>) -> Vec<String> {
        let mut categories = stated;
        if let Some(configuration) = self.generator.configuration.as_ref().filter(|_| self.is_configured()) {
            (configuration.categories)(self, self.relative(path), &mut categories);
        }
        categories
    }

    fn is_ignored(&self, path: &str) -> bool {
        // Some are written for paths that begin with a slash.
        let is_match =
            |pattern: &regex::Regex| pattern.is_match(path) || pattern.is_match(&format!("/{path}"));
        self.choices.ignored.iter().any(is_match)
    }

    /// A path from the publication's folder as one below the folder of sources.
    pub fn relative<'a>(&self, path: &'a str) -> &'a str {
        let below = path.strip_prefix(self.sources.as_str()).map(|rest| rest.trim_start_matches('/'));
        below.unwrap_or(path)
    }

    /// Reads what stands beside the articles, whose files are given by their paths from the publication's folder.
    pub fn survey(&mut self, paths: &[&str], store: &dyn Store) {
        if let Some(configuration) = &self.generator.configuration {
            (configuration.survey)(self, paths, store);
            self.digest = self.digest_of_settings();
        }
    }

    /// The texts that the site's own configuration states of addresses and taxonomies, by their keys.
    pub fn stated_settings(&self) -> Vec<(String, Stated)> {
        let keys = self.generator.configuration.as_ref().map_or(&[][..], |facts| facts.shown);
        let mut stated = Vec::new();
        for key in keys {
            let Some((file, node)) = self.settings.iter().find_map(|file| Some((file, file.find(key)?)))
            else {
                continue;
            };
            stated.extend(
                leaves(key, node).into_iter().filter_map(|(key, node)| Some((key, file.stated(node)?))),
            );
        }
        stated
    }

    /// The fields that articles inherit: the articles, the key, and what is stated.
    pub fn stated_defaults(&self) -> Vec<(String, String, Stated)> {
        let mut stated = Vec::new();
        for inherited in &self.inherited {
            let Some(file) = self.settings.get(inherited.file) else { continue };
            for field in &inherited.fields {
                for (key, node) in leaves(&field.key, &field.node) {
                    let line = if node.span.is_empty() { 0 } else { file.line(&node.span) };
                    let of_file = file.stated(node).map(|stated| Stated { line, ..stated });
                    stated.extend(of_file.map(|stated| (inherited.scope.to_string(), key, stated)));
                }
            }
            if let Some(captured) = &inherited.captured {
                let text = captured.expression.as_str().to_owned();
                let line = if captured.span.is_empty() { 0 } else { file.line(&captured.span) };
                let stated_by = Stated { text, path: file.path.clone(), line };
                stated.push((inherited.scope.to_string(), "metadata".to_owned(), stated_by));
            }
        }
        stated
    }

    /// Adds fields that articles inherit, which a file of the site states.
    pub(super) fn inherit(&mut self, scope: Scope, file: SettingsFile, fields: Vec<Field>) {
        self.settings.push(file);
        self.inherited.push(Inherited::new(scope, self.settings.len() - 1, fields));
    }

    /// Keeps articles back, whatever they state.
    pub(super) fn withhold(&mut self, scope: Scope, file: SettingsFile, fields: Vec<Field>) {
        self.inherit(scope, file, fields);
        if let Some(last) = self.inherited.last_mut() {
            last.firm = true;
        }
    }

    /// `true` if its configuration is here, so that it is known which languages it has.
    pub fn is_configured(&self) -> bool {
        !self.told_by.is_empty()
    }

    /// `true` if a folder or the end of a name is a language of the site.
    pub fn is_language(&self, name: &str) -> bool {
        let first = self.language.as_ref().map_or("en", |language| language.text.as_str());
        let is = |known: &str| known.eq_ignore_ascii_case(name);
        is(first) || first.split('-').next().is_some_and(is) || self.languages.iter().any(|known| is(known))
    }

    /// Fields that an article inherits, by its path from the publication's folder, the most important first,
    /// and the file that states them.
    pub(crate) fn inherited_by<'a>(
        &'a self,
        path: &'a str,
    ) -> impl Iterator<Item = (&'a SettingsFile, &'a Inherited)> {
        let path = self.relative(path);
        let holds = move |inherited: &&Inherited| inherited.scope.holds(path);
        let inherited = self.inherited.iter().filter(holds);
        inherited.filter_map(|inherited| Some((self.settings.get(inherited.file)?, inherited)))
    }

    /// A digest of all that it was read from.
    pub(super) fn digest_of_settings(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.generator.name.as_bytes());
        for file in &self.settings {
            for part in [&file.path, &file.text] {
                hasher.update(&part.len().to_le_bytes()).update(part.as_bytes());
            }
        }
        // Which sections there are decides addresses, too.
        for folder in &self.choices.section_folders {
            hasher.update(folder.as_bytes()).update(&[0]);
        }
        hasher.finalize().into()
    }
}

/// The most values of one setting that are listed.
const MOST_LEAVES: usize = 1_000;

/// The single values in a value, by their keys.
fn leaves<'n>(key: &str, node: &'n Node) -> Vec<(String, &'n Node)> {
    let mut leaves = Vec::new();
    let mut waiting = vec![(key.to_owned(), node)];
    while let Some((key, node)) = waiting.pop().filter(|_| leaves.len() < MOST_LEAVES) {
        match &node.value {
            Value::Map(fields) => {
                waiting
                    .extend(fields.iter().rev().map(|field| (format!("{key}.{}", field.key), &field.node)));
            }
            Value::List(items) => {
                let numbered = items.iter().enumerate().rev();
                waiting.extend(numbered.map(|(number, item)| (format!("{key}.{number}"), item)));
            }
            _ => leaves.push((key, node)),
        }
    }
    leaves
}
