//! The `Link` header: RFC 8288.

use std::borrow::Cow;

use url::Url;

use crate::content::address;

/// A link in the headers of a document. Subscribers look for a `WebSub` hub here first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its target.
    pub url: Url,
    /// Its relation to the document: `self`, `hub`, `alternate`, …
    pub rel: &'static str,
    /// The media type of the target.
    pub media_type: Option<&'static str>,
}

/// The value of `Link`, with all links in one line (RFC 8288 §3); `None` without links. Visible ASCII and
/// spaces only.
pub fn link_header(links: &[Link]) -> Option<String> {
    let rendered: Vec<String> = links.iter().map(Link::render).collect();
    let line = rendered.join(", ");
    (!line.is_empty()).then_some(line)
}

impl Link {
    fn render(&self) -> String {
        let link = format!("<{}>; rel=\"{}\"", enclosed(&self.url), quoted(self.rel));
        match self.media_type {
            Some(media_type) => format!("{link}; type=\"{}\"", quoted(media_type)),
            None => link,
        }
    }
}

/// The URL without characters that would end the angle brackets. [`Url`] escapes nearly all of them, but not
/// in `data:x>y`.
fn enclosed(url: &Url) -> Cow<'_, str> {
    address::in_brackets(url.as_str())
}

/// The inside of a quoted-string, RFC 9110 §5.6.4. Characters that it cannot hold are left out.
fn quoted(text: &str) -> String {
    let mut inside = String::with_capacity(text.len());
    for character in text.chars().filter(|character| character.is_ascii_graphic() || *character == ' ') {
        if ['"', '\\'].contains(&character) {
            inside.push('\\');
        }
        inside.push(character);
    }
    inside
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn link(url: &str, rel: &'static str, media_type: Option<&'static str>) -> Link {
        Link { url: url.parse().unwrap(), rel, media_type }
    }

    #[test]
    fn links_stand_in_one_line_in_their_order() {
        let links = [
            link("https://example.org/rss.xml", "self", Some("application/rss+xml")),
            link("https://hub.example/", "hub", None),
        ];
        assert_eq!(
            link_header(&links).unwrap(),
            "<https://example.org/rss.xml>; rel=\"self\"; type=\"application/rss+xml\", \
             <https://hub.example/>; rel=\"hub\""
        );
        assert_eq!(link_header(&[]), None);
    }

    #[test]
    fn nothing_gets_out_of_its_brackets_or_quotes() {
        let links = [link("data:a>; rel=\"x\",<é", "a\"; b=\"\\\r\nSet-Cookie: c", Some("té\0xt"))];
        assert_eq!(
            link_header(&links).unwrap(),
            "<data:a%3E;%20rel=%22x%22,%3C%C3%A9>; rel=\"a\\\"; b=\\\"\\\\Set-Cookie: c\"; type=\"txt\""
        );
    }

    proptest! {
        #[test]
        fn any_address_can_be_a_link(path in "\\PC{0,40}", opaque in "[!-~]{0,20}\\PC{0,10}") {
            for text in [format!("https://example.org/{path}"), format!("data:{opaque}")] {
                let Ok(url) = Url::parse(&text) else { continue };
                let line = link_header(&[Link { url, rel: "self", media_type: None }]).unwrap();
                prop_assert!(line.ends_with(">; rel=\"self\""));
                prop_assert_eq!(line.matches(['<', '>']).count(), 2);
            }
        }
    }
}
