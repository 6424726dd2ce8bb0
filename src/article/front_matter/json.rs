//! JSON between fences, in braces, or line by line.

use serde::de::IgnoredAny;

use super::value::table;
use super::{FrontMatter, Syntax, Text, blanked, lines, parse, yaml};
use crate::article::tree::Field;
use crate::diagnostic::Diagnostic;

/// Whether the text opens with a JSON object, rather than with a template tag or an attribute list.
pub(super) fn braces(text: &str, start: usize) -> Option<bool> {
    let rest = text.get(start..)?;
    if let Some(inside) = rest.strip_prefix('{') {
        return inside.trim_start().starts_with(['"', '}']).then_some(true);
    }
    // Hexo's form: `"title": "Hello",` line by line without braces, ended by `;;;`.
    let ended = || lines(text, start).take(100).any(|line| line.text(text).trim_end() == ";;;");
    (rest.starts_with('"') && ended()).then_some(false)
}

/// Reads JSON that stands without a fence at the beginning of a file, in braces or without.
pub(super) fn bare(
    source: Text<'_>,
    start: usize,
    braces: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<FrontMatter, ()> {
    let text = &*blanked(source.text);
    if !braces {
        let last = lines(text, start).find(|line| line.text(text).trim_end() == ";;;");
        let Some(last) = last else { return Err(()) };
        let block = text.get(start..last.start).unwrap_or_default();
        // A brace in place of the character before, so that places need no correction but one.
        let wrapped = format!("{{{}}}", block.trim_end().trim_end_matches(','));
        let fields = read(source, &wrapped, start, 1, diagnostics)?;
        return Ok(FrontMatter { fields, body: last.next });
    }
    let rest = text.get(start..).unwrap_or_default();
    let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<IgnoredAny>();
    let end = match stream.next() {
        Some(Ok(_)) => start + stream.byte_offset(),
        Some(Err(error)) => {
            diagnostics.push(fault(source, rest, start, &error));
            return Err(());
        }
        None => return Err(()),
    };
    let fields = parse(source, Syntax::Json, start..end, diagnostics)?;
    let mut body = lines(text, end)
        .next()
        .map_or(end, |line| if line.text(text).trim().is_empty() { line.next } else { end });
    if let Some(line) = lines(text, end).find(|line| !line.text(text).trim().is_empty())
        && line.text(text).trim() == ";;;"
    {
        body = line.next;
    }
    Ok(FrontMatter { fields, body })
}

/// JSON is YAML, so the YAML reader gives it places; but first it must be JSON.
pub(super) fn read(
    source: Text<'_>,
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

fn fault(source: Text<'_>, block: &str, start: usize, error: &serde_json::Error) -> Diagnostic {
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
