//! A document that is served, with everything made that its answers need.

use http::header::{LAST_MODIFIED, VARY};
use http::{HeaderMap, StatusCode};
use rayon::prelude::*;

use super::accepted::Accepted;
use super::coding::{Coding, Effort};
use super::date::HttpDate;
use super::parts::{Parts, Request};
use super::preconditions::{Validators, Verdict, evaluate};
use super::representation::{Representation, VARIES, shared_headers};
use super::response::{Response, ResponseBody};

/// A document, ready to be served. Costs much to make and little to ask for: the headers of every answer are
/// there.
#[derive(Debug)]
pub struct Document {
    is_feed: bool,
    modified: HttpDate,
    identity: Representation,
    /// In the order of [`Coding::ENCODED`]; without those that would be no smaller.
    encoded: Vec<Representation>,
}

impl Document {
    /// Makes it, in all encodings at once where there are cores for it.
    pub fn new(parts: &Parts, effort: Effort) -> Self {
        let modified = HttpDate::of(parts.updated);
        let shared = shared_headers(parts, modified);
        let hash = blake3::hash(&parts.bytes);
        let represent = |coding, body| Representation::new(parts, &shared, hash, coding, body);
        let encode = |coding: Coding| Some(represent(coding, coding.encode(&parts.bytes, effort)?.into()));
        Self {
            is_feed: parts.is_feed,
            modified,
            identity: represent(Coding::Identity, parts.bytes.clone()),
            encoded: Coding::ENCODED.into_par_iter().filter_map(encode).collect(),
        }
    }

    pub(super) fn is_feed(&self) -> bool {
        self.is_feed
    }

    /// The encoding that is liked best; of those that are liked equally, the last in the order of
    /// [`Coding::ENCODED`].
    fn choose(&self, headers: &HeaderMap) -> &Representation {
        let accepted = Accepted::of(headers);
        let weight = |one: &Representation| accepted.weight(one.coding());
        let acceptable = self.encoded.iter().filter(|one| weight(one) > 0);
        let best = acceptable.max_by_key(|one| weight(one));
        best.filter(|best| weight(best) >= weight(&self.identity)).unwrap_or(&self.identity)
    }

    /// Answers GET. `Range` is not looked at: RFC 9110 §14.2 lets us, and nobody resumes a feed.
    pub(super) fn respond(&self, request: &Request<'_>, now: HttpDate) -> Response {
        let chosen = self.choose(request.headers);
        let modified = self.modified.min(now);
        let (status, headers, body) =
            match evaluate(request.headers, Validators { tag: chosen.tag(), modified }) {
                Verdict::Perform => {
                    (StatusCode::OK, chosen.headers(), ResponseBody::Bytes(chosen.body().clone()))
                }
                Verdict::NotModified => {
                    (StatusCode::NOT_MODIFIED, chosen.headers_of_304(), ResponseBody::Empty)
                }
                Verdict::Failed => return failed(),
            };
        let mut headers = headers.clone();
        // RFC 9110 §8.8.2.1: never later than the answer itself, whatever the author dates it.
        if modified < self.modified {
            headers.insert(LAST_MODIFIED, modified.header());
        }
        Response { status, headers, body }
    }
}

