//! Metadata that lie in a file beside the article's, so that its text needs no markup at all: `story.txt` with
//! `story.toml`, `.yaml`, `.yml`, `.json` or Nikola's `.meta`.

use super::front_matter;
use super::header;
use crate::data::{Field, Syntax, TextFile, parse};
use crate::diagnostic::Diagnostic;

/// The fields of a sidecar, whose places lie in its own text. `Err` where it cannot be understood.
pub(super) fn read(source: TextFile<'_>, diagnostics: &mut Vec<Diagnostic>) -> Result<Vec<Field>, ()> {
    let extension = source.path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let syntax = match extension.as_str() {
        "toml" => Syntax::Toml,
        "json" => Syntax::Json,
        "meta" => return meta(source, diagnostics),
        _ => Syntax::Yaml,
    };
    // Some people fence a sidecar as if it were front matter.
    if source.text.starts_with("---") || source.text.starts_with("+++") {
        let mut unfenced = Vec::new();
        if let Ok(Some(found)) = front_matter::find(source, &mut unfenced) {
            diagnostics.extend(unfenced);
            return Ok(found.fields);
        }
    }
    parse(source, syntax, 0..source.text.len(), diagnostics)
}

/// Nikola's lines, with or without their dots, or front matter in a file of its own.
fn meta(source: TextFile<'_>, diagnostics: &mut Vec<Diagnostic>) -> Result<Vec<Field>, ()> {
    if let Some(found) = front_matter::find(source, diagnostics)? {
        return Ok(found.fields);
    }
    if let Some(found) = header::nikola(source.text).or_else(|| header::pelican(source.text, true)) {
        return Ok(found.fields);
    }
    Ok(header::positional(source.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sidecar_may_be_in_any_language() {
        for (path, text) in [
            ("story.toml", "title = \"Hello\"\n"),
            ("story.yaml", "title: Hello\n"),
            ("story.yml", "---\ntitle: Hello\n---\n"),
            ("story.yml", "---\ntitle: Hello\n"),
            ("story.json", "{\"title\": \"Hello\"}"),
            ("story.meta", ".. title: Hello\n.. slug: hello\n"),
            ("story.meta", "Hello\nhello\n2012/03/30 23:00\na,b\n"),
            ("story.meta", "---\ntitle: Hello\n---\n"),
        ] {
            let mut diagnostics = Vec::new();
            let fields = read(TextFile { path, text }, &mut diagnostics).unwrap();
            assert_eq!((fields[0].name.as_str(), fields[0].node.text()), ("title", Some("Hello")), "{text}");
            assert_eq!(diagnostics, []);
            assert_eq!(text[fields[0].node.span.clone()].trim_matches('"'), "Hello", "{text}");
        }
    }
}
