//! Which words mean what, in the dialects of the generators that people have: tables of synonyms, and the few
//! conventions that are not words. How a value is understood once it is found is `meaning`'s affair.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Bound;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::content::Flavour;

/// The conventions of one generator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// Feedwright's own: every synonym that is not ambiguous.
    #[default]
    Feedwright,
    /// Hugo.
    Hugo,
    /// Zola.
    Zola,
    /// Jekyll.
    Jekyll,
    /// Eleventy.
    Eleventy,
    /// Astro.
    Astro,
    /// Pelican.
    Pelican,
    /// Hexo.
    Hexo,
    /// Nikola.
    Nikola,
    /// Obsidian.
    Obsidian,
}

impl Dialect {
    /// The Markdown that the system's own generator reads.
    pub fn flavour(self) -> Flavour {
        match self {
            Self::Feedwright => Flavour::Common,
            Self::Hugo => Flavour::Goldmark,
            Self::Zola => Flavour::Zola,
            Self::Jekyll => Flavour::Kramdown,
            Self::Eleventy => Flavour::MarkdownIt,
            Self::Astro => Flavour::Remark,
            Self::Pelican => Flavour::PythonMarkdown,
            Self::Nikola => Flavour::Nikola,
            Self::Hexo => Flavour::Marked,
            Self::Obsidian => Flavour::Obsidian,
        }
    }

    /// All dialects.
    pub const ALL: &[Self] = &[
        Self::Feedwright,
        Self::Hugo,
        Self::Zola,
        Self::Jekyll,
        Self::Eleventy,
        Self::Astro,
        Self::Pelican,
        Self::Hexo,
        Self::Nikola,
        Self::Obsidian,
    ];

    /// The word for it in `feedwright.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Feedwright => "feedwright",
            Self::Hugo => "hugo",
            Self::Zola => "zola",
            Self::Jekyll => "jekyll",
            Self::Eleventy => "eleventy",
            Self::Astro => "astro",
            Self::Pelican => "pelican",
            Self::Hexo => "hexo",
            Self::Nikola => "nikola",
            Self::Obsidian => "obsidian",
        }
    }

    /// Its name as its makers write it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Feedwright => "Feedwright",
            Self::Hugo => "Hugo",
            Self::Zola => "Zola",
            Self::Jekyll => "Jekyll",
            Self::Eleventy => "Eleventy",
            Self::Astro => "Astro",
            Self::Pelican => "Pelican",
            Self::Hexo => "Hexo",
            Self::Nikola => "Nikola",
            Self::Obsidian => "Obsidian",
        }
    }

    /// Whether an article without a title is called by the name of its file.
    pub(super) fn titles_by_file_name(self) -> bool {
        matches!(self, Self::Pelican | Self::Hexo | Self::Nikola | Self::Obsidian)
    }

    /// How a string of several tags is taken apart; `key` is compared without regard to its form.
    pub(super) fn split_tags(self, key: &str, text: &str) -> Vec<String> {
        let plural = key.ends_with('s');
        let parts: Vec<&str> = match self {
            // A single `category: Foo bar` is one; `categories: foo bar` are two.
            Self::Jekyll if plural => text.split_whitespace().map(|word| word.trim_matches(',')).collect(),
            Self::Obsidian => text.split(|c: char| c == ',' || c.is_whitespace()).collect(),
            Self::Pelican if text.contains(';') => text.split(';').collect(),
            Self::Pelican | Self::Nikola | Self::Feedwright => text.split(',').collect(),
            // Elsewhere a string is one tag; only keywords come from HTML, where commas are the rule.
            _ if key == "keywords" => text.split(',').collect(),
            _ => vec![text],
        };
        parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// A tag as its author means it; `None` for one that only the generator needs.
    pub(super) fn tag(self, tag: &str) -> Option<String> {
        let tag = match self {
            Self::Obsidian | Self::Feedwright => tag.trim_start_matches('#'),
            // Eleventy's tags make its collections, and these are everybody's names for the one of all posts.
            Self::Eleventy if matches!(tag, "all" | "nav" | "post" | "posts") => return None,
            _ => tag,
        };
        Some(tag.trim().to_owned()).filter(|tag| !tag.is_empty())
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// There is no dialect of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownDialect;

impl fmt::Display for UnknownDialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is no such dialect")
    }
}

impl std::error::Error for UnknownDialect {}

impl FromStr for Dialect {
    type Err = UnknownDialect;

