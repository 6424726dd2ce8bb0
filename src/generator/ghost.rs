//! Ghost, of which only the feeds are known: <https://ghost.org/>.

use super::Generator;
use super::table::rss;

/// Ghost.
pub(super) static GHOST: Generator = Generator {
    name: "ghost",
    title: "Ghost",
    feeds: &[rss("", "rss/"), rss("tag", "tag/{}/rss/"), rss("author", "author/{}/rss/")],
    ..Generator::PLAIN
};
