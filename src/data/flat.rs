//! Reads the YAML that nearly every article has: a field a line, lists of words, a table or two. It is many times as
//! fast as the crate that knows all of YAML, and it answers only where it is certain of that crate's answer, places
//! included; at anything else it gives up, and says nothing of why. The tests hold the two together.

mod scalar;
#[cfg(test)]
#[allow(clippy::format_collect)]
mod tests;

use super::tree::{Field, Node, Value};
use scalar::{End, meant, plain, quoted, word};

/// The longest block that is read here, so that none of the crate's limits can be met.
const LONGEST: usize = 16 << 10;

/// The deepest that tables and lists are nested here.
const DEEPEST: usize = 5;

/// The fields of a block that begins at `start` of its file; `None` where only the crate can tell.
pub(super) fn read(block: &str, start: usize) -> Option<Vec<Field>> {
    if block.len() > LONGEST || !is_ordinary(block) {
        return None;
    }
    let mut reader = Reader { block, start, next: 0, line: None };
    reader.advance();
    reader.line?;
    let fields = reader.fields(0, 0)?;
    // A line that is left is indented as none of the tables that are open.
    reader.line.is_none().then_some(fields)
}

/// `true` if there are only characters that the crate neither refuses nor takes for a kind of space.
fn is_ordinary(block: &str) -> bool {
    let mut after_return = false;
    for byte in block.bytes() {
        if (byte < b' ' && !matches!(byte, b'\n' | b'\r')) || (after_return && byte != b'\n') {
            return false;
        }
        after_return = byte == b'\r';
    }
    !after_return && (block.is_ascii() || !block.contains('\u{feff}'))
}

/// A line, or what is left of it after the dash of a list.
#[derive(Clone, Copy)]
struct Line<'a> {
    /// Number of spaces before the text.
    column: usize,
    /// Byte at which the text begins in the block.
    at: usize,
    /// Without the spaces before and behind it, never empty.
    text: &'a str,
}

struct Reader<'a> {
    block: &'a str,
    /// Byte at which the block begins in its file.
    start: usize,
    /// Byte at which the line after this one begins.
    next: usize,
    /// The line to be read, which is neither blank nor a comment.
    line: Option<Line<'a>>,
}

impl<'a> Reader<'a> {
    fn advance(&mut self) {
        self.line = None;
        while let Some(rest) = self.block.get(self.next..).filter(|rest| !rest.is_empty()) {
            let start = self.next;
            let (line, length) = match rest.split_once('\n') {
                Some((line, _)) => (line.strip_suffix('\r').unwrap_or(line), line.len() + 1),
                None => (rest, rest.len()),
            };
            self.next += length;
            let text = line.trim_start_matches(' ');
            let column = line.len() - text.len();
            if !text.is_empty() && !text.starts_with('#') {
                self.line = Some(Line { column, at: start + column, text: text.trim_end_matches(' ') });
                return;
            }
        }
    }

    /// A table whose keys stand in a column.
    fn fields(&mut self, column: usize, depth: usize) -> Option<Vec<Field>> {
        let mut fields = Vec::new();
        while let Some(line) = self.line
            && line.column == column
        {
            let (key, rest) = key_of(line.text)?;
            let start = self.start + line.at;
            let key_span = start..start + key.len();
            let value = Line { column, at: line.at + line.text.len() - rest.len(), text: rest };
            let node = self.value(value, key_span.end, depth)?;
            fields.push(Field::new(key, key_span, node));
        }
        Some(fields)
    }

    /// The list whose dashes stand in a column.
    fn items(&mut self, column: usize, depth: usize) -> Option<Vec<Node>> {
        let mut items = Vec::new();
        while let Some(line) = self.line
            && line.column == column
            && let Some(rest) = line.text.strip_prefix('-').filter(|rest| is_spaced(rest))
        {
            let text = rest.trim_start_matches(' ');
            let indent = line.text.len() - text.len();
            let item = Line { column: column + indent, at: line.at + indent, text };
            if key_of(text).is_some() {
                self.line = Some(item);
                items.push(self.nested(depth)?);
                continue;
            }
            let node = self.scalar(item)?;
            self.advance();
            // What stands below an item would belong to it.
            if self.line.is_some_and(|next| next.column > column) {
                return None;
            }
            items.push(node);
        }
        Some(items)
    }

