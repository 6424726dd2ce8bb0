//! Every address becomes absolute, percent-encoded and ASCII, against the article's own permalink; addresses that
//! nobody but the author could open, or that run code, go.

use std::net::IpAddr;

use url::{Host, Url};

use super::Surroundings;
use super::report::Report;
use super::tree::{Data, Element, Tree};
use crate::diagnostic::Rule;

/// Stands for the part of an address that only a template could have known. An address with it is none.
pub(super) const UNRESOLVED: &str = "feedwright-unresolved:";

/// The most bytes of an image that lies in the text itself.
const LARGEST_INLINE_IMAGE: usize = 32 * 1024;

/// Attributes that hold an address, or in which lazy images keep theirs.
const ADDRESSES: &[&str] = &[
    "href",
    "src",
    "poster",
    "cite",
    "data",
    "longdesc",
    "action",
    "formaction",
    "background",
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-url",
];

/// Attributes that hold several, each with what it is good for.
const ADDRESS_LISTS: &[&str] = &["srcset", "data-srcset", "data-lazy-srcset", "data-original-set"];

/// The file name endings of articles, by which a link to one is recognised.
const ARTICLE_ENDINGS: &[&str] = &[".md", ".markdown", ".mdown", ".mkd", ".mdx", ".rst", ".ipynb"];

/// Makes the addresses of all elements absolute.
pub(super) fn absolutise(tree: &mut Tree, surroundings: &Surroundings<'_>, report: &mut Report<'_>) {
    report.rewind();
    for node in &mut tree.nodes {
        if let Data::Element(element) = &mut node.data {
            if element.name() == "img" {
                describe_local_image(element, surroundings, report);
            }
            make_absolute(element, surroundings, report);
        }
    }
}

fn make_absolute(element: &mut Element, surroundings: &Surroundings<'_>, report: &mut Report<'_>) {
    let purpose = match element.name() {
        "a" | "area" => Purpose::Link,
        "img" => Purpose::Image,
        _ => Purpose::Other,
    };
    element.attributes.retain_mut(|(name, value)| {
        if ADDRESS_LISTS.contains(&&**name) {
            *value = absolute_list(value, surroundings);
            return !value.is_empty();
        }
        if !ADDRESSES.contains(&&**name) {
            return true;
        }
        match absolute(value, purpose, surroundings) {
            Ok(address) => {
                *value = address;
                true
            }
            Err(fault) => {
                complain(value, fault, report);
                false
            }
        }
    });
}

/// What an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To go there.
    Link,
    /// To show what lies there.
    Image,
    /// To play or to read what lies there.
    Other,
}

/// The address as it may be published for that purpose.
pub(super) fn absolute(
    written: &str,
    purpose: Purpose,
    surroundings: &Surroundings<'_>,
) -> Result<String, Fault> {
    let address = resolve(written, surroundings)?;
    let is_fit = match purpose {
        _ if address.starts_with("http://") || address.starts_with("https://") => true,
        Purpose::Link => !address.starts_with("data:"),
        Purpose::Image => address.starts_with("data:"),
        Purpose::Other => false,
    };
    match address {
        address if is_fit => Ok(address),
        address if address.starts_with('#') => Err(Fault::Nothing),
        _ => Err(Fault::Scheme),
    }
}

/// Why an address is not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// There is nothing to it, or it was spoken of already.
    Nothing,
    /// A scheme that runs code, or that hardly a reader knows.
    Scheme,
    /// Only the author's own machine or network knows it.
    Private,
    /// An image too large to lie in the text.
    Large,
    /// No article of that name.
    NoArticle,
    /// No address at all.
    Unreadable,
}

