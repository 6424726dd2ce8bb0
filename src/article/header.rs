//! Metadata that are written as plain lines, or in the head of an HTML document: Pelican's `Key: value`, Nikola's
//! `.. key: value`, Hexo's front matter without an opening line, `<title>` and `<meta>`.

use std::ops::Range;

use super::front_matter::FrontMatter;
use crate::data::{Field, Line, Node, comparable, lines};

/// Words that announce metadata where no dialect promises any, so that a story which begins with `Note: …` stays
/// a story.
const ANNOUNCING: &[&str] = &[
    "title",
    "date",
    "author",
    "authors",
    "tags",
    "category",
    "slug",
    "summary",
    "lang",
    "language",
    "status",
    "modified",
    "updated",
    "link",
    "description",
    "draft",
    "categories",
    "keywords",
    "email",
    "url",
    "licence",
    "license",
];

/// The most fields that lines or a head are believed to hold.
const MOST: usize = 500;

/// Pelican's header: `Key: value` lines up to the first blank one, continued by lines that are indented. Where it is
/// not `expected`, every key must be a well-known one, and a title or a date among them.
pub(super) fn pelican(text: &str, expected: bool) -> Option<FrontMatter> {
    let mut fields: Vec<Field> = Vec::new();
    let mut body = 0;
    for line in lines(text, leading_blank(text)) {
        let content = line.text(text);
        body = line.next;
        if content.trim().is_empty() || (expected && !fields.is_empty() && ends_metadata(content)) {
            break;
        }
        if content.starts_with([' ', '\t'])
            && let Some(field) = fields.last_mut()
        {
            extend(field, content, &line);
            continue;
        }
        if fields.len() >= MOST {
            return None;
        }
        fields.push(pair(content, line.start, 0, expected)?);
    }
    let known = |field: &Field| ANNOUNCING.contains(&field.name.as_str());
    let announced = fields.iter().any(|field| matches!(field.name.as_str(), "title" | "date"));
    let accepted = if expected { fields.iter().any(known) } else { announced && fields.iter().all(known) };
    accepted.then_some(FrontMatter { fields, body })
}

/// `---` or `...`, which end the metadata of Python-Markdown.
fn ends_metadata(line: &str) -> bool {
    let rest = line.strip_prefix("---").or_else(|| line.strip_prefix("..."));
    rest.is_some_and(|rest| rest.trim().is_empty())
}

fn extend(field: &mut Field, content: &str, line: &Line) {
    if let crate::data::Value::Text(value) = &mut field.node.value {
        value.push('\n');
        value.push_str(content.trim());
        field.node.span.end = line.end;
    }
}

/// `Key: value`, where `line` stands at `start` and the key begins after `skip` bytes of it.
/// What follows the colon need not be spaced if it is `tight`.
fn pair(line: &str, start: usize, skip: usize, tight: bool) -> Option<Field> {
    let (key, value) = line.get(skip..)?.split_once(':')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let spaced = tight || value.is_empty() || value.starts_with([' ', '\t']);
    if key.is_empty() || !key.chars().all(plain) || !spaced {
        return None;
    }
    let key_start = start + skip;
    let key_span = key_start..key_start + key.len();
    let value_start = key_span.end + 1 + (value.len() - value.trim_start().len());
    let value = value.trim();
    Some(Field::new(key, key_span, Node::text_at(value, value_start..value_start + value.len())))
}

/// Nikola's lines `.. key: value` at the top of a file, also within an HTML comment.
pub(super) fn nikola(text: &str) -> Option<FrontMatter> {
    let start = leading_blank(text);
    let mut fields = Vec::new();
    let mut body = start;
    let commented = text.get(start..)?.starts_with("<!--");
    for line in lines(text, start) {
        let content = line.text(text);
        let trimmed = content.trim();
        if commented && (trimmed == "<!--" || fields.is_empty() && trimmed.is_empty()) {
            body = line.next;
            continue;
        }
        if commented && trimmed == "-->" {
            body = line.next;
            break;
        }
        let opening = content.strip_prefix("<!-- ").map_or(0, |_| 5);
        let Some(rest) = content.get(opening..).and_then(|rest| rest.strip_prefix(".. ")) else {
            if !commented {
                break;
            }
            continue;
        };
        let skip = opening + 3 + (rest.len() - rest.trim_start().len());
        let ending = content.len() - content.trim_end().trim_end_matches("-->").len();
        let content_end = if commented { content.len() - ending } else { content.len() };
        let Some(field) = pair(content.get(..content_end)?, line.start, skip, false) else { break };
        fields.push(field);
        body = line.next;
        if fields.len() >= MOST {
            break;
        }
        if commented && trimmed.ends_with("-->") {
            break;
        }
    }
    // A comment of reStructuredText looks the same; known words tell them apart.
    fields
        .iter()
        .any(|field| ANNOUNCING.contains(&field.name.as_str()))
        .then_some(FrontMatter { fields, body })
}

