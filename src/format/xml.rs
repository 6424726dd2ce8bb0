//! The XML that RSS, Atom and OPML share: the characters that may go out, their spelling, and line breaks.

use std::borrow::Cow;
use std::io::{self, Write as _};

use super::in_memory;
use crate::content::position_of;

/// The beginning of every XML document of ours.
pub(super) const PROLOG: &[u8] = b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

/// The processing instruction that names a style sheet. In it `?>` would be its end, and what looks like an attribute
/// has references like one.
pub(super) fn stylesheet(address: &str) -> String {
    let address = quick_xml::escape::partial_escape(address).replace('"', "&quot;");
    format!("<?xml-stylesheet type=\"text/css\" href=\"{address}\"?>\n")
}

/// A buffer that takes no character that XML 1.0 section 2.2 forbids. Text has none of them when it enters the
/// model; this is the guard on the way out, because one of them makes every reader refuse the whole document.
///
/// They are left out rather than replaced: the W3C validator faults U+FFFD as well. A carriage return becomes the
/// line feed that any parser would make of it.
///
/// Texts are written whole, so a character never comes in two halves.
#[derive(Default)]
pub(super) struct XmlSafe(Vec<u8>);

impl XmlSafe {
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl io::Write for XmlSafe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut rest = bytes;
        while let Some(place) = position_of(rest, is_suspect) {
            let (safe, suspect) = rest.split_at(place);
            self.0.extend_from_slice(safe);
            let taken = match suspect {
                [0xEF, 0xBF, 0xBE | 0xBF, ..] => 3,
                [0xEF, ..] => {
                    self.0.push(0xEF);
                    1
                }
                [b'\r', next, ..] if *next != b'\n' => {
                    self.0.push(b'\n');
                    1
                }
                [b'\r'] => {
                    self.0.push(b'\n');
                    1
                }
                _ => 1,
            };
            rest = suspect.get(taken..).unwrap_or_default();
        }
        self.0.extend_from_slice(rest);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// All control characters but tab and line feed; and the first byte of U+FFFE and U+FFFF, which are `EF BF BE` and
/// `EF BF BF`, but of much else too.
fn is_suspect(byte: u8) -> bool {
    byte == 0xEF || (byte < 0x20 && byte != b'\t' && byte != b'\n')
}

/// The places of line breaks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Nowhere.
    OneLine,
    /// Between a tag and the next, so that a person can read what the feed says of itself.
    LinePerElement,
}

/// The spelling of `<` and `&` in text. In attributes it is always the customary one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum References {
    /// `&lt;` and `&amp;`.
    Customary,
    /// `&#x3C;` and `&#x26;`: a reader that unescapes twice still sees a character and no markup.
    Hexadecimal,
}

/// Elements as they are written.
pub(super) struct XmlMarkup {
    out: XmlSafe,
    layout: Layout,
    last: Last,
}

/// The last piece that was written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Start,
    Text,
    End,
}

impl XmlMarkup {
    pub(super) fn new(layout: Layout) -> Self {
        Self { out: XmlSafe::default(), layout, last: Last::Nothing }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.out.into_bytes()
    }

    /// A start tag.
    pub(super) fn start(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes, ">");
        self.last = Last::Start;
    }

    /// An element with attributes and nothing else.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes, "/>");
        self.last = Last::End;
    }

    /// An end tag.
    pub(super) fn end(&mut self, name: &str) {
        if self.last == Last::End {
            self.line();
        }
        self.put(&["</", name, ">"]);
        self.last = Last::End;
    }

    /// An element with text.
    pub(super) fn element(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        text: &str,
        references: References,
    ) {
        self.start(name, attributes);
        self.put(&[&escaped(text, references)]);
        self.last = Last::Text;
        self.end(name);
    }

    /// An element whose text is as it would be without XML.
    pub(super) fn cdata(&mut self, name: &str, text: &str) {
        self.start(name, &[]);
        let text = text.replace("]]>", "]]]]><![CDATA[>");
        self.put(&["<![CDATA[", &text, "]]>"]);
        self.last = Last::Text;
        self.end(name);
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)], end: &str) {
        if matches!(self.last, Last::Start | Last::End) {
            self.line();
        }
        self.put(&["<", name]);
        for (name, value) in attributes {
            let value = quick_xml::escape::partial_escape(*value).replace('"', "&quot;");
            self.put(&[" ", name, "=\"", &value, "\""]);
        }
        self.put(&[end]);
    }

    fn line(&mut self) {
        if self.layout == Layout::LinePerElement {
            self.put(&["\n"]);
        }
    }

    fn put(&mut self, pieces: &[&str]) {
        for piece in pieces {
            in_memory(self.out.write_all(piece.as_bytes()));
        }
    }
}

