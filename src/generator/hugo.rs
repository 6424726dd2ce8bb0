//! Hugo: <https://gohugo.io/>.

mod feeds;
mod text;

use crate::content::Flavour;
use crate::data::{Field, Node};
use regex::Regex;

use super::address::{Page, Part, Parts, Pattern, Scope, Token};
use super::configuration::Configuration;
use super::configuration::{unfollowed, unread_inheritance};
use super::settings::{Settings, SettingsFile};
use super::site::{Inherited, Site};
use super::table::{
    ArticlePlace, ArticleSign, Beginning, BeginningForm, Names, SharedFile, Signs, SlugCase, Values, rss,
};
use super::urls::Urls;
use super::wildcard::glob;
use super::{Dialect, Generator, Meaning};
use text::{normalised, urlize};

/// Hugo.
pub(super) static HUGO: Generator = Generator {
    name: "hugo",
    title: "Hugo",
    dialect: Some(Dialect::Hugo),
    flavour: Flavour::Goldmark,
    signs: Signs {
        certain: &["hugo.", "config/_default/hugo."],
        shared: &[SharedFile {
            names: &["config.toml", "config.yaml", "config.yml", "config.json"],
            lines: &["baseURL", "baseurl", "baseUrl", "\"baseURL\""],
            text: &[],
            beside: &[],
        }],
    },
    article_signs: &[ArticleSign {
        place: ArticlePlace::Anywhere,
        first: "+++",
        lines: &["[params]", "tags =", "categories =", "draft ="],
        reason: "front matter in `+++`",
    }],
    words: &[
        // What Hugo's own feed shows is the day from which a page is public.
        (Meaning::Published, "publishdate pubdate published date lastmod modified"),
        (Meaning::Address, "url"),
    ],
    values: Values {
        yaml_1_2: true,
        aliases_are_urls: true,
        addresses_as_written: true,
        ..Generator::PLAIN.values
    },
    names: Names { clock_times: true, slug: SlugCase::Lower, bundles: true, ..Generator::PLAIN.names },
    beginning: Beginning { language_in_name: true, form: BeginningForm::Toml, ..Generator::PLAIN.beginning },
    configuration: Some(Configuration {
        files: &[
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
            "config/_default/hugo.yaml",
            "config/_default/config.yaml",
            "config/_default/hugo.yml",
            "config/_default/config.yml",
            "config/_default/hugo.json",
        ],
        more: &[
            ("config/_default/params.toml", "params"),
            ("config/_default/params.yaml", "params"),
            ("config/_default/params.yml", "params"),
            ("config/_default/permalinks.toml", "permalinks"),
            ("config/_default/permalinks.yaml", "permalinks"),
            ("config/_default/permalinks.yml", "permalinks"),
            ("config/_default/languages.toml", "languages"),
            ("config/_default/languages.yaml", "languages"),
            ("config/_default/languages.yml", "languages"),
            ("config/_default/frontmatter.toml", "frontmatter"),
            ("config/_default/outputFormats.toml", "outputformats"),
        ],
        home: &["baseURL"],
        description: &["params.description", "params.subtitle", "description"],
        language: &["locale", "languageCode", "defaultContentLanguage"],
        author: &["params.author", "params.author.name", "author.name", "author"],
        sources: &["contentDir"],
        articles: &["content"],
        output: ("publishDir", "public"),
        shown: &["permalinks", "uglyURLs", "taxonomies"],
        settle,
        survey,
        ..Configuration::PLAIN
    }),
    urls: Some(Urls {
        tokens: TOKENS,
        read: Pattern::colons,
        parts,
        finish,
        // In the name of a folder nothing is escaped.
        term: Some(|term, site| urlize(term, site).replace("%23", "#")),
        finish_stated: Some(finish_stated),
        ..Urls::PLAIN
    }),
    feeds: &[
        rss("", "index.xml"),
        rss("tag", "tags/{}/index.xml"),
        rss("category", "categories/{}/index.xml"),
        rss("author", "authors/{}/index.xml"),
        rss("section", "{}/index.xml"),
        rss("language", "{}/index.xml"),
    ],
    ..Generator::PLAIN
};

