//! Meaning of the shortcodes and tags of the generators, as far as a feed can say it.

use super::address::in_ascii;
use super::characters::escape;
use super::resolve::{address, article};
use super::{Surroundings, embed, plain};
use std::fmt::Write as _;

/// Meaning of a template's tag.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TagMeaning {
    /// Text or an address in the middle of the author's own.
    Inline(String),
    /// HTML: for a line of its own, and for the middle of a sentence.
    Element { block: String, inline: String },
    /// A link to an article that is not there.
    NoArticle(String),
    /// Nothing that readers should see; no loss.
    Nothing,
    /// All up to its end tag is code, in a language.
    Code(Option<String>),
    /// All up to its end tag is the author's own text, word for word.
    Verbatim,
    /// All up to its end tag is for the generator only.
    Skip { is_loss: bool },
    /// HTML before and after the tag's body, which is the author's text.
    Around { before: String, after: String },
    /// Nobody but the generator knows.
    Unknown,
}

/// A tag's name and what it was told.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) name: String,
    values: Vec<String>,
    named: Vec<(String, String)>,
}

impl Call {
    /// Reads `name value "a value" key=value key="a value"`, or `name(key="value", …)`.
    pub(super) fn parse(text: &str) -> Self {
        let text = text.trim().trim_matches('-').trim();
        let end = text.find(|letter: char| letter.is_whitespace() || letter == '(').unwrap_or(text.len());
        let (name, arguments) = text.split_at(end);
        let arguments = arguments.trim();
        let in_brackets = arguments.strip_prefix('(').map(|inner| inner.strip_suffix(')').unwrap_or(inner));
        let mut call = Self { name: name.to_owned(), ..Self::default() };
        let mut rest = in_brackets.unwrap_or(arguments);
        loop {
            rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == ',');
            if rest.is_empty() {
                return call;
            }
            let key_end = rest
                .find(|letter: char| !(letter.is_alphanumeric() || "_-.".contains(letter)))
                .unwrap_or(rest.len());
            let after_key = rest[key_end..].trim_start();
            let is_key = key_end > 0
                && after_key.starts_with(['=', ':'])
                && !after_key.starts_with("://")
                && !after_key.starts_with("==");
            if is_key {
                let key = rest[..key_end].to_ascii_lowercase();
                let (value, after) = value(after_key[1..].trim_start(), in_brackets.is_some());
                call.named.push((key, value));
                rest = after;
            } else {
                let (value, after) = value(rest, in_brackets.is_some());
                call.values.push(value);
                rest = after;
            }
        }
    }

    pub(super) fn get(&self, names: &[&str]) -> Option<&str> {
        let found = names.iter().find_map(|name| self.named.iter().find(|(key, _)| key == name));
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    fn value(&self, place: usize) -> Option<&str> {
        self.values.get(place).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    fn either(&self, names: &[&str], place: usize) -> Option<&str> {
        self.get(names).or_else(|| self.value(place))
    }
}

/// The value at the start of `text`, quoted or not, and what follows it. Always takes something.
fn value(text: &str, in_brackets: bool) -> (String, &str) {
    if let Some(quote) = text.chars().next().filter(|first| "\"'`".contains(*first)) {
        let inner = &text[1..];
        let mut is_escaped = false;
        for (at, letter) in inner.char_indices() {
            if letter == quote && !is_escaped {
                return (unescaped(&inner[..at]), &inner[at + 1..]);
            }
            is_escaped = letter == '\\' && !is_escaped;
        }
    }
    let ends = |letter: char| letter.is_whitespace() || (in_brackets && letter == ',');
    let end = text.find(ends).unwrap_or(text.len()).max(text.chars().next().map_or(0, char::len_utf8));
    (text[..end].trim_matches(['"', '\'', ',']).to_owned(), &text[end..])
}

fn unescaped(text: &str) -> String {
    text.replace("\\\"", "\"").replace("\\'", "'")
}

/// Meaning of a tag.
pub(super) fn meaning(call: &Call, surroundings: &Surroundings<'_>) -> TagMeaning {
    match call.name.to_ascii_lowercase().as_str() {
        "figure" | "img" | "image" | "imgproc" | "resize_image" | "asset_img" | "picture"
        | "image_with_class" | "figimage" => image(call),
        "youtube" | "youtube_embed" | "yt" | "lite-youtube" | "lite_youtube" => {
            film(call.either(&["id", "src", "url", "video", "v"], 0), call, embed::youtube)
        }
        "vimeo" => film(call.either(&["id", "src", "url"], 0), call, embed::vimeo),
        "gist" => gist(call),
        "tweet" | "twitter" | "x" => post(call, "https://twitter.com"),
        "instagram" => call.either(&["id", "url"], 0).map_or(TagMeaning::Unknown, |id| {
            page(&format!("https://www.instagram.com/p/{}/", embed::identifier(id)), None)
        }),
        "iframe" => call
            .either(&["src", "url"], 0)
            .map_or(TagMeaning::Unknown, |source| page(&embed::page_of(source), call.get(&["title"]))),
        "ref" | "relref" | "post_url" | "post_path" => reference(call.either(&["path"], 0), surroundings),
        "link" | "asset_path" | "asset_link" => link(call, surroundings),
        "post_link" => match reference(call.value(0), surroundings) {
            TagMeaning::Inline(address) => {
                let text = call.values.get(1..).unwrap_or_default().join(" ");
                let text = if text.is_empty() { call.value(0).unwrap_or_default().to_owned() } else { text };
                TagMeaning::Inline(format!("<a href=\"{}\">{}</a>", escape(&address), escape(&text)))
            }
            TagMeaning::NoArticle(name) => TagMeaning::NoArticle(name),
            _ => TagMeaning::Unknown,
        },
        "highlight" | "codeblock" | "code" | "prism" | "mermaid" | "highlightjs" => {
            TagMeaning::Code(language(call))
        }
        "raw" | "verbatim" | "noparse" => TagMeaning::Verbatim,
        "comment" => TagMeaning::Skip { is_loss: false },
        "for" | "capture" | "macro" | "tablerow" | "javascript" | "css" | "style" | "schema" => {
            TagMeaning::Skip { is_loss: true }
        }
        "quote" | "blockquote" | "pullquote" | "epigraph" => quote(call),
        "details" | "collapse" | "expand" | "fold" | "spoiler" => {
            let title = call.either(&["summary", "title"], 0).map(strong).unwrap_or_default();
            TagMeaning::Around { before: title, after: String::new() }
        }
        "note" | "notice" | "warning" | "tip" | "info" | "callout" | "alert" | "admonition" | "hint"
        | "caution" | "important" => {
            let title = call.get(&["title"]).map(strong).unwrap_or_default();
            TagMeaning::Around { before: format!("<blockquote>{title}"), after: "</blockquote>".into() }
        }
        "more" => TagMeaning::Element { block: "<!--more-->".into(), inline: "<!--more-->".into() },
        "toc" | "assign" | "increment" | "decrement" | "break" | "continue" | "rawhtml" | "html"
        | "katex" | "math" | "mathjax" | "markdown" | "center" | "lead" => TagMeaning::Nothing,
        // Whatever it is, a picture that it names can be shown.
        _ if call.get(&["src", "image", "img", "url", "file"]).is_some_and(is_image) => image(call),
        _ => TagMeaning::Unknown,
    }
}

/// `true` if an address is that of an image, by the ending of its path.
pub(super) fn is_image(address: &str) -> bool {
    const ENDINGS: &[&str] = &[".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif", ".bmp"];
    let path = address.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    ENDINGS.iter().any(|ending| path.ends_with(ending))
}

fn strong(title: &str) -> String {
    format!("<p><strong>{}</strong></p>", escape(title))
}

fn language(call: &Call) -> Option<String> {
    let named = call.get(&["lang", "language"]).or_else(|| {
        // Hexo's `codeblock` takes a title first, and names the language by its key.
        (!call.name.eq_ignore_ascii_case("codeblock")).then(|| call.value(0)).flatten()
    });
    let is_name = |name: &&str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-_#.".contains(&byte))
    };
    named.filter(is_name).map(str::to_owned)
}

