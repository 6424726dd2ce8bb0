//! The address that an author's link means, seen from the article; a link that nobody but the author could follow, or
//! that runs code, means none.

use std::borrow::Cow;
use std::net::IpAddr;

use url::{Host, Url};

use super::Surroundings;
use super::address::{in_ascii, percent_decoded, reference, without_scheme};
use super::flavour::Root;

/// Stands for the part of an address that only a template could have known. An address with it is none.
pub(super) const UNRESOLVED: &str = "feedwright-unresolved:";

/// The most bytes of an image that lies in the text itself.
const LARGEST_INLINE_IMAGE: usize = 32 * 1024;

/// The file name endings of articles, by which a link to one is recognised.
const ARTICLE_ENDINGS: &[&str] = &[".md", ".markdown", ".mdown", ".mkd", ".mdx", ".rst", ".ipynb"];

/// Purpose of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To go there.
    Link,
    /// To show what lies there.
    Image,
    /// To play or to read what lies there.
    Other,
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

/// Resolves an address as it is written to one that may be published: absolute, or a fragment of the article.
pub(super) fn resolve(
    written: &str,
    purpose: Purpose,
    surroundings: &Surroundings<'_>,
) -> Result<String, Fault> {
    let address = written.trim();
    if address.is_empty() || address.contains(UNRESOLVED) {
        return Err(Fault::Nothing);
    }
    if address.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:")) {
        return inline_data(address);
    }
    if let Some(fragment) = address.strip_prefix('#') {
        return Ok(format!("#{}", reference(fragment)));
    }
    if let Some(article) = named_article(address, surroundings) {
        return article;
    }
    if let Some(attachment) = attachment(address, surroundings) {
        return Ok(in_ascii(&attachment).into_owned());
    }
    if is_as_it_should_be(address) {
        return Ok(address.to_owned());
    }
    let url = absolute(&with_brackets(address), purpose, surroundings).map_err(|_| Fault::Unreadable)?;
    match url.scheme() {
        "http" | "https" if is_private(&url) && !is_own(&url, surroundings) => Err(Fault::Private),
        "http" | "https" | "mailto" | "tel" => Ok(in_ascii(&url).into_owned()),
        "file" => Err(Fault::Private),
        // `C:\pictures\cat.jpg`
        scheme if scheme.len() == 1 => Err(Fault::Private),
        _ => Err(Fault::Scheme),
    }
}

/// A `data:` address, if it may stay in the text.
fn inline_data(address: &str) -> Result<String, Fault> {
    if is_small_image(address) {
        Ok(format!("data:{}", &address[5..]))
    } else if address.len() > LARGEST_INLINE_IMAGE {
        Err(Fault::Large)
    } else {
        Err(Fault::Nothing)
    }
}

/// The URL that an address means in an article.
fn absolute(
    address: &str,
    purpose: Purpose,
    surroundings: &Surroundings<'_>,
) -> Result<Url, url::ParseError> {
    match Url::parse(address) {
        Err(url::ParseError::RelativeUrlWithoutBase) if address.starts_with("//") => {
            Url::parse(&format!("https:{address}"))
        }
        Err(url::ParseError::RelativeUrlWithoutBase) if address.starts_with('/') => {
            surroundings.home.join(&from_root(address, purpose, surroundings))
        }
        Err(url::ParseError::RelativeUrlWithoutBase) => surroundings.permalink.join(address),
        parsed => parsed,
    }
}

/// The path that an address from the root means: the root of the host, or where a generator takes it so, of the site.
fn from_root<'a>(address: &'a str, purpose: Purpose, surroundings: &Surroundings<'_>) -> Cow<'a, str> {
    let is_of_site = match surroundings.flavour.features().root {
        Root::Host => false,
        Root::Site => true,
        Root::SiteForImages => purpose == Purpose::Image,
    };
    let home = surroundings.home.path();
    if is_of_site && !address.starts_with(home) {
        return Cow::Owned(format!("{}{address}", home.trim_end_matches('/')));
    }
    Cow::Borrowed(address)
}

/// The file that an address means which is nothing but a name.
fn attachment(address: &str, surroundings: &Surroundings<'_>) -> Option<Url> {
    let is_local = !address.contains(':') && !address.starts_with(['/', '?']);
    if is_local { surroundings.files.attachment(&percent_decoded(address)) } else { None }
}

/// The address with the brackets of an IPv6 host, which Markdown encodes.
fn with_brackets(address: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = address.split_once("://").filter(|(_, rest)| rest.starts_with("%5B")) else {
        return Cow::Borrowed(address);
    };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    Cow::Owned(format!("{scheme}://{}{path}", host.replace("%5B", "[").replace("%5D", "]")))
}

/// `true` if an address plainly is one on the web that parsing and writing would leave as it is. Nearly all
/// are.
fn is_as_it_should_be(address: &str) -> bool {
    let Some((host, path)) = without_scheme(address).and_then(|rest| rest.split_once('/')) else {
        return false;
    };
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
    let is_clean = |text: &str| !text.contains(['%', '\'']) && matches!(reference(text), Cow::Borrowed(_));
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
    Some(Ok(in_ascii(&url).into_owned()))
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
    resolve(written, Purpose::Link, surroundings).ok()
}

/// `true` if a `data:` address is an image of a kind and size that may stay in the text.
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

/// `true` if the last part of a host's name says that only one network knows it.
fn is_private_name(last: &str) -> bool {
    matches!(last, "localhost" | "local" | "internal" | "lan" | "localdomain")
}

/// A publication for one's own network may link to itself.
fn is_own(url: &Url, surroundings: &Surroundings<'_>) -> bool {
    url.host() == surroundings.home.host()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn absolute(written: &str) -> Option<String> {
        let home = Url::parse("https://example.org/blog/").unwrap();
        let permalink = Url::parse("https://example.org/blog/news/hello/").unwrap();
        address(written, &Surroundings::new(&permalink, &home))
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
                prop_assert_eq!(in_ascii(&url), address.as_str());
            }
        }
    }
}
