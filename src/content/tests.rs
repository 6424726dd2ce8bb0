//! The whole way from bodies to content, told by example; what must hold for every body is tried on arbitrary ones.

mod flavours;

use proptest::prelude::*;
use url::Url;

use super::*;
use crate::diagnostic::Rule;

struct Site;

impl Files for Site {
    fn article(&self, name: &str) -> Option<Url> {
        let known = ["other.md", "../other.md", "news/other.md", "other", "2024-05-06-other"];
        known.contains(&name).then(|| Url::parse("https://example.org/news/other/").unwrap())
    }

    fn image_size(&self, name: &str) -> Option<(u32, u32)> {
        match name {
            "cat 1.jpg" => Some((640, 480)),
            "dot.gif" => Some((1, 1)),
            _ => None,
        }
    }

    fn has_file(&self, name: &str) -> Option<bool> {
        Some(name != "gone.png")
    }
}

fn rendered(
    markup: Markup,
    source: &str,
    summary: Option<&str>,
    marker: Option<&str>,
) -> (Content, Vec<Diagnostic>) {
    let body = Body { path: "articles/hello.md", source, range: 0..source.len(), markup };
    let (permalink, home) =
        ("https://example.org/hello/".parse().unwrap(), "https://example.org/".parse().unwrap());
    let around = Surroundings::new(&permalink, &home);
    render(&body, &Surroundings { summary, summary_marker: marker, id_prefix: "h1", files: &Site, ..around })
}

/// Markdown of a flavour as HTML, and its summary.
fn flavoured(flavour: Flavour, source: &str) -> (String, String) {
    let body = Body { path: "articles/hello.md", source, range: 0..source.len(), markup: Markup::Markdown };
    let (permalink, home) =
        ("https://example.org/hello/".parse().unwrap(), "https://example.org/".parse().unwrap());
    let around = Surroundings::new(&permalink, &home);
    let (content, _) = render(&body, &Surroundings { flavour, id_prefix: "h1", files: &Site, ..around });
    (content.html, content.summary)
}

fn markdown(source: &str) -> String {
    rendered(Markup::Markdown, source, None, None).0.html
}

fn html(source: &str) -> String {
    rendered(Markup::Html, source, None, None).0.html
}

fn summary(source: &str) -> String {
    rendered(Markup::Markdown, source, None, None).0.summary
}

fn rules(source: &str) -> Vec<Rule> {
    rendered(Markup::Markdown, source, None, None).1.iter().map(|diagnostic| diagnostic.rule).collect()
}

#[test]
fn shortcodes_with_a_plain_meaning_are_translated() {
    for (source, html) in [
        (
            "{{< figure src=\"cat.jpg\" alt=\"A cat\" caption=\"*My* cat\" link=\"/cat/\" >}}",
            "<figure><a href=\"https://example.org/cat/\"><img src=\"https://example.org/hello/cat.jpg\" alt=\"A cat\"></a><figcaption>My cat</figcaption></figure>",
        ),
        (
            "{{< youtube dQw4 >}}",
            "<p><a href=\"https://www.youtube.com/watch?v=dQw4\">https://www.youtube.com/watch?v=dQw4</a></p>",
        ),
        (
            "{{ youtube(id=\"dQw4\") }}",
            "<p><a href=\"https://www.youtube.com/watch?v=dQw4\">https://www.youtube.com/watch?v=dQw4</a></p>",
        ),
        ("{% vimeo 123 %}", "<p><a href=\"https://vimeo.com/123\">https://vimeo.com/123</a></p>"),
        ("[a]({{< ref \"other.md#x\" >}})", "<p><a href=\"https://example.org/news/other/#x\">a</a></p>"),
        ("[a]({% post_url 2024-05-06-other %})", "<p><a href=\"https://example.org/news/other/\">a</a></p>"),
        ("[a](@/news/other.md#x)", "<p><a href=\"https://example.org/news/other/#x\">a</a></p>"),
        ("[a]({filename}other.md)", "<p><a href=\"https://example.org/news/other/\">a</a></p>"),
        ("![a]({static}/b.png)", "<p><img src=\"https://example.org/b.png\" alt=\"a\"></p>"),
        ("[a]({{ site.url }}{{ site.baseurl }}/b)", "<p><a href=\"https://example.org/b\">a</a></p>"),
        ("[a]({{ '/b' | relative_url }})", "<p><a href=\"https://example.org/b\">a</a></p>"),
        (
            "{% quote(author=\"Ann\") %}\nGood *day*.\n{% end %}",
            "<blockquote>\n<p>Good <em>day</em>.</p>\n<p>— Ann</p></blockquote>",
        ),
        ("see [[other|that]]", "<p>see <a href=\"https://example.org/news/other/\">that</a></p>"),
        ("![[cat.png]]", "<p><img src=\"https://example.org/hello/cat.png\" alt=\"\"></p>"),
        (
            "> [!warning] Mind the gap\n> It is wide.",
            "<blockquote>\n<p><strong>Mind the gap</strong></p>\n<p>It is wide.</p>\n</blockquote>",
        ),
        ("a %%not this%% b", "<p>a  b</p>"),
        ("{% raw %}{{ x }}{% endraw %}", "<p>{{ x }}</p>"),
        ("Para.\n{: .lead #x}\n\n*b*{:.c}", "<p>Para.</p>\n<p><em>b</em></p>"),
    ] {
        assert_eq!(markdown(source), html, "{source}");
    }
}

