//! Facts that tell one page from another, read from its HTML without making a tree of it.
//!
//! Pages are read as a browser's tokenizer reads them, so that nothing in a script or a comment is taken for a heading.

use std::cell::{Cell, RefCell};

use chrono::NaiveDate;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, CharacterTokens, EndTag, StartTag, Tag, TagToken, Token, TokenSink, TokenSinkResult,
    Tokenizer, TokenizerOpts,
};
use serde::{Deserialize, Serialize};

use super::dates;
use crate::content::one_line;

/// No title or address that is kept is longer, in bytes.
const LONGEST: usize = 1_000;

/// As much of structured data is looked through for a date, in bytes.
const LONGEST_DATA: usize = 64 * 1024;

/// A tag with more attributes is not read.
const MOST_ATTRIBUTES: usize = 10_000;

/// Facts that tell one page from another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PageFacts {
    /// The text of its `title`.
    pub(super) title: String,
    /// `og:title`, and its heading of the first rank where it has only one.
    pub(super) headings: Vec<String>,
    /// Its own address as it states it: `link rel=canonical`, then `og:url`.
    pub(super) stated: Vec<String>,
    /// Target of its `refresh`, to which it sends its visitors at once.
    pub(super) refresh: Option<String>,
    /// The language of its text, as it states it.
    pub(super) language: Option<String>,
    /// The days that it names as those of its publication, and then all others in its text.
    pub(super) dates: Vec<NaiveDate>,
}

/// Reads the facts of a page. Never fails: whatever the bytes are, a browser shows something.
pub(super) fn scan(html: &[u8]) -> PageFacts {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(&*String::from_utf8_lossy(html)));
    let tokenizer = Tokenizer::new(Reader::default(), TokenizerOpts::default());
    // The reader runs no scripts, so that the tokenizer never stops before the end.
    let _end = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.finish()
}

/// Kind of the text that follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Within {
    #[default]
    Text,
    Title,
    Heading,
    StructuredData,
    /// A script or a style.
    Code,
}

#[derive(Default)]
struct Reader {
    within: Cell<Within>,
    gathered: RefCell<Gathered>,
}

