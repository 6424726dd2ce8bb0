//! Reads the YAML that nearly every article has: a field a line, lists of words, a table or two. It is many times as
//! fast as the crate that knows all of YAML, and it answers only where it is certain of that crate's answer, places
//! included; at anything else it gives up, and says nothing of why. The tests below hold the two together.

use std::borrow::Cow;

use super::tree::{Field, Node, Value};

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

/// End of a plain scalar.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Line,
    Item,
}

/// The plain scalar that a text begins with.
fn plain(text: &str, end: End) -> Option<&str> {
    let bytes = text.as_bytes();
    if b"-?:,[]{}#&*!|>'\"%@`".contains(bytes.first()?) {
        return None;
    }
    let mut before = b' ';
    let mut length = bytes.len();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            // It is the end of a key, or may be.
            b':' if bytes.get(at + 1).is_none_or(|next| b" ,[]{}".contains(next)) => return None,
            b'#' if before == b' ' && end == End::Item => return None,
            b',' | b']' if end == End::Item => {
                length = at;
                break;
            }
            b'[' | b'{' | b'}' if end == End::Item => return None,
            b'#' if before == b' ' => {
                length = at;
                break;
            }
            _ => before = *byte,
        }
    }
    let text = text.get(..length)?.trim_end_matches(' ');
    // Spaces of other scripts belong to a value, but to its place only within it.
    let bare = text.is_ascii() || text.trim().len() == text.len();
    bare.then_some(text)
}

/// Value of a plain scalar; `None` for numbers that are written as few people do.
fn meant(text: &str) -> Option<Value> {
    match text.as_bytes().first()? {
        b'0'..=b'9' => number(text),
        b'+' | b'.' => None,
        _ => Some(word(text).unwrap_or_else(|| Value::Text(text.to_owned()))),
    }
}

/// The words that are no text in YAML 1.2.
fn word(text: &str) -> Option<Value> {
    match text {
        "true" | "True" | "TRUE" => Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => Some(Value::Bool(false)),
        "null" | "Null" | "NULL" | "~" => Some(Value::Null),
        _ => None,
    }
}

/// Value of a scalar that begins with a digit: often a date.
fn number(text: &str) -> Option<Value> {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    // `007` and `1_000` are text to us.
    let is_padded = is_digits && text.len() > 1 && text.starts_with('0');
    if is_padded || text.bytes().any(|byte| matches!(byte, b' ' | b':' | b'/' | b'_')) {
        return Some(Value::Text(text.to_owned()));
    }
    // `0x1f` and its like.
    let is_prefixed = text.strip_prefix('0').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphabetic())
            && rest.bytes().skip(1).all(|byte| byte.is_ascii_hexdigit())
    });
    if is_prefixed || text.len() > 30 {
        return None;
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_infinite() => None,
        Ok(_) => Some(Value::Number(text.to_owned())),
        Err(_) => Some(Value::Text(text.to_owned())),
    }
}

/// The quoted scalar that a text begins with, and its length with the quotes.
fn quoted(text: &str) -> Option<(Cow<'_, str>, usize)> {
    let quote = *text.as_bytes().first()?;
    let inside = text.get(1..)?;
    let mut unescaped = String::new();
    // What is not yet copied begins here.
    let mut from = 0;
    let mut bytes = inside.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        let character = match byte {
            b'\'' if quote == b'\'' && inside.as_bytes().get(at + 1) == Some(&b'\'') => '\'',
            b'\\' if quote == b'"' => escaped(*inside.as_bytes().get(at + 1)?)?,
            byte if byte == quote => {
                let rest = inside.get(from..at)?;
                let text = if from == 0 { Cow::Borrowed(rest) } else { Cow::Owned(unescaped + rest) };
                return Some((text, at + 2));
            }
            _ => continue,
        };
        unescaped.push_str(inside.get(from..at)?);
        unescaped.push(character);
        from = at + 2;
        bytes.next();
    }
    None
}

/// The escapes that people write; there are others.
fn escaped(byte: u8) -> Option<char> {
    match byte {
        b'"' => Some('"'),
        b'\\' => Some('\\'),
        b'/' => Some('/'),
        b'n' => Some('\n'),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::format_collect)]
mod tests {
    use super::super::{Text, yaml};
    use super::*;
    use proptest::prelude::*;

    /// Fields that the crate reads in a block; `None` if it refuses the block or reports something.
    fn crate_says(block: &str, start: usize) -> Option<Vec<Field>> {
        let text = format!("{}{block}", " ".repeat(start));
        let mut diagnostics = Vec::new();
        let fields = yaml::read_all(Text { path: "x.md", text: &text }, block, start, &mut diagnostics);
        fields.ok().filter(|_| diagnostics.is_empty())
    }

