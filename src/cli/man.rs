//! `feedwright man`

use clap::CommandFactory;

use super::{Cli, Env, Failure, Status};

/// Print the manual page, or that of a subcommand
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The subcommand
    subcommand: Option<String>,
}

pub(super) fn run(args: &Args, env: &mut Env<'_>) -> Result<Status, Failure> {
    let mut command = Cli::command();
    command.build();
    let page = match &args.subcommand {
        None => command,
        Some(name) => command
            .find_subcommand(name)
            .cloned()
            .map(|found| found.disable_help_subcommand(true))
            .ok_or_else(|| {
                Failure::with_help(format!("there is no subcommand `{name}`"), "`feedwright help` lists them")
            })?,
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    env.stdout.write_all(&text)?;
    Ok(Status::Done)
}
