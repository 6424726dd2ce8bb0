//! Markdown as each system reads it, and what other systems left in a text.

use super::*;

#[test]
fn tex_between_dollars_stays_as_it_is_written() {
    let tex = "$$\\underbrace{1}_{2} \\underbrace{1}_{2}$$\n\n$$\nx &= y \\\\ z_{{i}}\n$$";
    let html = "<p><code>\\underbrace{1}_{2} \\underbrace{1}_{2}</code></p>\n<p><code>x &amp;= y \\\\ z_{{i}}</code></p>";
    for flavour in [Flavour::Kramdown, Flavour::Obsidian, Flavour::Goldmark, Flavour::Pandoc] {
        let (content, summary) = flavoured(flavour, tex);
        assert_eq!(content, html, "{flavour:?}");
        assert_eq!(summary, "\\underbrace{1}_{2} \\underbrace{1}_{2} x &= y \\\\ z_{{i}}", "{flavour:?}");
    }
    assert_eq!(flavoured(Flavour::Obsidian, "$a_1$ for $5 or $6").0, "<p><code>a_1</code> for $5 or $6</p>");
    assert_eq!(
        flavoured(Flavour::Goldmark, "\\(a_1 b_2\\) \\[sic\\]").0,
        "<p><code>a_1 b_2</code> [sic]</p>"
    );
    assert_eq!(flavoured(Flavour::Kramdown, "`$$a$$` \\$$b_1_").0, "<p><code>$$a$$</code> $$b_1_</p>");
    assert_eq!(flavoured(Flavour::Common, "$$a$$").0, "<p>$$a$$</p>");
}

#[test]
fn quotes_and_dashes_are_a_printers_where_the_generator_makes_them() {
    for (flavour, shown) in [
        (Flavour::Goldmark, "“It’s” 5–6…"),
        (Flavour::Kramdown, "“It’s” 5–6…"),
        (Flavour::Zola, "\"It's\" 5--6..."),
        (Flavour::PythonMarkdown, "\"It's\" 5--6..."),
    ] {
        assert_eq!(flavoured(flavour, "\"It's\" 5--6...").0, format!("<p>{shown}</p>"), "{flavour:?}");
    }
}

#[test]
fn definitions_are_lists_where_the_generator_has_them() {
    let source = "Term\n: What it is";
    for flavour in [Flavour::Goldmark, Flavour::Kramdown, Flavour::PythonMarkdown, Flavour::Marked] {
        let html = flavoured(flavour, source).0.replace('\n', "");
        assert_eq!(html, "<dl><dt>Term</dt><dd>What it is</dd></dl>", "{flavour:?}");
    }
    assert_eq!(flavoured(Flavour::Zola, source).0, "<p>Term\n: What it is</p>");
}

#[test]
fn abbreviations_are_explained_where_they_stand() {
    let source = "HTML and XHTML, `HTML`\n\n*[HTML]: Hypertext & more\n";
    assert_eq!(
        flavoured(Flavour::Kramdown, source).0,
        "<p><abbr title=\"Hypertext &amp; more\">HTML</abbr> and XHTML, <code>HTML</code></p>"
    );
    assert!(flavoured(Flavour::Common, source).0.contains("*[HTML]"));
}

#[test]
fn obsidians_own_signs_are_read() {
    let (html, summary) = flavoured(Flavour::Obsidian, "==One== a == b\ntwo. ^block-1\n\n[[other#Part two]]");
    assert_eq!(
        html,
        "<p><mark>One</mark> a == b<br>\ntwo.</p>\n<p><a href=\"https://example.org/news/other/#Part%20two\">other &gt; Part two</a></p>"
    );
    assert_eq!(summary, "One a == b two. other > Part two");
    assert_eq!(
        flavoured(Flavour::Obsidian, "![a cat|100x200](b.png) ![[c.png|50]]").0,
        "<p><img src=\"https://example.org/hello/b.png\" alt=\"a cat\" width=\"100\" height=\"200\"> <img src=\"https://example.org/hello/c.png\" width=\"50\" alt=\"\"></p>"
    );
}

