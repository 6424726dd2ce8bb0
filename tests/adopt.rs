//! `adopt`: ids of an old feed are pinned to the letter.

mod command;

use feedwright::adopt::{self, Adoption, Conflict, Fate, How, OldFeed, Request};
use feedwright::format;
use feedwright::ledger::{Ledger, Record};
use feedwright::publication::{Options, Publication};

use crate::publisher::{HELLO, Publisher, instant};

fn old(items: &str) -> OldFeed {
    let text = format!("<rss version='2.0'><channel>{items}</channel></rss>");
    adopt::read(text.as_bytes(), &"https://example.org/feed".parse().unwrap()).unwrap()
}

fn adopted(publisher: &Publisher, feeds: &[OldFeed], ledger: &mut Ledger, force: bool) -> Adoption {
    let now = instant("2026-11-22T00:00:00Z");
    let publication = Publication::open(&publisher.store, Options::at(now)).unwrap();
    let articles = &publication.articles(&publisher.store, &|_| ()).summaries;
    adopt::adopt(
        Request { feeds, articles, config: &publication.config, force, addresses: false, now },
        ledger,
    )
}

fn fate(adoption: &Adoption) -> &Fate {
    &adoption.entries[0].1
}

fn conflict(adoption: &Adoption) -> &Conflict {
    match fate(adoption) {
        Fate::Refused { conflict, .. } => conflict,
        other => panic!("{other:?}"),
    }
}

const OLD_HELLO: &str = "<item><title>Hello</title><link>http://www.example.org/hello.html</link>\
    <guid isPermaLink='false'>https://example.org/?p=7</guid><pubDate>Mon, 06 May 2024 10:30:00 GMT</pubDate></item>";

#[test]
fn r_id_7_ids_are_imported_to_the_letter() {
    let publisher = Publisher::new().article("hello.md", HELLO);
    let mut ledger = Ledger::default();
    let adoption = adopted(&publisher, &[old(OLD_HELLO)], &mut ledger, false);
    assert_eq!(
        fate(&adoption),
        &Fate::Adopted { path: "articles/hello.md".into(), how: How::Permalink, own_date: None }
    );
    let record = ledger.get("https://example.org/?p=7").unwrap();
    assert_eq!((record.path, record.id_is_permalink), ("hello.md", false));
    assert_eq!(record.published, instant("2024-05-06T10:30:00Z"), "as readers know it");
    assert_eq!(record.permalink, "https://example.org/hello/");
    assert!(record.former.is_empty(), "one address, spelt in two ways");
}

#[test]
fn a_guid_that_is_the_link_stays_a_permalink() {
    let publisher = Publisher::new().article("hello.md", HELLO);
    let mut ledger = Ledger::default();
    let item = "<item><link>https://example.org/hello/</link><guid>https://example.org/hello/</guid></item>";
    adopted(&publisher, &[old(item)], &mut ledger, false);
    assert!(ledger.get("https://example.org/hello/").unwrap().id_is_permalink);
}

#[test]
fn an_old_address_is_remembered_for_redirects() {
    let publisher = Publisher::new().article("hello.md", HELLO);
    let mut ledger = Ledger::default();
    let item = OLD_HELLO.replace("/hello.html", "/2024/05/hello-world/");
    let adoption = adopted(&publisher, &[old(&item)], &mut ledger, false);
    assert!(matches!(fate(&adoption), Fate::Adopted { how: How::TitleAndDate, .. }));
    assert_eq!(ledger.records().next().unwrap().former, ["http://www.example.org/2024/05/hello-world/"]);
}

#[test]
fn redirects_that_the_article_states_lead_to_it() {
    let text = "---\ntitle: New title\ndate: 2024-05-06\naliases: [/2012/hello.html]\n---\nx\n";
    let publisher = Publisher::new().article("new.md", text);
    let item =
        "<item><title>Old title</title><link>http://example.org/2012/hello</link><guid>x</guid></item>";
    let adoption = adopted(&publisher, &[old(item)], &mut Ledger::default(), false);
    assert!(matches!(fate(&adoption), Fate::Adopted { how: How::Permalink, .. }));
}