/// Nikola's first `.meta` files: title, slug, date, tags, link, description, a line each.
pub(super) fn positional(text: &str) -> Vec<Field> {
    const KEYS: &[&str] = &["title", "slug", "date", "tags", "link", "description"];
    lines(text, 0)
        .zip(KEYS)
        .map(|(line, key)| {
            Field::new(*key, line.start..line.start, Node::text_at(line.text(text), line.start..line.end))
        })
        .collect()
}

/// Hexo's front matter without its opening line: YAML up to a line of dashes. Gives the block and where the body
/// begins. Where it is not `expected`, its first key must be a well-known one and more must follow, because a line
/// over dashes is also a heading.
pub(super) fn unopened(text: &str, expected: bool) -> Option<(Range<usize>, usize)> {
    let start = leading_blank(text);
    let mut count = 0;
    for line in lines(text, start).take(200) {
        let content = line.text(text);
        if content.trim_end() == "---" {
            let enough = if expected { 1 } else { 2 };
            return (count >= enough).then_some((start..line.start, line.next));
        }
        let nested = content.starts_with([' ', '\t', '-', '#']) || content.trim().is_empty();
        if count == 0 || !nested {
            let (key, value) = content.split_once(':')?;
            let spaced = value.is_empty() || value.starts_with([' ', '\t']);
            if !spaced || (count == 0 && !ANNOUNCING.contains(&comparable(key).as_str())) {
                return None;
            }
            count += 1;
        }
    }
    None
}

fn leading_blank(text: &str) -> usize {
    text.len() - text.trim_start_matches(['\r', '\n']).len()
}

// HTML.

/// Names in `<meta>` that front matter calls otherwise, each with the name there.
const META: &[(&str, &str)] = &[
    ("og:title", "linkTitle"),
    ("og:description", "metaDescription"),
    ("og:image", "ogImage"),
    ("og:image:alt", "imageAlt"),
    ("og:locale", "locale"),
    ("article:published_time", "pubDate"),
    ("article:modified_time", "updated"),
    ("article:author", "byline"),
    ("dc.date", "pubDate"),
    ("dcterms.created", "pubDate"),
    ("dcterms.date", "pubDate"),
    ("dcterms.modified", "updated"),
    ("dc.title", "linkTitle"),
    ("dc.creator", "creator"),
    ("dc.language", "language"),
    ("dc.rights", "rights"),
];

/// `<title>`, `<meta name content>`, `<html lang>` and `<link rel>` of the head of an HTML document, from a place on.
/// Reading stops at the first element that belongs to the body.
pub(super) fn html_head(text: &str, from: usize) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut at = from;
    while let Some(tag) = next_tag(text, &mut at) {
        if fields.len() >= MOST {
            break;
        }
        match tag.name.as_str() {
            "title" => {
                let end = find_ignoring_case(text, at, "</title").unwrap_or(text.len());
                let inside = text.get(at..end).unwrap_or_default();
                fields.push(Field::new("title", tag.span.clone(), Node::text_at(inside.trim(), at..end)));
                at = end;
            }
            "html" => {
                let language = tag.attribute("lang");
                fields.extend(language.map(|node| Field::new("lang", tag.span.clone(), node)));
            }
            "meta" => fields.extend(meta(&tag)),
            "link" => fields.extend(link(&tag)),
            "script" | "style" | "noscript" | "template" => {
                let Some(end) = find_ignoring_case(text, at, &format!("</{}", tag.name)) else { break };
                at = end;
            }
            "!doctype" | "head" | "base" | "/html" | "/head" | "/title" | "/script" | "/style"
            | "/noscript" | "/template" | "/link" | "/meta" | "?xml" => {}
            _ => break,
        }
    }
    fields
}

