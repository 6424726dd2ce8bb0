//! Summaries there and back.

use proptest::prelude::*;

use super::*;
use crate::article::{Conventions, SourceFile, parse};

fn article(text: &str) -> Article {
    let conventions = Conventions::default();
    let (path, name) = ("articles/news/a.md", "news/a.md");
    parse(&SourceFile { path, name, bytes: text.as_bytes(), ..SourceFile::default() }, &conventions).0
}

fn assert_says_what_the_article_does(article: &Article) {
    let bytes = ArticleSummary::write(article, "https://example.org/a/");
    let summary = ArticleSummary::read(&article.path, &bytes);
    let texts = (summary.path(), summary.name(), summary.slug(), summary.section(), summary.permalink());
    let (path, name) = (article.path.as_str(), article.name.as_str());
    assert_eq!(texts, (path, name, &*article.slug, &*article.section, "https://example.org/a/"));
    let optional = [summary.title(), summary.id(), summary.language(), summary.canonical()];
    let expected = [&article.title, &article.id, &article.language, &article.canonical];
    assert_eq!(optional, expected.map(Option::as_deref));
    let dates = (summary.published(), summary.updated(), summary.expires());
    assert_eq!(dates, (article.published, article.updated, article.expires));
    assert_eq!((summary.due(), summary.order()), (article.due, article.order.unwrap_or(NO_ORDER)));
    assert_eq!(summary.tags().collect::<Vec<_>>(), article.tags);
    assert_eq!(summary.categories().collect::<Vec<_>>(), article.categories);
    assert_eq!(summary.aliases().collect::<Vec<_>>(), article.aliases);
    let authors: Vec<&str> = article.authors.iter().map(|author| author.name.as_str()).collect();
    assert_eq!(summary.authors().collect::<Vec<_>>(), authors);
    assert_eq!((summary.fingerprint(), summary.stated()), (article.fingerprint, article.stated));
    assert_eq!((summary.visibility(), summary.is_bundle()), (article.visibility, article.bundle));
    assert_eq!(summary.states_address(), article.address.is_some());
    assert_eq!(summary.has_enclosures(), !article.enclosures.is_empty());
}

#[test]
fn a_summary_says_what_the_article_does() {
    let full = "---\ntitle: Hello\ndate: 2024-05-06T10:00:00.25Z\nupdated: 2025-05-06\ntags: [one, \"two, three\"]\n\
                authors: [Ann, Bén]\nid: \"\"\nexpires: 9999-12-31\nlang: fr\nenclosure: a.mp3\naliases: [/old/]\n\
                categories: [x]\nslug: other\npublishDate: 2025-01-01\nweight: -3\nurl: /here/\ncanonical_url: https://example.com/\n---\nText.\n";
    assert_says_what_the_article_does(&article(full));
    assert_says_what_the_article_does(&article(""));
    for hidden in ["draft: true", "published: false", "status: hidden", "visibility: private"] {
        assert_says_what_the_article_does(&article(&format!("---\n{hidden}\n---\n")));
    }
}

#[test]
fn a_summary_with_another_date_is_otherwise_the_same() {
    let article = article("---\ntitle: Hello\ntags: [one]\n---\nText.\n");
    let bytes = ArticleSummary::write(&article, "https://example.org/a/");
    let date = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
    let dated = ArticleSummary::read("a.md", &bytes).dated(Some(date), "https://example.org/2023/a/");
    let expected = Article { published: Some(date), ..article };
    assert_eq!(dated, ArticleSummary::write(&expected, "https://example.org/2023/a/"));
}

#[test]
fn an_article_on_a_built_site_is_otherwise_the_same() {
    let article = article("---\ntitle: Hello\ndate: 2024-05-06\n---\nText.\n");
    let bytes = ArticleSummary::write(&article, "https://example.org/a/");
    let summary = ArticleSummary::read("a.md", &bytes);
    let located = summary.located("https://example.org/b/");
    let located = ArticleSummary::read("a.md", &located);
    assert!(located.is_located() && located.states_address() && !summary.is_located());
    assert_eq!((located.permalink(), located.published()), ("https://example.org/b/", summary.published()));
    let absent = summary.absent();
    let expected = Article { visibility: Visibility::Absent, ..article };
    assert_eq!(absent, ArticleSummary::write(&expected, "https://example.org/a/"));
}

proptest! {
    #[test]
    fn the_summary_of_any_article_says_what_it_does(text in "(---\n)?(tags: \\[[a-zé, ]{0,20}\\]\n)?\\PC{0,80}(\n---\n)?\\PC{0,40}") {
        assert_says_what_the_article_does(&article(&text));
    }

    #[test]
    fn any_bytes_are_some_summary(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let summary = ArticleSummary::read("a.md", &bytes);
        let _ = (summary.title(), summary.published(), summary.visibility(), summary.fingerprint(), summary.permalink());
        let _ = (summary.tags().count(), summary.dated(None, ""));
    }
}
