//! Files and images of Media RSS, in RSS and in Atom.

use super::element::{Node, Vocabulary};
use super::{Base, SourceLink, Stated};

/// The lead image, which is also a thumbnail, and all files beside it.
pub(super) fn links<'a>(entry: Node<'_, 'a>, base: &Base) -> Vec<SourceLink<'a>> {
    let thumbnails: Vec<_> = entry.all(Vocabulary::Media, "thumbnail").collect();
    let url = |media: Node<'_, 'a>| media.attribute("url").map(|url| url.text);
    let has_thumbnail =
        |content: Node<'_, 'a>| thumbnails.iter().any(|thumbnail| url(*thumbnail) == url(content));
    let contents: Vec<_> = entry.all(Vocabulary::Media, "content").collect();
    let lead = contents.iter().position(|content| has_thumbnail(*content));
    let cover = lead.and_then(|lead| contents.get(lead)).or_else(|| thumbnails.first());
    let cover = cover.and_then(|cover| link(*cover, "cover", base));
    let others = contents.iter().enumerate().filter(|(index, _)| Some(*index) != lead);
    cover.into_iter().chain(others.filter_map(|(_, content)| link(*content, "enclosure", base))).collect()
}

fn link<'a>(media: Node<'_, 'a>, rel: &'static str, base: &Base) -> Option<SourceLink<'a>> {
    let number = |name| media.attribute(name)?.text.parse().ok();
    let description = |_: &Stated<'a>| media.said(Vocabulary::Media, "description");
    let url = media.attribute("url")?;
    Some(SourceLink {
        media_type: media.attribute("type"),
        title: Some(&url).filter(|_| rel == "cover").and_then(description),
        length: media.attribute("fileSize"),
        duration: media.attribute("duration"),
        size: number("width").zip(number("height")),
        ..SourceLink::new(rel, url, base)
    })
}
