//! Jekyll: <https://jekyllrb.com/>.

use super::address::{Page, Parts, Pattern, Scope, Token, without_extension};
use super::configuration::Configuration;
use super::configuration::{folder, unfollowed};
use super::feeds::SiteFeed;
use super::settings::Settings;
use super::site::{Inherited, Site};
use super::table::{
    ArticlePlace, ArticleSign, Beginning, BeginningForm, NameTitle, Names, SharedFile, Signs, TagSplit,
    Values, atom,
};
use super::urls::Urls;
use super::wildcard::glob;
use super::{Dialect, Generator, Meaning};
use crate::content::Flavour;
use crate::data::Node;

/// Jekyll.
pub(super) static JEKYLL: Generator = Generator {
    name: "jekyll",
    title: "Jekyll",
    dialect: Some(Dialect::Jekyll),
    flavour: Flavour::Kramdown,
    signs: Signs {
        certain: &[],
        shared: &[
            // Hexo's, which has its own signs, is looked for first.
            SharedFile { names: &["_config.yml", "_config.yaml"], lines: &[], text: &[], beside: &[] },
            SharedFile { names: &["Gemfile"], lines: &[], text: &["jekyll"], beside: &[] },
        ],
    },
    article_signs: &[ArticleSign {
        place: ArticlePlace::DatedPosts,
        first: "",
        lines: &[],
        reason: "dated names in `_posts`",
    }],
    words: &[(Meaning::Summary, "excerpt description")],
    // Ruby's parser of dates: `Time.parse("5/6/2024")` is in June, measured with Ruby 3.1.
    values: Values {
        tags: TagSplit::SpacesOfPlurals,
        titles_by_file_name: NameTitle::Capitalised,
        aliases_are_urls: true,
        day_first: true,
        utc_timestamps: true,
        ..Generator::PLAIN.values
    },
    names: Names { short_dates: true, ..Generator::PLAIN.names },
    beginning: Beginning {
        folder: "_posts/",
        drafts: Some("_drafts/"),
        dated: true,
        form: BeginningForm::Yaml { date: "date", draft: None },
        ..Generator::PLAIN.beginning
    },
    configuration: Some(Configuration {
        files: &["_config.yml", "_config.yaml", "_config.toml"],
        title: &["title", "name"],
        home: &["url"],
        base: &["baseurl"],
        description: &["description", "tagline"],
        language: &["lang", "locale"],
        author: &["author", "author.name"],
        sources: &["source"],
        articles: &[""],
        output: ("destination", "_site"),
        bare: Some("_posts"),
        shown: &["permalink", "collections"],
        settle,
        categories: |_, path, categories| add_folders(path, categories),
        admits,
        ..Configuration::PLAIN
    }),
    urls: Some(Urls {
        tokens: TOKENS,
        read: Pattern::colons,
        parts,
        finish: |path, _, _| finished(path),
        // Of other tags jekyll-feed makes no feed.
        term: Some(|term, _| if is_word(term) { term.to_owned() } else { slugify(term, false, false) }),
        ..Urls::PLAIN
    }),
    feeds: &[
        atom("", "feed.xml"),
        atom("tag", "feed/by_tag/{}.xml"),
        atom("category", "feed/{}.xml"),
        atom("section", "feed/{}.xml"),
    ],
    ..Generator::PLAIN
};

/// <https://jekyllrb.com/docs/permalinks/#placeholders>
const TOKENS: &[(&str, Token)] = &[
    ("year", Token::Date("%Y")),
    ("short_year", Token::Date("%y")),
    ("month", Token::Date("%m")),
    ("i_month", Token::Date("%-m")),
    ("short_month", Token::Date("%b")),
    ("long_month", Token::Date("%B")),
    ("day", Token::Date("%d")),
    ("i_day", Token::Date("%-d")),
    ("y_day", Token::Date("%j")),
    ("w_year", Token::Date("%G")),
    ("week", Token::Date("%V")),
    // Of Sunday it is 7.
    ("w_day", Token::Date("%u")),
    ("short_day", Token::Date("%a")),
    ("long_day", Token::Date("%A")),
    ("hour", Token::Date("%H")),
    ("minute", Token::Date("%M")),
    ("second", Token::Date("%S")),
    ("title", Token::Title),
    ("slug", Token::Slug),
    ("name", Token::Filename),
    ("path", Token::Path),
    ("collection", Token::Text("posts")),
    ("categories", Token::Categories),
    ("slugified_categories", Token::Category),
    ("output_ext", Token::Text(".html")),
];

