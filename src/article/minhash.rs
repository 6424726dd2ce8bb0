//! Tells how alike two bodies are, from 32 bytes of each: what lets an article that was renamed and edited at once
//! be known again.
//!
//! A body is seen as the set of all runs of four words in it. Their hashes are dealt into 32 bins, and of each bin
//! the smallest is kept, cut to a byte (one-permutation hashing, Li, Owen and Zhang 2012; b-bit minwise hashing, Li
//! and König 2010). Two bodies agree in a bin with the probability *J* + (1 − *J*)/255, where *J* is the part that
//! both have of all runs that either has. Words are runs of letters and digits, whatever their case and the markup
//! between them; in scripts without spaces each letter is one.
//!
//! Ledgers hold minhashes: the same text always gives the same one.

/// The number of bins.
const BINS: usize = 32;

/// Bodies are one article where they agree in this part of their bins: half.
///
/// *J* is a half where every twelfth word was replaced, or where a third of the text was rewritten in one place, or
/// where it doubled. Beyond that an editor would speak of another text. Of bodies with just so much in common,
/// 58 of 100 are found; with *J* = 0.65 it is 97 of 100, and with 0.7 more than 99. Posts that share a frame but no substance
/// have a *J* of 0.2 or less and are mistaken once in 5,000 pairs; bodies that share nothing, never: 16 agreements
/// by chance have a probability below 10⁻²⁹.
const AGREEING: (u32, u32) = (1, 2);

/// Bodies whose runs fill fewer bins than this are not compared: under some twenty words there is too little to go
/// by. With twelve bins, six agree by chance in 1 of 10¹¹ pairs.
const ENOUGH: u32 = 12;

/// A body of which fewer bins agree than this part was changed to a degree that subscribers would notice.
const SAME: (u32, u32) = (9, 10);

/// The minhash of a body, and how many letters and digits it has. A bin into which nothing fell is 0.
pub(super) fn minhash(body: &str) -> ([u8; BINS], u32) {
    let mut runs = Runs { bins: [u64::MAX; BINS], words: 0 };
    let mut characters: u32 = 0;
    let mut word = NO_WORD;
    let mut at = 0;
    while let Some(&byte) = body.as_bytes().get(at) {
        let code = CODES[usize::from(byte)];
        if code != 0 {
            at += 1;
            characters = characters.wrapping_add(1);
            word = spelt(word, u64::from(code));
        } else if byte.is_ascii() {
            at += 1;
            runs.extend(std::mem::replace(&mut word, NO_WORD));
        } else {
            let Some(character) = body.get(at..).and_then(|rest| rest.chars().next()) else { break };
            at += character.len_utf8();
            let (is_word, alone) = (is_word(character), stands_alone(character));
            if alone || !is_word {
                runs.extend(std::mem::replace(&mut word, NO_WORD));
            }
            if is_word {
                characters = characters.wrapping_add(1);
                word = spelt(word, beyond_ascii(character));
            }
            if alone {
                runs.extend(std::mem::replace(&mut word, NO_WORD));
            }
        }
    }
    runs.extend(word);
    (runs.bins.map(byte_of), characters)
}

/// In how many bins two minhashes agree, of how many in which either has anything.
fn agreement(one: &[u8; BINS], other: &[u8; BINS]) -> (u32, u32) {
    let filled = one.iter().zip(other).filter(|(one, other)| **one != 0 || **other != 0);
    filled.fold((0, 0), |(agreeing, all), (one, other)| (agreeing + u32::from(one == other), all + 1))
}

/// The similarity of two bodies, in 32nds; `None` where they are not one article as far as minhashes tell.
///
/// ```
/// use feedwright::article::similarity;
/// assert_eq!(similarity(&[7; 32], &[7; 32]), Some(32));
/// assert_eq!(similarity(&[7; 32], &[8; 32]), None);
/// assert_eq!(similarity(&[0; 32], &[0; 32]), None, "nothing to go by");
/// ```
pub fn similarity(one: &[u8; BINS], other: &[u8; BINS]) -> Option<u32> {
    let (agreeing, all) = agreement(one, other);
    let enough = all >= ENOUGH && agreeing * AGREEING.1 >= all * AGREEING.0;
    enough.then(|| agreeing * 32 / all.max(1))
}

