//! Takes over the ids of a feed that people are subscribed to already, so that a migration re-announces nothing.
//!
//! [`follow`] reads the old feed with all its pages, [`match_entries`] finds the article of each entry, and [`adopt`]
//! pins the entry's id in the ledger, to the letter. It fetches nothing itself and writes nothing but the ledger it is
//! given.

mod feed_id;
mod matching;
mod old_feed;
mod pages;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, SubsecRound as _, Utc};
use chrono_tz::Tz;
use url::Url;

use crate::article::{ArticleSummary, Visibility};
use crate::config::Config;
use crate::feed::Text;
use crate::ledger::{self, Ledger, Record};

pub use feed_id::{feed_id, with_feed_id};
pub use matching::{How, Match, Target, match_entries};
pub use old_feed::{OldEntry, OldFeed, Unreadable, read};
pub use pages::{Error, Followed, Following, Get, follow};

/// The outcome for all entries of the old feeds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adoption {
    /// Each entry, in the order of the feeds.
    pub entries: Vec<(OldEntry, Fate)>,
    /// Paths of published articles that no entry was found to be.
    pub alone: Vec<String>,
    /// Articles that were found and have another URL than their entry, in the order of the feeds.
    pub elsewhere: Vec<Elsewhere>,
}

/// An article that is published at another URL of the site than its subscribers have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// Relative to the publication.
    pub path: String,
    /// Its permalink.
    pub url: Url,
    /// The URL in the feed.
    pub feed_url: Url,
    /// True if the ledger keeps the URL of the feed from now on: see [`Request::addresses`].
    pub is_kept: bool,
}

/// The outcome for one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The article at this path has its id from now on.
    Adopted {
        /// Relative to the publication.
        path: String,
        /// The way in which it was found.
        how: How,
        /// The article's own date, where it is another day than the feed's and was therefore preferred.
        own_date: Option<DateTime<Utc>>,
    },
    /// The article at this path has its id already.
    Kept {
        /// Relative to the publication.
        path: String,
        /// The way in which it was found.
        how: How,
    },
    /// It is the article at this path, which cannot have its id.
    Refused {
        /// Relative to the publication.
        path: String,
        /// The way in which it was found.
        how: How,
        /// Why not.
        conflict: Conflict,
    },
    /// It can be any of the articles at these paths.
    Ambiguous(Vec<String>),
    /// There is no such article.
    Unmatched,
}

/// The reason why an article cannot have the id of an entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// A feed that was given before has it under this id.
    #[error("a feed that was given before has it under the id `{0}`")]
    EarlierFeed(String),
    /// Its author gives it this id.
    #[error("its author gives it the id `{0}`")]
    StatedId(String),
    /// It is published already, under this id.
    #[error("it is published already under the id `{0}`")]
    PublishedAs(String),
    /// The article at this path has the id of the entry.
    #[error("`{0}` has this id already")]
    IdOf(String),
    /// No feed of ours could say the id as it is.
    #[error("its id has white space or characters that no feed may contain")]
    UnfitId,
    /// Neither the article nor the entry has a date.
    #[error("neither the article nor the feed says when it was published")]
    Undated,
}

impl Conflict {
    /// Advice: one thing to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::EarlierFeed(_) => {
                "an article has one id in all formats: give the feed first that most people read"
            }
            Self::StatedId(_) => "take the id out of its front matter, or write the old one there",
            Self::PublishedAs(_) => "if nobody reads the new feeds yet, `--force` replaces it",
            Self::IdOf(_) => "find out which of the two was in the old feed",
            Self::UnfitId => "its readers will see it once more",
            Self::Undated => "give the article a date",
        }
    }
}

/// The feeds to adopt, and the articles that may be their entries.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The old feeds. If two of them have different ids for an article, the first wins.
    pub feeds: &'a [OldFeed],
    /// The summaries of all articles.
    pub articles: &'a [ArticleSummary<'a>],
    /// Of the publication.
    pub config: &'a Config,
    /// Replaces ids under which articles are published already. They stay in the ledger, marked gone, and no article
    /// gets them again.
    pub force: bool,
    /// Keeps the URLs of the feeds for articles that would have others and do not state one themselves.
    pub addresses: bool,
    /// The clock.
    pub now: DateTime<Utc>,
}

