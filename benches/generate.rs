//! Makes a publication of any size to measure with: `cargo run --release --example generate -- 10000 target/many`.
//!
//! The same number gives the same bytes; `corpus.rs` says what is in them.
//!
//! Beside `feedwright.toml` lie the variants of it that `benches/compare` measures: `main.toml` (one feed of 30
//! entries, which is what `feedwright.toml` holds at first), `families.toml` (that and one for each tag and author)
//! and `unlimited.toml` (one feed that holds every article); and `families.json`, which names the tags and the authors.

#![expect(clippy::disallowed_methods, reason = "a tool outside of the house, which writes files")]

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

use rayon::prelude::*;

mod corpus;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [count, folder] = arguments.as_slice() else {
        return complain("usage: generate COUNT FOLDER");
    };
    let Ok(count) = count.parse() else {
        return complain(&format!("`{count}` is not a number of articles"));
    };
    match generate(count, Path::new(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&format!("`{folder}`: {error}")),
    }
}

#[expect(clippy::print_stderr, reason = "a command without a library")]
fn complain(message: &str) -> ExitCode {
    eprintln!("{message}");
    ExitCode::from(2)
}

fn generate(count: u64, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let main = format!("{}{}", corpus::PUBLICATION, corpus::MAIN_FEED);
    fs::write(folder.join("feedwright.toml"), &main)?;
    fs::write(folder.join("main.toml"), &main)?;
    fs::write(folder.join("families.toml"), format!("{main}{}", corpus::FAMILIES))?;
    fs::write(folder.join("unlimited.toml"), format!("{main}entries = {}\n", count.max(1)))?;
    let vocabulary = corpus::Vocabulary::new();
    let families = serde_json::json!({ "tags": vocabulary.tags, "authors": vocabulary.authors });
    fs::write(folder.join("families.json"), families.to_string())?;
    (0..count).into_par_iter().try_for_each(|number| {
        let (name, text) = corpus::article(number, &vocabulary);
        put(&folder.join("articles").join(name), &text)
    })
}

/// Writes a file, and makes its folder where it is the first in it.
fn put(path: &Path, text: &str) -> io::Result<()> {
    match (fs::write(path, text), path.parent()) {
        (Err(error), Some(folder)) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(folder)?;
            fs::write(path, text)
        }
        (written, _) => written,
    }
}
