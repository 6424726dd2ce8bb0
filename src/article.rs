//! What an author says: a source file becomes an [`Article`].
//!
//! [`parse`] finds the front matter, asks the dialect table what the author's words mean, and takes from the
//! file's name and path what the metadata do not say. What it cannot understand it says in a diagnostic, and
//! goes on: there is always an article.

mod address;
mod author;
mod date;
mod detect;
mod dialect;
mod enclosure;
mod facts;
mod front_matter;
mod header;
mod meaning;
mod metadata;
mod minhash;
mod name;
mod sidecar;
mod summary;
mod title;
mod tree;
mod write;

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::content::{Body, Markup, first_forbidden, is_forbidden, without_forbidden_characters};
use crate::diagnostic::{Diagnostic, Rule};
use address::Filling;
use dialect::Meaning;
use front_matter::Text;
use meaning::{Reader, Title, plain, strictness};
use metadata::{Metadata, Origin};
use name::Named;
use tree::Field;

pub use author::parse_authors;
pub use detect::detect;
pub use dialect::{Dialect, UnknownDialect};
pub use facts::facts;
pub use minhash::{differs, similarity};
pub use summary::{ArticleSummary, PermalinkParts, TextFingerprint};
pub use write::{NewArticle, slugify, write};

/// A file of the articles' folder, and the metadata file beside it if there is one.
#[derive(Clone, Copy, Debug, Default)]
pub struct SourceFile<'a> {
    /// Relative to the publication's folder, `/` between its parts: `articles/news/hello.md`.
    pub path: &'a str,
    /// The same, relative to the articles' folder: `news/hello.md`. What slug, section and id are taken from.
    pub name: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
    /// Path and content of `hello.toml`, `.yaml`, `.yml`, `.json` or `.meta` beside `hello.md`.
    pub sidecar: Option<(&'a str, &'a [u8])>,
    /// What is remembered of a body. Where it still is the article's, that need not be measured again.
    pub remembered: Option<TextFingerprint>,
}

/// What is customary in a publication.
#[derive(Clone, Debug)]
pub struct Conventions {
    /// Which words mean what.
    pub dialect: Dialect,
    /// For dates written without one.
    pub timezone: Tz,
    /// The publication's language, a BCP 47 tag.
    pub language: String,
    /// Full authors by the short names that articles use: Jekyll's `_data/authors.yml` and the like.
    pub authors: BTreeMap<String, Author>,
}

impl Default for Conventions {
    /// Feedwright's own dialect, UTC, English, no authors.
    fn default() -> Self {
        Self {
            dialect: Dialect::Feedwright,
            timezone: Tz::UTC,
            language: "en".to_owned(),
            authors: BTreeMap::new(),
        }
    }
}

/// An article: everything its author says of it, and where its text lies.
#[derive(Clone, Debug, PartialEq)]
pub struct Article {
    /// Relative to the publication's folder: `articles/news/hello.md`.
    pub path: String,
    /// Relative to the articles' folder: `news/hello.md`.
    pub name: String,
    /// Plain text; `None` for a note.
    pub title: Option<String>,
    /// The last part of its address. Never empty, no `/`; may hold letters of any script.
    pub slug: String,
    /// The folders between the articles' folder and the article, `news/2024`, without those that only a generator
    /// means (`_posts`, language folders, the folder of a bundle); empty at the top.
    pub section: String,
    /// Whether the article is a folder of its own (`hello/index.md`), against which its images are resolved.
    pub bundle: bool,
    /// Who may see it.
    pub visibility: Visibility,
    /// As stated, or taken from name or path.
    pub published: Option<DateTime<Utc>>,
    /// As stated.
    pub updated: Option<DateTime<Utc>>,
    /// From when on it is withheld.
    pub expires: Option<DateTime<Utc>>,
    /// The id that the author gave it, word for word.
    pub id: Option<String>,
    /// The address that the author gave it: an absolute one, or a path from the publication's home that begins
    /// with `/`. Patterns (`:year/:title`) are filled in.
    pub address: Option<String>,
    /// The address of the original elsewhere.
    pub canonical: Option<String>,
    /// Former addresses, absolute or beginning with `/`.
    pub aliases: Vec<String>,
    /// Plain text that the author wrote as a summary.
    pub summary: Option<String>,
    /// Whether only the summary goes into feeds.
    pub excerpt_only: bool,
    /// Jekyll's `excerpt_separator`, where the article has one of its own.
    pub summary_marker: Option<String>,
    /// In the order given.
    pub authors: Vec<Author>,
    /// Without repetition, in the order given; a hierarchy is written `animals/cats`.
    pub tags: Vec<String>,
    /// Without repetition, in the order given.
    pub categories: Vec<String>,
    /// BCP 47; `None` where it is the publication's.
    pub language: Option<String>,
    /// The lead image.
    pub cover: Option<Cover>,
    /// Audio, video and other files.
    pub enclosures: Vec<EnclosureStated>,
    /// What a link post is about.
    pub link: Option<String>,
    /// Where the text comes from: a name, an address, or both.
    pub source: Option<Author>,
    /// The page where people discuss it.
    pub comments: Option<String>,
    /// Address of the licence.
    pub licence: Option<String>,
    /// A statement of rights.
    pub rights: Option<String>,
    /// How the body is written.
    pub markup: Markup,
    /// Where in the file's text (without a byte order mark) the body lies, in bytes.
    pub body: Range<usize>,
    /// What the body can be known again by.
    pub fingerprint: TextFingerprint,
    /// A digest of all that is stated of it: what stands before the body, the file beside it, and how long the body is.
    pub stated: [u8; 16],
}

