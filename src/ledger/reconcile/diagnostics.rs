//! Diagnostics about the identities of articles.

use crate::article::ArticleSummary;
use crate::diagnostic::{Diagnostic, Rule};
use crate::ledger::Record;

/// An id that an author states and that cannot be one.
pub(super) fn unusable(summary: ArticleSummary<'_>, stated: &str) -> Diagnostic {
    Diagnostic::new(Rule::UnusableId, summary.path(), format!("`{stated}` cannot be an id"))
        .label("the article gets the id of its path")
        .help("an id is a word or an absolute URL of at most 244 bytes")
}

/// An id that another article states as well.
pub(super) fn duplicate(summary: ArticleSummary<'_>, id: &str, owner: &str) -> Diagnostic {
    Diagnostic::new(Rule::DuplicateId, summary.path(), format!("`{owner}` has the same id, `{id}`"))
        .label("this one gets the id of its own path")
        .help("give each article an id of its own, or none")
}

/// An id that was once that of another article, which is gone.
pub(super) fn reused(summary: ArticleSummary<'_>, gone: &Record<&str>) -> Diagnostic {
    let message = format!("its id `{}` was that of `{}`, which was another article", gone.id, gone.path);
    Diagnostic::new(Rule::ReusedId, summary.path(), message)
        .label("readers take it for that article: subscribers who have read that one will not see this one")
        .help("give it an id that no article ever had, or none")
}

/// The most files that a message names, and the most messages about one group of files.
const NAMED: usize = 5;

/// One message for each article that is gone, of the files that each could be now.
pub(super) fn ambiguous(records: &[Record<&str>], articles: &[ArticleSummary<'_>]) -> Vec<Diagnostic> {
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
