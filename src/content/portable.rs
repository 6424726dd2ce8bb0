//! Turns any HTML into elements that every reader shows, each of the others into what comes closest.
//!
//! Two of the large readers delete an element that they do not know with all that is in it, so nothing may rest
//! on one that is not in the profile. The row of nodes is walked once, and a new one written.

mod anchor;
mod code;
mod formula;
mod image;
mod mathml;
mod media;

use std::collections::{BTreeMap, BTreeSet};

use super::Flavour;
use super::elements::{self, ACTIVE, ATTRIBUTES, DROPPED, LINE, PHRASES, PORTABLE, VOID, is_heading};
use super::report::BodyReport;
use super::resolve::UNRESOLVED;
use super::summary;
use super::tree::{Builder, Data, Element, Tree};
use crate::diagnostic::Rule;
use anchor::linked_fragments;
use code::is_code_table;
use formula::is_formula;
use image::images_outside_noscript;

/// Writes the tree anew in elements of the profile; a comment that ends the summary stays for the summary's sake.
pub(super) fn portable(tree: &Tree, flavour: Flavour, report: &mut BodyReport<'_>) -> Tree {
    report.rewind();
    let mut walk = Walk {
        tree,
        report,
        holds_block: blocks_inside(tree),
        linked: linked_fragments(tree),
        images: images_outside_noscript(tree),
        out: Builder::default(),
        frames: vec![Frame { end: tree.nodes.len(), exit: Exit::Flow, flows: true }],
        paragraph: false,
        marked: false,
        headings: BTreeMap::new(),
        number_separator: flavour.features().number_separator,
        place: None,
    };
    walk.run();
    walk.out.finish()
}

struct Walk<'t, 'r, 'b> {
    tree: &'t Tree,
    report: &'r mut BodyReport<'b>,
    holds_block: Vec<bool>,
    linked: BTreeSet<String>,
    images: BTreeSet<&'t str>,
    out: Builder,
    frames: Vec<Frame>,
    /// `true` if a paragraph was opened for words that had none.
    paragraph: bool,
    marked: bool,
    /// Number of headings so far, by their text.
    headings: BTreeMap<String, usize>,
    number_separator: char,
    /// The id of an element that is not published, to which a link leads: what follows gets it.
    place: Option<String>,
}

/// An element whose inside is being walked through.
struct Frame {
    end: usize,
    exit: Exit,
    /// `true` if words in it need a paragraph.
    flows: bool,
}

enum Exit {
    Close(usize),
    Flow,
    /// Words that were a block among other words.
    Space,
    Text(&'static str),
    Link(Element, String),
}

/// Decision about an element.
enum Treatment {
    Keep(Element),
    Unwrap,
    Drop,
}

impl Walk<'_, '_, '_> {
    fn run(&mut self) {
        let mut index = 0;
        while index < self.tree.nodes.len() {
            self.leave_until(index);
            index = self.visit(index);
        }
        self.leave_until(usize::MAX);
    }

    fn leave_until(&mut self, index: usize) {
        while self.frames.last().is_some_and(|frame| frame.end <= index) {
            let Some(frame) = self.frames.pop() else { return };
            self.end_paragraph(frame.flows);
            match frame.exit {
                Exit::Close(depth) => (0..depth).for_each(|_| self.out.close()),
                Exit::Flow => {}
                Exit::Space => self.space(),
                Exit::Text(text) => self.out.text(text),
                Exit::Link(element, text) => self.link_paragraph(element, &text),
            }
        }
    }

    /// Deals with one node; gives the index to go on from.
    fn visit(&mut self, index: usize) -> usize {
        let Some(node) = self.tree.nodes.get(index) else { return index + 1 };
        match &node.data {
            Data::Text(text) => self.words(text),
            Data::Comment(comment) => self.comment(comment),
            Data::Element(element) => return self.element(index, element),
        }
        index + 1
    }

    fn words(&mut self, text: &str) {
        let clean = if text.contains(UNRESOLVED) { text.replace(UNRESOLVED, "") } else { text.to_owned() };
        if self.flows() && !self.paragraph {
            if clean.trim_ascii().is_empty() {
                self.out.text(if clean.contains('\n') { "\n" } else { "" });
                return;
            }
            self.begin_phrase();
        }
        self.mark_place(&clean);
        self.out.text(clean);
    }

    fn comment(&mut self, comment: &str) {
        if !self.marked && summary::is_marker(comment) {
            self.marked = true;
            self.out.comment("more");
        }
    }

