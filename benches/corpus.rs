//! Articles to measure with, as many as one likes, always the same.
//!
//! They are Markdown with YAML front matter, as people write them: between 1 and 12 KB, 4.3 KB in the mean, with
//! headings, lists, links, code, tables, images, footnotes, and in one of eight some raw HTML; by 25 authors, under 200
//! tags of which some are frequent, in folders by section and year. Nothing here touches a disk.

use std::fmt::Write as _;

/// The head of a publication, without feeds.
pub(super) const PUBLICATION: &str = r#"[publication]
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
"#;

/// One feed of the newest entries; keys may follow.
pub(super) const MAIN_FEED: &str = r#"
[[feed]]
name = ""
"#;

/// A feed for each tag and for each author.
pub(super) const FAMILIES: &str = r#"
[[feed]]
for-each = "tag"
name = "tags/{tag}"

[[feed]]
for-each = "author"
name = "authors/{author}"
"#;

const FIRST_YEAR: u64 = 2006;
const YEARS: u64 = 20;

/// Kilobytes that a body has at least. Short ones are frequent, long ones are not.
const LENGTHS: [usize; 20] = [1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5, 6, 7, 8, 10, 11];

const SECTIONS: &str = "news guides essays releases reviews notes";

const AUTHORS: &str = "Ada Marsh,Ben Okafor,Chloé Lambert,Dewi Rhys,Elif Kaya,Farid Haddad,Grace Whitlock,Hugo Lenoir,\
Ines Moreau,Jonas Vogt,Kirsty Doyle,Liam Fenwick,Maeve Quinn,Nadia Petrov,Oscar Lind,Priya Nair,Quentin Roux,\
Rosa Calder,Søren Holm,Tess Abbott,Uma Sethi,Viktor Hale,Wren Castle,Yusuf Demir,Zoë Tanner";

/// Without hyphens and accents, since one of those whom we are compared with passes over tags that have them.
const TAGS: &str = "harbour weather ferries rust maps trade birds tides radio kitchen books chess sails anchors ropes \
lighthouses storms fog dredging pilots customs border police passports freight lorries tunnels trains bridges roads \
cycling walking camping hostels hotels museums galleries painting drawing ceramics textiles knitting weaving printing \
paper letters stamps coins clocks watches compasses telescopes stars moons comets planets rockets satellites antennas \
sensors batteries solar wind hydrogen nuclear coal gas oil timber steel copper glass slate chalk flint sand gravel clay \
soil gardens orchards apples pears plums cherries hops barley wheat bread cheese butter milk cream eggs honey tea coffee \
chocolate wine cider beer whisky salt pepper mustard vinegar pickles fish oysters mussels crabs lobsters herring \
mackerel cod seals whales dolphins gulls terns puffins swallows owls foxes badgers hedgehogs bats bees moths beetles \
spiders ferns mosses lichens oaks elms willows poplars roses tulips castles abbeys churches chapels bells organs choirs \
violins guitars drums records cinema theatre comics novels poetry essays history archives archaeology geology \
meteorology statistics algebra geometry logic compilers databases networks protocols feeds browsers editors keyboards \
fonts typography accessibility privacy security testing debugging profiling caching parsing robots drones cameras lenses \
film elections councils budgets schools libraries hospitals unions wages rents harvest mills";

const WORDS: &str = "the harbour of a morning and light to in ferry was quiet with letters on slate that gulls by window \
from paper its keeper at seven under rain no compass after engine before bread over chart through signal across winter \
beside copper without lantern until summer around ledger between anchor again timetable slowly counted carried opened \
repaired remembered printed crossed café naïve “enough” it’s";

/// What articles are made of.
pub(super) struct Vocabulary {
    sections: Vec<&'static str>,
    pub(super) authors: Vec<&'static str>,
    pub(super) tags: Vec<&'static str>,
    words: Vec<&'static str>,
}

impl Vocabulary {
    pub(super) fn new() -> Self {
        Self {
            sections: SECTIONS.split(' ').collect(),
            authors: AUTHORS.split(',').collect(),
            tags: TAGS.split_whitespace().collect(),
            words: WORDS.split_whitespace().collect(),
        }
    }
}

