//! The feeds of a site as `init` writes them into `feedwright.toml`: just those that its generator publishes, where it
//! publishes them.

use crate::config::StarterFeed;
use crate::format::Format;
use crate::generator::{FeedScope, Site, SiteFeed};

/// A feed's file below the folder of feeds, by its format.
pub(super) fn file(feed: &SiteFeed) -> Option<(Format, String)> {
    let format = Format::ALL.into_iter().find(|format| format.name() == feed.format)?;
    Some((format, feed.path.clone()))
}

/// The feeds beside the main one: those of one scope are one feed in several formats.
pub(super) fn beside_main(site: &Site) -> Vec<StarterFeed> {
    let mut scopes: Vec<(&FeedScope, Vec<(Format, String)>)> = Vec::new();
    for feed in site.part_feeds() {
        let Some((format, path)) = file(feed) else { continue };
        match scopes.iter_mut().find(|(scope, _)| *scope == &feed.scope) {
            Some((_, files)) if files.iter().any(|(known, _)| *known == format) => {}
            Some((_, files)) => files.push((format, path)),
            None => scopes.push((&feed.scope, vec![(format, path)])),
        }
    }
    scopes.into_iter().map(|(scope, files)| starter(scope, files, site)).collect()
}

fn starter(scope: &FeedScope, paths: Vec<(Format, String)>, site: &Site) -> StarterFeed {
    // Feeds of parts are in the first language, as the main feed is.
    let others = || ("language", site.languages.clone());
    let (for_each, wanted, unwanted) = match scope {
        FeedScope::Main => (None, None, Vec::new()),
        FeedScope::Each("language") => (Some("language"), None, Vec::new()),
        FeedScope::Each(of) => (Some(*of), None, vec![others()]),
        FeedScope::One("language", value, _) => (None, Some(("language", vec![value.clone()])), Vec::new()),
        FeedScope::One(of, value, without) => {
            let wanted = Some((key(of), vec![value.clone()]));
            (None, wanted, vec![others(), ("section", without.clone())])
        }
    };
    let placeholder = format!("{{{}}}", for_each.unwrap_or_default());
    let paths: Vec<(Format, String)> =
        paths.into_iter().map(|(format, path)| (format, path.replace("{}", &placeholder))).collect();
    let name = name(&paths, for_each.map(|_| placeholder.as_str()));
    let below = format!("{name}/");
    let file = |(format, path): (Format, String)| match path.strip_prefix(&below) {
        Some(file) if !file.contains('/') => (format, file.to_owned()),
        _ => (format, format!("/{path}")),
    };
    StarterFeed {
        for_each,
        wanted,
        unwanted: unwanted.into_iter().filter(|(_, values)| !values.is_empty()).collect(),
        files: paths.into_iter().map(file).collect(),
        name,
    }
}

/// The folder of its files; where that does not tell it from the others, its path as far as its first ending.
fn name(paths: &[(Format, String)], placeholder: Option<&str>) -> String {
    let path = paths.first().map(|(_, path)| path.as_str()).unwrap_or_default();
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let tells = placeholder.map_or(!folder.is_empty() && is_usual(file), |value| folder.contains(value));
    if tells {
        return folder.to_owned();
    }
    let stem = file.split('.').next().unwrap_or(file);
    if folder.is_empty() { stem.to_owned() } else { format!("{folder}/{stem}") }
}

/// `true` if a file has one of the names that feeds have in a folder of their own.
fn is_usual(file: &str) -> bool {
    let stem = file.split('.').next().unwrap_or_default();
    ["index", "rss", "rss2", "atom", "feed"].contains(&stem)
}

/// The key of a condition.
fn key(of: &'static str) -> &'static str {
    match of {
        "tag" => "tags",
        "category" => "categories",
        "author" => "authors",
        of => of,
    }
}
