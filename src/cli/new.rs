//! `feedwright new`

use chrono::{DateTime, Utc};

use super::{Cli, Env, Failure, Status, parse_instant};
use crate::article::{self, NewArticle};
use crate::publication::{dialect_of, load_config};
use crate::store::{Folder, Store};

/// Start an article
///
/// Writes a file with the title and the date in the publication's dialect, and prints its path.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Its title
    title: String,

    /// Write it into this folder of the articles
    #[arg(long, value_name = "FOLDER", default_value = "")]
    section: String,

    /// Its language, if it is not the publication's
    #[arg(long, value_name = "TAG")]
    language: Option<String>,

    /// Mark it as a draft
    #[arg(long)]
    draft: bool,

    /// Its date; else the clock's
    #[arg(long, value_name = "TIME", value_parser = parse_instant)]
    date: Option<DateTime<Utc>>,
}

pub(super) fn run(args: &Args, cli: &Cli, env: &mut Env<'_>) -> Result<Status, Failure> {
    let mut folder = Folder::new(env.folder(cli));
    let config = load_config(&folder)?;
    let dialect = config.articles.dialect.unwrap_or_else(|| dialect_of(&folder));
    let date = args.date.unwrap_or_else(|| (env.clock)()).with_timezone(&config.publication.timezone);
    let slug = article::slugify(&args.title);
    let new = NewArticle {
        title: &args.title,
        date,
        slug: &slug,
        language: args.language.as_deref(),
        draft: args.draft,
    };
    let (name, text) = article::write(dialect, &new);
    let folders = [config.articles.path.as_str(), args.section.trim_matches('/'), name.as_str()];
    let path = folders.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
    if folder.size(&path).is_some() {
        return Err(Failure::with_help(
            format!("`{path}` exists already"),
            "give the new article another title",
        ));
    }
    folder.put(&path, text.as_bytes())?;
    folder.commit()?;
    writeln!(env.stdout, "{path}")?;
    Ok(Status::Done)
}
