//! Pelican: <https://getpelican.com/>.

use crate::content::Flavour;
use regex::{Regex, RegexBuilder};
use unicode_normalization::UnicodeNormalization;

use super::address::{Page, Parts, Pattern, Scope, Token};
use super::configuration::Configuration;
use super::configuration::unfollowed;
use super::feeds::SiteFeed;
use super::settings::{Setting, Settings};
use super::site::{Captured, Inherited, PathPart, Site};
use super::slug::transcribed;
use super::table::{
    ArticlePlace, ArticleSign, Beginning, BeginningForm, HeaderLines, NameTitle, Names, Signs, TagSplit,
    Values, atom, rss,
};
use super::urls::Urls;
use super::{Dialect, Generator, Meaning};

/// Pelican.
pub(super) static PELICAN: Generator = Generator {
    name: "pelican",
    title: "Pelican",
    dialect: Some(Dialect::Pelican),
    flavour: Flavour::PythonMarkdown,
    signs: Signs { certain: &["pelicanconf.py"], shared: &[] },
    article_signs: &[ArticleSign {
        place: ArticlePlace::Anywhere,
        first: "Title: ",
        lines: &[],
        reason: "`Title:` headers",
    }],
    words: &[(Meaning::Address, "url")],
    values: Values {
        tags: TagSplit::SemicolonsOrCommas,
        titles_by_file_name: NameTitle::Words,
        authors_by_semicolon: true,
        addresses_as_written: true,
        header: HeaderLines::KeyValue,
        ..Generator::PLAIN.values
    },
    names: Names { page_folders: &["pages"], ..Generator::PLAIN.names },
    beginning: Beginning { form: BeginningForm::KeyValue, ..Generator::PLAIN.beginning },
    configuration: Some(Configuration {
        files: &["pelicanconf.py"],
        // Its address is the public one.
        overruling: &["publishconf.py"],
        title: &["SITENAME"],
        home: &["SITEURL", "FEED_DOMAIN"],
        description: &["SITESUBTITLE"],
        language: &["DEFAULT_LANG"],
        author: &["AUTHOR"],
        sources: &["PATH"],
        articles: &["content"],
        output: ("OUTPUT_PATH", "output"),
        shown: &["ARTICLE_URL", "ARTICLE_LANG_URL", "ARTICLE_SAVE_AS"],
        settle,
        categories,
        admits,
        ..Configuration::PLAIN
    }),
    urls: Some(Urls { tokens: TOKENS, read: Pattern::braces, parts, term: Some(slugify), ..Urls::PLAIN }),
    feeds: &[
        atom("", "feeds/all.atom.xml"),
        rss("", "feeds/all.rss.xml"),
        atom("category", "feeds/{}.atom.xml"),
        rss("category", "feeds/{}.rss.xml"),
        atom("author", "feeds/{}.atom.xml"),
        rss("author", "feeds/{}.rss.xml"),
        atom("language", "feeds/all-{}.atom.xml"),
        rss("language", "feeds/all-{}.rss.xml"),
    ],
    ..Generator::PLAIN
};

/// <https://docs.getpelican.com/en/latest/settings.html#url-settings>
const TOKENS: &[(&str, Token)] = &[
    ("slug", Token::Slug),
    ("lang", Token::Language),
    ("category", Token::Category),
    ("category.slug", Token::Category),
    ("path", Token::Path),
];

/// `SLUG_REGEX_SUBSTITUTIONS` where the configuration has none.
const SUBSTITUTIONS: &[(&str, &str)] = &[(r"[^\w\s-]", ""), (r"\A\s*", ""), (r"\s*\z", ""), (r"[-\s]+", "-")];

