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
use super::xml::{self, Layout, XmlSafe};
use super::{
    Extent, Format, Fragment, GENERATOR, GENERATOR_VERSION, Namespaces, Shell, address, date, email,
    in_memory, stated, synopsis, title, whole_text,
};
use crate::feed::{Category, Entry, Feed, Person, media_type};

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
