//! The media type of the file at a URL, as far as its name tells.

use url::Url;

use super::Text;

/// By the end of a file's name, in alphabetical order.
const TYPES: &[(&str, &str)] = &[
    ("aac", "audio/aac"),
    ("aif", "audio/aiff"),
    ("aiff", "audio/aiff"),
    ("apng", "image/apng"),
    ("avif", "image/avif"),
    ("azw3", "application/vnd.amazon.ebook"),
    ("bmp", "image/bmp"),
    ("csv", "text/csv"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("epub", "application/epub+zip"),
    ("flac", "audio/flac"),
    ("gif", "image/gif"),
    ("gz", "application/gzip"),
    ("heic", "image/heic"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("ico", "image/x-icon"),
    ("ics", "text/calendar"),
    ("jfif", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("json", "application/json"),
    ("jxl", "image/jxl"),
    ("m3u8", "application/vnd.apple.mpegurl"),
    ("m4a", "audio/mp4"),
    ("m4b", "audio/mp4"),
    ("m4v", "video/mp4"),
    ("md", "text/markdown"),
    ("mid", "audio/midi"),
    ("mkv", "video/x-matroska"),
    ("mobi", "application/x-mobipocket-ebook"),
    ("mov", "video/quicktime"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("mpeg", "video/mpeg"),
    ("mpg", "video/mpeg"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("oga", "audio/ogg"),
    ("ogg", "audio/ogg"),
    ("ogv", "video/ogg"),
    ("opus", "audio/opus"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("srt", "application/x-subrip"),
    ("svg", "image/svg+xml"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
    ("torrent", "application/x-bittorrent"),
    ("txt", "text/plain"),
    ("vtt", "text/vtt"),
    ("wav", "audio/wav"),
    ("weba", "audio/webm"),
    ("webm", "video/webm"),
    ("webp", "image/webp"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("xml", "application/xml"),
    ("zip", "application/zip"),
];

/// The media type of a file by its extension, given alone or at the end of a path or an address;
/// `application/octet-stream` where it says nothing to us.
///
/// ```
/// use feedwright::feed::media_type;
/// assert_eq!(media_type("mp3"), "audio/mpeg");
/// assert_eq!(media_type("https://example.org/cover.JPG?width=600#top"), "image/jpeg");
/// assert_eq!(media_type("https://example.org/"), "application/octet-stream");
/// ```
pub fn media_type(extension_or_url: &str) -> &'static str {
    let path = extension_or_url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    TYPES
        .binary_search_by(|(known, _)| (*known).cmp(&extension))
        .ok()
        .and_then(|place| TYPES.get(place))
        .map_or("application/octet-stream", |(_, media_type)| media_type)
}

/// The stated media type if it is one, else that which the URL's name tells.
pub(super) fn stated_or_guessed<'a>(stated: &'a Text, url: &Url) -> &'a str {
    if is_media_type(stated.as_str()) { stated.as_str() } else { media_type(url.path()) }
}

/// True if it has the shape of one, `type/subtype`, with or without parameters.
fn is_media_type(text: &str) -> bool {
    let is_token = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte))
    };
    let essence = text.split(';').next().unwrap_or_default().trim_end();
    essence.split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(TYPES.is_sorted_by(|(one, _), (next, _)| one < next));
    }

    #[test]
    fn an_extension_and_an_address_that_ends_in_it_are_of_one_type() {
        for (extension, media_type_expected) in TYPES {
            assert_eq!(media_type(extension), *media_type_expected);
            assert_eq!(
                media_type(&format!("https://a.example/b.c/d.{extension}?e=f.g")),
                *media_type_expected
            );
        }
    }

    #[test]
    fn what_says_nothing_is_a_stream_of_bytes() {
        for unknown in ["", ".", "/", "?", "#", "a.", "https://a.example/mp3/", "ünï.cödé"] {
            assert_eq!(media_type(unknown), "application/octet-stream", "{unknown}");
        }
    }

    #[test]
    fn only_what_is_made_of_two_tokens_is_a_media_type() {
        for good in ["audio/mpeg", "image/svg+xml", "text/html; charset=utf-8"] {
            assert!(is_media_type(good), "{good}");
        }
        for bad in ["", "audio", "audio/", "/mpeg", "audio/mp eg", "audio/<mpeg>", "a/b/c"] {
            assert!(!is_media_type(bad), "{bad}");
        }
    }
}
