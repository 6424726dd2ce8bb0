//! Nikola: <https://getnikola.com/>.

use super::address::{Page, Parts, Pattern, Scope};
use super::configuration::Configuration;
use super::configuration::folder;
use super::feeds::SiteFeed;
use super::settings::Settings;
use super::site::Site;
use super::slug::{transcribed, word_slug};
use super::table::{
    ArticlePlace, ArticleSign, Beginning, BeginningForm, NameTitle, SharedFile, Signs, TagSplit, Values,
    atom, rss,
};
use super::urls::Urls;
use super::wildcard::wildcard;
use super::{Dialect, Generator};
use crate::content::Flavour;
use crate::data::Node;

/// Nikola.
pub(super) static NIKOLA: Generator = Generator {
    name: "nikola",
    title: "Nikola",
    dialect: Some(Dialect::Nikola),
    flavour: Flavour::Nikola,
    signs: Signs {
        certain: &[],
        shared: &[SharedFile {
            names: &["conf.py"],
            lines: &[],
            text: &["BLOG_TITLE", "nikola", "Nikola"],
            beside: &[],
        }],
    },
    article_signs: &[ArticleSign {
        place: ArticlePlace::Anywhere,
        first: "",
        lines: &[".. title:"],
        reason: "`.. title:`",
    }],
    values: Values {
        tags: TagSplit::Commas,
        draft_tags: &["draft", "private"],
        titles_by_file_name: NameTitle::Words,
        ..Generator::PLAIN.values
    },
    beginning: Beginning {
        language_in_name: true,
        form: BeginningForm::Commented,
        ..Generator::PLAIN.beginning
    },
    configuration: Some(Configuration {
        files: &["conf.py"],
        title: &["BLOG_TITLE"],
        home: &["SITE_URL"],
        base: &[],
        description: &["BLOG_DESCRIPTION"],
        language: &["DEFAULT_LANG"],
        author: &["BLOG_AUTHOR"],
        articles: &["posts"],
        output: ("OUTPUT_FOLDER", "output"),
        shown: &["POSTS", "PRETTY_URLS", "STRIP_INDEXES", "CATEGORY_PATH", "TAG_PATH"],
        settle,
        admits,
        ..Configuration::PLAIN
    }),
    urls: Some(Urls { parts, finish, term: Some(term), ..Urls::PLAIN }),
    feeds: &[
        rss("", "rss.xml"),
        atom("", "feed.atom"),
        atom("", "index.atom"),
        rss("tag", "categories/{}.xml"),
        rss("category", "categories/cat_{}.xml"),
    ],
    ..Generator::PLAIN
};

fn settle(settings: &mut Settings, site: &mut Site, _: &dyn crate::store::Store) {
    settings
        .say_unread(&["POSTS", "PRETTY_URLS", "SITE_URL"], "articles may get addresses that do not exist");
    let posts = settings.find("POSTS").map(|setting| {
        let post = |item: &Node| {
            let texts: Vec<&str> = item.items().iter().filter_map(Node::text).collect();
            Some(((*texts.first()?).to_owned(), folder(texts.get(1)?)))
        };
        setting.node.items().iter().filter_map(post).collect::<Vec<_>>()
    });
    let usual =
        || ["*.rst", "*.md", "*.txt", "*.html"].map(|name| (format!("posts/{name}"), "posts".to_owned()));
    site.choices.posts = posts.filter(|posts| !posts.is_empty()).unwrap_or_else(|| usual().to_vec());
    // Several folders have the site's in common.
    let folders = site.choices.posts.iter().map(|(pattern, _)| base_of(pattern));
    let folders: std::collections::BTreeSet<&str> = folders.collect();
    site.articles = match folders.iter().next() {
        Some(only) if folders.len() == 1 => (*only).to_owned(),
        _ => String::new(),
    };
    site.sources = String::new();
    if settings.truth("PRETTY_URLS") == Some(false) {
        site.choices.ugly = vec![Scope::All];
    }
    site.choices.without_index = settings.truth("STRIP_INDEXES") != Some(false);
    site.choices.unicode = settings.truth("USE_SLUGIFY") == Some(false);
    if let Some(translations) = settings.find("TRANSLATIONS") {
        let first = settings.string("DEFAULT_LANG").unwrap_or_default();
        let keys = translations.node.fields().iter().map(|field| field.key.clone());
        site.languages = keys.filter(|key| *key != first && key != "DEFAULT_LANG").collect();
    }
    feeds(settings, site);
    site.permalinks.push((Scope::All, Pattern::path()));
}

