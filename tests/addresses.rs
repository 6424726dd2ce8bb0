//! Little sites, one for each generator, and the addresses that its rules give their articles.
//!
//! The rules were held against whole sites that Hugo 0.168, Jekyll 4.3.1, Pelican 4.12, Nikola 8.3.3, Hexo 8.1 and
//! Eleventy 3.1.8 built. Those of Zola, Astro, Docusaurus, `MkDocs`, Quarto, Gatsby and `VitePress` are from their
//! documentation.

use feedwright::publication::{self, Options};
use feedwright::store::{Memory, Store};

const IDENTITY: &str = "[identity]\nauthority = 'example.org'\ndate = '2026'\n[feeds]\nformats = ['json']\n";

/// The paths of the articles in the main feed, in order.
fn paths(files: &[(&str, &str)]) -> Vec<String> {
    let all = files.iter().copied().chain([("feedwright.toml", IDENTITY)]);
    let mut store = Memory::new(all);
    let now = "2026-11-22T00:00:00Z".parse().unwrap();
    publication::build(&mut store, Options::at(now), &|_| ()).unwrap();
    let feed: serde_json::Value = serde_json::from_slice(&store.read("feeds/feed.json").unwrap()).unwrap();
    let items = feed["items"].as_array().unwrap();
    let path = |item: &serde_json::Value| {
        let url: url::Url = item["url"].as_str().unwrap().parse().unwrap();
        url.path().to_owned()
    };
    let mut paths: Vec<String> = items.iter().map(path).collect();
    paths.sort();
    paths
}

#[test]
fn hugo_has_patterns_by_section_and_puts_slugs_in_lower_case() {
    let found = paths(&[
        (
            "hugo.toml",
            "title = 'S'\nbaseURL = 'https://example.org/'\nignoreFiles = ['\\.tmp\\.md$']\n[permalinks]\n\
             blog = '/:section/:year/:month/:day/:slug/'\n[uglyURLs]\nnotes = true\n",
        ),
        ("content/blog/one.md", "---\ntitle: A First One\ndate: 2024-01-02\n---\n"),
        ("content/notes/NeW.md", "---\ntitle: n\ndate: 2024-01-02\n---\n"),
        ("content/events/2024-01-04-meet.md", "---\ntitle: m\ndate: 2024-01-04\n---\n"),
        ("content/post/x.md", "---\ntitle: x\ndate: 2024-01-04\nurl: /post/u-page\n---\n"),
        ("content/post/y.md", "---\ntitle: y\ndate: 2024-01-04\nslug: Mixed Case\n---\n"),
        ("content/project/two words.md", "---\ntitle: z\ndate: 2024-01-04\n---\n"),
        ("content/project/x.tmp.md", "---\ntitle: tmp\ndate: 2024-01-04\n---\n"),
        ("content/docs/a.md", "---\ntitle: a\nlastmod: 2026-08-04\n---\n"),
    ]);
    let expected = [
        "/blog/2024/01/02/a-first-one/",
        "/docs/a/",
        "/events/2024-01-04-meet/",
        "/notes/new.html",
        "/post/mixed-case/",
        "/post/u-page/",
        "/project/two-words/",
    ];
    assert_eq!(found, expected);
}

#[test]
fn hugo_hands_metadata_down_from_sections() {
    let found = paths(&[
        ("hugo.toml", "title = 'S'\nbaseURL = 'https://example.org/'\n"),
        ("content/secret/_index.md", "---\ntitle: s\ncascade:\n  draft: true\n---\n"),
        ("content/secret/x.md", "---\ntitle: x\ndate: 2024-01-02\n---\n"),
        ("content/open/y.md", "---\ntitle: y\ndate: 2024-01-02\n---\n"),
    ]);
    assert_eq!(found, ["/open/y/"]);
}

