//! Docusaurus: <https://docusaurus.io/>.

use super::address::{Page, Part, Parts, Pattern, Scope, Token, without_extension};
use super::configuration::Configuration;
use super::configuration::folder;
use super::feeds::SiteFeed;
use super::settings::Settings;
use super::site::Site;
use super::table::{NameTitle, Signs, Values, atom, rss};
use super::urls::Urls;
use super::{Dialect, Generator};
use crate::content::Flavour;
use crate::data::Node;

/// Docusaurus.
pub(super) static DOCUSAURUS: Generator = Generator {
    name: "docusaurus",
    title: "Docusaurus",
    dialect: Some(Dialect::Docusaurus),
    flavour: Flavour::Remark,
    signs: Signs { certain: &["docusaurus.config."], shared: &[] },
    values: Values { yaml_1_2: true, titles_by_file_name: NameTitle::Words, ..Generator::PLAIN.values },
    configuration: Some(Configuration {
        files: &[
            "docusaurus.config.js",
            "docusaurus.config.ts",
            "docusaurus.config.mjs",
            "docusaurus.config.cjs",
        ],
        title: &["title", "config.title"],
        home: &["url", "config.url"],
        base: &["baseUrl", "config.baseUrl"],
        description: &["tagline", "config.tagline"],
        language: &["i18n.defaultLocale", "config.i18n.defaultLocale"],
        author: &[],
        articles: &["blog"],
        output: ("", "build"),
        shown: &["trailingSlash", "config.trailingSlash"],
        settle,
        admits,
        ..Configuration::PLAIN
    }),
    urls: Some(Urls { parts, finish, ..Urls::PLAIN }),
    feeds: &[rss("", "blog/rss.xml"), atom("", "blog/atom.xml")],
    ..Generator::PLAIN
};

fn settle(settings: &mut Settings, site: &mut Site, _: &dyn crate::store::Store) {
    let leads_to = "articles may get URLs that do not exist";
    settings.say_unread(&["url", "baseUrl", "presets", "trailingSlash"], leads_to);
    let blog = blog(settings);
    let text = |key: &str| {
        blog.as_ref().and_then(|blog| blog.member(&[key])).and_then(Node::text).map(str::to_owned)
    };
    if let Some(path) = text("path") {
        site.articles = folder(&path);
        site.sources.clone_from(&site.articles);
    }
    let base = text("routebasepath").unwrap_or_else(|| "blog".to_owned());
    let base = base.trim_matches('/').to_owned();
    let slash = ["trailingSlash", "config.trailingSlash"].into_iter().find_map(|key| settings.truth(key));
    site.choices.without_slash = slash != Some(true);
    site.permalinks =
        vec![(Scope::All, Pattern(vec![Part::Text(format!("/{base}/")), Part::Token(Token::Path)]))];
    let formats = [("rss", "rss.xml"), ("atom", "atom.xml"), ("json", "feed.json")];
    let kinds =
        blog.as_ref().and_then(|blog| blog.member(&["feedoptions"])).and_then(|feed| feed.member(&["type"]));
    let kinds: Vec<&str> =
        kinds.map(|kinds| kinds.items().iter().filter_map(Node::text).collect()).unwrap_or_default();
    let wanted = |format: &str| match kinds.as_slice() {
        [] => format != "json",
        kinds => kinds.contains(&format) || kinds.contains(&"all"),
    };
    let feeds = formats.into_iter().filter(|(format, _)| wanted(format));
    site.feeds = feeds.map(|(format, file)| SiteFeed::main(format, format!("{base}/{file}"))).collect();
}

/// The options of the blog: those of the first preset that has any, or of the plugin.
fn blog(settings: &Settings) -> Option<Node> {
    let lists = ["presets", "config.presets", "plugins", "config.plugins"];
    let entries =
        lists.into_iter().filter_map(|key| settings.find(key)).flat_map(|setting| setting.node.items());
    let mut options = entries.filter_map(|entry| {
        let [name, options, ..] = entry.items() else { return None };
        match name.text()? {
            "@docusaurus/plugin-content-blog" => Some(options),
            _ => options.member(&["blog"]),
        }
    });
    options.next().cloned()
}

/// Names that begin with an underscore are parts of other pages.
fn admits(site: &Site, path: &str) -> bool {
    !site.relative(path).split('/').any(|part| part.starts_with('_'))
}

/// The slug of a post is its path; a date in it, in whatever form, becomes three folders at the beginning.
fn parts(page: &Page<'_>, _: &Site) -> Parts {
    let path = without_extension(page.path);
    let path = path.strip_suffix("/index").unwrap_or(path);
    let slug = match dated(path) {
        Some((folder, date, rest)) => format!("{}/{folder}{rest}", date.replace('-', "/")),
        None => path.to_owned(),
    };
    let slug = page.slug.map_or(slug, str::to_owned);
    Parts { path: slug.clone(), slug, ..Parts::default() }
}

/// The folder before the last date of a path, the date, and what follows it.
fn dated(path: &str) -> Option<(&str, &str, &str)> {
    let starts = path.char_indices().rev().map(|(at, _)| at);
    starts
        .filter(|at| path.get(*at..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())))
        .find_map(|at| {
            let (folder, rest) = path.split_at_checked(at)?;
            let length = date_length(rest)?;
            let (date, rest) = rest.split_at_checked(length)?;
            Some((folder, date, rest.strip_prefix(['-', '/']).unwrap_or(rest)))
        })
}

/// The length of `2024-1-02` or `2024/1/02` at the beginning of a text.
fn date_length(text: &str) -> Option<usize> {
    let digits = |from: usize, most: usize| {
        let rest = text.get(from..).unwrap_or_default();
        rest.bytes().take(most).take_while(u8::is_ascii_digit).count()
    };
    let separated = |at: usize| matches!(text.as_bytes().get(at), Some(b'-' | b'/'));
    if digits(0, 4) != 4 || !separated(4) {
        return None;
    }
    let month = digits(5, 2);
    let day = digits(6 + month, 2);
    (month > 0 && separated(5 + month) && day > 0).then_some(6 + month + day)
}

fn finish(path: &str, _: &Page<'_>, site: &Site) -> String {
    let path = path.trim_end_matches('/');
    if site.choices.without_slash { path.to_owned() } else { format!("{path}/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_date_of_a_path_counts() {
        assert_eq!(dated("2024-01-02-welcome"), Some(("", "2024-01-02", "welcome")));
        assert_eq!(dated("notes/2024/1/2/welcome"), Some(("notes/", "2024/1/2", "welcome")));
        assert_eq!(dated("2024-01-welcome"), None);
        assert_eq!(dated("é-12"), None);
    }
}
