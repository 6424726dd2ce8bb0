"""Subscribes sfeed to the feed at argv[1], in the home folder it is given, and lists what it then holds."""

import json
import pathlib
import subprocess
import sys
from datetime import datetime, timezone

home = pathlib.Path.home()
feeds, config = home / "feeds", home / "sfeedrc"
feeds.mkdir(exist_ok=True)
config.write_text(f'sfeedpath="{feeds}"\nfeeds() {{ feed dispatch "{sys.argv[1]}"; }}\n')
subprocess.run(["sfeed_update", config], check=True, stdout=sys.stderr)

# One entry a line, with tabs between: time, title, link, content, content type, id, author, enclosure, categories.
for line in (feeds / "dispatch").read_text(encoding="utf-8").splitlines():
    seconds, title, link, _content, _type, guid, *_ = line.split("\t")
    date = datetime.fromtimestamp(int(seconds), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    print(json.dumps({"id": guid, "title": title, "link": link, "date": date}))
