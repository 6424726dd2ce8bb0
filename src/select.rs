//! Which articles are published, in which feeds, and in what order.

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use rayon::prelude::*;

use crate::article::{ArticleSummary, Foreign, Visibility};
use crate::config::{Conditions, Config, Dimension, FeedConfig, Order, address_safe};
use crate::content::one_line;
use crate::diagnostic::{Diagnostic, Rule};
use crate::feed::{Person, Text};
use crate::format::{FeedDocument, Format, PublishedFeed, Role};
use crate::ledger::Identity;

/// Articles that are let in beside published ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// Drafts.
    pub drafts: bool,
    /// Articles that are not yet due.
    pub future: bool,
}

/// Why an article is in no feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// Its author is not done.
    Draft,
    /// Its author keeps it out of feeds.
    Unlisted,
    /// It is not for everybody.
    Private,
    /// Its file cannot be understood.
    Faulty,
    /// Its file cannot be read.
    Unreadable,
    /// The built site has no page of it.
    Absent,
    /// It has no date.
    Undated,
    /// It is due then.
    Until(DateTime<Utc>),
    /// It was due until then.
    Since(DateTime<Utc>),
}

/// Admits an article that may be published at `now`.
///
/// # Errors
///
/// Why it may not.
pub fn admit(summary: ArticleSummary<'_>, now: DateTime<Utc>, preview: Preview) -> Result<(), Withheld> {
    match summary.visibility() {
        Visibility::Draft if !preview.drafts => return Err(Withheld::Draft),
        Visibility::Unlisted | Visibility::Page => return Err(Withheld::Unlisted),
        Visibility::Private => return Err(Withheld::Private),
        Visibility::Faulty => return Err(Withheld::Faulty),
        Visibility::Unreadable => return Err(Withheld::Unreadable),
        Visibility::Absent => return Err(Withheld::Absent),
        Visibility::Public | Visibility::Draft => {}
    }
    if let Some(expires) = summary.expires().filter(|expires| *expires <= now) {
        return Err(Withheld::Since(expires));
    }
    let due = summary.published().max(summary.due());
    if let Some(due) = due.filter(|due| *due > now && !preview.future) {
        return Err(Withheld::Until(due));
    }
    // Comes last: where undated articles get the date of their first build, nothing else is in their way.
    summary.published().map(drop).ok_or(Withheld::Undated)
}

/// An article that may be published, with all that a feed asks of it.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    /// The summary of the article.
    pub summary: ArticleSummary<'a>,
    /// Id and dates of its entry.
    pub identity: Identity<'a>,
    /// `true` if the text is taken from the page that the site's generator has built of the article.
    pub from_page: bool,
}

/// A feed with its entries chosen.
#[derive(Clone, Debug)]
pub struct Selection<'a> {
    /// The feed as configured; its names and titles may still hold `{tag}` and the like.
    pub config: &'a FeedConfig,
    /// The feed as it is published.
    pub feed: PublishedFeed,
    /// Its entries as indices of the candidates, newest first.
    pub entries: Vec<usize>,
}

/// A document that is not written, because another feed has its file.
#[derive(Clone, Debug)]
pub struct Displaced {
    /// Its path, relative to the publication.
    pub path: String,
    /// The entries that it would have had, as indices of the candidates.
    pub entries: Vec<usize>,
    /// Says whose file it is.
    pub diagnostic: Diagnostic,
}

/// The feeds of a publication with their entries, and what is wrong with them.
#[derive(Clone, Debug, Default)]
pub struct Selections<'a> {
    /// The feeds.
    pub feeds: Vec<Selection<'a>>,
    /// The documents of feeds that would share a file with one that comes before them.
    pub displaced: Vec<Displaced>,
    /// Documents that would be written over what is not a feed.
    pub diagnostics: Vec<Diagnostic>,
}