fn resolve(written: &str, surroundings: &Surroundings<'_>) -> Result<String, Fault> {
    let address = written.trim();
    if address.is_empty() || address.contains(UNRESOLVED) {
        return Err(Fault::Nothing);
    }
    if address.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:")) {
        return if is_small_image(address) {
            Ok(format!("data:{}", &address[5..]))
        } else if address.len() > LARGEST_INLINE_IMAGE {
            Err(Fault::Large)
        } else {
            Err(Fault::Nothing)
        };
    }
    if let Some(fragment) = address.strip_prefix('#') {
        return Ok(format!("#{}", ascii(fragment)));
    }
    if let Some(article) = named_article(address, surroundings) {
        return article;
    }
    if is_as_it_should_be(address) {
        return Ok(address.to_owned());
    }
    let url = match Url::parse(address) {
        Err(url::ParseError::RelativeUrlWithoutBase) if address.starts_with("//") => {
            Url::parse(&format!("https:{address}"))
        }
        Err(url::ParseError::RelativeUrlWithoutBase) if address.starts_with('/') => {
            surroundings.home.join(address)
        }
        Err(url::ParseError::RelativeUrlWithoutBase) => surroundings.permalink.join(address),
        parsed => parsed,
    };
    match url {
        Err(_) => Err(Fault::Unreadable),
        Ok(url) => match url.scheme() {
            "http" | "https" if is_private(&url) && !is_own(&url, surroundings) => Err(Fault::Private),
            "http" | "https" | "mailto" | "tel" => Ok(in_ascii(&url)),
            "file" => Err(Fault::Private),
            // `C:\pictures\cat.jpg`
            scheme if scheme.len() == 1 => Err(Fault::Private),
            _ => Err(Fault::Scheme),
        },
    }
}

/// Whether an address plainly is one on the web that parsing and writing would leave as it is. Nearly all are.
fn is_as_it_should_be(address: &str) -> bool {
    let Some(rest) = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")) else {
        return false;
    };
    let Some((host, path)) = rest.split_once('/') else { return false };
    // `xn--` begins a name in another script, which may be none.
    let is_plain = |label: &str| {
        label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
            && !label.contains("--")
            && (1..64).contains(&label.len())
    };
    let is_known_to_all = |(_, last): (&str, &str)| {
        last.bytes().all(|byte| byte.is_ascii_lowercase()) && !is_private_name(last)
    };
    let (path, fragment) = path.split_once('#').unwrap_or((path, ""));
    let is_clean = |text: &str| text.bytes().all(|byte| is_uri_byte(byte) && byte != b'\'');
    // Of paths, the dots of `./` and `../` would go.
    host.split('.').all(is_plain)
        && host.rsplit_once('.').is_some_and(is_known_to_all)
        && is_clean(path)
        && is_clean(fragment)
        && !path.starts_with('.')
        && !path.contains("/.")
}

/// The article that a link to a source file means: `@/news/hello.md`, `../hello.md#part`.
fn named_article(address: &str, surroundings: &Surroundings<'_>) -> Option<Result<String, Fault>> {
    let end_of_path = address.find(['#', '?']).unwrap_or(address.len());
    let (path, rest) = address.split_at(end_of_path);
    let (path, is_rooted) = path.strip_prefix("@/").map_or((path, false), |path| (path, true));
    let is_local = !path.contains(':') && !path.starts_with("//");
    if !is_rooted && !is_local {
        return None;
    }
    let decoded = percent_decoded(path);
    if !is_rooted && !ARTICLE_ENDINGS.iter().any(|ending| ends_with(&decoded, ending)) {
        return None;
    }
    let Some(mut url) = article(&decoded, surroundings) else {
        return Some(Err(Fault::NoArticle));
    };
    if let Some(at) = rest.find('#') {
        url.set_fragment(rest.get(at + 1..).filter(|fragment| !fragment.is_empty()));
    }
    Some(Ok(in_ascii(&url)))
}

fn ends_with(name: &str, ending: &str) -> bool {
    let start = name.len().checked_sub(ending.len());
    start.and_then(|start| name.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(ending))
}

/// The article of that name, also where it is named as from the root of the site's sources.
pub(super) fn article(name: &str, surroundings: &Surroundings<'_>) -> Option<Url> {
    let name = name.trim();
    if name.is_empty() {
        return None;
    }
    let from_sources = ["/content/", "content/", "/_posts/", "_posts/", "/source/_posts/", "source/_posts/"];
    let find = |name: &str| surroundings.files.article(name);
    find(name).or_else(|| from_sources.iter().find_map(|root| find(name.strip_prefix(root)?)))
}

