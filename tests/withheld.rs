//! No article that its generator withholds is in any output, however the flag that withholds it is inherited: random
//! sites with random flags in the site's configuration, in folders and in articles.
//!
//! What is withheld is told here by a few rules of each generator's, which share nothing with the code. The ignored tests of
//! `measured` hold these rules against the generators themselves.

use std::collections::BTreeSet;
use std::fmt::Write;

use feedwright::publication::{self, Options};
use feedwright::store::Memory;
use proptest::prelude::*;

/// A site, with the titles of the articles that its generator publishes, and of those that it does not.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    pub files: Vec<(String, String)>,
    pub shown: BTreeSet<String>,
    pub withheld: BTreeSet<String>,
    /// Of those withheld, the ones that are so for nothing but a date to come. Some generators publish them all the same.
    pub later: BTreeSet<String>,
}

/// What decides whether the articles of a site are published, in no generator's words.
#[derive(Clone, Debug)]
pub struct Flags {
    /// For all articles.
    site: Option<bool>,
    folders: Vec<Folder>,
    articles: Vec<Article>,
}

#[derive(Clone, Debug)]
struct Folder {
    /// The folder above, if it comes before; else it is at the top.
    above: usize,
    withholds: Option<bool>,
}

#[derive(Clone, Debug)]
struct Article {
    folder: usize,
    withheld: Option<bool>,
    /// One of several ways of saying so.
    way: usize,
    later: bool,
}

/// Flags at random.
pub fn flags() -> impl Strategy<Value = Flags> {
    let flag = || prop_oneof![3 => Just(None), 2 => Just(Some(true)), 2 => Just(Some(false))];
    let folder = (0..6_usize, flag()).prop_map(|(above, withholds)| Folder { above, withholds });
    let article = (0..7_usize, flag(), 0..4_usize, prop::bool::weighted(0.15));
    let article = article.prop_map(|(folder, withheld, way, later)| Article { folder, withheld, way, later });
    let site = prop_oneof![4 => Just(None), 1 => Just(Some(true))];
    let many = (site, prop::collection::vec(folder, 1..6), prop::collection::vec(article, 1..9));
    many.prop_map(|(site, folders, articles)| Flags { site, folders, articles })
}

impl Flags {
    /// The folders that a folder lies in, the nearest first, and itself.
    fn line(&self, folder: usize) -> Vec<usize> {
        let mut line = Vec::new();
        let mut next = Some(folder % (self.folders.len() + 1)).filter(|folder| *folder < self.folders.len());
        while let Some(folder) = next {
            line.push(folder);
            next = Some(self.folders[folder].above).filter(|above| *above < folder);
        }
        line
    }

    /// The path of a folder, with a slash at its end; empty for the top.
    fn path(&self, folder: usize) -> String {
        let folders = self.line(folder);
        folders.iter().rev().fold(String::new(), |path, folder| path + &format!("f{folder}/"))
    }

    /// What counts for an article: its own flag, else that of the nearest folder that has one, else the site's.
    fn nearest(&self, article: &Article) -> bool {
        let of_folders =
            self.line(article.folder).into_iter().find_map(|folder| self.folders[folder].withholds);
        article.withheld.or(of_folders).or(self.site).unwrap_or(false)
    }

    /// Whether a folder that an article lies in is withheld.
    fn any_folder(&self, article: &Article) -> bool {
        self.line(article.folder).into_iter().any(|folder| self.folders[folder].withholds == Some(true))
    }

    /// A site of these flags: `article` gives the path of an article and the lines of its front matter, and tells
    /// whether it is withheld.
    fn sample(
        &self,
        configuration: &[(&str, String)],
        article: impl Fn(&Self, &Article, usize) -> (String, String, bool),
    ) -> Sample {
        let mut sample = Sample::default();
        for (path, text) in configuration {
            sample.files.push(((*path).to_owned(), text.clone()));
        }
        for (number, one) in self.articles.iter().enumerate() {
            let (path, text, withheld) = article(self, one, number);
            sample.files.push((path, text));
            if one.later && !withheld {
                sample.later.insert(title(number));
            }
            let titles = if withheld || one.later { &mut sample.withheld } else { &mut sample.shown };
            titles.insert(title(number));
        }
        sample
    }
}

