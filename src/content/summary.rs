//! The summary: what the author wrote, else the text before the marker, else the first paragraphs.

use unicode_normalization::char::is_combining_mark;

use super::characters::{is_forbidden, one_line, without_forbidden_characters};
use super::elements::{self, ENDS_WORD, Facts, SKIPPED};
use super::tree::{Data, Element, Tree};

/// The most characters of a summary that the author did not write.
const LONGEST: usize = 300;

/// As many bytes hold a summary, whatever they are.
const ENOUGH: usize = LONGEST * 8;

/// `true` if the text of a comment says that the summary ends here.
pub(super) fn is_marker(comment: &str) -> bool {
    let comment = comment.trim().to_lowercase();
    let first = comment.split_whitespace().next().unwrap_or_default();
    matches!(first, "more" | "wp:more" | "truncate" | "excerpt" | "teaser_end" | "endexcerpt" | "end_excerpt")
        || matches!(comment.as_str(), "read more" | "excerpt-end" | "end excerpt" | "/excerpt" | "preview")
}

/// The summary of a text: as `stated` by its author, or else its first words, shorter than the text's HTML.
pub(super) fn summarise(stated: Option<&str>, content: &Tree, html: &str) -> String {
    let stated = clean_line(stated.unwrap_or_default());
    if !stated.is_empty() {
        return stated;
    }
    // tt-rss and AntennaPod show whichever is longer: that has to be the content.
    let most = html.chars().count().saturating_sub(1);
    shortened(&first_words(content), most.min(LONGEST))
}

/// The beginning of the text: more words than a summary takes.
fn first_words(content: &Tree) -> String {
    let marker = content.nodes.iter().position(|node| matches!(node.data, Data::Comment(_)));
    let all = content.nodes.len();
    let notes = notes_start(content).unwrap_or(all);
    // A marker before any text marks nothing, and one in a note does not make the notes a part of the summary.
    let attempts = [(marker.unwrap_or(0).min(notes), SKIPPED), (notes, SKIPPED), (all, 0)];
    for (end, skipped) in attempts {
        let text = text_of(content, end, skipped);
        if !text.is_empty() {
            return text;
        }
    }
    let described = content
        .elements(0..all)
        .find_map(|(_, element)| element.get("alt").filter(|alt| !alt.trim().is_empty()));
    clean_line(described.unwrap_or_default())
}

/// `true` if an element is the mark of a footnote: a raised link into the text, or a link that holds nothing
/// but raised words.
fn is_note_mark(content: &Tree, index: usize, element: &Element) -> bool {
    let leads_inside = |element: &Element| element.get("href").is_some_and(|href| href.starts_with('#'));
    let inside = content.inside(index);
    match element.name() {
        "sup" => content.elements(inside).any(|(_, inner)| inner.name() == "a" && leads_inside(inner)),
        "a" if leads_inside(element) => content
            .nodes
            .get(inside.start)
            .is_some_and(|first| first.name() == "sup" && first.end == inside.end),
        _ => false,
    }
}

/// Index of the element that holds the footnotes, if there are any.
fn notes_start(content: &Tree) -> Option<usize> {
    let (first_note, _) = content
        .elements(0..content.nodes.len())
        .find(|(_, element)| element.name() == "li" && element.get("id").is_some_and(is_note_id))?;
    content.nodes.get(first_note)?.parent
}

/// `true` if an id is that of a footnote, as generators name them: `fn-1`, `fn:1`, `fn1`,
/// `user-content-fn-1`.
fn is_note_id(id: &str) -> bool {
    let id = id.strip_prefix("user-content-").unwrap_or(id);
    id.strip_prefix("fn").is_some_and(|rest| {
        rest.starts_with(['-', ':', '.', '_']) || rest.starts_with(|first: char| first.is_ascii_digit())
    })
}

/// The text before `end`, on one line, without the elements to skip; a little more than a summary takes.
fn text_of(content: &Tree, end: usize, skipped: Facts) -> String {
    let mut text = String::new();
    let mut at = 0;
    let mut break_at = Vec::new();
    while let Some(node) = content.nodes.get(at)
        && at < end
        && text.len() < ENOUGH
    {
        while break_at.last().is_some_and(|&end| end <= at) {
            break_at.pop();
            text.push(' ');
        }
        match &node.data {
            Data::Text(part) => text.push_str(part),
            Data::Element(element) if is_note_mark(content, at, element) => {
                at = node.end;
                continue;
            }
            Data::Element(element) if elements::is(element.name(), skipped) => {
                at = node.end;
                text.push(' ');
                continue;
            }
            Data::Element(element) if elements::is(element.name(), ENDS_WORD) => {
                text.push(' ');
                break_at.push(node.end);
            }
            _ => {}
        }
        at += 1;
    }
    clean_line(&text)
}

