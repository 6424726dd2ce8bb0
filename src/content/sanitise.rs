//! The last word on markup: what is not in the portable profile does not get out.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

/// The elements that survive in Miniflux, feedparser, tt-rss and Feedbin alike, and `tbody`, which those that do not
/// know it only unwrap; in alphabetical order.
pub(super) const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "aside",
    "audio",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "dfn",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "small",
    "source",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "video",
];

/// What any element may say.
pub(super) const ATTRIBUTES: &[&str] = &["dir", "lang", "title", "id"];

/// What only some may.
pub(super) const ATTRIBUTES_OF: &[(&str, &[&str])] = &[
    ("a", &["href", "hreflang"]),
    ("audio", &["src", "controls"]),
    ("blockquote", &["cite"]),
    ("code", &["class"]),
    ("del", &["cite", "datetime"]),
    ("img", &["src", "srcset", "sizes", "alt", "width", "height"]),
    ("ins", &["cite", "datetime"]),
    ("li", &["value"]),
    ("ol", &["start", "reversed", "type"]),
    ("q", &["cite"]),
    ("source", &["src", "type"]),
    ("td", &["colspan", "rowspan", "headers"]),
    ("th", &["colspan", "rowspan", "headers", "scope", "abbr"]),
    ("time", &["datetime"]),
    ("video", &["src", "controls", "poster", "width", "height"]),
];

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let of = ATTRIBUTES_OF.iter().map(|(name, attributes)| (*name, attributes.iter().copied().collect()));
    let mut builder = Builder::default();
    builder
        .tags(ELEMENTS.iter().copied().collect())
        .clean_content_tags(HashSet::from(["script", "style"]))
        .tag_attributes(of.collect::<HashMap<_, HashSet<_>>>())
        .generic_attributes(ATTRIBUTES.iter().copied().collect())
        .generic_attribute_prefixes(HashSet::new())
        .allowed_classes(HashMap::new())
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "data"]))
        // Only bare fragments are still relative here.
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None)
        .strip_comments(true)
        .attribute_filter(|element, attribute, value| fit(element, attribute, value).then_some(value.into()));
    builder
});

/// The HTML without whatever the profile does not know.
pub(super) fn sanitise(html: &str) -> String {
    SANITISER.clean(html).to_string()
}

/// Longer values nobody wrote by hand; escaping them takes time with the square of their length.
pub(super) const LONGEST_VALUE: usize = 64 * 1024;

/// Whether a value is fit for its attribute: small images may be in the text itself, nothing else; a class may
/// only name the language of code.
fn fit(element: &str, attribute: &str, value: &str) -> bool {
    if value.len() > LONGEST_VALUE {
        return false;
    }
    match attribute {
        "class" => element == "code" && value.starts_with("language-"),
        "dir" => matches!(value, "ltr" | "rtl" | "auto"),
        "width" | "height" => !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()),
        "src" | "href" | "poster" | "cite"
            if value.trim_start().to_ascii_lowercase().starts_with("data:") =>
        {
            element == "img" && attribute == "src" && super::absolutise::is_small_image(value)
        }
        "src" | "poster" | "cite" => value.starts_with("http://") || value.starts_with("https://"),
        "href" => {
            ["http://", "https://", "mailto:", "tel:", "#"].iter().any(|start| value.starts_with(start))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_can_be_searched_for() {
        assert!(ELEMENTS.is_sorted());
    }
}
