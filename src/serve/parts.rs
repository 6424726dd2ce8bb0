//! A request, and what documents and files are made of: the vocabulary that answers share.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::hosting::{CachePolicy, Link};

/// A request.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The method: `GET`, `HEAD`, or one that is refused.
    pub method: &'a Method,
    /// The target as the request line has it: `/feeds/rss.xml?page=1`, or the whole URL as proxies are asked
    /// for it.
    pub target: &'a [u8],
    /// All headers.
    pub headers: &'a HeaderMap,
}

/// The parts of a document.
#[derive(Clone, Debug)]
pub struct Parts {
    /// The media type: see [`Format::content_type`](crate::format::Format::content_type) and
    /// [`content_type`](crate::hosting::content_type()).
    pub content_type: HeaderValue,
    /// The content.
    pub bytes: Bytes,
    /// The last change of the content: of a feed as it states it itself, never the time of a file or a build.
    /// Some readers have nothing else to go by.
    pub updated: DateTime<Utc>,
    /// Links to other documents, for the `Link` header.
    pub links: Vec<Link>,
    /// The time for which readers and caches may keep it.
    pub policy: CachePolicy,
    /// Marks a feed, whose subscribers are counted.
    pub is_feed: bool,
    /// Further headers, such as the `Content-Security-Policy` of a page. They cannot replace ours.
    pub extra: Vec<(HeaderName, HeaderValue)>,
}

/// A file, as far as it is known without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// The size in bytes.
    pub size: u64,
    /// The time of the last write, as finely as the system tells it.
    pub modified: DateTime<Utc>,
    /// The inode, where the system has one.
    pub inode: u64,
    /// The media type: see [`content_type`](crate::hosting::content_type()).
    pub content_type: HeaderValue,
}
