//! Problems that are reported, and cost nothing else.

use proptest::prelude::*;

use super::*;
use crate::content::{first_forbidden, is_forbidden};
use crate::diagnostic::Rule;

#[test]
fn each_fault_is_said_and_costs_nothing_else() {
    for (fields, rule) in [
        ("date: 2024-05-06", "missing-title"),
        ("title: Hello", "missing-date"),
        ("title: Hello\ndate: next Tuesday", "unreadable-date"),
        ("title: Hello\ndate: Last Modified", "unreadable-date"),
        ("title: Hello\ndate: 2024-10-27 01:30", "ambiguous-time"),
        ("title: Hello\ndate: 2024-03-31 01:30", "nonexistent-time"),
        ("title: Hello\ndate: 1824-05-06", "implausible-date"),
        ("title: Hello\ndate: 2024-05-06\nupdated: 2024-04-01", "updated-before-published"),
        ("title: Hello\ndate: 2024-05-06\nstatus: publishd", "unknown-status"),
        ("title: Hello\ndate: 2024-05-06\nlang: english", "unknown-language"),
        ("title: Hello\ndate: 2024-05-06\nauthor: grace", "unknown-author"),
        ("title: Hello\ndate: 2024-05-06\nslug: ../../etc", "unusable-address"),
        ("title: Hello\ndate: 2024-05-06\npermalink: ../../etc", "unusable-address"),
        ("title: Hello\ndate: 2024-05-06\ncanonical: /here", "unusable-address"),
        ("title: Hello\ndate: 2024-05-06\nimage: file:///x.png", "unusable-address"),
        ("title: Hello\ndate: 2024-05-06\nid: [1, 2]", "unusable-id"),
        ("title: Hello\ndate: 2024-05-06\nenclosure: C:\\x.mp3", "unusable-enclosure"),
        ("title: Hello\ndate: 2024-05-06\nenclosure: true", "unusable-enclosure"),
        ("title: Hello\ndate: 2024-05-06\ntags: { a: b }", "unusable-value"),
        ("title: Hello\ndate: 2024-05-06\naudio: x.mp3\nlength: long", "unusable-value"),
        ("title: [a]\ndate: 2024-05-06\n", "unusable-value"),
        ("title: Hello\ndate: 2024-05-06\nx: \u{1b}", "control-characters"),
    ] {
        let (article, rules) = faults(fields);
        assert_eq!(rules.first(), Some(&rule), "{fields}");
        assert!(article.visibility != Visibility::Faulty && article.slug == "hello", "{fields}");
    }
}

#[test]
fn what_cannot_be_read_at_all_is_withheld() {
    for (bytes, rule) in [
        (&b"---\ntitle: [\n---\n"[..], Rule::UnparsableFrontMatter),
        (b"caf\xe9", Rule::InvalidEncoding),
        (b"\xff\xfea\0b\0", Rule::InvalidEncoding),
        (b"\xef\xbb\xbfcaf\xe9 au lait\nx", Rule::InvalidEncoding),
    ] {
        let (article, diagnostics) = read_bytes(Dialect::Feedwright, "hello.md", bytes, None);
        assert_eq!((article.visibility, article.slug.as_str()), (Visibility::Faulty, "hello"));
        assert_eq!(diagnostics[0].rule, rule);
        assert!(diagnostics[0].place.is_some());
    }
    let huge = vec![b'x'; LARGEST + 1];
    assert_eq!(read_bytes(Dialect::Feedwright, "hello.md", &huge, None).1[0].rule, Rule::HugeFile);
}

#[test]
fn the_first_bad_byte_is_shown() {
    let latin = b"\xef\xbb\xbfone\ntwo caf\xe9";
    let (_, diagnostics) = read_bytes(Dialect::Feedwright, "hello.md", latin, None);
    let place = diagnostics[0].place.as_ref().unwrap();
    assert_eq!((place.line, place.column), (2, 8));
}

#[test]
fn a_name_with_a_date_mends_a_date_that_cannot_be_read() {
    let (article, diagnostics) = read(Dialect::Jekyll, "2024-01-06-x.md", "---\ntitle: x\ndate: soon\n---\n");
    assert_eq!(article.published.unwrap().to_rfc3339(), "2024-01-06T00:00:00+00:00");
    assert_eq!(diagnostics.iter().map(|d| d.rule).collect::<Vec<_>>(), [Rule::UnreadableDate]);
}

#[test]
fn huge_metadata_are_refused_or_read_in_no_time() {
    let many = |line: &str| line.repeat(20_000);
    for text in [
        format!("---\ntitle: x\ntags:\n{}---\n", many("- {a: b}\n")),
        format!("---\ntitle: x\n{}---\n", many("title: x\n")),
        format!("---\ntitle: x\n{}---\n", many("- a: b: c\n")),
        format!("Title: x\n{}", many("Tags: a\n")),
        format!("<!--\n.. title: x\n{}", many(".. tags: a\n")),
        format!("+++\n{}+++\n", many("a = \n")),
        many("<meta name=a content=b>\n"),
        many("<script>"),
        many("<h1"),
        many("# "),
        many("---\n"),
    ] {
        for name in ["x.md", "x.html", "x.txt"] {
            let (_, diagnostics) = read(Dialect::Feedwright, name, &text);
            assert!(diagnostics.len() <= 1_010);
        }
    }
}

