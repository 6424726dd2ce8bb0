//! JSON between fences, in braces, or line by line.

use serde::de::IgnoredAny;

use super::FrontMatter;
use crate::data::{Syntax, TextFile, blanked, json_fault, json_within, lines, parse};
use crate::diagnostic::Diagnostic;

/// `true` if the text opens with a JSON object in braces, `false` if with one that has none; `None` for all
/// else, such as a template tag or an attribute list.
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
    source: TextFile<'_>,
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
        let fields = json_within(source, &wrapped, start, 1, diagnostics)?;
        return Ok(FrontMatter { fields, body: last.next });
    }
    let rest = text.get(start..).unwrap_or_default();
    let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<IgnoredAny>();
    let end = match stream.next() {
        Some(Ok(_)) => start + stream.byte_offset(),
        Some(Err(error)) => {
            diagnostics.push(json_fault(source, rest, start, &error));
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
