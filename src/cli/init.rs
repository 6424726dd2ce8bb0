//! `feedwright init`

mod built;
mod feeds;
mod posts;
mod questions;

use std::path::PathBuf;

use url::Url;

use super::{Cli, Env, Failure, Status};
use crate::article::{self, Dialect, NewArticle};
use crate::config;
use crate::generator::{Site, read_site};
use crate::store::{Folder, Patterns, Store};

/// Start a publication, or give an existing site its feeds
///
/// Writes `feedwright.toml`. Title, home, language and permalinks of a Hugo, Zola, Jekyll, Eleventy, Astro, Pelican, Hexo
/// or Nikola site stay in the site's own configuration, which every build reads; asks for the rest on a terminal.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder; else the current one
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,

    /// The publication's title
    #[arg(long)]
    title: Option<String>,

    /// Where its articles live on the web
    #[arg(long, value_name = "URL")]
    home: Option<String>,

    /// A sentence about it
    #[arg(long)]
    description: Option<String>,

    /// Its language, such as en or pt-BR
    #[arg(long, value_name = "TAG")]
    language: Option<String>,

    /// The time zone for dates written without one
    #[arg(long, value_name = "ZONE")]
    timezone: Option<String>,

    /// Who writes
    #[arg(long, value_name = "NAME")]
    author: Option<String>,

    /// The folder of its articles
    #[arg(long, value_name = "FOLDER")]
    articles: Option<String>,
}

pub(super) fn run(args: &Args, cli: &Cli, env: &mut Env<'_>) -> Result<Status, Failure> {
    let root = env.folder(cli).join(args.folder.as_deref().unwrap_or("".as_ref()));
    let mut folder = Folder::new(&root);
    if folder.size(config::FILE).is_some() {
        return Err(Failure::with_help(
            "this is a publication already: there is a `feedwright.toml`",
            "edit it, or remove it to start anew",
        ));
    }
    let mut site = read_site(&folder, None);
    if let Some(site) = &mut site {
        survey(site, &folder);
        writeln!(env.stderr, "found {}: {} says what it is", called(site), site.told_by)?;
    }
    let mut starter = stated(args);
    questions::ask(&mut starter, site.as_ref(), env)?;
    if site.is_none() && starter.articles.is_none() {
        starter.articles = posts::folder(&folder);
    }
    finish(&mut starter, site.as_ref(), env);
    starter.site = site.as_ref().and_then(|site| built::folder(site, &folder));
    starter.feeds = site.as_ref().map(feeds::beside_main).unwrap_or_default();
    let text = config::write(&starter);
    config::parse_in(&text, &folder).map_err(Failure::Faults)?;
    folder.put(config::FILE, text.as_bytes())?;
    let mut wrote = vec![config::FILE.to_owned()];
    let articles = starter.articles.as_deref().unwrap_or_default();
    if site.is_none() && !folder.has_folder(articles) && articles != "." {
        let (path, text) = first_article(articles, env);
        folder.put(&path, text.as_bytes())?;
        wrote.push(path);
    }
    wrote.extend(merge_ledgers_by_line(&mut folder)?);
    folder.commit()?;
    built::leave_out_if_doubtful(&mut starter, &mut folder, env)?;
    for path in wrote {
        writeln!(env.stdout, "{path}")?;
    }
    if !cli.quiet {
        writeln!(env.stderr, "next: {}", next(&starter, site.as_ref()))?;
    }
    Ok(Status::Done)
}

/// Reads what lies beside the articles of a site, and may say which feeds it has.
fn survey(site: &mut Site, folder: &Folder) {
    let Ok(listing) = folder.list(&site.articles, &Patterns::none()) else { return };
    let paths: Vec<&str> = listing.files.iter().map(|file| file.path.as_str()).collect();
    site.survey(&paths, folder);
}

/// A site by its generator, with its article.
fn called(site: &Site) -> String {
    let title = site.generator.title;
    let article = if title.starts_with(['A', 'E', 'I', 'O', 'U']) { "an" } else { "a" };
    format!("{article} {title} site")
}

/// The command to run next. Subscribers of a site that has a feed would get all its articles again without
/// `adopt`.
fn next(starter: &config::Starter, site: Option<&Site>) -> String {
    match (site, starter.files.first()) {
        (Some(_), Some((_, file))) => format!("`feedwright adopt {}{file}`", starter.feeds_url),
        _ => "`feedwright build`".to_owned(),
    }
}

/// The answers that the flags give.
fn stated(args: &Args) -> config::Starter {
    config::Starter {
        title: args.title.clone(),
        home: args.home.clone().map(|home| questions::absolute(&home)),
        description: args.description.clone(),
        language: args.language.clone(),
        timezone: args.timezone.clone(),
        author: args.author.clone(),
        articles: args.articles.as_ref().map(|articles| articles.trim_end_matches('/').to_owned()),
        ..config::Starter::default()
    }
}

/// Fills in the answers that follow from the others.
fn finish(starter: &mut config::Starter, site: Option<&Site>, env: &Env<'_>) {
    let of_site = site.and_then(|site| site.home.as_ref()).map(|home| home.text.clone());
    let home = starter.home.clone().or(of_site).unwrap_or_default();
    let host = Url::parse(&home).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    starter.authority = host.trim_start_matches("www.").to_lowercase();
    starter.date = (env.clock)().format("%Y-%m-%d").to_string();
    let home = home.trim_end_matches('/');
    if let Some(site) = site {
        starter.dialect = site.generator.dialect.map(|dialect| dialect.name().to_owned());
        starter.feeds_url = format!("{home}/");
        starter.files = site.main_feeds().iter().filter_map(feeds::file).collect();
    } else {
        starter.feeds_url = format!("{home}/feeds/");
        starter.articles.get_or_insert_with(|| "articles".to_owned());
        starter.description.get_or_insert_default();
        starter.language.get_or_insert_with(|| "en".to_owned());
        starter.timezone.get_or_insert_with(|| "UTC".to_owned());
    }
}

/// A new publication has something to build at once.
fn first_article(articles: &str, env: &Env<'_>) -> (String, String) {
    let article = NewArticle {
        title: "Welcome",
        date: (env.clock)().with_timezone(&chrono_tz::UTC),
        slug: "welcome",
        language: None,
        draft: false,
    };
    let (name, text) = article::write(Dialect::Feedwright, &article);
    let body =
        "This is the first article. Write over it, or remove it and start one with `feedwright new`.\n";
    (format!("{articles}/{name}"), text + body)
}

/// Two branches that add articles each add lines to the ledger, and both are meant.
const MERGE: &str = "feedwright.lock merge=union\n";

/// Tells git how to merge ledgers, unless it has been told.
fn merge_ledgers_by_line(folder: &mut Folder) -> Result<Option<String>, Failure> {
    let path = ".gitattributes";
    let old = folder.read(path).unwrap_or_default();
    if String::from_utf8_lossy(&old).contains("feedwright.lock") {
        return Ok(None);
    }
    let separator: &[u8] = if old.is_empty() || old.ends_with(b"\n") { b"" } else { b"\n" };
    folder.put(path, &[&old, separator, MERGE.as_bytes()].concat())?;
    Ok(Some(path.to_owned()))
}
