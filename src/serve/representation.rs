//! A document in one encoding, and the headers that come with it.

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, LAST_MODIFIED, LINK, VARY,
};
use http::{HeaderMap, HeaderValue};

use super::coding::Coding;
use super::date::HttpDate;
use super::entity_tag::EntityTag;
use super::parts::Parts;
use super::response::{cache_control, header, insert_common};
use crate::hosting::link_header;

/// The `Vary` header: the field that our choice between representations depends on. It is sent with documents
/// that have only one, too: the next version may have more.
pub(super) static VARIES: HeaderValue = HeaderValue::from_static("Accept-Encoding");

#[derive(Debug)]
pub(super) struct Representation {
    coding: Coding,
    tag: EntityTag,
    body: Bytes,
    headers: HeaderMap,
    headers_of_304: HeaderMap,
}

impl Representation {
    /// `hash` is of the content without encoding, so that all tags of a document have the same digits.
    pub(super) fn new(
        parts: &Parts,
        shared: &HeaderMap,
        hash: blake3::Hash,
        coding: Coding,
        body: Bytes,
    ) -> Self {
        let tag = match coding {
            Coding::Identity => EntityTag::new(hash, ""),
            // The same content, encoded with more effort, is other bytes.
            _ => EntityTag::new(
                hash,
                &format!("{}-{}", coding.tag_suffix(), &blake3::hash(&body).to_hex()[..8]),
            ),
        };
        let mut headers_of_304 = shared.clone();
        headers_of_304.insert(ETAG, tag.header().clone());
        let mut headers: HeaderMap = parts.extra.iter().cloned().collect();
        headers.extend(headers_of_304.clone());
        headers.insert(CONTENT_TYPE, parts.content_type.clone());
        headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        headers.remove(CONTENT_ENCODING);
        headers.extend(coding.name().map(|name| (CONTENT_ENCODING, HeaderValue::from_static(name))));
        Self { coding, tag, body, headers, headers_of_304 }
    }

    pub(super) fn coding(&self) -> Coding {
        self.coding
    }

    pub(super) fn tag(&self) -> &EntityTag {
        &self.tag
    }

    pub(super) fn body(&self) -> &Bytes {
        &self.body
    }

    /// Of a whole answer.
    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Those that RFC 9110 §15.4.5 wants repeated, and those that guide whoever keeps the document. None that
    /// describes a body, since there is none.
    pub(super) fn headers_of_304(&self) -> &HeaderMap {
        &self.headers_of_304
    }
}

/// The headers that all representations of a document share, with or without a body.
pub(super) fn shared_headers(parts: &Parts, modified: HttpDate) -> HeaderMap {
    let mut headers = HeaderMap::new();
    insert_common(&mut headers);
    headers.insert(CACHE_CONTROL, cache_control(&parts.policy));
    headers.insert(LAST_MODIFIED, modified.header());
    headers.insert(VARY, VARIES.clone());
    headers.extend(link_header(&parts.links).map(|line| (LINK, header(line))));
    headers
}