/// File name, relative to the articles' folder, and text of an article.
pub(super) fn article(number: u64, vocabulary: &Vocabulary) -> (String, String) {
    let mut chance = Chance { state: number.wrapping_mul(2).wrapping_add(1), vocabulary };
    let section = chance.one_of(&vocabulary.sections);
    let year = FIRST_YEAR + chance.below(YEARS);
    let (month, day) = (1 + chance.below(12), 1 + chance.below(28));
    let (hour, minute, second) = (chance.below(24), chance.below(60), chance.below(60));
    let mut text = format!(
        "---\ntitle: {title} ({number})\ndate: {year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z\n\
         author: {author}\ntags: [{tags}]\n",
        title = chance.words(3, 8).replace(['“', '”'], ""),
        author = chance.one_of(&vocabulary.authors),
        tags = chance.tags().join(", "),
    );
    if chance.below(3) == 0 {
        let _ = writeln!(text, "description: \"{}.\"", chance.words(8, 20));
    }
    text.push_str("---\n\n");
    let length = chance.one_of(&LENGTHS) * 1000;
    while text.len() < length {
        write_block(&mut text, &mut chance, number);
    }
    (format!("{section}/{year}/{year}-{month:02}-{day:02}-article-{number}.md"), text)
}

/// A paragraph or two, a heading, a list: what may follow what came before.
fn write_block(text: &mut String, chance: &mut Chance<'_>, number: u64) {
    let so_far = text.len();
    let block = match chance.below(24) {
        0..=10 => format!("{} *and so on*.\n", chance.words(40, 80)),
        11..=13 => format!(
            "{}, see [{}](https://many.example/{number}/{so_far}/) and [below](#{so_far}).\n",
            chance.words(20, 40),
            chance.words(2, 4)
        ),
        14..=16 => format!("## {}\n\n{}.\n", chance.words(2, 5), chance.words(20, 60)),
        17 => format!("- {}\n- **{}**\n- `{}`\n", chance.words(4, 9), chance.words(2, 4), chance.words(1, 2)),
        18 => format!("1. {}\n2. {}\n   - {}\n", chance.words(4, 9), chance.words(4, 9), chance.words(2, 4)),
        19 => format!(
            "```rust\nfn part_{so_far}() -> bool {{\n    1 < 2 && \"{}\" != \"\"\n}}\n```\n",
            chance.words(2, 5)
        ),
        20 => format!("> {}.\n", chance.words(20, 30)),
        21 => format!(
            "![{}](https://many.example/pictures/{number}-{so_far}.jpg)\n\n{}.\n",
            chance.words(3, 6),
            chance.words(10, 20)
        ),
        22 => format!(
            "| left | right |\n|---|--:|\n| {} | {number} |\n| {} | {so_far} |\n",
            chance.words(2, 4),
            chance.words(2, 4)
        ),
        _ if number.is_multiple_of(8) => format!(
            "<figure><img src=\"https://many.example/pictures/{number}-{so_far}.jpg\" alt=\"{}\">\
             <figcaption>{}</figcaption></figure>\n",
            chance.words(3, 6),
            chance.words(5, 9)
        ),
        _ => format!(
            "A claim.[^{so_far}] {}.\n\n[^{so_far}]: {}.\n",
            chance.words(20, 40),
            chance.words(6, 12)
        ),
    };
    text.push_str(&block);
    text.push('\n');
}

/// A row of numbers that looks like chance and is always the same: `SplitMix64`.
struct Chance<'a> {
    state: u64,
    vocabulary: &'a Vocabulary,
}

impl Chance<'_> {
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn one_of<T: Copy + Default>(&mut self, choices: &[T]) -> T {
        let index = self.below(choices.len() as u64);
        usize::try_from(index).ok().and_then(|index| choices.get(index)).copied().unwrap_or_default()
    }

    fn words(&mut self, least: u64, most: u64) -> String {
        let count = least + self.below(most - least + 1);
        let words: Vec<&str> = (0..count).map(|_| self.one_of(&self.vocabulary.words)).collect();
        words.join(" ")
    }

    /// One to five. Half of them are any, so that even a thousand articles have all; half are of the first thirty.
    fn tags(&mut self) -> Vec<&'static str> {
        let tags = &self.vocabulary.tags;
        let frequent = tags.get(..30).unwrap_or_default();
        let count = 1 + self.below(5);
        let mut chosen: Vec<&str> = Vec::new();
        for _ in 0..count {
            let tag = if self.below(2) == 0 { self.one_of(frequent) } else { self.one_of(tags) };
            if !chosen.contains(&tag) {
                chosen.push(tag);
            }
        }
        chosen
    }
}
