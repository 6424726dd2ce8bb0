//! Tests of what is found at a path, and of what goes before what.

use std::collections::BTreeMap;

use chrono::DateTime;
use http::{HeaderMap, Method};

use super::*;
use crate::serve::date::HttpDate;
use crate::serve::{Effort, Parts, Request, ResponseBody};

fn documents() -> Documents {
    Documents::new(&CachePolicy::default())
}

fn document(text: &'static str) -> Document {
    let parts = Parts {
        content_type: HeaderValue::from_static("text/plain"),
        bytes: text.into(),
        updated: DateTime::UNIX_EPOCH,
        links: Vec::new(),
        policy: CachePolicy::default(),
        is_feed: true,
        extra: Vec::new(),
    };
    Document::new(&parts, Effort::Fast)
}

fn bytes_of(document: &Document) -> Vec<u8> {
    let request = Request { method: &Method::GET, target: b"/", headers: &HeaderMap::new() };
    match document.respond(&request, HttpDate::of(DateTime::UNIX_EPOCH)).body {
        ResponseBody::Bytes(bytes) => bytes.to_vec(),
        body => panic!("{body:?}"),
    }
}

/// The body of what is found, or where it moved, or `gone`, or `nothing`.
fn found(documents: &Documents, address: &str) -> String {
    match documents.find(&Target::parse(address.as_bytes()).unwrap()) {
        Found::Document(document, _) => String::from_utf8(bytes_of(document)).unwrap(),
        Found::Asset(path, asset) => format!("{} of {} bytes", path.as_str(), asset.size),
        Found::Moved(location) => location.to_str().unwrap().to_owned(),
        Found::Gone => "gone".to_owned(),
        Found::Nothing => "nothing".to_owned(),
    }
}

#[test]
fn a_former_path_is_known_however_it_is_escaped_and_with_any_query() {
    let mut documents = documents();
    documents.redirect("/caf%C3%A9/feed", "/rss.xml").unwrap();
    for address in ["/café/feed", "/caf%c3%a9/%66eed", "/café/feed/", "/café/feed?utm_source=x"] {
        assert_eq!(found(&documents, address), "/rss.xml", "{address}");
    }
    assert_eq!(found(&documents, "/Café/feed"), "nothing");
}

#[test]
fn a_former_address_with_a_query_is_for_this_query_only() {
    let mut documents = documents();
    documents.redirect("/?feed=rss2", "/rss.xml").unwrap();
    documents.redirect("/?feed=atom", "/atom.xml").unwrap();
    documents.redirect("/?feed=atom", "/late.xml").unwrap();
    assert_eq!(found(&documents, "/?feed=rss2"), "/rss.xml");
    assert_eq!(found(&documents, "/?feed=atom"), "/atom.xml");
    for address in ["/", "/?", "/?feed", "/?feed=rss2&x", "/a?feed=rss2"] {
        assert_eq!(found(&documents, address), "nothing", "{address}");
    }
}

#[test]
fn what_is_stated_goes_before_what_is_implied_and_the_first_before_the_second() {
    let mut documents = documents();
    documents.redirect("/a", "/1").unwrap();
    documents.redirect("/a/", "/2").unwrap();
    documents.redirect("/a/", "/3").unwrap();
    documents.retire("/a").unwrap();
    assert_eq!((&*found(&documents, "/a"), &*found(&documents, "/a/")), ("/1", "/2"));
}

#[test]
fn a_retired_path_is_gone_with_and_without_its_slash() {
    let mut documents = documents();
    documents.retire("/old/feed/").unwrap();
    assert_eq!(found(&documents, "/old/feed"), "gone");
    assert_eq!(found(&documents, "/old/feed/?x"), "gone");
    assert_eq!(found(&documents, "/old/"), "nothing");
}

