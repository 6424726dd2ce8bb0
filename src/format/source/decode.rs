//! The text of a document from its bytes: the byte order mark, the XML declaration, or UTF-8.
//!
//! `encoding_rs` follows the web, where `iso-8859-1` and `us-ascii` mean windows-1252. In XML they mean what they
//! say, and an id has to be taken to the letter; so both are decoded here, and UTF-32, which the web does not have.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use thiserror::Error;

/// A declaration that is longer is not one.
const LONGEST_DECLARATION: usize = 1024;

/// A document as text, without its byte order mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text. Bytes that mean nothing in the encoding are U+FFFD.
    pub text: Cow<'a, str>,
    /// The encoding, in lower case: `utf-8`, `iso-8859-1`.
    pub encoding: String,
    /// Problems of the encoding.
    pub problems: Vec<EncodingProblem>,
}

/// A reason why the text may not be what its publisher meant.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EncodingProblem {
    /// The declared encoding is not known; the document was read as UTF-8.
    #[error("the encoding `{0}` is not known")]
    Unknown(String),
    /// The declaration names another encoding than the bytes show.
    #[error("the document declares the encoding `{declared}` and is in `{found}`")]
    Contradicted {
        /// As declared.
        declared: String,
        /// As the bytes show.
        found: String,
    },
    /// Bytes that the encoding does not have: the place of the first, in bytes of the text.
    #[error("the document has bytes that are not {encoding}")]
    Malformed {
        /// The encoding.
        encoding: String,
        /// Byte in the decoded text.
        at: usize,
    },
}

/// A place in a text as people count it, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character within the line.
    pub column: usize,
}

impl Decoded<'_> {
    /// The line and column of a byte of the text.
    pub fn position(&self, at: usize) -> Position {
        let before = self.text.get(..at).unwrap_or(&self.text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Position { line: before.matches('\n').count() + 1, column: line.chars().count() + 1 }
    }
}

/// The text of a document. Never fails: see [`Decoded::problems`].
///
/// ```
/// let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><rss><channel><title>caf\xe9</title></channel></rss>";
/// let document = feedwright::format::source::decode(latin);
/// assert!(document.text.contains("café"));
/// assert_eq!(document.encoding, "iso-8859-1");
/// ```
pub fn decode(bytes: &[u8]) -> Decoded<'_> {
    let (scheme, rest) = scheme_of(bytes);
    let declared = if scheme.is_ascii() { declared(rest) } else { None };
    let label = declared.map(str::to_ascii_lowercase);
    let mut problems = Vec::new();
    let (text, encoding) = match (scheme, label) {
        (Scheme::Utf16(encoding), _) => (by_web(encoding, rest), encoding.name().to_ascii_lowercase()),
        (Scheme::Utf32(unit), _) => (Cow::Owned(utf_32(rest, unit)), "utf-32".to_owned()),
        (Scheme::Marked, label) => {
            let declared = label.filter(|label| !matches!(&**label, "utf-8" | "utf8"));
            problems.extend(declared.map(contradicted));
            (String::from_utf8_lossy(rest), "utf-8".to_owned())
        }
        (Scheme::Unmarked, label) => by_label(label, rest, &mut problems),
    };
    if let Some(at) = text.find('\u{FFFD}').filter(|_| has_malformed(&text, rest, &encoding)) {
        problems.push(EncodingProblem::Malformed { encoding: encoding.clone(), at });
    }
    Decoded { text, encoding, problems }
}

