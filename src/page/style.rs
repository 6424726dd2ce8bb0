//! The style sheets: that of the page, which lies in it, and that of feeds that are opened in a browser,
//! which is a file.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::phrases::Phrases;
use crate::config::{Colour, Style};

/// Copies an address when its button is pressed. The page does without it.
pub(super) const SCRIPT: &str = include_str!("copy.js");

/// The grounds on which text stands, by day and by night, as the style sheet has them.
const DAY: [Colour; 2] = [Colour::WHITE, Colour { red: 0xf7, green: 0xf6, blue: 0xf3 }];
const NIGHT: [Colour; 2] =
    [Colour { red: 0x17, green: 0x17, blue: 0x16 }, Colour { red: 0x22, green: 0x21, blue: 0x20 }];

/// Variables of both style sheets: the colours of text and ground, and what the publication has chosen. An
/// accent that could not be read is made darker by day, and lighter by night. `root` selects the outermost
/// element.
fn variables(style: &Style, root: &str) -> String {
    let Style { accent, font, width } = style;
    let day = accent.readable_on(&DAY, Colour::BLACK);
    let night = accent.readable_on(&NIGHT, Colour::WHITE);
    let ([paper, card], [night_paper, night_card]) = (DAY, NIGHT);
    format!(
        "{root}{{color-scheme:light dark;--paper:{paper};--card:{card};--ink:#1f1d1a;--quiet:#5c5750;--line:#dcd7cf;\
         --accent:{day};--font:{font};--width:{width}}}\n\
         @media(prefers-color-scheme:dark){{{root}{{--paper:{night_paper};--card:{night_card};--ink:#ebe7e0;\
         --quiet:#aaa399;--line:#3a3733;--accent:{night}}}}}\n"
    )
}

/// The content of the `style` element of the page.
pub(super) fn of_page(style: &Style) -> String {
    variables(style, ":root") + include_str!("page.css")
}

/// The style sheet by which browsers show a feed. It knows the elements of RSS, which have no namespace, and
/// those of Atom, and shows nothing of any other. Where a namespace is the default, `:root` alone is an
/// element of that one.
pub(super) fn of_feeds(style: &Style, phrases: &Phrases) -> String {
    let Phrases { direction, feed, .. } = phrases;
    format!(
        "@charset \"utf-8\";\n@namespace \"\";\n@namespace a \"http://www.w3.org/2005/Atom\";\n{}{}\
         *|*:root{{direction:{direction}}}\n*|*:root::before{{content:\"{feed}\"}}\n",
        variables(style, "*|*:root"),
        include_str!("feeds.css")
    )
}

/// A `Content-Security-Policy` that lets in one style and one script, by their hashes, and nothing else.
pub(super) fn policy(style: &str, script: &str) -> String {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())));
    format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        hash(style),
        hash(script)
    )
}

#[cfg(test)]
mod tests {
    use super::super::phrases::ENGLISH;
    use super::*;

    #[test]
    fn a_policy_holds_the_hashes_that_browsers_compute() {
        let policy = policy("", "abc");
        assert!(policy.contains("style-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"));
        assert!(policy.contains("script-src 'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='"));
    }

    #[test]
    fn every_colour_of_the_style_sheets_can_be_read_on_every_ground() {
        let colour = |text: &str| text.parse::<Colour>().unwrap();
        for (grounds, inks) in [(DAY, ["#1f1d1a", "#5c5750"]), (NIGHT, ["#ebe7e0", "#aaa399"])] {
            for (ground, ink) in grounds.iter().flat_map(|ground| inks.map(|ink| (*ground, ink))) {
                assert!(colour(ink).contrast(ground) >= 4.5, "{ink} on {ground}");
                assert!(variables(&Style::default(), ":root").contains(ink));
            }
        }
    }

    #[test]
    fn what_is_said_of_namespaces_comes_before_everything_that_would_make_it_void() {
        let sheet = of_feeds(&Style::default(), &ENGLISH);
        let before = sheet.split_once('{').unwrap().0;
        assert_eq!((before.matches("@namespace").count(), sheet.matches("@namespace").count()), (2, 2));
        assert!(sheet.starts_with("@charset \"utf-8\";"));
        assert_eq!(sheet.matches("*|*:root").count(), sheet.matches(":root").count());
    }

    #[test]
    fn no_style_sheet_can_end_its_element() {
        assert!(!of_page(&Style::default()).contains('<') && !SCRIPT.contains('<'));
    }
}
