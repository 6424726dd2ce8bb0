//! Reads a site from the configuration of its generator, by what the generator's table says of it.

use super::recognise::recognise;
use super::settings::{Settings, SettingsFile, Stated};
use super::site::{Choices, Site};
use super::{ALL, Dialect, Generator, RECOGNISED};
use crate::content::address::is_own_machine;
use crate::diagnostic::{Diagnostic, Rule};
use crate::store::Store;

/// Layout of a generator's configuration: keys as they are written, those in tables as `params.author`; their
/// case does not matter.
pub(crate) struct Configuration {
    /// Its configuration is one of these.
    pub(super) files: &'static [&'static str],
    /// More files that hold facts, and the table that they fill.
    pub(super) more: &'static [(&'static str, &'static str)],
    /// Files whose facts overrule those of the first.
    pub(super) overruling: &'static [&'static str],
    pub(super) title: &'static [&'static str],
    pub(super) home: &'static [&'static str],
    /// The path of the site below its home.
    pub(super) base: &'static [&'static str],
    pub(super) description: &'static [&'static str],
    pub(super) language: &'static [&'static str],
    pub(super) timezone: &'static [&'static str],
    /// `true` if the time zone of the machine holds where none is stated.
    pub(super) machine_timezone: bool,
    pub(super) author: &'static [&'static str],
    /// The keys of addresses and taxonomies, which `feedwright config` prints.
    pub(super) shown: &'static [&'static str],
    /// The keys of a folder of sources.
    pub(super) sources: &'static [&'static str],
    /// Folders that articles may be in; the first that exists is taken, or else the last.
    pub(super) articles: &'static [&'static str],
    /// The folder of its pages: the key that names it, and the usual folder.
    pub(super) output: (&'static str, &'static str),
    /// A folder that makes a site of a folder without any configuration.
    pub(super) bare: Option<&'static str>,
    /// Reads what only this generator has.
    pub(super) settle: fn(&mut Settings, &mut Site, &dyn Store),
    /// Reads what stands beside the articles: the paths of all files below their folder are given.
    pub(super) survey: fn(&mut Site, &[&str], &dyn Store),
    /// Adds the categories that an article, by its path below the folder of sources, has by where it lies.
    pub(super) categories: fn(&Site, &str, &mut Vec<String>),
    /// Tells whether a file, by its path from the site's folder, is an article of the site.
    pub(super) admits: fn(&Site, &str) -> bool,
}

impl std::fmt::Debug for Configuration {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Configuration").field("files", &self.files).finish_non_exhaustive()
    }
}

impl Configuration {
    pub(super) const PLAIN: Self = Self {
        files: &[],
        more: &[],
        overruling: &[],
        title: &["title"],
        home: &[],
        base: &[],
        description: &["description"],
        language: &[],
        timezone: &["timezone"],
        machine_timezone: false,
        author: &["author"],
        shown: &[],
        sources: &[],
        articles: &[],
        output: ("", ""),
        bare: None,
        settle: |_, _, _| (),
        survey: |_, _, _| (),
        categories: |_, _, _| (),
        admits: |_, _| true,
    };
}

/// Names at the top of a site, and of folders that tell whose it is.
fn names(store: &dyn Store) -> Vec<String> {
    let mut names = store.names("");
    names.extend(store.names("config/_default").into_iter().map(|name| format!("config/_default/{name}")));
    let deeper = ["source/_posts", "docs/.vitepress"].into_iter().filter(|folder| store.has_folder(folder));
    names.extend(deeper.map(str::to_owned));
    names
}

/// The generator of the site in `store` by the files at its top, and the file that tells.
pub fn recognise_site(store: &dyn Store) -> Option<(&'static Generator, String)> {
    let names = names(store);
    let text = |name: &str| String::from_utf8(store.read(name).ok()?).ok();
    let texts: Vec<_> = names.iter().map(|name| is_shared(name).then(|| text(name)).flatten()).collect();
    let root: Vec<_> =
        names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_deref())).collect();
    recognise(&root)
}

/// `true` for a file whose text tells whose it is.
fn is_shared(name: &str) -> bool {
    ALL.iter().flat_map(|generator| generator.signs.shared).any(|shared| shared.names.contains(&name))
}

/// The site in `store`, if there is one that a generator makes; `dialect` where it is known whose it is.
///
/// ```
/// use feedwright::{generator::read_site, store::Memory};
/// let store = Memory::new([("hugo.toml", "title = 'Notes'\nbaseURL = 'https://example.org/'\n")]);
/// let site = read_site(&store, None).unwrap();
/// assert_eq!((site.generator.title, site.title.unwrap().line), ("Hugo", 1));
/// ```
pub fn read_site(store: &dyn Store, dialect: Option<Dialect>) -> Option<Site> {
    let (generator, told_by) = match dialect {
        Some(dialect) => (dialect.rules(), None),
        None => recognise_site(store)
            .map(|(generator, file)| (generator, Some(file)))
            .or_else(|| bare_site(store).map(|generator| (generator, None)))?,
    };
    generator.configuration.as_ref()?.read(generator, told_by, store)
}