    /// ```
    /// use feedwright::article::Dialect;
    /// assert_eq!("zola".parse(), Ok(Dialect::Zola));
    /// assert!("gutenberg".parse::<Dialect>().is_err());
    /// ```
    fn from_str(name: &str) -> Result<Self, UnknownDialect> {
        Self::ALL
            .iter()
            .copied()
            .find(|dialect| dialect.name().eq_ignore_ascii_case(name))
            .ok_or(UnknownDialect)
    }
}

/// What a field can be about. Some words are about several things, and the kind of their value tells which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Meaning {
    Title,
    Published,
    Updated,
    Expires,
    /// Not to be published before.
    Due,
    /// The place among articles of one instant.
    Order,
    Episode,
    /// Yes: a draft.
    Draft,
    /// No: a draft.
    Publish,
    Status,
    /// Whatever it says but no: for some people only.
    Private,
    /// Yes: not in feeds.
    KeepOut,
    /// No: not in feeds.
    KeepIn,
    /// Hugo's lists of what a page takes part in.
    BuildList,
    Outputs,
    ExcerptOnly,
    SummaryMarker,
    Id,
    Slug,
    Address,
    Canonical,
    Aliases,
    Summary,
    Authors,
    AuthorEmail,
    AuthorUrl,
    Tags,
    Categories,
    Language,
    Cover,
    CoverAlt,
    Enclosures,
    EnclosureLength,
    EnclosureType,
    EnclosureDuration,
    Link,
    Source,
    SourceUrl,
    Comments,
    Licence,
    Rights,
}

/// A word that some dialect knows, written as [`super::tree::comparable`] makes it; a dot leads into a table.
pub(super) struct Word {
    pub(super) written: &'static str,
    uses: Vec<Use>,
}

struct Use {
    /// Whose word it is; `None` where it is everybody's.
    whose: Option<Dialect>,
    meaning: Meaning,
    rank: usize,
}

impl Word {
    /// What the word means in a dialect. Of the words for a meaning, the one of the lowest rank is to be preferred:
    /// those of the dialect, then those that everybody uses.
    pub(super) fn meanings(&self, dialect: Dialect) -> impl Iterator<Item = (Meaning, usize)> {
        let own = move |meaning| move |other: &Use| other.whose == Some(dialect) && other.meaning == meaning;
        let uses = self.uses.iter().filter(move |one| match one.whose {
            Some(whose) => whose == dialect,
            None => !self.uses.iter().any(own(one.meaning)),
        });
        uses.map(|one| (one.meaning, one.rank))
    }
}

/// The word that is written so.
pub(super) fn word(written: &str) -> Option<&'static Word> {
    WORDS.get(written)
}

/// The words that lead into a table of that name.
pub(super) fn words_within(table: &str) -> impl Iterator<Item = &'static Word> {
    let table = format!("{table}.");
    let later = WORDS.range::<str, _>((Bound::Included(table.as_str()), Bound::Unbounded));
    later.map(|(_, word)| word).take_while(move |word| word.written.starts_with(&table))
}

/// All words, so that what an article states is found by its few words and not by the hundreds that it could use.
static WORDS: LazyLock<BTreeMap<&'static str, Word>> = LazyLock::new(|| {
    let own = OWN.iter().map(|(whose, meaning, words)| (Some(*whose), *meaning, *words));
    let shared = SHARED.iter().map(|(meaning, words)| (None, *meaning, *words));
    let mut known: BTreeMap<&str, Word> = BTreeMap::new();
    let mut rank = 0;
    for (whose, meaning, words) in own.chain(shared) {
        for written in words.split_ascii_whitespace() {
            let word = known.entry(written).or_insert_with(|| Word { written, uses: Vec::new() });
            word.uses.push(Use { whose, meaning, rank });
            rank += 1;
        }
    }
    known
});

/// The words for a meaning, the first to be preferred; some come twice.
#[cfg(test)]
pub(super) fn words(dialect: Dialect, meaning: Meaning) -> impl Iterator<Item = &'static str> {
    let own = OWN.iter().filter(move |(whose, what, _)| *whose == dialect && *what == meaning);
    let shared = SHARED.iter().filter(move |(what, _)| *what == meaning);
    own.map(|(.., words)| *words).chain(shared.map(|(_, words)| *words)).flat_map(str::split_ascii_whitespace)
}

