//! A feed as its subscribers' readers know it: which entries it has, by id, address, title and dates, and whether
//! their text changed; for any RSS, Atom or JSON Feed.
//!
//! Much cheaper than [`read`](super::read), since no text is made fit to publish, and nearer to the letter: an id is
//! given as it is written, and what is not stated is not made up.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, escape};
use serde_json::Value;
use url::Url;

use super::{Format, Unreadable, date};
use crate::content;

/// A feed without the texts of its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// How it is written.
    pub format: Format,
    /// Atom `id`; the others have none.
    pub id: Option<String>,
    /// Where it says it is: `rel="self"`, `feed_url`.
    pub location: Option<String>,
    /// The page that it belongs to: RSS `link`, Atom `rel="alternate"`, JSON `home_page_url`.
    pub home: Option<String>,
    /// Where news of it can be had without asking: `rel="hub"`, JSON `hubs`.
    pub hubs: Vec<String>,
    /// What program wrote it, if it says so.
    pub generator: Option<String>,
    /// Its entries, in its order.
    pub entries: Vec<Seen>,
}

/// What a reader can know an entry by. A text is empty where the feed states none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// RSS `guid` or `rdf:about`, Atom and JSON `id`.
    pub id: String,
    /// Whether the id is said to be the address of the entry's page, as an RSS `guid` is unless it denies it.
    pub id_is_permalink: bool,
    /// Plain text, without white space at its ends or in runs.
    pub title: String,
    /// The address of its page.
    pub link: String,
    /// When it says it was published.
    pub published: Option<DateTime<Utc>>,
    /// When it says it was last changed.
    pub updated: Option<DateTime<Utc>>,
    /// Tells whether two texts, with their summaries, are the same; the same only within one format.
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

    /// When the newest of its entries was last changed, which is when the feed was.
    pub fn updated(&self) -> Option<DateTime<Utc>> {
        self.entries.iter().filter_map(|entry| entry.updated.max(entry.published)).max()
    }
}

impl Seen {
    /// What tells it from the other entries: its id, or else its address, or else its title.
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

/// Reads the outline of any feed: RSS 0.9x, 1.0 and 2.0, Atom 1.0, JSON Feed 1.0 and 1.1.
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
/// What is no feed or is not well formed. Characters that are not UTF-8 are replaced.
pub fn outline(document: &[u8]) -> Result<Outline, Unreadable> {
    let text = String::from_utf8_lossy(document);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).trim();
    let outline = if text.starts_with('{') { of_json(text) } else { of_xml(text) };
    outline.map_err(|reason| Unreadable { reason })
}

fn of_json(text: &str) -> Result<Outline, String> {
    let feed: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if !stated(&feed, "version").contains("jsonfeed.org/version/") {
        return Err("its `version` is not that of a JSON Feed".to_owned());
    }
    let items = feed.get("items").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let address = |value: &str| Some(value.trim().to_owned()).filter(|url| !url.is_empty());
    let hubs = feed.get("hubs").and_then(Value::as_array).into_iter().flatten();
    Ok(Outline {
        location: address(stated(&feed, "feed_url")),
        home: address(stated(&feed, "home_page_url")),
        hubs: hubs.filter_map(|hub| address(stated(hub, "url"))).collect(),
        entries: items.iter().map(of_item).collect(),
        ..Outline::new(Format::Json)
    })
}

fn of_item(item: &Value) -> Seen {
    let id = match item.get("id") {
        Some(Value::String(id)) => id.trim().to_owned(),
        Some(Value::Number(id)) => id.to_string(),
        _ => String::new(),
    };
    let link = [stated(item, "url"), stated(item, "external_url")];
    let link = link.into_iter().find(|link| !link.trim().is_empty()).unwrap_or_default().trim().to_owned();
    let mut digest = Digest::default();
    for part in ["content_html", "content_text", "summary"] {
        digest.part(part);
        digest.text(stated(item, part));
    }
    Seen {
        id_is_permalink: !id.is_empty() && id == link,
        title: one_line(stated(item, "title")),
        published: date::parse(stated(item, "date_published")),
        updated: date::parse(stated(item, "date_modified")),
        digest: digest.finish(),
        id,
        link,
    }
}

fn stated<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Goes once over the elements, without recursion. What matters lies directly in the feed or directly in an entry;
/// whatever lies deeper belongs to it as text, or is of no interest.
fn of_xml(text: &str) -> Result<Outline, String> {
    let mut reader = Reader::from_str(text);
    let mut draft: Option<Draft> = None;
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(element) => match &mut draft {
                None => draft = Some(Draft::of(&element)?),
                Some(draft) => draft.start(&element),
            },
            Event::Empty(element) => match &mut draft {
                None => draft = Some(Draft { depth: 0, ..Draft::of(&element)? }),
                Some(draft) => {
                    draft.start(&element);
                    draft.end();
                }
            },
            Event::End(_) => draft.iter_mut().for_each(Draft::end),
            Event::Text(piece) => with(&mut draft, &piece.decode().unwrap_or_default()),
            Event::CData(piece) => with(&mut draft, &piece.decode().unwrap_or_default()),
            Event::GeneralRef(name) => {
                let character = name.resolve_char_ref().ok().flatten().map(String::from);
                let name = name.decode().unwrap_or_default();
                let known = || escape::resolve_xml_entity(&name).map(str::to_owned);
                let other = || content::plain_text(&format!("&{name};"));
                with(&mut draft, &character.or_else(known).unwrap_or_else(other));
            }
            Event::Eof => break,
            Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Comment(_) => {}
        }
    }
    let draft = draft.ok_or("it has no element")?;
    if draft.depth > 0 {
        return Err("it ends within an element".to_owned());
    }
    Ok(draft.outline)
}

