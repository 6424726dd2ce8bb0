//! What readers remember of a feed that somebody else's program wrote: ids to the letter, addresses, titles, dates.
//!
//! Our own model has no place for this: it makes text fit for publication, and here every byte of an id counts.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, Timelike as _, Utc};
use serde_json::Value;
use url::Url;

use super::xml::{self, Sight};
use crate::content;

/// A feed of any format, or some of its pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OldFeed {
    /// In the order in which it has them, without those that state no id and no link, and without an id twice.
    pub entries: Vec<OldEntry>,
    /// Where it says that it goes on: `prev-archive` and `next` of RFC 5005, `next_url` of JSON Feed.
    pub further: Vec<Url>,
    /// What wrote it, in its own words.
    pub generator: String,
}

/// An entry as readers remember it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldEntry {
    /// To the letter, but for white space at its ends, which readers take off.
    pub id: String,
    /// Whether it was said to be a permalink, and is the link.
    pub id_is_permalink: bool,
    /// Where it is or was on the web, absolute, the link first.
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

    /// How a person would call it.
    pub fn name(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.id)
    }
}

/// A document that cannot be adopted, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable(String);

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "not a feed that can be read: {}", self.0)
    }
}

impl std::error::Error for Unreadable {}

/// Reads a feed: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed. `location` is where it was found.
///
/// Fails for what is no feed, is not well formed, is nested too deep, or declares entities of its own.
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
pub fn read(document: &[u8], location: &Url) -> Result<OldFeed, Unreadable> {
    let document = document.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(document).trim_ascii();
    let read = if document.starts_with(b"{") { json(document, location) } else { xml(document, location) };
    let mut feed = read.map_err(Unreadable)?;
    let mut known = BTreeSet::new();
    feed.entries.retain(|entry| !entry.id.is_empty() && known.insert(entry.id.clone()));
    Ok(feed)
}

fn xml(document: &[u8], location: &Url) -> Result<OldFeed, String> {
    let sight = xml::look(document)?;
    match sight.root.as_str() {
        "rss" | "RDF" => rss(document, location, &sight),
        "feed" => atom(document, location),
        other => Err(format!("its outermost element is `{other}`")),
    }
}

fn rss(document: &[u8], location: &Url, sight: &Sight) -> Result<OldFeed, String> {
    let channel = rss::Channel::read_from(document).map_err(|error| error.to_string())?;
    let extensions = named(&channel.extensions, "link");
    let further = extensions.filter(|link| link.attrs.get("rel").is_some_and(|rel| leads_on(rel)));
    let further = further.filter_map(|link| location.join(link.attrs.get("href")?).ok()).collect();
    // Where the counts differ, nobody can say which item is which.
    let abouts = if sight.abouts.len() == channel.items.len() { &*sight.abouts } else { &[] };
    let abouts = abouts.iter().map(String::as_str).chain(std::iter::repeat(""));
    let entries =
        channel.items.iter().zip(abouts).map(|(item, about)| item_of(item, about, location)).collect();
    Ok(OldFeed { entries, further, generator: channel.generator.unwrap_or_default() })
}

fn item_of(item: &rss::Item, about: &str, location: &Url) -> OldEntry {
    let guid = item.guid.as_ref().filter(|guid| !guid.value.is_empty());
    let stated = item.link.as_deref().unwrap_or_default().trim();
    // A permalink is a link where there is no other; and a link is an id where there is no other.
    let link = match guid {
        Some(guid) if stated.is_empty() && guid.permalink => guid.value.as_str(),
        _ => stated,
    };
    let id = guid
        .map(|guid| guid.value.as_str())
        .or(Some(about).filter(|about| !about.is_empty()))
        .unwrap_or(link);
    let original = named(&item.extensions, "origLink").filter_map(|link| link.value.as_deref());
    let dublin_core =
        item.dublin_core_ext.iter().flat_map(rss::extension::dublincore::DublinCoreExtension::dates);
    let date = item.pub_date.iter().chain(dublin_core).find_map(|text| date(text));
    let changed = named(&item.extensions, "updated").chain(named(&item.extensions, "modified"));
    OldEntry {
        id: id.to_owned(),
        id_is_permalink: guid.is_none_or(|guid| guid.permalink) && id == link,
        addresses: addresses([link].into_iter().chain(original).chain([id]), location),
        title: title(item.title.as_deref()),
        published: date,
        updated: changed.filter_map(|updated| updated.value.as_deref()).find_map(self::date),
    }
}

/// Elements of that local name, whatever their prefix.
fn named<'a>(
    extensions: &'a rss::extension::ExtensionMap,
    name: &'a str,
) -> impl Iterator<Item = &'a rss::extension::Extension> {
    extensions.values().filter_map(move |elements| elements.get(name)).flatten()
}

fn atom(document: &[u8], location: &Url) -> Result<OldFeed, String> {
    let feed = atom_syndication::Feed::read_from(document).map_err(|error| error.to_string())?;
    let base =
        feed.base.as_deref().and_then(|base| location.join(base).ok()).unwrap_or_else(|| location.clone());
    let further = feed.links.iter().filter(|link| leads_on(&link.rel));
    let further = further.filter_map(|link| base.join(&link.href).ok()).collect();
    let generator =
        feed.generator.as_ref().map(|by| format!("{} {}", by.value, by.uri.as_deref().unwrap_or_default()));
    Ok(OldFeed {
        entries: feed.entries.iter().map(|entry| entry_of(entry, &base)).collect(),
        further,
        generator: generator.unwrap_or_default(),
    })
}