    fn element(&mut self, index: usize, element: &Element) -> usize {
        let end = self.tree.nodes.get(index).map_or(index + 1, |node| node.end);
        if is_hidden(element) {
            return end;
        }
        if self.special(index, element, end) {
            return end;
        }
        match self.fate(index, element) {
            Treatment::Drop => return end,
            Treatment::Unwrap => {
                self.remember_place(element);
                self.unwrap(index, end);
            }
            Treatment::Keep(kept) => self.keep(index, end, kept),
        }
        index + 1
    }

    /// Elements that are replaced with all they hold.
    fn special(&mut self, index: usize, element: &Element, end: usize) -> bool {
        match element.name() {
            "script" => self.script(index, element),
            "input" => self.input(element),
            "img" | "image" => self.image(element),
            "picture" => self.picture(index),
            "math" => self.formula(index, element),
            "svg" => self.drawing(index, element),
            "iframe" | "embed" | "frame" => self.embedded(element),
            "pre" | "listing" | "xmp" | "plaintext" => self.code_block(index, end, element),
            "table" | "figure" if is_code_table(self.tree, index) => {
                let code = self.tree.elements(index..end).filter(|(_, inner)| inner.name() == "pre").last();
                if let Some((at, pre)) = code {
                    self.code_block(at, self.tree.nodes.get(at).map_or(at, |node| node.end), pre);
                }
            }
            "br" if self.flows() && !self.paragraph => {}
            "span" | "div" | "eq" | "mjx-container" if is_formula(element) => self.formula(index, element),
            "noscript" => return !self.is_wanted_noscript(index, end),
            "form" => return self.is_short_form(index, end),
            "a" => return self.is_heading_anchor(index, element),
            _ => return false,
        }
        true
    }

    fn fate(&mut self, index: usize, element: &Element) -> Treatment {
        let name = element.name();
        if elements::is(name, DROPPED) {
            if elements::is(name, ACTIVE) {
                self.active(name);
            }
            return Treatment::Drop;
        }
        match name {
            "a" if !element.has("href") && !self.is_linked(element) => Treatment::Unwrap,
            "source" if !matches!(self.parent_name(index), "audio" | "video") || !element.has("src") => {
                Treatment::Drop
            }
            "audio" | "video" => self.media(index, element),
            "div" | "section" if element.has_class(CALLOUTS) => Treatment::Keep(Element::new("blockquote")),
            _ if elements::is(name, PORTABLE) => Treatment::Keep(self.portable_attributes(index, element)),
            _ => {
                elements::renamed(name).map_or(Treatment::Unwrap, |name| Treatment::Keep(Element::new(name)))
            }
        }
    }

    fn keep(&mut self, index: usize, end: usize, element: Element) {
        let is_block = self.is_block(index);
        if is_block {
            self.end_paragraph(self.flows());
        } else if self.flows() {
            self.begin_phrase();
        }
        let name = element.name().to_owned();
        let fallback = self.media_link(index, &element);
        let element = self.with_place(element);
        self.out.open(element);
        if elements::is(&name, VOID) {
            return;
        }
        let flows = matches!(name.as_str(), "blockquote" | "aside") && self.holds(index);
        if let Some((link, text)) = fallback {
            self.frames.push(Frame { end, exit: Exit::Close(1), flows: false });
            self.frames.push(Frame { end, exit: Exit::Link(link, text), flows: false });
            return;
        }
        self.frames.push(Frame { end, exit: Exit::Close(1), flows });
    }

    fn unwrap(&mut self, index: usize, end: usize) {
        let name = self.tree.nodes.get(index).map_or("", |node| node.name());
        if name == "summary" && !self.holds(index) && self.may_have_paragraphs() {
            self.end_paragraph(self.flows());
            self.out.open(Element::new("p"));
            self.out.open(Element::new("strong"));
            self.frames.push(Frame { end, exit: Exit::Close(2), flows: false });
        } else if name == "rt" {
            self.out.text("(");
            self.frames.push(Frame { end, exit: Exit::Text(")"), flows: false });
        } else if name == "q" {
            self.frames.push(Frame { end, exit: Exit::Flow, flows: false });
        } else if !self.is_block(index) {
            // Goes on as if it were not there.
        } else if self.may_have_paragraphs() {
            self.end_paragraph(self.flows());
            self.frames.push(Frame { end, exit: Exit::Flow, flows: true });
        } else {
            self.space();
            self.frames.push(Frame { end, exit: Exit::Space, flows: false });
        }
    }

