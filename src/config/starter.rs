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
    /// The folder of the pages that it has built.
    pub site: Option<String>,
    /// The same, where its pages seem to be of another state of the articles: it is written as a comment.
    pub doubtful_site: Option<String>,
    /// URL of the folder of feeds.
    pub feeds_url: String,
    /// The feeds' files where they are not the usual ones; only these formats are written.
    pub files: Vec<(Format, String)>,
    /// The feeds beside the main one.
    pub feeds: Vec<StarterFeed>,
}

/// A feed beside the main one.
#[derive(Clone, Debug, Default)]
pub struct StarterFeed {
    /// One for each value of this, as `for-each` names it.
    pub for_each: Option<&'static str>,
    /// Its name.
    pub name: String,
    /// The key and the values of its `where`.
    pub wanted: Option<(&'static str, Vec<String>)>,
    /// The keys and the values of its `unless`.
    pub unwanted: Vec<(&'static str, Vec<String>)>,
    /// Its formats and their files.
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
    [publication(starter), identity(starter), articles(starter), feeds(starter), other_feeds(starter)]
        .concat()
}

/// The feed that every publication begins with.
const MAIN_FEED: &str = "\n[[feed]]\nname = \"\"   # the main feed\n";

/// A comment that shows how to have a feed for each tag.
const FOR_EACH_TAG: &str = r#"
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
    let site = starter
        .site
        .as_ref()
        .map(|site| format!("site = {}   # the pages that the site's generator has built\n", quoted(site)));
    let doubtful = starter.doubtful_site.as_ref().map(|site| {
        format!("# site = {}   # its pages are of another state of the articles\n", quoted(site))
    });
    let site = site.or(doubtful).unwrap_or_default();
    format!("\n[articles]\n{}dialect = {dialect}\n{site}", path.unwrap_or_default())
}

fn feeds(starter: &Starter) -> String {
    let url = quoted(&starter.feeds_url);
    let mut text = format!("\n[feeds]\npath = \"feeds\"\nurl = {url}   # where that folder is served\n");
    if !starter.files.is_empty() {
        let [formats, files] = formats_and_files(&starter.files);
        let _ = writeln!(text, "{formats}\n{files}   # where subscribers already look");
    }
    text
}

fn quoted(value: &str) -> String {
    toml::Value::from(value).to_string()
}

fn other_feeds(starter: &Starter) -> String {
    let mut text = MAIN_FEED.to_owned();
    for feed in &starter.feeds {
        text.push_str(&section(feed));
        text.push('\n');
    }
    if !starter.feeds.iter().any(|feed| feed.for_each == Some("tag")) {
        text.push_str(FOR_EACH_TAG);
    }
    text
}

/// The keys `formats` and `files`.
fn formats_and_files(files: &[(Format, String)]) -> [String; 2] {
    let formats: Vec<String> = files.iter().map(|(format, _)| quoted(format.name())).collect();
    let files: Vec<String> =
        files.iter().map(|(format, file)| format!("{} = {}", format.name(), quoted(file))).collect();
    [format!("formats = [{}]", formats.join(", ")), format!("files = {{ {} }}", files.join(", "))]
}

/// The section of a feed beside the main one.
fn section(feed: &StarterFeed) -> String {
    let mut lines = vec!["\n[[feed]]".to_owned()];
    lines.extend(feed.for_each.map(|of| format!("for-each = {}", quoted(of))));
    lines.push(format!("name = {}", quoted(&feed.name)));
    let condition = |(of, values): &(&str, Vec<String>)| {
        let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        format!("{of} = [{}]", values.join(", "))
    };
    lines.extend(feed.wanted.iter().map(|wanted| format!("where = {{ {} }}", condition(wanted))));
    let unwanted: Vec<String> = feed.unwanted.iter().map(condition).collect();
    if !unwanted.is_empty() {
        lines.push(format!("unless = {{ {} }}", unwanted.join(", ")));
    }
    lines.extend(formats_and_files(&feed.files));
    lines.join("\n")
}
