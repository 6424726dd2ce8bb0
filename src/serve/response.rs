//! Responses, and those that do not depend on what is served.

use std::ops::Range;
use std::sync::LazyLock;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::parts::Asset;
use crate::hosting::{COMMON_HEADERS, CachePolicy};

/// A response. The server adds `Date` and what concerns the connection.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// All headers, with `Content-Length` except where RFC 9110 §8.6 forbids it.
    pub headers: HeaderMap,
    /// The body.
    pub body: ResponseBody,
}

/// The body of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponseBody {
    /// Nothing.
    Empty,
    /// These bytes.
    Bytes(Bytes),
    /// Some bytes of a file, which whoever sends the answer reads.
    File {
        /// The path that [`Documents::assets`](super::Documents::assets) was asked for.
        path: String,
        /// Which bytes, counted from 0.
        range: Range<u64>,
        /// The file as it was when the headers were made. If it is another when it is opened, the request is
        /// better answered once more.
        asset: Asset,
    },
}

impl Response {
    /// A refusal: the name of the status on one line. Nothing that was asked is repeated.
    ///
    /// ```
    /// use feedwright::serve::{ResponseBody, Response};
    /// let response = Response::refusal(http::StatusCode::PAYLOAD_TOO_LARGE);
    /// assert_eq!(response.body, ResponseBody::Bytes("payload too large\n".into()));
    /// ```
    pub fn refusal(status: StatusCode) -> Self {
        let reason = status.canonical_reason().unwrap_or("refused");
        let body = Bytes::from(reason.to_ascii_lowercase() + "\n");
        let mut headers = HeaderMap::with_capacity(8);
        insert_common(&mut headers);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        Self { status, headers, body: ResponseBody::Bytes(body) }
    }

    /// The response of a server that cannot answer now: 503. Readers wait for so many seconds; some
    /// understand a number and no date, so it is a number (RFC 9110 §10.2.3).
    pub fn unavailable(seconds: u32) -> Self {
        Self::refusal_until(StatusCode::SERVICE_UNAVAILABLE, seconds)
    }

    /// The response to a client that asks too often: 429, RFC 6585 §4.
    pub fn too_many_requests(seconds: u32) -> Self {
        Self::refusal_until(StatusCode::TOO_MANY_REQUESTS, seconds)
    }

    fn refusal_until(status: StatusCode, seconds: u32) -> Self {
        let mut response = Self::refusal(status);
        response.headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        response
    }

    /// Permanent, but with `Cache-Control`: a cache asks again after a while, so that a wrong redirect can be
    /// corrected.
    pub(super) fn moved(location: HeaderValue, cache_control: HeaderValue) -> Self {
        let mut headers = HeaderMap::with_capacity(8);
        insert_common(&mut headers);
        headers.insert(LOCATION, location);
        headers.insert(CACHE_CONTROL, cache_control);
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        Self { status: StatusCode::MOVED_PERMANENTLY, headers, body: ResponseBody::Empty }
    }

    pub(super) fn gone(cache_control: HeaderValue) -> Self {
        let mut response = Self::refusal(StatusCode::GONE);
        response.headers.insert(CACHE_CONTROL, cache_control);
        response
    }

    /// Caches may remember a 404 as long as they see fit (RFC 9111 §4.2.2), so we say how long: whatever is
    /// published there next is not kept from anybody for more than a minute.
    pub(super) fn not_found() -> Self {
        let mut response = Self::refusal(StatusCode::NOT_FOUND);
        response.headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
        response
    }
}

/// Inserts [`COMMON_HEADERS`].
pub(super) fn insert_common(headers: &mut HeaderMap) {
    static COMMON: LazyLock<[(HeaderName, HeaderValue); 3]> = LazyLock::new(|| {
        COMMON_HEADERS.map(|(name, value)| {
            (HeaderName::try_from(name).expect("they are names of headers"), HeaderValue::from_static(value))
        })
    });
    headers.extend(COMMON.iter().cloned());
}

/// The value of `Cache-Control`.
pub(super) fn cache_control(policy: &CachePolicy) -> HeaderValue {
    header(policy.cache_control())
}

/// The value of a header. `text` is made of visible ASCII and spaces.
pub(super) fn header(text: String) -> HeaderValue {
    HeaderValue::try_from(text).expect("other characters were encoded or left out")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_ht_7_who_must_wait_is_told_so_many_seconds() {
        assert_eq!(Response::unavailable(120).headers[RETRY_AFTER], "120");
        assert_eq!(Response::too_many_requests(30).headers[RETRY_AFTER], "30");
        assert_eq!(Response::too_many_requests(30).status, 429);
    }

    #[test]
    fn a_refusal_is_one_short_line_of_plain_text() {
        for status in [400, 404, 405, 410, 412, 413, 414, 416, 429, 431, 500, 503, 599] {
            let response = Response::refusal(StatusCode::from_u16(status).unwrap());
            let ResponseBody::Bytes(body) = &response.body else { panic!("{status} has no body") };
            assert!(body.len() < 40 && body.ends_with(b"\n"), "{status}: {body:?}");
            assert_eq!(response.headers[CONTENT_LENGTH], body.len().to_string());
        }
    }
}
