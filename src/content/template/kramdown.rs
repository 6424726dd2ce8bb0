//! The syntax of kramdown: attribute lists and extensions, which are for style sheets and for kramdown
//! itself.

use super::scan::Scan;
use super::token::{floor, limit};

/// The longest attribute list.
const LONGEST_LIST: usize = 1024;

/// Byte of the brace that ends a list; a value may itself hold a template's.
fn end_of_list(list: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let end = from + list.get(from..)?.find('}')?;
        if !(list[from..end].contains("{{") && list[end..].starts_with("}}")) {
            return Some(end);
        }
        from = end + 2;
    }
}

/// `true` if a text is nothing but `.class`, `#id` and `key=value`.
fn is_attributes(list: &str) -> bool {
    let mut rest = list.trim();
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let end = if let Some(name) = rest.strip_prefix(['.', '#', '-']) {
            1 + name
                .find(|letter: char| letter.is_whitespace() || letter == '.' || letter == '#')
                .unwrap_or(name.len())
        } else {
            let Some(equals) = rest.find('=') else { return false };
            let is_key = !rest[..equals].is_empty()
                && rest[..equals].chars().all(|letter| letter.is_alphanumeric() || "-_:".contains(letter));
            if !is_key {
                return false;
            }
            let value = &rest[equals + 1..];
            let length = match value.chars().next() {
                Some(quote @ ('"' | '\'')) => value[1..].find(quote).map(|end| end + 2),
                _ => Some(value.find(char::is_whitespace).unwrap_or(value.len())),
            };
            let Some(length) = length else { return false };
            equals + 1 + length
        };
        rest = rest[end..].trim_start();
    }
    true
}

impl<'t> Scan<'t, '_, '_, '_> {
    /// `{:.class}`, `{: #id }`, `{.class}` after a link or an image: for style sheets only.
    pub(super) fn attribute_list(&mut self, rest: &'t str) -> bool {
        let near = rest.get(..floor(rest, LONGEST_LIST)).unwrap_or_default();
        let Some(end) = end_of_list(near).filter(|&end| !near[..end].contains("\n\n")) else { return false };
        let inner = &rest[1..end];
        let stop = self.at + end + 1;
        let is_own_line = self.is_alone(self.at, stop);
        let is_list = if let Some(list) = inner.strip_prefix(':') {
            if list.starts_with(':') || list.starts_with('/') {
                return self.kramdown_extension(rest, list, stop);
            }
            let (first, others) = list.trim().split_once(char::is_whitespace).unwrap_or((list.trim(), ""));
            let is_contents = matches!(first, "toc" | "TOC") && (others.is_empty() || is_attributes(others));
            if is_contents && is_own_line {
                self.drop_list();
            }
            is_contents || matches!(list.trim(), "notoc" | "no_toc") || is_attributes(list)
        } else {
            let follows = self.out.ends_with([')', ']', '`']);
            let is_marked = inner.starts_with(['.', '#']) || inner.contains('=');
            (follows || (is_own_line && !inner.starts_with('#'))) && is_marked && is_attributes(inner)
        };
        if is_list {
            self.at = stop;
        }
        is_list
    }

    /// Takes back the list right before, in whose place a table of contents would stand.
    fn drop_list(&mut self) {
        let start = self.out.trim_end_matches(' ').rfind("\n\n").map_or(0, |blank| blank + 2);
        let list = self.out[start..].trim_start();
        let is_list =
            list.starts_with(['*', '-', '+']) || list.starts_with(|first: char| first.is_ascii_digit());
        if is_list && list.ends_with('\n') {
            self.out.truncate(start);
        }
    }

    /// `{::comment}…{:/comment}`, `{::nomarkdown}`, `{::options …/}`
    pub(super) fn kramdown_extension(&mut self, rest: &'t str, list: &str, stop: usize) -> bool {
        let name = list.trim_start_matches([':', '/']);
        if !name.chars().all(|letter| letter.is_alphanumeric() || " _=\"'/.-".contains(letter)) {
            return false;
        }
        self.at = stop;
        if name.trim() == "comment" && list.starts_with(':') {
            let near = rest.get(..limit(rest)).unwrap_or(rest);
            let end = near.find("{:/").and_then(|end| Some(end + near[end..].find('}')? + 1));
            self.at = end.map_or(stop, |end| self.text.len() - rest.len() + end);
        }
        true
    }
}
