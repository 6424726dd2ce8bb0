//! Two ways lead from Markdown to content, and they meet: whatever the short one accepts, the long one makes of it
//! the same page, the same summary and the same diagnostics.

use super::*;

type Rendered = (Content, Vec<Diagnostic>);

/// What a body comes to by the short way, if that is open to it, and by the long one.
pub(super) fn by_both_ways(body: &Body<'_>, surroundings: &Surroundings<'_>) -> (Option<Rendered>, Rendered) {
    let mut report = Report::new(body);
    let short = match written(body, surroundings, &mut report) {
        Written::Markdown(text) => markdown::stream(&text, surroundings),
        Written::Html(_) => None,
    };
    let short = short.map(|page| (from_page(page, surroundings, &mut report), report.finish()));
    let mut report = Report::new(body);
    let html = match written(body, surroundings, &mut report) {
        Written::Markdown(text) => markdown::to_html(&text, surroundings.id_prefix).into(),
        Written::Html(html) => html,
    };
    let long = from_html(body, &html, surroundings, &mut report);
    (short, (long, report.finish()))
}

/// Whether the ways meet; whether the short one was open.
fn meet(source: &str, marker: Option<&str>) -> Result<bool, TestCaseError> {
    let body = Body { path: "articles/hello.md", source, range: 0..source.len(), markup: Markup::Markdown };
    let surroundings = Surroundings {
        permalink: &Url::parse("https://example.org/hello/").unwrap(),
        home: &Url::parse("https://example.org/").unwrap(),
        summary: None,
        summary_marker: marker,
        id_prefix: "h1",
        files: &Site,
    };
    let (short, long) = by_both_ways(&body, &surroundings);
    let Some((content, diagnostics)) = short else { return Ok(false) };
    prop_assert_eq!(content.html, long.0.html, "{:?}", source);
    prop_assert_eq!(content.summary, long.0.summary, "{:?}", source);
    prop_assert_eq!(format!("{diagnostics:#?}"), format!("{:#?}", long.1), "{:?}", source);
    Ok(true)
}

fn is_short(source: &str) -> bool {
    meet(source, None).unwrap()
}

#[test]
fn markdown_goes_the_short_way() {
    for source in [
        "",
        "# One {#a}\n\nTwo *three* `four`\\\n[five](six \"seven\") ![eight](nine.png)\n\n[x](#a)",
        "1. a\n   > b\n\n2. c\n\n|a|b|\n|-|:-:|\n|c||\n\n```rust,ignore\nd\n```\n\n***",
        "- [ ] a\n- [x] b[^1]\n\nSee https://x.org and <me@x.org>.\n\n[^1]: c[^2]\n\n[^2]:\n    - d\n\n[^3]: <b>e</b>",
        "a\n\n<!-- more -->\n\nb <!-- c --> d\n\n - e\n\n   <!-- f -->\n",
        "a < b && c <d> &amp;nbsp; &nbsp; £ é \u{fffe}\u{b}\u{96}",
        "a[^1]\n\n[^1]: b\n\n    <!-- more -->\n",
        "a\r\nb\r\n\r\n```\r\nc\r\n\r\nd\r\n```\r\n\r\n<!-- more -->\r\n\r\n- e\r\n",
    ] {
        assert!(is_short(&source.replace("<d>", "\\<d>")), "{source}");
    }
}

#[test]
fn html_goes_the_long_way() {
    for source in [
        "a <b>c</b>",
        "<div>\n\na\n\n</div>",
        "<!-- a --> b",
        "a <!doctype html>",
        "> ![a](b)\n\n<script>",
        "<!-- never ended",
        "a[^1]\n\n[^1]: b<br>c",
    ] {
        assert!(!is_short(source), "{source}");
    }
}

#[test]
fn what_is_in_doubt_goes_the_long_way() {
    for source in [
        "# a {#b hidden=true}",
        "# {#a}\n\n[b](#a)",
        "a\0b",
        "feedwright-unresolved:a",
        &"> ".repeat(201),
        "[a](#fnref-h1-1-2)",
    ] {
        assert!(!is_short(source), "{source}");
    }
}

