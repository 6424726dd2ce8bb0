//! `feedwright plan`

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use chrono::{DateTime, Utc};
use clap::builder::styling::{AnsiColor, Style};
use serde_json::{Map, Value, json};

use super::document::DocumentReader;
use super::messages::{self, MessageFormat, count};
use super::{Cli, Env, Failure, Status, parse_instant};
use crate::diagnostic::{Diagnostic, Rule};
use crate::format::{self, Outline};
use crate::plan::{self, Change, Circumstances, Kind, PlannedPublication};
use crate::publication::{Options, Report, build, read_ledger};
use crate::select::Preview;
use crate::store::{Folder, Overlay, Patterns, Store};

/// Show what subscribers would see if this were published
///
/// Builds in memory, writes nothing, and compares with the feeds on disk and with feedwright.lock: which entries
/// are new, updated, shown again as unread (and in which readers), gone by age, withdrawn, or withheld until when.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Compare two feeds, files or http(s) URLs, or two folders of them, whoever wrote them
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], conflicts_with_all = ["drafts", "future"])]
    feed: Option<Vec<String>>,

    /// Exit with 1 if an entry would be re-announced or withdrawn, or a feed moved or gone
    #[arg(long)]
    exit_code: bool,

    /// Let drafts in
    #[arg(long)]
    drafts: bool,

    /// Let articles in that are not yet due
    #[arg(long)]
    future: bool,

    /// Plan as if it were this instant
    #[arg(long, value_name = "TIME", value_parser = parse_instant)]
    now: Option<DateTime<Utc>>,
}

/// Findings that stop a build.
const REFUSALS: [Rule; 4] = [Rule::ReissuedEntries, Rule::LostIds, Rule::EmptiedFeed, Rule::MovedFeed];

/// The number of lines shown of each kind, unless `--verbose` asks for all.
const LINES: usize = 20;

/// The number of characters shown of a title.
const TITLE: usize = 48;

pub(super) fn run(args: &Args, cli: &Cli, env: &mut Env<'_>) -> Result<Status, Failure> {
    let now = super::now(args.now, env)?;
    let plan = match args.feed.as_deref() {
        Some([old, new]) => of_files(&env.folder(cli), old, new, now)?,
        _ => of_publication(args, cli, env, now)?,
    };
    match cli.message_format {
        MessageFormat::Human => show(&plan, cli, env)?,
        MessageFormat::Json => show_objects(&plan, env)?,
        MessageFormat::Github => show_commands(&plan, env)?,
    }
    let usual = plan.changes.iter().all(|change| change.kind.is_usual());
    Ok(if args.exit_code && !usual { Status::Faults } else { Status::Done })
}

struct Plan {
    changes: Vec<Change>,
    /// Documents that a build would write or remove.
    documents: usize,
    /// Why a build would stop.
    refusals: Vec<Diagnostic>,
}

fn of_publication(args: &Args, cli: &Cli, env: &Env<'_>, now: DateTime<Utc>) -> Result<Plan, Failure> {
    let folder = Folder::new(env.folder(cli));
    let preview = Preview { drafts: args.drafts, future: args.future };
    let mut overlay = Overlay::new(&folder);
    let report = build(&mut overlay, Options { preview, allow_reissue: true, ..Options::at(now) }, &|_| ())?;
    let ledger = read_ledger(&folder)?;
    let Report { files, upcoming, diagnostics, written, removed, .. } = report;
    let publication =
        PlannedPublication { store: &overlay, feeds: &files, upcoming: &upcoming, ledger: &ledger, now };
    Ok(Plan {
        changes: plan::publication(publication),
        documents: written + removed,
        refusals: diagnostics.into_iter().filter(|found| REFUSALS.contains(&found.rule)).collect(),
    })
}