fn image(call: &Call) -> TagMeaning {
    let mut values = call.values.iter().map(|value| value.trim()).filter(|value| !value.is_empty());
    let looks_like_file = |value: &&str| value.contains(['/', '.']);
    let source = call
        .get(&["src", "source", "path", "url", "file", "image", "img", "link_to"])
        .or_else(|| values.clone().find(looks_like_file));
    let Some(source) = source else { return TagMeaning::Unknown };
    // Hexo puts classes before the source, then sizes, then title and description in quotes; Eleventy only the last.
    let is_words = |value: &&str| {
        value.contains(' ') || !value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'%')
    };
    let said = values.by_ref().skip_while(|value| *value != source).skip(1).filter(is_words).last();
    let alt = call.get(&["alt"]).or_else(|| said.filter(|_| call.get(&["src"]).is_none()));
    let title = call.get(&["title"]);
    let (caption, credit) = (call.get(&["caption"]), call.get(&["attr"]));
    let mut tag = format!("<img src=\"{}\"", escape(source));
    for (name, value) in [
        ("alt", alt.or(caption).or(credit).or(title)),
        ("width", call.get(&["width"])),
        ("height", call.get(&["height"])),
    ] {
        if let Some(value) = value {
            let value = plain::plain_text(value);
            let _ = write!(tag, " {name}=\"{}\"", escape(&value));
        }
    }
    tag.push('>');
    if let Some(target) = call.get(&["link", "href"]) {
        tag = format!("<a href=\"{}\">{tag}</a>", escape(target));
    }
    let title = title.map(|title| format!("<strong>{}</strong>", escape(&plain::plain_text(title))));
    let caption = caption.map(|caption| escape(&plain::plain_text(caption)));
    let credit = credit.map(|credit| credit_of(credit, call.get(&["attrlink"])));
    let legend: Vec<String> = title.into_iter().chain(caption).chain(credit).collect();
    let block = if legend.is_empty() {
        format!("<p>{tag}</p>")
    } else {
        format!("<figure>{tag}<figcaption>{}</figcaption></figure>", legend.join(" "))
    };
    TagMeaning::Element { block, inline: tag }
}

