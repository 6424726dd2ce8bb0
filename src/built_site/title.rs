//! Titles of articles and of the pages that show them, compared by their letters and digits.

use unicode_normalization::UnicodeNormalization;

/// Characters between an article's title and the name of its site in a page's `title`.
const SEPARATORS: [char; 13] = ['|', '-', '–', '—', '―', '·', '•', ':', '»', '«', '~', '/', '⋅'];

/// A page's `title` with more parts is only looked at whole.
const MOST_PARTS: usize = 8;

/// Key that the spellings of one title share: its letters and digits, without regard to case, quotes and
/// spaces. Empty where it has none.
pub(super) fn key(title: &str) -> String {
    title.nfkc().flat_map(char::to_lowercase).filter(|character| character.is_alphanumeric()).collect()
}

/// The titles that a page's `title` may name: whole, without parts at its end, without parts at its beginning.
///
/// A separator counts where white space is on either side of it, so that words with hyphens stay whole.
pub(super) fn parts(title: &str) -> Vec<&str> {
    let cuts = separators(title);
    let mut parts = vec![title];
    if cuts.len() < MOST_PARTS {
        parts.extend(cuts.iter().rev().map(|(start, _)| &title[..*start]));
        parts.extend(cuts.iter().map(|(_, end)| &title[*end..]));
    }
    parts
}

/// Beginning and end of each separator, in bytes.
fn separators(title: &str) -> Vec<(usize, usize)> {
    let is_separator = |text: &str| text.chars().all(|character| SEPARATORS.contains(&character));
    let mut found = Vec::new();
    let mut at = 0;
    for word in title.split(' ') {
        let end = at + word.len();
        // `Title: The Shore` has its separator at the end of a word.
        let start = if word.ends_with([':', '|', '»']) && !is_separator(word) {
            end - word.chars().last().map_or(0, char::len_utf8)
        } else {
            at
        };
        if !word.is_empty() && is_separator(&title[start..end]) {
            found.push((start, end));
        }
        at = end + 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_title_have_one_key() {
        assert_eq!(key("It’s “Ünïcode” — 2nd ﬁx!"), key("it's \"ünïcode\" - 2ND fix"));
        assert_eq!(key("日本語。"), "日本語");
        assert_eq!(key(" … "), "");
    }

    #[test]
    fn the_name_of_a_site_is_taken_from_either_end() {
        assert_eq!(parts("Tides"), ["Tides"]);
        assert_eq!(parts("Tides | The Shore"), ["Tides | The Shore", "Tides ", " The Shore"]);
        assert!(parts("A - B - Shore").contains(&"A - B "));
        assert!(parts("Shore: Ebb-and-flow").contains(&" Ebb-and-flow"));
        assert_eq!(parts("Ebb-and-flow 1:2"), ["Ebb-and-flow 1:2"]);
    }
}
