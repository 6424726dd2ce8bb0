//! References in XML: characters, the names that every document has, and those that it declares itself.
//!
//! Nothing is fetched, and what a document declares cannot grow without bound, however it is nested.

use std::borrow::Cow;
use std::collections::BTreeMap;

use quick_xml::escape;

/// All that declared entities may become in one document, in bytes and in steps.
const LARGEST: usize = 1 << 20;

/// Entities within entities.
const DEEPEST: usize = 16;

/// The entities that a document declares, and how much may still come of them.
pub(super) struct Entities<'a> {
    /// `None` for one that lies outside of the document.
    declared: BTreeMap<&'a str, Option<&'a str>>,
    left: usize,
}

impl<'a> Entities<'a> {
    /// None but those that every document has.
    pub(super) fn none() -> Self {
        Self { declared: BTreeMap::new(), left: LARGEST }
    }

    /// Those of an internal subset. Of an entity that is declared twice the first counts: XML 1.0, section 4.2.
    pub(super) fn declare(&mut self, doctype: &'a str) {
        let Some((_, mut rest)) = doctype.split_once('[') else { return };
        while let Some((name, value, after)) = next_declaration(rest) {
            self.declared.entry(name).or_insert(value);
            rest = after;
        }
    }

    /// A text with its references resolved.
    pub(super) fn resolve(&mut self, text: &'a str) -> Result<Cow<'a, str>, String> {
        if !text.contains('&') {
            return Ok(Cow::Borrowed(text));
        }
        let mut resolved = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((plain, reference)) = rest.split_once('&') {
            resolved.push_str(plain);
            rest = if let Some((name, after)) = name_at(reference) {
                self.resolve_into(name, &mut resolved)?;
                after
            } else {
                resolved.push('&');
                reference
            };
        }
        resolved.push_str(rest);
        Ok(Cow::Owned(resolved))
    }

    /// Adds what `&name;` means. A name that nobody declared stays as it is written.
    pub(super) fn resolve_into(&mut self, name: &str, out: &mut String) -> Result<(), String> {
        if !self.declared.contains_key(name) {
            out.push_str(&character_of(name).unwrap_or_else(|| Cow::Owned(format!("&{name};"))));
            return Ok(());
        }
        let mut ahead = vec![self.value_of(name)?];
        while let Some(text) = ahead.pop() {
            self.spend(1)?;
            let (plain, reference) = text.split_once('&').unwrap_or((text, ""));
            self.spend(plain.len())?;
            out.push_str(plain);
            if plain.len() == text.len() {
                continue;
            }
            let Some((name, after)) = name_at(reference) else {
                out.push('&');
                ahead.push(reference);
                continue;
            };
            ahead.push(after);
            if self.declared.contains_key(name) {
                ahead.push(self.value_of(name)?);
            } else {
                out.push_str(&character_of(name).unwrap_or_else(|| Cow::Owned(format!("&{name};"))));
            }
            if ahead.len() > DEEPEST {
                return Err(format!("entities refer to each other more than {DEEPEST} deep"));
            }
        }
        Ok(())
    }

    fn value_of(&self, name: &str) -> Result<&'a str, String> {
        match self.declared.get(name).copied().flatten() {
            Some(value) if value.contains('<') => Err(format!("the entity `{name}` holds markup")),
            Some(value) => Ok(value),
            None => Err(format!("the entity `{name}` lies outside of the document")),
        }
    }

    fn spend(&mut self, bytes: usize) -> Result<(), String> {
        let left = self.left.checked_sub(bytes);
        self.left = left.ok_or_else(|| format!("its entities become more than {} MB", LARGEST >> 20))?;
        Ok(())
    }
}

/// The character that a name or number stands for: in HTML too, whose names many feeds use without a declaration.
fn character_of(name: &str) -> Option<Cow<'static, str>> {
    let Some(number) = name.strip_prefix('#') else {
        return escape::resolve_html5_entity(name).map(Cow::Borrowed);
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    let character = code.ok().filter(|code| *code != 0).and_then(char::from_u32)?;
    Some(Cow::Owned(character.to_string()))
}

/// The name after an ampersand, and what follows its semicolon.
fn name_at(reference: &str) -> Option<(&str, &str)> {
    let end = reference.find(|letter: char| !letter.is_alphanumeric() && !"#-._:".contains(letter))?;
    let (name, rest) = reference.split_at(end);
    let after = rest.strip_prefix(';')?;
    (!name.is_empty()).then_some((name, after))
}

/// The next general entity of an internal subset, its value if the document has it, and what follows.
fn next_declaration(subset: &str) -> Option<(&str, Option<&str>, &str)> {
    let mut rest = subset;
    loop {
        let (_, declaration) = rest.split_once("<!ENTITY")?;
        let declaration = declaration.trim_start();
        let end = declaration.find(|letter: char| letter.is_whitespace())?;
        let (name, after) = declaration.split_at(end);
        let after = after.trim_start();
        if name == "%" {
            rest = after;
            continue;
        }
        return Some(match after.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let (value, after) = after.get(1..)?.split_once(quote)?;
                (name, Some(value), after)
            }
            _ => (name, None, after),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn with(subset: &str, text: &str) -> Result<String, String> {
        let doctype = format!("rss [{subset}]");
        let mut entities = Entities::none();
        entities.declare(&doctype);
        entities.resolve(text).map(Cow::into_owned)
    }

    #[test]
    fn names_and_numbers_become_characters() {
        assert_eq!(with("", "a&amp;b&#233;&#xe9;&eacute;&nbsp;!"), Ok("a&bééé\u{a0}!".to_owned()));
        assert_eq!(with("", "&unknown; & &; &#0; a&b"), Ok("&unknown; & &; &#0; a&b".to_owned()));
    }

    #[test]
    fn what_a_document_declares_is_used() {
        let subset = "<!ENTITY site 'example.org'><!ENTITY % p 'x'> <!ENTITY  home \"https://&site;/&#38;\"><!ENTITY site 'other'>";
        assert_eq!(with(subset, "&home;a"), Ok("https://example.org/&a".to_owned()));
    }

    #[test]
    fn nothing_outside_of_the_document_is_used() {
        let refused = with("<!ENTITY x SYSTEM 'file:///etc/passwd'>", "&x;").unwrap_err();
        assert_eq!(refused, "the entity `x` lies outside of the document");
        assert!(with("<!ENTITY x '<b>'>", "&x;").unwrap_err().contains("markup"));
    }

    #[test]
    fn nothing_grows_without_bound() {
        let laugh = |n: usize| format!("<!ENTITY l{n} '{}'>", format!("&l{};", n - 1).repeat(10));
        let laughs: String = (1..10).map(laugh).collect();
        assert!(with(&format!("<!ENTITY l0 'ha'>{laughs}"), "&l9;").unwrap_err().contains("more than"));
        assert!(with(&format!("<!ENTITY l0 ''>{laughs}"), "&l9;").unwrap_err().contains("more than"));
        let long = format!("<!ENTITY a '{}'>", "a".repeat(100_000));
        assert!(with(&long, &"&a;".repeat(100_000)).unwrap_err().contains("MB"));
        assert!(with("<!ENTITY a '&b;'><!ENTITY b '&a;'>", "&a;").is_err());
        assert!(with("<!ENTITY a '&a; '>", "&a;").unwrap_err().contains("deep"));
    }

    proptest! {
        #[test]
        fn nothing_panics(subset in "(<!ENTITY |%|a|'|\"|&a;|>|é| ){0,30}", text in "(&|a|;|#|x|1|é){0,20}") {
            let _ = with(&subset, &text);
        }
    }
}
