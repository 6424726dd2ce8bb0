//! A feed as its subscribers' readers know it: which entries it has, by id, address, title and dates, and whether
//! their text changed; for any RSS, Atom or JSON Feed.
//!
//! Much cheaper than [`read`](super::read), since no text is made fit to publish, and nearer to the letter: an id is
//! given as it is written, and what is not stated is not made up.

use chrono::{DateTime, Utc};

use super::source::{self, SourceEntry, SourceFeed, SourceLink, SourceText, Stated, TextKind};
use super::{Format, Unreadable};
use crate::content::{self, one_line};

/// A feed without the texts of its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Its format.
    pub format: Format,
    /// Atom `id`; the others have none.
    pub id: Option<String>,
    /// The URL that it states for itself: `rel="self"`, `feed_url`.
    pub location: Option<String>,
    /// The page that it belongs to: RSS `link`, Atom `rel="alternate"`, JSON `home_page_url`.
    pub home: Option<String>,
    /// Its `WebSub` hubs: `rel="hub"`, JSON `hubs`.
    pub hubs: Vec<String>,
    /// The program that wrote it, if it says so.
    pub generator: Option<String>,
    /// Its entries, in its order.
    pub entries: Vec<Seen>,
}

/// An entry by all that a reader can know it by. A text is empty if the feed states none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// RSS `guid` or `rdf:about`, Atom and JSON `id`.
    pub id: String,
    /// True if the id is said to be the URL of the entry's page, as an RSS `guid` is unless it denies it.
    pub id_is_permalink: bool,
    /// Plain text, without white space at its ends or in runs.
    pub title: String,
    /// The address of its page.
    pub link: String,
    /// Its date of publication, as stated.
    pub published: Option<DateTime<Utc>>,
    /// Its date of update, as stated.
    pub updated: Option<DateTime<Utc>>,
    /// A digest of its text and summary, comparable only within one format.
    pub digest: [u8; 16],
}

impl Outline {
    /// An outline of which nothing is known yet.
    pub fn new(format: Format) -> Self {
        Self {
            format,
            id: None,
            location: None,
            home: None,
            hubs: Vec::new(),
            generator: None,
            entries: Vec::new(),
        }
    }

    /// The latest date of its entries, which is the feed's.
    pub fn updated(&self) -> Option<DateTime<Utc>> {
        self.entries.iter().filter_map(|entry| entry.updated.max(entry.published)).max()
    }
}

impl Seen {
    /// The key that tells it from other entries: its id, or else its URL, or else its title.
    ///
    /// ```
    /// use feedwright::format::Seen;
    /// let seen = Seen { link: "https://example.org/".into(), title: "Hello".into(), ..Seen::default() };
    /// assert_eq!(seen.key(), "https://example.org/");
    /// ```
    pub fn key(&self) -> &str {
        [&self.id, &self.link].into_iter().find(|text| !text.is_empty()).unwrap_or(&self.title)
    }
}

/// Reads the outline of any feed: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1.
///
/// ```
/// let feed = br#"{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "Hello"}]}"#;
/// let outline = feedwright::format::outline(feed).unwrap();
/// assert_eq!((outline.entries[0].id.as_str(), outline.entries[0].title.as_str()), ("1", "Hello"));
/// assert!(feedwright::format::outline(b"<html></html>").is_err());
/// ```
///
/// # Errors
///
/// If the document is not a feed or is not well formed. Characters that the encoding does not have are
/// replaced.
pub fn outline(document: &[u8]) -> Result<Outline, Unreadable> {
    let document = source::decode(document);
    Ok(Outline::of(&source::read_whole(&document, None)?))
}

impl Outline {
    /// The outline of a feed that was read.
    pub fn of(feed: &SourceFeed<'_>) -> Self {
        let first = |rel| source::with_rel(&feed.links, rel).next();
        let address = |link: &SourceLink<'_>| link.href.text.clone().into_owned();
        Self {
            format: feed.format,
            id: feed.id.as_ref().map(|id| id.text.clone().into_owned()),
            location: first("self").map(address),
            home: source::with_rel(&feed.links, "alternate").find(|link| link.is_page()).map(address),
            hubs: source::with_rel(&feed.links, "hub").map(address).collect(),
            generator: feed.generator.as_ref().map(|(name, _)| name.text.clone().into_owned()),
            entries: feed.entries.iter().map(Seen::of).collect(),
        }
    }
}

