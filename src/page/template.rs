//! Templates, through `minijinja`: a page is its template, filled with what there is to say.
//!
//! A template sees what it is given and nothing else: no file, no clock, no other template. What it may do,
//! and how much it may write, ends where its fuel does.

use minijinja::value::Serde;
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value, escape_formatter,
};
use serde::Serialize;

use super::discovery::escaped;
use super::{Template, unusable_template};
use crate::diagnostic::Diagnostic;

/// The budget of a template: one for every instruction, and one for every 64 bytes.
const FUEL: u64 = 2_000_000;

/// The largest template that is read.
const LARGEST: usize = 1_000_000;

/// The template, filled. What it inserts is fit for HTML, unless it says `|safe`.
///
/// # Errors
///
/// The error in the template, with its place.
pub(super) fn fill(template: Template<'_>, view: &impl Serialize) -> Result<String, Box<Diagnostic>> {
    let Template { path, text } = template;
    if text.len() > LARGEST {
        return Err(unusable_template(path, "it is larger than a megabyte").into());
    }
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_formatter(format);
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_debug(true);
    environment.set_fuel(Some(FUEL));
    // Whatever is asked for by another name is not there: there is no loader.
    let compiled = environment.template_from_named_str(path, text);
    let filled = compiled.and_then(|template| template.render(Value::from(Serde(view))));
    filled.map_err(|error| faulty(template, &error).into())
}

/// Readable addresses: the crate would write each of their slashes as a reference.
fn format(output: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    match value.as_str().filter(|_| !value.is_safe()) {
        Some(text) if matches!(state.auto_escape(), AutoEscape::Html) => {
            output.write_str(&escaped(text)).map_err(Error::from)
        }
        _ => escape_formatter(output, state, value),
    }
}

fn faulty(Template { path, text }: Template<'_>, error: &Error) -> Diagnostic {
    let what = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    let diagnostic = unusable_template(path, &what);
    let line = || {
        let before = error.line()?.checked_sub(1)?;
        let start: usize = text.split_inclusive('\n').take(before).map(str::len).sum();
        let line = text.get(start..)?.lines().next()?;
        Some(start..start + line.len())
    };
    let diagnostic = match error.range().or_else(line) {
        Some(span) => diagnostic.at(text, span),
        None => diagnostic,
    };
    match error.kind() {
        ErrorKind::OutOfFuel => diagnostic.help("a page may not be so long in the making"),
        _ => diagnostic.help("README.md lists what a template can use"),
    }
}
