//! Leftovers of `WordPress` and Ghost, in articles that came from there.

use super::scan::Scan;
use super::token::{LONGEST_TAG, limit};
use crate::content::shortcode::{Call, TagMeaning, linked_page};

/// `WordPress`'s own shortcodes: which begin so, and whether an end tag follows.
const SHORTCODES: &[(&str, bool)] = &[
    ("[caption ", true),
    ("[wp_caption ", true),
    ("[embed", true),
    ("[gallery", false),
    ("[playlist", false),
    ("[audio ", false),
    ("[video ", false),
];

/// Address of the site, as Ghost writes it in exports.
pub(super) const GHOST_HOME: &str = "__GHOST_URL__";

impl Scan<'_, '_, '_, '_> {
    /// A shortcode of `WordPress` that begins here; whether one does.
    pub(super) fn wordpress(&mut self, rest: &str) -> bool {
        let Some((start, has_end)) = SHORTCODES.iter().find(|(start, _)| rest.starts_with(start)) else {
            return false;
        };
        self.fuel = self.fuel.saturating_sub(LONGEST_TAG);
        let near = rest.get(..limit(rest)).unwrap_or(rest);
        let Some(tag_end) = near.find(']').filter(|&end| !near[..end].contains('\n')) else { return false };
        // In Markdown, these are links.
        if near[tag_end + 1..].starts_with(['(', '[', ':']) {
            return false;
        }
        let call = Call::parse(near[1..tag_end].trim_end_matches('/'));
        if call.name.len() + 1 > start.len() {
            return false;
        }
        let end_tag = format!("[/{}]", call.name);
        let end = near[tag_end..].find(&end_tag).map(|at| tag_end + at);
        let inner = end.map_or("", |end| &near[tag_end + 1..end]);
        let stop = end.map_or(tag_end + 1, |end| end + end_tag.len());
        if *has_end && end.is_none() {
            return false;
        }
        let range = self.at..self.at + stop;
        match call.name.as_str() {
            "caption" | "wp_caption" => self.put(&figure(inner), &figure(inner), range.start, range.end),
            "embed" => self.put_meaning(&linked_page(inner.trim()), range.end),
            "audio" | "video" => match call.get(&["src", "mp3", "mp4", "m4a", "ogg", "webm"]) {
                Some(source) => self.put_meaning(&linked_page(source), range.end),
                None => self.leftover(range.clone()),
            },
            _ => self.leftover(range.clone()),
        }
        self.at = range.end;
        true
    }

    fn put_meaning(&mut self, meaning: &TagMeaning, end: usize) {
        if let TagMeaning::Element { block, inline } = meaning {
            self.put(block, inline, self.at, end);
        }
    }

    /// The site's home where Ghost left a word for it.
    pub(super) fn ghost(&mut self, rest: &str) {
        if rest.starts_with(GHOST_HOME) {
            self.out.push_str(self.surroundings.home.as_str().trim_end_matches('/'));
            self.at += GHOST_HOME.len();
        }
    }
}

/// A picture and the words after it.
fn figure(inner: &str) -> String {
    let end = inner.rfind('>').map_or(0, |end| end + 1);
    let (picture, caption) = inner.split_at(end);
    let caption = caption.trim();
    if caption.is_empty() {
        return format!("<figure>{}</figure>", picture.trim());
    }
    format!("<figure>{}<figcaption>{caption}</figcaption></figure>", picture.trim())
}