impl Seen {
    fn of(entry: &SourceEntry<'_>) -> Self {
        let id = entry.id.as_ref().map(|id| id.text.clone().into_owned()).unwrap_or_default();
        let page = entry.page();
        // Outside of RSS no feed says so, and a reader may take it so.
        let is_page = || !id.is_empty() && page.is_some_and(|page| page.href.text == id);
        Self {
            id_is_permalink: entry.id_is_permalink.unwrap_or_else(is_page),
            title: entry.title.as_ref().map(title).unwrap_or_default(),
            link: page.map(|page| page.address().to_owned()).unwrap_or_default(),
            published: entry.published.as_ref().and_then(Stated::date),
            updated: entry.updated.as_ref().and_then(Stated::date),
            digest: digest(entry),
            id,
        }
    }
}

fn title(title: &SourceText<'_>) -> String {
    match title.kind {
        TextKind::Html => one_line(&content::plain_text(&title.text.text)),
        TextKind::Plain | TextKind::Unstated => one_line(&title.text.text),
    }
}

fn digest(entry: &SourceEntry<'_>) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    for text in [&entry.content, &entry.summary] {
        let text = text.as_ref().map_or("", |text| &text.text.text);
        // A byte that no text has tells where one ends and the next begins.
        hasher.update(text.as_bytes()).update(&[0xFF]);
    }
    let mut digest = [0; 16];
    hasher.finalize_xof().fill(&mut digest);
    digest
}

#[cfg(test)]
mod tests {
    use super::super::date;
    use super::*;
    use proptest::prelude::*;

    const RSS: &str = r#"<?xml version="1.0"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><channel>
  <title>Dispatch</title><generator>Jekyll</generator><image><title>x</title><link>x</link></image>
  <atom:link rel="self" href="https://example.org/f.xml?a=1&amp;b=2"/>
  <item><guid>https://example.org/a/</guid><title>Tom &amp;amp; J&#233;r&ocirc;me</title><media:title>no</media:title>
    <media:group><title>no</title></media:group>
    <pubDate>Mon, 06 May 2024 10:00:00 +0000</pubDate><description><![CDATA[<p>One</p>]]></description></item>
  <item><guid isPermaLink="false">tag:x</guid><link> https://example.org/b/ </link></item>
</channel></rss>"#;

    #[test]
    fn rss_is_outlined() {
        let outline = outline(RSS.as_bytes()).unwrap();
        assert_eq!(outline.format, Format::Rss);
        assert_eq!(outline.location.as_deref(), Some("https://example.org/f.xml?a=1&b=2"));
        assert_eq!(outline.generator.as_deref(), Some("Jekyll"));
        let [first, second] = outline.entries.as_slice() else { panic!("two entries") };
        assert_eq!((first.id.as_str(), first.id_is_permalink), ("https://example.org/a/", true));
        assert_eq!(
            (first.title.as_str(), first.link.as_str()),
            ("Tom &amp; Jérôme", "https://example.org/a/")
        );
        assert_eq!(first.published, date::parse("2024-05-06T10:00:00Z"));
        assert_eq!((second.id.as_str(), second.id_is_permalink), ("tag:x", false));
        assert_eq!(second.link, "https://example.org/b/");
        assert_ne!(first.digest, second.digest);
    }

    #[test]
    fn atom_is_outlined_whatever_its_prefix_and_base() {
        let atom = r#"<a:feed xmlns:a="http://www.w3.org/2005/Atom" xml:base="https://example.org/news/">
            <a:id>tag:feed</a:id><a:link rel="self" href="https://example.org/atom.xml"/>
            <a:entry><a:id>tag:1</a:id><a:title type="html">&lt;b&gt;Bold&lt;/b&gt; news</a:title>
              <a:link rel="alternate" type="application/pdf" href="x.pdf"/><a:link href="x/"/>
              <a:updated>2024-05-07T00:00:00Z</a:updated><a:published>2024-05-06T00:00:00Z</a:published>
              <a:source><a:id>no</a:id><a:title>no</a:title></a:source>
              <a:content type="xhtml"><div><p>One</p></div></a:content></a:entry></a:feed>"#;
        let read = outline(atom.as_bytes()).unwrap();
        assert_eq!(read.id.as_deref(), Some("tag:feed"));
        let entry = &read.entries[0];
        assert_eq!((entry.id.as_str(), entry.title.as_str()), ("tag:1", "Bold news"));
        assert_eq!(entry.link, "https://example.org/news/x/");
        assert!(entry.published < entry.updated);
        let edited =
            outline(atom.replace("<p>One", "<b>One").replace("One</p>", "One</b>").as_bytes()).unwrap();
        assert_ne!(edited.entries[0].digest, entry.digest);
    }

