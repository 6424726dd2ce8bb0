//! The facts of HTML's elements and attributes, which all passes ask here.

/// Facts of an element: any of the constants below, joined by `|`.
pub(super) type Facts = u16;

/// It survives in Miniflux, feedparser, tt-rss and Feedbin alike (or is only unwrapped, as `tbody` and `mark`), and is published.
pub(super) const PORTABLE: Facts = 1;
/// It has neither content nor an end tag.
pub(super) const VOID: Facts = 1 << 1;
/// Its end tag is often left out, so that its start tags say nothing about depth.
pub(super) const ENDS_ITSELF: Facts = 1 << 2;
/// It begins a new line in every browser.
pub(super) const LINE: Facts = 1 << 3;
/// It holds words, but no paragraphs.
pub(super) const PHRASES: Facts = 1 << 4;
/// It is there even where nothing is in it.
pub(super) const MAY_BE_EMPTY: Facts = 1 << 5;
/// Its text is no part of a summary that the author did not write.
pub(super) const SKIPPED: Facts = 1 << 6;
/// A word ends where it begins and where it ends.
pub(super) const ENDS_WORD: Facts = 1 << 7;
/// It is left out with all it holds.
pub(super) const DROPPED: Facts = 1 << 8;
/// Something was meant to happen in it, so that its author is told that it is left out.
pub(super) const ACTIVE: Facts = 1 << 9;
/// Authors write it in titles; what looks like a tag of another name is a word.
pub(super) const IN_TITLES: Facts = 1 << 10;
/// Its text is code or a script, in which a template's tags are the author's own.
pub(super) const RAW: Facts = 1 << 11;