/// <https://gohugo.io/configuration/permalinks/#tokens>
const TOKENS: &[(&str, Token)] = &[
    ("year", Token::Date("%Y")),
    ("month", Token::Date("%m")),
    ("monthname", Token::Date("%B")),
    ("day", Token::Date("%d")),
    ("weekday", Token::Date("%w")),
    ("weekdayname", Token::Date("%A")),
    ("yearday", Token::Date("%-j")),
    ("section", Token::Section),
    ("sections", Token::Sections),
    ("title", Token::Title),
    ("slug", Token::SlugOrTitle),
    ("filename", Token::Filename),
    ("contentbasename", Token::Filename),
    ("slugorfilename", Token::Slug),
    ("slugorcontentbasename", Token::Slug),
];

fn settle(settings: &mut Settings, site: &mut Site, _: &dyn crate::store::Store) {
    mounts(settings, site);
    languages(settings, site);
    permalinks(settings, site);
    let choices = &mut site.choices;
    choices.keep_case = settings.truth("disablePathToLower") == Some(true);
    choices.without_accents = settings.truth("removePathAccents") == Some(true);
    let ignored = settings.texts("ignoreFiles").unwrap_or_default();
    choices.ignored.extend(ignored.iter().filter_map(|pattern| Regex::new(pattern).ok()));
    cascade(settings, site);
    let choices = &mut site.choices;
    let handlers = settings.texts("frontmatter.date").unwrap_or_default();
    choices.slug_of_file = handlers.iter().any(|handler| handler == ":filename");
    if let Some(ugly) = settings.find("uglyURLs") {
        choices.ugly = match ugly.node.truth() {
            Some(true) => vec![Scope::All],
            Some(false) => Vec::new(),
            None => {
                let sections = ugly.node.fields().iter().filter(|field| field.node.truth() == Some(true));
                sections.map(|field| Scope::Folder(field.key.clone())).collect()
            }
        };
    }
    feeds::settle(settings, site);
}

/// The folder that is mounted where articles are; others that are mounted there or below it are named.
fn mounts(settings: &Settings, site: &mut Site) {
    let Some(setting) = settings.find("module.mounts") else { return };
    let text =
        |mount: &Node, key: &str| mount.member(&[key]).and_then(Node::text).map(super::configuration::folder);
    let mut is_first = true;
    for mount in setting.node.items() {
        let (Some(source), Some(target)) = (text(mount, "source"), text(mount, "target")) else { continue };
        if target == "content" && is_first {
            is_first = false;
            site.sources.clone_from(&source);
            site.articles = source;
        } else if target == "content" || target.starts_with("content/") {
            let message = format!("`{source}` is mounted into `{target}`, which is not followed");
            site.diagnostics.push(setting.unread(message, "its articles are not read"));
        }
    }
}

/// The first language's title, home and folder count; the others have folders of their own in addresses.
fn languages(settings: &Settings, site: &mut Site) {
    let first = settings.string("defaultContentLanguage").unwrap_or_else(|| "en".to_owned()).to_lowercase();
    let Some(languages) = settings.find("languages") else { return };
    let fields = languages.node.fields();
    let is_off = |key: &str| settings.truth(&format!("languages.{key}.disabled")) == Some(true);
    site.languages = fields
        .iter()
        .map(|field| field.key.to_lowercase())
        .filter(|key| *key != first && !is_off(key))
        .collect();
    // What is written in a language that is off is nowhere.
    let off = fields.iter().map(|field| field.key.to_lowercase()).filter(|key| is_off(key));
    let named = off.filter_map(|key| Regex::new(&format!(r"(?i)\.{}\.\w+$", regex::escape(&key))).ok());
    site.choices.ignored.extend(named);
    let of_first = |key: &str| settings.text(&[&format!("languages.{first}.{key}")]);
    site.title = of_first("title").or(site.title.take());
    site.language = of_first("locale").or(of_first("languageCode")).or(site.language.take());
    site.description = of_first("params.description").or(site.description.take());
    if let Some(folder) = of_first("contentDir") {
        site.sources = super::configuration::folder(&folder.text);
        site.articles.clone_from(&site.sources);
    }
    if settings.truth("defaultContentLanguageInSubdir") == Some(true) {
        site.choices.language_folder = first;
    }
}