fn failed() -> Response {
    let mut response = Response::refusal(StatusCode::PRECONDITION_FAILED);
    response.headers.insert(VARY, VARIES.clone());
    response
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
    use http::{HeaderName, HeaderValue, Method};

    use super::*;
    use crate::hosting::{CachePolicy, Link};

    fn parts() -> Parts {
        Parts {
            content_type: HeaderValue::from_static("application/rss+xml; charset=utf-8"),
            bytes: Bytes::from_static(b"<?xml version=\"1.0\"?><rss/>"),
            updated: "2024-05-06T10:00:00Z".parse().unwrap(),
            links: vec![Link { url: "https://hub.example/".parse().unwrap(), rel: "hub", media_type: None }],
            policy: CachePolicy::default(),
            is_feed: true,
            extra: Vec::new(),
        }
    }

    fn respond(parts: &Parts, headers: &HeaderMap, now: &str) -> Response {
        let request = Request { method: &Method::GET, target: b"/", headers };
        Document::new(parts, Effort::Fast).respond(&request, HttpDate::of(now.parse().unwrap()))
    }

    fn get(parts: &Parts) -> Response {
        respond(parts, &HeaderMap::new(), "2026-11-22T00:00:00Z")
    }

    fn with(name: &'static str, value: &HeaderValue) -> HeaderMap {
        [(HeaderName::from_static(name), value.clone())].into_iter().collect()
    }

    #[test]
    fn r_ht_1_a_document_has_a_strong_tag_and_the_date_that_it_states() {
        let response = get(&parts());
        let tag = response.headers["etag"].to_str().unwrap();
        assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag}");
        assert_eq!(response.headers["last-modified"], "Mon, 06 May 2024 10:00:00 GMT");
        let changed = get(&Parts { bytes: "<rss></rss>".into(), ..parts() });
        assert_ne!(changed.headers["etag"], tag);
    }

    /// The encoding in which a document of many equal lines is given, and its length.
    fn encoding(accepted: &'static str) -> (String, String) {
        let parts = Parts { bytes: "<item>hello</item>\n".repeat(100).into(), ..parts() };
        let headers = with("accept-encoding", &HeaderValue::from_static(accepted));
        let response = respond(&parts, &headers, "2026-11-22T00:00:00Z");
        let ResponseBody::Bytes(body) = response.body else { panic!("there is no body") };
        assert_eq!(response.headers["content-length"], body.len().to_string());
        assert_eq!(response.headers["vary"], "Accept-Encoding");
        let coding = response.headers.get("content-encoding");
        let tag = response.headers["etag"].to_str().unwrap();
        let suffix = tag[25..].trim_end_matches('"').chars().take(3).collect();
        (coding.map_or("identity", |coding| coding.to_str().unwrap()).to_owned(), suffix)
    }

    #[test]
    fn r_ht_4_everybody_gets_the_encoding_that_they_like_best() {
        for (accepted, coding, suffix) in [
            ("", "identity", ""),
            ("br, zstd, gzip", "br", "-br"),
            ("gzip, deflate, zstd", "zstd", "-zs"),
            ("gzip, deflate", "gzip", "-gz"),
            ("*", "br", "-br"),
            ("br;q=0.9, gzip", "gzip", "-gz"),
            ("gzip;q=0.1", "gzip", "-gz"),
            ("gzip;q=0.1, identity", "identity", ""),
            ("gzip;q=0.5, identity;q=0.5", "gzip", "-gz"),
            ("br;q=0, *", "zstd", "-zs"),
            ("gzip, identity;q=0", "gzip", "-gz"),
            ("identity;q=0", "identity", ""),
            ("*;q=0", "identity", ""),
        ] {
            assert_eq!(encoding(accepted), (coding.to_owned(), suffix.to_owned()), "{accepted}");
        }
    }

    #[test]
    fn r_ht_1_other_bytes_have_another_tag_and_are_the_same_to_whoever_has_the_content() {
        let parts = Parts {
            bytes: (0..2000).map(|number| format!("<p>{number}</p>")).collect::<Vec<_>>().concat().into(),
            ..parts()
        };
        for coding in ["gzip", "br", "zstd"] {
            let accepted = HeaderValue::from_static(coding);
            let ask = |effort, more: Option<&HeaderValue>| {
                let mut headers = with("accept-encoding", &accepted);
                headers.extend(more.map(|tag| (http::header::IF_NONE_MATCH, tag.clone())));
                let request = Request { method: &Method::GET, target: b"/", headers: &headers };
                let now = HttpDate::of("2026-11-22T00:00:00Z".parse().unwrap());
                Document::new(&parts, effort).respond(&request, now)
            };
            let (fast, best) = (ask(Effort::Fast, None), ask(Effort::Best, None));
            assert_eq!(fast.body == best.body, fast.headers["etag"] == best.headers["etag"], "{coding}");
            assert_eq!(ask(Effort::Best, Some(&fast.headers["etag"])).status, 304, "{coding}");
        }
    }

    #[test]
    fn r_ht_4_what_does_not_get_smaller_is_given_as_it_is() {
        let headers = with("accept-encoding", &HeaderValue::from_static("br, gzip"));
        let response = respond(&parts(), &headers, "2026-11-22T00:00:00Z");
        assert_eq!(response.body, ResponseBody::Bytes(parts().bytes));
        assert_eq!((response.headers.get("content-encoding"), &response.headers["vary"]), (None, &VARIES));
    }

    #[test]
    fn r_ht_1_no_document_is_of_the_future() {
        let response = respond(&parts(), &HeaderMap::new(), "2024-05-06T09:00:00Z");
        let now = &response.headers["last-modified"];
        assert_eq!(now, "Mon, 06 May 2024 09:00:00 GMT");
        let later = respond(&parts(), &with("if-modified-since", now), "2024-05-06T09:00:01Z");
        assert_eq!(later.status, 200, "it may have changed since");
        let tag = with("if-none-match", &response.headers["etag"]);
        let known = respond(&parts(), &tag, "2024-05-06T09:00:02Z");
        assert_eq!(
            (known.status.as_u16(), &known.headers["last-modified"]),
            (304, &"Mon, 06 May 2024 09:00:02 GMT".parse().unwrap())
        );
    }

    #[test]
    fn r_ht_3_not_modified_repeats_what_caches_need_and_describes_no_body() {
        let response = get(&parts());
        let known =
            respond(&parts(), &with("if-none-match", &response.headers["etag"]), "2026-11-22T00:00:00Z");
        assert_eq!((known.status.as_u16(), known.body), (304, ResponseBody::Empty));
        let mut expected = response.headers;
        for name in [CONTENT_TYPE, CONTENT_LENGTH] {
            expected.remove(name);
        }
        assert_eq!(known.headers, expected);
        for name in ["etag", "cache-control", "vary", "last-modified", "link", "access-control-allow-origin"]
        {
            assert!(known.headers.contains_key(name), "{name}");
        }
    }

    #[test]
    fn r_ht_8_bytes_are_served_as_they_are_and_as_what_they_are() {
        let response = get(&parts());
        assert_eq!(response.body, ResponseBody::Bytes(parts().bytes));
        assert_eq!(response.headers["content-type"], "application/rss+xml; charset=utf-8");
        assert_eq!(response.headers["x-content-type-options"], "nosniff");
    }

    #[test]
    fn r_ht_5_a_document_may_be_kept_as_long_as_its_policy_says() {
        let response = get(&parts());
        assert_eq!(response.headers["cache-control"], CachePolicy::default().cache_control());
    }

    #[test]
    fn what_else_comes_with_a_document_replaces_nothing_of_ours() {
        let extra = vec![
            (
                HeaderName::from_static("content-security-policy"),
                HeaderValue::from_static("default-src 'none'"),
            ),
            (HeaderName::from_static("etag"), HeaderValue::from_static("\"mine\"")),
            (HeaderName::from_static("content-encoding"), HeaderValue::from_static("br")),
        ];
        let response = get(&Parts { extra, ..parts() });
        assert_eq!(response.headers["content-security-policy"], "default-src 'none'");
        assert_eq!(response.headers.get("content-encoding"), None);
        assert_eq!(
            response.headers.get_all("etag").iter().collect::<Vec<_>>(),
            [&get(&parts()).headers["etag"]]
        );
    }

    #[test]
    fn who_wants_what_was_gets_no_answer_that_others_could_take_for_theirs() {
        let response = respond(
            &parts(),
            &with("if-match", &HeaderValue::from_static("\"old\"")),
            "2026-11-22T00:00:00Z",
        );
        assert_eq!((response.status.as_u16(), &response.headers["vary"]), (412, &VARIES));
    }
}
