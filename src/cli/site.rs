//! Recognises the site that a generator builds from the folder, and takes from its configuration what a
//! publication must know. Nothing of it is run: of configurations that are programs, plain assignments are read.

use std::collections::BTreeMap;

use crate::article::{self, Dialect};
use crate::format::Format;
use crate::store::Store;

/// What is known of a site.
pub(super) struct Site {
    pub(super) dialect: Dialect,
    /// The file that says so.
    pub(super) told_by: String,
    pub(super) title: Option<String>,
    pub(super) home: Option<String>,
    pub(super) description: Option<String>,
    pub(super) language: Option<String>,
    pub(super) timezone: Option<String>,
    pub(super) author: Option<String>,
    /// The folder of its articles.
    pub(super) articles: String,
    /// As in `feedwright.toml`.
    pub(super) permalink: Option<String>,
    /// The file names of its feeds, so that subscribers keep their addresses.
    pub(super) files: &'static [(Format, &'static str)],
}

impl Site {
    /// A site of which nothing is known.
    pub(super) fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            told_by: String::new(),
            title: None,
            home: None,
            description: None,
            language: None,
            timezone: None,
            author: None,
            articles: "articles".to_owned(),
            permalink: None,
            files: &[],
        }
    }
}

/// How a generator keeps its facts.
struct Generator {
    dialect: Dialect,
    /// Its configuration is one of these.
    configs: &'static [&'static str],
    /// One of these keys, or one of these folders, tells it from others with the same file name.
    telltales: &'static [&'static str],
    /// More files that hold facts.
    data: &'static [&'static str],
    title: &'static [&'static str],
    home: &'static [&'static str],
    description: &'static [&'static str],
    language: &'static [&'static str],
    timezone: &'static [&'static str],
    author: &'static [&'static str],
    /// Where articles may be; the first that exists, or else the last.
    articles: &'static [&'static str],
    permalink: &'static str,
    files: &'static [(Format, &'static str)],
}

