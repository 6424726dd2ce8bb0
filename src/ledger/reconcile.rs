//! Pairs articles with what the ledger remembers, however they were renamed, moved, copied, exchanged or brought back.
//!
//! The order of evidence: the id that an article states; its path; for a file that is gone and one that is new, their
//! texts, dates and titles (`pairing.rs`); for a record whose file went long ago, the same at its old path. Whoever
//! is left is a new article, and gets an id that nobody ever had. A record is handed on once, and never lost: without
//! a file it stays, marked gone, so that its id does not return for another article.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, SubsecRound, Utc};
use rayon::prelude::*;

use super::dates;
use super::file::Kept;
use super::pairing::{self, Trace};
use super::paths::{Met, Paths};
use super::print::Print;
use super::record::{is_hex_of, path_of, unhex};
use super::{Authority, Identity, Ledger, PathIds, Policy, Record};
use crate::article::ArticleSummary;
use crate::diagnostic::{Diagnostic, Rule};

/// An article that is there.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// What its author says, and where it is on the web.
    pub summary: ArticleSummary<'a>,
    /// Whether it may be published. One that may not keeps its record if it has one, and gets none.
    pub admitted: bool,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reconciled<'a> {
    /// The identities of the articles, in their order; `None` for those that are not admitted.
    pub identities: Vec<Option<Identity<'a>>>,
    /// What to remember from now on.
    pub ledger: Ledger,
    /// What authors should know, as long as it is so.
    pub diagnostics: Vec<Diagnostic>,
    /// What authors should know, and are told once: the ledger then has it.
    pub news: Vec<Diagnostic>,
    /// Former and present path of articles that were found elsewhere, relative to the articles' folder.
    pub renamed: Vec<(String, String)>,
}

/// Gives each article that is admitted the identity that readers know it by, or a new one.
///
/// Ids are unique, and none that the ledger holds goes to another article than its own. `now` is the instant of the
/// build: the date of an article without one, the latest that an update can be, and the day on which records without
/// a file are marked gone. With nothing changed the ledger that comes out is the one that went in.
///
/// ```
/// use feedwright::article::{ArticleSummary, Conventions, Dialect, SourceFile, parse};
/// use feedwright::ledger::{Authority, Known, Ledger, Policy, reconcile};
/// let conventions = Conventions {
///     dialect: Dialect::Feedwright,
///     timezone: chrono_tz::UTC,
///     language: "en".into(),
///     authors: Default::default(),
/// };
/// let article = |name: &str| {
///     let bytes = b"---\ntitle: Hello\ndate: 2024-05-06\n---\nHow are you?\n";
///     parse(&SourceFile { path: name, name, bytes, ..SourceFile::default() }, &conventions).0
/// };
/// let authority = Authority { name: "example.org".into(), date: "2026".into() };
/// let now = "2026-11-22T00:00:00Z".parse().unwrap();
/// let published = |ledger: &Ledger, name: &str| {
///     let summary = ArticleSummary::write(&article(name), "https://example.org/hello/");
///     let known = [Known { summary: ArticleSummary::read(name, &summary), admitted: true }];
///     let reconciled = reconcile(ledger, &known, &authority, now, Policy::default());
///     let id = reconciled.identities[0].as_ref().unwrap().id.to_string();
///     (id, reconciled.ledger, reconciled.renamed)
/// };
/// let (before, ledger, _) = published(&Ledger::default(), "hello.md");
/// let (after, _, renamed) = published(&ledger, "greetings.md");
/// assert_eq!(before, after);
/// assert_eq!(renamed, [("hello.md".to_owned(), "greetings.md".to_owned())]);
/// ```
pub fn reconcile<'a>(
    ledger: &'a Ledger,
    known: &[Known<'_>],
    authority: &Authority,
    now: DateTime<Utc>,
    policy: Policy,
) -> Reconciled<'a> {
    let mut matching = Matching::new(ledger, known);
    matching.by_stated_id(authority);
    matching.by_path();
    matching.by_resemblance();
    matching.restore();
    matching.mint(authority);
    matching.remember(now.trunc_subsecs(0), policy)
}

