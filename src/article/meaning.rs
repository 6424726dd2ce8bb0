//! What the author's words mean: each field that an article can state, understood by the kind of its value where the
//! word alone is ambiguous, and a diagnostic for each that cannot be understood. One short function per meaning.

use chrono::{DateTime, Utc};

use super::address::{self, Filling};
use super::author;
use super::date::{self, Instant, Oddity, Stated};
use super::dialect::{Dialect, Meaning};
use super::front_matter::shortened;
use super::metadata::{Found, Metadata};
use super::tree::{Node, Value};
use super::{Author, Conventions, Cover, Visibility};
use crate::content::{plain_text, without_forbidden_characters};
use crate::diagnostic::{Diagnostic, Rule};

/// Reads the metadata of one article.
pub(super) struct Reader<'a> {
    pub(super) metadata: &'a Metadata<'a>,
    pub(super) conventions: &'a Conventions,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// A title as stated.
#[derive(Debug, PartialEq)]
pub(super) enum Title {
    Unstated,
    /// On purpose: `title: ""`.
    None,
    Some(String),
}

impl Reader<'_> {
    pub(super) fn title(&mut self) -> Title {
        let Some(found) = self.metadata.first(Meaning::Title) else {
            let on_purpose = |found: Found<'_>| matches!(found.node.value, Value::Text(_));
            let empty = self.metadata.stated(Meaning::Title).any(on_purpose);
            return if empty { Title::None } else { Title::Unstated };
        };
        let Some(written) = found.node.text() else {
            self.diagnostics.push(found.unusable("text"));
            return Title::Unstated;
        };
        let title = plain(written);
        // Character references alone are no fault: in HTML they have to be.
        let marked_up = written.contains(['<', '*', '_', '`', '[', '~']);
        if marked_up && title != collapsed(&without_forbidden_characters(written)) {
            self.diagnostics.push(
                found
                    .fault(Rule::MarkupInTitle, format!("`{}` holds markup", found.key))
                    .label(shortened(&format!("published as `{title}`")))
                    .help("write the title as plain text"),
            );
        }
        if title.is_empty() { Title::None } else { Title::Some(title) }
    }

    // Dates.

    /// The day from which the article counts: as stated, else as its address, name or path says.
    pub(super) fn published(&mut self, named: Option<Stated>) -> Option<DateTime<Utc>> {
        let (stated, unreadable) = self.date(Meaning::Published);
        let timezone = self.conventions.timezone;
        let instant = stated.or_else(|| {
            let address = self.metadata.first(Meaning::Address).and_then(|found| found.node.text());
            let elsewhere = named.or_else(|| date::in_folders(address?));
            elsewhere.and_then(|stated| stated.instant(timezone))
        });
        let label = || match (&instant, stated) {
            (Some(instant), None) => {
                format!(
                    "`{}`, of its name or path, is used",
                    instant.time.with_timezone(&timezone).format("%F")
                )
            }
            (Some(_), Some(_)) => "ignored, another date is used".to_owned(),
            (None, _) => "withheld from every feed until it has one".to_owned(),
        };
        self.diagnostics.extend(unreadable.into_iter().map(|diagnostic| diagnostic.label(label())));
        instant.map(|instant| instant.time)
    }

    /// When it was last changed, as stated, if that is after `published`.
    pub(super) fn updated(&mut self, published: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
        let (instant, unreadable) = self.date(Meaning::Updated);
        self.diagnostics.extend(unreadable.into_iter().map(|diagnostic| diagnostic.label("ignored")));
        let instant = instant?;
        let Some(published) = published.filter(|published| instant.time < *published) else {
            return Some(instant.time);
        };
        let timezone = self.conventions.timezone;
        let day = |time: DateTime<Utc>| time.with_timezone(&timezone).date_naive();
        // Changed on the day it was published, with no time given: that is no fault.
        if !(instant.day_only && day(instant.time) == day(published)) {
            let found = self.metadata.first(Meaning::Updated)?;
            let written = found.node.text().unwrap_or_default();
            self.diagnostics.push(
                found
                    .fault(
                        Rule::UpdatedBeforePublished,
                        format!("updated on `{written}`, before it was published"),
                    )
                    .label("counts as not updated")
                    .help("swap the two dates, or mend the one that is wrong"),
            );
        }
        None
    }

    pub(super) fn expires(&mut self) -> Option<DateTime<Utc>> {
        let (instant, unreadable) = self.date(Meaning::Expires);
        self.diagnostics.extend(unreadable.into_iter().map(|diagnostic| diagnostic.label("ignored")));
        instant.map(|instant| instant.time)
    }

    /// The first readable date of a meaning, and what to say of those before it that are not.
    fn date(&mut self, meaning: Meaning) -> (Option<Instant>, Vec<Diagnostic>) {
        let metadata = self.metadata;
        let mut unreadable = Vec::new();
        for found in metadata.all(meaning) {
            // `published: true` and `published: draft` are no dates and were not meant as such.
            let is_word = || found.node.text().is_some_and(|text| status(text).is_some());
            if found.name == "published" && (found.node.truth().is_some() || is_word()) {
                continue;
            }
            let stated = found.node.text().and_then(date::read);
            let Some(instant) = stated.and_then(|stated| stated.instant(self.conventions.timezone)) else {
                unreadable.push(unreadable_date(&found));
                continue;
            };
            // What Go prints for no date at all.
            if instant.time.timestamp() == GO_ZERO {
                continue;
            }
            self.remark(&found, &instant);
            return (Some(instant), unreadable);
        }
        (None, unreadable)
    }

    fn remark(&mut self, found: &Found<'_>, instant: &Instant) {
        let written = found.node.text().unwrap_or_default();
        let timezone = self.conventions.timezone.name();
        let utc = instant.time.format("%FT%TZ");
        let offset = || instant.time.with_timezone(&self.conventions.timezone).format("%:z").to_string();
        match instant.oddity {
            Some(Oddity::Ambiguous) => self.diagnostics.push(
                found
                    .fault(
                        Rule::AmbiguousTime,
                        format!("`{written}` was twice in `{timezone}`, as clocks went back"),
                    )
                    .label(format!("published as `{utc}`, the first of the two"))
                    .help(format!("add the offset: `{}`", offset())),
            ),
            // A day that begins with the change of clocks simply begins a little later.
            Some(Oddity::Nonexistent) if !instant.day_only => self.diagnostics.push(
                found
                    .fault(
                        Rule::NonexistentTime,
                        format!("`{written}` never was in `{timezone}`, as clocks went forward"),
                    )
                    .label(format!("published as `{utc}`"))
                    .help(format!("write a time that clocks showed, or add the offset: `{}`", offset())),
            ),
            _ => {}
        }
        if instant.time.timestamp() < WEB {
            self.diagnostics.push(
                found
                    .fault(Rule::ImplausibleDate, format!("`{written}` was before the web"))
                    .label("published as it is")
                    .help("mend the year if it is a slip; validators and some readers doubt such dates"),
            );
        }
    }

    // Who may see it.

    /// The strictest of all that is said about who may see it.
    pub(super) fn visibility(&mut self) -> Visibility {
        let strictest = [self.draft(), self.status(), self.private(), self.kept_out()];
        strictest.into_iter().max_by_key(|visibility| strictness(*visibility)).unwrap_or(Visibility::Public)
    }

    fn draft(&mut self) -> Visibility {
        let metadata = self.metadata;
        let mut visibility = Visibility::Public;
        for found in metadata.all(Meaning::Draft) {
            match found.node.truth() {
                Some(false) => {}
                Some(true) => visibility = Visibility::Draft,
                None => {
                    self.diagnostics.push(found.unusable("`true` or `false`").label("taken as a draft"));
                    visibility = Visibility::Draft;
                }
            }
        }
        if metadata.all(Meaning::Publish).any(|found| found.node.truth() == Some(false)) {
            visibility = Visibility::Draft;
        }
        visibility
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
        let without_rss = |found: Found<'_>| {
            let formats = found.node.items();
            let feed = |item: &Node| item.text().is_some_and(|text| text.eq_ignore_ascii_case("rss"));
            matches!(found.node.value, Value::List(_)) && !formats.iter().any(feed)
        };
        let pattern_false =
            metadata.all(Meaning::Address).any(|found| found.node.value == Value::Bool(false));
        let hugo = metadata.dialect == Dialect::Hugo;
        let kept_out = says(Meaning::KeepOut, true)
            || says(Meaning::KeepIn, false)
            || pattern_false
            || metadata.all(Meaning::BuildList).any(never)
            || hugo && metadata.all(Meaning::Outputs).any(without_rss);
        if kept_out { Visibility::Unlisted } else { Visibility::Public }
    }

    pub(super) fn excerpt_only(&self) -> bool {
        self.metadata.first(Meaning::ExcerptOnly).and_then(|found| found.node.truth()).unwrap_or(false)
    }

    /// Taken as written, with the white space round it that may be part of it.
    pub(super) fn summary_marker(&self) -> Option<String> {
        let found = self.metadata.stated(Meaning::SummaryMarker).next()?;
        match &found.node.value {
            Value::Text(marker) if !marker.is_empty() => Some(marker.clone()),
            _ => None,
        }
    }

    // Id and addresses.

    pub(super) fn id(&mut self) -> Option<String> {
        let found = self.metadata.first(Meaning::Id)?;
        let usable = |text: &&str| text.len() <= 512 && !text.chars().any(char::is_control);
        let id = match found.node.value {
            Value::Text(_) | Value::Number(_) => found.node.text().filter(usable),
            _ => None,
        };
        if id.is_none() {
            self.diagnostics.push(
                found
                    .fault(Rule::UnusableId, format!("`{}` is no usable id", found.key))
                    .label("ignored, the article gets one of its own")
                    .help("an id is one line of text of at most 512 bytes"),
            );
        }
        id.map(str::to_owned)
    }

    pub(super) fn slug(&mut self) -> Option<String> {
        let found = self.metadata.first(Meaning::Slug)?;
        let slug = found.node.text().unwrap_or_default().trim_matches('/');
        if slug.is_empty() && found.node.text().is_some() {
            return None;
        }
        if address::is_safe_part(slug) {
            return Some(slug.to_owned());
        }
        self.diagnostics.push(
            found
                .fault(
                    Rule::UnusableAddress,
                    format!("`{}` cannot be the last part of an address", found.key),
                )
                .label("ignored, the file's name is used")
                .help("write a single part without `/`, `\\` or `..`; a whole path goes into `permalink`"),
        );
        None
    }

    pub(super) fn address(&mut self, filling: &Filling<'_>) -> Option<String> {
        let found = self.metadata.first(Meaning::Address)?;
        if matches!(found.node.value, Value::Bool(_)) {
            return None;
        }
        let Some(written) = found.node.text() else {
            self.diagnostics.push(found.unusable("an address"));
            return None;
        };
        let address = self.usable(&found, found.node, address::own(written, filling))?;
        // Zola puts a folder behind every path, whatever it looks like.
        let folder =
            found.name == "path" && self.metadata.dialect == Dialect::Zola && !address.ends_with('/');
        Some(if folder { address + "/" } else { address })
    }

    fn usable(&mut self, found: &Found<'_>, node: &Node, address: Result<String, String>) -> Option<String> {
        match address {
            Ok(address) => Some(address),
            Err(why) => {
                let written = node.text().unwrap_or_default();
                self.diagnostics.push(
                    found
                        .fault_at(node, Rule::UnusableAddress, format!("`{written}` cannot be used: {why}"))
                        .label("ignored")
                        .help("write `https://example.org/page/`, or a path from the site's home: `/page/`"),
                );
                None
            }
        }
    }

    pub(super) fn canonical(&mut self) -> Option<String> {
        let found = self.metadata.first(Meaning::Canonical)?;
        let written = found.node.text()?;
        self.usable(&found, found.node, address::absolute(written))
    }

    /// Former addresses. Obsidian's aliases are other names of a note, and names are no addresses.
    pub(super) fn aliases(&mut self) -> Vec<String> {
        let metadata = self.metadata;
        let always = matches!(metadata.dialect, Dialect::Hugo | Dialect::Zola | Dialect::Jekyll);
        let mut aliases: Vec<String> = Vec::new();
        for found in metadata.all(Meaning::Aliases) {
            for item in found.node.items() {
                let Some(written) = item.text().filter(|text| !text.is_empty()) else { continue };
                if !always && found.name.starts_with("alias") && !address::looks_like_one(written) {
                    continue;
                }
                aliases.extend(self.usable(&found, item, address::anywhere(written)));
            }
        }
        without_repetition(aliases)
    }

    /// An address that must be written as one: absolute, or from the site's root.
    fn pointer(&mut self, meaning: Meaning) -> Option<String> {
        let found = self.metadata.all(meaning).find(|found| found.node.truth().is_none())?;
        let node = match found.node.value {
            Value::Map(_) => found.node.member(&["url", "href", "address", "link"])?,
            _ => found.node,
        };
        let written = node.text()?;
        let path = written.starts_with('/');
        let address = if path { address::anywhere(written) } else { address::absolute(written) };
        self.usable(&found, node, address)
    }

    pub(super) fn link(&mut self) -> Option<String> {
        self.pointer(Meaning::Link)
    }

    pub(super) fn comments(&mut self) -> Option<String> {
        self.pointer(Meaning::Comments)
    }

    // Text.

    pub(super) fn summary(&mut self) -> Option<String> {
        let text = |found: Found<'_>| match found.node.value {
            Value::Text(_) | Value::Number(_) => found.node.text().map(plain),
            _ => None,
        };
        self.metadata.all(Meaning::Summary).find_map(text).filter(|summary| !summary.is_empty())
    }

    /// The language as stated, else as its name or folder says, unless it is the publication's.
    pub(super) fn language(&mut self, named: Option<String>) -> Option<String> {
        let stated = self.metadata.first(Meaning::Language).and_then(|found| {
            let written = found.node.items().first().and_then(Node::text).unwrap_or_default();
            let tag = super::name::tag(written);
            if tag.is_none() {
                self.diagnostics.push(
                    found
                        .fault(Rule::UnknownLanguage, format!("`{written}` is no language tag"))
                        .label("ignored")
                        .help(format!("write {}", likely_language(written))),
                );
            }
            tag
        });
        stated.or(named).filter(|language| !language.eq_ignore_ascii_case(&self.conventions.language))
    }

    pub(super) fn tags(&mut self) -> Vec<String> {
        self.metadata.first(Meaning::Tags).map(|found| self.terms(&found)).unwrap_or_default()
    }

    pub(super) fn categories(&mut self) -> Vec<String> {
        let metadata = self.metadata;
        let all = metadata.all(Meaning::Categories).flat_map(|found| self.terms(&found));
        without_repetition(all)
    }

    fn terms(&mut self, found: &Found<'_>) -> Vec<String> {
        let dialect = self.metadata.dialect;
        let mut terms = Vec::new();
        match &found.node.value {
            Value::Text(text) => terms = dialect.split_tags(found.name, text),
            Value::Map(_) => self.diagnostics.push(found.unusable("a list")),
            _ => {
                for item in found.node.items() {
                    match term(item) {
                        Some(term) => terms.push(term),
                        None if item.is_empty() => {}
                        None => self.diagnostics.push(
                            found
                                .fault_at(
                                    item,
                                    Rule::UnusableValue,
                                    format!("{} in `{}`", item.kind(), found.key),
                                )
                                .label("ignored")
                                .help("write a list of words"),
                        ),
                    }
                }
            }
        }
        let clean = |term: String| dialect.tag(&plain(&term));
        without_repetition(terms.into_iter().filter_map(clean))
    }

    // People.

    pub(super) fn authors(&mut self) -> Vec<Author> {
        let Some(found) = self.metadata.first(Meaning::Authors) else { return Vec::new() };
        let mut authors: Vec<Author> = Vec::new();
        let plural = found.name == "authors";
        for item in found.node.items() {
            let read = match &item.value {
                Value::Map(_) => self.author_table(&found, item).into_iter().collect(),
                Value::Text(text) => {
                    let names = split_authors(text, plural, self.metadata.dialect);
                    names.into_iter().filter_map(|name| self.author_word(&found, item, name)).collect()
                }
                Value::Number(_) => item.text().and_then(author::from_text).into_iter().collect(),
                _ => Vec::new(),
            };
            for author in read {
                if !authors.contains(&author) {
                    authors.push(author);
                }
            }
        }
        if let [only] = authors.as_mut_slice() {
            let text = |meaning| self.metadata.first(meaning).and_then(|found| found.node.text());
            only.email = only.email.take().or_else(|| {
                text(Meaning::AuthorEmail).filter(|email| author::is_email(email)).map(str::to_owned)
            });
            only.url = only
                .url
                .take()
                .or_else(|| text(Meaning::AuthorUrl).filter(|url| author::is_web(url)).map(str::to_owned));
        }
        authors
    }

    fn author_table(&mut self, found: &Found<'_>, item: &Node) -> Option<Author> {
        let id = item.member(&["id", "username", "slug", "key", "ref"]).and_then(Node::text);
        let known = id.and_then(|id| self.known_author(id));
        let author = known.or_else(|| author::described(item)).or_else(|| id.and_then(author::from_text));
        if author.is_none() {
            self.diagnostics.push(
                found
                    .fault_at(item, Rule::UnusableValue, format!("no `name` in `{}`", found.key))
                    .label("ignored")
                    .help("write `name: …`"),
            );
        }
        author
    }

    /// An author by a word: an id of the table, or a name.
    fn author_word(&mut self, found: &Found<'_>, item: &Node, word: &str) -> Option<Author> {
        if let Some(author) = self.known_author(word) {
            return Some(author);
        }
        let reference = !word.contains(char::is_whitespace) && !word.contains(['@', '[']);
        if reference && !self.conventions.authors.is_empty() {
            self.diagnostics.push(
                found
                    .fault_at(item, Rule::UnknownAuthor, format!("`{word}` is not in the table of authors"))
                    .label("taken as a name")
                    .help("add them to the table, or write their full name"),
            );
        }
        author::from_text(word)
    }

    fn known_author(&self, word: &str) -> Option<Author> {
        let authors = &self.conventions.authors;
        let same = || authors.iter().find(|(id, _)| id.eq_ignore_ascii_case(word)).map(|(_, author)| author);
        authors.get(word).or_else(same).cloned()
    }

    pub(super) fn source(&mut self) -> Option<Author> {
        let found = self.metadata.first(Meaning::Source)?;
        let address = self.metadata.first(Meaning::SourceUrl).and_then(|found| found.node.text());
        let node = found.node.items().first()?;
        let mut source = match &node.value {
            Value::Map(_) => {
                author::described(node).or_else(|| by_host(node.member(&["url", "link", "href"])?.text()?))
            }
            Value::Text(text) => by_host(text).or_else(|| author::from_text(text)),
            _ => None,
        }?;
        source.url = source.url.or_else(|| address.filter(|url| author::is_web(url)).map(str::to_owned));
        Some(source)
    }

    /// The licence's address, and what was said in its place if that is no address.
    pub(super) fn licence(&mut self) -> (Option<String>, Option<String>) {
        let stated = self.metadata.first(Meaning::Licence);
        // `license: false` and `copyright: true` tell a theme what to show.
        let Some(found) = stated.filter(|found| found.node.truth().is_none()) else { return (None, None) };
        let node = found.node.member(&["url", "href", "link", "name", "id"]).unwrap_or(found.node);
        let Some(written) = node.text() else { return (None, None) };
        if address::is_absolute(written) {
            return (self.usable(&found, node, address::absolute(written)), None);
        }
        match licence(written) {
            Some(address) => (Some(address), None),
            None => (None, Some(plain(written)).filter(|rights| !rights.is_empty())),
        }
    }

    pub(super) fn rights(&mut self) -> Option<String> {
        let found = self.metadata.first(Meaning::Rights).filter(|found| found.node.truth().is_none())?;
        found.node.text().map(plain).filter(|rights| !rights.is_empty())
    }

    // Images.

    pub(super) fn cover(&mut self) -> Option<Cover> {
        let metadata = self.metadata;
        for found in metadata.all(Meaning::Cover) {
            let Some(node) = found.node.items().iter().find(|item| !item.is_empty()) else { continue };
            let (address, alt) = match &node.value {
                Value::Map(_) => {
                    (node.member(IMAGE), node.member(&["alt", "alttext", "imagealt", "description"]))
                }
                Value::Text(_) => (Some(node), None),
                _ => (None, None),
            };
            let Some(address) = address.filter(|address| address.truth().is_none()) else { continue };
            // `image: {src: {…}}` and the like are a program's affair.
            let Some(written) = address.text() else { continue };
            let written = written.trim_start_matches('!').trim_start_matches("[[").trim_end_matches("]]");
            if let Err(why) = address::file(written) {
                self.usable(&found, address, Err(why));
                continue;
            }
            let beside = || {
                let own = format!("{}alt", found.name);
                let fields = metadata.origins.iter().flat_map(|origin| &origin.fields);
                let own = fields.into_iter().find(|field| field.name == own).map(|field| &field.node);
                own.or_else(|| metadata.first(Meaning::CoverAlt).map(|found| found.node))
            };
            let alt = alt.or_else(beside).and_then(Node::text).map(plain).filter(|alt| !alt.is_empty());
            return Some(Cover { address: written.to_owned(), alt });
        }
        None
    }
}

