//! From a body as its author wrote it to content that is fit to publish, and the only way from one to the other.
//!
//! [`render`] is a row of passes, each in a file of its own: template leftovers are translated or dropped,
//! Markdown or plain text becomes HTML, addresses become absolute, elements that some reader would drop become
//! ones that all show, the sanitiser has the last word on markup, and a plain-text summary is taken.

mod absolutise;
pub mod address;
mod autolink;
mod characters;
mod direction;
mod elements;
mod embed;
mod expression;
mod flavour;
mod heading;
mod markdown;
mod mdx;
mod part;
mod plain;
mod portable;
mod report;
mod resolve;
mod sanitise;
mod shortcode;
mod srcset;
mod summary;
mod tags;
mod target;
mod template;
#[cfg(test)]
mod tests;
mod text;
mod tree;

use std::borrow::Cow;
use std::ops::Range;

use url::Url;

use crate::diagnostic::{Diagnostic, Rule};
use report::BodyReport;
use tree::{Tree, Unbearable};

pub use characters::{first_forbidden, is_forbidden, one_line, position_of, without_forbidden_characters};
pub use flavour::Flavour;
pub use part::Selector;
pub use plain::plain_text;

/// Markup of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Markup {
    /// `CommonMark` with tables, footnotes, strikethrough, task lists, bare addresses and heading attributes.
    Markdown,
    /// Markdown with imports and JSX.
    Mdx,
    /// HTML; of a whole document, what is in its `body`.
    Html,
    /// Plain text: paragraphs at blank lines, addresses become links, nothing else is interpreted.
    Text,
}

/// A body as written, still in its file, so that diagnostics can point into it.
#[derive(Clone, Debug)]
pub struct Body<'a> {
    /// The file, relative to the publication's folder.
    pub path: &'a str,
    /// The whole text of the file.
    pub source: &'a str,
    /// Range of the body in `source`, in bytes.
    pub range: Range<usize>,
    /// Markup of the body.
    pub markup: Markup,
}

impl Body<'_> {
    /// The text of the body.
    pub fn text(&self) -> &str {
        self.source.get(self.range.clone()).unwrap_or_default()
    }
}

/// Facts beside the body that `render` needs.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The article's own address, against which its relative addresses are resolved. It ends in `/` where the
    /// article is a folder of its own.
    pub permalink: &'a Url,
    /// The publication's home, for `{{ site.url }}` and addresses that templates make from the site's root.
    pub home: &'a Url,
    /// The summary that the author wrote, as plain text, if any.
    pub summary: Option<&'a str>,
    /// Marker of the summary's end in the body, if the publication has one of its own (Jekyll's
    /// `excerpt_separator`) beside those that everybody uses.
    pub summary_marker: Option<&'a str>,
    /// Prefix for the ids of footnotes, so that entries shown on one page do not clash: a few letters and digits
    /// of the article's id.
    pub id_prefix: &'a str,
    /// The other files of the publication.
    pub files: &'a dyn Files,
    /// Whose Markdown a body is, if it is Markdown.
    pub flavour: Flavour,
    /// The title that readers show above the text: a heading that only repeats it is left out.
    pub title: Option<&'a str>,
    /// The language of the text, by which its direction is known.
    pub language: Option<&'a str>,
}

impl<'a> Surroundings<'a> {
    /// Those of an article without title, summary or other files, in plain Markdown.
    pub fn new(permalink: &'a Url, home: &'a Url) -> Self {
        Self {
            permalink,
            home,
            summary: None,
            summary_marker: None,
            id_prefix: "",
            files: &NoFiles,
            flavour: Flavour::Common,
            title: None,
            language: None,
        }
    }
}

/// The place of a local picture on the built site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BundledImage {
    /// Under its own name: the generator has no bundler, or leaves this one alone.
    NotBundled,
    /// At this URL, under a name that the bundler made.
    At(Url),
    /// Under a name that the bundler made, and the built page does not show it.
    Unknown,
}

/// The other files of the publication, as links and images ask for them.
pub trait Files {
    /// The address of the article that a link names: a path from the articles' root (`news/hello.md`,
    /// `/news/hello`), from the folder of the linking article (`hello.md`, `../hello.md`), or only its name without
    /// extension or date (`hello`). `None` where there is no such article.
    fn article(&self, name: &str) -> Option<Url>;