/// True if minhashes show that a text has changed noticeably, though it may be as long as before. A few words in a
/// long text pass unseen.
pub fn differs(one: &[u8; BINS], other: &[u8; BINS]) -> bool {
    let (agreeing, all) = agreement(one, other);
    all > 0 && agreeing * SAME.1 < all * SAME.0
}

/// Runs of four words, dealt into bins as they come.
struct Runs {
    bins: [u64; BINS],
    /// The last four words, in sixteen bits each, the latest lowest. None of them is 0.
    words: u64,
}

impl Runs {
    #[inline]
    fn extend(&mut self, word: u64) {
        if word == NO_WORD {
            return;
        }
        self.words = self.words << 16 | word.wrapping_mul(FACTOR) >> 48 | 1;
        if self.words >> 48 == 0 {
            return;
        }
        let run = mixed(self.words);
        // The five highest bits name one of 32 bins.
        if let Some(bin) = self.bins.get_mut((run >> 59) as usize) {
            *bin = (*bin).min(run);
        }
    }
}

/// An odd factor: the golden ratio in 64 bits.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// Spreads every bit over those above it, and the upper half of them over all.
fn mixed(hash: u64) -> u64 {
    let hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    (hash ^ (hash >> 32)).wrapping_mul(0xc4ce_b9fe_1a85_ec53)
}

/// The number of a word without letters.
const NO_WORD: u64 = 0;

/// The number of a word with a further letter. Words of up to ten letters and digits of ASCII have a number of their
/// own.
fn spelt(word: u64, letter: u64) -> u64 {
    word.rotate_left(6) ^ letter
}

/// The number of a letter of another alphabet.
fn beyond_ascii(letter: char) -> u64 {
    u64::from(u32::from(letter)).wrapping_mul(FACTOR)
}

/// 1 to 26 for a letter of ASCII of either case, 27 to 36 for a digit, 0 for any other byte.
static CODES: [u8; 256] = {
    let mut codes = [0; 256];
    let mut letter = 0;
    while letter < 26 {
        codes[(b'a' + letter) as usize] = letter + 1;
        codes[(b'A' + letter) as usize] = letter + 1;
        letter += 1;
    }
    let mut digit = 0;
    while digit < 10 {
        codes[(b'0' + digit) as usize] = digit + 27;
        digit += 1;
    }
    codes
};

/// 1 to 255 for the smallest hash of a bin, 0 for none.
fn byte_of(smallest: u64) -> u8 {
    if smallest == u64::MAX { 0 } else { u8::try_from(smallest % 255).unwrap_or_default().saturating_add(1) }
}

/// True for a character beyond the letters and digits of ASCII that is part of words: whatever is not common punctuation, since tables of
/// letters would cost more than all the rest.
fn is_word(character: char) -> bool {
    !matches!(u32::from(character), 0x00..=0xbf | 0x2000..=0x2bff | 0x3000..=0x303f | 0xfe00..=0xff0f)
}