/// Each element with its facts, and the attributes that it may have beside [`ATTRIBUTES`]; in alphabetical order.
#[rustfmt::skip]
const ELEMENTS: &[(&str, Facts, &[&str])] = &[
    ("a", PORTABLE | IN_TITLES, &["href", "hreflang"]),
    ("abbr", PORTABLE | IN_TITLES, &[]),
    ("acronym", PORTABLE | IN_TITLES, &[]),
    ("address", LINE, &[]),
    ("applet", DROPPED | ACTIVE, &[]),
    ("area", VOID | DROPPED, &[]),
    ("article", LINE, &[]),
    ("aside", PORTABLE | LINE | ENDS_WORD, &[]),
    ("audio", PORTABLE | MAY_BE_EMPTY | SKIPPED, &["src", "controls"]),
    ("b", PORTABLE | IN_TITLES, &[]),
    ("base", VOID | DROPPED, &[]),
    ("bdi", IN_TITLES, &[]),
    ("bdo", IN_TITLES, &[]),
    ("bgsound", DROPPED, &[]),
    ("big", IN_TITLES, &[]),
    ("blockquote", PORTABLE | LINE | ENDS_WORD | IN_TITLES, &["cite"]),
    ("body", ENDS_ITSELF, &[]),
    ("br", PORTABLE | VOID | ENDS_WORD, &[]),
    ("button", DROPPED | ACTIVE, &[]),
    ("caption", PORTABLE | PHRASES, &[]),
    ("center", LINE | IN_TITLES, &[]),
    ("circle", ENDS_ITSELF, &[]),
    ("cite", PORTABLE | IN_TITLES, &[]),
    ("code", PORTABLE | PHRASES | IN_TITLES | RAW, &["class"]),
    ("col", VOID, &[]),
    ("colgroup", ENDS_ITSELF, &[]),
    ("datalist", DROPPED, &[]),
    ("dd", PORTABLE | ENDS_ITSELF | LINE | MAY_BE_EMPTY | ENDS_WORD, &[]),
    ("del", PORTABLE | IN_TITLES, &["cite", "datetime"]),
    ("details", LINE, &[]),
    ("dfn", PORTABLE | IN_TITLES, &[]),
    ("dialog", LINE | DROPPED | ACTIVE, &[]),
    ("dir", LINE, &[]),
    ("div", LINE | IN_TITLES, &[]),
    ("dl", PORTABLE | LINE | ENDS_WORD, &[]),
    ("dt", PORTABLE | ENDS_ITSELF | LINE | PHRASES | MAY_BE_EMPTY | ENDS_WORD, &[]),
    ("em", PORTABLE | IN_TITLES, &[]),
    ("embed", VOID | LINE, &[]),
    ("fieldset", LINE, &[]),
    ("figcaption", PORTABLE | LINE | SKIPPED | ENDS_WORD, &[]),
    ("figure", PORTABLE | LINE | ENDS_WORD, &[]),
    ("font", IN_TITLES, &[]),
    ("footer", LINE, &[]),
    ("form", LINE, &[]),
    ("frame", ENDS_ITSELF | LINE | DROPPED, &[]),
    ("frameset", DROPPED, &[]),
    ("g", ENDS_ITSELF, &[]),
    ("h1", PORTABLE | LINE | PHRASES | SKIPPED | ENDS_WORD | IN_TITLES, &[]),
    ("h2", PORTABLE | LINE | PHRASES | SKIPPED | ENDS_WORD | IN_TITLES, &[]),
    ("h3", PORTABLE | LINE | PHRASES | SKIPPED | ENDS_WORD | IN_TITLES, &[]),
    ("h4", PORTABLE | LINE | PHRASES | SKIPPED | ENDS_WORD | IN_TITLES, &[]),
    ("h5", PORTABLE | LINE | PHRASES | SKIPPED | ENDS_WORD | IN_TITLES, &[]),
    ("h6", PORTABLE | LINE | PHRASES | SKIPPED | ENDS_WORD | IN_TITLES, &[]),
    ("head", ENDS_ITSELF | DROPPED, &[]),
    ("header", LINE, &[]),
    ("hgroup", LINE, &[]),
    ("hr", PORTABLE | VOID | LINE | ENDS_WORD, &[]),
    ("html", ENDS_ITSELF, &[]),
    ("i", PORTABLE | IN_TITLES, &[]),
    ("iframe", LINE, &[]),
    ("image", ENDS_ITSELF, &[]),
    ("img", PORTABLE | VOID | ENDS_WORD, &["src", "srcset", "sizes", "alt", "width", "height"]),
    ("input", VOID | DROPPED | ACTIVE, &[]),
    ("ins", PORTABLE | IN_TITLES, &["cite", "datetime"]),
    ("kbd", PORTABLE | IN_TITLES, &[]),
    ("keygen", DROPPED, &[]),
    ("li", PORTABLE | ENDS_ITSELF | LINE | MAY_BE_EMPTY | ENDS_WORD | IN_TITLES, &["value"]),
    ("line", ENDS_ITSELF, &[]),
    ("link", VOID | DROPPED, &[]),
    ("listing", LINE, &[]),
    ("main", LINE, &[]),
    ("map", DROPPED, &[]),
    ("mark", PORTABLE | IN_TITLES, &[]),
    ("menu", LINE, &[]),
    ("meta", VOID | DROPPED, &[]),
    ("nav", LINE, &[]),
    ("noscript", LINE, &[]),
    ("object", LINE, &[]),
    ("ol", PORTABLE | LINE | ENDS_WORD | IN_TITLES, &["start", "reversed", "type"]),
    ("optgroup", ENDS_ITSELF | DROPPED, &[]),
    ("option", ENDS_ITSELF | DROPPED, &[]),
    ("p", PORTABLE | ENDS_ITSELF | LINE | PHRASES | ENDS_WORD | IN_TITLES, &[]),
    ("param", VOID | DROPPED, &[]),
    ("path", ENDS_ITSELF, &[]),
    ("plaintext", LINE, &[]),
    ("polygon", ENDS_ITSELF, &[]),
    ("pre", PORTABLE | LINE | PHRASES | SKIPPED | ENDS_WORD | IN_TITLES | RAW, &[]),
    ("q", PORTABLE | IN_TITLES, &["cite"]),
    ("rect", ENDS_ITSELF, &[]),
    ("rp", DROPPED, &[]),
    ("s", PORTABLE | IN_TITLES, &[]),
    ("samp", PORTABLE | IN_TITLES, &[]),
    ("script", DROPPED | ACTIVE | RAW, &[]),
    ("section", LINE, &[]),
    ("select", DROPPED | ACTIVE, &[]),
    ("small", PORTABLE | IN_TITLES, &[]),
    ("source", PORTABLE | VOID, &["src", "type"]),
    ("span", IN_TITLES, &[]),
    ("strike", IN_TITLES, &[]),
    ("strong", PORTABLE | IN_TITLES, &[]),
    ("style", DROPPED | RAW, &[]),
    ("sub", PORTABLE | PHRASES | IN_TITLES, &[]),
    ("summary", LINE, &[]),
    ("sup", PORTABLE | PHRASES | IN_TITLES, &[]),
    ("svg", DROPPED, &[]),
    ("table", PORTABLE | LINE | MAY_BE_EMPTY | SKIPPED | ENDS_WORD, &[]),
    ("tbody", PORTABLE | ENDS_ITSELF | LINE | MAY_BE_EMPTY, &[]),
    ("td", PORTABLE | ENDS_ITSELF | LINE | MAY_BE_EMPTY | ENDS_WORD, &["colspan", "rowspan", "headers"]),
    ("template", DROPPED, &[]),
    ("textarea", DROPPED | ACTIVE | RAW, &[]),
    ("tfoot", PORTABLE | ENDS_ITSELF | LINE | MAY_BE_EMPTY, &[]),
    ("th", PORTABLE | ENDS_ITSELF | LINE | MAY_BE_EMPTY | ENDS_WORD, &["colspan", "rowspan", "headers", "scope", "abbr"]),
    ("thead", PORTABLE | ENDS_ITSELF | LINE | MAY_BE_EMPTY, &[]),
    ("time", PORTABLE | IN_TITLES, &["datetime"]),
    ("title", DROPPED, &[]),
    ("tr", PORTABLE | ENDS_ITSELF | LINE | MAY_BE_EMPTY | ENDS_WORD, &[]),
    ("track", VOID | DROPPED, &[]),
    ("tt", IN_TITLES, &[]),
    ("u", PORTABLE | IN_TITLES, &[]),
    ("ul", PORTABLE | LINE | ENDS_WORD | IN_TITLES, &[]),
    ("use", ENDS_ITSELF, &[]),
    ("var", PORTABLE | IN_TITLES, &[]),
    ("video", PORTABLE | MAY_BE_EMPTY | SKIPPED, &["src", "controls", "poster", "width", "height"]),
    ("wbr", VOID, &[]),
    ("xmp", LINE | RAW, &[]),
];

