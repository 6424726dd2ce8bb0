//! Turns any HTML into elements that every reader shows, each of the others into what comes closest.
//!
//! Two of the large readers delete an element that they do not know with all that is in it, so nothing may rest
//! on one that is not in the profile. The row of nodes is walked once, and a new one written. What Markdown can make
//! without HTML, [`page`](super::page) knows as well.

mod code;
mod image;

use std::collections::BTreeSet;

use super::absolutise::UNRESOLVED;
use super::report::Report;
use super::sanitise::{ATTRIBUTES, ATTRIBUTES_OF, ELEMENTS};
use super::tree::{Builder, Data, Element, Tree};
use super::{embed, summary};
use crate::diagnostic::Rule;
use code::is_code_table;
pub(super) use code::plain_language;
pub(super) use image::{complain_of_missing_alt, is_blank_image};
use image::{images_outside_noscript, is_tracker};

/// Whether an element begins a new line in every browser.
fn begins_line(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "li"
            | "listing"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "plaintext"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
            | "xmp"
            | "iframe"
            | "embed"
            | "object"
            | "noscript"
            | "frame"
    )
}

/// Whether there are words in an element, but no paragraphs.
fn holds_phrases(name: &str) -> bool {
    matches!(
        name,
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre" | "caption" | "dt" | "code" | "sup" | "sub"
    )
}

/// Whether an element is left out with all it holds.
fn is_dropped(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "template"
            | "dialog"
            | "button"
            | "select"
            | "textarea"
            | "input"
            | "datalist"
            | "head"
            | "title"
            | "meta"
            | "link"
            | "base"
            | "param"
            | "track"
            | "map"
            | "area"
            | "rp"
            | "svg"
            | "optgroup"
            | "option"
            | "frameset"
            | "frame"
            | "applet"
            | "bgsound"
            | "keygen"
    )
}

/// Of those, the ones in which something was meant to happen.
const ACTIVE: &[&str] = &["script", "button", "select", "textarea", "input", "applet", "dialog"];

/// Writes the tree anew in elements of the profile; a comment that ends the summary stays for the summary's sake.
pub(super) fn portable(tree: &Tree, report: &mut Report<'_>) -> Tree {
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
        has_headings: BTreeSet::new(),
    };
    walk.run();
    walk.out.finish()
}

struct Walk<'t, 'r, 'b> {
    tree: &'t Tree,
    report: &'r mut Report<'b>,
    holds_block: Vec<bool>,
    linked: BTreeSet<String>,
    images: BTreeSet<&'t str>,
    out: Builder,
    frames: Vec<Frame>,
    /// Whether a paragraph was opened for words that had none.
    paragraph: bool,
    marked: bool,
    /// The ids that headings were given.
    has_headings: BTreeSet<String>,
}

/// What is being walked through.
struct Frame {
    end: usize,
    exit: Exit,
    /// Whether words in it need a paragraph.
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

/// What becomes of an element.
enum Fate {
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
            Fate::Drop => return end,
            Fate::Unwrap => self.unwrap(index, end),
            Fate::Keep(kept) => self.keep(index, end, kept),
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

