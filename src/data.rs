//! Data that people write in YAML, TOML or JSON, in front matter, beside an article or in a site's configuration: one
//! neutral tree with places, whatever the language.

mod flat;
mod json;
mod repair;
mod toml;
mod tree;
mod value;
mod yaml;

use std::borrow::Cow;
use std::ops::Range;

use crate::content::{first_forbidden, is_forbidden};
use crate::diagnostic::{Diagnostic, Rule};

pub(crate) use json::{fault as json_fault, read as json_within};
pub use tree::{Field, Node, Value, comparable, truth_of};

/// A language of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// YAML 1.2, with the strings of 1.1 that people mean as yes and no left as text.
    Yaml,
    /// TOML 1.
    Toml,
    /// JSON.
    Json,
}

impl Syntax {
    /// Syntax of a file, by its extension; YAML for any other than `toml` and `json`.
    pub fn of_file(path: &str) -> Self {
        match path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "toml" => Self::Toml,
            "json" => Self::Json,
            _ => Self::Yaml,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Yaml => "YAML",
            Self::Toml => "TOML",
            Self::Json => "JSON",
        }
    }
}

/// A text that holds metadata, and the path that diagnostics name.
#[derive(Clone, Copy)]
pub struct TextFile<'a> {
    /// As diagnostics name it.
    pub path: &'a str,
    /// All of it; places are counted in its bytes.
    pub text: &'a str,
}

impl TextFile<'_> {
    /// A fault of the text itself.
    pub fn unparsable(&self, span: Range<usize>, message: impl Into<String>) -> Diagnostic {
        let message = shortened(&message.into());
        Diagnostic::new(Rule::UnparsableFrontMatter, self.path, message).at(self.text, span)
    }
}

/// A message of a length that can be read, whatever is quoted in it.
pub fn shortened(message: &str) -> String {
    match message.char_indices().nth(300) {
        Some((at, _)) => message.get(..at).unwrap_or_default().to_owned() + "…",
        None => message.to_owned(),
    }
}

/// The longest front matter, in bytes. Real ones rarely pass a hundredth of it, and a file of data that was taken for
/// an article shall not keep everybody waiting.
const LONGEST: usize = 256 << 10;

/// Reads metadata that fill a stretch of a text. `Err` where they cannot be understood; the diagnostics say why.
#[expect(clippy::result_unit_err, reason = "the diagnostics say why")]
pub fn parse(
    source: TextFile<'_>,
    syntax: Syntax,
    block: Range<usize>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<Field>, ()> {
    if block.len() > LONGEST {
        let message = format!("front matter of {} KB is too long", block.len() >> 10);
        let help = "it has at most 256 KB; move data into a file of its own";
        diagnostics.push(source.unparsable(block.start..block.start, message).help(help));
        return Err(());
    }
    let text = blanked(source.text.get(block.clone()).unwrap_or_default());
    let mut fields = match syntax {
        Syntax::Yaml => yaml::read(source, &text, block.start, diagnostics)?,
        Syntax::Toml => toml::read(source, &text, block.start, diagnostics)?,
        Syntax::Json if text.trim().is_empty() => Vec::new(),
        Syntax::Json => json::read(source, &text, block.start, 0, diagnostics)?,
    };
    keep_last_of_each(source, &mut fields, diagnostics);
    Ok(fields)
}

/// The text with blanks, as many bytes wide, for the characters that none of the languages takes. They have a
/// diagnostic of their own, and are no reason to withhold an article.
pub fn blanked(text: &str) -> Cow<'_, str> {
    if first_forbidden(text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut blanked = String::with_capacity(text.len());
    for c in text.chars() {
        if is_forbidden(c) {
            blanked.extend(std::iter::repeat_n(' ', c.len_utf8()));
        } else {
            blanked.push(c);
        }
    }
    Cow::Owned(blanked)
}

/// A key given twice counts the last time, as it does for most generators.
fn keep_last_of_each(source: TextFile<'_>, fields: &mut Vec<Field>, diagnostics: &mut Vec<Diagnostic>) {
    if has_each_once(fields) {
        return;
    }
    let mut seen = std::collections::BTreeSet::new();
    let mut kept: Vec<Field> = Vec::with_capacity(fields.len());
    let mut twice = 0;
    for field in std::mem::take(fields).into_iter().rev() {
        if seen.insert(field.key.clone()) {
            kept.push(field);
            continue;
        }
        twice += 1;
        if twice > 10 {
            continue;
        }
        let message = shortened(&format!("`{}` is given twice", field.key));
        diagnostics.push(
            Diagnostic::new(Rule::UnusableValue, source.path, message)
                .at(source.text, field.key_span)
                .label("only the last one counts")
                .help("take one of the two out"),
        );
    }
    kept.reverse();
    *fields = kept;
}
fn has_each_once(fields: &[Field]) -> bool {
    let mut keys: Vec<&str> = fields.iter().map(|field| field.key.as_str()).collect();
    keys.sort_unstable();
    keys.windows(2).all(|pair| pair.first() != pair.last())
}

/// A line of a text: where it begins, where its text ends, and where the next one begins.
#[derive(Clone, Debug)]
pub struct Line {
    /// In bytes.
    pub start: usize,
    /// Without its line break.
    pub end: usize,
    /// Behind its line break.
    pub next: usize,
}

impl Line {
    /// Text of the line, without its end.
    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// The lines from a place on, whether they end as on Unix or on Windows.
pub fn lines(text: &str, from: usize) -> impl Iterator<Item = Line> + '_ {
    let mut next = from;
    std::iter::from_fn(move || {
        let rest = text.get(next..).filter(|rest| !rest.is_empty())?;
        let start = next;
        let length = rest.find('\n').unwrap_or(rest.len());
        next = (start + length + 1).min(text.len());
        let text = rest.get(..length).unwrap_or_default();
        Some(Line { start, end: start + text.strip_suffix('\r').unwrap_or(text).len(), next })
    })
}
