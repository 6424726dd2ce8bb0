//! Finds the web addresses that people write into running text.

use url::Url;

/// A part of a text: words, or an address.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Words(&'a str),
    Address { text: &'a str, href: String },
}

/// The text in pieces; all of it, in order. Mail addresses stay words, so that nobody's is made easier to collect.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut said = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find(['h', 'H', 'w', 'W']) {
        let start = at + found;
        at = start + 1;
        if !text[said..start].chars().next_back().is_none_or(may_precede) {
            continue;
        }
        let Some((length, href)) = address(&text[start..]) else { continue };
        if said < start {
            pieces.push(Piece::Words(&text[said..start]));
        }
        at = start + length;
        said = at;
        pieces.push(Piece::Address { text: &text[start..at], href });
    }
    if said < text.len() {
        pieces.push(Piece::Words(&text[said..]));
    }
    pieces
}

fn may_precede(before: char) -> bool {
    !before.is_ascii_alphanumeric() && !"/@.-+=#?&%_".contains(before)
}

/// The length of the address that `text` begins with, and the address itself.
fn address(text: &str) -> Option<(usize, String)> {
    let starts =
        |prefix: &str| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    let scheme = ["https://", "http://", "www."].into_iter().find(|prefix| starts(prefix))?;
    let end = text.find(ends_address).unwrap_or(text.len());
    let found = without_punctuation(&text[..end]);
    if !found[scheme.len().min(found.len())..]
        .starts_with(|first: char| first.is_alphanumeric() || first == '[')
    {
        return None;
    }
    let href = if scheme == "www." { format!("https://{found}") } else { found.to_owned() };
    let url = Url::parse(&href).ok()?;
    let host = url.host_str()?;
    (scheme != "www." || host.matches('.').count() > 1).then_some((found.len(), href))
}

/// `true` for a character that no address contains as people write it: white space, quotes and brackets of
/// any script.
fn ends_address(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || "<>\"`\\^{}|".contains(letter)
        || matches!(letter, '\u{2018}'..='\u{201F}' | '\u{3000}'..='\u{3011}' | '\u{300c}'..='\u{301f}' | '\u{ff00}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '«' | '»' | '…')
}

/// Without the punctuation of the sentence round it; a closing bracket belongs to the address if it was opened
/// there.
fn without_punctuation(mut address: &str) -> &str {
    let mut unopened = address.matches(')').count().saturating_sub(address.matches('(').count());
    loop {
        let Some(last) = address.chars().next_back() else { return address };
        let goes = match last {
            ')' if unopened > 0 => {
                unopened -= 1;
                true
            }
            _ => ".,;:!?'*_~]".contains(last),
        };
        if !goes {
            return address;
        }
        address = &address[..address.len() - last.len_utf8()];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(text: &str) -> Vec<String> {
        let only = |piece| match piece {
            Piece::Address { href, .. } => Some(href),
            Piece::Words(_) => None,
        };
        pieces(text).into_iter().filter_map(only).collect()
    }

    #[test]
    fn punctuation_of_the_sentence_is_not_part_of_an_address() {
        assert_eq!(
            addresses("See https://example.org/a_(b), or (http://x.org/y)."),
            ["https://example.org/a_(b)", "http://x.org/y"]
        );
        assert_eq!(addresses("「https://例え.jp/道」へ"), ["https://例え.jp/道"]);
    }

    #[test]
    fn only_what_looks_like_an_address_becomes_one() {
        assert!(addresses("http:// https://. www. me@www.example.org xhttps://x.org www.x http").is_empty());
        assert_eq!(addresses("www.example.org"), ["https://www.example.org"]);
    }

    #[test]
    fn no_word_is_lost() {
        let text = "a http://x.org, b www.x.org/é) c";
        let whole: String = pieces(text)
            .iter()
            .map(|piece| match piece {
                Piece::Words(text) | Piece::Address { text, .. } => *text,
            })
            .collect();
        assert_eq!(whole, text);
    }
}