#[cfg(test)]
pub(super) fn meanings() -> impl Iterator<Item = Meaning> {
    SHARED.iter().map(|(meaning, _)| *meaning)
}

/// Tables in which generators keep what they do not know themselves; looked into after the top.
pub(super) const TABLES: &[&str] = &["params", "extra", "taxonomies"];

/// Words that some dialect prefers, or alone understands so.
const OWN: &[(Dialect, Meaning, &str)] = &[
    // What Hugo's own feed shows is the day from which a page is public.
    (Dialect::Hugo, Meaning::Published, "publishdate pubdate published date"),
    (Dialect::Hugo, Meaning::Address, "url"),
    (Dialect::Zola, Meaning::Address, "path"),
    (Dialect::Pelican, Meaning::Address, "url saveas"),
    (Dialect::Feedwright, Meaning::Address, "permalink url path"),
    (Dialect::Astro, Meaning::Published, "pubdate date publishdate"),
    (Dialect::Obsidian, Meaning::Published, "date published created datecreated"),
    (Dialect::Jekyll, Meaning::Summary, "excerpt description"),
    (Dialect::Hexo, Meaning::Summary, "excerpt intro description"),
];

/// Words that mean the same to everybody who uses them.
const SHARED: &[(Meaning, &str)] = &[
    (Meaning::Title, "title linktitle headline"),
    (
        Meaning::Published,
        "date pubdate publishdate published publisheddate publishedat publishedon publishedtime \
         datepublished dateposted postdate posted created datecreated createdat createdon \
         creationdate",
    ),
    (
        Meaning::Updated,
        "updated lastmod lastmodifiedat lastmodified lastupdated lastupdatedat modified \
         updateddate updatedat updatedon dateupdated datemodified modifieddate modifiedat moddate \
         modifiedtime revised",
    ),
    (
        Meaning::Expires,
        "expirydate unpublishdate expires expiresat expiry expirationdate expiredate validuntil",
    ),
    (
        Meaning::Due,
        "publishdate pubdate published publisheddate publishedat publishedon publishedtime datepublished \
         publishat publishon publishtime scheduled scheduledfor scheduledat scheduledon scheduleddate \
         scheduledate schedule embargo embargountil embargoeduntil golive goliveat",
    ),
    (Meaning::Order, "weight order"),
    (Meaning::Episode, "episode episodenumber itunesepisode podcastepisode"),
    (Meaning::Draft, "draft isdraft drafts wip"),
    (Meaning::Publish, "publish published ispublished dgpublish"),
    (Meaning::Status, "status poststatus published visibility publicationstatus"),
    (
        Meaning::Private,
        "private password passwordprotected postpassword membersonly subscribersonly paid \
         encrypted",
    ),
    (
        Meaning::KeepOut,
        "disablefeed hiddeninrss hideinrss hidefromrss hidefromfeed rss.exclude feed.exclude \
         rssexclude feedexclude excludefromfeed excludefromrss excludefromfeeds excludefeed \
         excluderss rssignore feedignore norss nofeed skiprss skipfeed unlisted hidden hide skip \
         headless eleventyexcludefromcollections hiddeninhomelist",
    ),
    (
        Meaning::KeepIn,
        "rss feed feeds includeinfeeds includeinfeed includeinrss inrss infeed showinfeed \
         showinrss syndicate listed rss.include feed.include rss.enabled feed.enabled",
    ),
    (Meaning::BuildList, "build.list build.render"),
    (Meaning::Outputs, "outputs"),
    (Meaning::ExcerptOnly, "feed.excerptonly feedexcerptonly excerptonly rss.excerptonly"),
    (Meaning::SummaryMarker, "excerptseparator"),
    (Meaning::Id, "guid uuid feedid atomid id"),
    (Meaning::Slug, "slug urlslug postslug"),
    (Meaning::Address, "permalink"),
    (Meaning::Canonical, "canonical canonicalurl canonicallink canonicalhref seo.canonical relcanonical"),
    (Meaning::Aliases, "aliases alias redirectfrom redirects oldurls"),
    (
        Meaning::Summary,
        "summary excerpt description customexcerpt abstract intro teaser lede lead standfirst dek \
         tldr snippet blurb metadescription seo.description",
    ),
    (Meaning::Authors, "authors author byline by writer creator author.name"),
    (Meaning::AuthorEmail, "authoremail email"),
    (Meaning::AuthorUrl, "authorurl authorlink authorurls authorwebsite authoruri"),
    (Meaning::Tags, "tags tag keywords topics"),
    (Meaning::Categories, "categories category"),
    (Meaning::Language, "lang language locale langcode languagecode"),
    (
        Meaning::Cover,
        "cover coverimage featuredimage featureimage featuredimg heroimage hero image images \
         header.image header.overlayimage header.teaser headerimage bannerimage banner \
         previewimage postimage titleimage leadimage ogimage socialimage cardimage seo.image \
         og.image thumbnail thumbnailimage thumb img photo picture",
    ),
    (
        Meaning::CoverAlt,
        "imagealt coveralt coverimagealt featuredimagealt featureimagealt heroimagealt heroalt \
         banneralt bannerimagealt thumbnailalt ogimagealt imagedescription alt alttext \
         coverimage.alt",
    ),
    (
        Meaning::Enclosures,
        "enclosures enclosure attachments audio audiofile audiourl podcastfile podcastaudio \
         podcast episode mp3 mp3url file fileurl media mediafile mediaurl video videofile \
         videourl",
    ),
    (
        Meaning::EnclosureLength,
        "length enclosurelength podcastbytes podcastlength podcastsize audiolength audiosize \
         audiobytes bytes filesize filelength size medialength",
    ),
    (Meaning::EnclosureType, "enclosuretype audiotype podcasttype mimetype filetype mediatype"),
    (
        Meaning::EnclosureDuration,
        "duration podcastduration audioduration enclosureduration itunesduration fileduration",
    ),
    (Meaning::Link, "externalurl externallink linkurl extlink link linkpost redirectto"),
    (Meaning::Source, "source via attribution originalsource crosspostedfrom"),
    (Meaning::SourceUrl, "sourceurl sourcelink viaurl attributionlink attributionurl"),
    (
        Meaning::Comments,
        "commentsurl commenturl commentslink comments discussionurl discussion discussionlink",
    ),
    (Meaning::Licence, "license licence licenseurl licenceurl"),
    (Meaning::Rights, "rights copyright copyrightnotice"),
];

