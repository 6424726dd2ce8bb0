//! `feedwright adopt`

use std::io;
use std::time::Instant;

use serde_json::{Value, json};
use url::Url;

use super::messages::{MessageFormat, count};
use super::{Cli, Env, Failure, Status};
use crate::adopt::{self, Adoption, Fate, Followed, Following, How, OldEntry, Request, follow};
use crate::config::Config;
use crate::fetch::{self, Limits, Reason};
use crate::publication::{Catalogue, load_config, read_ledger, write_ledger};
use crate::store::{Folder, Store};

/// A feed is followed for so long at most, all its pages together.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(600);

/// Take over the ids of an existing feed
///
/// Reads a feed that people are subscribed to already (RSS, Atom or JSON Feed, with all the pages it goes on with),
/// finds the article of each entry by its permalink, its title and date, or its title, and pins the entry's id in
/// `feedwright.lock`. Readers then know the articles in the new feeds, and show nothing again.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A file, or an address that begins with http:// or https://
    #[arg(value_name = "FEED", required = true)]
    feeds: Vec<String>,

    /// Say what would be adopted, and change nothing
    #[arg(long)]
    dry_run: bool,

    #[arg(
        long,
        help = "Ask for ?paged=2, ?paged=3 and so on, as is done anyway where WordPress wrote the feed"
    )]
    paged: bool,

    /// Replace ids under which articles are published already: only if nobody reads the new feeds yet
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &Args, cli: &Cli, env: &mut Env<'_>) -> Result<Status, Failure> {
    let mut folder = Folder::new(env.folder(cli));
    let config = load_config(&folder)?;
    let mut feeds = Vec::new();
    for feed in &args.feeds {
        let followed = old_feed(feed, args, &folder, &config)?;
        for why in followed.stopped.iter().filter(|_| !cli.quiet) {
            writeln!(env.stderr, "warning: {why}")?;
        }
        if !cli.quiet && cli.message_format != MessageFormat::Json {
            let entries = count(followed.feed.entries.len(), "entry");
            writeln!(env.stderr, "{feed}: {entries} on {}", count(followed.pages, "page"))?;
        }
        feeds.push(followed.feed);
    }
    if !args.dry_run {
        folder.lock(|| {
            let _ = writeln!(env.stderr, "waiting for a build of this publication to finish");
        })?;
    }
    let before = read_ledger(&folder)?;
    let mut ledger = before.clone();
    let catalogue = Catalogue::open(&folder, &config)?;
    let articles = catalogue.read(&folder, &config, &ledger, &|_| ());
    let request = Request {
        feeds: &feeds,
        articles: &articles.summaries,
        config: &config,
        force: args.force,
        now: (env.clock)(),
    };
    let adoption = adopt::adopt(request, &mut ledger);
    let tally = Tally::of(&adoption);
    if !args.dry_run && tally.adopted > 0 {
        write_ledger(&mut folder, &before, &ledger)?;
    }
    match cli.message_format {
        MessageFormat::Json => write_objects(&adoption, &tally, args.dry_run, env)?,
        _ if cli.quiet => {}
        _ => write_lines(&adoption, &tally, args, cli, env)?,
    }
    let nothing_found = tally.adopted + tally.kept == 0;
    Ok(if nothing_found || tally.conflicts > 0 { Status::Faults } else { Status::Done })
}

/// A feed by address with all its pages, or one from a file.
fn old_feed(feed: &str, args: &Args, folder: &Folder, config: &Config) -> Result<Followed, Failure> {
    let address = Url::parse(feed).ok().filter(fetch::is_web);
    if let Some(address) = address {
        let following = Following { paged: args.paged, ..Following::default() };
        let started = Instant::now();
        return follow(&address, &following, &mut |url| {
            let left = PATIENCE.saturating_sub(started.elapsed());
            if left.is_zero() {
                return Err(fetch::Error { url: url.clone(), reason: Reason::TooSlow });
            }
            let limits = Limits::default();
            fetch::get(url, &Limits { time: limits.time.min(left), ..limits })
        })
        .map_err(|error| Failure::trouble(error.to_string()));
    }
    let largest = Limits::default().bytes;
    if folder.size(feed).is_some_and(|size| size > largest) {
        return Err(Failure::trouble(format!(
            "cannot adopt `{feed}`: it has more than {} MB",
            largest >> 20
        )));
    }
    let bytes = folder.read(feed)?;
    let feed = adopt::read(&bytes, &config.publication.home)
        .map_err(|error| Failure::trouble(format!("cannot adopt `{feed}`: {error}")))?;
    Ok(Followed { feed, pages: 1, stopped: Vec::new() })
}

/// How many entries met which fate.
struct Tally {
    adopted: usize,
    kept: usize,
    conflicts: usize,
    unmatched: usize,
    by: Vec<(How, usize)>,
}

