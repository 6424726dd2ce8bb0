//! Ways of making text fit for an address that several generators share.

use std::fmt::Write;

use unicode_normalization::UnicodeNormalization;

/// Letters and digits of ASCII in lower case, those of other scripts as they are usually transcribed, with hyphens
/// between: what the slug crate makes, which Zola uses.
pub(super) fn ascii_slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    let mut push = |c: char| match c {
        c if c.is_ascii_alphanumeric() => slug.push(c.to_ascii_lowercase()),
        _ if slug.is_empty() || slug.ends_with('-') => {}
        _ => slug.push('-'),
    };
    for c in text.chars() {
        if c.is_ascii() {
            push(c);
        } else {
            deunicode::deunicode_char(c).unwrap_or("-").chars().for_each(&mut push);
        }
    }
    let trimmed = slug.trim_end_matches('-').len();
    slug.truncate(trimmed);
    slug
}

/// Text in ASCII, as it is usually transcribed.
pub(super) fn transcribed(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            made.push(c);
        } else {
            made.push_str(deunicode::deunicode_char(c).unwrap_or_default());
        }
    }
    made
}

/// Ways of making a value fit that people name in their patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// Eleventy's `slugify`, measured with 3.1.8.
    Slugify,
    /// Eleventy's `slug`, measured with 3.1.8.
    Slug,
}

impl Fit {
    /// The value, made fit.
    pub(super) fn apply(self, text: &str) -> String {
        match self {
            Self::Slugify => hyphenated(text),
            Self::Slug => symbolic(text),
        }
    }
}

/// Letters and digits of ASCII in lower case with hyphens between; German umlauts become two letters, an apostrophe before
/// the last letter of a word goes, and scripts without letters are left out.
fn hyphenated(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    let chars: Vec<char> = text.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        let is_contraction = || {
            matches!(chars.get(at + 1), Some('s' | 't'))
                && chars.get(at + 2).is_none_or(|next| next.is_whitespace())
                && slug.ends_with(|before: char| before.is_ascii_alphanumeric())
        };
        match c {
            '\'' | '\u{2019}' if is_contraction() => {}
            '&' => slug.push_str("-and-"),
            'ä' | 'Ä' => slug.push_str("ae"),
            'ö' | 'Ö' => slug.push_str("oe"),
            'ü' | 'Ü' => slug.push_str("ue"),
            c if c.is_ascii_alphanumeric() => slug.push(c.to_ascii_lowercase()),
            c if c.is_alphabetic() && *c < '\u{2e80}' => {
                slug.push_str(&deunicode::deunicode_char(*c).unwrap_or_default().to_ascii_lowercase());
            }
            _ => slug.push('-'),
        }
    }
    let words: Vec<&str> = slug.split('-').filter(|word| !word.is_empty()).collect();
    words.join("-")
}

/// Words in lower case joined by `-`, with the signs that need no escape and names of a few others.
fn symbolic(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => slug.push_str("and"),
            '%' => slug.push_str("percent"),
            '$' => slug.push_str("dollar"),
            '<' => slug.push_str("less"),
            '>' => slug.push_str("greater"),
            '|' => slug.push_str("or"),
            c if c.is_ascii_alphanumeric() || "*_+~.()'\"!-:@ ".contains(c) => {
                slug.push(c.to_ascii_lowercase());
            }
            c if c.is_alphabetic() && c < '\u{2e80}' => {
                slug.push_str(&deunicode::deunicode_char(c).unwrap_or_default().to_ascii_lowercase());
            }
            c if c.is_whitespace() => slug.push(' '),
            _ => {}
        }
    }
    slug.split_whitespace().collect::<Vec<_>>().join("-")
}

/// Text that stands in an address as it is, with what has a meaning there escaped.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => escaped.push_str("%25"),
            '?' => escaped.push_str("%3F"),
            '#' => escaped.push_str("%23"),
            '\\' => escaped.push_str("%5C"),
            c if c.is_ascii_control() => {
                let _ = write!(escaped, "%{:02X}", u32::from(c));
            }
            c => escaped.push(c),
        }
    }
    escaped
}

