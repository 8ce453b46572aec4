"""The entry of a server's worker: the application of the data folder named by RELITU_DATA."""

from __future__ import annotations

import os
import re
import threading
from html import unescape
from pathlib import Path

import brotli
from flask import Flask

from webmap.app import create_app
from webmap.config import load_config
from webmap.memory import collect_seldom, give_back
from webmap.serving import processors
from webmap.serving.following import follower

DATA_VARIABLE = "RELITU_DATA"
WARMING = ("/", "/?lang=en", "/api/boundaries", "/list", "/embed")
FILES = re.compile(r'(?:href|src)="(/(?:static|assets)/[^"]+)"')


def application() -> Flask:
    """A fresh application; called once in every worker."""
    give_back()
    collect_seldom()
    if processors.FOLDER_VARIABLE in os.environ:
        processors.keep_to_one(Path(os.environ[processors.FOLDER_VARIABLE]))
    config = load_config(Path(os.environ[DATA_VARIABLE]))
    app = create_app(config)
    if following := follower(config):
        following.start()
    threading.Thread(target=_warm, args=(app,), name="warming", daemon=True).start()
    return app


def _warm(app: Flask) -> None:
    """Load the libraries, templates and compressed files that the first visitor would have to wait for."""
    client = app.test_client()
    asked = {"Accept-Encoding": "br"}
    named: set[str] = set()
    for address in WARMING:
        answer = client.get(address, headers=asked)
        if answer.mimetype == "text/html" and answer.content_encoding == "br":
            named |= {unescape(found) for found in FILES.findall(brotli.decompress(answer.data).decode())}
    for address in sorted(named):
        client.get(address, headers=asked)
