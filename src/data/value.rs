//! Values of YAML and JSON as their crates give them, and how they become fields with places in the file.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

use super::tree::{Field, Node, Value};
use super::{Syntax, TextFile, lines};
use crate::diagnostic::Diagnostic;

/// A value of YAML or JSON, before places are counted in the whole file.
pub(super) enum RawValue {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Spanned<RawValue>>),
    Map(Vec<(Spanned<Key>, Spanned<RawValue>)>),
}

impl<'de> Deserialize<'de> for RawValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Listener)
    }
}

struct Listener;

impl<'de> Visitor<'de> for Listener {
    type Value = RawValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E>(self) -> Result<RawValue, E> {
        Ok(RawValue::Null)
    }
    fn visit_none<E>(self) -> Result<RawValue, E> {
        Ok(RawValue::Null)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<RawValue, D::Error> {
        deserializer.deserialize_any(Listener)
    }
    fn visit_bool<E>(self, value: bool) -> Result<RawValue, E> {
        Ok(RawValue::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<RawValue, E> {
        Ok(RawValue::Number(value.to_string()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<RawValue, E> {
        Ok(RawValue::Number(value.to_string()))
    }
    fn visit_i128<E>(self, value: i128) -> Result<RawValue, E> {
        Ok(RawValue::Number(value.to_string()))
    }
    fn visit_u128<E>(self, value: u128) -> Result<RawValue, E> {
        Ok(RawValue::Number(value.to_string()))
    }
    fn visit_f64<E>(self, value: f64) -> Result<RawValue, E> {
        Ok(RawValue::Number(value.to_string()))
    }
    fn visit_str<E>(self, value: &str) -> Result<RawValue, E> {
        Ok(RawValue::Text(value.to_owned()))
    }
    fn visit_string<E>(self, value: String) -> Result<RawValue, E> {
        Ok(RawValue::Text(value))
    }
    fn visit_bytes<E>(self, value: &[u8]) -> Result<RawValue, E> {
        Ok(RawValue::Text(String::from_utf8_lossy(value).into_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<RawValue, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(RawValue::List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<RawValue, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(RawValue::Map(map))
    }
}

/// A key, which is text whatever it looks like.
pub(super) struct Key(String);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match RawValue::deserialize(deserializer)? {
            RawValue::Text(text) | RawValue::Number(text) => Ok(Self(text)),
            RawValue::Bool(value) => Ok(Self(value.to_string())),
            RawValue::Null => Ok(Self(String::new())),
            RawValue::List(_) | RawValue::Map(_) => {
                Err(serde::de::Error::custom("a key that is a list or a table"))
            }
        }
    }
}

/// The fields of a whole front matter; `Err` if it is something else.
pub(super) fn table(
    source: TextFile<'_>,
    syntax: Syntax,
    said: Spanned<RawValue>,
    block: &str,
    place: &dyn Fn(usize) -> usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<Field>, ()> {
    match said.value {
        RawValue::Null => Ok(Vec::new()),
        RawValue::Map(map) => Ok(fields(map, block, place)),
        _ => {
            let message = format!("front matter is {} but no fields", syntax.name());
            let span = place(0)..place(lines(block, 0).next().map_or(0, |line| line.end));
            let help = "write fields such as `title: Hello`";
            diagnostics.push(source.unparsable(span, message).label("the article is withheld").help(help));
            Err(())
        }
    }
}

fn fields(
    map: Vec<(Spanned<Key>, Spanned<RawValue>)>,
    block: &str,
    place: &dyn Fn(usize) -> usize,
) -> Vec<Field> {
    map.into_iter()
        .map(|(key, value)| {
            let key_span = span_of(&key.referenced, block);
            let node = node(value, block, place);
            Field::new(key.value.0, place(key_span.start)..place(key_span.end), node)
        })
        .collect()
}

/// The recursion is no deeper than the reader's budget.
fn node(said: Spanned<RawValue>, block: &str, place: &dyn Fn(usize) -> usize) -> Node {
    let span = span_of(&said.referenced, block);
    let raw = block.get(span.clone()).unwrap_or_default();
    let value = match said.value {
        RawValue::Null => Value::Null,
        RawValue::Bool(value) => Value::Bool(value),
        RawValue::Number(number) if raw.is_empty() || raw.contains(char::is_whitespace) => {
            Value::Number(number)
        }
        RawValue::Number(number) if raw.starts_with('*') => Value::Number(number),
        RawValue::Number(_) => Value::Number(raw.to_owned()),
        RawValue::Text(text) => Value::Text(text),
        RawValue::List(items) => {
            Value::List(items.into_iter().map(|item| node(item, block, place)).collect())
        }
        RawValue::Map(map) => Value::Map(fields(map, block, place)),
    };
    // The reader gives only the beginning of lists and tables.
    let last = match &value {
        Value::List(items) => items.last().map(|item| item.span.end),
        Value::Map(fields) => fields.last().map(|field| field.node.span.end),
        _ => None,
    };
    let flow = block.get(span.start..).is_some_and(|rest| rest.starts_with(['[', '{']));
    let (start, end) = (place(span.start), place(span.end));
    let end = last.map_or(end, |last| last + usize::from(flow)).max(end);
    Node { value, span: start..end }
}

fn span_of(location: &Location, block: &str) -> Range<usize> {
    if location.line() == 0 {
        return 0..0;
    }
    let start = place_in(block, location);
    let length = location.span().byte_len().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    let end = start.saturating_add(length).min(block.len());
    let text = block.get(start..end).unwrap_or_default();
    start..start + text.trim_end().len()
}
/// The byte at which a place lies.
pub(super) fn place_in(text: &str, location: &Location) -> usize {
    if let Some(at) = location.span().byte_offset() {
        return usize::try_from(at).unwrap_or(0).min(text.len());
    }
    let (line, column) = (location.line().saturating_sub(1), location.column().saturating_sub(1));
    let line = usize::try_from(line).ok().and_then(|line| lines(text, 0).nth(line));
    let Some(line) = line else { return text.len() };
    let characters = line.text(text).char_indices();
    let column = usize::try_from(column).unwrap_or(usize::MAX);
    characters.map(|(at, _)| line.start + at).nth(column).unwrap_or(line.end)
}
