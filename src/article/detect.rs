//! Which generator a publication's articles were written for, from the configuration that lies beside them, and else
//! from the articles themselves.

use super::dialect::Dialect;
use super::front_matter::lines;

/// Recognises a dialect. `root` are the names of the files and folders of the publication's folder (those of a
/// configuration with their text, where it is at hand), `samples` some articles: their names and how they begin.
/// Gives the dialect and by what it was recognised, to be shown to the author.
///
/// ```
/// use feedwright::article::{Dialect, detect};
/// let root = [("hugo.toml", None), ("content", None)];
/// let (dialect, reason) = detect(&root, std::iter::empty());
/// assert_eq!((dialect, reason.as_str()), (Dialect::Hugo, "`hugo.toml`"));
/// ```
pub fn detect<'a>(
    root: &[(&str, Option<&str>)],
    samples: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> (Dialect, String) {
    by_configuration(root).unwrap_or_else(|| by_articles(samples))
}

fn by_configuration(root: &[(&str, Option<&str>)]) -> Option<(Dialect, String)> {
    // What only one generator has comes before what several have.
    const CERTAIN: &[(&str, Dialect)] = &[
        ("zola.toml", Dialect::Zola),
        ("hugo.", Dialect::Hugo),
        ("config/_default/hugo.", Dialect::Hugo),
        (".eleventy.", Dialect::Eleventy),
        ("eleventy.config.", Dialect::Eleventy),
        ("astro.config.", Dialect::Astro),
        ("pelicanconf.py", Dialect::Pelican),
        ("_config.hexo.yml", Dialect::Hexo),
        (".obsidian", Dialect::Obsidian),
    ];
    let named = |start: &str| {
        root.iter().map(|(name, _)| name.trim_end_matches('/')).find(|name| {
            *name == start || (start.ends_with('.') && name.starts_with(start) && !name.contains(".md"))
        })
    };
    for (start, dialect) in CERTAIN {
        if let Some(name) = named(start) {
            return Some((*dialect, format!("`{name}`")));
        }
    }
    root.iter().find_map(|(name, text)| {
        let dialect = by_text(name, text.unwrap_or_default(), root)?;
        Some((dialect, format!("`{name}`")))
    })
}

fn by_text(name: &str, text: &str, root: &[(&str, Option<&str>)]) -> Option<Dialect> {
    let has =
        |key: &str| lines(text, 0).take(2_000).any(|line| line.text(text).trim_start().starts_with(key));
    let beside = |start: &str| root.iter().any(|(name, _)| name.trim_end_matches('/').starts_with(start));
    match name {
        "config.toml" if has("base_url") => Some(Dialect::Zola),
        "config.toml" | "config.yaml" | "config.yml" | "config.json"
            if has("baseURL") || has("baseurl") || has("baseUrl") || has("\"baseURL\"") =>
        {
            Some(Dialect::Hugo)
        }
        "_config.yml" | "_config.yaml" => {
            let hexo =
                beside("source/_posts") || beside("scaffolds") || has("source_dir") || has("new_post_name");
            Some(if hexo { Dialect::Hexo } else { Dialect::Jekyll })
        }
        "conf.py" if text.contains("BLOG_TITLE") || text.to_lowercase().contains("nikola") => {
            Some(Dialect::Nikola)
        }
        "package.json" if text.contains("\"@11ty/eleventy\"") => Some(Dialect::Eleventy),
        "package.json" if text.contains("\"astro\"") => Some(Dialect::Astro),
        "package.json" if text.contains("\"hexo\"") => Some(Dialect::Hexo),
        "Gemfile" if text.contains("jekyll") => Some(Dialect::Jekyll),
        _ => None,
    }
}

/// How many articles are looked at.
const SAMPLES: usize = 50;

fn by_articles<'a>(samples: impl IntoIterator<Item = (&'a str, &'a str)>) -> (Dialect, String) {
    let mut count = 0;
    // In the order in which the signs are seen, so that a tie has one answer.
    let mut signs: Vec<(Dialect, &'static str, usize)> = Vec::new();
    for (name, head) in samples.into_iter().take(SAMPLES) {
        count += 1;
        let Some((dialect, why)) = sign(name, head) else { continue };
        match signs.iter_mut().find(|(known, ..)| *known == dialect) {
            Some((.., times)) => *times += 1,
            None => signs.push((dialect, why, 1)),
        }
    }
    let best =
        signs.into_iter().rev().max_by_key(|(.., times)| *times).filter(|(.., times)| times * 2 >= count);
    match best {
        Some((dialect, why, _)) => (dialect, format!("articles with {why}")),
        None => (Dialect::Feedwright, "no sign of another generator".to_owned()),
    }
}

