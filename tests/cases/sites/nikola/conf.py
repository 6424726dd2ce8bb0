BLOG_AUTHOR = "Tara Menon"
BLOG_TITLE = "Fog Signal"
SITE_URL = "https://example.org/"
BLOG_EMAIL = "tara@example.org"
BLOG_DESCRIPTION = "Lighthouses and what they say"

DEFAULT_LANG = "en"
TRANSLATIONS = {
    DEFAULT_LANG: "",
    "pl": "./pl",
}
TRANSLATIONS_PATTERN = "{path}.{lang}.{ext}"

POSTS = (
    ("posts/*.md", "posts", "post.tmpl"),
    ("posts/*.html", "posts", "post.tmpl"),
)
TIMEZONE = "Asia/Kolkata"
PRETTY_URLS = True
