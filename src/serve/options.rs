//! The methods that the server supports, and the responses to others.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE, ALLOW,
};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::response::{Response, ResponseBody, insert_common};

const METHODS: &str = "GET, HEAD, OPTIONS";

/// Headers that a reader in a web page may send beside those that browsers always allow.
const HEADERS: &str = "Accept, Cache-Control, If-Match, If-Modified-Since, If-None-Match, If-Range, \
                       If-Unmodified-Since, Range";

/// The answer to OPTIONS, which is the same everywhere. A browser asks so before a page of another site may
/// ask with conditions, and remembers it for a day.
pub(super) fn answer() -> Response {
    let mut headers = HeaderMap::with_capacity(8);
    insert_common(&mut headers);
    headers.insert(ALLOW, HeaderValue::from_static(METHODS));
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(HEADERS));
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    Response { status: StatusCode::NO_CONTENT, headers, body: ResponseBody::Empty }
}

/// The answer to any other method. RFC 9110 §15.5.6: it says which there are.
pub(super) fn refusal() -> Response {
    let mut response = Response::refusal(StatusCode::METHOD_NOT_ALLOWED);
    response.headers.insert(ALLOW, HeaderValue::from_static(METHODS));
    response
}
