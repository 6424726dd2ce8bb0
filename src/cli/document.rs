//! A feed that is named on the command line: a file, or a URL.

use std::path::Path;
use std::time::{Duration, Instant};

use url::Url;

use super::Failure;
use crate::fetch::{self, Fetched, Limits, Reason};
use crate::store::{Folder, Store as _};

/// All documents of one command are fetched within this time.
const PATIENCE: Duration = Duration::from_secs(600);

/// Fetches and reads the documents of one command.
pub(super) struct DocumentReader<'a> {
    folder: &'a Path,
    /// Named in errors: `adopt`.
    purpose: &'static str,
    started: Instant,
}

impl<'a> DocumentReader<'a> {
    /// Files are relative to the folder.
    pub(super) fn below(folder: &'a Path, purpose: &'static str) -> Self {
        Self { folder, purpose, started: Instant::now() }
    }

    /// The URL, if it is one and not a file.
    pub(super) fn url(named: &str) -> Option<Url> {
        Url::parse(named).ok().filter(fetch::is_web)
    }

    /// A document by HTTP, within what is left of the time.
    pub(super) fn fetch(&self, url: &Url) -> Result<Fetched, fetch::Error> {
        let left = PATIENCE.saturating_sub(self.started.elapsed());
        if left.is_zero() {
            return Err(fetch::Error { url: url.clone(), reason: Reason::TooSlow });
        }
        let limits = Limits::default();
        fetch::get(url, &Limits { time: limits.time.min(left), ..limits })
    }

    /// A file of at most the size that is fetched.
    pub(super) fn read(&self, file: &str) -> Result<Vec<u8>, Failure> {
        let path = self.folder.join(file);
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let folder = Folder::new(path.parent().unwrap_or(Path::new("")));
        let largest = Limits::default().bytes;
        if folder.size(name).is_some_and(|size| size > largest) {
            let Self { purpose, .. } = self;
            let message = format!("cannot {purpose} `{file}`: it has more than {} MB", largest >> 20);
            return Err(Failure::trouble(message));
        }
        Ok(folder.read(name)?)
    }

    /// The bytes of a file or of what is at a URL.
    pub(super) fn get(&self, named: &str) -> Result<Vec<u8>, Failure> {
        match Self::url(named) {
            Some(url) => Ok(self.fetch(&url).map_err(|error| Failure::trouble(error.to_string()))?.bytes),
            None => self.read(named),
        }
    }
}
