//! The form of the cache's files, and digests in the same form: the only place that knows it.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Digest;
use crate::store::Store;

/// This program, told from any other that was made of other sources: what another has remembered is of no use.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "+", env!("FEEDWRIGHT_SOURCES"));

/// The length of the checksum that a file begins with.
const CHECKSUM: usize = 32;

/// A file of the cache. It begins with a checksum that only a program of this version arrives at, for this file and
/// the terms that it is written under; the rest is a value in the form of postcard.
#[derive(Clone, Debug)]
pub(crate) struct CacheFile {
    path: String,
    key: [u8; 32],
}

impl CacheFile {
    /// The file at `path`. `terms` are all that decides what is in it, beside what the value itself says.
    pub(crate) fn new(path: impl Into<String>, terms: &impl Serialize) -> Self {
        let path = path.into();
        let key = *blake3::hash(&encoded(&(VERSION, &path, terms), Vec::new())).as_bytes();
        Self { path, key }
    }

    /// Its path, relative to the publication.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The bytes of the file that holds `value`.
    pub(crate) fn write(&self, value: &impl Serialize) -> Vec<u8> {
        let mut bytes = encoded(value, vec![0; CHECKSUM]);
        if let Some((checksum, payload)) = bytes.split_first_chunk_mut() {
            *checksum = self.checksum(payload);
        }
        bytes
    }

    /// The value that is in the bytes of the file, with borrowed texts; `None` unless they are those of
    /// [`write`](Self::write).
    pub(crate) fn read<'a, T: Deserialize<'a>>(&self, bytes: &'a [u8]) -> Option<T> {
        let (checksum, payload) = bytes.split_first_chunk()?;
        (self.checksum(payload) == *checksum).then(|| postcard::from_bytes(payload).ok()).flatten()
    }

    /// The value that is in the file, if it is there and [can be read](Self::read).
    pub(crate) fn recall<T: DeserializeOwned>(&self, store: &dyn Store) -> Option<T> {
        self.read(&store.read(&self.path).ok()?)
    }

    fn checksum(&self, payload: &[u8]) -> [u8; CHECKSUM] {
        *blake3::keyed_hash(&self.key, payload).as_bytes()
    }
}

/// A digest of `key`: of every part of it, as far as it is serialised.
///
/// Where what decides something is a part of something larger, that is taken apart without `..`, so that whoever adds
/// a field has to say whether it decides anything.
pub(crate) fn digest(key: &impl Serialize) -> Digest {
    let mut digest = [0; 16];
    blake3::Hasher::new().update(&encoded(key, Vec::new())).finalize_xof().fill(&mut digest);
    digest
}

fn encoded(value: &impl Serialize, bytes: Vec<u8>) -> Vec<u8> {
    postcard::to_extend(value, bytes).expect("whatever is remembered knows how many parts it has")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_spoilt_elsewhere_or_written_under_other_terms_is_as_good_as_none() {
        let file = CacheFile::new("a", &7);
        let whole = file.write(&("text", [1_u8, 2]));
        assert_eq!(file.read(&whole), Some(("text", [1_u8, 2])));
        assert_eq!(CacheFile::new("b", &7).read::<(&str, [u8; 2])>(&whole), None);
        assert_eq!(CacheFile::new("a", &8).read::<(&str, [u8; 2])>(&whole), None);
        for at in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << (at % 8);
            assert_eq!(file.read::<(&str, [u8; 2])>(&flipped), None, "bit of byte {at}");
            assert_eq!(file.read::<(&str, [u8; 2])>(&whole[..at]), None, "cut at byte {at}");
        }
    }
}
