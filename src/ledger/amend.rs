//! Changes that an author makes in the ledger on purpose: `feedwright touch` and `feedwright pin`.

use chrono::{DateTime, SubsecRound, Utc};

use super::{Authority, Ledger, Record};
use crate::article::ArticleSummary;

/// The effect of a pin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pinned {
    /// The article has that id already.
    Already,
    /// The article goes on under an id that the ledger knew.
    Resumed(String),
    /// Two articles have exchanged their ids; the path of the other.
    Exchanged(String, String),
    /// The article has an id that nobody had before.
    New(String),
}

/// A reason why an article cannot have an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such article.
    #[error("there is no such article")]
    NotThere,
    /// The id is empty or too long.
    #[error("it cannot be an id")]
    Unusable,
    /// The article states another id itself, and that counts.
    #[error("the article states an id of its own, `{0}`")]
    States(String),
    /// The id is that of another article, whose path this is.
    #[error("it is the id of `{0}`")]
    Taken(String),
}

impl Ledger {
    /// Moves the last update of the article at `path` to `now`. `false` where no published article is there.
    pub fn touch(&mut self, path: &str, now: DateTime<Utc>) -> bool {
        let Some(id) = self.at_path(path).filter(|record| !record.pending).map(|record| record.id.to_owned())
        else {
            return false;
        };
        if let Some(record) = self.get_mut(&id) {
            record.updated = now.trunc_subsecs(0).max(record.published);
        }
        true
    }

    /// Decides that the article has the id `stated`, a whole one or a word, from now on. The id that it had stays in
    /// the ledger, and nobody gets it any more. `is_there` says whether there is a file at a path.
    ///
    /// # Errors
    ///
    /// If `stated` cannot be an id, if the article itself states another, or if the id is that of another
    /// article which is there and which this one has nothing to give for.
    pub fn pin(
        &mut self,
        article: ArticleSummary<'_>,
        stated: &str,
        authority: &Authority,
        is_there: &dyn Fn(&str) -> bool,
        now: DateTime<Utc>,
    ) -> Result<Pinned, Refusal> {
        let letter_by_letter = self.get(stated).map(|record| record.id.to_owned());
        let id = letter_by_letter.or_else(|| authority.id_as_stated(stated)).ok_or(Refusal::Unusable)?;
        let own = article.id().and_then(|own| authority.id_as_stated(own));
        if let Some(own) = own.filter(|own| *own != id) {
            return Err(Refusal::States(own));
        }
        let present = self.at_path(article.name()).map(|record| record.owned());
        if present.as_ref().is_some_and(|record| record.id == id) {
            return Ok(Pinned::Already);
        }
        let wanted = self.get(&id).map(|record| record.owned());
        let other = wanted.as_ref().filter(|wanted| wanted.gone.is_none() && is_there(&wanted.path));
        if let Some(other) = other.map(|other| other.path.clone()) {
            let Some(present) = present else { return Err(Refusal::Taken(other)) };
            if let Some(wanted) = wanted {
                self.place(&present.id, &wanted);
                self.place(&id, &present);
            }
            return Ok(Pinned::Exchanged(id, other));
        }
        if let Some(record) = present.as_ref().and_then(|present| self.get_mut(&present.id)) {
            record.gone = Some(now.date_naive());
        }
        if wanted.is_some() {
            self.place(&id, &Record::new("", article, now));
            return Ok(Pinned::Resumed(id));
        }
        let now = now.trunc_subsecs(0);
        let new = || {
            let published = article.published().map_or(now, |date| date.trunc_subsecs(0));
            Record { pending: true, ..Record::new(&id, article, published) }
        };
        self.insert(present.map_or_else(new, |present| Record {
            id: id.clone(),
            located: false,
            id_is_permalink: false,
            ..present
        }));
        Ok(Pinned::New(id))
    }

    /// Puts a record where another is. It takes over the text that is there, or else the next build would find that
    /// texts were exchanged, and follow them; but not the title, so that a new one is pointed out.
    fn place(&mut self, id: &str, there: &Record) {
        if let Some(record) = self.get_mut(id) {
            record.path.clone_from(&there.path);
            record.digest.clone_from(&there.digest);
            record.minhash.clone_from(&there.minhash);
            record.characters = there.characters;
            record.gone = None;
        }
    }
}