const GENERATORS: &[Generator] = &[
    Generator {
        dialect: Dialect::Hugo,
        configs: &[
            "hugo.toml",
            "hugo.yaml",
            "hugo.yml",
            "hugo.json",
            "config.toml",
            "config.yaml",
            "config.yml",
            "config.json",
            "config/_default/hugo.toml",
            "config/_default/config.toml",
        ],
        telltales: &["baseurl"],
        data: &["config/_default/params.toml"],
        title: &["title"],
        home: &["baseurl"],
        description: &["params.description", "params.subtitle", "description"],
        language: &["locale", "languagecode", "defaultcontentlanguage"],
        timezone: &["timezone"],
        author: &["params.author", "params.author.name", "author.name", "author"],
        articles: &["content"],
        permalink: "{section}/{slug}/",
        files: &[(Format::Rss, "index.xml")],
    },
    Generator {
        dialect: Dialect::Zola,
        configs: &["zola.toml", "config.toml"],
        telltales: &["base_url"],
        data: &[],
        title: &["title"],
        home: &["base_url"],
        description: &["description"],
        language: &["default_language"],
        timezone: &[],
        author: &["author"],
        articles: &["content"],
        permalink: "{section}/{slug}/",
        files: &[(Format::Rss, "rss.xml"), (Format::Atom, "atom.xml")],
    },
    Generator {
        dialect: Dialect::Hexo,
        configs: &["_config.yml", "_config.yaml"],
        telltales: &["new_post_name", "source/_posts"],
        data: &[],
        title: &["title"],
        home: &["url"],
        description: &["description", "subtitle"],
        language: &["language"],
        timezone: &["timezone"],
        author: &["author"],
        articles: &["source/_posts"],
        permalink: "{year}/{month}/{day}/{slug}/",
        files: &[(Format::Atom, "atom.xml"), (Format::Rss, "rss2.xml")],
    },
    Generator {
        dialect: Dialect::Jekyll,
        configs: &["_config.yml", "_config.yaml", "_config.toml"],
        telltales: &[],
        data: &[],
        title: &["title", "name"],
        home: &["url"],
        description: &["description", "tagline"],
        language: &["lang", "locale"],
        timezone: &["timezone"],
        author: &["author", "author.name"],
        articles: &["_posts", "."],
        permalink: "{section}/{categories}/{year}/{month}/{day}/{slug}.html",
        files: &[(Format::Atom, "feed.xml")],
    },
    Generator {
        dialect: Dialect::Astro,
        configs: &["astro.config.mjs", "astro.config.ts", "astro.config.js", "astro.config.cjs"],
        telltales: &[],
        data: &["src/consts.ts", "src/consts.js", "src/config.ts"],
        title: &["site_title", "title"],
        home: &["site"],
        description: &["site_description", "description"],
        language: &["lang", "locale", "defaultlocale"],
        timezone: &["timezone"],
        author: &["author"],
        articles: &["src/content/blog", "src/content/posts", "src/pages/posts", "src/content"],
        permalink: "blog/{path}/",
        files: &[(Format::Rss, "rss.xml")],
    },
    Generator {
        dialect: Dialect::Eleventy,
        configs: &[
            "eleventy.config.js",
            "eleventy.config.mjs",
            "eleventy.config.cjs",
            ".eleventy.js",
            "eleventy.config.ts",
        ],
        telltales: &[],
        data: &[
            "_data/metadata.json",
            "_data/site.json",
            "_data/metadata.js",
            "_data/site.js",
            "src/_data/metadata.json",
            "src/_data/site.json",
            "src/_data/metadata.js",
            "src/_data/site.js",
            "package.json",
        ],
        title: &["title", "name"],
        home: &["url", "homepage"],
        description: &["description"],
        language: &["language", "lang"],
        timezone: &["timezone"],
        author: &["author.name", "author"],
        articles: &[
            "content/blog",
            "content/posts",
            "src/posts",
            "src/blog",
            "posts",
            "blog",
            "content",
            ".",
        ],
        permalink: "{path}/",
        files: &[(Format::Atom, "feed.xml")],
    },
    Generator {
        dialect: Dialect::Pelican,
        configs: &["pelicanconf.py"],
        telltales: &[],
        data: &["publishconf.py"],
        title: &["sitename"],
        home: &["siteurl"],
        description: &["sitesubtitle"],
        language: &["default_lang"],
        timezone: &["timezone"],
        author: &["author"],
        articles: &["content"],
        permalink: "{slug}.html",
        files: &[(Format::Atom, "feeds/all.atom.xml"), (Format::Rss, "feeds/all.rss.xml")],
    },
    Generator {
        dialect: Dialect::Nikola,
        configs: &["conf.py"],
        telltales: &["blog_title"],
        data: &[],
        title: &["blog_title"],
        home: &["site_url"],
        description: &["blog_description"],
        language: &["default_lang"],
        timezone: &["timezone"],
        author: &["blog_author"],
        articles: &["posts"],
        permalink: "posts/{slug}/",
        files: &[(Format::Rss, "rss.xml"), (Format::Atom, "feed.atom")],
    },
];

/// The site in `store`, if there is one.
pub(super) fn recognise(store: &dyn Store) -> Option<Site> {
    GENERATORS.iter().find_map(|generator| generator.recognise(store))
}

