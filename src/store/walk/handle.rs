//! An open folder, by which the system finds its files without going all the way from the top each time.

#[cfg(not(unix))]
pub(super) use portable::Handle;
#[cfg(unix)]
pub(super) use unix::Handle;

/// The kind of an entry of a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    Symlink,
    /// A device, a pipe, a socket.
    Other,
}

/// The entries of a folder but for `.` and `..`, and those whose names are not UTF-8.
#[derive(Debug, Default)]
pub(super) struct Names {
    text: String,
    /// The end of each name, and the kind of its entry.
    ends: Vec<(usize, Kind)>,
}

impl Names {
    fn push(&mut self, name: &str, kind: Kind) {
        self.text.push_str(name);
        self.ends.push((self.text.len(), kind));
    }

    /// Each name and what has it, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, Kind)> {
        let mut start = 0;
        self.ends.iter().map(move |(end, kind)| {
            let name = self.text.get(start..*end).unwrap_or_default();
            start = *end;
            (name, *kind)
        })
    }
}

#[cfg(unix)]
mod unix {
    use std::io;
    use std::os::fd::OwnedFd;
    use std::path::Path;

    use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, Stat, openat, statat};

    use super::{Kind, Names};
    use crate::store::Stamp;
    use crate::store::stamp::nanoseconds;

    pub(in super::super) struct Handle(OwnedFd);

    const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

    impl Handle {
        pub(in super::super) fn open(path: &Path) -> io::Result<Self> {
            Ok(Self(openat(CWD, path, FOLDER, Mode::empty())?))
        }

        /// A folder in this one; not one that a link leads to.
        pub(in super::super) fn enter(&self, name: &str) -> io::Result<Self> {
            Ok(Self(openat(&self.0, name, FOLDER | OFlags::NOFOLLOW, Mode::empty())?))
        }

        pub(in super::super) fn names(&self) -> io::Result<Names> {
            let mut names = Names::default();
            for entry in Dir::read_from(&self.0)? {
                let entry = entry?;
                let Ok(name) = entry.file_name().to_str() else { continue };
                if name != "." && name != ".." {
                    names.push(name, self.kind(name, entry.file_type()));
                }
            }
            Ok(names)
        }

        fn kind(&self, name: &str, stated: FileType) -> Kind {
            match stated {
                FileType::RegularFile => Kind::File,
                FileType::Directory => Kind::Folder,
                FileType::Symlink => Kind::Symlink,
                // Not every file system says it here.
                FileType::Unknown => match self.stat(name) {
                    Ok(stat) if FileType::from_raw_mode(stat.st_mode) != FileType::Unknown => {
                        self.kind(name, FileType::from_raw_mode(stat.st_mode))
                    }
                    _ => Kind::Other,
                },
                _ => Kind::Other,
            }
        }

        /// The stamp of a file in this folder.
        pub(in super::super) fn stamp(&self, name: &str) -> io::Result<Stamp> {
            let stat = self.stat(name)?;
            let rest = |nanoseconds| i64::try_from(nanoseconds).unwrap_or_default();
            Ok(Stamp {
                size: u64::try_from(stat.st_size).unwrap_or_default(),
                modified: nanoseconds(stat.st_mtime, rest(stat.st_mtime_nsec)),
                changed: Some(nanoseconds(stat.st_ctime, rest(stat.st_ctime_nsec))),
                inode: stat.st_ino,
            })
        }

        fn stat(&self, name: &str) -> io::Result<Stat> {
            Ok(statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)?)
        }
    }
}

#[cfg(not(unix))]
#[expect(clippy::disallowed_methods, reason = "this is part of the store")]
mod portable {
    use std::fs::{self, FileType};
    use std::io;
    use std::path::{Path, PathBuf};

    use super::{Kind, Names};
    use crate::store::Stamp;

    pub(in super::super) struct Handle(PathBuf);

    impl Handle {
        pub(in super::super) fn open(path: &Path) -> io::Result<Self> {
            Ok(Self(path.to_owned()))
        }

        pub(in super::super) fn enter(&self, name: &str) -> io::Result<Self> {
            Self::open(&self.0.join(name))
        }

        pub(in super::super) fn names(&self) -> io::Result<Names> {
            let mut names = Names::default();
            for entry in fs::read_dir(&self.0)? {
                let entry = entry?;
                if let Some(name) = entry.file_name().to_str() {
                    names.push(name, entry.file_type().map_or(Kind::Other, kind));
                }
            }
            Ok(names)
        }

        pub(in super::super) fn stamp(&self, name: &str) -> io::Result<Stamp> {
            Ok(Stamp::of(&fs::symlink_metadata(self.0.join(name))?))
        }
    }

    fn kind(file_type: FileType) -> Kind {
        match file_type {
            file_type if file_type.is_symlink() => Kind::Symlink,
            file_type if file_type.is_dir() => Kind::Folder,
            file_type if file_type.is_file() => Kind::File,
            _ => Kind::Other,
        }
    }
}
