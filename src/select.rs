//! Which articles are published, in which feeds, and in what order.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use url::Url;

use crate::article::{Article, Visibility};
use crate::config::{Conditions, Config, Dimension, FeedConfig, address_safe};
use crate::diagnostic::{Diagnostic, Rule};
use crate::feed::Text;
use crate::format::Format;
use crate::ledger::Identity;

/// What is let in beside published articles.
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
    /// It has no date.
    Undated,
    /// It is due then.
    Until(DateTime<Utc>),
    /// It was due until then.
    Since(DateTime<Utc>),
}

/// Whether an article may be published at `now`.
///
/// # Errors
///
/// Why it may not.
pub fn admit(article: &Article, now: DateTime<Utc>, preview: Preview) -> Result<(), Withheld> {
    match article.visibility {
        Visibility::Draft if !preview.drafts => return Err(Withheld::Draft),
        Visibility::Unlisted | Visibility::Page => return Err(Withheld::Unlisted),
        Visibility::Private => return Err(Withheld::Private),
        Visibility::Faulty => return Err(Withheld::Faulty),
        Visibility::Public | Visibility::Draft => {}
    }
    if let Some(expires) = article.expires.filter(|expires| *expires <= now) {
        return Err(Withheld::Since(expires));
    }
    // Comes last: where undated articles get the date of their first build, nothing else is in their way.
    let published = article.published.ok_or(Withheld::Undated)?;
    if published > now && !preview.future {
        return Err(Withheld::Until(published));
    }
    Ok(())
}

/// An article that may be published, with all that a feed asks of it.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// What its author says.
    pub article: Article,
    /// What readers know it by.
    pub identity: Identity,
    /// Where it is on the web.
    pub permalink: Url,
}

/// A feed with its entries chosen.
#[derive(Clone, Debug)]
pub struct Selection<'a> {
    /// As configured; its names and titles may still hold `{tag}` and the like.
    pub config: &'a FeedConfig,
    /// Its folder below that of the feeds; `""` for the main feed.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// What it is for, if it is one for each of something.
    pub value: Option<(Dimension, String)>,
    /// Where its documents go, below the folder of the feeds.
    pub paths: BTreeMap<Format, String>,
    /// Its entries as indices of the candidates, newest first.
    pub entries: Vec<usize>,
}

/// The feeds of a publication with their entries. Feeds that would share a file are diagnosed, and only the first
/// is kept.
pub fn select<'a>(config: &'a Config, candidates: &[Candidate]) -> (Vec<Selection<'a>>, Vec<Diagnostic>) {
    let newest_first = newest_first(candidates);
    let mut selections = Vec::new();
    for feed in &config.feeds {
        let belongs = |index: &usize| belongs(feed, &candidates[*index], config);
        let entries: Vec<usize> = newest_first.iter().copied().filter(belongs).collect();
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
    let diagnostics = drop_colliding(&mut selections);
    (selections, diagnostics)
}

/// Newest first; those of one instant in the order of their ids, so that the order never depends on file names.
fn newest_first(candidates: &[Candidate]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    let key = |index: usize| &candidates[index].identity;
    order.sort_by(|&a, &b| key(b).published.cmp(&key(a).published).then_with(|| key(a).id.cmp(&key(b).id)));
    order
}

fn belongs(feed: &FeedConfig, candidate: &Candidate, config: &Config) -> bool {
    let holds = |conditions: &Conditions| holds(conditions, candidate, config);
    holds(&feed.wanted) && !feed.unwanted.iter().any(holds)
}

fn holds(conditions: &Conditions, candidate: &Candidate, config: &Config) -> bool {
    let article = &candidate.article;
    let any = |wanted: &[String], matches: &dyn Fn(&str) -> bool| {
        wanted.is_empty() || wanted.iter().any(|word| matches(&folded(word)))
    };
    let among = |words: &[String], word: &str| words.iter().any(|stated| folded(stated) == word);
    let section = folded(&article.section);
    let language = language_of(article, config).to_lowercase();
    any(&conditions.tags, &|tag| among(&article.tags, tag))
        && any(&conditions.categories, &|category| among(&article.categories, category))
        && any(&conditions.authors, &|author| {
            authors_of(article, config).iter().any(|name| folded(name) == author)
        })
        && any(&conditions.sections, &|wanted| is_in(&section, wanted.trim_matches('/')))
        && any(&conditions.languages, &|wanted| {
            language == wanted || language.starts_with(&format!("{wanted}-"))
        })
        && conditions.paths.as_ref().is_none_or(|paths| paths.matches(&article.name))
        && conditions.after.is_none_or(|after| candidate.identity.published >= after)
        && conditions.before.is_none_or(|before| candidate.identity.published < before)
        && conditions.enclosure.is_none_or(|wanted| wanted != article.enclosures.is_empty())
}

fn is_in(section: &str, wanted: &str) -> bool {
    section == wanted || section.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('/'))
}

