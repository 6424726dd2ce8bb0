//! The literals of a configuration that is a program, in Python, JavaScript or TypeScript: texts, numbers, lists and
//! tables that are assigned to a name or exported. Nothing is run; what is not a literal is left out and named.

use std::ops::Range;

use crate::data::{Field, Node, Value};

/// The deepest that literals are nested; deeper ones are left out.
const DEEPEST: usize = 32;

/// The longest program that is read, in bytes.
const LONGEST: usize = 512 << 10;

/// The longest text that is put together, in bytes.
const LONGEST_TEXT: usize = 64 << 10;

/// Values that a program assigns, and the names whose values are not literals.
#[derive(Debug, Default)]
pub(super) struct Program {
    pub(super) fields: Vec<Field>,
    /// Names whose values only running the program would tell, and where they are assigned.
    pub(super) unread: Vec<(String, Range<usize>)>,
}

/// Reads the assignments of a Python program that stand at the beginning of a line. The last of a name counts.
pub(super) fn python(text: &str) -> Program {
    let mut program = Program::default();
    let mut at = 0;
    let text = text.get(..LONGEST.min(text.len())).unwrap_or(text);
    while let Some(line) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let length = line.find('\n').map_or(line.len(), |end| end + 1);
        let name = line.len() - line.trim_start_matches(is_word).len();
        let operator = line.get(name..).unwrap_or_default().trim_start_matches([' ', '\t']);
        let is_assignment =
            name > 0 && operator.starts_with('=') && !operator.starts_with("==") && name < length;
        if !is_assignment {
            // A text of several lines may hold what looks like an assignment.
            at = skip_text(text, at, length);
            continue;
        }
        let value = at + line.len() - operator.len() + 1;
        at = program.assign(text, at..at + name, value, true);
    }
    program
}

/// Reads the objects that a JavaScript or TypeScript program exports or returns, and its constants.
pub(super) fn script(text: &str) -> Program {
    let mut program = Program::default();
    let text = text.get(..LONGEST.min(text.len())).unwrap_or(text);
    for lead in ["export default", "module.exports", "defineConfig(", "return", "export const config"] {
        let mut from = 0;
        while let Some(found) = text.get(from..).and_then(|rest| rest.find(lead)) {
            from += found + lead.len();
            let mut reader = Reader { text, at: from, known: &program.fields, script: true };
            reader.skip_blank();
            if reader.eat("=") || reader.eat(":") {
                reader.skip_blank();
            }
            if reader.peek() != Some('{') {
                continue;
            }
            if let Some(Node { value: Value::Map(fields), .. }) = reader.value(0) {
                let at = reader.at;
                program.fields.extend(fields);
                from = from.max(at);
            }
        }
    }
    let mut at = 0;
    while let Some(line) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let length = line.find('\n').map_or(line.len(), |end| end + 1);
        let declared = line.trim_start().trim_start_matches("export ").trim_start();
        let rest = ["const ", "let ", "var "].iter().find_map(|word| declared.strip_prefix(word));
        at = match rest {
            Some(rest) => program.declared(text, at, line.len() - rest.len(), length),
            None => at + length,
        };
    }
    program
}

impl Program {
    /// Reads what is assigned to the name at `name`; gives where to go on.
    fn assign(&mut self, text: &str, name: Range<usize>, value: usize, last_counts: bool) -> usize {
        let mut reader = Reader { text, at: value, known: &self.fields, script: !last_counts };
        reader.skip_blank();
        let node = reader.expression();
        let end = reader.at.max(value);
        let key = text.get(name.clone()).unwrap_or_default();
        if last_counts {
            self.fields.retain(|field| field.key != key);
            self.unread.retain(|(unread, _)| unread != key);
        }
        match node {
            Some(node) => self.fields.push(Field::new(key, name, node)),
            None => self.unread.push((key.to_owned(), name)),
        }
        text.get(end..).and_then(|rest| rest.find('\n')).map_or(text.len(), |line| end + line + 1)
    }