/// Two files or URLs, or two folders whose files of one name belong together.
fn of_files(folder: &Path, old: &str, new: &str, now: DateTime<Utc>) -> Result<Plan, Failure> {
    let path = |feed: &str| Some(folder.join(feed)).filter(|path| is_folder(feed, path));
    let changes = match (path(old), path(new)) {
        (None, None) => {
            let documents = DocumentReader::below(folder, "compare");
            let [before, after] = [read(&documents, old)?, read(&documents, new)?];
            let changes = plan::compare(&before, &after, Circumstances { now, full: None });
            changes.into_iter().map(|change| Change { feed: new.to_owned(), ..change }).collect()
        }
        (Some(old), Some(new)) => plan::compare_all(read_all(&old)?, &read_all(&new)?, now),
        _ => {
            return Err(Failure::with_help(
                format!("one of `{old}` and `{new}` is a folder and the other is not"),
                "compare two feeds or two folders",
            ));
        }
    };
    Ok(Plan { changes, documents: 0, refusals: Vec::new() })
}

fn is_folder(feed: &str, path: &Path) -> bool {
    DocumentReader::url(feed).is_none() && Folder::new(path).has_folder("")
}

fn read(documents: &DocumentReader<'_>, feed: &str) -> Result<Outline, Failure> {
    format::outline(&documents.get(feed)?).map_err(|error| Failure::trouble(format!("`{feed}` is {error}")))
}

fn read_all(path: &Path) -> Result<BTreeMap<String, Outline>, Failure> {
    const ENDINGS: [&str; 5] = ["xml", "json", "rss", "atom", "rdf"];
    let folder = Folder::new(path);
    let is_feed = |path: &str| path.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending));
    let mut outlines = BTreeMap::new();
    for file in folder.list("", &Patterns::none())?.files.into_iter().filter(|file| is_feed(&file.path)) {
        if let Ok(outline) = format::outline(&folder.read(&file.path)?) {
            outlines.insert(file.path, outline);
        }
    }
    Ok(outlines)
}

/// Changes that are the same in several feeds, with those feeds; the worst kinds first.
fn gathered(changes: &[Change]) -> Vec<(&Change, BTreeSet<&str>)> {
    let mut places: BTreeMap<(Kind, &str, &str, &str), usize> = BTreeMap::new();
    let mut gathered: Vec<(&Change, BTreeSet<&str>)> = Vec::new();
    for change in changes {
        let key = (change.kind, change.id.as_str(), change.title.as_str(), change.because.as_str());
        let place = *places.entry(key).or_insert(gathered.len());
        match gathered.get_mut(place) {
            Some((_, feeds)) => drop(feeds.insert(&change.feed)),
            None => gathered.push((change, BTreeSet::from([change.feed.as_str()]))),
        }
    }
    gathered.sort_by_key(|(change, _)| change.kind);
    gathered
}

fn numbers(gathered: &[(&Change, BTreeSet<&str>)]) -> BTreeMap<Kind, usize> {
    let mut numbers = BTreeMap::new();
    for (change, _) in gathered {
        *numbers.entry(change.kind).or_default() += 1;
    }
    numbers
}

fn show(plan: &Plan, cli: &Cli, env: &mut Env<'_>) -> io::Result<()> {
    let gathered = gathered(&plan.changes);
    let colour = env.colour_of(env.displayed);
    let mut shown: BTreeMap<Kind, usize> = BTreeMap::new();
    for (change, feeds) in &gathered {
        let lines = shown.entry(change.kind).or_default();
        *lines += 1;
        if cli.verbose || *lines <= LINES {
            writeln!(env.stdout, "{}", line(change, feeds.len(), colour))?;
        }
    }
    for (kind, lines) in shown {
        if !cli.verbose && lines > LINES {
            writeln!(env.stdout, "… and {} more {}; see all with `--verbose`", lines - LINES, kind.name())?;
        }
    }
    writeln!(env.stdout, "{}", summary(&numbers(&gathered), plan.documents))?;
    messages::show(&plan.refusals, cli, env)?;
    if !plan.refusals.is_empty() {
        writeln!(env.stderr, "`feedwright build` would refuse this without `--allow-reissue`")?;
    }
    Ok(())
}

