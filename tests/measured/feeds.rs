//! Feeds as far as generators agree on them: address, title and instant of each entry.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

/// Entries by the path of the feed that has them, below the site's home.
pub type Feeds = BTreeMap<String, Vec<Entry>>;

/// An entry: what decides its order first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Percent-decoded.
    address: String,
    /// In UTC.
    instant: String,
    pub title: String,
}

/// What a generator publishes of a site.
#[derive(Default)]
pub struct Measured {
    /// With its version.
    pub generator: String,
    pub feeds: Feeds,
}

impl Measured {
    pub fn read(path: &Path) -> Self {
        let Ok(text) = fs::read_to_string(path) else { return Self::default() };
        let value: Value = serde_json::from_str(&text).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let entry = |entry: &Value| Entry {
            address: text(&entry[0]),
            instant: text(&entry[1]),
            title: text(&entry[2]),
        };
        let entries = |value: &Value| value.as_array().unwrap().iter().map(entry).collect();
        let feeds = value["feeds"].as_object().unwrap().iter();
        Self {
            generator: text(&value["generator"]),
            feeds: feeds.map(|(path, value)| (path.clone(), entries(value))).collect(),
        }
    }

    /// Writes it with a line for each entry.
    pub fn write(&self, path: &Path) {
        let feed = |(path, entries): (&String, &Vec<Entry>)| {
            let lines = entries
                .iter()
                .map(|entry| format!("      {}", json!([entry.address, entry.instant, entry.title])));
            format!("    {}: [\n{}\n    ]", json!(path), lines.collect::<Vec<_>>().join(",\n"))
        };
        let feeds = self.feeds.iter().map(feed).collect::<Vec<_>>().join(",\n");
        let generator = json!(self.generator);
        let text = format!("{{\n  \"generator\": {generator},\n  \"feeds\": {{\n{feeds}\n  }}\n}}\n");
        fs::write(path, text).unwrap();
    }
}

/// Reads the feeds at these paths below a folder.
pub fn read(folder: &Path, paths: &Feeds) -> Result<Feeds, String> {
    let read = |path: &String| {
        let bytes = fs::read(folder.join(path)).map_err(|_| format!("there is no feed {path}"))?;
        let entries = entries(&bytes).map_err(|error| format!("{path}: {error}"))?;
        Ok((path.clone(), entries))
    };
    paths.keys().map(read).collect()
}

fn entries(bytes: &[u8]) -> Result<Vec<Entry>, feed_rs::parser::ParseFeedError> {
    let feed = feed_rs::parser::parse(bytes)?;
    let mut entries: Vec<Entry> = feed.entries.iter().filter_map(entry).collect();
    entries.sort();
    Ok(entries)
}

/// What has no date is in the year 1 for Hugo, and what has no page has no address.
fn entry(entry: &feed_rs::model::Entry) -> Option<Entry> {
    let instant = entry.published.or(entry.updated)?.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let link = entry.links.iter().find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"))?;
    let title = entry.title.as_ref().map(|title| plain(&title.content)).unwrap_or_default();
    // Eleventy's plugin escapes twice.
    let address = percent_decoded(&link.href).replace("&amp;", "&");
    let is_page = !address.is_empty() && !instant.starts_with("0001");
    is_page.then_some(Entry { address, instant, title })
}

fn percent_decoded(address: &str) -> String {
    percent_encoding::percent_decode_str(address).decode_utf8_lossy().into_owned()
}

/// A title as people read it: neither tags nor escapes, and without the typographic signs that some generators make.
fn plain(title: &str) -> String {
    let mut text = String::new();
    let mut rest = title;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    let replacements = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#34;", "\""),
        ("&amp;", "&"),
        ("“", "\""),
        ("”", "\""),
        ("‘", "'"),
        ("’", "'"),
        ("…", "..."),
        ("–", "--"),
        ("—", "---"),
    ];
    for (from, to) in replacements {
        text = text.replace(from, to);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is not as it should be, said line by line.
#[derive(Default)]
pub struct Differences(String);

impl Differences {
    pub fn say(&mut self, site: &str, what: &str) {
        writeln!(self.0, "{site}: {what}").unwrap();
    }

    pub fn compare(&mut self, site: &str, theirs: &Feeds, ours: Result<Feeds, String>) {
        let ours = match ours {
            Ok(ours) => ours,
            Err(why) => return self.say(site, &why),
        };
        for (path, theirs) in theirs {
            let ours = &ours[path];
            let missing = theirs.iter().filter(|entry| !ours.contains(entry)).map(|entry| ('-', entry));
            let extra = ours.iter().filter(|entry| !theirs.contains(entry)).map(|entry| ('+', entry));
            let mut lines: Vec<(char, &Entry)> = missing.chain(extra).collect();
            lines.sort_by_key(|(sign, entry)| (*entry, *sign));
            if !lines.is_empty() {
                writeln!(self.0, "{site}, {path}: `-` is the generator's, `+` is ours").unwrap();
            }
            for (sign, Entry { address, instant, title }) in lines {
                writeln!(self.0, "  {sign} {address}  {instant}  {title}").unwrap();
            }
        }
    }

    pub fn panic_if_any(&self) {
        assert!(self.0.is_empty(), "\n{}", self.0);
    }
}