/// Elements that are published under another name, and that name.
const RENAMED: &[(&str, &str)] = &[("dir", "ul"), ("menu", "ul"), ("strike", "s"), ("tt", "code")];

/// Attributes that any published element may have.
pub(super) const ATTRIBUTES: &[&str] = &["dir", "lang", "title", "id"];

/// Attributes in which lazy images keep their address, the most usual first.
pub(super) const LAZY_SOURCES: &[&str] =
    &["data-src", "data-original", "data-lazy-src", "data-lazy", "data-url"];

/// Attributes that hold an address, beside those of lazy images.
const ADDRESSES: &[&str] =
    &["href", "src", "poster", "cite", "data", "longdesc", "action", "formaction", "background"];

/// Attributes that hold several addresses, each with what it is good for; those of lazy images first.
pub(super) const ADDRESS_LISTS: &[&str] = &["data-srcset", "data-lazy-srcset", "data-original-set", "srcset"];

/// `true` if any of `facts` is true of the element.
pub(super) fn is(name: &str, facts: Facts) -> bool {
    row(name).is_some_and(|(_, known, _)| known & facts != 0)
}

/// The attributes that only some published elements may have, `name` among them.
pub(super) fn own_attributes(name: &str) -> &'static [&'static str] {
    row(name).map_or(&[], |(_, _, attributes)| attributes)
}

/// The published elements, in alphabetical order.
pub(super) fn portable() -> impl Iterator<Item = &'static str> {
    ELEMENTS.iter().filter(|(_, facts, _)| facts & PORTABLE != 0).map(|(name, ..)| *name)
}

/// The name under which an element is published that readers do not know under its own.
pub(super) fn renamed(name: &str) -> Option<&'static str> {
    RENAMED.iter().find(|(old, _)| *old == name).map(|(_, new)| *new)
}

/// `true` if an element is a heading.
pub(super) fn is_heading(name: &str) -> bool {
    matches!(name.as_bytes(), [b'h', b'1'..=b'6'])
}

/// `true` if an attribute holds one address.
pub(super) fn is_address(attribute: &str) -> bool {
    ADDRESSES.contains(&attribute) || LAZY_SOURCES.contains(&attribute)
}

fn row(name: &str) -> Option<&'static (&'static str, Facts, &'static [&'static str])> {
    ELEMENTS.get(ELEMENTS.binary_search_by(|(known, ..)| (*known).cmp(name)).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_can_be_searched_for() {
        assert!(ELEMENTS.is_sorted_by_key(|(name, ..)| *name));
    }

    #[test]
    fn nothing_is_both_published_and_left_out() {
        for name in portable() {
            assert!(!is(name, DROPPED | ACTIVE), "{name}");
        }
        assert_eq!(portable().count(), 55);
    }
}
