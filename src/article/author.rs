//! Authors: names, addresses and references into the publication's table of authors, in the many shapes that
//! people give them.

use std::collections::BTreeMap;

use super::Author;
use super::plain::plain;
use crate::data::{Field, Node, Value};
use crate::data::{Syntax, TextFile, parse};
use crate::diagnostic::Diagnostic;

/// Reads a table of authors such as Jekyll's `_data/authors.yml`: by id, or a list with ids in it. The extension of
/// the path (`yml`, `yaml`, `json`, `toml`) tells the language.
///
/// ```
/// let (authors, diagnostics) =
///     feedwright::article::parse_authors("_data/authors.yml", "ada: { name: Ada Lovelace, url: /ada/ }");
/// assert_eq!(authors["ada"].name, "Ada Lovelace");
/// assert!(diagnostics.is_empty());
/// ```
pub fn parse_authors(path: &str, text: &str) -> (BTreeMap<String, Author>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let syntax = Syntax::of_file(path);
    // A list at the top is no table of fields, so it is given a key of its own; its places are lost in that.
    let list = text.trim_start().trim_start_matches("---").trim_start();
    let wrapped = match syntax {
        Syntax::Json if list.starts_with('[') => Some(format!("{{\"authors\":{text}}}")),
        Syntax::Yaml if list.starts_with("- ") => Some(format!("authors:\n{list}")),
        _ => None,
    };
    let text = wrapped.as_deref().unwrap_or(text);
    let block = 0..text.len();
    let fields = parse(TextFile { path, text }, syntax, block, &mut diagnostics).unwrap_or_default();
    (table(&fields), diagnostics)
}

fn table(fields: &[Field]) -> BTreeMap<String, Author> {
    if let [only] = fields
        && only.name == "authors"
    {
        return match &only.node.value {
            Value::List(items) => items.iter().filter_map(listed).collect(),
            _ => table(only.node.fields()),
        };
    }
    fields
        .iter()
        .filter_map(|field| {
            let author = match &field.node.value {
                Value::Map(_) => described(&field.node).unwrap_or_else(|| named(&field.key)),
                _ => from_text(field.node.text()?)?,
            };
            Some((field.key.clone(), author))
        })
        .collect()
}

fn listed(item: &Node) -> Option<(String, Author)> {
    let id = item.member(&["id", "username", "slug", "key", "handle", "login", "name"])?.text()?;
    Some((id.to_owned(), described(item).unwrap_or_else(|| named(id))))
}

fn named(name: &str) -> Author {
    Author { name: name.to_owned(), ..Author::default() }
}

/// An author from a table of fields; `None` where there is no name.
pub(super) fn described(node: &Node) -> Option<Author> {
    let text = |names: &[&str]| node.member(names).and_then(Node::text).map(str::to_owned);
    let whole = text(&["name", "displayname", "fullname", "title", "label"]);
    let name = whole.or_else(|| match (text(&["firstname"]), text(&["lastname"])) {
        (Some(first), Some(last)) => Some(format!("{first} {last}")),
        (first, last) => first.or(last),
    });
    let name = clean(&name?)?;
    let email = text(&["email", "mail"]).filter(|email| is_email(email));
    let url = text(&["url", "uri", "site", "website", "web", "homepage", "href", "link", "profile"])
        .filter(|url| is_reachable(url))
        .or_else(|| text(&["github"]).and_then(|handle| profile("https://github.com/", &handle)));
    Some(Author { name, email, url })
}

fn profile(site: &str, handle: &str) -> Option<String> {
    let handle = handle.trim_start_matches('@');
    if is_reachable(handle) && handle.contains("://") {
        return Some(handle.to_owned());
    }
    let plain = !handle.is_empty()
        && handle.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    plain.then(|| format!("{site}{handle}"))
}