#[test]
fn highlighted_blocks_become_code_whatever_is_in_them() {
    let code = "<pre><code class=\"language-rust\">fn *main*() {}\n\n{{ x }} # 1</code></pre>";
    assert_eq!(
        markdown("{% highlight rust %}\nfn *main*() {}\n\n{{ x }} # 1\n{% endhighlight %}"),
        code.replace("</code>", "\n</code>")
    );
    assert!(
        markdown("{{< highlight go \"linenos=table\" >}}\nx := 1\n{{< /highlight >}}")
            .contains("language-go\">x := 1")
    );
    assert!(
        markdown("- a\n\n  {% highlight sh %}\n  ls\n  {% endhighlight %}\n- b")
            .contains("<code class=\"language-sh\">ls")
    );
}

#[test]
fn templates_in_code_are_what_the_article_is_about() {
    assert_eq!(
        markdown("Write `{{ x }}` or `{% if %}`."),
        "<p>Write <code>{{ x }}</code> or <code>{% if %}</code>.</p>"
    );
    let shown = "<pre><code>{{&lt; ref \"x\" &gt;}} {{&lt; y &gt;}}\n</code></pre>";
    assert_eq!(markdown("```\n{{</* ref \"x\" */>}} {{< y >}}\n```"), shown);
    assert_eq!(markdown("`{% raw %}{{ x }}{% endraw %}`"), "<p><code>{{ x }}</code></p>");
    // The names of tags in code do not begin code.
    assert_eq!(
        markdown("`<pre>` {% x %} `</pre>`"),
        "<p><code>&lt;pre&gt;</code>  <code>&lt;/pre&gt;</code></p>"
    );
}

#[test]
fn other_templates_are_left_out_and_named() {
    let (content, diagnostics) =
        rendered(Markup::Markdown, "a {% chart x %} b {{ page.x }} [c]({{ y }})", None, None);
    assert_eq!(content.html, "<p>a  b  c</p>");
    assert_eq!(diagnostics.len(), 3);
    assert_eq!(diagnostics[0].message, "only a site generator understands `{% chart x %}`");
    assert_eq!(
        diagnostics[0].place.as_ref().map(|place| (place.line, place.column, place.width)),
        Some((1, 3, 13))
    );
}

#[test]
fn signs_that_nothing_ends_are_the_authors_own() {
    for source in ["a {{ b", "a {% b", "100 %% sure", "a [[ b", "f(x) {: y", "x }} y %}"] {
        assert_eq!(markdown(source), format!("<p>{source}</p>"));
    }
    assert_eq!(
        markdown("[[Bug #1]]\n\n[Bug #1]: https://example.org/1"),
        "<p>[<a href=\"https://example.org/1\">Bug #1</a>]</p>"
    );
    assert_eq!(markdown("# A {#x}\n\n$a_{{i}}$"), "<h1>A</h1>\n<p>$a_{{i}}$</p>");
}

#[test]
fn mdx_leaves_its_text() {
    let source = "import X from './x'\n\n# Hi {1 + 1}\n\n<Note kind={{a: 1}}>\n\nKeep *this*.\n\n</Note>\n\n<p className=\"x\" style={{color: 'red'}}>b</p>\n\n`{c}`";
    let (content, diagnostics) = rendered(Markup::Mdx, source, None, None);
    assert_eq!(content.html, "<h1>Hi</h1>\n<p>Keep <em>this</em>.</p>\n<p>b</p>\n<p><code>{c}</code></p>");
    assert_eq!(diagnostics.len(), 3);
}