#[test]
fn a_note_on_purpose_is_no_fault() {
    let (article, rules) = faults("title: \"\"\ndate: 2024-05-06");
    assert_eq!((article.title, rules), (None, vec![]));
}

#[test]
fn control_characters_in_front_matter_do_not_cost_the_article() {
    for text in [
        "---\ntitle: He\u{8}llo\n---\n",
        "+++\ntitle = \"He\u{8}llo\"\n+++\n",
        "{\"title\": \"He\u{8}llo\"}\n",
    ] {
        let (article, diagnostics) = read(Dialect::Feedwright, "2024-05-06-x.md", text);
        assert_eq!(article.title.as_deref(), Some("He llo"));
        assert_eq!(diagnostics.iter().map(|d| d.rule).collect::<Vec<_>>(), [Rule::ControlCharacters]);
    }
}

#[test]
fn pages_and_drafts_need_no_date() {
    assert_eq!(read(Dialect::Hugo, "news/_index.md", "---\ntitle: News\n---\n").1, []);
    assert_eq!(faults("title: x\ndraft: true").1, Vec::<&str>::new());
}

#[test]
fn a_body_that_is_gone_is_empty() {
    let (article, _) = read(Dialect::Feedwright, "x.md", "---\ntitle: x\n---\nBödy");
    for text in ["", "é", "---\ntitle: é"] {
        let _ = body(text, &article).text();
    }
}

#[test]
fn a_body_that_is_remembered_is_not_measured_again_and_another_is() {
    let text = "---\ntitle: Hello\n---\nHow are you?\n";
    let (first, _) = read(Dialect::Feedwright, "hello.md", text);
    // So that it shows where it was taken from.
    let remembered = TextFingerprint { characters: 99, ..first.fingerprint };
    let again = |text: &str| {
        let source =
            SourceFile { bytes: text.as_bytes(), remembered: Some(remembered), ..SourceFile::default() };
        parse(&source, &conventions(Dialect::Feedwright)).0.fingerprint
    };
    assert_eq!(again(text), remembered);
    assert_eq!(again(&text.replace("How are", "How is")).characters, 8);
}

#[test]
fn whatever_is_stated_beside_the_body_is_in_its_digest() {
    let stated = |text: &str, beside: Option<(&str, &[u8])>| {
        read_bytes(Dialect::Feedwright, "hello.md", text.as_bytes(), beside).0.stated
    };
    let text = "---\ntitle: Hello\n---\nHow are you?\n";
    let first = stated(text, None);
    assert_eq!(first, stated(text, None));
    assert_eq!(first, stated(&text.replace("How", "Who"), None), "the body has a digest of its own");
    assert_ne!(first, stated(&text.replace("Hello", "Hallo"), None));
    assert_ne!(first, stated(text, Some(("articles/hello.toml", b"slug = 'x'"))));
    assert_ne!(first, stated(&text.replace("?\n", "?\r\n"), None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_first_forbidden_character_is_found_wherever_it_is(before in ".{0,150}", any in "[a\t\u{0}\u{7f}\u{80}-\u{a2}é\u{fdcf}-\u{fdf0}\u{fffc}-\u{ffff}\u{1fffd}-\u{20001}]{0,4}") {
        let text = before + &any;
        prop_assert_eq!(first_forbidden(&text), text.char_indices().find(|(_, c)| is_forbidden(*c)));
    }

    #[test]
    fn any_file_is_an_article(
        name in "[a-z0-9./_-]{0,20}\\.(md|html|txt|mdx|)",
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        key in "(title|date|tags|author|published|draft|slug|permalink|image|enclosure|audio|source|license|lang|id|aliases|feed|link)",
        value in "[\\[\\]{}:,'\"a-z0-9 é#./\\\\\n\u{7}|>&*!%@`-]{0,60}",
        dialect in prop::sample::select(Dialect::ALL),
    ) {
        for bytes in [bytes, format!("---\n{key}: {value}\n---\n").into(), format!("+++\n{key} = {value}\n+++\n").into(),
            format!("{key}: {value}\n\nBody").into(), format!("<meta name={key} content={value}").into()]
        {
            let source = SourceFile { path: &name, name: &name, bytes: &bytes, ..SourceFile::default() };
            let (article, _) = parse(&source, &conventions(dialect));
            prop_assert!(address::is_safe_part(&article.slug), "{:?}", article.slug);
            if let Ok(text) = text(source.bytes) {
                let _ = body(text, &article).text();
            }
        }
    }
}
