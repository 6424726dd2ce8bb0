//! `WordPress`, of which only the feeds are known: <https://wordpress.org/>.

use super::Generator;
use super::table::{atom, rss};

/// `WordPress`.
pub(super) static WORDPRESS: Generator = Generator {
    name: "wordpress",
    title: "WordPress",
    feeds: &[
        rss("", "feed/"),
        rss("", "feed/rss/"),
        rss("", "feed/rss2/"),
        rss("", "feed/rdf/"),
        atom("", "feed/atom/"),
        rss("", "?feed=rss"),
        rss("", "?feed=rss2"),
        rss("", "?feed=rdf"),
        atom("", "?feed=atom"),
        rss("", "wp-rss.php"),
        rss("", "wp-rss2.php"),
        rss("", "wp-rdf.php"),
        atom("", "wp-atom.php"),
        rss("tag", "tag/{}/feed/"),
        atom("tag", "tag/{}/feed/atom/"),
        rss("category", "category/{}/feed/"),
        atom("category", "category/{}/feed/atom/"),
        rss("author", "author/{}/feed/"),
        atom("author", "author/{}/feed/atom/"),
    ],
    gone: &["comments/feed/", "comments/feed/atom/"],
    ..Generator::PLAIN
};