/// The text on one line, without characters that no feed may contain.
fn clean_line(text: &str) -> String {
    one_line(&without_forbidden_characters(text))
}

/// At most so many characters: whole words and `…`, or, in scripts without spaces, whole characters with all that
/// belongs to them.
pub(super) fn shortened(text: &str, most: usize) -> String {
    let mut ends = text.char_indices().map(|(at, _)| at);
    if ends.clone().nth(most).is_none() {
        return text.to_owned();
    }
    // One character is for the ellipsis.
    let Some(limit) = most.checked_sub(1).and_then(|most| ends.nth(most)) else { return String::new() };
    let head = &text[..limit];
    let cut = if text[limit..].starts_with(' ') {
        limit
    } else {
        head.rfind(' ')
            .filter(|&at| head[at..].chars().count() <= 40)
            .unwrap_or_else(|| whole_characters(text, limit))
    };
    let kept = text[..cut]
        .trim_end()
        .trim_end_matches([',', ';', ':', '-', '–', '—', '(', '“', '「', '、'])
        .trim_end();
    if kept.is_empty() && most < 2 { String::new() } else { format!("{kept}…") }
}

/// The last place up to `limit` that does not part a character from its accents, or from what it is joined with.
fn whole_characters(text: &str, limit: usize) -> usize {
    const JOINER: char = '\u{200d}';
    let belongs_before = |letter: char| {
        is_combining_mark(letter)
            || matches!(letter, JOINER | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{1f1e6}'..='\u{1f1ff}')
    };
    let mut cut = limit;
    // Nobody's character is longer than this; what claims to be, is cut.
    for _ in 0..32 {
        let next = text[cut..].chars().next();
        let previous = text[..cut].chars().next_back();
        if !next.is_some_and(belongs_before) && previous != Some(JOINER) {
            return cut;
        }
        let Some(previous) = previous else { return limit };
        cut -= previous.len_utf8();
    }
    limit
}

/// The beginning of the text of HTML that we wrote ourselves, as far as `most` characters.
pub(super) fn beginning(html: &str, most: usize) -> String {
    let mut text = String::new();
    let mut rest = html;
    while !rest.is_empty() && text.len() < most.saturating_mul(8).saturating_add(64) {
        if let Some(tag) = rest.strip_prefix('<') {
            let (name, length) = tag_of(tag);
            if elements::is(name, ENDS_WORD) {
                text.push(' ');
            }
            rest = &tag[length..];
            continue;
        }
        let end = rest.find('<').unwrap_or(rest.len());
        text.push_str(&decoded(&rest[..end]));
        rest = &rest[end..];
    }
    shortened(&clean_line(&text), most)
}

fn tag_of(tag: &str) -> (&str, usize) {
    let name = tag.trim_start_matches('/');
    let name = &name[..name.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(name.len())];
    let mut is_quoted = false;
    for (at, byte) in tag.bytes().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'>' if !is_quoted => return (name, at + 1),
            _ => {}
        }
    }
    (name, tag.len())
}

/// The references that the sanitiser writes; there are no others.
fn decoded(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&")
}

/// `true` if a text has anything to show.
pub(super) fn has_words(text: &str) -> bool {
    text.chars().any(|letter| !letter.is_whitespace() && !is_forbidden(letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_summary_is_cut_at_a_word() {
        assert_eq!(shortened("one two three", 9), "one two…");
        assert_eq!(shortened("one two, three", 10), "one two…");
        assert_eq!(shortened("one two", 7), "one two");
        assert_eq!(shortened("", 5), "");
    }

    #[test]
    fn scripts_without_spaces_are_cut_between_characters() {
        assert_eq!(shortened(&"漢".repeat(400), 300).chars().count(), 300);
        assert_eq!(shortened("abcde\u{301}fg", 6), "abcd…");
        assert_eq!(shortened("👩\u{200d}👩\u{200d}👧x", 4), "…");
    }

    #[test]
    fn every_form_of_the_marker_is_known() {
        for marker in [
            "more",
            " more ",
            "MoRe",
            "more Read on, please",
            " wp:more ",
            "truncate",
            " excerpt",
            "TEASER_END",
        ] {
            assert!(is_marker(marker), "{marker}");
        }
        for comment in ["moreover", "nextpage", "", " wp:paragraph "] {
            assert!(!is_marker(comment), "{comment}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shortened_is_short_enough(text in any::<String>(), most in 0_usize..40) {
            prop_assert!(shortened(&text, most).chars().count() <= most);
        }
    }
}