#[test]
fn elements_that_readers_drop_become_ones_that_they_show() {
    for (source, expected) in [
        (
            "<details><summary>More</summary>It is <b>so</b>.</details>",
            "<p><strong>More</strong></p><p>It is <b>so</b>.</p>",
        ),
        ("<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>", "<p>漢字(かんじ)</p>"),
        ("<div>one</div><div>two</div>", "<p>one</p><p>two</p>"),
        ("<h2 id=x><a class=anchor href=#x>#</a>Title</h2>", "<h2 id=\"x\">Title</h2>"),
        ("<input type=checkbox checked> done", "<p>☑  done</p>"),
        (
            "<img src=data:image/gif;base64,R0lGODlhAQABAAAAACw= data-src=a.png alt=A><noscript><img src=a.png alt=A></noscript>",
            "<p><img src=\"https://example.org/hello/a.png\" alt=\"A\"></p>",
        ),
        (
            "<picture><source srcset='b.webp 2x'><img src=b.png alt=B></picture>",
            "<p><img src=\"https://example.org/hello/b.png\" alt=\"B\"></p>",
        ),
        ("<img width=1 height=1 src=https://t.example.com/p alt=''>Text", "<p>Text</p>"),
        (
            "<span class=katex><math><semantics><mi>x</mi><annotation encoding=application/x-tex>x^2</annotation></semantics></math><span aria-hidden=true>x2</span></span>",
            "<p><code>x^2</code></p>",
        ),
        ("<svg><title>A map</title><text>no</text></svg>", "<p>A map</p>"),
        (
            "<iframe src=https://www.youtube.com/embed/abc title='A film'></iframe>",
            "<p><a href=\"https://www.youtube.com/watch?v=abc\">A film</a></p>",
        ),
        (
            "<video src=a.mp4 autoplay></video>",
            "<p><video src=\"https://example.org/hello/a.mp4\" controls=\"\"><a href=\"https://example.org/hello/a.mp4\">https://example.org/hello/a.mp4</a></video></p>",
        ),
        ("<p style='display:none'>no</p><p hidden>no</p><p>yes</p>", "<p>yes</p>"),
        ("<x-card>in <b>it</b></x-card>", "<p>in <b>it</b></p>"),
        (
            "<div class=highlight><pre><span class=lineno>1</span><span class=k>let</span> x</pre></div>",
            "<pre><code>let x\n</code></pre>",
        ),
        (
            "<table class=rouge-table><tr><td class=rouge-gutter><pre>1\n2</pre></td><td><pre><i class=k>a</i>\nb</pre></td></tr></table>",
            "<pre><code>a\nb\n</code></pre>",
        ),
        (
            "<p onclick=x() class=y dir=rtl lang=he>a</p><style>b</style><script>c</script>",
            "<p dir=\"rtl\" lang=\"he\">a</p>",
        ),
        ("<a href=javascript:x()>a</a> <a href=http://localhost/>b</a>", "<p>a b</p>"),
        ("<ol start=3><li>c</ol>", "<ol start=\"3\"><li>c</li></ol>"),
    ] {
        assert_eq!(html(source), expected, "{source}");
    }
}

#[test]
fn of_a_whole_document_only_the_body_is_published() {
    let source = "<!doctype html><html><head><title>T</title><style>x{}</style></head><body class=a><p>Hello</body></html>";
    assert_eq!(html(source), "<p>Hello</p>");
}

#[test]
fn local_images_get_their_size() {
    assert_eq!(
        markdown("![a](<cat 1.jpg>)"),
        "<p><img src=\"https://example.org/hello/cat%201.jpg\" alt=\"a\" width=\"640\" height=\"480\"></p>"
    );
    assert_eq!(rules("![a](gone.png) ![](b.png)"), [Rule::MissingImage, Rule::MissingAlt]);
}

#[test]
fn every_candidate_of_an_image_becomes_absolute() {
    assert_eq!(
        html("<img alt='' src=a.png srcset='a.png 1x, //c.example.com/b,c.png 2x'>"),
        "<p><img src=\"https://example.org/hello/a.png\" srcset=\"https://example.org/hello/a.png 1x, https://c.example.com/b%2Cc.png 2x\" alt=\"\"></p>"
    );
}

