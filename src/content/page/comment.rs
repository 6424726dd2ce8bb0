//! Comments of HTML, all that the page knows of it: one of them may end the summary.

use super::Page;
use crate::content::summary;

impl Page<'_> {
    /// Comments, of which one may end the summary; anything else of HTML is declined.
    pub(in crate::content) fn comments(&mut self, html: &str) -> Option<()> {
        let mut rest = html;
        loop {
            let comment = rest.trim_ascii_start();
            self.space_round_comments(&rest[..rest.len() - comment.len()])?;
            if comment.is_empty() {
                break;
            }
            let comment = comment.strip_prefix("<!--")?;
            let end = comment.find("-->")?;
            let (text, after) = comment.split_at(end);
            // These end a comment too, if hardly anybody knows it.
            if comment.starts_with('>') || comment.starts_with("->") || text.contains("--!>") {
                return None;
            }
            self.comment(text)?;
            rest = &after["-->".len()..];
        }
        if !html.is_empty() {
            self.at_line_start = html.ends_with('\n');
        }
        Some(())
    }

    fn comment(&mut self, text: &str) -> Option<()> {
        if self.has_marker || !summary::is_marker(text) {
            return Some(());
        }
        // It may be in what is taken back.
        if self.in_heading && self.links > 0 {
            return None;
        }
        self.has_marker = true;
        self.words.end_here();
        self.shows(true);
        Some(())
    }

    /// Between blocks, of white space only a line's end is kept.
    fn space_round_comments(&mut self, space: &str) -> Option<()> {
        let space = if space.contains('\r') { space.replace("\r\n", "\n") } else { space.to_owned() };
        if space.contains('\r') {
            return None;
        }
        match self.open.last() {
            None => self.space(if space.contains('\n') { "\n" } else { "" }),
            // Here it depends on what else is in the quotation.
            Some(frame) if frame.name == "blockquote" && !matches!(space.as_str(), "" | "\n") => return None,
            Some(_) => self.space(&space),
        }
        Some(())
    }
}