/// Who is who, as far as it is known.
struct Matching<'a, 'k> {
    ledger: &'a Ledger,
    known: &'k [Known<'k>],
    /// In the order of their ids.
    records: Vec<Kept<'a>>,
    /// Of the records, and of the articles.
    prints: (Vec<Print>, Vec<Print>),
    paths: Paths<'k>,
    /// The article of each record.
    article_of: Vec<Option<usize>>,
    /// The record of each article.
    record_of: Vec<Option<usize>>,
    /// The ids of articles that have no record under it yet.
    new_ids: HashMap<usize, String>,
    /// What stays to be said, and what is said once.
    diagnostics: Vec<Diagnostic>,
    news: Vec<Diagnostic>,
}

/// So many are looked at in one go.
const RUN: usize = 1024;

/// A record and the article at its path.
#[derive(Clone, Copy)]
struct AtPath {
    record: usize,
    article: usize,
    /// Whether they have the same text.
    same_text: bool,
}

impl<'a, 'k> Matching<'a, 'k> {
    fn new(ledger: &'a Ledger, known: &'k [Known<'k>]) -> Self {
        let records: Vec<_> = ledger.kept().collect();
        let of_records = records.par_iter().with_min_len(RUN).map(|record| record.print());
        let of_articles = known.par_iter().with_min_len(RUN).map(|known| Print::of_card(known.summary));
        let prints = (of_records.collect(), of_articles.collect::<Vec<_>>());
        Self {
            ledger,
            paths: Paths::new(known, &prints.1),
            prints,
            article_of: vec![None; records.len()],
            record_of: vec![None; known.len()],
            new_ids: HashMap::new(),
            diagnostics: Vec::new(),
            news: Vec::new(),
            records,
            known,
        }
    }

    /// An author who states an id knows best. Where two state one, it stays with the article that had it.
    fn by_stated_id(&mut self, authority: &Authority) {
        let mut claims: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, known) in self.known.iter().enumerate() {
            let Some(stated) = known.summary.id() else { continue };
            match authority.id_as_stated(stated) {
                Some(id) => claims.entry(id).or_default().push(index),
                None if known.admitted => self.diagnostics.push(unusable(known.summary, stated)),
                None => {}
            }
        }
        for (id, claimants) in claims {
            let record = self.records.binary_search_by(|record| record.id().cmp(&id)).ok();
            let at_home = |index: &&usize| record.is_some_and(|record| self.is_at_home(record, **index));
            let admitted = |index: &&usize| self.known.get(**index).is_some_and(|known| known.admitted);
            let owner = claimants.iter().find(at_home).or_else(|| claimants.iter().find(admitted));
            let Some(&owner) = owner.or(claimants.first().filter(|_| record.is_some())) else { continue };
            for index in claimants.into_iter().filter(|index| *index != owner) {
                if let (Some(known), Some(owner)) = (self.known.get(index), self.known.get(owner))
                    && known.admitted
                {
                    self.diagnostics.push(duplicate(known.summary, &id, owner.summary.path()));
                }
            }
            match record {
                Some(record) => {
                    self.news.extend(self.reused(record, owner));
                    self.pair(record, owner);
                }
                None => {
                    self.new_ids.insert(owner, id);
                }
            }
        }
    }

    fn is_at_home(&self, record: usize, article: usize) -> bool {
        let record = self.records[record];
        record.gone().is_none() && path_of(self.known[article].summary) == record.path()
    }

    fn reused(&self, record: usize, article: usize) -> Option<Diagnostic> {
        let (gone, known) = (self.records[record].record(), self.known[article]);
        let another = gone.gone.is_some() && !self.trace_of(article).is_evidently(&trace(&gone));
        (another && known.admitted).then(|| {
            Diagnostic::new(
                Rule::ReusedId,
                known.summary.path(),
                format!("its id `{}` was that of `{}`, which was another article", gone.id, gone.path),
            )
            .label("readers take it for that one: who has read that will not see this")
            .help("give it an id that no article ever had, or none")
        })
    }

