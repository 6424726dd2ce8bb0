//! Pelican's addresses in braces: the kinds of content that a path may name.

use super::scan::Scan;

impl<'t> Scan<'t, '_, '_, '_> {
    /// `{static}/a.png`, `{filename}b.md`, `|filename|b.md`, in addresses.
    pub(super) fn pelican(&mut self, rest: &'t str) {
        const WORDS: &[(&str, &str)] = &[
            ("static", ""),
            ("filename", ""),
            ("attach", ""),
            ("index", "/"),
            ("tag", "/tag/"),
            ("category", "/category/"),
            ("author", "/author/"),
        ];
        let found = WORDS.iter().find_map(|(word, path)| {
            let inner = rest.strip_prefix(['{', '|'])?.strip_prefix(word)?;
            inner.starts_with(if rest.starts_with('{') { '}' } else { '|' }).then_some((word, path))
        });
        let Some((word, path)) = found else { return };
        let follows = self.out.ends_with(['(', '"', '\'', '<', '=']) || self.out.ends_with("]: ");
        if !follows {
            return;
        }
        self.at += word.len() + 2;
        // These are paths from the site's root. An article is found by the path of its file instead.
        if *word != "filename" && (!path.is_empty() || self.text[self.at..].starts_with('/')) {
            self.out.push_str(self.surroundings.home.path().trim_end_matches('/'));
        }
        self.out.push_str(path);
    }
}
