//! How long the inner pieces take, one by one: `cargo bench`, or `cargo bench -- render` for some of them.
//!
//! Whole programs are measured by `benches/compare`; this is for whoever works on one piece and wants to know at once
//! whether it became faster.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use chrono_tz::Europe;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use feedwright::article::{self, Article, ArticleSummary, Conventions, SourceFile};
use feedwright::config::{self, Config};
use feedwright::content::{self, Body, Content, Markup, Surroundings};
use feedwright::feed::{Category, Entry, Person};
use feedwright::format::{self, Extent, Format};
use feedwright::generator::Filled;
use feedwright::hosting;
use feedwright::ledger::{self, DatePolicy, Identity, Known, Ledger};
use feedwright::select::{self, Candidate};
use feedwright::serve::{self, Document, Documents, Effort, Parts, Request};
use http::header::{ACCEPT_ENCODING, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, Method};
use url::Url;

mod corpus;

/// Candidates to select from, and articles to give identities to.
const MANY: u64 = 10_000;

criterion_group! {
    name = pieces;
    config = Criterion::default().measurement_time(Duration::from_secs(3)).warm_up_time(Duration::from_secs(1));
    targets = parse, render, write, identify, select, answer
}
criterion_main!(pieces);

fn parse(criterion: &mut Criterion) {
    let ((name, text), conventions) = (typical(), conventions());
    let source = source(&name, &text);
    let (article, _) = article::parse(&source, &conventions);
    let known = SourceFile { remembered: Some(article.fingerprint), ..source };
    let mut group = criterion.benchmark_group("parse");
    group.throughput(Throughput::Bytes(text.len() as u64));
    for (name, source) in [("an article", source), ("one whose text is known", known)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| article::parse(black_box(&source), &conventions));
        });
    }
    group.bench_function("its summary", |bencher| {
        bencher.iter(|| ArticleSummary::write(black_box(&article), ""));
    });
    group.finish();
}

fn render(criterion: &mut Criterion) {
    let (name, text) = typical();
    let (article, _) = article::parse(&source(&name, &text), &conventions());
    let markdown = article::body(&text, &article).text().to_owned();
    let with_html =
        format!("{markdown}\n<figure><img src=\"/a.jpg\" alt=\"a\"><figcaption>b</figcaption></figure>\n");
    let home = config().publication.home;
    let mut group = criterion.benchmark_group("render");
    for (name, text) in [("pure Markdown", &markdown), ("Markdown with raw HTML", &with_html)] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| rendered(black_box(text), &home)));
    }
    group.finish();
}

fn write(criterion: &mut Criterion) {
    let entry = entry();
    let mut group = criterion.benchmark_group("write an entry");
    for format in Format::ALL {
        group.bench_function(format.name(), |bencher| {
            bencher.iter(|| format::fragment(format, black_box(&entry), Extent::Full));
        });
    }
    group.finish();
}

/// Gives identities to articles. Whatever the ledger is asked for in a build belongs here.
fn identify(criterion: &mut Criterion) {
    let (written, config) = (summaries(), config());
    let known: Vec<Known<'_>> = written
        .iter()
        .map(|summary| Known { summary: ArticleSummary::read("", summary), admitted: true })
        .collect();
    let now = "2026-11-22T00:00:00Z".parse().expect("it is an instant");
    let reconciled = |ledger: &Ledger| {
        ledger::reconcile(ledger, &known, &config.authority, now, DatePolicy::default()).ledger
    };
    let text = reconciled(&Ledger::default()).write();
    let remembered = Ledger::parse(&*text).expect("it was written a moment ago");
    let mut group = criterion.benchmark_group("ledger of 10,000");
    group.bench_function("read", |bencher| bencher.iter(|| Ledger::parse(black_box(&*text))));
    group.bench_function("all new", |bencher| bencher.iter(|| reconciled(black_box(&Ledger::default()))));
    group.bench_function("all known", |bencher| bencher.iter(|| reconciled(black_box(&remembered))));
    group.bench_function("write", |bencher| bencher.iter(|| black_box(&remembered).write()));
    group.finish();
}

fn select(criterion: &mut Criterion) {
    let (written, main) = (summaries(), config());
    let candidates: Vec<Candidate<'_>> = written.iter().map(|summary| candidate(summary, &main)).collect();
    let families = format!("{}{}{}", corpus::PUBLICATION, corpus::MAIN_FEED, corpus::FAMILIES);
    let families = config::parse(&families).expect("the configuration is right");
    let mut group = criterion.benchmark_group("select of 10,000");
    for (name, config) in [("one feed", &main), ("one feed for each tag and author", &families)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| select::select(config, black_box(&candidates)).feeds);
        });
    }
    group.finish();
}

