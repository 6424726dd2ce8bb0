//! HTML as a row of nodes in document order, on which the passes work without recursion.
//!
//! An element is followed by what it holds, and knows where that ends: a subtree is a slice. Reading is HTML5's
//! own way of parsing, so whatever an author wrote, every pass sees what a browser would. This is the only file
//! that knows html5ever.

use std::borrow::Cow;

use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{LocalName, ParseOpts, QualName, local_name, ns};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// The depth that is still published: no reader was seen to bear much more, and no article needs it.
pub(super) const DEEPEST: usize = 200;

/// As many open tags, or attributes of one tag, may come before the parser is not even asked: its effort grows
/// with their square.
const MOST_OPEN: usize = 600;
const MOST_ATTRIBUTES: usize = 1_000;

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

/// Nested deeper than readers bear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooDeep;

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

/// Reads a part of a document.
pub(super) fn fragment(html: &str) -> Result<Tree, TooDeep> {
    if is_tangled(html) {
        return Err(TooDeep);
    }
    let context = QualName::new(None, ns!(html), local_name!("body"));
    let dom = html5ever::parse_fragment(RcDom::default(), options(), context, Vec::new(), false).one(html);
    let root = dom.document.children.borrow().first().cloned();
    root.map_or(Ok(Tree::default()), |root| flatten(&root))
}

/// Reads what is in the `body` of a whole document, or all of a part of one.
pub(super) fn body(html: &str) -> Result<Tree, TooDeep> {
    if !is_whole_document(html) {
        return fragment(html);
    }
    if is_tangled(html) {
        return Err(TooDeep);
    }
    let dom = html5ever::parse_document(RcDom::default(), options()).one(html);
    let body = child(&dom.document, "html").and_then(|html| child(&html, "body"));
    // A page of frames has no body.
    body.map_or_else(|| fragment(html), |body| flatten(&body))
}

fn options() -> ParseOpts {
    // Readers run no scripts, so what `noscript` holds counts.
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    ParseOpts { tree_builder, ..ParseOpts::default() }
}

fn child(parent: &Handle, wanted: &str) -> Option<Handle> {
    let children = parent.children.borrow();
    let is_wanted =
        |node: &&Handle| matches!(&node.data, NodeData::Element { name, .. } if &*name.local == wanted);
    children.iter().find(is_wanted).cloned()
}

fn is_whole_document(html: &str) -> bool {
    let mut rest = html.trim_start();
    while let Some(comment) = rest.strip_prefix("<!--") {
        let Some(end) = comment.find("-->") else { return false };
        rest = comment[end + 3..].trim_start();
    }
    let start: String = rest.chars().take(10).collect::<String>().to_ascii_lowercase();
    ["<!doctype", "<html", "<head>", "<body", "<meta", "<title", "<link"]
        .iter()
        .any(|tag| start.starts_with(tag))
}

fn flatten(root: &Handle) -> Result<Tree, TooDeep> {
    let mut nodes: Vec<Node> = Vec::new();
    // Each level: the DOM node, its next child, and its own place in the row.
    let mut levels: Vec<(Handle, usize, Option<usize>)> = vec![(root.clone(), 0, None)];
    while let Some((handle, next, place)) = levels.last_mut() {
        let place = *place;
        let child = handle.children.borrow().get(*next).cloned();
        let Some(child) = child else {
            let end = nodes.len();
            if let Some(node) = place.and_then(|place| nodes.get_mut(place)) {
                node.end = end;
            }
            levels.pop();
            continue;
        };
        *next += 1;
        let data = match &child.data {
            NodeData::Text { contents } => Data::Text(contents.borrow().to_string()),
            NodeData::Comment { contents } => Data::Comment(contents.to_string()),
            NodeData::Element { name, attrs, .. } => Data::Element(Element {
                name: name.local.clone(),
                attributes: attrs
                    .borrow()
                    .iter()
                    .map(|attribute| (attribute.name.local.clone(), attribute.value.to_string()))
                    .collect(),
            }),
            _ => continue,
        };
        let is_element = matches!(data, Data::Element(_));
        nodes.push(Node { data, end: nodes.len() + 1, parent: place });
        if is_element {
            if levels.len() > DEEPEST {
                return Err(TooDeep);
            }
            levels.push((child, 0, Some(nodes.len() - 1)));
        }
    }
    Ok(Tree { nodes })
}

/// Whether the tags alone show that parsing would cost more than it is worth.
fn is_tangled(html: &str) -> bool {
    let mut open = 0_usize;
    for tag in tags(html) {
        if tag.attributes > MOST_ATTRIBUTES {
            return true;
        }
        if closes_by_itself(&tag.name) {
            continue;
        }
        if tag.is_closing {
            open = open.saturating_sub(1);
        } else {
            open += 1;
        }
        if open > MOST_OPEN {
            return true;
        }
    }
    false
}

/// Elements whose end tag is often left out, and those that have none: they say nothing about depth.
fn closes_by_itself(name: &str) -> bool {
    matches!(
        name,
        "p" | "li"
            | "dt"
            | "dd"
            | "tr"
            | "td"
            | "th"
            | "thead"
            | "tbody"
            | "tfoot"
            | "colgroup"
            | "col"
            | "option"
            | "optgroup"
            | "br"
            | "hr"
            | "img"
            | "input"
            | "meta"
            | "link"
            | "base"
            | "area"
            | "source"
            | "track"
            | "wbr"
            | "embed"
            | "param"
            | "html"
            | "head"
            | "body"
            | "path"
            | "use"
            | "rect"
            | "circle"
            | "line"
            | "g"
            | "polygon"
            | "image"
            | "frame"
    )
}

