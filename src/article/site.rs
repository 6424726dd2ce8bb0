//! Facts that an article has from its site: the fields that it inherits, and the address that the site's generator or
//! the publication's own patterns make for it.

use chrono::DateTime;
use chrono_tz::Tz;

use super::address::{self, Filling};
use super::meaning::Reader;
use super::metadata::Origin;
use super::name::Named;
use super::{Conventions, SourceFile, slugify};
use crate::data::{TextFile, Value};
use crate::diagnostic::{Diagnostic, Rule};
use crate::generator::{self, Filled, Made, Meaning, Page, Parts, Site, address_safe, escaped};

/// Adds what an article inherits behind what it states itself.
pub(super) fn inherit<'a>(source: &SourceFile<'a>, origins: &mut Vec<Origin<'a>>) {
    let Some(site) = source.site else { return };
    for (file, inherited) in site.inherited_by(source.path) {
        let stated =
            |name: &str| origins.iter().any(|origin| origin.fields.iter().any(|field| field.name == name));
        let is_new = |name: &str| inherited.firm || !stated(name);
        let fields = inherited.fields_of(site.relative(source.path));
        let fields: Vec<_> = fields.iter().filter(|field| is_new(&field.name)).cloned().collect();
        if !fields.is_empty() {
            origins.push(Origin { text: TextFile { path: &file.path, text: &file.text }, fields });
        }
    }
}

/// Parts of an article's address beside its path.
pub(super) struct Known<'a> {
    pub(super) title: Option<&'a str>,
    pub(super) date: Option<DateTime<Tz>>,
    pub(super) categories: &'a [String],
    pub(super) language: Option<&'a str>,
}

/// The address that an article states, the one that rules make where it states none, and its slug: as stated, else the
/// last part of the address that it states or that its site's generator makes, else the name's.
pub(super) fn address(
    source: &SourceFile<'_>,
    named: &Named,
    known: &Known<'_>,
    reader: &mut Reader<'_>,
) -> (Option<String>, Option<Filled>, String) {
    let site = source.site.filter(|site| site.makes_addresses());
    let stated_slug = reader.slug(site.is_some());
    let metadata = reader.metadata;
    let field = |key: &str| metadata.field(key)?.text().map(str::to_owned);
    let path = site.map_or(source.name, |site| site.relative(source.path));
    let Known { title, date, categories, language } = *known;
    let slug = stated_slug.as_deref();
    let page = Page { path, title, slug, date, categories, language, field: &field };
    let stated = stated(site, &page, named, reader);
    let slug = slug.and_then(|slug| slug.rsplit('/').next()).map(str::to_owned);
    if stated.is_some() {
        let slug = slug.or_else(|| stated.as_deref().and_then(address::last_part));
        return (stated, None, slug.unwrap_or_else(|| named.slug.clone()));
    }
    let own = own(source, named, &page, slug.as_deref().unwrap_or(&named.slug), reader.conventions);
    if let Some(made) = own {
        reader.diagnostics.extend(made.lacking.iter().map(|name| incomplete(source.path, name)));
        return (None, checked(made.filled).ok(), slug.unwrap_or_else(|| named.slug.clone()));
    }
    let of_site = site.and_then(|site| made(site, &page, None).ok());
    let slug = slug.or_else(|| address::last_part(of_site.as_deref()?));
    (None, of_site.map(Filled::Whole), slug.unwrap_or_else(|| named.slug.clone()))
}

/// The address of an article of which only the name is known.
pub(super) fn address_by_name(
    source: &SourceFile<'_>,
    named: &Named,
    conventions: &Conventions,
) -> Option<Filled> {
    let page = Page {
        path: source.name,
        title: None,
        slug: None,
        date: None,
        categories: &[],
        language: None,
        field: &|_| None,
    };
    let made = own(source, named, &page, &named.slug, conventions)?;
    checked(made.filled).ok()
}