    #[test]
    fn every_format_says_where_it_belongs_and_when_it_last_changed() {
        let rss = r#"<rss xmlns:a="http://www.w3.org/2005/Atom"><channel><link>https://example.org/</link><a:link rel="hub" href="https://h.example/"/>
            <item><guid>1</guid><pubDate>Mon, 06 May 2024 10:00:00 GMT</pubDate></item>
            <item><guid>2</guid><pubDate>Sun, 05 May 2024 10:00:00 GMT</pubDate>
            <a:updated>2024-05-07T10:00:00Z</a:updated></item></channel></rss>"#;
        let atom = r#"<feed><link rel="alternate" type="application/json" href="j"/><link href="https://example.org/"/>
            <link rel="hub" href="https://h.example/"/><entry><id>1</id><updated>2024-05-07T10:00:00Z</updated></entry></feed>"#;
        let json = r#"{"version": "https://jsonfeed.org/version/1.1", "home_page_url": "https://example.org/",
            "hubs": [{"type": "WebSub", "url": "https://h.example/"}],
            "items": [{"id": "1", "date_modified": "2024-05-07T10:00:00Z"}]}"#;
        for feed in [rss, atom, json] {
            let read = outline(feed.as_bytes()).unwrap();
            assert_eq!(read.home.as_deref(), Some("https://example.org/"), "{feed}");
            assert_eq!(read.hubs, ["https://h.example/"], "{feed}");
            assert_eq!(read.updated(), date::parse("2024-05-07T10:00:00Z"), "{feed}");
        }
        assert_eq!(Outline::new(Format::Rss).updated(), None);
    }

    #[test]
    fn rdf_items_beside_the_channel_are_found() {
        let rdf = r#"<rdf:RDF xmlns:rdf="x"><channel rdf:about="y"><title>D</title></channel>
            <item rdf:about="https://example.org/1"><title>One</title><link>https://example.org/1</link>
            <dc:date>2003-01-02T00:00:00Z</dc:date></item></rdf:RDF>"#;
        let entry = outline(rdf.as_bytes()).unwrap().entries.remove(0);
        assert_eq!((entry.id.as_str(), entry.title.as_str()), ("https://example.org/1", "One"));
        assert!(entry.published.is_some());
    }

    #[test]
    fn json_is_outlined_and_a_number_is_an_id() {
        let json = r#"{"version": "https://jsonfeed.org/version/1", "feed_url": "https://example.org/f",
            "items": [{"id": 7, "url": "https://example.org/7", "title": 3, "content_text": "x"}, "no", {}]}"#;
        let read = outline(json.as_bytes()).unwrap();
        assert_eq!(read.location.as_deref(), Some("https://example.org/f"));
        assert_eq!((read.entries[0].id.as_str(), read.entries[0].title.as_str()), ("7", ""));
        assert_eq!(read.entries.len(), 3);
    }

    #[test]
    fn what_is_no_feed_is_refused() {
        for text in
            ["", "no", "{}", "[]", "<html/>", "<rss><channel>", "<rss></channel>", "\u{feff}{\"version\": 1}"]
        {
            assert!(outline(text.as_bytes()).is_err(), "{text}");
        }
        assert_eq!(outline(b"<rss/>").unwrap().entries, []);
    }

    #[test]
    fn depth_and_number_of_elements_do_no_harm() {
        let deep = format!("<rss><channel><item><description>{}", "<b>".repeat(200_000));
        assert!(outline(deep.as_bytes()).is_err());
        let many = format!("<rss><channel>{}</channel></rss>", "<item><guid>1</guid></item>".repeat(50_000));
        assert_eq!(outline(many.as_bytes()).unwrap().entries.len(), 50_000);
    }

    proptest! {
        #[test]
        fn nothing_panics(bytes in any::<Vec<u8>>(), text: String) {
            let _ = outline(&bytes);
            let _ = outline(format!("<rss><channel><item {text}>{text}</item></channel></rss>").as_bytes());
            let _ = outline(RSS.replace("One", &text).as_bytes());
        }
    }
}
