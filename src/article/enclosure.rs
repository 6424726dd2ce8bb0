//! Audio, video and other files that an article states, in the shapes of a dozen podcast themes.

use super::EnclosureStated;
use super::address;
use super::meaning::Reader;
use super::metadata::Found;
use super::plain::plain;
use crate::data::{Node, Value};
use crate::diagnostic::{Diagnostic, Rule};
use crate::generator::Meaning;

/// Words under which anything may be found, so that only what is plainly a media file counts.
const LOOSE: &[&str] = &[
    "file",
    "fileurl",
    "media",
    "mediafile",
    "mediaurl",
    "video",
    "videofile",
    "videourl",
    "episode",
    "podcast",
    "attachments",
];

impl Reader<'_> {
    /// All of them, each once.
    pub(super) fn enclosures(&mut self) -> Vec<EnclosureStated> {
        let metadata = self.metadata;
        let mut enclosures: Vec<EnclosureStated> = Vec::new();
        for found in metadata.all(Meaning::Enclosures) {
            for item in found.node.items() {
                let Some(enclosure) = self.enclosure(&found, item) else { continue };
                if enclosures.iter().all(|known| known.address != enclosure.address) {
                    enclosures.push(enclosure);
                }
            }
        }
        // `length` and `duration` beside `file` are about the one file there is.
        if let [only] = enclosures.as_mut_slice() {
            self.complete(only);
        }
        enclosures
    }

    fn enclosure(&mut self, found: &Found<'_>, item: &Node) -> Option<EnclosureStated> {
        let loose = LOOSE.contains(&found.name);
        let table = matches!(item.value, Value::Map(_));
        let address = if table { item.member(ADDRESS) } else { Some(item) };
        let written = address.filter(|node| node.truth().is_none()).and_then(Node::text).unwrap_or_default();
        // WordPress has address, length and type on lines of their own.
        let mut words = written.split_whitespace();
        let (written, length, media_type) = match (words.next(), words.next(), words.next()) {
            (Some(first), Some(length), kind) if number(length).is_some() => (first, number(length), kind),
            _ => (written, None, None),
        };
        if loose && !is_media(written) || item.truth() == Some(false) {
            return None;
        }
        let usable = if written.is_empty() { Err("no address".to_owned()) } else { address::file(written) };
        if let Err(why) = usable {
            self.diagnostics.push(unusable(found, item, written, &why));
            return None;
        }
        let mut enclosure = EnclosureStated {
            address: written.to_owned(),
            length,
            media_type: media_type.map(str::to_owned),
            ..EnclosureStated::default()
        };
        if table {
            self.members(found, item, &mut enclosure);
        }
        Some(enclosure)
    }

    /// Reads what a table says of an enclosure beside its address.
    fn members(&mut self, found: &Found<'_>, table: &Node, enclosure: &mut EnclosureStated) {
        let length = table.member(&["length", "bytes", "size", "filesize", "sizeinbytes", "lengthbytes"]);
        self.length(found, length, enclosure);
        let duration = table.member(&["duration", "time", "itunesduration", "durationinseconds"]);
        self.duration(found, duration, enclosure);
        let kind = table.member(&["type", "mime", "mimetype", "mediatype", "contenttype", "format"]);
        media(kind, enclosure);
        enclosure.title = table.member(&["title", "name", "label"]).and_then(Node::text).map(plain);
    }

    fn complete(&mut self, enclosure: &mut EnclosureStated) {
        let metadata = self.metadata;
        if enclosure.length.is_none()
            && let Some(found) = metadata.first(Meaning::EnclosureLength)
        {
            self.length(&found, Some(found.node), enclosure);
        }
        if enclosure.duration.is_none()
            && let Some(found) = metadata.first(Meaning::EnclosureDuration)
        {
            self.duration(&found, Some(found.node), enclosure);
        }
        if enclosure.media_type.is_none() {
            media(metadata.first(Meaning::EnclosureType).map(|found| found.node), enclosure);
        }
    }

    fn length(&mut self, found: &Found<'_>, node: Option<&Node>, enclosure: &mut EnclosureStated) {
        let Some((node, text)) = node.and_then(|node| Some((node, node.text()?))) else { return };
        enclosure.length = number(text);
        if enclosure.length.is_none() && !text.is_empty() {
            self.unreadable(found, node, text, "a length in bytes", "54075439");
        }
    }

    fn duration(&mut self, found: &Found<'_>, node: Option<&Node>, enclosure: &mut EnclosureStated) {
        let Some((node, text)) = node.and_then(|node| Some((node, node.text()?))) else { return };
        enclosure.duration = seconds(text);
        if enclosure.duration.is_none() && !text.is_empty() {
            self.unreadable(found, node, text, "a duration", "55:16");
        }
    }

    fn unreadable(&mut self, found: &Found<'_>, node: &Node, text: &str, what: &str, example: &str) {
        self.diagnostics.push(
            found
                .fault_at(node, Rule::UnusableValue, format!("`{text}` is not {what}"))
                .label("ignored")
                .help(format!("write it as `{example}`")),
        );
    }
}

