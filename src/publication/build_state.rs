//! The build state: what the last build read and left, so that a build for which nothing has changed ends as
//! soon as that is known.
//!
//! It is a cache: lost or damaged, it costs time and nothing else.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::catalogue::Catalogue;
use super::dependencies::Places;
use super::document_cache::DocumentCache;
use super::identities::Identified;
use super::{Options, Publication, Report, dialect};
use crate::article::{ArticleSummary, Visibility};
use crate::index::{self, PROGRAM, is_settled};
use crate::store::{FileEntry, Listing, PassedOver, Staged, Stamp, Store};

/// Path of the build state, relative to the publication.
pub(super) const FILE: &str = ".feedwright/state";

/// The build state: what the last build read and left.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct BuildState {
    /// When the files were looked at, by the clock of the store.
    pub(super) began: i64,
    terms: Terms,
    /// Files that decide the dialect, with the stamps of those whose text decides it.
    pub(super) circumstances: Vec<(String, Option<Stamp>)>,
    /// The ledger and the documents, as they were left.
    pub(super) files: Vec<FileState>,
    /// Files with authors, and other files and folders that its entries depend on.
    pub(super) places: Places,
    /// A digest of the listing of the built site; `None` where it does not tell whether any page has changed.
    pub(super) built: Option<[u8; 32]>,
    passed_over: Vec<PassedOver>,
    /// `true` if something could not be read, and perhaps can be the next time.
    is_incomplete: bool,
    /// The report that another build would give if nothing changes.
    pub(super) report: Report,
}

/// The request: configuration, preview and time, and when the same request would have another result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Terms {
    /// A digest of `feedwright.toml`.
    config: [u8; 32],
    preview: (bool, bool),
    from: DateTime<Utc>,
    /// When an article falls due or expires.
    until: Option<DateTime<Utc>>,
}

/// A file as it was left.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct FileState {
    pub(super) path: String,
    pub(super) stamp: Option<Stamp>,
    pub(super) digest: [u8; 32],
}

impl Terms {
    fn new(config: [u8; 32], summaries: &[ArticleSummary<'_>], options: Options) -> Self {
        let dates =
            summaries.iter().flat_map(|summary| [summary.published(), summary.expires(), summary.due()]);
        let until = dates.flatten().filter(|date| *date > options.now).min();
        let preview = (options.preview.drafts, options.preview.future);
        Self { config, preview, from: options.now, until }
    }

    /// `true` if the same is asked for, at a time that makes no difference.
    fn hold(&self, config: &[u8; 32], options: Options) -> bool {
        self.config == *config
            && self.preview == (options.preview.drafts, options.preview.future)
            && self.from <= options.now
            && self.until.is_none_or(|until| options.now < until)
    }
}

impl FileState {
    /// There must be no such file.
    pub(super) fn gone(path: &str) -> Self {
        Self { path: path.to_owned(), stamp: None, digest: [0; 32] }
    }

    /// `true` if the file was written long enough before `began` for its time to be trusted.
    fn is_settled(&self, began: i64) -> bool {
        self.stamp.is_none_or(|stamp| is_settled(stamp, began))
    }

    /// A file as it is, or that there is none.
    pub(super) fn found(store: &dyn Store, path: &str, began: i64) -> Self {
        let stamp = store.stamp(path);
        let young = stamp.is_some_and(|stamp| !is_settled(stamp, began));
        let digest = young.then(|| store.digest(path)).flatten();
        Self { path: path.to_owned(), stamp, digest: digest.unwrap_or_default() }
    }

    /// A file as it will be when it is in its place.
    pub(super) fn of(staged: &Staged) -> Self {
        Self { path: staged.path().to_owned(), stamp: staged.stamp, digest: staged.digest }
    }

