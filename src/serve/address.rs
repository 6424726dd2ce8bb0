//! Addresses as whoever serves states them, checked before anybody is sent there.

use http::HeaderValue;

use super::path::Target;
use crate::content::address::is_on_the_web;

/// A path or URL at which nothing can be served, or to which no request can be redirected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a path on a server or a URL")]
pub struct BadPath(pub String);

/// A path on this server, perhaps with a query.
pub(super) fn target(address: &str) -> Result<Target<'_>, BadPath> {
    let parsed = Target::parse(address.as_bytes()).ok();
    parsed.filter(|_| address.starts_with('/')).ok_or_else(|| BadPath(address.to_owned()))
}

/// An address that is plain ASCII and begins as a path or as an address of the web. What begins with two
/// slashes would lead to another host.
pub(super) fn location(to: &str) -> Result<HeaderValue, BadPath> {
    let is_path = to.starts_with('/') && !to.starts_with("//");
    let is_visible = to.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let header = HeaderValue::try_from(to).ok().filter(|_| (is_path || is_on_the_web(to)) && is_visible);
    header.ok_or_else(|| BadPath(to.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_leaves_a_path_of_this_server() {
        assert_eq!(target("/caf%C3%A9?x").unwrap().path, "/café");
        for from in ["", "a", "/../a", "/%zz", "//a", "https://example.org/a"] {
            assert_eq!(target(from), Err(BadPath(from.to_owned())));
        }
    }

    #[test]
    fn one_is_sent_to_a_path_or_to_an_address_of_the_web() {
        for to in ["/", "/rss.xml?x#y", "https://example.org/a%20b", "http://example.org"] {
            assert_eq!(location(to).unwrap(), to);
        }
        for to in ["", "b", "//example.org/", "/\\example.org/", "javascript:x", "/a\r\nb: c", "/é", "/a b"]
        {
            assert_eq!(location(to), Err(BadPath(to.to_owned())));
        }
    }
}