fn title(number: usize) -> String {
    format!("Headline{number}x")
}

/// Front matter in YAML.
fn yaml(number: usize, later: bool, more: &str) -> String {
    let day = if later { "2099-01-01" } else { "2024-01-01" };
    format!("---\ntitle: {}\ndate: {day}\n{more}---\nText of {}.\n", title(number), title(number))
}

pub fn hugo(flags: &Flags) -> Sample {
    let mut configuration = "title = 'S'\nbaseURL = 'https://example.org/'\n".to_owned();
    if let Some(site) = flags.site {
        write!(configuration, "[[cascade]]\ndraft = {site}\n[cascade.target]\nkind = 'page'\n").unwrap();
    }
    let mut sample = flags.sample(&[("hugo.toml", configuration)], |flags, article, number| {
        let by_draft =
            ["draft: true\n", "build: {list: never}\n", "expiryDate: 2024-02-02\n", "draft: true\n"];
        let more = match article.withheld {
            Some(true) => by_draft[article.way],
            Some(false) => "draft: false\n",
            None => "",
        };
        let bundle = if article.way == 3 { format!("a{number}/index.md") } else { format!("a{number}.md") };
        let path = format!("content/{}{bundle}", flags.path(article.folder));
        (path, yaml(number, article.later, more), flags.nearest(article))
    });
    for (index, folder) in flags.folders.iter().enumerate() {
        let cascade =
            folder.withholds.map(|draft| format!("cascade:\n  draft: {draft}\n")).unwrap_or_default();
        let path = format!("content/{}_index.md", flags.path(index));
        sample.files.push((path, format!("---\ntitle: Section\n{cascade}---\n")));
    }
    sample
}

pub fn jekyll(flags: &Flags) -> Sample {
    let mut configuration =
        "title: S\nurl: https://example.org\nplugins: [jekyll-feed]\ndefaults:\n  - {scope: {path: ''}, values: {layout: none}}\n"
            .to_owned();
    let scopes =
        flags.folders.iter().enumerate().filter_map(|(index, folder)| Some((index, folder.withholds?)));
    let scopes = scopes.map(|(index, withholds)| (format!("_posts/{}", flags.path(index)), withholds));
    for (path, withholds) in scopes.chain(flags.site.map(|site| (String::new(), site))) {
        let values = format!("{{published: {}}}", !withholds);
        writeln!(configuration, "  - {{scope: {{path: '{path}', type: posts}}, values: {values}}}").unwrap();
    }
    flags.sample(&[("_config.yml", configuration)], |flags, article, number| {
        let more = article.withheld.map(|withheld| format!("published: {}\n", !withheld)).unwrap_or_default();
        let is_draft = article.way == 0 && article.withheld == Some(true);
        let folder =
            if is_draft { "_drafts/".to_owned() } else { format!("_posts/{}", flags.path(article.folder)) };
        let path = format!("{folder}2024-01-01-a{number}.md");
        (
            path,
            yaml(number, article.later, if is_draft { "" } else { &more }),
            is_draft || flags.nearest(article),
        )
    })
}

pub fn zola(flags: &Flags) -> Sample {
    let configuration = "title = 'S'\nbase_url = 'https://example.org'\n".to_owned();
    let mut sample = flags.sample(&[("config.toml", configuration)], |flags, article, number| {
        let day = if article.later { "2099-01-01" } else { "2024-01-01" };
        let draft = article.withheld.map(|draft| format!("draft = {draft}\n")).unwrap_or_default();
        let text = format!("+++\ntitle = '{}'\ndate = {day}\n{draft}+++\n", title(number));
        let path = format!("content/{}a{number}.md", flags.path(article.folder));
        (path, text, article.withheld == Some(true) || flags.any_folder(article))
    });
    for (index, folder) in flags.folders.iter().enumerate() {
        let draft = folder.withholds.map(|draft| format!("draft = {draft}\n")).unwrap_or_default();
        sample.files.push((format!("content/{}_index.md", flags.path(index)), format!("+++\n{draft}+++\n")));
    }
    sample
}

