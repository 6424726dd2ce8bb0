//! `feedwright build`

use std::io;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::messages::{self, MessageFormat, count};
use super::timings::{self, Timings};
use super::{Cli, Env, Failure, Status, now, parse_instant};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::publication::{Event, Options, Report, build};
use crate::select::Preview;
use crate::store::Folder;

/// Build the feeds of the publication
///
/// Reads the articles and writes the feeds that `feedwright.toml` describes. Only files whose content changes
/// are written, each one whole. If the build fails, all existing files stay as they are.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "they are the flags")]
pub(super) struct Args {
    /// Include drafts
    #[arg(long)]
    drafts: bool,

    /// Include articles that are not yet due
    #[arg(long)]
    future: bool,

    /// For CI: fail if the ledger, feedwright.lock, would change, and print how
    #[arg(long)]
    locked: bool,

    /// Build as of this time instead of `SOURCE_DATE_EPOCH` or the clock
    #[arg(long, value_name = "TIME", value_parser = parse_instant)]
    now: Option<DateTime<Utc>>,

    /// Publish even if subscribers would see old entries as unread again, or a feed would have another URL
    #[arg(long)]
    allow_reissue: bool,

    /// Print how long each step took
    #[arg(long)]
    timings: bool,

    /// Exit with 1 if there is a diagnostic of this rule or severity: a rule name, `warnings` or `errors`
    #[arg(long, value_name = "RULE", value_parser = parse_denied)]
    deny: Vec<Denied>,
}

/// The value of `--deny`.
#[derive(Clone, Copy, Debug)]
enum Denied {
    Rule(Rule),
    Severity(Severity),
}

fn parse_denied(text: &str) -> Result<Denied, String> {
    match text {
        "warnings" => Ok(Denied::Severity(Severity::Warning)),
        "errors" => Ok(Denied::Severity(Severity::Error)),
        name => Rule::named(name).map(Denied::Rule).ok_or_else(|| format!("there is no rule `{name}`")),
    }
}

pub(super) fn run(args: &Args, cli: &Cli, env: &mut Env<'_>) -> Result<Status, Failure> {
    let options = Options {
        now: now(args.now, env)?,
        preview: Preview { drafts: args.drafts, future: args.future },
        locked: args.locked,
        allow_reissue: args.allow_reissue,
        keep_published: false,
    };
    let mut folder = Folder::new(env.folder(cli));
    crate::publication::load_config(&folder)?;
    folder.lock(|| {
        let _ = writeln!(env.stderr, "waiting for another build of this publication to finish");
    })?;
    let bar = Bar::new(env.watched && !cli.quiet && cli.message_format == MessageFormat::Human);
    let timings = Timings::new(args.timings);
    let report = build(&mut folder, options, &|event| match event {
        Event::Begins(step) => timings.begin(step),
        Event::Turns(step) => timings.turn(step),
        Event::Progress(done, all) => bar.show(done, all),
    });
    bar.clear();
    let timings = timings.end();
    let report = report?;
    messages::show(&report.diagnostics, cli, env)?;
    if args.timings {
        timings::show(&timings, cli, env)?;
    }
    match cli.message_format {
        MessageFormat::Json => writeln!(env.stdout, "{}", built(&report))?,
        _ if cli.quiet => {}
        _ => summary(&report, env)?,
    }
    let denied =
        report.diagnostics.iter().any(|diagnostic| args.deny.iter().any(|denied| denied.holds(diagnostic)));
    Ok(if denied { Status::Faults } else { Status::Done })
}

impl Denied {
    fn holds(self, diagnostic: &Diagnostic) -> bool {
        match self {
            Self::Rule(rule) => diagnostic.rule == rule,
            Self::Severity(severity) => diagnostic.severity >= severity,
        }
    }
}

pub(super) fn summary(report: &Report, env: &mut Env<'_>) -> io::Result<()> {
    let reasons: Vec<String> =
        report.withheld.iter().map(|(reason, number)| format!("{number} {reason}")).collect();
    let withheld = match report.withheld() {
        0 => String::new(),
        number => format!(", {number} withheld ({})", reasons.join(", ")),
    };
    writeln!(env.stderr, "{}: {} in feeds{withheld}", count(report.articles, "article"), report.entries)?;
    let removed = if report.removed > 0 { format!(", {} removed", report.removed) } else { String::new() };
    writeln!(
        env.stderr,
        "{} in {}: {} written, {} unchanged{removed}",
        count(report.feeds, "feed"),
        count(report.documents, "document"),
        report.written,
        report.unchanged,
    )?;
    renamed(report, env)?;
    if let Some(due) = report.next_due {
        writeln!(
            env.stderr,
            "the next article is due {}: build again then",
            due.format("%Y-%m-%d %H:%M UTC")
        )?;
    }
    let number =
        |severity| report.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let levels = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let found = levels.map(|(severity, noun)| (number(severity), noun));
    let found: Vec<String> = found.iter().filter(|(n, _)| *n > 0).map(|(n, noun)| count(*n, noun)).collect();
    if !found.is_empty() {
        writeln!(env.stderr, "{}", found.join(", "))?;
    }
    Ok(())
}

/// The most renamed articles that are listed.
const NAMED: usize = 20;

fn renamed(report: &Report, env: &mut Env<'_>) -> io::Result<()> {
    for (before, after) in report.renamed.iter().take(NAMED) {
        writeln!(env.stderr, "{before} was renamed to {after} and keeps its id")?;
    }
    match report.renamed.len().saturating_sub(NAMED) {
        0 => Ok(()),
        more => writeln!(env.stderr, "{more} more were renamed, and keep their ids"),
    }
}

pub(super) fn built(report: &Report) -> serde_json::Value {
    json!({
        "event": "built",
        "articles": report.articles,
        "entries": report.entries,
        "feeds": report.feeds,
        "documents": report.documents,
        "written": report.written,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "withheld": report.withheld(),
        "withheld_by_reason": report.withheld,
        "next_due": report.next_due.map(|due| due.format("%Y-%m-%dT%H:%M:%SZ").to_string()),
    })
}

/// A progress bar that appears when a build takes longer than [`Bar::PATIENCE`].
struct Bar {
    since: Option<Instant>,
    bar: OnceLock<ProgressBar>,
}

impl Bar {
    const PATIENCE: Duration = Duration::from_millis(500);

    fn new(wanted: bool) -> Self {
        Self { since: wanted.then(Instant::now), bar: OnceLock::new() }
    }

    fn show(&self, done: usize, all: usize) {
        if self.since.is_none_or(|since| since.elapsed() < Self::PATIENCE) {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            let style = ProgressStyle::with_template("{wide_bar} {pos}/{len}");
            ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    }

    fn clear(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
