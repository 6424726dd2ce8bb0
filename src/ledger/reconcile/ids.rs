//! Ids that authors state, and new ones for articles that never had one.

use std::collections::{BTreeMap, HashSet};

use super::diagnostics::{duplicate, reused, unusable};
use super::{Matching, trace};
use crate::diagnostic::Diagnostic;
use crate::ledger::record::path_of;
use crate::ledger::{Authority, PathIds};

impl Matching<'_, '_> {
    /// An author who states an id knows best. Where two state one, it stays with the article that had it.
    pub(super) fn by_stated_id(&mut self, authority: &Authority) {
        for (id, claimants) in self.claims(authority) {
            let record = self.records.binary_search_by(|record| record.id().cmp(&id)).ok();
            let Some(owner) = self.owner(record, &claimants) else { continue };
            self.say_duplicates(&id, owner, &claimants);
            match record {
                Some(record) => {
                    self.news.extend(self.reuse(record, owner));
                    self.pair(record, owner);
                }
                None => {
                    self.new_ids.insert(owner, id);
                }
            }
        }
    }

    /// The articles that state each id.
    fn claims(&mut self, authority: &Authority) -> BTreeMap<String, Vec<usize>> {
        let mut claims: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, known) in self.known.iter().enumerate() {
            let Some(stated) = known.summary.id() else { continue };
            match authority.id_as_stated(stated) {
                Some(id) => claims.entry(id).or_default().push(index),
                None if known.admitted => self.diagnostics.push(unusable(known.summary, stated)),
                None => {}
            }
        }
        claims
    }

    /// The owner of an id that several articles state: the one at the path of its record, else the first that may
    /// be published, else the first that keeps a record it has.
    fn owner(&self, record: Option<usize>, claimants: &[usize]) -> Option<usize> {
        let is_at_home = |article: usize| record.is_some_and(|record| self.is_at_home(record, article));
        let at_home = claimants.iter().find(|article| is_at_home(**article));
        let admitted = || claimants.iter().find(|article| self.known[**article].admitted);
        at_home.or_else(admitted).or(claimants.first().filter(|_| record.is_some())).copied()
    }

    fn is_at_home(&self, record: usize, article: usize) -> bool {
        let record = self.records[record];
        record.gone().is_none() && path_of(self.known[article].summary) == record.path()
    }

    fn say_duplicates(&mut self, id: &str, owner: usize, claimants: &[usize]) {
        let path = self.known[owner].summary.path();
        let known = self.known;
        for known in claimants.iter().filter(|index| **index != owner).map(|index| known[*index]) {
            if known.admitted {
                self.diagnostics.push(duplicate(known.summary, id, path));
            }
        }
    }

    fn reuse(&self, record: usize, article: usize) -> Option<Diagnostic> {
        let (gone, known) = (self.records[record].record(), self.known[article]);
        let is_another = gone.gone.is_some() && !self.trace_of(article).is_evidently(&trace(&gone));
        (is_another && known.admitted).then(|| reused(known.summary, &gone))
    }

    /// New ids are made of paths. One that was ever given is not given again: then comes the second of that path.
    pub(super) fn mint(&mut self, authority: &Authority) {
        let ids = PathIds::of(authority);
        let mut given: HashSet<String> = self.new_ids.values().cloned().collect();
        for article in self.newcomers() {
            let name = path_of(self.known[article].summary);
            let first = std::iter::once_with(|| ids.id_of_path(&name));
            let further = (2_u64..).map(|count| ids.id_of_token(&format!("{name}#{count}")));
            let is_free = |id: &String| self.ledger.get(id).is_none() && !given.contains(id);
            if let Some(id) = first.chain(further).find(is_free) {
                given.insert(id.clone());
                self.new_ids.insert(article, id);
            }
        }
    }
}