/// HTML of a picture's credit, with a link to more if there is one.
fn credit_of(credit: &str, link: Option<&str>) -> String {
    let credit = escape(&plain::plain_text(credit));
    link.map_or(credit.clone(), |link| format!("<a href=\"{}\">{credit}</a>", escape(link)))
}

fn film(id: Option<&str>, call: &Call, page_of: fn(&str) -> String) -> TagMeaning {
    let Some(id) = id else { return TagMeaning::Unknown };
    let address = if id.contains("://") {
        embed::page_of(id)
    } else {
        page_of(id.split(['?', '&']).next().unwrap_or(id))
    };
    page(&address, call.get(&["title"]))
}

/// A link to the page that shows what lies at an address.
pub(super) fn linked_page(address: &str) -> TagMeaning {
    page(&embed::page_of(address), None)
}

fn page(address: &str, title: Option<&str>) -> TagMeaning {
    let inline = format!("<a href=\"{}\">{}</a>", escape(address), escape(title.unwrap_or(address)));
    TagMeaning::Element { block: format!("<p>{inline}</p>"), inline }
}

fn gist(call: &Call) -> TagMeaning {
    let parts: Vec<&str> = call.values.iter().take(2).map(String::as_str).collect();
    match parts.as_slice() {
        [] => call.get(&["url"]).map_or(TagMeaning::Unknown, |url| page(url, None)),
        [url, ..] if url.contains("://") => page(url, None),
        parts => {
            let path: Vec<String> = parts.iter().map(|part| embed::identifier(part)).collect();
            page(&format!("https://gist.github.com/{}", path.join("/")), None)
        }
    }
}

fn post(call: &Call, site: &str) -> TagMeaning {
    let first = call.either(&["url", "link"], 0).filter(|url| url.contains("://"));
    if let Some(url) = first {
        return page(url, None);
    }
    let id = call.either(&["id"], usize::from(call.values.len() > 1));
    let user = call.get(&["user"]).or_else(|| call.value(0).filter(|_| call.values.len() > 1)).unwrap_or("i");
    id.map_or(TagMeaning::Unknown, |id| {
        page(&format!("{site}/{}/status/{}", embed::identifier(user), embed::identifier(id)), None)
    })
}

