//! What is said of what people see in a browser: `[page]`.

use std::ops::Range;

use url::Url;

use super::{Reading, Section};
use crate::config::Page;
use crate::config::style::{Style, is_font, is_length};

/// `[page]` as said.
pub(super) struct Stated {
    write: bool,
    path: Option<String>,
    template: Option<String>,
    pub(super) style: Style,
}

impl Stated {
    /// The page as meant. Where feeds are served at the home itself or above it, `index.html` is somebody else's page.
    pub(super) fn meant(self, home: &Url, feeds_url: &Url) -> (Option<Page>, Style) {
        let default = || {
            let is_home = home.as_str().starts_with(feeds_url.as_str());
            (if is_home { "subscribe.html" } else { "index.html" }).to_owned()
        };
        let page = Page { path: self.path.unwrap_or_else(default), template: self.template };
        (self.write.then_some(page), self.style)
    }
}

impl Reading<'_> {
    pub(super) fn page(&mut self, mut section: Section<'_>) -> Stated {
        let write = self.boolean(&mut section, "write").unwrap_or(true);
        let path = self.page_path(&mut section);
        let template = self.template(&mut section);
        let style = self.style(&mut section);
        self.finish(section);
        Stated { write, path, template, style }
    }

    fn page_path(&mut self, section: &mut Section<'_>) -> Option<String> {
        let (path, span) = self.text(section, "path")?;
        self.check_folder(&path, &span);
        let is_page = [".html", ".htm"].iter().any(|extension| path.ends_with(extension));
        if !is_page {
            self.fault(span, format!("`{path}` is no name of a page")).help =
                Some("write it as `subscribe.html`".to_owned());
        }
        Some(path)
    }

    fn template(&mut self, section: &mut Section<'_>) -> Option<String> {
        let (path, span) = self.text(section, "template")?;
        self.check_folder(path.strip_prefix("./").unwrap_or(&path), &span);
        Some(path.strip_prefix("./").unwrap_or(&path).to_owned())
    }

    fn style(&mut self, section: &mut Section<'_>) -> Style {
        let mut style = Style::default();
        let Some(mut table) = self.optional_section(section, "style") else { return style };
        if let Some((accent, span)) = self.text(&mut table, "accent") {
            match accent.parse() {
                Ok(accent) => style.accent = accent,
                Err(()) => self.unusable(span, &accent, "no colour", "write it as `#0a5` or `#00aa55`"),
            }
        }
        if let Some((font, span)) = self.text(&mut table, "font") {
            if !is_font(&font) {
                self.unusable(span, &font, "no list of fonts", "write it as `Charter, Georgia, serif`");
            }
            style.font = font;
        }
        if let Some((width, span)) = self.text(&mut table, "width") {
            if !is_length(&width) {
                self.unusable(span, &width, "no width", "write it as `40rem`, `36em`, `70ch` or `640px`");
            }
            style.width = width;
        }
        self.finish(table);
        style
    }

    fn unusable(&mut self, span: Range<usize>, stated: &str, what: &str, help: &str) {
        self.fault(span, format!("`{stated}` is {what}")).help = Some(help.to_owned());
    }
}