#[test]
fn a_folder_is_its_index_and_who_forgets_the_slash_is_sent_there() {
    let mut documents = documents();
    documents.insert("/index.html", document("home")).unwrap();
    documents.insert("/a b/é/index.html", document("page")).unwrap();
    documents.insert("/feed/", document("feed")).unwrap();
    assert_eq!(found(&documents, "/"), "home");
    assert_eq!(found(&documents, "/index.html"), "home");
    assert_eq!(found(&documents, "/a%20b/%C3%A9/?x"), "page");
    assert_eq!(found(&documents, "/a%20b/%C3%A9"), "/a%20b/%C3%A9/");
    assert_eq!(found(&documents, "/feed"), "/feed/");
    assert_eq!(found(&documents, "/a%20b/"), "nothing", "no folder is listed");
}

#[test]
fn r_ht_7_a_document_goes_before_whatever_else_is_said_of_its_path() {
    let mut documents = documents();
    documents.redirect("/rss.xml", "/1").unwrap();
    documents.insert("/rss.xml", document("feed")).unwrap();
    documents.insert("/notes/index.html", document("notes")).unwrap();
    documents.retire("/rss.xml").unwrap();
    documents.redirect("/notes", "/2").unwrap();
    assert_eq!(found(&documents, "/rss.xml"), "feed");
    assert_eq!(found(&documents, "/notes/"), "notes");
    assert_eq!(found(&documents, "/notes"), "/2", "what is stated goes before the slash that is missing");
}

#[test]
fn a_former_address_with_a_query_works_beside_a_page() {
    let mut documents = documents();
    documents.insert("/index.html", document("home")).unwrap();
    documents.redirect("/?feed=rss2", "/rss.xml").unwrap();
    assert_eq!(found(&documents, "/?feed=rss2"), "/rss.xml");
    assert_eq!(found(&documents, "/?utm_source=x"), "home");
}

#[test]
fn a_feed_may_move_to_the_same_path_of_another_site() {
    let mut documents = documents();
    documents.redirect("/feed", "https://new.example/feed").unwrap();
    documents.redirect("/notes", "https://new.example/notes/").unwrap();
    assert_eq!(found(&documents, "/feed"), "https://new.example/feed");
    assert_eq!(found(&documents, "/notes/"), "https://new.example/notes/");
}

#[test]
fn a_retired_path_has_no_query() {
    assert_eq!(documents().retire("/a?b"), Err(BadPath("/a?b".to_owned())));
}

#[test]
fn a_document_is_where_it_can_be_asked_for() {
    let mut documents = documents();
    for path in ["", "rss.xml", "/../rss.xml", "//rss.xml", "/a\\b", "/a\0", "/a\n"] {
        let bad = BadPath(path.to_owned());
        assert_eq!(documents.insert(path, document("")), Err(bad), "{path}");
    }
    documents.insert("/100%?#.xml", document("odd")).unwrap();
    assert_eq!(found(&documents, "/100%25%3F%23.xml"), "odd");
}

#[test]
fn an_asset_is_looked_up_where_nothing_else_is() {
    let asset = Asset {
        size: 5,
        modified: DateTime::UNIX_EPOCH,
        inode: 1,
        content_type: HeaderValue::from_static("audio/mpeg"),
    };
    let paths = ["é 1.mp3", "rss.xml", "old", ".git/config", "folder/"];
    let assets: BTreeMap<_, _> = paths.map(|path| (path.to_owned(), asset.clone())).into();
    let mut documents = Documents { assets: Some(Arc::new(assets)), ..documents() };
    documents.insert("/rss.xml", document("feed")).unwrap();
    documents.retire("/old").unwrap();
    assert_eq!(found(&documents, "/%C3%A9%201.mp3?download"), "é 1.mp3 of 5 bytes");
    assert_eq!((&*found(&documents, "/rss.xml"), &*found(&documents, "/old")), ("feed", "gone"));
    for path in ["/.git/config", "/folder/", "/folder", "/"] {
        assert_eq!(found(&documents, path), "nothing", "{path}");
    }
}

#[test]
fn nobody_is_sent_in_a_circle() {
    let mut documents = documents();
    documents.redirect("/feed", "/feed/").unwrap();
    assert_eq!(found(&documents, "/feed/"), "nothing");
    assert!(documents.redirect("/a", "/%61").is_err());
    assert!(documents.redirect("/?a", "/?a").is_err());
}
