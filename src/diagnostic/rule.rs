//! Every rule by subject: its name, its default severity, and its problem in a line.
//!
//! A rule is named for the problem, so that `allow = ["missing-title"]` reads well. A new rule is one row of
//! the table here and its page `docs/rules/NAME.md`, which is its manual and its test.

use serde::{Deserialize, Serialize};

use super::Severity;

macro_rules! rules {
    ($($(#[doc = $about:literal])+ $subject:ident {
        $($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $severity:ident;)+
    })+) => {
        /// The part of a publication that a rule is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Subject {
            $($(#[doc = $about])+ $subject,)+
        }

        /// A kind of problem. The doc of each variant says what happens then.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Rule {
            $($($(#[doc = $doc])+ #[serde(rename = $name)] $variant,)+)+
        }

        impl Rule {
            /// All rules, in the order of this file.
            pub const ALL: &[Self] = &[$($(Self::$variant),+),+];

            /// The name in diagnostics and in `[rules]`: `missing-title`.
            pub fn name(self) -> &'static str {
                match self { $($(Self::$variant => $name,)+)+ }
            }

            /// The severity, unless `[rules]` of the publication say otherwise.
            pub fn severity(self) -> Severity {
                match self { $($(Self::$variant => Severity::$severity,)+)+ }
            }

            /// The part of a publication that the rule is about.
            pub fn subject(self) -> Subject {
                match self { $($(Self::$variant)|+ => Subject::$subject,)+ }
            }

            /// The manual page, as Markdown: what the problem is, what subscribers would see, how to fix it,
            /// an example.
            ///
            /// ```
            /// use feedwright::diagnostic::Rule;
            /// assert!(Rule::MissingAlt.page().starts_with("# missing-alt\n"));
            /// ```
            pub fn page(self) -> &'static str {
                match self { $($(Self::$variant => include_str!(concat!("../../docs/rules/", $name, ".md")),)+)+ }
            }
        }
    };
}

rules! {
    /// The configuration, its feeds, and the files that are written.
    Publication {
        /// `feedwright.toml` says something that cannot be meant. Nothing is built.
        Configuration = "configuration", Error;
        /// Two feeds would be written to one file. Only the first is.
        CollidingFeeds = "colliding-feeds", Error;
        /// A feed would be written over a file that is not a feed. It is not written.
        ReservedPath = "reserved-path", Error;
        /// A feed has no entries. It is written all the same.
        EmptyFeed = "empty-feed", Note;
        /// A feed passes its budget. Its oldest entries are left out.
        OversizedFeed = "oversized-feed", Warning;
        /// Somebody else's file is where the page for people or the style sheet of the feeds should be. It is
        /// left alone.
        OccupiedPath = "occupied-path", Warning;
        /// The template of the page for people cannot be used. The page stays as it was.
        UnusableTemplate = "unusable-template", Error;
        /// A setting of the site's own generator cannot be followed. What is usual holds in its place.
        UnreadSetting = "unread-setting", Warning;
        /// Something that articles inherit from a folder or a configuration cannot be read. They are published as if
        /// they did not.
        InheritedMetadataUnread = "inherited-metadata-unread", Warning;
        /// No dialect was configured; says which was recognised, and by what.
        DetectedDialect = "detected-dialect", Note;
    }
    /// `feedwright.lock`, and renames that it follows.
    Ledger {
        /// A line of `feedwright.lock` cannot be read. Nothing is built.
        DamagedLedger = "damaged-ledger", Error;
        /// `feedwright.lock` would change, and `--locked` forbids it. Nothing is built.
        LockedLedger = "locked-ledger", Error;
        /// A file is gone, and more than one could be it, or one file could be more than one. Each gets a new
        /// id.
        AmbiguousRename = "ambiguous-rename", Warning;
        /// The date of a published article was changed. Some readers show it again.
        MovedDate = "moved-date", Warning;
        /// The title of a published article was changed. Some readers show it again.
        ChangedTitle = "changed-title", Warning;
        /// An article states the id of one that was taken away and was another. Readers take it for that one.
        ReusedId = "reused-id", Warning;
    }
    /// Changes that subscribers would see: entries that come again, or are lost.
    Subscribers {
        /// Entries that subscribers know would come back under other ids. Nothing is built.
        ReissuedEntries = "reissued-entries", Error;
        /// The ledger does not know the feeds on disk, and too many of their ids would be lost. Nothing is
        /// built.
        LostIds = "lost-ids", Error;
        /// A feed that has entries would have none. Nothing is built.
        EmptiedFeed = "emptied-feed", Error;
        /// A feed would be at another address, or say that it is another feed. Nothing is built.
        MovedFeed = "moved-feed", Error;
    }
    /// Reading source files.
    Files {
        /// Files in formats that are not read, such as reStructuredText. They are in no feed; if there are no others, nothing is
        /// built.
        UnreadFormats = "unread-formats", Warning;
        /// A file cannot be read. It is withheld.
        UnreadableFile = "unreadable-file", Error;
        /// A file is not UTF-8. It is withheld.
        InvalidEncoding = "invalid-encoding", Error;
        /// A file is too large to be an article. It is withheld.
        HugeFile = "huge-file", Error;
        /// A symbolic link is broken or leads out of the publication. It is not followed.
        StraySymlink = "stray-symlink", Warning;
        /// Characters that no feed may contain. They are left out.
        ControlCharacters = "control-characters", Warning;
    }
    /// Front matter: titles, dates, authors, ids, enclosures.
    Metadata {
        /// Front matter that is not the YAML, TOML or JSON it claims to be. The article is withheld.
        UnparsableFrontMatter = "unparsable-front-matter", Error;
        /// A key of the front matter is one letter away from one that matters. It is ignored.
        MisspeltKey = "misspelt-key", Warning;
        /// A value of the wrong kind. It is ignored.
        UnusableValue = "unusable-value", Warning;
        /// No title and no heading to take one from. The article is published as a note.
        MissingTitle = "missing-title", Warning;
        /// Markup in a title. Only its text is published.
        MarkupInTitle = "markup-in-title", Warning;
        /// No date anywhere. The article is withheld.
        MissingDate = "missing-date", Warning;
        /// A date that is none. The article is withheld unless its name or path has another.
        UnreadableDate = "unreadable-date", Warning;
        /// A date in numbers whose day and month could be exchanged. It is read as is usual in the publication's language.
        AmbiguousDate = "ambiguous-date", Warning;
        /// A local time that occurred twice, when clocks went back. The first is meant.
        AmbiguousTime = "ambiguous-time", Warning;
        /// A local time that never was, when clocks went forward. The same instant an hour on is meant.
        NonexistentTime = "nonexistent-time", Warning;
        /// A date before the web. It is kept.
        ImplausibleDate = "implausible-date", Warning;
        /// Updated before it was published. It counts as not updated.
        UpdatedBeforePublished = "updated-before-published", Warning;
        /// A status word that nobody knows. The article is withheld.
        UnknownStatus = "unknown-status", Warning;
        /// A language that is no BCP 47 tag. It is ignored.
        UnknownLanguage = "unknown-language", Warning;
        /// An author who is not in the publication's table of authors. The word itself is taken as a name.
        UnknownAuthor = "unknown-author", Note;
        /// An address that cannot be one, or that leads out of the publication. It is ignored.
        UnusableAddress = "unusable-address", Warning;
        /// An article does not state what `permalink` puts into its URL. Its URL is without it.
        IncompleteAddress = "incomplete-address", Warning;
        /// An id that cannot be one. It is ignored.
        UnusableId = "unusable-id", Warning;
        /// Two articles with one id. The second is withheld.
        DuplicateId = "duplicate-id", Error;
        /// Two articles with one address. Both are published.
        DuplicateAddress = "duplicate-address", Warning;
        /// The built site has no page at an article's URL. Links lead to the page that shows the article, if there is one;
        /// otherwise the article is withheld.
        AbsentPage = "absent-page", Warning;
        /// An enclosure that readers cannot fetch. It is left out.
        UnusableEnclosure = "unusable-enclosure", Warning;
        /// A local enclosure is not there. Its URL is published as it would be if it were.
        MissingEnclosure = "missing-enclosure", Warning;
        /// The length of an enclosure is not known. It is given as 0.
        UnknownEnclosureLength = "unknown-enclosure-length", Warning;
        /// A draft, or not yet due, or expired, or not for everybody. It is withheld on purpose.
        Withheld = "withheld", Note;
    }
    /// The text of articles.
    Content {
        /// Template code that only a site generator understands. It is left out.
        TemplateLeftover = "template-leftover", Warning;
        /// A link to an article that is not there. Its text is kept.
        UnresolvedLink = "unresolved-link", Warning;
        /// An image that is not there. It is published as written.
        MissingImage = "missing-image", Warning;
        /// An image without a description. It is published as written.
        MissingAlt = "missing-alt", Note;
        /// Scripts, forms and the like. They are left out.
        ActiveContent = "active-content", Warning;
        /// An embedded page, which many readers drop. A link goes with it.
        EmbeddedContent = "embedded-content", Note;
        /// An address that only its author can open, or that runs code. It is left out.
        UnsafeAddress = "unsafe-address", Warning;
        /// Elements nested deeper than readers bear. The article is published as plain text.
        DeepNesting = "deep-nesting", Warning;
        /// More than 200,000 tags. The article is published as plain text.
        TooManyElements = "too-many-elements", Warning;
        /// An article without any text. It is published all the same.
        EmptyArticle = "empty-article", Note;
    }
}

impl Rule {
    /// The rule of that name.
    ///
    /// ```
    /// use feedwright::diagnostic::Rule;
    /// assert_eq!(Rule::named("missing-title"), Some(Rule::MissingTitle));
    /// assert_eq!(Rule::named("no-such-rule"), None);
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.name() == name)
    }
}
