//! `feedwright pin`

use chrono::{DateTime, Utc};

use super::{Cli, Env, Failure, Status, now, parse_instant};
use crate::ledger::{Pinned, Refusal};
use crate::publication;
use crate::store::Folder;

/// Decide which id an article has
///
/// For a file that was renamed and not found again, or one of two that could be it: gives the article the id under
/// which subscribers know it. An article that is not yet published can be given one, too. If the id is that of another
/// article that is there, the two exchange theirs.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Its file
    #[arg(value_name = "PATH")]
    path: String,

    /// The id as feeds have it, or a word, of which one is made
    #[arg(value_name = "ID")]
    id: String,

    /// As if it were this instant; else `SOURCE_DATE_EPOCH`, else the clock
    #[arg(long, value_name = "TIME", value_parser = parse_instant)]
    now: Option<DateTime<Utc>>,
}

pub(super) fn run(args: &Args, cli: &Cli, env: &mut Env<'_>) -> Result<Status, Failure> {
    let now = now(args.now, env)?;
    let mut folder = Folder::new(env.folder(cli));
    publication::load_config(&folder)?;
    folder.lock(|| {
        let _ = writeln!(env.stderr, "waiting for a build of this publication to finish");
    })?;
    let path = args.path.replace('\\', "/");
    let said = match publication::pin(&mut folder, &path, &args.id, now)? {
        Ok(Pinned::Already) => format!("{path} has that id already"),
        Ok(Pinned::Resumed(id)) => format!("{path} goes on as {id}"),
        Ok(Pinned::Exchanged(id, other)) => format!("{path} is now {id}, and {other} has the id that it had"),
        Ok(Pinned::New(id)) => format!("{path} is now {id}"),
        Err(refusal) => {
            let message = format!("`{path}` cannot be `{}`: {refusal}", args.id);
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
        Refusal::NotThere => "name a file of the articles' folder",
        Refusal::Unusable => "an id is a word or an absolute address of at most 244 bytes",
        Refusal::States(_) => "change it in the article itself",
        Refusal::Taken(_) => {
            "build first, so that this article has an id to give in exchange; or pin that one to another"
        }
    }
}