/// Fields that all pages inherit.
fn cascade(settings: &Settings, site: &mut Site) {
    let Some((file, setting)) = settings.placed("cascade") else { return };
    for cascaded in setting.node.items() {
        match aimed(cascaded, Scope::All) {
            Ok(Some(scope)) => {
                let fields = cascaded.fields().to_vec();
                site.inherited.push(Inherited { weight: 0, ..Inherited::new(scope, file, fields) });
            }
            Ok(None) => {}
            Err(message) => site.diagnostics.push(unread_inheritance(&setting.file.path, message)),
        }
    }
}

/// The articles that a `cascade` is aimed at, out of those that are meant without a `target`; `None` where there are
/// none among them. <https://gohugo.io/configuration/cascade/>
fn aimed(cascaded: &Node, all: Scope) -> Result<Option<Scope>, String> {
    let target = cascaded.fields().iter().find(|field| matches!(field.name.as_str(), "target"));
    let Some(target) = target else { return Ok(Some(all)) };
    let fields = target.node.items().first().map(Node::fields).unwrap_or_default();
    let mut scope = all;
    for Field { name, node, .. } in fields {
        let text = node.text().unwrap_or_default();
        match name.as_str() {
            "kind" if matches!(text, "page" | "{page}") => {}
            "kind" if text.contains(['*', '{']) => {
                return Err(format!("a `cascade` of `kind: {text}` is not followed"));
            }
            "environment" if matches!(text, "production") => {}
            "kind" | "environment" => return Ok(None),
            "path" => {
                let pattern = text.trim_start_matches('/').replace(' ', "-");
                let regex = glob(&pattern, r"(/_?index)?(\.[\w-]+)?\.\w+$");
                scope = Scope::Match(
                    regex.ok_or_else(|| format!("a `cascade` of `path: {text}` is not followed"))?,
                );
            }
            _ => return Err(format!("a `cascade` with a `target` by `{name}` is not followed")),
        }
    }
    Ok(Some(scope))
}

/// Patterns by section, as a table of their own or below the kind of page.
fn permalinks(settings: &mut Settings, site: &mut Site) {
    let mut found: Vec<(String, String)> = Vec::new();
    if let Some(setting) = settings.find("permalinks") {
        for field in setting.node.fields() {
            match field.node.text() {
                Some(pattern) => found.push((field.key.clone(), pattern.to_owned())),
                None if field.key == "page" => found.extend(
                    field
                        .node
                        .fields()
                        .iter()
                        .filter_map(|page| Some((page.key.clone(), page.node.text()?.to_owned()))),
                ),
                None => {}
            }
        }
    }
    for (section, written) in found {
        match Pattern::colons(&written, TOKENS) {
            Ok(pattern) if !pattern.has_fields() => {
                site.permalinks.push((Scope::Folder(section.trim_matches('/').to_owned()), pattern));
            }
            _ => unfollowed(settings, &format!("permalinks.{section}"), "a token is not known"),
        }
    }
    site.permalinks.push((Scope::All, Pattern(vec![Part::Token(Token::Path), Part::Text("/".to_owned())])));
}

/// Which folders are sections, and what their pages inherit from `cascade`.
fn survey(site: &mut Site, paths: &[&str], store: &dyn crate::store::Store) {
    for path in paths {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let Some((stem, extension)) = file.split_once('.') else { continue };
        if stem != "_index" || !matches!(extension.rsplit('.').next(), Some("md" | "html" | "markdown")) {
            continue;
        }
        let folder = site.relative(folder).to_owned();
        site.choices.section_folders.push(folder.clone());
        let mut faults = Vec::new();
        let Some((file, fields)) = SettingsFile::front_matter(store, path, &mut faults) else { continue };
        let cascade = fields.iter().find(|field| field.name == "cascade").map(|field| field.node.clone());
        for target in cascade.iter().flat_map(crate::data::Node::items) {
            match aimed(target, Scope::Folder(folder.clone())) {
                Ok(Some(scope)) => {
                    site.inherit(scope, file.clone(), target.fields().to_vec());
                    site.inherited.last_mut().into_iter().for_each(|last| last.weight = folder.len() + 1);
                }
                Ok(None) => {}
                Err(message) => site.diagnostics.push(unread_inheritance(path, message)),
            }
        }
    }
    feeds::of_sections(site, paths);
    // The nearest section counts most.
    site.inherited.sort_by_key(|inherited| std::cmp::Reverse(inherited.weight));
}

