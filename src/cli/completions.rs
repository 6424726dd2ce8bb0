//! `feedwright completions`

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, Env, Failure, Status};

/// Print the completion script of a shell
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell
    shell: Shell,
}

pub(super) fn run(args: &Args, env: &mut Env<'_>) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "feedwright", &mut script);
    env.stdout.write_all(&script)?;
    Ok(Status::Done)
}
