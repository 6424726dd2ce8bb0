//! Finds out which files that are gone and which that are new are one article.
//!
//! Evidence is weighed from the most particular to the least: the same body with the same title, date and name; …;
//! the same body; the same date and title; a body that is nearly the same. At each step a pair counts only where
//! neither has another candidate. Everything is looked up by hash, so that a hundred thousand articles that move at
//! once take no longer than each by itself.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use crate::article;

/// The fewest letters and digits of a body that is evidence by itself. Many posts say “Discuss.” and no more.
const TELLING: u32 = 50;

/// The lead in similarity that one candidate must have over the next, in 32nds. Minhashes err by 1 in 32 or so.
const LEAD: u32 = 3;

/// Bands of bins by which candidates for similarity are looked up: of bodies that are alike by half, 99 of 100 agree
/// in one of sixteen pairs of bins.
const BAND: usize = 2;

/// A band that more pairs than this share is a frame that many posts have, and tells nothing.
const CROWD: usize = 4096;

/// The traits by which a file is recognised.
#[derive(Clone, Debug)]
pub(super) struct Trace<'a> {
    pub(super) path: &'a str,
    pub(super) digest: Option<[u8; 32]>,
    pub(super) title: &'a str,
    pub(super) date: Option<DateTime<Utc>>,
    pub(super) characters: u32,
    pub(super) minhash: Option<[u8; 32]>,
}

/// Pairs of files, by index.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pairing {
    /// A file that is gone, and the new one that it is.
    pub(super) pairs: Vec<(usize, usize)>,
    /// Files that are gone, and the new ones any of which each could be.
    pub(super) ambiguous: Vec<Group>,
}

/// The facts that two traces must have in common: the `b`ody, the `t`itle, the `d`ate, the `s`tem of the name, the `f`older.
type Facts = &'static str;

/// From the most particular to the least.
const SAME_BODY: [Facts; 12] =
    ["btdsf", "btds", "btdf", "btd", "bts", "bds", "bt", "bd", "bsf", "bs", "bf", "b"];

const SAME_DATE_AND_TITLE: [Facts; 4] = ["tdsf", "tds", "tdf", "td"];

/// Files that are gone and new ones that have something in common, by index.
type Group = (Vec<usize>, Vec<usize>);

type Key<'a> = (Option<[u8; 32]>, Option<&'a str>, Option<DateTime<Utc>>, Option<&'a str>, Option<&'a str>);

impl<'a> Trace<'a> {
    /// The values that must be equal in both; `None` where the trace lacks what is asked for.
    fn key(&self, facts: Facts) -> Option<Key<'a>> {
        let has = |fact: char| facts.contains(fact);
        let by_body_alone = has('b') && !facts.contains(['t', 'd', 's']);
        let least = if by_body_alone { TELLING } else { 1 };
        let lacking = (has('b') && (self.characters < least || self.digest.is_none()))
            || (has('t') && self.title.is_empty())
            || (has('d') && self.date.is_none());
        if lacking {
            return None;
        }
        Some((
            self.digest.filter(|_| has('b')),
            has('t').then_some(self.title),
            self.date.filter(|_| has('d')),
            has('s').then(|| stem(self.path)),
            has('f').then(|| folder(self.path)),
        ))
    }

    /// True if a file is evidently the article that was at its path before. Posts of a series may lie at one path in
    /// turn and have much of their text in common, so the text alone tells only where it is the same.
    pub(super) fn is_evidently(&self, other: &Self) -> bool {
        let title = !self.title.is_empty() && self.title == other.title;
        let date = self.date.is_some() && self.date == other.date;
        let body = self.characters > 0 && self.digest.is_some() && self.digest == other.digest;
        let alike = || body || self.similarity(other).is_some();
        (title && date) || (body && self.characters >= TELLING) || ((title || date) && alike())
    }

    /// Date and title, where it has both.
    pub(super) fn headline(&self) -> Option<(DateTime<Utc>, &'a str)> {
        Some((self.date?, Some(self.title).filter(|title| !title.is_empty())?))
    }

    fn similarity(&self, other: &Self) -> Option<u32> {
        article::similarity(&self.minhash?, &other.minhash?)
    }
}

