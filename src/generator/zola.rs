//! Zola: <https://www.getzola.org/>.

use super::address::{Page, Parts, Pattern, Scope};
use super::configuration::Configuration;
use super::feeds::{FeedScope, SiteFeed};
use super::settings::{Settings, SettingsFile};
use super::site::Site;
use super::slug::ascii_slug;
use super::table::{
    ArticlePlace, ArticleSign, Beginning, BeginningForm, Names, SharedFile, Signs, SlugCase, Values, atom,
    rss,
};
use super::urls::Urls;
use super::{Dialect, Generator, Meaning};
use crate::content::Flavour;
use crate::data::Node;

/// Zola.
pub(super) static ZOLA: Generator = Generator {
    name: "zola",
    title: "Zola",
    dialect: Some(Dialect::Zola),
    flavour: Flavour::Zola,
    signs: Signs {
        certain: &["zola.toml"],
        shared: &[SharedFile { names: &["config.toml"], lines: &["base_url"], text: &[], beside: &[] }],
    },
    article_signs: &[ArticleSign {
        place: ArticlePlace::Anywhere,
        first: "+++",
        lines: &["[taxonomies]", "[extra]", "path ="],
        reason: "`[taxonomies]`, `[extra]` or `path`",
    }],
    words: &[(Meaning::Address, "path")],
    // Zola puts a folder behind every path, whatever it looks like.
    values: Values {
        yaml_1_2: true,
        folder_words: &["path"],
        aliases_are_urls: true,
        ..Generator::PLAIN.values
    },
    // An `index.md` does not keep the other files of its folder from being pages.
    names: Names { slug: SlugCase::Slugified, only_markdown: true, ..Generator::PLAIN.names },
    beginning: Beginning { language_in_name: true, form: BeginningForm::Toml, ..Generator::PLAIN.beginning },
    configuration: Some(Configuration {
        files: &["zola.toml", "config.toml"],
        home: &["base_url"],
        language: &["default_language"],
        articles: &["content"],
        output: ("output_dir", "public"),
        shown: &["slugify", "taxonomies"],
        settle,
        survey,
        // What else lies there belongs to the page beside it.
        admits: |_, path| path.rsplit('.').next() == Some("md"),
        ..Configuration::PLAIN
    }),
    urls: Some(Urls { parts, finish, term: Some(term), ..Urls::PLAIN }),
    feeds: &[
        atom("", "atom.xml"),
        rss("", "rss.xml"),
        atom("tag", "tags/{}/atom.xml"),
        rss("tag", "tags/{}/rss.xml"),
        atom("category", "categories/{}/atom.xml"),
        rss("category", "categories/{}/rss.xml"),
        atom("author", "authors/{}/atom.xml"),
        rss("author", "authors/{}/rss.xml"),
        atom("section", "{}/atom.xml"),
        rss("section", "{}/rss.xml"),
    ],
    ..Generator::PLAIN
};

fn settle(settings: &mut Settings, site: &mut Site, _: &dyn crate::store::Store) {
    let first = settings.string("default_language").unwrap_or_else(|| "en".to_owned());
    if let Some(languages) = settings.find("languages") {
        let keys = languages.node.fields().iter().map(|field| field.key.clone());
        site.languages = keys.filter(|key| *key != first).collect();
    }
    let strategy = settings.text(&["slugify.paths", "slugify"]).map(|stated| stated.text);
    site.choices.plain_slugs = matches!(strategy.as_deref(), Some("off" | "safe"));
    let terms = settings.text(&["slugify.taxonomies", "slugify"]).map(|stated| stated.text);
    site.choices.plain_terms = matches!(terms.as_deref(), Some("off" | "safe"));
    site.choices.keep_dates = settings.truth("slugify.paths_keep_dates") == Some(true);
    site.choices.excluded = settings.texts("ignored_content").unwrap_or_default();
    feeds(settings, site);
    site.permalinks = vec![(Scope::All, Pattern::path())];
}

/// Feeds of the site, of its other languages, and of the taxonomies that have any.
fn feeds(settings: &Settings, site: &mut Site) {
    let makes = |below: &str| {
        let truth = |key: &str| settings.truth(&format!("{below}{key}"));
        truth("generate_feeds").or(truth("generate_feed")) == Some(true)
    };
    let files = |below: &str| {
        let texts = |key: &str| settings.texts(&format!("{below}{key}"));
        texts("feed_filenames").or(texts("feed_filename"))
    };
    let own = files("").unwrap_or_else(|| vec!["atom.xml".to_owned()]);
    site.choices.feed_files = own.iter().filter_map(|file| Some((format_of(file)?, file.clone()))).collect();
    let own = site.choices.feed_files.clone();
    if makes("") {
        site.feeds.extend(own.iter().map(|(format, file)| SiteFeed::main(format, file)));
    }
    for language in &site.languages {
        let below = format!("languages.{language}.");
        let files = files(&below).unwrap_or_else(|| vec!["atom.xml".to_owned()]);
        for file in files.iter().filter(|_| makes(&below)) {
            let path = format!("{language}/{file}");
            site.feeds
                .extend(format_of(file).map(|format| SiteFeed::one("language", language, format, path)));
        }
    }
    let taxonomies = settings.find("taxonomies").map(|setting| setting.node.items()).unwrap_or_default();
    for taxonomy in taxonomies {
        let name = taxonomy.member(&["name"]).and_then(Node::text).unwrap_or_default();
        let has_feed = taxonomy.member(&["feed"]).and_then(Node::truth) == Some(true);
        let Some(of) = super::feeds::of_taxonomy(name).filter(|_| has_feed) else { continue };
        let folder = ascii_slug(name);
        let each = |(format, file): &(&'static str, String)| {
            SiteFeed::each(of, format, format!("{folder}/{{}}/{file}"))
        };
        site.feeds.extend(own.iter().map(each));
    }
}

