//! Builds our rows while html5ever parses.
//!
//! Until it has seen all of the text, the parser may move a node or put another one before it. So the nodes are linked
//! to their neighbours first, and laid in a row at the end, without being copied.

use std::borrow::Cow;
use std::cell::RefCell;

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, Namespace, QualName};

use super::{DEEPEST, Data, Element, Node, Tree, Unbearable};

/// The index of a node among all that were made.
pub(super) type Handle = usize;

/// The node that holds all others.
pub(super) const DOCUMENT: Handle = 0;

/// A document while it is parsed.
pub(super) struct Sink {
    nodes: RefCell<Vec<Linked>>,
}

/// A document as parsed, its nodes still linked.
pub(super) struct Document {
    nodes: Vec<Linked>,
}

/// A node and its neighbours.
#[derive(Default)]
struct Linked {
    content: Parsed,
    parent: Option<Handle>,
    first_child: Option<Handle>,
    last_child: Option<Handle>,
    previous: Option<Handle>,
    next: Option<Handle>,
}

#[derive(Default)]
enum Parsed {
    Element(Box<ParsedElement>),
    Text(StrTendril),
    Comment(StrTendril),
    /// The document itself, the content of a `template`, or a processing instruction.
    #[default]
    Nothing,
}

struct ParsedElement {
    name: QualName,
    attributes: Vec<Attribute>,
    /// The node that holds the content of a `template`, which is no part of the document.
    template: Option<Handle>,
    is_integration_point: bool,
}

/// An element's name, apart from the element.
#[derive(Debug, Default)]
pub(super) struct Name {
    namespace: Namespace,
    local: LocalName,
}

impl ElemName for Name {
    fn ns(&self) -> &Namespace {
        &self.namespace
    }

    fn local_name(&self) -> &LocalName {
        &self.local
    }
}

impl Sink {
    pub(super) fn new(capacity: usize) -> Self {
        let mut nodes = Vec::with_capacity(capacity);
        nodes.push(Linked::default());
        Self { nodes: RefCell::new(nodes) }
    }

    fn add(&self, content: Parsed) -> Handle {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Linked { content, ..Linked::default() });
        nodes.len() - 1
    }

    fn element<T>(&self, handle: Handle, read: impl FnOnce(&ParsedElement) -> T) -> Option<T> {
        match &self.nodes.borrow().get(handle)?.content {
            Parsed::Element(element) => Some(read(element)),
            _ => None,
        }
    }

    /// Puts a node or a text among the children of `parent`, before the child `next` or as the last one.
    fn insert(&self, parent: Handle, next: Option<Handle>, child: NodeOrText<Handle>) {
        let nodes = &mut *self.nodes.borrow_mut();
        let child = match child {
            NodeOrText::AppendNode(node) => {
                unlink(nodes, node);
                node
            }
            NodeOrText::AppendText(text) => {
                let previous = match next {
                    Some(next) => nodes[next].previous,
                    None => nodes[parent].last_child,
                };
                // What follows a text continues it.
                if let Some(Parsed::Text(before)) = previous.map(|previous| &mut nodes[previous].content) {
                    before.push_tendril(&text);
                    return;
                }
                nodes.push(Linked { content: Parsed::Text(text), ..Linked::default() });
                nodes.len() - 1
            }
        };
        link(nodes, child, parent, next);
    }
}

/// Makes a node that has no parent a child of `parent`, before the child `next` or as the last one.
fn link(nodes: &mut [Linked], node: Handle, parent: Handle, next: Option<Handle>) {
    let previous = match next {
        Some(next) => nodes[next].previous.replace(node),
        None => nodes[parent].last_child.replace(node),
    };
    match previous {
        Some(previous) => nodes[previous].next = Some(node),
        None => nodes[parent].first_child = Some(node),
    }
    let linked = &mut nodes[node];
    (linked.parent, linked.previous, linked.next) = (Some(parent), previous, next);
}

