//! The elements of a document, or the members of one in JSON, in one list: no tree of boxes, so nothing recurses.
//!
//! Each element says where it stands and what is directly in it. Of an element that holds markup, as the text of an
//! entry may, only its source is kept.

use std::borrow::Cow;
use std::ops::Range;

use super::{Break, Extension, Stated};

/// Documents with more elements are not read on: no feed has so many, and each takes memory.
const MOST: usize = 1 << 20;

/// A set of names: an XML namespace that feeds use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vocabulary {
    /// RSS, whatever its version, and JSON Feed.
    Core,
    /// Atom 0.3 and 1.0.
    Atom,
    /// Full text in RSS.
    Content,
    /// Licences in RSS.
    CreativeCommons,
    /// People, dates, languages and rights in RSS.
    DublinCore,
    /// Images and files.
    Media,
    /// The frame of RSS 1.0.
    Rdf,
    /// HTML.
    Xhtml,
    /// Any other.
    Other,
}

impl Vocabulary {
    /// The vocabulary of a namespace. Case and punctuation at the end make no difference, as to most readers.
    pub(super) fn of_uri(uri: &str) -> Self {
        let uri = uri.trim().to_ascii_lowercase();
        match uri.trim_end_matches(['/', '#', '.', ',', '?']) {
            "http://www.w3.org/2005/atom" | "http://purl.org/atom/ns" => Self::Atom,
            "http://purl.org/rss/1.0/modules/content" => Self::Content,
            "http://backend.userland.com/creativecommonsrssmodule" => Self::CreativeCommons,
            "http://purl.org/dc/elements/1.1" | "http://purl.org/dc/elements/1.0" => Self::DublinCore,
            "http://search.yahoo.com/mrss" => Self::Media,
            "http://www.w3.org/1999/02/22-rdf-syntax-ns" => Self::Rdf,
            "http://www.w3.org/1999/xhtml" => Self::Xhtml,
            ""
            | "http://purl.org/rss/1.0"
            | "http://my.netscape.com/rdf/simple/0.9"
            | "http://channel.netscape.com/rdf/simple/0.9"
            | "http://purl.org/net/rss1.1"
            | "http://backend.userland.com/rss2"
            | "http://blogs.law.harvard.edu/tech/rss" => Self::Core,
            _ => Self::Other,
        }
    }

    /// The vocabulary of a prefix that the document does not declare.
    pub(super) fn of_prefix(prefix: &str) -> Self {
        match prefix {
            "atom" => Self::Atom,
            "content" => Self::Content,
            "creativeCommons" => Self::CreativeCommons,
            "dc" => Self::DublinCore,
            "media" => Self::Media,
            "rdf" => Self::Rdf,
            "xhtml" => Self::Xhtml,
            _ => Self::Other,
        }
    }

    /// `true` if elements within an element of that name are its text, and not elements of the feed.
    fn holds_markup(self, local: &str) -> bool {
        const OF_ELEMENTS: [&str; 13] = [
            "rss",
            "channel",
            "item",
            "items",
            "image",
            "textinput",
            "textInput",
            "skipHours",
            "skipDays",
            "feed",
            "entry",
            "author",
            "contributor",
        ];
        match self {
            Self::Core => !OF_ELEMENTS.contains(&local),
            Self::Atom => !OF_ELEMENTS.contains(&local) && local != "source",
            Self::Content | Self::DublinCore | Self::Xhtml => true,
            Self::CreativeCommons | Self::Media | Self::Rdf | Self::Other => false,
        }
    }
}

/// The kind of value that an element is: XML has one, JSON several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An element of XML; text in JSON.
    Text,
    /// A number in JSON.
    Number,
    /// `true`, `false` or `null` in JSON.
    Literal,
    /// An object in JSON.
    Object,
    /// An array in JSON.
    Array,
}

