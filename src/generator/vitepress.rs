//! `VitePress`: <https://vitepress.dev/>.

use super::address::{Page, Parts, Pattern, Scope, without_extension};
use super::configuration::Configuration;
use super::configuration::folder;
use super::settings::Settings;
use super::site::Site;
use super::table::{Signs, Values, rss};
use super::urls::Urls;
use super::{Dialect, Generator};
use crate::content::Flavour;

/// `VitePress`.
pub(super) static VITEPRESS: Generator = Generator {
    name: "vitepress",
    title: "VitePress",
    dialect: Some(Dialect::Vitepress),
    flavour: Flavour::MarkdownIt,
    signs: Signs { certain: &[".vitepress", "docs/.vitepress"], shared: &[] },
    values: Values { yaml_1_2: true, ..Generator::PLAIN.values },
    configuration: Some(Configuration {
        files: &[
            ".vitepress/config.js",
            ".vitepress/config.ts",
            ".vitepress/config.mjs",
            ".vitepress/config.mts",
            "docs/.vitepress/config.js",
            "docs/.vitepress/config.ts",
            "docs/.vitepress/config.mjs",
            "docs/.vitepress/config.mts",
        ],
        home: &["sitemap.hostname"],
        base: &["base"],
        language: &["lang"],
        author: &[],
        articles: &[""],
        output: ("", ""),
        shown: &["cleanUrls"],
        settle,
        ..Configuration::PLAIN
    }),
    urls: Some(Urls { parts, finish, ..Urls::PLAIN }),
    feeds: &[rss("", "feed.rss")],
    ..Generator::PLAIN
};

fn settle(settings: &mut Settings, site: &mut Site, store: &dyn crate::store::Store) {
    let leads_to = "articles may get URLs that do not exist";
    settings.say_unread(&["base", "srcDir", "cleanUrls", "rewrites"], leads_to);
    let rewrites =
        settings.find("rewrites").map(|setting| setting.unread("`rewrites` are not followed", leads_to));
    settings.diagnostics.extend(rewrites);
    let root = if site.told_by.starts_with("docs/") { "docs" } else { "" };
    let below =
        |path: &str| [root, path].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
    site.sources = below(&settings.string("srcDir").map(|path| folder(&path)).unwrap_or_default());
    let usual = ["posts", "blog", "articles"].map(|name| {
        if site.sources.is_empty() { name.to_owned() } else { format!("{}/{name}", site.sources) }
    });
    site.articles =
        usual.into_iter().find(|path| store.has_folder(path)).unwrap_or_else(|| site.sources.clone());
    site.output =
        Some(below(&settings.string("outDir").map_or(".vitepress/dist".to_owned(), |path| folder(&path))));
    site.choices.without_html = settings.truth("cleanUrls") == Some(true);
    site.permalinks = vec![(Scope::All, Pattern::path())];
}

fn parts(page: &Page<'_>, _: &Site) -> Parts {
    let path = without_extension(page.path);
    Parts {
        path: path.to_owned(),
        slug: path.rsplit('/').next().unwrap_or(path).to_owned(),
        ..Parts::default()
    }
}

fn finish(path: &str, _: &Page<'_>, site: &Site) -> String {
    match path {
        "index" => String::new(),
        path if path.ends_with("/index") => path.strip_suffix("index").unwrap_or(path).to_owned(),
        path if path.strip_suffix(".html").is_some() || site.choices.without_html => path.to_owned(),
        path => format!("{path}.html"),
    }
}
