//! Obsidian: <https://obsidian.md/>.

use super::table::{Beginning, BeginningForm, NameTitle, Signs, TagSplit, Values};
use super::{Dialect, Generator, Meaning};
use crate::content::Flavour;

/// Obsidian.
pub(super) static OBSIDIAN: Generator = Generator {
    name: "obsidian",
    title: "Obsidian",
    dialect: Some(Dialect::Obsidian),
    flavour: Flavour::Obsidian,
    signs: Signs { certain: &[".obsidian"], shared: &[] },
    words: &[(Meaning::Published, "date published created datecreated")],
    values: Values {
        tags: TagSplit::CommasAndSpaces,
        hashed_tags: true,
        titles_by_file_name: NameTitle::Words,
        ..Generator::PLAIN.values
    },
    beginning: Beginning {
        form: BeginningForm::Yaml { date: "date", draft: Some("publish: false\n") },
        ..Generator::PLAIN.beginning
    },
    ..Generator::PLAIN
};
