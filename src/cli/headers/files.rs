//! The files of a built folder, and the headers of each.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Config, Stylesheet};
use crate::format::{FeedDocument, Format, PublishedFeed};
use crate::hosting::{COMMON_HEADERS, CachePolicy, Link, content_type, content_type_of_feed, link_header};

/// The files of a built folder.
pub(super) struct FileHeaders {
    /// The path at which the folder is served, with a slash at its end.
    pub(super) base: String,
    /// Headers of every file.
    pub(super) common: Vec<(&'static str, String)>,
    /// Files with rules of their own, in the order of their paths.
    pub(super) single: Vec<File>,
    /// Files that share a rule.
    pub(super) alike: Vec<Alike>,
}

/// A file with a rule of its own.
pub(super) struct File {
    /// The path of its URL.
    pub(super) path: String,
    pub(super) content_type: &'static str,
    /// The value of `Link`.
    pub(super) link: Option<String>,
    /// A rule for several files covers it too.
    pub(super) is_alike: bool,
}

/// Files of one name in folders of one depth: a feed for each of hundreds of tags is one rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Alike {
    pub(super) depth: usize,
    /// The name as it stands in a URL.
    pub(super) name: String,
    pub(super) content_type: &'static str,
}

/// The deepest folders for which rules have placeholders.
const DEEPEST: usize = 8;

/// The depth and the name of a file, by which it is like others.
type Shape = (usize, String);

impl FileHeaders {
    pub(super) fn of(config: &Config, feeds: &[PublishedFeed]) -> Self {
        let base = config.feed_url("").path().trim_end_matches('/').to_owned() + "/";
        let alike = alike(config, feeds, &base);
        let mut single: Vec<File> = others(config, feeds).map(|path| file(config, &path)).collect();
        for feed in feeds {
            for document @ FeedDocument { format, url, .. } in &feed.documents {
                let path = url.path().to_owned();
                let is_alike = alike.contains_key(&shape(&path, &base));
                // With many feeds of one kind, each states its URL and hubs only in the document.
                if feed.value.is_none() || !is_alike {
                    let link = Some(link(config, feed, document)).filter(|_| feed.value.is_none());
                    single.push(File {
                        path,
                        content_type: content_type_of_feed(*format, config.serving.browser_types),
                        link,
                        is_alike,
                    });
                }
            }
        }
        single.sort_by(|one, other| one.path.cmp(&other.path));
        single.dedup_by(|other, one| other.path == one.path);
        let policy = CachePolicy { max_age: config.serving.max_age, ..CachePolicy::default() };
        let mut common = vec![("Cache-Control", policy.cache_control())];
        common.extend(COMMON_HEADERS.map(|(name, value)| (name, value.to_owned())));
        let of_shape = |((depth, name), content_type)| Alike { depth, name, content_type };
        Self { base, common, single, alike: alike.into_iter().map(of_shape).collect() }
    }
}

/// The files beside the feeds.
fn others(config: &Config, feeds: &[PublishedFeed]) -> impl Iterator<Item = String> {
    let has_xml = feeds.iter().flat_map(|feed| &feed.documents).any(|document| document.format.is_xml());
    let stylesheet = match &config.stylesheet {
        Stylesheet::Ours(file) if has_xml => Some(file.clone()),
        _ => None,
    };
    let page = config.page.as_ref().map(|page| page.path.clone());
    [Some(config.opml.clone()), stylesheet, page].into_iter().flatten()
}

fn file(config: &Config, path: &str) -> File {
    let url = config.feed_url(path);
    File { path: url.path().to_owned(), content_type: content_type(path), link: None, is_alike: false }
}

/// The kinds of files that feeds with `for-each` have, where all files of that depth and name are of one type.
fn alike(config: &Config, feeds: &[PublishedFeed], base: &str) -> BTreeMap<Shape, &'static str> {
    let mut types: BTreeMap<Shape, BTreeSet<Format>> = BTreeMap::new();
    let mut many = BTreeSet::new();
    for feed in feeds {
        for FeedDocument { format, url, .. } in &feed.documents {
            let shape = shape(url.path(), base);
            types.entry(shape.clone()).or_default().insert(*format);
            // In the folder of the feeds itself the names of files differ, and there are others.
            if feed.value.is_some() && (1..=DEEPEST).contains(&shape.0) {
                many.insert(shape);
            }
        }
    }
    let of_one_type = types.into_iter().filter(|(shape, types)| many.contains(shape) && types.len() == 1);
    of_one_type
        .filter_map(|(shape, types)| {
            Some((shape, content_type_of_feed(types.into_iter().next()?, config.serving.browser_types)))
        })
        .collect()
}

fn shape(path: &str, base: &str) -> Shape {
    let path = path.strip_prefix(base).unwrap_or(path);
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    (folders.split('/').filter(|folder| !folder.is_empty()).count(), name.to_owned())
}

/// The `Link` header: the URL of the feed, its hubs, and its site.
fn link(config: &Config, feed: &PublishedFeed, document: &FeedDocument) -> String {
    let media_type = Some(document.format.media_type());
    let own = Link { url: document.url.clone(), rel: "self", media_type };
    let hubs = feed.hubs.iter().map(|hub| Link { url: hub.clone(), rel: "hub", media_type: None });
    let home = Link { url: config.publication.home.clone(), rel: "alternate", media_type: Some("text/html") };
    let links: Vec<Link> = [own].into_iter().chain(hubs).chain([home]).collect();
    link_header(&links).unwrap_or_default()
}