fn meta(tag: &HtmlTag) -> Option<Field> {
    let name = tag.attribute("name").or_else(|| tag.attribute("property"))?;
    let content = tag.attribute("content")?;
    let written = name.text()?.to_ascii_lowercase();
    let key = META.iter().find(|(meta, _)| *meta == written).map_or(written.as_str(), |(_, key)| *key);
    // What is for the browser, and not about the article.
    let technical = ["viewport", "generator", "robots", "theme-color", "referrer", "id"];
    (!technical.contains(&key)).then(|| Field::new(key, name.span.clone(), content))
}

fn link(tag: &HtmlTag) -> Option<Field> {
    let rel = tag.attribute("rel")?;
    let key = match rel.text()?.to_ascii_lowercase().as_str() {
        "canonical" => "canonical",
        "license" => "license",
        _ => return None,
    };
    Some(Field::new(key, rel.span.clone(), tag.attribute("href")?))
}

struct HtmlTag {
    /// Lower case, with its `/` if it closes.
    name: String,
    span: Range<usize>,
    attributes: Vec<(String, Node)>,
}

impl HtmlTag {
    fn attribute(&self, name: &str) -> Option<Node> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, node)| node.clone())
    }
}

/// The next tag, and `at` moved behind it; `None` at text, or at the end.
fn next_tag(text: &str, at: &mut usize) -> Option<HtmlTag> {
    loop {
        let rest = text.get(*at..)?;
        let blank = rest.len() - rest.trim_start().len();
        let rest = rest.get(blank..)?;
        let start = *at + blank;
        if rest.starts_with("<!--") {
            *at = start + rest.find("-->")? + 3;
            continue;
        }
        // A closing title or script leaves us at its `<`; anything else here is text, and the head is over.
        let inside = rest.strip_prefix('<')?;
        let name_length = inside.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(inside.len());
        let name = inside.get(..name_length)?.trim_end_matches('/');
        let name_length = if name.is_empty() { name_length } else { name.len() };
        let mut end = start + 1 + name_length;
        let attributes = attributes(text, &mut end);
        *at = end;
        return Some(HtmlTag {
            name: name.to_ascii_lowercase(),
            span: start..start + 1 + name_length,
            attributes,
        });
    }
}

/// The attributes up to the `>`, and `at` moved behind it.
fn attributes(text: &str, at: &mut usize) -> Vec<(String, Node)> {
    let mut attributes = Vec::new();
    loop {
        let rest = text.get(*at..).unwrap_or_default();
        let skipped = rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/').len();
        *at += skipped;
        let rest = text.get(*at..).unwrap_or_default();
        if rest.is_empty() || rest.starts_with('>') {
            *at += rest.len().min(1);
            return attributes;
        }
        let length =
            rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/')).unwrap_or(rest.len());
        let length = length.max(rest.chars().next().map_or(1, char::len_utf8));
        let name = rest.get(..length).unwrap_or_default().to_ascii_lowercase();
        *at += length;
        let rest = text.get(*at..).unwrap_or_default();
        let Some(value) = rest.trim_start().strip_prefix('=') else {
            attributes.push((name, Node::text_at("", *at..*at)));
            continue;
        };
        let value = value.trim_start();
        *at += rest.len() - value.len();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let inside = value.get(quote.map_or(0, char::len_utf8)..).unwrap_or_default();
        let ends = |c: char| quote.map_or(c.is_whitespace() || c == '>', |quote| c == quote);
        let inside = inside.get(..inside.find(ends).unwrap_or(inside.len())).unwrap_or_default();
        let around = usize::from(quote.is_some());
        let start = *at + around;
        let end = (start + inside.len() + around).min(text.len());
        attributes.push((name, Node::text_at(decoded(inside), start..start + inside.len())));
        *at = end;
    }
}

/// The text with the character references that attribute values hold in practice.
fn decoded(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (reference, character)| text.replace(reference, character))
}

