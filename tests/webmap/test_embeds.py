"""The map in other people's pages: who may frame it, what its address takes, how it is announced."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geo.store.embed_sites import EmbedSite
from webmap.app import create_app
from webmap.config import Config
from webmap.embedding import allowed, options, theme
from webmap.embedding.counting import UseCounter
from webmap.embedding.snippets import element_html

KEY = "changgekey"
SITE = EmbedSite(KEY, "长葛", ("https://www.changge.gov.cn",), ("411082",), datetime.now(UTC), "root")


@dataclass
class Framed:
    client: FlaskClient
    opened: list[str]

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, answer.get_data(as_text=True)[:400]
        return answer.get_data(as_text=True)

    def framers(self, path: str) -> list[str]:
        policy = self.client.get(path).headers["Content-Security-Policy"]
        return policy.partition("frame-ancestors ")[2].split()


@pytest.fixture
def framed(config: Config) -> Iterator[Framed]:
    """The facts, one configured host, and one website with a key for one county."""
    made = create_app(replace(config, frame_ancestors=("https://www.xuchang.gov.cn",)))
    allowed.write(config.snapshots, [SITE])
    opened: list[str] = []
    made.extensions["relitu"].embed_uses.opened = opened.append
    yield Framed(made.test_client(), opened)
    (config.snapshots / allowed.FILE).unlink()


def test_a_key_lets_its_site_frame_and_counts(framed: Framed) -> None:
    assert framed.framers(f"/embed?site={KEY}") == ["'self'", "https://www.xuchang.gov.cn", *SITE.origins]
    assert framed.framers("/embed") == ["'self'", "https://www.xuchang.gov.cn"]
    assert framed.opened == [KEY]


@pytest.mark.parametrize("path", ["/", "/list", "/embed/maker", "/embed/gallery", "/api/summary", "/county/411082"])
def test_nothing_but_the_embed_may_be_framed(path: str, framed: Framed) -> None:
    assert framed.framers(path) == ["'self'"]


def test_a_key_shows_its_counties_only(framed: Framed) -> None:
    page = framed.get(f"/embed?site={KEY}&layers=none&list=1")
    own = framed.get("/embed?layers=none&list=1&county=411082")
    total = re.compile(r'data-total="(\d+)"')
    assert total.findall(page) == total.findall(own)
    assert total.findall(page) != total.findall(framed.get("/embed?layers=none&list=1"))
    assert 'data-counties="[&#34;411082&#34;]"' in framed.get(f"/embed?site={KEY}")


@pytest.mark.parametrize("query", ["county=410882", "county=411082,410882", "city=411000"])
def test_a_county_beyond_the_key_is_refused_where_the_webmaster_sees_it(query: str, framed: Framed) -> None:
    page = framed.get(f"/embed?site={KEY}&{query}", 403)
    assert "此密钥不能显示" in page
    assert SITE.origins[0] in framed.framers(f"/embed?site={KEY}&{query}")


def test_an_unknown_or_revoked_key_opens_nothing(framed: Framed, config: Config) -> None:
    assert "密钥不存在或已停用" in framed.get("/embed?site=nobody", 403)
    assert framed.framers("/embed?site=nobody") == ["'self'", "https://www.xuchang.gov.cn"]
    allowed.write(config.snapshots, [replace(SITE, revoked_at=datetime.now(UTC))])
    framed.client.application.extensions["relitu"].embed_sites._looked = 0.0
    framed.get(f"/embed?site={KEY}", 403)


def test_a_list_that_cannot_be_read_allows_nobody(framed: Framed, config: Config) -> None:
    (config.snapshots / allowed.FILE).write_text('{"sites": [{"key"', encoding="utf-8")
    framed.client.application.extensions["relitu"].embed_sites._looked = 0.0
    framed.get(f"/embed?site={KEY}", 403)


def test_a_copy_is_old_once_the_site_changes(framed: Framed, config: Config) -> None:
    first = framed.client.get(f"/embed?site={KEY}")
    again = framed.client.get(f"/embed?site={KEY}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    allowed.write(config.snapshots, [replace(SITE, origins=("https://new.cn",))])
    framed.client.application.extensions["relitu"].embed_sites._looked = 0.0
    changed = framed.client.get(f"/embed?site={KEY}", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert "https://new.cn" in changed.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("theme=pink", ["theme"]),
        ("layers=heat,choropleth", ["layers"]),
        ("layers=none,heat", ["layers"]),
        ("layers=", ["layers"]),
        ("accent=red", ["accent"]),
        ("accent=%23%3Cscript%3E", ["accent"]),
        ("zoom=99&center=200,95&list=yes", ["list", "zoom", "center"]),
        ("center=113", ["center"]),
        ("site=A%20B", ["site"]),
        ("nothing=1", ["nothing"]),
    ],
)
def test_a_bad_option_is_named(query: str, names: list[str], framed: Framed) -> None:
    page = framed.get(f"/embed?{query}", 400)
    assert re.findall(r"<code>(\w+)=", page) == names


def test_options_say_the_same_when_written_again() -> None:
    query = "site=k&layers=heat,features&theme=dark&accent=c0392b&controls=0&legend=0&list=1&figure=1&zoom=9.5&center=113.7,34.2"
    asked = options.parse(dict(pair.split("=") for pair in query.split("&")))
    assert options.parse(dict(asked.query())) == asked
    assert asked.centre == (113.7, 34.2)
    assert list(options.parse({}).query()) == []


def test_a_figure_says_number_area_and_demonstration(framed: Framed) -> None:
    page = framed.get("/embed?layers=none&figure=1&kind=plot&county=411082")
    assert 'class="embed-n">7<' in page
    assert re.search(r'class="embed-sum">.*?平方公里', page, re.DOTALL)
    assert "含演示数据7项" in page
    assert "没有符合条件的内容" in framed.get("/embed?layers=none&figure=1&q=zzzzzz")


@pytest.mark.parametrize("accent", ["ffff00", "000000", "ffffff", "0f5c5c", "ff69b4", "c0392b"])
def test_an_accent_can_always_be_read(accent: str, framed: Framed) -> None:
    sheet = framed.get(f"/embed/theme.css?accent={accent}")
    light, dark = re.findall(r"--accent:#([0-9a-f]{6})", sheet)[:2]
    assert theme.contrast(theme.colour_of(light), theme.WHITE) >= theme.LEAST_CONTRAST - 0.05
    assert theme.contrast(theme.colour_of(dark), theme.DARK_GROUND) >= theme.LEAST_CONTRAST - 0.05
    framed.get("/embed/theme.css", 400)


def test_the_loader_is_small_public_and_lasting(framed: Framed) -> None:
    answer = framed.client.get("/embed.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) <= 5 * 1024
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.mimetype == "text/javascript"
    again = framed.client.get("/embed.js", headers={"If-None-Match": answer.headers["ETag"], "Accept-Encoding": "gzip"})
    assert again.status_code == 304
    assert "interface RelituEmbed" in framed.get("/embed.d.ts")


def test_the_loader_is_es2019_with_one_global() -> None:
    text = (Path(__file__).parents[2] / "webmap/static/embed/embed.js").read_text(encoding="utf-8")
    assert set(re.findall(r"window\.([A-Z]\w*)\s*=", text)) == {"Relitu"}
    assert not re.search(r"\?\.|\?\?|\beval\b|innerHTML", text)


def oembed(framed: Framed, address: str, status: int = 200, **more: str) -> dict[str, object]:
    answer = framed.client.get("/oembed", query_string={"url": address, **more})
    assert answer.status_code == status, answer.get_data(as_text=True)
    found: dict[str, object] = json.loads(answer.data)
    return found


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("/", "/embed"),
        ("/?kind=plot&county=411082&select=county/411082&map=9/34/113", "/embed?county=411082&kind=plot"),
        ("/county/411082?lang=en", "/embed?county=411082&lang=en"),
        ("/list?kind=project&offset=50", "/embed?kind=project&layers=none&list=1"),
        ("/embed?theme=dark&kind=park", "/embed?kind=park&theme=dark"),
    ],
)
def test_oembed_gives_the_frame_of_an_address(path: str, source: str, framed: Framed) -> None:
    found = oembed(framed, f"http://localhost{path}", maxwidth="500", maxheight="300")
    assert (found["version"], found["type"], found["width"], found["height"]) == ("1.0", "rich", 500, 300)
    frame = ET.fromstring(str(found["html"]).replace("<iframe ", "<iframe ").replace(' loading="lazy"', ""))  # noqa: S314
    assert frame.attrib["src"] == f"http://localhost{source}"
    assert framed.client.get(source).status_code == 200


def test_oembed_refuses_what_it_cannot_embed(framed: Framed) -> None:
    oembed(framed, "https://elsewhere.cn/", 404)
    oembed(framed, "http://localhost/staff/", 404)
    oembed(framed, "javascript:alert(1)", 404)
    oembed(framed, "http://localhost/?theme=pink&layers=1", 400)
    oembed(framed, "http://localhost/county/999999", 400)
    assert framed.client.get("/oembed?url=http://localhost/&format=yaml").status_code == 501


def test_oembed_as_xml_and_for_other_sites(framed: Framed) -> None:
    answer = framed.client.get("/oembed?format=xml&url=http://localhost/%3Fkind%3Dplot")
    root = ET.fromstring(answer.data)  # noqa: S314
    assert root.tag == "oembed"
    assert (root.findtext("html") or "").startswith("<iframe src=")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/", "/list?kind=plot", "/county/411082", "/embed?kind=plot"])
def test_pages_announce_their_frame(path: str, framed: Framed) -> None:
    (link,) = re.findall(r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', framed.get(path))
    found = json.loads(framed.get(link.replace("&amp;", "&")))
    assert found["type"] == "rich"


def test_a_snippet_cannot_be_broken_out_of() -> None:
    snippet = element_html([("q", '"><script>alert(1)</script>'), ("area_min", "5")], 400, "https://a.cn/embed.js")
    assert "<script>alert" not in snippet
    assert 'data-area-min="5"' in snippet


def test_the_gallery_has_an_example_of_each_and_none_is_empty(framed: Framed) -> None:
    page = framed.get("/embed/gallery")
    assert re.findall(r'gallery-item" id="(\w+)"', page) == ["plots", "heat", "route", "table", "figure"]
    for attributes in re.findall(r"<div class=\"gallery-frame\" data-relitu([^>]*)>", page):
        pairs = dict(re.findall(r'data-([\w-]+)="([^"]*)"', attributes))
        pairs.pop("height", None)
        pairs = {name.replace("-", "_"): value for name, value in pairs.items()}
        answer = framed.client.get("/embed", query_string={**pairs, "layers": "none", "list": "1"})
        found = re.search(r'data-total="(\d+)"', answer.get_data(as_text=True))
        assert found
        assert int(found.group(1)) > 0, pairs
        if "heat" in pairs.get("layers", ""):
            heat = framed.client.get("/api/heat", query_string={"chain": pairs["chain"]}).get_json()
            assert heat["projects"] > 0


def test_the_gallery_calls_a_route_by_its_name_in_the_readers_language(framed: Framed) -> None:
    assert re.search(r"An inspection route: Demo route", framed.get("/embed/gallery?lang=en"))


def test_a_gallery_of_nothing_says_so(app_of: Callable[..., Flask]) -> None:
    page = app_of([]).test_client().get("/embed/gallery")
    assert page.status_code == 200
    assert "还没有可以展示的内容" in page.get_data(as_text=True)


def test_openings_wait_for_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    saved: list[dict[tuple[str, str], int]] = []
    away = True

    def save(opened: object) -> None:
        if away:
            raise OSError("away")
        saved.append(dict(opened))  # type: ignore[call-overload]

    counter = UseCounter(save)
    for _ in range(3):
        counter.opened("k")
    counter.flush()
    away = False
    counter.opened("k")
    counter.flush()
    counter.flush()
    assert [list(each.values()) for each in saved] == [[4]]
    UseCounter().opened("k")  # nobody keeps a record: nothing is counted, nothing fails
