"""Lists what Python's feedparser finds in the feed at argv[1]. What it found last it keeps in the home folder it is given,
and asks whether that has changed."""

import json
import pathlib
import sys
import time

import feedparser

kept = pathlib.Path.home() / "kept.json"
known = json.loads(kept.read_text()) if kept.exists() else {}
feed = feedparser.parse(sys.argv[1], etag=known.get("etag"), modified=known.get("modified"))
if feed.bozo:
    sys.exit(f"feedparser complains: {feed.bozo_exception!r}")
if feed.status != 304:
    lines = []
    for entry in feed.entries:
        date = time.strftime("%Y-%m-%dT%H:%M:%SZ", entry.published_parsed)
        lines.append({"id": entry.id, "title": entry.get("title"), "link": entry.link, "date": date})
    known = {"etag": feed.get("etag"), "modified": feed.get("modified"), "lines": lines}
    kept.write_text(json.dumps(known))
for line in known["lines"]:
    print(json.dumps(line))
