//! The summary of an article: what every build needs of it, as a row of bytes. It is small enough to keep a
//! hundred thousand of them in memory, and a field is decoded only when it is asked for.

use std::fmt;

use chrono::{DateTime, Utc};

use super::{Article, Visibility};
use crate::generator::Filled;

/// The summary of an article. It borrows the bytes that [`write`](Self::write) made of it; what each part means stands
/// at the field of that name in [`Article`]. Any bytes are some summary, so there is nothing that can fail.
///
/// ```
/// use feedwright::article::{ArticleSummary, Conventions, SourceFile, parse};
/// let conventions = Conventions::default();
/// let bytes = b"---\ntitle: Hello\ntags: [greetings]\n---\nHow are you?\n";
/// let source = SourceFile { path: "articles/hello.md", name: "hello.md", bytes, ..SourceFile::default() };
/// let (article, _) = parse(&source, &conventions);
/// let written = ArticleSummary::write(&article, "https://example.org/hello/");
/// let summary = ArticleSummary::read("articles/hello.md", &written);
/// assert_eq!((summary.title(), summary.permalink()), (Some("Hello"), "https://example.org/hello/"));
/// assert_eq!(summary.tags().collect::<Vec<_>>(), ["greetings"]);
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ArticleSummary<'a> {
    path: &'a str,
    bytes: &'a [u8],
}

/// A digest and a measure of a body, by which it is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextFingerprint {
    /// BLAKE3 of the body, with its line breaks as `\n`, so that a clone on Windows has the same.
    pub digest: [u8; 32],
    /// The minhash that [`similarity`](super::similarity) compares.
    pub minhash: [u8; 32],
    /// The number of letters and digits in the body.
    pub characters: u32,
}

/// The parts of fixed length, by where they begin.
mod at {
    pub(super) const VISIBILITY: usize = 0;
    pub(super) const FLAGS: usize = 1;
    pub(super) const PUBLISHED: usize = 2;
    pub(super) const UPDATED: usize = 14;
    pub(super) const EXPIRES: usize = 26;
    pub(super) const DUE: usize = 38;
    pub(super) const ORDER: usize = 50;
    pub(super) const DIGEST: usize = 54;
    pub(super) const MINHASH: usize = 86;
    pub(super) const CHARACTERS: usize = 118;
    pub(super) const STATED: usize = 122;
    /// The ends of the texts, counted from where the first begins.
    pub(super) const ENDS: usize = 138;
    pub(super) const TEXTS: usize = ENDS + 4 * super::TEXTS;
}

/// The parts of varying length, in the order in which they lie there.
#[derive(Clone, Copy)]
enum Text {
    Name,
    Slug,
    Section,
    Permalink,
    Title,
    Id,
    Language,
    Canonical,
    Authors,
    Tags,
    Categories,
    Aliases,
    Undated,
}

/// The number of texts.
const TEXTS: usize = Text::Undated as usize + 1;

/// Bits of the flags.
const BUNDLE: u8 = 1;
const STATES_ADDRESS: u8 = 2;
const HAS_ENCLOSURES: u8 = 4;
/// Texts that may be missing, which is not the same as empty.
const OPTIONAL: [(Text, u8); 4] =
    [(Text::Title, 8), (Text::Id, 16), (Text::Language, 32), (Text::Canonical, 64)];
const LOCATED: u8 = 128;

/// Visibilities by their numbers; any other number is the last.
const VISIBILITIES: [Visibility; 8] = [
    Visibility::Public,
    Visibility::Draft,
    Visibility::Unlisted,
    Visibility::Private,
    Visibility::Page,
    Visibility::Faulty,
    Visibility::Absent,
    Visibility::Unreadable,
];

/// The order of an article that states none: after all others.
const NO_ORDER: i32 = i32::MAX;

/// Stands where the nanoseconds of an instant would: there is none.
const NEVER: u32 = u32::MAX;

