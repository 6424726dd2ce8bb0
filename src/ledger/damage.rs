//! Says what is wrong with a line of the ledger.

use super::{FILE, Record};
use crate::diagnostic::{Diagnostic, Place, Rule};

/// The markers that `git` writes into a file that two branches changed in one place.
const MARKERS: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

const RESOLVE: &str = "keep the lines of both sides and delete the markers; of two lines with one `id` keep that whose \
                       `path` is right. `feedwright.lock merge=union` in `.gitattributes` does the first by itself";
const RESTORE: &str = "restore the file from version control: `git checkout feedwright.lock`";

/// A line that is no record, and why.
pub(super) struct Damage<'a> {
    line: &'a str,
    /// In bytes of the line.
    from: usize,
    length: usize,
    what: What,
}

enum What {
    Marker,
    CutOff,
    NotJson(String),
    NotARecord,
    Newer(String),
    Missing(String),
    Unusable(String),
    EmptyId,
    Twice(String, usize),
}

/// The record of a line, if there is anything in it.
pub(super) fn read(line: &str) -> Result<Option<Record>, Damage<'_>> {
    if line.trim().is_empty() {
        return Ok(None);
    }
    let read = serde_json::from_str::<Record>(line).or_else(|error| earlier(line).ok_or(error));
    match read {
        Ok(record) if record.id.is_empty() => {
            Err(Damage { line, from: 0, length: line.len(), what: What::EmptyId })
        }
        Ok(record) => Ok(Some(record)),
        Err(error) => Err(of(line, &error)),
    }
}

/// The record of a line that an earlier version wrote: it measured texts in another way, and called that `sketch`. The
/// value is dropped, and the text is measured again.
fn earlier(line: &str) -> Option<Record> {
    let (before, after) = line.split_once("\"sketch\"")?;
    let (_, after) = after.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?.split_once('"')?;
    let before = before.trim_end().strip_suffix(',')?;
    serde_json::from_str(&[before, after].concat()).ok()
}

fn of<'a>(line: &'a str, error: &serde_json::Error) -> Damage<'a> {
    if MARKERS.iter().any(|marker| line.starts_with(marker)) {
        return Damage { line, from: 0, length: 7, what: What::Marker };
    }
    // serde_json says ` at line 1 column 7` at the end.
    let said = error.to_string();
    let said = said.rsplit_once(" at line ").map_or(&*said, |(said, _)| said);
    let named = said.split('`').nth(1).unwrap_or_default().to_owned();
    let at = error.column().saturating_sub(1);
    let (from, length, what) = if error.is_eof() {
        (line.len(), 0, What::CutOff)
    } else if !line.trim_start().starts_with('{') {
        (0, line.len(), What::NotARecord)
    } else if error.is_syntax() {
        (at, 1, What::NotJson(said.to_owned()))
    } else if said.starts_with("unknown field") {
        let quoted = format!("\"{named}\"");
        (line.find(&quoted).unwrap_or(at), quoted.len(), What::Newer(named))
    } else if said.starts_with("missing field") {
        (line.len(), 0, What::Missing(named))
    } else {
        (at, 1, What::Unusable(said.to_owned()))
    };
    Damage { line, from, length, what }
}

impl<'a> Damage<'a> {
    /// An id that an earlier line, counted from 1, has already.
    pub(super) fn twice(line: &'a str, id: &str, first: usize) -> Self {
        let quoted = format!("\"{id}\"");
        let from = line.find(&quoted).unwrap_or_default();
        Self { line, from, length: quoted.len(), what: What::Twice(id.to_owned(), first) }
    }

    pub(super) fn opens_conflict(&self) -> bool {
        matches!(self.what, What::Marker) && self.line.starts_with("<<<<<<<")
    }

    pub(super) fn closes_conflict(&self) -> bool {
        matches!(self.what, What::Marker) && self.line.starts_with(">>>>>>>")
    }

    /// As people read it, in the line with that index.
    pub(super) fn at(self, index: usize) -> Diagnostic {
        let line = index + 1;
        let newer = "a newer version of Feedwright wrote it: use that one";
        let (message, help) = match self.what {
            What::Marker => (format!("a merge conflict was left in line {line}"), RESOLVE),
            What::CutOff => (format!("line {line} is cut off"), RESTORE),
            What::NotJson(why) => (format!("line {line} is not valid JSON: {why}"), RESTORE),
            What::NotARecord => (format!("line {line} is not a record"), RESTORE),
            What::Newer(field) => {
                (format!("line {line} has a field `{field}`, which this version does not know"), newer)
            }
            What::Missing(field) => (format!("line {line} has no `{field}`"), RESTORE),
            What::Unusable(why) => (format!("line {line} cannot be used: {why}"), RESTORE),
            What::EmptyId => (format!("line {line} has an empty id"), RESTORE),
            What::Twice(id, first) => {
                let help = "after a merge, keep the line whose `path` is right, and delete the other";
                (format!("`{id}` is there twice: here and in line {first}"), help)
            }
        };
        // The place within the line, and then which line it is: to count lines anew for each would never end.
        let mut place = Place::of(self.line, self.from..self.from + self.length);
        place.line = u32::try_from(line).unwrap_or(u32::MAX);
        let mut diagnostic =
            Diagnostic::new(Rule::DamagedLedger, FILE, message).label("nothing is built").help(help);
        diagnostic.place = Some(place);
        diagnostic
    }
}

/// A ledger that is not UTF-8 from that byte on.
pub(super) fn encoding(bytes: &[u8], from: usize) -> Diagnostic {
    let before = bytes.get(..from).unwrap_or_default();
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let rest = bytes.get(start..).unwrap_or_default();
    let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let shown = String::from_utf8_lossy(line);
    let mut place = Place::of(&shown, from - start..from - start + '\u{fffd}'.len_utf8());
    let number = before.split(|byte| *byte == b'\n').count();
    place.line = u32::try_from(number).unwrap_or(u32::MAX);
    let message = format!("line {number} is not UTF-8");
    let mut diagnostic =
        Diagnostic::new(Rule::DamagedLedger, FILE, message).label("nothing is built").help(RESTORE);
    diagnostic.place = Some(place);
    diagnostic
}
