//! RSS 2.0, through the `rss` crate.
//!
//! The crate writes an empty channel and, in a channel of its own, each item; we cut the item out. What RSS lacks
//! goes into the extensions that readers know. The order of elements is the crate's, and right: metadata before
//! items, `description` before `content:encoded`.

use memchr::memmem;
use rss::extension::{Extension as RssExtension, ExtensionMap};
use rss::{Channel, Guid, Item};
use url::Url;

use super::extension::{self, Extension, Namespace};
use super::read::{self, Found, Reading};
use super::xml::{self, Layout, XmlSafe};
use super::{
    Extent, Format, Fragment, GENERATOR, GENERATOR_VERSION, Namespaces, Shell, address, date, email,
    in_memory, stated, synopsis, title, whole_text,
};
use crate::feed::{Category, Enclosure, Entry, Feed, Image, Person, Source, Text, media_type};

/// What the crate writes before anything else, and what we write ourselves, with a line break.
const DECLARATION: &[u8] = b"<?xml version=\"1.0\" encoding=\"utf-8\"?>";
const ITEM: &[u8] = b"<item>";
const END_OF_CHANNEL: &[u8] = b"</channel></rss>";
const TAIL: &[u8] = b"\n</channel>\n</rss>";

/// Where the elements of RSS are explained to whoever opens the document in an editor.
const DOCS: &str = "https://www.rssboard.org/rss-specification";

/// Elements whose text is an address or an id. Some readers take them apart with little more than a regular
/// expression, so their ampersands are written as people expect.
const ADDRESSES: [&[u8]; 5] = [b"link", b"guid", b"comments", b"url", b"creativeCommons:license"];

pub(super) fn fragment(entry: &Entry, extent: Extent) -> Fragment {
    let (item, namespaces) = item(entry, extent);
    let written = write(&Channel { items: vec![item], ..Channel::default() });
    let start = memmem::find(&written, ITEM).unwrap_or_default();
    let item = written.get(start..).and_then(|rest| rest.strip_suffix(END_OF_CHANNEL));
    let item = item.expect("the crate ends a channel as it always does");
    Fragment { bytes: xml::respell(item, Layout::OneLine, spell), namespaces }
}

pub(super) fn shell(feed: &Feed, location: &Url, namespaces: Namespaces) -> Shell {
    let written = write(&channel(feed, location, namespaces));
    let channel = xml::respell(&written, Layout::LinePerElement, spell);
    let channel = channel.strip_suffix(TAIL).expect("the crate ends a channel as it always does");
    Shell { head: [xml::PROLOG, channel, b"\n"].concat(), between: b"\n", tail: [TAIL, b"\n"].concat() }
}

pub(super) fn read(document: &[u8], location: &Url) -> Result<Reading, String> {
    let channel = Channel::read_from(document).map_err(|error| error.to_string())?;
    let feed = feed_of(&channel, location);
    let found = channel.items.iter().map(|item| entry_of(item, &feed)).collect();
    let stated = [&channel.last_build_date, &channel.pub_date];
    let updated = stated.into_iter().flatten().find_map(|text| date::parse(text));
    Ok(read::settle(feed, updated, found))
}

/// As the crate writes it, but for its declaration and for what XML forbids.
fn write(channel: &Channel) -> Vec<u8> {
    let written = in_memory(channel.write_to(XmlSafe::default())).into_bytes();
    written.strip_prefix(DECLARATION).map(<[u8]>::to_vec).unwrap_or(written)
}

/// The best-practices profile wants `<` and `&` as hexadecimal references: readers that unescape twice then still
/// see a character and no markup.
fn spell(element: &[u8], text: &[u8], out: &mut Vec<u8>) {
    const ALL: [(&[u8], &[u8]); 4] =
        [xml::QUOTES[0], xml::QUOTES[1], (b"&lt;", b"&#x3C;"), (b"&amp;", b"&#x26;")];
    let table: &[_] = if ADDRESSES.contains(&element) { &xml::QUOTES } else { &ALL };
    xml::replace_references(text, table, out);
}

