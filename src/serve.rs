//! Serves feeds over HTTP.
//!
//! [`Documents`] is everything that can be asked for. It is made once, with all that an answer needs, and
//! never changed: whoever has something new to serve makes another one and swaps it in whole. [`respond`]
//! looks at a request and picks; it has no socket, no disk and no clock.
//!
//! [`Library`] makes documents of what lies in a store, [`Exchange`] holds those that are served at the
//! moment, and [`Server`] has the sockets, and the limits on what anybody may ask of them.

mod accepted;
mod address;
mod asset;
mod coding;
mod connection;
mod date;
mod document;
mod documents;
mod entity_tag;
mod exchange;
mod former;
mod improver;
mod library;
mod live;
mod meters;
mod options;
mod parts;
mod path;
mod preconditions;
mod range;
mod representation;
mod response;
mod sending;
mod server;
mod subscribers;

use chrono::{DateTime, Utc};
use http::Method;

pub use address::BadPath;
pub use asset::{AssetPath, Assets};
pub use coding::Effort;
pub use document::Document;
pub use documents::Documents;
pub use exchange::Exchange;
pub use former::{FormerUrl, former};
pub use library::{DocumentSettings, Improvable, Improved, Library, ServedFile, SiteContent};
pub use live::{DocumentSource, End, Error, Live, News, Wishes};
pub use parts::{Asset, Parts, Request};
pub use response::{Response, ResponseBody};
pub use server::{Server, Stop};

use date::HttpDate;
use documents::Found;
use path::Target;
use subscribers::FeedNumber;

/// Answers a request. The same request gets the same answer; whatever it holds, nothing of it is in the body.
///
/// First it is asked whether the request can be understood, the method is one of ours and there is something
/// at that path, since RFC 9110 §13.2.1 lets no condition change a refusal. Then conditions are evaluated in
/// the order of §13.2.2:
///
/// 1. `If-Match`: 412 where it does not hold;
/// 2. without it, `If-Unmodified-Since`: 412 where it does not hold;
/// 3. `If-None-Match`: 304 where it does not hold;
/// 4. without it, `If-Modified-Since`: 304 where it does not hold;
/// 5. of an asset, `Range`, unless `If-Range` does not hold: 206, or 416 where it does not reach so far;
/// 6. else the answer is 200.
///
/// `now` is needed since nothing may claim to have been modified later than that.
///
/// ```
/// use feedwright::{format::Format, hosting::CachePolicy};
/// use feedwright::serve::{self, Document, Documents, Effort, Parts, Request};
/// use http::{HeaderMap, HeaderValue, Method};
/// let parts = Parts {
///     content_type: HeaderValue::from_static(Format::Rss.content_type()),
///     bytes: "<rss/>".into(),
///     updated: "2026-11-22T10:00:00Z".parse().unwrap(),
///     links: Vec::new(),
///     policy: CachePolicy::default(),
///     is_feed: true,
///     extra: Vec::new(),
/// };
/// let mut documents = Documents::new(&CachePolicy::default());
/// documents.insert("/rss.xml", Document::new(&parts, Effort::Best)).unwrap();
/// documents.redirect("/?feed=rss2", "/rss.xml").unwrap();
///
/// let now = "2026-11-22T12:00:00Z".parse().unwrap();
/// let ask = |target: &[u8], headers: &HeaderMap| {
///     serve::respond(&Request { method: &Method::GET, target, headers }, &documents, now)
/// };
/// let mut headers = HeaderMap::new();
/// assert_eq!(ask(b"/?feed=rss2", &headers).headers["location"], "/rss.xml");
/// let response = ask(b"/rss.xml", &headers);
/// assert_eq!((response.status.as_u16(), &response.headers["content-length"]), (200, &HeaderValue::from(6)));
/// headers.insert("if-none-match", response.headers["etag"].clone());
/// assert_eq!(ask(b"/rss.xml", &headers).status, 304);
/// ```
pub fn respond(request: &Request<'_>, documents: &Documents, now: DateTime<Utc>) -> Response {
    answer(request, documents, now).response
}

/// A response, and the feed that it is of.
struct Answer {
    response: Response,
    feed: Option<FeedNumber>,
}

/// Answers as [`respond`] does.
fn answer(request: &Request<'_>, documents: &Documents, now: DateTime<Utc>) -> Answer {
    let mut answer = answer_get(request, documents, HttpDate::of(now));
    // RFC 9110 §9.3.2: what GET would be answered, headers and all, without the body.
    if request.method == Method::HEAD {
        answer.response.body = ResponseBody::Empty;
    }
    answer
}

