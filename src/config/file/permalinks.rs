//! `[articles] permalink`: one pattern, or a table of them by section, collection or pattern of paths.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::section::{Placed, Reading, Section, meant};
use crate::generator::{Pattern, Permalinks, Scope};
use crate::store::Patterns;

/// The kinds of pages that generators have patterns for; only those of the first are articles.
const KINDS: [&str; 5] = ["page", "section", "taxonomy", "term", "home"];

impl<'a> Reading<'_> {
    /// The patterns that are stated; `None` where none are.
    pub(super) fn permalinks(&mut self, section: &mut Section<'a>) -> Option<Vec<(Scope, Pattern)>> {
        let value = section.take("permalink")?;
        let span = value.span();
        let stated = match value.into_inner() {
            DeValue::String(pattern) => vec![(Scope::All, (pattern.into_owned(), span))],
            DeValue::Table(table) => self.permalinks_by_scope(table),
            other => self.wrong_kind(span, "permalink", "text or a table", &other)?,
        };
        let patterns =
            stated.into_iter().filter_map(|(scope, stated)| Some((scope, self.permalink(&stated)?)));
        Some(patterns.collect())
    }

    fn permalinks_by_scope(&mut self, table: DeTable<'a>) -> Vec<(Scope, Placed<String>)> {
        let mut stated = Vec::new();
        for (key, value) in table {
            let (place, span) = (key.span(), value.span());
            let key = key.into_inner().into_owned();
            match value.into_inner() {
                DeValue::String(pattern) => {
                    let scope = self.scope(&key, &place);
                    stated.extend(scope.map(|scope| (scope, (pattern.into_owned(), span))));
                }
                DeValue::Table(of_kind) if key == "page" => stated.extend(self.permalinks_by_scope(of_kind)),
                DeValue::Table(_) if KINDS.contains(&key.as_str()) => {
                    self.fault(place, format!("no article is a page of the kind `{key}`")).help = Some(
                        "leave it out: feeds link to articles alone, which are of the kind `page`".to_owned(),
                    );
                }
                other => self.wrong_kind(span, &key, "text", &other).unwrap_or(()),
            }
        }
        stated
    }

    /// The articles that a key of the table names: all, those in a folder, or those whose paths match a pattern.
    fn scope(&mut self, key: &str, place: &Range<usize>) -> Option<Scope> {
        let folder = key.trim_matches('/');
        if matches!(folder, "" | "*" | "**") {
            return Some(Scope::All);
        }
        if !folder.contains(['*', '?', '[']) && !is_file(folder) {
            self.check_folder(folder, place);
            return Some(Scope::Folder(folder.to_owned()));
        }
        match Patterns::new([key]) {
            Ok(patterns) => Some(Scope::Pattern(key.to_owned(), patterns)),
            Err(fault) => {
                self.fault(place.clone(), fault);
                None
            }
        }
    }

    fn permalink(&mut self, (stated, span): &Placed<String>) -> Option<Pattern> {
        let pattern = match Permalinks::read(stated) {
            Ok(pattern) => pattern,
            Err(fault) => {
                let tokens: Vec<_> = Permalinks::tokens().map(|token| format!("`{{{token}}}`")).collect();
                self.fault(span.clone(), fault).help = Some(format!(
                    "a permalink is made of {}, and keys of the front matter",
                    tokens.join(", ")
                ));
                return None;
            }
        };
        for key in pattern.keys() {
            if let Some(help) = meant(key, Permalinks::tokens()) {
                let place = self.place_of(&format!("{{{key}}}"), span);
                self.fault(place, format!("there is no token `{{{key}}}`")).help =
                    Some(format!("{help} a key of the front matter that is called so is `{{page.{key}}}`"));
            }
        }
        Some(pattern)
    }

    /// The place of a part of a text, as far as it stands there as it is.
    fn place_of(&self, part: &str, span: &Range<usize>) -> Range<usize> {
        let written = self.source.get(span.clone()).unwrap_or_default();
        written.find(part).map_or(span.clone(), |at| span.start + at..span.start + at + part.len())
    }
}

/// `true` if the last part of a path is a file's name.
fn is_file(path: &str) -> bool {
    let (_, extension) = path.rsplit('/').next().unwrap_or_default().rsplit_once('.').unwrap_or_default();
    ["md", "markdown", "mdx", "html", "htm", "txt"].contains(&extension)
}
