//! Blogger, of which only the feeds are known: <https://www.blogger.com/>.

use super::Generator;
use super::table::{atom, rss};

/// Blogger.
pub(super) static BLOGGER: Generator = Generator {
    name: "blogger",
    title: "Blogger",
    feeds: &[
        atom("", "feeds/posts/default"),
        rss("", "feeds/posts/default?alt=rss"),
        atom("", "atom.xml"),
        rss("", "rss.xml"),
        atom("tag", "feeds/posts/default/-/{}"),
    ],
    gone: &["feeds/comments/default"],
    ..Generator::PLAIN
};
