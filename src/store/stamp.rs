//! The metadata by which a changed file is noticed.

use std::fs::Metadata;

use serde::{Deserialize, Serialize};

/// The metadata by which a changed file is noticed without opening it. Never published.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Stamp {
    /// The size in bytes.
    pub size: u64,
    /// The time of the last write, which programs may set: nanoseconds since 1970 by the clock of the file
    /// system.
    pub modified: i64,
    /// The time of the last change to the file or its metadata (ctime), which no program sets. `None` where
    /// the system has none, and for a file that was not yet in its place, since moving it there changes it.
    pub changed: Option<i64>,
    /// The inode, where the system has one.
    pub inode: u64,
}

/// Equal as far as both are known: a time of change that one of them does not have is not compared.
impl PartialEq for Stamp {
    fn eq(&self, other: &Self) -> bool {
        let known = self.changed.zip(other.changed);
        (self.size, self.modified, self.inode) == (other.size, other.modified, other.inode)
            && known.is_none_or(|(one, other)| one == other)
    }
}

impl Stamp {
    /// The later of the two times.
    pub fn last_change(&self) -> i64 {
        self.changed.map_or(self.modified, |changed| changed.max(self.modified))
    }

    /// The stamp of a file on disk.
    #[cfg(unix)]
    pub(super) fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self {
            size: metadata.len(),
            modified: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
            changed: Some(nanoseconds(metadata.ctime(), metadata.ctime_nsec())),
            inode: metadata.ino(),
        }
    }

    /// The stamp of a file on disk.
    #[cfg(not(unix))]
    pub(super) fn of(metadata: &Metadata) -> Self {
        use std::time::{Duration, UNIX_EPOCH};
        let signed = |time: Duration| i64::try_from(time.as_nanos()).unwrap_or(i64::MAX);
        let modified = metadata.modified().map_or(0, |time| match time.duration_since(UNIX_EPOCH) {
            Ok(since) => signed(since),
            Err(before) => -signed(before.duration()),
        });
        Self { size: metadata.len(), modified, changed: None, inode: 0 }
    }
}

/// A time of the file system in nanoseconds since 1970, negative before. Times beyond three centuries are the
/// last one.
#[cfg(unix)]
pub(super) fn nanoseconds(seconds: i64, rest: i64) -> i64 {
    let whole = seconds.checked_mul(1_000_000_000).and_then(|whole| whole.checked_add(rest));
    whole.unwrap_or(if seconds < 0 { i64::MIN } else { i64::MAX })
}