    /// Width and height in pixels of a local image, named as in the body; `None` where it cannot be told.
    fn image_size(&self, name: &str) -> Option<(u32, u32)>;

    /// `true` if there is a local file of that name, as in the body; `None` where it cannot be told.
    fn has_file(&self, _name: &str) -> Option<bool> {
        None
    }

    /// The place of a local picture on the built site.
    fn bundled(&self, _name: &str) -> BundledImage {
        BundledImage::NotBundled
    }

    /// The address of a local file that is found by its name alone, wherever it lies; `None` where files are not.
    fn attachment(&self, _name: &str) -> Option<Url> {
        None
    }
}

/// Says that a picture is published under another name than that of its file.
pub(crate) fn under_another_name(name: &str) -> String {
    format!("the image `{name}` is published under a name that only the site's own build knows")
}

/// The advice about such a picture.
pub(crate) const WHERE_BUNDLED_IMAGES_ARE: &str = "build the site first, and name its folder as `site` in `[articles]`; or put the picture where files keep their names";

/// No other files.
pub struct NoFiles;

impl Files for NoFiles {
    fn article(&self, _: &str) -> Option<Url> {
        None
    }
    fn image_size(&self, _: &str) -> Option<(u32, u32)> {
        None
    }
}

/// HTML that is safe to publish and that every reader shows, and a plain-text summary of it.
///
/// Only [`render`] makes one: whoever holds it may publish it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    html: String,
    summary: String,
}

impl Content {
    /// Balanced, sanitised HTML of the portable profile with absolute addresses. Lands in RSS as
    /// `content:encoded`, in Atom as `content`, in JSON Feed as `content_html`. Empty for an empty article.
    pub fn html(&self) -> &str {
        &self.html
    }

    /// Plain text: as the author wrote it, else at most 300 characters and shorter than the content's HTML; empty only
    /// where there is nothing to say. Lands in RSS as `description`, in Atom and JSON Feed as `summary`.
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// `true` if there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.html.is_empty()
    }

    /// The first words of the text, at most so many characters: a name for what has no title. Empty where there are
    /// no words.
    pub fn beginning(&self, most_characters: usize) -> String {
        summary::beginning(&self.html, most_characters)
    }
}

/// Turns a body into content that is fit to publish. Never fails: what cannot be published is left out, and a
/// diagnostic says so.
///
/// ```
/// use feedwright::content::{Body, Markup, NoFiles, Surroundings, render};
/// let source = "![a cat](cat.jpg)\n\n<script>track()</script>";
/// let body = Body { path: "articles/cat.md", source, range: 0..source.len(), markup: Markup::Markdown };
/// let (permalink, home) = ("https://example.org/cat/".parse()?, "https://example.org/".parse()?);
/// let surroundings = Surroundings { id_prefix: "cat", ..Surroundings::new(&permalink, &home) };
/// let (content, diagnostics) = render(&body, &surroundings);
/// assert_eq!(content.html(), "<p><img src=\"https://example.org/cat/cat.jpg\" alt=\"a cat\"></p>");
/// assert_eq!(diagnostics[0].message, "`<script>` does nothing in a feed");
/// # Ok::<(), url::ParseError>(())
/// ```
pub fn render(body: &Body<'_>, surroundings: &Surroundings<'_>) -> (Content, Vec<Diagnostic>) {
    let mut report = BodyReport::new(body);

    let html = to_html(body, surroundings, &mut report);
    let content = from_html(body, &html, surroundings, &mut report);
    if content.is_empty() || !summary::has_words(body.text()) {
        report.push(
            Diagnostic::new(Rule::EmptyArticle, body.path, "the article has no text")
                .help("write some, or keep it back with `draft: true`"),
        );
    }
    (content, report.finish())
}

