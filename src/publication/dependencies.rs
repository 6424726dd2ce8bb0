//! Dependencies of an article: other articles that it links to, pictures and enclosures beside it.
//!
//! Whatever an entry learns here it depends on. The questions and answers are kept, so that a later build can ask
//! again and know whether the entry would come out the same.

use std::cell::{OnceCell, RefCell};

use url::Url;

use super::attachments::Attachments;
use super::bundled;
use super::links::Links;
use super::path::joined;
use crate::article::ArticleSummary;
use crate::built_site::BuiltSite;
use crate::cache::Consulted;
use crate::config::Config;
use crate::content::{BundledImage, Files, address};
use crate::generator::Dialect;
use crate::store::{Stamp, Store};

/// Local images larger than this are not opened to learn their size.
const LARGEST_IMAGE: u64 = 20_000_000;

/// A larger page is not read, in bytes.
const LARGEST_PAGE: u64 = 8_000_000;

/// Folders in which generators keep files that belong to no article.
const ASSET_FOLDERS: [&str; 6] = ["", "static", "assets", "public", "source", "src"];

/// Whom an article can ask.
pub(super) struct Dependencies<'a, 'l> {
    store: &'a dyn Store,
    config: &'a Config,
    summary: ArticleSummary<'a>,
    links: &'a Links<'l>,
    attachments: &'a Attachments,
    /// The site as its generator has built it, and its folder.
    built: Option<(&'a BuiltSite, &'a str)>,
    page: OnceCell<String>,
    consulted: RefCell<Consulted>,
}

impl<'a, 'l> Dependencies<'a, 'l> {
    pub(super) fn new(
        store: &'a dyn Store,
        config: &'a Config,
        summary: ArticleSummary<'a>,
        links: &'a Links<'l>,
        attachments: &'a Attachments,
    ) -> Self {
        let (built, page) = (None, OnceCell::new());
        Self { store, config, summary, links, attachments, built, page, consulted: RefCell::default() }
    }

    /// With the pages of the built site.
    pub(super) fn with_site(self, built: Option<&'a BuiltSite>) -> Self {
        let folder = self.config.articles.site.as_ref().map(|site| site.path.as_str());
        Self { built: built.zip(folder), ..self }
    }

    /// All that was asked, and what the answers were.
    pub(super) fn consulted(self) -> Consulted {
        self.consulted.into_inner()
    }

    /// `true` if all answers would be the same today. `began` is the clock of the build that was given them.
    pub(super) fn still_say(&self, consulted: &Consulted, began: i64) -> bool {
        let article = |(name, url): (&String, &Option<String>)| {
            self.links.find(name, self.summary.name()).as_ref().map(Url::as_str) == url.as_deref()
        };
        let attachment =
            |(name, path): (&String, &Option<String>)| self.attachments.find(name) == path.as_deref();
        consulted.articles.iter().all(article)
            && consulted.attachments.iter().all(attachment)
            && consulted.places.are_still(self.store, began)
    }

    /// The path and the stamp of a file that the article names, if there is one in the store.
    pub(super) fn local(&self, name: &str) -> Option<(String, Stamp)> {
        // An address on the web is none, whatever lies here.
        if name.split(['?', '#']).next().is_some_and(|name| name.contains("://")) {
            return None;
        }
        let name = name.split(['?', '#']).next().unwrap_or_default();
        let beside = self.summary.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        let folders: Vec<&str> = if name.starts_with('/') {
            ASSET_FOLDERS.iter().copied().chain([self.config.articles.path.as_str()]).collect()
        } else {
            vec![beside]
        };
        let mut paths = folders.into_iter().filter_map(|folder| joined(folder, name));
        paths
            .find_map(|path| self.stamp(&path).map(|stamp| (path, stamp)))
            .or_else(|| self.attached(name).and_then(|path| Some((path.to_owned(), self.stamp(path)?))))
    }

    /// The path of an attachment that has a name.
    fn attached(&self, name: &str) -> Option<&'a str> {
        let found = self.attachments.find(name);
        if self.attachments.are_found_by_name() {
            let path = found.map(str::to_owned);
            self.consulted.borrow_mut().attachments.insert(name.to_owned(), path);
        }
        found
    }

    /// The stamp of a file of the publication, on which the article depends from now on.
    pub(super) fn stamp(&self, path: &str) -> Option<Stamp> {
        let found = self.store.stamp(path);
        self.consulted.borrow_mut().places.files.insert(path.to_owned(), found);
        found
    }

    /// Width and height in pixels of an image of the publication.
    pub(super) fn size_of_image(&self, path: &str) -> Option<(u32, u32)> {
        self.stamp(path).filter(|stamp| stamp.size <= LARGEST_IMAGE)?;
        let size = imagesize::blob_size(&self.store.read(path).ok()?).ok()?;
        Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))
    }

    /// The page of the article as the site's generator has built it; empty where there is none.
    fn page(&self) -> &str {
        self.page.get_or_init(|| {
            let url = Url::parse(self.summary.permalink()).ok();
            let files = self.built.zip(url).map(|((built, folder), url)| built.files_of(&url, folder));
            let mut files = files.into_iter().flatten();
            let file = files.find(|file| self.stamp(file).is_some_and(|stamp| stamp.size <= LARGEST_PAGE));
            let bytes = file.and_then(|file| self.store.read(&file).ok()).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        })
    }

    fn has_files_apart(&self) -> bool {
        ASSET_FOLDERS.iter().any(|folder| !folder.is_empty() && self.has_folder(folder))
    }

    fn has_folder(&self, path: &str) -> bool {
        let is_there = self.store.has_folder(path);
        self.consulted.borrow_mut().places.folders.insert(path.to_owned(), is_there);
        is_there
    }
}

impl Files for Dependencies<'_, '_> {
    fn article(&self, name: &str) -> Option<Url> {
        let found = self.links.find(name, self.summary.name());
        let address = found.as_ref().map(|url| url.as_str().to_owned());
        self.consulted.borrow_mut().articles.insert(name.to_owned(), address);
        found
    }

    fn bundled(&self, name: &str) -> BundledImage {
        let of_site = self.config.site.as_ref().map(|site| site.generator);
        let generator = of_site.or_else(|| self.config.articles.dialect.map(Dialect::rules));
        if name.starts_with('/') || !generator.is_some_and(|generator| generator.names.bundled_images) {
            return BundledImage::NotBundled;
        }
        let address = bundled::image_on(self.page(), name);
        let url = address.and_then(|address| Url::parse(self.summary.permalink()).ok()?.join(address).ok());
        url.map_or(BundledImage::Unknown, BundledImage::At)
    }

    /// Below the home as it lies below the folder of articles.
    fn attachment(&self, name: &str) -> Option<Url> {
        let folder = self.config.articles.path.trim_end_matches('/');
        let path = self.attached(name)?;
        let path = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/');
        self.config.publication.home.join(&address::path(path)).ok()
    }

    /// `true` if the file is there, `false` if it is missing, `None` if that cannot be told: where a site
    /// keeps files apart from its articles, only a bundle's own can be missed.
    fn has_file(&self, name: &str) -> Option<bool> {
        if self.local(name).is_some() {
            return Some(true);
        }
        if name.starts_with('/') {
            return None;
        }
        (self.summary.is_bundle() || !self.has_files_apart()).then_some(false)
    }

    fn image_size(&self, name: &str) -> Option<(u32, u32)> {
        self.size_of_image(&self.local(name)?.0)
    }
}
