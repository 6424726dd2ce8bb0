//! Patterns of paths with `*` for any text.

use regex::Regex;

/// `true` if a text matches a pattern in which `*` stands for any text and `?` for a character.
pub(super) fn wildcard(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || text.get(t) == Some(c) => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    p = at + 1;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|c| *c == '*'))
}

/// A pattern of paths in which `*` and `?` stop at a slash, `**` does not, and `{a,b}` is one of several; `end` is a regular
/// expression for what follows. The case of letters does not matter. `None` where it is not such a pattern.
pub(super) fn glob(pattern: &str, end: &str) -> Option<Regex> {
    let mut made = String::from("(?i)^");
    let mut rest = pattern;
    let mut depth = 0;
    while let Some(c) = rest.chars().next() {
        let is_deep = rest.starts_with("**");
        rest = rest.get(c.len_utf8() + usize::from(is_deep)..)?;
        match c {
            '*' if is_deep && rest.starts_with('/') => {
                rest = rest.get(1..)?;
                made.push_str("(.*/)?");
            }
            '*' if is_deep => made.push_str(".*"),
            '*' => made.push_str("[^/]*"),
            '?' => made.push_str("[^/]"),
            '{' => made.push_str("(?:"),
            '}' => made.push(')'),
            ',' if depth > 0 => made.push('|'),
            '-' => made.push_str("[- ]"),
            '/' if depth > 0 && made.ends_with(['|', ':']) => {}
            c => made.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
        }
        depth += i32::from(c == '{') - i32::from(c == '}');
    }
    Regex::new(&format!("{made}{end}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_text_and_a_question_mark_a_character() {
        for (pattern, text) in
            [("bin/*", "bin/a/b"), ("*.gem", "a.gem"), ("a?c", "abc"), ("*", ""), ("a*b*c", "a-b-b-c")]
        {
            assert!(wildcard(pattern, text), "{pattern}");
        }
        assert!(!wildcard("bin/*", "bins/a") && !wildcard("a?c", "ac"));
    }

    #[test]
    fn a_star_of_a_glob_stops_at_a_slash() {
        let matches = |pattern: &str, path: &str| glob(pattern, "$").unwrap().is_match(path);
        for (pattern, path) in [("a/*", "A/b"), ("a/**", "a/b/c"), ("{/a,/b/**}", "b/c"), ("**/x", "x")] {
            assert!(matches(pattern, path), "{pattern} {path}");
        }
        assert!(!matches("a/*", "a/b/c") && !matches("a.c", "abc") && glob("{a", "").is_none());
    }
}
