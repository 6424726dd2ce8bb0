//! RSS 2.0, in the terms of the `rss` crate.
//!
//! The crate's channel and items say what is written, and its parser proves it; the spelling is ours: the crate cannot
//! write an item alone, nor `<` in a title as the best-practices profile wants it. What RSS lacks goes into the
//! extensions that readers know. Metadata stands before items, `description` before `content:encoded`.

use rss::{Channel, Guid, Item};
use url::Url;

use super::extension::{self, ForeignElement, Namespace};
use super::xml::{self, Layout, References, XmlMarkup};
use super::{
    Extent, Format, Fragment, GENERATOR, GENERATOR_VERSION, Namespaces, Shell, date, email, stated, synopsis,
    title, whole_text,
};
use crate::content::address::in_ascii;
use crate::feed::{Category, Entry, Feed, Person, media_type};

const TAIL: &[u8] = b"\n</channel>\n</rss>\n";

/// The page that explains the elements of RSS to anyone who opens the document in an editor.
const DOCS: &str = "https://www.rssboard.org/rss-specification";

pub(super) fn fragment(entry: &Entry, extent: Extent) -> Fragment {
    let (item, extensions) = (item(entry, extent), item_extensions(entry, extent));
    let mut markup = XmlMarkup::new(Layout::OneLine);
    write_item(&item, &extensions, &mut markup);
    let content: Namespaces = item.content.map(|_| Namespace::Content.into()).unwrap_or_default();
    Fragment { bytes: markup.into_bytes(), namespaces: extension::namespaces(&extensions) | content }
}

pub(super) fn shell(feed: &Feed, location: &Url, namespaces: Namespaces) -> Shell {
    let extensions = channel_extensions(feed, location);
    let namespaces = namespaces | extension::namespaces(&extensions);
    let mut markup = XmlMarkup::new(Layout::LinePerElement);
    write_channel(&channel(feed), &extensions, namespaces, &mut markup);
    Shell { head: [xml::PROLOG, &markup.into_bytes(), b"\n"].concat(), between: b"\n", tail: TAIL.to_vec() }
}

/// All but the items and the end.
fn write_channel(
    channel: &Channel,
    extensions: &[ForeignElement],
    namespaces: Namespaces,
    markup: &mut XmlMarkup,
) {
    let declared = namespaces.declarations();
    let declared = declared.iter().map(|(name, uri)| (name.as_str(), *uri));
    let attributes: Vec<_> = std::iter::once(("version", "2.0")).chain(declared).collect();
    markup.start("rss", &attributes);
    markup.start("channel", &[]);
    text("title", Some(&channel.title), markup);
    address_or_id("link", Some(&channel.link), markup);
    text("description", Some(&channel.description), markup);
    text("language", channel.language.as_deref(), markup);
    text("copyright", channel.copyright.as_deref(), markup);
    text("managingEditor", channel.managing_editor.as_deref(), markup);
    text("lastBuildDate", channel.last_build_date.as_deref(), markup);
    write_categories(&channel.categories, markup);
    text("generator", channel.generator.as_deref(), markup);
    text("docs", channel.docs.as_deref(), markup);
    text("ttl", channel.ttl.as_deref(), markup);
    if let Some(image) = &channel.image {
        markup.start("image", &[]);
        address_or_id("url", Some(&image.url), markup);
        text("title", Some(&image.title), markup);
        address_or_id("link", Some(&image.link), markup);
        markup.end("image");
    }
    write_extensions(extensions, markup);
}

fn write_item(item: &Item, extensions: &[ForeignElement], markup: &mut XmlMarkup) {
    markup.start("item", &[]);
    text("title", item.title.as_deref(), markup);
    address_or_id("link", item.link.as_deref(), markup);
    item.description.iter().for_each(|description| markup.cdata("description", description));
    write_categories(&item.categories, markup);
    address_or_id("comments", item.comments.as_deref(), markup);
    if let Some(rss::Enclosure { url, length, mime_type }) = &item.enclosure {
        markup.empty("enclosure", &[("url", url), ("length", length), ("type", mime_type)]);
    }
    if let Some(Guid { value, permalink }) = &item.guid {
        let attributes: &[_] = if *permalink { &[] } else { &[("isPermaLink", "false")] };
        markup.element("guid", attributes, value, References::Customary);
    }
    text("pubDate", item.pub_date.as_deref(), markup);
    if let Some(rss::Source { url, title }) = &item.source {
        markup.element(
            "source",
            &[("url", url)],
            title.as_deref().unwrap_or_default(),
            References::Hexadecimal,
        );
    }
    item.content.iter().for_each(|content| markup.cdata("content:encoded", content));
    write_extensions(extensions, markup);
    markup.end("item");
}

/// The best-practices profile wants text so.
fn text(name: &str, text: Option<&str>, markup: &mut XmlMarkup) {
    if let Some(text) = text {
        markup.element(name, &[], text, References::Hexadecimal);
    }
}

/// Some readers take these apart with little more than a regular expression.
fn address_or_id(name: &str, text: Option<&str>, markup: &mut XmlMarkup) {
    if let Some(text) = text {
        markup.element(name, &[], text, References::Customary);
    }
}

fn write_categories(categories: &[rss::Category], markup: &mut XmlMarkup) {
    for rss::Category { name, domain } in categories {
        let attributes: Vec<_> = domain.iter().map(|domain| ("domain", domain.as_str())).collect();
        markup.element("category", &attributes, name, References::Hexadecimal);
    }
}