/// Who may see an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// Everybody.
    Public,
    /// Nobody yet.
    Draft,
    /// Everybody who has its address, but no feed.
    Unlisted,
    /// Those who are let in: private, for members, behind a password.
    Private,
    /// It is no article: a section's page (`_index.md`), a page of the site.
    Page,
    /// Nobody, because its file cannot be understood; a diagnostic says why.
    Faulty,
    /// Nobody, because the built site has no page of it: its generator withholds it.
    Absent,
    /// Nobody, because its file cannot be read; all that is known of it is that it is there.
    Unreadable,
}

/// Somebody who writes, as far as the article or the table of authors says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Author {
    /// Plain text, never empty.
    pub name: String,
    /// With an `@`.
    pub email: Option<String>,
    /// As written; relative to the publication's home.
    pub url: Option<String>,
}

/// A lead image as stated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// As written; relative to the article.
    pub address: String,
    /// Its description.
    pub alt: Option<String>,
}

/// An enclosure as stated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnclosureStated {
    /// As written; relative to the article.
    pub address: String,
    /// Bytes.
    pub length: Option<u64>,
    /// `audio/mpeg` and the like.
    pub media_type: Option<String>,
    /// Seconds.
    pub duration: Option<u32>,
    /// A name for it.
    pub title: Option<String>,
}

/// The largest file that can be an article, in bytes. Whoever writes more by hand has written a book.
pub const LARGEST: usize = 16 << 20;

/// Reads what the author says. There is always an article: one whose file cannot be understood is
/// [`Visibility::Faulty`].
///
/// ```
/// use feedwright::article::{Conventions, Dialect, SourceFile, parse};
/// let source = SourceFile {
///     path: "articles/2024-05-06-hello.md",
///     name: "2024-05-06-hello.md",
///     bytes: b"---\ntitle: Hello\ntags: [greetings]\n---\nHow are you?\n",
///     ..SourceFile::default()
/// };
/// let conventions = Conventions {
///     dialect: Dialect::Feedwright,
///     timezone: chrono_tz::Europe::London,
///     language: "en".into(),
///     authors: Default::default(),
/// };
/// let (article, diagnostics) = parse(&source, &conventions);
/// assert_eq!(article.title.as_deref(), Some("Hello"));
/// assert_eq!(article.slug, "hello");
/// assert_eq!(article.published.unwrap().to_rfc3339(), "2024-05-05T23:00:00+00:00");
/// assert!(diagnostics.is_empty());
/// ```
pub fn parse(source: &SourceFile<'_>, conventions: &Conventions) -> (Article, Vec<Diagnostic>) {
    let named = name::read(source.name, conventions.dialect);
    let mut diagnostics = Vec::new();
    let article = match stated(source, &named, conventions.dialect, &mut diagnostics) {
        Ok((origins, text, body)) => {
            let metadata = Metadata::new(conventions.dialect, &origins);
            let mut reader = Reader { metadata: &metadata, conventions, diagnostics };
            let article = understood(source, named, &mut reader, text, body);
            diagnostics = reader.diagnostics;
            article
        }
        Err(()) => faulty(source, named),
    };
    (article, diagnostics)
}