/// Facts collected while a page is read.
#[derive(Default)]
struct Gathered {
    title: Option<String>,
    og_title: Option<String>,
    headings: Vec<String>,
    canonical: Option<String>,
    og_url: Option<String>,
    refresh: Option<String>,
    language: Option<String>,
    /// Of publication, as metadata state them.
    published: Vec<NaiveDate>,
    dates: Vec<NaiveDate>,
    data: String,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            TagToken(tag) if tag.kind == StartTag => return self.start(&tag),
            TagToken(tag) => self.end(&tag),
            CharacterTokens(text) => self.gathered.borrow_mut().text(self.within.get(), &text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Reader {
    fn start(&self, tag: &Tag) -> TokenSinkResult<()> {
        let mut gathered = self.gathered.borrow_mut();
        let (within, result) = match &*tag.name {
            "html" => {
                gathered.language = attribute(tag, "lang").map(str::to_owned);
                return TokenSinkResult::Continue;
            }
            "meta" => {
                gathered.meta(tag);
                return TokenSinkResult::Continue;
            }
            "link" => {
                gathered.link(tag);
                return TokenSinkResult::Continue;
            }
            "time" => {
                dates::add(attribute(tag, "datetime").unwrap_or_default(), &mut gathered.dates);
                return TokenSinkResult::Continue;
            }
            // Pictures have titles too; the page's own is the first.
            "title" if gathered.title.is_none() => {
                gathered.title = Some(String::new());
                (Within::Title, TokenSinkResult::RawData(RawKind::Rcdata))
            }
            "h1" => {
                gathered.headings.push(String::new());
                (Within::Heading, TokenSinkResult::Continue)
            }
            "textarea" => (Within::Code, TokenSinkResult::RawData(RawKind::Rcdata)),
            "script" if attribute(tag, "type") == Some("application/ld+json") => {
                (Within::StructuredData, TokenSinkResult::RawData(RawKind::ScriptData))
            }
            "script" => (Within::Code, TokenSinkResult::RawData(RawKind::ScriptData)),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => {
                (Within::Code, TokenSinkResult::RawData(RawKind::Rawtext))
            }
            _ => return TokenSinkResult::Continue,
        };
        self.within.set(within);
        result
    }

    fn end(&self, tag: &Tag) {
        let closes = match self.within.get() {
            Within::Text => false,
            Within::Heading => &*tag.name == "h1",
            // Within raw text the tokenizer shows no end tag but the one that ends it.
            Within::Title | Within::StructuredData | Within::Code => tag.kind == EndTag,
        };
        if closes {
            self.within.set(Within::Text);
        }
    }

    fn finish(&self) -> PageFacts {
        self.gathered.take().finish()
    }
}

impl Gathered {
    fn meta(&mut self, tag: &Tag) {
        let Some(content) = attribute(tag, "content") else { return };
        if attribute(tag, "http-equiv").is_some_and(|kind| kind.eq_ignore_ascii_case("refresh")) {
            self.refresh = refreshed(content);
        }
        let name = ["property", "name", "itemprop"].into_iter().find_map(|name| attribute(tag, name));
        match name.unwrap_or_default().to_ascii_lowercase().as_str() {
            "og:title" => self.og_title = Some(clipped(content)),
            "og:url" => self.og_url = Some(clipped(content)),
            "article:published_time"
            | "datepublished"
            | "date"
            | "dc.date"
            | "dcterms.created"
            | "pubdate" => {
                dates::add(content, &mut self.published);
            }
            _ => {}
        }
    }

    fn link(&mut self, tag: &Tag) {
        let is_canonical =
            |rel: &str| rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("canonical"));
        if attribute(tag, "rel").is_some_and(is_canonical) {
            self.canonical = attribute(tag, "href").map(clipped);
        }
    }

    fn text(&mut self, within: Within, text: &str) {
        match within {
            Within::Title => push(self.title.get_or_insert_default(), text, LONGEST),
            Within::Heading => {
                if let Some(heading) = self.headings.last_mut() {
                    push(heading, text, LONGEST);
                }
            }
            Within::StructuredData => push(&mut self.data, text, LONGEST_DATA),
            Within::Text => dates::add(text, &mut self.dates),
            Within::Code => {}
        }
    }

    fn finish(mut self) -> PageFacts {
        for (at, key) in self.data.match_indices("\"datePublished\"") {
            let value = self.data[at + key.len()..].split('"').nth(1).unwrap_or_default();
            dates::add(value, &mut self.published);
        }
        dates::join(&mut self.published, self.dates);
        let lone = if let [heading] = &mut *self.headings { Some(std::mem::take(heading)) } else { None };
        let shown = |text: &String| !text.trim().is_empty();
        PageFacts {
            title: self.title.map(|title| one_line(&title)).unwrap_or_default(),
            headings: [self.og_title, lone]
                .into_iter()
                .flatten()
                .map(|text| one_line(&text))
                .filter(shown)
                .collect(),
            stated: [self.canonical, self.og_url].into_iter().flatten().filter(shown).collect(),
            refresh: self.refresh,
            language: self.language,
            dates: self.published,
        }
    }
}

/// `true` if a tag has so many attributes that reading it would never end: the tokenizer's effort grows with
/// the square of their number.
pub(super) fn is_tangled(html: &[u8]) -> bool {
    let mut rest = html;
    while let Some(at) = memchr::memchr(b'<', rest) {
        rest = &rest[at + 1..];
        if rest.first().is_some_and(u8::is_ascii_alphabetic) {
            let (end, parts) = tag(rest);
            if parts > MOST_ATTRIBUTES {
                return true;
            }
            rest = &rest[end..];
        }
    }
    false
}

/// Byte after the end of a tag, and the most attributes that it can have.
fn tag(html: &[u8]) -> (usize, usize) {
    let (mut quote, mut previous, mut parts) = (None, b' ', 0);
    for (at, &byte) in html.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return (at + 1, parts),
            (None, b'"' | b'\'') if previous == b'=' => quote = Some(byte),
            (None, b'/' | b' ' | b'\n' | b'\t' | b'\r' | b'\x0c') => parts += 1,
            (Some(open), _) if open == byte => (quote, parts) = (None, parts + 1),
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            previous = byte;
        }
    }
    (html.len(), parts)
}

