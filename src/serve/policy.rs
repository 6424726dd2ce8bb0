//! How long others may keep what they got.

use std::time::Duration;

use http::HeaderValue;

/// What `Cache-Control` says. Everything is public, and nothing is ever `no-store`: some readers ask many times as often
/// then, and others throw their validators away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// For how long it need not be asked for again. Readers take it for a hint how often to ask.
    pub max_age: Duration,
    /// For how long after that a cache may give the old one while it asks: RFC 5861 §3.
    pub stale_while_revalidate: Duration,
    /// For how long after that a cache may give the old one if we do not answer: RFC 5861 §4.
    pub stale_if_error: Duration,
}

impl Default for Policy {
    /// A quarter of an hour, an hour, a day.
    fn default() -> Self {
        Self {
            max_age: Duration::from_secs(900),
            stale_while_revalidate: Duration::from_secs(3600),
            stale_if_error: Duration::from_secs(86400),
        }
    }
}

impl Policy {
    /// The value of the header.
    pub(crate) fn cache_control(&self) -> HeaderValue {
        let text = format!(
            "public, max-age={}, stale-while-revalidate={}, stale-if-error={}",
            self.max_age.as_secs(),
            self.stale_while_revalidate.as_secs(),
            self.stale_if_error.as_secs()
        );
        HeaderValue::try_from(text).expect("words and numbers may stand in a header")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_ht_5_a_feed_is_fresh_for_a_quarter_of_an_hour_unless_told_otherwise() {
        assert_eq!(
            Policy::default().cache_control(),
            "public, max-age=900, stale-while-revalidate=3600, stale-if-error=86400"
        );
        let policy = Policy { max_age: Duration::from_secs(300), ..Policy::default() };
        assert!(policy.cache_control().to_str().unwrap().starts_with("public, max-age=300, "));
    }
}
