//! Films, recordings and pages within the page.

use super::image::is_tracker;
use super::{Treatment, Walk};
use crate::content::embed;
use crate::content::tree::Element;
use crate::diagnostic::Rule;

impl Walk<'_, '_, '_> {
    /// A page within the page becomes a link to it: some readers drop it without a word, and the W3C validator
    /// warns of every one.
    pub(super) fn embedded(&mut self, element: &Element) {
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

    pub(super) fn link_paragraph(&mut self, link: Element, text: &str) {
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
    pub(super) fn media(&mut self, index: usize, element: &Element) -> Treatment {
        let source = self.media_source(index, element);
        if source.is_none() {
            return Treatment::Unwrap;
        }
        let mut kept = self.portable_attributes(index, element);
        kept.set("controls", "");
        Treatment::Keep(kept)
    }

    pub(super) fn media_source(&self, index: usize, element: &Element) -> Option<String> {
        let inside = self.tree.elements(self.tree.inside(index));
        let mut sources =
            inside.filter(|(_, inner)| inner.name() == "source").filter_map(|(_, source)| source.get("src"));
        element.get("src").or_else(|| sources.next()).map(str::to_owned)
    }

    /// The link for readers that play nothing, where the author wrote none.
    pub(super) fn media_link(&self, index: usize, element: &Element) -> Option<(Element, String)> {
        if !matches!(element.name(), "audio" | "video") {
            return None;
        }
        let source = self.media_source(index, element)?;
        let inside = self.tree.inside(index);
        let has_link = self.tree.elements(inside).any(|(_, inner)| inner.name() == "a" && inner.has("href"));
        let text = element.get("title").map_or_else(|| source.clone(), str::to_owned);
        (!has_link).then(|| (Element::new("a").with("href", source), text))
    }
}
