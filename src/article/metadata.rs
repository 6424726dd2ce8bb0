//! All that an article states in front matter and sidecar, asked by meaning.

use super::dialect::{Dialect, Meaning, TABLES, words};
use super::front_matter::{Text, shortened};
use super::tree::{Field, Node};
use crate::diagnostic::{Diagnostic, Rule};

/// Fields and the text they stand in.
pub(super) struct Origin<'a> {
    pub(super) text: Text<'a>,
    pub(super) fields: Vec<Field>,
}

/// The fields of an article, the front matter's before the sidecar's.
pub(super) struct Metadata<'a> {
    pub(super) dialect: Dialect,
    pub(super) origins: Vec<Origin<'a>>,
}

/// A field that was found, and where it is from.
#[derive(Clone, Copy)]
pub(super) struct Found<'m> {
    /// As written.
    pub(super) key: &'m str,
    /// As compared.
    pub(super) name: &'m str,
    pub(super) node: &'m Node,
    pub(super) text: Text<'m>,
}

impl Metadata<'_> {
    /// The fields with that meaning that state something, the first to be preferred.
    pub(super) fn all(&self, meaning: Meaning) -> impl Iterator<Item = Found<'_>> {
        self.stated(meaning).filter(|found| !found.node.is_empty())
    }

    /// The same, with those that are there but empty.
    pub(super) fn stated(&self, meaning: Meaning) -> impl Iterator<Item = Found<'_>> {
        self.origins.iter().flat_map(move |origin| {
            words(self.dialect, meaning).filter_map(move |word| {
                let (name, field) = look_up(&origin.fields, word)?;
                Some(Found { key: &field.key, name, node: &field.node, text: origin.text })
            })
        })
    }

    /// The first field with that meaning that states something.
    pub(super) fn first(&self, meaning: Meaning) -> Option<Found<'_>> {
        self.all(meaning).next()
    }
}

fn look_up<'f>(fields: &'f [Field], word: &'static str) -> Option<(&'static str, &'f Field)> {
    let within = |fields: &'f [Field]| {
        let plain = fields.iter().find(|field| field.name == word);
        plain.or_else(|| {
            let (table, member) = word.split_once('.')?;
            // Hugo calls it `_build` or `build`; `comparable` takes the underscore off.
            let table = fields.iter().find(|field| field.name == table)?;
            table.node.fields().iter().find(|field| field.name == member)
        })
    };
    within(fields)
        .or_else(|| {
            let tables = fields.iter().filter(|field| TABLES.contains(&field.name.as_str()));
            tables.into_iter().find_map(|table| within(table.node.fields()))
        })
        .map(|field| (word, field))
}

impl Found<'_> {
    /// A diagnostic about the value.
    pub(super) fn fault(&self, rule: Rule, message: impl Into<String>) -> Diagnostic {
        self.fault_at(self.node, rule, message)
    }

    /// A diagnostic about a part of the value.
    pub(super) fn fault_at(&self, node: &Node, rule: Rule, message: impl Into<String>) -> Diagnostic {
        let message = shortened(&message.into());
        Diagnostic::new(rule, self.text.path, message).at(self.text.text, node.span.clone())
    }

    /// The value is of a kind that cannot be meant.
    pub(super) fn unusable(&self, wanted: &str) -> Diagnostic {
        self.fault(Rule::UnusableValue, format!("`{}` is {}, not {wanted}", self.key, self.node.kind()))
            .label("ignored")
            .help(format!("write {wanted}, or take the field out"))
    }
}