/// Takes a node, with all that it holds, away from its parent.
fn unlink(nodes: &mut [Linked], node: Handle) {
    let linked = &mut nodes[node];
    let (previous, next) = (linked.previous.take(), linked.next.take());
    let Some(parent) = linked.parent.take() else { return };
    match previous {
        Some(previous) => nodes[previous].next = next,
        None => nodes[parent].first_child = next,
    }
    match next {
        Some(next) => nodes[next].previous = previous,
        None => nodes[parent].last_child = previous,
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Document;
    type ElemName<'a> = Name;

    fn finish(self) -> Document {
        Document { nodes: self.nodes.into_inner() }
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        DOCUMENT
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn same_node(&self, one: &Handle, other: &Handle) -> bool {
        one == other
    }

    fn elem_name(&self, target: &Handle) -> Name {
        let name = self.element(*target, |element| Name {
            namespace: element.name.ns.clone(),
            local: element.name.local.clone(),
        });
        name.unwrap_or_default()
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> Handle {
        let template = flags.template.then(|| self.add(Parsed::Nothing));
        let is_integration_point = flags.mathml_annotation_xml_integration_point;
        self.add(Parsed::Element(Box::new(ParsedElement {
            name,
            attributes,
            template,
            is_integration_point,
        })))
    }

    fn create_comment(&self, text: StrTendril) -> Handle {
        self.add(Parsed::Comment(text))
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        self.add(Parsed::Nothing)
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.insert(*parent, None, child);
    }

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        let parent = self.nodes.borrow()[*sibling].parent;
        if let Some(parent) = parent {
            self.insert(parent, Some(*sibling), child);
        }
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        let has_parent = self.nodes.borrow()[*element].parent.is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Handle) -> Handle {
        self.element(*target, |element| element.template).flatten().unwrap_or(*target)
    }

    fn add_attrs_if_missing(&self, target: &Handle, attributes: Vec<Attribute>) {
        if let Parsed::Element(element) = &mut self.nodes.borrow_mut()[*target].content {
            let stated = element.attributes.len();
            for attribute in attributes {
                if !element.attributes[..stated].iter().any(|known| known.name == attribute.name) {
                    element.attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        unlink(&mut self.nodes.borrow_mut(), *target);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let nodes = &mut *self.nodes.borrow_mut();
        while let Some(child) = nodes[*node].first_child {
            unlink(nodes, child);
            link(nodes, child, *new_parent, None);
        }
    }

    fn is_mathml_annotation_xml_integration_point(&self, target: &Handle) -> bool {
        self.element(*target, |element| element.is_integration_point).unwrap_or_default()
    }
}

impl Document {
    /// The first child of `parent`, or the first that is an element of that name.
    pub(super) fn child(&self, parent: Handle, name: Option<&str>) -> Option<Handle> {
        let mut child = self.nodes.get(parent)?.first_child;
        while let Some(handle) = child {
            let node = self.nodes.get(handle)?;
            match (&node.content, name) {
                (_, None) => return Some(handle),
                (Parsed::Element(element), Some(name)) if *element.name.local == *name => {
                    return Some(handle);
                }
                _ => child = node.next,
            }
        }
        None
    }

    /// All that `root` holds, in a row.
    pub(super) fn into_row(mut self, root: Handle) -> Result<Tree, Unbearable> {
        let mut nodes: Vec<Node> = Vec::with_capacity(self.nodes.len());
        // The elements that are open, by their places in the row, and what follows each of them.
        let mut open: Vec<(usize, Option<Handle>)> = Vec::new();
        let mut next = self.nodes.get(root).and_then(|root| root.first_child);
        loop {
            let Some(linked) = next.and_then(|next| self.nodes.get_mut(next)) else {
                let Some((place, after)) = open.pop() else { return Ok(Tree { nodes }) };
                let end = nodes.len();
                if let Some(node) = nodes.get_mut(place) {
                    node.end = end;
                }
                next = after;
                continue;
            };
            let after = linked.next;
            next = after;
            let Some(data) = data(std::mem::take(&mut linked.content)) else { continue };
            let is_element = matches!(data, Data::Element(_));
            let parent = open.last().map(|(place, _)| *place);
            nodes.push(Node { data, end: nodes.len() + 1, parent });
            if is_element {
                if open.len() >= DEEPEST {
                    return Err(Unbearable::TooDeep);
                }
                next = linked.first_child;
                open.push((nodes.len() - 1, after));
            }
        }
    }
}

fn data(content: Parsed) -> Option<Data> {
    Some(match content {
        Parsed::Text(text) => Data::Text(text.into()),
        Parsed::Comment(text) => Data::Comment(text.into()),
        Parsed::Element(element) => {
            let attributes = element.attributes.into_iter();
            Data::Element(Element {
                name: element.name.local,
                attributes: attributes
                    .map(|attribute| (attribute.name.local, attribute.value.into()))
                    .collect(),
            })
        }
        Parsed::Nothing => return None,
    })
}
