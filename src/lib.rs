//! Turns a folder of articles into RSS, Atom and JSON feeds that never let a subscriber down.
//!
//! Modules are listed in groups. A module uses only the groups above its own.

pub mod content;
pub mod diagnostic;
pub mod store;

pub mod article;
pub mod feed;

pub mod format;
pub mod ledger;

pub mod config;

pub mod select;
