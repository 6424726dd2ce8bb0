//! The index of articles: what each states, by path, size, time and inode, so that a file that has not changed is not
//! opened again.

use std::cmp::Ordering;
use std::sync::OnceLock;

use rayon::prelude::*;
use serde::{Deserialize, Serialize, Serializer};

use super::{CacheFile, Digest, is_settled};
use crate::article::{ArticleSummary, Visibility};
use crate::diagnostic::Diagnostic;
use crate::store::{Stamp, Store};

/// Folder of the chunks, relative to the publication.
const FOLDER: &str = ".feedwright/index";

/// About so many articles share a chunk, so that one that changes does not have the whole index written anew.
const PER_CHUNK: usize = 3000;

/// A file that may be an article, as it is found now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<'a> {
    /// Relative to the publication.
    pub(crate) path: &'a str,
    /// Tells whether it has changed.
    pub(crate) stamp: Stamp,
    /// The metadata file beside it.
    pub(crate) sidecar: Option<(&'a str, Stamp)>,
}

/// An article that was read: the bytes of its summary, and the problems found in it.
pub(crate) type Read = (Vec<u8>, Vec<Diagnostic>);

/// A file as it was when it was read, and what was read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Remembered<'a> {
    path: &'a str,
    stamp: Stamp,
    sidecar: Option<(&'a str, Stamp)>,
    #[serde(serialize_with = "as_bytes")]
    summary: &'a [u8],
    /// The problems found in it.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// The contents of a chunk.
#[derive(Default, Serialize, Deserialize)]
struct Contents<'a> {
    /// When the build began that wrote it, by the clock of the store.
    began: i64,
    /// In the order of their paths.
    #[serde(borrow)]
    files: Vec<Remembered<'a>>,
}

impl<'a> Remembered<'a> {
    fn new(file: &Found<'a>, read: &'a Read) -> Self {
        let (Found { path, stamp, sidecar }, (summary, diagnostics)) = (*file, read);
        Self { path, stamp, sidecar, summary, diagnostics: diagnostics.clone() }
    }

    /// The remembered summary of the article.
    pub(crate) fn summary(&self) -> ArticleSummary<'a> {
        ArticleSummary::read(self.path, self.summary)
    }

    fn is_still(&self, found: &Found<'_>, began: i64) -> bool {
        let settled = |stamp: Stamp| is_settled(stamp, began);
        // Who may read a file can change without its time telling.
        let readable = self.summary().visibility() != Visibility::Unreadable;
        readable
            && self.stamp == found.stamp
            && self.sidecar == found.sidecar
            && settled(self.stamp)
            && self.sidecar.is_none_or(|(_, stamp)| settled(stamp))
    }
}

/// The index of articles: summaries that earlier builds left, and those that this build adds. [`Remembered`]
/// borrows from it.
#[derive(Debug)]
pub(crate) struct Index {
    /// When this build began, by the clock of the store.
    began: i64,
    chunks: Vec<Chunk>,
    /// Files that are of no use any more.
    stale: Vec<String>,
}

/// A part of an index.
#[derive(Debug)]
struct Chunk {
    file: CacheFile,
    /// As it was found; empty where there was none.
    old: OnceLock<Vec<u8>>,
    /// As it must be written.
    new: OnceLock<Vec<u8>>,
}

impl Index {
    /// Opens the index for about `files` articles. `settings` is a digest of all that decides how files are
    /// understood; a chunk written under another digest is not used.
    pub(crate) fn open(store: &dyn Store, files: usize, settings: &Digest) -> Self {
        let count = (files / PER_CHUNK).next_power_of_two().min(256);
        let chunk = |number| {
            let file = CacheFile::new(format!("{FOLDER}/{number}of{count}"), settings);
            Chunk { file, old: OnceLock::new(), new: OnceLock::new() }
        };
        let others = store.names(FOLDER).into_iter().filter(|name| !name.ends_with(&format!("of{count}")));
        let stale = others.map(|name| format!("{FOLDER}/{name}")).collect();
        Self { began: store.clock(), chunks: (0..count).map(chunk).collect(), stale }
    }

    /// Gives each file what is remembered of it, or what `read` finds in it where it is new or has changed. `files`
    /// must be in the order of their paths; so is what comes out.
    pub(crate) fn refresh<'a>(
        &'a self,
        store: &dyn Store,
        files: &[Found<'_>],
        read: impl Fn(&Found<'_>) -> Read + Sync,
    ) -> Vec<Remembered<'a>> {
        let count = self.chunks.len();
        let shares: Vec<usize> = files.par_iter().map(|file| share(file.path, count)).collect();
        let mut of_chunk: Vec<Vec<&Found<'_>>> = vec![Vec::with_capacity(files.len() / count + 1); count];
        for (file, share) in files.iter().zip(&shares) {
            of_chunk[*share].push(file);
        }
        let chunks = of_chunk.par_iter().zip(&self.chunks);
        let refreshed: Vec<_> =
            chunks.map(|(files, chunk)| self.refresh_chunk(store, chunk, files, &read)).collect();
        // Within a chunk they are in the order of their paths.
        let mut refreshed: Vec<_> = refreshed.into_iter().map(Vec::into_iter).collect();
        shares.into_iter().filter_map(|share| refreshed[share].next()).collect()
    }

    /// When this build began, by the clock of the store.
    pub(crate) fn began(&self) -> i64 {
        self.began
    }

    /// Chunks that have changed: path and bytes.
    pub(crate) fn changed(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.chunks.iter().filter_map(|chunk| Some((chunk.file.path(), chunk.new.get()?.as_slice())))
    }

