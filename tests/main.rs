//! Feedwright's tests: one binary, so that it links once.
//!
//! Most tests tell a story through [`publisher::Publisher`] and run in memory; `cli` runs the binary; `rules` and
//! `sites` find their cases as files in `tests/cases`; `readers` lets real feed readers subscribe.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::case_sensitive_file_extension_comparisons,
    clippy::format_push_string,
    clippy::single_match_else,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr
)]

mod addresses;
mod adopt;
mod arbitrary;
mod architecture;
mod building;
mod built_site;
mod caches;
mod cli;
mod config;
mod crash;
mod dogfood;
mod feeds;
mod guarantees;
mod guard;
mod hosting;
mod identity;
mod measured;
mod migration;
mod page;
mod permalinks;
mod plan;
mod publisher;
mod readers;
mod rules;
mod server;
mod serving;
mod site_feeds;
mod sites;
mod withheld;
mod withholding;
