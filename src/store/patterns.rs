//! Patterns for paths, in the syntax of `.gitignore`.

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Patterns in the syntax of `.gitignore`: `README.md` anywhere, `/drafts/` at the top, `**/*.tmp`, `!keep.md`.
#[derive(Clone, Debug)]
pub struct Patterns(Gitignore);

impl Patterns {
    /// Reads the patterns.
    ///
    /// # Errors
    ///
    /// The first pattern that is none, such as `[z-a]`, and why.
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
        for pattern in patterns {
            builder.add_line(None, pattern).map_err(|error| format!("`{pattern}` is no pattern: {error}"))?;
        }
        builder.build().map(Self).map_err(|error| error.to_string())
    }

    /// No patterns.
    pub fn none() -> Self {
        Self(Gitignore::empty())
    }

    /// Whether a file or folder is matched by itself, without regard to the folders it lies in.
    pub(super) fn matches_itself(&self, path: &str, is_folder: bool) -> bool {
        !self.0.is_empty() && self.0.matched(path, is_folder).is_ignore()
    }

    /// Whether a file, or a folder it lies in, is matched.
    pub fn matches(&self, path: &str) -> bool {
        self.0.matched_path_or_any_parents(path.trim_start_matches('/'), false).is_ignore()
    }
}
