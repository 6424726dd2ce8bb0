//! Which generator a publication's articles were written for, from the configuration that lies beside them, and else
//! from the articles themselves.

use super::{date, header};
use crate::data::lines;
use crate::generator::{ArticlePlace, ArticleSign, Dialect, HeaderLines, RECOGNISED, recognise};

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
    let (generator, name) = recognise(root)?;
    Some((generator.dialect?, format!("`{name}`")))
}

/// Number of articles that are looked at.
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

/// The dialect that a sign in the article belongs to, and the sign: something that only one generator would
/// have. `None` where there is none.
fn sign(name: &str, head: &str) -> Option<(Dialect, &'static str)> {
    let head = head.trim_start_matches('\u{feff}').trim_start();
    let place = place(name);
    RECOGNISED.iter().find_map(|generator| {
        let is_headed =
            || generator.values.header != HeaderLines::KeyValue || header::pelican(head, false).is_some();
        let sign = generator.article_signs.iter().find(|sign| is_seen(sign, head, place) && is_headed())?;
        Some((generator.dialect?, sign.reason))
    })
}

fn is_seen(sign: &ArticleSign, head: &str, place: ArticlePlace) -> bool {
    let block = || lines(head, 0).take(60).map(|line| line.text(head));
    let starts = |line: &str| sign.lines.iter().any(|start| line.starts_with(start));
    let first = block().next().unwrap_or_default();
    // A fence is a line of its own.
    let is_first = if sign.first.ends_with(' ') || sign.first.is_empty() {
        first.starts_with(sign.first)
    } else {
        first.trim_end() == sign.first
    };
    is_first
        && (sign.lines.is_empty() || block().any(starts))
        && (sign.place == ArticlePlace::Anywhere || sign.place == place)
}

fn place(name: &str) -> ArticlePlace {
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    match folder == "_posts" || folder.ends_with("/_posts") {
        true if date::at_start_of(file, false).is_some() => ArticlePlace::DatedPosts,
        true => ArticlePlace::UndatedPosts,
        false => ArticlePlace::Anywhere,
    }
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
