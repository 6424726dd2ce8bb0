//! Remembers which documents builds wrote, so that those which no feed has any more can be taken away, and nothing
//! else. It is JSON that every version can read: what an earlier one wrote is still ours to remove. Nothing is trusted
//! either: only a file with the bytes that are remembered is removed.

use std::collections::BTreeMap;

use crate::store::{self, Store};

/// Path of the manifest, relative to the publication.
const FILE: &str = ".feedwright/written.json";

/// The documents that the last build of a publication left, in the order of their paths.
pub(crate) fn documents_of_last_build(store: &dyn Store) -> Vec<String> {
    Manifest::read(store).before.into_keys().collect()
}

/// The documents that were written, and those that are.
#[derive(Debug, Default)]
pub(crate) struct Manifest {
    /// Path and digest of what the last build left.
    before: BTreeMap<String, String>,
    now: BTreeMap<String, String>,
    written: usize,
}

impl Manifest {
    /// Reads the manifest that earlier builds left. One that is lost or damaged costs only the removal of
    /// stale documents.
    pub(crate) fn read(store: &dyn Store) -> Self {
        let bytes = store.read(FILE).unwrap_or_default();
        Self { before: serde_json::from_slice(&bytes).unwrap_or_default(), ..Self::default() }
    }

    /// A document that is there, or will be when it is in its place.
    pub(crate) fn add(&mut self, path: &str, digest: &[u8; 32], is_written: bool) {
        self.written += usize::from(is_written);
        self.now.insert(path.to_owned(), blake3::Hash::from(*digest).to_hex().to_string());
    }

    /// `true` if an earlier build left these bytes at `path`.
    pub(crate) fn wrote(&self, path: &str, bytes: &[u8]) -> bool {
        self.before.get(path).is_some_and(|digest| blake3::hash(bytes).to_hex().as_str() == digest)
    }

    /// `true` if an earlier build left a document there, whatever has become of it.
    pub(crate) fn knew(&self, path: &str) -> bool {
        self.before.contains_key(path)
    }

    /// The documents that were written and are no longer.
    pub(crate) fn stale(&self) -> Vec<String> {
        let is_stale = |path: &&String| !self.now.contains_key(*path) && !taken_over(path, &self.now);
        self.before.keys().filter(is_stale).cloned().collect()
    }

    pub(crate) fn documents(&self) -> usize {
        self.now.len()
    }

    pub(crate) fn written(&self) -> usize {
        self.written
    }

    /// Means to remove what is no longer written, if it is still as we wrote it. That is remembered with the rest until
    /// it is gone: if the process dies before it is, the next build must still know that it is ours to remove.
    pub(crate) fn finish(mut self, store: &mut dyn Store) -> Result<Vec<String>, store::Error> {
        let mut doomed = BTreeMap::new();
        for (path, digest) in &self.before {
            let stale = !self.now.contains_key(path) && !taken_over(path, &self.now);
            if stale && store.read(path).is_ok_and(|bytes| self.wrote(path, &bytes)) {
                store.remove(path)?;
                doomed.insert(path.clone(), digest.clone());
            }
        }
        let removed = doomed.keys().cloned().collect();
        self.now.extend(doomed);
        if self.before != self.now
            && let Ok(bytes) = serde_json::to_vec_pretty(&self.now)
        {
            store.put(FILE, &bytes)?;
        }
        Ok(removed)
    }
}

/// On file systems that fold case, `Rust/rss.xml` is the same file as `rust/rss.xml`.
fn taken_over(path: &str, now: &BTreeMap<String, String>) -> bool {
    let folded = path.to_lowercase();
    now.keys().any(|other| other.to_lowercase() == folded)
}