/// The site of articles whose generator is known and whose configuration is not here: nothing is known of it but what
/// stands beside the articles in `folder`.
pub fn site_of_articles(dialect: Dialect, folder: &str) -> Option<Site> {
    let generator = dialect.rules();
    let configuration = generator.configuration.as_ref()?;
    let none = crate::store::Memory::default();
    let site = configuration.site(generator, String::new(), &Settings::default(), &none, Vec::new());
    Some(Site { articles: folder.to_owned(), sources: folder.to_owned(), ..site })
}

/// A generator that needs no configuration at all, known by a folder.
fn bare_site(store: &dyn Store) -> Option<&'static Generator> {
    RECOGNISED.iter().copied().find(|generator| {
        let bare = generator.configuration.as_ref().and_then(|configuration| configuration.bare);
        bare.is_some_and(|folder| store.has_folder(folder))
    })
}

impl Configuration {
    fn read(
        &self,
        generator: &'static Generator,
        told_by: Option<String>,
        store: &dyn Store,
    ) -> Option<Site> {
        let mut settings = Settings::default();
        let main = self.files.iter().find(|path| store.stamp(path).is_some());
        let bare = self.bare.filter(|folder| store.has_folder(folder));
        let told_by = main.map(|path| (*path).to_owned()).or(told_by).or(bare.map(str::to_owned))?;
        for path in self.overruling.iter().chain(main) {
            let read = SettingsFile::read(store, path, &mut settings.diagnostics);
            settings.files.extend(read);
        }
        for (path, below) in self.more {
            let read = SettingsFile::read(store, path, &mut settings.diagnostics);
            settings.files.extend(read.map(|file| file.below(below)));
        }
        let more = self.more.iter().map(|(path, _)| path);
        let files = self.overruling.iter().chain(self.files).chain(more).map(|path| (*path).to_owned());
        let mut site = self.site(generator, told_by, &settings, store, files.collect());
        (self.settle)(&mut settings, &mut site, store);
        site.diagnostics.append(&mut settings.diagnostics);
        site.settings = settings.files;
        site.digest = site.digest_of_settings();
        Some(site)
    }

    fn site(
        &self,
        generator: &'static Generator,
        told_by: String,
        settings: &Settings,
        store: &dyn Store,
        files: Vec<String>,
    ) -> Site {
        let sources = settings.text(self.sources).map(|stated| folder(&stated.text));
        let exists = |path: &&&str| path.is_empty() || store.has_folder(path);
        let articles =
            self.articles.iter().find(exists).or(self.articles.last()).map(|path| (*path).to_owned());
        let articles = sources.clone().or(articles).unwrap_or_default();
        let output = settings.string(self.output.0).map_or(self.output.1.to_owned(), |path| folder(&path));
        Site {
            generator,
            told_by,
            title: settings.text(self.title),
            home: self.home(settings),
            description: settings.text(self.description),
            language: settings.text(self.language).and_then(language),
            timezone: settings.text(self.timezone),
            author: settings.text(self.author),
            languages: Vec::new(),
            sources: articles.clone(),
            articles,
            permalinks: Vec::new(),
            permalink_of_translations: None,
            choices: Choices::default(),
            inherited: Vec::new(),
            feeds: Vec::new(),
            output: Some(output).filter(|path| !path.is_empty()),
            files,
            digest: [0; 32],
            diagnostics: Vec::new(),
            settings: Vec::new(),
        }
    }

    /// An address of the web that is not that of a machine of the author's own.
    fn home(&self, settings: &Settings) -> Option<Stated> {
        let stated = self.home.iter().filter_map(|key| settings.text(&[*key]));
        let is_home = |text: &str| {
            let url = url::Url::parse(text).ok();
            url.is_some_and(|url| matches!(url.scheme(), "http" | "https") && !is_own_machine(&url))
        };
        let home = stated.into_iter().find(|stated| is_home(&stated.text))?;
        let base = settings.text(self.base).map(|base| base.text).unwrap_or_default();
        Some(Stated { text: joined(&home.text, &base), ..home })
    }
}

/// The tag of a language as it is usually spelt.
fn language(stated: Stated) -> Option<Stated> {
    let text = stated.text.replace('_', "-");
    oxilangtag::LanguageTag::parse(text.as_str()).is_ok().then_some(Stated { text, ..stated })
}

/// A folder as paths name it: no `./` before it and no `/` behind.
pub(super) fn folder(path: &str) -> String {
    let path = path.trim().trim_start_matches("./").trim_matches('/');
    if path == "." { String::new() } else { path.to_owned() }
}

fn joined(home: &str, base: &str) -> String {
    let home = home.trim_end_matches('/');
    match base.trim_matches('/') {
        "" => format!("{home}/"),
        base if home.ends_with(&format!("/{base}")) => format!("{home}/"),
        base => format!("{home}/{base}/"),
    }
}

/// Says of a pattern that cannot be followed what it is, and what that leads to.
pub(super) fn unfollowed(settings: &mut Settings, key: &str, why: &str) {
    let Some(setting) = settings.find(key) else { return };
    let message = format!("`{}` cannot be followed: {why}", setting.node.text().unwrap_or(key));
    let diagnostic = setting.unread(message, "articles may get addresses that do not exist");
    settings.diagnostics.push(diagnostic);
}

/// A note that something that articles inherit is not read.
pub(super) fn unread_inheritance(path: &str, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Rule::InheritedMetadataUnread, path, message)
        .label("articles may be published that the site withholds, or be at other addresses")
        .help("state it in the articles, or exclude them in `feedwright.toml`")
}
