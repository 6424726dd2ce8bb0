//! What all connections share: the documents of the moment, and what is known of those who ask.

use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};
use chrono::{DateTime, Utc};

use super::Documents;
use super::meters::Meters;
use super::readers::Readers;

/// What all connections share.
#[derive(Debug)]
pub struct Exchange {
    documents: ArcSwap<Documents>,
    pub(super) readers: Readers,
    pub(super) meters: Meters,
    pub(super) clock: fn() -> DateTime<Utc>,
}

impl Exchange {
    /// Serves these documents. `clock` tells the time.
    pub fn new(documents: Documents, clock: fn() -> DateTime<Utc>) -> Arc<Self> {
        Arc::new(Self {
            documents: ArcSwap::from_pointee(documents),
            readers: Readers::default(),
            meters: Meters::default(),
            clock,
        })
    }

    /// Serves these from now on. Answers that are being sent are still of those before, whole.
    pub fn swap(&self, documents: Documents) {
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
