//! Collects what the passes have to say about a body, and finds the place in the author's file that they mean.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Body;
use super::characters::one_line;
use crate::diagnostic::{Diagnostic, Rule};

/// As often one body is told of one fault; more would only hide the rest.
const MOST_PER_RULE: usize = 25;

/// As often a passage that is not found may be looked for through the whole body.
const MOST_MISSES: usize = 20;

pub(super) struct BodyReport<'a> {
    body: &'a Body<'a>,
    /// Byte of the body at which the last passage was found: the passes walk through the body from its
    /// beginning to its end.
    cursor: usize,
    misses: usize,
    counts: BTreeMap<Rule, usize>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> BodyReport<'a> {
    pub(super) fn new(body: &'a Body<'a>) -> Self {
        Self { body, cursor: 0, misses: 0, counts: BTreeMap::new(), diagnostics: Vec::new() }
    }

    /// A new pass begins at the beginning.
    pub(super) fn rewind(&mut self) {
        self.cursor = 0;
    }

    /// `true` if one more diagnostic of that rule would be kept.
    pub(super) fn wants(&self, rule: Rule) -> bool {
        self.counts.get(&rule).is_none_or(|&count| count < MOST_PER_RULE)
    }

    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        if self.wants(diagnostic.rule) {
            *self.counts.entry(diagnostic.rule).or_default() += 1;
            self.diagnostics.push(diagnostic);
        }
    }

    /// A diagnostic about a range of the body's text.
    pub(super) fn at(&self, rule: Rule, range: Range<usize>, message: impl Into<String>) -> Diagnostic {
        let offset = self.body.range.start;
        let span = offset + range.start..offset + range.end;
        Diagnostic::new(rule, self.body.path, message).at(self.body.source, span)
    }

    /// A diagnostic about the next passage that reads like one of `needles`, or about the whole file.
    pub(super) fn near(&mut self, rule: Rule, needles: &[&str], message: impl Into<String>) -> Diagnostic {
        let message = message.into();
        if !self.wants(rule) {
            return Diagnostic::new(rule, self.body.path, message);
        }
        match needles.iter().find_map(|needle| self.find(needle)) {
            Some(range) => self.at(rule, range, message),
            None => Diagnostic::new(rule, self.body.path, message),
        }
    }

    /// Reports a passage that only a site generator understands. `shown` makes it short.
    pub(super) fn leftover(&mut self, range: Range<usize>, shown: impl FnOnce(String) -> String) {
        if !self.wants(Rule::TemplateLeftover) {
            return;
        }
        let shown = shown(one_line(&self.body.text()[range.clone()]));
        let message = format!("only a site generator understands `{shown}`");
        let diagnostic = self
            .at(Rule::TemplateLeftover, range, message)
            .label("left out of every feed")
            .help("write what it stands for as Markdown or HTML");
        self.push(diagnostic);
    }

    fn find(&mut self, needle: &str) -> Option<Range<usize>> {
        if needle.is_empty() || self.misses > MOST_MISSES {
            return None;
        }
        let text = self.body.text();
        let ahead = text.get(self.cursor..).and_then(|rest| rest.find(needle)).map(|at| self.cursor + at);
        let Some(at) = ahead.or_else(|| text.find(needle)) else {
            self.misses += 1;
            return None;
        };
        self.cursor = at + needle.len();
        Some(at..at + needle.len())
    }

    /// All that was said, in the order of the file.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by_key(|diagnostic| {
            diagnostic.place.as_ref().map_or((u32::MAX, 0), |place| (place.line, place.column))
        });
        self.diagnostics
    }
}
