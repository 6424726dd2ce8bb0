//! This repository is itself a publication.

use std::fs;
use std::path::Path;

use feedwright::publication::{Options, build};
use feedwright::store::{Folder, Memory, Patterns, Store};

use crate::publisher::instant;

#[test]
fn the_committed_feeds_are_what_a_build_writes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Folder::new(root);
    let mut store = Memory::default();
    for path in ["feedwright.toml", "feedwright.lock"] {
        store.insert(path, folder.read(path).unwrap());
    }
    for file in folder.list("articles", &Patterns::none()).unwrap().files {
        store.insert(file.path.clone(), folder.read(&file.path).unwrap());
    }
    let options = Options::at(instant("2026-11-22T12:00:00Z"));
    let report = build(&mut store, options, &|_| ()).unwrap();
    assert!(report.entries >= 10, "the sample shows at least ten articles");

    let committed = folder.list("feeds", &Patterns::none()).unwrap().files;
    let built: Vec<&String> = store.files().keys().filter(|path| path.starts_with("feeds/")).collect();
    let committed_paths: Vec<&String> = committed.iter().map(|file| &file.path).collect();
    assert_eq!(committed_paths, built, "run `cargo run -- build` and commit feeds/");
    for path in built {
        let bytes = fs::read(root.join(path)).unwrap();
        assert!(store.files()[path] == bytes, "{path}: run `cargo run -- build` and commit feeds/");
    }
    let ledger = fs::read(root.join("feedwright.lock")).unwrap();
    assert!(
        store.files()["feedwright.lock"] == ledger,
        "run `cargo run -- build` and commit feedwright.lock"
    );
}