/// The file's name without extension and language; the folder's name for an `index`.
fn stem(path: &str) -> &str {
    let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.split('.').next().unwrap_or(file);
    let bundle = folders.rsplit('/').next().unwrap_or_default();
    if stem == "index" && !bundle.is_empty() { bundle } else { stem }
}

/// The folder that the article lies in; that of the bundle for an `index`.
fn folder(path: &str) -> &str {
    let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
    if file.starts_with("index.") { folders.rsplit_once('/').map_or("", |(above, _)| above) } else { folders }
}

/// `fr` of `hello.fr.md`.
fn language(path: &str) -> Option<&str> {
    let mut parts = path.rsplit('/').next()?.rsplit('.').skip(1);
    let suffix = parts.next()?;
    parts.next()?;
    let first = suffix.split(['-', '_']).next()?;
    ((2..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_lowercase())).then_some(suffix)
}

/// Pairs files that are gone with new ones by all evidence there is.
pub(super) fn pair(gone: &[Trace<'_>], new: &[Trace<'_>]) -> Pairing {
    let mut pairing = Matching::new(gone, new);
    pairing.by_facts(&SAME_BODY);
    pairing.by_facts(&SAME_DATE_AND_TITLE);
    pairing.by_similarity();
    pairing.found
}

/// Pairs them by equal bodies, or equal dates and titles, only.
pub(super) fn pair_equal(gone: &[Trace<'_>], new: &[Trace<'_>]) -> Vec<(usize, usize)> {
    let mut pairing = Matching::new(gone, new);
    pairing.by_facts(&SAME_BODY);
    pairing.by_facts(&SAME_DATE_AND_TITLE);
    pairing.found.pairs
}

struct Matching<'a> {
    gone: &'a [Trace<'a>],
    new: &'a [Trace<'a>],
    /// Those that are not yet anybody's, in order.
    free_gone: BTreeSet<usize>,
    free_new: BTreeSet<usize>,
    found: Pairing,
}