    fn declared(&mut self, text: &str, line: usize, offset: usize, length: usize) -> usize {
        let start = line + offset;
        let rest = text.get(start..).unwrap_or_default();
        let name = rest.len() - rest.trim_start_matches(is_word).len();
        // A type may stand between the name and its value.
        let until = rest.find('\n').unwrap_or(rest.len());
        let equals = rest.get(name..until).and_then(|between| between.find('=')).map(|at| name + at);
        match equals {
            Some(equals) if name > 0 && !rest.get(equals..).unwrap_or_default().starts_with("=>") => {
                let next = self.assign(text, start..start + name, start + equals + 1, false);
                next.max(line + length)
            }
            _ => line + length,
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// Behind the line at `at`, or behind a text in triple quotes that begins on it.
fn skip_text(text: &str, at: usize, length: usize) -> usize {
    let line = text.get(at..at + length).unwrap_or_default();
    for quotes in ["\"\"\"", "'''"] {
        let Some(start) = line.find(quotes) else { continue };
        let inside = at + start + 3;
        return match text.get(inside..).and_then(|rest| rest.find(quotes)) {
            Some(end) => {
                let after = inside + end + 3;
                text.get(after..).and_then(|rest| rest.find('\n')).map_or(text.len(), |line| after + line + 1)
            }
            None => text.len(),
        };
    }
    at + length
}

/// Reads one expression.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Values of names that are known before.
    known: &'a [Field],
    script: bool,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// Spaces, line breaks and comments.
    fn skip_blank(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            let comment = match (self.script, self.rest()) {
                (true, rest) if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
                (true, rest) if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
                (false, rest) if rest.starts_with('#') => rest.find('\n').unwrap_or(rest.len()),
                _ => return,
            };
            self.at += comment;
        }
    }

    /// A literal, with texts put together and Python's `a if flag else b` decided where the flag is known.
    fn expression(&mut self) -> Option<Node> {
        let mut node = self.value(0)?;
        loop {
            let spaces = self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
            let next: String = self.rest().get(spaces..).unwrap_or_default().chars().take(10).collect();
            if next.starts_with('+') {
                self.at += spaces + 1;
                self.skip_blank();
                let other = self.value(0)?;
                node = joined(node, &other)?;
            } else if !self.script && next.starts_with("if ") {
                self.at += spaces + 3;
                return self.chosen(node);
            } else {
                let ends = next.is_empty() || next.starts_with(['\n', '\r', ';', ',', '#', ')', '}']);
                let typed =
                    next.starts_with("as ") || next.starts_with("satisfies ") || next.starts_with("//");
                return (ends || typed).then_some(node);
            }
        }
    }

    fn chosen(&mut self, first: Node) -> Option<Node> {
        self.skip_blank();
        let negated = self.eat("not ");
        self.skip_blank();
        let flag = self.value(0).and_then(|flag| flag.truth());
        self.skip_blank();
        if !self.eat("else") {
            return None;
        }
        self.skip_blank();
        let other = self.value(0);
        match flag.map(|flag| flag != negated) {
            Some(false) => other,
            Some(true) => Some(first),
            None => None,
        }
    }

    /// One literal, without what may follow it.
    fn value(&mut self, depth: usize) -> Option<Node> {
        let start = self.at;
        let first = self.peek()?;
        let value = match first {
            _ if depth > DEEPEST => None,
            '{' => self.table(depth),
            '[' | '(' => self.list(depth),
            '\'' | '"' | '`' => self.texts(),
            '-' | '0'..='9' => self.number(),
            c if is_word(c) => self.word(depth),
            _ => None,
        };
        value.map(|value| Node { value, span: start..self.at })
    }

    fn number(&mut self) -> Option<Value> {
        let rest = self.rest();
        let length = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_')))
            .unwrap_or(rest.len());
        let text = rest.get(..length)?.replace('_', "");
        self.at += length;
        text.parse::<f64>().is_ok().then_some(Value::Number(text))
    }

    fn word(&mut self, depth: usize) -> Option<Value> {
        let rest = self.rest();
        let length = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let word = rest.get(..length)?.to_owned();
        let after = rest.get(length..).unwrap_or_default();
        // Python writes `u'…'` and `r'…'`; an `f'…'` is no literal.
        if matches!(word.as_str(), "u" | "r" | "b" | "U" | "R") && after.starts_with(['\'', '"']) {
            self.at += length;
            return self.texts();
        }
        self.at += length;
        match word.as_str() {
            "true" | "True" => Some(Value::Bool(true)),
            "false" | "False" => Some(Value::Bool(false)),
            "null" | "None" | "undefined" => Some(Value::Null),
            "defineConfig" | "Object" | "dict" if after.starts_with('(') => {
                self.at += 1;
                self.skip_blank();
                let inside = self.value(depth + 1)?;
                self.skip_blank();
                self.eat(",");
                self.skip_blank();
                self.eat(")").then_some(inside.value)
            }
            _ if after.starts_with(['(', '.', '[']) => None,
            word => {
                let known = self.known.iter().rev().find(|field| field.key == word)?;
                // Lists of lists of lists would grow without bound.
                let is_scalar = !matches!(known.node.value, Value::List(_) | Value::Map(_));
                is_scalar.then(|| known.node.value.clone())
            }
        }
    }

    /// A text, or several that follow each other in Python.
    fn texts(&mut self) -> Option<Value> {
        let mut text = self.one_text()?;
        while !self.script {
            let before = self.at;
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
            if !matches!(self.peek(), Some('\'' | '"')) {
                self.at = before;
                break;
            }
            text.push_str(&self.one_text()?);
        }
        Some(Value::Text(text))
    }

    fn one_text(&mut self) -> Option<String> {
        let quote = self.peek()?;
        let triple = quote.to_string().repeat(3);
        let long = !self.script && self.rest().starts_with(&triple);
        let end = if long { triple } else { quote.to_string() };
        self.at += end.len();
        let mut text = String::new();
        loop {
            if self.eat(&end) {
                return (quote != '`' || !text.contains("${")).then_some(text);
            }
            let c = self.peek()?;
            self.at += c.len_utf8();
            match c {
                '\\' => text.push_str(&self.escape()?),
                '\n' if !long && quote != '`' => return None,
                c => text.push(c),
            }
        }
    }

    fn escape(&mut self) -> Option<String> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        let digits = match c {
            'n' => return Some("\n".to_owned()),
            't' => return Some("\t".to_owned()),
            'r' | '\n' => return Some(String::new()),
            'x' => 2,
            'u' => 4,
            '\'' | '"' | '\\' | '`' | '/' | '$' => return Some(c.to_string()),
            // A regular expression keeps its backslashes.
            c => return Some(format!("\\{c}")),
        };
        let code = self.rest().get(..digits)?.to_owned();
        self.at += digits;
        Some(char::from_u32(u32::from_str_radix(&code, 16).ok()?)?.to_string())
    }

