//! Settings that `feedwright.toml` leaves to the configuration of the site's own generator.

use chrono_tz::Tz;
use url::Url;

use super::section::{Reading, Section};
use crate::article;
use crate::diagnostic::{Diagnostic, Rule};
use crate::feed::{Person, Text};
use crate::generator::{Site, Stated};

impl<'a> Reading<'_> {
    /// A text that the site's configuration states.
    fn of_site(&self, what: impl Fn(&Site) -> Option<&Stated>) -> Option<String> {
        self.site.as_ref().and_then(what).map(|stated| stated.text.clone())
    }

    pub(super) fn title(&mut self, section: &mut Section<'a>) -> Option<String> {
        match self.of_site(|site| site.title.as_ref()) {
            Some(of_site) if !section.entries.contains_key("title") => {
                section.asked.push("title");
                Some(of_site)
            }
            _ => self.required_text(section, "title"),
        }
    }

    pub(super) fn home(&mut self, section: &mut Section<'a>) -> Option<Url> {
        let of_site = self.of_site(|site| site.home.as_ref()).and_then(|home| Url::parse(&home).ok());
        match of_site {
            Some(of_site) if !section.entries.contains_key("home") => {
                section.asked.push("home");
                Some(super::as_folder(of_site))
            }
            _ => self.required_url(section, "home").map(super::as_folder),
        }
    }

    pub(super) fn description(&mut self, section: &mut Section<'a>) -> Option<Text> {
        let stated = self.text(section, "description").map(|(text, _)| text);
        let text = stated.or_else(|| self.of_site(|site| site.description.as_ref()));
        text.map(|text| Text::new(&text))
    }

    pub(super) fn language_of_site(&self) -> Text {
        let of_site = self.of_site(|site| site.language.as_ref());
        let tag = of_site.and_then(|tag| oxilangtag::LanguageTag::parse_and_normalize(&tag).ok());
        tag.map_or_else(|| Text::new("en"), |tag| Text::new(tag.as_str()))
    }

    /// The author of the site, unless authors are stated here.
    pub(super) fn author_of_site(&self, section: &Section<'a>) -> Option<Person> {
        let of_site = self.of_site(|site| site.author.as_ref());
        let name = of_site.filter(|_| !section.entries.contains_key("authors"))?;
        Some(Person { name: Text::new(&name), email: None, url: None })
    }

    /// A zone of the site's that is not known is said, and UTC holds.
    pub(super) fn timezone_of_site(&mut self) -> Tz {
        let Some(site) = &mut self.site else { return Tz::UTC };
        let Some(stated) = site.timezone.clone() else {
            site.diagnostics.extend(site.has_machine_timezone().then(|| machine_timezone(site)));
            return Tz::UTC;
        };
        article::timezone(&stated.text).unwrap_or_else(|| {
            let message = format!("there is no time zone `{}`", stated.text);
            let diagnostic = Diagnostic::new(Rule::UnreadSetting, &stated.path, message)
                .label("dates without a zone are read as UTC")
                .help("state `timezone` in `feedwright.toml`, such as `Europe/London`");
            site.diagnostics.push(diagnostic);
            Tz::UTC
        })
    }
}

fn machine_timezone(site: &Site) -> Diagnostic {
    let title = site.generator.title;
    let message =
        format!("no time zone is stated, so {title} takes that of the machine which builds the site");
    Diagnostic::new(Rule::UnreadSetting, &site.told_by, message)
        .label("dates without a zone are read as UTC")
        .help("state `timezone` there, or in `feedwright.toml`, such as `Europe/London`")
}
