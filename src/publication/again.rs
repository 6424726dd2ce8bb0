//! A build for which nothing has changed: it is over as soon as that is known.
//!
//! The files are listed, no article is opened, and nothing is written. Otherwise it gives up before it has touched
//! anything.

use super::catalogue::Catalogue;
use super::identities::Identified;
use super::{Options, Publication, Report, Sources, dialect};
use crate::article::{ArticleSummary, Visibility};
use crate::built_site::BuiltSite;
use crate::cache::{BuildState, CacheFile, are_settled};
use crate::select::Preview;
use crate::store::{self, PassedOver, Store};

/// The report of the last build, if another would find and leave everything as it did.
pub(super) fn unchanged(
    store: &mut dyn Store,
    sources: &Sources,
    options: Options,
) -> Result<Option<Report>, store::Error> {
    let listed = sources.listed();
    let file = file(&sources.config_digest, options);
    let Some(mut state) = file.recall::<BuildState<Report>>(store) else { return Ok(None) };
    let began = if state.is_settled() { state.began } else { store.clock() };
    let same = state.holds_at(options.now)
        && state.listed == Some(listed)
        && state.circumstances == dialect::circumstances(store, &sources.config)
        && state.is_still_there(store);
    if !same {
        return Ok(None);
    }
    if began != state.began {
        // The files that were left a moment ago are old enough now to be known by their times.
        state.began = began;
        store.put(file.path(), &file.write(&state))?;
        store.commit()?;
    }
    Ok(Some(state.report))
}

/// The file of the cache for builds that are asked for the same: with the configuration that has this digest, and with or
/// without drafts and scheduled articles.
pub(super) fn file(config_digest: &[u8; 32], options: Options) -> CacheFile {
    let Preview { drafts, future } = options.preview;
    CacheFile::new(".feedwright/state", &(config_digest, drafts, future))
}

impl Publication {
    /// The state to be remembered of a build, but for the files that it leaves. `report` is what another would say that
    /// changes nothing.
    pub(super) fn state(
        &self,
        store: &dyn Store,
        identified: &Identified<'_>,
        report: Report,
    ) -> BuildState<Report> {
        let (summaries, now) = (&identified.summaries, self.options.now);
        let dates = |summary: &ArticleSummary<'_>| [summary.published(), summary.expires(), summary.due()];
        let until = summaries.iter().flat_map(dates).flatten().filter(|date| *date > now).min();
        let listed = self.listed.get().copied().filter(|_| self.tells_of_changes(summaries));
        BuildState {
            began: self.catalogue.began(),
            from: now,
            until,
            listed,
            circumstances: dialect::circumstances(store, &self.config),
            places: Catalogue::authors(store, &self.config),
            files: Vec::new(),
            report: Report { next_change: until, ..report },
        }
    }

    /// True if the files as they are listed tell the next build whether anything has changed: none was written a moment
    /// ago, and none could not be read that perhaps can be then.
    fn tells_of_changes(&self, summaries: &[ArticleSummary<'_>]) -> bool {
        let (listing, began) = (self.catalogue.listing(), self.catalogue.began());
        let is_unreadable = |summary: &ArticleSummary<'_>| summary.visibility() == Visibility::Unreadable;
        let site = self.proof.get().and_then(|proof| proof.site.as_ref());
        are_settled(listing, began)
            && !listing.passed_over.iter().any(PassedOver::is_unreadable)
            && !summaries.iter().any(is_unreadable)
            && self.built.as_ref().is_none_or(|built| are_settled(built, began))
            && site.is_none_or(BuiltSite::is_complete)
    }
}