    /// A list or a tuple; a single value in parentheses is that value.
    fn list(&mut self, depth: usize) -> Option<Value> {
        let parenthesised = self.eat("(");
        if !parenthesised {
            self.eat("[");
        }
        let end = if parenthesised { ")" } else { "]" };
        let mut items = Vec::new();
        let mut commas = 0;
        loop {
            self.skip_blank();
            if self.eat(end) {
                let single = parenthesised && commas == 0 && items.len() == 1;
                let item = if single { items.pop() } else { None };
                return Some(item.map_or(Value::List(items), |item: Node| item.value));
            }
            let before = self.at;
            match self.value(depth + 1).filter(|_| self.is_done(end)) {
                Some(item) => items.push(item),
                None => self.skip_item(before, end)?,
            }
            self.skip_blank();
            commas += usize::from(self.eat(","));
        }
    }

    fn table(&mut self, depth: usize) -> Option<Value> {
        self.eat("{");
        let mut fields = Vec::new();
        loop {
            self.skip_blank();
            if self.eat("}") {
                return Some(Value::Map(fields));
            }
            let start = self.at;
            let key = match self.peek()? {
                '\'' | '"' => self.one_text(),
                c if is_word(c) => {
                    let rest = self.rest();
                    let length = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
                    let word = rest.get(..length).map(str::to_owned);
                    self.at += length;
                    word
                }
                _ => None,
            };
            let span = start..self.at;
            self.skip_blank();
            let named = key.filter(|_| self.eat(":"));
            self.skip_blank();
            let before = self.at;
            let node = named.as_ref().and_then(|_| self.value(depth + 1)).filter(|_| self.is_done("}"));
            match (named, node) {
                (Some(key), Some(node)) => {
                    // Python's names stand for their values also as keys.
                    let known = self.known.iter().find(|field| !self.script && field.key == key);
                    let key = known.and_then(|field| field.node.text()).map_or(key.clone(), str::to_owned);
                    fields.push(Field::new(key, span, node));
                }
                _ => self.skip_item(before.max(start), "}")?,
            }
            self.skip_blank();
            self.eat(",");
        }
    }