/// Members of a table that stands in a cover's place.
const IMAGE: &[&str] = &[
    "src",
    "url",
    "image",
    "path",
    "file",
    "href",
    "source",
    "filename",
    "feature",
    "overlayimage",
    "teaser",
];

/// 1990, when the web began and from when on validators believe dates.
const WEB: i64 = 631_152_000;

/// 0001-01-01T00:00:00Z.
const GO_ZERO: i64 = -62_135_596_800;

fn unreadable_date(found: &Found<'_>) -> Diagnostic {
    let Some(written) = found.node.text() else {
        let message = format!("`{}` is {}, not a date", found.key, found.node.kind());
        return found.fault(Rule::UnreadableDate, message).help("write it as `2024-05-06`");
    };
    let magic = ["last modified", "created", "git last modified", "git created"];
    let help = if magic.contains(&written.to_ascii_lowercase().as_str()) {
        "file and git times change with every copy, so feeds cannot use them; write the day: `2024-05-06`"
    } else {
        "write it as `2024-05-06` or `2024-05-06T10:00:00+02:00`"
    };
    found.fault(Rule::UnreadableDate, format!("`{written}` is not a date")).help(help)
}

/// How far down the scale of secrecy a visibility is.
pub(super) fn strictness(visibility: Visibility) -> u8 {
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
        .fault(Rule::UnknownStatus, format!("`{word}` is a status that nobody knows"))
        .label("withheld as if it were a draft")
        .help(help)
}

