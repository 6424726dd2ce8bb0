//! All that an article states in front matter and sidecar, asked by meaning.

use crate::data::{Field, Node, TextFile, comparable, shortened};
use crate::diagnostic::{Diagnostic, Rule};
use crate::generator::{Dialect, Meaning, TABLES, Word, word, words_within};

/// Fields and the text they stand in.
pub(super) struct Origin<'a> {
    pub(super) text: TextFile<'a>,
    pub(super) fields: Vec<Field>,
}

/// The fields that an article states, the front matter before the sidecar.
pub(super) struct Metadata<'a> {
    pub(super) dialect: Dialect,
    pub(super) origins: &'a [Origin<'a>],
    /// The fields with their meanings, in order of preference.
    stated: Vec<(Meaning, Found<'a>)>,
}

/// A field that was found, and where it is from.
#[derive(Clone, Copy)]
pub(super) struct Found<'m> {
    /// As written.
    pub(super) key: &'m str,
    /// As compared.
    pub(super) name: &'m str,
    pub(super) node: &'m Node,
    pub(super) text: TextFile<'m>,
}

impl<'a> Metadata<'a> {
    pub(super) fn new(dialect: Dialect, origins: &'a [Origin<'a>]) -> Self {
        let mut stated = Vec::with_capacity(16);
        for origin in origins {
            let before = stated.len();
            for word in words_in(&origin.fields) {
                let Some(field) = look_up(&origin.fields, word.written) else { continue };
                let found =
                    Found { key: &field.key, name: word.written, node: &field.node, text: origin.text };
                stated.extend(word.meanings(dialect).map(|(meaning, rank)| (meaning, rank, found)));
            }
            if let Some(added) = stated.get_mut(before..) {
                added.sort_unstable_by_key(|(_, rank, _)| *rank);
            }
        }
        let stated = stated.into_iter().map(|(meaning, _, found)| (meaning, found)).collect();
        Self { dialect, origins, stated }
    }

    /// The fields with that meaning that state something, the first to be preferred.
    pub(super) fn all(&self, meaning: Meaning) -> impl Iterator<Item = Found<'a>> {
        self.stated(meaning).filter(|found| !found.node.is_empty())
    }

    /// The same, with those that are there but empty.
    pub(super) fn stated(&self, meaning: Meaning) -> impl Iterator<Item = Found<'a>> {
        self.stated.iter().filter(move |(stated, _)| *stated == meaning).map(|(_, found)| *found)
    }

    /// Value under a key, however it is spelt, at the top or in a table such as `params`.
    pub(super) fn field(&self, key: &str) -> Option<&'a Node> {
        let name = comparable(key);
        let field = self.origins.iter().find_map(|origin| look_up(&origin.fields, &name))?;
        Some(&field.node)
    }

    /// The first field with that meaning that states something.
    pub(super) fn first(&self, meaning: Meaning) -> Option<Found<'a>> {
        self.all(meaning).next()
    }
}

/// The known words that fields can be found by, each once.
fn words_in(fields: &[Field]) -> Vec<&'static Word> {
    let tables = fields.iter().filter(|field| is_table(field)).flat_map(|field| field.node.fields());
    let mut words = Vec::with_capacity(16);
    for field in fields.iter().chain(tables) {
        words.extend(word(&field.name));
        if !field.node.fields().is_empty() {
            words.extend(words_within(&field.name));
        }
    }
    words.sort_unstable_by_key(|word| word.written);
    words.dedup_by_key(|word| word.written);
    words
}

fn is_table(field: &Field) -> bool {
    TABLES.contains(&field.name.as_str())
}

fn look_up<'f>(fields: &'f [Field], word: &str) -> Option<&'f Field> {
    let within = |fields: &'f [Field]| {
        let plain = fields.iter().find(|field| field.name == word);
        plain.or_else(|| {
            let (table, member) = word.split_once('.')?;
            // Hugo calls it `_build` or `build`; `comparable` takes the underscore off.
            let table = fields.iter().find(|field| field.name == table)?;
            table.node.fields().iter().find(|field| field.name == member)
        })
    };
    within(fields).or_else(|| {
        let mut tables = fields.iter().filter(|field| is_table(field));
        tables.find_map(|table| within(table.node.fields()))
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Value;
    use crate::generator::{meanings, words};
    use proptest::prelude::*;

    fn name() -> impl Strategy<Value = String> {
        let known: Vec<&str> = meanings().flat_map(|meaning| words(Dialect::Hugo, meaning)).collect();
        let tables = ["params", "extra", "taxonomies", "seo", "rss", "feed", "build", "author", "header"];
        let members = ["canonical", "exclude", "list", "name", "image", "title", "date", "include"];
        prop_oneof![
            4 => prop::sample::select(known).prop_map(str::to_owned),
            3 => prop::sample::select(tables.to_vec()).prop_map(str::to_owned),
            3 => prop::sample::select(members.to_vec()).prop_map(str::to_owned),
        ]
    }

    fn field() -> impl Strategy<Value = Field> {
        let text = "[a-z]{0,2}".prop_map(Value::Text);
        let value = text.prop_recursive(3, 24, 4, |value| {
            let field = (name(), value).prop_map(|(name, value)| named(&name, value));
            prop::collection::vec(field, 0..4).prop_map(Value::Map)
        });
        (name(), value).prop_map(|(name, value)| named(&name, value))
    }

    fn named(name: &str, value: Value) -> Field {
        Field::new(name, 0..0, Node { value, span: 0..0 })
    }

    proptest! {
        #[test]
        fn what_is_stated_is_what_every_word_would_have_found(
            fields in prop::collection::vec(field(), 0..8),
            beside in prop::collection::vec(field(), 0..3),
        ) {
            let text = TextFile { path: "x.md", text: "" };
            let origins = [Origin { text, fields }, Origin { text, fields: beside }];
            for dialect in Dialect::ALL {
                let metadata = Metadata::new(*dialect, &origins);
                for meaning in meanings() {
                    let found = metadata.stated(meaning).map(|found| (found.name, found.node));
                    let mut asked = Vec::new();
                    for origin in &origins {
                        let before = asked.len();
                        for word in words(*dialect, meaning) {
                            let known = asked.iter().skip(before).any(|(name, _)| *name == word);
                            asked.extend(look_up(&origin.fields, word).filter(|_| !known).map(|field| (word, &field.node)));
                        }
                    }
                    prop_assert_eq!(found.collect::<Vec<_>>(), asked);
                }
            }
        }
    }
}
