//! Facts from a file's name and folders: slug, section, language, date, and whether it is an article at all.

use super::Conventions;
use super::date::{self, Stated};
use crate::content::Markup;
use crate::generator::{Site, SlugCase};

/// Facts that a path states.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) markup: Markup,
    /// Without extension, language and date; spaces are dashes. Never empty, and a single safe part of an address.
    pub(super) slug: String,
    /// The name without extension, language and date, as written.
    pub(super) stem: String,
    pub(super) section: String,
    pub(super) bundle: bool,
    /// A section's page, a page of the site.
    pub(super) page: bool,
    /// It lies among the drafts.
    pub(super) draft: bool,
    pub(super) language: Option<String>,
    pub(super) date: Option<Stated>,
}

/// Reads the path of an article, relative to the articles' folder. A folder is a language only where the publication or
/// its site says so; the end of a name is one wherever it is a known one, unless the site has others.
pub(super) fn read(name: &str, conventions: &Conventions, site: Option<&Site>) -> Named {
    let site = site.filter(|site| site.is_configured());
    let is_stated =
        |word: &str| conventions.is_language(word) || site.is_some_and(|site| site.is_language(word));
    let is_language = |word: &str| site.is_none() || is_stated(word);
    let rules = &conventions.dialect.rules().names;
    let mut folders: Vec<&str> = name.split('/').filter(|part| !part.is_empty()).collect();
    let file = folders.pop().unwrap_or_default();
    let (base, extension) = file.rsplit_once('.').filter(|(base, _)| !base.is_empty()).unwrap_or((file, ""));
    let markup = markup(extension);
    let suffix = base.rsplit_once('.').map(|(_, suffix)| suffix);
    let (base, mut language) =
        if suffix.is_some_and(is_language) { without_language(base) } else { (base, None) };
    if let Some(first) = folders.first().filter(|first| is_stated(first))
        && let Some(folder) = language_code(first)
    {
        language = language.or(Some(folder));
        folders.remove(0);
    }
    let draft = folders.iter().any(|folder| matches!(*folder, "_drafts" | "_draft"));
    let index = base.eq_ignore_ascii_case("index");
    let underscored = base.eq_ignore_ascii_case("_index");
    let readme = base.eq_ignore_ascii_case("readme");
    let pages = folders.first().is_some_and(|folder| rules.page_folders.contains(folder));
    let home = index && folders.iter().all(|folder| folder.starts_with('_'));
    let page = underscored || readme || pages || home || base == "404";
    let bundle = index && !home;
    let in_folders = date::in_folders(name);
    let index = index || (rules.named_after_folder && folders.last() == Some(&base));
    let bundle = bundle || (index && !home);
    let own = if index || underscored { folders.pop().unwrap_or(base) } else { base };
    let at_start = date::at_start_of(own, rules.clock_times);
    let at_start = at_start.or_else(|| date::short_at_start_of(own).filter(|_| rules.short_dates));
    let (date, stem) = match at_start {
        Some((date, rest)) => (Some(date), if rest.is_empty() { own } else { rest }),
        None => (in_folders.or_else(|| date::anywhere_in(name)), own),
    };
    let slug = safe_slug(stem, rules.slug);
    let section = folders.iter().filter_map(|folder| section_part(folder)).collect::<Vec<_>>().join("/");
    Named { markup, slug, stem: stem.to_owned(), section, bundle, page, draft, language, date }
}

fn markup(extension: &str) -> Markup {
    match extension.to_ascii_lowercase().as_str() {
        "md" | "markdown" | "mdown" | "mkd" => Markup::Markdown,
        "mdx" => Markup::Mdx,
        "html" | "htm" => Markup::Html,
        _ => Markup::Text,
    }
}

/// Name of a folder in a section: `None` for `_posts` and the like; a collection of Jekyll's loses its
/// underscore.
fn section_part(folder: &str) -> Option<&str> {
    match folder {
        "_posts" | "_drafts" | "_draft" | "." | ".." => None,
        folder => Some(folder.strip_prefix('_').unwrap_or(folder)).filter(|folder| !folder.is_empty()),
    }
}

/// `post.fr` is `post` in French.
fn without_language(base: &str) -> (&str, Option<String>) {
    let Some((stem, suffix)) = base.rsplit_once('.') else { return (base, None) };
    match language_code(suffix) {
        Some(language) if !stem.is_empty() && !AMBIGUOUS_SUFFIXES.contains(&suffix) => (stem, Some(language)),
        _ => (base, None),
    }
}

/// Endings that are languages, but mean a programming language or a domain in `socket.io.md` and `main.ts.md`.
const AMBIGUOUS_SUFFIXES: &[&str] = &["io", "ts", "cs", "so", "to", "co"];

/// A language of ISO 639-1, with a region or a script if any (`zh_cn`, `pt-BR`, `zh-Hans`), as a tag.
fn language_code(text: &str) -> Option<String> {
    let (language, rest) = text.split_once(['-', '_']).unwrap_or((text, ""));
    let region = rest.len() == 2 && rest.bytes().all(|byte| byte.is_ascii_alphabetic());
    let script = rest.len() == 4 && rest.bytes().all(|byte| byte.is_ascii_alphabetic());
    let lower = language == language.to_ascii_lowercase();
    if !lower || !is_language(language) || !(rest.is_empty() && text.len() == 2 || region || script) {
        return None;
    }
    tag(text)
}