impl<'a> Matching<'a> {
    fn new(gone: &'a [Trace<'a>], new: &'a [Trace<'a>]) -> Self {
        let (free_gone, free_new) = ((0..gone.len()).collect(), (0..new.len()).collect());
        Self { gone, new, free_gone, free_new, found: Pairing::default() }
    }

    fn by_facts(&mut self, steps: &[Facts]) {
        for facts in steps {
            for (gone, new) in self.groups(facts) {
                if let ([gone], [new]) = (gone.as_slice(), new.as_slice())
                    && (facts.contains('b') || !self.are_translations(*gone, *new))
                {
                    self.take(*gone, *new);
                }
            }
        }
        // What nothing tells apart is left to its author.
        for facts in steps.iter().rev() {
            for (gone, new) in self.groups(facts) {
                if gone.len() > 1 || new.len() > 1 {
                    self.give_up(gone, new);
                }
            }
        }
    }

    /// A translation has the date of its original, and often its title. It is another article.
    fn are_translations(&self, gone: usize, new: usize) -> bool {
        let language = |traces: &'a [Trace<'a>], index: usize| language(traces.get(index)?.path);
        match (language(self.gone, gone), language(self.new, new)) {
            (Some(one), Some(other)) => one != other,
            _ => false,
        }
    }

    /// Files that agree in `facts`, where there are some on both sides.
    fn groups(&self, facts: Facts) -> Vec<Group> {
        if self.free_gone.is_empty() || self.free_new.is_empty() {
            return Vec::new();
        }
        let mut places: HashMap<Key<'_>, usize> = HashMap::new();
        let mut groups: Vec<Group> = Vec::new();
        for &index in &self.free_gone {
            let Some(key) = self.gone.get(index).and_then(|trace| trace.key(facts)) else { continue };
            let place = *places.entry(key).or_insert(groups.len());
            match groups.get_mut(place) {
                Some(group) => group.0.push(index),
                None => groups.push((vec![index], Vec::new())),
            }
        }
        for &index in &self.free_new {
            let Some(key) = self.new.get(index).and_then(|trace| trace.key(facts)) else { continue };
            if let Some(group) = places.get(&key).and_then(|place| groups.get_mut(*place)) {
                group.1.push(index);
            }
        }
        groups.retain(|(_, new)| !new.is_empty());
        groups
    }

    fn take(&mut self, gone: usize, new: usize) {
        self.free_gone.remove(&gone);
        self.free_new.remove(&new);
        self.found.pairs.push((gone, new));
    }

    fn give_up(&mut self, gone: Vec<usize>, new: Vec<usize>) {
        for index in &gone {
            self.free_gone.remove(index);
        }
        for index in &new {
            self.free_new.remove(index);
        }
        self.found.ambiguous.push((gone, new));
    }

    fn by_similarity(&mut self) {
        let mut candidates = self.alike();
        // The most alike first; then in the order of paths, so that the outcome is always the same.
        candidates.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
        let mut of_gone: HashMap<usize, Vec<(u32, usize)>> = HashMap::new();
        let mut of_new: HashMap<usize, Vec<(u32, usize)>> = HashMap::new();
        for &(score, gone, new) in &candidates {
            of_gone.entry(gone).or_default().push((score, new));
            of_new.entry(new).or_default().push((score, gone));
        }
        for (score, gone, new) in candidates {
            if !self.free_gone.contains(&gone) || !self.free_new.contains(&new) {
                continue;
            }
            let rivals = |all: Option<&Vec<(u32, usize)>>, free: &BTreeSet<usize>| -> Vec<usize> {
                let near = all.into_iter().flatten().filter(|(other, _)| other + LEAD > score);
                near.map(|(_, index)| *index).filter(|index| free.contains(index)).collect()
            };
            let news = rivals(of_gone.get(&gone), &self.free_new);
            let gones = rivals(of_new.get(&new), &self.free_gone);
            if news.len() == 1 && gones.len() == 1 {
                self.take(gone, new);
            } else {
                self.give_up(gones, news);
            }
        }
    }

    /// Pairs of bodies that are nearly the same, and how strong the evidence is.
    fn alike(&self) -> Vec<(u32, usize, usize)> {
        let mut bands: HashMap<(usize, &[u8]), Group> = HashMap::new();
        for &index in &self.free_gone {
            for band in self.gone.get(index).into_iter().flat_map(bands_of) {
                bands.entry(band).or_default().0.push(index);
            }
        }
        for &index in &self.free_new {
            for band in self.new.get(index).into_iter().flat_map(bands_of) {
                if let Some(group) = bands.get_mut(&band) {
                    group.1.push(index);
                }
            }
        }
        let mut pairs = BTreeSet::new();
        for (gone, new) in bands.values().filter(|(gone, new)| gone.len() * new.len() <= CROWD) {
            pairs.extend(gone.iter().flat_map(|gone| new.iter().map(|new| (*gone, *new))));
        }
        let score = |(gone, new): (usize, usize)| Some((self.score(gone, new)?, gone, new));
        pairs.into_iter().filter_map(score).collect()
    }

    fn score(&self, gone: usize, new: usize) -> Option<u32> {
        if self.are_translations(gone, new) {
            return None;
        }
        let (gone, new) = (self.gone.get(gone)?, self.new.get(new)?);
        let agree = |agree: bool, weight: u32| if agree { weight } else { 0 };
        Some(
            gone.similarity(new)?
                + agree(!gone.title.is_empty() && gone.title == new.title, 4)
                + agree(gone.date.is_some() && gone.date == new.date, 4)
                + agree(stem(gone.path) == stem(new.path), 4)
                + agree(folder(gone.path) == folder(new.path), 1),
        )
    }
}

