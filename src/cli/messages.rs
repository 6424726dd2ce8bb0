//! Printing diagnostics: as text, as JSON, and as annotations on GitHub.

use std::io;

use serde_json::json;

use super::{Cli, Env};
use crate::diagnostic::{Diagnostic, Severity, escaped};

/// The format of diagnostics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum MessageFormat {
    /// Text, on stderr.
    Human,
    /// One JSON object per line, on stdout.
    Json,
    /// GitHub workflow commands, on stdout.
    Github,
}

/// Prints the diagnostics. Notes are printed with `--verbose` and as JSON only, warnings unless `--quiet`.
pub(super) fn show(diagnostics: &[Diagnostic], cli: &Cli, env: &mut Env<'_>) -> io::Result<()> {
    let least = match (cli.message_format, cli.verbose, cli.quiet) {
        (MessageFormat::Json, ..) | (_, true, _) => Severity::Note,
        (_, _, true) => Severity::Error,
        _ => Severity::Warning,
    };
    let colour = env.colour();
    for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.severity >= least) {
        match cli.message_format {
            MessageFormat::Human => writeln!(env.stderr, "{}\n", diagnostic.draw(colour))?,
            MessageFormat::Json => writeln!(env.stdout, "{}", object(diagnostic))?,
            MessageFormat::Github => writeln!(env.stdout, "{}", workflow_command(diagnostic))?,
        }
    }
    Ok(())
}

fn object(diagnostic: &Diagnostic) -> serde_json::Value {
    let place = diagnostic.place.as_ref();
    json!({
        "rule": diagnostic.rule.name(),
        "severity": diagnostic.severity.name(),
        "path": diagnostic.path,
        "line": place.map(|place| place.line),
        "column": place.map(|place| place.column),
        "message": diagnostic.message,
        "label": diagnostic.label,
        "help": diagnostic.help,
    })
}

fn workflow_command(diagnostic: &Diagnostic) -> String {
    let command = match diagnostic.severity {
        Severity::Note => "notice",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let place = diagnostic.place.as_ref();
    let place = place.map(|place| format!(",line={},col={}", place.line, place.column)).unwrap_or_default();
    let parts = [Some(&diagnostic.message), diagnostic.label.as_ref(), diagnostic.help.as_ref()];
    let message = parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join("; ");
    let escape = |text: &str| escaped(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let path = escape(&diagnostic.path).replace(':', "%3A").replace(',', "%2C");
    format!("::{command} file={path}{place},title={}::{}", diagnostic.rule.name(), escape(&message))
}

/// `1 article`, `2 articles`.
pub(super) fn count(number: usize, noun: &str) -> String {
    match (number, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        _ => format!("{number} {noun}s"),
    }
}