/// Finds the articles of the feeds' entries and pins their ids in the ledger.
pub fn adopt(request: Request<'_>, ledger: &mut Ledger) -> Adoption {
    let Request { feeds, config, .. } = request;
    let is_article = |summary: &ArticleSummary<'_>| {
        !matches!(summary.visibility(), Visibility::Page | Visibility::Unreadable)
    };
    let articles: Vec<ArticleSummary<'_>> = request.articles.iter().copied().filter(is_article).collect();
    let mut pinning = Pinning::new(request, ledger);
    let targets: Vec<Target> = articles.iter().map(|summary| pinning.target(*summary)).collect();
    let mut adoption = Adoption::default();
    let mut met = BTreeSet::new();
    let path_of = |index: usize| articles.get(index).map(|summary| summary.path().to_owned());
    for feed in feeds {
        let matches = match_entries(&feed.entries, &targets, config.publication.timezone);
        for (entry, found) in feed.entries.iter().zip(matches) {
            let fate = match found {
                Match::Found(index, how) => match articles.get(index) {
                    Some(summary) => {
                        let elsewhere = pinning.elsewhere(entry, *summary).filter(|_| met.insert(index));
                        met.insert(index);
                        let fate = pinning.pin(entry, *summary, how);
                        let is_its_own = matches!(fate, Fate::Adopted { .. } | Fate::Kept { .. });
                        let keeps = request.addresses && is_its_own && !summary.states_address();
                        adoption
                            .elsewhere
                            .extend(elsewhere.map(|found| pinning.settle_url(found, &entry.id, keeps)));
                        fate
                    }
                    None => Fate::Unmatched,
                },
                Match::Ambiguous(indices) => {
                    Fate::Ambiguous(indices.into_iter().filter_map(path_of).collect())
                }
                Match::None => Fate::Unmatched,
            };
            adoption.entries.push((entry.clone(), fate));
        }
    }
    let alone = articles.iter().enumerate().filter(|(index, _)| !met.contains(index));
    let alone = alone.filter(|(_, summary)| summary.visibility() == Visibility::Public);
    adoption.alone = alone.map(|(_, summary)| summary.path().to_owned()).collect();
    adoption
}

/// Pins ids in the ledger.
struct Pinning<'a> {
    ledger: &'a mut Ledger,
    config: &'a Config,
    force: bool,
    now: DateTime<Utc>,
    /// The id of each path in the ledger.
    ids: BTreeMap<String, String>,
    /// The path of each article that states an id, by that id.
    stated: BTreeMap<String, String>,
    /// Paths whose id was pinned in this run.
    pinned: BTreeSet<String>,
}

impl<'a> Pinning<'a> {
    fn new(Request { articles, config, force, now, .. }: Request<'a>, ledger: &'a mut Ledger) -> Self {
        let mut records: Vec<Record<&str>> = ledger.records().collect();
        // Of an article that went and one that came to its place, the last counts.
        records.sort_by_key(|record| record.gone.is_none());
        let ids = records.into_iter().map(|record| (record.path.to_owned(), record.id.to_owned())).collect();
        let stated = articles.iter().filter_map(|summary| {
            let id = config.authority.id_as_stated(summary.id()?)?;
            Some((id, name(*summary)))
        });
        Self { ledger, config, force, now, ids, stated: stated.collect(), pinned: BTreeSet::new() }
    }

    /// The article as it can be found in an old feed.
    fn target(&self, summary: ArticleSummary<'_>) -> Target {
        let home = &self.config.publication.home;
        let record = self.ids.get(&name(summary)).and_then(|id| self.ledger.get(id));
        let former = record.into_iter().flat_map(|record| {
            let permalink = record.permalink;
            record.former.into_iter().chain([permalink])
        });
        let mut addresses: Vec<Url> = Url::parse(summary.permalink()).into_iter().collect();
        for address in summary.aliases().chain(summary.canonical()).chain(former) {
            // An alias begins at the home or at the host; where the home has no path, both are the same.
            let below_home = format!("./{}", address.trim_start_matches('/'));
            let found = [home.join(address), home.join(&below_home)].into_iter().flatten();
            addresses.extend(found.filter(crate::fetch::is_web));
        }
        Target { addresses, title: summary.title().map(str::to_owned), published: summary.published() }
    }

    /// The two URLs of an article, if they are not the same page of the site. An entry on another host says nothing:
    /// the site has moved.
    fn elsewhere(&self, entry: &OldEntry, summary: ArticleSummary<'_>) -> Option<Elsewhere> {
        let home = matching::host(&self.config.publication.home);
        let url = Url::parse(summary.permalink()).ok()?;
        let is_url = |address: &&String| **address != entry.id || entry.id_is_permalink;
        let feed_urls = entry.addresses.iter().filter(is_url).filter_map(|address| Url::parse(address).ok());
        let feed_url = feed_urls.into_iter().find(|url| matching::host(url) == home)?;
        let is_same = matching::page_key(&url) == matching::page_key(&feed_url);
        let path = || summary.path().to_owned();
        (!is_same).then(|| Elsewhere { path: path(), url, feed_url, is_kept: false })
    }

