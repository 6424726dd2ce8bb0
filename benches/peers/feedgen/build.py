"""What one writes with python-feedgen: `build.py CASE ARTICLES OUTPUT`.

Reads YAML with PyYAML's C parser, renders Markdown with Python-Markdown, and only what a feed holds, once.
"""

import functools
import os
import sys
from collections import defaultdict

import markdown
import yaml
from feedgen.feed import FeedGenerator

HOME = "https://many.example/"
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
converter = markdown.Markdown(extensions=["extra"])


def main(case: str, folder: str, output: str) -> None:
    articles = sorted(read(folder), key=lambda article: article["date"], reverse=True)
    write(articles if case == "unlimited" else articles[:30], output)
    if case == "families":
        families = defaultdict(list)
        for article in articles:
            for name in [f"authors/{article['author']}", *(f"tags/{tag}" for tag in article["tags"])]:
                if len(families[name]) < 30:
                    families[name].append(article)
        for name, members in families.items():
            write(members, os.path.join(output, name))


def read(folder: str):
    for path, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(path, name), encoding="utf-8") as file:
                _, front, _ = file.read().split("---\n", 2)
            article = yaml.load(front, Loader)
            article["path"] = os.path.relpath(os.path.join(path, name), folder)
            article["file"] = os.path.join(path, name)
            yield article


@functools.cache
def rendered(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return converter.reset().convert(file.read().split("---\n", 2)[2])


def write(articles: list, output: str) -> None:
    feed = FeedGenerator()
    feed.id(HOME)
    feed.title("Many articles")
    feed.description("As many as you like")
    feed.link(href=HOME)
    for article in articles:
        entry = feed.add_entry(order="append")
        link = HOME + article["path"].removesuffix(".md") + "/"
        entry.id(link)
        entry.title(article["title"])
        entry.link(href=link)
        entry.published(article["date"])
        entry.updated(article["date"])
        entry.author(name=article["author"])
        entry.category([{"term": tag} for tag in article["tags"]])
        if summary := article.get("description"):
            entry.summary(summary)
        entry.content(rendered(article["file"]), type="CDATA")
    os.makedirs(output, exist_ok=True)
    feed.rss_file(os.path.join(output, "rss.xml"))
    feed.atom_file(os.path.join(output, "atom.xml"))


main(*sys.argv[1:])
