//! Patterns for paths, in the syntax of `.gitignore`.

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Patterns in the syntax of `.gitignore`: `README.md` anywhere, `/drafts/` at the top, `**/*.tmp`,
/// `!keep.md`.
#[derive(Clone, Debug)]
pub struct Patterns {
    patterns: Gitignore,
    /// The names that are matched, where all patterns are plain names.
    names: Option<Vec<String>>,
}

impl Patterns {
    /// Reads the patterns.
    ///
    /// # Errors
    ///
    /// The first malformed pattern, such as `[z-a]`, and why.
    ///
    /// ```
    /// use feedwright::store::Patterns;
    /// let patterns = Patterns::new(["README.md", "/news/**/*.html"]).unwrap();
    /// assert!(patterns.matches("a/README.md") && patterns.matches("news/b/c.html"));
    /// assert!(!patterns.matches("news/b/c.md"));
    /// assert!(Patterns::new(["a[z-a]"]).is_err());
    /// ```
    pub fn new<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut builder = GitignoreBuilder::new("");
        let mut names = Some(Vec::new());
        for pattern in patterns {
            builder
                .add_line(None, pattern)
                .map_err(|error| format!("`{pattern}` is not a pattern: {error}"))?;
            names = names.filter(|_| is_plain(pattern));
            if let Some(names) = &mut names {
                names.push(pattern.to_owned());
            }
        }
        let patterns = builder.build().map_err(|error| error.to_string())?;
        Ok(Self { patterns, names })
    }

    /// No patterns.
    pub fn none() -> Self {
        Self { patterns: Gitignore::empty(), names: Some(Vec::new()) }
    }

    /// Tells whether a file or folder in `folder` is matched by itself, without regard to the folders it lies
    /// in.
    pub(super) fn matches_itself(&self, folder: &str, name: &str, is_folder: bool) -> bool {
        match &self.names {
            Some(names) => names.iter().any(|plain| plain == name),
            None => self.patterns.matched([folder, name].concat(), is_folder).is_ignore(),
        }
    }

    /// Tells whether a file, or a folder it lies in, is matched.
    pub fn matches(&self, path: &str) -> bool {
        self.patterns.matched_path_or_any_parents(path.trim_start_matches('/'), false).is_ignore()
    }
}

/// Tells whether a pattern matches what has that name, and nothing else.
fn is_plain(pattern: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    !pattern.is_empty() && pattern.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_match_as_the_crate_matches_them() {
        let plain = Patterns::new(["README.md", "drafts"]).unwrap();
        let other = Patterns::new(["README.md", "drafts", "*.tmp"]).unwrap();
        assert!(plain.names.is_some() && other.names.is_none());
        for (folder, name) in [
            ("", "README.md"),
            ("a/b/", "README.md"),
            ("README.md/", "x.md"),
            ("", "readme.md"),
            ("a/", "drafts"),
            ("", "README.md.txt"),
        ] {
            for is_folder in [false, true] {
                let matches =
                    [&plain, &other].map(|patterns| patterns.matches_itself(folder, name, is_folder));
                assert_eq!(matches[0], matches[1], "{folder}{name}");
            }
        }
    }
}
