//! The headers in the syntax of each host.

use std::fmt::Write as _;

use super::HostFormat;
use super::files::{Alike, File, FileHeaders};
use super::former::FormerUrls;
use crate::cli::redirects::{decoded, quotable};

/// The configuration of the server.
pub(super) fn listed(format: HostFormat, files: &FileHeaders, former: &FormerUrls) -> String {
    match format {
        HostFormat::Netlify | HostFormat::Cloudflare => blocks(files),
        HostFormat::Nginx => nginx(files) + &former.listed(format),
        HostFormat::Caddy => caddy(files) + &former.listed(format),
    }
}

/// `_headers`: paths, and the headers of each. A header of several rules is joined with commas, so none is
/// stated twice.
fn blocks(files: &FileHeaders) -> String {
    let mut text = String::new();
    let mut block = |path: &str, headers: &[(&str, &str)]| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{path}");
        for (name, value) in headers {
            let _ = writeln!(text, "  {name}: {value}");
        }
    };
    let common: Vec<(&str, &str)> =
        files.common.iter().map(|(name, value)| (*name, value.as_str())).collect();
    // Where feeds lie beside the whole site, what is said of them is not to be said of all of it.
    let is_apart = files.base != "/";
    if is_apart {
        block(&format!("{}*", literal(&files.base)), &common);
    }
    let each = |content_type| {
        let common = common.iter().filter(|_| !is_apart).copied();
        [("Content-Type", content_type)].into_iter().chain(common).collect::<Vec<_>>()
    };
    for Alike { depth, name, content_type } in &files.alike {
        let folders = ["a", "b", "c", "d", "e", "f", "g", "h"].iter().map(|name| [":", *name, "/"].concat());
        let folders: String = folders.take(*depth).collect();
        block(&format!("{}{folders}{}", literal(&files.base), literal(name)), &each(content_type));
    }
    for File { path, content_type, link, is_alike } in &files.single {
        let mut headers = if *is_alike { Vec::new() } else { each(content_type) };
        headers.extend(link.as_deref().map(|link| ("Link", link)));
        if !headers.is_empty() {
            block(&literal(path), &headers);
        }
    }
    text
}

/// `*` and `:name` stand for anything.
fn literal(path: &str) -> String {
    path.replace('*', "%2A").replace(':', "%3A")
}

fn nginx(files: &FileHeaders) -> String {
    let mut text = String::from(
        "# For the `server` block of the site. Where a `NAME.gz` lies beside each file, `gzip_static on;` saves the work of\n\
         # `gzip on;`, and keeps entity tags strong.\n",
    );
    let mut location = |place: &str, content_type: &str, link: Option<&str>| {
        let (media_type, charset) = content_type.split_once("; charset=").unwrap_or((content_type, "off"));
        let _ = writeln!(text, "location {place} {{");
        let _ = writeln!(text, "    types {{ }}\n    default_type {media_type};\n    charset {charset};");
        text.push_str("    gzip on;\n    gzip_vary on;\n");
        // Of HTML both know without being told, and complain if they are.
        for directive in ["charset_types", "gzip_types"].iter().filter(|_| media_type != "text/html") {
            let _ = writeln!(text, "    {directive} {media_type};");
        }
        let link = link.map(|link| ("Link", link));
        let common = files.common.iter().map(|(name, value)| (*name, value.as_str()));
        for (name, value) in common.chain(link) {
            let value = quotable(value).replace('$', "%24");
            let _ = writeln!(text, "    add_header {name} \"{value}\";");
        }
        text.push_str("}\n");
    };
    for File { path, content_type, link, .. } in &files.single {
        let Some(path) = decoded(path) else { continue };
        let path = quotable(&path);
        location(&format!("= \"{path}\""), content_type, link.as_deref());
    }
    for alike in &files.alike {
        let Some(expression) = expression(&files.base, alike) else { continue };
        let expression = quotable(&expression);
        location(&format!("~ \"{expression}\""), alike.content_type, None);
    }
    text
}

fn caddy(files: &FileHeaders) -> String {
    let mut text = String::from(
        "# For the block of the site. `encode zstd gzip` makes what is sent small; `file_server { precompressed zstd br gzip }`\n\
         # takes what lies beside each file.\n",
    );
    let mut matched = 0;
    let mut told = |matcher: String, content_type: &str, link: Option<&str>| {
        matched += 1;
        let _ = writeln!(text, "@feeds{matched} {matcher}\nheader @feeds{matched} {{");
        let content_type = ("Content-Type", content_type);
        let common = files.common.iter().map(|(name, value)| (*name, value.as_str()));
        for (name, value) in [content_type].into_iter().chain(common).chain(link.map(|link| ("Link", link))) {
            // Braces hold names, and nothing else has a meaning between these quotes.
            let value = value.replace('`', "%60").replace('{', "%7B").replace('}', "%7D");
            let _ = writeln!(text, "\t{name} `{value}`");
        }
        text.push_str("}\n");
    };
    for alike in &files.alike {
        let Some(expression) = expression(&files.base, alike) else { continue };
        told(format!("path_regexp `{expression}`"), alike.content_type, None);
    }
    for File { path, content_type, link, .. } in &files.single {
        let Some(path) = decoded(path) else { continue };
        told(format!("path_regexp `^{}$`", escaped(&path)), content_type, link.as_deref());
    }
    text
}

/// A regular expression for the decoded paths of files that are alike.
fn expression(base: &str, Alike { depth, name, .. }: &Alike) -> Option<String> {
    let (base, name) = (escaped(&decoded(base)?), escaped(&decoded(name)?));
    Some(format!("^{base}{}{name}$", "[^/]+/".repeat(*depth)))
}

/// The text as a regular expression that means nothing else.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            // Its quotes could not hold it.
            '`' => escaped.push_str("\\x60"),
            character if "\\.+*?()[]{}^$|".contains(character) => escaped.extend(['\\', character]),
            character => escaped.push(character),
        }
    }
    escaped
}
