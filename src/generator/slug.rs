//! Ways of making text fit for an address that several generators share.

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

/// Text that stands in an address as it is, with what has a meaning there escaped.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => escaped.push_str("%25"),
            '?' => escaped.push_str("%3F"),
            '#' => escaped.push_str("%23"),
            '\\' => escaped.push_str("%5C"),
            c => escaped.push(c),
        }
    }
    escaped
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_those_of_the_generators() {
        assert_eq!(ascii_slug("Über 日本 & Co."), "uber-ri-ben-co");
        assert_eq!(transcribed("naïve Größe"), "naive Grosse");
        assert_eq!(word_slug("  This -- Week: 3.0 "), "this-week-30");
        assert_eq!(escaped("On Code Review?"), "On Code Review%3F");
    }
}
