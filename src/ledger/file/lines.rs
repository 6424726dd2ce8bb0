//! Reads the lines of a ledger, many blocks of them at once, and says of each that is damaged what is wrong with it.

use std::ops::Range;

use rayon::prelude::*;

use super::kept::Line;
use crate::diagnostic::Diagnostic;
use crate::ledger::damage::{self, Damage};
use crate::ledger::print::Print;
use crate::ledger::record::Record;
use crate::ledger::span::Span;

/// A line that could be read: one that stays as it stands until its article changes, or one that is written anew.
pub(super) enum Legible {
    Plain(Line),
    Otherwise(Box<Record>),
}

/// About so many bytes of a ledger are read in one go.
const BLOCK: usize = 1 << 18;

/// The lines of a ledger in the order of their ids, each with its number, and all that is wrong with it.
pub(super) fn legible(text: &str) -> (Vec<(usize, Legible)>, Vec<Diagnostic>) {
    let blocks: Vec<Block<'_>> = blocks(text).into_par_iter().map(|block| read_block(text, block)).collect();
    let mut found = Vec::with_capacity(blocks.iter().map(|block| block.found.len()).sum());
    let mut damages = Vec::new();
    let mut before = 0;
    for block in blocks {
        found.extend(block.found.into_iter().map(|(at, legible)| (before + at, legible)));
        damages.extend(block.damages.into_iter().map(|(at, damage)| (before + at, damage)));
        before += block.lines;
    }
    let in_order = |(_, one): &(usize, Legible), (_, other): &(usize, Legible)| one.id(text) < other.id(text);
    if !found.is_sorted_by(in_order) {
        // Of lines with one id the first in the file comes first.
        found.sort_by(|(_, one), (_, other)| one.id(text).cmp(other.id(text)));
        damages.extend(twice(text, &found, &conflicts(&damages)));
        damages.sort_by_key(|(at, _)| *at);
    }
    (found, damages.into_iter().map(|(at, damage)| damage.at(at)).collect())
}

/// Takes the byte order mark off.
pub(super) fn drop_mark(text: &mut String) {
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
}

/// Lines whose id an earlier one has. In a conflict that is still open, both sides may well have the same article.
fn twice<'a>(
    text: &'a str,
    found: &[(usize, Legible)],
    conflicts: &[Range<usize>],
) -> Vec<(usize, Damage<'a>)> {
    let lines: Vec<&str> = text.lines().collect();
    let is_open = |at: usize| {
        let after = conflicts.partition_point(|conflict| conflict.start <= at);
        after > 0 && conflicts.get(after - 1).is_some_and(|conflict| conflict.contains(&at))
    };
    let mut damages = Vec::new();
    for same in found.chunk_by(|(_, one), (_, other)| one.id(text) == other.id(text)) {
        let Some(((first, _), others)) = same.split_first() else { continue };
        for (at, other) in others.iter().filter(|(at, _)| !is_open(*at)) {
            let line = lines.get(*at).copied().unwrap_or_default();
            damages.push((*at, Damage::twice(line, other.id(text), first + 1)));
        }
    }
    damages
}

/// Some lines of a ledger.
struct Block<'a> {
    lines: usize,
    /// By their numbers in the block.
    found: Vec<(usize, Legible)>,
    damages: Vec<(usize, Damage<'a>)>,
}

/// The text in parts that end where lines do.
fn blocks(text: &str) -> Vec<&str> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let bytes = rest.as_bytes().get(BLOCK..).unwrap_or_default();
        let end = memchr::memchr(b'\n', bytes).map_or(rest.len(), |at| BLOCK + at + 1);
        let (block, after) = rest.split_at(end);
        blocks.push(block);
        rest = after;
    }
    blocks
}

fn read_block<'a>(text: &str, block: &'a str) -> Block<'a> {
    let mut read = Block { lines: 0, found: Vec::new(), damages: Vec::new() };
    let mut start = 0;
    while start < block.len() {
        let rest = block.as_bytes().get(start..).unwrap_or_default();
        let end = memchr::memchr(b'\n', rest).map_or(block.len(), |at| start + at + 1);
        match read_line(text, block.get(start..end).unwrap_or_default()) {
            Ok(legible) => read.found.extend(legible.map(|legible| (read.lines, legible))),
            Err(damage) => read.damages.push((read.lines, damage)),
        }
        read.lines += 1;
        start = end;
    }
    read
}

/// The lines between markers of a merge that was not finished.
fn conflicts(damages: &[(usize, Damage<'_>)]) -> Vec<Range<usize>> {
    let mut conflicts: Vec<Range<usize>> = Vec::new();
    let mut opened = None;
    for (at, damage) in damages {
        if damage.opens_conflict() {
            opened = opened.or(Some(*at));
        } else if damage.closes_conflict() {
            conflicts.extend(opened.take().map(|opened| opened..*at));
        }
    }
    conflicts.extend(opened.map(|opened| opened..usize::MAX));
    conflicts
}

fn read_line<'a>(text: &str, whole: &'a str) -> Result<Option<Legible>, Damage<'a>> {
    let line = whole.strip_suffix('\n').unwrap_or(whole);
    let is_plain = !line.ends_with('\r') && text.len() <= Span::FARTHEST;
    if let Some(record) = Record::read(line).filter(|_| is_plain) {
        return Ok(Some(Legible::Plain(Line {
            whole: Span::of(text, whole),
            id: Span::of(text, record.id),
            path: Span::of(text, record.path),
            published: record.published,
            updated: record.updated,
            gone: record.gone,
            id_is_permalink: record.id_is_permalink,
            has_former: !record.former.is_empty(),
            located: record.located,
            print: Print::of_record(&record),
            fingerprint: record.fingerprint(),
        })));
    }
    let line = line.strip_suffix('\r').unwrap_or(line);
    Ok(damage::read(line)?.map(|record| Legible::Otherwise(Box::new(record))))
}

impl Legible {
    fn id<'a>(&'a self, text: &'a str) -> &'a str {
        match self {
            Self::Plain(line) => line.id.within(text),
            Self::Otherwise(record) => &record.id,
        }
    }
}