impl Tally {
    fn of(adoption: &Adoption) -> Self {
        let number =
            |wanted: fn(&Fate) -> bool| adoption.entries.iter().filter(|(_, fate)| wanted(fate)).count();
        let found = |how: How| {
            let is_so = |fate: &Fate| matches!(fate, Fate::Adopted { how: by, .. } | Fate::Kept { how: by, .. } if *by == how);
            adoption.entries.iter().filter(|(_, fate)| is_so(fate)).count()
        };
        Self {
            adopted: number(|fate| matches!(fate, Fate::Adopted { .. })),
            kept: number(|fate| matches!(fate, Fate::Kept { .. })),
            conflicts: number(|fate| matches!(fate, Fate::Refused { .. } | Fate::Ambiguous(_))),
            unmatched: number(|fate| *fate == Fate::Unmatched),
            by: How::ALL.into_iter().map(|how| (how, found(how))).filter(|(_, number)| *number > 0).collect(),
        }
    }
}

fn write_lines(
    adoption: &Adoption,
    tally: &Tally,
    args: &Args,
    cli: &Cli,
    env: &mut Env<'_>,
) -> io::Result<()> {
    for (entry, fate) in &adoption.entries {
        let name = entry.name();
        match fate {
            Fate::Adopted { path, how, own_date } if cli.verbose || own_date.is_some() => {
                writeln!(env.stdout, "adopted: {path} is `{}`, by {}", entry.id, how.name())?;
                if let Some(own) = own_date {
                    let own = own.format("%Y-%m-%d");
                    writeln!(
                        env.stdout,
                        "  its own date, {own}, is another day than that in the feed, and was kept"
                    )?;
                }
            }
            Fate::Kept { path, how } if cli.verbose => {
                writeln!(env.stdout, "kept: {path} is `{}` already, by {}", entry.id, how.name())?;
            }
            Fate::Adopted { .. } | Fate::Kept { .. } => {}
            Fate::Refused { path, conflict, .. } => {
                writeln!(
                    env.stdout,
                    "conflict: {path} is `{name}`, but {conflict}\n  = help: {}",
                    conflict.help()
                )?;
            }
            Fate::Ambiguous(paths) => {
                let help = "give the right one the old address as an alias";
                writeln!(
                    env.stdout,
                    "ambiguous: `{name}` {} can be {}\n  = help: {help}",
                    entry.link(),
                    paths.join(" or ")
                )?;
            }
            Fate::Unmatched => writeln!(env.stdout, "unmatched: `{name}` {}", entry.link())?,
        }
    }
    for path in &adoption.alone {
        writeln!(env.stdout, "not in the feed: {path}")?;
    }
    let verb = if args.dry_run { "would be adopted" } else { "adopted" };
    let by: Vec<String> =
        tally.by.iter().map(|(how, number)| format!("{number} by {}", how.name())).collect();
    let by = if by.is_empty() { String::new() } else { format!(" ({})", by.join(", ")) };
    writeln!(
        env.stderr,
        "{} {verb}, {} kept{by}; {}, {} unmatched, {} not in the feed",
        count(tally.adopted, "id"),
        tally.kept,
        count(tally.conflicts, "conflict"),
        tally.unmatched,
        count(adoption.alone.len(), "article"),
    )
}

fn write_objects(adoption: &Adoption, tally: &Tally, dry_run: bool, env: &mut Env<'_>) -> io::Result<()> {
    for (entry, fate) in &adoption.entries {
        writeln!(env.stdout, "{}", object(entry, fate))?;
    }
    for path in &adoption.alone {
        writeln!(env.stdout, "{}", json!({ "event": "not-in-feed", "path": path }))?;
    }
    let last = json!({
        "event": if dry_run { "would-adopt" } else { "done" },
        "adopted": tally.adopted,
        "kept": tally.kept,
        "conflicts": tally.conflicts,
        "unmatched": tally.unmatched,
        "not_in_feed": adoption.alone.len(),
    });
    writeln!(env.stdout, "{last}")
}

fn object(entry: &OldEntry, fate: &Fate) -> Value {
    let mut object = match fate {
        Fate::Adopted { path, how, own_date } => {
            json!({ "event": "adopted", "path": path, "by": how.name(), "own_date": own_date })
        }
        Fate::Kept { path, how } => json!({ "event": "kept", "path": path, "by": how.name() }),
        Fate::Refused { path, how, conflict } => json!({
            "event": "conflict", "path": path, "by": how.name(),
            "message": conflict.to_string(), "help": conflict.help(),
        }),
        Fate::Ambiguous(paths) => json!({ "event": "ambiguous", "paths": paths }),
        Fate::Unmatched => json!({ "event": "unmatched" }),
    };
    object["id"] = json!(entry.id);
    object["id_is_permalink"] = json!(entry.id_is_permalink);
    object["title"] = json!(entry.title);
    object["link"] = json!(entry.link());
    object
}