struct Element<'a> {
    /// With its prefix. In JSON the key; empty in an array.
    name: Cow<'a, str>,
    vocabulary: Vocabulary,
    kind: Kind,
    span: Range<usize>,
    inner: Range<usize>,
    text: Cow<'a, str>,
    /// `true` if there are elements in it of which no account is kept.
    has_markup: bool,
    attributes: Range<usize>,
    /// The number of the first element that is not within.
    end: usize,
}

/// An attribute as written, its references resolved.
pub(super) struct Attribute<'a> {
    pub(super) name: &'a str,
    pub(super) value: Cow<'a, str>,
    pub(super) span: Range<usize>,
}

/// All elements, in the order of the document.
#[derive(Default)]
pub(super) struct Elements<'a> {
    pub(super) source: &'a str,
    list: Vec<Element<'a>>,
    attributes: Vec<Attribute<'a>>,
    /// The numbers of the elements that are not closed, the innermost last.
    open: Vec<usize>,
    pub(super) broken: Option<Break>,
}

impl<'a> Elements<'a> {
    pub(super) fn of(source: &'a str) -> Self {
        Self { source, ..Self::default() }
    }

    /// Adds an element within the innermost that is open. `span` is that of its start tag, or of its value.
    pub(super) fn open(
        &mut self,
        name: Cow<'a, str>,
        vocabulary: Vocabulary,
        kind: Kind,
        span: Range<usize>,
        attributes: Vec<Attribute<'a>>,
    ) {
        if self.list.len() >= MOST {
            self.break_at(span.start, format!("it has more than {MOST} elements"));
            return;
        }
        let first = self.attributes.len();
        self.attributes.extend(attributes);
        self.open.push(self.list.len());
        self.list.push(Element {
            name,
            vocabulary,
            kind,
            inner: span.end..span.end,
            span,
            text: Cow::Borrowed(""),
            has_markup: false,
            attributes: first..self.attributes.len(),
            end: self.list.len() + 1,
        });
    }

    /// Closes the innermost element. `tag` is its end tag.
    pub(super) fn close(&mut self, tag: Range<usize>) {
        let end = self.list.len();
        if let Some(element) = self.open.pop().and_then(|index| self.list.get_mut(index)) {
            element.inner.end = tag.start;
            element.span.end = tag.end;
            element.end = end;
        }
    }

    /// Adds to the text of the innermost element.
    pub(super) fn text(&mut self, piece: Cow<'a, str>) {
        let innermost = self.open.last().copied();
        if let Some(element) = innermost.and_then(|index| self.list.get_mut(index)) {
            if element.text.is_empty() {
                element.text = piece;
            } else {
                element.text.to_mut().push_str(&piece);
            }
        }
    }

    /// Ends elements that are still open where the document does, so that what is in them can be found.
    pub(super) fn finish(mut self) -> Self {
        let (last, end) =
            (self.list.len(), self.broken.as_ref().map_or(self.source.len(), |broken| broken.at));
        for index in &self.open {
            if let Some(element) = self.list.get_mut(*index) {
                element.end = last;
                element.span.end = end;
                element.inner.end = end.max(element.inner.start);
            }
        }
        self
    }

    pub(super) fn break_at(&mut self, at: usize, reason: String) {
        self.broken.get_or_insert(Break { at, reason });
    }

    pub(super) fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// `true` if an element that would be next is markup of the innermost, which then remembers it.
    pub(super) fn takes_as_markup(&mut self) -> bool {
        let innermost = self.open.last().and_then(|index| self.list.get_mut(*index));
        innermost.is_some_and(|element| {
            let holds_markup = element.vocabulary.holds_markup(local(&element.name));
            element.has_markup |= holds_markup;
            holds_markup
        })
    }

    /// The outermost element.
    pub(super) fn root(&self) -> Option<Node<'_, 'a>> {
        (!self.list.is_empty()).then_some(Node { of: self, index: 0 })
    }
}

/// One element, and with it all that is in it.
#[derive(Clone, Copy)]
pub(super) struct Node<'e, 'a> {
    of: &'e Elements<'a>,
    index: usize,
}

