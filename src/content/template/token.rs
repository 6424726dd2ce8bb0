//! Finds a template's tag in a text, and how far it is worth looking.

/// As far away the end of a tag may be: what is further is not an end, but another piece of prose.
pub(super) const LONGEST_TAG: usize = 8 * 1024;

/// A tag of a template.
pub(super) struct TemplateTag<'t> {
    pub(super) syntax: TagSyntax,
    pub(super) inner: &'t str,
    pub(super) end: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TagSyntax {
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
pub(super) fn token(text: &str, start: usize) -> Option<TemplateTag<'_>> {
    let rest = &text[start..];
    let forms: &[(&str, &str, TagSyntax)] = &[
        ("{{<", ">}}", TagSyntax::Hugo),
        ("{{%", "%}}", TagSyntax::Hugo),
        ("{{{", "}}}", TagSyntax::Value),
        ("{{", "}}", TagSyntax::Value),
        ("{%", "%}", TagSyntax::Tag),
        ("{# ", "#}", TagSyntax::Comment),
        ("{#-", "#}", TagSyntax::Comment),
    ];
    let (open, close, syntax) = forms.iter().find(|(open, ..)| rest.starts_with(open))?;
    let inner = &rest[open.len()..];
    let near = inner.get(..limit(inner)).unwrap_or(inner);
    let length = near.find(close)?;
    let inner = &near[..length];
    // Prose that happens to have both signs is far apart; only Hugo's calls and comments go over blank lines.
    if matches!(syntax, TagSyntax::Value | TagSyntax::Tag) && inner.contains("\n\n") {
        return None;
    }
    Some(TemplateTag { syntax: *syntax, inner, end: start + open.len() + length + close.len() })
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
