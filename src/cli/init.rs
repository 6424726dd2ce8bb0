//! `feedwright init`

use std::path::PathBuf;

use url::Url;

use super::site::{self, Site};
use super::{Cli, Env, Failure, Status};
use crate::article::{self, Dialect, NewArticle};
use crate::config;
use crate::store::{Folder, Store};

/// Start a publication, or give an existing site its feeds
///
/// Writes `feedwright.toml`. On a Hugo, Zola, Jekyll, Eleventy, Astro, Pelican, Hexo or Nikola site it takes title,
/// address, language and permalinks from the site's own configuration; asks for the rest on a terminal.
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
    let mut site = site::recognise(&folder);
    if let Some(found) = &site {
        let dialect = found.dialect.title();
        writeln!(env.stderr, "found a {dialect} site: {} says what it is", found.told_by)?;
    }
    let is_new = site.is_none();
    let mut site = site.take().unwrap_or_else(|| Site::new(Dialect::Feedwright));
    overrule(&mut site, args);
    ask(&mut site, env)?;
    let text = starter(&site, env)?;
    folder.put(config::FILE, text.as_bytes())?;
    let mut wrote = vec![config::FILE.to_owned()];
    if is_new && !folder.has_folder(&site.articles) {
        let (path, text) = first_article(&site, env);
        folder.put(&path, text.as_bytes())?;
        wrote.push(path);
    }
    wrote.extend(merge_ledgers_by_line(&mut folder)?);
    folder.commit()?;
    for path in wrote {
        writeln!(env.stdout, "{path}")?;
    }
    if !cli.quiet {
        writeln!(env.stderr, "next: `feedwright build`")?;
    }
    Ok(Status::Done)
}

/// What the user says counts more than what the site says.
fn overrule(site: &mut Site, args: &Args) {
    let facts = [
        (&mut site.title, &args.title),
        (&mut site.home, &args.home),
        (&mut site.description, &args.description),
        (&mut site.language, &args.language),
        (&mut site.timezone, &args.timezone),
        (&mut site.author, &args.author),
    ];
    for (fact, said) in facts {
        if said.is_some() {
            fact.clone_from(said);
        }
    }
    if let Some(articles) = &args.articles {
        articles.trim_end_matches('/').clone_into(&mut site.articles);
    }
}

fn ask(site: &mut Site, env: &mut Env<'_>) -> Result<(), Failure> {
    let questions = [
        (&mut site.title, "Title of the publication", "--title"),
        (&mut site.home, "Where its articles live on the web (https://…)", "--home"),
    ];
    for (fact, question, flag) in questions {
        while fact.as_deref().is_none_or(|fact| fact.trim().is_empty()) {
            if !env.interactive {
                return Err(Failure::with_help(
                    format!("`{flag}` is not known"),
                    format!("say it with `{flag}`, or run `feedwright init` on a terminal to be asked"),
                ));
            }
            write!(env.stderr, "{question}: ")?;
            env.stderr.flush()?;
            let mut answer = String::new();
            if env.stdin.read_line(&mut answer)? == 0 {
                return Err(Failure::trouble("no answer"));
            }
            *fact = Some(answer.trim().to_owned());
        }
    }
    Ok(())
}

/// The text of `feedwright.toml`, proved to be one.
fn starter(site: &Site, env: &Env<'_>) -> Result<String, Failure> {
    let home = site.home.clone().unwrap_or_default();
    let home = if home.contains("://") { home } else { format!("https://{home}") };
    let host = Url::parse(&home).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let text = config::write(&config::Starter {
        title: site.title.clone().unwrap_or_default(),
        home,
        description: site.description.clone().unwrap_or_default(),
        language: site.language.clone(),
        timezone: site.timezone.clone(),
        author: site.author.clone(),
        authority: host.trim_start_matches("www.").to_lowercase(),
        date: (env.clock)().format("%Y-%m-%d").to_string(),
        articles: site.articles.clone(),
        dialect: (site.dialect != Dialect::Feedwright).then(|| site.dialect.name().to_owned()),
        permalink: site.permalink.clone(),
        served_at_home: site.dialect != Dialect::Feedwright,
        files: site.files.iter().map(|(format, file)| (*format, (*file).to_owned())).collect(),
    });
    config::parse(&text).map_err(Failure::Faults)?;
    Ok(text)
}

/// A new publication has something to build at once.
fn first_article(site: &Site, env: &Env<'_>) -> (String, String) {
    let article = NewArticle {
        title: "Welcome",
        date: (env.clock)().with_timezone(&chrono_tz::UTC),
        slug: "welcome",
        language: None,
        draft: false,
    };
    let (name, text) = article::write(site.dialect, &article);
    let body =
        "This is the first article. Write over it, or remove it and start one with `feedwright new`.\n";
    (format!("{}/{name}", site.articles), text + body)
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
