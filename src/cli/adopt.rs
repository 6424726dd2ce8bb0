//! `feedwright adopt`

use std::io;
use std::path::Path;

use serde_json::{Value, json};

use super::document::DocumentReader;
use super::messages::{MessageFormat, count};
use super::{Cli, Env, Failure, Status};
use crate::adopt::{
    self, Adoption, Elsewhere, Fate, Followed, Following, How, OldEntry, OldFeed, Request, feed_id, follow,
    with_feed_id,
};
use crate::config::{self, Config};
use crate::publication::{Options, Publication, load_config, write_ledger};
use crate::store::{Folder, Store as _};

/// More articles at other URLs than these are only counted, unless all are asked for.
const LINES: usize = 20;

/// Take over the ids of an existing feed
///
/// Reads a feed that people are subscribed to already (RSS, Atom or JSON Feed, with all the pages it goes on with),
/// finds the article of each entry by its permalink, its title and date, or its title, and pins the entry's id in
/// `feedwright.lock`. Readers then know the articles in the new feeds, and show nothing again.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
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

    /// Keep the URLs of the feed for articles that would have others
    #[arg(long)]
    addresses: bool,
}

pub(super) fn run(args: &Args, cli: &Cli, env: &mut Env<'_>) -> Result<Status, Failure> {
    let root = env.folder(cli);
    let mut folder = Folder::new(&root);
    let config = load_config(&folder)?;
    let feeds = old_feeds(args, cli, (&root, &config), env)?;
    if !args.dry_run {
        env.lock(&mut folder)?;
    }
    let now = (env.clock)();
    let publication = Publication::open(&folder, Options::at(now))?;
    let articles = publication.articles(&folder, &|_| ());
    let mut ledger = publication.ledger.clone();
    let request = Request {
        feeds: &feeds,
        articles: &articles.summaries,
        config: &publication.config,
        force: args.force,
        addresses: args.addresses,
        now,
    };
    let adoption = adopt::adopt(request, &mut ledger);
    let tally = Tally::of(&adoption);
    let changes_ledger = tally.adopted > 0 || adoption.elsewhere.iter().any(|elsewhere| elsewhere.is_kept);
    if !args.dry_run && changes_ledger {
        write_ledger(&mut folder, &publication.ledger, &ledger)?;
    }
    let feed_id = feed_id(&feeds, &config).filter(|_| tally.adopted + tally.kept > 0);
    if let Some(id) = feed_id {
        keep_feed_id(id, args, cli, &mut folder, env)?;
    }
    match cli.message_format {
        MessageFormat::Json => write_objects(&adoption, &tally, args.dry_run, env)?,
        _ if cli.quiet => {}
        _ => write_lines(&adoption, &tally, args, cli, env)?,
    }
    let nothing_found = tally.adopted + tally.kept == 0;
    Ok(if nothing_found || tally.conflicts > 0 { Status::Faults } else { Status::Done })
}

/// All feeds that are named, with a line for each.
fn old_feeds(
    args: &Args,
    cli: &Cli,
    (root, config): (&Path, &Config),
    env: &mut Env<'_>,
) -> Result<Vec<OldFeed>, Failure> {
    let mut feeds = Vec::new();
    for feed in &args.feeds {
        let followed = old_feed(feed, args, root, config)?;
        let problems = followed.feed.problems.iter().map(|problem| format!("`{feed}`: {problem}"));
        for why in followed.stopped.iter().cloned().chain(problems).filter(|_| !cli.quiet) {
            writeln!(env.stderr, "warning: {why}")?;
        }
        if !cli.quiet && cli.message_format != MessageFormat::Json {
            let entries = count(followed.feed.entries.len(), "entry");
            writeln!(env.stderr, "{feed}: {entries} on {}", count(followed.pages, "page"))?;
        }
        feeds.push(followed.feed);
    }
    Ok(feeds)
}

/// Writes the id of the old feed as a whole into `feedwright.toml`, or says which line to write.
fn keep_feed_id(
    id: &str,
    args: &Args,
    cli: &Cli,
    folder: &mut Folder,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    let configuration = String::from_utf8(folder.read(config::FILE)?).ok();
    let changed = configuration.and_then(|configuration| with_feed_id(&configuration, id));
    let said = match changed {
        Some(_) if args.dry_run => format!("the id of the feed itself would be kept: `{id}`"),
        Some(changed) => {
            folder.put(config::FILE, changed.as_bytes())?;
            folder.commit()?;
            format!("the id of the feed itself is kept: `{id}`, in `[[feed]]` of {}", config::FILE)
        }
        None => {
            format!("the id of the feed itself is `{id}`: set it as `id` in the `[[feed]]` of the main feed")
        }
    };
    match cli.message_format {
        MessageFormat::Json => {
            writeln!(env.stdout, "{}", json!({ "event": "feed-id", "id": id, "message": said }))?;
        }
        _ if cli.quiet => {}
        _ => writeln!(env.stderr, "{said}")?,
    }
    Ok(())
}

