//! TOML, whose crate gives places and finds several faults in one go.

use std::ops::Range;

use super::TextFile;
use super::tree::{Field, Node, Value};
use crate::diagnostic::Diagnostic;

/// The fields of a block. `Err` where it cannot be understood; the diagnostics say why.
pub(super) fn read(
    source: TextFile<'_>,
    block: &str,
    start: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<Field>, ()> {
    let (table, errors) = ::toml::de::DeTable::parse_recoverable(block);
    // One fault often brings others after it; three say enough.
    for error in errors.iter().take(3) {
        let at = error.span().unwrap_or(0..0);
        let said = error.message().lines().next().unwrap_or_default();
        diagnostics.push(
            source
                .unparsable(
                    start + at.start..start + at.end,
                    format!("front matter is not valid TOML: {said}"),
                )
                .label("the article is withheld")
                .help("text goes in double quotes; dates go without"),
        );
    }
    if errors.is_empty() { Ok(fields(table.into_inner(), start)) } else { Err(()) }
}

/// The recursion is no deeper than the TOML reader's own limit.
fn fields(table: ::toml::de::DeTable<'_>, start: usize) -> Vec<Field> {
    let mut fields: Vec<Field> = table
        .into_iter()
        .map(|(key, value)| {
            let span = key.span();
            Field::new(
                key.into_inner(),
                start + span.start..start + span.end,
                node(value.span(), value.into_inner(), start),
            )
        })
        .collect();
    fields.sort_by_key(|field| field.key_span.start);
    fields
}

fn node(span: Range<usize>, value: ::toml::de::DeValue<'_>, start: usize) -> Node {
    use ::toml::de::DeValue;
    let value = match value {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => Value::Number(number.to_string()),
        DeValue::Float(number) => Value::Number(number.to_string()),
        DeValue::Boolean(value) => Value::Bool(value),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(items) => {
            Value::List(items.into_iter().map(|item| node(item.span(), item.into_inner(), start)).collect())
        }
        DeValue::Table(table) => Value::Map(fields(table, start)),
    };
    Node { value, span: start + span.start..start + span.end }
}
