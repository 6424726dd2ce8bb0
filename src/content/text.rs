//! Plain text to HTML: paragraphs at blank lines, addresses become links, nothing else is interpreted.

use super::autolink::{Piece, pieces};
use super::characters::{escape, escape_into};
use std::fmt::Write as _;

/// The text as HTML. A line that is nothing but one of the usual markers ends the summary.
pub(super) fn to_html(text: &str, summary_marker: Option<&str>) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    let mut lines_of_paragraph = 0;
    for line in text.split('\n') {
        let line = line.trim_end();
        let is_marker = is_marker(line.trim(), summary_marker);
        if line.trim().is_empty() || is_marker {
            if lines_of_paragraph > 0 {
                html.push_str("</p>\n");
            }
            lines_of_paragraph = 0;
            if is_marker {
                html.push_str("<!--more-->");
            }
            continue;
        }
        html.push_str(if lines_of_paragraph == 0 { "<p>" } else { "<br>\n" });
        lines_of_paragraph += 1;
        line_into(&mut html, line);
    }
    if lines_of_paragraph > 0 {
        html.push_str("</p>");
    }
    html
}

fn is_marker(line: &str, summary_marker: Option<&str>) -> bool {
    if summary_marker.is_some_and(|marker| !marker.trim().is_empty() && marker.trim() == line) {
        return true;
    }
    let comment = line.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
    comment.is_some_and(super::summary::is_marker)
}

fn line_into(html: &mut String, line: &str) {
    for piece in pieces(line) {
        match piece {
            Piece::Words(words) => escape_into(html, words),
            Piece::Address { text, href } => {
                let _ = write!(html, "<a href=\"{}\">{}</a>", escape(&href), escape(text));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_stays_as_it_was_written() {
        let text = "It cost £5 * 2 & <b> _was_ \"free\"\nof charge.\n\n\n1. Not a list";
        assert_eq!(
            to_html(text, None),
            "<p>It cost £5 * 2 &amp; &lt;b&gt; _was_ &quot;free&quot;<br>\nof charge.</p>\n<p>1. Not a list</p>"
        );
    }

    #[test]
    fn addresses_become_links() {
        assert_eq!(
            to_html("Go to https://example.org/?a=1&b=2.", None),
            "<p>Go to <a href=\"https://example.org/?a=1&amp;b=2\">https://example.org/?a=1&amp;b=2</a>.</p>"
        );
    }

    #[test]
    fn a_marker_on_its_own_line_is_none_of_the_text() {
        assert_eq!(to_html("One.\n<!-- more -->\nTwo.\r\n", None), "<p>One.</p>\n<!--more--><p>Two.</p>\n");
        assert_eq!(to_html("One.\n-8<-\nTwo.", Some("-8<-")), "<p>One.</p>\n<!--more--><p>Two.</p>");
    }
}
