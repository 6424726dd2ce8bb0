//! The target of a request, decoded once and checked before anything is looked up by it.

use std::borrow::Cow;

use http::StatusCode;

use crate::hosting::path::decoded;

/// The longest target that is looked at, in bytes. RFC 9110 §4.1 asks for 8000 at least.
const LONGEST: usize = 8192;

/// The target of a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target<'a> {
    /// Decoded. Begins with `/` and leads nowhere but down.
    pub(super) path: Cow<'a, str>,
    /// The query after the first `?`, undecoded.
    pub(super) query: Option<&'a [u8]>,
}

impl<'a> Target<'a> {
    /// Reads it. Fails with 414 where it is longer than 8 KB; with 400 where it is neither in origin-form nor
    /// in absolute-form, has a broken escape or is not UTF-8; and with 404 where its path has a part that no
    /// document can have for a name: an empty one, `.`, `..`, or one with a control character or a backslash.
    pub(super) fn parse(target: &'a [u8]) -> Result<Self, StatusCode> {
        if target.len() > LONGEST {
            return Err(StatusCode::URI_TOO_LONG);
        }
        let origin_form = origin_form(target).ok_or(StatusCode::BAD_REQUEST)?;
        let (path, query) = match origin_form.iter().position(|byte| *byte == b'?') {
            Some(mark) => (&origin_form[..mark], origin_form.get(mark + 1..)),
            None => (origin_form, None),
        };
        let path = if path.is_empty() { b"/" } else { path };
        let path = decoded(path).ok_or(StatusCode::BAD_REQUEST)?;
        if leads_down(&path) { Ok(Self { path, query }) } else { Err(StatusCode::NOT_FOUND) }
    }
}

/// RFC 9112 §3.2.2: a server accepts the absolute-form too. Whose host it names does not matter to us.
fn origin_form(target: &[u8]) -> Option<&[u8]> {
    if target.first() == Some(&b'/') {
        return Some(target);
    }
    let scheme_end = target.windows(3).position(|bytes| bytes == b"://")?;
    let (scheme, rest) = (&target[..scheme_end], &target[scheme_end + 3..]);
    if !scheme.eq_ignore_ascii_case(b"http") && !scheme.eq_ignore_ascii_case(b"https") {
        return None;
    }
    let authority = rest.iter().position(|byte| b"/?".contains(byte)).unwrap_or(rest.len());
    (authority > 0).then(|| &rest[authority..])
}

/// Tells whether a decoded path begins with `/` and has plain parts only. The last may be empty, as in `/`
/// and `/feeds/`.
pub(super) fn leads_down(path: &str) -> bool {
    let Some(inside) = path.strip_prefix('/') else { return false };
    inside.is_empty() || inside.strip_suffix('/').unwrap_or(inside).split('/').all(is_plain)
}

pub(super) fn is_plain(part: &str) -> bool {
    let forbidden = |byte: u8| byte.is_ascii_control() || byte == b'\\';
    !part.is_empty() && part != "." && part != ".." && !part.bytes().any(forbidden)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hosting::path::encoded;

    fn path(target: &str) -> Result<String, u16> {
        Target::parse(target.as_bytes())
            .map(|target| target.path.into_owned())
            .map_err(|status| status.as_u16())
    }

    fn query(target: &str) -> Option<&[u8]> {
        Target::parse(target.as_bytes()).unwrap().query
    }

    #[test]
    fn a_path_is_decoded_once() {
        assert_eq!(path("/feeds/rss.xml").as_deref(), Ok("/feeds/rss.xml"));
        assert_eq!(path("/caf%C3%a9/%E2%98%83").as_deref(), Ok("/café/☃"));
        assert_eq!(path("/100%25/%252e%252e").as_deref(), Ok("/100%/%2e%2e"));
        assert_eq!(path("/a+b%20c;d").as_deref(), Ok("/a+b c;d"));
    }

    #[test]
    fn what_is_encoded_is_decoded_to_the_same() {
        for text in ["/", "/feeds/rss.xml", "/caf\u{e9}/a b/100%/?#[]\"<>", "/\u{1f600}&'()*+,;=:@!$-._~"] {
            assert_eq!(path(&encoded(text)).as_deref(), Ok(text));
        }
        assert_eq!(encoded("/\u{e9} %"), "/%C3%A9%20%25");
    }

    #[test]
    fn a_path_without_escapes_is_not_copied() {
        let target = Target::parse(b"/feeds/rss.xml?x").unwrap();
        assert!(matches!(target.path, Cow::Borrowed("/feeds/rss.xml")));
    }

    #[test]
    fn the_query_is_kept_as_it_stands() {
        assert_eq!(query("/?feed=rss2&x=%2e?"), Some(&b"feed=rss2&x=%2e?"[..]));
        assert_eq!(query("/a?"), Some(&b""[..]));
        assert_eq!(query("/a"), None);
    }

    #[test]
    fn a_proxy_may_ask_for_the_whole_address() {
        assert_eq!(path("http://example.org/a/b?c").as_deref(), Ok("/a/b"));
        assert_eq!(path("HTTPS://example.org").as_deref(), Ok("/"));
        assert_eq!(query("http://example.org?x=http://y/z"), Some(&b"x=http://y/z"[..]));
    }

    #[test]
    fn what_is_no_target_or_cannot_be_decoded_is_a_bad_request() {
        for bad in ["", "*", "feed.xml", "example.org:443", "http:///a", "ftp://a/b", "?a", "://a/b"] {
            assert_eq!(path(bad), Err(400), "{bad}");
        }
        for bad in ["/%", "/%4", "/%zz", "/a%", "/%+1", "/%ff", "/%c3%28", "/%ed%a0%80"] {
            assert_eq!(path(bad), Err(400), "{bad}");
        }
        assert_eq!(Target::parse(b"/\xFF"), Err(StatusCode::BAD_REQUEST));
    }

    #[test]
    fn a_path_that_may_lead_elsewhere_leads_nowhere() {
        for bad in [
            "/..",
            "/../a",
            "/a/../b",
            "/a/..",
            "/./a",
            "/%2e%2e/a",
            "/%2E./a",
            "/a/..%2fb",
            "/..%5ca",
            "/a\\b",
            "//",
            "//example.org/",
            "/a//b",
            "/a//",
            "/a%2f%2fb",
            "/a%00",
            "/a%0d%0ab",
            "/\x7f",
        ] {
            assert_eq!(path(bad), Err(404), "{bad}");
        }
    }

    #[test]
    fn a_target_of_more_than_8_kb_is_too_long() {
        assert!(path(&format!("/{}", "a".repeat(8191))).is_ok());
        assert_eq!(path(&format!("/{}", "a".repeat(8192))), Err(414));
    }
}