/// Name, folders and language of a page.
struct Place {
    folders: Vec<String>,
    /// The name of the file, or of the folder of a bundle.
    name: String,
    language: Option<String>,
}

fn place(page: &Page<'_>, site: &Site) -> Place {
    let (folder, stem) = page.place();
    let (stem, language) = match stem.rsplit_once('.') {
        Some((stem, suffix)) if site.is_language(suffix) => (stem, Some(suffix.to_lowercase())),
        _ => (stem, None),
    };
    let mut folders: Vec<String> =
        folder.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let name = if stem == "index" { folders.pop().unwrap_or_default() } else { stem.to_owned() };
    Place { folders, name, language }
}

fn parts(page: &Page<'_>, site: &Site) -> Parts {
    let Place { folders, name, .. } = place(page, site);
    let name = match without_date(&name).filter(|_| site.choices.slug_of_file) {
        Some(rest) => rest.to_owned(),
        None => name,
    };
    let slug = page.slug.map(|slug| urlize(slug, site).trim_matches('-').to_owned());
    let title = urlize(page.title.unwrap_or_default(), site).replace('/', "-");
    let filename = urlize(&name, site);
    // A `+` of a path stays, one of a pattern's token does not.
    let last = slug.as_deref().map_or_else(|| normalised(&name), |slug| slug.replace('+', "%2B"));
    let sections =
        (1..=folders.len()).rev().map(|length| folders.get(..length).unwrap_or_default().join("/"));
    let is_section = |path: &String| !path.contains('/') || site.choices.section_folders.contains(path);
    let sections = sections.into_iter().find(is_section).unwrap_or_default();
    let folder = folders.iter().map(|part| normalised(part)).collect::<Vec<_>>().join("/");
    Parts {
        slug_or_title: slug.clone().unwrap_or_else(|| title.clone()),
        path: format!("{folder}/{last}"),
        slug: slug.unwrap_or_else(|| filename.clone()),
        filename,
        section: folders.first().map(|part| normalised(part)).unwrap_or_default(),
        sections: sections.split('/').map(normalised).collect::<Vec<_>>().join("/"),
        title,
        ..Parts::default()
    }
}

/// A filled pattern is made fit as a whole once more, with each `+` for a space, and put in lower case.
fn finish(path: &str, page: &Page<'_>, site: &Site) -> String {
    let path = urlize(&path.trim_end_matches('/').replace('+', " "), site);
    let path = path.replace("%2B", "+").replace("%2b", "+");
    let ending = path.rsplit_once('.').map(|(_, ending)| ending);
    let is_file = matches!(ending, Some("html" | "htm"));
    let is_ugly = site.choices.ugly.iter().any(|scope| scope.holds(page.path));
    let path = match (is_file, is_ugly) {
        (true, _) => path,
        (false, true) => path + ".html",
        (false, false) => path + "/",
    };
    below_language(&path, page, site)
}

/// A stated address keeps its case and its signs; one without an ending is a folder.
fn finish_stated(path: &str, page: &Page<'_>, site: &Site) -> String {
    let last = path.rsplit('/').next().unwrap_or_default();
    let path = match path.strip_suffix("index.html") {
        Some(folder) if last == "index.html" => folder.to_owned(),
        _ if last.is_empty() || last.contains('.') => path.to_owned(),
        _ => format!("{path}/"),
    };
    below_language(&path.replace('#', "%23"), page, site)
}

fn below_language(path: &str, page: &Page<'_>, site: &Site) -> String {
    let language = place(page, site).language.filter(|language| site.languages.contains(language));
    match language.as_deref().unwrap_or(&site.choices.language_folder) {
        "" => path.to_owned(),
        language => format!("{language}/{}", path.trim_start_matches('/')),
    }
}

/// The rest of a name that begins with a date; `None` for any other name.
fn without_date(name: &str) -> Option<&str> {
    let digits = |range: std::ops::Range<usize>| {
        name.get(range).is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let is_date = digits(0..4) && digits(5..7) && digits(8..10);
    let rest = name.get(10..).filter(|_| is_date)?.trim_start_matches(['-', '_', ' ']);
    (!rest.is_empty()).then_some(rest)
}
