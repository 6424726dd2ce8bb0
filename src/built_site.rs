//! The pages that a site's own generator has made: the proof of where articles are on the web.
//!
//! Whatever the rules of a generator are, what it has built shows where they led. A [`BuiltSite`] knows of each page
//! what tells it from the others: title, heading, dates and the URL that it states. [`BuiltSite::locate`] looks up
//! where articles are said to be, and of those that are not there it finds the pages that show them.

mod address;
mod dates;
mod feeds;
mod locate;
mod location;
mod remembered;
mod scan;
mod search;
#[cfg(test)]
mod tests;
mod title;

use std::cell::RefCell;
use std::sync::LazyLock;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use url::Url;

use crate::diagnostic::{Diagnostic, Rule};
use crate::store::{self, FileEntry, Listing, Patterns, Stamp, Store};

use address::Form;
use feeds::BuiltFeed;
use remembered::Remembered;
use scan::PageFacts;

pub use location::{Evidence, Location, Sought};

/// The folders in which generators leave their pages unless they are told otherwise, in the order in which they are
/// looked for.
pub const USUAL_FOLDERS: [&str; 6] = ["public", "_site", "dist", "output", "build", "docs"];

/// A page with more bytes is not read.
const LARGEST: u64 = 8_000_000;

/// Patterns of files that are not pages, and are not even looked at. Patterns take a while to be read, and
/// are read once.
static OTHERS: LazyLock<Patterns> =
    LazyLock::new(|| Patterns::new(NO_PAGES).unwrap_or_else(|_| Patterns::none()));

const NO_PAGES: [&str; 34] = [
    "*.png", "*.jpg", "*.jpeg", "*.gif", "*.webp", "*.avif", "*.svg", "*.ico", "*.bmp", "*.mp3", "*.m4a",
    "*.ogg", "*.opus", "*.wav", "*.mp4", "*.webm", "*.mov", "*.css", "*.js", "*.mjs", "*.map", "*.woff",
    "*.woff2", "*.ttf", "*.otf", "*.eot", "*.gz", "*.br", "*.zst", "*.zip", "*.wasm", "*.PNG", "*.JPG",
    "*.JPEG",
];

/// The pages of a site as its generator has left them in a folder.
#[derive(Clone, Debug)]
pub struct BuiltSite {
    /// In the order of their paths.
    pages: Vec<BuiltPage>,
    /// The generator's own feeds.
    feeds: Vec<BuiltFeed>,
    form: Form,
    /// `true` if every page could be read.
    is_complete: bool,
    to_remember: Option<(String, Vec<u8>)>,
}

/// A page of a built site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct BuiltPage {
    /// Relative to the folder of the site, composed.
    path: String,
    /// The path of its file in the store, where the file system has not composed it.
    file: Option<String>,
    stamp: Stamp,
    facts: PageFacts,
}

impl BuiltSite {
    /// Lists what may be pages or feeds below `folder`. `is_ours` tells of a path whether it is one that we write.
    ///
    /// # Errors
    ///
    /// If there is no such folder, or it cannot be read.
    pub fn list(
        store: &dyn Store,
        folder: &str,
        is_ours: impl Fn(&str) -> bool,
    ) -> Result<Listing, store::Error> {
        let mut listing = store.list(folder, &OTHERS)?;
        let is_known = |path: &str| is_page(path) || feeds::is_feed(path, folder);
        listing.files.retain(|file| is_known(&file.path) && !is_ours(&file.path));
        Ok(listing)
    }

    /// Reads the pages that are listed, many at a time, but for those that are remembered. `home` is the publication's.
    /// A page that cannot be read is left out, and a diagnostic says so.
    pub fn read(store: &dyn Store, folder: &str, listing: &Listing, home: &Url) -> (Self, Vec<Diagnostic>) {
        let began = store.clock();
        let old = Remembered::read(store, folder);
        let read: Vec<_> = listing
            .files
            .par_iter()
            .filter(|file| is_page(&file.path))
            .map(|file| read_page(store, folder, file, &old))
            .collect();
        let feeds = old.feeds(store, folder, listing);
        let mut is_complete = true;
        let (mut pages, mut diagnostics) = (Vec::with_capacity(read.len()), Vec::new());
        for page in read {
            match page {
                Ok(page) => pages.push(page),
                Err(Unread { path, why, for_good }) => {
                    is_complete &= for_good;
                    let diagnostic = Diagnostic::new(Rule::AbsentPage, path, why);
                    diagnostics.push(diagnostic.label("passed over; it counts as absent"));
                }
            }
        }
        pages.sort_by(|a, b| a.path.cmp(&b.path));
        let read = Remembered { began, pages, feeds };
        let to_remember = (!old.is(&read)).then(|| read.write(folder));
        let Remembered { pages, feeds, .. } = read;
        let form = Form::of(&pages, home);
        (Self { pages, feeds, form, is_complete, to_remember }, diagnostics)
    }

