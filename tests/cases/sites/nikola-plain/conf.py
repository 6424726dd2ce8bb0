BLOG_AUTHOR = "Ann"
BLOG_TITLE = "Plain"
SITE_URL = "https://example.org/~ann/"
BLOG_EMAIL = "ann@example.org"
BLOG_DESCRIPTION = "Little site"
DEFAULT_LANG = "en"
THEME = "base"
COMPILERS = {
    "markdown": (".md", ".mdown", ".markdown"),
    "html": (".html", ".htm"),
}
FEED_LENGTH = 1000
TIMEZONE = "America/Caracas"
NAVIGATION_LINKS = {}
POSTS = (("posts/*.md", "posts", "post.tmpl"), ("posts/*.html", "posts", "post.tmpl"))
PAGES = ()
PRETTY_URLS = False
STRIP_INDEXES = True
USE_SLUGIFY = False
RSS_PATH = "feeds"
TRANSLATIONS = {
    DEFAULT_LANG: "",
    "es": "./es",
}