fn channel(feed: &Feed, location: &Url, namespaces: Namespaces) -> Channel {
    let title = title(feed);
    let extensions = channel_extensions(feed, location);
    let namespaces = namespaces | extensions.iter().map(|extension| extension.namespace.into()).collect();
    Channel {
        link: address::of(&feed.home).into_owned(),
        description: if feed.description.is_empty() { title.clone() } else { feed.description.to_string() },
        language: stated(feed.language.as_ref()).map(str::to_owned),
        copyright: stated(feed.rights.as_ref()).map(str::to_owned),
        managing_editor: feed.authors.iter().find_map(managing_editor),
        last_build_date: Some(date::rfc822(feed.updated)),
        categories: feed.categories.iter().filter_map(category).collect(),
        generator: Some(format!("{GENERATOR} {GENERATOR_VERSION}")),
        docs: Some(DOCS.to_owned()),
        ttl: feed.ttl.map(|minutes| minutes.to_string()),
        image: feed.logo.iter().chain(&feed.icon).find(|url| is_channel_image(url)).map(|url| rss::Image {
            url: address::of(url).into_owned(),
            title: title.clone(),
            link: address::of(&feed.home).into_owned(),
            ..rss::Image::default()
        }),
        extensions: extension_map(extensions),
        namespaces: declarations(namespaces),
        title,
        ..Channel::default()
    }
}

/// `atom:link` to the document itself comes first: rss-parser looks at no other. There is none to the other formats:
/// `SimplePie` would take it for the address of the site.
fn channel_extensions(feed: &Feed, location: &Url) -> Vec<Extension> {
    let link = || Extension::new(Namespace::Atom, "link");
    let own = link().attribute("href", &address::of(location)).attribute("rel", "self");
    let mut extensions = vec![own.attribute("type", Format::Rss.media_type())];
    extensions.extend(
        feed.hubs.iter().map(|hub| link().attribute("href", &address::of(hub)).attribute("rel", "hub")),
    );
    extensions.extend(feed.licence.as_ref().map(licence));
    extensions
}

fn item(entry: &Entry, extent: Extent) -> (Item, Namespaces) {
    let content = whole_text(entry, extent).map(str::to_owned);
    let extensions = item_extensions(entry, extent);
    let mut namespaces: Namespaces = extensions.iter().map(|extension| extension.namespace.into()).collect();
    if content.is_some() {
        namespaces = namespaces | Namespace::Content.into();
    }
    let item = Item {
        title: stated(entry.title.as_ref()).map(str::to_owned),
        link: Some(address::of(&entry.permalink).into_owned()),
        // A description "must be suitable for presentation as HTML", so plain text is escaped once more.
        description: Some(xml::as_html(&synopsis(entry))),
        categories: entry.categories.iter().filter_map(category).collect(),
        comments: entry.comments.as_ref().map(|comments| address::of(comments).into_owned()),
        enclosure: entry.enclosures.first().map(|enclosure| rss::Enclosure {
            url: address::of(&enclosure.url).into_owned(),
            length: enclosure.length.to_string(),
            mime_type: enclosure.media_type_or_guess().to_owned(),
        }),
        guid: Some(Guid { value: entry.id.to_string(), permalink: id_is_permalink(entry) }),
        pub_date: Some(date::rfc822(entry.published)),
        source: entry.via.as_ref().map(|via| rss::Source {
            url: address::of(&via.url).into_owned(),
            title: Some(via.title.to_string()),
        }),
        content,
        extensions: extension_map(extensions),
        ..Item::default()
    };
    (item, namespaces)
}

fn item_extensions(entry: &Entry, extent: Extent) -> Vec<Extension> {
    let dublin_core = |name, text: &str| Extension::new(Namespace::DublinCore, name).text(text);
    let mut extensions = Vec::new();
    extensions.extend(named(&entry.authors).map(|author| dublin_core("creator", author.name.as_str())));
    extensions.extend(stated(entry.language.as_ref()).map(|language| dublin_core("language", language)));
    extensions.extend(stated(entry.rights.as_ref()).map(|rights| dublin_core("rights", rights)));
    extensions.push(Extension::new(Namespace::Atom, "updated").text(&date::rfc3339(entry.updated)));
    extensions.extend(entry.cover.iter().flat_map(|image| extension::cover(image, extent)));
    extensions.extend(entry.enclosures.iter().skip(1).map(extension::further_enclosure));
    extensions.extend(entry.licence.as_ref().map(licence));
    extensions
}

fn named(people: &[Person]) -> impl Iterator<Item = &Person> {
    people.iter().filter(|person| !person.name.is_empty())
}

fn licence(url: &Url) -> Extension {
    Extension::new(Namespace::CreativeCommons, "license").text(&address::of(url))
}

fn category(category: &Category) -> Option<rss::Category> {
    let domain = category.scheme.as_ref().map(|scheme| address::of(scheme).into_owned());
    (!category.term.is_empty()).then(|| rss::Category { name: category.term.to_string(), domain })
}

