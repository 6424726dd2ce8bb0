//! What is answered over HTTP: each kind of question, in each encoding, with each condition; and any question
//! at all.

mod anything;

use std::collections::BTreeMap;
use std::io::Read as _;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use feedwright::format::Format;
use feedwright::hosting::{CachePolicy, Link};
use feedwright::serve::{self, Asset, Document, Documents, Effort, Parts, Request, Response, ResponseBody};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

/// Headers by name.
type Stated = &'static [(&'static str, &'static str)];

const METHODS: [Method; 2] = [Method::GET, Method::HEAD];

/// What a reader sends to hear whether something has changed, and whether it has. `TAG` is the tag that it
/// was given, `HASH` what stands in it before any dash.
const CONDITIONS: &[(Stated, bool)] = &[
    (&[], false),
    (&[("if-none-match", "TAG")], true),
    (&[("if-none-match", "W/TAG")], true),
    (&[("if-none-match", "\"HASH\"")], true),
    (&[("if-none-match", "\"HASH-gzip\"")], true),
    (&[("if-none-match", "\"HASH-gz-gzip\"")], true),
    (&[("if-none-match", "\"HASH;gzip\"")], true),
    (&[("if-none-match", "\"HASH\"-br")], true),
    (&[("if-none-match", "HASH")], true),
    (&[("if-none-match", "\"a\", W/\"b\", TAG")], true),
    (&[("if-none-match", "\"a\""), ("if-none-match", "TAG")], true),
    (&[("if-none-match", "*")], true),
    (&[("if-none-match", "\"a\"")], false),
    (&[("if-none-match", "\"HASH0\"")], false),
    (&[("if-modified-since", "Mon, 06 May 2024 10:00:00 GMT")], true),
    (&[("if-modified-since", "Monday, 06-May-24 10:00:00 GMT")], true),
    (&[("if-modified-since", "Mon May  6 10:00:00 2024")], true),
    (&[("if-modified-since", "Mon, 06 May 2024 09:59:59 GMT")], false),
    (&[("if-modified-since", "Mon, 06 May 2024 10:00:01 GMT")], true),
    (&[("if-modified-since", "last Monday")], false),
    (&[("if-none-match", "TAG"), ("if-modified-since", "Mon, 06 May 2024 09:59:59 GMT")], true),
    (&[("if-none-match", "\"a\""), ("if-modified-since", "Mon, 06 May 2024 10:00:01 GMT")], false),
];

/// What a reader can decode, and what it is given.
const ENCODINGS: &[(Option<&str>, &str)] = &[
    (None, ""),
    (Some(""), ""),
    (Some("identity"), ""),
    (Some("deflate"), ""),
    (Some("gzip"), "gzip"),
    (Some("gzip, deflate"), "gzip"),
    (Some("br"), "br"),
    (Some("zstd"), "zstd"),
    (Some("gzip, deflate, br, zstd"), "br"),
    (Some("gzip;q=1.0, br;q=0.5"), "gzip"),
    (Some("gzip;q=0"), ""),
    (Some("br;q=0, gzip;q=0, *"), "zstd"),
    (Some("gzip;q=x"), ""),
    (Some("identity;q=0"), ""),
    (Some("*;q=0"), ""),
];

/// Which bytes a player asks for, and which of a thousand it is given: none where there are none.
const RANGES: &[(Stated, u16, Range<u64>)] = &[
    (&[], 200, 0..1000),
    (&[("range", "bytes=0-99")], 206, 0..100),
    (&[("range", "bytes=900-")], 206, 900..1000),
    (&[("range", "bytes=-1")], 206, 999..1000),
    (&[("range", "bytes=0-0,5-6")], 200, 0..1000),
    (&[("range", "bytes=1000-")], 416, 0..0),
    (&[("range", "bytes=0-99"), ("if-range", "TAG")], 206, 0..100),
    (&[("range", "bytes=0-99"), ("if-range", "W/TAG")], 200, 0..1000),
    (&[("range", "bytes=0-99"), ("if-range", "\"a\"")], 200, 0..1000),
    (&[("range", "bytes=0-99"), ("if-range", "Mon, 06 May 2024 10:00:00 GMT")], 206, 0..100),
    (&[("range", "bytes=1000-"), ("if-range", "Mon, 06 May 2024 10:00:01 GMT")], 200, 0..1000),
];