/// <https://jekyllrb.com/docs/permalinks/#built-in-formats>
const STYLES: &[(&str, &str)] = &[
    ("date", "/:categories/:year/:month/:day/:title:output_ext"),
    ("pretty", "/:categories/:year/:month/:day/:title/"),
    ("ordinal", "/:categories/:year/:y_day/:title:output_ext"),
    ("weekdate", "/:categories/:year/W:week/:short_day/:title:output_ext"),
    ("none", "/:categories/:title:output_ext"),
];

/// A pattern in whose place a style may stand. What a post states is never one.
fn of_style(written: &str) -> &str {
    STYLES.iter().find(|(name, _)| *name == written).map_or(written, |(_, pattern)| pattern)
}

fn settle(settings: &mut Settings, site: &mut Site, store: &dyn crate::store::Store) {
    let key =
        ["collections.posts.permalink", "permalink"].into_iter().find(|key| settings.string(key).is_some());
    let written = key.and_then(|key| settings.string(key)).unwrap_or_else(|| "date".to_owned());
    let pattern = Pattern::colons(of_style(&written), TOKENS).ok().filter(|pattern| !pattern.has_fields());
    match (pattern, key) {
        (Some(pattern), _) => site.permalinks = vec![(Scope::All, pattern)],
        (None, Some(key)) => unfollowed(settings, key, "a placeholder is not known"),
        (None, None) => {}
    }
    if let Some(collections) = settings.string("collections_dir").map(|path| folder(&path)) {
        let sources = [site.sources.as_str(), &collections].join("/");
        sources.trim_matches('/').clone_into(&mut site.sources);
        site.articles.clone_from(&site.sources);
    }
    let usual = ["node_modules", "vendor/bundle/", "vendor/cache/", "vendor/gems/", "vendor/ruby/"];
    let included = settings.texts("include").unwrap_or_default();
    let excluded = settings.texts("exclude").unwrap_or_default().into_iter().chain(usual.map(str::to_owned));
    // A pattern is also that of all that begins so.
    let excluded = excluded.filter(|pattern| !included.contains(pattern)).map(|pattern| pattern + "*");
    site.choices.excluded = excluded.collect();
    if let Some(output) = &site.output {
        site.choices.excluded.push(format!("{output}/*"));
    }
    defaults(settings, site);
    feeds(settings, site, store);
    if site.home.is_none()
        && let Some(name) = store.read("CNAME").ok().and_then(|bytes| String::from_utf8(bytes).ok())
        && !name.trim().is_empty()
        && name.trim().contains('.')
    {
        let text = format!("https://{}/", name.trim());
        site.home = Some(super::settings::Stated { text, path: "CNAME".to_owned(), line: 1 });
    }
    site.files.push("CNAME".to_owned());
}

/// <https://jekyllrb.com/docs/configuration/front-matter-defaults/>
fn defaults(settings: &Settings, site: &mut Site) {
    let Some((file, setting)) = settings.placed("defaults") else { return };
    for item in setting.node.items() {
        let scope = item.member(&["scope"]);
        let text = |name: &str| scope.and_then(|scope| scope.member(&[name])).and_then(Node::text);
        let (path, kind) = (text("path").unwrap_or_default().trim_matches('/').to_owned(), text("type"));
        let Some(values) = item.member(&["values"]).filter(|_| kind.is_none_or(|kind| kind == "posts"))
        else {
            continue;
        };
        // The longer path counts most, then the one with a type, then the later.
        let weight = path.len() * 2 + usize::from(kind.is_some());
        let scope = match path.as_str() {
            "" => Scope::All,
            pattern if pattern.contains('*') => match glob(pattern, "(/|$)") {
                Some(regex) => Scope::Match(regex),
                None => continue,
            },
            _ => Scope::Path(path),
        };
        let inherited = Inherited { weight, ..Inherited::new(scope, file, values.fields().to_vec()) };
        let place = site.inherited.partition_point(|before| before.weight > weight);
        site.inherited.insert(place, inherited);
    }
}

/// The feeds that jekyll-feed writes, or a template of the site's own.
fn feeds(settings: &Settings, site: &mut Site, store: &dyn crate::store::Store) {
    let stated = settings.text(&["feed.collections.posts.path", "feed.path"]);
    plugin_feeds(settings, site);
    if let Some(path) = stated {
        site.feeds.push(SiteFeed::main("atom", path.text.trim_matches('/')));
        return;
    }
    for (path, format) in [
        ("feed.xml", "atom"),
        ("atom.xml", "atom"),
        ("rss.xml", "rss"),
        ("feed/index.xml", "rss"),
        ("index.xml", "rss"),
    ] {
        site.files.push(path.to_owned());
        let Ok(bytes) = store.read(path) else { continue };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if !text.starts_with("---") || site.feeds.iter().any(|feed| feed.is_main() && feed.format == format) {
            continue;
        }
        let format = if text.contains("<rss") { "rss" } else { format };
        site.feeds.push(SiteFeed::main(format, path));
    }
}

