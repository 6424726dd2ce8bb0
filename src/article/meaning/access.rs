//! Visibility of an article: the strictest of all that is said about it.

use super::Reader;
use crate::article::Visibility;
use crate::article::metadata::Found;
use crate::data::{Node, Value};
use crate::diagnostic::{Diagnostic, Rule};
use crate::generator::{Dialect, Meaning};

impl Reader<'_> {
    /// The strictest of all that is said about who may see it.
    pub(in crate::article) fn visibility(&mut self) -> Visibility {
        let strictest = [self.draft(), self.status(), self.private(), self.kept_out()];
        strictest.into_iter().max_by_key(|visibility| strictness(*visibility)).unwrap_or(Visibility::Public)
    }

    fn draft(&mut self) -> Visibility {
        let metadata = self.metadata;
        let mut visibility = Visibility::Public;
        for found in metadata.all(Meaning::Draft) {
            match found.node.truth() {
                Some(false) => {}
                Some(true) => {
                    self.diagnostics.extend(text_for_true(&found, metadata.dialect));
                    visibility = Visibility::Draft;
                }
                None => {
                    self.diagnostics.push(found.unusable("`true` or `false`").label("taken as a draft"));
                    visibility = Visibility::Draft;
                }
            }
        }
        if metadata.all(Meaning::Publish).any(|found| found.node.truth() == Some(false))
            || self.has_draft_tag()
        {
            visibility = Visibility::Draft;
        }
        visibility
    }

    fn has_draft_tag(&self) -> bool {
        let values = &self.metadata.dialect.rules().values;
        let is_draft = |tag: &str| values.draft_tags.contains(&tag);
        let tags = self.metadata.first(Meaning::Tags).filter(|_| !values.draft_tags.is_empty());
        tags.is_some_and(|found| match &found.node.value {
            Value::Text(text) => values.split_tags(found.name, text).iter().any(|tag| is_draft(tag)),
            _ => found.node.items().iter().filter_map(Node::text).any(is_draft),
        })
    }

    fn status(&mut self) -> Visibility {
        let metadata = self.metadata;
        let mut strictest = Visibility::Public;
        for found in metadata.all(Meaning::Status) {
            let Some(word) = found.node.text().filter(|_| !matches!(found.node.value, Value::Bool(_))) else {
                continue;
            };
            let visibility = match status(word) {
                Some(visibility) => visibility,
                // A date, or what was said about it already.
                None if found.name == "published" || found.node.truth().is_some() => continue,
                None => {
                    self.diagnostics.push(unknown_status(&found, word));
                    Visibility::Draft
                }
            };
            if strictness(visibility) > strictness(strictest) {
                strictest = visibility;
            }
        }
        strictest
    }

    fn private(&self) -> Visibility {
        let private = self.metadata.all(Meaning::Private).any(|found| found.node.truth() != Some(false));
        if private { Visibility::Private } else { Visibility::Public }
    }

    fn kept_out(&self) -> Visibility {
        let metadata = self.metadata;
        let says = |meaning, truth| metadata.all(meaning).any(|found| found.node.truth() == Some(truth));
        let never = |found: Found<'_>| {
            matches!(found.node.text(), Some("never" | "local" | "false")) && found.name == "build.list"
                || found.node.text() == Some("never")
        };
        let pattern_false =
            metadata.all(Meaning::Address).any(|found| found.node.value == Value::Bool(false));
        let kept_out = says(Meaning::KeepOut, true)
            || says(Meaning::KeepIn, false)
            || pattern_false
            || metadata.all(Meaning::BuildList).any(never);
        if kept_out { Visibility::Unlisted } else { Visibility::Public }
    }
}

/// `draft: yes` is text since YAML 1.2, and generators that read it so may publish what its author means to hold back.
fn text_for_true(found: &Found<'_>, dialect: Dialect) -> Option<Diagnostic> {
    let reads_yaml_1_2 = dialect.rules().values.yaml_1_2;
    let Value::Text(written) = &found.node.value else { return None };
    let is_word = reads_yaml_1_2 && !written.eq_ignore_ascii_case("true");
    is_word.then(|| {
        found
            .fault(Rule::UnusableValue, format!("`{written}` is text in YAML 1.2, not `true`"))
            .label("taken as a draft, though the site's generator may publish it")
            .help(format!("write `{}: true`", found.key))
    })
}

/// The rank of a visibility, the most public first.
pub(in crate::article) fn strictness(visibility: Visibility) -> u8 {
    match visibility {
        Visibility::Public => 0,
        Visibility::Unlisted => 1,
        Visibility::Draft => 2,
        Visibility::Private => 3,
        Visibility::Page => 4,
        Visibility::Faulty => 5,
        Visibility::Absent => 6,
        Visibility::Unreadable => 7,
    }
}

/// The status words of all generators.
const STATUSES: &[(Visibility, &str)] = &[
    // `future` and `scheduled` articles have a date, and it decides.
    (
        Visibility::Public,
        "published publish public featured live scheduled future final released done complete completed ready \
         active sticky archived",
    ),
    (
        Visibility::Draft,
        "draft drafts pending unpublished auto-draft in-progress wip review in-review idea todo trash deleted \
         disabled inactive",
    ),
    (Visibility::Unlisted, "hidden unlisted skip"),
    (Visibility::Private, "private members paid tiers password protected internal subscribers members-only"),
];

fn status(word: &str) -> Option<Visibility> {
    let word = word.trim().to_ascii_lowercase().replace(['_', ' '], "-");
    let named = |(_, words): &&(_, &str)| words.split_ascii_whitespace().any(|known| known == word);
    STATUSES.iter().find(named).map(|(visibility, _)| *visibility)
}

/// True for a word that says who may see an article.
pub(super) fn is_status(word: &str) -> bool {
    status(word).is_some()
}

fn unknown_status(found: &Found<'_>, word: &str) -> Diagnostic {
    let known = STATUSES.iter().flat_map(|(_, words)| words.split_ascii_whitespace());
    let lower = word.to_lowercase();
    let nearest = known
        .map(|known| (strsim::damerau_levenshtein(known, &lower.chars().take(40).collect::<String>()), known))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= 2);
    let help = match nearest {
        Some((_, known)) => format!("did you mean `{known}`?"),
        None => "write `published`, `draft`, `private` or `hidden`".to_owned(),
    };
    found
        .fault(Rule::UnknownStatus, format!("`{word}` is not a known status"))
        .label("withheld as if it were a draft")
        .help(help)
}
