//! The exit code of `feedwright::cli::run`, nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    feedwright::cli::main()
}
