//! Tells when something in a folder on disk changes.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use notify::event::{EventKind, ModifyKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::Error;

/// Watches folders, each without those below it, and single files: what is of no interest costs nothing,
/// however large it is.
#[derive(Debug)]
pub struct FolderWatcher {
    watcher: RecommendedWatcher,
    root: PathBuf,
    /// The folders that the watcher was given, relative to the root.
    watched: BTreeSet<String>,
    interest: Arc<Mutex<Interest>>,
}

/// The paths that are followed.
#[derive(Debug, Default)]
struct Interest {
    folders: BTreeSet<PathBuf>,
    files: BTreeSet<PathBuf>,
}

impl FolderWatcher {
    /// A watch that follows nothing yet. `tell` is called whenever something changes in what it
    /// [follows](Self::follow), from another thread, more often than need be, and must not take long.
    ///
    /// # Errors
    ///
    /// If the system cannot watch files.
    pub fn new(root: &Path, tell: impl Fn() + Send + 'static) -> Result<Self, Error> {
        let interest = Arc::new(Mutex::new(Interest::default()));
        let of_interest = Arc::clone(&interest);
        // Even if it fails to tell what has changed, something has.
        let handler = move |event: notify::Result<Event>| {
            let interest = of_interest.lock().unwrap_or_else(PoisonError::into_inner);
            if event.as_ref().map_or(true, |event| is_change(event) && interest.is_in(event)) {
                tell();
            }
        };
        let watcher = notify::recommended_watcher(handler)
            .map_err(|error| Error::new("watch", root.display().to_string(), cause(error)))?;
        Ok(Self { watcher, root: root.to_owned(), watched: BTreeSet::new(), interest })
    }

    /// Follows these folders and files and no others from now on. `""` is the root; what is not there is
    /// passed over.
    ///
    /// # Errors
    ///
    /// If the system's limit of watches is reached; it can be raised.
    pub fn follow(&mut self, folders: &BTreeSet<String>, files: &BTreeSet<String>) -> Result<(), Error> {
        let place = |path: &String| if path.is_empty() { self.root.clone() } else { self.root.join(path) };
        *self.interest.lock().unwrap_or_else(PoisonError::into_inner) = Interest {
            folders: folders.iter().map(place).collect(),
            files: files.iter().map(place).collect(),
        };
        // A file that is saved may be another one in its place, so that its folder tells.
        let parent = |file: &String| file.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let wanted: BTreeSet<String> = folders.iter().cloned().chain(files.iter().map(parent)).collect();
        for gone in std::mem::take(&mut self.watched).difference(&wanted) {
            // It is no longer there, or no longer of interest.
            let _ = self.watcher.unwatch(&place(gone));
        }
        for folder in wanted {
            // A folder that was taken away and made anew is another one, so each is followed again.
            let path = place(&folder);
            match self.watcher.watch(&path, RecursiveMode::NonRecursive) {
                Ok(()) => _ = self.watched.insert(folder),
                Err(_) if !path.is_dir() => {}
                Err(error) => return Err(Error::new("watch", path.display().to_string(), cause(error))),
            }
        }
        Ok(())
    }
}

impl Interest {
    /// Tells whether a followed path has changed, or the system does not say which.
    fn is_in(&self, event: &Event) -> bool {
        let is_followed = |path: &PathBuf| {
            self.files.contains(path)
                || self.folders.contains(path)
                || path.parent().is_some_and(|folder| self.folders.contains(folder))
        };
        event.paths.is_empty() || event.paths.iter().any(is_followed)
    }
}

/// Reading a file changes nothing, not even if the system notes when it was read.
fn is_change(event: &Event) -> bool {
    !matches!(event.kind, EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)))
}

fn cause(error: notify::Error) -> io::Error {
    match error.kind {
        notify::ErrorKind::Io(error) => error,
        _ => io::Error::other(error),
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "what is watched must be on disk")]
mod tests {
    use std::sync::mpsc::{self, Receiver};
    use std::time::Duration;

    use super::*;

    fn watched(folders: &[&str]) -> (tempfile::TempDir, FolderWatcher, Receiver<()>) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("articles/node_modules")).unwrap();
        let (sender, receiver) = mpsc::channel();
        let mut watch = FolderWatcher::new(folder.path(), move || _ = sender.send(())).unwrap();
        watch.follow(&set(folders), &set(&["feedwright.toml"])).unwrap();
        (folder, watch, receiver)
    }

    fn set(paths: &[&str]) -> BTreeSet<String> {
        paths.iter().map(|path| (*path).to_owned()).collect()
    }

    fn is_told(receiver: &Receiver<()>) -> bool {
        let told = receiver.recv_timeout(Duration::from_secs(10)).is_ok();
        while receiver.try_recv().is_ok() {}
        told
    }

    #[test]
    fn what_is_followed_tells_of_changes_and_the_rest_does_not() {
        let (folder, mut watch, receiver) = watched(&["articles", "gone"]);
        std::fs::write(folder.path().join("serve.log"), "x").unwrap();
        std::fs::write(folder.path().join("articles/node_modules/a"), "x").unwrap();
        std::fs::write(folder.path().join("articles/a.md"), "x").unwrap();
        assert!(is_told(&receiver));
        std::fs::create_dir(folder.path().join("articles/new")).unwrap();
        assert!(is_told(&receiver), "a new folder");
        watch.follow(&set(&["articles/new"]), &set(&["feedwright.toml"])).unwrap();
        std::fs::write(folder.path().join("articles/new/b.md"), "x").unwrap();
        assert!(is_told(&receiver), "a file in it");
        std::fs::write(folder.path().join("feedwright.toml"), "x").unwrap();
        assert!(is_told(&receiver), "a file that is followed");
    }

    #[test]
    fn what_lies_beside_a_file_that_is_followed_is_of_no_interest() {
        let (folder, watch, _) = watched(&["articles"]);
        let interest = watch.interest.lock().unwrap();
        let is_in =
            |path: &str| interest.is_in(&Event::new(EventKind::Any).add_path(folder.path().join(path)));
        for (path, is_followed) in [
            ("feedwright.toml", true),
            ("articles/a.md", true),
            ("articles", true),
            ("serve.log", false),
            ("articles/node_modules/a", false),
        ] {
            assert_eq!(is_in(path), is_followed, "{path}");
        }
        assert!(interest.is_in(&Event::new(EventKind::Any)), "who does not say where may mean anything");
    }

    #[test]
    fn reading_is_no_change() {
        use notify::event::{AccessKind, CreateKind, MetadataKind};
        let is_change = |kind| is_change(&Event::new(kind));
        assert!(!is_change(EventKind::Access(AccessKind::Any)));
        assert!(!is_change(EventKind::Modify(ModifyKind::Metadata(MetadataKind::AccessTime))));
        assert!(is_change(EventKind::Create(CreateKind::Any)) && is_change(EventKind::Any));
    }
}
