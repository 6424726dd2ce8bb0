//! A feed of another program as feed readers remember it: ids to the letter, URLs, titles, dates.
//!
//! Our own model has no place for this: it makes text fit for publication, and here every byte of an id counts.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use url::Url;

use crate::content::{self, one_line};
use crate::format::source::{self, EncodingProblem, SourceEntry, SourceFeed, SourceText, Stated, TextKind};

pub use crate::format::Unreadable;

/// A feed of any format, or some of its pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OldFeed {
    /// Atom `id`; the others have none.
    pub id: Option<String>,
    /// In the order in which it has them, without those that state no id and no link, and without an id twice.
    pub entries: Vec<OldEntry>,
    /// Its further pages: `prev-archive` and `next` of RFC 5005, `next_url` of JSON Feed.
    pub further: Vec<Url>,
    /// The program that wrote it, as the feed names it.
    pub generator: String,
    /// Faults of its encoding, by which an id may not be what readers know.
    pub problems: Vec<EncodingProblem>,
}

/// An entry as readers remember it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldEntry {
    /// To the letter, but for white space at its ends, which readers take off.
    pub id: String,
    /// True if the id was said to be a permalink, and is the link.
    pub id_is_permalink: bool,
    /// The URLs that it has or had, absolute, the link first.
    pub addresses: Vec<String>,
    /// Plain text.
    pub title: Option<String>,
    /// In whole seconds.
    pub published: Option<DateTime<Utc>>,
    /// In whole seconds.
    pub updated: Option<DateTime<Utc>>,
}

impl OldEntry {
    /// Its link; empty where it has none.
    pub fn link(&self) -> &str {
        self.addresses.first().map_or("", String::as_str)
    }

    /// Its title, or else its id.
    pub fn name(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.id)
    }
}

/// Reads a feed: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed. `location` is where it was found.
///
/// A document that breaks off is refused though its beginning could be read: the articles of the rest would get new
/// ids without a word, and come back to everybody. It has to be repaired first.
///
/// ```
/// let document = br#"<rss version="2.0"><channel><item>
///     <guid isPermaLink="false">https://example.org/?p=7</guid><link>https://example.org/hello/</link>
/// </item></channel></rss>"#;
/// let location = "https://example.org/feed/".parse().unwrap();
/// let feed = feedwright::adopt::read(document, &location).unwrap();
/// assert_eq!(feed.entries[0].id, "https://example.org/?p=7");
/// assert!(feedwright::adopt::read(b"<html></html>", &location).is_err());
/// ```
///
/// # Errors
///
/// If the document is not a feed, is not well formed, is nested too deep, or needs what lies outside of it.
pub fn read(document: &[u8], location: &Url) -> Result<OldFeed, Unreadable> {
    let document = source::decode(document);
    let feed = source::read_whole(&document, Some(location))?;
    let mut known = BTreeSet::new();
    let entries = feed.entries.iter().filter_map(entry);
    Ok(OldFeed {
        id: feed.id.as_ref().map(|id| id.text.clone().into_owned()),
        entries: entries.filter(|entry| known.insert(entry.id.clone())).collect(),
        further: feed
            .links
            .iter()
            .filter(|link| leads_on(&link.rel))
            .filter_map(|link| link.url.clone())
            .collect(),
        generator: generator(&feed),
        problems: document.problems.clone(),
    })
}

/// `None` for an entry that states neither an id nor a link.
fn entry(entry: &SourceEntry<'_>) -> Option<OldEntry> {
    let page = entry.page();
    let id = entry.id.as_ref().or(page.map(|page| &page.href))?;
    let is_page = page.is_some_and(|page| page.href.text == id.text);
    let updated = entry.updated.as_ref().and_then(Stated::date);
    Some(OldEntry {
        id: id.text.clone().into_owned(),
        id_is_permalink: is_page && entry.id_is_permalink != Some(false),
        addresses: addresses(entry),
        title: entry.title.as_ref().and_then(title),
        published: entry.published.as_ref().and_then(Stated::date).or(updated),
        updated,
    })
}

