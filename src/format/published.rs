//! The feeds that a publication has, and the documents that each is written as.

use serde::{Deserialize, Serialize};
use url::Url;

use super::Format;
use crate::feed::{Dimension, Text};

/// A feed that a publication has: the one description of it that selecting, writing, planning, serving and the page for
/// people share. Its entries are not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedFeed {
    /// Its folder below that of all feeds; `""` for the main feed.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// Its description, if it has one of its own; else that of the publication counts.
    pub description: Option<Text>,
    /// Its language, as a BCP 47 tag.
    pub language: Text,
    /// The value that it is for, if it is one for each of something. Such a feed may come and go.
    pub value: Option<(Dimension, String)>,
    /// The addresses of its hubs.
    pub hubs: Vec<Url>,
    /// Its documents, in the order of their formats. There may be several of one format.
    pub documents: Vec<FeedDocument>,
    /// The number of its entries.
    pub entries: usize,
    /// Tells whether it holds as many entries as it may, so that a new one takes the place of the oldest.
    pub full: bool,
}

/// A document of a feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedDocument {
    /// The format that it is written in.
    pub format: Format,
    /// Its part in the feed.
    pub role: Role,
    /// Its file, relative to the publication.
    pub path: String,
    /// Its public address.
    pub url: Url,
}

/// The part that a document has in its feed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The document that readers subscribe to, with the newest entries.
    #[default]
    Subscription,
}

impl PublishedFeed {
    /// `true` for the main feed.
    pub fn is_main(&self) -> bool {
        self.name.is_empty() && self.value.is_none()
    }

    /// The documents that readers subscribe to: one for each format.
    pub fn subscriptions(&self) -> impl Iterator<Item = &FeedDocument> {
        self.documents.iter().filter(|document| document.role == Role::Subscription)
    }

    /// The document of a format that readers subscribe to.
    pub fn subscription(&self, format: Format) -> Option<&FeedDocument> {
        self.subscriptions().find(|document| document.format == format)
    }

    /// The document that most readers can subscribe to: the first in XML, if there is one.
    pub fn preferred(&self) -> Option<&FeedDocument> {
        let xml = self.subscriptions().find(|document| document.format.is_xml());
        xml.or_else(|| self.subscriptions().next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(formats: &[Format]) -> PublishedFeed {
        let document = |format: &Format| FeedDocument {
            format: *format,
            role: Role::Subscription,
            path: format.file_name().to_owned(),
            url: Url::parse("https://example.org/").unwrap().join(format.file_name()).unwrap(),
        };
        PublishedFeed { documents: formats.iter().map(document).collect(), ..PublishedFeed::default() }
    }

    #[test]
    fn readers_are_sent_to_xml_where_there_is_any() {
        let preferred = |formats: &[Format]| feed(formats).preferred().map(|document| document.format);
        assert_eq!(preferred(&[Format::Json, Format::Atom]), Some(Format::Atom));
        assert_eq!(preferred(&[Format::Json]), Some(Format::Json));
        assert_eq!(preferred(&[]), None);
    }

    #[test]
    fn a_document_is_found_by_its_format() {
        let feed = feed(&[Format::Rss, Format::Json]);
        assert_eq!(feed.subscription(Format::Json).map(|document| &*document.path), Some("feed.json"));
        assert_eq!(feed.subscription(Format::Atom), None);
    }
}