#[test]
fn every_reader_is_answered_as_rfc_9110_has_it() {
    let documents = documents();
    for (accepted, encoding) in ENCODINGS {
        let accept: Vec<_> = accepted.iter().map(|accepted| ("accept-encoding", *accepted)).collect();
        let plain = ask(&documents, &Method::GET, "/rss.xml", &headers(&accept, ""));
        let tag = header(&plain, "etag").to_owned();
        for method in METHODS {
            for (conditions, known) in CONDITIONS {
                for (ranges, ..) in RANGES {
                    let asked = headers(&[&accept[..], conditions, ranges].concat(), &tag);
                    let response = ask(&documents, &method, "/rss.xml", &asked);
                    check_document(&response, &method, *known, encoding, &tag)
                        .unwrap_or_else(|wrong| panic!("{wrong}: {method} {asked:?}: {response:?}"));
                }
            }
        }
    }
}

#[test]
fn every_player_is_answered_as_rfc_9110_has_it() {
    let documents = documents();
    let tag = header(&ask(&documents, &Method::GET, "/a.mp3", &HeaderMap::new()), "etag").to_owned();
    for method in METHODS {
        for (conditions, known) in CONDITIONS {
            for (ranges, status, bytes) in RANGES {
                let asked = headers(&[*conditions, *ranges].concat(), &tag);
                let response = ask(&documents, &method, "/a.mp3", &asked);
                let expected = match (known, &method) {
                    (true, _) => (304, None),
                    (false, &Method::HEAD) => (200, Some(1000)),
                    (false, _) => (*status, Some(bytes.end - bytes.start).filter(|_| *status != 416)),
                };
                let length = Some(&response).filter(|response| response.status != 416).and_then(length);
                assert_eq!((response.status.as_u16(), length), expected, "{method} {asked:?}");
                if let ResponseBody::File { range, .. } = &response.body {
                    assert_eq!((range, &method), (bytes, &Method::GET), "{asked:?}");
                    let stated = response.headers.get("content-range").map(|range| range.to_str().unwrap());
                    let part = format!("bytes {}-{}/1000", bytes.start, bytes.end - 1);
                    assert_eq!(stated, (*status == 206).then_some(&*part));
                }
                assert!(response.status == 416 || header(&response, "etag") == tag);
            }
        }
    }
}

#[test]
fn r_ht_10_an_answer_stays_whole_when_something_else_is_served() {
    let documents = documents();
    let response = ask(&documents, &Method::GET, "/rss.xml", &HeaderMap::new());
    drop(documents);
    assert_eq!(response.body, ResponseBody::Bytes(feed()));
    assert_eq!(length(&response), Some(feed().len() as u64));
}

#[test]
fn r_ht_7_a_feed_is_where_it_is_for_everybody() {
    let documents = documents();
    for agent in ["", "Feedbin feed-id:1 - 5 subscribers", "Mozilla/5.0", "curl/8"] {
        let asked = headers(&[("user-agent", agent), ("cookie", "a=b"), ("accept", "text/html")], "");
        let response = ask(&documents, &Method::GET, "/rss.xml?utm_source=x", &asked);
        assert_eq!(response.status, 200, "{agent}");
        assert_eq!(response.headers, ask(&documents, &Method::GET, "/rss.xml", &HeaderMap::new()).headers);
    }
}

#[test]
fn documents_can_be_made_and_served_on_all_cores() {
    fn assert_shared<T: Send + Sync>() {}
    assert_shared::<Documents>();
    assert_shared::<Document>();
    assert_shared::<Response>();
}

fn documents() -> Documents {
    let mut documents = Documents::new(&CachePolicy::default());
    documents.insert("/rss.xml", Document::new(&parts(), Effort::Fast)).unwrap();
    documents.insert("/notes/index.html", Document::new(&parts(), Effort::Fast)).unwrap();
    documents.redirect("/?feed=rss2", "/rss.xml").unwrap();
    documents.retire("/old").unwrap();
    documents.assets = Some(Arc::new(BTreeMap::from([("a.mp3".to_owned(), asset())])));
    documents
}

