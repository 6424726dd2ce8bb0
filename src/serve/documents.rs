//! The documents by path.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use http::HeaderValue;

use super::address::{location, target};
use super::path::{Target, leads_down};
use super::response::{cache_control, header};
use super::subscribers::FeedNumber;
use super::{Asset, AssetPath, Assets, BadPath, Document};
use crate::hosting::CachePolicy;
use crate::hosting::path::encoded;

/// All documents, redirects and files that are served. While it is made, things are added; once it serves, it
/// is swapped whole and never changed, so that every answer is of one build.
pub struct Documents {
    /// Files that are looked up where nothing else is at a path.
    pub assets: Option<Arc<dyn Assets>>,
    places: HashMap<String, PathContent>,
    /// Former addresses that are told apart by their query, by path.
    by_query: HashMap<String, Vec<(Vec<u8>, HeaderValue)>>,
    cache_control: HeaderValue,
}

/// The content at a path.
#[derive(Debug)]
struct PathContent {
    content: Content,
    /// The number of the feed that the content is.
    feed: Option<FeedNumber>,
    /// The precedence where two things are at one path.
    rank: Rank,
}

#[derive(Clone, Debug)]
enum Content {
    Document(Arc<Document>),
    Moved(HeaderValue),
    Gone,
}

/// From the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// A folder without its final slash.
    Folder,
    /// The same path with a final slash, or without, was stated.
    Implied,
    /// Stated.
    Stated,
    /// There is a document.
    Document,
}

/// The result of [`Documents::find`].
pub(super) enum Found<'a> {
    Document(&'a Document, Option<FeedNumber>),
    Asset(AssetPath<'a>, Asset),
    Moved(&'a HeaderValue),
    Gone,
    Nothing,
}

impl fmt::Debug for Documents {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Documents").field("places", &self.places.len()).finish_non_exhaustive()
    }
}

impl Documents {
    /// No documents yet. The policy is that of files, redirects and paths that are gone.
    pub fn new(policy: &CachePolicy) -> Self {
        Self {
            assets: None,
            places: HashMap::new(),
            by_query: HashMap::new(),
            cache_control: cache_control(policy),
        }
    }

    /// Serves a document at a path, which is written as the name of a file: `/feeds/café.xml`. It goes before
    /// whatever else was or will be said of this path. `/notes/index.html` is served at `/notes/` too, and
    /// who forgets the slash is sent there.
    ///
    /// # Errors
    ///
    /// [`BadPath`] where nobody could ask for it: it must begin with `/`, and have no part that is empty, `.`
    /// or `..`.
    pub fn insert(&mut self, path: &str, document: impl Into<Arc<Document>>) -> Result<(), BadPath> {
        if !leads_down(path) {
            return Err(BadPath(path.to_owned()));
        }
        let document = document.into();
        let folder = path.strip_suffix("index.html").filter(|folder| folder.ends_with('/'));
        for path in folder.into_iter().chain([path]) {
            self.serve(path, Arc::clone(&document));
        }
        Ok(())
    }

    fn serve(&mut self, path: &str, document: Arc<Document>) {
        let content = Content::Document(document);
        self.places.insert(path.to_owned(), PathContent { content, feed: None, rank: Rank::Document });
        if let Some(without) = path.strip_suffix('/').filter(|without| !without.is_empty()) {
            self.place(without.to_owned(), Content::Moved(header(encoded(path))), Rank::Folder);
        }
    }

    /// Sends whoever asks at `from` to `to`, for good: 301.
    ///
    /// `from` is a path as it stands in an address; `%C3%A9` and `é` are the same. With a query it is for
    /// those who ask with exactly this query, and goes before everything else: `/?feed=rss2` works beside a
    /// page at `/`. Without one it is for any query, which is not carried over; whatever it meant, it meant
    /// to another program; and then a final slash more or less makes no difference, as long as nothing else
    /// is there. What was stated first stays.
    ///
    /// `to` is the path of another document or an address elsewhere, as it is to stand in `Location`.
    ///
    /// # Errors
    ///
    /// [`BadPath`] where `from` is no path, or `to` is neither, or both are the same.
    pub fn redirect(&mut self, from: &str, to: &str) -> Result<(), BadPath> {
        let location = location(to)?;
        // What is at the same path of another server is another place.
        let (here, there) = (target(from)?, target(to).ok());
        if there.as_ref() == Some(&here) {
            return Err(BadPath(to.to_owned()));
        }
        let path = here.path.into_owned();
        let Some(query) = here.query else {
            self.state(path, &Content::Moved(location), there.as_ref());
            return Ok(());
        };
        let queries = self.by_query.entry(path).or_default();
        if !queries.iter().any(|(known, _)| known == query) {
            queries.push((query.to_owned(), location));
        }
        Ok(())
    }

    /// Says farewell for good at a path: 410. Some readers never ask again after that. A final slash more or
    /// less makes no difference, as long as nothing else is there.
    ///
    /// # Errors
    ///
    /// [`BadPath`] where it is no path, or has a query.
    pub fn retire(&mut self, path: &str) -> Result<(), BadPath> {
        let target = target(path)?;
        if target.query.is_some() {
            return Err(BadPath(path.to_owned()));
        }
        self.state(target.path.into_owned(), &Content::Gone, None);
        Ok(())
    }

    /// Puts something at a path and, unless that is where it leads, at the path with a final slash more or
    /// less.
    fn state(&mut self, path: String, content: &Content, there: Option<&Target<'_>>) {
        let twin = match path.strip_suffix('/') {
            Some(without) => without.to_owned(),
            None => format!("{path}/"),
        };
        let leads_to_twin = there.is_some_and(|there| *there.path == *twin);
        if !twin.is_empty() && !leads_to_twin {
            self.place(twin, content.clone(), Rank::Implied);
        }
        self.place(path, content.clone(), Rank::Stated);
    }

    fn place(&mut self, path: String, content: Content, rank: Rank) {
        if self.places.get(&path).is_none_or(|place| place.rank < rank) {
            self.places.insert(path, PathContent { content, feed: None, rank });
        }
    }

    /// Gives each feed the number by which its subscribers are counted.
    pub(super) fn number_feeds(&mut self, number: impl Fn(&str) -> Option<FeedNumber>) {
        for (path, place) in &mut self.places {
            if matches!(&place.content, Content::Document(document) if document.is_feed()) {
                place.feed = number(path);
            }
        }
    }

    pub(super) fn cache_control(&self) -> &HeaderValue {
        &self.cache_control
    }

    pub(super) fn find<'a>(&'a self, target: &'a Target<'_>) -> Found<'a> {
        if let Some(location) = self.moved_by_query(target) {
            return Found::Moved(location);
        }
        let Some(place) = self.places.get(&*target.path) else { return self.find_asset(&target.path) };
        match &place.content {
            Content::Document(document) => Found::Document(document, place.feed),
            Content::Moved(location) => Found::Moved(location),
            Content::Gone => Found::Gone,
        }
    }

    fn find_asset<'a>(&self, path: &'a str) -> Found<'a> {
        let path = path.strip_prefix('/').and_then(AssetPath::new);
        let found =
            path.zip(self.assets.as_deref()).and_then(|(path, assets)| Some((path, assets.find(path)?)));
        found.map_or(Found::Nothing, |(path, asset)| Found::Asset(path, asset))
    }

    fn moved_by_query(&self, target: &Target<'_>) -> Option<&HeaderValue> {
        let query = target.query?;
        let queries = self.by_query.get(&*target.path)?;
        queries.iter().find(|(known, _)| known == query).map(|(_, location)| location)
    }
}
