//! Articles as they are looked for in a built site, and the places where they are found.

use chrono::NaiveDate;
use url::Url;

/// An article whose page is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    /// URL of the article, by the rules.
    pub url: &'a Url,
    /// URL at which it was found before, if that is not what the rules say.
    pub remembered: Option<&'a Url>,
    /// The id that it states itself.
    pub id: Option<&'a str>,
    /// `None` for a note.
    pub title: Option<&'a str>,
    /// The last part of its URL, as it is made of its title or its file's name.
    pub slug: &'a str,
    /// Its day in the time zone of the publication.
    pub published: Option<NaiveDate>,
    /// A BCP 47 tag.
    pub language: &'a str,
}

/// Location of an article in a built site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// On another host, or outside the folders of the site: nothing can be known of it.
    Outside,
    /// At the URL that was asked for.
    There,
    /// On this page, and what tells so.
    Elsewhere(Url, Evidence),
    /// One of these pages, and nothing tells which.
    Ambiguous(Vec<Url>),
    /// On no page.
    Absent,
}

impl Location {
    /// The URL of the page that was found elsewhere.
    pub(super) fn elsewhere(&self) -> Option<&Url> {
        match self {
            Self::Elsewhere(url, _) => Some(url),
            _ => None,
        }
    }
}

/// Evidence by which a page was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The page at the article's URL is in the same place, but states its URL in another form.
    Form,
    /// The page at the article's URL leads there.
    Redirect,
    /// It was found there before.
    Remembered,
    /// The generator's own feed has an entry of its id, or of its title and date, that links there.
    Feed,
    /// The page says that its own URL is that of the article.
    Stated,
    /// The same URL, but for case, `.html` or the slash at its end.
    Spelling,
    /// Title and date, or where pages show no dates, the title.
    Title,
    /// The last part of its URL, and the date.
    Slug,
}

/// Location found for an article, with its doubt: 0 for what the page itself says of its URL, then the days
/// between its dates and the article's.
pub(super) struct Claim {
    pub(super) location: Location,
    pub(super) doubt: i64,
}
