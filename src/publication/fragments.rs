//! Gets the fragments of entries: each is made once, and shared by all feeds that hold the entry. Those that the last
//! build made are taken out of its documents.

use std::collections::HashMap;

use super::entries::{EntryRenderer, Rendered};
use crate::cache::{CachedEntry, Digest, PastDocuments};
use crate::format::{self, Extent, Format, Fragment};
use crate::select::{Candidate, Selection};
use crate::store;

/// So many bytes of fragments are kept for feeds that come later.
const CACHE: usize = 48 << 20;

/// The variants of a fragment: one for each format and extent.
const VARIANTS: usize = Format::ALL.len() * 2;

/// An article that some feed chooses.
pub(super) struct Chosen<'a> {
    pub(super) candidate: &'a Candidate<'a>,
    pub(super) key: Digest,
    /// The entry in the cache, if that still is so.
    pub(super) cached: Option<&'a CachedEntry>,
}

/// The fragments of an entry that are wanted.
#[derive(Clone, Debug, Default)]
pub(super) struct Fragments([Option<Fragment>; VARIANTS]);

impl Fragments {
    pub(super) fn get(&self, format: Format, extent: Extent) -> Option<&Fragment> {
        self.0.get(variant(format, extent)).and_then(Option::as_ref)
    }

    fn size(&self) -> usize {
        self.0.iter().flatten().map(|fragment| fragment.bytes.len()).sum()
    }
}

/// Which fragments of an entry are wanted, and by how many feeds.
#[derive(Clone, Copy, Default)]
struct Demand {
    variants: [bool; VARIANTS],
    feeds: u32,
}

fn variant(format: Format, extent: Extent) -> usize {
    2 * format as usize + extent as usize
}

/// Fragments of entries that are wanted by several feeds, as far as there is room.
pub(super) struct FragmentCache {
    demands: Vec<Demand>,
    fragments: HashMap<usize, Fragments>,
    size: usize,
}

/// Fragments of an entry, made or found in the cache.
pub(super) struct Obtained {
    pub(super) fragments: Fragments,
    /// The row for the cache, where the entry was made anew.
    pub(super) cached: Option<CachedEntry>,
}

impl FragmentCache {
    /// For feeds that will ask, each for those of so many entries that it chooses.
    pub(super) fn new<'s>(
        entries: usize,
        feeds: impl Iterator<Item = (&'s Selection<'s>, &'s [usize])>,
    ) -> Self {
        let mut demands = vec![Demand::default(); entries];
        for (selection, chosen) in feeds {
            for index in chosen {
                let Some(demand) = demands.get_mut(*index) else { continue };
                demand.feeds += 1;
                for document in &selection.feed.documents {
                    demand.variants[variant(document.format, selection.config.content)] = true;
                }
            }
        }
        Self { demands, fragments: HashMap::new(), size: 0 }
    }

    /// Gets an entry's fragments: from here, out of a document of the last build, or by making them.
    pub(super) fn obtain(
        &self,
        index: usize,
        chosen: &Chosen<'_>,
        past: &PastDocuments<'_>,
        renderer: &EntryRenderer<'_>,
    ) -> Result<Obtained, store::Error> {
        if let Some(fragments) = self.fragments.get(&index) {
            return Ok(Obtained { fragments: fragments.clone(), cached: None });
        }
        let wanted = self.demands.get(index).copied().unwrap_or_default().variants;
        if let Some(fragments) = chosen.cached.and_then(|_| remembered(&chosen.key, wanted, past)) {
            return Ok(Obtained { fragments, cached: None });
        }
        let result = renderer.render(chosen.candidate)?;
        let cached = result.to_remember(chosen.key);
        let Rendered { entry, extent, .. } = result;
        let make = |format, wanted: Extent| format::fragment(format, &entry, extent.max(wanted));
        Ok(Obtained {
            fragments: each(wanted, |format, extent| Some(make(format, extent))),
            cached: Some(cached),
        })
    }

    /// Keeps what a later feed will ask for, if there is room. To be called for each feed that has had an entry.
    pub(super) fn keep(&mut self, index: usize, fragments: Fragments) {
        self.leave(index);
        let wanted = self.demands.get(index).is_some_and(|demand| demand.feeds > 0);
        if wanted && !self.fragments.contains_key(&index) && self.size + fragments.size() <= CACHE {
            self.size += fragments.size();
            self.fragments.insert(index, fragments);
        }
    }

    /// Takes away what no later feed will ask for. To be called for each feed that does without an entry.
    pub(super) fn leave(&mut self, index: usize) {
        let Some(demand) = self.demands.get_mut(index) else { return };
        demand.feeds = demand.feeds.saturating_sub(1);
        if demand.feeds == 0 {
            self.size -= self.fragments.remove(&index).map_or(0, |fragments| fragments.size());
        }
    }
}

fn remembered(key: &Digest, wanted: [bool; VARIANTS], past: &PastDocuments<'_>) -> Option<Fragments> {
    let fragments = each(wanted, |format, extent| past.fragment(key, format, extent));
    let found = fragments.0.iter().map(Option::is_some);
    found.eq(wanted).then_some(fragments)
}

/// The wanted variants, each made.
fn each(wanted: [bool; VARIANTS], make: impl Fn(Format, Extent) -> Option<Fragment>) -> Fragments {
    let mut fragments = Fragments::default();
    for format in Format::ALL {
        for extent in [Extent::Full, Extent::Summary] {
            let variant = variant(format, extent);
            if wanted[variant] {
                fragments.0[variant] = make(format, extent);
            }
        }
    }
    fragments
}
