"""Too many at once: turned away with 503 and a time to come back, the kept and the staff going on."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from webmap.serving import front as fronts
from webmap.serving.front import Front
from webmap.serving.gates import Full, Gate
from webmap.serving.tallies import NAMES, SORTS, STATUSES, Tallies, sort_of, status_of


class Crowd:
    """Requests that hang within Flask until they are let go."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.arrived, self.go = threading.Semaphore(0), threading.Event()
        self._threads: list[threading.Thread] = []
        self.statuses: list[int] = []
        self._asked = 0
        app.add_url_rule("/test/slow", view_func=self._slow)
        app.add_url_rule("/staff/test/slow", view_func=self._slow, methods=["GET", "POST"])

    def _slow(self) -> Response:
        self.arrived.release()
        assert self.go.wait(20)
        return Response("done")

    def come(self, count: int, path: str = "/test/slow", **more: Any) -> None:
        """So many at once; returns when each has arrived inside."""
        for _ in range(count):
            self._asked += 1  # an address of its own each: the same is made once
            thread = threading.Thread(target=self._ask, args=(f"{path}?n={self._asked}", more))
            thread.start()
            self._threads.append(thread)
        for _ in range(count):
            assert self.arrived.acquire(timeout=20)

    def _ask(self, path: str, more: dict[str, Any]) -> None:
        self.statuses.append(self.app.test_client(use_cookies=False).open(path, **more).status_code)

    def leave(self) -> None:
        self.go.set()
        for thread in self._threads:
            thread.join(20)


@pytest.fixture
def app(app_of: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> Flask:
    made = app_of([])
    made.config["PROPAGATE_EXCEPTIONS"] = False
    front = made.extensions[fronts.EXTENSION]
    for gate in front.gates.values():
        gate.most_waiting = 0
    return made


@pytest.fixture
def crowd(app: Flask) -> Iterator[Crowd]:
    made = Crowd(app)
    yield made
    made.leave()


def front_of(app: Flask) -> Front:
    made = app.extensions[fronts.EXTENSION]
    assert isinstance(made, Front)
    return made


def test_the_public_is_turned_away_in_its_language_and_comes_back(app: Flask, crowd: Crowd) -> None:
    client = app.test_client()
    front = front_of(app)
    known = client.get("/list")
    crowd.come(front.gates["public"].most_running)
    page = client.get("/?lang=en")
    assert (page.status_code, page.mimetype) == (503, "text/html")
    assert int(page.headers["Retry-After"]) > 0
    assert page.headers["Cache-Control"] == "no-store"
    assert "Too many are asking" in page.text and "Content-Security-Policy" in page.headers
    assert "访问的人太多" in client.get("/").text
    problem = client.get("/api/summary?lang=en")
    assert (problem.status_code, problem.mimetype) == (503, "application/problem+json")
    body = problem.get_json()
    assert (body["status"], "Too many" in body["detail"]) == (503, True)
    assert "访问的人太多" in client.get("/tiles/plot.json").get_json()["detail"]
    assert client.head("/").data == b""
    assert client.get("/list").data == known.data  # kept answers are never turned away
    for path in ("/healthz", "/readyz", "/metrics", f"/static/{app.config['STATIC_VERSION']}/js/map.js"):
        assert client.get(path).status_code == 200
    assert client.get("/staff/login").status_code != 503 or "数据库" in client.get("/staff/login").text
    crowd.leave()
    assert client.get("/?lang=en").status_code == 200
    assert set(crowd.statuses) == {200}
    assert {gate.running for gate in front.gates.values()} == {0}
    shed = front.tallies.sums()["relitu_shed_requests_total", 'gate="public"']
    assert shed == 5


def test_the_staff_have_places_of_their_own(app: Flask, crowd: Crowd) -> None:
    front = front_of(app)
    client = app.test_client(use_cookies=False)
    inside = {"headers": {"Cookie": "relitu_session=x"}}
    crowd.come(front.gates["public"].most_running)
    crowd.come(front.gates["door"].most_running, "/staff/test/slow")  # without a session
    crowd.come(front.gates["upload"].most_running, "/staff/test/slow", method="POST", data=b"x" * 70_000, **inside)
    crowd.come(front.gates["staff"].most_running, "/staff/test/slow", **inside)
    refused = client.get("/staff/test/slow?lang=en", **inside)
    assert (refused.status_code, refused.mimetype) == (503, "text/html")
    assert "not carried out" in refused.text and "Retry-After" in refused.headers
    asked = client.get("/staff/test/slow", headers={"Cookie": "relitu_session=x", "Accept": "application/json"})
    assert (asked.status_code, asked.mimetype) == (503, "application/problem+json")
    crowd.leave()
    assert set(crowd.statuses) == {200}


def test_who_waits_gets_in_when_a_place_comes_free() -> None:
    gate = Gate("test", running=1, waiting=1, patience_s=20)
    gate.enter()
    entered = threading.Event()

    def wait() -> None:
        with gate.inside():
            entered.set()

    waiter = threading.Thread(target=wait)
    waiter.start()
    while not gate.waiting:
        pass
    with pytest.raises(Full):
        gate.enter()
    assert not entered.is_set()
    gate.leave()
    waiter.join(20)
    assert entered.is_set()
    assert (gate.running, gate.waiting) == (0, 0)
    with gate.inside(), pytest.raises(Full):
        Gate("none", 0, 1, 0.01).enter()


def test_one_who_waited_takes_what_the_other_has_made(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    front = front_of(app)
    front.once.most_waiting = 0  # as where others have taken all room for it
    front.gates["public"] = Gate("public", running=1, waiting=8, patience_s=20)
    inner, reached, go = front._inner, [], threading.Event()

    def slowly(environ: dict[str, Any], start: Any) -> Any:
        reached.append(environ["PATH_INFO"])
        assert go.wait(20)
        return inner(environ, start)

    monkeypatch.setattr(front, "_inner", slowly)
    answers: list[bytes] = []
    threads = [threading.Thread(target=lambda: answers.append(app.test_client().get("/list").data)) for _ in range(6)]
    for thread in threads:
        thread.start()
    while front.gates["public"].waiting < 5:
        pass
    go.set()
    for thread in threads:
        thread.join(20)
    assert reached == ["/list"]
    assert len(set(answers)) == 1 and len(answers) == 6


def test_a_stream_gives_its_place_back_when_it_ends_or_breaks(app: Flask) -> None:
    front = front_of(app)

    def pieces() -> Iterator[bytes]:
        yield b"a"
        yield b"b"

    def broken() -> Iterator[bytes]:
        yield b"a"
        raise OSError("gone")

    app.add_url_rule("/test/stream", view_func=lambda: Response(pieces()))
    app.add_url_rule("/test/broken", endpoint="broken", view_func=lambda: Response(broken()))
    client = app.test_client()
    gate = front.gates["stream"]
    answer = client.get("/test/stream", buffered=False)
    assert gate.running == 1 and front.gates["public"].running == 0
    assert answer.data == b"ab"
    answer.close()
    assert gate.running == 0
    held = [client.get("/test/stream", buffered=False) for _ in range(gate.most_running)]
    assert client.get("/test/stream").status_code == 503
    for one in held:
        one.close()
    breaking = client.get("/test/broken")
    with pytest.raises(OSError, match="gone"):
        _ = breaking.data
    assert gate.running == 1
    breaking.close()
    assert gate.running == 0
    assert client.get("/test/stream").data == b"ab"


def test_a_fault_in_the_view_gives_the_place_back(app: Flask) -> None:
    def fail() -> Response:
        raise RuntimeError("broken")

    app.add_url_rule("/test/fail", view_func=fail)
    for _ in range(20):
        assert app.test_client().get("/test/fail").status_code == 500
    assert front_of(app).gates["public"].running == 0


def figures(text: str) -> dict[str, float]:
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in text.splitlines() if line[0] != "#")}