    /// Files of the index that are of no use any more.
    pub(crate) fn stale(&self) -> &[String] {
        &self.stale
    }

    fn refresh_chunk<'a>(
        &self,
        store: &dyn Store,
        chunk: &'a Chunk,
        files: &[&Found<'_>],
        read: &(impl Fn(&Found<'_>) -> Read + Sync),
    ) -> Vec<Remembered<'a>> {
        let old = chunk.old.get_or_init(|| store.read(chunk.file.path()).unwrap_or_default());
        let old: Contents<'_> = chunk.file.read(old).unwrap_or_default();
        let known = old.files.len();
        let kept = still_so(old, files);
        if known == files.len() && kept.iter().all(Option::is_some) {
            return kept.into_iter().flatten().collect();
        }
        let read = |(file, kept): (&&Found<'_>, &Option<_>)| kept.is_none().then(|| read(file));
        let fresh: Vec<Option<Read>> = files.iter().zip(&kept).map(read).collect();
        let fresh = files.iter().zip(&fresh).map(|(file, read)| Some(Remembered::new(file, read.as_ref()?)));
        let files = kept.into_iter().zip(fresh).filter_map(|(kept, fresh)| kept.or(fresh)).collect();
        let contents = Contents { began: self.began, files };
        let new = chunk.new.get_or_init(|| chunk.file.write(&contents));
        let Contents { files, .. } = chunk.file.read(new).expect("it was written a moment ago");
        files
    }
}

/// The chunk that a path belongs to: FNV-1a, which is quick, and the same everywhere.
fn share(path: &str, count: usize) -> usize {
    let hash = path.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    usize::try_from(hash >> 40).unwrap_or_default() % count
}

/// The remembered article of each file, `None` where the file has changed or is new. Both inputs are in the
/// order of their paths.
fn still_so<'a>(old: Contents<'a>, files: &[&Found<'_>]) -> Vec<Option<Remembered<'a>>> {
    let Contents { began, files: old } = old;
    let mut old = old.into_iter().peekable();
    let still = |file: &&Found<'_>| {
        while old.next_if(|old| old.path.cmp(file.path) == Ordering::Less).is_some() {}
        old.next_if(|old| old.path == file.path).filter(|old| old.is_still(file, began))
    };
    files.iter().map(still).collect()
}

fn as_bytes<S: Serializer>(bytes: &&[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::diagnostic::Rule;
    use crate::store::Memory;

    fn found(paths: &[(&'static str, u64)]) -> Vec<Found<'static>> {
        let stamp = |size| Stamp { size, ..Stamp::default() };
        paths.iter().map(|(path, size)| Found { path, stamp: stamp(*size), sidecar: None }).collect()
    }

    /// As far as it matters here: the summary of an article that everybody may see.
    fn summary_of(path: &str) -> Vec<u8> {
        [&[0], path.as_bytes()].concat()
    }

    /// The number of files that are read.
    fn refresh_and_keep(store: &mut Memory, files: &[Found<'_>], settings: Digest) -> usize {
        let index = Index::open(store, files.len(), &settings);
        let read = AtomicUsize::new(0);
        let refreshed = index.refresh(store, files, |file| {
            read.fetch_add(1, Ordering::Relaxed);
            let diagnostic = Diagnostic::new(Rule::MissingDate, file.path, "no date");
            (summary_of(file.path), vec![diagnostic])
        });
        let paths: Vec<&str> = refreshed.iter().map(|file| file.path).collect();
        assert_eq!(paths, files.iter().map(|file| file.path).collect::<Vec<_>>());
        assert!(refreshed.iter().all(|file| file.summary == summary_of(file.path)));
        assert!(refreshed.iter().all(|file| file.diagnostics[0].path == file.path));
        for (path, bytes) in index.changed() {
            store.insert(path, bytes);
        }
        read.into_inner()
    }

    #[test]
    fn only_new_and_changed_files_are_read() {
        let mut store = Memory::default();
        assert_eq!(refresh_and_keep(&mut store, &found(&[("a", 1), ("b", 1), ("c", 1)]), [7; 16]), 3);
        assert_eq!(refresh_and_keep(&mut store, &found(&[("a", 1), ("b", 1), ("c", 1)]), [7; 16]), 0);
        assert_eq!(refresh_and_keep(&mut store, &found(&[("a", 1), ("b", 2), ("d", 1)]), [7; 16]), 2);
        assert_eq!(refresh_and_keep(&mut store, &found(&[("a", 1), ("b", 2), ("d", 1)]), [7; 16]), 0);
        assert_eq!(refresh_and_keep(&mut store, &found(&[("a", 1), ("b", 2), ("d", 1)]), [8; 16]), 3);
    }

    #[test]
    fn a_damaged_index_is_as_good_as_none() {
        let mut store = Memory::default();
        let files = found(&[("a", 1), ("b", 1)]);
        refresh_and_keep(&mut store, &files, [7; 16]);
        let (path, whole) =
            store.files().iter().next().map(|(path, bytes)| (path.clone(), bytes.clone())).unwrap();
        for at in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << (at % 8);
            store.insert(path.clone(), flipped);
            assert_eq!(refresh_and_keep(&mut store, &files, [7; 16]), 2, "bit of byte {at}");
            store.insert(path.clone(), &whole[..at]);
            assert_eq!(refresh_and_keep(&mut store, &files, [7; 16]), 2, "cut at byte {at}");
        }
    }
}
