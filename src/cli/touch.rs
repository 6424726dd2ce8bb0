//! `feedwright touch`

use chrono::{DateTime, Utc};

use super::{Cli, Env, Failure, Status, now, parse_instant};
use crate::publication;
use crate::store::Folder;

/// Mark published articles as updated
///
/// Sets their update date in feedwright.lock to now; the next build shows it to subscribers. The files of the
/// articles and their publication dates stay the same.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The files of the articles
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<String>,

    /// Use this time instead of `SOURCE_DATE_EPOCH` or the clock
    #[arg(long, value_name = "TIME", value_parser = parse_instant)]
    now: Option<DateTime<Utc>>,
}

pub(super) fn run(args: &Args, cli: &Cli, env: &mut Env<'_>) -> Result<Status, Failure> {
    let now = now(args.now, env)?;
    let mut folder = Folder::new(env.folder(cli));
    publication::load_config(&folder)?;
    env.lock(&mut folder)?;
    let paths: Vec<String> = args.paths.iter().map(|path| path.replace('\\', "/")).collect();
    match publication::touch(&mut folder, &paths, now)? {
        Ok(touched) => {
            for path in touched.iter().filter(|_| !cli.quiet) {
                writeln!(env.stderr, "{path}: updated {}", now.format("%Y-%m-%dT%H:%M:%SZ"))?;
            }
            Ok(Status::Done)
        }
        Err(unknown) => {
            let unknown: Vec<String> = unknown.iter().map(|path| format!("`{path}`")).collect();
            Err(Failure::with_help(
                format!("nothing was published from {}", unknown.join(", ")),
                "name files in the folder of the articles as of the last build, or build first",
            ))
        }
    }
}
