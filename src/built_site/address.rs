//! Which page a web server answers a URL with, and at which URL a page is.

use unicode_normalization::UnicodeNormalization;
use url::Url;

use super::BuiltPage;
use crate::content::address::percent_decoded;
use crate::fetch::is_web;

/// Names of files that a web server looks for in a folder.
const INDEXES: [&str; 2] = ["index.html", "index.htm"];

/// Endings that a web server tries to add to a path.
const ENDINGS: [&str; 2] = [".html", ".htm"];

/// Form of the URLs of a site's pages, by which they are made of the paths of their files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Form {
    /// The URL of the folder itself; ends in `/`.
    pub(super) root: Url,
    /// `true` if the page in `a.html` is at `a.html`, and not at `a`.
    pub(super) with_html: bool,
    /// `true` if the page in `a/index.html` is at `a/`, and not at `a`.
    pub(super) with_slash: bool,
}

impl Form {
    /// Finds out how the pages state their own URLs. Where none does, it is as plain web servers have it, below `home`;
    /// or at the top of the host of `home`, where the folder has the folders of `home`.
    pub(super) fn of(pages: &[BuiltPage], home: &Url) -> Self {
        let (mut below, mut at_top) = (Votes::default(), Votes::default());
        let folders = decoded(home.path().trim_start_matches('/'));
        for page in pages.iter().filter(|page| page.facts.refresh.is_none()) {
            for stated in &page.facts.stated {
                let Some(path) = stated_path(stated, home) else { continue };
                below.count(&page.path, path.strip_prefix(&folders));
                at_top.count(&page.path, Some(&path));
            }
        }
        let has_folders = !folders.is_empty() && pages.iter().any(|page| page.path.starts_with(&folders));
        let is_at_top = at_top.all > below.all || (at_top.all == below.all && has_folders);
        let votes = if is_at_top { at_top } else { below };
        let mut root = home.clone();
        if is_at_top {
            root.set_path("/");
        }
        Self {
            root,
            with_html: votes.without_html <= votes.with_html,
            with_slash: votes.without_slash <= votes.with_slash,
        }
    }

    /// The URL of the page in the file at `path`.
    pub(super) fn url_of(&self, path: &str) -> Url {
        let folder = INDEXES.iter().find_map(|index| path.strip_suffix(index));
        let folder = folder.filter(|folder| folder.is_empty() || folder.ends_with('/'));
        let shown = match folder {
            Some(folder) if self.with_slash => folder,
            Some(folder) => folder.trim_end_matches('/'),
            None if self.with_html => path,
            None => ENDINGS.iter().find_map(|ending| path.strip_suffix(ending)).unwrap_or(path),
        };
        let mut url = self.root.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(shown.split('/'));
        }
        url
    }

    /// The path of a URL below the folder, decoded and composed; `None` where it is not of this site.
    pub(super) fn path_of(&self, url: &Url) -> Option<String> {
        if !is_web(url) || without_www(url) != without_www(&self.root) {
            return None;
        }
        decoded(url.path()).strip_prefix(&*decoded(self.root.path())).map(str::to_owned)
    }
}

/// Numbers of pages that state their URLs in each form.
#[derive(Default)]
struct Votes {
    all: usize,
    with_html: usize,
    without_html: usize,
    with_slash: usize,
    without_slash: usize,
}

impl Votes {
    /// Counts a page that states its URL, if that is one at which a web server has it.
    fn count(&mut self, file: &str, stated: Option<&str>) {
        let Some(stated) = stated.filter(|stated| files_of(stated).any(|path| path == file)) else { return };
        self.all += 1;
        let is_index = INDEXES.iter().any(|index| file == *index || file.ends_with(&format!("/{index}")));
        let counter = match (is_index, stated) {
            (true, "") => return,
            (true, stated) if stated.ends_with('/') => &mut self.with_slash,
            (true, _) => &mut self.without_slash,
            (false, stated) if stated == file => &mut self.with_html,
            (false, _) => &mut self.without_html,
        };
        *counter += 1;
    }
}

/// The files, in their order, that a web server looks for when it is asked for a decoded path.
pub(super) fn files_of(path: &str) -> impl Iterator<Item = String> {
    let is_folder = path.is_empty() || path.ends_with('/');
    let slash = if is_folder { "" } else { "/" };
    let itself = (!is_folder).then(|| path.to_owned());
    let ending = ENDINGS.iter().filter(move |_| !is_folder).map(move |ending| format!("{path}{ending}"));
    let index = INDEXES.iter().map(move |index| format!("{path}{slash}{index}"));
    itself.into_iter().chain(ending).chain(index)
}

/// The part that paths share which differ only in case, in `.html` or in the slash at their end.
pub(super) fn loose(path: &str) -> String {
    let path = INDEXES.iter().find_map(|index| path.strip_suffix(index)).unwrap_or(path);
    let path = ENDINGS.iter().find_map(|ending| path.strip_suffix(ending)).unwrap_or(path);
    path.trim_end_matches('/').to_lowercase()
}

/// The decoded path of a URL as a page states it, from the root of its host, without the first slash. Whose host it is
/// does not matter: sites are built for one place and tried at another.
pub(super) fn stated_path(stated: &str, home: &Url) -> Option<String> {
    let url = home.join(stated).ok().filter(is_web)?;
    Some(decoded(url.path().trim_start_matches('/')))
}

/// A path of a URL as the file system has it, composed.
pub(super) fn decoded(path: &str) -> String {
    percent_decoded(path).nfc().collect()
}

fn without_www(url: &Url) -> Option<&str> {
    url.host_str().map(|host| host.strip_prefix("www.").unwrap_or(host))
}
