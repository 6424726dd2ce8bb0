//! Astro: <https://astro.build/>.

use super::address::{Page, Part, Parts, Pattern, Scope, Token, without_extension};
use super::configuration::Configuration;
use super::feeds::SiteFeed;
use super::settings::Settings;
use super::site::Site;
use super::slug::spaced_slug;
use super::table::{
    ArticlePlace, ArticleSign, Beginning, BeginningForm, Names, SharedFile, Signs, Values, rss,
};
use super::urls::Urls;
use super::{Dialect, Generator, Meaning};
use crate::content::Flavour;

/// Astro.
pub(super) static ASTRO: Generator = Generator {
    name: "astro",
    title: "Astro",
    dialect: Some(Dialect::Astro),
    flavour: Flavour::Remark,
    signs: Signs {
        certain: &["astro.config."],
        shared: &[SharedFile { names: &["package.json"], lines: &[], text: &["\"astro\""], beside: &[] }],
    },
    article_signs: &[ArticleSign {
        place: ArticlePlace::Anywhere,
        first: "---",
        lines: &["pubDate:"],
        reason: "`pubDate`",
    }],
    words: &[(Meaning::Published, "pubdate date publishdate")],
    values: Values { yaml_1_2: true, ..Generator::PLAIN.values },
    names: Names { bundled_images: true, ..Generator::PLAIN.names },
    beginning: Beginning {
        form: BeginningForm::Yaml { date: "pubDate", draft: Some("draft: true\n") },
        ..Generator::PLAIN.beginning
    },
    configuration: Some(Configuration {
        files: &["astro.config.mjs", "astro.config.ts", "astro.config.js", "astro.config.cjs"],
        more: &[
            ("src/consts.ts", ""),
            ("src/consts.js", ""),
            ("src/config.ts", ""),
            ("src/site.config.ts", ""),
        ],
        title: &["SITE_TITLE", "SITE.title", "siteConfig.title", "title"],
        home: &["site", "SITE.website", "SITE_URL"],
        base: &["base"],
        description: &["SITE_DESCRIPTION", "SITE.description", "SITE.desc", "description"],
        language: &["i18n.defaultLocale", "SITE.lang", "lang", "locale"],
        articles: &[
            "src/content/blog",
            "src/content/posts",
            "src/content/articles",
            "src/pages/posts",
            "src/pages/blog",
            "src/content",
        ],
        output: ("outDir", "dist"),
        shown: &["base", "trailingSlash", "build.format"],
        settle,
        ..Configuration::PLAIN
    }),
    urls: Some(Urls { parts, finish, term: Some(|term, _| spaced_slug(term)), ..Urls::PLAIN }),
    feeds: &[rss("", "rss.xml")],
    ..Generator::PLAIN
};

fn settle(settings: &mut Settings, site: &mut Site, store: &dyn crate::store::Store) {
    let collection = site.articles.rsplit('/').next().unwrap_or_default().to_owned();
    let route = match site.articles.strip_prefix("src/pages/") {
        Some(folder) => Some(folder.to_owned()),
        None => route(&collection, store),
    };
    let mut pattern = match route {
        Some(route) if route.is_empty() => Vec::new(),
        Some(route) => vec![Part::Text(format!("{route}/"))],
        None => vec![Part::Text(format!("{collection}/"))],
    };
    pattern.push(Part::Token(Token::Path));
    site.permalinks = vec![(Scope::All, Pattern(pattern))];
    let never = settings.string("trailingSlash").as_deref() == Some("never");
    site.choices.without_slash = never || settings.string("build.format").as_deref() == Some("file");
    for (file, format, path) in [
        ("src/pages/rss.xml.js", "rss", "rss.xml"),
        ("src/pages/rss.xml.ts", "rss", "rss.xml"),
        ("src/pages/feed.xml.js", "rss", "feed.xml"),
        ("src/pages/feed.xml.ts", "rss", "feed.xml"),
        ("src/pages/index.xml.js", "rss", "index.xml"),
        ("src/pages/index.xml.ts", "rss", "index.xml"),
        ("src/pages/atom.xml.js", "atom", "atom.xml"),
        ("src/pages/atom.xml.ts", "atom", "atom.xml"),
    ] {
        if store.stamp(file).is_some() {
            site.feeds.push(SiteFeed::main(format, path));
        }
    }
}

/// The folder of the page that shows one article of a collection: one whose name has a parameter, and whose text names
/// the collection.
fn route(collection: &str, store: &dyn crate::store::Store) -> Option<String> {
    let files = store.list("src/pages", &crate::store::Patterns::none()).ok()?.files;
    let named = [format!("'{collection}'"), format!("\"{collection}\"")];
    let mut routes: Vec<(bool, String)> = Vec::new();
    for file in files {
        let path = file.path.strip_prefix("src/pages/")?;
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let parameter = name.strip_prefix('[').and_then(|name| name.split_once(']')).map(|(name, _)| name);
        let Some(parameter) = parameter.map(|name| name.trim_start_matches('.')) else { continue };
        if !matches!(parameter, "slug" | "id" | "post" | "article" | "path") || folder.contains('[') {
            continue;
        }
        let text = store.read(&file.path).ok().and_then(|bytes| String::from_utf8(bytes).ok())?;
        if named.iter().any(|name| text.contains(name.as_str())) {
            routes.push((!text.contains("getStaticPaths"), folder.to_owned()));
        }
    }
    routes.sort();
    routes.into_iter().next().map(|(_, folder)| folder)
}

/// Ids of entries are the slugs of their folders and names, or what they state themselves.
fn parts(page: &Page<'_>, _: &Site) -> Parts {
    let path = without_extension(page.path);
    let path = path.strip_suffix("/index").unwrap_or(path);
    let id = path.split('/').map(spaced_slug).collect::<Vec<_>>().join("/");
    let own = (page.field)("slug").filter(|slug| !slug.is_empty());
    let id = own.unwrap_or(id);
    Parts { path: id.clone(), slug: id, ..Parts::default() }
}

fn finish(path: &str, _: &Page<'_>, site: &Site) -> String {
    let path = path.trim_end_matches('/');
    if site.choices.without_slash { path.to_owned() } else { format!("{path}/") }
}
