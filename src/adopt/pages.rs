//! Follows a feed from page to page: RFC 5005 `prev-archive` and `next`, JSON Feed's `next_url`, `WordPress`'s `?paged=`.

use std::collections::{BTreeSet, VecDeque};

use url::Url;

use super::old_feed::{self, OldFeed, Unreadable};
use crate::fetch::{self, Fetched, Reason};

/// The limits within which a feed is followed from page to page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Following {
    /// Asks for `?paged=2` and so on whatever program wrote the feed, not only where it is `WordPress`.
    pub paged: bool,
    /// Documents, the first among them.
    pub pages: usize,
    /// Bytes of all documents together.
    pub bytes: usize,
}

impl Default for Following {
    /// 100 documents, 128 MB.
    fn default() -> Self {
        Self { paged: false, pages: 100, bytes: 128 << 20 }
    }
}

/// A feed with all the pages that were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// The entries of all pages, no id twice.
    pub feed: OldFeed,
    /// The number of documents that were read.
    pub pages: usize,
    /// Why the feed was not followed to its end, if it was not.
    pub stopped: Vec<String>,
}

/// The reason why a feed is not read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be fetched, or one of its further pages cannot.
    #[error(transparent)]
    Fetch(fetch::Error),
    /// The document at the URL is not a feed.
    #[error("cannot adopt `{0}`: {1}")]
    Unreadable(Url, Unreadable),
}

/// Reads a feed and the pages it goes on with, as far as they are on the same host. `get` fetches a document.
///
/// A page that cannot be had is an error: half an archive would give ids to half of the articles. The end of
/// `?paged=` is told by a refusal, an empty page, or one that brings nothing new.
pub fn follow(address: &Url, following: &Following, get: Get<'_>) -> Result<Followed, Error> {
    let first = get(address).map_err(Error::Fetch)?;
    let mut walk = Walk::from(&first.url, following);
    walk.asked.extend([bare(address.clone()), bare(first.url.clone())]);
    let feed = walk.read(&first)?;
    let wordpress = feed.further.is_empty() && (following.paged || is_wordpress(&feed));
    walk.take(feed);
    if wordpress {
        walk.numbered(get)?;
    } else {
        walk.linked(get)?;
    }
    Ok(walk.followed)
}

fn is_wordpress(feed: &OldFeed) -> bool {
    feed.generator.to_ascii_lowercase().contains("wordpress")
}

/// The pages seen so far, and those ahead.
struct Walk<'a> {
    following: &'a Following,
    /// The URL at which the first page was found.
    start: &'a Url,
    /// The addresses that were asked for or found.
    asked: BTreeSet<Url>,
    ids: BTreeSet<String>,
    ahead: VecDeque<Url>,
    bytes: usize,
    followed: Followed,
}

impl<'a> Walk<'a> {
    fn from(start: &'a Url, following: &'a Following) -> Self {
        let (asked, ids, ahead) = (BTreeSet::new(), BTreeSet::new(), VecDeque::new());
        Self { following, start, asked, ids, ahead, bytes: 0, followed: Followed::default() }
    }

    fn read(&mut self, page: &Fetched) -> Result<OldFeed, Error> {
        self.bytes = self.bytes.saturating_add(page.bytes.len());
        old_feed::read(&page.bytes, &page.url).map_err(|why| Error::Unreadable(page.url.clone(), why))
    }

    /// Adds the entries of a page that are new, and says how many.
    fn take(&mut self, page: OldFeed) -> usize {
        let before = self.followed.feed.entries.len();
        self.followed.pages += 1;
        self.followed.feed.id = self.followed.feed.id.take().or(page.id);
        self.followed.feed.problems.extend(page.problems);
        // Servers never see the fragment.
        self.ahead.extend(page.further.into_iter().map(bare));
        let entries = page.entries.into_iter().filter(|entry| self.ids.insert(entry.id.clone()));
        self.followed.feed.entries.extend(entries);
        self.followed.feed.entries.len() - before
    }

