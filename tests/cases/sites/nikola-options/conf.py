BLOG_AUTHOR = "Ann"
BLOG_TITLE = "Options"
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
TIMEZONE = "UTC"
POSTS = (("posts/*.md", "blog", "post.tmpl"),)
PAGES = (("pages/*.md", "", "page.tmpl"),)
STRIP_INDEXES = False
INDEX_PATH = "blog"
