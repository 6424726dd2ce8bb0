//! `feedwright redirects`

use chrono::{DateTime, Utc};
use url::Url;

use super::messages::count;
use super::{Cli, Env, Failure, Status, now, parse_instant};
use crate::content::address;
use crate::publication::{Options, Publication, Redirect};
use crate::store::{Folder, Store};

/// Print redirects from former URLs of articles
///
/// They lead from the URLs that feedwright.lock remembers, and the aliases that articles state, to the
/// present ones. Readers keep the first URL of an article permanently, so old ones must continue to work.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The server or host
    #[arg(long, value_name = "FORMAT")]
    format: RedirectFormat,

    /// With `--format html`: write the pages into this folder of the publication
    #[arg(long, value_name = "DIR")]
    out: Option<String>,

    /// Use this time instead of `SOURCE_DATE_EPOCH` or the clock
    #[arg(long, value_name = "TIME", value_parser = parse_instant)]
    now: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum RedirectFormat {
    /// The `_redirects` file of Netlify, Cloudflare Pages and others
    Netlify,
    /// Directives for a `server` block of nginx
    Nginx,
    /// An `.htaccess`, or directives for a `<VirtualHost>`, of Apache with `mod_rewrite`
    Apache,
    /// Directives for a site block of a `Caddyfile`
    Caddy,
    /// A small HTML page for each redirect, for servers that cannot redirect
    Html,
}

pub(super) fn run(args: &Args, cli: &Cli, env: &mut Env<'_>) -> Result<Status, Failure> {
    let mut folder = Folder::new(env.folder(cli));
    let options = Options::at(now(args.now, env)?);
    let publication = Publication::open(&folder, options)?;
    let articles = publication.articles(&folder, &|_| ());
    let redirects = publication.redirects(&publication.identify(&articles));
    match (&args.out, args.format) {
        (Some(out), RedirectFormat::Html) => {
            let written = write_pages(&mut folder, out, &redirects, env)?;
            if !cli.quiet {
                writeln!(
                    env.stderr,
                    "{} for {}",
                    count(written, "page"),
                    count(redirects.len(), "redirect")
                )?;
            }
        }
        (Some(_), _) => {
            return Err(Failure::with_help(
                "`--out` works only with `--format html`",
                "add `--format html`, or remove `--out`",
            ));
        }
        (None, format) => write!(env.stdout, "{}", listed(format, &redirects))?,
    }
    Ok(Status::Done)
}

/// The configuration of the server.
pub(super) fn listed(format: RedirectFormat, redirects: &[Redirect]) -> String {
    let mut text = match format {
        RedirectFormat::Apache if !redirects.is_empty() => "RewriteEngine On\n".to_owned(),
        _ => String::new(),
    };
    for redirect in redirects {
        let line = match format {
            RedirectFormat::Netlify => Some(netlify(redirect)),
            RedirectFormat::Nginx => nginx(redirect),
            RedirectFormat::Apache => apache(redirect),
            RedirectFormat::Caddy => Some(caddy(redirect)),
            RedirectFormat::Html => {
                page_path(&redirect.from).map(|path| format!("{path}\t{}", target(redirect)))
            }
        };
        text.extend(line.map(|line| line + "\n"));
    }
    text
}

/// The target: a path on the same site, an absolute URL on another.
fn target(redirect: &Redirect) -> &str {
    let (from, to) = (&redirect.from, &redirect.to);
    // A path that begins with two slashes would be read as a host.
    let here = from.host_str() == to.host_str() && !to.path().starts_with("//");
    if here { &to[url::Position::BeforePath..] } else { to.as_str() }
}

/// `*` and `:name` stand for anything in the first column.
fn netlify(redirect: &Redirect) -> String {
    let from = redirect.from.path().replace('*', "%2A").replace(':', "%3A");
    format!("{from} {} 301", target(redirect))
}

/// nginx compares decoded paths. In quotes `\` and `"` are special, and so is `$` in a target.
fn nginx(redirect: &Redirect) -> Option<String> {
    let from = quotable(&decoded(redirect.from.path())?);
    let to = target(redirect).replace('\\', "%5C").replace('"', "%22").replace('$', "%24");
    Some(format!("location = \"{from}\" {{ return 301 \"{to}\"; }}"))
}