/// `mail (Name)`, the one form that RSS and the validator take. In it, round brackets have a meaning of their own.
fn managing_editor(person: &Person) -> Option<String> {
    let email = email(person)?;
    let name = person.name.as_str().replace('(', "[").replace(')', "]").replace('\\', "/");
    (!name.is_empty()).then(|| format!("{email} ({name})"))
}

/// `isPermaLink` says that a reader may open the id, so it has to be the very address.
fn id_is_permalink(entry: &Entry) -> bool {
    entry.id_is_permalink && entry.id.as_str() == address::of(&entry.permalink)
}

/// The kinds of image that RSS knows.
fn is_channel_image(url: &Url) -> bool {
    matches!(media_type(url.path()), "image/gif" | "image/jpeg" | "image/png")
}

fn declarations(namespaces: Namespaces) -> std::collections::BTreeMap<String, String> {
    namespaces.iter().map(|namespace| (namespace.prefix().to_owned(), namespace.uri().to_owned())).collect()
}

/// The crate writes extensions in the order of the map's keys and ignores the keys otherwise.
fn extension_map(extensions: Vec<Extension>) -> ExtensionMap {
    if extensions.is_empty() {
        return ExtensionMap::new();
    }
    ExtensionMap::from([(String::new(), in_order(extensions))])
}

fn in_order(extensions: Vec<Extension>) -> std::collections::BTreeMap<String, Vec<RssExtension>> {
    if extensions.is_empty() {
        return std::collections::BTreeMap::new();
    }
    let extensions = extensions.into_iter().map(|extension| RssExtension {
        name: extension.qualified_name(),
        attrs: extension.attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        value: extension.text,
        children: in_order(extension.children),
    });
    std::collections::BTreeMap::from([(String::new(), extensions.collect())])
}

fn feed_of(channel: &Channel, location: &Url) -> Feed {
    let links = extensions(&channel.extensions, "atom", "link");
    let hubs = links.iter().filter(|link| attribute(link, "rel") == Some("hub"));
    let description = Text::new(&channel.description);
    let title = Text::new(&channel.title);
    Feed {
        id: location.as_str().into(),
        description: if description == title { Text::default() } else { description },
        title,
        home: read::address(&channel.link, location).unwrap_or_else(|| location.clone()),
        language: read::text(channel.language.as_deref()),
        authors: channel.managing_editor.as_deref().and_then(person_of).into_iter().collect(),
        rights: read::text(channel.copyright.as_deref()),
        logo: channel.image.as_ref().and_then(|image| read::address(&image.url, location)),
        categories: channel.categories.iter().map(|category| category_of(category, location)).collect(),
        hubs: hubs.filter_map(|link| read::address(attribute(link, "href")?, location)).collect(),
        ttl: channel.ttl.as_deref().and_then(|minutes| minutes.trim().parse().ok()),
        licence: licence_of(&channel.extensions, location),
        ..read::unknown_feed(location)
    }
}

fn entry_of(item: &Item, feed: &Feed) -> Found {
    let base = &feed.home;
    let guid = item.guid.as_ref();
    let permalink = guid.filter(|guid| guid.permalink).map(|guid| guid.value.as_str());
    let link = item.link.as_deref().or(permalink).and_then(|link| read::address(link, base));
    let id = guid.map(|guid| guid.value.as_str()).or(item.link.as_deref()).unwrap_or_default();
    let title = read::text(item.title.as_deref());
    let permalink = link.unwrap_or_else(|| base.clone());
    let description = item.description.as_deref().unwrap_or_default();
    let html = item.content.as_deref().unwrap_or(description);
    let summary = read::text_of_html(description);
    let summary = (!read::is_fallback(&summary, title.as_ref(), &permalink)).then_some(summary);
    let dublin_core = item.dublin_core_ext.as_ref();
    let updated = extensions(&item.extensions, "atom", "updated").first().and_then(|updated| updated.value());
    let creators = dublin_core.map(|dublin_core| dublin_core.creators.as_slice()).unwrap_or_default();
    let author = item.author.as_deref().filter(|_| creators.is_empty());
    let entry = Entry {
        id: id.into(),
        id_is_permalink: guid.is_none_or(|guid| guid.permalink),
        title,
        authors: creators.iter().map(|name| read::person(name)).chain(author.and_then(person_of)).collect(),
        categories: item.categories.iter().map(|category| category_of(category, base)).collect(),
        language: dublin_core
            .and_then(|dublin_core| read::text(dublin_core.languages.first().map(String::as_str))),
        cover: cover_of(item, base),
        enclosures: enclosures_of(item, base),
        via: item.source.as_ref().and_then(|source| source_of(source, base)),
        comments: item.comments.as_deref().and_then(|comments| read::address(comments, base)),
        licence: licence_of(&item.extensions, base),
        rights: dublin_core
            .and_then(|dublin_core| read::text(dublin_core.rights.first().map(String::as_str))),
        ..read::unknown_entry(read::content(html, summary.as_deref(), &permalink, base), permalink)
    };
    let date = item
        .pub_date
        .as_deref()
        .or(dublin_core.and_then(|dublin_core| Some(dublin_core.dates.first()?.as_str())));
    Found { entry, published: date.and_then(date::parse), updated: updated.and_then(date::parse) }
}