/// Codes of countries and names of languages that people take for tags.
fn likely_language(written: &str) -> String {
    const MEANT: &[(&str, &str)] = &[
        ("cn", "zh"),
        ("jp", "ja"),
        ("kr", "ko"),
        ("cz", "cs"),
        ("gr", "el"),
        ("dk", "da"),
        ("ua", "uk"),
        ("english", "en"),
        ("german", "de"),
        ("deutsch", "de"),
        ("french", "fr"),
        ("français", "fr"),
        ("spanish", "es"),
        ("español", "es"),
        ("italian", "it"),
        ("portuguese", "pt"),
        ("japanese", "ja"),
        ("chinese", "zh"),
        ("russian", "ru"),
        ("dutch", "nl"),
        ("korean", "ko"),
        ("polish", "pl"),
    ];
    let lower = written.trim().to_lowercase();
    match MEANT.iter().find(|(wrong, _)| *wrong == lower) {
        Some((_, tag)) => format!("`{tag}`"),
        None => "a tag such as `en`, `pt-BR` or `zh-Hans`".to_owned(),
    }
}

/// A tag of a list; a list in a list is a hierarchy, as Hexo has them.
fn term(item: &Node) -> Option<String> {
    match &item.value {
        Value::List(parts) => {
            let parts: Vec<&str> =
                parts.iter().filter_map(Node::text).filter(|part| !part.is_empty()).collect();
            (!parts.is_empty()).then(|| parts.join("/"))
        }
        Value::Map(_) => {
            item.member(&["name", "title", "label", "tag", "slug", "id"])?.text().map(str::to_owned)
        }
        _ => item.text().filter(|text| !text.is_empty()).map(str::to_owned),
    }
}

