//! Addresses that articles give themselves: checked, with their patterns filled in.

use url::Url;

use crate::fetch::is_web;
use crate::generator::{Filled, Page, Parts, Pattern, STATED_TOKENS};

/// The values that fill a pattern such as `/:year/:month/:title/`.
pub(super) struct Filling<'a> {
    pub(super) slug: &'a str,
    pub(super) title: Option<&'a str>,
    pub(super) section: &'a str,
    pub(super) categories: &'a [String],
    /// The article, with its date in the publication's time zone.
    pub(super) page: &'a Page<'a>,
}

/// An address as the article states it: absolute, or a path that begins with `/`. `Err` says why it cannot be one.
pub(super) fn own(written: &str, filling: &Filling<'_>) -> Result<String, String> {
    let written = written.trim();
    if is_absolute(written) {
        return absolute(written);
    }
    let named = match written {
        "date" => "/:categories/:year/:month/:day/:title.html",
        "pretty" => "/:categories/:year/:month/:day/:title/",
        "ordinal" => "/:categories/:year/:y_day/:title.html",
        "none" => "/:categories/:title.html",
        other => other,
    };
    let filled = fill(named, filling)?;
    path(filled.strip_suffix("index.html").unwrap_or(&filled))
}

/// An address that may lead anywhere on the web.
pub(super) fn absolute(written: &str) -> Result<String, String> {
    let written = written.trim();
    match Url::parse(written) {
        Ok(url) if is_web(&url) && url.has_host() => Ok(written.to_owned()),
        Ok(url) => Err(format!("`{}:` URLs cannot be followed from a feed", url.scheme())),
        Err(_) => Err("it is not a URL".to_owned()),
    }
}

/// Either of the two.
pub(super) fn anywhere(written: &str) -> Result<String, String> {
    if is_absolute(written.trim()) { absolute(written) } else { path(written) }
}

/// A file that readers are to fetch, named absolutely or relative to the article. `Err` says why they cannot.
pub(super) fn file(written: &str) -> Result<(), String> {
    if written.contains("{{") || written.contains("{%") {
        return Err("it is a template, which only its generator can run".to_owned());
    }
    if written.contains('\\') || written.chars().any(char::is_control) || written.is_empty() {
        return Err("it has characters that no URL may have".to_owned());
    }
    if is_absolute(written) {
        return absolute(written).map(drop);
    }
    Ok(())
}

