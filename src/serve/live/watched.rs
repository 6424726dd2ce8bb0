//! The folders and files whose changes matter.

use std::collections::BTreeSet;
use std::path::Path;

use super::{DocumentSource, Error, Live, News};
use crate::config::{self, Config};
use crate::ledger;
use crate::publication::load_config;
use crate::store::{self, Folder, FolderWatcher, Patterns};

impl Live {
    pub(super) fn begin_to_watch(&mut self) -> Result<(), Error> {
        let (DocumentSource::Publication { root, .. } | DocumentSource::Built { folder: root, .. }) =
            &self.source;
        let mut watch = FolderWatcher::new(root, self.signals.changed())?;
        let (folders, files) = match &self.source {
            DocumentSource::Publication { root, .. } => {
                let config = load_config(&Folder::new(root))?;
                watched(&Folder::new(root), &config)
            }
            DocumentSource::Built { folder, .. } => (all_folders(folder), BTreeSet::new()),
        };
        watch.follow(&folders, &files)?;
        self.watch = Some(watch);
        Ok(())
    }

    pub(super) fn follow(&mut self, root: &Path, config: &Config) {
        if let Some(watch) = &mut self.watch {
            let (folders, files) = watched(&Folder::new(root), config);
            self.news.extend(watch.follow(&folders, &files).err().as_ref().map(unwatched));
        }
    }
}

/// The folders and files that a build reads. What it writes itself is not among them, except the ledger,
/// which others write too.
fn watched(store: &Folder, config: &Config) -> (BTreeSet<String>, BTreeSet<String>) {
    let feeds = config.feeds_folder();
    let is_ours = |folder: &String| !feeds.is_empty() && format!("{folder}/").starts_with(&feeds);
    let folders = store.folders(&config.articles.path, &config.articles.exclude).into_iter();
    let template = config.page.as_ref().and_then(|page| page.template.clone());
    let files = config.articles.authors.iter().cloned().chain(template);
    let files = files.chain([config::FILE.to_owned(), ledger::FILE.to_owned()]);
    (folders.filter(|folder| !is_ours(folder)).collect(), files.collect())
}

pub(super) fn all_folders(folder: &Path) -> BTreeSet<String> {
    Folder::new(folder).folders("", &Patterns::none()).into_iter().collect()
}

pub(super) fn unwatched(error: &store::Error) -> News {
    News::Trouble(format!("{error}; changes there are not noticed"))
}
