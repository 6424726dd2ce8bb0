//! What is looked at in an XML document of others before a crate that knows feeds reads it.
//!
//! Nothing here or in those crates expands an entity of the document's own or fetches a DTD. But an id that is spelt
//! with such an entity could not be taken to the letter, so a document that declares any is refused.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Elements in elements in elements. The crates recurse over elements that they do not know.
const DEEPEST: usize = 100;

/// What a document shows at first sight.
pub(super) struct Sight {
    /// Local name of the outermost element.
    pub(super) root: String,
    /// `rdf:about` of each `item`, in their order: the id of an item of RSS 1.0, which the crate leaves out.
    pub(super) abouts: Vec<String>,
}

/// Goes once over a document. Fails where it is not well formed, nested too deep, or declares entities.
pub(super) fn look(document: &[u8]) -> Result<Sight, String> {
    let mut reader = Reader::from_reader(document);
    let mut buffer = Vec::new();
    let mut root = None;
    let mut abouts = Vec::new();
    let mut depth = 0_usize;
    loop {
        match reader.read_event_into(&mut buffer).map_err(|error| error.to_string())? {
            Event::DocType(doctype) if doctype.contains(&b'[') => {
                return Err("it declares entities of its own".to_owned());
            }
            Event::Start(element) => {
                depth += 1;
                note(&element, &reader, &mut root, &mut abouts);
            }
            Event::Empty(element) => note(&element, &reader, &mut root, &mut abouts),
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Eof => break,
            _ => {}
        }
        if depth > DEEPEST {
            return Err(format!("elements are nested more than {DEEPEST} deep"));
        }
        buffer.clear();
    }
    if depth > 0 {
        return Err("it ends within an element".to_owned());
    }
    let root = root.ok_or_else(|| "it has no element".to_owned())?;
    Ok(Sight { root, abouts })
}

fn note(
    element: &BytesStart<'_>,
    reader: &Reader<&[u8]>,
    root: &mut Option<String>,
    abouts: &mut Vec<String>,
) {
    let name = element.local_name();
    if root.is_none() {
        *root = Some(String::from_utf8_lossy(name.as_ref()).into_owned());
    }
    if name.as_ref() == b"item" && root.as_deref() == Some("RDF") {
        let mut attributes = element.attributes();
        let about =
            attributes.with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == b"rdf:about");
        let value = about.and_then(|about| {
            about.decoded_and_normalized_value(quick_xml::XmlVersion::Implicit1_0, reader.decoder()).ok()
        });
        abouts.push(value.map(|value| value.trim().to_owned()).unwrap_or_default());
    }
}
