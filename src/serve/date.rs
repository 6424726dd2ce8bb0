//! Dates as HTTP writes them: RFC 9110 §5.6.7.

use std::time::{Duration, UNIX_EPOCH};

use chrono::{DateTime, Utc};
use http::HeaderValue;

/// The last second that four digits of a year can tell.
const LAST: u64 = 253_402_300_799;

/// An instant to the second, from 1970 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct HttpDate(u64);

impl HttpDate {
    /// The second that it lies in; what lies outside is brought to the nearer end.
    pub(super) fn of(instant: DateTime<Utc>) -> Self {
        Self(u64::try_from(instant.timestamp()).unwrap_or_default().min(LAST))
    }

    /// From any of the three forms that there have been. `None` where it is none of them.
    pub(super) fn parse(value: &HeaderValue) -> Option<Self> {
        let time = httpdate::parse_http_date(value.to_str().ok()?).ok()?;
        time.duration_since(UNIX_EPOCH).ok().map(|since| Self(since.as_secs()))
    }

    pub(super) fn header(self) -> HeaderValue {
        let text = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(self.0));
        HeaderValue::try_from(text).expect("letters and digits may stand in a header")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOVEMBER: HttpDate = HttpDate(784_111_777);

    fn parse(text: &str) -> Option<HttpDate> {
        HttpDate::parse(&HeaderValue::from_str(text).unwrap())
    }

    #[test]
    fn each_of_the_three_forms_is_read() {
        for text in
            ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
        {
            assert_eq!(parse(text), Some(NOVEMBER), "{text}");
        }
        assert_eq!(NOVEMBER.header(), "Sun, 06 Nov 1994 08:49:37 GMT");
    }

    #[test]
    fn what_is_no_date_of_http_is_none() {
        for text in [
            "",
            "0",
            "yesterday",
            "1994-11-06T08:49:37Z",
            "Sun, 06 Nov 1994 08:49:37 +0000",
            "Sun, 32 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 0000 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(HttpDate::parse(&HeaderValue::from_bytes(b"\xC3\xA9").unwrap()), None);
    }

    #[test]
    fn any_instant_can_be_told() {
        let told = |instant| HttpDate::of(instant).header();
        assert_eq!(told(DateTime::<Utc>::MIN_UTC), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(told(DateTime::<Utc>::MAX_UTC), "Fri, 31 Dec 9999 23:59:59 GMT");
        assert_eq!(told("1994-11-06T08:49:37.999Z".parse().unwrap()), NOVEMBER.header());
    }
}
