//! Questions of `init` on a terminal, each answer checked as the configuration is.

use url::Url;

use super::super::{Env, Failure};
use crate::config::{self, Starter};
use crate::content::address::is_own_machine;
use crate::generator::Site;

/// Something that a publication must have.
struct Question {
    text: &'static str,
    flag: &'static str,
    /// The answer to an empty line.
    usual: Option<&'static str>,
    set: fn(&mut Starter, String),
}

const TITLE: Question = Question {
    text: "Title of the publication",
    flag: "--title",
    usual: None,
    set: |starter, title| starter.title = Some(title),
};

const HOME: Question = Question {
    text: "Where its articles live on the web (https://…)",
    flag: "--home",
    usual: None,
    set: |starter, home| starter.home = Some(absolute(&home)),
};

const LANGUAGE: Question = Question {
    text: "Its language, such as en or pt-BR",
    flag: "--language",
    usual: Some("en"),
    set: |starter, language| starter.language = Some(language),
};

/// Asks for what neither the flags nor the site state. The language has a usual answer, and is asked for on a terminal
/// only.
///
/// # Errors
///
/// If there is no terminal to ask on, or no answer; if a stated home is that of the author's own machine.
pub(super) fn ask(starter: &mut Starter, site: Option<&Site>, env: &mut Env<'_>) -> Result<(), Failure> {
    let of_site = |what: fn(&Site) -> bool| site.is_some_and(what);
    if starter.title.is_none() && !of_site(|site| site.title.is_some()) {
        answer(starter, &TITLE, env)?;
    }
    match &starter.home {
        Some(home) => checked(&HOME, home).map(drop).map_err(Failure::trouble)?,
        None if of_site(|site| site.home.is_some()) => {}
        None => answer(starter, &HOME, env)?,
    }
    if env.interactive && starter.language.is_none() && !of_site(|site| site.language.is_some()) {
        answer(starter, &LANGUAGE, env)?;
    }
    Ok(())
}

/// Asks until the answer can be used.
fn answer(starter: &mut Starter, question: &Question, env: &mut Env<'_>) -> Result<(), Failure> {
    let Question { text, flag, usual, set } = question;
    if !env.interactive {
        return Err(Failure::with_help(
            format!("missing `{flag}`"),
            "pass it, or run `feedwright init` in a terminal to be asked",
        ));
    }
    let usual = usual.unwrap_or_default();
    loop {
        let hint = if usual.is_empty() { String::new() } else { format!(" [{usual}]") };
        write!(env.stderr, "{text}{hint}: ")?;
        env.stderr.flush()?;
        let mut answer = String::new();
        if env.stdin.read_line(&mut answer)? == 0 {
            return Err(Failure::trouble("no answer"));
        }
        let answer = Some(answer.trim()).filter(|answer| !answer.is_empty()).unwrap_or(usual);
        match checked(question, answer) {
            Ok(answer) => {
                set(starter, answer);
                return Ok(());
            }
            Err(why) => writeln!(env.stderr, "{why}")?,
        }
    }
}

/// The answer, if a configuration with it can be read; or else what is wrong with it.
fn checked(question: &Question, answer: &str) -> Result<String, String> {
    let mut probe = Starter {
        title: Some("A".to_owned()),
        home: Some("https://example.org/".to_owned()),
        authority: "example.org".to_owned(),
        date: "2026".to_owned(),
        feeds_url: "https://example.org/".to_owned(),
        ..Starter::default()
    };
    (question.set)(&mut probe, answer.to_owned());
    match config::parse(&config::write(&probe)) {
        Ok(config) if is_own_machine(&config.publication.home) => {
            Err(format!("`{answer}` is an address that leads everybody to their own machine"))
        }
        Ok(_) => Ok(answer.to_owned()),
        Err(faults) => Err(faults.first().map(|fault| fault.message.clone()).unwrap_or_default()),
    }
}

/// An address with its scheme, as a folder.
pub(super) fn absolute(home: &str) -> String {
    let home = home.trim();
    let home = if home.contains("://") { home.to_owned() } else { format!("https://{home}") };
    match Url::parse(&home) {
        Ok(url) if url.has_host() => format!("{}/", home.trim_end_matches('/')),
        _ => home,
    }
}
