//! Files that articles name without saying where they lie, as Obsidian has it.

use std::collections::BTreeMap;

use crate::article::Dialect;
use crate::store::Listing;

/// The files of a publication by name, in the dialects that find them so; of several, the one whose path is shortest.
#[derive(Default)]
pub(super) struct Attachments {
    by_name: Option<BTreeMap<String, String>>,
}

impl Attachments {
    pub(super) fn of(listing: &Listing, dialect: Dialect) -> Self {
        if dialect != Dialect::Obsidian {
            return Self::default();
        }
        let mut by_name: BTreeMap<String, String> = BTreeMap::new();
        for file in &listing.files {
            let path = file.path.as_str();
            let name = path.rsplit('/').next().unwrap_or(path);
            let known = by_name.entry(name.to_owned()).or_insert_with(|| path.to_owned());
            if (path.len(), path) < (known.len(), known) {
                path.clone_into(known);
            }
        }
        Self { by_name: Some(by_name) }
    }

    /// `true` if attachments are also found by their bare name.
    pub(super) fn are_found_by_name(&self) -> bool {
        self.by_name.is_some()
    }

    /// The path of the file that a name means: its own, or the end of its path.
    pub(super) fn find(&self, name: &str) -> Option<&str> {
        let by_name = self.by_name.as_ref()?;
        let path = by_name.get(name.rsplit('/').next()?)?;
        let before = path.strip_suffix(name.trim_start_matches('/'))?;
        (before.is_empty() || before.ends_with('/')).then_some(path.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attachment_is_found_by_the_end_of_its_path() {
        let by_name = Some([("a.png".to_owned(), "vault/b/a.png".to_owned())].into());
        let attachments = Attachments { by_name };
        assert_eq!(attachments.find("a.png"), Some("vault/b/a.png"));
        assert_eq!(attachments.find("b/a.png"), Some("vault/b/a.png"));
        assert_eq!(attachments.find("c/a.png"), None);
        assert_eq!(attachments.find("g/a.pn"), None);
    }
}
