//! The last word on markup: what is not in the portable profile does not get out.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::address::is_on_the_web;
use super::elements::{self, ATTRIBUTES};

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let of =
        elements::portable().map(|name| (name, elements::own_attributes(name).iter().copied().collect()));
    let mut builder = Builder::default();
    builder
        .tags(elements::portable().collect())
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
const LONGEST_VALUE: usize = 64 * 1024;

/// `true` if a value is fit for its attribute: small images may be in the text itself, nothing else; a class
/// may only name the language of code.
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
            element == "img" && attribute == "src" && super::resolve::is_small_image(value)
        }
        "src" | "poster" | "cite" => is_on_the_web(value),
        "href" => {
            is_on_the_web(value)
                || value.starts_with("mailto:")
                || value.starts_with("tel:")
                || value.starts_with('#')
        }
        _ => true,
    }
}
