//! Keys: digests of all that decides something remembered, by which a build knows that it would come out the same.
//!
//! Whatever a key is made of is taken apart here without `..`: whoever adds a field has to say whether it decides
//! anything. What is part of a key as a whole is serialised with all its fields.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::Publication;
use super::feeds::feed;
use crate::article::Conventions;
use crate::cache::{Digest, digest};
use crate::config::{self, Articles, Config, FeedConfig, Site};
use crate::generator;
use crate::ledger::Identity;
use crate::select::{Candidate, Selection};

/// A digest of all that decides the summaries of articles beside their files. `site` is that which they belong to.
pub(super) fn of_summaries(
    conventions: &Conventions,
    config: &Config,
    site: Option<&generator::Site>,
) -> Digest {
    // Of the rest the conventions are made, or it decides which files are articles, or only entries.
    let Articles {
        path,
        // They are part of the conventions.
        permalinks: _,
        dialect: _,
        dates: _,
        authors: _,
        exclude: _,
        site: _,
        summary_marker: _,
    } = &config.articles;
    let config::Publication {
        home,
        title: _,
        description: _,
        language: _,
        languages: _,
        timezone: _,
        authors: _,
        rights: _,
        licence: _,
        icon: _,
        logo: _,
    } = &config.publication;
    let site = site.map(|site| (site.digest, site.makes_addresses()));
    digest(&(conventions, path, home, site))
}

/// A digest of all that decides every entry beside its article.
pub(super) fn of_entries(publication: &Publication) -> Digest {
    // Where articles lie, how they are read and what belongs to which feed is known when entries are made of them.
    let Config {
        publication: said,
        articles,
        authority: _,
        feeds_path: _,
        feeds_url: _,
        opml: _,
        page: _,
        stylesheet: _,
        style: _,
        feeds: _,
        rules: _,
        serving: _,
        site: _,
    } = &publication.config;
    // All that decides the summaries has a digest of its own.
    let Articles { path, summary_marker, site, dialect: _, permalinks: _, exclude: _, authors: _, dates: _ } =
        articles;
    let pages = site.as_ref().map(|Site { path, part, absent: _, texts: _ }| (path, part));
    let has_pages = publication.proof.get().is_some_and(|proof| proof.site.is_some());
    digest(&(publication.catalogue.settings(), said, path, summary_marker, pages, has_pages))
}

/// A digest of all that decides an entry beside what it consults. `entries` decides all of them.
pub(super) fn of_entry(candidate: &Candidate<'_>, entries: &Digest) -> Digest {
    #[derive(Serialize)]
    struct Key<'a> {
        entries: &'a Digest,
        path: &'a str,
        name: &'a str,
        permalink: &'a str,
        /// Whatever else the article states.
        stated: [u8; 16],
        text: [u8; 32],
        id: &'a str,
        id_is_permalink: bool,
        published: DateTime<Utc>,
        updated: DateTime<Utc>,
        from_page: bool,
    }
    let Candidate { summary, identity, from_page } = candidate;
    let Identity { id, id_is_permalink, published, updated } = identity;
    digest(&Key {
        entries,
        path: summary.path(),
        name: summary.name(),
        permalink: summary.permalink(),
        stated: summary.stated(),
        text: summary.digest(),
        id,
        id_is_permalink: *id_is_permalink,
        published: *published,
        updated: *updated,
        from_page: *from_page,
    })
}

/// A digest of all that decides the documents of a feed beside its entries.
pub(super) fn of_shell(config: &Config, selection: &Selection<'_>) -> Digest {
    let Selection { config: configured, feed: published, entries: _ } = selection;
    let FeedConfig {
        content,
        max_bytes,
        // They are in the feed, or in the description of its documents.
        name: _,
        title: _,
        description: _,
        id: _,
        hubs: _,
        ttl: _,
        categories: _,
        formats: _,
        files: _,
        // They decide which entries it has, and of what those are made.
        for_each: _,
        at_least: _,
        wanted: _,
        unwanted: _,
        order: _,
        entries: _,
        from_pages: _,
    } = configured;
    let feed = feed(config, selection, DateTime::UNIX_EPOCH);
    digest(&(feed, &published.documents, content, max_bytes, &config.stylesheet))
}

/// A digest of all that decides the documents of a feed: its shell, and the entries that it has or has no room for.
pub(super) fn of_documents(shell: &Digest, entries: &[Digest]) -> Digest {
    digest(&(shell, entries))
}