/// The address that a template or a shortcode means by `written`, as far as it is one.
pub(super) fn address(written: &str, surroundings: &Surroundings<'_>) -> Option<String> {
    resolve(written, surroundings).ok()
}

/// Says why an address is not published.
pub(super) fn complain(written: &str, fault: Fault, report: &mut Report<'_>) {
    let shown: String = written.trim().chars().take(60).collect();
    let decoded = percent_decoded(&shown);
    let needles = [shown.as_str(), decoded.as_str()];
    let diagnostic = match fault {
        Fault::Nothing => return,
        Fault::NoArticle => report
            .near(Rule::UnresolvedLink, &needles, format!("there is no article `{decoded}`"))
            .label("only the text of the link is published")
            .help("write the path of the article's file, or its address on the web"),
        Fault::Private => report
            .near(
                Rule::UnsafeAddress,
                &needles,
                format!("`{shown}` can only be opened on your own machine or network"),
            )
            .label("left out")
            .help("write the address under which everybody finds it"),
        Fault::Scheme => {
            let scheme = shown.split(':').next().unwrap_or_default();
            report
                .near(Rule::UnsafeAddress, &needles, format!("readers do not open `{scheme}:` addresses"))
                .label("left out")
                .help("link to an `https:` address")
        }
        Fault::Large => {
            let start: String = shown.chars().take(30).collect();
            report
                .near(
                    Rule::UnsafeAddress,
                    &[&start],
                    format!("a file of {} bytes lies in the text itself", written.len()),
                )
                .label("left out")
                .help("put it into a file beside the article and link to that")
        }
        Fault::Unreadable => report
            .near(Rule::UnsafeAddress, &needles, format!("`{shown}` is no address"))
            .label("left out")
            .help("write it as `https://example.org/page`"),
    };
    report.push(diagnostic);
}

/// Measures a local image that has no size of its own, and says if it is not there.
fn describe_local_image(image: &mut Element, surroundings: &Surroundings<'_>, report: &mut Report<'_>) {
    let lazy = ["data-src", "data-original", "data-lazy-src", "data-lazy", "src"];
    let Some(source) = lazy.iter().find_map(|name| image.get(name)) else { return };
    match local_image(source, surroundings) {
        LocalImage::Missing(path) => complain_of_missing_image(source, &path, report),
        LocalImage::There(path) if !image.has("width") && !image.has("height") => {
            if let Some((width, height)) = surroundings.files.image_size(&path) {
                image.set("width", width.to_string());
                image.set("height", height.to_string());
            }
        }
        LocalImage::There(_) | LocalImage::Elsewhere => {}
    }
}

/// Where an image lies.
pub(super) enum LocalImage {
    /// Beside the article, at this path, for all that is known.
    There(String),
    /// It should lie beside the article, at this path, and does not.
    Missing(String),
    /// On the web, in the text itself, or nowhere.
    Elsewhere,
}

pub(super) fn local_image(source: &str, surroundings: &Surroundings<'_>) -> LocalImage {
    let source = source.trim();
    if source.is_empty() || source.starts_with("//") || source.contains(':') || source.starts_with('#') {
        return LocalImage::Elsewhere;
    }
    let path = percent_decoded(source.split(['?', '#']).next().unwrap_or_default());
    if surroundings.files.has_file(&path) == Some(false) {
        LocalImage::Missing(path)
    } else {
        LocalImage::There(path)
    }
}

pub(super) fn complain_of_missing_image(source: &str, path: &str, report: &mut Report<'_>) {
    let diagnostic = report
        .near(Rule::MissingImage, &[source.trim(), path], format!("there is no image `{path}`"))
        .label("readers will find nothing there")
        .help("put the file there, or mend its name");
    report.push(diagnostic);
}

