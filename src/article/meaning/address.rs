//! Ids and addresses: the article's own, former ones, and those of pages that it is about.

use super::{Reader, without_repetition};
use crate::article::address::{self, Filling};
use crate::article::metadata::Found;
use crate::data::{Node, Value};
use crate::diagnostic::Rule;
use crate::generator::Meaning;

impl Reader<'_> {
    pub(in crate::article) fn id(&mut self) -> Option<String> {
        let found = self.metadata.first(Meaning::Id)?;
        let usable = |text: &&str| text.len() <= 512 && !text.chars().any(char::is_control);
        let id = match found.node.value {
            Value::Text(_) | Value::Number(_) => found.node.text().filter(usable),
            _ => None,
        };
        if id.is_none() {
            self.diagnostics.push(
                found
                    .fault(Rule::UnusableId, format!("`{}` is not a usable id", found.key))
                    .label("ignored, the article gets one of its own")
                    .help("an id is one line of text of at most 512 bytes"),
            );
        }
        id.map(str::to_owned)
    }

    pub(in crate::article) fn slug(&mut self, paths: bool) -> Option<String> {
        let found = self.metadata.first(Meaning::Slug)?;
        let slug = found.node.text().unwrap_or_default().trim_matches('/');
        if slug.is_empty() && found.node.text().is_some() {
            return None;
        }
        if address::is_safe_part(slug) || (paths && slug.split('/').all(address::is_safe_part)) {
            return Some(slug.to_owned());
        }
        self.diagnostics.push(
            found
                .fault(Rule::UnusableAddress, format!("`{}` cannot be the last part of a URL", found.key))
                .label("ignored, the file's name is used")
                .help("write a single part without `/`, `\\` or `..`; a whole path goes into `permalink`"),
        );
        None
    }

    pub(in crate::article) fn address(&mut self, filling: &Filling<'_>) -> Option<String> {
        let found = self.metadata.first(Meaning::Address)?;
        if matches!(found.node.value, Value::Bool(_)) {
            return None;
        }
        let Some(written) = found.node.text() else {
            self.diagnostics.push(found.unusable("an address"));
            return None;
        };
        let address = self.usable(&found, found.node, address::own(written, filling))?;
        let values = &self.metadata.dialect.rules().values;
        let folder = values.folder_words.contains(&found.name) && !address.ends_with('/');
        Some(if folder { address + "/" } else { address })
    }

    /// The address, or what is wrong with it, which is said.
    pub(in crate::article) fn usable(
        &mut self,
        found: &Found<'_>,
        node: &Node,
        address: Result<String, String>,
    ) -> Option<String> {
        match address {
            Ok(address) => Some(address),
            Err(why) => {
                let written = node.text().unwrap_or_default();
                self.diagnostics.push(
                    found
                        .fault_at(node, Rule::UnusableAddress, format!("`{written}` cannot be used: {why}"))
                        .label("ignored")
                        .help("write `https://example.org/page/`, or a path from the site's home: `/page/`"),
                );
                None
            }
        }
    }

    pub(in crate::article) fn canonical(&mut self) -> Option<String> {
        let found = self.metadata.first(Meaning::Canonical)?;
        let written = found.node.text()?;
        self.usable(&found, found.node, address::absolute(written))
    }

    /// Former addresses. Obsidian's aliases are other names of a note, and names are no addresses.
    pub(in crate::article) fn aliases(&mut self) -> Vec<String> {
        let metadata = self.metadata;
        let always = metadata.dialect.rules().values.aliases_are_urls;
        let mut aliases: Vec<String> = Vec::new();
        for found in metadata.all(Meaning::Aliases) {
            for item in found.node.items() {
                let Some(written) = item.text().filter(|text| !text.is_empty()) else { continue };
                if !always && found.name.starts_with("alias") && !address::looks_like_one(written) {
                    continue;
                }
                aliases.extend(self.usable(&found, item, address::anywhere(written)));
            }
        }
        without_repetition(aliases)
    }

    /// An address that must be written as one: absolute, or from the site's root.
    fn pointer(&mut self, meaning: Meaning) -> Option<String> {
        let found = self.metadata.all(meaning).find(|found| found.node.truth().is_none())?;
        let node = match found.node.value {
            Value::Map(_) => found.node.member(&["url", "href", "address", "link"])?,
            _ => found.node,
        };
        let written = node.text()?;
        let path = written.starts_with('/');
        let address = if path { address::anywhere(written) } else { address::absolute(written) };
        self.usable(&found, node, address)
    }

    pub(in crate::article) fn link(&mut self) -> Option<String> {
        self.pointer(Meaning::Link)
    }

    pub(in crate::article) fn comments(&mut self) -> Option<String> {
        self.pointer(Meaning::Comments)
    }
}
