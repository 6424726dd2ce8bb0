//! Patterns of paths with `*` for any text.

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
}
