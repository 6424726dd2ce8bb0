//! Facts about serving a publication that hold for any web server: media types, caching, links and headers.
//!
//! [`serve`](crate::serve) answers accordingly, and `feedwright headers` writes the same for other servers.
//! Nothing here knows HTTP libraries, sockets or the disk.

mod content_type;
mod link;
pub mod path;
mod policy;

pub use content_type::{content_type, content_type_of_document, content_type_of_feed};
pub use link::{Link, link_header};
pub use policy::CachePolicy;

/// Headers of every answer: web pages of other origins may read it (CORS), and browsers do not guess its
/// type.
pub const COMMON_HEADERS: [(&str, &str); 3] = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, Last-Modified, Link"),
    ("X-Content-Type-Options", "nosniff"),
];
