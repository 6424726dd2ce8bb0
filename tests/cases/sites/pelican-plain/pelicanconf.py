AUTHOR = 'Ann'
SITENAME = 'Plain Pages'
SITEURL = ''
PATH = 'content'
TIMEZONE = 'Asia/Kolkata'
DEFAULT_LANG = 'en'
FEED_ALL_ATOM = None
