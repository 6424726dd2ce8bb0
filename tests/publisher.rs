//! The teller: a publication in memory, built as often as a story needs.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use feedwright::publication::{self, Error, Options, Report};
use feedwright::select::Preview;
use feedwright::store::Memory;
use serde_json::Value;

/// What most stories publish.
pub const CONFIG: &str = r#"
[publication]
title = "Channel Dispatch"
home = "https://example.org/"
description = "News from both sides of the water"
language = "en"
timezone = "Europe/London"
authors = [{ name = "Channel Dispatch" }]

[identity]
authority = "example.org"
date = "2026-11-22"
"#;

pub const HELLO: &str = "---\ntitle: Hello\ndate: 2024-05-06T10:00:00Z\n---\nHello, *world*.\n";

/// A publication.
#[derive(Clone)]
pub struct Publisher {
    pub store: Memory,
    pub now: DateTime<Utc>,
    pub preview: Preview,
    pub locked: bool,
    pub allow_reissue: bool,
}

impl Publisher {
    /// One without articles.
    pub fn new() -> Self {
        let store = Memory::new([("feedwright.toml", CONFIG), ("articles/.keep", "")]);
        let now = instant("2026-11-22T00:00:00Z");
        Self { store, now, preview: Preview::default(), locked: false, allow_reissue: false }
    }

    /// With more in its `feedwright.toml`.
    pub fn config(mut self, more: &str) -> Self {
        self.store.insert("feedwright.toml", format!("{CONFIG}{more}"));
        self
    }

    /// With a `feedwright.toml` of its own.
    pub fn whole_config(mut self, text: &str) -> Self {
        self.store.insert("feedwright.toml", text);
        self
    }

    pub fn article(self, name: &str, text: &str) -> Self {
        self.file(&format!("articles/{name}"), text.as_bytes())
    }

    pub fn file(mut self, path: &str, bytes: &[u8]) -> Self {
        self.store.insert(path, bytes);
        self
    }

    pub fn without(mut self, path: &str) -> Self {
        self.store.take(path).expect("the story removes what is there");
        self
    }

    /// Moves the file of an article, and the rest of its bundle if it has one.
    pub fn rename(mut self, from: &str, to: &str) -> Self {
        let bytes = self.store.take(&format!("articles/{from}")).expect("the story renames what is there");
        self.store.insert(format!("articles/{to}"), bytes);
        self
    }

    pub fn copy(self, from: &str, to: &str) -> Self {
        let bytes = self.store.files()[&format!("articles/{from}")].clone();
        self.file(&format!("articles/{to}"), &bytes)
    }

    /// Replaces a part of an article's text.
    pub fn edit(self, name: &str, from: &str, to: &str) -> Self {
        let text = String::from_utf8(self.store.files()[&format!("articles/{name}")].clone()).unwrap();
        assert!(text.contains(from), "the story edits what is there: {from} in {text}");
        self.article(name, &text.replace(from, to))
    }

    pub fn delete(self, name: &str) -> Self {
        self.without(&format!("articles/{name}"))
    }

    /// On purpose, as with `--allow-reissue`.
    pub fn reissuing(mut self) -> Self {
        self.allow_reissue = true;
        self
    }

    pub fn at(mut self, now: &str) -> Self {
        self.now = instant(now);
        self
    }

    pub fn try_build(&mut self) -> Result<Report, Error> {
        let Self { now, preview, locked, allow_reissue, .. } = *self;
        let options = Options { now, preview, locked, allow_reissue, keep_published: false };
        publication::build(&mut self.store, options, &|_| ())
    }

    pub fn build(mut self) -> Built {
        let report = self.try_build().expect("the publication has no faults that stop it");
        Built { publisher: self, report }
    }
}

/// A publication that was built.
pub struct Built {
    pub publisher: Publisher,
    pub report: Report,
}

impl Built {
    /// A document as text.
    pub fn document(&self, path: &str) -> String {
        let files = self.publisher.store.files();
        let bytes = files.get(path).unwrap_or_else(|| panic!("no {path} among {:?}", files.keys()));
        String::from_utf8(bytes.clone()).unwrap()
    }

    /// All documents by path.
    pub fn documents(&self) -> BTreeMap<String, String> {
        let files = self.publisher.store.files();
        let feeds = files.iter().filter(|(path, _)| path.starts_with("feeds/"));
        feeds.map(|(path, bytes)| (path.clone(), String::from_utf8(bytes.clone()).unwrap())).collect()
    }

    /// The items of the main JSON feed.
    pub fn items(&self) -> Vec<Value> {
        self.items_of("feeds/feed.json")
    }

    pub fn items_of(&self, path: &str) -> Vec<Value> {
        let feed: Value = serde_json::from_str(&self.document(path)).unwrap();
        feed["items"].as_array().unwrap().clone()
    }

    /// A field of each item of the main JSON feed.
    pub fn each(&self, field: &str) -> Vec<String> {
        self.items().iter().map(|item| item[field].as_str().unwrap_or_default().to_owned()).collect()
    }

    pub fn titles(&self) -> Vec<String> {
        self.each("title")
    }

    /// The diagnostics that are more than notes, as people read them.
    pub fn said(&self) -> String {
        drawn(&self.report.diagnostics)
    }

    /// The id of the article with that title.
    pub fn id_of(&self, title: &str) -> String {
        let items = self.items();
        let item = items.iter().find(|item| item["title"] == title);
        item.unwrap_or_else(|| panic!("no {title} among {:?}", self.titles()))["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub fn ledger(&self) -> String {
        self.document("feedwright.lock")
    }

    pub fn rules(&self) -> Vec<&'static str> {
        self.report.diagnostics.iter().map(|diagnostic| diagnostic.rule.name()).collect()
    }
}

pub fn drawn(diagnostics: &[feedwright::diagnostic::Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| diagnostic.draw(false)).collect::<Vec<_>>().join("\n\n")
}

pub fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}
