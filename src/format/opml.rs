//! OPML 2.0: the list of a publication's feeds, for readers that subscribe to many at once.

use url::Url;

use super::xml::{self, Layout, References, XmlMarkup};
use super::{FeedDocument, Format, PublishedFeed};
use crate::content::address::in_ascii;
use crate::feed::{Person, Text};

/// The media type of a list of subscriptions.
pub const MEDIA_TYPE: &str = "text/x-opml; charset=utf-8";

/// A list of the feeds of a publication.
#[derive(Clone, Copy, Debug)]
pub struct FeedList<'a> {
    /// The title of the publication. OPML `title`.
    pub title: &'a Text,
    /// Its first author. OPML `ownerName`.
    pub owner: Option<&'a Person>,
    /// The page that all feeds are about. OPML `htmlUrl`.
    pub home: &'a Url,
    /// The language of the publication. OPML `language`.
    pub language: &'a Text,
}

/// Writes the list, in the order given. It bears no date, so that the same feeds always give the same bytes.
pub fn write<'f>(list: &FeedList<'_>, feeds: impl IntoIterator<Item = &'f PublishedFeed>) -> Vec<u8> {
    let FeedList { title, owner, .. } = *list;
    let mut markup = XmlMarkup::new(Layout::LinePerElement);
    markup.start("opml", &[("version", "2.0")]);
    markup.start("head", &[]);
    let owner = owner.map(|owner| &owner.name).filter(|name| !name.is_empty());
    for (name, text) in std::iter::once(("title", title)).chain(owner.map(|name| ("ownerName", name))) {
        markup.element(name, &[], text.as_str(), References::Customary);
    }
    markup.end("head");
    markup.start("body", &[]);
    // One line a feed: readers that import a list would subscribe to each format otherwise.
    for (feed, document) in feeds.into_iter().filter_map(|feed| Some((feed, feed.preferred()?))) {
        outline(list, feed, document, &mut markup);
    }
    markup.end("body");
    markup.end("opml");
    [xml::PROLOG, &markup.into_bytes(), b"\n"].concat()
}

/// The type is `rss` whatever the format: it is the only one that readers subscribe to.
fn outline(list: &FeedList<'_>, feed: &PublishedFeed, document: &FeedDocument, markup: &mut XmlMarkup) {
    let (home, feed_url) = (in_ascii(list.home), in_ascii(&document.url));
    let title = if feed.title.is_empty() { home.as_ref() } else { feed.title.as_str() };
    let description = feed.description.as_ref().filter(|description| !description.is_empty());
    let mut attributes = vec![("type", "rss"), ("text", title), ("title", title)];
    attributes.extend(description.map(|description| ("description", description.as_str())));
    attributes.extend([("xmlUrl", feed_url.as_ref()), ("htmlUrl", home.as_ref())]);
    attributes.push(("language", list.language.as_str()));
    attributes.extend((document.format == Format::Rss).then_some(("version", "RSS2")));
    markup.empty("outline", &attributes);
}

#[cfg(test)]
mod tests {
    use super::super::Role;
    use super::super::sample::{feed, url};
    use super::*;

    fn published(title: &str) -> PublishedFeed {
        let document = |format: Format| FeedDocument {
            format,
            role: Role::Subscription,
            path: format.file_name().to_owned(),
            url: url("https://example.org/feeds/").join(format.file_name()).unwrap(),
        };
        PublishedFeed {
            title: title.into(),
            description: Some(feed().description),
            documents: vec![document(Format::Json), document(Format::Rss)],
            ..PublishedFeed::default()
        }
    }

    fn written(title: &str, owner: Option<&Person>, feed: &PublishedFeed) -> String {
        let (home, language) = (url("https://example.org/?a=1&b=2"), "en-GB".into());
        let list = FeedList { title: &title.into(), owner, home: &home, language: &language };
        String::from_utf8(write(&list, [feed])).unwrap()
    }

    #[test]
    fn a_list_of_feeds_is_written_whole() {
        let list = written("Ada's feeds", feed().authors.first(), &published("News & <views>"));
        assert_eq!(
            list,
            r#"<?xml version="1.0" encoding="utf-8"?>
<opml version="2.0">
<head>
<title>Ada's feeds</title>
<ownerName>Ada "&lt;b&gt;" O'Neil (&amp; co)</ownerName>
</head>
<body>
<outline type="rss" text="News &amp; &lt;views&gt;" title="News &amp; &lt;views&gt;" description="Notes on &quot;AT&amp;T&quot; and Vec&lt;T&gt;" xmlUrl="https://example.org/feeds/rss.xml" htmlUrl="https://example.org/?a=1&amp;b=2" language="en-GB" version="RSS2"/>
</body>
</opml>
"#
        );
    }

    #[test]
    fn an_outline_always_has_a_text() {
        let list = written("", None, &published(""));
        assert!(list.contains("text=\"https://example.org/?a=1&amp;b=2\""));
        assert!(!list.contains("ownerName"));
    }
}
