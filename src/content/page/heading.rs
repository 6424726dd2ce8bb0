//! Headings, of which only those have an id to which a link leads.

use std::collections::BTreeSet;

use super::Page;
use crate::content::portable::heading_id;

/// A heading that may need an id when the rest of the text is known.
pub(super) struct Heading {
    /// Where its attributes would stand in the HTML.
    at: usize,
    id: Option<String>,
    /// Where its text begins and ends in `titles`.
    title: std::ops::Range<usize>,
}

impl Page<'_> {
    pub(in crate::content) fn open_heading(&mut self, name: &'static str, id: Option<&str>) -> Option<()> {
        self.open_block(name)?;
        self.in_heading = true;
        let start = self.titles.len();
        // Before the `>`.
        let at = self.html.len() - 1;
        self.headings.push(Heading { at, id: id.map(str::to_owned), title: start..start });
        Some(())
    }

    pub(in crate::content) fn close_heading(&mut self) -> Option<()> {
        self.in_heading = false;
        let end = self.titles.len();
        let shows = self.open.last().is_some_and(|frame| frame.shows);
        let heading = self.headings.last_mut()?;
        heading.title.end = end;
        if !shows {
            let title = self.titles.get(heading.title.clone()).unwrap_or_default();
            // Whether it has an id, and therefore stays, only the rest of the text shows.
            if heading.id.is_some() || !heading_id(title).is_empty() {
                return None;
            }
            self.headings.pop();
        }
        self.close_block();
        Some(())
    }

    /// Gives their ids to the headings to which links lead.
    pub(super) fn name_headings(&mut self) -> Option<()> {
        if self.linked.is_empty() || self.headings.is_empty() {
            return Some(());
        }
        let written = std::mem::take(&mut self.html);
        let mut named = BTreeSet::new();
        let mut said = 0;
        for heading in std::mem::take(&mut self.headings) {
            let own = heading.id.filter(|id| self.linked.contains(id));
            let slug = || heading_id(self.titles.get(heading.title).unwrap_or_default());
            let id = own.or_else(|| {
                Some(slug()).filter(|slug| self.linked.contains(slug) && named.insert(slug.clone()))
            });
            let Some(id) = id else { continue };
            self.html.push_str(&written[said..heading.at]);
            said = heading.at;
            self.html.push_str(" id=\"");
            self.value(&id)?;
            self.html.push('"');
        }
        self.html.push_str(&written[said..]);
        Some(())
    }
}
