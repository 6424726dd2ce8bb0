//! Responses to requests for files: whole, in part, or not modified.

use std::ops::Range;

use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, LAST_MODIFIED,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use super::AssetPath;
use crate::serve::date::HttpDate;
use crate::serve::parts::{Asset, Request};
use crate::serve::preconditions::{Validators, Verdict, evaluate};
use crate::serve::range::{Wanted, wanted};
use crate::serve::response::{Response, ResponseBody, insert_common};

impl Asset {
    /// Answers GET and HEAD. It comes in one encoding only: sound and pictures are compressed as they are.
    pub(in crate::serve) fn respond(
        self,
        path: AssetPath<'_>,
        request: &Request<'_>,
        cache_control: &HeaderValue,
        now: HttpDate,
    ) -> Response {
        let tag = self.tag();
        let validators = Validators { tag: &tag, modified: HttpDate::of(self.modified).min(now) };
        let headers = headers_of_304(validators, cache_control);
        match evaluate(request.headers, validators) {
            Verdict::Failed => return Response::refusal(StatusCode::PRECONDITION_FAILED),
            Verdict::NotModified => {
                return Response { status: StatusCode::NOT_MODIFIED, headers, body: ResponseBody::Empty };
            }
            Verdict::Perform => {}
        }
        // RFC 9110 §14.2: a range is for GET alone.
        let is_get = request.method == Method::GET;
        let wanted = if is_get { wanted(request.headers, validators, self.size) } else { Wanted::Whole };
        match wanted {
            Wanted::Whole => self.whole(path, headers),
            Wanted::Part(range) => self.part(path, headers, range),
            Wanted::Nothing => self.refuse_range(),
        }
    }

    fn whole(self, path: AssetPath<'_>, mut headers: HeaderMap) -> Response {
        headers.insert(CONTENT_TYPE, self.content_type.clone());
        headers.insert(CONTENT_LENGTH, HeaderValue::from(self.size));
        headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        let body = ResponseBody::File { path: path.as_str().to_owned(), range: 0..self.size, asset: self };
        Response { status: StatusCode::OK, headers, body }
    }

    fn part(self, path: AssetPath<'_>, headers: HeaderMap, part: Range<u64>) -> Response {
        let content_range = content_range(format!("bytes {}-{}/{}", part.start, part.end - 1, self.size));
        let mut response = self.whole(path, headers);
        response.status = StatusCode::PARTIAL_CONTENT;
        response.headers.insert(CONTENT_RANGE, content_range);
        response.headers.insert(CONTENT_LENGTH, HeaderValue::from(part.end - part.start));
        if let ResponseBody::File { range, .. } = &mut response.body {
            *range = part;
        }
        response
    }

    fn refuse_range(&self) -> Response {
        let mut response = Response::refusal(StatusCode::RANGE_NOT_SATISFIABLE);
        response.headers.insert(CONTENT_RANGE, content_range(format!("bytes */{}", self.size)));
        response
    }
}

fn headers_of_304(validators: Validators<'_>, cache_control: &HeaderValue) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(12);
    insert_common(&mut headers);
    headers.insert(CACHE_CONTROL, cache_control.clone());
    headers.insert(LAST_MODIFIED, validators.modified.header());
    headers.insert(ETAG, validators.tag.header().clone());
    headers
}

fn content_range(text: String) -> HeaderValue {
    HeaderValue::try_from(text).expect("letters and digits may stand in a header")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hosting::CachePolicy;
    use crate::serve::response::cache_control;

    fn asset() -> Asset {
        Asset {
            size: 1000,
            modified: "2024-05-06T10:00:00.5Z".parse().unwrap(),
            inode: 7,
            content_type: HeaderValue::from_static("audio/mpeg"),
        }
    }

    fn ask(method: &Method, headers: &[(&'static str, &str)]) -> Response {
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        let request = Request { method, target: b"/a.mp3", headers: &headers };
        let now = HttpDate::of("2026-11-22T00:00:00Z".parse().unwrap());
        asset().respond(
            AssetPath::new("a.mp3").unwrap(),
            &request,
            &cache_control(&CachePolicy::default()),
            now,
        )
    }

    fn range_of(response: &Response) -> Range<u64> {
        match &response.body {
            ResponseBody::File { path, range, .. } if path == "a.mp3" => range.clone(),
            body => panic!("{body:?}"),
        }
    }

    #[test]
    fn r_ht_6_an_asset_says_how_long_it_is_and_that_it_comes_in_parts() {
        let response = ask(&Method::GET, &[("accept-encoding", "gzip")]);
        assert_eq!((response.status.as_u16(), range_of(&response)), (200, 0..1000));
        for (name, expected) in [
            ("content-length", "1000"),
            ("content-type", "audio/mpeg"),
            ("accept-ranges", "bytes"),
            ("last-modified", "Mon, 06 May 2024 10:00:00 GMT"),
            ("x-content-type-options", "nosniff"),
            ("access-control-allow-origin", "*"),
        ] {
            assert_eq!(response.headers[name], expected, "{name}");
        }
        assert!(!response.headers.contains_key("content-encoding"));
    }

    #[test]
    fn r_ht_6_a_part_says_which_it_is() {
        let response = ask(&Method::GET, &[("range", "bytes=100-199")]);
        assert_eq!((response.status.as_u16(), range_of(&response)), (206, 100..200));
        assert_eq!(response.headers["content-range"], "bytes 100-199/1000");
        assert_eq!(response.headers["content-length"], "100");
        assert_eq!(response.headers["etag"], asset().tag().header());
    }

    #[test]
    fn r_ht_6_head_is_of_the_whole_whatever_range_it_names() {
        let response = ask(&Method::HEAD, &[("range", "bytes=100-199")]);
        assert_eq!(
            (response.status.as_u16(), &response.headers["content-length"]),
            (200, &HeaderValue::from(1000))
        );
    }

    #[test]
    fn r_ht_6_who_asks_beyond_the_end_is_told_where_it_is() {
        let response = ask(&Method::GET, &[("range", "bytes=1000-")]);
        assert_eq!(
            (response.status.as_u16(), &response.headers["content-range"]),
            (416, &"bytes */1000".parse().unwrap())
        );
    }

    #[test]
    fn r_ht_2_who_has_an_asset_is_told_so_before_any_range_is_looked_at() {
        let tag = asset().tag();
        let tag = tag.header().to_str().unwrap();
        let response = ask(&Method::GET, &[("if-none-match", tag), ("range", "bytes=5000-")]);
        assert_eq!((response.status.as_u16(), response.body), (304, ResponseBody::Empty));
        assert!(!response.headers.contains_key("content-length"));
        assert_eq!(ask(&Method::GET, &[("if-match", "\"other\"")]).status, 412);
    }
}
