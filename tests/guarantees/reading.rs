//! Whatever is written is read again, by our reader and by those of the crates.

use std::collections::BTreeSet;

use feedwright::feed::{Category, Enclosure, Entry, Feed, Image, Person, Source, Text};
use feedwright::format::source::{self, Stated};
use feedwright::format::{self, Extent, Format};
use proptest::prelude::*;

use super::publications::{extents, nasty, publications};
use super::{atom_of, location, rss_of, said, title_of, written};

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever writes also reads, and what is read is what was written, as far as the format can say it.
    #[test]
    fn a_feed_that_is_read_back_is_the_feed((feed, entries) in publications()) {
        for format in Format::ALL {
            let location = location(format);
            let document = format::write(format, &feed, &entries, &location, Extent::Full);
            let reading = format::read(&document, &location).unwrap();
            assert_eq!(reading.format, format);
            assert_eq!(reading.problems, vec![]);
            assert_eq!(reading.feed, as_carried_by(format, &feed, &entries));
            for (read, entry) in reading.entries.iter().zip(&entries) {
                assert_eq!(read, &entry_as_carried_by(format, entry, read));
            }
            assert_eq!(reading.entries.len(), entries.len());
        }
    }

    /// The parsers of the crates find in every document what ours finds, to the letter.
    #[test]
    fn what_the_crates_parse_is_what_is_read((feed, entries) in publications(), extent in extents()) {
        let document = written(Format::Rss, &feed, &entries, extent);
        are_the_same_items(&document, &rss_of(&feed, &entries, extent));
        let document = written(Format::Atom, &feed, &entries, extent);
        are_the_same_entries(&document, &atom_of(&feed, &entries, extent));
    }

    /// Reading never panics, whatever it is given.
    #[test]
    fn anything_can_be_tried_to_read(text in nasty(), cut in 0_usize..4000, (feed, entries) in publications()) {
        let _ = format::read(text.as_bytes(), &location(Format::Rss));
        for format in Format::ALL {
            let document = format::write(format, &feed, &entries, &location(format), Extent::Full);
            let _ = format::read(&document[..cut.min(document.len())], &location(format));
            let _ = format::read(&[&document[..cut.min(document.len())], text.as_bytes()].concat(), &location(format));
        }
    }
}

fn are_the_same_items(document: &str, channel: &rss::Channel) {
    let decoded = source::decode(document.as_bytes());
    let read = source::read(&decoded, None).unwrap();
    assert_eq!(read.entries.len(), channel.items.len());
    for (read, item) in read.entries.iter().zip(&channel.items) {
        let guid = item.guid.as_ref().unwrap();
        assert_eq!(
            (letter(read.id.as_ref()), read.id_is_permalink),
            (guid.value.trim(), Some(guid.permalink))
        );
        assert_eq!(&read.page().unwrap().href.text, item.link.as_deref().unwrap());
        assert_eq!(letter(read.published.as_ref()), item.pub_date.as_deref().unwrap());
        let texts =
            [(&read.title, &item.title), (&read.summary, &item.description), (&read.content, &item.content)];
        for (read, parsed) in texts {
            let read = letter(read.as_ref().map(|text| &text.text));
            assert_eq!(read, parsed.as_deref().unwrap_or_default().trim());
        }
    }
}

fn are_the_same_entries(document: &str, feed: &atom_syndication::Feed) {
    let decoded = source::decode(document.as_bytes());
    let read = source::read(&decoded, None).unwrap();
    assert_eq!((letter(read.id.as_ref()), read.entries.len()), (feed.id.trim(), feed.entries.len()));
    for (read, entry) in read.entries.iter().zip(&feed.entries) {
        assert_eq!(letter(read.id.as_ref()), entry.id.trim());
        assert_eq!(letter(read.title.as_ref().map(|title| &title.text)), entry.title.value.trim());
        let date = |date: &Option<Stated<'_>>| date.as_ref().and_then(Stated::date).unwrap();
        assert_eq!(
            (date(&read.updated), date(&read.published)),
            (entry.updated.to_utc(), entry.published.unwrap().to_utc())
        );
        let content = entry.content.as_ref().and_then(|content| content.value.as_deref());
        let ours = letter(read.content.as_ref().map(|content| &content.text));
        assert_eq!(ours, content.unwrap_or_default().trim());
        let links = entry.links.iter().map(|link| (link.rel.as_str(), link.href.as_str()));
        let ours = read.links.iter().map(|link| (&*link.rel, &*link.href.text));
        assert!(ours.filter(|(rel, _)| *rel != "cover").eq(links));
    }
}

fn letter<'a>(stated: Option<&'a Stated<'_>>) -> &'a str {
    stated.map_or("", |stated| &stated.text)
}

