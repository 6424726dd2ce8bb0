//! Pictures that a site publishes under names which only its bundler knows, found on the pages that it has built.

/// The endings of pictures.
const PICTURES: [&str; 8] = ["jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "bmp"];

/// The address on a page of the picture whose file has a name: bundlers keep the stem of it, and put a digest behind it or
/// into a folder before it. `None` where the page shows no such picture.
pub(super) fn image_on<'p>(page: &'p str, name: &str) -> Option<&'p str> {
    let file = name.rsplit('/').next()?;
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let is_it = |address: &&str| {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let shown = path.rsplit('/').next().unwrap_or_default();
        let rest = shown.strip_prefix(stem).filter(|_| !stem.is_empty()).unwrap_or_default();
        let ending = rest.rsplit_once('.').map_or("", |(_, ending)| ending);
        (rest.starts_with('.') || rest.strip_prefix(['-', '_']).is_some_and(is_digest))
            && PICTURES.iter().any(|known| known.eq_ignore_ascii_case(ending))
            && !address.contains(char::is_whitespace)
    };
    page.split(['"', '\'']).filter(is_it).find(|address| !address.contains(['<', '>', '(']))
}

/// `true` if what follows a stem is a digest, and not the rest of a longer name, as in `photo-album.webp`.
fn is_digest(rest: &str) -> bool {
    let digest = rest.split('.').next().unwrap_or_default();
    digest.len() >= 8
        && digest.contains(|letter: char| letter.is_ascii_digit() || letter.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_found_by_the_stem_of_its_name() {
        let page =
            r#"<p>photo.jpg</p><img src="/_astro/photo-album.x1.webp"><img src="/_astro/photo.B3_x.webp">"#;
        assert_eq!(image_on(page, "../assets/photo.jpg"), Some("/_astro/photo.B3_x.webp"));
        assert_eq!(image_on(page, "./photo-album.png"), Some("/_astro/photo-album.x1.webp"));
        assert_eq!(image_on(page, "other.jpg"), None);
        let docusaurus = r#"<img src="/assets/images/photo-2f7a0d5be01c.png">"#;
        assert_eq!(image_on(docusaurus, "./photo.png"), Some("/assets/images/photo-2f7a0d5be01c.png"));
        let gatsby = "<img src='/static/0f3e/ab12/cat.jpg'>";
        assert_eq!(image_on(gatsby, "cat.jpg"), Some("/static/0f3e/ab12/cat.jpg"));
    }
}