fn answer_get(request: &Request<'_>, documents: &Documents, now: HttpDate) -> Answer {
    let unread = |response| Answer { response, feed: None };
    if request.method == Method::OPTIONS && request.target == b"*" {
        return unread(options::answer());
    }
    let target = match Target::parse(request.target) {
        Ok(target) => target,
        Err(status) => return unread(Response::refusal(status)),
    };
    match *request.method {
        Method::GET | Method::HEAD => {}
        Method::OPTIONS => return unread(options::answer()),
        _ => return unread(options::refusal()),
    }
    unread(match documents.find(&target) {
        Found::Document(document, feed) => return Answer { response: document.respond(request, now), feed },
        Found::Asset(path, asset) => asset.respond(path, request, documents.cache_control(), now),
        Found::Moved(location) => Response::moved(location.clone(), documents.cache_control().clone()),
        Found::Gone => Response::gone(documents.cache_control().clone()),
        Found::Nothing => Response::not_found(),
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;
    use crate::hosting::CachePolicy;

    fn documents() -> Documents {
        let mut documents = Documents::new(&CachePolicy::default());
        documents.redirect("/old.xml", "https://example.org/rss.xml").unwrap();
        documents.retire("/gone.xml").unwrap();
        documents
    }

    fn ask(method: &Method, target: &str) -> Response {
        let request = Request { method, target: target.as_bytes(), headers: &HeaderMap::new() };
        respond(&request, &documents(), DateTime::UNIX_EPOCH)
    }

    #[test]
    fn r_ht_7_a_former_path_leads_on_for_good() {
        let response = ask(&Method::GET, "/old.xml");
        assert_eq!(response.status, 301);
        assert_eq!(response.headers["location"], "https://example.org/rss.xml");
        assert_eq!(response.headers["cache-control"], CachePolicy::default().cache_control());
        assert_eq!(
            (&response.headers["content-length"], response.body),
            (&"0".parse().unwrap(), ResponseBody::Empty)
        );
    }

    #[test]
    fn r_ht_7_a_retired_path_says_farewell() {
        let response = ask(&Method::GET, "/gone.xml");
        assert_eq!((response.status.as_u16(), response.body), (410, ResponseBody::Bytes("gone\n".into())));
        assert_eq!(response.headers["cache-control"], CachePolicy::default().cache_control());
    }

    #[test]
    fn what_is_nowhere_is_not_found_and_not_for_long() {
        let response = ask(&Method::GET, "/nowhere.xml");
        assert_eq!(
            (response.status.as_u16(), response.body),
            (404, ResponseBody::Bytes("not found\n".into()))
        );
        assert_eq!(response.headers["cache-control"], "public, max-age=60");
    }

    #[test]
    fn a_target_that_is_none_is_refused() {
        for (target, status) in [("/%zz", 400), ("nonsense", 400), ("/..%2fa", 404), ("*", 400)] {
            assert_eq!(ask(&Method::GET, target).status, status, "{target}");
        }
    }

    #[test]
    fn nothing_can_be_changed_by_asking() {
        let others =
            [Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::TRACE, Method::CONNECT];
        for method in others.into_iter().chain(["get".parse().unwrap()]) {
            let response = ask(&method, "/gone.xml");
            assert_eq!(response.status, 405, "{method}");
            assert_eq!(response.headers["allow"], "GET, HEAD, OPTIONS");
        }
    }

    #[test]
    fn r_ht_9_a_page_of_another_site_may_ask_with_conditions() {
        for target in ["*", "/old.xml", "/nowhere", "http://example.org/"] {
            let response = ask(&Method::OPTIONS, target);
            assert_eq!((response.status.as_u16(), response.body), (204, ResponseBody::Empty));
            assert_eq!(response.headers["allow"], "GET, HEAD, OPTIONS");
            assert_eq!(response.headers["access-control-allow-origin"], "*");
            let allowed = response.headers["access-control-allow-headers"].to_str().unwrap();
            assert!(allowed.contains("If-None-Match") && allowed.contains("If-Modified-Since"));
            assert!(!response.headers.contains_key("content-length"), "RFC 9110 §8.6");
        }
    }

    #[test]
    fn r_ht_9_refusals_may_be_read_by_pages_of_other_sites_too() {
        for target in ["/old.xml", "/gone.xml", "/nowhere", "/%"] {
            let response = ask(&Method::GET, target);
            assert_eq!(response.headers["access-control-allow-origin"], "*");
            assert_eq!(response.headers["access-control-expose-headers"], "ETag, Last-Modified, Link");
            assert_eq!(response.headers["x-content-type-options"], "nosniff");
        }
    }

    #[test]
    fn r_ht_6_head_is_get_without_the_body() {
        for target in ["/old.xml", "/gone.xml", "/nowhere", "/%"] {
            let (get, head) = (ask(&Method::GET, target), ask(&Method::HEAD, target));
            assert_eq!((get.status, get.headers), (head.status, head.headers));
            assert_eq!(head.body, ResponseBody::Empty);
        }
    }
}