/// The main feed, those of the other languages, and those of categories and tags, in RSS and on request in Atom.
fn feeds(settings: &Settings, site: &mut Site) {
    let text = |key: &str, usual: &str| settings.string(key).unwrap_or_else(|| usual.to_owned());
    let below = |folder_of: &str, file: &str| match folder(folder_of) {
        parent if parent.is_empty() => file.to_owned(),
        parent => format!("{parent}/{file}"),
    };
    let (rss, atom) = (text("RSS_EXTENSION", ".xml"), text("ATOM_EXTENSION", ".atom"));
    let mut formats = Vec::new();
    if settings.truth("GENERATE_RSS") != Some(false) {
        let main = below(&text("RSS_PATH", ""), &format!("{}{rss}", text("RSS_FILENAME_BASE", "rss")));
        formats.push(("rss", rss, main));
    }
    if settings.truth("GENERATE_ATOM") == Some(true) {
        let main = format!("{}{atom}", text("ATOM_FILENAME_BASE", "feed"));
        formats.push(("atom", atom, main));
    }
    let prefix = text("CATEGORY_PREFIX", "cat_");
    for (format, extension, main) in formats {
        for language in &site.languages {
            site.feeds.push(SiteFeed::one("language", language, format, format!("{language}/{main}")));
        }
        let tags = below(&text("TAG_PATH", "categories"), &format!("{{}}{extension}"));
        let categories = below(&text("CATEGORY_PATH", "categories"), &format!("{prefix}{{}}{extension}"));
        site.feeds.push(SiteFeed::main(format, main));
        site.feeds.push(SiteFeed::each("tag", format, tags));
        site.feeds.push(SiteFeed::each("category", format, categories));
    }
}

/// The folder of a pattern such as `posts/*.md`.
fn base_of(pattern: &str) -> &str {
    pattern
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder.split('*').next().unwrap_or(folder))
        .trim_matches('/')
}

/// The first of `POSTS` that a file belongs to: its folder, and the one that it is written to.
fn posts<'a>(site: &'a Site, path: &str) -> Option<(&'a str, &'a str)> {
    site.choices.posts.iter().find_map(|(pattern, destination)| {
        let base = base_of(pattern);
        let name = pattern.rsplit('/').next().unwrap_or_default();
        let inside = path.strip_prefix(base)?;
        let is_below = base.is_empty() || inside.starts_with('/');
        let file = path.rsplit('/').next().unwrap_or_default();
        // Posts of any ending are read, whichever of them the pattern names.
        (is_below && (wildcard(name, file) || wildcard(name, &swapped(file, name))))
            .then_some((base, destination.as_str()))
    })
}

/// A translated name without its language: `post.fr.md` as `post.md`.
fn swapped(file: &str, _: &str) -> String {
    let mut parts: Vec<&str> = file.split('.').collect();
    if parts.len() > 2 {
        parts.remove(parts.len() - 2);
    }
    parts.join(".")
}

fn admits(site: &Site, path: &str) -> bool {
    posts(site, path).is_some()
}

fn parts(page: &Page<'_>, site: &Site) -> Parts {
    let (folder, stem) = page.place();
    let stem =
        stem.rsplit_once('.').filter(|(_, suffix)| site.is_language(suffix)).map_or(stem, |(stem, _)| stem);
    let (base, destination) = posts(site, page.path).unwrap_or(("", ""));
    let below = folder.strip_prefix(base).unwrap_or(folder).trim_matches('/');
    let slug = page.slug.map_or_else(|| slug(stem, site), str::to_owned);
    let folders =
        [destination, below].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
    Parts { path: format!("{folders}/{slug}"), slug, ..Parts::default() }
}

/// A tag or a category as it is in paths, where a plus sign stays.
fn term(term: &str, site: &Site) -> String {
    term.split('+').map(|part| slug(part, site)).collect::<Vec<_>>().join("+")
}

/// A name as `nikola.utils.slugify` makes it.
fn slug(name: &str, site: &Site) -> String {
    if site.choices.unicode { name.to_owned() } else { word_slug(&transcribed(name)) }
}

fn finish(path: &str, page: &Page<'_>, site: &Site) -> String {
    let own =
        (page.field)("pretty_url").map(|own| matches!(own.to_lowercase().as_str(), "true" | "yes" | "1"));
    let is_pretty = own.unwrap_or(site.choices.ugly.is_empty());
    let path = match is_pretty {
        // The index of a folder is the folder.
        _ if path.ends_with("/index") || path == "index" => {
            let end = if site.choices.without_index { "" } else { "index.html" };
            format!("{}{end}", path.strip_suffix("index").unwrap_or(path))
        }
        true if site.choices.without_index => format!("{path}/"),
        true => format!("{path}/index.html"),
        false => format!("{path}.html"),
    };
    let (_, stem) = page.place();
    let language = stem.rsplit_once('.').map(|(_, suffix)| suffix);
    match language.filter(|language| site.languages.iter().any(|known| known == language)) {
        Some(language) => format!("{language}/{}", path.trim_start_matches('/')),
        None => path,
    }
}
