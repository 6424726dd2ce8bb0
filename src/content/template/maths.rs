//! TeX between the signs that a flavour of Markdown has for it, letter by letter.

use super::calls::encoded;
use super::scan::Scan;
use super::token::limit;
use crate::content::flavour::Maths;

impl Scan<'_, '_, '_, '_> {
    /// `true` if a formula may begin here.
    pub(super) fn may_be_maths(&self, rest: &str) -> bool {
        let starts: &[&str] = match self.surroundings.flavour.features().maths {
            Maths::None => &[],
            Maths::Doubled => &["$$"],
            Maths::Dollars => &["$"],
            Maths::Passthrough => &["$$", "\\(", "\\["],
        };
        starts.iter().any(|start| rest.starts_with(start))
    }

    /// A formula that begins here, as code; nothing where none does.
    pub(super) fn maths(&mut self, rest: &str) {
        if self.out.ends_with('\\') {
            return;
        }
        let maths = self.surroundings.flavour.features().maths;
        let found = match maths {
            Maths::None => None,
            Maths::Doubled => doubled(rest),
            Maths::Dollars => doubled(rest).or_else(|| single(rest)),
            Maths::Passthrough => doubled(rest).or_else(|| bracketed(rest)).filter(|tex| !is_escaped(tex.1)),
        };
        if let Some((length, tex)) = found {
            self.out.push_str("<code>");
            self.out.push_str(&encoded(tex.trim()));
            self.out.push_str("</code>");
            self.at += length;
        }
    }
}

/// `$$…$$`: the length of it all, and the TeX.
fn doubled(rest: &str) -> Option<(usize, &str)> {
    let inner = rest.strip_prefix("$$")?;
    let length = inner.get(..limit(inner))?.find("$$")?;
    let tex = &inner[..length];
    (!tex.trim().is_empty() && !tex.contains("\n\n")).then_some((length + 4, tex))
}

/// `$…$` within a paragraph, by Pandoc's rule: no space inside of the signs, no digit after them. So prices are none.
fn single(rest: &str) -> Option<(usize, &str)> {
    let inner = rest.strip_prefix('$')?;
    if inner.starts_with(|first: char| first.is_whitespace() || first == '$') {
        return None;
    }
    let near = inner.get(..limit(inner))?;
    let length = near.match_indices('$').map(|(at, _)| at).find(|&at| !near[..at].ends_with('\\'))?;
    let (tex, after) = (&near[..length], &inner[length + 1..]);
    let is_tex = !tex.ends_with(char::is_whitespace)
        && !tex.contains("\n\n")
        && !after.starts_with(|next: char| next.is_ascii_digit());
    is_tex.then_some((length + 2, tex))
}

/// `\(…\)` and `\[…\]` round what can only be TeX: in prose, these are brackets that are no links.
fn bracketed(rest: &str) -> Option<(usize, &str)> {
    let (inner, close) = match rest.strip_prefix("\\(") {
        Some(inner) => (inner, "\\)"),
        None => (rest.strip_prefix("\\[")?, "\\]"),
    };
    let length = inner.get(..limit(inner))?.find(close)?;
    let tex = &inner[..length];
    (tex.contains(['\\', '^', '_', '=']) && !tex.contains("\n\n")).then_some((length + 4, tex))
}

/// `true` if an author wrote TeX for Markdown to unescape it: then Markdown does.
fn is_escaped(tex: &str) -> bool {
    tex.contains("\\_") || tex.contains("\\\\\\\\") || tex.contains("\\*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_no_formulas() {
        assert_eq!(single("$5 and $6"), None);
        assert_eq!(single("$5-$6"), None);
        assert_eq!(single("$ 5$"), None);
        assert_eq!(single("$x_1$, or"), Some((5, "x_1")));
        assert_eq!(single("$a \\$ b$"), Some((8, "a \\$ b")));
    }

    #[test]
    fn brackets_in_prose_are_no_formulas() {
        assert_eq!(bracketed("\\[sic\\]"), None);
        assert_eq!(bracketed("\\(x_i\\)."), Some((7, "x_i")));
    }
}
