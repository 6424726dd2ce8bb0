//! Tests of `parse` as a user sees it, dialect by dialect and problem by problem.

mod dialects;
mod meanings;
mod problems;

use super::*;
use crate::diagnostic::Diagnostic;

fn conventions(dialect: Dialect) -> Conventions {
    let ada = Author { name: "Ada Lovelace".into(), email: None, url: Some("/ada/".into()) };
    Conventions {
        languages: Vec::new(),
        dialect,
        timezone: chrono_tz::Europe::London,
        language: "en".into(),
        authors: BTreeMap::from([("ada".into(), ada)]),
        dates_required: true,
        permalinks: Permalinks::default(),
    }
}

fn read(dialect: Dialect, name: &str, text: &str) -> (Article, Vec<Diagnostic>) {
    read_bytes(dialect, name, text.as_bytes(), None)
}

fn read_bytes(
    dialect: Dialect,
    name: &str,
    bytes: &[u8],
    sidecar: Option<(&str, &[u8])>,
) -> (Article, Vec<Diagnostic>) {
    let path = format!("articles/{name}");
    let source = SourceFile { path: &path, name, bytes, sidecar, ..SourceFile::default() };
    parse(&source, &conventions(dialect))
}

/// An article without diagnostics, of YAML fields.
fn said(dialect: Dialect, fields: &str) -> Article {
    let text = format!("---\ntitle: Hello\ndate: 2024-05-06\n{fields}\n---\nBody");
    let (article, diagnostics) = read(dialect, "hello.md", &text);
    assert_eq!(diagnostics, [], "{fields}");
    article
}

/// The rules of the diagnostics of an article of YAML fields.
fn faults(fields: &str) -> (Article, Vec<&'static str>) {
    let (article, diagnostics) = read(Dialect::Feedwright, "hello.md", &format!("---\n{fields}\n---\nBody"));
    (article, diagnostics.iter().map(|diagnostic| diagnostic.rule.name()).collect())
}

fn body_of(article: &Article, text: &str) -> String {
    body(text, article).text().to_owned()
}