/// `Ada`, `Ada <ada@example.org>`, `ada@example.org (Ada)`, `[Ada](https://example.org/)`, `[[Ada]]`.
pub(super) fn from_text(text: &str) -> Option<Author> {
    let text = text.trim();
    if let Some(name) = text.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]")) {
        return clean(name.rsplit('|').next().unwrap_or(name))
            .map(|name| Author { name, ..Author::default() });
    }
    if let Some((name, url)) =
        text.strip_prefix('[').and_then(|rest| rest.strip_suffix(')')?.split_once("]("))
    {
        let url = Some(url.to_owned()).filter(|url| is_reachable(url));
        return clean(name).map(|name| Author { name, email: None, url });
    }
    let pairs = [('<', '>', false), ('(', ')', true)];
    for (open, close, swapped) in pairs {
        if let Some((before, inside)) = text.strip_suffix(close).and_then(|rest| rest.rsplit_once(open)) {
            let (name, contact) = if swapped { (inside, before) } else { (before, inside) };
            let (name, contact) = (name.trim(), contact.trim());
            if is_email(contact) {
                let name = clean(name).unwrap_or_else(|| contact.to_owned());
                return Some(Author { name, email: Some(contact.to_owned()), url: None });
            }
            if !swapped && contact.contains("://") && is_reachable(contact) {
                return clean(name).map(|name| Author { name, email: None, url: Some(contact.to_owned()) });
            }
        }
    }
    clean(text).map(|name| {
        let email = is_email(&name).then(|| name.clone());
        Author { name, email, url: None }
    })
}

fn clean(name: &str) -> Option<String> {
    Some(plain(name)).filter(|name| !name.is_empty())
}

pub(super) fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !host.contains('@') && !text.contains(char::is_whitespace)
    })
}

/// True for a URL on the web, or on the publication's own site.
pub(super) fn is_reachable(text: &str) -> bool {
    super::address::anywhere(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn author(name: &str, email: Option<&str>, url: Option<&str>) -> Author {
        Author { name: name.into(), email: email.map(Into::into), url: url.map(Into::into) }
    }

    #[test]
    fn a_name_may_come_with_its_address() {
        let ada = author("Ada", Some("ada@example.org"), None);
        assert_eq!(from_text("Ada <ada@example.org>"), Some(ada.clone()));
        assert_eq!(from_text("ada@example.org (Ada)"), Some(ada));
        assert_eq!(
            from_text("[Ada](https://example.org/)"),
            Some(author("Ada", None, Some("https://example.org/")))
        );
        assert_eq!(from_text("[[people/ada|Ada]]"), Some(author("Ada", None, None)));
        assert_eq!(from_text("Ada (London)"), Some(author("Ada (London)", None, None)));
        assert_eq!(from_text("  "), None);
    }

    #[test]
    fn a_table_of_authors_may_be_a_map_or_a_list() {
        for (path, text) in [
            ("authors.yml", "ada:\n  name: Ada Lovelace\n  website: https://ada.example/\n"),
            ("authors.yml", "- username: ada\n  name: Ada Lovelace\n  url: https://ada.example/\n"),
            (
                "authors.json",
                "[{\"id\": \"ada\", \"name\": \"Ada Lovelace\", \"url\": \"https://ada.example/\"}]",
            ),
            ("authors.toml", "[ada]\nname = \"Ada Lovelace\"\nuri = \"https://ada.example/\"\n"),
            ("authors.yaml", "authors:\n  ada: {name: Ada Lovelace, url: 'https://ada.example/'}\n"),
        ] {
            let (authors, diagnostics) = parse_authors(path, text);
            assert_eq!(diagnostics, [], "{text}");
            assert_eq!(
                authors.get("ada"),
                Some(&author("Ada Lovelace", None, Some("https://ada.example/"))),
                "{text}"
            );
        }
        assert_eq!(parse_authors("authors.yml", "ada: {github: ada}").0["ada"], author("ada", None, None));
        assert_eq!(parse_authors("authors.yml", "ada: [").1.len(), 1);
    }
}
