//! Redirects from former URLs of feeds and articles.

use std::collections::BTreeSet;

use url::Url;

use super::super::redirects::{RedirectFormat, decoded, listed, quotable};
use super::HostFormat;
use super::files::FileHeaders;
use crate::config::Config;
use crate::format::PublishedFeed;
use crate::publication::Redirect;
use crate::serve;

/// Former URLs of the site.
pub(super) struct FormerUrls {
    /// Those that differ by path, in order.
    redirects: Vec<Redirect>,
    /// Those that differ by query too.
    by_query: Vec<Redirect>,
    /// Paths that are gone permanently.
    gone: Vec<String>,
}

impl FormerUrls {
    /// Those of `[redirects]`, of `gone` and `like` in `[serve]`, and of articles, except where a file is
    /// served now.
    pub(super) fn of(
        config: &Config,
        feeds: &[PublishedFeed],
        files: &FileHeaders,
        of_articles: &[Redirect],
    ) -> Self {
        let home = &config.publication.home;
        let (mut found, mut gone) = (Vec::new(), Vec::new());
        for serve::FormerUrl { from, to } in serve::former(config, [], feeds, of_articles) {
            match to {
                Some(to) => found.extend(home.join(&from).ok().zip(home.join(&to).ok())),
                None => gone.push(from),
            }
        }
        let found = found.into_iter().map(|(from, to)| Redirect { from, to });
        let present = files.single.iter().map(|file| file.path.clone());
        let present = present.chain(
            feeds.iter().flat_map(|feed| &feed.documents).map(|document| document.url.path().to_owned()),
        );
        let mut taken: BTreeSet<String> = present.filter_map(|path| decoded(&path)).collect();
        let is_by_query = |redirect: &Redirect| redirect.from.query().is_some();
        let (mut by_query, mut redirects): (Vec<_>, Vec<_>) = found.partition(is_by_query);
        redirects.retain(|redirect| decoded(redirect.from.path()).is_some_and(|path| taken.insert(path)));
        gone.retain(|path| decoded(path).is_some_and(|path| taken.insert(path)));
        redirects.sort();
        by_query.sort();
        by_query.dedup_by(|other, one| other.from == one.from);
        Self { redirects, by_query, gone }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.redirects.is_empty() && self.by_query.is_empty() && self.gone.is_empty()
    }

    /// The configuration of the server, without what it cannot express.
    pub(super) fn listed(&self, format: HostFormat) -> String {
        let mut text = match format {
            HostFormat::Netlify => self.by_query.iter().filter_map(netlify).collect(),
            HostFormat::Cloudflare => String::new(),
            HostFormat::Nginx => self.by_query.iter().map(nginx).collect(),
            HostFormat::Caddy => self.by_query.iter().enumerate().map(caddy).collect(),
        };
        text += &match format {
            HostFormat::Netlify | HostFormat::Cloudflare => listed(RedirectFormat::Netlify, &self.redirects),
            HostFormat::Nginx => listed(RedirectFormat::Nginx, &self.redirects),
            HostFormat::Caddy => listed(RedirectFormat::Caddy, &self.redirects),
        };
        let gone = self.gone.iter().filter_map(|path| match format {
            HostFormat::Netlify | HostFormat::Cloudflare => None,
            HostFormat::Nginx => {
                let path = quotable(&decoded(path)?);
                Some(format!("location = \"{path}\" {{ return 410; }}\n"))
            }
            HostFormat::Caddy => Some(format!("respond {} 410\n", plain(path))),
        });
        text.extend(gone);
        text
    }
}

/// A path on the same site, an absolute URL on another.
fn target(redirect: &Redirect) -> &str {
    let Redirect { from, to } = redirect;
    if from.origin() == to.origin() { &to[url::Position::BeforePath..] } else { to.as_str() }
}

/// Path and query as in a request.
fn asked(from: &Url) -> &str {
    &from[url::Position::BeforePath..url::Position::AfterQuery]
}

/// `/ feed=rss2 /feeds/rss.xml 301`; a query of several parts has several columns.
fn netlify(redirect: &Redirect) -> Option<String> {
    let query = redirect.from.query()?.replace('&', " ");
    let is_plain = query.split(' ').all(|part| part.contains('=') && !part.contains([':', '*']));
    let path = redirect.from.path().replace('*', "%2A").replace(':', "%3A");
    is_plain.then(|| format!("{path} {query} {} 301\n", target(redirect)))
}

fn nginx(redirect: &Redirect) -> String {
    let quoted = |text: &str| text.replace('\\', "%5C").replace('"', "%22").replace('$', "%24");
    let (from, to) = (quoted(asked(&redirect.from)), quoted(target(redirect)));
    format!("if ($request_uri = \"{from}\") {{ return 301 \"{to}\"; }}\n")
}

fn caddy((number, redirect): (usize, &Redirect)) -> String {
    let (from, to) = (asked(&redirect.from).replace(['`', '"', '\\'], ""), plain(target(redirect)));
    format!("@former{number} expression `{{uri}} == \"{from}\"`\nredir @former{number} {to} permanent\n")
}

/// The text with Caddy's special characters encoded.
fn plain(text: &str) -> String {
    text.replace('*', "%2A")
        .replace('{', "%7B")
        .replace('}', "%7D")
        .replace('`', "%60")
        .replace('"', "%22")
        .replace(' ', "%20")
}