/// Absolute web addresses: the page, other pages, that which a proxy put its own in place of, and the id.
fn addresses(entry: &SourceEntry<'_>) -> Vec<String> {
    let alternates = source::with_rel(&entry.links, "alternate");
    let links = entry.page().into_iter().chain(alternates).filter_map(|link| link.url.clone());
    let original = entry.extensions.iter().filter(|extension| extension.name.ends_with(":origLink"));
    let original = original.filter_map(|original| Url::parse(original.text.trim()).ok());
    let id = entry.id.as_ref().and_then(|id| Url::parse(&id.text).ok());
    let mut addresses: Vec<String> = Vec::new();
    for address in links.chain(original).chain(id).filter(crate::fetch::is_web).map(String::from) {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    addresses
}

fn generator(feed: &SourceFeed<'_>) -> String {
    let Some((name, page)) = &feed.generator else { return String::new() };
    format!("{} {}", name.text, page.as_ref().map_or("", |page| &page.text))
}

/// RFC 5005 sections 3 and 4.
fn leads_on(rel: &str) -> bool {
    matches!(rel.rsplit('/').next(), Some("prev-archive" | "next"))
}

/// RSS does not say whether a title is HTML; mostly it is.
fn title(title: &SourceText<'_>) -> Option<String> {
    let plain = match title.kind {
        TextKind::Plain => title.text.text.clone().into_owned(),
        TextKind::Html | TextKind::Unstated => content::plain_text(&title.text.text),
    };
    Some(one_line(&plain)).filter(|title| !title.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn location() -> Url {
        "https://example.org/feed.xml".parse().unwrap()
    }

    fn one(document: &str) -> OldEntry {
        let mut feed = read(document.as_bytes(), &location()).unwrap();
        assert_eq!(feed.entries.len(), 1, "{feed:?}");
        feed.entries.remove(0)
    }

    fn refused(document: &str) -> String {
        read(document.as_bytes(), &location()).unwrap_err().to_string()
    }

    fn item(inner: &str) -> OldEntry {
        one(&format!("<rss version='2.0'><channel><title>x</title><item>{inner}</item></channel></rss>"))
    }

    #[test]
    fn rss_2_says_what_readers_remember() {
        let entry = item(
            "<title>Tea &amp;amp; &lt;em&gt;toast&lt;/em&gt;</title><link>https://example.org/tea/</link>\
             <guid isPermaLink='false'>https://example.org/?p=7&amp;x=1</guid>\
             <pubDate>Mon, 06 May 2024 10:00:00 +0000</pubDate>",
        );
        assert_eq!(entry.id, "https://example.org/?p=7&x=1");
        assert!(!entry.id_is_permalink);
        assert_eq!(entry.title.as_deref(), Some("Tea & toast"));
        assert_eq!(entry.addresses, ["https://example.org/tea/", "https://example.org/?p=7&x=1"]);
        assert_eq!(entry.published.unwrap().to_rfc3339(), "2024-05-06T10:00:00+00:00");
    }

    #[test]
    fn a_guid_is_a_permalink_only_where_it_is_the_link() {
        let link = "<link>https://example.org/a</link>";
        assert!(item(&format!("{link}<guid>https://example.org/a</guid>")).id_is_permalink);
        assert!(item("<guid>https://example.org/a</guid>").id_is_permalink);
        assert!(!item(&format!("{link}<guid>https://example.org/a/</guid>")).id_is_permalink);
        assert!(
            !item(&format!("{link}<guid isPermaLink='false'>https://example.org/a</guid>")).id_is_permalink
        );
    }

    #[test]
    fn odd_ids_are_kept_to_the_letter() {
        for id in [
            "HTTPS://Example.ORG:443/Straße/%7euser/../?q=ä&b=%2f#top",
            "12345",
            "two  words",
            "/relative",
            "tag:example.org,2009:/été",
            "a<b>c\"d'e",
            "\u{1F600}",
            &"x".repeat(400),
        ] {
            let escaped = id.replace('&', "&amp;").replace('<', "&lt;");
            assert_eq!(item(&format!("<guid isPermaLink='false'>\n  {escaped} </guid>")).id, id);
            assert_eq!(item(&format!("<guid isPermaLink='false'><![CDATA[{id}]]></guid>")).id, id);
            let atom = format!(
                "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id> {escaped}\n</id></entry></feed>"
            );
            assert_eq!(one(&atom).id, id);
            let json =
                serde_json::json!({"version": "https://jsonfeed.org/version/1.1", "items": [{"id": id}]});
            assert_eq!(one(&json.to_string()).id, id);
        }
    }

    #[test]
    fn an_item_without_guid_is_known_by_its_link() {
        let entry = item("<link>https://example.org/a?x=1&amp;y=2</link>");
        assert_eq!((entry.id.as_str(), entry.id_is_permalink), ("https://example.org/a?x=1&y=2", true));
    }

    #[test]
    fn rss_of_the_last_century_is_read() {
        let doctype = "<!DOCTYPE rss PUBLIC \"-//Netscape Communications//DTD RSS 0.91//EN\" \
                       \"http://my.netscape.com/publish/formats/rss-0.91.dtd\">";
        for version in ["0.91", "0.92", "0.94"] {
            let entry = one(&format!(
                "<?xml version='1.0'?>{doctype}<rss version='{version}'><channel><item><title>A</title>\
                 <link>http://example.org/a</link></item></channel></rss>"
            ));
            assert_eq!(entry.id, "http://example.org/a");
        }
    }

    #[test]
    fn rss_1_items_are_known_by_what_they_are_about() {
        let feed = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' \
                    xmlns:dc='http://purl.org/dc/elements/1.1/'><channel rdf:about='x'><title>x</title></channel>\
                    <item rdf:about='http://example.org/item?a=1&amp;b=2'><title>A</title><link>http://example.org/a</link>\
                    <dc:date>2004-05-06T10:00+02:00</dc:date></item></rdf:RDF>";
        let entry = one(feed);
        assert_eq!(entry.id, "http://example.org/item?a=1&b=2");
        assert!(!entry.id_is_permalink);
        assert_eq!(entry.published.unwrap().to_rfc3339(), "2004-05-06T08:00:00+00:00");
    }

    #[test]
    fn atom_says_what_readers_remember() {
        let entry = one(
            "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://example.org/blog/'><entry>\
             <title type='html'>A &amp;lt;b&amp;gt; &amp;amp; c</title><id>https://example.org/2024/05/06/a</id>\
             <link rel='enclosure' href='a.mp3'/><link type='text/html' href='a.html'/>\
             <published>2024-05-06T10:00:00+02:00</published><updated>2024-06-01T00:00:00Z</updated></entry></feed>",
        );
        assert_eq!(entry.id, "https://example.org/2024/05/06/a");
        assert_eq!(entry.link(), "https://example.org/blog/a.html");
        assert_eq!(entry.title.as_deref(), Some("A <b> & c"));
        assert_eq!(entry.published.unwrap().to_rfc3339(), "2024-05-06T08:00:00+00:00");
        assert_eq!(entry.updated.unwrap().to_rfc3339(), "2024-06-01T00:00:00+00:00");
    }

    #[test]
    fn atom_0_3_has_ids_links_and_titles() {
        let entry = one(
            "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title>A</title><id>tag:x,2004:1</id>\
             <link rel='alternate' type='text/html' href='http://example.org/a'/><issued>2004-05-06T10:00:00Z</issued></entry></feed>",
        );
        assert_eq!((entry.id.as_str(), entry.link()), ("tag:x,2004:1", "http://example.org/a"));
        assert_eq!(entry.published.unwrap().to_rfc3339(), "2004-05-06T10:00:00+00:00");
    }

    #[test]
    fn json_feed_says_what_readers_remember() {
        let entry = one(r#"{"version": "https://jsonfeed.org/version/1", "items": [
            {"id": 17, "url": "/a", "title": "A", "date_published": "2024-05-06T10:00:00.5Z"}]}"#);
        assert_eq!((entry.id.as_str(), entry.link()), ("17", "https://example.org/a"));
        assert_eq!(entry.published.unwrap().to_rfc3339(), "2024-05-06T10:00:00+00:00");
    }

    #[test]
    fn every_format_can_go_on() {
        for document in [
            "<rss version='2.0' xmlns:a10='http://www.w3.org/2005/Atom'><channel><a10:link rel='next' href='?page=2'/></channel></rss>",
            "<feed xmlns='http://www.w3.org/2005/Atom'><link rel='prev-archive' href='?page=2'/></feed>",
            "{\"version\": \"https://jsonfeed.org/version/1.1\", \"next_url\": \"?page=2\", \"items\": []}",
        ] {
            let feed = read(document.as_bytes(), &location()).unwrap();
            assert_eq!(feed.further, ["https://example.org/feed.xml?page=2".parse().unwrap()], "{document}");
        }
    }

    #[test]
    fn other_encodings_are_read() {
        let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><rss version='2.0'><channel><item>\
                      <title>caf\xe9</title><guid>http://example.org/caf\xe9</guid></item></channel></rss>";
        let feed = read(latin, &location()).unwrap();
        assert_eq!(feed.entries[0].title.as_deref(), Some("café"));
        assert_eq!(feed.entries[0].id, "http://example.org/café");
    }

    #[test]
    fn an_id_twice_is_one_entry_and_one_without_any_is_none() {
        let feed = read(b"<rss><channel><item><guid>a</guid></item><item><guid>a</guid></item><item><title>x</title></item></channel></rss>", &location());
        assert_eq!(feed.unwrap().entries.len(), 1);
    }

    #[test]
    fn entities_of_the_documents_own_are_read_and_cannot_grow_without_bound() {
        let own = "<!DOCTYPE rss [<!ENTITY home 'https://example.org/'>]><rss><channel><item><guid>&home;a</guid></item></channel></rss>";
        assert_eq!(one(own).id, "https://example.org/a");
        let laugh = |n: usize| format!("<!ENTITY l{n} '{}'>", format!("&l{};", n - 1).repeat(10));
        let laughs = (1..10).map(laugh).collect::<Vec<_>>().concat();
        let laughs = format!(
            "<!DOCTYPE rss [<!ENTITY l0 'ha'>{laughs}]><rss><channel><item><guid>&l9;</guid></item></channel></rss>"
        );
        assert!(refused(&laughs).contains("entities"));
        let quadratic = format!(
            "<!DOCTYPE rss [<!ENTITY a '{}'>]><rss><channel><item><guid>{}</guid></item></channel></rss>",
            "a".repeat(100_000),
            "&a;".repeat(100_000)
        );
        assert!(refused(&quadratic).contains("entities"));
    }

    #[test]
    fn nothing_outside_of_the_document_is_read() {
        let outside = "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><channel><item><guid>&x;</guid></item></channel></rss>";
        assert!(refused(outside).contains("outside of the document"));
        let unused = "<!DOCTYPE rss SYSTEM 'http://127.0.0.1:1/x.dtd' [%x;]><rss><channel><item><guid>a</guid></item></channel></rss>";
        assert_eq!(one(unused).id, "a");
    }

    #[test]
    fn a_document_that_breaks_off_is_refused_and_the_place_is_named() {
        let broken =
            "<rss><channel>\n<item><guid>a</guid></item>\n<item><guid>b</gui></item></channel></rss>";
        assert!(refused(broken).contains("line 3, column 14: "), "{}", refused(broken));
    }

    #[test]
    fn names_that_html_has_are_known_and_others_stay_as_they_are_written() {
        assert_eq!(item("<guid>&eacute;a&nbsp;b&other;</guid>").id, "éa\u{a0}b&other;");
    }

    #[test]
    fn what_is_no_feed_is_refused() {
        for document in [
            "",
            "plain words",
            "<html></html>",
            "{}",
            "{\"version\": 1}",
            "[1]",
            "<rss><channel>",
            "<rss>",
            "\u{0}\u{1}",
        ] {
            refused(document);
        }
        assert!(refused(&"<rss>".repeat(100_000)).contains("deep"));
        assert!(read("{".repeat(100_000).as_bytes(), &location()).is_err());
        assert!(read("{\"version\":".repeat(100_000).as_bytes(), &location()).is_err());
    }

    proptest! {
        #[test]
        fn nothing_panics(bytes in any::<Vec<u8>>(), text in any::<String>()) {
            let _ = read(&bytes, &location());
            let _ = read(text.as_bytes(), &location());
        }

        #[test]
        fn nothing_in_a_feed_panics(words in proptest::collection::vec(
            "<(item|guid|link|title|pubDate|entry|id|updated|/item|/guid|/link|/title|/entry|/id|!DOCTYPE|\\?xml)( [a-z:]{1,6}='[^<]{0,6}')?/?>|[a-zé&;<>]{0,5}", 0..20,
        ), root in "rss|feed|rdf:RDF") {
            let inner = words.concat();
            let _ = read(format!("<{root}>{inner}</{root}>").as_bytes(), &location());
            let _ = read(format!("<{root}><channel>{inner}</channel></{root}>").as_bytes(), &location());
        }

        #[test]
        fn any_id_of_printable_text_is_kept_to_the_letter(id in "[!-~é日]{1,60}( [!-~]{1,5})?") {
            let escaped = id.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            prop_assert_eq!(item(&format!("<guid>{escaped}</guid>")).id, id);
        }
    }
}
