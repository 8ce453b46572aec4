"""A worker has made what the first visitor asks for before he comes."""

from __future__ import annotations

import re
from html import unescape
from typing import cast

import pytest
from flask import Flask

from webmap import wsgi
from webmap.serving.front import EXTENSION, Front


@pytest.mark.parametrize("address", ["/", "/?lang=en", "/list", "/embed"])
def test_every_file_of_a_first_page_is_kept_compressed(address: str, app: Flask) -> None:
    wsgi._warm(app)
    client, front = app.test_client(), cast(Front, app.extensions[EXTENSION])

    def worked() -> int:
        return sum(n for (metric, _), n in front.tallies.sums().items() if metric == "relitu_worked_requests_total")

    html = client.get(address).text
    named = {unescape(name) for name in re.findall(r'<(?:link|script|img)\b[^>]*?(?:href|src)="(/[^"]+)"', html)}
    files = {name for name in named if name.startswith(("/static/", "/assets/"))}
    assert len(files) >= 5
    before = worked()
    for name in files:
        answer = client.get(name, headers={"Accept-Encoding": "br"})
        assert answer.status_code == 200
        assert answer.content_encoding in ("br", None)
    assert worked() == before, files