    /// Reads the value of a key, in its line or below it. `colon` is the byte of the colon in the file.
    fn value(&mut self, line: Line<'a>, colon: usize, depth: usize) -> Option<Node> {
        if !line.text.is_empty() && !line.text.starts_with('#') {
            let node = match line.text.as_bytes().first()? {
                b'[' => self.words(line)?,
                _ => self.scalar(line)?,
            };
            self.advance();
            return Some(node);
        }
        self.advance();
        match self.line {
            Some(next) if next.column > line.column => self.nested(depth),
            Some(next) if next.column == line.column && is_item(next.text) => {
                // The crate has such a list begin behind its first dash.
                let node = self.nested(depth)?;
                Some(Node { span: node.items().first()?.span.start..node.span.end, ..node })
            }
            _ => Some(Node { value: Value::Null, span: colon..colon }),
        }
    }

    /// The list or the table that begins with the line.
    fn nested(&mut self, depth: usize) -> Option<Node> {
        let line = self.line.filter(|_| depth < DEEPEST)?;
        let start = self.start + line.at;
        let (value, end) = if is_item(line.text) {
            let items = self.items(line.column, depth + 1)?;
            let end = items.last()?.span.end;
            (Value::List(items), end)
        } else {
            let fields = self.fields(line.column, depth + 1)?;
            let end = fields.last()?.node.span.end;
            (Value::Map(fields), end)
        };
        Some(Node { value, span: start..end })
    }

    /// A scalar that fills what is left of a line, but for a comment.
    fn scalar(&self, line: Line<'a>) -> Option<Node> {
        let (value, length) = match line.text.as_bytes().first()? {
            b'"' | b'\'' => {
                let (text, length) = quoted(line.text)?;
                nothing_but_comment(line.text.get(length..)?)?;
                (Value::Text(text.into_owned()), length)
            }
            _ => {
                let text = plain(line.text, End::Line)?;
                (meant(text)?, text.len())
            }
        };
        let start = self.start + line.at;
        Some(Node { value, span: start..start + length })
    }

    /// `[a, "b"]`, which fills what is left of a line, but for a comment.
    fn words(&self, line: Line<'a>) -> Option<Node> {
        let start = self.start + line.at;
        let mut items: Vec<Node> = Vec::new();
        let mut rest = line.text.get(1..)?.trim_start_matches(' ');
        while !rest.starts_with(']') {
            let at = start + line.text.len() - rest.len();
            let (value, length) = if rest.starts_with(['"', '\'']) {
                let (text, length) = quoted(rest)?;
                (Value::Text(text.into_owned()), length)
            } else {
                let text = plain(rest, End::Item)?;
                (meant(text)?, text.len())
            };
            items.push(Node { value, span: at..at + length });
            rest = rest.get(length..)?.trim_start_matches(' ');
            rest = match rest.strip_prefix(',') {
                Some(rest) => rest.trim_start_matches(' '),
                None => rest.starts_with(']').then_some(rest)?,
            };
        }
        nothing_but_comment(rest.get(1..)?)?;
        // The crate says where a list begins; the tree then ends it behind its last item.
        let end = items.last().map_or(start, |last| last.span.end) + 1;
        Some(Node { value: Value::List(items), span: start..end })
    }
}

fn is_spaced(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(' ')
}

fn is_item(text: &str) -> bool {
    text.strip_prefix('-').is_some_and(is_spaced)
}

fn nothing_but_comment(rest: &str) -> Option<()> {
    (rest.is_empty() || rest.starts_with(' ') && rest.trim_start_matches(' ').starts_with('#')).then_some(())
}

/// The key that a line begins with and what follows its colon, if it is one that can be nothing but text.
fn key_of(line: &str) -> Option<(&str, &str)> {
    let length = line.bytes().position(|byte| !is_key(byte)).filter(|length| *length < 100)?;
    let (key, rest) = line.split_at_checked(length)?;
    let rest = rest.strip_prefix(':').filter(|rest| is_spaced(rest))?;
    let begins = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    (begins && !key.ends_with(' ') && word(key).is_none()).then(|| (key, rest.trim_start_matches(' ')))
}

fn is_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b' ')
}
