//! Each rule has a page in `docs/rules`: its manual, a tiny publication that breaks it, and what is said.
//!
//! `UPDATE=1 cargo test rules` writes what is said now into the pages; read the difference before you commit
//! it.

use std::fs;
use std::path::{Path, PathBuf};

use feedwright::diagnostic::{Diagnostic, Rule, Severity};
use feedwright::publication::Error;

use crate::publisher::{Publisher, drawn};

#[test]
fn every_page_says_what_feedwright_says() {
    let mut differing = Vec::new();
    for path in pages() {
        let text = fs::read_to_string(&path).unwrap();
        let page = Page::read(&text);
        if page.files.is_empty() {
            continue; // A rule about the disk: `cli` has its test.
        }
        let name = path.file_stem().unwrap().to_str().unwrap();
        let said = page.publish(name);
        if std::env::var("UPDATE").is_ok() {
            fs::write(&path, page.with(&said, &text)).unwrap();
        } else if said != page.expected {
            differing.push(format!("{name}: expected\n{}\nsaid\n{said}\n", page.expected));
        }
        assert!(said.contains(&format!("[{name}]")), "{name}: the page does not break its rule:\n{said}");
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn every_rule_has_a_page_and_every_page_a_rule() {
    let mut pages: Vec<String> =
        pages().iter().map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    let mut rules: Vec<&str> = Rule::ALL.iter().map(|rule| rule.name()).collect();
    pages.sort_unstable();
    rules.sort_unstable();
    assert_eq!(pages, rules);
}

#[test]
fn rules_are_told_apart_by_name() {
    let mut names: Vec<&str> = Rule::ALL.iter().map(|rule| rule.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Rule::ALL.len());
    assert!(Rule::ALL.iter().all(|rule| Rule::named(rule.name()) == Some(*rule)));
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules")
}

fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    pages
}

/// A page: files, and what is said of them.
struct Page {
    files: Vec<(String, String)>,
    expected: String,
}

impl Page {
    /// Fenced blocks whose info string is a path are files; the block called `text` is what is said. A fence
    /// may be longer than three, so that a file can hold one. `\u{b}` and the like stand for themselves.
    fn read(text: &str) -> Self {
        let mut page = Self { files: Vec::new(), expected: String::new() };
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let fence = line.len() - line.trim_start_matches('`').len();
            if fence < 3 {
                continue;
            }
            let (fence, info) = line.split_at(fence);
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != fence).collect();
            let block = block.join("\n");
            match info.split_whitespace().last() {
                Some("text") => page.expected = block,
                Some(path) if path.contains('.') => {
                    page.files.push((path.to_owned(), unescaped(&block) + "\n"));
                }
                _ => {}
            }
        }
        page
    }

    fn publish(&self, name: &str) -> String {
        let mut publisher = Publisher::new();
        for (path, text) in &self.files {
            publisher = match path.as_str() {
                "feedwright.toml" if text.contains("[publication]") => publisher.whole_config(text),
                "feedwright.toml" => publisher.config(text),
                _ => publisher.file(path, text.as_bytes()),
            };
        }
        match publisher.try_build() {
            Ok(report) => {
                // Notes are shown only on the pages of their own rules, as people see them only with `-v`.
                let shown = |found: &Diagnostic| found.severity > Severity::Note || found.rule.name() == name;
                drawn(&report.diagnostics.into_iter().filter(shown).collect::<Vec<_>>())
            }
            Err(Error::Publication(faults)) => drawn(&faults),
            Err(error) => panic!("{error}"),
        }
    }

    fn with(&self, said: &str, text: &str) -> String {
        let block = |content: &str| {
            if content.is_empty() { "```text\n```".into() } else { format!("```text\n{content}\n```") }
        };
        text.replace(&block(&self.expected), &block(said))
    }
}

fn unescaped(text: &str) -> String {
    let mut rest = text;
    let mut out = String::new();
    while let Some((before, after)) = rest.split_once("\\u{") {
        let (code, after) = after.split_once('}').unwrap();
        out.push_str(before);
        out.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
        rest = after;
    }
    out + rest
}
