//! The parts of a generator's table.

/// Signs at the top of a site by which its generator is recognised.
#[derive(Debug)]
pub struct Signs {
    /// Files and folders that only it has; one that ends in `.` stands for any ending.
    pub certain: &'static [&'static str],
    /// Files that others have, too.
    pub shared: &'static [SharedFile],
}

/// A file that several generators have.
#[derive(Debug)]
pub struct SharedFile {
    /// Its possible names.
    pub names: &'static [&'static str],
    /// It is this generator's if a line begins with one of these…
    pub lines: &'static [&'static str],
    /// … or if it holds one of these…
    pub text: &'static [&'static str],
    /// … or if there is a file or folder whose name begins with one of these.
    pub beside: &'static [&'static str],
}

/// A sign that only the articles of one generator have.
#[derive(Debug)]
pub struct ArticleSign {
    /// Place of the article.
    pub place: ArticlePlace,
    /// Beginning of the first line.
    pub first: &'static str,
    /// Beginnings of a line, one of which must be there; empty where it does not matter.
    pub lines: &'static [&'static str],
    /// The sign in words, for the author.
    pub reason: &'static str,
}

/// Place of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArticlePlace {
    /// Wherever.
    Anywhere,
    /// Directly in a folder `_posts`, with a date in its name.
    DatedPosts,
    /// Directly in a folder `_posts`, without one.
    UndatedPosts,
}

/// Meaning that a generator gives to values in front matter.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "a table of what generators do or do not")]
pub struct Values {
    /// Way to split a text of several tags.
    pub tags: TagSplit,
    /// `true` if tags may begin with `#`.
    pub hashed_tags: bool,
    /// Tags that only the generator needs, and that are about nothing.
    pub collections: &'static [&'static str],
    /// Tags that make a draft of an article.
    pub draft_tags: &'static [&'static str],
    /// The title of an article without one.
    pub titles_by_file_name: NameTitle,
    /// Words for an address that always ends in a slash.
    pub folder_words: &'static [&'static str],
    /// `true` if aliases are former addresses, however they look.
    pub aliases_are_urls: bool,
    /// `true` if `yes` is text, and not `true`.
    pub yaml_1_2: bool,
    /// `true` if several authors are separated by `;`.
    pub authors_by_semicolon: bool,
    /// `true` if `5/6/2024` is in June in every language.
    pub day_first: bool,
    /// `true` if a time of YAML without a zone is in UTC; it has seconds, and no quotes.
    pub utc_timestamps: bool,
    /// `true` if the date in an address is the one that is written, whatever its zone; `date` comes before other words.
    pub addresses_as_written: bool,
    /// Metadata that are not fenced.
    pub header: HeaderLines,
}

/// Title that an article without one gets from the name of its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameTitle {
    /// Nothing.
    None,
    /// Its words.
    Words,
    /// Its words, each with one capital at its beginning.
    Capitalised,
}

/// Way to split a text of several tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagSplit {
    /// It is one tag, unless it is of `keywords`, which come from HTML.
    Whole,
    /// At commas.
    Commas,
    /// At semicolons if there are any, else at commas.
    SemicolonsOrCommas,
    /// At commas and spaces.
    CommasAndSpaces,
    /// At spaces where the word is a plural; a single `category: Foo bar` is one.
    SpacesOfPlurals,
}

impl Values {
    /// The tags in a text; `key` is compared without regard to its form.
    pub fn split_tags(&self, key: &str, text: &str) -> Vec<String> {
        let parts: Vec<&str> = match self.tags {
            TagSplit::SpacesOfPlurals if key.ends_with('s') => {
                text.split_whitespace().map(|word| word.trim_matches(',')).collect()
            }
            TagSplit::CommasAndSpaces => text.split(|c: char| c == ',' || c.is_whitespace()).collect(),
            TagSplit::SemicolonsOrCommas if text.contains(';') => text.split(';').collect(),
            TagSplit::SemicolonsOrCommas | TagSplit::Commas => text.split(',').collect(),
            _ if key == "keywords" => text.split(',').collect(),
            _ => vec![text],
        };
        parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// A tag as its author means it; `None` for one that only the generator needs.
    pub fn tag(&self, tag: &str) -> Option<String> {
        if self.collections.contains(&tag) {
            return None;
        }
        let tag = if self.hashed_tags { tag.trim_start_matches('#') } else { tag };
        Some(tag.trim().to_owned()).filter(|tag| !tag.is_empty())
    }
}

/// Metadata that stand before the text without a fence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderLines {
    /// None.
    None,
    /// `Key: value` lines or YAML without an opening line, where it is plain that they are metadata.
    Plain,
    /// `Key: value` lines.
    KeyValue,
    /// YAML that ends at a line of dashes, without one at its beginning.
    Unopened,
}

