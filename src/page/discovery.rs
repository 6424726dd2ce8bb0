//! Feed discovery: the `<link>` lines for the `<head>` of a page.

use url::Url;

use crate::content::address::in_ascii;
use crate::format::{FeedDocument, PublishedFeed};

/// A document of a feed, as a page points to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternate {
    /// The title of the feed, and its format where there are several: readers list them by it.
    pub title: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its URL.
    pub url: Url,
}

/// The documents of feeds, in their order. Many readers take the first that they find.
pub fn alternates<'a>(feeds: impl IntoIterator<Item = &'a PublishedFeed>) -> Vec<Alternate> {
    feeds.into_iter().flat_map(of_feed).collect()
}

fn of_feed(feed: &PublishedFeed) -> impl Iterator<Item = Alternate> {
    let only = feed.subscriptions().nth(1).is_none();
    feed.subscriptions().map(move |FeedDocument { format, url, .. }| Alternate {
        title: if only { feed.title.to_string() } else { format!("{} ({})", feed.title, format.title()) },
        media_type: format.media_type(),
        url: url.clone(),
    })
}

/// The same as HTML, a line for each.
///
/// ```
/// use feedwright::page::{Alternate, head};
/// let url = "https://example.org/rss.xml".parse().unwrap();
/// let alternate = Alternate { title: "News & \"views\"".into(), media_type: "application/rss+xml", url };
/// assert_eq!(
///     head(&[alternate]),
///     "<link rel=\"alternate\" type=\"application/rss+xml\" title=\"News &amp; &quot;views&quot;\" \
///      href=\"https://example.org/rss.xml\">\n"
/// );
/// ```
pub fn head(alternates: &[Alternate]) -> String {
    let line = |alternate: &Alternate| {
        let Alternate { title, media_type, url } = alternate;
        let (title, url) = (escaped(title), escaped(&in_ascii(url)));
        format!("<link rel=\"alternate\" type=\"{media_type}\" title=\"{title}\" href=\"{url}\">\n")
    };
    alternates.iter().map(line).collect()
}

/// Fit to stand in an element or in a quoted attribute.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            character => escaped.push(character),
        }
    }
    escaped
}
