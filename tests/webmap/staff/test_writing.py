"""Programs with tokens, over HTTP: from what is sent to what the public sees, by way of a second person; and what is refused."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import shapely
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from staff_office import ELSEWHERE, OTHER, OWN, SQUARE, Installation, made
from werkzeug.test import TestResponse

from datasets.labels import Label
from geo.crs.ogc import EPSG, offered
from geo.store import audit
from geo.store.database import writing
from geo.store.failures import StoreUnreachable
from geo.store.revisions import Change, State
from geo.store.tables import metadata, tokens
from webmap.app import create_app
from webmap.config import Config

ITEMS = "/api/collections/plot/items"
PROPERTIES = {
    "name": "甲地块",
    "county": OWN,
    "precision": "surveyed",
    "source": "国土平台",
    "code": "C-1",
    "area_m2": 1_022_000,
    "status": "available",
    "land_use": "M1",
    "far_min": 1.2,
}


class Program:
    """A client with a token."""

    def __init__(self, here: Installation, secret: str) -> None:
        self.here = here
        self.client: FlaskClient = here.app.test_client()
        self.secret = secret

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        media = "application/merge-patch+json" if method == "PATCH" else "application/geo+json"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"Authorization": f"Bearer {self.secret}", "Content-Type": media, **named}
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body)
        return self.client.open(path, method=method, data=data, headers=sent)


def program(here: Installation, name: str = "editor", **more: Any) -> Program:
    return Program(here, here.desk.tokens.add(name, "同步", more.pop("scopes", ["features:write"]), by=name, **more)[1])


@pytest.fixture
def writer(here: Installation) -> Program:
    return program(here)


def feature(shape: shapely.Geometry | None = SQUARE, **properties: Any) -> dict[str, Any]:
    geometry = None if shape is None else shapely.geometry.mapping(shape)
    return {"type": "Feature", "geometry": geometry, "properties": {**PROPERTIES, **properties}}


def number_of_revisions(here: Installation) -> int:
    with here.desk.store.engine.connect() as connection:
        return len(connection.execute(select(metadata.tables["revisions"].c.number)).all())


def public(here: Installation, path: str) -> TestResponse:
    here.app.extensions["relitu"].look()
    return here.app.test_client().get(path)


def test_from_a_program_to_the_public_by_way_of_a_second_person(here: Installation, writer: Program) -> None:
    made = writer.ask("POST", f"{ITEMS}?submit=true&reason=新供应", feature())
    assert made.status_code == 201, made.text
    body, path = made.get_json(), made.headers["Location"].removeprefix("http://localhost")
    assert (body["record"]["state"], body["record"]["revision"], body["record"]["public"]) == ("submitted", 1, None)
    assert made.headers["ETag"] == '"1"'
    assert path == f"{ITEMS}/{body['id']}"
    assert public(here, path).status_code == 404
    own = writer.ask("GET", path)
    assert own.get_json()["properties"] == body["properties"]
    assert "Access-Control-Allow-Origin" not in own.headers
    reviewer = here.browser("reviewer")
    assert "甲地块" in reviewer.get("/staff/review/").text
    page = reviewer.get(body["record"]["page"].removeprefix("http://localhost")).text
    assert "新供应（接口令牌“同步”）" in page
    assert here.browser("editor").post(f"/staff/publish/{body['id']}", {"number": "1"}).status_code == 403
    assert reviewer.post(f"/staff/publish/{body['id']}", {"number": "1"}).status_code == 303
    seen = public(here, path)
    assert seen.status_code == 200
    found = seen.get_json()
    assert shapely.geometry.shape(found["geometry"]).equals(SQUARE)
    assert {name: found["properties"][name] for name in PROPERTIES} == PROPERTIES


def test_a_change_is_seen_by_its_token_only_until_it_is_approved(here: Installation, writer: Program) -> None:
    here.put(State.PUBLISHED, feature_id="plot-a", area_m2=1_022_000.0)
    here.desk.publish()
    path = f"{ITEMS}/plot-a"
    before = public(here, path).get_json()
    changed = writer.ask("PATCH", path, {"properties": {"name": "乙", "note": "改"}}, If_Match='"1"')
    assert changed.status_code == 200, changed.text
    assert changed.get_json()["record"].items() >= {"state": "draft", "revision": 2, "public": 1}.items()
    assert public(here, path).get_json() == before
    assert writer.ask("GET", path).get_json()["properties"]["name"] == "乙"
    assert writer.ask("GET", path).headers["ETag"] == '"2"'
    emptied = writer.ask("PATCH", f"{path}?submit=true", {"properties": {"note": None}}, If_Match='"2"')
    assert emptied.get_json()["properties"]["note"] is None
    reviewer = here.browser("reviewer")
    assert reviewer.post("/staff/publish/plot-a", {"number": "3"}).status_code == 303
    assert public(here, path).get_json()["properties"]["name"] == "乙"
    assert public(here, path).get_json()["geometry"] == before["geometry"]


def test_another_version_than_the_newest_is_refused_with_both_numbers(here: Installation, writer: Program) -> None:
    here.put(State.DRAFT, feature_id="plot-a")
    here.put(State.DRAFT, feature_id="plot-a", name="second")
    path = f"{ITEMS}/plot-a"
    for method in ("PUT", "PATCH", "DELETE"):
        late = writer.ask(method, path, feature(), If_Match='"1"')
        assert late.status_code == 412
        told = late.get_json()
        assert (told["expected"], told["current"], told["state"]) == ('"1"', 2, "draft")
        assert "2" in told["detail"]
        none = writer.ask(method, path, feature())
        assert (none.status_code, none.get_json()["current"], none.headers["ETag"]) == (428, 2, '"2"')
        assert writer.ask(method, path, feature(), If_Match='W/"2"').status_code == 412
        assert writer.ask(method, f"{ITEMS}/none", feature(), If_Match='"1"').status_code == 412
        assert writer.ask(method, f"{ITEMS}/none", feature()).status_code == 404
        assert writer.ask(method, "/api/collections/park/items/plot-a", feature()).status_code == 404
    assert number_of_revisions(here) == 2
    assert writer.ask("PUT", path, feature(code="C-9"), If_Match='"1", "2"').status_code == 200
    assert writer.ask("PUT", path, feature(code="C-8"), If_Match="*").status_code == 200


def test_what_waits_for_review_is_not_changed_under_the_reviewer(here: Installation, writer: Program) -> None:
    here.put(State.SUBMITTED, feature_id="plot-a")
    for method in ("PUT", "PATCH", "DELETE"):
        body = {"properties": {"name": "乙"}} if method == "PATCH" else feature()
        refused = writer.ask(method, f"{ITEMS}/plot-a", body, If_Match="*")
        assert (refused.status_code, refused.get_json()["state"]) == (409, "submitted")
    assert number_of_revisions(here) == 1


def test_an_overtaken_writer_leaves_nothing(
    here: Installation, writer: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.put(State.DRAFT, feature_id="plot-a")
    before = here.desk.store.current("plot-a")
    here.put(State.DRAFT, feature_id="plot-a", name="quicker")
    monkeypatch.setattr(here.desk.store, "current", lambda _: before)
    late = writer.ask("PUT", f"{ITEMS}/plot-a", feature(code="C-9"), If_Match='"1"')
    assert (late.status_code, late.get_json()["expected"], late.get_json()["current"]) == (409, 1, 2)
    assert number_of_revisions(here) == 2


def test_a_withdrawal_is_asked_for_and_approved(here: Installation, writer: Program) -> None:
    here.put(State.PUBLISHED, feature_id="plot-a")
    here.desk.publish()
    path = f"{ITEMS}/plot-a"
    asked = writer.ask("DELETE", f"{path}?reason=已出让", If_Match='"1"')
    assert asked.status_code == 202
    assert (asked.get_json()["record"]["state"], asked.get_json()["record"]["withdrawal"]) == ("submitted", True)
    assert writer.ask("DELETE", path, If_Match="*").status_code == 202
    assert number_of_revisions(here) == 2
    assert public(here, path).status_code == 200
    assert here.browser("reviewer").post("/staff/publish/plot-a", {"number": "2"}).status_code == 303
    assert public(here, path).status_code == 404
    assert writer.ask("DELETE", path, If_Match="*").status_code == 204
    here.put(State.DRAFT, feature_id="plot-b")
    assert writer.ask("DELETE", f"{ITEMS}/plot-b", If_Match="*").status_code == 409


def test_the_same_request_with_an_id_of_ones_own_adds_nothing(here: Installation, writer: Program) -> None:
    body = {**feature(), "id": "land-17"}
    first, second = writer.ask("POST", ITEMS, body), writer.ask("POST", ITEMS, body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.headers["Location"] == second.headers["Location"]
    assert number_of_revisions(here) == 1
    other = writer.ask("POST", ITEMS, {**feature(name="other"), "id": "land-17"})
    assert (other.status_code, other.get_json()["current"]) == (409, 1)
    submitted = writer.ask("POST", f"{ITEMS}?submit=true", body)
    assert (submitted.status_code, submitted.get_json()["record"]["state"]) == (200, "submitted")
    assert writer.ask("POST", f"{ITEMS}?submit=true", body).get_json()["record"]["revision"] == 2
    for bad in ("a/b", "..", "x" * 121, "a b"):
        answer = writer.ask("POST", ITEMS, {**feature(), "id": bad})
        assert (answer.status_code, answer.get_json()["findings"][0]["pointer"]) == (422, "/id"), bad


@pytest.mark.parametrize("code", [4326, 4490, 3857, 4526, 4547])
def test_coordinates_are_taken_in_the_system_that_is_named(code: int, here: Installation, writer: Program) -> None:
    crs = next(each for uri, each in offered((113, 34, 114, 35)).items() if uri == f"{EPSG}{code}")
    body = feature(crs.from_lonlat(SQUARE))
    made = writer.ask("POST", ITEMS, body, Content_Crs=f"<{crs.uri}>")
    assert made.status_code == 201, made.text
    revision = here.desk.store.current(made.get_json()["id"])
    assert revision is not None
    assert revision.geometry is not None
    assert revision.geometry.hausdorff_distance(SQUARE) < 1e-7
    assert revision.original_crs == f"EPSG:{code}"
    again = writer.ask("GET", f"{made.headers['Location']}?crs={crs.uri}").get_json()
    sent = {"type": "Feature", "geometry": again["geometry"], "properties": again["properties"]}
    same = writer.ask("PUT", made.headers["Location"], sent, If_Match='"1"', Content_Crs=f"<{crs.uri}>")
    assert (same.status_code, same.get_json()["record"]["revision"]) == (200, 1)


def test_a_system_that_is_not_offered_is_refused_by_name(writer: Program, here: Installation) -> None:
    answer = writer.ask("POST", ITEMS, feature(), Content_Crs="<http://www.opengis.net/def/crs/EPSG/0/2193>")
    assert answer.status_code == 400
    assert answer.get_json()["parameters"][0]["name"] == "Content-Crs"
    outside = writer.ask("POST", ITEMS, feature(), Content_Crs=f"<{EPSG}4526>")
    assert (outside.status_code, outside.get_json()["findings"][0]["point"]) == (422, 1)
    assert number_of_revisions(here) == 0


BOW = shapely.Polygon([(113.80, 34.20), (113.81, 34.21), (113.81, 34.20), (113.80, 34.21)])


@pytest.mark.parametrize(
    ("body", "pointer", "words"),
    [
        (feature(castle=1), "/properties/castle", "castle"),
        (feature(area_m2="wide"), "/properties/area_m2", ""),
        (feature(area_m2=50_000), "/properties/area_m2", "m²"),
        (feature(name=None), "/properties/name", "Name"),
        (feature(status="sold-out"), "/properties/status", "vocabulary"),
        (feature(term_years=400), "/properties/term_years", "years"),
        (feature(county="999999"), "/properties/county", ""),
        (feature(BOW), "/geometry", ""),
        (feature(shapely.LineString([(113.8, 34.2), (113.81, 34.2)])), "/geometry", ""),
        (feature(shapely.box(120, 30, 120.01, 30.01)), "/geometry", ""),
        ({**feature(), "type": "FeatureCollection"}, "/type", ""),
        ({**feature(), "properties": []}, "/properties", ""),
        ({"type": "Feature", "properties": PROPERTIES}, "/geometry", ""),
        ({**feature(), "geometry": {"type": "Curve"}}, "/geometry/type", "Polygon"),
        ({**feature(), "geometry": {"type": "Point", "coordinates": ["a", 1]}}, "/geometry/coordinates", ""),
        ({**feature(), "geometry": {"type": "Point", "coordinates": [1e999, 1]}}, "/geometry/coordinates", ""),
        ({**feature(id="plot-b"), "id": "plot-a"}, "/id", ""),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(
    body: dict[str, Any], pointer: str, words: str, here: Installation
) -> None:
    writer = program(here, "root" if pointer.endswith("county") else "editor")
    answer = writer.ask("POST", f"{ITEMS}?lang=en", json.dumps(body).encode())
    if '"coordinates": [Infinity' in json.dumps(body):
        assert answer.status_code == 400
        answer = writer.ask("POST", f"{ITEMS}?lang=en", json.dumps(body).replace("Infinity", "1e999").encode())
    assert answer.status_code == 422, answer.text
    assert answer.mimetype == "application/problem+json"
    errors = [each for each in answer.get_json()["findings"] if each["severity"] == "error"]
    assert pointer in [each["pointer"] for each in errors]
    assert words in answer.get_json()["detail"]
    chinese = writer.ask("POST", ITEMS, json.dumps(body).replace("Infinity", "1e999").encode()).get_json()["findings"]
    assert [each["code"] for each in chinese] == [each["code"] for each in answer.get_json()["findings"]]
    assert [each["message"] for each in chinese] != [each["message"] for each in answer.get_json()["findings"]]
    assert number_of_revisions(here) == 0


def test_rings_and_neighbours_are_judged_as_in_an_import(here: Installation, writer: Program) -> None:
    here.put(State.PUBLISHED, feature_id="plot-old", code="C-1")
    twice = writer.ask("POST", f"{ITEMS}?lang=en", feature())
    codes = {each["code"]: each for each in twice.get_json()["findings"]}
    assert {"overlap", "code-in-use"} <= codes.keys()
    crossed = writer.ask("POST", f"{ITEMS}?lang=en", feature(BOW, code="C-2"))
    assert crossed.get_json()["findings"][0]["ring"] == 1


def test_a_draft_may_lack_what_publication_needs_and_nothing_submitted_may(here: Installation, writer: Program) -> None:
    body = feature(land_use=None)
    refused = writer.ask("POST", f"{ITEMS}?submit=true", body)
    assert (refused.status_code, refused.get_json()["findings"][0]["pointer"]) == (422, "/properties/land_use")
    assert number_of_revisions(here) == 0
    assert writer.ask("POST", ITEMS, body).get_json()["record"]["state"] == "draft"


@pytest.mark.parametrize(
    ("data", "media", "status"),
    [
        (b"{", "application/geo+json", 400),
        (b"[]", "application/geo+json", 400),
        (b"", "application/geo+json", 400),
        (b"\xff", "application/geo+json", 400),
        (b"[" * 100_000, "application/geo+json", 400),
        (b'{"a": NaN}', "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"{}", "application/merge-patch+json", 415),
        (b" " * ((16 << 20) + 1), "application/geo+json", 413),
    ],
)
def test_bodies_that_cannot_be_read(data: bytes, media: str, status: int, here: Installation, writer: Program) -> None:
    answer = writer.ask("POST", ITEMS, data, Content_Type=media)
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    assert number_of_revisions(here) == 0


def test_a_token_reaches_no_further_than_account_and_token(here: Installation) -> None:
    here.put(State.PUBLISHED, feature_id="plot-a")
    here.put(State.PUBLISHED, OTHER, feature_id="plot-far")
    beyond = feature(ELSEWHERE, county=OTHER)
    for name, limits in (("editor", {}), ("root", {"counties": [OWN]})):
        asking = program(here, name, **limits)
        assert asking.ask("POST", ITEMS, beyond).status_code == 403
        for method in ("PUT", "PATCH", "DELETE"):
            assert asking.ask(method, f"{ITEMS}/plot-far", beyond, If_Match="*").status_code == 403
        moved = asking.ask("PUT", f"{ITEMS}/plot-a", beyond, If_Match="*")
        assert moved.status_code == 403
        assert asking.ask("GET", f"{ITEMS}/plot-far").status_code == 404  # as for everybody: it is not in the snapshot
    parks = program(here, kinds=["park"])
    assert parks.ask("POST", ITEMS, feature()).status_code == 403
    for asking in (program(here, scopes=["drafts:read"]), program(here, "viewer"), program(here, "reviewer")):
        refused = asking.ask("POST", ITEMS, feature())
        assert refused.status_code == 403
        assert "insufficient_scope" in refused.headers["WWW-Authenticate"]
        assert asking.ask("GET", f"{ITEMS}/plot-a").get_json()["record"]["revision"] == 1
    assert number_of_revisions(here) == 2


def test_counties_taken_from_the_account_are_gone_from_its_tokens(here: Installation) -> None:
    asking = program(here, "stranger", counties=[OWN])
    assert asking.ask("POST", ITEMS, feature()).status_code == 403
    assert asking.ask("POST", ITEMS, feature(ELSEWHERE, county=OTHER)).status_code == 403


def test_bad_tokens(here: Installation, writer: Program) -> None:
    bare = here.app.test_client().post(ITEMS, json=feature())
    assert (bare.status_code, bare.headers["WWW-Authenticate"]) == (401, 'Bearer realm="relitu"')
    browser = here.browser("editor")
    assert browser.client.post(ITEMS, json=feature(), headers={"X-CSRF": browser.csrf}).status_code == 401
    wrong = Program(here, writer.secret[:-1]).ask("POST", ITEMS, feature())
    assert wrong.status_code == 401
    assert "invalid_token" in wrong.headers["WWW-Authenticate"]
    assert Program(here, writer.secret[:-1]).ask("GET", f"{ITEMS}/plot-a").status_code == 401
    with writing(here.desk.store.engine) as connection:
        connection.execute(update(tokens).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert writer.ask("POST", ITEMS, feature()).status_code == 401
    other = program(here)
    here.desk.tokens.revoke(here.desk.tokens.of(["editor"])[0].id, by="root")
    assert other.ask("POST", ITEMS, feature()).status_code == 401
    third = program(here)
    here.desk.accounts.set_disabled("editor", True, by="root")
    assert third.ask("POST", ITEMS, feature()).status_code == 401
    results = [
        entry.result for entry in audit.entries(here.desk.store.engine, action="token") if entry.action == "token"
    ]
    assert results == ["disabled", "revoked", "expired", "unknown", "unknown"]
    assert number_of_revisions(here) == 0


def test_repeated_bad_tokens_are_turned_away_and_good_ones_let_in(here: Installation, writer: Program) -> None:
    bad = Program(here, "relitu_guess")
    answers = [bad.ask("POST", ITEMS, feature()) for _ in range(here.desk.config.login_address_failures + 3)]
    assert answers[0].status_code == 401
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    noted = [entry.action for entry in audit.entries(here.desk.store.engine) if entry.action.startswith("token")]
    assert noted.count("token") == here.desk.config.login_address_failures
    assert noted.count("token.limited") == 1
    assert writer.ask("POST", ITEMS, feature()).status_code == 201


def test_a_token_is_not_taken_over_a_plain_line(here: Installation, writer: Program) -> None:
    plain = writer.client.post(
        ITEMS, json=feature(), headers={"Authorization": f"Bearer {writer.secret}"}, base_url="http://map.example.cn"
    )
    assert plain.status_code == 403
    assert number_of_revisions(here) == 0


def test_the_secret_is_in_no_log_no_page_and_nowhere_in_the_record(
    here: Installation, writer: Program, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    writer.ask("POST", f"{ITEMS}?reason=x", feature())
    writer.ask("POST", ITEMS, feature(castle=1))
    Program(here, writer.secret + "x").ask("POST", ITEMS, feature())
    with here.desk.store.engine.connect() as connection:
        rows = [str(row) for table in metadata.tables.values() for row in connection.execute(select(table)).all()]
    pages = [here.browser("root").get(path).text for path in ("/staff/audit", "/staff/tokens/", "/staff/records")]
    key = writer.secret.removeprefix("relitu_")
    assert not [text for text in (*rows, *pages, caplog.text) if key in text]


def test_other_origins_may_not_write(here: Installation) -> None:
    client = here.app.test_client()
    for path, allowed in ((ITEMS, {"POST"}), (f"{ITEMS}/plot-a", {"PUT", "PATCH", "DELETE"})):
        told = client.options(path, headers={"Origin": "https://a.cn", "Access-Control-Request-Method": "PUT"})
        assert told.status_code == 200
        assert {part.strip() for part in told.headers["Allow"].split(",")} == {"GET", "HEAD", "OPTIONS"} | allowed
        assert told.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        assert "Authorization" not in told.headers["Access-Control-Allow-Headers"]
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        path = ITEMS if method == "POST" else f"{ITEMS}/plot-a"
        assert "Access-Control-Allow-Origin" not in client.open(path, method=method).headers
    assert client.delete(ITEMS).status_code == 405
    assert "POST" in client.delete(ITEMS).headers["Allow"]


def test_nothing_for_a_token_is_kept_for_others(here: Installation, writer: Program) -> None:
    here.put(State.PUBLISHED, feature_id="plot-a")
    here.desk.publish()
    here.put(State.DRAFT, feature_id="plot-a", name="secret draft")
    path = f"{ITEMS}/plot-a"
    for _ in range(2):
        own = writer.ask("GET", path)
        assert (own.get_json()["properties"]["name"], own.headers["Cache-Control"]) == ("secret draft", "no-store")
        assert "Authorization" in own.headers["Vary"]
        assert "secret draft" not in public(here, path).text
    assert "Authorization" in public(here, path).headers["Vary"]
    basic = writer.client.get(path, headers={"Authorization": "Basic eDp5"})  # a proxy's own, none of ours
    assert basic.get_json()["properties"]["name"] != "secret draft"
    assert here.app.extensions["relitu-front"].kept.bytes == 0


def test_while_the_record_is_away_programs_are_told_when_to_come_back(
    here: Installation, writer: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise StoreUnreachable("there", Label("断线", "gone"))

    monkeypatch.setattr(here.desk.store.engine, "connect", away)
    monkeypatch.setattr(here.desk.tokens.engine, "connect", away)
    for method, path in (("POST", ITEMS), ("PUT", f"{ITEMS}/plot-a"), ("GET", f"{ITEMS}/plot-a")):
        answer = writer.ask(method, path, feature())
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "there" not in answer.text
    assert public(here, ITEMS).status_code in (200, 404)


def test_the_definition_says_so_only_where_it_is_so(
    here: Installation,
) -> None:
    quiet = create_app(Config(data_dir=here.desk.config.data_dir, staff_enabled=False)).test_client()
    found = quiet.get("/api/openapi").get_json()
    assert set(found["paths"]["/collections/plot/items"]) == {"get"}
    assert "securitySchemes" not in found["components"]
    assert not any("ogcapi-features-4" in uri for uri in quiet.get("/api/conformance").get_json()["conformsTo"])
    assert quiet.post(ITEMS, json=feature()).status_code == 405
    assert quiet.get(ITEMS, headers={"Authorization": "Bearer relitu_x"}).status_code == 200
    client = here.app.test_client()
    found = client.get("/api/openapi").get_json()
    assert found["paths"]["/collections/plot/items"]["post"]["security"] == [{"token": []}]
    assert found["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert any("ogcapi-features-4" in uri for uri in client.get("/api/conformance").get_json()["conformsTo"])


COORDINATES = st.floats(0, 0.02).map(lambda value: 113.8 + value)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(
    west=COORDINATES,
    width=st.floats(1e-4, 0.01),
    kind=st.sampled_from(["plot", "project", "route", "opportunity"]),
    note=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
    number=st.floats(0.5, 3.0),
    holed=st.booleans(),
    crs=st.sampled_from(["", f"{EPSG}4490", f"{EPSG}4547"]),
)
def test_what_the_public_reads_put_back_unchanged_adds_no_revision(
    lasting: Installation, west: float, width: float, kind: str, note: str, number: float, holed: bool, crs: str
) -> None:
    outer = shapely.box(west, 34.2, west + width, 34.2 + width)
    shape: Any = outer.difference(outer.buffer(-width / 4)) if holed else outer
    shape = shape if kind in ("plot",) else shapely.Point(west, 34.2)
    values: dict[str, Any] = {"note": note, "geometry": shape}
    values |= {"far_min": number} if kind == "plot" else {}
    one = made("round-trip", kind, **values)
    lasting.desk.store.record([Change(one)], author="second", reason="r", state=State.PUBLISHED)
    lasting.desk.publish()
    writer = program(lasting)
    path, query = f"/api/collections/{kind}/items/round-trip", f"?crs={crs}" if crs else ""
    seen = public(lasting, f"{path}{query}")
    current = lasting.desk.store.current("round-trip")
    assert current is not None
    headers = {"Content_Crs": seen.headers["Content-Crs"]}
    again = writer.ask("PUT", path, seen.get_json(), If_Match="*", **headers)
    assert again.status_code == 200, again.text
    assert again.get_json()["record"]["revision"] == current.number
    lasting.desk.tokens.revoke(lasting.desk.tokens.of(["editor"])[0].id, by="root")
