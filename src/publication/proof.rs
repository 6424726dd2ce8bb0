//! The proof of where articles are on the web: the pages that the site's own generator has built.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use chrono_tz::Tz;
use url::Url;

use super::catalogue::Articles;
use super::links::address_of;
use super::{Options, identities};
use crate::article::{ArticleSummary, Foreign};
use crate::built_site::{BuiltSite, Evidence, Location, Sought};
use crate::cache;
use crate::config::{self, Absent, Config, Site};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::ledger::{Ledger, Undated, path_of};
use crate::select::{self, Preview, Withheld};
use crate::store::{self, Listing, Store};

/// More articles than this that are elsewhere are reported together: it is a rule that is wrong, not so many articles.
const SHOWN: usize = 20;

/// Findings in the built site, for all articles.
#[derive(Default)]
pub(super) struct Proof {
    /// `None` where there is none.
    pub(super) site: Option<BuiltSite>,
    /// The summaries of articles that are elsewhere, or on no page, by the index of the article.
    pub(super) rewritten: Vec<(usize, Vec<u8>)>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The number of articles that were looked up.
    pub(super) looked_up: usize,
    /// The number of those that are elsewhere, or on no page.
    pub(super) amiss: usize,
}

/// The pages of the built site as they are listed; `None` where the publication has none.
///
/// # Errors
///
/// If the folder of the built site is there and cannot be read.
pub(super) fn list(store: &dyn Store, config: &Config) -> Result<Option<Listing>, store::Error> {
    let Some(Site { path, .. }) = &config.articles.site else { return Ok(None) };
    let mut ours: HashSet<String> = cache::documents_of_last_build(store).into_iter().collect();
    ours.extend(config.page.iter().map(|page| format!("{}{}", config.feeds_folder(), page.path)));
    match BuiltSite::list(store, path, |path| ours.contains(path)) {
        Ok(listing) => Ok(Some(listing)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Looks up the articles that may be published in the built site, which is listed.
pub(super) fn prove(
    store: &dyn Store,
    config: &Config,
    ledger: &Ledger,
    summaries: &[ArticleSummary<'_>],
    listing: Option<&Listing>,
    options: Options,
) -> Proof {
    let Some(built) = &config.articles.site else {
        return Proof { rewritten: at_remembered_permalinks(ledger, summaries), ..Proof::default() };
    };
    let Some(listing) = listing.filter(|listing| !listing.files.is_empty()) else {
        return remembered(built, ledger, summaries);
    };
    let (site, diagnostics) = BuiltSite::read(store, &built.path, listing, &config.publication.home);
    let mut proof = Proof { diagnostics, ..Proof::default() };
    let articles = published(summaries, config, ledger, options);
    let sought: Vec<Sought<'_>> = articles.iter().map(Published::sought).collect();
    let locations = site.locate(&sought);
    let absent = locations.iter().filter(|location| **location == Location::Absent).count();
    let there = locations.len() - absent;
    // A site that has few of the articles is another one, or was built long ago: it says nothing of those it lacks.
    let withholds = built.absent == Absent::Withhold && there > 0 && absent <= there;
    let is_amiss = |location: &&Location| {
        !matches!(location, Location::There | Location::Outside | Location::Elsewhere(_, Evidence::Form))
    };
    proof.amiss = locations.iter().filter(is_amiss).count();
    proof.looked_up = locations.len();
    proof.judge(&articles, locations, withholds);
    proof.site = Some(site);
    proof
}

/// An article that may be published, with what pages are compared with.
struct Published<'a> {
    index: usize,
    summary: ArticleSummary<'a>,
    url: Url,
    remembered: Option<Url>,
    day: Option<NaiveDate>,
    language: &'a str,
}

impl Published<'_> {
    fn sought(&self) -> Sought<'_> {
        let Self { summary, url, remembered, day, language, .. } = self;
        let (title, slug) = (summary.title(), summary.slug());
        let (id, remembered) = (summary.id(), remembered.as_ref());
        Sought { url, remembered, id, title, slug, published: *day, language }
    }
}

/// The articles that are published without any preview: no site has drafts.
fn published<'a>(
    summaries: &[ArticleSummary<'a>],
    config: &'a Config,
    ledger: &Ledger,
    options: Options,
) -> Vec<Published<'a>> {
    let located = located(ledger);
    let first_seen = config.articles.dates.undated == Undated::FirstSeen;
    let timezone: Tz = config.publication.timezone;
    let is_published =
        |summary: ArticleSummary<'_>| match select::admit(summary, options.now, Preview::default()) {
            Err(Withheld::Undated) => first_seen,
            admitted => admitted.is_ok(),
        };
    let published = summaries.iter().enumerate().filter(|(_, summary)| is_published(**summary));
    let published = published.map(|(index, &summary)| Published {
        index,
        summary,
        url: address_of(summary, config),
        remembered: located.get(&*path_of(summary)).and_then(|url| Url::parse(url).ok()),
        day: summary.published().map(|date| date.with_timezone(&timezone).date_naive()),
        language: summary.language().unwrap_or(config.publication.language.as_str()),
    });
    published.collect()
}

/// The permalinks that built sites have shown, by the paths of articles.
fn located(ledger: &Ledger) -> HashMap<&str, &str> {
    let located = ledger.located().filter(|record| record.gone.is_none());
    located.map(|record| (record.path, record.permalink)).collect()
}

