//! HTML as a row of nodes in document order, on which the passes work without recursion.
//!
//! An element is followed by what it holds, and knows where that ends: a subtree is a slice. Only this file and those
//! of its folder know html5ever.

mod parse;
mod sink;

use html5ever::LocalName;

use super::characters::escape_into;
use super::elements::{self, MAY_BE_EMPTY, VOID};

pub(super) use parse::{body, fragment};

/// The depth that is still published: no reader was seen to bear much more, and no article needs it.
const DEEPEST: usize = 200;

/// The most tags that are still published: some ten times what the longest books and tables have. Each costs a
/// reader, and a build, a few hundred bytes of memory.
const MOST_TAGS: usize = 200_000;

/// A document or a part of one.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
}

/// An element, a text or a comment.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) data: Data,
    /// The index after the last node of its subtree.
    pub(super) end: usize,
    /// The index of the element that holds it.
    pub(super) parent: Option<usize>,
}

#[derive(Clone, Debug)]
pub(super) enum Data {
    Element(Element),
    Text(String),
    Comment(String),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Element {
    name: LocalName,
    pub(super) attributes: Vec<(LocalName, String)>,
}

/// A text that is more than readers bear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unbearable {
    /// Elements are nested deeper than [`DEEPEST`].
    TooDeep,
    /// It has more than [`MOST_TAGS`] tags.
    TooMany,
}

impl Element {
    pub(super) fn new(name: &str) -> Self {
        Self { name: LocalName::from(name), attributes: Vec::new() }
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.set(name, value);
        self
    }

    pub(super) fn without_attributes(&self) -> Self {
        Self { name: self.name.clone(), attributes: Vec::with_capacity(self.attributes.len()) }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| &**key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(super) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.remove(name);
        self.attributes.push((LocalName::from(name), value.into()));
    }

    /// Sets an attribute where it stands.
    pub(super) fn set_in_place(&mut self, name: &str, value: String) {
        if let Some((_, old)) = self.attributes.iter_mut().find(|(key, _)| &**key == name) {
            *old = value;
        }
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.attributes.retain(|(key, _)| &**key != name);
    }

    /// The words of its `class`.
    pub(super) fn classes(&self) -> impl Iterator<Item = &str> {
        self.get("class").unwrap_or_default().split_ascii_whitespace()
    }

    pub(super) fn has_class(&self, names: &[&str]) -> bool {
        self.classes().any(|class| names.contains(&class))
    }
}

impl Node {
    pub(super) fn element(&self) -> Option<&Element> {
        match &self.data {
            Data::Element(element) => Some(element),
            _ => None,
        }
    }

    pub(super) fn name(&self) -> &str {
        self.element().map_or("", Element::name)
    }
}

impl Tree {
    /// The text of the nodes in `range`, as it stands.
    pub(super) fn text(&self, range: std::ops::Range<usize>) -> String {
        let mut text = String::new();
        for node in self.nodes.get(range).unwrap_or_default() {
            if let Data::Text(part) = &node.data {
                text.push_str(part);
            }
        }
        text
    }

    /// The indices of what the element at `index` holds, at any depth.
    pub(super) fn inside(&self, index: usize) -> std::ops::Range<usize> {
        index + 1..self.nodes.get(index).map_or(index + 1, |node| node.end)
    }

    /// Takes out whole subtrees, the nodes in `range`.
    pub(super) fn remove(&mut self, range: std::ops::Range<usize>) {
        let length = range.len();
        self.nodes.drain(range.clone());
        for node in &mut self.nodes {
            if node.end >= range.end {
                node.end -= length;
            }
            node.parent =
                node.parent.map(|parent| if parent >= range.end { parent - length } else { parent });
        }
    }

    /// The elements within `range`, with their indices.
    pub(super) fn elements(&self, range: std::ops::Range<usize>) -> impl Iterator<Item = (usize, &Element)> {
        let start = range.start;
        let nodes = self.nodes.get(range).unwrap_or_default();
        nodes.iter().enumerate().filter_map(move |(at, node)| Some((start + at, node.element()?)))
    }

    /// The tree as HTML for the sanitiser.
    pub(super) fn write(&self) -> String {
        let mut html = String::with_capacity(self.size());
        let mut open: Vec<usize> = Vec::new();
        for (index, node) in self.nodes.iter().enumerate() {
            self.close_until(index, &mut open, &mut html);
            match &node.data {
                Data::Text(text) => escape_in_pieces(&mut html, text),
                Data::Comment(_) => {}
                Data::Element(element) => {
                    html.push('<');
                    html.push_str(element.name());
                    for (name, value) in &element.attributes {
                        html.push(' ');
                        html.push_str(name);
                        html.push_str("=\"");
                        escape_into(&mut html, value);
                        html.push('"');
                    }
                    html.push('>');
                    if !elements::is(element.name(), VOID) {
                        open.push(index);
                    }
                }
            }
        }
        self.close_until(usize::MAX, &mut open, &mut html);
        html
    }