#[test]
fn a_list_that_becomes_a_table_of_contents_is_not_shown() {
    for list in ["* TOC\n{:toc}", "- will be replaced\n{:toc .large-only}", "1. a\n2. b\n{: toc}"] {
        let (html, summary) = flavoured(Flavour::Kramdown, &format!("{list}\n\nFirst."));
        assert_eq!((html.as_str(), summary.as_str()), ("<p>First.</p>", "First."), "{list}");
    }
}

#[test]
fn boxes_of_notes_are_quotations_with_a_title() {
    for source in [
        "::: warning Mind the *gap*\nIt is **wide**.\n:::\n\nEnd.",
        ":::warning[Mind the *gap*]\n\nIt is **wide**.\n\n:::\nEnd.",
        "!!! warning \"Mind the *gap*\"\n    It is **wide**.\n\nEnd.",
    ] {
        let html = markdown(source).replace('\n', "");
        assert_eq!(
            html,
            "<blockquote><p><strong>Mind the *gap*</strong></p><p>It is <strong>wide</strong>.</p></blockquote><p>End.</p>",
            "{source}"
        );
    }
    assert_eq!(markdown("::: columns\none\n:::"), "<p>one</p>");
    assert_eq!(markdown("Wow!!! note\n\n::: a"), "<p>Wow!!! note</p>\n<p>::: a</p>");
    assert_eq!(markdown("```\n::: note\n:::\n```"), "<pre><code>::: note\n:::\n</code></pre>");
}

#[test]
fn the_second_heading_of_a_text_has_its_number() {
    let source = "[x](#a) [y](#a-1) [z](#a_1)\n\n## A\n\n## A";
    let html = flavoured(Flavour::Goldmark, source).0;
    assert!(html.ends_with("<h2 id=\"a\">A</h2>\n<h2 id=\"a-1\">A</h2>"), "{html}");
    let html = flavoured(Flavour::PythonMarkdown, source).0;
    assert!(html.ends_with("<h2 id=\"a\">A</h2>\n<h2 id=\"a_1\">A</h2>"), "{html}");
}

#[test]
fn links_to_places_lead_there_or_to_the_page() {
    assert_eq!(
        html("<a href=#x>x</a> <a href=#gone>y</a><div id=x><b>B</b></div><span id=x>c</span>"),
        "<p><a href=\"#x\">x</a> <a href=\"https://example.org/hello/#gone\">y</a></p><p><b id=\"x\">B</b></p><p><a id=\"x\"></a>c</p>"
    );
}

#[test]
fn leftovers_of_wordpress_and_ghost_are_translated() {
    for (source, expected) in [
        (
            "[caption id=\"a\" width=\"300\"]<img src=\"a.jpg\" alt=\"A\" /> The caption[/caption]",
            "<figure><img src=\"https://example.org/hello/a.jpg\" alt=\"A\"><figcaption>The caption</figcaption></figure>",
        ),
        (
            "[embed]https://www.youtube.com/embed/abc[/embed]",
            "<p><a href=\"https://www.youtube.com/watch?v=abc\">https://www.youtube.com/watch?v=abc</a></p>",
        ),
        ("a [gallery ids=\"1,2\"] b", "<p>a  b</p>"),
        ("<a href=\"__GHOST_URL__/about/\">b</a>", "<p><a href=\"https://example.org/about/\">b</a></p>"),
        (
            "[gallery](x) [caption] __GHOST",
            "<p><a href=\"https://example.org/hello/x\">gallery</a> [caption] __GHOST</p>",
        ),
    ] {
        assert_eq!(markdown(source), expected, "{source}");
        if !source.contains("](") {
            assert_eq!(html(source).trim(), expected, "{source}");
        }
    }
    assert_eq!(rules("[gallery ids=\"1\"] a"), [Rule::TemplateLeftover]);
}

#[test]
fn a_picture_that_an_unknown_shortcode_names_is_shown() {
    assert_eq!(
        markdown("{{< lightbox src=\"a.png\" alt=\"A\" >}}"),
        "<p><img src=\"https://example.org/hello/a.png\" alt=\"A\"></p>"
    );
    assert_eq!(
        markdown("{{< figure src=\"a.png\" alt=\"A\" caption=\"C\" attr=\"Ann\" attrlink=\"/ann\" >}}"),
        "<figure><img src=\"https://example.org/hello/a.png\" alt=\"A\"><figcaption>C <a href=\"https://example.org/ann\">Ann</a></figcaption></figure>"
    );
}

