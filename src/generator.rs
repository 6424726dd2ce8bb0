//! The systems that sites are made with, a file each in `generator/`: how their sites are recognised, their words, how
//! they name files and addresses, and where subscribers found their feeds.
//!
//! A generator is a [`Generator`], a table: what is not in it is as in `Generator::PLAIN`. The code that reads the
//! tables stands here, beside the subjects: `words` for front matter, `recognise` for folders, `site` for a site's own
//! configuration. To add a generator, write its file and its row in [`ALL`]; nothing else asks which generator it is.

mod address;
mod astro;
mod blogger;
mod configuration;
mod docusaurus;
mod eleventy;
mod feeds;
mod feedwright;
mod gatsby;
mod ghost;
mod hexo;
mod hugo;
mod jekyll;
mod literal;
mod mkdocs;
mod nikola;
mod obsidian;
mod pelican;
mod permalinks;
mod predecessor;
mod quarto;
mod recognise;
mod settings;
mod site;
mod slug;
mod table;
mod urls;
mod vitepress;
mod wildcard;
mod wordpress;
mod words;
mod zola;

use std::fmt;
use std::str::FromStr;

use crate::content::Flavour;
use serde::{Deserialize, Serialize};

pub(crate) use address::Parts;
pub use address::{Filled, Page, Pattern, Scope, Token, dated};
pub use configuration::{read_site, recognise_site, site_of_articles};
pub use feeds::{FeedScope, SiteFeed};
pub use permalinks::Permalinks;
pub(crate) use permalinks::{Made, STATED_TOKENS};
pub use predecessor::{Predecessor, UnknownPredecessor};
pub use recognise::recognise;
pub use settings::Stated;
pub use site::{Choices, Inherited, Site};
pub use slug::address_safe;
pub(crate) use slug::escaped;
pub use table::{
    ArticlePlace, ArticleSign, Beginning, BeginningForm, FeedPlace, HeaderLines, NameTitle, Names,
    SharedFile, Signs, SlugCase, TagSplit, Values,
};
pub(crate) use words::{Meaning, TABLES, Word, word, words_within};
#[cfg(test)]
pub(crate) use words::{meanings, words};

/// A system that sites are made with.
#[derive(Debug)]
pub struct Generator {
    /// The word for it in `feedwright.toml`.
    pub name: &'static str,
    /// Its name as its makers write it.
    pub title: &'static str,
    /// Dialect of its articles; `None` where only its feeds are known.
    pub dialect: Option<Dialect>,
    /// Signs by which its sites are recognised.
    pub signs: Signs,
    /// Signs by which its articles are recognised where nothing lies beside them.
    pub article_signs: &'static [ArticleSign],
    /// Words of front matter that it prefers, or alone understands so: a meaning, and its words in the order of
    /// preference, written as [`crate::data::comparable`] makes them.
    pub(crate) words: &'static [(Meaning, &'static str)],
    /// The Markdown that it reads.
    pub flavour: Flavour,
    /// Meaning that it gives to values.
    pub values: Values,
    /// Meaning that it gives to files' names.
    pub names: Names,
    /// Beginning of a new article.
    pub beginning: Beginning,
    /// Names of its configuration files, and the keys in them.
    pub(crate) configuration: Option<configuration::Configuration>,
    /// Rules by which it makes addresses; `None` where they are not known.
    pub(crate) urls: Option<urls::Urls>,
    /// Places of its feeds.
    pub feeds: &'static [FeedPlace],
    /// Paths of feeds that have no counterpart here.
    pub gone: &'static [&'static str],
}

impl Generator {
    /// The usual table, which all others begin with.
    const PLAIN: Self = Self {
        name: "",
        title: "",
        dialect: None,
        signs: Signs { certain: &[], shared: &[] },
        article_signs: &[],
        words: &[],
        flavour: Flavour::Common,
        values: Values {
            tags: TagSplit::Whole,
            hashed_tags: false,
            collections: &[],
            draft_tags: &[],
            titles_by_file_name: NameTitle::None,
            folder_words: &[],
            aliases_are_urls: false,
            yaml_1_2: false,
            authors_by_semicolon: false,
            day_first: false,
            utc_timestamps: false,
            addresses_as_written: false,
            header: HeaderLines::None,
        },
        names: Names {
            page_folders: &[],
            named_after_folder: false,
            clock_times: false,
            short_dates: false,
            slug: SlugCase::Kept,
            bundles: false,
            bundled_images: false,
            only_markdown: false,
        },
        beginning: Beginning {
            folder: "",
            drafts: None,
            dated: false,
            language_in_name: false,
            form: BeginningForm::Yaml { date: "date", draft: Some("draft: true\n") },
        },
        configuration: None,
        urls: None,
        feeds: &[],
        gone: &[],
    };
}

