"""Subscribes Python's reader to the feed at argv[1], in the home folder it is given, and lists what it then holds."""

import json
import pathlib
import sys
from datetime import timezone

from reader import make_reader

reader = make_reader(str(pathlib.Path.home() / "reader.sqlite"))
reader.add_feed(sys.argv[1], exist_ok=True)
reader.update_feed(sys.argv[1])
for entry in reader.get_entries():
    date = entry.published.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    print(json.dumps({"id": entry.id, "title": entry.title, "link": entry.link, "date": date}))
