//! `feedwright pin`

use chrono::{DateTime, Utc};

use super::{Cli, Env, Failure, Status, now, parse_instant};
use crate::ledger::{Pinned, Refusal};
use crate::publication;
use crate::store::Folder;

/// Set the id of an article
///
/// Use it when a renamed file was not recognised, or one of two files could be the renamed one: it gives the
/// article the id that subscribers know. Works for unpublished articles too. If another article has the id,
/// the two swap theirs.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file of the article
    #[arg(value_name = "PATH")]
    path: String,

    /// The id as feeds have it, or a word to make one from
    #[arg(value_name = "ID")]
    id: String,

    /// Use this time instead of `SOURCE_DATE_EPOCH` or the clock
    #[arg(long, value_name = "TIME", value_parser = parse_instant)]
    now: Option<DateTime<Utc>>,
}

pub(super) fn run(args: &Args, cli: &Cli, env: &mut Env<'_>) -> Result<Status, Failure> {
    let now = now(args.now, env)?;
    let mut folder = Folder::new(env.folder(cli));
    publication::load_config(&folder)?;
    env.lock(&mut folder)?;
    let path = args.path.replace('\\', "/");
    let said = match publication::pin(&mut folder, &path, &args.id, now)? {
        Ok(Pinned::Already) => format!("{path} already has this id"),
        Ok(Pinned::Resumed(id)) => format!("{path} continues as {id}"),
        Ok(Pinned::Exchanged(id, other)) => format!("{path} is now {id}; {other} has its former id"),
        Ok(Pinned::New(id)) => format!("{path} is now {id}"),
        Err(refusal) => {
            let message = format!("cannot give `{path}` the id `{}`: {refusal}", args.id);
            return Err(Failure::with_help(message, help(&refusal)));
        }
    };
    if !cli.quiet {
        writeln!(env.stderr, "{said}")?;
    }
    Ok(Status::Done)
}

fn help(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NotThere => "name a file in the folder of the articles",
        Refusal::Unusable => "an id is a word or an absolute URL of at most 244 bytes",
        Refusal::States(_) => "change it in the article itself",
        Refusal::Taken(_) => {
            "build first, so that the two can swap ids; or pin the other article to another id"
        }
    }
}