/// The bins of a minhash by twos, with their place; without those into which nothing fell.
fn bands_of<'t>(trace: &'t Trace<'_>) -> impl Iterator<Item = (usize, &'t [u8])> {
    let bins = trace.minhash.as_ref().map_or(&[][..], |minhash| minhash.as_slice());
    bins.chunks(BAND).enumerate().filter(|(_, bins)| bins.iter().all(|bin| *bin != 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace<'a>(path: &'a str, digest: &'a str, title: &'a str, day: i64) -> Trace<'a> {
        let date = DateTime::from_timestamp(day * 86_400, 0);
        let digest = Some(blake3::hash(digest.as_bytes()).into());
        Trace { path, digest, title, date, characters: 500, minhash: None }
    }

    fn with_minhash(path: &str, agreeing: u8) -> Trace<'_> {
        let mut minhash = [9; 32];
        (0..32).filter(|at| *at >= agreeing).for_each(|at| minhash[usize::from(at)] = 100 + at);
        Trace { minhash: Some(minhash), date: None, ..trace(path, path, "", 0) }
    }

    #[test]
    fn the_same_body_elsewhere_is_the_same_article() {
        let found = pair(&[trace("a.md", "x", "A", 1)], &[trace("b/c.md", "x", "B", 2)]);
        assert_eq!(found.pairs, [(0, 0)]);
    }

    #[test]
    fn a_body_of_a_few_words_needs_a_title_a_date_or_a_name_beside_it() {
        let short = |path, title, day| Trace { characters: 7, ..trace(path, "x", title, day) };
        assert_eq!(pair(&[short("a.md", "A", 1)], &[short("b.md", "B", 2)]).pairs, []);
        assert_eq!(pair(&[short("a.md", "A", 1)], &[short("b.md", "A", 2)]).pairs, [(0, 0)]);
        assert_eq!(pair(&[short("a.md", "A", 1)], &[short("x/a.md", "B", 2)]).pairs, [(0, 0)]);
    }

    #[test]
    fn among_equal_bodies_title_date_and_name_decide() {
        let gone = [trace("a.md", "x", "A", 1), trace("b.md", "x", "B", 1)];
        let new = [trace("z.md", "x", "B", 1), trace("y.md", "x", "A", 1), trace("w.md", "x", "W", 9)];
        let mut found = pair(&gone, &new).pairs;
        found.sort_unstable();
        assert_eq!(found, [(0, 1), (1, 0)]);
    }

    #[test]
    fn two_that_could_be_it_are_left_to_their_author() {
        let found =
            pair(&[trace("a.md", "x", "A", 1)], &[trace("b.md", "x", "A", 1), trace("c.md", "x", "A", 1)]);
        assert_eq!(found, Pairing { pairs: vec![], ambiguous: vec![(vec![0], vec![0, 1])] });
    }

    #[test]
    fn a_translation_with_the_date_and_title_of_its_original_is_another_article() {
        let found = pair(&[trace("paris.en.md", "x", "Paris", 1)], &[trace("paris.fr.md", "y", "Paris", 1)]);
        assert_eq!(found, Pairing::default());
    }

    #[test]
    fn the_body_that_is_clearly_most_alike_wins_and_a_near_tie_is_left_to_the_author() {
        let clear = pair(&[with_minhash("a.md", 32)], &[with_minhash("b.md", 28), with_minhash("c.md", 20)]);
        assert_eq!(clear.pairs, [(0, 0)]);
        let tie = pair(&[with_minhash("a.md", 32)], &[with_minhash("b.md", 28), with_minhash("c.md", 27)]);
        assert_eq!(tie, Pairing { pairs: vec![], ambiguous: vec![(vec![0], vec![0, 1])] });
    }

    #[test]
    fn ten_thousand_equal_bodies_take_no_longer_than_others() {
        let gone: Vec<String> = (0..10_000).map(|at| format!("a/{at}.md")).collect();
        let new: Vec<String> = (0..10_000).map(|at| format!("b/{at}.md")).collect();
        let gone: Vec<_> = gone.iter().map(|path| trace(path, "x", "A", 1)).collect();
        let new: Vec<_> = new.iter().map(|path| trace(path, "x", "A", 1)).collect();
        let found = pair(&gone, &new);
        assert!(found.pairs.len() == 10_000 && found.ambiguous.is_empty());
        assert!(found.pairs.iter().all(|(gone, new)| gone == new));
    }

    #[test]
    fn the_stem_of_a_bundle_is_its_folder() {
        assert_eq!((stem("a/hello/index.fr.md"), folder("a/hello/index.fr.md")), ("hello", "a"));
        assert_eq!((stem("a/hello.md"), folder("a/hello.md")), ("hello", "a"));
        assert_eq!((stem("index.md"), folder("index.md")), ("index", ""));
    }
}
