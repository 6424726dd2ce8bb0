//! Eleventy: <https://www.11ty.dev/>.

use super::address::{Page, Part, Parts, Pattern, Scope, Token, Tokens, is_format, without_extension};
use super::configuration::Configuration;
use super::configuration::{folder, unread_inheritance};
use super::feeds::SiteFeed;
use super::settings::{Settings, SettingsFile};
use super::site::Site;
use super::slug::Fit;
use super::table::{Names, SharedFile, Signs, Values, atom};
use super::urls::Urls;
use super::{Dialect, Generator};
use crate::content::Flavour;

/// Eleventy.
pub(super) static ELEVENTY: Generator = Generator {
    name: "eleventy",
    title: "Eleventy",
    dialect: Some(Dialect::Eleventy),
    flavour: Flavour::MarkdownIt,
    signs: Signs {
        certain: &[".eleventy.", "eleventy.config."],
        shared: &[SharedFile {
            names: &["package.json"],
            lines: &[],
            text: &["\"@11ty/eleventy\""],
            beside: &[],
        }],
    },
    // Tags make collections, and these are everybody's names for the one of all posts.
    values: Values {
        yaml_1_2: true,
        collections: &["all", "nav", "post", "posts"],
        ..Generator::PLAIN.values
    },
    names: Names { named_after_folder: true, ..Generator::PLAIN.names },
    configuration: Some(Configuration {
        files: &[
            "eleventy.config.js",
            "eleventy.config.mjs",
            "eleventy.config.cjs",
            ".eleventy.js",
            "eleventy.config.ts",
        ],
        more: &[
            ("_data/metadata.json", ""),
            ("_data/site.json", ""),
            ("_data/metadata.js", ""),
            ("_data/site.js", ""),
            ("_data/metadata.yaml", ""),
            ("_data/site.yaml", ""),
            ("src/_data/metadata.json", ""),
            ("src/_data/site.json", ""),
            ("src/_data/metadata.js", ""),
            ("src/_data/site.js", ""),
            ("src/_data/metadata.yaml", ""),
            ("src/_data/site.yaml", ""),
            ("package.json", ""),
        ],
        title: &["title", "name"],
        // `package.json` names the place of the code.
        home: &["url", "siteUrl", "baseUrl"],
        language: &["language", "lang"],
        author: &["author.name", "author"],
        articles: &["content/blog", "content/posts", "src/posts", "src/blog", "posts", "blog", "content", ""],
        output: ("dir.output", "_site"),
        settle,
        survey,
        ..Configuration::PLAIN
    }),
    urls: Some(Urls { read, parts, term: Some(|term, _| Fit::Slugify.apply(term)), ..Urls::PLAIN }),
    feeds: &[atom("", "feed.xml"), atom("", "feed/feed.xml")],
    ..Generator::PLAIN
};

fn settle(settings: &mut Settings, site: &mut Site, store: &dyn crate::store::Store) {
    let of_call = settings.files.first().and_then(|file| argument(&file.text, "setInputDirectory("));
    let input = settings.string("dir.input").or(of_call).map(|input| folder(&input));
    if let Some(input) = input {
        site.sources = input;
        let usual = ["blog", "posts", "articles"].map(|name| below(&site.sources, name));
        let found = usual.into_iter().find(|path| store.has_folder(path));
        site.articles = found.unwrap_or_else(|| site.sources.clone());
    } else {
        site.sources = String::new();
    }
    site.permalinks = vec![(Scope::All, Pattern::path())];
    feeds(settings, site);
}

/// The text that a function is called with.
fn argument(program: &str, call: &str) -> Option<String> {
    let (_, after) = program.split_once(call)?;
    let quote = after.trim_start().chars().next().filter(|quote| "\"'`".contains(*quote))?;
    after.trim_start().get(1..)?.split_once(quote).map(|(text, _)| text.to_owned())
}

/// The feeds that the feed plugin writes.
fn feeds(settings: &Settings, site: &mut Site) {
    let Some((_, after)) = settings.files.first().and_then(|file| file.text.split_once("outputPath:")) else {
        return;
    };
    let line = after.lines().next().unwrap_or_default();
    let path = line.trim().trim_matches(|c| "\"'`,/ ".contains(c));
    let before = settings.files.first().map(|file| file.text.as_str()).unwrap_or_default();
    let kind = ["rss", "json"].into_iter().find(|kind| before.contains(&format!("type: \"{kind}\"")));
    if !path.is_empty() && !path.contains(char::is_whitespace) {
        let format = kind.unwrap_or("atom");
        site.feeds = vec![SiteFeed::main(format, path)];
    }
}

