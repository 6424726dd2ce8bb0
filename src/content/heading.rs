//! The heading at the beginning of a text that only repeats the title, which readers show above the text anyway.

use super::characters::one_line;
use super::elements::is_heading;
use super::tree::{Data, Tree};

/// Boxes in which a text may begin.
const AROUND: &[&str] = &["article", "div", "header", "hgroup", "main", "section"];

/// Takes the first heading out where it says the same as the title, nothing stands before it, and something after it.
pub(super) fn leave_out(tree: &mut Tree, title: &str) {
    let Some(index) = first_shown(tree) else { return };
    let Some(node) = tree.nodes.get(index).filter(|node| is_heading(node.name())) else { return };
    let (start, end) = (index, node.end);
    let is_repeated = folded(&tree.text(start..end)) == folded(title);
    let has_image = tree.elements(start..end).any(|(_, element)| element.name() == "img");
    let follows = tree.nodes[end..].iter().any(|node| match &node.data {
        Data::Text(text) => !text.trim().is_empty(),
        Data::Element(element) => matches!(element.name(), "img" | "video" | "audio" | "iframe"),
        Data::Comment(_) => false,
    });
    if is_repeated && !has_image && follows {
        tree.remove(start..end);
    }
}

/// The first node that is more than white space, a comment, or a box round others.
fn first_shown(tree: &Tree) -> Option<usize> {
    tree.nodes.iter().position(|node| match &node.data {
        Data::Text(text) => !text.trim().is_empty(),
        Data::Comment(_) => false,
        Data::Element(element) => !AROUND.contains(&element.name()),
    })
}

/// A title without what templates and writers of Markdown change in it.
fn folded(title: &str) -> String {
    let plain = |letter| match letter {
        '‘' | '’' => '\'',
        '“' | '”' => '"',
        '–' | '—' => '-',
        letter => letter,
    };
    let text: String = title.replace('…', "...").chars().map(plain).flat_map(char::to_lowercase).collect();
    one_line(text.replace("---", "-").replace("--", "-").trim_end_matches(['#', '¶', '.']))
}
