//! Makes a publication of any size to measure with: `cargo run --release --example generate -- 10000 target/many`.
//!
//! The same number gives the same bytes. Articles are about 4 KB of Markdown with YAML front matter, as people write
//! them: headings, lists, links, code, a table, images, a footnote; in folders, over the years, by a few authors, under
//! tags of which some are frequent and most are rare.

#![expect(clippy::disallowed_methods, reason = "a tool outside of the house, which writes files")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [count, folder] = arguments.as_slice() else {
        return complain("usage: generate COUNT FOLDER");
    };
    let Ok(count) = count.parse() else {
        return complain(&format!("`{count}` is not a number of articles"));
    };
    match generate(count, Path::new(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&format!("`{folder}`: {error}")),
    }
}

#[expect(clippy::print_stderr, reason = "a command without a library")]
fn complain(message: &str) -> ExitCode {
    eprintln!("{message}");
    ExitCode::from(2)
}

fn generate(count: u64, folder: &Path) -> io::Result<()> {
    for section in SECTIONS {
        for year in FIRST_YEAR..FIRST_YEAR + YEARS {
            fs::create_dir_all(folder.join(format!("articles/{section}/{year}")))?;
        }
    }
    fs::write(folder.join("feedwright.toml"), CONFIGURATION)?;
    (0..count).try_for_each(|number| {
        let (name, text) = article(number);
        fs::write(folder.join("articles").join(name), text)
    })
}

const CONFIGURATION: &str = r#"[publication]
title = "Many articles"
home = "https://many.example/"
description = "As many as you like"
language = "en"
timezone = "Europe/London"
authors = [{ name = "The desk" }]

[identity]
authority = "many.example"
date = "2026-11-22"

[feeds]
url = "https://many.example/feeds/"

[[feed]]
name = ""

[[feed]]
for-each = "section"
name = "sections/{section}"

[[feed]]
for-each = "tag"
at-least = 20
name = "tags/{tag}"
"#;

const FIRST_YEAR: u64 = 2006;
const YEARS: u64 = 20;
const SECTIONS: [&str; 6] = ["news", "guides", "essays", "releases", "reviews", "notes"];
const AUTHORS: [&str; 5] = ["News desk", "Night desk", "Science desk", "Travel desk", "Letters desk"];
const TAGS: [&str; 12] = [
    "harbour", "weather", "ferries", "rust", "maps", "trade", "birds", "tides", "radio", "kitchen", "books",
    "chess",
];
const WORDS: [&str; 60] = [
    "the",
    "harbour",
    "of",
    "a",
    "morning",
    "and",
    "light",
    "to",
    "in",
    "ferry",
    "was",
    "quiet",
    "with",
    "letters",
    "on",
    "slate",
    "that",
    "gulls",
    "by",
    "window",
    "from",
    "paper",
    "its",
    "keeper",
    "at",
    "seven",
    "under",
    "rain",
    "no",
    "compass",
    "after",
    "engine",
    "before",
    "bread",
    "over",
    "chart",
    "through",
    "signal",
    "across",
    "winter",
    "beside",
    "copper",
    "without",
    "lantern",
    "until",
    "summer",
    "around",
    "ledger",
    "between",
    "anchor",
    "again",
    "timetable",
    "slowly",
    "counted",
    "carried",
    "opened",
    "repaired",
    "remembered",
    "printed",
    "crossed",
];

/// File name, relative to the articles' folder, and text of an article.
fn article(number: u64) -> (String, String) {
    let mut chance = Chance(number.wrapping_mul(2).wrapping_add(1));
    let section = chance.one_of(&SECTIONS);
    let year = FIRST_YEAR + chance.below(YEARS);
    let (month, day) = (1 + chance.below(12), 1 + chance.below(28));
    let (hour, minute) = (chance.below(24), chance.below(60));
    let title = chance.words(3, 8);
    let mut text = format!(
        "---\ntitle: \"{title} ({number})\"\ndate: {year}-{month:02}-{day:02}T{hour:02}:{minute:02}:00Z\nauthor: {author}\n\
         tags: [{frequent}, topic-{rare}]\n---\n\n",
        author = chance.one_of(&AUTHORS),
        frequent = chance.one_of(&TAGS),
        rare = chance.below(400),
    );
    for part in 0..4 {
        write_part(&mut text, &mut chance, part, number);
    }
    text.push_str("[^1]: And so it is written below the line.\n");
    (format!("{section}/{year}/{month:02}-{day:02}-article-{number}.md"), text)
}

/// One of the four sections of an article, about a kilobyte each.
fn write_part(text: &mut String, chance: &mut Chance, part: u64, number: u64) {
    let heading = chance.words(2, 5);
    let (first, second) = (chance.words(62, 82), chance.words(36, 52));
    let linked = chance.words(2, 4);
    let _ = write!(
        text,
        "## {heading}\n\n{first}, see [{linked}](https://many.example/{number}/{part}/).\n\n{second} *and so on*.\n\n"
    );
    let block = match part {
        0 => format!("- {}\n- **{}**\n- `{}`\n", chance.words(4, 9), chance.words(2, 4), chance.words(1, 2)),
        1 => format!(
            "```rust\nfn part_{number}() -> bool {{\n    1 < 2 && \"{}\" != \"\"\n}}\n```\n",
            chance.words(2, 5)
        ),
        2 => format!(
            "![{}](https://many.example/pictures/{number}.jpg)\n\n> {}\n",
            chance.words(3, 6),
            chance.words(20, 30)
        ),
        _ => format!("| left | right |\n|---|--:|\n| {} | {number} |\n\nA claim.[^1]\n", chance.words(2, 4)),
    };
    text.push_str(&block);
    text.push('\n');
}

/// A row of numbers that looks like chance and is always the same: `SplitMix64`.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        let index = self.below(choices.len() as u64);
        usize::try_from(index).ok().and_then(|index| choices.get(index)).copied().unwrap_or_default()
    }

    fn words(&mut self, least: u64, most: u64) -> String {
        let count = least + self.below(most - least + 1);
        let words: Vec<&str> = (0..count).map(|_| self.one_of(&WORDS)).collect();
        words.join(" ")
    }
}
