//! Holds the code to the plan in CONTRIBUTING.md: a module uses only the groups above its own, the files of one folder
//! do not use one another in a circle, and foreign crates stay behind their doors.

mod modules;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use modules::{Modules, Segments};

/// The groups of `lib.rs`, from the top.
const GROUPS: &[&[&str]] = &[
    &["content", "diagnostic", "fetch", "store"],
    &["data"],
    &["generator"],
    &["article", "feed"],
    &["format", "ledger", "readers"],
    &["config"],
    &["cache"],
    &["plan", "select"],
    &["built_site"],
    &["page"],
    &["publication"],
    &["adopt"],
    &["hosting"],
    &["serve"],
    &["cli"],
];

/// Uses within a group that the plan allows.
const ALLOWED: &[(&str, &str)] = &[("content", "diagnostic")];

/// A foreign crate and the only files that may name it.
const DOORS: &[(&str, &[&str])] = &[
    ("regex", &["generator/"]),
    ("deunicode", &["generator/slug.rs"]),
    ("pulldown_cmark", &["content/markdown.rs", "content/markdown/"]),
    ("ammonia", &["content/sanitise.rs"]),
    ("percent_encoding", &["content/address.rs"]),
    ("html5ever", &["built_site/scan.rs", "content/tree.rs", "content/tree/"]),
    ("serde_saphyr", &["data/"]),
    ("toml", &["data/toml.rs", "config/file.rs", "config/file/", "config/starter.rs"]),
    ("postcard", &["cache/file.rs"]),
    ("rss", &["format/rss.rs"]),
    ("atom_syndication", &["format/atom.rs"]),
    ("encoding_rs", &["format/source/decode.rs"]),
    ("quick_xml", &["format/opml.rs", "format/source/", "format/xml.rs"]),
    ("annotate_snippets", &["diagnostic/draw.rs"]),
    ("ignore", &["store/walk.rs", "store/patterns.rs"]),
    ("clap", &["cli.rs", "cli/"]),
    ("indicatif", &["cli/build.rs"]),
    ("ureq", &["fetch/http.rs"]),
    ("minijinja", &["page/template.rs"]),
    ("sha2", &["page/style.rs"]),
    ("base64", &["page/style.rs"]),
    ("imagesize", &["publication/dependencies.rs"]),
    ("http", &["serve.rs", "serve/"]),
    ("bytes", &["serve/"]),
    ("httpdate", &["serve/date.rs"]),
    ("flate2", &["serve/coding.rs"]),
    ("brotli", &["serve/coding.rs"]),
    ("zstd", &["serve/coding.rs"]),
    ("hyper", &["serve/server.rs", "serve/server/"]),
    ("hyper_util", &["serve/server.rs", "serve/server/admin.rs"]),
    ("tokio", &["serve/server.rs", "serve/server/", "serve/sending.rs", "serve/connection.rs"]),
    ("http_body", &["serve/sending.rs"]),
    ("mime_guess", &["hosting/content_type.rs"]),
    ("arc_swap", &["serve/exchange.rs"]),
    ("tracing", &["serve/server.rs", "serve/server/", "cli/serve.rs"]),
    ("tracing_subscriber", &["cli/serve.rs"]),
    ("notify", &["store/watch.rs"]),
    ("rustix", &["serve/server.rs", "store/"]),
];

/// Circles inside modules that are still to be opened. Nothing may be added here.
const CIRCLES: &[&str] = &[];

static MODULES: LazyLock<Modules> = LazyLock::new(|| Modules::read(&root()));

#[test]
fn a_module_uses_only_the_groups_above_its_own() {
    let mut crossings = Vec::new();
    for (path, module) in MODULES.iter() {
        let Some(own) = path.first() else { continue };
        for used in MODULES.used_by(path).iter().filter_map(|used| used.first()) {
            let below = group(used) > group(own);
            let beside = used != own && group(used) == group(own);
            if below || (beside && !ALLOWED.contains(&(own, used))) {
                crossings.push(format!("{} uses `{used}`", module.file));
            }
        }
    }
    assert!(crossings.is_empty(), "{crossings:#?}");
}

#[test]
fn files_of_one_folder_do_not_use_one_another_in_a_circle() {
    assert_eq!(MODULES.circles(), CIRCLES);
}

#[test]
fn a_circle_is_found_through_imports_past_the_first_tests_and_inside_macros() {
    let files = [
        ("lib.rs", "pub mod a;"),
        ("a.rs", "mod b; mod c; mod d; pub use b::B;"),
        (
            "a/b.rs",
            "#[cfg(test)] mod tests { use super::super::d::D; } fn b() { println!(\"{}\", super::c::C) }",
        ),
        ("a/c.rs", "use super::B; pub struct C(B);"),
        ("a/d.rs", "pub struct D(super::c::C);"),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    assert_eq!(Modules::of(files.into()).circles(), ["a: b, c"]);
}

#[test]
fn foreign_types_stop_at_their_door() {
    let mut leaks = Vec::new();
    for (_, module) in MODULES.iter() {
        for (foreign, doors) in DOORS {
            let named = module.foreign.iter().any(|path| path[0] == *foreign);
            if named && !doors.iter().any(|door| module.file.starts_with(door)) {
                leaks.push(format!("{} names `{foreign}`", module.file));
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
    for (path, module) in MODULES.iter().filter(|(path, _)| path.first().is_some_and(|own| own == "format")) {
        let foreign: Vec<&Segments> = MODULES
            .used_by(path)
            .iter()
            .filter(|used| !["format", "feed", "content", "diagnostic"].contains(&&*used[0]))
            .collect();
        assert!(foreign.is_empty(), "{} uses {foreign:?}", module.file);
    }
}

#[test]
fn only_the_command_line_prints_or_looks_at_the_clock_and_the_environment() {
    let clocks = [["SystemTime", "now"], ["Utc", "now"], ["Local", "now"], ["env", "var"], ["env", "vars"]];
    for (path, module) in MODULES.iter().filter(|(path, _)| path.first().is_none_or(|own| own != "cli")) {
        for printer in ["print", "println", "eprint", "eprintln", "dbg"] {
            assert!(!module.macros.contains(printer), "{path:?} has `{printer}!`");
        }
        for clock in clocks {
            let asked = module.foreign.iter().find(|named| named.ends_with(&clock.map(str::to_owned)));
            assert!(asked.is_none(), "{path:?} has `{}`", clock.join("::"));
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn group(module: &str) -> usize {
    let found = GROUPS.iter().position(|group| group.contains(&module));
    found.unwrap_or_else(|| panic!("`{module}` is in no group"))
}