#[test]
fn deep_nesting_ends_the_short_way_where_it_ends_the_other() {
    for depth in [65, 66, 67, 98, 99, 100, 101, 197, 198, 199, 200, 201, 202] {
        for source in [
            "> ".repeat(depth) + "a",
            "- ".repeat(depth) + "a ![](b.png)",
            "1. ".repeat(depth) + "a",
            "> ".repeat(depth) + "```\n" + &"> ".repeat(depth) + "code",
            "> ".repeat(depth) + "***",
            "*a **b ".repeat(depth) + &"** *".repeat(depth),
        ] {
            meet(&source, None).unwrap();
        }
    }
}

/// Words, and what may stand among them.
fn any_words() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[a-zA-Z]{1,7} ",
        2 => proptest::sample::select(vec![
            "&amp;", "&nbsp;", "&lt;b&gt;", "&#11;", "&#13;", "&#0;", "&#150;", "&quot;", "&copy;", "&#xA0;",
            "\\*", "\\<", "\\[", "\\\\", "\\&", "  \n", "\\\n", "\n", "\r\n", "\u{a0}", "\u{b}", "\u{96}",
            "\u{fffd}", "\u{ffff}", "\u{fdd0}", "\u{feff}", "\u{85}", "\u{2028}", "漢字", "é", "👩\u{200d}👧", "\u{c}", "\t",
            "<", ">", "\"", "'", "¶", "#", "-", "_", "~", "1", "|", "!", "]", ")", "*", "**", "`", "   ",
            "https://example.com/a_b?c=d&e=(f)", "www.example.com.", "http://", "ftp://x.org/", "feedwright-",
            "unresolved:", "<https://x.org/ä>", "<me@x.org>", "<!-- a -->", "<!--more-->", "<!-->", "[^a]",
            "[^b]", "[^A]", "[b]", "{{ x }}", "😀", "\u{1fffe}", "＝",
        ]).prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

fn any_address() -> impl Strategy<Value = String> {
    let known = proptest::sample::select(vec![
        "a.png",
        "cat 1.jpg",
        "<cat 1.jpg>",
        "cat%201.jpg",
        "gone.png",
        "gone.png?x#y",
        "dot.gif",
        "/b",
        "../c",
        "?d",
        "#e",
        "#heading-a",
        "#fn-h1-1",
        "#fnref-h1-1",
        "#A%20b",
        "#",
        "",
        "<>",
        "javascript:alert(1)",
        "JAVASCRIPT&colon;x",
        "data:image/png;base64,AAAA",
        "data:image/gif;base64,R0lGODlhAQABAAAA",
        "data:text/html,x",
        "DATA:image/png,x",
        "http://localhost/",
        "http://10.0.0.1/a",
        "file:///etc",
        "C:\\a",
        "mailto:me@x.org?subject=a'b",
        "tel:+1",
        "other.md",
        "other.md#a",
        "none.md",
        "@/news/other.md",
        "//x.org/y",
        "https://例え.jp/道?q=é#ß",
        "http://[::1]/",
        "https://",
        "http://a b/",
        "https://x.org/a|b^c`d{e}",
        "https://x.org/%zz%",
        "https://x.org/&amp;'\\\"",
        "ftp://x.org",
        "x:y",
        "https://x.org/&nbsp;",
        "\\#a",
        "feedwright-unresolved:/a",
        "<a\u{b}b>",
        "https://me@x.org:80/..//",
        "https://x.org/(a)",
        "#fnref-x",
        "#¶",
        "#\u{96}",
    ]);
    prop_oneof![4 => known.prop_map(str::to_owned), 1 => "[!-~]{0,9}"]
}

fn any_inline() -> impl Strategy<Value = String> {
    any_words().prop_recursive(3, 12, 3, |inner| {
        let title = prop_oneof![
            2 => Just(String::new()),
            1 => any_words().prop_map(|words| format!(" \"{}\"", words.replace(['"', '\n'], ""))),
        ];
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            2 => pair.prop_map(|(one, other)| one + &other),
            1 => inner.clone().prop_map(|text| format!("*{}*", text.trim())),
            1 => inner.clone().prop_map(|text| format!("**{}**", text.trim())),
            1 => inner.clone().prop_map(|text| format!("~~{}~~", text.trim())),
            1 => inner.clone().prop_map(|text| format!("`{text}`")),
            1 => inner.clone().prop_map(|text| format!("`` {text} ``")),
            2 => (inner.clone(), any_address(), title.clone())
                .prop_map(|(text, address, title)| format!("[{text}]({address}{title})")),
            2 => (inner, any_address(), title)
                .prop_map(|(text, address, title)| format!("![{text}]({address}{title})")),
        ]
    })
}

