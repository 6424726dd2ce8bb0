//! Whatever is asked over HTTP, there is an answer, and it leads nowhere else.

use std::fs::File;
use std::io;
use std::sync::Arc;

use feedwright::serve::{self, Asset, AssetPath, Assets, Request, ResponseBody};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use proptest::prelude::*;

use super::{asset, documents, length};

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_asked_is_answered_and_leads_nowhere_else(
        method in prop::sample::select(vec!["GET", "HEAD", "OPTIONS", "POST", "x-y"]),
        target in target(),
        stated in prop::collection::vec((name(), value()), 0..6),
    ) {
        let mut documents = documents();
        documents.assets = Some(Arc::new(Everything));
        let headers: HeaderMap = stated.into_iter().collect();
        let now = "2026-11-22T00:00:00Z".parse().unwrap();
        let method: Method = method.parse().unwrap();
        let ask = |method: &Method, headers: &HeaderMap| {
            serve::respond(&Request { method, target: &target, headers }, &documents, now)
        };
        let response = ask(&method, &headers);
        prop_assert!([200, 204, 206, 301, 304, 400, 404, 405, 410, 412, 414, 416].contains(&response.status.as_u16()));
        prop_assert_eq!(&response.headers["access-control-allow-origin"], "*");
        prop_assert_eq!(&response.headers["x-content-type-options"], "nosniff");
        prop_assert!(!response.headers.contains_key("set-cookie"));
        match &response.body {
            ResponseBody::Empty => prop_assert!(matches!(response.status.as_u16(), 204 | 301 | 304) || method == Method::HEAD),
            ResponseBody::Bytes(body) => {
                prop_assert_eq!(length(&response), Some(body.len() as u64));
                prop_assert!(response.status == 200 || (body.len() < 40 && body.is_ascii()), "{:?}", body);
            }
            ResponseBody::File { path, range, asset } => {
                prop_assert!(AssetPath::new(path).is_some() && !path.split('/').any(|part| part == ".."));
                prop_assert!(range.start <= range.end && range.end <= asset.size);
                prop_assert_eq!(length(&response), Some(range.end - range.start));
            }
        }
        let mut without_range = headers;
        without_range.remove("range");
        let (get, head) = (ask(&Method::GET, &without_range), ask(&Method::HEAD, &without_range));
        prop_assert_eq!((get.status, get.headers), (head.status, head.headers));
        prop_assert_eq!(head.body, ResponseBody::Empty);
    }
}

/// Every path is a file. That it is a path which leads down is looked at again, by other means.
struct Everything;

impl Assets for Everything {
    fn find(&self, path: AssetPath<'_>) -> Option<Asset> {
        let components = std::path::Path::new(path.as_str()).components();
        let is_normal = |component| matches!(component, std::path::Component::Normal(_));
        assert!(!path.as_str().is_empty() && components.into_iter().all(is_normal), "{path:?}");
        Some(asset())
    }

    fn open(&self, _: AssetPath<'_>) -> io::Result<(File, Asset)> {
        Err(io::ErrorKind::NotFound.into())
    }
}

/// Targets as people, proxies and attackers write them.
fn target() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop_oneof![
        prop::sample::select(vec![
            "/",
            "/",
            "..",
            "%2e%2e",
            "%2f",
            "%5c",
            "\\",
            ".",
            "rss.xml",
            "a.mp3",
            "?",
            "feed=rss2",
            "%00",
            "%",
            "%c3%a9",
            "é",
            "%ff",
            "http://example.org",
            "//",
            "notes",
            "C:",
            "old",
            "%252e",
            " ",
            "\r\n",
            "\0",
            "#",
            "index.html",
        ])
        .prop_map(|piece| piece.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..6),
    ];
    let made = prop::collection::vec(pieces, 0..8).prop_map(|pieces| pieces.concat());
    prop_oneof![
        4 => made.clone().prop_map(|rest| [b"/", &*rest].concat()),
        1 => made,
        2 => prop::sample::select(vec!["/rss.xml", "/a.mp3", "/", "*", "/notes"]).prop_map(Into::into),
        1 => (8000..8400_usize).prop_map(|length| vec![b'/'; length]),
    ]
}

fn name() -> impl Strategy<Value = HeaderName> {
    let names = [
        "if-match",
        "if-none-match",
        "if-modified-since",
        "if-unmodified-since",
        "if-range",
        "range",
        "accept-encoding",
        "host",
    ];
    prop::sample::select(names.map(HeaderName::from_static).to_vec())
}

fn value() -> impl Strategy<Value = HeaderValue> {
    let known = vec![
        "*",
        "\"a\"",
        "W/",
        "bytes=0-",
        "bytes=5-1",
        "bytes=-0",
        "bytes=,,",
        "gzip",
        "br;q=0",
        "*;q=.5",
        "identity;q=0",
        "Mon, 06 May 2024 10:00:00 GMT",
        "Mon, 31 Feb 9999 25:00:00 GMT",
        "bytes=18446744073709551615-",
        "bytes=0-18446744073709551615",
        "bytes=999-",
    ];
    prop_oneof![
        prop::sample::select(known).prop_map(HeaderValue::from_static),
        prop::collection::vec(any::<u8>(), 0..30)
            .prop_filter_map("no header", |bytes| HeaderValue::from_bytes(&bytes).ok()),
    ]
}
