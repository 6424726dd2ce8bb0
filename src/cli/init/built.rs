//! The pages that the generator of a site has built: finds their folder, and whether they are those of the articles.

use super::super::{Env, Failure};
use crate::article::Foreign;
use crate::built_site::USUAL_FOLDERS;
use crate::config::{self, Starter};
use crate::generator::Site;
use crate::publication::{Options, Publication};
use crate::store::{Folder, Store};

/// The folder where the generator of a site has left its pages, if it has.
pub(super) fn folder(site: &Site, folder: &Folder) -> Option<String> {
    let usual = USUAL_FOLDERS.into_iter().map(str::to_owned);
    let mut places = site.output.iter().cloned().chain(usual).filter(|path| *path != site.articles);
    places.find(|path| folder.size(&format!("{path}/index.html")).is_some())
}

/// Writes `site` as a comment where a few articles are elsewhere on the pages, or on none: they are of an older build, as in
/// many repositories. Where most are elsewhere, it is the rules that are wrong. Articles whose texts only their pages have
/// need them in any case.
///
/// # Errors
///
/// If the configuration cannot be written.
pub(super) fn leave_out_if_doubtful(
    starter: &mut Starter,
    folder: &mut Folder,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    let Some(site) = starter.site.clone() else { return Ok(()) };
    let Some((all, amiss)) = looked_up(folder, env) else { return Ok(()) };
    if amiss == 0 || amiss * 2 > all {
        return Ok(());
    }
    writeln!(
        env.stderr,
        "{amiss} of {all} articles are elsewhere in `{site}`, or not in it: it seems to be of an older build, so `site` is left out"
    )?;
    (starter.site, starter.doubtful_site) = (None, Some(site));
    folder.put(config::FILE, config::write(starter).as_bytes())?;
    folder.commit()?;
    Ok(())
}

/// The number of articles that are looked up on the pages, and of those that are elsewhere or on none; `None` where that
/// decides nothing.
fn looked_up(folder: &Folder, env: &Env<'_>) -> Option<(usize, usize)> {
    let publication = Publication::open(folder, Options::at((env.clock)())).ok()?;
    let articles = publication.articles(folder, &|_| ());
    let needs_pages = articles.summaries.iter().any(|summary| Foreign::of(summary.path()).is_some());
    (!needs_pages).then(|| publication.looked_up())
}
