//! The tags of templates: shortcodes of Hugo, Zola and Nikola, Liquid, Nunjucks.

use std::fmt::Write as _;
use std::ops::Range;

use super::scan::Scan;
use super::token::{TagSyntax, TemplateTag, limit, token};
use crate::content::expression::expression;
use crate::content::shortcode::{Call, TagMeaning, meaning};

/// As many bodies of shortcodes may be open in one another.
pub(super) const MOST_OPEN: usize = 100;

impl<'t> Scan<'t, '_, '_, '_> {
    /// `{{</* name */>}}` is how Hugo shows `{{< name >}}`.
    pub(super) fn escaped_shortcode(&mut self, rest: &'t str) -> Option<usize> {
        for (open, close, shown) in [("{{</*", "*/>}}", ("{{<", ">}}")), ("{{%/*", "*/%}}", ("{{%", "%}}"))] {
            if let Some(inner) = rest.strip_prefix(open) {
                let end = inner.get(..limit(inner)).unwrap_or(inner).find(close)?;
                if self.code_here().is_some() {
                    self.out.push_str(shown.0);
                    self.out.push_str(&inner[..end]);
                    self.out.push_str(shown.1);
                } else {
                    let _ = write!(
                        self.out,
                        "<code>{}{}{}</code>",
                        encoded(shown.0),
                        encoded(&inner[..end]),
                        encoded(shown.1)
                    );
                }
                return Some(self.at + open.len() + end + close.len());
            }
        }
        None
    }

    /// `{{% raw %}}…{{% /raw %}}` is how Nikola shows shortcodes.
    pub(super) fn raw_shortcode(&mut self, rest: &'t str) -> Option<usize> {
        let (open, close) = ("{{% raw %}}", "{{% /raw %}}");
        let inner = rest.strip_prefix(open)?;
        let end = inner.get(..limit(inner)).unwrap_or(inner).find(close)?;
        self.out.push_str(&inner[..end]);
        Some(self.at + open.len() + end + close.len())
    }

    pub(super) fn brace(&mut self, rest: &'t str) {
        if let Some(end) = self.escaped_shortcode(rest) {
            self.at = end;
            return;
        }
        if let Some(end) = self.raw_shortcode(rest) {
            self.at = end;
            return;
        }
        // `{{% raw %}` is a brace, and then a tag.
        if rest.starts_with("{{% raw") || rest.starts_with("{{{% ") {
            return;
        }
        if let Some(token) = token(self.text, self.at) {
            if !self.is_formula(&token) {
                self.token(&token);
            }
            return;
        }
        if self.is_markdown && self.attribute_list(rest) {
            return;
        }
        self.pelican(rest);
    }

    /// `x_{{i}}` and `\frac{{a}}{b}` are TeX.
    pub(super) fn is_formula(&self, token: &TemplateTag<'_>) -> bool {
        if token.syntax != TagSyntax::Value || token.inner.contains(['|', '.', '"']) {
            return false;
        }
        let before = &self.text[..self.at];
        let word = before.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        before.ends_with(['_', '^']) || (word.len() < before.len() && word.ends_with('\\'))
    }

    pub(super) fn token(&mut self, token: &TemplateTag<'t>) {
        let start = self.at;
        let meaning = match token.syntax {
            TagSyntax::Comment => TagMeaning::Nothing,
            TagSyntax::Value => expression(token.inner, self.surroundings),
            TagSyntax::Hugo | TagSyntax::Tag => {
                let call = Call::parse(token.inner.trim().trim_end_matches('/'));
                if self.close(&call.name, token) {
                    return;
                }
                match meaning(&call, self.surroundings) {
                    TagMeaning::Unknown if token.inner.trim().starts_with("end") => TagMeaning::Nothing,
                    TagMeaning::Code(language) => {
                        return self.code_body(token, &call.name, language.as_deref());
                    }
                    TagMeaning::Verbatim => return self.verbatim(token, &call.name),
                    TagMeaning::Skip { is_loss } => return self.skip(token, &call.name, is_loss),
                    TagMeaning::Around { before, after } => {
                        return self.around(token, call.name, &before, &after);
                    }
                    meaning => meaning,
                }
            }
        };
        match meaning {
            TagMeaning::Inline(text) => self.out.push_str(&text),
            TagMeaning::Element { block, inline } => return self.put(&block, &inline, start, token.end),
            TagMeaning::NoArticle(name) => {
                self.no_article(&name, start..token.end);
                self.drop_here();
            }
            TagMeaning::Unknown => {
                self.leftover(start..token.end);
                if self.out.ends_with('<') && self.text[token.end..].starts_with('>') {
                    // An address in angle brackets of which nothing is left.
                    self.out.pop();
                    self.at = token.end + 1;
                    return;
                }
                self.drop_here();
            }
            _ => {}
        }
        self.at = token.end;
    }

    /// Ends the shortcode that a closing tag names; whether the tag was one.
    pub(super) fn close(&mut self, name: &str, token: &TemplateTag<'_>) -> bool {
        let named = name.strip_prefix('/').or_else(|| name.strip_prefix("end"));
        let Some(named) = named.or_else(|| matches!(name, "else" | "elsif" | "elif" | "when").then_some(""))
        else {
            return false;
        };
        let named = named.trim();
        let named = if token.inner.trim().starts_with("/ ") { token.inner.trim()[1..].trim() } else { named };
        let place =
            self.open.iter().rposition(|(open, _)| named.is_empty() && name == "end" || open == named);
        if let Some(place) = place {
            for (_, after) in self.open.split_off(place).into_iter().rev() {
                self.out.push_str(&after);
            }
        }
        self.at = token.end;
        true
    }

    pub(super) fn around(&mut self, token: &TemplateTag<'_>, name: String, before: &str, after: &str) {
        let is_closed = self.open.len() < MOST_OPEN && self.end_tag(token, &name).is_some();
        if is_closed {
            let (blank, end) = if self.is_markdown { ("\n\n", "\n\n") } else { ("", "") };
            let _ = write!(self.out, "{blank}{before}{blank}");
            self.open.push((name, format!("{blank}{after}{end}")));
        } else {
            self.leftover(self.at..token.end);
        }
        self.at = token.end;
    }

    /// Range of the end tag of `name`, after `token`.
    pub(super) fn end_tag(&self, token: &TemplateTag<'_>, name: &str) -> Option<Range<usize>> {
        let mut at = token.end;
        let (open, wanted): (&str, [String; 2]) = match token.syntax {
            TagSyntax::Hugo => ("{{", [format!("/{name}"), format!("/ {name}")]),
            _ => ("{%", [format!("end{name}"), "end".into()]),
        };
        // Those who never close a thing shall not make us look for its end again and again.
        for _ in 0..200 {
            let start = at + self.text.get(at..)?.find(open)?;
            at = start + open.len();
            let inner = self.text.get(at..)?.trim_start_matches(['-', '<', '%']).trim_start();
            let end = wanted.iter().find_map(|wanted| inner.strip_prefix(wanted.as_str()));
            let Some(after) = end
                .filter(|after| !after.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_'))
            else {
                continue;
            };
            let close = if token.syntax == TagSyntax::Hugo { "}}" } else { "%}" };
            let length = after.get(..limit(after)).unwrap_or(after).find(close)?;
            return Some(start..self.text.len() - after.len() + length + close.len());
        }
        None
    }

    /// All up to the end tag as code.
    pub(super) fn code_body(&mut self, token: &TemplateTag<'t>, name: &str, language: Option<&str>) {
        let Some(end) = self.end_tag(token, name) else {
            self.leftover(self.at..token.end);
            self.at = token.end;
            return;
        };
        let code = self.text[token.end..end.start].trim_start_matches(['\r', '\n']).trim_end();
        let class = language.map(|language| format!(" class=\"language-{language}\"")).unwrap_or_default();
        let block = format!("<pre><code{class}>{}</code></pre>", encoded(&dedented(code)));
        let blank = if self.is_markdown { "\n" } else { "" };
        self.out.push_str(&block);
        self.out.push_str(blank);
        self.at = end.end;
    }

    /// All up to the end tag word for word, as Markdown or HTML.
    pub(super) fn verbatim(&mut self, token: &TemplateTag<'t>, name: &str) {
        match self.end_tag(token, name) {
            Some(end) => {
                self.out.push_str(&self.text[token.end..end.start]);
                self.at = end.end;
            }
            None => self.at = token.end,
        }
    }

    pub(super) fn skip(&mut self, token: &TemplateTag<'t>, name: &str, is_loss: bool) {
        if is_loss {
            self.leftover(self.at..token.end);
        }
        self.at = self.end_tag(token, name).map_or(token.end, |end| end.end);
    }
}

/// The text with all but letters and digits as references, so that neither Markdown nor the end of a list or
/// quotation can come between.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for letter in text.chars() {
        match letter {
            '\r' => {}
            letter if letter.is_alphanumeric() || letter == ' ' => out.push(letter),
            letter => {
                let _ = write!(out, "&#{};", u32::from(letter));
            }
        }
    }
    out
}

/// Code without the indentation that all its lines have.
fn dedented(code: &str) -> String {
    let indentation = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let lines = code.lines().filter(|line| !line.trim().is_empty());
    let common = lines.map(indentation).min().unwrap_or(0);
    code.lines().map(|line| line.get(common..).unwrap_or_default()).collect::<Vec<_>>().join("\n")
}
