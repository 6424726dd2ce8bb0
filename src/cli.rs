//! The command line: arguments, the environment they are run in, and one file per subcommand.
//!
//! The only module that prints, and the only one that uses the clock, the terminal and the environment.

mod adopt;
mod build;
mod completions;
mod config;
mod document;
#[cfg(feature = "serve")]
mod headers;
mod init;
mod man;
mod messages;
mod new;
mod pin;
mod plan;
mod redirects;
#[cfg(feature = "serve")]
mod serve;
mod snippet;
mod terminal;
mod timings;
mod touch;

use std::ffi::OsString;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::{Parser, Subcommand};

use crate::diagnostic::Diagnostic;
use crate::store::{self, Folder};
use messages::MessageFormat;
use terminal::{EscapeStyle, Escaping};

/// Turn a folder of articles into RSS, Atom and JSON feeds
#[derive(Debug, Parser)]
#[command(name = "feedwright", version, max_term_width = 100, propagate_version = true)]
#[command(
    after_help = "Exit status: 0 success, 1 errors in the publication that stop the command, 2 wrong usage, or a failure of disk or network"
)]
pub struct Cli {
    /// Work in this folder instead of the current one
    #[arg(short = 'C', value_name = "DIR", global = true)]
    directory: Option<PathBuf>,

    /// The format of diagnostics
    #[arg(long, value_name = "FORMAT", global = true, default_value = "human")]
    message_format: MessageFormat,

    /// Print errors only
    #[arg(short, long, global = true)]
    quiet: bool,

    /// Print notes too, such as why each article is withheld
    #[arg(short, long, global = true)]
    verbose: bool,

    #[command(subcommand)]
    subcommand: Subcommands,
}

#[derive(Debug, Subcommand)]
enum Subcommands {
    Init(init::Args),
    New(new::Args),
    Build(build::Args),
    Plan(plan::Args),
    Adopt(adopt::Args),
    Touch(touch::Args),
    Pin(pin::Args),
    Redirects(redirects::Args),
    Snippet(snippet::Args),
    Config(config::Args),
    #[cfg(feature = "serve")]
    Headers(headers::Args),
    #[cfg(feature = "serve")]
    Serve(serve::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// The environment that a command runs in.
pub struct Env<'a> {
    /// The current folder.
    pub directory: PathBuf,
    /// Standard input: answers to questions.
    pub stdin: &'a mut dyn BufRead,
    /// Standard output: results.
    pub stdout: &'a mut dyn Write,
    /// Standard error: messages.
    pub stderr: &'a mut dyn Write,
    /// Standard input and error are a terminal, so that questions can be asked.
    pub interactive: bool,
    /// Standard error is a terminal.
    pub watched: bool,
    /// Standard output is a terminal.
    pub displayed: bool,
    /// Environment variables.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// The clock.
    pub clock: &'a dyn Fn() -> DateTime<Utc>,
}

/// The exit status of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// 0: success.
    Done,
    /// 1: errors in the publication that stop the command, or problems that `--deny` names.
    Faults,
    /// 2: wrong usage, or a failure of disk or network.
    Trouble,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Done => Self::SUCCESS,
            Status::Faults => Self::from(1),
            Status::Trouble => Self::from(2),
        }
    }
}

/// The reason why a command ended early.
enum Failure {
    /// Diagnostics that stop the command.
    Faults(Vec<Diagnostic>),
    /// An error outside the publication, and how to fix it.
    Trouble { message: String, help: Option<String> },
    /// The output cannot be written.
    Output(io::Error),
}

impl Failure {
    fn trouble(message: impl Into<String>) -> Self {
        Self::Trouble { message: message.into(), help: None }
    }

    fn with_help(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Trouble { message: message.into(), help: Some(help.into()) }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        Self::trouble(error.to_string())
    }
}

impl From<crate::publication::Error> for Failure {
    fn from(error: crate::publication::Error) -> Self {
        match error {
            crate::publication::Error::Publication(faults) => Self::Faults(faults),
            crate::publication::Error::Store(error) => error.into(),
        }
    }
}

/// Runs the command that the process was started with.
#[expect(clippy::disallowed_methods, reason = "this is where the environment is taken in")]
pub fn main() -> ExitCode {
    let (mut stdin, mut stdout, mut stderr) = (io::stdin().lock(), io::stdout().lock(), io::stderr());
    let mut env = Env {
        directory: std::env::current_dir().unwrap_or_default(),
        interactive: io::stdin().is_terminal() && io::stderr().is_terminal(),
        watched: io::stderr().is_terminal(),
        displayed: io::stdout().is_terminal(),
        stdin: &mut stdin,
        stdout: &mut stdout,
        stderr: &mut stderr,
        variable: &|name| std::env::var(name).ok(),
        clock: &Utc::now,
    };
    run(std::env::args_os(), &mut env).into()
}

