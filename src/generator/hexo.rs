//! Hexo: <https://hexo.io/>.

use super::address::{Page, Parts, Pattern, Scope, Token, without_extension};
use super::configuration::Configuration;
use super::configuration::{folder, unfollowed};
use super::feeds::SiteFeed;
use super::settings::Settings;
use super::site::Site;
use super::slug::escaped;
use super::table::{
    ArticlePlace, ArticleSign, Beginning, BeginningForm, HeaderLines, NameTitle, SharedFile, Signs, Values,
    atom, rss,
};
use super::urls::Urls;
use super::wildcard::glob;
use super::{Dialect, Generator, Meaning};
use crate::content::Flavour;
use crate::data::Field;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Hexo.
pub(super) static HEXO: Generator = Generator {
    name: "hexo",
    title: "Hexo",
    dialect: Some(Dialect::Hexo),
    flavour: Flavour::Marked,
    signs: Signs {
        certain: &["_config.hexo.yml"],
        shared: &[
            SharedFile {
                names: &["_config.yml", "_config.yaml"],
                lines: &["source_dir", "new_post_name"],
                text: &[],
                beside: &["source/_posts", "scaffolds"],
            },
            SharedFile { names: &["package.json"], lines: &[], text: &["\"hexo\""], beside: &[] },
        ],
    },
    article_signs: &[ArticleSign {
        place: ArticlePlace::UndatedPosts,
        first: "",
        lines: &[],
        reason: "`_posts`",
    }],
    words: &[(Meaning::Summary, "excerpt intro description")],
    values: Values {
        titles_by_file_name: NameTitle::Words,
        header: HeaderLines::Unopened,
        ..Generator::PLAIN.values
    },
    beginning: Beginning {
        folder: "_posts/",
        drafts: Some("_drafts/"),
        form: BeginningForm::Yaml { date: "date", draft: None },
        ..Generator::PLAIN.beginning
    },
    configuration: Some(Configuration {
        files: &["_config.yml", "_config.yaml"],
        title: &["title"],
        home: &["url"],
        base: &["root"],
        description: &["description", "subtitle"],
        language: &["language"],
        author: &["author"],
        articles: &["source/_posts"],
        output: ("public_dir", "public"),
        shown: &["permalink", "new_post_name", "pretty_urls", "category_map"],
        settle,
        admits,
        machine_timezone: true,
        ..Configuration::PLAIN
    }),
    urls: Some(Urls {
        tokens: TOKENS,
        read: Pattern::colons,
        parts,
        // A stated address has no tokens.
        stated: |stated, _| stated.replace(':', "%3A"),
        finish,
        ..Urls::PLAIN
    }),
    feeds: &[atom("", "atom.xml"), rss("", "rss2.xml")],
    ..Generator::PLAIN
};

/// <https://hexo.io/docs/permalinks>
const TOKENS: &[(&str, Token)] = &[
    ("year", Token::Date("%Y")),
    ("month", Token::Date("%m")),
    ("i_month", Token::Date("%-m")),
    ("day", Token::Date("%d")),
    ("i_day", Token::Date("%-d")),
    ("hour", Token::Date("%H")),
    ("minute", Token::Date("%M")),
    ("second", Token::Date("%S")),
    ("timestamp", Token::Date("%s")),
    ("title", Token::Slug),
    ("name", Token::Filename),
    ("post_title", Token::Title),
    ("category", Token::Category),
    ("lang", Token::Language),
];

fn settle(settings: &mut Settings, site: &mut Site, _: &dyn crate::store::Store) {
    let written = settings.string("permalink").filter(|written| !written.is_empty());
    let written = written.unwrap_or_else(|| ":year/:month/:day/:title/".to_owned());
    match Pattern::colons(&written, TOKENS) {
        Ok(pattern) => site.permalinks.push((Scope::All, pattern)),
        Err(why) => unfollowed(settings, "permalink", &why),
    }
    let source = settings.string("source_dir").filter(|source| !source.is_empty());
    site.articles = format!("{}/_posts", folder(&source.unwrap_or_else(|| "source".to_owned())));
    site.sources.clone_from(&site.articles);
    let choices = &mut site.choices;
    choices.default_category =
        settings.string("default_category").unwrap_or_else(|| "uncategorized".to_owned());
    if let Some(map) = settings.find("category_map") {
        let pair = |field: &Field| Some((field.key.clone(), field.node.text()?.to_owned()));
        choices.category_slugs = map.node.fields().iter().filter_map(pair).collect();
    }
    choices.file_name = settings.string("new_post_name").unwrap_or_default();
    choices.without_index = settings.truth("pretty_urls.trailing_index") == Some(false);
    choices.without_html = settings.truth("pretty_urls.trailing_html") == Some(false);
    let skipped =
        ["skip_render", "exclude", "ignore"].into_iter().filter_map(|key| settings.texts(key)).flatten();
    let regex = |pattern: String| glob(pattern.strip_prefix("_posts/").unwrap_or(&pattern), "$");
    site.choices.ignored = skipped.filter_map(regex).collect();
    feeds(settings, site);
}

