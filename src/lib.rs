//! Turns a folder of articles into RSS, Atom and JSON feeds that stay valid and never show an article twice.
//!
//! The story, told once in [`publication`]: the [`store`] lists source files; [`article::parse`] reads what
//! the author says of each; the [`ledger`] pairs each with an identity that never changes; [`select`] asks
//! each feed which articles belong; [`content::render`] turns the chosen bodies into HTML that every reader
//! shows; and a [`mod@format`] writes the [`feed`] as documents, which the store puts in place whole, or not
//! at all.
//!
//! # Features
//!
//! All are on by default. For a library without command line, network and server: `default-features = false`.
//!
//! - `cli`: the program and `cli`; includes `fetch`.
//! - `fetch`: [`fetch::get`](fetch) reads documents over the network.
//! - `serve`: `serve` answers over HTTP, and `store::Watch` notices changed files.
//!
//! # Modules
//!
//! Modules are listed in groups. A module uses only the groups above its own.

// What everybody may use.
pub mod content;
pub mod diagnostic;
pub mod fetch;
pub mod store;

// Data in YAML, TOML and JSON.
pub mod data;

// The systems that sites are made with: `article` asks them for words, `config` and `cli` for a site's settings.
pub mod generator;

// What is read, and what is published. The two do not know each other; they meet in `build`.
pub mod article;
pub mod feed;

pub mod format;
pub mod ledger;
pub mod readers;

pub mod config;

pub mod cache;

pub mod plan;
pub mod select;

pub mod built_site;

pub mod page;

pub mod publication;

pub mod adopt;

pub mod hosting;

#[cfg(feature = "serve")]
pub mod serve;

#[cfg(feature = "cli")]
pub mod cli;