    fn fate(&mut self, index: usize, element: &Element) -> Fate {
        let name = element.name();
        if is_dropped(name) {
            if ACTIVE.contains(&name) {
                self.active(name);
            }
            return Fate::Drop;
        }
        match name {
            "a" if !element.has("href") && !self.is_linked(element) => Fate::Unwrap,
            "source" if !matches!(self.parent_name(index), "audio" | "video") || !element.has("src") => {
                Fate::Drop
            }
            "audio" | "video" => self.media(index, element),
            "tt" => Fate::Keep(Element::new("code")),
            "strike" => Fate::Keep(Element::new("s")),
            "dir" | "menu" => Fate::Keep(Element::new("ul")),
            "summary" => Fate::Unwrap,
            "div" | "section" if element.has_class(CALLOUTS) => Fate::Keep(Element::new("blockquote")),
            _ if ELEMENTS.binary_search(&name).is_ok() => {
                Fate::Keep(self.portable_attributes(index, element))
            }
            _ => Fate::Unwrap,
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
        self.out.open(element);
        if super::tree::is_void(&name) {
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
        !self.out.ancestors().any(holds_phrases) || self.flows()
    }

    /// Whether an element stands on lines of its own.
    fn is_block(&self, index: usize) -> bool {
        self.tree.nodes.get(index).is_some_and(|node| begins_line(node.name())) || self.holds(index)
    }

    fn holds(&self, index: usize) -> bool {
        self.holds_block.get(index).copied().unwrap_or_default()
    }

    fn parent_name(&self, index: usize) -> &str {
        let parent = self.tree.nodes.get(index).and_then(|node| node.parent);
        parent.and_then(|parent| self.tree.nodes.get(parent)).map_or("", |node| node.name())
    }

    fn is_linked(&self, element: &Element) -> bool {
        element.get("id").or_else(|| element.get("name")).is_some_and(|id| self.linked.contains(id))
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
        let own = ATTRIBUTES_OF.iter().find(|(of, _)| *of == name).map_or(&[][..], |(_, own)| own);
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
            let slug = heading_id(&self.tree.text(self.tree.inside(index)));
            if self.linked.contains(&slug) && self.has_headings.insert(slug.clone()) {
                kept.set("id", slug);
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

    fn code(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            self.begin_phrase();
            self.out.open(Element::new("code"));
            self.out.text(text);
            self.out.close();
        }
    }

    /// A formula as the TeX that it was made from, or else its letters.
    fn formula(&mut self, index: usize, element: &Element) {
        let inside = self.tree.inside(index);
        let source = self.tree.elements(inside.clone()).find(|(_, inner)| {
            inner.name() == "annotation"
                && inner.get("encoding").is_some_and(|encoding| encoding.contains("tex"))
        });
        let described = self.tree.elements(index..inside.end).find_map(|(_, inner)| inner.get("alttext"));
        let tex = match source {
            Some((at, _)) => self.tree.text(self.tree.inside(at)),
            None => described.map_or_else(|| self.tree.text(inside), str::to_owned),
        };
        if element.name() == "div" {
            self.end_paragraph(self.flows());
        }
        self.code(&tex);
    }

    /// A drawing by its title: two large readers would delete it.
    fn drawing(&mut self, index: usize, element: &Element) {
        if element.get("aria-hidden") == Some("true") {
            return;
        }
        let title = self.tree.elements(self.tree.inside(index)).find(|(_, inner)| inner.name() == "title");
        let said = match title {
            Some((at, _)) => self.tree.text(self.tree.inside(at)),
            None => element.get("aria-label").unwrap_or_default().to_owned(),
        };
        if summary::has_words(&said) {
            self.words(said.trim());
        }
    }

    /// A page within the page becomes a link to it: some readers drop it without a word, and the W3C validator
    /// warns of every one.
    fn embedded(&mut self, element: &Element) {
        let source = ["src", "data-src", "data-lazy-src"]
            .iter()
            .find_map(|name| element.get(name))
            .unwrap_or_default();
        if source.is_empty() || is_tracker(element) || source.contains("googletagmanager.com/") {
            return;
        }
        let address = embed::page_of(source);
        let title = element.get("title").map(str::trim).filter(|title| !title.is_empty());
        if self.report.wants(Rule::EmbeddedContent) {
            let needle = format!("<{}", element.name());
            let diagnostic = self
                .report
                .near(
                    Rule::EmbeddedContent,
                    &[&needle],
                    format!("many readers do not show `<{}>`", element.name()),
                )
                .label(format!("published as a link to {address}"))
                .help("say in the text what is to be seen there");
            self.report.push(diagnostic);
        }
        let text = title.unwrap_or(&address).to_owned();
        self.link_paragraph(Element::new("a").with("href", address), &text);
    }

    fn link_paragraph(&mut self, link: Element, text: &str) {
        let own = self.may_have_paragraphs()
            && !self.out.ancestors().any(|name| matches!(name, "audio" | "video" | "a"));
        if own {
            self.end_paragraph(self.flows());
            self.out.open(Element::new("p"));
        }
        if self.out.ancestors().any(|name| name == "a") {
            self.out.text(text);
        } else {
            self.out.open(link);
            self.out.text(text);
            self.out.close();
        }
        if own {
            self.out.close();
        }
    }

    /// A film or a recording that readers can start.
    fn media(&mut self, index: usize, element: &Element) -> Fate {
        let source = self.media_source(index, element);
        if source.is_none() {
            return Fate::Unwrap;
        }
        let mut kept = self.portable_attributes(index, element);
        kept.set("controls", "");
        Fate::Keep(kept)
    }

    fn media_source(&self, index: usize, element: &Element) -> Option<String> {
        let inside = self.tree.elements(self.tree.inside(index));
        let mut sources =
            inside.filter(|(_, inner)| inner.name() == "source").filter_map(|(_, source)| source.get("src"));
        element.get("src").or_else(|| sources.next()).map(str::to_owned)
    }

    /// The link for readers that play nothing, where the author wrote none.
    fn media_link(&self, index: usize, element: &Element) -> Option<(Element, String)> {
        if !matches!(element.name(), "audio" | "video") {
            return None;
        }
        let source = self.media_source(index, element)?;
        let inside = self.tree.inside(index);
        let has_link = self.tree.elements(inside).any(|(_, inner)| inner.name() == "a" && inner.has("href"));
        let text = element.get("title").map_or_else(|| source.clone(), str::to_owned);
        (!has_link).then(|| (Element::new("a").with("href", source), text))
    }

    /// A form goes with its labels, unless somebody wrapped a whole page in one.
    fn is_short_form(&mut self, index: usize, end: usize) -> bool {
        self.active("form");
        self.tree.text(index..end).chars().filter(|letter| !letter.is_whitespace()).count() < 400
    }

    /// Links by which visitors of the page copy the address of a heading or a line.
    fn is_heading_anchor(&self, index: usize, element: &Element) -> bool {
        const CLASSES: &[&str] = &[
            "anchor",
            "header-anchor",
            "headerlink",
            "anchor-link",
            "anchorjs-link",
            "direct-link",
            "heading-anchor",
            "zola-anchor",
            "heading-link",
            "headline-hash",
            "permalink",
        ];
        let to_fragment = element.get("href").is_some_and(|href| href.contains('#'));
        let is_marked = || element.has_class(CLASSES) || element.get("aria-hidden") == Some("true");
        if !to_fragment || !(self.out.ancestors().any(is_heading) || is_marked()) {
            return false;
        }
        let inside = self.tree.inside(index);
        let text = self.tree.text(inside.clone());
        let text = text.trim();
        let is_sign = text.chars().count() <= 2 && !text.chars().any(char::is_alphanumeric);
        let has_image = self.tree.elements(inside).any(|(_, inner)| inner.name() == "img");
        // A note's own back link is a sign too, but stands in no heading.
        !has_image && is_sign
    }
}

/// Classes of the boxes in which documents put notes and warnings.
const CALLOUTS: &[&str] = &["admonition", "callout", "markdown-alert", "alert", "hint", "notice"];

fn is_heading(name: &str) -> bool {
    matches!(name.as_bytes(), [b'h', b'1'..=b'6'])
}

/// Which elements hold one that stands on lines of its own.
fn blocks_inside(tree: &Tree) -> Vec<bool> {
    let mut holds = vec![false; tree.nodes.len()];
    for index in (0..tree.nodes.len()).rev() {
        let Some(node) = tree.nodes.get(index) else { continue };
        let is_block = holds.get(index).copied().unwrap_or_default() || begins_line(node.name());
        if let Some(parent) = node.parent.filter(|_| is_block).and_then(|parent| holds.get_mut(parent)) {
            *parent = true;
        }
    }
    holds
}

/// The ids to which links of the text lead.
fn linked_fragments(tree: &Tree) -> BTreeSet<String> {
    let links =
        tree.elements(0..tree.nodes.len()).filter_map(|(_, element)| element.get("href")?.strip_prefix('#'));
    links.map(super::absolutise::percent_decoded).filter(|id| !id.is_empty()).collect()
}

/// The id that generators give a heading of that text.
pub(super) fn heading_id(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let kept = text.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
    kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
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

fn is_formula(element: &Element) -> bool {
    element.name() == "mjx-container"
        || element.has_class(&["katex", "katex-display", "MathJax", "MathJax_Display"])
}