/// The family of encodings that the first bytes show: XML 1.0, appendix F.
#[derive(Clone, Copy)]
enum Scheme {
    /// UTF-8 with its mark.
    Marked,
    /// Any in which ASCII is ASCII.
    Unmarked,
    Utf16(&'static Encoding),
    /// The character that four bytes are.
    Utf32(fn([u8; 4]) -> u32),
}

impl Scheme {
    fn is_ascii(self) -> bool {
        matches!(self, Self::Marked | Self::Unmarked)
    }
}

/// The scheme, and the bytes after the mark.
fn scheme_of(bytes: &[u8]) -> (Scheme, &[u8]) {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (Scheme::Marked, rest),
        [0xFF, 0xFE, 0, 0, rest @ ..] => (Scheme::Utf32(u32::from_le_bytes), rest),
        [0, 0, 0xFE, 0xFF, rest @ ..] => (Scheme::Utf32(u32::from_be_bytes), rest),
        [0xFF, 0xFE, rest @ ..] => (Scheme::Utf16(UTF_16LE), rest),
        [0xFE, 0xFF, rest @ ..] => (Scheme::Utf16(UTF_16BE), rest),
        [b'<' | b'{', 0, 0, 0, ..] => (Scheme::Utf32(u32::from_le_bytes), bytes),
        [0, 0, 0, b'<' | b'{', ..] => (Scheme::Utf32(u32::from_be_bytes), bytes),
        [b'<' | b'{', 0, ..] => (Scheme::Utf16(UTF_16LE), bytes),
        [0, b'<' | b'{', ..] => (Scheme::Utf16(UTF_16BE), bytes),
        _ => (Scheme::Unmarked, bytes),
    }
}

/// The encoding that the XML declaration names.
fn declared(bytes: &[u8]) -> Option<&str> {
    let start = bytes.trim_ascii_start();
    let start = start.get(..LONGEST_DECLARATION.min(start.len()))?;
    let declaration = start.strip_prefix(b"<?xml")?;
    let end = declaration.windows(2).position(|pair| pair == b"?>")?;
    let declaration = std::str::from_utf8(declaration.get(..end)?).ok()?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    Some(value.get(1..)?.split_once(quote)?.0.trim())
}

fn by_label<'a>(
    label: Option<String>,
    bytes: &'a [u8],
    problems: &mut Vec<EncodingProblem>,
) -> (Cow<'a, str>, String) {
    let label = label.unwrap_or_else(|| "utf-8".to_owned());
    match label.as_str() {
        "iso-8859-1" | "iso8859-1" | "iso_8859-1" | "latin1" | "l1" => {
            return (encoding_rs::mem::decode_latin1(bytes), "iso-8859-1".to_owned());
        }
        "us-ascii" | "ascii" | "iso646-us" => return (ascii(bytes), "us-ascii".to_owned()),
        _ => {}
    }
    let name = if label == "mac-cyrillic" { "x-mac-cyrillic" } else { &label };
    match Encoding::for_label(name.as_bytes()) {
        Some(encoding) if encoding.is_ascii_compatible() => {
            (by_web(encoding, bytes), encoding.name().to_ascii_lowercase())
        }
        known => {
            // Bytes in which the declaration could be read as ASCII are not UTF-16.
            let problem = if known.is_some() { contradicted(label) } else { EncodingProblem::Unknown(label) };
            problems.push(problem);
            (String::from_utf8_lossy(bytes), "utf-8".to_owned())
        }
    }
}

fn by_web<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Cow<'a, str> {
    encoding.decode_without_bom_handling(bytes).0
}

fn ascii(bytes: &[u8]) -> Cow<'_, str> {
    let lenient = || bytes.iter().map(|byte| if byte.is_ascii() { *byte as char } else { '\u{FFFD}' });
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Cow::Borrowed(text),
        _ => Cow::Owned(lenient().collect()),
    }
}

fn utf_32(bytes: &[u8], unit: fn([u8; 4]) -> u32) -> String {
    let (units, rest) = bytes.as_chunks::<4>();
    let characters = units.iter().map(|bytes| char::from_u32(unit(*bytes)).unwrap_or('\u{FFFD}'));
    characters.chain((!rest.is_empty()).then_some('\u{FFFD}')).collect()
}

fn contradicted(declared: String) -> EncodingProblem {
    EncodingProblem::Contradicted { declared, found: "utf-8".to_owned() }
}