impl<'a> ArticleSummary<'a> {
    /// The bytes of an article's summary. The permalink is not the article's own business; see
    /// [`Config`](crate::config::Config).
    pub fn write(article: &Article, permalink: &str) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(512);
        bytes.push(VISIBILITIES.iter().position(|known| *known == article.visibility).map_or(0, byte));
        bytes.push(flags(article));
        for instant in [article.published, article.updated, article.expires, article.due] {
            write_instant(&mut bytes, instant);
        }
        bytes.extend(article.order.unwrap_or(NO_ORDER).to_le_bytes());
        bytes.extend(article.fingerprint.digest);
        bytes.extend(article.fingerprint.minhash);
        bytes.extend(article.fingerprint.characters.to_le_bytes());
        bytes.extend(article.stated);
        let authors: Vec<&str> = article.authors.iter().map(|author| author.name.as_str()).collect();
        let optional = |text: &'_ Option<String>| text.clone().unwrap_or_default().into_bytes();
        write_texts(
            &mut bytes,
            [
                article.name.clone().into_bytes(),
                article.slug.clone().into_bytes(),
                article.section.clone().into_bytes(),
                permalink.into(),
                optional(&article.title),
                optional(&article.id),
                optional(&article.language),
                optional(&article.canonical),
                words(&authors),
                words(&article.tags),
                words(&article.categories),
                words(&article.aliases),
                undated(article).into(),
            ]
            .each_ref()
            .map(Vec::as_slice),
        );
        bytes
    }

    /// The summary of the article at `path`, relative to the publication's folder.
    pub fn read(path: &'a str, bytes: &'a [u8]) -> Self {
        Self { path, bytes }
    }

    /// The bytes of the same summary of an article that a built site shows at this permalink, whatever the rules say.
    pub fn located(self, permalink: &str) -> Vec<u8> {
        let mut bytes = self.dated(self.published(), permalink);
        if let Some(flags) = bytes.get_mut(at::FLAGS) {
            *flags |= LOCATED;
        }
        bytes
    }

    /// The bytes of the same summary of an article that a built site does not have.
    pub fn absent(self) -> Vec<u8> {
        let mut bytes = self.bytes.to_vec();
        let absent = VISIBILITIES.iter().position(|known| *known == Visibility::Absent);
        if let Some((visibility, absent)) = bytes.get_mut(at::VISIBILITY).zip(absent) {
            *visibility = byte(absent);
        }
        bytes
    }

    /// The bytes of the same summary with another date of publication and another permalink.
    pub fn dated(self, published: Option<DateTime<Utc>>, permalink: &str) -> Vec<u8> {
        let mut head = self.bytes.get(..at::ENDS).unwrap_or_default().to_vec();
        let mut instant = Vec::new();
        write_instant(&mut instant, published);
        if let Some(place) = head.get_mut(at::PUBLISHED..at::UPDATED) {
            place.copy_from_slice(&instant);
        }
        let mut texts: [&[u8]; TEXTS] = std::array::from_fn(|number| self.bytes_of(number));
        texts[Text::Permalink as usize] = permalink.as_bytes();
        write_texts(&mut head, texts);
        head
    }

    /// Relative to the publication's folder.
    pub fn path(self) -> &'a str {
        self.path
    }

    /// Relative to the articles' folder.
    pub fn name(self) -> &'a str {
        self.text(Text::Name)
    }

    /// `None` for a note.
    pub fn title(self) -> Option<&'a str> {
        self.optional(Text::Title)
    }

    /// The last part of its address.
    pub fn slug(self) -> &'a str {
        self.text(Text::Slug)
    }

    /// The folders that it lies in.
    pub fn section(self) -> &'a str {
        self.text(Text::Section)
    }

    /// True if the article is a folder of its own.
    pub fn is_bundle(self) -> bool {
        self.flag(BUNDLE)
    }

    /// The people who may see it.
    pub fn visibility(self) -> Visibility {
        VISIBILITIES.get(usize::from(self.byte(at::VISIBILITY))).copied().unwrap_or(Visibility::Unreadable)
    }

    /// As stated, or taken from name or path.
    pub fn published(self) -> Option<DateTime<Utc>> {
        self.instant(at::PUBLISHED)
    }

    /// As stated.
    pub fn updated(self) -> Option<DateTime<Utc>> {
        self.instant(at::UPDATED)
    }

    /// From when on it is withheld.
    pub fn expires(self) -> Option<DateTime<Utc>> {
        self.instant(at::EXPIRES)
    }

    /// From when on it may be published, where that is after [`published`](Self::published).
    pub fn due(self) -> Option<DateTime<Utc>> {
        self.instant(at::DUE)
    }

    /// Its place among articles of one instant, the lowest first; the highest number there is where none is stated.
    pub fn order(self) -> i32 {
        i32::from_le_bytes(self.array(at::ORDER))
    }

    /// As stated.
    pub fn id(self) -> Option<&'a str> {
        self.optional(Text::Id)
    }

    /// Its URL.
    pub fn permalink(self) -> &'a str {
        self.text(Text::Permalink)
    }

    /// Path from the publication's home as a format of `strftime` for the date that the article gets; `None` if it has
    /// one, or its URL has none.
    pub fn undated_permalink(self) -> Option<&'a str> {
        Some(self.text(Text::Undated)).filter(|format| !format.is_empty())
    }

    /// True if its permalink is settled: the article states it, or a built site shows it.
    pub fn states_address(self) -> bool {
        self.flag(STATES_ADDRESS | LOCATED)
    }

    /// `true` if the permalink is from a page of the built site, and differs from what the rules make.
    pub fn is_located(self) -> bool {
        self.flag(LOCATED)
    }

    /// `None` where it is the publication's.
    pub fn language(self) -> Option<&'a str> {
        self.optional(Text::Language)
    }

    /// The names of its authors.
    pub fn authors(self) -> impl Iterator<Item = &'a str> {
        self.words(Text::Authors)
    }

    /// In the order given.
    pub fn tags(self) -> impl Iterator<Item = &'a str> {
        self.words(Text::Tags)
    }

    /// In the order given.
    pub fn categories(self) -> impl Iterator<Item = &'a str> {
        self.words(Text::Categories)
    }

    /// Former addresses.
    pub fn aliases(self) -> impl Iterator<Item = &'a str> {
        self.words(Text::Aliases)
    }

    /// The address of the original elsewhere.
    pub fn canonical(self) -> Option<&'a str> {
        self.optional(Text::Canonical)
    }

    /// True if it has any.
    pub fn has_enclosures(self) -> bool {
        self.flag(HAS_ENCLOSURES)
    }

    /// BLAKE3 of the body.
    pub fn digest(self) -> [u8; 32] {
        self.array(at::DIGEST)
    }

    /// The fingerprint of its body.
    pub fn fingerprint(self) -> TextFingerprint {
        TextFingerprint {
            digest: self.digest(),
            minhash: self.array(at::MINHASH),
            characters: self.characters(),
        }
    }

    /// The number of letters and digits in the body.
    pub fn characters(self) -> u32 {
        u32::from_le_bytes(self.array(at::CHARACTERS))
    }

    /// Tells whether anything else about it has changed.
    pub fn stated(self) -> [u8; 16] {
        self.array(at::STATED)
    }

    fn byte(self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or_default()
    }

    fn flag(self, bit: u8) -> bool {
        self.byte(at::FLAGS) & bit != 0
    }

    fn array<const N: usize>(self, at: usize) -> [u8; N] {
        self.bytes.get(at..).and_then(<[u8]>::first_chunk).copied().unwrap_or([0; N])
    }

    fn instant(self, at: usize) -> Option<DateTime<Utc>> {
        let nanoseconds = u32::from_le_bytes(self.array(at + 8));
        let seconds = i64::from_le_bytes(self.array(at));
        if nanoseconds == NEVER { None } else { DateTime::from_timestamp(seconds, nanoseconds) }
    }

    fn end(self, text: usize) -> usize {
        u32::from_le_bytes(self.array(at::ENDS + 4 * text)) as usize
    }

    fn bytes_of(self, text: usize) -> &'a [u8] {
        let start = text.checked_sub(1).map_or(0, |before| self.end(before));
        self.bytes.get(at::TEXTS..).and_then(|texts| texts.get(start..self.end(text))).unwrap_or_default()
    }

    fn text(self, text: Text) -> &'a str {
        std::str::from_utf8(self.bytes_of(text as usize)).unwrap_or_default()
    }

    fn optional(self, text: Text) -> Option<&'a str> {
        let (_, bit) = OPTIONAL.into_iter().find(|(optional, _)| *optional as u8 == text as u8)?;
        self.flag(bit).then(|| self.text(text))
    }

    fn words(self, text: Text) -> impl Iterator<Item = &'a str> {
        let mut rest = self.bytes_of(text as usize);
        std::iter::from_fn(move || {
            let (length, after) = rest.split_first_chunk()?;
            let (word, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize)?;
            rest = after;
            std::str::from_utf8(word).ok()
        })
    }
}