    /// Keeps the URL of the feed for the article of that id, if it is to be kept: under the home's own host, however the
    /// feed spells it.
    fn settle_url(&mut self, elsewhere: Elsewhere, id: &str, keeps: bool) -> Elsewhere {
        let Some(record) = self.ledger.get(id).filter(|_| keeps) else { return elsewhere };
        let mut url = self.config.publication.home.clone();
        url.set_path(elsewhere.feed_url.path());
        url.set_query(elsewhere.feed_url.query());
        let mut record = Record { permalink: url.to_string(), located: true, ..record.owned() };
        record.former.retain(|former| former != url.as_str() && former != elsewhere.feed_url.as_str());
        self.ledger.insert(record);
        Elsewhere { is_kept: true, ..elsewhere }
    }

    /// Gives the article the id of the entry, if nothing speaks against it.
    fn pin(&mut self, entry: &OldEntry, summary: ArticleSummary<'_>, how: How) -> Fate {
        let (path, name) = (summary.path().to_owned(), name(summary));
        if self.ids.get(&name) == Some(&entry.id) {
            self.pinned.insert(name);
            return Fate::Kept { path, how };
        }
        if let Some(conflict) = self.conflict(entry, summary, &name) {
            return Fate::Refused { path, how, conflict };
        }
        let Some(mut record) = self.record(entry, summary) else {
            return Fate::Refused { path, how, conflict: Conflict::Undated };
        };
        if let Some(replaced) = self.ids.get(&name).and_then(|id| self.ledger.get(id)) {
            let replaced = replaced.owned();
            record.former.splice(0..0, replaced.former.clone());
            self.ledger.insert(Record { gone: Some(self.now.date_naive()), ..replaced });
        }
        let own_date = entry.published.is_some_and(|old| old != record.published).then_some(record.published);
        self.ledger.insert(record);
        self.ids.insert(name.clone(), entry.id.clone());
        self.pinned.insert(name);
        Fate::Adopted { path, how, own_date }
    }

    /// The ledger's record of an adopted article; `None` if neither side states when it was published.
    fn record(&self, entry: &OldEntry, summary: ArticleSummary<'_>) -> Option<Record> {
        let timezone = self.config.publication.timezone;
        let stated = summary.published().map(|stated| stated.trunc_subsecs(0));
        let published = settled(stated, entry.published, timezone)?;
        let updated = match summary.updated() {
            Some(stated) => settled(Some(stated.trunc_subsecs(0)), entry.updated, timezone),
            None => entry.updated,
        };
        let old = Url::parse(entry.link()).ok();
        let permalink = Url::parse(summary.permalink()).ok();
        let key = |url: &Url| matching::address_key(url);
        let moved = old.filter(|old| permalink.as_ref().map(key) != Some(key(old)));
        Some(Record {
            stated: stated.filter(|stated| *stated != published),
            updated: updated.map_or(published, |updated| updated.max(published)),
            former: moved.map(String::from).into_iter().collect(),
            id_is_permalink: entry.id_is_permalink,
            ..Record::new(&entry.id, summary, published)
        })
    }

    fn conflict(&self, entry: &OldEntry, summary: ArticleSummary<'_>, name: &str) -> Option<Conflict> {
        if Text::new(&entry.id).as_str() != entry.id {
            return Some(Conflict::UnfitId);
        }
        let stated = summary.id().and_then(|id| self.config.authority.id_as_stated(id));
        if let Some(stated) = stated.filter(|stated| *stated != entry.id) {
            return Some(Conflict::StatedId(stated));
        }
        let stated = || self.stated.get(&entry.id).map(String::as_str);
        let owner = self.ledger.get(&entry.id).map(|record| record.path).or_else(stated);
        if let Some(owner) = owner.filter(|owner| *owner != name) {
            return Some(Conflict::IdOf(owner.to_owned()));
        }
        let id = self.ids.get(name)?;
        if self.pinned.contains(name) {
            return Some(Conflict::EarlierFeed(id.clone()));
        }
        (!self.force).then(|| Conflict::PublishedAs(id.clone()))
    }
}

/// As the ledger calls it: file systems disagree about composed letters.
fn name(summary: ArticleSummary<'_>) -> String {
    ledger::path_of(summary).into_owned()
}

/// The instant that readers know, where it is on the day that the author states: a day alone is midnight to us, and
/// was noon to another program. Where the days differ, the author is right.
fn settled(stated: Option<DateTime<Utc>>, old: Option<DateTime<Utc>>, timezone: Tz) -> Option<DateTime<Utc>> {
    let day = |instant: DateTime<Utc>| instant.with_timezone(&timezone).date_naive();
    match (stated, old) {
        (Some(stated), Some(old)) if day(stated) == day(old) => Some(old),
        (stated, old) => stated.or(old),
    }
}
