//! The page that shows what another page embeds.

use url::Url;

/// The address where people can see for themselves what lies at `source`: of a player of `YouTube` or Vimeo, the
/// film's own page; of anything else, the same.
pub(super) fn page_of(source: &str) -> String {
    let Ok(url) = Url::parse(source) else { return source.to_owned() };
    let host = url.host_str().unwrap_or_default().trim_start_matches("www.");
    let mut parts = url.path_segments().into_iter().flatten().filter(|part| !part.is_empty());
    match (host, parts.next(), parts.next()) {
        ("youtube.com" | "youtube-nocookie.com" | "m.youtube.com", Some("embed"), Some("videoseries")) => {
            let list = url.query_pairs().find(|(name, _)| name == "list").map(|(_, list)| list.into_owned());
            list.map_or_else(
                || source.to_owned(),
                |list| format!("https://www.youtube.com/playlist?list={}", identifier(&list)),
            )
        }
        ("youtube.com" | "youtube-nocookie.com" | "m.youtube.com", Some("embed" | "v"), Some(film)) => {
            youtube(film)
        }
        ("player.vimeo.com", Some("video"), Some(film)) => vimeo(film),
        _ => source.to_owned(),
    }
}

/// The page of a film on `YouTube`.
pub(super) fn youtube(film: &str) -> String {
    format!("https://www.youtube.com/watch?v={}", identifier(film))
}

/// The page of a film on Vimeo.
pub(super) fn vimeo(film: &str) -> String {
    format!("https://vimeo.com/{}", identifier(film))
}

/// The characters of a text that may be part of an address as they are.
pub(super) fn identifier(text: &str) -> String {
    text.chars().filter(|letter| letter.is_ascii_alphanumeric() || "-_./".contains(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn players_lead_to_their_films() {
        for (source, page) in [
            ("https://www.youtube-nocookie.com/embed/a-B_c?rel=0", "https://www.youtube.com/watch?v=a-B_c"),
            (
                "https://www.youtube.com/embed/videoseries?list=PL1",
                "https://www.youtube.com/playlist?list=PL1",
            ),
            ("https://player.vimeo.com/video/123?h=1", "https://vimeo.com/123"),
            ("https://example.com/map", "https://example.com/map"),
        ] {
            assert_eq!(page_of(source), page);
        }
    }
}