    /// `true` if every page could be read, but for those that are too large to be.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Path and bytes to write, so that the next build need not read all pages again; `None` if nothing
    /// changed.
    pub fn to_remember(&self) -> Option<(&str, &[u8])> {
        self.to_remember.as_ref().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// The paths, in the store, of the files that a web server looks for when it is asked for a URL, in their order; none
    /// where the URL is not of this site. `folder` is that of the site.
    pub fn files_of(&self, url: &Url, folder: &str) -> Vec<String> {
        let path = self.path_of(url);
        let paths = path.iter().flat_map(|path| address::files_of(path));
        let file = |path: String| {
            let page = self.pages.binary_search_by(|page| page.path.cmp(&path)).ok();
            let file = page.and_then(|page| self.pages[page].file.clone());
            file.unwrap_or_else(|| format!("{folder}/{path}"))
        };
        paths.map(file).collect()
    }

    /// The decoded path of a URL below the folder of the site; `None` where it is not of this site.
    pub fn path_of(&self, url: &Url) -> Option<String> {
        self.form.path_of(url)
    }

    /// Number of pages.
    pub fn len(&self) -> usize {
        self.pages.len()
    }

    /// `true` if there is no page.
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    /// `true` if a web server has a page at this URL that shows something and does not only lead elsewhere.
    pub fn has_page(&self, url: &Url) -> bool {
        self.page_at(url).is_some_and(|page| self.pages[page].facts.refresh.is_none())
    }

    /// The page that a web server answers a URL with.
    fn page_at(&self, url: &Url) -> Option<usize> {
        self.page_of_path(&self.form.path_of(url)?)
    }

    /// The page that a web server answers a decoded path with.
    fn page_of_path(&self, path: &str) -> Option<usize> {
        let page = |path: String| self.pages.binary_search_by(|page| page.path.cmp(&path)).ok();
        address::files_of(path).find_map(page)
    }
}

fn is_page(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    ["html", "htm", "xhtml"].iter().any(|known| known.eq_ignore_ascii_case(extension))
}

thread_local! {
    /// The page that was read last. It grows to the largest, and no further.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A page that is passed over.
struct Unread<'a> {
    path: &'a str,
    why: String,
    /// `true` if it stays unread for as long as its file does not change.
    for_good: bool,
}

fn read_page<'a>(
    store: &dyn Store,
    folder: &str,
    file: &'a FileEntry,
    old: &Remembered,
) -> Result<BuiltPage, Unread<'a>> {
    let FileEntry { path, stamp } = file;
    let below = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/');
    let composed: String = below.nfc().collect();
    if let Some(page) = old.get(&composed, file) {
        return Ok(page.clone());
    }
    let unread = |why, for_good| Unread { path, why, for_good };
    if stamp.size > LARGEST {
        let [size, limit] = [stamp.size, LARGEST].map(|bytes| bytes / 1_000_000);
        return Err(unread(format!("the page is {size} MB; the limit is {limit} MB"), true));
    }
    let mut buffer = BUFFER.take();
    let facts = match store.read_into(path, &mut buffer) {
        Ok(()) if scan::is_tangled(&buffer) => {
            Err(unread("a tag of the page has too many attributes".to_owned(), true))
        }
        Ok(()) => Ok(scan::scan(&buffer)),
        Err(error) => Err(unread(error.to_string(), false)),
    };
    BUFFER.set(buffer);
    let file = (composed != below).then(|| path.clone());
    Ok(BuiltPage { path: composed, file, stamp: *stamp, facts: facts? })
}