fn split_authors(text: &str, plural: bool, dialect: Dialect) -> Vec<&str> {
    let pelican = dialect == Dialect::Pelican;
    let parts: Vec<&str> = match () {
        () if (plural || pelican) && text.contains(';') => text.split(';').collect(),
        () if plural => text.split(',').collect(),
        () => vec![text],
    };
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// An address alone, called by its host.
fn by_host(text: &str) -> Option<Author> {
    let url = url::Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = url.host_str()?.trim_start_matches("www.").to_owned();
    (!host.is_empty()).then(|| Author { name: host, email: None, url: Some(text.trim().to_owned()) })
}

/// The address of a licence that is called by its short name.
fn licence(name: &str) -> Option<String> {
    let name = name.trim().to_ascii_lowercase().replace([' ', '_'], "-");
    let name = name.strip_prefix("creative-commons-").map_or(name.clone(), |rest| format!("cc-{rest}"));
    if matches!(name.as_str(), "cc0" | "cc0-1.0" | "cc-0" | "cc-zero") {
        return Some("https://creativecommons.org/publicdomain/zero/1.0/".to_owned());
    }
    let rest = name.strip_prefix("cc-")?;
    let (kind, version) = match rest.rsplit_once('-') {
        Some((kind, version)) if version.starts_with(|c: char| c.is_ascii_digit()) => (kind, version),
        _ => (rest, "4.0"),
    };
    let kinds = ["by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd"];
    let versions = ["1.0", "2.0", "2.5", "3.0", "4.0"];
    (kinds.contains(&kind) && versions.contains(&version))
        .then(|| format!("https://creativecommons.org/licenses/{kind}/{version}/"))
}

/// What an author wrote as text, in one line: no markup, no characters that feeds forbid.
pub(super) fn plain(written: &str) -> String {
    if is_plain(written) {
        return written.to_owned();
    }
    collapsed(&without_forbidden_characters(&plain_text(written)))
}

/// Whether it is plain as it stands, as most is: words of ASCII, a space between two, nothing that may be markup.
fn is_plain(text: &str) -> bool {
    let mut before = b' ';
    let mut is_plain = |byte: u8| {
        let after_word = std::mem::replace(&mut before, byte) != b' ';
        match byte {
            b' ' => after_word,
            b'*' | b'_' | b'`' | b'[' | b'<' | b'&' | b'\\' | b'~' => false,
            byte => byte.is_ascii_graphic(),
        }
    };
    text.bytes().all(&mut is_plain) && before != b' '
}

fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn without_repetition(items: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut items: Vec<String> = items.into_iter().collect();
    if items.len() > 1 {
        let mut seen = std::collections::BTreeSet::new();
        items.retain(|item| seen.insert(item.clone()));
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_plain_stays_as_it_is(text in "[ -~]{0,12}", any in "\\PC{0,12}|[a-z \t\n&*é\u{a0}]{0,8}") {
            for text in [text, any] {
                let slowly = collapsed(&without_forbidden_characters(&plain_text(&text)));
                prop_assert_eq!(plain(&text), slowly);
            }
        }
    }
}
