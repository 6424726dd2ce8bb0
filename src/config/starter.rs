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
    let mut text = String::new();
    let quoted = |value: &str| toml::Value::from(value).to_string();
    let mut line = |line: String| {
        let _ = writeln!(text, "{line}");
    };
    line("[publication]".into());
    let facts = [
        ("title", &starter.title),
        ("home", &starter.home),
        ("description", &starter.description),
        ("language", &starter.language),
        ("timezone", &starter.timezone),
    ];
    for (key, fact) in facts {
        if let Some(fact) = fact {
            line(format!("{key} = {}", quoted(fact)));
        }
    }
    if let Some(author) = &starter.author {
        line(format!("authors = [{{ name = {} }}]", quoted(author)));
    }
    line(
        "\n# Ids of articles are made of these two permanently: never change them, also when you move."
            .into(),
    );
    line("[identity]".into());
    line(format!("authority = {}", quoted(&starter.authority)));
    line(format!("date = {}", quoted(&starter.date)));
    line("\n[articles]".into());
    if let Some(articles) = &starter.articles {
        line(format!("path = {}", quoted(articles)));
    }
    line(format!("dialect = {}", quoted(starter.dialect.as_deref().unwrap_or("auto"))));
    line("\n[feeds]".into());
    line("path = \"feeds\"".into());
    line(format!("url = {}   # where that folder is served", quoted(&starter.feeds_url)));
    if !starter.files.is_empty() {
        let names: Vec<_> = starter.files.iter().map(|(format, _)| quoted(format.name())).collect();
        line(format!("formats = [{}]", names.join(", ")));
        let files =
            starter.files.iter().map(|(format, file)| format!("{} = {}", format.name(), quoted(file)));
        let files = files.collect::<Vec<_>>().join(", ");
        line(format!("files = {{ {files} }}   # where subscribers already look"));
    }
    line("\n[[feed]]".into());
    line("name = \"\"   # the main feed".into());
    line("\n# One more for each tag with at least three articles:\n#\n# [[feed]]".into());
    line("# for-each = \"tag\"\n# at-least = 3\n# name = \"tags/{tag}\"".into());
    text
}
