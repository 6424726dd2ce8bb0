//! Title, date and the like at the top of articles in formats whose texts are not read: `reStructuredText`, Org and
//! `AsciiDoc`. Their texts are taken from the pages that their generator has built.

use super::front_matter::FrontMatter;
use crate::data::{Field, Line, Node, Value, lines};

/// As many lines from the top are looked at.
const MOST_LINES: usize = 200;

/// A format whose text is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// `reStructuredText`.
    ReStructuredText,
    /// Org.
    Org,
    /// `AsciiDoc`.
    AsciiDoc,
}

impl Foreign {
    /// The format of a file, by the ending of its name.
    pub fn of(path: &str) -> Option<Self> {
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
        match extension.as_str() {
            "rst" | "rest" => Some(Self::ReStructuredText),
            "org" => Some(Self::Org),
            "adoc" | "asciidoc" | "asc" => Some(Self::AsciiDoc),
            _ => None,
        }
    }

    /// The fields that the header of a text states.
    pub(super) fn header(self, text: &str) -> FrontMatter {
        let mut fields = Vec::new();
        let mut before: Option<Line> = None;
        for line in lines(text, 0).take(MOST_LINES) {
            let content = line.text(text);
            let titled = fields.iter().any(|field: &Field| field.name == "title");
            let found = match self {
                Self::ReStructuredText => docinfo(content, line.start).or_else(|| {
                    let title = before.as_ref().filter(|_| !titled && is_underline(content))?;
                    let shown = title.text(text).trim();
                    (!shown.is_empty() && !is_underline(shown)).then(|| field("title", shown, text, title))
                }),
                Self::Org => keyword(content, line.start),
                Self::AsciiDoc => match content.strip_prefix("= ").filter(|_| !titled) {
                    Some(title) => Some(field("title", title.trim(), text, &line)),
                    None => docinfo(content, line.start),
                },
            };
            fields.extend(found);
            before = Some(line);
        }
        FrontMatter { fields, body: 0 }
    }
}

/// A field whose text stands somewhere in a line.
fn field(key: &str, value: &str, text: &str, line: &Line) -> Field {
    let start = line.start + line.text(text).find(value).unwrap_or_default();
    Field::new(key, line.start..line.start, Node::text_at(value, start..start + value.len()))
}

/// `:key: value`, as `reStructuredText` and `AsciiDoc` have it.
fn docinfo(line: &str, start: usize) -> Option<Field> {
    let (key, value) = line.strip_prefix(':')?.split_once(':')?;
    pair(key, value, start + 1)
}

/// `#+KEY: value`.
fn keyword(line: &str, start: usize) -> Option<Field> {
    let (key, value) = line.strip_prefix("#+")?.split_once(':')?;
    let mut field = pair(key, value, start + 2)?;
    // `#+FILETAGS: :tides:moons:` and `#+DATE: <2024-05-06 Mon>`
    let value = value.trim();
    if value.starts_with(':') {
        let tag = |tag: &str| Node::text_at(tag, field.node.span.clone());
        let tags = value.split(':').filter(|tag| !tag.is_empty()).map(tag).collect();
        field.node = Node { value: Value::List(tags), span: field.node.span.clone() };
    } else if value.starts_with(['<', '[']) {
        let inner = value.trim_matches(['<', '>', '[', ']']);
        let is_day = |part: &&str| !part.chars().all(char::is_alphabetic);
        let date = inner.split(' ').filter(is_day).collect::<Vec<_>>().join(" ");
        field.node = Node::text_at(date, field.node.span.clone());
    }
    Some(field)
}

/// A field whose key stands at `start`, called as front matter calls it.
fn pair(key: &str, value: &str, start: usize) -> Option<Field> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if key.is_empty() || !key.chars().all(is_plain) || value.trim().is_empty() {
        return None;
    }
    let span = start..start + key.len();
    let value_start = span.end + 1 + (value.len() - value.trim_start().len());
    let value = value.trim();
    let name = match key.to_ascii_lowercase().as_str() {
        "filetags" | "hugo_tags" | "page-tags" | "keywords" => "tags".to_owned(),
        "revdate" | "docdate" => "date".to_owned(),
        "hugo_draft" | "page-draft" => "draft".to_owned(),
        "hugo_slug" | "page-slug" => "slug".to_owned(),
        name => name.to_owned(),
    };
    Some(Field::new(name, span, Node::text_at(value, value_start..value_start + value.len())))
}

/// A line of one sign, such as `=====`.
fn is_underline(line: &str) -> bool {
    let line = line.trim_end();
    let Some(first) = line.chars().next() else { return false };
    line.len() >= 3 && first.is_ascii_punctuation() && line.chars().all(|c| c == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(format: Foreign, text: &str) -> Vec<(String, String)> {
        let text_of = |node: &Node| match &node.value {
            Value::List(items) => items.iter().filter_map(Node::text).collect::<Vec<_>>().join("|"),
            _ => node.text().unwrap_or_default().to_owned(),
        };
        let fields = format.header(text).fields;
        fields.iter().map(|field| (field.name.clone(), text_of(&field.node))).collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn each_format_has_its_own_header() {
        let rst = "=====\nTides\n=====\n\n:date: 2024-05-06 10:00\n:tags: sea, moon\n\nText.\n\nMore\n----\n";
        let expected = pairs(&[("title", "Tides"), ("date", "2024-05-06 10:00"), ("tags", "sea, moon")]);
        assert_eq!(stated(Foreign::ReStructuredText, rst), expected);
        let org = "#+TITLE: Tides\n#+DATE: <2024-05-06 Mon>\n#+FILETAGS: :sea:moon:\n* Text\n";
        let expected = pairs(&[("title", "Tides"), ("date", "2024-05-06"), ("tags", "sea|moon")]);
        assert_eq!(stated(Foreign::Org, org), expected);
        let adoc = "= Tides\nAnn\n:revdate: 2024-05-06\n:page-tags: sea\n\n== Text\n";
        let expected = pairs(&[("title", "Tides"), ("date", "2024-05-06"), ("tags", "sea")]);
        assert_eq!(stated(Foreign::AsciiDoc, adoc), expected);
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_a_header(text in "[:#+=\\-a-z<> \n]{0,80}") {
            for format in [Foreign::ReStructuredText, Foreign::Org, Foreign::AsciiDoc] {
                for field in format.header(&text).fields {
                    proptest::prop_assert!(text.get(field.node.span.clone()).is_some());
                }
            }
        }
    }
}
