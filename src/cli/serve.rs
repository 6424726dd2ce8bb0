//! `feedwright serve`

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::json;
use tracing::level_filters::LevelFilter;

use super::build::{built, summary};
use super::messages::{self, MessageFormat, count};
use super::terminal::{EscapeStyle, Escaping};
use super::{Cli, Env, Failure, Status};
use crate::config;
use crate::diagnostic::Diagnostic;
use crate::generator::{Predecessor, UnknownPredecessor};
use crate::publication::Report;
use crate::select::Preview;
use crate::serve::{DocumentSource, Error, Live, News, Server, Wishes};
use crate::store::{Folder, Store};

/// Serve the feeds over HTTP
///
/// Builds the publication as `feedwright build` does and serves its feeds from memory, at the path of
/// `[feeds] url`; the subscription page is at `/`. A scheduled article appears when it is due. The first line
/// of standard output is the URL of the server. When interrupted, it finishes running responses first.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "they are flags on a command line")]
pub(super) struct Args {
    /// The address to listen on; port 0 picks a free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:4000", value_parser = parse_address)]
    listen: SocketAddr,

    /// Answer the people who run the server at this address: `/-/health`, `/-/metrics`, `/-/stats`
    ///
    /// The second line of standard output is then its URL. Without this, these pages do not exist.
    #[arg(long, value_name = "ADDR:PORT", value_parser = parse_address)]
    admin: Option<SocketAddr>,

    /// Build again when a file is saved
    #[arg(long)]
    watch: bool,

    /// Serve this folder, which another program builds, instead of building; with `--watch`, reload it when
    /// it changes
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,

    /// A folder with other files to serve: images, enclosures
    #[arg(long, value_name = "DIR")]
    files: Option<PathBuf>,

    /// Also answer at the feed URLs of this system, where subscribers still poll
    #[arg(long, value_name = "SYSTEM", value_delimiter = ',', value_parser = parse_predecessor)]
    like: Vec<Predecessor>,

    /// How long readers and caches may use an answer before they ask again
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86400))]
    max_age: Option<u64>,

    /// Serve feeds as plain XML and JSON, which every browser shows
    #[arg(long)]
    browser_types: bool,

    /// Include drafts, and write nothing to disk
    #[arg(long, conflicts_with = "from")]
    drafts: bool,

    /// Include articles that are not yet due, and write nothing to disk
    #[arg(long, conflicts_with = "from")]
    future: bool,

    /// The format of the request log on standard error
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    log: Log,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Log {
    /// One line of text per request
    Human,
    /// One JSON object per request
    Json,
    /// No log
    Off,
}

fn parse_address(text: &str) -> Result<SocketAddr, String> {
    let port = |port: &str| Some(SocketAddr::from((Ipv4Addr::LOCALHOST, port.parse().ok()?)));
    let local = || port(text.strip_prefix("localhost:").unwrap_or(text));
    text.parse()
        .ok()
        .or_else(local)
        .ok_or_else(|| format!("`{text}` is not an address; write it as `127.0.0.1:4000`"))
}

fn parse_predecessor(text: &str) -> Result<Predecessor, String> {
    text.parse().map_err(|unknown: UnknownPredecessor| unknown.to_string())
}

#[expect(clippy::disallowed_methods, reason = "the clock of a server is the real one")]
fn clock() -> DateTime<Utc> {
    Utc::now()
}

pub(super) fn run(args: &Args, cli: &Cli, env: &mut Env<'_>) -> Result<Status, Failure> {
    let server = bind(args)?;
    let mut live = Live::start(source(args, cli, env), wishes(args, env), clock)?;
    log(args.log, cli, env);
    let (exchange, end) = (live.exchange(), live.end());
    let address = server.address().map_err(|error| refused(args.listen, &error))?;
    let admin = server.admin_address();
    let stop = server.stop();
    let serving = thread::spawn(move || {
        let ended = server.run(&exchange, || end.now());
        // Where there is nobody to serve, there is nothing to keep up to date.
        end.now();
        ended
    });
    writeln!(env.stdout, "http://{address}/")?;
    if let Some(admin) = admin {
        writeln!(env.stdout, "http://{admin}/-/stats")?;
    }
    env.stdout.flush()?;
    let told = tell(&mut live, cli, env);
    stop.now();
    let ended = serving.join().unwrap_or_else(|_| Err(io::Error::other("it stopped")));
    told?;
    ended.map_err(|error| Failure::trouble(format!("cannot serve: {error}")))?;
    Ok(Status::Done)
}

