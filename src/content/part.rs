//! The part of a whole page that is the article: without the site's header, menus and footer.

use serde::Serialize;

use super::tree::{Data, Element, Node, Tree};

/// Which element of a page holds the text of an article: a selector as in CSS, of names, `#id`s, `.class`es and
/// `[attribute=value]`s, and of such within others.
///
/// ```
/// use feedwright::content::Selector;
/// assert!(Selector::new("article .post-body").is_ok());
/// assert_eq!(Selector::new("main > p").unwrap_err(), "`>` is not understood here");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Selector {
    /// From the outermost element to the one that is meant.
    compounds: Vec<Compound>,
}

/// Conditions on one element.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
struct Compound {
    name: Option<String>,
    classes: Vec<String>,
    /// Names in lower case; without a value, the attribute must only be there.
    attributes: Vec<(String, Option<String>)>,
}

/// Usual elements of articles, the surest first.
const USUAL: [&str; 4] = ["[itemprop=articleBody]", ".e-content", "article", "main"];

/// Elements that pages put into that of their article and that are no part of it.
const FURNITURE: [&str; 6] = ["header", "footer", "nav", "aside", "form", "template"];

impl Selector {
    /// Reads a selector.
    ///
    /// # Errors
    ///
    /// The part of the selector that is not understood.
    pub fn new(selector: &str) -> Result<Self, String> {
        let compounds: Vec<Compound> =
            selector.split_whitespace().map(Compound::new).collect::<Result<_, _>>()?;
        if compounds.is_empty() { Err("the selector is empty".to_owned()) } else { Ok(Self { compounds }) }
    }

    /// `true` if the selector means the element at `index`.
    fn matches(&self, tree: &Tree, index: usize) -> bool {
        let Some((last, outer)) = self.compounds.split_last() else { return false };
        let element = |index: usize| tree.nodes.get(index).and_then(Node::element);
        if !element(index).is_some_and(|element| last.matches(element)) {
            return false;
        }
        let mut wanted = outer.iter().rev().peekable();
        let mut above = tree.nodes.get(index).and_then(|node| node.parent);
        while let (Some(compound), Some(at)) = (wanted.peek(), above) {
            if element(at).is_some_and(|element| compound.matches(element)) {
                wanted.next();
            }
            above = tree.nodes.get(at).and_then(|node| node.parent);
        }
        wanted.peek().is_none()
    }
}

impl Compound {
    fn new(text: &str) -> Result<Self, String> {
        let mut compound = Self::default();
        let mut rest = text;
        let is_name = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_');
        while let Some(first) = rest.chars().next() {
            let after = if is_name(first) { rest } else { &rest[first.len_utf8()..] };
            if first == '[' {
                let (attribute, after) = after.split_once(']').ok_or("a `[` is not closed by `]`")?;
                let (name, value) =
                    attribute.split_once('=').map_or((attribute, None), |(name, value)| (name, Some(value)));
                let value = value.map(|value| value.trim_matches(['"', '\'']).to_owned());
                compound.attributes.push((name.to_ascii_lowercase(), value));
                rest = after;
                continue;
            }
            let end = after.find(|character| !is_name(character)).unwrap_or(after.len());
            let (word, after) = after.split_at(end);
            match first {
                '.' if !word.is_empty() => compound.classes.push(word.to_owned()),
                '#' if !word.is_empty() => compound.attributes.push(("id".to_owned(), Some(word.to_owned()))),
                _ if is_name(first) => compound.name = Some(word.to_ascii_lowercase()),
                _ => return Err(format!("`{first}` is not understood here")),
            }
            rest = after;
        }
        Ok(compound)
    }

    fn matches(&self, element: &Element) -> bool {
        let attribute = |(name, value): &(String, Option<String>)| match value {
            Some(value) => {
                element.get(name).is_some_and(|stated| stated.split_whitespace().any(|word| word == value))
            }
            None => element.has(name),
        };
        self.name.as_deref().is_none_or(|name| name == element.name())
            && self.classes.iter().all(|class| element.classes().any(|stated| stated == class))
            && self.attributes.iter().all(attribute)
    }
}