fn settle(settings: &mut Settings, site: &mut Site, _: &dyn crate::store::Store) {
    let leads_to = "articles may get addresses that do not exist";
    settings.say_unread(
        &[
            "ARTICLE_URL",
            "PATH",
            "SITEURL",
            "SLUG_REGEX_SUBSTITUTIONS",
            "SLUGIFY_SOURCE",
            "FILENAME_METADATA",
            "PATH_METADATA",
            "EXTRA_PATH_METADATA",
            "DEFAULT_METADATA",
        ],
        leads_to,
    );
    permalinks(settings, site);
    let choices = &mut site.choices;
    choices.slug_of_file = settings.string("SLUGIFY_SOURCE").as_deref() == Some("basename");
    choices.keep_case = settings.truth("SLUGIFY_PRESERVE_CASE") == Some(true);
    choices.unicode = settings.truth("SLUGIFY_USE_UNICODE") == Some(true);
    choices.folder_is_category = settings.truth("USE_FOLDER_AS_CATEGORY") != Some(false);
    choices.default_category = settings.string("DEFAULT_CATEGORY").unwrap_or_else(|| "misc".to_owned());
    let stated = settings.find("SLUG_REGEX_SUBSTITUTIONS").map(|setting| {
        let pairs = setting.node.items().iter();
        let pair = |item: &crate::data::Node| {
            let [pattern, by] = item.items() else { return None };
            Some((pattern.text_as_written()?.to_owned(), by.text_as_written()?.to_owned()))
        };
        pairs.filter_map(pair).collect::<Vec<_>>()
    });
    let usual = || SUBSTITUTIONS.iter().map(|(one, by)| ((*one).to_owned(), (*by).to_owned())).collect();
    for (pattern, by) in stated.unwrap_or_else(usual) {
        // Python ends a text with `\Z`.
        let pattern = pattern.replace("(?u)", "").replace("\\Z", "\\z");
        match RegexBuilder::new(&pattern).case_insensitive(true).build() {
            Ok(regex) => choices.substitutions.push((regex, by)),
            Err(_) => {
                unfollowed(settings, "SLUG_REGEX_SUBSTITUTIONS", "one of its expressions is not known here");
            }
        }
    }
    let pages = settings.texts("PAGE_PATHS").unwrap_or_else(|| vec!["pages".to_owned()]);
    let excluded = settings.texts("ARTICLE_EXCLUDES").unwrap_or_default().into_iter().chain(pages);
    let excluded = excluded.map(|folder| format!("{}/*", folder.trim_matches('/')));
    site.choices.excluded = excluded.collect();
    let paths = settings.texts("ARTICLE_PATHS").unwrap_or_default();
    site.choices.posts = paths
        .into_iter()
        .filter(|path| !path.is_empty())
        .map(|path| (format!("{}/*", path.trim_matches('/')), String::new()))
        .collect();
    defaults(settings, site);
    from_paths(settings, site);
    feeds(settings, site);
    part_feeds(settings, site);
}

fn permalinks(settings: &mut Settings, site: &mut Site) {
    let written = settings.string("ARTICLE_URL").unwrap_or_else(|| "{slug}.html".to_owned());
    match Pattern::braces(&written, TOKENS) {
        Ok(pattern) => site.permalinks.push((Scope::All, pattern)),
        Err(why) => unfollowed(settings, "ARTICLE_URL", &why),
    }
    let written = settings.string("ARTICLE_LANG_URL").unwrap_or_else(|| "{slug}-{lang}.html".to_owned());
    match Pattern::braces(&written, TOKENS) {
        Ok(pattern) => site.permalink_of_translations = Some(pattern),
        Err(why) => unfollowed(settings, "ARTICLE_LANG_URL", &why),
    }
}

/// Fields that articles have unless they state their own: by their paths, then those of all.
fn defaults(settings: &Settings, site: &mut Site) {
    let place = |setting: &Setting<'_>| {
        settings.files.iter().position(|file| std::ptr::eq(file, setting.file)).unwrap_or_default()
    };
    if let Some(setting) = settings.find("EXTRA_PATH_METADATA") {
        for field in setting.node.fields() {
            let scope = Scope::Path(field.key.trim_matches('/').to_owned());
            site.inherited.push(Inherited::new(scope, place(&setting), field.node.fields().to_vec()));
        }
        site.inherited.sort_by_key(|inherited| std::cmp::Reverse(inherited.weight));
    }
    if let Some(setting) = settings.find("DEFAULT_METADATA") {
        let fields = setting.node.fields().to_vec();
        site.inherited.push(Inherited::new(Scope::All, place(&setting), fields));
    }
}

/// Metadata that expressions take from names and folders.
fn from_paths(settings: &mut Settings, site: &mut Site) {
    let expressions = [("FILENAME_METADATA", PathPart::Stem), ("PATH_METADATA", PathPart::Whole)];
    for (key, of) in expressions {
        let Some((file, setting)) = settings.placed(key) else { continue };
        let (span, written) = (setting.node.span.clone(), setting.node.text_as_written().unwrap_or_default());
        // Python ends a text with `\Z`, and matches at the beginning of the text.
        let written = written.replace("(?u)", "").replace("\\Z", "\\z");
        if written.is_empty() {
            continue;
        }
        match Regex::new(&format!("^(?:{written})")) {
            Ok(expression) => {
                let captured = Some(Captured { expression, of, span });
                let place = usize::from(of == PathPart::Whole).min(site.inherited.len());
                let inherited = Inherited { captured, ..Inherited::new(Scope::All, file, Vec::new()) };
                site.inherited.insert(place, inherited);
            }
            Err(_) => unfollowed(settings, key, "the expression is not known here"),
        }
    }
}

