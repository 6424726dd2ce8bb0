//! A store on disk.
//!
//! A file that is put goes to `.feedwright/staged/` first; `commit` renames all of them into place. Whoever
//! means to write holds the lock `.feedwright/lock` until the store is dropped, so that two builds of one
//! publication take turns.
#![expect(clippy::disallowed_methods, reason = "this is the one file that touches the disk")]

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::door::Door;
use super::draft::{Content, Room};
use super::walk::{self, walk};
use super::{Draft, Error, Listing, Patterns, Staged, Stamp, Store, check_inside};

/// The folder of the cache and of files that are not yet in their place.
const CACHE: &str = ".feedwright";

/// The most bytes for which room is made before a file is read.
const AT_ONCE: u64 = 1 << 24;

/// The number of drafts that this process has begun, so that each has a name of its own.
static DRAFTS: AtomicUsize = AtomicUsize::new(0);

/// A folder on disk.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    door: Door,
    lock: Option<File>,
    staged: Vec<(String, Room)>,
    /// The number of them, from the first on, that must be on disk before any is moved.
    lasting: usize,
    doomed: Vec<String>,
    /// Set when the folder of the cache is known to exist.
    prepared: OnceLock<()>,
}

impl Folder {
    /// The folder `root`, which need not exist yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        Self {
            door: Door::new(root.clone()),
            root,
            lock: None,
            staged: Vec::new(),
            lasting: 0,
            doomed: Vec::new(),
            prepared: OnceLock::new(),
        }
    }

    /// Takes the lock that keeps other builds of this publication out until this store is dropped. `waiting`
    /// is called when somebody else holds it, before this waits for them.
    pub fn lock(&mut self, waiting: impl FnOnce()) -> Result<(), Error> {
        self.prepare_cache()?;
        let path = self.at(&format!("{CACHE}/lock"));
        let named = |error| Error::new("lock", path.display().to_string(), error);
        let file = File::create(&path).map_err(named)?;
        if file.try_lock().is_err() {
            waiting();
            file.lock().map_err(named)?;
        }
        self.lock = Some(file);
        self.clear_staged();
        Ok(())
    }

    /// All folders in which [`list`](Store::list) looks, `folder` itself among them, in order.
    pub fn folders(&self, folder: &str, exclude: &Patterns) -> Vec<String> {
        walk::folders(&self.root, folder, exclude)
    }

    fn at(&self, path: &str) -> PathBuf {
        if path.is_empty() { self.root.clone() } else { self.root.join(path) }
    }

    fn named(&self, path: &str) -> String {
        self.at(path).display().to_string()
    }

    /// Makes the cache's folder with what tells git and backup programs to leave it alone.
    fn prepare_cache(&self) -> Result<(), Error> {
        if self.prepared.get().is_some() {
            return Ok(());
        }
        let folder = self.at(&format!("{CACHE}/staged"));
        let named = |error| Error::new("create", folder.display().to_string(), error);
        self.door.check_folders(&format!("{CACHE}/staged/")).map_err(named)?;
        fs::create_dir_all(&folder).map_err(named)?;
        let notes = [
            (".gitignore", "*\n"),
            (
                "CACHEDIR.TAG",
                "Signature: 8a477f597d28d172789f06886806bc55\n# Feedwright's cache: safe to delete.\n",
            ),
        ];
        for (name, text) in notes {
            let path = self.at(&format!("{CACHE}/{name}"));
            if !path.exists() {
                fs::write(&path, text)
                    .map_err(|error| Error::new("write", path.display().to_string(), error))?;
            }
        }
        let _ = self.prepared.set(());
        Ok(())
    }

    /// Takes away what a build that was killed left behind. Only with the lock held.
    fn clear_staged(&self) {
        let Ok(files) = fs::read_dir(self.at(&format!("{CACHE}/staged"))) else { return };
        for file in files.flatten() {
            let _ = fs::remove_file(file.path());
        }
    }

    /// Moves a staged file into place, also where the place is on another disk.
    fn move_into_place(&self, staged: &Path, path: &str) -> Result<(), Error> {
        let place = self.at(path);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)
                .map_err(|error| Error::new("create", folder.display().to_string(), error))?;
        }
        let moved = fs::rename(staged, &place).or_else(|error| {
            if error.kind() != io::ErrorKind::CrossesDevices {
                return Err(error);
            }
            let beside = place.with_extension("feedwright-new");
            fs::copy(staged, &beside).and_then(|_| fs::rename(&beside, &place))?;
            fs::remove_file(staged)
        });
        moved.map_err(|error| Error::new("write", self.named(path), error))
    }

    fn remove_now(&self, path: &str) -> Result<(), Error> {
        // What lies outside was put there by somebody else.
        if self.door.check_folders(path).is_err() {
            return Ok(());
        }
        match fs::remove_file(self.at(path)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(Error::new("remove", self.named(path), error));
            }
            _ => {}
        }
        let mut folder = path;
        while let Some((parent, _)) = folder.rsplit_once('/') {
            if fs::remove_dir(self.at(parent)).is_err() {
                break; // not empty, or not ours to remove
            }
            folder = parent;
        }
        Ok(())
    }
}