/// Apache compares decoded paths, in an `.htaccess` without the first slash, by a regular expression.
/// Characters that are special in quotes are escaped. In a target `$1` and `%1` are references.
fn apache(redirect: &Redirect) -> Option<String> {
    let from = decoded(redirect.from.path())?;
    let mut expression = String::from("^/?");
    for character in from.trim_start_matches('/').chars() {
        if "\\.+*?()[]{}^$|".contains(character) {
            expression.push('\\');
        }
        expression.push(character);
    }
    expression.push('$');
    let to = target(redirect).replace('%', "\\%").replace('$', "\\$");
    let quoted = |text: &str| format!("\"{}\"", quotable(text));
    Some(format!("RewriteRule {} {} [R=301,L,NE]", quoted(&expression), quoted(&to)))
}

/// Caddy compares percent-encoded paths where they are written so; `*` stands for anything, and braces hold
/// names.
fn caddy(redirect: &Redirect) -> String {
    let plain = |text: &str| text.replace('*', "%2A").replace('{', "%7B").replace('}', "%7D");
    format!("redir {} {} permanent", plain(redirect.from.path()), plain(target(redirect)))
}

/// The beginning of a page that Feedwright wrote and may replace.
const MARK: &str = "<!doctype html>\n<!-- feedwright redirects -->\n";

/// Writes a page for each former URL that can be a file, but never over a file that it did not write.
fn write_pages(
    folder: &mut Folder,
    out: &str,
    redirects: &[Redirect],
    env: &mut Env<'_>,
) -> Result<usize, Failure> {
    env.lock(folder)?;
    let out = out.trim_start_matches("./").trim_end_matches('/');
    let mut written = 0;
    for redirect in redirects {
        let Some(path) = page_path(&redirect.from) else {
            writeln!(env.stderr, "{} cannot be a file", redirect.from.path())?;
            continue;
        };
        let path = if out.is_empty() || out == "." { path } else { format!("{out}/{path}") };
        if folder.read(&path).is_ok_and(|bytes| !bytes.starts_with(MARK.as_bytes())) {
            writeln!(env.stderr, "{path} exists and was not written by Feedwright; it is kept")?;
            continue;
        }
        folder.put(&path, page(&redirect.to).as_bytes())?;
        written += 1;
    }
    folder.commit()?;
    Ok(written)
}

/// The file that a server gives for a path: `a/index.html` for `/a/` and `/a`.
fn page_path(from: &Url) -> Option<String> {
    let path = decoded(from.path())?;
    let path = path.strip_prefix('/')?;
    let is_page = [".html", ".htm"].iter().any(|extension| path.ends_with(extension));
    let path = match path.strip_suffix('/').unwrap_or(path) {
        "" => "index.html".to_owned(),
        page if is_page => page.to_owned(),
        folder => format!("{folder}/index.html"),
    };
    let plain = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', ':']);
    path.split('/').all(plain).then_some(path)
}

fn page(to: &Url) -> String {
    let to = to.as_str().replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    format!(
        "{MARK}<meta charset=\"utf-8\">\n<title>{to}</title>\n<link rel=\"canonical\" href=\"{to}\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<meta http-equiv=\"refresh\" content=\"0; url={to}\">\n\
         <p><a href=\"{to}\">{to}</a></p>\n"
    )
}

