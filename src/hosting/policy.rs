//! Caching: how long readers and proxies may keep an answer.

use std::time::Duration;

/// The times that `Cache-Control` states. Every answer is `public`, and none is `no-store`: some readers then
/// poll many times as often, and others discard their validators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CachePolicy {
    /// The time for which an answer is fresh. Readers take it as a hint how often to poll.
    pub max_age: Duration,
    /// The time after that in which a cache may serve the stale answer while it revalidates: RFC 5861 §3.
    pub stale_while_revalidate: Duration,
    /// The time after that in which a cache may serve the stale answer if the server fails: RFC 5861 §4.
    pub stale_if_error: Duration,
}

impl Default for CachePolicy {
    /// A quarter of an hour, an hour, a day.
    fn default() -> Self {
        Self {
            max_age: Duration::from_secs(900),
            stale_while_revalidate: Duration::from_secs(3600),
            stale_if_error: Duration::from_secs(86400),
        }
    }
}

impl CachePolicy {
    /// The value of `Cache-Control`.
    pub fn cache_control(&self) -> String {
        format!(
            "public, max-age={}, stale-while-revalidate={}, stale-if-error={}",
            self.max_age.as_secs(),
            self.stale_while_revalidate.as_secs(),
            self.stale_if_error.as_secs()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_ht_5_a_feed_is_fresh_for_a_quarter_of_an_hour_unless_told_otherwise() {
        assert_eq!(
            CachePolicy::default().cache_control(),
            "public, max-age=900, stale-while-revalidate=3600, stale-if-error=86400"
        );
        let policy = CachePolicy { max_age: Duration::from_secs(300), ..CachePolicy::default() };
        assert!(policy.cache_control().starts_with("public, max-age=300, "));
    }
}