    /// `true` if the block was read here, and then as the crate reads it.
    fn agrees(block: &str) -> bool {
        let fields = read(block, 4);
        if fields.is_some() {
            assert_eq!(fields, crate_says(block, 4), "{block}");
        }
        fields.is_some()
    }

    #[test]
    fn what_articles_have_is_read_here() {
        for block in [
            "title: Hello\n",
            "title: \"Hello: there\" # yes\r\ndate: 2024-05-06\r\n\r\ndraft: false\r\n",
            "title: 'It''s'\ntags: [a, 'b c', \"d\\\"e\"]\nempty: []\n",
            "tags:\n- a\n  # none\n- \"b\"\nweight: 12\nversion: 1.50\nzip: 007\n",
            "tags:\n  - a\n\n  - http://example.org/#x\nauthor:\n  name: Ada\n  links:\n    - x\n\nlast: ~\n",
            "authors:\n  - name: Ada\n    url: /ada\n  - name: Bob\n    roles: [x, 1.0, true]\n",
            "nothing:\nat all:   # of it\nlang: no\nquote: \"\\\"\\\\\\/\\n\"\nü: x",
            "summary: Größe — “so”, it’s 5 % of {all} [things] & more!\n",
            "a:\n# b\n  # c\n  d: e # f\n  # g\nh: i",
        ] {
            assert!(agrees(block) || block.contains('ü'), "{block}");
        }
    }

    #[test]
    fn what_is_long_meets_no_limit_of_the_crates() {
        let (word, item, comment, field) =
            ("x".repeat(5_000), "a, ".repeat(4_000), "# c\n".repeat(2_000), "a: b\n".repeat(3_000));
        for block in [
            format!("a: {word}\nb: \"{word}\"\nc: '{word}'\n"),
            format!("a: [{item}b]\n"),
            format!("a:\n{}", "- b\n".repeat(4_000)),
            format!("a:\n{}", "  - b: c\n".repeat(1_500)),
            format!("a:\n{comment}  b: c\n{comment}d: e\n"),
            format!("{comment}a: b\n{comment}"),
            format!("a:\n- b\n{comment}- c # d\n{comment}e: f\n"),
            field,
        ] {
            assert!(agrees(&block), "{block:.80}");
        }
    }

    #[test]
    fn whatever_is_unusual_is_left_to_the_crate() {
        for block in [
            "",
            "# nothing\n",
            "title: a: b\n",
            "title: a\n  b\n",
            "title:\n  a\n",
            "title: \"a\n  b\"\n",
            "title: \"\\u00e9\"\n",
            "title: >\n  a\n",
            "title: &a b\n",
            "title: *a\n",
            "title: !x a\n",
            "title:\ta\n",
            "title: a\n b: c\n",
            "? title\n",
            "\"title\": a\n",
            "<<: a\n",
            "1: a\n",
            "true: a\n",
            "- a\n",
            "a:\n- b\n-\n",
            "--- a\n",
            "a: {b: c}\n",
            "a: [b, [c]]\n",
            "a: [b: c]\n",
            "a: [b,\n  c]\n",
            "a: [b,, c]\n",
            "a: 'b'#c\n",
            "a: .inf\n",
            "a: 0x1f\n",
            "a: 1e310\n",
            "a: b\rc: d\n",
            "\u{feff}a: b\n",
            " a: b\nc: d\n",
            "a:\n  b: c\n d: e\n",
            "a:\n  - b\n - c\n",
        ] {
            assert_eq!(read(block, 0), None, "{block}");
        }
    }

    #[test]
    fn towers_are_left_to_the_crate() {
        assert_eq!(read(&format!("a:\n{}", "- ".repeat(5_000)), 0), None);
        let tower: Vec<String> = (0..100).map(|level| " ".repeat(level) + "a:\n").collect();
        assert_eq!(read(&tower.concat(), 0), None);
    }

    fn scalar() -> impl Strategy<Value = String> {
        prop_oneof![
            12 => "[a-zA-Z][a-z é’/.()!-]{0,12}",
            2 => "\"([a-z é:#',\\]]|\\\\[\"\\\\/ntx0e]){0,8}\"",
            2 => "'([a-z é:#\",\\\\]|''){0,8}'",
            2 => "[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9:]{5,8}( ?[+-][0-9:]{2,5}|Z)?)?",
            2 => "[-+.]?[0-9]{1,3}[.eExob_]?[-+]?[0-9a-f_]{0,4}",
            2 => "(true|True|yes|no|on|Off|null|~|NULL|inf|nan|\\.inf|\\.nan|Infinity|=|<<)",
            1 => "",
            1 => "[-?:,\\[\\]{}#&*!|>'\"%@`~=<+.][a-z :#]{0,4}",
            1 => "[a-z]{1,3}(: |:|#| #|  # |\\[|,|\u{a0}| \u{3000}|\t)[a-z]{0,3}",
        ]
    }

