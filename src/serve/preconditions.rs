//! Conditional requests: RFC 9110 §13.

use http::header::{GetAll, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_UNMODIFIED_SINCE};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::date::HttpDate;
use super::entity_tag::EntityTag;

/// The validators of a version of a document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Validators<'a> {
    pub(super) tag: &'a EntityTag,
    pub(super) modified: HttpDate,
}

/// The result of evaluating the conditions of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Do what is asked.
    Perform,
    /// 304: the client has it.
    NotModified,
    /// 412: it is no longer the version that the client wants.
    Failed,
}

/// Evaluates the conditions of a GET or HEAD in the order of RFC 9110 §13.2.2. That each is looked at only
/// where the one before it is not there is the point of it: a tag is better than a date.
pub(super) fn evaluate(headers: &HeaderMap, validators: Validators<'_>) -> Verdict {
    let Validators { tag, modified } = validators;
    if let Some(tags) = lines(headers, &IF_MATCH) {
        if !tag.is_among(tags) {
            return Verdict::Failed;
        }
    } else if only_date(headers, &IF_UNMODIFIED_SINCE).is_some_and(|date| modified > date) {
        return Verdict::Failed;
    }
    let known = match lines(headers, &IF_NONE_MATCH) {
        Some(tags) => tag.is_known_to(tags),
        None => only_date(headers, &IF_MODIFIED_SINCE).is_some_and(|date| modified <= date),
    };
    if known { Verdict::NotModified } else { Verdict::Perform }
}

fn lines<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<GetAll<'a, HeaderValue>> {
    headers.contains_key(name).then(|| headers.get_all(name))
}

/// RFC 9110 §13.1.3 and §13.1.4: what is no date, or more than one, is not there.
fn only_date(headers: &HeaderMap, name: &HeaderName) -> Option<HttpDate> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() { None } else { HttpDate::parse(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "Mon, 06 May 2024 09:59:59 GMT";
    const THEN: &str = "Mon, 06 May 2024 10:00:00 GMT";
    const AFTER: &str = "Mon, 06 May 2024 10:00:01 GMT";

    /// Of headers by name; `TAG` is the tag there is.
    fn verdict(stated: &[(HeaderName, &str)]) -> Verdict {
        let tag = EntityTag::new(blake3::hash(b"hello"), "");
        let modified = HttpDate::parse(&THEN.parse().unwrap()).unwrap();
        let mut headers = HeaderMap::new();
        for (name, value) in stated {
            let value = value.replace("TAG", tag.header().to_str().unwrap());
            headers.append(name, value.parse().unwrap());
        }
        evaluate(&headers, Validators { tag: &tag, modified })
    }

    #[test]
    fn without_conditions_there_is_nothing_to_judge() {
        assert_eq!(verdict(&[]), Verdict::Perform);
    }

    #[test]
    fn r_ht_2_a_date_that_is_as_late_to_the_second_is_late_enough() {
        assert_eq!(verdict(&[(IF_MODIFIED_SINCE, BEFORE)]), Verdict::Perform);
        assert_eq!(verdict(&[(IF_MODIFIED_SINCE, THEN)]), Verdict::NotModified);
        assert_eq!(verdict(&[(IF_MODIFIED_SINCE, AFTER)]), Verdict::NotModified);
        assert_eq!(verdict(&[(IF_MODIFIED_SINCE, "Monday, 06-May-24 10:00:00 GMT")]), Verdict::NotModified);
        assert_eq!(verdict(&[(IF_MODIFIED_SINCE, "Mon May  6 10:00:00 2024")]), Verdict::NotModified);
    }

    #[test]
    fn r_ht_2_if_none_match_goes_before_if_modified_since() {
        let both = |tag, date| verdict(&[(IF_NONE_MATCH, tag), (IF_MODIFIED_SINCE, date)]);
        assert_eq!(both("TAG", BEFORE), Verdict::NotModified);
        assert_eq!(both("\"other\"", AFTER), Verdict::Perform);
        assert_eq!(both("junk", AFTER), Verdict::Perform);
        assert_eq!(both("", AFTER), Verdict::Perform);
    }

    #[test]
    fn what_is_no_date_is_not_there() {
        for name in [IF_MODIFIED_SINCE, IF_UNMODIFIED_SINCE] {
            for date in ["", "now", "2024-05-06", "Sun, 06 May 2024 10:00:00 GMT"] {
                assert_eq!(verdict(&[(name.clone(), date)]), Verdict::Perform, "{name}: {date}");
            }
        }
        let twice = [(IF_MODIFIED_SINCE, THEN), (IF_MODIFIED_SINCE, THEN)];
        assert_eq!(verdict(&twice), Verdict::Perform, "RFC 9110 §13.1.3");
    }

    #[test]
    fn who_wants_it_only_as_it_was_does_not_get_another() {
        assert_eq!(verdict(&[(IF_MATCH, "TAG")]), Verdict::Perform);
        assert_eq!(verdict(&[(IF_MATCH, "*")]), Verdict::Perform);
        assert_eq!(verdict(&[(IF_MATCH, "\"other\"")]), Verdict::Failed);
        assert_eq!(verdict(&[(IF_MATCH, "W/TAG")]), Verdict::Failed, "a weak tag says too little");
        assert_eq!(verdict(&[(IF_UNMODIFIED_SINCE, BEFORE)]), Verdict::Failed);
        assert_eq!(verdict(&[(IF_UNMODIFIED_SINCE, THEN)]), Verdict::Perform);
        assert_eq!(verdict(&[(IF_UNMODIFIED_SINCE, AFTER)]), Verdict::Perform);
    }

    #[test]
    fn a_tag_goes_before_a_date_and_a_demand_before_a_question() {
        assert_eq!(verdict(&[(IF_MATCH, "TAG"), (IF_UNMODIFIED_SINCE, BEFORE)]), Verdict::Perform);
        assert_eq!(verdict(&[(IF_MATCH, "\"other\""), (IF_NONE_MATCH, "TAG")]), Verdict::Failed);
        assert_eq!(verdict(&[(IF_MATCH, "TAG"), (IF_NONE_MATCH, "TAG")]), Verdict::NotModified);
        assert_eq!(verdict(&[(IF_UNMODIFIED_SINCE, AFTER), (IF_NONE_MATCH, "TAG")]), Verdict::NotModified);
    }
}
