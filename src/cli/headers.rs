//! `feedwright headers`

mod files;
mod former;
mod hosts;

use chrono::{DateTime, Utc};

use super::{Cli, Env, Failure, Status, now, parse_instant};
use crate::publication::{Options, Publication};
use crate::store::Folder;
use files::FileHeaders;
use former::FormerUrls;

/// Print the configuration of a web server that serves the feeds
///
/// Media types with their charset, caching, CORS, the `Link` header of each feed with its URL and hubs, and
/// redirects from former URLs of feeds and articles. `feedwright serve` does all of that by itself.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The server or host
    #[arg(long, value_name = "FORMAT")]
    format: HostFormat,

    /// Print only the redirects. Netlify and Cloudflare read them from a file of their own, `_redirects`
    #[arg(long)]
    redirects: bool,

    /// Use this time instead of `SOURCE_DATE_EPOCH` or the clock
    #[arg(long, value_name = "TIME", value_parser = parse_instant)]
    now: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum HostFormat {
    /// The `_headers` file of Netlify
    Netlify,
    /// The `_headers` file of Cloudflare Pages
    Cloudflare,
    /// Directives for a `server` block of nginx
    Nginx,
    /// Directives for a site block of a `Caddyfile`
    Caddy,
}

pub(super) fn run(args: &Args, cli: &Cli, env: &mut Env<'_>) -> Result<Status, Failure> {
    let folder = Folder::new(env.folder(cli));
    let options = Options::at(now(args.now, env)?);
    let publication = Publication::open(&folder, options)?;
    let articles = publication.articles(&folder, &|_| ());
    let identified = publication.identify(&articles);
    let (config, feeds) = (&publication.config, publication.feed_list(&identified));
    let files = FileHeaders::of(config, &feeds);
    let former = FormerUrls::of(config, &feeds, &files, &publication.redirects(&identified));
    let text =
        if args.redirects { former.listed(args.format) } else { hosts::listed(args.format, &files, &former) };
    write!(env.stdout, "{text}")?;
    let has_a_file_of_its_own = matches!(args.format, HostFormat::Netlify | HostFormat::Cloudflare);
    if has_a_file_of_its_own && !args.redirects && !former.is_empty() && !cli.quiet {
        writeln!(env.stderr, "there are redirects too: print them with `--redirects` into `_redirects`")?;
    }
    Ok(Status::Done)
}
