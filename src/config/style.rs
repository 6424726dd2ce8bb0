//! Look of what people see in a browser: a colour, a font and a width, each checked where it is read, so that
//! none of them can end the style sheet that it stands in.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use super::Config;

/// By what browsers show feeds that are opened there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Stylesheet {
    /// Nothing.
    None,
    /// A file that builds write, below the folder of the feeds.
    Ours(String),
    /// A style sheet of the publication's own: its address, or the part of it that follows the host.
    Theirs(String),
}

impl Config {
    /// The style sheet as a document below the folder of the feeds names it: ours relative to itself, so that it is
    /// found wherever the folder is served.
    pub fn stylesheet_of(&self, document: &str) -> Option<String> {
        match &self.stylesheet {
            Stylesheet::None => None,
            Stylesheet::Ours(file) => self.feed_url(document).make_relative(&self.feed_url(file)),
            Stylesheet::Theirs(address) => Some(address.clone()),
        }
    }
}

/// Look of what people see in a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// The colour of links and buttons.
    pub accent: Colour,
    /// Families of fonts, as CSS `font-family` lists them.
    pub font: String,
    /// Greatest width of the text, as a length in CSS.
    pub width: String,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            accent: Colour { red: 0x9a, green: 0x3f, blue: 0x12 },
            font: "system-ui, sans-serif".to_owned(),
            width: "44rem".to_owned(),
        }
    }
}

/// A colour of the web: sRGB, eight bits each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they say it")]
pub struct Colour {
    pub red: u8,
    pub green: u8,
    pub blue: u8,
}

impl Colour {
    /// Black and white, with which all others contrast more or less.
    pub const BLACK: Self = Self { red: 0, green: 0, blue: 0 };
    #[expect(missing_docs, reason = "said above")]
    pub const WHITE: Self = Self { red: 255, green: 255, blue: 255 };

    /// The colour itself, or as little nearer to `end` as it must be for people to read it on all of `grounds`: a
    /// contrast of 4.5 to 1, WCAG 2.2 §1.4.3. On the way to white it first becomes as bright as its hue can be.
    ///
    /// ```
    /// use feedwright::config::Colour;
    /// let yellow: Colour = "#fd0".parse().unwrap();
    /// let readable = yellow.readable_on(&[Colour::WHITE], Colour::BLACK);
    /// assert!(readable.contrast(Colour::WHITE) >= 4.5 && yellow.contrast(Colour::WHITE) < 2.0);
    /// ```
    #[must_use]
    pub fn readable_on(self, grounds: &[Self], end: Self) -> Self {
        let is_readable = |colour: &Self| grounds.iter().all(|ground| colour.contrast(*ground) >= 4.5);
        let middle = if end == Self::WHITE { self.brightest() } else { self };
        let steps = (0..=64).map(|step| self.nearer(middle, step));
        steps.chain((0..=64).map(|step| middle.nearer(end, step))).find(is_readable).unwrap_or(end)
    }

    /// The brightest colour of the same hue.
    fn brightest(self) -> Self {
        let most = u16::from(self.red.max(self.green).max(self.blue));
        let scaled = |part: u8| match most {
            0 => u8::MAX,
            most => u8::try_from(u16::from(part) * 255 / most).unwrap_or(u8::MAX),
        };
        Self { red: scaled(self.red), green: scaled(self.green), blue: scaled(self.blue) }
    }

    /// So many sixty-fourths of the way to another.
    fn nearer(self, end: Self, step: u16) -> Self {
        let mix = |from: u8, to: u8| {
            let mixed = (u16::from(from) * (64 - step) + u16::from(to) * step) / 64;
            u8::try_from(mixed).unwrap_or(to)
        };
        Self {
            red: mix(self.red, end.red),
            green: mix(self.green, end.green),
            blue: mix(self.blue, end.blue),
        }
    }

    /// Contrast of two colours, as WCAG counts it: from 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl FromStr for Colour {
    type Err = ();

    /// `#0a5` or `#00aa55`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let digits = text.strip_prefix('#').ok_or(())?;
        let digits: Vec<u8> = digits
            .chars()
            .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect::<Option<_>>()
            .ok_or(())?;
        match *digits.as_slice() {
            [red, green, blue] => Ok(Self { red: red * 17, green: green * 17, blue: blue * 17 }),
            [r, ed, g, reen, b, lue] => {
                Ok(Self { red: r * 16 + ed, green: g * 16 + reen, blue: b * 16 + lue })
            }
            _ => Err(()),
        }
    }
}

/// `true` for names of fonts, one after the other, and nothing else.
pub(super) fn is_font(text: &str) -> bool {
    let is_name = |name: &str| {
        let name = name.trim();
        name.starts_with(char::is_alphabetic)
            && name.chars().all(|character| character.is_alphanumeric() || " -".contains(character))
    };
    text.split(',').all(is_name)
}

/// `true` for a number with one of the units that widths of text are given in.
pub(super) fn is_length(text: &str) -> bool {
    let number = ["rem", "em", "ch", "px"].iter().find_map(|unit| text.strip_suffix(unit));
    number.is_some_and(|number| {
        number.len() <= 6
            && number.starts_with(|digit: char| digit.is_ascii_digit())
            && number.ends_with(|digit: char| digit.is_ascii_digit())
            && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
            && number.matches('.').count() <= 1
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn colours_are_read_as_they_are_written() {
        for (text, written) in [("#0a5", "#00aa55"), ("#9A3F12", "#9a3f12")] {
            assert_eq!(text.parse::<Colour>().unwrap().to_string(), written);
        }
        for none in ["", "#", "0a5", "red", "#0a", "#0a5f", "#gggggg", "#0a5;", "#é5a"] {
            assert!(none.parse::<Colour>().is_err(), "{none}");
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((Colour::BLACK.contrast(Colour::WHITE) - 21.0).abs() < 0.01);
        assert!(("#777".parse::<Colour>().unwrap().contrast(Colour::WHITE) - 4.48).abs() < 0.01);
    }

    #[test]
    fn fonts_and_lengths_are_nothing_else() {
        assert!(is_font("Iowan Old Style, Noto Serif CJK, ゴシック, sans-serif"));
        for none in ["", "a,", "\"x\"", "a;b", "a}b", "url(x)", "</style>", "a\\b", "1a", "a/*"] {
            assert!(!is_font(none), "{none}");
        }
        assert!(is_length("44rem") && is_length("37.5em") && is_length("700px") && is_length("70ch"));
        for none in ["", "44", "rem", "44vw", "-1px", "1.px", ".5em", "1e9px", "1px;", "calc(1px)", "1..2em"]
        {
            assert!(!is_length(none), "{none}");
        }
    }

    proptest! {
        #[test]
        fn any_colour_becomes_readable_without_being_moved_further_than_it_must(number in 0..0x100_0000_u32) {
            let colour: Colour = format!("#{number:06x}").parse().unwrap();
            for (ground, end) in [(Colour::WHITE, Colour::BLACK), (Colour::BLACK, Colour::WHITE)] {
                let readable = colour.readable_on(&[ground], end);
                prop_assert!(readable.contrast(ground) >= 4.5);
                prop_assert!(colour.contrast(ground) < 4.5 || readable == colour);
            }
        }
    }
}
