//! Holds the code to the plan in CONTRIBUTING.md: a module uses only the groups above its own.

use std::fs;
use std::path::{Path, PathBuf};

/// The groups of `lib.rs`, from the top.
const GROUPS: &[&[&str]] = &[
    &["content", "diagnostic", "fetch", "store"],
    &["article", "feed"],
    &["format", "ledger"],
    &["config"],
    &["index", "plan", "select"],
    &["page"],
    &["publication"],
    &["adopt"],
    &["serve"],
    &["cli"],
];

/// Uses within a group that the plan allows.
const ALLOWED: &[(&str, &str)] = &[("content", "diagnostic")];

/// A foreign crate and the only files that may name it.
const DOORS: &[(&str, &[&str])] = &[
    ("pulldown_cmark", &["content/markdown.rs"]),
    ("ammonia", &["content/sanitise.rs"]),
    ("html5ever", &["content/tree.rs"]),
    ("markup5ever_rcdom", &["content/tree.rs"]),
    ("serde_saphyr", &["article/front_matter/"]),
    ("toml", &["article/front_matter/", "config/file.rs", "config/file/", "config/starter.rs"]),
    ("rss", &["adopt/old_feed.rs", "format/rss.rs"]),
    ("atom_syndication", &["adopt/old_feed.rs", "format/atom.rs"]),
    ("annotate_snippets", &["diagnostic/draw.rs"]),
    ("ignore", &["store/walk.rs", "store/patterns.rs"]),
    ("clap", &["cli.rs", "cli/"]),
    ("indicatif", &["cli/build.rs"]),
    ("ureq", &["fetch.rs"]),
    ("minijinja", &["page/template.rs"]),
    ("sha2", &["page/style.rs"]),
    ("base64", &["page/style.rs"]),
    ("imagesize", &["publication/neighbours.rs"]),
    ("http", &["serve.rs", "serve/"]),
    ("bytes", &["serve/"]),
    ("httpdate", &["serve/date.rs"]),
    ("flate2", &["serve/coding.rs"]),
    ("brotli", &["serve/coding.rs"]),
    ("zstd", &["serve/coding.rs"]),
    ("hyper", &["serve/server.rs", "serve/server/"]),
    ("hyper_util", &["serve/server.rs"]),
    ("tokio", &["serve/server.rs", "serve/server/", "serve/sending.rs", "serve/connection.rs"]),
    ("http_body", &["serve/sending.rs"]),
    ("arc_swap", &["serve/exchange.rs"]),
    ("tracing", &["serve/server.rs", "serve/server/", "cli/serve.rs"]),
    ("tracing_subscriber", &["cli/serve.rs"]),
    ("notify", &["store/watch.rs"]),
    ("rustix", &["serve/server.rs", "store/"]),
];

#[test]
fn a_module_uses_only_the_groups_above_its_own() {
    let mut crossings = Vec::new();
    for (path, text) in sources() {
        let Some(module) = module_of(&path) else { continue };
        for used in uses(&text) {
            let below = group(&used) > group(module);
            let beside = used != module && group(&used) == group(module);
            if below || (beside && !ALLOWED.contains(&(module, &used))) {
                crossings.push(format!("{path} uses `{used}`"));
            }
        }
    }
    assert!(crossings.is_empty(), "{crossings:#?}");
}

#[test]
fn foreign_types_stop_at_their_door() {
    let mut leaks = Vec::new();
    for (path, text) in sources() {
        for (foreign, doors) in DOORS {
            let named = text.contains(&format!("use {foreign}::")) || text.contains(&format!(" {foreign}::"));
            if named
                && !doors.iter().any(|door| path.starts_with(door))
                && !text.contains(&format!("mod {foreign};"))
            {
                leaks.push(format!("{path} names `{foreign}`"));
            }
        }
    }
    assert!(leaks.is_empty(), "{leaks:#?}");
}

#[test]
fn the_list_of_modules_is_the_list_of_groups() {
    let library = fs::read_to_string(root().join("lib.rs")).unwrap();
    let declared: Vec<&str> =
        library.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let grouped: Vec<&str> = GROUPS.iter().flat_map(|group| group.iter().copied()).collect();
    assert_eq!(declared, grouped);
}

#[test]
fn formats_know_the_feed_and_nothing_else_of_ours() {
    for (path, text) in sources().into_iter().filter(|(path, _)| path.starts_with("format")) {
        let foreign: Vec<String> = uses(&text)
            .into_iter()
            .filter(|used| !["format", "feed", "content", "diagnostic"].contains(&&**used))
            .collect();
        assert!(foreign.is_empty(), "{path} uses {foreign:?}");
    }
}

#[test]
fn only_the_command_line_prints_or_looks_at_the_clock() {
    let words = ["println!", "eprintln!", "print!(", "SystemTime::now", "Utc::now", "env::var"];
    for (path, text) in sources().into_iter().filter(|(path, _)| !path.starts_with("cli")) {
        let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for word in words {
            assert!(!code.contains(word), "{path} has `{word}`");
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Each source file, without its tests, by path below `src`.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]").next().unwrap().to_owned();
                let relative = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
                found.push((relative, code));
            }
        }
    }
    found.sort();
    assert!(found.len() > 20, "the sources were found");
    found
}

fn module_of(path: &str) -> Option<&str> {
    let module = path.split('/').next()?.trim_end_matches(".rs");
    (!["lib", "main"].contains(&module)).then_some(module)
}

/// The modules of ours that a file names, in code.
fn uses(text: &str) -> Vec<String> {
    let mut used = Vec::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for (at, marker) in line.match_indices("crate::") {
            let word = |text: &str| -> String {
                text.chars()
                    .take_while(|character| character.is_alphanumeric() || *character == '_')
                    .collect()
            };
            let rest = &line[at + marker.len()..];
            let names: Vec<String> = match rest.strip_prefix('{') {
                Some(list) => list.split(',').map(|name| word(name.trim())).collect(),
                None => vec![word(rest)],
            };
            used.extend(names.into_iter().filter(|name| !name.is_empty()));
        }
    }
    used
}

fn group(module: &str) -> usize {
    let found = GROUPS.iter().position(|group| group.contains(&module));
    found.unwrap_or_else(|| panic!("`{module}` is in no group"))
}