impl Store for Folder {
    fn list(&self, folder: &str, exclude: &Patterns) -> Result<Listing, Error> {
        walk(&self.root, folder, exclude).map_err(|error| Error::new("read", self.named(folder), error))
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Error> {
        let named = |error| Error::new("read", self.named(path), error);
        let mut bytes = Vec::new();
        self.door.open(path).map_err(named)?.0.read_to_end(&mut bytes).map_err(named)?;
        Ok(bytes)
    }

    fn read_into(&self, path: &str, bytes: &mut Vec<u8>) -> Result<(), Error> {
        let mut read = || {
            let (mut file, metadata) = self.door.open(path)?;
            // One byte more than there is to be: whoever is given less has read to the end, and need not ask again.
            let room = usize::try_from(metadata.len().min(AT_ONCE)).unwrap_or_default() + 1;
            bytes.clear();
            bytes.resize(room, 0);
            let read = file.read(bytes)?;
            bytes.truncate(read);
            if read as u64 == metadata.len() { Ok(read) } else { file.read_to_end(bytes) }
        };
        read().map(|_| ()).map_err(|error| Error::new("read", self.named(path), error))
    }

    fn digest(&self, path: &str) -> Option<[u8; 32]> {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(self.door.open(path).ok()?.0).ok()?;
        Some(hasher.finalize().into())
    }

    fn stamp(&self, path: &str) -> Option<Stamp> {
        Some(Stamp::of(&self.door.metadata(path).ok()?))
    }

    /// The file system's own clock, which need not be this machine's, seen on a file that is written now.
    fn clock(&self) -> i64 {
        let path = self.at(&format!("{CACHE}/clock"));
        let written = fs::write(&path, b"The time of this file is that of the last build.\n");
        let metadata = written.and_then(|()| fs::metadata(&path));
        metadata.map_or(0, |metadata| Stamp::of(&metadata).modified)
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.at(folder)).into_iter().flatten().flatten();
        let mut names: Vec<String> =
            entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
        names
    }

    fn has_folder(&self, path: &str) -> bool {
        self.at(path).is_dir()
    }

    fn read_range(&self, path: &str, range: Range<u64>) -> Result<Vec<u8>, Error> {
        let read = || {
            let (mut file, _) = self.door.open(path)?;
            file.seek(SeekFrom::Start(range.start))?;
            let length = range.end.saturating_sub(range.start);
            let mut bytes = Vec::new();
            let read = file.take(length).read_to_end(&mut bytes)? as u64;
            if read == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
        };
        read().map_err(|error| Error::new("read", self.named(path), error))
    }

    fn draft(&self, path: &str) -> Result<Draft, Error> {
        check_inside(path)?;
        self.prepare_cache()?;
        // Not everybody who writes holds the lock: two processes must not stage one file.
        let (process, number) = (std::process::id(), DRAFTS.fetch_add(1, Ordering::Relaxed));
        Ok(Draft::on_disk(path, self.at(&format!("{CACHE}/staged/{process}-{number}"))))
    }

    fn stage(&self, mut draft: Draft) -> Result<Staged, Error> {
        let mut same = !draft.is_known_to_differ() && self.size(draft.path()) == Some(draft.length());
        if same {
            let named = |error| Error::new("read", self.named(draft.path()), error);
            let (old, _) = self.door.open(draft.path()).map_err(named)?;
            same = draft.is(old).map_err(|error| Error::new("read", self.named(draft.path()), error))?;
        }
        let path = draft.path().to_owned();
        let stamp = |content: &Content| match content {
            Content::File(room) => {
                let metadata = fs::metadata(room.path()).ok();
                metadata.map(|metadata| Stamp { changed: None, ..Stamp::of(&metadata) })
            }
            _ => self.stamp(&path),
        };
        draft.staged(same, stamp).map_err(|error| Error { path: self.named(&error.path), ..error })
    }

    fn place(&mut self, staged: Staged) -> bool {
        let differs = staged.differs();
        if let Content::File(room) = staged.content {
            self.staged.push((staged.path, room));
        }
        differs
    }

    fn place_lasting(&mut self, staged: Staged) -> bool {
        let differs = self.place(staged);
        self.lasting = self.staged.len();
        differs
    }

    fn remove(&mut self, path: &str) -> Result<(), Error> {
        check_inside(path)?;
        self.doomed.push(path.to_owned());
        Ok(())
    }

    fn commit(&mut self) -> Result<(), Error> {
        // What can go wrong is looked for before the first file is touched.
        for (path, _) in &self.staged {
            self.check_place(path)?;
        }
        for (path, staged) in self.staged.iter().take(std::mem::take(&mut self.lasting)) {
            let synced = File::open(staged.path()).and_then(|file| file.sync_all());
            synced.map_err(|error| Error::new("write", self.named(path), error))?;
        }
        for (path, staged) in std::mem::take(&mut self.staged) {
            self.move_into_place(staged.path(), &path)?;
        }
        for path in std::mem::take(&mut self.doomed) {
            self.remove_now(&path)?;
        }
        Ok(())
    }

    fn abandon(&mut self) {
        self.staged.clear();
        self.lasting = 0;
        self.doomed.clear();
    }
}

impl Folder {
    /// Makes sure that a file can be put at `path`: no folder has its name, and every part on the way is a
    /// folder or free.
    fn check_place(&self, path: &str) -> Result<(), Error> {
        let taken = |at: &str, why| Error::new("write", self.named(at), io::Error::other(why));
        if self.at(path).is_dir() {
            return Err(taken(path, "a folder has this name"));
        }
        self.door.check_folders(path).map_err(|error| Error::new("write", self.named(path), error))?;
        for (end, _) in path.match_indices('/') {
            let parent = &path[..end];
            if fs::metadata(self.at(parent)).is_ok_and(|metadata| !metadata.is_dir()) {
                return Err(taken(parent, "it is a file where a folder is needed"));
            }
        }
        Ok(())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        self.abandon();
    }
}