impl fmt::Debug for ArticleSummary<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ArticleSummary")
            .field("path", &self.path)
            .field("title", &self.title())
            .finish()
    }
}

fn flags(article: &Article) -> u8 {
    let set = |bit: u8, is: bool| if is { bit } else { 0 };
    let there = [&article.title, &article.id, &article.language, &article.canonical].map(Option::is_some);
    let optional = OPTIONAL.iter().zip(there).map(|((_, bit), there)| set(*bit, there));
    optional.sum::<u8>()
        | set(BUNDLE, article.bundle)
        | set(STATES_ADDRESS, article.address.is_some())
        | set(HAS_ENCLOSURES, !article.enclosures.is_empty())
}

fn undated(article: &Article) -> &str {
    match &article.made_address {
        Some(Filled::Undated(format)) => format,
        _ => "",
    }
}

fn byte(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

fn short(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes()
}

fn write_instant(bytes: &mut Vec<u8>, instant: Option<DateTime<Utc>>) {
    let (seconds, nanoseconds) =
        instant.map_or((0, NEVER), |instant| (instant.timestamp(), instant.timestamp_subsec_nanos()));
    bytes.extend(seconds.to_le_bytes());
    bytes.extend(nanoseconds.to_le_bytes());
}

fn write_texts(bytes: &mut Vec<u8>, texts: [&[u8]; TEXTS]) {
    let mut end = 0;
    for text in texts {
        end += text.len();
        bytes.extend(short(end));
    }
    for text in texts {
        bytes.extend(text);
    }
}

/// Of each word its length and itself.
fn words(words: &[impl AsRef<str>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for word in words {
        bytes.extend(short(word.as_ref().len()));
        bytes.extend(word.as_ref().as_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests;