fn with(draft: &mut Option<Draft>, text: &str) {
    if let Some(draft) = draft {
        draft.text(text);
    }
}

/// An outline in the making.
struct Draft {
    outline: Outline,
    /// What names of Atom's elements begin with in this document: mostly nothing.
    prefix: String,
    base: Option<Url>,
    /// How many elements are open.
    depth: usize,
    /// The depth at which the feed's own elements lie.
    feed_depth: Option<usize>,
    entry: Option<Entry>,
    field: Option<(Field, usize, String)>,
}

struct Entry {
    depth: usize,
    seen: Seen,
    has_page: bool,
    digest: Digest,
}

/// An element whose text matters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Generator,
    Id,
    Title,
    TitleAsHtml,
    Link,
    Published,
    Updated,
    Content,
}

impl Draft {
    fn of(root: &BytesStart<'_>) -> Result<Self, String> {
        let name = name_of(root);
        let (prefix, local) =
            name.rsplit_once(':').map_or(("", name.as_str()), |(prefix, local)| (prefix, local));
        let format = match local {
            "rss" | "RDF" => Format::Rss,
            "feed" => Format::Atom,
            other => return Err(format!("its outermost element is `{other}`")),
        };
        let is_atom = format == Format::Atom;
        Ok(Self {
            outline: Outline::new(format),
            prefix: if is_atom && !prefix.is_empty() { format!("{prefix}:") } else { String::new() },
            base: attribute(root, "xml:base").and_then(|base| Url::parse(&base).ok()),
            depth: 1,
            feed_depth: is_atom.then_some(2),
            entry: None,
            field: None,
        })
    }

    fn start(&mut self, element: &BytesStart<'_>) {
        self.depth += 1;
        let qualified = name_of(element);
        let is_atom = self.outline.format == Format::Atom;
        let name = qualified.strip_prefix(&self.prefix).unwrap_or(&qualified);
        if let Some((_, _, text)) = &mut self.field {
            // Markup within a field, as in Atom's `type="xhtml"`, is part of what it says.
            text.extend(["<", &qualified, " ", &String::from_utf8_lossy(element.attributes_raw()), ">"]);
        } else if self.entry.is_none() && name == if is_atom { "entry" } else { "item" } {
            let about = attribute(element, "rdf:about").unwrap_or_default();
            let seen = Seen { id: about, ..Seen::default() };
            self.entry = Some(Entry { depth: self.depth, seen, has_page: false, digest: Digest::default() });
        } else if self.entry.as_ref().is_some_and(|entry| entry.depth + 1 == self.depth) {
            let field = if is_atom { self.atom_field(name, element) } else { self.rss_field(name, element) };
            if field == Some(Field::Content)
                && let Some(entry) = &mut self.entry
            {
                entry.digest.part(name);
            }
            self.field = field.map(|field| (field, self.depth, String::new()));
        } else if self.entry.is_none() && !is_atom && name == "channel" {
            self.feed_depth = Some(self.depth + 1);
        } else if self.entry.is_none() && self.feed_depth == Some(self.depth) {
            self.of_feed(name, element);
        }
    }

    fn text(&mut self, piece: &str) {
        if let Some((_, _, text)) = &mut self.field {
            text.push_str(piece);
        }
    }

    fn end(&mut self) {
        if let Some((field, _, text)) = self.field.take_if(|(_, depth, _)| *depth == self.depth) {
            self.settle(field, &text);
        }
        if let Some(mut entry) = self.entry.take_if(|entry| entry.depth == self.depth) {
            entry.seen.digest = entry.digest.finish();
            self.outline.entries.push(with_link(entry.seen, self.outline.format));
        }
        self.depth = self.depth.saturating_sub(1);
    }

    fn of_feed(&mut self, name: &str, element: &BytesStart<'_>) {
        if name.rsplit(':').next() == Some("link") {
            self.link_of_feed(name, element);
        }
        let field = match (name, self.outline.format) {
            ("generator", _) => Field::Generator,
            ("id", Format::Atom) => Field::Id,
            ("link", Format::Rss) => Field::Link,
            _ => return,
        };
        self.field = Some((field, self.depth, String::new()));
    }

