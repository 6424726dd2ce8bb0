//! Flavours of Markdown: what each system has beside `CommonMark`, as far as it is on without being asked
//! for. One row each.

/// The Markdown of a system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Flavour {
    /// `CommonMark` with tables, footnotes, strikethrough, task lists, bare addresses and heading attributes, which all
    /// the others are read with, too.
    #[default]
    Common,
    /// goldmark, as Hugo sets it up.
    Goldmark,
    /// pulldown-cmark, as Zola sets it up.
    Zola,
    /// kramdown, as Jekyll sets it up.
    Kramdown,
    /// markdown-it, as Eleventy sets it up.
    MarkdownIt,
    /// remark, as Astro sets it up.
    Remark,
    /// Marked, as Hexo sets it up.
    Marked,
    /// Python-Markdown, as Pelican sets it up.
    PythonMarkdown,
    /// Python-Markdown, as Nikola sets it up.
    Nikola,
    /// Obsidian.
    Obsidian,
    /// Pandoc, as Quarto sets it up.
    Pandoc,
}

/// Between which signs a text has TeX.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Maths {
    None,
    /// `$$…$$`, within a line too.
    Doubled,
    /// `$$…$$` and `$…$`.
    Dollars,
    /// `$$…$$`, `\(…\)` and `\[…\]` where a site has turned them on, which shows in that nothing in them is escaped.
    Passthrough,
}

/// Whose root an address means that begins with `/`, where the site is only a part of its host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Root {
    Host,
    Site,
    /// The site's in images, else the host's.
    SiteForImages,
}

/// Features of a flavour of Markdown.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools)] // It is a row of a table.
pub(super) struct Features {
    /// A line that begins with `: ` defines the line before it.
    pub(super) definitions: bool,
    /// Straight quotes, hyphens and full stops become the signs of a printer.
    pub(super) typographic: bool,
    /// Each end of a line is one on the page.
    pub(super) breaks: bool,
    /// `==words==` are marked.
    pub(super) marks: bool,
    /// `^superscript^` and `~subscript~`.
    pub(super) scripts: bool,
    /// `*[HTML]: Hypertext Markup Language` explains each `HTML` in the text.
    pub(super) abbreviations: bool,
    /// `^name` at the end of a block names it, for links.
    pub(super) block_names: bool,
    pub(super) maths: Maths,
    pub(super) root: Root,
    /// Character between the id of a heading and the number that tells it from an earlier one of the same
    /// text.
    pub(super) number_separator: char,
}

const COMMON: Features = Features {
    definitions: false,
    typographic: false,
    breaks: false,
    marks: false,
    scripts: false,
    abbreviations: false,
    block_names: false,
    maths: Maths::None,
    root: Root::Host,
    number_separator: '-',
};

const PYTHON: Features = Features { definitions: true, abbreviations: true, number_separator: '_', ..COMMON };

impl Flavour {
    #[rustfmt::skip]
    pub(super) fn features(self) -> Features {
        match self {
            Self::Common | Self::Zola | Self::MarkdownIt => COMMON,
            Self::Goldmark => Features { definitions: true, typographic: true, maths: Maths::Passthrough, ..COMMON },
            Self::Kramdown => Features { definitions: true, typographic: true, abbreviations: true, maths: Maths::Doubled, ..COMMON },
            Self::Remark => Features { typographic: true, ..COMMON },
            Self::Marked => Features { definitions: true, typographic: true, breaks: true, root: Root::SiteForImages, ..COMMON },
            Self::PythonMarkdown => PYTHON,
            Self::Nikola => Features { root: Root::Site, ..PYTHON },
            Self::Obsidian => Features { breaks: true, marks: true, block_names: true, maths: Maths::Dollars, ..COMMON },
            Self::Pandoc => Features { definitions: true, typographic: true, scripts: true, maths: Maths::Dollars, ..COMMON },
        }
    }
}
