//! Holds the short reader to the crate: where it answers, both agree.

use super::super::{TextFile, yaml};
use super::*;
use proptest::prelude::*;

/// Fields that the crate reads in a block; `None` if it refuses the block or reports something.
fn crate_says(block: &str, start: usize) -> Option<Vec<Field>> {
    let text = format!("{}{block}", " ".repeat(start));
    let mut diagnostics = Vec::new();
    let fields = yaml::read_all(TextFile { path: "x.md", text: &text }, block, start, &mut diagnostics);
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