/// Runs one command in `env`. The first of `arguments` is the program's name.
pub fn run(arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>, env: &mut Env<'_>) -> Status {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, env),
    };
    let style = if cli.message_format == MessageFormat::Json { EscapeStyle::Json } else { EscapeStyle::Text };
    let (mut stdout, mut stderr) =
        (Escaping::new(&mut *env.stdout, style), Escaping::new(&mut *env.stderr, EscapeStyle::Text));
    let env = &mut Env {
        directory: env.directory.clone(),
        stdin: &mut *env.stdin,
        stdout: &mut stdout,
        stderr: &mut stderr,
        ..*env
    };
    let result = match &cli.subcommand {
        Subcommands::Init(args) => init::run(args, &cli, env),
        Subcommands::New(args) => new::run(args, &cli, env),
        Subcommands::Build(args) => build::run(args, &cli, env),
        Subcommands::Plan(args) => plan::run(args, &cli, env),
        Subcommands::Adopt(args) => adopt::run(args, &cli, env),
        Subcommands::Touch(args) => touch::run(args, &cli, env),
        Subcommands::Pin(args) => pin::run(args, &cli, env),
        Subcommands::Redirects(args) => redirects::run(args, &cli, env),
        Subcommands::Snippet(args) => snippet::run(args, &cli, env),
        Subcommands::Config(args) => config::run(args, &cli, env),
        #[cfg(feature = "serve")]
        Subcommands::Headers(args) => headers::run(args, &cli, env),
        #[cfg(feature = "serve")]
        Subcommands::Serve(args) => serve::run(args, &cli, env),
        Subcommands::Completions(args) => completions::run(args, env),
        Subcommands::Man(args) => man::run(args, env),
    };
    result.unwrap_or_else(|failure| report_failure(&cli, failure, env))
}

/// Help and version are results that were asked for; anything else is wrong usage.
fn usage(error: &clap::Error, env: &mut Env<'_>) -> Status {
    let text = if env.watched && env.colour() {
        error.render().ansi().to_string()
    } else {
        error.render().to_string()
    };
    if error.use_stderr() {
        let _ = write!(env.stderr, "{text}");
        return Status::Trouble;
    }
    let _ = write!(env.stdout, "{text}");
    Status::Done
}

fn report_failure(cli: &Cli, failure: Failure, env: &mut Env<'_>) -> Status {
    match failure {
        Failure::Faults(faults) => {
            let _ = messages::show(&faults, cli, env);
            Status::Faults
        }
        Failure::Trouble { message, help } => {
            let _ = writeln!(env.stderr, "error: {message}");
            if let Some(help) = help {
                let _ = writeln!(env.stderr, "  = help: {help}");
            }
            Status::Trouble
        }
        // As for any tool in a pipe whose reader has ended.
        Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Status::Done,
        Failure::Output(error) => {
            let _ = writeln!(env.stderr, "error: cannot write: {error}");
            Status::Trouble
        }
    }
}

impl Env<'_> {
    /// Tells whether messages may be coloured.
    fn colour(&self) -> bool {
        self.colour_of(self.watched)
    }

    /// Tells whether text may be coloured, given whether it goes to a terminal: <https://no-color.org>.
    fn colour_of(&self, on_terminal: bool) -> bool {
        let refused = (self.variable)("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = (self.variable)("TERM").is_some_and(|value| value == "dumb");
        on_terminal && !refused && !dumb
    }

    /// Locks a publication; says so if a build has to finish first.
    fn lock(&mut self, folder: &mut Folder) -> Result<(), store::Error> {
        folder.lock(|| {
            let _ = writeln!(self.stderr, "waiting for a build of this publication to finish");
        })
    }

    /// The folder of the publication.
    fn folder(&self, cli: &Cli) -> PathBuf {
        self.directory.join(cli.directory.as_deref().unwrap_or(Path::new("")))
    }
}

/// An instant on the command line or in the environment: RFC 3339, a day, or seconds since 1970.
fn parse_instant(text: &str) -> Result<DateTime<Utc>, String> {
    let day = || chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0);
    DateTime::parse_from_rfc3339(text)
        .map(|instant| instant.with_timezone(&Utc))
        .ok()
        .or_else(|| day().map(|day| day.and_utc()))
        .or_else(|| DateTime::from_timestamp(text.parse().ok()?, 0))
        .ok_or_else(|| format!("`{text}` is not a time; write it as `2026-11-22T08:00:00Z`"))
}

/// The instant of the build: as stated, else `SOURCE_DATE_EPOCH`, else the clock's.
/// <https://reproducible-builds.org/specs/source-date-epoch/>
fn now(stated: Option<DateTime<Utc>>, env: &Env<'_>) -> Result<DateTime<Utc>, Failure> {
    if let Some(now) = stated {
        return Ok(now);
    }
    match (env.variable)("SOURCE_DATE_EPOCH") {
        Some(seconds) => {
            let instant = seconds.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
            instant.ok_or_else(|| {
                Failure::with_help(
                    format!("SOURCE_DATE_EPOCH is `{seconds}`"),
                    "set it to seconds since 1970, or unset it",
                )
            })
        }
        None => Ok((env.clock)()),
    }
}
