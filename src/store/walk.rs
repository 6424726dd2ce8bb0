//! Lists the files below a folder on disk, many folders and many files at a time.
//!
//! A `.gitignore` counts whether or not this is a git repository, but none from outside the publication or from the
//! user's settings: the same folder gives the same feeds everywhere.
#![expect(clippy::disallowed_methods, reason = "this is part of the store")]

use std::fs::{self, DirEntry, FileType};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::Gitignore;
use rayon::prelude::*;

use super::{FileEntry, Listing, PassedOver, PassedOverReason, Patterns, Stamp};

/// How many files of one folder are looked at in one go.
const CHUNK: usize = 512;

/// What stays the same for the whole walk.
struct Walk<'a> {
    /// The store; links may not lead out of it.
    root: &'a Path,
    exclude: &'a Patterns,
}

/// The `.gitignore` files from a folder up to where the walk began, innermost first.
struct Ignores {
    here: Gitignore,
    above: Option<Arc<Ignores>>,
}

/// A folder on the way.
struct Place {
    path: PathBuf,
    /// Relative to the store; empty or ending in `/`.
    from_root: String,
    /// How much of `from_root` is the folder that the walk began with.
    top: usize,
    ignores: Option<Arc<Ignores>>,
}

/// All files below `folder`, a path relative to `root`, in the order of their paths.
pub(super) fn walk(root: &Path, folder: &str, exclude: &Patterns) -> io::Result<Listing> {
    let from_root = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let top = from_root.len();
    let place = Place { path: root.join(folder), from_root, top, ignores: None };
    // What cannot be read at the top is an error; below, it costs only itself.
    let entries = fs::read_dir(&place.path)?;
    let mut listing = Walk { root, exclude }.visit(&place, entries);
    listing.files.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
    listing.passed_over.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(listing)
}

impl Walk<'_> {
    fn visit(&self, place: &Place, entries: fs::ReadDir) -> Listing {
        let kind = |entry: DirEntry| entry.file_type().ok().map(|file_type| (entry, file_type));
        let found: Vec<(DirEntry, FileType)> = entries.flatten().filter_map(kind).collect();
        let ignores = place.ignores_with(&found);
        let (mut folders, mut files) = (Vec::new(), Vec::new());
        for (entry, file_type) in found {
            let Ok(name) = entry.file_name().into_string() else { continue };
            if name.starts_with('.') || is_ignored(ignores.as_ref(), &entry, file_type.is_dir()) {
                continue;
            }
            let below = format!("{}{name}", &place.from_root[place.top..]);
            if self.exclude.matches_itself(&below, file_type.is_dir()) {
                continue;
            }
            if file_type.is_dir() {
                folders.push((entry, name));
            } else {
                files.push((entry, file_type, name));
            }
        }
        let (looked_at, entered) = rayon::join(
            || self.look_at(place, &files),
            || {
                let below =
                    folders.par_iter().map(|(entry, name)| self.enter(place, entry, name, ignores.clone()));
                below.reduce(Listing::default, Listing::and)
            },
        );
        looked_at.and(entered)
    }

    fn look_at(&self, place: &Place, files: &[(DirEntry, FileType, String)]) -> Listing {
        let chunks = files.par_chunks(CHUNK).map(|files| {
            let mut listing = Listing::default();
            for (entry, file_type, name) in files {
                self.look(entry, *file_type, format!("{}{name}", place.from_root), &mut listing);
            }
            listing
        });
        chunks.reduce(Listing::default, Listing::and)
    }

    fn enter(&self, place: &Place, entry: &DirEntry, name: &str, ignores: Option<Arc<Ignores>>) -> Listing {
        let from_root = format!("{}{name}/", place.from_root);
        let inner = Place { path: entry.path(), from_root, top: place.top, ignores };
        match fs::read_dir(&inner.path) {
            Ok(entries) => self.visit(&inner, entries),
            Err(error) => Listing {
                files: Vec::new(),
                passed_over: vec![PassedOver {
                    path: inner.from_root.trim_end_matches('/').to_owned(),
                    reason: PassedOverReason::Unreadable(error.to_string()),
                }],
            },
        }
    }

    fn look(&self, entry: &DirEntry, file_type: FileType, path: String, listing: &mut Listing) {
        let mut pass_over = |path, reason| listing.passed_over.push(PassedOver { path, reason });
        if file_type.is_symlink() {
            match self.follow(&entry.path()) {
                Ok(Some(stamp)) => listing.files.push(FileEntry { path, stamp }),
                Ok(None) => pass_over(path, PassedOverReason::StraySymlink),
                Err(_) => pass_over(path, PassedOverReason::BrokenSymlink),
            }
        } else if file_type.is_file() {
            match entry.metadata() {
                Ok(metadata) => listing.files.push(FileEntry { path, stamp: Stamp::of(&metadata) }),
                Err(error) => pass_over(path, PassedOverReason::Unreadable(error.to_string())),
            }
        }
    }

    /// The stamp of the file that a symbolic link leads to, if it is one of this store.
    fn follow(&self, link: &Path) -> io::Result<Option<Stamp>> {
        let target = fs::canonicalize(link)?;
        let root = fs::canonicalize(self.root)?;
        let metadata = fs::metadata(&target)?;
        Ok((target.starts_with(root) && metadata.is_file()).then(|| Stamp::of(&metadata)))
    }
}

impl Place {
    /// What is ignored here, with what the `.gitignore` of this folder adds.
    fn ignores_with(&self, found: &[(DirEntry, FileType)]) -> Option<Arc<Ignores>> {
        let Some((file, _)) = found.iter().find(|(entry, _)| entry.file_name() == ".gitignore") else {
            return self.ignores.clone();
        };
        let (here, _) = Gitignore::new(file.path());
        Some(Arc::new(Ignores { here, above: self.ignores.clone() }))
    }
}

/// The innermost `.gitignore` that says anything decides.
fn is_ignored(ignores: Option<&Arc<Ignores>>, entry: &DirEntry, is_folder: bool) -> bool {
    let Some(innermost) = ignores else { return false };
    let path = entry.path();
    let mut next = Some(innermost);
    while let Some(ignores) = next {
        match ignores.here.matched(&path, is_folder) {
            Match::Ignore(_) => return true,
            Match::Whitelist(_) => return false,
            Match::None => next = ignores.above.as_ref(),
        }
    }
    false
}

impl Listing {
    fn and(mut self, mut other: Self) -> Self {
        if self.files.len() < other.files.len() {
            std::mem::swap(&mut self, &mut other);
        }
        self.files.append(&mut other.files);
        self.passed_over.append(&mut other.passed_over);
        self
    }
}