    /// About as many bytes as it takes to write the tree.
    fn size(&self) -> usize {
        let size = |node: &Node| match &node.data {
            Data::Text(text) => text.len() + text.len() / 16,
            Data::Comment(_) => 0,
            Data::Element(element) => {
                let attributes = element.attributes.iter().map(|(name, value)| name.len() + value.len() + 4);
                2 * element.name().len() + 5 + attributes.sum::<usize>()
            }
        };
        self.nodes.iter().map(size).sum()
    }

    fn close_until(&self, index: usize, open: &mut Vec<usize>, html: &mut String) {
        while let Some(node) = open.last().and_then(|&at| self.nodes.get(at))
            && node.end <= index
        {
            html.push_str("</");
            html.push_str(node.name());
            html.push('>');
            open.pop();
        }
    }
}

/// A long text with comments in it, which the sanitiser takes out again: it looks through all the rest of a text
/// for each character that it escapes, so that texts have to be short.
fn escape_in_pieces(html: &mut String, text: &str) {
    const LONGEST: usize = 4 * 1024;
    let mut rest = text;
    while rest.len() > LONGEST {
        let mut end = LONGEST;
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        escape_into(html, &rest[..end]);
        html.push_str("<!---->");
        rest = &rest[end..];
    }
    escape_into(html, rest);
}

/// Makes a tree from its beginning to its end.
#[derive(Default)]
pub(super) struct Builder {
    tree: Tree,
    open: Vec<usize>,
}

impl Builder {
    pub(super) fn open(&mut self, element: Element) {
        let parent = self.open.last().copied();
        let index = self.tree.nodes.len();
        let is_void = elements::is(element.name(), VOID);
        self.tree.nodes.push(Node { data: Data::Element(element), end: index + 1, parent });
        if !is_void {
            self.open.push(index);
        }
    }

    pub(super) fn close(&mut self) {
        let Some(index) = self.open.pop() else { return };
        let end = self.tree.nodes.len();
        if let Some(node) = self.tree.nodes.get_mut(index) {
            node.end = end;
        }
        if self.is_hollow(index) {
            self.tree.nodes.truncate(index);
        }
    }

    pub(super) fn text(&mut self, text: impl Into<String>) {
        let text = text.into();
        if text.is_empty() {
            return;
        }
        let parent = self.open.last().copied();
        if let Some(Node { data: Data::Text(last), parent: of_last, .. }) = self.tree.nodes.last_mut()
            && *of_last == parent
        {
            last.push_str(&text);
            return;
        }
        self.push(Data::Text(text));
    }

    pub(super) fn comment(&mut self, text: &str) {
        self.push(Data::Comment(text.to_owned()));
    }

    fn push(&mut self, data: Data) {
        let parent = self.open.last().copied();
        let end = self.tree.nodes.len() + 1;
        self.tree.nodes.push(Node { data, end, parent });
    }

    /// Names of the open elements, the innermost first.
    pub(super) fn ancestors(&self) -> impl Iterator<Item = &str> {
        self.open.iter().rev().filter_map(|&at| self.tree.nodes.get(at)).map(Node::name)
    }

    /// `true` if the text so far ends in white space, or the innermost element has none yet.
    pub(super) fn is_at_space(&self) -> bool {
        match self.tree.nodes.last() {
            None => true,
            Some(Node { data: Data::Text(text), .. }) => text.ends_with(char::is_whitespace),
            Some(node) => self.open.last() == Some(&(self.tree.nodes.len() - 1)) || node.name() == "br",
        }
    }

    pub(super) fn finish(mut self) -> Tree {
        while !self.open.is_empty() {
            self.close();
        }
        self.tree
    }

    /// `true` if the element at the end of the tree shows nothing, so that it is better not there at all.
    fn is_hollow(&self, index: usize) -> bool {
        let Some(Node { data: Data::Element(element), .. }) = self.tree.nodes.get(index) else {
            return false;
        };
        if elements::is(element.name(), MAY_BE_EMPTY) || element.has("id") {
            return false;
        }
        let inside = self.tree.nodes.get(index + 1..).unwrap_or_default();
        let shows_nothing =
            |node: &Node| matches!(&node.data, Data::Text(text) if text.trim_ascii().is_empty());
        // White space between words may be all that an inline element holds.
        inside.len() <= 1 && inside.iter().all(shows_nothing)
    }
}
