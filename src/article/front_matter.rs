//! Finds the front matter at the beginning of a file, and reads it: YAML, TOML, JSON. The only file that knows the
//! crates for them; what it gives is one neutral tree with places. Header lines are left to `header`.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use super::tree::{Field, Node, Value};
use crate::diagnostic::{Diagnostic, Rule};

/// The languages of front matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    Yaml,
    Toml,
    Json,
}

impl Syntax {
    /// What a file is written in, by its extension; YAML where it has none that says so.
    pub(super) fn of_file(path: &str) -> Self {
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
pub(super) struct Text<'a> {
    pub(super) path: &'a str,
    pub(super) text: &'a str,
}

impl Text<'_> {
    fn unparsable(&self, span: Range<usize>, message: impl Into<String>) -> Diagnostic {
        let message = shortened(&message.into());
        Diagnostic::new(Rule::UnparsableFrontMatter, self.path, message).at(self.text, span)
    }
}

/// A message of a length that can be read, whatever is quoted in it.
pub(super) fn shortened(message: &str) -> String {
    match message.char_indices().nth(300) {
        Some((at, _)) => message.get(..at).unwrap_or_default().to_owned() + "…",
        None => message.to_owned(),
    }
}

/// The longest front matter, in bytes. Real ones rarely pass a hundredth of it, and a file of data that was taken for
/// an article shall not keep everybody waiting.
const LONGEST: usize = 256 << 10;

/// Front matter as found.
#[derive(Debug, Default)]
pub(super) struct FrontMatter {
    pub(super) fields: Vec<Field>,
    /// Where the body begins.
    pub(super) body: usize,
}

/// Finds and reads delimited front matter. `Ok(None)` where the file has none. `Err` where it has some that cannot
/// be understood; the diagnostics then say why.
pub(super) fn find(source: Text<'_>, diagnostics: &mut Vec<Diagnostic>) -> Result<Option<FrontMatter>, ()> {
    let start = source.text.len() - source.text.trim_start_matches(['\r', '\n', ' ', '\t']).len();
    let Some(first) = lines(source.text, start).next() else { return Ok(None) };
    if let Some(syntax) = opening(first.text(source.text)) {
        let Ok(syntax) = syntax else {
            let message = format!("front matter in `{}` cannot be read", first.text(source.text));
            let help = "write it in YAML between `---` lines, or in TOML between `+++` lines";
            diagnostics.push(source.unparsable(first.start..first.end, message).help(help));
            return Err(());
        };
        return fenced(source, syntax, &first, diagnostics);
    }
    if let Some(json) = braces(source.text, start) {
        return bare_json(source, start, json, diagnostics).map(Some);
    }
    Ok(None)
}

/// Which language an opening line announces; `Some(Err)` for one that only a program could run.
fn opening(line: &str) -> Option<Result<Syntax, ()>> {
    match line.trim_end() {
        "---" | "---yaml" | "---yml" | "--- yaml" => Some(Ok(Syntax::Yaml)),
        "+++" | "---toml" | "--- toml" => Some(Ok(Syntax::Toml)),
        "---json" | "--- json" => Some(Ok(Syntax::Json)),
        "---js" | "---javascript" | "--- js" | "---coffee" => Some(Err(())),
        _ => None,
    }
}