/// Words that differ only in case or spacing are one tag to everybody but a computer.
fn folded(word: &str) -> String {
    word.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn language_of<'a>(article: &'a Article, config: &'a Config) -> &'a str {
    article.language.as_deref().unwrap_or(config.publication.language.as_str())
}

fn authors_of<'a>(article: &'a Article, config: &'a Config) -> Vec<&'a str> {
    if article.authors.is_empty() {
        return config.publication.authors.iter().map(|author| author.name.as_str()).collect();
    }
    article.authors.iter().map(|author| author.name.as_str()).collect()
}

/// The entries of each value, in the order of the values. A value is shown as its newest article spells it.
fn by_value(
    dimension: Dimension,
    entries: &[usize],
    candidates: &[Candidate],
    config: &Config,
) -> Vec<(String, Vec<usize>)> {
    let mut values: BTreeMap<String, (String, Vec<usize>)> = BTreeMap::new();
    for &index in entries {
        let article = &candidates[index].article;
        let stated: Vec<&str> = match dimension {
            Dimension::Tag => article.tags.iter().map(String::as_str).collect(),
            Dimension::Category => article.categories.iter().map(String::as_str).collect(),
            Dimension::Author => authors_of(article, config),
            Dimension::Section => vec![article.section.as_str()],
            Dimension::Language => vec![language_of(article, config)],
        };
        for value in stated.into_iter().filter(|value| !value.trim().is_empty()) {
            let (_, entries) =
                values.entry(folded(value)).or_insert_with(|| (value.trim().to_owned(), Vec::new()));
            if entries.last() != Some(&index) {
                entries.push(index);
            }
        }
    }
    values.into_values().collect()
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
    // A section is a path of its own, `news/2024`; any other value is one part of a path.
    let in_path = |name: &str| match value {
        Some((Dimension::Section, _)) => name.split('/').map(address_safe).collect::<Vec<_>>().join("/"),
        _ => address_safe(name),
    };
    let name = with_value(&feed.name, &in_path);
    let below_name = |file: &String| {
        let file = with_value(file, &in_path);
        if name.is_empty() { file } else { format!("{name}/{file}") }
    };
    let paths = feed
        .formats
        .iter()
        .filter_map(|format| Some((*format, below_name(feed.files.get(format)?))))
        .collect();
    let title = match (&feed.title, &value) {
        (Some(title), _) => with_value(title, &str::to_owned),
        (None, Some((_, value))) => format!("{}: {value}", config.publication.title),
        (None, None) => config.publication.title.to_string(),
    };
    Selection { config: feed, name, title: Text::new(&title), value, paths, entries }
}

/// Two feeds must never overwrite each other: the first keeps the file.
fn drop_colliding(selections: &mut Vec<Selection<'_>>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    // File systems that fold case would take `Rss.xml` for `rss.xml`.
    let mut taken: BTreeMap<String, String> = BTreeMap::new();
    selections.retain_mut(|selection| {
        let title = selection.title.to_string();
        selection.paths.retain(|_, path| {
            let folded = path.to_lowercase();
            if let Some(owner) = taken.get(&folded) {
                let message = format!("`{title}` and `{owner}` would both be written to `{path}`");
                diagnostics.push(
                    Diagnostic::new(Rule::CollidingFeeds, crate::config::FILE, message)
                        .label(format!("only `{owner}` is"))
                        .help("give one of them another `name` or other `files`"),
                );
                return false;
            }
            taken.insert(folded, title.clone());
            true
        });
        !selection.paths.is_empty()
    });
    diagnostics
}
