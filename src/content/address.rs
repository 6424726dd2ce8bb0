//! Addresses as RFC 3986 spells them.
//!
//! The `url` crate gives what browsers send, and they send `[`, `|`, `^` and a lone `%` as they are. The W3C
//! validator calls those errors, and strict readers refuse them.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::{Host, Position, Url};

/// All but what RFC 3986 §2.3 never reserves.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// All but what RFC 3986 §3.3 lets a path hold.
const NOT_IN_PATH: &AsciiSet = &RESERVED
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@')
    .remove(b'/');

/// All but what RFC 3986 §3.3 to §3.5 let a path, a query and a fragment hold between them; `%` stays, too.
const NOT_IN_REFERENCE: &AsciiSet = &NOT_IN_PATH.remove(b'?').remove(b'%');

/// Characters that may not stand between the angle brackets of a `Link` header: RFC 8288 section 3.
const NOT_IN_BRACKETS: &AsciiSet = &CONTROLS.add(b' ').add(b'<').add(b'>').add(b'"').add(b'\\');

/// `true` if a URL leads everybody to their own machine.
///
/// ```
/// use feedwright::content::address::is_own_machine;
/// assert!(is_own_machine(&"http://localhost:4000/".parse().unwrap()));
/// assert!(!is_own_machine(&"https://example.org/".parse().unwrap()));
/// ```
pub fn is_own_machine(url: &Url) -> bool {
    match url.host() {
        None => true,
        Some(Host::Domain(name)) => name.trim_end_matches('.').rsplit('.').next() == Some("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
        Some(Host::Ipv6(address)) => address.is_loopback() || address.is_unspecified(),
    }
}

/// The address with all percent-encoded that RFC 3986 does not allow where it stands.
///
/// ```
/// use feedwright::content::address::in_ascii;
/// let url = "https://example.org/[1]|2?q={x}#a#b".parse()?;
/// assert_eq!(in_ascii(&url), "https://example.org/%5B1%5D%7C2?q=%7Bx%7D#a%23b");
/// # Ok::<(), url::ParseError>(())
/// ```
pub fn in_ascii(url: &Url) -> Cow<'_, str> {
    // What comes before the path may hold the square brackets of an IPv6 address, and nothing that is amiss.
    let (origin, rest) = (&url[..Position::BeforePath], &url[Position::BeforePath..]);
    // RFC 3986 §3.5: the fragment begins at the first `#`, and has none itself.
    let (path, fragment) =
        rest.split_once('#').map_or((rest, None), |(path, fragment)| (path, Some(fragment)));
    match (reference(path), fragment.map(reference)) {
        (Cow::Borrowed(_), None | Some(Cow::Borrowed(_))) => Cow::Borrowed(url.as_str()),
        (path, None) => Cow::Owned([origin, &path].concat()),
        (path, Some(fragment)) => Cow::Owned([origin, &path, "#", &fragment].concat()),
    }
}

/// A path with a query, or a fragment, with all percent-encoded that may not stand there. What is encoded already
/// stays; a lone `%` is encoded. Borrowed where nothing had to be.
pub fn reference(text: &str) -> Cow<'_, str> {
    if text.contains('%') {
        let encoded = utf8_percent_encode(text, NOT_IN_REFERENCE).to_string();
        return encode_lone_percents(&encoded).map_or(Cow::Owned(encoded), Cow::Owned);
    }
    // The crate also borrows what a single byte is encoded to, from a table of its own.
    match utf8_percent_encode(text, NOT_IN_REFERENCE).into() {
        Cow::Borrowed(encoded) if encoded != text => Cow::Owned(encoded.to_owned()),
        encoded => encoded,
    }
}

/// The text with each `%` encoded that two hexadecimal digits do not follow; `None` where there is none.
fn encode_lone_percents(text: &str) -> Option<String> {
    let is_escape =
        |after: &str| after.as_bytes().get(..2).is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit));
    let mut pieces = text.split('%');
    let mut out = pieces.next()?.to_owned();
    let mut is_changed = false;
    for piece in pieces {
        let is_lone = !is_escape(piece);
        is_changed |= is_lone;
        out.push_str(if is_lone { "%25" } else { "%" });
        out.push_str(piece);
    }
    is_changed.then_some(out)
}

