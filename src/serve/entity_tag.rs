//! Entity tags, RFC 9110 §8.8.3, and how those that come back are told.

use http::HeaderValue;

/// Number of hexadecimal digits of a hash in a tag: 96 bits. That two versions agree in them by accident will
/// not happen, and every answer carries them.
const DIGITS: usize = 24;

/// A strong entity tag: the digits of a hash of the content, the same in every encoding, and then what tells
/// the encodings apart, and the bytes that they come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EntityTag(HeaderValue);

impl EntityTag {
    /// `"<digits>"`, or `"<digits>-gz-1f2e3d4c"` with `gz-1f2e3d4c` for its suffix.
    pub(super) fn new(hash: blake3::Hash, suffix: &str) -> Self {
        let dash = if suffix.is_empty() { "" } else { "-" };
        let text = format!("\"{}{dash}{suffix}\"", &hash.to_hex()[..DIGITS]);
        Self(HeaderValue::try_from(text).expect("hexadecimal digits may stand in a header"))
    }

    pub(super) fn header(&self) -> &HeaderValue {
        &self.0
    }

    /// Tells whether a header has this very tag: the strong comparison of RFC 9110 §8.8.3.2.
    pub(super) fn is(&self, text: &[u8]) -> bool {
        self.0.as_bytes() == text
    }

    /// Tells whether `If-Match` allows it: `*`, or a list with this very tag.
    pub(super) fn is_among<'a>(&self, lines: impl IntoIterator<Item = &'a HeaderValue>) -> bool {
        any_line(lines, |line| line == b"*" || items(line).any(|item| self.is(item)))
    }

    /// Tells whether `If-None-Match` has it: `*`, or a list with these digits.
    ///
    /// That is more than the weak comparison that RFC 9110 §13.1.2 asks for. Proxies that compress, or have
    /// uncompressed, change the tag on its way out and forget to change it back: `"<digits>-gzip"`,
    /// `"<digits>;gzip"`, `"<digits>"-br`. A reader that has the content in any encoding has the content.
    pub(super) fn is_known_to<'a>(&self, lines: impl IntoIterator<Item = &'a HeaderValue>) -> bool {
        any_line(lines, |line| line == b"*" || items(line).any(|item| self.shares_digits_with(item)))
    }

    fn shares_digits_with(&self, item: &[u8]) -> bool {
        let item = item.strip_prefix(b"W/").or_else(|| item.strip_prefix(b"w/")).unwrap_or(item);
        let quoted = item.iter().take_while(|byte| b"\"\\".contains(byte)).count();
        let Some(rest) = item[quoted..].strip_prefix(self.digits()) else { return false };
        rest.first().is_none_or(|byte| !byte.is_ascii_alphanumeric())
    }

    /// The hexadecimal digits after the opening quote.
    fn digits(&self) -> &[u8] {
        &self.0.as_bytes()[1..=DIGITS]
    }
}

/// A list may come over several lines.
fn any_line<'a>(lines: impl IntoIterator<Item = &'a HeaderValue>, test: impl Fn(&[u8]) -> bool) -> bool {
    lines.into_iter().any(|line| test(line.as_bytes().trim_ascii()))
}

/// The members of a list. No tag of ours has a comma in it, so that every comma parts two.
fn items(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| *byte == b',').map(<[u8]>::trim_ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(suffix: &str) -> EntityTag {
        EntityTag::new(blake3::hash(b"hello"), suffix)
    }

    /// `{}` stands for our digits.
    fn values(lines: &[&str]) -> Vec<HeaderValue> {
        let digits = String::from_utf8(tag("").digits().to_vec()).unwrap();
        lines.iter().map(|line| line.replace("{}", &digits).parse().unwrap()).collect()
    }

    fn is_known(lines: &[&str]) -> bool {
        tag("gz").is_known_to(&values(lines))
    }

    fn is_among(lines: &[&str]) -> bool {
        tag("gz").is_among(&values(lines))
    }

    #[test]
    fn r_ht_1_a_tag_is_of_the_content_and_of_its_encoding() {
        assert_eq!(tag("").header(), "\"ea8f163db38682925e4491c5\"");
        assert_eq!(tag("br").header(), "\"ea8f163db38682925e4491c5-br\"");
        assert_ne!(tag(""), EntityTag::new(blake3::hash(b"hello!"), ""));
    }

    #[test]
    fn r_ht_2_a_tag_is_known_again_whatever_was_done_to_it() {
        for line in [
            "\"{}\"",
            "\"{}-gz\"",
            "\"{}-br\"",
            "W/\"{}-gz\"",
            "w/\"{}\"",
            "{}",
            "W/{}",
            "{}-gz",
            "\"{}-gzip\"",
            "\"{}-gz-gzip\"",
            "\"{}-gz;gzip\"",
            "\"{}--gzip\"",
            "\"{}-gz\"-gzip",
            "\"{}-gz\";gzip",
            "\"\"{}\"\"",
            "\\\"{}\\\"",
            "\"{}",
            "*",
            " * ",
            "\"a\", W/\"b,c\",\t\"{}-gz\" , \"d\"",
            ",, ,\"{}\"",
        ] {
            assert!(is_known(&[line]), "{line}");
        }
        assert!(is_known(&["\"other\"", "junk", "W/\"{}\""]), "over several lines");
    }

    #[test]
    fn r_ht_2_another_tag_is_not_known() {
        for line in
            ["", "\"\"", "W/", "\"{}0\"", "\"0{}\"", "x{}", "\"other\", *", "\"*\"", "'{}'", "ea8f163d"]
        {
            assert!(!is_known(&[line]), "{line}");
        }
        assert!(!is_known(&[]));
    }

    #[test]
    fn for_if_match_a_tag_is_the_same_to_the_letter() {
        for line in ["\"{}-gz\"", "*", "\"a\" ,\"{}-gz\""] {
            assert!(is_among(&[line]), "{line}");
        }
        for line in ["\"{}\"", "W/\"{}-gz\"", "{}-gz", "\"{}-gz\"-gzip", ""] {
            assert!(!is_among(&[line]), "{line}");
        }
    }
}