/// The feeds of a publication with their entries. Of feeds that would share a file only the first is kept.
pub fn select<'a>(config: &'a Config, candidates: &[Candidate<'_>]) -> Selections<'a> {
    let by_published = newest_first(candidates, Order::Published);
    let by_updated = OnceCell::new();
    let mut selections = Vec::new();
    for feed in &config.feeds {
        let belongs = |index: &usize| belongs(feed, &candidates[*index], config);
        let all = match feed.order {
            Order::Published => &by_published,
            Order::Updated => by_updated.get_or_init(|| newest_first(candidates, Order::Updated)),
        };
        let entries = all.par_iter().copied().with_min_len(1024).filter(belongs);
        let entries: Vec<usize> = entries.collect();
        match feed.for_each {
            None => selections.push(selection(config, feed, None, entries)),
            Some(dimension) => {
                for (value, entries) in by_value(dimension, &entries, candidates, config) {
                    if entries.len() >= feed.at_least {
                        selections.push(selection(config, feed, Some((dimension, value)), entries));
                    }
                }
            }
        }
    }
    let (displaced, diagnostics) = drop_colliding(config, &mut selections);
    Selections { feeds: selections, displaced, diagnostics }
}

/// Marks the articles whose texts are taken from the pages that the site's generator has built: those that the
/// configuration names, and all that are in a feed which is made of pages. An entry is the same in all feeds.
pub fn mark_pages(config: &Config, selections: &[Selection<'_>], candidates: &mut [Candidate<'_>]) {
    if let Some(site) = &config.articles.site {
        for candidate in candidates.iter_mut() {
            let is_foreign = Foreign::of(candidate.summary.path()).is_some();
            candidate.from_page = is_foreign || site.texts.matches(candidate.summary.name());
        }
    }
    for selection in selections.iter().filter(|selection| selection.config.from_pages) {
        for entry in &selection.entries {
            if let Some(candidate) = candidates.get_mut(*entry) {
                candidate.from_page = true;
            }
        }
    }
}

/// Newest first; those of one instant as they say themselves (`weight`, `order`, `episode`), else in the order of their
/// paths.
fn newest_first(candidates: &[Candidate<'_>], order: Order) -> Vec<usize> {
    let key = |candidate: &Candidate<'_>| {
        let date = match order {
            Order::Published => candidate.identity.published,
            Order::Updated => candidate.identity.updated,
        };
        (Reverse(date), candidate.summary.order())
    };
    let mut order: Vec<_> =
        candidates.iter().enumerate().map(|(index, candidate)| (key(candidate), index)).collect();
    let path = |index: usize| candidates[index].summary.path();
    order.par_sort_unstable_by(|(one, a), (other, b)| one.cmp(other).then_with(|| path(*a).cmp(path(*b))));
    order.into_iter().map(|(_, index)| index).collect()
}

fn belongs(feed: &FeedConfig, candidate: &Candidate<'_>, config: &Config) -> bool {
    let holds = |conditions: &Conditions| holds(conditions, candidate, config);
    holds(&feed.wanted) && !feed.unwanted.iter().any(holds)
}

fn holds(conditions: &Conditions, candidate: &Candidate<'_>, config: &Config) -> bool {
    let summary = candidate.summary;
    let any = |wanted: &[String], matches: &dyn Fn(&str) -> bool| {
        wanted.is_empty() || wanted.iter().any(|word| matches(&folded(word)))
    };
    any(&conditions.tags, &|tag| summary.tags().any(|stated| folded(stated) == tag))
        && any(&conditions.categories, &|category| {
            summary.categories().any(|stated| folded(stated) == category)
        })
        && any(&conditions.authors, &|author| authors_of(summary, config).any(|name| folded(name) == author))
        && any(&conditions.sections, &|wanted| is_in(&folded(summary.section()), wanted.trim_matches('/')))
        && any(&conditions.languages, &|wanted| {
            let language = language_of(summary, config).to_lowercase();
            language == wanted || language.starts_with(&format!("{wanted}-"))
        })
        && conditions.paths.as_ref().is_none_or(|paths| paths.matches(summary.name()))
        && conditions.after.is_none_or(|after| candidate.identity.published >= after)
        && conditions.before.is_none_or(|before| candidate.identity.published < before)
        && conditions.enclosure.is_none_or(|wanted| wanted == summary.has_enclosures())
}

fn is_in(section: &str, wanted: &str) -> bool {
    section == wanted || section.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('/'))
}

/// Words that differ only in case or spacing are one tag to everybody but a computer.
fn folded(word: &str) -> String {
    one_line(word).to_lowercase()
}

fn language_of<'a>(summary: ArticleSummary<'a>, config: &'a Config) -> &'a str {
    summary.language().unwrap_or(config.publication.language.as_str())
}

