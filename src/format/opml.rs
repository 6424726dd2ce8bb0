//! OPML 2.0: the list of a publication's feeds, for readers that subscribe to many at once.

use url::Url;

use super::xml::{self, Layout, Markup, References};
use super::{Format, address};
use crate::feed::{Person, Text};

/// The media type of a list of subscriptions.
pub const MEDIA_TYPE: &str = "text/x-opml; charset=utf-8";

/// A feed in a list of feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Its title. OPML `text` and `title`.
    pub title: Text,
    /// Its description. OPML `description`.
    pub description: Text,
    /// The page that it is about. OPML `htmlUrl`.
    pub home: Url,
    /// The feed's own URL. OPML `xmlUrl`.
    pub feed_url: Url,
    /// Its format. OPML `version`, which only knows RSS.
    pub format: Format,
    /// OPML `language`.
    pub language: Option<Text>,
}

/// Writes the list, in the order given. It bears no date, so that the same feeds always give the same bytes.
pub fn write(title: &Text, owner: Option<&Person>, subscriptions: &[Subscription]) -> Vec<u8> {
    let mut markup = Markup::new(Layout::LinePerElement);
    markup.start("opml", &[("version", "2.0")]);
    markup.start("head", &[]);
    let owner = owner.map(|owner| &owner.name).filter(|name| !name.is_empty());
    for (name, text) in std::iter::once(("title", title)).chain(owner.map(|name| ("ownerName", name))) {
        markup.element(name, &[], text.as_str(), References::Customary);
    }
    markup.end("head");
    markup.start("body", &[]);
    for subscription in subscriptions {
        outline(subscription, &mut markup);
    }
    markup.end("body");
    markup.end("opml");
    [xml::PROLOG, &markup.into_bytes(), b"\n"].concat()
}

/// The type is `rss` whatever the format: it is the only one that readers subscribe to.
fn outline(subscription: &Subscription, markup: &mut Markup) {
    let Subscription { title, description, home, feed_url, format, language } = subscription;
    let (home, feed_url) = (address::of(home), address::of(feed_url));
    let title = if title.is_empty() { home.as_ref() } else { title.as_str() };
    let mut attributes = vec![("type", "rss"), ("text", title), ("title", title)];
    attributes.extend(Some(("description", description.as_str())).filter(|(_, text)| !text.is_empty()));
    attributes.extend([("xmlUrl", feed_url.as_ref()), ("htmlUrl", home.as_ref())]);
    attributes.extend(language.as_ref().map(|language| ("language", language.as_str())));
    attributes.extend((*format == Format::Rss).then_some(("version", "RSS2")));
    markup.empty("outline", &attributes);
}

#[cfg(test)]
mod tests {
    use super::super::sample::{feed, url};
    use super::*;

    fn subscription(title: &str) -> Subscription {
        Subscription {
            title: title.into(),
            description: feed().description,
            home: url("https://example.org/?a=1&b=2"),
            feed_url: url("https://example.org/feeds/rss.xml"),
            format: Format::Rss,
            language: feed().language,
        }
    }

    #[test]
    fn a_list_of_feeds_is_written_whole() {
        let list = write(&"Ada's feeds".into(), feed().authors.first(), &[subscription("News & <views>")]);
        assert_eq!(
            String::from_utf8(list).unwrap(),
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
        let list = String::from_utf8(write(&Text::default(), None, &[subscription("")])).unwrap();
        assert!(list.contains("text=\"https://example.org/?a=1&amp;b=2\""));
        assert!(!list.contains("ownerName"));
    }
}
