//! The steps of a build, as somebody who watches it is told of them.

/// A part of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The configuration is read, and files are listed.
    Walk,
    /// They are compared with what the last build found and left. Where nothing has changed, that is all.
    Compare,
    /// New and changed articles are read.
    Read,
    /// Articles that were read are parsed.
    Parse,
    /// The ledger is read, and articles are paired with their identities.
    Ledger,
    /// Feeds choose their articles.
    Select,
    /// Chosen articles become entries.
    Render,
    /// Documents are made and put in place.
    Write,
}

impl Step {
    /// All steps, in their order.
    pub const ALL: [Self; 8] = [
        Self::Walk,
        Self::Compare,
        Self::Read,
        Self::Parse,
        Self::Ledger,
        Self::Select,
        Self::Render,
        Self::Write,
    ];

    /// Its name: `walk`, `compare`, `read`, `parse`, `ledger`, `select`, `render` or `write`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Walk => "walk",
            Self::Compare => "compare",
            Self::Read => "read",
            Self::Parse => "parse",
            Self::Ledger => "ledger",
            Self::Select => "select",
            Self::Render => "render",
            Self::Write => "write",
        }
    }
}

/// A message to somebody who watches a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A step begins, or goes on, and with that the one before ends or pauses.
    Begins(Step),
    /// While articles are read, several at a time: this thread begins to read the next, or to parse what it has read.
    Turns(Step),
    /// So many articles of a step are done, of so many.
    Progress(usize, usize),
}

/// A function that is told what happens during a build. Several threads may call it at once.
pub type Watch<'a> = &'a (dyn Fn(Event) + Sync);