fn authors_of<'a>(summary: ArticleSummary<'a>, config: &'a Config) -> impl Iterator<Item = &'a str> {
    let everybody: &[Person] =
        if summary.authors().next().is_none() { &config.publication.authors } else { &[] };
    summary.authors().chain(everybody.iter().map(|author| author.name.as_str()))
}

/// The entries of each value, in the order of the values. Values that become one path are one, shown as most articles
/// spell it.
fn by_value(
    dimension: Dimension,
    entries: &[usize],
    candidates: &[Candidate<'_>],
    config: &Config,
) -> Vec<(String, Vec<usize>)> {
    let path = |value: &str| in_path(dimension, value, config);
    let mut groups =
        Groups { path: &path, found: Vec::new(), by_path: HashMap::new(), by_spelling: HashMap::new() };
    for &index in entries {
        let summary = candidates[index].summary;
        match dimension {
            Dimension::Tag => summary.tags().for_each(|tag| groups.add(tag, index)),
            Dimension::Category => summary.categories().for_each(|category| groups.add(category, index)),
            Dimension::Author => authors_of(summary, config).for_each(|author| groups.add(author, index)),
            Dimension::Section => groups.add(summary.section(), index),
            Dimension::Language => groups.add(language_of(summary, config), index),
        }
    }
    let mut found: Vec<(String, Vec<usize>)> = groups.found.into_iter().map(Group::named).collect();
    found.sort_by_cached_key(|(value, _)| folded(value));
    found
}

/// A value as a part of a path. A section is a path of its own, `news/2024`; any other value is one part of a path, unless
/// the site's generator has it otherwise.
fn in_path(dimension: Dimension, value: &str, config: &Config) -> String {
    let of_site = config.site.as_ref().filter(|_| dimension != Dimension::Language);
    if let Some(term) = of_site.and_then(|site| site.term(value)) {
        return term;
    }
    match dimension {
        Dimension::Section => value.split('/').map(address_safe).collect::<Vec<_>>().join("/"),
        _ => address_safe(value),
    }
}

/// Entries by value. The path of a spelling that was met before is not made again.
struct Groups<'a, 'f> {
    path: &'f dyn Fn(&str) -> String,
    found: Vec<Group<'a>>,
    by_path: HashMap<String, usize>,
    /// The group, and the place of the spelling in it.
    by_spelling: HashMap<&'a str, (usize, usize)>,
}

/// The entries of values that become one path.
#[derive(Default)]
struct Group<'a> {
    /// Spellings of it in articles, and how many have each, in the order in which they were met.
    spellings: Vec<(&'a str, usize)>,
    entries: Vec<usize>,
}

impl<'a> Groups<'a, '_> {
    fn add(&mut self, value: &'a str, entry: usize) {
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        let (group, spelling) = *self.by_spelling.entry(value).or_insert_with(|| {
            let group = *self.by_path.entry((self.path)(value).to_lowercase()).or_insert_with(|| {
                self.found.push(Group::default());
                self.found.len() - 1
            });
            let spellings = &mut self.found[group].spellings;
            spellings.push((value, 0));
            (group, spellings.len() - 1)
        });
        let group = &mut self.found[group];
        group.spellings[spelling].1 += 1;
        if group.entries.last() != Some(&entry) {
            group.entries.push(entry);
        }
    }
}

impl Group<'_> {
    /// With the spelling of most articles; of several, that of the newest.
    fn named(self) -> (String, Vec<usize>) {
        let most = self.spellings.iter().rev().max_by_key(|(_, count)| *count);
        (most.map_or_else(String::new, |(value, _)| (*value).to_owned()), self.entries)
    }
}

