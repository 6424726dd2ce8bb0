//! Code as it reads, whatever a highlighter made of it.

use std::ops::Range;

use super::{Walk, is_hidden};
use crate::content::elements::{self, DROPPED};
use crate::content::tree::{Data, Element, Node, Tree};

impl Walk<'_, '_, '_> {
    /// Code as it reads: without colours, line numbers and the links of its lines.
    pub(super) fn code_block(&mut self, index: usize, end: usize, element: &Element) {
        self.end_paragraph(self.flows());
        let inside = index + 1..end;
        let code = self.tree.elements(inside.clone()).find(|(_, inner)| inner.name() == "code");
        let is_code = code.is_some() || is_highlighter(element) || self.is_in_highlighter(index);
        let language = code.map(|(_, code)| code).into_iter().chain([element]).find_map(language_of);
        self.out.open(with_direction(Element::new("pre"), element));
        if is_code {
            let mut code = Element::new("code");
            if let Some(language) = language {
                code.set("class", format!("language-{language}"));
            }
            self.out.open(code);
        }
        self.code_lines(inside, is_code);
        if is_code {
            self.out.close();
        }
        self.out.close();
    }

    fn is_in_highlighter(&self, index: usize) -> bool {
        let mut parent = self.tree.nodes.get(index).and_then(|node| node.parent);
        for _ in 0..8 {
            let Some(node) = parent.and_then(|parent| self.tree.nodes.get(parent)) else { return false };
            if node.element().is_some_and(is_highlighter) {
                return true;
            }
            parent = node.parent;
        }
        false
    }

    fn code_lines(&mut self, inside: Range<usize>, is_code: bool) {
        let mut ends: Vec<(usize, bool)> = Vec::new();
        let mut at = inside.start;
        let mut text = String::new();
        while at < inside.end {
            while let Some((_, closes)) = ends.pop_if(|(end, _)| *end <= at) {
                self.flush(&mut text);
                if closes {
                    self.out.close();
                } else {
                    text.push('\n');
                }
            }
            let Some(node) = self.tree.nodes.get(at) else { break };
            match &node.data {
                Data::Text(part) => text.push_str(part),
                Data::Comment(_) => {}
                Data::Element(element) if is_line_number(element) || is_hidden(element) => {
                    at = node.end;
                    continue;
                }
                Data::Element(element) if elements::is(element.name(), DROPPED) => {
                    at = node.end;
                    continue;
                }
                Data::Element(element) => self.code_element(at, element, inside.end, &mut text, &mut ends),
            }
            at += 1;
        }
        if is_code {
            text.truncate(text.trim_end().len());
            if ends.is_empty() && !text.is_empty() {
                text.push('\n');
            }
        }
        self.flush(&mut text);
        while let Some((_, closes)) = ends.pop() {
            if closes {
                self.out.close();
            }
        }
    }

    /// An element in code that readers see: what ends a line, stresses a word, leads elsewhere, or is an image.
    fn code_element(
        &mut self,
        at: usize,
        element: &Element,
        code_end: usize,
        text: &mut String,
        ends: &mut Vec<(usize, bool)>,
    ) {
        let end = self.tree.nodes.get(at).map_or(at + 1, |node| node.end);
        match element.name() {
            "br" => text.push('\n'),
            "div" | "p" | "li" | "tr" if !text.ends_with('\n') && end < code_end => ends.push((end, false)),
            "b" | "em" | "i" | "strong" | "var" | "ins" | "del" | "sub" | "sup" | "s" | "u"
                if !is_highlighter(element) && !element.has("class") =>
            {
                self.flush(text);
                self.out.open(Element::new(element.name()));
                ends.push((end, true));
            }
            "a" if element.get("href").is_some_and(|href| !href.starts_with('#')) => {
                self.flush(text);
                let kept = self.portable_attributes(at, element);
                self.out.open(kept);
                ends.push((end, true));
            }
            "img" => {
                self.flush(text);
                self.image(element);
            }
            _ => {}
        }
    }

    fn flush(&mut self, text: &mut String) {
        let text = std::mem::take(text);
        // HTML takes a line feed right after `<pre>` for none; it would be another one at each reading.
        let is_first = self.out.ancestors().next() == Some("pre") && self.out.is_at_space();
        self.out.text(if is_first { text.trim_start_matches('\n') } else { &text });
    }
}

/// `true` for a table or a figure by which a highlighter sets code with line numbers beside it.
pub(super) fn is_code_table(tree: &Tree, index: usize) -> bool {
    const TABLES: &[&str] = &[
        "highlighttable",
        "rouge-table",
        "lntable",
        "highlight-table",
        "codehilitetable",
        "syntaxhighlighter",
        "highlight",
    ];
    const NUMBERS: &[&str] =
        &["gutter", "linenos", "lineno", "line-numbers", "rouge-gutter", "lntd", "gl", "gutter-cell"];
    let inside = tree.inside(index);
    let end = inside.end.min(inside.start + 64);
    let mut has_table = tree.nodes.get(index).is_some_and(|node| node.name() == "table");
    let mut has_numbers =
        tree.nodes.get(index).and_then(Node::element).is_some_and(|table| table.has_class(TABLES));
    for (_, element) in tree.elements(inside.start..end) {
        has_table |= element.name() == "table";
        has_numbers |= element.name() == "td" && element.has_class(NUMBERS);
    }
    has_table && has_numbers && tree.elements(inside).any(|(_, element)| element.name() == "pre")
}

fn is_highlighter(element: &Element) -> bool {
    element.classes().any(|class| {
        matches!(
            class,
            "highlight"
                | "codehilite"
                | "chroma"
                | "rouge"
                | "hljs"
                | "code"
                | "sourceCode"
                | "highlighter-rouge"
                | "z-code"
                | "shiki"
                | "astro-code"
                | "prettyprint"
                | "literal-block"
                | "giallo"
                | "rouge-table"
                | "rouge-code"
                | "lntable"
                | "lntd"
                | "highlighttable"
                | "codehilitetable"
                | "syntax"
        ) || class.starts_with("language-")
            || class.starts_with("highlight-source-")
            || class.starts_with("brush:")
    })
}

fn is_line_number(element: &Element) -> bool {
    element.has_class(&[
        "lineno",
        "linenos",
        "line-number",
        "line-numbers",
        "line-numbers-rows",
        "lnt",
        "ln",
        "gutter",
        "linenodiv",
        "rouge-gutter",
        "giallo-ln",
        "gl",
    ])
}

/// The language that a highlighter was told.
fn language_of(element: &Element) -> Option<String> {
    let named = element.classes().find_map(|class| {
        let prefixes = ["language-", "lang-", "highlight-source-", "brush:"];
        prefixes.iter().find_map(|prefix| class.strip_prefix(prefix))
    });
    let language = named.or_else(|| element.get("data-lang"))?;
    plain_language(language).map(str::to_owned)
}

/// The language's name alone; `None` where it is none.
fn plain_language(language: &str) -> Option<&str> {
    // Rust's documentation writes `language-rust,ignore`.
    let language = language.split([',', '{', ';']).next().unwrap_or_default();
    let is_name = !language.is_empty()
        && language.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-_#.".contains(&byte));
    is_name.then_some(language)
}

fn with_direction(mut element: Element, from: &Element) -> Element {
    for name in ["dir", "lang"] {
        if let Some(value) = from.get(name) {
            element.set(name, value);
        }
    }
    element
}
