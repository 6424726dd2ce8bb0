//! The encodings in which a document is kept, made once.

use std::io::{self, Write as _};

use brotli::enc::BrotliEncoderParams;
use brotli::enc::backward_references::BrotliEncoderMode;
use flate2::{Compression, GzBuilder};

/// The encoding of a representation: RFC 9110 §8.4.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// Not at all.
    Identity,
    Gzip,
    Zstd,
    Brotli,
}

/// The effort that is spent on compressing a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effort {
    /// None: for a response without delay.
    Least,
    /// For a preview while writing: some ten megabytes a second, on one core.
    Fast,
    /// For publishing: half a megabyte a second, and an eighth smaller.
    #[default]
    Best,
}

impl Coding {
    /// All but identity, from the least preferred.
    ///
    /// Brotli makes text smallest. Zstandard comes close. Gzip is for everybody else: some of those who fetch
    /// for the most readers ask for nothing better.
    pub(super) const ENCODED: [Self; 3] = [Self::Gzip, Self::Zstd, Self::Brotli];

    /// As `Content-Encoding` names it, which is silent on identity.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Zstd => Some("zstd"),
            Self::Brotli => Some("br"),
        }
    }

    /// The part of its entity tags that differs from those of other encodings.
    pub(super) fn tag_suffix(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Gzip => "gz",
            Self::Zstd => "zs",
            Self::Brotli => "br",
        }
    }

    /// Encodes bytes; the same always give the same. `None` where that makes them no smaller.
    pub(super) fn encode(self, bytes: &[u8], effort: Effort) -> Option<Vec<u8>> {
        if effort == Effort::Least {
            return None;
        }
        let encoded = match self {
            Self::Identity => return None,
            Self::Gzip => gzip(bytes, effort),
            Self::Zstd => zstd(bytes, effort),
            Self::Brotli => brotli(bytes, effort),
        };
        encoded.ok().filter(|encoded| encoded.len() < bytes.len())
    }
}

/// RFC 1952: without a name, and with 0 for a time.
fn gzip(bytes: &[u8], effort: Effort) -> io::Result<Vec<u8>> {
    let level = match effort {
        Effort::Least | Effort::Fast => Compression::new(4),
        Effort::Best => Compression::best(),
    };
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), level);
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// RFC 9659: nobody need keep more than 8 MB to decode it. Levels up to 19 ask for no more.
fn zstd(bytes: &[u8], effort: Effort) -> io::Result<Vec<u8>> {
    let level = match effort {
        Effort::Least | Effort::Fast => 3,
        Effort::Best => 19,
    };
    zstd::bulk::compress(bytes, level)
}

/// RFC 7932.
fn brotli(bytes: &[u8], effort: Effort) -> io::Result<Vec<u8>> {
    let quality = match effort {
        Effort::Least | Effort::Fast => 5,
        Effort::Best => 11,
    };
    let mode = BrotliEncoderMode::BROTLI_MODE_TEXT;
    let params =
        BrotliEncoderParams { quality, mode, size_hint: bytes.len(), ..BrotliEncoderParams::default() };
    let mut encoded = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut encoded, &params)?;
    Ok(encoded)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use proptest::prelude::*;

    use super::*;

    fn decoded(coding: Coding, bytes: &[u8]) -> Vec<u8> {
        let mut decoded = Vec::new();
        match coding {
            Coding::Identity => return bytes.to_vec(),
            Coding::Gzip => flate2::read::GzDecoder::new(bytes).read_to_end(&mut decoded).unwrap(),
            Coding::Zstd => return zstd::stream::decode_all(bytes).unwrap(),
            Coding::Brotli => brotli::Decompressor::new(bytes, 4096).read_to_end(&mut decoded).unwrap(),
        };
        decoded
    }

    #[test]
    fn r_ht_4_gzip_bears_no_time_no_name_and_no_system() {
        let encoded = Coding::Gzip.encode(&[b'a'; 100], Effort::Fast).unwrap();
        assert_eq!(encoded[..8], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
        assert_eq!(encoded[9], 255);
    }

    #[test]
    fn r_ht_4_what_does_not_get_smaller_is_not_kept() {
        let mut noise = [0; 100];
        blake3::Hasher::new().finalize_xof().fill(&mut noise);
        for coding in Coding::ENCODED {
            for bytes in [&b""[..], b"a", b"<rss/>", &noise] {
                assert_eq!(coding.encode(bytes, Effort::Best), None, "{coding:?} {bytes:?}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn r_ht_4_whatever_is_encoded_is_decoded_to_the_same(
            piece in prop::collection::vec(any::<u8>(), 1..200),
            times in 0..40_usize,
            effort in prop::sample::select(vec![Effort::Fast, Effort::Best]),
        ) {
            let bytes = piece.repeat(times);
            for coding in Coding::ENCODED {
                let Some(encoded) = coding.encode(&bytes, effort) else { continue };
                prop_assert_eq!(decoded(coding, &encoded), &*bytes, "{:?}", coding);
                prop_assert_eq!(coding.encode(&bytes, effort), Some(encoded), "{:?}", coding);
            }
        }
    }
}