impl Generator {
    /// The names that its configuration may have.
    pub fn configuration_files(&self) -> Vec<String> {
        let files = self.configuration.iter().flat_map(|configuration| configuration.files);
        files.map(|path| (*path).to_owned()).collect()
    }
}

/// All generators.
pub static ALL: [&Generator; 18] = [
    &feedwright::FEEDWRIGHT,
    &hugo::HUGO,
    &zola::ZOLA,
    &jekyll::JEKYLL,
    &eleventy::ELEVENTY,
    &astro::ASTRO,
    &pelican::PELICAN,
    &hexo::HEXO,
    &nikola::NIKOLA,
    &obsidian::OBSIDIAN,
    &docusaurus::DOCUSAURUS,
    &mkdocs::MKDOCS,
    &quarto::QUARTO,
    &gatsby::GATSBY,
    &vitepress::VITEPRESS,
    &wordpress::WORDPRESS,
    &ghost::GHOST,
    &blogger::BLOGGER,
];

/// The generators that sites and articles are recognised as, in the order in which they are looked for: one whose files
/// another might have, too, comes after it.
pub static RECOGNISED: [&Generator; 14] = [
    &docusaurus::DOCUSAURUS,
    &mkdocs::MKDOCS,
    &quarto::QUARTO,
    &gatsby::GATSBY,
    &vitepress::VITEPRESS,
    &zola::ZOLA,
    &hugo::HUGO,
    &eleventy::ELEVENTY,
    &astro::ASTRO,
    &pelican::PELICAN,
    &hexo::HEXO,
    &obsidian::OBSIDIAN,
    &jekyll::JEKYLL,
    &nikola::NIKOLA,
];

/// The conventions that articles are written in: those of a generator whose files are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "they are names")]
pub enum Dialect {
    /// Feedwright's own: every synonym that is not ambiguous.
    #[default]
    Feedwright,
    Hugo,
    Zola,
    Jekyll,
    Eleventy,
    Astro,
    Pelican,
    Hexo,
    Nikola,
    Obsidian,
    Docusaurus,
    Mkdocs,
    Quarto,
    Gatsby,
    Vitepress,
}

impl Dialect {
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
        Self::Docusaurus,
        Self::Mkdocs,
        Self::Quarto,
        Self::Gatsby,
        Self::Vitepress,
    ];

    /// The generator whose dialect it is.
    pub fn rules(self) -> &'static Generator {
        // In the order of the variants; a test holds the two together.
        ALL[self as usize]
    }

    /// The word for it in `feedwright.toml`.
    pub fn name(self) -> &'static str {
        self.rules().name
    }

    /// The Markdown that its generator reads.
    pub fn flavour(self) -> Flavour {
        self.rules().flavour
    }

    /// Its name as its makers write it.
    pub fn title(self) -> &'static str {
        self.rules().title
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
    /// use feedwright::generator::Dialect;
    /// assert_eq!("zola".parse(), Ok(Dialect::Zola));
    /// assert!("gutenberg".parse::<Dialect>().is_err());
    /// ```
    fn from_str(name: &str) -> Result<Self, UnknownDialect> {
        let known = |dialect: &&Self| dialect.name().eq_ignore_ascii_case(name);
        Self::ALL.iter().find(known).copied().ok_or(UnknownDialect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialect_is_that_of_one_generator_and_known_by_its_name() {
        for dialect in Dialect::ALL {
            assert_eq!(dialect.rules().dialect, Some(*dialect));
            assert_eq!(dialect.name().parse(), Ok(*dialect));
        }
        assert_eq!(ALL.iter().filter(|generator| generator.dialect.is_some()).count(), Dialect::ALL.len());
    }
}