/// Thai, Lao, Burmese, Khmer, Japanese and Chinese do not put spaces between words.
fn stands_alone(character: char) -> bool {
    matches!(
        u32::from(character),
        0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x3040..=0x30ff | 0x3400..=0x9fff | 0xf900..=0xfaff
            | 0x2_0000..=0x3_ffff
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A text of that many different words.
    fn words(count: usize, seed: usize) -> Vec<String> {
        (0..count).map(|at| format!("word{}", at * 7919 + seed * 104_729)).collect()
    }

    fn of(words: &[String]) -> [u8; BINS] {
        minhash(&words.join(" ")).0
    }

    #[test]
    fn a_text_is_like_itself_whatever_its_markup_and_line_breaks() {
        let text = words(100, 1);
        let marked = format!("# *{}*\r\n", text.join("*\r\n\r\n**"));
        assert_eq!(similarity(&of(&text), &minhash(&marked).0), Some(32));
    }

    #[test]
    fn a_text_with_a_word_in_twenty_changed_is_known_again() {
        let found = (0..50).filter(|seed| {
            let text = words(400, *seed);
            let mut edited = text.clone();
            for at in (0..400).step_by(20) {
                edited[at] = format!("other{at}");
            }
            similarity(&of(&text), &of(&edited)).is_some()
        });
        assert!(found.count() >= 47);
    }

    #[test]
    fn other_texts_are_other_texts() {
        let texts: Vec<_> = (0..200).map(|seed| of(&words(300, seed))).collect();
        for (at, one) in texts.iter().enumerate() {
            assert!(texts[at + 1..].iter().all(|other| similarity(one, other).is_none()));
        }
    }

    #[test]
    fn texts_that_share_a_frame_are_other_texts() {
        let frame = words(30, 0).join(" ");
        let mistaken = (1..200).filter(|seed| {
            let (one, _) = minhash(&format!("{frame} {}", words(70, *seed).join(" ")));
            let (other, _) = minhash(&format!("{frame} {}", words(70, seed + 1_000).join(" ")));
            similarity(&one, &other).is_some()
        });
        assert!(mistaken.count() <= 1);
    }

    #[test]
    fn chinese_is_compared_by_its_letters() {
        let text: String = (0..120_u32).map(|at| char::from_u32(0x4e00 + at * 37).unwrap()).collect();
        let edited = text.replacen('\u{4e00}', "改", 1);
        assert!(similarity(&minhash(&text).0, &minhash(&edited).0).is_some());
    }

    #[test]
    fn words_are_the_same_whatever_their_case_and_what_stands_between_them() {
        let text = "Dès l'aube, the 2nd internationalisation of Ünïcode: 日本 and สวัสดี!";
        let other = "dÈs — l’aUbE the…\n2ND *INTERNATIONALISATION*\t(of) ÜNïCODE 日 本 And ส ว ั ส ด ี"
            .replace('È', "è");
        assert_eq!(minhash(text), minhash(&other));
        assert_ne!(minhash(text).0, minhash(&text.replace("2nd", "3rd")).0);
    }

    #[test]
    fn a_few_words_are_like_nothing() {
        let (minhash, characters) = minhash("Hello, *world*.");
        assert_eq!((minhash, characters), ([0; BINS], 10));
        assert_eq!(similarity(&minhash, &minhash), None);
    }

    #[test]
    fn a_paragraph_more_is_a_difference_and_a_comma_is_none() {
        let text = words(100, 3);
        let longer = [text.clone(), words(40, 4)].concat();
        assert!(differs(&of(&text), &of(&longer)));
        assert!(!differs(&of(&text), &minhash(&text.join(", ")).0));
    }

    #[test]
    fn minhashes_stay_as_they_are_in_ledgers() {
        for (text, expected, letters) in [
            (
                "The quick brown fox jumps over the lazy dog and runs away.",
                "3f000000002200000000000000001300000000000000000000ed0022a5f80087",
                46,
            ),
            (
                "Dès l'aube, the 2nd internationalisation of Ünïcode in a text of 日本語 and of สวัสดี was done.",
                "aa3a61000000000000000020fce6000099cf00005b2a3a003b000e007d000046",
                73,
            ),
        ] {
            let (minhash, characters) = minhash(text);
            assert_eq!((blake3::Hash::from(minhash).to_hex().as_str(), characters), (expected, letters));
        }
    }

    proptest! {
        #[test]
        fn any_text_has_a_minhash(text in "\\PC*") {
            let (minhash, _) = minhash(&text);
            let _ = (similarity(&minhash, &[1; BINS]), differs(&minhash, &[1; BINS]));
        }
    }
}
