//! The id of an old feed as a whole, kept by the main feed: a line of `feedwright.toml`.

use crate::config::Config;
use crate::feed::Text;
use crate::format::Format;

use super::OldFeed;

/// The id that the main feed has to state to stay the same feed to its subscribers: the first one of the old feeds,
/// unless it has that already or has no Atom document to say it in.
pub fn feed_id<'a>(feeds: &'a [OldFeed], config: &Config) -> Option<&'a str> {
    let main = config.feeds.iter().find(|feed| feed.name.is_empty())?;
    let id = feeds.iter().find_map(|feed| feed.id.as_deref())?;
    let made = config.authority.tag("feed");
    let present = main.id.as_ref().map_or(made.as_str(), Text::as_str);
    let is_usable = Text::new(id).as_str() == id && !id.contains(' ');
    (main.formats.contains(&Format::Atom) && is_usable && present != id).then_some(id)
}

/// A `feedwright.toml` with that id for the main feed; `None` where its place is not plain to see.
pub fn with_feed_id(configuration: &str, id: &str) -> Option<String> {
    let line = format!("id = {}\n", serde_json::Value::from(id));
    let headings =
        || configuration.match_indices("[[feed]]").filter(|(at, _)| is_at_line(configuration, *at));
    if headings().next().is_none() {
        let end = if configuration.ends_with('\n') { "" } else { "\n" };
        return Some(format!("{configuration}{end}\n[[feed]]\nname = \"\"\n{line}"));
    }
    headings().find_map(|(at, heading)| {
        let start = at + heading.len();
        let section = configuration.get(start..)?;
        let section = section.get(..section.find("\n[").unwrap_or(section.len()))?;
        let mut lines = section.split_inclusive('\n');
        let name =
            lines.find(|line| line.split_whitespace().eq(["name", "=", "\"\""]) && line.ends_with('\n'))?;
        let has_id = section.lines().any(|line| line.trim_start().starts_with("id "));
        let place = start + offset(section, name) + name.len();
        let (before, after) = configuration.split_at_checked(place).filter(|_| !has_id)?;
        Some([before, &line, after].concat())
    })
}

fn is_at_line(text: &str, at: usize) -> bool {
    text.get(..at).is_some_and(|before| before.is_empty() || before.ends_with('\n'))
}

fn offset(text: &str, piece: &str) -> usize {
    piece.as_ptr().addr() - text.as_ptr().addr()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_goes_into_the_section_of_the_main_feed() {
        assert_eq!(
            with_feed_id("[publication]\ntitle = \"T\"", "tag:a\"b").unwrap(),
            "[publication]\ntitle = \"T\"\n\n[[feed]]\nname = \"\"\nid = \"tag:a\\\"b\"\n"
        );
        assert_eq!(
            with_feed_id(
                "[[feed]]\nname = \"news\"\n\n[[feed]]\nname = \"\"\nentries = 9\n[rules]\n",
                "urn:1"
            )
            .unwrap(),
            "[[feed]]\nname = \"news\"\n\n[[feed]]\nname = \"\"\nid = \"urn:1\"\nentries = 9\n[rules]\n"
        );
    }

    #[test]
    fn where_the_section_is_not_plain_to_see_nothing_is_changed() {
        for configuration in
            ["[[feed]]\nname = \"news\"\n", "[[feed]]\nname = \"\"\nid = \"x\"\n", "[[feed]]\nname = ''\n"]
        {
            assert_eq!(with_feed_id(configuration, "urn:1"), None, "{configuration}");
        }
    }
}
