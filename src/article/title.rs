//! The title of an article that states none: its first heading of the highest level.

use std::ops::Range;

use super::header::find_ignoring_case;
use crate::content::Markup;
use crate::data::lines;

/// The first heading, as written, and where the rest of the body begins if nothing stands before the heading, so
/// that it is not shown twice.
pub(super) fn first_heading(
    text: &str,
    body: Range<usize>,
    markup: Markup,
) -> Option<(String, Option<usize>)> {
    match markup {
        Markup::Markdown | Markup::Mdx => markdown(text, body),
        Markup::Html => html(text, body.start),
        // In plain text nothing is markup, so nothing is a heading.
        Markup::Text => None,
    }
}

fn markdown(text: &str, body: Range<usize>) -> Option<(String, Option<usize>)> {
    let mut fence: Option<(char, usize)> = None;
    let mut comment = false;
    let mut leading = true;
    // The line before, if it can be a heading that is underlined: its text and whether anything stands before it.
    let mut before: Option<(&str, bool)> = None;
    for line in lines(text, body.start) {
        let content = line.text(text);
        let trimmed = content.trim();
        let indent = content.len() - content.trim_start_matches(' ').len();
        if comment || (leading && trimmed.starts_with("<!--")) {
            comment = !trimmed.contains("-->");
            continue;
        }
        if let Some((mark, length)) = fence {
            let run = trimmed.len() - trimmed.trim_start_matches(mark).len();
            if run >= length && run == trimmed.len() {
                fence = None;
            }
            continue;
        }
        if let Some(opened) = fence_opening(trimmed) {
            fence = Some(opened);
            (leading, before) = (false, None);
            continue;
        }
        let code = indent > 3 || content.starts_with('\t');
        if !code && let Some(title) = atx(trimmed) {
            return Some((title, leading.then_some(line.next)));
        }
        if !code
            && !trimmed.is_empty()
            && trimmed.bytes().all(|byte| byte == b'=')
            && let Some((title, alone)) = before
        {
            return Some((title.to_owned(), alone.then_some(line.next)));
        }
        if leading && trimmed.get(..3).is_some_and(|tag| tag.eq_ignore_ascii_case("<h1")) {
            return html(text, line.start);
        }
        let statement = trimmed.starts_with("import ") || trimmed.starts_with("export ");
        let blank = trimmed.is_empty() || (leading && statement && trimmed.contains(['\'', '"', '=']));
        // A heading of several lines is too rare to be worth the risk of taking a paragraph for one.
        before = (!blank && !code && before.is_none()).then_some((trimmed, leading));
        if !blank {
            leading = false;
        }
    }
    None
}

fn fence_opening(line: &str) -> Option<(char, usize)> {
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let run = line.len() - line.trim_start_matches(mark).len();
    // Backticks with a backtick after them are code within a line.
    let inline = mark == '`' && line.get(run..).is_some_and(|rest| rest.contains('`'));
    (run >= 3 && !inline).then_some((mark, run))
}

/// `# Title #`, without its number signs and attributes.
fn atx(line: &str) -> Option<String> {
    let rest = line.strip_prefix('#')?;
    if !rest.starts_with([' ', '\t']) {
        return None;
    }
    let rest = rest.trim();
    let attributes = rest.ends_with('}').then(|| rest.rfind('{')).flatten();
    let rest = match attributes.and_then(|at| rest.get(at..).map(|attributes| (at, attributes))) {
        Some((at, attributes)) if attributes.starts_with("{#") || attributes.starts_with("{.") => {
            rest.get(..at).unwrap_or(rest).trim_end()
        }
        _ => rest,
    };
    let closed = rest.trim_end_matches('#');
    let rest = if closed.is_empty() || closed.ends_with([' ', '\t']) { closed.trim_end() } else { rest };
    (!rest.is_empty()).then(|| rest.to_owned())
}

fn html(text: &str, from: usize) -> Option<(String, Option<usize>)> {
    let open = find_ignoring_case(text, from, "<h1")?;
    let inside = open + text.get(open..)?.find('>')? + 1;
    let close = find_ignoring_case(text, inside, "</h1")?;
    let end = close + text.get(close..)?.find('>')? + 1;
    let alone = text.get(from..open)?.trim().is_empty();
    Some((text.get(inside..close)?.trim().to_owned(), alone.then_some(end)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn heading(text: &str) -> Option<(String, Option<&str>)> {
        let (title, rest) = first_heading(text, 0..text.len(), Markup::Markdown)?;
        Some((title, rest.map(|at| &text[at..])))
    }

    #[test]
    fn a_heading_that_begins_the_body_is_its_title_and_is_not_shown_twice() {
        for text in [
            "# Hello\nBody",
            "\n<!-- a\n# comment -->\n\n# Hello #\nBody",
            "# Hello {#top}\nBody",
            "Hello\n=====\nBody",
            "<h1 id=\"x\">Hello</h1>\nBody",
            "import X from 'x'\n\n# Hello\nBody",
        ] {
            let (title, rest) = heading(text).unwrap();
            assert_eq!((title.as_str(), rest.map(str::trim)), ("Hello", Some("Body")), "{text}");
        }
    }

    #[test]
    fn a_heading_further_down_stays_where_it_is() {
        assert_eq!(heading("Text\n\n# Hello\nBody"), Some(("Hello".into(), None)));
    }

    #[test]
    fn code_and_lesser_headings_are_no_titles() {
        for text in [
            "```sh\n# a comment\n```\n",
            "    # code\n",
            "## Hello\n",
            "#hashtag\n",
            "a\nb\n===\n",
            "~~~\n# x",
        ] {
            assert_eq!(heading(text), None, "{text}");
        }
        assert_eq!(first_heading("# Hello", 0..7, Markup::Text), None);
    }

    proptest! {
        #[test]
        fn any_text_has_a_heading_or_none(text in "[#=a`~<h1>/ é\n{}!-]{0,80}") {
            for markup in [Markup::Markdown, Markup::Html, Markup::Mdx] {
                if let Some((_, Some(at))) = first_heading(&text, 0..text.len(), markup) {
                    prop_assert!(text.is_char_boundary(at));
                }
            }
        }
    }
}