/// Byte at which the lower-case `needle` stands in the text, in whatever case, looked for from the byte
/// `from` on.
pub(super) fn find_ignoring_case(text: &str, from: usize, needle: &str) -> Option<usize> {
    let haystack = text.as_bytes().get(from..)?;
    haystack
        .windows(needle.len())
        .position(|window| window.eq_ignore_ascii_case(needle.as_bytes()))
        .map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(fields: &[Field]) -> Vec<(&str, &str)> {
        fields.iter().map(|field| (field.key.as_str(), field.node.text().unwrap())).collect()
    }

    #[test]
    fn pelican_headers_end_at_the_first_blank_line() {
        let text = "Title: Hello\nDate: 2010-12-03 10:20\nSummary: one\n    two\nX-Custom:\n\nBody: text";
        let header = pelican(text, true).unwrap();
        let expected =
            [("Title", "Hello"), ("Date", "2010-12-03 10:20"), ("Summary", "one\ntwo"), ("X-Custom", "")];
        assert_eq!(said(&header.fields), expected);
        assert_eq!(&text[header.body..], "Body: text");
        assert_eq!(&text[header.fields[0].node.span.clone()], "Hello");
    }

    #[test]
    fn a_story_that_begins_with_a_colon_stays_a_story() {
        for text in
            ["Note: this is old.\n\nText", "Warning: x\nDate: today\n\n", "http://x.org\n", "Hello\nTitle: x"]
        {
            assert!(pelican(text, false).is_none(), "{text}");
        }
        assert!(pelican("Title: Hello\nTags: a, b\n\nBody", false).is_some());
    }

    #[test]
    fn nikola_lines_may_stand_in_a_comment() {
        for text in [
            ".. title: Hello\n.. slug: hello\n.. tags:\n\nBody",
            "<!--\n.. title: Hello\n.. slug: hello\n.. tags:\n-->\n\nBody",
            "<!-- \n.. title: Hello\n.. slug: hello\n.. tags: -->\nBody",
        ] {
            let header = nikola(text).unwrap();
            assert_eq!(said(&header.fields), [("title", "Hello"), ("slug", "hello"), ("tags", "")], "{text}");
            assert_eq!(text[header.body..].trim_start(), "Body", "{text}");
        }
        assert!(nikola(".. image: x.png\n\nBody").is_none());
        assert!(nikola("<!-- a comment -->\nBody").is_none());
    }

    #[test]
    fn hexo_may_leave_out_the_opening_line() {
        let text = "title: Hello\ntags:\n- a\n---\nBody";
        let (block, body) = unopened(text, true).unwrap();
        assert_eq!((&text[block], &text[body..]), ("title: Hello\ntags:\n- a\n", "Body"));
        assert!(unopened("Title: a heading\n---\nBody", false).is_none());
        assert!(unopened("Hello there\n---\nBody", true).is_none());
    }

    #[test]
    fn the_head_of_an_html_document_is_metadata() {
        let text = "<!DOCTYPE html>\n<html lang=fr><head><!-- x --><meta charset=utf-8>\n<TITLE>Un titre</TITLE>\
            <meta name=\"tags\" content=\"a, b &amp; c\"/><meta property='article:published_time' content='2024-05-06'>\
            <script>\"<meta name=date content=x>\"</script><link rel=canonical href=https://example.org/x>\
            </head><body><meta name=author content=nobody>";
        assert_eq!(
            said(&html_head(text, 0)),
            [
                ("lang", "fr"),
                ("title", "Un titre"),
                ("tags", "a, b & c"),
                ("pubDate", "2024-05-06"),
                ("canonical", "https://example.org/x")
            ]
        );
        assert!(html_head("<p>Text <title>no</title>", 0).is_empty());
    }

    proptest! {
        #[test]
        fn any_text_has_a_header_or_none(text in "[a-zTé:.<>!\\-/='\" \n\t]{0,200}") {
            let _ = pelican(&text, true);
            let _ = nikola(&text);
            let _ = nikola(&format!("<!--{text}"));
            let _ = unopened(&text, true);
            let _ = html_head(&text, 0);
            let _ = html_head(&format!("<meta {text}"), 0);
            let _ = positional(&text);
        }
    }
}
