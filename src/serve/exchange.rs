//! The state that all connections share: the current documents, subscribers and counters.

use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};
use chrono::{DateTime, Utc};

use super::Documents;
use super::meters::Meters;
use super::subscribers::Subscribers;

/// The state that all connections share.
#[derive(Debug)]
pub struct Exchange {
    documents: ArcSwap<Documents>,
    pub(super) subscribers: Subscribers,
    pub(super) meters: Meters,
    pub(super) clock: fn() -> DateTime<Utc>,
}

impl Exchange {
    /// An exchange with these documents. `clock` tells the time.
    pub fn new(mut documents: Documents, clock: fn() -> DateTime<Utc>) -> Arc<Self> {
        let subscribers = Subscribers::default();
        documents.number_feeds(|path| subscribers.number(path));
        Arc::new(Self {
            documents: ArcSwap::from_pointee(documents),
            subscribers,
            meters: Meters::default(),
            clock,
        })
    }

    /// Replaces the documents. Responses that are being sent are still of the previous ones, whole.
    pub fn swap(&self, mut documents: Documents) {
        documents.number_feeds(|path| self.subscribers.number(path));
        self.documents.store(Arc::new(documents));
    }

    /// Counts a build, and how many seconds it took; or one that failed.
    pub fn count_build(&self, seconds: Option<f64>) {
        self.meters.count_build(seconds);
    }

    pub(super) fn documents(&self) -> Guard<Arc<Documents>> {
        self.documents.load()
    }
}