fn fenced(
    source: Text<'_>,
    syntax: Syntax,
    first: &Line,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Option<FrontMatter>, ()> {
    let fence = first.text(source.text).get(..3).unwrap_or("---");
    let closes = |line: &Line| {
        let text = line.text(source.text).trim_end();
        text == fence || (text == "..." && syntax == Syntax::Yaml)
    };
    let plain = first.text(source.text).trim_end() == "---";
    let Some(last) = lines(source.text, first.next).find(closes) else {
        // Three dashes are also a rule across the page.
        if plain && !looks_like_fields(source.text.get(first.next..).unwrap_or_default().lines().take(1)) {
            return Ok(None);
        }
        let message = format!("front matter has no closing `{fence}`");
        let help = format!("put a line with only `{fence}` after the last of its fields");
        let label = "the article is withheld";
        diagnostics.push(source.unparsable(first.start..first.end, message).label(label).help(help));
        return Err(());
    };
    let block = first.next..last.start;
    if plain && !looks_like_fields(source.text.get(block.clone()).unwrap_or_default().lines()) {
        return Ok(None);
    }
    let fields = parse(source, syntax, block, diagnostics)?;
    Ok(Some(FrontMatter { fields, body: last.next }))
}

/// Whether lines can be meant as metadata: nothing at all, or at least one `key:`.
fn looks_like_fields<'a>(lines: impl Iterator<Item = &'a str>) -> bool {
    let mut blank = true;
    for line in lines.take(200) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        blank = false;
        if line.starts_with('{') {
            return true;
        }
        if let Some((key, rest)) = line.split_once(':')
            && key.len() < 60
            && (rest.is_empty() || rest.starts_with([' ', '\t']))
            && key.chars().all(|c| c.is_alphanumeric() || "-_ .\"'@/".contains(c))
        {
            return true;
        }
    }
    blank
}

/// Whether the text opens with a JSON object, rather than with a template tag or an attribute list.
fn braces(text: &str, start: usize) -> Option<bool> {
    let rest = text.get(start..)?;
    if let Some(inside) = rest.strip_prefix('{') {
        return inside.trim_start().starts_with(['"', '}']).then_some(true);
    }
    // Hexo's form: `"title": "Hello",` line by line without braces, ended by `;;;`.
    let ended = || lines(text, start).take(100).any(|line| line.text(text).trim_end() == ";;;");
    (rest.starts_with('"') && ended()).then_some(false)
}

fn bare_json(
    source: Text<'_>,
    start: usize,
    braces: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<FrontMatter, ()> {
    let text = &*blanked(source.text);
    if !braces {
        let last = lines(text, start).find(|line| line.text(text).trim_end() == ";;;");
        let Some(last) = last else { return Err(()) };
        let block = text.get(start..last.start).unwrap_or_default();
        // A brace in place of the character before, so that places need no correction but one.
        let wrapped = format!("{{{}}}", block.trim_end().trim_end_matches(','));
        let fields = json(source, &wrapped, start, 1, diagnostics)?;
        return Ok(FrontMatter { fields, body: last.next });
    }
    let rest = text.get(start..).unwrap_or_default();
    let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<IgnoredAny>();
    let end = match stream.next() {
        Some(Ok(_)) => start + stream.byte_offset(),
        Some(Err(error)) => {
            diagnostics.push(json_fault(source, rest, start, &error));
            return Err(());
        }
        None => return Err(()),
    };
    let fields = parse(source, Syntax::Json, start..end, diagnostics)?;
    let mut body = lines(text, end)
        .next()
        .map_or(end, |line| if line.text(text).trim().is_empty() { line.next } else { end });
    if let Some(line) = lines(text, end).find(|line| !line.text(text).trim().is_empty())
        && line.text(text).trim() == ";;;"
    {
        body = line.next;
    }
    Ok(FrontMatter { fields, body })
}

/// Reads metadata that fill a stretch of a text. `Err` where they cannot be understood; the diagnostics say why.
pub(super) fn parse(
    source: Text<'_>,
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
        Syntax::Yaml => yaml(source, &text, block.start, diagnostics)?,
        Syntax::Toml => toml(source, &text, block.start, diagnostics)?,
        Syntax::Json if text.trim().is_empty() => Vec::new(),
        Syntax::Json => json(source, &text, block.start, 0, diagnostics)?,
    };
    keep_last_of_each(source, &mut fields, diagnostics);
    Ok(fields)
}

/// The text with blanks, as many bytes wide, for the characters that none of the languages takes. They have a
/// diagnostic of their own, and are no reason to withhold an article.
fn blanked(text: &str) -> Cow<'_, str> {
    if !text.contains(super::is_forbidden) {
        return Cow::Borrowed(text);
    }
    let mut blanked = String::with_capacity(text.len());
    for c in text.chars() {
        if super::is_forbidden(c) {
            blanked.extend(std::iter::repeat_n(' ', c.len_utf8()));
        } else {
            blanked.push(c);
        }
    }
    Cow::Owned(blanked)
}