/// `true` if U+FFFD stands for bytes that mean nothing, and was not written as it is.
fn has_malformed(text: &str, bytes: &[u8], encoding: &str) -> bool {
    match encoding {
        "utf-8" => std::str::from_utf8(bytes).is_err(),
        "us-ascii" => true,
        _ => text.contains('\u{FFFD}'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn document(encoding: &str, bytes: &[u8]) -> Vec<u8> {
        [format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>").as_bytes(), bytes].concat()
    }

    fn read(encoding: &str, bytes: &[u8]) -> (String, Vec<EncodingProblem>) {
        let document = document(encoding, bytes);
        let decoded = decode(&document);
        (decoded.text.split_once("?>").unwrap().1.to_owned(), decoded.problems)
    }

    #[test]
    fn the_declared_encoding_counts() {
        assert_eq!(read("ISO-8859-1", b"caf\xe9").0, "café");
        assert_eq!(read("windows-1252", b"\x93caf\xe9\x94").0, "“café”");
        assert_eq!(read("utf-8", "café".as_bytes()).0, "café");
        assert_eq!(read("mac-cyrillic", b"\x80").0, "А");
        assert_eq!(read("Shift_JIS", b"\x93\xfa").0, "日");
        assert_eq!(
            decode(b" \n<?xml encoding = 'iso-8859-1' ?>\xe9").text,
            " \n<?xml encoding = 'iso-8859-1' ?>é"
        );
    }

    #[test]
    fn latin_1_and_ascii_are_not_windows_1252() {
        assert_eq!(read("iso-8859-1", b"\x93"), ("\u{93}".to_owned(), vec![]));
        let (text, problems) = read("us-ascii", b"a\x93");
        assert_eq!(text, "a\u{FFFD}");
        assert!(matches!(problems[..], [EncodingProblem::Malformed { .. }]));
    }

    #[test]
    fn the_first_bytes_tell_wide_characters() {
        let text = "<a>é😀</a>";
        let wide = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        let wider =
            |bytes: fn(u32) -> [u8; 4]| text.chars().map(u32::from).flat_map(bytes).collect::<Vec<u8>>();
        for bytes in [
            wide(u16::to_le_bytes),
            wide(u16::to_be_bytes),
            [b"\xFF\xFE".as_slice(), &wide(u16::to_le_bytes)].concat(),
            [b"\xFE\xFF".as_slice(), &wide(u16::to_be_bytes)].concat(),
            wider(u32::to_le_bytes),
            wider(u32::to_be_bytes),
            [b"\xFF\xFE\0\0".as_slice(), &wider(u32::to_le_bytes)].concat(),
            [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        ] {
            assert_eq!(decode(&bytes).text, text, "{bytes:?}");
        }
    }

    #[test]
    fn what_contradicts_itself_is_said() {
        let marked = [b"\xEF\xBB\xBF".as_slice(), &document("us-ascii", "é".as_bytes())].concat();
        assert!(decode(&marked).text.ends_with('é'));
        assert!(
            matches!(&decode(&marked).problems[..], [EncodingProblem::Contradicted { declared, .. }] if declared == "us-ascii")
        );
        assert!(matches!(&read("utf-16", "é".as_bytes()).1[..], [EncodingProblem::Contradicted { .. }]));
        assert_eq!(
            read("ebcdic", "é".as_bytes()),
            ("é".to_owned(), vec![EncodingProblem::Unknown("ebcdic".to_owned())])
        );
        assert!(matches!(decode(b"a\xff").problems[..], [EncodingProblem::Malformed { at: 1, .. }]));
        assert!(decode("a\u{FFFD}".as_bytes()).problems.is_empty(), "written as it is");
    }

    #[test]
    fn lines_and_columns_are_counted_as_editors_do() {
        let document = decode("a\né日x".as_bytes());
        let position = |at| document.position(at);
        assert_eq!(position(0), Position { line: 1, column: 1 });
        assert_eq!(position("a\né日".len()), Position { line: 2, column: 3 });
        assert_eq!(position(1000), Position { line: 2, column: 4 });
    }

    proptest! {
        #[test]
        fn nothing_panics(bytes in any::<Vec<u8>>(), label in "[a-z0-9-]{0,12}") {
            let _ = decode(&bytes);
            let _ = decode(&document(&label, &bytes));
        }
    }
}
