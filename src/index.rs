//! Remembers parsed articles by path, size, time and inode, so that a file that has not changed is not opened again.
//!
//! A lost, foreign, outdated or damaged index costs time and nothing else: each of its chunks says whose it is and
//! carries a checksum, and one that is not as it was written is as good as none.

use std::cmp::Ordering;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::article::Article;
use crate::diagnostic::Diagnostic;
use crate::store::{Stamp, Store};

/// Where the chunks lie.
const FOLDER: &str = ".feedwright/index";

/// Changes whenever the form of the index does.
const FORM: &[u8; 16] = b"feedwright idx 1";

/// About so many articles share a chunk, so that one that changes does not have the whole index written anew.
const PER_CHUNK: usize = 800;

/// A file written so shortly before it was looked at, in nanoseconds, may have been written once more without its
/// time telling: some file systems count in two seconds.
const GRAIN: i64 = 2_000_000_000;

/// A file that may be an article, as it is found now.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    /// Relative to the publication.
    pub path: &'a str,
    /// Tells whether it has changed.
    pub stamp: Stamp,
    /// The metadata file beside it.
    pub sidecar: Option<(&'a str, Stamp)>,
}

/// A file as it was when it was read, and what was read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Remembered {
    path: String,
    stamp: Stamp,
    sidecar: Option<(String, Stamp)>,
    /// What its author says; `None` where it could not be read.
    pub article: Option<Article>,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

/// All that is known of the files, and what to write so that it is known the next time.
#[derive(Debug, Default)]
pub struct Refreshed {
    /// In the order of their paths.
    pub remembered: Vec<Remembered>,
    /// Chunks of the index that have changed: path and bytes.
    pub chunks: Vec<(String, Vec<u8>)>,
    /// Chunks that are of no use any more.
    pub stale: Vec<String>,
    /// How many files were read.
    pub read: usize,
}

/// A chunk of an index, in memory.
#[derive(Default)]
struct Chunk {
    /// When the build began that wrote it, by the clock of the store.
    began: i64,
    files: Vec<Remembered>,
}

