//! What a site's own configuration states, as plain facts.

use std::collections::BTreeMap;

use super::front_matter::{Syntax, Text, parse};
use super::tree::{Field, Value};

/// The scalars of a YAML, TOML or JSON file by key in lower case, those of nested tables as `params.author`. Empty
/// where the file cannot be read.
///
/// ```
/// let facts = feedwright::article::facts("hugo.toml", "baseURL = 'https://example.org/'\n[params]\nauthor = 'Ada'\n");
/// assert_eq!(facts["baseurl"], "https://example.org/");
/// assert_eq!(facts["params.author"], "Ada");
/// ```
pub fn facts(path: &str, text: &str) -> BTreeMap<String, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let fields = parse(Text { path, text }, Syntax::of_file(path), 0..text.len(), &mut Vec::new());
    let mut facts = BTreeMap::new();
    collect("", &fields.unwrap_or_default(), &mut facts);
    facts
}

/// Tables are nested at most as deep as the parsers allow.
fn collect(prefix: &str, fields: &[Field], facts: &mut BTreeMap<String, String>) {
    for field in fields {
        let key = format!("{prefix}{}", field.key.to_lowercase());
        match (&field.node.value, field.node.text()) {
            (Value::Map(fields), _) => collect(&format!("{key}."), fields, facts),
            (_, Some(text)) => {
                facts.insert(key, text.to_owned());
            }
            _ => {}
        }
    }
}
