//! Settings of what a browser shows: `[page]`, and `stylesheet` in `[feeds]`.

use std::ops::Range;

use toml::de::DeValue;
use url::{Position, Url};

use super::section::{Reading, Section};
use crate::config::style::{Style, is_font, is_length};
use crate::config::{Page, Stylesheet};
use crate::content::address::in_ascii;
use crate::fetch::is_web;

/// `[page]` as said.
pub(super) struct Stated {
    write: bool,
    path: Option<String>,
    template: Option<String>,
    pub(super) style: Style,
}

impl Stated {
    /// The page as meant. Where feeds are served at the home itself or above it, `index.html` is somebody
    /// else's page.
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

    pub(super) fn stylesheet(&mut self, section: &mut Section<'_>) -> Stylesheet {
        let ours = || Stylesheet::Ours("feed.css".to_owned());
        let Some(value) = section.take("stylesheet") else { return ours() };
        let span = value.span();
        let stated = match value.into_inner() {
            DeValue::Boolean(false) => return Stylesheet::None,
            DeValue::Boolean(true) => return ours(),
            DeValue::String(stated) => stated,
            other => {
                return self.wrong_kind(span, "stylesheet", "text or `false`", &other).unwrap_or_else(ours);
            }
        };
        if stated.contains("://") || stated.starts_with('/') {
            return Stylesheet::Theirs(self.address(&stated, span));
        }
        self.check_folder(&stated, &span);
        if !stated.ends_with(".css") {
            self.unusable(span, &stated, "not the name of a style sheet", "write it as `feed.css`");
        }
        Stylesheet::Ours(stated.into_owned())
    }

    /// An address on the web as it may stand in a document, or the part of it that follows the host.
    fn address(&mut self, stated: &str, span: Range<usize>) -> String {
        let anywhere = Url::parse("https://example.org/").expect("it is an address");
        let is_whole = !stated.starts_with('/') || stated.starts_with("//");
        match anywhere.join(stated) {
            Ok(url) if is_whole && is_web(&url) => in_ascii(&url).into_owned(),
            Ok(url) if !is_whole => {
                let address = in_ascii(&url);
                address.strip_prefix(&url[..Position::BeforePath]).unwrap_or(&address).to_owned()
            }
            _ => {
                self.unusable(span, stated, "not the URL of a style sheet", "write it as `/feed.css`");
                String::new()
            }
        }
    }

    fn page_path(&mut self, section: &mut Section<'_>) -> Option<String> {
        let (path, span) = self.text(section, "path")?;
        self.check_folder(&path, &span);
        let is_page = [".html", ".htm"].iter().any(|extension| path.ends_with(extension));
        if !is_page {
            self.fault(span, format!("`{path}` is not the name of a page")).help =
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
                Err(()) => self.unusable(span, &accent, "not a colour", "write it as `#0a5` or `#00aa55`"),
            }
        }
        if let Some((font, span)) = self.text(&mut table, "font") {
            if !is_font(&font) {
                self.unusable(span, &font, "not a list of fonts", "write it as `Charter, Georgia, serif`");
            }
            style.font = font;
        }
        if let Some((width, span)) = self.text(&mut table, "width") {
            if !is_length(&width) {
                self.unusable(span, &width, "not a width", "write it as `40rem`, `36em`, `70ch` or `640px`");
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
