//! A site's own configuration files, read and kept with their places: what is asked for by its key, and what cannot be
//! followed.

use std::ops::Range;

use super::literal::{self, Program};
use crate::data::{Field, Node, Syntax, TextFile, Value, lines, parse};
use crate::diagnostic::{Diagnostic, Rule};
use crate::store::Store;

/// A text of a configuration, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// The text.
    pub text: String,
    /// The file, relative to the publication.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
}

/// A configuration file.
#[derive(Clone, Debug)]
pub(crate) struct SettingsFile {
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) fields: Vec<Field>,
    /// Names whose values only running it would tell.
    pub(super) unread: Vec<(String, Range<usize>)>,
}

/// The files of a configuration, the most important first.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    pub(super) files: Vec<SettingsFile>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// A value and the file that it stands in.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) file: &'a SettingsFile,
    pub(super) node: &'a Node,
}

impl SettingsFile {
    /// Reads a file in the language that its name says. What is wrong with it is said in the diagnostics.
    pub(super) fn read(store: &dyn Store, path: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Self> {
        let text = String::from_utf8(store.read(path).ok()?).ok()?;
        let text = text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned);
        Some(Self::of(path, text, diagnostics))
    }

    /// The same, of a text that is at hand.
    pub(super) fn of(path: &str, text: String, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        let Program { fields, unread } = match extension {
            "py" => literal::python(&text),
            "js" | "mjs" | "cjs" | "ts" | "mts" => literal::script(&text),
            _ => Program { fields: data(path, &text, diagnostics), unread: Vec::new() },
        };
        Self { path: path.to_owned(), text, fields, unread }
    }

    /// The front matter of an article or a section.
    pub(super) fn front_matter(
        store: &dyn Store,
        path: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<(Self, Vec<Field>)> {
        let text = String::from_utf8(store.read(path).ok()?).ok()?;
        let mut rows = lines(&text, 0).take(2_000);
        let first = rows.next()?;
        let (fence, syntax) = match first.text(&text).trim_end().trim_start_matches('\u{feff}') {
            "---" => ("---", Syntax::Yaml),
            "+++" => ("+++", Syntax::Toml),
            _ => return None,
        };
        let last = rows.find(|line| line.text(&text).trim_end() == fence)?;
        let fields =
            parse(TextFile { path, text: &text }, syntax, first.next..last.start, diagnostics).ok()?;
        // What follows it decides nothing.
        let text = text.get(..last.next).unwrap_or_default().to_owned();
        let file = Self { path: path.to_owned(), text, fields: Vec::new(), unread: Vec::new() };
        Some((file, fields))
    }

    /// With all keys below another: `params` for Hugo's `params.toml`.
    pub(super) fn below(mut self, key: &str) -> Self {
        if !key.is_empty() {
            let span = 0..self.text.len();
            let table = Node { value: Value::Map(self.fields), span: span.clone() };
            self.fields = vec![Field::new(key, span, table)];
        }
        self
    }

    pub(super) fn find(&self, key: &str) -> Option<&Node> {
        within(&self.fields, key)
    }

    /// The line of a place, from 1.
    pub(super) fn line(&self, span: &Range<usize>) -> usize {
        self.text.get(..span.start).unwrap_or_default().matches('\n').count() + 1
    }

    /// The text of a node, with its place; `None` if it has none.
    pub(super) fn stated(&self, node: &Node) -> Option<Stated> {
        let text = node.text()?.to_owned();
        Some(Stated { text, path: self.path.clone(), line: self.line(&node.span) })
    }
}

fn data(path: &str, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<Field> {
    let mut faults = Vec::new();
    let fields = parse(TextFile { path, text }, Syntax::of_file(path), 0..text.len(), &mut faults);
    if fields.is_err() {
        let fault = faults.pop();
        let message = fault.map_or_else(|| "it cannot be read".to_owned(), |fault| fault.message);
        let message = message.replace("front matter", "the site's configuration");
        diagnostics.push(
            Diagnostic::new(Rule::UnreadSetting, path, message)
                .label("nothing of it is followed")
                .help("correct it, or state what it says in `feedwright.toml`"),
        );
    }
    fields.unwrap_or_default()
}

/// The value at `a.b.c`, in whatever case its keys are written. A key that holds dots may be one, too.
fn within<'a>(fields: &'a [Field], key: &str) -> Option<&'a Node> {
    let named = |name: &str| fields.iter().find(|field| field.key.eq_ignore_ascii_case(name));
    if let Some(field) = named(key) {
        return Some(&field.node);
    }
    let (table, rest) = key.split_once('.')?;
    within(named(table)?.node.fields(), rest)
}

impl Settings {
    /// The value of a key: `a.b` for one in a table.
    pub(super) fn find(&self, key: &str) -> Option<Setting<'_>> {
        self.placed(key).map(|(_, setting)| setting)
    }

    /// The value of a key, with the number of its file among those of the configuration.
    pub(super) fn placed(&self, key: &str) -> Option<(usize, Setting<'_>)> {
        let found =
            self.files.iter().enumerate().find_map(|(number, file)| Some((number, file, file.find(key)?)));
        found.map(|(number, file, node)| (number, Setting { file, node }))
    }

    /// The first of the keys that states a text that is not empty.
    pub(super) fn text(&self, keys: &[&str]) -> Option<Stated> {
        let stated = |key: &&str| self.find(key).and_then(|setting| setting.file.stated(setting.node));
        keys.iter().filter_map(stated).find(|stated| !stated.text.is_empty())
    }

    /// The text of a key, also an empty one.
    pub(super) fn string(&self, key: &str) -> Option<String> {
        self.find(key)?.node.text().map(str::to_owned)
    }

    /// Yes or no.
    pub(super) fn truth(&self, key: &str) -> Option<bool> {
        self.find(key)?.node.truth()
    }

    /// The texts of a list, or one text.
    pub(super) fn texts(&self, key: &str) -> Option<Vec<String>> {
        let items = self.find(key)?.node.items();
        Some(items.iter().filter_map(Node::text).map(str::to_owned).collect())
    }

    /// Says of a setting that only running the program would tell what it is, and what that leads to.
    pub(super) fn say_unread(&mut self, keys: &[&str], leads_to: &str) {
        for key in keys {
            let known = self.files.iter().any(|file| file.find(key).is_some());
            let Some((file, span)) =
                self.files.iter().find_map(|file| file.unread_at(key)).filter(|_| !known)
            else {
                continue;
            };
            let message = format!("`{key}` is not a plain value, so it is not followed");
            let diagnostic = Diagnostic::new(Rule::UnreadSetting, &file.path, message)
                .at(&file.text, span)
                .label(leads_to)
                .help("state what it comes to in `feedwright.toml`");
            self.diagnostics.push(diagnostic);
        }
    }
}

impl SettingsFile {
    fn unread_at(&self, key: &str) -> Option<(&Self, Range<usize>)> {
        let (_, span) = self.unread.iter().find(|(name, _)| name.eq_ignore_ascii_case(key))?;
        Some((self, span.clone()))
    }
}

impl Setting<'_> {
    /// Says of a value that it cannot be followed, and what that leads to.
    pub(super) fn unread(&self, message: impl Into<String>, leads_to: &str) -> Diagnostic {
        Diagnostic::new(Rule::UnreadSetting, &self.file.path, message)
            .at(&self.file.text, self.node.span.clone())
            .label(leads_to)
            .help("state what it comes to in `feedwright.toml`")
    }
}