impl<'e, 'a> Node<'e, 'a> {
    fn element(self) -> &'e Element<'a> {
        &self.of.list[self.index]
    }

    /// Its name as written, with its prefix.
    pub(super) fn name(self) -> &'e str {
        &self.element().name
    }

    /// Its name without prefix.
    pub(super) fn local(self) -> &'e str {
        local(self.name())
    }

    pub(super) fn vocabulary(self) -> Vocabulary {
        self.element().vocabulary
    }

    pub(super) fn is(self, vocabulary: Vocabulary, local: &str) -> bool {
        self.vocabulary() == vocabulary && self.local() == local
    }

    pub(super) fn kind(self) -> Kind {
        self.element().kind
    }

    /// Its text, trimmed; `None` where nothing is left.
    pub(super) fn stated(self) -> Option<Stated<'a>> {
        let element = self.element();
        Stated::new(&element.text, element.inner.clone())
    }

    /// Its text; where there are elements in it, its source.
    pub(super) fn content(self) -> Option<Stated<'a>> {
        if self.element().has_markup { self.markup() } else { self.stated() }
    }

    /// Its source between its tags.
    pub(super) fn markup(self) -> Option<Stated<'a>> {
        let inner = self.element().inner.clone();
        Stated::new(&Cow::Borrowed(self.of.source.get(inner.clone())?), inner)
    }

    /// The element as the feed's own words do not have it.
    pub(super) fn extension(self) -> Extension<'a> {
        let element = self.element();
        let attributes = self.of.attributes.get(element.attributes.clone()).unwrap_or_default();
        let pair = |attribute: &Attribute<'a>| (attribute.name, attribute.value.clone());
        Extension {
            name: element.name.clone(),
            text: element.text.clone(),
            attributes: attributes.iter().map(pair).collect(),
            span: element.span.clone(),
        }
    }

    /// `true` if it is closed, and so read whole.
    pub(super) fn is_whole(self) -> bool {
        !self.of.open.contains(&self.index)
    }

    /// The value of an attribute, by its name as written.
    pub(super) fn attribute(self, name: &str) -> Option<Stated<'a>> {
        self.attribute_where(|known| known == name)
    }

    pub(super) fn attribute_where(self, is_it: impl Fn(&str) -> bool) -> Option<Stated<'a>> {
        let attributes = self.of.attributes.get(self.element().attributes.clone())?;
        let attribute = attributes.iter().find(|attribute| is_it(attribute.name))?;
        Stated::new(&attribute.value, attribute.span.clone())
    }

    /// The elements directly in it.
    pub(super) fn children(self) -> impl Iterator<Item = Self> + use<'e, 'a> {
        let (mut next, end) = (self.index + 1, self.element().end);
        std::iter::from_fn(move || {
            let child = (next < end).then_some(Self { of: self.of, index: next })?;
            next = child.element().end;
            Some(child)
        })
    }

    /// Those of that name directly in it.
    pub(super) fn all(
        self,
        vocabulary: Vocabulary,
        local: &'static str,
    ) -> impl Iterator<Item = Self> + use<'e, 'a> {
        self.children().filter(move |child| child.is(vocabulary, local))
    }

    /// The last of that name with a text: what is said twice is said by the last, as in most readers.
    pub(super) fn said(self, vocabulary: Vocabulary, local: &'static str) -> Option<Stated<'a>> {
        self.all(vocabulary, local).filter_map(Self::stated).last()
    }

    /// Those within it, however deep, that fulfil the condition, without those within one of them.
    pub(super) fn find_all(self, is_it: impl Fn(Self) -> bool) -> Vec<Self> {
        let mut found = Vec::new();
        let (mut next, end) = (self.index + 1, self.element().end);
        while next < end {
            let node = Self { of: self.of, index: next };
            let fits = is_it(node);
            next = if fits { node.element().end } else { next + 1 };
            found.extend(fits.then_some(node));
        }
        found
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}
