//! Gatsby: <https://www.gatsbyjs.com/>. Its sites make addresses by programs of their own; those of its starter for blogs
//! are known.

use super::address::{Page, Parts, Pattern, Scope, without_extension};
use super::configuration::Configuration;
use super::settings::Settings;
use super::site::Site;
use super::table::{Names, Signs, Values, rss};
use super::urls::Urls;
use super::{Dialect, Generator};
use crate::content::Flavour;
use crate::diagnostic::{Diagnostic, Rule};

/// Gatsby.
pub(super) static GATSBY: Generator = Generator {
    name: "gatsby",
    title: "Gatsby",
    dialect: Some(Dialect::Gatsby),
    flavour: Flavour::Remark,
    signs: Signs { certain: &["gatsby-config.", "gatsby-node."], shared: &[] },
    values: Values { yaml_1_2: true, ..Generator::PLAIN.values },
    names: Names { bundles: true, ..Generator::PLAIN.names },
    configuration: Some(Configuration {
        files: &["gatsby-config.js", "gatsby-config.ts", "gatsby-config.mjs"],
        title: &["siteMetadata.title", "config.siteMetadata.title"],
        home: &["siteMetadata.siteUrl", "config.siteMetadata.siteUrl", "siteMetadata.url"],
        base: &["pathPrefix", "config.pathPrefix"],
        description: &["siteMetadata.description", "config.siteMetadata.description"],
        language: &["siteMetadata.lang", "siteMetadata.language"],
        author: &["siteMetadata.author.name", "siteMetadata.author", "config.siteMetadata.author.name"],
        articles: &["content/blog", "content/posts", "src/posts", "src/pages/blog", "content", "src/content"],
        output: ("", "public"),
        shown: &["trailingSlash"],
        settle,
        ..Configuration::PLAIN
    }),
    urls: Some(Urls { parts, finish, ..Urls::PLAIN }),
    feeds: &[rss("", "rss.xml")],
    ..Generator::PLAIN
};

/// The programs that make pages.
const PROGRAMS: [&str; 3] = ["gatsby-node.js", "gatsby-node.ts", "gatsby-node.mjs"];

fn settle(settings: &mut Settings, site: &mut Site, store: &dyn crate::store::Store) {
    settings.say_unread(&["siteMetadata", "pathPrefix"], "articles may get URLs that do not exist");
    let slash = ["trailingSlash", "config.trailingSlash"].into_iter().find_map(|key| settings.string(key));
    site.choices.without_slash = slash.as_deref() == Some("never");
    site.permalinks = vec![(Scope::All, Pattern::path())];
    site.files.extend(PROGRAMS.map(str::to_owned));
    let program =
        PROGRAMS.into_iter().find_map(|path| Some((path, String::from_utf8(store.read(path).ok()?).ok()?)));
    // The starter gives each file the path that `createFilePath` makes of its folder, and nothing before it.
    let is_starter =
        |text: &str| text.contains("createFilePath") && !text.contains("}${") && !text.contains("/${");
    let Some((path, text)) = program.filter(|(_, text)| !is_starter(text)) else { return };
    let at = text.find("createPage").unwrap_or_default();
    let message = "the URLs of pages are made by a program, which only Gatsby can run";
    site.diagnostics.push(
        Diagnostic::new(Rule::UnreadSetting, path, message)
            .at(&text, at..at + "createPage".len().min(text.len() - at))
            .label("articles may get URLs that do not exist")
            .help("build the site and name its folder in `[articles] site`, or state `permalink` in `feedwright.toml`"),
    );
}

fn parts(page: &Page<'_>, _: &Site) -> Parts {
    let path = without_extension(page.path);
    let path = path.strip_suffix("/index").unwrap_or(path);
    Parts {
        path: path.to_owned(),
        slug: path.rsplit('/').next().unwrap_or(path).to_owned(),
        ..Parts::default()
    }
}

fn finish(path: &str, _: &Page<'_>, site: &Site) -> String {
    let path = path.trim_end_matches('/');
    if site.choices.without_slash { path.to_owned() } else { format!("{path}/") }
}