/// Meaning that a generator gives to the names of files and folders.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "a table of what generators do or do not")]
pub struct Names {
    /// Folders at the top whose files are pages.
    pub page_folders: &'static [&'static str],
    /// `true` if `loaf/loaf.md` is served as if it were `loaf/index.md`.
    pub named_after_folder: bool,
    /// `true` if a date in a name may have a time.
    pub clock_times: bool,
    /// `true` if month and day in it may have one digit.
    pub short_dates: bool,
    /// The part of a name that becomes the slug.
    pub slug: SlugCase,
    /// `true` if what lies beside an `index.md` belongs to it and is not an article.
    pub bundles: bool,
    /// `true` if pictures that texts name by their place beside them are published under names that only the build knows.
    pub bundled_images: bool,
    /// `true` if only files that end in `.md` are articles, and all others belong to them.
    pub only_markdown: bool,
}

/// The part of a file's name that becomes the slug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlugCase {
    /// All of it.
    Kept,
    /// All of it, in lower case.
    Lower,
    /// Its letters and digits, in lower case, as of a title.
    Slugified,
}

/// Beginning of a new article.
#[derive(Debug)]
pub struct Beginning {
    /// The folder below that of the articles, with its slash.
    pub folder: &'static str,
    /// The folder of drafts, where they have one of their own.
    pub drafts: Option<&'static str>,
    /// `true` if its name begins with the day.
    pub dated: bool,
    /// `true` if its language is said in its name.
    pub language_in_name: bool,
    /// Form of its front matter.
    pub form: BeginningForm,
}

/// Form of a new article's front matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BeginningForm {
    /// TOML between lines of `+++`.
    Toml,
    /// YAML between lines of `---`, with this word for the date and this line in a draft.
    #[expect(missing_docs, reason = "said above")]
    Yaml { date: &'static str, draft: Option<&'static str> },
    /// `Key: value` lines.
    KeyValue,
    /// `.. key: value` lines in a comment.
    Commented,
}

/// Place of a generator's feed, unless its configuration says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedPlace {
    /// The kind of value that it has such a feed for each of: `tag`, `category`, `author`, `section` or
    /// `language`; empty for the main feed.
    pub of: &'static str,
    /// Below the home; `{}` stands for the value.
    pub path: &'static str,
    /// `rss` or `atom`.
    pub format: &'static str,
}

/// A feed in RSS.
pub(super) const fn rss(of: &'static str, path: &'static str) -> FeedPlace {
    FeedPlace { of, path, format: "rss" }
}

/// A feed in Atom.
pub(super) const fn atom(of: &'static str, path: &'static str) -> FeedPlace {
    FeedPlace { of, path, format: "atom" }
}

#[cfg(test)]
mod tests {
    use crate::generator::Dialect;

    #[test]
    fn a_string_of_tags_is_taken_apart_as_the_generator_does() {
        let split = |dialect: Dialect, key, text| dialect.rules().values.split_tags(key, text).join("|");
        let text = "machine learning, rust";
        assert_eq!(split(Dialect::Jekyll, "tags", text), "machine|learning|rust");
        assert_eq!(split(Dialect::Jekyll, "category", text), text);
        assert_eq!(split(Dialect::Pelican, "tags", text), "machine learning|rust");
        assert_eq!(split(Dialect::Hugo, "tags", text), text);
        assert_eq!(split(Dialect::Pelican, "tags", "a, b; c"), "a, b|c");
    }
}
