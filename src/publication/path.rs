//! Paths of files, with `/` between their parts.

/// `name` seen from `folder`, with `.` and `..` taken out; `None` where that leads out.
pub(super) fn joined(folder: &str, name: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// The folder that a file lies in; `""` at the top.
pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A path without the extension of its file.
pub(super) fn stem(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(stem, _)| stem)
}

/// A path as it is seen from a folder.
pub(super) fn relative<'a>(path: &'a str, folder: &str) -> &'a str {
    path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_from_its_folder_and_never_outside() {
        assert_eq!(joined("news/2024", "../a.png").as_deref(), Some("news/a.png"));
        assert_eq!(joined("", "./a//b.png").as_deref(), Some("a/b.png"));
        assert_eq!(joined("news", "../../a.png"), None);
        assert_eq!(joined("news", ".."), None, "a folder is not a file");
    }

    #[test]
    fn a_path_has_a_folder_and_a_stem() {
        assert_eq!((folder("a/b.md"), folder("b.md")), ("a", ""));
        assert_eq!((stem("a/b.fr.md"), stem("a/b")), ("a/b.fr", "a/b"));
        assert_eq!((relative("articles/a.md", "articles"), relative("a.md", "")), ("a.md", "a.md"));
    }
}