#[test]
fn jekyll_finds_posts_anywhere_and_their_folders_are_categories() {
    let found = paths(&[
        (
            "_config.yml",
            "title: S\nurl: https://example.org\nbaseurl: /b\nexclude: [_posts/2024-01-02-excluded.md]\n",
        ),
        ("_posts/2024-08-03-root.md", "---\ntitle: r\n---\n"),
        ("_posts/sub/2024-01-05-sub.md", "---\ntitle: s\n---\n"),
        ("_posts/2024-01-06-Mixed_Case.and.dots.md", "---\ntitle: m\n---\n"),
        ("_posts/2024-01-04-cat.md", "---\ntitle: c\ncategories: [Foo Bar, baz]\n---\n"),
        ("_posts/2024-01-02-excluded.md", "---\ntitle: e\n---\n"),
        ("_posts/2024-01-03-held.md", "---\ntitle: h\npublished: false\n---\n"),
        ("_posts/no-date.md", "---\ntitle: n\n---\n"),
        ("blog/_posts/2024-08-04-sub.md", "---\ntitle: b\ncategory: blog\n---\n"),
        ("_events/2024-08-04-e.md", "---\ntitle: e\ndate: 2024-08-04\n---\n"),
        ("about.md", "---\ntitle: a\ndate: 2024-08-04\n---\n"),
    ]);
    let expected = [
        "/b/2024/01/05/sub.html",
        "/b/2024/01/06/Mixed_Case.and.dots.html",
        "/b/2024/08/03/root.html",
        "/b/blog/2024/08/04/sub.html",
        "/b/foo%20bar/baz/2024/01/04/cat.html",
    ];
    assert_eq!(found, expected);
}

#[test]
fn jekyll_hands_defaults_down_and_needs_no_configuration() {
    let configuration = "title: S\nurl: https://example.org\ndefaults:\n\
        - scope: {path: '', type: posts}\n  values: {permalink: '/posts/:title/'}\n\
        - scope: {path: _posts/old}\n  values: {published: false}\n\
        - scope: {path: '', type: pages}\n  values: {published: false}\n";
    let found = paths(&[
        ("_config.yml", configuration),
        ("_posts/2024-08-20-llm.md", "---\ntitle: L\n---\n"),
        ("_posts/old/2024-08-21-x.md", "---\ntitle: x\n---\n"),
        ("_posts/old/2024-08-22-y.md", "---\ntitle: y\npublished: true\n---\n"),
    ]);
    assert_eq!(found, ["/posts/llm/", "/posts/y/"]);
    let bare = [
        ("_posts/2024-8-3-x.md", "---\ntitle: x\ndate: 2024-08-03\n---\n"),
        ("CNAME", "example.org\n"),
        ("_config.yml", "title: S\n"),
    ];
    assert_eq!(paths(&bare), ["/2024/08/03/x.html"]);
}

#[test]
fn pelican_makes_slugs_of_titles_and_categories_of_folders() {
    let found = paths(&[
        (
            "pelicanconf.py",
            "SITENAME = 'S'\nSITEURL = ''\nPATH = 'src'\nTIMEZONE = 'Europe/Berlin'\nARTICLE_URL = '{category}/{slug}'\n\
             DEFAULT_METADATA = {'status': 'draft'}\n",
        ),
        ("publishconf.py", "from pelicanconf import *\nSITEURL = 'https://example.org'\n"),
        ("src/2024-01-04-file.md", "Title: Named Otherwise\nStatus: published\n\n"),
        ("src/y.md", "Title: X & Y: é\nDate: 2024-01-03\nStatus:published\n\n"),
        ("src/cooking/recipe.md", "Title: My Recipe\nDate: 2024-01-02 10:00\nStatus: published\n\n"),
        ("src/held.md", "Title: Held\nDate: 2024-01-02\n\n"),
        ("src/pages/about.md", "Title: About\nDate: 2024-01-02\nStatus: published\n\n"),
    ]);
    assert_eq!(found, ["/cooking/my-recipe", "/misc/named-otherwise", "/misc/x-y-e"]);
}

