//! From a source file to an [`Article`]: front matter, sidecar, name and path, asked in this order.

use std::ops::Range;

use chrono::{DateTime, Utc};

use super::foreign::Foreign;
use super::front_matter::{self, FrontMatter};
use super::meaning::{Reader, Title, strictness};
use super::metadata::{Metadata, Origin};
use super::name::{self, Named};
use super::plain::plain;
use super::readable::readable;
use super::summary::TextFingerprint;
use super::{Article, Conventions, SourceFile, Visibility, header, minhash, misspelt, sidecar, site, title};
use crate::content::{Body, Markup, without_forbidden_characters};
use crate::data::{self, Field, Syntax, TextFile};
use crate::diagnostic::{Diagnostic, Rule};
use crate::generator::{Dialect, Filled, HeaderLines, Meaning, NameTitle};

/// Reads what the author says. There is always an article: one whose file cannot be understood is
/// [`Visibility::Faulty`].
///
/// ```
/// use feedwright::article::{Conventions, SourceFile, parse};
/// let source = SourceFile {
///     path: "articles/2024-05-06-hello.md",
///     name: "2024-05-06-hello.md",
///     bytes: b"---\ntitle: Hello\ntags: [greetings]\n---\nHow are you?\n",
///     ..SourceFile::default()
/// };
/// let conventions = Conventions { timezone: chrono_tz::Europe::London, ..Conventions::default() };
/// let (article, diagnostics) = parse(&source, &conventions);
/// assert_eq!(article.title.as_deref(), Some("Hello"));
/// assert_eq!(article.slug, "hello");
/// assert_eq!(article.published.unwrap().to_rfc3339(), "2024-05-05T23:00:00+00:00");
/// assert!(diagnostics.is_empty());
/// ```
pub fn parse(source: &SourceFile<'_>, conventions: &Conventions) -> (Article, Vec<Diagnostic>) {
    let named = name::read(source.name, conventions, source.site);
    let mut diagnostics = Vec::new();
    let Ok((origins, text, body)) = stated(source, &named, conventions.dialect, &mut diagnostics) else {
        let made_address = site::address_by_name(source, &named, conventions);
        return (Article { made_address, ..faulty(source, named) }, diagnostics);
    };
    let metadata = Metadata::new(conventions.dialect, &origins);
    let mut reader = Reader { metadata: &metadata, conventions, diagnostics };
    let article = understood(source, named, &mut reader, text, body);
    (article, reader.diagnostics)
}

/// The article of a file that cannot be read: all that is known of it is that it is there.
pub fn unreadable(path: &str, name: &str, conventions: &Conventions) -> Article {
    let source = SourceFile { path, name, ..SourceFile::default() };
    Article { visibility: Visibility::Unreadable, ..faulty(&source, name::read(name, conventions, None)) }
}

/// The body of an article, in the text of its file as [`text`](super::text) gives it. If the file has changed since the article
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
    let here = TextFile { path: source.path, text };
    let (fields, body) = front_matter_of(here, named.markup, dialect, diagnostics)?;
    let mut origins = vec![Origin { text: here, fields }];
    if let Some((path, bytes)) = source.sidecar {
        let beside = TextFile { path, text: readable(path, bytes, diagnostics)? };
        origins.push(Origin { text: beside, fields: sidecar::read(beside, diagnostics)? });
    }
    site::inherit(source, &mut origins);
    Ok((origins, text, body))
}

