//! Links that open a feed in a reader.

use crate::content::address::component;
use crate::readers::READERS;

/// The name of each reader on the web with the URL that subscribes, then `app` with the `feed:` URL, which
/// opens a program that has registered that scheme. Where none has, that link does nothing, so it never
/// stands alone.
pub(super) fn links(feed: &str, app: &'static str) -> impl Iterator<Item = (&'static str, String)> {
    let encoded = component(feed);
    let on_the_web = READERS
        .iter()
        .filter_map(move |reader| Some((reader.name, format!("{}{encoded}", reader.subscribe?))));
    on_the_web.chain([(app, format!("feed:{feed}"))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_link_holds_the_whole_address_and_nothing_of_it_gets_out() {
        for (name, link) in links("https://example.org/?a=1&b=é#c", "app").filter(|(name, _)| *name != "app")
        {
            assert!(
                link.ends_with("https%3A%2F%2Fexample.org%2F%3Fa%3D1%26b%3D%C3%A9%23c"),
                "{name}: {link}"
            );
        }
    }

    #[test]
    fn an_app_gets_the_address_as_it_is() {
        let link = links("https://example.org/a%20b.xml", "app").last().unwrap();
        assert_eq!(link, ("app", "feed:https://example.org/a%20b.xml".to_owned()));
    }
}