/// Target of a `refresh`: `/there/` of `0; url=/there/`.
fn refreshed(content: &str) -> Option<String> {
    let (_, target) = content.split_once([';', ','])?;
    let target = target.trim_start();
    let is_url = target.get(..3).is_some_and(|name| name.eq_ignore_ascii_case("url"));
    let target = target.get(3..).filter(|_| is_url)?.trim_start().strip_prefix('=')?;
    Some(clipped(target.trim().trim_matches(['\'', '"'])))
}

fn attribute<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}

/// Adds as much of a text as there is room for.
fn push(to: &mut String, text: &str, longest: usize) {
    let mut end = text.len().min(longest.saturating_sub(to.len()));
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    to.push_str(&text[..end]);
}

fn clipped(text: &str) -> String {
    let mut clipped = String::new();
    push(&mut clipped, text.trim(), LONGEST);
    clipped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_known_by_its_head_its_heading_and_its_dates() {
        let facts = scan(
            br#"<!doctype html><html lang="en"><head><title>Tides &amp; moons
            | The Shore</title><link rel=canonical href="https://example.org/tides/">
            <meta property="og:title" content="Tides &amp; moons"><meta property="og:url" content="/tides/">
            <meta property="article:published_time" content="2026-05-03T10:00:00Z">
            <h1>Tides <em>&amp;</em> moons</h1><p>Since 1 May 2026.</p><time datetime="2026-05-04">yesterday</time>"#,
        );
        let expected = PageFacts {
            title: "Tides & moons | The Shore".into(),
            headings: vec!["Tides & moons".into(), "Tides & moons".into()],
            stated: vec!["https://example.org/tides/".into(), "/tides/".into()],
            refresh: None,
            language: Some("en".into()),
            dates: ["2026-05-03", "2026-05-01", "2026-05-04"].map(|date| date.parse().unwrap()).to_vec(),
        };
        assert_eq!(facts, expected);
    }

    #[test]
    fn what_no_visitor_sees_is_not_read() {
        let facts = scan(
            b"<title>Page</title><script>'<h1>no</h1> 2026-05-03'</script><!-- <h1>no</h1> 2026-05-03 -->\
              <style>h1{content:'2026-05-03'}</style><textarea><h1>no</h1></textarea><svg><title>Icon</title></svg>",
        );
        assert_eq!(facts, PageFacts { title: "Page".into(), ..PageFacts::default() });
    }

    #[test]
    fn of_several_headings_none_is_the_title() {
        assert!(scan(b"<h1>The Shore</h1><h1>Tides</h1>").headings.is_empty());
        assert_eq!(scan(b"<h1>Tides").headings, ["Tides"]);
    }

    #[test]
    fn a_page_that_only_leads_elsewhere_says_where() {
        for page in [
            r#"<meta http-equiv="refresh" content="0; url=https://example.org/tides/">"#,
            r#"<META HTTP-EQUIV=Refresh CONTENT="0;URL='https://example.org/tides/'">"#,
        ] {
            assert_eq!(scan(page.as_bytes()).refresh.as_deref(), Some("https://example.org/tides/"));
        }
        assert_eq!(scan(br#"<meta http-equiv="refresh" content="300">"#).refresh, None);
    }

    #[test]
    fn structured_data_name_the_day_of_publication() {
        let page =
            br#"<p>3 June 2026<script type="application/ld+json">{"datePublished": "2026-05-03"}</script>"#;
        assert_eq!(
            scan(page).dates.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["2026-05-03", "2026-06-03"]
        );
    }

    #[test]
    fn a_tag_with_attributes_without_end_is_found_out() {
        let page = |count| [b"<p>".as_slice(), b"<a ", " b".repeat(count).as_bytes(), b">"].concat();
        assert!(is_tangled(&page(MOST_ATTRIBUTES + 1)) && !is_tangled(&page(100)));
        assert!(!is_tangled(&[b"<p>".as_slice(), "word ".repeat(20_000).as_bytes()].concat()));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_a_page(bytes: Vec<u8>) {
            scan(&bytes);
            is_tangled(&bytes);
        }
    }
}
