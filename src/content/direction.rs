//! The direction of a text, stated for readers that show it among texts of another one.

use super::elements::{self, LINE};
use super::tree::{Data, Tree};

/// Languages that are written from right to left, unless they name another script.
const LANGUAGES: &[&str] = &[
    "ar", "arc", "azb", "ckb", "dv", "fa", "he", "iw", "ks", "mzn", "nqo", "prs", "ps", "sd", "syr", "ug",
    "ur", "yi",
];

/// Scripts that are.
const SCRIPTS: &[&str] = &["adlm", "arab", "hebr", "nkoo", "syrc", "thaa"];

/// `true` if a language is written from right to left, by its BCP 47 tag.
pub(super) fn is_right_to_left(language: &str) -> bool {
    let tag = language.to_ascii_lowercase().replace('_', "-");
    let mut parts = tag.split('-');
    let name = parts.next().unwrap_or_default();
    match parts.find(|part| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_alphabetic())) {
        Some(script) => SCRIPTS.contains(&script),
        None => LANGUAGES.contains(&name),
    }
}

/// Says of each block of a text that it is written from right to left; code is not.
pub(super) fn state(tree: &mut Tree) {
    for node in &mut tree.nodes {
        if let (None, Data::Element(element)) = (node.parent, &mut node.data)
            && elements::is(element.name(), LINE)
            && !matches!(element.name(), "pre" | "hr")
            && !element.has("dir")
        {
            element.set("dir", "rtl");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_right_to_left;

    #[test]
    fn a_script_says_more_than_a_language() {
        for language in ["he", "ar-EG", "fa", "pa-Arab", "az_Arab"] {
            assert!(is_right_to_left(language), "{language}");
        }
        for language in ["en", "ks-Deva", "ara", "", "de-CH-1996"] {
            assert!(!is_right_to_left(language), "{language}");
        }
    }
}