pub fn eleventy(flags: &Flags) -> Sample {
    let configuration = r#"import { feedPlugin } from "@11ty/eleventy-plugin-rss";

export default function (eleventyConfig) {
  eleventyConfig.addPreprocessor("drafts", "*", (data) => {
    if (data.draft) return false;
  });
  eleventyConfig.addPlugin(feedPlugin, {
    type: "atom",
    outputPath: "/feed.xml",
    collection: { name: "posts", limit: 0 },
    metadata: { language: "en", title: "S", base: "https://example.org/" },
  });
}
"#;
    let data = "{ \"title\": \"S\", \"url\": \"https://example.org/\" }\n".to_owned();
    let of_all = flags.site.map(|draft| format!(", \"draft\": {draft}")).unwrap_or_default();
    let of_all = format!("{{ \"tags\": [\"posts\"]{of_all} }}\n");
    let files = [
        ("eleventy.config.js", configuration.to_owned()),
        ("_data/site.json", data),
        ("posts/posts.json", of_all),
    ];
    let mut sample = flags.sample(&files, |flags, article, number| {
        let more = match (article.withheld, article.way) {
            (Some(true), 0) => "eleventyExcludeFromCollections: true\n".to_owned(),
            (Some(draft), _) => format!("draft: {draft}\n"),
            (None, _) => String::new(),
        };
        let path = format!("posts/{}a{number}.md", flags.path(article.folder));
        (path, yaml(number, article.later, &more), flags.nearest(article))
    });
    for (index, folder) in flags.folders.iter().enumerate() {
        let Some(draft) = folder.withholds else { continue };
        let path = format!("posts/{}f{index}.json", flags.path(index));
        sample.files.push((path, format!("{{ \"draft\": {draft} }}\n")));
    }
    sample
}

pub fn pelican(flags: &Flags) -> Sample {
    let mut configuration =
        "SITENAME = 'S'\nSITEURL = 'https://example.org'\nPATH = 'content'\nTIMEZONE = 'UTC'\n\
         FEED_ALL_ATOM = 'feeds/all.atom.xml'\nWITH_FUTURE_DATES = False\n"
            .to_owned();
    if flags.site == Some(true) {
        configuration += "DEFAULT_METADATA = {\n    'status': 'draft',\n}\n";
    }
    flags.sample(&[("pelicanconf.py", configuration)], |flags, article, number| {
        let status = match article.withheld {
            Some(true) => {
                ["Status: draft\n", "Status: hidden\n", "Status: skip\n", "status: draft\n"][article.way]
            }
            Some(false) => "Status: published\n",
            None => "",
        };
        let day = if article.later { "2099-01-01" } else { "2024-01-01" };
        let text = format!("Title: {}\nDate: {day}\n{status}\nText.\n", title(number));
        let withheld = article.withheld.or(flags.site).unwrap_or(false);
        (format!("content/{}a{number}.md", flags.path(article.folder)), text, withheld)
    })
}

pub fn nikola(flags: &Flags) -> Sample {
    let configuration = "BLOG_AUTHOR = 'A'\nBLOG_TITLE = 'S'\nSITE_URL = 'https://example.org/'\nBLOG_EMAIL = 'a@example.org'\n\
         BLOG_DESCRIPTION = 'S'\nDEFAULT_LANG = 'en'\nTHEME = 'base'\nTIMEZONE = 'UTC'\nPAGES = ()\n\
         POSTS = (('posts/*.md', 'posts', 'post.tmpl'),)\nCOMPILERS = {'markdown': ('.md',)}\n"
        .to_owned();
    flags.sample(&[("conf.py", configuration)], |flags, article, number| {
        let more = match article.withheld {
            Some(true) => {
                [".. tags: draft\n", ".. tags: a, private\n", ".. status: draft\n", ".. status: private\n"]
                    [article.way]
            }
            Some(false) => ".. status: published\n",
            None => "",
        };
        let day = if article.later { "2099-01-01" } else { "2024-01-01" };
        let text = format!(".. title: {}\n.. date: {day}\n{more}\nText.\n", title(number));
        (format!("posts/{}a{number}.md", flags.path(article.folder)), text, article.withheld == Some(true))
    })
}

