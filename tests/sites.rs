//! A tiny site per dialect in `tests/cases/sites`, and the feeds it must give.
//!
//! `UPDATE=1 cargo test sites` writes the feeds of now into `expected/`; read the difference before you commit it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use feedwright::article::Dialect;
use feedwright::store::Memory;

use crate::publisher::{Publisher, drawn};

#[test]
fn every_dialect_has_a_site() {
    let sites: Vec<String> = sites().iter().map(|path| name(path)).collect();
    for dialect in Dialect::ALL.iter().filter(|dialect| **dialect != Dialect::Feedwright) {
        assert!(sites.iter().any(|site| site == dialect.name()), "no site for {}", dialect.name());
    }
}

#[test]
fn every_site_gives_its_feeds() {
    for site in sites() {
        let mut publisher = Publisher::new();
        publisher.store =
            Memory::new(files(&site).into_iter().filter(|(path, _)| !path.starts_with("expected/")));
        let built = publisher.build();
        let mut documents = built.documents();
        documents.insert("feeds/diagnostics.txt".into(), drawn(&built.report.diagnostics) + "\n");
        let expected = site.join("expected");
        if std::env::var("UPDATE").is_ok() {
            let _ = fs::remove_dir_all(&expected);
            for (path, text) in &documents {
                let path = expected.join(path.trim_start_matches("feeds/"));
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            continue;
        }
        let wanted: BTreeMap<String, String> = files(&expected)
            .into_iter()
            .map(|(path, bytes)| (format!("feeds/{path}"), String::from_utf8(bytes).unwrap()))
            .collect();
        for (path, text) in &wanted {
            let found = documents.get(path).unwrap_or_else(|| panic!("{}: no {path}", name(&site)));
            assert_eq!(found, text, "{}: {path}", name(&site));
        }
        assert_eq!(documents.len(), wanted.len(), "{}", name(&site));
    }
}

fn sites() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/sites");
    let mut sites: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    // Those of `measured` have the name of their generator before their own.
    sites.retain(|site| !name(site).contains('-'));
    sites.sort();
    sites
}

fn name(site: &Path) -> String {
    site.file_name().unwrap().to_str().unwrap().to_owned()
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let relative = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
                found.push((relative, fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}
