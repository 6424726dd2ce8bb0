//! Lines of the keys in `feedwright.toml`, for those who ask where a value comes from.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

/// The line of each key, from 1, by its name with those of its tables: `feeds.path`, `feed.0.name`.
pub(in crate::config) fn lines(source: &str) -> BTreeMap<String, usize> {
    let (table, _) = DeTable::parse_recoverable(source);
    let mut lines = BTreeMap::new();
    let mut waiting = vec![(String::new(), table.into_inner())];
    while let Some((above, table)) = waiting.pop() {
        for (key, value) in table {
            let line = 1 + source.get(..key.span().start).unwrap_or_default().matches('\n').count();
            let name = format!("{above}{}", key.get_ref());
            lines.insert(name.clone(), line);
            match value.into_inner() {
                DeValue::Table(below) => waiting.push((format!("{name}."), below)),
                DeValue::Array(items) => {
                    for (number, item) in items.into_iter().enumerate() {
                        let span = item.span();
                        if let DeValue::Table(below) = item.into_inner() {
                            let line = 1 + source.get(..span.start).unwrap_or_default().matches('\n').count();
                            lines.insert(format!("{name}.{number}"), line);
                            waiting.push((format!("{name}.{number}."), below));
                        }
                    }
                }
                _ => {}
            }
        }
    }
    lines
}