fn extensions<'a>(map: &'a ExtensionMap, prefix: &str, name: &str) -> &'a [RssExtension] {
    map.get(prefix).and_then(|names| names.get(name)).map(Vec::as_slice).unwrap_or_default()
}

fn attribute<'a>(extension: &'a RssExtension, name: &str) -> Option<&'a str> {
    extension.attrs.get(name).map(String::as_str)
}

fn licence_of(map: &ExtensionMap, base: &Url) -> Option<Url> {
    let licence = extensions(map, "creativeCommons", "license").first()?;
    read::address(licence.value()?, base)
}

/// `mail (Name)`, or whatever else people write there.
fn person_of(text: &str) -> Option<Person> {
    let (email, name) = text.split_once('(').unwrap_or((text, ""));
    let name = Text::new(name.trim_end().strip_suffix(')').unwrap_or(name));
    let email = Text::new(email);
    match (email.as_str().contains('@'), name.is_empty()) {
        (true, true) => Some(Person { name: email.clone(), email: Some(email), url: None }),
        (true, false) => Some(Person { name, email: Some(email), url: None }),
        (false, _) => read::text(Some(text)).map(|name| Person { name, ..Person::default() }),
    }
}

fn category_of(category: &rss::Category, base: &Url) -> Category {
    let scheme = category.domain.as_deref().and_then(|domain| read::address(domain, base));
    Category { term: category.name.as_str().into(), scheme }
}

fn source_of(source: &rss::Source, base: &Url) -> Option<Source> {
    let url = read::address(&source.url, base)?;
    let title =
        read::text(source.title.as_deref()).unwrap_or_else(|| url.host_str().unwrap_or_default().into());
    Some(Source { title, url })
}

/// The image that is both content and thumbnail.
fn cover_of(item: &Item, base: &Url) -> Option<Image> {
    let thumbnails = extensions(&item.extensions, "media", "thumbnail");
    let content = cover_content(item);
    let chosen = content.or(thumbnails.first())?;
    let url = read::address(attribute(chosen, "url")?, base)?;
    let size = |name| attribute(chosen, name)?.trim().parse().ok();
    let alt = chosen.children.get("description").and_then(|descriptions| descriptions.first()?.value());
    Some(Image {
        media_type: attribute(chosen, "type").unwrap_or(media_type(url.path())).into(),
        alt: read::text(alt),
        size: size("width").zip(size("height")),
        url,
    })
}

fn cover_content(item: &Item) -> Option<&RssExtension> {
    let thumbnails = extensions(&item.extensions, "media", "thumbnail");
    extensions(&item.extensions, "media", "content").iter().find(|content| {
        thumbnails.iter().any(|thumbnail| attribute(thumbnail, "url") == attribute(content, "url"))
    })
}

