//! The first words of a text, gathered while it is written: what [`first_words`](super::first_words) finds in a tree.

use super::{BLOCKS, ENOUGH, SKIPPED, one_line};

/// The words so far.
#[derive(Debug)]
pub(in crate::content) struct Gathered {
    /// What a summary tells.
    told: Words,
    /// Everything, for a text in which a summary would skip all there is; kept until there is something to tell.
    all: Words,
    needs_all: bool,
    /// What was told when the author's marker came.
    before_marker: Option<String>,
    /// What the first image shows.
    described: Option<String>,
}

/// How far the words had come, so that what was said since can be taken back.
#[derive(Clone, Copy, Debug)]
pub(in crate::content) struct Mark {
    told: State,
    all: State,
}

#[derive(Debug, Default)]
struct Words {
    text: String,
    state: State,
}

#[derive(Clone, Copy, Debug, Default)]
struct State {
    length: usize,
    /// Ends of blocks since the last node.
    breaks: usize,
    /// Elements that are open since, and with, the one that is skipped.
    skipping: usize,
    /// Whether the last node is a text, which further words continue.
    in_text: bool,
    is_full: bool,
}

impl Gathered {
    pub(in crate::content) fn new() -> Self {
        Self {
            told: Words::default(),
            all: Words::default(),
            needs_all: true,
            before_marker: None,
            described: None,
        }
    }

    pub(in crate::content) fn mark(&self) -> Mark {
        Mark { told: self.told.state, all: self.all.state }
    }

    pub(in crate::content) fn take_back(&mut self, mark: Mark) {
        self.told.take_back(mark.told);
        self.all.take_back(mark.all);
    }

    pub(in crate::content) fn open(&mut self, name: &str) {
        self.told.open(name, SKIPPED.contains(&name));
        if self.needs_all {
            self.all.open(name, false);
        }
    }

    /// The number of a note, which is no word of the text.
    pub(in crate::content) fn open_reference(&mut self) {
        self.told.open("sup", true);
        if self.needs_all {
            self.all.open("sup", true);
        }
    }

    pub(in crate::content) fn close(&mut self, name: &str) {
        self.told.close(name);
        if self.needs_all {
            self.all.close(name);
        }
    }

    /// An element that holds nothing.
    pub(in crate::content) fn void(&mut self, name: &str) {
        self.open(name);
        self.close(name);
    }

    pub(in crate::content) fn say(&mut self, text: &str) {
        let is_told = self.told.say(text);
        if self.needs_all {
            self.all.say(text);
            self.needs_all = !is_told || one_line(text).is_empty();
        }
    }

    pub(in crate::content) fn describe(&mut self, image: &str) {
        if self.described.is_none() && !image.trim().is_empty() {
            self.described = Some(image.to_owned());
        }
    }

    /// Here the author's summary ends.
    pub(in crate::content) fn end_here(&mut self) {
        self.before_marker.get_or_insert_with(|| self.told.text.clone());
        self.told.node();
        self.all.node();
    }

    /// Only notes follow.
    pub(in crate::content) fn notes_follow(&mut self) {
        self.told.state.in_text = false;
        self.told.state.is_full = true;
    }

    /// The first words; where a marker stands before any, it marks nothing.
    pub(in crate::content) fn first(&self) -> String {
        let attempts = [self.before_marker.as_deref(), Some(&self.told.text), Some(&self.all.text)];
        let mut texts = attempts.into_iter().flatten().map(one_line);
        let described = || one_line(self.described.as_deref().unwrap_or_default());
        texts.find(|text| !text.is_empty()).unwrap_or_else(described)
    }
}

impl Words {
    fn take_back(&mut self, state: State) {
        self.text.truncate(state.length);
        self.state = state;
    }

    /// Begins a node; whether it counts.
    fn node(&mut self) -> bool {
        self.state.in_text = false;
        if self.state.skipping > 0 || self.state.is_full {
            return false;
        }
        if self.text.len() >= ENOUGH {
            self.state.is_full = true;
            return false;
        }
        for _ in 0..std::mem::take(&mut self.state.breaks) {
            self.push(" ");
        }
        true
    }

    fn open(&mut self, name: &str, is_skipped: bool) {
        if self.state.skipping > 0 {
            self.state.skipping += 1;
        } else if self.node() {
            if is_skipped {
                self.state.skipping = 1;
                self.push(" ");
            } else if BLOCKS.contains(&name) {
                self.push(" ");
            }
        }
    }

    fn close(&mut self, name: &str) {
        self.state.in_text = false;
        if self.state.skipping > 0 {
            self.state.skipping -= 1;
        } else if !self.state.is_full && BLOCKS.contains(&name) {
            self.state.breaks += 1;
        }
    }

    /// Adds words; whether they count.
    fn say(&mut self, text: &str) -> bool {
        if text.is_empty() || !(self.state.in_text || self.node()) {
            return false;
        }
        self.push(text);
        self.state.in_text = true;
        true
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.state.length = self.text.len();
    }
}
