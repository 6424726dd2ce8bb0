//! JSON, which the YAML reader gives places.

use serde::de::IgnoredAny;

use super::value::table;
use super::{Field, Syntax, TextFile, lines, yaml};
use crate::diagnostic::Diagnostic;

/// JSON is YAML, so the YAML reader gives it places; but first it must be JSON.
/// `added` bytes of `block` stand before what begins at `start`.
pub(crate) fn read(
    source: TextFile<'_>,
    block: &str,
    start: usize,
    added: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<Field>, ()> {
    if let Err(error) = serde_json::from_str::<IgnoredAny>(block) {
        diagnostics.push(fault(source, block, start.saturating_sub(added), &error));
        return Err(());
    }
    let said = match yaml::said(block) {
        Ok(said) => said,
        Err(_) => match serde_json::from_str(block) {
            Ok(said) => said,
            Err(error) => {
                diagnostics.push(fault(source, block, start.saturating_sub(added), &error));
                return Err(());
            }
        },
    };
    let place = |at: usize| start + at.saturating_sub(added);
    table(source, Syntax::Json, said, block, &place, diagnostics)
}

/// A fault of JSON that begins at `start`.
pub(crate) fn fault(
    source: TextFile<'_>,
    block: &str,
    start: usize,
    error: &serde_json::Error,
) -> Diagnostic {
    let line = lines(block, 0).nth(error.line().saturating_sub(1));
    // The column counts bytes, from 1; 0 is the end of the line before.
    let at = line.map_or(block.len(), |line| (line.start + error.column().saturating_sub(1)).min(line.end));
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    source
        .unparsable(start + at..start + at + 1, format!("front matter is not valid JSON: {said}"))
        .label("the article is withheld")
        .help("names and texts go in double quotes, with a comma between fields and none after the last")
}
