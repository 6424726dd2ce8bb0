//! How each generator is run. `.ci/run` puts them into `target/generators`, Jekyll where all programs are.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::feeds::{self, Feeds};
use crate::withheld::{self, Flags, Sample};

/// A generator, and how to run it.
pub struct Generator {
    /// As in the names of its sites.
    pub name: &'static str,
    title: &'static str,
    /// The path of its main feed.
    pub feed: &'static str,
    /// A random site of it, by flags that say what is withheld.
    pub sample: fn(&Flags) -> Sample,
    program: &'static str,
    /// What asks for its version.
    asking: &'static [&'static str],
    /// What makes a site in a folder.
    building: fn(&Path) -> Vec<String>,
    /// The folder that it writes.
    output: &'static str,
}

pub const HUGO: Generator = Generator {
    name: "hugo",
    title: "Hugo",
    feed: "index.xml",
    sample: withheld::hugo,
    program: "python/bin/hugo",
    asking: &["version"],
    building: |_| words("--quiet --noBuildLock --ignoreCache --destination built"),
    output: "built",
};

pub const JEKYLL: Generator = Generator {
    name: "jekyll",
    title: "Jekyll",
    feed: "feed.xml",
    sample: withheld::jekyll,
    program: "jekyll",
    asking: &["--version"],
    building: |_| words("build --quiet --disable-disk-cache --destination built"),
    output: "built",
};

pub const PELICAN: Generator = Generator {
    name: "pelican",
    title: "Pelican",
    feed: "feeds/all.atom.xml",
    sample: withheld::pelican,
    program: "python/bin/pelican",
    asking: &["--version"],
    building: |site| {
        let published = site.join("publishconf.py").exists();
        let settings = if published { "publishconf.py" } else { "pelicanconf.py" };
        words(&format!("--quiet --settings {settings} --output built"))
    },
    output: "built",
};

pub const NIKOLA: Generator = Generator {
    name: "nikola",
    title: "Nikola",
    feed: "rss.xml",
    sample: withheld::nikola,
    program: "python/bin/nikola",
    asking: &["version"],
    building: |_| words("build -v0"),
    output: "output",
};

pub const HEXO: Generator = Generator {
    name: "hexo",
    title: "Hexo",
    feed: "atom.xml",
    sample: withheld::hexo,
    program: "node_modules/.bin/hexo",
    asking: &[],
    building: |_| words("generate --silent"),
    output: "public",
};

pub const ELEVENTY: Generator = Generator {
    name: "eleventy",
    title: "Eleventy",
    feed: "feed.xml",
    sample: withheld::eleventy,
    program: "node_modules/.bin/eleventy",
    asking: &["--version"],
    building: |_| words("--quiet --output=built"),
    output: "built",
};

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// The folder into which `.ci/run` puts the generators.
fn installed() -> PathBuf {
    let folder = std::env::var("FEEDWRIGHT_GENERATORS").unwrap_or_else(|_| "target/generators".to_owned());
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

impl Generator {
    /// What it publishes of the site in a folder, at the paths of these feeds.
    pub fn feeds_of(&self, site: &Path, paths: &Feeds) -> Result<Feeds, String> {
        // Programs of Node.js find their modules, and Hexo its plugins, in the site's folder.
        if self.program.starts_with("node") {
            std::os::unix::fs::symlink(installed().join("node_modules"), site.join("node_modules")).unwrap();
            fs::copy(installed().join("package.json"), site.join("package.json")).unwrap();
        }
        let output = self.run(site, &(self.building)(site));
        let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
        let complain = |why: &str| format!("{}: {why}: {}", self.title, said.concat());
        if !output.status.success() {
            return Err(complain("fails"));
        }
        feeds::read(&site.join(self.output), paths).map_err(|why| complain(&why))
    }

    /// Its name and version.
    pub fn version(&self) -> String {
        // Outside of a site its program tells its own version alone.
        if self.name == "hexo" {
            let package = fs::read_to_string(installed().join("node_modules/hexo/package.json")).unwrap();
            let package: serde_json::Value = serde_json::from_str(&package).unwrap();
            return format!("{} {}", self.title, package["version"].as_str().unwrap());
        }
        let arguments: Vec<String> = self.asking.iter().map(|word| (*word).to_owned()).collect();
        let output = self.run(&std::env::temp_dir(), &arguments);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let is_version = |word: &&str| word.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
        let version = text.split_whitespace().find(is_version).unwrap_or_default().trim_start_matches('v');
        format!("{} {}", self.title, version.split(['-', '+']).next().unwrap_or_default())
    }

    fn run(&self, folder: &Path, arguments: &[String]) -> Output {
        let program = match self.program {
            "jekyll" => PathBuf::from("jekyll"),
            program => installed().join(program),
        };
        let mut command = Command::new("timeout");
        command.arg("300").arg(program).args(arguments).current_dir(folder);
        command.env("TZ", timezone(folder)).env("LANG", "C.UTF-8").env("PYTHONDONTWRITEBYTECODE", "1");
        command.output().unwrap()
    }
}

/// The time zone of the site, which authors have on their machines too: Hexo takes the days in its addresses from there.
fn timezone(site: &Path) -> String {
    let configuration = fs::read_to_string(site.join("_config.yml")).unwrap_or_default();
    let stated = configuration.lines().find_map(|line| line.strip_prefix("timezone: "));
    stated.unwrap_or("UTC").to_owned()
}