    fn value() -> impl Strategy<Value = String> {
        let words = prop::collection::vec(("[ ]{0,2}", scalar(), "[ ]{0,2}"), 0..4).prop_map(|items| {
            let items = items.into_iter().map(|(before, item, after)| before + &item + &after);
            format!("[{}]", items.collect::<Vec<_>>().join(","))
        });
        prop_oneof![6 => scalar(), 2 => words, 1 => Just("[a, ]".to_owned()), 1 => Just("{a: b}".to_owned())]
    }

    /// A field as articles have it, with all the lines below it.
    fn field() -> impl Strategy<Value = String> {
        let indented = |least: usize| (least..4).prop_map(|indent| " ".repeat(indent));
        let list = (indented(0), prop::collection::vec(scalar(), 1..4)).prop_map(|(indent, items)| {
            items.iter().map(|item| format!("{indent}- {item}\n")).collect::<Vec<_>>().concat()
        });
        let table = (indented(1), prop::collection::vec(value(), 1..4)).prop_map(|(indent, values)| {
            values.iter().map(|value| format!("{indent}k: {value}\n")).collect::<Vec<_>>().concat()
        });
        let tables =
            (indented(0), prop::collection::vec((value(), scalar()), 1..3)).prop_map(|(indent, items)| {
                items
                    .iter()
                    .map(|(a, b)| format!("{indent}- a: {a}\n{indent}  b: {b}\n"))
                    .collect::<Vec<_>>()
                    .concat()
            });
        let below = prop_oneof![3 => list, 2 => table, 1 => tables].prop_map(|below| format!("\n{below}"));
        let beside = value().prop_map(|value| format!(" {value}\n"));
        let between = prop_oneof![6 => Just(""), 1 => Just("\n"), 1 => Just("# x\n"), 1 => Just("  # x\n")];
        ("[a-z_]{1,4}", prop_oneof![3 => beside, 2 => below], between)
            .prop_map(|(key, value, between)| format!("{key}:{value}{between}"))
    }

    /// A line of a kind that articles have, or nearly.
    fn line() -> impl Strategy<Value = String> {
        let indent = prop_oneof![5 => Just(0_usize), 2 => Just(2), 1 => 0_usize..6];
        let key = prop_oneof![8 => "[a-z_]{1,4}", 1 => "[a-zA-Z0-9 _.~é\"'<-]{1,4}", 1 => "(true|null|No|~)"];
        let form = prop_oneof![
            6 => (key.clone(), "[ ]{1,2}", value()).prop_map(|(key, space, value)| format!("{key}:{space}{value}")),
            3 => key.clone().prop_map(|key| format!("{key}:")),
            3 => ("[ ]{1,3}", value()).prop_map(|(space, value)| format!("-{space}{value}")),
            2 => (key, value()).prop_map(|(key, value)| format!("- {key}: {value}")),
            1 => Just("-".to_owned()),
            1 => Just(String::new()),
            1 => Just("# x".to_owned()),
            1 => value(),
            1 => "(---|\\.\\.\\.|\\? a|%a|>|\\|)",
        ];
        let ending = prop_oneof![6 => Just("\n"), 1 => Just(" # x\n"), 1 => Just("  \n"), 1 => Just("\r\n"), 1 => Just("#\n")];
        (indent, form, ending).prop_map(|(indent, form, ending)| " ".repeat(indent) + &form + ending)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn lines_mean_what_the_crate_says(lines in prop::collection::vec(line(), 1..7)) {
            agrees(&super::super::blanked(&lines.concat()));
        }

        #[test]
        fn fields_mean_what_the_crate_says(before in prop::collection::vec(field(), 1..4), odd in line(), after in field()) {
            agrees(&super::super::blanked(&before.concat()));
            agrees(&super::super::blanked(&format!("{}{odd}{after}", before.concat())));
        }

        #[test]
        fn a_value_means_what_the_crate_says(value in value(), after in "( # x|  |#)?") {
            agrees(&super::super::blanked(&format!("a: {value}{after}\nb:\n- {value}{after}\n")));
        }

        #[test]
        fn any_text_means_what_the_crate_says(text in "[ab1:\\-\\[\\]{}'\"\n\r #,.&*!|>~\\\\é\u{a0}\u{feff}\t]{0,40}", any in ".{0,40}") {
            agrees(&super::super::blanked(&text));
            agrees(&super::super::blanked(&format!("a: {text}")));
            agrees(&super::super::blanked(&format!("a: {any}")));
        }
    }
}
