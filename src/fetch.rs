//! Fetching documents over the network, within limits.
//!
//! Callers decide what a document means, and which others to fetch.

#[cfg(feature = "fetch")]
mod http;

use std::time::Duration;

use url::Url;

#[cfg(feature = "fetch")]
pub use http::get;

/// The most that is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a document, unpacked.
    pub bytes: u64,
    /// Redirects that are followed.
    pub redirects: u32,
    /// Time from the look-up of the host to the last byte.
    pub time: Duration,
}

impl Default for Limits {
    /// 16 MB, 5 redirects, a minute.
    fn default() -> Self {
        Self { bytes: 16 << 20, redirects: 5, time: Duration::from_secs(60) }
    }
}

/// A document that was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Its URL after all redirects.
    pub url: Url,
    /// Its content, decoded.
    pub bytes: Vec<u8>,
    /// `Content-Type` as the server states it; empty where it does not.
    pub content_type: String,
}

/// An error in fetching a document.
#[derive(Debug, thiserror::Error)]
#[error("cannot fetch `{url}`: {reason}")]
pub struct Error {
    /// The URL that was asked for.
    pub url: Url,
    /// The cause.
    pub reason: Reason,
}

/// The cause of an [`Error`].
#[derive(Debug, thiserror::Error)]
pub enum Reason {
    /// The URL is neither `http` nor `https`.
    #[error("it is neither http nor https")]
    Scheme,
    /// The server answered with this status, which is not one of success.
    #[error("the server answers with status {0}")]
    Status(u16),
    /// The document has more than these bytes.
    #[error("it has more than {} MB", .0 >> 20)]
    TooLarge(u64),
    /// The time of the [`Limits`] was not enough.
    #[error("it takes too long")]
    TooSlow,
    /// There were more redirects than the [`Limits`] allow.
    #[error("it is redirected again and again")]
    TooManyRedirects,
    /// The network failed, with this message.
    #[error("{0}")]
    Network(String),
}

/// Tells whether a URL is `http` or `https`, which are those that can be fetched.
pub fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}