    fn link_of_feed(&mut self, name: &str, element: &BytesStart<'_>) {
        let Some(href) = attribute(element, "href").filter(|href| !href.is_empty()) else { return };
        let rel = attribute(element, "rel");
        match rel.as_deref() {
            Some("self") => self.outline.location = self.outline.location.take().or(Some(href)),
            Some("hub") => self.outline.hubs.push(href),
            None | Some("alternate") if name == "link" => {
                let kind = attribute(element, "type");
                if kind.is_none_or(|kind| kind == "text/html") {
                    self.outline.home = self.outline.home.take().or(Some(href));
                }
            }
            _ => {}
        }
    }

    fn rss_field(&mut self, name: &str, element: &BytesStart<'_>) -> Option<Field> {
        Some(match name {
            "guid" => {
                let denied = attribute(element, "isPermaLink").is_some_and(|value| value.trim() == "false");
                if let Some(entry) = &mut self.entry {
                    entry.seen.id_is_permalink = !denied;
                }
                Field::Id
            }
            "title" => Field::Title,
            "link" => Field::Link,
            "pubDate" | "dc:date" => Field::Published,
            "description" | "content:encoded" => Field::Content,
            // Atom's namespace has a prefix here, and not everybody's is `atom`.
            _ if name.ends_with(":updated") => Field::Updated,
            _ => return None,
        })
    }

    fn atom_field(&mut self, name: &str, element: &BytesStart<'_>) -> Option<Field> {
        Some(match name {
            "id" => Field::Id,
            "title" if attribute(element, "type").is_some_and(|kind| kind != "text") => Field::TitleAsHtml,
            "title" => Field::Title,
            "published" | "issued" => Field::Published,
            "updated" | "modified" => Field::Updated,
            "content" | "summary" => Field::Content,
            "link" => {
                self.atom_link(element);
                return None;
            }
            _ => return None,
        })
    }

    /// The alternate that is a page, or else whichever comes first.
    fn atom_link(&mut self, element: &BytesStart<'_>) {
        let Some(entry) = &mut self.entry else { return };
        let is_alternate = attribute(element, "rel").is_none_or(|rel| rel == "alternate");
        let is_page = attribute(element, "type").is_none_or(|kind| kind == "text/html");
        let Some(href) = attribute(element, "href").filter(|_| is_alternate) else { return };
        if entry.seen.link.is_empty() || (is_page && !entry.has_page) {
            entry.has_page = is_page;
            entry.seen.link = absolute(href.trim(), self.base.as_ref());
        }
    }

    fn settle(&mut self, field: Field, text: &str) {
        let trimmed = || text.trim().to_owned();
        let Some(entry) = &mut self.entry else {
            match field {
                Field::Generator => self.outline.generator = Some(trimmed()),
                Field::Id => self.outline.id = Some(trimmed()),
                Field::Link if !text.trim().is_empty() => self.outline.home = Some(trimmed()),
                _ => {}
            }
            return;
        };
        let seen = &mut entry.seen;
        match field {
            Field::Id => seen.id = trimmed(),
            Field::Title => seen.title = one_line(text),
            Field::TitleAsHtml => seen.title = one_line(&content::plain_text(text)),
            Field::Link => seen.link = absolute(text.trim(), self.base.as_ref()),
            Field::Published => seen.published = seen.published.or_else(|| date::parse(text)),
            Field::Updated => seen.updated = seen.updated.or_else(|| date::parse(text)),
            Field::Content => entry.digest.text(text),
            Field::Generator => {}
        }
    }
}

/// Gives an entry without an address its id, if that is one.
fn with_link(mut seen: Seen, format: Format) -> Seen {
    if format == Format::Atom {
        seen.id_is_permalink = !seen.id.is_empty() && seen.id == seen.link;
    } else if seen.link.is_empty() && seen.id_is_permalink {
        seen.link.clone_from(&seen.id);
    }
    seen
}

fn absolute(link: &str, base: Option<&Url>) -> String {
    let resolved = base.filter(|_| !link.is_empty()).and_then(|base| base.join(link).ok());
    resolved.map_or_else(|| link.to_owned(), String::from)
}

fn name_of(element: &BytesStart<'_>) -> String {
    String::from_utf8_lossy(element.name().as_ref()).into_owned()
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.html_attributes();
    let attribute = attributes
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.as_ref() == name.as_bytes())?;
    let written = String::from_utf8_lossy(&attribute.value).into_owned();
    Some(escape::unescape(&written).map(Cow::into_owned).unwrap_or(written))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[derive(Default)]
struct Digest(blake3::Hasher);

impl Digest {
    /// Marks where one text ends and another begins: a byte that no text has.
    fn part(&mut self, name: &str) {
        self.0.update(&[0xFF]).update(name.as_bytes()).update(&[0xFF]);
    }

    fn text(&mut self, text: &str) {
        self.0.update(text.trim().as_bytes());
    }

    fn finish(&self) -> [u8; 16] {
        let mut digest = [0; 16];
        self.0.finalize_xof().fill(&mut digest);
        digest
    }
}

#[cfg(test)]
mod tests {
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
        let rss = r#"<rss xmlns:a="x"><channel><link>https://example.org/</link><a:link rel="hub" href="https://h.example/"/>
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
