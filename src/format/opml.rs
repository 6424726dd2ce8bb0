//! OPML 2.0: the list of a publication's feeds, for readers that subscribe to many at once.

use quick_xml::Writer;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use url::Url;

use super::xml::{self, Layout, XmlSafe};
use super::{Format, address, in_memory};
use crate::feed::{Person, Text};

/// The media type of a list of subscriptions.
pub const MEDIA_TYPE: &str = "text/x-opml; charset=utf-8";

/// A feed in a list of feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Its title. OPML `text` and `title`.
    pub title: Text,
    /// What it is about. OPML `description`.
    pub description: Text,
    /// The page that it is about. OPML `htmlUrl`.
    pub home: Url,
    /// Where it is. OPML `xmlUrl`.
    pub feed_url: Url,
    /// How it is written. OPML `version`, which only knows RSS.
    pub format: Format,
    /// OPML `language`.
    pub language: Option<Text>,
}

/// Writes the list, in the order given. It bears no date, so that the same feeds always give the same bytes.
pub fn write(title: &Text, owner: Option<&Person>, subscriptions: &[Subscription]) -> Vec<u8> {
    let mut writer = Writer::new(XmlSafe::default());
    let mut put = |event: Event<'_>| in_memory(writer.write_event(event));
    put(Event::Start(BytesStart::new("opml").with_attributes([("version", "2.0")])));
    put(Event::Start(BytesStart::new("head")));
    let owner = owner.map(|owner| &owner.name).filter(|name| !name.is_empty());
    for (name, text) in std::iter::once(("title", title)).chain(owner.map(|name| ("ownerName", name))) {
        put(Event::Start(BytesStart::new(name)));
        put(Event::Text(BytesText::new(text.as_str())));
        put(Event::End(BytesEnd::new(name)));
    }
    put(Event::End(BytesEnd::new("head")));
    put(Event::Start(BytesStart::new("body")));
    for subscription in subscriptions {
        put(Event::Empty(outline(subscription)));
    }
    put(Event::End(BytesEnd::new("body")));
    put(Event::End(BytesEnd::new("opml")));
    let written = writer.into_inner().into_bytes();
    let opml = xml::respell(&written, Layout::LinePerElement, |_, text, out| {
        xml::replace_references(text, &xml::QUOTES, out);
    });
    [xml::PROLOG, &opml, b"\n"].concat()
}

/// The type is `rss` whatever the format: it is the only one that readers subscribe to.
fn outline(subscription: &Subscription) -> BytesStart<'_> {
    let Subscription { title, description, home, feed_url, format, language } = subscription;
    let home = address::of(home);
    let title = if title.is_empty() { home.as_ref() } else { title.as_str() };
    let mut outline = BytesStart::new("outline");
    outline.push_attribute(("type", "rss"));
    outline.push_attribute(("text", title));
    outline.push_attribute(("title", title));
    if !description.is_empty() {
        outline.push_attribute(("description", description.as_str()));
    }
    outline.push_attribute(("xmlUrl", address::of(feed_url).as_ref()));
    outline.push_attribute(("htmlUrl", home.as_ref()));
    if let Some(language) = language {
        outline.push_attribute(("language", language.as_str()));
    }
    if *format == Format::Rss {
        outline.push_attribute(("version", "RSS2"));
    }
    outline
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
