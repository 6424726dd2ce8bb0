//! `feedwright headers`

mod files;
mod former;
mod hosts;

use chrono::{DateTime, Utc};

use super::{Cli, Env, Failure, Status, now, parse_instant};
use crate::publication::{self, Options};
use crate::store::Folder;
use files::Files;
use former::Former;

/// Print what a web server must be told about the built folder
///
/// Media types with their charset, for how long readers need not ask again, that pages of other sites may read the
/// feeds (CORS), where each feed is and what its hubs are (`Link`), and where former addresses of feeds and articles must
/// lead. `feedwright serve` does all of that itself.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// For which server
    #[arg(long, value_name = "FORMAT")]
    format: HostFormat,

    /// Print the redirects alone. Netlify and Cloudflare have a file of its own for them, `_redirects`
    #[arg(long)]
    redirects: bool,

    /// As if it were this instant; else `SOURCE_DATE_EPOCH`, else the clock
    #[arg(long, value_name = "TIME", value_parser = parse_instant)]
    now: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum HostFormat {
    /// The `_headers` file of Netlify
    Netlify,
    /// The `_headers` file of Cloudflare Pages
    Cloudflare,
    /// Lines for a `server` block of nginx
    Nginx,
    /// Lines for a site block of a `Caddyfile`
    Caddy,
}

pub(super) fn run(args: &Args, cli: &Cli, env: &mut Env<'_>) -> Result<Status, Failure> {
    let folder = Folder::new(env.folder(cli));
    let options = Options::at(now(args.now, env)?);
    let (config, offers) = publication::offers(&folder, options)?;
    let files = Files::of(&config, &offers);
    let former = Former::of(&config, &offers, &files, &publication::redirects(&folder, options)?);
    let text =
        if args.redirects { former.listed(args.format) } else { hosts::listed(args.format, &files, &former) };
    write!(env.stdout, "{text}")?;
    let has_a_file_of_its_own = matches!(args.format, HostFormat::Netlify | HostFormat::Cloudflare);
    if has_a_file_of_its_own && !args.redirects && !former.is_empty() && !cli.quiet {
        writeln!(env.stderr, "there are redirects as well: print them with `--redirects` into `_redirects`")?;
    }
    Ok(Status::Done)
}