    /// The pages that each page links to.
    fn linked(&mut self, get: Get<'_>) -> Result<(), Error> {
        while let Some(url) = self.ahead.pop_front() {
            if self.asked.contains(&url) {
                continue;
            }
            if !self.is_on_same_host(&url) {
                self.stop(format!("`{url}` is on another host and was not asked for its entries"));
                continue;
            }
            if !self.has_room() {
                break;
            }
            self.asked.insert(url.clone());
            let page = get(&url).map_err(Error::Fetch)?;
            if !self.is_on_same_host(&page.url) {
                self.stop(format!("`{url}` leads to another host, `{}`, and was not read", page.url));
                continue;
            }
            self.asked.insert(bare(page.url.clone()));
            let feed = self.read(&page)?;
            self.take(feed);
        }
        Ok(())
    }

    /// The pages that `WordPress` has without saying so.
    fn numbered(&mut self, get: Get<'_>) -> Result<(), Error> {
        for number in 2_usize.. {
            if !self.has_room() {
                break;
            }
            let url = paged(self.start, number);
            let page = match get(&url) {
                Ok(page) => page,
                Err(fetch::Error { reason: Reason::Status(400..500), .. }) => break,
                Err(error) => return Err(Error::Fetch(error)),
            };
            // Beyond its last page, a site may well send us somewhere else, to a page that is no feed.
            if !self.is_on_same_host(&page.url) {
                break;
            }
            let Ok(feed) = self.read(&page) else { break };
            if self.take(feed) == 0 {
                self.followed.pages -= 1;
                break;
            }
        }
        Ok(())
    }

    /// True if another page may be asked for; otherwise the reason is noted.
    fn has_room(&mut self) -> bool {
        let Following { pages, bytes, .. } = *self.following;
        if self.followed.pages >= pages {
            self.stop(format!("`{}` has more than {pages} pages; the rest was not read", self.start));
        } else if self.bytes >= bytes {
            self.stop(format!("`{}` has more than {} MB; the rest was not read", self.start, bytes >> 20));
        } else {
            return true;
        }
        false
    }

    fn stop(&mut self, why: String) {
        if !self.followed.stopped.contains(&why) {
            self.followed.stopped.push(why);
        }
    }

    /// Many sites that moved to https, or away from `www.`, still link their pages as they were.
    fn is_on_same_host(&self, url: &Url) -> bool {
        let host =
            |url: &Url| url.host_str().map(|host| host.strip_prefix("www.").unwrap_or(host).to_owned());
        fetch::is_web(url) && host(url) == host(self.start) && url.port() == self.start.port()
    }
}

/// Fetches a document.
pub type Get<'a> = &'a mut dyn FnMut(&Url) -> Result<Fetched, fetch::Error>;

fn bare(mut url: Url) -> Url {
    url.set_fragment(None);
    url
}

