//! Finds a template's tag in a text, and how far it is worth looking.

/// As far away the end of a tag may be: what is further is not an end, but another piece of prose.
pub(super) const LONGEST_TAG: usize = 8 * 1024;

/// A tag of a template.
pub(super) struct Token<'t> {
    pub(super) syntax: Syntax,
    pub(super) inner: &'t str,
    pub(super) end: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    /// `{{< name >}}`, `{{% name %}}`
    Hugo,
    /// `{% name %}`
    Tag,
    /// `{{ value }}`
    Value,
    /// `{# comment #}`
    Comment,
}

/// The tag of a template that begins at `start`, if it ends.
pub(super) fn token(text: &str, start: usize) -> Option<Token<'_>> {
    let rest = &text[start..];
    let forms: &[(&str, &str, Syntax)] = &[
        ("{{<", ">}}", Syntax::Hugo),
        ("{{%", "%}}", Syntax::Hugo),
        ("{{{", "}}}", Syntax::Value),
        ("{{", "}}", Syntax::Value),
        ("{%", "%}", Syntax::Tag),
        ("{# ", "#}", Syntax::Comment),
        ("{#-", "#}", Syntax::Comment),
    ];
    let (open, close, syntax) = forms.iter().find(|(open, ..)| rest.starts_with(open))?;
    let inner = &rest[open.len()..];
    let near = inner.get(..limit(inner)).unwrap_or(inner);
    let length = near.find(close)?;
    let inner = &near[..length];
    // Prose that happens to have both signs is far apart; only Hugo's calls and comments go over blank lines.
    if matches!(syntax, Syntax::Value | Syntax::Tag) && inner.contains("\n\n") {
        return None;
    }
    Some(Token { syntax: *syntax, inner, end: start + open.len() + length + close.len() })
}

/// A place not far into the text that is between two characters.
pub(super) fn limit(text: &str) -> usize {
    floor(text, LONGEST_TAG)
}

pub(super) fn floor(text: &str, most: usize) -> usize {
    let mut limit = most.min(text.len());
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    limit
}