#[test]
fn formulas_say_what_they_mean() {
    assert_eq!(
        html(
            "<p>About <math><mfrac><mn>2</mn><mn>3</mn></mfrac></math> of <math><msup><mi>x</mi><mn>2</mn></msup></math>"
        ),
        "<p>About <code>2/3</code> of <code>x^2</code></p>"
    );
}

#[test]
fn marks_of_footnotes_are_in_no_summary() {
    assert_eq!(summary("One[^a], two[^a] and three[^a].\n\n[^a]: Note."), "One, two and three.");
    let source = "<p>One<sup id=r1><a href=#fn1>1</a></sup>, two<a href=#fn1><sup>1</sup></a>.</p><ol><li id=fn1>Note <a href=#r1>↩</a></ol>";
    assert_eq!(rendered(Markup::Html, source, None, None).0.summary, "One, two.");
}

fn titled(title: &str, source: &str) -> String {
    let body = Body { path: "articles/hello.md", source, range: 0..source.len(), markup: Markup::Markdown };
    let (permalink, home) =
        ("https://example.org/hello/".parse().unwrap(), "https://example.org/".parse().unwrap());
    let around = Surroundings { title: Some(title), ..Surroundings::new(&permalink, &home) };
    render(&body, &around).0.html
}

#[test]
fn a_heading_that_repeats_the_title_is_left_out() {
    assert_eq!(titled("It's “so”", "# *It’s* \"so\"\n\nText."), "<p>Text.</p>");
    assert_eq!(titled("A", "<header><h1>A</h1></header>\n\nText."), "<p>Text.</p>");
    assert_eq!(titled("A", "# B\n\nText."), "<h1>B</h1>\n<p>Text.</p>");
    assert_eq!(titled("A", "Text.\n\n# A"), "<p>Text.</p>\n<h1>A</h1>");
    assert_eq!(titled("A", "# A"), "<h1>A</h1>");
}

#[test]
fn text_from_right_to_left_says_so() {
    let source = "שלום\n\n> א\n\n```\ncode\n```";
    let body = Body { path: "articles/hello.md", source, range: 0..source.len(), markup: Markup::Markdown };
    let (permalink, home) =
        ("https://example.org/hello/".parse().unwrap(), "https://example.org/".parse().unwrap());
    let around = Surroundings { language: Some("he"), ..Surroundings::new(&permalink, &home) };
    assert_eq!(
        render(&body, &around).0.html,
        "<p dir=\"rtl\">שלום</p>\n<blockquote dir=\"rtl\">\n<p>א</p>\n</blockquote>\n<pre><code>code\n</code></pre>"
    );
}

#[test]
fn an_address_from_the_root_is_below_the_site_where_the_generator_has_it_there() {
    let (permalink, home): (Url, Url) =
        ("https://example.org/~tia/a/".parse().unwrap(), "https://example.org/~tia/".parse().unwrap());
    let source = "![](/b.png) [c](/c/) [d](/~tia/d/)";
    let (host, site) = ("https://example.org", "https://example.org/~tia");
    for (flavour, image, link) in
        [(Flavour::Nikola, site, site), (Flavour::Marked, site, host), (Flavour::Goldmark, host, host)]
    {
        let body = Body { path: "a.md", source, range: 0..source.len(), markup: Markup::Markdown };
        let html = render(&body, &Surroundings { flavour, ..Surroundings::new(&permalink, &home) }).0.html;
        assert!(
            html.contains(&format!("\"{image}/b.png\"")) && html.contains(&format!("\"{link}/c/\"")),
            "{html}"
        );
        assert!(html.contains(&format!("\"{site}/d/\"")), "{html}");
    }
    let source = "![]({static}/b.png)";
    let body = Body { path: "a.md", source, range: 0..source.len(), markup: Markup::Markdown };
    let html = render(&body, &Surroundings::new(&permalink, &home)).0.html;
    assert!(html.contains("\"https://example.org/~tia/b.png\""), "{html}");
}

#[test]
fn links_to_hosts_without_a_name_are_kept() {
    assert_eq!(markdown("[a](http://[2001:db8::1]:80/a)"), "<p><a href=\"http://[2001:db8::1]/a\">a</a></p>");
}
