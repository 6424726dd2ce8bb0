//! The beginning of an article, in the form, the place and under the name that its generator wants.

use chrono::{DateTime, SecondsFormat};
use chrono_tz::Tz;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::content::one_line;
use crate::generator::{BeginningForm, Dialect};

/// An article to be started.
#[derive(Clone, Debug)]
pub struct NewArticle<'a> {
    /// Its title, plain text.
    pub title: &'a str,
    /// When it is published, in the publication's time zone.
    pub date: DateTime<Tz>,
    /// The last part of its address: of [`slugify`], or the author's own.
    pub slug: &'a str,
    /// Its language where it is not the publication's: a BCP 47 tag.
    pub language: Option<&'a str>,
    /// True for a draft.
    pub draft: bool,
}

/// An article's file name, relative to the root of the articles (with the `_posts/` of Jekyll and Hexo), and the text
/// to write into it.
///
/// [`super::parse`] reads back what it writes: the same title, date, slug, language and draft.
pub fn write(dialect: Dialect, article: &NewArticle<'_>) -> (String, String) {
    (name(dialect, article), text(dialect, article))
}

fn name(dialect: Dialect, article: &NewArticle<'_>) -> String {
    let beginning = &dialect.rules().beginning;
    let slug = article.slug;
    if let Some(drafts) = beginning.drafts.filter(|_| article.draft) {
        return format!("{drafts}{slug}.md");
    }
    let day = if beginning.dated { article.date.format("%Y-%m-%d-").to_string() } else { String::new() };
    let suffix = match article.language.filter(|_| beginning.language_in_name) {
        Some(language) => format!(".{}", language.to_lowercase()),
        None => String::new(),
    };
    format!("{}{day}{slug}{suffix}.md", beginning.folder)
}

fn text(dialect: Dialect, article: &NewArticle<'_>) -> String {
    let title = one_line(&article.title.replace(char::is_control, " "));
    let date = article.date.to_rfc3339_opts(SecondsFormat::Secs, false);
    // Both YAML and TOML read a string of JSON.
    let quoted = serde_json::Value::String(title.clone()).to_string();
    let yaml = |date_key: &str, draft: Option<&str>| {
        let language = article.language.map(|language| format!("lang: {language}\n")).unwrap_or_default();
        let draft = draft.filter(|_| article.draft).unwrap_or_default();
        format!("---\ntitle: {quoted}\n{date_key}: {date}\n{language}{draft}---\n\n")
    };
    match dialect.rules().beginning.form {
        BeginningForm::Toml => {
            format!("+++\ntitle = {quoted}\ndate = {date}\ndraft = {}\n+++\n\n", article.draft)
        }
        BeginningForm::Yaml { date, draft } => yaml(date, draft),
        BeginningForm::KeyValue => header("", &title, &date, article) + "\n",
        BeginningForm::Commented => format!("<!--\n{}-->\n\n", header(".. ", &title, &date, article)),
    }
}

/// Header lines, each after `mark`.
fn header(mark: &str, title: &str, date: &str, article: &NewArticle<'_>) -> String {
    let pelican = mark.is_empty();
    let mut fields = vec![("title", title), ("date", date), ("slug", article.slug)];
    if let Some(language) = article.language.filter(|_| pelican) {
        fields.push(("lang", language));
    }
    if article.draft {
        fields.push(("status", "draft"));
    }
    let line = |(key, value): &(&str, &str)| match key.split_at_checked(1).filter(|_| pelican) {
        Some((initial, rest)) => format!("{}{rest}: {value}\n", initial.to_uppercase()),
        None => format!("{mark}{key}: {value}\n"),
    };
    fields.iter().map(line).collect()
}

/// A slug from a title: letters and digits of every script, in lower case, with dashes between the words.
///
/// ```
/// use feedwright::article::slugify;
/// assert_eq!(slugify("Don't panic: 日本 & Ünïcode!"), "dont-panic-日本-ünïcode");
/// ```
pub fn slugify(title: &str) -> String {
    let mut slug = String::new();
    for c in title.nfc().flat_map(char::to_lowercase).nfc() {
        // Marks carry vowels in the scripts of India.
        if c.is_alphanumeric() || (is_combining_mark(c) && !slug.is_empty() && !slug.ends_with('-')) {
            slug.push(c);
        } else if !matches!(c, '\'' | '’' | '\u{ad}' | '\u{200c}' | '\u{200d}') && !slug.ends_with('-') {
            slug.push('-');
        }
        // File systems take 255 bytes, and a date and an ending come with it.
        if slug.len() > 180 {
            break;
        }
    }
    let slug = slug.trim_matches('-');
    if slug.is_empty() { "untitled".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::{Conventions, SourceFile, Visibility, parse};
    use super::*;
    use chrono::TimeZone;
    use proptest::prelude::*;

    fn round_trip(dialect: Dialect, article: &NewArticle<'_>) -> super::super::Article {
        let (name, text) = write(dialect, article);
        let source = SourceFile { path: &name, name: &name, bytes: text.as_bytes(), ..SourceFile::default() };
        let timezone = chrono_tz::Europe::London;
        let conventions = Conventions { dialect, timezone, ..Conventions::default() };
        let (article, diagnostics) = parse(&source, &conventions);
        assert_eq!(diagnostics, [], "{dialect}");
        article
    }

    #[test]
    fn what_is_written_is_read_back() {
        // In the hour that clocks show twice, so that a lost offset would be seen.
        let date = chrono_tz::Europe::London.timestamp_opt(1_729_992_600, 0).unwrap();
        for dialect in Dialect::ALL {
            for draft in [false, true] {
                let title = "Say \"hello\": it's #1 \\ day";
                let slug = slugify(title);
                let new = NewArticle { title, date, slug: &slug, language: Some("fr"), draft };
                let article = round_trip(*dialect, &new);
                assert_eq!(article.title.as_deref(), Some(title), "{dialect}");
                assert_eq!(article.published, Some(date.to_utc()), "{dialect}");
                assert_eq!(article.slug, slug, "{dialect}");
                assert_eq!(article.language.as_deref(), Some("fr"), "{dialect}");
                let expected = if draft { Visibility::Draft } else { Visibility::Public };
                assert_eq!(article.visibility, expected, "{dialect}");
            }
        }
    }

    #[test]
    fn a_slug_keeps_the_letters_of_every_script() {
        for (title, slug) in [
            ("Hello, World!", "hello-world"),
            ("Rust 1.90.0", "rust-1-90-0"),
            ("Ünïcode E\u{301}tude", "ünïcode-étude"),
            ("हिन्दी में", "हिन्दी-में"),
            ("../../etc", "etc"),
            ("🙂", "untitled"),
            ("", "untitled"),
        ] {
            assert_eq!(slugify(title), slug);
        }
    }

    proptest! {
        #[test]
        fn any_slug_is_a_safe_part_of_an_address(title in ".{0,300}") {
            let slug = slugify(&title);
            prop_assert!(super::super::address::is_safe_part(&slug));
            prop_assert_eq!(slugify(&slug), slug);
        }
    }
}
