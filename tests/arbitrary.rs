//! Whatever lies in an article's file, the build goes on, and its feeds are well-formed and hold nothing that runs.

use proptest::prelude::*;

use crate::publisher::{HELLO, Publisher};

/// What people write, and what nobody would.
fn text() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just("---\n".to_owned()),
        Just("+++\n".to_owned()),
        Just("title: ".to_owned()),
        Just("date: 2024-05-06\n".to_owned()),
        Just("tags: [a, 'b', ]\n".to_owned()),
        Just("slug: ../../x\n".to_owned()),
        Just("<script>alert(1)</script>\n".to_owned()),
        Just("]]>&amp;<![CDATA[\u{0}\u{b}\u{fffe}".to_owned()),
        Just("{{< x >}}{% raw %}{{ y }}".to_owned()),
        Just("[a](javascript:alert(1)) ![](//b \"c\")\n".to_owned()),
        "\\PC{0,20}",
        any::<String>(),
    ];
    prop::collection::vec(pieces, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_article_leaves_the_feeds_well_formed_and_the_others_their_place(
        body in text(),
        stated in text(),
        extension in prop::sample::select(vec!["md", "html", "txt", "mdx"]),
    ) {
        let dated = format!("---\ntitle: {}\ndate: 2024-01-01\n---\n{body}", stated.replace('\n', " "));
        let built = Publisher::new()
            .article("hello.md", HELLO)
            .article(&format!("raw.{extension}"), &body)
            .article(&format!("dated.{extension}"), &dated)
            .build();
        prop_assert!(built.titles().contains(&"Hello".to_owned()));
        // Titles are plain text, and may be about scripts.
        for html in built.each("content_html") {
            prop_assert!(!html.contains("<script") && !html.contains("=\"javascript:"), "{html}");
        }
        for (path, document) in built.documents() {
            if path.ends_with(".json") {
                prop_assert!(serde_json::from_str::<serde_json::Value>(&document).is_ok(), "{path}");
            } else if path.ends_with(".xml") {
                let feed = feed_rs::parser::parse(document.as_bytes());
                prop_assert!(feed.is_ok(), "{path}: {:?}", feed.err());
                prop_assert_eq!(feed.unwrap().entries.len(), built.items().len());
            }
        }
    }
}