fn entry_of(entry: &atom_syndication::Entry, base: &Url) -> OldEntry {
    let alternates = || entry.links.iter().filter(|link| link.rel == "alternate");
    // Of several, the page: others may be the same text in other forms.
    let page = alternates().find(|link| link.mime_type.as_deref().is_none_or(|kind| kind.contains("html")));
    let link = page.or_else(|| alternates().next()).map(|link| link.href.trim()).unwrap_or_default();
    let stated = entry.id.trim();
    let id = if stated.is_empty() { link } else { stated };
    // The crate puts 1970 where there is no date.
    let updated = Some(entry.updated.to_utc()).filter(|updated| updated.timestamp() != 0).map(whole);
    let published = entry.published.map(|date| whole(date.to_utc()));
    OldEntry {
        id: id.to_owned(),
        id_is_permalink: id == link,
        addresses: addresses(
            [link].into_iter().chain(alternates().map(|link| link.href.as_str())).chain([id]),
            base,
        ),
        title: title(Some(&entry.title.value)),
        published: published.or(updated),
        updated,
    }
}

fn json(document: &[u8], location: &Url) -> Result<OldFeed, String> {
    let feed: Value = serde_json::from_slice(document).map_err(|error| error.to_string())?;
    if !text(&feed, "version").contains("jsonfeed.org/version/") {
        return Err("its `version` is not that of a JSON Feed".to_owned());
    }
    let next = text(&feed, "next_url");
    let further = if next.is_empty() { Vec::new() } else { location.join(&next).into_iter().collect() };
    let items = feed.get("items").and_then(Value::as_array);
    let entries = items.into_iter().flatten().map(|item| {
        let link = text(item, "url");
        let stated = text(item, "id");
        let id = if stated.is_empty() { link.clone() } else { stated };
        OldEntry {
            id_is_permalink: id == link,
            addresses: addresses([link.as_str(), &text(item, "external_url"), &id], location),
            title: title(Some(&text(item, "title"))),
            published: date(&text(item, "date_published")),
            updated: date(&text(item, "date_modified")),
            id,
        }
    });
    Ok(OldFeed { entries: entries.collect(), further, generator: String::new() })
}

/// A member as text. JSON Feed 1.1: readers turn a number that should have been an id into one.
fn text(object: &Value, member: &str) -> String {
    match object.get(member) {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// RFC 5005 sections 3 and 4; a relation may be spelt as IANA's address of it.
fn leads_on(rel: &str) -> bool {
    matches!(rel.trim().rsplit('/').next(), Some("prev-archive" | "next"))
}

fn addresses<'a>(stated: impl IntoIterator<Item = &'a str>, base: &Url) -> Vec<String> {
    let mut addresses = Vec::new();
    for stated in stated.into_iter().map(str::trim).filter(|stated| !stated.is_empty()) {
        let address = base.join(stated).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let address = address.map(String::from);
        addresses.extend(address.filter(|address| !addresses.contains(address)));
    }
    addresses
}

fn title(stated: Option<&str>) -> Option<String> {
    let plain = content::plain_text(stated?);
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(plain).filter(|title| !title.is_empty())
}

/// RFC 822 also with a weekday that is wrong, RFC 3339 also without seconds. A day alone is no instant.
fn date(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let without_weekday = text.split_once(',').map_or(text, |(_, rest)| rest.trim_start());
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_rfc2822(text))
        .or_else(|_| DateTime::parse_from_rfc2822(without_weekday))
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%:z"))
        .ok()
        .map(|date| whole(date.to_utc()))
}

fn whole(instant: DateTime<Utc>) -> DateTime<Utc> {
    instant.with_nanosecond(0).unwrap_or(instant)
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
        assert_eq!(
            (entry.id.as_str(), entry.link(), entry.published),
            ("tag:x,2004:1", "http://example.org/a", None)
        );
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
    fn entities_of_the_documents_own_are_refused() {
        let laugh = |n: usize| format!("<!ENTITY l{n} '{}'>", format!("&l{};", n - 1).repeat(10));
        let laughs = (1..10).map(laugh).collect::<Vec<_>>().concat();
        let laughs = format!(
            "<!DOCTYPE rss [<!ENTITY l0 'ha'>{laughs}]><rss><channel><item><guid>&l9;</guid></item></channel></rss>"
        );
        assert!(refused(&laughs).contains("entities"));
        let outside = "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><channel><item><guid>&x;</guid></item></channel></rss>";
        assert!(refused(outside).contains("entities"));
        let quadratic = format!(
            "<!DOCTYPE rss [<!ENTITY a '{}'>]><rss><channel><item><guid>{}</guid></item></channel></rss>",
            "a".repeat(100_000),
            "&a;".repeat(100_000)
        );
        assert!(refused(&quadratic).contains("entities"));
        let parameter = "<!DOCTYPE rss SYSTEM 'http://127.0.0.1:1/x.dtd' [%x;]><rss><channel/></rss>";
        assert!(refused(parameter).contains("entities"));
    }

    #[test]
    fn an_entity_that_nobody_declared_stays_as_it_is_written() {
        assert_eq!(item("<guid>a&nbsp;b</guid>").id, "a&nbsp;b");
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
