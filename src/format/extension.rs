//! Elements that neither RSS nor Atom has of its own.
//!
//! An extension can only be made here, of names known when the program is compiled, in namespaces of a fixed table under the prefixes that
//! everybody uses: some readers go by the prefix alone.

use super::xml::{References, XmlMarkup};
use super::{Extent, Namespaces, stated};
use crate::content::address::in_ascii;
use crate::feed::{Enclosure, Image};

/// A namespace. The variants are in the order in which documents declare them: that of their prefixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Namespace {
    /// Links and dates that RSS lacks.
    Atom,
    /// Full text in RSS.
    Content,
    /// Licences in RSS.
    CreativeCommons,
    /// Authors, language and rights in RSS.
    DublinCore,
    /// Images and further files.
    Media,
}

impl Namespace {
    pub(super) const ALL: [Self; 5] =
        [Self::Atom, Self::Content, Self::CreativeCommons, Self::DublinCore, Self::Media];

    pub(super) fn prefix(self) -> &'static str {
        match self {
            Self::Atom => "atom",
            Self::Content => "content",
            Self::CreativeCommons => "creativeCommons",
            Self::DublinCore => "dc",
            Self::Media => "media",
        }
    }

    /// Media RSS is known by exactly this address, slash included.
    pub(super) fn uri(self) -> &'static str {
        match self {
            Self::Atom => "http://www.w3.org/2005/Atom",
            Self::Content => "http://purl.org/rss/1.0/modules/content/",
            Self::CreativeCommons => "http://backend.userland.com/creativeCommonsRssModule",
            Self::DublinCore => "http://purl.org/dc/elements/1.1/",
            Self::Media => "http://search.yahoo.com/mrss/",
        }
    }
}

/// An element of a foreign namespace.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ForeignElement {
    pub(super) namespace: Namespace,
    pub(super) name: &'static str,
    pub(super) attributes: Vec<(&'static str, String)>,
    pub(super) text: Option<String>,
    pub(super) children: Vec<Self>,
}

impl ForeignElement {
    pub(super) fn new(namespace: Namespace, name: &'static str) -> Self {
        Self { namespace, name, attributes: Vec::new(), text: None, children: Vec::new() }
    }

    pub(super) fn attribute(mut self, name: &'static str, value: &(impl ToString + ?Sized)) -> Self {
        self.attributes.push((name, value.to_string()));
        self
    }

    pub(super) fn text(mut self, text: &(impl ToString + ?Sized)) -> Self {
        self.text = Some(text.to_string());
        self
    }

    /// Writes it, its attributes by name. Ours are two deep at most, which is how far this recurses.
    pub(super) fn write(&self, references: References, markup: &mut XmlMarkup) {
        // `media:content`, whatever it holds.
        let name = format!("{}:{}", self.namespace.prefix(), self.name);
        let mut attributes: Vec<_> =
            self.attributes.iter().map(|(name, value)| (*name, value.as_str())).collect();
        attributes.sort_unstable();
        if self.children.is_empty() {
            return markup.element(&name, &attributes, self.text.as_deref().unwrap_or_default(), references);
        }
        markup.start(&name, &attributes);
        self.children.iter().for_each(|child| child.write(references, markup));
        markup.end(&name);
    }

    fn child(mut self, child: Option<Self>) -> Self {
        self.children.extend(child);
        self
    }

    fn size(self, size: Option<(u32, u32)>) -> Self {
        match size {
            Some((width, height)) => self.attribute("width", &width).attribute("height", &height),
            None => self,
        }
    }
}

/// The namespaces of some extensions.
pub(super) fn namespaces(extensions: &[ForeignElement]) -> Namespaces {
    extensions.iter().map(|extension| extension.namespace.into()).collect()
}

/// A lead image, for readers that look at `media:content` and for those that look at `media:thumbnail`.
///
/// Both stand alone: a `media:group` of one is an error to the W3C validator. The description goes along only with
/// an entry's full text: where there is none, feedparser takes a `media:description` for it.
pub(super) fn cover(image: &Image, extent: Extent) -> [ForeignElement; 2] {
    let description = match (extent, stated(image.alt.as_ref())) {
        (Extent::Full, Some(alt)) => {
            Some(ForeignElement::new(Namespace::Media, "description").attribute("type", "plain").text(alt))
        }
        _ => None,
    };
    let content = ForeignElement::new(Namespace::Media, "content")
        .attribute("url", &in_ascii(&image.url))
        .attribute("type", image.media_type_or_guess())
        .attribute("medium", "image")
        .size(image.size)
        .child(description);
    let thumbnail = ForeignElement::new(Namespace::Media, "thumbnail")
        .attribute("url", &in_ascii(&image.url))
        .size(image.size);
    [content, thumbnail]
}

/// A file for which RSS, with its one `enclosure`, has no place. Without a `media:title`: readers take that for the
/// title of the entry.
pub(super) fn further_enclosure(enclosure: &Enclosure) -> ForeignElement {
    let media_type = enclosure.media_type_or_guess();
    let mut content = ForeignElement::new(Namespace::Media, "content")
        .attribute("url", &in_ascii(&enclosure.url))
        .attribute("type", media_type);
    let kind = media_type.split('/').next();
    if let Some(medium @ ("audio" | "image" | "video")) = kind {
        content = content.attribute("medium", medium);
    }
    if enclosure.length > 0 {
        content = content.attribute("fileSize", &enclosure.length);
    }
    if let Some(duration) = enclosure.duration {
        content = content.attribute("duration", &duration);
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_are_declared_in_the_order_of_their_prefixes() {
        assert!(Namespace::ALL.is_sorted_by_key(|namespace| namespace.prefix()));
    }
}
