//! Authors of an article, the source of its text, and the rights in it.

use super::Reader;
use crate::article::Author;
use crate::article::metadata::Found;
use crate::article::plain::plain;
use crate::article::{address, author};
use crate::data::{Node, Value};
use crate::diagnostic::Rule;
use crate::fetch::is_web;
use crate::generator::{Meaning, Values};

impl Reader<'_> {
    pub(in crate::article) fn authors(&mut self) -> Vec<Author> {
        let Some(found) = self.metadata.first(Meaning::Authors) else { return Vec::new() };
        let mut authors: Vec<Author> = Vec::new();
        let plural = found.name == "authors";
        for item in found.node.items() {
            let read = match &item.value {
                Value::Map(_) => self.author_table(&found, item).into_iter().collect(),
                Value::Text(text) => {
                    let names = split_authors(text, plural, &self.metadata.dialect.rules().values);
                    names.into_iter().filter_map(|name| self.author_word(&found, item, name)).collect()
                }
                Value::Number(_) => item.text().and_then(author::from_text).into_iter().collect(),
                _ => Vec::new(),
            };
            for author in read {
                if !authors.contains(&author) {
                    authors.push(author);
                }
            }
        }
        if let [only] = authors.as_mut_slice() {
            let text = |meaning| self.metadata.first(meaning).and_then(|found| found.node.text());
            only.email = only.email.take().or_else(|| {
                text(Meaning::AuthorEmail).filter(|email| author::is_email(email)).map(str::to_owned)
            });
            only.url = only.url.take().or_else(|| {
                text(Meaning::AuthorUrl).filter(|url| author::is_reachable(url)).map(str::to_owned)
            });
        }
        authors
    }

    fn author_table(&mut self, found: &Found<'_>, item: &Node) -> Option<Author> {
        let id = item.member(&["id", "username", "slug", "key", "ref"]).and_then(Node::text);
        let known = id.and_then(|id| self.known_author(id));
        let author = known.or_else(|| author::described(item)).or_else(|| id.and_then(author::from_text));
        if author.is_none() {
            self.diagnostics.push(
                found
                    .fault_at(item, Rule::UnusableValue, format!("no `name` in `{}`", found.key))
                    .label("ignored")
                    .help("write `name: …`"),
            );
        }
        author
    }

    /// An author by a word: an id of the table, or a name.
    fn author_word(&mut self, found: &Found<'_>, item: &Node, word: &str) -> Option<Author> {
        if let Some(author) = self.known_author(word) {
            return Some(author);
        }
        let reference = !word.contains(char::is_whitespace) && !word.contains(['@', '[']);
        if reference && !self.conventions.authors.is_empty() {
            self.diagnostics.push(
                found
                    .fault_at(item, Rule::UnknownAuthor, format!("`{word}` is not in the table of authors"))
                    .label("taken as a name")
                    .help("add them to the table, or write their full name"),
            );
        }
        author::from_text(word)
    }

    fn known_author(&self, word: &str) -> Option<Author> {
        let authors = &self.conventions.authors;
        let same = || authors.iter().find(|(id, _)| id.eq_ignore_ascii_case(word)).map(|(_, author)| author);
        authors.get(word).or_else(same).cloned()
    }

    pub(in crate::article) fn source(&mut self) -> Option<Author> {
        let found = self.metadata.first(Meaning::Source)?;
        let address = self.metadata.first(Meaning::SourceUrl).and_then(|found| found.node.text());
        let node = found.node.items().first()?;
        let mut source = match &node.value {
            Value::Map(_) => {
                author::described(node).or_else(|| by_host(node.member(&["url", "link", "href"])?.text()?))
            }
            Value::Text(text) => by_host(text).or_else(|| author::from_text(text)),
            _ => None,
        }?;
        source.url =
            source.url.or_else(|| address.filter(|url| author::is_reachable(url)).map(str::to_owned));
        Some(source)
    }

    /// The licence's address, and what was said in its place if that is not a URL.
    pub(in crate::article) fn licence(&mut self) -> (Option<String>, Option<String>) {
        let stated = self.metadata.first(Meaning::Licence);
        // `license: false` and `copyright: true` tell a theme what to show.
        let Some(found) = stated.filter(|found| found.node.truth().is_none()) else { return (None, None) };
        let node = found.node.member(&["url", "href", "link", "name", "id"]).unwrap_or(found.node);
        let Some(written) = node.text() else { return (None, None) };
        if address::is_absolute(written) {
            return (self.usable(&found, node, address::absolute(written)), None);
        }
        match licence(written) {
            Some(address) => (Some(address), None),
            None => (None, Some(plain(written)).filter(|rights| !rights.is_empty())),
        }
    }

    pub(in crate::article) fn rights(&mut self) -> Option<String> {
        let found = self.metadata.first(Meaning::Rights).filter(|found| found.node.truth().is_none())?;
        found.node.text().map(plain).filter(|rights| !rights.is_empty())
    }
}

fn split_authors<'t>(text: &'t str, plural: bool, values: &Values) -> Vec<&'t str> {
    let parts: Vec<&str> = match () {
        () if (plural || values.authors_by_semicolon) && text.contains(';') => text.split(';').collect(),
        () if plural => text.split(',').collect(),
        () => vec![text],
    };
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// An address alone, called by its host.
fn by_host(text: &str) -> Option<Author> {
    let url = url::Url::parse(text.trim()).ok().filter(is_web)?;
    let host = url.host_str()?.trim_start_matches("www.").to_owned();
    (!host.is_empty()).then(|| Author { name: host, email: None, url: Some(text.trim().to_owned()) })
}

/// The address of a licence that is called by its short name.
fn licence(name: &str) -> Option<String> {
    let name = name.trim().to_ascii_lowercase().replace([' ', '_'], "-");
    let name = name.strip_prefix("creative-commons-").map_or(name.clone(), |rest| format!("cc-{rest}"));
    if matches!(name.as_str(), "cc0" | "cc0-1.0" | "cc-0" | "cc-zero") {
        return Some("https://creativecommons.org/publicdomain/zero/1.0/".to_owned());
    }
    let rest = name.strip_prefix("cc-")?;
    let (kind, version) = match rest.rsplit_once('-') {
        Some((kind, version)) if version.starts_with(|c: char| c.is_ascii_digit()) => (kind, version),
        _ => (rest, "4.0"),
    };
    let kinds = ["by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd"];
    let versions = ["1.0", "2.0", "2.5", "3.0", "4.0"];
    (kinds.contains(&kind) && versions.contains(&version))
        .then(|| format!("https://creativecommons.org/licenses/{kind}/{version}/"))
}