fn unusable(found: &Found<'_>, item: &Node, written: &str, why: &str) -> Diagnostic {
    let message = if written.is_empty() {
        format!("`{}` names no file", found.key)
    } else {
        format!("`{written}` cannot be fetched: {why}")
    };
    found
        .fault_at(item, Rule::UnusableEnclosure, message)
        .label("left out")
        .help("write the address of the file: `https://example.org/episode.mp3`")
}

const ADDRESS: &[&str] = &[
    "url",
    "src",
    "href",
    "file",
    "path",
    "address",
    "link",
    "audio",
    "mp3",
    "audiourl",
    "audiofile",
    "fileurl",
    "source",
];

fn media(node: Option<&Node>, enclosure: &mut EnclosureStated) {
    let kind =
        node.and_then(Node::text).filter(|kind| kind.contains('/') && !kind.contains(char::is_whitespace));
    if let Some(kind) = kind {
        enclosure.media_type = Some(kind.to_owned());
    }
}

fn is_media(address: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "mp3", "m4a", "m4b", "ogg", "oga", "opus", "wav", "flac", "aac", "mp4", "m4v", "mov", "webm", "ogv",
        "mkv", "pdf", "epub",
    ];
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// `54075439`, also with the separators that people put into long numbers.
fn number(text: &str) -> Option<u64> {
    let digits: String = text.chars().filter(|c| !matches!(c, ',' | '_' | '\'' | ' ')).collect();
    digits.parse().ok()
}

/// `3316`, `55:16`, `00:55:16`, `PT55M16S`, `55m 16s`.
fn seconds(text: &str) -> Option<u32> {
    let text = text.trim();
    if text.contains(':') {
        let mut total: u32 = 0;
        for (index, part) in text.split(':').enumerate() {
            let part = part.split('.').next().unwrap_or(part);
            if index > 2 || part.is_empty() {
                return None;
            }
            total = total.checked_mul(60)?.checked_add(part.trim().parse().ok()?)?;
        }
        return Some(total);
    }
    if let Ok(seconds) = text.split('.').next().unwrap_or(text).parse() {
        return Some(seconds);
    }
    let text = text.to_ascii_lowercase();
    let (mut total, mut digits, mut any): (u32, String, bool) = (0, String::new(), false);
    for c in text.strip_prefix("pt").unwrap_or(&text).chars().filter(|c| !c.is_whitespace()) {
        let unit = match c {
            '0'..='9' => {
                digits.push(c);
                continue;
            }
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        total = total.checked_add(digits.parse::<u32>().ok()?.checked_mul(unit)?)?;
        digits.clear();
        any = true;
    }
    (any && digits.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_read_in_every_form() {
        for (text, meant) in [
            ("3316", Some(3316)),
            ("55:16", Some(3316)),
            ("00:55:16", Some(3316)),
            ("1:05:18", Some(3918)),
            ("PT55M16S", Some(3316)),
            ("1h 2m", Some(3720)),
            ("3316.5", Some(3316)),
            ("long", None),
            ("", None),
            ("99999999999:00", None),
            ("1:2:3:4", None),
        ] {
            assert_eq!(seconds(text), meant, "{text}");
        }
    }

    #[test]
    fn a_length_may_have_separators() {
        assert_eq!(number("54,075,439"), Some(54_075_439));
        assert_eq!(number("12 MB"), None);
    }
}