fn bind(args: &Args) -> Result<Server, Failure> {
    let server = Server::bind(args.listen).map_err(|error| refused(args.listen, &error))?;
    match args.admin {
        None => Ok(server),
        Some(admin) => server.with_admin(admin).map_err(|error| refused(admin, &error)),
    }
}

fn refused(address: SocketAddr, error: &io::Error) -> Failure {
    Failure::with_help(format!("cannot listen at {address}: {error}"), "choose another address or port")
}

fn source(args: &Args, cli: &Cli, env: &Env<'_>) -> DocumentSource {
    let root = env.folder(cli);
    match &args.from {
        None => DocumentSource::Publication {
            root,
            preview: Preview { drafts: args.drafts, future: args.future },
        },
        Some(from) => {
            let folder = root.join(from);
            let has_config = Folder::new(&root).stamp(config::FILE).is_some();
            DocumentSource::Built { folder, publication: has_config.then_some(root) }
        }
    }
}

fn wishes(args: &Args, env: &Env<'_>) -> Wishes {
    Wishes {
        max_age: args.max_age.map(Duration::from_secs),
        files: args.files.as_ref().map(|files| env.directory.join(files)),
        browser_types: args.browser_types,
        like: args.like.clone(),
        watch: args.watch,
    }
}

/// Prints events until the end.
fn tell(live: &mut Live, cli: &Cli, env: &mut Env<'_>) -> Result<(), Failure> {
    let mut known: Option<Vec<Diagnostic>> = None;
    for news in live {
        match news {
            News::Built(report, took) => {
                // Diagnostics are printed once, not with every file that is saved.
                let is_new = |found: &&Diagnostic| known.as_ref().is_none_or(|known| !known.contains(found));
                let new: Vec<_> = report.diagnostics.iter().filter(is_new).cloned().collect();
                messages::show(&new, cli, env)?;
                tell_of_build(&report, took, known.is_none(), cli, env)?;
                known = Some(report.diagnostics);
            }
            News::TakenIn(documents) if !cli.quiet => {
                writeln!(env.stderr, "{} to serve", count(documents, "document"))?;
            }
            News::TakenIn(_) => {}
            News::Failed(error) => tell_of_failure(error, cli, env)?,
            News::Trouble(message) => writeln!(env.stderr, "warning: {message}")?,
        }
        env.stdout.flush()?;
    }
    Ok(())
}

fn tell_of_build(
    report: &Report,
    took: Duration,
    is_first: bool,
    cli: &Cli,
    env: &mut Env<'_>,
) -> io::Result<()> {
    let milliseconds = took.as_millis();
    if cli.message_format == MessageFormat::Json {
        let mut object = built(report);
        object["milliseconds"] = json!(u64::try_from(milliseconds).unwrap_or(u64::MAX));
        return writeln!(env.stdout, "{object}");
    }
    if cli.quiet {
        return Ok(());
    }
    if is_first {
        return summary(report, env);
    }
    let changed = report.written + report.removed;
    // A log that is written beside the articles must not cause itself.
    if changed == 0 {
        return Ok(());
    }
    let changed = count(changed, "document");
    writeln!(env.stderr, "built again in {milliseconds} ms: {changed} changed")
}

fn tell_of_failure(error: Error, cli: &Cli, env: &mut Env<'_>) -> io::Result<()> {
    match Failure::from(error) {
        Failure::Faults(faults) => messages::show(&faults, cli, env)?,
        Failure::Trouble { message, .. } => writeln!(env.stderr, "error: {message}")?,
        Failure::Output(error) => return Err(error),
    }
    writeln!(env.stderr, "the previous version is still served")
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Build(error) => error.into(),
            Error::Store(error) => error.into(),
            sources @ Error::Sources(_) => Self::with_help(
                sources.to_string(),
                "choose a folder that has nothing but files for the public",
            ),
        }
    }
}

/// Sets up the request log for all threads.
fn log(format: Log, cli: &Cli, env: &Env<'_>) {
    let level = match (format, cli.quiet) {
        (Log::Off, _) => return,
        (_, true) => LevelFilter::WARN,
        (_, false) => LevelFilter::INFO,
    };
    let style = if format == Log::Json { EscapeStyle::Json } else { EscapeStyle::Text };
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_target(false)
        .with_writer(move || Escaping::new(io::stderr(), style));
    let set = match format {
        Log::Json => tracing::subscriber::set_global_default(subscriber.json().flatten_event(true).finish()),
        Log::Human | Log::Off => {
            tracing::subscriber::set_global_default(subscriber.with_ansi(env.colour()).finish())
        }
    };
    // A program that uses this as a library may have set up its own.
    drop(set);
}