/// Every candidate of a `srcset` absolute; those that cannot be are left out.
fn absolute_list(list: &str, surroundings: &Surroundings<'_>) -> String {
    let mut candidates = Vec::new();
    for (address, descriptor) in candidates_of(list) {
        let Ok(address) = resolve(address, surroundings) else { continue };
        if !address.starts_with("http") {
            continue;
        }
        // A comma at its end would be taken for the one between candidates.
        let address = address.replace(',', "%2C");
        candidates.push(if descriptor.is_empty() { address } else { format!("{address} {descriptor}") });
    }
    candidates.join(", ")
}

/// The candidates of a `srcset`: HTML's "parse a srcset attribute", by which addresses may hold commas.
pub(super) fn candidates_of(list: &str) -> Vec<(&str, &str)> {
    let mut candidates = Vec::new();
    let mut rest = list;
    loop {
        rest = rest.trim_start_matches(|letter: char| letter.is_ascii_whitespace() || letter == ',');
        if rest.is_empty() {
            return candidates;
        }
        let end = rest.find(|letter: char| letter.is_ascii_whitespace()).unwrap_or(rest.len());
        let (address, after) = rest.split_at(end);
        let bare = address.trim_end_matches(',');
        if bare.len() < address.len() {
            candidates.push((bare, ""));
            rest = after;
            continue;
        }
        let end = after.find(',').unwrap_or(after.len());
        candidates.push((address, after[..end].trim()));
        rest = &after[end..];
    }
}

/// Whether a `data:` address is an image of a kind and size that may stay in the text.
pub(super) fn is_small_image(address: &str) -> bool {
    let start = address.get(..24).unwrap_or(address).to_ascii_lowercase();
    let kinds = ["data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp"];
    address.len() <= LARGEST_INLINE_IMAGE
        && kinds.iter().any(|kind| start.strip_prefix(kind).is_some_and(|rest| rest.starts_with([';', ','])))
        && address.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>".contains(&byte))
}

fn is_private(url: &Url) -> bool {
    match url.host() {
        None => true,
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            is_private_name(name.rsplit('.').next().unwrap_or(name))
        }
        Some(Host::Ipv4(address)) => {
            address.is_loopback()
                || address.is_private()
                || address.is_link_local()
                || address.is_unspecified()
        }
        Some(Host::Ipv6(address)) => {
            let start = address.segments()[0];
            IpAddr::V6(address).is_loopback()
                || address.is_unspecified()
                || start & 0xfe00 == 0xfc00
                || start & 0xffc0 == 0xfe80
        }
    }
}

/// Whether the last part of a name says that only one network knows it.
fn is_private_name(last: &str) -> bool {
    matches!(last, "localhost" | "local" | "internal" | "lan" | "localdomain")
}

/// A publication for one's own network may link to itself.
fn is_own(url: &Url, surroundings: &Surroundings<'_>) -> bool {
    url.host() == surroundings.home.host()
}

/// The address in ASCII without any character that RFC 3986 does not know. `url` leaves some of them be, because
/// browsers do (`|`, `^`, a lone `%`).
pub(super) fn in_ascii(url: &Url) -> String {
    let text = url.as_str();
    // Of the host, only an IPv6 address may have what would be encoded: its brackets.
    let path = text.len() - url[url::Position::BeforePath..].len();
    format!("{}{}", &text[..path], ascii(&text[path..]))
}

fn ascii(text: &str) -> String {
    if is_clean(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 16);
    let bytes = text.as_bytes();
    // RFC 3986 §3.5: the fragment begins at the first `#`, and has none itself.
    let mut is_fragment = false;
    for (at, &byte) in bytes.iter().enumerate() {
        let keep = match byte {
            b'%' => bytes.get(at + 1..at + 3).is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit)),
            b'#' => !std::mem::replace(&mut is_fragment, true),
            _ => is_uri_byte(byte),
        };
        if keep {
            out.push(char::from(byte));
        } else {
            out.push_str(&percent(byte));
        }
    }
    out
}

fn percent(byte: u8) -> String {
    format!("%{byte:02X}")
}

fn is_clean(text: &str) -> bool {
    text.bytes().all(is_uri_byte)
}

fn is_uri_byte(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' | b'/' | b'?' | b'@')
        || matches!(byte, b'!' | b'$' | b'&'..=b',' | b';' | b'=')
}

