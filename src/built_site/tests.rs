use url::Url;

use super::{BuiltSite, Evidence, Location, Sought};
use crate::store::Memory;

/// A site of these pages.
fn site(pages: &[(&str, &str)]) -> BuiltSite {
    let store = Memory::new(pages.iter().map(|(path, html)| (format!("public/{path}"), *html)));
    let listing = BuiltSite::list(&store, "public", |_| false).unwrap();
    let (site, said) = BuiltSite::read(&store, "public", &listing, &url(""));
    assert!(said.is_empty(), "{said:?}");
    site
}

fn url(path: &str) -> Url {
    Url::parse("https://example.org/").unwrap().join(path).unwrap()
}

fn sought<'a>(url: &'a Url, title: &'a str) -> Sought<'a> {
    let published = "2024-05-06".parse().ok();
    Sought { url, remembered: None, id: None, title: Some(title), slug: "", published, language: "en" }
}

fn found(site: &BuiltSite, path: &str, title: &str) -> Location {
    site.locate(&[sought(&url(path), title)]).remove(0)
}

fn at(path: &str, evidence: Evidence) -> Location {
    Location::Elsewhere(url(path), evidence)
}

#[test]
fn a_url_is_answered_as_a_web_server_answers_it() {
    let site = site(&[
        ("index.html", ""),
        ("a/index.html", ""),
        ("b.html", ""),
        ("c", ""),
        ("Größe/index.html", ""),
    ]);
    for path in
        ["", "a/", "a", "a/index.html", "b", "b.html", "Gr%C3%B6%C3%9Fe/", "Gro%CC%88%C3%9Fe/", "a/?x=1#y"]
    {
        assert!(site.has_page(&url(path)), "{path}");
    }
    for path in ["A/", "b/", "d/", "a/a/", "größe/"] {
        assert!(!site.has_page(&url(path)), "{path}");
    }
    assert_eq!(found(&site, "https://elsewhere.example/a/", "A"), Location::Outside);
}

#[test]
fn another_spelling_of_a_url_is_the_page_that_there_is() {
    let site = site(&[("Posts/Ebb/index.html", ""), ("flood.html", "")]);
    assert_eq!(found(&site, "posts/ebb/", "Ebb"), at("Posts/Ebb/", Evidence::Spelling));
    assert_eq!(found(&site, "flood/", "Flood"), at("flood.html", Evidence::Spelling));
}

#[test]
fn the_url_that_a_page_states_is_that_of_its_article() {
    let canonical = "<link rel=canonical href='https://example.org/ebb/'>";
    let site = site(&[("p/1/index.html", canonical), ("p/2/index.html", "<title>Ebb</title>")]);
    assert_eq!(found(&site, "ebb/", "Ebb"), at("p/1/", Evidence::Stated));
}

#[test]
fn pages_are_at_the_urls_that_pages_state_for_themselves() {
    let page =
        |path: &str| format!("<title>{path}</title><link rel=canonical href='https://example.org/{path}'>");
    let (ebb, flood) = (page("ebb"), page("flood"));
    let site = site(&[("ebb.html", &ebb), ("flood.html", &flood), ("slack.html", "<title>Slack</title>")]);
    assert_eq!(found(&site, "x/", "slack"), at("slack", Evidence::Title));
    assert_eq!(found(&site, "ebb.html", "ebb"), at("ebb", Evidence::Form));
    assert_eq!(found(&site, "ebb", "ebb"), Location::There);
}

#[test]
fn dates_tell_pages_with_one_title_apart() {
    let page = |date: &str| format!("<title>News | Shore</title><p>{date}");
    let (may, june) = (page("6 May 2024"), page("6 June 2024"));
    let site = site(&[("1/index.html", &may), ("2/index.html", &june)]);
    assert_eq!(found(&site, "news/", "News"), at("1/", Evidence::Title));
}