/// Turns the article's part of a page that a site's generator has built into content that is fit to publish, as [`render`]
/// does with what an author wrote. `selector` names the part; without one it is where pages have it:
/// `[itemprop=articleBody]`, `.e-content`, `article` or `main`. `None` where the page has no such part.
///
/// ```
/// use feedwright::content::{Body, Markup, Surroundings, render_page};
/// let source = "<body><nav>Menu</nav><article><h1>Cats</h1><p>A <a href='dog/'>dog</a>.</p></article></body>";
/// let body = Body { path: "public/cat/index.html", source, range: 0..source.len(), markup: Markup::Html };
/// let (permalink, home) = ("https://example.org/cat/".parse()?, "https://example.org/".parse()?);
/// let (content, _) = render_page(&body, None, &Surroundings::new(&permalink, &home)).unwrap();
/// assert_eq!(content.html(), "<h1>Cats</h1><p>A <a href=\"https://example.org/cat/dog/\">dog</a>.</p>");
/// # Ok::<(), url::ParseError>(())
/// ```
pub fn render_page(
    body: &Body<'_>,
    selector: Option<&Selector>,
    surroundings: &Surroundings<'_>,
) -> Option<(Content, Vec<Diagnostic>)> {
    let mut report = BodyReport::new(body);
    let page = tree::body(body.text()).ok()?;
    let content = from_tree(part::article(&page, selector)?, surroundings, &mut report);
    Some((content, report.finish()))
}

/// A body as HTML, still with all that its author put in it, but without what only a site generator understands.
fn to_html<'a>(
    body: &'a Body<'_>,
    surroundings: &Surroundings<'_>,
    report: &mut BodyReport<'_>,
) -> Cow<'a, str> {
    let markdown = match body.markup {
        Markup::Text => return text::to_html(body.text(), surroundings.summary_marker).into(),
        Markup::Html => return template::translate(body, surroundings, report),
        Markup::Markdown => template::translate(body, surroundings, report),
        Markup::Mdx => mdx::translate(body, surroundings, report).into(),
    };
    markdown::to_html(&markdown, surroundings.id_prefix, surroundings.flavour).into()
}

/// HTML through all the passes: what the author wrote is read as a browser reads it.
fn from_html(
    body: &Body<'_>,
    html: &str,
    surroundings: &Surroundings<'_>,
    report: &mut BodyReport<'_>,
) -> Content {
    let tree = parse(body, html).unwrap_or_else(|unbearable| {
        report.push(unbearable_text(body.path, unbearable));
        let paragraphs = tags::flat(html);
        let lines = || format!("<pre>{}</pre>", paragraphs.replace("<p>", "").replace("</p>", ""));
        tree::fragment(&paragraphs).or_else(|_| tree::fragment(&lines())).unwrap_or_default()
    });
    from_tree(tree, surroundings, report)
}

fn unbearable_text(path: &str, unbearable: Unbearable) -> Diagnostic {
    let (rule, message, help) = match unbearable {
        Unbearable::TooDeep => (
            Rule::DeepNesting,
            "elements are nested deeper than readers bear",
            "close what is left open, or write the article without so many boxes in boxes",
        ),
        Unbearable::TooMany => (
            Rule::TooManyElements,
            "the article has more elements than readers bear",
            "divide it into several articles, or publish it as a file and link to that",
        ),
    };
    Diagnostic::new(rule, path, message).help(help)
}

/// The passes that all HTML goes through.
fn from_tree(mut tree: Tree, surroundings: &Surroundings<'_>, report: &mut BodyReport<'_>) -> Content {
    if let Some(title) = surroundings.title {
        heading::leave_out(&mut tree, title);
    }
    absolutise::absolutise(&mut tree, surroundings, report);
    let mut tree = portable::portable(&tree, surroundings.flavour, report);
    target::lead_out(&mut tree, surroundings.permalink);
    if surroundings.language.is_some_and(direction::is_right_to_left) {
        direction::state(&mut tree);
    }
    // Sanitising comes last: the passes before it may still bring in markup.
    let html = sanitise::sanitise(&tree.write());
    let html = without_forbidden_characters(html.trim()).into_owned();
    finished(html, &tree, surroundings)
}

fn parse(body: &Body<'_>, html: &str) -> Result<Tree, Unbearable> {
    match body.markup {
        Markup::Html => tree::body(html),
        _ => tree::fragment(html),
    }
}

fn finished(html: String, tree: &Tree, surroundings: &Surroundings<'_>) -> Content {
    let stated = surroundings.summary.map(template::without_templates);
    match stated.as_deref().filter(|stated| html.is_empty() && summary::has_words(stated)) {
        // Readers drop an entry without content, and show the longer of the two: what the author said is content.
        Some(stated) => {
            let html = format!("<p>{}</p>", characters::escape(&without_forbidden_characters(stated)));
            Content { summary: summary::summarise(Some(stated), tree, &html), html }
        }
        None => Content { summary: summary::summarise(stated.as_deref(), tree, &html), html },
    }
}