pub fn hexo(flags: &Flags) -> Sample {
    let configuration =
        "title: S\nurl: https://example.org\ntimezone: UTC\nfuture: false\nsource_dir: source\nfeed: {limit: 0}\n".to_owned();
    flags.sample(&[("_config.yml", configuration)], |flags, article, number| {
        let folder = flags.path(article.folder);
        let (path, more) = match (article.withheld, article.way) {
            (Some(true), 0) => (format!("source/_drafts/{folder}a{number}.md"), String::new()),
            (Some(true), 1) => (format!("source/_posts/{folder}_a{number}.md"), String::new()),
            (withheld, _) => {
                let more = withheld.map(|withheld| format!("published: {}\n", !withheld)).unwrap_or_default();
                (format!("source/_posts/{folder}a{number}.md"), more)
            }
        };
        (path, yaml(number, article.later, &more), article.withheld == Some(true))
    })
}

pub fn astro(flags: &Flags) -> Sample {
    let files = [
        ("astro.config.mjs", "export default { site: 'https://example.org/' };\n".to_owned()),
        ("src/consts.ts", "export const SITE_TITLE = 'S';\n".to_owned()),
    ];
    flags.sample(&files, |flags, article, number| {
        let draft = article.withheld.map(|draft| format!("draft: {draft}\n")).unwrap_or_default();
        let path = format!("src/content/blog/{}a{number}.md", flags.path(article.folder));
        (path, yaml(number, article.later, &draft), article.withheld == Some(true))
    })
}

/// What is published of a sample: all documents, by path.
fn published(sample: &Sample) -> Vec<(String, String)> {
    let identity = "[identity]\nauthority = 'example.org'\ndate = '2026'\n[[feed]]\nname = ''\n[[feed]]\nfor-each = 'section'\n\
         name = '{section}'\n";
    let mut store = Memory::new([("feedwright.toml", identity)]);
    for (path, text) in &sample.files {
        store.insert(path.as_str(), text.as_str());
    }
    let now = "2026-11-22T00:00:00Z".parse().unwrap();
    publication::build(&mut store, Options::at(now), &|_| ()).unwrap();
    let feeds = store.files().iter().filter(|(path, _)| path.starts_with("feeds/"));
    feeds.map(|(path, bytes)| (path.clone(), String::from_utf8(bytes.clone()).unwrap())).collect()
}

fn holds(sample: &Sample) {
    let documents = published(sample);
    for title in &sample.withheld {
        let leak = documents.iter().find(|(_, text)| text.contains(title.as_str()));
        assert!(leak.is_none(), "{title} is in {}", leak.unwrap().0);
    }
    let (_, main) = documents.iter().find(|(path, _)| path == "feeds/feed.json").unwrap();
    for title in &sample.shown {
        assert!(main.contains(title.as_str()), "{title} is missing");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_hugo_withholds_is_in_no_output(flags in flags()) {
        holds(&hugo(&flags));
    }

    #[test]
    fn what_jekyll_withholds_is_in_no_output(flags in flags()) {
        holds(&jekyll(&flags));
    }

    #[test]
    fn what_zola_withholds_is_in_no_output(flags in flags()) {
        holds(&zola(&flags));
    }

    #[test]
    fn what_eleventy_withholds_is_in_no_output(flags in flags()) {
        holds(&eleventy(&flags));
    }

    #[test]
    fn what_pelican_withholds_is_in_no_output(flags in flags()) {
        holds(&pelican(&flags));
    }

    #[test]
    fn what_nikola_withholds_is_in_no_output(flags in flags()) {
        holds(&nikola(&flags));
    }

    #[test]
    fn what_hexo_withholds_is_in_no_output(flags in flags()) {
        holds(&hexo(&flags));
    }

    #[test]
    fn what_astro_withholds_is_in_no_output(flags in flags()) {
        holds(&astro(&flags));
    }
}