/// The article of a file that cannot be read: all that is known of it is that it is there.
pub fn unreadable(path: &str, name: &str, dialect: Dialect) -> Article {
    let source = SourceFile { path, name, ..SourceFile::default() };
    Article { visibility: Visibility::Unreadable, ..faulty(&source, name::read(name, dialect)) }
}

/// The text of a file, without a byte order mark. Fails on what is not UTF-8.
pub fn text(bytes: &[u8]) -> Result<&str, std::str::Utf8Error> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // The other crate is many times as fast; what is wrong the standard library says.
    simdutf8::basic::from_utf8(bytes).or_else(|_| std::str::from_utf8(bytes))
}

/// The body of an article, in the text of its file as [`text`] gives it. If the file has changed since the article
/// was read, the body is what lies at the same place, as far as there is any.
pub fn body<'a>(text: &'a str, article: &'a Article) -> Body<'a> {
    let boundary =
        |at: usize| (at.min(text.len())..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let start = boundary(article.body.start);
    let range = start..boundary(article.body.end).max(start);
    Body { path: &article.path, source: text, range, markup: article.markup }
}

/// All that is stated, the text of the file, and where its body begins.
fn stated<'a>(
    source: &SourceFile<'a>,
    named: &Named,
    dialect: Dialect,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<(Vec<Origin<'a>>, &'a str, usize), ()> {
    let text = readable(source.path, source.bytes, diagnostics)?;
    let here = Text { path: source.path, text };
    let (fields, body) = front_matter_of(here, named.markup, dialect, diagnostics)?;
    let mut origins = vec![Origin { text: here, fields }];
    if let Some((path, bytes)) = source.sidecar {
        let beside = Text { path, text: readable(path, bytes, diagnostics)? };
        origins.push(Origin { text: beside, fields: sidecar::read(beside, diagnostics)? });
    }
    Ok((origins, text, body))
}

/// The text of a file, if it is one.
fn readable<'a>(path: &str, bytes: &'a [u8], diagnostics: &mut Vec<Diagnostic>) -> Result<&'a str, ()> {
    if bytes.len() > LARGEST {
        let megabytes = bytes.len() >> 20;
        let message = format!("the file has {megabytes} MB, too much for an article");
        let help = "an article has at most 16 MB; exclude the file if it is none";
        diagnostics.push(Diagnostic::new(Rule::HugeFile, path, message).help(help));
        return Err(());
    }
    match text(bytes) {
        Ok(text) => {
            diagnostics.extend(forbidden_characters(path, text));
            Ok(text)
        }
        Err(error) => {
            diagnostics.push(invalid_encoding(path, bytes, error));
            Err(())
        }
    }
}

fn invalid_encoding(path: &str, bytes: &[u8], error: std::str::Utf8Error) -> Diagnostic {
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let skipped = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let at = error.valid_up_to();
    let byte = bytes.get(skipped + at).copied().unwrap_or_default();
    // What cannot be decoded is shown as replacement characters, and the place stays right, since it comes first.
    let line_end = bytes.iter().skip(skipped + at).position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let until = (skipped + at).saturating_add(line_end.min(400)).min(bytes.len());
    let shown = String::from_utf8_lossy(bytes.get(skipped..until).unwrap_or_default());
    let (message, help) = if utf16 {
        ("the file is UTF-16".to_owned(), "save it as UTF-8")
    } else {
        (
            format!("byte {byte:#04x} is not UTF-8"),
            "save the file as UTF-8; it may be Windows-1252 or Latin-1",
        )
    };
    Diagnostic::new(Rule::InvalidEncoding, path, message)
        .at(&shown, at..at + 3)
        .label("the article is withheld")
        .help(help)
}