fn write_extensions(extensions: &[ForeignElement], markup: &mut XmlMarkup) {
    for extension in extensions {
        let references = match extension.namespace {
            Namespace::CreativeCommons => References::Customary,
            _ => References::Hexadecimal,
        };
        extension.write(references, markup);
    }
}

fn channel(feed: &Feed) -> Channel {
    let title = title(feed);
    Channel {
        link: in_ascii(&feed.home).into_owned(),
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
            url: in_ascii(url).into_owned(),
            title: title.clone(),
            link: in_ascii(&feed.home).into_owned(),
            ..rss::Image::default()
        }),
        title,
        ..Channel::default()
    }
}

/// `atom:link` to the document itself comes first: rss-parser looks at no other. There is none to the other formats:
/// `SimplePie` would take it for the address of the site.
fn channel_extensions(feed: &Feed, location: &Url) -> Vec<ForeignElement> {
    let link = || ForeignElement::new(Namespace::Atom, "link");
    let own = link().attribute("href", &in_ascii(location)).attribute("rel", "self");
    let mut extensions = vec![own.attribute("type", Format::Rss.media_type())];
    extensions
        .extend(feed.hubs.iter().map(|hub| link().attribute("href", &in_ascii(hub)).attribute("rel", "hub")));
    extensions.extend(feed.licence.as_ref().map(licence));
    extensions
}

fn item(entry: &Entry, extent: Extent) -> Item {
    Item {
        title: stated(entry.title.as_ref()).map(str::to_owned),
        link: Some(in_ascii(&entry.permalink).into_owned()),
        // A description "must be suitable for presentation as HTML", so plain text is escaped once more.
        description: Some(xml::as_html(&synopsis(entry))),
        categories: entry.categories.iter().filter_map(category).collect(),
        comments: entry.comments.as_ref().map(|comments| in_ascii(comments).into_owned()),
        enclosure: entry.enclosures.first().map(|enclosure| rss::Enclosure {
            url: in_ascii(&enclosure.url).into_owned(),
            length: enclosure.length.to_string(),
            mime_type: enclosure.media_type_or_guess().to_owned(),
        }),
        guid: Some(Guid { value: entry.id.to_string(), permalink: id_is_permalink(entry) }),
        pub_date: Some(date::rfc822(entry.published)),
        source: entry.via.as_ref().map(|via| rss::Source {
            url: in_ascii(&via.url).into_owned(),
            title: Some(via.title.to_string()),
        }),
        content: whole_text(entry, extent).map(str::to_owned),
        ..Item::default()
    }
}

fn item_extensions(entry: &Entry, extent: Extent) -> Vec<ForeignElement> {
    let dublin_core = |name, text: &str| ForeignElement::new(Namespace::DublinCore, name).text(text);
    let mut extensions = Vec::new();
    extensions.extend(named(&entry.authors).map(|author| dublin_core("creator", author.name.as_str())));
    extensions.extend(stated(entry.language.as_ref()).map(|language| dublin_core("language", language)));
    extensions.extend(stated(entry.rights.as_ref()).map(|rights| dublin_core("rights", rights)));
    extensions.push(ForeignElement::new(Namespace::Atom, "updated").text(&date::rfc3339(entry.updated)));
    extensions.extend(entry.cover.iter().flat_map(|image| extension::cover(image, extent)));
    extensions.extend(entry.enclosures.iter().skip(1).map(extension::further_enclosure));
    extensions.extend(entry.licence.as_ref().map(licence));
    extensions
}

fn named(people: &[Person]) -> impl Iterator<Item = &Person> {
    people.iter().filter(|person| !person.name.is_empty())
}

fn licence(url: &Url) -> ForeignElement {
    ForeignElement::new(Namespace::CreativeCommons, "license").text(&in_ascii(url))
}

fn category(category: &Category) -> Option<rss::Category> {
    let domain = category.scheme.as_ref().map(|scheme| in_ascii(scheme).into_owned());
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
    entry.id_is_permalink && entry.id.as_str() == in_ascii(&entry.permalink)
}

/// The kinds of image that RSS knows.
fn is_channel_image(url: &Url) -> bool {
    matches!(media_type(url.path()), "image/gif" | "image/jpeg" | "image/png")
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

    #[test]
    fn the_crate_reads_from_a_document_the_channel_that_was_written() {
        let items = [entry(), note()].map(|entry| item(&entry, Extent::Full)).to_vec();
        let written = Channel { items, ..channel(&feed()) };
        let by_the_crate = Channel::read_from(written.write_to(Vec::new()).unwrap().as_slice()).unwrap();
        let mut read = Channel::read_from(document(&[entry(), note()]).as_bytes()).unwrap();
        assert_eq!(read.extensions["atom"]["link"].len(), 1 + feed().hubs.len());
        (read.extensions, read.namespaces) = Default::default();
        for item in &mut read.items {
            assert_eq!(item.extensions.remove("atom").unwrap()["updated"].len(), 1);
            (item.extensions, item.dublin_core_ext) = Default::default();
        }
        assert_eq!(read, Channel { namespaces: read.namespaces.clone(), ..by_the_crate });
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
        let item = item(&photo, Extent::Full);
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
        let image = channel(&feed()).image.unwrap();
        assert_eq!(image.url, "https://example.org/icon.png?v=1&w=2");
        let feed = Feed { icon: None, ..feed() };
        assert!(channel(&feed).image.is_none());
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
