//! A folder whose regular files are public, and nothing else.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::door::Door;
use super::{Error, Stamp};

/// A folder of which strangers may see the regular files, and nothing else: no list of them, no pipe and no
/// device, and nothing outside, whatever a path says and wherever a symbolic link in it leads.
#[derive(Clone, Debug)]
pub struct Public {
    /// Without symbolic links.
    root: PathBuf,
    door: Arc<Door>,
}

impl Public {
    /// The files of a folder.
    ///
    /// # Errors
    ///
    /// If there is no such folder.
    pub fn new(root: &Path) -> Result<Self, Error> {
        let named = |error| Error::new("read", root.display().to_string(), error);
        let canonical = fs::canonicalize(root).map_err(named)?;
        if !canonical.is_dir() {
            return Err(named(io::ErrorKind::NotADirectory.into()));
        }
        Ok(Self { door: Arc::new(Door::new(canonical.clone())), root: canonical })
    }

    /// The stamp of a file, without opening it; `None` where there is none that strangers may see. `path` is
    /// relative, with `/` between its parts.
    ///
    /// ```no_run
    /// let media = feedwright::store::Public::new("media".as_ref()).unwrap();
    /// assert!(media.stamp("../secret").is_none());
    /// ```
    pub fn stamp(&self, path: &str) -> Option<Stamp> {
        Some(Stamp::of(&self.door.metadata(path).ok()?))
    }

    /// A file, opened to be read, and its stamp.
    ///
    /// # Errors
    ///
    /// If there is no such file for the public, or the system refuses.
    pub fn open(&self, path: &str) -> io::Result<(File, Stamp)> {
        let (file, metadata) = self.door.open(path)?;
        Ok((file, Stamp::of(&metadata)))
    }

    /// Tells whether another file or folder lies in this folder, is it, or lies above it, wherever symbolic
    /// links lead.
    pub fn overlaps(&self, other: &Path) -> bool {
        fs::canonicalize(other)
            .is_ok_and(|other| other.starts_with(&self.root) || self.root.starts_with(other))
    }

    /// Tells whether another file or folder lies in this folder or is it, wherever symbolic links lead.
    pub fn holds(&self, other: &Path) -> bool {
        fs::canonicalize(other).is_ok_and(|other| other.starts_with(&self.root))
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "this is part of the store")]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn folder() -> (tempfile::TempDir, Public) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("public/media")).unwrap();
        fs::write(folder.path().join("public/media/a.mp3"), "sound").unwrap();
        fs::write(folder.path().join("secret"), "no").unwrap();
        let public = Public::new(&folder.path().join("public")).unwrap();
        (folder, public)
    }

    #[test]
    fn a_file_is_read_as_it_is() {
        let (_folder, public) = folder();
        let (mut file, stamp) = public.open("media/a.mp3").unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), stamp.size), ("sound", 5));
        assert_eq!(public.stamp("media/a.mp3"), Some(stamp));
    }

    #[test]
    fn nothing_else_is_there() {
        let (_folder, public) = folder();
        for path in ["", "media", "media/", "../secret", "media/../../secret", "/etc/passwd", "a\0", "b.mp3"]
        {
            assert_eq!(public.stamp(path), None, "{path:?}");
            assert!(public.open(path).is_err(), "{path:?}");
        }
        assert!(Public::new(Path::new("no such folder")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_inside_and_not_out() {
        use std::os::unix::fs::symlink;
        let (folder, public) = folder();
        let at = |path: &str| folder.path().join("public").join(path);
        symlink("media/a.mp3", at("inside")).unwrap();
        symlink("../secret", at("outside")).unwrap();
        symlink("..", at("up")).unwrap();
        symlink("round", at("round")).unwrap();
        assert_eq!(public.stamp("inside").map(|stamp| stamp.size), Some(5));
        for path in ["outside", "up/secret", "round"] {
            assert!(public.open(path).is_err(), "{path}");
        }
    }

    #[test]
    fn folders_overlap_where_one_is_above_the_other() {
        let (folder, public) = folder();
        let at = |path: &str| folder.path().join(path);
        assert!(
            public.holds(&at("public/media")) && public.holds(&at("public")) && !public.holds(folder.path())
        );
        assert!(public.overlaps(&at("public/media/a.mp3")) && public.overlaps(folder.path()));
        assert!(!public.overlaps(&at("secret")) && !public.overlaps(&at("none")));
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_not_waited_for() {
        let (folder, public) = folder();
        let pipe = folder.path().join("public/pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(public.open("pipe").is_err());
    }
}
