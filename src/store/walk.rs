//! Lists the files below a folder on disk, many folders and many files at a time.
//!
//! A `.gitignore` counts whether or not this is a git repository, but none from outside the publication or
//! from the user's settings: the same folder gives the same feeds everywhere.
#![expect(clippy::disallowed_methods, reason = "this is part of the store")]

mod handle;

use std::cmp::Ordering;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use rayon::prelude::*;

use super::door::Door;
use super::{FileEntry, Listing, PassedOver, PassedOverReason, Patterns, Stamp};
use handle::{Handle, Kind};

/// The number of files of one folder that are looked at in one go.
const CHUNK: usize = 512;

/// The deepest nesting of folders that is entered. The walk calls itself for each folder in another.
const DEEPEST: usize = 128;

/// The most bytes of a `.gitignore` that are read.
const LONGEST_IGNORES: u64 = 1 << 20;

/// The settings of the whole walk.
struct Walk<'a> {
    /// The store; links may not lead out of it.
    root: &'a Path,
    door: Door,
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
    /// The length of the beginning of `from_root` that is the folder in which the walk began.
    top: usize,
    ignores: Option<Arc<Ignores>>,
}

/// A part of a folder's work.
enum Work<'a> {
    Look(&'a [(&'a str, Kind)]),
    Enter(&'a str),
}

/// All files below `folder`, a path relative to `root`, in the order of their paths.
pub(super) fn walk(root: &Path, folder: &str, exclude: &Patterns) -> io::Result<Listing> {
    let from_root = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let top = from_root.len();
    let place = Place { path: root.join(folder), from_root, top, ignores: None };
    // What cannot be read at the top is an error; below, it costs only itself.
    let handle = Handle::open(&place.path)?;
    let mut listing = Walk::new(root, exclude).visit(place, &handle)?;
    listing.passed_over.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(listing)
}

/// All folders in which [`walk`] looks for files below `folder`, itself among them, in order; without what
/// cannot be read.
pub(super) fn folders(root: &Path, folder: &str, exclude: &Patterns) -> Vec<String> {
    let from_root = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let top = from_root.len();
    let place = Place { path: root.join(folder), from_root, top, ignores: None };
    let mut found = vec![folder.to_owned()];
    if let Ok(handle) = Handle::open(&place.path) {
        Walk::new(root, exclude).find_folders(place, &handle, &mut found);
    }
    found.sort();
    found
}

impl<'a> Walk<'a> {
    fn new(root: &'a Path, exclude: &'a Patterns) -> Self {
        Self { root, door: Door::new(root.to_owned()), exclude }
    }

    fn find_folders(&self, mut place: Place, handle: &Handle, found: &mut Vec<String>) {
        let names = handle.names().unwrap_or_default();
        place.add_ignores(&self.door, names.iter().any(|(name, _)| name == ".gitignore"));
        for (name, kind) in names.iter() {
            if kind == Kind::Folder && self.is_wanted(&place, name, kind) {
                found.push(place.below(name));
                if let Some(inner) =
                    Some(name).filter(|_| !place.is_deep()).and_then(|name| handle.enter(name).ok())
                {
                    self.find_folders(place.inside(name), &inner, found);
                }
            }
        }
    }

    /// All files of a folder and below, in the order of their paths.
    fn visit(&self, mut place: Place, handle: &Handle) -> io::Result<Listing> {
        let names = handle.names()?;
        place.add_ignores(&self.door, names.iter().any(|(name, _)| name == ".gitignore"));
        let mut wanted: Vec<(&str, Kind)> =
            names.iter().filter(|(name, kind)| self.is_wanted(&place, name, *kind)).collect();
        wanted.sort_unstable_by(by_path);
        let listings = works(&wanted).into_par_iter().map(|work| match work {
            Work::Look(files) => self.look_at(&place, handle, files),
            Work::Enter(name) => self.enter(&place, handle, name),
        });
        Ok(listings.collect::<Vec<_>>().into_iter().fold(Listing::default(), Listing::and))
    }

    fn is_wanted(&self, place: &Place, name: &str, kind: Kind) -> bool {
        let is_folder = kind == Kind::Folder;
        let below = place.from_root.get(place.top..).unwrap_or_default();
        kind != Kind::Other
            && !name.starts_with('.')
            && !place.is_ignored(name, is_folder)
            && !self.exclude.matches_itself(below, name, is_folder)
    }

    fn look_at(&self, place: &Place, handle: &Handle, files: &[(&str, Kind)]) -> Listing {
        let mut listing = Listing { files: Vec::with_capacity(files.len()), passed_over: Vec::new() };
        for (name, kind) in files {
            let path = place.below(name);
            let found = if *kind == Kind::Symlink {
                self.follow(&place.path.join(name))
            } else {
                handle.stamp(name).map_err(|error| PassedOverReason::Unreadable(error.to_string()))
            };
            match found {
                Ok(stamp) => listing.files.push(FileEntry { path, stamp }),
                Err(reason) => listing.passed_over.push(PassedOver { path, reason }),
            }
        }
        listing
    }

    fn enter(&self, place: &Place, handle: &Handle, name: &str) -> Listing {
        let visited = if place.is_deep() {
            Err(io::Error::other(format!("folders are nested more than {DEEPEST} deep")))
        } else {
            handle.enter(name).and_then(|handle| self.visit(place.inside(name), &handle))
        };
        visited.unwrap_or_else(|error| {
            let reason = PassedOverReason::Unreadable(error.to_string());
            Listing { files: Vec::new(), passed_over: vec![PassedOver { path: place.below(name), reason }] }
        })
    }

