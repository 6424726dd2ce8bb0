//! `[serve]` and `[redirects]`.

use std::time::Duration;

use toml::de::DeValue;

use super::section::{Reading, Section};
use crate::config::Serving;
use crate::content::address::is_on_the_web;
use crate::generator::Predecessor;

/// The longest that others may keep a feed, in seconds: a day. Readers ask no more often than that.
const LONGEST_AGE: usize = 86_400;

impl<'a> Reading<'_> {
    pub(super) fn serving(&mut self, mut section: Section<'a>, redirects: Section<'a>) -> Serving {
        let mut serving = Serving::default();
        let age_span = section.entries.get("max-age").map(|(_, value)| value.span());
        if let Some(age) = self.number(&mut section, "max-age") {
            if age > LONGEST_AGE {
                let fault = format!("`max-age` is at most {LONGEST_AGE}, which is a day");
                self.fault(age_span.unwrap_or_default(), fault);
            }
            serving.max_age = Duration::from_secs(age as u64);
        }
        serving.files = self.folder(&mut section, "files");
        serving.browser_types = self.boolean(&mut section, "browser-types").unwrap_or_default();
        for (name, span) in self.texts(&mut section, "like").unwrap_or_default() {
            match name.parse() {
                Ok(predecessor) => serving.like.push(predecessor),
                Err(_) => self.unknown(&span, &name, Predecessor::all().into_iter().map(Predecessor::name)),
            }
        }
        for (path, span) in self.texts(&mut section, "gone").unwrap_or_default() {
            if path.starts_with('/') {
                serving.gone.push(path);
            } else {
                self.no_path(span, &path);
            }
        }
        self.finish(section);
        serving.redirects = self.redirects(redirects);
        serving
    }

    fn redirects(&mut self, section: Section<'a>) -> Vec<(String, String)> {
        let mut redirects = Vec::new();
        for (from, (from_span, value)) in section.entries {
            let span = value.span();
            let to = match value.into_inner() {
                DeValue::String(to) => to.into_owned(),
                other => {
                    let _: Option<()> = self.wrong_kind(span, &from, "text", &other);
                    continue;
                }
            };
            let leads_on = (to.starts_with('/') && !to.starts_with("//")) || is_on_the_web(&to);
            if !from.starts_with('/') {
                self.no_path(from_span, &from);
            } else if leads_on {
                redirects.push((from, to));
            } else {
                self.fault(span, format!("`{to}` is neither a path nor an absolute URL")).help =
                    Some("write a path such as `/feeds/rss.xml`, or an absolute URL".to_owned());
            }
        }
        redirects
    }

    fn no_path(&mut self, span: std::ops::Range<usize>, path: &str) {
        self.fault(span, format!("`{path}` is not a path")).help =
            Some("write it as it stands after the host, such as `/feed.xml`".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    const PUBLICATION: &str = "[publication]\ntitle = 'A'\nhome = 'https://example.org/'\n[identity]\n\
                               authority = 'example.org'\ndate = '2026'\n";

    fn faults(more: &str) -> Vec<String> {
        let faults = parse(&format!("{PUBLICATION}{more}")).unwrap_err();
        faults.into_iter().map(|fault| fault.message).collect()
    }

    #[test]
    fn serving_is_read() {
        let serving = "[serve]\nmax-age = 300\nfiles = './public/'\nbrowser-types = true\nlike = ['hugo']\n\
                       gone = ['/old.xml']\n[redirects]\n'/a.xml' = '/feeds/rss.xml'\n'/?b' = 'https://example.org/'\n";
        let config = parse(&format!("{PUBLICATION}{serving}")).unwrap().serving;
        assert_eq!((config.max_age.as_secs(), config.files.as_deref()), (300, Some("public")));
        assert_eq!((config.browser_types, config.like), (true, vec!["hugo".parse().unwrap()]));
        assert_eq!(config.gone, ["/old.xml"]);
        let redirects = [("/?b", "https://example.org/"), ("/a.xml", "/feeds/rss.xml")];
        assert_eq!(config.redirects, redirects.map(|(from, to)| (from.to_owned(), to.to_owned())));
    }

    #[test]
    fn what_leads_nowhere_is_a_fault() {
        assert_eq!(faults("[serve]\nlike = ['wordpres']\n"), ["`wordpres` is not known here"]);
        assert_eq!(faults("[serve]\nmax-age = 100000\n"), ["`max-age` is at most 86400, which is a day"]);
        assert_eq!(faults("[serve]\ngone = 'old.xml'\n"), ["`old.xml` is not a path"]);
        assert_eq!(faults("[redirects]\n'old.xml' = '/a'\n"), ["`old.xml` is not a path"]);
        for to in ["a.xml", "//example.org/", "javascript:x", ""] {
            assert_eq!(
                faults(&format!("[redirects]\n'/a' = '{to}'\n")),
                [format!("`{to}` is neither a path nor an absolute URL")]
            );
        }
        assert_eq!(faults("[redirects]\n'/a' = 1\n").len(), 1);
    }
}
