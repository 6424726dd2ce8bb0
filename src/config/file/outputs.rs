//! Refuses settings by which a build would write over what it reads, or `serve` would publish it.

use std::collections::BTreeMap;

use super::section::Reading;
use crate::config::Config;
use crate::config::outputs::overlap;

impl Reading<'_> {
    pub(super) fn check_outputs(&mut self, config: &Config) {
        self.check_feeds_folder(config);
        self.check_served_files(config);
        let feeds = config.stated_feeds();
        let mut taken: BTreeMap<String, &str> = BTreeMap::new();
        for (section, key, path) in config.stated_outputs() {
            let folded = path.to_lowercase();
            let other =
                taken.iter().find(|(other, _)| overlap(other, &folded)).map(|(_, key)| format!("`{key}`"));
            // The page and the style sheet give way to feeds when they are written.
            let feed = || {
                Some("a feed".to_owned())
                    .filter(|_| key == "opml" && feeds.keys().any(|feed| overlap(feed, &folded)))
            };
            if let Some(what) = config.reserved(&path).map(str::to_owned).or(other).or_else(feed) {
                let help =
                    "choose another name, or a folder of their own for the feeds with `path` in `[feeds]`";
                self.misplaced(section, key, format!("`{path}` is in the way of {what}"), help);
            }
            taken.insert(folded, key);
        }
    }

    /// The folder of the feeds may hold the articles, but not lie among them or in the cache.
    fn check_feeds_folder(&mut self, config: &Config) {
        let folder = config.feeds_path.to_lowercase();
        let inside = |kept: &str| {
            !kept.is_empty() && format!("{folder}/").starts_with(&format!("{}/", kept.to_lowercase()))
        };
        let files = config.serving.files.as_deref().unwrap_or_default();
        let kept = [
            (config.articles.path.as_str(), "the articles"),
            (".feedwright", "the cache"),
            (files, "the files of `[serve]`"),
        ];
        if let Some((_, what)) = kept.into_iter().find(|(kept, _)| inside(kept)) {
            let help = "choose a folder of its own for the feeds";
            self.misplaced("`[feeds]`", "path", format!("feeds must not be written among {what}"), help);
        }
    }

    /// Article sources, drafts among them, the ledger and the configuration are not for the public.
    fn check_served_files(&mut self, config: &Config) {
        let Some(files) = &config.serving.files else { return };
        let articles = config.articles.path.to_lowercase();
        let holds_sources = !articles.is_empty() && overlap(&files.to_lowercase(), &articles);
        if files.is_empty() || holds_sources || overlap(files, ".feedwright") {
            let help = "choose a folder that has nothing but files for the public";
            let message = format!("`files = \"{files}\"` would publish article sources, drafts among them");
            self.misplaced("`[serve]`", "files", message, help);
        }
    }

    fn misplaced(&mut self, section: &str, key: &'static str, message: String, help: &str) {
        let place = self.places.get(&(section.to_owned(), key)).cloned().unwrap_or_default();
        self.fault(place, message).help = Some(help.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use crate::config::parse;

    fn faults(more: &str) -> Vec<String> {
        let publication = "[publication]\ntitle = 'A'\nhome = 'https://example.org/'\n[identity]\n\
                           authority = 'example.org'\ndate = '2026'\n";
        match parse(&format!("{publication}{more}")) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.into_iter().map(|fault| fault.message).collect(),
        }
    }

    #[test]
    fn an_output_is_never_in_the_place_of_what_a_build_reads() {
        for (settings, message) in [
            (
                "[feeds]\npath = '.'\nopml = 'feedwright.toml'\n",
                "`feedwright.toml` is in the way of the configuration",
            ),
            ("[feeds]\npath = '.'\nopml = 'Articles'\n", "`Articles` is in the way of the articles"),
            (
                "[feeds]\npath = '.'\nstylesheet = 'feedwright.lock/a.css'\n",
                "`feedwright.lock/a.css` is in the way of the ledger",
            ),
            (
                "[feeds]\npath = '.'\n[page]\npath = 'articles/index.html'\n",
                "`articles/index.html` is in the way of the articles",
            ),
            (
                "[feeds]\npath = '.'\n[page]\ntemplate = 't.html'\npath = 't.html'\n",
                "`t.html` is in the way of the template of the page",
            ),
            ("[feeds]\nopml = 'rss.xml'\n", "`feeds/rss.xml` is in the way of a feed"),
            ("[feeds]\nopml = 'index.html'\n", "`feeds/index.html` is in the way of `opml`"),
            ("[feeds]\npath = 'articles'\n", "feeds must not be written among the articles"),
            ("[feeds]\npath = 'ARTICLES/feeds'\n", "feeds must not be written among the articles"),
            ("[feeds]\npath = '.feedwright'\n", "feeds must not be written among the cache"),
        ] {
            let found = faults(settings);
            assert!(found.iter().any(|fault| fault == message), "{settings}: {found:?}");
        }
        for settings in [
            "[feeds]\npath = '.'\n",
            "[articles]\npath = '.'\n",
            "[articles]\npath = 'site/articles'\n[feeds]\npath = 'site'\n",
        ] {
            assert_eq!(faults(settings), [""; 0], "{settings}");
        }
    }

    #[test]
    fn files_for_the_public_are_not_those_of_the_articles() {
        for files in ["articles", ".", "articles/media", "Articles"] {
            let message = format!("`files = \"{}\"` would publish", files.trim_start_matches('.'));
            let found = faults(&format!("[serve]\nfiles = '{files}'\n"));
            assert!(found.iter().any(|fault| fault.starts_with(&message)), "{files}: {found:?}");
        }
        assert_eq!(faults("[serve]\nfiles = 'media'\n"), [""; 0]);
        assert_eq!(faults("[serve]\nfiles = 'articles-media'\n"), [""; 0]);
    }
}