fn quote(call: &Call) -> TagMeaning {
    let mut said: Vec<&str> =
        ["author", "source", "cite"].iter().filter_map(|name| call.get(&[name])).collect();
    let values = call.values.join(" ");
    if said.is_empty() && !values.trim().is_empty() {
        said.push(values.trim());
    }
    let author =
        if said.is_empty() { String::new() } else { format!("<p>— {}</p>", escape(&said.join(", "))) };
    TagMeaning::Around { before: "<blockquote>".into(), after: format!("{author}</blockquote>") }
}

/// The address of the article that is named, with the part of it that is meant.
pub(super) fn reference(name: Option<&str>, surroundings: &Surroundings<'_>) -> TagMeaning {
    let Some(name) = name else { return TagMeaning::Unknown };
    let (path, fragment) =
        name.split_once('#').map_or((name, None), |(path, fragment)| (path, Some(fragment)));
    if path.is_empty() {
        return TagMeaning::Inline(name.to_owned());
    }
    let path = path.strip_prefix("@/").unwrap_or(path);
    let name_only = path.rsplit('/').next().unwrap_or(path);
    let name_only = name_only.rsplit_once('.').map_or(name_only, |(stem, _)| stem);
    let undated = without_date(name_only).unwrap_or(name_only);
    let found = article(path, surroundings).or_else(|| article(undated, surroundings));
    match found {
        Some(mut url) => {
            if fragment.is_some() {
                url.set_fragment(fragment);
            }
            TagMeaning::Inline(in_ascii(&url).into_owned())
        }
        None => TagMeaning::NoArticle(name.to_owned()),
    }
}

/// `2024-05-06-hello` without its date.
fn without_date(name: &str) -> Option<&str> {
    let date = name.get(..11)?;
    let is_date = date
        .bytes()
        .enumerate()
        .all(|(at, byte)| if matches!(at, 4 | 7 | 10) { byte == b'-' } else { byte.is_ascii_digit() });
    name.get(11..).filter(|rest| is_date && !rest.is_empty())
}

/// Jekyll's `link` names a file; Hexo's a text and an address.
fn link(call: &Call, surroundings: &Surroundings<'_>) -> TagMeaning {
    let Some(first) = call.value(0) else { return TagMeaning::Unknown };
    if let Some(target) = call.values.iter().find(|value| value.contains("://")) {
        let text: Vec<&str> =
            call.values.iter().map(String::as_str).take_while(|value| value != target).collect();
        let text = if text.is_empty() { target.clone() } else { text.join(" ") };
        return TagMeaning::Inline(format!("<a href=\"{}\">{}</a>", escape(target), escape(&text)));
    }
    match reference(Some(first), surroundings) {
        // It may be any file of the site.
        TagMeaning::NoArticle(name) => {
            let path = name.trim_start_matches('/');
            let is_source = [".md", ".markdown", ".html"]
                .iter()
                .any(|ending| path.to_ascii_lowercase().ends_with(ending))
                || path.starts_with('_');
            match from_home(path, surroundings).filter(|_| !is_source) {
                Some(address) => TagMeaning::Inline(address),
                None => TagMeaning::NoArticle(name),
            }
        }
        meaning => meaning,
    }
}

/// The address of a path from the site's root.
pub(super) fn from_home(path: &str, surroundings: &Surroundings<'_>) -> Option<String> {
    if path.contains("://") || path.starts_with("//") {
        return address(path, surroundings);
    }
    let url = surroundings.home.join(path.trim_start_matches('/')).ok()?;
    Some(in_ascii(&url).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_read_in_every_notation() {
        let call = Call::parse(" figure src=\"a b.png\" alt='it \"is\"' 300 https://x.org/?a=b ");
        assert_eq!(call.name, "figure");
        assert_eq!(call.get(&["src"]), Some("a b.png"));
        assert_eq!(call.get(&["alt"]), Some("it \"is\""));
        assert_eq!(call.values, ["300", "https://x.org/?a=b"]);
        let call = Call::parse("youtube(id=\"dQ\", autoplay=true)");
        assert_eq!(
            (call.name.as_str(), call.get(&["id"]), call.get(&["autoplay"])),
            ("youtube", Some("dQ"), Some("true"))
        );
        assert_eq!(Call::parse("image \"/a.png\", \"Alt text\"").values, ["/a.png", "Alt text"]);
        assert_eq!(Call::parse("x \"unclosed").values, ["unclosed"]);
    }
}