/// A text as a value in a query, or as one part of a path: only letters, digits and `-._~` stay.
pub fn component(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, RESERVED).into()
}

/// A text as a path: what a path may not hold is encoded, `%` too.
pub fn path(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, NOT_IN_PATH).into()
}

/// A URL as it may stand between angle brackets.
pub fn in_brackets(url: &str) -> Cow<'_, str> {
    utf8_percent_encode(url, NOT_IN_BRACKETS).into()
}

/// The text with its percent-encoded bytes decoded; the same text where that does not give text.
pub fn percent_decoded(text: &str) -> Cow<'_, str> {
    decoded(text).unwrap_or(Cow::Borrowed(text))
}

/// The text with its percent-encoded bytes decoded; `None` where that does not give text. A `%` that two
/// hexadecimal digits do not follow stays.
pub fn decoded(text: &str) -> Option<Cow<'_, str>> {
    percent_decode_str(text).decode_utf8().ok()
}

/// `true` for an address of HTTP: `http://` or `https://`, as any program that parsed it writes it.
pub fn is_on_the_web(address: &str) -> bool {
    without_scheme(address).is_some()
}

/// The rest of an address of HTTP after `http://` or `https://`; `None` for any other.
pub fn without_scheme(address: &str) -> Option<&str> {
    address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_what_may_stand_in_a_place_stays() {
        assert_eq!(component("a/b?c=é~"), "a%2Fb%3Fc%3D%C3%A9~");
        assert_eq!(path("tags/été 100%"), "tags/%C3%A9t%C3%A9%20100%25");
        assert_eq!(reference("100%.html?a%20b=%zz"), "100%25.html?a%20b=%25zz");
        let url = Url::parse("https://example.org/#{").unwrap();
        assert_eq!(in_ascii(&url), "https://example.org/#%7B");
        let url = Url::parse("https://example.org/100%/%zz/%2F/%4?2^3").unwrap();
        assert_eq!(in_ascii(&url), "https://example.org/100%25/%25zz/%2F/%254?2%5E3");
        assert_eq!(in_brackets("data:a>,<é \"b\\c%"), "data:a%3E,%3C%C3%A9%20%22b%5Cc%");
    }

    #[test]
    fn addresses_that_are_right_stay() {
        for right in [
            "https://a.example/",
            "http://[2001:db8::1]:8080/a?b=c&d=%27e%27#f",
            "mailto:ada@example.org",
            "https://xn--mnchen-3ya.example/%C3%BC/~ada;v=1,2/(3)!*",
        ] {
            assert_eq!(in_ascii(&Url::parse(right).unwrap()), right);
        }
    }

    #[test]
    fn what_is_no_text_stays_encoded() {
        assert_eq!(percent_decoded("a%20b%c3%a9"), "a bé");
        assert_eq!(percent_decoded("%ff%20"), "%ff%20");
        assert_eq!(percent_decoded("100% %+1"), "100% %+1");
    }

    proptest! {
        #[test]
        fn every_url_becomes_one_of_rfc_3986(path in any::<String>()) {
            if let Ok(url) = Url::parse(&format!("https://a.example/{path}")) {
                let address = in_ascii(&url);
                let may_stand = |byte: u8| {
                    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?%#".contains(&byte)
                };
                prop_assert!(address.bytes().all(may_stand));
                prop_assert!(address.matches('#').count() <= 1);
                let again = Url::parse(&address).unwrap();
                prop_assert_eq!(in_ascii(&again), address.as_ref());
            }
        }

        #[test]
        fn what_is_encoded_can_be_decoded(text in any::<String>()) {
            let (component, path) = (component(&text), path(&text));
            prop_assert_eq!(percent_decoded(&component), text.as_str());
            prop_assert_eq!(percent_decoded(&path), text.as_str());
        }

        #[test]
        fn encoding_twice_changes_nothing(text in any::<String>()) {
            let once = reference(&text).into_owned();
            prop_assert!(once.is_ascii());
            prop_assert_eq!(reference(&once), once.as_str());
        }
    }
}