fn line(change: &Change, feeds: usize, colour: bool) -> String {
    let style = style(change.kind);
    let (on, off) = if colour {
        (style.render().to_string(), style.render_reset().to_string())
    } else {
        Default::default()
    };
    let mut facts = Vec::new();
    if !change.readers.is_empty() {
        facts.push(format!("in {}", plan::listed(&change.readers)));
    }
    facts.extend(Some(plain(&change.because)).filter(|because| !because.is_empty()));
    facts.extend((feeds > 1).then(|| count(feeds, "feed")));
    let mut title = shortened(&plain(&change.title));
    if !facts.is_empty() {
        let missing = TITLE.saturating_sub(title.chars().count());
        title.push_str(&" ".repeat(missing.min(TITLE)));
    }
    format!("{on}{:<12}{off}  {title}  {}", change.kind.name(), facts.join("; ")).trim_end().to_owned()
}

/// Titles are other people's: what could command a terminal is left out.
fn plain(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).collect()
}

fn shortened(title: &str) -> String {
    match title.char_indices().nth(TITLE - 1) {
        Some((cut, _)) if title.chars().count() > TITLE => {
            format!("{}…", title.get(..cut).unwrap_or_default())
        }
        _ => title.to_owned(),
    }
}

fn style(kind: Kind) -> Style {
    match kind {
        Kind::ReAnnounced | Kind::FeedMoved | Kind::FeedGone => AnsiColor::Red.on_default().bold(),
        Kind::Withdrawn => AnsiColor::Yellow.on_default(),
        Kind::New | Kind::FeedNew => AnsiColor::Green.on_default(),
        Kind::Updated | Kind::Changed => AnsiColor::Cyan.on_default(),
        Kind::Aged | Kind::Withheld => Style::new().dimmed(),
    }
}

fn summary(numbers: &BTreeMap<Kind, usize>, documents: usize) -> String {
    let parts: Vec<String> =
        numbers.iter().map(|(kind, number)| format!("{number} {}", kind.name())).collect();
    if numbers.keys().any(|kind| *kind != Kind::Withheld) {
        return parts.join(", ");
    }
    let nothing = match documents {
        0 => "nothing would change".to_owned(),
        number => format!("no entry would change, though {} would", count(number, "document")),
    };
    std::iter::once(nothing).chain(parts).collect::<Vec<_>>().join(", ")
}

fn show_objects(plan: &Plan, env: &mut Env<'_>) -> io::Result<()> {
    for change in &plan.changes {
        writeln!(env.stdout, "{}", object(change))?;
    }
    let numbers = numbers(&gathered(&plan.changes));
    let mut last = Map::from_iter([("event".to_owned(), json!("plan"))]);
    last.extend(
        Kind::ALL
            .map(|kind| (kind.name().to_owned(), json!(numbers.get(&kind).copied().unwrap_or_default()))),
    );
    last.insert("documents".to_owned(), json!(plan.documents));
    let refusals: Vec<&str> = plan.refusals.iter().map(|found| found.rule.name()).collect();
    last.insert("refused_by".to_owned(), json!(refusals));
    writeln!(env.stdout, "{}", Value::Object(last))
}

fn object(change: &Change) -> Value {
    json!({
        "event": "change",
        "kind": change.kind.name(),
        "feed": change.feed,
        "id": change.id,
        "title": change.title,
        "readers": change.readers,
        "because": change.because,
    })
}

fn show_commands(plan: &Plan, env: &mut Env<'_>) -> io::Result<()> {
    let gathered = gathered(&plan.changes);
    for (change, feeds) in &gathered {
        let command = if change.kind.is_usual() { "notice" } else { "warning" };
        let said = line(change, feeds.len(), false);
        let said = said.strip_prefix(change.kind.name()).unwrap_or(&said).trim_start().replace('%', "%25");
        writeln!(env.stdout, "::{command} title={}::{said}", change.kind.name())?;
    }
    writeln!(env.stdout, "{}", summary(&numbers(&gathered), plan.documents))
}