    /// The stamp of the file that a symbolic link leads to, if it is one of this store.
    fn follow(&self, link: &Path) -> Result<Stamp, PassedOverReason> {
        let broken = |_| PassedOverReason::BrokenSymlink;
        let target = fs::canonicalize(link).map_err(broken)?;
        let root = fs::canonicalize(self.root).map_err(broken)?;
        let metadata = fs::metadata(&target).map_err(broken)?;
        let inside = target.starts_with(root) && metadata.is_file();
        if inside { Ok(Stamp::of(&metadata)) } else { Err(PassedOverReason::StraySymlink) }
    }
}

/// In the order of whole paths: what lies in a folder has a `/` after its name.
fn by_path((a, kind_a): &(&str, Kind), (b, kind_b): &(&str, Kind)) -> Ordering {
    let end = |kind: &Kind| if *kind == Kind::Folder { "/" } else { "" };
    let shared = a.len().min(b.len());
    // Mostly the names themselves decide.
    a.as_bytes()[..shared].cmp(&b.as_bytes()[..shared]).then_with(|| {
        let rest = |name: &str, kind| [&name[shared..], end(kind)].concat();
        rest(a, kind_a).cmp(&rest(b, kind_b))
    })
}

/// Files that follow one another are looked at together, but not too many of them.
fn works<'a>(wanted: &'a [(&'a str, Kind)]) -> Vec<Work<'a>> {
    let mut works = Vec::new();
    for run in wanted.chunk_by(|(_, a), (_, b)| (*a == Kind::Folder) == (*b == Kind::Folder)) {
        match run {
            [(_, Kind::Folder), ..] => works.extend(run.iter().map(|(name, _)| Work::Enter(name))),
            files => works.extend(files.chunks(CHUNK).map(Work::Look)),
        }
    }
    works
}

impl Place {
    /// Tells whether no folder in it is entered.
    fn is_deep(&self) -> bool {
        self.from_root.matches('/').count() >= DEEPEST
    }

    fn below(&self, name: &str) -> String {
        [&self.from_root, name].concat()
    }

    /// A folder in it.
    fn inside(&self, name: &str) -> Self {
        Self {
            path: self.path.join(name),
            from_root: self.below(name) + "/",
            top: self.top,
            ignores: self.ignores.clone(),
        }
    }

    /// Adds what the `.gitignore` of this folder ignores.
    fn add_ignores(&mut self, door: &Door, are_there: bool) {
        if are_there {
            let here =
                ignores(door, &self.path, &self.below(".gitignore")).unwrap_or_else(|_| Gitignore::empty());
            self.ignores = Some(Arc::new(Ignores { here, above: self.ignores.take() }));
        }
    }

    /// The innermost `.gitignore` that says anything decides.
    fn is_ignored(&self, name: &str, is_folder: bool) -> bool {
        let Some(innermost) = &self.ignores else { return false };
        let path = self.path.join(name);
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
}

/// The patterns of the `.gitignore` at `path`, for names in `folder`. Lines that are not patterns count for
/// nothing.
fn ignores(door: &Door, folder: &Path, path: &str) -> io::Result<Gitignore> {
    let mut bytes = Vec::new();
    door.open(path)?.0.take(LONGEST_IGNORES).read_to_end(&mut bytes)?;
    let mut builder = GitignoreBuilder::new(folder);
    for line in String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').lines() {
        let _ = builder.add_line(None, line);
    }
    builder.build().map_err(io::Error::other)
}

impl Listing {
    fn and(mut self, mut other: Self) -> Self {
        if self.files.is_empty() {
            std::mem::swap(&mut self.files, &mut other.files);
        }
        self.files.append(&mut other.files);
        self.passed_over.append(&mut other.passed_over);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_that_are_nested_too_deep_are_passed_over_and_the_rest_is_listed() {
        let root = tempfile::tempdir().unwrap();
        let articles = root.path().join("articles");
        fs::create_dir_all(articles.join(vec!["d"; 200].join("/"))).unwrap();
        fs::write(articles.join("a.md"), "a").unwrap();
        let listing = walk(root.path(), "articles", &Patterns::none()).unwrap();
        assert_eq!(
            listing.files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(),
            ["articles/a.md"]
        );
        assert_eq!(listing.passed_over.len(), 1);
        assert!(listing.passed_over[0].is_unreadable());
        assert_eq!(folders(root.path(), "articles", &Patterns::none()).len(), DEEPEST + 1);
    }

    #[test]
    fn folders_are_those_in_which_files_are_looked_for() {
        let root = tempfile::tempdir().unwrap();
        for folder in ["articles/a/b", "articles/.hidden", "articles/ignored", "articles/excluded", "other"] {
            fs::create_dir_all(root.path().join(folder)).unwrap();
        }
        fs::write(root.path().join("articles/.gitignore"), "ignored\n").unwrap();
        let exclude = Patterns::new(["excluded/"]).unwrap();
        let found = folders(root.path(), "articles", &exclude);
        assert_eq!(found, ["articles", "articles/a", "articles/a/b"]);
        assert_eq!(folders(root.path(), "none", &exclude), ["none"]);
    }
}
