//! `feedwright config`

use serde_json::json;

use super::{Cli, Env, Failure, Status};
use crate::cli::messages::MessageFormat;
use crate::config::{FILE, Setting, in_force};
use crate::publication::load_config;
use crate::store::{Folder, Store};

/// Print the settings in force, and where each comes from
///
/// A line for each setting: its name, its value, and behind `#` the file and the line that state it, which may be
/// `feedwright.toml` or the configuration of the site's own generator, or `default`. With `--message-format json` a JSON
/// object for each, on a line of its own: `key`, `value`, `path` and `line`, which are null for a default.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only settings whose names begin so: `publication`, `articles.permalink`, `site`, `feed`
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

pub(super) fn run(args: &Args, cli: &Cli, env: &mut Env<'_>) -> Result<Status, Failure> {
    let folder = Folder::new(env.folder(cli));
    let config = load_config(&folder)?;
    let source = folder.read(FILE)?;
    let source = String::from_utf8_lossy(&source);
    let mut site = config.site.as_deref().cloned();
    if let Some(site) = &mut site
        && let Ok(listing) = folder.list(&config.articles.path, &config.articles.exclude)
    {
        let paths: Vec<&str> = listing.files.iter().map(|file| file.path.as_str()).collect();
        site.survey(&paths, &folder);
    }
    let settings = in_force(source.trim_start_matches('\u{feff}'), &config, site.as_ref());
    if let Some(unknown) = args.names.iter().find(|name| !settings.iter().any(|known| is_in(known, name))) {
        return Err(no_setting(unknown, &settings));
    }
    let is_wanted =
        |setting: &&Setting| args.names.is_empty() || args.names.iter().any(|name| is_in(setting, name));
    for Setting { key, value, place } in settings.iter().filter(is_wanted) {
        let (path, line) = place.as_ref().map(|(path, line)| (path, line)).unzip();
        if cli.message_format == MessageFormat::Json {
            writeln!(env.stdout, "{}", json!({ "key": key, "value": value, "path": path, "line": line }))?;
            continue;
        }
        let origin =
            path.zip(line).map_or_else(|| "default".to_owned(), |(path, line)| format!("{path}:{line}"));
        writeln!(env.stdout, "{key} = {value}   # {origin}")?;
    }
    Ok(Status::Done)
}

fn is_in(setting: &Setting, name: &str) -> bool {
    setting.key.starts_with(name)
}

fn no_setting(name: &str, settings: &[Setting]) -> Failure {
    let named_so = settings.iter().find(|known| known.key.rsplit('.').next() == Some(name));
    let help = match named_so {
        Some(known) => format!("did you mean `{}`?", known.key),
        None => "`feedwright config` prints all of them".to_owned(),
    };
    Failure::with_help(format!("there is no setting whose name begins with `{name}`"), help)
}
