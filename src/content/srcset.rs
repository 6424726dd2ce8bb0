//! Lists of images to choose from, as in `srcset`.

use super::Surroundings;
use super::resolve::{Purpose, resolve};

/// Every candidate of a `srcset` absolute; those that cannot be are left out.
pub(super) fn absolute_list(list: &str, surroundings: &Surroundings<'_>) -> String {
    let mut candidates = Vec::new();
    for (address, descriptor) in candidates_of(list) {
        let Ok(address) = resolve(address, Purpose::Image, surroundings) else { continue };
        if !address.starts_with("http") {
            continue;
        }
        // A comma at its end would be taken for the one between candidates.
        let address = address.replace(',', "%2C");
        candidates.push(if descriptor.is_empty() { address } else { format!("{address} {descriptor}") });
    }
    candidates.join(", ")
}

/// The candidates of a `srcset`: HTML's "parse a srcset attribute", by which addresses may hold commas.
pub(super) fn candidates_of(list: &str) -> Vec<(&str, &str)> {
    let mut candidates = Vec::new();
    let mut rest = list;
    loop {
        rest = rest.trim_start_matches(|letter: char| letter.is_ascii_whitespace() || letter == ',');
        if rest.is_empty() {
            return candidates;
        }
        let end = rest.find(|letter: char| letter.is_ascii_whitespace()).unwrap_or(rest.len());
        let (address, after) = rest.split_at(end);
        let bare = address.trim_end_matches(',');
        if bare.len() < address.len() {
            candidates.push((bare, ""));
            rest = after;
            continue;
        }
        let end = after.find(',').unwrap_or(after.len());
        candidates.push((address, after[..end].trim()));
        rest = &after[end..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_may_hold_commas() {
        assert_eq!(
            candidates_of("a.png 1x, https://x.org/w_2,h_3/b.png 2x,c.png"),
            [("a.png", "1x"), ("https://x.org/w_2,h_3/b.png", "2x"), ("c.png", "")]
        );
        assert_eq!(
            candidates_of("data:image/png;base64,AA== 1x, b.png, c.png 3x"),
            [("data:image/png;base64,AA==", "1x"), ("b.png", ""), ("c.png", "3x")]
        );
        assert!(candidates_of(" , ").is_empty());
    }
}