fn below(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// Directory data files: `posts/posts.json`, `posts/posts.11tydata.js`, and those of folders above.
fn survey(site: &mut Site, paths: &[&str], store: &dyn crate::store::Store) {
    for path in paths {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let name = folder.rsplit('/').next().unwrap_or_default();
        let of_folder = file.strip_prefix(name).filter(|rest| !name.is_empty() && rest.starts_with('.'));
        let stem = file.split('.').next().unwrap_or_default();
        let rest = file.strip_prefix(stem).unwrap_or_default();
        // `post.json` beside `post.md` is read with it.
        let is_data = matches!(rest, ".11tydata.json" | ".11tydata.js" | ".11tydata.mjs" | ".11tydata.cjs")
            || (rest == ".json" && of_folder.is_some());
        if !is_data {
            continue;
        }
        let mut faults = Vec::new();
        let Some(read) = SettingsFile::read(store, path, &mut faults) else { continue };
        let scope = match of_folder {
            Some(_) => Scope::Folder(site.relative(folder).to_owned()),
            None => Scope::Path(format!("{}.", below(site.relative(folder), stem))),
        };
        for key in ["permalink", "draft", "tags", "date", "eleventyExcludeFromCollections"] {
            let computed = read.text.contains(&format!("{key}:")) || read.text.contains(&format!("{key}("));
            if computed
                && rest.contains("js")
                && !rest.contains("json")
                && !read.fields.iter().any(|field| field.key == key)
            {
                let message = format!("`{key}` is not a plain value, so articles do not inherit it");
                site.diagnostics.push(unread_inheritance(path, message));
            }
        }
        let fields = read.fields.clone();
        site.inherit(scope, read, fields);
    }
    site.inherited.sort_by_key(|inherited| std::cmp::Reverse(inherited.scope.length()));
}

fn parts(page: &Page<'_>, _: &Site) -> Parts {
    let path = without_extension(page.path);
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let path = if name == "index" || folder.rsplit('/').next() == Some(name) { folder } else { path };
    let own = path.rsplit('/').next().unwrap_or_default();
    let dated = own.len() > 11 && own.get(..10).is_some_and(|date| date.parse::<chrono::NaiveDate>().is_ok());
    let slug = if dated { own.get(11..).unwrap_or(own) } else { own };
    let title = page.title.map(|title| Fit::Slugify.apply(title)).unwrap_or_default();
    let stem = format!("{}{slug}", path.strip_suffix(own).unwrap_or_default());
    Parts {
        path: format!("{path}/"),
        slug: slug.to_owned(),
        // The name with a filter behind it.
        slug_or_title: Fit::Slugify.apply(slug),
        title,
        filename: stem,
        ..Parts::default()
    }
}

/// An address with the expressions that people use for it.
fn read(written: &str, _: Tokens) -> Result<Pattern, String> {
    let mut parts = Vec::new();
    let mut rest = written;
    while let Some((before, after)) = rest.split_once("{{") {
        parts.push(Part::Text(before.to_owned()));
        let (inside, after) = after.split_once("}}").ok_or("a `{{` is not closed by `}}`")?;
        rest = after;
        let unknown = || format!("`{{{{{inside}}}}}` is an expression that only Eleventy can run");
        parts.push(expression(inside).ok_or_else(unknown)?);
    }
    if rest.contains("{%") || written.contains("{%") {
        return Err("it is a template, which only Eleventy can run".to_owned());
    }
    let rest = rest.strip_suffix("index.html").unwrap_or(rest);
    parts.push(Part::Text(rest.to_owned()));
    Ok(Pattern(parts))
}

/// A value with a filter behind it: `page.date | date: '%Y'`, `title | slugify`, or a key of the front matter.
fn expression(written: &str) -> Option<Part> {
    let mut words = written.split('|').map(str::trim);
    let (value, filter) = (words.next()?, words.next());
    if words.next().is_some() {
        return None;
    }
    if value == "page.date" {
        let format =
            filter?.strip_prefix("date")?.trim_matches([':', ' ', '(', ')']).trim_matches(['\'', '"']);
        return (!format.is_empty() && is_format(format)).then(|| Part::Date(format.to_owned()));
    }
    let fit = match filter {
        None => None,
        Some("slugify") => Some(Fit::Slugify),
        Some("slug") => Some(Fit::Slug),
        Some(_) => return None,
    };
    let is_key = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    match (value, fit) {
        ("page.fileSlug", None) => Some(Part::Token(Token::Slug)),
        ("page.filePathStem", None) => Some(Part::Token(Token::Filename)),
        ("page.fileSlug", Some(_)) => Some(Part::Token(Token::SlugOrTitle)),
        ("title", Some(Fit::Slugify)) => Some(Part::Token(Token::Title)),
        (key, fit) if !key.is_empty() && key.chars().all(is_key) => Some(match fit {
            Some(fit) => Part::Fitted(key.to_owned(), fit),
            None => Part::Field(key.to_owned()),
        }),
        _ => None,
    }
}
