//! A build for which nothing has changed: it is over as soon as that is known.
//!
//! The files are listed, no article is opened, and nothing is written. Otherwise it gives up before it has touched
//! anything.

use rayon::prelude::*;

use super::last::{self, Last, Left};
use super::{Options, Report, dialect, proof};
use crate::config::Config;
use crate::store::{self, Listing, Store};

/// The report of the last build, if another would find and leave everything as it did. `digest` is that of
/// `feedwright.toml`; `listing` is that of the articles, and `built` of the pages of the built site.
pub(super) fn unchanged(
    store: &mut dyn Store,
    config: &Config,
    digest: &[u8; 32],
    (listing, built): (&Listing, Option<&Listing>),
    options: Options,
) -> Result<Option<Report>, store::Error> {
    let Some((mut last, files)) = Last::read(store, digest, options) else { return Ok(None) };
    let began = if last.is_settled() { last.began } else { store.clock() };
    let view: &dyn Store = store;
    let is_there = |left: &Left| left.is_still_there(view, last.began);
    let same = last.found(&files, listing)
        && last.built.is_some_and(|before| before == proof::fingerprint(built))
        && last.circumstances == dialect::circumstances(view, config)
        && last.places.are_still(view, last.began)
        && last.left.par_iter().all(is_there);
    if !same {
        return Ok(None);
    }
    if began != last.began {
        // The files that were left a moment ago are old enough now to be known by their times.
        last.began = began;
        store.put(last::FILE, &last.write(&listing.files))?;
        store.commit()?;
    }
    Ok(Some(last.report))
}