    fn flows(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.flows)
    }

    fn begin_phrase(&mut self) {
        if self.flows() && !self.paragraph {
            self.out.open(Element::new("p"));
            self.paragraph = true;
        }
    }

    fn end_paragraph(&mut self, flows: bool) {
        if flows && std::mem::take(&mut self.paragraph) {
            self.out.close();
        }
    }

    fn space(&mut self) {
        if !self.out.is_at_space() {
            self.out.text(" ");
        }
    }

    fn may_have_paragraphs(&self) -> bool {
        !self.out.ancestors().any(|name| elements::is(name, PHRASES)) || self.flows()
    }

    /// `true` if an element stands on lines of its own.
    fn is_block(&self, index: usize) -> bool {
        self.tree.nodes.get(index).is_some_and(|node| elements::is(node.name(), LINE)) || self.holds(index)
    }

    fn holds(&self, index: usize) -> bool {
        self.holds_block.get(index).copied().unwrap_or_default()
    }

    fn parent_name(&self, index: usize) -> &str {
        let parent = self.tree.nodes.get(index).and_then(|node| node.parent);
        parent.and_then(|parent| self.tree.nodes.get(parent)).map_or("", |node| node.name())
    }

    fn active(&mut self, name: &str) {
        if self.report.wants(Rule::ActiveContent) {
            let needle = format!("<{name}");
            let diagnostic = self
                .report
                .near(Rule::ActiveContent, &[&needle], format!("`<{name}>` does nothing in a feed"))
                .label("left out")
                .help("say in the text what readers shall see, or link to a page that has it");
            self.report.push(diagnostic);
        }
    }

    /// The element with those of its attributes that are in the profile.
    fn portable_attributes(&mut self, index: usize, element: &Element) -> Element {
        let name = element.name();
        let own = elements::own_attributes(name);
        let mut kept = element.without_attributes();
        for attribute in &element.attributes {
            let (key, value) = (&*attribute.0, &attribute.1);
            if key == "id" || !(ATTRIBUTES.contains(&key) || own.contains(&key)) || value.contains(UNRESOLVED)
            {
                continue;
            }
            if key == "class" {
                if let Some(language) = element.classes().find(|class| class.starts_with("language-")) {
                    kept.set("class", language);
                }
                continue;
            }
            kept.attributes.push(attribute.clone());
        }
        let id = element.get("id").or_else(|| element.get("name").filter(|_| name == "a"));
        if let Some(id) = id.filter(|id| self.linked.contains(*id)) {
            kept.set("id", id);
        } else if is_heading(name) {
            let id = self.heading_id(index);
            if self.linked.contains(&id) {
                kept.set("id", id);
            }
        }
        kept
    }

    fn script(&mut self, index: usize, element: &Element) {
        let kind = element.get("type").unwrap_or_default().to_ascii_lowercase();
        if kind.starts_with("math/") {
            let tex = self.tree.text(self.tree.inside(index));
            self.code(&tex);
            return;
        }
        let source = element.get("src").unwrap_or_default();
        if let Some(gist) =
            source.strip_suffix(".js").filter(|source| source.starts_with("https://gist.github.com/"))
        {
            self.link_paragraph(Element::new("a").with("href", gist), gist);
            return;
        }
        // Data for search engines is no loss.
        if !matches!(kind.as_str(), "application/ld+json" | "application/json" | "text/template") {
            self.active("script");
        }
    }

    fn input(&mut self, element: &Element) {
        let kind = element.get("type").unwrap_or("text").to_ascii_lowercase();
        match kind.as_str() {
            "checkbox" => self.words(if element.has("checked") { "☑ " } else { "☐ " }),
            "hidden" => {}
            _ => self.active("input"),
        }
    }

    /// A form goes with its labels, unless somebody wrapped a whole page in one.
    fn is_short_form(&mut self, index: usize, end: usize) -> bool {
        self.active("form");
        self.tree.text(index..end).chars().filter(|letter| !letter.is_whitespace()).count() < 400
    }
}

/// Classes of the boxes in which documents put notes and warnings.
const CALLOUTS: &[&str] = &["admonition", "callout", "markdown-alert", "alert", "hint", "notice"];

/// Which elements hold one that stands on lines of its own.
fn blocks_inside(tree: &Tree) -> Vec<bool> {
    let mut holds = vec![false; tree.nodes.len()];
    for index in (0..tree.nodes.len()).rev() {
        let Some(node) = tree.nodes.get(index) else { continue };
        let is_block = holds.get(index).copied().unwrap_or_default() || elements::is(node.name(), LINE);
        if let Some(parent) = node.parent.filter(|_| is_block).and_then(|parent| holds.get_mut(parent)) {
            *parent = true;
        }
    }
    holds
}

fn is_hidden(element: &Element) -> bool {
    if element.has("hidden") && element.get("hidden") != Some("false") {
        return true;
    }
    let Some(style) = element.get("style") else { return false };
    let style: String =
        style.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_ascii_lowercase();
    style.contains("display:none") || style.contains("visibility:hidden")
}
