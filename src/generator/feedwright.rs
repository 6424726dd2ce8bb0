//! Feedwright's own conventions, for articles that no generator reads.

use super::table::{HeaderLines, Names, TagSplit, Values};
use super::{Dialect, Generator, Meaning};

/// Feedwright.
pub(super) static FEEDWRIGHT: Generator = Generator {
    name: "feedwright",
    title: "Feedwright",
    dialect: Some(Dialect::Feedwright),
    words: &[(Meaning::Address, "permalink url path")],
    values: Values {
        tags: TagSplit::Commas,
        hashed_tags: true,
        header: HeaderLines::Plain,
        ..Generator::PLAIN.values
    },
    names: Names { clock_times: true, bundles: true, ..Generator::PLAIN.names },
    ..Generator::PLAIN
};