#[test]
fn nikola_writes_posts_to_their_destinations() {
    let found = paths(&[
        (
            "conf.py",
            "BLOG_TITLE = 'S'\nSITE_URL = 'https://example.org/'\nPRETTY_URLS = False\nTIMEZONE = 'GMT-6'\n\
             POSTS = ((\"posts/*.md\", \"blog\", \"post.tmpl\"),)\nPAGES = ((\"pages/*.md\", \"\", \"page.tmpl\"),)\n",
        ),
        ("posts/a.md", ".. title: a\n.. date: 2014/02/14 09:14:19\n\n"),
        ("posts/sub/B c.md", ".. title: b\n.. date: 2014/02/14 09:14:19\n\n"),
        ("pages/about.md", ".. title: p\n.. date: 2014/02/14 09:14:19\n\n"),
    ]);
    assert_eq!(found, ["/blog/a.html", "/blog/sub/b-c.html"]);
}

#[test]
fn hexo_takes_the_name_of_the_file_as_it_is() {
    let found = paths(&[
        (
            "_config.yml",
            "title: S\nurl: https://example.org\npermalink: :year/:month/:title/\nnew_post_name: :title.md\n",
        ),
        ("source/_posts/On Code Review?.md", "---\ntitle: T\ndate: 2025-09-20\n---\n"),
        ("source/_posts/in/Mixed.md", "---\ntitle: M\ndate: 2025-09-20\n---\n"),
        ("source/_drafts/d.md", "---\ntitle: D\ndate: 2025-09-20\n---\n"),
    ]);
    assert_eq!(found, ["/2025/09/On%20Code%20Review%3F/", "/2025/09/in/Mixed/"]);
}

#[test]
fn eleventy_counts_paths_from_its_folder_of_sources() {
    let found = paths(&[
        ("eleventy.config.js", "export const config = { dir: { input: 'content' } };\n"),
        ("_data/metadata.js", "export default { title: \"S\", url: \"https://example.org/\" };\n"),
        ("content/blog/blog.11tydata.js", "export default { tags: [\"posts\"] };\n"),
        ("content/blog/firstpost.md", "---\ntitle: a\ndate: 2024-01-02\n---\n"),
        ("content/blog/fourth/fourth.md", "---\ntitle: b\ndate: 2024-01-02\n---\n"),
        ("content/blog/2019-01-02-dated.md", "---\ntitle: c\n---\n"),
        (
            "content/blog/own.md",
            "---\ntitle: d\ndate: 2024-01-02\npermalink: /x/{{ page.fileSlug }}/index.html\n---\n",
        ),
        ("content/blog/none.md", "---\ntitle: e\ndate: 2024-01-02\npermalink: false\n---\n"),
    ]);
    assert_eq!(found, ["/blog/2019-01-02-dated/", "/blog/firstpost/", "/blog/fourth/", "/x/own/"]);
}

#[test]
fn zola_reads_markdown_alone_and_leaves_other_files_to_it() {
    let found = paths(&[
        ("config.toml", "base_url = 'https://example.org'\ntitle = 'Z'\n"),
        ("content/one/index.md", "+++\ntitle = 'One'\ndate = 2024-01-01\n+++\nText.\n"),
        ("content/one/2024-01-02-chart.html", "<h1>Chart</h1>\n"),
        ("content/one/two.md", "+++\ntitle = 'Two'\ndate = 2024-01-02\n+++\nText.\n"),
    ]);
    assert_eq!(found, ["/one/", "/one/two/"]);
}

#[test]
fn zola_keeps_what_its_sections_keep_back() {
    let found = paths(&[
        (
            "config.toml",
            "title = 'S'\nbase_url = 'https://example.org'\nignored_content = ['posts/ignored.md']\n",
        ),
        ("content/posts/ok.md", "+++\ntitle = 'OK'\ndate = 2024-01-04\n+++\n"),
        ("content/posts/2024-01-04-Über uns.md", "+++\ntitle = 'D'\n+++\n"),
        ("content/posts/ignored.md", "+++\ntitle = 'I'\ndate = 2024-01-04\n+++\n"),
        ("content/secret/_index.md", "+++\ndraft = true\n+++\n"),
        ("content/secret/page.md", "+++\ntitle = 'P'\ndate = 2024-01-04\ndraft = false\n+++\n"),
        ("content/about/index.md", "+++\ntitle = 'A'\ndate = 2024-01-04\n+++\n"),
        ("content/about/philosophy.md", "+++\ntitle = 'Ph'\ndate = 2024-01-04\n+++\n"),
    ]);
    assert_eq!(found, ["/about/", "/about/philosophy/", "/posts/ok/", "/posts/uber-uns/"]);
}

