//! What RSS, Atom and OPML share because they are XML: the characters that may go out, and how references are spelt.
//!
//! All of this works on what a crate wrote; none of it knows an element by name.

use std::io;

use memchr::{memchr, memmem};

use crate::content::position_of;

/// What every XML document of ours begins with.
pub(super) const PROLOG: &[u8] = b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

/// The processing instruction that names a style sheet. In it `?>` would be its end, and what looks like an attribute
/// has references like one.
pub(super) fn stylesheet(address: &str) -> String {
    let address = quick_xml::escape::partial_escape(address).replace('"', "&quot;");
    format!("<?xml-stylesheet type=\"text/css\" href=\"{address}\"?>\n")
}

/// The crates escape quotes everywhere; in text they need no reference.
pub(super) const QUOTES: [(&[u8], &[u8]); 2] = [(b"&apos;", b"'"), (b"&quot;", b"\"")];

/// A buffer that takes no character that XML 1.0 section 2.2 forbids. Text has none of them when it enters the
/// model; this is the guard on the way out, because one of them makes every reader refuse the whole document.
///
/// They are left out rather than replaced: the W3C validator faults U+FFFD as well. A carriage return becomes the
/// line feed that any parser would make of it.
///
/// The crates hand over whole pieces of text, so a character never comes in two halves.
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

/// Where line breaks go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Nowhere.
    OneLine,
    /// Between a tag and the next, so that a person can read what the feed says of itself.
    LinePerElement,
}

/// Goes once over what a crate wrote, leaves its markup as it is, and spells all text through `spell`, which is
/// given the name of the element that the text begins or continues.
pub(super) fn respell(written: &[u8], layout: Layout, spell: impl Fn(&[u8], &[u8], &mut Vec<u8>)) -> Vec<u8> {
    let mut respelt = Vec::with_capacity(written.len() + written.len() / 16);
    let mut element: &[u8] = b"";
    let mut before = Piece::CData(b"");
    let mut rest = written;
    while let Some((piece, after)) = next_piece(rest) {
        match piece {
            Piece::Tag(tag) => {
                if layout == Layout::LinePerElement && breaks_between(before, tag) {
                    respelt.push(b'\n');
                }
                replace_references(tag, &[(b"&apos;", b"'")], &mut respelt);
                element = name_of(tag);
            }
            Piece::Text(text) => spell(element, text, &mut respelt),
            Piece::CData(text) => respelt.extend_from_slice(text),
        }
        before = piece;
        rest = after;
    }
    respelt
}

/// Copies text and puts other spellings for some of its references.
pub(super) fn replace_references(text: &[u8], table: &[(&[u8], &[u8])], out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(place) = memchr(b'&', rest) {
        let (plain, reference) = rest.split_at(place);
        out.extend_from_slice(plain);
        let found = table.iter().find_map(|(from, to)| Some((to, reference.strip_prefix(*from)?)));
        rest = match (found, reference.split_first()) {
            (Some((to, after)), _) => {
                out.extend_from_slice(to);
                after
            }
            (None, Some((ampersand, after))) => {
                out.push(*ampersand);
                after
            }
            (None, None) => &[],
        };
    }
    out.extend_from_slice(rest);
}

#[derive(Clone, Copy)]
enum Piece<'a> {
    Tag(&'a [u8]),
    Text(&'a [u8]),
    CData(&'a [u8]),
}

/// The piece at the beginning and what follows it. The crates escape `>` in attributes, so the first one ends a tag.
fn next_piece(xml: &[u8]) -> Option<(Piece<'_>, &[u8])> {
    if xml.is_empty() {
        return None;
    }
    if xml.starts_with(b"<![CDATA[") {
        let end = memmem::find(xml, b"]]>").map_or(xml.len(), |place| place + 3);
        let (cdata, after) = xml.split_at(end);
        return Some((Piece::CData(cdata), after));
    }
    if xml.starts_with(b"<") {
        let end = memchr(b'>', xml).map_or(xml.len(), |place| place + 1);
        let (tag, after) = xml.split_at(end);
        return Some((Piece::Tag(tag), after));
    }
    let end = memchr(b'<', xml).unwrap_or(xml.len());
    let (text, after) = xml.split_at(end);
    Some((Piece::Text(text), after))
}

/// Not where there is text, and not within an element that is empty.
fn breaks_between(before: Piece<'_>, tag: &[u8]) -> bool {
    match before {
        Piece::Tag(before) => !tag.starts_with(b"</") || before.starts_with(b"</") || before.ends_with(b"/>"),
        Piece::Text(_) | Piece::CData(_) => false,
    }
}

fn name_of(tag: &[u8]) -> &[u8] {
    let inner = tag.strip_prefix(b"<").unwrap_or(tag);
    let end = inner.iter().position(|byte| b" />".contains(byte)).unwrap_or(inner.len());
    inner.get(..end).unwrap_or_default()
}

/// Plain text as HTML, and so also as the text of an element.
pub(super) fn as_html(text: &str) -> String {
    quick_xml::escape::partial_escape(text).into_owned()
}

/// Plain text as the value of an attribute.
pub(super) fn as_attribute(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
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
    use std::io::Write as _;

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
    fn a_name_ends_where_its_attributes_begin() {
        assert_eq!(name_of(b"<media:content url=\"\">"), b"media:content");
        assert_eq!(name_of(b"<br/>"), b"br");
        assert_eq!(name_of(b"<"), b"");
    }

    #[test]
    fn references_in_cdata_are_left_alone() {
        let respelt = respell(
            b"<a x=\"it&apos;s\">&lt;<![CDATA[&lt;<b>]]>&lt;</a>",
            Layout::OneLine,
            |_, text, out| {
                replace_references(text, &[(b"&lt;", b"&#x3C;")], out);
            },
        );
        assert_eq!(respelt, b"<a x=\"it's\">&#x3C;<![CDATA[&lt;<b>]]>&#x3C;</a>");
    }

    #[test]
    fn lines_break_only_where_they_mean_nothing() {
        let written = b"<a><b></b><c>text</c><d/><e><f></f></e></a>";
        let respelt = respell(written, Layout::LinePerElement, |_, text, out| out.extend_from_slice(text));
        assert_eq!(respelt, b"<a>\n<b></b>\n<c>text</c>\n<d/>\n<e>\n<f></f>\n</e>\n</a>");
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

        #[test]
        fn nothing_panics(bytes in any::<Vec<u8>>()) {
            let _ = respell(&bytes, Layout::LinePerElement, |_, text, out| {
                replace_references(text, &[(b"&lt;", b"<")], out);
            });
        }
    }
}