fn paged(start: &Url, number: usize) -> Url {
    let mut url = start.clone();
    let others: Vec<(String, String)> =
        start.query_pairs().into_owned().filter(|(name, _)| name != "paged").collect();
    url.query_pairs_mut().clear().extend_pairs(others).append_pair("paged", &number.to_string());
    url
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// A site, and what it was asked for.
    struct Site {
        pages: BTreeMap<&'static str, String>,
        asked: Vec<String>,
    }

    impl Site {
        fn new(pages: impl IntoIterator<Item = (&'static str, String)>) -> Self {
            Self { pages: pages.into_iter().collect(), asked: Vec::new() }
        }

        fn follow(&mut self, following: &Following) -> Result<Followed, Error> {
            let start = "https://example.org/feed".parse().unwrap();
            follow(&start, following, &mut |url| {
                self.asked.push(url.to_string());
                let bytes = self.pages.get(url.as_str()).cloned();
                let missing = fetch::Error { url: url.clone(), reason: Reason::Status(404) };
                let found = |text: String| Fetched {
                    url: url.clone(),
                    bytes: text.into(),
                    content_type: String::new(),
                };
                bytes.map(found).ok_or(missing)
            })
        }

        fn ids(&mut self, following: &Following) -> Vec<String> {
            self.follow(following).unwrap().feed.entries.into_iter().map(|entry| entry.id).collect()
        }
    }

    fn rss(head: &str, guids: &[&str]) -> String {
        let items = guids.iter().map(|guid| format!("<item><guid>{guid}</guid></item>"));
        let items = items.collect::<Vec<_>>().concat();
        format!(
            "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel>{head}{items}</channel></rss>"
        )
    }

    fn link(rel: &str, href: &str) -> String {
        format!("<atom:link rel='{rel}' href='{href}'/>")
    }

    const WORDPRESS: &str = "<generator>https://wordpress.org/?v=6.4</generator>";

    #[test]
    fn archives_are_followed_to_the_first_document() {
        let mut site = Site::new([
            ("https://example.org/feed", rss(&link("prev-archive", "/2023"), &["c", "b"])),
            ("https://example.org/2023", rss(&link("prev-archive", "/2022"), &["b"])),
            ("https://example.org/2022", rss("", &["a"])),
        ]);
        assert_eq!(site.ids(&Following::default()), ["c", "b", "a"]);
    }

    #[test]
    fn pages_that_lead_in_a_circle_are_each_read_once() {
        let mut site = Site::new([
            ("https://example.org/feed", rss(&link("next", "/2#top"), &["b"])),
            ("https://example.org/2", rss(&(link("next", "/feed") + &link("next", "/2")), &["a"])),
        ]);
        assert_eq!(site.ids(&Following::default()), ["b", "a"]);
        assert_eq!(site.asked.len(), 2);
    }

    #[test]
    fn no_other_host_is_asked() {
        let mut site = Site::new([(
            "https://example.org/feed",
            rss(
                &(link("next", "http://169.254.169.254/latest") + &link("next", "file:///etc/passwd")),
                &["a"],
            ),
        )]);
        let followed = site.follow(&Following::default()).unwrap();
        assert_eq!((site.asked.len(), followed.stopped.len()), (1, 2));
    }

    #[test]
    fn a_missing_page_of_an_archive_is_an_error() {
        let mut site = Site::new([("https://example.org/feed", rss(&link("next", "/2"), &["a"]))]);
        assert!(matches!(site.follow(&Following::default()), Err(Error::Fetch(_))));
    }

    #[test]
    fn wordpress_is_asked_for_pages_until_it_refuses() {
        let mut site = Site::new([
            ("https://example.org/feed", rss(WORDPRESS, &["c"])),
            ("https://example.org/feed?paged=2", rss(WORDPRESS, &["b"])),
            ("https://example.org/feed?paged=3", rss(WORDPRESS, &["a"])),
        ]);
        assert_eq!(site.ids(&Following::default()), ["c", "b", "a"]);
        assert_eq!(site.asked.last().unwrap(), "https://example.org/feed?paged=4");
    }

    #[test]
    fn pages_that_repeat_or_are_empty_or_no_feed_are_the_end() {
        for end in [rss(WORDPRESS, &["a"]), rss(WORDPRESS, &[]), "<html></html>".to_owned()] {
            let mut site = Site::new([
                ("https://example.org/feed", rss(WORDPRESS, &["a"])),
                ("https://example.org/feed?paged=2", end),
            ]);
            assert_eq!(site.follow(&Following::default()).unwrap().pages, 1);
            assert_eq!(site.asked.len(), 2);
        }
    }

    #[test]
    fn others_are_asked_for_pages_only_on_request() {
        let pages = || {
            [
                ("https://example.org/feed", rss("", &["b"])),
                ("https://example.org/feed?paged=2", rss("", &["a"])),
            ]
        };
        assert_eq!(Site::new(pages()).ids(&Following::default()), ["b"]);
        assert_eq!(Site::new(pages()).ids(&Following { paged: true, ..Following::default() }), ["b", "a"]);
    }

    #[test]
    fn a_feed_without_end_is_left_at_the_limit_and_says_so() {
        let mut pages = 0;
        let start = "https://example.org/feed".parse().unwrap();
        let following = Following { pages: 10, ..Following::default() };
        let followed = follow(&start, &following, &mut |url| {
            pages += 1;
            let text = rss(&link("next", &format!("/{pages}")), &[&format!("{pages}")]);
            Ok(Fetched { url: url.clone(), bytes: text.into(), content_type: String::new() })
        });
        let followed = followed.unwrap();
        assert_eq!((pages, followed.pages, followed.feed.entries.len()), (10, 10, 10));
        assert!(followed.stopped[0].contains("more than 10 pages"));
    }

    #[test]
    fn other_questions_in_the_address_stay() {
        let start = "https://example.org/?feed=rss2&paged=1".parse().unwrap();
        assert_eq!(paged(&start, 2).as_str(), "https://example.org/?feed=rss2&paged=2");
    }
}
