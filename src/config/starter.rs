//! Writes the `feedwright.toml` that a publication starts with.

use std::fmt::Write;

use crate::format::Format;

/// Answers with which a publication is started. What a site's own configuration states is not said again:
/// such parts are `None`.
#[derive(Clone, Debug, Default)]
pub struct Starter {
    /// Its title.
    pub title: Option<String>,
    /// URL below which its articles are.
    pub home: Option<String>,
    /// A sentence about it.
    pub description: Option<String>,
    /// A BCP 47 tag.
    pub language: Option<String>,
    /// A name such as `Europe/London`.
    pub timezone: Option<String>,
    /// Name of its author.
    pub author: Option<String>,
    /// Domain of its ids: the authority of their `tag:` URIs.
    pub authority: String,
    /// Since when.
    pub date: String,
    /// The folder of the articles.
    pub articles: Option<String>,
    /// The generator whose site it is.
    pub dialect: Option<String>,
    /// URL of the folder of feeds.
    pub feeds_url: String,
    /// The feeds' files where they are not the usual ones; only these formats are written.
    pub files: Vec<(Format, String)>,
}

/// The text of a `feedwright.toml` that says this.
///
/// ```
/// use feedwright::config::{Starter, parse, write};
/// let starter = Starter {
///     title: Some("“News” \\ more".into()),
///     home: Some("https://example.org/".into()),
///     authority: "example.org".into(),
///     date: "2026-11-22".into(),
///     feeds_url: "https://example.org/feeds/".into(),
///     ..Starter::default()
/// };
/// assert_eq!(parse(&write(&starter)).unwrap().publication.title.as_str(), starter.title.unwrap());
/// ```
pub fn write(starter: &Starter) -> String {
    [publication(starter), identity(starter), articles(starter), feeds(starter), MAIN_FEED.to_owned()]
        .concat()
}

/// The feed that every publication begins with, and how to have more.
const MAIN_FEED: &str = r#"
[[feed]]
name = ""   # the main feed

# One more for each tag with at least three articles:
#
# [[feed]]
# for-each = "tag"
# at-least = 3
# name = "tags/{tag}"
"#;

fn publication(starter: &Starter) -> String {
    let mut text = "[publication]\n".to_owned();
    let facts = [
        ("title", &starter.title),
        ("home", &starter.home),
        ("description", &starter.description),
        ("language", &starter.language),
        ("timezone", &starter.timezone),
    ];
    for (key, fact) in facts {
        if let Some(fact) = fact {
            let _ = writeln!(text, "{key} = {}", quoted(fact));
        }
    }
    if let Some(author) = &starter.author {
        let _ = writeln!(text, "authors = [{{ name = {} }}]", quoted(author));
    }
    text
}

fn identity(starter: &Starter) -> String {
    let (authority, date) = (quoted(&starter.authority), quoted(&starter.date));
    format!(
        "\n# Ids of articles are made of these two permanently: never change them, also when you move.\n\
         [identity]\nauthority = {authority}\ndate = {date}\n"
    )
}

fn articles(starter: &Starter) -> String {
    let path = starter.articles.as_ref().map(|path| format!("path = {}\n", quoted(path)));
    let dialect = quoted(starter.dialect.as_deref().unwrap_or("auto"));
    format!("\n[articles]\n{}dialect = {dialect}\n", path.unwrap_or_default())
}

fn feeds(starter: &Starter) -> String {
    let url = quoted(&starter.feeds_url);
    let mut text = format!("\n[feeds]\npath = \"feeds\"\nurl = {url}   # where that folder is served\n");
    if !starter.files.is_empty() {
        let names: Vec<_> = starter.files.iter().map(|(format, _)| quoted(format.name())).collect();
        let _ = writeln!(text, "formats = [{}]", names.join(", "));
        let files =
            starter.files.iter().map(|(format, file)| format!("{} = {}", format.name(), quoted(file)));
        let files = files.collect::<Vec<_>>().join(", ");
        let _ = writeln!(text, "files = {{ {files} }}   # where subscribers already look");
    }
    text
}

fn quoted(value: &str) -> String {
    toml::Value::from(value).to_string()
}