#[cfg(test)]
mod tests {
    use super::super::tree::comparable;
    use super::*;

    #[test]
    fn every_dialect_is_known_by_its_name() {
        for dialect in Dialect::ALL {
            assert_eq!(dialect.name().parse(), Ok(*dialect));
        }
    }

    #[test]
    fn all_words_are_written_as_they_are_compared() {
        let shared = SHARED.iter().map(|(_, words)| *words);
        let all = shared.chain(OWN.iter().map(|(.., words)| *words));
        for word in all.flat_map(str::split_ascii_whitespace) {
            assert_eq!(comparable(word), word);
        }
    }

    #[test]
    fn the_words_of_a_dialect_come_before_everybodys() {
        let rank = |dialect, written, meaning| {
            let meanings = word(written).into_iter().flat_map(|word| word.meanings(dialect));
            let ranks: Vec<usize> =
                meanings.filter(|(other, _)| *other == meaning).map(|(_, rank)| rank).collect();
            assert!(ranks.len() < 2, "{written}");
            ranks.first().copied()
        };
        for (dialect, first, second) in
            [(Dialect::Hugo, "publishdate", "date"), (Dialect::Zola, "date", "publishdate")]
        {
            let [first, second] = [first, second].map(|written| rank(dialect, written, Meaning::Published));
            assert!(first.unwrap() < second.unwrap(), "{dialect}");
        }
        assert_eq!(rank(Dialect::Zola, "saveas", Meaning::Address), None);
        assert_eq!(
            words_within("seo").map(|word| word.written).collect::<Vec<_>>(),
            ["seo.canonical", "seo.description", "seo.image"]
        );
        assert_eq!(words_within("se").count(), 0);
    }

    #[test]
    fn a_string_of_tags_is_taken_apart_as_the_generator_does() {
        let split = |dialect: Dialect, key| dialect.split_tags(key, "machine learning, rust").join("|");
        assert_eq!(split(Dialect::Jekyll, "tags"), "machine|learning|rust");
        assert_eq!(split(Dialect::Jekyll, "category"), "machine learning, rust");
        assert_eq!(split(Dialect::Pelican, "tags"), "machine learning|rust");
        assert_eq!(split(Dialect::Hugo, "tags"), "machine learning, rust");
        assert_eq!(Dialect::Pelican.split_tags("tags", "a, b; c"), ["a, b", "c"]);
    }
}
