//! The articles that links mean.

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use url::Url;

use super::Options;
use super::path::joined;
use crate::article::{ArticleSummary, Visibility};
use crate::config::Config;

/// Addresses of articles by all names that links may use. Few feeds hold links that are looked up here, so the tables
/// are made for the first.
pub(super) struct Links<'a> {
    summaries: &'a [ArticleSummary<'a>],
    config: &'a Config,
    options: Options,
    by_name: OnceLock<HashMap<&'a str, ArticleSummary<'a>>>,
    /// A name that two articles share means neither.
    by_stem: OnceLock<HashMap<&'a str, Option<ArticleSummary<'a>>>>,
}

impl<'a> Links<'a> {
    pub(super) fn new(summaries: &'a [ArticleSummary<'a>], config: &'a Config, options: Options) -> Self {
        Self { summaries, config, options, by_name: OnceLock::new(), by_stem: OnceLock::new() }
    }

    /// The address of the article that `name` means in a link of the article called `from`.
    pub(super) fn find(&self, name: &str, from: &str) -> Option<Url> {
        let (name, fragment) =
            name.split_once('#').map_or((name, None), |(name, fragment)| (name, Some(fragment)));
        let name = name.trim().trim_end_matches('/');
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let rooted = joined("", name.trim_start_matches('/'));
        let beside = joined(folder, name).filter(|_| !name.starts_with('/'));
        let names = [beside, rooted];
        let by_name = names.iter().flatten().find_map(|name| self.by_name(name));
        let by_stem = || {
            let last = name.rsplit('/').next().unwrap_or_default();
            let stem = last.strip_suffix(".md").unwrap_or(last);
            self.by_stem(stem).filter(|_| !stem.is_empty())
        };
        let mut url = address_of(by_name.or_else(by_stem)?, self.config);
        url.set_fragment(fragment);
        Some(url)
    }

    /// The articles that everybody may know of: neither drafts, nor those that are not yet due, nor expired ones.
    fn visible(&self) -> impl Iterator<Item = ArticleSummary<'a>> {
        let Options { now, preview, .. } = self.options;
        let is_out = move |summary: &ArticleSummary<'_>| {
            let due = summary.published().max(summary.due());
            (preview.future || due.is_none_or(|due| due <= now))
                && summary.expires().is_none_or(|expires| expires > now)
        };
        let shown =
            |visibility| matches!(visibility, Visibility::Public | Visibility::Unlisted | Visibility::Page);
        self.summaries.iter().copied().filter(move |summary| shown(summary.visibility()) && is_out(summary))
    }

    fn by_name(&self, name: &str) -> Option<ArticleSummary<'a>> {
        let table = || {
            let mut table = HashMap::with_capacity(2 * self.summaries.len());
            for summary in self.visible() {
                let (stem, bundle) = stems(summary);
                let names = [Some(summary.name()), Some(stem), bundle].into_iter().flatten();
                table.extend(names.map(|name| (name, summary)));
            }
            table
        };
        self.by_name.get_or_init(table).get(name).copied()
    }

    fn by_stem(&self, stem: &str) -> Option<ArticleSummary<'a>> {
        let table = || {
            let mut table = HashMap::with_capacity(2 * self.summaries.len());
            for summary in self.visible() {
                let (stem, bundle) = stems(summary);
                let last = bundle.unwrap_or(stem).rsplit('/').next().unwrap_or_default();
                for name in BTreeSet::from([last, summary.slug()]) {
                    table.entry(name).and_modify(|known| *known = None).or_insert(Some(summary));
                }
            }
            table
        };
        self.by_stem.get_or_init(table).get(stem).copied().flatten()
    }
}

/// URL of an article.
pub(super) fn address_of(summary: ArticleSummary<'_>, config: &Config) -> Url {
    // It was an address when the summary was written.
    Url::parse(summary.permalink()).unwrap_or_else(|_| config.publication.home.clone())
}

/// The name of an article without extension, and without the `/index` of a bundle.
fn stems(summary: ArticleSummary<'_>) -> (&str, Option<&str>) {
    let name = summary.name();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    (stem, stem.strip_suffix("/index").or_else(|| stem.strip_suffix("/_index")))
}
