//! Readers that can be asked by a link to subscribe to a feed.

use std::fmt::Write as _;

/// Those on the web: their names, and how such a link begins. The encoded address of the feed follows.
///
/// Feedbin's help names its link, The Old Reader's tips and the goodies of `NewsBlur` theirs. Feedly's and Inoreader's rest
/// on nothing but that they are what buttons and extensions everywhere have used for years. None of them needs a key, and
/// none learns of anybody before the link is followed.
const READERS: [(&str, &str); 5] = [
    ("Feedly", "https://feedly.com/i/subscription/feed/"),
    ("Inoreader", "https://www.inoreader.com/?add_feed="),
    ("NewsBlur", "https://www.newsblur.com/?url="),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url="),
    ("Feedbin", "https://feedbin.com/?subscribe="),
];

/// Each reader, and the link that makes it subscribe. `app` is what the last is called: a program that has taken the
/// scheme `feed:`. Where none has, its link does nothing and says nothing, so it never stands alone.
pub(super) fn links(feed: &str, app: &'static str) -> impl Iterator<Item = (&'static str, String)> {
    let encoded = component(feed);
    let on_the_web =
        READERS.into_iter().map(move |(name, beginning)| (name, format!("{beginning}{encoded}")));
    on_the_web.chain([(app, format!("feed:{feed}"))])
}

/// Percent-encoded as a part of a query, or of a path: only what RFC 3986 §2.3 never reserves stays.
fn component(text: &str) -> String {
    let mut encoded = String::with_capacity(2 * text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_link_holds_the_whole_address_and_nothing_of_it_gets_out() {
        for (name, link) in links("https://example.org/?a=1&b=é#c", "app").take(READERS.len()) {
            assert!(
                link.ends_with("https%3A%2F%2Fexample.org%2F%3Fa%3D1%26b%3D%C3%A9%23c"),
                "{name}: {link}"
            );
        }
    }

    #[test]
    fn an_app_gets_the_address_as_it_is() {
        let link = links("https://example.org/a%20b.xml", "app").last().unwrap();
        assert_eq!(link, ("app", "feed:https://example.org/a%20b.xml".to_owned()));
    }
}