#[test]
fn a_date_of_another_day_is_the_authors_and_is_said() {
    let publisher = Publisher::new().article("hello.md", HELLO);
    let mut ledger = Ledger::default();
    let item = OLD_HELLO.replace("06 May", "09 May").replace("Mon", "Thu");
    let adoption = adopted(&publisher, &[old(&item)], &mut ledger, false);
    let own = instant("2024-05-06T10:00:00Z");
    assert!(matches!(fate(&adoption), Fate::Adopted { own_date: Some(date), .. } if *date == own));
    assert_eq!(ledger.records().next().unwrap().published, own);
}

#[test]
fn an_undated_article_takes_the_date_of_the_feed() {
    let publisher = Publisher::new().article("hello.md", "---\ntitle: Hello\n---\nx\n");
    let mut ledger = Ledger::default();
    adopted(&publisher, &[old(OLD_HELLO)], &mut ledger, false);
    assert_eq!(ledger.records().next().unwrap().published, instant("2024-05-06T10:30:00Z"));
    let undated = OLD_HELLO.replace("<pubDate>", "<x>").replace("</pubDate>", "</x>");
    assert_eq!(
        conflict(&adopted(&publisher, &[old(&undated)], &mut Ledger::default(), false)),
        &Conflict::Undated
    );
}

#[test]
fn an_article_that_is_published_already_is_a_conflict_unless_forced() {
    let publisher = Publisher::new().article("hello.md", HELLO);
    let publication = Publication::open(&publisher.store, Options::at(publisher.now)).unwrap();
    let mut ledger = Ledger::default();
    let summary = publication.articles(&publisher.store, &|_| ()).summaries[0];
    ledger.insert(Record::new("tag:example.org,2026-11-22:mine", summary, summary.published().unwrap()));

    let adoption = adopted(&publisher, &[old(OLD_HELLO)], &mut ledger, false);
    assert_eq!(conflict(&adoption), &Conflict::PublishedAs("tag:example.org,2026-11-22:mine".into()));
    assert!(ledger.get("https://example.org/?p=7").is_none());

    let adoption = adopted(&publisher, &[old(OLD_HELLO)], &mut ledger, true);
    assert!(matches!(fate(&adoption), Fate::Adopted { .. }));
    let mine = ledger.get("tag:example.org,2026-11-22:mine").unwrap();
    assert!(mine.gone.is_some(), "no other article ever gets it");

    let again = adopted(&publisher, &[old(OLD_HELLO)], &mut ledger, false);
    assert!(matches!(fate(&again), Fate::Kept { .. }));
}

#[test]
fn an_id_that_the_author_gives_wins() {
    let publisher = Publisher::new().article("hello.md", &HELLO.replace("title:", "id: mine\ntitle:"));
    let adoption = adopted(&publisher, &[old(OLD_HELLO)], &mut Ledger::default(), true);
    assert_eq!(conflict(&adoption), &Conflict::StatedId("tag:example.org,2026-11-22:mine".into()));
}

#[test]
fn of_two_feeds_with_different_ids_the_first_wins() {
    let publisher = Publisher::new().article("hello.md", HELLO);
    let mut ledger = Ledger::default();
    let atom = old(&OLD_HELLO.replace("https://example.org/?p=7", "tag:example.org,2009:7"));
    let adoption = adopted(&publisher, &[old(OLD_HELLO), atom, old(OLD_HELLO)], &mut ledger, true);
    let fates: Vec<&Fate> = adoption.entries.iter().map(|(_, fate)| fate).collect();
    assert!(
        matches!(
            fates[..],
            [
                Fate::Adopted { .. },
                Fate::Refused { conflict: Conflict::EarlierFeed(_), .. },
                Fate::Kept { .. }
            ]
        ),
        "{fates:?}"
    );
}