/// A language tag in its usual spelling (`zh_cn` is `zh-CN`); `None` if it is none.
pub(super) fn tag(text: &str) -> Option<String> {
    let text = text.trim();
    // `en_GB.UTF-8` is how Unix says it.
    let text = text.split(['.', '@']).next().unwrap_or(text).replace('_', "-");
    if text.len() > 64 {
        return None;
    }
    let tag = oxilangtag::LanguageTag::parse_and_normalize(&text).ok()?;
    let primary = tag.primary_language();
    let known = match primary.len() {
        2 => is_language(primary),
        3 => true,
        _ => primary.starts_with("x-"),
    };
    known.then(|| tag.into_inner())
}

/// `true` if two letters are a language of ISO 639-1.
fn is_language(code: &str) -> bool {
    code.len() == 2 && LANGUAGES.split_ascii_whitespace().any(|language| language == code)
}

const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz \
    ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv \
    ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn \
    no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te \
    tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// A slug from a file's name, in the generator's own way: never empty, and a single safe part of an address.
fn safe_slug(stem: &str, case: SlugCase) -> String {
    let mut slug = match case {
        SlugCase::Slugified => super::slugify(stem),
        SlugCase::Lower => dashed(stem).to_lowercase(),
        SlugCase::Kept => dashed(stem),
    };
    while slug.contains("..") {
        slug = slug.replace("..", ".");
    }
    let slug = slug.trim_matches(['-', '.']);
    if slug.is_empty() { "article".to_owned() } else { slug.to_owned() }
}

fn dashed(stem: &str) -> String {
    let words = stem
        .split(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '/' | '\\' | '?' | '#' | '%'));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generator::Dialect;
    use proptest::prelude::*;

    fn read(name: &str, dialect: Dialect) -> Named {
        let languages = ["zh_cn", "pt-br"].map(str::to_owned).to_vec();
        let conventions = Conventions { dialect, languages, ..Conventions::default() };
        super::read(name, &conventions, None)
    }

    fn slug_and_section(name: &str) -> (String, String) {
        let named = read(name, Dialect::Feedwright);
        (named.slug, named.section)
    }

    #[test]
    fn slug_and_section_come_from_the_path() {
        for (name, slug, section) in [
            ("hello.md", "hello", ""),
            ("news/2024/hello.md", "hello", "news/2024"),
            ("news/_posts/2024-05-06-hello.md", "hello", "news"),
            ("zh_cn/news/_posts/2024-05-06-hello.md", "hello", "news"),
            ("news/hello/index.md", "hello", "news"),
            ("news/2024-05-06-hello/index.fr.md", "hello", "news"),
            ("_recipes/soup.md", "soup", "recipes"),
            ("Rust-1.90.0.md", "Rust-1.90.0", ""),
            ("My great note.md", "My-great-note", ""),
            ("socket.io.md", "socket.io", ""),
            ("2024-05-06.md", "2024-05-06", ""),
            ("ünï/日本.md", "日本", "ünï"),
            ("../../....md", "article", ""),
            ("", "article", ""),
        ] {
            assert_eq!(slug_and_section(name), (slug.into(), section.into()), "{name}");
        }
    }

    #[test]
    fn generators_have_their_own_slugs() {
        assert_eq!(read("Rust-1.90.0.md", Dialect::Zola).slug, "rust-1-90-0");
        assert_eq!(read("Rust 1.90.0.md", Dialect::Hugo).slug, "rust-1.90.0");
        assert_eq!(read("_posts/2024-05-06-Rust.md", Dialect::Jekyll).slug, "Rust");
    }

    #[test]
    fn a_language_may_be_in_the_name_or_the_first_folder() {
        let language = |name| read(name, Dialect::Feedwright).language;
        assert_eq!(language("post.fr.md").as_deref(), Some("fr"));
        assert_eq!(language("post.zh_cn.md").as_deref(), Some("zh-CN"));
        assert_eq!(language("pt-br/news/post.md").as_deref(), Some("pt-BR"));
        assert_eq!(language("en/post.de.md").as_deref(), Some("de"));
        for name in ["post.min.md", "main.ts.md", "cs/post.md", "news/fr/post.md", "Rust-1.90.0.md"] {
            assert_eq!(language(name), None, "{name}");
        }
        let in_one = super::read("en/post.md", &Conventions::default(), None);
        assert_eq!((in_one.language, &*in_one.section), (None, "en"), "a publication in one language");
    }

    #[test]
    fn pages_are_no_articles() {
        for name in ["_index.md", "news/_index.md", "README.md", "index.html", "news/readme.md", "404.html"] {
            assert!(read(name, Dialect::Feedwright).page, "{name}");
        }
        assert!(read("pages/about.md", Dialect::Pelican).page);
        let bundle = read("hello/index.md", Dialect::Feedwright);
        assert!(bundle.bundle && !bundle.page);
        assert!(read("_drafts/idea.md", Dialect::Jekyll).draft);
    }

    #[test]
    fn tags_of_languages_are_spelt_as_usual_or_none() {
        for (written, tag_) in
            [("zh_cn", "zh-CN"), ("EN", "en"), ("en_GB.UTF-8", "en-GB"), ("sr-latn-rs", "sr-Latn-RS")]
        {
            assert_eq!(tag(written).as_deref(), Some(tag_), "{written}");
        }
        for written in ["", "english", "cn", "jp", "fr FR", "🙂"] {
            assert_eq!(tag(written), None, "{written}");
        }
    }

    proptest! {
        #[test]
        fn a_slug_is_always_one_safe_part(name in "[a-z0-9./\\\\ _é\u{0}-]{0,40}", any in ".{0,30}") {
            for name in [name, any] {
                for dialect in Dialect::ALL {
                    let slug = read(&name, *dialect).slug;
                    prop_assert!(!slug.is_empty() && !slug.contains(['/', '\\']) && !slug.contains(".."));
                    prop_assert!(!slug.chars().any(char::is_control));
                }
            }
        }
    }
}
