//! Former addresses: of articles, those that `[redirects]` and `gone` name, and those at which other systems serve feeds,
//! so that whoever subscribed there years ago gets ours.
//!
//! The last are what those systems do unless they are told otherwise.

use std::collections::BTreeSet;

use crate::article::slugify;
use crate::config::{Config, Dimension, address_safe};
use crate::format::{Format, PublishedFeed};
use crate::generator::{FeedPlace, Predecessor};
use crate::hosting::path::{encoded, folder_of};
use crate::publication::Redirect;

/// A former address and what is there now.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FormerUrl {
    /// A path from the root of the site, perhaps with a query, as it stands in an address.
    pub from: String,
    /// A path, or an address elsewhere; `None` where nothing will ever be again.
    pub to: Option<String>,
}

/// All that a publication has, each once: what is stated goes before what articles remember, and that before where the
/// systems that `like` names had feeds.
pub fn former(
    config: &Config,
    like: impl IntoIterator<Item = Predecessor>,
    feeds: &[PublishedFeed],
    of_articles: &[Redirect],
) -> Vec<FormerUrl> {
    let one = |from: &str, to: Option<&str>| FormerUrl { from: from.to_owned(), to: to.map(str::to_owned) };
    let stated = config.serving.redirects.iter().map(|(from, to)| one(from, Some(to)));
    let gone = config.serving.gone.iter().map(|path| one(path, None));
    let of_articles = of_articles.iter().map(|Redirect { from, to }| one(from.path(), Some(to.as_str())));
    let like: BTreeSet<Predecessor> = config.serving.like.iter().copied().chain(like).collect();
    let of_feeds = like.into_iter().flat_map(|predecessor| of(predecessor, feeds, config));
    // A feed may be where it always was.
    let of_feeds = of_feeds.filter(|former| former.to.as_ref() != Some(&former.from));
    let mut taken = BTreeSet::new();
    let all = stated.chain(gone).chain(of_articles).chain(of_feeds);
    all.filter(|former| taken.insert(former.from.clone())).collect()
}

/// Places of the publication's feeds in a former system, each once, in order.
fn of(predecessor: Predecessor, feeds: &[PublishedFeed], config: &Config) -> Vec<FormerUrl> {
    let mut found = Vec::new();
    let home = config.publication.home.path();
    for feed in feeds {
        for name in names(feed) {
            for place in places(predecessor, feed) {
                let address = place.path.replace("{}", &name);
                found.push(FormerUrl {
                    from: format!("{home}{address}"),
                    to: document(feed, place.format, config),
                });
            }
        }
    }
    found.extend(
        predecessor.rules().gone.iter().map(|path| FormerUrl { from: format!("{home}{path}"), to: None }),
    );
    found.sort();
    // Two feeds that would have had one address were one feed.
    found.dedup_by(|other, one| other.from == one.from);
    found
}

/// The feed in that format, or else in another: whoever reads one reads them all.
fn document(feed: &PublishedFeed, format: &str, config: &Config) -> Option<String> {
    let wanted = Format::ALL.into_iter().find(|known| known.name() == format);
    let wanted = wanted.and_then(|format| feed.subscription(format));
    let path = &wanted.or_else(|| feed.subscriptions().next())?.path;
    let path = path.strip_prefix(&config.feeds_folder()).unwrap_or(path);
    Some(encoded(&format!("{}{path}", folder_of(&config.feeds_url))))
}

/// Spellings of a feed's value in an address. Systems differ in how they spell one that is not a plain word.
fn names(feed: &PublishedFeed) -> Vec<String> {
    match &feed.value {
        None => vec![String::new()],
        Some((Dimension::Section | Dimension::Language, value)) => vec![encoded(value)],
        Some((_, value)) => {
            let mut names = vec![encoded(&slugify(value)), encoded(&address_safe(value)), encoded(value)];
            names.sort();
            names.dedup();
            names
        }
    }
}