/// The articles that a built site has shown elsewhere, or that keep the URL of an adopted feed, at that permalink. What
/// an article states itself comes first.
fn at_remembered_permalinks(ledger: &Ledger, summaries: &[ArticleSummary<'_>]) -> Vec<(usize, Vec<u8>)> {
    let located = located(ledger);
    if located.is_empty() {
        return Vec::new();
    }
    let articles = summaries.iter().enumerate().filter(|(_, summary)| !summary.states_address());
    let at_permalink = |(index, summary): (usize, &ArticleSummary<'_>)| {
        Some((index, summary.located(located.get(&*path_of(*summary))?)))
    };
    articles.filter_map(at_permalink).collect()
}

/// Findings where there is no built site, as on a machine that only makes feeds: articles stay where the last
/// one had them.
fn remembered(built: &Site, ledger: &Ledger, summaries: &[ArticleSummary<'_>]) -> Proof {
    let mut proof = Proof { rewritten: at_remembered_permalinks(ledger, summaries), ..Proof::default() };
    let message = format!("there are no pages in `{}`, so the URLs of articles are not checked", built.path);
    let mut diagnostic = Diagnostic::new(Rule::AbsentPage, config::FILE, message)
        .help("build the site first; or take `site` out of `[articles]`");
    diagnostic.severity = Severity::Note;
    proof.diagnostics.push(diagnostic);
    proof
}

impl Proof {
    /// The articles as the built site proves them: where they are, and which of them there are.
    pub(super) fn applied_to<'a>(&'a self, mut articles: Articles<'a>) -> Articles<'a> {
        articles.diagnostics.extend(self.diagnostics.iter().cloned());
        articles.summaries = identities::with(&articles.summaries, &self.rewritten);
        articles
    }

    /// `true` if the built site has a page at a URL, and not only a redirect.
    pub(super) fn has_page(&self, url: &Url) -> bool {
        self.site.as_ref().is_some_and(|site| site.has_page(url))
    }

    /// Path and bytes to write, so that the next build need not read all pages again; `None` if nothing
    /// changed.
    pub(super) fn to_remember(&self) -> Option<(&str, &[u8])> {
        self.site.as_ref().and_then(BuiltSite::to_remember)
    }

    fn judge(&mut self, articles: &[Published<'_>], locations: Vec<Location>, withholds: bool) {
        let mut elsewhere = Vec::new();
        for (article, location) in articles.iter().zip(locations) {
            let Published { index, summary, url, .. } = article;
            match location {
                Location::There | Location::Outside => {}
                Location::Elsewhere(found, evidence) => {
                    self.rewritten.push((*index, summary.located(found.as_str())));
                    if evidence != Evidence::Form {
                        elsewhere.push(is_elsewhere(article, &found, evidence));
                    }
                }
                Location::Ambiguous(pages) => self.diagnostics.push(is_one_of(article, &pages)),
                Location::Absent if withholds || Foreign::of(summary.path()).is_some() => {
                    self.rewritten.push((*index, summary.absent()));
                    self.diagnostics.push(
                        absent(summary.path(), format!("the built site has no page of this article, nor anything at {url}"))
                            .label("withheld from all feeds, as its generator withholds it")
                            .help("build the site first; or, if it is built later, set `absent = \"publish\"` in `[articles]`"),
                    );
                }
                Location::Absent => self.diagnostics.push(
                    absent(summary.path(), format!("the built site has no page at {url}"))
                        .label("published with this URL all the same"),
                ),
            }
        }
        match elsewhere.len() {
            0..=SHOWN => self.diagnostics.append(&mut elsewhere),
            count => self.diagnostics.extend(elsewhere.into_iter().next().map(|first| {
                let message = format!(
                    "{count} articles are at other URLs than `[articles]` says; of `{}`, {}",
                    first.path, first.message
                );
                absent(config::FILE, message)
                    .label("links lead to the pages that the built site has")
                    .help("set `permalink` in `[articles]` to what the site's generator does")
            })),
        }
    }
}

fn absent(path: &str, message: String) -> Diagnostic {
    Diagnostic::new(Rule::AbsentPage, path, message)
}

fn is_elsewhere(article: &Published<'_>, found: &Url, evidence: Evidence) -> Diagnostic {
    let by = match evidence {
        Evidence::Form | Evidence::Stated => "the URL that the page states",
        Evidence::Feed => "an entry of the site's own feed",
        Evidence::Remembered => "what the ledger remembers",
        Evidence::Redirect => "the redirect on that page",
        Evidence::Spelling => "its URL, which differs only in spelling",
        Evidence::Title => "its title and date",
        Evidence::Slug => "the end of its URL and its date",
    };
    let message = format!("the built site has no page at {}; this article is at {found}", article.url);
    absent(article.summary.path(), message).label(format!("links lead to that page, found by {by}")).help(
        "set `permalink` in `[articles]` to what the site's generator does, or state the article's `url`",
    )
}

fn is_one_of(article: &Published<'_>, pages: &[Url]) -> Diagnostic {
    let message = format!("the built site has no page at {}", article.url);
    let pages: Vec<&str> = pages.iter().take(3).map(Url::as_str).collect();
    absent(article.summary.path(), message)
        .label(format!("published with this URL all the same; its page may be {}", pages.join(" or ")))
        .help("state the article's `url`")
}