#[test]
fn no_two_articles_get_one_id() {
    let publisher = Publisher::new()
        .article("hello.md", HELLO)
        .article("hi.md", "---\ntitle: Hi\ndate: 2024-01-01\n---\nx\n");
    let mut ledger = Ledger::default();
    let other = "<item><title>Hi</title><guid isPermaLink='false'>https://example.org/?p=7</guid></item>";
    let adoption = adopted(&publisher, &[old(OLD_HELLO), old(other)], &mut ledger, true);
    assert!(
        matches!(&adoption.entries[1].1, Fate::Refused { conflict: Conflict::IdOf(path), .. } if path == "hello.md")
    );
}

#[test]
fn odd_ids_are_kept_and_only_what_cannot_be_said_is_refused() {
    let publisher = Publisher::new().article("hello.md", HELLO);
    let pinned = |id: &str| {
        let mut ledger = Ledger::default();
        let item = OLD_HELLO.replace("https://example.org/?p=7", id);
        adopted(&publisher, &[old(&item)], &mut ledger, false);
        ledger.get(id).is_some()
    };
    for id in ["7", "two words", "https://example.org/été", "/relative#x", &"long".repeat(100)] {
        assert!(pinned(id), "{id}");
    }
    assert!(!pinned("two  words"), "white space in runs does not reach readers as it is");
}

#[test]
fn an_article_at_another_url_of_the_site_is_told() {
    let publisher = Publisher::new().article("hello.md", HELLO);
    let elsewhere = |address: &str| {
        let item = OLD_HELLO.replace("http://www.example.org/hello.html", address);
        adopted(&publisher, &[old(&item)], &mut Ledger::default(), false).elsewhere
    };
    let [told] = &elsewhere("https://example.org/2024/hello/")[..] else { panic!("one article") };
    assert_eq!(told.path, "articles/hello.md");
    assert_eq!(told.url.as_str(), "https://example.org/hello/");
    assert_eq!(told.feed_url.as_str(), "https://example.org/2024/hello/");
    assert_eq!(elsewhere("https://example.org/hello.html").len(), 1, "not every server has both");
    for same in ["http://www.example.org/hello", "https://example.org/hello/index.html?utm_source=rss"] {
        assert_eq!(elsewhere(same), [], "{same}");
    }
    assert_eq!(elsewhere("https://old.example/2024/hello/"), [], "the site has moved");
}

#[test]
fn pages_of_a_site_are_no_articles() {
    let publisher = Publisher::new()
        .article("hello.md", HELLO)
        .article("about.md", "---\ntitle: About\nlayout: page\n---\nx\n")
        .article("_index.md", "---\ntitle: Hello\ndate: 2024-05-06\n---\nx\n");
    let adoption = adopted(&publisher, &[old("")], &mut Ledger::default(), false);
    assert!(!adoption.alone.contains(&"articles/_index.md".to_owned()), "{:?}", adoption.alone);
}