#[test]
fn astro_has_the_route_of_the_page_that_shows_an_entry() {
    let found = paths(&[
        ("astro.config.mjs", "export default defineConfig({ site: 'https://example.org/' });\n"),
        ("src/consts.ts", "export const SITE_TITLE = 'S';\n"),
        (
            "src/pages/writing/[slug].astro",
            "---\nexport async function getStaticPaths() { getCollection('blog') }\n---\n",
        ),
        ("src/content/blog/First Post.md", "---\ntitle: a\npubDate: 2024-01-02\n---\n"),
        ("src/content/blog/second/index.md", "---\ntitle: b\npubDate: 2024-01-02\nslug: other\n---\n"),
    ]);
    assert_eq!(found, ["/writing/first-post/", "/writing/other/"]);
}

#[test]
fn a_pattern_that_changes_in_the_sites_configuration_changes_the_next_build() {
    let configuration = |pattern: &str| {
        format!("title = 'S'\nbaseURL = 'https://example.org/'\n[permalinks]\npost = '{pattern}'\n")
    };
    let article = "---\ntitle: x\ndate: 2024-01-02\n---\n";
    let mut store = Memory::new([
        ("hugo.toml", configuration("/a/:slug/").as_str()),
        ("content/post/x.md", article),
        ("feedwright.toml", IDENTITY),
    ]);
    let now = "2026-11-22T00:00:00Z".parse().unwrap();
    publication::build(&mut store, Options::at(now), &|_| ()).unwrap();
    store.put("hugo.toml", configuration("/b/:slug/").as_bytes()).unwrap();
    store.commit().unwrap();
    publication::build(&mut store, Options::at(now), &|_| ()).unwrap();
    let feed = String::from_utf8(store.read("feeds/feed.json").unwrap()).unwrap();
    assert!(feed.contains("https://example.org/b/x/"), "{feed}");
}

#[test]
fn hugo_aims_cascades_at_pages_by_path_language_kind_and_environment() {
    let aimed = |target: &str| format!("[[cascade]]\ndraft = true\n[cascade.target]\n{target}\n");
    let targets = [
        "path = '/posts/sub/**'",
        "lang = 'fr'\npath = '/notes/**'",
        "environment = 'staging'",
        "kind = 'section'",
        "path = '/secret/{a,b}'",
    ];
    let configuration = format!(
        "title = 'S'\nbaseURL = 'https://example.org/'\ndefaultContentLanguage = 'en'\n{}[languages.en]\n[languages.fr]\n\
         [permalinks]\nposts = '/Blog/:monthname/:weekdayname/:slug/'\n",
        targets.map(aimed).concat()
    );
    let article = |title: &str| format!("---\ntitle: {title}\ndate: 2024-03-02T23:30:00-05:00\n---\nx\n");
    let [one, two, three, four] = ["One", "Two", "Three", "Four"].map(article);
    let found = paths(&[
        ("hugo.toml", &configuration),
        ("content/posts/one.md", &one),
        ("content/posts/sub/two.md", &two),
        ("content/posts/sub/deep/d.md", &two),
        ("content/notes/n.md", &three),
        ("content/notes/n.fr.md", &three),
        ("content/secret/a.md", &four),
        ("content/secret/b.md", &four),
        ("content/secret/c.md", &four),
    ]);
    assert_eq!(found, ["/blog/march/saturday/one/", "/notes/n/", "/secret/c/"]);
}

