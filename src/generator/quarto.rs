//! Quarto: <https://quarto.org/>.

use super::address::{Page, Parts, Pattern, Scope, without_extension};
use super::configuration::Configuration;
use super::feeds::SiteFeed;
use super::settings::{Settings, SettingsFile};
use super::site::Site;
use super::table::{Signs, Values, rss};
use super::urls::Urls;
use super::{Dialect, Generator, Meaning};
use crate::content::Flavour;

/// Quarto.
pub(super) static QUARTO: Generator = Generator {
    name: "quarto",
    title: "Quarto",
    dialect: Some(Dialect::Quarto),
    flavour: Flavour::Pandoc,
    signs: Signs { certain: &["_quarto.yml", "_quarto.yaml"], shared: &[] },
    words: &[(Meaning::Updated, "datemodified")],
    values: Values { yaml_1_2: true, aliases_are_urls: true, ..Generator::PLAIN.values },
    configuration: Some(Configuration {
        files: &["_quarto.yml", "_quarto.yaml"],
        title: &["website.title", "title"],
        home: &["website.site-url"],
        base: &["website.site-path"],
        description: &["website.description"],
        language: &["lang"],
        author: &["author.name", "author"],
        articles: &["posts", "blog", ""],
        output: ("project.output-dir", "_site"),
        settle,
        survey,
        admits,
        ..Configuration::PLAIN
    }),
    urls: Some(Urls { parts, ..Urls::PLAIN }),
    feeds: &[rss("", "index.xml"), rss("", "blog.xml")],
    ..Generator::PLAIN
};

fn settle(_: &mut Settings, site: &mut Site, store: &dyn crate::store::Store) {
    site.sources = String::new();
    site.permalinks = vec![(Scope::All, Pattern::path())];
    // A listing with `feed` writes it beside its page, under the name of that page.
    for page in ["index.qmd", "blog.qmd", "posts/index.qmd", "posts.qmd", "blog/index.qmd"] {
        site.files.push(page.to_owned());
        let Ok(text) = String::from_utf8(store.read(page).unwrap_or_default()) else { continue };
        if text.lines().any(|line| line.trim_start().starts_with("feed:")) {
            let path = format!("{}.xml", without_extension(page));
            site.feeds = vec![SiteFeed::main("rss", path)];
            return;
        }
    }
}

/// Metadata that a folder states for all its documents.
fn survey(site: &mut Site, paths: &[&str], store: &dyn crate::store::Store) {
    for path in paths {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        if !matches!(file, "_metadata.yml" | "_metadata.yaml") {
            continue;
        }
        let mut faults = Vec::new();
        let Some(file) = SettingsFile::read(store, path, &mut faults) else { continue };
        let fields = file.fields.clone();
        site.inherit(Scope::Folder(site.relative(folder).to_owned()), file, fields);
    }
    site.inherited.sort_by_key(|inherited| std::cmp::Reverse(inherited.scope.length()));
}

/// Documents whose names, or those of their folders, begin with an underscore or a dot are parts of others.
fn admits(_: &Site, path: &str) -> bool {
    !path.split('/').any(|part| part.starts_with(['_', '.']))
}

fn parts(page: &Page<'_>, _: &Site) -> Parts {
    let path = without_extension(page.path);
    let name = path.rsplit('/').next().unwrap_or(path);
    let address = match name {
        "index" => path.strip_suffix("index").unwrap_or(path).to_owned(),
        _ => format!("{path}.html"),
    };
    Parts { path: address, slug: name.to_owned(), ..Parts::default() }
}
