//! Metadata as its author stated it, in one neutral shape for YAML, TOML, JSON and header lines: fields in
//! their order, each with its place in the file, so that every later diagnostic can point at it.

use std::ops::Range;

/// A value and where it stands in its file's text, in bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Its place.
    pub span: Range<usize>,
}

/// A value that can be stated.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing after the key.
    Null,
    /// Yes or no, as the language itself writes them.
    Bool(bool),
    /// As written, so that `1.10` stays `1.10` where text is wanted.
    Number(String),
    /// Text.
    Text(String),
    /// A date of TOML, as written.
    Date(String),
    /// A list.
    List(Vec<Node>),
    /// A table.
    Map(Vec<Field>),
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// As written.
    pub key: String,
    /// As compared: see [`comparable`].
    pub name: String,
    /// The place of the key.
    pub key_span: Range<usize>,
    /// The value.
    pub node: Node,
}

impl Field {
    /// A field whose key stands at `key_span`.
    pub fn new(key: impl Into<String>, key_span: Range<usize>, node: Node) -> Self {
        let key = key.into();
        Self { name: comparable(&key), key, key_span, node }
    }
}

impl Node {
    /// Text that stands at `span`.
    pub fn text_at(text: impl Into<String>, span: Range<usize>) -> Self {
        Self { value: Value::Text(text.into()), span }
    }

    /// The scalar as text, trimmed; `None` for nothing at all, lists and maps.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) | Value::Number(text) | Value::Date(text) => Some(text.trim()),
            Value::Bool(true) => Some("true"),
            Value::Bool(false) => Some("false"),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// Text as it is written, with the spaces round it.
    pub fn text_as_written(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => self.text(),
        }
    }

    /// The scalar as yes or no, in any of the ways that people write it.
    pub fn truth(&self) -> Option<bool> {
        match &self.value {
            Value::Bool(truth) => Some(*truth),
            Value::Text(text) | Value::Number(text) => truth_of(text),
            _ => None,
        }
    }

    /// `true` if nothing is stated: no value, no text, no members.
    pub fn is_empty(&self) -> bool {
        match &self.value {
            Value::Null => true,
            Value::Text(text) => text.trim().is_empty(),
            Value::List(items) => items.iter().all(|item| matches!(item.value, Value::Null)),
            Value::Map(fields) => fields.is_empty(),
            Value::Bool(_) | Value::Number(_) | Value::Date(_) => false,
        }
    }

    /// The members of a map; none for anything else.
    pub fn fields(&self) -> &[Field] {
        match &self.value {
            Value::Map(fields) => fields,
            _ => &[],
        }
    }

    /// The first of the named members that states something.
    pub fn member(&self, names: &[&str]) -> Option<&Node> {
        names.iter().find_map(|name| {
            self.fields().iter().find(|field| field.name == *name && !field.node.is_empty()).map(|f| &f.node)
        })
    }

    /// The items of a list, or the one value that stands in a list's place. What comes after the first thousand is
    /// no metadata that anybody wrote.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items.get(..1_000).unwrap_or(items),
            Value::Null => &[],
            _ => std::slice::from_ref(self),
        }
    }

    /// Kind of the value, for a message.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "yes or no",
            Value::Number(_) => "a number",
            Value::Text(_) => "text",
            Value::Date(_) => "a date",
            Value::List(_) => "a list",
            Value::Map(_) => "a table",
        }
    }
}

/// Yes or no, as YAML 1.1, TOML, Nikola and people write it.
pub fn truth_of(text: &str) -> Option<bool> {
    let text = text.trim();
    let is = |words: [&str; 4]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(["true", "yes", "on", "1"]) { Some(true) } else { is(["false", "no", "off", "0"]).then_some(false) }
}

/// A key as it is compared: lower case, without `-`, `_` and spaces, so that `featured_image`, `featured-image`,
/// `featuredImage` and `Featured Image` are one.
pub fn comparable(key: &str) -> String {
    if key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        return key.to_owned();
    }
    key.chars()
        .filter(|c| !matches!(c, '-' | '_') && !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_compared_without_regard_to_how_their_words_are_joined() {
        for key in ["featured_image", "featured-image", "featuredImage", "Featured Image"] {
            assert_eq!(comparable(key), "featuredimage");
        }
    }

    #[test]
    fn yes_and_no_are_understood_as_written() {
        assert_eq!(Node::text_at(" Yes ", 0..0).truth(), Some(true));
        assert_eq!(Node::text_at("off", 0..0).truth(), Some(false));
        assert_eq!(Node::text_at("maybe", 0..0).truth(), None);
    }
}
