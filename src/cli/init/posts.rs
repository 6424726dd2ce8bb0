//! Finds the articles that are in a folder already, where no generator is known that they belong to.

use crate::store::Store;

/// Endings of articles.
const ARTICLES: [&str; 4] = [".md", ".markdown", ".mdx", ".txt"];

/// Files that are about a project.
const ABOUT: [&str; 7] =
    ["readme", "changelog", "contributing", "license", "licence", "code_of_conduct", "security"];

/// Folders in which nobody writes.
const OTHERS: [&str; 4] = ["node_modules", "vendor", "target", "feeds"];

/// The folder with most articles: one at the top of `store`, or `.` where they lie at the top themselves; `None` where
/// there are none.
pub(super) fn folder(store: &dyn Store) -> Option<String> {
    let names = store.names("");
    let is_place = |name: &&String| {
        !name.starts_with(['.', '_']) && !OTHERS.contains(&name.as_str()) && store.has_folder(name)
    };
    let at_top = count(&names);
    let mut found: Vec<(usize, &str)> = Vec::new();
    for name in names.iter().filter(is_place) {
        let inside = store.names(name);
        let below = inside.iter().map(|inner| format!("{name}/{inner}"));
        let below: usize =
            below.filter(|path| store.has_folder(path)).map(|path| count(&store.names(&path))).sum();
        found.push((count(&inside) + below, name));
    }
    // Of several with as many, the first.
    let most = found.into_iter().rev().max_by_key(|(count, _)| *count).filter(|(count, _)| *count > 0);
    match most {
        Some((count, name)) if count >= at_top => Some(name.to_owned()),
        _ => (at_top > 0).then(|| ".".to_owned()),
    }
}

fn count(names: &[String]) -> usize {
    let is_article = |name: &&String| {
        let name = name.to_lowercase();
        let stem = name.split('.').next().unwrap_or_default();
        ARTICLES.iter().any(|ending| name.ends_with(ending)) && !ABOUT.contains(&stem)
    };
    names.iter().filter(is_article).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Memory;

    fn found(paths: &[&str]) -> Option<String> {
        folder(&Memory::new(paths.iter().map(|path| (*path, "x"))))
    }

    #[test]
    fn posts_are_found_where_most_of_them_are() {
        assert_eq!(found(&["README.md", "src/main.rs"]), None);
        assert_eq!(found(&["README.md", "posts/a.md", "notes/b.md", "notes/c.md"]).as_deref(), Some("notes"));
        assert_eq!(found(&["posts/2024/a.md", "a.md"]).as_deref(), Some("posts"));
        assert_eq!(found(&["a.md", "b.md", "docs/c.md"]).as_deref(), Some("."));
    }
}
