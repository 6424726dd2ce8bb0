//! Signals that the updating thread waits for: changed files, documents that were encoded better, the time,
//! and the end.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use crate::serve::library::Improved;

/// Editors often write a file more than once. A change is read after this long without another…
const QUIET: Duration = Duration::from_millis(20);

/// … but at the latest after this.
const LONGEST_WAIT: Duration = Duration::from_millis(100);

/// The longest sleep while an article is due: clocks are set, and machines sleep.
pub(super) const LOOK_AT_CLOCK: Duration = Duration::from_secs(60);

/// The longest time for which a document that was encoded better waits until it is served.
const TAKE_IN: Duration = Duration::from_secs(1);

#[derive(Debug)]
enum Signal {
    Changed,
    /// A document, and how many more there are to come.
    Improved(Box<Improved>, usize),
    End,
}

/// Ends a [`Live`](super::Live) from another thread.
#[derive(Clone, Debug)]
pub struct End(Sender<Signal>);

impl End {
    /// Ends it.
    pub fn now(&self) {
        let _ = self.0.send(Signal::End);
    }
}

/// The signals of all threads.
#[derive(Debug)]
pub(super) struct Signals {
    sender: Sender<Signal>,
    receiver: Receiver<Signal>,
}

/// The documents that were encoded better meanwhile, and the reason to wake.
pub(super) struct Woken {
    pub(super) improved: Vec<Improved>,
    pub(super) reason: Reason,
}

/// The reason to wake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// Files have changed.
    Changed,
    /// Documents were encoded better, and it is time to serve them.
    Improved,
    /// Time has passed; an article may be due.
    Time,
    /// It was ended.
    End,
}

impl Signals {
    pub(super) fn new() -> Self {
        let (sender, receiver) = mpsc::channel();
        Self { sender, receiver }
    }

    pub(super) fn end(&self) -> End {
        End(self.sender.clone())
    }

    /// To be called when files have changed.
    pub(super) fn changed(&self) -> impl Fn() + Send + 'static {
        let sender = self.sender.clone();
        move || _ = sender.send(Signal::Changed)
    }

    /// To be called with a document that was encoded better, and the number of those to come; `false` after
    /// the end.
    pub(super) fn improved(&self) -> impl FnMut(Improved, usize) -> bool + Send + 'static {
        let sender = self.sender.clone();
        move |improved, left| sender.send(Signal::Improved(Box::new(improved), left)).is_ok()
    }

    /// Waits for a reason to wake; with `due` for no longer than until then.
    pub(super) fn wait(&self, due: Option<DateTime<Utc>>, clock: fn() -> DateTime<Utc>) -> Woken {
        let began = Instant::now();
        let mut improved = Vec::new();
        let reason = loop {
            let patience = if improved.is_empty() {
                due.map(|due| {
                    due.signed_duration_since(clock()).to_std().unwrap_or_default().min(LOOK_AT_CLOCK)
                })
            } else {
                Some(TAKE_IN.saturating_sub(began.elapsed()))
            };
            let signal = match patience {
                None => self.receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(patience) => self.receiver.recv_timeout(patience),
            };
            match signal {
                Ok(Signal::Changed) => break self.settle(&mut improved),
                Ok(Signal::Improved(document, left)) => {
                    improved.push(*document);
                    if left == 0 {
                        break Reason::Improved;
                    }
                }
                Err(RecvTimeoutError::Timeout) if improved.is_empty() => break Reason::Time,
                Err(RecvTimeoutError::Timeout) => break Reason::Improved,
                Ok(Signal::End) | Err(RecvTimeoutError::Disconnected) => break Reason::End,
            }
        };
        Woken { improved, reason }
    }

    /// Waits until nothing more changes for a moment.
    fn settle(&self, improved: &mut Vec<Improved>) -> Reason {
        let began = Instant::now();
        loop {
            match self.receiver.recv_timeout(QUIET.min(LONGEST_WAIT.saturating_sub(began.elapsed()))) {
                Ok(Signal::Changed) => {}
                Ok(Signal::Improved(document, _)) => improved.push(*document),
                Err(RecvTimeoutError::Timeout) => return Reason::Changed,
                Ok(Signal::End) | Err(RecvTimeoutError::Disconnected) => return Reason::End,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock() -> DateTime<Utc> {
        "2026-11-22T10:00:00Z".parse().unwrap()
    }

    #[test]
    fn an_article_that_is_due_wakes_at_once() {
        assert_eq!(Signals::new().wait(Some(clock()), clock).reason, Reason::Time);
    }

    #[test]
    fn many_changes_are_one_reason_and_the_end_comes_before_them() {
        let signals = Signals::new();
        for _ in 0..3 {
            signals.changed()();
        }
        assert_eq!(signals.wait(None, clock).reason, Reason::Changed);
        signals.changed()();
        signals.end().now();
        assert_eq!(signals.wait(None, clock).reason, Reason::End);
    }
}
