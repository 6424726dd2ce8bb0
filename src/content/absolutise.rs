//! Every address becomes absolute, percent-encoded and ASCII, against the article's own permalink; addresses that
//! nobody but the author could open, or that run code, go.

use super::address::{is_on_the_web, percent_decoded};
use super::elements::{ADDRESS_LISTS, LAZY_SOURCES, is_address};
use super::report::BodyReport;
use super::resolve::{Fault, Purpose, resolve};
use super::srcset::absolute_list;
use super::tree::{Data, Element, Tree};
use super::{BundledImage, Surroundings};
use crate::diagnostic::Rule;

/// Makes the addresses of all elements absolute.
pub(super) fn absolutise(tree: &mut Tree, surroundings: &Surroundings<'_>, report: &mut BodyReport<'_>) {
    report.rewind();
    for node in &mut tree.nodes {
        if let Data::Element(element) = &mut node.data {
            if element.name() == "img" {
                describe_local_image(element, surroundings, report);
            }
            make_absolute(element, surroundings, report);
        }
    }
}

fn make_absolute(element: &mut Element, surroundings: &Surroundings<'_>, report: &mut BodyReport<'_>) {
    let purpose = match element.name() {
        "a" | "area" => Purpose::Link,
        "img" => Purpose::Image,
        _ => Purpose::Other,
    };
    element.attributes.retain_mut(|(name, value)| {
        if ADDRESS_LISTS.contains(&&**name) {
            *value = absolute_list(value, surroundings);
            return !value.is_empty();
        }
        if !is_address(name) {
            return true;
        }
        match absolute(value, purpose, surroundings) {
            Ok(address) => {
                *value = address;
                true
            }
            Err(fault) => {
                complain(value, fault, report);
                false
            }
        }
    });
}

/// The address as it may be published for that purpose.
fn absolute(written: &str, purpose: Purpose, surroundings: &Surroundings<'_>) -> Result<String, Fault> {
    let address = resolve(written, purpose, surroundings)?;
    let is_fit = match purpose {
        _ if is_on_the_web(&address) => true,
        Purpose::Link => !address.starts_with("data:"),
        Purpose::Image => address.starts_with("data:"),
        Purpose::Other => false,
    };
    match address {
        address if is_fit => Ok(address),
        address if address.starts_with('#') => Err(Fault::Nothing),
        _ => Err(Fault::Scheme),
    }
}

/// Says why an address is not published.
fn complain(written: &str, fault: Fault, report: &mut BodyReport<'_>) {
    let shown: String = written.trim().chars().take(60).collect();
    let decoded = percent_decoded(&shown);
    let needles = [shown.as_str(), &*decoded];
    let diagnostic = match fault {
        Fault::Nothing => return,
        Fault::NoArticle => report
            .near(Rule::UnresolvedLink, &needles, format!("there is no article `{decoded}`"))
            .label("only the text of the link is published")
            .help("write the path of the article's file, or its address on the web"),
        Fault::Private => report
            .near(
                Rule::UnsafeAddress,
                &needles,
                format!("`{shown}` can only be opened on your own machine or network"),
            )
            .label("left out")
            .help("write the address under which everybody finds it"),
        Fault::Scheme => {
            let scheme = shown.split(':').next().unwrap_or_default();
            report
                .near(Rule::UnsafeAddress, &needles, format!("readers do not open `{scheme}:` addresses"))
                .label("left out")
                .help("link to an `https:` address")
        }
        Fault::Large => {
            let start: String = shown.chars().take(30).collect();
            report
                .near(
                    Rule::UnsafeAddress,
                    &[&start],
                    format!("a file of {} bytes lies in the text itself", written.len()),
                )
                .label("left out")
                .help("put it into a file beside the article and link to that")
        }
        Fault::Unreadable => report
            .near(Rule::UnsafeAddress, &needles, format!("`{shown}` is not a URL"))
            .label("left out")
            .help("write it as `https://example.org/page`"),
    };
    report.push(diagnostic);
}

/// Measures a local image that has no size of its own, and says if it is not there.
fn describe_local_image(image: &mut Element, surroundings: &Surroundings<'_>, report: &mut BodyReport<'_>) {
    let Some(source) = LAZY_SOURCES.iter().chain(&["src"]).find_map(|name| image.get(name)) else { return };
    match bundled(source, surroundings) {
        BundledImage::At(url) => {
            image.set("src", url.as_str());
            image.remove("srcset");
            return;
        }
        BundledImage::Unknown => complain_of_bundled_image(source, report),
        BundledImage::NotBundled => {}
    }
    match local_image(source, surroundings) {
        LocalImage::Missing(path) => complain_of_missing_image(source, &path, report),
        LocalImage::There(path) if !image.has("width") && !image.has("height") => {
            if let Some((width, height)) = surroundings.files.image_size(&path) {
                image.set("width", width.to_string());
                image.set("height", height.to_string());
            }
        }
        LocalImage::There(_) | LocalImage::Elsewhere => {}
    }
}

/// The place on the built site of an image that an article names.
fn bundled(source: &str, surroundings: &Surroundings<'_>) -> BundledImage {
    let source = source.trim();
    let is_local = !source.is_empty() && !source.contains(':') && !source.starts_with(['/', '#', '?']);
    if !is_local {
        return BundledImage::NotBundled;
    }
    surroundings.files.bundled(&percent_decoded(source.split(['?', '#']).next().unwrap_or_default()))
}

fn complain_of_bundled_image(source: &str, report: &mut BodyReport<'_>) {
    let diagnostic = report
        .near(Rule::MissingImage, &[source.trim()], super::under_another_name(source.trim()))
        .label("readers will find nothing there")
        .help(super::WHERE_BUNDLED_IMAGES_ARE);
    report.push(diagnostic);
}

/// Place of an image.
enum LocalImage {
    /// Beside the article, at this path, for all that is known.
    There(String),
    /// It should lie beside the article, at this path, and does not.
    Missing(String),
    /// On the web, in the text itself, or nowhere.
    Elsewhere,
}

fn local_image(source: &str, surroundings: &Surroundings<'_>) -> LocalImage {
    let source = source.trim();
    if source.is_empty() || source.starts_with("//") || source.contains(':') || source.starts_with('#') {
        return LocalImage::Elsewhere;
    }
    let path = percent_decoded(source.split(['?', '#']).next().unwrap_or_default()).into_owned();
    if surroundings.files.has_file(&path) == Some(false) {
        LocalImage::Missing(path)
    } else {
        LocalImage::There(path)
    }
}

fn complain_of_missing_image(source: &str, path: &str, report: &mut BodyReport<'_>) {
    let diagnostic = report
        .near(Rule::MissingImage, &[source.trim(), path], format!("there is no image `{path}`"))
        .label("readers will find nothing there")
        .help("put the file there, or correct its name");
    report.push(diagnostic);
}