/// Documents that one reader could take in another way than the next.
fn documents() -> Vec<(&'static str, Vec<u8>)> {
    let item = "<title>caf\u{e9}</title><link>/a</link><guid isPermaLink='false'>caf\u{e9}-1</guid>";
    let rss = |head: &str| format!("{head}<rss version='2.0'><channel><item>{item}</item></channel></rss>");
    let latin = |text: String| {
        text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect::<Vec<u8>>()
    };
    let declared = |encoding: &str| format!("<?xml version='1.0' encoding='{encoding}'?>");
    let utf_16 = |text: String| {
        let units = text.encode_utf16().flat_map(u16::to_be_bytes);
        [0xFE, 0xFF].into_iter().chain(units).collect::<Vec<u8>>()
    };
    let entity = "<!DOCTYPE rss [<!ENTITY site 'https://example.org'>]>";
    let atom = |prefix: &str, uri: &str| {
        let [p, c] = [prefix, if prefix.is_empty() { "" } else { ":" }];
        format!(
            "<{p}{c}feed xmlns{}='{uri}' xml:base='https://example.org/blog/'><{p}{c}entry xml:base='2024/'><{p}{c}id>tag:é</{p}{c}id>\
             <{p}{c}title type='html'>A &amp;amp; b</{p}{c}title><{p}{c}link href='a'/>\
             <{p}{c}updated>2024-05-06T10:00:00Z</{p}{c}updated></{p}{c}entry></{p}{c}feed>",
            if prefix.is_empty() { String::new() } else { format!(":{prefix}") }
        )
    };
    let one = "http://www.w3.org/2005/Atom";
    vec![
        ("utf-8", rss("").into_bytes()),
        ("utf-8 with a mark", [b"\xEF\xBB\xBF".as_slice(), rss("").as_bytes()].concat()),
        ("iso-8859-1", latin(rss(&declared("ISO-8859-1")))),
        ("windows-1252", latin(rss(&declared("windows-1252")))),
        ("us-ascii", latin(rss(&declared("us-ascii")))),
        ("utf-16", utf_16(rss(&declared("utf-16")))),
        ("html's names", rss("").replace('\u{e9}', "&eacute;").into_bytes()),
        ("an entity of its own", rss(entity).replace("/a<", "&site;/a<").into_bytes()),
        ("an unknown doctype", rss("<!DOCTYPE rss SYSTEM 'http://127.0.0.1:1/rss.dtd'>").into_bytes()),
        ("rss with a prefix", rss("").replace("<rss", "<rss xmlns='http://backend.userland.com/rss2'").into_bytes()),
        ("rss 1.0", b"<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel/>\
            <item r:about='urn:1'><title>x</title><link>http://example.org/1</link></item></r:RDF>".to_vec()),
        ("atom", atom("", one).into_bytes()),
        ("atom with a prefix", atom("a", one).into_bytes()),
        ("atom 0.3", atom("", "http://purl.org/atom/ns#").into_bytes()),
        ("atom of no namespace", atom("", "").into_bytes()),
        ("json", "{\"version\": \"https://jsonfeed.org/version/1\", \"items\": [{\"id\": 7, \"external_url\": \"https://e.example/\"}, {\"id\": \"é\", \"url\": \"/b\"}]}".into()),
    ]
}

#[test]
fn adopt_and_plan_read_the_same_in_every_kind_of_document() {
    for (kind, document) in documents() {
        let adopted = adopt::read(&document, &"https://example.org/feed".parse().unwrap()).unwrap();
        let planned = format::outline(&document).unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert_eq!(adopted.entries.len(), planned.entries.len(), "{kind}");
        for (adopted, planned) in adopted.entries.iter().zip(&planned.entries) {
            assert_eq!(adopted.id, planned.id, "{kind}");
            assert_eq!(
                adopted.id_is_permalink,
                planned.id_is_permalink && planned.id == planned.link,
                "{kind}"
            );
            assert!(adopted.link().ends_with(&planned.link), "{kind}: {} {}", adopted.link(), planned.link);
            assert_eq!(adopted.published, planned.published.or(planned.updated), "{kind}");
        }
    }
}

#[test]
fn every_kind_of_document_says_what_it_means() {
    let read = |wanted: &str| {
        let (_, document) = documents().into_iter().find(|(kind, _)| *kind == wanted).unwrap();
        adopt::read(&document, &"https://example.org/feed".parse().unwrap()).unwrap().entries.remove(0)
    };
    for kind in ["utf-8", "utf-8 with a mark", "iso-8859-1", "windows-1252", "utf-16", "html's names"] {
        assert_eq!((read(kind).id.as_str(), read(kind).title.as_deref()), ("café-1", Some("café")), "{kind}");
    }
    assert_eq!(read("us-ascii").id, "caf\u{FFFD}-1", "no feed may contain it, so that it is refused");
    assert_eq!(read("an entity of its own").link(), "https://example.org/a");
    for kind in ["atom", "atom with a prefix", "atom 0.3", "atom of no namespace"] {
        let entry = read(kind);
        assert_eq!(
            (entry.link(), entry.title.as_deref()),
            ("https://example.org/blog/2024/a", Some("A & b")),
            "{kind}"
        );
    }
}