#[test]
fn pelican_takes_metadata_from_names_and_paths() {
    let found = paths(&[
        (
            "pelicanconf.py",
            "SITENAME = 'S'\nSITEURL = 'https://example.org'\nPATH = 'content'\n\
             FILENAME_METADATA = r'(?P<date>\\d{4}-\\d{2}-\\d{2})-(?P<slug>.*)'\n\
             PATH_METADATA = r'(?P<category>[^/]*)/.*'\nARTICLE_URL = '{category}/{slug}.html'\n\
             EXTRA_PATH_METADATA = {'a/extra.md': {'status': 'draft'}, 'b': {'category': 'no'}}\n",
        ),
        ("content/a/2024-01-02-my-slug.md", "Title: One\n\nx\n"),
        ("content/a/extra.md", "Title: Extra\nDate: 2024-01-03\n\nx\n"),
        ("content/b/2024-02-02-named.md", "Title: Own\nSlug: own-slug\nCategory: Mine\n\nx\n"),
        ("content/b/closed.md", "Title: Closed\nDate: 2012-08-08\n---\nx\n"),
    ]);
    assert_eq!(found, ["/a/my-slug.html", "/b/closed.html", "/mine/own-slug.html"]);
}

#[test]
fn hexo_passes_over_what_it_does_not_render_and_what_is_hidden() {
    let found = paths(&[
        (
            "_config.yml",
            "title: S\nurl: https://example.org\nsource_dir: source\nskip_render: ['_posts/skipped/*.md']\n",
        ),
        ("source/_posts/skipped/a.md", "---\ntitle: A\ndate: 2024-01-02\n---\n"),
        ("source/_posts/_hidden.md", "---\ntitle: H\ndate: 2024-01-02\n---\n"),
        ("source/_posts/b.md", "---\ntitle: B\ndate: 2024-01-02\n---\n"),
    ]);
    assert_eq!(found, ["/2024/01/02/b/"]);
}

#[test]
fn eleventy_has_dates_and_filters_in_permalinks() {
    let found = paths(&[
        ("eleventy.config.js", "module.exports = function (c) { return { dir: { input: 'src' } }; };\n"),
        ("src/_data/metadata.json", "{\"title\": \"S\", \"url\": \"https://example.org\"}"),
        (
            "src/p.md",
            "---\ntitle: Don't panic & go\ndate: 2024-01-02\npermalink: \"/{{ page.date | date: '%Y/%m' }}/{{ title | slugify }}/\"\n---\n",
        ),
        (
            "src/q.md",
            "---\ntitle: x\ndate: 2024-01-02\nseries: My Series\npermalink: '/{{ series | slug }}/{{ page.fileSlug }}.html'\n---\n",
        ),
    ]);
    assert_eq!(found, ["/2024/01/dont-panic-and-go/", "/my-series/q.html"]);
}

#[test]
fn docusaurus_makes_folders_of_dates() {
    let found = paths(&[
        (
            "docusaurus.config.ts",
            "import type {Config} from '@docusaurus/types';\nconst config: Config = {\n  title: 'S',\n  \
             url: 'https://example.org',\n  baseUrl: '/site/',\n  presets: [['classic', {docs: {}, blog: {routeBasePath: \
             'news', showReadingTime: true}}]],\n};\nexport default config;\n",
        ),
        ("blog/2024-01-02-welcome/index.md", "---\ntitle: W\n---\n"),
        ("blog/2024-01-03-First Post.mdx", "---\ntitle: F\n---\n"),
        ("blog/sub/plain.md", "---\ntitle: P\ndate: 2024-01-02\n---\n"),
        ("blog/2024-01-04-own.md", "---\ntitle: O\nslug: own-slug\n---\n"),
        ("blog/_partial.md", "---\ntitle: No\ndate: 2024-01-02\n---\n"),
    ]);
    let expected = [
        "/site/news/2024/01/02/welcome",
        "/site/news/2024/01/03/First%20Post",
        "/site/news/own-slug",
        "/site/news/sub/plain",
    ];
    assert_eq!(found, expected);
}

