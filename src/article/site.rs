//! Facts that an article has from its site: the fields that it inherits, and the address that the site's
//! generator makes for it.

use chrono::DateTime;
use chrono_tz::Tz;

use super::SourceFile;
use super::address;
use super::meaning::Reader;
use super::metadata::Origin;
use crate::data::{TextFile, Value, comparable};
use crate::generator::{Meaning, Page, Site};

/// Adds what an article inherits behind what it states itself.
pub(super) fn inherit<'a>(source: &SourceFile<'a>, origins: &mut Vec<Origin<'a>>) {
    let Some(site) = source.site else { return };
    for (file, inherited) in site.inherited_by(source.path) {
        let stated =
            |name: &str| origins.iter().any(|origin| origin.fields.iter().any(|field| field.name == name));
        let is_new = |name: &str| inherited.firm || !stated(name);
        let fields: Vec<_> = inherited.fields.iter().filter(|field| is_new(&field.name)).cloned().collect();
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

/// The address as the site's generator makes it; `None` where no site is known, or the generator's rules are not.
pub(super) fn address(
    source: &SourceFile<'_>,
    known: &Known<'_>,
    slug: Option<&str>,
    reader: &mut Reader<'_>,
) -> Option<String> {
    let site = source.site.filter(|site| site.makes_addresses())?;
    let metadata = reader.metadata;
    let found = metadata.first(Meaning::Address).filter(|found| !matches!(found.node.value, Value::Bool(_)));
    let field = |key: &str| {
        let name = comparable(key);
        let fields = metadata.origins.iter().flat_map(|origin| &origin.fields);
        fields.into_iter().find(|field| field.name == name)?.node.text().map(str::to_owned)
    };
    let page = Page {
        path: site.relative(source.path),
        title: known.title,
        slug,
        date: known.date,
        categories: known.categories,
        language: known.language,
        field: &field,
    };
    if let Some(found) = found {
        let written = found.node.text().unwrap_or_default().trim();
        let address = if address::is_absolute(written) {
            address::absolute(written)
        } else {
            made(site, &page, Some(written))
        };
        if let Some(address) = reader.usable(&found, found.node, address) {
            return Some(address);
        }
    }
    made(site, &page, None).ok()
}

fn made(site: &Site, page: &Page<'_>, stated: Option<&str>) -> Result<String, String> {
    let address = site.address(page, stated).unwrap_or_else(|| Err("its rules are not known".to_owned()))?;
    address::anywhere(&address)
}
