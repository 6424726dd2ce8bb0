//! Building a publication and serving its feeds.

use std::path::Path;
use std::time::Instant;

use super::{Error, Live, News, folder_of, holds_sources};
use crate::cache;
use crate::config::Config;
use crate::publication::{Options, build_with_config};
use crate::select::Preview;
use crate::serve::ServedFile;
use crate::store::{Folder, Public, Store};

impl Live {
    pub(super) fn publish(&mut self, root: &Path, preview: Preview) -> Result<(), Error> {
        if let Some(mut layer) = self.layer.take() {
            let published = self.publish_in(&mut layer, root, preview);
            self.layer = Some(layer);
            return published;
        }
        let mut store = Folder::new(root);
        store.lock(|| {})?;
        self.publish_in(&mut store, root, preview)
    }

    fn publish_in(&mut self, store: &mut dyn Store, root: &Path, preview: Preview) -> Result<(), Error> {
        let began = Instant::now();
        // What is being written must not vanish from the feeds for that long; at first there is nothing else
        // to serve.
        let keep_published = !self.library.is_empty();
        let options = Options { preview, keep_published, ..Options::at((self.clock)()) };
        let (report, config) = build_with_config(store, options, &|_| ())?;
        self.due = report.next_change;
        let places = places(store, &config);
        self.library.agree(self.terms(Some(&config)));
        let drafts = self.library.refresh(store, &places)?;
        self.surroundings.front = front(&places, &config);
        self.surroundings.folders = self.folders(root, &config)?;
        self.serve();
        let took = began.elapsed();
        self.exchange.count_build(Some(took.as_secs_f64()));
        self.improve(drafts);
        self.follow(root, &config);
        self.redirect(&report.redirects, &report.files, &config);
        self.news.push_back(News::Built(Box::new(report), took));
        Ok(())
    }

    /// The folder of the feeds, for documents that are too large to keep in memory, and that of other files.
    fn folders(&self, root: &Path, config: &Config) -> Result<Vec<(String, Public)>, Error> {
        let mut folders = Vec::new();
        // A folder in which feeds lie beside sources is not for the public.
        if !config.feeds_path.is_empty() && self.layer.is_none() {
            let public = Public::new(&root.join(&config.feeds_path)).ok();
            let public = public.filter(|public| !holds_sources(public, root, config));
            folders.extend(public.map(|public| (folder_of(&config.feeds_url), public)));
        }
        folders.extend(self.files(Some(root), Some(config))?);
        Ok(folders)
    }
}

/// The documents of a publication, and where they are served.
fn places(store: &dyn Store, config: &Config) -> Vec<ServedFile> {
    let (base, folder) = (folder_of(&config.feeds_url), config.feeds_folder());
    let place = |file: String| {
        let at = format!("{base}{}", file.strip_prefix(&folder).unwrap_or(&file));
        ServedFile { file, at }
    };
    cache::documents_of_last_build(store).into_iter().map(place).collect()
}

fn front(places: &[ServedFile], config: &Config) -> Option<String> {
    let page = format!("{}{}", folder_of(&config.feeds_url), config.page.as_ref()?.path);
    places.iter().any(|place| place.at == page).then_some(page)
}