impl Generator {
    fn recognise(&self, store: &dyn Store) -> Option<Site> {
        let (told_by, facts) = self.configs.iter().find_map(|path| {
            let facts = facts(store, path)?;
            let tells = |telltale: &&str| facts.contains_key(*telltale) || store.has_folder(telltale);
            (self.telltales.is_empty() || self.telltales.iter().any(tells)).then_some((*path, facts))
        })?;
        let mut all = facts;
        for path in self.data {
            for (key, value) in self::facts(store, path).unwrap_or_default() {
                // Pelican's `publishconf.py` overrules: its address is the public one.
                let overrules = self.dialect == Dialect::Pelican && !value.is_empty();
                if overrules || !all.contains_key(&key) {
                    all.insert(key, value);
                }
            }
        }
        let fact = |keys: &[&str]| {
            keys.iter().find_map(|key| all.get(*key)).filter(|fact| !fact.is_empty()).cloned()
        };
        let exists = |path: &&&str| **path == "." || store.has_folder(path);
        let articles = self.articles.iter().find(exists).or(self.articles.last());
        let base = fact(&["baseurl", "root"]).filter(|_| self.home == ["url"]).unwrap_or_default();
        let home = fact(self.home).filter(|home| home.starts_with("http"));
        let stated = fact(&["permalink", "permalinks.posts", "permalinks.page.posts"]);
        Some(Site {
            told_by: told_by.to_owned(),
            title: fact(self.title),
            home: home.map(|home| joined(&home, &base)),
            description: fact(self.description),
            language: fact(self.language).filter(|tag| oxilangtag::LanguageTag::parse(tag.as_str()).is_ok()),
            timezone: fact(self.timezone).filter(|zone| zone.parse::<chrono_tz::Tz>().is_ok()),
            author: fact(self.author),
            articles: articles.map_or(".", |path| *path).to_owned(),
            permalink: Some(self.permalink(stated.as_deref())),
            files: self.files,
            ..Site::new(self.dialect)
        })
    }

    /// The generator's own pattern in ours; its default where it states none, or one that we cannot follow.
    fn permalink(&self, stated: Option<&str>) -> String {
        let stated = match stated {
            Some("pretty") => "/:categories/:year/:month/:day/:title/".to_owned(),
            Some("none") => "/:categories/:title.html".to_owned(),
            Some("date") | None => return self.permalink.to_owned(),
            Some(stated) => stated.to_owned(),
        };
        let words = [
            (":categories", "{section}/{categories}"),
            (":category", "{category}"),
            (":year", "{year}"),
            (":month", "{month}"),
            (":day", "{day}"),
            (":title", "{slug}"),
            (":slugorfilename", "{slug}"),
            (":slug", "{slug}"),
            (":contentbasename", "{slug}"),
            (":filename", "{slug}"),
            (":name", "{slug}"),
            (":sections", "{section}"),
            (":section", "{section}"),
            (":output_ext", ".html"),
        ];
        let pattern = words.iter().fold(stated, |pattern, (theirs, ours)| pattern.replace(theirs, ours));
        let followed = !pattern.contains(':') && crate::config::PermalinkPattern::new(&pattern).is_ok();
        if followed { pattern.trim_start_matches('/').to_owned() } else { self.permalink.to_owned() }
    }
}

fn joined(home: &str, base: &str) -> String {
    match base.trim_matches('/') {
        "" => format!("{}/", home.trim_end_matches('/')),
        base if home.trim_end_matches('/').ends_with(base) => format!("{}/", home.trim_end_matches('/')),
        base => format!("{}/{base}/", home.trim_end_matches('/')),
    }
}

/// What a configuration file states, by key in lower case; parts of tables as `params.author`.
fn facts(store: &dyn Store, path: &str) -> Option<BTreeMap<String, String>> {
    let text = String::from_utf8(store.read(path).ok()?).ok()?;
    let is_program = [".py", ".js", ".mjs", ".cjs", ".ts"].iter().any(|extension| path.ends_with(extension));
    Some(if is_program { assignments(&text) } else { article::facts(path, &text) })
}

/// `KEY = "value"` and `key: "value"`, the first of each.
fn assignments(program: &str) -> BTreeMap<String, String> {
    let mut facts = BTreeMap::new();
    for line in program.lines() {
        let line = line.trim_start_matches("export ").trim().trim_start_matches("const ");
        let Some((key, value)) = line.split_once(['=', ':']) else { continue };
        let key = key.trim().trim_matches(['"', '\'']);
        let value = value.trim().trim_end_matches([',', ';']).trim_start_matches('u');
        let quote = value.chars().next().filter(|quote| "\"'`".contains(*quote));
        let text = quote.and_then(|quote| value[1..].split_once(quote)).map(|(text, _)| text);
        let is_word = key.chars().all(|character| character.is_alphanumeric() || character == '_');
        if let Some(text) = text
            && is_word
            && !text.contains("${")
        {
            facts.entry(key.to_lowercase()).or_insert_with(|| text.to_owned());
        }
    }
    facts
}
