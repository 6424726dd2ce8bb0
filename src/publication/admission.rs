//! Which articles may be published, and what is to be said of the others.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hasher};

use rayon::prelude::*;

use super::identities::Identified;
use super::{Options, Report};
use crate::article::ArticleSummary;
use crate::diagnostic::{Diagnostic, Rule};
use crate::ledger::Authority;
use crate::select::{self, Candidate, Withheld};

/// The articles that may be published, and a report of those that may not.
pub(super) struct Admitted<'a> {
    pub(super) candidates: Vec<Candidate<'a>>,
    pub(super) report: Report,
}

/// Tells the articles that may be published from those that are withheld.
pub(super) fn admit<'a>(identified: &Identified<'a>, options: Options) -> Admitted<'a> {
    let summaries = &identified.summaries;
    let mut report = Report { articles: summaries.len(), ..Report::default() };
    let mut candidates = Vec::with_capacity(summaries.len());
    for (&summary, identity) in summaries.iter().zip(&identified.reconciled.identities) {
        match (select::admit(summary, options.now, options.preview), identity) {
            (Ok(()), Some(identity)) => {
                candidates.push(Candidate { summary, identity: identity.clone(), from_page: false });
            }
            (Ok(()), None) => report.withhold(summary, Withheld::Undated),
            (Err(reason), _) => report.withhold(summary, reason),
        }
    }
    report.diagnostics.extend(duplicate_addresses(&candidates));
    Admitted { candidates, report }
}

/// The ids of articles that are withheld: those that they state, or else those of their paths.
pub(super) fn ids_of_withheld(identified: &Identified<'_>, authority: &Authority) -> BTreeSet<String> {
    let id = |summary: &ArticleSummary<'_>| {
        let stated = summary.id().and_then(|stated| authority.id_as_stated(stated));
        stated.unwrap_or_else(|| authority.id_of_path(summary.name()))
    };
    let articles = identified.summaries.iter().zip(&identified.reconciled.identities);
    articles.filter(|(_, identity)| identity.is_none()).map(|(summary, _)| id(summary)).collect()
}

/// A diagnostic for each article whose address another has, which comes before it.
fn duplicate_addresses(candidates: &[Candidate<'_>]) -> Vec<Diagnostic> {
    let mut hashes: Vec<(u64, usize)> = candidates
        .par_iter()
        .enumerate()
        .with_min_len(1024)
        .map(|(index, candidate)| (hash(candidate.summary.permalink()), index))
        .collect();
    hashes.par_sort_unstable();
    let mut diagnostics = Vec::new();
    for alike in hashes.chunk_by(|(one, _), (other, _)| one == other).filter(|alike| alike.len() > 1) {
        // Two addresses that only have one hash are two all the same.
        let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
        for Candidate { summary, .. } in alike.iter().map(|(_, index)| &candidates[*index]) {
            let owner = *owners.entry(summary.permalink()).or_insert(summary.path());
            if owner != summary.path() {
                diagnostics.push(duplicate_address(*summary, owner));
            }
        }
    }
    diagnostics
}

fn hash(address: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(address.as_bytes());
    hasher.finish()
}

fn duplicate_address(summary: ArticleSummary<'_>, owner: &str) -> Diagnostic {
    let message = format!("`{owner}` has the same address, {}", summary.permalink());
    Diagnostic::new(Rule::DuplicateAddress, summary.path(), message)
        .label("both are published, and both links lead to one page")
        .help("give one of them another `slug`")
}
