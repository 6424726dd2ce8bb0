//! Writes the `feedwright.toml` that a publication starts with.

use std::fmt::Write;

use crate::format::Format;

/// What is known when a publication is started.
#[derive(Clone, Debug, Default)]
pub struct Starter {
    /// Its title.
    pub title: String,
    /// Where its articles live on the web.
    pub home: String,
    /// A sentence about it; may be empty.
    pub description: String,
    /// A BCP 47 tag.
    pub language: Option<String>,
    /// A name such as `Europe/London`.
    pub timezone: Option<String>,
    /// Who writes.
    pub author: Option<String>,
    /// Who mints ids.
    pub authority: String,
    /// Since when.
    pub date: String,
    /// The folder of the articles.
    pub articles: String,
    /// The generator whose conventions they follow.
    pub dialect: Option<String>,
    /// The pattern of addresses.
    pub permalink: Option<String>,
    /// Whether the feeds replace those of a site and are served where it is, not in a folder of their own.
    pub served_at_home: bool,
    /// File names of the feeds where they are not the usual ones.
    pub files: Vec<(Format, String)>,
}

/// The text of a `feedwright.toml` that says this.
///
/// ```
/// use feedwright::config::{Starter, parse, write};
/// let starter = Starter {
///     title: "“News” \\ more".into(),
///     home: "https://example.org/".into(),
///     authority: "example.org".into(),
///     date: "2026-11-22".into(),
///     articles: "articles".into(),
///     ..Starter::default()
/// };
/// assert_eq!(parse(&write(&starter)).unwrap().publication.title.as_str(), starter.title);
/// ```
pub fn write(starter: &Starter) -> String {
    let mut text = String::new();
    let quoted = |value: &str| toml::Value::from(value).to_string();
    let mut line = |line: String| {
        let _ = writeln!(text, "{line}");
    };
    line("[publication]".into());
    line(format!("title = {}", quoted(&starter.title)));
    line(format!("home = {}", quoted(&starter.home)));
    line(format!("description = {}", quoted(&starter.description)));
    line(format!("language = {}", quoted(starter.language.as_deref().unwrap_or("en"))));
    line(format!("timezone = {}", quoted(starter.timezone.as_deref().unwrap_or("UTC"))));
    if let Some(author) = &starter.author {
        line(format!("authors = [{{ name = {} }}]", quoted(author)));
    }
    line("\n# Ids of articles are made of these two for ever: never change them, also when you move.".into());
    line("[identity]".into());
    line(format!("authority = {}", quoted(&starter.authority)));
    line(format!("date = {}", quoted(&starter.date)));
    line("\n[articles]".into());
    line(format!("path = {}", quoted(&starter.articles)));
    line(format!("dialect = {}", quoted(starter.dialect.as_deref().unwrap_or("auto"))));
    if let Some(permalink) = &starter.permalink {
        line(format!("permalink = {}", quoted(permalink)));
    }
    line("\n[feeds]".into());
    line("path = \"feeds\"".into());
    let folder = if starter.served_at_home { "" } else { "feeds/" };
    let home = starter.home.trim_end_matches('/');
    line(format!("url = {}   # where that folder is served", quoted(&format!("{home}/{folder}"))));
    if !starter.files.is_empty() {
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
