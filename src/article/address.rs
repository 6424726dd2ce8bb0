//! Addresses that articles give themselves: checked, with their patterns filled in.

use chrono::{DateTime, Datelike, Timelike};
use chrono_tz::Tz;
use url::Url;

use crate::fetch::is_web;

/// The values that fill a pattern such as `/:year/:month/:title/`.
pub(super) struct Filling<'a> {
    pub(super) slug: &'a str,
    pub(super) title: Option<&'a str>,
    pub(super) section: &'a str,
    pub(super) categories: &'a [String],
    /// In the publication's time zone.
    pub(super) date: Option<DateTime<Tz>>,
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
fn fill(pattern: &str, filling: &Filling<'_>) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once(':') {
        filled.push_str(before);
        let length = after.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(after.len());
        let (token, after) = after.split_at(length);
        // `:title_:day` has no more letters than `:title`, but `_` belongs to both names and text.
        let (token, trimmed) = match token.strip_suffix('_') {
            Some(token) => (token, "_"),
            None => (token, ""),
        };
        filled.push_str(&value(token, filling)?);
        filled.push_str(trimmed);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

fn value(token: &str, filling: &Filling<'_>) -> Result<String, String> {
    let value = match token {
        "title"
        | "slug"
        | "name"
        | "basename"
        | "post_title"
        | "filename"
        | "slugorfilename"
        | "slugorcontentbasename"
        | "contentbasename"
        | "path" => filling.slug.to_owned(),
        "slugified_title" => super::slugify(filling.title.unwrap_or(filling.slug)),
        "section" => filling.section.split('/').next().unwrap_or_default().to_owned(),
        "sections" | "collection" => filling.section.to_owned(),
        "category" => filling.categories.first().map(|category| super::slugify(category)).unwrap_or_default(),
        "categories" | "slugified_categories" => {
            let section = filling.section.split('/').filter(|part| !part.is_empty()).map(str::to_owned);
            let stated = filling.categories.iter().map(|category| super::slugify(category));
            section.chain(stated).collect::<Vec<_>>().join("/")
        }
        "output_ext" => ".html".to_owned(),
        _ => {
            let format = moment(token).ok_or_else(|| format!("nothing is known to fill `:{token}` with"))?;
            let date = filling.date.ok_or_else(|| format!("there is no date to fill `:{token}` with"))?;
            format(&date)
        }
    };
    Ok(value)
}

/// The spelling of a part of the date. The functions are chrono's accessors, because its format strings panic in
/// `to_string` where they are wrong.
fn moment(token: &str) -> Option<fn(&DateTime<Tz>) -> String> {
    Some(match token {
        "year" => |date| format!("{:04}", date.year()),
        "short_year" => |date| format!("{:02}", date.year() % 100),
        "month" => |date| format!("{:02}", date.month()),
        "i_month" => |date| date.month().to_string(),
        "short_month" => |date| month(date).chars().take(3).collect(),
        "long_month" => |date| month(date).to_owned(),
        "monthname" => |date| month(date).to_lowercase(),
        "day" => |date| format!("{:02}", date.day()),
        "i_day" => |date| date.day().to_string(),
        "y_day" => |date| format!("{:03}", date.ordinal()),
        "yearday" => |date| date.ordinal().to_string(),
        "week" => |date| format!("{:02}", date.iso_week().week()),
        "hour" => |date| format!("{:02}", date.hour()),
        "minute" => |date| format!("{:02}", date.minute()),
        "second" => |date| format!("{:02}", date.second()),
        _ => return None,
    })
}

fn month(date: &DateTime<Tz>) -> &'static str {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    MONTHS.get(date.month0() as usize).copied().unwrap_or_default()
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
        let filling = Filling {
            slug: "hello",
            title: Some("Hello, you"),
            section: "news",
            categories: &categories,
            date: Some(date),
        };
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