/// Gives each file what is remembered of it, or what `read` finds in it where it is new or has changed. `files` must be
/// in the order of their paths. `customs` is a digest of all that decides how files are understood; an index that was
/// made with others is not used.
pub fn refresh(
    store: &dyn Store,
    files: &[Found<'_>],
    customs: &[u8; 32],
    read: impl Fn(&Found<'_>) -> (Option<Article>, Vec<Diagnostic>) + Sync,
) -> Refreshed {
    let count = (files.len() / PER_CHUNK).next_power_of_two().min(256);
    let began = store.clock();
    let mut shares: Vec<Vec<&Found<'_>>> = vec![Vec::new(); count];
    for file in files {
        shares[share(file.path, count)].push(file);
    }
    let chunks = shares.par_iter().enumerate().map(|(number, share)| {
        let path = format!("{FOLDER}/{number}of{count}");
        let old = store.read(&path).ok().and_then(|bytes| Chunk::decode(&bytes, customs)).unwrap_or_default();
        refresh_chunk(path, old, share, began, customs, &read)
    });
    let mut refreshed = chunks.reduce(Refreshed::default, Refreshed::and);
    refreshed.remembered.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let others = store.names(FOLDER).into_iter().filter(|name| !name.ends_with(&format!("of{count}")));
    refreshed.stale = others.map(|name| format!("{FOLDER}/{name}")).collect();
    refreshed
}

/// The chunk that a path belongs to: FNV-1a, which is quick, and the same everywhere.
fn share(path: &str, count: usize) -> usize {
    let hash = path.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    usize::try_from(hash >> 40).unwrap_or_default() % count
}

fn refresh_chunk(
    path: String,
    old: Chunk,
    files: &[&Found<'_>],
    began: i64,
    customs: &[u8; 32],
    read: &(impl Fn(&Found<'_>) -> (Option<Article>, Vec<Diagnostic>) + Sync),
) -> Refreshed {
    let known = old.files.len();
    let mut old_files = old.files.into_iter().peekable();
    let (mut remembered, mut anew) = (Vec::with_capacity(files.len()), 0);
    for file in files {
        // Both are in the order of their paths.
        while old_files.next_if(|old| old.path.as_str().cmp(file.path) == Ordering::Less).is_some() {}
        let same =
            old_files.next_if(|old| old.path == file.path).filter(|known| known.is_still(file, old.began));
        remembered.push(same.unwrap_or_else(|| {
            anew += 1;
            let (article, diagnostics) = read(file);
            let sidecar = file.sidecar.map(|(path, stamp)| (path.to_owned(), stamp));
            Remembered { path: file.path.to_owned(), stamp: file.stamp, sidecar, article, diagnostics }
        }));
    }
    let changed = anew > 0 || known != remembered.len();
    let chunks = if changed { encode(began, &remembered, customs).map(|bytes| (path, bytes)) } else { None };
    Refreshed { remembered, chunks: chunks.into_iter().collect(), stale: Vec::new(), read: anew }
}

impl Remembered {
    fn is_still(&self, found: &Found<'_>, began: i64) -> bool {
        let sidecar = self.sidecar.as_ref().map(|(path, stamp)| (path.as_str(), *stamp));
        let settled = |stamp: Stamp| is_settled(stamp, began);
        self.stamp == found.stamp
            && sidecar == found.sidecar
            && settled(self.stamp)
            && sidecar.is_none_or(|(_, stamp)| settled(stamp))
    }
}

/// Whether a file was last written well before the build that looked at it began, so that its time can be trusted.
pub fn is_settled(stamp: Stamp, began: i64) -> bool {
    stamp.modified.saturating_add(GRAIN) < began
}

impl Chunk {
    fn decode(bytes: &[u8], customs: &[u8; 32]) -> Option<Self> {
        let payload = sealed(bytes, customs)?;
        let (began, files) = postcard::from_bytes(payload).ok()?;
        Some(Self { began, files })
    }
}

fn encode(began: i64, files: &[Remembered], customs: &[u8; 32]) -> Option<Vec<u8>> {
    // What cannot be written is not remembered.
    postcard::to_allocvec(&(began, files)).ok().map(|payload| seal(&payload, customs))
}

/// Puts before a payload whose it is, and a checksum.
pub fn seal(payload: &[u8], customs: &[u8; 32]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(payload.len() + 80);
    bytes.extend_from_slice(FORM);
    bytes.extend_from_slice(customs);
    bytes.extend_from_slice(blake3::hash(payload).as_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

/// The payload, if it is whole, ours, and of these customs.
pub fn sealed<'a>(bytes: &'a [u8], customs: &[u8; 32]) -> Option<&'a [u8]> {
    let rest = bytes.strip_prefix(FORM)?.strip_prefix(customs)?;
    let (checksum, payload) = rest.split_at_checked(32)?;
    (blake3::hash(payload).as_bytes() == checksum).then_some(payload)
}

impl Refreshed {
    fn and(mut self, mut other: Self) -> Self {
        if self.remembered.len() < other.remembered.len() {
            std::mem::swap(&mut self.remembered, &mut other.remembered);
        }
        self.remembered.append(&mut other.remembered);
        self.chunks.append(&mut other.chunks);
        self.read += other.read;
        self
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::diagnostic::Rule;
    use crate::store::Memory;

    const CUSTOMS: [u8; 32] = [7; 32];

    fn found(paths: &[(&'static str, u64)]) -> Vec<Found<'static>> {
        let stamp = |size| Stamp { size, modified: 0, inode: 0 };
        paths.iter().map(|(path, size)| Found { path, stamp: stamp(*size), sidecar: None }).collect()
    }

    fn refresh_and_keep(store: &mut Memory, files: &[Found<'_>], customs: &[u8; 32]) -> usize {
        let reads = AtomicUsize::new(0);
        let refreshed = refresh(store, files, customs, |file| {
            reads.fetch_add(1, Ordering::Relaxed);
            (None, vec![Diagnostic::new(Rule::MissingDate, file.path, "no date")])
        });
        let paths: Vec<&str> = refreshed.remembered.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, files.iter().map(|file| file.path).collect::<Vec<_>>());
        assert!(refreshed.remembered.iter().all(|file| file.diagnostics[0].path == file.path));
        for (path, bytes) in refreshed.chunks {
            store.insert(path, bytes);
        }
        reads.into_inner()
    }

    #[test]
    fn only_new_and_changed_files_are_read() {
        let mut store = Memory::default();
        assert_eq!(refresh_and_keep(&mut store, &found(&[("a", 1), ("b", 1), ("c", 1)]), &CUSTOMS), 3);
        assert_eq!(refresh_and_keep(&mut store, &found(&[("a", 1), ("b", 1), ("c", 1)]), &CUSTOMS), 0);
        assert_eq!(refresh_and_keep(&mut store, &found(&[("a", 1), ("b", 2), ("d", 1)]), &CUSTOMS), 2);
        assert_eq!(refresh_and_keep(&mut store, &found(&[("a", 1), ("b", 2), ("d", 1)]), &CUSTOMS), 0);
        assert_eq!(refresh_and_keep(&mut store, &found(&[("a", 1), ("b", 2), ("d", 1)]), &[8; 32]), 3);
    }

    #[test]
    fn a_damaged_index_is_as_good_as_none() {
        let mut store = Memory::default();
        let files = found(&[("a", 1), ("b", 1)]);
        refresh_and_keep(&mut store, &files, &CUSTOMS);
        let (path, whole) =
            store.files().iter().next().map(|(path, bytes)| (path.clone(), bytes.clone())).unwrap();
        for at in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << (at % 8);
            store.insert(path.clone(), flipped);
            assert_eq!(refresh_and_keep(&mut store, &files, &CUSTOMS), 2, "bit of byte {at}");
            store.insert(path.clone(), &whole[..at]);
            assert_eq!(refresh_and_keep(&mut store, &files, &CUSTOMS), 2, "cut at byte {at}");
        }
    }

    #[test]
    fn a_file_written_as_the_build_began_is_read_again() {
        let stamp = Stamp { size: 1, modified: 10 * GRAIN, inode: 3 };
        assert!(
            !is_settled(stamp, 10 * GRAIN) && !is_settled(stamp, 11 * GRAIN) && is_settled(stamp, 12 * GRAIN)
        );
    }
}
