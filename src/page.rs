//! Pages for people who may subscribe: the page of feeds, and the lines by which the pages of a site point to
//! its feeds.
//!
//! It knows what feeds there are as a [list](ListedFeed), and nothing of articles or files.

mod discovery;
mod phrases;
mod style;
mod subscribing;
mod template;
mod view;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use url::Url;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Rule};
use crate::feed::Text;
use crate::format::PublishedFeed;

use phrases::Phrases;

pub use discovery::{Alternate, alternates, head};

/// The number of latest entries with which a feed is shown.
pub const LATEST: usize = 5;

/// The last line of a style sheet.
const STYLE_MARK: &str = "/* Made by Feedwright: whatever is changed here is lost with the next build. */";

/// Last line of a page, by which a build knows again what an earlier one wrote, also where it has forgotten.
const MARK: &str = "<!-- Made by Feedwright: whatever is changed here is lost with the next build. -->";

/// A feed that is shown to people, with its latest entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedFeed {
    /// The feed, under a title by which it can be told from all others.
    pub feed: PublishedFeed,
    /// Its latest entries, if there are any to be shown.
    pub latest: Vec<Latest>,
}

/// An entry, as it is announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Latest {
    /// Its title, or else the beginning of its text; may be empty.
    pub title: Text,
    /// Its URL.
    pub url: Url,
    /// The time of publication.
    pub published: DateTime<Utc>,
    /// A BCP 47 tag.
    pub language: Text,
}

/// Puts feeds in the order in which people look at them, the main feed first, and gives those of one title others:
/// some readers list what they find on a page by nothing else.
pub fn arrange(listed: &mut [ListedFeed]) {
    listed.sort_by_key(|listed| (listed.feed.value.is_some(), !listed.feed.is_main()));
    let mut taken = BTreeSet::new();
    for ListedFeed { feed, .. } in listed {
        let of_value = feed.value.as_ref().map(|(_, value)| value.clone());
        let further = of_value.into_iter().chain([feed.name.clone()]).filter(|word| !word.is_empty());
        let longer = further.map(|word| format!("{}: {word}", feed.title)).collect::<Vec<_>>();
        let numbered = (2..).map(|number| format!("{} ({number})", feed.title));
        let candidates = std::iter::once(feed.title.to_string()).chain(longer).chain(numbered);
        let title = candidates.map(|title| Text::new(&title)).find(|title| taken.insert(title.clone()));
        feed.title = title.unwrap_or_default();
    }
}

/// The template of a page: the text of a file in the publication, or ours.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "they say it")]
pub struct Template<'a> {
    pub path: &'a str,
    pub text: &'a str,
}

impl Template<'static> {
    /// Needs nothing else: no other file, no script, no network.
    pub const OURS: Self = Self { path: "page.html", text: include_str!("page/page.html") };
}

/// The subscription page, as HTML.
///
/// ```
/// use feedwright::{config, page::{self, Template}};
/// let config = config::parse("[publication]\ntitle = 'News & more'\nhome = 'https://example.org/'\n\
///                             [identity]\nauthority = 'example.org'\ndate = '2026'\n").unwrap();
/// let page = page::write(Template::OURS, &config, &[]).unwrap();
/// assert!(page.starts_with("<!doctype html>\n<html lang=\"en\" dir=\"ltr\">") && page.contains("News &amp; more"));
/// assert!(page::is_ours(page.as_bytes()));
///
/// let faulty = Template { path: "page.html", text: "<h1>\n{{ publication.titel.en }}" };
/// let fault = page::write(faulty, &config, &[]).unwrap_err();
/// assert_eq!(fault.place.unwrap().line, 2);
/// ```
///
/// # Errors
///
/// If the template is not one, asks for what is not there, or does not come to an end; with the place in it.
pub fn write(
    template: Template<'_>,
    config: &Config,
    feeds: &[ListedFeed],
) -> Result<String, Box<Diagnostic>> {
    let page = template::fill(template, &view::View::of(config, feeds))?;
    Ok(format!("{}\n{MARK}\n", page.trim_end()))
}

/// The diagnostic of a template that cannot be used.
pub fn unusable_template(path: &str, why: &str) -> Diagnostic {
    Diagnostic::new(Rule::UnusableTemplate, path, format!("the template cannot be used: {why}"))
        .label("the page stays as it was, and the feeds are built all the same")
}

/// The style sheet with which browsers show feeds.
pub fn stylesheet(config: &Config) -> String {
    let phrases = Phrases::find(config.publication.language.as_str()).unwrap_or(&phrases::ENGLISH);
    format!("{}{STYLE_MARK}\n", style::of_feeds(&config.style, phrases))
}

/// Tells whether a page or a style sheet was written by a build.
pub fn is_ours(file: &[u8]) -> bool {
    let file = file.trim_ascii_end();
    [MARK, STYLE_MARK].iter().any(|mark| file.ends_with(mark.as_bytes()))
}
