//! Every form that people write, and what it means.

use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Option<Stated> {
    super::read(text, DayMonthOrder::DayFirst)
}

fn instant(text: &str) -> String {
    read_in(text, chrono_tz::Europe::London)
}

fn read_in(text: &str, timezone: Tz) -> String {
    let Some(instant) = read(text).and_then(|stated| stated.instant(timezone)) else {
        return "none".into();
    };
    instant.time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[test]
fn a_date_is_read_in_every_form_people_write_it() {
    for (written, meant) in [
        ("2023-10-15T13:18:50-07:00", "2023-10-15T20:18:50Z"),
        ("2023-10-15T13:18:50-0700", "2023-10-15T20:18:50Z"),
        ("2023-10-15T13:18:50Z", "2023-10-15T13:18:50Z"),
        ("2023-10-15T13:18:50.123456Z", "2023-10-15T13:18:50Z"),
        ("2023-10-15T13:18:50", "2023-10-15T12:18:50Z"),
        ("2023-10-15t13:18:50z", "2023-10-15T13:18:50Z"),
        ("2023-12-15", "2023-12-15T00:00:00Z"),
        ("2023-07-15", "2023-07-14T23:00:00Z"),
        ("2023-7-5", "2023-07-04T23:00:00Z"),
        ("15 Oct 2023", "2023-10-14T23:00:00Z"),
        ("15-Oct-2023", "2023-10-14T23:00:00Z"),
        ("2015-11-17 16:16:01 -0600", "2015-11-17T22:16:01Z"),
        ("2015-11-17 16:16:01 -6", "2015-11-17T22:16:01Z"),
        ("2015-11-17 16:16:01 -06:00", "2015-11-17T22:16:01Z"),
        ("2022-06-16 15:00:59+00:00", "2022-06-16T15:00:59Z"),
        ("2013/7/13 20:46:25", "2013-07-13T19:46:25Z"),
        ("2010-12-03 10:20", "2010-12-03T10:20:00Z"),
        ("2010-12-03 9:05", "2010-12-03T09:05:00Z"),
        ("Jul 08 2022", "2022-07-07T23:00:00Z"),
        ("July 8, 2022", "2022-07-07T23:00:00Z"),
        ("Dec 8th, 2022 at 9:30 pm", "2022-12-08T21:30:00Z"),
        ("Sept. 8, 2022 9AM UTC", "2022-09-08T09:00:00Z"),
        ("2012-09-15 19:52:05 UTC", "2012-09-15T19:52:05Z"),
        ("2012-09-15 19:52:05 UTC+02:00", "2012-09-15T17:52:05Z"),
        ("2012-09-15 19:52:05 EST", "2012-09-16T00:52:05Z"),
        ("2012-09-15 19:52:05 CEST", "2012-09-15T17:52:05Z"),
        ("2012-09-15 19:52:05 America/New_York", "2012-09-15T23:52:05Z"),
        ("Wed, 02 Oct 2002 08:00:00 EST", "2002-10-02T13:00:00Z"),
        ("Wed, 2 Oct 2002 15:00:00 +0200", "2002-10-02T13:00:00Z"),
        ("2024-05-06T10:00:00+02:00[Europe/Paris]", "2024-05-06T08:00:00Z"),
        ("20231215", "2023-12-15T00:00:00Z"),
        ("20231215T101112Z", "2023-12-15T10:11:12Z"),
        ("1700000000", "2023-11-14T22:13:20Z"),
        ("1700000000123", "2023-11-14T22:13:20Z"),
        ("2023-12-15 24:00", "2023-12-16T00:00:00Z"),
        ("05/05/2014 03:00:00 PM UTC", "2014-05-05T15:00:00Z"),
        ("12/25/2014", "2014-12-25T00:00:00Z"),
        ("25/12/2014", "2014-12-25T00:00:00Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
        ("2024-12-06 12:00 AM", "2024-12-06T00:00:00Z"),
    ] {
        assert_eq!(instant(written), meant, "{written}");
    }
}

#[test]
fn what_is_no_date_or_might_be_two_is_none() {
    for written in [
        "",
        "next Tuesday",
        "Last Modified",
        "2023",
        "2023-13-01",
        "2023-02-30",
        "05/06/24",
        "2023-10-15 25:00",
        "2023-10-15 10:00 IST",
        "2023-10-15 10:00:00 nonsense",
        "2023-10-15 10:00 +99:00",
        "0000-00-00 00:00:00",
        "12023-10-15",
        "9999-12-31T23:59:59-10:00",
        "2023-10-15-hello",
        "é",
    ] {
        assert_eq!(instant(written), "none", "{written}");
    }
}

#[test]
fn a_time_that_clocks_skipped_moves_forward_by_the_gap() {
    let spring = read("2024-03-31 01:30").unwrap().instant(chrono_tz::Europe::London).unwrap();
    assert_eq!(spring.time.to_rfc3339(), "2024-03-31T01:30:00+00:00");
    assert_eq!(spring.oddity, Some(Oddity::Nonexistent));
    assert_eq!(read_in("2011-12-30", chrono_tz::Pacific::Apia), "2011-12-30T10:00:00Z");
}

#[test]
fn a_time_that_clocks_showed_twice_is_the_first() {
    let autumn = read("2024-10-27 01:30").unwrap().instant(chrono_tz::Europe::London).unwrap();
    assert_eq!(autumn.time.to_rfc3339(), "2024-10-27T00:30:00+00:00");
    assert_eq!(autumn.oddity, Some(Oddity::Ambiguous));
}

#[test]
fn a_file_name_may_begin_with_its_date() {
    for (name, clocks, meant, slug) in [
        ("2024-05-06-hello", false, "2024-05-05T23:00:00Z", "hello"),
        ("2024-05-06_hello", false, "2024-05-05T23:00:00Z", "hello"),
        ("2024-05-06 hello", false, "2024-05-05T23:00:00Z", "hello"),
        ("20240506-hello", false, "2024-05-05T23:00:00Z", "hello"),
        ("2024-05-06", false, "2024-05-05T23:00:00Z", ""),
        ("2024-05-06T10:20:30Z-hello", false, "2024-05-06T10:20:30Z", "hello"),
        ("2024-05-06-10-20-30-hello", true, "2024-05-06T09:20:30Z", "hello"),
        ("2024-05-06-10-20-30-hello", false, "2024-05-05T23:00:00Z", "10-20-30-hello"),
        ("2024-05-06-10-things", true, "2024-05-05T23:00:00Z", "10-things"),
    ] {
        let (stated, rest) = at_start_of(name, clocks).unwrap();
        let time = stated.instant(chrono_tz::Europe::London).unwrap().time;
        assert_eq!((time.format("%FT%TZ").to_string().as_str(), rest), (meant, slug), "{name}");
    }
    for name in ["hello", "2024-05-061", "2024-13-01-x", "202405061", "1.2.3", "2024-hello", "٢٠٢٤-٠٥-٠٦"]
    {
        assert!(at_start_of(name, true).is_none(), "{name}");
    }
}

#[test]
fn a_path_may_hold_its_date() {
    assert!(anywhere_in("posts/x-2024-05-06/hello.md").is_some());
    assert!(in_folders("inside/2024/05/06/hello").is_some());
    assert!(anywhere_in("posts/12024-05-06/hello.md").is_none());
    assert!(in_folders("2024/13/06/hello").is_none());
}

proptest! {
    #[test]
    fn the_usual_forms_are_read_as_all_others(
        day in "[0-2][0-9]{3}[-./][01][0-9][-./][0-3][0-9]",
        clock in "([T t]{1,2}[0-2][0-9]:[0-6][0-9](:[0-6][0-9])?)?",
        zone in "( ?(Z|z|[+-][0-9]{2}:?[0-9]{2}|[+-][0-9]|UTC|[AP]M|\\.[0-9]{3}Z?|[+]00:00\\[UTC\\]|Z 1|[a-z:0-9]{1,3}))?",
    ) {
        let text = format!("{day}{clock}{zone}");
        if let Some(stated) = usual(&text) {
            prop_assert_eq!(Some(stated), in_words(&text, DayMonthOrder::DayFirst), "{}", text);
        }
    }

    #[test]
    fn any_text_is_a_date_or_none(text in ".{0,60}", name in "[0-9]{4}[-_./T0-9:Zé+]{0,30}") {
        for text in [&text, &name] {
            let _ = read(text).and_then(|stated| stated.instant(chrono_tz::Pacific::Apia));
            let _ = at_start_of(text, true);
            let _ = anywhere_in(text);
            let _ = in_folders(text);
        }
    }

    #[test]
    fn a_time_as_feeds_write_it_is_read_back(seconds in -62_135_596_800_i64..253_402_300_799) {
        let time = DateTime::from_timestamp(seconds, 0).unwrap();
        let stated = read(&time.to_rfc3339()).unwrap();
        prop_assert_eq!(stated.instant(chrono_tz::Asia::Tokyo).unwrap().time, time);
    }
}