/// One tag of a text, found without parsing.
pub(super) struct Tag<'t> {
    /// In lower case.
    pub(super) name: Cow<'t, str>,
    pub(super) is_closing: bool,
    /// How many attributes it may have, roughly.
    attributes: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The tags of a text, in order, without those in comments, scripts and styles.
pub(super) fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + html.get(at..)?.find('<')?;
            let rest = html.get(start..)?;
            if rest.starts_with("<!--") {
                at = rest.find("-->").map_or(html.len(), |end| start + end + 3);
                continue;
            }
            let is_closing = rest.starts_with("</");
            let name_start = if is_closing { 2 } else { 1 };
            let name = tag_name(rest.get(name_start..)?);
            if !name.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
                at = start + 1;
                continue;
            }
            let (length, attributes) = tag_length(rest);
            at = start + length;
            let end = at;
            if !is_closing && matches!(&*name, "script" | "style") {
                at = end + end_of_raw_text(&html[end..], &name);
            }
            return Some(Tag { name, is_closing, attributes, start, end });
        }
    })
}

/// The name that `rest` begins with, in lower case.
fn tag_name(rest: &str) -> Cow<'_, str> {
    let end = rest.bytes().position(|byte| !byte.is_ascii_alphanumeric() && byte != b'-');
    let name = &rest[..end.unwrap_or(rest.len())];
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// Where the text of a `script` or `style` ends.
fn end_of_raw_text(rest: &str, name: &str) -> usize {
    rest.match_indices("</")
        .find(|(at, _)| {
            rest.get(at + 2..at + 2 + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
        })
        .map_or(rest.len(), |(at, _)| at)
}

/// The text of HTML that is nested too deep, as paragraphs.
pub(super) fn flat(html: &str) -> String {
    let mut out = String::from("<p>");
    let mut said = 0;
    let mut silent = false;
    for tag in tags(html) {
        if !silent {
            words_into(&mut out, html.get(said..tag.start).unwrap_or_default());
        }
        silent = !tag.is_closing && matches!(&*tag.name, "script" | "style");
        said = tag.end;
        if matches!(
            &*tag.name,
            "p" | "div" | "br" | "li" | "blockquote" | "tr" | "section" | "pre" | "ul" | "ol" | "table"
        ) {
            if out.trim_ascii_end().ends_with("<p>") {
                out.truncate(out.trim_ascii_end().len());
                continue;
            }
            out.push_str("</p>\n<p>");
        }
    }
    if !silent {
        words_into(&mut out, html.get(said..).unwrap_or_default());
    }
    out.push_str("</p>");
    out.replace("<p>\n", "<p>")
}

/// Words between tags: references stay, comments go, and nothing can begin another tag.
fn words_into(out: &mut String, words: &str) {
    let mut rest = words;
    while let Some(start) = rest.find("<!--") {
        out.push_str(&rest[..start].replace('<', "&lt;"));
        rest = rest[start..].find("-->").map_or("", |end| &rest[start + end + 3..]);
    }
    out.push_str(&rest.replace('<', "&lt;"));
}

/// The length of the tag that `rest` starts with, quotes respected, and the number of its parts.
fn tag_length(rest: &str) -> (usize, usize) {
    let mut quote = None;
    let mut parts = 0;
    let mut previous = b'<';
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match (quote, byte) {
            (None, b'>') => return (at + 1, parts),
            (None, b'"' | b'\'') if previous == b'=' => quote = Some(byte),
            (None, b' ' | b'\n' | b'\t' | b'/' | b'\r' | b'\x0c') => parts += 1,
            (Some(open), _) if open == byte => {
                quote = None;
                parts += 1;
            }
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            previous = byte;
        }
    }
    (rest.len(), parts)
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
                    if !is_void(element.name()) {
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

/// Whether an element has neither content nor end tag.
pub(super) fn is_void(name: &str) -> bool {
    matches!(name, "br" | "hr" | "img" | "source" | "wbr" | "input" | "col")
}

/// The text as HTML, fit for attributes too.
pub(super) fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    escape_into(&mut html, text);
    html
}

pub(super) fn escape_into(html: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'&' | b'<' | b'>' | b'"')) {
        html.push_str(&rest[..at]);
        html.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &rest[at + 1..];
    }
    html.push_str(rest);
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
        let is_void = is_void(element.name());
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

    /// How deep the next node would lie, and what is round it, the nearest first.
    pub(super) fn ancestors(&self) -> impl Iterator<Item = &str> {
        self.open.iter().rev().filter_map(|&at| self.tree.nodes.get(at)).map(Node::name)
    }

    /// Whether the last thing said ends in white space, or nothing was said in the innermost element yet.
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

    /// Whether the element at the end of the tree shows nothing, so that it is better not there at all.
    fn is_hollow(&self, index: usize) -> bool {
        const MAY_BE_EMPTY: &[&str] =
            &["td", "th", "tr", "table", "thead", "tbody", "tfoot", "li", "dd", "dt", "video", "audio"];
        let Some(Node { data: Data::Element(element), .. }) = self.tree.nodes.get(index) else {
            return false;
        };
        if MAY_BE_EMPTY.contains(&element.name()) || element.has("id") {
            return false;
        }
        let inside = self.tree.nodes.get(index + 1..).unwrap_or_default();
        let shows_nothing =
            |node: &Node| matches!(&node.data, Data::Text(text) if text.trim_ascii().is_empty());
        // White space between words may be all that an inline element holds.
        inside.len() <= 1 && inside.iter().all(shows_nothing)
    }
}
