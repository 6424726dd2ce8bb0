"""Subscribes newsboat to the feed at argv[1], in the home folder it is given, and lists what it then holds.

What is listed once counts as read from then on.
"""

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
database = sqlite3.connect(cache)
rows = database.execute("select guid, title, url, pubDate, unread from rss_item where deleted = 0").fetchall()
for guid, title, link, seconds, unread in rows:
    date = datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    print(json.dumps({"id": guid, "title": title, "link": link, "date": date, "new": bool(unread)}))
database.execute("update rss_item set unread = 0")
database.commit()
