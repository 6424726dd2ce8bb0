//! Finds the page of each article: where the article is said to be, or else by what the page says of itself.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;
use url::Url;

use super::address::{decoded, stated_path};
use super::location::{Claim, Evidence, Location, Sought};
use super::search::Search;
use super::{BuiltPage, BuiltSite};

/// So many times a page that only leads elsewhere is followed.
const MOST_HOPS: usize = 5;

impl BuiltSite {
    /// Finds the page of each article, in the order in which they come. A page at which an article is said to be, and
    /// is, is that article's and is not looked at for others.
    pub fn locate(&self, sought: &[Sought<'_>]) -> Vec<Location> {
        let mut locations: Vec<Location> = sought.par_iter().map(|sought| self.at_its_url(sought)).collect();
        let is_absent = |(_, location): &(usize, &Location)| **location == Location::Absent;
        let absent: Vec<usize> =
            locations.iter().enumerate().filter(is_absent).map(|(index, _)| index).collect();
        if absent.is_empty() || self.is_empty() {
            return locations;
        }
        let search = Search::new(self, sought, &locations);
        let found: Vec<Claim> = absent.par_iter().map(|index| search.claim(&sought[*index])).collect();
        let found = settled(found);
        let taken: HashSet<Url> = found.iter().filter_map(Location::elsewhere).cloned().collect();
        for (index, location) in absent.into_iter().zip(found) {
            let remembered = || self.remembered(&sought[index]).filter(|url| !taken.contains(url));
            // What pages say goes first, so that a second build finds what the first one did.
            locations[index] = match location {
                Location::Absent | Location::Ambiguous(_) => remembered()
                    .map_or(location, |url| Location::Elsewhere(url.clone(), Evidence::Remembered)),
                found => found,
            };
        }
        locations
    }

    /// The URL at which the ledger has seen the article, if its page is still there.
    fn remembered<'a>(&self, sought: &Sought<'a>) -> Option<&'a Url> {
        sought.remembered.filter(|url| self.has_page(url))
    }

    fn at_its_url(&self, sought: &Sought<'_>) -> Location {
        let Some(path) = self.form.path_of(sought.url) else { return Location::Outside };
        let Some(page) = self.page_of_path(&path) else { return Location::Absent };
        match self.followed(page) {
            Some(last) if last != page => Location::Elsewhere(self.url_of(last), Evidence::Redirect),
            Some(_) if self.states_other_form(page, sought.url) => {
                Location::Elsewhere(self.url_of(page), Evidence::Form)
            }
            _ => Location::There,
        }
    }

    /// The page on which a visitor of a page ends up; `None` where that is not of this site.
    fn followed(&self, page: usize) -> Option<usize> {
        let mut page = page;
        for _ in 0..MOST_HOPS {
            let BuiltPage { path, facts, .. } = &self.pages[page];
            let Some(target) = &facts.refresh else { return Some(page) };
            page = self.page_stated(target, &self.form.url_of(path))?;
        }
        None
    }

    /// The page whose URL a page names, whatever host it says.
    pub(super) fn page_stated(&self, stated: &str, base: &Url) -> Option<usize> {
        let path = stated_path(stated, base)?;
        let root = decoded(self.form.root.path().trim_start_matches('/'));
        self.page_of_path(path.strip_prefix(&root)?)
    }

    /// `true` if a page says that its URL is another than `url`, which leads to it too.
    fn states_other_form(&self, page: usize, url: &Url) -> bool {
        let ours = self.form.url_of(&self.pages[page].path);
        let stated = self.pages[page].facts.stated.first().and_then(|stated| stated_path(stated, &ours));
        stated.is_some_and(|stated| {
            stated == decoded(ours.path().trim_start_matches('/'))
                && stated != decoded(url.path().trim_start_matches('/'))
        })
    }

    pub(super) fn url_of(&self, page: usize) -> Url {
        self.form.url_of(&self.pages[page].path)
    }
}

/// Two articles are not on one page: where two were found to be, it is that of the one that is less in doubt, if there is
/// one.
fn settled(claims: Vec<Claim>) -> Vec<Location> {
    let mut doubts: HashMap<Url, Vec<i64>> = HashMap::new();
    for Claim { location, doubt } in &claims {
        if let Location::Elsewhere(url, _) = location {
            doubts.entry(url.clone()).or_default().push(*doubt);
        }
    }
    let settle = |Claim { location, doubt }| {
        let Location::Elsewhere(url, evidence) = location else { return location };
        let rivals = doubts.get(&url).map(Vec::as_slice).unwrap_or_default();
        let stronger = rivals.iter().filter(|rival| **rival < doubt).count();
        let as_strong = rivals.iter().filter(|rival| **rival == doubt).count();
        match (stronger, as_strong) {
            (0, 1) => Location::Elsewhere(url, evidence),
            (0, _) => Location::Ambiguous(vec![url]),
            _ => Location::Absent,
        }
    };
    claims.into_iter().map(settle).collect()
}