def test_metrics_count_by_class_and_status(app: Flask, crowd: Crowd) -> None:
    client = app.test_client()
    for path in ("/list", "/list", "/nowhere", "/api/summary?colour=red", "/healthz"):
        client.get(path)
    answer = client.get("/metrics")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = figures(answer.text)
    assert found['relitu_requests_total{class="page",status="200"}'] == 2
    assert found['relitu_requests_total{class="page",status="404"}'] == 1
    assert found['relitu_requests_total{class="api",status="400"}'] == 1
    assert found['relitu_kept_answers_total{class="page"}'] == 1
    assert found['relitu_worked_requests_total{class="page"}'] == 2
    assert found["relitu_workers"] == 1
    assert found["relitu_kept_entries"] == 1
    assert found['relitu_features{kind="plot"}'] == 0
    assert found["relitu_snapshot_age_seconds"] >= 0
    version = app.extensions["relitu"].snapshot.version
    assert re.search(rf'relitu_info{{software="[^"]+",snapshot="{version}"}} 1', answer.text)
    for line in answer.text.splitlines():
        assert re.fullmatch(r'# (HELP|TYPE) relitu_\w+ .+|relitu_\w+({\w+="[^"]*"(,\w+="[^"]*")*})? [\d.]+', line), line


@pytest.mark.parametrize(
    ("metrics", "proxy_hops", "remote", "forwarded", "status"),
    [
        ("loopback", 0, "127.0.0.1", "", 200),
        ("loopback", 0, "::1", "", 200),
        ("loopback", 0, "203.0.113.9", "", 403),
        ("loopback", 0, "127.0.0.1", "203.0.113.9", 403),
        ("loopback", 1, "127.0.0.1", "203.0.113.9", 403),
        ("loopback", 1, "127.0.0.1", "127.0.0.1", 200),
        ("open", 0, "203.0.113.9", "", 200),
        ("off", 0, "127.0.0.1", "", 404),
    ],
)
def test_metrics_are_for_whom_the_operator_says(
    app_of: Callable[..., Flask], metrics: str, proxy_hops: int, remote: str, forwarded: str, status: int
) -> None:
    client: FlaskClient = app_of([], metrics=metrics, proxy_hops=proxy_hops).test_client()
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    answer = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": remote})
    assert answer.status_code == status


def test_workers_add_up_and_the_dead_keep_their_totals(tmp_path: Path) -> None:
    one = Tallies(tmp_path)
    one.answered("page", "200 OK")
    one.put("relitu_kept_bytes", "", 7)
    (tmp_path / "999999999.tallies").write_bytes((tmp_path / next(iter(tmp_path.iterdir())).name).read_bytes())
    sums = one.sums()
    assert sums["relitu_requests_total", 'class="page",status="200"'] == 2
    assert sums["relitu_kept_bytes", ""] == 7  # a dead worker holds nothing
    assert one.workers == 1
    one.put("relitu_kept_bytes", "", 3)
    assert one.sums()["relitu_kept_bytes", ""] == 3


def test_every_address_and_status_has_its_place() -> None:
    assert len(set(NAMES)) == len(NAMES)
    for path in (
        "/",
        "/list",
        "/api/",
        "/api",
        "/tiles/x",
        "/static/x",
        "/assets/x",
        "/staff",
        "/export/x",
        "/metrics",
    ):
        assert sort_of(path) in SORTS
    for status in ("200 OK", "201", "206", "301", "304", "400", "418", "503", "599", "100", "", "abc"):
        assert status_of(status) in STATUSES