/// The format of a feed, by the name of the template that makes it.
fn format_of(file: &str) -> Option<&'static str> {
    let formats = [("rss", "rss"), ("atom", "atom"), ("json", "json"), ("feed", "atom"), ("index", "rss")];
    formats.iter().find(|(part, _)| file.contains(part)).map(|(_, format)| *format)
}

/// A term of a taxonomy in a path.
fn term(term: &str, site: &Site) -> String {
    if site.choices.plain_terms { term.to_owned() } else { ascii_slug(term) }
}

/// A section that is a draft keeps all its pages back, and one may have a feed of its own.
fn survey(site: &mut Site, paths: &[&str], store: &dyn crate::store::Store) {
    let (mut sections, mut with_feed) = (Vec::new(), Vec::new());
    for path in paths.iter().filter(|path| path.rsplit('/').next() == Some("_index.md")) {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let folder = site.relative(folder).to_owned();
        let mut faults = Vec::new();
        let Some((file, fields)) = SettingsFile::front_matter(store, path, &mut faults) else { continue };
        let says =
            |name: &str| fields.iter().any(|field| field.name == name && field.node.truth() == Some(true));
        if (says("generatefeeds") || says("generatefeed")) && !folder.is_empty() {
            let path = folder.split('/').map(ascii_slug).collect::<Vec<_>>().join("/");
            with_feed.push((folder.clone(), path));
        }
        if !says("transparent") {
            sections.push(folder.clone());
        }
        let draft =
            fields.into_iter().filter(|field| field.name == "draft" && field.node.truth() == Some(true));
        let draft: Vec<_> = draft.collect();
        if !draft.is_empty() {
            site.withhold(Scope::Folder(folder), file, draft);
        }
    }
    section_feeds(site, &sections, with_feed);
}

/// The feeds of sections, which have the pages of the section itself and of transparent ones in it.
fn section_feeds(site: &mut Site, sections: &[String], with_feed: Vec<(String, String)>) {
    for (folder, path) in with_feed {
        let below = format!("{folder}/");
        let apart: Vec<String> =
            sections.iter().filter(|section| section.starts_with(&below)).cloned().collect();
        for (format, file) in site.choices.feed_files.clone() {
            let scope = FeedScope::One("section", folder.clone(), apart.clone());
            site.feeds.push(SiteFeed { scope, format, path: format!("{path}/{file}") });
        }
    }
}

fn parts(page: &Page<'_>, site: &Site) -> Parts {
    let (folder, stem) = page.place();
    let stem =
        stem.rsplit_once('.').filter(|(_, suffix)| site.is_language(suffix)).map_or(stem, |(stem, _)| stem);
    let (folder, name) = match stem {
        "index" => folder.rsplit_once('/').unwrap_or(("", folder)),
        stem => (folder, stem),
    };
    let name = if site.choices.keep_dates { name } else { without_date(name) };
    let own = page.slug.unwrap_or(name);
    let slug = if site.choices.plain_slugs { own.trim().to_owned() } else { ascii_slug(own) };
    Parts { path: format!("{folder}/{slug}/"), slug, ..Parts::default() }
}

fn finish(path: &str, page: &Page<'_>, site: &Site) -> String {
    let path = format!("{}/", path.trim_matches('/'));
    let (_, stem) = page.place();
    let language = stem.rsplit_once('.').map(|(_, suffix)| suffix);
    match language.filter(|language| site.languages.iter().any(|known| known == language)) {
        Some(language) => format!("{language}/{path}"),
        None => path,
    }
}

/// A name without the date or time at its beginning, unless nothing else is left.
fn without_date(name: &str) -> &str {
    let is = |at: usize, kind: fn(u8) -> bool| name.as_bytes().get(at).copied().is_some_and(kind);
    let digit = |at: usize| is(at, |byte| byte.is_ascii_digit());
    let is_date = [0, 1, 2, 3, 5, 6, 8, 9].into_iter().all(digit)
        && is(4, |byte| byte == b'-')
        && is(7, |byte| byte == b'-');
    if !is_date {
        return name;
    }
    let rest = name.get(10..).unwrap_or_default();
    let rest = match rest.strip_prefix('T') {
        Some(time) => {
            time.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | 'Z' | '+'))
        }
        None => rest,
    };
    let slug = rest.strip_prefix(['-', '_', ' ']).map(str::trim).unwrap_or_default();
    if slug.is_empty() { name } else { slug }
}
