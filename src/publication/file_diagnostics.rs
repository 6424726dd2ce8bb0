//! Diagnostics of files that cannot be read, and of where they would be published.

use crate::cache::Found;
use crate::config::{self, Config};
use crate::content::address::is_own_machine;
use crate::diagnostic::{Diagnostic, Rule};
use crate::store::{self, PassedOver, PassedOverReason};

/// Says that nobody but the author can open what the feeds link to.
pub(super) fn own_machine(config: &Config) -> Option<Diagnostic> {
    let home = &config.publication.home;
    is_own_machine(home).then(|| {
        let message = format!(
            "`{home}` can only be opened on your own machine, and every link of the feeds leads there"
        );
        Diagnostic::new(Rule::UnsafeAddress, config::FILE, message)
            .label("published all the same")
            .help("set `home` in `[publication]` to the URL of the site on the web")
    })
}

pub(super) fn huge(file: &Found<'_>) -> Diagnostic {
    let message = format!("the file is {} MB; the limit is 16 MB", file.stamp.size >> 20);
    Diagnostic::new(Rule::HugeFile, file.path, message)
        .label("withheld from every feed")
        .help("link to the text instead")
}

pub(super) fn unreadable(path: &str, error: &store::Error) -> Diagnostic {
    let message = format!("the file cannot be read: {}", error.source);
    Diagnostic::new(Rule::UnreadableFile, path, message).label("withheld from every feed")
}

pub(super) fn passed_over(passed: &PassedOver) -> Diagnostic {
    let (rule, message) = match &passed.reason {
        PassedOverReason::Unreadable(why) => (Rule::UnreadableFile, format!("it cannot be read: {why}")),
        PassedOverReason::BrokenSymlink => (Rule::StraySymlink, "a symbolic link to nothing".to_owned()),
        PassedOverReason::StraySymlink => {
            (Rule::StraySymlink, "a symbolic link to a folder or out of the publication".to_owned())
        }
    };
    Diagnostic::new(rule, &passed.path, message).label("not looked into")
}
