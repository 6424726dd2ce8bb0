//! `Accept-Encoding`: the encodings that a client accepts, and which it prefers. RFC 9110 §12.5.3.

use http::HeaderMap;
use http::header::ACCEPT_ENCODING;

use super::coding::Coding;

/// The weights of `Accept-Encoding`, in thousandths.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Accepted {
    stated: [Option<u16>; 4],
    /// The weight of `*`, for all encodings that are not named.
    others: Option<u16>,
}

impl Accepted {
    /// Without the header nothing is wanted but identity. RFC 9110 would let us take it for anything, but
    /// those who do not send it are those who cannot decode.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut accepted = Self::default();
        for line in headers.get_all(ACCEPT_ENCODING) {
            for item in line.as_bytes().split(|byte| *byte == b',') {
                accepted.add(item);
            }
        }
        accepted
    }

    /// From 0 to 1000. At 0 a coding is not acceptable; but for identity, which is never refused: a feed that
    /// is not encoded as wished is better than none, and §12.4.1 lets us disregard a wish that we cannot
    /// fulfil.
    pub(super) fn weight(self, coding: Coding) -> u16 {
        self.stated[coding as usize].or(self.others).unwrap_or_default()
    }

    /// Adds an item of the list. One that is malformed is ignored.
    fn add(&mut self, item: &[u8]) {
        let mut parts = item.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
        let name = parts.next().unwrap_or_default();
        let Some(weight) = weight(parts) else { return };
        if name == b"*" {
            self.others = Some(weight);
        } else if let Some(coding) = coding(name) {
            self.stated[coding as usize] = Some(weight);
        }
    }
}

fn coding(name: &[u8]) -> Option<Coding> {
    let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
    if is("gzip") || is("x-gzip") {
        Some(Coding::Gzip)
    } else if is("br") {
        Some(Coding::Brotli)
    } else if is("zstd") {
        Some(Coding::Zstd)
    } else {
        is("identity").then_some(Coding::Identity)
    }
}

/// Of the parameter `q`; without one it is 1.
fn weight<'a>(parameters: impl Iterator<Item = &'a [u8]>) -> Option<u16> {
    for parameter in parameters {
        let mut sides = parameter.splitn(2, |byte| *byte == b'=').map(<[u8]>::trim_ascii);
        if sides.next().is_some_and(|name| name.eq_ignore_ascii_case(b"q")) {
            return thousandths(sides.next()?);
        }
    }
    Some(1000)
}

/// RFC 9110 §12.4.2: 0 or 1, and up to three decimals; we forgive a missing 0, and further decimals.
fn thousandths(text: &[u8]) -> Option<u16> {
    let mut halves = text.splitn(2, |byte| *byte == b'.');
    let (whole, decimals) = (halves.next()?, halves.next());
    let whole = match whole {
        b"0" => 0,
        b"" if decimals.is_some_and(|decimals| !decimals.is_empty()) => 0,
        b"1" => 1000,
        _ => return None,
    };
    let decimals = decimals.unwrap_or_default();
    if !decimals.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digit = |place: usize| decimals.get(place).map_or(0, |digit| u16::from(digit - b'0'));
    Some((whole + digit(0) * 100 + digit(1) * 10 + digit(2)).min(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of br, zstd, gzip and identity.
    fn weights(lines: &[&str]) -> [u16; 4] {
        let headers = lines.iter().map(|line| (ACCEPT_ENCODING, line.parse().unwrap())).collect();
        let accepted = Accepted::of(&headers);
        [Coding::Brotli, Coding::Zstd, Coding::Gzip, Coding::Identity].map(|coding| accepted.weight(coding))
    }

    #[test]
    fn r_ht_4_what_is_not_asked_for_is_not_given() {
        for lines in [&[][..], &[""], &["deflate"], &["gzip;q=0"], &["gzipped, x-br"], &[", ;,;q=1"]] {
            assert_eq!(weights(lines), [0, 0, 0, 0], "{lines:?}");
        }
    }

    #[test]
    fn r_ht_4_weights_are_read() {
        assert_eq!(weights(&["gzip, deflate, br, zstd"]), [1000, 1000, 1000, 0]);
        assert_eq!(weights(&["br;q=0.5,gzip;q=1.000, zstd;q=0.125,identity;q=0"]), [500, 125, 1000, 0]);
        assert_eq!(weights(&["GZIP ; Q=0.3\t,\tBr"]), [1000, 0, 300, 0]);
        assert_eq!(weights(&["gzip", "br;q=0.2"]), [200, 0, 1000, 0]);
        assert_eq!(weights(&["gzip;level=9;q=0.7"]), [0, 0, 700, 0]);
    }

    #[test]
    fn the_old_name_of_gzip_is_understood() {
        assert_eq!(weights(&["x-gzip;q=0.4"]), [0, 0, 400, 0]);
    }

    #[test]
    fn a_star_is_for_all_that_are_not_named() {
        assert_eq!(weights(&["*"]), [1000, 1000, 1000, 1000]);
        assert_eq!(weights(&["*;q=0.1, br;q=0, identity"]), [0, 100, 100, 1000]);
        assert_eq!(weights(&["gzip, *;q=0"]), [0, 0, 1000, 0]);
    }

    #[test]
    fn what_cannot_be_understood_is_taken_for_not_said() {
        for weight in ["", "x", "2", "-1", "0.5x", ".", "+0.5", "0x1", "\"1\"", "1e0", "0..5"] {
            assert_eq!(weights(&[&format!("gzip;q={weight}")])[2], 0, "{weight}");
        }
        assert_eq!(weights(&["gzip;q"])[2], 0);
        for (weight, expected) in [(".5", 500), ("0.", 0), ("1.", 1000), ("1.9", 1000), ("0.33333", 333)] {
            assert_eq!(weights(&[&format!("gzip;q={weight}")])[2], expected, "{weight}");
        }
    }
}
