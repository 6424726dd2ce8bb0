//! The text of an article as its site shows it: the article's part of the page that the site's generator has built.
//!
//! For articles that are made by what cannot be followed: shortcodes, components, includes, notebooks.

use url::Url;

use super::dependencies::Dependencies;
use crate::built_site::BuiltSite;
use crate::config::{Config, Site};
use crate::content::{self, Body, Content, Files, Flavour, Markup, Surroundings};
use crate::diagnostic::{Diagnostic, Rule};
use crate::store::Store;

/// The content of the page of the article at `permalink`, and what is wrong with it. `surroundings` are those of the
/// article.
///
/// # Errors
///
/// Why there is none, as a diagnostic about the article at `path`.
pub(super) fn read(
    store: &dyn Store,
    config: &Config,
    built: Option<&BuiltSite>,
    dependencies: &Dependencies<'_, '_>,
    (path, surroundings): (&str, &Surroundings<'_>),
) -> Result<(Content, Vec<Diagnostic>), Box<Diagnostic>> {
    let absent = |message: &str| {
        Diagnostic::new(Rule::AbsentPage, path, message).label("published as its source has it")
    };
    let Some((site, built)) = config.articles.site.as_ref().zip(built) else {
        return Err(absent("its text is to be taken from its page, and there is no built site")
            .help("name the folder of the built site as `site` in `[articles]`, and build the site first")
            .into());
    };
    let Some(file) = file(site, built, dependencies, surroundings.permalink) else {
        return Err(absent("its text is to be taken from its page, and the built site has none").into());
    };
    let bytes = store.read(&file).unwrap_or_default();
    let source = String::from_utf8_lossy(&bytes);
    let body = Body { path: &file, source: &source, range: 0..source.len(), markup: Markup::Html };
    let files = Pictures { site, built, dependencies, permalink: surroundings.permalink };
    let surroundings = Surroundings { files: &files, flavour: Flavour::Common, ..*surroundings };
    let rendered = content::render_page(&body, site.part.as_ref(), &surroundings);
    rendered.filter(|(content, _)| !content.is_empty()).ok_or_else(|| {
        absent(&format!("its text is to be taken from its page, and `{file}` has no part that is its text"))
            .help("name the part with `page-part` in `[articles]`, as in `page-part = \"main .post-body\"`")
            .into()
    })
}

/// The file of the page at a URL. The article depends on all files that could be.
fn file(site: &Site, built: &BuiltSite, dependencies: &Dependencies<'_, '_>, url: &Url) -> Option<String> {
    let files = built.files_of(url, &site.path);
    let found = files.into_iter().filter(|file| dependencies.stamp(file).is_some());
    found.collect::<Vec<_>>().into_iter().next()
}

/// The pictures of a page, which lie in the built site.
struct Pictures<'a, 'n, 'l> {
    site: &'a Site,
    built: &'a BuiltSite,
    dependencies: &'a Dependencies<'n, 'l>,
    permalink: &'a Url,
}

impl Files for Pictures<'_, '_, '_> {
    /// A page links to pages.
    fn article(&self, _: &str) -> Option<Url> {
        None
    }

    fn image_size(&self, name: &str) -> Option<(u32, u32)> {
        let url = self.permalink.join(name).ok()?;
        let path = self.built.path_of(&url)?;
        self.dependencies.size_of_image(&format!("{}/{path}", self.site.path))
    }
}