/// The text escaped for the quotes of nginx and of Apache.
pub(super) fn quotable(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// A path without percent-encoding; `None` where it is not UTF-8 or has control characters.
pub(super) fn decoded(path: &str) -> Option<String> {
    let text = address::decoded(path)?;
    (!text.chars().any(char::is_control)).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn redirect(from: &str, to: &str) -> Redirect {
        let url = |path: &str| Url::parse("https://example.org/").unwrap().join(path).unwrap();
        Redirect { from: url(from), to: url(to) }
    }

    fn lines(format: RedirectFormat, from: &str, to: &str) -> String {
        listed(format, &[redirect(from, to)])
    }

    #[test]
    fn each_server_is_told_in_its_own_words() {
        let told = |format| lines(format, "/old/", "/new/");
        assert_eq!(told(RedirectFormat::Netlify), "/old/ /new/ 301\n");
        assert_eq!(told(RedirectFormat::Nginx), "location = \"/old/\" { return 301 \"/new/\"; }\n");
        assert_eq!(
            told(RedirectFormat::Apache),
            "RewriteEngine On\nRewriteRule \"^/?old/$\" \"/new/\" [R=301,L,NE]\n"
        );
        assert_eq!(told(RedirectFormat::Caddy), "redir /old/ /new/ permanent\n");
        assert_eq!(told(RedirectFormat::Html), "old/index.html\t/new/\n");
    }

    #[test]
    fn what_has_a_meaning_to_a_server_loses_it() {
        let told = |format| lines(format, "/été/a*b:c$1\"(x).html", "/ö/$2");
        assert_eq!(told(RedirectFormat::Netlify), "/%C3%A9t%C3%A9/a%2Ab%3Ac$1%22(x).html /%C3%B6/$2 301\n");
        assert_eq!(
            told(RedirectFormat::Nginx),
            "location = \"/été/a*b:c$1\\\"(x).html\" { return 301 \"/%C3%B6/%242\"; }\n"
        );
        assert!(told(RedirectFormat::Apache).ends_with(
            "RewriteRule \"^/?été/a\\\\*b:c\\\\$1\\\"\\\\(x\\\\)\\\\.html$\" \"/\\\\%C3\\\\%B6/\\\\$2\" [R=301,L,NE]\n"
        ));
        assert_eq!(
            told(RedirectFormat::Caddy),
            "redir /%C3%A9t%C3%A9/a%2Ab:c$1%22(x).html /%C3%B6/$2 permanent\n"
        );
    }

    #[test]
    fn a_query_does_not_get_out_of_the_quotes_of_nginx() {
        let told = lines(RedirectFormat::Nginx, "/old-a", "/x/?a=\\\"; }");
        assert_eq!(told, "location = \"/old-a\" { return 301 \"/x/?a=%5C%22;%20}\"; }\n");
    }

    #[test]
    fn an_address_on_another_site_stays_whole() {
        let told = lines(RedirectFormat::Netlify, "/old/", "https://elsewhere.net/new/");
        assert_eq!(told, "/old/ https://elsewhere.net/new/ 301\n");
    }

    #[test]
    fn a_page_is_a_file_that_the_server_gives_for_the_path_and_never_one_above() {
        let path = |from: &str| page_path(&redirect(from, "/x").from);
        assert_eq!(path("/a/b").as_deref(), Some("a/b/index.html"));
        assert_eq!(path("/a/b.html").as_deref(), Some("a/b.html"));
        assert_eq!(path("/").as_deref(), Some("index.html"));
        assert_eq!(path("/a/%2e%2e%2f%2e%2e/b"), None);
        assert_eq!(path("/a%0a/"), None);
        assert_eq!(path("/.git/config"), None);
    }

    #[test]
    fn a_page_lets_no_address_out_of_its_quotes() {
        let to = Url::parse("https://example.org/?a=1&b='\"<x>").unwrap();
        assert!(!page(&to).contains("<x>") && page(&to).contains("&amp;b="));
    }

    proptest! {
        #[test]
        fn any_path_is_one_line(from in "/\\PC{0,40}", to in "/\\PC{0,40}") {
            let at = |path: &str| {
                let mut url = Url::parse("https://example.org/").unwrap();
                url.set_path(path);
                url
            };
            let redirects = [Redirect { from: at(&from), to: at("/x") }, Redirect { from: at("/x"), to: at(&to) }];
            for format in [RedirectFormat::Netlify, RedirectFormat::Nginx, RedirectFormat::Caddy, RedirectFormat::Html] {
                prop_assert!(listed(format, &redirects).lines().count() <= 2);
            }
        }
    }
}
