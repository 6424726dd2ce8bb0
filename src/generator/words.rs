//! Which words of front matter mean what: the synonyms that everybody shares, with those that each generator prefers. How
//! a value is understood once it is found is left to `article`.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::LazyLock;

use super::{ALL, Dialect};

/// Meaning of a field. Some words have several, and the kind of their value tells which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Meaning {
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

/// A word that some dialect knows, written as [`crate::data::comparable`] makes it; a dot leads into a table.
pub(crate) struct Word {
    pub(crate) written: &'static str,
    uses: Vec<Use>,
}

struct Use {
    /// Whose word it is; `None` where it is everybody's.
    whose: Option<Dialect>,
    meaning: Meaning,
    rank: usize,
}

impl Word {
    /// Meanings of the word in a dialect, each with its rank. Of the words for a meaning, the one of the
    /// lowest rank is to be preferred: those of the dialect, then those that everybody uses.
    pub(crate) fn meanings(&self, dialect: Dialect) -> impl Iterator<Item = (Meaning, usize)> {
        let own = move |meaning| move |other: &Use| other.whose == Some(dialect) && other.meaning == meaning;
        let uses = self.uses.iter().filter(move |one| match one.whose {
            Some(whose) => whose == dialect,
            None => !self.uses.iter().any(own(one.meaning)),
        });
        uses.map(|one| (one.meaning, one.rank))
    }
}

/// The word that is written so.
pub(crate) fn word(written: &str) -> Option<&'static Word> {
    WORDS.get(written)
}

/// The words that lead into a table of that name.
pub(crate) fn words_within(table: &str) -> impl Iterator<Item = &'static Word> {
    let table = format!("{table}.");
    let later = WORDS.range::<str, _>((Bound::Included(table.as_str()), Bound::Unbounded));
    later.map(|(_, word)| word).take_while(move |word| word.written.starts_with(&table))
}

/// All words, so that what an article states is found by its few words and not by the hundreds that it could use.
static WORDS: LazyLock<BTreeMap<&'static str, Word>> = LazyLock::new(|| {
    let own = own().map(|(whose, meaning, words)| (Some(whose), meaning, words));
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

/// The words that each dialect prefers.
fn own() -> impl Iterator<Item = (Dialect, Meaning, &'static str)> {
    ALL.iter()
        .filter_map(|generator| Some((generator.dialect?, generator.words)))
        .flat_map(|(dialect, words)| words.iter().map(move |(meaning, words)| (dialect, *meaning, *words)))
}

/// The words for a meaning, the first to be preferred; some come twice.
#[cfg(test)]
pub(crate) fn words(dialect: Dialect, meaning: Meaning) -> impl Iterator<Item = &'static str> {
    let own = own().filter(move |(whose, what, _)| *whose == dialect && *what == meaning);
    let shared = SHARED.iter().filter(move |(what, _)| *what == meaning);
    own.map(|(.., words)| words).chain(shared.map(|(_, words)| *words)).flat_map(str::split_ascii_whitespace)
}

#[cfg(test)]
pub(crate) fn meanings() -> impl Iterator<Item = Meaning> {
    SHARED.iter().map(|(meaning, _)| *meaning)
}

/// Tables in which generators keep what they do not know themselves; looked into after the top.
pub(crate) const TABLES: &[&str] = &["params", "extra", "taxonomies"];

/// Words that mean the same to everybody who uses them.
const SHARED: &[(Meaning, &str)] = &[
    (Meaning::Title, "title linktitle headline posttitle"),
    (
        Meaning::Published,
        "date pubdate publishdate published publisheddate publishedat publishedon publishedtime \
         datepublished dateposted postdate posted created datecreated createdat createdon \
         creationdate",
    ),
    (
        Meaning::Due,
        "publishdate pubdate published publisheddate publishedat publishedon publishedtime datepublished \
         publishat publishon publishtime scheduled scheduledfor scheduledat scheduledon scheduleddate \
         scheduledate schedule embargo embargountil embargoeduntil golive goliveat",
    ),
    (Meaning::Order, "weight order"),
    (Meaning::Episode, "episode episodenumber itunesepisode podcastepisode"),
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
    use super::*;
    use crate::data::comparable;

    #[test]
    fn all_words_are_written_as_they_are_compared() {
        let shared = SHARED.iter().map(|(_, words)| *words);
        let all = shared.chain(own().map(|(.., words)| words));
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
}
