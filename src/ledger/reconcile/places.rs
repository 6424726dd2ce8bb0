//! Articles at the paths of their records, and those that exchanged their places.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::{Matching, RUN};
use crate::ledger::paths::Met;
use crate::ledger::record::{is_hex_of, unhex};

/// A record and the article at its path.
#[derive(Clone, Copy)]
struct AtPath {
    record: usize,
    article: usize,
    /// True if they have the same text.
    same_text: bool,
}

impl Matching<'_, '_> {
    /// An article keeps its record where it lies, whatever was changed in it; but where whole texts were exchanged
    /// between paths, records go with their texts.
    pub(super) fn by_path(&mut self) {
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

    /// Articles at a known path that hold, word for word, what the ledger remembers of another path, while that path
    /// is gone or has been given the text of a third.
    fn exchanged(&self, at_paths: &[AtPath]) -> BTreeMap<usize, usize> {
        let strangers: Vec<AtPath> =
            at_paths.iter().filter(|found| !found.same_text && self.is_stranger(**found)).copied().collect();
        if strangers.is_empty() {
            return BTreeMap::new();
        }
        let live = (0..self.records.len()).filter(|record| self.records[*record].gone().is_none());
        let remembered = unique(live.filter_map(|record| Some((self.remembered_text(record)?, record))));
        let present = unique((0..self.known.len()).map(|article| (self.text_of(article), article)));
        let mut exchanged = BTreeMap::new();
        for AtPath { record: own, article, .. } in strangers {
            let text = self.text_of(article);
            let Some(&Some(record)) = remembered.get(&text) else { continue };
            let is_alone = present.get(&text) == Some(&Some(article));
            let has_left = match self.paths.article(self.records[record].path()) {
                Some(there) => there != article && remembered.contains_key(&self.text_of(there)),
                None => true,
            };
            let is_free = record != own && self.article_of[record].is_none();
            if is_free && is_alone && has_left && self.known[article].summary.characters() > 0 {
                exchanged.insert(article, record);
            }
        }
        exchanged
    }

    /// True if an article has another title than the one that was at its path.
    fn is_stranger(&self, found: AtPath) -> bool {
        let title = self.known[found.article].title();
        title.is_empty() || self.records[found.record].record().title != title
    }

    fn remembered_text(&self, record: usize) -> Option<Text<'_>> {
        let record = self.records[record].record();
        Some((unhex(record.digest)?, record.title))
    }

    fn text_of(&self, article: usize) -> Text<'_> {
        let known = &self.known[article];
        (known.summary.digest(), known.title())
    }
}

/// The digest of a body, and its title.
type Text<'a> = ([u8; 32], &'a str);

/// Texts that occur once, and `None` for those that occur more often.
fn unique<K: Eq + std::hash::Hash>(texts: impl Iterator<Item = (K, usize)>) -> HashMap<K, Option<usize>> {
    let mut found = HashMap::new();
    for (text, index) in texts {
        found.entry(text).and_modify(|known| *known = None).or_insert(Some(index));
    }
    found
}