/// A key given twice counts the last time, as it does for most generators.
fn keep_last_of_each(source: Text<'_>, fields: &mut Vec<Field>, diagnostics: &mut Vec<Diagnostic>) {
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

// YAML.

/// The deepest that metadata may be nested. Real ones go to four or five.
const DEEPEST: usize = 40;

fn yaml(
    source: Text<'_>,
    block: &str,
    start: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<Field>, ()> {
    let error = match read_yaml(block) {
        Ok(said) => return table(source, Syntax::Yaml, said, block, &|at| start + at, diagnostics),
        Err(error) => error,
    };
    // Titles with a colon in them are so common, and so plainly meant, that one more try is worth it.
    if let Some(mended) = mend(block)
        && let Ok(said) = read_yaml(&mended.text)
        && matches!(said.value, Said::Map(_))
    {
        for span in mended.quoted.iter().take(10) {
            diagnostics.push(
                Diagnostic::new(
                    Rule::UnusableValue,
                    source.path,
                    "this value is not valid YAML as it stands",
                )
                .at(source.text, start + span.start..start + span.end)
                .label("taken as plain text")
                .help("put it in quotes: `\"…\"`"),
            );
        }
        return table(
            source,
            Syntax::Yaml,
            said,
            &mended.text,
            &|at| start + mended.original(at),
            diagnostics,
        );
    }
    diagnostics.push(yaml_fault(source, block, start, &error));
    Err(())
}

fn read_yaml(block: &str) -> Result<Spanned<Said>, serde_saphyr::Error> {
    if block.trim().is_empty() {
        let nowhere = serde_saphyr::Location::UNKNOWN;
        return Ok(Spanned::new(Said::Null, nowhere, nowhere));
    }
    let options = serde_saphyr::options! {
        // `lang: no` is Norwegian.
        strict_booleans: true,
        duplicate_keys: serde_saphyr::DuplicateKeyPolicy::PassThrough,
        with_snippet: false,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        budget: serde_saphyr::budget! {
            max_depth: DEEPEST,
            flow_nesting_limit: DEEPEST,
            max_nodes: 20_000,
            max_events: 100_000,
            max_aliases: 1_000,
            max_anchors: 1_000,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: 50_000,
            max_replay_stack_depth: 16,
        },
    };
    serde_saphyr::from_str_with_options(block, options)
}

fn yaml_fault(source: Text<'_>, block: &str, start: usize, error: &serde_saphyr::Error) -> Diagnostic {
    let at = error.location().map_or(0, |location| place_in(block, &location));
    let said = error.without_snippet().to_string();
    let said = said.lines().next().unwrap_or_default();
    // The crate says where, too; we show it.
    let said = said.split(" at line ").next().unwrap_or(said);
    let said = said.strip_prefix("error: ").unwrap_or(said).trim_end_matches(['.', ':', ' ']);
    let end = end_of_word(block, at);
    source
        .unparsable(start + at..start + end, format!("front matter is not valid YAML: {said}"))
        .label("the article is withheld")
        .help("text with `: `, `#`, or quotes in it goes in quotes; nested fields are indented with spaces")
}

fn place_in(text: &str, location: &serde_saphyr::Location) -> usize {
    if let Some(at) = location.span().byte_offset() {
        return usize::try_from(at).unwrap_or(0).min(text.len());
    }
    let (line, column) = (location.line().saturating_sub(1), location.column().saturating_sub(1));
    let line = usize::try_from(line).ok().and_then(|line| lines(text, 0).nth(line));
    let Some(line) = line else { return text.len() };
    let characters = line.text(text).char_indices();
    let column = usize::try_from(column).unwrap_or(usize::MAX);
    characters.map(|(at, _)| line.start + at).nth(column).unwrap_or(line.end)
}

/// The end of what stands at a place: of its word, at least one character if there is one.
fn end_of_word(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let word = rest.find(|c: char| c.is_whitespace()).unwrap_or(rest.len());
    at + word.max(rest.chars().next().filter(|c| *c != '\n' && *c != '\r').map_or(0, char::len_utf8))
}

/// YAML with the values quoted that nobody can have meant as anything but text.
struct Mended {
    text: String,
    /// Where the values are that were quoted, in the original.
    quoted: Vec<Range<usize>>,
    /// For each line: where it begins in the mended text and in the original, and its length there.
    lines: Vec<(usize, usize, usize)>,
}

impl Mended {
    /// The place in the original.
    fn original(&self, at: usize) -> usize {
        let line = self.lines.partition_point(|(start, ..)| *start <= at).saturating_sub(1);
        self.lines
            .get(line)
            .map_or(at, |(start, original, length)| original + (at - start.min(&at)).min(*length))
    }
}

fn mend(block: &str) -> Option<Mended> {
    let mut mended = Mended { text: String::new(), quoted: Vec::new(), lines: Vec::new() };
    let mut tabs = false;
    for line in lines(block, 0) {
        mended.lines.push((mended.text.len(), line.start, line.end - line.start));
        let text = line.text(block);
        let body = text.trim_start_matches('\t');
        if body.len() < text.len() {
            tabs = true;
            mended.text.push_str(&"  ".repeat(text.len() - body.len()));
        }
        match unquoted_value(body) {
            Some(at) => {
                let (before, value) = body.split_at(at);
                let value_start = line.end - value.len();
                let value = value.trim_end();
                mended.quoted.push(value_start..value_start + value.len());
                mended.text.push_str(before);
                mended.text.push('\'');
                mended.text.push_str(&value.replace('\'', "''"));
                mended.text.push('\'');
            }
            None => mended.text.push_str(body),
        }
        mended.text.push('\n');
    }
    (tabs || !mended.quoted.is_empty()).then_some(mended)
}

/// Where in a line `key: value` (or `- value`) a value begins that YAML would not take, but that is plainly text.
fn unquoted_value(line: &str) -> Option<usize> {
    let content = line.trim_start();
    let indent = line.len() - content.len();
    let at = match content.strip_prefix("- ") {
        Some(_) if indent == 0 || !content.contains(": ") => indent + 2,
        _ => {
            let (key, _) = content.split_once(": ")?;
            if key.is_empty() || !key.chars().all(|c| c.is_alphanumeric() || "-_ .".contains(c)) {
                return None;
            }
            indent + key.len() + 2
        }
    };
    let value = line.get(at..)?;
    let at = at + (value.len() - value.trim_start().len());
    let value = value.trim();
    let mut characters = value.chars();
    let first = characters.next()?;
    let last = characters.next_back().unwrap_or(first);
    let text = match first {
        '@' | '`' | '%' => true,
        // `*Important*`, but not the name of an anchor.
        '*' => last == '*' || value.contains(' '),
        '"' | '\'' => !closes_at_end(value, first),
        // `[Video] It is here`, but not a list that was never closed, or goes on in the next line.
        '[' => last != ']' && value.contains(']') && !value.contains(", ") && last != ',',
        '{' => last != '}' && value.contains('}') && last != ',',
        '|' | '>' | '#' => false,
        _ => value.contains(": ") || value.ends_with(':'),
    };
    text.then_some(at)
}

/// Whether a quoted value ends where its quotation ends.
fn closes_at_end(value: &str, quote: char) -> bool {
    let inside = value.get(1..).unwrap_or_default();
    let mut characters = inside.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        if quote == '"' && c == '\\' {
            characters.next();
        } else if c == quote {
            if quote == '\'' && characters.peek().is_some_and(|(_, next)| *next == '\'') {
                characters.next();
                continue;
            }
            let rest = inside.get(at + 1..).unwrap_or_default().trim_start();
            return rest.is_empty() || rest.starts_with('#');
        }
    }
    // It goes on in the next line, as quotations may.
    true
}

/// What YAML or JSON say, before places are counted in the whole file.
enum Said {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Spanned<Said>>),
    Map(Vec<(Spanned<Key>, Spanned<Said>)>),
}