/// The text with its percent-encoded bytes decoded, as far as that gives text.
pub(super) fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let pair = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        let decoded = pair.filter(|_| byte == b'%').and_then(|pair| u8::from_str_radix(pair, 16).ok());
        out.push(decoded.unwrap_or(byte));
        at += if decoded.is_some() { 3 } else { 1 };
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::NoFiles;
    use super::*;
    use proptest::prelude::*;

    fn absolute(written: &str) -> Option<String> {
        let home = Url::parse("https://example.org/blog/").unwrap();
        let permalink = Url::parse("https://example.org/blog/news/hello/").unwrap();
        let surroundings = Surroundings {
            permalink: &permalink,
            home: &home,
            summary: None,
            summary_marker: None,
            id_prefix: "x",
            files: &NoFiles,
        };
        address(written, &surroundings)
    }

    #[test]
    fn addresses_are_taken_from_where_the_article_is() {
        for (written, address) in [
            ("cat.jpg", "https://example.org/blog/news/hello/cat.jpg"),
            ("../other/", "https://example.org/blog/news/other/"),
            ("/about", "https://example.org/about"),
            ("//cdn.example.com/x.js", "https://cdn.example.com/x.js"),
            ("?page=2", "https://example.org/blog/news/hello/?page=2"),
            ("#fn1", "#fn1"),
            ("mailto:me@example.org", "mailto:me@example.org"),
        ] {
            assert_eq!(absolute(written).as_deref(), Some(address), "{written}");
        }
    }

    #[test]
    fn addresses_are_ascii() {
        for (written, address) in [
            ("a b|c.png", "https://example.org/blog/news/hello/a%20b%7Cc.png"),
            ("https://例え.jp/道?q=é#ß", "https://xn--r8jz45g.jp/%E9%81%93?q=%C3%A9#%C3%9F"),
            ("100%.html", "https://example.org/blog/news/hello/100%25.html"),
            ("http://[2001:db8::1]/x[1]", "http://[2001:db8::1]/x%5B1%5D"),
            ("#日本 語", "#%E6%97%A5%E6%9C%AC%20%E8%AA%9E"),
            ("https://x.org/#a#b", "https://x.org/#a%23b"),
        ] {
            assert_eq!(absolute(written).as_deref(), Some(address), "{written}");
        }
    }

    #[test]
    fn addresses_that_run_code_or_lead_nowhere_go() {
        for written in [
            "javascript:alert(1)",
            " JaVa\nScript:alert(1)",
            "vbscript:x",
            "file:///etc/passwd",
            "C:\\cat.jpg",
            "http://localhost:4000/x",
            "http://192.168.0.1/",
            "http://[::1]/",
            "https://nas.local/",
            "https://",
            "",
            "data:text/html,x",
            "hello.md",
            "feedwright-unresolved:/x",
        ] {
            assert_eq!(absolute(written), None, "{written}");
        }
    }

    proptest! {
        #[test]
        fn an_address_as_it_should_be_stays_as_it_is(
            host in "([a-z0-9-]{1,3}\\.){0,3}(org|local|co|[a-z0-9.-]{0,4})",
            path in "(/[!-~]{0,4}){0,3}([?#][!-~]{0,4}){0,2}",
        ) {
            let address = format!("https://{host}{path}");
            if is_as_it_should_be(&address) {
                let url = Url::parse(&address).unwrap();
                prop_assert!(!is_private(&url));
                prop_assert_eq!(in_ascii(&url), address);
            }
        }
    }

    #[test]
    fn candidates_may_hold_commas() {
        assert_eq!(
            candidates_of("a.png 1x, https://x.org/w_2,h_3/b.png 2x,c.png"),
            [("a.png", "1x"), ("https://x.org/w_2,h_3/b.png", "2x"), ("c.png", "")]
        );
        assert_eq!(
            candidates_of("data:image/png;base64,AA== 1x, b.png, c.png 3x"),
            [("data:image/png;base64,AA==", "1x"), ("b.png", ""), ("c.png", "3x")]
        );
        assert!(candidates_of(" , ").is_empty());
    }
}
