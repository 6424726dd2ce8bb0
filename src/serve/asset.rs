//! Files that are served beside the documents, and read by somebody else: enclosures, pictures.

mod answer;

use std::collections::BTreeMap;
use std::fs::File;
use std::io;

use super::entity_tag::EntityTag;
use super::parts::Asset;
use super::path::is_plain;

/// Looks files up, and opens those that are sent.
///
/// Paths lead nowhere but down, as far as their letters tell. What the disk makes of them is for whoever
/// implements this to see to: that a symbolic link, on the way or at its end, does not lead out of the
/// folder, or that none is followed; that a folder is no file, nor a pipe or a device; and on Windows that no
/// part of the path is the name of a device.
pub trait Assets: Send + Sync {
    /// The regular file at that path; `None` where there is none.
    fn find(&self, path: AssetPath<'_>) -> Option<Asset>;

    /// The file at that path, at its beginning, and what is known of it now that it is open.
    ///
    /// # Errors
    ///
    /// If there is no such file, or the system refuses.
    fn open(&self, path: AssetPath<'_>) -> io::Result<(File, Asset)>;
}

/// Files that are only said to be there, for tests.
impl Assets for BTreeMap<String, Asset> {
    fn find(&self, path: AssetPath<'_>) -> Option<Asset> {
        self.get(path.as_str()).cloned()
    }

    fn open(&self, _: AssetPath<'_>) -> io::Result<(File, Asset)> {
        Err(io::ErrorKind::NotFound.into())
    }
}

/// A path that leads from a folder nowhere but down: decoded, relative, with `/` between its parts, none of
/// which is empty, begins with a dot, or holds a colon, a backslash or a control character. So it can name
/// neither a hidden file nor, where there are such things, another drive.
///
/// ```
/// use feedwright::serve::AssetPath;
/// assert_eq!(AssetPath::new("media/episode 1.mp3").unwrap().as_str(), "media/episode 1.mp3");
/// for path in ["", "/etc/passwd", "../secret", "media/", ".git/config", "C:secret"] {
///     assert!(AssetPath::new(path).is_none());
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AssetPath<'a>(&'a str);

impl<'a> AssetPath<'a> {
    /// The path, if it is one.
    pub fn new(path: &'a str) -> Option<Self> {
        let is_visible = |part: &str| is_plain(part) && !part.starts_with('.') && !part.contains(':');
        path.split('/').all(is_visible).then_some(Self(path))
    }

    /// The path.
    pub fn as_str(self) -> &'a str {
        self.0
    }
}

impl Asset {
    /// Of size, time and number, for reading the whole file would take too long. A file that is replaced has
    /// another number, one that is written to another time or size; what is missed is only who writes the
    /// same number of bytes twice in one tick of the clock. The hash keeps what the disk calls its files to
    /// ourselves.
    fn tag(&self) -> EntityTag {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.size.to_le_bytes());
        hasher.update(&self.modified.timestamp().to_le_bytes());
        hasher.update(&self.modified.timestamp_subsec_nanos().to_le_bytes());
        hasher.update(&self.inode.to_le_bytes());
        EntityTag::new(hasher.finalize(), "")
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_file_that_differs_in_anything_has_another_tag() {
        let asset = Asset {
            size: 1000,
            modified: "2024-05-06T10:00:00.5Z".parse().unwrap(),
            inode: 7,
            content_type: HeaderValue::from_static("audio/mpeg"),
        };
        let others = [
            Asset { size: 1001, ..asset.clone() },
            Asset { modified: "2024-05-06T10:00:00.500000001Z".parse().unwrap(), ..asset.clone() },
            Asset { modified: "2024-05-06T10:00:01.5Z".parse().unwrap(), ..asset.clone() },
            Asset { inode: 8, ..asset.clone() },
        ];
        for other in others {
            assert_ne!(other.tag(), asset.tag(), "{other:?}");
        }
    }

    #[test]
    fn nothing_hidden_and_nothing_elsewhere_is_an_asset() {
        for path in ["a", "a/b.mp3", "a b/é.mp3", "a..b"] {
            assert!(AssetPath::new(path).is_some(), "{path}");
        }
        for path in
            ["", "/", "/a", "a/", "a//b", ".", "..", "...", "a/../b", ".a", "a/.b", r"a\b", "C:", "a\0"]
        {
            assert_eq!(AssetPath::new(path), None, "{path}");
        }
    }
}
