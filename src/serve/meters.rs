//! Counters of the server in the text format of Prometheus.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

use http::StatusCode;

/// The counters.
#[derive(Debug)]
pub(super) struct Meters {
    /// By status, from 100 to 599.
    answers: Vec<AtomicU64>,
    bytes: AtomicU64,
    pub(super) connections: AtomicUsize,
    refused: AtomicU64,
    builds: AtomicU64,
    failed_builds: AtomicU64,
    /// Of the last build, in microseconds.
    build_time: AtomicU64,
}

impl Default for Meters {
    fn default() -> Self {
        Self {
            answers: (100..600).map(|_| AtomicU64::new(0)).collect(),
            bytes: AtomicU64::new(0),
            connections: AtomicUsize::new(0),
            refused: AtomicU64::new(0),
            builds: AtomicU64::new(0),
            failed_builds: AtomicU64::new(0),
            build_time: AtomicU64::new(0),
        }
    }
}

impl Meters {
    pub(super) fn count(&self, status: StatusCode, bytes: u64) {
        if let Some(answers) = self.answers.get(usize::from(status.as_u16()).saturating_sub(100)) {
            answers.fetch_add(1, Relaxed);
        }
        self.bytes.fetch_add(bytes, Relaxed);
    }

    /// Counts a connection beyond the limit.
    pub(super) fn refuse(&self) {
        self.refused.fetch_add(1, Relaxed);
    }

    pub(super) fn count_build(&self, seconds: Option<f64>) {
        match seconds {
            None => _ = self.failed_builds.fetch_add(1, Relaxed),
            Some(seconds) => {
                self.builds.fetch_add(1, Relaxed);
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a time is not that long"
                )]
                self.build_time.store((seconds * 1e6) as u64, Relaxed);
            }
        }
    }

    /// All counters, one per line.
    pub(super) fn report(&self) -> String {
        let mut text = String::new();
        let mut describe = |name: &str, kind: &str, help: &str, lines: &[(String, String)]| {
            let _ = writeln!(text, "# HELP feedwright_{name} {help}\n# TYPE feedwright_{name} {kind}");
            for (labels, value) in lines {
                let _ = writeln!(text, "feedwright_{name}{labels} {value}");
            }
        };
        let one = |value: String| [(String::new(), value)];
        let number = |value: &AtomicU64| one(value.load(Relaxed).to_string());
        let answers = self.answers.iter().zip(100..).filter_map(|(answers, status)| {
            let answers = answers.load(Relaxed);
            (answers > 0).then(|| (format!("{{status=\"{status}\"}}"), answers.to_string()))
        });
        describe("answers_total", "counter", "Answers by status.", &answers.collect::<Vec<_>>());
        describe("sent_bytes_total", "counter", "Bytes of bodies in answers.", &number(&self.bytes));
        let connections = self.connections.load(Relaxed).to_string();
        describe("connections", "gauge", "Connections that are open.", &one(connections));
        describe("refused_connections_total", "counter", "Connections too many.", &number(&self.refused));
        describe("builds_total", "counter", "Builds since the start.", &number(&self.builds));
        describe("failed_builds_total", "counter", "Builds that failed.", &number(&self.failed_builds));
        let time = self.build_time.load(Relaxed);
        let seconds = format!("{}.{:06}", time / 1_000_000, time % 1_000_000);
        describe("build_seconds", "gauge", "How long the last build took.", &one(seconds));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_reported_with_what_it_is() {
        let meters = Meters::default();
        meters.count(StatusCode::OK, 1000);
        meters.count(StatusCode::NOT_MODIFIED, 0);
        meters.count(StatusCode::NOT_MODIFIED, 0);
        meters.count_build(Some(0.0125));
        meters.count_build(None);
        let report = meters.report();
        for line in [
            "# TYPE feedwright_answers_total counter",
            "feedwright_answers_total{status=\"200\"} 1",
            "feedwright_answers_total{status=\"304\"} 2",
            "feedwright_sent_bytes_total 1000",
            "feedwright_connections 0",
            "feedwright_builds_total 1",
            "feedwright_failed_builds_total 1",
            "feedwright_build_seconds 0.012500",
        ] {
            assert!(report.lines().any(|other| other == line), "{line}: {report}");
        }
        assert!(report.ends_with('\n'));
    }
}
