//! Remembers what articles say by path, size, time and inode, so that a file that has not changed is not opened again.
//!
//! A lost, foreign, outdated or damaged index costs time and nothing else: each of its chunks says whose it is and
//! carries a checksum, and one that is not as it was written is as good as none.

use std::cmp::Ordering;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use rayon::prelude::*;
use serde::{Deserialize, Serialize, Serializer};

use crate::article::{ArticleSummary, Visibility};
use crate::diagnostic::Diagnostic;
use crate::store::{Stamp, Store};

/// This program, told from any other that was made of other sources. What another has remembered is of no use.
pub const PROGRAM: &str = concat!(env!("CARGO_PKG_VERSION"), "+", env!("FEEDWRIGHT_SOURCES"));

/// Folder of the chunks, relative to the publication.
const FOLDER: &str = ".feedwright/index";

/// Changes whenever the form of the index does.
const FORM: &[u8; 16] = b"feedwright idx 2";

/// About so many articles share a chunk, so that one that changes does not have the whole index written anew.
const PER_CHUNK: usize = 3000;

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

/// An article that was read: the bytes of its summary, and the problems found in it.
pub type Read = (Vec<u8>, Vec<Diagnostic>);

/// A file as it was when it was read, and what was read.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Remembered<'a> {
    path: &'a str,
    stamp: Stamp,
    sidecar: Option<(&'a str, Stamp)>,
    #[serde(serialize_with = "as_bytes")]
    summary: &'a [u8],
    /// Empty where nothing is wrong with it.
    #[serde(serialize_with = "as_bytes")]
    diagnostics: &'a [u8],
}

impl<'a> Remembered<'a> {
    /// The remembered summary of the article.
    pub fn summary(&self) -> ArticleSummary<'a> {
        ArticleSummary::read(self.path, self.summary)
    }

    /// The remembered problems of the article; empty where they cannot be decoded.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        if self.diagnostics.is_empty() {
            return Vec::new();
        }
        postcard::from_bytes(self.diagnostics).unwrap_or_default()
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

/// `true` if a file was last written well before the build that looked at it began, so that its time can be
/// trusted. `began` is in nanoseconds, by the clock of the store.
pub fn is_settled(stamp: Stamp, began: i64) -> bool {
    stamp.last_change().saturating_add(GRAIN) < began
}

/// The index of articles: summaries that earlier builds left, and those that this build adds. [`Remembered`]
/// borrows from it.
#[derive(Debug)]
pub struct Index {
    /// When this build began, by the clock of the store.
    began: i64,
    /// A digest of all that decides how files are understood.
    settings_digest: [u8; 32],
    chunks: Vec<Chunk>,
    /// Files that are of no use any more.
    stale: Vec<String>,
    /// Number of articles that this build read.
    read: AtomicUsize,
}

/// A part of an index.
#[derive(Debug)]
struct Chunk {
    path: String,
    /// As it was found, sealed; empty where there was none.
    old: OnceLock<Vec<u8>>,
    /// As it must be written, sealed.
    new: OnceLock<Vec<u8>>,
}

impl Index {
    /// Opens the index for about `files` articles. `settings_digest` is a digest of all that decides how
    /// files are understood; a chunk written under another digest is not used.
    pub fn open(store: &dyn Store, files: usize, settings_digest: [u8; 32]) -> Self {
        let count = (files / PER_CHUNK).next_power_of_two().min(256);
        let began = store.clock();
        let chunk = |number| {
            let path = format!("{FOLDER}/{number}of{count}");
            Chunk { path, old: OnceLock::new(), new: OnceLock::new() }
        };
        let chunks = (0..count).map(chunk).collect();
        let others = store.names(FOLDER).into_iter().filter(|name| !name.ends_with(&format!("of{count}")));
        let stale = others.map(|name| format!("{FOLDER}/{name}")).collect();
        Self { began, settings_digest, chunks, stale, read: AtomicUsize::new(0) }
    }