/// What `format` can say of a feed.
fn as_carried_by(format: Format, feed: &Feed, entries: &[Entry]) -> Feed {
    let text = |text: &Text| Text::new(&said(text));
    let newest = entries.iter().map(|entry| entry.updated).max().unwrap_or_default();
    let title = Text::new(&title_of(feed));
    let description = text(&feed.description);
    let carried = Feed {
        id: text(&feed.id),
        title: title.clone(),
        description: description.clone(),
        authors: people(&feed.authors),
        rights: feed.rights.as_ref().map(text).filter(|rights| !rights.is_empty()),
        categories: categories(&feed.categories),
        ..feed.clone()
    };
    match format {
        Format::Rss => Feed {
            id: location(format).as_str().into(),
            description: if description == title { Text::default() } else { description },
            authors: carried
                .authors
                .iter()
                .filter(|author| author.email.is_some())
                .take(1)
                .map(|author| {
                    let name = author.name.as_str().replace('(', "[").replace(')', "]").replace('\\', "/");
                    Person { name: name.as_str().into(), url: None, ..author.clone() }
                })
                .collect(),
            icon: None,
            logo: feed
                .logo
                .iter()
                .chain(&feed.icon)
                .find(|url| {
                    ["image/png", "image/jpeg", "image/gif"]
                        .contains(&feedwright::feed::media_type(url.path()))
                })
                .cloned(),
            ..carried
        },
        Format::Atom => Feed {
            authors: if carried.authors.is_empty() {
                vec![Person { name: title, ..Person::default() }]
            } else {
                carried.authors.clone()
            },
            ttl: None,
            ..carried
        },
        Format::Json => Feed {
            id: location(format).as_str().into(),
            authors: without_emails(carried.authors),
            updated: newest,
            rights: None,
            icon: feed.icon.clone().or(feed.logo.clone()),
            logo: None,
            categories: Vec::new(),
            ttl: None,
            licence: None,
            ..carried
        },
    }
}

/// What `format` can say of an entry. Its content is only compared here with what rendering makes of it: that is
/// where reading sends all HTML.
fn entry_as_carried_by(format: Format, entry: &Entry, read: &Entry) -> Entry {
    let text = |text: &Text| Text::new(&said(text));
    let optional = |optional: &Option<Text>| optional.as_ref().map(text).filter(|text| !text.is_empty());
    let id = text(&entry.id);
    let is_permalink = id.as_str() == entry.permalink.as_str();
    let carried = Entry {
        id_is_permalink: is_permalink && (entry.id_is_permalink || format != Format::Rss),
        id,
        title: optional(&entry.title),
        authors: people(&entry.authors),
        categories: categories(&entry.categories),
        cover: entry
            .cover
            .clone()
            .map(|image| Image { alt: image.alt.as_ref().map(text).filter(|alt| !alt.is_empty()), ..image }),
        enclosures: entry
            .enclosures
            .iter()
            .map(|enclosure| Enclosure { title: optional(&enclosure.title), ..enclosure.clone() })
            .collect(),
        via: entry.via.clone().map(|via| Source { title: text(&via.title), ..via }),
        rights: optional(&entry.rights),
        content: read.content.clone(),
        ..entry.clone()
    };
    match format {
        Format::Rss => Entry {
            authors: carried
                .authors
                .iter()
                .map(|author| Person { name: author.name.clone(), ..Person::default() })
                .collect(),
            enclosures: carried
                .enclosures
                .iter()
                .enumerate()
                .map(|(position, enclosure)| Enclosure {
                    title: None,
                    duration: enclosure.duration.filter(|_| position > 0),
                    ..enclosure.clone()
                })
                .collect(),
            related: None,
            ..carried
        },
        Format::Atom => Entry {
            title: carried.title.or_else(|| read.title.clone()),
            enclosures: carried
                .enclosures
                .into_iter()
                .map(|enclosure| Enclosure { duration: None, ..enclosure })
                .collect(),
            ..carried
        },
        Format::Json => Entry {
            authors: without_emails(carried.authors),
            categories: {
                let mut seen = BTreeSet::new();
                let terms = carried.categories.into_iter().map(|category| category.term);
                terms
                    .filter(|term| seen.insert(term.clone()))
                    .map(|term| Category { term, scheme: None })
                    .collect()
            },
            cover: carried.cover.map(|image| Image { alt: None, size: None, ..image }),
            via: None,
            comments: None,
            licence: None,
            rights: None,
            ..carried
        },
    }
}

fn people(people: &[Person]) -> Vec<Person> {
    people.iter().map(|person| Person { name: Text::new(&said(&person.name)), ..person.clone() }).collect()
}

fn without_emails(people: Vec<Person>) -> Vec<Person> {
    people.into_iter().map(|person| Person { email: None, ..person }).collect()
}

fn categories(categories: &[Category]) -> Vec<Category> {
    categories
        .iter()
        .map(|category| Category { term: Text::new(&said(&category.term)), ..category.clone() })
        .collect()
}
