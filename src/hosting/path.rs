//! Paths of URLs: percent-decoded as names of files, and encoded again.

use std::borrow::Cow;

use url::Url;

use crate::content::address;

/// The path of a URL as the name of a folder: decoded, with a slash at its end. `/` where it is not UTF-8.
pub fn folder_of(url: &Url) -> String {
    let path = decoded(url.path().as_bytes()).unwrap_or_default();
    format!("{}/", path.trim_end_matches('/'))
}

/// The path without percent-encoding; `None` where an escape is broken or the result is not UTF-8.
///
/// Decoding happens once: `%252e` is the three characters `%2e`. It comes before the path is taken apart, so
/// `%2F` separates parts as `/` does.
pub fn decoded(path: &[u8]) -> Option<Cow<'_, str>> {
    if !path.contains(&b'%') {
        return std::str::from_utf8(path).ok().map(Cow::Borrowed);
    }
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.iter().copied();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' { digit(rest.next()?)? << 4 | digit(rest.next()?)? } else { byte });
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// A decoded path as it stands in a URL: RFC 3986 §3.3.
pub fn encoded(path: &str) -> String {
    address::path(path).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_a_url_is_decoded_and_ends_in_a_slash() {
        for (url, folder) in [
            ("https://example.org/", "/"),
            ("https://example.org/feeds/", "/feeds/"),
            ("https://example.org/caf%C3%A9", "/café/"),
        ] {
            assert_eq!(folder_of(&url.parse().unwrap()), folder);
        }
    }
}