fn selection<'a>(
    config: &Config,
    feed: &'a FeedConfig,
    value: Option<(Dimension, String)>,
    mut entries: Vec<usize>,
) -> Selection<'a> {
    entries.truncate(feed.entries);
    let with_value = |pattern: &str, fit: &dyn Fn(&str) -> String| match &value {
        None => pattern.to_owned(),
        Some((dimension, value)) => pattern.replace(&format!("{{{}}}", dimension.name()), &fit(value)),
    };
    let fit = |name: &str| value.as_ref().map_or_else(String::new, |(of, _)| in_path(*of, name, config));
    let name = with_value(&feed.name, &fit);
    let file = |format: &Format| Some((*format, with_value(&feed.document(*format)?, &fit)));
    let files: BTreeMap<Format, String> = feed.formats.iter().filter_map(file).collect();
    let title = match (&feed.title, &value) {
        (Some(title), _) => with_value(title, &str::to_owned),
        (None, Some((_, value))) => format!("{}: {value}", config.publication.title),
        (None, None) => config.publication.title.to_string(),
    };
    let language = match (&value, feed.wanted.languages.as_slice()) {
        (Some((Dimension::Language, language)), _) | (_, [language]) => language_tag(language),
        _ => config.publication.language.clone(),
    };
    let published = PublishedFeed {
        title: Text::new(&title),
        description: feed.description.clone(),
        language,
        hubs: feed.hubs.clone(),
        documents: files.into_iter().map(|(format, file)| document(config, format, &file)).collect(),
        entries: entries.len(),
        full: entries.len() >= feed.entries,
        name,
        value,
    };
    Selection { config: feed, feed: published, entries }
}

/// A language as it is usually spelt: `zh_cn` is `zh-CN`.
fn language_tag(language: &str) -> Text {
    let tag = oxilangtag::LanguageTag::parse_and_normalize(&language.replace('_', "-"));
    tag.map_or_else(|_| Text::new(language), |tag| Text::new(tag.as_str()))
}

/// A document whose file is `file`, below the folder of the feeds.
fn document(config: &Config, format: Format, file: &str) -> FeedDocument {
    let path = format!("{}{file}", config.feeds_folder());
    FeedDocument { format, role: Role::Subscription, path, url: config.feed_url(file) }
}

/// The owner of a document at that path, above it or below it.
fn in_the_way<'t>(taken: &'t BTreeMap<String, String>, path: &str) -> Option<&'t String> {
    let above = || path.match_indices('/').find_map(|(end, _)| taken.get(&path[..end]));
    let folder = format!("{path}/");
    let below = || taken.range(folder.clone()..).next().filter(|(other, _)| other.starts_with(&folder));
    taken.get(path).or_else(above).or_else(|| below().map(|(_, owner)| owner))
}

fn reserved(title: &str, what: &str, path: &str) -> Diagnostic {
    let message = format!("`{title}` would be written over {what}");
    Diagnostic::new(Rule::ReservedPath, crate::config::FILE, message)
        .label(format!("`{path}` is not written"))
        .help(
            "give the feed another `name` or other `files`, or put the feeds into a folder of their own with `path` in \
             `[feeds]`",
        )
}

fn colliding(title: &str, owner: &str, path: &str) -> Diagnostic {
    let message = format!("`{title}` and `{owner}` would both be written to `{path}`");
    Diagnostic::new(Rule::CollidingFeeds, crate::config::FILE, message)
        .label(format!("only `{owner}` is"))
        .help("give one of them another `name` or other `files`")
}

/// Removes documents that would be written over each other, of which the first keeps the file, or over what is not a feed.
fn drop_colliding(config: &Config, selections: &mut Vec<Selection<'_>>) -> (Vec<Displaced>, Vec<Diagnostic>) {
    let (mut displaced, mut diagnostics) = (Vec::new(), Vec::new());
    // File systems that fold case would take `Rss.xml` for `rss.xml`.
    let mut taken = BTreeMap::from([(config.opml.to_lowercase(), "the list of feeds".to_owned())]);
    let feeds = config.feeds_folder();
    selections.retain_mut(|selection| {
        let title = selection.feed.title.to_string();
        selection.feed.documents.retain(|document| {
            let path = document.path.strip_prefix(&feeds).unwrap_or(&document.path);
            let folded = path.to_lowercase();
            if let Some(what) = config.reserved(&document.path) {
                diagnostics.push(reserved(&title, what, path));
                return false;
            }
            if let Some(owner) = in_the_way(&taken, &folded) {
                displaced.push(Displaced {
                    path: document.path.clone(),
                    entries: selection.entries.clone(),
                    diagnostic: colliding(&title, owner, path),
                });
                return false;
            }
            taken.insert(folded, title.clone());
            true
        });
        !selection.feed.documents.is_empty()
    });
    (displaced, diagnostics)
}
