//! Plain text out of what people write: no markup, no characters that feeds forbid, one line.

use crate::content::{one_line, plain_text, without_forbidden_characters};

/// A text in one line, without markup and without the characters that feeds forbid.
pub(super) fn plain(written: &str) -> String {
    if is_plain(written) {
        return written.to_owned();
    }
    one_line(&without_forbidden_characters(&plain_text(written)))
}

/// True for a text that is plain as it stands, as most are: words of ASCII, a space between two, nothing that may be markup.
fn is_plain(text: &str) -> bool {
    let mut before = b' ';
    let mut is_plain = |byte: u8| {
        let after_word = std::mem::replace(&mut before, byte) != b' ';
        match byte {
            b' ' => after_word,
            b'*' | b'_' | b'`' | b'[' | b'<' | b'&' | b'\\' | b'~' => false,
            byte => byte.is_ascii_graphic(),
        }
    };
    text.bytes().all(&mut is_plain) && before != b' '
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_plain_stays_as_it_is(text in "[ -~]{0,12}", any in "\\PC{0,12}|[a-z \t\n&*é\u{a0}]{0,8}") {
            for text in [text, any] {
                let slowly = one_line(&without_forbidden_characters(&plain_text(&text)));
                prop_assert_eq!(plain(&text), slowly);
            }
        }
    }
}
