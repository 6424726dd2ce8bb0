//! Media types of files, as `Content-Type` states them.

use crate::feed::media_type;
use crate::format::{Format, opml};

/// The media type of a file by its name. Text is UTF-8, and says so; for XML and JSON their own rules say it
/// (RFC 7303 §3, RFC 8259 §8.1).
///
/// That `feed.xml` is a feed its name does not tell: see [`Format::content_type`].
///
/// ```
/// use feedwright::hosting::content_type;
/// assert_eq!(content_type("style.css"), "text/css; charset=utf-8");
/// assert_eq!(content_type("media/episode-1.mp3"), "audio/mpeg");
/// assert_eq!(content_type("LICENSE"), "application/octet-stream");
/// ```
pub fn content_type(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    match extension.as_str() {
        "atom" => Format::Atom.content_type(),
        "css" => "text/css; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "htm" | "html" => "text/html; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "opml" => opml::MEDIA_TYPE,
        "rss" => Format::Rss.content_type(),
        "txt" => "text/plain; charset=utf-8",
        "vtt" => "text/vtt; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        other => match media_type(other) {
            "application/octet-stream" => {
                mime_guess::from_ext(other).first_raw().unwrap_or("application/octet-stream")
            }
            known => known,
        },
    }
}

/// The type of a feed that we write: its own, or with `browser_types` plain XML or JSON, which every browser
/// shows.
pub fn content_type_of_feed(format: Format, browser_types: bool) -> &'static str {
    match (browser_types, format.is_xml()) {
        (false, _) => format.content_type(),
        (true, false) => "application/json",
        (true, true) => "application/xml; charset=utf-8",
    }
}

/// The type of a feed that another program wrote. In another encoding than UTF-8 it has no charset: the
/// header would outrank the encoding that the document declares (RFC 7303 §3).
pub fn content_type_of_document(bytes: &[u8], format: Format, browser_types: bool) -> &'static str {
    let content_type = content_type_of_feed(format, browser_types);
    match content_type.split_once("; charset=") {
        Some((media_type, _)) if !is_utf_8(bytes) => media_type,
        _ => content_type,
    }
}

fn is_utf_8(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let declaration =
        text.trim_start_matches('\u{feff}').strip_prefix("<?xml").and_then(|rest| rest.split_once("?>"));
    let stated = declaration.and_then(|(declaration, _)| declaration.split_once("encoding"));
    stated.is_none_or(|(_, stated)| {
        let name = stated.trim_matches(|letter: char| letter.is_whitespace() || "='\"".contains(letter));
        ["utf-8", "us-ascii"]
            .iter()
            .any(|known| name.get(..known.len()).is_some_and(|name| name.eq_ignore_ascii_case(known)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_ht_8_a_feed_in_another_encoding_says_itself_in_which() {
        let said = |bytes: &[u8]| content_type_of_document(bytes, Format::Rss, false);
        for text in [
            "<rss/>",
            "<?xml version='1.0'?><rss/>",
            "<?xml version='1.0' encoding='UTF-8' standalone='yes'?><rss/>",
            "\u{feff}<?xml version=\"1.0\" encoding = \"utf-8\"?><rss>é</rss>",
            "<?xml version='1.0' encoding='us-ascii'?><rss/>",
            "<rss>encoding='latin1'</rss>",
        ] {
            assert_eq!(said(text.as_bytes()), "application/rss+xml; charset=utf-8", "{text}");
        }
        for bytes in [
            &b"<?xml version='1.0' encoding='iso-8859-1'?><rss>\xe9</rss>"[..],
            b"<?xml version=\"1.0\" encoding=\"windows-1252\"?><rss/>",
            b"\xff\xfe<\0r\0s\0s\0/\0>\0",
        ] {
            assert_eq!(said(bytes), "application/rss+xml", "{}", bytes.escape_ascii());
        }
        assert_eq!(content_type_of_document(b"\xe9", Format::Atom, true), "application/xml");
    }

    #[test]
    fn r_ht_8_feeds_and_text_say_that_they_are_utf_8() {
        for (name, expected) in [
            ("a.rss", "application/rss+xml; charset=utf-8"),
            ("a.atom", "application/atom+xml; charset=utf-8"),
            ("feeds.opml", "text/x-opml; charset=utf-8"),
            ("a/b/index.html", "text/html; charset=utf-8"),
            ("NOTES.TXT", "text/plain; charset=utf-8"),
        ] {
            assert_eq!(content_type(name), expected);
        }
    }

    #[test]
    fn a_name_without_an_extension_says_nothing() {
        for name in ["", "mp3", "a.b/mp3", "a.", ".", "/"] {
            assert_eq!(content_type(name), "application/octet-stream", "{name}");
        }
    }

    #[test]
    fn no_text_is_without_its_charset() {
        for name in
            ["csv", "css", "html", "ics", "js", "md", "txt", "vtt"].map(|extension| format!("a.{extension}"))
        {
            assert!(content_type(&name).ends_with("; charset=utf-8"), "{name}");
        }
    }
}
