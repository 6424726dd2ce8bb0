//! Footnotes: where they are referred to, and the list of them at the end.

use super::Page;

impl<'s> Page<'s> {
    /// Where a note is referred to for the `uses`th time.
    pub(in crate::content) fn reference(&mut self, number: usize, uses: usize) -> Option<()> {
        if self.links > 0 {
            return None;
        }
        let prefix = self.id_prefix()?;
        let (id, note) = (format!("fnref-{prefix}-{number}"), format!("#fn-{prefix}-{number}"));
        // The note leads back to the first place alone.
        if uses > 1 {
            self.open("sup")?;
        } else {
            let words = self.words.mark();
            self.words.open_reference();
            self.push_frame("sup", words)?;
            self.tag("sup", &[("id", &id)])?;
            self.linked.insert(id);
        }
        self.open_with("a", &[("href", &note)])?;
        self.text(&number.to_string())?;
        self.close();
        self.close();
        self.linked.insert(note[1..].to_owned());
        Some(())
    }

    pub(in crate::content) fn open_notes(&mut self) -> Option<()> {
        self.words.notes_follow();
        self.void("hr", &[])?;
        self.end_line();
        self.open("ol")?;
        self.end_line();
        Some(())
    }

    pub(in crate::content) fn open_note(&mut self, number: usize) -> Option<()> {
        let prefix = self.id_prefix()?;
        self.open_with("li", &[("id", &format!("fn-{prefix}-{number}"))])?;
        self.at_line_start = true;
        Some(())
    }

    /// The way back from a note.
    pub(in crate::content) fn back_link(&mut self, number: usize) -> Option<()> {
        let prefix = self.id_prefix()?;
        self.text(" ")?;
        self.open_with("a", &[("href", &format!("#fnref-{prefix}-{number}"))])?;
        self.text("↩")?;
        self.close();
        Some(())
    }

    fn id_prefix(&self) -> Option<&'s str> {
        let prefix = self.surroundings.id_prefix;
        prefix.bytes().all(|byte| byte.is_ascii_alphanumeric()).then_some(prefix)
    }
}