fn escaped(text: &str, references: References) -> Cow<'_, str> {
    let escaped = quick_xml::escape::partial_escape(text);
    match references {
        References::Hexadecimal if escaped.contains('&') => {
            let escaped = escaped.replace("&amp;", "&#x26;");
            Cow::Owned(escaped.replace("&lt;", "&#x3C;"))
        }
        _ => escaped,
    }
}

/// Plain text as HTML, and so also as the text of an element.
pub(super) fn as_html(text: &str) -> String {
    quick_xml::escape::partial_escape(text).into_owned()
}

/// The text of a piece of HTML that, as in most descriptions, has references but no elements; `None` where it has.
pub(super) fn text_without_elements(html: &str) -> Option<String> {
    if html.contains('<') {
        return None;
    }
    quick_xml::escape::unescape(html).ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn safe(text: &str) -> String {
        let mut buffer = XmlSafe::default();
        buffer.write_all(text.as_bytes()).unwrap();
        String::from_utf8(buffer.into_bytes()).unwrap()
    }

    fn may_stand_in_xml(character: char) -> bool {
        matches!(character, '\t' | '\n' | ' '..='\u{FFFD}' | '\u{10000}'..)
    }

    #[test]
    fn forbidden_characters_do_not_go_out() {
        assert_eq!(safe("a\u{0}b\u{8}c\u{b}d\u{1f}e\u{fffe}f\u{ffff}g"), "abcdefg");
        assert_eq!(safe("one\r\ntwo\rthree\r"), "one\ntwo\nthree\n");
    }

    #[test]
    fn neighbours_of_forbidden_characters_do() {
        for kept in ["\u{fffd}", "\u{feff}", "\u{ff01}ok", "\u{f8ff}", "\u{10ffff}", "\t\n", "😀"] {
            assert_eq!(safe(kept), kept);
        }
    }

    #[test]
    fn lines_break_only_where_they_mean_nothing() {
        let mut markup = XmlMarkup::new(Layout::LinePerElement);
        markup.start("a", &[("x", "it's \"<&>\"")]);
        markup.start("b", &[]);
        markup.end("b");
        markup.element("c", &[], "<\"&'>", References::Hexadecimal);
        markup.empty("d", &[]);
        markup.cdata("e", "<f> ]]> &");
        markup.end("a");
        let expected = "<a x=\"it's &quot;&lt;&amp;&gt;&quot;\">\n<b></b>\n<c>&#x3C;\"&#x26;'&gt;</c>\n<d/>\n\
                        <e><![CDATA[<f> ]]]]><![CDATA[> &]]></e>\n</a>";
        assert_eq!(String::from_utf8(markup.into_bytes()).unwrap(), expected);
    }

    proptest! {
        #[test]
        fn only_what_xml_allows_goes_out(text in any::<String>()) {
            prop_assert!(safe(&text).chars().all(may_stand_in_xml));
        }

        #[test]
        fn what_xml_allows_is_not_touched(text in any::<String>()) {
            let allowed: String = text.chars().filter(|&character| may_stand_in_xml(character)).collect();
            prop_assert_eq!(safe(&allowed), allowed);
        }
    }
}