#[test]
fn fragments_of_the_text_lead_to_what_they_name() {
    assert_eq!(
        markdown("[x](#a-b)\n\n## A b\n\n## C"),
        "<p><a href=\"#a-b\">x</a></p>\n<h2 id=\"a-b\">A b</h2>\n<h2>C</h2>"
    );
    let html = markdown("Say[^1].\n\n[^1]: So.");
    assert!(html.contains("<sup id=\"fnref-h1-1\"><a href=\"#fn-h1-1\">1</a></sup>"), "{html}");
    assert!(
        html.contains("<hr>\n<ol>\n<li id=\"fn-h1-1\"><p>So. <a href=\"#fnref-h1-1\">↩</a></p></li>"),
        "{html}"
    );
}

#[test]
fn a_summary_ends_where_the_author_says() {
    for marker in [
        "<!--more-->",
        "<!-- MORE -->",
        "<!--more Read on-->",
        "<!-- wp:more -->",
        "<!-- truncate -->",
        ".. TEASER_END",
        "<!-- TEASER_END -->",
    ] {
        let source = format!("First.\n\nSecond.\n\n{marker}\n\nThird.");
        assert_eq!(summary(&source), "First. Second.", "{marker}");
        assert!(
            !markdown(&source).to_lowercase().contains("more") && !markdown(&source).contains("TEASER"),
            "{marker}"
        );
    }
    assert_eq!(rendered(Markup::Markdown, "A.\n\n-8<-\n\nB.", None, Some("-8<-")).0.summary, "A.");
    assert_eq!(rendered(Markup::Markdown, "A.\n\nB.", None, Some("\n\n")).0.summary, "A.");
    assert_eq!(rendered(Markup::Text, "A.\n<!--more-->\nB.", None, None).0.html, "<p>A.</p>\n<p>B.</p>");
    assert_eq!(summary("`<!--more-->` is a marker"), "<!--more--> is a marker");
}

#[test]
fn a_summary_is_taken_from_the_first_paragraphs() {
    assert_eq!(
        summary("# Title\n\n![alt](x.png)\n\nOne[^1] *two*.\n\n```\ncode\n```\n\nThree.\n\n[^1]: Note."),
        "One two. Three."
    );
    assert_eq!(summary("# Only a title"), "Only a title");
    assert_eq!(summary("![a cat](x.png)"), "a cat");
    let long = "long ".repeat(70);
    assert_eq!(rendered(Markup::Markdown, "Short.", Some(&long), None).0.summary, long.trim());
    assert_eq!(
        rendered(Markup::Markdown, &"Long. ".repeat(9), Some("a {{ x }}b {% y %}c {{ d"), None).0.summary,
        "a b c {{ d"
    );
    assert_eq!(rendered(Markup::Markdown, "", Some("Said <all>."), None).0.html, "<p>Said &lt;all&gt;.</p>");
}

#[test]
fn a_note_has_a_beginning() {
    let (content, _) = rendered(Markup::Markdown, "Hello *dear* readers &amp; all\n\nNext", None, None);
    assert_eq!(content.beginning(16), "Hello dear…");
    assert_eq!(content.beginning(60), "Hello dear readers & all Next");
}

#[test]
fn what_is_nested_too_deep_is_published_as_text() {
    for source in [
        "<div>".repeat(5_000) + "deep",
        "> ".repeat(3_000) + "deep",
        "<b><i>".repeat(300) + "deep",
        "- ".repeat(3_000) + "deep",
    ] {
        let (content, diagnostics) = rendered(Markup::Markdown, &source, None, None);
        assert_eq!(content.html, "<p>deep</p>");
        assert_eq!(diagnostics[0].rule, Rule::DeepNesting);
    }
}

#[test]
fn characters_that_no_feed_may_contain_go() {
    let (content, _) = rendered(Markup::Markdown, "a\u{b}b &#11;c\u{96}d &#xFFFF; \u{fffd}", None, None);
    assert_eq!(content.html, "<p>ab c–d  </p>");
}

#[test]
fn signs_by_the_thousand_are_borne() {
    for piece in [
        "{{ ",
        "[[a ",
        "{% x %}",
        "> [!a",
        "<a ",
        "*a **b ",
        "](",
        "{% raw %}",
        "<p>x",
        "&#",
        "<!--",
        "https://",
    ] {
        let source = piece.repeat(6_000);
        for markup in [Markup::Markdown, Markup::Mdx, Markup::Html, Markup::Text] {
            let _ = rendered(markup, &source, None, None);
        }
    }
}

