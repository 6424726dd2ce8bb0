"""Subscribes rss2email to the feed at argv[1], in the home folder it is given, and lists all mails it ever delivered.

A mail that is listed once is no new mail any more.
"""

import configparser
import json
import pathlib
import subprocess
import sys
from datetime import timezone
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime

home = pathlib.Path.home()
config, box = home / "rss2email.cfg", home / "mail"


def r2e(*arguments):
    command = ["r2e", "-c", config, "-d", home / "rss2email.json", *arguments]
    talk = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    if "error" in talk.lower():
        sys.exit(talk)


if not config.exists():
    r2e("new", "reader@example.org")
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(config)
    settings["DEFAULT"].update({
        "email-protocol": "maildir",
        "maildir-path": str(box),
        "maildir-mailbox": "feeds",
        "date-header": "True",
        "date-header-order": "issued, modified",
    })
    with config.open("w") as file:
        settings.write(file)
    box.mkdir()
    r2e("add", "dispatch", sys.argv[1])
r2e("run")

for path in sorted([*box.rglob("cur/*"), *box.rglob("new/*")]):
    is_new = path.parent.name == "new"
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    # UTC is written `-0000` in mails, which Python does not count as a time zone.
    date = parsedate_to_datetime(mail["Date"])
    date = date.astimezone(timezone.utc) if date.tzinfo else date
    date = date.strftime("%Y-%m-%dT%H:%M:%SZ")
    title, link, guid = (str(mail[header]) for header in ("Subject", "X-RSS-URL", "X-RSS-ID"))
    print(json.dumps({"id": guid, "title": title, "link": link, "date": date, "new": is_new}))
    if is_new:
        path.rename(path.parent.parent / "cur" / path.name)