#[test]
fn mkdocs_has_the_dates_and_titles_of_posts() {
    let found = paths(&[
        (
            "mkdocs.yml",
            "site_name: S\nsite_url: https://example.org/\ntheme:\n  name: material\n  language: en\nplugins:\n  - search\n  - blog\n\
             markdown_extensions:\n  - pymdownx.emoji:\n      emoji_index: !!python/name:material.extensions.emoji.twemoji\n",
        ),
        ("docs/blog/posts/a.md", "---\ndate: 2024-01-02\n---\n# My First Post!\n\nx\n"),
        (
            "docs/blog/posts/b.md",
            "---\ndate:\n  created: 2024-01-03\n  updated: 2024-02-03\nslug: own\n---\n# B\n\nx\n",
        ),
        ("docs/blog/posts/c.md", "---\ndate: 2024-01-02\ndraft: true\n---\n# C\n\nx\n"),
    ]);
    assert_eq!(found, ["/blog/2024/01/02/my-first-post/", "/blog/2024/01/03/own/"]);
}

#[test]
fn mkdocs_has_options_of_its_blog() {
    let found = paths(&[
        (
            "mkdocs.yml",
            "site_name: S\nsite_url: https://example.org/\nplugins:\n  - blog:\n      blog_dir: news\n      \
             post_url_format: '{categories}/{date}/{file}'\n      post_url_date_format: yyyy-MM\n",
        ),
        ("docs/news/posts/a.md", "---\ndate: 2024-01-02\ncategories: [Big News]\n---\n# A\n\nx\n"),
    ]);
    assert_eq!(found, ["/news/big-news/2024-01/a/"]);
}

#[test]
fn quarto_keeps_paths_and_hands_metadata_down_from_folders() {
    let found = paths(&[
        ("_quarto.yml", "project:\n  type: website\nwebsite:\n  title: S\n  site-url: https://example.org\n"),
        ("posts/one/index.qmd", "---\ntitle: One\ndate: 2024-01-02\n---\nx\n"),
        ("posts/two.qmd", "---\ntitle: Two\ndate: 2024-01-02\n---\nx\n"),
        ("posts/later/_metadata.yml", "draft: true\n"),
        ("posts/later/three.qmd", "---\ntitle: Three\ndate: 2024-01-02\n---\nx\n"),
    ]);
    assert_eq!(found, ["/posts/one/", "/posts/two.html"]);
}

#[test]
fn gatsby_has_the_paths_of_its_starter() {
    let found = paths(&[
        (
            "gatsby-config.js",
            "module.exports = {\n  siteMetadata: { title: `S`, siteUrl: `https://example.org`, author: { name: `Ann` } },\n  \
             plugins: [`gatsby-plugin-image`],\n}\n",
        ),
        (
            "gatsby-node.js",
            "exports.onCreateNode = ({ node, actions, getNode }) => {\n  const value = createFilePath({ node, getNode })\n}\n",
        ),
        ("content/blog/hello-world/index.md", "---\ntitle: H\ndate: 2024-01-02\n---\nx\n"),
        ("content/blog/flat.md", "---\ntitle: F\ndate: 2024-01-02\n---\nx\n"),
    ]);
    assert_eq!(found, ["/flat/", "/hello-world/"]);
}

#[test]
fn vitepress_ends_addresses_in_html_unless_they_are_clean() {
    let site = |clean: &str| {
        let config = format!(
            "import {{ defineConfig }} from 'vitepress'\nexport default defineConfig({{ title: 'S', base: '/b/',{clean}\n  \
             sitemap: {{ hostname: 'https://example.org' }} }})\n"
        );
        paths(&[
            (".vitepress/config.mts", &config),
            ("posts/one.md", "---\ntitle: One\ndate: 2024-01-02\n---\nx\n"),
            ("posts/two/index.md", "---\ntitle: Two\ndate: 2024-01-02\n---\nx\n"),
        ])
    };
    assert_eq!(site(""), ["/b/posts/one.html", "/b/posts/two/"]);
    assert_eq!(site(" cleanUrls: true,"), ["/b/posts/one", "/b/posts/two/"]);
}

#[test]
fn jekyll_reads_months_and_days_of_one_digit() {
    let found = paths(&[
        ("_config.yml", "title: S\nurl: https://example.org\n"),
        ("_posts/2024-1-2-one-digit.md", "---\ntitle: a\n---\n"),
        ("_posts/24-3-04-short.md", "---\ntitle: b\n---\n"),
    ]);
    assert_eq!(found, ["/2024/01/02/one-digit.html", "/2024/03/04/short.html"]);
}
