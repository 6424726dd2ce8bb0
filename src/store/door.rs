//! The one way to a file on disk: a regular file inside the folder, wherever symbolic links lead.
#![expect(clippy::disallowed_methods, reason = "this is part of the store")]

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::check_inside;

/// A folder whose files are opened. Links are followed inside and not out; pipes and devices are not opened
/// to wait for them or to read without end.
#[derive(Debug)]
pub(super) struct Door {
    root: PathBuf,
    #[cfg(target_os = "linux")]
    handle: std::sync::OnceLock<std::os::fd::OwnedFd>,
}

impl Door {
    /// The folder `root`, which need not exist yet.
    pub(super) fn new(root: PathBuf) -> Self {
        Self {
            root,
            #[cfg(target_os = "linux")]
            handle: std::sync::OnceLock::new(),
        }
    }

    /// Opens a file to be read.
    ///
    /// # Errors
    ///
    /// If there is no such file, the system refuses, it is not a regular file, or a link leads out of the
    /// folder.
    pub(super) fn open(&self, path: &str) -> io::Result<(File, Metadata)> {
        check_inside(path).map_err(|error| error.source)?;
        let file = self.open_any(path)?;
        let metadata = file.metadata()?;
        if metadata.is_file() { Ok((file, metadata)) } else { Err(not_regular()) }
    }

    /// The metadata of a file, without opening it to be read.
    ///
    /// # Errors
    ///
    /// As those of [`open`](Self::open).
    pub(super) fn metadata(&self, path: &str) -> io::Result<Metadata> {
        check_inside(path).map_err(|error| error.source)?;
        let metadata = self.metadata_of_any(path)?;
        if metadata.is_file() { Ok(metadata) } else { Err(not_regular()) }
    }

    /// Makes sure that the folders on the way to a file that is to be written or removed do not lead out.
    ///
    /// # Errors
    ///
    /// If a link among them leads out, or nowhere.
    pub(super) fn check_folders(&self, path: &str) -> io::Result<()> {
        for (end, _) in path.match_indices('/') {
            let folder = self.root.join(path.get(..end).unwrap_or_default());
            match fs::symlink_metadata(&folder) {
                Ok(metadata) if metadata.is_symlink() => _ = self.resolved(&folder)?,
                Ok(_) => {}
                // What is not there yet will be a folder of ours.
                Err(_) => return Ok(()),
            }
        }
        Ok(())
    }

    /// The place to which all links lead, if it is inside.
    fn resolved(&self, place: &Path) -> io::Result<PathBuf> {
        let place = fs::canonicalize(place)?;
        if place.starts_with(fs::canonicalize(&self.root)?) { Ok(place) } else { Err(leads_out()) }
    }

    fn open_resolved(&self, path: &str) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOFOLLOW;
            options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
        }
        options.open(self.resolved(&self.root.join(path))?)
    }
}

#[cfg(target_os = "linux")]
impl Door {
    fn open_any(&self, path: &str) -> io::Result<File> {
        use rustix::fs::OFlags;
        match self.open_beneath(path, OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY) {
            Some(file) => file,
            None => self.open_resolved(path),
        }
    }

    fn metadata_of_any(&self, path: &str) -> io::Result<Metadata> {
        match self.open_beneath(path, rustix::fs::OFlags::PATH) {
            Some(file) => file?.metadata(),
            None => fs::metadata(self.resolved(&self.root.join(path))?),
        }
    }

    /// Opens a file if the kernel itself keeps the way inside; `None` where it has to be looked at more
    /// closely: it knows no such way, or there is a link that is absolute or leads out.
    fn open_beneath(&self, path: &str, flags: rustix::fs::OFlags) -> Option<io::Result<File>> {
        use rustix::fs::{Mode, OFlags, ResolveFlags, openat2};
        use rustix::io::Errno;
        let beneath = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS;
        let opened = openat2(self.handle()?, path, flags | OFlags::CLOEXEC, Mode::empty(), beneath);
        match opened {
            Ok(file) => Some(Ok(File::from(file))),
            Err(Errno::NOENT | Errno::ACCESS | Errno::NOTDIR | Errno::MFILE | Errno::NFILE) => {
                Some(opened.map(File::from).map_err(Into::into))
            }
            Err(_) => None,
        }
    }

    fn handle(&self) -> Option<&std::os::fd::OwnedFd> {
        use rustix::fs::{CWD, Mode, OFlags, openat};
        if self.handle.get().is_none() {
            let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
            let _ = self.handle.set(openat(CWD, &self.root, flags, Mode::empty()).ok()?);
        }
        self.handle.get()
    }
}

#[cfg(not(target_os = "linux"))]
impl Door {
    fn open_any(&self, path: &str) -> io::Result<File> {
        self.open_resolved(path)
    }

    fn metadata_of_any(&self, path: &str) -> io::Result<Metadata> {
        fs::metadata(self.resolved(&self.root.join(path))?)
    }
}

fn not_regular() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")
}

fn leads_out() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, "a link leads out of the folder")
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::io::Read as _;
    use std::os::unix::fs::symlink;

    use super::*;

    fn folder() -> (tempfile::TempDir, Door) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("inside/deeper")).unwrap();
        fs::write(folder.path().join("inside/deeper/a.md"), "text").unwrap();
        fs::write(folder.path().join("secret"), "no").unwrap();
        let door = Door::new(folder.path().join("inside"));
        (folder, door)
    }

    fn read(door: &Door, path: &str) -> Option<String> {
        let mut text = String::new();
        assert_eq!(door.metadata(path).is_ok(), door.open(path).is_ok(), "{path}");
        door.open(path).ok()?.0.read_to_string(&mut text).unwrap();
        Some(text)
    }

    #[test]
    fn links_are_followed_inside_and_not_out() {
        let (folder, door) = folder();
        let at = |path: &str| folder.path().join("inside").join(path);
        symlink("deeper/a.md", at("relative")).unwrap();
        symlink(at("deeper/a.md"), at("absolute")).unwrap();
        symlink("deeper", at("linked")).unwrap();
        symlink("../secret", at("out")).unwrap();
        symlink(folder.path(), at("up")).unwrap();
        symlink("/dev/zero", at("zero")).unwrap();
        symlink("round", at("round")).unwrap();
        for path in ["deeper/a.md", "relative", "absolute", "linked/a.md"] {
            assert_eq!(read(&door, path).as_deref(), Some("text"), "{path}");
        }
        for path in ["out", "up/secret", "zero", "round", "deeper", "none", "../secret", "/etc/passwd"] {
            assert_eq!(read(&door, path), None, "{path}");
        }
    }

    #[test]
    fn a_pipe_is_not_waited_for() {
        let (folder, door) = folder();
        let pipe = folder.path().join("inside/pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert_eq!(door.open("pipe").unwrap_err().to_string(), "it is not a regular file");
        assert!(door.metadata("pipe").is_err());
    }

    #[test]
    fn nothing_is_written_through_a_link_that_leads_out() {
        let (folder, door) = folder();
        let at = |path: &str| folder.path().join("inside").join(path);
        symlink("deeper", at("linked")).unwrap();
        symlink(folder.path(), at("up")).unwrap();
        for path in ["a", "deeper/a", "new/folders/a", "linked/a"] {
            assert!(door.check_folders(path).is_ok(), "{path}");
        }
        assert!(door.check_folders("up/a").is_err() && door.check_folders("up/b/c").is_err());
    }
}
