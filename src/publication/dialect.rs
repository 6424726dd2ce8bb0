//! Finds out whose conventions a publication follows, where its configuration leaves that open.

use super::path::relative;
use crate::article::{self, Dialect};
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Rule};
use crate::ledger;
use crate::store::{FileEntry, Stamp, Store};

/// Files whose text tells whose they are.
const TELLING: [&str; 3] = ["conf.py", "package.json", "Gemfile"];

/// Number of articles that are looked at to recognise their dialect.
const SAMPLES: usize = 60;

/// The dialect of these articles.
pub(super) fn detect<'a>(
    store: &dyn Store,
    files: impl Iterator<Item = &'a FileEntry>,
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) -> Dialect {
    let files: Vec<&FileEntry> = files.collect();
    let step = (files.len() / SAMPLES).max(1);
    let samples: Vec<(&str, String)> = files
        .iter()
        .step_by(step)
        .filter(|file| file.stamp.size <= article::LARGEST as u64)
        .filter_map(|file| {
            let bytes = store.read(&file.path).ok()?;
            let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4_000)]).into_owned();
            Some((relative(&file.path, &config.articles.path), head))
        })
        .collect();
    let samples = samples.iter().map(|(name, head)| (*name, head.as_str()));
    let (dialect, reason) = recognise(store, samples);
    if dialect != Dialect::Feedwright {
        let message = format!("articles are read as {}'s, because of {reason}", dialect.title());
        diagnostics.push(
            Diagnostic::new(Rule::DetectedDialect, config::FILE, message)
                .help(format!("say `dialect = \"{}\"` in `[articles]` to keep it so", dialect.name())),
        );
    }
    dialect
}

/// Files that decide the dialect, beside samples of articles, with the stamps of those whose text decides it.
pub(super) fn circumstances(store: &dyn Store, config: &Config) -> Vec<(String, Option<Stamp>)> {
    let mut found = settings(store, config);
    if config.articles.dialect.is_some() {
        return found;
    }
    // What a build itself leaves there means nothing.
    let ours = [config::FILE, ledger::FILE, ".feedwright", config.feeds_path.as_str()];
    let names = names(store).into_iter().filter(|name| !ours.contains(&name.as_str()));
    let stamped = |name: String| {
        let stamp = is_telling(&name).then(|| store.stamp(&name)).flatten();
        (name, stamp)
    };
    found.extend(names.map(stamped));
    found
}

/// The files of a site's own configuration, also those that are not there.
fn settings(store: &dyn Store, config: &Config) -> Vec<(String, Option<Stamp>)> {
    let files = match (&config.site, config.articles.dialect) {
        (Some(site), _) => site.files.clone(),
        (None, Some(dialect)) => dialect.rules().configuration_files(),
        (None, None) => Vec::new(),
    };
    files.into_iter().map(|path| (path.clone(), store.stamp(&path))).collect()
}

/// Recognises a dialect by the files at the top of the publication, or else by samples of its articles.
pub(super) fn recognise<'a>(
    store: &dyn Store,
    samples: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> (Dialect, String) {
    let names = names(store);
    let text = |name: &str| String::from_utf8(store.read(name).ok()?).ok();
    let texts: Vec<Option<String>> =
        names.iter().map(|name| is_telling(name).then(|| text(name)).flatten()).collect();
    let root: Vec<(&str, Option<&str>)> =
        names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_deref())).collect();
    article::detect(&root, samples)
}

fn names(store: &dyn Store) -> Vec<String> {
    let mut names = store.names("");
    names.extend(store.names("config/_default").into_iter().map(|name| format!("config/_default/{name}")));
    names.extend(store.has_folder("source/_posts").then(|| "source/_posts".to_owned()));
    names
}

fn is_telling(name: &str) -> bool {
    name.starts_with("config.") || name.starts_with("_config.") || TELLING.contains(&name)
}