    /// Gives each file what is remembered of it, or what `read` finds in it where it is new or has changed. `files`
    /// must be in the order of their paths; so is what comes out.
    pub fn refresh<'a>(
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
        shares.into_iter().map(|share| refreshed[share].next().unwrap_or_default()).collect()
    }

    /// When this build began, by the clock of the store.
    pub fn began(&self) -> i64 {
        self.began
    }

    /// A digest of all that decides how files are understood.
    pub fn settings_digest(&self) -> &[u8; 32] {
        &self.settings_digest
    }

    /// Number of files that this build read.
    pub fn read(&self) -> usize {
        self.read.load(Relaxed)
    }

    /// Chunks that have changed: path and bytes.
    pub fn changed(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.chunks.iter().filter_map(|chunk| Some((chunk.path.as_str(), chunk.new.get()?.as_slice())))
    }

    /// Files of the index that are of no use any more.
    pub fn stale(&self) -> &[String] {
        &self.stale
    }

    fn refresh_chunk<'a>(
        &self,
        store: &dyn Store,
        chunk: &'a Chunk,
        files: &[&Found<'_>],
        read: &(impl Fn(&Found<'_>) -> Read + Sync),
    ) -> Vec<Remembered<'a>> {
        let (began, old) = self.old(store, chunk).unwrap_or_default();
        let known = old.len();
        let kept = still_so(old, began, files);
        if known == files.len() && kept.iter().all(Option::is_some) {
            return kept.into_iter().flatten().collect();
        }
        let mut sealed = encoded(&(self.began, files.len()), vec![0; HEADER]);
        for (file, kept) in files.iter().zip(kept) {
            if let Some(kept) = kept {
                sealed = encoded(&kept, sealed);
                continue;
            }
            sealed = self.read_into(file, read, sealed);
        }
        self.renew(chunk, sealed)
    }

    /// When the build began that wrote a chunk, and what is in it.
    fn old<'a>(&self, store: &dyn Store, chunk: &'a Chunk) -> Option<(i64, Vec<Remembered<'a>>)> {
        let sealed = chunk.old.get_or_init(|| store.read(&chunk.path).unwrap_or_default());
        unsealed(sealed, &self.settings_digest).and_then(decoded)
    }

    /// Adds what is read in a file to a chunk that is written.
    fn read_into(&self, file: &Found<'_>, read: &impl Fn(&Found<'_>) -> Read, sealed: Vec<u8>) -> Vec<u8> {
        self.read.fetch_add(1, Relaxed);
        let (summary, diagnostics) = read(file);
        let diagnostics = if diagnostics.is_empty() { Vec::new() } else { encoded(&diagnostics, Vec::new()) };
        let (summary, diagnostics) = (summary.as_slice(), diagnostics.as_slice());
        let Found { path, stamp, sidecar } = *file;
        encoded(&Remembered { path, stamp, sidecar, summary, diagnostics }, sealed)
    }

    /// Takes the sealed bytes of a chunk that must be written, and gives back what they hold.
    fn renew<'a>(&self, chunk: &'a Chunk, sealed: Vec<u8>) -> Vec<Remembered<'a>> {
        let sealed = chunk.new.get_or_init(|| seal(sealed, &self.settings_digest));
        let payload = sealed.get(HEADER..).unwrap_or_default();
        decoded(payload).map(|(_, remembered)| remembered).unwrap_or_default()
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
fn still_so<'a>(old: Vec<Remembered<'a>>, began: i64, files: &[&Found<'_>]) -> Vec<Option<Remembered<'a>>> {
    let mut old = old.into_iter().peekable();
    let still = |file: &&Found<'_>| {
        while old.next_if(|old| old.path.cmp(file.path) == Ordering::Less).is_some() {}
        old.next_if(|old| old.path == file.path).filter(|old| old.is_still(file, began))
    };
    files.iter().map(still).collect()
}

/// When the build began that wrote a chunk, and what is in it.
fn decoded(payload: &[u8]) -> Option<(i64, Vec<Remembered<'_>>)> {
    let ((began, count), mut rest) = postcard::take_from_bytes::<(i64, usize)>(payload).ok()?;
    let mut remembered = Vec::with_capacity(count.min(payload.len()));
    for _ in 0..count {
        let (one, after) = postcard::take_from_bytes(rest).ok()?;
        remembered.push(one);
        rest = after;
    }
    Some((began, remembered))
}

/// Appends a value to `bytes`. A value that cannot be encoded is not remembered: it is as if the chunk were
/// damaged.
fn encoded(value: &impl Serialize, bytes: Vec<u8>) -> Vec<u8> {
    postcard::to_extend(value, bytes).unwrap_or_default()
}

fn as_bytes<S: Serializer>(bytes: &&[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytes)
}

/// Length in bytes of the header before a payload: form, digest of the settings, checksum.
pub const HEADER: usize = FORM.len() + 32 + 32;

/// Says, in the first [`HEADER`] bytes of a file, whose it is, and what checksum the rest has.
pub fn seal(mut bytes: Vec<u8>, settings_digest: &[u8; 32]) -> Vec<u8> {
    let payload = bytes.get(HEADER..).unwrap_or_default();
    let header = [FORM.as_slice(), settings_digest, blake3::hash(payload).as_bytes()].concat();
    if let Some(place) = bytes.get_mut(..HEADER) {
        place.copy_from_slice(&header);
    }
    bytes
}

/// The payload, if it is whole, ours, and of these settings.
pub fn unsealed<'a>(bytes: &'a [u8], settings_digest: &[u8; 32]) -> Option<&'a [u8]> {
    let rest = bytes.strip_prefix(FORM)?.strip_prefix(settings_digest)?;
    let (checksum, payload) = rest.split_at_checked(32)?;
    (blake3::hash(payload).as_bytes() == checksum).then_some(payload)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Rule;
    use crate::store::Memory;

    const CUSTOMS: [u8; 32] = [7; 32];

    fn found(paths: &[(&'static str, u64)]) -> Vec<Found<'static>> {
        let stamp = |size| Stamp { size, ..Stamp::default() };
        paths.iter().map(|(path, size)| Found { path, stamp: stamp(*size), sidecar: None }).collect()
    }

    /// As far as it matters here: the summary of an article that everybody may see.
    fn card_of(path: &str) -> Vec<u8> {
        [&[0], path.as_bytes()].concat()
    }

    fn refresh_and_keep(store: &mut Memory, files: &[Found<'_>], settings_digest: &[u8; 32]) -> usize {
        let index = Index::open(store, files.len(), *settings_digest);
        let refreshed = index.refresh(store, files, |file| {
            let diagnostic = Diagnostic::new(Rule::MissingDate, file.path, "no date");
            (card_of(file.path), vec![diagnostic])
        });
        let paths: Vec<&str> = refreshed.iter().map(|file| file.path).collect();
        assert_eq!(paths, files.iter().map(|file| file.path).collect::<Vec<_>>());
        assert!(refreshed.iter().all(|file| file.summary == card_of(file.path)));
        assert!(refreshed.iter().all(|file| file.diagnostics()[0].path == file.path));
        for (path, bytes) in index.changed() {
            store.insert(path, bytes);
        }
        index.read()
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
        let stamp = Stamp { size: 1, modified: 10 * GRAIN, inode: 3, changed: None };
        assert!(
            !is_settled(stamp, 10 * GRAIN) && !is_settled(stamp, 11 * GRAIN) && is_settled(stamp, 12 * GRAIN)
        );
    }
}
