//! Files that a build writes beside its feeds for people who come with a browser: the page, and the style
//! sheet of the feeds.
//!
//! Feeds have names that nobody else takes. `index.html` is another matter: where a site and its feeds lie in one
//! folder, it is the site's. So neither is put where a file lies that no build wrote.

use std::collections::BTreeSet;

use super::documents::WrittenFeeds;
use super::feed_list;
use super::selected::Selected;
use crate::cache::{FileState, Manifest};
use crate::config::{Config, Stylesheet};
use crate::diagnostic::{Diagnostic, Rule};
use crate::page::{self, Template};
use crate::store::{self, Staged, Store};

/// The files for people, made and not yet in their places.
#[derive(Default)]
pub(super) struct HtmlFiles {
    pub(super) staged: Vec<Staged>,
    /// Files of an earlier build that stay as they are, each with the digest of its bytes.
    pub(super) kept: Vec<(String, [u8; 32])>,
    /// Files that the page and the style sheet depend on.
    pub(super) files: Vec<FileState>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Maker of the files for browsers.
pub(super) struct HtmlPages<'a> {
    pub(super) store: &'a dyn Store,
    pub(super) selected: Selected<'a>,
    pub(super) written: &'a WrittenFeeds,
    /// Files that earlier builds wrote.
    pub(super) manifest: &'a Manifest,
}

impl<'a> HtmlPages<'a> {
    /// Makes the files.
    pub(super) fn make(&self) -> Result<HtmlFiles, store::Error> {
        let mut html = HtmlFiles::default();
        if let Some(page) = &self.config().page {
            let text = self.page(&mut html, page.template.as_deref());
            self.put(&mut html, PAGE, &page.path, text)?;
        }
        if let Stylesheet::Ours(file) = &self.config().stylesheet
            && self.has_xml()
        {
            self.put(&mut html, STYLESHEET, file, Some(page::stylesheet(self.config())))?;
        }
        Ok(html)
    }

    fn config(&self) -> &'a Config {
        &self.selected.publication.config
    }

    /// The clock of the build.
    fn began(&self) -> i64 {
        self.selected.publication.catalogue.began()
    }

    /// `true` if a browser can show any of the feeds by a style sheet: it is RSS or Atom.
    fn has_xml(&self) -> bool {
        let mut documents = self.written.feeds.iter().flat_map(|written| &written.feed.documents);
        documents.any(|document| document.format.is_xml())
    }

    /// The page; `None` where its template cannot be used.
    fn page(&self, html: &mut HtmlFiles, template: Option<&str>) -> Option<String> {
        let config = self.config();
        let feeds = feed_list::with_latest(self.selected, self.written);
        let page = match template {
            None => page::write(Template::OURS, config, &feeds),
            Some(path) => {
                html.files.push(FileState::found(self.store, path, self.began()));
                self.template(path).and_then(|text| {
                    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
                    page::write(Template { path, text }, config, &feeds)
                })
            }
        };
        page.map_err(|fault| html.diagnostics.push(*fault)).ok()
    }

    fn template(&self, path: &str) -> Result<String, Box<Diagnostic>> {
        let unusable = |why: &str| Box::new(page::unusable_template(path, why));
        let bytes = self.store.read(path).map_err(|error| unusable(&error.source.to_string()))?;
        String::from_utf8(bytes).map_err(|_| unusable("it is not UTF-8"))
    }

    /// Puts a file into a place that is free, or where a build wrote the one that is there.
    fn put(
        &self,
        html: &mut HtmlFiles,
        kind: Kind,
        file: &str,
        text: Option<String>,
    ) -> Result<(), store::Error> {
        let path = format!("{}{file}", self.config().feeds_folder());
        let owner = self.owner(&path);
        match (owner, text) {
            (Owner::Nobody | Owner::Us(_), Some(text)) => {
                let mut draft = self.store.draft(&path)?;
                draft.write(text.as_bytes())?;
                let staged = self.store.stage(draft)?;
                html.files.push(FileState::of(&staged));
                html.staged.push(staged);
                return Ok(());
            }
            (Owner::Us(digest), None) => html.kept.push((path.clone(), digest)),
            (Owner::Nobody, None) => {}
            (Owner::Feed, _) => html.diagnostics.push(occupied(&path, kind, "a feed of this publication")),
            (Owner::SomebodyElse, _) => {
                html.diagnostics.push(occupied(&path, kind, "a file that no build wrote"));
            }
        }
        html.files.push(FileState::found(self.store, &path, self.began()));
        Ok(())
    }

    fn owner(&self, path: &str) -> Owner {
        if self.feeds().contains(&path.to_lowercase()) {
            return Owner::Feed;
        }
        if self.store.stamp(path).is_none() {
            return if self.store.has_folder(path) { Owner::SomebodyElse } else { Owner::Nobody };
        }
        match self.store.read(path) {
            Ok(bytes) if self.manifest.wrote(path, &bytes) || page::is_ours(&bytes) => {
                Owner::Us(blake3::hash(&bytes).into())
            }
            _ => Owner::SomebodyElse,
        }
    }

    /// The documents that lie in the same folder. File systems that fold case would take `Index.html` for `index.html`.
    fn feeds(&self) -> BTreeSet<String> {
        let documents = self.written.feeds.iter().flat_map(|feed| &feed.documents);
        let list = self.written.list_of_feeds.iter().map(|staged| staged.path().to_lowercase());
        documents.map(|document| document.document.path.to_lowercase()).chain(list).collect()
    }
}

/// Whose file is in a place.
enum Owner {
    Nobody,
    /// An earlier build wrote these bytes.
    Us([u8; 32]),
    Feed,
    SomebodyElse,
}

/// Kind of file, in the words of its diagnostics.
#[derive(Clone, Copy)]
struct Kind {
    name: &'static str,
    help: &'static str,
}

const PAGE: Kind = Kind {
    name: "the page for people",
    help: "give it another name with `path = \"subscribe.html\"` in `[page]`, or do without it: `write = false`",
};

const STYLESHEET: Kind = Kind {
    name: "the style sheet of the feeds",
    help: "give it another name with `stylesheet = \"feeds.css\"` in `[feeds]`; if this one is for feeds, say so by its \
           address: `stylesheet = \"/feeds/feed.css\"`",
};

fn occupied(path: &str, kind: Kind, by: &str) -> Diagnostic {
    Diagnostic::new(Rule::OccupiedPath, path, format!("{} is not written: here is {by}", kind.name))
        .label("left alone")
        .help(kind.help)
}
