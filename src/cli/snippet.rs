//! `feedwright snippet`

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Cli, Env, Failure, Status, now, parse_instant};
use crate::format::PublishedFeed;
use crate::page;
use crate::publication::{Options, Publication};
use crate::store::Folder;

/// Print the lines for the `<head>` of your site's pages
///
/// Browsers and readers use them to find the feeds of a page. The main feed comes first, since many readers
/// take the first one; then the other feeds with names of their own. Pages of a tag or an author should also
/// list their own feed: `feedwright snippet tags/border`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only these feeds, by name; "" is the main feed
    #[arg(value_name = "FEED")]
    feeds: Vec<String>,

    /// All feeds, including those with `for-each`
    #[arg(long, conflicts_with = "feeds")]
    all: bool,

    /// Use this time instead of `SOURCE_DATE_EPOCH` or the clock
    #[arg(long, value_name = "TIME", value_parser = parse_instant)]
    now: Option<DateTime<Utc>>,
}

pub(super) fn run(args: &Args, cli: &Cli, env: &mut Env<'_>) -> Result<Status, Failure> {
    let folder = Folder::new(env.folder(cli));
    let publication = Publication::open(&folder, Options::at(now(args.now, env)?))?;
    let articles = publication.articles(&folder, &|_| ());
    let feeds = publication.feed_list(&publication.identify(&articles));
    let chosen = chosen(&feeds, args)?;
    write!(env.stdout, "{}", page::head(&page::alternates(chosen)))?;
    Ok(Status::Done)
}

fn chosen<'f>(feeds: &'f [PublishedFeed], args: &Args) -> Result<Vec<&'f PublishedFeed>, Failure> {
    let wanted: BTreeSet<&str> = args.feeds.iter().map(|name| name.trim_matches('/')).collect();
    let known: BTreeSet<&str> = feeds.iter().map(|feed| &*feed.name).collect();
    if let Some(unknown) = wanted.difference(&known).next() {
        let names: Vec<String> = known.iter().take(20).map(|name| format!("`{name}`")).collect();
        let more = if known.len() > names.len() { ", …" } else { "" };
        let help = format!("there are {}{more}", names.join(", "));
        return Err(Failure::with_help(format!("there is no feed `{unknown}`"), help));
    }
    let is_chosen = |feed: &&PublishedFeed| match (args.all, wanted.is_empty()) {
        (true, _) => true,
        (false, true) => feed.value.is_none(),
        (false, false) => wanted.contains(&*feed.name),
    };
    Ok(feeds.iter().filter(is_chosen).collect())
}
