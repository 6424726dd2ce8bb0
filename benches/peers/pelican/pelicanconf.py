"""Pelican as a publisher of feeds: no page is written. `CASE` says which feeds."""

import os

CASE = os.environ["CASE"]

SITENAME = "Many articles"
SITEURL = "https://many.example"
TIMEZONE = "Europe/London"
DEFAULT_LANG = "en"
PLUGINS = ["yaml_metadata"]
STATIC_PATHS = []
PAGE_PATHS = []

# Not a page for an article, nor lists of them.
ARTICLE_SAVE_AS = ""
ARTICLE_LANG_SAVE_AS = ""
DRAFT_SAVE_AS = ""
AUTHOR_SAVE_AS = ""
CATEGORY_SAVE_AS = ""
TAG_SAVE_AS = ""
DIRECT_TEMPLATES = []
DEFAULT_PAGINATION = False
THEME_STATIC_PATHS = []

# Two formats of each feed.
FEED_DOMAIN = SITEURL
FEED_ALL_ATOM = "atom.xml"
FEED_ALL_RSS = "rss.xml"
RSS_FEED_SUMMARY_ONLY = False
FEED_MAX_ITEMS = None if CASE == "unlimited" else 30
CATEGORY_FEED_ATOM = CATEGORY_FEED_RSS = None
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
TRANSLATION_FEED_ATOM = TRANSLATION_FEED_RSS = None
if CASE == "families":
    TAG_FEED_ATOM, TAG_FEED_RSS = "tags/{slug}/atom.xml", "tags/{slug}/rss.xml"
    AUTHOR_FEED_ATOM, AUTHOR_FEED_RSS = "authors/{slug}/atom.xml", "authors/{slug}/rss.xml"

# What it remembers of the last build.
CACHE_CONTENT = LOAD_CONTENT_CACHE = True
CONTENT_CACHING_LAYER = "reader"
CHECK_MODIFIED_METHOD = "mtime"
CACHE_PATH = os.environ["CACHE"]

# Readers drop the spans of a highlighter; so it need not make them.
MARKDOWN = {
    "extensions": ["markdown.extensions.extra", "markdown.extensions.meta"],
    "output_format": "html5",
}
