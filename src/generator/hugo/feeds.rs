//! The feeds that Hugo makes.

use std::collections::BTreeSet;

use super::text::urlize;
use crate::generator::feeds::{FeedScope, SiteFeed, of_taxonomy};
use crate::generator::settings::Settings;
use crate::generator::site::Site;

/// RSS of the home in each language, of sections and of the terms of taxonomies, where their outputs have it.
/// <https://gohugo.io/configuration/outputs/>
pub(super) fn settle(settings: &Settings, site: &mut Site) {
    let off = settings.texts("disableKinds").unwrap_or_default();
    let has_rss = |kind: &str| {
        let outputs = settings.texts(&format!("outputs.{kind}"));
        !off.iter().any(|off| off.eq_ignore_ascii_case(kind) || off.eq_ignore_ascii_case("rss"))
            && outputs.is_none_or(|outputs| outputs.iter().any(|output| output.eq_ignore_ascii_case("rss")))
    };
    let base = settings.string("outputFormats.RSS.baseName").unwrap_or_else(|| "index".to_owned());
    let file = format!("{base}.xml");
    if has_rss("home") {
        let below =
            |language: &String| SiteFeed::one("language", language, "rss", format!("{language}/{file}"));
        let main = match site.choices.language_folder.as_str() {
            "" => file.clone(),
            folder => format!("{folder}/{file}"),
        };
        site.feeds.push(SiteFeed::main("rss", main));
        site.feeds.extend(site.languages.iter().map(below));
    }
    let taxonomies: Vec<&str> = match settings.find("taxonomies") {
        Some(setting) => setting.node.fields().iter().filter_map(|field| field.node.text()).collect(),
        None => vec!["tags", "categories"],
    };
    for taxonomy in taxonomies.into_iter().filter(|_| has_rss("term") && has_rss("taxonomy")) {
        let Some(of) = of_taxonomy(taxonomy) else { continue };
        let folder = term_folder(settings, taxonomy);
        site.feeds.extend(folder.map(|folder| SiteFeed::each(of, "rss", format!("{folder}/{file}"))));
    }
    if has_rss("section") {
        site.feeds.push(SiteFeed::each("section", "rss", format!("{{}}/{file}")));
    }
}

/// The folder of the pages of a taxonomy's terms, with `{}` for the term; `None` where its pattern is not known.
fn term_folder(settings: &Settings, taxonomy: &str) -> Option<String> {
    let keys = [format!("permalinks.term.{taxonomy}"), format!("permalinks.{taxonomy}")];
    let stated = keys.iter().find_map(|key| settings.string(key));
    let pattern = stated.unwrap_or_else(|| format!("{taxonomy}/:slug"));
    let tokens =
        [":slugorcontentbasename", ":slugorfilename", ":contentbasename", ":filename", ":slug", ":title"];
    let pattern = tokens.iter().fold(pattern, |pattern, token| pattern.replace(token, "{}"));
    Some(pattern.trim_matches('/').to_owned()).filter(|path| path.contains("{}") && !path.contains(':'))
}

/// Articles in a folder that is no section are in the feed of the section above, so that the feeds of sections are written
/// one by one where there is such a folder.
pub(super) fn of_sections(site: &mut Site, paths: &[&str]) {
    let Some(at) = site.feeds.iter().position(|feed| feed.scope == FeedScope::Each("section")) else {
        return;
    };
    let folder_of = |path: &&str| {
        let (folder, file) = site.relative(path).rsplit_once('/')?;
        let is_page = matches!(file.rsplit('.').next(), Some("md" | "markdown" | "html"));
        let is_bundle = file.starts_with("index.");
        let folder =
            if is_bundle { folder.rsplit_once('/').map_or("", |(parent, _)| parent) } else { folder };
        Some(folder.to_owned()).filter(|folder| is_page && !folder.is_empty())
    };
    let folders: BTreeSet<String> = paths.iter().filter_map(folder_of).collect();
    let is_section = |folder: &String| !folder.contains('/') || site.choices.section_folders.contains(folder);
    if folders.iter().all(is_section) {
        return;
    }
    let top = folders.iter().filter_map(|folder| folder.split('/').next()).map(str::to_owned);
    let nested = site.choices.section_folders.iter().filter(|folder| !folder.is_empty()).cloned();
    let sections: BTreeSet<String> = top.chain(nested).collect();
    let SiteFeed { format, path, .. } = site.feeds.remove(at);
    for section in &sections {
        let below = format!("{section}/");
        let apart = sections.iter().filter(|other| other.starts_with(&below)).cloned().collect();
        let scope = FeedScope::One("section", section.clone(), apart);
        let shown = section.split('/').map(|part| urlize(part, site)).collect::<Vec<_>>().join("/");
        site.feeds.push(SiteFeed { scope, format, path: path.replace("{}", &shown) });
    }
}
