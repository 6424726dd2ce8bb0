//! Finds bytes in texts that hardly have any of them.

/// So many bytes are looked at together.
const BLOCK: usize = 64;

/// Where the first byte stands of which `is` holds. It is asked of whole blocks, one answer for each, which lets the
/// compiler look at many bytes at once: so it should be no more than some comparisons.
///
/// ```
/// use feedwright::content::position_of;
/// let is_control = |byte| byte < b' ';
/// assert_eq!(position_of(b"a line\n", is_control), Some(6));
/// assert_eq!(position_of(b"a line", is_control), None);
/// ```
pub fn position_of(bytes: &[u8], is: impl Fn(u8) -> bool) -> Option<usize> {
    let has_none = |block: &&[u8]| !block.iter().fold(false, |any, byte| any | is(*byte));
    let passed = bytes.chunks_exact(BLOCK).take_while(has_none).count() * BLOCK;
    let rest = bytes.get(passed..)?;
    rest.iter().position(|byte| is(*byte)).map(|at| passed + at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_first_is_found_wherever_it_stands(bytes in prop::collection::vec(any::<u8>(), 0..300), least in 200u8..) {
            let is = |byte: u8| byte >= least;
            prop_assert_eq!(position_of(&bytes, is), bytes.iter().position(|byte| is(*byte)));
        }
    }
}