    /// `true` if the file is as it was left. `began` is the clock of the build that left it, or looked at it
    /// again.
    pub(super) fn is_still_there(&self, store: &dyn Store, began: i64) -> bool {
        let stamp = store.stamp(&self.path);
        // What was written just before a build ended may have been written once more without its time telling.
        let known = |stamp| is_settled(stamp, began) || store.digest(&self.path) == Some(self.digest);
        stamp == self.stamp && stamp.is_none_or(known)
    }
}

impl BuildState {
    /// Collects the state of a build, without the files that it leaves. `report` is what another build would
    /// give if nothing changes.
    pub(super) fn new(
        store: &dyn Store,
        publication: &Publication,
        identified: &Identified<'_>,
        report: Report,
    ) -> Self {
        let Publication { config, catalogue, config_digest, options, .. } = publication;
        let summaries = &identified.summaries;
        let terms = Terms::new(*config_digest, summaries, *options);
        let passed_over = catalogue.listing().passed_over.clone();
        Self {
            began: catalogue.began(),
            circumstances: dialect::circumstances(store, config),
            files: Vec::new(),
            places: Catalogue::authors(store, config),
            built: publication
                .proof
                .get()
                .and_then(|proof| proof.fingerprint(publication.built.as_ref(), catalogue.began())),
            is_incomplete: summaries.iter().any(|summary| summary.visibility() == Visibility::Unreadable)
                || passed_over.iter().any(PassedOver::is_unreadable),
            passed_over,
            report: Report { next_change: terms.until, ..report },
            terms,
        }
    }

    /// Reads the state of the last build and the files that it found; `None` if there is none, or something
    /// else is asked for now.
    pub(super) fn read(store: &dyn Store, config: &[u8; 32], options: Options) -> Option<(Self, Files)> {
        let bytes = store.read(FILE).ok()?;
        let payload = index::unsealed(&bytes, &settings_digest())?;
        let (last, files) = postcard::take_from_bytes::<Self>(payload).ok()?;
        let from = bytes.len() - files.len();
        let holds = last.terms.hold(config, options) && !last.is_incomplete;
        holds.then_some((last, Files { bytes, from }))
    }

    /// `true` if every file that was left is old enough for its time to be trusted.
    pub(super) fn is_settled(&self) -> bool {
        self.files.iter().all(|file| file.is_settled(self.began))
    }

    /// Takes over what entries have looked for.
    pub(super) fn rest_on(&mut self, cache: &DocumentCache) {
        for entry in &cache.entries {
            self.places.extend(&entry.consulted.places);
        }
    }

    /// As it is written.
    pub(super) fn write(&self, files: &[FileEntry]) -> Vec<u8> {
        let mut bytes = postcard::to_extend(self, vec![0; index::HEADER]).unwrap_or_default();
        let mut before = "";
        for FileEntry { path, stamp } in files {
            // Most of a path is that of the one before.
            let (shared, rest) = path.split_at(shared(before, path));
            bytes = postcard::to_extend(&(shared.len(), rest, stamp), bytes).unwrap_or_default();
            before = path;
        }
        index::seal(bytes, &settings_digest())
    }

    /// `true` if the files found now are those of `then`, and none has changed.
    pub(super) fn found(&self, then: &Files, now: &Listing) -> bool {
        self.passed_over == now.passed_over && self.found_all(then, now).is_some()
    }

    fn found_all(&self, then: &Files, now: &Listing) -> Option<()> {
        let mut rest = then.bytes.get(then.from..)?;
        let mut before = "";
        for FileEntry { path, stamp } in &now.files {
            let ((shared, end, known), after) =
                postcard::take_from_bytes::<(usize, &str, Stamp)>(rest).ok()?;
            rest = after;
            // All paths so far are the same, so that what is shared with the one before is shared now.
            let same = path.get(shared..) == Some(end) && path.get(..shared) == before.get(..shared);
            if !same || known != *stamp || !is_settled(known, self.began) {
                return None;
            }
            before = path;
        }
        rest.is_empty().then_some(())
    }
}

/// The files that there were, in the order of their paths.
pub(super) struct Files {
    bytes: Vec<u8>,
    from: usize,
}

/// Length in bytes of the beginning that two paths share, in whole characters.
fn shared(one: &str, other: &str) -> usize {
    let alike = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    (0..=alike).rev().find(|end| other.is_char_boundary(*end)).unwrap_or(0)
}

fn settings_digest() -> [u8; 32] {
    *blake3::hash(format!("state of {PROGRAM}").as_bytes()).as_bytes()
}
