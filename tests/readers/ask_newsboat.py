"""Subscribes newsboat to the feed at argv[1], in the home folder it is given, and lists what it then holds."""

import json
import pathlib
import sqlite3
import subprocess
import sys
from datetime import datetime, timezone

home = pathlib.Path.home()
urls, config, cache = home / "urls", home / "config", home / "cache.db"
urls.write_text(sys.argv[1] + "\n")
config.write_text("max-items 0\n")
subprocess.run(
    ["newsboat", "-q", "-u", urls, "-C", config, "-c", cache, "-x", "reload"],
    check=True,
    stdout=sys.stderr,
)
rows = sqlite3.connect(cache).execute("select guid, title, url, pubDate from rss_item where deleted = 0")
for guid, title, link, seconds in rows:
    date = datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    print(json.dumps({"id": guid, "title": title, "link": link, "date": date}))