/// Pieces that bodies are made of, and broken by.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "{{< ", " >}}", "{{% ", "%}}", "{{ ", " }}", "{% ", " %}", "{% raw %}", "{% endraw %}",
    "{% highlight x %}", "{#", "#}", "[[", "]]", "![[", "%%", "> [!note] ", "{: .a}", "{.a}", "](", ")",
    "\n", "\n\n", "    ", "`", "```\n", "<div>", "</div>", "<p>", "<b>", "<pre>", "</pre>", "<a href=\"",
    "\">", "<img src='", "<iframe src=x>", "</iframe>", "<table><tr><td>", "<script>", "</script>",
    "<svg>", "<math>", "<!--", "-->", "<!--more-->", "&#11;", "&lt;", "javascript:x", "data:image/png,a",
    "@/", "https://x.org/", "www.x.org", "[^1]", "[^1]: ", "- ", "1. ", "| a |\n|---|\n", "figure src=a",
    "<details><summary>", "<ruby>a<rt>b", "\u{b}", "\u{96}", "é", "漢", "{static}", "|filename|", "\\",
    "<select><option>", "<form>", "<noscript>", "<video src=a>", "<template>", "<li>", "srcset='a 1x, b'",
    "<h2>", "<a href='#x'>#</a>", "<span class=katex>",
];

fn any_body() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(PIECES.to_vec()).prop_map(str::to_owned),
        any::<String>(),
        "[a-z ]{0,8}",
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn assert_publishable(content: &Content) -> Result<(), TestCaseError> {
    let html = content.html();
    prop_assert!(!html.contains(|letter| letter == '\r' || is_forbidden(letter)), "{html:?}");
    prop_assert!(!content.summary().contains(is_forbidden));
    let again = sanitise::sanitise(html);
    prop_assert_eq!(without_forbidden_characters(again.trim()), html);
    let tree = tree::fragment(html).map_err(|_| TestCaseError::fail("too deep"))?;
    for (_, element) in tree.elements(0..tree.nodes.len()) {
        prop_assert!(elements::is(element.name(), elements::PORTABLE), "{} in {html}", element.name());
        for (name, value) in &element.attributes {
            let is_address = matches!(&**name, "href" | "src" | "poster" | "cite");
            let is_absolute = ["https://", "http://", "mailto:", "tel:", "#", "data:image/"]
                .iter()
                .any(|start| value.starts_with(start));
            prop_assert!(!is_address || is_absolute && value.is_ascii(), "{value} in {html}");
        }
    }
    if !html.is_empty() {
        prop_assert!(content.summary().chars().count() < html.chars().count(), "{html}");
    }
    let has_text = summary::has_words(&tree.text(0..tree.nodes.len()));
    prop_assert!(!has_text || !content.summary().is_empty(), "{html}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn whatever_the_author_writes_can_be_published(source in any_body(), marker in proptest::option::of("[a-z<!-]{0,3}")) {
        for markup in [Markup::Markdown, Markup::Mdx, Markup::Html, Markup::Text] {
            let (content, _) = rendered(markup, &source, None, marker.as_deref());
            assert_publishable(&content)?;
        }
    }

    #[test]
    fn no_shortcode_is_published_outside_of_code(before in "[a-z \n]{0,12}", name in "[a-z]{1,8}", value in "[a-z\"=/. ]{0,12}") {
        for (open, close) in [("{{< ", " >}}"), ("{{% ", " %}}"), ("{% ", " %}"), ("{{ ", " }}")] {
            let html = markdown(&format!("x{before}{open}{name} {value}{close} y"));
            prop_assert!(!html.contains(open.trim()) || html.contains("<code>"), "{html}");
        }
    }
}

#[test]
fn a_text_of_many_thousand_lines_is_published_as_plain_lines() {
    let lines = "a < b\n".repeat(250_000);
    let (content, diagnostics) = rendered(Markup::Text, &lines, None, None);
    let rules: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.rule).collect();
    assert_eq!(rules, [Rule::TooManyElements]);
    assert!(content.html.starts_with("<pre>a &lt; b\na &lt; b\n"), "{}", &content.html[..40]);
    assert_eq!(content.html.matches("a &lt; b").count(), 250_000);
}
