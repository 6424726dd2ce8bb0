//! YAML as people write it and as nobody can misunderstand it: titles with a colon in them, indentation with tabs.

use std::ops::Range;

use super::lines;

/// YAML with the values quoted that nobody can have meant as anything but text.
pub(super) struct Repaired {
    pub(super) text: String,
    /// Places of the values that were quoted, in the original.
    pub(super) quoted: Vec<Range<usize>>,
    /// For each line: where it begins in the repaired text and in the original, and its length there.
    lines: Vec<(usize, usize, usize)>,
}

impl Repaired {
    /// The place in the original.
    pub(super) fn original(&self, at: usize) -> usize {
        let line = self.lines.partition_point(|(start, ..)| *start <= at).saturating_sub(1);
        self.lines
            .get(line)
            .map_or(at, |(start, original, length)| original + (at - start.min(&at)).min(*length))
    }
}

/// The block repaired; `None` where nothing in it could be.
pub(super) fn repair(block: &str) -> Option<Repaired> {
    let mut repaired = Repaired { text: String::new(), quoted: Vec::new(), lines: Vec::new() };
    let mut tabs = false;
    for line in lines(block, 0) {
        repaired.lines.push((repaired.text.len(), line.start, line.end - line.start));
        let text = line.text(block);
        let body = text.trim_start_matches('\t');
        if body.len() < text.len() {
            tabs = true;
            repaired.text.push_str(&"  ".repeat(text.len() - body.len()));
        }
        match unquoted_value(body) {
            Some(at) => {
                let (before, value) = body.split_at(at);
                let value_start = line.end - value.len();
                let value = value.trim_end();
                repaired.quoted.push(value_start..value_start + value.len());
                repaired.text.push_str(before);
                repaired.text.push('\'');
                repaired.text.push_str(&value.replace('\'', "''"));
                repaired.text.push('\'');
            }
            None => repaired.text.push_str(body),
        }
        repaired.text.push('\n');
    }
    (tabs || !repaired.quoted.is_empty()).then_some(repaired)
}

/// Byte at which, in a line `key: value` (or `- value`), a value begins that YAML would not take, but that is
/// plainly text.
fn unquoted_value(line: &str) -> Option<usize> {
    let content = line.trim_start();
    let indent = line.len() - content.len();
    let at = match content.strip_prefix("- ") {
        Some(_) if indent == 0 || !content.contains(": ") => indent + 2,
        _ => {
            let (key, _) = content.split_once(": ")?;
            if key.is_empty() || !key.chars().all(|c| c.is_alphanumeric() || "-_ .".contains(c)) {
                return None;
            }
            indent + key.len() + 2
        }
    };
    let value = line.get(at..)?;
    let at = at + (value.len() - value.trim_start().len());
    let value = value.trim();
    let mut characters = value.chars();
    let first = characters.next()?;
    let last = characters.next_back().unwrap_or(first);
    let text = match first {
        '@' | '`' | '%' => true,
        // `*Important*`, but not the name of an anchor.
        '*' => last == '*' || value.contains(' '),
        '"' | '\'' => !closes_at_end(value, first),
        // `[Video] It is here`, but not a list that was never closed, or goes on in the next line.
        '[' => last != ']' && value.contains(']') && !value.contains(", ") && last != ',',
        '{' => last != '}' && value.contains('}') && last != ',',
        '|' | '>' | '#' => false,
        _ => value.contains(": ") || value.ends_with(':'),
    };
    text.then_some(at)
}

/// `true` if a quoted value ends where its quotation ends.
fn closes_at_end(value: &str, quote: char) -> bool {
    let inside = value.get(1..).unwrap_or_default();
    let mut characters = inside.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        if quote == '"' && c == '\\' {
            characters.next();
        } else if c == quote {
            if quote == '\'' && characters.peek().is_some_and(|(_, next)| *next == '\'') {
                characters.next();
                continue;
            }
            let rest = inside.get(at + 1..).unwrap_or_default().trim_start();
            return rest.is_empty() || rest.starts_with('#');
        }
    }
    // It goes on in the next line, as quotations may.
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn mending_keeps_places_in_order(text in "[a-zé:'\"@\t\n \\-]{0,120}") {
            if let Some(repaired) = repair(&text) {
                let places: Vec<usize> = (0..repaired.text.len()).map(|at| repaired.original(at)).collect();
                prop_assert!(places.windows(2).all(|pair| pair[0] <= pair[1]));
                prop_assert!(places.iter().all(|place| *place <= text.len()));
            }
        }
    }
}
