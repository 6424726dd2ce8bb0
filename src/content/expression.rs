//! Expressions in double braces, of Liquid, Nunjucks and the like: a value and the filters that it goes through.

use super::Surroundings;
use super::resolve::UNRESOLVED;
use super::shortcode::{Call, TagMeaning, from_home, meaning};

/// Meaning of an expression in double braces: a text, an address, a call of a shortcode.
pub(super) fn expression(text: &str, surroundings: &Surroundings<'_>) -> TagMeaning {
    let text = text.trim().trim_matches('-').trim();
    let name_end =
        text.find(|letter: char| !(letter.is_alphanumeric() || "_-:".contains(letter))).unwrap_or(text.len());
    if name_end > 0 && text[name_end..].starts_with('(') && text.ends_with(')') {
        let name_start = text[..name_end].rfind(':').map_or(0, |at| at + 1);
        return meaning(&Call::parse(&text[name_start..]), surroundings);
    }
    let mut parts = split_filters(text).into_iter();
    let Some(mut value) = parts.next().and_then(|first| operand(first, surroundings)) else {
        return TagMeaning::Unknown;
    };
    for filter in parts {
        let (name, argument) =
            filter.split_once(':').map_or((filter, ""), |(name, argument)| (name, argument.trim()));
        value = match name.trim() {
            "relative_url" | "absolute_url" | "url" | "htmlBaseUrl" => {
                from_home(&value, surroundings).unwrap_or_else(|| UNRESOLVED.to_owned())
            }
            "prepend" => match operand(argument, surroundings) {
                Some(start) => start + &value,
                None => return TagMeaning::Unknown,
            },
            "append" => match operand(argument, surroundings) {
                Some(end) => value + &end,
                None => return TagMeaning::Unknown,
            },
            "escape" | "strip" | "safe" | "xml_escape" | "url_encode" | "raw" | "trim" | "uri_escape" => {
                value
            }
            _ => return TagMeaning::Unknown,
        };
    }
    TagMeaning::Inline(value)
}

/// The parts between `|`, quotes respected.
fn split_filters(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut quote = None;
    let mut start = 0;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            (None, '|') => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}

/// A text in quotes, or one of the few names whose value we know.
fn operand(text: &str, surroundings: &Surroundings<'_>) -> Option<String> {
    let quote = text.chars().next()?;
    if quote == '"' || quote == '\'' {
        return text[1..].strip_suffix(quote).filter(|inner| !inner.contains(quote)).map(str::to_owned);
    }
    let home = surroundings.home;
    let path = home.path().trim_end_matches('/');
    match text.trim_start_matches('.').to_ascii_lowercase().as_str() {
        "site.url" | "site.github.url" => Some(home[..url::Position::BeforePath].to_owned()),
        "site.baseurl" | "site.base_url" | "site.base-url" | "site.root" | "baseurl" => Some(path.to_owned()),
        "config.base_url" | "root_url" => Some(home.as_str().trim_end_matches('/').to_owned()),
        "page.url" | "page.permalink" | "permalink" | "relpermalink" => {
            Some(surroundings.permalink.as_str().to_owned())
        }
        _ => None,
    }
}