/// Files and folders whose names begin with `_` are passed over, and so are temporary ones.
fn admits(site: &Site, path: &str) -> bool {
    let path = site.relative(path);
    let is_hidden = path.split('/').any(|part| part.starts_with(['_', '.']));
    !is_hidden && !path.ends_with(['~', '%'])
}

/// hexo-generator-feed has one type, or several with as many paths.
fn feeds(settings: &Settings, site: &mut Site) {
    let types = settings.texts("feed.type").unwrap_or_default();
    let paths = settings.texts("feed.path").unwrap_or_default();
    for (index, kind) in types.iter().enumerate() {
        let (format, usual) = if kind == "rss2" { ("rss", "rss2.xml") } else { ("atom", "atom.xml") };
        let path = paths.get(index).cloned().unwrap_or_else(|| usual.to_owned());
        site.feeds.push(SiteFeed::main(format, path.trim_matches('/')));
    }
}

fn parts(page: &Page<'_>, site: &Site) -> Parts {
    let path = without_extension(page.path);
    let pattern = site.choices.file_name.as_str();
    let slug = match title_of(pattern, path) {
        Some(title) => title.to_owned(),
        None if pattern.contains(':') => slugized(path),
        None => path.to_owned(),
    };
    let slug = slug.as_str();
    Parts {
        slug: escaped(slug),
        filename: escaped(slug.rsplit('/').next().unwrap_or(slug)),
        title: super::jekyll::slugify(page.title.unwrap_or(slug), false, false),
        category: escaped(&category(page, site)),
        language: page.language.unwrap_or_default().to_owned(),
        ..Parts::default()
    }
}

/// The address of a post's last category: a list is a path of categories, a list of lists has several.
fn category(page: &Page<'_>, site: &Site) -> String {
    let categories = page.categories;
    let last = match categories {
        [] => site.choices.default_category.clone(),
        [.., last] if categories.iter().any(|category| category.contains('/')) => last.clone(),
        path => path.join("/"),
    };
    let mapped = |name: &str| {
        let known = site.choices.category_slugs.iter().find(|(known, _)| known == name);
        known.map_or_else(|| slugized(name), |(_, slug)| slug.clone())
    };
    last.split('/').map(mapped).collect::<Vec<_>>().join("/")
}

/// The name of a file that is not made as `new_post_name` says: each run of signs and spaces is a hyphen.
fn slugized(text: &str) -> String {
    let text: String = text.nfd().filter(|c| !is_combining_mark(*c)).nfc().collect();
    let is_sign = |c: char| c.is_whitespace() || c.is_ascii_punctuation();
    let parts = text.split(is_sign).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-")
}

/// The part of a name that stands for `:title`, where the name is made as `new_post_name` says:
/// `:year-:month-:day-:title.md`.
fn title_of<'a>(pattern: &str, path: &'a str) -> Option<&'a str> {
    let pattern = without_extension(pattern);
    let mut rest = path;
    let mut pattern = pattern;
    while let Some((before, after)) = pattern.split_once(':') {
        rest = rest.strip_prefix(before)?;
        let length = after.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(after.len());
        let (name, after) = after.split_at(length);
        pattern = after;
        if name == "title" {
            return rest.strip_suffix(after).filter(|title| !title.is_empty() && !after.contains(':'));
        }
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        rest = rest.get(digits..).filter(|_| digits > 0)?;
    }
    None
}

fn finish(path: &str, _: &Page<'_>, site: &Site) -> String {
    let path = match path.strip_suffix("index.html") {
        Some(folder) if site.choices.without_index => folder,
        _ => path,
    };
    match path.strip_suffix(".html") {
        Some(stem) if site.choices.without_html && !stem.ends_with("/index") => stem.to_owned(),
        _ => path.to_owned(),
    }
}
