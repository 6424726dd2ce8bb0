"""Lists what Python's feedparser finds in the feed at argv[1]. It keeps no state."""

import json
import sys
import time

import feedparser

feed = feedparser.parse(sys.argv[1])
if feed.bozo:
    sys.exit(f"feedparser complains: {feed.bozo_exception!r}")
for entry in feed.entries:
    date = time.strftime("%Y-%m-%dT%H:%M:%SZ", entry.published_parsed)
    print(json.dumps({"id": entry.id, "title": entry.get("title"), "link": entry.link, "date": date}))
