//! Looks for the pages of articles that are not where they are said to be, by what pages say of themselves.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use rayon::prelude::*;

use super::address::{decoded, loose, stated_path};
use super::feeds::Entries;
use super::location::{Claim, Evidence, Location, Sought};
use super::{BuiltPage, BuiltSite, dates, title};

/// The doubt of a page that shows no date near that of the article.
const UNDATED: i64 = 3;

/// Fewer pages than this do not show which title is the name of the site.
const FEW: usize = 4;

/// Pages that are nobody's yet, by what they say of themselves.
pub(super) struct Search<'a> {
    site: &'a BuiltSite,
    /// Pages by the URL that they state.
    stated: HashMap<String, Vec<usize>>,
    /// Pages by their URLs without regard to case and form.
    spelled: HashMap<String, Vec<usize>>,
    /// Pages by the keys of their titles.
    titled: HashMap<String, Vec<usize>>,
    /// Pages by the last parts of their URLs.
    named: HashMap<String, Vec<usize>>,
    /// The entries of the generator's own feeds.
    entries: Entries<'a>,
    /// `true` if the pages of articles show when they were published.
    has_dates: bool,
}

impl<'a> Search<'a> {
    pub(super) fn new(site: &'a BuiltSite, sought: &[Sought<'_>], locations: &[Location]) -> Self {
        let known = |(sought, location): (&Sought<'_>, &Location)| match location {
            Location::There => site.page_at(sought.url),
            Location::Elsewhere(url, _) => site.page_at(url),
            _ => None,
        };
        let taken: HashSet<usize> = sought.iter().zip(locations).filter_map(known).collect();
        let absent = || sought.iter().zip(locations).filter(|(_, location)| **location == Location::Absent);
        let titles: HashSet<String> =
            absent().map(|(sought, _)| title::key(sought.title.unwrap_or_default())).collect();
        let slugs: HashSet<String> = absent().map(|(sought, _)| sought.slug.to_lowercase()).collect();
        let free = (0..site.pages.len()).filter(|page| !taken.contains(page));
        let free: Vec<usize> = free.filter(|page| site.pages[*page].facts.refresh.is_none()).collect();
        let count = free.len();
        let keys = |page: &usize| (*page, title_keys(&site.pages[*page], &titles));
        let keys: Vec<(usize, HashSet<String>)> = free.par_iter().map(keys).collect();
        let mut search = Self {
            site,
            stated: HashMap::new(),
            spelled: HashMap::new(),
            titled: HashMap::new(),
            named: HashMap::new(),
            entries: Entries::of(&site.feeds),
            has_dates: false,
        };
        for (page, keys) in keys {
            search.add(page, keys, &slugs);
        }
        // What nearly all pages are called is the name of the site.
        search.titled.retain(|_, pages| count < FEW || 10 * pages.len() <= 9 * count);
        search.has_dates = search.shows_dates(sought, locations);
        search
    }

    /// Adds a page by the titles and slugs that are looked for.
    fn add(&mut self, page: usize, keys: HashSet<String>, slugs: &HashSet<String>) {
        let BuiltPage { path, facts, .. } = &self.site.pages[page];
        for stated in facts.stated.iter().filter_map(|stated| stated_path(stated, &self.site.form.root)) {
            let pages = self.stated.entry(stated).or_default();
            if !pages.contains(&page) {
                pages.push(page);
            }
        }
        let spelling = loose(path);
        let name = spelling.rsplit('/').next().unwrap_or_default();
        if slugs.contains(name) {
            self.named.entry(name.to_owned()).or_default().push(page);
        }
        self.spelled.entry(spelling).or_default().push(page);
        for key in keys {
            self.titled.entry(key).or_default().push(page);
        }
    }

    /// `true` if most pages that are known to be those of articles show the day of the article.
    fn shows_dates(&self, sought: &[Sought<'_>], locations: &[Location]) -> bool {
        let (mut with, mut without) = (0_usize, 0_usize);
        for (sought, location) in sought.iter().zip(locations) {
            let page = match (location, self.pages_titled(sought)) {
                (Location::There, _) => self.site.page_at(sought.url),
                (Location::Absent, [page]) => Some(*page),
                _ => None,
            };
            let Some(page) = page else { continue };
            *(if self.distance(page, sought).is_some() { &mut with } else { &mut without }) += 1;
        }
        with > 0 && with >= without
    }

    /// The location that is found for an article, and how much it is in doubt.
    pub(super) fn claim(&self, sought: &Sought<'_>) -> Claim {
        let location = self.find(sought);
        let doubt = match &location {
            Location::Elsewhere(url, Evidence::Title | Evidence::Slug) => {
                let page = self.site.page_at(url);
                page.and_then(|page| self.distance(page, sought)).map_or(UNDATED, |days| days + 1)
            }
            _ => 0,
        };
        Claim { location, doubt }
    }

    fn find(&self, sought: &Sought<'_>) -> Location {
        let path = self.site.form.path_of(sought.url).unwrap_or_default();
        let stated = self.stated.get(&decoded(sought.url.path().trim_start_matches('/')));
        if let Some([page]) = stated.map(Vec::as_slice) {
            return Location::Elsewhere(self.site.url_of(*page), Evidence::Stated);
        }
        if let Some(page) = self.linked(sought) {
            return Location::Elsewhere(self.site.url_of(page), Evidence::Feed);
        }
        if let Some([page]) = self.spelled.get(&loose(&path)).map(Vec::as_slice) {
            return Location::Elsewhere(self.site.url_of(*page), Evidence::Spelling);
        }
        match self.best(self.pages_titled(sought), sought, &path) {
            Location::Absent => self.by_slug(sought),
            found => found,
        }
    }

    /// The page that the generator's own feed links to for an article.
    fn linked(&self, sought: &Sought<'_>) -> Option<usize> {
        let link = self.entries.link(sought.id, sought.title, sought.published)?;
        let page = self.site.page_stated(link, &self.site.form.root)?;
        self.site.pages[page].facts.refresh.is_none().then_some(page)
    }

    fn pages_titled(&self, sought: &Sought<'_>) -> &[usize] {
        let key = title::key(sought.title.unwrap_or_default());
        self.titled.get(&key).filter(|_| !key.is_empty()).map(Vec::as_slice).unwrap_or_default()
    }

    /// The one of several pages with an article's title that is the article's.
    fn best(&self, pages: &[usize], sought: &Sought<'_>, path: &str) -> Location {
        let pages = self.originals(pages);
        let dated = self.nearest(&pages, sought);
        // Where pages show dates, one without the article's is another one with the same title.
        let mut pages = if dated.is_empty() && !self.has_dates { pages } else { dated };
        let expected: Vec<&str> = path.split('/').collect();
        narrow(&mut pages, |page| {
            loose(&self.site.pages[page].path).rsplit('/').next() == Some(&*sought.slug.to_lowercase())
        });
        narrow(&mut pages, |page| {
            sought.published.is_some_and(|day| path_names(&self.site.pages[page].path, day))
        });
        narrow(&mut pages, |page| self.is_in_language(page, sought.language));
        let shared = |page: usize| {
            self.site.pages[page].path.split('/').filter(|part| expected.contains(part)).count()
        };
        let most = pages.iter().map(|page| shared(*page)).max().unwrap_or_default();
        narrow(&mut pages, |page| shared(page) == most);
        match &*pages {
            [] => Location::Absent,
            [page] => Location::Elsewhere(self.site.url_of(*page), Evidence::Title),
            several => Location::Ambiguous(several.iter().map(|page| self.site.url_of(*page)).collect()),
        }
    }

    /// Printable versions and the like name the page that they are a version of.
    fn originals(&self, pages: &[usize]) -> Vec<usize> {
        let original = |page: usize| {
            let BuiltPage { path, facts, .. } = &self.site.pages[page];
            let stated = facts.stated.first()?;
            self.site.page_stated(stated, &self.site.form.url_of(path))
        };
        let mut originals: Vec<usize> = pages.iter().map(|page| original(*page).unwrap_or(*page)).collect();
        originals.sort_unstable();
        originals.dedup();
        originals
    }

    /// Those of the pages whose dates are nearest to that of an article, and at most a day away.
    fn nearest(&self, pages: &[usize], sought: &Sought<'_>) -> Vec<usize> {
        let distances = pages.iter().filter_map(|page| Some((self.distance(*page, sought)?, *page)));
        let distances: Vec<(i64, usize)> = distances.collect();
        let least = distances.iter().map(|(distance, _)| *distance).min();
        distances.into_iter().filter(|(distance, _)| Some(*distance) == least).map(|(_, page)| page).collect()
    }

    /// The days between the date of an article and that of a page, where it is at most one: a page may show the day of
    /// another time zone.
    fn distance(&self, page: usize, sought: &Sought<'_>) -> Option<i64> {
        let published = sought.published?;
        let BuiltPage { path, facts, .. } = &self.site.pages[page];
        if path_names(path, published) {
            return Some(0);
        }
        let dates = facts.dates.iter();
        dates.map(|date| (*date - published).num_days().abs()).min().filter(|days| *days <= 1)
    }

    fn is_in_language(&self, page: usize, language: &str) -> bool {
        let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        let stated = self.site.pages[page].facts.language.as_deref();
        stated.is_some_and(|stated| primary(stated) == primary(language))
    }

    /// A page whose URL ends in the slug of an article and that shows its date, if there is only one.
    fn by_slug(&self, sought: &Sought<'_>) -> Location {
        let named = self.named.get(&sought.slug.to_lowercase()).filter(|_| !sought.slug.is_empty());
        let pages = named.map(Vec::as_slice).unwrap_or_default();
        let dated: Vec<usize> =
            pages.iter().copied().filter(|page| self.distance(*page, sought).is_some()).collect();
        match &*dated {
            [page] => Location::Elsewhere(self.site.url_of(*page), Evidence::Slug),
            _ => Location::Absent,
        }
    }
}

/// `true` if the path of a page names a day: `2026/05/03/…`, `2026-5-3-…`.
fn path_names(path: &str, day: NaiveDate) -> bool {
    let mut dates = Vec::new();
    dates::add(path, &mut dates);
    dates.contains(&day)
}

/// The keys of the titles that a page may have, as far as they are looked for.
fn title_keys(page: &BuiltPage, wanted: &HashSet<String>) -> HashSet<String> {
    let headings = page.facts.headings.iter().map(String::as_str);
    let keys = headings.chain(title::parts(&page.facts.title)).map(title::key);
    keys.filter(|key| !key.is_empty() && wanted.contains(key)).collect()
}

/// Keeps those that are so, where some are.
fn narrow(pages: &mut Vec<usize>, is_so: impl Fn(usize) -> bool) {
    if pages.len() > 1 && pages.iter().any(|page| is_so(*page)) {
        pages.retain(|page| is_so(*page));
    }
}