/// Places of such a feed in a system. One that the author put together has no place in another system.
fn places(predecessor: Predecessor, feed: &PublishedFeed) -> impl Iterator<Item = &'static FeedPlace> {
    let of = feed.value.as_ref().map_or("", |(dimension, _)| dimension.name());
    let is_own = feed.value.is_none() && !feed.name.is_empty();
    predecessor.rules().feeds.iter().filter(move |place| !is_own && place.of == of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::format::{FeedDocument, Role};

    fn config(home: &str) -> Config {
        let file = format!(
            "[publication]\ntitle = 'A'\nhome = '{home}'\n[identity]\nauthority = 'example.org'\ndate = '2026'\n"
        );
        config::parse(&file).unwrap()
    }

    fn document(format: Format, path: String) -> FeedDocument {
        let url = "https://example.org/".parse().unwrap();
        FeedDocument { format, role: Role::Subscription, path, url }
    }

    fn feed(name: &str, value: Option<(Dimension, &str)>) -> PublishedFeed {
        let documents = [(Format::Rss, "rss.xml"), (Format::Atom, "atom.xml")];
        let path = |file: &str| {
            if name.is_empty() { format!("feeds/{file}") } else { format!("feeds/{name}/{file}") }
        };
        PublishedFeed {
            name: name.to_owned(),
            value: value.map(|(dimension, value)| (dimension, value.to_owned())),
            documents: documents.map(|(format, file)| document(format, path(file))).into(),
            ..PublishedFeed::default()
        }
    }

    fn like(name: &str) -> Predecessor {
        name.parse().unwrap()
    }

    fn found(predecessor: Predecessor, feeds: &[PublishedFeed], home: &str) -> Vec<(String, String)> {
        let former = of(predecessor, feeds, &config(home));
        let below = |to: String| to.split_once("/feeds/").map(|(_, to)| to.to_owned());
        former
            .into_iter()
            .map(|former| (former.from, former.to.and_then(below).unwrap_or_default()))
            .collect()
    }

    #[test]
    fn d7_every_system_has_its_main_feed_where_people_subscribed() {
        let main = [feed("", None)];
        for (predecessor, address, to) in [
            (like("hugo"), "/index.xml", "rss.xml"),
            (like("zola"), "/atom.xml", "atom.xml"),
            (like("zola"), "/rss.xml", "rss.xml"),
            (like("jekyll"), "/feed.xml", "atom.xml"),
            (like("pelican"), "/feeds/all.atom.xml", "atom.xml"),
            (like("eleventy"), "/feed/feed.xml", "atom.xml"),
            (like("astro"), "/rss.xml", "rss.xml"),
            (like("hexo"), "/rss2.xml", "rss.xml"),
            (like("nikola"), "/index.atom", "atom.xml"),
            (like("wordpress"), "/feed/", "rss.xml"),
            (like("wordpress"), "/feed/atom/", "atom.xml"),
            (like("wordpress"), "/?feed=rss2", "rss.xml"),
            (like("wordpress"), "/comments/feed/", ""),
            (like("ghost"), "/rss/", "rss.xml"),
            (like("blogger"), "/feeds/posts/default", "atom.xml"),
        ] {
            let found = found(predecessor, &main, "https://example.org/");
            assert!(found.contains(&(address.into(), to.into())), "{predecessor:?} {address}: {found:?}");
        }
    }

    #[test]
    fn d7_feeds_of_tags_sections_and_authors_are_found_below_the_home() {
        let feeds = [
            feed("tags/c-and-co", Some((Dimension::Tag, "C & Co"))),
            feed("news/local", Some((Dimension::Section, "news/local"))),
            feed("by/ünal", Some((Dimension::Author, "Ünal"))),
            feed("security", None),
        ];
        let home = "https://example.org/blog/";
        let wordpress = found(like("wordpress"), &feeds, home);
        assert!(wordpress.contains(&("/blog/tag/c-co/feed/".into(), "tags/c-and-co/rss.xml".into())));
        assert!(
            wordpress.contains(&("/blog/author/%C3%BCnal/feed/atom/".into(), "by/%C3%BCnal/atom.xml".into()))
        );
        assert!(!wordpress.iter().any(|(_, to)| to.starts_with("security")));
        let hugo = found(like("hugo"), &feeds, home);
        assert!(hugo.contains(&("/blog/news/local/index.xml".into(), "news/local/rss.xml".into())));
    }

    #[test]
    fn what_is_stated_goes_before_what_is_known_and_nothing_leads_to_itself() {
        let mut config = config("https://example.org/");
        config.feeds_url = "https://example.org/".parse().unwrap();
        config.serving.redirects = vec![("/index.xml".into(), "https://elsewhere.example/".into())];
        config.serving.gone = vec!["/atom.xml".into()];
        let url = |path: &str| format!("https://example.org{path}").parse().unwrap();
        let of_articles = [("/index.xml", "/a/"), ("/old/", "/new/")];
        let of_articles = of_articles.map(|(from, to)| Redirect { from: url(from), to: url(to) });
        let like = [like("hugo"), like("zola")];
        let former = former(&config, like, &[feed("", None)], &of_articles);
        let found: Vec<_> = former.iter().map(|one| (one.from.as_str(), one.to.as_deref())).collect();
        assert_eq!(
            found,
            [
                ("/index.xml", Some("https://elsewhere.example/")),
                ("/atom.xml", None),
                ("/old/", Some("https://example.org/new/")),
            ]
        );
    }

    #[test]
    fn a_feed_that_is_not_in_the_format_is_given_in_another() {
        let mut only_atom = feed("", None);
        only_atom.documents.retain(|document| document.format != Format::Rss);
        assert_eq!(
            found(like("hugo"), &[only_atom], "https://example.org/"),
            [("/index.xml".into(), "atom.xml".into())]
        );
    }
}