/// The part of a page that holds its article, if there is one. Where several could be, it is the one with the most text.
pub(super) fn article(page: &Tree, selector: Option<&Selector>) -> Option<Tree> {
    if let Some(selector) = selector {
        return longest(page, selector).map(|index| without_furniture(page, index));
    }
    let usual = USUAL.iter().filter_map(|usual| Selector::new(usual).ok());
    let found = usual.into_iter().find_map(|selector| longest(page, &selector));
    found.map(|index| without_furniture(page, index))
}

/// The element with the most text of those that are meant.
fn longest(page: &Tree, selector: &Selector) -> Option<usize> {
    let meant = (0..page.nodes.len()).filter(|index| selector.matches(page, *index));
    let mut longest = None;
    let mut most = 0;
    for index in meant {
        let length: usize = page.nodes[page.inside(index)].iter().map(text_length).sum();
        if length > most {
            (longest, most) = (Some(index), length);
        }
    }
    longest
}

fn text_length(node: &Node) -> usize {
    match &node.data {
        Data::Text(text) => text.trim().len(),
        _ => 0,
    }
}

/// The inside of an element, without what is there for the page's sake.
fn without_furniture(page: &Tree, index: usize) -> Tree {
    let inside = page.inside(index);
    let mut kept: Vec<usize> = Vec::new();
    let mut at = inside.start;
    while at < inside.end {
        let Some(node) = page.nodes.get(at) else { break };
        if is_furniture(node) {
            at = node.end;
        } else {
            kept.push(at);
            at += 1;
        }
    }
    // What was left out has made the places of all others smaller.
    let place = |old: usize| kept.partition_point(|kept| *kept < old);
    let node = |old: &usize| {
        let Node { data, end, parent } = page.nodes[*old].clone();
        Node { data, end: place(end), parent: parent.filter(|parent| *parent > index).map(place) }
    };
    Tree { nodes: kept.iter().map(node).collect() }
}

fn is_furniture(node: &Node) -> bool {
    let hidden =
        |element: &Element| element.has("hidden") || element.has_class(&["sr-only", "screen-reader-text"]);
    FURNITURE.contains(&node.name()) || node.element().is_some_and(hidden)
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::*;

    fn part(page: &str, selector: Option<&str>) -> Option<String> {
        let selector = selector.map(|selector| Selector::new(selector).unwrap());
        article(&tree::body(page).unwrap(), selector.as_ref()).map(|tree| tree.write())
    }

    const PAGE: &str = "<html><head><title>Ebb</title></head><body><header>Shore</header><main><article>\
        <header><h1>Ebb</h1></header><div class='post body' itemprop='articleBody'><p>The water <em>goes</em>.</p>\
        <nav>up</nav></div><footer>tags</footer></article></main><footer>end</footer></body></html>";

    #[test]
    fn the_article_is_taken_out_of_its_page() {
        assert_eq!(part(PAGE, None).unwrap(), "<p>The water <em>goes</em>.</p>");
        let plain = PAGE.replace(" itemprop='articleBody'", "");
        assert_eq!(
            part(&plain, None).unwrap(),
            "<div class=\"post body\"><p>The water <em>goes</em>.</p></div>"
        );
        assert_eq!(part("<p>no article here", None), None);
    }

    #[test]
    fn a_selector_says_where_it_is() {
        for selector in
            [".post", "div.body.post", "#x .post", "article [itemprop]", "[itemprop='articleBody']"]
        {
            let page = PAGE.replace("<main>", "<main id=x>");
            assert_eq!(
                part(&page, Some(selector)).as_deref(),
                Some("<p>The water <em>goes</em>.</p>"),
                "{selector}"
            );
        }
        assert_eq!(part(PAGE, Some("section .post")), None);
        for selector in ["", "a > b", "p:first-child", "[x", "."] {
            assert!(Selector::new(selector).is_err(), "{selector}");
        }
    }

    #[test]
    fn of_several_articles_the_longest_is_meant() {
        let page = "<article>Read <p>this</article><article><p>A longer text than that.</article><article>x</article>";
        assert_eq!(part(page, None).unwrap(), "<p>A longer text than that.</p>");
    }

    proptest::proptest! {
        #[test]
        fn any_page_has_an_article_or_none(page in "(</?(article|main|nav|p|div)>|[a-z ]){0,40}") {
            let _ = part(&page, None);
        }
    }
}
