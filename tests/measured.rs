//! Little sites of our own in `tests/cases/sites`, a folder for each with the generator's name before its own, and what
//! the generator itself publishes of them: `measured.json` has its name and version, and address, title and instant of
//! every entry in its feeds.
//!
//! The ordinary tests compare what we publish of a site with that file. The ignored ones, which `.ci/run` runs, build
//! each site with its generator first and compare all three. `BLESS=1` with these writes `measured.json` anew; a site's
//! first one has the feed that is usual, and further feeds are measured once they are named there.

mod feeds;
mod generators;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use feeds::{Differences, Feeds, Measured};
use generators::Generator;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use tempfile::TempDir;

use crate::withheld;

/// Later than all articles but those that are to come.
const NOW: &str = "2026-11-22T00:00:00Z";

#[test]
fn every_little_site_is_published_as_its_generator_publishes_it() {
    let mut differences = Differences::default();
    for site in Site::all() {
        let measured = site.measured();
        differences.compare(&site.name, &measured.feeds, site.ours(&measured.feeds));
    }
    differences.panic_if_any();
}

#[test]
#[ignore = "needs Hugo: run by .ci/run"]
fn hugo_publishes_what_we_do() {
    generators::HUGO.publishes_what_we_do();
}

#[test]
#[ignore = "needs Jekyll: run by .ci/run"]
fn jekyll_publishes_what_we_do() {
    generators::JEKYLL.publishes_what_we_do();
}

#[test]
#[ignore = "needs Pelican: run by .ci/run"]
fn pelican_publishes_what_we_do() {
    generators::PELICAN.publishes_what_we_do();
}

#[test]
#[ignore = "needs Nikola: run by .ci/run"]
fn nikola_publishes_what_we_do() {
    generators::NIKOLA.publishes_what_we_do();
}

#[test]
#[ignore = "needs Hexo: run by .ci/run"]
fn hexo_publishes_what_we_do() {
    generators::HEXO.publishes_what_we_do();
}

#[test]
#[ignore = "needs Eleventy: run by .ci/run"]
fn eleventy_publishes_what_we_do() {
    generators::ELEVENTY.publishes_what_we_do();
}

impl Generator {
    fn publishes_what_we_do(&self) {
        let sites: Vec<Site> = Site::all().into_iter().filter(|site| site.generator() == self.name).collect();
        assert!(!sites.is_empty(), "there is no site of {}", self.name);
        let mut differences = Differences::default();
        for site in sites {
            let mut measured = site.measured();
            if measured.feeds.is_empty() {
                measured.feeds.insert(self.feed.to_owned(), Vec::new());
            }
            let theirs = match self.feeds_of(site.copy().path(), &measured.feeds) {
                Ok(theirs) => theirs,
                Err(why) => {
                    differences.say(&site.name, &why);
                    continue;
                }
            };
            if std::env::var("BLESS").is_ok() {
                let generator = self.version();
                Measured { generator, feeds: theirs.clone() }.write(&site.folder.join("measured.json"));
            } else {
                differences.compare(
                    &format!("{} as it was measured", site.name),
                    &theirs,
                    Ok(measured.feeds),
                );
            }
            differences.compare(&site.name, &theirs, site.ours(&theirs));
        }
        self.withholds_what_is_said_of_it(&mut differences);
        differences.panic_if_any();
    }

    /// Holds the rules of `withheld` against the generator, with some of its random sites.
    fn withholds_what_is_said_of_it(&self, differences: &mut Differences) {
        let mut runner = TestRunner::deterministic();
        let random = std::iter::repeat_with(|| withheld::flags().new_tree(&mut runner).unwrap().current());
        let samples = random.map(|flags| (self.sample)(&flags));
        let telling = samples.filter(|sample| sample.shown.len() > 1 && sample.withheld.len() > 2);
        for sample in telling.take(3) {
            let folder = TempDir::new().unwrap();
            for (path, text) in &sample.files {
                let path = folder.path().join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            match self.feeds_of(folder.path(), &Feeds::from([(self.feed.to_owned(), Vec::new())])) {
                Ok(feeds) => {
                    let titles = feeds[self.feed].iter().map(|entry| entry.title.clone());
                    let shown = titles.filter(|title| !sample.later.contains(title)).collect::<BTreeSet<_>>();
                    if shown != sample.shown {
                        let files = format!("{:#?}", sample.files);
                        let what = format!("{shown:?} are shown, not {:?}, of {files}", sample.shown);
                        differences.say(self.name, &what);
                    }
                }
                Err(why) => differences.say(self.name, &why),
            }
        }
    }
}

/// A little site.
pub struct Site {
    /// As that of its folder, which begins with the name of its generator.
    pub name: String,
    folder: PathBuf,
}

impl Site {
    fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/sites");
        let folders = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let named = folders.map(|folder| Self { name: named(&folder), folder });
        let only = std::env::var("SITE").ok();
        let mut sites: Vec<Self> = named
            .filter(|site| site.name.contains('-') && only.as_ref().is_none_or(|only| *only == site.name))
            .collect();
        sites.sort_by(|one, other| one.name.cmp(&other.name));
        sites
    }

    fn generator(&self) -> &str {
        self.name.split_once('-').map_or("", |(generator, _)| generator)
    }

    fn measured(&self) -> Measured {
        Measured::read(&self.folder.join("measured.json"))
    }

    /// A copy of it, without what was measured.
    pub fn copy(&self) -> TempDir {
        let copy = TempDir::new().unwrap();
        let mut folders = vec![self.folder.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                let target = copy.path().join(path.strip_prefix(&self.folder).unwrap());
                if path.is_dir() {
                    fs::create_dir_all(&target).unwrap();
                    folders.push(path);
                } else if path != self.folder.join("measured.json") {
                    fs::copy(&path, &target).unwrap();
                }
            }
        }
        copy
    }

    /// What we publish of it at the paths of these feeds.
    fn ours(&self, feeds: &Feeds) -> Result<Feeds, String> {
        let copy = self.copy();
        run(copy.path(), &["init"])?;
        run(copy.path(), &["build", "--now", NOW])?;
        feeds::read(&copy.path().join("feeds"), feeds)
    }
}

fn run(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_feedwright"));
    command.current_dir(folder).args(arguments).env("TZ", "UTC");
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    output.status.success().then_some(()).ok_or_else(|| format!("{arguments:?} fails: {said}"))
}

fn named(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}