fn feeds(settings: &Settings, site: &mut Site) {
    let keys = [
        ("FEED_ALL_ATOM", "atom", Some("feeds/all.atom.xml")),
        ("FEED_ALL_RSS", "rss", None),
        ("FEED_ATOM", "atom", None),
        ("FEED_RSS", "rss", None),
    ];
    for (key, format, usual) in keys {
        let stated = settings.find(key).map(|setting| setting.node.text().map(str::to_owned));
        let path = stated.unwrap_or_else(|| usual.map(str::to_owned));
        if let Some(path) = path
            && !site.feeds.iter().any(|feed| feed.format == format)
        {
            site.feeds.push(SiteFeed::main(format, path));
        }
    }
    // What is usual does not count where the site names feeds of its own.
    let stated = keys.iter().any(|(key, ..)| *key != "FEED_ALL_ATOM" && settings.string(key).is_some());
    let is_usual = |feed: &SiteFeed| feed.format == "atom" && settings.find("FEED_ALL_ATOM").is_none();
    if stated && settings.string("FEED_ATOM").is_none() && site.feeds.len() > 1 {
        site.feeds.retain(|feed| !is_usual(feed) || feed.path == "feeds/all.atom.xml");
    }
}

/// Feeds of categories, authors, tags and languages, with the paths that they have unless a setting is another.
/// <https://docs.getpelican.com/en/latest/settings.html#feed-settings>
const PART_FEEDS: &[(&str, &str, &str, Option<&str>)] = &[
    ("CATEGORY_FEED_ATOM", "category", "atom", Some("feeds/{}.atom.xml")),
    ("CATEGORY_FEED_RSS", "category", "rss", None),
    ("AUTHOR_FEED_ATOM", "author", "atom", Some("feeds/{}.atom.xml")),
    ("AUTHOR_FEED_RSS", "author", "rss", Some("feeds/{}.rss.xml")),
    ("TAG_FEED_ATOM", "tag", "atom", None),
    ("TAG_FEED_RSS", "tag", "rss", None),
    ("TRANSLATION_FEED_ATOM", "language", "atom", Some("feeds/all-{}.atom.xml")),
    ("TRANSLATION_FEED_RSS", "language", "rss", None),
];

fn part_feeds(settings: &Settings, site: &mut Site) {
    for (key, of, format, usual) in PART_FEEDS {
        let stated = settings.find(key).map(|setting| setting.node.text().map(str::to_owned));
        let Some(path) = stated.unwrap_or_else(|| usual.map(str::to_owned)) else { continue };
        let path = ["{slug}", "{lang}", "%s"].iter().fold(path, |path, value| path.replace(value, "{}"));
        if path.contains("{}") {
            site.feeds.push(SiteFeed::each(of, format, path));
        }
    }
}

fn admits(site: &Site, path: &str) -> bool {
    let path = site.relative(path);
    let posts = &site.choices.posts;
    posts.is_empty() || posts.iter().any(|(pattern, _)| super::wildcard::wildcard(pattern, path))
}

/// An article has one category: its own, its folder, or the usual one.
fn categories(site: &Site, path: &str, categories: &mut Vec<String>) {
    let folder =
        path.rsplit_once('/').map_or("", |(folder, _)| folder).rsplit('/').next().unwrap_or_default();
    let of_folder = Some(folder).filter(|folder| site.choices.folder_is_category && !folder.is_empty());
    if categories.is_empty() {
        categories.push(of_folder.unwrap_or(&site.choices.default_category).to_owned());
    }
}

fn parts(page: &Page<'_>, site: &Site) -> Parts {
    let (folder, stem) = page.place();
    let source = if site.choices.slug_of_file { stem } else { page.title.unwrap_or(stem) };
    let slug = page.slug.map_or_else(|| slugify(source, site), str::to_owned);
    let of_folder =
        folder.rsplit('/').next().filter(|name| site.choices.folder_is_category && !name.is_empty());
    let category = page.categories.first().map(String::as_str).or(of_folder);
    let category = category.unwrap_or(&site.choices.default_category);
    let language = site.language.as_ref().map(|language| language.text.clone());
    Parts {
        slug,
        title: page.title.map(|title| slugify(title, site)).unwrap_or_default(),
        category: slugify(category, site),
        path: super::address::without_extension(page.path).to_owned(),
        language: page.language.map(str::to_owned).or(language).unwrap_or_default(),
        ..Parts::default()
    }
}

/// As `pelican.utils.slugify` does it.
fn slugify(text: &str, site: &Site) -> String {
    let choices = &site.choices;
    let mut slug: String = text.nfkd().collect();
    if !choices.unicode {
        slug = transcribed(&slug);
    }
    for (regex, by) in &choices.substitutions {
        slug = regex.replace_all(&slug, by.as_str()).into_owned();
    }
    let slug = if choices.keep_case { slug } else { slug.to_lowercase() };
    slug.trim().nfc().collect()
}