/// The fields at the beginning of a file, in whatever form, and where the body begins.
fn front_matter_of(
    here: TextFile<'_>,
    markup: Markup,
    dialect: Dialect,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<(Vec<Field>, usize), ()> {
    let text = here.text;
    let found = match front_matter::find(here, diagnostics)? {
        Some(found) => Some(found),
        None => undelimited(here, dialect, diagnostics)?,
    };
    let foreign = || Foreign::of(here.path).map(|format| format.header(text));
    let mut found = found.or_else(foreign).unwrap_or_default();
    if markup == Markup::Html {
        // What the front matter says comes first, and so wins.
        found.fields.extend(header::html_head(text, found.body));
    }
    Ok((found.fields, found.body))
}

/// Header lines, which some dialects have and the others are only believed to where they are plain.
fn undelimited(
    here: TextFile<'_>,
    dialect: Dialect,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Option<FrontMatter>, ()> {
    let text = here.text;
    if let Some(found) = header::nikola(text) {
        return Ok(Some(found));
    }
    let kind = dialect.rules().values.header;
    if matches!(kind, HeaderLines::Plain | HeaderLines::Unopened)
        && let Some((block, body)) = header::unopened(text, kind == HeaderLines::Unopened)
    {
        let fields = data::parse(here, Syntax::Yaml, block, diagnostics)?;
        return Ok(Some(FrontMatter { fields, body }));
    }
    if matches!(kind, HeaderLines::Plain | HeaderLines::KeyValue) {
        return Ok(header::pelican(text, kind == HeaderLines::KeyValue));
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
    let PermalinkFacts { title, published, updated, categories, language, address, made_address, slug } =
        permalink_facts(source, &named, reader, text, &mut body);
    let (licence, rights) = reader.licence();
    let written = text.get(body.clone()).unwrap_or_default();
    let article = Article {
        path: source.path.to_owned(),
        name: source.name.to_owned(),
        title,
        slug,
        visibility: visibility(reader, &named),
        section: named.section,
        bundle: named.bundle,
        published,
        updated,
        expires: reader.expires(),
        due: reader.due(published),
        order: reader.order(),
        id: reader.id(),
        address,
        made_address,
        canonical: reader.canonical(),
        aliases: reader.aliases(),
        summary: reader.summary(),
        excerpt_only: reader.excerpt_only(),
        summary_marker: reader.summary_marker(),
        authors: reader.authors(),
        tags: reader.tags(),
        categories,
        language,
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
    reader.diagnostics.extend(misspelt::keys(reader.metadata));
    article
}

/// Facts that decide where an article is, and its address as stated or as its generator makes it.
struct PermalinkFacts {
    title: Option<String>,
    published: Option<DateTime<Utc>>,
    updated: Option<DateTime<Utc>>,
    categories: Vec<String>,
    language: Option<String>,
    address: Option<String>,
    made_address: Option<Filled>,
    slug: String,
}

/// Reads the facts. A title that is the first heading leaves the body.
fn permalink_facts(
    source: &SourceFile<'_>,
    named: &Named,
    reader: &mut Reader<'_>,
    text: &str,
    body: &mut Range<usize>,
) -> PermalinkFacts {
    let title = title(source, named, reader, text, body);
    let published = reader.published(named.date);
    let updated = reader.updated(published);
    let categories = reader.categories();
    let categories = match source.site {
        Some(site) => site.categories(source.path, categories),
        None => categories,
    };
    let language = reader.language(named.language.clone());
    let known = site::Known {
        title: title.as_deref(),
        date: published.map(|published| reader.date_of_address(published)),
        categories: &categories,
        language: language.as_deref(),
    };
    let (address, made_address, slug) = site::address(source, named, &known, reader);
    PermalinkFacts { title, published, updated, categories, language, address, made_address, slug }
}

/// The visibility of the article: the stricter of what it states and what its name says.
fn visibility(reader: &mut Reader<'_>, named: &Named) -> Visibility {
    let by_name = match (named.page, named.draft) {
        (true, _) => Visibility::Page,
        (_, true) => Visibility::Draft,
        _ => Visibility::Public,
    };
    let stated = reader.visibility();
    if strictness(stated) > strictness(by_name) { stated } else { by_name }
}

/// The title as stated, else of the first heading, which then leaves the body, else in some dialects of the file.
fn title(
    source: &SourceFile<'_>,
    named: &Named,
    reader: &mut Reader<'_>,
    text: &str,
    body: &mut Range<usize>,
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
    let name_title = reader.conventions.dialect.rules().values.titles_by_file_name;
    if name_title != NameTitle::None {
        let words = named.stem.replace(['-', '_'], " ");
        let words = without_forbidden_characters(&words);
        let cased = |word: &str| {
            if name_title == NameTitle::Capitalised { capitalised(word) } else { word.to_owned() }
        };
        let words = words.split_whitespace().map(cased).collect::<Vec<_>>().join(" ");
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
    let expected = reader.conventions.dates_required
        && article.published.is_none()
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

/// A word with its first letter large and all others small.
fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(letters.flat_map(char::to_lowercase)).collect()
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
        due: None,
        order: None,
        id: None,
        address: None,
        made_address: None,
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

/// The fingerprint of a body, as it is remembered if it is still the same body.
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
