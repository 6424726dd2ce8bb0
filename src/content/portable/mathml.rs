//! `MathML` as a line of text that says the same: `2/3`, `x^2`, `√(a+b)`.

use crate::content::characters::one_line;
use crate::content::tree::{Data, Tree};

/// The formula in and below the element at `index`. Elements that are not `MathML`'s say what they hold.
pub(super) fn text(tree: &Tree, index: usize) -> String {
    let range = index..tree.inside(index).end;
    // Elements are done from the last to the first, so that whatever an element holds is done before it.
    let mut done: Vec<String> = vec![String::new(); range.len()];
    for at in range.rev() {
        let Some(node) = tree.nodes.get(at) else { continue };
        let said = match &node.data {
            Data::Text(text) => one_line(text),
            Data::Comment(_) => String::new(),
            Data::Element(_) => element(node.name(), &children(tree, at, index, &mut done)),
        };
        if let Some(place) = done.get_mut(at - index) {
            *place = said;
        }
    }
    done.first().map(|text| one_line(text)).unwrap_or_default()
}

/// Texts of an element's children, taken out of `done`, so that each is said once.
fn children(tree: &Tree, at: usize, start: usize, done: &mut [String]) -> Vec<String> {
    let inside = tree.inside(at);
    let mut parts = Vec::new();
    let mut child = inside.start;
    while child < inside.end
        && let Some(node) = tree.nodes.get(child)
    {
        let text = done.get_mut(child - start).map(std::mem::take).unwrap_or_default();
        if !text.is_empty() || node.element().is_some() {
            parts.push(text);
        }
        child = node.end;
    }
    parts
}

fn element(name: &str, parts: &[String]) -> String {
    let part = |at: usize| parts.get(at).map_or("", String::as_str);
    let grouped = |at: usize| grouped(part(at));
    match (name, parts.len()) {
        ("mfrac", 2) => format!("{}/{}", grouped(0), grouped(1)),
        ("msup" | "mover", 2) => format!("{}^{}", grouped(0), grouped(1)),
        ("msub" | "munder", 2) => format!("{}_{}", grouped(0), grouped(1)),
        ("msubsup" | "munderover", 3) => format!("{}_{}^{}", grouped(0), grouped(1), grouped(2)),
        ("msqrt", _) => format!("√{}", self::grouped(&parts.concat())),
        ("mroot", 2) => format!("{}^(1/{})", grouped(0), part(1)),
        ("mfenced", _) => format!("({})", parts.join(", ")),
        ("mtable", _) => format!("[{}]", parts.join("; ")),
        ("mtr" | "mlabeledtr", _) => parts.join(", "),
        ("mspace", _) => " ".to_owned(),
        ("mo", _) => operator(&parts.concat()),
        ("annotation" | "annotation-xml", _) => String::new(),
        _ => parts.concat(),
    }
}

/// An operator as it stands between two operands.
fn operator(sign: &str) -> String {
    match sign {
        // Function application, invisible times, separator and plus.
        "\u{2061}" | "\u{2062}" | "\u{2063}" | "\u{2064}" => String::new(),
        "," | ";" => format!("{sign} "),
        "=" | "<" | ">" | "≤" | "≥" | "≠" | "≈" | "≡" | "→" | "⇒" | "∈" | "+" | "±" => {
            format!(" {sign} ")
        }
        sign => sign.to_owned(),
    }
}

/// In brackets, where it is more than one thing.
fn grouped(text: &str) -> String {
    let text = text.trim();
    let is_one = text.chars().all(|letter| letter.is_alphanumeric() || letter == '.')
        || text.chars().count() == 1
        || (text.starts_with('(') && text.ends_with(')') && text.matches('(').count() == 1);
    if is_one { text.to_owned() } else { format!("({text})") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::tree::fragment;

    #[test]
    fn a_formula_keeps_its_meaning() {
        for (formula, said) in [
            ("<mfrac><mn>2</mn><mn>3</mn></mfrac>", "2/3"),
            ("<msup><mi>x</mi><mn>2</mn></msup>", "x^2"),
            (
                "<mrow>\n <mi>a</mi>\n <mo>=</mo>\n <msqrt><mi>b</mi><mo>+</mo><mn>1</mn></msqrt></mrow>",
                "a = √(b + 1)",
            ),
            ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac>", "(a + b)/2"),
            (
                "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>",
                "∑_(i = 1)^n",
            ),
            ("<mroot><mi>x</mi><mn>3</mn></mroot>", "x^(1/3)"),
            ("<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable>", "[1, 2]"),
            ("<mi>sin</mi><mo>&ApplyFunction;</mo><mi>x</mi>", "sinx"),
        ] {
            let tree = fragment(&format!("<math>{formula}</math>")).unwrap();
            assert_eq!(text(&tree, 0), said, "{formula}");
        }
    }
}
