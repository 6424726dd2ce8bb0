//! Everything that can be asked for, by path.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use http::HeaderValue;

use super::path::{Target, encoded, leads_down};
use super::{Document, Policy};

/// What is served. While it is made, things are added; once it serves, it is swapped whole and never changed, so that
/// every answer is of one build.
#[derive(Debug)]
pub struct Documents {
    places: HashMap<String, Place>,
    /// Former addresses that are told apart by their query, by path.
    by_query: HashMap<String, Vec<(Vec<u8>, HeaderValue)>>,
    cache_control: HeaderValue,
}

/// What is at a path.
#[derive(Debug)]
struct Place {
    content: Content,
    /// What goes before which where two things are at one path.
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

/// What [`Documents::find`] finds.
pub(super) enum Found<'a> {
    Document(&'a Document),
    Moved(&'a HeaderValue),
    Gone,
    Nothing,
}

/// An address at which nothing can be served, or to which nobody can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadPath(pub String);

impl fmt::Display for BadPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` is no address on a server", self.0)
    }
}

impl std::error::Error for BadPath {}

impl Documents {
    /// Nothing yet. The policy is that of redirects and farewells.
    pub fn new(policy: &Policy) -> Self {
        Self { places: HashMap::new(), by_query: HashMap::new(), cache_control: policy.cache_control() }
    }

    /// Serves a document at a path, which is written as the name of a file: `/feeds/café.xml`. It goes before whatever
    /// else was or will be said of this path. `/notes/index.html` is served at `/notes/` too, and who forgets the slash is
    /// sent there.
    ///
    /// # Errors
    ///
    /// [`BadPath`] where nobody could ask for it: it must begin with `/`, and have no part that is empty, `.` or `..`.
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
        self.places
            .insert(path.to_owned(), Place { content: Content::Document(document), rank: Rank::Document });
        if let Some(without) = path.strip_suffix('/').filter(|without| !without.is_empty()) {
            self.place(without.to_owned(), Content::Moved(encoded(path)), Rank::Folder);
        }
    }

    /// Sends whoever asks at `from` to `to`, for good: 301.
    ///
    /// `from` is a path as it stands in an address; `%C3%A9` and `é` are the same. With a query it is for those who ask
    /// with exactly this query, and goes before everything else: `/?feed=rss2` works beside a page at `/`. Without one
    /// it is for any query, which is not carried over; whatever it meant, it meant to another program; and then a final
    /// slash more or less makes no difference, as long as nothing else is there. What was stated first stays.
    ///
    /// `to` is the path of another document or an address elsewhere, as it is to stand in `Location`.
    ///
    /// # Errors
    ///
    /// [`BadPath`] where `from` is no path, or `to` is neither, or both are the same.
    pub fn redirect(&mut self, from: &str, to: &str) -> Result<(), BadPath> {
        let location = location(to).ok_or_else(|| BadPath(to.to_owned()))?;
        let target = target(from)?;
        if Target::parse(to.as_bytes()).is_ok_and(|there| there == target) {
            return Err(BadPath(to.to_owned()));
        }
        let path = target.path.into_owned();
        let Some(query) = target.query else {
            self.state(path, &Content::Moved(location), to);
            return Ok(());
        };
        let queries = self.by_query.entry(path).or_default();
        if !queries.iter().any(|(known, _)| known == query) {
            queries.push((query.to_owned(), location));
        }
        Ok(())
    }

    /// Says farewell for good at a path: 410. Some readers never ask again after that. A final slash more or less makes
    /// no difference, as long as nothing else is there.
    ///
    /// # Errors
    ///
    /// [`BadPath`] where it is no path, or has a query.
    pub fn retire(&mut self, path: &str) -> Result<(), BadPath> {
        let target = target(path)?;
        if target.query.is_some() {
            return Err(BadPath(path.to_owned()));
        }
        self.state(target.path.into_owned(), &Content::Gone, "");
        Ok(())
    }

    /// Puts something at a path and, unless that is where it leads, at the path with a final slash more or less.
    fn state(&mut self, path: String, content: &Content, to: &str) {
        let twin = match path.strip_suffix('/') {
            Some(without) => without.to_owned(),
            None => format!("{path}/"),
        };
        let leads_to_twin = Target::parse(to.as_bytes()).is_ok_and(|there| *there.path == *twin);
        if !twin.is_empty() && !leads_to_twin {
            self.place(twin, content.clone(), Rank::Implied);
        }
        self.place(path, content.clone(), Rank::Stated);
    }

    fn place(&mut self, path: String, content: Content, rank: Rank) {
        if self.places.get(&path).is_none_or(|place| place.rank < rank) {
            self.places.insert(path, Place { content, rank });
        }
    }

    pub(super) fn cache_control(&self) -> &HeaderValue {
        &self.cache_control
    }

    pub(super) fn find<'a>(&'a self, target: &Target<'_>) -> Found<'a> {
        if let Some(location) = self.moved_by_query(target) {
            return Found::Moved(location);
        }
        match self.places.get(&*target.path).map(|place| &place.content) {
            Some(Content::Document(document)) => Found::Document(document),
            Some(Content::Moved(location)) => Found::Moved(location),
            Some(Content::Gone) => Found::Gone,
            None => Found::Nothing,
        }
    }

    fn moved_by_query(&self, target: &Target<'_>) -> Option<&HeaderValue> {
        let query = target.query?;
        let queries = self.by_query.get(&*target.path)?;
        queries.iter().find(|(known, _)| known == query).map(|(_, location)| location)
    }
}

/// A path on this server, perhaps with a query.
fn target(address: &str) -> Result<Target<'_>, BadPath> {
    let parsed = Target::parse(address.as_bytes()).ok();
    parsed.filter(|_| address.starts_with('/')).ok_or_else(|| BadPath(address.to_owned()))
}

/// An address that is plain ASCII and begins as a path or as an address of the web. What begins with two slashes would
/// lead to another host.
fn location(to: &str) -> Option<HeaderValue> {
    let is_path = to.starts_with('/') && !to.starts_with("//");
    let is_web = to.starts_with("https://") || to.starts_with("http://");
    let is_visible = to.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    ((is_path || is_web) && is_visible).then(|| HeaderValue::try_from(to).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use http::{HeaderMap, Method};

    use super::super::date::HttpDate;
    use super::super::{Body, Effort, Parts, Request};
    use super::*;

    fn documents() -> Documents {
        Documents::new(&Policy::default())
    }

    fn document(text: &'static str) -> Document {
        let parts = Parts {
            content_type: HeaderValue::from_static("text/plain"),
            bytes: text.into(),
            updated: DateTime::UNIX_EPOCH,
            links: Vec::new(),
            policy: Policy::default(),
            extra: Vec::new(),
        };
        Document::new(&parts, Effort::Fast)
    }

    fn bytes_of(document: &Document) -> Vec<u8> {
        let request = Request { method: &Method::GET, target: b"/", headers: &HeaderMap::new() };
        match document.respond(&request, HttpDate::of(DateTime::UNIX_EPOCH)).body {
            Body::Bytes(bytes) => bytes.to_vec(),
            body => panic!("{body:?}"),
        }
    }

    /// What is in it, where one is sent, `gone`, or `nothing`.
    fn found(documents: &Documents, address: &str) -> String {
        match documents.find(&Target::parse(address.as_bytes()).unwrap()) {
            Found::Document(document) => String::from_utf8(bytes_of(document)).unwrap(),
            Found::Moved(location) => location.to_str().unwrap().to_owned(),
            Found::Gone => "gone".to_owned(),
            Found::Nothing => "nothing".to_owned(),
        }
    }

    #[test]
    fn a_former_path_is_known_however_it_is_escaped_and_with_any_query() {
        let mut documents = documents();
        documents.redirect("/caf%C3%A9/feed", "/rss.xml").unwrap();
        for address in ["/café/feed", "/caf%c3%a9/%66eed", "/café/feed/", "/café/feed?utm_source=x"] {
            assert_eq!(found(&documents, address), "/rss.xml", "{address}");
        }
        assert_eq!(found(&documents, "/Café/feed"), "nothing");
    }

    #[test]
    fn a_former_address_with_a_query_is_for_this_query_only() {
        let mut documents = documents();
        documents.redirect("/?feed=rss2", "/rss.xml").unwrap();
        documents.redirect("/?feed=atom", "/atom.xml").unwrap();
        documents.redirect("/?feed=atom", "/late.xml").unwrap();
        assert_eq!(found(&documents, "/?feed=rss2"), "/rss.xml");
        assert_eq!(found(&documents, "/?feed=atom"), "/atom.xml");
        for address in ["/", "/?", "/?feed", "/?feed=rss2&x", "/a?feed=rss2"] {
            assert_eq!(found(&documents, address), "nothing", "{address}");
        }
    }

    #[test]
    fn what_is_stated_goes_before_what_is_implied_and_the_first_before_the_second() {
        let mut documents = documents();
        documents.redirect("/a", "/1").unwrap();
        documents.redirect("/a/", "/2").unwrap();
        documents.redirect("/a/", "/3").unwrap();
        documents.retire("/a").unwrap();
        assert_eq!((&*found(&documents, "/a"), &*found(&documents, "/a/")), ("/1", "/2"));
    }

    #[test]
    fn a_retired_path_is_gone_with_and_without_its_slash() {
        let mut documents = documents();
        documents.retire("/old/feed/").unwrap();
        assert_eq!(found(&documents, "/old/feed"), "gone");
        assert_eq!(found(&documents, "/old/feed/?x"), "gone");
        assert_eq!(found(&documents, "/old/"), "nothing");
    }

    #[test]
    fn a_folder_is_its_index_and_who_forgets_the_slash_is_sent_there() {
        let mut documents = documents();
        documents.insert("/index.html", document("home")).unwrap();
        documents.insert("/a b/é/index.html", document("page")).unwrap();
        documents.insert("/feed/", document("feed")).unwrap();
        assert_eq!(found(&documents, "/"), "home");
        assert_eq!(found(&documents, "/index.html"), "home");
        assert_eq!(found(&documents, "/a%20b/%C3%A9/?x"), "page");
        assert_eq!(found(&documents, "/a%20b/%C3%A9"), "/a%20b/%C3%A9/");
        assert_eq!(found(&documents, "/feed"), "/feed/");
        assert_eq!(found(&documents, "/a%20b/"), "nothing", "no folder is listed");
    }

    #[test]
    fn r_ht_7_a_document_goes_before_whatever_else_is_said_of_its_path() {
        let mut documents = documents();
        documents.redirect("/rss.xml", "/1").unwrap();
        documents.insert("/rss.xml", document("feed")).unwrap();
        documents.insert("/notes/index.html", document("notes")).unwrap();
        documents.retire("/rss.xml").unwrap();
        documents.redirect("/notes", "/2").unwrap();
        assert_eq!(found(&documents, "/rss.xml"), "feed");
        assert_eq!(found(&documents, "/notes/"), "notes");
        assert_eq!(found(&documents, "/notes"), "/2", "what is stated goes before the slash that is missing");
    }

    #[test]
    fn a_former_address_with_a_query_works_beside_a_page() {
        let mut documents = documents();
        documents.insert("/index.html", document("home")).unwrap();
        documents.redirect("/?feed=rss2", "/rss.xml").unwrap();
        assert_eq!(found(&documents, "/?feed=rss2"), "/rss.xml");
        assert_eq!(found(&documents, "/?utm_source=x"), "home");
    }

    #[test]
    fn a_document_is_where_it_can_be_asked_for() {
        let mut documents = documents();
        for path in ["", "rss.xml", "/../rss.xml", "//rss.xml", "/a\\b", "/a\0", "/a\n"] {
            let bad = BadPath(path.to_owned());
            assert_eq!(documents.insert(path, document("")), Err(bad), "{path}");
        }
        documents.insert("/100%?#.xml", document("odd")).unwrap();
        assert_eq!(found(&documents, "/100%25%3F%23.xml"), "odd");
    }

    #[test]
    fn nobody_is_sent_in_a_circle() {
        let mut documents = documents();
        documents.redirect("/feed", "/feed/").unwrap();
        assert_eq!(found(&documents, "/feed/"), "nothing");
        assert!(documents.redirect("/a", "/%61").is_err());
        assert!(documents.redirect("/?a", "/?a").is_err());
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let mut documents = documents();
        for from in ["", "a", "/../a", "/%zz", "//a", "https://example.org/a"] {
            assert_eq!(documents.redirect(from, "/b"), Err(BadPath(from.to_owned())));
            assert_eq!(documents.retire(from), Err(BadPath(from.to_owned())));
        }
        for to in ["", "b", "//example.org/", "/\\example.org/", "javascript:x", "/a\r\nb: c", "/é", "/a b"]
        {
            assert_eq!(documents.redirect("/a", to), Err(BadPath(to.to_owned())));
        }
        assert!(documents.retire("/a?b").is_err());
    }
}
