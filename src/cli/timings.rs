//! `build --timings`: how long each step took.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use super::messages::MessageFormat;
use super::{Cli, Env};
use crate::publication::Step;

pub(super) fn show(timings: &BTreeMap<Step, Duration>, cli: &Cli, env: &mut Env<'_>) -> io::Result<()> {
    let milliseconds = |duration: &Duration| duration.as_secs_f64() * 1e3;
    if cli.message_format == MessageFormat::Json {
        let steps =
            timings.iter().map(|(step, duration)| (step.name().to_owned(), json!(milliseconds(duration))));
        let steps: serde_json::Map<String, serde_json::Value> = steps.collect();
        return writeln!(env.stdout, "{}", json!({ "event": "timings", "milliseconds": steps }));
    }
    for (step, duration) in timings {
        writeln!(env.stderr, "{:>8} {:>9.1} ms", step.name(), milliseconds(duration))?;
    }
    Ok(())
}

/// The start of each step of a build.
pub(super) struct Timings {
    /// The work of each thread is timed too.
    wanted: bool,
    steps: Mutex<Vec<(Step, Instant)>>,
    /// Nanoseconds that threads spent on reading and on parsing.
    reading: AtomicU64,
    parsing: AtomicU64,
}

thread_local! {
    static TURN: Cell<Option<(Step, Instant)>> = const { Cell::new(None) };
}

impl Timings {
    pub(super) fn new(wanted: bool) -> Self {
        let (reading, parsing) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { wanted, steps: Mutex::default(), reading, parsing }
    }

    pub(super) fn begin(&self, step: Step) {
        if let Ok(mut steps) = self.steps.lock() {
            steps.push((step, Instant::now()));
        }
    }

    /// Notes that a thread begins to read, or to parse what it has read.
    pub(super) fn turn(&self, step: Step) {
        if !self.wanted {
            return;
        }
        let now = Instant::now();
        if let Some((before, since)) = TURN.replace(Some((step, now))) {
            let sum = if before == Step::Read { &self.reading } else { &self.parsing };
            let spent = u64::try_from(now.duration_since(since).as_nanos()).unwrap_or_default();
            sum.fetch_add(spent, Ordering::Relaxed);
        }
    }

    /// The duration of each step, in order. Reading and parsing run in parallel: their time together is
    /// divided in proportion to the time of the threads.
    pub(super) fn end(self) -> BTreeMap<Step, Duration> {
        let steps = self.steps.into_inner().unwrap_or_default();
        let ends = steps.iter().skip(1).map(|(_, begin)| *begin).chain([Instant::now()]);
        let mut timings: BTreeMap<Step, Duration> = Step::ALL.map(|step| (step, Duration::ZERO)).into();
        for ((step, begin), end) in steps.iter().zip(ends) {
            *timings.entry(*step).or_default() += end.duration_since(*begin);
        }
        let [reading, parsing] =
            [self.reading, self.parsing].map(|spent| Duration::from_nanos(spent.into_inner()));
        if let Some(together) = timings.get(&Step::Read).copied().filter(|_| !parsing.is_zero()) {
            let parse = together.mul_f64(parsing.div_duration_f64(reading + parsing));
            timings.insert(Step::Parse, parse);
            timings.insert(Step::Read, together.saturating_sub(parse));
        }
        timings
    }
}
