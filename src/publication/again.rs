//! A build for which nothing has changed, or next to nothing.
//!
//! It is over as soon as that is known: the files are listed, and no article is opened. Where some articles were edited
//! without anything else changing, only they are read, and only the documents that hold them are made. In all other
//! cases it gives up before it has touched anything.

use rayon::prelude::*;

use super::catalogue::Catalogue;
use super::edit;
use super::last::{self, Last, Left};
use super::{Options, Report, dialect};
use crate::config::Config;
use crate::ledger;
use crate::select::Preview;
use crate::store::{self, Listing, Store};

/// So many articles may have been edited; beyond, there is little to be saved.
const FEW: usize = 8;

/// How the publication stands to what the last build left.
pub(super) enum Standing {
    /// Nothing has changed.
    Same(Box<Report>),
    /// These files may have changed, by their places in the listing, and nothing else has.
    Edited(Box<Last>, Vec<usize>),
    /// Anything may have changed.
    Unknown,
}

/// Finds out how the publication stands. `config` is a digest of `feedwright.toml`.
pub(super) fn look(
    store: &mut dyn Store,
    config: &Config,
    digest: &[u8; 32],
    listing: &Listing,
    options: Options,
) -> Result<Standing, store::Error> {
    let Some((mut last, files)) = Last::read(store, digest, options) else { return Ok(Standing::Unknown) };
    let Some(changed) = last.changed(&files, listing) else { return Ok(Standing::Unknown) };
    let began = if last.is_settled() { last.began } else { store.clock() };
    let view: &dyn Store = store;
    let is_there = |left: &Left| left.is_still_there(view, last.began);
    let same = changed.len() <= FEW
        && last.circumstances == dialect::circumstances(view, config)
        && last.places.are_still(view, last.began)
        && last.authors.are_still(view, last.began)
        && last.left.par_iter().filter(|left| left.path != ledger::FILE || changed.is_empty()).all(is_there);
    if !same {
        return Ok(Standing::Unknown);
    }
    if !changed.is_empty() {
        // Whoever writes the ledger reads it, and sees whether it is what it was.
        let editable = options.preview == Preview::default() && !options.locked && last.ledger_as_written;
        return Ok(if editable { Standing::Edited(Box::new(last), changed) } else { Standing::Unknown });
    }
    if began != last.began {
        // The files that were left a moment ago are old enough now to be known by their times.
        last.began = began;
        store.put(last::FILE, &last.write(&listing.files))?;
        store.commit()?;
    }
    Ok(Standing::Same(Box::new(last.report)))
}

/// Builds where some articles were edited; `None` where more than that has changed.
pub(super) fn edited(
    store: &mut dyn Store,
    config: &Config,
    catalogue: &Catalogue,
    last: Last,
    changed: &[usize],
    options: Options,
) -> Result<Option<Report>, store::Error> {
    match edit::prepare(store, config, catalogue, &last, changed, options)? {
        Some(revisal) => revisal.put(store, catalogue, last).map(Some),
        None => Ok(None),
    }
}
