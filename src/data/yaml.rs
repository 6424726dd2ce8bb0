//! YAML, as the crate reads it: the truth about every block that `flat` does not take, and what is said of one that
//! is at fault. Titles with a colon in them, which YAML does not take, are taken all the same.

use serde_saphyr::{Location, Spanned};

use super::repair::repair;
use super::tree::Field;
use super::value::{RawValue, place_in, table};
use super::{Syntax, TextFile, flat};
use crate::diagnostic::{Diagnostic, Rule};

/// The deepest that metadata may be nested. Real ones go to four or five.
const DEEPEST: usize = 40;

/// The fields of a block. `Err` where it cannot be understood; the diagnostics say why.
pub(super) fn read(
    source: TextFile<'_>,
    block: &str,
    start: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<Field>, ()> {
    flat::read(block, start).map_or_else(|| read_all(source, block, start, diagnostics), Ok)
}

/// The same, without the shorter way.
pub(super) fn read_all(
    source: TextFile<'_>,
    block: &str,
    start: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<Field>, ()> {
    let error = match said(block) {
        Ok(said) => return table(source, Syntax::Yaml, said, block, &|at| start + at, diagnostics),
        Err(error) => error,
    };
    // Titles with a colon in them are so common, and so plainly meant, that one more try is worth it.
    if let Some(repaired) = repair(block)
        && let Ok(said) = said(&repaired.text)
        && matches!(said.value, RawValue::Map(_))
    {
        for span in repaired.quoted.iter().take(10) {
            diagnostics.push(
                Diagnostic::new(
                    Rule::UnusableValue,
                    source.path,
                    "this value is not valid YAML as it stands",
                )
                .at(source.text, start + span.start..start + span.end)
                .label("taken as plain text")
                .help("put it in quotes: `\"…\"`"),
            );
        }
        return table(
            source,
            Syntax::Yaml,
            said,
            &repaired.text,
            &|at| start + repaired.original(at),
            diagnostics,
        );
    }
    diagnostics.push(yaml_fault(source, block, start, &error));
    Err(())
}

/// The value of a block, as the crate reads it.
pub(super) fn said(block: &str) -> Result<Spanned<RawValue>, serde_saphyr::Error> {
    if block.trim().is_empty() {
        let nowhere = Location::UNKNOWN;
        return Ok(Spanned::new(RawValue::Null, nowhere, nowhere));
    }
    let options = serde_saphyr::options! {
        // `lang: no` is Norwegian.
        strict_booleans: true,
        duplicate_keys: serde_saphyr::DuplicateKeyPolicy::PassThrough,
        with_snippet: false,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        budget: serde_saphyr::budget! {
            max_depth: DEEPEST,
            flow_nesting_limit: DEEPEST,
            max_nodes: 20_000,
            max_events: 100_000,
            max_aliases: 1_000,
            max_anchors: 1_000,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: 50_000,
            max_replay_stack_depth: 16,
        },
    };
    serde_saphyr::from_str_with_options(block, options)
}

fn yaml_fault(source: TextFile<'_>, block: &str, start: usize, error: &serde_saphyr::Error) -> Diagnostic {
    let at = error.location().map_or(0, |location| place_in(block, &location));
    let said = error.without_snippet().to_string();
    let said = said.lines().next().unwrap_or_default();
    // The crate says where, too; we show it.
    let said = said.split(" at line ").next().unwrap_or(said);
    let said = said.strip_prefix("error: ").unwrap_or(said).trim_end_matches(['.', ':', ' ']);
    let end = end_of_word(block, at);
    source
        .unparsable(start + at..start + end, format!("front matter is not valid YAML: {said}"))
        .label("the article is withheld")
        .help("text with `: `, `#`, or quotes in it goes in quotes; nested fields are indented with spaces")
}
/// The end of what stands at a place: of its word, at least one character if there is one.
fn end_of_word(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let word = rest.find(|c: char| c.is_whitespace()).unwrap_or(rest.len());
    at + word.max(rest.chars().next().filter(|c| *c != '\n' && *c != '\r').map_or(0, char::len_utf8))
}