fn enclosures_of(item: &Item, base: &Url) -> Vec<Enclosure> {
    let main = item.enclosure.as_ref().and_then(|enclosure| {
        let url = read::address(&enclosure.url, base)?;
        let length = enclosure.length.trim().parse().unwrap_or_default();
        Some(Enclosure {
            media_type: enclosure.mime_type.as_str().into(),
            url,
            length,
            duration: None,
            title: None,
        })
    });
    let cover = cover_content(item);
    let further = extensions(&item.extensions, "media", "content")
        .iter()
        .filter(|content| !cover.is_some_and(|cover| std::ptr::eq(cover, *content)))
        .filter_map(|content| {
            let url = read::address(attribute(content, "url")?, base)?;
            let number = |name| attribute(content, name)?.trim().parse::<u64>().ok();
            Some(Enclosure {
                media_type: attribute(content, "type").unwrap_or(media_type(url.path())).into(),
                length: number("fileSize").unwrap_or_default(),
                duration: number("duration").and_then(|seconds| u32::try_from(seconds).ok()),
                title: None,
                url,
            })
        });
    main.into_iter().chain(further).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{content, entry, feed, note, url};
    use super::*;

    fn document(entries: &[Entry]) -> String {
        let location = url("https://example.org/feeds/rss.xml");
        String::from_utf8(super::super::write(Format::Rss, &feed(), entries, &location, Extent::Full))
            .unwrap()
    }

    /// What this module does with the crate's output rests on how the crate writes. If it ever writes otherwise,
    /// this fails, and nothing slips into feeds unseen.
    #[test]
    fn shell_and_fragments_are_what_the_crate_writes_for_the_whole_channel() {
        let location = url("https://example.org/feeds/rss.xml");
        let (items, namespaces): (Vec<_>, Vec<_>) =
            [entry(), note()].iter().map(|entry| item(entry, Extent::Full)).unzip();
        let whole = Channel { items, ..channel(&feed(), &location, namespaces.into_iter().collect()) };
        let mut expected = DECLARATION.to_vec();
        expected.extend(xml::respell(&write(&whole), Layout::OneLine, spell));
        let assembled = document(&[entry(), note()]).replace('\n', "");
        assert_eq!(assembled, String::from_utf8(expected).unwrap());
    }

    #[test]
    fn spelling_changes_nothing_that_a_parser_can_see() {
        let written = write(&Channel { items: vec![item(&entry(), Extent::Full).0], ..Channel::default() });
        let respelt = xml::respell(&written, Layout::LinePerElement, spell);
        assert_eq!(
            Channel::read_from(written.as_slice()).unwrap(),
            Channel::read_from(respelt.as_slice()).unwrap()
        );
    }

    #[test]
    fn titles_have_hexadecimal_references_and_addresses_customary_ones() {
        let document = document(&[entry()]);
        assert!(
            document.contains("<title>Why Vec&#x3C;T&gt; &#x26; \"AT&#x26;T\" aren't &#x3C;b&gt;</title>")
        );
        assert!(document.contains("<link>https://example.org/hello/?a=1&amp;b=2</link>"));
    }

    #[test]
    fn an_item_without_title_or_text_still_says_something() {
        let photo = Entry { content: content("<p><img src=\"i.png\"></p>", ""), ..note() };
        let (item, _) = item(&photo, Extent::Full);
        assert_eq!((item.title, item.description.as_deref()), (None, Some("https://example.org/note/")));
    }

    #[test]
    fn an_id_is_a_permalink_only_while_it_is_the_address() {
        let moved = Entry { permalink: url("https://example.com/note/"), ..note() };
        assert!(document(&[note()]).contains("<guid>https://example.org/note/</guid>"));
        assert!(document(&[moved]).contains("<guid isPermaLink=\"false\">https://example.org/note/</guid>"));
    }

    #[test]
    fn a_channel_image_is_of_a_kind_that_rss_knows() {
        let image = channel(&feed(), &url("https://example.org/"), Namespaces::default()).image.unwrap();
        assert_eq!(image.url, "https://example.org/icon.png?v=1&w=2");
        let feed = Feed { icon: None, ..feed() };
        assert!(channel(&feed, &url("https://example.org/"), Namespaces::default()).image.is_none());
    }

    #[test]
    fn an_editor_without_a_proper_email_is_not_named() {
        let editor = |email: &str| {
            managing_editor(&Person { name: "Ada (Countess)".into(), email: Some(email.into()), url: None })
        };
        assert_eq!(editor("ada@example.org").as_deref(), Some("ada@example.org (Ada [Countess])"));
        for improper in ["ada", "ada@", "@example.org", "ada@localhost", "a da@example.org", "ada@exa..org"] {
            assert_eq!(editor(improper), None, "{improper}");
        }
    }

    #[test]
    fn rss_of_other_makes_is_read() {
        let document = br#"<?xml version="1.0"?>
            <rss version="2.0"><channel><title>Old &amp; plain</title><link>/</link><description/>
            <managingEditor>ada@example.org</managingEditor>
            <item><title>One</title><link>/one</link><description>&lt;p&gt;Text&lt;/p&gt;</description>
            <author>bob@example.org (Bob)</author></item>
            <item><title>Nobody can say which this is</title></item></channel></rss>"#;
        let reading = super::super::read(document, &url("https://example.org/feed")).unwrap();
        assert_eq!(reading.feed.title.as_str(), "Old & plain");
        assert_eq!(reading.feed.home, url("https://example.org/"));
        assert_eq!(reading.entries.len(), 1);
        assert_eq!(reading.entries[0].id.as_str(), "/one");
        assert_eq!(reading.entries[0].permalink, url("https://example.org/one"));
        assert_eq!(reading.entries[0].authors[0].name.as_str(), "Bob");
        let problems =
            [super::super::Problem::Undated("/one".into()), super::super::Problem::Unidentified(1)];
        assert_eq!(reading.problems, problems);
    }
}
