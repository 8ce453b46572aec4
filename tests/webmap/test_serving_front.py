"""Answers ahead of Flask: the same to the letter as Flask's, made once, never another version's, never another's."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator

import brotli
import pytest
from flask import Flask, Response, make_response, request
from flask.testing import FlaskClient
from shapely import box
from werkzeug.test import Client, TestResponse

import datasets.world
from geo.model import Feature, default_kinds
from geo.publish import Shelf
from webmap.serving import front as fronts
from webmap.serving.kept import KeptAnswer, KeptAnswers, keep

PLOT = default_kinds().get("plot")
LEAST = {"county": "411082", "precision": "surveyed", "source": "t", "area_m2": 1, "code": "A"}
BROWSER = "gzip, deflate, br, zstd"


def plot(own_id: str, status: str = "available", east: float = 0.0) -> Feature:
    shape = box(113.82 + east, 34.22, 113.825 + east, 34.225)
    return PLOT.from_row({"id": own_id, "name": own_id, "status": status, **LEAST}, shape)


@pytest.fixture
def app(app_of: Callable[..., Flask]) -> Flask:
    made = app_of([plot("one"), plot("two", "granted", 0.006)])
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def tile(app: Flask, query: str = "", version: str = "") -> str:
    return f"/tiles/{version or app.extensions['relitu'].snapshot.version}/plot/13/6686/3266.mvt{query}"


def lines(answer: TestResponse) -> list[tuple[str, str]]:
    """All headers but the moment."""
    return [(name, value) for name, value in answer.headers if name != "Date"]


def public(app: Flask) -> Iterator[str]:
    static = app.config["STATIC_VERSION"]
    version = app.extensions["relitu"].snapshot.version
    yield tile(app)
    yield tile(app, "?status=granted&lang=en")
    yield "/tiles/plot.json"
    yield f"/static/{static}/js/map.js"
    yield "/"
    yield "/list?kind=plot&lang=en"
    yield f"/api/summary?v={version}"
    yield "/api/boundaries"
    yield "/assets/palette.css"


@pytest.mark.parametrize("accepted", [BROWSER, "gzip", "br", "identity", "", "br;q=0.1, gzip", "*", "gzip;q=0"])
def test_a_kept_answer_is_the_first_to_the_letter(
    app: Flask, client: FlaskClient, asked: list[str], accepted: str
) -> None:
    headers = {"Accept-Encoding": accepted}
    for address in public(app):
        first = client.get(address, headers=headers)
        assert first.status_code == 200, address
        count = len(asked)
        again = client.get(address, headers=headers)
        assert len(asked) == count, f"{address} was asked of Flask again"
        assert (again.status, lines(again), again.data) == (first.status, lines(first), first.data)
        assert "Content-Security-Policy" in again.headers and "Set-Cookie" not in again.headers


def test_304_and_head_are_those_of_flask(app: Flask, client: FlaskClient, asked: list[str]) -> None:
    bare = Client(app.extensions[fronts.EXTENSION]._inner)
    for address in public(app):
        first = client.get(address)
        known = {"If-None-Match": first.headers["ETag"]}
        count = len(asked)
        kept, of_flask = client.get(address, headers=known), bare.get(address, headers=known)
        assert (kept.status_code, kept.data) == (304, b"")
        assert sorted(lines(kept)) == sorted(lines(of_flask)), address
        several = client.get(address, headers={"If-None-Match": f'"other", {first.headers["ETag"]}'})
        other = client.get(address, headers={"If-None-Match": '"other"'})
        assert (several.status_code, other.status_code) == (304, 200)
        head = client.head(address)
        assert (head.status_code, head.data, lines(head)) == (200, b"", lines(first))
        assert len(asked) == count + 1  # the one that went to Flask on purpose


def test_what_the_client_cannot_read_is_never_sent(app: Flask, client: FlaskClient) -> None:
    address = tile(app)
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    packed = client.get(address, headers={"Accept-Encoding": BROWSER})
    assert packed.headers["Content-Encoding"] == "gzip" and gzip.decompress(packed.data) == plain.data
    page = client.get("/list", headers={"Accept-Encoding": BROWSER})
    assert page.headers["Content-Encoding"] == "br"
    assert brotli.decompress(page.data) == client.get("/list").data
    assert (
        gzip.decompress(client.get("/list", headers={"Accept-Encoding": "gzip, br;q=0"}).data)
        == client.get("/list").data
    )


def test_equal_filters_share_an_entry(app: Flask, client: FlaskClient, asked: list[str]) -> None:
    kept = app.extensions[fronts.EXTENSION].kept
    first = client.get(tile(app, "?status=granted&county=411082"))
    entries, reached = len(kept), len(asked)
    assert client.get(tile(app, "?county=411082&status=granted")).headers["ETag"] == first.headers["ETag"]
    assert (len(kept), len(asked)) == (entries, reached + 1)  # asked once to learn that it is the same
    for query in ("?county=411082&status=granted", "?status=granted&county=411082"):
        client.get(tile(app, query))
    same = client.get(tile(app, "?status=granted,granted&county=411082&q=&view=heat"))
    assert same.headers["ETag"] == first.headers["ETag"]
    assert (len(kept), len(asked)) == (entries, reached + 2)
    client.get("/api/summary?status=granted&county=411082")
    before = len(asked)
    client.get("/api/summary?county=411082&status=granted")
    assert len(asked) == before


def test_values_of_one_name_keep_their_order(client: FlaskClient) -> None:
    chinese, english = client.get("/list?lang=zh&lang=en"), client.get("/list?lang=en&lang=zh")
    assert chinese.data != english.data


def test_unknown_parameters_are_refused_and_not_kept(app: Flask, client: FlaskClient) -> None:
    kept = app.extensions[fronts.EXTENSION].kept
    entries = len(kept)
    for number in range(20):
        answer = client.get(tile(app, f"?colour={number}"))
        assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert client.get(tile(app, "?q=" + "x" * 3000)).status_code in (200, 400)
    assert len(kept) == entries


def test_a_new_version_takes_the_place_of_the_old_at_once(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, front = app.extensions["relitu"], app.extensions[fronts.EXTENSION]
    old, page = tile(app), client.get("/list").data
    assert client.get(old).status_code == client.get(old).status_code == 200
    static = f"/static/{app.config['STATIC_VERSION']}/js/map.js"
    client.get(static)
    shelf = Shelf(site.config.snapshots)
    new = shelf.publish([plot("three")], default_kinds(), datasets.world.load())
    answer = client.get(tile(app, version=new))  # known before this worker has looked by itself
    assert answer.status_code == 200
    gone = client.get(old)
    assert (gone.status_code, gone.get_json()["current"]) == (404, new)
    assert client.get("/list").data != page
    assert len(front.kept) == 3  # the file, the new tile, the new list
    assert front.kept.bytes == sum(held.weight for held in front.kept._answers.values())


def test_a_damaged_newest_version_leaves_the_old_one_in_service(app: Flask, client: FlaskClient) -> None:
    site = app.extensions["relitu"]
    version, shelf = site.snapshot.version, Shelf(site.config.snapshots)
    for text in ("0123456789abcdef", "../..", ""):
        (shelf.folder / "CURRENT").write_text(text)
        site.look()
        assert site.snapshot.version == version
        assert client.get(tile(app)).status_code == client.get("/list").status_code == 200
    (shelf.folder / "CURRENT").unlink()
    site.look()
    assert client.get("/list").status_code == 200
    assert site.trouble
    shelf.publish([plot("three")], default_kinds(), datasets.world.load())
    site.look()
    assert (site.snapshot.version != version, site.trouble) == (True, "")


def test_what_depends_on_the_host_is_not_mixed_up(client: FlaskClient) -> None:
    for host in ("a.example", "b.example", "a.example"):
        body = client.get("/tiles/plot.json", headers={"Host": host}).get_json()
        assert body["tiles"][0].startswith(f"http://{host}/tiles/")


def test_answers_for_one_client_are_never_kept(app: Flask) -> None:
    made = iter(range(100))

    def cookie() -> Response:
        keep("")
        answer = make_response(str(next(made)))
        answer.set_cookie("me", "1")
        return answer

    def varied() -> Response:
        keep("")
        answer = make_response(str(next(made)))
        answer.headers["Vary"] = "Accept-Encoding, Accept-Language"
        return answer

    def stale() -> Response:
        keep("0123456789abcdef")  # begun before a swap
        return make_response(str(next(made)))

    def kept() -> Response:
        keep("")
        return make_response(request.headers.get("Authorization", "nobody"))

    for view in (cookie, varied, stale, kept):
        app.add_url_rule(f"/test/{view.__name__}", view_func=view)
    client = app.test_client()
    for name in ("cookie", "varied", "stale"):
        assert client.get(f"/test/{name}").data != client.get(f"/test/{name}").data
    assert client.get("/test/kept", headers={"Authorization": "Bearer me"}).data == b"Bearer me"
    assert client.get("/test/kept").data == client.get("/test/kept").data == b"nobody"
    assert client.get("/test/kept", headers={"Authorization": "Bearer me"}).data == b"Bearer me"
    assert client.post("/test/kept").status_code == 405


def test_the_embedded_map_and_the_staff_are_never_kept(app: Flask, client: FlaskClient, asked: list[str]) -> None:
    for address in ("/embed", "/staff/login", "/healthz"):
        client.get(address)
        client.get(address)
    assert len(asked) == 6


def answer_of(size: int, version: str = "") -> KeptAnswer:
    return KeptAnswer(version, [("Content-Type", "x/y")], b"x" * size, '"tag"')


def test_the_budget_holds_and_what_is_used_outlives_a_crowd() -> None:
    kept = KeptAnswers(100_000)
    kept.add("hot", "hot", answer_of(1000))
    for number in range(500):
        found = kept.by_alias("hot")
        assert found is not None and found.body is not None
        found.used = True
        kept.add(number, number, answer_of(1000))
        assert kept.bytes <= 100_000
    assert kept.dropped > 400
    first = kept.by_alias(0)
    assert first is None or first.body is None  # dropped, though its spelling may still be known


def test_one_that_is_too_large_is_not_kept() -> None:
    kept = KeptAnswers(100_000)
    kept.add("large", "large", answer_of(20_000))
    assert (len(kept), kept.bytes) == (0, 0)


def test_spellings_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webmap.serving.kept.ALIASES", 10)
    kept = KeptAnswers(100_000)
    kept.add("one", "one", answer_of(10))
    for number in range(100):
        assert kept.by_key("one", number) is not None
        assert len(kept._aliases) <= 10