fn feed() -> Bytes {
    let item = "<item><title>Hello</title><description>Hello, world.</description></item>\n";
    format!("<?xml version=\"1.0\"?>\n<rss><channel>\n{}</channel></rss>\n", item.repeat(50)).into()
}

fn parts() -> Parts {
    Parts {
        content_type: HeaderValue::from_static(Format::Rss.content_type()),
        bytes: feed(),
        updated: "2024-05-06T10:00:00Z".parse().unwrap(),
        links: vec![Link { url: "https://hub.example/".parse().unwrap(), rel: "hub", media_type: None }],
        policy: CachePolicy::default(),
        is_feed: true,
        extra: Vec::new(),
    }
}

fn asset() -> Asset {
    Asset {
        size: 1000,
        modified: "2024-05-06T10:00:00Z".parse().unwrap(),
        inode: 1,
        content_type: HeaderValue::from_static("audio/mpeg"),
    }
}

fn headers(stated: &[(&'static str, &str)], tag: &str) -> HeaderMap {
    let hash = tag.trim_matches('"').split('-').next().unwrap();
    let value = |text: &str| text.replace("TAG", tag).replace("HASH", hash).parse::<HeaderValue>().unwrap();
    stated.iter().map(|(name, text)| (HeaderName::from_static(name), value(text))).collect()
}

fn ask(documents: &Documents, method: &Method, target: &str, headers: &HeaderMap) -> Response {
    let now = "2026-11-22T00:00:00Z".parse().unwrap();
    serve::respond(&Request { method, target: target.as_bytes(), headers }, documents, now)
}

/// Empty where it is not stated.
fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

fn length(response: &Response) -> Option<u64> {
    response.headers.get("content-length").map(|length| length.to_str().unwrap().parse().unwrap())
}

/// Whatever range it names, a feed comes whole. Says what is not as it should be.
fn check_document(
    response: &Response,
    method: &Method,
    known: bool,
    encoding: &str,
    tag: &str,
) -> Result<(), &'static str> {
    let or = |is: bool, wrong| if is { Ok(()) } else { Err(wrong) };
    or(response.status == if known { 304 } else { 200 }, "status")?;
    or(header(response, "etag") == tag, "tag")?;
    or(header(response, "last-modified") == "Mon, 06 May 2024 10:00:00 GMT", "date")?;
    or(header(response, "vary") == "Accept-Encoding", "vary")?;
    or(header(response, "cache-control").starts_with("public, max-age=900, "), "cache-control")?;
    or(header(response, "link") == "<https://hub.example/>; rel=\"hub\"", "link")?;
    if known {
        or(
            header(response, "content-encoding").is_empty() && length(response).is_none(),
            "headers of a body",
        )?;
        return or(response.body == ResponseBody::Empty, "body");
    }
    or(header(response, "content-type") == "application/rss+xml; charset=utf-8", "type")?;
    or(header(response, "content-encoding") == encoding, "encoding")?;
    match (&response.body, method) {
        (ResponseBody::Empty, &Method::HEAD) => {
            or(length(response).is_some_and(|length| length > 0), "length")
        }
        (ResponseBody::Bytes(bytes), &Method::GET) => {
            or(length(response) == Some(bytes.len() as u64), "length")?;
            or(decoded(bytes, encoding) == feed(), "content")
        }
        _ => Err("body"),
    }
}

fn decoded(bytes: &[u8], encoding: &str) -> Vec<u8> {
    let mut decoded = Vec::new();
    match encoding {
        "gzip" => flate2::read::GzDecoder::new(bytes).read_to_end(&mut decoded).unwrap(),
        "br" => brotli::Decompressor::new(bytes, 4096).read_to_end(&mut decoded).unwrap(),
        "zstd" => return zstd::stream::decode_all(bytes).unwrap(),
        _ => return bytes.to_vec(),
    };
    decoded
}
