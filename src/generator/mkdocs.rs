//! `MkDocs`, with the blog of Material for `MkDocs`: <https://squidfunk.github.io/mkdocs-material/plugins/blog/>.

use super::address::{Page, Parts, Pattern, Scope, Token, Tokens, without_extension};
use super::configuration::Configuration;
use super::configuration::{folder, unfollowed};
use super::feeds::SiteFeed;
use super::settings::Settings;
use super::site::Site;
use super::slug::spaced_slug;
use super::table::{Signs, rss};
use super::urls::Urls;
use super::{Dialect, Generator, Meaning};
use crate::content::Flavour;
use crate::data::Node;

/// `MkDocs`.
pub(super) static MKDOCS: Generator = Generator {
    name: "mkdocs",
    title: "MkDocs",
    dialect: Some(Dialect::Mkdocs),
    flavour: Flavour::PythonMarkdown,
    signs: Signs { certain: &["mkdocs.yml", "mkdocs.yaml"], shared: &[] },
    words: &[(Meaning::Published, "date.created date"), (Meaning::Updated, "date.updated updated")],
    configuration: Some(Configuration {
        files: &["mkdocs.yml", "mkdocs.yaml"],
        title: &["site_name"],
        home: &["site_url"],
        description: &["site_description"],
        language: &["theme.language"],
        author: &["site_author"],
        articles: &["docs/blog/posts", "docs/posts", "docs"],
        output: ("site_dir", "site"),
        shown: &["plugins", "use_directory_urls"],
        settle,
        ..Configuration::PLAIN
    }),
    urls: Some(Urls { tokens: TOKENS, read: Pattern::braces, parts, finish, ..Urls::PLAIN }),
    feeds: &[rss("", "feed_rss_created.xml"), rss("", "feed_rss_updated.xml")],
    ..Generator::PLAIN
};

/// <https://squidfunk.github.io/mkdocs-material/plugins/blog/#config.post_url_format>
const TOKENS: Tokens = &[
    ("slug", Token::Slug),
    ("file", Token::Filename),
    ("categories", Token::Category),
    ("path", Token::Path),
];

fn settle(settings: &mut Settings, site: &mut Site, _: &dyn crate::store::Store) {
    let docs = settings.string("docs_dir").map_or("docs".to_owned(), |path| folder(&path));
    let (has_blog, blog) = blog(settings);
    let option = |key: &str| blog.as_ref().and_then(|blog| blog.member(&[key])).and_then(Node::text);
    let blog_folder = folder(option("blogdir").unwrap_or("blog"));
    site.sources.clone_from(&docs);
    if settings.truth("use_directory_urls") == Some(false) {
        site.choices.ugly = vec![Scope::All];
    }
    if settings.find("plugins").is_some_and(|plugins| has_plugin(plugins.node, "rss")) {
        site.feeds = vec![SiteFeed::main("rss", "feed_rss_created.xml")];
    }
    if !has_blog {
        site.articles = docs;
        site.permalinks = vec![(Scope::All, Pattern::path())];
        return;
    }
    let posts = option("postdir").unwrap_or("{blog}/posts").replace("{blog}", &blog_folder);
    site.articles = if docs.is_empty() { folder(&posts) } else { format!("{docs}/{}", folder(&posts)) };
    let dates = strftime(option("posturldateformat").unwrap_or("yyyy/MM/dd"));
    let format = option("posturlformat").unwrap_or("{date}/{slug}");
    let pattern = dates.ok_or_else(|| "its format of dates is not known".to_owned()).and_then(|dates| {
        let written = format!("{blog_folder}/{}", format.replace("{date}", &format!("{{date:{dates}}}")));
        Pattern::braces(&written, TOKENS)
    });
    match pattern {
        Ok(pattern) if !pattern.has_fields() => site.permalinks = vec![(Scope::All, pattern)],
        Ok(_) => unfollowed(settings, "plugins", "`post_url_format` has a part that is not known"),
        Err(why) => unfollowed(settings, "plugins", &why),
    }
}

/// Presence of a blog, and its options.
fn blog(settings: &Settings) -> (bool, Option<Node>) {
    let Some(plugins) = settings.find("plugins") else { return (false, None) };
    let named = |name: &str| matches!(name, "blog" | "material/blog");
    // A list of names and of tables with one key, or one table.
    for item in plugins.node.items() {
        if let Some(field) = item.fields().iter().find(|field| named(&field.key)) {
            return (true, Some(field.node.clone()));
        }
    }
    (has_plugin(plugins.node, "blog") || has_plugin(plugins.node, "material/blog"), None)
}

fn has_plugin(plugins: &Node, name: &str) -> bool {
    let of_table = plugins.fields().iter().any(|field| field.key == name);
    of_table
        || plugins
            .items()
            .iter()
            .any(|item| item.text() == Some(name) || item.fields().iter().any(|field| field.key == name))
}

/// A format of dates as Babel writes it, in the letters of `strftime`.
fn strftime(babel: &str) -> Option<String> {
    let known = [
        ("yyyy", "%Y"),
        ("yy", "%y"),
        ("y", "%Y"),
        ("MMMM", "%B"),
        ("MMM", "%b"),
        ("MM", "%m"),
        ("M", "%-m"),
        ("dd", "%d"),
        ("d", "%-d"),
        ("HH", "%H"),
        ("mm", "%M"),
        ("ss", "%S"),
    ];
    let mut format = String::new();
    let mut rest = babel;
    while let Some(first) = rest.chars().next() {
        let length = rest.len() - rest.trim_start_matches(first).len();
        let (run, after) = rest.split_at_checked(length)?;
        rest = after;
        match known.iter().find(|(letters, _)| *letters == run) {
            Some((_, by)) => format.push_str(by),
            None if first.is_alphabetic() || first == '\'' => return None,
            None => format.push_str(&run.replace('%', "%%")),
        }
    }
    Some(format)
}

fn parts(page: &Page<'_>, _: &Site) -> Parts {
    let path = without_extension(page.path);
    let name = path.rsplit('/').next().unwrap_or(path);
    let folder = match name {
        "index" | "README" => path.strip_suffix(name).unwrap_or(path),
        _ => path,
    };
    Parts {
        slug: page.slug.map_or_else(|| spaced_slug(page.title.unwrap_or(name)), str::to_owned),
        filename: name.to_owned(),
        category: page.categories.first().map(|name| spaced_slug(name)).unwrap_or_default(),
        path: folder.to_owned(),
        ..Parts::default()
    }
}

fn finish(path: &str, _: &Page<'_>, site: &Site) -> String {
    let path = path.trim_end_matches('/');
    match site.choices.ugly.is_empty() {
        true if path.is_empty() => String::new(),
        true => format!("{path}/"),
        false => format!("{path}.html"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_dates_are_translated_or_not_known() {
        assert_eq!(strftime("yyyy/MM/dd").as_deref(), Some("%Y/%m/%d"));
        assert_eq!(strftime("y-M-d").as_deref(), Some("%Y-%-m-%-d"));
        assert_eq!(strftime("yyyy 'week' ww"), None);
    }
}
