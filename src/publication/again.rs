//! A build for which nothing has changed: it is over as soon as that is known.
//!
//! The files are listed, no article is opened, and nothing is written. Otherwise it gives up before it has touched
//! anything.

use rayon::prelude::*;

use super::build_state::{self, BuildState, FileState};
use super::{Options, Report, Sources, dialect, proof};
use crate::store::{self, Store};

/// The report of the last build, if another would find and leave everything as it did.
pub(super) fn unchanged(
    store: &mut dyn Store,
    sources: &Sources,
    options: Options,
) -> Result<Option<Report>, store::Error> {
    let Sources { config, config_digest, listing, built } = sources;
    let Some((mut state, listed)) = BuildState::read(store, config_digest, options) else { return Ok(None) };
    let began = if state.is_settled() { state.began } else { store.clock() };
    let view: &dyn Store = store;
    let is_there = |file: &FileState| file.is_still_there(view, state.began);
    let same = state.found(&listed, listing)
        && state.built.is_some_and(|before| before == proof::fingerprint(built.as_ref()))
        && state.circumstances == dialect::circumstances(view, config)
        && state.places.are_still(view, state.began)
        && state.files.par_iter().all(is_there);
    if !same {
        return Ok(None);
    }
    if began != state.began {
        // The files that were left a moment ago are old enough now to be known by their times.
        state.began = began;
        store.put(build_state::FILE, &state.write(&listing.files))?;
        store.commit()?;
    }
    Ok(Some(state.report))
}
