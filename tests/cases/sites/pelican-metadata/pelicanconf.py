SITENAME = 'Metadata'
SITEURL = 'https://example.org'
PATH = 'content'
TIMEZONE = 'Europe/Paris'
DEFAULT_METADATA = {
    'status': 'draft',
}
EXTRA_PATH_METADATA = {
    'notes/kept.md': {'status': 'draft'},
    'extra/given.md': {'date': '2024-04-05', 'slug': 'given-slug', 'status': 'published'},
}
ARTICLE_URL = '{category}/{slug}.html'
SLUGIFY_PRESERVE_CASE = True
SLUG_REGEX_SUBSTITUTIONS = [
    (r'[^\w\s.-]', ''),
    (r'\s+', '_'),
]
WITH_FUTURE_DATES = False
