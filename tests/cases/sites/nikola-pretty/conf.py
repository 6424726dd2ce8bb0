BLOG_AUTHOR = "Ann"
BLOG_TITLE = "Pretty"
SITE_URL = "https://example.org/"
BLOG_EMAIL = "ann@example.org"
BLOG_DESCRIPTION = "Little site"
DEFAULT_LANG = "en"
THEME = "base"
COMPILERS = {
    "markdown": (".md", ".mdown", ".markdown"),
    "html": (".html", ".htm"),
}
FEED_LENGTH = 1000
TIMEZONE = "Europe/Warsaw"
POSTS = (
    ("posts/*.md", "posts", "post.tmpl"),
    ("notes/*.md", "n/short", "post.tmpl"),
    ("essays/*.html", "", "post.tmpl"),
)
PAGES = (("pages/*.md", "", "page.tmpl"),)