impl<'de> Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Listener)
    }
}

struct Listener;

impl<'de> Visitor<'de> for Listener {
    type Value = Said;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E>(self) -> Result<Said, E> {
        Ok(Said::Null)
    }
    fn visit_none<E>(self) -> Result<Said, E> {
        Ok(Said::Null)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Said, D::Error> {
        deserializer.deserialize_any(Listener)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Said, E> {
        Ok(Said::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Said, E> {
        Ok(Said::Number(value.to_string()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Said, E> {
        Ok(Said::Number(value.to_string()))
    }
    fn visit_i128<E>(self, value: i128) -> Result<Said, E> {
        Ok(Said::Number(value.to_string()))
    }
    fn visit_u128<E>(self, value: u128) -> Result<Said, E> {
        Ok(Said::Number(value.to_string()))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Said, E> {
        Ok(Said::Number(value.to_string()))
    }
    fn visit_str<E>(self, value: &str) -> Result<Said, E> {
        Ok(Said::Text(value.to_owned()))
    }
    fn visit_string<E>(self, value: String) -> Result<Said, E> {
        Ok(Said::Text(value))
    }
    fn visit_bytes<E>(self, value: &[u8]) -> Result<Said, E> {
        Ok(Said::Text(String::from_utf8_lossy(value).into_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Said, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Said::List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Said, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Said::Map(map))
    }
}

/// A key, which is text whatever it looks like.
struct Key(String);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Said::deserialize(deserializer)? {
            Said::Text(text) | Said::Number(text) => Ok(Self(text)),
            Said::Bool(value) => Ok(Self(value.to_string())),
            Said::Null => Ok(Self(String::new())),
            Said::List(_) | Said::Map(_) => Err(serde::de::Error::custom("a key that is a list or a table")),
        }
    }
}

/// The fields of a whole front matter; `Err` if it is something else.
fn table(
    source: Text<'_>,
    syntax: Syntax,
    said: Spanned<Said>,
    block: &str,
    place: &dyn Fn(usize) -> usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<Field>, ()> {
    match said.value {
        Said::Null => Ok(Vec::new()),
        Said::Map(map) => Ok(fields_said(map, block, place)),
        _ => {
            let message = format!("front matter is {} but no fields", syntax.name());
            let span = place(0)..place(lines(block, 0).next().map_or(0, |line| line.end));
            let help = "write fields such as `title: Hello`";
            diagnostics.push(source.unparsable(span, message).label("the article is withheld").help(help));
            Err(())
        }
    }
}

fn fields_said(
    map: Vec<(Spanned<Key>, Spanned<Said>)>,
    block: &str,
    place: &dyn Fn(usize) -> usize,
) -> Vec<Field> {
    map.into_iter()
        .map(|(key, value)| {
            let key_span = span_of(&key.referenced, block);
            let node = node_said(value, block, place);
            Field::new(key.value.0, place(key_span.start)..place(key_span.end), node)
        })
        .collect()
}

/// The recursion is no deeper than the reader's budget.
fn node_said(said: Spanned<Said>, block: &str, place: &dyn Fn(usize) -> usize) -> Node {
    let span = span_of(&said.referenced, block);
    let raw = block.get(span.clone()).unwrap_or_default();
    let value = match said.value {
        Said::Null => Value::Null,
        Said::Bool(value) => Value::Bool(value),
        Said::Number(number) if raw.is_empty() || raw.contains(char::is_whitespace) => Value::Number(number),
        Said::Number(number) if raw.starts_with('*') => Value::Number(number),
        Said::Number(_) => Value::Number(raw.to_owned()),
        Said::Text(text) => Value::Text(text),
        Said::List(items) => {
            Value::List(items.into_iter().map(|item| node_said(item, block, place)).collect())
        }
        Said::Map(map) => Value::Map(fields_said(map, block, place)),
    };
    // The reader gives only the beginning of lists and tables.
    let last = match &value {
        Value::List(items) => items.last().map(|item| item.span.end),
        Value::Map(fields) => fields.last().map(|field| field.node.span.end),
        _ => None,
    };
    let flow = block.get(span.start..).is_some_and(|rest| rest.starts_with(['[', '{']));
    let (start, end) = (place(span.start), place(span.end));
    let end = last.map_or(end, |last| last + usize::from(flow)).max(end);
    Node { value, span: start..end }
}

fn span_of(location: &serde_saphyr::Location, block: &str) -> Range<usize> {
    if location.line() == 0 {
        return 0..0;
    }
    let start = place_in(block, location);
    let length = location.span().byte_len().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    let end = start.saturating_add(length).min(block.len());
    let text = block.get(start..end).unwrap_or_default();
    start..start + text.trim_end().len()
}

// JSON.

/// JSON is YAML, so the YAML reader gives it places; but first it must be JSON.
fn json(
    source: Text<'_>,
    block: &str,
    start: usize,
    added: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<Field>, ()> {
    if let Err(error) = serde_json::from_str::<IgnoredAny>(block) {
        diagnostics.push(json_fault(source, block, start.saturating_sub(added), &error));
        return Err(());
    }
    let said = match read_yaml(block) {
        Ok(said) => said,
        Err(_) => match serde_json::from_str(block) {
            Ok(said) => said,
            Err(error) => {
                diagnostics.push(json_fault(source, block, start.saturating_sub(added), &error));
                return Err(());
            }
        },
    };
    let place = |at: usize| start + at.saturating_sub(added);
    table(source, Syntax::Json, said, block, &place, diagnostics)
}

fn json_fault(source: Text<'_>, block: &str, start: usize, error: &serde_json::Error) -> Diagnostic {
    let line = lines(block, 0).nth(error.line().saturating_sub(1));
    // The column counts bytes, from 1; 0 is the end of the line before.
    let at = line.map_or(block.len(), |line| (line.start + error.column().saturating_sub(1)).min(line.end));
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    source
        .unparsable(start + at..start + at + 1, format!("front matter is not valid JSON: {said}"))
        .label("the article is withheld")
        .help("names and texts go in double quotes, with a comma between fields and none after the last")
}

// TOML.

fn toml(
    source: Text<'_>,
    block: &str,
    start: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<Field>, ()> {
    let (table, errors) = toml::de::DeTable::parse_recoverable(block);
    // One fault often brings others after it; three say enough.
    for error in errors.iter().take(3) {
        let at = error.span().unwrap_or(0..0);
        let said = error.message().lines().next().unwrap_or_default();
        diagnostics.push(
            source
                .unparsable(
                    start + at.start..start + at.end,
                    format!("front matter is not valid TOML: {said}"),
                )
                .label("the article is withheld")
                .help("text goes in double quotes; dates go without"),
        );
    }
    if errors.is_empty() { Ok(toml_fields(table.into_inner(), start)) } else { Err(()) }
}

/// The recursion is no deeper than the TOML reader's own limit.
fn toml_fields(table: toml::de::DeTable<'_>, start: usize) -> Vec<Field> {
    let mut fields: Vec<Field> = table
        .into_iter()
        .map(|(key, value)| {
            let span = key.span();
            Field::new(
                key.into_inner(),
                start + span.start..start + span.end,
                toml_node(value.span(), value.into_inner(), start),
            )
        })
        .collect();
    fields.sort_by_key(|field| field.key_span.start);
    fields
}

fn toml_node(span: Range<usize>, value: toml::de::DeValue<'_>, start: usize) -> Node {
    use toml::de::DeValue;
    let value = match value {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => Value::Number(number.to_string()),
        DeValue::Float(number) => Value::Number(number.to_string()),
        DeValue::Boolean(value) => Value::Bool(value),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(items) => Value::List(
            items.into_iter().map(|item| toml_node(item.span(), item.into_inner(), start)).collect(),
        ),
        DeValue::Table(table) => Value::Map(toml_fields(table, start)),
    };
    Node { value, span: start + span.start..start + span.end }
}

// Lines.

/// A line of a text: where it begins, where its text ends, and where the next one begins.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) next: usize,
}

impl Line {
    pub(super) fn text<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// The lines from a place on, whether they end as on Unix or on Windows.
pub(super) fn lines(text: &str, from: usize) -> impl Iterator<Item = Line> + '_ {
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> (Result<Option<FrontMatter>, ()>, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let found = find(Text { path: "articles/x.md", text }, &mut diagnostics);
        (found, diagnostics)
    }

    fn fields(text: &str) -> Vec<(String, Value)> {
        let (found, diagnostics) = read(text);
        assert_eq!(diagnostics, []);
        let fields = found.unwrap().unwrap().fields;
        fields.into_iter().map(|field| (field.key, field.node.value)).collect()
    }

    fn body(text: &str) -> &str {
        &text[read(text).0.unwrap().unwrap().body..]
    }

    fn text(value: &str) -> Value {
        Value::Text(value.into())
    }

    #[test]
    fn yaml_toml_and_json_say_the_same() {
        for source in [
            "---\ntitle: Hello\ndraft: true\n---\nBody",
            "---\r\ntitle: Hello\r\ndraft: true\r\n...\r\nBody",
            "---toml\ntitle = \"Hello\"\ndraft = true\n---\nBody",
            "+++\ntitle = \"Hello\"\ndraft = true\n+++\nBody",
            "---json\n{\"title\": \"Hello\", \"draft\": true}\n---\nBody",
            "{\n  \"title\": \"Hello\",\n  \"draft\": true\n}\nBody",
            "{\"title\": \"Hello\", \"draft\": true}\n;;;\nBody",
            "\"title\": \"Hello\",\n\"draft\": true\n;;;\nBody",
        ] {
            let expected = [("title".into(), text("Hello")), ("draft".into(), Value::Bool(true))];
            assert_eq!(fields(source), expected, "{source}");
            assert_eq!(body(source), "Body", "{source}");
        }
    }

    #[test]
    fn values_point_at_where_they_stand() {
        for source in [
            "---\ntitle: Héllo\ntags: [a, wanted]\n---\n",
            "+++\ntitle = \"Héllo\"\ntags = [\"a\", \"wanted\"]\n+++\n",
            "{\"title\": \"Héllo\", \"tags\": [\"a\", \"wanted\"]}\n",
            "\"title\": \"Héllo\",\n\"tags\": [\"a\", \"wanted\"]\n;;;\n",
        ] {
            let front_matter = read(source).0.unwrap().unwrap();
            let tags = &front_matter.fields[1];
            assert_eq!(source[tags.key_span.clone()].trim_matches('"'), "tags", "{source}");
            let item = &tags.node.items()[1];
            assert_eq!(source[item.span.clone()].trim_matches('"'), "wanted", "{source}");
        }
    }

    #[test]
    fn values_keep_the_form_in_which_they_were_written() {
        let source = "---\na: 1.10\nb: 007\nc: no\nd: 2024-05-06\ne: 1_000\nf: ~\n---\n";
        let values: Vec<Value> = fields(source).into_iter().map(|(_, value)| value).collect();
        let expected = [
            Value::Number("1.10".into()),
            text("007"),
            text("no"),
            text("2024-05-06"),
            text("1_000"),
            Value::Null,
        ];
        assert_eq!(values, expected);
        let dates = fields("+++\nd = 2024-05-06\nt = 2024-05-06T10:00:00Z\n+++\n");
        assert_eq!(dates[0].1, Value::Date("2024-05-06".into()));
    }

    #[test]
    fn an_empty_block_is_front_matter_without_fields() {
        assert_eq!(fields("---\n---\nBody"), []);
        assert_eq!(fields("+++\n+++\nBody"), []);
        assert_eq!(fields("---\n# nothing yet\n---\n"), []);
    }

    #[test]
    fn a_rule_across_the_page_is_no_front_matter() {
        for source in
            ["---\n\nHello there.\n\n---\n\nMore.", "---\nHello", "{% include x %}", "{{ x }}", "", "Hello"]
        {
            let (found, diagnostics) = read(source);
            assert!(found.unwrap().is_none() && diagnostics.is_empty(), "{source}");
        }
    }

    #[test]
    fn a_fault_is_shown_where_it_is() {
        for (source, line, what) in [
            ("---\ntitle: x\nlist: [a, b\n---\n", 3, "YAML"),
            ("+++\ntitle = x\n+++\n", 2, "TOML"),
            ("{\"title\": x}\n", 1, "JSON"),
            ("---\ntitle: x\n", 1, "closing"),
            ("---js\n{}\n---\n", 1, "js"),
        ] {
            let (found, diagnostics) = read(source);
            assert!(found.is_err(), "{source}");
            let place = diagnostics[0].place.as_ref().unwrap();
            assert!(diagnostics[0].message.contains(what), "{:?}", diagnostics[0].message);
            assert!(place.line.abs_diff(line) <= 1, "{source} {place:?}");
        }
    }

    #[test]
    fn several_faults_of_toml_are_all_shown() {
        let (_, diagnostics) = read("+++\na = x\nb = 1\nc = \n+++\n");
        assert_eq!(diagnostics.len(), 2);
    }

    #[test]
    fn a_title_with_a_colon_in_it_is_taken_as_text() {
        for (source, title) in [
            ("---\ntitle: Rust: a story\ndate: 2024-05-06\n---\n", "Rust: a story"),
            ("---\ndate: 2024-05-06\ntitle: @home\n---\n", "@home"),
            ("---\ntitle: \"Big\" news\n---\n", "\"Big\" news"),
            ("---\ntitle: [Video] It's here\n---\n", "[Video] It's here"),
            ("---\ntitle: *Important*\n---\n", "*Important*"),
            ("---\ntitle: Tabs: bad\nmap:\n\tkey: 1\n---\n", "Tabs: bad"),
        ] {
            let (found, diagnostics) = read(source);
            let fields = found.unwrap().unwrap().fields;
            let field = fields.iter().find(|field| field.key == "title").unwrap();
            assert_eq!(field.node.value, text(title), "{source}");
            assert_eq!(diagnostics[0].rule, Rule::UnusableValue);
            assert!(diagnostics[0].place.as_ref().unwrap().excerpt.contains(title));
        }
    }

    #[test]
    fn a_key_given_twice_counts_the_last_time() {
        let (found, diagnostics) = read("---\ntitle: a\ntitle: b\n---\n");
        assert_eq!(found.unwrap().unwrap().fields[0].node.value, text("b"));
        assert_eq!(diagnostics[0].message, "`title` is given twice");
    }

    #[test]
    fn bombs_and_towers_are_refused() {
        let level = |level: usize| {
            let before = vec![format!("*a{}", level - 1); 10].join(", ");
            format!("a{level}: &a{level} [{before}]\n")
        };
        let bomb: String = (1..9).map(level).collect();
        let bomb = "---\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned() + &bomb;
        for source in [
            bomb + "---\n",
            format!("---\na: {}\n---\n", "[".repeat(50_000)),
            format!("---\na: {}{}\n---\n", "{a: ".repeat(500), "}".repeat(500)),
            format!("{{\"a\": {}", "[".repeat(50_000)),
            format!("+++\na = {}\n+++\n", "[".repeat(50_000)),
        ] {
            assert!(read(&source).0.is_err(), "{source:.80}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(head in "(---|\\+\\+\\+|---json|\\{|\"a\": )?\n?", text in "[a-zé:\\-\\[\\]{}'\"\n\t =;#&*|>.0-9]{0,200}") {
            let source = format!("{head}{text}\n---\n");
            let (_, diagnostics) = read(&source);
            for diagnostic in diagnostics {
                prop_assert!(diagnostic.place.is_some());
            }
        }

        #[test]
        fn mending_keeps_places_in_order(text in "[a-zé:'\"@\t\n \\-]{0,120}") {
            if let Some(mended) = mend(&text) {
                let places: Vec<usize> = (0..mended.text.len()).map(|at| mended.original(at)).collect();
                prop_assert!(places.windows(2).all(|pair| pair[0] <= pair[1]));
                prop_assert!(places.iter().all(|place| *place <= text.len()));
            }
        }
    }
}