/// The feeds of categories and tags that jekyll-feed makes: of tags only those that are plain words.
/// <https://github.com/jekyll/jekyll-feed#categories>
fn plugin_feeds(settings: &Settings, site: &mut Site) {
    let categories =
        settings.texts("feed.collections.posts.categories").or(settings.texts("feed.categories"));
    for category in categories.unwrap_or_default() {
        let path = format!("feed/{category}.xml");
        site.feeds.push(SiteFeed::one("category", &category, "atom", path));
    }
    let Some(tags) = settings.find("feed.tags").filter(|tags| tags.node.truth() != Some(false)) else {
        return;
    };
    let folder = settings.string("feed.tags.path").unwrap_or_else(|| "feed/by_tag".to_owned());
    let folder = folder.trim_matches('/');
    if tags.node.member(&["only"]).is_none() {
        site.feeds.push(SiteFeed::each("tag", "atom", format!("{folder}/{{}}.xml")));
    }
    for tag in settings.texts("feed.tags.only").unwrap_or_default() {
        site.feeds.push(SiteFeed::one("tag", &tag, "atom", format!("{folder}/{tag}.xml")));
    }
}

/// Posts are in folders called `_posts`, wherever they are but in those that Jekyll does not look into, and have a date
/// in their names. Drafts need none.
fn admits(site: &Site, path: &str) -> bool {
    let path = site.relative(path);
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let hidden = |part: &str| part.starts_with(['_', '.', '#']) || part.ends_with('~');
    let mut inside = None;
    for part in folder.split('/').filter(|part| !part.is_empty()) {
        match part {
            "_posts" | "_drafts" if inside.is_none() => inside = Some(part == "_posts"),
            part if hidden(part) => return false,
            _ => {}
        }
    }
    match inside {
        Some(true) => !hidden(file) && dated(file).is_some(),
        Some(false) => !hidden(file),
        None => false,
    }
}

/// The rest of a post's name after its date: year, month and day, each with one digit or more.
fn dated(file: &str) -> Option<&str> {
    let mut rest = file;
    for most in [4, 2, 2] {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits == 0 || digits > most {
            return None;
        }
        rest = rest.get(digits..)?.strip_prefix('-')?;
    }
    Some(rest)
}

fn parts(page: &Page<'_>, _: &Site) -> Parts {
    let name = without_extension(page.path.rsplit('/').next().unwrap_or_default());
    let own = dated(name).unwrap_or(name).trim_end_matches('.');
    let slug = page.slug.unwrap_or(own);
    let mut categories = page.categories.to_vec();
    add_folders(page.path, &mut categories);
    let lower = categories.iter().map(|category| super::slug::escaped(&category.to_lowercase()));
    let mut lower: Vec<String> = lower.collect();
    lower.dedup();
    Parts {
        title: slugify(slug, true, true),
        slug: slugify(slug, false, false),
        filename: slugify(name, false, false),
        path: without_extension(page.path).to_owned(),
        categories: lower.join("/"),
        category: categories.iter().map(|name| slugify(name, false, false)).collect::<Vec<_>>().join("/"),
        ..Parts::default()
    }
}

/// Puts the folders above `_posts` before the categories that a post states itself.
fn add_folders(path: &str, categories: &mut Vec<String>) {
    let above = path.split("_posts").next().filter(|above| above.len() < path.len()).unwrap_or_default();
    let mut all: Vec<String> = Vec::new();
    let folders = above.split('/').filter(|part| !part.is_empty()).map(str::to_owned);
    for category in folders.chain(categories.drain(..)) {
        if !all.contains(&category) {
            all.push(category);
        }
    }
    *categories = all;
}

/// `true` if a tag is of letters, digits and `_` alone.
fn is_word(tag: &str) -> bool {
    tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// As Jekyll's own filter does it: what is no letter or digit becomes a hyphen; a pretty slug keeps some signs.
pub(super) fn slugify(text: &str, pretty: bool, cased: bool) -> String {
    let keep = |c: char| {
        c.is_alphanumeric()
            || unicode_normalization::char::is_combining_mark(c)
            || (pretty && "._~!$&'()+,;=@".contains(c))
    };
    let mut slug = String::with_capacity(text.len());
    for c in text.chars() {
        match keep(c) {
            true => slug.push(c),
            false if slug.ends_with('-') => {}
            false => slug.push('-'),
        }
    }
    let slug = slug.strip_prefix('-').unwrap_or(&slug);
    let slug = slug.strip_suffix('-').unwrap_or(slug);
    if cased { slug.to_owned() } else { slug.to_lowercase() }
}

/// Nothing in an address leads up, and no slash follows another.
fn finished(path: &str) -> String {
    format!("/{path}").replace("..", "/").replace("./", "")
}