/// Answers what readers ask over HTTP, from the request to the headers that are sent.
fn answer(criterion: &mut Criterion) {
    let documents = documents();
    let now = "2026-11-22T00:00:00Z".parse().expect("it is an instant");
    let ask = |target: &str, headers: &HeaderMap| {
        serve::respond(&Request { method: &Method::GET, target: target.as_bytes(), headers }, &documents, now)
    };
    let nothing = HeaderMap::new();
    let new = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate, br"))]);
    let mut known = new.clone();
    known.insert(IF_NONE_MATCH, ask("/feeds/rss.xml", &new).headers[ETAG].clone());
    let mut group = criterion.benchmark_group("answer");
    for (name, target, headers) in [
        ("200", "/feeds/rss.xml", &new),
        ("304", "/feeds/rss.xml", &known),
        ("404", "/wp-login.php", &nothing),
    ] {
        assert_eq!(ask(target, headers).status.as_str(), name);
        group.bench_function(name, |bencher| bencher.iter(|| ask(black_box(target), headers)));
    }
    group.finish();
}

/// A thousand feeds.
fn documents() -> Documents {
    let parts = Parts {
        content_type: HeaderValue::from_static(Format::Rss.content_type()),
        bytes: "<item><title>Hello</title></item>\n".repeat(100).into(),
        updated: "2024-05-06T10:00:00Z".parse().expect("it is an instant"),
        links: Vec::new(),
        policy: hosting::CachePolicy::default(),
        is_feed: true,
        extra: Vec::new(),
    };
    let feed = Arc::new(Document::new(&parts, Effort::Fast));
    let mut documents = Documents::new(&hosting::CachePolicy::default());
    let tags = (1..1000).map(|tag| format!("/feeds/tags/{tag}/rss.xml"));
    for path in tags.chain(["/feeds/rss.xml".to_owned()]) {
        documents.insert(&path, Arc::clone(&feed)).expect("it is a path");
    }
    documents
}

fn conventions() -> Conventions {
    Conventions { timezone: Europe::London, ..Conventions::default() }
}

fn config() -> Config {
    config::parse(&format!("{}{}", corpus::PUBLICATION, corpus::MAIN_FEED))
        .expect("the configuration is right")
}

fn source<'a>(name: &'a str, text: &'a str) -> SourceFile<'a> {
    SourceFile { path: name, name, bytes: text.as_bytes(), ..SourceFile::default() }
}

/// Name and text of an article of 4 to 5 KB without raw HTML.
fn typical() -> (String, String) {
    let vocabulary = corpus::Vocabulary::new();
    let odd = (0..).map(|half| 2 * half + 1);
    odd.map(|number| corpus::article(number, &vocabulary))
        .find(|(_, text)| (4_000..5_000).contains(&text.len()))
        .expect("the corpus has articles of every length")
}

/// The summaries of many articles.
fn summaries() -> Vec<Vec<u8>> {
    let (vocabulary, conventions, config) = (corpus::Vocabulary::new(), conventions(), config());
    let summary = |number| {
        let (name, text) = corpus::article(number, &vocabulary);
        let (article, _) = article::parse(&source(&name, &text), &conventions);
        let home = &config.publication.home;
        let address = article.made_address.as_ref().map(Filled::address).unwrap_or_default();
        let permalink = home.join(address.trim_start_matches('/')).expect("it is a path");
        ArticleSummary::write(&article, permalink.as_str())
    };
    (0..MANY).map(summary).collect()
}

fn candidate<'a>(summary: &'a [u8], config: &Config) -> Candidate<'a> {
    let summary = ArticleSummary::read("", summary);
    Candidate { summary, identity: identity(summary.name(), summary.published(), config), from_page: false }
}

fn identity(
    name: &str,
    published: Option<chrono::DateTime<chrono::Utc>>,
    config: &Config,
) -> Identity<'static> {
    let published = published.expect("the corpus has dates");
    let id = config.authority.id_of_path(name).into();
    Identity { id, id_is_permalink: false, published, updated: published }
}

fn rendered(markdown: &str, home: &Url) -> Content {
    let body =
        Body { path: "article.md", source: markdown, range: 0..markdown.len(), markup: Markup::Markdown };
    let surroundings = Surroundings { id_prefix: "abcdef", ..Surroundings::new(home, home) };
    content::render(&body, &surroundings).0
}

fn entry() -> Entry {
    let ((name, text), config) = (typical(), config());
    let (article, _): (Article, _) = article::parse(&source(&name, &text), &conventions());
    let identity = identity(&name, article.published, &config);
    Entry {
        id: identity.id.as_ref().into(),
        id_is_permalink: false,
        title: article.title.as_deref().map(Into::into),
        permalink: config.publication.home.clone(),
        published: identity.published,
        updated: identity.updated,
        authors: article
            .authors
            .iter()
            .map(|author| Person { name: author.name.as_str().into(), ..Person::default() })
            .collect(),
        categories: article
            .tags
            .iter()
            .map(|tag| Category { term: tag.as_str().into(), scheme: None })
            .collect(),
        content: rendered(article::body(&text, &article).text(), &config.publication.home),
        language: None,
        cover: None,
        enclosures: Vec::new(),
        related: None,
        via: None,
        comments: None,
        licence: None,
        rights: None,
    }
}