/// Lower case, without signs but `-` and `_`, each space a hyphen: as github-slugger and pymdownx do it.
pub(super) fn spaced_slug(text: &str) -> String {
    let is_mark = unicode_normalization::char::is_combining_mark;
    let lower = text.trim().to_lowercase();
    let kept = lower.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ') || is_mark(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Words joined by `-`, without what is neither letter, digit, `-` nor `_`, in lower case: as Django and those who
/// follow it do it.
pub(super) fn word_slug(text: &str) -> String {
    let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, '_' | '-') || c.is_whitespace());
    let kept: String = kept.collect::<String>().trim().to_lowercase();
    let mut slug = String::with_capacity(kept.len());
    for c in kept.chars() {
        match c == '-' || c.is_whitespace() {
            true if slug.ends_with('-') => {}
            true => slug.push('-'),
            false => slug.push(c),
        }
    }
    slug
}

/// A name made fit for an address and for a file on any system, without losing any script: lower case, composed,
/// words joined by `-`, and without what has a meaning in addresses and paths. Never empty, never `.` or `..`.
///
/// ```
/// use feedwright::config::address_safe;
/// assert_eq!(address_safe("Ünïcode & Größe"), "ünïcode-größe");
/// assert_eq!(address_safe("日本語"), "日本語");
/// assert_eq!(address_safe("C++"), "c++");
/// assert_eq!(address_safe("C#"), "c-sharp");
/// assert_eq!(address_safe("../../etc"), "etc");
/// assert_eq!(address_safe("///"), "-");
/// ```
pub fn address_safe(name: &str) -> String {
    let name = match name.trim() {
        "C#" | "c#" => "c-sharp".to_owned(),
        "F#" | "f#" => "f-sharp".to_owned(),
        name => name.to_lowercase(),
    };
    let mut safe = String::new();
    for character in name.nfc() {
        let keep = character.is_alphanumeric() || "_.+~@".contains(character) || is_mark(character);
        if keep {
            safe.push(character);
        } else if !safe.ends_with('-') {
            safe.push('-');
        }
    }
    // Files that begin with a dot are hidden, and Windows drops a dot at the end.
    let trimmed = safe.trim_matches(['-', '.']);
    let mut end = trimmed.len().min(LONGEST_NAME);
    while !trimmed.is_char_boundary(end) {
        end -= 1;
    }
    if trimmed.is_empty() { "-".to_owned() } else { trimmed[..end].to_owned() }
}

/// In bytes; file systems bear 255, and extensions come on top.
const LONGEST_NAME: usize = 150;

/// Combining marks carry the vowels of many scripts.
fn is_mark(character: char) -> bool {
    unicode_normalization::char::is_combining_mark(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_those_of_the_generators() {
        assert_eq!(ascii_slug("Über 日本 & Co."), "uber-ri-ben-co");
        assert_eq!(transcribed("naïve Größe"), "naive Grosse");
        assert_eq!(word_slug("  This -- Week: 3.0 "), "this-week-30");
        assert_eq!(escaped("On Code Review?"), "On Code Review%3F");
        for (title, slugify, slug) in [
            ("Don't panic & go", "dont-panic-and-go", "don't-panic-and-go"),
            ("Über Größe naïve", "ueber-groesse-naive", "uber-grosse-naive"),
            ("C++ and C# 3.0", "c-and-c-3-0", "c++-and-c-3.0"),
            ("snake_case Foo   Bar", "snake-case-foo-bar", "snake_case-foo-bar"),
            ("camelCaseTitle 日本語", "camelcasetitle", "camelcasetitle"),
            ("A/B testing: 50%!", "a-b-testing-50", "ab-testing:-50percent!"),
        ] {
            assert_eq!((Fit::Slugify.apply(title), Fit::Slug.apply(title)), (slugify.into(), slug.into()));
        }
    }
}
