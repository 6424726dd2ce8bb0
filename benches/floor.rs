//! What the machine can do at best: `cargo run --release --example floor -- FOLDER [ROUNDS]`.
//!
//! Walks a folder with two threads and asks the system for each file's size and time, which is the least that a build
//! of unchanged articles can do; then walks it and reads every file whole, which is the least of a first build.
//! Nothing is kept and nothing is understood. One line of JSON says how long each round took, in milliseconds. Where
//! nothing else runs, the first round warms the page cache and is not counted.

use std::env;
use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// As many as the machines that we measure on have cores.
const THREADS: usize = 2;

/// What is done with each file.
#[derive(Clone, Copy)]
enum Work {
    Stat,
    Read,
}

/// What was seen, so that no work can be left out unnoticed.
#[derive(Default)]
struct Seen {
    files: AtomicU64,
    bytes: AtomicU64,
}

impl Seen {
    fn file(&self, bytes: u64) {
        self.files.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (folder, rounds) = match arguments.as_slice() {
        [folder] => (folder, 5),
        [folder, rounds] => match rounds.parse() {
            Ok(rounds @ 1..) => (folder, rounds),
            _ => return complain(&format!("`{rounds}` is not a number of rounds")),
        },
        _ => return complain("usage: floor FOLDER [ROUNDS]"),
    };
    match measure(Path::new(folder), rounds) {
        Ok(line) => {
            say(&line);
            ExitCode::SUCCESS
        }
        Err(error) => complain(&format!("`{folder}`: {error}")),
    }
}

#[expect(clippy::print_stdout, reason = "a command without a library")]
fn say(line: &str) {
    println!("{line}");
}

#[expect(clippy::print_stderr, reason = "a command without a library")]
fn complain(message: &str) -> ExitCode {
    eprintln!("{message}");
    ExitCode::from(2)
}

fn measure(folder: &Path, rounds: usize) -> io::Result<String> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(THREADS).build().map_err(io::Error::other)?;
    let mut times: [Vec<f64>; 2] = Default::default();
    let mut seen = Seen::default();
    for round in 0..=rounds {
        for (work, times) in [Work::Stat, Work::Read].into_iter().zip(&mut times) {
            seen = Seen::default();
            let start = Instant::now();
            pool.install(|| walk::walk(folder, work, &seen))?;
            if round > 0 {
                times.push(start.elapsed().as_secs_f64() * 1000.0);
            }
        }
    }
    let [stat, read] = times;
    let (files, bytes) = (seen.files.into_inner(), seen.bytes.into_inner());
    Ok(serde_json::json!({ "files": files, "bytes": bytes, "stat_ms": stat, "read_ms": read }).to_string())
}

/// By descriptors of folders, so that the system need not find its way from the top for each file.
#[cfg(unix)]
mod walk {
    use std::cell::RefCell;
    use std::io;
    use std::os::fd::OwnedFd;
    use std::path::Path;
    use std::sync::Mutex;

    use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, openat, statat};

    use super::{Seen, Work};

    thread_local! {
        static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; 1 << 16]);
    }

    pub(super) fn walk(folder: &Path, work: Work, seen: &Seen) -> io::Result<()> {
        let trouble = Mutex::new(None);
        let top = openat(CWD, folder, OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty())?;
        rayon::scope(|scope| below(scope, &top, work, seen, &trouble));
        trouble.into_inner().ok().flatten().map_or(Ok(()), Err)
    }

    fn below<'s>(
        scope: &rayon::Scope<'s>,
        folder: &OwnedFd,
        work: Work,
        seen: &'s Seen,
        trouble: &'s Mutex<Option<io::Error>>,
    ) {
        if let Err(error) = visit(scope, folder, work, seen, trouble)
            && let Ok(mut first) = trouble.lock()
        {
            first.get_or_insert(error);
        }
    }

    fn visit<'s>(
        scope: &rayon::Scope<'s>,
        folder: &OwnedFd,
        work: Work,
        seen: &'s Seen,
        trouble: &'s Mutex<Option<io::Error>>,
    ) -> io::Result<()> {
        for entry in Dir::read_from(folder)? {
            let entry = entry?;
            let name = entry.file_name();
            match entry.file_type() {
                FileType::Directory if name != c"." && name != c".." => {
                    let inner = openat(folder, name, OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty())?;
                    scope.spawn(move |scope| below(scope, &inner, work, seen, trouble));
                }
                FileType::RegularFile => seen.file(match work {
                    Work::Stat => stat(folder, name)?,
                    Work::Read => read(folder, name)?,
                }),
                _ => {}
            }
        }
        Ok(())
    }

    fn stat(folder: &OwnedFd, name: &std::ffi::CStr) -> io::Result<u64> {
        Ok(u64::try_from(statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?.st_size).unwrap_or_default())
    }

    fn read(folder: &OwnedFd, name: &std::ffi::CStr) -> io::Result<u64> {
        let file = openat(folder, name, OFlags::RDONLY, Mode::empty())?;
        BUFFER.with_borrow_mut(|buffer| {
            let mut bytes = 0;
            loop {
                match rustix::io::read(&file, &mut buffer[..])? {
                    0 => return Ok(bytes),
                    count => bytes += count as u64,
                }
            }
        })
    }
}

/// As the standard library does it.
#[cfg(not(unix))]
#[expect(clippy::disallowed_methods, reason = "a tool outside of the house, which reads files")]
mod walk {
    use std::path::{Path, PathBuf};
    use std::{fs, io};

    use rayon::prelude::*;

    use super::{Seen, Work};

    pub(super) fn walk(folder: &Path, work: Work, seen: &Seen) -> io::Result<()> {
        let mut folders = vec![folder.to_owned()];
        while !folders.is_empty() {
            let inner: io::Result<Vec<Vec<PathBuf>>> =
                folders.par_iter().map(|folder| visit(folder, work, seen)).collect();
            folders = inner?.into_iter().flatten().collect();
        }
        Ok(())
    }

    fn visit(folder: &Path, work: Work, seen: &Seen) -> io::Result<Vec<PathBuf>> {
        let mut folders = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                seen.file(match work {
                    Work::Stat => entry.metadata()?.len(),
                    Work::Read => fs::read(entry.path())?.len() as u64,
                });
            }
        }
        Ok(folders)
    }
}
