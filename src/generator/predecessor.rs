//! A system that served the feeds before, and at whose addresses people subscribed.

use std::fmt;
use std::str::FromStr;

use super::{ALL, Generator};

/// One of the generators that are known to have feeds; compared by name.
#[derive(Clone, Copy)]
pub struct Predecessor(&'static Generator);

impl Predecessor {
    /// All of them, in the order of their names.
    pub fn all() -> Vec<Self> {
        let mut all: Vec<_> =
            ALL.iter().filter(|generator| !generator.feeds.is_empty()).map(|one| Self(one)).collect();
        all.sort();
        all
    }

    /// Its name, in lower case.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// Its table.
    pub fn rules(self) -> &'static Generator {
        self.0
    }
}

impl PartialEq for Predecessor {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Predecessor {}

impl PartialOrd for Predecessor {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Predecessor {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.name().cmp(other.name())
    }
}

impl fmt::Debug for Predecessor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A name that is not one of theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownPredecessor(pub String);

impl fmt::Display for UnknownPredecessor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Predecessor::all().into_iter().map(Predecessor::name).collect::<Vec<_>>().join(", ");
        write!(formatter, "`{}` is not one of {known}", self.0)
    }
}

impl std::error::Error for UnknownPredecessor {}

impl FromStr for Predecessor {
    type Err = UnknownPredecessor;

    /// ```
    /// use feedwright::generator::Predecessor;
    /// assert_eq!("wordpress".parse::<Predecessor>().unwrap().name(), "wordpress");
    /// assert!("obsidian".parse::<Predecessor>().is_err());
    /// ```
    fn from_str(name: &str) -> Result<Self, UnknownPredecessor> {
        let found = Self::all().into_iter().find(|known| known.name() == name);
        found.ok_or_else(|| UnknownPredecessor(name.to_owned()))
    }
}
