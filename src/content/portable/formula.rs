//! Formulas and drawings, of which the large readers would delete even the letters.

use super::{Walk, mathml};
use crate::content::summary;
use crate::content::tree::Element;

impl Walk<'_, '_, '_> {
    /// A formula as the TeX that it was made from, or else as a line of text.
    pub(super) fn formula(&mut self, index: usize, element: &Element) {
        let inside = self.tree.inside(index);
        let source = self.tree.elements(inside.clone()).find(|(_, inner)| {
            inner.name() == "annotation"
                && inner.get("encoding").is_some_and(|encoding| encoding.contains("tex"))
        });
        let described = self.tree.elements(index..inside.end).find_map(|(_, inner)| inner.get("alttext"));
        let tex = match source {
            Some((at, _)) => self.tree.text(self.tree.inside(at)),
            None => described.map_or_else(|| mathml::text(self.tree, self.markup_of(index)), str::to_owned),
        };
        if element.name() == "div" {
            self.end_paragraph(self.flows());
        }
        self.code(&tex);
    }

    /// The `math` element in an element that shows a formula twice, or the element.
    fn markup_of(&self, index: usize) -> usize {
        let mut inside = self.tree.elements(self.tree.inside(index));
        inside.find(|(_, inner)| inner.name() == "math").map_or(index, |(at, _)| at)
    }

    /// A drawing by its title: two large readers would delete it.
    pub(super) fn drawing(&mut self, index: usize, element: &Element) {
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

    pub(super) fn code(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            self.begin_phrase();
            self.out.open(Element::new("code"));
            self.out.text(text);
            self.out.close();
        }
    }
}

pub(super) fn is_formula(element: &Element) -> bool {
    element.name() == "mjx-container"
        || element.has_class(&["katex", "katex-display", "MathJax", "MathJax_Display"])
}
