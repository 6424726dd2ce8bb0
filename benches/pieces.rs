//! How long the inner pieces take, one by one: `cargo bench`, or `cargo bench -- render` for some of them.
//!
//! Whole programs are measured by `benches/compare`; this is for whoever works on one piece and wants to know at once
//! whether it became faster.

use std::hint::black_box;
use std::time::Duration;

use chrono_tz::Europe;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use feedwright::article::{self, Article, Conventions, Dialect, SourceFile};
use feedwright::config::{self, Config};
use feedwright::content::{self, Body, Content, Markup, NoFiles, Surroundings};
use feedwright::feed::{Category, Entry, Person};
use feedwright::format::{self, Extent, Format};
use feedwright::ledger::{self, Identity, Known, Ledger, Policy};
use feedwright::select::{self, Candidate};
use url::Url;

mod corpus;

/// Candidates to select from, and articles to give identities to.
const MANY: u64 = 10_000;

criterion_group! {
    name = pieces;
    config = Criterion::default().measurement_time(Duration::from_secs(3)).warm_up_time(Duration::from_secs(1));
    targets = parse, render, write, identify, select
}
criterion_main!(pieces);

fn parse(criterion: &mut Criterion) {
    let (source, conventions) = (typical(), conventions());
    let mut group = criterion.benchmark_group("parse");
    group.throughput(Throughput::Bytes(source.bytes.len() as u64));
    group.bench_function("an article", |bencher| {
        bencher.iter(|| article::parse(black_box(&source), &conventions));
    });
    group.finish();
}

fn render(criterion: &mut Criterion) {
    let source = typical();
    let text = article::text(&source.bytes).expect("the corpus is UTF-8");
    let (article, _) = article::parse(&source, &conventions());
    let markdown = article::body(text, &article).text().to_owned();
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
    let (articles, config) = (articles(), config());
    let permalink: Url = "https://bench.example/".parse().expect("it is an address");
    let known: Vec<Known<'_>> =
        articles.iter().map(|article| Known { article, permalink: &permalink, admitted: true }).collect();
    let now = "2026-11-22T00:00:00Z".parse().expect("it is an instant");
    let reconciled =
        |ledger: &Ledger| ledger::reconcile(ledger, &known, &config.authority, now, Policy::default());
    let remembered = reconciled(&Ledger::default()).ledger;
    let text = remembered.write();
    let mut group = criterion.benchmark_group("ledger of 10,000");
    group.bench_function("read", |bencher| bencher.iter(|| Ledger::parse(black_box(&text))));
    group.bench_function("all new", |bencher| bencher.iter(|| reconciled(black_box(&Ledger::default()))));
    group.bench_function("all known", |bencher| bencher.iter(|| reconciled(black_box(&remembered))));
    group.bench_function("write", |bencher| bencher.iter(|| black_box(&remembered).write()));
    group.finish();
}

fn select(criterion: &mut Criterion) {
    let (candidates, main) = (candidates(), config());
    let families = format!("{}{}{}", corpus::PUBLICATION, corpus::MAIN_FEED, corpus::FAMILIES);
    let families = config::parse(&families).expect("the configuration is right");
    let mut group = criterion.benchmark_group("select of 10,000");
    for (name, config) in [("one feed", &main), ("one feed for each tag and author", &families)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| select::select(config, black_box(&candidates)));
        });
    }
    group.finish();
}

fn conventions() -> Conventions {
    Conventions {
        dialect: Dialect::Feedwright,
        timezone: Europe::London,
        language: "en".to_owned(),
        authors: std::collections::BTreeMap::new(),
    }
}

fn config() -> Config {
    config::parse(&format!("{}{}", corpus::PUBLICATION, corpus::MAIN_FEED))
        .expect("the configuration is right")
}

fn source(number: u64, vocabulary: &corpus::Vocabulary) -> SourceFile {
    let (name, text) = corpus::article(number, vocabulary);
    SourceFile { path: format!("articles/{name}"), name, bytes: text.into_bytes(), sidecar: None }
}

/// Of 4 to 5 KB and without raw HTML.
fn typical() -> SourceFile {
    let vocabulary = corpus::Vocabulary::new();
    let odd = (0..).map(|half| 2 * half + 1);
    odd.map(|number| source(number, &vocabulary))
        .find(|source| (4_000..5_000).contains(&source.bytes.len()))
        .expect("the corpus has articles of every length")
}

fn articles() -> Vec<Article> {
    let (vocabulary, conventions) = (corpus::Vocabulary::new(), conventions());
    (0..MANY).map(|number| article::parse(&source(number, &vocabulary), &conventions).0).collect()
}

fn candidates() -> Vec<Candidate> {
    let (articles, config) = (articles(), config());
    let identities = articles.iter().map(|article| identity(article, &config)).collect::<Vec<_>>();
    let permalink = |article: &Article| {
        config.articles.permalink.fill(article, config.publication.timezone, &config.publication.home)
    };
    articles
        .into_iter()
        .zip(identities)
        .map(|(article, identity)| Candidate { permalink: permalink(&article), article, identity })
        .collect()
}

fn identity(article: &Article, config: &Config) -> Identity {
    let published = article.published.expect("the corpus has dates");
    Identity {
        id: config.authority.id_of_path(&article.name).as_str().into(),
        id_is_permalink: false,
        published,
        updated: published,
    }
}

fn rendered(markdown: &str, home: &Url) -> Content {
    let body =
        Body { path: "article.md", source: markdown, range: 0..markdown.len(), markup: Markup::Markdown };
    let surroundings = Surroundings {
        permalink: home,
        home,
        summary: None,
        summary_marker: None,
        id_prefix: "abcdef",
        files: &NoFiles,
    };
    content::render(&body, &surroundings).0
}

fn entry() -> Entry {
    let (source, config) = (typical(), config());
    let (article, _) = article::parse(&source, &conventions());
    let text = article::text(&source.bytes).expect("the corpus is UTF-8");
    let identity = identity(&article, &config);
    Entry {
        id: identity.id,
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
        content: rendered(article::body(text, &article).text(), &config.publication.home),
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