    /// An article keeps its record where it lies, whatever was changed in it; but where whole texts were exchanged
    /// between paths, records go with their texts.
    fn by_path(&mut self) {
        let at_paths = self.at_their_paths();
        let exchanged = self.exchanged(&at_paths);
        for (article, record) in &exchanged {
            self.pair(*record, *article);
        }
        for AtPath { record, article, .. } in at_paths {
            if self.article_of[record].is_none() && self.record_of[article].is_none() {
                self.pair(record, article);
            }
        }
    }

    /// Live records with the article that lies at their path, where neither is anybody's yet.
    fn at_their_paths(&self) -> Vec<AtPath> {
        let at_path = |Met { record, article, settled }: Met| {
            let kept = self.records[record];
            let free = self.article_of[record].is_none() && self.is_free(article);
            let same_text = || is_hex_of(kept.record().digest, &self.known[article].summary.digest());
            let is_live = settled || kept.gone().is_none();
            (is_live && free).then(|| AtPath { record, article, same_text: settled || same_text() })
        };
        let (records, articles) = &self.prints;
        let met = self.paths.meet(records, articles, |index| self.records[index].path());
        let found: Vec<AtPath> = met.into_par_iter().with_min_len(RUN).filter_map(at_path).collect();
        // Of two records that a merge has left at one path, the one that has its text comes first.
        let (same, other): (Vec<_>, Vec<_>) = found.into_iter().partition(|found| found.same_text);
        [same, other].concat()
    }

    fn is_free(&self, article: usize) -> bool {
        self.record_of[article].is_none() && !self.new_ids.contains_key(&article)
    }

    /// Articles at a known path that hold, word for word, what the ledger remembers of another path, while that path
    /// is gone or has been given the text of a third.
    fn exchanged(&self, at_paths: &[AtPath]) -> BTreeMap<usize, usize> {
        let is_stranger = |found: &&AtPath| {
            let title = title_of(&self.known[found.article]);
            title.is_empty() || self.records[found.record].record().title != title
        };
        let other_texts = at_paths.iter().filter(|found| !found.same_text);
        let strangers: Vec<_> = other_texts.filter(is_stranger).collect();
        if strangers.is_empty() {
            return BTreeMap::new();
        }
        let live = |index: &usize| self.records[*index].gone().is_none();
        let texts = unique((0..self.records.len()).filter(live).filter_map(|index| {
            let record = self.records[index].record();
            Some(((unhex(record.digest)?, record.title), index))
        }));
        let text_of = |index: usize| {
            let known = &self.known[index];
            (known.summary.digest(), title_of(known))
        };
        let articles = unique((0..self.known.len()).map(|index| (text_of(index), index)));
        let mut exchanged = BTreeMap::new();
        for &&AtPath { record: own, article, .. } in &strangers {
            let text = text_of(article);
            let alone = articles.get(&text) == Some(&Some(article));
            let Some(&Some(record)) = texts.get(&text) else { continue };
            let elsewhere = match self.paths.article(self.records[record].path()) {
                Some(there) => texts.contains_key(&text_of(there)) && there != article,
                None => true,
            };
            let written = self.known[article].summary.characters() > 0;
            if record != own && self.article_of[record].is_none() && alone && elsewhere && written {
                exchanged.insert(article, record);
            }
        }
        exchanged
    }

    /// Files that are gone since the last build, and files that are new.
    fn by_resemblance(&mut self) {
        let missing =
            |index: &usize| self.article_of[*index].is_none() && self.records[*index].gone().is_none();
        let missing: Vec<usize> = (0..self.records.len()).filter(missing).collect();
        let new = self.newcomers();
        if missing.is_empty() || new.is_empty() {
            return;
        }
        let pairing = {
            let gone: Vec<Trace<'_>> =
                missing.iter().map(|index| trace(&self.records[*index].record())).collect();
            let new: Vec<Trace<'_>> = new.iter().map(|index| self.trace_of(*index)).collect();
            pairing::pair(&gone, &new)
        };
        for (record, article) in pairing.pairs {
            self.pair(missing[record], new[article]);
        }
        for (records, articles) in pairing.ambiguous {
            let records: Vec<Record<&str>> =
                records.into_iter().map(|index| self.records[missing[index]].record()).collect();
            let articles: Vec<ArticleSummary<'_>> =
                articles.into_iter().map(|index| self.known[new[index]].summary).collect();
            self.news.extend(ambiguous(&records, &articles));
        }
    }