/// What to say of characters that no feed may contain, once for a file.
fn forbidden_characters(path: &str, text: &str) -> Option<Diagnostic> {
    let (first, character) = first_forbidden(text)?;
    let mut points = std::collections::BTreeSet::new();
    let mut count = 0;
    for c in text.get(first..).unwrap_or_default().chars().filter(|c| is_forbidden(*c)) {
        count += 1;
        points.insert(c as u32);
    }
    let names: Vec<String> = points.iter().take(5).map(|point| format!("U+{point:04X}")).collect();
    let more = if points.len() > 5 { ", …" } else { "" };
    let noun = if count == 1 { "character" } else { "characters" };
    let message = format!("{count} {noun} that no feed may contain: {}{more}", names.join(", "));
    Some(
        Diagnostic::new(Rule::ControlCharacters, path, message)
            .at(text, first..first + character.len_utf8())
            .label(if count == 1 { "left out" } else { "the first of them; all are left out" })
            .help("delete them; they often come with text that was pasted"),
    )
}

/// The fields at the beginning of a file, in whatever form, and where the body begins.
fn front_matter_of(
    here: Text<'_>,
    markup: Markup,
    dialect: Dialect,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<(Vec<Field>, usize), ()> {
    let text = here.text;
    let found = match front_matter::find(here, diagnostics)? {
        Some(found) => Some(found),
        None => undelimited(here, dialect, diagnostics)?,
    };
    let mut found = found.unwrap_or_default();
    if markup == Markup::Html {
        // What the front matter says comes first, and so wins.
        found.fields.extend(header::html_head(text, found.body));
    }
    Ok((found.fields, found.body))
}

/// Header lines, which some dialects have and the others are only believed to where they are plain.
fn undelimited(
    here: Text<'_>,
    dialect: Dialect,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Option<front_matter::FrontMatter>, ()> {
    let text = here.text;
    if let Some(found) = header::nikola(text) {
        return Ok(Some(found));
    }
    let open = dialect == Dialect::Feedwright;
    if (open || dialect == Dialect::Hexo)
        && let Some((block, body)) = header::unopened(text, dialect == Dialect::Hexo)
    {
        let fields = front_matter::parse(here, front_matter::Syntax::Yaml, block, diagnostics)?;
        return Ok(Some(front_matter::FrontMatter { fields, body }));
    }
    if open || dialect == Dialect::Pelican {
        return Ok(header::pelican(text, dialect == Dialect::Pelican));
    }
    Ok(None)
}

/// An article of which all is known that can be.
fn understood(
    source: &SourceFile<'_>,
    named: Named,
    reader: &mut Reader<'_>,
    text: &str,
    start: usize,
) -> Article {
    let mut body = start..text.len();
    let title = title(source, &named, reader, text, &mut body);
    let published = reader.published(named.date);
    let updated = reader.updated(published);
    let categories = reader.categories();
    let slug = reader.slug();
    let filling = Filling {
        slug: slug.as_deref().unwrap_or(&named.slug),
        title: title.as_deref(),
        section: &named.section,
        categories: &categories,
        date: published.map(|time| time.with_timezone(&reader.conventions.timezone)),
    };
    let address = reader.address(&filling);
    let slug = slug.or_else(|| last_part(address.as_deref()?)).unwrap_or(named.slug);
    let (licence, rights) = reader.licence();
    let by_name = match (named.page, named.draft) {
        (true, _) => Visibility::Page,
        (_, true) => Visibility::Draft,
        _ => Visibility::Public,
    };
    let written = text.get(body.clone()).unwrap_or_default();
    let stated = reader.visibility();
    let visibility = if strictness(stated) > strictness(by_name) { stated } else { by_name };
    let article = Article {
        path: source.path.to_owned(),
        name: source.name.to_owned(),
        title,
        slug,
        section: named.section,
        bundle: named.bundle,
        visibility,
        published,
        updated,
        expires: reader.expires(),
        id: reader.id(),
        address,
        canonical: reader.canonical(),
        aliases: reader.aliases(),
        summary: reader.summary(),
        excerpt_only: reader.excerpt_only(),
        summary_marker: reader.summary_marker(),
        authors: reader.authors(),
        tags: reader.tags(),
        categories,
        language: reader.language(named.language),
        cover: reader.cover(),
        enclosures: reader.enclosures(),
        link: reader.link(),
        source: reader.source(),
        comments: reader.comments(),
        licence,
        rights: reader.rights().or(rights),
        markup: named.markup,
        fingerprint: fingerprint(written, source.remembered),
        stated: digest_of_stated(source, text, &body),
        body,
    };
    reader.diagnostics.extend(missing_date(&article, reader));
    article
}

/// The title as stated, else of the first heading, which then leaves the body, else in some dialects of the file.
fn title(
    source: &SourceFile<'_>,
    named: &Named,
    reader: &mut Reader<'_>,
    text: &str,
    body: &mut std::ops::Range<usize>,
) -> Option<String> {
    match reader.title() {
        Title::Some(title) => return Some(title),
        Title::None => return None,
        Title::Unstated => {}
    }
    if let Some((heading, rest)) = title::first_heading(text, body.clone(), named.markup) {
        let heading = plain(&heading);
        if !heading.is_empty() {
            body.start = rest.unwrap_or(body.start);
            return Some(heading);
        }
    }
    if reader.conventions.dialect.titles_by_file_name() {
        let words = named.stem.replace(['-', '_'], " ");
        let words = without_forbidden_characters(&words);
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        return (!words.is_empty()).then_some(words);
    }
    if !named.page {
        reader.diagnostics.push(
            Diagnostic::new(Rule::MissingTitle, source.path, "no title, and no heading to take one from")
                .help("add `title: …`, or `title: \"\"` if it is meant to be a note without one"),
        );
    }
    None
}

fn missing_date(article: &Article, reader: &Reader<'_>) -> Option<Diagnostic> {
    let expected = article.published.is_none()
        && matches!(article.visibility, Visibility::Public | Visibility::Unlisted)
        // What was said of an unreadable date says it all.
        && !reader.diagnostics.iter().any(|diagnostic| diagnostic.rule == Rule::UnreadableDate)
        && reader.metadata.first(Meaning::Published).is_none_or(|found| found.node.truth().is_some());
    expected.then(|| {
        Diagnostic::new(
            Rule::MissingDate,
            article.path.as_str(),
            "no date, neither stated nor in the file's name",
        )
        .help("add `date: 2024-05-06`, or call the file `2024-05-06-…`")
    })
}

/// The last part of an address, as far as it can be a slug.
fn last_part(address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next()?;
    let path =
        path.split_once("://").map_or(path, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let part = path.trim_end_matches('/').rsplit('/').next()?;
    let part = part.strip_suffix(".html").or_else(|| part.strip_suffix(".htm")).unwrap_or(part);
    address::is_safe_part(part).then(|| part.to_owned())
}

/// An article of which only the name is known.
fn faulty(source: &SourceFile<'_>, named: Named) -> Article {
    Article {
        path: source.path.to_owned(),
        name: source.name.to_owned(),
        title: None,
        slug: named.slug,
        section: named.section,
        bundle: named.bundle,
        visibility: Visibility::Faulty,
        published: None,
        updated: None,
        expires: None,
        id: None,
        address: None,
        canonical: None,
        aliases: Vec::new(),
        summary: None,
        excerpt_only: false,
        summary_marker: None,
        authors: Vec::new(),
        tags: Vec::new(),
        categories: Vec::new(),
        language: None,
        cover: None,
        enclosures: Vec::new(),
        link: None,
        source: None,
        comments: None,
        licence: None,
        rights: None,
        markup: named.markup,
        body: 0..0,
        fingerprint: fingerprint("", None),
        stated: [0; 16],
    }
}

/// What a body can be known again by, as it is remembered if it is still the same body.
fn fingerprint(body: &str, remembered: Option<TextFingerprint>) -> TextFingerprint {
    let digest = digest(body);
    remembered.filter(|remembered| remembered.digest == digest).unwrap_or_else(|| {
        let (minhash, characters) = minhash::minhash(body);
        TextFingerprint { digest, minhash, characters }
    })
}

fn digest_of_stated(source: &SourceFile<'_>, text: &str, body: &Range<usize>) -> [u8; 16] {
    let before = text.get(..body.start).unwrap_or_default();
    let (_, beside) = source.sidecar.unwrap_or_default();
    let mut hasher = blake3::Hasher::new();
    for part in [before.as_bytes(), beside] {
        hasher.update(&part.len().to_le_bytes()).update(part);
    }
    hasher.update(&body.len().to_le_bytes());
    let mut digest = [0; 16];
    hasher.finalize_xof().fill(&mut digest);
    digest
}

fn digest(body: &str) -> [u8; 32] {
    if memchr::memchr(b'\r', body.as_bytes()).is_some() {
        return blake3::hash(body.replace("\r\n", "\n").as_bytes()).into();
    }
    blake3::hash(body.as_bytes()).into()
}

#[cfg(test)]
mod tests;
