//! The signs of a printer for those of a typewriter, in a text that is no markup.

use super::Flavour;

/// A title as a system's pages show it: where that system gives titles typographic quotes, dashes and an ellipsis, with
/// them.
///
/// ```
/// use feedwright::content::{Flavour, title};
/// assert_eq!(title("\"It's\" 5--6...", Flavour::Kramdown), "“It’s” 5–6…");
/// assert_eq!(title("\"It's\" 5--6...", Flavour::Goldmark), "\"It's\" 5--6...");
/// ```
pub fn title(title: &str, flavour: Flavour) -> String {
    if flavour.rules().typographic_titles { typographic(title) } else { title.to_owned() }
}

fn typographic(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut letters = text.chars().peekable();
    let mut before = ' ';
    while let Some(letter) = letters.next() {
        let opens = before.is_whitespace() || "([{–—‘“\"'".contains(before);
        let mut run = 1;
        while matches!(letter, '-' | '.') && run < 3 && letters.next_if_eq(&letter).is_some() {
            run += 1;
        }
        match (letter, run) {
            ('"', _) => out.push(if opens { '“' } else { '”' }),
            ('\'', _) if opens && letters.peek().is_some_and(|next| next.is_alphabetic()) => out.push('‘'),
            ('\'', _) => out.push('’'),
            ('-', 3) => out.push('—'),
            ('-', 2) => out.push('–'),
            ('.', 3) => out.push('…'),
            (letter, run) => (0..run).for_each(|_| out.push(letter)),
        }
        before = letter;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_open_before_words_and_close_after_them() {
        for (written, shown) in [
            ("Say \"yes\"", "Say “yes”"),
            ("(\"a\") 'b' the '90s don't", "(“a”) ‘b’ the ’90s don’t"),
            ("a---b 1-2 . ..", "a—b 1-2 . .."),
        ] {
            assert_eq!(typographic(written), shown);
        }
    }
}