    /// Articles that may be published and are nobody's yet.
    fn newcomers(&self) -> Vec<usize> {
        (0..self.known.len()).filter(|index| self.known[*index].admitted && self.is_free(*index)).collect()
    }

    /// An article that was gone for a while and is back has its id back; another one at its old path does not.
    fn restore(&mut self) {
        let gone: Vec<usize> = (0..self.records.len())
            .filter(|index| self.article_of[*index].is_none() && self.records[*index].gone().is_some())
            .collect();
        if gone.is_empty() || self.newcomers().is_empty() {
            return;
        }
        self.restore_at_their_paths(&gone);
        let gone: Vec<usize> = gone.into_iter().filter(|index| self.article_of[*index].is_none()).collect();
        // A file that has the text, or date and title, of an article that is there is a copy of that one.
        let there = |index: &usize| !self.is_free(*index);
        let there: Vec<Trace<'_>> =
            (0..self.known.len()).filter(there).map(|index| self.trace_of(index)).collect();
        let bodies: HashSet<[u8; 32]> = there.iter().filter_map(|trace| trace.digest).collect();
        let headlines: HashSet<_> = there.iter().filter_map(Trace::headline).collect();
        let is_copy = |trace: &Trace<'_>| {
            trace.digest.is_some_and(|digest| bodies.contains(&digest))
                || trace.headline().is_some_and(|headline| headlines.contains(&headline))
        };
        let new = self.newcomers();
        let new: Vec<usize> = new.into_iter().filter(|index| !is_copy(&self.trace_of(*index))).collect();
        let pairs = {
            let gone: Vec<Trace<'_>> =
                gone.iter().map(|index| trace(&self.records[*index].record())).collect();
            let new: Vec<Trace<'_>> = new.iter().map(|index| self.trace_of(*index)).collect();
            pairing::pair_equal(&gone, &new)
        };
        for (record, article) in pairs {
            self.pair(gone[record], new[article]);
        }
    }

    fn restore_at_their_paths(&mut self, gone: &[usize]) {
        let mut back = Vec::new();
        for &record in gone {
            let remembered = trace(&self.records[record].record());
            let Some(article) = self.paths.article(remembered.path) else { continue };
            let present = self.trace_of(article);
            if self.known[article].admitted && self.is_free(article) && present.is_evidently(&remembered) {
                // Several may have been there in turn: the same text goes before the same headline, and the one that
                // went last before those that went earlier.
                let last = self.records[record].gone();
                back.push((present.digest != remembered.digest, std::cmp::Reverse(last), record, article));
            }
        }
        back.sort_unstable();
        for (_, _, record, article) in back {
            if self.is_free(article) {
                self.pair(record, article);
            }
        }
    }

    /// New ids are made of paths. One that was ever given is not given again: then comes the second of that path.
    fn mint(&mut self, authority: &Authority) {
        let ids = PathIds::of(authority);
        let mut given: HashSet<String> = self.new_ids.values().cloned().collect();
        for article in self.newcomers() {
            let name = path_of(self.known[article].summary);
            let first = std::iter::once_with(|| ids.id_of_path(&name));
            let further = (2_u64..).map(|count| ids.id_of_token(&format!("{name}#{count}")));
            let free = |id: &String| self.ledger.get(id).is_none() && !given.contains(id);
            if let Some(id) = first.chain(further).find(free) {
                given.insert(id.clone());
                self.new_ids.insert(article, id);
            }
        }
    }

    fn pair(&mut self, record: usize, article: usize) {
        self.article_of[record] = Some(article);
        self.record_of[article] = Some(record);
    }

    fn trace_of(&self, article: usize) -> Trace<'_> {
        let known = &self.known[article];
        let fingerprint = known.summary.fingerprint();
        Trace {
            path: known.summary.name(),
            digest: Some(fingerprint.digest),
            title: title_of(known),
            date: known.summary.published(),
            characters: fingerprint.characters,
            minhash: Some(fingerprint.minhash).filter(|minhash| *minhash != [0; 32]),
        }
    }

    /// Writes down who is who.
    fn remember(mut self, now: DateTime<Utc>, policy: Policy) -> Reconciled<'a> {
        let mut result = Reconciled { ledger: self.ledger.clone(), ..Reconciled::default() };
        let known = (0..self.known.len()).into_par_iter().with_min_len(RUN);
        let outcomes: Vec<_> = known.map(|index| self.outcome(index, now, policy)).collect();
        for outcome in outcomes {
            result.identities.push(outcome.identity);
            let Some(change) = outcome.change else { continue };
            result.renamed.extend(change.renamed);
            result.news.extend(change.news);
            result.ledger.insert(change.record);
        }
        for (record, article) in self.records.iter().zip(&self.article_of) {
            if article.is_none() && record.gone().is_none() {
                result.ledger.insert(Record { gone: Some(now.date_naive()), ..record.record().owned() });
            }
        }
        result.news.splice(0..0, std::mem::take(&mut self.news));
        result.diagnostics = self.diagnostics;
        result
    }

    /// What becomes of an article, and of its record where that does not stay as it is.
    fn outcome(&self, index: usize, now: DateTime<Utc>, policy: Policy) -> ArticleOutcome<'a> {
        let known = &self.known[index];
        let is_settled = |record: &usize| self.prints.0[*record].is(self.prints.1[index]);
        if let Some(record) = self.record_of[index].filter(|record| known.admitted && is_settled(record)) {
            let record = self.records[record];
            debug_assert!(self.change(index, now, policy).is_none_or(|change| {
                change.record == record.record().owned() && change.news.is_empty() && change.renamed.is_none()
            }));
            return ArticleOutcome { identity: Some(record.identity()), change: None };
        }
        let change = self.change(index, now, policy);
        let admitted = change.as_ref().filter(|_| known.admitted);
        let identity = admitted.map(|change| {
            let Record { id, id_is_permalink, published, updated, .. } = &change.record;
            let (published, updated) = (*published, *updated);
            Identity { id: id.clone().into(), id_is_permalink: *id_is_permalink, published, updated }
        });
        ArticleOutcome { identity, change }
    }

    /// What its record becomes, if it has one or gets one.
    fn change(&self, index: usize, now: DateTime<Utc>, policy: Policy) -> Option<Change> {
        let known = &self.known[index];
        let record = self.record_of[index].map(|record| self.records[record].record());
        let next = match (&record, self.new_ids.get(&index)) {
            (Some(record), _) => record.owned(),
            (None, Some(id)) => self.first_record(index, id, now),
            (None, None) => return None,
        };
        let path = path_of(known.summary);
        let former = record.as_ref().map(|record| record.path).filter(|former| *former != path);
        let renamed = former.map(|former| (former.to_owned(), path.into_owned()));
        let (record, news) = advance(next, known, now, policy);
        Some(Change { record, renamed, news })
    }

    /// Of an article under a new id: where its author gave it one after it was published, dates and former addresses
    /// stay.
    fn first_record(&self, article: usize, id: &str, now: DateTime<Utc>) -> Record {
        let known = &self.known[article];
        let path = path_of(known.summary);
        let stated = known.summary.id().is_some();
        let before = || {
            let unclaimed =
                self.records.iter().zip(&self.article_of).filter(|(_, article)| article.is_none());
            let mut at_path =
                unclaimed.filter(|(record, _)| record.gone().is_none() && record.path() == path);
            at_path.next().map(|(record, _)| record.record().owned())
        };
        match stated.then(before).flatten() {
            Some(before) => Record { id: id.to_owned(), id_is_permalink: false, ..before },
            None => dates::first(id, known.summary, now),
        }
    }
}