#[test]
fn a_page_without_the_date_that_the_others_show_is_another_one() {
    let dated = "<title>Ebb</title>6 May 2024";
    let pages = site(&[("ebb/index.html", dated), ("about/index.html", "<title>About</title>")]);
    let (ebb, about) = (url("ebb/"), url("notes/about/"));
    let locations = pages.locate(&[sought(&ebb, "Ebb"), sought(&about, "About")]);
    assert_eq!(locations, [Location::There, Location::Absent]);
    // Where none shows a date, the title is all there is.
    let pages =
        site(&[("ebb/index.html", "<title>Ebb</title>"), ("about/index.html", "<title>About</title>")]);
    assert_eq!(pages.locate(&[sought(&about, "About")]), [at("about/", Evidence::Title)]);
}

#[test]
fn of_versions_of_a_page_the_original_is_meant() {
    let print = "<title>Ebb</title><link rel=canonical href=/ebb.html>6 May 2024";
    let site = site(&[
        ("amp/ebb.html", print),
        ("ebb.html", "<title>Ebb</title>6 May 2024"),
        ("x.html", "<title>Ebb</title>"),
    ]);
    assert_eq!(found(&site, "posts/1/", "Ebb"), at("ebb.html", Evidence::Title));
}

#[test]
fn languages_tell_translations_apart() {
    let page = |language: &str| format!("<html lang={language}><title>Yoga</title>6 May 2024");
    let (en, fr) = (page("en-GB"), page("fr"));
    let site = site(&[("1/index.html", &en), ("2/index.html", &fr)]);
    assert_eq!(found(&site, "yoga/", "Yoga"), at("1/", Evidence::Title));
}

#[test]
fn two_pages_that_nothing_tells_apart_are_neither() {
    let page = "<title>Ebb</title>6 May 2024";
    let site = site(&[("1/index.html", page), ("2/index.html", page)]);
    assert_eq!(found(&site, "ebb/", "Ebb"), Location::Ambiguous(vec![url("1/"), url("2/")]));
}

#[test]
fn one_page_is_not_that_of_two_articles() {
    let site = site(&[("1/index.html", "<title>Ebb</title>6 May 2024")]);
    let (one, other) = (url("a/"), url("b/"));
    let locations = site.locate(&[sought(&one, "Ebb"), sought(&other, "Ebb")]);
    assert_eq!(locations, [Location::Ambiguous(vec![url("1/")]), Location::Ambiguous(vec![url("1/")])]);
    // A page that is somebody's is nobody else's.
    let there = url("1/");
    assert_eq!(site.locate(&[sought(&there, "Ebb"), sought(&other, "Ebb")])[1], Location::Absent);
}

#[test]
fn redirects_are_followed_and_not_in_a_circle() {
    let to = |path: &str| format!("<meta http-equiv=refresh content='0; url={path}'>");
    let (a, b, c, out) = (to("/b/"), to("/"), to("/c/"), to("https://elsewhere.example/x/"));
    let pages = [
        ("a/index.html", &*a),
        ("b/index.html", &*b),
        ("index.html", ""),
        ("c/index.html", &*c),
        ("d/index.html", &*out),
    ];
    let site = site(&pages);
    assert_eq!(found(&site, "a/", "A"), at("", Evidence::Redirect));
    assert_eq!(found(&site, "c/", "C"), Location::There);
    assert_eq!(found(&site, "d/", "D"), Location::There);
    assert!(!site.has_page(&url("a/")) && site.has_page(&url("")));
}

#[test]
fn a_page_that_cannot_be_read_is_passed_over_aloud() {
    let tangled = format!("<p {}>", "a ".repeat(20_000));
    let store = Memory::new([("public/a.html", tangled.as_str()), ("public/b.html", "<title>B</title>")]);
    let listing = BuiltSite::list(&store, "public", |_| false).unwrap();
    let (site, said) = BuiltSite::read(&store, "public", &listing, &url(""));
    assert_eq!((site.len(), said.len(), said[0].path.as_str()), (1, 1, "public/a.html"));
}
