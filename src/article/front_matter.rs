//! Finds the front matter at the beginning of a file, and has it read by [`crate::data`]. Header lines
//! are left to `header`.

mod json;

use crate::data::{Field, Line, Syntax, TextFile, lines, parse};
use crate::diagnostic::Diagnostic;

/// Front matter as found.
#[derive(Debug, Default)]
pub(super) struct FrontMatter {
    pub(super) fields: Vec<Field>,
    /// Byte at which the body begins in the file.
    pub(super) body: usize,
}

/// Finds and reads delimited front matter. `Ok(None)` where the file has none. `Err` where it has some that cannot
/// be understood; the diagnostics then say why.
pub(super) fn find(
    source: TextFile<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Option<FrontMatter>, ()> {
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
    if let Some(json) = json::braces(source.text, start) {
        return json::bare(source, start, json, diagnostics).map(Some);
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
    source: TextFile<'_>,
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

/// `true` if lines can be meant as metadata: they are blank, or hold at least one `key:`.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Value;
    use crate::diagnostic::Rule;
    use proptest::prelude::*;

    fn read(text: &str) -> (Result<Option<FrontMatter>, ()>, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let found = find(TextFile { path: "articles/x.md", text }, &mut diagnostics);
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
    }
}
