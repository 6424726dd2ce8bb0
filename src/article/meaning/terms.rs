//! The language, the tags and the categories of an article.

use super::{Reader, without_repetition};
use crate::article::metadata::Found;
use crate::article::name;
use crate::article::plain::plain;
use crate::data::{Node, Value};
use crate::diagnostic::Rule;
use crate::generator::Meaning;

impl Reader<'_> {
    /// The language as stated, else as its name or folder says, unless it is the publication's.
    pub(in crate::article) fn language(&mut self, named: Option<String>) -> Option<String> {
        let stated = self.metadata.first(Meaning::Language).and_then(|found| {
            let written = found.node.items().first().and_then(Node::text).unwrap_or_default();
            let tag = name::tag(written);
            if tag.is_none() {
                self.diagnostics.push(
                    found
                        .fault(Rule::UnknownLanguage, format!("`{written}` is not a language tag"))
                        .label("ignored")
                        .help(format!("write {}", likely_language(written))),
                );
            }
            tag
        });
        stated.or(named).filter(|language| !language.eq_ignore_ascii_case(&self.conventions.language))
    }

    pub(in crate::article) fn tags(&mut self) -> Vec<String> {
        self.metadata.first(Meaning::Tags).map(|found| self.terms(&found)).unwrap_or_default()
    }

    pub(in crate::article) fn categories(&mut self) -> Vec<String> {
        let metadata = self.metadata;
        let all = metadata.all(Meaning::Categories).flat_map(|found| self.terms(&found));
        without_repetition(all)
    }

    fn terms(&mut self, found: &Found<'_>) -> Vec<String> {
        let values = &self.metadata.dialect.rules().values;
        let mut terms = Vec::new();
        match &found.node.value {
            Value::Text(text) => terms = values.split_tags(found.name, text),
            Value::Map(_) => self.diagnostics.push(found.unusable("a list")),
            _ => {
                for item in found.node.items() {
                    match term(item) {
                        Some(term) => terms.push(term),
                        None if item.is_empty() => {}
                        None => self.diagnostics.push(
                            found
                                .fault_at(
                                    item,
                                    Rule::UnusableValue,
                                    format!("{} in `{}`", item.kind(), found.key),
                                )
                                .label("ignored")
                                .help("write a list of words"),
                        ),
                    }
                }
            }
        }
        let clean = |term: String| values.tag(&plain(&term));
        without_repetition(terms.into_iter().filter_map(clean))
    }
}

/// Codes of countries and names of languages that people take for tags.
fn likely_language(written: &str) -> String {
    const MEANT: &[(&str, &str)] = &[
        ("cn", "zh"),
        ("jp", "ja"),
        ("kr", "ko"),
        ("cz", "cs"),
        ("gr", "el"),
        ("dk", "da"),
        ("ua", "uk"),
        ("english", "en"),
        ("german", "de"),
        ("deutsch", "de"),
        ("french", "fr"),
        ("français", "fr"),
        ("spanish", "es"),
        ("español", "es"),
        ("italian", "it"),
        ("portuguese", "pt"),
        ("japanese", "ja"),
        ("chinese", "zh"),
        ("russian", "ru"),
        ("dutch", "nl"),
        ("korean", "ko"),
        ("polish", "pl"),
    ];
    let lower = written.trim().to_lowercase();
    match MEANT.iter().find(|(wrong, _)| *wrong == lower) {
        Some((_, tag)) => format!("`{tag}`"),
        None => "a tag such as `en`, `pt-BR` or `zh-Hans`".to_owned(),
    }
}

/// A tag of a list; a list in a list is a hierarchy, as Hexo has them.
fn term(item: &Node) -> Option<String> {
    match &item.value {
        Value::List(parts) => {
            let parts: Vec<&str> =
                parts.iter().filter_map(Node::text).filter(|part| !part.is_empty()).collect();
            (!parts.is_empty()).then(|| parts.join("/"))
        }
        Value::Map(_) => {
            item.member(&["name", "title", "label", "tag", "slug", "id"])?.text().map(str::to_owned)
        }
        _ => item.text().filter(|text| !text.is_empty()).map(str::to_owned),
    }
}