/// What a record becomes that an article has, and what its author is told once.
fn advance(
    record: Record,
    known: &Known<'_>,
    now: DateTime<Utc>,
    policy: Policy,
) -> (Record, Vec<Diagnostic>) {
    let mut next = record;
    let mut news = Vec::new();
    let was_gone = next.gone.take().is_some();
    next.path = path_of(known.summary).into_owned();
    if known.admitted {
        let changes = dates::advance(&mut next, known.summary, now, policy);
        // Of an article that is back, or has the id of another, nobody compares title and date.
        news.extend(changes.into_iter().filter(|_| !was_gone));
        next.describe(known.summary);
        move_to(&mut next, known.summary.permalink());
    }
    (next, news)
}

/// What became of an article.
struct ArticleOutcome<'a> {
    /// `None` where it is not admitted.
    identity: Option<Identity<'a>>,
    change: Option<Change>,
}

/// A record that is written down, and what its author should know.
struct Change {
    record: Record,
    renamed: Option<(String, String)>,
    news: Vec<Diagnostic>,
}

/// Texts that occur once, and `None` for those that occur more often.
fn unique<K: Eq + std::hash::Hash>(texts: impl Iterator<Item = (K, usize)>) -> HashMap<K, Option<usize>> {
    let mut found = HashMap::new();
    for (text, index) in texts {
        found.entry(text).and_modify(|known| *known = None).or_insert(Some(index));
    }
    found
}

