//! Serving a folder that another program builds.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::{DateTime, Utc};

use super::watched::{all_folders, unwatched};
use super::{Error, Live, News, folder_of, holds_sources};
use crate::publication::{self, Options, Publication, Redirect, load_config};
use crate::serve::ServedFile;
use crate::store::{Folder, Patterns, Public, Store};

impl Live {
    /// Serves the documents that are in the folder now.
    pub(super) fn read_built(&mut self, folder: &Path, publication: Option<&Path>) -> Result<(), Error> {
        let store = Folder::new(folder);
        let config = publication.map(|root| load_config(&Folder::new(root))).transpose()?;
        let terms = self.terms(config.as_ref());
        self.library.agree(terms);
        let base = config.as_ref().map_or_else(|| "/".to_owned(), |config| folder_of(&config.feeds_url));
        let listing = store.list("", &Patterns::none())?;
        let files =
            listing.files.iter().filter(|file| is_document(&file.path) && file.stamp.size <= terms.largest);
        let place = |path: &String| ServedFile { file: path.clone(), at: format!("{base}{path}") };
        let places: Vec<ServedFile> = files.map(|file| place(&file.path)).collect();
        let drafts = self.library.refresh(&store, &places)?;
        let page =
            config.as_ref().and_then(|config| config.page.as_ref()).map_or("index.html", |page| &page.path);
        self.surroundings.front = Some(format!("{base}{page}"));
        let public = Public::new(folder)?;
        if publication.zip(config.as_ref()).is_some_and(|(root, config)| holds_sources(&public, root, config))
        {
            return Err(Error::Sources(folder.to_owned()));
        }
        self.surroundings.folders = vec![(base, public)];
        self.surroundings.folders.extend(self.files(publication, config.as_ref())?);
        self.serve();
        self.improve(drafts);
        if let Some(watch) = &mut self.watch {
            let followed = watch.follow(&all_folders(folder), &BTreeSet::new());
            self.news.extend(followed.err().as_ref().map(unwatched));
        }
        if let (Some(root), Some(config)) = (publication, &config) {
            let redirects = redirects(&Folder::new(root), (self.clock)()).unwrap_or_default();
            self.redirect(&redirects, &self.library.feeds(config), config);
        }
        self.news.push_back(News::TakenIn(self.library.len()));
        Ok(())
    }
}

/// Tells by its name whether a file is kept in memory, and encoded.
fn is_document(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    matches!(extension, "xml" | "rss" | "atom" | "json" | "opml" | "html" | "css")
}

/// The former URLs of the articles of a publication that another program builds.
fn redirects(store: &dyn Store, now: DateTime<Utc>) -> Result<Vec<Redirect>, publication::Error> {
    let publication = Publication::open(store, Options::at(now))?;
    let articles = publication.articles(store, &|_| ());
    Ok(publication.redirects(&publication.identify(&articles)))
}
