//! Recognises a generator by the files at the top of a site.

use super::{Generator, RECOGNISED, SharedFile};
use crate::data::lines;

/// The generator of a site, and the file that tells. `root` are the names of the files and folders at its top, those
/// of a configuration with their text, where it is at hand. What only one generator has comes before what several have.
///
/// ```
/// use feedwright::generator::recognise;
/// let (generator, file) = recognise(&[("hugo.toml", None), ("content", None)]).unwrap();
/// assert_eq!((generator.title, file.as_str()), ("Hugo", "hugo.toml"));
/// ```
pub fn recognise(root: &[(&str, Option<&str>)]) -> Option<(&'static Generator, String)> {
    let all = || root.iter().map(|(name, _)| name.trim_end_matches('/'));
    let certain = RECOGNISED.iter().find_map(|generator| {
        let named = |sign: &&str| {
            all().find(|name| {
                name == sign || (sign.ends_with('.') && name.starts_with(sign) && !name.contains(".md"))
            })
        };
        Some((*generator, generator.signs.certain.iter().find_map(named)?.to_owned()))
    });
    certain.or_else(|| {
        root.iter().find_map(|(name, text)| {
            let tells = |shared: &SharedFile| shared.tells(name, text.unwrap_or_default(), root);
            let of = |generator: &&&Generator| generator.signs.shared.iter().any(tells);
            RECOGNISED.iter().find(of).map(|generator| (*generator, (*name).to_owned()))
        })
    })
}

impl SharedFile {
    fn tells(&self, name: &str, text: &str, root: &[(&str, Option<&str>)]) -> bool {
        if !self.names.contains(&name) {
            return false;
        }
        let is_beside =
            |start: &&str| root.iter().any(|(name, _)| name.trim_end_matches('/').starts_with(start));
        let always = self.lines.is_empty() && self.text.is_empty() && self.beside.is_empty();
        always
            || self.text.iter().any(|part| text.contains(part))
            || self.beside.iter().any(is_beside)
            || self.has_line(text)
    }

    fn has_line(&self, text: &str) -> bool {
        !self.lines.is_empty()
            && lines(text, 0).take(2_000).any(|line| {
                let line = line.text(text).trim_start();
                self.lines.iter().any(|start| line.starts_with(start))
            })
    }
}