    /// `true` if a value ends here, as its list or table goes on or ends.
    fn is_done(&mut self, end: &str) -> bool {
        self.skip_blank();
        let rest = self.rest();
        rest.starts_with(',') || rest.starts_with(end)
    }

    /// Goes behind an item that is no literal, however it is nested.
    fn skip_item(&mut self, from: usize, end: &str) -> Option<()> {
        self.at = from;
        let mut open = 0_usize;
        loop {
            self.skip_blank();
            let c = self.peek()?;
            match c {
                '\'' | '"' | '`' => {
                    if self.one_text().is_none() {
                        self.at += usize::from(self.at == from);
                    }
                    continue;
                }
                ',' if open == 0 => return Some(()),
                _ if open == 0 && self.rest().starts_with(end) => return Some(()),
                '(' | '[' | '{' => open += 1,
                ')' | ']' | '}' => open = open.checked_sub(1)?,
                _ => {}
            }
            self.at += c.len_utf8();
        }
    }
}

fn joined(one: Node, other: &Node) -> Option<Node> {
    let value = match (one.value, &other.value) {
        (Value::Text(one), Value::Text(other)) if one.len() < LONGEST_TEXT => Value::Text(one + other),
        (Value::List(mut one), Value::List(other)) => {
            one.extend(other.iter().cloned());
            Value::List(one)
        }
        _ => return None,
    };
    Some(Node { value, span: one.span.start..other.span.end })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(program: &Program, key: &str) -> Option<String> {
        program.fields.iter().find(|field| field.key == key)?.node.text().map(str::to_owned)
    }

    #[test]
    fn python_is_read_as_literals_and_the_rest_is_named() {
        let program = python(
            "import os\nLOCAL = False\nSITENAME = u'It\\'s' \" mine\"\nSITEURL = 'https://a.example' if not LOCAL else ''\n\
             THEME_DIR = THEME + '/static'\nURL = os.environ['URL']\n# A = 'b'\n\"\"\"\nB = 'c'\n\"\"\"\n\
             POSTS = (\n    (\"posts/*.md\", 'blog', \"post.tmpl\"),  # all\n)\nDEFAULT_LANG = 'en'\n\
             NAMES = {DEFAULT_LANG: 'x', 'fr': f(1), \"de\": ['a', 'b']}\nif LOCAL:\n    SITENAME = 'no'\n",
        );
        assert_eq!(text(&program, "SITENAME").as_deref(), Some("It's mine"));
        assert_eq!(text(&program, "SITEURL").as_deref(), Some("https://a.example"));
        let unread: Vec<&str> = program.unread.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(unread, ["THEME_DIR", "URL"]);
        assert!(text(&program, "A").is_none() && text(&program, "B").is_none());
        let field = |key: &str| program.fields.iter().find(|field| field.key == key).unwrap();
        let tuple = &field("POSTS").node.items()[0];
        assert_eq!(tuple.items()[1].text(), Some("blog"));
        let names = field("NAMES").node.fields();
        assert_eq!(names.iter().map(|field| field.key.as_str()).collect::<Vec<_>>(), ["en", "de"]);
    }

    #[test]
    fn scripts_give_what_they_export_and_their_constants() {
        let program = script(
            "import x from 'y';\n// title: 'no'\nexport default defineConfig({\n  site: \"https://a.example\",\n  \
             base: '/b', integrations: [mdx(), { a: 1 }],\n  build: { format: 'file' },\n  f: () => { return 1; },\n});\n\
             export const TITLE = `Mine`;\nconst name: string = 'n' as const;\n",
        );
        assert_eq!(text(&program, "site").as_deref(), Some("https://a.example"));
        assert_eq!(text(&program, "TITLE").as_deref(), Some("Mine"));
        assert_eq!(text(&program, "name").as_deref(), Some("n"));
        let build = program.fields.iter().find(|field| field.key == "build").unwrap();
        assert_eq!(build.node.member(&["format"]).and_then(Node::text), Some("file"));
        let program = script("module.exports = function (c) {\n  return { dir: { input: 'src' } };\n};");
        assert_eq!(program.fields[0].node.member(&["input"]).and_then(Node::text), Some("src"));
    }

    proptest! {
        #[test]
        fn any_program_is_read(text in "[A-Za-zé= '\"`{}\\[\\](),:#/\\\\\n0-9+-]{0,120}") {
            let _ = python(&text);
            let _ = script(&text);
            let _ = script(&format!("export default {{{text}"));
        }
    }
}