fn any_block() -> impl Strategy<Value = String> {
    let heading = (1_usize..7, any_inline(), proptest::sample::select(vec!["", " {#e}", " {.f #A}", " #"]))
        .prop_map(|(level, text, end)| {
            format!("{} {}{end}\n\n", "#".repeat(level), text.replace(['\n', '\r'], " "))
        });
    let underlined = any_inline().prop_map(|text| format!("{}\n---\n\n", text.trim()));
    let code = (
        any_words(),
        proptest::sample::select(vec![
            "",
            "rust",
            "rust,ignore",
            "c++ x",
            "a\u{a0}b",
            "\ta",
            "{.d}",
            "&amp;",
            "[x]",
        ]),
    )
        .prop_map(|(text, told)| format!("```{told}\n{text}\n```\n\n"));
    let indented = any_words().prop_map(|text| format!("    {}\n\n", text.replace('\n', "\n    ")));
    let table = (any_inline(), any_inline(), any_words()).prop_map(|(one, two, three)| {
        let [one, two, three] = [one, two, three].map(|cell| cell.replace(['\n', '\r'], " "));
        format!("| {one} | b |\n|:--|:-:|\n| {two} | {three} |\n| c |\n\n")
    });
    let note = (proptest::sample::select(vec!["a", "b", "A"]), any_inline(), any_words())
        .prop_map(|(label, text, more)| format!("[^{label}]: {}\n\n    {more}\n\n", text.replace('\n', " ")));
    let leaf = prop_oneof![
        4 => any_inline().prop_map(|text| text + "\n\n"),
        1 => any_inline().prop_map(|text| text + "\n"),
        2 => heading,
        1 => underlined,
        1 => code,
        1 => indented,
        1 => table,
        2 => note,
        1 => any_address().prop_map(|address| format!("[b]: {address} \"c\"\n\n")),
        2 => proptest::sample::select(vec![
            "***\n", "<!-- more -->\n\n", "<!--more-->\n", " <!-- x --> \n", "<!-- x\ny --><!-- truncate -->\n\n", "<!--a--!>b-->\n",
            "<!-- excerpt -->", "<!---->\n", "<!--- more --->\n", "<!--->\n", "<!-- --!-->\n",  "\n\n", "# \n", "#Heading A\n## Heading A\n\n", "-\n", "> \n", "```\n\n```\n", "{{< x >}}\n",
            "[[other]]\n\n", "   <!-- more -->\r\n",
        ]).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let lines = |first: &'static str, next: &'static str| {
            move |text: String| {
                let mut out = String::new();
                for (at, line) in text.split_inclusive('\n').enumerate() {
                    out.push_str(if at == 0 { first } else { next });
                    out.push_str(line);
                }
                out + "\n"
            }
        };
        prop_oneof![
            2 => proptest::collection::vec(inner.clone(), 1..4).prop_map(|blocks| blocks.concat()),
            1 => inner.clone().prop_map(lines("> ", "> ")),
            1 => inner.clone().prop_map(lines("- ", "  ")),
            1 => inner.clone().prop_map(lines("- [ ] ", "  ")),
            1 => inner.clone().prop_map(lines("7. ", "   ")),
            1 => inner.clone().prop_map(lines("1) ", "   ")),
            1 => inner.clone().prop_map(lines("[^a]: ", "    ")),
            1 => (inner.clone(), inner).prop_map(move |(one, other)| {
                let item = lines("* ", "  ");
                item(one.trim_end().to_owned()) + &item(other.trim_end().to_owned())
            }),
        ]
    })
}

fn any_document() -> impl Strategy<Value = String> {
    let document = proptest::collection::vec(any_block(), 1..5).prop_map(|blocks| blocks.concat()).boxed();
    let long =
        (document.clone(), 1_usize..80, any_block()).prop_map(|(text, times, end)| text.repeat(times) + &end);
    prop_oneof![
        8 => document.clone(),
        1 => long,
        1 => document.prop_map(|text| text.replace('\n', "\r\n")),
    ]
}

proptest! {
    #[test]
    fn both_ways_meet_whatever_is_built(source in any_document()) {
        meet(&source, None)?;
    }

    #[test]
    fn both_ways_meet_whatever_is_written(source in any_body(), marker in proptest::option::of("[a-z<!-]{0,3}")) {
        meet(&source, marker.as_deref())?;
    }

    #[test]
    fn both_ways_meet_in_any_text(source in any::<String>()) {
        meet(&source, None)?;
    }
}