/// The address that the article states, by the rules of its site, or else by those that are everybody's.
fn stated(site: Option<&Site>, page: &Page<'_>, named: &Named, reader: &mut Reader<'_>) -> Option<String> {
    let filling = Filling {
        slug: page.slug.unwrap_or(&named.slug),
        title: page.title,
        section: &named.section,
        categories: page.categories,
        page,
    };
    let Some(site) = site else { return reader.address(&filling) };
    let found = reader.metadata.first(Meaning::Address)?;
    if matches!(found.node.value, Value::Bool(_)) {
        return None;
    }
    let written = found.node.text().unwrap_or_default().trim();
    let address = if address::is_absolute(written) {
        address::absolute(written)
    } else {
        made(site, page, Some(written))
    };
    reader.usable(&found, found.node, address)
}

fn made(site: &Site, page: &Page<'_>, stated: Option<&str>) -> Result<String, String> {
    let address = site.address(page, stated).unwrap_or_else(|| Err("its rules are not known".to_owned()))?;
    address::anywhere(&address)
}

/// An address that leads out of the publication, or cannot be one, is none.
fn checked(filled: Filled) -> Result<Filled, String> {
    match filled {
        Filled::Whole(address) => address::anywhere(&address).map(Filled::Whole),
        // What the date makes of it is looked at when there is one.
        Filled::Undated(format) => Ok(Filled::Undated(format)),
    }
}

/// An address with its date: `format` is one of `strftime`. `None` where it leads out of the publication.
pub(crate) fn dated_address(format: &str, date: &DateTime<Tz>) -> Option<String> {
    address::anywhere(&generator::dated(format, date)).ok()
}

/// The address by the publication's own patterns.
fn own(
    source: &SourceFile<'_>,
    named: &Named,
    page: &Page<'_>,
    slug: &str,
    conventions: &Conventions,
) -> Option<Made> {
    let categories: Vec<String> = page.categories.iter().map(|name| escaped(&address_safe(name))).collect();
    let stem = source.name.rsplit_once('.').map_or(source.name, |(stem, _)| stem);
    let plain = Parts {
        slug: escaped(slug),
        title: page.title.map_or_else(|| escaped(slug), slugify),
        filename: escaped(&named.stem),
        section: escaped(&named.section),
        category: categories.first().cloned().unwrap_or_default(),
        categories: categories.join("/"),
        path: escaped(stem.strip_suffix("/index").unwrap_or(stem)),
        language: page.language.map(escaped).unwrap_or_default(),
        ..Parts::default()
    };
    let folder = language_folder(source.name, named, page.language);
    let site = source.site.map(|site| (site, site.relative(source.path)));
    conventions.permalinks.address(&Page { path: source.name, ..*page }, plain, &folder, site)
}

fn incomplete(path: &str, name: &str) -> Diagnostic {
    let message = format!("the article has no `{name}`, which `permalink` puts into its URL");
    Diagnostic::new(Rule::IncompleteAddress, path, message).label("its URL is without it").help(format!(
        "state `{name}`, or give such articles a pattern of their own in `[articles.permalink]`"
    ))
}

/// Sites in several languages have a folder for each: the one that an article lies in, or that its suffix names
/// (`hello.fr.md`). Empty where only its metadata state a language.
fn language_folder(name: &str, named: &Named, language: Option<&str>) -> String {
    let is_language = |word: &str| {
        let tag = word.replace('_', "-");
        (2..=5).contains(&tag.len()) && oxilangtag::LanguageTag::parse(tag).is_ok()
    };
    let folders = name.rsplit_once('/').map_or("", |(folders, _)| folders);
    let first = folders.split('/').next().unwrap_or_default();
    let in_section = named.section.split('/').next() == Some(first);
    let is_bundle = named.bundle && folders == first;
    if is_language(first) && !in_section && !is_bundle {
        return first.to_owned();
    }
    let mut suffixes = name.rsplit('/').next().unwrap_or_default().rsplit('.').skip(1);
    match (suffixes.next(), suffixes.next(), language) {
        (Some(suffix), Some(_), Some(_)) if is_language(suffix) => suffix.to_owned(),
        _ => String::new(),
    }
}
