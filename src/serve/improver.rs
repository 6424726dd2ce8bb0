//! Encodes documents as well as can be, while those that were encoded quickly are served.

use std::collections::VecDeque;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use super::library::{Improvable, Improved};

/// Somebody who improves drafts on a thread of their own, one after the other, without keeping a build
/// waiting for a core. Each time they are given all drafts that there are: those of before are of no use any
/// more, so that somebody who saves a file more often than it can be encoded does not pile them up. `done` is
/// given each, and how many are left; whether anybody still wants to hear of more is what it says.
pub(super) fn improver(
    done: impl FnMut(Improved, usize) -> bool + Send + 'static,
) -> Sender<Vec<Improvable>> {
    let (sender, drafts) = mpsc::channel();
    thread::spawn(move || {
        let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(1).build() else { return };
        improve_latest(&drafts, |draft| pool.install(|| draft.improve()), done);
    });
    sender
}

fn improve_latest(
    given: &Receiver<Vec<Improvable>>,
    improve: impl Fn(Improvable) -> Improved,
    mut done: impl FnMut(Improved, usize) -> bool,
) {
    let mut drafts = VecDeque::new();
    loop {
        if drafts.is_empty() {
            let Ok(some) = given.recv() else { return };
            drafts = some.into();
        }
        while let Ok(newer) = given.try_recv() {
            drafts = newer.into();
        }
        let Some(draft) = drafts.pop_front() else { continue };
        let improved = improve(draft);
        drafts.extend(improved.draft());
        if !done(improved, drafts.len()) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::{DocumentSettings, Library, ServedFile};
    use crate::store::Memory;

    #[test]
    fn only_the_latest_drafts_are_improved_however_many_came_before() {
        let mut store = Memory::new([("a.css", "a{}"), ("b.css", "b{}")]);
        let places = ["a.css", "b.css"].map(|file| ServedFile { file: file.into(), at: format!("/{file}") });
        let mut library = Library::new(DocumentSettings::default());
        let (sender, given) = mpsc::channel();
        for number in 0..100 {
            store.insert("a.css", format!("a{{order:{number}}}"));
            sender.send(library.refresh(&store, &places).unwrap()).unwrap();
        }
        drop(sender);
        let mut left = Vec::new();
        improve_latest(&given, Improvable::improve, |improved, still| {
            library.improve(improved);
            left.push(still);
            true
        });
        assert_eq!(left, [1, 0]);
        assert!(library.refresh(&store, &places).unwrap().is_empty(), "they were the right ones");
    }
}
