//! A document in the making: a head, then fragment after fragment, then a tail.

use super::fragments::Fragments;
use crate::cache::{CachedDocument, Part};
use crate::format::{Extent, FeedDocument, Namespaces, Shell};
use crate::store::{self, Draft, Staged, Store};

/// A document in the making.
pub(super) struct DocumentDraft<'a> {
    store: &'a dyn Store,
    document: FeedDocument,
    extent: Extent,
    draft: Draft,
    head: Vec<u8>,
    between: &'static [u8],
    parts: Vec<Part>,
}

impl<'a> DocumentDraft<'a> {
    /// Writes the head of a document.
    pub(super) fn begin(
        store: &'a dyn Store,
        document: &FeedDocument,
        extent: Extent,
        shell: &Shell,
    ) -> Result<Self, store::Error> {
        let mut draft = store.draft(&document.path)?;
        draft.write(&shell.head)?;
        let (head, between) = (shell.head.clone(), shell.between);
        Ok(Self { store, document: document.clone(), extent, draft, head, between, parts: Vec::new() })
    }

    /// The document that it will be.
    pub(super) fn document(&self) -> &FeedDocument {
        &self.document
    }

    /// The fragments that it has.
    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Length in bytes of the entries, with the separators between them.
    pub(super) fn size(&self) -> usize {
        self.parts.iter().map(|part| part.length as usize + 2).sum()
    }

    /// By how much an entry would make it longer.
    pub(super) fn size_of(&self, fragments: &Fragments) -> usize {
        fragments.get(self.document.format, self.extent).map_or(0, |fragment| fragment.bytes.len() + 2)
    }

    /// All that its fragments use.
    pub(super) fn namespaces(&self) -> Namespaces {
        self.parts.iter().map(|part| part.namespaces).collect()
    }

    /// Writes the fragment of an entry.
    pub(super) fn add(&mut self, fragments: &Fragments) -> Result<(), store::Error> {
        let Some(fragment) = fragments.get(self.document.format, self.extent) else { return Ok(()) };
        if !self.parts.is_empty() {
            self.draft.write(self.between)?;
        }
        let start = self.draft.length();
        self.draft.write(&fragment.bytes)?;
        let length = u32::try_from(fragment.bytes.len()).unwrap_or(u32::MAX);
        self.parts.push(Part { start, length, namespaces: fragment.namespaces });
        Ok(())
    }

    /// Writes the tail, and another head if it turned out that it must be another.
    pub(super) fn finish(mut self, shell: &Shell) -> Result<(Staged, CachedDocument), store::Error> {
        self.draft.write(&shell.tail)?;
        if shell.head != self.head {
            let fresh = self.store.draft(self.draft.path())?;
            let (old, new) = (self.head.len() as u64, shell.head.len() as u64);
            self.draft = self.draft.with_head(old, &shell.head, fresh)?;
            for part in &mut self.parts {
                part.start = part.start - old + new;
            }
        }
        let staged = self.store.stage(self.draft)?;
        let document = CachedDocument {
            document: self.document,
            digest: staged.digest,
            stamp: staged.stamp,
            parts: self.parts,
        };
        Ok((staged, document))
    }
}
