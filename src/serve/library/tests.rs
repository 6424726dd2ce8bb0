//! Documents that change, are improved, and are served with what surrounds them.

use std::collections::VecDeque;

use http::{HeaderMap, Method};

use super::*;
use crate::serve::{Request, ResponseBody, respond};
use crate::store::Memory;

const RSS: &str = r#"<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><link>https://example.org/</link>
    <atom:link rel="self" href="https://example.org/feeds/rss.xml"/><atom:link rel="hub" href="https://h.example/"/>
    <item><guid>1</guid><atom:updated>2024-05-07T10:00:00Z</atom:updated></item></channel></rss>"#;

fn place(file: &str, at: &str) -> ServedFile {
    ServedFile { file: file.into(), at: at.into() }
}

fn library() -> (Memory, Library, Vec<ServedFile>) {
    let store = Memory::new([
        ("feeds/rss.xml", RSS),
        ("feeds/index.html", "<!doctype html>"),
        ("feeds/a.css", "a{}"),
    ]);
    let library = Library::new(DocumentSettings::default());
    let places = ["rss.xml", "index.html", "a.css"]
        .map(|name| place(&format!("feeds/{name}"), &format!("/feeds/{name}")));
    (store, library, places.to_vec())
}

fn get(documents: &Documents, target: &str) -> (u16, HeaderMap, ResponseBody) {
    let headers = HeaderMap::new();
    let request = Request { method: &Method::GET, target: target.as_bytes(), headers: &headers };
    let response = respond(&request, documents, "2026-11-22T00:00:00Z".parse().unwrap());
    (response.status.as_u16(), response.headers, response.body)
}

#[test]
fn a_feed_says_in_its_headers_what_it_says_of_itself() {
    let (store, mut library, places) = library();
    library.refresh(&store, &places).unwrap();
    let (documents, bad) = library.documents(&SiteContent::default());
    assert!(bad.is_empty());
    let (status, headers, body) = get(&documents, "/feeds/rss.xml");
    assert_eq!((status, body), (200, ResponseBody::Bytes(RSS.into())));
    assert_eq!(headers["content-type"], "application/rss+xml; charset=utf-8");
    assert_eq!(headers["last-modified"], "Tue, 07 May 2024 10:00:00 GMT");
    assert_eq!(
        headers["link"],
        "<https://example.org/feeds/rss.xml>; rel=\"self\"; type=\"application/rss+xml\", \
         <https://h.example/>; rel=\"hub\", <https://example.org/>; rel=\"alternate\"; type=\"text/html\""
    );
    assert_eq!(get(&documents, "/feeds/").1["content-type"], "text/html; charset=utf-8");
}

#[test]
fn for_browsers_a_feed_is_plain_xml() {
    let (store, _, places) = library();
    let mut library = Library::new(DocumentSettings { browser_types: true, ..DocumentSettings::default() });
    library.refresh(&store, &places).unwrap();
    let (documents, _) = library.documents(&SiteContent::default());
    assert_eq!(get(&documents, "/feeds/rss.xml").1["content-type"], "application/xml; charset=utf-8");
}

#[test]
fn other_terms_hold_from_the_next_time_on() {
    let (store, mut library, places) = library();
    library.refresh(&store, &places).unwrap();
    library.agree(DocumentSettings { browser_types: true, ..DocumentSettings::default() });
    library.refresh(&store, &places).unwrap();
    let (documents, _) = library.documents(&SiteContent::default());
    assert_eq!(get(&documents, "/feeds/rss.xml").1["content-type"], "application/xml; charset=utf-8");
}

#[test]
fn what_has_changed_is_made_ready_anew_and_what_is_gone_is_gone() {
    let (mut store, mut library, places) = library();
    assert_eq!(library.refresh(&store, &places).unwrap().len(), 3);
    let kept = Arc::clone(&library.shelf["/feeds/a.css"].document);
    store.insert("feeds/rss.xml", RSS.replace("<guid>1", "<guid>2"));
    store.take("feeds/index.html");
    library.refresh(&store, &places).unwrap();
    assert!(Arc::ptr_eq(&kept, &library.shelf["/feeds/a.css"].document));
    let (documents, _) = library.documents(&SiteContent::default());
    assert_eq!(get(&documents, "/feeds/index.html").0, 404);
    let ResponseBody::Bytes(feed) = get(&documents, "/feeds/rss.xml").2 else { panic!("a feed") };
    assert!(feed.windows(7).any(|piece| piece == b"<guid>2"));
    // newsboat would not look at it otherwise.
    let modified = get(&documents, "/feeds/rss.xml").1["last-modified"].clone();
    assert_eq!(modified, "Tue, 07 May 2024 10:00:01 GMT");
}

#[test]
fn a_document_that_has_changed_since_is_not_improved() {
    let (mut store, mut library, places) = library();
    let drafts = library.refresh(&store, &places).unwrap();
    store.insert("feeds/rss.xml", RSS.replace("<guid>1", "<guid>2"));
    library.refresh(&store, &places).unwrap();
    for draft in drafts {
        library.improve(draft.improve());
    }
    assert_eq!(library.shelf["/feeds/rss.xml"].effort, Effort::Fast);
    assert_eq!(library.shelf["/feeds/a.css"].effort, Effort::Best);
    assert_eq!(library.drafts().len(), 1);
}

#[test]
fn what_is_too_much_to_encode_at_once_is_encoded_quickly_and_then_well() {
    let (mut store, mut library, places) = library();
    let long: String = RSS.replace("<guid>1", &format!("<guid>{}", "one and two ".repeat(AT_ONCE / 12)));
    store.insert("feeds/rss.xml", long);
    let efforts =
        |library: &Library| library.shelf.values().map(|shelved| shelved.effort).collect::<Vec<_>>();
    let mut drafts: VecDeque<Improvable> = library.refresh(&store, &places).unwrap().into();
    assert_eq!(efforts(&library), [Effort::Least; 3]);
    for effort in [Effort::Fast, Effort::Best] {
        for draft in std::mem::take(&mut drafts) {
            let improved = draft.improve();
            drafts.extend(improved.draft());
            library.improve(improved);
        }
        assert_eq!(efforts(&library), [effort; 3]);
    }
    assert!(drafts.is_empty() && library.drafts().is_empty());
}

#[test]
fn the_page_is_at_the_front_and_former_addresses_lead_on() {
    let (store, mut library, places) = library();
    library.refresh(&store, &places).unwrap();
    let surroundings = SiteContent {
        redirects: vec![
            ("/feed/".into(), "/feeds/rss.xml".into()),
            ("/feeds/rss.xml".into(), "/elsewhere.xml".into()),
            ("nonsense".into(), "/".into()),
        ],
        gone: vec!["/comments/feed/".into()],
        front: Some("/feeds/index.html".into()),
        ..SiteContent::default()
    };
    let (documents, bad) = library.documents(&surroundings);
    assert_eq!(bad, [BadPath("nonsense".into())]);
    assert_eq!(get(&documents, "/").0, 200);
    assert_eq!(get(&documents, "/feed").1["location"], "/feeds/rss.xml");
    assert_eq!(get(&documents, "/feeds/rss.xml").0, 200, "a feed that is there goes before");
    assert_eq!(get(&documents, "/comments/feed/").0, 410);
}
