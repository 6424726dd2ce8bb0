//! Writes the ledger of articles that were edited where they are. It goes by piece by piece, and all but their lines
//! stays as it stands.

use chrono::{DateTime, SubsecRound, Utc};
use memchr::memmem::Finder;

use super::reconcile::advance;
use super::record::path_of;
use super::{Known, Policy, Record, damage, quick};
use crate::article::ArticleSummary;
use crate::diagnostic::Diagnostic;

/// A ledger on its way from what it was to what it must be. It must be known to be whole.
pub struct Reviser<'a> {
    articles: Vec<Edited<'a>>,
    now: DateTime<Utc>,
    policy: Policy,
    /// The beginning of a line whose end has not come yet.
    pending: Vec<u8>,
    /// Whether there is something that only reconciling all articles can settle.
    lost: bool,
}

/// An article that was edited.
struct Edited<'a> {
    summary: ArticleSummary<'a>,
    /// What its line holds, and no other.
    mark: Finder<'static>,
    revised: Option<Revised>,
}

/// A record that was revised.
#[derive(Clone, Debug)]
pub struct Revised {
    /// As it was.
    pub before: Record,
    /// As it is.
    pub after: Record,
    /// What its author is told once.
    pub news: Vec<Diagnostic>,
}

/// Takes what is written.
pub type Write<'a, E> = &'a mut dyn FnMut(&[u8]) -> Result<(), E>;

impl<'a> Reviser<'a> {
    /// For articles that may be published, and were edited without being moved.
    pub fn new(
        summaries: impl IntoIterator<Item = ArticleSummary<'a>>,
        now: DateTime<Utc>,
        policy: Policy,
    ) -> Self {
        let edited = |summary: ArticleSummary<'a>| {
            // A string can always be written.
            let path = serde_json::to_string(&*path_of(summary)).unwrap_or_default();
            let mark = Finder::new(&format!("\"path\":{path},")).into_owned();
            Edited { summary, mark, revised: None }
        };
        let articles = summaries.into_iter().map(edited).collect();
        Self { articles, now: now.trunc_subsecs(0), policy, pending: Vec::new(), lost: false }
    }

    /// Takes the next piece of the ledger, and writes as much of it as is known.
    ///
    /// # Errors
    ///
    /// Those of `write`.
    pub fn piece<E>(&mut self, piece: &[u8], write: Write<'_, E>) -> Result<(), E> {
        let Some(end) = memchr::memrchr(b'\n', piece).map(|at| at + 1) else {
            self.pending.extend_from_slice(piece);
            return Ok(());
        };
        let (lines, rest) = piece.split_at(end);
        let first =
            if self.pending.is_empty() { 0 } else { memchr::memchr(b'\n', lines).map_or(0, |at| at + 1) };
        let (first, lines) = lines.split_at(first);
        let mut line = std::mem::take(&mut self.pending);
        line.extend_from_slice(first);
        self.lines(&line, write)?;
        self.lines(lines, write)?;
        line.clear();
        line.extend_from_slice(rest);
        self.pending = line;
        Ok(())
    }

    /// Writes what is left, and tells what became of each article, in their order. `None` where only reconciling all
    /// articles can tell; then what was written must be thrown away.
    ///
    /// # Errors
    ///
    /// Those of `write`.
    pub fn finish<E>(mut self, write: Write<'_, E>) -> Result<Option<Vec<Revised>>, E> {
        let rest = std::mem::take(&mut self.pending);
        self.lines(&rest, write)?;
        let revised: Option<Vec<Revised>> = self.articles.into_iter().map(|edited| edited.revised).collect();
        Ok(revised.filter(|_| !self.lost))
    }

    fn lines<E>(&mut self, lines: &[u8], write: Write<'_, E>) -> Result<(), E> {
        let marked = self
            .articles
            .iter()
            .enumerate()
            .flat_map(|(number, edited)| edited.mark.find_iter(lines).map(move |at| (at, number)));
        let mut marked: Vec<(usize, usize)> = marked.collect();
        marked.sort_unstable();
        let mut written = 0;
        for (at, number) in marked {
            let (before, after) = lines.split_at(at);
            let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
            let end = memchr::memchr(b'\n', after).map_or(lines.len(), |length| at + length);
            let line = lines.get(start..end).and_then(|line| std::str::from_utf8(line).ok());
            let revised = line.and_then(|line| self.revise(number, line));
            if let Some(revised) = revised {
                write(lines.get(written..start).unwrap_or_default())?;
                write(revised.as_bytes())?;
                written = end;
            }
        }
        write(lines.get(written..).unwrap_or_default())
    }

    /// The line as it must be, where it must be another.
    fn revise(&mut self, number: usize, line: &str) -> Option<String> {
        let edited = self.articles.get_mut(number)?;
        let line = line.trim_end_matches('\r');
        let record = quick::read(line).map(|record| record.owned());
        let Some(before) = record.or_else(|| damage::read(line).ok().flatten()) else {
            self.lost = true;
            return None;
        };
        if before.gone.is_some() {
            return None;
        }
        // Two articles at one path, one that is pinned and not yet out: there is more to be settled.
        self.lost |= edited.revised.is_some() || before.pending;
        let known = Known { summary: edited.summary, admitted: true };
        let (after, news) = advance(before.clone(), &known, self.now, self.policy);
        let revised = edited.revised.insert(Revised { before, after, news });
        (revised.before != revised.after).then(|| serde_json::to_string(&revised.after).unwrap_or_default())
    }
}