fn title_of<'k>(known: &Known<'k>) -> &'k str {
    known.summary.title().unwrap_or_default()
}

fn trace<'r>(record: &Record<&'r str>) -> Trace<'r> {
    Trace {
        path: record.path,
        digest: unhex(record.digest),
        title: record.title,
        date: Some(record.stated_date()),
        characters: record.characters,
        minhash: record.minhash(),
    }
}

/// Keeps the address that an article had, so that whoever follows an old link arrives.
fn move_to(record: &mut Record, permalink: &str) {
    if record.permalink == permalink {
        return;
    }
    let old = std::mem::replace(&mut record.permalink, permalink.to_owned());
    record.former.retain(|former| *former != old && former.as_str() != permalink);
    if !old.is_empty() {
        record.former.push(old);
    }
}

fn unusable(summary: ArticleSummary<'_>, stated: &str) -> Diagnostic {
    Diagnostic::new(Rule::UnusableId, summary.path(), format!("`{stated}` cannot be an id"))
        .label("the article gets the id of its path")
        .help("an id is a word or an absolute address of at most 244 bytes")
}

fn duplicate(summary: ArticleSummary<'_>, id: &str, owner: &str) -> Diagnostic {
    Diagnostic::new(Rule::DuplicateId, summary.path(), format!("`{owner}` has the same id, `{id}`"))
        .label("this one gets the id of its own path")
        .help("give each article an id of its own, or none")
}

/// The most files that a message names, and the most messages about one group of files.
const NAMED: usize = 5;

/// One message for each article that is gone.
fn ambiguous(records: &[Record<&str>], articles: &[ArticleSummary<'_>]) -> Vec<Diagnostic> {
    let Some(first) = articles.first() else { return Vec::new() };
    let folder = first.path().strip_suffix(first.name()).unwrap_or_default();
    let list = |names: Vec<String>| {
        let more = if names.len() > NAMED { " …" } else { "" };
        names.iter().take(NAMED).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ") + more
    };
    let candidates = list(articles.iter().map(|article| article.path().to_owned()).collect());
    let others = |record: &Record<&str>| {
        let others = records.iter().filter(|other| other.id != record.id);
        list(others.map(|other| format!("{folder}{}", other.path)).collect())
    };
    let message = |record: &Record<&str>| {
        let gone = format!("`{folder}{}` is gone, and it could be {candidates}", record.path);
        if records.len() > 1 { format!("{gone}, but so could {}", others(record)) } else { gone }
    };
    let diagnostic = |record: &Record<&str>| {
        Diagnostic::new(Rule::AmbiguousRename, first.path(), message(record))
            .label("each gets a new id, and subscribers see it again as new")
            .help(format!("decide which it is: `feedwright pin {} {}`, for example", first.path(), record.id))
    };
    records.iter().take(NAMED).map(diagnostic).collect()
}

#[cfg(test)]
mod tests;
