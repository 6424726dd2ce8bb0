//! Reads HTML as HTML5 says how, so that whatever an author wrote, every pass sees what a browser would.

use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{ParseOpts, QualName, local_name, ns};

use super::sink::{DOCUMENT, Sink};
use super::{MOST_TAGS, Tree, Unbearable};
use crate::content::tags::is_tangled;

/// Reads a part of a document.
pub(in crate::content) fn fragment(html: &str) -> Result<Tree, Unbearable> {
    check(html)?;
    let context = QualName::new(None, ns!(html), local_name!("body"));
    let sink = Sink::new(capacity(html));
    let document = html5ever::parse_fragment(sink, options(), context, Vec::new(), false).one(html);
    let root = document.child(DOCUMENT, None);
    root.map_or(Ok(Tree::default()), |root| document.into_row(root))
}

/// Reads what is in the `body` of a whole document, or all of a part of one.
pub(in crate::content) fn body(html: &str) -> Result<Tree, Unbearable> {
    if !is_whole_document(html) {
        return fragment(html);
    }
    check(html)?;
    let document = html5ever::parse_document(Sink::new(capacity(html)), options()).one(html);
    let root = document.child(DOCUMENT, Some("html"));
    match root.and_then(|root| document.child(root, Some("body"))) {
        Some(body) => document.into_row(body),
        // A page of frames has no body.
        None => fragment(html),
    }
}

fn check(html: &str) -> Result<(), Unbearable> {
    if html.bytes().filter(|byte| *byte == b'<').count() > MOST_TAGS {
        return Err(Unbearable::TooMany);
    }
    if is_tangled(html) { Err(Unbearable::TooDeep) } else { Ok(()) }
}

fn options() -> ParseOpts {
    // Readers run no scripts, so what `noscript` holds counts.
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    ParseOpts { tree_builder, ..ParseOpts::default() }
}

fn is_whole_document(html: &str) -> bool {
    let mut rest = html.trim_start();
    while let Some(comment) = rest.strip_prefix("<!--") {
        let Some(end) = comment.find("-->") else { return false };
        rest = comment[end + 3..].trim_start();
    }
    let start: String = rest.chars().take(10).collect::<String>().to_ascii_lowercase();
    ["<!doctype", "<html", "<head>", "<body", "<meta", "<title", "<link"]
        .iter()
        .any(|tag| start.starts_with(tag))
}

/// About as many nodes as a text has: prose has one for each hundred bytes or so.
fn capacity(html: &str) -> usize {
    html.len() / 64 + 8
}