/// What in an article only one generator would have.
fn sign(name: &str, head: &str) -> Option<(Dialect, &'static str)> {
    let head = head.trim_start_matches('\u{feff}').trim_start();
    let block: Vec<&str> = lines(head, 0).take(60).map(|line| line.text(head)).collect();
    let starts = |start: &str| block.iter().any(|line| line.starts_with(start));
    let first = block.first().map(|line| line.trim_end()).unwrap_or_default();
    match first {
        "+++" if starts("[taxonomies]") || starts("[extra]") || starts("path =") => {
            return Some((Dialect::Zola, "`[taxonomies]`, `[extra]` or `path`"));
        }
        "+++" if starts("[params]") || starts("tags =") || starts("categories =") || starts("draft =") => {
            return Some((Dialect::Hugo, "front matter in `+++`"));
        }
        _ => {}
    }
    if starts(".. title:") {
        return Some((Dialect::Nikola, "`.. title:`"));
    }
    if first.starts_with("Title: ") && super::header::pelican(head, false).is_some() {
        return Some((Dialect::Pelican, "`Title:` headers"));
    }
    if first == "---" && starts("pubDate:") {
        return Some((Dialect::Astro, "`pubDate`"));
    }
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    if folder == "_posts" || folder.ends_with("/_posts") {
        let dated =
            name.rsplit('/').next().is_some_and(|file| super::date::at_start_of(file, false).is_some());
        return Some(if dated {
            (Dialect::Jekyll, "dated names in `_posts`")
        } else {
            (Dialect::Hexo, "`_posts`")
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::iter::empty;

    #[test]
    fn a_configuration_file_decides() {
        for (name, text, dialect) in [
            ("hugo.yaml", "", Dialect::Hugo),
            ("config.toml", "base_url = \"https://example.org\"", Dialect::Zola),
            ("config.toml", "baseURL = \"https://example.org\"", Dialect::Hugo),
            ("_config.yml", "title: x\nbaseurl: ''", Dialect::Jekyll),
            ("_config.yml", "title: x\nnew_post_name: :title.md", Dialect::Hexo),
            (".eleventy.js", "", Dialect::Eleventy),
            ("eleventy.config.mjs", "", Dialect::Eleventy),
            ("astro.config.mjs", "", Dialect::Astro),
            ("pelicanconf.py", "", Dialect::Pelican),
            ("conf.py", "BLOG_TITLE = 'x'", Dialect::Nikola),
            (".obsidian/", "", Dialect::Obsidian),
        ] {
            assert_eq!(detect(&[(name, Some(text))], empty()).0, dialect, "{name}");
        }
        assert_eq!(detect(&[("conf.py", Some("project = 'Sphinx'"))], empty()).0, Dialect::Feedwright);
        assert_eq!(detect(&[("_config.yml", None), ("source/_posts", None)], empty()).0, Dialect::Hexo);
    }

    #[test]
    fn articles_decide_where_there_is_no_configuration() {
        for (name, head, dialect) in [
            ("a.md", "+++\ntitle = \"x\"\n[taxonomies]\n", Dialect::Zola),
            ("a.md", "+++\ntitle = \"x\"\ndraft = true\n", Dialect::Hugo),
            ("a.txt", ".. title: x\n", Dialect::Nikola),
            ("a.md", "Title: x\nDate: 2024-05-06\n\n", Dialect::Pelican),
            ("a.md", "---\ntitle: x\npubDate: 2024-05-06\n---\n", Dialect::Astro),
            ("_posts/2024-05-06-a.md", "---\ntitle: x\n---\n", Dialect::Jekyll),
            ("_posts/a.md", "---\ntitle: x\n---\n", Dialect::Hexo),
            ("a.md", "---\ntitle: x\n---\n", Dialect::Feedwright),
        ] {
            assert_eq!(detect(&[], [(name, head)]).0, dialect, "{head}");
        }
        let mixed = [("a.txt", ".. title: x\n"), ("b.md", "# b"), ("c.md", "# c")];
        assert_eq!(detect(&[], mixed).0, Dialect::Feedwright);
    }
}
