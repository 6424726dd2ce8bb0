//! What a file is, as `Content-Type` states it.

use crate::feed::media_type;
use crate::format::{Format, opml};

/// The media type of a file by its name. Text is UTF-8, and says so; for XML and JSON their own rules say it
/// (RFC 7303 §3, RFC 8259 §8.1).
///
/// That `feed.xml` is a feed its name does not tell: see [`Format::content_type`].
///
/// ```
/// use feedwright::serve::content_type;
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
        other => media_type(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
