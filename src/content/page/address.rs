//! Links and images, with the addresses that may be published.

use super::Page;
use crate::content::absolutise::{
    Fault, LocalImage, Purpose, absolute, complain, complain_of_missing_image, local_image, percent_decoded,
};
use crate::content::portable::{complain_of_missing_alt, is_blank_image};
use crate::content::report::Report;
use crate::content::tree::DEEPEST;

/// What there is to say of addresses.
#[derive(Default)]
pub(super) struct Remarks {
    addresses: Vec<Remark>,
    /// Addresses of images that nobody described.
    undescribed: Vec<String>,
}

enum Remark {
    Missing { source: String, path: String },
    Fault { written: String, fault: Fault },
}

impl Page<'_> {
    /// Says what was found, each thing in the order in which the passes over a tree would have found it.
    pub(in crate::content) fn complain(&self, report: &mut Report<'_>) {
        report.rewind();
        for remark in &self.remarks.addresses {
            match remark {
                Remark::Missing { source, path } => complain_of_missing_image(source, path, report),
                Remark::Fault { written, fault } => complain(written, *fault, report),
            }
        }
        report.rewind();
        for address in &self.remarks.undescribed {
            complain_of_missing_alt(address, report);
        }
    }

    /// Opens a link.
    pub(in crate::content) fn link(&mut self, address: &str, title: &str) -> Option<()> {
        if self.links > 0 {
            return None;
        }
        self.links = 1;
        let Some(address) = self.address(address, Purpose::Link) else {
            return self.push_frame("", self.words.mark());
        };
        if let Some(fragment) = address.strip_prefix('#') {
            let fragment = percent_decoded(fragment);
            // An article may link to the places of its notes, but then more of them have ids than we know of.
            if fragment.starts_with("fnref-") {
                return None;
            }
            if !fragment.is_empty() {
                self.linked.insert(fragment);
            }
        }
        let attributes = [("href", address.as_str()), ("title", title)];
        let attributes = if title.is_empty() { &attributes[..1] } else { &attributes[..] };
        self.open_with("a", attributes)?;
        if self.in_heading && address.contains('#') {
            let sign = (self.titles.len(), self.images);
            self.open.last_mut()?.sign = Some(sign);
        }
        Some(())
    }

    pub(in crate::content) fn end_link(&mut self) {
        self.links = 0;
        if let Some((title, images)) = self.open.last().and_then(|frame| frame.sign) {
            let text = self.titles.get(title..).unwrap_or_default().trim();
            // What visitors of the page copy the address of a heading by.
            let is_sign = text.chars().nth(2).is_none() && !text.chars().any(char::is_alphanumeric);
            if is_sign
                && images == self.images
                && let Some(frame) = self.open.pop()
            {
                self.at_line_start = false;
                self.take_back(&frame);
                return;
            }
        }
        self.close();
    }

    /// The address as it is published.
    fn address(&mut self, written: &str, purpose: Purpose) -> Option<String> {
        match absolute(written, purpose, self.surroundings) {
            Ok(address) => Some(address),
            Err(Fault::Nothing) => None,
            Err(fault) => {
                self.remarks.addresses.push(Remark::Fault { written: written.to_owned(), fault });
                None
            }
        }
    }

    pub(in crate::content) fn image(&mut self, source: &str, alt: &str, title: &str) -> Option<()> {
        if self.open.len() >= DEEPEST || [source, alt, title].iter().any(|value| value.contains('\r')) {
            return None;
        }
        self.images += 1;
        self.at_line_start = false;
        let size = self.size_of(source);
        let Some(address) = self.address(source, Purpose::Image) else { return Some(()) };
        let is_tracker = size.is_some_and(|(width, height)| width <= 1 && height <= 1);
        if is_tracker || is_blank_image(&address) {
            return Some(());
        }
        let is_said = |text: &str| !text.trim().is_empty();
        let size = size.map(|(width, height)| (width.to_string(), height.to_string()));
        let mut attributes = vec![("src", address.as_str())];
        attributes.extend(is_said(alt).then_some(("alt", alt)));
        attributes.extend(is_said(title).then_some(("title", title)));
        if let Some((width, height)) = &size {
            attributes.extend([("width", width.as_str()), ("height", height.as_str())]);
        }
        attributes.extend((!is_said(alt)).then_some(("alt", "")));
        self.words.describe(alt);
        self.void("img", &attributes)?;
        if !is_said(alt) {
            self.remarks.undescribed.push(address);
        }
        Some(())
    }

    fn size_of(&mut self, source: &str) -> Option<(u32, u32)> {
        match local_image(source, self.surroundings) {
            LocalImage::There(path) => self.surroundings.files.image_size(&path),
            LocalImage::Missing(path) => {
                self.remarks.addresses.push(Remark::Missing { source: source.to_owned(), path });
                None
            }
            LocalImage::Elsewhere => None,
        }
    }
}