/// True if it begins with a scheme.
pub(super) fn is_absolute(written: &str) -> bool {
    let Some((scheme, _)) = written.split_once(':') else { return false };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// True if text is meant as a URL, rather than as a name: `old/page`, `/hello`, `https://…`, but not `My Page`.
pub(super) fn looks_like_one(text: &str) -> bool {
    is_absolute(text) || (text.contains('/') && !text.contains(char::is_whitespace)) || last_ending(text)
}

fn last_ending(text: &str) -> bool {
    text.rsplit_once('.').is_some_and(|(_, ending)| matches!(ending, "html" | "htm" | "php"))
}

/// A path from the publication's home.
fn path(written: &str) -> Result<String, String> {
    let written = written.trim();
    if written.contains("{{") || written.contains("{%") {
        return Err("it is a template, which only its generator can run".to_owned());
    }
    if written.starts_with("//") {
        return Err("it has a host but no scheme".to_owned());
    }
    if written.contains('\\') || written.chars().any(char::is_control) {
        return Err("it has characters that no URL may have".to_owned());
    }
    let written = written.strip_prefix("./").unwrap_or(written);
    if written.split(['/', '?', '#']).any(is_dots) {
        return Err("it leads out of the publication".to_owned());
    }
    if written.len() > 2_000 {
        return Err("it is too long".to_owned());
    }
    let mut path = String::with_capacity(written.len() + 1);
    for part in written.split_inclusive('/') {
        if part != "/" || path.is_empty() {
            if path.is_empty() && !part.starts_with('/') {
                path.push('/');
            }
            path.push_str(part);
        }
    }
    if path.is_empty() { Ok("/".to_owned()) } else { Ok(path) }
}

/// `..`, also with its dots escaped, which browsers and servers undo.
fn is_dots(part: &str) -> bool {
    let part = part.to_ascii_lowercase().replace("%2e", ".");
    part == ".."
}

/// Fills the placeholders of Jekyll, Hugo and Hexo in.
fn fill(written: &str, filling: &Filling<'_>) -> Result<String, String> {
    let pattern = Pattern::colons(written, STATED_TOKENS)?;
    if let Some(name) = pattern.fields().next() {
        return Err(format!("nothing is known to fill `:{name}` with"));
    }
    let categories: Vec<String> = filling.categories.iter().map(|name| super::slugify(name)).collect();
    let folders = filling.section.split('/').filter(|part| !part.is_empty()).map(str::to_owned);
    let parts = Parts {
        slug: filling.slug.to_owned(),
        title: super::slugify(filling.title.unwrap_or(filling.slug)),
        section: filling.section.split('/').next().unwrap_or_default().to_owned(),
        sections: filling.section.to_owned(),
        category: categories.first().cloned().unwrap_or_default(),
        categories: folders.chain(categories).collect::<Vec<_>>().join("/"),
        ..Parts::default()
    };
    match pattern.fill(&parts, filling.page)? {
        Filled::Whole(filled) => Ok(filled),
        Filled::Undated(_) => Err("there is no date to fill it with".to_owned()),
    }
}

/// The last part of an address, as far as it can be a slug.
pub(super) fn last_part(address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next()?;
    let path =
        path.split_once("://").map_or(path, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let part = path.trim_end_matches('/').rsplit('/').next()?;
    let part = part.strip_suffix(".html").or_else(|| part.strip_suffix(".htm")).unwrap_or(part);
    is_safe_part(part).then(|| part.to_owned())
}

/// True if text can be the last part of a URL as it stands.
pub(super) fn is_safe_part(slug: &str) -> bool {
    !slug.is_empty()
        && slug.len() <= 255
        && !slug.contains("..")
        && slug != "."
        && !slug.contains(['/', '\\'])
        && !slug.contains("{{")
        && !slug.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use proptest::prelude::*;

    fn filled(pattern: &str) -> Result<String, String> {
        let categories = ["Big News".to_owned()];
        let date = chrono_tz::Europe::Paris.with_ymd_and_hms(2024, 5, 6, 10, 0, 0).unwrap();
        let page = Page {
            path: "hello.md",
            title: None,
            slug: None,
            date: Some(date),
            categories: &categories,
            language: None,
            field: &|_| None,
        };
        let (title, section) = (Some("Hello, you"), "news");
        let filling = Filling { slug: "hello", title, section, categories: &categories, page: &page };
        own(pattern, &filling)
    }

    #[test]
    fn patterns_are_filled_in() {
        for (pattern, address) in [
            ("/:categories/:year/:month/:day/:title:output_ext", "/news/big-news/2024/05/06/hello.html"),
            ("/:year/:i_month/:short_month/:slug/", "/2024/5/May/hello/"),
            ("pretty", "/news/big-news/2024/05/06/hello/"),
            (":year/:section/:title_:day", "/2024/news/hello_06"),
        ] {
            assert_eq!(filled(pattern).as_deref(), Ok(address), "{pattern}");
        }
    }

    #[test]
    fn an_address_is_absolute_or_a_path_from_home() {
        for (written, address) in [
            ("https://example.org/a", "https://example.org/a"),
            ("/a/b/", "/a/b/"),
            ("a/b", "/a/b"),
            ("./a", "/a"),
            ("/a//b", "/a/b"),
            ("a/index.html", "/a/"),
            ("index.html", "/"),
            ("/日本/", "/日本/"),
        ] {
            assert_eq!(filled(written).as_deref(), Ok(address), "{written}");
        }
    }

    #[test]
    fn what_leads_out_or_cannot_be_followed_is_none() {
        for written in [
            "../../etc/passwd",
            "/a/%2e%2E/b",
            "//evil.example/x",
            "javascript:alert(1)",
            "mailto:a@example.org",
            "/{{ page.fileSlug }}/",
            "a\\b",
            "/a\u{0}b",
            "/:nonsense/",
            "http://",
        ] {
            assert!(filled(written).is_err(), "{written}");
        }
    }

    proptest! {
        #[test]
        fn any_address_is_refused_or_safe(written in "[a-z:/._%2e{}\\\\é ?#\u{7}-]{0,40}") {
            if let Ok(address) = filled(&written) {
                prop_assert!(address.starts_with('/') || address.starts_with("http"));
                prop_assert!(!address.split('/').any(|part| part == ".."));
            }
        }
    }
}