/// A feed by its URL with all its pages, or one from a file.
fn old_feed(feed: &str, args: &Args, root: &Path, config: &Config) -> Result<Followed, Failure> {
    let documents = DocumentReader::below(root, "adopt");
    if let Some(url) = DocumentReader::url(feed) {
        let following = Following { paged: args.paged, ..Following::default() };
        return follow(&url, &following, &mut |url| documents.fetch(url))
            .map_err(|error| Failure::trouble(error.to_string()));
    }
    let feed = adopt::read(&documents.read(feed)?, &config.publication.home)
        .map_err(|error| Failure::trouble(format!("cannot adopt `{feed}`: {error}")))?;
    Ok(Followed { feed, pages: 1, stopped: Vec::new() })
}

/// The number of entries by outcome.
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
        write_fate(entry, fate, cli, env)?;
    }
    for path in &adoption.alone {
        writeln!(env.stdout, "not in the feed: {path}")?;
    }
    write_elsewhere(&adoption.elsewhere, cli, env)?;
    write_tally(adoption, tally, args, env)
}

fn write_fate(entry: &OldEntry, fate: &Fate, cli: &Cli, env: &mut Env<'_>) -> io::Result<()> {
    let name = entry.name();
    match fate {
        Fate::Adopted { path, how, own_date } if cli.verbose || own_date.is_some() => {
            writeln!(env.stdout, "adopted: {path} is `{}`, by {}", entry.id, how.name())?;
            let Some(own) = own_date else { return Ok(()) };
            let own = own.format("%Y-%m-%d");
            writeln!(env.stdout, "  its own date, {own}, is another day than that in the feed, and was kept")
        }
        Fate::Kept { path, how } if cli.verbose => {
            writeln!(env.stdout, "kept: {path} is `{}` already, by {}", entry.id, how.name())
        }
        Fate::Adopted { .. } | Fate::Kept { .. } => Ok(()),
        Fate::Refused { path, conflict, .. } => {
            let help = conflict.help();
            writeln!(env.stdout, "conflict: {path} is `{name}`, but {conflict}\n  = help: {help}")
        }
        Fate::Ambiguous(paths) => {
            let (link, paths) = (entry.link(), paths.join(" or "));
            let help = "give the right one the old address as an alias";
            writeln!(env.stdout, "ambiguous: `{name}` {link} can be {paths}\n  = help: {help}")
        }
        Fate::Unmatched => writeln!(env.stdout, "unmatched: `{name}` {}", entry.link()),
    }
}

/// Writes the last line: how many entries have come to what.
fn write_tally(adoption: &Adoption, tally: &Tally, args: &Args, env: &mut Env<'_>) -> io::Result<()> {
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

/// The articles that are published at another URL than subscribers have.
fn write_elsewhere(elsewhere: &[Elsewhere], cli: &Cli, env: &mut Env<'_>) -> io::Result<()> {
    let shown = if cli.verbose { elsewhere.len() } else { LINES.min(elsewhere.len()) };
    for Elsewhere { path, url, feed_url, is_kept } in elsewhere.iter().take(shown) {
        if *is_kept {
            writeln!(env.stdout, "kept URL: {path} is at {feed_url}, and not at {url}")?;
        } else {
            writeln!(env.stdout, "other URL: {path} is at {url}, and in the feed at {feed_url}")?;
        }
    }
    if elsewhere.len() > shown {
        writeln!(env.stdout, "… and {} more; see all with `--verbose`", elsewhere.len() - shown)?;
    }
    match elsewhere.iter().filter(|elsewhere| !elsewhere.is_kept).count() {
        0 => Ok(()),
        others => writeln!(
            env.stderr,
            "warning: {} would have another URL than in the feed; if its page is not there, the link is dead\n  \
             = help: set `permalink` in `[articles]` to what the site's generator does, or `url` in the article,\n          \
             or keep the URLs of the feed with `--addresses`",
            count(others, "article")
        ),
    }
}

fn write_objects(adoption: &Adoption, tally: &Tally, dry_run: bool, env: &mut Env<'_>) -> io::Result<()> {
    for (entry, fate) in &adoption.entries {
        writeln!(env.stdout, "{}", object(entry, fate))?;
    }
    for path in &adoption.alone {
        writeln!(env.stdout, "{}", json!({ "event": "not-in-feed", "path": path }))?;
    }
    for Elsewhere { path, url, feed_url, is_kept } in &adoption.elsewhere {
        let object = json!({
            "event": if *is_kept { "kept-url" } else { "other-url" },
            "path": path, "url": url, "feed_url": feed_url,
        });
        writeln!(env.stdout, "{object}")?;
    }
    let last = json!({
        "event": if dry_run { "would-adopt" } else { "done" },
        "adopted": tally.adopted,
        "kept": tally.kept,
        "conflicts": tally.conflicts,
        "unmatched": tally.unmatched,
        "not_in_feed": adoption.alone.len(),
        "other_urls": adoption.elsewhere.len(),
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
