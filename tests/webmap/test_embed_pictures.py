"""The picture that the page of embed codes offers: the view's own, with words for who cannot see it, in the map's language."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from PIL import Image

from geo.store.embed_sites import EmbedSite
from webmap.app import create_app
from webmap.config import Config
from webmap.embedding import allowed
from webmap.embedding.snippets import picture_html

KEY = "changgekey"
SITE = EmbedSite(KEY, "长葛", ("https://www.changge.gov.cn",), ("411082",), datetime.now(UTC), "root")


@pytest.fixture
def keyed(config: Config) -> Iterator[FlaskClient]:
    """An installation with one website's key for one county."""
    made = create_app(config)
    allowed.write(config.snapshots, [SITE])
    yield made.test_client()
    (config.snapshots / allowed.FILE).unlink()


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[tag] = {name: value or "" for name, value in attrs}


def offered(client: FlaskClient, query: str) -> dict[str, dict[str, str]]:
    """The tags of the code of the picture."""
    page = client.get(f"/embed/maker?{query}").get_data(as_text=True)
    code = re.search(r'<textarea id="snippet-picture"[^>]*>(.*?)</textarea>', page, re.S)
    assert code
    return Tags(unescape(code[1])).found


def asked(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


def test_the_picture_is_of_the_chosen_view(client: FlaskClient) -> None:
    query = "kind=plot&county=411082&layers=choropleth,features&legend=0&zoom=9&center=113.8,34.2&map_lang=en"
    tags = offered(client, f"{query}&picture=800x600")
    image = tags["img"]
    assert urlsplit(image["src"]).path == "/map.png"
    assert asked(image["src"]) == {
        "kind": ["plot"],
        "county": ["411082"],
        "view": ["choropleth"],
        "center": ["113.8,34.2"],
        "zoom": ["9"],
        "legend": ["0"],
        "lang": ["en"],
        "size": ["800x600"],
    }
    assert (image["width"], image["height"]) == ("800", "600")
    assert image["alt"] == "Investment Map – Counties: Changge City; Industrial plot"
    drawn = client.get(image["src"].removeprefix("http://localhost"))
    assert Image.open(io.BytesIO(drawn.data)).size == (800, 600)
    target = tags["a"]["href"]
    assert target.startswith("http://localhost/?")
    assert asked(target)["map"] == ["9/34.2/113.8"]
    assert client.get(target.removeprefix("http://localhost")).status_code == 200


def test_the_page_shows_the_picture_and_gives_both_forms_of_it(client: FlaskClient) -> None:
    page = client.get("/embed/maker?county=411082").get_data(as_text=True)
    for form in ("png", "svg"):
        found = re.search(rf'href="(/map\.{form}\?[^"]*)" download', page)
        assert found
        assert client.get(unescape(found[1])).mimetype == ("image/png" if form == "png" else "image/svg+xml")
    assert 'alt="招商合作热力图：长葛市"' in page


@pytest.mark.parametrize(("query", "alt"), [("", "招商合作热力图"), ("layers=heat", "招商合作热力图 – 热力")])
def test_a_view_without_conditions_is_named(query: str, alt: str, client: FlaskClient) -> None:
    assert offered(client, query)["img"]["alt"] == alt


def test_a_key_holds_the_picture_within_its_counties(keyed: FlaskClient) -> None:
    assert asked(offered(keyed, f"site={KEY}&kind=plot")["img"]["src"])["county"] == ["411082"]
    beyond = keyed.get(f"/embed/maker?site={KEY}&county=410882")
    assert beyond.status_code == 200
    assert "snippet-picture" not in beyond.get_data(as_text=True)


def test_there_is_no_picture_of_what_is_no_map(client: FlaskClient) -> None:
    assert "snippet-picture" not in client.get("/embed/maker?layers=none&list=1").get_data(as_text=True)


def test_an_unknown_size_is_named(client: FlaskClient) -> None:
    answer = client.get("/embed/maker?picture=99999x9")
    assert answer.status_code == 400
    assert "picture=99999x9" in answer.get_data(as_text=True)


def test_a_zoom_from_too_far_is_brought_to_the_least(client: FlaskClient) -> None:
    source = offered(client, "zoom=1&center=113.8,34.2")["img"]["src"]
    assert client.get(source.removeprefix("http://localhost")).status_code == 200


def test_words_cannot_leave_the_attribute() -> None:
    tags = Tags(picture_html("/map.png", "/", '"><script>', (800, 600))).found
    assert set(tags) == {"a", "img"}
    assert tags["img"]["alt"] == '"><script>'


def test_the_name_of_the_site_may_be_another(config: Config) -> None:
    client = create_app(replace(config, title_zh='长葛"投资"图')).test_client()
    assert offered(client, "")["img"]["alt"] == '长葛"投资"图'
